//! The tests that look at the library and the program from outside.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test that is wrong should stop, and a figure that it found should be seen"
)]

mod bad_input;
mod beside;
mod bounds;
mod boxes;
mod bundles;
mod catalogues;
mod cells;
mod chances;
mod cli;
mod contradicted;
mod covered;
mod declare;
mod definitions;
mod drafts;
mod explain;
mod folder;
mod grounds;
mod kinematics;
mod labels;
mod lengths;
mod lists;
mod logic;
mod meanings;
mod measured;
mod metamorphic;
mod motion;
mod naive;
mod oracle;
mod overlays;
mod positioning;
mod properties;
mod proposals;
mod random;
mod regions;
mod restated;
mod runs;
mod sample;
mod screen;
mod soundness;
mod spindle;
mod sweeps;
mod swept;
mod unlisted;
mod weights;
mod windows;
mod withheld;
mod witnesses;
mod written;
