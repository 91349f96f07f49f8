//! The readings of a positioning test of one axis.

use super::extent::{Extent, Long, place};
use super::measured::{SEE, Said};
use super::measured_line::worst;
use crate::machine::{
    self, Approach, Axis, AxisKind, Basis, Compensation, Doubt, Form, Machine, Reading, Set,
    Standard,
};
use crate::metrology::{
    AxisRuns, Budget, Figured, Positioning, Reason, SegmentRule, diagnose, upr_meets,
};
use crate::quantity::{Dimension, Span, Unit, Value, axis_key, counted, shown_number};

/// More targets than this make UPR noticeably larger than on the usual test.
const TARGETS_MANY: usize = 11;
/// ISO 230-2 asks for as many runs a side.
const RUNS_USUAL: usize = 5;
/// A drift of a quarter of s a run raises UPR by some 7 % on average.
const DRIFT_MARKED: f64 = 0.25;

/// What the tests of one axis say; they differ in where the measuring line lay.
///
/// An axis that the sheet does not list is added only where the sheet lists none of its kind and
/// does not declare its list complete; else the tests give no reading.
pub(super) fn said(
    machine: &mut Machine,
    tests: &[&AxisRuns],
    budget: Option<&Budget>,
) -> Result<Said, String> {
    let Some(first) = tests.first() else { return Ok(Said::default()) };
    let axis = match axis_of(machine, first)? {
        Place::Axis(axis) => axis,
        Place::NotListed(text) => {
            let open = vec![(text, "name the axis as the sheet does, or list it there")];
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
            of_test(machine, axis, runs, budget, rule)
        })
        .collect();
    Ok(worst(tests, all))
}

/// What one test says of an axis.
fn of_test(
    machine: &Machine,
    axis: u8,
    runs: &AxisRuns,
    budget: Option<&Budget>,
    rule: Option<&SegmentRule>,
) -> Said {
    let label = machine.axes.get(usize::from(axis)).map_or("", |axis| axis.label.as_str());
    let extent = rule.map(|rule| Extent::of(machine, axis, runs, rule));
    let mut runs = runs.clone();
    runs.conditions.travel = extent.as_ref().and_then(Extent::stated);
    let runs = &runs;
    let found = Positioning::of(runs);
    let mut said = Said {
        words: words(label, runs, &found),
        remarks: runs.remarks.clone(),
        axis: Some(axis),
        inflated: inflated(&found, diagnose(runs).drift),
        readings: readings(axis, runs, &found, budget),
        ..Said::default()
    };
    let (Some(rule), Some(extent)) = (rule, extent) else { return said };
    if let Some((text, far)) = extent.beyond() {
        let check = "check which of the two is right, and of which axis the test is";
        if far { said.open.push((text, check)) } else { said.remarks.push(text) }
    }
    match found.upr {
        Err(Reason::LongAxis) => segmented(&mut said, axis, runs, budget, rule),
        Err(reason) => said.open.push((not_computable(runs, reason), SEE)),
        Ok(_) => {}
    }
    if let Some(doubt) = extent.doubt {
        in_doubt(&mut said, doubt, rule, &extent);
        if extent.long != Long::No && extent.holds {
            said.readings.extend(of_stretch(axis, &found, budget));
        }
        if doubt == Doubt::TravelUnstated && runs.dimension == Dimension::Length {
            said.readings.extend(travelled(axis, &extent));
        }
    }
    said
}

fn not_computable(runs: &AxisRuns, reason: Reason) -> String {
    let figure = if runs.dimension == Dimension::Angle { "accuracy" } else { "UPR" };
    format!("{figure} is not computable: {}", reason.text())
}

/// Adds the UPR of an axis that is tested in segments, by the rule of the lists for long axes.
fn segmented(
    said: &mut Said,
    axis: u8,
    runs: &AxisRuns,
    budget: Option<&Budget>,
    rule: &SegmentRule,
) {
    let Some(reported) = rule.reported(runs) else {
        let text = "a long axis of which no segment has a UPR: none is reported";
        said.open.push((text.to_owned(), SEE));
        return;
    };
    let part = &reported.runs;
    let found = Positioning::of(part);
    let upr = machine::id_of("upr");
    let mut of_part = readings(axis, part, &found, budget);
    of_part.retain(|reading| reading.parameter == upr);
    if reported.with_upr < reported.count {
        of_part.iter_mut().for_each(at_most);
        let text = format!(
            "a UPR of {} of {} segments only: the smallest of all is bounded from above only",
            reported.with_upr, reported.count
        );
        said.open.push((text, SEE));
    }
    said.readings.append(&mut of_part);
    if let Some(few) = &reported.few {
        said.open.push((format!("the segment that is reported has {few}"), SEE));
    }
    let many = counted(reported.count, "segment");
    said.words += &format!("; smallest UPR of {many}{}", words("", part, &found));
    said.remarks.push(format!("a long axis: UPR by {}", rule.text));
    said.inflated = inflated(&found, diagnose(part).drift);
}

/// Leaves of the figures of a test that may not have covered its axis what holds of the whole of
/// it, and what holds under the assumption that it did.
///
/// More targets make every figure larger but the smallest UPR of the segments of a long axis; the
/// spread of its means is at least that of a part.
fn in_doubt(said: &mut Said, doubt: Doubt, rule: &SegmentRule, extent: &Extent) {
    let upr = machine::id_of("upr");
    let of_means = ["systematic_deviation", "mean_deviation"].map(machine::id_of);
    let found = std::mem::take(&mut said.readings);
    for reading in &found {
        let mut bound = *reading;
        let is_upr = reading.parameter == upr;
        match extent.long {
            Long::No => at_least(&mut bound),
            // What bounds that of a long axis is the scatter of all that was tested.
            _ if is_upr => continue,
            _ if of_means.contains(&reading.parameter) => at_least(&mut bound),
            _ => continue,
        }
        said.readings.push(bound);
    }
    let stands = found.iter().filter(|reading| extent.may_stand() && reading.form == Form::Plain);
    let before = said.readings.len();
    said.readings.extend(stands.map(|r| Reading { form: Form::Tested(doubt), ..*r }));
    let has_upr = found.iter().any(|reading| reading.parameter == upr);
    let over = place(rule.over, rule.dimension);
    let what = match extent.long {
        Long::No => "the whole may show more, and every figure is bounded from below only".into(),
        Long::Yes if !extent.segment => "that is less than a segment and bounds the smallest UPR \
             of its segments on neither side"
            .into(),
        Long::Yes | Long::Unknown if has_upr && extent.holds => {
            "the smallest UPR of its segments is bounded \
             from above only, and other figures are left open"
                .into()
        }
        Long::Yes if has_upr => format!(
            "the segments of an axis over {} lie equally spaced, and none of them surely within \
             what was tested: the smallest UPR is left open",
            place(rule.each, rule.dimension)
        ),
        Long::Yes => "nothing is known of the UPR of its segments".to_owned(),
        Long::Unknown => format!(
            "a longer axis may show more, and one over {over} is judged by its best segment: UPR \
             and accuracy are left open"
        ),
    };
    let advice = match (doubt, extent.long) {
        (Doubt::TravelUnstated, _) => "state the travel",
        (_, Long::Yes) => "test every segment",
        _ => "test the whole travel",
    };
    said.doubt = (said.readings.len() > before).then_some(doubt);
    said.open.push((format!("{}: {what}", extent.part_text()), advice));
}

/// The UPR of all that was tested of a long axis: not smaller than that of a segment within it.
fn of_stretch(axis: u8, found: &Positioning, budget: Option<&Budget>) -> Option<Reading> {
    let side = |side: usize| {
        let all = found.targets.iter().map(|target| target.s.get(side).copied().flatten());
        all.collect::<Option<Vec<f64>>>()?.into_iter().reduce(f64::max)
    };
    let upr = [side(0), side(1)].into_iter().flatten().reduce(f64::min)?;
    let mut reading = reading("upr", axis, around(4.0 * upr)?);
    reading.standard = Standard::named("ISO 230-2:2014").unwrap_or(Standard::UNNAMED);
    reading.uncertainty = budget.and_then(|budget| uncertainty("upr", budget));
    at_most(&mut reading);
    Some(reading)
}

/// A figure that is a bound now; what stands under an assumption stays there.
fn bound(reading: &mut Reading) {
    reading.figure = None;
    if reading.form.doubt().is_none() {
        reading.form = Form::Bound;
    }
}

/// The travel of an axis of which none is stated: at least what was tested, and, under the
/// assumption that it is no longer, that.
fn travelled(axis: u8, extent: &Extent) -> [Reading; 2] {
    let tested = extent.at_least();
    let span = Span { above: tested.cut_below(), ..Span::NOT_NEGATIVE };
    let reading = Reading { figure: None, form: Form::Bound, ..reading("travel", axis, span) };
    let taken = Reading {
        set: Set::Span(Span::point(tested)),
        figure: Some(tested),
        form: Form::Tested(Doubt::TravelUnstated),
        ..reading
    };
    // The first that is admitted says how long the axis is.
    [taken, reading]
}

/// The figure is at most what was measured.
fn at_most(reading: &mut Reading) {
    if let Set::Span(span) = &mut reading.set {
        span.above = Span::NOT_NEGATIVE.above;
    }
    bound(reading);
}

/// The figure is at least what was measured.
pub(super) fn at_least(reading: &mut Reading) {
    if let Set::Span(span) = &mut reading.set {
        span.below = Span::NOT_NEGATIVE.below;
    }
    bound(reading);
}

/// Where the readings of a test go.
enum Place {
    /// To an axis of the machine.
    Axis(u8),
    /// Nowhere, and why.
    NotListed(String),
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
                return Ok(Place::NotListed(format!(
                    "the sheet lists no axis `{label}`, only {}: the test gives no reading",
                    known.join(", ")
                )));
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
    u8::try_from(at).map(Place::Axis).map_err(|_| "too many axes".to_owned())
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
    let of_figure = |(name, standard, figure): (&'static str, Option<Standard>, &Figured)| {
        let value = figure.as_ref().ok()?.value;
        let span = if name == "upr" { upr_span(runs, value) } else { around(value) }?;
        // The count that decides is the figure: what lies a little above a limit is not at it.
        let figure = span.single().unwrap_or(Value::saturating(value.round() as i128));
        Some(Reading {
            figure: Some(figure),
            uncertainty: budget.and_then(|budget| uncertainty(name, budget)),
            standard: standard.unwrap_or(Standard::UNNAMED),
            ..reading(name, axis, span)
        })
    };
    all.into_iter().filter_map(of_figure).collect()
}

/// A measured reading of an axis.
fn reading(name: &'static str, axis: u8, span: Span) -> Reading {
    Reading {
        parameter: machine::id_of(name),
        axis: Some(axis),
        set: Set::Span(span),
        figure: span.single(),
        form: Form::Plain,
        uncertainty: None,
        standard: Standard::UNNAMED,
        approach: Approach::Unsaid,
        compensation: Compensation::Unsaid,
        basis: Basis::Measured,
        option: None,
        column: 0,
    }
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
            format!("{} {}", shown_number(computed.value / unit.size as f64), unit.name())
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
        _ => budget.repeatability_expanded(),
    };
    let size = Unit::named(Dimension::Length, "um").ok()?.size as f64;
    Some(Value::saturating((um * size).round() as i128))
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
