//! What a classification comes to: counts, what is missing most, what it rests on.

use std::collections::BTreeMap;

use super::Verdict;
use super::classify::MachineResult;
use super::evaluator::Evaluator;
use crate::evidence::Level;

/// The verdicts of one list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ListCount {
    /// The list's name.
    pub list: String,
    /// The edition.
    pub edition: String,
    /// The day for which it was evaluated.
    pub as_of: String,
    /// How many machines it captures.
    pub captured: usize,
    /// How many it does not.
    pub not_captured: usize,
    /// How many are undetermined.
    pub undetermined: usize,
    /// How many of those are undetermined only because an absence of capture is withheld.
    pub withheld: usize,
}

/// A classification in a few numbers.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Summary {
    /// How many machines.
    pub machines: usize,
    /// A row a list.
    pub lists: Vec<ListCount>,
    /// For each jurisdiction: captured, not captured, undetermined.
    pub statuses: Vec<(String, [usize; 3])>,
    /// For each parameter on which open verdicts may depend: in how many of them.
    pub missing: Vec<(String, usize)>,
    /// How many verdicts are settled at each level of evidence.
    pub grades: Vec<(Level, usize)>,
    /// How many settled verdicts rest on each assumption.
    pub assumptions: Vec<(String, usize)>,
    /// How many verdicts on makers' and third-party data are settled only thanks to derived bounds.
    pub derived_only: usize,
    /// How many captures rest on a remembered figure of a list.
    pub remembered: usize,
    /// How many verdicts are open only because there were too many combinations.
    pub approximate: usize,
    /// How many machines have sources that contradict each other.
    pub conflicts: usize,
}

/// Collects a summary; results may be added machine by machine.
pub fn summarise<'r>(
    evaluator: &Evaluator,
    results: impl IntoIterator<Item = &'r MachineResult>,
) -> Summary {
    let mut summary = Summary::default();
    let entries = evaluator.program.entries();
    for (entry, law) in entries.iter().zip(&evaluator.laws) {
        summary.lists.push(ListCount {
            list: entry.list.header.id.clone(),
            edition: entry.list.header.edition.clone(),
            as_of: law.as_of.map_or_else(String::new, |day| day.to_string()),
            ..ListCount::default()
        });
    }
    let mut missing: BTreeMap<String, usize> = BTreeMap::new();
    let mut assumptions: BTreeMap<String, usize> = BTreeMap::new();
    let mut grades: BTreeMap<Level, usize> = BTreeMap::new();
    for result in results {
        summary.machines += 1;
        summary.conflicts += usize::from(!result.conflicts.is_empty());
        for (outcome, list) in result.outcomes.iter().zip(&mut summary.lists) {
            match outcome.verdict {
                Verdict::Captured => list.captured += 1,
                Verdict::NotCaptured => list.not_captured += 1,
                Verdict::Undetermined => list.undetermined += 1,
            }
            list.withheld += usize::from(outcome.withheld.is_some());
            let mut names: Vec<String> = outcome.missing.iter().map(parameter).collect();
            names.sort();
            names.dedup();
            for name in names {
                *missing.entry(name).or_default() += 1;
            }
            if let Some(grade) = outcome.grade {
                *grades.entry(grade).or_default() += 1;
                let derived = grade == Level::Derived && result.on_makers_data;
                summary.derived_only += usize::from(derived);
            }
            for name in &outcome.assumptions {
                *assumptions.entry(name.clone()).or_default() += 1;
            }
            summary.remembered += usize::from(outcome.remembered);
            summary.approximate += usize::from(outcome.approximate);
        }
        for status in &result.statuses {
            let known = summary.statuses.iter().position(|(name, _)| *name == status.jurisdiction);
            let at = known.unwrap_or_else(|| {
                summary.statuses.push((status.jurisdiction.clone(), [0; 3]));
                summary.statuses.len() - 1
            });
            let place = match status.verdict {
                Verdict::Captured => 0,
                Verdict::NotCaptured => 1,
                Verdict::Undetermined => 2,
            };
            let count = summary.statuses.get_mut(at).and_then(|(_, counts)| counts.get_mut(place));
            if let Some(count) = count {
                *count += 1;
            }
        }
    }
    summary.missing = most_first(missing);
    summary.assumptions = most_first(assumptions);
    summary.grades = grades.into_iter().collect();
    summary
}

/// The missing reading without its axis, so that counts add up over machines.
fn parameter(missing: &super::Missing) -> String {
    match missing {
        super::Missing::Reading { key, .. } => key.text(),
        other => other.text(),
    }
}

fn most_first(counts: BTreeMap<String, usize>) -> Vec<(String, usize)> {
    let mut counts: Vec<(String, usize)> = counts.into_iter().collect();
    counts.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    counts
}
