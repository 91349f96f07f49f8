//! `toolgauge lists`, `show`, `check`, `test`, `schema` and `parameters`.

use std::path::{Path, PathBuf};

use super::arguments::{Check, Common, Format, SchemaKind, SchemaOf, Show, Test};
use super::{Answer, Failure, files, progress, setting};
use crate::assess::{self, CaseResult, Depth, Exercised, Finding, Setup};
use crate::catalogue::{self, Mapping};
use crate::error::{Error, Result};
use crate::evidence::{Assumptions, Level, Policy};
use crate::list::{Library, List, ListKind, stale_numbers};
use crate::quantity::counted;
use crate::report::{self, Checked, Schema};
use crate::table::{Document, shipped};

/// Prints the table of parameters.
pub(super) fn parameters(common: &Common) -> std::result::Result<Answer, Failure> {
    match common.format {
        Format::Text => files::write_text(common, &report::parameters_text()),
        Format::Csv => files::write_text(common, &report::parameters_csv()?),
        Format::Json | Format::Jsonl => files::write_json(common, &report::parameter_rows()),
    }
}

/// Prints the editions at hand.
pub(super) fn lists(common: &Common) -> std::result::Result<Answer, Failure> {
    let library = Library::shipped()?;
    let headers = library.headers();
    match common.format {
        Format::Text => files::write_text(common, &report::lists_table(&headers)),
        Format::Csv => files::write_text(common, &report::lists_csv(&headers)?),
        Format::Json | Format::Jsonl => files::write_json(common, &report::list_rows(&headers)),
    }
}

/// Prints one list.
pub(super) fn show(verb: &Show, common: &Common) -> std::result::Result<Answer, Failure> {
    let (library, names) = setting::library(std::slice::from_ref(&verb.list))?;
    let name = names.first().map_or("", String::as_str);
    let header = library.named(name)?;
    let list = library.list(&header.id, &header.edition)?;
    match common.format {
        Format::Text => {
            let below = match &header.base {
                Some(base) if header.kind != ListKind::ControlList => {
                    Some(library.list(&base.list, &base.edition)?)
                }
                _ => None,
            };
            let text = match &below {
                Some(below) => report::marked_text(&list, below),
                None => report::list_text(&list),
            };
            files::write_text(common, &text)
        }
        Format::Csv => files::write_text(common, &report::clauses_csv(&list)?),
        Format::Json | Format::Jsonl => files::write_json(common, &report::clause_rows(&list)),
    }
}

/// Checks files of the user's own.
pub(super) fn check(verb: &Check, common: &Common) -> std::result::Result<Answer, Failure> {
    let mut library = Library::shipped()?;
    let of = |path: &PathBuf| {
        let file = path.display().to_string();
        let checked = check_one(&mut library, path, verb);
        checked.unwrap_or_else(|errors| Checked { file, errors, ..Checked::default() })
    };
    let all: Vec<Checked> = verb.files.iter().map(of).collect();
    let errors: Vec<Error> = all.iter().flat_map(|checked| &checked.errors).cloned().collect();
    let rows = || report::check_rows(&all);
    match common.format {
        Format::Text if errors.is_empty() => {
            files::write_text(common, &report::checked_text(&all))?;
        }
        Format::Text => progress::tell(common, &report::checked_text(&all)),
        Format::Csv => {
            files::write_text(common, &report::check_csv(&rows())?)?;
        }
        Format::Json | Format::Jsonl => {
            files::write_json(common, &rows())?;
        }
    }
    if errors.is_empty() { Ok(Answer::Done) } else { Err(Failure(errors)) }
}

fn check_one(
    library: &mut Library,
    path: &Path,
    verb: &Check,
) -> std::result::Result<Checked, Vec<Error>> {
    let one = |error: Error| vec![error];
    let file = path.display().to_string();
    let text = files::read_text(path).map_err(one)?;
    let holds = match kind_of(&file, &text).map_err(one)?.as_str() {
        "mapping" => {
            let mapping = Mapping::read(&file, &text).map_err(one)?;
            format!("a mapping of {}", counted(mapping.columns.len(), "column"))
        }
        "assumptions" => {
            let assumptions = Assumptions::read(&file, &text).map_err(one)?;
            format!("{} assumptions", assumptions.iter().count())
        }
        "reading" => {
            catalogue::reading_of(&file, &text).map_err(one)?;
            "how a file of measurements is written".to_owned()
        }
        _ => return check_list(library, path, text, verb),
    };
    Ok(Checked { file, holds, ..Checked::default() })
}

fn check_list(
    library: &mut Library,
    path: &Path,
    text: String,
    verb: &Check,
) -> std::result::Result<Checked, Vec<Error>> {
    let one = |error: Error| vec![error];
    let file = path.display().to_string();
    let id = library.add(&file, text.into()).map_err(one)?;
    let (list, edition) = id.split_once('@').unwrap_or((&id, ""));
    let list = library.list(list, edition)?;
    let (clauses, notes) = (list.clauses.len(), list.notes.len());
    let (clauses, notes) = (counted(clauses, "clause"), counted(notes, "note"));
    let holds = format!("{}, {clauses} and {notes}", list.marked_title());
    let mut checked = Checked { file, holds, ..Checked::default() };
    checked.warnings = stale_numbers(&list)
        .into_iter()
        .map(|(id, number)| Finding {
            place: list
                .clause(&id)
                .map(|clause| &clause.worded)
                .or_else(|| list.note(&id).map(|note| &note.worded))
                .cloned(),
            id,
            text: format!("the text says {number}, the condition does not"),
            witnesses: Vec::new(),
        })
        .collect();
    if verb.deep {
        let deepest = Depth::default();
        let axes = verb.axes.map_or(deepest.axes, usize::from);
        let depth = Depth { axes, steps: verb.steps.unwrap_or(deepest.steps) };
        let (findings, searched) = assess::findings(&list, depth).map_err(one)?;
        checked.warnings.extend(findings);
        checked.warnings.extend(unexercised(library, path, &list)?);
        checked.searched = Some(searched);
    }
    Ok(checked)
}

/// What neither the cases beside a list's file nor the shipped sample exercise.
fn unexercised(
    library: &Library,
    path: &Path,
    list: &List,
) -> std::result::Result<Vec<Finding>, Vec<Error>> {
    let one = |error: Error| vec![error];
    let setup = plain_setup().map_err(one)?;
    let mut exercised = Exercised::by_sample(list, &setup).map_err(one)?;
    let beside = path.with_extension("cases.toml");
    let cases = beside.is_file();
    if cases {
        let text = files::read_text(&beside).map_err(one)?;
        exercised.take_cases(library, &beside.display().to_string(), &text, &setup)?;
    }
    Ok(exercised.findings(list, cases))
}

/// The ordinary setting, in which the law and its figures are accepted as they stand.
fn plain_setup() -> Result<Setup> {
    Ok(Setup {
        policy: Policy {
            level: Level::Assumed,
            as_stated: false,
            derive: true,
            assumptions: Assumptions::shipped()?,
        },
        policies: Vec::new(),
        accept_unverified: true,
        accept_remembered: true,
    })
}

fn kind_of(name: &str, text: &str) -> Result<String> {
    let document = Document::parse(name, text)?;
    let root = document.root()?;
    let kind = root.required("kind", "the file")?;
    Ok(kind.str()?.to_owned())
}

/// Runs cases.
pub(super) fn test(verb: &Test, common: &Common) -> std::result::Result<Answer, Failure> {
    let mut library = Library::shipped()?;
    for path in &verb.lists {
        setting::add(&mut library, path)?;
    }
    let setup = plain_setup()?;
    let mut results: Vec<CaseResult> = Vec::new();
    if verb.files.is_empty() {
        for file in shipped::cases() {
            results.extend(assess::run_cases(&library, file.name, file.text, &setup)?);
        }
    } else {
        for path in &verb.files {
            let text = files::read_text(path)?;
            let name = path.display().to_string();
            results.extend(assess::run_cases(&library, &name, &text, &setup)?);
        }
    }
    let failed = results.iter().filter(|result| !result.problems.is_empty()).count();
    match common.format {
        Format::Text => files::write_text(common, &report::cases_text(&results))?,
        Format::Csv => files::write_text(common, &report::cases_csv(&results)?)?,
        Format::Json | Format::Jsonl => files::write_json(common, &report::case_rows(&results))?,
    };
    Ok(if failed > 0 { Answer::Finding } else { Answer::Done })
}

/// Prints a JSON Schema.
pub(super) fn schema(verb: &SchemaOf, common: &Common) -> std::result::Result<Answer, Failure> {
    let of = match verb.kind {
        SchemaKind::List => Schema::List,
        SchemaKind::Machine => Schema::Machine,
        SchemaKind::Mapping => Schema::Mapping,
    };
    files::write_json(common, &report::schema(of))
}
