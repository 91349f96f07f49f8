//! Stated values under the lists: which figure each list asks for, and whether it has to be
//! reaffirmed.

use super::classify::classify;
use super::evaluator::Evaluator;
use super::observe::Missing;
use super::{Verdict, Withheld};
use crate::evidence::Key;
use crate::list::{List, Named, Procedure};
use crate::machine::{Basis, Machine};

/// Whether the flag of a list that asks for reaffirmation applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reaffirmation {
    /// It applies, whatever is not known of the model, to a value that is stated.
    Applies,
    /// It does not.
    DoesNotApply,
    /// It depends on what is not known, or no value that it is about is stated.
    MayApply,
}

impl Reaffirmation {
    /// The word of the results.
    pub fn word(self) -> &'static str {
        match self {
            Self::Applies => "applies",
            Self::DoesNotApply => "does not apply",
            Self::MayApply => "may apply",
        }
    }
}

/// What one list says of the stated values of a model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatedUnder {
    /// The list's name.
    pub list: String,
    /// The edition of the list.
    pub edition: String,
    /// The figures of an axis that it asks to be stated, with their standards.
    pub figures: Vec<Key>,
    /// Those of them of which the model has no stated value.
    pub not_stated: Vec<Key>,
    /// The procedure, as far as the list says it.
    pub procedure: Option<Procedure>,
    /// What the entry says of the model.
    pub verdict: Verdict,
    /// Whether the values are to be reaffirmed; none where the list has no such flag.
    pub reaffirm: Option<Reaffirmation>,
    /// Whether the list's text is not verified to the day of evaluation.
    pub unverified: bool,
    /// On what the open entry may depend.
    pub missing: Vec<Missing>,
}

/// What the lists say of a model whose stated values stand among its readings.
///
/// The flags are evaluated by the program as every other condition; a list without a procedure for
/// stated values is left out unless `all` are wanted.
pub fn stated_under(evaluator: &Evaluator, model: &Machine, all: bool) -> Vec<StatedUnder> {
    let Some(result) = classify(evaluator, std::slice::from_ref(model)).into_iter().next() else {
        return Vec::new();
    };
    let mut found = Vec::new();
    let entries = evaluator.program.entries().iter().zip(&evaluator.laws);
    for ((entry, law), outcome) in entries.zip(result.outcomes) {
        let list = &entry.list;
        let flag = list.flags.iter().find(|flag| flag.stated.is_some());
        if flag.is_none() && !all {
            continue;
        }
        let figures = flag.map(|flag| figures(list, flag)).unwrap_or_default();
        let has = |key: &Key| {
            model.readings.iter().any(|reading| {
                reading.basis == Basis::Stated
                    && reading.parameter == key.parameter
                    && key.by.is_none_or(|by| by == reading.standard)
            })
        };
        // The flags are about stated values: figures of another basis only say that it may apply.
        let any = figures.iter().any(has);
        let reaffirm = flag.map(|flag| match outcome.flags.iter().find(|(id, _)| *id == flag.id) {
            Some((_, true)) if any => Reaffirmation::Applies,
            Some(_) => Reaffirmation::MayApply,
            None => Reaffirmation::DoesNotApply,
        });
        found.push(StatedUnder {
            list: list.header.id.clone(),
            edition: list.header.edition.clone(),
            not_stated: figures.iter().filter(|key| !has(key)).copied().collect(),
            figures,
            procedure: flag.and_then(|flag| flag.stated),
            verdict: outcome.verdict,
            reaffirm,
            unverified: law.unverified_after.is_some()
                || outcome.withheld == Some(Withheld::Unverified),
            missing: outcome.missing,
        });
    }
    found
}

fn figures(list: &List, flag: &Named) -> Vec<Key> {
    let found = list.stated_figures(flag).into_iter();
    found.map(|(parameter, by)| Key { parameter: parameter.stored(), by }).collect()
}
