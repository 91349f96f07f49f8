//! What a reader had to say, for people and for tables.

use super::csv::rows_csv;
use crate::catalogue::{Catalogue, Remark};
use crate::error::Result;

/// The remarks as lines, the gravest first; at most `shown` of them.
pub fn remarks_text(remarks: &[Remark], shown: usize) -> String {
    let mut sorted: Vec<&Remark> = remarks.iter().collect();
    sorted.sort_by_key(|remark| (std::cmp::Reverse(remark.severity), remark.line));
    let mut lines: Vec<String> = sorted.iter().take(shown).map(ToString::to_string).collect();
    if sorted.len() > shown {
        lines.push(format!("and {} more", sorted.len() - shown));
    }
    lines.join("\n")
}

/// The remarks as CSV.
pub fn remarks_csv(remarks: &[Remark]) -> Result<String> {
    let header = ["severity", "file", "line", "column", "machine", "text", "reason", "what to do"];
    rows_csv(
        &header,
        remarks.iter().map(|remark| {
            vec![
                remark.severity.word().to_owned(),
                remark.file.clone(),
                remark.line.to_string(),
                remark.column.clone(),
                remark.machine.clone(),
                remark.text.clone(),
                remark.reason.clone(),
                remark.advice.clone(),
            ]
        }),
    )
}

/// Every row that was set aside, whole, with its line and reason.
pub fn rejected_csv(catalogue: &Catalogue) -> Result<String> {
    let mut header = vec!["line", "reason"];
    header.extend(catalogue.header.iter().map(String::as_str));
    let width = catalogue.rejected.iter().map(|row| row.fields.len()).max().unwrap_or(0);
    let extra: Vec<String> =
        (catalogue.header.len()..width).map(|at| format!("field {}", at + 1)).collect();
    header.extend(extra.iter().map(String::as_str));
    let columns = header.len();
    rows_csv(
        &header,
        catalogue.rejected.iter().map(|row| {
            let mut cells = vec![row.line.to_string(), row.reason.clone()];
            cells.extend(row.fields.iter().cloned());
            cells.resize(columns, String::new());
            cells
        }),
    )
}
