//! toolgauge
pub mod date;
pub mod error;
pub mod logic;
pub mod quantity;
pub mod table;
