//! The readings of a positioning test of one axis.

use super::measured::Said;
use crate::machine::{
    self, Approach, Axis, AxisKind, Basis, Compensation, Form, Machine, Reading, Set, Standard,
};
use crate::metrology::{
    AxisRuns, Budget, Figured, Positioning, Reason, SegmentRule, diagnose, upr_meets,
};
use crate::quantity::{Dimension, Span, Unit, Value, counted};

/// More targets than this make UPR noticeably larger than on the usual test.
const TARGETS_MANY: usize = 11;
/// ISO 230-2 asks for as many runs a side.
const RUNS_USUAL: usize = 5;
/// A drift of a quarter of s a run raises UPR by some 7 % on average.
const DRIFT_MARKED: f64 = 0.25;

/// What a test says of an axis, which is added if the sheet does not list it.
pub(super) fn said(
    machine: &mut Machine,
    runs: &AxisRuns,
    budget: Option<&Budget>,
) -> Result<Said, String> {
    let found = Positioning::of(runs);
    let axis = axis_of(machine, runs)?;
    let label = machine.axes.get(usize::from(axis)).map_or("", |axis| axis.label.as_str());
    let mut said = Said {
        readings: readings(axis, runs, &found, budget),
        words: words(label, runs, &found),
        remarks: runs.remarks.clone(),
        axis: Some(axis),
        inflated: inflated(&found, diagnose(runs).drift),
    };
    if found.upr == Err(Reason::LongAxis) {
        segmented(&mut said, axis, runs, budget)?;
    }
    Ok(said)
}

/// Adds the UPR of an axis that is tested in segments, by the rule of the lists for long axes.
fn segmented(
    said: &mut Said,
    axis: u8,
    runs: &AxisRuns,
    budget: Option<&Budget>,
) -> Result<(), String> {
    let rules = SegmentRule::shipped().map_err(|error| error.to_string())?;
    let reported = rules.iter().find_map(|(_, rule)| Some((rule, rule.reported(runs)?)));
    let Some((rule, (part, count))) = reported else {
        said.remarks.push("a long axis of which not every segment has a UPR: none".to_owned());
        return Ok(());
    };
    let found = Positioning::of(&part);
    let upr = machine::id_of("upr");
    let of_part = readings(axis, &part, &found, budget);
    said.readings.extend(of_part.into_iter().filter(|reading| reading.parameter == upr));
    said.words +=
        &format!("; smallest UPR of {}{}", counted(count, "segment"), words("", &part, &found));
    said.remarks.push(format!("a long axis: UPR by {}", rule.text));
    said.inflated = inflated(&found, diagnose(&part).drift);
    Ok(())
}

/// The axis of the machine that the runs are of, added if the sheet does not list it.
fn axis_of(machine: &mut Machine, runs: &AxisRuns) -> Result<u8, String> {
    let kind = match runs.dimension {
        Dimension::Angle => AxisKind::Rotary,
        _ => AxisKind::Linear,
    };
    let fits = |axis: &Axis| axis.kind.is_none_or(|known| known == kind);
    let at = if runs.axis.is_empty() {
        let mut all = machine.axes.iter().enumerate().filter(|(_, axis)| fits(axis));
        match (all.next(), all.next()) {
            (Some((at, _)), None) => at,
            _ => return Err("the runs do not say of which axis they are".to_owned()),
        }
    } else {
        let named = |axis: &Axis| axis.label.eq_ignore_ascii_case(&runs.axis);
        let known = machine.axes.iter().position(named);
        known.unwrap_or_else(|| {
            machine.axes.push(Axis::named(&runs.axis, Some(kind)));
            machine.axes.len() - 1
        })
    };
    if !machine.axes.get(at).is_some_and(fits) {
        return Err(format!("axis `{}` is linear on one side and rotary on the other", runs.axis));
    }
    u8::try_from(at).map_err(|_| "too many axes".to_owned())
}

/// The readings of an axis: every figure that can be computed.
fn readings(
    axis: u8,
    runs: &AxisRuns,
    found: &Positioning,
    budget: Option<&Budget>,
) -> Vec<Reading> {
    let named = Standard::named;
    let (new, old) = (named("ISO 230-2:2014"), named("ISO 230-2:1988"));
    let rotary = runs.dimension == Dimension::Angle;
    let mut all: Vec<(&'static str, Option<Standard>, &Figured)> = Vec::new();
    if rotary {
        all.push(("rotary_accuracy", new, &found.two.accuracy));
    } else {
        for (standard, scatter) in [(new, &found.two), (old, &found.three)] {
            let [up, down] = &scatter.repeatability_one_way;
            all.extend([
                ("positioning_accuracy", standard, &scatter.accuracy),
                ("repeatability_bidirectional", standard, &scatter.repeatability),
                ("repeatability_up", standard, up),
                ("repeatability_down", standard, down),
            ]);
        }
        all.extend([
            ("upr", new, &found.upr),
            ("systematic_deviation", new, &found.systematic),
            ("mean_deviation", new, &found.mean_deviation),
            ("vdi_position_uncertainty", Some(Standard::VDI_3441), &found.vdi.uncertainty),
        ]);
    }
    let reading = |(name, standard, figure): (&'static str, Option<Standard>, &Figured)| {
        let value = figure.as_ref().ok()?.value;
        let span = if name == "upr" { upr_span(runs, value) } else { around(value) };
        Some(Reading {
            parameter: machine::id_of(name),
            axis: Some(axis),
            set: Set::Span(span?),
            figure: Some(Value::saturating(value.round() as i128)),
            form: Form::Plain,
            uncertainty: budget.and_then(|budget| uncertainty(name, budget)),
            standard: standard.unwrap_or(Standard::UNNAMED),
            approach: Approach::Unsaid,
            compensation: Compensation::Unsaid,
            basis: Basis::Measured,
            option: None,
            column: 0,
        })
    };
    all.into_iter().filter_map(reading).collect()
}

/// The counts around a computed value; a picometre is far below what any test resolves.
fn around(value: f64) -> Option<Span> {
    let low = Value::saturating(value.floor() as i128 - 1);
    let high = Value::saturating(value.ceil() as i128 + 1);
    (low.count() >= 0)
        .then(|| Span::between(low, high))
        .or(Some(Span { below: high.cut_above(), ..Span::NOT_NEGATIVE }))
}

/// The span between the counts next to UPR, decided exactly: whole limits are all told apart.
fn upr_span(runs: &AxisRuns, value: f64) -> Option<Span> {
    let mut high = Value::saturating(value.ceil() as i128 + 2);
    // The estimate is good to a count or so: step down to the smallest count that is met.
    while upr_meets(runs, high)? {
        let Some(next) = Value::from_count(high.count() - 1).filter(|next| next.count() >= 0)
        else {
            return Some(Span::point(high));
        };
        high = next;
    }
    let met = Value::from_count(high.count() + 1)?;
    Some(Span { above: high.cut_above(), below: met.cut_above() })
}

/// What the column of measured figures says of an axis.
fn words(label: &str, measured: &AxisRuns, found: &Positioning) -> String {
    let unit = Unit::named(
        measured.dimension,
        if measured.dimension == Dimension::Angle { "arcsec" } else { "um" },
    );
    let (fewest, most) = found.runs();
    let text = |figure: &Figured| match (figure, unit.as_ref()) {
        (Ok(computed), Ok(unit)) => {
            format!("{:.3} {}", computed.value / unit.size as f64, unit.name())
        }
        _ => "not computable".to_owned(),
    };
    let runs = counted(most, "run");
    let runs = if fewest == most { runs } else { format!("{fewest} to {runs}") };
    let line = measured
        .conditions
        .line
        .as_ref()
        .map_or_else(String::new, |line| format!(", line at {line}"));
    format!(
        "{label}: UPR {}, A {} (k = 2, {runs} a side, {}{line})",
        text(&found.upr),
        text(&found.two.accuracy),
        counted(found.targets.len(), "target")
    )
}

/// The expanded uncertainty (k = 2) of a figure of length.
fn uncertainty(name: &str, budget: &Budget) -> Option<Value> {
    let um = match name {
        "positioning_accuracy" | "vdi_position_uncertainty" => budget.accuracy,
        "systematic_deviation" => budget.systematic,
        "mean_deviation" => budget.mean,
        "rotary_accuracy" => return None,
        _ => budget.repeatability,
    };
    let size = Unit::named(Dimension::Length, "um").ok()?.size as f64;
    Some(Value::saturating((um * size).round() as i128))
}

/// What makes the figures larger than the axis is.
fn inflated(found: &Positioning, drift: Option<f64>) -> Vec<String> {
    let mut all = Vec::new();
    let (fewest, _) = found.runs();
    if fewest < RUNS_USUAL {
        all.push(format!(
            "{} a side at some target (ISO 230-2 asks for {RUNS_USUAL})",
            counted(fewest, "run")
        ));
    }
    if found.targets.len() > TARGETS_MANY {
        all.push(counted(found.targets.len(), "target"));
    }
    if let Some(share) = drift.filter(|share| *share > DRIFT_MARKED) {
        all.push(format!("a drift of {share:.2} s a run"));
    }
    all
}
