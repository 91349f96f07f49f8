//! What an axis's figures say about those that are not stated, by sound inequalities only.

use crate::machine::{self, AxisKind, ParameterId, Reading, Set, Standard};
use crate::metrology::{Bounds, Figure};
use crate::quantity::{Dimension, Span, Unit, Value};

use super::frame::Key;

/// Above this travel a stated figure may be that of a segment, which bounds the whole travel from
/// below only (ISO 230-2: axes over 2 m are tested in segments of 2 m).
const SEGMENT_M: i64 = 2;

/// The figure that a key tests; `None` where no inequality concerns it.
pub(super) fn figure_of(key: Key) -> Option<Figure> {
    let k3 = key.by.and_then(|by| by.row().coverage) == Some(3);
    let iso = key.by.is_none_or(|by| by.is_iso_230_2() && by.row().edition.is_some());
    if !iso {
        return None;
    }
    Some(match (key.parameter.row().name, k3) {
        ("upr", _) => Figure::Upr,
        ("positioning_accuracy", false) => Figure::Accuracy,
        ("positioning_accuracy", true) => Figure::Accuracy88,
        ("positioning_accuracy_up", false) => Figure::AccuracyUp,
        ("positioning_accuracy_down", false) => Figure::AccuracyDown,
        ("repeatability_bidirectional", false) => Figure::Repeatability,
        ("repeatability_bidirectional", true) => Figure::Repeatability88,
        ("repeatability_up", false) => Figure::RepeatabilityUp,
        ("repeatability_up", true) => Figure::RepeatabilityUp88,
        ("repeatability_down", false) => Figure::RepeatabilityDown,
        ("repeatability_down", true) => Figure::RepeatabilityDown88,
        ("repeatability_one_way", false) => Figure::RepeatabilityOneWay,
        ("systematic_deviation", _) => Figure::Systematic,
        ("mean_deviation", _) => Figure::MeanDeviation,
        ("reversal", _) => Figure::Reversal,
        ("vdi_position_uncertainty", _) => Figure::VdiP,
        ("vdi_positional_scatter", _) => Figure::VdiPs,
        _ => return None,
    })
}

/// A figure that is only bounded from above, such as UPR by a figure under an unstated edition.
fn capped(span: Span) -> Span {
    Span { above: Span::NOT_NEGATIVE.above, ..span }
}

fn scaled(span: Span, low: (i64, i64), high: (i64, i64)) -> Span {
    let wide = |value: Value, (n, d): (i64, i64), up: bool| {
        let product = i128::from(value.count()) * i128::from(n);
        let rest = i128::from(up && product.rem_euclid(i128::from(d)) != 0);
        Value::saturating(product.div_euclid(i128::from(d)) + rest)
    };
    Span {
        above: span.low().map_or(span.above, |v| wide(v, low, false).cut_below()),
        below: span.high().map_or(span.below, |v| wide(v, high, true).cut_above()),
    }
}

/// Why a figure is what it is where no inequality narrowed it.
pub(super) const SAME_FIGURE: &str = "the same figure in editions 1997 to 2014";

/// How long an axis is by all that is said of its travel; where that contradicts itself, between
/// the ends of it.
pub(super) fn length_of(said: impl Iterator<Item = Span>) -> Option<Span> {
    said.reduce(|one, other| one.meet(other).unwrap_or_else(|| one.hull(other)))
}

/// What readings of one axis of this travel prove, each with its possible values; `None` of no
/// reading, `Err` where they contradict each other.
pub(super) fn narrowed<'r>(
    travel: Option<Span>,
    readings: impl Iterator<Item = (&'r Reading, Span)>,
) -> Option<Result<Bounds, ()>> {
    let mut figures = AxisFigures::new(travel);
    readings.for_each(|(reading, span)| figures.take(reading, span));
    figures.narrowed()
}

/// Collects the figures of one axis and narrows them.
struct AxisFigures {
    bounds: Bounds,
    /// Whether the axis is known to be no longer than a segment.
    short: bool,
    any: bool,
    consistent: bool,
}

impl AxisFigures {
    /// Nothing known of the figures of an axis of this travel.
    fn new(travel: Option<Span>) -> Self {
        let metre = Unit::named(Dimension::Length, "m").map_or(1, |unit| unit.size);
        let segment = Value::from_count(SEGMENT_M * metre).unwrap_or(Value::ZERO);
        let short = travel.and_then(Span::high).is_some_and(|high| high <= segment);
        let bounds = if short { Bounds::default() } else { Bounds::of_segments() };
        Self { bounds, short, any: false, consistent: true }
    }

    fn meet(&mut self, figure: Figure, span: Span) {
        self.any = true;
        self.consistent &= self.bounds.meet(figure, span);
    }

    /// Takes up a reading whose possible values are `span`.
    fn take(&mut self, reading: &Reading, span: Span) {
        let standard = reading.standard;
        let key = Key {
            parameter: reading.parameter,
            by: reading.parameter.row().editioned.then_some(standard),
        };
        if let Some(figure) = figure_of(key) {
            self.meet(figure, span);
            return;
        }
        match reading.parameter.row().name {
            "positioning_accuracy" if standard == Standard::ISO_230_2 => {
                self.meet(Figure::Upr, capped(span));
                if self.short {
                    self.meet(Figure::Accuracy88, scaled(span, (1, 1), (3, 2)));
                    self.meet(Figure::Accuracy, scaled(span, (2, 3), (1, 1)));
                }
            }
            "repeatability_bidirectional" if standard == Standard::ISO_230_2 => {
                self.meet(Figure::Repeatability, scaled(span, (2, 3), (1, 1)));
                self.meet(Figure::Repeatability88, scaled(span, (1, 1), (3, 2)));
            }
            // Whichever of R, R↑ and R↓ it is, and whichever k, UPR is not larger.
            "repeatability_up"
            | "repeatability_down"
            | "repeatability_one_way"
            | "repeatability_unspecified"
                if standard.is_iso_230_2() =>
            {
                self.meet(Figure::Upr, capped(span));
            }
            "vdi_position_uncertainty" if self.short => self.meet(Figure::VdiP, span),
            _ => {}
        }
    }

    /// Follows the inequalities; `None` where there is nothing to follow or the figures contradict
    /// each other (`Err`).
    fn narrowed(mut self) -> Option<Result<Bounds, ()>> {
        if !self.any {
            return None;
        }
        if self.consistent && self.bounds.narrow() { Some(Ok(self.bounds)) } else { Some(Err(())) }
    }
}

/// The pairs of contouring axes of a machine of which just the axes of these kinds may contour.
///
/// An axis is coordinated or not; none counts twice. The struts of a parallel-kinematic machine are
/// linear but move the platform about axes too, so only the total is bounded there.
pub(super) fn contouring_of_axes(
    kinds: impl Iterator<Item = Option<AxisKind>> + Clone,
    parallel_possible: bool,
) -> Set {
    let count = |wanted: AxisKind| {
        kinds.clone().filter(|kind| kind.is_none_or(|kind| kind == wanted)).count()
    };
    let (linear, rotary) = (count(AxisKind::Linear), count(AxisKind::Rotary));
    let limit = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    let total = limit(kinds.clone().count());
    let beyond = i64::from(machine::AXES_MAX);
    let within = |n: i64, limit: i64| n <= limit || limit >= beyond;
    let mut mask = machine::pairs(machine::View::Total, |n| n <= total);
    if !parallel_possible {
        mask &= machine::pairs(machine::View::Linear, |n| within(n, limit(linear)));
        mask &= machine::pairs(machine::View::Rotary, |n| within(n, limit(rotary)));
    }
    Set::OneOf(mask)
}

/// Whether a parameter's readings can narrow other figures of the same axis.
pub(super) fn concerns(parameter: ParameterId) -> bool {
    let row = parameter.row();
    row.error && row.scope == machine::Scope::LinearAxis
}
