//! Explain: why each entry says what it says of one machine, and what would settle the rest.

use super::classify::{Outcome, classify};
use super::evaluator::Evaluator;
use super::observe::{Missing, Observed, key_of, set_text};
use super::{Status, Verdict};
use crate::catalogue::Catalogue;
use crate::evidence::{Key, Origin, Picture, Policy, Source};
use crate::list::{Against, Bound, List, Quantifier, Test, limit_words, test_words};
use crate::logic::Truth;
use crate::machine::{Form, Machine, Measurement, Reading, label};
use crate::rule::{ColumnKey, Critical, Outline, Program, Question, Row, Settler, Subject};

/// One line of a proof.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// What kind of line it is: clause, note, definition, test, axes, axis, any, all, not, policy,
    /// open.
    pub kind: &'static str,
    /// The citation, the axis's label, the policy's name; empty elsewhere.
    pub id: String,
    /// What the law says there, in words.
    pub text: String,
    /// Holds, fails or open.
    pub truth: Truth,
    /// What is known of the tested parameter.
    pub reading: String,
    /// Where that comes from.
    pub sources: Vec<String>,
    /// The margin of the test.
    pub margin: String,
    /// The lines below it.
    pub parts: Vec<Self>,
}

/// One question of a deciding set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// What is missing.
    pub missing: Missing,
    /// Where the answer turns the verdict.
    pub critical: Vec<String>,
}

/// Why one entry says what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// The list's name.
    pub list: String,
    /// The edition.
    pub edition: String,
    /// The carrier.
    pub carrier: String,
    /// What the entry says.
    pub outcome: Outcome,
    /// The proof tree.
    pub root: Line,
    /// The sets of readings that decide an open verdict whatever their values.
    pub sets: Vec<Vec<Answer>>,
    /// Whether there may be further sets.
    pub more_sets: bool,
}

/// Everything that is to be said of one machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// The machine.
    pub machine: Machine,
    /// One proof a list.
    pub proofs: Vec<Proof>,
    /// The status in each jurisdiction.
    pub statuses: Vec<Status>,
    /// The assumptions in use, with what they say.
    pub assumptions: Vec<(String, String)>,
    /// Parameters on which sources contradict each other.
    pub conflicts: Vec<Missing>,
    /// The question whose answer settles most entries by itself, and how many.
    pub question: Option<(Missing, usize)>,
}

/// Explains the machine at a place of a catalogue.
pub fn explain(evaluator: &Evaluator, catalogue: &Catalogue, at: usize) -> Option<Explanation> {
    let sheet = catalogue.machines.get(at)?;
    let machine = &*evaluator.taken(sheet);
    let result = classify(evaluator, std::slice::from_ref(sheet)).into_iter().next()?;
    let program = &evaluator.program;
    let policy = &evaluator.setup.policy;
    let (configurations, _) = evaluator.configurations(program, machine);
    let mut explanation = Explanation {
        machine: sheet.clone(),
        proofs: Vec::new(),
        statuses: result.statuses,
        assumptions: Vec::new(),
        conflicts: result.conflicts,
        question: None,
    };
    let mut used: Vec<String> = Vec::new();
    for (entry, outcome) in program.entries().iter().zip(result.outcomes) {
        // The first configuration that is what the machine comes to is the telling one.
        let mut chosen = (Picture::recording(), Row::default(), Truth::False);
        for configuration in &configurations {
            let mut picture = Picture::recording();
            picture.draw(program.frame(), machine, *configuration, policy);
            let row = Row::of(program, &picture);
            let truth =
                program.evaluate(std::slice::from_ref(&row), |_, _| true).of(entry.verdict, 0);
            if chosen.1 == Row::default() || truth.or(chosen.2) != chosen.2 {
                chosen = (picture, row, truth);
            }
        }
        let (picture, row, _) = chosen;
        let trace = program.trace(&row);
        let observed =
            Observed { machine, frame: program.frame(), picture: &picture, trace: &trace };
        let teller = Teller { observed, policy, catalogue, at, list: &entry.list };
        let Some(outline) = &entry.outline else { continue };
        used.extend(picture.origins.iter().filter_map(|origin| match &origin.source {
            Source::Assumed(name) => Some(name.clone()),
            _ => None,
        }));
        let mut proof = Proof {
            list: entry.list.header.id.clone(),
            edition: entry.list.header.edition.clone(),
            carrier: entry.list.header.carrier.clone(),
            root: teller.line(outline, None),
            outcome,
            sets: Vec::new(),
            more_sets: false,
        };
        if proof.outcome.verdict == Verdict::Undetermined && proof.outcome.withheld.is_none() {
            let settlement = Settler::new(program, entry.verdict, &row).settle(&row);
            proof.more_sets = settlement.more;
            proof.sets = settlement.sets.iter().map(|set| teller.answers(program, set)).collect();
        }
        explanation.proofs.push(proof);
    }
    used.extend(of_tests(machine, policy));
    used.sort();
    used.dedup();
    let texts = policy.assumptions.iter().filter(|assumption| used.contains(&assumption.name));
    explanation.assumptions = texts.map(|a| (a.name.clone(), a.text.clone())).collect();
    explanation.question = most_settling(&explanation.proofs);
    Some(explanation)
}

/// The assumptions by which figures of tests count that may not have covered their axis.
fn of_tests(machine: &Machine, policy: &Policy) -> Vec<String> {
    let admitted = machine.readings.iter().filter(|reading| policy.admits(reading));
    let on = admitted.filter_map(|reading| policy.assumptions.on(reading.form.doubt()?));
    on.map(|assumption| assumption.name.clone()).collect()
}

/// The question that alone settles most open entries; the first in order of words among equals.
fn most_settling(proofs: &[Proof]) -> Option<(Missing, usize)> {
    let mut counts: Vec<(Missing, usize)> = Vec::new();
    for proof in proofs {
        let singles = proof.sets.iter().filter_map(|set| match set.as_slice() {
            [one] => Some(&one.missing),
            _ => None,
        });
        for missing in singles {
            match counts.iter_mut().find(|(known, _)| known == missing) {
                Some((_, count)) => *count += 1,
                None => counts.push((missing.clone(), 1)),
            }
        }
    }
    counts.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    counts.into_iter().next()
}

struct Teller<'t> {
    observed: Observed<'t>,
    policy: &'t Policy,
    catalogue: &'t Catalogue,
    at: usize,
    list: &'t List,
}

impl Teller<'_> {
    fn line(&self, outline: &Outline, axis: Option<usize>) -> Line {
        let truth = self.observed.truth(outline, axis);
        let mut line = Line {
            kind: "all",
            id: String::new(),
            text: String::new(),
            truth,
            reading: String::new(),
            sources: Vec::new(),
            margin: String::new(),
            parts: Vec::new(),
        };
        match &outline.subject {
            Subject::Clause(id) => {
                line.kind = "clause";
                line.id.clone_from(id);
                line.text = self.list.clause(id).map_or_else(String::new, |c| c.text.clone());
            }
            Subject::Note(id) | Subject::Definition(id) => {
                let defined = matches!(outline.subject, Subject::Definition(_));
                line.kind = if defined { "definition" } else { "note" };
                line.id.clone_from(id);
                line.text = self.list.note(id).map_or_else(String::new, |n| n.text.clone());
            }
            Subject::All => "all of these".clone_into(&mut line.text),
            Subject::Any => {
                line.kind = "any";
                "one of these".clone_into(&mut line.text);
            }
            Subject::Not => {
                line.kind = "not";
                "not".clone_into(&mut line.text);
            }
            Subject::Policy(id, either) => {
                line.kind = "policy";
                line.id.clone_from(id);
                let policy = self.list.policies.iter().find(|policy| policy.id == *id);
                let taken = if *either { "either" } else { "both" };
                let text = policy.map_or("", |policy| policy.text.as_str());
                line.text = format!("{text} Taken: {taken}.");
            }
            Subject::Open(why) => {
                line.kind = "open";
                line.text.clone_from(why);
            }
            Subject::Test(test) => {
                line.kind = "test";
                line.text = test_words(test);
                let key = key_of(test);
                let observed = &self.observed;
                line.text += &self.limits_used(test, axis);
                let set = observed.picture.set(observed.frame, key, axis);
                line.reading = set.map(|set| set_text(key, set)).unwrap_or_default();
                line.sources = self.sources(key, axis);
                if let Some(margin) = observed.margin(test, axis) {
                    let row = key.parameter.row();
                    line.margin = row
                        .unit()
                        .map(|unit| super::observe::signed(margin.margin, unit))
                        .unwrap_or_default();
                }
            }
            Subject::Axes(quantifier, kinds) => {
                self.axes(&mut line, outline, *quantifier, *kinds);
                return line;
            }
        }
        line.parts = outline.parts.iter().map(|part| self.line(part, axis)).collect();
        line
    }

    /// The numbers of limits that depend on another reading, at the machine's own, in words that
    /// follow those of the test.
    fn limits_used(&self, test: &Test, axis: Option<usize>) -> String {
        let Against::Limits(limits) = &test.against else { return String::new() };
        let used = limits.iter().filter_map(|(comparator, bound)| {
            let Bound::Sloped(_) = bound else { return None };
            let limit = self.observed.limit(*comparator, bound, axis)?;
            Some(format!(" (here {})", limit.text(test.parameter.row().unit()?)))
        });
        used.collect()
    }

    fn axes(&self, line: &mut Line, outline: &Outline, quantifier: Quantifier, kinds: u64) {
        line.kind = "axes";
        let kind = label::names(label::AXIS_KIND, kinds).join(" or ");
        line.text = match quantifier {
            Quantifier::AtLeast(1) => format!("some {kind} axis with"),
            Quantifier::AtLeast(count) => format!("at least {count} {kind} axes with"),
            Quantifier::None => format!("no {kind} axis with"),
            Quantifier::Every(_) => format!("every {kind} axis with"),
        };
        for axis in 0..self.observed.trace.axes() {
            let Some(listed) = self.observed.machine.axes.get(axis) else { continue };
            let of_kind = match listed.kind {
                Some(crate::machine::AxisKind::Linear) => kinds & 0b010 != 0,
                Some(crate::machine::AxisKind::Rotary) => kinds & 0b100 != 0,
                None => true,
            };
            if !of_kind {
                continue;
            }
            let parts: Vec<Line> =
                outline.parts.iter().map(|part| self.line(part, Some(axis))).collect();
            let truth = parts.iter().fold(Truth::True, |all, part| all.and(part.truth));
            let id =
                if listed.label.is_empty() { "unnamed".to_owned() } else { listed.label.clone() };
            line.parts.push(Line {
                kind: "axis",
                text: format!("axis {id}"),
                id,
                truth,
                reading: String::new(),
                sources: Vec::new(),
                margin: String::new(),
                parts,
            });
        }
        if self.observed.picture.further_axes {
            line.parts.push(Line {
                kind: "axis",
                id: String::new(),
                text: "axes that the sheet does not list".to_owned(),
                truth: Truth::Unknown,
                reading: match self.observed.machine.axes_complete {
                    true => "the list of axes is declared complete, and more of them contour",
                    false => "the list of axes is not declared complete",
                }
                .to_owned(),
                sources: Vec::new(),
                margin: String::new(),
                parts: Vec::new(),
            });
        }
    }

    /// Where a value comes from, step by step.
    fn sources(&self, key: Key, axis: Option<usize>) -> Vec<String> {
        let of_key = |o: &&Origin| o.axis == axis && o.key == key;
        let origins = self.observed.picture.origins.iter().filter(of_key);
        let mut out: Vec<String> = origins.map(|origin| self.source(&origin.source)).collect();
        if self.observed.picture.conflicts.iter().any(|c| c.axis == axis && c.key == key) {
            out.push("these contradict each other; their hull was used".to_owned());
        }
        if let Some(axis) = axis.filter(|_| out.is_empty() && key.parameter.row().error) {
            out.extend(self.untold(axis));
        }
        let asked = [Missing::Reading { key, axis: axis.map(|axis| self.observed.label(axis)) }];
        let of = |machine| super::measured::policy_texts(self.list, machine, &asked);
        let (open, all) = (of(self.observed.machine), self.catalogue.machines.get(self.at).map(of));
        for policy in all.unwrap_or_default() {
            let stays = open.contains(&policy);
            let word = if stays { "open reading" } else { "taken as the policy says, a reading" };
            out.push(format!("{word} of the law {policy}"));
        }
        out
    }

    /// Why the tests of an axis tell no figure, where some test of it leaves something open.
    fn untold(&self, axis: usize) -> impl Iterator<Item = String> {
        let of_axis = move |test: &&Measurement| test.axis.map(usize::from) == Some(axis);
        let tests = self.observed.machine.measurements.iter().filter(of_axis);
        tests.flat_map(|test| {
            let said = |text: &String| format!("not told by {}: {text}", test.file);
            test.open.iter().map(said).collect::<Vec<_>>()
        })
    }

    fn source(&self, source: &Source) -> String {
        match source {
            Source::Reading(at) => match self.observed.machine.readings.get(*at) {
                Some(reading) => self.cell(reading),
                None => String::new(),
            },
            Source::Derived(name) => format!("derived: {name}"),
            Source::Assumed(name) => format!("assumed: {name}"),
        }
    }

    /// A reading's cell: file, line, column, text, basis, standard, form.
    fn cell(&self, reading: &Reading) -> String {
        let column = usize::from(reading.column);
        let header = self.catalogue.header.get(column).map_or("", String::as_str);
        let record = self.catalogue.records.get(self.at);
        let (text, line) = record.map_or(("", 0), |r| (r.field(column), r.line_of(column)));
        let mut out = format!(
            "{}:{}: column `{header}`: `{}` ({}",
            self.catalogue.file,
            line,
            text.trim(),
            reading.basis.word()
        );
        if reading.parameter.row().editioned {
            out.push_str(&format!(", {}", reading.standard));
        }
        let form = match reading.form {
            Form::PlusMinus => ", ± form: the full band is between v and 2v",
            Form::Typical => ", typical: bounds nothing",
            Form::PerLength => ", per length: bounds nothing",
            Form::Range => ", a range",
            Form::Bound => ", a bound",
            Form::Uncertain => ", with its uncertainty",
            Form::Spread => ", between the best and the worst part of the measurement",
            Form::BestPart => ", of the best part of the measurement: bounds nothing by itself",
            Form::WorstPart => ", of the worst part of the measurement: bounds nothing by itself",
            Form::Tested(doubt) => match self.policy.assumptions.on(doubt) {
                Some(assumption) => {
                    &format!(", of {}: assumed: {}", doubt.taken(), assumption.name)
                }
                None => "",
            },
            Form::Plain => "",
        };
        out.push_str(form);
        out.push(')');
        out
    }

    /// What the questions of a deciding set ask for, each reading once, and where the answers turn
    /// the verdict.
    fn answers(&self, program: &Program, set: &[Critical]) -> Vec<Answer> {
        let mut found: Vec<Answer> = Vec::new();
        let all = set.iter().flat_map(|critical| self.answer(program, critical));
        for answer in all {
            match found.iter_mut().find(|known| known.missing == answer.missing) {
                Some(known) => {
                    let new = answer.critical.into_iter().filter(|at| !known.critical.contains(at));
                    let new: Vec<String> = new.collect();
                    known.critical.extend(new);
                }
                None => found.push(answer),
            }
        }
        found
    }

    /// What a question asks for, and where the answer turns the verdict; for a limit that depends
    /// on another reading, whichever of the two are open.
    fn answer(&self, program: &Program, critical: &Critical) -> Vec<Answer> {
        let mut asked = self.observed.asked(program, critical.question);
        if let Some(ColumnKey::Slope { parameter, comparator, slope, .. }) =
            program.column_of(critical.question)
        {
            let bound = Bound::Sloped(slope.clone());
            let axis = match critical.question {
                Question::Axis(axis, _) => Some(axis),
                _ => None,
            };
            let row = parameter.row();
            let here = self.observed.limit(*comparator, &bound, axis).zip(row.unit());
            let turns = match here {
                Some((limit, unit)) => comparator.limit(limit).cut.text(unit),
                None => {
                    let words = limit_words(row, *comparator, &bound);
                    words.trim_start_matches(comparator.phrase()).trim_start().to_owned()
                }
            };
            let answer = |missing| Answer { missing, critical: vec![turns.clone()] };
            return asked.into_iter().map(answer).collect();
        }
        let missing = if asked.is_empty() { Missing::FurtherAxes } else { asked.remove(0) };
        vec![self.turning(missing, critical)]
    }

    /// Where the answer to a question for one reading turns the verdict.
    fn turning(&self, missing: Missing, critical: &Critical) -> Answer {
        let Missing::Reading { key, .. } = &missing else {
            return Answer { missing, critical: Vec::new() };
        };
        let row = key.parameter.row();
        let cuts = critical.cuts.iter();
        let mut turns: Vec<String> =
            row.unit().map(|unit| cuts.map(|cut| cut.text(unit)).collect()).unwrap_or_default();
        if critical.labels != 0 {
            turns.push(match row.vocabulary() {
                Some(vocabulary) => label::names(vocabulary, critical.labels).join(" or "),
                None => set_text(*key, crate::machine::Set::OneOf(critical.labels)),
            });
        }
        Answer { missing, critical: turns }
    }
}
