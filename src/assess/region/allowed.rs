//! Lists that test different figures of an axis: what the sound bounds between figures still allow
//! between a limit of the one and a limit of the other.

use crate::assess::boxes::witness::interval;
use crate::assess::convert::{figures, proved};
use crate::error::Result;
use crate::evidence::Key;
use crate::list::{Against, Bound, Condition, List, NoteKind, limit_words, moved_further};
use crate::machine::ParameterId;
use crate::quantity::{Comparator, Limit, Span, Value};

/// What is still possible of a figure, and which limits on it that decides.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Possible {
    /// The figure's possible values, in words; `any` where nothing bounds it.
    pub values: String,
    /// The last inequality that bounds it; empty where none does.
    pub why: String,
    /// The other list's limits that are always met.
    pub always: Vec<String>,
    /// Those that are never met.
    pub never: Vec<String>,
    /// Those that may be met or not.
    pub either: Vec<String>,
}

/// A limit of one list on one figure of an axis, against another figure of the same axis on which
/// only the other list has limits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allowed {
    /// The list that has the limit: nought the first, one the second.
    pub of: usize,
    /// The limit, in words.
    pub limit: String,
    /// The other figure.
    pub figure: String,
    /// What the other figure may be where the limit is met.
    pub met: Possible,
    /// The same where it is not met.
    pub failed: Possible,
}

/// What bounds between figures allow, and what was not looked at.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Allowance {
    /// Each limit of a list against each one of the other.
    pub pairs: Vec<Allowed>,
    /// Limits that depend on another reading: they are not held against others.
    pub sloped: Vec<String>,
}

/// A limit on a figure.
struct OnFigure {
    key: Key,
    words: String,
    /// The same without the figure.
    short: String,
    limit: Limit,
}

/// Holds the limits of two lists on figures that only one of them tests against each other.
pub(super) fn allowance(lists: [&List; 2]) -> Result<Allowance> {
    let mut found = Allowance::default();
    let known = figures();
    let all = lists.map(|list| limits(list, &known, &mut found.sloped));
    let tests = |side: usize, key: Key| {
        all.get(side).is_some_and(|limits| limits.iter().any(|limit| limit.key == key))
    };
    for (of, other) in [(0, 1), (1, 0)] {
        let own = all.get(of).into_iter().flatten().filter(|one| !tests(other, one.key));
        for one in own {
            let rest = all.get(other).into_iter().flatten().filter(|two| !tests(of, two.key));
            let rest: Vec<&OnFigure> = rest.collect();
            for of_figure in rest.chunk_by(|a, b| a.key == b.key) {
                let Some(figure) = of_figure.first().map(|two| two.key) else { continue };
                found.pairs.push(Allowed {
                    of,
                    limit: one.words.clone(),
                    figure: figure.text(),
                    met: possible(one.key, one.limit, figure, of_figure)?,
                    failed: possible(one.key, one.limit.negated(), figure, of_figure)?,
                });
            }
        }
    }
    Ok(found)
}

/// What a figure may be where another one lies on this side of its limit.
fn possible(key: Key, side: Limit, figure: Key, limits: &[&OnFigure]) -> Result<Possible> {
    let mut possible = Possible::default();
    let Some(span) = side.span().meet(Span::NOT_NEGATIVE) else {
        "nothing".clone_into(&mut possible.values);
        return Ok(possible);
    };
    let all = proved(&[(key, span)], None)?;
    let of = all.iter().find(|proved| proved.key == figure);
    let span = of.map_or(Span::NOT_NEGATIVE, |proved| proved.span);
    possible.values = match figure.parameter.row().unit() {
        Some(unit) if span != Span::NOT_NEGATIVE => interval(span, unit),
        _ => "any".to_owned(),
    };
    if let Some(of) = of.filter(|_| span != Span::NOT_NEGATIVE) {
        possible.why.clone_from(&of.why);
    }
    for limit in limits {
        let group = match limit.limit.span().meet(span) {
            None => &mut possible.never,
            Some(both) if both == span => &mut possible.always,
            Some(_) => &mut possible.either,
        };
        group.push(limit.short.clone());
    }
    Ok(possible)
}

/// The limits on figures on which the entry of a list rests.
fn limits(list: &List, known: &[Key], sloped: &mut Vec<String>) -> Vec<OnFigure> {
    let mut found: Vec<OnFigure> = Vec::new();
    let mut seen: Vec<(String, Vec<(ParameterId, Value)>)> = Vec::new();
    let mut waiting = vec![(list.header.root.clone(), Vec::new())];
    while let Some((id, shift)) = waiting.pop() {
        if seen.contains(&(id.clone(), shift.clone())) {
            continue;
        }
        seen.push((id.clone(), shift.clone()));
        waiting.extend(list.children(&id).map(|child| (child.id.clone(), shift.clone())));
        let excludes = |note: &&crate::list::Note| note.kind == NoteKind::Excludes;
        let about = list.notes.iter().filter(excludes).filter(|note| note.from.contains(&id));
        waiting.extend(about.map(|note| (note.id.clone(), Vec::new())));
        let when = list.clause(&id).map(|clause| &clause.when);
        let Some(when) = when.or_else(|| list.note(&id).map(|note| &note.when)) else { continue };
        when.walk(&mut |part| match part {
            Condition::Clause { id, shift: more, .. } => {
                waiting.push((id.clone(), moved_further(&shift, more)));
            }
            Condition::Test(test) => {
                let key = Key { parameter: test.parameter, by: test.by };
                let Against::Limits(own) = &test.against else { return };
                for (comparator, bound) in own.iter().filter(|_| known.contains(&key)) {
                    on_figure(key, *comparator, bound, &shift, &mut found, sloped);
                }
            }
            _ => {}
        });
    }
    found.sort_by_key(|one| (one.key, one.limit.span().above, one.limit.span().below));
    found
}

/// Takes up one limit, once.
fn on_figure(
    key: Key,
    comparator: Comparator,
    bound: &Bound,
    shift: &[(ParameterId, Value)],
    found: &mut Vec<OnFigure>,
    sloped: &mut Vec<String>,
) {
    let by = shift.iter().find(|(parameter, _)| *parameter == key.parameter);
    let by = by.map_or(0, |(_, by)| by.count());
    let bound = match bound {
        Bound::Fixed(value) => {
            Bound::Fixed(Value::saturating(i128::from(value.count()) + i128::from(by)))
        }
        sloped => sloped.clone(),
    };
    let short = limit_words(key.parameter.row(), comparator, &bound);
    let words = format!("{} {short}", key.text());
    match bound {
        Bound::Fixed(value) => {
            if !found.iter().any(|known| known.words == words) {
                found.push(OnFigure { key, words, short, limit: comparator.limit(value) });
            }
        }
        Bound::Sloped(_) if !sloped.contains(&words) => sloped.push(words),
        Bound::Sloped(_) => {}
    }
}
