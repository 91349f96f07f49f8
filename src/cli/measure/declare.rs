//! `toolgauge measure declare`.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::{lines, quantity};
use crate::assess::stated_under;
use crate::catalogue;
use crate::cli::arguments::{Common, Format, LawArgs, ReadArgs, SheetArgs};
use crate::cli::{Answer, Failure, explain, files, setting};
use crate::date::Day;
use crate::error::{Error, nearest};
use crate::machine::Machine;
use crate::metrology::{Declared, Digits, DigitsPolicy, declare};
use crate::quantity::{Dimension, Value};
use crate::report;
use crate::table;

/// `measure declare`.
#[derive(Debug, Args)]
#[command(after_help = "\
The file has a row a machine and axis: `machine`, `axis`, and values with their unit: `upr_um`, or
`accuracy_1988_um` for A of ISO 230-2:1988, or both; the day of each test in `tested`, if you like.
With the model's own sheet (--model) the flags of the lists say whether its stated values have to be
reaffirmed, and by when: counted from --on, or else from the last day in `tested`. No clock is read;
--as-of says of which day the law is, and what is overdue on it. With --decimal-comma the comma is
the decimal sign of the values; a file VALUES.reading.toml beside them says how they are written, as
in a folder of measurements, and no option may say otherwise. Other options of reading are of the
model's sheet, or of the values where no --model is named.

Examples:
  toolgauge measure declare specs/measurements/stated.csv
  toolgauge measure declare specs/measurements/stated.csv --digits cut-0.1um
  toolgauge measure declare specs/measurements/stated.csv --model specs/measurements/model.toml \\
      --jurisdiction EU --on 2025-03-03")]
pub(super) struct ValuesOf {
    /// The values: CSV, TSV, XLSX, XLS, ODS, JSON, JSON Lines
    values: PathBuf,
    /// What is done with the digits of the mean, by name: as-is, cut-0.1um, round-0.1um
    #[arg(long, value_name = "NAME", conflicts_with_all = ["truncate", "round"])]
    digits: Option<String>,
    /// Your own choice: cut the digits of the mean below this step off
    #[arg(long, value_name = "STEP", conflicts_with = "round")]
    truncate: Option<String>,
    /// Your own choice: round the mean to multiples of this step
    #[arg(long, value_name = "STEP")]
    round: Option<String>,
    /// The model's sheet: a machine file, or a catalogue with --machine
    #[arg(long, value_name = "FILE")]
    model: Option<PathBuf>,
    /// Which machine of the catalogue it is
    #[arg(long, value_name = "ID", requires = "model")]
    machine: Option<String>,
    /// The day on which the values are stated
    #[arg(long, value_name = "DAY")]
    on: Option<Day>,
    /// Which table CSV and JSON Lines hold
    #[arg(long, value_enum, default_value_t = Table::Values)]
    table: Table,
    #[command(flatten)]
    law: LawArgs,
    #[command(flatten)]
    read: ReadArgs,
}

/// Which table is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Table {
    /// The stated values
    Values,
    /// What each list asks of them
    Reaffirmation,
}

/// Works stated values out, and what the lists ask of them.
pub(super) fn declared(verb: &ValuesOf, common: &Common) -> Result<Answer, Failure> {
    let name = verb.values.display().to_string();
    let sheet = setting::sheet_of(&verb.values, &of_values(verb))?;
    let (style, reading) = (sheet.style(), sheet.reading());
    let bytes = files::read(&verb.values)?;
    let table = match style.decimal_comma {
        true => table::read_with_comma(&name, &bytes, &reading)?,
        false => table::read(&name, &bytes, &reading)?,
    };
    let (digits, policy, text) = digits(verb)?;
    let found = declare(&name, &table.header, &table.records, (digits, style))?;
    let on = verb.on.or(found.tested);
    let rows = report::stated_rows(&found, &policy, on);
    let model = model(verb, &found)?;
    let (_, evaluator) = setting::evaluator(&verb.law)?;
    let mut under = stated_under(&evaluator, &model, !verb.law.lists.is_empty());
    if verb.model.is_none() {
        // Everything is open of a model of which nothing else is known: one sentence says it.
        under.iter_mut().for_each(|under| under.missing.clear());
    }
    let machines = found.stated.iter().map(|stated| stated.machines.len()).min().unwrap_or(0);
    let asked = report::reaffirm_rows(&under, machines, on, verb.law.evidence.as_of);
    match (common.format, verb.table) {
        (Format::Text, _) => {
            let mut text = report::stated_text(&rows, &text, &asked);
            if verb.model.is_none() {
                text +=
                    "\nWhat may apply depends on the model's own sheet: name it with --model.\n";
            }
            files::write_text(common, text.trim_end())
        }
        (Format::Csv, Table::Values) => files::write_text(common, &report::stated_csv(&rows)?),
        (Format::Csv, Table::Reaffirmation) => {
            files::write_text(common, &report::reaffirm_csv(&asked)?)
        }
        (Format::Json, _) => {
            let value = serde_json::json!({ "stated": rows, "reaffirmation": asked });
            files::write_json(common, &value)
        }
        (Format::Jsonl, Table::Values) => lines(common, &rows),
        (Format::Jsonl, Table::Reaffirmation) => lines(common, &asked),
    }
}

/// How the values are written by what the command says: but for the decimal sign, options are of
/// the model's sheet where one is named.
fn of_values(verb: &ValuesOf) -> SheetArgs {
    let ReadArgs { decimal_comma, encoding, delimiter, sheet, skip_lines, .. } = verb.read.clone();
    if verb.model.is_some() {
        return SheetArgs { decimal_comma, ..SheetArgs::default() };
    }
    let skip_lines = skip_lines.unwrap_or_default();
    SheetArgs { decimal_comma, encoding, delimiter, sheet, skip_lines }
}

/// What is done with the digits, its name, and what that says.
fn digits(verb: &ValuesOf) -> Result<(Digits, String, String), Failure> {
    let step = |text: &String| -> Result<Value, Failure> {
        let (value, _) = quantity(text, Dimension::Length)?;
        if value.count() <= 0 {
            return Err(Error::usage(format!("`{text}` is no step")).into());
        }
        Ok(value)
    };
    let own = "your own choice".to_owned();
    if let Some(text) = &verb.truncate {
        return Ok((Digits::Truncated(step(text)?), format!("cut off below {text}"), own));
    }
    if let Some(text) = &verb.round {
        return Ok((Digits::Rounded(step(text)?), format!("rounded to {text}"), own));
    }
    let policies = DigitsPolicy::shipped()?;
    let name = verb.digits.as_deref().unwrap_or("as-is");
    let known = || policies.iter().map(|policy| policy.name.as_str());
    match policies.iter().find(|policy| policy.name == name) {
        Some(found) => Ok((found.digits, found.name.clone(), found.text.clone())),
        None => {
            let error = Error::usage(format!("there is no policy `{name}` on digits"));
            Err(match nearest(name, known()) {
                Some(near) => error.help(format!("did you mean `{near}`?")),
                None => error.help(format!("one of: {}", known().collect::<Vec<_>>().join(", "))),
            }
            .into())
        }
    }
}

/// The model with its stated values; without a sheet nothing else is known of it.
fn model(verb: &ValuesOf, found: &Declared) -> Result<Machine, Failure> {
    let mut machine = match &verb.model {
        Some(path) => one(path, verb)?,
        None => Machine { id: "model".to_owned(), ..Machine::default() },
    };
    catalogue::state(&mut machine, &found.stated)?;
    Ok(machine)
}

fn one(path: &Path, verb: &ValuesOf) -> Result<Machine, Failure> {
    // The sign is that of the values; a mapping says it of the model's sheet.
    let read = ReadArgs { decimal_comma: false, ..verb.read.clone() };
    let (catalogue, _) = setting::catalogue(path, &read)?;
    let at = explain::chosen(&catalogue, verb.machine.as_deref())?;
    let machine = catalogue.machines.into_iter().nth(at);
    machine.ok_or_else(|| Error::usage("the catalogue holds no machine").into())
}
