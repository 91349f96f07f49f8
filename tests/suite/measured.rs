//! Measured runs beside what a sheet says, and chances beside verdicts.

use toolgauge::assess::{
    Evaluator, Selection, Setup, Spread, Verdict, chances, classify, conflict_text, explain,
};
use toolgauge::catalogue::{self, Catalogue, Mapping, Measured, Tested};
use toolgauge::list::Library;
use toolgauge::machine::{self, Basis};
use toolgauge::metrology::{
    AxisRuns, Contributors, Motion, RunsReader, Slide, SlideReader, Turns, TurnsReader,
    chance_at_most, upr_meets,
};
use toolgauge::quantity::Value;
use toolgauge::report;
use toolgauge::rule::Method;
use toolgauge::table::{self, Reading};

use crate::lists::setup;
use crate::random::Source;

pub fn read(text: &str) -> Catalogue {
    let table = table::read("c.csv", text.as_bytes(), &Reading::default()).expect("a table");
    catalogue::read(&table, &Mapping { basis: Basis::Stated, ..Mapping::default() })
}

pub fn of(machine: &str, test: Tested) -> Measured {
    Measured { machine: machine.to_owned(), file: format!("{machine}.csv"), test }
}

pub fn runs(text: &str) -> Vec<AxisRuns> {
    let table = table::read("r.csv", text.as_bytes(), &Reading::default()).expect("a table");
    let mut reader = RunsReader::new("r.csv", &table.header).expect("a header");
    table.records.iter().for_each(|record| reader.take(record).expect("a row"));
    reader.finish().expect("runs")
}

fn random_runs(source: &mut Source) -> String {
    let mut text = "axis,target_mm,direction,run,deviation_um\n".to_owned();
    for target in 0..6 {
        for side in ["up", "down"] {
            for run in 1..6 {
                let deviation = source.below(4000);
                text += &format!("X,{},{side},{run},0.{deviation:04}\n", 100 * target + 3);
            }
        }
    }
    text
}

pub fn evaluator(lists: &[&str]) -> Evaluator {
    evaluator_with(lists, setup())
}

pub fn evaluator_with(lists: &[&str], setup: Setup) -> Evaluator {
    let library = Library::shipped().expect("the heads are read");
    let lists = lists.iter().map(|list| (*list).to_owned()).collect();
    Evaluator::new(&library, &Selection { lists, ..Selection::default() }, setup)
        .expect("the lists compile")
}

#[test]
fn measured_figures_enter_exactly_and_agree_with_each_other() {
    let mut source = Source::new(230);
    let evaluator = evaluator(&["eu/2B001", "eu/2B201"]);
    for _ in 0..40 {
        let measured = runs(&random_runs(&mut source));
        let mut catalogue = read("id,process,axes,travel_x_mm\nm,milling,X,500\n");
        let test = Tested::Positioning(measured.clone());
        catalogue.attach(&[of("m", test)]).expect("the machine is there");
        let machine = &catalogue.machines[0];
        let upr = machine.readings.iter().find(|r| r.parameter == machine::id_of("upr"));
        let upr = upr.expect("five runs");
        assert_eq!(upr.basis, Basis::Measured);
        let machine::Set::Span(span) = upr.set else { panic!("{upr:?}") };
        let (low, high) = (span.low().expect("above"), span.high().expect("below"));
        assert_eq!(low, high, "one count decides every whole limit");
        assert_eq!(upr_meets(&measured[0], high), Some(true));
        assert_eq!(
            upr_meets(&measured[0], Value::from_count(high.count() - 1).unwrap()),
            Some(false)
        );
        let found = classify(&evaluator, &catalogue.machines);
        assert!(found[0].conflicts.is_empty(), "{:?}", found[0].conflicts);
    }
}

#[test]
fn a_measured_value_never_replaces_a_stated_one() {
    let evaluator = evaluator(&["eu/2B001"]);
    let sheet = |upr: &str| {
        format!(
            "id,process,axes,axes_complete,contouring_axes,contouring_rotary,travel_x_mm,upr_x_um,\
             upr_y_um,upr_z_um\nm,milling,\"X,Y,Z,B,C\",yes,5,2,500,{upr},7,7\n"
        )
    };
    let mut text = "axis,target_mm,direction,run,deviation_um\n".to_owned();
    for target in [3, 101, 222, 307, 419] {
        // s = 0.1581 µm: UPR 0.632 µm.
        for (run, deviation) in ["0", "0.1", "0.2", "0.3", "0.4"].iter().enumerate() {
            for side in ["up", "down"] {
                text += &format!("X,{target},{side},{run},{deviation}\n");
            }
        }
    }
    for (stated, verdict) in
        [("0.9", Verdict::Captured), ("0.91", Verdict::Undetermined), ("", Verdict::Captured)]
    {
        let mut catalogue = read(&sheet(stated));
        let test = Tested::Positioning(runs(&text));
        catalogue.attach(&[of("m", test)]).expect("the axis is there");
        let found = &classify(&evaluator, &catalogue.machines)[0];
        assert_eq!(found.outcomes[0].verdict, verdict, "stated {stated}");
        assert_eq!(found.conflicts.is_empty(), stated.is_empty(), "stated {stated}");
        // The readings grow from run to run, but no absence of capture rests on them.
        assert!(found.outcomes[0].inflated.is_empty());
        let drift = |remark: &catalogue::Remark| remark.reason.contains("drift");
        assert!(!catalogue.remarks.iter().any(drift));
    }
    let mut catalogue = read(&sheet("1"));
    let error = catalogue
        .attach(&[of("n", Tested::Positioning(runs(&text)))])
        .expect_err("no such machine")
        .to_string();
    assert!(error.contains("no machine `n`"), "{error}");
}

#[test]
fn chances_in_closed_form_and_by_draws_agree() {
    let evaluator = evaluator(&["eu/2B001", "eu/2B201"]);
    let catalogue = read(
        "id,process,axes,axes_complete,contouring_axes,contouring_rotary,travel_x_mm,upr_x_um,\
         travel_y_mm,upr_y_um,upr_z_um,positioning_accuracy_x_um,\
         positioning_accuracy_x_um.standard\n\
         m,milling,\"X,Y,Z,B,C\",yes,5,2,500,0.92,500,0.95,7,7,ISO 230-2:1988\n",
    );
    let machine = &catalogue.machines[0];
    let spread =
        |text: &'static str| (machine::id_of(text), Spread::Of(Value::from_count(50_000).unwrap()));
    let closed = chances(&evaluator, machine, &[spread("upr")], 0.0).expect("chances");
    assert_eq!((closed.entries[0].method, closed.readings.len()), (Method::Columns, 3));
    // Captured if either axis is at most 0.9 µm: the two readings are independent.
    let [x, y] = [0.92, 0.95].map(|value| chance_at_most(value, 0.05, 0.9));
    let wanted = 1.0 - (1.0 - x) * (1.0 - y);
    assert!((closed.entries[0].captured - wanted).abs() < 1e-5, "{closed:?} {wanted}");
    let sum = |c: &toolgauge::assess::Chance| c.captured + c.open + c.cleared;
    assert!(closed.entries.iter().all(|chance| (sum(chance) - 1.0).abs() < 1e-9));
    // Draws that are as good as independent agree within three standard errors.
    let drawn = chances(&evaluator, machine, &[spread("upr")], 1e-12).expect("chances");
    assert_eq!(drawn.entries[0].method, Method::Drawn);
    for (a, b) in closed.entries.iter().zip(&drawn.entries) {
        let error = b.standard_error();
        assert!((a.captured - b.captured).abs() <= 3.0 * error + 1e-12, "{a:?} {b:?}");
    }
    // Readings that go together are less likely to differ: either of them helps less.
    let tied = chances(&evaluator, machine, &[spread("upr")], 0.99).expect("chances");
    assert!(tied.entries[0].captured < drawn.entries[0].captured);
    assert!(chances(&evaluator, machine, &[], 1.0).is_err());
}

/// Runs of X from both sides: so many targets and runs, alternating by ± `step` hundredths of a
/// micrometre, with a drift a run.
fn steady(targets: usize, runs_a_side: usize, step: i64, drift: i64) -> AxisRuns {
    let mut text = "axis,target_mm,direction,run,deviation_nm\n".to_owned();
    for target in 0..targets {
        for side in ["up", "down"] {
            for run in 0..runs_a_side {
                // By turns, the other way round at the next target: no drift on average.
                let sign = if (run + target) % 2 == 0 { 1 } else { -1 };
                let run = i64::try_from(run).expect("few");
                let deviation = 10 * (sign * step + drift * run);
                text += &format!("X,{},{side},{run},{deviation}\n", 7 * target * target + target);
            }
        }
    }
    runs(&text).remove(0)
}

#[test]
fn what_inflates_scatter_is_said_only_where_an_absence_of_capture_rests_on_it() {
    let evaluator = evaluator(&["eu/2B001"]);
    let sheet = |upr: &str| {
        format!(
            "id,process,axes,axes_complete,contouring_axes,contouring_rotary,travel_x_mm,upr_x_um,\
             upr_y_um,upr_z_um\nm,milling,\"X,Y,Z,B,C\",yes,5,2,500,{upr},7,7\n"
        )
    };
    // Targets, runs, step, drift, what the sheet states: words of the caveat, in order.
    let cases: [(_, _, _, _, &str, Verdict, &[&str]); 8] = [
        (7, 5, 50, 0, "", Verdict::NotCaptured, &[]),
        (7, 4, 50, 0, "", Verdict::NotCaptured, &["4 runs a side"]),
        (11, 5, 50, 0, "", Verdict::NotCaptured, &[]),
        (12, 5, 50, 0, "", Verdict::NotCaptured, &["12 targets"]),
        (7, 5, 5, 50, "", Verdict::NotCaptured, &["a drift of"]),
        (12, 3, 5, 50, "", Verdict::NotCaptured, &["3 runs a side", "12 targets", "a drift of"]),
        // The stated value clears it by itself: nothing rests on the test.
        (12, 3, 50, 50, "7", Verdict::NotCaptured, &[]),
        // Nothing to inflate where the test captures.
        (12, 3, 5, 0, "", Verdict::Captured, &[]),
    ];
    for (targets, count, step, drift, stated, verdict, words) in cases {
        let mut catalogue = read(&sheet(stated));
        let test = Tested::Positioning(vec![steady(targets, count, step, drift)]);
        catalogue.attach(&[of("m", test)]).expect("the axis is there");
        let found = &classify(&evaluator, &catalogue.machines)[0];
        let outcome = &found.outcomes[0];
        let case = format!("{targets} {count} {step} {drift} {stated}: {outcome:?}");
        assert_eq!(outcome.verdict, verdict, "{case}");
        assert_eq!(outcome.inflated.is_empty(), words.is_empty(), "{case}");
        let said = outcome.inflated.concat();
        let places: Vec<_> = words.iter().map(|word| said.find(word).expect(word)).collect();
        assert!(places.is_sorted(), "{said}");
        for word in ["runs a side", "targets", "a drift of"] {
            assert_eq!(said.contains(word), words.iter().any(|w| w.contains(word)), "{said}");
        }
        let rows = report::result_rows(&evaluator, &catalogue.machines[0], found);
        assert_eq!(rows[0].caveats.iter().any(|c| c.contains("inflate")), !words.is_empty());
    }
}

fn turns(amplitude: f64, other: f64) -> Turns {
    let mut text = "rev,angle_index,displacement_nm\n".to_owned();
    for turn in 0..20 {
        let amplitude = if turn == 7 { other } else { amplitude };
        for step in 0..24 {
            let sign = if step % 2 == 0 { 0.5 } else { -0.5 };
            text += &format!("{turn},{step},{}\n", amplitude * sign);
        }
    }
    let table = table::read("t.csv", text.as_bytes(), &Reading::default()).expect("a table");
    let mut reader = TurnsReader::new("t.csv", &table.header).expect("a header");
    table.records.iter().for_each(|record| reader.take(record).expect("a row"));
    reader.finish().expect("turns")
}

/// The sheet of a fly cutting machine with one slide of so many millimetres.
fn fly_cutter(travel: usize) -> String {
    format!(
        "id,process,machine_kind,axes,axes_complete,contouring_linear,contouring_rotary,upr_x_um,\
         travel_x_mm\nm,milling,fly_cutter,X,yes,2,0,9,{travel}\n"
    )
}

/// A slide, read every 25 mm, whose angles swing by turns: its pitch by so many hundredths of arc
/// seconds over each 100 mm.
fn slides(swings: &[i64]) -> Vec<Slide> {
    let mut text = "slide,position_mm,yaw_arcsec,pitch_arcsec,roll_arcsec\n".to_owned();
    for at in 0..=4 * swings.len() {
        let swing = swings.get(at / 4).filter(|_| at % 2 == 1).copied().unwrap_or_default();
        let (place, [whole, part]) = (25 * at, [swing / 100, swing % 100]);
        text += &format!("X,{place},0.{},{whole}.{part:02},0.{}\n", 1 + at % 2, at % 2);
    }
    let table = table::read("s.csv", text.as_bytes(), &Reading::default()).expect("a table");
    let mut reader = SlideReader::new("s.csv", &table.header).expect("a header");
    table.records.iter().for_each(|record| reader.take(record).expect("a row"));
    reader.finish().expect("slides")
}

#[test]
fn windows_and_turns_that_disagree_stay_open_until_the_law_is_read_in_one_way() {
    use Verdict::{Captured, NotCaptured, Undetermined};
    // Each turn's TIR in nm and that of one other turn; the pitch's swings; verdicts with the
    // policy left open, with `either`, with `both`; the policy that is named.
    type Case = (f64, f64, &'static [i64], [Verdict; 3], &'static str);
    let cases: [Case; 8] = [
        (300.0, 300.0, &[30, 30, 30, 30], [Captured; 3], ""),
        (300.0, 300.0, &[30, 30, 30, 30, 199], [Captured; 3], ""),
        (
            300.0,
            300.0,
            &[30, 30, 30, 30, 200],
            [Undetermined, Captured, NotCaptured],
            "slide-window",
        ),
        (300.0, 300.0, &[200, 200, 200, 200, 250], [NotCaptured; 3], ""),
        (
            300.0,
            300.0,
            &[199, 199, 199, 199, 200],
            [Undetermined, Captured, NotCaptured],
            "slide-window",
        ),
        (300.0, 399.0, &[30, 30, 30], [Captured; 3], ""),
        (300.0, 400.0, &[30, 30, 30], [Undetermined, Captured, NotCaptured], "one-revolution"),
        (400.0, 401.0, &[30, 30, 30], [NotCaptured; 3], ""),
    ];
    for (tir, other, steps, verdicts, policy) in cases {
        let mut catalogue = read(&fly_cutter(100 * steps.len()));
        let spindle = |motion| of("m", Tested::Spindle(motion, turns(tir, other)));
        let of_slides = of("m", Tested::Slides(slides(steps)));
        let all = [spindle(Motion::Radial), spindle(Motion::Axial), of_slides];
        catalogue.attach(&all).expect("the machine is there");
        // Parts that differ are taken as the policy says, on whichever side of the limit they are.
        let spread = tir != other || steps.iter().any(|swing| *swing != steps[0]);
        for (taken, verdict) in [None, Some(true), Some(false)].into_iter().zip(verdicts) {
            let mut setup = setup();
            let names = ["slide-window", "one-revolution"];
            setup.policies = taken.map_or_else(Vec::new, |either| {
                names.iter().map(|name| ((*name).to_owned(), either)).collect()
            });
            let evaluator = evaluator_with(&["eu/2B001"], setup);
            let found = &classify(&evaluator, &catalogue.machines)[0];
            let outcome = &found.outcomes[0];
            assert_eq!(outcome.verdict, verdict, "{tir} {other} {steps:?} {taken:?}: {outcome:?}");
            let open = verdict == Undetermined;
            assert_eq!(outcome.policies.len(), usize::from(open), "{outcome:?}");
            assert!(
                outcome.policies.iter().all(|open| open.text.starts_with(policy)),
                "{outcome:?}"
            );
            let told = explain(&evaluator, &catalogue, 0).expect("a machine");
            let text = report::proof_text(&evaluator, &told, true);
            let named = format!("--policy {policy}=either");
            assert_eq!(open, text.contains(&named) && !policy.is_empty(), "{text}");
            assert_eq!(spread && taken.is_none(), text.contains("open reading of the law"));
            let settled = text.contains("taken as the policy says, a reading of the law");
            assert_eq!(settled, spread && taken.is_some(), "{text}");
        }
    }
}

#[test]
fn a_slide_that_is_tested_over_less_than_a_window_proves_no_capture() {
    let mut catalogue = read(&fly_cutter(200));
    catalogue.attach(&[of("m", Tested::Slides(slides(&[20, 20])))]).expect("there");
    let pitch = catalogue.machines[0].readings.iter();
    let pitch = pitch.filter(|r| r.parameter == machine::id_of("slide_pitch")).collect::<Vec<_>>();
    let [pitch] = pitch.as_slice() else { panic!("{pitch:?}") };
    let machine::Set::Span(span) = pitch.set else { panic!("{pitch:?}") };
    assert_eq!((span.low().map(Value::count), span.high()), (Some(200_000), None));
    // No reading of the law settles it where the travel is no whole window, and none is named; of a
    // longer travel some of the windows were read, and which one counts settles something.
    let long = slides(&[30, 30, 30, 30, 200]);
    for (all, travel, named) in [
        (slides(&[20, 20]), 200, false),
        ([slides(&[20, 20]), long.clone()].concat(), 500, true),
        (long, 500, true),
    ] {
        let mut catalogue = read(&fly_cutter(travel));
        let spindle = |motion| of("m", Tested::Spindle(motion, turns(300.0, 300.0)));
        let tests = [spindle(Motion::Radial), spindle(Motion::Axial), of("m", Tested::Slides(all))];
        catalogue.attach(&tests).expect("the machine is there");
        let evaluator = evaluator(&["eu/2B001"]);
        let found = &classify(&evaluator, &catalogue.machines)[0].outcomes[0];
        assert_eq!(found.verdict, Verdict::Undetermined);
        assert_eq!(!found.policies.is_empty(), named, "{found:?}");
        let told = explain(&evaluator, &catalogue, 0).expect("a machine");
        let text = report::proof_text(&evaluator, &told, true);
        assert_eq!(text.contains("slide-window"), named, "{text}");
    }
}

#[test]
fn two_probes_that_turn_with_the_spindle_give_no_run_out() {
    let mut catalogue = read("id,process\nm,milling\n");
    let turns =
        Turns { sensitive: toolgauge::metrology::Sensitive::Rotating, ..turns(300.0, 300.0) };
    catalogue.attach(&[of("m", Tested::Spindle(Motion::Radial, turns))]).expect("there");
    let machine = &catalogue.machines[0];
    assert!(machine.readings.iter().all(|r| r.basis != Basis::Measured), "{machine:?}");
    assert!(catalogue.remarks.iter().any(|remark| remark.reason.contains("no indicator")));
}

#[test]
fn a_long_axis_is_measured_by_its_best_segment() {
    let evaluator = evaluator(&["eu/2B001"]);
    let sheet = "id,process,axes,axes_complete,contouring_axes,contouring_rotary,travel_x_mm\n\
                 m,milling,\"X,Y,Z,B,C\",yes,5,2,3000\n";
    // Targets every 100 mm over 3 m; what scatters lies inside or outside of the middle 2 m, from
    // 500 to 2500 mm: s = 1.095 and UPR = 4.382 times the step.
    let runs_of = |loud: &[i64], steps: [i64; 2]| {
        let mut text = "axis,target_mm,direction,run,deviation_nm\n".to_owned();
        for target in (0..=3000).step_by(100) {
            let step = steps[usize::from(loud.contains(&target))];
            for side in ["up", "down"] {
                for run in 0..5 {
                    let sign = if (run + target / 100) % 2 == 0 { 1 } else { -1 };
                    text += &format!("X,{target},{side},{run},{}\n", sign * step);
                }
            }
        }
        runs(&text).remove(0)
    };
    for (loud, steps, verdict) in [
        // 1.4 µm is the limit from 1 m: 1.402 µm miss it, 1.398 µm meet it.
        (&[][..], [319, 0], Verdict::Captured),
        (&[], [320, 0], Verdict::NotCaptured),
        (&[400, 2600], [300, 9000], Verdict::Captured),
        (&[500], [300, 9000], Verdict::NotCaptured),
        (&[2500], [300, 9000], Verdict::NotCaptured),
    ] {
        let mut catalogue = read(sheet);
        catalogue.attach(&[of("m", Tested::Positioning(vec![runs_of(loud, steps)]))]).expect("X");
        let mut machine = catalogue.machines.remove(0);
        // The other axes are as coarse as can be.
        for axis in 1..3 {
            let upr = machine.readings.iter().find(|r| r.parameter == machine::id_of("upr"));
            let mut coarse = *upr.expect("measured in its segment");
            coarse.axis = Some(axis);
            coarse.set = machine::Set::Span(toolgauge::quantity::Span::point(
                Value::from_count(9_000_000).expect("fits"),
            ));
            machine.readings.push(coarse);
        }
        let found = &classify(&evaluator, &[machine])[0];
        assert_eq!(found.outcomes[0].verdict, verdict, "{loud:?} {steps:?}");
        let many = found.outcomes[0].inflated.concat();
        assert_eq!(many.contains("21 targets"), verdict == Verdict::NotCaptured, "{many}");
        assert!(catalogue.remarks.iter().any(|remark| remark.reason.contains("a long axis")));
        let words = catalogue.records[0].fields.last().expect("the measured column");
        assert!(words.contains(" µm, of segment 1, which begins at 500 mm (A "), "{words}");
    }
}

#[test]
fn a_conflict_shows_both_values_and_the_uncertainty_of_the_measured_one() {
    let evaluator = evaluator(&["eu/2B001"]);
    let budget = "length_m = 1\nruns = 5\ndevice_um = 0.2\ndevice_um_per_m = 0.4\n\
                  misalignment_mm = 0\nexpansion_um_per_m_k = 11.5\ntemperature_range_k = 0\n\
                  expansion_range_um_per_m_k = 0\ndeparture_k = 0\ndrift_um = 0.045644\n";
    let budget = Contributors::read("b.toml", budget).expect("a budget").budget();
    // Five readings of ± 0.2 µm by turns: s² = 0.048 µm², UPR = 4 s = 0.876 µm.
    let test = || of("m", Tested::Positioning(vec![steady(5, 5, 20, 0)]));
    for (with, text) in [
        (true, "stated 1 µm, measured 0.876 µm ± 0.115 µm, k = 2 (m.csv)"),
        (false, "stated 1 µm, measured 0.876 µm (m.csv)"),
    ] {
        let mut catalogue = read(
            "id,process,axes,axes_complete,contouring_axes,contouring_rotary,travel_x_mm,upr_x_um\n\
             m,milling,\"X,Y,Z,B,C\",yes,5,2,140,1\n",
        );
        let mut all = vec![test()];
        all.extend(with.then(|| of("m", Tested::Uncertainty(budget))));
        catalogue.attach(&all).expect("the axis is there");
        let machine = &catalogue.machines[0];
        let found = &classify(&evaluator, &catalogue.machines)[0];
        assert_eq!(found.outcomes[0].verdict, Verdict::Undetermined);
        assert_eq!(found.conflicts.len(), 1, "{:?}", found.conflicts);
        assert_eq!(conflict_text(&evaluator, machine, &found.conflicts[0]), text);
        let rows = report::result_rows(&evaluator, machine, found);
        assert!(rows[0].caveats.iter().any(|caveat| caveat.contains(text)), "{:?}", rows[0]);
    }
}

#[test]
fn a_measured_value_beside_a_figure_without_a_basis_is_shown_to_be_no_contradiction() {
    let evaluator = evaluator(&["eu/2B001"]);
    // Five readings of ± 0.2 µm by turns: UPR = 0.876 µm. What the sheet prints, its basis, the
    // verdict, whether sources contradict each other, whether they are told to be no contradiction.
    for (upr, basis, verdict, conflict, told) in [
        ("1.2", Basis::Catalogue, Verdict::Captured, false, true),
        ("0.877", Basis::Catalogue, Verdict::Captured, false, true),
        ("0.877", Basis::ThirdParty, Verdict::Captured, false, true),
        // Both figures capture: the sheet's is contradicted all the same.
        ("0.876", Basis::Catalogue, Verdict::Captured, true, false),
        ("0.5", Basis::Catalogue, Verdict::Captured, true, false),
        ("<= 1.2", Basis::Catalogue, Verdict::Captured, false, false),
        ("1.2", Basis::Declared, Verdict::Undetermined, true, false),
        ("1.2", Basis::Stated, Verdict::Undetermined, true, false),
        ("", Basis::Catalogue, Verdict::Captured, false, false),
    ] {
        let sheet = format!(
            "id,process,axes,axes_complete,contouring_axes,contouring_rotary,travel_x_mm,upr_x_um\n\
             m,milling,\"X,Y,Z,B,C\",yes,5,2,140,{upr}\n"
        );
        let table = table::read("c.csv", sheet.as_bytes(), &Reading::default()).expect("a table");
        let mut catalogue = catalogue::read(&table, &Mapping { basis, ..Mapping::default() });
        let test = Tested::Positioning(vec![steady(5, 5, 20, 0)]);
        catalogue.attach(&[of("m", test)]).expect("the axis is there");
        let machine = &catalogue.machines[0];
        let found = &classify(&evaluator, &catalogue.machines)[0];
        let case = format!("{upr} {basis:?}: {:?}", found.outcomes[0]);
        assert_eq!(found.outcomes[0].verdict, verdict, "{case}");
        assert_eq!(!found.conflicts.is_empty(), conflict, "{case}");
        let words = format!("upr of X: {} {upr} µm, measured 0.876 µm: no contr", basis.word());
        let row = &report::result_rows(&evaluator, machine, found)[0];
        assert_eq!(row.caveats.iter().any(|c| c.starts_with(&words)), told, "{:?}", row.caveats);
        assert_eq!(row.caveats.iter().any(|c| c.contains("no contradiction")), told);
        let proof = explain(&evaluator, &catalogue, 0).expect("a machine");
        let text = report::proof_text(&evaluator, &proof, true);
        let section = "Measured beside an upper bound";
        assert_eq!(text.contains(section) && text.contains(&words), told, "{text}");
    }
}
