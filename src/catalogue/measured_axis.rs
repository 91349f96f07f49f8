//! The readings of a positioning test of one axis.

use super::measured::{SEE, Said};
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

/// What a test says of an axis.
///
/// An axis that the sheet does not list is added only where the sheet lists none of its kind and
/// does not declare its list complete; else the test gives no reading.
pub(super) fn said(
    machine: &mut Machine,
    runs: &AxisRuns,
    budget: Option<&Budget>,
) -> Result<Said, String> {
    let found = Positioning::of(runs);
    let axis = match axis_of(machine, runs)? {
        Place::Axis(axis) => axis,
        Place::NotListed(text) => {
            let open = vec![(text, "name the axis as the sheet does, or list it there")];
            let words = words(&runs.axis, runs, &found);
            return Ok(Said { words, open, remarks: runs.remarks.clone(), ..Said::default() });
        }
    };
    let label = machine.axes.get(usize::from(axis)).map_or("", |axis| axis.label.as_str());
    let mut said = Said {
        words: words(label, runs, &found),
        remarks: runs.remarks.clone(),
        axis: Some(axis),
        inflated: inflated(&found, diagnose(runs).drift),
        ..Said::default()
    };
    let rules = SegmentRule::shipped().map_err(|error| error.to_string())?;
    let rule = rules.iter().map(|(_, rule)| rule).find(|rule| rule.dimension == runs.dimension);
    let Some(rule) = rule else { return Ok(said) };
    let extent = Extent::of(machine, axis, runs, rule);
    extent.beyond(runs.dimension, &mut said);
    extent.left_out(runs, rule, &mut said);
    if extent.is_part() {
        part(&mut said, axis, (runs, &found, budget), rule, &extent);
    } else {
        said.readings = readings(axis, runs, &found, budget);
        match found.upr {
            Err(Reason::LongAxis) => segmented(&mut said, axis, runs, budget, rule),
            Err(reason) => said.open.push((not_computable(runs, reason), SEE)),
            Ok(_) => {}
        }
    }
    Ok(said)
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

/// Adds what a test of a part of a long axis says: the smallest UPR of all segments is not larger
/// than that of one, and means over the whole spread at least as far. Other figures it leaves open.
fn part(
    said: &mut Said,
    axis: u8,
    (runs, found, budget): (&AxisRuns, &Positioning, Option<&Budget>),
    rule: &SegmentRule,
    extent: &Extent,
) {
    let upr = machine::id_of("upr");
    let of_means = ["systematic_deviation", "mean_deviation"].map(machine::id_of);
    let mut all = readings(axis, runs, found, budget);
    // The largest scatter of a stretch shorter than a segment bounds no segment's from above.
    all.retain(|reading| {
        reading.parameter == upr && extent.segment || of_means.contains(&reading.parameter)
    });
    said.readings = all;
    if found.upr == Err(Reason::LongAxis) {
        segmented(said, axis, runs, budget, rule);
    } else if let Err(reason) = found.upr {
        said.open.push((not_computable(runs, reason), SEE));
    }
    for reading in &mut said.readings {
        if reading.parameter == upr { at_most(reading) } else { at_least(reading) }
    }
    let tested = place(extent.tested, runs.dimension);
    let of = extent.travel.map_or_else(
        || "a travel of which no upper end is stated".to_owned(),
        |travel| format!("a travel of {}", place(travel, runs.dimension)),
    );
    let text = if extent.segment {
        format!(
            "tested over {tested} of {of}: the smallest UPR of its segments is bounded from above \
             only, and other figures are left open"
        )
    } else {
        format!(
            "tested over {tested} of {of}: that is less than a segment and bounds the smallest UPR \
             of its segments on neither side"
        )
    };
    said.open.push((text, "test every segment"));
}

/// The figure is at most what was measured.
fn at_most(reading: &mut Reading) {
    if let Set::Span(span) = &mut reading.set {
        span.above = Span::NOT_NEGATIVE.above;
    }
    (reading.form, reading.figure) = (Form::Bound, None);
}

/// The figure is at least what was measured.
fn at_least(reading: &mut Reading) {
    if let Set::Span(span) = &mut reading.set {
        span.below = Span::NOT_NEGATIVE.below;
    }
    (reading.form, reading.figure) = (Form::Bound, None);
}

/// How much of an axis was tested.
struct Extent {
    /// What the targets span.
    tested: Value,
    /// The travel that the sheet states, at most.
    travel: Option<Value>,
    /// Whether the stated travel is of a long axis, of which not every segment was tested.
    part: bool,
    /// Whether a whole segment was tested.
    segment: bool,
}

impl Extent {
    fn of(machine: &Machine, axis: u8, runs: &AxisRuns, rule: &SegmentRule) -> Self {
        let parameter = machine::id_of("travel");
        let linear = runs.dimension == Dimension::Length;
        let of_axis = |r: &&Reading| linear && r.parameter == parameter && r.axis == Some(axis);
        let high = |reading: &Reading| match reading.set {
            Set::Span(span) => span.high(),
            _ => None,
        };
        let stated = || machine.readings.iter().filter(of_axis);
        let travel = stated().filter_map(high).max();
        // A travel of which no upper end is stated may be that of a long axis.
        let endless = travel.is_none() && stated().next().is_some();
        let ends = runs.targets.first().zip(runs.targets.last());
        let span = ends.map_or(0, |(first, last)| {
            i128::from(last.position.count()) - i128::from(first.position.count())
        });
        let tested = Value::saturating(span);
        // Segments of 2 m that were tested, against those that the whole travel has.
        let whole = if tested > rule.over { rule.segments(tested) } else { 0 };
        let part =
            travel.is_some_and(|of| of > rule.over && of > tested && rule.segments(of) > whole);
        Self { tested, travel, part: part || endless, segment: tested >= rule.over }
    }

    fn is_part(&self) -> bool {
        self.part
    }

    /// Says that the axis is taken to be as long as its test, or that more of it was left out than
    /// two steps between targets: figures are then of the tested part.
    fn left_out(&self, runs: &AxisRuns, rule: &SegmentRule, said: &mut Said) {
        if self.part || self.tested > rule.over || runs.dimension != Dimension::Length {
            return;
        }
        let steps = i64::try_from(runs.targets.len()).unwrap_or(i64::MAX).saturating_sub(1);
        let step = self.tested.count().checked_div(steps).unwrap_or_default();
        let tested = place(self.tested, runs.dimension);
        let text = match self.travel {
            None => format!("no travel is stated: the axis is taken to be no longer than {tested}"),
            Some(travel) if travel.count() - self.tested.count() > 2 * step => format!(
                "tested over {tested} of a travel of {}: the figures are of that part",
                place(travel, runs.dimension)
            ),
            Some(_) => return,
        };
        said.open.push((text, "state the travel, and test all of it"));
    }

    /// Says that targets lie beyond the travel that the sheet states.
    fn beyond(&self, dimension: Dimension, said: &mut Said) {
        if let Some(travel) = self.travel.filter(|travel| self.tested > *travel) {
            let [tested, travel] = [self.tested, travel].map(|size| place(size, dimension));
            let text =
                format!("targets over {tested}, where the sheet states a travel of {travel}");
            said.open
                .push((text, "check which of the two is right, and of which axis the test is"));
        }
    }
}

fn place(value: Value, dimension: Dimension) -> String {
    let name = if dimension == Dimension::Angle { "deg" } else { "mm" };
    Unit::named(dimension, name).map_or_else(|_| String::new(), |unit| value.text(unit))
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
        let named = |label: &str| {
            machine.axes.iter().position(|axis| axis.label.eq_ignore_ascii_case(label))
        };
        match named(&runs.axis).or_else(|| named(&bare(&runs.axis))) {
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
                machine.axes.push(Axis::named(&bare(&runs.axis), Some(kind)));
                machine.axes.len() - 1
            }
        }
    };
    if !machine.axes.get(at).is_some_and(fits) {
        return Err(format!("axis `{}` is linear on one side and rotary on the other", runs.axis));
    }
    u8::try_from(at).map(Place::Axis).map_err(|_| "too many axes".to_owned())
}

/// A label without the word axis: `X` of `X-axis`, `X axis` and `axis X`.
fn bare(label: &str) -> String {
    let parts = label.split(|c: char| c.is_whitespace() || matches!(c, '-' | '_' | '.' | ':'));
    let words = parts.filter(|word| !word.is_empty() && !word.eq_ignore_ascii_case("axis"));
    words.collect::<Vec<_>>().join("-")
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
        _ => budget.repeatability_expanded(),
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
