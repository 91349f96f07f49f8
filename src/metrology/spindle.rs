//! Spindles: run-out and camming as the lists mean them, and error motion kept apart from them.
//!
//! Run-out and camming are what an indicator reads over one turn (TIR; ISO 230-1, 5.61 and 5.63),
//! centring and form of the surface included. Error motion (ISO 230-7) is motion of the axis of
//! rotation itself; neither bounds the other in general.

use super::parts::Parts;
use super::turns::{Sensitive, Turns};
use crate::quantity::{Value, counted};

/// With fewer steps a turn than this, one each 15°, what an indicator reads over a turn is bounded
/// from below only.
///
/// A wave of n periods a turn that is read at N equal steps loses up to 1 - cos(n π / N) of its
/// spread, and all of it where it is nought at every step (n = N / 2). At 24 steps off-centring
/// loses less than a hundredth at the worst phase, and an oval less than a twentieth. This is a
/// rule of this program; no standard says one.
pub const STEPS_FEW: usize = 24;

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
    /// What the turns of best and worst indicator reading hold; else why there is no such reading.
    ///
    /// Turns of few steps are bounded from below only; one that reads the same at every step says
    /// nothing.
    pub fn parts(&self) -> Result<Parts, String> {
        if self.sensitive == Sensitive::Rotating {
            return Err("two probes turned with the spindle are no indicator".to_owned());
        }
        let read: Vec<f64> = self.tir.iter().copied().filter(|tir| *tir > 0.0).collect();
        if read.is_empty() {
            return Err("every step of every turn reads the same, and no run-out or camming is \
                        exactly nought: was the probe connected, and does it resolve enough?"
                .to_owned());
        }
        let count = |value: f64| Value::saturating(value.round() as i128);
        let (low, high) = ends(read.iter().copied());
        let (low, high) = (count(low), count(high));
        let enough = self.steps >= STEPS_FEW;
        let every = read.len() == self.tir.len();
        Ok(Parts {
            best: (if every { low } else { Value::ZERO }, Some(low).filter(|_| enough)),
            worst: (high, Some(high).filter(|_| enough && every)),
        })
    }

    /// What bounds the indicator readings of the turns on one side only, or what they leave out.
    pub fn notes(&self) -> Vec<String> {
        let steps = counted(self.steps, "step");
        let between = if self.steps < STEPS_FEW {
            format!(
                "a turn was read at {steps}, fewer than {STEPS_FEW} (a rule of this program): its \
                 TIR is at least what they show, and nothing bounds it from above"
            )
        } else {
            format!(
                "a turn was read at {steps}: what an indicator shows between them is not in its TIR"
            )
        };
        let still = self.tir.iter().filter(|tir| **tir <= 0.0).count();
        let still = (still > 0 && still < self.tir.len()).then(|| {
            format!(
                "{still} of {} read the same at every step, as no turn does: nothing is known of \
                 their TIR",
                counted(self.turns, "turn")
            )
        });
        [Some(between), still].into_iter().flatten().collect()
    }

    /// Whether nothing but rounding is left of the motion once the circle is taken off: less than a
    /// count.
    pub fn is_circle(&self) -> bool {
        let band = self.band.iter().flat_map(|(low, high)| [low, high]);
        band.chain(&self.mean).all(|value| value.abs() < 1.0)
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
