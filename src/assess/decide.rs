//! A program run over machines: one truth a machine and root, all its configurations together.

use super::Verdict;
use super::evaluator::Evaluator;
use crate::evidence::{Picture, Policy};
use crate::logic::Truth;
use crate::machine::Machine;
use crate::rule::{Program, Root, Row, Verdicts};

/// The truths of every root for every machine of a slice.
///
/// A machine is captured if some configuration is, and not captured if none is.
pub(super) struct Decided {
    /// For each machine, a truth for each root.
    truths: Vec<Vec<Truth>>,
    /// Whether an unknown truth may be unknown only because there were too many combinations.
    approximate: Vec<Vec<bool>>,
    /// The rows of all machines, one a configuration, one machine after the other.
    pub rows: Vec<Row>,
    /// For each machine, where its rows begin.
    starts: Vec<usize>,
    /// The truths of the rows.
    pub verdicts: Verdicts,
}

impl Decided {
    /// Runs a program over machines under a policy, refining what is wanted.
    ///
    /// A machine of which no root is wanted is passed over: its truths are unknown.
    pub(super) fn new(
        evaluator: &Evaluator,
        program: &Program,
        machines: &[Machine],
        policy: &Policy,
        wanted: impl Fn(usize, Root) -> bool,
    ) -> Self {
        let mut picture = Picture::default();
        let mut rows: Vec<Row> = Vec::with_capacity(machines.len());
        let mut owners: Vec<usize> = Vec::with_capacity(machines.len());
        let mut starts = Vec::with_capacity(machines.len() + 1);
        let roots = || (0..program.roots()).map(|at| program.root(at));
        for (at, machine) in machines.iter().enumerate() {
            starts.push(rows.len());
            if roots().any(|root| wanted(at, root)) {
                rows.extend(evaluator.rows(program, machine, policy, &mut picture));
                owners.resize(rows.len(), at);
            }
        }
        starts.push(rows.len());
        let owner = |row: usize| owners.get(row).copied().unwrap_or(usize::MAX);
        let verdicts = program.evaluate(&rows, |root, row| wanted(owner(row), root));
        let mut decided = Self {
            truths: vec![vec![Truth::False; program.roots()]; machines.len()],
            approximate: vec![vec![false; program.roots()]; machines.len()],
            rows,
            starts,
            verdicts,
        };
        decided.join(evaluator, program, machines);
        decided
    }

    /// Joins the configurations of each machine.
    fn join(&mut self, evaluator: &Evaluator, program: &Program, machines: &[Machine]) {
        for (at, machine) in machines.iter().enumerate() {
            let rows = self.rows_of(at);
            let unseen = rows.is_empty() || evaluator.configurations(program, machine).1;
            let (Some(truths), Some(approximate)) =
                (self.truths.get_mut(at), self.approximate.get_mut(at))
            else {
                continue;
            };
            for (number, (truth, rough)) in truths.iter_mut().zip(approximate).enumerate() {
                let root = program.root(number);
                for row in rows.clone() {
                    *truth = truth.or(self.verdicts.of(root, row));
                    *rough |= self.verdicts.is_approximate(root, row);
                }
                // Configurations beyond those looked at may capture.
                if unseen {
                    *truth = truth.or(Truth::Unknown);
                }
            }
        }
    }

    /// The rows of a machine.
    pub(super) fn rows_of(&self, machine: usize) -> std::ops::Range<usize> {
        let at = |place: usize| self.starts.get(place).copied().unwrap_or(self.rows.len());
        at(machine)..at(machine + 1)
    }

    /// The truth of a root for a machine.
    pub(super) fn truth(&self, root: Root, machine: usize) -> Truth {
        let truth = self.truths.get(machine).and_then(|truths| truths.get(root.index()));
        truth.copied().unwrap_or_default()
    }

    /// The verdict of a root for a machine.
    pub(super) fn verdict(&self, root: Root, machine: usize) -> Verdict {
        Verdict::of(self.truth(root, machine))
    }

    /// Whether an open verdict may be open only because there were too many combinations.
    pub(super) fn is_approximate(&self, root: Root, machine: usize) -> bool {
        let rough = self.approximate.get(machine).and_then(|rough| rough.get(root.index()));
        rough.copied().unwrap_or_default() && !self.truth(root, machine).is_known()
    }
}
