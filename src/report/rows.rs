//! Results as flat rows: the documented schema of CSV and JSON.

use serde::Serialize;

use crate::assess::{Evaluator, Explanation, Line, MachineResult, Verdict};
use crate::list::Header;
use crate::logic::Truth;
use crate::machine::{self, Kind, Machine, label};

/// One machine under one entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ResultRow {
    /// The machine's identifier in the catalogue.
    pub machine: String,
    /// Who makes it.
    pub maker: String,
    /// The model.
    pub model: String,
    /// The version.
    pub version: String,
    /// The line or row of the catalogue.
    pub line: usize,
    /// Whose law the entry is.
    pub jurisdiction: String,
    /// The list's name.
    pub list: String,
    /// `control-list`, `profile` or `proposal`; only the first is law.
    pub list_kind: &'static str,
    /// The entry's citation.
    pub entry: String,
    /// The edition.
    pub edition: String,
    /// The day for which the list was evaluated.
    pub as_of: String,
    /// `captured`, `not captured` or `undetermined`.
    pub verdict: &'static str,
    /// The verdict if every figure were taken as printed; not a verdict.
    pub nominal: &'static str,
    /// The verdict for the machine as shipped; never releases.
    pub as_shipped: &'static str,
    /// Why an absence of capture is withheld; empty where it is not.
    pub withheld: &'static str,
    /// The clauses that hold, or are open where the verdict is.
    pub clauses: Vec<String>,
    /// The notes that exclude.
    pub excluded_by: Vec<String>,
    /// The telling margin, signed: positive inside the limit.
    pub margin: String,
    /// The readings on which an open verdict may still depend.
    pub missing: Vec<String>,
    /// The first level of evidence that settles the verdict.
    pub grade: &'static str,
    /// The assumptions that the verdict rests on.
    pub assumptions: Vec<String>,
    /// Reasons for control; a question mark marks those that may apply.
    pub reasons: Vec<String>,
    /// Flags; a question mark marks those that may apply.
    pub flags: Vec<String>,
    /// The control status in the jurisdiction: whether any of its loaded entries captures.
    pub status: &'static str,
    /// The primary entry in the jurisdiction; what is not law has neither.
    pub primary_entry: String,
    /// Caveats: remembered figures, too many combinations, contradicting sources.
    pub caveats: Vec<String>,
}

/// The rows of one machine, one an entry.
pub fn result_rows(
    evaluator: &Evaluator,
    machine: &Machine,
    result: &MachineResult,
) -> Vec<ResultRow> {
    let entries = evaluator.program.entries().iter().zip(&evaluator.laws);
    let beside = crate::assess::beside_text(evaluator, machine);
    let open = crate::assess::open_text(evaluator, machine);
    entries
        .zip(&result.outcomes)
        .map(|((entry, law), outcome)| {
            let header = &entry.list.header;
            let status = result.statuses.iter().find(|s| header.is_law_of(&s.jurisdiction));
            let marked = |found: &[(String, bool)]| -> Vec<String> {
                let mark = |(id, sure): &(String, bool)| {
                    if *sure { id.clone() } else { format!("{id}?") }
                };
                found.iter().map(mark).collect()
            };
            let mut caveats = Vec::new();
            if outcome.remembered {
                caveats.push("rests on a remembered figure of the list".to_owned());
            }
            if outcome.approximate {
                caveats.push("approximate: too many combinations are open".to_owned());
            }
            caveats.extend(result.conflicts.iter().map(|c| {
                format!("contradicting sources: {}", conflict_words(evaluator, machine, c))
            }));
            caveats.extend(beside.iter().cloned());
            caveats.extend(open.iter().cloned());
            caveats.extend(outcome.inflated.iter().cloned());
            let policies = outcome.policies.iter();
            caveats.extend(policies.map(|open| format!("open reading of the law {}", open.text)));
            let settling = outcome.settling.iter();
            caveats.extend(settling.map(|text| format!("would be settled by assuming {text}")));
            ResultRow {
                machine: machine.id.clone(),
                maker: machine.maker.clone(),
                model: machine.model.clone(),
                version: machine.version.clone(),
                line: machine.line,
                jurisdiction: header.jurisdiction.clone(),
                list: header.id.clone(),
                list_kind: header.kind.word(),
                entry: header.root.clone(),
                edition: header.edition.clone(),
                as_of: law.as_of.map_or_else(String::new, |day| day.to_string()),
                verdict: outcome.verdict.word(),
                nominal: outcome.nominal.word(),
                as_shipped: outcome.as_shipped.word(),
                withheld: outcome.withheld.map_or("", crate::assess::Withheld::text),
                clauses: outcome.clauses.clone(),
                excluded_by: outcome.notes.clone(),
                margin: outcome.margin.as_ref().map_or_else(String::new, |m| m.text()),
                missing: outcome.missing.iter().map(|m| m.text()).collect(),
                grade: outcome.grade.map_or("", crate::evidence::Level::word),
                assumptions: outcome.assumptions.clone(),
                reasons: marked(&outcome.reasons),
                flags: marked(&outcome.flags),
                status: status.map_or("", |status| status.verdict.word()),
                primary_entry: status.map_or_else(String::new, |status| status.primary.clone()),
                caveats,
            }
        })
        .collect()
}

/// Sources that contradict each other: of what, and what each says.
pub(super) fn conflict_words(
    evaluator: &Evaluator,
    machine: &Machine,
    conflict: &crate::assess::Missing,
) -> String {
    let said = crate::assess::conflict_text(evaluator, machine, conflict);
    if said.is_empty() { conflict.text() } else { format!("{}: {said}", conflict.text()) }
}

/// One line of a proof, with the lines below it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ProofLine {
    kind: &'static str,
    #[serde(skip_serializing_if = "String::is_empty")]
    id: String,
    text: String,
    truth: &'static str,
    #[serde(skip_serializing_if = "String::is_empty")]
    reading: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    sources: Vec<String>,
    #[serde(skip_serializing_if = "String::is_empty")]
    margin: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    parts: Vec<Self>,
}

/// The proof of one entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ProofRow {
    /// The flat result.
    pub result: ResultRow,
    /// The proof tree.
    pub proof: ProofLine,
    /// Sets of readings that decide an open verdict whatever their values; each reading with the
    /// values at which the verdict turns.
    pub deciding_sets: Vec<Vec<(String, Vec<String>)>>,
    /// Whether there may be further sets.
    pub more_sets: bool,
}

/// The truth of a clause or test in the results' words.
pub(super) fn truth_word(truth: Truth) -> &'static str {
    match truth {
        Truth::True => "holds",
        Truth::False => "fails",
        Truth::Unknown => "open",
    }
}

/// The proofs of an explanation, one an entry.
pub fn proof_rows(evaluator: &Evaluator, explanation: &Explanation) -> Vec<ProofRow> {
    let result = MachineResult {
        outcomes: explanation.proofs.iter().map(|proof| proof.outcome.clone()).collect(),
        statuses: explanation.statuses.clone(),
        conflicts: explanation.conflicts.clone(),
        on_makers_data: true,
    };
    let rows = result_rows(evaluator, &explanation.machine, &result);
    rows.into_iter()
        .zip(&explanation.proofs)
        .map(|(result, proof)| ProofRow {
            result,
            proof: line(&proof.root),
            deciding_sets: proof
                .sets
                .iter()
                .map(|set| set.iter().map(|a| (a.missing.text(), a.critical.clone())).collect())
                .collect(),
            more_sets: proof.more_sets,
        })
        .collect()
}

fn line(line_of: &Line) -> ProofLine {
    ProofLine {
        kind: line_of.kind,
        id: line_of.id.clone(),
        text: line_of.text.clone(),
        truth: truth_word(line_of.truth),
        reading: line_of.reading.clone(),
        sources: line_of.sources.clone(),
        margin: line_of.margin.clone(),
        parts: line_of.parts.iter().map(line).collect(),
    }
}

/// One row of the table of parameters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ParameterRow {
    /// Its name.
    pub name: &'static str,
    /// What it belongs to.
    pub scope: &'static str,
    /// What kind of value it takes.
    pub kind: &'static str,
    /// The unit in which it is shown.
    pub unit: &'static str,
    /// Which way is better.
    pub direction: &'static str,
    /// Whether a catalogue figure of it is only an upper bound.
    pub error_type: bool,
    /// Whether standard and edition are part of it.
    pub editioned: bool,
    /// The labels it may take.
    pub labels: Vec<&'static str>,
    /// Standard and clause that define it.
    pub standard: &'static str,
    /// Headers that mean exactly this.
    pub aliases: Vec<&'static str>,
    /// What it is.
    pub description: &'static str,
}

/// The table of parameters.
pub fn parameter_rows() -> Vec<ParameterRow> {
    machine::PARAMETERS
        .iter()
        .map(|row| ParameterRow {
            name: row.name,
            scope: row.scope.word(),
            kind: row.kind_word(),
            unit: row.unit().map_or("", crate::quantity::Unit::name),
            direction: row.direction.word(),
            error_type: row.error,
            editioned: row.editioned,
            labels: match row.kind {
                Kind::Truth => Vec::new(),
                _ => row.vocabulary().map(|v| label::names(v, u64::MAX)).unwrap_or_default(),
            },
            standard: row.standard,
            aliases: row.aliases.to_vec(),
            description: row.description,
        })
        .collect()
}

/// One edition of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ListRow {
    /// The list's name.
    pub list: String,
    /// The edition.
    pub edition: String,
    /// What it is.
    pub kind: &'static str,
    /// Whose law it is.
    pub jurisdiction: String,
    /// First day in force.
    pub in_force: String,
    /// How sure that day is.
    pub in_force_checked: &'static str,
    /// Last day in force.
    pub until: String,
    /// The day up to which the text was verified.
    pub verified_through: String,
    /// The regime's labels.
    pub labels: Vec<String>,
    /// What it is about.
    pub title: String,
    /// The act that carries it.
    pub carrier: String,
    /// The edition that it changes, if it is an overlay.
    pub base: String,
}

/// The editions at hand.
pub fn list_rows(headers: &[&Header]) -> Vec<ListRow> {
    let day = |day: Option<crate::date::Day>| day.map_or_else(String::new, |day| day.to_string());
    headers
        .iter()
        .map(|header| ListRow {
            list: header.id.clone(),
            edition: header.edition.clone(),
            kind: header.kind.word(),
            jurisdiction: header.jurisdiction.clone(),
            in_force: day(header.in_force),
            in_force_checked: header.in_force_checked.word(),
            until: day(header.until),
            verified_through: day(header.verified_through),
            labels: header.labels.clone(),
            title: header.title.clone(),
            carrier: header.carrier.clone(),
            base: header
                .base
                .as_ref()
                .map_or_else(String::new, |b| format!("{}@{}", b.list, b.edition)),
        })
        .collect()
}

/// How a verdict is marked where colours and ticks would mislead: never with a tick.
pub(super) fn mark(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Captured => "C",
        Verdict::NotCaptured => "-",
        Verdict::Undetermined => "?",
    }
}
