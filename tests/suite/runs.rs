//! `measure positioning` through the program: long axes, limits, what is odd about runs.

use std::path::Path;
use std::process::{Command, Output};

fn run(words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_toolgauge"))
        .args(words)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("the program runs")
}

/// What the program prints of runs in a file of its own, and what it complains of.
fn measured(text: &str, more: &[&str]) -> (String, String) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("runs.csv");
    std::fs::write(&path, text).expect("written");
    let file = path.display().to_string();
    let output = run(&[&["measure", "positioning", &file][..], more].concat());
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text").replace(&file, "runs.csv");
    (text(output.stdout), text(output.stderr))
}

/// Readings of ± `step` by turns, where the step may differ from target to target: UPR is 4.382
/// steps (n = 5), 4 × 1.0954.
fn steady(head: &str, targets: &[i64], step: impl Fn(i64) -> i64) -> String {
    let mut text = format!("{head}\n");
    for target in targets {
        for side in ["up", "down"] {
            for run in 0..5 {
                let sign = if run % 2 == 0 { 1 } else { -1 };
                text += &format!("{target},{side},{run},{}\n", sign * step(*target));
            }
        }
    }
    text
}

const NANO: &str = "target_mm,direction,run,deviation_nm";
const ARC: &str = "target_deg,direction,run,deviation_mas";

#[test]
fn a_limit_on_a_long_axis_is_decided_by_the_smallest_upr_of_its_segments() {
    let metre: Vec<i64> = (0..=50).map(|n| 100 * n).collect();
    let turns: Vec<i64> = (0..=40).map(|n| 45 * n).collect();
    // Two segments of 5 m, from 333 and from 2667 mm on; 1.4 µm lies between 319 and 320 nm.
    for (head, targets, steps, limit, expected) in [
        (
            NANO,
            &metre,
            [319, 320],
            "1.4um",
            "yes, by the smallest UPR of its 2 segments: segment 1",
        ),
        (
            NANO,
            &metre,
            [320, 319],
            "1.4um",
            "yes, by the smallest UPR of its 2 segments: segment 2",
        ),
        (NANO, &metre, [320, 320], "1.4um", "no, by the smallest UPR of its 2 segments"),
        // 4.382 arc seconds at a step of one, of the three segments of five turns.
        (ARC, &turns, [1000, 1001], "4.3818arcsec", "yes, by the smallest UPR of its 3 segments"),
        (ARC, &turns, [1000, 1001], "4.3817arcsec", "no, by the smallest UPR of its 3 segments"),
    ] {
        let middle = targets[targets.len() / 2];
        let step = |at: i64| if at <= middle { steps[0] } else { steps[1] };
        let text = steady(head, targets, step);
        let (told, error) = measured(&text, &["--limit", limit]);
        assert!(told.contains(&format!(": {expected}")), "{expected}: {told}{error}");
        let (rows, _) = measured(&text, &["--format", "csv"]);
        let upr: Vec<&str> = rows.lines().filter(|line| line.contains(",UPR,")).collect();
        let count = if head == NANO { 2 } else { 3 };
        assert_eq!(upr.len(), count + 1, "{rows}");
        let smallest = rows.lines().find(|line| line.contains("\"UPR, smallest of segments\""));
        let smallest = smallest.expect("the one to report");
        let value = |line: &str| line.split(',').nth(4).and_then(|n| n.parse::<f64>().ok());
        let values: Vec<f64> = upr.iter().filter_map(|line| value(line)).collect();
        assert_eq!(values.len(), count, "{rows}");
        let least = values.iter().copied().fold(f64::MAX, f64::min);
        // The name of the figure has a comma of its own.
        let found = smallest.split(',').nth(5).and_then(|n| n.parse::<f64>().ok());
        assert_eq!(found, Some(least), "{smallest}");
    }
    // A segment in which one target was approached once has none: none is reported, and a limit is
    // decided only where the other one meets it.
    let mut text = steady(NANO, &metre, |_| 100);
    text = text
        .lines()
        .filter(|line| !line.starts_with("4000,") || line.contains(",0,"))
        .fold(String::new(), |all, line| all + line + "\n");
    for (limit, expected) in [
        ("0.438um", ": no, by what there is: every one of its 2 segments misses it"),
        ("0.439um", ": yes, by a segment that meets it: the smallest of its 2 segments is not"),
    ] {
        let (told, _) = measured(&text, &["--limit", limit]);
        assert!(told.contains(expected), "{limit}: {told}");
    }
    let (told, _) = measured(&text, &[]);
    assert!(told.contains("none is reported"), "{told}");
    assert!(
        told.contains("8 runs are missing, none is filled: runs 1 to 4 ↑ at 4000 mm"),
        "{told}"
    );
    let (rows, _) = measured(&text, &["--format", "csv"]);
    assert!(rows.contains("not every segment has a UPR"), "{rows}");
}

#[test]
fn a_rotary_axis_of_many_turns_says_which_segments_how_many_and_what_lies_between() {
    let turns: Vec<i64> = (0..=40).map(|n| 45 * n).collect();
    let (told, _) = measured(&steady(ARC, &turns, |at| 100 + at), &[]);
    let told = told.split_whitespace().collect::<Vec<_>>().join(" ");
    for part in [
        "3 segments (ISO 230-2: segments of 360 deg",
        "gaps of 180 deg before, between and after",
        "180 deg to 540 deg 9 2.804",
        "720 deg to 1080 deg 9 5.17",
        "1260 deg to 1620 deg 9 7.537",
        "reported: 2.804 arcsec, of segment 1",
    ] {
        assert!(told.contains(part), "{part}: {told}");
    }
    let one_turn: Vec<i64> = (0..=8).map(|n| 45 * n).collect();
    let (told, _) = measured(&steady(ARC, &one_turn, |_| 100), &[]);
    assert!(!told.contains("segment"), "{told}");
}

#[test]
fn a_limit_that_no_error_has_is_refused_in_words() {
    let file = "specs/measurements/positioning.csv";
    for (words, expected) in [
        (&["--limit", "-1um"][..], "`-1um` is no limit: no error is below nought"),
        (&["--limit=-0.001mm"], "is no limit"),
        (&["--limit", "1kg"], "`kg` is a mass, not a length"),
        (&["--limit", "1arcsec", "--axis", "X"], "`arcsec` is an angle, not a length"),
        (&["--pitch", "-1mm"], "`-1mm` is no period"),
    ] {
        let output = run(&[&["measure", "positioning", file], words].concat());
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{words:?}");
        assert!(error.contains(expected), "{words:?}: {error}");
    }
    assert!(Path::new(env!("CARGO_MANIFEST_DIR")).join(file).is_file());
}

#[test]
fn one_direction_and_missing_runs_are_reported_and_never_filled() {
    let up = "target_mm,direction,run,deviation_um\n0,up,1,1\n0,up,2,2\n90,up,1,1\n90,up,2,3\n";
    let (told, _) = measured(up, &[]);
    assert!(told.contains("note: no run ↓ at any target: what needs both directions"), "{told}");
    assert!(told.contains("no run ↓ at some target"), "{told}");
    let (rows, _) = measured(up, &["--format", "csv"]);
    let one_way = rows.lines().find(|line| line.contains(",R↑,")).expect("R↑");
    assert!(one_way.contains("5.65685424949238"), "{one_way}");
    assert!(rows.lines().any(|line| line.contains(",R,,um,") && line.contains("no run ↓")));
    assert!(rows.lines().skip(1).all(|line| line.contains("no run ↓ at any target")), "{rows}");
}

#[test]
fn the_deviation_plot_shows_means_reversal_and_where_a_r_and_b_occur() {
    let folder = tempfile::tempdir().expect("a folder");
    let svg = |more: &[&str]| {
        let path = folder.path().join("x.svg").display().to_string();
        let words = [&["measure", "positioning"], more, &["--svg", &path]].concat();
        let output = run(&words);
        assert_eq!(output.status.code(), Some(0), "{words:?}");
        let told = String::from_utf8(output.stdout).expect("text");
        (std::fs::read_to_string(&path).expect("written"), told)
    };
    let (drawn, told) = svg(&["specs/measurements/positioning.csv", "--axis", "X"]);
    for part in [
        "means ↑, thin: ± 2 s",
        "means ↓, thin: ± 2 s",
        "bidirectional mean (dashed)",
        "reversal at each target, mean ↑ less mean ↓",
        "A = 3.254 µm, from 104.9 mm ↓ to 897.5 mm ↑",
        "R = 1.793 µm, at 402.2 mm",
        "largest reversal B = 0.822 µm, at 509.8 mm",
        "reversal, µm",
    ] {
        assert!(drawn.contains(part), "{part}");
    }
    // The sketch says the same places, and so do the figures.
    for part in ["B +0.82, largest B", "B +0.70, R", "lower end of A", "B +0.31, upper end of A"] {
        assert!(told.contains(part), "{part}: {told}");
    }
    let flat = told.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(flat.contains("2 A 104.9 mm ↓ to 897.5 mm ↑ 3.25"), "{flat}");
    // From one side there is neither reversal nor A nor R: none is drawn or named.
    let one = folder.path().join("one.csv");
    let text = "target_mm,direction,run,deviation_um\n0,up,1,1\n0,up,2,2\n90,up,1,1\n90,up,2,3\n";
    std::fs::write(&one, text).expect("written");
    let (drawn, _) = svg(&[&one.display().to_string()]);
    for part in ["means ↓", "reversal", "bidirectional", "A = ", "R = "] {
        assert!(!drawn.contains(part), "{part}");
    }
}

#[test]
fn the_examples_of_the_readme_run_as_written() {
    let readme = include_str!("../../README.md");
    let scratch = tempfile::tempdir().expect("a folder");
    let of_measurements = |line: &&str| {
        let measures = line.starts_with("toolgauge measure ");
        measures || line.contains("--measurements specs") || line.contains("--probability")
    };
    let mut count = 0;
    for line in readme.lines().filter(of_measurements).filter(|line| line.starts_with("toolgauge"))
    {
        let command = line.split(" #").next().expect("a command").trim();
        // What stands in quotes is one word.
        let mut words: Vec<String> = Vec::new();
        for (at, part) in command.split('\'').enumerate() {
            match at % 2 {
                1 => words.push(part.to_owned()),
                _ => words.extend(part.split_whitespace().map(str::to_owned)),
            }
        }
        if let Some(at) = words.iter().position(|word| word == "--svg") {
            words[at + 1] = scratch.path().join("x.svg").display().to_string();
        }
        let words: Vec<&str> = words.iter().skip(1).map(String::as_str).collect();
        let output = run(&words);
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(0), "{command}\n{error}");
        assert!(!output.stdout.is_empty(), "{command}");
        count += 1;
    }
    assert!(count > 8, "{count} examples");
}

#[test]
fn a_comma_that_may_be_either_is_refused_and_a_declared_one_is_read() {
    let rows = |mark: &str| {
        let mut text = "target_mm;direction;run;deviation_um\n".to_owned();
        for target in ["10", "100,500"] {
            for side in ["up", "down"] {
                for (run, deviation) in
                    ["2,300", "2,300", "2,500", "2,700", "2,700"].iter().enumerate()
                {
                    text += &format!("{target};{side};{run};{deviation}\n");
                }
            }
        }
        text.replace(',', mark)
    };
    let (points, _) = measured(&rows("."), &["--format", "csv"]);
    let (commas, error) = measured(&rows(","), &["--format", "csv", "--decimal-comma"]);
    assert!(points.contains(",UPR,0.8,um,"), "{points}");
    assert_eq!(points, commas, "{error}");
    for (text, more, expected) in [
        (rows(","), &[][..], "`2,300`: the comma may be the decimal sign or group thousands"),
        (rows(",").replace("2,300", "0,451"), &[], "--decimal-comma if it is the decimal sign"),
        (rows(","), &[], "--decimal-comma if it is the decimal sign"),
        (rows("."), &["--decimal-comma"], "or with the comma as its sign"),
        (
            rows(".").replace("2.300", "2.3"),
            &["--decimal-comma"],
            "`2.3`: a decimal point, where the comma was declared to be the sign",
        ),
        (rows(".").replace("2.3", "NaN"), &[], "write a plain number"),
        (rows(".").replace("2.3", "40000000"), &[], "than any machine strays"),
    ] {
        let (told, error) = measured(&text, more);
        assert!(told.is_empty() && error.contains(expected), "{expected}: {told}{error}");
    }
    // Two commas, or a comma and a point, can only group thousands.
    let grouped = "target_mm,direction,run,deviation_nm\n0,up,1,\"1,234.5\"\n\"1,000.0\",up,1,\
                   \"1,000,000\"\n";
    let (rows, error) = measured(grouped, &["--table", "targets", "--format", "csv"]);
    assert!(rows.contains("1.2345") && rows.contains("1000 mm,um,1,0,1000,"), "{rows}{error}");
}

#[test]
fn files_with_a_preamble_or_another_delimiter_are_read_as_told() {
    let text = steady(NANO, &[0, 50, 111, 170, 222], |_| 100);
    let (plain, _) = measured(&text, &["--format", "csv"]);
    let preamble = format!("Laser 1.0\nserial,7\n{text}");
    let (told, _) = measured(&preamble, &["--format", "csv", "--skip-lines", "2"]);
    assert_eq!(told, plain);
    let (told, _) = measured(&text.replace(',', "|"), &["--format", "csv", "--delimiter", "|"]);
    assert_eq!(told, plain);
}

#[test]
fn every_target_has_its_means_and_repeatabilities_as_rows() {
    // Readings of ± the step by turns: s = 1.0954 steps; ↓ is a micrometre lower.
    let text = steady(NANO, &[0, 50, 111], |at| 100 + at)
        .lines()
        .map(|line| match line.split_once(",down,") {
            Some((target, rest)) => {
                let (run, reading) = rest.split_once(',').expect("a run");
                let reading: i64 = reading.parse().expect("a number");
                format!("{target},down,{run},{}\n", reading - 1000)
            }
            None => format!("{line}\n"),
        })
        .collect::<String>();
    let (csv, _) = measured(&text, &["--table", "targets", "--format", "csv"]);
    let (json, _) = measured(&text, &["--table", "targets", "--format", "json"]);
    let rows: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    let rows = rows.as_array().expect("rows");
    assert_eq!((rows.len(), csv.lines().count()), (3, 4), "{csv}");
    for (row, at) in rows.iter().zip([0.0, 50.0, 111.0]) {
        let s = (100.0 + at) / 1000.0 * 1.2f64.sqrt();
        for (column, wanted) in [
            ("s_up", s),
            ("s_down", s),
            ("reversal", 1.0),
            ("repeatability_up", 4.0 * s),
            ("repeatability_down", 4.0 * s),
            // The wider of 4 s and 2 s + 2 s + 1 µm.
            ("repeatability", 4.0 * s + 1.0),
            ("repeatability_1988", 6.0 * s + 1.0),
        ] {
            let found = row[column].as_f64().expect(column);
            assert!((found - wanted).abs() < 1e-9, "{column} {at}: {found} {wanted}");
        }
    }
    let (told, _) = measured(&text, &[]);
    assert!(told.contains("R with k = 2"), "{told}");
}

#[test]
fn a_decision_about_a_limit_stands_in_every_format() {
    let short = steady(NANO, &[0, 50, 111, 170, 222], |_| 100);
    let long = steady(NANO, &(0..=50).map(|n| 100 * n).collect::<Vec<_>>(), |_| 100);
    let up_only: String =
        short.lines().filter(|line| !line.contains("down")).map(|l| format!("{l}\n")).collect();
    // UPR is 0.43818 µm.
    for (text, limit, figure, meets) in [
        (&short, "0.4382um", "UPR", "yes"),
        (&short, "0.4381um", "UPR", "no"),
        (&long, "0.4382um", "UPR, smallest of segments", "yes"),
        (&long, "0.4381um", "UPR, smallest of segments", "no"),
        (&up_only, "0.4382um", "UPR", "yes"),
        (&up_only, "0.4381um", "UPR", "not decided: no run ↓ at some target"),
    ] {
        let (json, _) = measured(text, &["--limit", limit, "--format", "json"]);
        let rows: serde_json::Value = serde_json::from_str(&json).expect("JSON");
        let decided = rows.as_array().expect("rows").iter();
        let decided: Vec<_> = decided.filter(|row| row["meets"] != "").collect();
        let [row] = decided.as_slice() else { panic!("{decided:?}") };
        assert_eq!((row["figure"].as_str(), row["meets"].as_str()), (Some(figure), Some(meets)));
        let (csv, _) = measured(text, &["--limit", limit, "--format", "csv"]);
        assert!(csv.contains(&limit.replace("um", " µm")), "{csv}");
        let (told, _) = measured(text, &["--limit", limit]);
        assert!(told.contains(&format!(": {meets}")), "{told}");
    }
}

#[test]
fn an_outlier_is_named_by_the_number_of_its_run() {
    // Run 2 ↓ is missing at 50 mm, and run 4 is far out.
    let text: String = steady(NANO, &[0, 50, 111, 170, 222], |_| 10)
        .lines()
        .filter(|line| !line.starts_with("50,down,2,"))
        .map(|line| {
            if line.starts_with("50,down,4,") {
                "50,down,4,9000\n".to_owned()
            } else {
                format!("{line}\n")
            }
        })
        .collect();
    let (rows, _) = measured(&text, &["--table", "diagnostics", "--format", "csv"]);
    assert!(rows.contains(",outlier,50 mm ↓ run 4,"), "{rows}");
    let (told, _) = measured(&text, &[]);
    assert!(told.contains("50 mm ↓, run 4: "), "{told}");
}

#[test]
fn a_segment_with_few_targets_says_so() {
    let text = steady(NANO, &[0, 1000, 2500, 4000, 5000], |_| 100);
    let (told, _) = measured(&text, &[]);
    let told = told.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(told.contains("segment 1: 1 target where ISO 230-2 asks for 10 at least"), "{told}");
    let text = steady(NANO, &[0, 100, 4000, 4900, 5000], |_| 100);
    let (rows, _) = measured(&text, &["--format", "csv"]);
    let empty = rows.lines().find(|line| line.contains(",\"1 of 2, 333.")).expect("a segment");
    assert!(empty.contains(",no target,") && empty.contains("0 targets where"), "{empty}");
}

#[test]
fn what_a_segment_lies_between_stands_in_every_format() {
    // The last target in mm and the travel; what is told of the smallest UPR, and its ends in µm.
    // A target at n times 100 mm has readings of ± (100 + n) nm.
    let upr = |n: f64| 0.004_f64 * 1.2_f64.sqrt() * (100.0 + n);
    for (last, travel, told, least, most) in [
        // One segment, somewhere from 400 to 500 mm on: from 500 to 2400 mm, at most to 2500 mm.
        (2900, "3000mm", "the smallest is 0.543 to 0.548 um", Some(24.0), Some(25.0)),
        // Two, of which nothing bounds either from above.
        (3900, "4100mm", "the smallest is at least 0.517 um", Some(18.0), None),
        // It is known: it says all itself.
        (3000, "3000mm", "reported: 0.548 um, of segment 1", None, None),
    ] {
        let targets: Vec<i64> = (0..=last / 100).map(|n| 100 * n).collect();
        let text = steady(NANO, &targets, |at| 100 + at / 100);
        let (shown, _) = measured(&text, &["--travel", travel]);
        assert!(shown.contains(told), "{travel}: {shown}");
        let (json, _) = measured(&text, &["--travel", travel, "--format", "json"]);
        let rows: serde_json::Value = serde_json::from_str(&json).expect("JSON");
        let all = rows.as_array().expect("rows");
        let smallest = all.iter().find(|row| row["figure"] == "UPR, smallest of segments");
        let smallest = smallest.expect("the one to report");
        for (name, end) in [("at_least", least), ("at_most", most)] {
            let found = smallest[name].as_f64();
            let near = found.zip(end).is_none_or(|(found, n)| (found - upr(n)).abs() < 1e-9);
            assert!(near && found.is_some() == end.is_some(), "{travel} {name}: {smallest}");
            // Of the whole axis, and of A, no bound is told.
            let others = all.iter().filter(|row| {
                row["segment"] == "" || !row["figure"].as_str().is_some_and(|f| f.contains("UPR"))
            });
            assert!(others.clone().all(|row| row[name].is_null()) && others.count() > 20);
        }
        assert_eq!(smallest["value"].is_null(), least.is_some(), "{smallest}");
        let (csv, _) = measured(&text, &["--travel", travel, "--format", "csv"]);
        assert!(
            csv.starts_with(
                "axis,standard,k,figure,value,unit,at,from,not_computable,at_least,at_most,"
            ),
            "{csv}"
        );
        let cells = ["at_least", "at_most"]
            .map(|name| smallest[name].as_f64().map_or_else(String::new, |end| end.to_string()));
        assert!(
            least.is_none() || csv.contains(&format!(" has a UPR,{},", cells.join(","))),
            "{csv}"
        );
        assert!(!csv.contains("1 segments"), "{csv}");
    }
}

#[test]
fn a_limit_at_one_target_is_as_open_as_among_measurements() {
    // UPR is 0.438178 µm.
    let text = steady(NANO, &[100], |_| 100);
    for (limit, travel, expected) in [
        ("0.4381um", None, "not decided: one target covers no stretch, and no travel is stated"),
        ("0.4382um", None, "not decided: a part of the axis meets it: one target covers no"),
        ("0.4381um", Some("500mm"), "no: it is 0.438"),
        ("0.4382um", Some("500mm"), "not decided: a part of the axis meets it"),
        ("0.4381um", Some("2000mm"), "no: it is 0.438"),
        ("0.4381um", Some("2001mm"), "not decided: its one segment has no UPR that is known"),
        ("0.4382um", Some("2001mm"), "not decided: its one segment has no UPR that is known"),
        ("0.4381um", Some("4001mm"), "not decided: not every one of its 2 segments has a UPR"),
    ] {
        let travel: Vec<&str> = travel.iter().flat_map(|travel| ["--travel", *travel]).collect();
        let (told, error) = measured(&text, &[&["--limit", limit][..], &travel].concat());
        let said = told.lines().find(|line| line.starts_with("UPR at most")).unwrap_or_default();
        assert!(said.contains(&format!(": {expected}")), "{limit} {travel:?}: {said} {error}");
        let csv = [&["--limit", limit, "--format", "csv"][..], &travel].concat();
        let word = if expected.starts_with("no:") { ",no," } else { "not decided: " };
        assert!(measured(&text, &csv).0.contains(word), "{limit} {travel:?}");
    }
}
