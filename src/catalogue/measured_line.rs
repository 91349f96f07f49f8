//! Tests of one axis on several measuring lines: what holds whichever of them counts.

use std::collections::BTreeMap;

use super::hull::{hull, largest};
use super::measured::{Measured, Said, Tested};
use crate::machine::{self, Doubt, Reading, Set};
use crate::metrology::{AxisRuns, span_of};
use crate::quantity::{Value, axis_key, counted, plain};

/// Tests of one axis of one machine whose figures go together.
pub(super) struct Tests<'m> {
    /// The files that they stand in, by their numbers, each once.
    pub files: Vec<usize>,
    /// The tests.
    pub runs: Vec<&'m AxisRuns>,
    /// What the longest test of the axis spans, whether it is among them or not.
    pub longest: Value,
}

/// The positioning tests of machines, by the first file and then as they come in it; each file is
/// of the machine at its place.
///
/// Tests of one axis on different measuring lines go together, wherever they stand: a line that
/// one names and another does not is not known to be the same. On one line each file is a test by
/// itself, and what they say has to hold for all.
pub(super) fn tests_of_axes<'m>(measured: &'m [Measured], places: &[usize]) -> Vec<Tests<'m>> {
    // Each test with its file and its number in it: so do they come.
    type Placed<'m> = ((usize, usize), &'m AxisRuns);
    let mut axes: BTreeMap<(usize, String), Vec<Placed<'m>>> = BTreeMap::new();
    for (file, (test, at)) in measured.iter().zip(places).enumerate() {
        let Tested::Positioning(tests) = &test.test else { continue };
        for (number, runs) in tests.iter().enumerate() {
            axes.entry((*at, axis_key(&runs.axis))).or_default().push(((file, number), runs));
        }
    }
    let mut all = Vec::new();
    for tests in axes.values() {
        let line = |runs: &AxisRuns| runs.conditions.line.as_ref().map(|l| plain(l).to_lowercase());
        let mut lines = tests.iter().map(|(_, runs)| line(runs));
        let first = lines.next();
        let together = lines.any(|line| Some(line) != first);
        let longest = tests.iter().map(|(_, runs)| span_of(runs)).max().unwrap_or_default();
        for group in tests.chunks(if together { tests.len() } else { 1 }) {
            let mut files: Vec<usize> = group.iter().map(|((file, _), _)| *file).collect();
            files.dedup();
            let runs = group.iter().map(|(_, runs)| *runs).collect();
            all.push((group.first().map(|(place, _)| *place), Tests { files, runs, longest }));
        }
    }
    all.sort_by_key(|(place, _)| *place);
    all.into_iter().map(|(_, tests)| tests).collect()
}

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
        said.no_upr.extend(of_line.no_upr.into_iter().map(|(_, why)| (on(String::new()), why)));
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
