//! Evaluates machine-tool spec sheets against dated control lists and threshold proposals.
//!
//! The law is data (`specs/`), unknown is an answer, one room computes truth ([`rule`]), and every
//! number has a pedigree. The rooms, from the ground up: [`error`]; [`quantity`], [`logic`],
//! [`date`]; [`table`]; [`machine`], [`metrology`],
//! [`kinematics`]; [`catalogue`], [`evidence`], [`list`];
//! [`rule`]; [`assess`]; [`record`]; [`plot`]; [`report`]; [`cli`]. A room imports only from rooms
//! before it. `ARCHITECTURE.md` is the map.

pub mod assess;
pub mod catalogue;
pub mod cli;
pub mod date;
pub mod error;
pub mod evidence;
pub mod kinematics;
pub mod list;
pub mod logic;
pub mod machine;
pub mod metrology;
pub mod plot;
pub mod quantity;
pub mod record;
pub mod report;
pub mod rule;
pub mod table;
