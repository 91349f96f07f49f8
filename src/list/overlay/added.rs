//! What an overlay adds to a list: clauses, notes, reasons, flags, definitions.

use super::super::siblings::{Siblings, What};
use super::super::sure::Sure;
use super::super::{List, ListKind, Note, parse};
use super::{is_before, names};
use crate::error::{Error, Place};
use crate::table::Fields;

/// Adds clauses, notes, reasons and flags; a citation that the list has is no new one.
pub(super) fn add(
    list: &mut List,
    fields: &Fields<'_>,
    sure: Sure<'_>,
    siblings: &mut Siblings,
    problems: &mut Vec<Error>,
) {
    problems.extend(fields.unknown_keys(&["clause", "note", "reason", "flag"]));
    let policies = list.policies.clone();
    for clause in parse::clauses(fields, &policies, sure, problems) {
        if is_new(list, What::Added, &clause.id, &clause.place, siblings, problems) {
            let before = list.clauses.iter().rposition(|c| is_before(&c.id, &clause.id));
            list.clauses.insert(before.map_or(list.clauses.len(), |at| at + 1), clause);
        }
    }
    for note in parse::notes(fields, &policies, sure, problems) {
        if is_new(list, What::Noted, &note.id, &note.place, siblings, problems) {
            list.notes.push(note);
        }
    }
    for key in ["reason", "flag"] {
        for named in parse::named(fields, key, &policies, sure, problems) {
            if is_new(list, What::Noted, &named.id, &named.place, siblings, problems) {
                let all = if key == "reason" { &mut list.reasons } else { &mut list.flags };
                all.push(named);
            }
        }
    }
}

/// Adds what the overlay defines; a name that the list has means what it means there.
pub(super) fn define(
    list: &mut List,
    defined: Vec<Note>,
    siblings: &mut Siblings,
    problems: &mut Vec<Error>,
) {
    for new in defined {
        if is_new(list, What::Noted, &new.id, &new.place, siblings, problems) {
            list.notes.push(new);
        }
    }
}

/// Whether a citation or name is free, in the list and among its siblings; else a problem that
/// shows both places.
fn is_new(
    list: &List,
    what: What,
    id: &str,
    place: &Place,
    siblings: &mut Siblings,
    problems: &mut Vec<Error>,
) -> bool {
    let is_proposal = list.header.kind == ListKind::Proposal;
    let free = siblings.touch(what, id, place.clone(), problems);
    let taken = names::taken(list, id, &format!("`{id}`"), is_proposal).filter(|_| free);
    let is_new = free && taken.is_none();
    problems.extend(taken.map(|error| error.at(place.clone())));
    is_new
}
