//! Spindles and slides: figures against independent results, analytic cases, and brute force.

use toolgauge::metrology::{Motion, SlideReader, Spindle, Turns, TurnsReader};
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

#[test]
fn windows_of_slides_are_those_of_brute_force() {
    let mut source = Source::new(7);
    for _ in 0..200 {
        let mut text = "position_mm,yaw_arcsec\n".to_owned();
        let mut position = 0;
        let mut points = Vec::new();
        for _ in 0..2 + source.below(20) {
            position += 1 + source.below(120);
            let angle = source.below(9);
            points.push((position, angle));
            text += &format!("{position},{angle}\n");
        }
        let table = table::read("s.csv", text.as_bytes(), &Reading::default()).expect("a table");
        let mut reader = SlideReader::new("s.csv", &table.header).expect("a header");
        table.records.iter().for_each(|record| reader.take(record).expect("a row"));
        let slides = reader.finish().expect("slides");
        let length = Value::from_count(300 * 1_000_000_000).expect("300 mm");
        let found = slides[0].windows(length).expect("two positions");
        let (first, last) = (points[0].0, points[points.len() - 1].0);
        let reach = (last - first).min(300);
        // Windows begin at a position or end at one.
        let begins = points.iter().map(|(at, _)| *at).filter(|at| at + reach <= last);
        let ends = points.iter().map(|(at, _)| *at).filter(|at| *at >= first + reach);
        let mut starts: Vec<u64> = begins.chain(ends.map(|at| at - reach)).collect();
        starts.sort_unstable();
        starts.dedup();
        let spread = |from: u64, to: u64| {
            let inside = points.iter().filter(|(at, _)| *at >= from && *at <= to);
            let angles: Vec<u64> = inside.map(|(_, angle)| *angle).collect();
            angles.iter().max().unwrap() - angles.iter().min().unwrap()
        };
        let spreads: Vec<u64> = starts.iter().map(|from| spread(*from, from + reach)).collect();
        // The positions that hold all of a window: from the last before it to the first after it.
        let around = |from: &u64| {
            let before = points.iter().map(|(at, _)| *at).filter(|at| at <= from).max();
            let after = points.iter().map(|(at, _)| *at).find(|at| *at >= from + reach);
            (before.unwrap(), after.unwrap())
        };
        // What moves between few positions, or such as lie far apart, nothing bounds.
        let enough = |from: &u64| {
            let within = points.iter().filter(|(at, _)| at >= from && *at <= from + reach);
            let (low, high) = around(from);
            let all = points.iter().filter(|(at, _)| (low..=high).contains(at));
            let all: Vec<u64> = all.map(|(at, _)| *at).collect();
            // In thousandths of a millimetre: 2 / 5 of the window.
            let close = all.windows(2).all(|pair| 1000 * (pair[1] - pair[0]) <= 400 * reach);
            within.count() >= 5 && close
        };
        let most: Vec<Option<u64>> = starts
            .iter()
            .map(|from| enough(from).then(|| around(from)).map(|(from, to)| spread(from, to)))
            .collect();
        let known: Vec<u64> = most.iter().flatten().copied().collect();
        let worst_most = known.iter().max().filter(|_| known.len() == most.len()).copied();
        let partly = spreads.iter().zip(&most).filter(|(least, m)| m.is_some_and(|m| **least < m));
        let few = starts.iter().filter(|from| !enough(from));
        let arcsec = |value: Value| value.count().unsigned_abs() / 1_000_000;
        assert_eq!(found.count, spreads.len());
        assert_eq!(arcsec(found.best.0), *spreads.iter().min().unwrap(), "{text}");
        assert_eq!(arcsec(found.worst.0), *spreads.iter().max().unwrap(), "{text}");
        assert_eq!(found.best_most.map(arcsec), known.iter().min().copied(), "{text}");
        assert_eq!(found.worst_most.map(arcsec), worst_most, "{text}");
        assert_eq!(found.partly.map_or(0, |(count, _)| count), partly.count(), "{text}");
        let told = found.few;
        let told = told.map(|(n, from)| (n, from.count().unsigned_abs() / 1_000_000_000));
        let wanted = few.clone().next().map(|from| (few.count(), *from));
        assert_eq!(told, wanted, "{text}");
        assert_eq!(found.whole, last - first >= 300);
    }
}

#[test]
fn the_far_end_of_a_slide_is_seen() {
    for (text, worst) in [
        ("0,0\n250,0\n500,5\n", 5),
        ("0,0\n100,0\n200,0\n300,0\n310,9\n", 9),
        ("0,7\n10,0\n110,0\n210,0\n310,0\n", 7),
    ] {
        let text = format!("position_mm,yaw_arcsec\n{text}");
        let table = table::read("s.csv", text.as_bytes(), &Reading::default()).expect("a table");
        let mut reader = SlideReader::new("s.csv", &table.header).expect("a header");
        table.records.iter().for_each(|record| reader.take(record).expect("a row"));
        let slides = reader.finish().expect("slides");
        let length = Value::from_count(300 * 1_000_000_000).expect("300 mm");
        let found = slides[0].windows(length).expect("two positions");
        assert_eq!(found.worst.0.count(), worst * 1_000_000, "{text}");
    }
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
        let rows = toolgauge::report::spindle_rows(&found);
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
        let length = Value::from_count(300 * 1_000_000_000).expect("300 mm");
        let found = slides[0].windows(length);
        (
            found
                .map(|w| {
                    (w.best.0.count() / 1_000_000, w.worst.0.count() / 1_000_000, w.unseen_text())
                })
                .map_err(|why| why.text()),
            slides[0].remarks.clone(),
        )
    };
    let empty = |at: &str| {
        Err(format!("the window from {at} holds one position only, as every other does"))
    };
    let two = |at: &str| Some(format!("2 windows hold one position only, the first from {at}"));
    for (rows, expected, missing) in [
        ("X,0,0\nX,400,9\nX,800,0\n", empty("0 mm"), ""),
        (
            "X,0,0\nX,300,\nX,600,1\n",
            empty("0 mm"),
            "1 reading of X yaw is missing, none is \
          filled: at 300 mm",
        ),
        ("X,0,0\nX,300,9\nX,600,1\n", Ok((8, 9, None)), ""),
        // What can be computed bounds the best from above, and the worst from below.
        ("X,0,0\nX,300,9\nX,601,1\n", Ok((9, 9, two("300 mm"))), ""),
        ("X,0,0\nX,100,3\nX,200,5\nX,700,1\n", Ok((2, 5, two("200 mm"))), ""),
        ("X,0,0\nX,100,3\nX,300,9\nX,599,1\nX,700,0\n", Ok((1, 9, None)), ""),
        ("X,0,0\nX,100,3\nX,401,9\nX,700,1\n", Ok((3, 8, two("100 mm"))), ""),
        ("X,0,0\nX,299,4\n", Ok((4, 4, None)), ""),
        ("X,0,0\n", Err("fewer than two positions".to_owned()), ""),
    ] {
        let (found, remarks) = windows(rows);
        assert_eq!(found, expected, "{rows}");
        assert_eq!(remarks.iter().any(|r| r == missing), !missing.is_empty(), "{remarks:?}");
    }
}
