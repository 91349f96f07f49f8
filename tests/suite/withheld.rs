//! Where an absence of capture is withheld, curves, maps and comparisons say so as a verdict does.

use toolgauge::assess::{
    Comparison, Evaluator, Map, Outcome, Setup, Sweep, Verdict, Withheld, classify, compare,
};
use toolgauge::catalogue::{self, Catalogue, Mapping};
use toolgauge::list::{Dial, List, ListKind};
use toolgauge::machine::Basis;
use toolgauge::quantity::Value;
use toolgauge::table::{self, Reading};

use crate::lists::setup;
use crate::proposals::{list, stacked};

fn sample() -> Catalogue {
    let bytes = include_bytes!("../../specs/catalogues/sample.csv");
    let table = table::read("sample.csv", bytes, &Reading::default()).expect("a table");
    catalogue::read(&table, &Mapping { basis: Basis::Stated, ..Mapping::default() })
}

/// The setting in which what is not verified or was remembered is withheld, or one of both.
fn strict(unverified: bool, remembered: bool) -> Setup {
    let mut setup = setup();
    (setup.accept_unverified, setup.accept_remembered) = (!unverified, !remembered);
    setup
}

fn evaluator(list: List, as_of: Option<&str>, setup: &Setup) -> Evaluator {
    let day = as_of.map(|day| day.parse().expect("a day"));
    Evaluator::of_lists(vec![list], day, setup.clone()).expect("the list compiles")
}

/// Captured, captured or undetermined, and withheld, by classifying every machine.
fn counts(evaluator: &Evaluator, catalogue: &Catalogue) -> [usize; 3] {
    let found = classify(evaluator, &catalogue.machines);
    let count = |is: &dyn Fn(&Outcome) -> bool| found.iter().filter(|r| is(&r.outcomes[0])).count();
    [
        count(&|one| one.verdict == Verdict::Captured),
        count(&|one| one.verdict != Verdict::NotCaptured),
        count(&|one| one.withheld.is_some()),
    ]
}

#[test]
fn curves_and_maps_withhold_what_classifying_withholds() {
    let catalogue = sample();
    let machines = &catalogue.machines;
    let none = vec![None; machines.len()];
    let marks: Vec<Option<bool>> = (0..machines.len()).map(|at| Some(at % 2 == 0)).collect();
    let later = Some("2099-01-01");
    for (name, dials, as_of, setup, why) in [
        ("gb/2B001", ["2B001.a.1:upr", "2B001.c.1:upr"], None, strict(true, true), true),
        // Travel is asked about from both sides.
        (
            "gb/2B001",
            ["2B001.b.2.a:travel, 2B001.b.2.b:travel:at_least", "2B001.c.1:upr"],
            None,
            strict(true, true),
            true,
        ),
        ("eu/2B001", ["2B001.a.1:upr", "2B001.c.1:upr"], later, strict(true, false), true),
        ("eu/2B001", ["2B001.a.1:upr", "2B001.c.1:upr"], later, strict(false, false), false),
    ] {
        let list = list(name);
        let runs = evaluator(list.clone(), as_of, &setup);
        assert_eq!(runs.withholds().is_some(), why, "{name}");
        let [first, second] = dials.map(|dial| Dial::read(&list, dial).expect(dial));
        let sweep = Sweep::new(&runs, &first, machines, &none, &marks, |_, _| ()).expect("a curve");
        let steps = sweep.points.iter().filter_map(|point| point.from).map(Value::count);
        let mut values: Vec<i64> = steps.step_by(5).flat_map(|at| [at - 1, at]).collect();
        values.push(sweep.stands.count());
        let values: Vec<Value> =
            values.into_iter().filter(|at| *at >= 0).filter_map(Value::from_count).collect();
        let pairs = [values.clone(), vec![second.value(&list).expect("a value")]];
        let mut map =
            Map::at(&runs, [&first, &second], machines, &none, pairs, |_, _| ()).expect("a map");
        map.mark(&runs, [&first, &second], machines, &marks, |_, _| ()).expect("marks");
        for value in values {
            let point = sweep.at(value);
            let captured = point.captured;
            let swept = [captured.certain, captured.possible, captured.withheld];
            let again = evaluator(list.with(&first, value), as_of, &setup);
            let again = counts(&again, &catalogue);
            assert_eq!(swept.map(|t| t.machines), again, "{name} {} {value:?}", first.name);
            assert_eq!(again[2] > 0, why, "{name}");
            let row = map.first.iter().position(|known| *known == value).expect("a row");
            assert_eq!(map.captured[row][0], captured);
            assert_eq!(map.marked[row][0], point.marked);
        }
    }
}

fn compared(first: &Evaluator, second: &Evaluator, catalogue: &Catalogue) -> Comparison {
    let none = vec![None; catalogue.machines.len()];
    compare(first, second, catalogue, &none)
}

/// An overlay on the EU's list that says one text otherwise, and no law.
const WORDS: &str = r#"
format = 1
kind = "proposal"
list = "x/words"
edition = "words"
jurisdiction = "X"
title = "t"
carrier = "c"
root = "2B001"
source = "s"
base = { list = "eu/2B001", edition = "current" }
[change."2B001.a.1"]
text = "UPR equal to or less than 0.9 um on one or more linear axes with a travel below 1.0 m"
"#;

#[test]
fn an_overlay_is_verified_as_far_as_its_base_unless_it_says_otherwise() {
    let base = list("eu/2B001");
    let own = WORDS.replace("source =", "verified_through = 2000-01-01\nsource =");
    for (texts, expected) in
        [(&[WORDS][..], base.header.verified_through), (&[own.as_str()], "2000-01-01".parse().ok())]
    {
        let list = stacked("eu/2B001", texts).expect("a stack");
        assert_eq!(
            (list.header.kind, list.header.verified_through),
            (ListKind::Proposal, expected)
        );
    }
    // No machine is decided by words, whatever the day.
    let catalogue = sample();
    let words = stacked("eu/2B001", &[WORDS]).expect("a stack");
    for as_of in [None, Some("2099-01-01")] {
        let setup = strict(true, true);
        let sides = [&base, &words].map(|list| evaluator(list.clone(), as_of, &setup));
        let found = compared(&sides[0], &sides[1], &catalogue);
        assert_eq!(found.movers, [], "{as_of:?}");
        assert_eq!(found.withheld[0], found.withheld[1]);
    }
}

#[test]
fn a_comparison_says_what_either_side_withholds() {
    let catalogue = sample();
    let (gb, eu) = (list("gb/2B001"), list("eu/2B001"));
    let of = |setup: &Setup| {
        let [first, second] = [&gb, &eu].map(|list| evaluator(list.clone(), None, setup));
        (counts(&first, &catalogue)[2], compared(&first, &second, &catalogue))
    };
    let (withheld, found) = of(&strict(true, true));
    assert!(withheld > 0);
    assert_eq!(found.withheld[0].iter().map(|(_, machines)| machines).sum::<usize>(), withheld);
    let why = found.withheld[0][0].0.lifted_text();
    let line = format!("{withheld} of the undetermined would be not captured; withheld: {why}");
    let text = toolgauge::report::comparison_text(&found, &catalogue, false, &Default::default());
    assert!(text.contains(&line), "{text}");
    let all = [found];
    let csv = toolgauge::report::comparisons_csv(&all, &catalogue, false, &Default::default())
        .expect("CSV");
    assert!(csv.contains(&format!(",withheld,gb/2B001 (current),,,{why},{withheld},")), "{csv}");
    let (_, found) = of(&strict(false, false));
    assert_eq!(found.withheld, [const { Vec::<(Withheld, usize)>::new() }; 2]);
    let text = toolgauge::report::comparison_text(&found, &catalogue, false, &Default::default());
    assert!(!text.contains("withheld"), "{text}");
}
