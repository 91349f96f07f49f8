//! The space of all machines: boxes in which roots have given truths.
//!
//! Starts from a machine of which nothing is known and splits cells until the truths are what is
//! asked for, or cannot be. A box that was found is made as large as it can be; what lies in it is
//! not looked at again. The same program decides as always.

use std::collections::VecDeque;

use super::block::{Row, Slot};
use super::cells::Cell;
use super::enlarged::enlarged;
use super::layout::ColumnKey;
use super::program::{Program, Root};
use super::residual::Residuals;
use super::sloped::Fit;
use crate::evidence::Key;
use crate::logic::Truth;
use crate::machine::{self, Kind, Set, label};

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

    /// As many boxes are found, those that do not count among them.
    fn found_max(&self) -> usize {
        self.boxes_max.saturating_mul(IDLE_MAX)
    }

    /// Splits the rows that wait until so many steps are done or boxes found; gives those that
    /// still wait then, where there are steps and boxes left.
    ///
    /// After each box it goes on with the row that waits longest, which has least in common with
    /// it: boxes that are asked for in small numbers show what kinds there are.
    fn split(&mut self, waiting: Vec<Row>, (steps, boxes): (usize, usize)) -> Vec<Row> {
        let mut waiting = VecDeque::from(waiting);
        let mut known = self.found.len();
        loop {
            let is_found = std::mem::replace(&mut known, self.found.len()) < self.found.len();
            let next = if is_found { waiting.pop_front() } else { waiting.pop_back() };
            let Some(row) = next else { return Vec::new() };
            if self.steps >= steps && steps < self.steps_max
                || self.found.len() >= boxes && boxes < self.found_max()
            {
                waiting.push_back(row);
                return waiting.into();
            }
            self.steps += 1;
            self.left.steps |= self.steps > self.steps_max;
            self.left.boxes |=
                self.counted >= self.boxes_max || self.found.len() >= self.found_max();
            if self.left.steps || self.left.boxes {
                return Vec::new();
            }
            waiting.extend(self.parts(row));
        }
    }

    /// The parts of a row in which the truths may be what is asked for; none where they are, in
    /// which case the box is found, or cannot be.
    fn parts(&mut self, row: Row) -> Vec<Row> {
        let truths = self.truths(&row);
        let pairs = || truths.iter().zip(&self.wanted);
        let other = |(found, (_, wanted)): (&Option<Truth>, &(Root, Truth))| {
            found.is_some_and(|found| found.is_known() && found != *wanted)
        };
        if pairs().any(other) || self.found.iter().any(|known| row.is_within(known)) {
            return Vec::new();
        }
        let fit = self.program.fit(&row, &|span| span.low().or(span.high()));
        if fit == Fit::Empty {
            return Vec::new();
        }
        if !pairs().all(|(found, (_, wanted))| *found == Some(*wanted)) {
            return self.halved(&row);
        }
        if let Fit::Unknown(keys) = fit {
            let new = keys.into_iter().filter(|key| !self.left.sloped.contains(key));
            let new: Vec<Key> = new.collect();
            self.left.sloped.extend(new);
        } else {
            let largest = enlarged(self.program, &self.wanted, row);
            self.counted += usize::from((self.counts)(&largest));
            self.found.push(largest);
        }
        Vec::new()
    }

    /// A row of which the truths are not known in two, at a reading that they hang on.
    fn halved(&mut self, row: &Row) -> Vec<Row> {
        let trace = self.program.trace_live(row);
        let nodes = match self.wanted.as_slice() {
            // One that holds only where the other does is not found without it.
            [(one, a), (other, b)] if a != b => {
                let (holds, fails) = if *a == Truth::True { (one, other) } else { (other, one) };
                if self.residuals.implies(self.program, &trace, *holds, *fails) {
                    return Vec::new();
                }
                self.program.telling(&trace, [*one, *other])
            }
            wanted => wanted.iter().filter_map(|(root, _)| self.program.node(*root)).collect(),
        };
        let mut slots = nodes.iter().flat_map(|node| self.program.open_slots(row, [*node]));
        let Some((slot, cells)) = slots.find_map(|slot| Some((slot, halves(row.cell(slot)?)?)))
        else {
            // Something is never known, or too much is open at once.
            self.left.undecided = true;
            return Vec::new();
        };
        let with = |cell: Cell| {
            let mut half = row.clone();
            half.put(slot, cell);
            (!self.program.is_limited_to_nothing(slot, cell)).then_some(half)
        };
        [cells.0, cells.1].into_iter().filter_map(with).collect()
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

impl Program {
    /// Whether a cell says of a machine that it is limited to the manufacture of nothing at all: no
    /// machine is; `general` is one that is not limited.
    fn is_limited_to_nothing(&self, slot: Slot, cell: Cell) -> bool {
        let part = if slot.axis().is_some() { &self.axis } else { &self.machine };
        let key = part.columns.get(slot.column).map(|column| &column.key);
        let is_subset = |key: &Key| matches!(key.parameter.row().kind, Kind::Subset(_));
        matches!(key, Some(ColumnKey::Parameter(key)) if is_subset(key))
            && matches!(cell, Cell::Flags { possible: 0, .. })
    }

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
        let mut found = self.said(None, &row.machine);
        for (at, cells) in row.axes.iter().enumerate() {
            found.extend(self.said(Some(at), cells));
        }
        found
    }

    /// What a box says of each axis beside those that it lists, where it allows such axes.
    pub fn others(&self, row: &Row) -> Option<Vec<Constraint>> {
        let number = Some(row.axes.len());
        row.further.as_ref().map(|cells| self.said(number, cells))
    }

    /// What the cells of the machine say, or those of an axis.
    fn said(&self, axis: Option<usize>, cells: &[Cell]) -> Vec<Constraint> {
        let (part, unknown) = match axis {
            Some(_) => (&self.axis, self.unknown.axes.first().map_or(&[][..], Vec::as_slice)),
            None => (&self.machine, self.unknown.machine.as_slice()),
        };
        let kind = Key { parameter: machine::id_of("axis_kind"), by: None };
        let mut found = Vec::new();
        for ((column, cell), any) in part.columns.iter().zip(cells).zip(unknown) {
            let ColumnKey::Parameter(key) = column.key else { continue };
            if cell == any {
                continue;
            }
            let certain = column.certain_classes(*cell);
            let set = match column.set_of(*cell) {
                // Of an axis that is there: one of the two kinds.
                Set::OneOf(mask) if key == kind && mask | 1 == label::all(label::AXIS_KIND) => {
                    continue;
                }
                Set::OneOf(mask) if key == kind => Set::OneOf(mask & !1),
                set => set,
            };
            found.push(Constraint { axis, key, set, certain });
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
    /// Whether there may be axes beside those listed.
    pub fn has_others(&self) -> bool {
        self.further.is_some()
    }

    /// How many axes are listed.
    pub fn axis_count(&self) -> usize {
        self.axes.len()
    }
}
