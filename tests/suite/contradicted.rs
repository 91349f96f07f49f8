//! Where measurements contradict a sheet, and what they leave open.

use toolgauge::assess::{Verdict, classify, conflict_text, explain};
use toolgauge::catalogue::{Catalogue, Tested};
use toolgauge::report;

use crate::measured::{evaluator, of, read, runs};

/// Runs of an axis: five at each side that is told, ± `step` nm by turns, so that 4 s is 4.382
/// times the step and 6 s is 6.573 times.
fn steady(axis: &str, targets: &[i64], sides: &[&str], step: i64) -> Tested {
    let mut text = "axis,target_mm,direction,run,deviation_nm\n".to_owned();
    for (at, target) in targets.iter().enumerate() {
        for side in sides {
            for run in 0..5 {
                let sign = if (run + at) % 2 == 0 { 1 } else { -1 };
                text += &format!("{axis},{target},{side},{run},{}\n", sign * step);
            }
        }
    }
    Tested::Positioning(runs(&text))
}

const BOTH: &[&str] = &["up", "down"];
const SHORT: &[i64] = &[10, 111, 222, 330, 442];

/// A sheet of one five-axis machine that says so of X; the other axes are coarse.
fn sheet(more: &str, of_x: &str) -> Catalogue {
    sheet_of("\"X,Y,Z,B,C\",yes,3,2", more, of_x)
}

fn sheet_of(axes: &str, more: &str, of_x: &str) -> Catalogue {
    read(&format!(
        "id,process,axes,axes_complete,contouring_linear,contouring_rotary,upr_y_um,upr_z_um{more}\
         \nm,milling,{axes},7,7{of_x}\n"
    ))
}

#[test]
fn a_figure_and_a_bound_that_contradict_each_other_leave_the_verdict_open() {
    let upr = ",travel_x_mm,upr_x_um";
    let a88 = ",travel_x_mm,positioning_accuracy_x_um,positioning_accuracy_x_um.standard,\
               travel_y_mm,positioning_accuracy_y_um,positioning_accuracy_y_um.standard,\
               travel_z_mm,positioning_accuracy_z_um,positioning_accuracy_z_um.standard";
    let of_a88 = |x: &str| {
        let y = "ISO 230-2:1988,500,60,ISO 230-2:1988,500,60,ISO 230-2:1988";
        format!(",500,{x},{y}")
    };
    type Case<'c> = (&'c str, &'c str, String, &'c [&'c str], i64, Verdict, &'c str);
    let cases: [Case<'_>; 7] = [
        // UPR ≤ R↑ = 0.5 µm against stated figures above, below and at the limit of 0.9 µm.
        (
            "eu/2B001",
            upr,
            ",500,2".to_owned(),
            &["up"],
            114,
            Verdict::Undetermined,
            "stated 2 µm, measured at most 0.5 µm by UPR ≤ R↑ (m.csv)",
        ),
        ("eu/2B001", upr, ",500,2".to_owned(), &["down"], 114, Verdict::Undetermined, "UPR ≤ R↓"),
        ("eu/2B001", upr, ",500,0.9".to_owned(), &["up"], 114, Verdict::Captured, "UPR ≤ R↑"),
        ("eu/2B001", upr, ",500,0.5".to_owned(), &["up"], 114, Verdict::Captured, "UPR ≤ R↑"),
        // No contradiction: the stated figure stands.
        ("eu/2B001", upr, ",500,2".to_owned(), &["up"], 500, Verdict::NotCaptured, ""),
        // A(1988) ≥ 7.5 µm measured against 5 µm stated: the limit of 6 µm lies between.
        (
            "eu/2B201",
            a88,
            of_a88("5"),
            &["up"],
            1141,
            Verdict::Undetermined,
            "stated 5 µm, measured at least 7.499 µm by R(1988) ≤ A(1988) (m.csv)",
        ),
        ("eu/2B201", a88, of_a88("6.5"), &["up"], 1141, Verdict::NotCaptured, "at least 7.499 µm"),
    ];
    for (list, more, of_x, sides, step, verdict, words) in cases {
        let case = format!("{list} {of_x} {sides:?} {step}");
        let evaluator = evaluator(&[list]);
        let three = list == "eu/2B201";
        let axes = if three { "\"X,Y,Z\",yes,3,0" } else { "\"X,Y,Z,B,C\",yes,3,2" };
        let mut catalogue = sheet_of(axes, more, &of_x);
        catalogue.attach(&[of("m", steady("X", SHORT, sides, step))]).expect("X is there");
        let found = &classify(&evaluator, &catalogue.machines)[0];
        assert_eq!(found.outcomes[0].verdict, verdict, "{case}: {:?}", found.outcomes[0]);
        let machine = &catalogue.machines[0];
        let told: Vec<String> = found
            .conflicts
            .iter()
            .map(|conflict| conflict_text(&evaluator, machine, conflict))
            .collect();
        assert_eq!(told.iter().any(|text| text.contains(words)), !told.is_empty(), "{told:?}");
        assert_eq!(told.is_empty(), words.is_empty(), "{case}: {told:?}");
        // The proof names both sides with their values, and the hull.
        let proof = explain(&evaluator, &catalogue, 0).expect("a machine");
        let text = report::proof_text(&evaluator, &proof, true);
        assert_eq!(text.contains("these contradict each other"), !words.is_empty(), "{text}");
        assert!(text.contains(words), "{case}: {text}");
    }
}

/// What the caveats of the first entry say.
fn caveats(catalogue: &Catalogue, list: &str) -> (Verdict, String) {
    let evaluator = evaluator(&[list]);
    let found = &classify(&evaluator, &catalogue.machines)[0];
    let rows = report::result_rows(&evaluator, &catalogue.machines[0], found);
    (found.outcomes[0].verdict, rows[0].caveats.join("\n"))
}

#[test]
fn a_test_of_a_part_bounds_a_long_axis_from_above_and_a_short_one_from_below() {
    // Up to 1900 mm in steps of 100 mm, or over 6 m.
    let targets = |to: i64| (0..=to / 100).map(|at| 100 * at).collect::<Vec<i64>>();
    let (captured, open, not) = (Verdict::Captured, Verdict::Undetermined, Verdict::NotCaptured);
    // The travel, what was tested, the step in nm (UPR is 4.382 of it), the verdict, the caveat.
    let nothing = "nothing is known of the UPR of its segments";
    let below = "the smallest UPR of its segments is bounded from below only";
    let both = "the smallest UPR of its segments is bounded on both sides";
    let above = "the smallest UPR of its segments is bounded from above only";
    for (travel, tested, step, verdict, words) in [
        ("2000", 1900, 1500, not, ""),
        ("2001", 1900, 1500, not, "of a travel of 2001 mm: 101 mm are left out, more than the"),
        ("2001", 2000, 1500, not, ""),
        ("5000", 700, 1500, open, nothing),
        ("5000", 700, 300, open, nothing),
        // Segments lie where the travel places them: what surely lies in them bounds from below, a
        // stretch that surely holds one from above.
        ("4000", 2000, 300, open, below),
        ("3900", 2000, 320, not, below),
        ("3000", 2390, 300, open, below),
        ("3000", 2500, 300, captured, both),
        ("5000", 2000, 300, open, nothing),
        ("5000", 2000, 1500, open, "tested over 2000 mm of a travel of 5000 mm: 3000 mm are left"),
        ("5000", 4300, 300, open, below),
        // Two segments and the gap between them hold one wherever they lie, if not always the same.
        ("5000", 4400, 1000, captured, both),
        ("5000", 4400, 1400, not, both),
        ("5000", 4500, 1000, captured, both),
        ("5000", 4600, 1000, captured, both),
        ("5000", 4600, 1400, not, both),
        (
            ">= 3000",
            700,
            1500,
            open,
            "700 mm of a travel of 3000 mm or more, of which no upper end",
        ),
        // Where they lie follows from all of the travel, and so does how many there are.
        ("8000", 6000, 1500, open, above),
        ("8000", 5400, 1000, captured, above),
        ("8000", 5300, 1000, open, nothing),
        ("8000", 7900, 1500, not, ""),
        ("8001", 7900, 1500, not, both),
        ("8001", 8000, 1500, not, ""),
        ("", 1900, 1500, open, "tested over 1900 mm, and no travel is stated: a longer axis may"),
        ("", 1900, 300, open, "one over 2000 mm is judged by its best segment"),
        // Without a travel nobody knows where segments lie, however much was tested.
        ("", 2000, 300, open, "one over 2000 mm is judged by its best segment"),
        ("", 5900, 300, open, nothing),
        ("", 6000, 300, open, nothing),
        // A part of a short axis bounds from below: 1.4 µm from 1 m on, 0.9 µm below.
        ("1500", 500, 1500, not, "tested over 500 mm of a travel of 1500 mm: 1000 mm are left out"),
        ("1500", 500, 320, not, "every figure is bounded from below only"),
        ("1500", 500, 319, open, "every figure is bounded from below only"),
        ("700", 500, 1500, not, "200 mm are left out, more than the 100 mm of one step between"),
        ("601", 500, 300, not, "101 mm are left out"),
        ("601", 500, 200, open, "101 mm are left out"),
        ("600", 500, 200, captured, ""),
        // Both lengths count; a hundredth, by which travels are rounded, is no more than a remark.
        ("600", 700, 1500, not, "targets over 700 mm, where the sheet states a travel of 600 mm"),
        ("693", 700, 1500, not, "targets over 700 mm, where the sheet states a travel of 693 mm"),
        ("694", 700, 1500, not, ""),
        ("1981", 2000, 200, captured, ""),
        ("700", 700, 1500, not, ""),
    ] {
        let case = format!("{travel} {tested} {step}");
        let mut catalogue = sheet(",travel_x_mm", &format!(",{travel}"));
        let test = of("m", steady("X", &targets(tested), BOTH, step));
        catalogue.attach(&[test]).expect("X is there");
        let (found, said) = caveats(&catalogue, "eu/2B001");
        assert_eq!(found, verdict, "{case}: {said}");
        assert!(said.contains(words), "{case}: {said}");
        assert_eq!(said.contains("m.csv): "), !words.is_empty(), "{case}: {said}");
    }
}

#[test]
fn a_test_over_more_than_the_stated_travel_leaves_open_what_differs_between_the_two() {
    let (captured, open, not) = (Verdict::Captured, Verdict::Undetermined, Verdict::NotCaptured);
    // The travel; what was tested in mm, the scatter growing at the last target only where it is
    // told; the step of the readings there and elsewhere in nm; the verdict.
    for (travel, tested, last, step, verdict) in [
        // 1.095 µm: 0.9 µm capture below 1 m, 1.4 µm from there on.
        ("999", 999, 250, 250, not),
        ("999", 1000, 250, 250, open),
        ("995", 1003, 250, 250, open),
        ("980", 1003, 250, 250, open),
        ("500", 1003, 250, 250, open),
        ("1000", 1003, 250, 250, captured),
        ("1002", 1003, 250, 250, captured),
        // What both lengths say stands.
        ("500", 1003, 200, 200, captured),
        ("500", 1003, 320, 320, not),
        // 2010 mm are a long axis, whose segment leaves the last target out; 1995 mm are none.
        ("1900", 2010, 1500, 200, open),
        ("1995", 2010, 1500, 200, open),
        ("2000", 2010, 1500, 200, open),
        ("2010", 2010, 1500, 200, captured),
        ("1995", 2010, 200, 200, captured),
        ("1995", 2010, 320, 320, not),
    ] {
        let case = format!("{travel} {tested} {last} {step}");
        let mut targets: Vec<i64> =
            (0..tested).step_by(100).filter(|at| at + 50 < tested).collect();
        targets.push(tested);
        let mut text = "axis,target_mm,direction,run,deviation_nm\n".to_owned();
        for target in targets {
            let step = if target == tested { last } else { step };
            for side in BOTH {
                for run in 0..5 {
                    let sign = if run % 2 == 0 { 1 } else { -1 };
                    text += &format!("X,{target},{side},{run},{}\n", sign * step);
                }
            }
        }
        let mut catalogue = sheet(",travel_x_mm", &format!(",{travel}"));
        catalogue.attach(&[of("m", Tested::Positioning(runs(&text)))]).expect("X is there");
        let (found, said) = caveats(&catalogue, "eu/2B001");
        assert_eq!(found, verdict, "{case}: {said}");
        let told = catalogue.remarks.iter().any(|r| r.reason.contains("where the sheet states"));
        assert_eq!(told, travel != tested.to_string(), "{case}");
    }
}

#[test]
fn a_gap_between_targets_bounds_from_below_only() {
    let (captured, open, not) = (Verdict::Captured, Verdict::Undetermined, Verdict::NotCaptured);
    // The travel, the targets in mm, the step in nm; the verdict.
    for (travel, targets, step, verdict) in [
        ("800", &[0, 320, 640, 800][..], 200, captured),
        ("800", &[0, 321, 640, 800], 200, open),
        ("800", &[0, 1, 800], 200, open),
        ("800", &[0, 800], 200, open),
        ("800", &[0, 800], 400, not),
        ("800", &[400], 200, open),
        ("3000", &[0, 3000], 200, open),
        ("4000", &[0, 2000, 4000], 200, open),
        ("4000", &[0, 2000, 4000], 1500, not),
        ("5000", &[0, 2200, 4400], 200, open),
        ("7000", &[0, 3000, 6000], 200, open),
        ("7000", &[0, 3500, 7000], 200, open),
        ("", &[0, 3000, 6000], 200, open),
    ] {
        let mut catalogue = sheet(",travel_x_mm", &format!(",{travel}"));
        catalogue.attach(&[of("m", steady("X", targets, BOTH, step))]).expect("X is there");
        let (found, said) = caveats(&catalogue, "eu/2B001");
        assert_eq!(found, verdict, "{travel} {targets:?} {step}: {said}");
    }
}

#[test]
fn what_a_test_cannot_say_is_told_with_its_file_and_reason() {
    let head = "axis,target_mm,direction,run,deviation_um\n";
    for (text, words) in [
        ("X,0,up,1,1\nX,0,down,1,1\nX,9,up,1,1\nX,9,down,1,1\n", "one run ↑ at some target"),
        ("X,0,up,1,1\nX,0,up,2,3\nX,9,up,1,1\nX,9,up,2,3\n", "no run ↓ at some target"),
    ] {
        let mut catalogue = sheet(",travel_x_mm", ",500");
        let test = Tested::Positioning(runs(&format!("{head}{text}")));
        catalogue.attach(&[of("m", test)]).expect("X is there");
        let words = format!("the measurement of X (m.csv): UPR is not computable: {words}");
        let (_, said) = caveats(&catalogue, "eu/2B001");
        assert!(said.contains(&words), "{said}");
        let proof = explain(&evaluator(&["eu/2B001"]), &catalogue, 0).expect("a machine");
        let text = report::proof_text(&evaluator(&["eu/2B001"]), &proof, false);
        assert!(text.contains(&words), "{text}");
        // The tree says it at the very reading.
        assert!(text.contains("       not told by m.csv: UPR is not computable: "), "{text}");
    }
}

#[test]
fn a_test_of_an_axis_that_the_sheet_does_not_list_gives_no_reading() {
    // The label of the file; the axes of the sheet, whether it says that they are all; the axis
    // that takes the readings.
    for (label, axes, complete, taken) in [
        ("X", "\"X,Y\"", "yes", Some("X")),
        ("x-axis", "\"X,Y\"", "yes", Some("X")),
        ("X axis", "\"X,Y\"", "", Some("X")),
        ("axis X", "\"X,Y\"", "yes", Some("X")),
        ("Axis: X1", "\"X1,X2\"", "yes", Some("X1")),
        ("X1", "\"X,Y\"", "yes", None),
        ("Q", "\"X,Y\"", "yes", None),
        ("Q", "\"X,Y\"", "", None),
        ("X", "\"B,C\"", "yes", None),
        ("X", "\"B,C\"", "", Some("X")),
        ("X-axis", "\"B,C\"", "", Some("X")),
        ("X", "", "", Some("X")),
    ] {
        let case = format!("{label} {axes} {complete}");
        let mut catalogue =
            read(&format!("id,process,axes,axes_complete\nm,milling,{axes},{complete}\n"));
        let before = catalogue.machines[0].axes.len();
        let test = of("m", steady(label, SHORT, BOTH, 100));
        catalogue.attach(&[test]).expect("an answer");
        let machine = &catalogue.machines[0];
        let upr = machine.readings.iter().find(|r| r.parameter.row().name == "upr");
        let at = upr.and_then(|r| r.axis).map(|at| machine.axes[usize::from(at)].label.as_str());
        assert_eq!(at, taken, "{case}");
        let told = catalogue.remarks.iter().find(|r| r.reason.contains("lists no axis"));
        assert_eq!(told.is_some(), taken.is_none(), "{case}");
        assert!(told.is_none_or(|r| r.advice.contains("as the sheet does")), "{case}: {told:?}");
        assert!(taken.is_some() || machine.axes.len() == before, "{case}");
        let (_, said) = caveats(&catalogue, "eu/2B001");
        assert_eq!(said.contains("(m.csv): the sheet lists no axis"), taken.is_none(), "{said}");
    }
    // The stated 1.0 µm stands: no axis beside it captures.
    let mut catalogue = sheet(",travel_x_mm,upr_x_um", ",500,1.0");
    catalogue.attach(&[of("m", steady("X-axis", SHORT, BOTH, 114))]).expect("X is there");
    let (found, said) = caveats(&catalogue, "eu/2B001");
    assert_eq!(found, Verdict::Undetermined);
    assert!(said.contains("upr of X: stated 1 µm, measured 0.5 µm (m.csv)"), "{said}");
}

#[test]
fn what_is_open_under_an_option_alone_says_what_is_missing() {
    let option = ",axis.X.travel,axis.X.upr,option.fine.axis.X.upr,basis";
    for (fine, tests, said) in [
        ("0.8 - 1.2 um", vec![], "upr of X"),
        // Measured 1.315 µm.
        ("0.8 um", vec![of("m", steady("X", SHORT, BOTH, 300))], "upr of X"),
    ] {
        let mut catalogue = sheet(option, &format!(",500 mm,2 um,{fine},stated"));
        catalogue.attach(&tests).expect("the tests are taken");
        let evaluator = evaluator(&["eu/2B001"]);
        let results = classify(&evaluator, &catalogue.machines);
        let outcome = &results[0].outcomes[0];
        assert_eq!(outcome.verdict, Verdict::Undetermined, "{fine}");
        let rows = report::result_rows(&evaluator, &catalogue.machines[0], &results[0]);
        assert!(rows[0].missing.join("; ").contains(said), "{fine}: {:?}", rows[0].missing);
        let explanation = explain(&evaluator, &catalogue, 0).expect("it is there");
        let text = report::proof_text(&evaluator, &explanation, true);
        assert!(!text.contains("· \n") && !text.contains("·  \n"), "{text}");
        assert!(text.contains("[open]"), "{text}");
    }
}

#[test]
fn a_side_at_the_limit_meets_it_and_a_target_that_was_not_read_leaves_it_open() {
    let evaluator = evaluator(&["eu/2B001"]);
    let sheet = "id,process,axes,axes_complete,contouring_axes,contouring_rotary,travel_x_mm,\
                 upr_y_um,upr_z_um\nm,milling,\"X,Y,Z,B,C\",yes,5,2,500,7,7\n";
    // s = 0.225 µm: R↑ 0.9 µm, which UPR is not above.
    let sided = |by: &str, blank: bool| {
        let mut text = "axis,target_mm,direction,run,deviation_um\n".to_owned();
        for target in [3, 101, 222, 307, 419, 497] {
            for (run, sign) in ["-", "-", "", "", "0*"].iter().enumerate() {
                let value = if *sign == "0*" { "0".to_owned() } else { format!("{sign}{by}") };
                let value = if blank && target == 222 { String::new() } else { value };
                text += &format!("X,{target},up,{},{value}\n", run + 1);
            }
        }
        text
    };
    for (by, blank, verdict) in [
        ("0.225", false, Verdict::Captured),
        ("0.225001", false, Verdict::Undetermined),
        ("0.225", true, Verdict::Undetermined),
    ] {
        let mut catalogue = read(sheet);
        let test = Tested::Positioning(runs(&sided(by, blank)));
        catalogue.attach(&[of("m", test)]).expect("the axis is there");
        let found = classify(&evaluator, &catalogue.machines);
        assert_eq!(found[0].outcomes[0].verdict, verdict, "{by} {blank}");
        let told = catalogue.remarks.iter().any(|r| r.reason.contains("every run ↑ at 222 mm"));
        assert_eq!(told, blank, "{:?}", catalogue.remarks);
    }
}
