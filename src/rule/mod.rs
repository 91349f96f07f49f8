//! The one evaluator: conditions compiled to a program, run over blocks of machines, refined where
//! Kleene's logic is not exact.
//!
//! Truth is computed here and nowhere else. Verdict, explanation, missing readings and critical
//! values are observers of the same program. Knows nothing of files, words or reports.

mod apart;
mod arena;
mod block;
mod candidates;
mod cells;
mod compile;
mod counted;
mod critical;
mod enlarged;
mod falls;
mod field;
mod forms;
mod frontier;
mod grid;
mod hanging;
mod hung;
mod joins;
mod layout;
mod levels;
mod needed;
mod odds;
mod outline;
mod padded;
mod pieces;
mod program;
mod reach;
mod refine;
mod residual;
mod run;
mod settle;
mod sloped;
mod space;
mod swept;
mod turning;
mod uncertain;
mod unlisted;

pub use arena::{NodeId, Part};
pub use block::{Block, Row, Slot};
pub use cells::{Cell, Cells};
pub use compile::{Choices, Entry, compile};
pub use critical::Dialled;
pub use falls::{Fall, Falls, Gap, Gaps, Look, Looking};
pub use field::{Alike, Asked, Chunk, NOBODY};
pub use hung::Hangs;
pub use layout::{Column, ColumnKey};
pub use odds::{Method, Odds, Probabilities};
pub use outline::{Outline, Recorded, Subject, Trace};
pub use pieces::{DRAWS, SEED};
pub use program::{Program, Root};
pub use refine::{Memory, Verdicts};
pub use settle::{Critical, Question, Settlement, Settler};
pub use sloped::{Edge, Fit};
pub use space::{Boxes, Constraint, Left, Space};
pub use swept::{Grids, Tallies};
pub use turning::Turning;
pub use uncertain::Uncertain;
