//! Tests of one axis on several measuring lines: the worst of them counts.

use super::measured::Said;
use super::measured_axis::at_least;
use crate::machine::{self, Reading, Set};
use crate::metrology::AxisRuns;
use crate::quantity::{Value, counted};

/// What the tests of one axis say together: the readings of the one with the largest UPR (or, where
/// none has a UPR, accuracy); what the others found is said.
///
/// Where a test has no such figure, the worst is not known: it is no better than the one that
/// counts.
pub(super) fn worst(tests: &[&AxisRuns], mut all: Vec<Said>) -> Said {
    if all.len() < 2 {
        return all.pop().unwrap_or_default();
    }
    let figures = ["upr", "positioning_accuracy", "rotary_accuracy"];
    let by = |name: &&str| all.iter().any(|said| figure(said, name).is_some());
    let by = figures.iter().find(|name| by(name)).copied().unwrap_or_default();
    let values: Vec<Option<Value>> = all.iter().map(|said| figure(said, by)).collect();
    let place = values.iter().enumerate().max_by_key(|(at, value)| (**value, usize::MAX - at));
    let at = place.map_or(0, |(at, _)| at);
    let line = |at: usize| {
        let line = tests.get(at).and_then(|runs| runs.conditions.line.as_deref());
        line.unwrap_or("not said").to_owned()
    };
    let words = all.iter().map(|said| said.words.clone()).collect::<Vec<_>>().join("; ");
    let unknown: Vec<String> =
        (0..).zip(&values).filter(|(_, value)| value.is_none()).map(|(at, _)| line(at)).collect();
    let others = all.iter().enumerate().filter(|(other, _)| *other != at);
    let told = others.flat_map(|(other, said)| {
        let line = line(other);
        said.remarks.iter().map(move |text| format!("on the line at {line}: {text}"))
    });
    let told: Vec<String> = told.collect();
    let mut said = all.swap_remove(at);
    said.words = words;
    let name = if by == "upr" { "UPR" } else { "accuracy" };
    said.remarks.push(format!(
        "tests on {}: the one with the largest {name}, on the line at {}, counts for the axis",
        counted(tests.len(), "measuring line"),
        line(at)
    ));
    said.remarks.extend(told);
    if !unknown.is_empty() && !by.is_empty() {
        said.readings.iter_mut().for_each(at_least);
        let text = format!(
            "no {name} of the test on the line at {}: that of the axis is bounded from below only",
            unknown.join(" and at ")
        );
        said.open.push((text, super::measured::SEE));
    }
    said
}

/// What a test found of a figure.
fn figure(said: &Said, name: &str) -> Option<Value> {
    let parameter = machine::find(name)?;
    let found = said.readings.iter().filter(|reading| reading.parameter == parameter);
    let value = |reading: &Reading| match (reading.figure, reading.set) {
        (Some(value), _) => Some(value),
        (None, Set::Span(span)) => span.high().or(span.low()),
        _ => None,
    };
    found.filter_map(value).max()
}
