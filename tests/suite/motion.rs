//! Spindles and slides through the program: what readings do not carry decides nothing.

use crate::folder::{run, said};

/// Steps of a turn, each with its reading in µm.
fn turns(count: usize, steps: usize, reading: impl Fn(f64) -> f64) -> String {
    let mut text = "rev,angle_index,displacement_um\n".to_owned();
    for turn in 1..=count {
        for step in 0..steps {
            let angle = std::f64::consts::TAU * step as f64 / steps as f64;
            text += &format!("{turn},{step},{:.4}\n", reading(angle));
        }
    }
    text
}

/// A slide over 1200 mm, read at steps of so many millimetres, with all angles in tenths of an arc
/// second.
fn slide(step: usize, tenths: impl Fn(usize) -> usize) -> String {
    let mut text = "slide,position_mm,yaw_arcsec,pitch_arcsec,roll_arcsec\n".to_owned();
    for at in 0..=1200 / step {
        let angle = format!("{}.{}", tenths(at) / 10, tenths(at) % 10);
        text += &format!("X,{},{angle},{angle},{angle}\n", step * at);
    }
    text
}

/// Off-centring: a TIR of 0.3 µm, below the 0.4 µm of the list.
fn round(angle: f64) -> f64 {
    0.15 * angle.cos()
}

#[test]
fn a_fly_cutter_is_captured_or_not_where_its_readings_carry_it_only() {
    let swing = |at: usize| 15 * (at % 2);
    let steady = slide(25, swing);
    // Angles that stand for four positions and grow over the next two.
    let steps = slide(60, |at| 20 * (at / 5) + if at % 5 == 0 { 0 } else { 10 });
    let seen = turns(5, 32, round);
    let cases = [
        // What is read of the spindle, of the slide; the verdict, that with either; what is told.
        (&seen, &steady, ["captured"; 2], "a turn was read at 32 steps: what an indicator"),
        (&seen, &steps, ["undetermined"; 2], "may begin and end between positions"),
        // A wave of four periods is not seen at eight steps.
        (
            &turns(5, 8, |angle| round(angle) + 5.0 * (4.0 * angle).sin()),
            &steady,
            ["undetermined"; 2],
            "fewer than 24 (a rule of this program)",
        ),
        (&turns(5, 23, round), &steady, ["undetermined"; 2], "at 23 steps, fewer than 24"),
        (&turns(5, 24, round), &steady, ["captured"; 2], "at 24 steps: what an indicator"),
        // At few steps as at many a large run-out is seen.
        (&turns(5, 8, |angle| 2.0 * angle.cos()), &steady, ["not captured"; 2], "fewer than 24"),
        // Nothing is connected.
        (&turns(5, 32, |_| 0.7), &steady, ["undetermined"; 2], "run-out is not computable: every"),
        (&turns(5, 32, |_| 0.7), &steady, ["undetermined"; 2], "camming is not computable: every"),
        (&seen, &slide(25, |_| 3), ["undetermined"; 2], "X yaw is not computable: every position"),
        // The far half of the slide stands still.
        (
            &seen,
            &slide(25, |at| if at < 24 { swing(at) } else { 0 }),
            ["undetermined", "captured"],
            "windows of which every position reads the same",
        ),
    ];
    for (spindle, slide, verdicts, told) in cases {
        let folder = tempfile::tempdir().expect("a folder");
        for (name, text) in [("runout", spindle), ("camming", spindle), ("slides", slide)] {
            let name = format!("synthetic-fly-cutter.{name}.csv");
            std::fs::write(folder.path().join(name), text).expect("written");
        }
        let tests = folder.path().display().to_string();
        // The sheet of one slide.
        let sheet = std::fs::read_to_string("specs/measurements/fly-cutter.toml").expect("a sheet");
        let sheet = sheet.split("[axis.Z]").next().expect("a part").replace("1000 mm", "1200 mm");
        let beside = tempfile::tempdir().expect("a folder");
        let path = beside.path().join("m.toml").display().to_string();
        std::fs::write(&path, sheet).expect("written");
        let words = [&path, "--list", "eu/2B001", "--accept-unverified", "--measurements", &tests];
        for (more, verdict) in [&[][..], &["--policy", "slide-window=either"]].iter().zip(verdicts)
        {
            let text = said(&[&["explain"], &words[..], more].concat());
            assert!(text.contains(&format!("verdict: {verdict}")), "{verdict} {told}: {text}");
        }
        // What it rests on stands among the caveats.
        let rows = said(&[&["classify"], &words[..], &["--format", "json"]].concat());
        let rows: serde_json::Value = serde_json::from_str(&rows).expect("JSON");
        let row = rows.get("results").unwrap_or(&rows)[0].clone();
        assert_eq!(row["verdict"], verdicts[0], "{row}");
        assert!(row["caveats"].to_string().contains(told), "{told}: {row}");
    }
}

#[test]
fn limits_on_turns_and_windows_say_why_they_are_open_in_every_form() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("m.csv").display().to_string();
    let spindle = &["measure", "spindle", &file, "--probed", "radial", "--limit", "0.4um"][..];
    let slides = &["measure", "slides", &file, "--limit", "2arcsec"][..];
    let two = |other: f64| {
        let second = turns(1, 32, |angle| other * angle.cos());
        let rows = second.lines().skip(1).map(|row| format!("2{}\n", &row[1..]));
        turns(1, 32, round) + &rows.collect::<String>()
    };
    let grows = slide(60, |at| 20 * (at / 5) + if at % 5 == 0 { 0 } else { 10 });
    for (words, text, below, told) in [
        (spindle, two(0.1995), "yes", "in every turn"),
        (spindle, two(0.2), "open", "in some turns only: open until it is said"),
        (spindle, turns(2, 32, |angle| 0.2 * angle.cos()), "no", "in no turn"),
        (spindle, turns(2, 23, round), "open", "a turn was read at 23 steps, fewer than 24"),
        (spindle, turns(2, 8, round), "open", "open: turns of few steps"),
        (spindle, turns(2, 8, |angle| 0.2 * angle.cos()), "no", "in no turn"),
        (spindle, turns(2, 32, |_| 0.7), "open", "run-out is not computable: every step"),
        (spindle, two(0.0), "open", "1 of 2 turns read the same at every step"),
        (slides, slide(25, |at| 15 * (at % 2)), "yes", "in every window"),
        (slides, grows.clone(), "open", "windows that begin or end between positions"),
        (slides, slide(25, |at| 20 * (at % 2)), "no", "in no window"),
        (slides, slide(100, |at| 15 * (at % 2)), "open", "hold fewer than 5 positions"),
        (slides, slide(25, |_| 3), "open", "every position reads the same"),
        (
            slides,
            "position_mm,yaw_arcsec\n0,0\n100,1\n200,\n250,1.5\n".to_owned(),
            "open",
            "1 reading of yaw is missing, none is filled: at 200 mm",
        ),
        (
            slides,
            "position_mm,yaw_arcsec\n0,0\n100,1\n250,1.5\n".to_owned(),
            "open",
            "the travel that was read is shorter than the window: 250 mm",
        ),
    ] {
        std::fs::write(&file, text).expect("written");
        let shown = said(words);
        assert!(shown.contains(told), "{told}: {shown}");
        let rows = said(&[words, &["--format", "json"]].concat());
        let rows: serde_json::Value = serde_json::from_str(&rows).expect("JSON");
        let asked = |row: &&serde_json::Value| row["parameter"] != "";
        let rows: Vec<_> = rows.as_array().expect("rows").iter().filter(asked).collect();
        assert!(!rows.is_empty());
        for row in rows {
            assert_eq!(row["below"], below, "{told}: {row}");
            // What is nought at every step or position is no figure; what is bounded from below
            // only says so.
            let still = told.starts_with("run-out is not") || told.starts_with("every position");
            assert_eq!(row["value"].is_null(), still, "{told}: {row}");
            let least = row["figure"].as_str().is_some_and(|name| name.ends_with(", at least"));
            let few = told.contains("fewer than") || told.contains("few steps");
            assert!(!few || least, "{told}: {row}");
            let notes = row["notes"].to_string();
            let decided = below != "open";
            assert!(decided || notes.contains(told), "{told}: {row}");
            let limit = row["limit"].as_str().expect("a limit");
            assert_eq!(decided, !notes.contains(&format!("below {limit}: ")), "{row}");
            let (turns, steps) = (row["turns"].is_u64(), row["steps"].is_u64());
            assert_eq!((turns, steps), (words == spindle, words == spindle), "{row}");
            assert_eq!(row["sensitive"], if words == spindle { "fixed" } else { "" }, "{row}");
        }
        let table = said(&[words, &["--format", "csv"]].concat());
        assert!(table.lines().next().is_some_and(|line| line.ends_with(",turns,steps,notes")));
        assert!(below != "open" || table.contains(told), "{told}: {table}");
    }
}

#[test]
fn two_probes_across_the_axis_say_nothing_along_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("xy.csv").display().to_string();
    let rows: String = (0..32).map(|at| format!("1,{at},{},{}\n", at % 3, at % 5)).collect();
    std::fs::write(&file, format!("rev,angle_index,x_um,y_um\n{rows}")).expect("written");
    let output = run(&["measure", "spindle", &file, "--probed", "axial"]);
    assert_eq!(output.status.code(), Some(2));
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(error.contains("xy.csv` holds two probes across the axis"), "{error}");
    assert!(error.contains("--probed radial"), "{error}");
    // Across the axis they are read, but are no indicator.
    let told = said(&["measure", "spindle", &file, "--probed", "radial", "--limit", "9um"]);
    assert!(told.contains("below 9 µm: not decided: two probes turned"), "{told}");
}

#[test]
fn a_polar_plot_names_the_direction_and_draws_what_was_read_only() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name).display().to_string();
    let (file, plot) = (at("m.csv"), at("m.svg"));
    for (text, probed, direction, circle) in [
        (turns(3, 32, |_| 0.7), "radial", "fixed sensitive direction", true),
        (turns(3, 32, |_| 0.7), "axial", "axial, least-squares mean", true),
        (turns(3, 32, |angle| (2.0 * angle).cos()), "radial", "fixed sensitive direction", false),
        // Off-centring printed to a tenth of a nanometre leaves what was printed.
        (turns(3, 32, round), "radial", "fixed sensitive direction", false),
    ] {
        std::fs::write(&file, text).expect("written");
        said(&["measure", "spindle", &file, "--probed", probed, "--svg", &plot]);
        let drawn = std::fs::read_to_string(&plot).expect("a plot");
        assert!(drawn.contains(direction), "{direction}: {drawn}");
        assert_eq!(drawn.contains("no motion is left, a circle"), circle, "{drawn}");
    }
}
