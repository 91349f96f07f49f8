//! Axes that a sheet does not list: any number of them, each with one value of every reading.
//!
//! Where only more axes that meet conditions help, an axis for each condition is the best there can
//! be, and Kleene's logic says whether there is one. It does not where an axis that meets one
//! condition has to meet, or fail, another one that hurts, or where no axis can meet a condition
//! (or fail it) although each of its tests is open.

use super::arena::{Count, NodeId};
use super::cells::{Cell, Cells};
use super::frontier::{self, Frontier, Part, reached};
use super::layout::ColumnKey;
use super::program::{Op, Program};
use super::refine::{COMBINATIONS_MAX, combinations, fold};
use super::run;
use crate::evidence::Key;
use crate::logic::Truth;

impl Program {
    /// Whether an axis of which nothing is known may be unable to meet a counted condition, or to
    /// fail it, although its tests taken one by one leave that open.
    ///
    /// A condition of which some test is `moved` may come to be so: where its tests ask about a
    /// reading in both directions, it counts as if it were.
    pub(super) fn is_entangled(&self, condition: usize, moved: impl Fn(NodeId) -> bool) -> bool {
        let Some(node) = self.conditions.get(condition) else { return false };
        let (mut part, mut moves) = (Part::new(), false);
        for id in reached(&self.axis, [*node], |_| true) {
            if let Some(op) = self.axis.ops.get(id.index()) {
                frontier::note(op, true, &self.axis.columns, &mut part);
            }
            moves |= moved(id);
        }
        let two_way = part.iter().filter(|(_, tests)| tests.is_two_way());
        let letter = Key { parameter: crate::machine::id_of("axis_letter"), by: None };
        let letter = ColumnKey::Parameter(letter);
        let keys: Vec<_> = two_way.filter_map(|(at, _)| self.axis.columns.get(*at)).collect();
        if keys.is_empty() {
            return false;
        }
        // Letters of axes that are listed are taken.
        if moves || keys.iter().any(|column| column.key == letter) {
            return true;
        }
        let Some(variants) = combinations(&self.any_axis(), &part, &self.axis.columns) else {
            return true;
        };
        let planes = run::axis_planes(self, &Cells::of_rows(&variants), variants.len());
        let plane = run::plane(&planes, *node, variants.len());
        // With every two-way reading fixed, what is left is open both ways or decided.
        let can = |wanted: Truth| {
            plane.iter().any(|truth| *truth == wanted as u8 || *truth == Truth::Unknown as u8)
        };
        !(can(Truth::True) && can(Truth::False))
    }

    /// An axis of which nothing is known.
    fn any_axis(&self) -> Vec<Cell> {
        self.unknown.axes.first().cloned().unwrap_or_default()
    }

    /// Adds any number of axes of which each is one of these, until there is nothing new: counts
    /// beyond what is asked for are all the same. `None` where there are too many.
    pub(super) fn any_number(
        &self,
        frontier: &Frontier,
        mut sums: Vec<Vec<u8>>,
        mut axis: Vec<Vec<u8>>,
        best: bool,
    ) -> Option<Vec<Vec<u8>>> {
        let ops = frontier.live.iter().filter_map(|id| self.machine.ops.get(id.index()));
        let asked = ops.filter_map(|op| match op {
            Op::Axes { count: Count::AtLeast(n) | Count::AtMost(n), .. } => Some(*n),
            _ => None,
        });
        let enough = asked.max().unwrap_or_default().saturating_add(1);
        axis.push(vec![0; frontier.conditions.len()]);
        loop {
            let mut next = fold(&sums, &axis, &frontier.conditions, best);
            next.iter_mut().flatten().for_each(|count| *count = enough.min(*count));
            next.sort_unstable();
            next.dedup();
            if next == sums {
                return Some(sums);
            }
            if next.len() > COMBINATIONS_MAX {
                return None;
            }
            sums = next;
        }
    }
}
