//! The readings of spindles and slides: from the best to the worst turn or window of the test.

use super::axis::named;
use super::extent::{Travel, place, stated_length};
use super::{SEE, Said};
use crate::machine::{
    self, Approach, Axis, AxisKind, Basis, Compensation, Form, Machine, Reading, Set, Standard,
};
use crate::metrology::{
    Motion, NoWindows, Parts, Sensitive, Slide, Spindle, Turns, Windows, beyond_most,
};
use crate::quantity::{Dimension, Span, Unit, Value, counted};

/// The travel over which the parameters of slides are meant.
const WINDOW_MM: i64 = 300;
/// What to do about what the steps of a turn do not show.
const STEPS: &str = "read a turn at more steps";

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
    let open: Vec<_> = found.notes().into_iter().map(|text| (text, STEPS)).collect();
    let parts = match found.parts() {
        Ok(parts) => parts,
        Err(why) => {
            let words = format!("{word}: not computable");
            let open = vec![(format!("{word} is not computable: {why}"), SEE)];
            return Said { words, remarks, open, ..Said::default() };
        }
    };
    let words = format!(
        "{word}: TIR of one turn {} ({} of {})",
        ends_text(parts, "um"),
        counted(found.turns, "turn"),
        counted(found.steps, "step")
    );
    let found = bounds(parts, false, false).into_iter();
    let readings = found.map(|(span, form)| reading(name, span, form)).collect();
    Said { readings, words, remarks, open, ..Said::default() }
}

/// What the angles of slides say: from the best to the worst window of all slides of the test.
///
/// A test that is shorter than a window bounds the angle from below only. Windows of a travel or a
/// slide that nobody read may be better or worse than those that were read.
pub(super) fn slides(machine: &Machine, slides: &[Slide]) -> Said {
    let mut said = Said::default();
    said.remarks.extend(slides.first().map(|slide| slide.remarks.clone()).unwrap_or_default());
    let mm = Unit::named(Dimension::Length, "mm").map_or(1, |unit| unit.size);
    let length = Value::saturating(i128::from(WINDOW_MM) * i128::from(mm));
    let mut words = Vec::new();
    for (motion, name) in [("yaw", "slide_yaw"), ("pitch", "slide_pitch"), ("roll", "slide_roll")] {
        let (windows, unseen) = seen(machine, (slides, motion), length, &mut said.open);
        let short = windows.iter().any(|windows| !windows.whole);
        let parts: Vec<Parts> = windows.iter().map(|windows| windows.parts).collect();
        let Some(parts) = Parts::of_all(&parts) else { continue };
        let mut text = format!("{motion} {}", ends_text(parts, "arcsec"));
        if short && parts.worst.1.is_some() {
            text += " or more";
        } else if unseen {
            text += " where it was seen";
        }
        words.push(text);
        let found = bounds(parts, short, unseen).into_iter();
        said.readings.extend(found.map(|(span, form)| reading(name, span, form)));
    }
    said.words = format!("{} (windows of {WINDOW_MM} mm)", words.join(", "));
    said
}

/// What parts prove, of which some are no whole ones, or some were not seen.
fn bounds(Parts { best, worst }: Parts, short: bool, unseen: bool) -> Vec<(Span, Form)> {
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
    // Where nothing tells the best from the worst, which one counts settles nothing.
    let [(best, _), (worst, _)] = parts;
    let parts = parts.into_iter().filter(|_| best != worst);
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
    let closer = "read it at positions that are closer to each other";
    for slide in slides.iter().filter(|slide| slide.motion == motion) {
        let at = match slide_of(machine, slide) {
            Ok(at) => at,
            Err(text) => {
                told.push((text, "name the slide as the sheet does, or list it there"));
                continue;
            }
        };
        read.extend(at);
        let travel = travel_of(machine, at);
        if let Some(other) = travel.and_then(|travel| beyond(slide, travel)) {
            unseen = true;
            told.push(other);
            continue;
        }
        if travel.is_none() {
            unseen = true;
            told.push(unstated(slide));
        }
        let of = format!("{} {motion}", slide.axis);
        match slide.windows(length, travel) {
            Ok(found) => {
                let unread = found.unread_text(&slide_text(slide));
                told.extend(unread.map(|text| (text, "read it over its whole travel")));
                windows.push(found);
                let texts = found.notes().into_iter();
                told.extend(texts.map(|text| (format!("{}: {text}", of.trim()), closer)));
            }
            Err(reason) => {
                unseen = true;
                let text = format!("{} is not computable: {}", of.trim(), reason.text());
                told.push((text, if reason == NoWindows::Still { SEE } else { closer }));
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

/// The travel of a slide at most, where the sheet states an upper end of it.
fn travel_of(machine: &Machine, at: Option<usize>) -> Option<Value> {
    match stated_length(machine, at.and_then(|at| u8::try_from(at).ok())?) {
        Travel::Stated(travel) | Travel::Between(_, travel) => Some(travel),
        Travel::AtLeast(_) | Travel::Unstated => None,
    }
}

/// That no upper end of a slide's travel is stated.
fn unstated(slide: &Slide) -> (String, &'static str) {
    let (of, span) = (slide_text(slide), place(slide.span(), Dimension::Length));
    let text = format!(
        "{of} was read over {span}, and no upper end of its travel is stated: other windows may \
         be better or worse"
    );
    (text, "state the travel")
}

/// That a slide was read over more than its travel: which of the windows are on it is not known.
fn beyond(slide: &Slide, travel: Value) -> Option<(String, &'static str)> {
    let more = i128::from(slide.span().count()) - i128::from(travel.count());
    (more > beyond_most(travel).count().into()).then(|| {
        let [span, travel] = [slide.span(), travel].map(|of| place(of, Dimension::Length));
        let of = slide_text(slide);
        let text = format!(
            "{of} was read over {span}, and the sheet states a travel of {travel}: which windows \
             are on it is not known, and none is taken"
        );
        (text, "read the slide that the sheet states, over its travel")
    })
}

/// `slide X`, or `the slide`.
fn slide_text(slide: &Slide) -> String {
    match slide.axis.as_str() {
        "" => "the slide".to_owned(),
        label => format!("slide {label}"),
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

/// From what the best part holds at least to what the worst holds at most.
fn ends_text(Parts { best: (low, _), worst: (least, most) }: Parts, unit: &str) -> String {
    let named = [Dimension::Length, Dimension::Angle].map(|of| Unit::named(of, unit));
    let Some(unit) = named.into_iter().flatten().next() else { return String::new() };
    let high = most.unwrap_or(least);
    let more = if most.is_none() { " or more" } else { "" };
    if low == high {
        return format!("{}{more}", low.text(unit));
    }
    format!("{} to {}{more}", low.text(unit), high.text(unit))
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
