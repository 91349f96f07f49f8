//! Overlays: an amendment, a transposition or a proposal as guarded changes to another edition.
//!
//! A change names what it replaces (`was`), whole tests at a time; a base that has moved on is an
//! error that shows both places, never a silent merge.

mod added;
mod changed;
mod names;
mod policies;
mod removed;

pub(super) use names::{Gone, explained};

use super::header::{Checked, Header};
use super::siblings::{SIBLINGS, Siblings, What, is_under};
use super::sure::Sure;
use super::{Condition, List, ListKind, parse};
use crate::error::{Error, Kind, Place};
use crate::table::{Fields, Node};

/// The list that results from changing `list` as the overlay's tables say.
pub(super) fn apply(
    mut list: List,
    header: Header,
    root: &Fields<'_>,
    siblings: &mut Siblings,
    problems: &mut Vec<Error>,
) -> List {
    let checked = header.checked;
    siblings.begin(&header);
    // What is enacted stands for itself, whatever it took away from what was before it.
    if list.header.kind != ListKind::Proposal {
        list.gone.clear();
        list.dropped.clear();
    }
    doubt(&mut list, header.inherited);
    // What an overlay leaves as it is was verified as far as in the base.
    let verified_through = header.verified_through.or(list.header.verified_through);
    list.header = Header { verified_through, ..header };
    policies::settle(&mut list, root, siblings, problems);
    relabel(&mut list, root, siblings, problems);
    removed::remove(&mut list, root, siblings, problems);
    changed::drop(&mut list, root);
    let dropped = list.dropped.clone();
    let sure = Sure::restating(checked, &dropped);
    let defined = parse::definitions(root, &list.policies, sure, problems);
    changed::change(&mut list, root, checked, siblings, problems);
    if let Some(fields) = table(root, "add", problems) {
        added::add(&mut list, &fields, sure, siblings, problems);
    }
    added::define(&mut list, defined, siblings, problems);
    used(&list, siblings, problems);
    for key in ["clause", "note", "reason", "flag"] {
        if root.get(key).is_some() {
            let error = Error::new(Kind::Content, format!("an overlay adds a {key} under `add`"));
            problems.push(error.at(root.key_place(key)).help(format!("write [add.{key}.\"...\"]")));
        }
    }
    list
}

/// Makes no test of the base surer than `most`.
fn doubt(list: &mut List, most: Checked) {
    let clauses = list.clauses.iter_mut().map(|clause| &mut clause.when);
    let notes = list.notes.iter_mut().map(|note| &mut note.when);
    let named = list.reasons.iter_mut().chain(&mut list.flags).map(|named| &mut named.when);
    for condition in clauses.chain(notes).chain(named) {
        condition.walk_mut(&mut |part| {
            if let Condition::Test(test) = part {
                test.checked = test.checked.max(most);
            }
        });
    }
}

/// Whether `id` stands before `new` in the text: it is an ancestor or an earlier relative.
fn is_before(id: &str, new: &str) -> bool {
    let (mut a, mut b) = (id.split('.'), new.split('.'));
    loop {
        match (a.next(), b.next()) {
            (Some(x), Some(y)) if x == y => {}
            (Some(x), Some(y)) => return (x.len(), x) < (y.len(), y),
            (None, Some(_)) => return true,
            (_, None) => return false,
        }
    }
}

fn table<'d>(root: &Fields<'d>, key: &str, problems: &mut Vec<Error>) -> Option<Fields<'d>> {
    root.get(key)?.table().map_err(|error| problems.push(error)).ok()
}

/// New citations for the base's clauses: the sub-letters of one carrier are not those of another.
fn relabel(list: &mut List, root: &Fields<'_>, siblings: &mut Siblings, problems: &mut Vec<Error>) {
    let Some(fields) = table(root, "relabel", problems) else { return };
    let mut names: Vec<(&str, &str, Place)> = Vec::new();
    for (old, node) in fields.iter() {
        let known = list.clause(old).is_some() || list.note(old).is_some();
        match node.str() {
            Ok(new) if known => {
                siblings.touch(What::Relabelled, old, node.place(), problems);
                siblings.touch(What::Becomes, new, node.place(), problems);
                names.push((old, new, node.place()));
            }
            Ok(_) => problems.push(gone(&node, old, list, siblings)),
            Err(error) => problems.push(error),
        }
    }
    // The longest old citation that an identifier begins with gives its new beginning.
    let best = |id: &str| {
        names.iter().filter(|(old, ..)| is_under(id, old)).max_by_key(|(old, ..)| old.len())
    };
    let rename = |id: &str| -> String {
        best(id).map_or_else(|| id.to_owned(), |(old, new, _)| format!("{new}{}", &id[old.len()..]))
    };
    let before = list.clone();
    for clause in &mut list.clauses {
        clause.id = rename(&clause.id);
        rename_inside(&mut clause.when, &rename);
    }
    for note in &mut list.notes {
        note.id = rename(&note.id);
        note.from.iter_mut().for_each(|from| *from = rename(from));
        rename_inside(&mut note.when, &rename);
    }
    for named in list.reasons.iter_mut().chain(&mut list.flags) {
        rename_inside(&mut named.when, &rename);
    }
    for one in list.dials.iter_mut().flat_map(|dial| &mut dial.moves) {
        one.clause = rename(&one.clause);
    }
    names::relabelled(&before, list, &names, problems);
    let place = |id: &str| best(id).map(|(_, _, place)| place.clone());
    names::take(&before, list, What::Relabelled, place);
    // The text stands in the order of its own citations.
    list.clauses.sort_by(|a, b| match (is_before(&a.id, &b.id), is_before(&b.id, &a.id)) {
        (true, false) => std::cmp::Ordering::Less,
        (false, true) => std::cmp::Ordering::Greater,
        _ => std::cmp::Ordering::Equal,
    });
}

fn rename_inside(condition: &mut Condition, rename: &impl Fn(&str) -> String) {
    condition.walk_mut(&mut |part| {
        if let Condition::Clause { id, .. } = part {
            *id = rename(id);
        }
    });
}

fn missing(node: &Node<'_>, id: &str, list: &List) -> Error {
    let error = node.error(format!("the base has nothing that is called `{id}`"));
    match crate::error::nearest(id, names::all(list)) {
        Some(near) => error.help(format!("did you mean `{near}`?")),
        None => error.help("`toolgauge show` prints the citations and names of a list"),
    }
}

/// The problem of a citation that the list no longer has: who took it away, or what is near.
fn gone(node: &Node<'_>, id: &str, list: &List, siblings: &Siblings) -> Error {
    let Some(touch) = siblings.gone(id) else { return missing(node, id, list) };
    let what = if touch.id == id { String::new() } else { format!(" with `{}`", touch.id) };
    let message = format!("`{id}` is gone: it {}{what} at {}", touch.what.words(), touch.place);
    node.error(message).help(SIBLINGS)
}

/// Keeps what the overlay's own conditions and notes refer to, unless it adds that itself.
fn used(list: &List, siblings: &mut Siblings, problems: &mut Vec<Error>) {
    let own = |place: &Place| place.file == list.header.file;
    let mut found: Vec<(What, &str, &Place)> = Vec::new();
    for (_, condition) in super::check::conditions(list) {
        condition.walk(&mut |part| match part {
            Condition::Clause { id, place, .. } => found.push((What::Cited, id, place)),
            Condition::Policy { id, place, .. } => found.push((What::Used, id, place)),
            _ => {}
        });
    }
    for note in &list.notes {
        found.extend(note.from.iter().map(|from| (What::Used, from.as_str(), &note.place)));
    }
    for (what, id, place) in found {
        if own(place) && !siblings.adds(id) {
            siblings.touch(what, id, place.clone(), problems);
        }
    }
}
