//! toolgauge
pub mod date;
pub mod error;
pub mod list;
pub mod logic;
pub mod machine;
pub mod metrology;
pub mod quantity;
pub mod table;
