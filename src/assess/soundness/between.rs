//! Single values that no clause holds although values just below and just above are captured.

use super::Finding;
use crate::assess::Verdict;
use crate::assess::boxes::searched::Searched;
use crate::assess::boxes::{looked, plain, said};
use crate::assess::evaluator::Evaluator;
use crate::error::Result;
use crate::list::List;
use crate::logic::Truth;
use crate::rule::Trace;

/// Every such value of a list, once for each parameter and value, with the three machines.
pub(super) fn gaps(list: &List, asked: &mut Searched) -> Result<Vec<Finding>> {
    let evaluator = Evaluator::bare(list.clone(), &plain(&[]))?;
    let program = &evaluator.program;
    let Some(entry) = program.entries().first() else { return Ok(Vec::new()) };
    let mut found: Vec<Finding> = Vec::new();
    let mut threes = Vec::new();
    let (yes, no) = (Verdict::Captured, Verdict::NotCaptured);
    let depth = (asked.depth.axes, asked.depth.steps);
    let gaps = program.gaps(entry.verdict, depth, &mut |_, axis, rows| {
        looked(&evaluator, rows, axis, &[yes, no, yes], &mut threes)
    });
    asked.add(gaps.questions, gaps.axes);
    for key in gaps.unsettled {
        let text = "lies between values that are captured";
        asked.unanswered.push(format!("whether a single value of `{}` {text}", key.text()));
    }
    for (gap, witnesses) in gaps.found.into_iter().zip(threes) {
        let [_, at, _] = witnesses.as_slice() else { continue };
        let traces = gap.rows.each_ref().map(|row| program.trace(row));
        let [low, _, high] = &traces;
        let (one, other) = (last(&evaluator, low), last(&evaluator, high));
        let value = said(&at.0, gap.key, gap.axis);
        let name = gap.key.text();
        let text = if one == other {
            format!("`{name}` of just {value} is outside; just below and just above are not")
        } else {
            format!("`{name}` of just {value} lies between `{one}` and `{other}` and in neither")
        };
        let id = shared(&one, &other);
        let place = list.clause(&id).map(|clause| clause.place.clone());
        found.push(Finding { id, place, text, witnesses });
    }
    Ok(found)
}

/// The last clause that holds, each clause above it holding too.
fn last(evaluator: &Evaluator, trace: &Trace) -> String {
    let Some(entry) = evaluator.program.entries().first() else { return String::new() };
    let clauses = entry.list.clauses.iter().zip(&entry.clauses);
    let holds = clauses.filter(|(_, node)| trace.machine(**node) == Truth::True);
    let longest = holds.map(|(clause, _)| clause.id.as_str()).max_by_key(|id| id.len());
    longest.unwrap_or(&entry.list.header.root).to_owned()
}

/// The citation that two clauses have in common.
fn shared(one: &str, other: &str) -> String {
    let same = one.split('.').zip(other.split('.')).take_while(|(a, b)| a == b);
    same.map(|(part, _)| part).collect::<Vec<_>>().join(".")
}
