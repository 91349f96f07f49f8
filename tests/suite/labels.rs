//! Marks of experts along curves and over maps, against counts that were made by hand.

use std::process::Command;

const LIST: &str = "format = 1\nkind = \"proposal\"\nlist = \"x/1\"\nedition = \"a\"\n\
    jurisdiction = \"X\"\ntitle = \"t\"\ncarrier = \"c\"\nroot = \"1\"\nsource = \"s\"\n\
    [clause.\"1\"]\ntext = \"t\"\nwhen = { axis = { some = \"linear\", \
    upr = { at_most = \"0.9 um\" }, travel = { below = \"1 m\" } } }\n";

const HEAD: &str = "id,axes,axes_complete,upr_x_um,travel_x_mm,concern,sold,odd,empty,few\n";
const MACHINES: &str = "\
a,X,yes,0.8,900,yes,1,maybe,,x\n\
b,X,yes,1.0,900,no,2,yes,,\n\
c,X,yes,0.8,1100,Y,4,,,\n\
d,X,yes,,900,nein,8,later,,\n\
e,X,yes,0.8,,1,16,maybe,,\n\
f,X,yes,0.5,500,,32,no,,\n";

/// What the program answers and what it says beside, for a sweep of these machines.
fn sweep(arguments: &[&str]) -> (String, String) {
    run(&[&["sweep", "m.csv", "--list", "l.toml"], arguments].concat())
}

fn run(arguments: &[&str]) -> (String, String) {
    let folder = tempfile::tempdir().expect("a folder");
    let file = |name: &str, text: String| std::fs::write(folder.path().join(name), text);
    file("l.toml", LIST.to_owned()).expect("written");
    let other = LIST.replace("x/1", "x/2");
    file("more.toml", other.replace("0.9 um", "0.95 um")).expect("written");
    file("same.toml", other.replace("0.9 um", "0.0009 mm")).expect("written");
    file("m.csv", format!("{HEAD}{MACHINES}")).expect("written");
    let output = Command::new(env!("CARGO_BIN_EXE_toolgauge"))
        .args(arguments)
        .args(["--basis", "stated", "--no-derive"])
        .current_dir(folder.path())
        .output()
        .expect("the program starts");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    (text(output.stdout), text(output.stderr))
}

/// The columns of a CSV answer that begin with one name and end with another, of each row.
fn columns(answer: &str, from: &str, to: &str) -> Vec<String> {
    let mut rows = csv::Reader::from_reader(answer.as_bytes());
    let header = rows.headers().expect("a header").clone();
    let place = |name: &str| header.iter().position(|own| own == name).expect("a column");
    let (from, to) = (place(from), place(to));
    let row = |row: csv::StringRecord| {
        row.iter().skip(from).take(to - from + 1).collect::<Vec<_>>().join(" ")
    };
    rows.records().map(|one| row(one.expect("a row"))).collect()
}

const UPR: [&str; 2] = ["--dial", "1:upr"];
const TRAVEL: [&str; 2] = ["--dial", "1:travel"];
const MARKS: [&str; 2] = ["--labels", "concern"];

#[test]
fn a_map_counts_hits_misses_and_false_alarms_at_every_pair() {
    let at = ["--at", "0.8um,1um", "--at", "1m,1.2m"];
    let words = [&UPR[..], &TRAVEL, &MARKS, &at, &["--format", "csv"]].concat();
    let (answer, said) = sweep(&words);
    // Of concern a, c and e; e's travel is not known. Not of concern b and d; d's UPR is not known.
    let wanted = [
        // hits misses open, false alarms passed open
        "1 1 1 0 1 1", // 0.8 µm, 1 m: a; c is too long
        "2 0 1 0 1 1", // 0.8 µm, 1.2 m: a and c
        "1 1 1 1 0 1", // 1 µm, 1 m: b as well
        "2 0 1 1 0 1",
    ];
    assert_eq!(columns(&answer, "hits", "open_not_of_concern"), wanted, "{said}");
    // The same numbers for people and as JSON, and along the curve of either dial.
    let text = sweep(&[&UPR[..], &TRAVEL, &MARKS, &at].concat()).0;
    assert!(text.contains("marked: 3 of concern, 2 not of concern; 1 not marked"), "{text}");
    assert!(text.contains("2/0/1") && text.contains("1/0/1"), "{text}");
    let json = sweep(&[&UPR[..], &TRAVEL, &MARKS, &at, &["--format", "json"]].concat()).0;
    let found: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    let row = &found["rows"][3];
    assert_eq!([&row["hits"], &row["passed"], &row["open_of_concern"]], [2, 0, 1]);
    for (dial, at, row) in
        [(UPR, "0.8um", wanted[0]), (UPR, "1um", wanted[2]), (TRAVEL, "1m", "1 1 1 0 1 1")]
    {
        let curve = [&dial[..], &MARKS, &["--at", at, "--format", "csv"]].concat();
        let answer = sweep(&curve).0;
        assert_eq!(columns(&answer, "hits", "open_not_of_concern"), [row], "{dial:?} at {at}");
    }
    // Every map that is asked for without values agrees with itself: nobody is lost.
    let all = sweep(&[&UPR[..], &TRAVEL, &MARKS, &["--format", "csv"]].concat()).0;
    for row in columns(&all, "hits", "open_not_of_concern") {
        let numbers: Vec<usize> = row.split(' ').map(|n| n.parse().expect("a count")).collect();
        assert_eq!([numbers[..3].iter().sum::<usize>(), numbers[3..].iter().sum()], [3, 2]);
    }
    // Where nothing is marked or weighed, nothing is said of marks and weights.
    let bare = sweep(&[&UPR[..], &TRAVEL, &at, &["--format", "csv"]].concat()).0;
    assert_eq!(columns(&bare, "certain_weight", "open_not_of_concern"), ["       "; 4]);
}

#[test]
fn a_map_weighs_machines_too() {
    let at = ["--at", "0.8um,1um", "--at", "1m"];
    let words = [&UPR[..], &TRAVEL, &at, &["--weight", "sold"]].concat();
    let (answer, _) = sweep(&[&words[..], &["--format", "csv"]].concat());
    // Certainly a and f, then b too; possibly d and e on top.
    assert_eq!(columns(&answer, "certain_weight", "possible_weight"), ["33 57", "35 59"]);
    let text = sweep(&words).0;
    assert!(text.contains("the same by weight") && text.contains("33 (24)"), "{text}");
}

#[test]
fn a_column_that_holds_no_marks_is_refused_and_odd_cells_are_told() {
    for dials in [&UPR[..], &[UPR, TRAVEL].concat()] {
        let run = |column: &str| sweep(&[dials, &["--labels", column]].concat());
        for (column, words) in [
            ("empty", &["the column `empty`", "every cell is empty", "or not: no, false"][..]),
            ("upr_x_um", &["`upr_x_um`", "it holds `0.5`, `0.8`", "of concern: yes"]),
            ("concerned", &["no column `concerned`", "did you mean `concern`?"]),
        ] {
            let (answer, said) = run(column);
            assert!(answer.is_empty() && said.starts_with("error: "), "{column}: {said}");
            assert!(words.iter().all(|word| said.contains(word)), "{column}: {said}");
        }
        let (answer, said) = run("id");
        assert!(answer.is_empty(), "{answer}");
        assert!(said.contains("no cell of the column `id` is a mark: it holds `a`, `b`"), "{said}");
        assert!(said.contains("of concern: yes") && said.contains("or not: no"), "{said}");
        let (answer, said) = run("odd");
        assert!(
            answer.contains("marked: 1 of concern, 1 not of concern; 4 not marked"),
            "{answer}"
        );
        let wanted = "3 cells of the column `odd` are no mark and count as not marked: `later`, \
                      `maybe`, first in line 2";
        assert!(said.contains(wanted), "{said}");
        let (answer, said) = run("few");
        assert!(answer.contains("marked: 1 of concern, 0 not"), "{answer} {said}");
    }
}

#[test]
fn options_that_say_nothing_of_so_many_dials_are_refused() {
    for (words, wanted) in [
        (&["--within", "5"][..], "`--within` is about one dial"),
        (&["--histogram", "h.svg"], "`--histogram` is about one dial"),
        (&["--dial", "1:upr"], "3 dials are turned at once"),
    ] {
        let (answer, said) = sweep(&[&UPR[..], &TRAVEL, words].concat());
        assert!(answer.is_empty() && said.contains(wanted), "{said}");
    }
    let (answer, said) = sweep(&[&UPR[..], &["--steps", "3"]].concat());
    assert!(answer.is_empty() && said.contains("`--steps` is about a map"), "{said}");
}

#[test]
fn a_part_of_a_limit_is_a_decimal_of_per_cent() {
    for odd in ["nan", "inf", "-5", "-0.1", "100/99", "ten", "", "1e400"] {
        let (answer, said) = sweep(&[&UPR[..], &["--within", odd]].concat());
        assert!(answer.is_empty(), "{odd}: {answer}");
        assert!(said.contains("write a number of per cent, nought or more"), "{odd}: {said}");
    }
    for (within, shown) in [("2.5", "2.5 %"), ("2.5 %", "2.5 %"), ("0", "0 %"), ("100", "100 %")] {
        let (answer, said) = sweep(&[&UPR[..], &["--within", within]].concat());
        assert!(answer.contains(&format!("within {shown} of it")), "{within}: {answer} {said}");
    }
}

#[test]
fn a_catalogue_in_which_no_machine_moves_says_what_is_undecided() {
    let words = ["compare", "m.csv", "--base", "l.toml", "--proposal"];
    let (answer, said) = run(&[&words[..], &["more.toml"]].concat());
    assert!(answer.contains("The text: 1 part differs in law"), "{answer} {said}");
    let wanted = "the law is changed; 2 machines are undecided on both sides";
    assert!(answer.contains(wanted), "{answer}");
    let (answer, _) = run(&[&words[..], &["same.toml"]].concat());
    assert!(answer.contains("The texts say the same."), "{answer}");
    assert!(answer.contains("No machine moves: no law is changed."), "{answer}");
}
