//! Curves and maps of random lists over random machines: what running the list again at every value
//! where something turns, and beside it, gives.

use std::sync::atomic::{AtomicBool, Ordering};

use toolgauge::assess::{Drawn, Map, Sweep, Verdict, classify};
use toolgauge::catalogue::Catalogue;
use toolgauge::evidence::Assumptions;
use toolgauge::list::{Against, Condition, Dial, List, parse_list};
use toolgauge::machine::{Fitting, Kind, Machine, Set};
use toolgauge::quantity::{Span, Value};
use toolgauge::record::CatalogueRecord;
use toolgauge::report::{Ground, sweep_text};

use crate::random::{Source, evaluator, list, list_text, machine, reading, tenths};

/// Machines with options, and with axes that are not listed.
fn machines(source: &mut Source, count: usize) -> Vec<Machine> {
    let mut made = Vec::new();
    for _ in 0..count {
        let mut one = machine(source);
        one.axes_complete = source.chance(70);
        if source.chance(25) {
            let name = "scales".to_owned();
            one.fittings.push(Fitting { name, ..Fitting::default() });
            let value = tenths(5 + source.below(30), "µm");
            let mut better = reading("upr", Some(0), crate::naive::point(value));
            better.option = Some(0);
            one.readings.push(better);
        }
        made.push(one);
    }
    made
}

/// Every limit on a quantity of a list as a dial, and pairs of them tied together.
pub fn dials(list: &List, source: &mut Source) -> Vec<Dial> {
    let mut places: Vec<String> = Vec::new();
    let clauses = list.clauses.iter().map(|clause| (&clause.id, &clause.when));
    for (id, when) in clauses.chain(list.notes.iter().map(|note| (&note.id, &note.when))) {
        when.walk(&mut |part: &Condition| {
            let Condition::Test(test) = part else { return };
            let Against::Limits(limits) = &test.against else { return };
            let row = test.parameter.row();
            if matches!(row.kind, Kind::Quantity { .. }) {
                let place = |word: &str| format!("{id}:{}:{word}", row.name);
                places.extend(limits.iter().map(|(comparator, _)| place(comparator.word())));
            }
        });
    }
    if places.len() > 1 {
        let of = |place: &String| place.split(':').nth(1).expect("a field").to_owned();
        let (one, other) = (source.below(places.len() as u64), source.below(places.len() as u64));
        let pair = [one, other].map(|at| places[usize::try_from(at).expect("small")].clone());
        if pair[0] != pair[1] && of(&pair[0]) == of(&pair[1]) {
            places.push(format!("{}, {}+0.7 um", pair[0], pair[1]));
        }
    }
    places.iter().filter_map(|place| Dial::read(list, place).ok()).collect()
}

/// Every two limits on one field tied together.
fn tied(dials: &[Dial], list: &List) -> Vec<Dial> {
    let field = |dial: &Dial| dial.name.split(':').nth(1).map(str::to_owned);
    let single = |dial: &&Dial| !dial.name.contains(',');
    let mut found = Vec::new();
    for (at, one) in dials.iter().filter(single).enumerate() {
        for other in dials.iter().filter(single).skip(at + 1) {
            if field(one) == field(other) {
                let name = format!("{}, {}+0.7 um", one.name, other.name);
                found.extend(Dial::read(list, &name));
            }
        }
    }
    found
}

/// Weights of which no two sums are alike, so that a sum says which machines it is of.
fn weights(machines: &[Machine]) -> Vec<Option<Value>> {
    (0..machines.len()).map(|at| Value::from_count(1 << at)).collect()
}

/// Which machines a list captures, certainly and possibly, as the sums of their weights.
fn sums(list: List, machines: &[Machine]) -> (i128, i128) {
    let found = classify(&evaluator(list), machines);
    let sum = |wanted: &[Verdict]| {
        let of = found.iter().enumerate();
        of.filter(|(_, result)| wanted.contains(&result.outcomes[0].verdict))
            .map(|(at, _)| 1 << at)
            .sum()
    };
    (sum(&[Verdict::Captured]), sum(&[Verdict::Captured, Verdict::Undetermined]))
}

fn values(sweep: &Sweep) -> Vec<Value> {
    let turns = sweep.points.iter().filter_map(|point| point.from).map(Value::count);
    let around = turns.chain([sweep.stands.count()]).flat_map(|at| [at - 1, at, at + 1]);
    let mut all: Vec<Value> = around.filter_map(Value::from_count).collect();
    all.sort_unstable();
    all.dedup();
    all
}

#[test]
fn curves_over_limits_that_depend_on_another_reading_are_what_running_them_again_gives() {
    let slope = "{ base = \"2 um\", add = \"1.5 um\", per = \"1 m\", of = \"travel\", beyond = \
                 \"1 m\" }";
    let (mut of, mut turned) = ([0, 0, 0], 0);
    for seed in 0..60 {
        let mut source = Source::new(seed);
        let text = list_text(&mut source).replace("\"2 um\"", slope);
        let Ok(list) = parse_list("x.toml", &text, &mut |_| Err(Vec::new())) else {
            panic!("seed {seed}: {text}")
        };
        let machines = machines(&mut source, 8);
        let (weights, marks) = (weights(&machines), vec![None; machines.len()]);
        let runs = evaluator(list.clone());
        if !text.contains(slope) {
            continue;
        }
        for dial in dials(&list, &mut source).iter().take(6) {
            let sweep = Sweep::new(&runs, dial, &machines, &weights, &marks, |_, _| ());
            let sweep = sweep.expect("a curve");
            let kind = match &sweep.limits[0] {
                limit if limit.slope.is_some() => 0,
                limit if limit.parameter.row().name == "travel" => 1,
                _ => 2,
            };
            // Also where nothing is said to turn.
            let step = |number: i64| Value::from_count(number * 123_457_000_000 / 10);
            let more = (0..25)
                .filter_map(step)
                .chain((0..40).filter_map(|n| Value::from_count(n * 123_457)));
            for value in values(&sweep).into_iter().chain(more) {
                let captured = sweep.at(value).captured;
                let swept = (captured.certain.weight, captured.possible.weight);
                let again = sums(list.with(dial, value), &machines);
                let at = value.count();
                assert_eq!(swept, again, "seed {seed}, {} at {at}\n{text}", dial.name);
                of[kind] += 1;
            }
            turned += sweep.turners.len();
        }
    }
    assert!(of.iter().all(|compared| *compared > 500) && turned > 80, "{of:?} {turned}");
}

#[test]
fn curves_and_maps_of_random_lists_are_what_running_them_again_gives() {
    let (mut one_way, mut two_way, mut compared, mut cells, mut long) = (0, 0, 0, 0, 0);
    for seed in 0..150 {
        let mut source = Source::new(seed);
        let list = list(&list_text(&mut source));
        let machines = machines(&mut source, 8);
        let weights = weights(&machines);
        let runs = evaluator(list.clone());
        assert_eq!(runs.setup.policy.assumptions, Assumptions::default());
        let dials = dials(&list, &mut source);
        let mut all = Vec::new();
        for dial in dials.iter().take(4) {
            let drawn = Drawn::new(&runs, &[dial], &machines).expect("it compiles");
            if drawn.is_some() {
                one_way += 1
            } else {
                two_way += 1
            }
            let marks = vec![None; machines.len()];
            let sweep = Sweep::new(&runs, dial, &machines, &weights, &marks, |_, _| ());
            let sweep = sweep.expect("a curve");
            for value in values(&sweep) {
                let captured = sweep.at(value).captured;
                let swept = (captured.certain.weight, captured.possible.weight);
                let again = sums(list.with(dial, value), &machines);
                let at = value.count();
                assert_eq!(swept, again, "seed {seed}, {} at {at}", dial.name);
                compared += 1;
            }
            let picked = values(&sweep);
            all.push(picked.into_iter().step_by(3).take(5).collect::<Vec<Value>>());
        }
        let (Some([first, second]), Some([a, b])) = (dials.get(..2), all.get(..2)) else {
            continue;
        };
        let pair = [first, second];
        let map = Map::at(&runs, pair, &machines, &weights, [a.clone(), b.clone()], |_, _| ());
        let map = map.expect("a map");
        for (row, a) in map.first.iter().enumerate() {
            for (column, b) in map.second.iter().enumerate() {
                let again = sums(list.with(first, *a).with(second, *b), &machines);
                let found = map.captured[row][column];
                let found = (found.certain.weight, found.possible.weight);
                let (a, b) = (a.count(), b.count());
                assert_eq!(found, again, "seed {seed}: {} {a}, {} {b}", first.name, second.name);
                cells += 1;
            }
        }
        // More places than a byte holds are counted alike.
        if Drawn::new(&runs, &pair, &machines).expect("it compiles").is_some() {
            let lowest = a.first().map_or(0, |value| value.count());
            let below = (1..400).filter_map(|by| Value::from_count(lowest - by * 7));
            let longer: Vec<Value> = below.chain(a.iter().copied()).collect();
            let wide = Map::at(&runs, pair, &machines, &weights, [longer, b.clone()], |_, _| ());
            let wide = wide.expect("a map");
            assert_eq!(wide.captured[wide.first.len() - a.len()..], map.captured, "seed {seed}");
            long += 1;
        }
    }
    assert!(
        one_way > 300 && compared > 2000 && cells > 400 && long > 20,
        "{one_way} {two_way} {compared} {cells} {long}"
    );
}

#[test]
fn dials_met_in_both_directions_are_what_running_the_list_at_every_breakpoint_gives() {
    let (mut dials_seen, mut compared, mut turns, mut alone) = (0, 0, 0, 0);
    for seed in 0..60 {
        let mut source = Source::new(1_000 + seed);
        let list = list(&list_text(&mut source));
        let mut machines = machines(&mut source, 6);
        // Half of the catalogues say every reading exactly.
        let exact = seed % 2 == 0;
        for machine in machines.iter_mut().filter(|_| exact) {
            for reading in &mut machine.readings {
                if let Set::Span(span) = &mut reading.set
                    && let Some(low) = span.low().or(span.high())
                {
                    *span = Span::point(low);
                }
            }
        }
        let runs = evaluator(list.clone());
        let both =
            |dial: &Dial| Drawn::new(&runs, &[dial], &machines).expect("it compiles").is_none();
        let all = tied(&dials(&list, &mut source), &list);
        for dial in all.iter().filter(|dial| both(dial)).take(2) {
            let (weights, marks) = (weights(&machines), vec![None; machines.len()]);
            let again = AtomicBool::new(false);
            let ran = |_: usize, _: usize| again.store(true, Ordering::Relaxed);
            let sweep = Sweep::new(&runs, dial, &machines, &weights, &marks, ran);
            let sweep = sweep.expect("a curve");
            alone += usize::from(!again.into_inner());
            turns += sweep.turners.len();
            // Wherever a limit passes an end of a reading, and beside it.
            let spans =
                machines.iter().flat_map(|one| &one.readings).filter_map(|one| match &one.set {
                    Set::Span(span) => Some([span.low(), span.high()]),
                    _ => None,
                });
            let ends: Vec<i64> = spans.flatten().flatten().map(Value::count).collect();
            let offsets = dial.moves.iter().map(|one| one.offset.count());
            let mut breaks: Vec<i64> = offsets
                .flat_map(|offset| ends.iter().map(move |end| end - offset))
                .flat_map(|at| [at - 1, at, at + 1])
                .chain(values(&sweep).iter().map(|value| value.count()))
                .collect();
            breaks.sort_unstable();
            breaks.dedup();
            for at in breaks {
                let value = Value::from_count(at).expect("small");
                let captured = sweep.at(value).captured;
                let swept = (captured.certain.weight, captured.possible.weight);
                let again = sums(list.with(dial, value), &machines);
                assert_eq!(swept, again, "seed {seed}, {} at {at}", dial.name);
                compared += 1;
            }
            dials_seen += 1;
        }
    }
    // Most of them without running the list again for any machine.
    let some = dials_seen > 20 && compared > 800 && turns > 20 && alone > 10;
    assert!(some, "{dials_seen} {compared} {turns} {alone}");
}

/// A random list of which a definition is met where it stands and with its limits moved, by one
/// reference or by one within another.
fn moved_text(source: &mut Source) -> String {
    let [tenths, more] = [source.pick(&[2, 3, 7]), source.pick(&[1, 4, 10])];
    let (at, word) = (source.pick(&[1, 2, 3]), source.pick(&["at_most", "below"]));
    let travel = source.pick(&["", ", travel = { below = \"1.5 m\" }", ", letter = [\"X\"]"]);
    let how = source.pick(&["some", "every"]);
    let moved = |name: &str, by: u64| {
        format!("{{ defined = \"{name}\", shift = {{ upr = \"{} um\" }} }}", by as f64 / 10.0)
    };
    let axis = format!("axis = {{ {how} = \"linear\", upr = {{ {word} = \"{at} um\" }}{travel} }}");
    let wide = source.pick(&["near", "far"]);
    format!(
        "format = 1\nkind = \"proposal\"\nlist = \"x/1\"\nedition = \"a\"\n\
         jurisdiction = \"X\"\ntitle = \"t\"\ncarrier = \"c\"\nroot = \"1\"\nsource = \"s\"\n\
         [clause.\"1\"]\ntext = \"t\"\njoin = \"any\"\n\
         [clause.\"1.a\"]\ntext = \"t\"\n\
         when = {{ all = [{{ defined = \"{wide}\" }}, {{ not = {{ defined = \"fine\" }} }}] }}\n\
         [clause.\"1.b\"]\ntext = \"t\"\nwhen = {{ process = [\"turning\"], defined = \"far\" }}\n\
         [define.fine]\ntext = \"t\"\nwhen = {{ {axis} }}\n\
         [define.near]\ntext = \"t\"\nwhen = {{ all = [{}] }}\n\
         [define.far]\ntext = \"t\"\nwhen = {{ all = [{}] }}\n",
        moved("fine", tenths),
        moved("near", more)
    )
}

#[test]
fn limits_that_references_move_are_passed_where_they_are_moved_to() {
    let (mut compared, mut turns, mut cells) = (0, 0, 0);
    for seed in 0..40 {
        let mut source = Source::new(5_000 + seed);
        let text = moved_text(&mut source);
        let list = list(&text);
        let machines = machines(&mut source, 6);
        let runs = evaluator(list.clone());
        let dial = Dial::read(&list, "fine:upr").expect("a dial");
        let (weights, marks) = (weights(&machines), vec![None; machines.len()]);
        let sweep = Sweep::new(&runs, &dial, &machines, &weights, &marks, |_, _| ());
        let sweep = sweep.expect("a curve");
        turns += sweep.turners.len();
        // Every tenth of a micrometre, which is where ends of readings less what moves them lie.
        let grid = (1..40).map(|at| tenths(at, "µm").count());
        for at in grid.flat_map(|at| [at - 1, at, at + 1]) {
            let value = Value::from_count(at).expect("small");
            let captured = sweep.at(value).captured;
            let swept = (captured.certain.weight, captured.possible.weight);
            let again = sums(list.with(&dial, value), &machines);
            assert_eq!(swept, again, "seed {seed} at {at}\n{text}");
            compared += 1;
        }
        // A map has a row wherever something turns.
        let Ok(other) = Dial::read(&list, "fine:travel") else { continue };
        let pair = [&dial, &other];
        let map = Map::new(&runs, pair, &machines, &weights, 200, |_, _| ()).expect("a map");
        let turn = |point: &toolgauge::assess::Point| point.from;
        assert!(sweep.points.iter().filter_map(turn).all(|value| map.first.contains(&value)));
        for (row, a) in map.first.iter().enumerate().take(6) {
            for (column, b) in map.second.iter().enumerate().take(3) {
                let again = sums(list.with(&dial, *a).with(&other, *b), &machines);
                let found = map.captured[row][column];
                assert_eq!((found.certain.weight, found.possible.weight), again, "seed {seed}");
                cells += 1;
            }
        }
    }
    assert!(compared > 4_000 && turns > 40 && cells > 30, "{compared} {turns} {cells}");
}

#[test]
fn limits_that_are_not_tied_as_the_list_has_them_are_said() {
    let list = crate::proposals::list("eu/2B001");
    let text = |dial: &str| {
        let dial = Dial::read(&list, dial).expect("a dial");
        let runs = evaluator(list.clone());
        let sweep = Sweep::new(&runs, &dial, &[], &[], &[], |_, _| ()).expect("a curve");
        let none = CatalogueRecord::of(&Catalogue::default(), String::new());
        let ground = Ground::of(&runs, &[&dial], &none, Default::default()).expect("limits");
        sweep_text(&sweep, &ground, Value::from_count(100_000_000).expect("10 %"))
    };
    // The list says 0.9 µm and 1.1 µm.
    let tied = text("2B001.b.1.a:upr, 2B001.b.1.b:upr+0.2um");
    assert!(tied.contains("\n  2B001.b.1.b upr at most 1.1 µm\n"), "{tied}");
    assert!(tied.contains("\nAt 0.9 µm: 0 of 0") && !tied.contains("as it stands"), "{tied}");
    for (dial, turned, offset) in [
        ("2B001.b.1.a:upr, 2B001.b.1.b:upr+5um", "5.9 µm", "+0.2 µm"),
        ("2B001.b.1.a:upr, 2B001.b.1.b:upr", "0.9 µm", "+0.2 µm"),
        ("2B001.b.1.a:upr+0.1um, 2B001.b.1.b:upr+0.2um", "1 µm", "+0.3 µm"),
    ] {
        let text = text(dial);
        for words in [
            format!("2B001.b.1.b upr at most {turned}, where the list says 1.1 µm\n"),
            format!(
                "`2B001.b.1.b:upr` would be tied as the list has it by an offset of {offset}\n"
            ),
            "which is not the list as it stands: 0 of 0".to_owned(),
        ] {
            assert!(text.contains(&words), "`{words}` is not in {text}");
        }
    }
    // Each limit is said in its own unit.
    let mixed = text("2B001.b.1.a:upr, 2B001.b.1.a:travel");
    let words = "\n  2B001.b.1.a travel below 0.0009 mm, where the list says 1000 mm\n";
    assert!(mixed.contains(words), "{mixed}");
    // The first may be the larger one.
    let tied = text("2B001.b.1.b:upr, 2B001.b.1.a:upr");
    assert!(
        tied.contains("an offset of -0.2 µm") || tied.contains("an offset of −0.2 µm"),
        "{tied}"
    );
}
