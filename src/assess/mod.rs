//! The verbs: what is asked of machines and lists, answered by the one evaluator.
//!
//! Each file is one verb or what several of them share. Results are values; how they are printed
//! is the business of `crate::report`.

mod boxes;
mod cases;
mod chance;
mod classify;
mod compare;
mod convert;
mod decide;
mod diff;
mod evaluator;
mod explain;
mod figures;
mod measured;
mod moved;
mod observe;
mod pairs;
mod region;
mod rerun;
mod screen;
mod soundness;
mod stated;
mod status;
mod summary;
mod sweep;
mod view;

pub use boxes::searched::{Depth, Searched};
pub use cases::{CaseResult, run_cases};
pub use chance::{Chance, ChanceColumns, Chances, Doubted, Spread, chances};
pub use classify::{MachineResult, Outcome, Withheld, classify};
pub use compare::{
    Comparison, Mover, Moves, Tally, WEIGHT_DECIMALS, compare, machine_type, mirrored, weightless,
    weights,
};
pub use convert::{Factor, NO_LOWER, Proved, convert, figure as convertible, models};
pub use diff::{Change, Diff, diff};
pub use evaluator::{Evaluator, Law, Selection, Setup};
pub use explain::{Answer, Explanation, Line, Proof, explain};
pub use figures::{beside_text, conflict_text, open_text};
pub use measured::OpenReading;
pub use observe::{Margin, Missing};
pub use region::{
    Allowance, Allowed, InShort, Possible, Reach, Region, Regions, clause_alone, reading_text,
    regions,
};
pub use screen::{Codes, Drawing, Screen, Screened, Shape};
pub use soundness::{Exercised, Finding, findings};
pub use stated::{Reaffirmation, StatedUnder, stated_under};
pub use status::Status;
pub use summary::{ListCount, Summary, summarise};
pub use sweep::{Captured, Drawn, Map, Marked, Point, Run, Sweep, Turned, Turner, marks, unmarked};
pub use view::{Overlap, View};

use crate::logic::Truth;

/// What an entry says of a machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// Every completion of what is known meets the entry.
    Captured,
    /// No completion does.
    NotCaptured,
    /// It depends on what is not known.
    Undetermined,
}

impl Verdict {
    /// The verdict of an exact truth.
    pub fn of(truth: Truth) -> Self {
        match truth {
            Truth::True => Self::Captured,
            Truth::False => Self::NotCaptured,
            Truth::Unknown => Self::Undetermined,
        }
    }

    /// The verdict in words.
    pub fn word(self) -> &'static str {
        match self {
            Self::Captured => "captured",
            Self::NotCaptured => "not captured",
            Self::Undetermined => "undetermined",
        }
    }

    /// The verdict as one byte: nought not captured, one undetermined, two captured.
    pub fn code(self) -> u8 {
        match self {
            Self::NotCaptured => 0,
            Self::Undetermined => 1,
            Self::Captured => 2,
        }
    }

    /// Whether it is decided.
    pub fn is_settled(self) -> bool {
        self != Self::Undetermined
    }
}
