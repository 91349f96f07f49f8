//! Uncertainty budgets, and what they say about meeting a limit.

use serde::Serialize;

use super::csv::rows_csv;
use super::table::table;
use crate::error::Result;
use crate::metrology::{Budget, chance_at_most, guard_band};

/// One contributor, or one figure.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BudgetRow {
    /// The contributor, or the figure: A, E, M, B, R, UPR.
    pub of: String,
    /// Whether it is a figure.
    pub figure: bool,
    /// The expanded uncertainty (k = 2) in micrometres.
    pub expanded: f64,
    /// The standard uncertainty in micrometres.
    pub standard: f64,
    /// How it comes about.
    pub note: String,
}

/// A value held against a limit, in micrometres.
#[derive(Debug, Clone, PartialEq)]
pub struct Decision {
    /// The figure.
    pub figure: String,
    /// Its value.
    pub value: f64,
    /// The limit.
    pub limit: f64,
    /// The standard uncertainty.
    pub u: f64,
    /// The probability that guard bands are made for.
    pub conformance: f64,
}

/// The rows of a budget.
pub fn budget_rows(budget: &Budget) -> Vec<BudgetRow> {
    let part = |(of, expanded): &(&str, f64)| BudgetRow {
        of: (*of).to_owned(),
        figure: false,
        expanded: *expanded,
        standard: expanded / 2.0,
        note: "contributor, k = 2".to_owned(),
    };
    let figure = |of: &str, expanded: f64, note: &str| BudgetRow {
        of: of.to_owned(),
        figure: true,
        expanded,
        standard: expanded / 2.0,
        note: note.to_owned(),
    };
    let all = "all contributors, k = 2";
    let drift = format!(
        "the drift alone (lengths cancel), at most ± {:.3} µm, rectangular; k = 2",
        budget.repeatability
    );
    let bound = |of: &str| figure(of, budget.repeatability_expanded(), &drift);
    let mut rows: Vec<BudgetRow> = budget.parts.iter().map(part).collect();
    rows.extend([
        figure("A", budget.accuracy, all),
        figure("E", budget.systematic, all),
        figure("M", budget.mean, all),
        figure("B", budget.reversal, "environment only, k = 2"),
        bound("R"),
        bound("UPR"),
    ]);
    rows
}

fn cells(row: &BudgetRow) -> Vec<String> {
    let number = |value: f64| format!("{value:.3}");
    vec![row.of.clone(), row.note.clone(), number(row.expanded), number(row.standard)]
}

/// The rows for people.
pub fn budget_text(rows: &[BudgetRow]) -> String {
    let cells: Vec<Vec<String>> = rows.iter().map(cells).collect();
    let mut text = table(&["of", "from", "U, µm", "u, µm"], &cells, 2);
    text += "\n\nAfter ISO/TR 230-9 and the GUM; the weights of ISO 230-2, annex A, are to be \
             checked there before they are cited.\n";
    text
}

/// The rows as CSV.
pub fn budget_csv(rows: &[BudgetRow]) -> Result<String> {
    rows_csv(&["of", "from", "expanded_um", "standard_um"], rows.iter().map(cells))
}

/// What a value says about a limit: the list's own rule first, then chances.
pub fn decision_text(decision: &Decision) -> String {
    let Decision { figure, value, limit, u, conformance } = decision;
    let rule = if value <= limit { "meets" } else { "does not meet" };
    let chance = 100.0 * chance_at_most(*value, *u, *limit);
    let guard = guard_band(*u, *conformance);
    let (inner, outer) = (limit - guard, limit + guard);
    let where_it_is = if *value <= inner {
        "below the guard band"
    } else if *value <= outer {
        "within the guard band"
    } else {
        "above the guard band"
    };
    format!(
        "\n{figure} = {value} µm {rule} \"at most {limit} µm\": the lists compare the figure \
         itself.\nBeside that, u = {u:.3} µm: the chance that it is at most {limit} µm is \
         {chance:.2} % (JCGM 106); for {:.0} % the guard band is ± {guard:.3} µm (ISO 14253-1), \
         the value lies {where_it_is}.\n",
        100.0 * conformance
    )
}
