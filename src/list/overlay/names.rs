//! Citations and names: in a proposal, one that the base uses keeps what it stands for.
//!
//! It stands for what it says in the base, changed by [`change`](super::changed) at most, which
//! names what was there, or for nothing. Whether a part is removed, relabelled or both, nothing
//! else is put in its place; nor by a proposal that is put on that one. What is enacted may replace
//! a part whole: its base is pinned.

use super::super::siblings::{What, is_under};
use super::super::{Condition, List, ListKind, Test};
use crate::error::{Error, Kind, Place};

/// A part that an overlay took away from its citation.
#[derive(Debug, Clone, PartialEq)]
pub(in super::super) struct Gone {
    /// The citation or name.
    id: String,
    /// What the overlay does.
    what: What,
    /// Where it does.
    place: Place,
    /// Where the part stood.
    stood: Place,
}

/// Every part that has a citation or name, open readings too, with where it stands.
fn parts(list: &List) -> impl Iterator<Item = (&str, &Place)> {
    let policies = list.policies.iter().map(|policy| (&*policy.id, &policy.place));
    conditions(list).map(|(id, place, _)| (id, place)).chain(policies)
}

/// Every part that has a condition, with where it stands.
fn conditions(list: &List) -> impl Iterator<Item = (&str, &Place, &Condition)> {
    let clauses = list.clauses.iter().map(|part| (&*part.id, &part.place, &part.when));
    let notes = list.notes.iter().map(|part| (&*part.id, &part.place, &part.when));
    let named = list.reasons.iter().chain(&list.flags);
    clauses.chain(notes).chain(named.map(|part| (&*part.id, &part.place, &part.when)))
}

/// Every citation and name.
pub(super) fn all(list: &List) -> impl Iterator<Item = &str> {
    parts(list).map(|(id, _)| id)
}

/// How many parts have a citation.
pub(super) fn count(list: &List, id: &str) -> usize {
    all(list).filter(|known| *known == id).count()
}

/// Keeps which parts of a list as it was `before` it no longer has, and `place`, where the overlay
/// takes away what is cited so.
pub(super) fn take(
    before: &List,
    list: &mut List,
    what: What,
    place: impl Fn(&str) -> Option<Place>,
) {
    let gone = parts(before).filter(|(id, ..)| count(list, id) == 0);
    let gone = gone.filter_map(|(id, stood)| {
        Some(Gone { id: id.to_owned(), what, place: place(id)?, stood: stood.clone() })
    });
    let gone: Vec<Gone> = gone.collect();
    if what == What::Removed {
        let removed = conditions(before).filter(|(id, ..)| count(list, id) == 0);
        let tests: Vec<Test> = removed.flat_map(|(.., when)| tests(when)).collect();
        list.dropped.extend(tests);
    }
    list.gone.extend(gone);
}

/// The tests of a condition.
pub(super) fn tests(when: &Condition) -> Vec<Test> {
    let mut found = Vec::new();
    when.walk(&mut |part| {
        if let Condition::Test(test) = part {
            found.push(test.clone());
        }
    });
    found
}

/// The problem of a citation that is given away: what it means in a list, or, where a proposal is
/// put on the list, meant before proposals took that away.
pub(super) fn taken(list: &List, id: &str, given: &str, is_proposal: bool) -> Option<Error> {
    if let Some((_, stands)) = parts(list).find(|(known, ..)| *known == id) {
        let message = format!("{given} means something already, at {stands}");
        let help = format!("take another name; [change.\"{id}\"] changes what stands there");
        return Some(Error::new(Kind::Content, message).help(help));
    }
    let mut gone = list.gone.iter().rev().filter(|_| is_proposal);
    let Gone { what, place, stood, .. } = gone.find(|gone| gone.id == id)?;
    let error =
        Error::new(Kind::Content, format!("{given} means something in the base, at {stood}"));
    let what = what.words();
    Some(error.help(format!(
        "it {what} at {place}, and what the base cites keeps its meaning: take another name; what \
         replaces a test says `was`: [change.\"{id}\"]"
    )))
}

/// Problems of new citations: two parts have one, or, in a proposal, the base uses it.
pub(super) fn relabelled(
    before: &List,
    list: &List,
    names: &[(&str, &str, Place)],
    problems: &mut Vec<Error>,
) {
    let is_proposal = list.header.kind == ListKind::Proposal;
    for (old, new, place) in names.iter().filter(|(old, new, _)| old != new) {
        let given = format!("`{old}` becomes `{new}`, which");
        let under = all(list).filter(|id| is_under(id, new));
        let mut under = under.filter(|_| is_proposal);
        let used = under.find_map(|id| taken(before, id, &given, true));
        let twice = || taken(list, new, &given, false).filter(|_| count(list, new) > 1);
        problems.extend(used.or_else(twice).map(|problem| problem.at(place.clone())));
    }
}

/// A problem of the list that overlays make: with where they took away what it names.
pub(in super::super) fn explained(list: &List, problem: Error) -> Error {
    let names = |gone: &&Gone| problem.message().contains(&format!("`{}`", gone.id));
    let Some(gone) = list.gone.iter().find(names) else { return problem };
    let explained = format!("`{}` {} at {}", gone.id, gone.what.words(), gone.place);
    problem.help(explained)
}
