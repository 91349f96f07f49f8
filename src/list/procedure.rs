//! The procedure for stated values, as far as a flag says it: which figure, how many machines, when
//! it is reaffirmed.

use super::{Condition, List, Named, Procedure};
use crate::error::Result;
use crate::machine::{ParameterId, Standard};
use crate::table::Node;

impl Procedure {
    /// Reads `stated = { machines = 5, months = 18 }`.
    pub(super) fn of(node: &Node<'_>) -> Result<Self> {
        let fields = node.table()?;
        if let Some(error) = fields.unknown_keys(&["machines", "months"]).into_iter().next() {
            return Err(error);
        }
        let count = |key: &str| {
            let Some(node) = fields.get(key) else { return Ok(None) };
            let count = u32::try_from(node.whole()?).ok().filter(|count| *count > 0);
            count.map(Some).ok_or_else(|| node.error(format!("`{key}` is a count from one up")))
        };
        Ok(Self { machines: count("machines")?, months: count("months")? })
    }

    /// The procedure in words: `5 machines, reaffirmed every 18 months`.
    pub fn text(self) -> String {
        let machines = self.machines.map(|count| format!("the mean of {count} machines"));
        let months = self.months.map(|count| format!("reaffirmed every {count} months"));
        [machines, months].into_iter().flatten().collect::<Vec<_>>().join(", ")
    }
}

impl List {
    /// The figures of an axis that a flag asks to be stated, each with its edition: those that its
    /// condition tests, or whose limits it moves.
    pub fn stated_figures(&self, flag: &Named) -> Vec<(ParameterId, Option<Standard>)> {
        let mut found = Vec::new();
        flag.when.walk(&mut |part| match part {
            Condition::Test(test) => found.push((test.parameter, test.by)),
            Condition::Clause { id, shift, .. } => {
                for (parameter, _) in shift {
                    let standards = self.standards(id, *parameter);
                    found.extend(standards.into_iter().map(|by| (*parameter, by)));
                }
            }
            _ => {}
        });
        found.retain(|(parameter, _)| {
            let row = parameter.row();
            row.error && row.scope.is_axis()
        });
        found.sort_unstable();
        found.dedup();
        found
    }

    /// The standards by which a clause, with all under it, tests a parameter.
    fn standards(&self, id: &str, parameter: ParameterId) -> Vec<Option<Standard>> {
        let mut found = Vec::new();
        let under = |other: &str| {
            other == id || other.strip_prefix(id).is_some_and(|rest| rest.starts_with('.'))
        };
        for clause in self.clauses.iter().filter(|clause| under(&clause.id)) {
            clause.when.walk(&mut |part| {
                if let Condition::Test(test) = part
                    && test.parameter == parameter
                {
                    found.push(test.by);
                }
            });
        }
        found
    }
}
