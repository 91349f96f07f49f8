//! The engine against the naive evaluator on random lists and machines: verdicts, deciding sets,
//! critical values, and what more data may never do.

use std::collections::BTreeSet;

use crate::naive::{self, Completion, Fact, Place};
use crate::random::{self, Source};
use proptest::prelude::*;
use toolgauge::assess::{Evaluator, Verdict, classify};
use toolgauge::evidence::{Configuration, Picture};
use toolgauge::list::List;
use toolgauge::logic::Truth;
use toolgauge::machine::{Machine, Set};
use toolgauge::quantity::Span;
use toolgauge::rule::{ColumnKey, Question, Row, Settlement, Settler};

/// More completions than this are not enumerated.
const COMPLETIONS_MAX: usize = 30_000;

struct Drawn {
    text: String,
    list: List,
    machine: Machine,
    evaluator: Evaluator,
}

/// A list and a machine small enough to enumerate.
fn draw(seed: u64) -> Option<Drawn> {
    let mut source = Source::new(seed);
    let text = random::list_text(&mut source);
    let list = random::list(&text);
    let machine = random::machine(&mut source);
    let size: usize = naive::possibilities(&list, &machine).values().map(Vec::len).product();
    let evaluator = random::evaluator(list.clone());
    (size <= COMPLETIONS_MAX).then_some(Drawn { text, list, machine, evaluator })
}

fn verdict(evaluator: &Evaluator, machine: &Machine) -> Verdict {
    classify(evaluator, std::slice::from_ref(machine))[0].outcomes[0].verdict
}

fn row(evaluator: &Evaluator, machine: &Machine) -> Row {
    let mut picture = Picture::default();
    let policy = &evaluator.setup.policy;
    picture.draw(evaluator.program.frame(), machine, Configuration::default(), policy);
    Row::of(&evaluator.program, &picture)
}

fn settlement(drawn: &Drawn) -> Settlement {
    let program = &drawn.evaluator.program;
    let root = program.entries()[0].verdict;
    let row = row(&drawn.evaluator, &drawn.machine);
    Settler::new(program, root, &row).settle(&row)
}

/// The place of a question among the naive evaluator's readings.
fn place(drawn: &Drawn, question: Question) -> Place {
    let axis = match question {
        Question::Axis(axis, _) => Some(axis),
        _ => None,
    };
    match drawn.evaluator.program.column_of(question) {
        Some(ColumnKey::Parameter(key)) => {
            let row = key.parameter.row();
            let by = key.by.map(|by| format!("{} by {by}", row.name));
            (axis, by.unwrap_or_else(|| row.name.to_owned()))
        }
        other => panic!("{other:?} is not a reading"),
    }
}

/// Whether every combination of facts for these readings decides the list, naively.
fn decides(drawn: &Drawn, places: &[Place], fixed: &mut Completion) -> bool {
    let Some((first, rest)) = places.split_first() else {
        return naive::truth(&drawn.list, &drawn.machine, fixed) != Truth::Unknown;
    };
    let facts = naive::possibilities(&drawn.list, &drawn.machine).remove(first);
    facts.unwrap_or_default().into_iter().all(|fact| {
        fixed.insert(first.clone(), fact);
        let decided = decides(drawn, rest, fixed);
        fixed.remove(first);
        decided
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, ..ProptestConfig::default() })]

    #[test]
    fn verdicts_are_those_of_all_completions(seed in any::<u64>()) {
        let Some(drawn) = draw(seed) else { return Ok(()) };
        let expected = naive::truth(&drawn.list, &drawn.machine, &Completion::new());
        let got = verdict(&drawn.evaluator, &drawn.machine);
        prop_assert_eq!(got, Verdict::of(expected), "{}\n{:#?}", drawn.text, drawn.machine);
    }

    #[test]
    fn narrowing_a_reading_never_flips_a_settled_verdict(seed in any::<u64>()) {
        let Some(drawn) = draw(seed) else { return Ok(()) };
        let before = verdict(&drawn.evaluator, &drawn.machine);
        let mut source = Source::new(seed ^ 0x5eed);
        let mut narrower = drawn.machine.clone();
        for reading in &mut narrower.readings {
            reading.set = match reading.set {
                Set::Span(span) => {
                    let low = span.low().or(span.high()).expect("some end");
                    Set::Span(Span::point(low))
                }
                Set::OneOf(mask) => Set::OneOf(1 << mask.trailing_zeros()),
                Set::Flags { certain, possible } => {
                    let taken = if source.chance(50) { certain } else { possible };
                    Set::Flags { certain: taken, possible: taken }
                }
            };
        }
        let after = verdict(&drawn.evaluator, &narrower);
        prop_assert!(!before.is_settled() || before == after, "{}", drawn.text);
    }

    #[test]
    fn permuting_axes_changes_nothing(seed in any::<u64>()) {
        let Some(drawn) = draw(seed) else { return Ok(()) };
        let mut turned = drawn.machine.clone();
        turned.axes.reverse();
        let last = u8::try_from(turned.axes.len()).expect("few axes") - 1;
        for reading in &mut turned.readings {
            reading.axis = reading.axis.map(|axis| last - axis);
        }
        turned.readings.reverse();
        prop_assert_eq!(
            verdict(&drawn.evaluator, &drawn.machine),
            verdict(&drawn.evaluator, &turned)
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn deciding_sets_decide_and_are_minimal(seed in any::<u64>()) {
        let Some(drawn) = draw(seed) else { return Ok(()) };
        if verdict(&drawn.evaluator, &drawn.machine) != Verdict::Undetermined {
            return Ok(());
        }
        let settlement = settlement(&drawn);
        prop_assert!(!settlement.sets.is_empty(), "nothing decides\n{}", drawn.text);
        let mut reported = BTreeSet::new();
        for set in &settlement.sets {
            let places: Vec<Place> = set.iter().map(|c| place(&drawn, c.question)).collect();
            prop_assert!(decides(&drawn, &places, &mut Completion::new()),
                "{places:?} does not decide\n{}\n{:#?}", drawn.text, drawn.machine);
            for left_out in 0..places.len() {
                let mut fewer = places.clone();
                fewer.remove(left_out);
                prop_assert!(!decides(&drawn, &fewer, &mut Completion::new()),
                    "{fewer:?} of {places:?} is enough\n{}", drawn.text);
            }
            reported.insert(places);
        }
        // No single reading that decides is left out.
        if !settlement.more {
            for place in naive::possibilities(&drawn.list, &drawn.machine).into_keys() {
                let one = vec![place];
                if decides(&drawn, &one, &mut Completion::new()) {
                    prop_assert!(reported.contains(&one), "{one:?} is missing\n{}", drawn.text);
                }
            }
        }
    }

    #[test]
    fn a_verdict_turns_at_its_critical_values_and_nowhere_else(seed in any::<u64>()) {
        let Some(drawn) = draw(seed) else { return Ok(()) };
        if verdict(&drawn.evaluator, &drawn.machine) != Verdict::Undetermined {
            return Ok(());
        }
        for set in settlement(&drawn).sets.iter().filter(|set| set.len() == 1) {
            let critical = &set[0];
            let place = place(&drawn, critical.question);
            let at = |fact: Fact| {
                let fixed = Completion::from([(place.clone(), fact)]);
                naive::truth(&drawn.list, &drawn.machine, &fixed)
            };
            for cut in &critical.cuts {
                let below = Fact::Value(cut.value_below().expect("a value"));
                let above = Fact::Value(cut.value_above().expect("a value"));
                prop_assert_ne!(at(below), at(above), "{:?} at {:?}\n{}", place, cut, drawn.text);
            }
            // Between two critical values the verdict is one and the same.
            let facts = naive::possibilities(&drawn.list, &drawn.machine).remove(&place);
            let shown = |fact| match fact {
                Fact::Value(value) => Some((value, at(fact))),
                _ => None,
            };
            let facts = facts.unwrap_or_default();
            let values: Vec<_> = facts.into_iter().filter_map(shown).collect();
            for pair in values.windows(2) {
                let (low, high) = (pair[0].0.cut_above(), pair[1].0.cut_below());
                let turns = critical.cuts.iter().any(|cut| low <= *cut && *cut <= high);
                prop_assert_eq!(pair[0].1 != pair[1].1, turns, "{:?}\n{}", place, drawn.text);
            }
            // Labels: captured with these, not captured with the others.
            if critical.labels != 0 {
                let facts = naive::possibilities(&drawn.list, &drawn.machine).remove(&place);
                for fact in facts.unwrap_or_default() {
                    if let Fact::Label(label) = fact {
                        let captured = at(fact) == Truth::True;
                        prop_assert_eq!(captured, critical.labels & label != 0, "{:?}", place);
                    }
                }
            }
        }
    }
}
