//! `toolgauge region`.

use std::path::{Path, PathBuf};

use clap::Args;

use super::arguments::{Common, Evidence, Format, ReadArgs, few_axes};
use super::{Answer, Failure, compare, files, setting};
use crate::assess::{self, Comparison, Evaluator, Reach, regions};
use crate::catalogue::Catalogue;
use crate::error::Error;
use crate::list::List;
use crate::report;

/// `region`.
#[derive(Debug, Args)]
#[command(after_help = "\
Each side is one list: NAME, NAME@DAY, NAME@EDITION, a list file, or LIST+FILE; with #CLAUSE, one
clause of it with all that stands above it. No catalogue is needed: all machines there could be are
looked at.

Examples:
  toolgauge region --base eu/2B001 --proposal specs/proposals/one-number.toml
  toolgauge region --base eu/2B001#2B001.b.2 --proposal eu/2B001#2B001.b.1
  toolgauge region --base eu/2B009 --proposal eu/2B209 --catalogue specs/catalogues/sample.csv")]
pub(crate) struct RegionOf {
    /// The list that the other is held against
    #[arg(long, value_name = "LIST")]
    base: String,
    /// The other list
    #[arg(long, value_name = "LIST")]
    proposal: String,
    /// Machines of at most so many axes; as many as can matter to the two lists, two at least and
    /// six at most, unless given
    #[arg(long, value_name = "N", value_parser = few_axes())]
    axes: Option<u8>,
    /// At most so many boxes on each side
    #[arg(long, value_name = "N", default_value = "12")]
    boxes: usize,
    /// Give up each search after so many steps, and say so
    #[arg(long, value_name = "N", default_value = "20000")]
    steps: usize,
    /// Also count the machines of a catalogue that move
    #[arg(long, value_name = "FILE")]
    catalogue: Option<PathBuf>,
    #[command(flatten)]
    law: Evidence,
    #[command(flatten)]
    read: ReadArgs,
}

/// Compares two lists over all machines.
pub(super) fn region(verb: &RegionOf, common: &Common) -> Result<Answer, Failure> {
    let (base, proposal) = (list(&verb.base, &verb.law)?, list(&verb.proposal, &verb.law)?);
    let policies = setting::setup(&verb.law)?.policies;
    let reach = Reach { axes: verb.axes.map(usize::from), boxes: verb.boxes, steps: verb.steps };
    let mut found = regions(&base, &proposal, &policies, reach)?;
    if let [first, second] = compare::titles(&[&base, &proposal]).as_slice() {
        found.lists = [first.clone(), second.clone()];
    }
    let moved = match &verb.catalogue {
        Some(path) => Some(moved(verb, path, [&base, &proposal])?),
        None => None,
    };
    let moves = moved.as_ref().map(|(moves, _)| moves);
    match common.format {
        Format::Text => {
            let mut text = report::regions_text(&found);
            if let Some((moves, catalogue)) = &moved {
                text.push_str(&report::moves_text(moves, catalogue));
            }
            files::write_text(common, text.trim_end())
        }
        Format::Csv => files::write_text(common, &report::regions_csv(&found, moves)?),
        Format::Json | Format::Jsonl => {
            files::write_json(common, &report::regions_json(&found, moves))
        }
    }
}

/// Which machines of a catalogue move.
fn moved(
    verb: &RegionOf,
    path: &Path,
    lists: [&List; 2],
) -> Result<(Comparison, Catalogue), Failure> {
    let compiled = |list: &List| -> Result<Evaluator, Failure> {
        let setup = setting::setup(&verb.law)?;
        Ok(Evaluator::of_lists(vec![list.clone()], verb.law.as_of, setup)?)
    };
    let [base, proposal] = lists;
    let (one, other) = (compiled(base)?, compiled(proposal)?);
    let (catalogue, _) = setting::catalogue(path, &verb.read)?;
    let none = vec![None; catalogue.machines.len()];
    Ok((assess::compare(&one, &other, &catalogue, &none), catalogue))
}

/// The list of a name, or one clause of it where the name goes on with `#CLAUSE`.
fn list(name: &str, law: &Evidence) -> Result<List, Failure> {
    let (name, clause) = match name.split_once('#') {
        Some((name, clause)) => (name, Some(clause)),
        None => (name, None),
    };
    let evaluator = compare::evaluator(name, law)?;
    let mut lists = evaluator.program.entries().iter().map(|entry| entry.list.clone());
    let list = lists.next().ok_or_else(|| Error::usage("there is no list"))?;
    Ok(match clause {
        Some(id) => assess::clause_alone(&list, id)?,
        None => list,
    })
}
