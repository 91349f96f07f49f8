//! Classify: every machine against every list, with what each verdict rests on.

use super::Verdict;
use super::decide::Decided;
use super::evaluator::Evaluator;
use super::measured::{self, OpenReading};
use super::observe::{Margin, Missing, Observed};
use super::status::{Standing, Status, primary};
use crate::evidence::{Level, Picture};
use crate::list::Named;
use crate::logic::Truth;
use crate::machine::{Basis, Form, Machine};
use crate::rule::{Root, Trace};

/// Why an absence of capture is not said although the figures would allow it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Withheld {
    /// The list's text is not verified to the day of evaluation.
    Unverified,
    /// It rests on a figure of the list that was remembered, not read.
    Remembered,
}

impl Withheld {
    /// Why a verdict is withheld that would be `found`.
    pub(super) fn of(found: Verdict, doubtful: bool, may_clear: bool) -> Option<Self> {
        match found {
            Verdict::NotCaptured if !may_clear => Some(Self::Unverified),
            Verdict::NotCaptured if doubtful => Some(Self::Remembered),
            _ => None,
        }
    }

    /// The reason in words.
    pub fn text(self) -> &'static str {
        match self {
            Self::Unverified => "law not verified to that date",
            Self::Remembered => "rests on a remembered figure of the list",
        }
    }

    /// The reason in words, with the option that lifts it.
    pub fn lifted_text(self) -> String {
        let option = match self {
            Self::Unverified => "--accept-unverified",
            Self::Remembered => "--accept-remembered",
        };
        format!("{} ({option} lifts that)", self.text())
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
    /// What inflates the measurements on which an absence of capture rests.
    pub inflated: Vec<String>,
    /// The readings of the law that a measurement leaves open, with what settles them.
    pub policies: Vec<OpenReading>,
    /// The assumptions that are not made and would settle what a measurement leaves open.
    pub settling: Vec<String>,
}

/// What every entry and jurisdiction says of one machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MachineResult {
    /// One outcome an entry, in the program's order.
    pub outcomes: Vec<Outcome>,
    /// The status in each jurisdiction of whose law a list is loaded.
    pub statuses: Vec<Status>,
    /// Parameters on which sources contradict each other (their hull was used).
    pub conflicts: Vec<Missing>,
    /// Whether some figure rests on a maker's declaration, a catalogue or a third party.
    pub on_makers_data: bool,
}

/// Classifies machines; the results stand in the machines' order.
pub fn classify(evaluator: &Evaluator, machines: &[Machine]) -> Vec<MachineResult> {
    let policy = &evaluator.setup.policy;
    let full = Decided::new(evaluator, &evaluator.program, machines, policy, |_, _| true);
    let mut run = Run {
        evaluator,
        machines,
        full,
        grades: vec![vec![None; evaluator.program.entries().len()]; machines.len()],
        nominal: None,
        doubted: None,
        without: Vec::new(),
    };
    run.grade();
    run.take_as_stated();
    run.doubt();
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

struct Run<'r> {
    evaluator: &'r Evaluator,
    machines: &'r [Machine],
    full: Decided,
    /// For each machine and entry: the first level of evidence that settles it.
    grades: Vec<Vec<Option<Level>>>,
    nominal: Option<Decided>,
    doubted: Option<Decided>,
    /// The verdicts without one assumption, where some verdict rests on assumptions.
    without: Vec<(String, Decided)>,
}

impl Run<'_> {
    /// The place of the entry of which a root is the verdict.
    fn entry_of(&self, root: Root) -> Option<usize> {
        self.evaluator.program.entries().iter().position(|entry| entry.verdict == root)
    }

    fn grade_of(&self, machine: usize, entry: usize) -> Option<Level> {
        self.grades.get(machine).and_then(|grades| grades.get(entry)).copied().flatten()
    }

    /// Runs the program with less evidence, level by level, until every settled verdict is
    /// settled as the whole evidence settles it.
    fn grade(&mut self) {
        let policy = &self.evaluator.setup.policy;
        let has = |level: Level| {
            let of_level = |m: &Machine| m.readings.iter().any(|r| Level::of(r.basis) == level);
            self.machines.iter().any(of_level)
        };
        let lower = |level: &Level| {
            *level < policy.level && (has(*level) || (*level == Level::Derived && policy.derive))
        };
        let levels: Vec<Level> = Level::ALL.into_iter().filter(lower).collect();
        for level in levels {
            let ungraded = |machine: usize, root: Root| {
                let entry = self.entry_of(root);
                self.full.truth(root, machine).is_known()
                    && entry.is_some_and(|entry| self.grade_of(machine, entry).is_none())
            };
            let policy = policy.up_to(level);
            let program = &self.evaluator.program;
            let decided = Decided::new(self.evaluator, program, self.machines, &policy, ungraded);
            self.take_grades(level, &decided);
        }
        let level = policy.level;
        for (machine, grades) in self.grades.iter_mut().enumerate() {
            for (grade, entry) in grades.iter_mut().zip(self.evaluator.program.entries()) {
                if grade.is_none() && self.full.truth(entry.verdict, machine).is_known() {
                    *grade = Some(level);
                }
            }
        }
    }

    fn take_grades(&mut self, level: Level, decided: &Decided) {
        for (machine, grades) in self.grades.iter_mut().enumerate() {
            for (grade, entry) in grades.iter_mut().zip(self.evaluator.program.entries()) {
                let truth = decided.truth(entry.verdict, machine);
                let same = truth == self.full.truth(entry.verdict, machine);
                if grade.is_none() && truth.is_known() && same {
                    *grade = Some(level);
                }
            }
        }
    }

    /// What open verdicts would be with every figure taken as printed; a settled one stays.
    fn take_as_stated(&mut self) {
        if !self.machines.iter().any(has_weakened_figures) {
            return;
        }
        let open = |machine: usize, root: Root| {
            self.entry_of(root).is_some() && !self.full.truth(root, machine).is_known()
        };
        let policy = self.evaluator.setup.policy.nominal();
        let program = &self.evaluator.program;
        let decided = Decided::new(self.evaluator, program, self.machines, &policy, open);
        self.nominal = Some(decided);
    }

    /// The settled verdicts with remembered figures of the lists left open.
    fn doubt(&mut self) {
        let accepted = self.evaluator.setup.accept_remembered;
        let Some(doubting) = self.evaluator.doubting.as_ref().filter(|_| !accepted) else { return };
        // The two programs have the same roots in the same order.
        let settled = |machine: usize, root: Root| self.full.truth(root, machine).is_known();
        let policy = &self.evaluator.setup.policy;
        let decided = Decided::new(self.evaluator, doubting, self.machines, policy, settled);
        self.doubted = Some(decided);
    }

    fn leave_out_assumptions(&mut self) {
        let rests = |machine: usize, root: Root| {
            let entry = self.entry_of(root);
            entry.is_some_and(|entry| self.grade_of(machine, entry) == Some(Level::Assumed))
        };
        let entries = self.evaluator.program.entries();
        let any = |machine: usize| entries.iter().any(|entry| rests(machine, entry.verdict));
        if !(0..self.machines.len()).any(any) {
            return;
        }
        let policy = &self.evaluator.setup.policy;
        let mut without = Vec::new();
        for assumption in policy.assumptions.active() {
            let policy = policy.without(&assumption.name);
            let program = &self.evaluator.program;
            let decided = Decided::new(self.evaluator, program, self.machines, &policy, rests);
            without.push((assumption.name.clone(), decided));
        }
        self.without = without;
    }

    /// The assumptions that a settled entry rests on.
    fn assumptions(&self, root: Root, machine: usize, grade: Option<Level>) -> Vec<String> {
        if grade != Some(Level::Assumed) {
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
        let configurations = evaluator.configurations(program, machine).0;
        let rows = self.full.rows_of(at);
        let mut picture = Picture::default();
        let mut outcomes = Vec::with_capacity(program.entries().len());
        let mut conflicts = Vec::new();
        let mut traced: Option<(usize, Trace)> = None;
        let found = |root: Root| self.full.verdict(root, at);
        let mut inflated = measured::inflated(evaluator, machine, found).into_iter();
        let machine = &*evaluator.taken(machine);
        for (number, entry) in program.entries().iter().enumerate() {
            let mut outcome = self.outcome(at, number, entry.verdict);
            let truth = |row: usize| self.full.verdicts.of(entry.verdict, row);
            // The first configuration that is what the machine comes to is the telling one.
            let whole = rows.clone().map(truth).fold(Truth::False, Truth::or);
            let row = rows.clone().find(|row| truth(*row) == whole).unwrap_or(rows.start);
            if traced.as_ref().is_none_or(|(known, _)| *known != row) {
                let configuration = configurations.get(row - rows.start).copied();
                let policy = &evaluator.setup.policy;
                picture.draw(program.frame(), machine, configuration.unwrap_or_default(), policy);
                traced = self.full.rows.get(row).map(|cells| (row, program.trace(cells)));
                conflicts.extend(picture.conflicts.iter().map(|c| conflict(machine, c)));
            }
            if let (Some((_, trace)), Some(outline)) = (&traced, &entry.outline) {
                let observed =
                    Observed { machine, frame: program.frame(), picture: &picture, trace };
                observe(&observed, outline, &mut outcome);
                if outcome.verdict == Verdict::Undetermined && outcome.withheld.is_none() {
                    let row = self.full.rows.get(row);
                    let missing = |row| observed.missing(program, entry.verdict, row);
                    outcome.missing = row.map(missing).unwrap_or_default();
                    outcome.policies =
                        measured::policies(evaluator, number, machine, &outcome.missing);
                    outcome.settling = measured::settling(evaluator, machine, number);
                }
            }
            outcome.inflated = inflated.next().unwrap_or_default();
            outcome.as_shipped = Verdict::of(truth(rows.start));
            outcome.reasons = self.named(at, &entry.list.reasons, &entry.reasons);
            outcome.flags = self.named(at, &entry.list.flags, &entry.flags);
            outcomes.push(outcome);
        }
        one_of_each(&mut conflicts);
        let statuses = self.statuses(at, &outcomes);
        let on_makers_data = machine.readings.iter().any(|r| r.basis >= Basis::Declared);
        MachineResult { outcomes, statuses, conflicts, on_makers_data }
    }

    /// The reasons or flags that apply or may apply.
    fn named(&self, machine: usize, all: &[Named], roots: &[Root]) -> Vec<(String, bool)> {
        let mut found = Vec::new();
        for (named, root) in all.iter().zip(roots) {
            match self.full.truth(*root, machine) {
                Truth::True => found.push((named.id.clone(), true)),
                Truth::Unknown => found.push((named.id.clone(), false)),
                Truth::False => {}
            }
        }
        found
    }

    fn outcome(&self, at: usize, entry: usize, root: Root) -> Outcome {
        let found = self.full.verdict(root, at);
        let doubted = self.doubted.as_ref().map(|doubted| doubted.verdict(root, at));
        let doubtful = doubted == Some(Verdict::Undetermined) && found.is_settled();
        let withheld = Withheld::of(found, doubtful, self.evaluator.may_clear(entry));
        let nominal = match &self.nominal {
            Some(nominal) if !found.is_settled() => nominal.verdict(root, at),
            _ => found,
        };
        let grade = self.grade_of(at, entry);
        Outcome {
            entry,
            verdict: if withheld.is_some() { Verdict::Undetermined } else { found },
            nominal,
            as_shipped: found,
            withheld,
            remembered: doubtful && found == Verdict::Captured,
            approximate: self.full.is_approximate(root, at),
            grade,
            assumptions: self.assumptions(root, at, grade),
            clauses: Vec::new(),
            notes: Vec::new(),
            margin: None,
            missing: Vec::new(),
            reasons: Vec::new(),
            flags: Vec::new(),
            inflated: Vec::new(),
            policies: Vec::new(),
            settling: Vec::new(),
        }
    }

    fn statuses(&self, at: usize, outcomes: &[Outcome]) -> Vec<Status> {
        let program = &self.evaluator.program;
        let status = |(jurisdiction, root): &(String, Root)| {
            let of_it = program
                .entries()
                .iter()
                .zip(outcomes)
                .filter(|(entry, _)| entry.list.header.is_law_of(jurisdiction));
            let standings: Vec<Standing<'_>> = of_it
                .map(|(entry, outcome)| Standing {
                    id: &entry.list.header.root,
                    after: &entry.list.header.after,
                    verdict: outcome.verdict,
                })
                .collect();
            let found = self.full.verdict(*root, at);
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
            if outcome.notes.is_empty() {
                outcome.margin = observed.telling_margin(outline, Truth::False);
            }
        }
        Verdict::Undetermined if !settled => {
            outcome.clauses = observed.clauses(outline, Truth::Unknown);
        }
        Verdict::Undetermined => {}
    }
}

/// Keeps the first of what is said several times.
fn one_of_each(conflicts: &mut Vec<Missing>) {
    let mut seen: Vec<Missing> = Vec::new();
    conflicts.retain(|conflict| {
        let fresh = !seen.contains(conflict);
        if fresh {
            seen.push(conflict.clone());
        }
        fresh
    });
}

fn conflict(machine: &Machine, conflict: &crate::evidence::Conflict) -> Missing {
    let axis = conflict.axis.and_then(|axis| machine.axes.get(axis)).map(|a| a.label.clone());
    Missing::Reading { key: conflict.key, axis }
}
