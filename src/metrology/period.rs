//! What errors of a period, such as that of a screw, the targets of a test can show.
//!
//! A screw, a scale or a worm repeats its error; targets at whole multiples of its period see it
//! always at the same place, and it is as good as not there. Hence the random part that ISO 230-2
//! wants in each target position.

use nalgebra::{Matrix4, Vector4};

use super::runs::AxisRuns;
use crate::quantity::{Dimension, Unit, Value};

/// A period, and what the targets show of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Period {
    /// The period.
    pub period: Value,
    /// The part of the period, from nought to one, over which the targets spread.
    pub share: f64,
    /// The amplitude of the error of this period that fits the means best, in counts; none where
    /// the targets do not spread over half of it, or are fewer than six.
    pub amplitude: Option<f64>,
}

impl Period {
    /// The largest part of such an error that the targets can show, from nought to one.
    pub fn shown(&self) -> f64 {
        if self.share < 0.5 { (std::f64::consts::PI * self.share).sin() } else { 1.0 }
    }

    /// Whether the targets show next to nothing of it.
    pub fn is_hidden(&self) -> bool {
        self.share < HIDDEN
    }
}

/// Leads of ball screws in tenths of a millimetre (the nominal ones of ISO 3408-2 up to 40 mm,
/// remembered).
const LEADS_TENTH_MM: [i64; 15] =
    [10, 20, 25, 30, 40, 50, 60, 80, 100, 120, 160, 200, 250, 320, 400];
/// Pitches of worm wheels in degrees: a whole turn by 180, 120, 90, 72, 60, 45, 36.
const PITCHES_DEG: [i64; 7] = [2, 3, 4, 5, 6, 8, 10];
/// Targets that spread over less than this part of a period show next to nothing of it.
const HIDDEN: f64 = 0.05;
/// So many targets are needed to fit an error of a period.
const TARGETS_FITTED: usize = 6;

/// The usual periods of which the targets show next to nothing, shortest first.
pub fn hidden_periods(runs: &AxisRuns) -> Vec<Period> {
    let unit = |name: &str| Unit::named(runs.dimension, name).map_or(1, |unit| unit.size);
    let usual: Vec<i64> = match runs.dimension {
        Dimension::Angle => PITCHES_DEG.iter().map(|pitch| pitch * unit("deg")).collect(),
        _ => LEADS_TENTH_MM.iter().map(|lead| lead * (unit("mm") / 10)).collect(),
    };
    let period = |count: i64| period(runs, Value::from_count(count)?);
    usual.into_iter().filter_map(period).filter(Period::is_hidden).collect()
}

/// What the targets show of one period; none of fewer than three targets.
pub fn period(runs: &AxisRuns, period: Value) -> Option<Period> {
    let length = period.count();
    if length <= 0 || runs.targets.len() < 3 {
        return None;
    }
    let places = runs.targets.iter().map(|target| target.position.count().rem_euclid(length));
    let mut places: Vec<i64> = places.collect();
    places.sort_unstable();
    // All places lie outside of the widest gap between neighbours around the period.
    let around = places.first()? + length - places.last()?;
    let inside = places.iter().zip(places.iter().skip(1)).map(|(a, b)| b - a).max()?;
    let share = (length - around.max(inside)) as f64 / length as f64;
    let enough = share >= 0.5 && runs.targets.len() >= TARGETS_FITTED;
    let amplitude = if enough { amplitude(runs, length as f64) } else { None };
    Some(Period { period, share, amplitude })
}

/// The amplitude of one wave a period, fitted together with a straight line to the means of both
/// sides by least squares.
fn amplitude(runs: &AxisRuns, length: f64) -> Option<f64> {
    let mean = |readings: &[i64]| {
        let sum = readings.iter().map(|x| *x as f64).sum::<f64>();
        (!readings.is_empty()).then_some(sum / readings.len() as f64)
    };
    let (first, last) = (runs.targets.first()?.position, runs.targets.last()?.position);
    let travel = (last.count() - first.count()).max(1) as f64;
    let (mut normal, mut right) = (Matrix4::zeros(), Vector4::zeros());
    for target in &runs.targets {
        let both = f64::midpoint(mean(&target.up)?, mean(&target.down)?);
        let at = (target.position.count() - first.count()) as f64;
        let angle = std::f64::consts::TAU * (at / length).fract();
        let row = Vector4::new(1.0, at / travel - 0.5, angle.cos(), angle.sin());
        normal += row * row.transpose();
        right += row * both;
    }
    // Without a solution the targets do not tell the wave from the line.
    let found = normal.try_inverse()? * right;
    let amplitude = found.z.hypot(found.w);
    amplitude.is_finite().then_some(amplitude)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrology::{Conditions, Target};

    fn runs(positions_um: &[i64], deviation: impl Fn(f64) -> f64) -> AxisRuns {
        let target = |at: &i64| {
            let reading = deviation(*at as f64 / 1000.0).round() as i64;
            let position = Value::from_count(at * 1_000_000).expect("fits");
            Target { position, up: vec![reading + 500; 5], down: vec![reading - 500; 5] }
        };
        AxisRuns {
            axis: "X".to_owned(),
            dimension: Dimension::Length,
            targets: positions_um.iter().map(target).collect(),
            remarks: Vec::new(),
            conditions: Conditions::default(),
        }
    }

    #[test]
    fn targets_at_multiples_of_a_period_hide_it() {
        let every = |step: i64| (0..8).map(|n| n * step).collect::<Vec<i64>>();
        for (positions, hidden) in [
            (every(100_000), vec!["1", "2", "2.5", "4", "5", "10", "20", "25"]),
            (every(30_000), vec!["1", "2", "2.5", "3", "5", "6", "10"]),
            (every(12_345), vec![]),
            // A random part in each target shows every period.
            (vec![3_700, 104_900, 197_300, 306_100, 398_600, 502_200, 595_500, 701_300], vec![]),
        ] {
            let runs = runs(&positions, |_| 0.0);
            let mm = Unit::named(Dimension::Length, "mm").expect("a unit");
            let found: Vec<String> = hidden_periods(&runs)
                .iter()
                .map(|p| p.period.text(mm).replace(" mm", ""))
                .collect();
            assert_eq!(found, hidden, "{positions:?}");
        }
    }

    #[test]
    fn the_share_of_a_period_is_the_smallest_arc_that_holds_all_targets() {
        let of = |positions: &[i64]| {
            let ten = Value::from_count(10_000_000_000).expect("10 mm");
            period(&runs(positions, |_| 0.0), ten).map(|period| period.share)
        };
        assert_eq!(of(&[0, 10_000]), None);
        assert_eq!(of(&[0, 10_000, 20_000]), Some(0.0));
        assert_eq!(of(&[9_500, 20_000, 30_500]), Some(0.1));
        assert_eq!(of(&[0, 15_000, 20_000]), Some(0.5));
        assert_eq!(of(&[0, 12_500, 25_000, 37_500]), Some(0.75));
        let shown = Period { period: Value::ZERO, share: 0.1, amplitude: None };
        assert!((shown.shown() - 0.309_017).abs() < 1e-6 && !shown.is_hidden());
    }

    #[test]
    fn a_wave_is_found_with_its_amplitude() {
        let positions = [3_700, 104_900, 197_300, 306_100, 398_600, 502_200, 595_500, 701_300];
        let wave =
            |x: f64| 2e6 * (std::f64::consts::TAU * x / 10.0 + 0.4).cos() + 3_000.0 * x + 70_000.0;
        let ten = Value::from_count(10_000_000_000).expect("10 mm");
        let found = period(&runs(&positions, wave), ten).expect("targets");
        assert!((found.amplitude.expect("spread") - 2e6).abs() < 10.0, "{found:?}");
    }
}
