//! Chances: how likely an entry captures a machine under the uncertainties of its readings.
//!
//! Supporting information beside the verdict, which does not consider uncertainty. Only readings
//! that stand for a value take part: bounds and derived values have no distribution. Truth comes
//! from `rule`: each cell that a reading may lie in is put to the same program.

use nalgebra::{DMatrix, DVector};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use rand_distr::{Distribution, StandardNormal};

use super::evaluator::Evaluator;
use crate::error::{Error, Result};
use crate::evidence::{Key, Picture};
use crate::logic::Truth;
use crate::machine::{Machine, ParameterId, Set};
use crate::metrology::chance_at_most;
use crate::quantity::Value;
use crate::rule::{Block, Cell, Memory, Program, Root, Row, Slot};

/// The standard uncertainty of the readings of a parameter.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Spread {
    /// A value with the unit of the parameter.
    Of(Value),
    /// A part of the reading.
    Part(f64),
}

/// How likely an entry captures a machine, leaves it open, or does not capture it.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Chance {
    /// Captured.
    pub captured: f64,
    /// Undetermined whatever the uncertain readings are.
    pub open: f64,
    /// Not captured.
    pub cleared: f64,
}

/// How chances were worked out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// In closed form: every combination of cells with its probability.
    Closed,
    /// By this many seeded draws.
    Drawn(usize),
}

/// The chances of every entry for one machine.
#[derive(Debug, Clone, PartialEq)]
pub struct Chances {
    /// For each entry.
    pub entries: Vec<Chance>,
    /// How.
    pub how: How,
    /// How many readings are uncertain.
    pub readings: usize,
}

/// More combinations of cells than this are drawn instead.
const COMBINATIONS_MAX: usize = 4096;
/// As many draws are made.
const DRAWS: usize = 20_000;
/// Cells less likely than this are left out; all of them together do not show in any figure.
const NEGLIGIBLE: f64 = 1e-12;

/// One uncertain reading: where it goes, its value and its standard uncertainty, in counts.
#[derive(Debug, Clone, Copy)]
struct Uncertain {
    slot: Slot,
    value: f64,
    u: f64,
}

/// The chances of a machine as it is shipped.
///
/// `correlation` is that of every two uncertain readings; with nought they are independent, and
/// the closed form is taken where there are not too many combinations.
pub fn chances(
    evaluator: &Evaluator,
    machine: &Machine,
    spreads: &[(ParameterId, Spread)],
    correlation: f64,
) -> Result<Chances> {
    if !(0.0..1.0).contains(&correlation) {
        return Err(Error::usage(format!("{correlation} is no correlation"))
            .help("between 0 (independent) and 1, 1 excluded"));
    }
    let program = &evaluator.program;
    if program.has_slopes() {
        return Err(Error::usage("a limit that depends on another reading has no chances here")
            .help("name the lists with --list"));
    }
    let policy = &evaluator.setup.policy;
    let rows = evaluator.rows(program, machine, policy, &mut Picture::default());
    let row = rows.into_iter().next().unwrap_or_default();
    let uncertain = uncertain(evaluator, machine, &row, spreads);
    let mut chances = Chances { entries: Vec::new(), how: How::Closed, readings: uncertain.len() };
    let closed = if correlation > 0.0 { None } else { combined(program, &row, &uncertain) };
    let weighed = closed.unwrap_or_else(|| {
        chances.how = How::Drawn(DRAWS);
        drawn(program, &row, &uncertain, correlation)
    });
    chances.entries = weigh(program, &weighed);
    Ok(chances)
}

/// The readings that stand for a value and are uncertain.
fn uncertain(
    evaluator: &Evaluator,
    machine: &Machine,
    row: &Row,
    spreads: &[(ParameterId, Spread)],
) -> Vec<Uncertain> {
    let program = &evaluator.program;
    let mut found: Vec<Uncertain> = Vec::new();
    for reading in &machine.readings {
        let taken = evaluator.setup.policy.take(reading);
        let Some(Set::Span(span)) = taken.filter(|_| reading.option.is_none()) else { continue };
        let by = reading.parameter.row().editioned.then_some(reading.standard);
        let key = Key { parameter: reading.parameter, by };
        let slot = program.slot(key, reading.axis.map(usize::from));
        let (Some(value), Some(slot)) = (span.single(), slot) else { continue };
        // A value that the picture moved is no longer this reading's.
        if row.cell(slot) != program.cell(slot, &Set::Span(span)) {
            continue;
        }
        let said = spreads.iter().find(|(parameter, _)| *parameter == reading.parameter);
        let value = value.count() as f64;
        let u = match (said, reading.uncertainty) {
            (Some((_, Spread::Of(spread))), _) => spread.count() as f64,
            (Some((_, Spread::Part(part))), _) => value * part,
            // A printed uncertainty is expanded, k = 2.
            (None, Some(expanded)) => expanded.count() as f64 / 2.0,
            (None, None) => continue,
        };
        if u > 0.0 && !found.iter().any(|known| known.slot == slot) {
            found.push(Uncertain { slot, value, u });
        }
    }
    found
}

/// Every combination of cells with its probability; `None` where there are too many.
fn combined(program: &Program, row: &Row, uncertain: &[Uncertain]) -> Option<Vec<(Row, f64)>> {
    let mut all = vec![(row.clone(), 1.0)];
    for reading in uncertain {
        let cells = likely(program, reading);
        if all.len() * cells.len() > COMBINATIONS_MAX {
            return None;
        }
        let with = |(row, chance): &(Row, f64)| {
            let (row, chance) = (row.clone(), *chance);
            cells.clone().into_iter().map(move |(cell, own)| {
                let mut row = row.clone();
                row.put(reading.slot, Cell::Range(cell, cell));
                (row, chance * own)
            })
        };
        all = all.iter().flat_map(with).collect();
    }
    Some(all)
}

/// The cells that a reading may lie in, with their probabilities.
fn likely(program: &Program, reading: &Uncertain) -> Vec<(u8, f64)> {
    let cuts = program.cuts(reading.slot);
    // A cut lies half a count below the smallest value above it.
    let ends = cuts.iter().filter_map(|cut| cut.value_above());
    let below = ends.map(|end| chance_at_most(reading.value, reading.u, end.count() as f64 - 0.5));
    let mut cells = Vec::new();
    let mut before = 0.0;
    for (cell, below) in (0u8..).zip(below.chain([1.0])) {
        if below - before > NEGLIGIBLE {
            cells.push((cell, below - before));
        }
        before = below;
    }
    cells
}

/// Seeded draws, each with the same weight.
fn drawn(
    program: &Program,
    row: &Row,
    uncertain: &[Uncertain],
    correlation: f64,
) -> Vec<(Row, f64)> {
    let count = uncertain.len();
    let common = |i: usize, j: usize| if i == j { 1.0 } else { correlation };
    let root = DMatrix::from_fn(count, count, common).cholesky().map(|root| root.l());
    let mut source = ChaCha8Rng::seed_from_u64(0);
    let draw = |_| {
        let free: DVector<f64> = DVector::from_fn(count, |_, _| StandardNormal.sample(&mut source));
        let errors = root.as_ref().map_or_else(|| free.clone(), |root| root * &free);
        let mut row = row.clone();
        for (reading, error) in uncertain.iter().zip(errors.iter()) {
            let value = Value::saturating((reading.value + reading.u * error).round() as i128);
            let cell = program.cell_of_value(reading.slot, value);
            row.put(reading.slot, Cell::Range(cell, cell));
        }
        (row, 1.0 / DRAWS as f64)
    };
    (0..DRAWS).map(draw).collect()
}

/// The truth of every entry over weighed rows.
fn weigh(program: &Program, weighed: &[(Row, f64)]) -> Vec<Chance> {
    let verdicts: Vec<Root> = program.entries().iter().map(|entry| entry.verdict).collect();
    let mut chances = vec![Chance::default(); verdicts.len()];
    let (mut block, mut memory) = (Block::new(program), Memory::default());
    for run in weighed.chunks(1024) {
        block.clear();
        run.iter().for_each(|(row, _)| block.push(row));
        let found = program.evaluate_with(&mut memory, &block, |root, _| verdicts.contains(&root));
        for (chance, root) in chances.iter_mut().zip(&verdicts) {
            for (at, (_, weight)) in run.iter().enumerate() {
                match found.of(*root, at) {
                    Truth::True => chance.captured += weight,
                    Truth::Unknown => chance.open += weight,
                    Truth::False => chance.cleared += weight,
                }
            }
        }
    }
    chances
}
