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
    #[inline]
    pub fn cell_of_value(&self, slot: Slot, value: Value) -> u8 {
        self.column(slot).map_or(0, |column| column.cell_of_value(value))
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

impl Row {
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

    /// Puts these cells in the place of as many that were added last.
    fn replace_last(&mut self, by: &Self) {
        fn put<T: Copy>(into: &mut [T], from: &[T]) {
            if let Some(last) = into.len().checked_sub(from.len()) {
                into.split_at_mut(last).1.copy_from_slice(from);
            }
        }
        match (self, by) {
            (Self::Range { low, high }, Self::Range { low: l, high: h }) => {
                put(low, l);
                put(high, h);
            }
            (Self::OneOf(labels), Self::OneOf(by)) => put(labels, by),
            (Self::Flags { certain, possible }, Self::Flags { certain: c, possible: p }) => {
                put(certain, c);
                put(possible, p);
            }
            (Self::Truth(truths), Self::Truth(by)) => put(truths, by),
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

/// Rows as columns: those of the machine, and those of each axis slot.
#[derive(Debug, Clone)]
pub struct Block {
    pub(super) rows: usize,
    pub(super) machine: Vec<Cells>,
    pub(super) slots: Vec<Vec<Cells>>,
    /// The slot of axes that are not listed, of which there may be any number.
    pub(super) further: Vec<Cells>,
    /// For each row, how many axes are listed and whether there may be more.
    listed: Vec<(u8, bool)>,
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
        self.push_alike(row, 1, &[]);
    }

    /// Adds `count` rows that are alike but for these columns, each of `count` cells.
    pub fn push_alike(&mut self, row: &Row, count: usize, but: &[(Slot, &Cells)]) {
        for (column, cell) in self.machine.iter_mut().zip(&row.machine) {
            column.repeat(*cell, count);
        }
        while self.slots.len() < row.axes.len() {
            let mut slot: Vec<Cells> = self.absent.iter().map(|cell| Cells::like(*cell)).collect();
            for (column, cell) in slot.iter_mut().zip(&self.absent) {
                column.repeat(*cell, self.rows);
            }
            self.slots.push(slot);
        }
        for (at, slot) in self.slots.iter_mut().enumerate() {
            let cells = row.axes.get(at).unwrap_or(&self.absent);
            for (column, cell) in slot.iter_mut().zip(cells) {
                column.repeat(*cell, count);
            }
        }
        let further = row.further.as_ref().unwrap_or(&self.absent);
        for (column, cell) in self.further.iter_mut().zip(further) {
            column.repeat(*cell, count);
        }
        for (slot, cells) in but {
            let columns = match slot.axis {
                None => Some(&mut self.machine),
                Some(axis) => self.slots.get_mut(axis),
            };
            if let Some(column) = columns.and_then(|columns| columns.get_mut(slot.column)) {
                column.replace_last(cells);
            }
        }
        let listed = (u8::try_from(row.axes.len()).unwrap_or(u8::MAX), row.further.is_some());
        self.listed.resize(self.rows + count, listed);
        self.rows += count;
    }

    /// How many axes a row lists, and whether it may have more.
    pub(super) fn listed(&self, at: usize) -> (usize, bool) {
        self.listed.get(at).map_or((0, false), |(count, more)| (usize::from(*count), *more))
    }

    /// A row, without the spans behind sloped limits.
    pub(super) fn row(&self, at: usize) -> Row {
        let cells = |columns: &[Cells]| columns.iter().map(|column| column.get(at)).collect();
        let (axes, more) = self.listed(at);
        Row {
            machine: cells(&self.machine),
            axes: self.slots.iter().take(axes).map(|slot| cells(slot)).collect(),
            further: more.then(|| cells(&self.further)),
            spans: Vec::new(),
        }
    }
}
