//! What lies beside measurements, or beside what they say: other files, rows without a line, axes
//! that the sheet does not list.

use crate::folder::{run, said};

const RUNS: &str =
    "target_mm,direction,run,deviation_um\n0,up,1,1\n0,up,2,1.1\n9,up,1,1\n9,up,2,1\n";

fn refused(words: &[&str]) -> String {
    let output = run(words);
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{words:?}: {error}");
    error
}

#[test]
fn files_that_are_no_tables_are_passed_over_and_told() {
    // A file in the folder and what it holds; what is said of it: that it is not read, an error
    // where that is all that is there, or nothing.
    for (name, beside, told, alone) in [
        ("README.md", "", true, "holds no measurements"),
        ("Thumbs.db", "", true, "holds no measurements"),
        ("m.pdf", "", true, "holds no measurements"),
        ("notes", "", true, "holds no measurements"),
        ("m.CSV", "", false, ""),
        ("m.txt", "", false, ""),
        // Who says how a file is written says that it is one.
        ("m.log", "kind = \"reading\"\ndelimiter = \",\"\n", false, ""),
    ] {
        let folder = tempfile::tempdir().expect("a folder");
        let at = |name: &str| folder.path().join(name);
        let put = |name: &str, text: &str| std::fs::write(at(name), text).expect("written");
        std::fs::create_dir(at("tests")).expect("made");
        put("c.csv", "id,process,axes\nm,milling,X\n");
        put(&format!("tests/{name}"), RUNS);
        if !beside.is_empty() {
            put(&format!("tests/{name}.reading.toml"), beside);
        }
        let path = |name: &str| at(name).display().to_string();
        let (sheet, tests, remarks) = (path("c.csv"), path("tests"), path("remarks.csv"));
        let words = ["classify", &sheet, "--list", "eu/2B001", "--measurements", &tests];
        let words = [&words[..], &["--remarks", &remarks]].concat();
        if alone.is_empty() {
            said(&words);
        } else {
            assert!(refused(&words).contains(alone), "{name}");
            put("tests/m.csv", RUNS);
            said(&words);
        }
        let found = std::fs::read_to_string(&remarks).expect("remarks");
        let of_file = |line: &&str| line.contains(&format!("{name},")) && line.contains("not read");
        assert_eq!(found.lines().any(|line| of_file(&line)), told, "{name}: {found}");
    }
}

#[test]
fn a_sheet_of_what_is_no_workbook_is_an_error() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name).display().to_string();
    let put = |name: &str, text: &str| std::fs::write(at(name), text).expect("written");
    std::fs::create_dir(at("tests")).expect("made");
    put("c.csv", "id,process,axes\nm,milling,X\n");
    put("tests/m.csv", RUNS);
    put("tests/m.csv.reading.toml", "kind = \"reading\"\nsheet = \"Runs\"\n");
    let (sheet, tests, runs) = (at("c.csv"), at("tests"), at("tests/m.csv"));
    for words in [
        &["explain", &sheet, "--measurements", &tests][..],
        &["measure", "positioning", &runs, "--sheet", "Runs"],
        &["classify", &sheet, "--sheet", "Runs"],
        &["classify", &sheet, "--sheet", "Runs", "--detail", "verdicts", "--format", "csv"],
    ] {
        let error = refused(words);
        assert!(
            error.contains("csv` is no workbook: it has no sheet `Runs`"),
            "{words:?}: {error}"
        );
    }
}

#[test]
fn rows_that_name_no_measuring_line_beside_rows_that_do_are_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("l.csv").display().to_string();
    let row = |axis: &str, target: i64, line: &str| format!("{axis},{target},up,1,1,{line}\n");
    // The rows; the error, none where there is none.
    for (rows, expected) in [
        ([row("X", 0, "Z1"), row("X", 9, "Z1")], ""),
        ([row("X", 0, ""), row("X", 9, "")], ""),
        ([row("X", 0, "Z1"), row("Y", 0, "")], ""),
        ([row("X", 0, "Z1"), row("X", 0, "Z2")], ""),
        (
            [row("X", 0, "Z1"), row("X", 9, "")],
            "l.csv:3: column `line`: ``: no measuring line, where other rows of the axis name one",
        ),
        (
            [row("X", 0, ""), row("x-axis", 9, "Z1")],
            "l.csv:3: column `line`: `Z1`: a measuring line, where rows of the axis before name \
             none",
        ),
    ] {
        let text = format!("axis,target_mm,direction,run,deviation_um,line\n{}", rows.concat());
        std::fs::write(&file, text).expect("written");
        let words = ["measure", "positioning", &file];
        if expected.is_empty() {
            said(&words);
        } else {
            let error = refused(&words);
            assert!(error.contains(expected), "{rows:?}: {error}");
            assert!(error.contains("into every row of the axis, or into none"), "{error}");
        }
    }
}

#[test]
fn a_stated_value_of_an_axis_that_the_sheet_does_not_list_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name).display().to_string();
    let (sheet, values) = (at("m.csv"), at("v.csv"));
    // The axis of the values; the axes of the sheet, whether they are all; whether it is taken.
    for (label, axes, complete, taken) in [
        ("X", "\"X,Y\"", "yes", true),
        ("x-axis", "\"X,Y\"", "yes", true),
        ("Q", "\"X,Y\"", "yes", false),
        ("Q", "\"X,Y\"", "", false),
        ("X1", "\"X,Y\"", "yes", false),
        ("Q", "\"B,C\"", "yes", false),
        ("Q", "\"B,C\"", "", true),
        ("Q", "", "", true),
    ] {
        let rows = format!("id,process,axes,axes_complete\nm,milling,{axes},{complete}\n");
        std::fs::write(&sheet, rows).expect("written");
        let rows = format!("machine,axis,upr_um\n1,{label},0.9\n1,{label}2,0.9\n");
        let both = label == "Q" && taken;
        let one = format!("machine,axis,upr_um\n1,{label},0.9\n");
        std::fs::write(&values, if both { rows } else { one }).expect("written");
        let words = ["measure", "declare", &values, "--model", &sheet, "--list", "eu/2B001"];
        if taken {
            said(&words);
        } else {
            let error = refused(&words);
            let known = axes.trim_matches('"').replace(',', ", ");
            let text = format!("the sheet lists no axis `{label}`, only {known}");
            assert!(error.contains(&text), "{text}: {error}");
        }
    }
    // Without a sheet there is no list of axes.
    said(&["measure", "declare", "specs/measurements/stated.csv"]);
}

#[test]
fn an_axis_whose_figures_cannot_be_read_is_an_axis_all_the_same() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name).display().to_string();
    std::fs::create_dir(at("tests")).expect("made");
    let runs =
        RUNS.replace("target", "axis,target").replace("\n0", "\nX,0").replace("\n9", "\nX,9");
    std::fs::write(at("tests/m.csv"), runs).expect("written");
    // What the sheet says of X, how many linear axes contour; the verdict, and what is said of axes
    // that are not listed.
    for (of_x, contouring, verdict, said_of) in [
        ("upr = \"5 um\"", 3, "verdict: not captured", ""),
        ("upr = \"fine\"", 3, "verdict: undetermined", ""),
        ("travel = \"long\"", 3, "verdict: undetermined", ""),
        ("upr.value = \"5 um\"\nupr.basis = \"hearsay\"", 3, "verdict: undetermined", ""),
        (
            "upr = \"5 um\"",
            5,
            "verdict: undetermined",
            "the list of axes is declared complete, and more of them contour",
        ),
    ] {
        let mut sheet = format!(
            "id = \"m\"\nbasis = \"declared\"\naxes_complete = true\nprocess = [\"milling\"]\n\
             materials = [\"metal\"]\nnc_capable = true\ncontouring_linear = {contouring}\n\
             contouring_rotary = 1\nlimited_to = [\"general\"]\nmachine_kind = [\"ordinary\"]\n\
             [axis.X]\n{of_x}\n"
        );
        for axis in ["Y", "Z", "W"] {
            sheet += &format!("[axis.{axis}]\ntravel = \"300 mm\"\nupr = \"5 um\"\n");
        }
        sheet += "[axis.C]\ncontouring_axis = true\n";
        std::fs::write(at("m.toml"), sheet).expect("written");
        let path = at("m.toml");
        let words = ["explain", &path, "--list", "eu/2B001", "--accept-unverified", "--full"];
        let told = said(&words);
        assert!(told.contains(verdict), "{of_x}: {told}");
        let unlisted = "axes that the sheet does not list";
        assert_eq!(told.contains(unlisted), !said_of.is_empty(), "{of_x}: {told}");
        assert!(told.contains(said_of), "{of_x}: {told}");
        // A test of it is taken.
        let told = said(&[&words[..], &["--measurements", &at("tests")]].concat());
        assert!(!told.contains("lists no axis"), "{of_x}: {told}");
    }
}

#[test]
fn each_command_is_told_by_the_file_beside_how_the_file_that_it_names_is_written() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("r.csv").display().to_string();
    let beside = format!("{file}.reading.toml");
    let turns: String = (0..16).map(|at| format!("1,{at},{}\n", 0.5 + f64::from(at % 2))).collect();
    let turns = format!("rev,angle_index,displacement_um\n{turns}");
    for (words, rows) in [
        (&["measure", "positioning"][..], RUNS),
        (&["measure", "spindle", "--probed", "radial"], &turns),
        (&["measure", "slides"], "position_mm,yaw_arcsec\n0,0.5\n10.5,1\n300,2\n"),
        (&["measure", "declare"], "machine,axis,upr_um\n1,X,0.8\n2,X,1\n"),
    ] {
        let base = [words, &[&file, "--format", "csv"]].concat();
        let semicolons = rows.replace(',', ";").replace('.', ",");
        std::fs::write(&file, rows).expect("written");
        let plain = said(&base);
        // What the file beside says; the rows; what the command says; the option, if it may not.
        for (says, rows, more, refuses) in [
            ("decimal = \"comma\"\n", semicolons.clone(), &[][..], ""),
            ("decimal = \"comma\"\n", semicolons.clone(), &["--decimal-comma"], ""),
            ("delimiter = \";\"\n", semicolons.clone(), &["--decimal-comma"], ""),
            ("decimal = \"point\"\n", semicolons.clone(), &["--decimal-comma"], "--decimal-comma"),
            ("skip_lines = 1\n", format!("a title\n{rows}"), &[], ""),
            ("skip_lines = 1\n", format!("a title\n{rows}"), &["--skip-lines", "1"], ""),
            (
                "skip_lines = 2\n",
                format!("a title\n{rows}"),
                &["--skip-lines", "1"],
                "--skip-lines",
            ),
            ("delimiter = \"|\"\n", rows.replace(',', "|"), &["--delimiter", ";"], "--delimiter"),
            ("encoding = \"gbk\"\n", rows.to_owned(), &["--encoding", "utf-8"], "--encoding"),
            ("sheet = \"A\"\n", rows.to_owned(), &["--sheet", "B"], "--sheet"),
        ] {
            std::fs::write(&beside, format!("kind = \"reading\"\n{says}")).expect("written");
            std::fs::write(&file, &rows).expect("written");
            if refuses.is_empty() {
                assert_eq!(said(&[&base[..], more].concat()), plain, "{words:?} {says} {more:?}");
            } else {
                let error = refused(&[&base[..], more].concat());
                let place = format!("{refuses} says otherwise than `{beside}`");
                assert!(error.contains(&place), "{words:?} {says} {more:?}: {error}");
            }
        }
        std::fs::remove_file(&beside).expect("removed");
    }
}
