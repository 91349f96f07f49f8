//! `toolgauge compare`.

use std::path::PathBuf;

use clap::Args;

use super::arguments::{Common, Evidence, Format, ReadArgs};
use super::{Answer, Failure, files, setting};
use crate::assess::{self, Comparison, Evaluator, Selection};
use crate::list::{Library, List, changes};
use crate::record::{CatalogueRecord, RunRecord};
use crate::report::{self, Columns};

/// `compare`.
#[derive(Debug, Args)]
#[command(after_help = "\
Each side is one list: NAME, NAME@DAY, NAME@EDITION, a list file, an overlay file, or LIST+FILE.

Examples:
  toolgauge compare specs/catalogues/sample.csv --base eu/2B001 \\
      --proposal specs/proposals/one-number.toml --proposal specs/proposals/every-axis.toml
  toolgauge compare specs/catalogues/sample.csv --base eu/2B001@2008-07-01 --proposal eu/2B001
  toolgauge compare specs/catalogues/sample.csv --base eu/2B201 --proposal us/2B201 --names")]
pub(crate) struct Compare {
    /// The catalogue
    catalogue: PathBuf,
    /// The list that the others are held against
    #[arg(long, value_name = "LIST")]
    base: String,
    /// A list, edition or overlay; repeatable
    #[arg(long = "proposal", value_name = "LIST", required = true)]
    proposals: Vec<String>,
    /// Name the machines that move, with what moved them
    #[arg(long)]
    names: bool,
    /// A column of numbers, such as units sold, by which machines are weighed too
    #[arg(long, value_name = "COLUMN")]
    weight: Option<String>,
    #[command(flatten)]
    law: Evidence,
    #[command(flatten)]
    read: ReadArgs,
}

/// Compares lists over a catalogue.
pub(super) fn compare(verb: &Compare, common: &Common) -> Result<Answer, Failure> {
    let (library, base) = one(&verb.base, &verb.law)?;
    let (catalogue, hash) = setting::catalogue(&verb.catalogue, &verb.read)?;
    let columns = Columns::of(&catalogue, verb.weight.as_deref(), None);
    let own = columns.placed(CatalogueRecord::of(&catalogue, hash));
    let mut record = RunRecord::new(&base, &library, Some(own));
    let (weights, _) = assess::weights(&catalogue, verb.weight.as_deref())?;
    let mut others = Vec::new();
    for name in &verb.proposals {
        let (library, other) = one(name, &verb.law)?;
        let own = RunRecord::new(&other, &library, None);
        record.lists.extend(own.lists);
        record.policies.extend(own.policies);
        others.push(other);
    }
    let compared = |other| assess::compare(&base, other, &catalogue, &weights);
    let mut found: Vec<Comparison> = others.iter().map(compared).collect();
    let all = std::iter::once(&base).chain(&others);
    let lists: Vec<&List> = all.flat_map(|one| one.program.entries()).map(|e| &e.list).collect();
    if let Some((first, seconds)) = titles(&lists).split_first() {
        for (one, second) in found.iter_mut().zip(seconds) {
            (one.first, one.second) = (first.clone(), second.clone());
        }
    }
    if let Some(text) = assess::weightless(&catalogue, verb.weight.as_deref(), &weights) {
        super::progress::tell(common, &text);
    }
    match common.format {
        Format::Text => {
            let text =
                |one: &Comparison| report::comparison_text(one, &catalogue, verb.names, &columns);
            let all: Vec<String> = found.iter().map(text).collect();
            files::write_text(common, all.join("\n").trim_end())
        }
        Format::Csv => {
            let text = report::comparisons_csv(&found, &catalogue, verb.names, &columns)?;
            let answer = files::write_text(common, &text)?;
            super::classify::beside(common, &record)?;
            Ok(answer)
        }
        Format::Json | Format::Jsonl => {
            let rows: Vec<_> = found
                .iter()
                .map(|one| report::comparison_json(one, &catalogue, verb.names, &columns))
                .collect();
            files::write_json(common, &serde_json::json!({ "run": record, "comparisons": rows }))
        }
    }
}

/// What lists are called: with their files where another one is called the same and says otherwise.
pub(super) fn titles(lists: &[&List]) -> Vec<String> {
    let title = |list: &&List| {
        let own = list.marked_title();
        let is_twin =
            |other: &&&List| other.marked_title() == own && !changes(list, other).is_empty();
        match lists.iter().find(is_twin) {
            Some(_) => format!("{own} in {}", list.header.file),
            None => own,
        }
    };
    lists.iter().map(title).collect()
}

/// One list, compiled.
pub(super) fn evaluator(name: &str, law: &Evidence) -> Result<Evaluator, Failure> {
    one(name, law).map(|(_, evaluator)| evaluator)
}

/// One list, compiled, and the library that it is of.
pub(super) fn one(name: &str, law: &Evidence) -> Result<(Library, Evaluator), Failure> {
    let (library, names) = setting::library(&[name.to_owned()])?;
    let selection = Selection { lists: names, as_of: law.as_of, ..Selection::default() };
    let evaluator = Evaluator::new(&library, &selection, setting::setup(law)?)?;
    Ok((library, evaluator))
}
