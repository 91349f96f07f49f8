//! What an overlay adds to a list: clauses, notes, reasons, flags, definitions.

use super::super::header::Checked;
use super::super::siblings::{Siblings, What};
use super::super::{List, ListKind, Note, parse};
use super::{SIBLINGS, clash, is_before};
use crate::error::{Error, Kind, Place};
use crate::table::Fields;

/// Adds clauses, notes, reasons and flags; a citation that the list has is no new one.
pub(super) fn add(
    list: &mut List,
    fields: &Fields<'_>,
    checked: Checked,
    siblings: &mut Siblings,
    problems: &mut Vec<Error>,
) {
    problems.extend(fields.unknown_keys(&["clause", "note", "reason", "flag"]));
    let policies = list.policies.clone();
    for clause in parse::clauses(fields, &policies, checked, problems) {
        if is_new(list, &clause.id, &clause.place, siblings, problems) {
            if let Some(touch) = siblings.gone(&clause.id) {
                let error = Error::new(Kind::Content, clash(&clause.id, What::Added, touch));
                problems.push(error.at(clause.place.clone()).help(SIBLINGS));
            }
            siblings.touch(What::Added, &clause.id, clause.place.clone());
            let before = list.clauses.iter().rposition(|c| is_before(&c.id, &clause.id));
            list.clauses.insert(before.map_or(list.clauses.len(), |at| at + 1), clause);
        }
    }
    for note in parse::notes(fields, &policies, checked, problems) {
        if is_new(list, &note.id, &note.place, siblings, problems) {
            siblings.touch(What::Added, &note.id, note.place.clone());
            list.notes.push(note);
        }
    }
    for key in ["reason", "flag"] {
        for named in parse::named(fields, key, &policies, checked, problems) {
            if is_new(list, &named.id, &named.place, siblings, problems) {
                siblings.touch(What::Added, &named.id, named.place.clone());
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
        if is_new(list, &new.id, &new.place, siblings, problems) {
            siblings.touch(What::Added, &new.id, new.place.clone());
            list.notes.push(new);
        }
    }
}

/// Whether a list has nothing of this citation or name, nor, where a proposal is put on it, had
/// before that took it away; else a problem that shows both places. What is enacted may replace a
/// part whole: its base is pinned.
fn is_new(
    list: &List,
    id: &str,
    place: &Place,
    siblings: &Siblings,
    problems: &mut Vec<Error>,
) -> bool {
    let is_proposal = list.header.kind == ListKind::Proposal;
    if let Some(touch) = siblings.removed(id).filter(|_| is_proposal) {
        let message = format!("`{id}` is added, and the same file removes it at {}", touch.place);
        let help = format!("what replaces a test says `was`: write [change.\"{id}\"]");
        problems.push(Error::new(Kind::Content, message).at(place.clone()).help(help));
        return false;
    }
    let clauses = list.clauses.iter().map(|clause| (&clause.id, &clause.place));
    let notes = list.notes.iter().map(|note| (&note.id, &note.place));
    let named = list.reasons.iter().chain(&list.flags).map(|named| (&named.id, &named.place));
    let mut all = clauses.chain(notes).chain(named);
    let Some((_, known)) = all.find(|(known, _)| *known == id) else { return true };
    let error = Error::new(Kind::Content, format!("`{id}` means something already, at {known}"));
    let help = format!("take another name; [change.\"{id}\"] changes what stands there");
    problems.push(error.at(place.clone()).help(help));
    false
}
