//! How expectations came out.

use std::fmt::Write as _;

use serde::Serialize;

use super::csv::rows_csv;
use crate::assess::CaseResult;
use crate::error::Result;
use crate::quantity::counted;

/// One case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CaseRow {
    /// The list and its edition.
    pub list: String,
    /// What the case is about.
    pub case: String,
    /// Where it stands.
    pub place: String,
    /// Whether everything was as expected.
    pub passed: bool,
    /// What was not.
    pub problems: Vec<String>,
}

/// The cases as rows.
pub fn case_rows(results: &[CaseResult]) -> Vec<CaseRow> {
    results
        .iter()
        .map(|result| CaseRow {
            list: result.list.clone(),
            case: result.case.clone(),
            place: result.place.to_string(),
            passed: result.problems.is_empty(),
            problems: result.problems.clone(),
        })
        .collect()
}

/// The cases as text: failed ones in full, passed ones counted by list.
pub fn cases_text(results: &[CaseResult]) -> String {
    let mut out = String::new();
    let mut lists: Vec<(&str, usize, usize)> = Vec::new();
    for result in results {
        let at = lists.iter().position(|(list, ..)| *list == result.list).unwrap_or_else(|| {
            lists.push((&result.list, 0, 0));
            lists.len() - 1
        });
        if let Some((_, passed, failed)) = lists.get_mut(at) {
            if result.problems.is_empty() { *passed += 1 } else { *failed += 1 }
        }
        if !result.problems.is_empty() {
            let _ = writeln!(out, "{}: {}", result.place, result.case);
            for problem in &result.problems {
                let _ = writeln!(out, "    {problem}");
            }
        }
    }
    for (list, passed, failed) in lists {
        let _ = writeln!(out, "{list}: {passed} passed, {failed} failed");
    }
    let failed = results.iter().filter(|result| !result.problems.is_empty()).count();
    let _ = writeln!(out, "{}, {failed} failed", counted(results.len(), "case"));
    out
}

/// The cases as CSV.
pub fn cases_csv(results: &[CaseResult]) -> Result<String> {
    rows_csv(
        &["list", "case", "place", "passed", "problems"],
        case_rows(results).into_iter().map(|row| {
            vec![row.list, row.case, row.place, row.passed.to_string(), row.problems.join("; ")]
        }),
    )
}
