//! How much of an axis the targets of a test cover.
//!
//! The standard lets targets stop short of the ends of the travel, but says no figure. The
//! criterion here: what is left out, at both ends together, is not more than the largest gap
//! between targets, so that no stretch at an end is longer than those between targets, which no
//! test sees either. Few targets gain nothing by that: a gap counts only up to the step that the
//! targets that the standard asks for would leave between them, and one of more than two such
//! steps is left out itself.

use super::runs::{AxisRuns, Target};
use crate::quantity::{Dimension, Unit, Value};

/// ISO 230-2 asks for as many targets of a linear axis, and as many in each metre of it.
pub(super) const LINEAR: usize = 5;
/// Targets of a rotary axis that ISO 230-2 asks for (remembered): up to so many degrees, so many.
pub(super) const ROTARY: [(i64, usize); 3] = [(90, 3), (180, 5), (360, 8)];

/// How many targets ISO 230-2 asks for over a travel; over 360°, as many as over one turn.
///
/// ```
/// use toolgauge::metrology::targets_asked;
/// use toolgauge::quantity::{Dimension, Value};
/// let metre = |mm: i64| Value::from_count(mm * 1_000_000_000).unwrap();
/// let asked = [500, 1000, 1001, 2000].map(|mm| targets_asked(Dimension::Length, metre(mm)));
/// assert_eq!(asked, [5, 5, 6, 10]);
/// ```
pub fn targets_asked(dimension: Dimension, travel: Value) -> usize {
    let named = |name| Unit::named(dimension, name).map_or(1, |unit| unit.size);
    if dimension == Dimension::Angle {
        let degree = named("deg");
        let within = ROTARY.iter().find(|(to, _)| travel.count() <= to * degree);
        return within.or(ROTARY.last()).map_or(0, |(_, count)| *count);
    }
    let wide = LINEAR as i128 * i128::from(travel.count());
    let metre = i128::from(named("m"));
    let count = wide.div_euclid(metre) + i128::from(wide.rem_euclid(metre) != 0);
    usize::try_from(count).unwrap_or(usize::MAX).max(LINEAR)
}

/// The step that the targets which ISO 230-2 asks for leave between them on a travel.
fn step_asked(dimension: Dimension, travel: Value) -> Value {
    let asked = i64::try_from(targets_asked(dimension, travel)).unwrap_or(i64::MAX);
    Value::saturating(travel.count().checked_div(asked).unwrap_or_default().into())
}

/// How the targets of a test lie on a stretch of its axis.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Coverage {
    /// What they leave out at both ends together.
    pub ends: Value,
    /// What they may leave out there and still cover it.
    pub ends_most: Value,
    /// The largest gap between neighbours.
    pub gap: Value,
    /// How large that may be: two of the steps that the standard asks for.
    pub gap_most: Value,
}

impl Coverage {
    /// How targets lie on the stretch of a length that begins at a position, in counts.
    pub fn of(runs: &AxisRuns, from: i128, length: Value) -> Self {
        let at = |target: &Target| i128::from(target.position.count());
        let places: Vec<i128> = runs.targets.iter().map(at).collect();
        Self::of_places(runs.dimension, &places, from, length)
    }

    /// The same of places in counts, in their order.
    pub fn of_places(dimension: Dimension, places: &[i128], from: i128, length: Value) -> Self {
        let to = from + i128::from(length.count());
        let gaps = places.iter().zip(places.iter().skip(1));
        let gap = gaps.filter(|(a, b)| **b > from && **a < to).map(|(a, b)| b - a).max();
        let ends = match (places.first(), places.last()) {
            (Some(first), Some(last)) => (first - from).max(0) + (to - last).max(0),
            _ => to - from,
        };
        let step = i128::from(step_asked(dimension, length).count());
        let gap = gap.unwrap_or_default();
        Self {
            ends: Value::saturating(ends),
            ends_most: Value::saturating(gap.min(step)),
            gap: Value::saturating(gap),
            gap_most: Value::saturating(2 * step),
        }
    }

    /// Whether they reach its ends, as far as they have to.
    pub fn reaches_ends(&self) -> bool {
        self.ends <= self.ends_most
    }

    /// Whether they leave no stretch out between them.
    pub fn is_dense(&self) -> bool {
        self.gap <= self.gap_most
    }

    /// What they leave out, told in a unit; none where they cover the stretch.
    pub fn left_out(&self, unit: &Unit) -> Option<String> {
        let text = |value: Value| value.text(unit);
        if !self.reaches_ends() {
            return Some(format!(
                "{} are left out, more than the {} of one step between targets",
                text(self.ends),
                step_text(self.ends_most, unit)
            ));
        }
        (!self.is_dense()).then(|| {
            format!(
                "there are {} between two targets, more than two of the steps that ISO 230-2 asks \
                 for, {}",
                text(self.gap),
                step_text(self.gap_most, unit)
            )
        })
    }
}

/// A step between targets in words, cut below a thousandth of the unit.
fn step_text(step: Value, unit: &Unit) -> String {
    let cut = (unit.size / 1000).max(1);
    Value::saturating(i128::from(step.count() - step.count().rem_euclid(cut))).text(unit)
}

/// How far the targets of a test may span more than the travel that is stated, and it still be
/// that travel: a hundredth of it. Stated travels are rounded, and axes run a little beyond them.
pub fn beyond_most(travel: Value) -> Value {
    Value::saturating(i128::from(travel.count() / 100))
}

/// The travel that a test is of: the stated one, unless its targets span more.
pub fn travel_of(runs: &AxisRuns) -> Value {
    let span = span_of(runs);
    runs.conditions.travel.map_or(span, |travel| travel.max(span))
}

/// What the targets of a test leave out of the travel that it is of, in words; none where they
/// cover it.
pub fn left_out(runs: &AxisRuns) -> Option<String> {
    if span_of(runs) == Value::ZERO {
        return Some("one target covers no stretch".to_owned());
    }
    let first = runs.targets.first().map_or(0, |first| i128::from(first.position.count()));
    let name = if runs.dimension == Dimension::Angle { "deg" } else { "mm" };
    let unit = Unit::named(runs.dimension, name).ok()?;
    Coverage::of(runs, first, travel_of(runs)).left_out(unit)
}

/// What the targets of a test span.
pub fn span_of(runs: &AxisRuns) -> Value {
    let ends = runs.targets.first().zip(runs.targets.last());
    let span = ends.map_or(0, |(first, last)| {
        i128::from(last.position.count()) - i128::from(first.position.count())
    });
    Value::saturating(span)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrology::Conditions;

    #[test]
    fn one_step_between_targets_may_be_left_out_but_no_longer_one_than_the_standard_knows() {
        let (mm, deg) = (1_000_000_000i64, 3_600_000_000i64);
        // Unit; targets and what they span; the travel; what may be left out of it.
        for (dimension, unit, targets, span, travel, most) in [
            (Dimension::Length, mm, 11, 1000, 1050, 100),
            (Dimension::Length, mm, 5, 400, 500, 100),
            // Five targets over 480 mm, a step of 120 mm: no more than a fifth of the travel.
            (Dimension::Length, mm, 5, 480, 500, 100),
            (Dimension::Length, mm, 3, 500, 1000, 200),
            (Dimension::Length, mm, 1, 0, 500, 0),
            // Two metres ask for ten targets.
            (Dimension::Length, mm, 6, 1500, 2000, 200),
            (Dimension::Length, mm, 41, 2000, 2000, 50),
            (Dimension::Angle, deg, 8, 315, 360, 45),
            (Dimension::Angle, deg, 4, 270, 360, 45),
            (Dimension::Angle, deg, 13, 60, 360, 5),
            (Dimension::Angle, deg, 3, 60, 90, 30),
            (Dimension::Angle, deg, 5, 144, 180, 36),
        ] {
            let value = |count: i64| Value::from_count(count).expect("fits");
            let target = |n: i64| Target {
                position: value(span * unit * n / (targets - 1).max(1)),
                up: vec![0, 1],
                down: vec![0, 1],
            };
            let runs = AxisRuns {
                axis: "X".to_owned(),
                dimension,
                targets: (0..targets).map(target).collect(),
                remarks: Vec::new(),
                conditions: Conditions::default(),
            };
            let found = Coverage::of(&runs, 0, value(travel * unit)).ends_most;
            assert_eq!(found, value(most * unit), "{targets} over {span} of {travel}");
            assert_eq!(span_of(&runs), value(span * unit));
        }
    }

    #[test]
    fn the_largest_gap_between_targets_counts_and_not_their_mean_step() {
        // Targets in mm; the stretch looked at; whether they reach its ends, and leave no gap.
        for (targets, from, length, reaches, dense) in [
            // The standard asks for a step of 160 mm: twice that is the most.
            (&[0, 320, 640, 800][..], 0, 800, true, true),
            (&[0, 321, 640, 800], 0, 800, true, false),
            (&[0, 1, 800], 0, 800, true, false),
            (&[0, 800], 0, 800, true, false),
            (&[400], 0, 800, false, true),
            (&[], 0, 800, false, true),
            // At both ends together no more than a step, and no more than the largest gap.
            (&[80, 400, 720], 0, 800, true, true),
            (&[81, 400, 720], 0, 800, false, true),
            (&[50, 100, 150, 200, 250], 0, 300, false, true),
            (&[25, 75, 125, 175, 225, 275], 0, 300, true, true),
            // Of a segment of a longer axis: what lies outside does not count, but a gap that
            // reaches into it does.
            (
                &[0, 200, 400, 600, 800, 1000, 1200, 1400, 1600, 1800, 2000, 5000],
                0,
                2000,
                true,
                true,
            ),
            (
                &[0, 200, 400, 600, 800, 1000, 1200, 1400, 1600, 1800, 1999, 5000],
                0,
                2000,
                true,
                false,
            ),
            (&[0, 400, 800, 1200, 1600, 2000], 0, 2000, true, true),
            (&[0, 401, 800, 1200, 1600, 2000], 0, 2000, true, false),
            (&[0, 400, 800, 1200, 1600, 2000], -100, 2200, true, true),
            (&[0, 400, 800, 1200, 1600, 2000], -200, 2200, true, true),
            (&[0, 400, 800, 1200, 1600, 2000], -201, 2200, false, true),
        ] {
            let rows: Vec<_> =
                targets.iter().map(|mm| (*mm, &[0i64, 1][..], &[0i64, 1][..])).collect();
            let mm = |mm: i64| Value::from_count(mm * 1_000_000_000).expect("fits");
            let runs = crate::metrology::runs::axis_of(&rows);
            let found = Coverage::of(&runs, mm(from).count().into(), mm(length));
            assert_eq!(
                (found.reaches_ends(), found.is_dense()),
                (reaches, dense),
                "{targets:?} on {length} from {from}: {found:?}"
            );
        }
    }
}
