//! Rows of cells, and blocks of rows as columns.

use crate::evidence::{Key, Picture};
use crate::logic::{Truth, widely};
use crate::machine::Set;
use crate::quantity::{Cut, Span};

use super::cells::{Cell, Cells};
use super::layout::{Column, ColumnKey};
use super::program::Program;

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
                widely(
                    #[inline(always)]
                    || {
                        for (column, cell) in slot.iter_mut().zip(&self.absent) {
                            let marked = empty.iter().map(|empty| empty >> at & 1 == 1);
                            column.put(self.rows, marked, *cell);
                        }
                    },
                );
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
