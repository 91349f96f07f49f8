//! Diff: what changed between two catalogues, in readings and in verdicts.

use std::collections::BTreeMap;

use super::Verdict;
use super::classify::classify;
use super::evaluator::Evaluator;
use super::observe::set_text;
use crate::catalogue::Catalogue;
use crate::evidence::Key;
use crate::machine::{Machine, Reading};

/// One change of one machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// A reading that differs: what it is of, before, after; empty for none.
    Reading(String, String, String),
    /// A verdict that differs: the list, before, after.
    Verdict(String, Verdict, Verdict),
}

/// What changed between two catalogues.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Diff {
    /// Machines that only the new catalogue has.
    pub added: Vec<String>,
    /// Machines that only the old catalogue has.
    pub gone: Vec<String>,
    /// Machines of both with their changes.
    pub changed: Vec<(String, Vec<Change>)>,
    /// How many machines of both have no change.
    pub unchanged: usize,
}

/// Compares two catalogues under the same lists; machines are joined by their identifier.
pub fn diff(evaluator: &Evaluator, old: &Catalogue, new: &Catalogue) -> Diff {
    let index = |catalogue: &Catalogue| -> BTreeMap<String, usize> {
        let ids = catalogue.machines.iter().enumerate();
        ids.map(|(at, machine)| (machine.id.clone(), at)).collect()
    };
    let (old_ids, new_ids) = (index(old), index(new));
    let mut diff = Diff::default();
    diff.gone.extend(old_ids.keys().filter(|id| !new_ids.contains_key(*id)).cloned());
    diff.added.extend(new_ids.keys().filter(|id| !old_ids.contains_key(*id)).cloned());
    let (before, after) = (classify(evaluator, &old.machines), classify(evaluator, &new.machines));
    for (id, old_at) in &old_ids {
        let Some(new_at) = new_ids.get(id) else { continue };
        let (Some(one), Some(other)) = (old.machines.get(*old_at), new.machines.get(*new_at))
        else {
            continue;
        };
        let mut changes = readings(one, other);
        let (Some(was), Some(is)) = (before.get(*old_at), after.get(*new_at)) else { continue };
        let entries = evaluator.program.entries().iter();
        for ((entry, was), is) in entries.zip(&was.outcomes).zip(&is.outcomes) {
            if was.verdict != is.verdict {
                changes.push(Change::Verdict(entry.list.marked_title(), was.verdict, is.verdict));
            }
        }
        if changes.is_empty() {
            diff.unchanged += 1;
        } else {
            diff.changed.push((id.clone(), changes));
        }
    }
    diff
}

fn readings(old: &Machine, new: &Machine) -> Vec<Change> {
    let (before, after) = (shown(old), shown(new));
    let mut names: Vec<&String> = before.keys().chain(after.keys()).collect();
    names.sort();
    names.dedup();
    let text = |side: &BTreeMap<String, String>, name: &String| {
        side.get(name).cloned().unwrap_or_default()
    };
    names
        .into_iter()
        .map(|name| (name, text(&before, name), text(&after, name)))
        .filter(|(_, before, after)| before != after)
        .map(|(name, before, after)| Change::Reading(name.clone(), before, after))
        .collect()
}

/// Every reading of a machine in words, by what it is of.
fn shown(machine: &Machine) -> BTreeMap<String, String> {
    let mut out: BTreeMap<String, String> = BTreeMap::new();
    for reading in &machine.readings {
        let value = value(reading);
        let slot = out.entry(name(machine, reading)).or_default();
        if !slot.is_empty() {
            slot.push_str("; ");
        }
        slot.push_str(&value);
    }
    out
}

fn name(machine: &Machine, reading: &Reading) -> String {
    let row = reading.parameter.row();
    let by = row.editioned.then_some(reading.standard);
    let key = Key { parameter: reading.parameter, by };
    let axis = reading.axis.and_then(|axis| machine.axes.get(usize::from(axis)));
    let option = reading.option.and_then(|option| machine.fittings.get(usize::from(option)));
    let of = axis.map_or_else(String::new, |axis| format!(" of {}", axis.label));
    let with = option.map_or_else(String::new, |option| format!(" with {}", option.name));
    format!("{}{of}{with}", key.text())
}

fn value(reading: &Reading) -> String {
    let key = Key { parameter: reading.parameter, by: None };
    format!("{} ({})", set_text(key, reading.set), reading.basis.word())
}
