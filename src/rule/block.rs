//! Rows of cells, and blocks of rows as columns.

use crate::evidence::{Key, Picture};
use crate::logic::Truth;
use crate::machine::Set;
use crate::quantity::{Cut, Span, Value};

use super::layout::{Column, ColumnKey};
use super::program::Program;

/// What one row holds in one column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Cell {
    /// The first and last cell that a quantity reaches.
    Range(u8, u8),
    /// Classes of labels of which one is right.
    OneOf(u32),
    /// Classes of flags.
    Flags {
        /// Those of which some flag is certainly set.
        certain: u32,
        /// Those of which some flag may be set.
        possible: u32,
    },
    /// A truth.
    Truth(u8),
}

impl Cell {
    /// Adds the cell to a key.
    pub(super) fn write(self, key: &mut Vec<u8>) {
        match self {
            Self::Range(low, high) => key.extend([low, high]),
            Self::OneOf(possible) => key.extend(possible.to_le_bytes()),
            Self::Flags { certain, possible } => {
                key.extend(certain.to_le_bytes());
                key.extend(possible.to_le_bytes());
            }
            Self::Truth(truth) => key.push(truth),
        }
    }

    /// Whether more than one value is left.
    pub fn is_open(self) -> bool {
        match self {
            Self::Range(low, high) => low != high,
            Self::OneOf(possible) => possible.count_ones() > 1,
            Self::Flags { certain, possible } => certain != possible,
            Self::Truth(truth) => truth == Truth::Unknown as u8,
        }
    }
}

/// One machine in one configuration, as cells.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Row {
    /// A cell for each machine column.
    pub(super) machine: Vec<Cell>,
    /// A cell for each axis column, for each axis.
    pub(super) axes: Vec<Vec<Cell>>,
    /// What an axis that is not listed may be, where there may be such axes.
    pub(super) further: Option<Vec<Cell>>,
    /// The spans behind sloped limits, as (column of the slope, spans by key), for refinement.
    pub(super) spans: Vec<Spans>,
}

/// The spans of the readings behind the sloped limits of the machine or of one axis.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Spans {
    /// A span for each plain column of the part that holds a quantity; `ALL` elsewhere.
    pub of_column: Vec<Span>,
}

impl Row {
    /// The row of a picture.
    pub fn of(program: &Program, picture: &Picture) -> Self {
        let mut row = Self::default();
        if picture.further_axes {
            row.further = Some(program.unlisted_axis(picture.unlisted_letters));
        }
        let slopes = program.has_slopes();
        (row.machine, row.spans) = {
            let (cells, spans) =
                lower(&program.machine.columns, &program.machine_places, &picture.machine);
            (cells, if slopes { vec![spans] } else { Vec::new() })
        };
        let width = program.frame.axis().len().max(1);
        for sets in picture.axes.chunks(width) {
            let (cells, spans) = lower(&program.axis.columns, &program.axis_places, sets);
            row.axes.push(cells);
            if slopes {
                row.spans.push(spans);
            }
        }
        row
    }
}

/// Where a row holds one quantity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slot {
    pub(super) axis: Option<usize>,
    pub(super) column: usize,
}

impl Program {
    /// Where a row holds a key, of the machine or of one axis; `None` where no test asks for it.
    pub fn slot(&self, key: Key, axis: Option<usize>) -> Option<Slot> {
        let columns = if axis.is_some() { &self.axis.columns } else { &self.machine.columns };
        let column = columns.iter().position(|c| c.key == ColumnKey::Parameter(key))?;
        Some(Slot { axis, column })
    }

    /// The cells that a set of values reaches in a slot.
    pub fn cell(&self, slot: Slot, set: &Set) -> Option<Cell> {
        self.column(slot).map(|column| column.cell(set))
    }

    /// The cell of one value of a quantity in a slot.
    pub fn cell_of_value(&self, slot: Slot, value: Value) -> u8 {
        match self.cell(slot, &Set::Span(Span::point(value))) {
            Some(Cell::Range(cell, _)) => cell,
            _ => 0,
        }
    }

    /// The cuts between the cells of a quantity's slot, in order.
    pub fn cuts(&self, slot: Slot) -> &[Cut] {
        self.column(slot).map_or(&[], Column::cuts)
    }

    fn column(&self, slot: Slot) -> Option<&Column> {
        let of_axis = slot.axis.is_some();
        let columns = if of_axis { &self.axis.columns } else { &self.machine.columns };
        columns.get(slot.column)
    }
}

impl Slot {
    /// The axis, counted from nought; none for a column of the machine.
    pub fn axis(self) -> Option<usize> {
        self.axis
    }

    /// The same column of another axis.
    #[must_use]
    pub fn of_axis(self, axis: usize) -> Self {
        Self { axis: Some(axis), ..self }
    }
}

impl Row {
    /// Whether a row is this one but for axes that it lacks: `kept` are the places here of the axes
    /// that it has, in its order.
    pub fn holds(&self, other: &Self, kept: &[usize]) -> bool {
        let same = |(own, at): (&Vec<Cell>, &usize)| self.axes.get(*at) == Some(own);
        self.machine == other.machine
            && self.further == other.further
            && other.axes.len() == kept.len()
            && other.axes.iter().zip(kept).all(same)
    }

    /// How many axes are listed.
    pub fn axes(&self) -> usize {
        self.axes.len()
    }

    /// Puts a cell into a slot.
    pub fn put(&mut self, slot: Slot, cell: Cell) {
        let cells = match slot.axis {
            None => Some(&mut self.machine),
            Some(axis) => self.axes.get_mut(axis),
        };
        if let Some(place) = cells.and_then(|cells| cells.get_mut(slot.column)) {
            *place = cell;
        }
    }

    /// What the row holds in a slot.
    pub fn cell(&self, slot: Slot) -> Option<Cell> {
        let cells = match slot.axis {
            None => Some(&self.machine),
            Some(axis) => self.axes.get(axis),
        };
        cells.and_then(|cells| cells.get(slot.column)).copied()
    }
}

/// The cells of one part of a row; truths that rest on two readings come last, from their spans.
fn lower(columns: &[Column], places: &[Option<usize>], sets: &[Set]) -> (Vec<Cell>, Spans) {
    let mut spans = Spans { of_column: Vec::with_capacity(columns.len()) };
    let mut cells = Vec::with_capacity(columns.len());
    for (column, place) in columns.iter().zip(places) {
        let set = place.and_then(|place| sets.get(place));
        cells.push(set.map_or(Cell::Truth(Truth::Unknown as u8), |set| column.cell(set)));
        spans.of_column.push(match set {
            Some(Set::Span(span)) => *span,
            _ => Span::ALL,
        });
    }
    slopes(columns, &mut cells, &spans);
    (cells, spans)
}

/// Works out the truths that rest on two readings.
pub(super) fn slopes(columns: &[Column], cells: &mut [Cell], spans: &Spans) {
    for (column, cell) in columns.iter().zip(cells) {
        if matches!(column.key, ColumnKey::Slope { .. }) {
            let truth = column.key.truth(|key| {
                let at = columns.iter().position(|c| c.key == ColumnKey::Parameter(key));
                at.and_then(|at| spans.of_column.get(at)).copied().unwrap_or(Span::ALL)
            });
            *cell = Cell::Truth(truth as u8);
        }
    }
}

/// One column of a block.
#[derive(Debug, Clone)]
pub enum Cells {
    /// Of a quantity.
    Range {
        /// The first cells that are reached.
        low: Vec<u8>,
        /// The last ones.
        high: Vec<u8>,
    },
    /// Of labels of which one is right.
    OneOf(Vec<u32>),
    /// Of flags.
    Flags {
        /// See [`Cell::Flags`].
        certain: Vec<u32>,
        /// See [`Cell::Flags`].
        possible: Vec<u32>,
    },
    /// Of a truth.
    Truth(Vec<u8>),
}

impl Cells {
    /// An empty column for cells like this one.
    pub fn like(cell: Cell) -> Self {
        match cell {
            Cell::Range(..) => Self::Range { low: Vec::new(), high: Vec::new() },
            Cell::OneOf(_) => Self::OneOf(Vec::new()),
            Cell::Flags { .. } => Self::Flags { certain: Vec::new(), possible: Vec::new() },
            Cell::Truth(_) => Self::Truth(Vec::new()),
        }
    }

    /// The columns of rows that all hold the same kinds of cells.
    pub(super) fn of_rows(rows: &[impl AsRef<[Cell]>]) -> Vec<Self> {
        let first = rows.first().map(AsRef::as_ref).unwrap_or_default();
        let mut columns: Vec<Self> = first.iter().map(|cell| Self::like(*cell)).collect();
        for row in rows {
            for (column, cell) in columns.iter_mut().zip(row.as_ref()) {
                column.push(*cell);
            }
        }
        columns
    }

    /// The cell of a row.
    pub(super) fn get(&self, at: usize) -> Cell {
        let byte = |bytes: &[u8]| bytes.get(at).copied().unwrap_or_default();
        let mask = |masks: &[u32]| masks.get(at).copied().unwrap_or_default();
        match self {
            Self::Range { low, high } => Cell::Range(byte(low), byte(high)),
            Self::OneOf(possible) => Cell::OneOf(mask(possible)),
            Self::Flags { certain, possible } => {
                Cell::Flags { certain: mask(certain), possible: mask(possible) }
            }
            Self::Truth(truths) => Cell::Truth(byte(truths)),
        }
    }

    /// Marks the rows whose cells are open where `also` is marked.
    pub(super) fn open_into(&self, out: &mut [u8], also: impl Iterator<Item = u8>) {
        fn mark(out: &mut [u8], also: impl Iterator<Item = u8>, open: impl Iterator<Item = bool>) {
            for ((out, also), open) in out.iter_mut().zip(also).zip(open) {
                *out |= also & u8::from(open);
            }
        }
        match self {
            Self::Range { low, high } => mark(out, also, low.iter().zip(high).map(|(l, h)| l != h)),
            Self::OneOf(sets) => {
                mark(out, also, sets.iter().map(|set| set & set.wrapping_sub(1) != 0));
            }
            Self::Flags { certain, possible } => {
                mark(out, also, certain.iter().zip(possible).map(|(c, p)| c != p));
            }
            Self::Truth(truths) => {
                mark(out, also, truths.iter().map(|truth| *truth == Truth::Unknown as u8));
            }
        }
    }

    /// Adds a cell.
    #[inline]
    pub fn push(&mut self, cell: Cell) {
        match (self, cell) {
            (Self::Range { low, high }, Cell::Range(l, h)) => {
                low.push(l);
                high.push(h);
            }
            (Self::OneOf(labels), Cell::OneOf(possible)) => labels.push(possible),
            (Self::Flags { certain, possible }, Cell::Flags { certain: c, possible: p }) => {
                certain.push(c);
                possible.push(p);
            }
            (Self::Truth(truths), Cell::Truth(truth)) => truths.push(truth),
            _ => debug_assert!(false, "a column holds one kind of cell"),
        }
    }

    /// Adds a cell `count` times.
    fn repeat(&mut self, cell: Cell, count: usize) {
        match (self, cell) {
            (Self::Range { low, high }, Cell::Range(l, h)) => {
                low.resize(low.len() + count, l);
                high.resize(high.len() + count, h);
            }
            (Self::OneOf(labels), Cell::OneOf(possible)) => {
                labels.resize(labels.len() + count, possible);
            }
            (Self::Flags { certain, possible }, Cell::Flags { certain: c, possible: p }) => {
                certain.resize(certain.len() + count, c);
                possible.resize(possible.len() + count, p);
            }
            (Self::Truth(truths), Cell::Truth(truth)) => truths.resize(truths.len() + count, truth),
            _ => debug_assert!(false, "a column holds one kind of cell"),
        }
    }

    /// Adds cells, all of the column's kind.
    pub fn extend(&mut self, cells: impl Iterator<Item = Cell> + Clone) {
        let masks = |of: fn(Cell) -> u32| cells.clone().map(of);
        let bytes = |of: fn(Cell) -> u8| cells.clone().map(of);
        match self {
            Self::Range { low, high } => {
                low.extend(bytes(|cell| if let Cell::Range(low, _) = cell { low } else { 0 }));
                high.extend(bytes(|cell| if let Cell::Range(_, high) = cell { high } else { 0 }));
            }
            Self::OneOf(labels) => {
                labels.extend(masks(|cell| if let Cell::OneOf(set) = cell { set } else { 0 }));
            }
            Self::Flags { certain, possible } => {
                let of = |cell| match cell {
                    Cell::Flags { certain, possible } => (certain, possible),
                    _ => (0, 0),
                };
                certain.extend(cells.clone().map(|cell| of(cell).0));
                possible.extend(cells.clone().map(|cell| of(cell).1));
            }
            Self::Truth(truths) => {
                truths.extend(bytes(|cell| if let Cell::Truth(truth) = cell { truth } else { 1 }));
            }
        }
    }

    /// Adds the cells of another column of the same kind.
    fn append(&mut self, from: &Self) {
        match (self, from) {
            (Self::Range { low, high }, Self::Range { low: l, high: h }) => {
                low.extend_from_slice(l);
                high.extend_from_slice(h);
            }
            (Self::OneOf(labels), Self::OneOf(from)) => labels.extend_from_slice(from),
            (Self::Flags { certain, possible }, Self::Flags { certain: c, possible: p }) => {
                certain.extend_from_slice(c);
                possible.extend_from_slice(p);
            }
            (Self::Truth(truths), Self::Truth(from)) => truths.extend_from_slice(from),
            _ => debug_assert!(false, "a column holds one kind of cell"),
        }
    }

    /// Puts a cell into the rows that are marked, counted from `from`.
    fn put(&mut self, from: usize, marked: impl Iterator<Item = bool>, cell: Cell) {
        fn put<T: Copy>(into: &mut [T], from: usize, marked: impl Iterator<Item = bool>, by: T) {
            for (slot, marked) in into.iter_mut().skip(from).zip(marked) {
                *slot = if marked { by } else { *slot };
            }
        }
        match (self, cell) {
            (Self::Range { low, high }, Cell::Range(l, h)) => {
                for ((low, high), marked) in low.iter_mut().zip(high).skip(from).zip(marked) {
                    (*low, *high) = if marked { (l, h) } else { (*low, *high) };
                }
            }
            (Self::OneOf(labels), Cell::OneOf(set)) => put(labels, from, marked, set),
            (Self::Flags { certain, possible }, Cell::Flags { certain: c, possible: p }) => {
                for ((set, may), marked) in certain.iter_mut().zip(possible).skip(from).zip(marked)
                {
                    (*set, *may) = if marked { (c, p) } else { (*set, *may) };
                }
            }
            (Self::Truth(truths), Cell::Truth(truth)) => put(truths, from, marked, truth),
            _ => debug_assert!(false, "a column holds one kind of cell"),
        }
    }

    /// Empties the column and keeps its memory.
    pub fn clear(&mut self) {
        match self {
            Self::Range { low, high } => {
                low.clear();
                high.clear();
            }
            Self::OneOf(labels) => labels.clear(),
            Self::Flags { certain, possible } => {
                certain.clear();
                possible.clear();
            }
            Self::Truth(truths) => truths.clear(),
        }
    }
}

/// The axes of one row of a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Listed {
    /// They stand in the first slots,
    slots: u8,
    /// but for these of the first 64, which are empty.
    empty: u64,
    /// Whether there may be more than are listed.
    pub more: bool,
}

impl Listed {
    /// The slots in which axes are listed.
    pub fn slots(self) -> impl Iterator<Item = usize> + Clone {
        let empty = move |slot: u8| slot < 64 && self.empty >> slot & 1 == 1;
        (0..self.slots).filter(move |slot| !empty(*slot)).map(usize::from)
    }
}

/// Rows as columns: those of the machine, and those of each axis slot.
#[derive(Debug, Clone)]
pub struct Block {
    pub(super) rows: usize,
    pub(super) machine: Vec<Cells>,
    pub(super) slots: Vec<Vec<Cells>>,
    /// The slot of axes that are not listed, of which there may be any number.
    pub(super) further: Vec<Cells>,
    /// For each row, which axes are listed.
    listed: Vec<Listed>,
    /// What an axis slot holds for a machine that has no such axis.
    absent: Vec<Cell>,
}

impl Block {
    /// An empty block for the rows of a program.
    pub fn new(program: &Program) -> Self {
        let machine = program.unknown.machine.iter().map(|cell| Cells::like(*cell)).collect();
        let absent = program.absent_axis.clone();
        let further = absent.iter().map(|cell| Cells::like(*cell)).collect();
        Self { rows: 0, machine, slots: Vec::new(), further, listed: Vec::new(), absent }
    }

    /// Empties the block and keeps its memory.
    pub fn clear(&mut self) {
        self.rows = 0;
        self.listed.clear();
        self.machine.iter_mut().for_each(Cells::clear);
        self.slots.iter_mut().flatten().for_each(Cells::clear);
        self.further.iter_mut().for_each(Cells::clear);
    }

    /// How many rows there are.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Adds a row.
    pub fn push(&mut self, row: &Row) {
        self.push_alike(row, 1, &[], &[]);
    }

    /// Adds `count` rows that are alike but for these columns, each of `count` cells, and but for
    /// axes that a row does not have: those set in its number in `empty`, if there are any.
    pub fn push_alike(&mut self, row: &Row, count: usize, but: &[(Slot, &Cells)], empty: &[u64]) {
        fill(&mut self.machine, &row.machine, count, None, but);
        while self.slots.len() < row.axes.len() {
            let mut slot: Vec<Cells> = self.absent.iter().map(|cell| Cells::like(*cell)).collect();
            fill(&mut slot, &self.absent, self.rows, None, &[]);
            self.slots.push(slot);
        }
        for (at, slot) in self.slots.iter_mut().enumerate() {
            fill(slot, row.axes.get(at).unwrap_or(&self.absent), count, Some(at), but);
            if at < 64 && empty.iter().any(|empty| empty >> at & 1 == 1) {
                for (column, cell) in slot.iter_mut().zip(&self.absent) {
                    let marked = empty.iter().map(|empty| empty >> at & 1 == 1);
                    column.put(self.rows, marked, *cell);
                }
            }
        }
        let further = row.further.as_ref().unwrap_or(&self.absent);
        fill(&mut self.further, further, count, None, &[]);
        let slots = u8::try_from(row.axes.len()).unwrap_or(u8::MAX);
        let listed = Listed { slots, empty: 0, more: row.further.is_some() };
        self.listed.resize(self.rows + count, listed);
        for (listed, empty) in self.listed.iter_mut().skip(self.rows).zip(empty) {
            listed.empty = *empty;
        }
        self.rows += count;
    }

    /// The axes of a row.
    pub(super) fn listed(&self, at: usize) -> Listed {
        self.listed.get(at).copied().unwrap_or_default()
    }

    /// A row, without the spans behind sloped limits.
    pub(super) fn row(&self, at: usize) -> Row {
        let cells = |columns: &[Cells]| columns.iter().map(|column| column.get(at)).collect();
        let listed = self.listed(at);
        let slots = listed.slots().filter_map(|slot| self.slots.get(slot));
        Row {
            machine: cells(&self.machine),
            axes: slots.map(|slot| cells(slot)).collect(),
            further: listed.more.then(|| cells(&self.further)),
            spans: Vec::new(),
        }
    }
}

/// Adds `count` times the cells of a row to the columns of one part, but for those that are given.
fn fill(
    columns: &mut [Cells],
    row: &[Cell],
    count: usize,
    axis: Option<usize>,
    but: &[(Slot, &Cells)],
) {
    for (column, (into, cell)) in columns.iter_mut().zip(row).enumerate() {
        match but.iter().find(|(slot, _)| *slot == Slot { axis, column }) {
            Some((_, cells)) => into.append(cells),
            None => into.repeat(*cell, count),
        }
    }
}
