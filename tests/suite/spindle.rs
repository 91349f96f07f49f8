//! Spindles and slides: figures against independent results, analytic cases, and brute force.

use toolgauge::metrology::{
    Motion, NoWindows, Parts, STEPS_FEW, Slide, SlideReader, Spindle, Turns, TurnsReader,
};
use toolgauge::quantity::Value;
use toolgauge::table::{self, Reading};

use crate::random::Source;

const UM: f64 = 1e6;

fn turns(name: &str, text: &str) -> Turns {
    let table = table::read(name, text.as_bytes(), &Reading::default()).expect("a table");
    let mut reader = TurnsReader::new(name, &table.header).expect("a header");
    table.records.iter().for_each(|record| reader.take(record).expect("a row"));
    reader.finish().expect("turns")
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * a.abs().max(b.abs()).max(1.0)
}

#[test]
fn measured_spindles_give_the_independent_results() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/oracle/spindle");
    let Ok(text) = std::fs::read_to_string(folder.join("expected.json")) else {
        println!("skipped: no measured spindles beside the project");
        return;
    };
    let expected: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    for (name, set) in expected.as_object().expect("sets") {
        let Some(expected) = set.get("expected") else { continue };
        let text = std::fs::read_to_string(folder.join(format!("{name}.csv"))).expect("a set");
        let turns = turns(name, &text);
        let [radial, axial] = [Motion::Radial, Motion::Axial].map(|m| Spindle::of(&turns, m));
        let mm = |value: f64| value / UM / 1000.0;
        for (key, value) in [
            ("tir_all", radial.tir_all),
            ("tir_rev_max", radial.tir_max.0),
            ("tir_rev_mean", radial.tir_mean),
            ("lsq_mean", radial.centre[0]),
            ("lsq_cos1", radial.centre[1]),
            ("lsq_sin1", radial.centre[2]),
            ("fundamental_amplitude", radial.fundamental),
            ("synchronous_value_fundamental_removed", radial.synchronous.expect("turns")),
            ("synchronous_value_fundamental_kept", axial.synchronous.expect("turns")),
            ("asynchronous_value", radial.asynchronous.expect("turns").0),
            ("asynchronous_value", axial.asynchronous.expect("turns").0),
            ("total_value_fundamental_removed", radial.total),
            ("total_value_fundamental_kept", axial.total),
        ] {
            let wanted = expected[key].as_f64().expect(key);
            assert!(close(mm(value), wanted), "{name} {key}: {} and {wanted}", mm(value));
        }
        let per_turn = expected["tir_per_rev"].as_array().expect("turns");
        assert_eq!(
            (radial.turns as u64, per_turn.len()),
            (expected["n_rev"].as_u64().unwrap(), radial.turns)
        );
        assert_eq!(radial.steps as u64, expected["n_angle"].as_u64().unwrap());
        for (found, wanted) in radial.tir.iter().zip(per_turn) {
            assert!(close(mm(*found), wanted.as_f64().expect("a figure")), "{name}: TIR of a turn");
        }
        let step = expected["asynchronous_at_angle_index"].as_u64().expect("a step") as usize;
        assert_eq!(radial.asynchronous.expect("turns").1, step, "{name}");
        assert!(turns.remarks.iter().any(|remark| remark.contains("turns")), "fewer than twenty");
        // Without its fundamental a curve cannot spread more than (1 + 4/π) TIR.
        assert!(
            radial.synchronous.expect("turns")
                <= radial.tir_all * (1.0 + 4.0 / std::f64::consts::PI)
        );
    }
}

#[test]
fn pure_waves_have_their_analytic_figures() {
    let mut text = "rev,angle_deg,x_um,y_um\n".to_owned();
    for turn in 0..3 {
        for step in 0..64 {
            // An axis that wanders on a circle of 2 µm at twice the speed of the spindle.
            let angle = f64::from(step) * std::f64::consts::TAU / 64.0;
            let (x, y) = (2.0 * (2.0 * angle).cos(), 2.0 * (2.0 * angle).sin());
            text += &format!("{turn},{},{x:.6},{y:.6}\n", f64::from(step) * 360.0 / 64.0);
        }
    }
    // Turned with the spindle: 2 cos(2θ) cos θ + 2 sin(2θ) sin θ = 2 cos θ, once a turn.
    let found = Spindle::of(&turns("x", &text), Motion::Radial);
    assert!((found.fundamental / UM - 2.0).abs() < 1e-5, "{}", found.fundamental);
    assert!(
        found.synchronous.expect("turns") / UM < 1e-5
            && found.asynchronous.expect("turns").0 == 0.0
    );
    assert!((found.tir_max.0 / UM - 4.0).abs() < 1e-5, "an eccentricity e has the TIR 2e");
    assert!(
        (Spindle::of(&turns("x", &text), Motion::Axial).synchronous.expect("turns") / UM - 4.0)
            .abs()
            < 1e-5
    );
}

#[test]
fn bad_turns_say_what_is_wrong() {
    for (text, word) in [
        ("rev,angle_deg\n1,0\n", "displacements"),
        ("rev,angle_deg,displacement_arcsec\n1,0,1\n", "no length"),
        ("rev,angle_index,displacement_um\n1,0,NaN\n", "not a reading"),
        ("rev,angle_index,displacement_um\n1,0,1\n1,0,1\n", "line 2"),
        ("rev,angle_index,displacement_um\n1,0,1\n2,1,1\n", "angles of turn 1"),
        ("rev,angle_index,displacement_um\n1,0,1\n", "eight"),
        ("rev,angle_deg,displacement_um\n", "no reading"),
    ] {
        let table = table::read("t.csv", text.as_bytes(), &Reading::default()).expect("a table");
        let read = || {
            let mut reader = TurnsReader::new("t.csv", &table.header)?;
            table.records.iter().try_for_each(|record| reader.take(record))?;
            reader.finish()
        };
        let error = read().expect_err(text).to_string();
        assert!(error.contains(word), "{text}: {error}");
    }
}

/// A slide with these positions in mm and its angles in arc seconds.
fn slide(points: &[(u64, u64)]) -> Slide {
    let rows: String = points.iter().map(|(at, angle)| format!("{at},{angle}\n")).collect();
    let text = format!("position_mm,yaw_arcsec\n{rows}");
    let table = table::read("s.csv", text.as_bytes(), &Reading::default()).expect("a table");
    let mut reader = SlideReader::new("s.csv", &table.header).expect("a header");
    table.records.iter().for_each(|record| reader.take(record).expect("a row"));
    reader.finish().expect("slides").remove(0)
}

const MM: i64 = 1_000_000_000;
const ARCSEC: i64 = 1_000_000;

fn window() -> Value {
    Value::from_count(300 * MM).expect("300 mm")
}

/// Slides of random steps and angles, in mm and arc seconds.
fn random_slides(steps: (u64, u64), count: u64) -> Vec<Vec<(u64, u64)>> {
    let mut source = Source::new(7);
    let mut slide = |_| {
        let (mut position, mut angle) = (0, 20);
        let points = (0..2 + source.below(count)).map(|_| {
            position += steps.0 + source.below(steps.1 - steps.0);
            angle = (angle + source.below(5)).saturating_sub(2);
            (position, angle)
        });
        points.collect()
    };
    (0..300).map(&mut slide).collect()
}

#[test]
fn windows_of_slides_are_those_of_brute_force() {
    let (mut bounded, mut open) = (0, 0);
    for points in [random_slides((1, 121), 20), random_slides((20, 75), 20)].concat() {
        let found = slide(&points).windows(window(), None);
        let angles: Vec<u64> = points.iter().map(|(_, angle)| *angle).collect();
        if angles.iter().all(|angle| *angle == angles[0]) {
            assert_eq!(found, Err(NoWindows::Still));
            continue;
        }
        let (first, last) = (points[0].0, points[points.len() - 1].0);
        let reach = (last - first).min(300);
        // Every placement in steps of half a millimetre: those that begin or end at a position, and
        // those between.
        let spread = |from: u64, to: u64| {
            let inside = points.iter().filter(|(at, _)| 2 * at >= from && 2 * at <= to);
            let angles: Vec<u64> = inside.map(|(_, angle)| *angle).collect();
            angles.iter().max().map_or(0, |max| max - angles.iter().min().unwrap())
        };
        let (mut least, mut most) = (Vec::new(), Vec::new());
        for from in 2 * first..=2 * (last - reach) {
            let to = from + 2 * reach;
            let within = points.iter().filter(|(at, _)| (from..=to).contains(&(2 * at))).count();
            let before = points.iter().map(|(at, _)| 2 * at).filter(|at| *at <= from).max();
            let after = points.iter().map(|(at, _)| 2 * at).find(|at| *at >= to);
            let (before, after) = (before.unwrap(), after.unwrap());
            let all = points.iter().filter(|(at, _)| (before..=after).contains(&(2 * at)));
            let all: Vec<u64> = all.map(|(at, _)| *at).collect();
            // What moves between few positions, or such as lie further apart than 2 / 5 of the
            // window, nothing bounds; nor what does not move at all.
            let close = all.windows(2).all(|pair| 1000 * (pair[1] - pair[0]) <= 400 * reach);
            let known = within >= 5 && close;
            let high = spread(before, after);
            least.push((spread(from, to), within));
            most.push(Some(high).filter(|high| known && *high > 0));
        }
        if least.iter().all(|(_, within)| *within < 2) {
            assert!(matches!(found, Err(NoWindows::Empty(_))), "{points:?}: {found:?}");
            continue;
        }
        let found = found.expect("two positions in a window");
        let arcsec = |value: Value| value.count().unsigned_abs() / ARCSEC.unsigned_abs();
        let Parts { best, worst } = found.parts;
        let known: Vec<u64> = most.iter().flatten().copied().collect();
        let all = Some(known.len() == most.len());
        assert_eq!(arcsec(best.0), least.iter().min().unwrap().0, "{points:?}");
        assert_eq!(best.1.map(arcsec), known.iter().min().copied(), "{points:?}");
        assert_eq!(arcsec(worst.0), least.iter().max().unwrap().0, "{points:?}");
        let worst_most = known.iter().max().filter(|_| all == Some(true)).copied();
        assert_eq!(worst.1.map(arcsec), worst_most, "{points:?}");
        assert_eq!(found.unseen.is_some(), least.iter().any(|(_, within)| *within < 2));
        assert_eq!(found.few.or(found.still).is_some(), most.iter().any(Option::is_none));
        assert_eq!(found.whole, last - first >= 300);
        *(if worst_most.is_some() { &mut bounded } else { &mut open }) += 1;
        // The windows that are named hold what is said.
        for ((least, _), from) in [best, worst].into_iter().zip(found.from) {
            let inside = |at: u64| {
                let at = at as i64 * MM;
                (from.count()..=from.count() + reach as i64 * MM).contains(&at)
            };
            let angles = || points.iter().filter(|(at, _)| inside(*at)).map(|(_, angle)| *angle);
            let spread = angles().max().map_or(0, |max| max - angles().min().unwrap());
            assert_eq!(spread, arcsec(least), "{points:?}");
        }
    }
    assert!(bounded > 50 && open > 50, "{bounded} {open}: both kinds are drawn");
}

#[test]
fn the_best_and_the_worst_window_enclose_every_course_between_the_positions() {
    let mut source = Source::new(11);
    let (mut bounded, mut unread) = (0, 0);
    for points in random_slides((20, 75), 20) {
        // Of some, positions at the ends of the travel were not read.
        let cut = [(0, 0), (1, 0), (0, 2), (1, 1)].map(|(left, right)| {
            points.get(left..points.len().saturating_sub(right)).unwrap_or_default()
        });
        let read = cut[usize::try_from(source.below(4)).expect("small")];
        let travel = (points[points.len() - 1].0 - points[0].0) as i64 * MM;
        let travel = Value::from_count(travel).expect("a travel");
        if read.is_empty() {
            continue;
        }
        let Ok(found) = slide(read).windows(window(), Some(travel)) else { continue };
        assert_eq!(found.read.is_some(), read.len() < points.len());
        unread += usize::from(found.read.is_some() && found.parts.best.1.is_some());
        let (first, last) = (points[0].0 as f64, points[points.len() - 1].0 as f64);
        let reach = (last - first).min(300.0);
        // Between two positions the angle goes straight, late or early from one to the other.
        for bend in [1.0, 0.05, 20.0] {
            let course = |at: f64| {
                let next = points.iter().position(|(x, _)| *x as f64 >= at).unwrap_or(0).max(1);
                let ((a, low), (b, high)) = (points[next - 1], points[next]);
                let share = ((at - a as f64) / (b - a) as f64).clamp(0.0, 1.0);
                low as f64 + (high as f64 - low as f64) * share.powf(bend)
            };
            let spread = |from: f64| {
                let ends = [from, from + reach].map(course);
                let within =
                    points.iter().filter(|(at, _)| (from..=from + reach).contains(&(*at as f64)));
                let all: Vec<f64> = within.map(|(_, angle)| *angle as f64).chain(ends).collect();
                let max = all.iter().copied().fold(f64::MIN, f64::max);
                max - all.iter().copied().fold(f64::MAX, f64::min)
            };
            let (mut best, mut worst) = (f64::MAX, f64::MIN);
            for at in 0..400 {
                // Regular placements, and random ones.
                let share =
                    if at % 2 == 0 { at as f64 / 398.0 } else { source.below(10_000) as f64 / 1e4 };
                let held = spread(first + (last - reach - first) * share);
                (best, worst) = (best.min(held), worst.max(held));
            }
            let arcsec = |value: Value| value.count() as f64 / ARCSEC as f64;
            let Parts { best: of_best, worst: of_worst } = found.parts;
            // The best of some placements is no better than the best of all.
            assert!(best >= arcsec(of_best.0) - 1e-9, "{points:?}: {best} {found:?}");
            if let Some(most) = of_worst.1 {
                assert!(worst <= arcsec(most) + 1e-9, "{points:?}: {worst} {found:?}");
                bounded += 1;
            }
            // Where a window ends at positions, it is among them.
            for from in points.iter().map(|(at, _)| *at as f64).filter(|at| at + reach <= last) {
                (best, worst) = (best.min(spread(from)), worst.max(spread(from)));
            }
            for to in points.iter().map(|(at, _)| *at as f64).filter(|at| at - reach >= first) {
                (best, worst) = (best.min(spread(to - reach)), worst.max(spread(to - reach)));
            }
            assert!(of_best.1.is_none_or(|most| best <= arcsec(most) + 1e-9), "{points:?}");
            assert!(worst >= arcsec(of_worst.0) - 1e-9, "{points:?}");
        }
    }
    assert!(bounded > 100 && unread > 50, "{bounded} {unread}");
}

#[test]
fn a_window_between_the_positions_is_one_too() {
    // Positions 60 mm apart, so that windows may begin and end at them: what the best and the worst
    // hold at least and at most.
    let grid = |angles: &[u64]| -> Vec<(u64, u64)> {
        angles.iter().enumerate().map(|(at, angle)| (60 * at as u64, *angle)).collect()
    };
    let steps = [0, 1, 1, 1, 1, 2, 3, 3, 3, 3, 4, 5, 5, 5, 5, 6];
    for (angles, best, worst) in [
        // One window: from position to position.
        (&steps[..6], (2, Some(2)), (2, Some(2))),
        // From 1 to 301 mm lie 1 to 2; from position to position each holds 2.
        (&steps[..], (1, Some(2)), (2, Some(3))),
        (&[0, 2, 0, 2, 0, 2, 0, 2], (2, Some(2)), (2, Some(2))),
        (&[0, 0, 0, 0, 0, 0, 5], (0, Some(5)), (5, None)),
    ] {
        let found = slide(&grid(angles)).windows(window(), None).expect("windows");
        let ends = |(low, high): (Value, Option<Value>)| {
            (low.count() / ARCSEC, high.map(|high| high.count() / ARCSEC))
        };
        let Parts { best: of_best, worst: of_worst } = found.parts;
        assert_eq!((ends(of_best), ends(of_worst)), (best, worst), "{angles:?}: {found:?}");
    }
}

#[test]
fn the_far_end_of_a_slide_is_seen() {
    for (points, worst) in [
        (&[(0, 0), (250, 0), (500, 5)][..], 5),
        (&[(0, 0), (100, 0), (200, 0), (300, 0), (310, 9)], 9),
        (&[(0, 7), (10, 0), (110, 0), (210, 0), (310, 0)], 7),
    ] {
        let found = slide(points).windows(window(), None).expect("two positions");
        assert_eq!(found.parts.worst.0.count(), worst * ARCSEC, "{points:?}");
    }
}

#[test]
fn few_steps_and_turns_that_stand_still_bound_the_tir_from_below_only() {
    // How many steps; the TIR of each turn in µm; the best and the worst in µm, or why there is
    // none; what is noted.
    type Ends = (i64, Option<i64>);
    type Case<'c> = (usize, &'c [i64], Option<(Ends, Ends)>, &'c str);
    let cases: [Case; 9] = [
        (8, &[2, 2], Some(((2, None), (2, None))), "fewer than 24"),
        (8, &[2, 4], Some(((2, None), (4, None))), "fewer than 24"),
        (23, &[2, 4], Some(((2, None), (4, None))), "at 23 steps, fewer than 24"),
        (24, &[2, 4], Some(((2, Some(2)), (4, Some(4)))), "at 24 steps: what an indicator"),
        (32, &[2, 2], Some(((2, Some(2)), (2, Some(2)))), "at 32 steps: what an indicator"),
        (32, &[2, 0, 4], Some(((0, Some(2)), (4, None))), "1 of 3 turns read the same"),
        (8, &[0, 4], Some(((0, None), (4, None))), "1 of 2 turns read the same"),
        (32, &[0], None, ""),
        (8, &[0, 0], None, ""),
    ];
    for (steps, tir, ends, note) in cases {
        let mut text = "rev,angle_index,displacement_um\n".to_owned();
        for (turn, tir) in tir.iter().enumerate() {
            (0..steps).for_each(|at| {
                text += &format!("{turn},{at},{}\n", 7 + if at == 3 { *tir } else { 0 });
            });
        }
        let found = Spindle::of(&turns("t.csv", &text), Motion::Radial);
        let um = |(low, high): (Value, Option<Value>)| {
            (low.count() / 1_000_000, high.map(|high| high.count() / 1_000_000))
        };
        let parts = found.parts();
        let shown = parts.as_ref().ok().map(|parts| (um(parts.best), um(parts.worst)));
        assert_eq!(shown, ends, "{steps} {tir:?}");
        assert!(parts.is_ok() || parts.unwrap_err().contains("exactly nought"));
        assert!(found.notes().iter().any(|text| text.contains(note)), "{:?}", found.notes());
        assert_eq!(found.is_circle(), tir.iter().all(|tir| *tir == 0), "{steps} {tir:?}");
    }
    // A fourth harmonic is nought at each of eight steps.
    let wave = |steps: usize| -> String {
        let row = |at: usize| {
            let angle = std::f64::consts::TAU * at as f64 / steps as f64;
            format!("1,{at},{:.4}\n", 0.1 * angle.cos() + 5.0 * (4.0 * angle).sin())
        };
        format!("rev,angle_index,displacement_um\n{}", (0..steps).map(row).collect::<String>())
    };
    let tir = |steps| Spindle::of(&turns("t.csv", &wave(steps)), Motion::Radial).parts();
    assert_eq!(tir(8).expect("a TIR").worst.1, None);
    assert!(tir(32).expect("a TIR").best.0.count() > 9 * 1_000_000);
    // What the threshold is chosen by: off-centring loses less than a hundredth at any phase.
    let lost = |steps: usize| 1.0 - (std::f64::consts::PI / steps as f64).cos();
    assert!(lost(STEPS_FEW) < 0.01 && lost(STEPS_FEW - 2) > 0.01);
    assert!(1.0 - (2.0 * std::f64::consts::PI / STEPS_FEW as f64).cos() < 0.05);
}

#[test]
fn one_turn_does_not_tell_what_repeats() {
    for count in 1..4 {
        let mut text = "rev,angle_index,displacement_um\n".to_owned();
        for turn in 0..count {
            (0..16).for_each(|step| text += &format!("{turn},{step},{}\n", (step * 7) % 5));
        }
        let turns = turns("t.csv", &text);
        let found = Spindle::of(&turns, Motion::Radial);
        assert_eq!(found.asynchronous, (count > 1).then_some((0.0, 0)), "{count}");
        assert_eq!(found.synchronous.is_some(), count > 1);
        let rows = toolgauge::report::spindle_rows(&found, &turns.remarks);
        let none: Vec<&str> =
            rows.iter().filter(|row| row.value.is_none()).map(|row| row.figure.as_str()).collect();
        let of_several = [
            "synchronous error motion",
            "asynchronous error motion",
            "spread of the mean with once a turn left in",
        ];
        assert_eq!(none, if count == 1 { &of_several[..] } else { &[] });
        assert!(rows.iter().all(|row| row.value.is_some() == row.not_computable.is_empty()));
        let shown = toolgauge::report::spindle_text(&found, &rows, &turns.remarks);
        assert_eq!(shown.contains("not computable"), count == 1, "{shown}");
    }
}

#[test]
fn windows_that_hold_one_position_leave_the_others_as_bounds() {
    let windows = |rows: &str| {
        let text = format!("slide,position_mm,yaw_arcsec\n{rows}");
        let table = table::read("s.csv", text.as_bytes(), &Reading::default()).expect("a table");
        let mut reader = SlideReader::new("s.csv", &table.header).expect("a header");
        table.records.iter().for_each(|record| reader.take(record).expect("a row"));
        let slides = reader.finish().expect("slides");
        let found = slides[0].windows(window(), None);
        (
            found
                .map(|w| {
                    let Parts { best, worst } = w.parts;
                    assert_eq!((best.1, worst.1), (None, None), "of few positions");
                    let told = w.notes().join("");
                    assert!(told.contains("fewer than 5 positions"), "{told}");
                    let unseen = told.split("one position at most, the first from ").nth(1);
                    let unseen = unseen.map(|text| text.split(',').next().unwrap().to_owned());
                    (best.0.count() / ARCSEC, worst.0.count() / ARCSEC, unseen)
                })
                .map_err(|why| why.text()),
            slides[0].remarks.clone(),
        )
    };
    let empty = |at: &str| {
        Err(format!("the window from {at} holds one position only, as every other does"))
    };
    let one = |at: &str| Some(at.to_owned());
    for (rows, expected, missing) in [
        ("X,0,0\nX,400,9\nX,800,0\n", empty("0 mm"), ""),
        (
            "X,0,0\nX,300,\nX,600,1\n",
            empty("0 mm"),
            "1 reading of X yaw is missing, none is filled: at 300 mm",
        ),
        // Only what begins or ends at positions holds two.
        ("X,0,0\nX,300,9\nX,600,1\n", Ok((0, 9, one("150 mm"))), ""),
        ("X,0,0\nX,300,9\nX,601,1\n", Ok((0, 9, one("150 mm"))), ""),
        ("X,0,0\nX,100,3\nX,200,5\nX,700,1\n", Ok((0, 5, one("150 mm"))), ""),
        ("X,0,0\nX,100,3\nX,300,9\nX,599,1\nX,700,0\n", Ok((0, 9, one("199.5 mm"))), ""),
        ("X,0,0\nX,100,3\nX,401,9\nX,700,1\n", Ok((0, 8, one("50 mm"))), ""),
        ("X,0,0\nX,299,4\n", Ok((4, 4, None)), ""),
        ("X,0,0\n", Err("fewer than two positions".to_owned()), ""),
        ("X,0,4\nX,100,4\nX,400,4\n", Err(NoWindows::Still.text()), ""),
    ] {
        let (found, remarks) = windows(rows);
        assert_eq!(found, expected, "{rows}");
        assert_eq!(remarks.iter().any(|r| r == missing), !missing.is_empty(), "{remarks:?}");
    }
}
