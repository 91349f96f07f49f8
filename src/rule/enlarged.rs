//! Boxes made as large as they can be: of the machine, of each axis, and of the axes beside those.

use super::block::{Row, Slot};
use super::cells::Cell;
use super::layout::{Column, ColumnKey};
use super::program::{Program, Root};
use crate::evidence::Key;
use crate::logic::Truth;
use crate::machine::{self, label};

/// The box made as large as it can be with these truths of roots: first what is asked of axes,
/// which is what limits are about mostly, and says more when it is as wide as it can be.
pub(super) fn enlarged(program: &Program, wanted: &[(Root, Truth)], row: Row) -> Row {
    let width = program.any_row(1).axes.first().map_or(0, Vec::len);
    let axes = (0..row.axes.len())
        .flat_map(|axis| (0..width).map(move |column| Slot { axis: Some(axis), column }));
    let machine = (0..row.machine.len()).map(|column| Slot { axis: None, column });
    let row = widened(program, wanted, row, axes);
    let row = unlisted(program, wanted, with_others(program, wanted, row));
    widened(program, wanted, row, machine)
}

/// The box with some cells made as large as they can be.
fn widened(
    program: &Program,
    wanted: &[(Root, Truth)],
    mut row: Row,
    slots: impl Iterator<Item = Slot>,
) -> Row {
    let any = program.any_row(row.axes.len());
    for slot in slots {
        let (Some(own), Some(all)) = (row.cell(slot), any.cell(slot)) else { continue };
        for cell in larger(own, all) {
            let before = row.cell(slot).unwrap_or(own);
            row.put(slot, joined(before, cell));
            if !program.gives(&row, wanted) {
                row.put(slot, before);
            }
        }
    }
    row
}

/// The box with whatever other axes there may be; where the truths hang on them, with those that
/// are like one of its own, as far as that can be made larger.
fn with_others(program: &Program, wanted: &[(Root, Truth)], row: Row) -> Row {
    let any = program.unlisted_axis(label::all(label::LETTER));
    let with = |cells: Vec<Cell>| {
        let more = Row { further: Some(cells), ..row.clone() };
        program.gives(&more, wanted).then_some(more)
    };
    if let Some(more) = with(any.clone()) {
        return more;
    }
    let own = row.axes.iter().map(|axis| program.optional(axis, &any));
    let kinds = program.any_of_each_kind(&any);
    let Some(mut more) = own.chain(kinds).find_map(with) else { return row };
    for column in 0..any.len() {
        let of = |row: &Row| row.further.as_ref().and_then(|cells| cells.get(column).copied());
        let (Some(own), Some(all)) = (of(&more), any.get(column)) else { continue };
        for cell in larger(own, *all) {
            let mut wider = more.clone();
            let place = wider.further.as_mut().and_then(|cells| cells.get_mut(column));
            if let Some(place) = place {
                *place = joined(*place, cell);
            }
            if program.gives(&wider, wanted) {
                more = wider;
            }
        }
    }
    more
}

/// The box without the axes that are none but such as may be there anyway.
fn unlisted(program: &Program, wanted: &[(Root, Truth)], mut row: Row) -> Row {
    for at in (0..row.axes.len()).rev() {
        let mut fewer = row.clone();
        let axis = fewer.axes.remove(at);
        let is_other = row.further.as_ref().is_some_and(|others| are_inside(&axis, others));
        if is_other && program.gives(&fewer, wanted) {
            row = fewer;
        }
    }
    row
}

impl Program {
    /// An axis that may be there or not, like one that is; what hangs on two readings, and text
    /// that is never known, as of any axis.
    fn optional(&self, axis: &[Cell], any: &[Cell]) -> Vec<Cell> {
        let kind = ColumnKey::Parameter(kind());
        let cells = self.axis.columns.iter().zip(axis.iter().zip(any));
        let cell = |(column, (own, any)): (&Column, (&Cell, &Cell))| match &column.key {
            key if *key == kind => joined(*own, Cell::OneOf(column.classes_of(ABSENT))),
            ColumnKey::Parameter(_) => *own,
            _ => *any,
        };
        cells.map(cell).collect()
    }

    /// Axes of which nothing is known but that they are of one kind, if they are there.
    fn any_of_each_kind(&self, any: &[Cell]) -> Vec<Vec<Cell>> {
        let kind = ColumnKey::Parameter(kind());
        let Some(at) = self.axis.columns.iter().position(|column| column.key == kind) else {
            return Vec::new();
        };
        let of = |word: &str| {
            let mask = label::bit(label::AXIS_KIND, word).unwrap_or_default() | ABSENT;
            let mut cells = any.to_vec();
            let place = cells.get_mut(at).zip(self.axis.columns.get(at));
            if let Some((cell, column)) = place {
                *cell = Cell::OneOf(column.classes_of(mask));
            }
            cells
        };
        ["linear", "rotary"].map(of).into()
    }
}

/// The first word of [`label::AXIS_KIND`].
const ABSENT: u64 = 1;

fn kind() -> Key {
    Key { parameter: machine::id_of("axis_kind"), by: None }
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

fn are_inside(cells: &[Cell], of: &[Cell]) -> bool {
    cells.iter().zip(of).all(|(a, b)| is_inside(*a, *b))
}

impl Row {
    /// Whether every machine of this row is one of the other row.
    pub fn is_within(&self, of: &Self) -> bool {
        let others = match (&self.further, &of.further) {
            (Some(own), Some(others)) => are_inside(own, others),
            (own, _) => own.is_none(),
        };
        others && are_inside(&self.machine, &of.machine) && self.is_matched(of, 0, 0)
    }

    /// Whether the axes of the other row from a number on, which have no order, each have one here
    /// that is not used yet, and those that are left are such as may be there beside them.
    fn is_matched(&self, of: &Self, at: usize, used: u32) -> bool {
        let mut left = self.axes.iter().enumerate().filter(|(own, _)| used >> own & 1 == 0);
        match (of.axes.get(at), &of.further) {
            (Some(wanted), _) => left.any(|(number, own)| {
                are_inside(own, wanted) && self.is_matched(of, at + 1, used | 1 << number)
            }),
            (None, Some(others)) => left.all(|(_, own)| are_inside(own, others)),
            (None, None) => left.next().is_none(),
        }
    }
}
