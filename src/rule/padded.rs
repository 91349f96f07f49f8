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
        let mut axis = self.any_row(1).axes.first().cloned().unwrap_or_default();
        let word = if kind == AxisKind::Rotary { "rotary" } else { "linear" };
        let mask = label::bit(label::AXIS_KIND, word).unwrap_or_default();
        let key = ColumnKey::Parameter(Key { parameter: machine::id_of("axis_kind"), by: None });
        let place = self.axis.columns.iter().position(|column| column.key == key);
        let place = place.and_then(|at| axis.get_mut(at).zip(self.axis.columns.get(at)));
        if let Some((cell, column)) = place {
            *cell = Cell::OneOf(column.classes_of(mask));
        }
        let mut more = row.clone();
        more.axes.push(axis);
        more
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
