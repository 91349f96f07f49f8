//! The readings of spindles and slides: from the best to the worst turn or window of the test.

use super::extent::{Travel, place, stated_length};
use super::measured::Said;
use super::measured_axis::named;
use crate::machine::{
    self, Approach, Axis, AxisKind, Basis, Compensation, Form, Machine, Reading, Set, Standard,
};
use crate::metrology::{Motion, Sensitive, Slide, Spindle, Turns, Windows};
use crate::quantity::{Dimension, Span, Unit, Value, counted};

/// The travel over which the parameters of slides are meant.
const WINDOW_MM: i64 = 300;

/// What the turns of a spindle say: the smallest and the largest indicator reading of a turn.
///
/// Two probes whose readings turn with the spindle are no indicator: they give no reading.
pub(super) fn spindle(motion: Motion, turns: &Turns) -> Said {
    let (name, word) = match motion {
        Motion::Radial => ("spindle_runout", "run-out"),
        Motion::Axial => ("spindle_camming", "camming"),
    };
    let mut remarks = turns.remarks.clone();
    let found = Spindle::of(turns, motion);
    if turns.sensitive == Sensitive::Rotating {
        remarks.push(format!("two probes turned with the spindle are no indicator: no {word}"));
        let words = format!("{word}: not an indicator reading");
        return Said { words, remarks, ..Said::default() };
    }
    remarks.push(found.between_steps());
    let count = |value: f64| Value::saturating(value.round() as i128);
    let low = found.tir.iter().copied().fold(f64::INFINITY, f64::min);
    let (low, high) = (count(low), count(found.tir_max.0));
    let words = format!(
        "{word}: TIR of one turn {} ({} of {})",
        between(low, high, "um"),
        counted(found.turns, "turn"),
        counted(found.steps, "step")
    );
    let set = Span::between(low, high);
    let form = if low == high { Form::Plain } else { Form::Spread };
    Said { readings: vec![reading(name, set, form)], words, remarks, ..Said::default() }
}

/// What the angles of slides say: from the best to the worst window of all slides of the test.
///
/// A test that is shorter than a window bounds the angle from below only. Windows that hold one
/// position only, and those of a travel or a slide that nobody read, may be better or worse than
/// the others; those whose positions span less than their length hold at least what these show,
/// and at most what the positions around them show; those of few positions are bounded from below
/// only.
pub(super) fn slides(machine: &Machine, slides: &[Slide]) -> Said {
    let mut said = Said::default();
    said.remarks.extend(slides.first().map(|slide| slide.remarks.clone()).unwrap_or_default());
    let mm = Unit::named(Dimension::Length, "mm").map_or(1, |unit| unit.size);
    let length = Value::saturating(i128::from(WINDOW_MM) * i128::from(mm));
    let mut words = Vec::new();
    for (motion, name) in [("yaw", "slide_yaw"), ("pitch", "slide_pitch"), ("roll", "slide_roll")] {
        let (windows, unseen) = seen(machine, (slides, motion), length, &mut said.open);
        let short = windows.iter().any(|windows| !windows.whole);
        let Some(ends) = ends(&windows) else { continue };
        let (best, worst) = (ends.0.0, ends.1.1.unwrap_or(ends.1.0));
        let mut text = format!("{motion} {}", between(best, worst, "arcsec"));
        if short {
            said.remarks.push(format!("{motion}: tested over less than {WINDOW_MM} mm"));
        }
        if short || ends.1.1.is_none() {
            text += " or more";
        } else if unseen {
            text += " where it was seen";
        }
        words.push(text);
        let found = bounds(ends, short, unseen).into_iter();
        said.readings.extend(found.map(|(span, form)| reading(name, span, form)));
    }
    said.words = format!("{} (windows of {WINDOW_MM} mm)", words.join(", "));
    said
}

/// The best and the worst window, each with what it holds at least and, if that is known, at most.
type Ends = ((Value, Option<Value>), (Value, Option<Value>));

/// What windows prove, of which some are no whole ones, or some were not seen.
fn bounds((best, worst): Ends, short: bool, unseen: bool) -> Vec<(Span, Form)> {
    let span = |low: Option<Value>, high: Option<Value>| Span {
        above: low.map_or(Span::NOT_NEGATIVE.above, Value::cut_below),
        below: high.map_or(Span::NOT_NEGATIVE.below, Value::cut_above),
    };
    // A part that was not seen may be better than the best, or worse than the worst.
    let (low, high) = (Some(best.0).filter(|_| !unseen), worst.1.filter(|_| !unseen));
    if short {
        // Which window counts settles nothing where one that is no whole window is among them.
        return low.map(|low| (span(Some(low), None), Form::Bound)).into_iter().collect();
    }
    let all = span(low, high);
    let parts = [(span(low, best.1), Form::BestPart), (span(Some(worst.0), high), Form::WorstPart)];
    if parts.iter().all(|(part, _)| part.single().is_some()) {
        let form = if all.single().is_some() { Form::Plain } else { Form::Spread };
        return vec![(all, form)];
    }
    let bound = (all != Span::NOT_NEGATIVE).then_some((all, Form::Bound));
    bound.into_iter().chain(parts).collect()
}

/// The windows of one motion that were seen, and whether there may be others; says which.
fn seen(
    machine: &Machine,
    (slides, motion): (&[Slide], &str),
    length: Value,
    open: &mut Vec<(String, &'static str)>,
) -> (Vec<Windows>, bool) {
    let (mut windows, mut unseen, mut read) = (Vec::new(), false, Vec::new());
    let mut told: Vec<(String, &'static str)> = Vec::new();
    let closer = "read it at positions that are closer to each other, some of them as far apart \
                  as a window is long";
    for slide in slides.iter().filter(|slide| slide.motion == motion) {
        let at = match slide_of(machine, slide) {
            Ok(at) => at,
            Err(text) => {
                told.push((text, "name the slide as the sheet does, or list it there"));
                continue;
            }
        };
        read.extend(at);
        let left = unread(machine, at, slide, length);
        unseen |= left.is_some();
        told.extend(left);
        let of = format!("{} {motion}", slide.axis);
        match slide.windows(length) {
            Ok(found) => {
                windows.push(found);
                unseen |= found.unseen.is_some();
                let texts = [found.unseen_text(), found.partly_text(), found.few_text()];
                let texts = texts.into_iter().flatten();
                told.extend(texts.map(|text| (format!("{}: {text}", of.trim()), closer)));
            }
            Err(reason) => {
                unseen = true;
                let text = format!("{} is not computable: {}", of.trim(), reason.text());
                told.push((text, closer));
            }
        }
    }
    let others = (!windows.is_empty()).then(|| others(machine, &read, motion)).flatten();
    unseen |= others.is_some();
    told.extend(others);
    // What is said of one motion need not be said of the next.
    told.retain(|text| !open.contains(text));
    open.append(&mut told);
    (windows, unseen)
}

/// Whether an axis may be a slide.
fn is_slide(axis: &Axis) -> bool {
    axis.kind.is_none_or(|kind| kind == AxisKind::Linear)
}

/// Which axis of the sheet a slide is, if that is known; else why its angles give no reading.
fn slide_of(machine: &Machine, slide: &Slide) -> Result<Option<usize>, String> {
    let axes = machine.axes.iter().enumerate();
    let mut known = axes.filter(|(_, axis)| is_slide(axis));
    if slide.axis.is_empty() {
        let (first, second) = (known.next(), known.next());
        return Ok(first.filter(|_| second.is_none()).map(|(at, _)| at));
    }
    let found = named(machine, &slide.axis)?;
    if found.is_some_and(|found| machine.axes.get(found).is_some_and(is_slide)) {
        return Ok(found);
    }
    let labels: Vec<&str> = known.map(|(_, axis)| axis.label.as_str()).collect();
    if found.is_none() && labels.is_empty() && !machine.axes_complete {
        return Ok(None);
    }
    let labels = if labels.is_empty() { "none".to_owned() } else { labels.join(", ") };
    Err(format!(
        "the sheet lists no slide `{}`, only {labels}: its angles give no reading",
        slide.axis
    ))
}

/// That a slide has a longer travel than was read, or may have; its windows are not all seen then.
fn unread(
    machine: &Machine,
    at: Option<usize>,
    slide: &Slide,
    length: Value,
) -> Option<(String, &'static str)> {
    let axis = at.and_then(|at| u8::try_from(at).ok());
    let travel = axis.map_or(Travel::Unstated, |axis| stated_length(machine, axis));
    let of = match slide.axis.as_str() {
        "" => "the slide".to_owned(),
        label => format!("slide {label}"),
    };
    let span = place(slide.span(), Dimension::Length);
    match travel {
        Travel::Stated(travel) | Travel::Between(_, travel) => {
            let open = travel > length && !slide.coverage(travel).reaches_ends();
            open.then(|| {
                let travel = place(travel, Dimension::Length);
                let text = format!(
                    "{of} was read over {span} of a travel of {travel}: other windows may be \
                     better or worse"
                );
                (text, "read it over its whole travel")
            })
        }
        Travel::AtLeast(_) | Travel::Unstated => {
            let text = format!(
                "{of} was read over {span}, and no upper end of its travel is stated: other \
                 windows may be better or worse"
            );
            Some((text, "state the travel"))
        }
    }
}

/// That the sheet lists slides that were not read, or may leave some out.
fn others(machine: &Machine, read: &[usize], motion: &str) -> Option<(String, &'static str)> {
    let axes = machine.axes.iter().enumerate();
    let left = axes.filter(|(at, axis)| is_slide(axis) && !read.contains(at));
    let left: Vec<&str> = left.map(|(_, axis)| axis.label.as_str()).collect();
    if !left.is_empty() {
        let text =
            format!("no {motion} of {} was read, which may be better or worse", left.join(", "));
        return Some((text, "read every slide that the sheet lists"));
    }
    (!machine.axes_complete).then(|| {
        let text =
            "the sheet does not say that it lists every slide: others may be better or worse";
        (text.to_owned(), "say that its axes are complete")
    })
}

/// What the best and the worst of the windows that were seen hold at least and at most.
fn ends(windows: &[Windows]) -> Option<Ends> {
    let best = windows.iter().map(|of| of.best.0).min()?;
    let best_most = windows.iter().filter_map(|of| of.best_most).min();
    let worst = windows.iter().map(|of| of.worst.0).max()?;
    let worst_most: Option<Vec<Value>> = windows.iter().map(|of| of.worst_most).collect();
    let worst_most = worst_most.and_then(|all| all.into_iter().max());
    Some(((best, best_most), (worst, worst_most)))
}

fn between(low: Value, high: Value, unit: &str) -> String {
    let named = [Dimension::Length, Dimension::Angle].map(|of| Unit::named(of, unit));
    let Some(unit) = named.into_iter().flatten().next() else { return String::new() };
    if low == high {
        return low.text(unit);
    }
    format!("{} to {}", low.text(unit), high.text(unit))
}

fn reading(name: &'static str, span: Span, form: Form) -> Reading {
    let turning = name.starts_with("spindle").then(|| Standard::named("ISO 230-1:1986"));
    Reading {
        parameter: machine::id_of(name),
        axis: None,
        set: Set::Span(span),
        figure: span.single(),
        form,
        uncertainty: None,
        standard: turning.flatten().unwrap_or(Standard::UNNAMED),
        approach: Approach::Unsaid,
        compensation: Compensation::Unsaid,
        basis: Basis::Measured,
        option: None,
        column: 0,
    }
}
