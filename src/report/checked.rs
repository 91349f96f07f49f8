//! What is said of checked files: errors, warnings with the machines that prove them, and what a
//! deep check asked.

use serde::Serialize;

use super::csv::{failed, neutral};
use super::region::witness;
use crate::assess::{Finding, Searched};
use crate::error::{Error, Result};

/// What is said of one file.
#[derive(Debug, Default)]
pub struct Checked {
    /// The file.
    pub file: String,
    /// What it holds; empty where it has errors.
    pub holds: String,
    /// Every error.
    pub errors: Vec<Error>,
    /// Everything odd about it, in the order in which it is told.
    pub warnings: Vec<Finding>,
    /// What a deep check asked.
    pub searched: Option<Searched>,
}

/// What is said of files, for people; those with errors say theirs elsewhere.
pub fn checked_text(all: &[Checked]) -> String {
    let of = |checked: &Checked| {
        let mut out = format!("{}: {}, without errors", checked.file, checked.holds);
        checked.warnings.iter().for_each(|finding| out += &finding_text(finding));
        if let Some(searched) = &checked.searched {
            out += &searched_text(searched);
        }
        out
    };
    let sound = all.iter().filter(|checked| checked.errors.is_empty());
    sound.map(of).collect::<Vec<_>>().join("\n")
}

/// A finding with its place; under it the pair of machines that proves it, as rows of a sheet.
fn finding_text(finding: &Finding) -> String {
    let place = finding.place.as_ref().map_or_else(String::new, |place| format!("{place}: "));
    let mut out = format!("\n  warning: {place}{}: {}", finding.id, finding.text);
    for (machine, verdict) in &finding.witnesses {
        out += &format!("\n    {}: {}", verdict.word(), witness(machine));
    }
    out
}

/// What a deep check asked of all machines there could be, and what it did not find out.
fn searched_text(searched: &Searched) -> String {
    let Searched { depth, questions, axes, unanswered, undirected } = searched;
    let mut out = format!(
        "\n  searched: {questions} questions over all machines there could be; as many axes as can \
         matter to each, {axes} at most here"
    );
    if unanswered.is_empty() {
        out += "; each has its answer";
    } else {
        out += &format!(
            "; {} without an answer within {} steps and {} axes (--steps, --axes):",
            unanswered.len(),
            depth.steps,
            depth.axes
        );
        unanswered.iter().for_each(|question| out += &format!("\n    not settled {question}"));
    }
    if !undirected.is_empty() {
        let names: Vec<String> = undirected.iter().map(|name| format!("`{name}`")).collect();
        out += &format!(
            "\n  not asked: whether more or less is captured less, of readings that have no better \
             and no worse: {}",
            names.join(", ")
        );
    }
    out
}

/// One thing that is said of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CheckRow {
    /// The file.
    pub file: String,
    /// `error`, `warning`, `not settled` (a question without an answer) or `read` (the file has no
    /// errors).
    pub kind: &'static str,
    /// The clause, note or definition, where it is of one.
    pub clause: String,
    /// The line in the file, where it has one.
    pub line: Option<usize>,
    /// What is said.
    pub text: String,
    /// What to do about an error.
    pub help: String,
    /// The machines that prove it, each as a row of a sheet after its verdict.
    pub witnesses: Vec<String>,
}

impl CheckRow {
    fn new(file: &str, kind: &'static str, text: &str) -> Self {
        Self {
            file: file.to_owned(),
            kind,
            clause: String::new(),
            line: None,
            text: text.to_owned(),
            help: String::new(),
            witnesses: Vec::new(),
        }
    }

    fn of_error(file: &str, error: &Error) -> Self {
        Self {
            line: error.place().map(|place| place.line),
            help: error.advice().unwrap_or_default().to_owned(),
            ..Self::new(file, "error", error.message())
        }
    }

    fn of_finding(file: &str, finding: &Finding) -> Self {
        let said = finding.witnesses.iter();
        let said =
            said.map(|(machine, verdict)| format!("{}: {}", verdict.word(), witness(machine)));
        Self {
            clause: finding.id.clone(),
            line: finding.place.as_ref().map(|place| place.line),
            witnesses: said.collect(),
            ..Self::new(file, "warning", &finding.text)
        }
    }
}

/// What is said of files, a row each.
pub fn check_rows(all: &[Checked]) -> Vec<CheckRow> {
    let mut rows = Vec::new();
    for checked in all {
        let file = checked.file.as_str();
        if checked.errors.is_empty() {
            rows.push(CheckRow::new(file, "read", &checked.holds));
        }
        rows.extend(checked.errors.iter().map(|error| CheckRow::of_error(file, error)));
        rows.extend(checked.warnings.iter().map(|finding| CheckRow::of_finding(file, finding)));
        let open = checked.searched.iter().flat_map(|searched| &searched.unanswered);
        rows.extend(open.map(|question| CheckRow::new(file, "not settled", question)));
    }
    rows
}

/// The same as CSV.
pub fn check_csv(rows: &[CheckRow]) -> Result<String> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let header = ["file", "kind", "clause", "line", "text", "help", "witnesses"];
    writer.write_record(header).map_err(failed)?;
    for row in rows {
        let line = row.line.map_or_else(String::new, |line| line.to_string());
        let witnesses = row.witnesses.join("\n");
        let cells = [&row.file, row.kind, &row.clause, &line, &row.text, &row.help, &witnesses];
        writer.write_record(cells.map(|cell| neutral(cell).into_owned())).map_err(failed)?;
    }
    let bytes = writer.into_inner().map_err(failed)?;
    String::from_utf8(bytes).map_err(failed)
}
