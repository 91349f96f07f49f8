//! A list file as a list: head, policies, clauses, notes, reasons, flags.

use super::condition::{On, Reader};
use super::header::{Checked, Header, KEYS};
use super::siblings::{Siblings, What};
use super::sure::Sure;
use super::{
    Clause, Condition, Dial, Join, List, Named, Note, NoteKind, Policy, Procedure, overlay,
};
use crate::error::{Error, Place, Result};
use crate::machine::{self, Kind, ParameterId};
use crate::table::{Document, Fields, Node};

/// The tables of a list file beside its head.
const TABLES: &[&str] = &[
    "clause", "note", "reason", "flag", "policy", "define", "dial", "change", "add", "remove",
    "relabel",
];

/// Reads the list file called `file`; overlays are applied to the list that `base` finds.
///
/// On failure: every problem of the file, each with its place.
pub fn parse_list(
    file: &str,
    text: &str,
    base: &mut dyn FnMut(&super::Base) -> std::result::Result<List, Vec<Error>>,
) -> std::result::Result<List, Vec<Error>> {
    parse_beside(file, text, base, &mut Siblings::default())
}

/// The same of an overlay that is put on what its siblings have changed.
pub(super) fn parse_beside(
    file: &str,
    text: &str,
    base: &mut dyn FnMut(&super::Base) -> std::result::Result<List, Vec<Error>>,
    siblings: &mut Siblings,
) -> std::result::Result<List, Vec<Error>> {
    let document = Document::parse(file, text).map_err(|error| vec![error])?;
    let root = document.root().map_err(|error| vec![error])?;
    let header = Header::read(file, &root).map_err(|error| vec![error])?;
    let known: Vec<&str> = KEYS.iter().chain(TABLES).copied().collect();
    let mut problems = root.unknown_keys(&known);
    let list = match header.base.clone() {
        Some(name) => {
            let below = base(&name)?;
            overlay::apply(below, header, &root, siblings, &mut problems)
        }
        None => {
            let overlays = ["change", "add", "remove", "relabel"];
            for key in overlays.into_iter().filter(|key| root.get(key).is_some()) {
                let error = Error::new(crate::error::Kind::Content, "there is no `base` to change");
                problems
                    .push(error.at(root.key_place(key)).help("name it: base = { list, edition }"));
            }
            parts(header, &root, &mut problems)
        }
    };
    let list = dials(list, &root, siblings, &mut problems);
    if problems.is_empty() {
        problems = super::check::check(&list);
        problems = problems.into_iter().map(|problem| overlay::explained(&list, problem)).collect();
    }
    if problems.is_empty() { Ok(list) } else { Err(problems) }
}

/// The list with the dials of a file: one that is tied otherwise in a sibling is a conflict.
fn dials(
    mut list: List,
    root: &Fields<'_>,
    siblings: &mut Siblings,
    problems: &mut Vec<Error>,
) -> List {
    // Where the text is not what it should be, its dials may find nothing: no error of theirs.
    let is_sound = problems.is_empty();
    for Entry { id, fields, place, .. } in entries(root, "dial", &["moves"], problems) {
        let dial = match Dial::of_file(id, &fields) {
            Ok(dial) => dial,
            Err(error) => {
                problems.push(error);
                continue;
            }
        };
        if let Some(error) = dial.limits(&list).err().filter(|_| is_sound) {
            problems.push(error.at(place.clone()));
        }
        let known = list.dials.iter().position(|known| known.name == dial.name);
        let differs = known.and_then(|at| list.dials.get(at)).is_some_and(|known| *known != dial);
        if differs {
            siblings.touch(What::Dial, id, place, problems);
        } else {
            siblings.repeat(What::Dial, id, place);
        }
        if let Some(at) = known {
            list.dials.remove(at);
        }
        list.dials.push(dial);
    }
    list
}

/// The parts of a file that stands alone, or of an overlay's `add`.
fn parts(header: Header, root: &Fields<'_>, problems: &mut Vec<Error>) -> List {
    let policies = policies(root, false, problems);
    let mut list = List {
        clauses: Vec::new(),
        notes: Vec::new(),
        reasons: Vec::new(),
        flags: Vec::new(),
        policies,
        dials: Vec::new(),
        gone: Vec::new(),
        dropped: Vec::new(),
        header,
    };
    let sure = Sure::of(list.header.checked);
    list.clauses = clauses(root, &list.policies, sure, problems);
    list.notes = notes(root, &list.policies, sure, problems);
    list.notes.extend(definitions(root, &list.policies, sure, problems));
    list.reasons = named(root, "reason", &list.policies, sure, problems);
    list.flags = named(root, "flag", &list.policies, sure, problems);
    list
}

/// One entry of a table such as `[clause."..."]`.
struct Entry<'d> {
    id: &'d str,
    fields: Fields<'d>,
    place: Place,
    text: Option<String>,
}

/// The entries of one kind of table, which hold nothing but these keys.
fn entries<'d>(
    root: &Fields<'d>,
    kind: &str,
    keys: &[&str],
    problems: &mut Vec<Error>,
) -> Vec<Entry<'d>> {
    let Some(node) = root.get(kind) else { return Vec::new() };
    let table = match node.table() {
        Ok(table) => table,
        Err(error) => {
            problems.push(error);
            return Vec::new();
        }
    };
    let mut out = Vec::new();
    for (id, node) in table.iter() {
        let place = table.key_place(id);
        match node.table() {
            Ok(fields) => {
                problems.extend(fields.unknown_keys(keys));
                let text = field(&fields, "text", problems, |node| node.str().map(str::to_owned));
                out.push(Entry { id, fields, place, text });
            }
            Err(error) => problems.push(error.at(place)),
        }
    }
    out
}

/// Where the text of an entry stands.
fn worded(fields: &Fields<'_>, place: &Place) -> Place {
    fields.get("text").map_or_else(|| place.clone(), |_| fields.key_place("text"))
}

/// Reads one field with `read`, keeping its error.
fn field<'d, T>(
    fields: &Fields<'d>,
    key: &str,
    problems: &mut Vec<Error>,
    read: impl FnOnce(&Node<'d>) -> Result<T>,
) -> Option<T> {
    read(&fields.get(key)?).map_err(|error| problems.push(error)).ok()
}

/// The condition under `key`, or one that always holds.
pub(super) fn when(
    fields: &Fields<'_>,
    key: &str,
    of: String,
    policies: &[Policy],
    sure: Sure<'_>,
    problems: &mut Vec<Error>,
) -> Condition {
    when_on(fields, key, of, On::Machine, policies, sure, problems)
}

/// The same of the machine or of one axis.
pub(super) fn when_on(
    fields: &Fields<'_>,
    key: &str,
    of: String,
    on: On,
    policies: &[Policy],
    sure: Sure<'_>,
    problems: &mut Vec<Error>,
) -> Condition {
    let own = field(fields, "checked", problems, Checked::of);
    let sure = own.map_or(sure, Sure::of);
    match fields.get(key) {
        Some(node) => Reader { problems, policies, of, sure }.condition(&node, on),
        None => Condition::All(Vec::new()),
    }
}

/// The open readings of a file; those of an overlay may say how the base settles them.
pub(super) fn policies(root: &Fields<'_>, overlay: bool, problems: &mut Vec<Error>) -> Vec<Policy> {
    let mut out = Vec::new();
    let keys: &[&str] = match overlay {
        true => &["text", "default", "readings", "was"],
        false => &["text", "default", "readings"],
    };
    for Entry { id, fields, text, place, .. } in entries(root, "policy", keys, problems) {
        let default = field(&fields, "default", problems, |node| match node.str()? {
            "either" => Ok(Some(true)),
            "both" => Ok(Some(false)),
            "open" if fields.get("readings").is_some() => Ok(None),
            "open" => Err(node
                .error("a condition has to be read in some way")
                .help("`either` or `both`; only a policy with `readings` may stay open")),
            other => {
                Err(node.error(format!("`{other}` is neither reading")).help("`either` or `both`"))
            }
        });
        let readings = field(&fields, "readings", problems, readings).unwrap_or_default();
        let taken = default.unwrap_or(Some(false));
        let (id, text) = (id.to_owned(), text.unwrap_or_default());
        out.push(Policy { id, text, taken, readings, place });
    }
    out
}

/// The quantities that a policy is about.
fn readings(node: &Node<'_>) -> Result<Vec<ParameterId>> {
    let names = node.strings()?;
    let found = names.iter().map(|name| {
        let quantity = |id: &ParameterId| matches!(id.row().kind, Kind::Quantity { .. });
        machine::find(name)
            .filter(quantity)
            .ok_or_else(|| node.error(format!("`{name}` is no quantity that can be measured")))
    });
    found.collect()
}

pub(super) fn clauses(
    root: &Fields<'_>,
    policies: &[Policy],
    sure: Sure<'_>,
    problems: &mut Vec<Error>,
) -> Vec<Clause> {
    let mut out = Vec::new();
    let keys = ["text", "when", "join", "checked"];
    for Entry { id, fields, place, text } in entries(root, "clause", &keys, problems) {
        let join = field(&fields, "join", problems, join);
        let of = format!("clause `{id}`");
        if text.is_none() {
            let error = Error::new(crate::error::Kind::Content, format!("{of} has no `text`"));
            problems.push(error.at(place.clone()).help("paraphrase what the clause says"));
        }
        out.push(Clause {
            id: id.to_owned(),
            text: text.unwrap_or_default(),
            when: when(&fields, "when", of, policies, sure, problems),
            join,
            worded: worded(&fields, &place),
            place,
        });
    }
    out
}

pub(super) fn join(node: &Node<'_>) -> Result<Join> {
    match node.str()? {
        "any" => Ok(Join::Any),
        "all" => Ok(Join::All),
        other => Err(node.error(format!("`{other}` joins nothing")).help("write `any` or `all`")),
    }
}

pub(super) fn notes(
    root: &Fields<'_>,
    policies: &[Policy],
    sure: Sure<'_>,
    problems: &mut Vec<Error>,
) -> Vec<Note> {
    let mut out = Vec::new();
    let keys = ["text", "kind", "from", "when", "checked"];
    for Entry { id, fields, place, text } in entries(root, "note", &keys, problems) {
        let of = format!("note `{id}`");
        let kind = field(&fields, "kind", problems, |node| match node.str()? {
            "excludes" => Ok(NoteKind::Excludes),
            "explains" => Ok(NoteKind::Explains),
            other => Err(node
                .error(format!("`{other}` is not what a note does"))
                .help("write `excludes` or `explains`")),
        });
        let from = field(&fields, "from", problems, |node| {
            node.strings().map(|ids| ids.into_iter().map(str::to_owned).collect())
        });
        for (key, given) in
            [("kind", kind.is_some()), ("from", from.is_some()), ("text", text.is_some())]
        {
            if !given && fields.get(key).is_none() {
                let error = Error::new(crate::error::Kind::Content, format!("{of} has no `{key}`"));
                problems.push(error.at(place.clone()));
            }
        }
        out.push(Note {
            id: id.to_owned(),
            text: text.unwrap_or_default(),
            kind: kind.unwrap_or(NoteKind::Explains),
            from: from.unwrap_or_default(),
            when: when(&fields, "when", of, policies, sure, problems),
            worded: worded(&fields, &place),
            place,
        });
    }
    out
}

/// `[define.X]`: conditions with a name, which clauses and notes refer to.
pub(super) fn definitions(
    root: &Fields<'_>,
    policies: &[Policy],
    sure: Sure<'_>,
    problems: &mut Vec<Error>,
) -> Vec<Note> {
    let mut out = Vec::new();
    let keys = ["text", "when", "checked", "of"];
    for Entry { id, fields, place, text } in entries(root, "define", &keys, problems) {
        let kind = field(&fields, "of", problems, |node| match node.str()? {
            "machine" => Ok(NoteKind::Defines),
            "axis" => Ok(NoteKind::DefinesAxis),
            other => Err(node
                .error(format!("`{other}` is not what a definition is of"))
                .help("write `machine` or `axis`; a machine unless it is said")),
        });
        let kind = kind.unwrap_or(NoteKind::Defines);
        let on = if kind == NoteKind::DefinesAxis { On::Axis } else { On::Machine };
        let of = format!("definition `{id}`");
        let when = when_on(&fields, "when", of, on, policies, sure, problems);
        let (id, text) = (id.to_owned(), text.unwrap_or_default());
        let worded = worded(&fields, &place);
        out.push(Note { id, text, kind, from: Vec::new(), when, place, worded });
    }
    out
}

pub(super) fn named(
    root: &Fields<'_>,
    table: &str,
    policies: &[Policy],
    sure: Sure<'_>,
    problems: &mut Vec<Error>,
) -> Vec<Named> {
    let mut out = Vec::new();
    let keys: &[&str] = match table {
        "flag" => &["text", "when", "checked", "stated"],
        _ => &["text", "when", "checked"],
    };
    for Entry { id, fields, place, text } in entries(root, table, keys, problems) {
        let stated = field(&fields, "stated", problems, Procedure::of);
        out.push(Named {
            id: id.to_owned(),
            text: text.unwrap_or_default(),
            when: when(&fields, "when", format!("{table} `{id}`"), policies, sure, problems),
            stated,
            place,
        });
    }
    out
}
