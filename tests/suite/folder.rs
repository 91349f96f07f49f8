//! Measurements through the program: folders, declarations, diagnostics.

use std::path::Path;
use std::process::{Command, Output};

pub(crate) fn run(words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_toolgauge"))
        .args(words)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("the program runs")
}

pub(crate) fn said(words: &[&str]) -> String {
    let output = run(words);
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(0), "{words:?}: {error}");
    String::from_utf8(output.stdout).expect("text")
}

#[test]
fn a_folder_feeds_spindles_and_slides_by_their_names() {
    let sheet = "specs/measurements/fly-cutter.toml";
    let folder = "specs/measurements/fly-cutter";
    let list = ["--list", "eu/2B001", "--accept-unverified"];
    let explain = |more: &[&str]| {
        let words = ["explain", sheet, "--measurements", folder, "--full"];
        said(&[&words[..], &list[..], more].concat())
    };
    let open = explain(&[]);
    for part in [
        "verdict: undetermined",
        "synthetic-fly-cutter.runout.csv",
        "synthetic-fly-cutter.camming.csv",
        "synthetic-fly-cutter.slides.csv",
        "(measured",
        "Settled by --policy slide-window=either or slide-window=both",
    ] {
        assert!(open.contains(part), "{part}: {open}");
    }
    for (policy, verdict) in [("either", "verdict: captured"), ("both", "verdict: not captured")] {
        let text = explain(&["--policy", &format!("slide-window={policy}")]);
        assert!(text.contains(verdict), "{policy}: {text}");
    }
    let classified = said(&[
        "classify",
        sheet,
        "--measurements",
        folder,
        "--format",
        "csv",
        "--list",
        "eu/2B001",
    ]);
    assert!(classified.contains("open reading of the law slide-window"), "{classified}");
}

#[test]
fn a_budget_beside_the_runs_shows_in_the_conflict() {
    let text = said(&[
        "explain",
        "specs/catalogues/sample.csv",
        "--machine",
        "synthetic-mill-1",
        "--list",
        "eu/2B001",
        "--measurements",
        "specs/measurements/machines",
    ]);
    let shown = "upr of Z: stated 0.9 µm, measured 0.757 µm ± 0.126 µm, k = 2 \
                 (specs/measurements/machines/synthetic-mill-1.csv)";
    assert_eq!(text.matches(shown).count(), 1, "{text}");
}

#[test]
fn a_file_of_an_unknown_machine_or_kind_is_an_error() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| {
        std::fs::write(folder.path().join(name), text).expect("written");
    };
    let measured = || {
        let path = folder.path().display().to_string();
        let sheet = "specs/measurements/fly-cutter.toml";
        let output = run(&["explain", sheet, "--list", "eu/2B001", "--measurements", &path]);
        assert_eq!(output.status.code(), Some(2));
        String::from_utf8(output.stderr).expect("text")
    };
    assert!(measured().contains("holds no measurements"));
    write("synthetic-fly-cuter.slides.csv", "position_mm,yaw_arcsec\n0,1\n400,1\n");
    let error = measured();
    assert!(error.contains("no machine `synthetic-fly-cuter`"), "{error}");
    assert!(error.contains("did you mean `synthetic-fly-cutter`?"), "{error}");
    std::fs::remove_file(folder.path().join("synthetic-fly-cuter.slides.csv")).expect("removed");
    write("synthetic-fly-cutter.slides.csv", "target_mm,direction,run,deviation_um\n0,up,1,1\n");
    assert!(measured().contains("no column of positions or none of angles"));
}

#[test]
fn declarations_name_list_edition_and_day() {
    let words = |table: &'static str, as_of: &'static str| {
        [
            "measure",
            "declare",
            "specs/measurements/stated.csv",
            "--model",
            "specs/measurements/model.toml",
            "--list",
            "eu/2B001",
            "--list",
            "eu/2B201",
            "--on",
            "2025-03-03",
            "--digits",
            "cut-0.1um",
            "--format",
            "csv",
            "--table",
            table,
            "--as-of",
            as_of,
        ]
    };
    let values = said(&words("values", "2025-03-04"));
    assert!(values.contains("\nY,UPR (ISO 230-2:2014),5,1.218 µm,1.2 µm,cut-0.1um,2025-03-03,\n"));
    let asked = said(&words("reaffirmation", "2025-03-04"));
    let row = "\neu/2B001,current,upr,,";
    assert!(asked.contains(row), "{asked}");
    // 0.9 µm of X captures the model: nothing is to be reaffirmed under that list.
    let upr = asked.lines().find(|line| line.starts_with("eu/2B001")).expect("a row");
    assert!(upr.contains(",captured,does not apply,,false,"), "{upr}");
    let accuracy = asked.lines().find(|line| line.starts_with("eu/2B201")).expect("a row");
    assert!(accuracy.contains("positioning_accuracy (ISO 230-2:1988)"), "{accuracy}");
    assert!(accuracy.contains(",may apply,2026-09-03,false,"), "{accuracy}");
    let late = said(&words("reaffirmation", "2026-09-04"));
    assert!(late.contains(",may apply,2026-09-03,true,"), "{late}");
    let output = run(&["measure", "declare", "specs/measurements/stated.csv", "--digits", "cut"]);
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(error.contains("no policy `cut`"), "{error}");
}

#[test]
fn diagnostics_of_a_run_are_printed_and_the_line_stands_beside_each_figure() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("runs.csv");
    let mut text =
        "axis,target_mm,direction,run,deviation_um,measuring line,temperature_c\n".to_owned();
    for target in 0..10i64 {
        for (side, shift) in [("up", 0), ("down", 1)] {
            for run in 1..=5i64 {
                // Steps of 0.5 µm; 1 µm more at each run, which is 0.2 K warmer; the noise of the
                // ten targets cancels in each run.
                let noise = [0, 1, 0, -1, 0][((target + run) % 5) as usize];
                let deviation = 0.5 * (noise + shift + 2 * run) as f64;
                let warm = 20.0 + 0.2 * run as f64;
                text +=
                    &format!("X,{},{side},{run},{deviation},Y 250 mm,{warm:.1}\n", 100 * target);
            }
        }
    }
    std::fs::write(&path, text).expect("written");
    let file = path.display().to_string();
    let told = said(&["measure", "positioning", &file, "--pitch", "10 mm"]);
    for part in [
        "measuring line: Y 250 mm",
        "drift: ",
        "readings go by steps of 0.5 um",
        "errors of 1 mm, 2 mm, 2.5 mm, 4 mm, 5 mm, 10 mm, 20 mm, 25 mm",
        "spread over 0 % of it and show 0 % of such an error at most",
        "from the first run to the last the axis grows by",
        "shifts by 4.000 um",
        "for each kelvin, over 0.80 K",
        "shifts by 5.000 um",
    ] {
        assert!(told.contains(part), "{part}: {told}");
    }
    let words = ["measure", "positioning", &file, "--format", "csv", "--pitch", "10 mm"];
    let rows = said(&[&words[..], &["--table", "diagnostics"]].concat());
    for part in [
        "X,resolution,,0.5,um,",
        "X,shift,,4,um,from the first run to the last",
        "X,shift per kelvin,,5",
        "X,hidden period,1 mm,0,,",
        "X,hidden period,25 mm,0,,",
        "X,period,10 mm,0,,",
        "X,remark,,,,targets at equal distances",
    ] {
        assert!(rows.contains(part), "{part}: {rows}");
    }
    let rows = said(&["measure", "positioning", &file, "--format", "csv"]);
    assert!(rows.lines().skip(1).all(|line| line.contains(",Y 250 mm,")), "{rows}");
    assert!(Path::new(&file).is_file());
}

#[test]
fn one_budget_gives_one_answer_everywhere() {
    let words = ["measure", "uncertainty", "specs/measurements/budget.toml", "--format", "csv"];
    let rows = said(&words);
    for of in ["R,", "UPR,"] {
        let row = rows.lines().find(|line| line.starts_with(of)).expect("a row");
        // The drift alone, a bound of 0.110 µm: u = 0.110 µm / √3, U = 2 u.
        assert!(row.contains("0.110 µm") && row.contains("k = 2"), "{row}");
        assert!(row.ends_with(",0.126,0.063"), "{row}");
    }
    let error = run(&["measure", "uncertainty", "specs/measurements/budget.toml", "--figure", "U"]);
    assert_eq!(error.status.code(), Some(2));
    for (figure, value, limit, expected) in [
        ("UPR", "-0.9um", "0.9um", "`-0.9um` is no UPR: no error is below nought"),
        ("A", "-1pm", "0.9um", "`-1pm` is no A: no error is below nought"),
        ("UPR", "0.9um", "-0.9um", "`-0.9um` is no limit: no error is below nought"),
        ("UPR", "NaNum", "0.9um", "is no value"),
        ("UPR", "0.9um", "0.9um/m", "`0.9um/m` is no value: one plain figure is wanted here"),
        ("UPR", "0.9um", "0.9um typ.", "`0.9um typ.` is no value"),
        ("B", "0um", "0um", ""),
    ] {
        let words =
            ["measure", "uncertainty", "specs/measurements/budget.toml", "--figure", figure];
        let output = run(&[&words[..], &["--value", value, "--limit", limit]].concat());
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        let code = if expected.is_empty() { 0 } else { 2 };
        assert_eq!(output.status.code(), Some(code), "{figure} {value} {limit}: {error}");
        assert!(error.contains(expected), "{expected}: {error}");
    }
    // The same readings through a folder.
    let chance = said(&[
        "explain",
        "specs/catalogues/sample.csv",
        "--machine",
        "synthetic-mill-1",
        "--list",
        "eu/2B001",
        "--measurements",
        "specs/measurements/machines",
    ]);
    assert!(chance.contains("± 0.126 µm, k = 2"), "{chance}");
    for bad in ["upr=-1um", "upr=0um", "upr=-5%"] {
        let sheet = "specs/measurements/fly-cutter.toml";
        let output = run(&["explain", sheet, "--probability", "--uncertainty", bad]);
        assert_eq!(output.status.code(), Some(2), "{bad}");
    }
}

#[test]
fn twice_the_same_machine_and_folders_within_the_folder_are_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| {
        std::fs::write(folder.path().join(name), text).expect("written");
    };
    let measurements = folder.path().join("ms");
    std::fs::create_dir_all(measurements.join("older")).expect("made");
    write("ms/m.csv", "axis,target_mm,direction,run,deviation_um\nX,0,up,1,1\nX,9,up,1,1\n");
    let path = |name: &str| folder.path().join(name).display().to_string();
    let classify = |sheet: &str| {
        write("c.csv", sheet);
        run(&[
            "classify",
            &path("c.csv"),
            "--list",
            "eu/2B001",
            "--measurements",
            &path("ms"),
            "--remarks",
            &path("remarks.csv"),
        ])
    };
    let output = classify("id,process,axes\nm,milling,X\nm,milling,X\n");
    assert_eq!(output.status.code(), Some(2));
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(error.contains("machine `m` stands in lines 2 and 3"), "{error}");
    assert_eq!(classify("id,process,axes\nm,milling,X\n").status.code(), Some(0));
    let remarks = std::fs::read_to_string(folder.path().join("remarks.csv")).expect("remarks");
    assert!(remarks.contains("none of its files is read"), "{remarks}");
}

#[test]
fn a_slide_that_was_read_too_rarely_captures_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let own = |name: &str| format!("synthetic-fly-cutter.{name}.csv");
    for name in ["runout", "camming"] {
        let from = format!("specs/measurements/fly-cutter/{}", own(name));
        std::fs::copy(from, folder.path().join(own(name))).expect("copied");
    }
    let rows = "axis,position_mm,yaw_arcsec,pitch_arcsec,roll_arcsec\nX,0,0,0,0\nX,400,9,9,9\n\
                X,800,0,0,0\n";
    std::fs::write(folder.path().join(own("slides")), rows).expect("written");
    let measurements = folder.path().display().to_string();
    let sheet = "specs/measurements/fly-cutter.toml";
    let words = ["explain", sheet, "--list", "eu/2B001", "--accept-unverified"];
    let told = said(&[&words[..], &["--measurements", &measurements]].concat());
    assert!(told.contains("verdict: undetermined"), "{told}");
    assert!(told.contains("X yaw is not computable: the window from -200 mm holds one"), "{told}");
    let file = folder.path().join(own("slides")).display().to_string();
    for format in ["text", "csv", "json", "jsonl"] {
        let words = ["measure", "slides", &file, "--limit", "2arcsec", "--format", format];
        let told = said(&words);
        assert!(told.contains("the window from 0 mm holds one position only"), "{told}");
        let open = if format == "text" { "below 2 arcsec: not decided" } else { "open" };
        assert!(told.contains(open) && !told.contains("0.000"), "{told}");
    }
}

/// Runs of X at 100 mm steps over 400 mm, their readings ± 0.2054 µm by turns, written with a sign.
fn written(axis: &str, sign: char) -> String {
    let mut text = "axis;target_mm;direction;run;deviation_um\n".to_owned();
    for target in (0..=400).step_by(100) {
        for side in ["up", "down"] {
            for run in 0..5 {
                let minus = if (run + target / 100) % 2 == 0 { "" } else { "-" };
                text += &format!("{axis};{target};{side};{run};{minus}0{sign}2054\n");
            }
        }
    }
    text
}

#[test]
fn each_file_of_a_folder_may_say_how_it_is_written() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    let measurements = at("tests");
    std::fs::create_dir(&measurements).expect("made");
    let sheet = at("sheet.csv").display().to_string();
    let rows = "id,process,axes,travel_x_mm\na,milling,X,450\nb,milling,X-axis,450\n";
    std::fs::write(&sheet, rows).expect("written");
    let put = |name: &str, text: &str| std::fs::write(measurements.join(name), text).expect("put");
    put("a.csv", &written("X\u{2011}Achse", ','));
    put("b.csv", &written("X", '.'));
    let tests = measurements.display().to_string();
    let words = ["explain", &sheet, "--machine", "a", "--measurements", &tests];
    let refused = |more: &[&str], expected: &str| {
        let output = run(&[&words[..], more].concat());
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{error}");
        assert!(error.contains(expected), "{expected}: {error}");
    };
    // One of the two is written otherwise, whatever is said of all.
    refused(&[], "a.csv:2: column `deviation_um`: `0,2054`: a decimal comma, where it was not");
    refused(&["--decimal-comma"], "b.csv:2: column `deviation_um`: `0.2054`: a decimal point, wh");
    for (file, text, more) in [
        ("a.csv.reading.toml", "kind = \"reading\"\ndecimal = \"comma\"\n", &[][..]),
        ("b.csv.reading.toml", "kind = \"reading\"\ndecimal = \"point\"\n", &["--decimal-comma"]),
        // What it leaves out is as the command says; several keys together.
        ("a.csv.reading.toml", "kind = \"reading\"\ndecimal = \"comma\"\ndelimiter = \";\"\n", &[]),
    ] {
        put(file, text);
        for machine in ["a", "b"] {
            let words = ["explain", &sheet, "--machine", machine, "--measurements", &tests];
            let told = said(&[&words[..], more].concat());
            assert!(told.contains("UPR 0.90002 µm"), "{file} {machine}: {told}");
            // The label stands as the sheet writes it.
            let label = if machine == "a" { "axis X\n" } else { "axis X-axis\n" };
            assert!(told.contains(label) && !told.contains("X-AXIS"), "{told}");
        }
        std::fs::remove_file(measurements.join(file)).expect("removed");
    }
    for (file, text, expected) in [
        ("c.csv.reading.toml", "kind = \"reading\"\n", "how a file is written that is not there"),
        ("a.csv.reading.toml", "kind = \"mapping\"\n", "the kind is `reading`"),
        ("a.csv.reading.toml", "kind = \"reading\"\ndecimals = 1\n", "decimals"),
        ("a.csv.reading.toml", "kind = \"reading\"\ndecimal = \"dot\"\n", "`dot` is no decimal"),
    ] {
        put(file, text);
        refused(&[], expected);
        std::fs::remove_file(measurements.join(file)).expect("removed");
    }
    // Without measurements there is nothing that the option is of.
    let output = run(&["classify", &sheet, "--decimal-comma"]);
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(error.contains("--decimal-comma is of the files of --measurements"), "{error}");
}

#[test]
fn stated_values_may_be_written_with_a_comma() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("s.csv").display().to_string();
    let rows = "machine;axis;upr_um\n1;X-axis;0,8\n2;x;1,0\n1;Y;2,5\n2;Y Achse;3\n";
    std::fs::write(&file, rows).expect("written");
    let told = said(&["measure", "declare", &file, "--decimal-comma", "--format", "csv"]);
    for part in ["\nX-axis,", ",0.9 µm,", "\nY,", ",2.75 µm,"] {
        assert!(told.contains(part), "{part}: {told}");
    }
    let output = run(&["measure", "declare", &file]);
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(error.contains("`0,8`: a decimal comma"), "{error}");
    // A file beside it says how it is written.
    let beside = format!("{file}.reading.toml");
    for (says, rows, more) in [
        ("decimal = \"comma\"\n", rows.to_owned(), &[][..]),
        ("decimal = \"comma\"\ndelimiter = \"|\"\n", rows.replace(';', "|"), &[]),
        ("decimal = \"comma\"\nskip_lines = 2\n", format!("a;b;c\n1;2;3\n{rows}"), &[]),
        // Options are of the values where no model's sheet is named.
        ("", format!("a;b;c\n{rows}"), &["--decimal-comma", "--skip-lines", "1"]),
    ] {
        std::fs::write(&beside, format!("kind = \"reading\"\n{says}")).expect("written");
        std::fs::write(&file, &rows).expect("written");
        let words = ["measure", "declare", &file, "--format", "csv"];
        let found = said(&[&words[..], more].concat());
        assert_eq!(found, told, "{says}");
    }
}

#[test]
fn every_table_says_on_which_line_a_test_was_made() {
    let file = "specs/measurements/lines.csv";
    for table in ["figures", "targets", "diagnostics"] {
        let words = ["measure", "positioning", file, "--format", "json", "--table", table];
        let rows: serde_json::Value = serde_json::from_str(&said(&words)).expect("JSON");
        let rows = rows.as_array().expect("rows");
        let on = |line: &str| rows.iter().filter(|row| row["line"] == line).count();
        assert_eq!(on("Z100") + on("Z300"), rows.len(), "{table}");
        assert!(on("Z100") > 0 && on("Z300") > 0, "{table}");
        let words = ["measure", "positioning", file, "--format", "csv", "--table", table];
        let told = said(&[&words[..], &["--line", "z300"]].concat());
        assert!(told.contains("Z300") && !told.contains("Z100"), "{table}: {told}");
    }
}

#[test]
fn a_travel_says_whether_it_is_covered_and_how_many_segments_there_are() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("r.csv").display().to_string();
    let mut rows = "target_mm,direction,run,deviation_nm\n".to_owned();
    for target in (0..=4000).step_by(200) {
        for side in ["up", "down"] {
            for run in 0..5 {
                let sign = if (run + target / 200) % 2 == 0 { 1 } else { -1 };
                rows += &format!("{target},{side},{run},{}\n", 100 * sign);
            }
        }
    }
    std::fs::write(&file, rows).expect("written");
    // The travel; how many segments; whether it is said not to be covered; whether a limit just
    // above the UPR is met.
    for (travel, count, part, meets) in [
        ("", 1, false, "yes"),
        ("4m", 1, false, "yes"),
        // As long as what was tested, where that is more.
        ("3961mm", 1, false, "yes"),
        // The count follows from the travel, not from what the targets span of it.
        ("4001mm", 2, false, "yes"),
        ("4200mm", 2, false, "yes"),
        ("4201mm", 2, true, "yes"),
        ("4400mm", 2, true, "not decided"),
        ("9m", 3, true, "not decided"),
    ] {
        let more: &[&str] = if travel.is_empty() { &[] } else { &["--travel", travel] };
        let words = ["measure", "positioning", &file, "--limit", "0.5um", "--format", "csv"];
        let told = said(&[&words[..], more].concat());
        let last = format!("{count} of {count}");
        assert!(told.contains(&last), "{travel}: {told}");
        assert!(!told.contains(&format!("{} of {}", count + 1, count + 1)), "{travel}");
        assert_eq!(told.contains("not a test of all of"), part, "{travel}: {told}");
        assert!(told.contains(&format!(",0.5 µm,{meets}")), "{travel}: {told}");
    }
    // Targets beyond the travel, gaps, and a test of one target say what they are; what a part
    // misses the whole does too, and what it meets is open.
    let (two, one) = ("0,S,1,1\n500,S,1,1\n0,S,2,9\n500,S,2,9\n", "250,S,1,1\n250,S,2,9\n");
    for (rows, travel, expected) in [
        (two, "300mm", "targets over 500 mm go beyond a travel of 300 mm: taken as one of 500 mm"),
        (two, "499mm", "targets over 500 mm go beyond a travel of 499 mm: taken as one of 500 mm"),
        (two, "500mm", "not a test of all of 500 mm: there are 500 mm between two targets, more"),
        (two, "900mm", "all of 900 mm: 400 mm are left out, more than the 180 mm of one step"),
        (two, "680mm", "of 680 mm: 180 mm are left out, more than the 136 mm of one step between"),
        (one, "900mm", "not a test of all of 900 mm: one target covers no stretch; the whole may"),
        (one, "", "not a test of an axis: one target covers no stretch; the whole may show"),
    ] {
        let file = folder.path().join("t.csv").display().to_string();
        let rows = rows.replace('S', "up") + &rows.replace('S', "down");
        let text = format!("target_mm,direction,run,deviation_um\n{rows}");
        std::fs::write(&file, text).expect("written");
        let more: &[&str] = if travel.is_empty() { &[] } else { &["--travel", travel] };
        // UPR is 4 s = 22.63 µm.
        for (limit, meets) in [("22um", ": no"), ("23um", ": not decided: a part of the axis")] {
            let words = ["measure", "positioning", &file, "--limit", limit];
            let told = said(&[&words[..], more].concat());
            assert!(told.contains(expected), "{travel}: {told}");
            assert!(told.contains(meets), "{travel}: {told}");
        }
    }
    for (travel, expected) in [("0mm", "`0mm` is no travel"), ("3deg", "no value")] {
        let output = run(&["measure", "positioning", &file, "--travel", travel]);
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(error.contains(expected), "{error}");
    }
}
