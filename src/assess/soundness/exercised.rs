//! Which clauses cases and machines exercise: decide true, and decide false.

use std::collections::BTreeSet;

use super::{Finding, finding};
use crate::assess::cases::each_case;
use crate::assess::evaluator::{Evaluator, Setup};
use crate::catalogue::{self, Mapping};
use crate::error::{Error, Result};
use crate::evidence::Picture;
use crate::list::{Clause, Condition, Library, List};
use crate::logic::Truth;
use crate::machine::{Kind, Machine};
use crate::table::{self, Reading, shipped};

/// The parts of one list that some machine decides true or false.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Exercised {
    holds: BTreeSet<String>,
    fails: BTreeSet<String>,
}

impl Exercised {
    /// What the shipped sample decides of a list.
    pub fn by_sample(list: &List, setup: &Setup) -> Result<Self> {
        let mut exercised = Self::default();
        let evaluator = Evaluator::of_lists(vec![list.clone()], None, setup.clone())?;
        for file in shipped::samples() {
            let read = table::read(file.name, file.text.as_bytes(), &Reading::default())?;
            let machines = catalogue::read(&read, &Mapping::default()).machines;
            exercised.take(&evaluator, &machines);
        }
        Ok(exercised)
    }

    /// Adds what the cases of a file decide; the file's own list is what counts.
    ///
    /// On failure: every problem of the case file or its list.
    pub fn take_cases(
        &mut self,
        library: &Library,
        file: &str,
        text: &str,
        setup: &Setup,
    ) -> std::result::Result<(), Vec<Error>> {
        each_case(library, file, text, setup, &mut |_, case| {
            self.take(case.evaluator, &case.catalogue.machines);
            Ok(())
        })
    }

    /// Adds what machines decide of the first list of an evaluator.
    fn take(&mut self, evaluator: &Evaluator, machines: &[Machine]) {
        let program = &evaluator.program;
        let Some(entry) = program.entries().first() else { return };
        let mut picture = Picture::default();
        for machine in machines {
            for row in evaluator.rows(program, machine, &evaluator.setup.policy, &mut picture) {
                let trace = program.trace(&row);
                for (clause, node) in entry.list.clauses.iter().zip(&entry.clauses) {
                    match trace.machine(*node) {
                        Truth::True => self.holds.insert(clause.id.clone()),
                        Truth::False => self.fails.insert(clause.id.clone()),
                        Truth::Unknown => false,
                    };
                }
            }
        }
    }

    /// The clauses of a list's own file that nothing decides true, or nothing false; text that is
    /// never decided and what an overlay inherits apart.
    pub fn findings(&self, list: &List, cases: bool) -> Vec<Finding> {
        let by = if cases { "no case and no machine" } else { "no machine" };
        let own = |clause: &&Clause| {
            clause.place.file == list.header.file && !is_never_decided(&clause.when)
        };
        let mut found = Vec::new();
        for clause in list.clauses.iter().filter(own) {
            let text = match (self.holds.contains(&clause.id), self.fails.contains(&clause.id)) {
                (true, true) => continue,
                (true, false) if !can_fail(list, clause) => continue,
                (false, true) => format!("{by} of the sample decides it true"),
                (true, false) => format!("{by} of the sample decides it false"),
                (false, false) => format!("{by} of the sample decides it"),
            };
            found.push(finding(&clause.id, &clause.place, text));
        }
        found
    }
}

fn is_never_decided(when: &Condition) -> bool {
    let mut open = false;
    when.walk(&mut |part| open |= matches!(part, Condition::Open(_)));
    open
}

/// Whether a sheet can decide that a clause is not met: capabilities that it names never exclude
/// others.
fn can_fail(list: &List, clause: &Clause) -> bool {
    let mut closed = list.children(&clause.id).next().is_some();
    clause.when.walk(&mut |part| match part {
        Condition::Test(test) => closed |= !matches!(test.parameter.row().kind, Kind::Flags(_)),
        Condition::Axes(_) | Condition::Clause { .. } => closed = true,
        _ => {}
    });
    closed
}
