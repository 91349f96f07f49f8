//! What a list may not mean, for people.

use super::region::witness;
use crate::assess::{Finding, Searched};

/// A finding with its place; under it the pair of machines that proves it, as rows of a sheet.
pub fn finding_text(finding: &Finding) -> String {
    let place = finding.place.as_ref().map_or_else(String::new, |place| format!("{place}: "));
    let mut out = format!("\n  warning: {place}{}: {}", finding.id, finding.text);
    for (machine, verdict) in &finding.witnesses {
        out += &format!("\n    {}: {}", verdict.word(), witness(machine));
    }
    out
}

/// What a deep check asked of all machines there could be, and what it did not find out.
pub fn searched_text(searched: &Searched) -> String {
    let Searched { depth, questions, axes, unanswered, undirected } = searched;
    let mut out = format!(
        "\n  searched: {questions} questions over all machines there could be; as many axes as can \
         matter to each, {axes} at most here"
    );
    if unanswered.is_empty() {
        out += "; each has its answer";
    } else {
        out += &format!(
            "; {} without an answer within {} steps and {} axes (--steps, --axes):",
            unanswered.len(),
            depth.steps,
            depth.axes
        );
        unanswered.iter().for_each(|question| out += &format!("\n    not settled {question}"));
    }
    if !undirected.is_empty() {
        let names: Vec<String> = undirected.iter().map(|name| format!("`{name}`")).collect();
        out += &format!(
            "\n  not asked: whether more or less is captured less, of readings that have no better \
             and no worse: {}",
            names.join(", ")
        );
    }
    out
}
