//! Chances: how likely an entry captures machines under the uncertainties of their readings.
//!
//! Supporting information beside the verdict, which does not consider uncertainty. Only readings
//! that stand for a value take part: bounds and derived values have no distribution. Probabilities
//! come from `rule`, as planes beside the planes of truths of one program.

use super::evaluator::Evaluator;
use crate::error::{Error, Result};
use crate::evidence::{Key, Picture};
use crate::machine::{Machine, ParameterId, Set};
use crate::quantity::Value;
use crate::rule::{Block, DRAWS, Method, Odds, Probabilities, Root, Row, Slot, Uncertain};

/// The standard uncertainty of the readings of a parameter.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Spread {
    /// A value with the unit of the parameter.
    Of(Value),
    /// A part of the reading.
    Part(f64),
}

/// How likely an entry captures a machine, leaves it open, or does not capture it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Chance {
    /// Captured whatever the unknown readings are.
    pub captured: f64,
    /// Undetermined: it depends on unknown readings.
    pub open: f64,
    /// Not captured whatever the unknown readings are.
    pub cleared: f64,
    /// How it was worked out.
    pub method: Method,
}

impl Chance {
    /// The standard error of the probability of capture; nought in closed form.
    pub fn standard_error(&self) -> f64 {
        match self.method {
            Method::Columns | Method::Pieces => 0.0,
            Method::Drawn => (self.captured * (1.0 - self.captured) / DRAWS as f64).max(0.0).sqrt(),
        }
    }
}

/// One uncertain reading that took part.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Doubted {
    /// Of what.
    pub key: Key,
    /// The place of its axis among those of the machine.
    pub axis: Option<usize>,
    /// The reading.
    pub value: Value,
    /// Its standard uncertainty, in counts.
    pub u: f64,
}

/// The chances of every entry for one machine.
#[derive(Debug, Clone, PartialEq)]
pub struct Chances {
    /// For each entry.
    pub entries: Vec<Chance>,
    /// The uncertain readings.
    pub readings: Vec<Doubted>,
    /// The correlation of every two of them.
    pub correlation: f64,
}

/// The chances of a machine as it is shipped.
///
/// `correlation` is that of every two uncertain readings; with nought they are independent.
pub fn chances(
    evaluator: &Evaluator,
    machine: &Machine,
    spreads: &[(ParameterId, Spread)],
    correlation: f64,
) -> Result<Chances> {
    let columns = ChanceColumns::of(evaluator, std::slice::from_ref(machine), spreads);
    let mut entries = Vec::new();
    for entry in evaluator.program.entries() {
        entries.extend(columns.chances(evaluator, entry.verdict, correlation)?);
    }
    let readings = columns.doubted.into_iter().map(|(_, _, reading)| reading).collect();
    Ok(Chances { entries, readings, correlation })
}

/// Machines as they are shipped, as blocks of columns, with the uncertainties of their readings
/// as columns beside them.
#[derive(Debug, Clone, Default)]
pub struct ChanceColumns {
    blocks: Vec<Beside>,
    /// The machine's place, its slot and its reading.
    doubted: Vec<(usize, Slot, Doubted)>,
}

/// One block with what stands beside it.
#[derive(Debug, Clone)]
struct Beside {
    block: Block,
    /// The rows themselves, where limits are sloped.
    rows: Vec<Row>,
    uncertain: Vec<Uncertain>,
}

impl ChanceColumns {
    /// Draws up the columns of machines for the program of an evaluator.
    pub fn of(
        evaluator: &Evaluator,
        machines: &[Machine],
        spreads: &[(ParameterId, Spread)],
    ) -> Self {
        let program = &evaluator.program;
        let mut columns = Self::default();
        let mut picture = Picture::default();
        for (start, run) in (0..).step_by(ROWS).zip(machines.chunks(ROWS)) {
            let (mut block, mut whole) = (Block::new(program), Vec::new());
            let mut spread: Vec<(Slot, Vec<f64>, Vec<f64>)> = Vec::new();
            for (at, machine) in run.iter().enumerate() {
                let rows = evaluator.rows(program, machine, &evaluator.setup.policy, &mut picture);
                let row = rows.into_iter().next().unwrap_or_default();
                for (slot, reading) in doubted(evaluator, machine, &row, spreads) {
                    doubt(&mut spread, slot, at, run.len(), reading);
                    columns.doubted.push((start + at, slot, reading));
                }
                block.push(&row);
                if program.has_slopes() {
                    whole.push(row);
                }
            }
            let spread = spread.into_iter();
            let uncertain = spread.map(|(slot, value, u)| Uncertain::new(program, slot, value, u));
            columns.blocks.push(Beside { block, rows: whole, uncertain: uncertain.collect() });
        }
        columns
    }

    /// The chance of every machine that the truth of a root, such as an entry's verdict, holds.
    ///
    /// On failure: a correlation that is none.
    pub fn chances(
        &self,
        evaluator: &Evaluator,
        root: Root,
        correlation: f64,
    ) -> Result<Vec<Chance>> {
        if !(0.0..1.0).contains(&correlation) {
            return Err(Error::usage(format!("{correlation} is no correlation"))
                .help("between 0 (independent) and 1, 1 excluded"));
        }
        let mut odds = Odds::new(&evaluator.program, root);
        let of_block = |block: Probabilities| {
            let chance = |(at, (captured, open)): (usize, (&f64, &f64))| Chance {
                captured: *captured,
                open: *open,
                cleared: (1.0 - captured - open).max(0.0),
                method: block.method(at),
            };
            block.holds.iter().zip(&block.open).enumerate().map(chance).collect::<Vec<_>>()
        };
        Ok(self.probabilities(&mut odds, correlation).into_iter().flat_map(of_block).collect())
    }

    /// The probabilities of the root of `odds`, block by block.
    pub fn probabilities(&self, odds: &mut Odds<'_>, correlation: f64) -> Vec<Probabilities> {
        let blocks = self.blocks.iter();
        blocks.map(|one| odds.over(&one.block, &one.rows, &one.uncertain, correlation)).collect()
    }
}

/// Puts a reading beside a row of a block of so many rows.
fn doubt(
    spread: &mut Vec<(Slot, Vec<f64>, Vec<f64>)>,
    slot: Slot,
    at: usize,
    rows: usize,
    reading: Doubted,
) {
    let place = spread.iter().position(|(known, ..)| *known == slot).unwrap_or_else(|| {
        spread.push((slot, vec![0.0; rows], vec![0.0; rows]));
        spread.len() - 1
    });
    let Some((_, values, us)) = spread.get_mut(place) else { return };
    if let (Some(value), Some(u)) = (values.get_mut(at), us.get_mut(at)) {
        (*value, *u) = (reading.value.count() as f64, reading.u);
    }
}

/// The readings that stand for a value and are uncertain, one for each slot.
fn doubted(
    evaluator: &Evaluator,
    machine: &Machine,
    row: &Row,
    spreads: &[(ParameterId, Spread)],
) -> Vec<(Slot, Doubted)> {
    let program = &evaluator.program;
    let mut found: Vec<(Slot, Doubted)> = Vec::new();
    for reading in &machine.readings {
        let taken = evaluator.setup.policy.take(reading);
        let Some(Set::Span(span)) = taken.filter(|_| reading.option.is_none()) else { continue };
        let by = reading.parameter.row().editioned.then_some(reading.standard);
        let key = Key { parameter: reading.parameter, by };
        let axis = reading.axis.map(usize::from);
        let (Some(value), Some(slot)) = (span.single(), program.slot(key, axis)) else { continue };
        // A value that the picture moved is no longer this reading's.
        if row.cell(slot) != program.cell(slot, &Set::Span(span)) {
            continue;
        }
        let said = spreads.iter().find(|(parameter, _)| *parameter == reading.parameter);
        let u = match (said, reading.uncertainty) {
            (Some((_, Spread::Of(spread))), _) => spread.count() as f64,
            (Some((_, Spread::Part(part))), _) => value.count() as f64 * part,
            // A printed uncertainty is expanded, k = 2.
            (None, Some(expanded)) => expanded.count() as f64 / 2.0,
            (None, None) => continue,
        };
        if u > 0.0 && !found.iter().any(|(known, _)| *known == slot) {
            found.push((slot, Doubted { key, axis, value, u }));
        }
    }
    found
}

/// As many machines stand in one block.
const ROWS: usize = 1024;
