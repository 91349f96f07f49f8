//! The readings of spindles and slides: from the best to the worst turn or window of the test.

use super::measured::Said;
use crate::machine::{self, Approach, Basis, Compensation, Form, Reading, Set, Standard};
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
    let count = |value: f64| Value::saturating(value.round() as i128);
    let low = found.tir.iter().copied().fold(f64::INFINITY, f64::min);
    let (low, high) = (count(low), count(found.tir_max.0));
    let words = format!(
        "{word}: TIR of one turn {} ({})",
        between(low, high, "um"),
        counted(found.turns, "turn")
    );
    let set = Span::between(low, high);
    let form = if low == high { Form::Plain } else { Form::Spread };
    Said { readings: vec![reading(name, set, form)], words, remarks, ..Said::default() }
}

/// What the angles of slides say: from the best to the worst window of all slides of the test.
///
/// A test that is shorter than a window bounds the angle from below only. Windows that hold one
/// position only may be better or worse than the others; those whose positions span less than their
/// length hold at least what these show, and at most what the positions around them show.
pub(super) fn slides(slides: &[Slide]) -> Said {
    let mut said = Said::default();
    said.remarks.extend(slides.first().map(|slide| slide.remarks.clone()).unwrap_or_default());
    let mm = Unit::named(Dimension::Length, "mm").map_or(1, |unit| unit.size);
    let length = Value::saturating(i128::from(WINDOW_MM) * i128::from(mm));
    let mut words = Vec::new();
    for (motion, name) in [("yaw", "slide_yaw"), ("pitch", "slide_pitch"), ("roll", "slide_roll")] {
        let of_motion = slides.iter().filter(|slide| slide.motion == motion);
        let (mut windows, mut unseen): (Vec<Windows>, bool) = (Vec::new(), false);
        for slide in of_motion {
            let of = format!("{} {motion}", slide.axis);
            let told = match slide.windows(length) {
                Ok(found) => {
                    windows.push(found);
                    unseen |= found.unseen.is_some();
                    let texts = [found.unseen_text(), found.partly_text(), found.few_text()];
                    let told = texts.into_iter().flatten();
                    told.map(|text| format!("{}: {text}", of.trim())).collect()
                }
                Err(reason) => {
                    unseen = true;
                    vec![format!("{} is not computable: {}", of.trim(), reason.text())]
                }
            };
            let closer = "read it at positions that are closer to each other, some of them as far \
                          apart as a window is long";
            said.open.extend(told.into_iter().map(|text| (text, closer)));
        }
        let short = windows.iter().any(|windows| !windows.whole);
        let Some((best, worst)) = ends(&windows) else { continue };
        let (low, high) = (best.0, worst.1);
        let partly = windows.iter().any(|windows| windows.partly.is_some());
        let mut text = format!("{motion} {}", between(low, high, "arcsec"));
        if short {
            said.remarks.push(format!("{motion}: tested over less than {WINDOW_MM} mm"));
            text += " or more";
        } else if unseen {
            text += " where it was seen";
        }
        words.push(text);
        let least = |low: Value| Span { above: low.cut_below(), ..Span::NOT_NEGATIVE };
        let most = |high: Value| Span { below: high.cut_above(), ..Span::NOT_NEGATIVE };
        let all = Span::between(low, high);
        // Which window counts settles nothing where one that is no whole window is among them.
        let found = match (short, unseen, partly) {
            // A bound from below of what was not seen either: nothing is left.
            (true, true, _) => Vec::new(),
            (true, false, _) => vec![(least(low), Form::Bound)],
            // A part that was not seen may be better than the best, or worse than the worst.
            (false, true, _) => {
                vec![(most(best.1), Form::BestPart), (least(worst.0), Form::WorstPart)]
            }
            (false, false, true) => vec![
                (all, Form::Bound),
                (Span::between(best.0, best.1), Form::BestPart),
                (Span::between(worst.0, worst.1), Form::WorstPart),
            ],
            (false, false, false) if all.single().is_some() => vec![(all, Form::Plain)],
            (false, false, false) => vec![(all, Form::Spread)],
        };
        said.readings.extend(found.into_iter().map(|(span, form)| reading(name, span, form)));
    }
    said.words = format!("{} (windows of {WINDOW_MM} mm)", words.join(", "));
    said
}

/// What the best and the worst of the windows that were seen hold at least and at most.
fn ends(windows: &[Windows]) -> Option<((Value, Value), (Value, Value))> {
    let best = windows.iter().map(|of| of.best.0).min()?;
    let best_most = windows.iter().map(|of| of.best_most).min()?;
    let worst = windows.iter().map(|of| of.worst.0).max()?;
    let worst_most = windows.iter().map(|of| of.worst_most).max()?;
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
