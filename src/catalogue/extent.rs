//! How much of an axis a test saw, and what its figures prove of the whole of it.

use crate::machine::{self, Doubt, Machine, Reading, Set};
use crate::metrology::{AxisRuns, Coverage, SegmentRule, beyond_most, span_of};
use crate::quantity::{Dimension, Span, Unit, Value};

/// How long an axis is, by its sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Travel {
    /// No longer than this, and of as many segments.
    Stated(Value),
    /// Between these, and of how many segments is not known.
    Between(Value, Value),
    /// At least this long.
    AtLeast(Value),
    /// Nothing is said.
    Unstated,
}

/// Whether an axis is longer than what is tested as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Long {
    /// It is not.
    No,
    /// It is.
    Yes,
    /// It may be.
    Unknown,
}

/// How much of an axis was tested, if it is as long as one source says.
#[derive(Debug)]
pub(super) struct Extent {
    dimension: Dimension,
    /// What the targets span.
    pub tested: Value,
    /// What those of the longest test of the axis do.
    longest: Value,
    /// How long the axis is.
    pub travel: Travel,
    /// Whether the axis is one of those of which segments are tested.
    pub long: Long,
    /// What is in doubt about the test; none where it covers the axis.
    pub doubt: Option<Doubt>,
    /// Whether as much as a segment was tested.
    segment: bool,
    /// How the targets lie on what the axis is known to have.
    coverage: Coverage,
}

impl Extent {
    /// The extents that a test of a machine's axis may have, of which the longest test spans so
    /// much: one, or two where that is more than the stated travel. Then the sheet and the test
    /// contradict each other, and what is said of the axis has to hold for both.
    pub(super) fn all(
        machine: &Machine,
        axis: u8,
        (runs, longest): (&AxisRuns, Value),
        rule: &SegmentRule,
    ) -> (Self, Option<Self>) {
        let rotary = runs.dimension == Dimension::Angle;
        let travel = match rotary {
            true => turning(machine, axis, rule.over),
            false => linear(machine, axis, longest, rule),
        };
        let beyond = matches!(travel, Travel::Stated(travel) if longest > travel);
        let of = |travel| Self::of(travel, (runs, longest), rule);
        (of(travel), (beyond && !rotary).then(|| of(Travel::Stated(longest))))
    }

    /// The extent of a test of an axis that is so long.
    pub(super) fn of(
        travel: Travel,
        (runs, longest): (&AxisRuns, Value),
        rule: &SegmentRule,
    ) -> Self {
        let (tested, dimension) = (span_of(runs), runs.dimension);
        let rotary = dimension == Dimension::Angle;
        let known = match travel {
            Travel::Stated(travel) if rotary => travel.min(rule.over),
            Travel::Stated(travel) => travel,
            // It may be longer than this: a test of less is one of a part.
            Travel::Between(low, _) | Travel::AtLeast(low) => low.max(longest),
            Travel::Unstated if rotary => rule.over,
            Travel::Unstated => longest,
        };
        let long = match travel {
            // A turn is all there is of a rotary axis: what follows are the same places again.
            _ if rotary => Long::No,
            _ if known > rule.over => Long::Yes,
            Travel::Stated(_) => Long::No,
            _ => Long::Unknown,
        };
        let first = runs.targets.first().map_or(0, |first| i128::from(first.position.count()));
        let coverage = Coverage::of(runs, first, known);
        let (reaches, dense) = (coverage.reaches_ends(), coverage.is_dense());
        let doubt = match travel {
            Travel::Unstated if !rotary || !reaches => Some(Doubt::TravelUnstated),
            Travel::Between(..) | Travel::AtLeast(_) if reaches => Some(Doubt::TravelUnstated),
            _ => (!reaches || !dense).then_some(Doubt::PartOfTravel),
        };
        let segment = tested >= rule.over;
        Self { dimension, tested, longest, travel, long, doubt, segment, coverage }
    }

    /// How long the axis is at least, by its sheet and its tests.
    pub(super) fn at_least(&self) -> Value {
        match self.travel {
            Travel::Between(low, _) | Travel::AtLeast(low) => low.max(self.longest),
            Travel::Stated(_) | Travel::Unstated => self.longest,
        }
    }

    /// The extent of the same test if the axis is so long.
    pub(super) fn if_long(&self, travel: Value, runs: &AxisRuns, rule: &SegmentRule) -> Self {
        Self::of(Travel::Stated(travel), (runs, self.longest), rule)
    }

    /// Whether figures of this test say anything of the whole axis under an assumption: of a long
    /// axis, only those of a whole segment do, and those of one place of none.
    pub(super) fn may_stand(&self) -> bool {
        !self.is_place() && (self.long != Long::Yes || self.segment)
    }

    /// Whether the test has one target only, and so covers no stretch however short.
    pub(super) fn is_place(&self) -> bool {
        self.tested == Value::ZERO
    }

    /// What was tested of what: `tested over 600 mm of a travel of 1 m, ...`.
    pub(super) fn part_text(&self) -> String {
        if self.is_place() {
            let of = match self.travel {
                Travel::Stated(travel) => {
                    format!(" of a travel of {}", place(travel, self.dimension))
                }
                Travel::Between(..) | Travel::AtLeast(_) => " of its travel".to_owned(),
                Travel::Unstated => ", and no travel is stated".to_owned(),
            };
            return format!("tested at one target{of}, so that no stretch is covered");
        }
        let told = |value| place(value, self.dimension);
        let tested = told(self.tested);
        let left_out = unit(self.dimension).and_then(|unit| self.coverage.left_out(unit));
        match (self.travel, left_out) {
            (Travel::Stated(travel), left_out) => format!(
                "tested over {tested} of a travel of {}: {}",
                told(travel),
                left_out.unwrap_or_default()
            ),
            (Travel::Between(low, high), _) => format!(
                "tested over {tested} of a travel of {} to {}, which leaves open how many segments \
                 it has",
                told(low),
                told(high)
            ),
            (Travel::AtLeast(low), _) => format!(
                "tested over {tested} of a travel of {} or more, of which no upper end is stated",
                told(low)
            ),
            (Travel::Unstated, Some(left_out)) if self.coverage.reaches_ends() => {
                format!("tested over {tested}, and no travel is stated; {left_out}")
            }
            (Travel::Unstated, _) => format!("tested over {tested}, and no travel is stated"),
        }
    }

    /// That targets lie beyond the travel that the sheet states; whether by more than such figures
    /// are rounded by.
    pub(super) fn beyond(&self) -> Option<(String, bool)> {
        let Travel::Stated(travel) = self.travel else { return None };
        if self.tested <= travel {
            return None;
        }
        let most = i128::from(travel.count()) + i128::from(beyond_most(travel).count());
        let far = i128::from(self.tested.count()) > most;
        let [tested, travel] = [self.tested, travel].map(|size| place(size, self.dimension));
        let text = format!("targets over {tested}, where the sheet states a travel of {travel}");
        let both = if self.dimension == Dimension::Angle { "" } else { ": figures hold for both" };
        Some((format!("{text}{both}"), far))
    }
}

/// The travel of a linear axis: the longest that the sheet leaves possible, so that no part of it
/// is missed. One that it gives by a range was made a travel where the sheet was read.
///
/// Where its segments may lie spreads with the travel as long as there are as many of them: of
/// another number nothing would follow for those of the longest.
fn linear(machine: &Machine, axis: u8, longest: Value, rule: &SegmentRule) -> Travel {
    match stated_length(machine, axis) {
        Travel::Between(least, travel) => {
            let known = least.max(longest.min(travel));
            match rule.segments(known) == rule.segments(travel) {
                true => Travel::Stated(travel),
                false => Travel::Between(known, travel),
            }
        }
        stated => stated,
    }
}

/// How long a linear axis is, by its sheet alone.
pub(super) fn stated_length(machine: &Machine, axis: u8) -> Travel {
    let spans = || spans(machine, axis, "travel");
    let endless = spans().any(|span| span.high().is_none());
    let least = spans().map(|span| span.low().unwrap_or_default()).min().unwrap_or_default();
    match spans().filter_map(Span::high).max() {
        Some(travel) if !endless => Travel::Between(least, travel),
        _ => match spans().filter_map(Span::low).max() {
            Some(low) if low.count() > 0 => Travel::AtLeast(low),
            _ => Travel::Unstated,
        },
    }
}

/// The travel of a rotary axis: a turn of one that turns without end, else from one end of its
/// range to the other.
fn turning(machine: &Machine, axis: u8, turn: Value) -> Travel {
    let continuous = machine::id_of("continuous");
    let of = |r: &&Reading| r.parameter == continuous && r.axis == Some(axis);
    match machine.readings.iter().find(of) {
        Some(reading) if reading.set == Set::OneOf(0b10) => Travel::Stated(turn),
        _ => rotary_range(machine, axis),
    }
}

/// From one end of a printed range to the other.
fn rotary_range(machine: &Machine, axis: u8) -> Travel {
    let low = spans(machine, axis, "rotary_range_low").filter_map(Span::low).min();
    let high = spans(machine, axis, "rotary_range_high").filter_map(Span::high).max();
    match low.zip(high) {
        Some((low, high)) if high > low => {
            Travel::Stated(Value::saturating(i128::from(high.count()) - i128::from(low.count())))
        }
        _ => Travel::Unstated,
    }
}

/// What the sheet says of a figure of an axis.
fn spans<'m>(
    machine: &'m Machine,
    axis: u8,
    name: &'static str,
) -> impl Iterator<Item = Span> + use<'m> {
    let parameter = machine::id_of(name);
    let of = move |r: &&Reading| r.parameter == parameter && r.axis == Some(axis);
    // Another test of the axis says how far it went, not how far the axis goes.
    let tested = |r: &&Reading| machine.measurements.iter().any(|test| test.column == r.column);
    let said = machine.readings.iter().filter(of).filter(move |r| !tested(r));
    said.filter_map(|reading| match reading.set {
        Set::Span(span) => Some(span),
        _ => None,
    })
}

/// Lengths are told in millimetres, angles in degrees.
fn unit(dimension: Dimension) -> Option<&'static Unit> {
    let name = if dimension == Dimension::Angle { "deg" } else { "mm" };
    Unit::named(dimension, name).ok()
}

/// A length in millimetres, an angle in degrees.
pub(super) fn place(value: Value, dimension: Dimension) -> String {
    unit(dimension).map_or_else(String::new, |unit| value.text(unit))
}
