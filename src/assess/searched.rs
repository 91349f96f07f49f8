//! How far the questions that a check puts to the space of all machines are searched, and which of
//! them stay without an answer.

use crate::logic::Truth;
use crate::rule::{Program, Root, Space};

/// How far each question is searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Depth {
    /// Machines of at most so many axes.
    pub axes: usize,
    /// So many steps.
    pub steps: usize,
}

impl Depth {
    /// No question is searched among machines of more axes than this.
    pub const AXES_MAX: usize = 6;
}

impl Default for Depth {
    fn default() -> Self {
        Self { axes: Self::AXES_MAX, steps: 100_000 }
    }
}

/// What was put to the space of all machines.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Searched {
    /// How far each question was searched.
    pub depth: Depth,
    /// How many questions there were.
    pub questions: usize,
    /// Machines of at most so many axes were looked at: of each question as many as can matter to
    /// it, within the depth.
    pub axes: usize,
    /// The questions that have no answer, in words that begin with `whether`.
    pub unanswered: Vec<String>,
    /// Readings that have no better and no worse, so that nothing is asked of better ones.
    pub undirected: Vec<String>,
}

impl Searched {
    /// Nothing yet.
    pub(super) fn new(depth: Depth) -> Self {
        Self { depth, ..Self::default() }
    }

    /// Whether it is certain that no machine has these truths; `what` words the question, for where
    /// that is not found out.
    pub(super) fn never(
        &mut self,
        program: &Program,
        wanted: &[(Root, Truth)],
        what: impl FnOnce() -> String,
    ) -> bool {
        self.questions += 1;
        let needed = program.axes_needed(wanted);
        let axes = needed.min(self.depth.axes);
        self.axes = self.axes.max(axes);
        let found = Space::search(program, wanted, axes, (1, self.depth.steps), &mut |_| true);
        let empty = found.boxes.is_empty();
        let answered = !empty || found.whole && needed == axes;
        if !answered {
            self.unanswered.push(what());
        }
        empty && answered
    }

    /// Adds what a search of another kind asked.
    pub(super) fn add(&mut self, questions: usize, axes: usize) {
        self.questions += questions;
        self.axes = self.axes.max(axes);
    }
}
