//! Soundness: parts of a list that do nothing, values that fall between two clauses, limits that
//! run the wrong way.
//!
//! Each question is put to the space of all machines, by the same program as every verdict. A
//! question whose search did not come to its end is not answered.

mod better;
mod between;
mod exercised;
mod tiers;

pub use self::exercised::Exercised;

use super::Verdict;
use super::boxes::searched::{Depth, Never, Searched};
use crate::error::{Place, Result};
use crate::list::{Clause, Condition, Join, List, ListKind, Named, NoteKind};
use crate::logic::Truth;
use crate::machine::Machine;
use crate::rule::{Choices, compile};

/// Something that a list may not mean.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// The clause or note.
    pub id: String,
    /// Where it stands in its file; of a reading that is tested the wrong way, the test.
    pub place: Option<Place>,
    /// What is odd about it.
    pub text: String,
    /// Machines alike but for one reading, as proof, with what the list says of each, evaluated
    /// like any other machine.
    pub witnesses: Vec<(Machine, Verdict)>,
}

/// Everything odd about a list, and what was asked to find it.
pub fn findings(list: &List, depth: Depth) -> Result<(Vec<Finding>, Searched)> {
    let mut asked = Searched::new(depth);
    let mut list = list.clone();
    list.reasons.clear();
    list.flags.clear();
    let mut found = Vec::new();
    let mut dead: Vec<String> = Vec::new();
    for clause in &list.clauses {
        let above = dead.iter().any(|id| is_under(&clause.id, id));
        let what = || format!("whether a machine can meet `{}`", clause.id);
        let met = [(path(&list, clause), Truth::True)];
        if !above && let Some(never) = never(&list, &met, &mut asked, what)? {
            found.push(of_clause(clause, never.so("no machine can meet it")));
            dead.push(clause.id.clone());
        }
    }
    let live = |clause: &&Clause| !dead.iter().any(|id| is_under(&clause.id, id));
    // The tiers of a profile lie within each other by design.
    let tiered = list.header.kind == ListKind::Profile;
    for parent in list.clauses.iter().filter(live).filter(|_| !tiered) {
        let children: Vec<&Clause> = list.children(&parent.id).filter(live).collect();
        for one in &children {
            let same = children.iter().filter(|other| other.id != one.id);
            let mut any = false;
            for other in same.filter(|_| parent.join == Some(Join::Any)) {
                let (a, b) = (path(&list, one), path(&list, other));
                let what = || format!("whether `{}` captures more than `{}`", one.id, other.id);
                let asks = [(a, Truth::True), (b, Truth::False)];
                if let Some(never) = never(&list, &asks, &mut asked, what)? {
                    any = true;
                    let text = format!("captures nothing that `{}` does not", other.id);
                    found.push(of_clause(one, never.so(&text)));
                }
            }
            if !any && children.len() > 1 {
                found.extend(idle(&list, parent, one, &mut asked)?);
            }
        }
    }
    let told: Vec<String> = found.iter().map(|finding| finding.id.clone()).collect();
    let told = |clause: &&Clause| told.iter().any(|id| is_under(&clause.id, id));
    for clause in list.clauses.iter().filter(|clause| !tiered && !told(clause)) {
        found.extend(idle_alternatives(&list, clause, &mut asked)?);
    }
    found.extend(between::gaps(&list, &mut asked)?);
    found.extend(tiers::findings(&list));
    for (at, note) in list.notes.iter().enumerate() {
        if note.kind == NoteKind::Excludes && !note.from.is_empty() {
            let mut without = list.clone();
            without.notes.iter_mut().skip(at).take(1).for_each(|note| note.from.clear());
            let what = || format!("whether the note `{}` excludes anything", note.id);
            if let Some(never) = differs_never(&without, &list, &mut asked, what)? {
                let text = never.so("excludes nothing that is captured");
                found.push(finding(&note.id, &note.place, text));
            }
        }
    }
    found.extend(better::falls(&list, &mut asked)?);
    Ok((found, asked))
}

pub(super) fn finding(id: &str, place: &Place, text: String) -> Finding {
    Finding { id: id.to_owned(), place: Some(place.clone()), text, witnesses: Vec::new() }
}

fn of_clause(clause: &Clause, text: String) -> Finding {
    finding(&clause.id, &clause.place, text)
}

fn is_under(id: &str, other: &str) -> bool {
    id == other || id.strip_prefix(other).is_some_and(|rest| rest.starts_with('.'))
}

/// A clause that all its siblings together leave nothing to do.
fn idle(
    list: &List,
    parent: &Clause,
    one: &Clause,
    asked: &mut Searched,
) -> Result<Option<Finding>> {
    let mut without = list.clone();
    without.clauses.retain(|clause| !is_under(&clause.id, &one.id));
    let gone = |name: &String| is_under(name, &one.id);
    without.notes.iter_mut().for_each(|note| note.from.retain(|from| !gone(from)));
    if !resolved(&without) {
        return Ok(None);
    }
    let (wider, narrower, text) = match parent.join {
        Some(Join::All) => (&without, list, "asks nothing that the clauses beside it do not"),
        _ => (list, &without, "captures nothing that the other clauses do not"),
    };
    let what = || format!("whether `{}` does what the clauses beside it do not", one.id);
    let idle = differs_never(wider, narrower, asked, what)?;
    Ok(idle.map(|never| of_clause(one, never.so(text))))
}

/// Alternatives within the condition of a clause that add nothing.
fn idle_alternatives(list: &List, clause: &Clause, asked: &mut Searched) -> Result<Vec<Finding>> {
    let mut found = Vec::new();
    let mut number = 0;
    loop {
        let mut without = list.clone();
        let mut left = number;
        let mut dropped = None;
        for own in without.clauses.iter_mut().filter(|own| own.id == clause.id) {
            dropped = drop_alternative(&mut own.when, &mut left);
        }
        let Some(part) = dropped else { break };
        let words = crate::list::condition_words(&part);
        let what = || format!("whether the alternative ({words}) of `{}` does anything", clause.id);
        if let Some(never) = differs_never(list, &without, asked, what)?
            && differs_never(&without, list, asked, what)?.is_some()
        {
            let text = never.so(&format!("the alternative ({words}) does nothing"));
            found.push(of_clause(clause, text));
        }
        number += 1;
    }
    Ok(found)
}

/// Drops the alternative of this number from a condition, and gives it.
fn drop_alternative(condition: &mut Condition, left: &mut usize) -> Option<Condition> {
    match condition {
        Condition::Any(parts) => {
            if *left < parts.len() && parts.len() > 1 {
                return Some(parts.remove(*left));
            }
            *left = left.saturating_sub(parts.len());
            parts.iter_mut().find_map(|part| drop_alternative(part, left))
        }
        Condition::All(parts) => parts.iter_mut().find_map(|part| drop_alternative(part, left)),
        Condition::Not(part) => drop_alternative(part, left),
        Condition::Axes(axes) => drop_alternative(&mut axes.when, left),
        _ => None,
    }
}

/// That no machine is captured by the first list and not by the second, where that is certain.
fn differs_never(
    one: &List,
    other: &List,
    asked: &mut Searched,
    what: impl FnOnce() -> String,
) -> Result<Option<Never>> {
    let program = compile(vec![one.clone(), other.clone()], &choices())?;
    let roots = program.entries().iter().map(|entry| entry.verdict);
    let wanted: Vec<_> = roots.zip([Truth::True, Truth::False]).collect();
    Ok(asked.never(&program, &wanted, what))
}

/// That no machine has these truths of conditions of a list, where that is certain.
fn never(
    list: &List,
    wanted: &[(Condition, Truth)],
    asked: &mut Searched,
    what: impl FnOnce() -> String,
) -> Result<Option<Never>> {
    let Some(root) = list.clause(&list.header.root) else { return Ok(None) };
    let mut list = list.clone();
    let place = root.place.clone();
    list.reasons = wanted
        .iter()
        .map(|(when, _)| Named {
            id: String::new(),
            text: String::new(),
            when: when.clone(),
            stated: None,
            place: place.clone(),
        })
        .collect();
    let program = compile(vec![list], &choices())?;
    let roots = program.entries().iter().flat_map(|entry| entry.reasons.iter().copied());
    let wanted: Vec<_> = roots.zip(wanted.iter().map(|(_, truth)| *truth)).collect();
    Ok(asked.never(&program, &wanted, what))
}

fn choices() -> Choices {
    Choices { policies: Vec::new(), outlines: false, doubt_remembered: false }
}

/// That a clause is met, with all that stands above it: conditions, notes, and what is joined with
/// `all`.
pub(super) fn path(list: &List, clause: &Clause) -> Condition {
    let met = |clause: &Clause| Condition::Clause {
        id: clause.id.clone(),
        shift: Vec::new(),
        place: clause.place.clone(),
    };
    let mut parts = vec![met(clause)];
    let mut id = clause.id.as_str();
    while let Some(above) = list.parent(id).and_then(|parent| list.clause(parent)) {
        id = &above.id;
        if above.join == Some(Join::All) {
            parts.push(met(above));
            continue;
        }
        parts.push(above.when.clone());
        let excludes = list.notes.iter().filter(|note| note.kind == NoteKind::Excludes);
        let own = excludes.filter(|note| note.from.contains(&above.id));
        parts.extend(own.map(|note| Condition::Not(Box::new(note.when.clone()))));
    }
    Condition::All(parts)
}

/// Whether every clause that a condition of a list refers to is there.
fn resolved(list: &List) -> bool {
    let mut all = true;
    let clauses = list.clauses.iter().map(|clause| &clause.when);
    for condition in clauses.chain(list.notes.iter().map(|note| &note.when)) {
        condition.walk(&mut |part| {
            if let Condition::Clause { id, .. } = part {
                all &= list.clause(id).is_some() || list.note(id).is_some();
            }
        });
    }
    all
}
