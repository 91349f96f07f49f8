//! From which value of a dial on enough axes meet what is asked of an axis.

use super::arena::Count;
use super::grid::Scale;
use super::joins::{Pair, join};
use super::levels::Levels;

/// The levels from which on enough (or, negated, few enough) axes meet a condition.
#[derive(Debug, Clone)]
pub(super) struct Counted<L> {
    how: How,
    /// The smallest levels of the axes so far, in order; just one where that says all.
    least: Vec<Levels<L>>,
    rest: Levels<L>,
    /// Whether the first axis says all so far.
    first: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum How {
    /// It does not hang on any axis.
    None,
    /// On the first axis to meet it.
    Any,
    /// On the last one.
    All,
    /// On one between.
    Some,
}

impl<L> Default for Counted<L> {
    fn default() -> Self {
        Self { how: How::None, least: Vec::new(), rest: Vec::new(), first: false }
    }
}

impl<L: Copy + Ord> Counted<L> {
    /// Begins to count, for so many rows with so many axes listed.
    pub fn begin<S: Scale<Level = L>>(
        &mut self,
        scale: &S,
        count: Count,
        listed: usize,
        rows: usize,
    ) {
        let wanted = match count {
            Count::AtLeast(number) => usize::from(number),
            Count::AtMost(number) => listed.saturating_sub(usize::from(number)),
        };
        let (how, level, kept) = match wanted {
            0 => (How::None, scale.always(), 1),
            _ if wanted > listed => (How::None, scale.never(), 1),
            1 => (How::Any, scale.never(), 1),
            _ if wanted == listed => (How::All, scale.always(), 1),
            _ => (How::Some, scale.never(), wanted),
        };
        self.how = how;
        self.least.resize_with(kept, Vec::new);
        self.first = matches!(how, How::Any | How::All);
        if self.first {
            return;
        }
        for least in &mut self.least {
            least.clear();
            least.resize(rows, [level; 2]);
        }
    }

    /// Takes up the levels of one more axis.
    pub fn take(&mut self, levels: &[[L; 2]]) {
        let Self { how, least, rest, first } = self;
        let own = least.first_mut();
        match (std::mem::take(first), how, own) {
            (true, _, Some(own)) => {
                own.clear();
                own.extend_from_slice(levels);
            }
            (_, How::Any, Some(own)) => join(own, levels, false),
            (_, How::All, Some(own)) => join(own, levels, true),
            (_, How::Some, _) => {
                rest.clear();
                rest.extend_from_slice(levels);
                self.sort_in();
            }
            _ => {}
        }
    }

    /// The same where they have to be worked out.
    pub fn take_pair(&mut self, pair: Pair<'_, L>) {
        let Self { how, least, rest, first } = self;
        let own = least.first_mut();
        match (std::mem::take(first), how, own) {
            (true, _, Some(own)) => pair.levels(own),
            (_, How::Any, Some(own)) => pair.join(own, false),
            (_, How::All, Some(own)) => pair.join(own, true),
            (_, How::Some, _) => {
                pair.levels(rest);
                self.sort_in();
            }
            _ => {}
        }
    }

    /// Puts the levels of one more axis in their places among the smallest ones.
    fn sort_in(&mut self) {
        let Self { least, rest, .. } = self;
        for least in least {
            let own = least.as_flattened_mut().iter_mut();
            for (least, rest) in own.zip(rest.as_flattened_mut()) {
                (*least, *rest) = ((*least).min(*rest), (*least).max(*rest));
            }
        }
    }

    /// Takes up axes that are not listed, after all others: they never help certainly, and may be
    /// as many as are needed.
    pub fn take_further(&mut self, count: Count, levels: &[[L; 2]]) {
        let own = self.least.last_mut().into_iter().flatten();
        for ([certain, possible], [any_certain, any]) in own.zip(levels) {
            match count {
                Count::AtLeast(_) => *possible = (*possible).min(*any),
                Count::AtMost(_) => *certain = (*certain).max(*any_certain),
            }
        }
    }

    /// What the count comes to.
    pub fn levels(&self) -> &[[L; 2]] {
        self.least.last().map(Vec::as_slice).unwrap_or_default()
    }

    /// Becomes the counts of other rows, each of which has the axes of one of some rows.
    pub fn copy(&mut self, of: &Self, from: &[u32], never: L) {
        let levels = of.levels();
        (self.how, self.first) = (How::None, false);
        if levels.is_empty() {
            return self.least.clear();
        }
        self.least.resize_with(1, Vec::new);
        for least in &mut self.least {
            least.clear();
            let level = |at: &u32| levels.get(*at as usize).copied().unwrap_or([never; 2]);
            least.extend(from.iter().map(level));
        }
    }
}
