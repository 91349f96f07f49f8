//! How far the questions that a check puts to the space of all machines are searched, and which of
//! them stay without an answer.

use super::accepted::{Accepted, COUNTED, accepted};
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
    pub(in crate::assess) fn new(depth: Depth) -> Self {
        Self { depth, ..Self::default() }
    }

    /// That no machine has these truths, where that is certain; `what` words the question, for
    /// where it is not found out. A box that sound bounds exclude holds no machine.
    pub(in crate::assess) fn never(
        &mut self,
        program: &Program,
        wanted: &[(Root, Truth)],
        what: impl FnOnce() -> String,
    ) -> Option<Never> {
        self.questions += 1;
        let needed = program.axes_needed(wanted);
        // Two, so that axes of both kinds are there, of which machines that contour have more.
        let axes = needed.max(2).min(self.depth.axes);
        self.axes = self.axes.max(axes);
        let (mut is_met, mut is_open, mut never) = (false, false, Never::default());
        let found = Space::search(program, wanted, axes, (1, self.depth.steps), &mut |row| {
            match accepted(program, row, wanted) {
                Accepted::Machine(_) => is_met = true,
                Accepted::Excluded(why) if why == COUNTED => is_open = true,
                Accepted::Excluded(why) => never.bounds.push(why),
                Accepted::Unknown => is_open = true,
            }
            is_met
        });
        if !is_met && (is_open || !found.whole || needed > axes) {
            self.unanswered.push(what());
            return None;
        }
        never.bounds.sort_unstable();
        never.bounds.dedup();
        (!is_met).then_some(never)
    }

    /// Adds what a search of another kind asked.
    pub(in crate::assess) fn add(&mut self, questions: usize, axes: usize) {
        self.questions += questions;
        self.axes = self.axes.max(axes);
    }
}

/// That no machine is such as was asked.
#[derive(Default)]
pub(in crate::assess) struct Never {
    /// The sound bounds that exclude the machines which the text leaves, in words.
    bounds: Vec<String>,
}

impl Never {
    /// What is so, with the bounds that it rests on.
    pub(in crate::assess) fn so(&self, text: &str) -> String {
        match self.bounds.as_slice() {
            [] => text.to_owned(),
            bounds => format!("{text} (by the sound bounds {})", bounds.join("; ")),
        }
    }
}
