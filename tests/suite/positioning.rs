//! Positioning figures against published data, hand-checked cases and what must not matter.

use std::path::PathBuf;

use proptest::prelude::*;
use serde_json::Value as Json;
use toolgauge::metrology::{
    AxisRuns, Conditions, Direction, Figured, Positioning, RunsReader, Scatter, Target, upr_meets,
};
use toolgauge::quantity::{Decimal, Dimension, Style, Unit, Value};
use toolgauge::table::{self, Reading};

use crate::random::Source;

pub(crate) const MM: f64 = 1e9;

pub(crate) fn folder() -> Option<PathBuf> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/oracle/iso230-2");
    path.is_dir().then_some(path)
}

pub(crate) fn json(name: &str) -> Option<Json> {
    let text = std::fs::read_to_string(folder()?.join(name)).expect("readable");
    Some(serde_json::from_str(&text).expect("JSON"))
}

pub(crate) fn read(name: &str, text: &str) -> AxisRuns {
    let table = table::read(name, text.as_bytes(), &Reading::default()).expect("a table");
    let mut reader = RunsReader::new(name, &table.header).expect("a header");
    table.records.iter().for_each(|record| reader.take(record).expect("a reading"));
    reader.finish().expect("runs").remove(0)
}

/// Compares a figure in counts with one in millimetres, to a relative 1e-9.
fn close(what: &str, found: f64, expected: &Json) {
    let expected = expected.as_f64().unwrap_or_else(|| panic!("{what}: {expected}"));
    let found = found / MM;
    let allowed = 1e-9 * expected.abs().max(1e-12);
    assert!((found - expected).abs() <= allowed, "{what}: {found} is not {expected}");
}

fn figure(what: &str, found: Figured, expected: &Json) {
    close(what, found.unwrap_or_else(|r| panic!("{what}: {}", r.text())).value, expected);
}

fn compare(set: &str, found: &Positioning, expected: &Json) {
    let free = &expected["k_free"];
    for (name, figured) in [
        ("B", found.reversal[0]),
        ("B_mean", found.reversal[1]),
        ("M", found.mean_deviation),
        ("E", found.systematic),
        ("E_fwd", found.systematic_one_way[0]),
        ("E_bwd", found.systematic_one_way[1]),
    ] {
        figure(&format!("{set} {name}"), figured, &free[name]);
    }
    for (group, of) in [("k2_1997_2006_2014", &found.two), ("k3_1988", &found.three)] {
        let Scatter { repeatability_one_way: [up, down], accuracy_one_way: [a_up, a_down], .. } =
            of;
        for (name, figured) in [
            ("R_fwd", *up),
            ("R_bwd", *down),
            ("R", of.repeatability),
            ("A_fwd", *a_up),
            ("A_bwd", *a_down),
            ("A", of.accuracy),
        ] {
            figure(&format!("{set} {group} {name}"), figured, &expected[group][name]);
        }
        for (at, value) in of.repeatability_at.iter().enumerate() {
            close(&format!("{set} R_{at}"), value.expect("R_i"), &expected[group]["R_i"][at]);
        }
    }
    let upr = &expected["k2_1997_2006_2014"]["UPR_min_of_Rfwd_Rbwd"];
    figure(&format!("{set} UPR"), found.upr, upr);
    for (name, figured) in [
        ("U_max", found.vdi.reversal[0]),
        ("U_mean", found.vdi.reversal[1]),
        ("Ps_max", found.vdi.scatter[0]),
        ("Ps_mean", found.vdi.scatter[1]),
        ("Pa", found.vdi.deviation),
        ("P", found.vdi.uncertainty),
    ] {
        figure(&format!("{set} {name}"), figured, &expected["vdi_dgq_3441"][name]);
    }
    let per = &expected["per_target"];
    for (at, target) in found.targets.iter().enumerate() {
        for (name, value) in [
            ("mean_fwd", target.mean[0]),
            ("mean_bwd", target.mean[1]),
            ("mean_bidir", target.both()),
            ("s_fwd", target.s[0]),
            ("s_bwd", target.s[1]),
            ("B_i", target.reversal()),
        ] {
            close(&format!("{set} {name} {at}"), value.expect("a value"), &per[name][at]);
        }
    }
}

#[test]
fn published_data_sets_come_out_as_recomputed() {
    let Some(expected) = json("expected.json") else {
        println!("skipped: no published positioning data beside the project");
        return;
    };
    let sets = expected.as_object().expect("sets");
    for (set, of) in sets {
        let path = folder().expect("there").join(format!("{set}.csv"));
        let text = std::fs::read_to_string(path).expect("readable");
        compare(set, &Positioning::of(&read(set, &text)), &of["expected"]);
    }
    println!("{} published data sets agree to a relative 1e-9", sets.len());
}

#[test]
fn hand_checked_cases_come_out_as_checked() {
    let Some(cases) = json("analytic.json") else {
        println!("skipped: no hand-checked cases beside the project");
        return;
    };
    for (name, case) in cases.as_object().expect("cases") {
        let mm = Unit::named(Dimension::Length, "mm").expect("a unit");
        let exact = |text: &Json| {
            let text = text.as_str().expect("a decimal");
            let number = Decimal::parse(text, Style::default()).expect("a decimal");
            number.value(mm).expect("fits")
        };
        let side = |side: &str, at: usize, position: Value| -> Vec<i64> {
            let readings = case[side][at].as_array().expect("runs");
            readings.iter().map(|r| exact(r).count() - position.count()).collect()
        };
        let positions = case["targets"].as_array().expect("targets");
        let targets = positions.iter().enumerate().map(|(at, position)| {
            let position = exact(position);
            let (up, down) = (side("forward", at, position), side("backward", at, position));
            Target { position, up, down }
        });
        compare(name, &Positioning::of(&axis(targets.collect())), &case["expected"]);
    }
}

pub(crate) fn axis(targets: Vec<Target>) -> AxisRuns {
    AxisRuns {
        axis: String::new(),
        dimension: Dimension::Length,
        targets,
        remarks: Vec::new(),
        conditions: Conditions::default(),
    }
}

pub(crate) fn draw(source: &mut Source) -> AxisRuns {
    let mut reading = |width: u64| i64::try_from(source.below(width)).expect("small") - 4_000_000;
    let targets = (0..6i64).map(|at| {
        let mut side = |shift: i64| (0..5).map(|_| reading(8_000_000) + shift).collect::<Vec<_>>();
        let position = Value::from_count(at * 250_000_000_000).expect("fits");
        Target { position, up: side(at * 300_000), down: side(2_000_000) }
    });
    axis(targets.collect())
}

pub(crate) fn change(runs: &AxisRuns, with: impl Fn(&mut Target)) -> AxisRuns {
    let mut runs = runs.clone();
    runs.targets.iter_mut().for_each(with);
    runs
}

/// UPR, R↑, R↓, R, A↑, A↓, A, E, M, B of both coverage factors, in counts.
pub(crate) fn all(runs: &AxisRuns) -> Vec<f64> {
    let found = Positioning::of(runs);
    let scatter = |s: &Scatter| {
        let [r1, r2] = s.repeatability_one_way;
        let [a1, a2] = s.accuracy_one_way;
        [r1, r2, s.repeatability, a1, a2, s.accuracy]
    };
    let free = [found.upr, found.systematic, found.mean_deviation, found.reversal[0]];
    let figures = scatter(&found.two).into_iter().chain(scatter(&found.three)).chain(free);
    figures.map(|figured| figured.expect("computable").value).collect()
}

pub(crate) fn same(one: &[f64], other: &[f64]) -> bool {
    one.iter().zip(other).all(|(a, b)| (a - b).abs() <= 1e-9 * a.abs().max(b.abs()).max(1.0))
}

proptest! {
    #[test]
    fn what_must_not_matter_does_not(seed in any::<u64>()) {
        let runs = draw(&mut Source::new(seed));
        let figures = all(&runs);
        let each = |t: &mut Target, with: &dyn Fn(&mut i64)| {
            t.up.iter_mut().chain(&mut t.down).for_each(with);
        };
        let moved = change(&runs, |t| each(t, &|x| *x += 7_000_000));
        prop_assert!(same(&figures, &all(&moved)), "a constant");
        let permuted = change(&runs, |t| { t.up.reverse(); t.down.rotate_left(2); });
        prop_assert!(same(&figures, &all(&permuted)), "the order of runs");
        let scaled = change(&runs, |t| each(t, &|x| *x *= 3));
        let tripled: Vec<f64> = figures.iter().map(|figure| figure * 3.0).collect();
        prop_assert!(same(&tripled, &all(&scaled)), "a scale");
        let swapped = all(&change(&runs, |t| std::mem::swap(&mut t.up, &mut t.down)));
        let mut expected = figures.clone();
        for (a, b) in [(0, 1), (3, 4), (6, 7), (9, 10)] {
            expected.swap(a, b);
        }
        prop_assert!(same(&expected, &swapped), "the names of the directions");
        let sloped = change(&runs, |t| {
            let by = t.position.count() / 100_000;
            each(t, &|x| *x += by);
        });
        let r = |figures: &[f64]| vec![figures[0], figures[1], figures[2], figures[12]];
        prop_assert!(same(&r(&figures), &r(&all(&sloped))), "a slope leaves R and UPR alone");
    }

    #[test]
    fn the_inequalities_hold(seed in any::<u64>()) {
        let found = all(&draw(&mut Source::new(seed)));
        let [r1, r2, r, a1, a2, a, r1_88, _, r_88, _, _, a_88, upr, e, m, b] = found[..] else {
            panic!("sixteen figures")
        };
        let most = r1.max(r2);
        let le = |x: f64, y: f64| x <= y * (1.0 + 1e-12) + 1e-6;
        for (what, holds) in [
            ("UPR ≤ max(R↑, R↓) ≤ R ≤ A", le(upr, most) && le(most, r) && le(r, a)),
            ("B ≤ R and B ≤ E", le(b, r) && le(b, e)),
            ("M ≤ E ≤ M + B", le(m, e) && le(e, m + b)),
            ("E ≤ A ≤ E + max(R↑, R↓)", le(e, a) && le(a, e + most)),
            ("A↑ ≤ A, A↓ ≤ A", le(a1, a) && le(a2, a)),
            ("R↑(1988) = 1.5 R↑", (r1_88 - 1.5 * r1).abs() <= 1e-6 * r1),
            ("R ≤ R(1988) ≤ 1.5 R", le(r, r_88) && le(r_88, 1.5 * r)),
            ("1.5 A − 0.5 E ≤ A(1988)", le(1.5 * a - 0.5 * e, a_88)),
            ("A(1988) ≤ min(1.5 A, A + max R / 2)", le(a_88, (1.5 * a).min(a + most / 2.0))),
        ] {
            prop_assert!(holds, "{what}: {found:?}");
        }
    }

    #[test]
    fn the_ends_of_the_band_of_each_target_lie_r_apart(seed in any::<u64>()) {
        let found = Positioning::of(&draw(&mut Source::new(seed)));
        for scatter in [&found.two, &found.three] {
            for (target, r) in found.targets.iter().zip(&scatter.repeatability_at) {
                let ends = target.repeatability_ends(f64::from(scatter.k));
                let (low, high) = ends.expect("both sides");
                prop_assert!((high - low - r.expect("R")).abs() < 1e-6, "{target:?}");
            }
        }
    }

    #[test]
    fn the_exact_comparison_agrees_with_the_figure(seed in any::<u64>(), by in -3i64..4) {
        let runs = draw(&mut Source::new(seed));
        let upr = Positioning::of(&runs).upr.expect("computable").value;
        let limit = upr.round() as i64 + by;
        let met = upr_meets(&runs, Value::from_count(limit).expect("fits")).expect("computable");
        prop_assert_eq!(met, upr <= limit as f64);
    }
}

#[test]
fn maxima_say_where_they_occur() {
    let position = |mm: i64| Value::from_count(mm * 1_000_000_000).expect("fits");
    let quiet = |mm| Target { position: position(mm), up: vec![0, 10, 5], down: vec![0, 9, 5] };
    let mut loud = quiet(100);
    loud.down = vec![-50, 50, 0];
    let found = Positioning::of(&axis(vec![quiet(0), loud, quiet(200)]));
    let at = found.two.repeatability_one_way[1].expect("computable").at.expect("a place");
    assert_eq!((at.target, at.direction), (1, Some(Direction::Down)));
    let upr = found.upr.expect("computable").at.expect("a place");
    assert_eq!(upr.direction, Some(Direction::Up));
}
