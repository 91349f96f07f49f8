//! The figures of a positioning test of one axis as readings: what holds of the whole axis, and
//! what does under an assumption.

use super::extent::{Extent, Long, Travel, place};
use super::hull::same;
use super::measured::{SEE, Said};
use super::measured_axis::{figure_text, of_runs};
use crate::machine::{self, Approach, Basis, Compensation, Doubt, Form, Reading, Set, Standard};
use crate::metrology::{
    AxisRuns, Budget, Figured, Positioning, SegmentRule, Shown, accuracy_of_turn, upr_meets_taken,
};
use crate::quantity::{Cut, Dimension, Span, Unit, Value, counted, shown_number};

/// A test of an axis, and the rule by which a long one is judged.
pub(super) struct Test<'t> {
    pub axis: u8,
    pub runs: &'t AxisRuns,
    pub budget: Option<&'t Budget>,
    pub rule: &'t SegmentRule,
}

impl Test<'_> {
    /// Whether it spans more than one turn, of which no scatter is evaluated as a whole.
    pub(super) fn is_turns(&self) -> bool {
        let rotary = self.runs.dimension == Dimension::Angle;
        rotary && crate::metrology::span_of(self.runs) > self.rule.over
    }

    /// The readings of a test of this extent.
    ///
    /// More targets make every figure larger but the smallest UPR of the segments of a long axis;
    /// the spread of its means is at least that of a part.
    pub(super) fn figures(&self, extent: &Extent) -> Vec<Reading> {
        let Some(doubt) = extent.doubt else { return self.of_travel(extent, false) };
        let upr = machine::id_of("upr");
        let of_means = ["systematic_deviation", "mean_deviation"].map(machine::id_of);
        let mut certain = self.of_travel(extent, false);
        let known = matches!(extent.travel, Travel::Stated(_));
        certain.retain(|reading| match extent.long {
            Long::No => true,
            // Segments lie where the travel places them: without it nothing is known of theirs.
            _ if reading.parameter == upr => known && extent.long == Long::Yes,
            _ => of_means.contains(&reading.parameter),
        });
        let placed = |reading: &Reading| extent.long == Long::Yes && reading.parameter == upr;
        certain.iter_mut().filter(|reading| !placed(reading)).for_each(at_least);
        let if_long = |travel| extent.if_long(travel, self.runs, self.rule);
        let stands = match doubt {
            _ if extent.is_place() => Vec::new(),
            Doubt::TravelUnstated => self.figures(&if_long(extent.at_least())),
            _ if !extent.may_stand() => Vec::new(),
            _ => self.of_travel(&if_long(extent.tested), true),
        };
        let exact = |reading: &Reading| {
            certain.iter().any(|c| placed(c) && same(c, reading) && c.form == Form::Plain)
        };
        let stands: Vec<Reading> = stands
            .into_iter()
            .filter(|reading| reading.form.doubt().is_none() && !exact(reading))
            .map(|reading| Reading { form: Form::Tested(doubt), ..reading })
            .collect();
        certain.extend(stands);
        certain
    }

    /// The readings of an axis that is as long as an extent says, as if its test covered it.
    /// `trusting`: segments that it does not cover count as those that it does.
    fn of_travel(&self, extent: &Extent, trusting: bool) -> Vec<Reading> {
        let long = extent.long == Long::Yes;
        let found = Positioning::taken(self.runs, long || self.is_turns());
        let mut all = readings(self, &found);
        if long && let Travel::Stated(travel) = extent.travel {
            all.extend(self.of_segments(travel, trusting));
        }
        all
    }

    /// The smallest UPR of the segments of an axis of this travel: not smaller than the smallest
    /// that targets surely in them prove, nor larger than that of any which is covered, or of all
    /// targets where these cover one of them, if not always the same.
    fn of_segments(&self, travel: Value, trusting: bool) -> Option<Reading> {
        let shown = self.rule.shown(self.runs, travel);
        let whole = |segment: &Shown| match &segment.covering {
            None if trusting => segment.within.clone(),
            covering => covering.clone(),
        };
        let low = |segment: &Shown| -> Cut {
            let span = segment.within.as_ref().and_then(of_upr);
            span.map_or(Span::NOT_NEGATIVE.above, |(span, _)| span.above)
        };
        let above = shown.iter().map(low).min()?;
        let some = self.rule.holds_one(self.runs, travel).then(|| of_upr(self.runs)).flatten();
        let most = shown.iter().filter_map(|segment| of_upr(&whole(segment)?)).chain(some);
        let most = most.min_by_key(|(span, _)| span.below);
        let Some((span, value)) = most else {
            let mut reading = self.upr(Span { above, ..Span::NOT_NEGATIVE });
            at_least(&mut reading);
            return (above > Span::NOT_NEGATIVE.above).then_some(reading);
        };
        let exact = above == span.above;
        let mut reading = self.upr(Span { above, below: span.below });
        if exact {
            let figure = span.single().unwrap_or(Value::saturating(value.round() as i128));
            reading.figure = Some(figure);
        } else {
            reading.figure = None;
            let open = above <= Span::NOT_NEGATIVE.above;
            reading.form = if open { Form::Bound } else { Form::Range };
        }
        Some(reading)
    }

    /// The segment that gives the smallest UPR of those that are covered, by its number.
    pub(super) fn best_segment(&self, extent: &Extent) -> Option<(usize, Shown)> {
        let with = self.shown(extent).into_iter().enumerate().filter_map(|(at, segment)| {
            let below = of_upr(segment.covering.as_ref()?)?.0.below;
            Some((below, (at + 1, segment)))
        });
        with.min_by_key(|(below, _)| *below).map(|(_, best)| best)
    }

    /// `; smallest UPR of 2 segments: 0.8 to 1.3 um, of segment 2 (...)`: of a long axis, what the
    /// readings of its test say of it, and where the segment may lie.
    pub(super) fn segment_words(&self, extent: &Extent, readings: &[Reading]) -> Option<String> {
        let ends = upr_text(readings)?;
        let count = self.shown(extent).len();
        let words = format!("; smallest UPR of {}: {ends}", counted(count, "segment"));
        let Some((number, best)) = self.best_segment(extent).filter(|_| count > 0) else {
            return (count > 0).then_some(words);
        };
        let part = best.covering.as_ref()?;
        let [early, late] = best.begins.map(|at| place(at, self.rule.dimension));
        let found = Positioning::taken(part, false);
        let of = of_runs(&found);
        // Where it lies is known: no other target counts for its accuracy.
        let tested = match early == late {
            true => {
                let accuracy = figure_text(&found.two.accuracy, self.rule.dimension);
                format!("begins at {early} (A {accuracy}, {of})")
            }
            false => format!("may begin anywhere from {early} to {late} ({of} that may count)"),
        };
        Some(format!("{words}, of segment {number}, which {tested}"))
    }

    /// What it shows of the segments of an axis that is long and of a stated travel.
    fn shown(&self, extent: &Extent) -> Vec<Shown> {
        match extent.travel {
            Travel::Stated(travel) if extent.long == Long::Yes => {
                self.rule.shown(self.runs, travel)
            }
            _ => Vec::new(),
        }
    }

    /// Says how the UPR of a long axis comes about, and of which segments there is none.
    pub(super) fn say_segments(&self, said: &mut Said, extent: &Extent) {
        let shown = self.shown(extent);
        if shown.is_empty() {
            return;
        }
        let text = format!("a long axis: UPR by {}", self.rule.text);
        said.remarks.extend((!said.remarks.contains(&text)).then_some(text));
        let covered: Vec<&Shown> = shown
            .iter()
            .filter(|segment| segment.covering.as_ref().is_some_and(|part| of_upr(part).is_some()))
            .collect();
        let (has, count) = (covered.len(), shown.len());
        let some = match extent.travel {
            Travel::Stated(travel) => self.rule.holds_one(self.runs, travel),
            _ => false,
        };
        if has == 0 {
            let text = match some {
                true => "which segment targets cover depends on where they lie on the travel",
                false => "no segment of a long axis is surely covered by targets with a UPR",
            };
            said.open.push((text.to_owned(), SEE));
        } else if has < count {
            let text = format!(
                "a UPR of {has} of {count} segments only: that of the others may be smaller"
            );
            said.open.push((text, SEE));
        }
        if let Some(few) = covered.iter().find_map(|segment| segment.few.as_ref()) {
            said.open.push((format!("a segment that counts surely has {few}"), SEE));
        }
    }

    /// Says why the UPR of the segments of a long axis is not one figure, where the whole of it was
    /// tested; `both`: of the travel of the sheet and of what targets span.
    pub(super) fn say_between(&self, said: &mut Said, extent: &Extent, both: bool) {
        let exact = certain_upr(&said.readings).is_none_or(|reading| reading.form == Form::Plain);
        let Some((number, best)) = self.best_segment(extent).filter(|_| !exact) else { return };
        let Some(ends) = upr_text(&said.readings) else { return };
        let [early, late] = best.begins.map(|at| place(at, self.rule.dimension));
        if both {
            let text =
                format!("UPR is {ends}: the travel may be that of the sheet or what targets span");
            said.open.push((text, "check which of the two is right"));
        } else if early != late && extent.doubt.is_none() {
            let text = format!(
                "UPR is {ends}: targets do not reach both ends of the travel, so segment {number} \
                 may begin anywhere from {early} to {late}, and with it goes which of them count"
            );
            said.open.push((text, "read targets from one end of the travel to the other"));
        }
    }

    /// Says what is in doubt about a test, what it leaves open, and what to do.
    pub(super) fn say_doubt(&self, said: &mut Said, extent: &Extent) {
        let Some(doubt) = extent.doubt else { return };
        let ends = certain_upr(&said.readings).map(|reading| match reading.set {
            Set::Span(span) => {
                (span.above > Span::NOT_NEGATIVE.above, span.below < Span::NOT_NEGATIVE.below)
            }
            _ => (false, false),
        });
        let over = place(self.rule.over, self.rule.dimension);
        let what = match (extent.long, ends.unwrap_or_default()) {
            (Long::No, _) => {
                "the whole may show more, and every figure is bounded from below only".to_owned()
            }
            (Long::Unknown, _) => format!(
                "a longer axis may show more, and one over {over} is judged by its best segment: \
                 UPR and accuracy are left open"
            ),
            (Long::Yes, (true, true)) => {
                "the smallest UPR of its segments is bounded on both sides, and other figures are \
                 left open"
                    .to_owned()
            }
            (Long::Yes, (true, false)) => {
                "the smallest UPR of its segments is bounded from below only, and other figures \
                 are left open"
                    .to_owned()
            }
            (Long::Yes, (false, true)) => {
                "the smallest UPR of its segments is bounded from above only, and other figures \
                 are left open"
                    .to_owned()
            }
            (Long::Yes, (false, false)) => "nothing is known of the UPR of its segments".to_owned(),
        };
        let advice = match (doubt, extent.long) {
            (Doubt::TravelUnstated, _) => "state the travel",
            (_, Long::Yes) => "test every segment",
            _ => "test the whole travel",
        };
        let stands = said.readings.iter().any(|reading| reading.form.doubt() == Some(doubt));
        if stands && !said.doubts.contains(&doubt) {
            said.doubts.push(doubt);
        }
        said.open.push((format!("{}: {what}", extent.part_text()), advice));
    }

    /// The travel of an axis of which none is stated: at least what was tested, and, under the
    /// assumption that it is no longer, that.
    pub(super) fn travelled(&self, extent: &Extent) -> [Reading; 2] {
        let tested = extent.at_least();
        let span = Span { above: tested.cut_below(), ..Span::NOT_NEGATIVE };
        let reading = Reading { form: Form::Bound, ..self.reading("travel", span) };
        let taken = Reading {
            set: Set::Span(Span::point(tested)),
            figure: Some(tested),
            form: Form::Tested(Doubt::TravelUnstated),
            ..reading
        };
        // The first that is admitted says how long the axis is.
        [taken, reading]
    }

    /// A measured reading of the axis.
    pub(super) fn reading(&self, name: &'static str, span: Span) -> Reading {
        reading(name, self.axis, span)
    }

    /// The accuracy of a turn of an axis that was tested over more than one: between that of the
    /// best turn and that of all targets, as which turn counts is left to agreement.
    fn of_turn(&self) -> Option<Reading> {
        let (least, most) = accuracy_of_turn(self.runs, self.rule.over)?;
        if most.is_some_and(|most| most <= 0.0) {
            return None;
        }
        let least = around(least)?;
        let mut reading = Reading {
            standard: Standard::named("ISO 230-2:2014").unwrap_or(Standard::UNNAMED),
            uncertainty: None,
            ..self.reading("rotary_accuracy", least)
        };
        let Some(most) = most.and_then(around) else {
            at_least(&mut reading);
            return Some(reading);
        };
        if most != least {
            reading.set = Set::Span(Span { above: least.above, below: most.below });
            (reading.figure, reading.form) = (None, Form::Range);
        }
        Some(reading)
    }

    /// `; of a turn A 1.2 to 1.5 arcsec`, of a test over more than one.
    pub(super) fn turn_words(&self) -> Option<String> {
        let (least, most) =
            accuracy_of_turn(self.runs, self.rule.over).filter(|_| self.is_turns())?;
        let unit = Unit::named(Dimension::Angle, "arcsec").ok()?;
        let number = |value: f64| shown_number(value / unit.size as f64);
        let ends = match most {
            Some(most) if most > least => format!("{} to {}", number(least), number(most)),
            Some(_) => number(least),
            None => format!("{} or more", number(least)),
        };
        Some(format!("; of a turn A {ends} {}", unit.name()))
    }

    fn upr(&self, span: Span) -> Reading {
        let mut reading = self.reading("upr", span);
        reading.standard = Standard::named("ISO 230-2:2014").unwrap_or(Standard::UNNAMED);
        reading.uncertainty = self.budget.and_then(|budget| uncertainty("upr", budget));
        reading
    }
}

/// What is computed of a figure; none of nought, which no error is: the readings are too coarse.
fn computed(figure: &Figured) -> Option<f64> {
    figure.as_ref().ok().map(|computed| computed.value).filter(|value| *value > 0.0)
}

/// The UPR of all targets, to the count, and as computed.
fn of_upr(runs: &AxisRuns) -> Option<(Span, f64)> {
    let value = computed(&Positioning::taken(runs, false).upr)?;
    Some((upr_span(runs, value)?, value))
}

/// What readings say of UPR whatever is assumed.
fn certain_upr(readings: &[Reading]) -> Option<&Reading> {
    let upr = machine::id_of("upr");
    readings.iter().find(|reading| reading.parameter == upr && reading.form.doubt().is_none())
}

/// `0.8 um`, `0.8 to 1.3 um`, `at least 0.8 um`: what readings say of UPR whatever is assumed.
fn upr_text(readings: &[Reading]) -> Option<String> {
    let reading = certain_upr(readings)?;
    let Set::Span(span) = reading.set else { return None };
    let unit = Unit::named(Dimension::Length, "um").ok()?;
    let number = |value: Value| shown_number(value.count() as f64 / unit.size as f64);
    let low = span.low().filter(|low| low.count() > 0).map(number);
    let text = match (low, span.high().map(number)) {
        (Some(low), Some(high)) if low == high => low,
        (Some(low), Some(high)) => format!("{low} to {high}"),
        (Some(low), None) => format!("at least {low}"),
        (None, Some(high)) => format!("at most {high}"),
        (None, None) => return None,
    };
    Some(format!("{text} {}", unit.name()))
}

/// The figure is at least what was measured.
fn at_least(reading: &mut Reading) {
    if let Set::Span(span) = &mut reading.set {
        span.below = Span::NOT_NEGATIVE.below;
    }
    reading.figure = None;
    reading.form = Form::Bound;
}

/// The readings of an axis: every figure that can be computed.
fn readings(test: &Test<'_>, found: &Positioning) -> Vec<Reading> {
    let Test { axis, runs, budget, .. } = *test;
    let named = Standard::named;
    let (new, old) = (named("ISO 230-2:2014"), named("ISO 230-2:1988"));
    let rotary = runs.dimension == Dimension::Angle;
    let mut all: Vec<(&'static str, Option<Standard>, &Figured)> = Vec::new();
    if test.is_turns() {
        return test.of_turn().into_iter().collect();
    }
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
        let value = computed(figure)?;
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
pub(super) fn reading(name: &'static str, axis: u8, span: Span) -> Reading {
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
    while upr_meets_taken(runs, high)? {
        let Some(next) = Value::from_count(high.count() - 1).filter(|next| next.count() >= 0)
        else {
            return Some(Span::point(high));
        };
        high = next;
    }
    let met = Value::from_count(high.count() + 1)?;
    Some(Span { above: high.cut_above(), below: met.cut_above() })
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
