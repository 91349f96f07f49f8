//! The program as its users run it.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn project() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_toolgauge"))
        .args(arguments)
        .current_dir(folder)
        .output()
        .expect("the program starts")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}

/// Runs in a folder of its own that holds the given files.
fn in_folder(files: &[(&str, &[u8])]) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, bytes) in files {
        std::fs::write(folder.path().join(name), bytes).expect("written");
    }
    let path = folder.path().to_owned();
    (folder, path)
}

const MACHINES: &str = "\
id,process,contouring_axes,axes_complete,travel_x_mm,upr_x_um,travel_z_mm,upr_z_um
good,turning,2,yes,500,0.9,600,2
bad,turning,2,yes,500,1.0,600,2
open,turning,2,yes,500,,600,2
";

#[test]
fn exit_codes_are_as_documented() {
    let (_keep, folder) = in_folder(&[("m.csv", MACHINES.as_bytes()), ("broken.toml", b"a =")]);
    let code = |arguments: &[&str]| run(&folder, arguments).status.code();
    let stated =
        ["classify", "m.csv", "--list", "eu/2B001", "--basis", "stated", "--format", "csv"];
    assert_eq!(code(&stated), Some(0));
    assert_eq!(code(&[&stated[..], &["--fail-on", "not-cleared"]].concat()), Some(1));
    assert_eq!(code(&["classify", "absent.csv"]), Some(2));
    assert_eq!(code(&["classify", "m.csv", "--list", "eu/9Z999"]), Some(2));
    assert_eq!(code(&["check", "broken.toml"]), Some(2));
    assert_eq!(code(&["no-such-verb"]), Some(2));
    assert_eq!(code(&["--help"]), Some(0));
}

#[test]
fn verdicts_of_stated_figures_are_printed_row_by_row() {
    let (_keep, folder) = in_folder(&[("m.csv", MACHINES.as_bytes())]);
    let output = run(
        &folder,
        &["classify", "m.csv", "--list", "eu/2B001", "--basis", "stated", "--format", "csv"],
    );
    let mut reader = csv::Reader::from_reader(output.stdout.as_slice());
    let verdict = reader.headers().expect("a header").iter().position(|h| h == "verdict");
    let verdict = verdict.expect("a column");
    let rows: Vec<String> =
        reader.records().map(|row| row.expect("a row")[verdict].to_owned()).collect();
    assert_eq!(rows, ["captured", "not captured", "undetermined"]);
}

#[test]
fn a_catalogue_figure_proves_capture_and_never_its_absence() {
    let (_keep, folder) = in_folder(&[("m.csv", MACHINES.as_bytes())]);
    let output = run(&folder, &["classify", "m.csv", "--list", "eu/2B001", "--format", "jsonl"]);
    let rows: Vec<serde_json::Value> = text(&output.stdout)
        .lines()
        .skip(1)
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    let pairs: Vec<(&str, &str)> = rows
        .iter()
        .map(|row| (row["verdict"].as_str().expect("text"), row["nominal"].as_str().expect("text")))
        .collect();
    assert_eq!(
        pairs,
        [
            ("captured", "captured"),
            ("undetermined", "not captured"),
            ("undetermined", "undetermined")
        ]
    );
}

#[test]
fn a_list_of_axes_that_cannot_be_complete_clears_nothing() {
    let rows = "id,process,contouring_axes,axes_complete,\
                travel_x_mm,upr_x_um,travel_z_mm,upr_z_um\n\
                none,turning,2,yes,,,,\n\
                fewer,turning,3,yes,500,2,600,2\n\
                all,turning,2,yes,500,2,600,2\n";
    let (_keep, folder) = in_folder(&[("m.csv", rows.as_bytes())]);
    let output = run(
        &folder,
        &["classify", "m.csv", "--list", "eu/2B001", "--basis", "stated", "--format", "csv"],
    );
    let text = text(&output.stdout);
    let verdict = |id: &str| {
        let row = text.lines().find(|line| line.starts_with(id)).expect("a row");
        row.split(',').nth(11).expect("a verdict").to_owned()
    };
    assert_eq!(
        ["none", "fewer", "all"].map(verdict),
        ["undetermined", "undetermined", "not captured"]
    );
}

#[test]
fn a_later_date_withholds_not_captured() {
    let (_keep, folder) = in_folder(&[("m.csv", MACHINES.as_bytes())]);
    let base = [
        "classify",
        "m.csv",
        "--list",
        "eu/2B001",
        "--basis",
        "stated",
        "--as-of",
        "2031-01-01",
        "--format",
        "jsonl",
    ];
    let verdicts = |more: &[&str]| -> Vec<String> {
        let output = run(&folder, &[&base[..], more].concat());
        let value = |line: &str| -> serde_json::Value { serde_json::from_str(line).expect("JSON") };
        text(&output.stdout).lines().skip(1).map(|l| value(l)["verdict"].to_string()).collect()
    };
    assert_eq!(verdicts(&[]), ["\"captured\"", "\"undetermined\"", "\"undetermined\""]);
    let accepted = verdicts(&["--accept-unverified"]);
    assert_eq!(accepted, ["\"captured\"", "\"not captured\"", "\"undetermined\""]);
}

#[test]
fn bad_rows_are_set_aside_whole_and_the_others_are_answered() {
    let text_in = "id,process,travel_x_mm\na,milling,500\nb,milling\n,,1\nd,milling,5 00x\n";
    let (_keep, folder) = in_folder(&[("m.csv", text_in.as_bytes())]);
    let output = run(
        &folder,
        &[
            "classify",
            "m.csv",
            "--list",
            "eu/2B001",
            "--format",
            "csv",
            "--rejects",
            "rejects.csv",
            "--remarks",
            "remarks.csv",
        ],
    );
    assert_eq!(text(&output.stdout).lines().count(), 3, "a header and two machines");
    let rejects = std::fs::read_to_string(folder.join("rejects.csv")).expect("written");
    assert_eq!(rejects.lines().count(), 3, "{rejects}");
    assert!(
        rejects.contains("3,\"the row has 2 fields, the header has 3\",b,milling"),
        "{rejects}"
    );
    let remarks = std::fs::read_to_string(folder.join("remarks.csv")).expect("written");
    assert!(remarks.contains("5 00x"), "{remarks}");
}

#[test]
fn formulas_in_a_catalogue_reach_no_spreadsheet() {
    let text_in = "id,maker,process\n=1+1,@SUM(A1),milling\n";
    let (_keep, folder) = in_folder(&[("m.csv", text_in.as_bytes())]);
    let output = run(&folder, &["classify", "m.csv", "--list", "eu/2B001", "--format", "csv"]);
    let line = text(&output.stdout).lines().nth(1).expect("a row").to_owned();
    assert!(line.starts_with("'=1+1,'@SUM(A1),"), "{line}");
}

#[test]
fn the_same_catalogue_in_every_encoding_and_format_gives_the_same_result() {
    let csv = "id,maker,process,travel_x\nm1,Präzision,milling,±250 mm\n";
    let utf16: Vec<u8> =
        "\u{FEFF}".encode_utf16().chain(csv.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let latin: Vec<u8> = csv.chars().map(|c| u8::try_from(u32::from(c)).expect("Latin")).collect();
    let json = "[{\"id\":\"m1\",\"maker\":\"Präzision\",\"process\":\"milling\",\
        \"travel_x\":\"±250 mm\"}]";
    let toml = "id = \"m1\"\nmaker = \"Präzision\"\nprocess = [\"milling\"]\n\
        basis = \"catalogue\"\n\
        [axis.X]\ntravel = \"±250 mm\"\n";
    let marked = format!("\u{FEFF}{csv}");
    let (_keep, folder) = in_folder(&[
        ("a.csv", csv.as_bytes()),
        ("b.csv", marked.as_bytes()),
        ("c.csv", &utf16),
        ("d.csv", &latin),
        ("e.csv", csv.replace(',', ";").as_bytes()),
        ("f.tsv", csv.replace(',', "\t").replace('\n', "\r\n").as_bytes()),
        ("g.json", json.as_bytes()),
        ("h.jsonl", json.trim_matches(['[', ']']).as_bytes()),
        ("i.toml", toml.as_bytes()),
    ]);
    let answer = |file: &str, more: &[&str]| {
        let base = ["classify", file, "--list", "eu/2B001", "--format", "csv"];
        let output = run(&folder, &[&base[..], more].concat());
        assert!(output.status.success(), "{file}: {}", text(&output.stderr));
        // The line differs between formats; everything else is the same.
        text(&output.stdout).replace("m1,Präzision,,,2,", "m1,Präzision,,,1,")
    };
    let first = answer("a.csv", &[]);
    for file in ["b.csv", "c.csv", "e.csv", "f.tsv", "g.json", "h.jsonl", "i.toml"] {
        assert_eq!(answer(file, &[]), first, "{file}");
    }
    assert_eq!(answer("d.csv", &["--encoding", "windows-1252"]), first);
}

#[test]
fn outputs_are_whole_and_the_record_stands_beside_them() {
    let (_keep, folder) = in_folder(&[("m.csv", MACHINES.as_bytes())]);
    let output = run(&folder, &["classify", "m.csv", "--list", "eu/2B001"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    for file in ["results.csv", "matrix.csv", "remarks.csv", "run.json"] {
        assert!(folder.join("toolgauge-results/m").join(file).is_file(), "{file}");
    }
    let record =
        std::fs::read_to_string(folder.join("toolgauge-results/m/run.json")).expect("read");
    let record: serde_json::Value = serde_json::from_str(&record).expect("JSON");
    assert_eq!(record["lists"][0]["list"], "eu/2B001");
    assert_eq!(record["catalogue"]["blake3"].as_str().map(str::len), Some(64));
    let nowhere = run(&folder, &["classify", "m.csv", "--format", "csv", "--out", "no/such/x.csv"]);
    assert_eq!(nowhere.status.code(), Some(2));
}

#[test]
fn every_example_of_the_help_runs() {
    let scratch = tempfile::tempdir().expect("a folder");
    let out = scratch.path().join("out");
    let verbs = [
        "classify",
        "explain",
        "new",
        "map",
        "diff",
        "show",
        "check",
        "test",
        "schema",
        "measure",
        "measure positioning",
        "measure declare",
        "measure spindle",
        "measure slides",
        "measure axes",
        "measure convert",
        "measure uncertainty",
        "compare",
        "sweep",
        "region",
        "bundle",
        "view",
    ];
    for verb in verbs {
        let words: Vec<&str> = verb.split(' ').chain(["--help"]).collect();
        // A line that ends in a backslash goes on in the next one.
        let help = text(&run(project(), &words).stdout).replace("\\\n", " ");
        let examples: Vec<&str> =
            help.lines().map(str::trim).filter(|line| line.starts_with("toolgauge ")).collect();
        assert!(!examples.is_empty(), "{verb} has no examples");
        for example in examples {
            // Files that the user would have made are not there, and outputs go elsewhere.
            if example.contains("my-list") {
                continue;
            }
            let mut words: Vec<String> = Vec::new();
            for (at, part) in example.split('\'').enumerate() {
                if at % 2 == 1 {
                    words.push(part.to_owned());
                } else {
                    words.extend(part.split_whitespace().map(str::to_owned));
                }
            }
            words.remove(0);
            if let Some(at) = words.iter().position(|word| word == "--out") {
                words[at + 1] = out.display().to_string();
            } else if let Some(at) = words.iter().position(|word| word == "--svg") {
                words[at + 1] = out.display().to_string();
            } else if verb == "classify" {
                words.extend(["--out".to_owned(), out.display().to_string()]);
            }
            if verb == "classify" {
                words.extend(["--results".to_owned(), scratch.path().display().to_string()]);
            }
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            let output = run(project(), &words);
            let expected = if example.contains("--fail-on") { Some(1) } else { Some(0) };
            assert_eq!(output.status.code(), expected, "{example}\n{}", text(&output.stderr));
        }
    }
}

#[test]
fn explain_names_the_source_cell_and_what_would_settle() {
    let (_keep, folder) = in_folder(&[("m.csv", MACHINES.as_bytes())]);
    let output = run(
        &folder,
        &["explain", "m.csv", "--machine", "open", "--list", "eu/2B001", "--basis", "stated"],
    );
    let shown = text(&output.stdout);
    for part in [
        "verdict: undetermined",
        "m.csv:4: column `travel_x_mm`: `500` (stated)",
        "upr of X (turns at just above 0.9 µm)",
        "One question to the maker settles 1 of the open entries: what is the upr of X?",
    ] {
        assert!(shown.contains(part), "`{part}` is not in\n{shown}");
    }
}

#[test]
fn list_errors_name_place_token_and_neighbour() {
    let list = "format = 1\nkind = \"proposal\"\nlist = \"x/1\"\nedition = \"a\"\n\
        jurisdiction = \"X\"\ntitle = \"t\"\ncarrier = \"c\"\nroot = \"1\"\nsource = \"s\"\n\
        [clause.\"1\"]\ntext = \"t\"\nwhen = { proces = [\"milling\"] }\n";
    let (_keep, folder) = in_folder(&[("x.toml", list.as_bytes())]);
    let output = run(&folder, &["check", "x.toml"]);
    let shown = text(&output.stderr);
    assert!(shown.contains("x.toml:12:10: clause `1`: `proces` is neither"), "{shown}");
    assert!(shown.contains("^^^^^^"), "{shown}");
    assert!(shown.contains("did you mean `process`?"), "{shown}");
}

#[test]
fn what_a_template_prints_is_a_machine_that_can_be_read() {
    let (_keep, folder) = in_folder(&[]);
    let output = run(&folder, &["new", "--out", "m.toml"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let template = std::fs::read_to_string(folder.join("m.toml")).expect("written");
    // Every commented example line, uncommented, is itself readable.
    let filled: String = template
        .lines()
        .map(|line| {
            let bare = line.trim_start_matches("# ");
            let example = bare.starts_with('[')
                || bare.split_once(" = ").is_some_and(|(key, _)| {
                    key.chars().all(|c| c.is_ascii_lowercase() || c == '_')
                });
            format!("{}\n", if example { bare } else { line })
        })
        .collect();
    std::fs::write(folder.join("full.toml"), filled).expect("written");
    let output =
        run(&folder, &["classify", "full.toml", "--format", "json", "--fail-on", "remarks"]);
    assert_eq!(output.status.code(), Some(0), "{}\n{}", text(&output.stdout), text(&output.stderr));
}

fn blake3_of(text: &str) -> String {
    toolgauge::record::hash(text.as_bytes())
}

#[test]
fn a_bundle_replays_to_the_same_bytes_or_says_what_differs() {
    let (_keep, folder) = in_folder(&[
        ("m.csv", MACHINES.as_bytes()),
        ("p.toml", include_bytes!("../../specs/proposals/one-number.toml")),
    ]);
    let command = ["compare", "m.csv", "--base", "eu/2B001", "--proposal", "p.toml", "--names"];
    let words: Vec<&str> = ["bundle", "--out", "b.json", "--"].into_iter().chain(command).collect();
    let output = run(&folder, &words);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    std::fs::remove_file(folder.join("p.toml")).expect("removed");
    std::fs::write(folder.join("m.csv"), "id\nother\n").expect("written");
    let output = run(&folder, &["replay", "b.json"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert!(text(&output.stdout).starts_with("the same: "));
    // A result that was tampered with, and a file that was.
    let bundle = std::fs::read_to_string(folder.join("b.json")).expect("a bundle");
    let place = bundle.find("\"result\": \"").expect("a hash") + 11;
    let mut other = bundle.clone();
    other.replace_range(place..place + 4, "0000");
    std::fs::write(folder.join("c.json"), other).expect("written");
    let output = run(&folder, &["replay", "c.json"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("its answer does not have its hash"));
    // Whatever differs is named: an answer's line, a list of the program, a policy, a file.
    let edited = |edit: &dyn Fn(&mut serde_json::Value)| {
        let mut value = serde_json::from_str(&bundle).expect("JSON");
        edit(&mut value);
        std::fs::write(folder.join("e.json"), value.to_string()).expect("written");
        let output = run(&folder, &["replay", "e.json"]);
        format!("{}{}", text(&output.stdout), text(&output.stderr))
    };
    let said = edited(&|value| {
        let answer = value["answer"].as_str().expect("an answer").replace("captured", "caught");
        value["result"] = blake3_of(&answer).into();
        value["answer"] = answer.into();
    });
    assert!(said.contains("the answer differs"), "{said}");
    assert!(said.contains("the answer's first difference: line "), "{said}");
    assert!(said.contains("caught") && said.contains("captured"), "{said}");
    // A text of the program that is another one than in the bundle, on which the replay rests.
    let spec = |value: &mut serde_json::Value, name: &str| {
        let specs = value["specs"].as_array_mut().expect("specs");
        let spec = specs.iter_mut().find(|spec| spec["path"] == name).expect("a spec");
        let text = format!("{}\n# Another text.\n", spec["text"].as_str().expect("a text"));
        spec["blake3"] = blake3_of(&text).into();
        spec["text"] = text.into();
    };
    for (name, wanted) in [
        ("lists/eu/2B001.current.toml", "the base list `lists/eu/2B001.current.toml` is another"),
        ("lists/eu/2B201.current.toml", "another text here: `lists/eu/2B201.current.toml`; repl"),
        ("assumptions.toml", "another text here: `assumptions.toml`; replayed on the bundled text"),
    ] {
        let said = edited(&|value| spec(value, name));
        assert!(said.starts_with("the same: ") && said.contains(wanted), "{said}");
    }
    let said = edited(&|value| {
        let words = value["command"].as_array_mut().expect("words");
        words.extend(["--no-derive".into()]);
    });
    assert!(said.contains("the policies of the command are others than there"), "{said}");
    let said = edited(&|value| value["command"][5] = "p.toml+p.toml".into());
    assert!(said.contains("fails"), "{said}");
    let said = edited(&|value| {
        let files = value["files"].as_array_mut().expect("files");
        let file = files.iter_mut().find(|file| file["path"] == "m.csv").expect("a file");
        file["text"] = serde_json::Value::Null;
    });
    assert!(said.contains("the catalogue `m.csv` here is another file than there"), "{said}");
    let said = edited(&|value| {
        let files = value["files"].as_array_mut().expect("files");
        let file = files.iter_mut().find(|file| file["path"] == "p.toml").expect("a file");
        file["text"] = file["text"].as_str().expect("a text").replace("1.5 um", "1.6 um").into();
    });
    assert!(said.contains("the overlay `p.toml` does not have its hash"), "{said}");
    for (words, part) in [
        (&["bundle", "--", "lists"][..], "not bundled"),
        (&["bundle", "--", "classify", "m.csv"], "--format csv"),
        (&["bundle", "--", "sweep", "m.csv", "--svg", "x.svg"], "does not go into a bundle"),
        (&["bundle", "--", "explain", "/etc/hostname"], "lies outside"),
    ] {
        let output = run(&folder, words);
        assert_eq!(output.status.code(), Some(2), "{words:?}");
        assert!(text(&output.stderr).contains(part), "{words:?}: {}", text(&output.stderr));
    }
}

#[test]
fn json_lines_are_screened_run_by_run_as_csv_is() {
    let lines = "{\"id\":\"a\",\"process\":\"milling\"}\n\n{oops\n\
                 {\"id\":\"b\",\"process\":\"grinding\",\"contouring_axes\":3,\
                 \"axis\":{\"X\":{\"upr_um\":0.8}}}\n";
    let table = "id,process,contouring_axes,axis.X.upr_um\na,milling,,\nb,grinding,3,0.8\n";
    let (_keep, folder) = in_folder(&[("m.jsonl", lines.as_bytes()), ("m.csv", table.as_bytes())]);
    let screened = |name: &str| {
        let output = run(
            &folder,
            &[
                "classify",
                name,
                "--list",
                "eu/2B001",
                "--format",
                "csv",
                "--detail",
                "clauses",
                "--basis",
                "stated",
                "--rejects",
                "r.csv",
            ],
        );
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        text(&output.stdout)
    };
    let by_lines = screened("m.jsonl");
    let rejected = std::fs::read_to_string(folder.join("r.csv")).expect("rejects");
    assert!(
        rejected.contains("3,the line is not JSON") && rejected.contains("{oops"),
        "{rejected}"
    );
    assert_eq!(by_lines, screened("m.csv"));
}

#[test]
fn a_slide_that_is_shorter_than_the_window_clears_nothing() {
    let table = b"position_mm,yaw_arcsec\n0,0\n100,1\n200,2\n";
    let (_kept, folder) = in_folder(&[("short.csv", table)]);
    for (limit, expected) in [("3arcsec", "3 arcsec: open"), ("2arcsec", "2 arcsec: in no window")]
    {
        let said =
            text(&run(&folder, &["measure", "slides", "short.csv", "--limit", limit]).stdout);
        assert!(said.contains(expected) && !said.contains("in every"), "{said}");
        assert!(!said.contains("--policy"), "{said}");
    }
}
