//! The summary of a classification, for people.

use std::fmt::Write as _;

use super::table::table;
use crate::assess::{Evaluator, Summary};
use crate::catalogue::{Catalogue, Severity};
use crate::list::ListKind;
use crate::quantity::counted;
use crate::record::NOTICE;

/// How many rows of a ranking are shown.
const SHOWN: usize = 10;

/// The summary as text.
pub fn summary_text(evaluator: &Evaluator, catalogue: &Catalogue, summary: &Summary) -> String {
    let mut out = String::new();
    let entries = evaluator.program.entries();
    let _ = writeln!(
        out,
        "{}: {}, {}\n",
        catalogue.file,
        counted(summary.machines, "machine"),
        if entries.len() == 1 {
            "1 entry".to_owned()
        } else {
            format!("{} entries", entries.len())
        }
    );
    let rows: Vec<Vec<String>> = summary
        .lists
        .iter()
        .zip(entries)
        .map(|(count, entry)| {
            let kind = entry.list.header.kind;
            let draft = if kind == ListKind::ControlList { "" } else { " [draft, not law]" };
            vec![
                format!("{}{draft}", count.list),
                count.edition.clone(),
                count.as_of.clone(),
                count.captured.to_string(),
                count.not_captured.to_string(),
                count.undetermined.to_string(),
                if count.withheld == 0 { String::new() } else { count.withheld.to_string() },
            ]
        })
        .collect();
    let header =
        ["list", "edition", "as of", "captured", "not captured", "undetermined", "of it withheld"];
    let _ = writeln!(out, "{}\n", table(&header, &rows, 3));
    let rows: Vec<Vec<String>> = summary
        .statuses
        .iter()
        .map(|(name, counts)| {
            let mut row = vec![name.clone()];
            row.extend(counts.iter().map(ToString::to_string));
            row
        })
        .collect();
    let header = ["control status", "captured", "no criterion met", "undetermined"];
    if !rows.is_empty() {
        let _ = writeln!(out, "{}\n", table(&header, &rows, 1));
    }
    if !evaluator.absent.is_empty() {
        let _ = writeln!(
            out,
            "Not evaluated, because no edition at hand was in force: {}.\n",
            evaluator.absent.join(", ")
        );
    }
    ranking(&mut out, "Open verdicts may depend on", "open verdicts", &summary.missing);
    rests(&mut out, evaluator, summary);
    read(&mut out, catalogue);
    let _ = writeln!(out, "{NOTICE}");
    out
}

fn ranking(out: &mut String, title: &str, unit: &str, counts: &[(String, usize)]) {
    if counts.is_empty() {
        return;
    }
    let rows: Vec<Vec<String>> = counts
        .iter()
        .take(SHOWN)
        .map(|(name, count)| vec![name.clone(), count.to_string()])
        .collect();
    let _ = writeln!(out, "{}", table(&[title, unit], &rows, 1));
    if counts.len() > SHOWN {
        let _ = writeln!(out, "and {} more", counts.len() - SHOWN);
    }
    out.push('\n');
}

fn rests(out: &mut String, evaluator: &Evaluator, summary: &Summary) {
    let rows: Vec<Vec<String>> = summary
        .grades
        .iter()
        .map(|(level, count)| vec![level.word().to_owned(), count.to_string()])
        .collect();
    if !rows.is_empty() {
        let header = ["settled verdicts rest on evidence up to", "verdicts"];
        let _ = writeln!(out, "{}\n", table(&header, &rows, 1));
    }
    ranking(out, "settled verdicts rest on the assumption", "verdicts", &summary.assumptions);
    let made = evaluator.setup.policy.assumptions.active().map(|a| a.name.as_str());
    let made: Vec<&str> = made.collect();
    let _ = writeln!(out, "Assumptions made: {}.", made.join(", "));
    let _ = writeln!(
        out,
        "Verdicts on makers' data settled only thanks to derived bounds: {}.",
        summary.derived_only
    );
    for (count, text) in [
        (summary.remembered, "captures that rest on a remembered figure of a list"),
        (summary.approximate, "verdicts left open because too many combinations were open"),
        (summary.conflicts, "machines with contradicting sources"),
    ] {
        if count > 0 {
            let _ = writeln!(out, "{count} {text}.");
        }
    }
}

fn read(out: &mut String, catalogue: &Catalogue) {
    for note in &catalogue.notes {
        let _ = writeln!(out, "Note: {note}");
    }
    if !catalogue.mapping.is_empty() {
        let _ = writeln!(out, "Columns read by mapping `{}`.", catalogue.mapping);
    }
    if !catalogue.unmapped.is_empty() {
        let _ = writeln!(out, "Columns not read: {}.", catalogue.unmapped.join(", "));
    }
    let count = |severity: Severity| {
        catalogue.remarks.iter().filter(|remark| remark.severity == severity).count()
    };
    let _ = writeln!(
        out,
        "Remarks: {} unread, {}, {}; {} set aside.",
        counted(count(Severity::Unread), "cell"),
        counted(count(Severity::Contradiction), "contradiction"),
        counted(count(Severity::Note), "note"),
        counted(catalogue.rejected.len(), "row")
    );
}
