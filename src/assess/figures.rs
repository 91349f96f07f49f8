//! Figures of tests in words: beside what a sheet says, and against it.

use super::evaluator::Evaluator;
use super::observe::Missing;
use crate::evidence::{Side, sides};
use crate::list::{Against, Bound, Condition};
use crate::machine::{Basis, Form, Machine, Measurement, ParameterId, Reading, Set};
use crate::quantity::{Span, Unit, Value};

/// What the measurements of a machine leave open, in words: `the measurement of X (m.csv): UPR is
/// not computable: ...`. What an assumption that is not made would take as settled names it.
pub fn open_text(evaluator: &Evaluator, machine: &Machine) -> Vec<String> {
    let assumptions = &evaluator.setup.policy.assumptions;
    let of_test = |test: &Measurement| {
        let axis = test.axis.and_then(|axis| machine.axes.get(usize::from(axis)));
        let of = axis.map_or_else(String::new, |axis| format!(" of {}", axis.label));
        let file = test.file.clone();
        let mut open = test.open.clone();
        for doubt in &test.doubts {
            let Some(assumption) = assumptions.on(*doubt) else { continue };
            let name = &assumption.name;
            let taken = doubt.taken();
            open.push(if assumption.active {
                format!("counted as of {taken} all the same: assumed: {name}")
            } else {
                format!("--assume {name} would count it as of {taken}")
            });
        }
        open.into_iter().map(move |text| format!("the measurement{of} ({file}): {text}"))
    };
    machine.measurements.iter().flat_map(of_test).collect()
}

/// Contradicting sources in words: `stated 1 µm, measured 0.8 µm ± 0.1 µm, k = 2 (m.csv)`.
///
/// Where fewer than two figures of the parameter itself stand against each other, what each source
/// proves of it: `stated 2 µm, measured at most 0.5 µm by UPR ≤ R↑ (m.csv)`. Empty where that is
/// not to be told apart.
///
/// No figure is rounded onto or across another one, or across a limit of the lists at hand.
pub fn conflict_text(evaluator: &Evaluator, machine: &Machine, conflict: &Missing) -> String {
    let policy = &evaluator.setup.policy;
    let Missing::Reading { key, axis } = conflict else { return String::new() };
    let Some(unit) = key.parameter.row().unit() else { return String::new() };
    let label = |reading: &Reading| {
        let at = reading.axis.and_then(|axis| machine.axes.get(usize::from(axis)));
        at.map(|axis| axis.label.clone())
    };
    let beside = Beside { unit, against: against(evaluator, machine, key.parameter) };
    let mut found: Vec<String> = Vec::new();
    let admitted = || machine.readings.iter().filter(|reading| policy.admits(reading));
    for reading in admitted().filter(|reading| !superseded(reading, admitted())) {
        let same = reading.parameter == key.parameter
            && !reading.form.is_of_part()
            && label(reading) == *axis
            && key.by.is_none_or(|by| by == reading.standard);
        let measured = (reading.basis == Basis::Measured).then_some(reading.column);
        let text = beside.figure(reading).filter(|_| same);
        let text = text.map(|text| format!("{text}{}", file_of(machine, measured)));
        found.extend(text.filter(|text| !found.contains(text)));
    }
    if found.len() < 2 {
        let at = machine.axes.iter().position(|known| Some(&known.label) == axis.as_ref());
        let sides = at.map(|at| sides(machine, *key, at, policy)).unwrap_or_default();
        found = sides.iter().map(|side| beside.side(machine, side)).collect();
    }
    if found.len() < 2 { String::new() } else { found.join(", ") }
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
    let policy = &evaluator.setup.policy;
    let measured = |reading: &&Reading| {
        let of_part = reading.form.is_of_part();
        reading.basis == Basis::Measured && !of_part && policy.admits(reading)
    };
    for reading in machine.readings.iter().filter(measured) {
        let (row_of, row) = (reading.parameter, reading.parameter.row());
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
            let beside = Beside { unit, against: against(evaluator, machine, row_of) };
            let (Some(one), Some(other)) = (beside.figure(by), beside.figure(reading)) else {
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

/// Whether a bound is of a test whose figure counts itself.
fn superseded<'r>(bound: &Reading, mut all: impl Iterator<Item = &'r Reading>) -> bool {
    let of = |r: &Reading| (r.parameter, r.axis, r.standard, r.column, r.basis);
    matches!(bound.form, Form::Bound | Form::Range)
        && bound.basis == Basis::Measured
        && all.any(|reading| reading.form.doubt().is_some() && of(reading) == of(bound))
}

/// What a figure of a parameter is compared with: the limits of the lists at hand, and the figures
/// of the sheet.
fn against(evaluator: &Evaluator, machine: &Machine, parameter: ParameterId) -> Vec<Value> {
    let mut found = Vec::new();
    for entry in evaluator.program.entries() {
        let list = &entry.list;
        let named = list.reasons.iter().chain(&list.flags).map(|named| &named.when);
        let clauses = list.clauses.iter().map(|clause| &clause.when);
        let notes = list.notes.iter().map(|note| &note.when);
        for condition in clauses.chain(notes).chain(named) {
            condition.walk(&mut |part| {
                let Condition::Test(test) = part else { return };
                let Against::Limits(limits) = &test.against else { return };
                let fixed = limits.iter().filter_map(|(_, bound)| match bound {
                    Bound::Fixed(value) => Some(*value),
                    Bound::Sloped(_) => None,
                });
                found.extend(fixed.filter(|_| test.parameter == parameter));
            });
        }
    }
    for reading in machine.readings.iter().filter(|r| r.parameter == parameter) {
        let ends = match reading.set {
            Set::Span(span) if reading.basis != Basis::Measured => [span.low(), span.high()],
            _ => [None; 2],
        };
        let printed = reading.figure.filter(|_| reading.basis != Basis::Measured);
        found.extend(ends.into_iter().chain([printed]).flatten());
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// Figures in words, beside those that they are compared with.
struct Beside<'u> {
    unit: &'u Unit,
    against: Vec<Value>,
}

impl Beside<'_> {
    /// What one source proves of a figure, in words.
    fn side(&self, machine: &Machine, side: &Side) -> String {
        let bases: Vec<&str> = side.bases.iter().map(|basis| basis.word()).collect();
        let span = self.shown(side.span, side.column.is_some());
        let by = side.reason.map_or_else(String::new, |reason| format!(" by {reason}"));
        format!("{} {span}{by}{}", bases.join(" and "), file_of(machine, side.column))
    }

    /// A span in words; the ends of measured ones, whose enclosures are a count wide, as figures
    /// are shown.
    fn shown(&self, span: Span, measured: bool) -> String {
        if !measured {
            return span.text(self.unit);
        }
        let above = span.low().map_or(span.above, |low| self.rounded(low).cut_below());
        let below = span.high().map_or(span.below, |high| self.rounded(high).cut_above());
        Span { above, below }.text(self.unit)
    }

    fn figure(&self, reading: &Reading) -> Option<String> {
        let Set::Span(span) = reading.set else { return None };
        let measured = reading.basis == Basis::Measured;
        let value = match reading.figure.filter(|_| reading.form != Form::Spread) {
            // A computed figure has more digits than any test resolves.
            Some(value) if measured => self.rounded(value).text(self.unit),
            Some(value) => value.text(self.unit),
            None => self.shown(span, measured),
        };
        let mut text = format!("{} {value}", reading.basis.word());
        if let Some(expanded) = reading.uncertainty {
            let factor = if measured { ", k = 2" } else { "" };
            let free = Beside { unit: self.unit, against: Vec::new() };
            text += &format!(" ± {}{factor}", free.rounded(expanded).text(self.unit));
        }
        Some(text)
    }

    /// A value to a thousandth of a unit, and finer where that would put it onto or across one that
    /// it is compared with.
    fn rounded(&self, value: Value) -> Value {
        let count = i128::from(value.count());
        let mut step = i128::from(self.unit.size / 1000).max(1);
        loop {
            let rounded = Value::saturating((2 * count + step).div_euclid(2 * step) * step);
            let same = |other: &Value| value.cmp(other) == rounded.cmp(other);
            if step == 1 || self.against.iter().all(same) {
                return rounded;
            }
            step = (step / 10).max(1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quantity::Dimension;

    #[test]
    fn values_are_rounded_for_people_and_never_onto_or_across_another() {
        let unit = Unit::named(Dimension::Length, "um").expect("a unit");
        let limits: &[i64] = &[900_000];
        for (count, against, text) in [
            (632_455, &[][..], "0.632 µm"),
            (632_500, &[], "0.633 µm"),
            (499, &[], "0 µm"),
            (899_900, &[], "0.9 µm"),
            (899_900, limits, "0.8999 µm"),
            (899_400, limits, "0.899 µm"),
            (899_999, limits, "0.899999 µm"),
            (900_000, limits, "0.9 µm"),
            (900_001, limits, "0.900001 µm"),
            (900_040, limits, "0.90004 µm"),
            (900_060, limits, "0.9001 µm"),
            (900_600, limits, "0.901 µm"),
            (632_455, &[632_000], "0.6325 µm"),
            (499, &[0], "0.0005 µm"),
        ] {
            let value = |count| Value::from_count(count).expect("fits");
            let against = against.iter().copied().map(value).collect();
            let beside = Beside { unit, against };
            assert_eq!(beside.rounded(value(count)).text(unit), text, "{count}");
        }
    }
}
