//! How much of an axis the targets of a test cover.
//!
//! The standard lets targets stop short of the ends of the travel, but says no figure. The
//! criterion here: what is left out, at both ends together, is not more than one step between
//! targets, so that no stretch at an end is longer than those between targets, which no test sees
//! either. Few targets gain nothing by that: a step counts only up to what the targets that the
//! standard asks for would leave between them.

use super::runs::AxisRuns;
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

/// The most of a travel that the targets of a test may leave out and still be a test of all of it,
/// both ends together.
pub fn left_out_most(runs: &AxisRuns, travel: Value) -> Value {
    let steps = i64::try_from(runs.targets.len()).unwrap_or(i64::MAX).saturating_sub(1);
    let asked = i64::try_from(targets_asked(runs.dimension, travel)).unwrap_or(i64::MAX);
    let own = span_of(runs).count().checked_div(steps).unwrap_or_default();
    let step = own.min(travel.count().checked_div(asked).unwrap_or_default());
    Value::saturating(step.into())
}

/// A step between targets in words, cut below a thousandth of the unit.
pub fn step_text(step: Value, unit: &Unit) -> String {
    let cut = (unit.size / 1000).max(1);
    Value::saturating(i128::from(step.count() - step.count().rem_euclid(cut))).text(unit)
}

/// How far the targets of a test may span more than the travel that is stated, and it still be
/// that travel: a hundredth of it. Stated travels are rounded, and axes run a little beyond them.
pub fn beyond_most(travel: Value) -> Value {
    Value::saturating(i128::from(travel.count() / 100))
}

/// The travel that a test is of: the stated one where the targets cover it, else what they span.
pub fn extent_of(runs: &AxisRuns) -> Value {
    let span = span_of(runs);
    let covered = |travel: &Value| {
        let (span, of) = (i128::from(span.count()), i128::from(travel.count()));
        let within = of + i128::from(beyond_most(*travel).count());
        (of - i128::from(left_out_most(runs, *travel).count())..=within).contains(&span)
    };
    runs.conditions.travel.filter(covered).unwrap_or(span)
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
    use crate::metrology::{Conditions, Target};

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
            let found = left_out_most(&runs, value(travel * unit));
            assert_eq!(found, value(most * unit), "{targets} over {span} of {travel}");
            assert_eq!(span_of(&runs), value(span * unit));
        }
    }
}
