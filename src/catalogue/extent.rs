//! How much of an axis a test saw, and what its figures prove of the whole of it.

use crate::machine::{self, Doubt, Machine, Reading, Set};
use crate::metrology::{AxisRuns, SegmentRule, beyond_most, left_out_most, span_of, step_text};
use crate::quantity::{Dimension, Span, Unit, Value};

/// How long an axis is, by its sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Travel {
    /// No longer than this.
    Stated(Value),
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

/// How much of an axis was tested.
#[derive(Debug)]
pub(super) struct Extent {
    dimension: Dimension,
    /// What the targets span.
    tested: Value,
    /// What the sheet says of the travel.
    pub travel: Travel,
    /// Whether the axis is one of those of which segments are tested.
    pub long: Long,
    /// What is in doubt about the test; none where it covers the axis.
    pub doubt: Option<Doubt>,
    /// Whether as much as a segment was tested.
    pub segment: bool,
    /// Whether one of the segments by which a long axis is judged surely lies within the test.
    pub holds: bool,
    /// What the targets may leave out of the travel and still cover it.
    allowed: Value,
}

impl Extent {
    /// The extent of a test of a machine's axis, of axes that a rule divides where they are long.
    pub(super) fn of(machine: &Machine, axis: u8, runs: &AxisRuns, rule: &SegmentRule) -> Self {
        let (tested, dimension) = (span_of(runs), runs.dimension);
        let travel = match dimension {
            Dimension::Angle => rotary(machine, axis, rule.over),
            _ => linear(machine, axis),
        };
        let long = match travel {
            // A turn is all there is of a rotary axis: what follows are the same places again.
            _ if dimension == Dimension::Angle => Long::No,
            Travel::Stated(travel) if travel > rule.over => Long::Yes,
            Travel::Stated(travel) if !is_beyond(tested, travel) => Long::No,
            Travel::AtLeast(low) if low > rule.over => Long::Yes,
            _ if tested > rule.over => Long::Yes,
            Travel::Stated(_) => Long::No,
            Travel::AtLeast(_) | Travel::Unstated => Long::Unknown,
        };
        let whole = match travel {
            Travel::Stated(travel) if dimension == Dimension::Angle => Some(travel.min(rule.over)),
            Travel::Stated(travel) => Some(travel),
            _ if dimension == Dimension::Angle => Some(rule.over),
            // It is longer than this: a test of less is one of a part.
            Travel::AtLeast(low) => Some(low),
            Travel::Unstated => None,
        };
        let allowed = whole.map_or(Value::ZERO, |whole| left_out_most(runs, whole));
        let left_out = whole.map(|whole| i128::from(whole.count()) - i128::from(tested.count()));
        let covers = left_out.is_some_and(|left_out| left_out <= i128::from(allowed.count()));
        let doubt = match (travel, covers) {
            (Travel::AtLeast(_), true) if dimension != Dimension::Angle => {
                Some(Doubt::TravelUnstated)
            }
            (_, true) => None,
            (Travel::Unstated, false) => Some(Doubt::TravelUnstated),
            (_, false) => Some(Doubt::PartOfTravel),
        };
        let segment = tested >= rule.over;
        let most = match travel {
            Travel::Stated(travel) => Some(travel),
            _ => None,
        };
        let holds = segment && tested >= rule.holds_segment(most);
        Self { dimension, tested, travel, long, doubt, segment, holds, allowed }
    }

    /// The stated travel, where there is one.
    pub(super) fn stated(&self) -> Option<Value> {
        match self.travel {
            Travel::Stated(travel) => Some(travel),
            _ => None,
        }
    }

    /// How long the axis is at least, by its sheet and its test.
    pub(super) fn at_least(&self) -> Value {
        match self.travel {
            Travel::AtLeast(low) => low.max(self.tested),
            _ => self.tested,
        }
    }

    /// Whether figures of this test say anything of the whole axis under an assumption: of a long
    /// axis, only those of a whole segment do.
    pub(super) fn may_stand(&self) -> bool {
        self.long != Long::Yes || self.segment
    }

    /// What was tested of what: `tested over 600 mm of a travel of 1 m, ...`.
    pub(super) fn part_text(&self) -> String {
        let tested = place(self.tested, self.dimension);
        match self.travel {
            Travel::Stated(travel) => {
                let left_out =
                    Value::saturating(i128::from(travel.count()) - i128::from(self.tested.count()));
                let [left_out, travel] =
                    [left_out, travel].map(|value| place(value, self.dimension));
                let allowed = unit(self.dimension).map(|unit| step_text(self.allowed, unit));
                let allowed = allowed.unwrap_or_default();
                format!(
                    "tested over {tested} of a travel of {travel}: {left_out} are left out, more \
                     than the {allowed} of one step between targets"
                )
            }
            Travel::AtLeast(low) => format!(
                "tested over {tested} of a travel of {} or more, of which no upper end is stated",
                place(low, self.dimension)
            ),
            Travel::Unstated => format!("tested over {tested}, and no travel is stated"),
        }
    }

    /// That targets lie beyond the travel that the sheet states; whether by more than such figures
    /// are rounded by.
    pub(super) fn beyond(&self) -> Option<(String, bool)> {
        let travel = self.stated().filter(|travel| self.tested > *travel)?;
        let far = is_beyond(self.tested, travel);
        let most = place(beyond_most(travel), self.dimension);
        let [tested, travel] = [self.tested, travel].map(|size| place(size, self.dimension));
        let text = format!("targets over {tested}, where the sheet states a travel of {travel}");
        let near = format!("{text}: taken as the same travel, as the two differ by {most} at most");
        Some((if far { text } else { near }, far))
    }
}

/// Whether targets span more than a stated travel and the little by which such figures are rounded.
fn is_beyond(tested: Value, travel: Value) -> bool {
    let most = i128::from(travel.count()) + i128::from(beyond_most(travel).count());
    i128::from(tested.count()) > most
}

/// The travel of a linear axis: the largest that the sheet states, so that no part of it is missed;
/// else from one end of its range to the other.
fn linear(machine: &Machine, axis: u8) -> Travel {
    let spans = || spans(machine, axis, "travel");
    let endless = spans().any(|span| span.high().is_none());
    match spans().filter_map(Span::high).max() {
        Some(travel) if !endless => Travel::Stated(travel),
        _ => match spans().filter_map(Span::low).max() {
            Some(low) if low.count() > 0 => Travel::AtLeast(low),
            _ => range(machine, axis, ["range_low", "range_high"]),
        },
    }
}

/// The travel of a rotary axis: a turn of one that turns without end, else from one end of its
/// range to the other.
fn rotary(machine: &Machine, axis: u8, turn: Value) -> Travel {
    let continuous = machine::id_of("continuous");
    let of = |r: &&Reading| r.parameter == continuous && r.axis == Some(axis);
    match machine.readings.iter().find(of) {
        Some(reading) if reading.set == Set::OneOf(0b10) => Travel::Stated(turn),
        _ => range(machine, axis, ["rotary_range_low", "rotary_range_high"]),
    }
}

/// From one end of a printed range to the other.
fn range(machine: &Machine, axis: u8, [low, high]: [&'static str; 2]) -> Travel {
    let low = spans(machine, axis, low).filter_map(Span::low).min();
    let high = spans(machine, axis, high).filter_map(Span::high).max();
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
