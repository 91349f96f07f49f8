//! What measurements add to verdicts: what inflates them, what contradicts them, and which reading
//! of the law settles a spread.

use super::Verdict;
use super::decide::Decided;
use super::evaluator::Evaluator;
use super::observe::Missing;
use crate::evidence::{Key, Side, sides};
use crate::list::List;
use crate::machine::{Basis, Form, Machine, Measurement, Reading, Set};
use crate::quantity::{Span, Unit, Value};
use crate::rule::Root;

/// What makes the measurements larger than the machine is on which an absence of capture rests: of
/// each entry, in words. Empty where no absence of capture rests on a measurement.
///
/// A verdict rests on a measurement if it is another without it.
pub(super) fn inflated(
    evaluator: &Evaluator,
    machine: &Machine,
    found: impl Fn(Root) -> Verdict,
) -> Vec<Vec<String>> {
    let program = &evaluator.program;
    let mut all = vec![Vec::new(); program.entries().len()];
    let marked: Vec<&Measurement> =
        machine.measurements.iter().filter(|test| !test.inflated.is_empty()).collect();
    let clears = |root: Root| found(root) == Verdict::NotCaptured;
    if marked.is_empty() || !program.entries().iter().any(|entry| clears(entry.verdict)) {
        return all;
    }
    let without = |tests: &[&Measurement]| {
        let mut machine = machine.clone();
        machine.readings.retain(|reading| {
            let of =
                |test: &&Measurement| (test.column, test.axis) == (reading.column, reading.axis);
            reading.basis != Basis::Measured || !tests.iter().any(of)
        });
        let policy = &evaluator.setup.policy;
        Decided::new(evaluator, program, &[machine], policy, |_, root| clears(root))
    };
    let single: Vec<Decided> = marked.iter().map(|test| without(&[test])).collect();
    let together = without(&marked);
    for (entry, said) in program.entries().iter().zip(&mut all) {
        let root = entry.verdict;
        if !clears(root) || together.verdict(root, 0) == Verdict::NotCaptured {
            continue;
        }
        let needed = |decided: &Decided| decided.verdict(root, 0) != Verdict::NotCaptured;
        let alone = single.iter().any(needed);
        let tests = marked.iter().zip(&single).filter(|(_, decided)| !alone || needed(decided));
        said.extend(tests.map(|(test, _)| words(machine, test)));
    }
    all
}

fn words(machine: &Machine, test: &Measurement) -> String {
    let axis = test.axis.and_then(|axis| machine.axes.get(usize::from(axis)));
    let of = axis.map_or_else(String::new, |axis| format!(" of {}", axis.label));
    format!(
        "rests on the measurement{of} ({}); what inflates UPR and accuracy: {}; a better test may \
         find less",
        test.file,
        test.inflated.join(", ")
    )
}

/// What the measurements of a machine leave open, in words: `the measurement of X (m.csv): UPR is
/// not computable: ...`.
pub fn open_text(machine: &Machine) -> Vec<String> {
    let of_test = |test: &Measurement| {
        let axis = test.axis.and_then(|axis| machine.axes.get(usize::from(axis)));
        let of = axis.map_or_else(String::new, |axis| format!(" of {}", axis.label));
        let file = test.file.clone();
        test.open
            .clone()
            .into_iter()
            .map(move |text| format!("the measurement{of} ({file}): {text}"))
    };
    machine.measurements.iter().flat_map(of_test).collect()
}

/// The readings of the law that would settle what a measurement leaves open: `NAME: what is open`.
pub(super) fn policies(list: &List, machine: &Machine, missing: &[Missing]) -> Vec<String> {
    let open = |key: &Key| {
        let of = |reading: &&Reading| reading.parameter == key.parameter;
        machine.readings.iter().filter(of).any(|reading| reading.form == Form::Spread)
    };
    let mut found = Vec::new();
    for policy in &list.policies {
        let concerned = missing.iter().any(|missing| match missing {
            Missing::Reading { key, .. } => policy.readings.contains(&key.parameter) && open(key),
            _ => false,
        });
        if concerned {
            found.push(format!("{}: {}", policy.id, policy.text));
        }
    }
    found
}

/// Contradicting sources in words: `stated 1 µm, measured 0.8 µm ± 0.1 µm, k = 2 (m.csv)`.
///
/// Where fewer than two figures of the parameter itself stand against each other, what each source
/// proves of it: `stated 2 µm, measured at most 0.5 µm by UPR ≤ R↑ (m.csv)`. Empty where that is
/// not to be told apart.
pub fn conflict_text(machine: &Machine, conflict: &Missing) -> String {
    let Missing::Reading { key, axis } = conflict else { return String::new() };
    let Some(unit) = key.parameter.row().unit() else { return String::new() };
    let label = |reading: &Reading| {
        let at = reading.axis.and_then(|axis| machine.axes.get(usize::from(axis)));
        at.map(|axis| axis.label.clone())
    };
    let mut found: Vec<String> = Vec::new();
    for reading in &machine.readings {
        let same = reading.parameter == key.parameter
            && label(reading) == *axis
            && key.by.is_none_or(|by| by == reading.standard);
        let measured = (reading.basis == Basis::Measured).then_some(reading.column);
        let text = figure(reading, unit).filter(|_| same);
        let text = text.map(|text| format!("{text}{}", file_of(machine, measured)));
        found.extend(text.filter(|text| !found.contains(text)));
    }
    if found.len() < 2 {
        let at = machine.axes.iter().position(|known| Some(&known.label) == axis.as_ref());
        let sides = at.map(|at| sides(machine, *key, at)).unwrap_or_default();
        found = sides.iter().map(|side| side_text(machine, side, unit)).collect();
    }
    if found.len() < 2 { String::new() } else { found.join(", ") }
}

/// What one source proves of a figure, in words.
fn side_text(machine: &Machine, side: &Side, unit: &Unit) -> String {
    let bases: Vec<&str> = side.bases.iter().map(|basis| basis.word()).collect();
    let span = shown(side.span, unit, side.column.is_some());
    let by = side.reason.map_or_else(String::new, |reason| format!(" by {reason}"));
    format!("{} {span}{by}{}", bases.join(" and "), file_of(machine, side.column))
}

/// A span in words; the ends of measured ones, whose enclosures are a count wide, as figures are
/// shown.
fn shown(span: Span, unit: &Unit, measured: bool) -> String {
    if !measured {
        return span.text(unit);
    }
    let above = span.low().map_or(span.above, |low| rounded(low, unit).cut_below());
    let below = span.high().map_or(span.below, |high| rounded(high, unit).cut_above());
    Span { above, below }.text(unit)
}

/// The file of the test whose readings stand in a column, in parentheses.
fn file_of(machine: &Machine, column: Option<u16>) -> String {
    let of_column = |test: &&Measurement| Some(test.column) == column;
    let test = machine.measurements.iter().find(of_column);
    test.map_or_else(String::new, |test| format!(" ({})", test.file))
}

/// Measured figures beside larger ones of a catalogue that they do not contradict, in words: a
/// figure of an error whose basis is a catalogue's, or is not said, bounds it from above only.
///
/// Only of parameters that some list asks for.
pub fn beside_text(evaluator: &Evaluator, machine: &Machine) -> Vec<String> {
    let frame = evaluator.program.frame();
    let printed = |of: &Reading, by: &Reading| {
        let plain = !matches!(by.form, Form::Bound | Form::Typical | Form::PerLength);
        let same = (of.parameter, of.axis) == (by.parameter, by.axis)
            && (of.standard == by.standard || !of.parameter.row().editioned);
        same && plain && by.basis >= Basis::Catalogue
    };
    let mut found: Vec<String> = Vec::new();
    for reading in machine.readings.iter().filter(|reading| reading.basis == Basis::Measured) {
        let row = reading.parameter.row();
        let (Some(unit), true) =
            (row.unit(), row.error && frame.place(reading.parameter).is_some())
        else {
            continue;
        };
        let Set::Span(span) = reading.set else { continue };
        let larger = |by: &&Reading| {
            let ends = reading.figure.or(span.high()).zip(by.figure);
            printed(reading, by) && ends.is_some_and(|(measured, printed)| measured < printed)
        };
        for by in machine.readings.iter().filter(larger) {
            let axis = reading.axis.and_then(|axis| machine.axes.get(usize::from(axis)));
            let of = axis.map_or_else(String::new, |axis| format!(" of {}", axis.label));
            let (Some(one), Some(other)) = (figure(by, unit), figure(reading, unit)) else {
                continue;
            };
            let text = format!(
                "{}{of}: {one}, {other}: no contradiction, as the figure of a catalogue, or of \
                 a basis that is not said, is an upper bound only",
                row.name
            );
            found.extend((!found.contains(&text)).then_some(text));
        }
    }
    found
}

fn figure(reading: &Reading, unit: &Unit) -> Option<String> {
    let Set::Span(span) = reading.set else { return None };
    let measured = reading.basis == Basis::Measured;
    let value = match reading.figure.filter(|_| reading.form != Form::Spread) {
        // A computed figure has more digits than any test resolves.
        Some(value) if measured => rounded(value, unit).text(unit),
        Some(value) => value.text(unit),
        None => shown(span, unit, measured),
    };
    let mut text = format!("{} {value}", reading.basis.word());
    if let Some(expanded) = reading.uncertainty {
        let factor = if measured { ", k = 2" } else { "" };
        text += &format!(" ± {}{factor}", rounded(expanded, unit).text(unit));
    }
    Some(text)
}

/// A value to a thousandth of a unit.
fn rounded(value: Value, unit: &Unit) -> Value {
    let step = i128::from(unit.size / 1000).max(1);
    let count = i128::from(value.count());
    Value::saturating((2 * count + step).div_euclid(2 * step) * step)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quantity::Dimension;

    #[test]
    fn values_are_rounded_for_people_only() {
        let um = Unit::named(Dimension::Length, "um").expect("a unit");
        for (count, text) in [(632_455, "0.632 µm"), (632_500, "0.633 µm"), (499, "0 µm")] {
            let value = Value::from_count(count).expect("fits");
            assert_eq!(rounded(value, um).text(um), text);
        }
    }
}
