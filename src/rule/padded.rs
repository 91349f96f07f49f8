//! Boxes with more axes than those that tell two lists apart.

use super::block::Row;
use super::cells::Cell;
use super::layout::ColumnKey;
use super::program::{Program, Root};
use crate::evidence::Key;
use crate::logic::Truth;
use crate::machine::{self, AxisKind, label};

impl Program {
    /// A row with one more axis, of which nothing is known but its kind.
    pub fn with_axis(&self, row: &Row, kind: AxisKind) -> Row {
        let axis = self.any_row(1).axes.first().cloned().unwrap_or_default();
        self.with_one_of(row, axis, kind).unwrap_or_else(|| row.clone())
    }

    /// A row with one more axis of a kind, such as it allows beside those that it lists.
    pub fn with_other(&self, row: &Row, kind: AxisKind) -> Option<Row> {
        self.with_one_of(row, row.further.clone()?, kind)
    }

    /// A row with one more axis, this one but for its kind; `None` where it is of another.
    fn with_one_of(&self, row: &Row, mut axis: Vec<Cell>, kind: AxisKind) -> Option<Row> {
        let word = if kind == AxisKind::Rotary { "rotary" } else { "linear" };
        let mask = label::bit(label::AXIS_KIND, word).unwrap_or_default();
        let key = ColumnKey::Parameter(Key { parameter: machine::id_of("axis_kind"), by: None });
        let place = self.axis.columns.iter().position(|column| column.key == key);
        let place = place.and_then(|at| axis.get_mut(at).zip(self.axis.columns.get(at)));
        if let Some((cell, column)) = place {
            let Cell::OneOf(own) = *cell else { return None };
            let both = own & column.classes_of(mask);
            if both == 0 {
                return None;
            }
            *cell = Cell::OneOf(both);
        }
        let mut more = row.clone();
        more.axes.push(axis);
        Some(more)
    }

    /// Whether roots have these truths for every machine of a row.
    pub fn gives(&self, row: &Row, wanted: &[(Root, Truth)]) -> bool {
        wanted.iter().all(|(root, truth)| self.exact(*root, row) == Some(*truth))
    }
}

impl Row {
    /// A row with one more axis that is like one of its own; the row itself where it has none of
    /// that number.
    pub fn with_copy(&self, axis: usize) -> Self {
        let mut more = self.clone();
        more.axes.extend(self.axes.get(axis).cloned());
        more
    }
}
