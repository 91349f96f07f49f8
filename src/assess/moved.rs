//! Why a machine moves between two lists, in words that say the same whichever list is first.

use std::collections::BTreeMap;

use super::Verdict;
use super::classify::Outcome;
use super::observe::{set_text, signed};
use crate::evidence::Key;
use crate::list::{Against, Bound, Condition, List, Test, limit_words};
use crate::machine::{self, Kind, Machine, Set, View};
use crate::quantity::{Comparator, Value};

/// One side of a comparison: the list and what it says of a machine.
#[derive(Clone, Copy)]
pub(super) struct Side<'s> {
    pub list: Option<&'s List>,
    pub outcome: &'s Outcome,
}

/// The reading and margin by which one side captures; the note that excludes on the other; what is
/// open on either.
pub(super) fn why(sides: [Side<'_>; 2], machine: &Machine) -> String {
    let [mut upper, mut lower] = sides;
    if upper.outcome.verdict.code() < lower.outcome.verdict.code() {
        (upper, lower) = (lower, upper);
    }
    let mut parts: Vec<String> = excluding(upper, lower);
    let own = match upper.outcome.verdict {
        Verdict::Captured if parts.is_empty() => Some(decided(upper, machine)),
        Verdict::Undetermined => Some(open(upper.outcome)),
        _ => None,
    };
    parts.extend(own);
    match lower.outcome.verdict {
        Verdict::Undetermined => parts.push(open(lower.outcome)),
        _ if upper.outcome.verdict == Verdict::Undetermined => {
            parts.extend(lower.outcome.margin.as_ref().map(|margin| margin.text()));
        }
        _ => {}
    }
    parts.retain(|part| !part.is_empty());
    parts.join("; ")
}

/// The notes that exclude on the lower side and not on the upper one.
fn excluding(upper: Side<'_>, lower: Side<'_>) -> Vec<String> {
    if lower.outcome.verdict != Verdict::NotCaptured {
        return Vec::new();
    }
    let only = |note: &&String| !upper.outcome.notes.contains(note);
    lower.outcome.notes.iter().filter(only).map(|note| format!("excluded by {note}")).collect()
}

/// The margin of the test that decides a capture; where it is a count of axes, the count; where no
/// figure decides, the clauses that are met.
fn decided(side: Side<'_>, machine: &Machine) -> String {
    let clauses = &side.outcome.clauses;
    let margin = side.outcome.margin.as_ref().map(|margin| margin.text());
    let count = || clauses.iter().find_map(|clause| counted(side.list?, clause, machine));
    let met = || format!("meets {}", clauses.join(", "));
    margin.or_else(count).unwrap_or_else(met)
}

/// The counts of contouring axes that a clause, or else one above it, asks for, with a machine's.
fn counted(list: &List, clause: &str, machine: &Machine) -> Option<String> {
    let mut id = Some(clause);
    while let Some(own) = id.and_then(|id| list.clause(id)) {
        let mut found = Vec::new();
        own.when.walk(&mut |part| {
            if let Condition::Test(test) = part {
                found.extend(count_text(test, machine));
            }
        });
        if !found.is_empty() {
            return Some(found.join("; "));
        }
        id = list.parent(&own.id);
    }
    None
}

/// A test of a count of contouring axes in words, each of its limits with a machine's count:
/// `contouring_axes 5 axes, at least 2: +3, below 4: -1`.
fn count_text(test: &Test, machine: &Machine) -> Option<String> {
    let row = test.parameter.row();
    let (Kind::Contouring(view), Against::Limits(limits)) = (row.kind, &test.against) else {
        return None;
    };
    let held = machine::id_of("contouring_axes");
    // What is said of it with each of its options, and without any.
    let mut said: BTreeMap<Option<u8>, Set> = BTreeMap::new();
    for reading in machine.readings.iter().filter(|reading| reading.parameter == held) {
        let known = said.entry(reading.option).or_insert(reading.set);
        *known = known.meet(reading.set).unwrap_or(*known);
    }
    // A machine counts as what it can be equipped with.
    let most = said.into_values().max_by_key(|set| count(*set, view))?;
    let key = Key { parameter: held, by: None };
    let mut text = format!("{} {}", row.name, set_text(key, most));
    for (comparator, bound) in limits {
        text += &format!(", {}", limit_words(row, *comparator, bound));
        let (Some(count), Bound::Fixed(limit)) = (count(most, view), bound) else { continue };
        let smaller = matches!(comparator, Comparator::AtMost | Comparator::Below);
        let (more, less) = if smaller { (limit.count(), count) } else { (count, limit.count()) };
        if let Some((over, unit)) = Value::from_count(more - less).zip(row.unit()) {
            text += &format!(": {}", signed(over, unit));
        }
    }
    Some(text)
}

/// The count of a set of pairs, where they all have the same.
fn count(set: Set, view: View) -> Option<i64> {
    let Set::OneOf(mask) = set else { return None };
    let pairs = (0..64i64).filter(|bit| mask >> bit & 1 == 1).map(|bit| (bit / 8, bit % 8));
    let mut counts = pairs.map(|(linear, rotary)| match view {
        View::Total => linear + rotary,
        View::Linear => linear,
        View::Rotary => rotary,
    });
    let first = counts.next()?;
    counts.all(|other| other == first).then_some(first)
}

/// What an outcome is open on.
fn open(outcome: &Outcome) -> String {
    let missing: Vec<String> = outcome.missing.iter().map(|missing| missing.text()).collect();
    match (missing.is_empty(), outcome.withheld) {
        (false, _) => format!("open on {}", missing.join(", ")),
        (true, Some(_)) => "an absence of capture is withheld".to_owned(),
        (true, None) => String::new(),
    }
}
