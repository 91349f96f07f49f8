//! `toolgauge view`.

use std::path::PathBuf;

use clap::Args;

use super::arguments::{Common, Format, LawArgs, ReadArgs};
use super::compare::evaluator;
use super::{Answer, Failure, files, progress, setting};
use crate::assess::{self, View};
use crate::error::Error;
use crate::list::ListKind;
use crate::report::{self, Columns};

/// `view`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  toolgauge view specs/catalogues/sample.csv --profile specs/profiles/tem-illustration.toml
  toolgauge view specs/catalogues/sample.csv --profile specs/profiles/tem-illustration.toml \\
      --jurisdiction EU --fold --names")]
pub(crate) struct ViewOf {
    /// The catalogue
    catalogue: PathBuf,
    /// A list of kind profile, its clauses cited ROOT.TYPE.TIER
    #[arg(long, value_name = "LIST")]
    profile: String,
    /// Count machines of one maker and model once
    #[arg(long)]
    fold: bool,
    /// Name the machines of the gap
    #[arg(long)]
    names: bool,
    /// A column of numbers, such as units sold, by which machines are weighed too
    #[arg(long, value_name = "COLUMN")]
    weight: Option<String>,
    #[command(flatten)]
    law: LawArgs,
    #[command(flatten)]
    read: ReadArgs,
}

/// Shows a catalogue through a profile.
pub(super) fn view(verb: &ViewOf, common: &Common) -> Result<Answer, Failure> {
    let profile = evaluator(&verb.profile, &verb.law.evidence)?;
    let kind = profile.program.entries().first().map(|entry| entry.list.header.kind);
    if kind == Some(ListKind::ControlList) {
        let error = Error::usage(format!("`{}` is a control list", verb.profile));
        return Err(error.help("a view goes through a list of kind profile").into());
    }
    let (_, lists) = setting::evaluator(&verb.law)?;
    if lists.program.jurisdictions().is_empty() {
        let error = Error::usage("no control list is among the lists");
        let help = "a view holds a profile against the law; `compare` holds a draft against it";
        return Err(error.help(help).into());
    }
    let (catalogue, _) = setting::catalogue(&verb.catalogue, &verb.read)?;
    let (weights, _) = assess::weights(&catalogue, verb.weight.as_deref())?;
    if let Some(text) = assess::weightless(&catalogue, verb.weight.as_deref(), &weights) {
        progress::tell(common, &text);
    }
    let view = View::new(&profile, &lists, &catalogue, &weights, verb.fold)?;
    if view.types.is_empty() {
        let error = Error::usage(format!("`{}` has no clause of a type and tier", view.profile));
        return Err(error.help("cite clauses as ROOT.TYPE.TIER").into());
    }
    let columns = Columns::of(&catalogue, verb.weight.as_deref(), None);
    match common.format {
        Format::Text => {
            let text = report::view_text(&view, verb.names, &columns);
            files::write_text(common, text.trim_end())
        }
        Format::Csv => files::write_text(common, &report::view_csv(&view, verb.names, &columns)?),
        Format::Json | Format::Jsonl => {
            files::write_json(common, &report::view_json(&view, verb.names, &columns))
        }
    }
}
