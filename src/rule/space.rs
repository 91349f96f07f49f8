//! The space of all machines: boxes in which roots have given truths.
//!
//! Starts from a machine of which nothing is known and splits cells until the truths are what is
//! asked for, or cannot be. A box that was found is made as large as it can be; what lies in it is
//! not looked at again. The same program decides as always.

use super::block::{Row, Slot};
use super::cells::Cell;
use super::layout::ColumnKey;
use super::program::{Program, Root};
use super::residual::Residuals;
use super::sloped::Fit;
use crate::evidence::Key;
use crate::logic::Truth;
use crate::machine::{self, Set, label};

/// So many times as many boxes are found as count, no more.
const IDLE_MAX: usize = 16;

/// A search of the space of machines with so many axes at most.
pub struct Space<'p> {
    program: &'p Program,
    /// The truths that are asked for.
    wanted: Vec<(Root, Truth)>,
    /// As many boxes that count are looked for.
    boxes_max: usize,
    /// Whether a box that was found counts.
    counts: &'p mut dyn FnMut(&Row) -> bool,
    counted: usize,
    steps_max: usize,
    steps: usize,
    found: Vec<Row>,
    left: Left,
    residuals: Residuals,
}

/// Why a search did not come to its end.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Left {
    /// The steps ran out.
    pub steps: bool,
    /// As many boxes were found as were asked for.
    pub boxes: bool,
    /// Something is never known, or too much is open at once.
    pub undecided: bool,
    /// Readings of sloped limits that are entangled: whether a machine lies between their limits
    /// was not found out.
    pub sloped: Vec<Key>,
}

impl Left {
    /// Whether nothing is left.
    pub fn is_nothing(&self) -> bool {
        *self == Self::default()
    }
}

/// What was found.
pub struct Boxes {
    /// The boxes; together they hold all there is, if it is the whole.
    pub boxes: Vec<Row>,
    /// Whether there is nothing else.
    pub whole: bool,
    /// Why there may be.
    pub left: Left,
}

/// One thing that a box says: of an axis or of the machine, what a parameter is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Constraint {
    /// The axis, counted from nought.
    pub axis: Option<usize>,
    /// The parameter.
    pub key: Key,
    /// What it may be.
    pub set: Set,
    /// Of flags: the sets of labels of each of which at least one is set.
    pub certain: Vec<u64>,
}

impl<'p> Space<'p> {
    /// Looks for the machines of at most `axes` axes for which each root has its truth, until as
    /// many boxes were found as are asked for of those that count, or many times as many of others.
    pub fn search(
        program: &'p Program,
        wanted: &[(Root, Truth)],
        axes: usize,
        (boxes_max, steps_max): (usize, usize),
        counts: &'p mut dyn FnMut(&Row) -> bool,
    ) -> Boxes {
        let mut space = Self {
            program,
            wanted: wanted.to_vec(),
            boxes_max,
            counts,
            counted: 0,
            steps_max,
            steps: 0,
            found: Vec::new(),
            left: Left::default(),
            residuals: Residuals::default(),
        };
        // Half of what is left for each count, so that machines of few axes do not take all; what
        // waits then goes on with the rest.
        let mut waiting = Vec::new();
        for count in 0..=axes {
            let half = |done: usize, most: usize| done + most.saturating_sub(done).div_ceil(2);
            let until = (half(space.steps, steps_max), half(space.found.len(), space.found_max()));
            waiting.extend(space.split(vec![program.any_row(count)], until));
        }
        let until = (steps_max, space.found_max());
        space.split(waiting, until);
        Boxes { boxes: space.found, whole: space.left.is_nothing(), left: space.left }
    }

    fn truths(&self, row: &Row) -> Vec<Option<Truth>> {
        self.wanted.iter().map(|(root, _)| self.program.exact(*root, row)).collect()
    }

    fn holds(&self, row: &Row) -> bool {
        let truths = self.truths(row);
        truths.iter().zip(&self.wanted).all(|(found, (_, wanted))| *found == Some(*wanted))
    }

    /// As many boxes are found, those that do not count among them.
    fn found_max(&self) -> usize {
        self.boxes_max.saturating_mul(IDLE_MAX)
    }

    /// Splits the rows that wait until so many steps are done or boxes found; gives those that
    /// still wait then, where there are steps and boxes left.
    fn split(&mut self, mut waiting: Vec<Row>, (steps, boxes): (usize, usize)) -> Vec<Row> {
        while let Some(row) = waiting.pop() {
            if self.steps >= steps && steps < self.steps_max
                || self.found.len() >= boxes && boxes < self.found_max()
            {
                waiting.push(row);
                return waiting;
            }
            self.steps += 1;
            self.left.steps |= self.steps > self.steps_max;
            self.left.boxes |=
                self.counted >= self.boxes_max || self.found.len() >= self.found_max();
            if self.left.steps || self.left.boxes {
                return Vec::new();
            }
            let truths = self.truths(&row);
            let pairs = || truths.iter().zip(&self.wanted);
            let other = |(found, (_, wanted)): (&Option<Truth>, &(Root, Truth))| {
                found.is_some_and(|found| found.is_known() && found != *wanted)
            };
            if pairs().any(other) || self.found.iter().any(|known| is_within(&row, known)) {
                continue;
            }
            let fit = self.program.fit(&row, &|span| span.low().or(span.high()));
            if fit == Fit::Empty {
                continue;
            }
            if pairs().all(|(found, (_, wanted))| *found == Some(*wanted)) {
                if let Fit::Unknown(keys) = fit {
                    let new = keys.into_iter().filter(|key| !self.left.sloped.contains(key));
                    let new: Vec<Key> = new.collect();
                    self.left.sloped.extend(new);
                    continue;
                }
                let largest = self.enlarged(row);
                self.counted += usize::from((self.counts)(&largest));
                self.found.push(largest);
                continue;
            }
            let trace = self.program.trace_live(&row);
            let nodes = match self.wanted.as_slice() {
                // One that holds only where the other does is not found without it.
                [(one, a), (other, b)] if a != b => {
                    let (holds, fails) =
                        if *a == Truth::True { (one, other) } else { (other, one) };
                    if self.residuals.implies(self.program, &trace, *holds, *fails) {
                        continue;
                    }
                    self.program.telling(&trace, [*one, *other])
                }
                wanted => wanted.iter().filter_map(|(root, _)| self.program.node(*root)).collect(),
            };
            let mut slots = nodes.iter().flat_map(|node| self.program.open_slots(&row, [*node]));
            let halves = slots.find_map(|slot| {
                let slot = &slot;
                let (a, b) = halves(row.cell(*slot)?)?;
                Some([a, b].map(|cell| {
                    let mut half = row.clone();
                    half.put(*slot, cell);
                    half
                }))
            });
            match halves {
                Some(halves) => waiting.extend(halves),
                // Something is never known, or too much is open at once.
                None => self.left.undecided = true,
            }
        }
        Vec::new()
    }

    /// The box made as large as it can be.
    fn enlarged(&self, mut row: Row) -> Row {
        let any = self.program.any_row(row.axes.len());
        let machine = (0..row.machine.len()).map(|column| Slot { axis: None, column });
        let width = any.axes.first().map_or(0, Vec::len);
        let axes = (0..row.axes.len())
            .flat_map(|axis| (0..width).map(move |column| Slot { axis: Some(axis), column }));
        // What is asked of axes first: it is what limits are about mostly, and says more when it is
        // as wide as it can be.
        for slot in axes.chain(machine) {
            let (Some(own), Some(all)) = (row.cell(slot), any.cell(slot)) else { continue };
            for cell in larger(own, all) {
                let before = row.cell(slot).unwrap_or(own);
                row.put(slot, joined(before, cell));
                if !self.holds(&row) {
                    row.put(slot, before);
                }
            }
        }
        let mut more = row.clone();
        more.further = Some(self.program.unlisted_axis(label::all(label::LETTER)));
        if self.holds(&more) { more } else { row }
    }
}

/// A cell in two parts; `None` where it cannot be split.
pub(super) fn halves(cell: Cell) -> Option<(Cell, Cell)> {
    match cell {
        Cell::Range(low, high) if low < high => {
            let middle = low + (high - low) / 2;
            Some((Cell::Range(low, middle), Cell::Range(middle + 1, high)))
        }
        Cell::OneOf(possible) if possible.count_ones() > 1 => {
            let first = possible & possible.wrapping_neg();
            Some((Cell::OneOf(first), Cell::OneOf(possible & !first)))
        }
        Cell::Flags { certain, possible } if certain != possible => {
            let open = possible & !certain;
            let first = open & open.wrapping_neg();
            let with = Cell::Flags { certain: certain | first, possible };
            Some((with, Cell::Flags { certain, possible: possible & !first }))
        }
        Cell::Truth(truth) if truth == Truth::Unknown as u8 => {
            Some((Cell::Truth(Truth::False as u8), Cell::Truth(Truth::True as u8)))
        }
        _ => None,
    }
}

/// What a cell may be joined with to grow, the whole first.
fn larger(own: Cell, all: Cell) -> Vec<Cell> {
    let mut steps = vec![all];
    match (own, all) {
        (Cell::Range(low, high), Cell::Range(first, last)) => {
            steps.extend((first..low).rev().map(|cell| Cell::Range(cell, cell)));
            steps.extend((high..=last).skip(1).map(|cell| Cell::Range(cell, cell)));
        }
        (Cell::OneOf(possible), Cell::OneOf(whole)) => {
            let bits = (0..32).map(|bit| 1u32 << bit).filter(|bit| whole & !possible & bit != 0);
            steps.extend(bits.map(Cell::OneOf));
        }
        (Cell::Flags { certain, .. }, Cell::Flags { possible: whole, .. }) => {
            let bits = (0..32).map(|bit| 1u32 << bit).filter(|bit| whole & bit != 0);
            // A flag that has to be set may be dropped; one that must not be may be allowed.
            steps.extend(
                bits.map(|bit| Cell::Flags { certain: certain & !bit, possible: certain | bit }),
            );
        }
        _ => {}
    }
    steps
}

/// The smallest cell that holds two.
fn joined(a: Cell, b: Cell) -> Cell {
    match (a, b) {
        (Cell::Range(l, h), Cell::Range(m, i)) => Cell::Range(l.min(m), h.max(i)),
        (Cell::OneOf(a), Cell::OneOf(b)) => Cell::OneOf(a | b),
        (Cell::Flags { certain: c, possible: p }, Cell::Flags { certain: d, possible: q }) => {
            Cell::Flags { certain: c & d, possible: p | q }
        }
        (Cell::Truth(a), Cell::Truth(b)) if a == b => Cell::Truth(a),
        _ => Cell::Truth(Truth::Unknown as u8),
    }
}

fn is_inside(cell: Cell, of: Cell) -> bool {
    joined(cell, of) == of
}

/// Whether every machine of a row is one of the other row.
fn is_within(row: &Row, of: &Row) -> bool {
    let inside = |a: &[Cell], b: &[Cell]| a.iter().zip(b).all(|(a, b)| is_inside(*a, *b));
    let fits =
        of.axes.len() == row.axes.len() || (of.further.is_some() && of.axes.len() < row.axes.len());
    // Axes have no order: each axis of the other row needs one of its own.
    fn matched(row: &Row, of: &Row, at: usize, used: u32) -> bool {
        let Some(wanted) = of.axes.get(at) else { return true };
        row.axes.iter().enumerate().any(|(number, own)| {
            used >> number & 1 == 0
                && own.iter().zip(wanted).all(|(a, b)| is_inside(*a, *b))
                && matched(row, of, at + 1, used | 1 << number)
        })
    }
    fits && (row.further.is_none() || of.further.is_some())
        && inside(&row.machine, &of.machine)
        && matched(row, of, 0, 0)
}

impl Program {
    /// A machine of just so many axes, of which nothing else is known.
    pub(super) fn any_row(&self, axes: usize) -> Row {
        let mut axis = self.unknown.axes.first().cloned().unwrap_or_default();
        let kind = Key { parameter: machine::id_of("axis_kind"), by: None };
        let columns = &self.axis.columns;
        let place = columns.iter().position(|c| c.key == ColumnKey::Parameter(kind));
        let there = label::all(label::AXIS_KIND) & !1;
        if let Some((cell, column)) = place.and_then(|at| axis.get_mut(at).zip(columns.get(at))) {
            *cell = Cell::OneOf(column.classes_of(there));
        }
        // Sloped limits are truths of their own here: no spans stand behind them.
        let (axes, spans) = (vec![axis; axes], Vec::new());
        Row { axes, further: None, spans, ..self.unknown.clone() }
    }

    /// What a box says beyond that anything may be; its sloped edges stand apart
    /// ([`Program::edges`]), and text that is never known says nothing here.
    pub fn constraints(&self, row: &Row) -> Vec<Constraint> {
        let mut found = Vec::new();
        let kind = Key { parameter: machine::id_of("axis_kind"), by: None };
        let mut take = |axis: Option<usize>, cells: &[Cell]| {
            let part = if axis.is_some() { &self.axis } else { &self.machine };
            let unknown = if axis.is_some() {
                self.unknown.axes.first().cloned().unwrap_or_default()
            } else {
                self.unknown.machine.clone()
            };
            for ((column, cell), any) in part.columns.iter().zip(cells).zip(&unknown) {
                let ColumnKey::Parameter(key) = column.key else { continue };
                if cell != any {
                    let certain = column.certain_classes(*cell);
                    let set = match column.set_of(*cell) {
                        // An axis that is listed is there.
                        Set::OneOf(mask) if key == kind => Set::OneOf(mask & !1),
                        set => set,
                    };
                    found.push(Constraint { axis, key, set, certain });
                }
            }
        };
        take(None, &row.machine);
        for (at, cells) in row.axes.iter().enumerate() {
            take(Some(at), cells);
        }
        found
    }
}

impl Program {
    /// Text that is never decided and that a row takes to apply, or not to.
    pub fn supposed(&self, row: &Row) -> Vec<(String, bool)> {
        let parts = std::iter::once((&self.machine, &row.machine))
            .chain(row.axes.iter().map(|cells| (&self.axis, cells)));
        let cells = parts.flat_map(|(code, cells)| code.columns.iter().zip(cells));
        cells
            .filter_map(|(column, cell)| match (&column.key, cell) {
                (ColumnKey::Open(why), Cell::Truth(truth)) => {
                    let truth = Truth::from_byte(*truth);
                    truth.is_known().then(|| (why.clone(), truth == Truth::True))
                }
                _ => None,
            })
            .collect()
    }
}

impl Row {
    /// Whether there may be axes beyond those listed.
    pub fn has_further(&self) -> bool {
        self.further.is_some()
    }

    /// How many axes are listed.
    pub fn axis_count(&self) -> usize {
        self.axes.len()
    }
}
