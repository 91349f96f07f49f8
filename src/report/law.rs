//! Lists for people: the table of editions and the plain text of one of them.

use std::fmt::Write as _;

use serde::Serialize;

use super::csv::rows_csv;
use super::rows::list_rows;
use super::table::table;
use crate::error::Result;
use crate::list::{
    Clause, Header, Join, List, ListKind, NoteKind, TextChange, changes, condition_words,
    stale_numbers,
};

/// The editions as a table.
pub fn lists_table(headers: &[&Header]) -> String {
    let rows: Vec<Vec<String>> = list_rows(headers)
        .into_iter()
        .map(|row| {
            let sure = if row.in_force_checked == "read" { "" } else { " ?" };
            let kind = if row.kind == "control-list" { "" } else { row.kind };
            vec![
                row.list,
                row.edition,
                row.jurisdiction,
                format!("{}{sure}", row.in_force),
                row.until,
                row.verified_through,
                row.labels.join(", "),
                format!("{}{kind}", row.title),
            ]
        })
        .collect();
    let header =
        ["list", "edition", "whose", "in force", "until", "verified", "regime label", "title"];
    let text = table(&header, &rows, header.len());
    format!("{text}\n\n? = the day itself was not read in the act\n")
}

/// A list as numbered text, with what it says otherwise than the list below it marked, in the text
/// and together at its end: `+` is new, `-` is gone, `~` is changed.
pub fn marked_text(list: &List, below: &List) -> String {
    let all = changes(below, list);
    let mut out = marked_lines(&list_text(list), &all);
    let title = below.title();
    let _ = writeln!(out, "Changes against {title}\n");
    if all.is_empty() {
        let _ = writeln!(out, "none: it says the same");
    }
    for change in &all {
        let mark = mark(change);
        let words = if change.law { "" } else { "  (the words only; the condition is the same)" };
        let _ = writeln!(out, "{mark} {} {}{words}", change.kind, change.id);
        for (side, text) in [("was", &change.was), ("now", &change.now)] {
            if let Some(text) = text {
                let _ = writeln!(out, "    {side}: {text}");
            }
        }
    }
    for (id, numbers) in stale_numbers(list) {
        let _ = writeln!(out, "warning: {id}: the text says {numbers}, the condition does not");
    }
    out
}

/// The mark of a change.
fn mark(change: &TextChange) -> char {
    match (&change.was, &change.now) {
        (None, _) => '+',
        (_, None) => '-',
        _ => '~',
    }
}

/// The text of a list with a mark before each line at which a changed part begins.
fn marked_lines(text: &str, all: &[TextChange]) -> String {
    let mut out = String::new();
    for line in text.lines() {
        let own = line.trim_start();
        let begins = |change: &&TextChange| {
            let rest = own.strip_prefix(change.id.as_str());
            change.now.is_some()
                && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with([' ']))
        };
        match all.iter().find(begins).filter(|_| !own.is_empty()) {
            Some(change) => {
                let _ = writeln!(out, "{} {line}", mark(change));
            }
            None if own.is_empty() => out.push('\n'),
            None => {
                let _ = writeln!(out, "  {line}");
            }
        }
    }
    out
}

/// A list as numbered text that can be read aloud and compared line by line.
pub fn list_text(list: &List) -> String {
    let header = &list.header;
    let mut out = String::new();
    let _ = writeln!(out, "{} · edition {}", header.id, header.edition);
    if header.kind != ListKind::ControlList {
        let _ = writeln!(out, "DRAFT: a {}, not law", header.kind.word());
    }
    let _ = writeln!(out, "{}", header.title);
    let _ = writeln!(out, "carrier: {}", header.carrier);
    if !header.labels.is_empty() {
        let _ = writeln!(out, "regime: {}", header.labels.join(", "));
    }
    for (what, day) in [
        ("in force from", header.in_force),
        ("in force until", header.until),
        ("text verified through", header.verified_through),
    ] {
        if let Some(day) = day {
            let sure = if what == "in force from" && header.in_force_checked.word() != "read" {
                format!(" ({})", header.in_force_checked.word())
            } else {
                String::new()
            };
            let _ = writeln!(out, "{what}: {day}{sure}");
        }
    }
    let _ = writeln!(out, "read in: {}", header.source);
    if !header.after.is_empty() {
        let _ = writeln!(out, "takes what these leave: {}", header.after.join(", "));
    }
    if let Some(base) = &header.base {
        let _ = writeln!(out, "changes: {} ({})", base.list, base.edition);
    }
    out.push('\n');
    for clause in &list.clauses {
        clause_text(&mut out, list, clause);
    }
    definitions(&mut out, list);
    section(&mut out, "Notes");
    for note in list.notes.iter().filter(|note| !note.kind.is_definition()) {
        let from = note.from.join(", ");
        let _ = writeln!(out, "{} (on {from})\n    {}", note.id, note.text);
        if note.kind == NoteKind::Excludes {
            let _ = writeln!(out, "    excludes if: {}", condition_words(&note.when));
        }
        out.push('\n');
    }
    named_text(&mut out, list);
    if !list.policies.is_empty() {
        section(&mut out, "Open readings");
    }
    for policy in &list.policies {
        let taken = policy.default_word();
        let _ = writeln!(
            out,
            "{}\n    {}\n    taken unless told otherwise: {taken}\n",
            policy.id, policy.text
        );
    }
    out
}

/// The reasons and flags of a list.
fn named_text(out: &mut String, list: &List) {
    for (title, all) in [("Reasons for control", &list.reasons), ("Flags", &list.flags)] {
        if !all.is_empty() {
            section(out, title);
        }
        for named in all {
            let words = condition_words(&named.when);
            let _ = writeln!(out, "{}\n    {}\n    if: {words}", named.id, named.text);
            if let Some(procedure) = named.stated {
                let _ = writeln!(out, "    stated values: {}", procedure.text());
            }
            out.push('\n');
        }
    }
}

fn section(out: &mut String, title: &str) {
    let _ = writeln!(out, "{title}\n");
}

/// The conditions that a list gives a name.
fn definitions(out: &mut String, list: &List) {
    let mut defined = list.notes.iter().filter(|note| note.kind.is_definition()).peekable();
    if defined.peek().is_some() {
        section(out, "Definitions");
    }
    for note in defined {
        let words = condition_words(&note.when);
        let means = match note.kind {
            NoteKind::DefinesAxis => "means of an axis",
            _ => "means",
        };
        let _ = writeln!(out, "{}\n    {}\n    {means}: {words}\n", note.id, note.text);
    }
}

fn clause_text(out: &mut String, list: &List, clause: &Clause) {
    let depth = clause.id.matches('.').count();
    let pad = "  ".repeat(depth);
    let _ = writeln!(out, "{pad}{}  {}", clause.id, clause.text);
    if !clause.when.is_always() {
        let _ = writeln!(out, "{pad}    if: {}", condition_words(&clause.when));
    }
    let children = list.children(&clause.id).count();
    match clause.join {
        Some(Join::Any) if children > 0 => {
            let _ = writeln!(out, "{pad}    and any of the {children} below");
        }
        Some(Join::All) if children > 0 => {
            let _ = writeln!(out, "{pad}    and each of the {children} below");
        }
        _ => {}
    }
    out.push('\n');
}

/// One clause, note, reason or flag of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ClauseRow {
    /// What it is.
    pub kind: &'static str,
    /// Its citation or name.
    pub id: String,
    /// The paraphrase.
    pub text: String,
    /// The condition in words.
    pub condition: String,
    /// `any` or `all` of the sub-clauses, or the clauses that a note is about.
    pub joins: String,
    /// The list, marked where it is not law.
    pub list: String,
}

/// A list as rows.
pub fn clause_rows(list: &List) -> Vec<ClauseRow> {
    let title = list.marked_title();
    let clauses = list.clauses.iter().map(|clause| ClauseRow {
        kind: "clause",
        id: clause.id.clone(),
        text: clause.text.clone(),
        condition: condition_words(&clause.when),
        joins: match clause.join {
            Some(Join::Any) => "any".to_owned(),
            Some(Join::All) => "all".to_owned(),
            None => String::new(),
        },
        list: title.clone(),
    });
    let notes = list.notes.iter().map(|note| ClauseRow {
        kind: match note.kind {
            NoteKind::Excludes => "note: excludes",
            NoteKind::Explains => "note: explains",
            NoteKind::Defines => "definition",
            NoteKind::DefinesAxis => "definition of an axis",
        },
        id: note.id.clone(),
        text: note.text.clone(),
        condition: condition_words(&note.when),
        joins: note.from.join("; "),
        list: title.clone(),
    });
    let named = |kind: &'static str, all: &[crate::list::Named]| -> Vec<ClauseRow> {
        all.iter()
            .map(|named| ClauseRow {
                kind,
                id: named.id.clone(),
                text: named.text.clone(),
                condition: condition_words(&named.when),
                joins: String::new(),
                list: title.clone(),
            })
            .collect()
    };
    let reasons = named("reason", &list.reasons);
    clauses.chain(notes).chain(reasons).chain(named("flag", &list.flags)).collect()
}

/// A list as CSV.
pub fn clauses_csv(list: &List) -> Result<String> {
    rows_csv(
        &["kind", "id", "text", "condition", "joins", "list"],
        clause_rows(list).into_iter().map(|row| {
            vec![row.kind.to_owned(), row.id, row.text, row.condition, row.joins, row.list]
        }),
    )
}

/// The editions as CSV.
pub fn lists_csv(headers: &[&Header]) -> Result<String> {
    let header = [
        "list",
        "edition",
        "kind",
        "jurisdiction",
        "in_force",
        "in_force_checked",
        "until",
        "verified_through",
        "labels",
        "title",
        "carrier",
        "base",
    ];
    rows_csv(
        &header,
        list_rows(headers).into_iter().map(|row| {
            vec![
                row.list,
                row.edition,
                row.kind.to_owned(),
                row.jurisdiction,
                row.in_force,
                row.in_force_checked.to_owned(),
                row.until,
                row.verified_through,
                row.labels.join("; "),
                row.title,
                row.carrier,
                row.base,
            ]
        }),
    )
}
