//! From which value of a dial on enough axes meet what is asked of an axis.

use super::arena::Count;
use super::grid::Scale;
use super::joins::join;
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
        if std::mem::take(first) {
            if let Some(least) = least.first_mut() {
                least.clear();
                least.extend_from_slice(levels);
            }
            return;
        }
        let first = least.first_mut().map(Vec::as_mut_slice).unwrap_or_default();
        match how {
            How::None => {}
            How::Any => join(first, levels, false),
            How::All => join(first, levels, true),
            How::Some => {
                rest.clear();
                rest.extend_from_slice(levels);
                for least in least {
                    let own = least.as_flattened_mut().iter_mut();
                    for (least, rest) in own.zip(rest.as_flattened_mut()) {
                        (*least, *rest) = ((*least).min(*rest), (*least).max(*rest));
                    }
                }
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

    /// The counts of other rows, each of which has the axes of one of these.
    pub fn copied(&self, from: &[u32], never: L) -> Self {
        let levels = self.levels();
        if levels.is_empty() {
            return Self::default();
        }
        let of = |at: &u32| levels.get(*at as usize).copied().unwrap_or([never; 2]);
        let least = vec![from.iter().map(of).collect()];
        Self { how: How::None, least, rest: Vec::new(), first: false }
    }
}
