//! Test: the expectations that stand beside each list, run through the ordinary path.

use super::classify::{MachineResult, classify};
use super::evaluator::{Evaluator, Setup};
use crate::catalogue::{self, Catalogue, Mapping};
use crate::error::{Error, Place, Result};
use crate::list::Library;
use crate::machine::Basis;
use crate::table::{Document, Fields, Table, flat_record};

/// How one expectation came out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseResult {
    /// The list's name and edition.
    pub list: String,
    /// What the case is about.
    pub case: String,
    /// Where it stands.
    pub place: Place,
    /// What differs from what was expected; empty where nothing does.
    pub problems: Vec<String>,
}

/// Runs the cases of one file against the lists of a library.
///
/// A case file names a list and an edition, may define machines under `[machine.NAME]`, and holds
/// `[[expect]]` entries: `case`, `like` (a defined machine), `with` (readings on top of it),
/// `without` (readings taken away), `verdict`, and where it matters `clauses`, `notes`, `flags`,
/// `reasons`, `missing`, `primary`. Figures count as stated unless `basis` says otherwise;
/// `policies` takes open readings of the law otherwise, `doubt` leaves remembered figures open.
pub fn run_cases(
    library: &Library,
    file: &str,
    text: &str,
    setup: &Setup,
) -> std::result::Result<Vec<CaseResult>, Vec<Error>> {
    let mut results = Vec::new();
    each_case(library, file, text, setup, &mut |list, case| {
        results.push(run(list, case)?);
        Ok(())
    })?;
    Ok(results)
}

/// One case as it is run.
pub(super) struct Case<'c> {
    /// The evaluator of the case's list under the case's own policies.
    pub evaluator: &'c Evaluator,
    /// Its machine.
    pub catalogue: Catalogue,
    fields: Fields<'c>,
    name: String,
    place: Place,
}

/// Calls `take` with the title of the list of a case file and each of its cases.
pub(super) fn each_case(
    library: &Library,
    file: &str,
    text: &str,
    setup: &Setup,
    take: &mut dyn FnMut(&str, &Case<'_>) -> Result<()>,
) -> std::result::Result<(), Vec<Error>> {
    let one = |error: Error| vec![error];
    let document = Document::parse(file, text).map_err(one)?;
    let root = document.root().map_err(one)?;
    let known = ["format", "list", "edition", "machine", "expect"];
    let unknown = root.unknown_keys(&known);
    if !unknown.is_empty() {
        return Err(unknown);
    }
    let name = |key: &str| root.required(key, "a case file").and_then(|node| node.str());
    let (id, edition) = (name("list").map_err(one)?, name("edition").map_err(one)?);
    let list = library.list(id, edition)?;
    let title = list.title();
    let evaluator = Evaluator::of_lists(vec![list], None, setup.clone()).map_err(one)?;
    let machines = match root.get("machine") {
        Some(node) => Some(node.table().map_err(one)?),
        None => None,
    };
    let cases = root.required("expect", "a case file").and_then(|n| n.array()).map_err(one)?;
    for node in cases {
        let fields = node.table().map_err(one)?;
        if let Some(error) = fields.unknown_keys(KEYS).into_iter().next() {
            return Err(one(error));
        }
        let own = own_evaluator(&evaluator, &fields).map_err(one)?;
        let evaluator = own.as_ref().unwrap_or(&evaluator);
        let place = node.place();
        let case = prepared(evaluator, machines.as_ref(), fields, place).map_err(one)?;
        take(&title, &case).map_err(one)?;
    }
    Ok(())
}

const KEYS: &[&str] = &[
    "case", "like", "with", "without", "verdict", "clauses", "notes", "flags", "reasons",
    "missing", "basis", "primary", "policies", "doubt",
];

fn prepared<'c>(
    evaluator: &'c Evaluator,
    machines: Option<&Fields<'_>>,
    fields: Fields<'c>,
    place: Place,
) -> Result<Case<'c>> {
    let name = fields.required("case", "a case")?.str()?.to_owned();
    let record = record(machines, &fields)?;
    let basis = match fields.get("basis") {
        Some(node) => Basis::named(node.str()?)
            .ok_or_else(|| node.error("this is not what a figure rests on"))?,
        None => Basis::Stated,
    };
    let mapping = Mapping { basis, ..Mapping::default() };
    let table = Table::of_record("case", record, &name);
    Ok(Case { evaluator, catalogue: catalogue::read(&table, &mapping), fields, name, place })
}

fn run(list: &str, case: &Case<'_>) -> Result<CaseResult> {
    let Case { evaluator, catalogue, fields, name, place } = case;
    let mut result = CaseResult {
        list: list.to_owned(),
        case: name.clone(),
        place: place.clone(),
        problems: Vec::new(),
    };
    result.problems.extend(catalogue.remarks.iter().map(ToString::to_string));
    result.problems.extend(catalogue.unmapped.iter().map(|name| format!("`{name}` is unknown")));
    if let Some(found) = classify(evaluator, &catalogue.machines).first() {
        compare(fields, found, &mut result.problems)?;
    }
    Ok(result)
}

/// The evaluator of a case that takes an open reading of the law otherwise (`policies`), or that
/// does not accept remembered figures (`doubt`).
fn own_evaluator(evaluator: &Evaluator, fields: &Fields<'_>) -> Result<Option<Evaluator>> {
    let (policies, doubt) = (fields.get("policies"), fields.get("doubt"));
    if policies.is_none() && doubt.is_none() {
        return Ok(None);
    }
    let mut setup = evaluator.setup.clone();
    if let Some(node) = policies {
        for (name, reading) in node.table()?.iter() {
            match reading.str()? {
                "either" => setup.policies.push((name.to_owned(), true)),
                "both" => setup.policies.push((name.to_owned(), false)),
                _ => return Err(reading.error("write `either` or `both`")),
            }
        }
    }
    if let Some(node) = doubt {
        setup.accept_remembered = !node.bool()?;
    }
    let lists = evaluator.program.entries().iter().map(|entry| entry.list.clone()).collect();
    Evaluator::of_lists(lists, None, setup).map(Some)
}

/// The case's machine: the defined one that it is like, with readings taken away and added.
fn record(
    machines: Option<&Fields<'_>>,
    fields: &Fields<'_>,
) -> Result<Vec<(String, String, usize)>> {
    let mut record = Vec::new();
    if let Some(like) = fields.get("like") {
        let template = machines.and_then(|machines| machines.get(like.str().unwrap_or_default()));
        let template = template.ok_or_else(|| like.error("no such machine is defined above"))?;
        flat_record(&template, &mut record)?;
    }
    if let Some(without) = fields.get("without") {
        for name in without.strings()? {
            let before = record.len();
            let under = |key: &str| {
                key == name || key.strip_prefix(name).is_some_and(|rest| rest.starts_with('.'))
            };
            record.retain(|(key, _, _)| !under(key));
            if record.len() == before {
                return Err(without.error(format!("the machine has no `{name}` to take away")));
            }
        }
    }
    if let Some(with) = fields.get("with") {
        let mut more = Vec::new();
        flat_record(&with, &mut more)?;
        // A bare figure replaces the old reading with all that was said of it; a `.value` only the
        // figure.
        let replaced = |key: &str| {
            more.iter().any(|(new, _, _)| {
                let below = key.strip_prefix(new.as_str()).is_some_and(|r| r.starts_with('.'));
                key == new || below || new.strip_suffix(".value") == Some(key)
            })
        };
        record.retain(|(key, _, _)| !replaced(key));
        record.extend(more);
    }
    Ok(record)
}

/// Adds what differs from what the case expects.
fn compare(fields: &Fields<'_>, found: &MachineResult, problems: &mut Vec<String>) -> Result<()> {
    let mut differs = |what: &str, expected: String, got: String| {
        if expected != got {
            problems.push(format!("{what}: expected {expected}, got {got}"));
        }
    };
    let Some(outcome) = found.outcomes.first() else { return Ok(()) };
    let verdict = fields.required("verdict", "a case")?.str()?;
    differs("verdict", verdict.to_owned(), outcome.verdict.word().to_owned());
    if let Some(node) = fields.get("primary") {
        let primary = found.statuses.first().map_or("", |status| status.primary.as_str());
        differs("primary", node.str()?.to_owned(), primary.to_owned());
    }
    let listed = |found: &[(String, bool)]| -> Vec<String> {
        let shown = |(name, sure): &(String, bool)| {
            if *sure { name.clone() } else { format!("{name}?") }
        };
        found.iter().map(shown).collect()
    };
    for (key, got) in [
        ("clauses", outcome.clauses.clone()),
        ("notes", outcome.notes.clone()),
        ("flags", listed(&outcome.flags)),
        ("reasons", listed(&outcome.reasons)),
        ("missing", outcome.missing.iter().map(super::Missing::text).collect()),
    ] {
        if let Some(node) = fields.get(key) {
            let sorted = |mut all: Vec<String>| {
                all.sort();
                all.join(", ")
            };
            let expected = node.strings()?.into_iter().map(str::to_owned).collect();
            differs(key, sorted(expected), sorted(got));
        }
    }
    Ok(())
}
