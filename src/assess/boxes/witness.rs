//! Machines that witness what is said of a whole box, and boxes in words.

use crate::assess::observe::set_text;
use crate::evidence::Key;
use crate::list::{Bound, limit_words};
use crate::machine::{
    Approach, Axis, AxisKind, Basis, Compensation, Form, Kind, Machine, Reading, Scope, Set,
    Standard, label,
};
use crate::quantity::{Span, Unit, Value};
use crate::rule::{Constraint, Edge, Fit, Program, Row};

/// The kind of each axis of a box, where the box says it: by its name, or by figures that only
/// axes of one kind have.
pub(super) fn kinds(program: &Program, row: &Row) -> Vec<Option<AxisKind>> {
    let constraints = program.constraints(row);
    let of = |axis: usize| {
        let mut own = constraints.iter().filter(|one| one.axis == Some(axis));
        own.find_map(named_kind).or_else(|| {
            let mut own = constraints.iter().filter(|one| one.axis == Some(axis));
            own.find_map(|one| figure_kind(one.key))
        })
    };
    (0..row.axis_count()).map(of).collect()
}

/// Whether some axis of a box has a figure that no axis of its kind has.
pub(super) fn is_of_two_kinds(program: &Program, row: &Row) -> bool {
    let constraints = program.constraints(row);
    kinds(program, row).into_iter().enumerate().any(|(axis, kind)| {
        let own = constraints.iter().filter(|one| one.axis == Some(axis));
        own.filter_map(|one| figure_kind(one.key)).any(|of_figure| Some(of_figure) != kind)
    })
}

/// The kind that a box says an axis is of.
fn named_kind(one: &Constraint) -> Option<AxisKind> {
    match one.set {
        Set::OneOf(mask) if one.key.parameter.row().name == "axis_kind" => match mask & 0b110 {
            0b010 => Some(AxisKind::Linear),
            0b100 => Some(AxisKind::Rotary),
            _ => None,
        },
        _ => None,
    }
}

/// Whether what is said of an axis leaves that it is of a kind.
pub(super) fn may_be(one: &Constraint, kind: AxisKind) -> bool {
    named_kind(one).or(figure_kind(one.key)).is_none_or(|own| own == kind)
}

/// The kind of axes that have a figure.
fn figure_kind(key: Key) -> Option<AxisKind> {
    let row = key.parameter.row();
    match row.scope {
        _ if matches!(row.name, "axis_kind" | "axis_letter") => None,
        Scope::LinearAxis => Some(AxisKind::Linear),
        Scope::RotaryAxis => Some(AxisKind::Rotary),
        _ => None,
    }
}

/// A machine with axes of these kinds that says what a box does, quantities as spans; those that
/// lie within sloped edges as values. Of contouring axes it has the pair, where one is given.
pub(super) fn outline(
    program: &Program,
    row: &Row,
    kinds: &[AxisKind],
    pair: Option<u64>,
) -> Machine {
    let mut constraints = program.constraints(row);
    if let Fit::Within(values) = program.fit(row, &value) {
        let is_pinned = |one: &Constraint| {
            values.iter().any(|pinned| (pinned.axis, pinned.key) == (one.axis, one.key))
        };
        constraints.retain(|one| !is_pinned(one));
        constraints.extend(values);
    }
    let mut machine = Machine {
        id: "witness".to_owned(),
        // A sheet that may leave axes out says nothing of them.
        axes_complete: program.others(row).is_none_or(|said| !said.is_empty()),
        ..Machine::default()
    };
    for (axis, kind) in kinds.iter().enumerate() {
        let letter = constraints
            .iter()
            .find(|one| one.axis == Some(axis) && one.key.parameter.row().name == "axis_letter");
        let name = free_label(&machine, *kind, letter.map(|one| one.set));
        machine.axes.push(Axis::named(&name, Some(*kind)));
    }
    for one in &constraints {
        let name = one.key.parameter.row().name;
        if matches!(name, "axis_kind" | "axis_letter") {
            continue;
        }
        let set = match one.set {
            // Nothing that a figure could say.
            Set::Span(span) if value(span).is_none() => continue,
            Set::OneOf(_) if name == "contouring_axes" && pair.is_some() => {
                Set::OneOf(pair.unwrap_or_default())
            }
            set => labelled(set, one.key),
        };
        let figure = match set {
            Set::Span(span) => span.single(),
            _ => None,
        };
        machine.readings.push(stated(one, set, figure));
    }
    machine
}

/// The label of an axis that the machine does not have yet.
fn free_label(machine: &Machine, kind: AxisKind, letter: Option<Set>) -> String {
    let letters = match kind {
        AxisKind::Linear => &["X", "Y", "Z", "U", "V", "W"][..],
        AxisKind::Rotary => &["A", "B", "C", "D", "E"][..],
    };
    let allowed = |letter_of: &&str| match letter {
        Some(Set::OneOf(mask)) => {
            label::bit(label::LETTER, letter_of).is_some_and(|bit| bit & mask != 0)
        }
        _ => true,
    };
    let allowed: Vec<&str> = letters.iter().copied().filter(allowed).collect();
    let free = |label: &str| !machine.axes.iter().any(|known| known.label == label);
    if let Some(label) = allowed.iter().find(|label| free(label)) {
        return (*label).to_owned();
    }
    let first = allowed.first().or(letters.first()).copied().unwrap_or_default();
    let numbered = (2..).map(|number: u32| format!("{first}{number}"));
    numbered.into_iter().find(|label| free(label)).unwrap_or_default()
}

/// One of the labels that a set leaves, or of several those that are certain.
fn labelled(set: Set, key: Key) -> Set {
    match set {
        Set::OneOf(mask) => Set::OneOf(mask & mask.wrapping_neg()),
        Set::Flags { certain: 0, possible } => {
            // A machine of no special kind says so; one that is limited to parts is to some.
            let row = key.parameter.row();
            let bit = |word| row.vocabulary().and_then(|known| label::bit(known, word));
            let certain = if let Kind::Subset(_) = row.kind {
                let general = bit("general").unwrap_or_default() & possible;
                if general == 0 { possible & possible.wrapping_neg() } else { general }
            } else {
                bit("ordinary").unwrap_or_default() & possible
            };
            Set::Flags { certain, possible: certain }
        }
        Set::Flags { certain, .. } => Set::Flags { certain, possible: certain },
        set @ Set::Span(_) => set,
    }
}

/// What a box says of one parameter, as its maker states it.
fn stated(one: &Constraint, set: Set, figure: Option<Value>) -> Reading {
    Reading {
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
    }
}

/// A constraint in words: intervals with open and closed ends, flags that are set and that are not.
pub(in crate::assess) fn words_of(one: &Constraint) -> String {
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

/// A sloped edge of a box in words.
pub(in crate::assess) fn edge_words(edge: &Edge) -> String {
    let key = Key { parameter: edge.parameter, by: edge.by };
    let bound = Bound::Sloped(edge.slope.clone());
    let words = limit_words(edge.parameter.row(), edge.comparator, &bound);
    // Of a box the line alone is said: where the constant counts, that is said of the figure.
    format!("{} {words}, and less below it", key.text())
}

/// A span as an interval: each end by whichever of the two values next to it is shorter to write.
pub(in crate::assess) fn interval(span: Span, unit: &Unit) -> String {
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
pub(super) fn value(span: Span) -> Option<Value> {
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
