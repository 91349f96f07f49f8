//! Catalogues as people have them: which column is which, what each cell says, and what could not
//! be read.
//!
//! Rows of text enter, machines and remarks leave. A cell is read exactly or set aside with its
//! reason; nothing is guessed and nothing is dropped in silence. Knows nothing of lists.

mod cell;
mod contradiction;
mod figure;
mod figures;
mod header;
mod mapping;
mod mapping_file;
mod measured;
mod propose;
mod ranges;
mod reader;
mod remark;
mod role;
mod row;
mod stated;
mod twice;

pub use contradiction::{Held, Question, Statement};
pub use mapping::{Bracket, Mapping, Target};
pub use mapping_file::reading_of;
pub use measured::{Measured, Tested};
pub use propose::{Proposal, propose};
pub use reader::{Catalogue, Rejected, Sheet, read};
pub use remark::{Remark, Severity};
pub use role::{Figures, Role};
pub use stated::state;
pub use twice::{Part, Twice};
