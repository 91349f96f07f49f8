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
    // A segment in which one target was approached once has none: nothing is decided or reported.
    let mut text = steady(NANO, &metre, |_| 100);
    text = text
        .lines()
        .filter(|line| !line.starts_with("4000,") || line.contains(",0,"))
        .fold(String::new(), |all, line| all + line + "\n");
    let (told, _) = measured(&text, &["--limit", "1.4um"]);
    assert!(told.contains("not decided: not every one of its 2 segments has a UPR"), "{told}");
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
        "180 deg 540 deg 9 2.804",
        "720 deg 1080 deg 9 5.17",
        "1260 deg 1620 deg 9 7.537",
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
