//! Chances against every combination of values by the naive evaluator, against each other, and
//! against seeded draws.

use crate::naive::{self, Completion};
use crate::random::{self, Source};
use proptest::prelude::*;
use toolgauge::assess::{Chance, ChanceColumns, Evaluator, Spread, chances};
use toolgauge::list::List;
use toolgauge::logic::Truth;
use toolgauge::machine::{Machine, ParameterId, Set};
use toolgauge::metrology::chance_at_most;
use toolgauge::quantity::{Span, Value};
use toolgauge::rule::Method;

/// More completions than this, over all combinations of values, are not enumerated.
const COMPLETIONS_MAX: usize = 20_000;
/// The limits of random lists, by parameter, in tenths.
const LIMITS: [(&str, &str, &[u64]); 3] =
    [("upr", "µm", &[10, 20, 30]), ("travel", "m", &[10, 20]), ("bar_capacity", "mm", &[300, 400])];

/// The uncertainties of random machines: wide, so that every limit is near.
fn spreads() -> Vec<(ParameterId, Spread)> {
    let parts = [("upr", 0.3), ("travel", 0.4), ("bar_capacity", 0.1)];
    parts.map(|(name, part)| (naive::parameter(name), Spread::Part(part))).to_vec()
}

/// The values that limits tell apart, each with its probability.
fn values(name: &str, value: Value, part: f64) -> Vec<(Value, f64)> {
    let (_, unit, limits) = LIMITS.iter().find(|(known, ..)| *known == name).expect("a limit");
    let (mean, u) = (value.count() as f64, value.count() as f64 * part);
    let mut found = Vec::new();
    let (mut before, mut last) = (0.0, 0);
    for limit in *limits {
        let at = random::tenths(*limit, unit).count();
        for (representative, end) in
            [(i64::midpoint(last, at), at as f64 - 0.5), (at, at as f64 + 0.5)]
        {
            let below = chance_at_most(mean, u, end);
            found.push((representative, below - before));
            before = below;
        }
        last = at;
    }
    found.push((last + 1_000, 1.0 - before));
    found.iter().map(|(count, own)| (Value::from_count(*count).expect("fits"), *own)).collect()
}

/// The chances of capture and of an open verdict, naively; `None` where that takes too long.
fn naively(list: &List, machine: &Machine) -> Option<(f64, f64)> {
    let mut all = vec![(machine.clone(), 1.0)];
    for (at, reading) in machine.readings.iter().enumerate() {
        let name = reading.parameter.row().name;
        let spreads = spreads();
        let spread = spreads.iter().find(|(parameter, _)| *parameter == reading.parameter);
        let (Set::Span(span), Some((_, Spread::Part(part)))) = (reading.set, spread) else {
            continue;
        };
        let Some(value) = span.single() else { continue };
        let of = |(machine, chance): &(Machine, f64)| {
            let put = |(value, own): (Value, f64)| {
                let mut machine = machine.clone();
                machine.readings[at].set = Set::Span(Span::point(value));
                (machine, chance * own)
            };
            values(name, value, *part).into_iter().map(put).collect::<Vec<_>>()
        };
        all = all.iter().flat_map(of).collect();
    }
    let size: usize = naive::possibilities(list, machine).values().map(Vec::len).product();
    if size * all.len() > COMPLETIONS_MAX {
        return None;
    }
    let (mut captured, mut open) = (0.0, 0.0);
    for (machine, chance) in &all {
        match naive::truth(list, machine, &Completion::new()) {
            Truth::True => captured += chance,
            Truth::Unknown => open += chance,
            Truth::False => {}
        }
    }
    Some((captured, open))
}

fn drawn(seed: u64) -> (String, List, Machine, Evaluator) {
    let mut source = Source::new(seed);
    let text = random::list_text(&mut source);
    let list = random::list(&text);
    let machine = random::machine(&mut source);
    let evaluator = random::evaluator(list.clone());
    (text, list, machine, evaluator)
}

fn chance(evaluator: &Evaluator, machine: &Machine, correlation: f64) -> Chance {
    chances(evaluator, machine, &spreads(), correlation).expect("chances").entries[0]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, ..ProptestConfig::default() })]

    #[test]
    fn chances_are_those_of_all_values(seed in any::<u64>()) {
        let (text, list, machine, evaluator) = drawn(seed);
        let Some((captured, open)) = naively(&list, &machine) else { return Ok(()) };
        let found = chance(&evaluator, &machine, 0.0);
        prop_assert_ne!(found.method, Method::Drawn);
        let apart = (found.captured - captured).abs().max((found.open - open).abs());
        prop_assert!(apart < 1e-12, "{found:?} {captured} {open}\n{text}\n{machine:#?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    #[test]
    fn draws_agree_with_the_closed_form(seed in any::<u64>()) {
        let (text, _, machine, evaluator) = drawn(seed);
        let closed = chance(&evaluator, &machine, 0.0);
        // As good as independent, and yet drawn.
        let drawn = chance(&evaluator, &machine, 1e-12);
        // A sum of chances may be one and a rounding.
        let errors = |p: f64| ((p * (1.0 - p)).max(0.0) / 20_000.0).sqrt();
        for (closed, drawn) in [(closed.captured, drawn.captured), (closed.open, drawn.open)] {
            let apart = (closed - drawn).abs();
            // Forty machines, two figures each: four standard errors, not three.
            prop_assert!(apart <= 4.0 * errors(closed) + 1e-4, "{closed} {drawn}\n{text}");
        }
    }

    #[test]
    fn a_machine_has_the_same_chances_alone_and_among_others(seed in any::<u64>()) {
        let (_, _, first, evaluator) = drawn(seed);
        let mut source = Source::new(seed ^ 1);
        let mut machines: Vec<Machine> = (0..7).map(|_| random::machine(&mut source)).collect();
        machines.push(first);
        let root = evaluator.program.entries()[0].verdict;
        let together = ChanceColumns::of(&evaluator, &machines, &spreads());
        let together = together.chances(&evaluator, root, 0.0).expect("chances");
        for (machine, among) in machines.iter().zip(together) {
            let alone = chance(&evaluator, machine, 0.0);
            prop_assert!((alone.captured - among.captured).abs() < 1e-12);
            prop_assert!((alone.open - among.open).abs() < 1e-12);
        }
    }
}

#[test]
fn an_unknown_travel_that_the_limit_hangs_on_is_taken_piece_by_piece() {
    let text = "format = 1\nkind = \"proposal\"\nlist = \"x/1\"\nedition = \"a\"\n\
        jurisdiction = \"X\"\ntitle = \"by travel\"\ncarrier = \"none\"\nroot = \"1\"\n\
        source = \"a test\"\n[clause.\"1\"]\ntext = \"t\"\nwhen = { any = [\
        { axis = { some = \"linear\", upr = { at_most = \"0.9 um\" }, \
        travel = { below = \"1 m\" } } },\
        { axis = { some = \"linear\", upr = { at_most = \"1.1 um\" }, \
        travel = { at_least = \"1 m\" } } } ] }\n";
    let evaluator = random::evaluator(random::list(text));
    let upr = [(naive::parameter("upr"), Spread::Part(0.1))];
    let of = |travel: &str| {
        let text = format!("id,axes,axes_complete,upr_x_um,travel_x_mm\nm,X,yes,1,{travel}\n");
        let machines = crate::measured::read(&text).machines;
        chances(&evaluator, &machines[0], &upr, 0.0).expect("chances").entries[0]
    };
    let (short, long, unknown) = (of("500"), of("1500"), of(""));
    assert_eq!((short.method, long.method), (Method::Columns, Method::Columns));
    assert_eq!(unknown.method, Method::Pieces);
    // Whatever the travel is, up to 0.9 µm is captured and beyond 1.1 µm is not.
    assert!((unknown.captured - short.captured).abs() < 1e-12, "{unknown:?} {short:?}");
    assert!((unknown.cleared - long.cleared).abs() < 1e-12, "{unknown:?} {long:?}");
    assert!((short.captured - chance_at_most(1.0, 0.1, 0.9)).abs() < 1e-5, "{short:?}");
}

/// A list with one axis test whose limit grows with the travel, and what it says of a machine.
fn sloped(travel: &str, spreads: &[(ParameterId, Spread)]) -> Chance {
    let text = "format = 1\nkind = \"proposal\"\nlist = \"x/1\"\nedition = \"a\"\n\
        jurisdiction = \"X\"\ntitle = \"sloped\"\ncarrier = \"none\"\nroot = \"1\"\n\
        source = \"a test\"\n[clause.\"1\"]\ntext = \"t\"\nwhen = { axis = { some = \"linear\", \
        upr = { at_most = { base = \"1 um\", add = \"0.5 um\", per = \"1 m\", of = \"travel\", \
        beyond = \"1 m\" } } } }\n";
    let evaluator = random::evaluator(random::list(text));
    let header = "id,axes,axes_complete,upr_x_um,travel_x_mm";
    let machines = crate::measured::read(&format!("{header}\nm,X,yes,1.4,{travel}\n")).machines;
    chances(&evaluator, &machines[0], spreads, 0.0).expect("chances").entries[0]
}

#[test]
fn a_limit_that_depends_on_another_reading_has_chances() {
    let upr = (naive::parameter("upr"), Spread::Part(0.1));
    let travel = (naive::parameter("travel"), Spread::Part(0.2));
    // 2 m of travel: the limit is 1.5 µm, known, and the form is closed.
    let closed = sloped("2000", &[upr]);
    let wanted = chance_at_most(1.4, 0.14, 1.5);
    assert!(closed.method != Method::Drawn, "{closed:?}");
    assert!((closed.captured - wanted).abs() < 1e-5, "{closed:?} {wanted}");
    assert_eq!(closed.open, 0.0);
    // The travel is uncertain too: 1 + 0.5 (travel − 1 m) − upr is normal, u² = 0.14² + 0.2².
    let both = sloped("2000", &[upr, travel]);
    let wanted = chance_at_most(1.4, 0.14f64.hypot(0.2), 1.5);
    assert_eq!(both.method, Method::Drawn);
    assert!((both.captured - wanted).abs() <= 3.0 * both.standard_error(), "{both:?} {wanted}");
    // Unknown: the limit may be anywhere from 1 µm on, and only what is below that is captured.
    let unknown = sloped("", &[upr]);
    let least = chance_at_most(1.4, 0.14, 1.0);
    assert!((unknown.captured - least).abs() < 1e-5 && unknown.cleared < 1e-6, "{unknown:?}");
    assert!((unknown.open - (1.0 - least)).abs() < 1e-5, "{unknown:?}");
}
