//! What runs say about warmth: how the axis grows and shifts from run to run, and with temperature.

use super::runs::AxisRuns;

/// How an axis moves from run to run. Growth is deviation per position, shift is deviation at the
/// middle of the targets; both in counts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Thermal {
    /// How much the growth changes over the whole test, counts over counts.
    pub growth: f64,
    /// How much the shift changes over the whole test, in counts.
    pub shift: f64,
    /// The range of the temperatures, in kelvin.
    pub range_k: Option<f64>,
    /// The growth for each kelvin, where temperatures differ: counts over counts and kelvin.
    pub growth_per_k: Option<f64>,
    /// The shift for each kelvin.
    pub shift_per_k: Option<f64>,
}

/// Temperatures that differ by less than this, in kelvin, say nothing about expansion.
const RANGE_TOLD_K: f64 = 0.05;

/// How an axis moves from run to run; none of fewer than three runs or targets that have them all.
pub fn thermal(runs: &AxisRuns) -> Option<Thermal> {
    let count = runs.targets.iter().map(|target| target.up.len().max(target.down.len())).max()?;
    let whole = |target: &&super::Target| target.up.len() == count && target.down.len() == count;
    let targets: Vec<_> = runs.targets.iter().filter(whole).collect();
    if count < 3 || targets.len() < 3 {
        return None;
    }
    // Of each run: the slope of the deviations over the positions, and their mean.
    let of_run = |run: usize| {
        let point = |target: &&super::Target| {
            let (up, down) = (target.up.get(run)?, target.down.get(run)?);
            Some((target.position.count() as f64, f64::midpoint(*up as f64, *down as f64)))
        };
        let points: Vec<(f64, f64)> = targets.iter().filter_map(point).collect();
        line(&points)
    };
    let lines: Option<Vec<(f64, f64)>> = (0..count).map(of_run).collect();
    let lines = lines?;
    let over = |by: &dyn Fn(usize) -> f64, of: &dyn Fn(&(f64, f64)) -> f64| {
        let points: Vec<(f64, f64)> =
            lines.iter().enumerate().map(|(run, line)| (by(run), of(line))).collect();
        line(&points).map(|(slope, _)| slope)
    };
    let (growth, shift) = (|line: &(f64, f64)| line.0, |line: &(f64, f64)| line.1);
    let whole = (count - 1) as f64;
    let run = |run: usize| run as f64;
    let kelvin = &runs.conditions.temperatures_mk;
    let told = kelvin.len() == count;
    let range = kelvin.iter().max().zip(kelvin.iter().min());
    let range_k = range.map(|(high, low)| (high - low) as f64 / 1000.0).filter(|_| told);
    let first = kelvin.first().copied().unwrap_or_default();
    let at = |run: usize| kelvin.get(run).map_or(0.0, |mk| (mk - first) as f64 / 1000.0);
    let warm = range_k.is_some_and(|range| range >= RANGE_TOLD_K);
    Some(Thermal {
        growth: over(&run, &growth)? * whole,
        shift: over(&run, &shift)? * whole,
        range_k,
        growth_per_k: over(&at, &growth).filter(|_| warm),
        shift_per_k: over(&at, &shift).filter(|_| warm),
    })
}

/// The slope of a line by least squares, and the mean; none where all points stand at one place.
fn line(points: &[(f64, f64)]) -> Option<(f64, f64)> {
    let n = points.len() as f64;
    let (x, y) = points.iter().fold((0.0, 0.0), |(x, y), point| (x + point.0, y + point.1));
    let (x, y) = (x / n, y / n);
    let (cross, square) = points.iter().fold((0.0, 0.0), |(cross, square), (px, py)| {
        (cross + (px - x) * (py - y), square + (px - x).powi(2))
    });
    (square > 0.0).then(|| (cross / square, y))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrology::{Conditions, Target};
    use crate::quantity::{Dimension, Value};

    /// Deviations in picometres by position in metres and run.
    fn runs(temperatures_mk: &[i64], deviation: impl Fn(f64, usize) -> f64) -> AxisRuns {
        let target = |n: i64| {
            let side: Vec<i64> =
                (0..5).map(|run| deviation(n as f64 / 10.0, run).round() as i64).collect();
            let position = Value::from_count(n * 100_000_000_000).expect("fits");
            Target { position, up: side.clone(), down: side }
        };
        AxisRuns {
            axis: "X".to_owned(),
            dimension: Dimension::Length,
            targets: (0..6).map(target).collect(),
            remarks: Vec::new(),
            conditions: Conditions {
                temperatures_mk: temperatures_mk.to_vec(),
                ..Conditions::default()
            },
        }
    }

    #[test]
    fn expansion_by_temperature_is_found() {
        // 11.5 µm/(m K), and 2 µm/K at the middle beside it, over five runs that warm up by 0.8 K.
        let warm = [293_150, 293_350, 293_550, 293_750, 293_950];
        let kelvin = |run: usize| run as f64 * 0.2;
        let moved = |m: f64, run: usize| (11.5e6 * (m - 0.25) + 2e6) * kelvin(run);
        let found = thermal(&runs(&warm, moved)).expect("five runs");
        let close = |found: f64, wanted: f64| (found - wanted).abs() < 1e-3 * wanted.abs();
        assert!(close(found.growth * 1e6, 9.2) && close(found.shift, 1.6e6), "{found:?}");
        assert!(close(found.growth_per_k.expect("warm") * 1e6, 11.5), "{found:?}");
        assert!(close(found.shift_per_k.expect("warm"), 2e6), "{found:?}");
        assert!(close(found.range_k.expect("told"), 0.8), "{found:?}");
        let untold = thermal(&runs(&[], moved)).expect("five runs");
        assert_eq!((untold.range_k, untold.growth_per_k, untold.shift_per_k), (None, None, None));
        assert!(close(untold.growth * 1e6, 9.2));
        let even = thermal(&runs(&[293_150; 5], moved)).expect("five runs");
        assert_eq!((even.range_k, even.growth_per_k), (Some(0.0), None));
        // Temperatures of some runs only are not laid upon all.
        let some = thermal(&runs(&warm[..3], moved)).expect("five runs");
        assert_eq!((some.range_k, some.growth_per_k), (None, None));
    }

    #[test]
    fn few_runs_say_nothing() {
        let mut few = runs(&[], |_, _| 0.0);
        few.targets.iter_mut().for_each(|target| target.up.truncate(2));
        few.targets.iter_mut().for_each(|target| target.down.truncate(2));
        assert_eq!(thermal(&few), None);
    }
}
