//! By how much references with `shift` move the limits of what they refer to.

use std::collections::BTreeSet;

use super::{Condition, List};
use crate::machine::ParameterId;
use crate::quantity::Value;

/// The limits that are moved where a reference that moves some stands in what is moved already:
/// by both.
pub fn moved_further(
    by: &[(ParameterId, Value)],
    more: &[(ParameterId, Value)],
) -> Vec<(ParameterId, Value)> {
    let mut all = by.to_vec();
    for (parameter, more) in more {
        match all.iter_mut().find(|(known, _)| known == parameter) {
            Some((_, by)) => {
                *by = Value::saturating(i128::from(by.count()) + i128::from(more.count()));
            }
            None => all.push((*parameter, *more)),
        }
    }
    all
}

impl List {
    /// By how much limits on `parameter` in the clause, note or definition `id` are moved, wherever
    /// it is referred to: in order, nought among them, since it stands where it is written too.
    pub fn moved(&self, id: &str, parameter: ParameterId) -> Vec<Value> {
        let clauses = self.clauses.iter().map(|clause| clause.id.as_str());
        let begins = clauses.chain(self.notes.iter().map(|note| note.id.as_str()));
        let mut open: Vec<(&str, Value)> = begins.map(|id| (id, Value::ZERO)).collect();
        let mut seen: BTreeSet<(&str, Value)> = BTreeSet::new();
        while let Some((at, by)) = open.pop() {
            if !seen.insert((at, by)) {
                continue;
            }
            open.extend(self.children(at).map(|child| (child.id.as_str(), by)));
            let clause = self.clause(at).map(|clause| &clause.when);
            let Some(when) = clause.or_else(|| self.note(at).map(|note| &note.when)) else {
                continue;
            };
            when.walk(&mut |part| {
                if let Condition::Clause { id, shift, .. } = part {
                    let all = moved_further(&[(parameter, by)], shift);
                    let by = all.first().map_or(by, |(_, by)| *by);
                    open.push((id, by));
                }
            });
        }
        seen.into_iter().filter(|(known, _)| *known == id).map(|(_, by)| by).collect()
    }
}
