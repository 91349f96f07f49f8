//! Classify: every machine against every list, with what each verdict rests on.

use super::Verdict;
use super::evaluator::Evaluator;
use super::observe::{Margin, Missing, Observed};
use super::status::{Standing, Status, primary};
use crate::evidence::{Level, Picture, Policy};
use crate::logic::Truth;
use crate::machine::{Basis, Form, Machine};
use crate::rule::{Program, Root, Row};

/// Why an absence of capture is not said although the figures would allow it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Withheld {
    /// The list's text is not verified to the day of evaluation.
    Unverified,
    /// It rests on a figure of the list that was remembered, not read.
    Remembered,
}

impl Withheld {
    /// The reason in words.
    pub fn text(self) -> &'static str {
        match self {
            Self::Unverified => "law not verified to that date",
            Self::Remembered => "rests on a remembered figure of the list",
        }
    }
}

/// What one entry says of one machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The entry's place in the program.
    pub entry: usize,
    /// The verdict.
    pub verdict: Verdict,
    /// What it would be if every figure were taken as printed; not a verdict.
    pub nominal: Verdict,
    /// The verdict for the machine as shipped; never releases.
    pub as_shipped: Verdict,
    /// Why an absence of capture is withheld.
    pub withheld: Option<Withheld>,
    /// Whether a capture rests on a remembered figure.
    pub remembered: bool,
    /// Whether too many combinations were open to be sure that nothing more is decided.
    pub approximate: bool,
    /// The first level of evidence that settles it.
    pub grade: Option<Level>,
    /// The assumptions without which it would not be settled; several that only together settle
    /// it are all named.
    pub assumptions: Vec<String>,
    /// The clauses that hold, or that are open where the verdict is.
    pub clauses: Vec<String>,
    /// The notes that exclude.
    pub notes: Vec<String>,
    /// The telling margin.
    pub margin: Option<Margin>,
    /// On what an open verdict may still depend.
    pub missing: Vec<Missing>,
    /// Reasons that apply (true) or may apply (false: unknown).
    pub reasons: Vec<(String, bool)>,
    /// Flags that apply (true) or may apply.
    pub flags: Vec<(String, bool)>,
}

/// What every entry and jurisdiction says of one machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MachineResult {
    /// One outcome an entry, in the program's order.
    pub outcomes: Vec<Outcome>,
    /// The status in each jurisdiction.
    pub statuses: Vec<Status>,
    /// Parameters on which sources contradict each other (their hull was used).
    pub conflicts: Vec<Missing>,
}

/// The truths of every root for every machine of a slice, all configurations together.
struct Decided {
    truths: Vec<Vec<Truth>>,
    approximate: Vec<Vec<bool>>,
}

impl Decided {
    fn verdict(&self, root: usize, machine: usize) -> Verdict {
        let truth = self.truths.get(machine).and_then(|truths| truths.get(root));
        Verdict::of(truth.copied().unwrap_or_default())
    }
}

/// Classifies machines; the results stand in the machines' order.
pub fn classify(evaluator: &Evaluator, machines: &[Machine]) -> Vec<MachineResult> {
    let program = &evaluator.program;
    let policy = &evaluator.setup.policy;
    let full = decide(evaluator, program, machines, policy);
    let levels = levels(evaluator, machines);
    let nominal = machines
        .iter()
        .any(has_weakened_figures)
        .then(|| decide(evaluator, program, machines, &policy.nominal()));
    let doubted = evaluator
        .doubting
        .as_ref()
        .filter(|_| !evaluator.setup.accept_remembered)
        .map(|doubting| decide(evaluator, doubting, machines, policy));
    let mut run = Run { evaluator, machines, full, levels, nominal, doubted, without: Vec::new() };
    run.leave_out_assumptions();
    machines.iter().enumerate().map(|(at, machine)| run.result(at, machine)).collect()
}

/// Whether a machine has a figure that the policy weakens.
fn has_weakened_figures(machine: &Machine) -> bool {
    machine.readings.iter().any(|reading| {
        let error = reading.parameter.row().error;
        (error && reading.basis >= Basis::Catalogue) || reading.form == Form::Typical
    })
}

/// Runs a program over machines under a policy: a machine is captured if a configuration is, and
/// not captured if none is.
fn decide(
    evaluator: &Evaluator,
    program: &Program,
    machines: &[Machine],
    policy: &Policy,
) -> Decided {
    let mut picture = Picture::default();
    let mut rows: Vec<Row> = Vec::with_capacity(machines.len());
    let mut owners: Vec<usize> = Vec::with_capacity(machines.len());
    for (at, machine) in machines.iter().enumerate() {
        for row in evaluator.rows(program, machine, policy, &mut picture) {
            rows.push(row);
            owners.push(at);
        }
    }
    let verdicts = program.evaluate(&rows);
    let roots = program.roots();
    let mut decided = Decided {
        truths: vec![vec![Truth::False; roots]; machines.len()],
        approximate: vec![vec![false; roots]; machines.len()],
    };
    for (row, owner) in owners.iter().enumerate() {
        let (Some(truths), Some(approximate)) =
            (decided.truths.get_mut(*owner), decided.approximate.get_mut(*owner))
        else {
            continue;
        };
        for (at, (truth, rough)) in truths.iter_mut().zip(approximate).enumerate() {
            let root = program.root(at);
            *truth = truth.or(verdicts.of(root, row));
            *rough |= verdicts.is_approximate(root, row);
        }
    }
    // Configurations beyond those looked at may capture.
    for (machine, truths) in machines.iter().zip(&mut decided.truths) {
        if evaluator.configurations(program, machine).1 {
            truths.iter_mut().for_each(|truth| *truth = truth.or(Truth::Unknown));
        }
    }
    decided
}

/// The verdicts with less evidence, for every level that differs from the one before.
fn levels(evaluator: &Evaluator, machines: &[Machine]) -> Vec<(Level, Decided)> {
    let policy = &evaluator.setup.policy;
    let has = |level: Level| {
        let of_level = |m: &Machine| m.readings.iter().any(|r| Level::of(r.basis) == level);
        machines.iter().any(of_level)
    };
    let mut levels = Vec::new();
    for level in Level::ALL.into_iter().filter(|level| *level < policy.level) {
        if has(level) || (level == Level::Derived && policy.derive) {
            let policy = policy.up_to(level);
            levels.push((level, decide(evaluator, &evaluator.program, machines, &policy)));
        }
    }
    levels
}

struct Run<'r> {
    evaluator: &'r Evaluator,
    machines: &'r [Machine],
    full: Decided,
    levels: Vec<(Level, Decided)>,
    nominal: Option<Decided>,
    doubted: Option<Decided>,
    /// The verdicts without one assumption, where some verdict rests on assumptions.
    without: Vec<(String, Decided)>,
}

impl Run<'_> {
    /// The first level that settles a root of a machine as the whole evidence does.
    fn grade(&self, root: usize, machine: usize) -> Option<Level> {
        let verdict = self.full.verdict(root, machine);
        if !verdict.is_settled() {
            return None;
        }
        let settled = self.levels.iter().find(|(_, d)| d.verdict(root, machine) == verdict);
        Some(settled.map_or(self.evaluator.setup.policy.level, |(level, _)| *level))
    }

    fn leave_out_assumptions(&mut self) {
        let program = &self.evaluator.program;
        let entries = || program.entries().iter().map(|entry| entry.verdict.index());
        let rests = |machine: usize| {
            entries().any(|root| self.grade(root, machine) == Some(Level::Assumed))
        };
        if !(0..self.machines.len()).any(rests) {
            return;
        }
        let policy = &self.evaluator.setup.policy;
        let names: Vec<String> = policy.assumptions.active().map(|a| a.name.clone()).collect();
        for name in names {
            let policy = policy.without(&name);
            let decided = decide(self.evaluator, program, self.machines, &policy);
            self.without.push((name, decided));
        }
    }

    /// The assumptions that a settled root rests on.
    fn assumptions(&self, root: usize, machine: usize) -> Vec<String> {
        if self.grade(root, machine) != Some(Level::Assumed) {
            return Vec::new();
        }
        let verdict = self.full.verdict(root, machine);
        let changes = |(_, decided): &&(String, Decided)| decided.verdict(root, machine) != verdict;
        let single: Vec<String> =
            self.without.iter().filter(changes).map(|(name, _)| name.clone()).collect();
        if single.is_empty() {
            // No single one is needed: any of several does.
            return vec!["any of several".to_owned()];
        }
        single
    }

    fn result(&self, at: usize, machine: &Machine) -> MachineResult {
        let evaluator = self.evaluator;
        let program = &evaluator.program;
        let mut picture = Picture::default();
        let rows = evaluator.rows(program, machine, &evaluator.setup.policy, &mut picture);
        let verdicts = program.evaluate(&rows);
        let configurations = evaluator.configurations(program, machine).0;
        let mut outcomes = Vec::with_capacity(program.entries().len());
        let mut conflicts = Vec::new();
        let mut traced: Option<(usize, crate::rule::Trace)> = None;
        for (number, entry) in program.entries().iter().enumerate() {
            let root = entry.verdict.index();
            let mut outcome = self.outcome(at, number, root);
            // The configuration that captures is the telling one; else the machine as shipped.
            let row = (0..rows.len())
                .find(|row| verdicts.of(entry.verdict, *row) == Truth::True)
                .unwrap_or(0);
            if traced.as_ref().is_none_or(|(known, _)| *known != row) {
                let configuration = configurations.get(row).copied().unwrap_or_default();
                picture.draw(program.frame(), machine, configuration, &evaluator.setup.policy);
                traced = rows.get(row).map(|cells| (row, program.trace(cells)));
            }
            if let (Some((_, trace)), Some(outline)) = (&traced, &entry.outline) {
                let observed =
                    Observed { machine, frame: program.frame(), picture: &picture, trace };
                observe(&observed, outline, &mut outcome);
                if number == 0 {
                    conflicts = picture.conflicts.iter().map(|c| conflict(machine, c)).collect();
                }
            }
            outcome.as_shipped = Verdict::of(verdicts.of(entry.verdict, 0));
            for (named, roots, found) in [
                (&entry.list.reasons, &entry.reasons, &mut outcome.reasons),
                (&entry.list.flags, &entry.flags, &mut outcome.flags),
            ] {
                for (named, root) in named.iter().zip(roots) {
                    match self.full.verdict(root.index(), at) {
                        Verdict::Captured => found.push((named.id.clone(), true)),
                        Verdict::Undetermined => found.push((named.id.clone(), false)),
                        Verdict::NotCaptured => {}
                    }
                }
            }
            outcomes.push(outcome);
        }
        let statuses = self.statuses(at, &outcomes);
        MachineResult { outcomes, statuses, conflicts }
    }

    fn outcome(&self, at: usize, entry: usize, root: usize) -> Outcome {
        let found = self.full.verdict(root, at);
        let doubted = self.doubted.as_ref().map(|doubted| doubted.verdict(root, at));
        let doubtful = doubted == Some(Verdict::Undetermined) && found.is_settled();
        let withheld = match found {
            Verdict::NotCaptured if !self.evaluator.may_clear(entry) => Some(Withheld::Unverified),
            Verdict::NotCaptured if doubtful => Some(Withheld::Remembered),
            _ => None,
        };
        let nominal = self.nominal.as_ref().map_or(found, |nominal| nominal.verdict(root, at));
        let approximate = self.full.approximate.get(at).and_then(|a| a.get(root)).copied();
        Outcome {
            entry,
            verdict: if withheld.is_some() { Verdict::Undetermined } else { found },
            nominal,
            as_shipped: found,
            withheld,
            remembered: doubtful && found == Verdict::Captured,
            approximate: approximate.unwrap_or_default() && !found.is_settled(),
            grade: self.grade(root, at),
            assumptions: self.assumptions(root, at),
            clauses: Vec::new(),
            notes: Vec::new(),
            margin: None,
            missing: Vec::new(),
            reasons: Vec::new(),
            flags: Vec::new(),
        }
    }

    fn statuses(&self, at: usize, outcomes: &[Outcome]) -> Vec<Status> {
        let program = &self.evaluator.program;
        let status = |(jurisdiction, root): &(String, Root)| {
            let of_it = program
                .entries()
                .iter()
                .zip(outcomes)
                .filter(|(entry, _)| entry.list.header.jurisdiction == *jurisdiction);
            let standings: Vec<Standing<'_>> = of_it
                .map(|(entry, outcome)| Standing {
                    id: &entry.list.header.root,
                    after: &entry.list.header.after,
                    verdict: outcome.verdict,
                })
                .collect();
            let found = self.full.verdict(root.index(), at);
            let withheld = standings.iter().any(|s| s.verdict == Verdict::Undetermined);
            let verdict = match found {
                Verdict::NotCaptured if withheld => Verdict::Undetermined,
                found => found,
            };
            let primary = primary(verdict, &standings);
            Status { jurisdiction: jurisdiction.clone(), verdict, primary }
        };
        program.jurisdictions().iter().map(status).collect()
    }
}

fn observe(observed: &Observed<'_>, outline: &crate::rule::Outline, outcome: &mut Outcome) {
    let settled = outcome.verdict.is_settled() || outcome.withheld.is_some();
    match outcome.verdict {
        Verdict::Captured => {
            outcome.clauses = observed.clauses(outline, Truth::True);
            if outcome.clauses.is_empty() {
                // Captured whichever of several open clauses it is.
                outcome.clauses = observed.clauses(outline, Truth::Unknown);
            }
            outcome.margin = observed.telling_margin(outline, Truth::True);
        }
        Verdict::NotCaptured => {
            observed.notes(outline, &mut outcome.notes);
            outcome.margin = observed.telling_margin(outline, Truth::False);
        }
        Verdict::Undetermined if !settled => {
            outcome.clauses = observed.clauses(outline, Truth::Unknown);
            outcome.missing = observed.missing(outline);
        }
        Verdict::Undetermined => {}
    }
}

fn conflict(machine: &Machine, conflict: &crate::evidence::Conflict) -> Missing {
    let axis = conflict.axis.and_then(|axis| machine.axes.get(axis)).map(|a| a.label.clone());
    Missing::Reading { key: conflict.key, axis }
}
