//! Region: where two lists differ, as boxes of the space of all machines, each with a witness.

use super::Verdict;
use super::evaluator::{Evaluator, Setup};
use super::observe::set_text;
use super::rerun::truths;
use crate::error::{Error, Result};
use crate::evidence::{Assumptions, Key, Level, Policy};
use crate::list::List;
use crate::logic::Truth;
use crate::machine::{
    Approach, Axis, AxisKind, Basis, Compensation, Form, Machine, Reading, Set, Standard, label,
};
use crate::quantity::{Span, Unit, Value};
use crate::rule::{Boxes, Choices, Constraint, Program, Row, Space, compile};

/// How far the space is searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reach {
    /// Machines of at most so many axes.
    pub axes: usize,
    /// So many boxes on each side.
    pub boxes: usize,
    /// So many steps for each search.
    pub steps: usize,
}

/// One box of machines.
#[derive(Debug, Clone, PartialEq)]
pub struct Region {
    /// What the machines of the box have in common, in words: of the machine, then of each axis.
    pub machine: Vec<String>,
    /// The same for each axis.
    pub axes: Vec<Vec<String>>,
    /// Whether there may be more axes.
    pub further: bool,
    /// One machine of the box.
    pub witness: Machine,
    /// What the first and the second list say of it, evaluated as any other machine.
    pub replayed: [Verdict; 2],
}

/// Where two lists differ and agree.
#[derive(Debug, Clone, PartialEq)]
pub struct Regions {
    /// The lists.
    pub lists: [String; 2],
    /// What the second captures and the first does not.
    pub gain: Vec<Region>,
    /// What the first captures and the second does not.
    pub loss: Vec<Region>,
    /// One box that both capture, if there is one.
    pub both: Option<Region>,
    /// Whether gain, loss and what both capture were searched to the end.
    pub whole: [bool; 3],
    /// Parameters that only the first tests, and only the second.
    pub apart: [Vec<String>; 2],
}

/// A setup in which readings are what they are: nothing is derived or assumed.
fn plain(policies: &[(String, bool)]) -> Setup {
    Setup {
        policy: Policy {
            level: Level::Assumed,
            as_stated: false,
            derive: false,
            assumptions: Assumptions::default(),
        },
        policies: policies.to_vec(),
        accept_unverified: true,
        accept_remembered: true,
    }
}

/// Compares two lists over the space of all machines.
pub fn regions(
    first: &List,
    second: &List,
    policies: &[(String, bool)],
    reach: Reach,
) -> Result<Regions> {
    let bare = |list: &List| {
        let mut list = list.clone();
        list.reasons.clear();
        list.flags.clear();
        list
    };
    let lists = vec![bare(first), bare(second)];
    let known = |name: &str| lists.iter().flat_map(|l| &l.policies).any(|p| p.id == name);
    let policies: Vec<(String, bool)> =
        policies.iter().filter(|(name, _)| known(name)).cloned().collect();
    let choices = Choices { policies: policies.clone(), outlines: false, doubt_remembered: false };
    let program = compile(lists.clone(), &choices)?;
    if program.has_slopes() {
        let error = Error::usage("a limit that depends on another reading has no boxes");
        return Err(error.help("compare the lists over a catalogue instead"));
    }
    let roots: Vec<_> = program.entries().iter().map(|entry| entry.verdict).collect();
    let [a, b] = roots.as_slice() else { return Err(Error::usage("two lists are compared")) };
    let evaluators = lists
        .iter()
        .map(|list| {
            let own = |(name, _): &&(String, bool)| list.policies.iter().any(|p| p.id == *name);
            let policies: Vec<_> = policies.iter().filter(own).cloned().collect();
            Evaluator::bare(list.clone(), &plain(&policies))
        })
        .collect::<Result<Vec<_>>>()?;
    let search = |one: Truth, other: Truth, boxes: usize| {
        let wanted = [(*a, one), (*b, other)];
        Space::search(&program, &wanted, reach.axes, boxes, reach.steps)
    };
    let gain = search(Truth::False, Truth::True, reach.boxes);
    let loss = search(Truth::True, Truth::False, reach.boxes);
    let both = search(Truth::True, Truth::True, 1);
    let told = |boxes: &Boxes| -> Vec<Region> {
        boxes.boxes.iter().map(|row| region(&program, row, &evaluators)).collect()
    };
    let keys = |at: usize| -> Vec<String> {
        let frame = evaluators.get(at).map(|evaluator| evaluator.program.frame());
        let keys = frame.map(|frame| frame.machine().iter().chain(frame.axis()));
        keys.into_iter().flatten().map(|key| key.text()).collect()
    };
    let (one, other) = (keys(0), keys(1));
    let only = |a: &[String], b: &[String]| -> Vec<String> {
        a.iter().filter(|key| !b.contains(key)).cloned().collect()
    };
    Ok(Regions {
        lists: [first.marked_title(), second.marked_title()],
        whole: [gain.whole, loss.whole, both.whole || !both.boxes.is_empty()],
        gain: told(&gain),
        loss: told(&loss),
        both: told(&both).into_iter().next(),
        apart: [only(&one, &other), only(&other, &one)],
    })
}

/// A box in words, with a machine of it.
fn region(program: &Program, row: &Row, evaluators: &[Evaluator]) -> Region {
    let constraints = program.constraints(row);
    let words = |axis: Option<usize>| -> Vec<String> {
        let own = constraints.iter().filter(|constraint| constraint.axis == axis);
        own.map(words_of).collect()
    };
    let witness = witness(&constraints, row);
    let verdict = |at: usize| {
        let evaluator = evaluators.get(at);
        let truth = evaluator.and_then(|e| truths(e, std::slice::from_ref(&witness)).pop());
        Verdict::of(truth.unwrap_or_default())
    };
    Region {
        machine: words(None),
        axes: (0..row.axis_count()).map(|axis| words(Some(axis))).collect(),
        further: row.has_further(),
        replayed: [verdict(0), verdict(1)],
        witness,
    }
}

/// A machine of a box: what the box says of it, as stated figures.
fn witness(constraints: &[Constraint], row: &Row) -> Machine {
    let mut machine = Machine {
        id: "witness".to_owned(),
        axes_complete: !row.has_further(),
        ..Machine::default()
    };
    let linear = ["X", "Y", "Z", "U", "V", "W"];
    let rotary = ["A", "B", "C", "D", "E"];
    for axis in 0..row.axis_count() {
        let of = |name: &str| {
            let found = constraints.iter().find(|constraint| {
                constraint.axis == Some(axis) && constraint.key.parameter.row().name == name
            });
            found.map(|constraint| constraint.set)
        };
        let kind = match of("axis_kind") {
            Some(Set::OneOf(mask)) if mask & 0b010 == 0 => AxisKind::Rotary,
            _ => AxisKind::Linear,
        };
        let letters = if kind == AxisKind::Linear { &linear[..] } else { &rotary[..] };
        let allowed = |letter: &&&str| match of("axis_letter") {
            Some(Set::OneOf(mask)) => {
                label::bit(label::LETTER, letter).is_some_and(|bit| bit & mask != 0)
            }
            _ => true,
        };
        let free = |letter: &&&str| !machine.axes.iter().any(|known| known.label == **letter);
        let name = letters.iter().filter(allowed).find(free).copied().unwrap_or("X");
        machine.axes.push(Axis::named(name, Some(kind)));
    }
    for one in constraints {
        if matches!(one.key.parameter.row().name, "axis_kind" | "axis_letter") {
            continue;
        }
        let (set, figure) = match one.set {
            Set::Span(span) => match value(span) {
                Some(value) => (Set::Span(Span::point(value)), Some(value)),
                None => continue,
            },
            Set::Flags { certain, .. } => (Set::Flags { certain, possible: certain }, None),
            Set::OneOf(mask) => (Set::OneOf(mask & mask.wrapping_neg()), None),
        };
        machine.readings.push(Reading {
            parameter: one.key.parameter,
            axis: one.axis.and_then(|axis| u8::try_from(axis).ok()),
            set,
            figure,
            form: Form::Plain,
            uncertainty: None,
            standard: one.key.by.unwrap_or(Standard::UNNAMED),
            approach: Approach::Unsaid,
            compensation: Compensation::On,
            basis: Basis::Stated,
            option: None,
            column: 0,
        });
    }
    machine
}

/// A constraint in words: intervals with open and closed ends, flags that are set and that are not.
fn words_of(one: &Constraint) -> String {
    let (key, row) = (one.key.text(), one.key.parameter.row());
    match (one.set, row.unit(), row.vocabulary()) {
        (Set::Span(span), Some(unit), _) => format!("{key} {}", interval(span, unit)),
        (Set::Flags { certain, possible }, _, Some(vocabulary)) => {
            let excluded = label::all(vocabulary) & !possible;
            let listed = |mask: u64| label::names(vocabulary, mask).join(", ");
            // Labels that no test tells apart: one of them is enough.
            let either = |mask: &u64| label::names(vocabulary, *mask).join(" or ");
            let set = one.certain.iter().map(either).collect::<Vec<_>>().join(" and ");
            match (certain, excluded) {
                (0, _) => format!("{key} not {}", listed(excluded)),
                (_, 0) => format!("{key} {set}"),
                _ => format!("{key} {set} and not {}", listed(excluded)),
            }
        }
        _ => format!("{key} {}", set_text(one.key, one.set)),
    }
}

/// A span as an interval: each end by whichever of the two values next to it is shorter to write.
fn interval(span: Span, unit: &Unit) -> String {
    let number = |value: Value| value.number(unit).unwrap_or_else(|| value.text(unit));
    let shorter = |open: Option<Value>, closed: Option<Value>| match (open, closed) {
        (Some(open), Some(closed)) => {
            let (open, closed) = (number(open), number(closed));
            if open.len() < closed.len() { (open, true) } else { (closed, false) }
        }
        (open, closed) => (open.or(closed).map_or_else(String::new, number), closed.is_none()),
    };
    let low = shorter(span.above.value_below(), span.above.value_above());
    let high = shorter(span.below.value_above(), span.below.value_below());
    let no_low = span.low().is_none_or(|low| low.count() <= 0);
    let name = if unit.name().is_empty() { String::new() } else { format!(" {}", unit.name()) };
    match (no_low, span.high().is_none(), low, high) {
        (true, true, ..) => "anything".to_owned(),
        (true, false, _, (high, true)) => format!("< {high}{name}"),
        (true, false, _, (high, false)) => format!("<= {high}{name}"),
        (false, true, (low, true), _) => format!("> {low}{name}"),
        (false, true, (low, false), _) => format!(">= {low}{name}"),
        (false, false, (low, open), (high, above)) => {
            let (left, right) = (if open { "(" } else { "[" }, if above { ")" } else { "]" });
            format!("in {left}{low}, {high}{right}{name}")
        }
    }
}

/// A value of a span that is short to write: near the upper end if there is one, else near the
/// lower one.
fn value(span: Span) -> Option<Value> {
    let (low, high) = (span.low().filter(|low| low.count() > 0), span.high());
    let steps = || (0..17).map(|power| 10i64.saturating_pow(power));
    let all: Vec<Value> = match (low, high) {
        (_, Some(high)) => {
            let down = |step: i64| Value::from_count(high.count().div_euclid(step) * step);
            steps().filter_map(down).collect()
        }
        (Some(low), None) => {
            let up = |step: i64| {
                let next = low.count().checked_add(step - 1)?.div_euclid(step);
                Value::from_count(next.checked_mul(step)?)
            };
            let near = |value: &Value| value.count() / 2 <= low.count();
            steps().filter_map(up).filter(near).collect()
        }
        (None, None) => return span.low(),
    };
    let digits = |value: &Value| value.count().unsigned_abs().to_string();
    let length = |value: &Value| digits(value).trim_end_matches('0').len();
    let good = |value: &Value| span.holds(*value) && value.count() > 0;
    let best = all.into_iter().filter(good).min_by_key(length);
    best.or(high).or(low)
}

/// What a reading says, in words.
pub fn reading_text(reading: &Reading) -> String {
    set_text(Key { parameter: reading.parameter, by: None }, reading.set)
}
