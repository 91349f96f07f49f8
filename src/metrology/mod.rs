//! What figures of one axis say about each other, and what raw runs say about an axis.
//!
//! Knows nothing of machines, lists or limits: it says how good an axis is, not whether that
//! matters.

mod apart;
mod columns;
mod coverage;
mod diagnostics;
mod heading;
mod inequality;
mod meets;
mod order;
mod parts;
mod period;
mod positioning;
mod runs;
mod runs_form;
mod runs_reader;
mod seen;
mod segment;
mod slide;
mod spindle;
mod stated;
mod stretch;
mod thermal;
mod turn;
mod turns;
mod uncertainty;
mod windows;

pub use coverage::{Coverage, beyond_most, left_out, span_of, targets_asked, travel_of};
pub use diagnostics::{Diagnostics, Outlier, diagnose};
pub use inequality::{Bounds, Figure, RELATIONS, Relation};
pub use meets::{scatter_meets, upr_meets, upr_meets_taken};
pub use parts::{Below, Parts};
pub use period::{Period, hidden_periods, period};
pub use positioning::{
    At, AtTarget, Computed, Direction, Figured, Positioning, Reason, Scatter, Vdi,
};
pub use runs::{AxisRuns, Conditions, Numbers, Readings, Target};
pub use runs_reader::RunsReader;
pub use seen::weak;
pub use segment::{Segment, SegmentRule, Segments};
pub use slide::{Slide, SlideReader};
pub use spindle::{Motion, STEPS_FEW, Spindle};
pub use stated::{Declared, Digits, DigitsPolicy, Stated, StatedFigure, declare, stated};
pub use stretch::Shown;
pub use thermal::{Thermal, thermal};
pub use turn::accuracy_of_turn;
pub use turns::{Sensitive, Turns, TurnsReader};
pub use uncertainty::{Budget, Contributors, chance_at_most, guard_band};
pub use windows::{NoWindows, Windows};
