//! The accuracy of a turn of a rotary axis that was tested over more than one.
//!
//! ISO 230-2 evaluates no more than 360° as a whole and leaves to agreement which (2014, 6.2). So
//! the accuracy lies between that of the best turn within what was tested and that of all targets,
//! which no turn exceeds.

use std::collections::VecDeque;

use super::coverage::{Coverage, span_of};
use super::positioning::{AtTarget, Positioning};
use super::runs::AxisRuns;
use crate::quantity::Value;

/// Between what the accuracy A (k = 2) of a turn lies, in counts, wherever in the test it begins;
/// none where some target has no scatter. The upper end is none where neighbours lie further apart
/// than two of the steps that the standard asks for in a turn.
pub fn accuracy_of_turn(runs: &AxisRuns, turn: Value) -> Option<(f64, Option<f64>)> {
    let all = Positioning::taken(runs, false);
    let most = all.two.accuracy.ok()?.value;
    let bands: Option<Vec<(i64, f64, f64)>> = all.targets.iter().map(band).collect();
    let least = least_spread(&bands?, turn.count())?;
    let first = runs.targets.first().map_or(0, |first| i128::from(first.position.count()));
    let gap = Coverage::of(runs, first, span_of(runs)).gap;
    let dense = gap <= Coverage::of(runs, first, turn).gap_most;
    Some((least, Some(most).filter(|_| dense)))
}

/// A target, and the ends of its band of both sides: from k·s below a mean to k·s above one.
fn band(target: &AtTarget) -> Option<(i64, f64, f64)> {
    let ([up, down], [s_up, s_down]) = (target.mean, target.s);
    let (up, down) = ((up?, 2.0 * s_up?), (down?, 2.0 * s_down?));
    let low = (up.0 - up.1).min(down.0 - down.1);
    let high = (up.0 + up.1).max(down.0 + down.1);
    Some((target.position.count(), low, high))
}

/// The smallest spread of bands within a stretch of a length that begins and ends within them.
///
/// A stretch holds fewest bands where it begins just behind one or ends just before one.
fn least_spread(bands: &[(i64, f64, f64)], length: i64) -> Option<f64> {
    let (first, last) = (bands.first()?.0, bands.last()?.0.checked_sub(length)?);
    let starts = bands.iter().flat_map(|(at, ..)| [*at, at - length]);
    let mut starts: Vec<i64> = starts.filter(|at| (first..=last).contains(at)).collect();
    starts.sort_unstable();
    starts.dedup();
    // Of what is within, the lower ends that a later one does not undercut, and so the upper ones.
    let (mut low, mut high): (VecDeque<usize>, VecDeque<usize>) = Default::default();
    let (mut next, mut least) = (0, None::<f64>);
    let at = |index: &usize| bands.get(*index).copied().unwrap_or_default();
    for pair in starts.windows(2) {
        let &[after, before] = pair else { continue };
        // Between two starts the same bands are within: all beyond the first, and up to the length
        // behind it.
        while let Some((_, l, h)) = bands.get(next).filter(|(at, ..)| *at < before + length) {
            while low.back().is_some_and(|index| at(index).1 >= *l) {
                low.pop_back();
            }
            while high.back().is_some_and(|index| at(index).2 <= *h) {
                high.pop_back();
            }
            low.push_back(next);
            high.push_back(next);
            next += 1;
        }
        for queue in [&mut low, &mut high] {
            while queue.front().is_some_and(|index| at(index).0 <= after) {
                queue.pop_front();
            }
        }
        let spread = match (low.front(), high.front()) {
            (Some(low), Some(high)) => at(high).2 - at(low).1,
            _ => 0.0,
        };
        least = Some(least.map_or(spread, |known| known.min(spread)));
    }
    least
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrology::runs::axis_of;

    /// The same by looking at every turn that begins in the middle between two places.
    fn naive(bands: &[(i64, f64, f64)], length: i64) -> Option<f64> {
        let mut starts: Vec<i64> =
            bands.iter().flat_map(|b| [2 * b.0, 2 * (b.0 - length)]).collect();
        starts.sort_unstable();
        starts.dedup();
        let (first, last) = (2 * bands[0].0, 2 * (bands[bands.len() - 1].0 - length));
        let middles = starts.windows(2).map(|pair| (pair[0] + pair[1]) / 2);
        let spread = |start: i64| {
            let within = |b: &&(i64, f64, f64)| (start..=start + 2 * length).contains(&(2 * b.0));
            let low = bands.iter().filter(within).map(|b| b.1).fold(f64::INFINITY, f64::min);
            let high = bands.iter().filter(within).map(|b| b.2).fold(f64::NEG_INFINITY, f64::max);
            (high - low).max(0.0)
        };
        middles.filter(|at| (first..=last).contains(at)).map(spread).reduce(f64::min)
    }

    #[test]
    fn the_best_turn_is_found_wherever_it_begins() {
        let mut state = 7u64;
        let mut next = |below: u64| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % below
        };
        for _ in 0..2000 {
            let count = 2 + next(12) as usize;
            let mut at = 0;
            let bands: Vec<(i64, f64, f64)> = (0..count)
                .map(|_| {
                    at += 1 + next(9) as i64;
                    let low = next(50) as f64;
                    (at, low, low + next(20) as f64)
                })
                .collect();
            let length = 2 + next(40) as i64;
            let found = least_spread(&bands, length);
            assert_eq!(found, naive(&bands, length), "{bands:?} {length}");
        }
    }

    #[test]
    fn a_turn_lies_between_the_best_one_and_all() {
        // Places in degrees taken as millimetres: a turn of 360 of them.
        let turn = Value::from_count(360_000_000_000).expect("fits");
        let wide: &[i64] = &[0, 40];
        let narrow: &[i64] = &[0, 4];
        // Two readings d apart have 4 s = 2 √2 d.
        let spread = |d: f64| 2.0 * 2.0f64.sqrt() * d;
        for (worst, least, most) in [
            // Within every turn of 0 to 450 in steps of 45.
            (180, spread(40.0), spread(40.0)),
            (90, spread(40.0), spread(40.0)),
            (360, spread(40.0), spread(40.0)),
            // Not in one that begins behind it, or ends before it.
            (0, spread(4.0), spread(40.0)),
            (45, spread(4.0), spread(40.0)),
            (405, spread(4.0), spread(40.0)),
            (450, spread(4.0), spread(40.0)),
        ] {
            let rows: Vec<_> = (0..=10)
                .map(|n| {
                    let readings = if 45 * n == worst { wide } else { narrow };
                    (45 * n, readings, readings)
                })
                .collect();
            let mut runs = axis_of(&rows);
            for target in &mut runs.targets {
                // Means at nought, so that bands differ in their width only.
                for side in [&mut target.up, &mut target.down] {
                    let middle = side[1] / 2;
                    side.iter_mut().for_each(|reading| *reading -= middle);
                }
            }
            let (found, all) = accuracy_of_turn(&runs, turn).expect("every target has a scatter");
            let near = |a: f64, b: f64| (a - b).abs() < 1e-9;
            assert!(
                near(found, least) && all.is_some_and(|all| near(all, most)),
                "{worst}: {found}"
            );
        }
    }
}
