//! What an overlay says otherwise than a list: wordings, joins and guarded conditions.

use super::super::condition::On;
use super::super::header::Checked;
use super::super::siblings::{Siblings, What};
use super::super::sure::Sure;
use super::super::{Condition, Join, List, NoteKind, Policy, Test, condition_words, parse};
use super::{gone, names, table};
use crate::error::{Error, Kind, Place};
use crate::table::Fields;

/// Keeps the tests that changes take away from their parts, before any part says its new ones:
/// where their figures are said again, in whichever part, they are as doubtful as they were.
pub(super) fn drop(list: &mut List, root: &Fields<'_>) {
    // What cannot be read is told when the changes are made.
    let unsaid = &mut Vec::new();
    let Some(fields) = table(root, "change", unsaid) else { return };
    let policies = list.policies.clone();
    for (id, node) in fields.iter() {
        let (Ok(change), Some(part)) = (node.table(), part(list, id)) else { continue };
        let mut tests = |key: &str| {
            let sure = Sure::of(Checked::Read);
            let of = String::new();
            names::tests(&parse::when_on(&change, key, of, part.on, &policies, sure, unsaid))
        };
        let (was, now) = (tests("was"), tests("now"));
        let says = |tests: &[Test], test: &Test| tests.iter().any(|one| one.says_same(test));
        let old = names::tests(part.when).into_iter();
        let gone: Vec<Test> = old.filter(|old| says(&was, old) && !says(&now, old)).collect();
        list.dropped.extend(gone);
    }
}

pub(super) fn change(
    list: &mut List,
    root: &Fields<'_>,
    checked: Checked,
    siblings: &mut Siblings,
    problems: &mut Vec<Error>,
) {
    let Some(fields) = table(root, "change", problems) else { return };
    for (id, node) in fields.iter() {
        let change = match node.table() {
            Ok(change) => change,
            Err(error) => {
                problems.push(error);
                continue;
            }
        };
        problems.extend(change.unknown_keys(&["was", "now", "text", "join", "checked"]));
        let (policies, dropped) = (list.policies.clone(), list.dropped.clone());
        match part(list, id) {
            Some(mut part) => {
                change_words(&mut part, id, &change, siblings, problems);
                change_join(&mut part, id, &change, siblings, problems);
                let key = if change.get("now").is_some() { "now" } else { "text" };
                if part.is_note {
                    siblings.touch(What::Meaning, id, change.key_place(key), problems);
                } else if key == "now" {
                    siblings.touch(What::Condition, id, change.key_place(key), problems);
                }
                let place = fields.key_place(id);
                let sure = (checked, dropped.as_slice());
                change_one(part, (id, place), &change, &policies, sure, problems);
            }
            None => problems.push(gone(&node, id, list, siblings)),
        }
    }
}

/// A clause, note, reason or flag, as far as a change touches it.
struct Part<'l> {
    text: &'l mut String,
    /// Where the text stands, of a part whose text is held against its condition.
    worded: Option<&'l mut Place>,
    when: &'l mut Condition,
    join: Option<&'l mut Option<Join>>,
    /// Whether its condition is on the machine or on one axis.
    on: On,
    /// Whether it is a note or definition, to which others refer for what it says.
    is_note: bool,
    place: Place,
}

fn part<'l>(list: &'l mut List, id: &str) -> Option<Part<'l>> {
    if let Some(clause) = list.clauses.iter_mut().find(|clause| clause.id == id) {
        let place = clause.place.clone();
        let join = Some(&mut clause.join);
        let (text, when, on) = (&mut clause.text, &mut clause.when, On::Machine);
        let worded = Some(&mut clause.worded);
        return Some(Part { text, worded, when, join, on, is_note: false, place });
    }
    if let Some(note) = list.notes.iter_mut().find(|note| note.id == id) {
        let place = note.place.clone();
        let on = if note.kind == NoteKind::DefinesAxis { On::Axis } else { On::Machine };
        let (text, when) = (&mut note.text, &mut note.when);
        let worded = Some(&mut note.worded);
        return Some(Part { text, worded, when, join: None, on, is_note: true, place });
    }
    let named = list.reasons.iter_mut().chain(&mut list.flags).find(|named| named.id == id)?;
    let place = named.place.clone();
    let (text, when) = (&mut named.text, &mut named.when);
    let (join, on, is_note) = (None, On::Machine, false);
    Some(Part { text, worded: None, when, join, on, is_note, place })
}

/// Where a condition was last written: at a test that another file put into the part, else where
/// the part stands.
fn written(when: &Condition, part: &Place) -> Place {
    let mut found = None;
    when.walk(&mut |inner| {
        if let Condition::Test(test) = inner
            && test.place.file != part.file
        {
            found.get_or_insert_with(|| test.place.clone());
        }
    });
    found.unwrap_or_else(|| part.clone())
}

/// Changes the wording of a part.
fn change_words(
    part: &mut Part<'_>,
    id: &str,
    change: &Fields<'_>,
    siblings: &mut Siblings,
    problems: &mut Vec<Error>,
) {
    match change.text("text") {
        Ok(Some(text)) => {
            let differs = text != part.text;
            let place = change.key_place("text");
            if let Some(worded) = part.worded.as_deref_mut() {
                worded.clone_from(&place);
            }
            if differs {
                siblings.touch(What::Text, id, place, problems);
            } else {
                siblings.repeat(What::Text, id, place);
            }
            text.clone_into(part.text);
        }
        Ok(None) => {}
        Err(error) => problems.push(error),
    }
}

/// Changes how the sub-clauses of a clause combine: `join = { was = "any", now = "all" }`; `now`
/// alone, or `join = "any"`, where nothing was joined, `was` alone where nothing is any more.
fn change_join(
    part: &mut Part<'_>,
    id: &str,
    change: &Fields<'_>,
    siblings: &mut Siblings,
    problems: &mut Vec<Error>,
) {
    let Some(node) = change.get("join") else { return };
    let Some(join) = part.join.as_deref_mut() else {
        return problems.push(node.error("only clauses join sub-clauses"));
    };
    let (was, now) = match node.as_table().map_or_else(
        || parse::join(&node).map(|now| (None, Some(now))),
        |both| {
            problems.extend(both.unknown_keys(&["was", "now"]));
            let read = |key: &str| both.get(key).map(|node| parse::join(&node)).transpose();
            Ok((read("was")?, read("now")?))
        },
    ) {
        Ok(both) => both,
        Err(error) => return problems.push(error),
    };
    let said =
        |join: Option<Join>| join.map_or("nothing".to_owned(), |join| format!("`{}`", join.word()));
    let stood = siblings.joined(id).unwrap_or(&part.place).clone();
    let is_alone = siblings.touch(What::Join, id, change.key_place("join"), problems);
    if was != *join && is_alone {
        let message = format!(
            "change of `{id}`: the base joins its sub-clauses by {}, and not by {}",
            said(*join),
            said(was)
        );
        let words =
            |join: Option<Join>, key| join.map(|join| format!("{key} = \"{}\"", join.word()));
        let both: Vec<String> =
            [words(*join, "was"), words(now, "now")].into_iter().flatten().collect();
        let help = format!("it stands at {stood}; write join = {{ {} }}", both.join(", "));
        problems.push(node.error(message).help(help));
    }
    *join = now;
}

fn change_one(
    part: Part<'_>,
    (id, place): (&str, Place),
    change: &Fields<'_>,
    policies: &[Policy],
    (checked, dropped): (Checked, &[Test]),
    problems: &mut Vec<Error>,
) {
    let on = part.on;
    let (was_node, now_node) = (change.get("was"), change.get("now"));
    let (Some(was_node), Some(_)) = (was_node, now_node) else {
        let alone = change.get("text").is_some() || change.get("join").is_some();
        if was_node.is_some() != now_node.is_some() || !alone || change.get("checked").is_some() {
            let message = format!("change of `{id}`: `was` and `now` are both needed");
            let place = change.iter().next().map_or(place, |(_, node)| node.place());
            problems.push(Error::new(Kind::Content, message).at(place));
        }
        return;
    };
    let mut stood = names::tests(part.when);
    stood.extend_from_slice(dropped);
    let mut read = |key: &str| {
        let of = format!("change of `{id}`");
        parse::when_on(change, key, of, on, policies, Sure::restating(checked, &stood), problems)
    };
    let (was, now) = (read("was"), read("now"));
    let mut conjuncts: Vec<Condition> = part.when.conjuncts().into_iter().cloned().collect();
    let mut at = None;
    for old in was.conjuncts() {
        match conjuncts.iter().position(|known| known.says_same(old)) {
            Some(found) => {
                conjuncts.remove(found);
                at = Some(at.unwrap_or(found).min(found));
            }
            None => {
                let message =
                    format!("change of `{id}`: the base no longer says {}", condition_words(old));
                // What another overlay put there stands in that overlay's file.
                let place = written(part.when, &part.place);
                let help = format!("{place} says: {}", condition_words(part.when));
                problems.push(was_node.error(message).help(help));
                return;
            }
        }
    }
    let at = at.unwrap_or(conjuncts.len());
    for (offset, new) in now.conjuncts().into_iter().enumerate() {
        conjuncts.insert((at + offset).min(conjuncts.len()), new.clone());
    }
    *part.when = match conjuncts.len() {
        1 => conjuncts.remove(0),
        _ => Condition::All(conjuncts),
    };
}
