//! Turns raw positioning runs into the figures of ISO 230-2 and VDI/DGQ 3441.
//!
//! Sums and squares are taken over whole counts (picometres, micro-arc-seconds), so a standard
//! deviation is exact up to its one square root, and whether it meets a limit is decided without
//! any root. What cannot be computed says why; nothing is filled in.

use super::coverage::travel_of;
use super::meets::moments;
use super::runs::{AxisRuns, Target};
use crate::quantity::{Dimension, Unit, Value};

/// From which side a target was approached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Direction {
    /// In the positive direction (↑).
    Up,
    /// In the negative direction (↓).
    Down,
}

impl Direction {
    /// The arrow of the standard.
    pub fn arrow(self) -> &'static str {
        match self {
            Self::Up => "↑",
            Self::Down => "↓",
        }
    }
}

/// Where an extreme value occurs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct At {
    /// The target, counted from nought in the order of positions.
    pub target: usize,
    /// The direction, where it is of one.
    pub direction: Option<Direction>,
}

/// A computed figure, in counts, and where it is reached.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Computed {
    /// The figure in counts of the dimension's smallest unit.
    pub value: f64,
    /// Where a maximum occurs; of a spread, its upper end.
    pub at: Option<At>,
    /// Of a spread, where its lower end occurs.
    pub from: Option<At>,
}

/// Why a figure is not computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// Some target was approached only once from this side: there is no deviation to estimate.
    OneRun(Direction),
    /// Some target was not approached from this side.
    NoRuns(Direction),
    /// There is no target.
    NoTargets,
    /// The axis is longer than 2 m or 360°: the standard evaluates no scatter of the whole.
    LongAxis,
    /// The targets do not surely cover the segment that it would be of.
    Uncovered,
}

impl Reason {
    /// The reason in words.
    pub fn text(self) -> String {
        match self {
            Self::OneRun(direction) => {
                format!("one run {} at some target: no scatter can be estimated", direction.arrow())
            }
            Self::NoRuns(direction) => format!("no run {} at some target", direction.arrow()),
            Self::NoTargets => "no target".to_owned(),
            Self::Uncovered => {
                "which targets lie in it, or whether they cover it, is not certain".to_owned()
            }
            Self::LongAxis => {
                "an axis of more than 2 m or 360°: scatter is evaluated in segments only".to_owned()
            }
        }
    }
}

/// A figure, or why there is none.
pub type Figured = Result<Computed, Reason>;

/// What the runs at one target come to, from each side.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AtTarget {
    /// The commanded position.
    pub position: Value,
    /// How many runs, ↑ and ↓.
    pub runs: [usize; 2],
    /// The mean deviation x̄ᵢ, ↑ and ↓, in counts.
    pub mean: [Option<f64>; 2],
    /// The estimator sᵢ, ↑ and ↓, in counts.
    pub s: [Option<f64>; 2],
}

impl AtTarget {
    /// The reversal Bᵢ = x̄ᵢ↑ − x̄ᵢ↓ (sign of ISO 230-2), in counts.
    pub fn reversal(&self) -> Option<f64> {
        let [up, down] = self.mean;
        Some(up? - down?)
    }

    /// The ends of the band whose width is Rᵢ, in counts: from k·s below one mean to k·s above one,
    /// of both sides or of the wider one.
    pub fn repeatability_ends(&self, k: f64) -> Option<(f64, f64)> {
        let ([up, down], [s_up, s_down]) = (self.mean, self.s);
        let (up, down) = ((up?, k * s_up?), (down?, k * s_down?));
        let (lower, upper) = if up.0 < down.0 { (up, down) } else { (down, up) };
        let ends = [(lower, upper), (up, up), (down, down)].map(|(a, b)| (a.0 - a.1, b.0 + b.1));
        ends.into_iter().max_by(|a, b| (a.1 - a.0).total_cmp(&(b.1 - b.0)))
    }

    /// The mean of both sides, in counts.
    pub fn both(&self) -> Option<f64> {
        let [up, down] = self.mean;
        Some((up? + down?) / 2.0)
    }
}

/// The figures that depend on the coverage factor: 2 in the editions of 1997, 2006 and 2014 of
/// ISO 230-2, 3 in that of 1988.
#[derive(Debug, Clone, PartialEq)]
pub struct Scatter {
    /// The coverage factor k.
    pub k: u8,
    /// R↑ and R↓.
    pub repeatability_one_way: [Figured; 2],
    /// Rᵢ at each target, in counts.
    pub repeatability_at: Vec<Option<f64>>,
    /// R.
    pub repeatability: Figured,
    /// A↑ and A↓.
    pub accuracy_one_way: [Figured; 2],
    /// A.
    pub accuracy: Figured,
}

/// The figures of VDI/DGQ 3441.
#[derive(Debug, Clone, PartialEq)]
pub struct Vdi {
    /// The largest and the mean reversal U.
    pub reversal: [Figured; 2],
    /// The largest and the mean positional scatter Ps.
    pub scatter: [Figured; 2],
    /// The position deviation Pa.
    pub deviation: Figured,
    /// The position uncertainty P.
    pub uncertainty: Figured,
}

/// What the runs of one axis come to.
#[derive(Debug, Clone, PartialEq)]
pub struct Positioning {
    /// The axis.
    pub axis: String,
    /// Length for a linear axis, angle for a rotary one.
    pub dimension: Dimension,
    /// The targets in the order of their positions.
    pub targets: Vec<AtTarget>,
    /// The reversal B, and the mean reversal B̄ (signed).
    pub reversal: [Figured; 2],
    /// The systematic deviation E.
    pub systematic: Figured,
    /// E↑ and E↓.
    pub systematic_one_way: [Figured; 2],
    /// The mean bidirectional deviation M.
    pub mean_deviation: Figured,
    /// The editions with k = 2.
    pub two: Scatter,
    /// The edition of 1988, with k = 3.
    pub three: Scatter,
    /// VDI/DGQ 3441.
    pub vdi: Vdi,
    /// Unidirectional positioning repeatability: the smaller of R↑ and R↓ with k = 2
    /// (ISO 230-2:2014, 3.21).
    pub upr: Figured,
}

const SIDES: [Direction; 2] = [Direction::Up, Direction::Down];

impl Positioning {
    /// Evaluates the runs of one axis.
    pub fn of(runs: &AxisRuns) -> Self {
        Self::taken(runs, is_long(runs))
    }

    /// Evaluates runs as those of an axis that is too long to be tested as a whole, or is not,
    /// whatever they span.
    pub fn taken(runs: &AxisRuns, long: bool) -> Self {
        let targets: Vec<AtTarget> = runs.targets.iter().map(at_target).collect();
        let (two, three) = (scatter(&targets, 2, long), scatter(&targets, 3, long));
        let [up, down] = two.repeatability_one_way;
        let upr = match (up, down) {
            (Ok(up), Ok(down)) => Ok(if down.value < up.value { down } else { up }),
            (Err(reason), _) | (_, Err(reason)) => Err(reason),
        };
        let magnitude = |t: &AtTarget| t.reversal().map(f64::abs);
        Self {
            axis: runs.axis.clone(),
            dimension: runs.dimension,
            reversal: [largest(&targets, magnitude), average(&targets, AtTarget::reversal)],
            systematic: spread(&targets, &SIDES, |t, side| one(t.mean, side).map(|m| (m, m))),
            systematic_one_way: SIDES
                .map(|side| spread(&targets, &[side], |t, side| one(t.mean, side).map(|m| (m, m)))),
            mean_deviation: middle(&targets),
            vdi: vdi(&targets, long),
            two,
            three,
            upr,
            targets,
        }
    }

    /// The travel that the targets span, in counts.
    pub fn span(&self) -> i64 {
        let (first, last) = (self.targets.first(), self.targets.last());
        let ends = first.zip(last).map(|(a, b)| b.position.count() - a.position.count());
        ends.unwrap_or_default()
    }

    /// The fewest and the most runs at any target, from any side.
    pub fn runs(&self) -> (usize, usize) {
        let all = || self.targets.iter().flat_map(|target| target.runs);
        (all().min().unwrap_or_default(), all().max().unwrap_or_default())
    }
}

fn at_target(target: &Target) -> AtTarget {
    let sides = [&target.up, &target.down];
    let stats = sides.map(|readings| {
        let (n, sum, squares) = moments(readings);
        let mean = (n > 0).then(|| sum as f64 / n as f64);
        let s = (n > 1).then(|| (squares as f64 / (n * (n - 1)) as f64).sqrt());
        (readings.len(), mean, s)
    });
    AtTarget {
        position: target.position,
        runs: stats.map(|(n, ..)| n),
        mean: stats.map(|(_, mean, _)| mean),
        s: stats.map(|(.., s)| s),
    }
}

/// Whether the axis is longer than what the standard evaluates as a whole, 2 m or 360°.
pub(super) fn is_long(runs: &AxisRuns) -> bool {
    let (unit, number) = match runs.dimension {
        Dimension::Angle => ("deg", 360),
        _ => ("m", 2),
    };
    let limit = Unit::named(runs.dimension, unit).map_or(i64::MAX, |unit| unit.size * number);
    travel_of(runs).count() > limit
}

fn one(of: [Option<f64>; 2], side: Direction) -> Option<f64> {
    let [up, down] = of;
    match side {
        Direction::Up => up,
        Direction::Down => down,
    }
}

/// Why a figure that needs these sides at every target cannot be computed.
fn missing(targets: &[AtTarget], sides: &[Direction], needs_s: bool) -> Reason {
    let lacks = |wanted: usize| {
        sides.iter().copied().find(|side| {
            let runs = |t: &AtTarget| if *side == Direction::Up { t.runs[0] } else { t.runs[1] };
            targets.iter().any(|target| runs(target) < wanted)
        })
    };
    match lacks(1) {
        _ if targets.is_empty() => Reason::NoTargets,
        Some(side) => Reason::NoRuns(side),
        None if needs_s => Reason::OneRun(lacks(2).unwrap_or(Direction::Up)),
        None => Reason::NoRuns(Direction::Up),
    }
}

/// The largest of a figure over the targets; both sides are needed at each.
fn largest(targets: &[AtTarget], of: impl Fn(&AtTarget) -> Option<f64>) -> Figured {
    let mut found: Option<Computed> = None;
    for (target, value) in targets.iter().map(of).enumerate() {
        let value = value.ok_or_else(|| missing(targets, &SIDES, false))?;
        if found.is_none_or(|known| value > known.value) {
            found = Some(Computed { value, at: Some(At { target, direction: None }), from: None });
        }
    }
    found.ok_or_else(|| missing(targets, &SIDES, false))
}

/// The mean of a figure over the targets.
fn average(targets: &[AtTarget], of: impl Fn(&AtTarget) -> Option<f64>) -> Figured {
    let values: Option<Vec<f64>> = targets.iter().map(of).collect();
    let values = values.filter(|values| !values.is_empty());
    let values = values.ok_or_else(|| missing(targets, &SIDES, false))?;
    Ok(Computed { value: values.iter().sum::<f64>() / values.len() as f64, at: None, from: None })
}

/// The spread of the means of both sides.
fn middle(targets: &[AtTarget]) -> Figured {
    spread(targets, &[Direction::Up], |target, _| target.both().map(|mean| (mean, mean)))
        .map(Computed::of_both)
        .map_err(|_| missing(targets, &SIDES, false))
}

/// The largest upper end less the smallest lower end, over targets and sides.
fn spread(
    targets: &[AtTarget],
    sides: &[Direction],
    ends: impl Fn(&AtTarget, Direction) -> Option<(f64, f64)>,
) -> Figured {
    let mut low: Option<(f64, At)> = None;
    let mut high: Option<(f64, At)> = None;
    for (target, of) in targets.iter().enumerate() {
        for side in sides {
            let (l, h) = ends(of, *side).ok_or_else(|| missing(targets, sides, true))?;
            let at = At { target, direction: Some(*side) };
            if low.is_none_or(|(known, _)| l < known) {
                low = Some((l, at));
            }
            if high.is_none_or(|(known, _)| h > known) {
                high = Some((h, at));
            }
        }
    }
    let ((low, from), (high, at)) = low.zip(high).ok_or_else(|| missing(targets, sides, false))?;
    Ok(Computed { value: high - low, at: Some(at), from: Some(from) })
}

impl Computed {
    /// The same of both sides together: the places name no direction.
    fn of_both(self) -> Self {
        let place = |at: Option<At>| at.map(|at| At { direction: None, ..at });
        Self { at: place(self.at), from: place(self.from), ..self }
    }
}

fn scatter(targets: &[AtTarget], k: u8, long: bool) -> Scatter {
    let factor = f64::from(k);
    let band = |t: &AtTarget, side: Direction| {
        let (mean, s) = (one(t.mean, side)?, one(t.s, side)?);
        Some((mean - factor * s, mean + factor * s))
    };
    let at_each = |t: &AtTarget| {
        let [up, down] = t.s;
        let (up, down) = (factor * up?, factor * down?);
        Some((up + down + t.reversal()?.abs()).max(2.0 * up).max(2.0 * down))
    };
    let whole = |figured: Figured| if long { Err(Reason::LongAxis) } else { figured };
    let one_way = |side: Direction| {
        let mut found: Option<Computed> = None;
        for (target, of) in targets.iter().enumerate() {
            let s = one(of.s, side).ok_or_else(|| missing(targets, &[side], true))?;
            let value = 2.0 * factor * s;
            if found.is_none_or(|known| value > known.value) {
                found = Some(Computed {
                    value,
                    at: Some(At { target, direction: Some(side) }),
                    from: None,
                });
            }
        }
        found.ok_or_else(|| missing(targets, &[side], true))
    };
    let repeatability = largest(targets, at_each).map_err(|_| missing(targets, &SIDES, true));
    Scatter {
        k,
        repeatability_one_way: SIDES.map(|side| whole(one_way(side))),
        repeatability_at: targets.iter().map(at_each).collect(),
        repeatability: whole(repeatability),
        accuracy_one_way: SIDES.map(|side| whole(spread(targets, &[side], band))),
        accuracy: whole(spread(targets, &SIDES, band)),
    }
}

fn vdi(targets: &[AtTarget], long: bool) -> Vdi {
    let reversal = |t: &AtTarget| t.reversal().map(f64::abs);
    let scatter = |t: &AtTarget| {
        let [up, down] = t.s;
        Some(3.0 * (up? + down?))
    };
    let ends = |t: &AtTarget, _: Direction| {
        let (middle, half) = (t.both()?, (reversal(t)? + scatter(t)?) / 2.0);
        Some((middle - half, middle + half))
    };
    let whole = |figured: Figured| match figured {
        _ if long => Err(Reason::LongAxis),
        Err(_) => Err(missing(targets, &SIDES, true)),
        Ok(found) => Ok(found),
    };
    Vdi {
        reversal: [largest(targets, reversal), average(targets, reversal)],
        scatter: [whole(largest(targets, scatter)), whole(average(targets, scatter))],
        deviation: middle(targets),
        uncertainty: whole(spread(targets, &[Direction::Up], ends)).map(Computed::of_both),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrology::runs::axis_of as runs;

    #[test]
    fn one_run_gives_means_and_no_scatter() {
        let found = Positioning::of(&runs(&[(0, &[2], &[152]), (20, &[-779], &[-845])]));
        assert_eq!(found.reversal[0].map(|b| b.value), Ok(150.0));
        assert_eq!(found.upr, Err(Reason::OneRun(Direction::Up)));
        assert_eq!(found.two.accuracy, Err(Reason::OneRun(Direction::Up)));
    }

    #[test]
    fn one_direction_gives_its_own_figures_only() {
        let found = Positioning::of(&runs(&[(0, &[0, 10], &[]), (20, &[0, 20], &[])]));
        assert!(found.two.repeatability_one_way[0].is_ok());
        assert_eq!(found.upr, Err(Reason::NoRuns(Direction::Down)));
        assert_eq!(found.systematic, Err(Reason::NoRuns(Direction::Down)));
        assert_eq!(found.reversal[0], Err(Reason::NoRuns(Direction::Down)));
    }

    #[test]
    fn no_scatter_is_evaluated_over_more_than_two_metres() {
        let long = [(0, &[0i64, 10][..], &[0i64, 10][..]), (2_001, &[0, 10], &[0, 10])];
        let found = Positioning::of(&runs(&long));
        assert_eq!(found.upr, Err(Reason::LongAxis));
        assert!(found.systematic.is_ok());
    }
}
