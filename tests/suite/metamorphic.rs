//! Positioning figures once more: what sources reported, traps, and what has to follow from what.

use proptest::prelude::*;
use toolgauge::metrology::{
    AxisRuns, Direction, Figured, Positioning, Reason, RunsReader, Scatter, SegmentRule, Target,
    upr_meets,
};
use toolgauge::quantity::{Dimension, Value};
use toolgauge::table::{self, Reading};

use crate::positioning::{MM, all, axis, change, draw, folder, json, read, same};
use crate::random::Source;

#[test]
fn what_the_sources_reported_comes_out_but_for_their_known_departures() {
    let Some(expected) = json("expected.json") else {
        println!("skipped: no published positioning data beside the project");
        return;
    };
    let mut compared = 0;
    for (set, of) in expected.as_object().expect("sets") {
        let path = folder().expect("there").join(format!("{set}.csv"));
        let found = Positioning::of(&read(set, &std::fs::read_to_string(path).expect("readable")));
        let Scatter { repeatability_one_way: r, accuracy_one_way: a, accuracy, .. } = &found.two;
        let e = found.systematic_one_way;
        let departs: Vec<&str> = of["source_departs_in"]
            .as_array()
            .expect("names")
            .iter()
            .filter_map(|n| n.as_str())
            .collect();
        let tolerance = if set == "lin-a08" { 3e-8 } else { 2e-5 };
        for (name, figured) in [
            ("B", found.reversal[0]),
            ("B_avg", found.reversal[1]),
            ("R_fwd", r[0]),
            ("R_bwd", r[1]),
            ("R", found.two.repeatability),
            ("E_fwd", e[0]),
            ("E_bwd", e[1]),
            ("E", found.systematic),
            ("M", found.mean_deviation),
            ("A_fwd", a[0]),
            ("A_bwd", a[1]),
            ("A", *accuracy),
        ] {
            let Some(reported) = of["source_reported"][name].as_f64() else { continue };
            let own = figured.expect("computable").value / MM;
            let apart = (own - reported).abs() > tolerance;
            // E and R are wrong at the source wherever it says so, and nothing else is.
            assert!(!apart || departs.contains(&name), "{set} {name}: {own} and {reported}");
            compared += usize::from(!apart);
        }
    }
    println!("{compared} reported figures agree");
    assert!(compared > 70);
}

#[test]
fn a_single_run_gives_a_reversal_and_no_scatter() {
    // Four rows of a laser report of a real machining centre, one pass a side; the report prints a
    // scatter of nought and the reversal with the opposite sign.
    let rows = [
        ("801", "0.002", "0.152"),
        ("781", "-0.779", "-0.845"),
        ("761", "-1.235", "-1.065"),
        ("741", "-1.061", "-1.157"),
    ];
    let mut text = "target_mm,deviation_up_1_um,deviation_down_1_um\n".to_owned();
    rows.iter().for_each(|(target, up, down)| text += &format!("{target},{up},{down}\n"));
    let runs = read("laser.csv", &text);
    let found = Positioning::of(&runs);
    // In the order of positions, which is not that of the report.
    let reversals: Vec<i64> = found
        .targets
        .iter()
        .map(|target| (target.reversal().expect("both sides") / 1e3).round() as i64)
        .collect();
    assert_eq!(reversals, [96, -170, 66, -150]);
    let value = |figured: Figured| figured.expect("computable").value / 1e6;
    assert!((value(found.reversal[0]) - 0.17).abs() < 1e-9);
    let one_run = |figured: Figured| matches!(figured, Err(Reason::OneRun(_)));
    let Scatter { repeatability_one_way, repeatability, accuracy_one_way, accuracy, .. } =
        found.two;
    let [r, s] = repeatability_one_way;
    let [a, b] = accuracy_one_way;
    for figured in [found.upr, r, s, repeatability, a, b, accuracy, found.vdi.uncertainty] {
        assert!(one_run(figured), "{figured:?}");
    }
    assert_eq!(upr_meets(&runs, Value::from_count(i64::MAX / 4).expect("fits")), None);
    let Some(traps) = json("traps.json") else { return };
    let excerpt = &traps["single_run_laser_excerpt"];
    for (row, (target, up, down)) in excerpt["rows"].as_array().expect("rows").iter().zip(rows) {
        let number = |text: &str| text.parse::<f64>().expect("a number");
        assert_eq!(row["target"].as_f64(), Some(number(target)));
        assert_eq!(row["forward"].as_f64(), Some(number(up)));
        assert_eq!(row["reverse"].as_f64(), Some(number(down)));
    }
    let wanted = excerpt["expected"]["B_i_iso_sign_um"].as_array().expect("reversals");
    let wanted: Vec<i64> =
        wanted.iter().map(|b| (b.as_f64().expect("a number") * 1e3).round() as i64).collect();
    assert!(wanted.iter().eq(reversals.iter().rev()), "{wanted:?}");
}

#[test]
fn a_long_axis_has_means_and_its_scatter_in_segments_only() {
    for (dimension, length, long) in [
        (Dimension::Angle, 1080 * 3_600_000_000, true),
        (Dimension::Length, 2_000_000_000_000i64, false),
        (Dimension::Length, 2_000_000_000_001, true),
        (Dimension::Angle, 360 * 3_600_000_000, false),
        (Dimension::Angle, 360 * 3_600_000_000 + 1, true),
    ] {
        let target = |n: i64| Target {
            position: Value::from_count(length / 4 * n + if n == 4 { length % 4 } else { 0 })
                .expect("fits"),
            up: vec![n, n + 10],
            down: vec![n + 3, n + 9],
        };
        let mut runs = axis((0..5).map(target).collect());
        runs.dimension = dimension;
        let found = Positioning::of(&runs);
        let scatter =
            [found.upr, found.two.repeatability, found.two.accuracy, found.vdi.uncertainty];
        for figured in scatter {
            assert_eq!(figured == Err(Reason::LongAxis), long, "{length}: {figured:?}");
            assert_eq!(figured.is_ok(), !long);
        }
        for figured in [found.systematic, found.mean_deviation, found.reversal[0]] {
            assert!(figured.is_ok(), "{figured:?}");
        }
        let rules = SegmentRule::shipped().expect("rules");
        let divided = rules.iter().filter(|(_, rule)| rule.divide(&runs).is_some()).count();
        assert_eq!(divided, usize::from(long), "{length}");
    }
}

/// R of each target, B mean and the VDI figures, which the list of `all` leaves out.
fn rest(runs: &AxisRuns) -> (Vec<f64>, f64, Vec<f64>) {
    let found = Positioning::of(runs);
    let at: Option<Vec<f64>> = found.two.repeatability_at.iter().copied().collect();
    let vdi = [found.vdi.scatter[0], found.vdi.deviation, found.vdi.uncertainty];
    let vdi = vdi.map(|figured| figured.expect("computable").value).to_vec();
    (at.expect("computable"), found.reversal[1].expect("computable").value, vdi)
}

fn as_text(runs: &AxisRuns, mut order: impl FnMut(&mut Vec<String>)) -> String {
    let mut rows = Vec::new();
    for target in &runs.targets {
        for (side, readings) in [("up", &target.up), ("down", &target.down)] {
            for (run, reading) in readings.iter().enumerate() {
                let um = format!("{}.{:06}", reading / 1_000_000, (reading % 1_000_000).abs());
                let sign = if *reading < 0 && reading / 1_000_000 == 0 { "-" } else { "" };
                let mm = target.position.count() / 1_000_000_000;
                rows.push(format!("{mm},{side},{run},{sign}{um}\n"));
            }
        }
    }
    order(&mut rows);
    format!("target_mm,direction,run,deviation_um\n{}", rows.concat())
}

proptest! {
    #[test]
    fn the_rest_of_the_metamorphic_list_holds(seed in any::<u64>()) {
        let mut source = Source::new(seed);
        let runs = draw(&mut source);
        let (figures, (at, mean, vdi)) = (all(&runs), rest(&runs));
        // Swapped sides: B mean changes its sign, R of each target and VDI stay.
        let swapped = change(&runs, |t| std::mem::swap(&mut t.up, &mut t.down));
        let (at_swapped, mean_swapped, vdi_swapped) = rest(&swapped);
        prop_assert!(same(&at, &at_swapped) && same(&vdi, &vdi_swapped), "swapped");
        prop_assert!(same(&[mean], &[-mean_swapped]), "swapped: the sign of B mean");
        // Mirrored targets and readings, the labels kept: only B changes its sign.
        let mut mirrored = change(&runs, |t| {
            t.position = Value::from_count(-t.position.count()).expect("fits");
            t.up.iter_mut().chain(&mut t.down).for_each(|x| *x = -*x);
        });
        mirrored.targets.reverse();
        let (mut at_mirrored, mean_mirrored, vdi_mirrored) = rest(&mirrored);
        at_mirrored.reverse();
        prop_assert!(same(&figures, &all(&mirrored)), "mirrored");
        prop_assert!(same(&at, &at_mirrored) && same(&vdi, &vdi_mirrored), "mirrored");
        prop_assert!(same(&[mean], &[-mean_mirrored]), "mirrored: the sign of B mean");
        // A slope: s of each target stays, all spreads may change.
        let sloped = change(&runs, |t| {
            let by = t.position.count() / 1_000_000;
            t.up.iter_mut().chain(&mut t.down).for_each(|x| *x += by);
        });
        prop_assert!(same(&at, &rest(&sloped).0), "a slope leaves R of each target alone");
        // The order of the rows of a file.
        let plain = read("r.csv", &as_text(&runs, |_| {}));
        prop_assert_eq!(&plain.targets, &runs.targets);
        let mut shuffle = Source::new(seed ^ 1);
        let mixed = as_text(&runs, |rows| {
            for at in (1..rows.len()).rev() {
                let other = shuffle.below(at as u64 + 1) as usize;
                rows.swap(at, other);
            }
        });
        prop_assert_eq!(read("r.csv", &mixed).targets, runs.targets);
    }

    #[test]
    fn constants_scales_and_slopes_do_what_they_have_to(seed in any::<u64>()) {
        let mut source = Source::new(seed);
        let runs = draw(&mut source);
        let ((at, mean, vdi), found) = (rest(&runs), Positioning::of(&runs));
        let value = |figured: Figured| figured.expect("computable").value;
        let one_way = |found: &Positioning| found.systematic_one_way.map(value);
        let each = |t: &mut Target, with: &dyn Fn(&mut i64)| {
            t.up.iter_mut().chain(&mut t.down).for_each(with);
        };
        // A constant: the means move by it, and nothing else does.
        let by = i64::try_from(source.below(9_000_000)).expect("small") - 4_500_000;
        let moved = change(&runs, |t| each(t, &|x| *x += by));
        let (at_moved, mean_moved, vdi_moved) = rest(&moved);
        prop_assert!(same(&at, &at_moved) && same(&vdi, &vdi_moved), "a constant");
        prop_assert!(same(&[mean], &[mean_moved]), "a constant: B mean");
        let moved = Positioning::of(&moved);
        prop_assert!(same(&one_way(&found), &one_way(&moved)), "a constant: E of each side");
        for (a, b) in found.targets.iter().zip(&moved.targets) {
            prop_assert!(same(&[a.reversal().unwrap()], &[b.reversal().unwrap()]), "B");
            for side in 0..2 {
                prop_assert_eq!(a.s[side], b.s[side]);
                let shift = b.mean[side].expect("runs") - a.mean[side].expect("runs");
                prop_assert!((shift - by as f64).abs() < 1e-3, "{shift} is not {by}");
            }
        }
        // A scale: every figure goes with it, those of each target and of VDI/DGQ 3441 too.
        let (at_scaled, mean_scaled, vdi_scaled) = rest(&change(&runs, |t| each(t, &|x| *x *= 7)));
        let seven = |all: &[f64]| all.iter().map(|x| 7.0 * x).collect::<Vec<_>>();
        prop_assert!(same(&seven(&at), &at_scaled) && same(&seven(&vdi), &vdi_scaled), "a scale");
        prop_assert!(same(&seven(&[mean]), &[mean_scaled]), "a scale: B mean");
        // Swapped sides: E of each side is that of the other.
        let swapped = change(&runs, |t| std::mem::swap(&mut t.up, &mut t.down));
        let [up, down] = one_way(&Positioning::of(&swapped));
        prop_assert!(same(&one_way(&found), &[down, up]), "swapped: E of each side");
        // A slope far steeper than the scatter: M, E and A grow by what it adds over the travel.
        let slope = |t: &mut Target| {
            let add = t.position.count() / 10_000;
            each(t, &|x| *x += add);
        };
        let steep = Positioning::of(&change(&runs, slope));
        let added = found.span() as f64 / 10_000.0;
        for (flat, steep, what) in [
            (found.mean_deviation, steep.mean_deviation, "M"),
            (found.systematic, steep.systematic, "E"),
            (found.two.accuracy, steep.two.accuracy, "A"),
            (found.three.accuracy, steep.three.accuracy, "A(1988)"),
        ] {
            let (flat, steep) = (value(flat), value(steep));
            let near = (steep - added).abs() <= flat + 1.0;
            prop_assert!(steep > flat && near, "{what}: {flat} {steep}");
        }
        prop_assert!(same(&at, &rest(&change(&runs, slope)).0), "a slope: R of each target");
    }

    #[test]
    fn neither_units_nor_the_form_of_the_file_matter(seed in any::<u64>()) {
        let mut source = Source::new(seed);
        let runs = draw(&mut source);
        // Each row in a unit of its own, said in a column.
        let mut text = "target_mm,direction,run,deviation,unit\n".to_owned();
        let sides = |t: &Target| [("+", t.up.clone()), ("-", t.down.clone())];
        for target in &runs.targets {
            let mm = target.position.count() / 1_000_000_000;
            for (side, readings) in sides(target) {
                for (run, reading) in readings.iter().enumerate() {
                    let (unit, decimals) = [("pm", 0), ("nm", 3), ("um", 6), ("mm", 9), ("m", 12)]
                        [source.below(5) as usize];
                    let number = toolgauge::quantity::scaled_text((*reading).into(), decimals);
                    text += &format!("{mm},{side},{run},{number},{unit}\n");
                }
            }
        }
        prop_assert_eq!(&read("r.csv", &text).targets, &runs.targets);
        // The wide form, its columns in any order.
        let mut columns: Vec<(&str, usize)> =
            (0..5).flat_map(|run| [("Fwd", run), ("Bwd", run)]).collect();
        for at in (1..columns.len()).rev() {
            columns.swap(at, source.below(at as u64 + 1) as usize);
        }
        let heads: Vec<String> =
            columns.iter().map(|(side, run)| format!("{side} {run} (pm)")).collect();
        let mut text = format!("Target (mm),{}\n", heads.join(","));
        for target in &runs.targets {
            let reading = |(side, run): &(&str, usize)| {
                let side = if *side == "Fwd" { &target.up } else { &target.down };
                side[*run].to_string()
            };
            let cells: Vec<String> = columns.iter().map(reading).collect();
            let mm = target.position.count() / 1_000_000_000;
            text += &format!("{mm},{}\n", cells.join(","));
        }
        prop_assert_eq!(&read("r.csv", &text).targets, &runs.targets);
    }

    #[test]
    fn the_rest_of_the_inequalities_hold(seed in any::<u64>()) {
        let runs = draw(&mut Source::new(seed));
        let found = Positioning::of(&runs);
        let value = |figured: Figured| figured.expect("computable").value;
        let le = |x: f64, y: f64| x <= y * (1.0 + 1e-12) + 1e-6;
        let most = |of: [Figured; 2]| of.map(value).into_iter().fold(0.0, f64::max);
        for side in 0..2 {
            let (r, a) = (&found.two.repeatability_one_way, &found.two.accuracy_one_way);
            let (r, a, e) = (value(r[side]), value(a[side]), value(found.systematic_one_way[side]));
            prop_assert!(le(r, a) && le(a, e + r), "R ≤ A ≤ E + R of one side");
        }
        let (a, a88) = (value(found.two.accuracy), value(found.three.accuracy));
        prop_assert!(le(a88 / 1.5, a) && le(a, a88), "A88/1.5 ≤ A ≤ A88");
        // VDI/DGQ 3441.
        let vdi = &found.vdi;
        let (ps, p) = (value(vdi.scatter[0]), value(vdi.uncertainty));
        let difference = found.targets.iter().map(|target| {
            let [up, down] = target.s;
            (up.expect("s") - down.expect("s")).abs()
        });
        let difference = difference.fold(0.0, f64::max);
        prop_assert!(le(ps, p), "Ps ≤ P");
        prop_assert!(le(a88 - 3.0 * difference, p), "A88 - 3 max |s↑ - s↓| ≤ P");
        prop_assert!(le(p, a88 + value(vdi.reversal[0])), "P ≤ A88 + U");
        prop_assert!(le(value(found.upr), 4.0 / 3.0 * ps), "UPR ≤ 4/3 Ps");
        prop_assert!((value(vdi.deviation) - value(found.mean_deviation)).abs() < 1e-6, "Pa = M");
        prop_assert!((value(vdi.reversal[0]) - value(found.reversal[0])).abs() < 1e-6, "U = B");
        let sides = found.two.repeatability_one_way.map(value);
        let smaller = sides.into_iter().fold(f64::MAX, f64::min);
        prop_assert!((value(found.upr) - smaller).abs() < 1e-9, "UPR = min(R↑, R↓)");
        prop_assert!(le(value(found.upr), most(found.two.repeatability_one_way)));
    }
}

#[test]
fn missing_runs_are_told_and_never_filled() {
    let text = "target_mm,direction,run,deviation_um\n0,up,1,1\n0,up,2,2\n0,down,1,1\n0,down,2,3\n\
                50,up,1,1\n50,up,2,2\n50,down,1,1\n";
    let table = table::read("r.csv", text.as_bytes(), &Reading::default()).expect("a table");
    let mut reader = RunsReader::new("r.csv", &table.header).expect("a header");
    table.records.iter().for_each(|record| reader.take(record).expect("a reading"));
    let runs = reader.finish().expect("runs").remove(0);
    let found = Positioning::of(&runs);
    assert_eq!(found.upr, Err(Reason::OneRun(Direction::Down)));
    assert!(found.two.repeatability_one_way[0].is_ok());
    assert_eq!(runs.targets[1].down, [1_000_000]);
    assert!(runs.remarks.iter().any(|remark| remark.contains("none is filled")));
}
