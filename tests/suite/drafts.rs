//! Whatever is not law says so, in every form of every answer.

use std::process::Command;

/// Runs the program among the shipped files.
fn run(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_toolgauge"))
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("the program starts");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{arguments:?}: {said}");
    String::from_utf8(output.stdout).expect("UTF-8")
}

const SAMPLE: &str = "specs/catalogues/sample.csv";
const ONE: &str = "specs/proposals/one-number.toml";
const PROFILE: &str = "specs/profiles/tem-illustration.toml";

#[test]
fn drafts_and_illustrations_are_marked_in_every_form() {
    let verbs: &[(&[&str], &str)] = &[
        (&["check", ONE], "DRAFT, not law"),
        (&["show", ONE], "DRAFT"),
        (&["compare", SAMPLE, "--base", "eu/2B001", "--proposal", ONE], "DRAFT, not law"),
        (&["sweep", SAMPLE, "--list", ONE, "--dial", "turning"], "DRAFT, not law"),
        (
            &["sweep", SAMPLE, "--list", ONE, "--dial", "turning", "--dial", "length"],
            "DRAFT, not law",
        ),
        (&["region", "--base", "eu/2B001", "--proposal", ONE, "--boxes", "1"], "DRAFT, not law"),
        (&["view", SAMPLE, "--profile", PROFILE, "--list", "eu/2B001"], "ILLUSTRATION"),
    ];
    for (verb, mark) in verbs {
        for form in ["text", "csv", "json"] {
            let answer = run(&[verb, &["--format", form][..]].concat());
            assert!(answer.contains(mark), "{verb:?} as {form}:\n{answer}");
            if form == "json" {
                let read: Result<serde_json::Value, _> = serde_json::from_str(&answer);
                assert!(read.is_ok(), "{verb:?}: {answer}");
            }
        }
    }
}

#[test]
fn columns_of_a_draft_are_marked() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().display().to_string();
    let matrix = format!("{out}/matrix.csv");
    run(&["classify", SAMPLE, "--list", ONE, "--results", &out]);
    let first = |text: &str| text.lines().next().unwrap_or_default().to_owned();
    let mut heads = vec![first(&std::fs::read_to_string(matrix).expect("a matrix"))];
    for detail in ["verdicts", "clauses"] {
        let form = ["--detail", detail, "--format", "csv"];
        heads.push(first(&run(&[&["classify", SAMPLE, "--list", ONE], &form[..]].concat())));
    }
    assert!(heads.iter().all(|head| head.contains("[DRAFT, not law]")), "{heads:?}");
    assert_eq!(heads[2].matches("[DRAFT, not law]").count(), 2, "{heads:?}");
    // Lathes turn into grinding machines.
    let text = std::fs::read_to_string(SAMPLE).expect("the sample");
    let (header, rows) = text.split_once('\n').expect("a header");
    let new = format!("{out}/new.csv");
    let rows = rows.replace("turning", "grinding");
    std::fs::write(&new, format!("{header}\n{rows}")).expect("written");
    let diff = run(&["diff", SAMPLE, &new, "--list", ONE]);
    assert!(diff.contains("[DRAFT, not law]"), "{diff}");
}

#[test]
fn chances_of_a_draft_are_marked() {
    let of = |list: &str, form: &str| {
        let machine = ["explain", SAMPLE, "--machine", "dmu-80-uprecision", "--list", list];
        let chance = ["--probability", "--uncertainty", "upr=10%", "--format", form];
        run(&[&machine[..], &chance[..]].concat())
    };
    for (list, is_draft) in [(ONE, true), ("eu/2B001", false)] {
        let text = of(list, "text");
        let (_, chances) = text.split_once("\nChances under").expect("chances");
        assert_eq!(chances.contains("[DRAFT, not law]"), is_draft, "{chances}");
        let json: serde_json::Value = serde_json::from_str(&of(list, "json")).expect("JSON");
        let rows = json["chances"].as_array().expect("rows");
        let marked = |row: &serde_json::Value| {
            row["list"].as_str().expect("a list").ends_with("[DRAFT, not law]")
        };
        assert!(!rows.is_empty() && rows.iter().all(|row| marked(row) == is_draft), "{rows:?}");
    }
}

#[test]
fn regions_count_machines_and_say_what_bounds_allow_in_every_form() {
    let of = |form| {
        let lists = ["--base", "eu/2B001#2B001.c.1", "--proposal", "eu/2B201#2B201.b"];
        let rest = ["--boxes", "1", "--steps", "2000", "--catalogue", SAMPLE, "--format", form];
        run(&[&["region"], &lists[..], &rest[..]].concat())
    };
    let json: serde_json::Value = serde_json::from_str(&of("json")).expect("JSON");
    let moves = json["machines"].as_array().expect("moves");
    let csv = of("csv");
    let text = of("text");
    let rows: Vec<&str> = csv.lines().filter(|line| line.contains(",machines,")).collect();
    assert_eq!((moves.len(), rows.len()), (9, 9));
    let mut total = 0;
    for (one, row) in moves.iter().zip(rows) {
        let machines = one["machines"].as_u64().expect("a count");
        let [was, now] = ["was", "now"].map(|side| one[side].as_str().expect("a word"));
        assert!(row.ends_with(&format!(",{was},{now},{machines}")), "{row}");
        total += machines;
    }
    let all = std::fs::read_to_string(SAMPLE).expect("the sample").lines().count() - 1;
    assert_eq!(total, all as u64);
    assert!(text.contains(&format!("{all} machines, from (rows) to (columns)")), "{text}");
    // UPR ≤ R ≤ A within one edition, and k = 3 against 2: A(1988) ≤ 4 µm proves UPR ≤ 2.67 µm.
    for answer in [&text, &csv] {
        assert!(answer.contains("positioning_accuracy (ISO 230-2:1988) at most 4 µm"), "{answer}");
        assert!(answer.contains("upr <= 2.666667 µm"), "{answer}");
        assert!(answer.contains("positioning_accuracy (ISO 230-2:1988) > 1.65 µm"), "{answer}");
    }
    let bounds = json["bounds"].as_array().expect("bounds");
    let met = |limit: &str| {
        let own = bounds.iter().find(|one| one["limit"] == limit).expect(limit);
        own["met"]["values"].as_str().expect("values").to_owned()
    };
    assert_eq!(met("positioning_accuracy (ISO 230-2:1988) at most 4 µm"), "<= 2.666667 µm");
    assert_eq!(met("upr at most 1.1 µm"), "any");
}

#[test]
fn a_view_says_the_same_in_every_form() {
    let of =
        |form| run(&["view", SAMPLE, "--profile", PROFILE, "--list", "eu/2B001", "--format", form]);
    let json: serde_json::Value = serde_json::from_str(&of("json")).expect("JSON");
    let csv = of("csv");
    let row = |what: &str| {
        let row = csv.lines().find(|line| line.contains(what)).expect(what);
        let row: Vec<&str> = row.rsplit(',').collect();
        [row[4], row[3]].map(|count| count.parse::<u64>().expect("a count"))
    };
    for (what, of) in [(",profile,", &json["all"]), (",gap,", &json["gap"])] {
        let found = ["certain", "possible"].map(|side| of[side]["machines"].as_u64());
        assert_eq!(row(what).map(Some), found, "{what}");
    }
    let cells = json["cells"].as_array().expect("cells").len();
    assert_eq!(cells, csv.lines().filter(|line| line.contains(",cell,")).count());
}

#[test]
fn a_check_says_the_same_in_every_form() {
    let folder = tempfile::tempdir().expect("a folder");
    let list = "format = 1\nkind = \"proposal\"\nlist = \"x/1\"\nedition = \"a\"\n\
        jurisdiction = \"X\"\ntitle = \"t\"\ncarrier = \"c\"\nroot = \"1\"\nsource = \"s\"\n\
        [clause.\"1\"]\ntext = \"t, 40 mm\"\nwhen = { bar_capacity = { at_most = \"30 mm\" } }\n";
    let put = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).expect("written");
        path.display().to_string()
    };
    let broken = list.replace("30 mm", "30 kg").replace("edition = \"a\"", "edition = \"b\"");
    let (good, bad) = (put("x.toml", list), put("y.toml", &broken));
    let of = |form: &str, files: &[&str]| {
        let words = [&["check", "--deep", "--format", form][..], files].concat();
        let mut command = Command::new(env!("CARGO_BIN_EXE_toolgauge"));
        let output = command.args(words).output().expect("the program starts");
        (String::from_utf8(output.stdout).expect("UTF-8"), output.status.code())
    };
    let (json, code) = of("json", &[&good, &bad]);
    assert_eq!(code, Some(2), "an error is an error in every form");
    let rows: Vec<serde_json::Value> = serde_json::from_str(&json).expect("JSON");
    let expected = [
        ("read", "", 0, "x/1 (a) [DRAFT, not law], 1 clause and 0 notes"),
        ("warning", "1", 11, "the text says 40 mm, the condition does not"),
        ("warning", "1", 12, "a better machine is captured less: with `bar_capacity` of 40 mm"),
        ("error", "", 12, "clause `1`: `bar_capacity` is a length: `kg` is a mass, not a length"),
    ];
    for (kind, clause, line, text) in expected {
        let is = |row: &&serde_json::Value| {
            row["kind"] == kind
                && row["clause"] == clause
                && row["line"].as_u64().unwrap_or_default() == line
                && row["text"].as_str().is_some_and(|said| said.starts_with(text))
        };
        assert!(rows.iter().any(|row| is(&row)), "{kind} {text}: {json}");
    }
    let pair = rows.iter().find(|row| row["line"] == 12).expect("the fall")["witnesses"].clone();
    assert_eq!(pair.as_array().map(Vec::len), Some(2), "{pair}");
    // A row each, and the same in the text, where errors stand apart.
    let (csv, _) = of("csv", &[&good, &bad]);
    let read = csv::Reader::from_reader(csv.as_bytes()).into_records();
    let read: Vec<csv::StringRecord> = read.map(|row| row.expect("a row")).collect();
    assert_eq!(read.len(), rows.len());
    let (text, _) = of("text", &[&good]);
    for (row, record) in rows.iter().zip(&read) {
        let said = row["text"].as_str().expect("a text");
        assert_eq!(&record[4], said);
        assert!(text.contains(said) || row["kind"] == "error", "{said}: {text}");
    }
}

#[test]
fn lists_that_are_called_the_same_are_told_apart() {
    let folder = tempfile::tempdir().expect("a folder");
    let put = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).expect("written");
        path.display().to_string()
    };
    let text = include_str!("../../specs/proposals/one-number.toml");
    let (one, other) =
        (put("one.toml", text), put("other.toml", &text.replace("1.5 um", "1.4 um")));
    let called = "illustration/one-number (one-number) [DRAFT, not law]";
    let of = |verb: &[&str]| run(&[verb, &["--base", &one, "--proposal", &other]].concat());
    for answer in [of(&["compare", SAMPLE]), of(&["region", "--boxes", "1"])] {
        for file in [&one, &other] {
            assert!(answer.contains(&format!("{called} in {file}")), "{answer}");
        }
    }
    let alone = run(&["compare", SAMPLE, "--base", "eu/2B001", "--proposal", &one]);
    assert!(alone.contains(called) && !alone.contains(&one), "{alone}");
    // In one library a name is one text.
    let mut library = toolgauge::list::Library::shipped().expect("the heads are read");
    library.add("a.toml", text.into()).expect("added");
    library.add("b.toml", text.into()).expect("the same again");
    let error =
        library.add("c.toml", text.replace("1.5 um", "1.4 um").into()).expect_err("another");
    assert!(error.to_string().contains("`c.toml` is `illustration/one-number@one-number`, as `b."));
}

#[test]
fn a_comparison_shows_changed_words_and_words_left_behind() {
    let folder = tempfile::tempdir().expect("a folder");
    let head = "format = 1\nkind = \"proposal\"\nlist = \"x/1\"\nedition = \"a\"\n\
                root = \"2B001\"\n\
                jurisdiction = \"X\"\ntitle = \"t\"\ncarrier = \"c\"\nsource = \"s\"\n\
                base = { list = \"eu/2B001\", edition = \"current\" }\n[change.\"2B001.a.1\"]\n";
    let test = |limit: &str| {
        let limits = format!("upr = {{ at_most = \"{limit}\" }}, travel = {{ below = \"1 m\" }}");
        format!("{{ axis = {{ some = \"linear\", {limits} }} }}")
    };
    let cases = [
        ("text = \"UPR of 0.9 um or less\"\n".to_owned(), "the words only", "no law is changed"),
        (
            format!("was = {}\nnow = {}\n", test("0.9 um"), test("0.900001 um")),
            "the text says 0.9 um, not the condition",
            "the law is changed",
        ),
    ];
    for (change, first, second) in cases {
        let path = folder.path().join("o.toml");
        std::fs::write(&path, format!("{head}{change}")).expect("written");
        let path = path.display().to_string();
        let answer = run(&["compare", SAMPLE, "--base", "eu/2B001", "--proposal", &path]);
        assert!(answer.contains(first) && answer.contains(second), "{answer}");
    }
}

#[test]
fn a_draft_makes_no_status_primary_entry_overlap_or_gap() {
    let text = std::fs::read_to_string(ONE).expect("the proposal");
    let line = text.lines().find(|line| line.starts_with("jurisdiction")).expect("a jurisdiction");
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("draft.toml");
    std::fs::write(&path, text.replace(line, "jurisdiction = \"EU\"")).expect("written");
    let draft = path.display().to_string();
    let law = ["--list", "eu/2B001"];
    let both = [&law[..], &["--list", &draft]].concat();
    // Alone, the law leaves the machine open; the draft captures it.
    let of = |lists: &[&str]| {
        let verb = ["classify", SAMPLE, "--format", "csv"];
        let rows = run(&[&verb[..], lists].concat());
        let mut rows = csv::Reader::from_reader(rows.as_bytes());
        let header = rows.headers().expect("a header").clone();
        let at = |name: &str| header.iter().position(|known| known == name).expect(name);
        let places = ["machine", "list_kind", "verdict", "status", "primary_entry"].map(at);
        let row = |row: csv::StringRecord| places.map(|at| row[at].to_owned());
        let rows: Vec<[String; 5]> = rows.records().map(|r| row(r.expect("a row"))).collect();
        rows
    };
    let (alone, beside) = (of(&law), of(&both));
    let kind = |wanted: &str| {
        let is = |row: &&[String; 5]| row[1] == wanted;
        beside.iter().filter(is).cloned().collect::<Vec<_>>()
    };
    assert_eq!(kind("control-list"), alone);
    let drafts = kind("proposal");
    let differs = |(a, b): (&[String; 5], &[String; 5])| a[2] != b[2];
    assert!(alone.iter().zip(&drafts).any(differs), "the draft says otherwise somewhere");
    assert!(drafts.iter().all(|row| row[3].is_empty() && row[4].is_empty()));
    let explained = |lists: &[&str]| {
        let verb = ["explain", SAMPLE, "--machine", "synthetic-lathe-long-z"];
        let answer = run(&[&verb[..], lists].concat());
        answer.lines().find(|line| line.starts_with("EU: ")).map(str::to_owned)
    };
    assert!(explained(&law).is_some());
    assert_eq!(explained(&both), explained(&law));
    assert_eq!(explained(&["--list", &draft]), None);
    let view = |lists: &[&str]| {
        let verb = ["view", SAMPLE, "--profile", PROFILE, "--names"];
        run(&[&verb[..], lists].concat())
    };
    assert_eq!(view(&both), view(&law));
}
