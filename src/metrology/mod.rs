//! What figures of one axis say about each other, and (later) what raw runs say about an axis.
//!
//! Knows nothing of machines, lists or limits: it says how good an axis is, not whether that
//! matters.

mod inequality;

pub use inequality::{Bounds, Figure, RELATIONS, Relation};
