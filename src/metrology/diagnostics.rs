//! What readings say about the test itself: never the legal figure, never a correction.

use super::positioning::Direction;
use super::runs::AxisRuns;

/// A reading far from the others of its target and side.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Outlier {
    /// The target, counted from nought.
    pub target: usize,
    /// The side.
    pub direction: Direction,
    /// Which of the readings at that target and side, counted from nought; its run's number is
    /// [`AxisRuns::run_number`].
    pub run: usize,
    /// How far it is from the mean, in units of the axis's pooled scatter.
    pub distance: f64,
}

/// What is odd about the readings of one axis.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Diagnostics {
    /// The mean drift from run to run, as a part of the scatter at each target and side.
    pub drift: Option<f64>,
    /// What UPR would be without a linear drift at each target and side, in counts.
    pub upr_without_drift: Option<f64>,
    /// Readings more than three pooled scatters from their mean. UPR hides them where they are
    /// all on one side.
    pub outliers: Vec<Outlier>,
    /// The step of the readings in counts: all differ by whole multiples of it. None where all are
    /// equal.
    pub step: Option<i64>,
    /// The scatter of all targets and sides pooled, in counts.
    pub pooled: f64,
    /// Targets and sides with several runs and no scatter at all.
    pub silent: Vec<(usize, Direction)>,
    /// The slope of the mean deviations over the positions, counts over counts: expansion or the
    /// scale.
    pub slope: Option<f64>,
}

/// Readings farther out than this many pooled scatters are named.
const FAR: f64 = 3.0;

/// Looks at the readings of one axis.
pub fn diagnose(runs: &AxisRuns) -> Diagnostics {
    let sides = |side: Direction| {
        runs.targets.iter().enumerate().map(move |(at, target)| {
            let readings = if side == Direction::Up { &target.up } else { &target.down };
            (at, side, readings.iter().map(|x| *x as f64).collect::<Vec<f64>>())
        })
    };
    let all: Vec<(usize, Direction, Vec<f64>)> =
        sides(Direction::Up).chain(sides(Direction::Down)).collect();
    let lines: Vec<Line> = all.iter().filter_map(|(.., readings)| Line::of(readings)).collect();
    let drifts: Vec<f64> = lines.iter().filter(|l| l.s > 0.0).map(|l| l.slope / l.s).collect();
    let drift =
        (!drifts.is_empty()).then(|| (drifts.iter().sum::<f64>() / drifts.len() as f64).abs());
    let worst = |side: Direction| {
        let of_side = all.iter().filter(|(_, own, _)| *own == side);
        let rests: Option<Vec<f64>> =
            of_side.map(|(.., readings)| Line::of(readings).map(|line| line.rest)).collect();
        rests.map(|rests| 4.0 * rests.into_iter().fold(0.0, f64::max))
    };
    let pooled = {
        let several = all.iter().map(|(.., readings)| readings).filter(|own| own.len() > 1);
        let (squares, freedom) = several.fold((0.0, 0), |(squares, freedom), own| {
            let mean = own.iter().sum::<f64>() / own.len() as f64;
            let of_side = own.iter().map(|reading| (reading - mean).powi(2)).sum::<f64>();
            (squares + of_side, freedom + own.len() - 1)
        });
        (squares / freedom.max(1) as f64).sqrt()
    };
    let mut outliers = Vec::new();
    for (target, direction, readings) in &all {
        let mean = readings.iter().sum::<f64>() / readings.len().max(1) as f64;
        for (run, reading) in readings.iter().enumerate() {
            let distance = (reading - mean).abs() / pooled;
            if distance > FAR {
                outliers.push(Outlier { target: *target, direction: *direction, run, distance });
            }
        }
    }
    let silent = |(target, direction, readings): &(usize, Direction, Vec<f64>)| {
        let same = readings.iter().all(|reading| Some(reading) == readings.first());
        (readings.len() > 1 && same).then_some((*target, *direction))
    };
    Diagnostics {
        step: step(runs),
        pooled,
        silent: all.iter().filter_map(silent).collect(),
        drift,
        upr_without_drift: worst(Direction::Up).zip(worst(Direction::Down)).map(|(a, b)| a.min(b)),
        outliers,
        slope: slope(runs),
    }
}

/// The largest step of which all differences between readings are multiples.
fn step(runs: &AxisRuns) -> Option<i64> {
    let mut readings = runs.targets.iter().flat_map(|target| target.up.iter().chain(&target.down));
    let first = readings.next()?;
    let step = readings.fold(0u64, |step, reading| divisor(step, reading.abs_diff(*first)));
    i64::try_from(step).ok().filter(|step| *step > 0)
}

fn divisor(a: u64, b: u64) -> u64 {
    let (mut a, mut b) = (a, b);
    while b > 0 {
        (a, b) = (b, a % b);
    }
    a
}

/// A straight line through the readings of one target and side over their runs.
struct Line {
    slope: f64,
    /// The scatter of the readings.
    s: f64,
    /// The scatter about the line, divided as `s` is: it compares with that, and is never larger.
    rest: f64,
}

impl Line {
    /// `None` of fewer than three runs.
    fn of(readings: &[f64]) -> Option<Self> {
        let n = readings.len() as f64;
        if n < 3.0 {
            return None;
        }
        let mean = readings.iter().sum::<f64>() / n;
        let middle = (n - 1.0) / 2.0;
        let (mut cross, mut runs, mut squares) = (0.0, 0.0, 0.0);
        for (at, reading) in readings.iter().enumerate() {
            let (t, x) = (at as f64 - middle, reading - mean);
            cross += t * x;
            runs += t * t;
            squares += x * x;
        }
        let rest = (squares - cross * cross / runs).max(0.0);
        let (s, rest) = ((squares / (n - 1.0)).sqrt(), (rest / (n - 1.0)).sqrt());
        Some(Self { slope: cross / runs, s, rest })
    }
}

/// The slope of the mean deviations of both sides over the positions, by least squares.
fn slope(runs: &AxisRuns) -> Option<f64> {
    let mean = |readings: &[i64]| {
        (!readings.is_empty())
            .then(|| readings.iter().map(|x| *x as f64).sum::<f64>() / readings.len() as f64)
    };
    let points: Vec<(f64, f64)> = runs
        .targets
        .iter()
        .filter_map(|t| {
            Some((t.position.count() as f64, f64::midpoint(mean(&t.up)?, mean(&t.down)?)))
        })
        .collect();
    let n = points.len() as f64;
    let (x, y) = points.iter().fold((0.0, 0.0), |(x, y), point| (x + point.0, y + point.1));
    let (x, y) = (x / n, y / n);
    let (cross, square) = points.iter().fold((0.0, 0.0), |(cross, square), (px, py)| {
        (cross + (px - x) * (py - y), square + (px - x).powi(2))
    });
    (points.len() > 2 && square > 0.0).then(|| cross / square)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrology::{Conditions, Positioning, Target};
    use crate::quantity::{Dimension, Value};

    fn runs(readings: impl Fn(i64, bool, i64) -> i64) -> AxisRuns {
        let side = |at: i64, up: bool| (0..5).map(|run| readings(at, up, run)).collect();
        let target = |at: i64| Target {
            position: Value::from_count(at * 1_000_000_000).expect("fits"),
            up: side(at, true),
            down: side(at, false),
        };
        AxisRuns {
            axis: "X".to_owned(),
            dimension: Dimension::Length,
            targets: (0..6).map(|n| target(100 * n)).collect(),
            remarks: Vec::new(),
            conditions: Conditions::default(),
        }
    }

    #[test]
    fn a_pure_drift_is_all_drift() {
        let found = diagnose(&runs(|_, _, run| 1000 * run));
        // The slope is 1000 a run and s is 1581.
        assert!((found.drift.expect("runs") - 0.632).abs() < 1e-3, "{found:?}");
        assert!(found.upr_without_drift.expect("runs") < 1e-6);
        let upr = Positioning::of(&runs(|_, _, run| 1000 * run)).upr.expect("runs").value;
        assert!((upr - 4.0 * 1_581.138_83).abs() < 1e-3);
    }

    #[test]
    fn without_a_drift_upr_is_never_larger_and_two_runs_have_a_scatter() {
        // No drift at all: nothing changes. A small one: UPR falls.
        for (readings, same) in [([10, -10, 0, -10, 10], true), ([10, -10, 0, -9, 10], false)] {
            let runs = runs(|_, _, run| readings[run as usize]);
            let upr = Positioning::of(&runs).upr.expect("runs").value;
            let without = diagnose(&runs).upr_without_drift.expect("runs");
            assert_eq!((upr - without).abs() < 1e-9, same, "{upr} {without}");
            assert!(without < upr + 1e-9, "{upr} {without}");
        }
        let mut two = runs(|_, _, run| 200 * run);
        for target in &mut two.targets {
            target.up.truncate(2);
            target.down.truncate(2);
        }
        assert!((diagnose(&two).pooled - 200.0 / 2f64.sqrt()).abs() < 1e-9);
        // Each side counts by its runs: of five and of two, four degrees of freedom and one.
        two.targets.truncate(1);
        two.targets[0].down = vec![0, 10, 20, 30, 40];
        assert!((diagnose(&two).pooled - (21_000f64 / 5.0).sqrt()).abs() < 1e-9);
        two.targets[0].up.truncate(1);
        two.targets[0].down.truncate(1);
        assert!(diagnose(&two).pooled.is_sign_positive() && diagnose(&two).pooled == 0.0);
    }

    #[test]
    fn an_outlier_on_one_side_is_named_and_hidden_by_upr() {
        let noise = |at: i64, run: i64| [0, 100, -100, 50, -50][((at / 100 + run) % 5) as usize];
        let readings = move |at: i64, up: bool, run: i64| {
            if up && at == 300 && run == 2 { 5000 } else { noise(at, run) }
        };
        let found = diagnose(&runs(readings));
        let named: Vec<_> = found.outliers.iter().map(|o| (o.target, o.direction, o.run)).collect();
        assert_eq!(named, [(3, Direction::Up, 2)]);
        let figures = Positioning::of(&runs(readings));
        let [up, down] = figures.two.repeatability_one_way.map(|r| r.expect("runs").value);
        assert!(up > 10.0 * down && figures.upr.expect("runs").value == down);
    }

    #[test]
    fn coarse_readings_and_silent_targets_are_found() {
        // Readings by steps of 400 counts; target 2 shows no scatter ↓.
        let found =
            diagnose(&runs(
                |at, up, run| {
                    if at == 200 && !up { 800 } else { 400 * ((run + at / 100) % 3) }
                },
            ));
        assert_eq!((found.step, found.silent), (Some(400), vec![(2, Direction::Down)]));
        assert!(found.pooled > 0.0);
        let fine = diagnose(&runs(|at, _, run| 7 * at * run + 3 * run));
        assert_eq!((fine.step, fine.silent.len()), (Some(1), 0));
        let dead = diagnose(&runs(|_, _, _| 5));
        assert_eq!((dead.step, dead.silent.len()), (None, 12));
        // Offsets of the targets are no step of the readings.
        assert_eq!(diagnose(&runs(|_, _, run| 17 + 10 * run)).step, Some(10));
    }

    #[test]
    fn the_slope_of_the_means_is_found() {
        let found = diagnose(&runs(|at, _, run| at * 2000 + run));
        assert!((found.slope.expect("targets") - 2e-6).abs() < 1e-12, "{found:?}");
    }
}
