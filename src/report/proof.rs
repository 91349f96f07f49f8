//! An explanation for people: the tree, what is missing, the one question.

use std::fmt::Write as _;

use super::rows::{conflict_words, truth_word};
use crate::assess::{Evaluator, Explanation, Line, Proof, Verdict};
use crate::list::ListKind;
use crate::logic::Truth;
use crate::record::NOTICE;

/// How much of a tree is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// Failing branches are cut below their first reason.
    Telling,
    /// Everything.
    Full,
}

/// An explanation as text; `full` shows failing branches to their end.
pub fn proof_text(evaluator: &Evaluator, explanation: &Explanation, full: bool) -> String {
    let depth = if full { Depth::Full } else { Depth::Telling };
    let mut out = String::new();
    let machine = &explanation.machine;
    let _ = writeln!(out, "{} ({}), line {}\n", machine.name(), machine.id, machine.line);
    for status in &explanation.statuses {
        let primary = if status.primary.is_empty() {
            String::new()
        } else {
            format!("; primary entry: {}", status.primary)
        };
        let word = match status.verdict {
            Verdict::NotCaptured => "no criterion met in the entries evaluated",
            other => other.word(),
        };
        let _ = writeln!(out, "{}: {word}{primary}", status.jurisdiction);
    }
    for (proof, entry) in explanation.proofs.iter().zip(evaluator.program.entries()) {
        let draft = match entry.list.header.kind {
            ListKind::ControlList => "",
            _ => "  [DRAFT, not law]",
        };
        let _ = writeln!(out, "\n── {} ({}) · {}{draft}", proof.list, proof.edition, proof.carrier);
        head(&mut out, proof);
        line(&mut out, &proof.root, 0, depth);
        settlement(&mut out, proof);
    }
    if !explanation.assumptions.is_empty() {
        out.push_str("\nAssumptions in use:\n");
        for (name, text) in &explanation.assumptions {
            let _ = writeln!(out, "  {name}: {text}");
        }
    }
    if !explanation.conflicts.is_empty() {
        out.push_str("\nContradicting sources (their hull was used):\n");
        for conflict in &explanation.conflicts {
            let _ = writeln!(out, "  {}", conflict_words(evaluator, machine, conflict));
        }
    }
    let beside = crate::assess::beside_text(evaluator, machine);
    if !beside.is_empty() {
        out.push_str("\nMeasured beside an upper bound (the measured figure decides):\n");
        beside.iter().for_each(|text| _ = writeln!(out, "  {text}"));
    }
    let open = crate::assess::open_text(evaluator, machine);
    if !open.is_empty() {
        out.push_str("\nWhat measurements leave open:\n");
        open.iter().for_each(|text| _ = writeln!(out, "  {text}"));
    }
    if let Some((missing, count)) = &explanation.question {
        let _ = writeln!(
            out,
            "\nOne question to the maker settles {count} of the open entries: what is the {}?",
            missing.text()
        );
    }
    let _ = writeln!(out, "\n{NOTICE}");
    out
}

fn head(out: &mut String, proof: &Proof) {
    let outcome = &proof.outcome;
    let _ = write!(out, "verdict: {}", outcome.verdict.word());
    if let Some(withheld) = outcome.withheld {
        let _ = write!(out, " (not captured is withheld: {})", withheld.text());
    }
    if outcome.nominal != outcome.verdict {
        let _ = write!(out, "; nominal, every figure as printed: {}", outcome.nominal.word());
    }
    if outcome.as_shipped != outcome.verdict && outcome.verdict == Verdict::Captured {
        let _ = write!(out, "; as shipped: {} (does not release)", outcome.as_shipped.word());
    }
    if let Some(grade) = outcome.grade {
        let _ = write!(out, "; rests on evidence up to: {}", grade.word());
    }
    if !outcome.assumptions.is_empty() {
        let _ = write!(out, "; rests on assumptions: {}", outcome.assumptions.join(", "));
    }
    out.push('\n');
    for said in &outcome.inflated {
        let _ = writeln!(out, "caveat: {said}");
    }
    for policy in &outcome.policies {
        let by = match policy.settled_by.join(" or ") {
            by if by.is_empty() => by,
            by => format!(" Settled by --policy {by}"),
        };
        let _ = writeln!(out, "open reading of the law {}{by}", policy.text);
    }
    for text in &outcome.settling {
        let name = text.split(':').next().unwrap_or_default();
        let _ = writeln!(out, "would be settled by assuming {text} Made by --assume {name}");
    }
    for (what, found) in [("reason", &outcome.reasons), ("flag", &outcome.flags)] {
        for (id, sure) in found {
            let _ = writeln!(out, "{what} {id}: {}", if *sure { "applies" } else { "may apply" });
        }
    }
}

fn line(out: &mut String, of: &Line, indent: usize, depth: Depth) {
    let pad = "  ".repeat(indent);
    let label = match of.kind {
        "clause" | "note" | "definition" | "policy" => format!("{} {}: ", of.kind, of.id),
        _ => String::new(),
    };
    let label = label.replacen("clause ", "", 1);
    let _ = write!(out, "{pad}[{}] {label}{}", truth_word(of.truth), of.text);
    if !of.reading.is_empty() {
        let _ = write!(out, "  —  {}", of.reading);
    }
    if !of.margin.is_empty() {
        let _ = write!(out, "  (margin {})", of.margin);
    }
    out.push('\n');
    for source in &of.sources {
        let _ = writeln!(out, "{pad}       {source}");
    }
    // Below a failing conjunction only what fails tells why; a note that fails excludes nothing.
    let cut = depth == Depth::Telling && of.truth == Truth::False;
    let conjunction = matches!(of.kind, "clause" | "all" | "axis" | "note");
    if depth == Depth::Telling && of.kind == "note" && of.truth == Truth::False {
        return;
    }
    for part in &of.parts {
        let own_condition = part.kind != "clause" && part.kind != "note";
        let own_fails = of
            .parts
            .iter()
            .any(|p| p.kind != "clause" && p.kind != "note" && p.truth == Truth::False);
        let telling = part.truth == Truth::False && (own_condition || !own_fails);
        if !cut || !conjunction || telling {
            line(out, part, indent + 1, depth);
        }
    }
}

fn settlement(out: &mut String, proof: &Proof) {
    if proof.outcome.verdict != Verdict::Undetermined || proof.outcome.withheld.is_some() {
        return;
    }
    if proof.sets.is_empty() {
        let missing: Vec<String> = proof.outcome.missing.iter().map(|m| m.text()).collect();
        let _ = writeln!(out, "open on: {}", missing.join("; "));
        return;
    }
    out.push_str("decided, whatever their values, by:\n");
    for set in &proof.sets {
        let parts: Vec<String> = set
            .iter()
            .map(|answer| {
                let turns = answer.critical.join(", ");
                let text = answer.missing.text();
                if turns.is_empty() { text } else { format!("{text} (turns at {turns})") }
            })
            .collect();
        let _ = writeln!(out, "  · {}", parts.join(" and "));
    }
    if proof.more_sets {
        out.push_str("  · (there may be further sets)\n");
    }
}
