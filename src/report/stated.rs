//! Stated values of a model, and what each list asks of them.

use serde::Serialize;

use super::csv::rows_csv;
use super::table::table;
use crate::assess::{Reaffirmation, StatedUnder};
use crate::date::Day;
use crate::error::Result;
use crate::metrology::Declared;

/// The stated value of one axis of a model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StatedRow {
    /// The axis.
    pub axis: String,
    /// Figure and edition.
    pub figure: String,
    /// How many machines the mean is over.
    pub machines: usize,
    /// The mean, to the smallest unit.
    pub mean: String,
    /// The stated value.
    pub stated: String,
    /// What was done with the digits of the mean: the policy's name, or your own in words.
    pub digits: String,
    /// The day on which the values count as stated, if it was said.
    pub stated_on: String,
    /// What is odd about the values: machines that gave none.
    pub notes: String,
}

/// What one list asks of the stated values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReaffirmRow {
    /// The list's name.
    pub list: String,
    /// The edition of the list.
    pub edition: String,
    /// The figures, each with its standard and edition, that the list asks to be stated.
    pub figures: Vec<String>,
    /// Those of them that the file does not state.
    pub not_stated: Vec<String>,
    /// The procedure as far as the list says it.
    pub procedure: String,
    /// What the list says of the model.
    pub verdict: &'static str,
    /// Whether the stated values are to be reaffirmed: `applies`, `does not apply`, `may apply`.
    pub reaffirm: &'static str,
    /// The day by which they are; empty where no period or no day is said.
    pub due: String,
    /// Whether that day has passed on the day of evaluation.
    pub overdue: bool,
    /// On what an open flag may still depend.
    pub missing: Vec<String>,
    /// What else is to be known: too few machines, no procedure.
    pub remarks: Vec<String>,
}

/// Stated values as rows; `digits` says what was done with the digits of the mean.
pub fn stated_rows(found: &Declared, digits: &str, on: Option<Day>) -> Vec<StatedRow> {
    let row = |stated: &crate::metrology::Stated| StatedRow {
        axis: stated.axis.clone(),
        figure: stated.figure.text(),
        machines: stated.machines.len(),
        mean: stated.mean.text(found.unit),
        stated: stated.stated.text(found.unit),
        digits: digits.to_owned(),
        stated_on: on.map_or_else(String::new, |day| day.to_string()),
        notes: found.notes.join("; "),
    };
    found.stated.iter().map(row).collect()
}

/// What each list asks, for values that were stated on a day, looked at on another.
pub fn reaffirm_rows(
    all: &[StatedUnder],
    machines: usize,
    on: Option<Day>,
    as_of: Option<Day>,
) -> Vec<ReaffirmRow> {
    let row = |under: &StatedUnder| {
        let procedure = under.procedure;
        let months = procedure.and_then(|procedure| procedure.months);
        let wanted = procedure.and_then(|procedure| procedure.machines);
        let applies = under.reaffirm != Some(Reaffirmation::DoesNotApply);
        let due = on.zip(months).filter(|_| applies && under.reaffirm.is_some());
        let due = due.and_then(|(day, months)| day.months_later(months));
        let mut remarks = Vec::new();
        match wanted {
            Some(wanted) if usize::try_from(wanted) != Ok(machines) => {
                remarks.push(format!(
                    "{}; the procedure takes {wanted}",
                    crate::quantity::counted(machines, "machine")
                ));
            }
            _ => {}
        }
        if under.reaffirm.is_none() {
            remarks.push("the list as read has no procedure for stated values".to_owned());
        } else if applies && months.is_none() {
            remarks.push("no period of reaffirmation was read in this list".to_owned());
        }
        if under.unverified {
            remarks.push("law not verified to that date".to_owned());
        }
        ReaffirmRow {
            list: under.list.clone(),
            edition: under.edition.clone(),
            figures: under.figures.iter().map(|key| key.text()).collect(),
            not_stated: under.not_stated.iter().map(|key| key.text()).collect(),
            procedure: procedure.map_or_else(String::new, crate::list::Procedure::text),
            verdict: under.verdict.word(),
            reaffirm: under.reaffirm.map_or("", Reaffirmation::word),
            due: due.map_or_else(String::new, |day| day.to_string()),
            overdue: due.zip(as_of).is_some_and(|(due, day)| day > due),
            missing: under.missing.iter().map(|missing| missing.text()).collect(),
            remarks,
        }
    };
    all.iter().map(row).collect()
}

/// Stated values as CSV.
pub fn stated_csv(rows: &[StatedRow]) -> Result<String> {
    let cells = |row: &StatedRow| {
        let count = row.machines.to_string();
        let [axis, figure, mean] = [&row.axis, &row.figure, &row.mean];
        [axis, figure, &count, mean, &row.stated, &row.digits, &row.stated_on, &row.notes]
            .map(ToString::to_string)
            .to_vec()
    };
    let header = ["axis", "figure", "machines", "mean", "stated", "digits", "stated_on", "notes"];
    rows_csv(&header, rows.iter().map(cells))
}

/// What lists ask as CSV.
pub fn reaffirm_csv(rows: &[ReaffirmRow]) -> Result<String> {
    let header = [
        "list",
        "edition",
        "figures",
        "not_stated",
        "procedure",
        "verdict",
        "reaffirm",
        "due",
        "overdue",
        "missing",
        "remarks",
    ];
    let cells = |row: &ReaffirmRow| {
        let joined = |all: &[String]| all.join("; ");
        vec![
            row.list.clone(),
            row.edition.clone(),
            joined(&row.figures),
            joined(&row.not_stated),
            row.procedure.clone(),
            row.verdict.to_owned(),
            row.reaffirm.to_owned(),
            row.due.clone(),
            row.overdue.to_string(),
            joined(&row.missing),
            joined(&row.remarks),
        ]
    };
    rows_csv(&header, rows.iter().map(cells))
}

/// Stated values for people, and what each list asks of them.
pub fn stated_text(rows: &[StatedRow], policy: &str, asked: &[ReaffirmRow]) -> String {
    let cells: Vec<Vec<String>> = rows
        .iter()
        .map(|row| {
            let count = row.machines.to_string();
            vec![row.axis.clone(), row.figure.clone(), count, row.mean.clone(), row.stated.clone()]
        })
        .collect();
    let digits = rows.first().map_or("", |row| row.digits.as_str());
    let mut text = format!(
        "{}\n\nDigits of the mean: {digits} ({policy}).\nA stated value counts where the authority \
         accepts it.\n",
        table(&["axis", "figure", "machines", "mean", "stated"], &cells, 2)
    );
    if let Some(row) = rows.first().filter(|row| !row.stated_on.is_empty()) {
        text += &format!("Stated on {}.\n", row.stated_on);
    }
    if let Some(row) = rows.first().filter(|row| !row.notes.is_empty()) {
        text += &format!("Note: {}.\n", row.notes);
    }
    if asked.is_empty() {
        return text;
    }
    text += "\nReaffirmation, by the flags of the lists:\n\n";
    let cells: Vec<Vec<String>> = asked
        .iter()
        .map(|row| {
            let due = if row.overdue { format!("{} (overdue)", row.due) } else { row.due.clone() };
            vec![
                row.list.clone(),
                row.edition.clone(),
                row.figures.join(", "),
                row.verdict.to_owned(),
                row.reaffirm.to_owned(),
                due,
            ]
        })
        .collect();
    text += &table(&["list", "edition", "figure", "verdict", "reaffirm", "by"], &cells, 6);
    text += "\n";
    for row in asked {
        let of = format!("{} ({})", row.list, row.edition);
        for remark in &row.remarks {
            text += &format!("\nnote: {of}: {remark}");
        }
        if !row.not_stated.is_empty() {
            text += &format!("\nnote: {of}: {} is not in the file", row.not_stated.join(", "));
        }
        if !row.missing.is_empty() && row.reaffirm == Reaffirmation::MayApply.word() {
            text += &format!("\nopen: {of}: {}", row.missing.join("; "));
        }
    }
    text += "\n";
    text
}
