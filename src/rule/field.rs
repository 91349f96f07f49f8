//! Machines drawn for a sweep: rows in a block, and beside them the readings that moved tests ask
//! about, with their ends, because the cells of a block know only cuts that stand still.

use super::arena::Part;
use super::block::{Block, Row};
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

/// Rows of machines, one a configuration or a completion, those of one machine together.
#[derive(Debug, Clone)]
pub struct Chunk {
    pub(super) block: Block,
    /// The machine of each row.
    pub(super) owners: Vec<usize>,
    /// The configuration of each row.
    pub(super) configurations: Vec<usize>,
    /// For each watched column of the machine, a span a row.
    pub(super) machine: Vec<Vec<Span>>,
    /// The same of each axis, slot by slot.
    pub(super) slots: Vec<Vec<Vec<Span>>>,
    /// The same of axes that are not listed.
    pub(super) further: Vec<Vec<Span>>,
    /// Whether some machine may have axes that are not listed.
    pub(super) more: bool,
}

/// The readings that moved tests ask about, of one row.
#[derive(Debug, Clone, Default)]
pub(super) struct Asked {
    pub machine: Vec<Span>,
    pub axes: Vec<Vec<Span>>,
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
            machine: vec![Vec::new(); watched.machine.len()],
            slots: Vec::new(),
            further: vec![Vec::new(); watched.axis.len()],
            more: false,
        }
    }

    /// How many rows there are.
    pub fn rows(&self) -> usize {
        self.owners.len()
    }

    pub(super) fn draw(
        &mut self,
        program: &Program,
        watched: &Watched,
        picture: &Picture,
        of: (usize, usize),
    ) {
        let row = Row::of(program, picture);
        self.push(program, watched, &row, &Asked::of(program, watched, picture), of);
    }

    /// Adds a row of a machine in one of its configurations.
    pub(super) fn push(
        &mut self,
        program: &Program,
        watched: &Watched,
        row: &Row,
        asked: &Asked,
        (owner, configuration): (usize, usize),
    ) {
        let before = self.rows();
        for (spans, span) in self.machine.iter_mut().zip(&asked.machine) {
            spans.push(*span);
        }
        while self.slots.len() < row.axes.len() {
            self.slots.push(vec![vec![Span::ALL; before]; watched.axis.len()]);
        }
        for (at, slot) in self.slots.iter_mut().enumerate() {
            for (column, spans) in slot.iter_mut().enumerate() {
                let own = asked.axes.get(at).and_then(|axis| axis.get(column));
                spans.push(own.copied().unwrap_or(Span::ALL));
            }
        }
        for (spans, column) in self.further.iter_mut().zip(&watched.axis) {
            let key = Watched::key(program, Part::Axis, *column);
            spans.push(match key.map(|key| Set::domain(key.parameter.row().kind)) {
                Some(Set::Span(domain)) if row.further.is_some() => domain,
                _ => Span::ALL,
            });
        }
        self.more |= row.further.is_some();
        self.block.push(row);
        self.owners.push(owner);
        self.configurations.push(configuration);
    }

    /// What a row holds in the watched columns, the axes in its order.
    pub(super) fn asked(&self, at: usize) -> Asked {
        let of = |columns: &[Vec<Span>]| {
            columns.iter().map(|spans| spans.get(at).copied().unwrap_or(Span::ALL)).collect()
        };
        let slots = self.block.listed(at).slots().filter_map(|slot| self.slots.get(slot));
        Asked { machine: of(&self.machine), axes: slots.map(|slot| of(slot)).collect() }
    }
}
