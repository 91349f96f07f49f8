//! Soundness: parts of a list that do nothing, and values that fall between two clauses.
//!
//! Each question is put to the space of all machines, by the same program as every verdict. A
//! question whose search did not come to its end is not answered.

use crate::error::Result;
use crate::list::{Against, Bound, Condition, Join, List};
use crate::logic::Truth;
use crate::quantity::Comparator;
use crate::rule::{Choices, Space, compile};

/// How far each question is searched.
const AXES: usize = 2;
const STEPS: usize = 6_000;

/// Something that a list may not mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The clause or note.
    pub id: String,
    /// What is odd about it.
    pub text: String,
}

/// Everything odd about a list.
pub fn findings(list: &List) -> Result<Vec<Finding>> {
    let mut list = list.clone();
    list.reasons.clear();
    list.flags.clear();
    let mut found = Vec::new();
    let mut push = |id: &str, text: String| found.push(Finding { id: id.to_owned(), text });
    let mut dead: Vec<String> = Vec::new();
    for clause in &list.clauses {
        let above = dead.iter().any(|id| clause.id.starts_with(&format!("{id}.")));
        if !above && never(&[(&only(&list, &clause.id), Truth::True)])? {
            push(&clause.id, "no machine can meet it".to_owned());
            dead.push(clause.id.clone());
        }
    }
    let live = |id: &str| !dead.iter().any(|d| id == d || id.starts_with(&format!("{d}.")));
    for parent in list.clauses.iter().filter(|clause| clause.join == Some(Join::Any)) {
        let children: Vec<&str> = list.children(&parent.id).map(|c| c.id.as_str()).collect();
        for one in children.iter().filter(|id| live(id)) {
            for other in children.iter().filter(|id| *id != one && live(id)) {
                let (a, b) = (only(&list, one), only(&list, other));
                if never(&[(&a, Truth::True), (&b, Truth::False)])? {
                    push(one, format!("captures nothing that `{other}` does not"));
                }
            }
        }
        for text in gaps(&list, &parent.id) {
            push(&parent.id, text);
        }
    }
    for note in &list.notes {
        if note.kind == crate::list::NoteKind::Excludes {
            let mut without = list.clone();
            without.notes.retain(|other| other.id != note.id);
            if never(&[(&without, Truth::True), (&list, Truth::False)])? {
                push(&note.id, "excludes nothing that is captured".to_owned());
            }
        }
    }
    Ok(found)
}

/// Whether it is certain that no machine has these truths under these lists.
fn never(wanted: &[(&List, Truth)]) -> Result<bool> {
    let lists: Vec<List> = wanted.iter().map(|(list, _)| (*list).clone()).collect();
    let choices = Choices { policies: Vec::new(), outlines: false, doubt_remembered: false };
    let program = compile(lists, &choices)?;
    if program.has_slopes() {
        return Ok(false);
    }
    let roots = program.entries().iter().map(|entry| entry.verdict);
    let wanted: Vec<_> = roots.zip(wanted).map(|(root, (_, truth))| (root, *truth)).collect();
    let found = Space::search(&program, &wanted, AXES, 1, STEPS);
    Ok(found.whole && found.boxes.is_empty())
}

/// The list with one clause alone: those above it, and those below it.
fn only(list: &List, id: &str) -> List {
    let under = |a: &str, b: &str| a == b || a.strip_prefix(b).is_some_and(|r| r.starts_with('.'));
    let mut one = list.clone();
    one.clauses.retain(|clause| under(&clause.id, id) || under(id, &clause.id));
    for clause in &mut one.clauses {
        if clause.id != id && under(id, &clause.id) {
            clause.join = clause.join.map(|_| Join::Any);
        }
    }
    let kept = |name: &String| one.clauses.iter().any(|clause| clause.id == *name);
    let mut notes = one.notes.clone();
    notes.iter_mut().for_each(|note| note.from.retain(kept));
    notes.retain(|note| !note.from.is_empty() && resolved(&note.when, &one));
    one.notes = notes;
    one
}

/// Whether every clause that a condition refers to is there.
fn resolved(condition: &Condition, list: &List) -> bool {
    let mut all = true;
    condition.walk(&mut |part| {
        if let Condition::Clause { id, .. } = part {
            all &= list.clause(id).is_some() || list.note(id).is_some();
        }
    });
    all
}

/// Values that one sub-clause ends below and another begins above, and that none holds.
fn gaps(list: &List, parent: &str) -> Vec<String> {
    let mut limits = Vec::new();
    for clause in list.children(parent) {
        clause.when.walk(&mut |part| {
            let Condition::Test(test) = part else { return };
            let Against::Limits(own) = &test.against else { return };
            for (comparator, bound) in own {
                if let Bound::Fixed(value) = bound {
                    limits.push((test.parameter, test.by, *value, *comparator));
                }
            }
        });
    }
    let has = |of: &(crate::machine::ParameterId, Option<crate::machine::Standard>, _, _),
               wanted| {
        limits.iter().any(|(p, by, value, comparator)| {
            (*p, *by, *value) == (of.0, of.1, of.2) && *comparator == wanted
        })
    };
    let mut found: Vec<String> = limits
        .iter()
        .filter(|limit| limit.3 == Comparator::Below && has(limit, Comparator::Above))
        .filter(|limit| !has(limit, Comparator::AtMost) && !has(limit, Comparator::AtLeast))
        .map(|(parameter, _, value, _)| {
            let row = parameter.row();
            let value = row.unit().map_or_else(String::new, |unit| value.text(unit));
            format!("`{}` of just {value} lies between two sub-clauses and in none", row.name)
        })
        .collect();
    found.sort();
    found.dedup();
    found
}
