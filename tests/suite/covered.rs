//! Tests that may not have covered their axis: what they prove, and under which assumption more.

use toolgauge::assess::{Evaluator, Outcome, Setup, Verdict, classify, conflict_text, explain};
use toolgauge::catalogue::{Catalogue, Tested};
use toolgauge::evidence::Level;
use toolgauge::machine::Doubt;
use toolgauge::metrology::SlideReader;
use toolgauge::quantity::Value;
use toolgauge::report;
use toolgauge::table::{self, Reading};

use crate::lists::setup;
use crate::measured::{evaluator_with, of, read, runs};

const TRAVEL: &str = "travel-as-tested";
const PART: &str = "part-as-whole";

/// An evaluator that makes these assumptions too.
fn assuming(list: &str, names: &[&str]) -> Evaluator {
    let mut setup: Setup = setup();
    for name in names {
        setup.policy.assumptions.set(name, true).expect("a shipped assumption");
    }
    evaluator_with(&[list], setup)
}

/// Runs of an axis, five a side, ± `step` nm or thousandths of an arc second by turns.
fn steady(axis: &str, unit: [&str; 2], targets: &[i64], step: i64) -> Tested {
    let [of_targets, of_readings] = unit;
    let mut text = format!("axis,target_{of_targets},direction,run,deviation_{of_readings}\n");
    for (at, target) in targets.iter().enumerate() {
        for side in ["up", "down"] {
            for run in 0..5 {
                let sign = if (run + at) % 2 == 0 { 1 } else { -1 };
                text += &format!("{axis},{target},{side},{run},{}\n", sign * step);
            }
        }
    }
    Tested::Positioning(runs(&text))
}

fn outcome(evaluator: &Evaluator, catalogue: &Catalogue) -> Outcome {
    classify(evaluator, &catalogue.machines).remove(0).outcomes.remove(0)
}

fn steps(to: i64, step: i64) -> Vec<i64> {
    (0..=to / step).map(|at| step * at).collect()
}

#[test]
fn an_assumption_takes_a_test_as_one_of_the_whole_axis_and_is_named() {
    use Verdict::{Captured, NotCaptured, Undetermined};
    // The travel; what was tested in steps of 100 mm; the step of the readings in nm (UPR is 4.382
    // of it); the verdict, with each assumption alone; which of them would settle it.
    for (travel, tested, step, plain, by_travel, by_part, settling) in [
        // No travel is stated: 0.9 µm captures, whatever the travel.
        ("", 1000, 200, Undetermined, Captured, Undetermined, Some(TRAVEL)),
        ("", 1000, 400, Undetermined, NotCaptured, Undetermined, Some(TRAVEL)),
        // The travel is that of the test too: 1.095 µm capture from 1 m on.
        ("", 1000, 250, Undetermined, Captured, Undetermined, Some(TRAVEL)),
        ("", 900, 250, Undetermined, NotCaptured, Undetermined, Some(TRAVEL)),
        ("", 2000, 200, Undetermined, Captured, Undetermined, Some(TRAVEL)),
        ("", 6000, 200, Undetermined, Captured, Undetermined, Some(TRAVEL)),
        ("", 2000, 400, Undetermined, NotCaptured, Undetermined, Some(TRAVEL)),
        (">= 500", 1000, 200, Undetermined, Captured, Undetermined, Some(TRAVEL)),
        (">= 1100", 1000, 200, Undetermined, Captured, Undetermined, Some(TRAVEL)),
        (">= 1200", 1000, 200, Undetermined, Undetermined, Captured, Some(PART)),
        // A part of a short axis.
        ("900", 700, 200, Undetermined, Undetermined, Captured, Some(PART)),
        ("900", 700, 400, NotCaptured, NotCaptured, NotCaptured, None),
        ("800", 700, 200, Captured, Captured, Captured, None),
        // A segment of a long one, and less than a segment.
        ("5000", 2000, 1500, Undetermined, Undetermined, NotCaptured, Some(PART)),
        ("5000", 2000, 200, Undetermined, Undetermined, Captured, Some(PART)),
        ("4000", 2000, 200, Undetermined, Undetermined, Captured, Some(PART)),
        ("3000", 2000, 200, Undetermined, Undetermined, Captured, Some(PART)),
        // What is surely in its segment bounds that from below; what may be, from above.
        ("3000", 2000, 400, NotCaptured, NotCaptured, NotCaptured, None),
        ("3000", 2500, 200, Captured, Captured, Captured, None),
        ("5000", 1900, 200, Undetermined, Undetermined, Undetermined, None),
    ] {
        let case = format!("{travel} {tested} {step}");
        let mut catalogue = read(&format!(
            "id,process,axes,axes_complete,contouring_linear,contouring_rotary,upr_y_um,upr_z_um,\
             travel_x_mm\nm,milling,\"X,Y,Z,B,C\",yes,3,2,7,7,{travel}\n"
        ));
        let test = steady("X", ["mm", "nm"], &steps(tested, 100), step);
        catalogue.attach(&[of("m", test)]).expect("X is there");
        let found = outcome(&assuming("eu/2B001", &[]), &catalogue);
        assert_eq!(found.verdict, plain, "{case}: {found:?}");
        let named: Vec<&str> =
            found.settling.iter().filter_map(|text| text.split(':').next()).collect();
        assert_eq!(named, settling.into_iter().collect::<Vec<_>>(), "{case}");
        for (name, verdict) in [(TRAVEL, by_travel), (PART, by_part)] {
            let evaluator = assuming("eu/2B001", &[name]);
            let found = outcome(&evaluator, &catalogue);
            assert_eq!(found.verdict, verdict, "{case} {name}: {found:?}");
            // What rests on the assumption says so, and what does not does not.
            let rests = settling == Some(name);
            assert_eq!(found.assumptions.iter().any(|a| a == name), rests, "{case}: {found:?}");
            assert!(!rests || found.grade == Some(Level::Assumed), "{case}: {found:?}");
            let told = explain(&evaluator, &catalogue, 0).expect("a machine");
            let text = report::proof_text(&evaluator, &told, true);
            let used = text.contains(&format!("\n  {name}: "));
            assert!(used || !rests, "{case} {name}: {text}");
        }
        let told = explain(&assuming("eu/2B001", &[]), &catalogue, 0).expect("a machine");
        let text = report::proof_text(&assuming("eu/2B001", &[]), &told, false);
        let by = settling.map(|name| format!("Made by --assume {name}")).unwrap_or_default();
        assert!(text.contains(&by), "{case}: {text}");
        assert!(!text.contains("in use") || !text.contains("\n  part-as-whole"), "{text}");
    }
}

#[test]
fn a_part_of_a_turn_bounds_a_rotary_axis_from_below() {
    let (none, part, travel) = (None, Some(PART), Some(TRAVEL));
    // What the sheet says of C; what was tested, in which steps, in degrees; what is in doubt.
    for (sheet, tested, step, doubt) in [
        ("", 360, 30, none),
        ("", 330, 30, none),
        ("", 315, 45, none),
        ("", 270, 45, travel),
        ("", 300, 30, travel),
        ("", 60, 5, travel),
        ("360", 60, 5, part),
        ("360", 360, 30, none),
        ("360", 330, 30, none),
        ("360", 300, 30, part),
        ("60", 60, 5, none),
        ("60", 50, 10, none),
        ("60", 40, 10, part),
        ("endless", 360, 30, none),
        ("endless", 60, 5, part),
        ("720", 360, 30, none),
    ] {
        let case = format!("{sheet} {tested} {step}");
        let (header, of_c) = match sheet {
            "" => ("", String::new()),
            "endless" => (",continuous_c", ",yes".to_owned()),
            range => (",rotary_range_low_c_deg,rotary_range_high_c_deg", format!(",0,{range}")),
        };
        let mut catalogue = read(&format!("id,process,axes{header}\nm,milling,\"X,C\"{of_c}\n"));
        let test = steady("C", ["deg", "mas"], &steps(tested, step), 100);
        catalogue.attach(&[of("m", test)]).expect("C is there");
        let machine = &catalogue.machines[0];
        let named = |name| move |r: &&toolgauge::machine::Reading| r.parameter.row().name == name;
        let found: Vec<_> = machine.readings.iter().filter(named("rotary_accuracy")).collect();
        let high = |r: &toolgauge::machine::Reading| match r.set {
            toolgauge::machine::Set::Span(span) => span.high().is_some(),
            _ => false,
        };
        // Without a doubt one figure; with one a bound, and the figure under the assumption.
        let forms: Vec<(bool, bool)> =
            found.iter().map(|r| (high(r), r.form.doubt().is_some())).collect();
        match doubt {
            None => assert_eq!(forms, [(true, false)], "{case}"),
            Some(_) => assert_eq!(forms, [(false, false), (true, true)], "{case}"),
        }
        let evaluator = assuming("eu/2B001", &[]);
        let told = explain(&evaluator, &catalogue, 0).expect("a machine");
        let text = report::proof_text(&evaluator, &told, false);
        let words = doubt.map_or("m.csv): tested over".to_owned(), |name| {
            format!("--assume {name} would count it as of the whole axis")
        });
        assert_eq!(text.contains(&words), doubt.is_some(), "{case}: {text}");
        let tested = format!("tested over {tested} deg");
        assert_eq!(text.contains(&tested), doubt.is_some(), "{case}: {text}");
    }
}

#[test]
fn a_test_with_one_run_of_a_part_says_that_nothing_is_known() {
    for (travel, words) in [
        ("5000", "nothing is known of the UPR of its segments"),
        ("3000", "nothing is known of the UPR of its segments"),
    ] {
        let mut text = "axis,target_mm,direction,run,deviation_nm\n".to_owned();
        for target in steps(2000, 250) {
            text += &format!("X,{target},up,1,5\nX,{target},down,1,9\n");
        }
        let mut catalogue = read(&format!("id,process,axes,travel_x_mm\nm,milling,X,{travel}\n"));
        catalogue.attach(&[of("m", Tested::Positioning(runs(&text)))]).expect("X is there");
        let said = catalogue.machines[0].measurements[0].open.join("\n");
        assert!(said.contains("UPR is not computable: one run"), "{said}");
        assert!(said.contains(words) && !said.contains("from above"), "{said}");
        assert!(catalogue.machines[0].measurements[0].inflated.is_empty());
        assert!(!catalogue.machines[0].measurements[0].doubts.is_empty());
    }
}

#[test]
fn of_several_measuring_lines_none_counts_but_by_assumption() {
    let head = "axis,line,target_mm,direction,run,deviation_nm\n";
    let on = |axis: &str, line: &str, step: i64, runs: i64| {
        let mut text = String::new();
        for target in steps(500, 100) {
            for side in ["up", "down"] {
                for run in 0..runs {
                    let sign = if (run + target / 100) % 2 == 0 { 1 } else { -1 };
                    text += &format!("{axis},{line},{target},{side},{run},{}\n", sign * step);
                }
            }
        }
        text
    };
    // The lines with the step of their readings and their runs; between which ends the UPR of the
    // axis lies whichever of them counts, and if the largest does, in pm (nought is no end).
    let one = [876_356; 2];
    for (lines, ends, most) in [
        (&[("Z 100", 100, 5), ("Z 300", 200, 5)][..], [438_178, 876_356], one),
        (&[("Z 300", 200, 5), ("Z 100", 100, 5)], [438_178, 876_356], one),
        (&[("Z 100", 200, 5), ("Z 300", 200, 5)], one, [0, 0]),
        (&[("Z 100", 100, 5), ("Z 300", 9000, 1)], [0, 0], [438_178, 0]),
        (
            &[("Z 100", 100, 5), ("Z 200", 300, 5), ("Z 300", 200, 5)],
            [438_178, 1_314_534],
            [1_314_534; 2],
        ),
    ] {
        let mut text = head.to_owned();
        for (at, (line, step, runs)) in lines.iter().enumerate() {
            // The axis may be written otherwise.
            text += &on(if at == 0 { "X" } else { "x-axis" }, line, *step, *runs);
        }
        let tests = runs(&text);
        assert_eq!(tests.len(), lines.len());
        let mut catalogue = read("id,process,axes,travel_x_mm\nm,milling,X,500\n");
        catalogue.attach(&[of("m", Tested::Positioning(tests))]).expect("X is there");
        let machine = &catalogue.machines[0];
        let of_upr = |doubt: Option<Doubt>| {
            let mut all = machine.readings.iter().filter(|r| r.parameter.row().name == "upr");
            let found = all.find(|r| r.form.doubt() == doubt);
            let Some(toolgauge::machine::Set::Span(span)) = found.map(|r| r.set) else {
                return [0, 0];
            };
            [span.low(), span.high()].map(|end| end.map_or(0, Value::count))
        };
        let near = |found: [i64; 2], wanted: [i64; 2]| {
            assert!(
                found.iter().zip(wanted).all(|(f, w)| (f - w).abs() <= 1),
                "{found:?} {lines:?}"
            );
        };
        near(of_upr(None), ends);
        near(of_upr(Some(Doubt::SeveralLines)), most);
        let told = machine.measurements[0].open.join("\n");
        assert_eq!(
            told.contains("no list says which counts"),
            ends != one || lines.len() > 2,
            "{told}"
        );
        // Each of them is reported.
        let words = catalogue.records[0].fields.last().expect("the measured column");
        assert!(
            lines.iter().all(|(line, ..)| words.contains(&format!("line at {line}"))),
            "{words}"
        );
    }
}

#[test]
fn windows_that_were_not_seen_leave_open_what_they_may_decide() {
    use Verdict::{Captured, NotCaptured, Undetermined};
    // Positions in mm so far apart, each with its angle in tenths of an arc second, and others;
    // verdicts with the policy left open, `either`, and `both`: below 2 arc seconds captures.
    type Case<'c> = (usize, &'c [u64], &'c [(usize, u64)], [Verdict; 3]);
    let better = [Undetermined, Captured, Undetermined];
    let worse = [Undetermined, Undetermined, NotCaptured];
    let cases: [Case; 25] = [
        // Every window is seen.
        (50, &[0, 0, 10, 10, 10, 10, 10, 10, 0], &[], [Captured; 3]),
        (50, &[0, 20, 20, 20, 20, 20, 0, 0, 20], &[], [NotCaptured; 3]),
        // One is not: it may be better or worse.
        (50, &[0, 0, 10, 10, 10, 10, 10], &[(700, 10)], better),
        (50, &[0, 20, 20, 20, 20, 20, 0], &[(700, 0)], worse),
        // Windows that begin or end between positions, whatever these are apart: one from 1 to
        // 301 mm holds less than one that ends at positions, what lies around it as much as 2.
        (60, &[0, 10, 10, 10, 10, 20, 30, 30, 30, 30, 40], &[], worse),
        (60, &[0, 9, 9, 9, 9, 10, 19, 19, 19, 19, 20], &[], [Captured; 3]),
        (60, &[0, 9, 9, 9, 9, 10, 20, 20, 20, 20, 20], &[], better),
        (60, &[0, 10, 20, 20, 20, 20, 20], &[], [Undetermined, Captured, NotCaptured]),
        (60, &[0, 5, 10, 10, 10, 10, 10], &[], [Captured; 3]),
        (70, &[0, 4, 8, 12, 16, 20, 24], &[], [Undetermined; 3]),
        (70, &[0, 7, 14, 21, 28, 35, 42], &[], [NotCaptured; 3]),
        // Some that lie between hold four positions of 70 mm.
        (70, &[0, 5, 10, 10, 10, 10, 10], &[], better),
        (70, &[0, 4, 8, 12, 16, 20, 20, 20, 20, 20, 20], &[], better),
        (75, &[0, 1, 0, 1, 0], &[(500, 20), (700, 40)], [Undetermined, Captured, NotCaptured]),
        // Five positions of a window tell what it holds at most, four do not, nor do two.
        (75, &[0, 0, 0, 0, 19], &[], [Captured; 3]),
        (75, &[0, 0, 0, 0, 20], &[], [NotCaptured; 3]),
        (100, &[0, 0, 0, 19], &[], [Undetermined; 3]),
        (100, &[0, 0, 0, 20], &[], [NotCaptured; 3]),
        (300, &[0, 1], &[], [Undetermined; 3]),
        // Enough of them, of which two lie more than two steps of 60 mm apart, or do not.
        (10, &[0, 0, 0, 0], &[(150, 0), (270, 0), (300, 1)], [Captured; 3]),
        (10, &[0, 0, 0, 0], &[(151, 0), (270, 0), (300, 1)], [Undetermined; 3]),
        (10, &[0, 0, 0, 0], &[(151, 20), (270, 0), (300, 0)], [NotCaptured; 3]),
        // Some windows hold enough, or none does of those that hold less than 2.
        (75, &[0, 1, 0, 1, 0], &[(400, 0), (500, 0), (600, 0)], better),
        (100, &[0, 0, 0, 0, 0, 0, 20], &[], worse),
        (100, &[0, 20, 0, 20, 0, 20, 0], &[], [NotCaptured; 3]),
    ];
    for (step, angles, others, verdicts) in cases {
        let own = angles.iter().enumerate().map(|(at, angle)| (step * at, *angle));
        let rows: Vec<(usize, u64)> = own.chain(others.iter().copied()).collect();
        let mut text = "slide,position_mm,yaw_arcsec,pitch_arcsec,roll_arcsec\n".to_owned();
        for (at, tenths) in &rows {
            let angle = format!("{}.{}", tenths / 10, tenths % 10);
            text += &format!("x,{at},{angle},{angle},{angle}\n");
        }
        let table = table::read("s.csv", text.as_bytes(), &Reading::default()).expect("a table");
        let mut reader = SlideReader::new("s.csv", &table.header).expect("a header");
        table.records.iter().for_each(|record| reader.take(record).expect("a row"));
        let slides = reader.finish().expect("slides");
        let length = Value::from_count(300_000_000_000).expect("fits");
        let seen = slides[0].windows(length, None).expect("some window");
        let travel = rows.last().map_or(0, |(at, _)| *at);
        let mut catalogue = read(&format!(
            "id,process,machine_kind,axes,axes_complete,contouring_linear,contouring_rotary,\
             upr_x_um,spindle_runout_um,spindle_camming_um,travel_x_mm\n\
             m,milling,fly_cutter,X,yes,2,0,9,0.1,0.1,{travel}\n"
        ));
        catalogue.attach(&[of("m", Tested::Slides(slides))]).expect("there");
        for (taken, verdict) in [None, Some(true), Some(false)].into_iter().zip(verdicts) {
            let mut setup = setup();
            setup.policies =
                taken.map(|either| ("slide-window".to_owned(), either)).into_iter().collect();
            let evaluator = evaluator_with(&["eu/2B001"], setup);
            let found = outcome(&evaluator, &catalogue);
            assert_eq!(found.verdict, verdict, "{rows:?} {taken:?}: {found:?}");
            // The policy is named where the verdict hangs on it, with what settles it.
            let named: Vec<String> =
                found.policies.iter().flat_map(|open| open.settled_by.clone()).collect();
            let settles =
                [("slide-window=either", verdicts[1]), ("slide-window=both", verdicts[2])];
            let settles = settles.into_iter().filter(|(_, taken)| *taken != Undetermined);
            let open = taken.is_none() && verdict == Undetermined;
            let wanted: Vec<_> = settles.map(|(word, _)| word).filter(|_| open).collect();
            assert_eq!(named, wanted, "{rows:?} {taken:?}");
            // Where nothing tells the best window from the worst, which counts settles nothing.
            let differ = seen.parts.best != seen.parts.worst;
            assert_eq!(!found.policies.is_empty(), open && differ, "{rows:?} {taken:?}");
        }
        let told = |text: &str| catalogue.remarks.iter().any(|r| r.reason.contains(text));
        assert_eq!(told("one position at most"), seen.unseen.is_some(), "{rows:?}");
        let parts = [seen.parts.best, seen.parts.worst];
        let range = parts.iter().any(|(low, high)| high.is_some_and(|high| high > *low));
        assert_eq!(told("begin and end between positions"), range, "{rows:?}");
        assert_eq!(told("hold fewer than 5 positions"), seen.few.is_some(), "{rows:?}");
    }
}

#[test]
fn a_conflict_rounds_no_figure_onto_or_across_what_it_is_compared_with() {
    // The step of the readings in pm (UPR is 4.382 of it), what is stated; what is shown of both.
    for (step, stated, words) in [
        (205_390, "1", "stated 1 µm, measured 0.89997 µm (m.csv)"),
        // A fraction of a picometre above the limit.
        (205_396, "1", "stated 1 µm, measured 0.900001 µm (m.csv)"),
        (200_000, "0.876", "stated 0.876 µm, measured 0.8764 µm (m.csv)"),
        (200_000, "0.8764", "stated 0.8764 µm, measured 0.876 µm (m.csv)"),
        (200_000, "1", "stated 1 µm, measured 0.876 µm (m.csv)"),
    ] {
        let mut catalogue = read(&format!(
            "id,process,axes,axes_complete,contouring_linear,contouring_rotary,travel_x_mm,\
             upr_x_um\nm,milling,\"X,Y,Z,B,C\",yes,3,2,500,{stated}\n"
        ));
        let test = steady("X", ["mm", "pm"], &steps(500, 100), step);
        catalogue.attach(&[of("m", test)]).expect("X is there");
        let evaluator = assuming("eu/2B001", &[]);
        let found = classify(&evaluator, &catalogue.machines).remove(0);
        let machine = &catalogue.machines[0];
        let told: Vec<String> =
            found.conflicts.iter().map(|c| conflict_text(&evaluator, machine, c)).collect();
        assert_eq!(told, [words], "{step} {stated}");
    }
    // A test that counts by assumption stands once beside what is stated, not as a bound too.
    let mut catalogue = read("id,process,axes,travel_x_mm,upr_x_um\nm,milling,X,900,1\n");
    let test = steady("X", ["mm", "nm"], &steps(500, 100), 200);
    catalogue.attach(&[of("m", test)]).expect("X is there");
    for (names, words) in
        [(&[][..], &[][..]), (&[PART], &["stated 1 µm, measured 0.876 µm (m.csv)"])]
    {
        let evaluator = assuming("eu/2B001", names);
        let found = classify(&evaluator, &catalogue.machines).remove(0);
        let machine = &catalogue.machines[0];
        let told: Vec<String> =
            found.conflicts.iter().map(|c| conflict_text(&evaluator, machine, c)).collect();
        assert_eq!(told, words, "{names:?}");
    }
}

#[test]
fn the_sheet_says_how_long_an_axis_is_and_another_test_does_not() {
    // What the sheet says of X; whether a test over 400 mm in steps of 100 mm covers it.
    for (header, of_x, doubt) in [
        (",travel_x_mm", ",500", None),
        (",travel_x_mm", ",501", Some(Doubt::PartOfTravel)),
        (",range_low_x_mm,range_high_x_mm", ",-100,400", None),
        (",range_low_x_mm,range_high_x_mm", ",-101,400", Some(Doubt::PartOfTravel)),
        (",range_high_x_mm", ",400", Some(Doubt::TravelUnstated)),
        (",travel_x_mm", ",>= 400", Some(Doubt::TravelUnstated)),
        (",travel_x_mm", ",", Some(Doubt::TravelUnstated)),
    ] {
        let mut catalogue = read(&format!("id,process,axes{header}\nm,milling,X{of_x}\n"));
        let tests = [(); 2].map(|()| of("m", steady("X", ["mm", "nm"], &steps(400, 100), 100)));
        catalogue.attach(&tests).expect("X is there");
        let found: Vec<_> =
            catalogue.machines[0].measurements.iter().map(|m| m.doubts.clone()).collect();
        assert_eq!(found, [doubt; 2].map(Vec::from_iter), "{header} {of_x}");
    }
}

#[test]
fn a_range_of_positions_is_a_travel_to_clauses_and_to_tests_alike() {
    // Of five axes, UPR at most 0.9 µm captures below 1 m, at most 1.4 µm from there on. What the
    // sheet prints of X beside it; the travel that is the same; the verdict without a test.
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name).display().to_string();
    for (range, travel, verdict, code) in [
        ("-500,499.999", "999.999", "not captured", "-"),
        ("-500,500", "1000", "captured", "C"),
        ("0,1000", "1000", "captured", "C"),
        // No range at all.
        ("500,500", "", "undetermined", "?"),
        ("500,", "", "undetermined", "?"),
        (",500", "", "undetermined", "?"),
        (">= 0,1000", "", "undetermined", "?"),
    ] {
        let sheet = |travel: &str, range: &str| {
            format!(
                "id,process,axes,axes_complete,contouring_linear,contouring_rotary,upr_x_um,\
                 upr_y_um,upr_z_um,travel_x_mm,range_low_x_mm,range_high_x_mm,basis\n\
                 m,milling,\"X,Y,Z,B,C\",yes,3,2,1.1,9,9,{travel},{range},stated\n"
            )
        };
        let written = [sheet("", range), sheet(travel, ","), sheet(travel, range)];
        for text in &written {
            std::fs::write(path("c.csv"), text).expect("written");
            for (detail, word) in [("verdicts", code), ("full", verdict)] {
                let words = ["classify", &path("c.csv"), "--list", "eu/2B001"];
                let more = ["--accept-unverified", "--format", "csv", "--detail", detail];
                let told = crate::folder::said(&[&words[..], &more].concat());
                let row = told.lines().last().unwrap_or_default();
                assert!(format!("{row},").contains(&format!(",{word},")), "{text}: {told}");
            }
            // A test covers it, or does not, whichever way it is printed.
            let mut catalogue = read(text);
            let test = steady("X", ["mm", "nm"], &steps(900, 100), 100);
            catalogue.attach(&[of("m", test)]).expect("X is there");
            let doubts = &catalogue.machines[0].measurements[0].doubts;
            let doubt = (travel.is_empty()).then_some(Doubt::TravelUnstated);
            assert_eq!(doubts, &Vec::from_iter(doubt), "{text}");
        }
    }
}
