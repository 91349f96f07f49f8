//! What measurements add to verdicts: what inflates them, and which reading of the law, or which
//! assumption, settles what they leave open.

use super::Verdict;
use super::decide::Decided;
use super::evaluator::Evaluator;
use super::observe::Missing;
use crate::evidence::{Assumption, Key, Policy};
use crate::list::{List, Policy as ListPolicy};
use crate::machine::{Basis, Doubt, Form, Machine, Measurement, Reading};
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

/// A reading of the law that a measurement leaves open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenReading {
    /// `NAME: what is open`.
    pub text: String,
    /// The words by which the entry is settled, `NAME=either` or `NAME=both`; none where something
    /// else is open too, or what was measured of a part does not decide.
    pub settled_by: Vec<String>,
}

/// The readings of the law that a measurement leaves open in an entry on which it still hangs.
pub(super) fn policies(
    evaluator: &Evaluator,
    entry: usize,
    machine: &Machine,
    missing: &[Missing],
) -> Vec<OpenReading> {
    let Some(own) = evaluator.program.entries().get(entry) else { return Vec::new() };
    let settles = |policy: &ListPolicy, best: bool| {
        let parts: Vec<_> = policy.readings.iter().map(|parameter| (*parameter, best)).collect();
        let machine = Evaluator::taken_by(&parts, machine);
        settled(evaluator, entry, own.verdict, &machine, &evaluator.setup.policy)
    };
    let open = |policy: &ListPolicy| {
        let words = [(true, "either"), (false, "both")];
        let by = words.into_iter().filter(|(best, _)| settles(policy, *best));
        let settled_by = by.map(|(_, word)| format!("{}={word}", policy.id)).collect();
        OpenReading { text: format!("{}: {}", policy.id, policy.text), settled_by }
    };
    concerned(&own.list, machine, missing).map(open).collect()
}

/// The same in words, whatever settles them.
pub(super) fn policy_texts(list: &List, machine: &Machine, missing: &[Missing]) -> Vec<String> {
    let text = |policy: &ListPolicy| format!("{}: {}", policy.id, policy.text);
    concerned(list, machine, missing).map(text).collect()
}

/// The policies of a list on what a measurement has several parts of and what is missing.
fn concerned<'l>(
    list: &'l List,
    machine: &Machine,
    missing: &[Missing],
) -> impl Iterator<Item = &'l ListPolicy> {
    let open = |key: &Key| {
        let of = |reading: &&Reading| reading.parameter == key.parameter;
        let of_parts = |form: Form| form == Form::Spread || form.is_of_part();
        machine.readings.iter().filter(of).any(|reading| of_parts(reading.form))
    };
    list.policies.iter().filter(move |policy| {
        missing.iter().any(|missing| match missing {
            Missing::Reading { key, .. } => policy.readings.contains(&key.parameter) && open(key),
            _ => false,
        })
    })
}

/// Whether an entry is settled for a machine under a policy.
fn settled(
    evaluator: &Evaluator,
    entry: usize,
    root: Root,
    machine: &Machine,
    policy: &Policy,
) -> bool {
    let one = std::slice::from_ref(machine);
    let decided =
        Decided::new(evaluator, &evaluator.program, one, policy, |_, other| other == root);
    match decided.verdict(root, 0) {
        Verdict::NotCaptured => evaluator.may_clear(entry),
        verdict => verdict.is_settled(),
    }
}

/// The assumptions about tests that are not made and that would settle an open entry: `NAME: what
/// it says`. Of several that settle it together only, all; none where nothing of the kind does.
pub(super) fn settling(evaluator: &Evaluator, machine: &Machine, entry: usize) -> Vec<String> {
    let Some(root) = evaluator.program.entries().get(entry).map(|entry| entry.verdict) else {
        return Vec::new();
    };
    let policy = &evaluator.setup.policy;
    let doubted =
        |doubt: Doubt| machine.measurements.iter().any(|test| test.doubts.contains(&doubt));
    let doubts = Doubt::ALL.iter().filter(|(doubt, _)| doubted(*doubt));
    let unmade = doubts.filter_map(|(doubt, _)| policy.assumptions.on(*doubt));
    let unmade: Vec<&Assumption> = unmade.filter(|assumption| !assumption.active).collect();
    let settles = |made: &[&Assumption]| {
        let policy = made.iter().fold(policy.clone(), |policy, one| policy.with(&one.name));
        settled(evaluator, entry, root, machine, &policy)
    };
    let mut found: Vec<&Assumption> =
        unmade.iter().copied().filter(|assumption| settles(&[assumption])).collect();
    if found.is_empty() && unmade.len() > 1 && settles(&unmade) {
        found = unmade;
    }
    found.iter().map(|assumption| format!("{}: {}", assumption.name, assumption.text)).collect()
}
