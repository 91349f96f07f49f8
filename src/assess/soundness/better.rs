//! Monotonicity: whether a better machine is captured less, with a pair of machines as proof.

use super::Finding;
use crate::assess::Verdict;
use crate::assess::boxes::searched::Searched;
use crate::assess::boxes::{looked, plain, said};
use crate::assess::evaluator::Evaluator;
use crate::error::{Place, Result};
use crate::evidence::Key;
use crate::list::{Condition, List, NoteKind};
use crate::logic::Truth;
use crate::machine::Machine;
use crate::rule::{Fall, Trace};

/// Where a list captures a machine and not one that is better in one reading alone. Both are
/// machines that no sound bound contradicts, and are evaluated like any other.
pub(super) fn falls(list: &List, asked: &mut Searched) -> Result<Vec<Finding>> {
    let evaluator = Evaluator::bare(list.clone(), &plain(&[]))?;
    let program = &evaluator.program;
    let Some(entry) = program.entries().first() else { return Ok(Vec::new()) };
    let mut pairs = Vec::new();
    let wanted = [Verdict::Captured, Verdict::NotCaptured];
    let depth = (asked.depth.axes, asked.depth.steps);
    let found = program.falls(entry.verdict, depth, &mut |_, axis, rows| {
        looked(&evaluator, rows, axis, &wanted, &mut pairs)
    });
    asked.add(found.questions, found.axes);
    asked.undirected = found.undirected.iter().map(|key| key.text()).collect();
    let mut unsettled = found.unsettled;
    let mut told: Vec<(Finding, Key)> = Vec::new();
    for (fall, witnesses) in found.found.iter().zip(pairs) {
        let traces = [&fall.worse, &fall.better].map(|row| program.trace(row));
        let (id, place) = blamed(&evaluator, &traces, fall.key);
        if told.iter().any(|(known, key)| known.id == id && *key == fall.key) {
            continue;
        }
        let text = text(fall, &witnesses);
        told.push((Finding { id, place, text, witnesses }, fall.key));
    }
    unsettled.sort_unstable();
    unsettled.dedup();
    for key in unsettled {
        let name = key.text();
        asked
            .unanswered
            .push(format!("whether a machine that is better in `{name}` is captured less"));
    }
    Ok(told.into_iter().map(|(finding, _)| finding).collect())
}

fn text(fall: &Fall, witnesses: &[(Machine, Verdict)]) -> String {
    let of = |at: usize| {
        let machine = witnesses.get(at).map(|(machine, _)| machine);
        machine.map_or_else(String::new, |machine| said(machine, fall.key, fall.axis))
    };
    format!(
        "a better machine is captured less: with `{}` of {} instead of {}, and all else the same, \
         it is not captured",
        fall.key.text(),
        of(1),
        of(0)
    )
}

/// What lets the better machine go: the note that excludes it, else the last clause that it no
/// longer meets; and where its test on the reading stands.
fn blamed(evaluator: &Evaluator, traces: &[Trace; 2], key: Key) -> (String, Option<Place>) {
    let Some(entry) = evaluator.program.entries().first() else { return (String::new(), None) };
    let list = &entry.list;
    let [worse, better] = traces;
    let excludes = list.notes.iter().zip(&entry.notes).find(|(note, node)| {
        note.kind == NoteKind::Excludes
            && better.machine(**node) == Truth::True
            && worse.machine(**node) != Truth::True
    });
    if let Some((note, _)) = excludes {
        let place = tested(&note.when, key).or_else(|| Some(note.place.clone()));
        return (note.id.clone(), place);
    }
    let fallen = list.clauses.iter().zip(&entry.clauses).filter(|(_, node)| {
        worse.machine(**node) == Truth::True && better.machine(**node) != Truth::True
    });
    let last = fallen.map(|(clause, _)| clause).max_by_key(|clause| clause.id.len());
    match last.or_else(|| list.clause(&list.header.root)) {
        Some(clause) => {
            let place = tested(&clause.when, key).or_else(|| Some(clause.place.clone()));
            (clause.id.clone(), place)
        }
        None => (String::new(), None),
    }
}

/// Where a condition tests a reading.
fn tested(condition: &Condition, key: Key) -> Option<Place> {
    let mut found = None;
    condition.walk(&mut |part| {
        if let Condition::Test(test) = part
            && test.parameter.stored() == key.parameter
            && test.by == key.by
        {
            found.get_or_insert_with(|| test.place.clone());
        }
    });
    found
}
