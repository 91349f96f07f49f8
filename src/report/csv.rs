//! Results as CSV. Cells that a spreadsheet would run as a formula are made harmless.

use std::io::Write;

use super::rows::{ResultRow, mark};
use crate::assess::{Evaluator, MachineResult};
use crate::error::{Error, Kind, Result};
use crate::machine::Machine;

/// A cell's text such that no spreadsheet runs it: an apostrophe before `=`, `+`, `-`, `@`, a tab
/// or a line end, unless the cell is a plain number.
pub fn neutral(text: &str) -> std::borrow::Cow<'_, str> {
    let risky = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']);
    let number = text.parse::<f64>().is_ok() || text == "-";
    if risky && !number { format!("'{text}").into() } else { text.into() }
}

pub(super) fn failed(error: impl std::fmt::Display) -> Error {
    Error::new(Kind::File, format!("the result cannot be written: {error}"))
}

/// The columns of the results, in order.
pub const COLUMNS: &[&str] = &[
    "machine",
    "maker",
    "model",
    "version",
    "line",
    "jurisdiction",
    "list",
    "list_kind",
    "entry",
    "edition",
    "as_of",
    "verdict",
    "nominal",
    "as_shipped",
    "withheld",
    "clauses",
    "excluded_by",
    "margin",
    "missing",
    "grade",
    "assumptions",
    "reasons",
    "flags",
    "status",
    "primary_entry",
    "caveats",
];

/// Writes result rows; `header` before the first of them.
pub fn results_csv(out: impl Write, rows: &[ResultRow], header: bool) -> Result<()> {
    let mut writer = csv::Writer::from_writer(out);
    if header {
        writer.write_record(COLUMNS).map_err(failed)?;
    }
    for row in rows {
        let line = row.line.to_string();
        let joined = |parts: &[String]| parts.join("; ");
        let lists = [
            joined(&row.clauses),
            joined(&row.excluded_by),
            joined(&row.missing),
            joined(&row.assumptions),
            joined(&row.reasons),
            joined(&row.flags),
            joined(&row.caveats),
        ];
        let [clauses, excluded_by, missing, assumptions, reasons, flags, caveats] = &lists;
        let cells: [&str; 26] = [
            &row.machine,
            &row.maker,
            &row.model,
            &row.version,
            &line,
            &row.jurisdiction,
            &row.list,
            row.list_kind,
            &row.entry,
            &row.edition,
            &row.as_of,
            row.verdict,
            row.nominal,
            row.as_shipped,
            row.withheld,
            clauses,
            excluded_by,
            &row.margin,
            missing,
            row.grade,
            assumptions,
            reasons,
            flags,
            row.status,
            &row.primary_entry,
            caveats,
        ];
        writer.write_record(cells.iter().map(|cell| neutral(cell).into_owned())).map_err(failed)?;
    }
    writer.flush().map_err(failed)
}

/// Writes the matrix: a row a machine, a column a list (`C` captured, `-` not captured, `?`
/// undetermined), and the status in each jurisdiction.
pub fn matrix_csv(
    out: impl Write,
    evaluator: &Evaluator,
    machines: &[Machine],
    results: &[MachineResult],
) -> Result<()> {
    let mut writer = csv::Writer::from_writer(out);
    let lists = evaluator.program.entries().iter().map(|entry| entry.list.marked_title());
    let statuses =
        evaluator.program.jurisdictions().iter().map(|(name, _)| format!("status {name}"));
    let primary =
        evaluator.program.jurisdictions().iter().map(|(name, _)| format!("primary {name}"));
    let head = ["machine", "maker", "model", "version"].map(str::to_owned);
    let header = head.into_iter().chain(lists).chain(statuses).chain(primary);
    writer.write_record(header).map_err(failed)?;
    for (machine, result) in machines.iter().zip(results) {
        let head = [&machine.id, &machine.maker, &machine.model, &machine.version];
        let head = head.into_iter().map(|text| neutral(text).into_owned());
        let verdicts = result.outcomes.iter().map(|outcome| mark(outcome.verdict).to_owned());
        let statuses = result.statuses.iter().map(|status| status.verdict.word().to_owned());
        let primary = result.statuses.iter().map(|status| neutral(&status.primary).into_owned());
        let row = head.chain(verdicts).chain(statuses).chain(primary);
        writer.write_record(row).map_err(failed)?;
    }
    writer.flush().map_err(failed)
}

/// A table of rows under their header.
pub(super) fn rows_csv(header: &[&str], rows: impl Iterator<Item = Vec<String>>) -> Result<String> {
    let mut bytes = Vec::new();
    write_rows(&mut bytes, header, rows.map(Ok))?;
    String::from_utf8(bytes).map_err(failed)
}

/// Writes rows under their header; a row that is too short is filled up.
pub(super) fn write_rows(
    out: impl Write,
    header: &[&str],
    rows: impl Iterator<Item = Result<Vec<String>>>,
) -> Result<()> {
    let mut writer = csv::Writer::from_writer(out);
    writer.write_record(header).map_err(failed)?;
    for row in rows {
        let mut row = row?;
        row.resize(header.len(), String::new());
        writer.write_record(row.iter().map(|cell| neutral(cell).into_owned())).map_err(failed)?;
    }
    writer.flush().map_err(failed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_made_harmless_and_numbers_are_left_alone() {
        for (text, expected) in [
            ("=1+1", "'=1+1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"),
            ("-5", "-5"),
            ("-", "-"),
            ("plain", "plain"),
            ("\tx", "'\tx"),
        ] {
            assert_eq!(neutral(text), expected);
        }
    }
}
