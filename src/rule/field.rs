//! Machines drawn for a sweep: rows in a block, and beside them the readings that moved tests ask
//! about, with their ends, because the cells of a block know only cuts that stand still.

use super::arena::Part;
use super::block::{Block, Row};
use super::cells::{Cell, Cells};
use super::layout::ColumnKey;
use super::program::Program;
use crate::evidence::{Key, Picture};
use crate::machine::Set;
use crate::quantity::Span;

/// The columns that moved tests look at.
#[derive(Debug, Clone, Default)]
pub(super) struct Watched {
    pub machine: Vec<usize>,
    pub axis: Vec<usize>,
}

impl Watched {
    /// The key of a watched column.
    fn key(program: &Program, part: Part, column: usize) -> Option<Key> {
        match program.columns(part).get(column).map(|column| &column.key) {
            Some(ColumnKey::Parameter(key)) => Some(*key),
            _ => None,
        }
    }
}

/// One watched column.
#[derive(Debug, Clone, Default)]
pub(super) struct Reading {
    /// A span a row; everything for an axis that is not there.
    pub spans: Vec<Span>,
    /// Whether more than one value is left of it: one or nought.
    pub open: Vec<u8>,
}

impl Reading {
    /// The reading of some axis that is not there, for so many rows.
    fn absent(rows: usize) -> Self {
        Self { spans: vec![Span::ALL; rows], open: vec![0; rows] }
    }

    fn push(&mut self, span: Option<Span>) {
        self.spans.push(span.unwrap_or(Span::ALL));
        self.open.push(span.map_or(0, |span| u8::from(!span.is_one_value())));
    }

    fn gathered(&self, rows: &[usize]) -> Self {
        let span = |at: &usize| self.spans.get(*at).copied().unwrap_or(Span::ALL);
        let open = |at: &usize| self.open.get(*at).copied().unwrap_or_default();
        Self { spans: rows.iter().map(span).collect(), open: rows.iter().map(open).collect() }
    }
}

/// A cell of a row that is fixed to one of its answers.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fixed {
    pub row: usize,
    pub axis: Option<usize>,
    pub column: usize,
    pub cell: Cell,
}

/// Rows of machines, one a configuration or a completion, those of one machine together.
#[derive(Debug, Clone)]
pub struct Chunk {
    pub(super) block: Block,
    /// The machine of each row.
    pub(super) owners: Vec<usize>,
    /// The configuration of each row.
    pub(super) configurations: Vec<usize>,
    /// The watched columns of the machine.
    pub(super) machine: Vec<Reading>,
    /// The same of each axis, slot by slot.
    pub(super) slots: Vec<Vec<Reading>>,
    /// The same of axes that are not listed.
    pub(super) further: Vec<Reading>,
    /// Whether some machine may have axes that are not listed.
    pub(super) more: bool,
}

/// The readings that moved tests ask about, of one row.
#[derive(Debug, Clone, Default)]
struct Asked {
    machine: Vec<Span>,
    axes: Vec<Vec<Span>>,
}

impl Asked {
    fn of(program: &Program, watched: &Watched, picture: &Picture) -> Self {
        let span = |part: Part, column: usize, axis: Option<usize>| {
            let key = Watched::key(program, part, column);
            match key.and_then(|key| picture.set(program.frame(), key, axis)) {
                Some(Set::Span(span)) => span,
                _ => Span::ALL,
            }
        };
        let of_axis = |axis: usize| {
            watched.axis.iter().map(|column| span(Part::Axis, *column, Some(axis))).collect()
        };
        Self {
            machine: watched.machine.iter().map(|at| span(Part::Machine, *at, None)).collect(),
            axes: (0..picture.axis_count).map(of_axis).collect(),
        }
    }
}

impl Chunk {
    pub(super) fn new(program: &Program, watched: &Watched) -> Self {
        Self {
            block: Block::new(program),
            owners: Vec::new(),
            configurations: Vec::new(),
            machine: vec![Reading::default(); watched.machine.len()],
            slots: Vec::new(),
            further: vec![Reading::default(); watched.axis.len()],
            more: false,
        }
    }

    /// How many rows there are.
    pub fn rows(&self) -> usize {
        self.owners.len()
    }

    /// Adds a row of a machine in one of its configurations.
    pub(super) fn draw(
        &mut self,
        program: &Program,
        watched: &Watched,
        picture: &Picture,
        (owner, configuration): (usize, usize),
    ) {
        let row = Row::of(program, picture);
        self.push(program, watched, &row, &Asked::of(program, watched, picture));
        self.owners.push(owner);
        self.configurations.push(configuration);
    }

    fn push(&mut self, program: &Program, watched: &Watched, row: &Row, asked: &Asked) {
        let before = self.rows();
        for (reading, span) in self.machine.iter_mut().zip(&asked.machine) {
            reading.push(Some(*span));
        }
        while self.slots.len() < row.axes.len() {
            self.slots.push(vec![Reading::absent(before); watched.axis.len()]);
        }
        for (at, slot) in self.slots.iter_mut().enumerate() {
            for (column, reading) in slot.iter_mut().enumerate() {
                let own = asked.axes.get(at).and_then(|axis| axis.get(column));
                reading.push(own.copied());
            }
        }
        for (reading, column) in self.further.iter_mut().zip(&watched.axis) {
            let key = Watched::key(program, Part::Axis, *column);
            reading.push(match key.map(|key| Set::domain(key.parameter.row().kind)) {
                Some(Set::Span(domain)) if row.further.is_some() => Some(domain),
                _ => None,
            });
        }
        self.more |= row.further.is_some();
        self.block.push(row);
    }

    /// Some of the rows, some of them several times, with cells of theirs fixed.
    pub(super) fn gathered(
        &self,
        program: &Program,
        watched: &Watched,
        rows: &[usize],
        fixed: &[Fixed],
    ) -> Self {
        let columns = |from: &[Cells]| from.iter().map(|cells| gathered(cells, rows)).collect();
        let readings = |from: &[Reading]| from.iter().map(|one| one.gathered(rows)).collect();
        let number = |of: &[usize]| -> Vec<usize> {
            rows.iter().map(|at| of.get(*at).copied().unwrap_or_default()).collect()
        };
        let mut block = Block::new(program);
        block.rows = rows.len();
        block.machine = columns(&self.block.machine);
        block.slots = self.block.slots.iter().map(|slot| columns(slot)).collect();
        block.further = columns(&self.block.further);
        let mut chunk = Self {
            block,
            owners: number(&self.owners),
            configurations: number(&self.configurations),
            machine: readings(&self.machine),
            slots: self.slots.iter().map(|slot| readings(slot)).collect(),
            further: readings(&self.further),
            more: self.more,
        };
        fixed.iter().for_each(|one| chunk.fix(program, watched, *one));
        chunk
    }

    fn fix(&mut self, program: &Program, watched: &Watched, one: Fixed) {
        let (part, cells, readings, places) = match one.axis {
            None => (
                Part::Machine,
                Some(&mut self.block.machine),
                Some(&mut self.machine),
                &watched.machine,
            ),
            Some(axis) => (
                Part::Axis,
                self.block.slots.get_mut(axis),
                self.slots.get_mut(axis),
                &watched.axis,
            ),
        };
        if let Some(cells) = cells.and_then(|cells| cells.get_mut(one.column)) {
            set(cells, one.row, one.cell);
        }
        let place = places.iter().position(|known| *known == one.column);
        let reading = readings.zip(place).and_then(|(readings, place)| readings.get_mut(place));
        let column = program.columns(part).get(one.column);
        let span = reading.and_then(|reading| reading.spans.get_mut(one.row));
        if let (Some(span), Some(Set::Span(within))) = (span, column.map(|c| c.set_of(one.cell))) {
            *span = span.meet(within).unwrap_or(*span);
        }
    }
}

/// The cells of some rows.
fn gathered(cells: &Cells, rows: &[usize]) -> Cells {
    fn of<T: Copy + Default>(from: &[T], rows: &[usize]) -> Vec<T> {
        rows.iter().map(|at| from.get(*at).copied().unwrap_or_default()).collect()
    }
    match cells {
        Cells::Range { low, high } => Cells::Range { low: of(low, rows), high: of(high, rows) },
        Cells::OneOf(sets) => Cells::OneOf(of(sets, rows)),
        Cells::Flags { certain, possible } => {
            Cells::Flags { certain: of(certain, rows), possible: of(possible, rows) }
        }
        Cells::Truth(truths) => Cells::Truth(of(truths, rows)),
    }
}

/// Puts a cell in the place of a row's.
fn set(cells: &mut Cells, row: usize, cell: Cell) {
    fn put<T>(of: &mut [T], row: usize, value: T) {
        if let Some(slot) = of.get_mut(row) {
            *slot = value;
        }
    }
    match (cells, cell) {
        (Cells::Range { low, high }, Cell::Range(l, h)) => {
            put(low, row, l);
            put(high, row, h);
        }
        (Cells::OneOf(sets), Cell::OneOf(set)) => put(sets, row, set),
        (Cells::Flags { certain, possible }, Cell::Flags { certain: c, possible: p }) => {
            put(certain, row, c);
            put(possible, row, p);
        }
        (Cells::Truth(truths), Cell::Truth(truth)) => put(truths, row, truth),
        _ => debug_assert!(false, "a column holds one kind of cell"),
    }
}
