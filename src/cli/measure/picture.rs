//! What the deviation plot of an axis shows, in its units and words.

use crate::metrology::{At, AtTarget, Direction, Figured, Positioning};
use crate::plot::deviation::{Band, Course, DeviationPlot};
use crate::quantity::{Dimension, Unit};

/// The coverage factor of the bands: that of the editions of ISO 230-2 since 1997.
const K: f64 = 2.0;

/// The deviation plot of an axis: means with bands of k = 2, the mean of both directions, the
/// reversals, and where A, R, R↑, R↓, UPR and B occur.
pub(super) fn picture(found: &Positioning) -> DeviationPlot {
    let of = Units::of(found.dimension);
    let [reversal, _] = found.reversal;
    let each = |value: fn(&AtTarget) -> Option<f64>| {
        let point = |t: &AtTarget| Some((of.position(t), of.deviation(value(t)?)));
        found.targets.iter().filter_map(point).collect()
    };
    let largest = found_at(found, reversal).map(|(value, target)| {
        let legend = format!("largest reversal B = {}, at {}", of.figure(value), of.place(target));
        (of.position(target), legend)
    });
    let axis = if found.axis.is_empty() { "the axis" } else { &found.axis };
    DeviationPlot {
        title: format!("Deviations of {axis} (ISO 230-2, k = 2)"),
        positions: format!("target, {}", of.position.map_or("", Unit::name)),
        deviations: format!("deviation, {}", of.deviation.map_or("", Unit::name)),
        reversal: format!("reversal, {}", of.deviation.map_or("", Unit::name)),
        legends: [
            means(found, 0),
            means(found, 1),
            "bidirectional mean (dashed)".to_owned(),
            "reversal at each target, mean ↑ less mean ↓".to_owned(),
        ],
        courses: [course(found, 0, &of), course(found, 1, &of)],
        both: each(AtTarget::both),
        reversals: each(AtTarget::reversal),
        whole: whole(found, &of),
        widest: widest(found, &of),
        one_way: [one_way(found, 0, &of), one_way(found, 1, &of)],
        largest,
    }
}

/// What the legend says of the means of one side: that there are bands, if there are.
fn means(found: &Positioning, side: usize) -> String {
    let arrow = if side == 0 { "↑" } else { "↓" };
    let band = found.targets.iter().any(|t| t.s.get(side).copied().flatten().is_some());
    let bands = if band { ", thin: ± 2 s" } else { ", one run: no band" };
    format!("means {arrow}{bands}")
}

/// A computed figure and the target where it is reached.
fn found_at(found: &Positioning, figured: Figured) -> Option<(f64, &AtTarget)> {
    let computed = figured.ok()?;
    Some((computed.value, found.targets.get(computed.at?.target)?))
}

fn course(found: &Positioning, side: usize, of: &Units) -> Course {
    let point = |target: &AtTarget| {
        let mean = target.mean.get(side).copied().flatten()?;
        let s = target.s.get(side).copied().flatten();
        Some((of.position(target), of.deviation(mean), s.map(|s| of.deviation(K * s))))
    };
    found.targets.iter().filter_map(point).collect()
}

/// The band of A: from the lowest end of a band to the highest.
fn whole(found: &Positioning, of: &Units) -> Option<Band> {
    let accuracy = found.two.accuracy.ok()?;
    let end = |at: At, sign: f64| {
        let (target, direction) = (found.targets.get(at.target)?, at.direction?);
        let side = usize::from(direction == Direction::Down);
        let (mean, s) = (target.mean.get(side).copied()??, target.s.get(side).copied()??);
        let place = format!("{} {}", of.place(target), direction.arrow());
        Some(((of.position(target), of.deviation(mean + sign * K * s)), place))
    };
    let ((high, top), (low, bottom)) = (end(accuracy.at?, 1.0)?, end(accuracy.from?, -1.0)?);
    let legend = format!("A = {}, from {bottom} to {top}", of.figure(accuracy.value));
    Some(Band { symbol: "A".to_owned(), legend, low, high })
}

/// The band of R, at its target.
fn widest(found: &Positioning, of: &Units) -> Option<Band> {
    let (value, target) = found_at(found, found.two.repeatability)?;
    let (low, high) = target.repeatability_ends(K)?;
    let x = of.position(target);
    let legend = format!("R = {}, at {}", of.figure(value), of.place(target));
    let (low, high) = ((x, of.deviation(low)), (x, of.deviation(high)));
    Some(Band { symbol: "R".to_owned(), legend, low, high })
}

/// The band of R↑ or of R↓, ± 2 s at the target where s is greatest; the smaller one is UPR.
fn one_way(found: &Positioning, side: usize, of: &Units) -> Option<Band> {
    let computed = found.two.repeatability_one_way.get(side).copied()?.ok()?;
    let (value, target) = found_at(found, Ok(computed))?;
    let (mean, s) = (target.mean.get(side).copied()??, target.s.get(side).copied()??);
    let is_upr = found.upr.is_ok_and(|upr| upr.at == computed.at);
    let name = if side == 0 { "R↑" } else { "R↓" };
    let (symbol, also) = if is_upr { ("UPR", " = UPR") } else { (name, "") };
    let legend = format!("{name}{also} = {}, at {}", of.figure(value), of.place(target));
    let end = |sign: f64| (of.position(target), of.deviation(mean + sign * K * s));
    Some(Band { symbol: symbol.to_owned(), legend, low: end(-1.0), high: end(1.0) })
}

/// The units of a plot.
struct Units {
    position: Option<&'static Unit>,
    deviation: Option<&'static Unit>,
}

impl Units {
    fn of(dimension: Dimension) -> Self {
        let (position, deviation) = match dimension {
            Dimension::Angle => ("deg", "arcsec"),
            _ => ("mm", "um"),
        };
        let named = |name| Unit::named(dimension, name).ok();
        Self { position: named(position), deviation: named(deviation) }
    }

    fn position(&self, target: &AtTarget) -> f64 {
        target.position.count() as f64 / self.position.map_or(1.0, |unit| unit.size as f64)
    }

    fn deviation(&self, counts: f64) -> f64 {
        counts / self.deviation.map_or(1.0, |unit| unit.size as f64)
    }

    /// A figure for people.
    fn figure(&self, counts: f64) -> String {
        format!("{:.3} {}", self.deviation(counts), self.deviation.map_or("", Unit::name))
    }

    fn place(&self, target: &AtTarget) -> String {
        self.position.map_or_else(String::new, |unit| target.position.text(unit))
    }
}
