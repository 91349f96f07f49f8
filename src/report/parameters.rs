//! The table of parameters, for people and for tables.

use std::fmt::Write as _;

use super::csv::rows_csv;
use super::rows::parameter_rows;
use crate::error::Result;
use crate::machine::Standard;

/// The parameters as text.
pub fn parameters_text() -> String {
    let mut out = String::new();
    for row in parameter_rows() {
        let unit = if row.unit.is_empty() { String::new() } else { format!(" in {}", row.unit) };
        let _ =
            writeln!(out, "{}  ({}, {}{unit}, {})", row.name, row.scope, row.kind, row.direction);
        let _ = writeln!(out, "    {}", row.description);
        if row.error_type {
            out.push_str("    error-type: a catalogue figure of it is only an upper bound\n");
        }
        if row.editioned {
            out.push_str("    standard and edition are part of it\n");
        }
        for (what, text) in [
            ("labels", row.labels.join(", ")),
            ("defined by", row.standard.to_owned()),
            ("headers", row.aliases.join(", ")),
        ] {
            if !text.is_empty() {
                let _ = writeln!(out, "    {what}: {text}");
            }
        }
    }
    let standards = Standard::all().map(|standard| standard.to_string()).collect::<Vec<_>>();
    let _ = writeln!(out, "\nStandards: {}", standards.join(", "));
    out
}

/// The parameters as CSV.
pub fn parameters_csv() -> Result<String> {
    let header = [
        "name",
        "scope",
        "kind",
        "unit",
        "direction",
        "error_type",
        "editioned",
        "labels",
        "standard",
        "aliases",
        "description",
    ];
    rows_csv(
        &header,
        parameter_rows().into_iter().map(|row| {
            vec![
                row.name.to_owned(),
                row.scope.to_owned(),
                row.kind.to_owned(),
                row.unit.to_owned(),
                row.direction.to_owned(),
                row.error_type.to_string(),
                row.editioned.to_string(),
                row.labels.join("; "),
                row.standard.to_owned(),
                row.aliases.join("; "),
                row.description.to_owned(),
            ]
        }),
    )
}
