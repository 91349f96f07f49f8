//! `toolgauge new`, `map` and `diff`.

use super::arguments::{Common, Diff, Format, Map, New};
use super::{Answer, Failure, files, progress, setting};
use crate::assess::{self, Change};
use crate::catalogue::{Mapping, propose};
use crate::report;

/// Prints a commented machine file.
pub(super) fn new(verb: &New, common: &Common) -> Result<Answer, Failure> {
    let (_, evaluator) = setting::evaluator(&verb.law)?;
    files::write_text(common, &report::template(&evaluator))
}

/// Proposes a mapping.
pub(super) fn map(verb: &Map, common: &Common) -> Result<Answer, Failure> {
    let (table, mapping, _) = setting::table(&verb.catalogue, &verb.read)?;
    let known = if mapping.columns.is_empty() { Mapping::default() } else { mapping };
    let proposal = propose(&table, &known);
    if common.format == Format::Json || common.format == Format::Jsonl {
        let value = serde_json::json!({
            "mapping": proposal.text, "placed": proposal.placed, "not_placed": proposal.open,
        });
        return files::write_json(common, &value);
    }
    for (name, near) in &proposal.open {
        let hint = near.as_ref().map_or_else(String::new, |near| format!(" (is it `{near}`?)"));
        progress::tell(common, &format!("not placed: `{name}`{hint}"));
    }
    files::write_text(common, &proposal.text)
}

/// Compares two catalogues.
pub(super) fn diff(verb: &Diff, common: &Common) -> Result<Answer, Failure> {
    let (_, evaluator) = setting::evaluator(&verb.law)?;
    let (old, _) = setting::catalogue(&verb.old, &verb.read)?;
    let (new, _) = setting::catalogue(&verb.new, &verb.read)?;
    let diff = assess::diff(&evaluator, &old, &new);
    match common.format {
        Format::Text => files::write_text(common, &report::diff_text(&diff)),
        Format::Csv => {
            let text = report::diff_csv(&diff)?;
            files::write_text(common, &text)
        }
        Format::Json | Format::Jsonl => {
            let change = |change: &Change| match change {
                Change::Reading(what, was, is) => {
                    serde_json::json!({ "reading": what, "was": was, "is": is })
                }
                Change::Verdict(list, was, is) => {
                    serde_json::json!({ "list": list, "was": was.word(), "is": is.word() })
                }
            };
            let changed: Vec<_> = diff
                .changed
                .iter()
                .map(|(name, changes)| {
                    let changes: Vec<_> = changes.iter().map(change).collect();
                    serde_json::json!({ "machine": name, "changes": changes })
                })
                .collect();
            let value = serde_json::json!({
                "added": diff.added, "gone": diff.gone, "changed": changed,
                "unchanged": diff.unchanged,
            });
            files::write_json(common, &value)
        }
    }
}
