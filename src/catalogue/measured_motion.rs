//! The readings of spindles and slides: from the best to the worst turn or window of the test.

use super::measured::Said;
use crate::machine::{self, Approach, Basis, Compensation, Form, Reading, Set, Standard};
use crate::metrology::{Motion, Sensitive, Slide, Spindle, Turns};
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
/// position only may be better or worse than the others.
pub(super) fn slides(slides: &[Slide]) -> Said {
    let mut said = Said::default();
    said.remarks.extend(slides.first().map(|slide| slide.remarks.clone()).unwrap_or_default());
    let mm = Unit::named(Dimension::Length, "mm").map_or(1, |unit| unit.size);
    let length = Value::saturating(i128::from(WINDOW_MM) * i128::from(mm));
    let mut words = Vec::new();
    for (motion, name) in [("yaw", "slide_yaw"), ("pitch", "slide_pitch"), ("roll", "slide_roll")] {
        let of_motion = slides.iter().filter(|slide| slide.motion == motion);
        let (mut windows, mut unseen) = (Vec::new(), false);
        for slide in of_motion {
            let of = format!("{} {motion}", slide.axis);
            let (told, none) = match slide.windows(length) {
                Ok(found) => {
                    windows.push(found);
                    (found.unseen_text().map(|text| format!("{}: {text}", of.trim())), false)
                }
                Err(reason) => {
                    let text = format!("{} is not computable: {}", of.trim(), reason.text());
                    (Some(text), true)
                }
            };
            unseen |= none || told.is_some();
            let closer = "read it at positions that are closer to each other";
            said.open.extend(told.map(|text| (text, closer)));
        }
        let short = windows.iter().any(|windows| !windows.whole);
        let low = windows.iter().map(|windows| windows.best.0).min();
        let high = windows.iter().map(|windows| windows.worst.0).max();
        let Some((low, high)) = low.zip(high) else { continue };
        let mut set = Span::between(low, high);
        let mut text = format!("{motion} {}", between(low, high, "arcsec"));
        if short {
            set.below = Span::NOT_NEGATIVE.below;
            let reason = format!("{motion}: tested over less than {WINDOW_MM} mm");
            said.remarks.push(reason);
            text += " or more";
        } else if unseen {
            text += " where it was seen";
        }
        // Which window counts settles nothing where one that is no whole window is among them.
        let form = match (short, unseen, set.single()) {
            // A bound from below of what was not seen either: nothing is left.
            (true, true, _) => {
                words.push(text);
                continue;
            }
            (true, false, _) => Form::Bound,
            (false, true, _) => Form::SpreadSeen,
            (false, false, None) => Form::Spread,
            (false, false, Some(_)) => Form::Plain,
        };
        said.readings.push(reading(name, set, form));
        words.push(text);
    }
    said.words = format!("{} (windows of {WINDOW_MM} mm)", words.join(", "));
    said
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
