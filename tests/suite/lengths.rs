//! Tests of an axis whose length is not one figure: between two, of unequal tests, of one place.

use toolgauge::assess::{Evaluator, Outcome, Verdict, classify};
use toolgauge::catalogue::{Catalogue, Tested};
use toolgauge::machine::{Basis, Doubt, Reading, Set};
use toolgauge::metrology::Positioning;
use toolgauge::quantity::Span;

use crate::folder::said;
use crate::lists::setup;
use crate::measured::{evaluator_with, of, read, runs};
use crate::random::Source;

const TRAVEL: &str = "travel-as-tested";
const PART: &str = "part-as-whole";
const LARGEST: &str = "largest-line";

/// An evaluator that makes these assumptions too.
fn assuming(names: &[&str]) -> Evaluator {
    let mut setup = setup();
    for name in names {
        setup.policy.assumptions.set(name, true).expect("a shipped assumption");
    }
    evaluator_with(&["eu/2B001"], setup)
}

/// Rows of a test of X on a line, five a side, ± a step in nm by turns: UPR is 4.382 times it.
fn rows(line: &str, targets: &[i64], step: impl Fn(i64) -> i64) -> String {
    let mut text = String::new();
    for (at, target) in targets.iter().enumerate() {
        for side in ["up", "down"] {
            for run in 0..5 {
                let sign = if (run + at) % 2 == 0 { 1 } else { -1 };
                text += &format!("X,{line},{target},{side},{run},{}\n", sign * step(*target));
            }
        }
    }
    text
}

fn test(rows: &str) -> Tested {
    Tested::Positioning(runs(&format!("axis,line,target_mm,direction,run,deviation_nm\n{rows}")))
}

fn to(last: i64) -> Vec<i64> {
    (0..=last / 100).map(|at| 100 * at).collect()
}

/// A sheet of one five-axis machine that says so of the travel of X; Y and Z are coarse.
fn sheet(travel: &str) -> Catalogue {
    read(&format!(
        "id,process,axes,axes_complete,contouring_linear,contouring_rotary,upr_y_um,upr_z_um,\
         travel_x_mm\nm,milling,\"X,Y,Z,B,C\",yes,3,2,7,7,{travel}\n"
    ))
}

fn outcome(evaluator: &Evaluator, catalogue: &Catalogue) -> Outcome {
    classify(evaluator, &catalogue.machines).remove(0).outcomes.remove(0)
}

#[test]
fn a_travel_that_leaves_open_how_many_segments_there_are_settles_no_upr() {
    use Verdict::{Captured, NotCaptured, Undetermined};
    // The travel; what was tested; the step of the readings near its ends (in 150 mm of an axis
    // over 3 m, else at its first and last target) and elsewhere; the verdict, and the one if the
    // axis is no longer than its test.
    for (travel, tested, [ends, middle], plain, as_tested) in [
        // One segment up to 4 m, in the middle; two beyond, from near the ends: 6 µm capture there.
        ("<= 4100", 3900, [2000, 200], Undetermined, Captured),
        ("3950", 3900, [2000, 200], Captured, Captured),
        ("4100", 3900, [2000, 200], NotCaptured, NotCaptured),
        ("<= 4000", 3900, [2000, 200], Captured, Captured),
        ("<= 4001", 3900, [2000, 200], Undetermined, Captured),
        ("<= 4100", 4000, [2000, 200], Undetermined, Captured),
        // Longer than 4 m by the test: two segments whatever the sheet leaves open.
        ("<= 4200", 4100, [2000, 200], NotCaptured, NotCaptured),
        // Up to 2 m all targets count, beyond it those of the one segment.
        ("<= 2100", 2000, [2000, 200], Undetermined, Undetermined),
        ("<= 2100", 2000, [200, 200], Captured, Captured),
        ("<= 2200", 2000, [400, 400], NotCaptured, NotCaptured),
        (">= 3000", 3900, [2000, 200], Undetermined, Captured),
        // A little longer than the test by the sheet itself: not as short as the test.
        (">= 2100", 2000, [2000, 200], Undetermined, Undetermined),
        (">= 2100", 2000, [200, 200], Undetermined, Captured),
    ] {
        let case = format!("{travel} {tested} {ends} {middle}");
        let near = if tested > 3000 { 150 } else { 50 };
        let step = |at: i64| if at < near || at > tested - near { ends } else { middle };
        let mut catalogue = sheet(travel);
        catalogue.attach(&[of("m", test(&rows("", &to(tested), step)))]).expect("X is there");
        for (names, verdict) in [(&[][..], plain), (&[TRAVEL], as_tested)] {
            let found = outcome(&assuming(names), &catalogue);
            assert_eq!(found.verdict, verdict, "{case} {names:?}: {found:?}");
        }
    }
}

#[test]
fn an_axis_is_as_long_as_the_longest_of_its_tests() {
    use Verdict::{Captured, NotCaptured, Undetermined};
    let all = [TRAVEL, PART, LARGEST];
    // The travel; of two lines what was tested and the step; the verdict without an assumption,
    // with the travel as tested, and with all of them.
    for (travel, lines, verdicts) in [
        // The shorter test is one of a part, whose whole may show more.
        ("", [(500, 100), (900, 150)], [Undetermined; 3]),
        ("", [(900, 100), (900, 150)], [Undetermined, Captured, Captured]),
        ("", [(500, 400), (900, 350)], [Undetermined, NotCaptured, NotCaptured]),
        ("", [(500, 400), (900, 150)], [Undetermined; 3]),
        ("", [(1500, 100), (2500, 150)], [Undetermined; 3]),
        ("900", [(500, 100), (900, 150)], [Undetermined, Undetermined, Captured]),
        ("500", [(500, 100), (500, 150)], [Captured; 3]),
        // One line goes beyond the stated travel: the other is a test of a part too.
        ("500", [(500, 100), (900, 150)], [Undetermined, Undetermined, Captured]),
        ("500", [(900, 100), (900, 150)], [Captured; 3]),
    ] {
        let mut tests = lines.map(|(tested, step)| (tested, move |_: i64| step)).to_vec();
        for _ in 0..2 {
            tests.reverse();
            let of_line = |(at, (tested, step)): (usize, &(i64, _))| {
                rows(&format!("Z{at}"), &to(*tested), step)
            };
            let text: String = tests.iter().enumerate().map(of_line).collect();
            let mut catalogue = sheet(travel);
            catalogue.attach(&[of("m", test(&text))]).expect("X is there");
            for (names, verdict) in [&all[..0], &all[..1], &all[..]].iter().zip(verdicts) {
                let found = outcome(&assuming(names), &catalogue);
                assert_eq!(found.verdict, verdict, "{travel} {lines:?} {names:?}: {found:?}");
            }
        }
    }
}

#[test]
fn lines_in_two_files_count_as_lines_in_one() {
    let on = |line: &str, tested: i64, step: i64| rows(line, &to(tested), move |_| step);
    let part = on("Z1", 300, 250);
    let [one, two, unsaid] = ["Z1", "Z2", ""].map(|line| on(line, 500, 150));
    // The files; the ends of UPR in nm whichever line counts (nought is no end), and whether that
    // is in doubt.
    for (files, ends, doubt) in [
        (&[format!("{one}{two}")][..], [657, 657], false),
        (&[one.clone(), two.clone()], [657, 657], false),
        (&[format!("{part}{two}")], [657, 0], true),
        (&[part.clone(), two.clone()], [657, 0], true),
        (&[two.clone(), part.clone()], [657, 0], true),
        (&[part.clone(), two.clone(), one.clone()], [657, 0], true),
        // A line that is not said is not known to be another one's.
        (&[part.clone(), unsaid.clone()], [657, 0], true),
        // On one line what each says has to hold: 1.095 µm at least by the part, 0.657 µm by all.
        (&[part.clone(), one.clone()], [1095, 657], false),
    ] {
        let mut catalogue = sheet("500");
        let tests: Vec<_> = files.iter().map(|rows| of("m", test(rows))).collect();
        catalogue.attach(&tests).expect("X is there");
        let machine = &catalogue.machines[0];
        let of_upr = |r: &&Reading| {
            r.parameter.row().name == "upr" && r.axis == Some(0) && r.form.doubt().is_none()
        };
        let spans = machine.readings.iter().filter(of_upr).filter_map(|r| match r.set {
            Set::Span(span) => Some(span),
            _ => None,
        });
        let lows = spans.clone().filter_map(Span::low).max();
        let highs = spans.map(|span| span.high().map_or(i64::MAX, |v| v.count())).min();
        let low = lows.map_or(0, |v| v.count() / 1000);
        let high = highs.filter(|h| *h < i64::MAX).map_or(0, |h| h / 1000);
        let count = files.len();
        assert_eq!([low, high], ends, "{count} files");
        let doubted = machine.measurements.iter().any(|m| m.doubts.contains(&Doubt::SeveralLines));
        assert_eq!(doubted, doubt, "{files:?}");
        // Each file has its column, and each reading its cell.
        assert_eq!(catalogue.records[0].fields.len(), catalogue.header.len());
        let cell = |r: &Reading| catalogue.records[0].fields[usize::from(r.column)].clone();
        let measured = machine.readings.iter().filter(|r| r.basis == Basis::Measured);
        assert!(measured.map(cell).all(|cell| cell.contains("UPR")), "{files:?}");
    }
}

#[test]
fn a_test_at_one_target_counts_as_one_of_no_axis() {
    use Verdict::{NotCaptured, Undetermined};
    // The travel; the step; the verdict whatever is assumed; what is said.
    for (travel, step, verdict, words) in [
        ("", 200, Undetermined, "at one target, and no travel is stated, so that no stretch is"),
        ("", 1500, Undetermined, "at one target, and no travel is stated"),
        ("500", 200, Undetermined, "at one target of a travel of 500 mm, so that no stretch is"),
        ("500", 300, NotCaptured, "every figure is bounded from below only"),
        (">= 500", 200, Undetermined, "at one target of its travel, so that no stretch is covered"),
        ("3000", 200, Undetermined, "at one target of a travel of 3000 mm"),
    ] {
        let mut catalogue = sheet(travel);
        catalogue.attach(&[of("m", test(&rows("", &[250], |_| step)))]).expect("X is there");
        let said = catalogue.machines[0].measurements[0].open.join("\n");
        assert!(said.contains(words), "{travel}: {said}");
        for names in [&[][..], &[TRAVEL], &[PART], &[TRAVEL, PART]] {
            let found = outcome(&assuming(names), &catalogue);
            assert_eq!(found.verdict, verdict, "{travel} {step} {names:?}: {found:?}");
            assert!(found.settling.is_empty(), "{travel} {step}: {found:?}");
        }
    }
}

#[test]
fn a_test_over_more_than_a_turn_says_between_what_the_accuracy_of_one_lies() {
    let degree = 3_600_000_000i64;
    let mut source = Source::new(11);
    // What was tested in degrees, in which steps; whether it leaves no gap of two steps of 45°.
    for (tested, step, dense) in
        [(400, 40, true), (450, 45, true), (720, 30, true), (1800, 90, true), (728, 91, false)]
    {
        let mut text = "axis,target_deg,direction,run,deviation_mas\n".to_owned();
        for target in (0..=tested).step_by(step) {
            for side in ["up", "down"] {
                for run in 0..5 {
                    text += &format!("C,{target},{side},{run},{}\n", source.below(4000));
                }
            }
        }
        let all = runs(&text).remove(0);
        let mut catalogue = read("id,process,axes\nm,laser,\"X,C\"\n");
        catalogue.attach(&[of("m", Tested::Positioning(vec![all.clone()]))]).expect("C is there");
        let of_c = |r: &&Reading| r.parameter.row().name == "rotary_accuracy";
        let readings: Vec<_> = catalogue.machines[0].readings.iter().filter(of_c).collect();
        let span = readings.iter().filter(|r| r.form.doubt().is_none()).find_map(|r| match r.set {
            Set::Span(span) => Some(span),
            _ => None,
        });
        let span = span.expect("a figure");
        // Every turn that begins at a target, ends at one, or lies between such.
        let mut starts: Vec<i64> = all.targets.iter().map(|t| t.position.count()).collect();
        starts.extend(starts.clone().iter().map(|at| at - 360 * degree));
        starts.sort_unstable();
        let between = starts.windows(2).map(|pair| (pair[0] + pair[1]) / 2).collect::<Vec<_>>();
        starts.extend(between);
        starts.retain(|at| (0..=(tested as i64 - 360) * degree).contains(at));
        let of_turn = |from: &i64| {
            let mut turn = all.clone();
            let within = *from..=from + 360 * degree;
            turn.targets.retain(|t| within.contains(&t.position.count()));
            Positioning::taken(&turn, false).two.accuracy.expect("five runs").value
        };
        let (mut least, mut most) = (f64::INFINITY, 0.0f64);
        for accuracy in starts.iter().map(of_turn) {
            (least, most) = (least.min(accuracy), most.max(accuracy));
        }
        let low = span.low().expect("a lower end").count() as f64;
        assert!((low - least).abs() < 3.0, "{tested}: {low} {least}");
        let high = span.high().map(|high| high.count() as f64);
        assert_eq!(high.is_some_and(|high| high >= most), dense, "{tested}: {high:?} {most}");
        let words = catalogue.records[0].fields.last().expect("the measured column");
        assert!(words.contains("; of a turn A "), "{words}");
    }
}

#[test]
fn a_test_of_an_axis_whose_travel_is_an_option_is_one_of_nobody_knows_which() {
    // What an option changes of X; whether the test gives readings.
    for (option, of_x, taken) in [
        ("axis.X.travel", "3 m", false),
        ("axis.X.travel", "900 mm", false),
        ("axis.X.upr", "1 um", true),
        ("axis.Y.travel", "3 m", true),
        ("axis.X.travel", "", true),
    ] {
        let mut catalogue = read(&format!(
            "id,process,axis.X.travel,axis.Y.travel,option.long.{option}\n\
             m,milling,500 mm,1 m,{of_x}\n"
        ));
        let runs = test(&rows("", &to(500), |_| 200));
        catalogue.attach(&[of("m", runs)]).expect("X is there");
        let machine = &catalogue.machines[0];
        let measured = machine.readings.iter().any(|r| r.basis == Basis::Measured);
        assert_eq!(measured, taken, "{option} {of_x}");
        let told = catalogue.remarks.iter().any(|r| r.reason.contains("with an option, and the"));
        assert_eq!(told, !taken, "{option} {of_x}");
    }
}

#[test]
fn a_name_of_an_axis_alone_lists_the_axis() {
    for (of_x, axes) in [("{}", &["X", "Y"][..]), ("yes", &["X", "Y"]), ("", &["Y"])] {
        let text = format!("id,process,axis.X,axis.Y.travel\nm,milling,{of_x},500 mm\n");
        let catalogue = read(&text);
        let found: Vec<&str> =
            catalogue.machines[0].axes.iter().map(|axis| axis.label.as_str()).collect();
        assert_eq!(found, axes, "{of_x}");
        assert!(catalogue.unmapped.is_empty());
    }
}

#[test]
fn what_weakens_a_test_stands_beside_its_verdict_and_no_error_is_nought() {
    use Verdict::{Captured, Undetermined};
    let test_of = |targets: &[i64], runs: usize, step: i64| {
        let all = rows("", targets, |_| step);
        let few = all.lines().enumerate().filter(|(at, _)| at % 5 < runs);
        few.map(|(_, row)| format!("{row}\n")).collect::<String>()
    };
    let by_250 = [0, 250, 500, 750, 1000];
    // The test; the verdict; what is told, and what is not.
    for (text, verdict, told, untold) in [
        (test_of(&to(1000), 5, 200), Captured, &[][..], "ISO 230-2 asks for"),
        (test_of(&by_250, 2, 100), Captured, &["2 runs at a target from one side"], "targets over"),
        (test_of(&[0, 350, 700, 1000], 5, 100), Captured, &["4 targets; ISO"], "runs at a target"),
        (
            test_of(&[0, 350, 700, 1000], 2, 0),
            Undetermined,
            &["2 runs at a target", "4 targets; ISO", "no scatter at all at 4 targets", "nought"],
            "not computable",
        ),
        (test_of(&to(1000), 5, 0), Undetermined, &["at 11 targets", "nought"], "a side"),
        // One silent target among others is told, and UPR stands.
        (
            rows("", &to(1000), |at| if at == 300 { 0 } else { 100 }),
            Captured,
            &["no scatter at all at 1 target"],
            "nought",
        ),
    ] {
        let mut catalogue = sheet("1000");
        catalogue.attach(&[of("m", test(&text))]).expect("X is there");
        let said = catalogue.machines[0].measurements[0].open.join("\n");
        assert!(told.iter().all(|part| said.contains(part)), "{told:?}: {said}");
        assert!(!said.contains(untold), "{untold}: {said}");
        for names in [&[][..], &[TRAVEL, PART]] {
            let found = outcome(&assuming(names), &catalogue);
            assert_eq!(found.verdict, verdict, "{told:?}: {found:?}");
        }
        let noted = told.iter().all(|part| {
            catalogue.remarks.iter().filter(|remark| remark.reason.contains(part)).count() == 1
        });
        assert!(noted, "each stands once among the remarks: {:?}", catalogue.remarks);
    }
}

#[test]
fn of_a_long_axis_no_upr_is_missed_that_its_segments_have() {
    let once = "X,,0,up,0,5\nX,,0,down,0,5\n";
    let rest = |from: i64| {
        let targets: Vec<i64> = to(3000).into_iter().filter(|at| *at >= from).collect();
        rows("", &targets, |_| 200)
    };
    for (text, told) in [
        // One run outside the segment, which is that from 500 mm to 2500 mm; one in it.
        (once.to_owned() + &rest(100), false),
        (rest(0).replace("X,,1000,up,1", "X,,1001,up,1"), true),
    ] {
        let mut catalogue = sheet("3000");
        catalogue.attach(&[of("m", test(&text))]).expect("X is there");
        let said = catalogue.machines[0].measurements[0].open.join("\n");
        assert_eq!(said.contains("UPR is not computable"), told, "{said}");
    }
}

#[test]
fn a_limit_holds_for_the_stated_travel_and_for_what_targets_span_or_is_not_decided() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("r.csv").display().to_string();
    let mut targets = vec![0, 2010];
    targets.extend((0..=10).map(|at| 5 + 200 * at));
    targets.sort_unstable();
    // Over 2 m the segment from 5 mm to 2005 mm counts, up to there all targets do.
    for (first, travel, limit, expected) in [
        (1500, "1990mm", "0.5um", "not decided: of an axis of 2010 mm yes, of one of 1990 mm no"),
        (1500, "1990mm", "0.4um", ": no"),
        (1500, "2005mm", "0.5um", ": yes"),
        (1500, "2010mm", "0.5um", ": yes"),
        (100, "1990mm", "0.5um", ": yes"),
        (100, "1000mm", "0.5um", ": yes"),
    ] {
        let text = rows("", &targets, |at| if at == 0 { first } else { 100 });
        let text = format!("axis,line,target_mm,direction,run,deviation_nm\n{text}");
        std::fs::write(&file, text).expect("written");
        let words = ["measure", "positioning", &file, "--limit", limit, "--travel", travel];
        let told = said(&words);
        let said = told.lines().find(|line| line.starts_with("UPR at most")).unwrap_or_default();
        assert!(said.contains(expected), "{first} {travel} {limit}: {told}");
    }
}

#[test]
fn the_cell_of_a_long_axis_says_what_its_reading_does_and_why_that_is_no_single_figure() {
    use Verdict::{Captured, NotCaptured, Undetermined};
    // What targets span, the travel; the step from 2500 mm on and elsewhere in nm; what the cell
    // says of the smallest UPR; what the caveats do; the verdict (1.4 µm up to 4 m).
    for (last, travel, steps, cell, caveat, verdict) in [
        (
            3000,
            "3000",
            [300, 300],
            "smallest UPR of 1 segment: 1.315 µm, of segment 1, which begins at 500 mm (A 1.435 µm",
            "",
            Captured,
        ),
        // It lies between 400 and 500 mm: from 500 to 2400 mm surely, up to 2500 mm at most.
        (
            2900,
            "3000",
            [400, 300],
            "smallest UPR of 1 segment: 1.315 to 1.753 µm, of segment 1, which may begin anywhere \
             from 400 mm to 500 mm (k = 2, 5 runs a side, 22 targets that may count)",
            "UPR is 1.315 to 1.753 µm: targets do not reach both ends of the travel, so segment 1 \
             may begin anywhere from 400 mm to 500 mm",
            Undetermined,
        ),
        (2900, "3000", [300, 300], "smallest UPR of 1 segment: 1.315 µm", "", Captured),
        (2000, "3900", [300, 320], "smallest UPR of 1 segment: at least 1.402 µm", "", NotCaptured),
        // No segment surely, but one of three.
        (5400, "8000", [300, 300], "smallest UPR of 2 segments: at most 1.315 µm", "", Captured),
        // The segment begins at 500 mm if the axis is as long as what targets span, else anywhere
        // from 250 to 750 mm.
        (
            3000,
            "2500",
            [400, 300],
            "smallest UPR of 1 segment: 1.315 to 1.753 µm, of segment 1, which may begin anywhere \
             from 250 mm to 750 mm",
            "UPR is 1.315 to 1.753 µm: the travel may be that of the sheet or what targets span",
            Undetermined,
        ),
    ] {
        let case = format!("{last} {travel} {steps:?}");
        let step = |at: i64| if at >= 2500 { steps[0] } else { steps[1] };
        let mut catalogue = sheet(travel);
        catalogue.attach(&[of("m", test(&rows("", &to(last), step)))]).expect("X is there");
        let words = catalogue.records[0].fields.last().expect("the measured column");
        assert!(words.contains(cell), "{case}: {words}");
        let open = catalogue.machines[0].measurements[0].open.join("\n");
        assert!(open.contains(caveat), "{case}: {open}");
        assert_eq!(open.contains("UPR is 1."), !caveat.is_empty(), "{case}: {open}");
        let found = outcome(&assuming(&[]), &catalogue);
        assert_eq!(found.verdict, verdict, "{case}: {found:?}");
    }
}

#[test]
fn that_there_is_no_upr_is_said_of_what_has_none() {
    // The sides of the files, and where X is read on; how often it is said, and in what words.
    for (files, told) in [
        (&[("up", 500), ("down", 500)][..], &[][..]),
        (&[("up", 500), ("up", 500)], &["by UPR ≤ R↑: no run ↓"; 2]),
        (&[("down", 500)], &["UPR is bounded from above only, by UPR ≤ R↓: no run ↑"]),
        // Of a part R is bounded from below, and with one side nothing follows for UPR.
        (&[("up", 300), ("down", 500)], &["by UPR ≤ R↓: no run ↓", "by UPR ≤ R↓: no run ↑"]),
        (&[("up", 300)], &["UPR is not computable: no run ↓"]),
    ] {
        let side = |(side, last): &(&str, i64)| {
            let text = rows("", &to(*last), |_| 300);
            let own = text.lines().filter(|line| line.contains(side));
            of("m", test(&own.map(|line| format!("{line}\n")).collect::<String>()))
        };
        let mut catalogue = sheet("500");
        let files: Vec<_> = files.iter().map(side).collect();
        catalogue.attach(&files).expect("X is there");
        let open = catalogue.machines[0].measurements.iter().flat_map(|test| &test.open);
        let found: Vec<&String> = open.filter(|text| text.contains("no run")).collect();
        assert_eq!(found.len(), told.len(), "{found:?}");
        assert!(found.iter().zip(told).all(|(found, told)| found.contains(told)), "{found:?}");
    }
}
