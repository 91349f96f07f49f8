//! Spindles: run-out and camming as the lists mean them, and error motion kept apart from them.
//!
//! Run-out and camming are what an indicator reads over one turn (TIR; ISO 230-1, 5.61 and 5.63),
//! centring and form of the surface included. Error motion (ISO 230-7) is motion of the axis of
//! rotation itself; neither bounds the other in general.

use super::turns::{Sensitive, Turns};
use crate::quantity::counted;

/// Across or along the axis of rotation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Motion {
    /// Across it: run-out; once a turn is off-centring and not error motion.
    Radial,
    /// Along it: camming; once a turn is error motion.
    Axial,
}

/// What the turns of a spindle say, in counts of the smallest unit of length.
#[derive(Debug, Clone, PartialEq)]
pub struct Spindle {
    /// What was probed.
    pub motion: Motion,
    /// How.
    pub sensitive: Sensitive,
    /// How many turns.
    pub turns: usize,
    /// How many steps a turn.
    pub steps: usize,
    /// The indicator reading of each turn.
    pub tir: Vec<f64>,
    /// The largest of them with its turn, counted from nought.
    pub tir_max: (f64, usize),
    /// Their mean.
    pub tir_mean: f64,
    /// Over all turns together.
    pub tir_all: f64,
    /// The least-squares circle: mean radius, and the cosine and sine of the centre.
    pub centre: [f64; 3],
    /// How far off the centre the circle is.
    pub fundamental: f64,
    /// The mean over the turns at each step, without the circle's mean; radial without the
    /// off-centring.
    pub mean: Vec<f64>,
    /// The band of the turns around it at each step: the lowest and the highest.
    pub band: Vec<(f64, f64)>,
    /// Synchronous error motion: the spread of the mean; none of one turn, of which nothing says
    /// what repeats.
    pub synchronous: Option<f64>,
    /// Synchronous, once a turn left in: what is error motion along the axis only.
    pub synchronous_kept: Option<f64>,
    /// Asynchronous error motion: the widest band, with its step; none of one turn.
    pub asynchronous: Option<(f64, usize)>,
    /// Total error motion: the spread of all readings.
    pub total: f64,
    /// The same, once a turn left in.
    pub total_kept: f64,
}

impl Spindle {
    /// That an indicator may show more between the steps at which a turn was read, in words.
    pub fn between_steps(&self) -> String {
        format!(
            "a turn was read at {}: what an indicator shows between them is not in its TIR",
            counted(self.steps, "step")
        )
    }

    /// What the turns say.
    pub fn of(turns: &Turns, motion: Motion) -> Self {
        let count = turns.readings.len();
        let steps = turns.readings.first().map_or(0, Vec::len);
        let tir: Vec<f64> =
            turns.readings.iter().map(|turn| spread(turn.iter().copied())).collect();
        let largest = |best: (f64, usize), (at, value): (usize, &f64)| {
            if *value > best.0 { (*value, at) } else { best }
        };
        let mean_at = |at: usize| {
            let sum: f64 = turns.readings.iter().filter_map(|turn| turn.get(at)).sum();
            sum / count as f64
        };
        let synchronous: Vec<f64> = (0..steps).map(mean_at).collect();
        let centre = circle(&synchronous);
        let angle = |at: usize| std::f64::consts::TAU * at as f64 / steps as f64;
        let [mean, cosine, sine] = centre;
        let once = |at: usize| cosine * angle(at).cos() + sine * angle(at).sin();
        // Along the axis the motion once a turn stays.
        let fit = |at: usize| if motion == Motion::Radial { mean + once(at) } else { mean };
        let band_at = |at: usize| {
            let values = turns.readings.iter().filter_map(|turn| turn.get(at)).copied();
            let (low, high) = ends(values);
            (low - fit(at), high - fit(at))
        };
        let removed = |at: usize, value: &f64| value - mean - once(at);
        let all = |f: &dyn Fn(usize, &f64) -> f64| {
            let turns = turns.readings.iter();
            spread(turns.flat_map(|turn| turn.iter().enumerate().map(|(at, v)| f(at, v))))
        };
        let band: Vec<(f64, f64)> = (0..steps).map(band_at).collect();
        let widths: Vec<f64> = band.iter().map(|(low, high)| high - low).collect();
        let without = spread(synchronous.iter().enumerate().map(|(at, v)| removed(at, v)));
        let kept = spread(synchronous.iter().copied());
        let (total, total_kept) = (all(&removed), all(&|_, value| *value));
        let (radial, repeats) = (motion == Motion::Radial, count > 1);
        Self {
            motion,
            sensitive: turns.sensitive,
            turns: count,
            steps,
            tir_max: tir.iter().enumerate().fold((0.0, 0), largest),
            tir_mean: tir.iter().sum::<f64>() / count as f64,
            tir,
            tir_all: total_kept,
            centre,
            fundamental: cosine.hypot(sine),
            mean: synchronous.iter().enumerate().map(|(at, v)| v - fit(at)).collect(),
            asynchronous: repeats.then(|| widths.iter().enumerate().fold((0.0, 0), largest)),
            band,
            synchronous: repeats.then_some(if radial { without } else { kept }),
            synchronous_kept: repeats.then_some(kept),
            total: if radial { total } else { total_kept },
            total_kept,
        }
    }
}

/// The least-squares fit of a constant and one wave a turn over equal steps; the same over the mean
/// of whole turns as over all readings.
fn circle(values: &[f64]) -> [f64; 3] {
    let count = values.len() as f64;
    let angle = |at: usize| std::f64::consts::TAU * at as f64 / count;
    let sum = |f: &dyn Fn(usize) -> f64| -> f64 {
        values.iter().enumerate().map(|(at, value)| value * f(at)).sum()
    };
    let mean = sum(&|_| 1.0) / count;
    [mean, 2.0 / count * sum(&|at| angle(at).cos()), 2.0 / count * sum(&|at| angle(at).sin())]
}

fn ends(values: impl Iterator<Item = f64>) -> (f64, f64) {
    values.fold((f64::MAX, f64::MIN), |(low, high), value| (low.min(value), high.max(value)))
}

fn spread(values: impl Iterator<Item = f64>) -> f64 {
    let (low, high) = ends(values);
    high - low
}
