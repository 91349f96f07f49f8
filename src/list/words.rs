//! Conditions in words, the same in the list's plain text, in errors and in explanations.

use super::{Against, AxesCondition, Bound, Condition, Quantifier, Test};
use crate::machine::{Kind, Parameter, label};
use crate::quantity::Comparator;

/// A condition as one sentence without a full stop.
pub fn condition_words(condition: &Condition) -> String {
    words(condition, false)
}

fn words(condition: &Condition, nested: bool) -> String {
    let wrap = |text: String| if nested { format!("({text})") } else { text };
    match condition {
        Condition::All(parts) if parts.is_empty() => "always".to_owned(),
        Condition::All(parts) => wrap(joined(parts, " and ")),
        Condition::Any(parts) => wrap(joined(parts, " or ")),
        Condition::Not(part) => format!("not {}", words(part, true)),
        Condition::Test(test) => test_words(test),
        Condition::Clause { id, shift, .. } if shift.is_empty() => format!("{id} holds"),
        Condition::Clause { id, shift, .. } => {
            let moved = shift.iter().map(|(parameter, by)| {
                let unit = parameter.row().unit();
                let by = unit.map(|unit| by.text(unit)).unwrap_or_default();
                format!("{} by {by}", name(parameter.row()))
            });
            let moved: Vec<String> = moved.collect();
            format!("{id} would hold with its limits moved: {}", moved.join(", "))
        }
        Condition::Policy { id, either, both, .. } => {
            format!("by policy {id}, either {} or {}", words(either, true), words(both, true))
        }
        Condition::Axes(axes) => axes_words(axes),
        Condition::Open(why) => format!("[not decided: {why}]"),
    }
}

fn joined(parts: &[Condition], with: &str) -> String {
    parts.iter().map(|part| words(part, true)).collect::<Vec<_>>().join(with)
}

fn name(parameter: &Parameter) -> String {
    match parameter.name {
        "upr" => "UPR".to_owned(),
        other => other.replace('_', " "),
    }
}

/// A test in words: `UPR at most 0.9 µm`, `process is turning or milling`.
pub fn test_words(test: &Test) -> String {
    let row = test.parameter.row();
    let by = test.by.map_or(String::new(), |standard| format!(" ({standard})"));
    match &test.against {
        Against::Limits(limits) => {
            let parts: Vec<String> =
                limits.iter().map(|(c, bound)| limit_words(row, *c, bound)).collect();
            format!("{}{by} {}", name(row), parts.join(" and "))
        }
        Against::Labels(mask) => labels_words(row, *mask),
    }
}

fn labels_words(row: &Parameter, mask: u64) -> String {
    let vocabulary = row.vocabulary().unwrap_or_default();
    let labels: Vec<String> =
        label::names(vocabulary, mask).iter().map(|label| label.replace('_', " ")).collect();
    let labels = labels.join(" or ");
    match row.kind {
        Kind::Truth => format!("{}: {labels}", name(row)),
        Kind::Subset(_) => format!("{} nothing but {labels}", name(row)),
        Kind::Flags(_) => format!("{} includes {labels}", name(row)),
        _ => format!("{} is {labels}", name(row)),
    }
}

/// A limit in words: `at most 0.9 µm`.
pub fn limit_words(row: &Parameter, comparator: Comparator, bound: &Bound) -> String {
    let unit = row.unit();
    let show = |value: crate::quantity::Value| unit.map(|u| value.text(u)).unwrap_or_default();
    let number = match bound {
        Bound::Fixed(value) => show(*value),
        Bound::Sloped(slope) => {
            let other = slope.of.row();
            let of = |value: crate::quantity::Value| {
                other.unit().map(|unit| value.text(unit)).unwrap_or_default()
            };
            format!(
                "{} plus {} for each {} of {} beyond {}",
                show(slope.base),
                show(slope.add),
                of(slope.per),
                name(other),
                of(slope.beyond)
            )
        }
    };
    format!("{} {number}", comparator.phrase())
}

fn axes_words(axes: &AxesCondition) -> String {
    let kind = match axes.kinds {
        0b010 => "linear axis",
        0b100 => "rotary axis",
        _ => "axis",
    };
    let with = if axes.when.is_always() {
        String::new()
    } else {
        format!(" with {}", words(&axes.when, false))
    };
    match axes.quantifier {
        Quantifier::AtLeast(1) => format!("some {kind}{with}"),
        Quantifier::AtLeast(count) => format!("at least {count} times: {kind}{with}"),
        Quantifier::None => format!("no {kind}{with}"),
        Quantifier::Every(minimum) => format!("every {kind} (of at least {minimum}){with}"),
    }
}
