//! What one axis makes of the counted conditions as its uncertain readings move over their cells.
//!
//! Axes that hold the same cells have the same form, so it is worked out once: by the program, on
//! a slot with a row for each combination of cells. Cells that no reached condition tells apart
//! are one, so a distribution is asked for at the cuts that matter and nowhere else.

use std::collections::HashMap;

use foldhash::fast::FixedState;

use super::arena::{Count, NodeId};
use super::cells::{Cell, Cells};
use super::frontier::{self, Frontier, Part};
use super::layout::Column;
use super::program::{Op, Program};
use super::run::{self, Counts};
use crate::logic::Truth;

/// More combinations of cells than this of one axis are not looked at.
const VARIANTS_MAX: usize = 1024;
/// More forms than this are not remembered.
const FORMS_MAX: usize = 1 << 16;

/// Which counted conditions are certainly and possibly met, or how often: a field of bits for each
/// condition, of which as many are set as axes meet it, up to as many as any quantifier asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Tally {
    pub certain: u64,
    pub possible: u64,
}

/// Where a tally counts one condition.
#[derive(Debug, Clone)]
struct Field {
    condition: usize,
    node: NodeId,
    /// Its lowest bit, and all its bits.
    low: u64,
    mask: u64,
    /// Whether more axes that meet it help, and whether fewer do.
    directions: Vec<bool>,
}

/// The fields of the counted conditions under a root.
#[derive(Debug, Clone, Default)]
pub(super) struct Fields {
    all: Vec<Field>,
    /// The bits of each condition of the program.
    masks: Vec<u64>,
    /// The bits that are fields by themselves.
    single: u64,
}

impl Fields {
    /// The fields of what a root can hang on; `None` where a tally has too few bits.
    pub fn of(program: &Program, frontier: &Frontier) -> Option<Self> {
        let masks = vec![0; program.conditions.len()];
        let mut fields = Self { masks, ..Self::default() };
        let mut used = 0u32;
        for (condition, positive) in &frontier.conditions {
            if let Some(known) = fields.all.iter_mut().find(|f| f.condition == *condition) {
                known.directions.push(*positive);
                continue;
            }
            let counts =
                frontier.live.iter().filter_map(|id| match program.machine.ops.get(id.index()) {
                    Some(Op::Axes { count, condition: of }) if of == condition => {
                        Some(match count {
                            Count::AtLeast(n) => u32::from(*n),
                            Count::AtMost(n) => u32::from(*n) + 1,
                        })
                    }
                    _ => None,
                });
            let width = counts.max().unwrap_or(1).max(1);
            let bits = 1u64.checked_shl(width).map(|end| end - 1).unwrap_or(u64::MAX);
            let (low, mask) = (1u64.checked_shl(used)?, bits.checked_shl(used)?);
            used += width;
            if used > u64::BITS {
                return None;
            }
            if width == 1 {
                fields.single |= low;
            }
            let node = *program.conditions.get(*condition)?;
            *fields.masks.get_mut(*condition)? = mask;
            let directions = vec![*positive];
            fields.all.push(Field { condition: *condition, node, low, mask, directions });
        }
        Some(fields)
    }

    /// The bits of a condition.
    #[inline]
    pub fn mask(&self, condition: usize) -> u64 {
        self.masks.get(condition).copied().unwrap_or_default()
    }

    /// One more axis.
    #[inline]
    pub fn add(&self, to: Tally, axis: Tally) -> Tally {
        let mut sum = Tally {
            certain: to.certain | axis.certain & self.single,
            possible: to.possible | axis.possible & self.single,
        };
        if (axis.certain | axis.possible) & !self.single != 0 {
            for field in self.all.iter().filter(|field| field.mask != field.low) {
                let more = |bits: u64, axis: u64| match axis & field.low {
                    0 => bits,
                    low => bits | ((bits & field.mask) << 1 | low) & field.mask,
                };
                sum.certain = more(sum.certain, axis.certain);
                sum.possible = more(sum.possible, axis.possible);
            }
        }
        sum
    }

    /// Any number of axes that are not listed, with the truths of a row.
    pub fn unlisted(&self, to: &mut Tally, planes: &[u8], rows: usize, at: usize) {
        for field in &self.all {
            let truth = run::plane(planes, field.node, rows).get(at);
            if truth.is_some_and(|truth| *truth != Truth::False as u8) {
                to.possible |= field.mask;
            }
        }
    }

    /// Tallies as counts of every condition of the program.
    pub fn counts(&self, program: &Program, tallies: &[Tally]) -> Counts {
        let none = || vec![Vec::new(); program.conditions.len()];
        let mut counts = Counts { certain: none(), possible: none() };
        for field in &self.all {
            let bits = |bits: u64| u8::try_from((bits & field.mask).count_ones()).unwrap_or(0);
            if let Some(certain) = counts.certain.get_mut(field.condition) {
                certain.extend(tallies.iter().map(|tally| bits(tally.certain)));
            }
            if let Some(possible) = counts.possible.get_mut(field.condition) {
                possible.extend(tallies.iter().map(|tally| bits(tally.possible)));
            }
        }
        counts
    }

    /// What one variant of an axis meets.
    fn tally(&self, planes: &[u8], rows: usize, at: usize) -> Tally {
        let mut tally = Tally::default();
        for field in &self.all {
            match run::plane(planes, field.node, rows).get(at) {
                Some(2) => {
                    tally.certain |= field.low;
                    tally.possible |= field.low;
                }
                Some(1) => tally.possible |= field.low,
                _ => {}
            }
        }
        tally
    }
}

/// What an axis makes of the counted conditions.
#[derive(Debug, Clone, Default)]
pub(super) struct Form {
    /// The uncertain columns that matter, each with the cells behind which a cut that matters
    /// lies.
    pub columns: Vec<(usize, Vec<u8>)>,
    /// What is met in each combination of runs of cells; the last column varies fastest.
    pub tallies: Vec<Tally>,
    /// Whether the axis hangs on unknown readings in a way that one tally does not hold.
    pub hangs: bool,
}

/// The places of forms, by the cells of the axis.
type Known = HashMap<u128, usize, FixedState>;

/// The forms that were met so far.
#[derive(Debug, Clone, Default)]
pub(super) struct Forms {
    /// By the conditions that are reached, and by the cells of the axis.
    known: HashMap<u64, Known, FixedState>,
    forms: Vec<Form>,
    /// The axis columns that conditions under the root ask about.
    columns: Vec<usize>,
    /// How many bits of a key the cells of each take.
    bits: Vec<u32>,
}

impl Forms {
    /// No forms yet, of axes that are asked about as a root asks; `None` where the cells of an axis
    /// and as many bits as it has columns do not fit into a key.
    pub fn new(program: &Program, fields: &Fields) -> Option<Self> {
        let under = |field: &Field| frontier::reached(&program.axis, [field.node], |_| true);
        let nodes = fields.all.iter().flat_map(under);
        let columns = nodes.filter_map(|id| program.axis.ops.get(id.index())?.column());
        let mut columns: Vec<usize> = columns.collect();
        columns.sort_unstable();
        columns.dedup();
        let of_columns = columns.iter().filter_map(|at| program.axis.columns.get(*at));
        let bits: Vec<u32> = of_columns.map(Column::bits).collect();
        let fits = bits.iter().sum::<u32>() as usize + columns.len() <= 128;
        fits.then(|| Self { columns, bits, ..Self::default() })
    }

    /// The columns that matter.
    pub fn columns(&self) -> &[usize] {
        &self.columns
    }

    /// The form at a place.
    pub fn get(&self, at: usize) -> Option<&Form> {
        self.forms.get(at)
    }

    /// The place of the form of an axis whose uncertain readings are opened to the cells that they
    /// may lie in. `uncertain` are bits over [`Forms::columns`].
    pub fn find(
        &mut self,
        program: &Program,
        fields: &Fields,
        slot: &[Cells],
        at: usize,
        uncertain: u64,
        reached: u64,
    ) -> usize {
        let mut key = u128::from(uncertain);
        for (column, bits) in self.columns.iter().zip(&self.bits) {
            let cell = slot.get(*column).map_or(0, |cells| packed(cells, at, *bits));
            key = key << bits | u128::from(cell);
        }
        let known = self.known.get(&reached).and_then(|known| known.get(&key));
        if let Some(known) = known {
            return *known;
        }
        let cells: Vec<Cell> = slot.iter().map(|cells| cells.get(at)).collect();
        let bit = |at: usize| at < 64 && uncertain >> at & 1 == 1;
        let columns = self.columns.iter().enumerate().filter(|(at, _)| bit(*at));
        let columns: Vec<usize> = columns.map(|(_, column)| *column).collect();
        let form = Form::of(program, fields, &cells, &columns, reached);
        if self.forms.len() >= FORMS_MAX {
            self.forms.clear();
            self.known.clear();
        }
        self.forms.push(form);
        let place = self.forms.len() - 1;
        self.known.entry(reached).or_default().insert(key, place);
        place
    }
}

impl Form {
    fn of(
        program: &Program,
        fields: &Fields,
        cells: &[Cell],
        uncertain: &[usize],
        reached: u64,
    ) -> Self {
        let mut form = Self::default();
        let mut variants = vec![cells.to_vec()];
        for column in uncertain {
            let Some(Cell::Range(low, high)) = cells.get(*column).copied() else { continue };
            let within = usize::from(high - low) + 1;
            if within == 1 {
                continue;
            }
            if variants.len() * within > VARIANTS_MAX {
                return Self { hangs: true, ..Self::default() };
            }
            let each = |variant: &Vec<Cell>| {
                let variant = variant.clone();
                (low..=high).map(move |cell| {
                    let mut fixed = variant.clone();
                    if let Some(place) = fixed.get_mut(*column) {
                        *place = Cell::Range(cell, cell);
                    }
                    fixed
                })
            };
            variants = variants.iter().flat_map(each).collect();
            form.columns.push((*column, (low..high).collect()));
        }
        // What no reached condition asks is decided as it is with every uncertain reading open:
        // that is one row more.
        variants.push(cells.to_vec());
        let rows = variants.len();
        let planes = run::axis_planes(program, &Cells::of_rows(&variants), rows);
        variants.pop();
        let settled = fields.tally(&planes, rows, rows - 1);
        form.tallies.extend((0..variants.len()).map(|at| {
            let met = fields.tally(&planes, rows, at);
            Tally {
                certain: met.certain & reached | settled.certain & !reached,
                possible: met.possible & reached | settled.possible & !reached,
            }
        }));
        let mut each = variants.iter().enumerate();
        form.hangs = each.any(|(at, cells)| hangs(program, fields, cells, &planes, at, reached));
        form.merge();
        form
    }

    /// Joins neighbouring cells that make no difference, column by column.
    fn merge(&mut self) {
        let mut stride = self.tallies.len();
        for (_, ends) in &mut self.columns {
            let count = ends.len() + 1;
            stride /= count;
            let place = |at: usize| at / stride % count;
            let differs = |cell: usize| {
                let here = self.tallies.iter().enumerate().filter(|(at, _)| place(*at) == cell);
                let mut here = here;
                here.any(|(at, tally)| self.tallies.get(at + stride) != Some(tally))
            };
            let keeps: Vec<bool> = (0..ends.len()).map(differs).collect();
            // Of each run the last cell stands for all.
            let kept = |at: usize| keeps.get(place(at)).copied().unwrap_or(true);
            let tallies = self.tallies.iter().enumerate().filter(|(at, _)| kept(*at));
            self.tallies = tallies.map(|(_, tally)| *tally).collect();
            let mut at = 0;
            ends.retain(|_| {
                at += 1;
                keeps.get(at - 1).copied().unwrap_or(true)
            });
        }
        self.columns.retain(|(_, ends)| !ends.is_empty());
    }
}

/// A row's cell in as few bits as its column takes.
#[inline]
fn packed(cells: &Cells, at: usize, bits: u32) -> u64 {
    match cells.get(at) {
        Cell::Range(low, high) => u64::from(low) << 8 | u64::from(high),
        Cell::OneOf(possible) => u64::from(possible),
        Cell::Flags { certain, possible } => u64::from(certain) << (bits / 2) | u64::from(possible),
        Cell::Truth(truth) => u64::from(truth),
    }
}

/// Whether a variant is open on an unknown reading that is asked about in both directions.
fn hangs(
    program: &Program,
    fields: &Fields,
    cells: &[Cell],
    planes: &[u8],
    at: usize,
    reached: u64,
) -> bool {
    if !cells.iter().any(|cell| cell.is_open()) {
        return false;
    }
    let rows = planes.len() / program.axis.ops.len().max(1);
    let open = |id: NodeId| run::plane(planes, id, rows).get(at) == Some(&(Truth::Unknown as u8));
    let mut part = Part::new();
    for field in fields.all.iter().filter(|field| field.mask & reached != 0) {
        for id in frontier::reached(&program.axis, [field.node], open) {
            let Some(op) = program.axis.ops.get(id.index()) else { continue };
            for positive in &field.directions {
                frontier::note(op, *positive, &program.axis.columns, &mut part);
            }
        }
    }
    let is_open = |column: usize| cells.get(column).is_some_and(|cell| cell.is_open());
    part.iter().any(|(column, tests)| tests.is_two_way() && is_open(*column))
}
