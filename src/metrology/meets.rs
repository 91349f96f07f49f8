//! Whether figures meet a limit, decided over whole counts without any root.

use super::positioning::{Direction, is_long};
use super::runs::AxisRuns;
use crate::quantity::Value;

/// Whether UPR is at most a limit, decided exactly; `None` where the runs leave it open.
///
/// For one direction and every target, 16 Σ(x − x̄)² ≤ T² (n − 1), multiplied by n so that no
/// fraction is left. One direction that meets the limit is enough, whatever the other has.
pub fn upr_meets(runs: &AxisRuns, limit: Value) -> Option<bool> {
    if is_long(runs) { None } else { upr_meets_taken(runs, limit) }
}

/// The same of all targets, however long the axis is and whatever they span.
pub fn upr_meets_taken(runs: &AxisRuns, limit: Value) -> Option<bool> {
    let side = |direction| scatter_meets(runs, direction, limit);
    match (side(Direction::Up), side(Direction::Down)) {
        (Some(true), _) | (_, Some(true)) => Some(true),
        (Some(false), Some(false)) => Some(false),
        _ => None,
    }
}

/// Whether 4 s is at most a limit at every target from one side (R↑ or R↓ of ISO 230-2:2014),
/// decided exactly; `None` where the runs leave it open.
pub fn scatter_meets(runs: &AxisRuns, side: Direction, limit: Value) -> Option<bool> {
    let limit = i128::from(limit.count());
    let within = |readings: &[i64]| {
        let (n, _, squares) = moments(readings);
        let most = || limit.saturating_mul(limit).saturating_mul(n * (n - 1));
        (n > 1).then(|| limit >= 0 && squares.saturating_mul(16) <= most())
    };
    // A target whose scatter is not known leaves a direction open unless another misses the limit.
    let all = runs
        .targets
        .iter()
        .map(|target| within(if side == Direction::Up { &target.up } else { &target.down }));
    let any = !runs.targets.is_empty();
    all.fold(any.then_some(true), |met, next| match (met, next) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), Some(true)) => Some(true),
        _ => None,
    })
}

/// n, Σx, and n Σx² − (Σx)² of deviations in counts, exactly.
///
/// Deviations are taken from the first of them, so that the squares stay small.
pub(super) fn moments(readings: &[i64]) -> (i128, i128, i128) {
    let first = readings.first().copied().unwrap_or_default();
    let n = readings.len() as i128;
    let (mut sum, mut squares) = (0i128, 0i128);
    for reading in readings {
        let x = i128::from(*reading) - i128::from(first);
        sum += x;
        squares = squares.saturating_add(x * x);
    }
    (n, sum + i128::from(first) * n, n.saturating_mul(squares) - sum * sum)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrology::runs::axis_of as runs;

    #[test]
    fn a_limit_is_decided_by_what_is_known() {
        let limit = |count| Value::from_count(count).expect("fits");
        // s² = 9 where there are three readings 3 apart: R of that side is 12 counts.
        let (some, one, none): (&[i64], &[i64], &[i64]) = (&[0, 3, 6], &[5], &[]);
        let wide: &[i64] = &[0, 300, 600];
        for (up, down, at_12, at_11) in [
            ([some, some], [some, some], Some(true), Some(false)),
            ([some, some], [none, none], Some(true), None),
            ([none, none], [some, some], Some(true), None),
            ([some, some], [one, some], Some(true), Some(false)),
            ([some, one], [some, one], None, Some(false)),
            ([wide, one], [wide, none], Some(false), Some(false)),
            ([wide, some], [some, some], Some(true), Some(false)),
            ([one, one], [one, one], None, None),
        ] {
            let axis = runs(&[(0, up[0], down[0]), (20, up[1], down[1])]);
            let met = [12, 11].map(|count| upr_meets(&axis, limit(count)));
            assert_eq!(met, [at_12, at_11], "{up:?} {down:?}");
        }
        assert_eq!(upr_meets(&runs(&[]), limit(1)), None);
    }

    #[test]
    fn a_limit_on_upr_is_met_exactly() {
        // s² = 2 in both directions: UPR = 4 √2 = 5.65685… counts.
        let axis = runs(&[(0, &[0, 2], &[0, 2]), (5, &[1, 3], &[7, 9])]);
        let limit = |count| Value::from_count(count).expect("fits");
        assert_eq!(upr_meets(&axis, limit(5)), Some(false));
        assert_eq!(upr_meets(&axis, limit(6)), Some(true));
        // s² = 9/2 · 2 = 9: UPR = 12 counts, exactly at the limit.
        let axis = runs(&[(0, &[-3, 0, 3], &[-30, 0, 30])]);
        assert_eq!(upr_meets(&axis, limit(12)), Some(true));
        assert_eq!(upr_meets(&axis, limit(11)), Some(false));
    }
}
