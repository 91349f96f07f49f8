//! Checks over all machines there could be: each kind of finding by a small list that has it and
//! one that has not, and by machines drawn at random.

use rayon::prelude::*;
use toolgauge::assess::{Depth, Exercised, Finding, Verdict, classify, findings};
use toolgauge::evidence::Assumptions;
use toolgauge::list::{Library, List, parse_list};
use toolgauge::machine::{Direction, Reading, Set};
use toolgauge::quantity::{Span, Value};
use toolgauge::table::shipped;

use crate::lists::setup;
use crate::random::{Source, evaluator, list as parsed, list_text, machine};

/// A list of these clauses and notes under `E`, which joins its sub-clauses so.
fn list(join: &str, parts: &[&str]) -> List {
    let mut text = format!(
        "format = 1\nkind = \"proposal\"\nlist = \"x/1\"\nedition = \"a\"\n\
         jurisdiction = \"X\"\ntitle = \"t\"\ncarrier = \"c\"\nroot = \"E\"\n\
         source = \"s\"\n[clause.\"E\"]\ntext = \"t\"\n{join}\n"
    );
    for part in parts {
        let (id, when) = part.split_once(": ").expect("ID: CONDITION");
        text += &match id.strip_prefix('!') {
            Some(of) => format!(
                "[note.\"E.n\"]\ntext = \"t\"\nkind = \"excludes\"\nfrom = [\"E{of}\"]\n\
                 when = {{ {when} }}\n"
            ),
            None => format!("[clause.\"E.{id}\"]\ntext = \"t\"\nwhen = {{ {when} }}\n"),
        };
    }
    parse_list("x.toml", &text, &mut |_| Err(Vec::new())).unwrap_or_else(|errors| {
        panic!("{}\n{text}", errors.iter().map(ToString::to_string).collect::<String>())
    })
}

/// The findings of a list as `ID@LINE: TEXT`.
fn said(list: &List, depth: Depth) -> Vec<String> {
    let line = |finding: &Finding| finding.place.as_ref().map_or(0, |place| place.line);
    let (found, searched) = findings(list, depth).expect("findings");
    // In depth every question has its answer.
    let all = depth != Depth::default() || searched.unanswered.is_empty();
    assert!(all, "{}: {searched:?}", list.title());
    found.iter().map(|f| format!("{}@{}: {}", f.id, line(f), f.text)).collect()
}

/// What a test that is not optimised has the time for.
const SHALLOW: Depth = Depth { axes: 4, steps: 2_000 };

const ANY: &str = "join = \"any\"";
const ALL: &str = "join = \"all\"";

#[test]
fn each_kind_of_finding_is_found_and_nothing_else() {
    let table: &[(&str, &[&str], &[&str])] = &[
        // Nothing is odd.
        (ANY, &["a: nc_capable = true", "b: contouring_axes = { at_least = 3 }"], &[]),
        // No machine can have seven axes of which none is linear and none rotary.
        (
            ANY,
            &[
                "a: nc_capable = true",
                "b: contouring_axes = { at_least = 5 }, contouring_linear = { below = 1 }, \
                 contouring_rotary = { below = 1 }",
            ],
            &["E.b@16: no machine can meet it"],
        ),
        // The condition above leaves nothing below.
        (
            "when = { process = [\"turning\"], nc_capable = false }\njoin = \"any\"",
            &["a: contouring_axes = { at_least = 3 }", "b: nc_capable = true"],
            &["E.b@17: no machine can meet it"],
        ),
        // What the text leaves, sound bounds exclude: UPR is at most the accuracy.
        (
            ANY,
            &[
                "a: nc_capable = true",
                "b: axis = { some = \"linear\", positioning_accuracy = { at_most = \"3 um\", by = \
                 \"ISO 230-2:2014\" }, upr = { above = \"4 um\" } }",
            ],
            &["E.b@16: no machine can meet it (by the sound bounds R ≤ A and UPR ≤ R↑)"],
        ),
        (
            ANY,
            &[
                "a: axis = { some = \"linear\", positioning_accuracy = { at_most = \"3 um\", by = \
                 \"ISO 230-2:2014\" } }",
                "b: axis = { some = \"linear\", upr = { at_most = \"4 um\" } }",
                "c: axis = { some = \"linear\", upr = { at_least = \"9 um\" } }",
            ],
            &[
                "E.a@13: captures nothing that `E.b` does not (by the sound bounds R ≤ A and UPR \
                 ≤ R↑)",
                "E.c@21: a better machine is captured less: with `upr` of 8 µm instead of 9 µm, \
                 and all else the same, it is not captured",
            ],
        ),
        // What refers to another clause is met with it.
        (
            ANY,
            &["a: contouring_axes = { at_least = 3 }", "b: clause = \"E.a\", nc_capable = true"],
            &["E.b@16: captures nothing that `E.a` does not"],
        ),
        (
            ANY,
            &[
                "a: axis = { some = \"linear\", upr = { at_most = \"2 um\" } }",
                "b: axis = { some = \"linear\", upr = { below = \"1 um\" }, travel = { below = \
                 \"1 m\" } }",
            ],
            &["E.b@16: captures nothing that `E.a` does not"],
        ),
        // Redundant beside two others together, not beside one of them.
        (
            ANY,
            &[
                "a: nc_capable = true",
                "b: nc_capable = false",
                "c: contouring_axes = { at_least = 3 }",
            ],
            &["E.c@19: captures nothing that the other clauses do not"],
        ),
        (
            ALL,
            &[
                "a: contouring_axes = { at_least = 3 }",
                "b: contouring_axes = { at_least = 2 }",
                "c: nc_capable = true",
            ],
            &["E.b@16: asks nothing that the clauses beside it do not"],
        ),
        (
            ANY,
            &["a: any = [{ contouring_axes = { at_least = 3 } }, { contouring_axes = { \
                 at_least = 4 } }]"],
            &["E.a@13: the alternative (contouring axes at least 4) does nothing"],
        ),
        // Notes.
        (
            "when = { process = [\"turning\"] }\njoin = \"any\"",
            &["a: nc_capable = true", "!: not = { process = [\"turning\"] }"],
            &["E.n@17: excludes nothing that is captured"],
        ),
        (ANY, &["a: nc_capable = true", "!: process = [\"turning\"]"], &[]),
        // Point gaps, in a directed and in an undirected reading; not where one band takes it.
        (
            ANY,
            &[
                "a: axis = { some = \"linear\", travel = { below = \"1 m\" } }",
                "b: axis = { some = \"linear\", travel = { above = \"1 m\" } }",
            ],
            &["E@10: `travel` of just 1000 mm lies between `E.a` and `E.b` and in neither"],
        ),
        (
            ANY,
            &[
                "a: axis = { some = \"linear\", travel = { below = \"1 m\" } }",
                "b: axis = { some = \"linear\", travel = { at_least = \"1 m\" } }",
            ],
            &[],
        ),
        (
            ANY,
            &[
                "a: process = [\"turning\"], axis = { some = \"linear\", travel = { below = \"1 \
                 m\" } }",
                "b: nc_capable = true, axis = { some = \"linear\", travel = { above = \"1 m\" } }",
                "c: process = [\"turning\"], axis = { some = \"linear\", travel = { at_most = \
                 \"1 m\" }, upr = { at_most = \"1 um\" } }",
            ],
            &["E@10: `travel` of just 1000 mm lies between `E.a` and `E.b` and in neither"],
        ),
        // Limits that have changed places; the other alternative keeps the clause alive.
        (
            ANY,
            &["a: any = [{ nc_capable = true }, { axis = { some = \"linear\", travel = { \
                 at_least = \"2 m\", below = \"1 m\" } } }]"],
            &[
                "E.a@13: the alternative (some linear axis with travel below 1000 mm and at \
                 least 2000 mm) does nothing",
                "E.a@15: no value of `travel` meets both of its limits",
            ],
        ),
        // The tier of the longer travel has the stricter limit.
        (
            ANY,
            &[
                "a: axis = { some = \"linear\", travel = { below = \"1 m\" }, upr = { at_most = \
                 \"1.1 um\" } }",
                "b: axis = { some = \"linear\", travel = { at_least = \"1 m\" }, upr = { at_most \
                 = \"0.9 um\" } }",
            ],
            &["E.b@18: its limit on `upr` is stricter than that of `E.a`, although its \
                 `travel` is larger"],
        ),
        (
            ANY,
            &[
                "a: axis = { some = \"linear\", travel = { below = \"1 m\" }, upr = { at_most = \
                 \"0.9 um\" } }",
                "b: axis = { some = \"linear\", travel = { at_least = \"1 m\" }, upr = { at_most \
                 = \"1.1 um\" } }",
            ],
            &[],
        ),
        // The same tier in other words: what is not below is at least; an `any` of one part.
        (
            ANY,
            &[
                "a: axis = { some = \"linear\", travel = { below = \"1 m\" }, upr = { at_most = \
                 \"1.1 um\" } }",
                "b: axis = { some = \"linear\", not = { travel = { below = \"1 m\" } }, any = [{ \
                 not = { upr = { above = \"0.9 um\" } } }] }",
            ],
            &["E.b@18: its limit on `upr` is stricter than that of `E.a`, although its \
                 `travel` is larger"],
        ),
        // Quantities are compared, not how they are written: units, comparators, tests in parts,
        // and bands between which there is a gap.
        (
            ANY,
            &[
                "a: axis = { some = \"linear\", travel = { below = \"1 m\" }, upr = { at_most = \
                 \"1.1 um\" } }, bar_capacity = { at_least = \"30 mm\" }",
                "b: bar_capacity = { at_least = \"0.03 m\" }, all = [{ axis = { some = \"linear\", \
                 all = [{ travel = { at_least = \"1000 mm\" } }, { upr = { at_most = \"0.0009 mm\" \
                 } }] } }]",
            ],
            &["E.b@18: its limit on `upr` is stricter than that of `E.a`, although its \
                 `travel` is larger"],
        ),
        (
            ANY,
            &[
                "a: axis = { some = \"linear\", travel = { below = \"1 m\" }, upr = { at_most = \
                 \"0.9 um\" } }",
                "b: axis = { some = \"linear\", travel = { above = \"1 m\" }, upr = { below = \
                 \"0.0009 mm\" } }",
            ],
            &[
                "E@10: `travel` of just 1000 mm lies between `E.a` and `E.b` and in neither",
                "E.b@18: its limit on `upr` is stricter than that of `E.a`, although its \
                 `travel` is larger",
            ],
        ),
        (
            ANY,
            &[
                "a: axis = { some = \"linear\", travel = { below = \"1 m\" }, upr = { at_most = \
                 \"0.9 um\" } }",
                "b: axis = { some = \"linear\", travel = { at_least = \"1000 mm\" }, upr = { \
                 at_most = \"900 nm\" } }",
            ],
            &[],
        ),
        // A condition on no axis turns its limits around.
        (
            ANY,
            &[
                "a: axis = { none = \"linear\", travel = { below = \"1 m\" }, upr = { above = \
                 \"1.1 um\" } }",
                "b: axis = { none = \"linear\", travel = { at_least = \"1 m\" }, upr = { above = \
                 \"0.9 um\" } }",
            ],
            &[],
        ),
        // As many axes as a condition counts are looked at.
        (
            ANY,
            &["a: axis = { count_at_least = 3, of = \"linear\", upr = { at_most = \"1 um\" } }"],
            &[],
        ),
        (
            ANY,
            &[
                "a: axis = { count_at_least = 3, of = \"linear\", upr = { at_most = \"1 um\" } }",
                "b: axis = { count_at_least = 4, of = \"linear\", upr = { at_most = \"1 um\" } }",
            ],
            &["E.b@16: captures nothing that `E.a` does not"],
        ),
        // A note lets the better machine go; so does a band of counts; travel has no direction.
        (
            ANY,
            &[
                "a: axis = { some = \"linear\", upr = { at_most = \"2 um\" } }",
                "!.a: axis = { some = \"linear\", upr = { below = \"1 um\" } }",
            ],
            &["E.n@20: a better machine is captured less: with `upr` of 0.9 µm instead of 2 \
                 µm, and all else the same, it is not captured"],
        ),
        (
            ANY,
            &["a: contouring_linear = { at_least = 2, below = 4 }"],
            &["E.a@15: a better machine is captured less: with `contouring_axes` of 4 linear + \
                 0 rotary instead of 3 linear + 0 rotary, and all else the same, it is not \
                 captured"],
        ),
        // Sound bounds leave no such machine: UPR is at most the accuracy.
        (
            ANY,
            &["a: axis = { some = \"linear\", positioning_accuracy = { at_most = \"3 um\", by = \
                 \"ISO 230-2:2014\" }, upr = { above = \"4 um\" } }"],
            &["E@10: no machine can meet it (by the sound bounds R ≤ A and UPR ≤ R↑)"],
        ),
        (
            ANY,
            &["a: axis = { some = \"linear\", positioning_accuracy = { at_most = \"5 um\", by = \
                 \"ISO 230-2:2014\" }, upr = { above = \"4 um\" } }"],
            &["E.a@15: a better machine is captured less: with `upr` of 4 µm instead of 5 µm, \
                 and all else the same, it is not captured"],
        ),
        (
            ANY,
            &["a: bar_capacity = { at_most = \"30 mm\" }"],
            &["E.a@15: a better machine is captured less: with `bar_capacity` of 40 mm instead \
                 of 30 mm, and all else the same, it is not captured"],
        ),
        (
            ANY,
            &["a: axis = { some = \"linear\", travel = { at_least = \"1 m\", below = \"2 m\" } }"],
            &[],
        ),
    ];
    let mut wrong = Vec::new();
    for (join, parts, expected) in table {
        let found = said(&list(join, parts), Depth::default());
        if found != *expected {
            wrong.push(format!("{parts:?}\n  {found:#?}\n  {expected:#?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_the_shipped_lists_and_illustrations_are_told() {
    let library = Library::shipped().expect("the heads are read");
    library.headers().par_iter().for_each(|header| {
        let list = library.list(&header.id, &header.edition).expect("a list");
        let mut exercised = Exercised::by_sample(&list, &setup()).expect("the sample is read");
        let beside = list.header.file.replace(".toml", ".cases.toml");
        let cases = shipped::cases().find(|file| file.name == beside).expect("its cases");
        exercised.take_cases(&library, cases.name, cases.text, &setup()).expect("its cases");
        assert_eq!(exercised.findings(&list, true), [], "{}", list.title());
        let expected: &[&str] = match list.title().as_str() {
            // Printed without the word `rotary`, b.2 asks for no more than the entry itself does.
            "cz/2B201 (cz-1999)" => &["2B201.b.1@51: captures nothing that `2B201.b.2` does not"],
            _ => &[],
        };
        assert_eq!(said(&list, SHALLOW), expected, "{}", list.title());
    });
    let mut library = Library::shipped().expect("the heads are read");
    let text = include_str!("../../specs/proposals/one-number.toml");
    let name = library.add("one-number.toml", text.into()).expect("a head");
    let (id, edition) = name.split_once('@').expect("a full name");
    let found = said(&library.list(id, edition).expect("a list"), SHALLOW);
    assert_eq!(found.len(), 1);
    assert!(found[0].starts_with("2B001.a.2@47: its limit on `upr` is stricter"), "{found:?}");
}

#[test]
fn clauses_that_nothing_exercises_are_told() {
    let list = list(
        ANY,
        &["a: contouring_axes = { at_least = 3 }", "b: bar_capacity = { at_least = \"9 m\" }"],
    );
    let exercised = Exercised::by_sample(&list, &setup()).expect("the sample is read");
    let found = exercised.findings(&list, false);
    let said: Vec<String> = found.iter().map(|f| format!("{}: {}", f.id, f.text)).collect();
    let of_sample = |word| format!("no machine of the sample decides it {word}");
    assert_eq!(said, [format!("E: {}", of_sample("false")), format!("E.b: {}", of_sample("true"))]);
}

/// A machine that is better in one directed reading of its own, if it has one.
fn better(machine: &toolgauge::machine::Machine, at: usize) -> Option<toolgauge::machine::Machine> {
    let mut machine = machine.clone();
    let reading = machine.readings.get_mut(at)?;
    let Set::Span(span) = reading.set else { return None };
    let value = span.single()?;
    let moved = match reading.parameter.row().direction {
        Direction::SmallerIsBetter => value.count() / 2,
        Direction::LargerIsBetter => value.count() * 2,
        Direction::Undirected => return None,
    };
    reading.set = Set::Span(Span::point(Value::from_count(moved)?));
    Some(machine)
}

#[test]
fn a_list_without_a_fall_captures_no_better_machine_less() {
    let mut bare = setup();
    bare.policy.derive = false;
    bare.policy.assumptions = Assumptions::default();
    let (mut told, mut pairs, mut falling) = (0, 0, 0);
    for seed in 0..40 {
        let mut source = Source::new(seed);
        let list = parsed(&list_text(&mut source));
        let (found, searched) = findings(&list, SHALLOW).expect("findings");
        let falls: Vec<&Finding> =
            found.iter().filter(|f| f.text.starts_with("a better machine")).collect();
        for fall in &falls {
            told += 1;
            let verdicts: Vec<Verdict> = fall.witnesses.iter().map(|(_, v)| *v).collect();
            assert_eq!(verdicts, [Verdict::Captured, Verdict::NotCaptured], "seed {seed}");
            let [(worse, _), (better, _)] = fall.witnesses.as_slice() else { panic!("a pair") };
            assert_eq!(worse.axes, better.axes, "seed {seed}");
            let apart = worse.readings.iter().zip(&better.readings).filter(|(a, b)| a != b);
            assert_eq!(apart.count(), 1, "seed {seed}: {worse:?} {better:?}");
            for machine in [worse, better] {
                let of = |reading: &&Reading| reading.parameter.row().name == "contouring_axes";
                if let Some(Set::OneOf(pair)) = machine.readings.iter().find(of).map(|r| r.set) {
                    let bit = pair.trailing_zeros();
                    let asked = usize::try_from(bit / 8 + bit % 8).expect("a count");
                    assert!(asked <= machine.axes.len(), "seed {seed}: {machine:?}");
                }
            }
        }
        let open = searched.unanswered.iter().any(|question| question.contains("better in"));
        let evaluator = evaluator(list);
        for _ in 0..60 {
            let worse = machine(&mut source);
            let all = (0..worse.readings.len()).filter_map(|at| better(&worse, at));
            for better in all {
                let found = classify(&evaluator, &[worse.clone(), better]);
                let verdicts = [0, 1].map(|at: usize| found[at].outcomes[0].verdict);
                pairs += 1;
                if verdicts == [Verdict::Captured, Verdict::NotCaptured] {
                    falling += 1;
                    assert!(!falls.is_empty() || open, "seed {seed}: {worse:?}");
                }
            }
        }
    }
    assert!(told > 20 && pairs > 500 && falling > 5, "{told} {pairs} {falling}");
}
