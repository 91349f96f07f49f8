//! What the text of one list says otherwise than that of another: part by part, by citation.

use super::{Condition, Join, List, NoteKind, condition_words};

/// One part that two lists say otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextChange {
    /// `clause`, `note`, `definition`, `reason`, `flag` or `open reading`.
    pub kind: &'static str,
    /// The citation.
    pub id: String,
    /// What the first list says; none where it has no such part.
    pub was: Option<String>,
    /// What the second list says; none where it has no such part.
    pub now: Option<String>,
    /// Whether the law differs, and not only its paraphrase.
    pub law: bool,
}

/// A part of a list: kind, citation, what it says, its condition, how it is joined.
struct Part<'l> {
    kind: &'static str,
    id: &'l str,
    text: &'l str,
    when: Option<&'l Condition>,
    joined: String,
}

/// The parts that two lists say otherwise, by kind and then by citation, so that swapping the lists
/// mirrors them.
pub fn changes(first: &List, second: &List) -> Vec<TextChange> {
    let (old, new) = (parts(first), parts(second));
    let find = |parts: &[Part<'_>], part: &Part<'_>| {
        parts.iter().position(|other| (other.kind, other.id) == (part.kind, part.id))
    };
    let mut found = Vec::new();
    for part in &old {
        match find(&new, part).and_then(|at| new.get(at)) {
            None => found.push(change(part, Some(said(part)), None, true)),
            Some(other) => {
                let law = !says_same(part, other);
                if law || part.text != other.text {
                    found.push(change(part, Some(said(part)), Some(said(other)), law));
                }
            }
        }
    }
    for part in new.iter().filter(|part| find(&old, part).is_none()) {
        found.push(change(part, None, Some(said(part)), true));
    }
    let kind = |change: &TextChange| KINDS.iter().position(|kind| *kind == change.kind);
    found.sort_by(|a, b| kind(a).cmp(&kind(b)).then_with(|| citation(&a.id).cmp(&citation(&b.id))));
    found
}

/// The kinds of parts, in the order in which they are told.
const KINDS: [&str; 6] = ["clause", "note", "definition", "reason", "flag", "open reading"];

/// A citation by its parts, a shorter part before a longer one: `10` stands behind `9`.
fn citation(id: &str) -> Vec<(usize, &str)> {
    id.split('.').map(|part| (part.len(), part)).collect()
}

fn change(part: &Part<'_>, was: Option<String>, now: Option<String>, law: bool) -> TextChange {
    TextChange { kind: part.kind, id: part.id.to_owned(), was, now, law }
}

fn says_same(a: &Part<'_>, b: &Part<'_>) -> bool {
    let conditions = match (a.when, b.when) {
        (Some(a), Some(b)) => a.says_same(b),
        (None, None) => true,
        _ => false,
    };
    conditions && a.joined == b.joined
}

/// The paraphrase with the condition in words.
fn said(part: &Part<'_>) -> String {
    let mut text = part.text.to_owned();
    if let Some(when) = part.when.filter(|when| !when.is_always()) {
        text += &format!(" [{}]", condition_words(when));
    }
    if !part.joined.is_empty() {
        text += &format!(" ({})", part.joined);
    }
    text
}

fn parts(list: &List) -> Vec<Part<'_>> {
    let clauses = list.clauses.iter().map(|clause| Part {
        kind: "clause",
        id: &clause.id,
        text: &clause.text,
        when: Some(&clause.when),
        joined: match clause.join {
            Some(Join::Any) => "any of those below".to_owned(),
            Some(Join::All) => "each of those below".to_owned(),
            None => String::new(),
        },
    });
    let notes = list.notes.iter().map(|note| Part {
        kind: if note.kind.is_definition() { "definition" } else { "note" },
        id: &note.id,
        text: &note.text,
        when: Some(&note.when).filter(|_| note.kind != NoteKind::Explains),
        joined: match note.kind {
            NoteKind::Defines => String::new(),
            NoteKind::DefinesAxis => "of an axis".to_owned(),
            _ => format!("on {}", note.from.join(", ")),
        },
    });
    let policies = list.policies.iter().map(|policy| Part {
        kind: "open reading",
        id: &policy.id,
        text: &policy.text,
        when: None,
        joined: policy.default_word().to_owned(),
    });
    let reasons = list.reasons.iter().map(|named| part_of("reason", named));
    let flags = list.flags.iter().map(|named| part_of("flag", named));
    clauses.chain(notes).chain(reasons).chain(flags).chain(policies).collect()
}

fn part_of<'l>(kind: &'static str, named: &'l super::Named) -> Part<'l> {
    let (id, text, when) = (&named.id, &named.text, Some(&named.when));
    let joined = named.stated.map_or_else(String::new, super::Procedure::text);
    Part { kind, id, text, when, joined }
}
