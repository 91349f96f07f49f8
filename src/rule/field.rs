//! Machines drawn for a sweep: rows in a block, and beside them the readings that moved tests ask
//! about, with their ends, because the cells of a block know only cuts that stand still.

use super::arena::Part;
use super::block::{Block, Row, Slot};
use super::cells::{Cell, Cells};
use super::layout::ColumnKey;
use super::program::Program;
use crate::evidence::{Key, Picture};
use crate::logic::Truth;
use crate::machine::Set;
use crate::quantity::{Span, Value};

/// The columns that moved tests look at.
#[derive(Debug, Clone, Default)]
pub(super) struct Watched {
    pub machine: Vec<usize>,
    pub axis: Vec<usize>,
}

impl Watched {
    /// The key of a watched column.
    pub fn key(program: &Program, part: Part, column: usize) -> Option<Key> {
        match program.columns(part).get(column).map(|column| &column.key) {
            Some(ColumnKey::Parameter(key)) => Some(*key),
            _ => None,
        }
    }
}

/// One watched column: a word a row, and what few rows have of their own beside it.
#[derive(Debug, Clone, Default)]
pub(super) struct Reading {
    /// The count of each row's value; where it has none, one of the words below.
    words: Vec<i64>,
    /// What is left of the reading in most rows that have no one value of it.
    blank: Option<Span>,
    /// What is left of it in the other such rows, in order.
    others: Vec<(usize, Span)>,
    /// In how many rows more than one value is left of it.
    opened: usize,
}

/// What is left of the reading is what is left of it in most rows.
pub(super) const BLANK: i64 = i64::MIN;
/// There is no such axis, or the reading does not matter: everything is left of it.
pub(super) const ABSENT: i64 = i64::MIN + 1;
/// What is left of the reading stands among the others.
pub(super) const OTHER: i64 = i64::MIN + 2;

impl Reading {
    /// The reading of some axis that is not there, for so many rows.
    fn absent(rows: usize) -> Self {
        Self { words: vec![ABSENT; rows], ..Self::default() }
    }

    /// Whether more than one value is left of it in some row.
    pub fn is_open(&self) -> bool {
        self.opened > 0
    }

    /// Whether more than one value is left of it in a row.
    pub fn is_open_in(&self, row: usize) -> bool {
        match self.words.get(row) {
            Some(&BLANK) => true,
            Some(&OTHER) => !self.span(row).is_one_value(),
            _ => false,
        }
    }

    /// A word a row: the count of its value, or one of the words for rows without.
    pub fn words(&self) -> &[i64] {
        &self.words
    }

    /// What is left in most rows without a value.
    pub fn blank(&self) -> Span {
        self.blank.unwrap_or(Span::ALL)
    }

    /// What is left in the rows without a value that are not like most, in order.
    pub fn others(&self) -> &[(usize, Span)] {
        &self.others
    }

    /// What is left of it in a row; everything for an axis that is not there.
    pub fn span(&self, row: usize) -> Span {
        match self.words.get(row).copied().unwrap_or(ABSENT) {
            BLANK => self.blank(),
            ABSENT => Span::ALL,
            OTHER => {
                let place = self.others.partition_point(|(known, _)| *known < row);
                self.others.get(place).map_or(Span::ALL, |(_, span)| *span)
            }
            count => Value::from_count(count).map_or(Span::ALL, Span::point),
        }
    }

    /// Adds the reading of a row; none for an axis that is not there, and where it does not matter.
    #[inline(always)]
    pub fn push(&mut self, span: Option<Span>) {
        let Some(span) = span else { return self.words.push(ABSENT) };
        let (above, below) = (span.above.doubled(), span.below.doubled());
        if below.wrapping_sub(above) == 2 && above.unsigned_abs() < i64::MAX.unsigned_abs() / 2 {
            return self.words.push((above + 1) / 2);
        }
        self.opened += usize::from(!span.is_one_value());
        if *self.blank.get_or_insert(span) == span {
            self.words.push(BLANK);
        } else {
            self.others.push((self.words.len(), span));
            self.words.push(OTHER);
        }
    }

    /// Adds the readings of so many rows: what they have in common, or a span each, and none for
    /// rows that lack the axis.
    fn extend(
        &mut self,
        count: usize,
        common: Option<Span>,
        own: Option<&[Span]>,
        lacks: Option<impl Fn(usize) -> bool>,
    ) {
        self.words.reserve(count);
        match (own, lacks) {
            (None, None) => match common {
                None => self.words.resize(self.words.len() + count, ABSENT),
                Some(_) => (0..count).for_each(|_| self.push(common)),
            },
            (Some(own), None) => own.iter().take(count).for_each(|span| self.push(Some(*span))),
            (None, Some(lacks)) => {
                (0..count).for_each(|row| self.push(common.filter(|_| !lacks(row))));
            }
            (Some(own), Some(lacks)) => {
                let own = own.iter().take(count).enumerate();
                own.for_each(|(row, span)| self.push((!lacks(row)).then_some(*span)));
            }
        }
    }

    fn gathered(&self, rows: &[usize]) -> Self {
        let mut out = Self { blank: self.blank, ..Self::default() };
        out.words.reserve(rows.len());
        for row in rows {
            match self.words.get(*row).copied().unwrap_or(ABSENT) {
                OTHER => out.push(Some(self.span(*row))),
                word => out.words.push(word),
            }
        }
        out.opened = self.opened;
        out
    }

    /// Puts something else in the place of what is left of it in a row.
    fn put(&mut self, row: usize, span: Span) {
        let Some(word) = self.words.get_mut(row) else { return };
        *word = OTHER;
        let place = self.others.partition_point(|(known, _)| *known < row);
        match self.others.get_mut(place).filter(|(known, _)| *known == row) {
            Some((_, known)) => *known = span,
            None => self.others.insert(place, (row, span)),
        }
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
    /// Machines of which no row is needed: whatever their readings are, they have one truth.
    pub(super) steady: Vec<(usize, Truth)>,
}

/// The owner of a row that is nobody's and not looked at.
pub const NOBODY: usize = usize::MAX;

/// The readings that moved tests ask about, of one row; none where they do not matter.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    machine: Vec<Option<Span>>,
    axes: Vec<Vec<Option<Span>>>,
}

impl Asked {
    pub(super) fn of(
        program: &Program,
        watched: &Watched,
        picture: &Picture,
        matters: impl Fn(Slot) -> bool,
    ) -> Self {
        let span = |part: Part, column: usize, axis: Option<usize>| {
            let key = Watched::key(program, part, column);
            let span = match key.and_then(|key| picture.set(program.frame(), key, axis)) {
                Some(Set::Span(span)) => span,
                _ => Span::ALL,
            };
            Some(span).filter(|_| matters(Slot { axis, column }))
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

impl Asked {
    pub(super) fn span(&self, watched: &Watched, slot: Slot) -> Option<Span> {
        let (columns, spans) = match slot.axis {
            None => (&watched.machine, &self.machine),
            Some(axis) => (&watched.axis, self.axes.get(axis)?),
        };
        let at = columns.iter().position(|column| *column == slot.column)?;
        spans.get(at).copied().flatten()
    }
}

/// Rows that are alike but for some columns.
#[derive(Debug, Clone, Copy)]
pub struct Alike<'r> {
    /// What they have in common.
    pub row: &'r Row,
    /// The readings that moved tests ask about, where they have them in common.
    pub asked: &'r Asked,
    /// The cells in which they differ, a cell a row.
    pub cells: &'r [(Slot, &'r Cells)],
    /// The readings that moved tests ask about in which they differ, a span a row.
    pub spans: &'r [(Slot, &'r [Span])],
    /// For each row the axes that it does not have; nothing where none lacks any.
    pub empty: &'r [u64],
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
            steady: Vec::new(),
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
        let asked = Asked::of(program, watched, picture, |_| true);
        let alike = Alike { row: &row, asked: &asked, cells: &[], spans: &[], empty: &[] };
        self.push(program, watched, alike, 1);
        self.owners.push(owner);
        self.configurations.push(configuration);
    }

    /// Adds rows that are alike, one for each owner.
    pub(super) fn draw_alike(
        &mut self,
        program: &Program,
        watched: &Watched,
        alike: Alike<'_>,
        owners: impl ExactSizeIterator<Item = usize>,
    ) {
        self.push(program, watched, alike, owners.len());
        self.owners.extend(owners);
        self.configurations.resize(self.owners.len(), 0);
    }

    /// Adds a machine that has one truth whatever its readings are.
    pub fn settle(&mut self, owner: usize, truth: Truth) {
        self.steady.push((owner, truth));
    }

    /// Numbers the machines from another number on.
    pub fn renumber(&mut self, from: usize) {
        let steady = self.steady.iter_mut().map(|(owner, _)| owner);
        let owners = self.owners.iter_mut().chain(steady);
        owners.filter(|owner| **owner != NOBODY).for_each(|owner| *owner += from);
    }

    /// Adds so many rows that are alike.
    fn push(&mut self, program: &Program, watched: &Watched, alike: Alike<'_>, count: usize) {
        let Alike { row, asked, cells, spans, empty } = alike;
        let before = self.block.rows;
        let own = |axis: Option<usize>, column: &usize| {
            let slot = Slot { axis, column: *column };
            spans.iter().find(|(known, _)| *known == slot).map(|(_, spans)| *spans)
        };
        for ((reading, span), column) in
            self.machine.iter_mut().zip(&asked.machine).zip(&watched.machine)
        {
            reading.extend(count, *span, own(None, column), None::<fn(usize) -> bool>);
        }
        while self.slots.len() < row.axes() {
            self.slots.push(vec![Reading::absent(before); watched.axis.len()]);
        }
        for (at, slot) in self.slots.iter_mut().enumerate() {
            let lacks = |row: usize| empty.get(row).is_some_and(|all| all >> at & 1 == 1);
            for ((place, reading), column) in slot.iter_mut().enumerate().zip(&watched.axis) {
                let common = asked.axes.get(at).and_then(|axis| axis.get(place)).copied();
                let lacks = Some(lacks).filter(|_| at < 64 && !empty.is_empty());
                reading.extend(count, common.flatten(), own(Some(at), column), lacks);
            }
        }
        for (reading, column) in self.further.iter_mut().zip(&watched.axis) {
            let key = Watched::key(program, Part::Axis, *column);
            let common = match key.map(|key| Set::domain(key.parameter.row().kind)) {
                Some(Set::Span(domain)) if row.further.is_some() => Some(domain),
                _ => None,
            };
            reading.extend(count, common, None, None::<fn(usize) -> bool>);
        }
        self.more |= row.further.is_some();
        self.block.push_alike(row, count, cells, empty);
    }

    /// Some of the rows, some of them several times, with cells of theirs fixed, and with or
    /// without their axes.
    pub(super) fn gathered(
        &self,
        program: &Program,
        watched: &Watched,
        (rows, fixed): (&[usize], &[Fixed]),
        axes: bool,
    ) -> Self {
        let columns = |from: &[Cells]| from.iter().map(|cells| gathered(cells, rows)).collect();
        let readings = |from: &[Reading]| from.iter().map(|one| one.gathered(rows)).collect();
        let number = |of: &[usize]| -> Vec<usize> {
            rows.iter().map(|at| of.get(*at).copied().unwrap_or_default()).collect()
        };
        let mut block = Block::new(program);
        block.rows = rows.len();
        block.machine = columns(&self.block.machine);
        let slots = self.block.slots.iter().take(if axes { usize::MAX } else { 0 });
        block.slots = slots.map(|slot| columns(slot)).collect();
        let more = self.more && axes;
        if more {
            block.further = columns(&self.block.further);
        }
        let slots = self.slots.iter().take(block.slots.len());
        let mut chunk = Self {
            block,
            owners: number(&self.owners),
            configurations: number(&self.configurations),
            machine: readings(&self.machine),
            slots: slots.map(|slot| readings(slot)).collect(),
            further: if more { readings(&self.further) } else { Vec::new() },
            more,
            steady: Vec::new(),
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
        if let (Some(reading), Some(Set::Span(within))) =
            (reading, column.map(|c| c.set_of(one.cell)))
        {
            let span = reading.span(one.row);
            reading.put(one.row, span.meet(within).unwrap_or(span));
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
