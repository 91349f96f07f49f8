//! What the readings of an axis say about their test, and the segments of a long axis.

use super::positioning::segment_place;
use super::table::table;
use crate::metrology::{AxisRuns, Diagnostics, Period, Reason, SegmentRule, Segments, thermal};
use crate::quantity::{Dimension, Unit, Value, counted, shown_number};

/// Diagnostics for people: none of it is the legal figure.
pub fn diagnostics_text(runs: &AxisRuns, found: &Diagnostics) -> String {
    let name = if runs.dimension == Dimension::Angle { "arcsec" } else { "um" };
    let unit = Unit::named(runs.dimension, name).ok();
    let size = unit.map_or(1.0, |unit| unit.size as f64);
    let mut text = "Diagnostics, never the legal figure:\n".to_owned();
    if let (Some(drift), Some(upr)) = (found.drift, found.upr_without_drift) {
        text += &format!(
            "  drift: {drift:.2} s a run on average; without a linear drift UPR would be {:.3} \
             {name}\n",
            upr / size
        );
    }
    match found.outliers.as_slice() {
        [] if found.pooled > 0.0 => {
            text += "  no reading is farther than 3 pooled s from its mean\n";
        }
        [] => text += "  no reading is held against its mean: there is no scatter\n",
        far => {
            let place = if runs.dimension == Dimension::Angle { "deg" } else { "mm" };
            let place = Unit::named(runs.dimension, place).ok();
            for outlier in far.iter().take(10) {
                let at = runs.targets.get(outlier.target).zip(place);
                let at = at.map_or_else(String::new, |(target, unit)| target.position.text(unit));
                text += &format!(
                    "  {at} {}, run {}: {:.1} pooled s from its mean\n",
                    outlier.direction.arrow(),
                    runs.run_number(outlier.target, outlier.direction, outlier.run),
                    outlier.distance
                );
            }
            if far.len() > 10 {
                text += &format!("  and {} more readings as far out\n", far.len() - 10);
            }
            text += "  UPR hides what is on one side only; no reading is rejected\n";
        }
    }
    text += &resolution(runs, found, size, name);
    if let (Some(slope), Dimension::Length) = (found.slope, runs.dimension) {
        text += &format!("  slope of the means: {:.2} um/m\n", slope * 1e6);
    }
    text += &warmth(runs, size, name);
    text
}

/// How coarse the readings are, and where they show no scatter.
fn resolution(runs: &AxisRuns, found: &Diagnostics, size: f64, name: &str) -> String {
    let mut text = String::new();
    if let Some(step) = found.step.filter(|_| found.pooled > 0.0) {
        let share = step as f64 / found.pooled;
        text += &format!(
            "  resolution: readings go by steps of {} {name}, {share:.2} of the pooled s\n",
            step as f64 / size
        );
        if share >= 1.0 {
            text += "  a step as large as s raises UPR by some 4 %; at two s targets fall silent\n";
        }
    }
    if !found.silent.is_empty() {
        let sides = 2 * runs.targets.len();
        let places = found
            .silent
            .iter()
            .take(5)
            .map(|(target, direction)| format!("{} {}", target + 1, direction.arrow()));
        let places = places.collect::<Vec<_>>().join(", ");
        let more = if found.silent.len() > 5 { ", ..." } else { "" };
        text += &format!(
            "  no scatter at {} of {sides} targets and sides ({places}{more}): an s of nought is \
             the resolution's, not the axis's\n",
            found.silent.len()
        );
    }
    text
}

/// How the axis moves from run to run, and with temperature.
fn warmth(runs: &AxisRuns, size: f64, name: &str) -> String {
    let Some(found) = thermal(runs) else { return String::new() };
    let linear = runs.dimension == Dimension::Length;
    let growth = |value: f64, unit: &str| format!("grows by {:.2} {unit} and ", value * 1e6);
    let grown = if linear { growth(found.growth, "um/m") } else { String::new() };
    let mut text = format!(
        "  from the first run to the last the axis {grown}shifts by {:.3} {name}\n",
        found.shift / size
    );
    match (found.range_k, found.growth_per_k, found.shift_per_k) {
        (Some(range), Some(grows), Some(shifts)) => {
            let grown = if linear { growth(grows, "um/m") } else { String::new() };
            text += &format!(
                "  for each kelvin, over {range:.2} K: {grown}shifts by {:.3} {name}\n",
                shifts / size
            );
        }
        (Some(range), ..) => {
            text +=
                &format!("  temperatures differ by {range:.2} K only: nothing is laid on them\n");
        }
        _ => {}
    }
    text
}

/// Which periodic errors the targets hide, and what they show of a period that is asked for.
pub fn periods_text(runs: &AxisRuns, hidden: &[Period], asked: Option<&Period>) -> String {
    let (figure, position) = match runs.dimension {
        Dimension::Angle => ("arcsec", "deg"),
        _ => ("um", "mm"),
    };
    let Ok(unit) = Unit::named(runs.dimension, position) else { return String::new() };
    let size = Unit::named(runs.dimension, figure).map_or(1.0, |unit| unit.size as f64);
    let mut text = String::new();
    if !hidden.is_empty() {
        let periods: Vec<String> = hidden.iter().map(|p| p.period.text(unit)).collect();
        text += &format!(
            "  periodic errors of {}:\n    the same at every target, so not seen, whatever screw, \
             scale or worm has such a period;\n    ISO 230-2 wants a random part in each target\n",
            periods.join(", ")
        );
    }
    if let Some(period) = asked {
        let shown = 100.0 * period.shown();
        let fitted = period.amplitude.map_or_else(
            || "too few places to fit one".to_owned(),
            |amplitude| format!("one of ± {:.3} {figure} fits best", amplitude / size),
        );
        text += &format!(
            "  period of {}: the targets spread over {:.0} % of it and show {shown:.0} % of \
             such an error at most; {fitted}\n",
            period.period.text(unit),
            100.0 * period.share
        );
    }
    text
}

/// The segments of a long axis for people: which, how many, what is left between them, and the
/// smallest UPR.
pub fn segments_text(rule: &SegmentRule, found: &Segments) -> String {
    let (figure, position) = match rule.dimension {
        Dimension::Angle => ("arcsec", "deg"),
        _ => ("um", "mm"),
    };
    let unit = |name: &str| Unit::named(rule.dimension, name).ok();
    let place = |value: Value| unit(position).map_or_else(String::new, |unit| value.text(unit));
    let size = unit(figure).map_or(1.0, |unit| unit.size as f64);
    let number = |value: f64| shown_number(value / size);
    // Between what it lies, and whether it is bounded on both sides.
    let ends = |between: [Option<f64>; 2]| match between {
        [Some(least), Some(most)] => (format!("{} to {}", number(least), number(most)), true),
        [Some(least), None] => (format!("at least {}", number(least)), false),
        [None, Some(most)] => (format!("at most {}", number(most)), false),
        [None, None] => (String::new(), false),
    };
    let cells: Vec<Vec<String>> = found
        .segments
        .iter()
        .map(|segment| {
            let upr = match (&segment.upr, ends(segment.between)) {
                (Ok(upr), _) => number(upr.value),
                (Err(reason), (ends, false)) if !ends.is_empty() => {
                    format!("{ends}: {}", reason.text())
                }
                (Err(_), (ends, true)) => ends,
                (Err(reason), _) => reason.text(),
            };
            let targets = segment.found.targets.len().to_string();
            let accuracy = segment.accuracy.map_or_else(Reason::text, |a| number(a.value));
            vec![segment_place(segment, place), targets, upr, accuracy]
        })
        .collect();
    let many = counted(found.segments.len(), "segment");
    let gap = place(found.gap);
    let mut text = format!("{many} ({}), gaps of {gap} before, between and after:\n", rule.text);
    let [upr, accuracy] = ["UPR", "A (k = 2)"].map(|name| format!("{name}, {figure}"));
    text += &table(&["segment", "targets", &upr, &accuracy], &cells, 1);
    for (at, segment) in found.segments.iter().enumerate() {
        if let Some(few) = &segment.few {
            text += &format!("\nnote: segment {}: {few}", at + 1);
        }
    }
    text += &match found.smallest() {
        Some((at, upr)) => {
            let upr = shown_number(upr / size);
            format!("\nreported: {upr} {figure}, of segment {}\n", at + 1)
        }
        None => {
            let known = match ends(found.smallest_between()).0 {
                ends if ends.is_empty() => ends,
                ends => format!("; the smallest is {ends} {figure}"),
            };
            format!("\nnot every segment has a UPR: none is reported{known}\n")
        }
    };
    text
}
