//! Boxes in short: of each what it says of the readings that the changed texts ask about.

use crate::assess::boxes::witness::words_of;
use crate::evidence::Key;
use crate::list::{Against, Bound, Condition, List, changes};
use crate::machine::Set;
use crate::rule::{Constraint, Program, Row};

/// What a box says of the readings that the changed texts ask about.
#[derive(Debug, Clone, Default)]
pub(super) struct Gist {
    machine: Vec<Constraint>,
    axes: Vec<Vec<Constraint>>,
    /// Of each axis beside those; nothing where the box says nothing of it.
    others: Vec<Constraint>,
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
                let Condition::Test(test) = part else { return };
                found.push(Key { parameter: test.parameter.stored(), by: test.by });
                if let Against::Limits(limits) = &test.against {
                    let sloped = limits.iter().filter_map(|(_, bound)| match bound {
                        Bound::Sloped(slope) => Some(Key { parameter: slope.of, by: None }),
                        Bound::Fixed(_) => None,
                    });
                    found.extend(sloped);
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
    pub fn of(program: &Program, row: &Row, keys: &[Key]) -> Self {
        let constraints = program.constraints(row);
        let told = |axis: Option<usize>, said: &[Constraint]| -> Vec<Constraint> {
            let of = said.iter().filter(move |one| one.axis == axis);
            let asked = |one: &&Constraint| keys.contains(&one.key);
            let named = |one: &&Constraint| {
                matches!(one.key.parameter.row().name, "axis_kind" | "axis_letter")
            };
            if !of.clone().any(|one| asked(&one) && !named(&one)) {
                return Vec::new();
            }
            let is_told = |one: &&Constraint| asked(one) || (axis.is_some() && named(one));
            of.filter(is_told).cloned().collect()
        };
        let count = row.axis_count();
        let axes = (0..count).map(|axis| told(Some(axis), &constraints));
        Self {
            machine: told(None, &constraints),
            axes: axes.filter(|said| !said.is_empty()).collect(),
            others: told(Some(count), &program.others(row).unwrap_or_default()),
        }
    }

    /// Whether a box of which this is said is one of which the other is.
    fn is_within(&self, other: &Self) -> bool {
        inside(&self.machine, &other.machine)
            && inside(&self.others, &other.others)
            && matched(&self.axes, &other.axes)
    }

    fn words(&self) -> String {
        let said = |own: &[Constraint]| own.iter().map(words_of).collect::<Vec<_>>().join(" and ");
        let axes = self.axes.iter().map(|own| format!("an axis with {}", said(own)));
        let machine = Some(said(&self.machine)).filter(|said| !said.is_empty());
        let others = Some(said(&self.others)).filter(|said| !said.is_empty());
        let others = others.map(|said| format!("each other axis, if there are any: {said}"));
        let all: Vec<String> = machine.into_iter().chain(axes).chain(others).collect();
        if all.is_empty() { "anything".to_owned() } else { all.join("; ") }
    }
}

/// Whether what is said leaves no more than the other does.
fn inside(own: &[Constraint], of: &[Constraint]) -> bool {
    of.iter().all(|wanted| own.iter().any(|one| one.key == wanted.key && fits(one, wanted)))
}

/// Whether each axis that is asked for is one of these, no two of them the same.
fn matched(own: &[Vec<Constraint>], of: &[Vec<Constraint>]) -> bool {
    let Some((wanted, rest)) = of.split_first() else { return true };
    own.iter().enumerate().any(|(at, axis)| {
        let others = [own.get(..at), own.get(at + 1..)].into_iter().flatten().flatten();
        inside(axis, wanted) && matched(&others.cloned().collect::<Vec<_>>(), rest)
    })
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::machine;
    use crate::quantity::{Span, Value};

    fn upr(most: i64) -> Vec<Constraint> {
        let key = Key { parameter: machine::id_of("upr"), by: None };
        let most = Value::from_count(most).unwrap();
        let set = Set::Span(Span { below: most.cut_above(), ..Span::NOT_NEGATIVE });
        vec![Constraint { axis: Some(0), key, set, certain: Vec::new() }]
    }

    #[test]
    fn one_axis_does_not_stand_for_two() {
        for (own, of, is_within) in [
            (vec![1], vec![2], true),
            (vec![2], vec![1], false),
            (vec![1], vec![2, 2], false),
            (vec![1, 2], vec![2, 1], true),
            (vec![1, 2], vec![1, 1], false),
            (vec![1, 1, 3], vec![3, 1], true),
            (vec![1], vec![], true),
        ] {
            let axes = |all: &[i64]| all.iter().map(|most| upr(*most)).collect::<Vec<_>>();
            let gist = |all: &[i64]| Gist { axes: axes(all), ..Gist::default() };
            assert_eq!(gist(&own).is_within(&gist(&of)), is_within, "{own:?} within {of:?}");
        }
    }
}
