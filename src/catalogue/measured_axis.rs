//! The readings of a positioning test of one axis.

use super::extent::{Extent, Long};
use super::hull::hull;
use super::measured::{SEE, Said};
use super::measured_figures::Test;
use super::measured_line::together;
use crate::machine::{Axis, AxisKind, Doubt, Machine, Reading};
use crate::metrology::{AxisRuns, Budget, Figured, Positioning, SegmentRule, diagnose, weak};
use crate::quantity::{Dimension, Span, Unit, Value, axis_key, counted, shown_number};

/// More targets than this make UPR noticeably larger than on the usual test.
const TARGETS_MANY: usize = 11;
/// ISO 230-2 asks for as many runs a side.
const RUNS_USUAL: usize = 5;
/// A drift of a quarter of s a run raises UPR by some 7 % on average.
const DRIFT_MARKED: f64 = 0.25;
/// The parameters that say how long an axis is.
const TRAVELS: [&str; 6] =
    ["travel", "range_low", "range_high", "rotary_range_low", "rotary_range_high", "continuous"];
/// How the accuracy of a test over more than a turn comes about.
const OF_TURNS: &str = "tested over more than 360°: the accuracy of a turn lies between that of \
    the best turn and that of all targets, as ISO 230-2 leaves to agreement which turn counts";

/// What tests of one axis say that differ in where the measuring line lay; the longest of all its
/// tests spans so much.
///
/// An axis that the sheet does not list is added only where the sheet lists none of its kind and
/// does not declare its list complete; else the tests give no reading.
pub(super) fn said(
    machine: &mut Machine,
    tests: &[&AxisRuns],
    longest: Value,
    budget: Option<&Budget>,
) -> Result<Said, String> {
    let Some(first) = tests.first() else { return Ok(Said::default()) };
    let axis = match axis_of(machine, first)? {
        Place::Axis(axis) => axis,
        Place::Nowhere(text, advice) => {
            let open = vec![(text, advice)];
            let one = |runs: &&AxisRuns| words(&runs.axis, runs, &Positioning::of(runs));
            let words = tests.iter().map(one).collect::<Vec<_>>().join("; ");
            let remarks = tests.iter().flat_map(|runs| runs.remarks.clone()).collect();
            return Ok(Said { words, open, remarks, ..Said::default() });
        }
    };
    let rules = SegmentRule::shipped().map_err(|error| error.to_string())?;
    let all: Vec<Said> = tests
        .iter()
        .map(|runs| {
            let rule = rules.iter().map(|(_, rule)| rule).find(|r| r.dimension == runs.dimension);
            of_test(machine, axis, (runs, longest), budget, rule)
        })
        .collect();
    Ok(together(tests, all))
}

/// Whether an option changes how long an axis is.
fn travels_by_option(machine: &Machine, axis: u8) -> bool {
    let of_travel = |reading: &Reading| TRAVELS.contains(&reading.parameter.row().name);
    let mut of_axis = machine.readings.iter().filter(|r| r.axis == Some(axis));
    of_axis.any(|reading| reading.option.is_some() && of_travel(reading))
}

/// What one test says of an axis.
fn of_test(
    machine: &Machine,
    axis: u8,
    (runs, longest): (&AxisRuns, Value),
    budget: Option<&Budget>,
    rule: Option<&SegmentRule>,
) -> Said {
    let label = machine.axes.get(usize::from(axis)).map_or("", |axis| axis.label.as_str());
    let mut said = Said { remarks: runs.remarks.clone(), axis: Some(axis), ..Said::default() };
    let Some(rule) = rule else { return said };
    let (extent, other) = Extent::all(machine, axis, (runs, longest), rule);
    let test = Test { axis, runs, budget, rule };
    let found = Positioning::taken(runs, extent.long == Long::Yes || test.is_turns());
    let best = test.best_segment(&extent).and_then(|(_, segment)| segment.covering);
    said.inflated = match &best {
        Some(part) => inflated(&Positioning::taken(part, false), diagnose(part).drift),
        None => inflated(&found, diagnose(runs).drift),
    };
    said.readings = test.figures(&extent);
    if let Some(other) = &other {
        said.readings = hull(&[std::mem::take(&mut said.readings), test.figures(other)]);
        said.readings.push(test.reading("travel", Span::point(other.at_least())));
    }
    said.words = words(label, runs, &found);
    said.words += &test.segment_words(&extent, &said.readings).unwrap_or_default();
    if let Some((text, far)) = extent.beyond() {
        let check = "check which of the two is right, and of which axis the test is";
        if far { said.open.push((text, check)) } else { said.remarks.push(text) }
    }
    // Which segments of a long axis have no UPR is said of them.
    if best.is_none() {
        say_no_upr(&mut said, runs);
    }
    test.say_between(&mut said, &extent, other.is_some());
    let weak = weak(runs.dimension, &runs.targets);
    said.remarks.retain(|text| !weak.contains(text));
    said.open.extend(weak.into_iter().map(|text| (text, SEE)));
    if let Some(words) = test.turn_words() {
        said.words += &words;
        said.open.push((OF_TURNS.to_owned(), "say which turn is agreed on"));
    }
    for extent in std::iter::once(&extent).chain(&other) {
        test.say_segments(&mut said, extent);
        test.say_doubt(&mut said, extent);
        let unstated = extent.doubt == Some(Doubt::TravelUnstated) && !extent.is_place();
        if unstated && runs.dimension == Dimension::Length {
            said.readings.extend(test.travelled(extent));
        }
    }
    said
}

/// Says why there is no UPR of all targets: it is not computable, or nought.
fn say_no_upr(said: &mut Said, runs: &AxisRuns) {
    match Positioning::taken(runs, false).upr {
        Err(reason) if runs.dimension == Dimension::Angle => {
            said.open.push((format!("accuracy is not computable: {}", reason.text()), SEE));
        }
        // Other tests of the axis may give one.
        Err(reason) => said.no_upr.push((String::new(), reason.text())),
        Ok(upr) if upr.value <= 0.0 => {
            let text = "UPR comes to exactly nought, as no error can be: figures of nought are \
                        left out";
            said.open.push((text.to_owned(), SEE));
        }
        Ok(_) => {}
    }
}

/// Where the readings of a test go.
enum Place {
    /// To an axis of the machine.
    Axis(u8),
    /// Nowhere: why, and what to do.
    Nowhere(String, &'static str),
}

/// The axis of the machine that the runs are of.
fn axis_of(machine: &mut Machine, runs: &AxisRuns) -> Result<Place, String> {
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
        match named(machine, &runs.axis)? {
            Some(at) => at,
            None if machine.axes_complete || machine.axes.iter().any(fits) => {
                let known: Vec<&str> =
                    machine.axes.iter().map(|axis| axis.label.as_str()).collect();
                let label = &runs.axis;
                let known = known.join(", ");
                let text = format!(
                    "the sheet lists no axis `{label}`, only {known}: the test gives no reading"
                );
                return Ok(Place::Nowhere(
                    text,
                    "name the axis as the sheet does, or list it there",
                ));
            }
            None => {
                machine.axes.push(Axis::named(&axis_key(&runs.axis), Some(kind)));
                machine.axes.len() - 1
            }
        }
    };
    if !machine.axes.get(at).is_some_and(fits) {
        return Err(format!("axis `{}` is linear on one side and rotary on the other", runs.axis));
    }
    let at = u8::try_from(at).map_err(|_| "too many axes".to_owned())?;
    if travels_by_option(machine, at) {
        let text = format!(
            "the sheet states another travel of `{}` with an option, and the test does not say \
             what was fitted: it gives no reading",
            runs.axis
        );
        return Ok(Place::Nowhere(text, "give the machine as it was tested a sheet of its own"));
    }
    Ok(Place::Axis(at))
}

/// The axis of the machine with this label: as it is written, else by what tells axes apart.
pub(super) fn named(machine: &Machine, label: &str) -> Result<Option<usize>, String> {
    let is = |axis: &Axis| axis.label.eq_ignore_ascii_case(label.trim());
    if let Some(at) = machine.axes.iter().position(is) {
        return Ok(Some(at));
    }
    let key = axis_key(label);
    let mut same = machine.axes.iter().enumerate().filter(|(_, axis)| axis_key(&axis.label) == key);
    match (same.next(), same.next()) {
        (Some((_, one)), Some((_, other))) => {
            Err(format!("axis `{label}` may be `{}` or `{}` of the sheet", one.label, other.label))
        }
        (found, _) => Ok(found.map(|(at, _)| at)),
    }
}

/// What the column of measured figures says of an axis.
fn words(label: &str, measured: &AxisRuns, found: &Positioning) -> String {
    let text = |figure| figure_text(figure, measured.dimension);
    let (upr, accuracy, of) = (text(&found.upr), text(&found.two.accuracy), of_runs(found));
    let line = measured.conditions.line.as_ref();
    let line = line.map_or_else(String::new, |line| format!(", line at {line}"));
    format!("{label}: UPR {upr}, A {accuracy} ({of}{line})")
}

/// A figure with its unit, or that there is none.
pub(super) fn figure_text(figure: &Figured, dimension: Dimension) -> String {
    let name = if dimension == Dimension::Angle { "arcsec" } else { "um" };
    match (figure, Unit::named(dimension, name)) {
        (Ok(computed), Ok(unit)) => {
            format!("{} {}", shown_number(computed.value / unit.size as f64), unit.name())
        }
        _ => "not computable".to_owned(),
    }
}

/// `k = 2, 5 runs a side, 11 targets`.
pub(super) fn of_runs(found: &Positioning) -> String {
    let (fewest, most) = found.runs();
    let runs = counted(most, "run");
    let runs = if fewest == most { runs } else { format!("{fewest} to {runs}") };
    format!("k = 2, {runs} a side, {}", counted(found.targets.len(), "target"))
}

/// What makes the figures larger than the axis is.
fn inflated(found: &Positioning, drift: Option<f64>) -> Vec<String> {
    let mut all = Vec::new();
    // Of one run, or of a side that was not approached, there is no scatter to inflate.
    let runs = found.targets.iter().flat_map(|target| target.runs);
    let fewest = runs.filter(|runs| *runs > 1).min().unwrap_or(RUNS_USUAL);
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
