//! Boxes in short: of each what it says of the readings that the changed texts ask about.

use crate::assess::boxes::witness::words_of;
use crate::evidence::Key;
use crate::list::{Condition, List, changes};
use crate::machine::Set;
use crate::rule::Constraint;

/// What a box says of the readings that the changed texts ask about.
#[derive(Debug, Clone, Default)]
pub(super) struct Gist {
    machine: Vec<Constraint>,
    axes: Vec<Vec<Constraint>>,
}

/// One thing that boxes say in short.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InShort {
    /// It in words.
    pub words: String,
    /// How many boxes say this, or more.
    pub boxes: usize,
}

/// The readings that are asked about where two lists say something otherwise; none where they have
/// no text in common, as then all are.
pub(super) fn asked_otherwise(lists: [&List; 2]) -> Vec<Key> {
    let [first, second] = lists;
    let changed: Vec<_> = changes(first, second).into_iter().filter(|change| change.law).collect();
    let mut found = Vec::new();
    let mut is_alike = false;
    for list in lists {
        let clauses = list.clauses.iter().map(|clause| (&clause.id, &clause.when));
        let notes = list.notes.iter().map(|note| (&note.id, &note.when));
        for (id, when) in clauses.chain(notes) {
            if !changed.iter().any(|change| change.id == *id) {
                is_alike = true;
                continue;
            }
            when.walk(&mut |part| {
                if let Condition::Test(test) = part {
                    found.push(Key { parameter: test.parameter, by: test.by });
                }
            });
        }
    }
    found.sort_unstable();
    found.dedup();
    if is_alike { found } else { Vec::new() }
}

impl Gist {
    /// What a box of so many axes says of these readings.
    pub fn of(constraints: &[Constraint], axes: usize, keys: &[Key]) -> Self {
        let own = |axis: Option<usize>| -> Vec<Constraint> {
            let of = constraints.iter().filter(move |one| one.axis == axis);
            let asked = |one: &&Constraint| keys.contains(&one.key);
            let named = |one: &&Constraint| matches!(name(one), "axis_kind" | "axis_letter");
            if !of.clone().any(|one| asked(&one) && !named(&one)) {
                return Vec::new();
            }
            let is_told = |one: &&Constraint| asked(one) || (axis.is_some() && named(one));
            of.filter(is_told).cloned().collect()
        };
        let axes = (0..axes).map(|axis| own(Some(axis))).filter(|said| !said.is_empty());
        Self { machine: own(None), axes: axes.collect() }
    }

    /// Whether a box of which this is said is one of which the other is.
    fn is_within(&self, other: &Self) -> bool {
        let inside = |own: &[Constraint], of: &[Constraint]| {
            of.iter().all(|wanted| own.iter().any(|one| one.key == wanted.key && fits(one, wanted)))
        };
        inside(&self.machine, &other.machine)
            && other.axes.iter().all(|of| self.axes.iter().any(|own| inside(own, of)))
    }

    fn words(&self) -> String {
        let said = |own: &[Constraint]| own.iter().map(words_of).collect::<Vec<_>>().join(" and ");
        let axes = self.axes.iter().map(|own| format!("an axis with {}", said(own)));
        let machine = Some(said(&self.machine)).filter(|said| !said.is_empty());
        let all: Vec<String> = machine.into_iter().chain(axes).collect();
        if all.is_empty() { "anything".to_owned() } else { all.join("; ") }
    }
}

fn name(one: &Constraint) -> &'static str {
    one.key.parameter.row().name
}

/// Whether what one constraint leaves the other leaves too.
fn fits(one: &Constraint, of: &Constraint) -> bool {
    match (one.set, of.set) {
        (Set::Span(own), Set::Span(of)) => of.covers(own),
        (Set::OneOf(own), Set::OneOf(of)) => own & !of == 0,
        (Set::Flags { .. }, Set::Flags { possible, .. }) => {
            let Set::Flags { possible: own, .. } = one.set else { return false };
            let has = |wanted: &u64| one.certain.iter().any(|set| set & !wanted == 0);
            own & !possible == 0 && of.certain.iter().all(has)
        }
        _ => false,
    }
}

/// What boxes say in short, without what says less of the same: each with the boxes that say it.
pub(super) fn in_short(gists: &[Gist]) -> Vec<InShort> {
    let mut widest: Vec<&Gist> = Vec::new();
    for gist in gists {
        if !widest.iter().any(|known| gist.is_within(known)) {
            widest.retain(|known| !known.is_within(gist));
            widest.push(gist);
        }
    }
    let boxes = |of: &Gist| gists.iter().filter(|gist| gist.is_within(of)).count();
    widest.into_iter().map(|of| InShort { words: of.words(), boxes: boxes(of) }).collect()
}
