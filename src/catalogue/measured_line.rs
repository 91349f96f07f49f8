//! Tests of one axis on several measuring lines: what holds whichever of them counts.

use super::hull::{hull, largest};
use super::measured::Said;
use crate::machine::{self, Doubt, Reading, Set};
use crate::metrology::AxisRuns;
use crate::quantity::{Value, counted};

/// What the tests of one axis say together. No list says which measuring line is that of the axis,
/// so each figure lies between what they say; that the largest counts is an assumption.
pub(super) fn together(tests: &[&AxisRuns], mut all: Vec<Said>) -> Said {
    if all.len() < 2 {
        return all.pop().unwrap_or_default();
    }
    let mut said = Said { axis: all.first().and_then(|said| said.axis), ..Said::default() };
    let words: Vec<String> = all.iter().map(|said| said.words.clone()).collect();
    said.words = words.join("; ");
    let travel = machine::id_of("travel");
    // How long the axis is does not depend on the line: the longest test says most.
    let far = |said: &&Said| said.readings.iter().filter_map(|r| length(r, travel)).max();
    let travels = all.iter().max_by_key(far).map_or_else(Vec::new, |said| {
        said.readings.iter().copied().filter(|r| r.parameter == travel).collect()
    });
    let accounts: Vec<Vec<Reading>> = all
        .iter_mut()
        .map(|said| {
            let own = std::mem::take(&mut said.readings);
            own.into_iter().filter(|reading| reading.parameter != travel).collect()
        })
        .collect();
    said.readings = hull(&accounts);
    let most = largest(&accounts, Doubt::SeveralLines);
    // Where all say the same, which of them counts does not matter.
    let agree = most.iter().all(|m| said.readings.iter().any(|r| one(r, m)));
    if !agree {
        said.readings.extend(most);
        said.open.push((
            format!(
                "tests on {}, and no list says which counts: each figure lies between what they \
                 say ({})",
                counted(tests.len(), "measuring line"),
                said.words
            ),
            "say by which line the axis is judged",
        ));
        said.doubts.push(Doubt::SeveralLines);
    }
    said.readings.extend(travels);
    for (runs, mut of_line) in tests.iter().zip(all) {
        let line = runs.conditions.line.as_deref().unwrap_or("not said");
        let on = |text: String| format!("on the line at {line}: {text}");
        said.remarks.extend(of_line.remarks.into_iter().map(on));
        said.open.extend(of_line.open.into_iter().map(|(text, advice)| (on(text), advice)));
        of_line.doubts.retain(|doubt| !said.doubts.contains(doubt));
        said.doubts.append(&mut of_line.doubts);
        of_line.inflated.retain(|text| !said.inflated.contains(text));
        said.inflated.append(&mut of_line.inflated);
    }
    said
}

/// Whether a certain reading says of its figure what another one does.
fn one(certain: &Reading, other: &Reading) -> bool {
    super::hull::same(certain, other) && certain.form.doubt().is_none() && certain.set == other.set
}

/// How long a reading says an axis is at least.
fn length(reading: &Reading, travel: machine::ParameterId) -> Option<Value> {
    match reading.set {
        Set::Span(span) if reading.parameter == travel => span.low(),
        _ => None,
    }
}
