//! Overlays: an amendment, a transposition or a proposal as guarded changes to another edition.
//!
//! A change names what it replaces (`was`), whole tests at a time; a base that has moved on is an
//! error that shows both places, never a silent merge.

use super::condition::On;
use super::header::{Checked, Header};
use super::parse;
use super::siblings::{Siblings, Touch, What, is_under};
use super::{Condition, Join, List, Note, NoteKind, Policy};
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
    doubt(&mut list, header.inherited);
    list.header = header;
    policies(&mut list, root, siblings, problems);
    relabel(&mut list, root, problems);
    let defined = parse::definitions(root, &list.policies, checked, problems);
    remove(&mut list, root, siblings, problems);
    change(&mut list, root, checked, siblings, problems);
    if let Some(fields) = table(root, "add", problems) {
        add(&mut list, &fields, checked, siblings, problems);
    }
    define(&mut list, defined, siblings, problems);
    for key in ["clause", "note", "reason", "flag"] {
        if root.get(key).is_some() {
            let error = Error::new(Kind::Content, format!("an overlay adds a {key} under `add`"));
            problems.push(error.at(root.key_place(key)).help(format!("write [add.{key}.\"...\"]")));
        }
    }
    list
}

/// Open readings that are new, or that say by `was` how the base settles what they settle anew.
fn policies(
    list: &mut List,
    root: &Fields<'_>,
    siblings: &mut Siblings,
    problems: &mut Vec<Error>,
) {
    let Some(fields) = table(root, "policy", problems) else { return };
    for new in parse::policies(root, true, problems) {
        let place = fields.key_place(&new.id);
        let own = fields.get(&new.id).and_then(|node| node.as_table());
        let was = own.and_then(|own| own.get("was"));
        let Some(known) = list.policies.iter_mut().find(|known| known.id == new.id) else {
            if let Some(other) = siblings.removed(&new.id) {
                let error = Error::new(Kind::Content, clash(&new.id, What::Added, other));
                problems.push(error.at(place.clone()).help(SIBLINGS));
            }
            if let Some(was) = was {
                let text = format!("the base has no policy `{}` that was read so", new.id);
                problems.push(was.error(text));
            }
            siblings.touch(What::Added, &new.id, place);
            list.policies.push(new);
            continue;
        };
        if *known == new {
            siblings.touch(What::Policy, &new.id, place);
            continue;
        }
        match was.map(|was| (was, was.str())) {
            Some((_, Ok(word))) if word == known.default_word() => {}
            Some((_, Err(error))) => problems.push(error),
            Some((node, Ok(word))) if siblings.policy(&new.id).is_none() => {
                let (id, now) = (&new.id, known.default_word());
                let text = format!("policy `{id}`: the base does not read `{word}`");
                problems.push(node.error(text).help(format!("it reads `{now}`")));
            }
            None if siblings.policy(&new.id).is_none() => {
                let message = format!("policy `{}` means something in the base already", new.id);
                let error = Error::new(Kind::Content, message).at(place.clone());
                let help = format!("take another name, or add was = \"{}\"", known.default_word());
                problems.push(error.help(help));
            }
            // That a sibling settles it is what is said.
            _ => {}
        }
        if let Some(other) = siblings.policy(&new.id) {
            let error = Error::new(Kind::Content, clash(&new.id, What::Policy, other));
            problems.push(error.at(place.clone()).help(SIBLINGS));
        }
        siblings.touch(What::Policy, &new.id, place);
        *known = new;
    }
}

/// Adds clauses, notes, reasons and flags; a citation that the list has is no new one.
fn add(
    list: &mut List,
    fields: &Fields<'_>,
    checked: Checked,
    siblings: &mut Siblings,
    problems: &mut Vec<Error>,
) {
    problems.extend(fields.unknown_keys(&["clause", "note", "reason", "flag"]));
    let policies = list.policies.clone();
    for clause in parse::clauses(fields, &policies, checked, problems) {
        if is_new(list, &clause.id, &clause.place, problems) {
            if let Some(touch) = siblings.removed(&clause.id) {
                let error = Error::new(Kind::Content, clash(&clause.id, What::Added, touch));
                problems.push(error.at(clause.place.clone()).help(SIBLINGS));
            }
            siblings.touch(What::Added, &clause.id, clause.place.clone());
            let before = list.clauses.iter().rposition(|c| is_before(&c.id, &clause.id));
            list.clauses.insert(before.map_or(list.clauses.len(), |at| at + 1), clause);
        }
    }
    for note in parse::notes(fields, &policies, checked, problems) {
        if is_new(list, &note.id, &note.place, problems) {
            siblings.touch(What::Added, &note.id, note.place.clone());
            list.notes.push(note);
        }
    }
    for key in ["reason", "flag"] {
        for named in parse::named(fields, key, &policies, checked, problems) {
            if is_new(list, &named.id, &named.place, problems) {
                siblings.touch(What::Added, &named.id, named.place.clone());
                let all = if key == "reason" { &mut list.reasons } else { &mut list.flags };
                all.push(named);
            }
        }
    }
}

/// Adds what the overlay defines; a name that the list has means what it means there.
fn define(list: &mut List, defined: Vec<Note>, siblings: &mut Siblings, problems: &mut Vec<Error>) {
    for new in defined {
        if is_new(list, &new.id, &new.place, problems) {
            siblings.touch(What::Added, &new.id, new.place.clone());
            list.notes.push(new);
        }
    }
}

/// Whether a list has nothing of this citation or name; else a problem that shows both places.
fn is_new(list: &List, id: &str, place: &Place, problems: &mut Vec<Error>) -> bool {
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
fn relabel(list: &mut List, root: &Fields<'_>, problems: &mut Vec<Error>) {
    let Some(fields) = table(root, "relabel", problems) else { return };
    let mut names: Vec<(String, String)> = Vec::new();
    for (old, node) in fields.iter() {
        let known = list.clause(old).is_some() || list.note(old).is_some();
        match node.str() {
            Ok(new) if known => names.push((old.to_owned(), new.to_owned())),
            Ok(_) => problems.push(missing(&node, old, list)),
            Err(error) => problems.push(error),
        }
    }
    // The longest old citation that an identifier begins with gives its new beginning.
    let rename = |id: &str| -> String {
        let fits =
            |old: &str| id == old || id.strip_prefix(old).is_some_and(|r| r.starts_with('.'));
        let best = names.iter().filter(|(old, _)| fits(old)).max_by_key(|(old, _)| old.len());
        best.map_or_else(|| id.to_owned(), |(old, new)| format!("{new}{}", &id[old.len()..]))
    };
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
    for (old, new) in &names {
        let clauses = list.clauses.iter().map(|clause| &clause.id);
        let all = clauses.chain(list.notes.iter().map(|note| &note.id));
        if all.filter(|id| *id == new).count() > 1 {
            let text = format!("`{old}` becomes `{new}`, which means something already");
            let error = Error::new(Kind::Content, text).at(fields.key_place(old));
            problems.push(error.help("relabel or remove that too"));
        }
    }
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
    let ids =
        list.clauses.iter().map(|c| c.id.as_str()).chain(list.notes.iter().map(|n| n.id.as_str()));
    let error = node.error(format!("the base has no clause or note `{id}`"));
    match crate::error::nearest(id, ids) {
        Some(near) => error.help(format!("did you mean `{near}`?")),
        None => error,
    }
}

/// The problem of a citation that the list no longer has: who took it away, or what is near.
fn gone(node: &Node<'_>, id: &str, list: &List, siblings: &Siblings) -> Error {
    let Some(touch) = siblings.removed(id) else { return missing(node, id, list) };
    let what = if touch.id == id { String::new() } else { format!(" with `{}`", touch.id) };
    let message = format!("`{id}` is gone: it is removed{what} at {}", touch.place);
    node.error(message).help(SIBLINGS)
}

/// What two siblings do to one part, in words.
fn clash(id: &str, what: What, touch: &Touch) -> String {
    let (here, there) = (what.words(), touch.what.words());
    format!("`{id}` {here}, and `{}` {there} at {}", touch.id, touch.place)
}

/// `remove = ["2B001.b.2.d", ...]`: clauses with all that hangs under them, notes, reasons, flags,
/// policies.
fn remove(list: &mut List, root: &Fields<'_>, siblings: &mut Siblings, problems: &mut Vec<Error>) {
    let Some(node) = root.get("remove") else { return };
    let items = match node.array() {
        Ok(items) => items,
        Err(error) => return problems.push(error),
    };
    for item in items {
        let id = match item.str() {
            Ok(id) => id,
            Err(error) => {
                problems.push(error);
                continue;
            }
        };
        let under = |other: &str| is_under(other, id);
        // Whoever names what a sibling added knows of it.
        let knows = |touch: &Touch| touch.what == What::Added && touch.id == id;
        let clashes =
            |touch: &Touch| touch.what != What::Removed && under(&touch.id) && !knows(touch);
        if let Some(touch) = siblings.find(clashes) {
            let message = clash(id, What::Removed, touch);
            problems.push(item.error(message).help(SIBLINGS));
        }
        let before = size(list);
        list.clauses.retain(|clause| !under(&clause.id));
        list.notes.retain(|note| note.id != id);
        list.reasons.retain(|named| named.id != id);
        list.flags.retain(|named| named.id != id);
        list.policies.retain(|policy| policy.id != id);
        list.notes.iter_mut().for_each(|note| note.from.retain(|from| !under(from)));
        if size(list) == before {
            problems.push(gone(&item, id, list, siblings));
        }
        siblings.touch(What::Removed, id, item.place());
    }
}

fn size(list: &List) -> usize {
    let conditions = list.clauses.len() + list.notes.len() + list.reasons.len() + list.flags.len();
    conditions + list.policies.len()
}

fn change(
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
        let policies = list.policies.clone();
        match part(list, id) {
            Some(mut part) => {
                change_words(&mut part, id, &change, siblings, problems);
                if change.get("now").is_some() {
                    siblings.touch(What::Condition, id, change.key_place("now"));
                }
                change_one(part, id, &change, &policies, checked, problems);
            }
            None => problems.push(gone(&node, id, list, siblings)),
        }
    }
}

/// What to do about siblings that touch the same part.
const SIBLINGS: &str = "overlays on one list that touch the same part conflict; one that names the \
                        other as its `base` comes after it";

/// A clause, note, reason or flag, as far as a change touches it.
struct Part<'l> {
    text: &'l mut String,
    when: &'l mut Condition,
    join: Option<&'l mut Option<Join>>,
    /// Whether its condition is on the machine or on one axis.
    on: On,
    place: Place,
}

fn part<'l>(list: &'l mut List, id: &str) -> Option<Part<'l>> {
    if let Some(clause) = list.clauses.iter_mut().find(|clause| clause.id == id) {
        let place = clause.place.clone();
        let join = Some(&mut clause.join);
        let (text, when, on) = (&mut clause.text, &mut clause.when, On::Machine);
        return Some(Part { text, when, join, on, place });
    }
    if let Some(note) = list.notes.iter_mut().find(|note| note.id == id) {
        let place = note.place.clone();
        let on = if note.kind == NoteKind::DefinesAxis { On::Axis } else { On::Machine };
        let (text, when) = (&mut note.text, &mut note.when);
        return Some(Part { text, when, join: None, on, place });
    }
    let named = list.reasons.iter_mut().chain(&mut list.flags).find(|named| named.id == id)?;
    let place = named.place.clone();
    let (text, when) = (&mut named.text, &mut named.when);
    Some(Part { text, when, join: None, on: On::Machine, place })
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

/// Changes the wording of a part and how its sub-clauses combine.
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
            touch(What::Text, id, change.key_place("text"), differs, siblings, problems);
            text.clone_into(part.text);
        }
        Ok(None) => {}
        Err(error) => problems.push(error),
    }
    if let Some(node) = change.get("join") {
        match (parse::join(&node), part.join.as_deref_mut()) {
            (Ok(new), Some(join)) => {
                let differs = *join != Some(new);
                touch(What::Join, id, change.key_place("join"), differs, siblings, problems);
                *join = Some(new);
            }
            (Ok(_), None) => problems.push(node.error("only clauses join sub-clauses")),
            (Err(error), _) => problems.push(error),
        }
    }
}

/// Keeps that the overlay says what has no `was`; where it says otherwise than before, no sibling
/// may have said it.
fn touch(
    what: What,
    id: &str,
    place: Place,
    differs: bool,
    siblings: &mut Siblings,
    problems: &mut Vec<Error>,
) {
    let said = |touch: &Touch| touch.what == what && touch.id == id;
    if let Some(other) = siblings.find(said).filter(|_| differs) {
        let error = Error::new(Kind::Content, clash(id, what, other));
        problems.push(error.at(place.clone()).help(SIBLINGS));
    }
    siblings.touch(what, id, place);
}

fn change_one(
    part: Part<'_>,
    id: &str,
    change: &Fields<'_>,
    policies: &[Policy],
    checked: Checked,
    problems: &mut Vec<Error>,
) {
    let on = part.on;
    let (was_node, now_node) = (change.get("was"), change.get("now"));
    let (Some(was_node), Some(_)) = (was_node, now_node) else {
        let alone = change.get("text").is_some() || change.get("join").is_some();
        if was_node.is_some() != now_node.is_some() || !alone || change.get("checked").is_some() {
            let message = format!("change of `{id}`: `was` and `now` are both needed");
            let place = change.iter().next().map(|(_, node)| node.place());
            let error = Error::new(Kind::Content, message);
            problems.push(match place {
                Some(place) => error.at(place),
                None => error,
            });
        }
        return;
    };
    let mut read = |key: &str| {
        let of = format!("change of `{id}`");
        parse::when_on(change, key, of, on, policies, checked, problems)
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
                let message = format!(
                    "change of `{id}`: the base no longer says {}",
                    super::condition_words(old)
                );
                // What another overlay put there stands in that overlay's file.
                let place = written(part.when, &part.place);
                let help = format!("{place} says: {}", super::condition_words(part.when));
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
