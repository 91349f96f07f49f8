//! Which lists are evaluated, as of when, under which policies: the setting of every verb.

use std::borrow::Cow;

use super::classify::Withheld;
use super::rerun::bare;
use crate::date::Day;
use crate::error::{Error, Result, nearest};
use crate::evidence::{Configuration, Picture, Policy, configurations};
use crate::list::{Checked, Condition, Header, Library, List, ListKind};
use crate::machine::{Direction, Form, Machine, ParameterId, Reading, Set};
use crate::quantity::Span;
use crate::rule::{Choices, Program, Row, compile};

/// Which lists are wanted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Selection {
    /// `LIST`, `LIST@DAY` or `LIST@EDITION`; none for every control list in force.
    pub lists: Vec<String>,
    /// Only these jurisdictions; none for all.
    pub jurisdictions: Vec<String>,
    /// As of which day; none for each list's own default.
    pub as_of: Option<Day>,
}

/// How lists and evidence are to be taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setup {
    /// Evidence, derivation and assumptions.
    pub policy: Policy,
    /// Policies on open readings of the law, against their default.
    pub policies: Vec<(String, bool)>,
    /// Whether the text of a list counts as verified to the day of evaluation.
    pub accept_unverified: bool,
    /// Whether remembered figures count as read.
    pub accept_remembered: bool,
}

/// How one list stands on the day of evaluation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Law {
    /// The day for which the list is evaluated.
    pub as_of: Option<Day>,
    /// The day up to which its text was verified, where that is before `as_of`.
    pub unverified_after: Option<Day>,
    /// Whether some figure of the list was remembered, not read.
    pub has_remembered: bool,
}

/// Lists compiled for one question, with the setting in which they are evaluated.
#[derive(Debug)]
pub struct Evaluator {
    /// The lists as one program.
    pub program: Program,
    /// The same lists with remembered figures left open; where there are any.
    pub doubting: Option<Program>,
    /// How each list of the program stands, in the program's order.
    pub laws: Vec<Law>,
    /// The setting.
    pub setup: Setup,
    /// Lists of which no edition was in force on the day of evaluation: not evaluated.
    pub absent: Vec<String>,
    /// Which part of a measurement counts where it has several: the best (true) or every one.
    parts: Vec<(ParameterId, bool)>,
}

impl Evaluator {
    /// Selects lists from a library and compiles them.
    ///
    /// On failure: every problem of the lists, each with its place.
    pub fn new(
        library: &Library,
        selection: &Selection,
        setup: Setup,
    ) -> std::result::Result<Self, Vec<Error>> {
        let headers = selected(library, selection).map_err(|error| vec![error])?;
        let mut lists = Vec::new();
        let mut problems = Vec::new();
        for header in &headers {
            match library.list(&header.id, &header.edition) {
                Ok(list) => lists.push(list),
                Err(errors) => problems.extend(errors),
            }
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        let mut evaluator =
            Self::of_lists(lists, selection.as_of, setup).map_err(|error| vec![error])?;
        if selection.lists.is_empty() {
            let loaded = |id: &&str| headers.iter().any(|header| header.id == **id);
            let wanted = &selection.jurisdictions;
            let asked = |id: &&str| {
                wanted.is_empty()
                    || library.headers().iter().any(|header| {
                        header.id == **id
                            && wanted.iter().any(|w| header.jurisdiction.eq_ignore_ascii_case(w))
                    })
            };
            let missing = library.ids().into_iter().filter(|id| !loaded(id) && asked(id));
            evaluator.absent = missing.map(str::to_owned).collect();
        }
        Ok(evaluator)
    }

    /// Compiles lists that are at hand.
    pub fn of_lists(lists: Vec<List>, as_of: Option<Day>, setup: Setup) -> Result<Self> {
        let laws: Vec<Law> = lists.iter().map(|list| law(list, as_of)).collect();
        let doubt = laws.iter().any(|law| law.has_remembered);
        let choices =
            Choices { policies: setup.policies.clone(), outlines: true, doubt_remembered: false };
        let doubting = if doubt {
            let doubted = Choices { outlines: false, doubt_remembered: true, ..choices.clone() };
            Some(compile(lists.clone(), &doubted)?)
        } else {
            None
        };
        let parts = parts(&lists, &setup.policies);
        let (program, absent) = (compile(lists, &choices)?, Vec::new());
        Ok(Self { program, doubting, laws, setup, absent, parts })
    }

    /// A machine whose measured readings of several parts are taken as the policies say.
    pub(super) fn taken<'m>(&self, machine: &'m Machine) -> Cow<'m, Machine> {
        Self::taken_by(&self.parts, machine)
    }

    /// A machine whose measured readings of several parts are taken as is said of each parameter:
    /// true for the best part.
    pub(super) fn taken_by<'m>(
        parts: &[(ParameterId, bool)],
        machine: &'m Machine,
    ) -> Cow<'m, Machine> {
        let concerned = |reading: &Reading| {
            let part = parts.iter().find(|(parameter, _)| *parameter == reading.parameter);
            let best = part.map(|(_, best)| *best)?;
            let concerned = match reading.form {
                Form::Spread => true,
                Form::BestPart => best,
                Form::WorstPart => !best,
                _ => false,
            };
            concerned.then_some(best)
        };
        if parts.is_empty() || !machine.readings.iter().any(|r| concerned(r).is_some()) {
            return Cow::Borrowed(machine);
        }
        let mut machine = machine.clone();
        // The part that does not count says nothing.
        let counts = |r: &Reading| {
            let taken = parts.iter().any(|(parameter, _)| *parameter == r.parameter);
            !taken || !r.form.is_of_part() || concerned(r).is_some()
        };
        machine.readings.retain(counts);
        for reading in &mut machine.readings {
            let (Some(best), Set::Span(span)) = (concerned(reading), reading.set) else { continue };
            if reading.form.is_of_part() {
                reading.form = Form::Bound;
                continue;
            }
            let larger = reading.parameter.row().direction == Direction::LargerIsBetter;
            // A measurement that bounds on one side only says nothing of its best part.
            let (Some(low), Some(high)) = (span.low(), span.high()) else { continue };
            let at = if best == larger { high } else { low };
            reading.set = Set::Span(Span::point(at));
            reading.form = Form::Plain;
        }
        Cow::Owned(machine)
    }

    /// One list compiled for its verdict alone: figures count as they stand, whoever read them.
    pub(super) fn bare(list: List, setup: &Setup) -> Result<Self> {
        Self::alone(list, setup, false)
    }

    /// A list that was turned, compiled for its verdict alone as this evaluator takes its own.
    pub(super) fn again(&self, list: List) -> Result<Self> {
        Self::alone(list, &self.setup, self.program.choices().doubt_remembered)
    }

    fn alone(list: List, setup: &Setup, doubt_remembered: bool) -> Result<Self> {
        let laws = vec![law(&list, None)];
        let choices =
            Choices { policies: setup.policies.clone(), outlines: false, doubt_remembered };
        let parts = parts(std::slice::from_ref(&list), &setup.policies);
        let program = compile(vec![list], &choices)?;
        let (setup, absent) = (setup.clone(), Vec::new());
        Ok(Self { program, doubting: None, laws, setup, absent, parts })
    }

    /// Why the first list withholds an absence of capture, of some machines at least.
    pub fn withholds(&self) -> Option<Withheld> {
        let doubts = self.doubting.is_some() && !self.setup.accept_remembered;
        let remembered = doubts.then_some(Withheld::Remembered);
        if self.may_clear(0) { remembered } else { Some(Withheld::Unverified) }
    }

    /// The first list with its remembered figures left open, where an absence of capture is
    /// withheld for them: of what it does not capture then it is not.
    pub fn doubted(&self) -> Result<Option<Self>> {
        if self.withholds() != Some(Withheld::Remembered) {
            return Ok(None);
        }
        Self::alone(bare(self)?, &self.setup, true).map(Some)
    }

    /// Whether an absence of capture may be said of a list on its day.
    pub(super) fn may_clear(&self, entry: usize) -> bool {
        let stale = self.laws.get(entry).is_some_and(|law| law.unverified_after.is_some());
        self.setup.accept_unverified || !stale
    }

    /// The rows of a machine under a policy, one for each configuration.
    pub(super) fn rows(
        &self,
        program: &Program,
        machine: &Machine,
        policy: &Policy,
        picture: &mut Picture,
    ) -> Vec<Row> {
        let (configurations, _) = self.configurations(program, machine);
        let machine = &*self.taken(machine);
        let row = |configuration: &Configuration| {
            picture.draw(program.frame(), machine, *configuration, policy);
            Row::of(program, picture)
        };
        configurations.iter().map(row).collect()
    }

    /// The configurations that can matter to a program; the flag says that some were left out.
    pub(super) fn configurations(
        &self,
        program: &Program,
        machine: &Machine,
    ) -> (Vec<Configuration>, bool) {
        if machine.fittings.is_empty() {
            return (vec![Configuration::default()], false);
        }
        let frame = program.frame();
        configurations(machine, |parameter: ParameterId| {
            frame.place(parameter).is_some() || parameter.row().error
        })
    }
}

fn selected(library: &Library, selection: &Selection) -> Result<Vec<Header>> {
    let mut headers: Vec<Header> = if selection.lists.is_empty() {
        library.in_force(selection.as_of).into_iter().cloned().collect()
    } else {
        let named = |name: &String| {
            let dated = match (name.contains('@'), selection.as_of) {
                (false, Some(day)) => format!("{name}@{day}"),
                _ => name.clone(),
            };
            // A profile or proposal has no dates; it is taken as it is.
            let found = library.named(&dated).or_else(|error| {
                library.named(name).ok().filter(|h| h.kind != ListKind::ControlList).ok_or(error)
            });
            found.cloned()
        };
        selection.lists.iter().map(named).collect::<Result<_>>()?
    };
    if !selection.jurisdictions.is_empty() {
        for wanted in &selection.jurisdictions {
            if !headers.iter().any(|h| h.jurisdiction.eq_ignore_ascii_case(wanted)) {
                let known = headers.iter().map(|h| h.jurisdiction.as_str());
                let error = Error::usage(format!("no list of `{wanted}` is loaded"));
                return Err(match nearest(wanted, known) {
                    Some(near) => error.help(format!("did you mean `{near}`?")),
                    None => error.help("`toolgauge lists` prints them all"),
                });
            }
        }
        let wanted = &selection.jurisdictions;
        headers.retain(|h| wanted.iter().any(|w| h.jurisdiction.eq_ignore_ascii_case(w)));
    }
    if headers.is_empty() {
        let text = match selection.as_of {
            Some(day) => format!("no list at hand was in force on {day}"),
            None => "no list at hand is in force".to_owned(),
        };
        return Err(Error::usage(text).help("`toolgauge lists` prints every edition"));
    }
    Ok(headers)
}

/// What policies on readings take, where every list that has one on a parameter takes the same.
fn parts(lists: &[List], chosen: &[(String, bool)]) -> Vec<(ParameterId, bool)> {
    let mut found: Vec<(ParameterId, Option<bool>)> = Vec::new();
    for policy in lists.iter().flat_map(|list| &list.policies) {
        let own = chosen.iter().find(|(name, _)| *name == policy.id).map(|(_, either)| *either);
        let taken = own.or(policy.taken);
        for parameter in &policy.readings {
            match found.iter_mut().find(|(known, _)| known == parameter) {
                Some((_, known)) => *known = known.filter(|known| Some(*known) == taken),
                None => found.push((*parameter, taken)),
            }
        }
    }
    found.into_iter().filter_map(|(parameter, taken)| Some((parameter, taken?))).collect()
}

fn law(list: &List, as_of: Option<Day>) -> Law {
    let header = &list.header;
    let day = as_of.or_else(|| header.default_day());
    let verified = header.verified_through;
    let stale = matches!((day, verified), (Some(day), Some(verified)) if day > verified);
    let mut remembered = false;
    let named = list.reasons.iter().chain(&list.flags).map(|named| &named.when);
    let clauses = list.clauses.iter().map(|clause| &clause.when);
    let notes = list.notes.iter().map(|note| &note.when);
    for condition in clauses.chain(notes).chain(named) {
        condition.walk(&mut |part| {
            remembered |=
                matches!(part, Condition::Test(test) if test.checked == Checked::Remembered);
        });
    }
    Law { as_of: day, unverified_after: verified.filter(|_| stale), has_remembered: remembered }
}
