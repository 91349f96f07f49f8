//! Kinematic chains: which axes move a workpiece and a tool against each other, and how many of
//! them contour by the counting rules of the lists.
//!
//! The rules are the technical notes of category 2 B of the dual-use lists (their older wording
//! counts by the effect on relative movement, with the same exclusions). Knows no list, no limit.

mod chain;
mod code;
mod count;
mod rank;

pub use chain::{Chain, Joint, Motion, Path, Platform};
pub use code::parse_code;
pub use count::{Count, Counted, Why, count};
pub use rank::rank;
