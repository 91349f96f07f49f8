//! What curves, histograms, maps and comparisons rest on, in each of their outputs; and which side
//! of a limit a machine stands that meets it exactly.

use std::path::Path;
use std::process::Command;

use toolgauge::assess::{Sweep, Verdict};
use toolgauge::list::Dial;
use toolgauge::machine::{Axis, AxisKind, Machine};

use crate::random::{evaluator, list, reading, tenths};

const HEAD: &str = "format = 1\nkind = \"proposal\"\nlist = \"x/1\"\nedition = \"a\"\n\
    jurisdiction = \"X\"\ntitle = \"t\"\ncarrier = \"c\"\nroot = \"1\"\nsource = \"s\"\n\
    verified_through = 2019-01-01\n";
const DRAFT: &str = "x/1 (a) [DRAFT, not law]";

fn text(when: &str) -> String {
    format!("{HEAD}[clause.\"1\"]\ntext = \"t\"\nwhen = {{ {when} }}\n")
}

fn machine(tenths_um: u64) -> Machine {
    let mut one = Machine { id: "m".to_owned(), axes_complete: true, ..Machine::default() };
    one.axes.push(Axis::named("X", Some(AxisKind::Linear)));
    let set = crate::naive::point(tenths(tenths_um, "µm"));
    one.readings.push(reading("upr", Some(0), set));
    one
}

#[test]
fn a_machine_exactly_at_a_limit_stands_on_the_side_that_its_operator_captures() {
    let size = 1;
    for (operator, [at, below, above]) in [
        // How far from the limit it turns, and what it is: at the limit, 0.1 µm below and above it.
        ("at_most", [(0, true), (-100_000, true), (100_000, false)]),
        ("below", [(size, false), (size - 100_000, true), (size + 100_000, false)]),
        ("at_least", [(size, true), (size - 100_000, false), (size + 100_000, true)]),
        ("above", [(0, false), (-100_000, false), (100_000, true)]),
    ] {
        let limit = format!("axis = {{ some = \"linear\", upr = {{ {operator} = \"0.9 um\" }} }}");
        let list = list(&text(&limit));
        let dial = Dial::read(&list, "1:upr").expect("a dial");
        let runs = evaluator(list);
        for (tenths, (margin, captured)) in [(9, at), (8, below), (10, above)] {
            let sweep = Sweep::new(&runs, &dial, &[machine(tenths)], &[], &[], |_, _| ());
            let found: Vec<_> = sweep.expect("a curve").margins();
            let [(from, truth)] = found.as_slice() else { panic!("{operator}: {found:?}") };
            let verdict = if captured { Verdict::Captured } else { Verdict::NotCaptured };
            let own = (*from, Verdict::of(*truth));
            assert_eq!(own, (margin, verdict), "{operator} 0.9 µm, {tenths}");
            // Up to the limit as it stands a machine has moved, and only then it is what the dial
            // makes of it there.
            let rising = matches!(operator, "at_most" | "below");
            assert_eq!(captured == rising, *from <= 0, "{operator}: {from}");
        }
    }
}

#[test]
fn no_machine_moves_at_values_that_a_limit_cannot_have() {
    let limit = "axis = { some = \"linear\", upr = { at_most = \"0.9 um\" } }";
    let list = list(&text(limit));
    let dial = Dial::read(&list, "1:upr").expect("a dial");
    let runs = evaluator(list);
    // One machine turns at nought, where no limit parts it from any other.
    let machines = [machine(0), machine(9), machine(12)];
    let sweep = Sweep::new(&runs, &dial, &machines, &[], &[], |_, _| ()).expect("a curve");
    assert_eq!((sweep.turners.len(), sweep.margins().len()), (2, 2));
}

/// The program in a folder that holds a list, another one, and machines.
fn run(folder: &Path, arguments: &[&str]) -> (String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_toolgauge"))
        .args(arguments)
        .args(["--basis", "stated", "--no-derive", "--as-of", "2020-02-03"])
        .current_dir(folder)
        .output()
        .expect("the program starts");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    (text(output.stdout), text(output.stderr))
}

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let file = |name: &str, text: &str| {
        std::fs::write(folder.path().join(name), text).expect("written");
    };
    let axis = "axis = { some = \"linear\", upr = { at_most = \"0.9 um\" }, travel = { below = \
                \"1 m\" } }";
    file("l.toml", &text(axis));
    file("w.toml", &text(&axis.replace("0.9", "1.2")).replace("x/1", "x/2"));
    file("n.toml", &text("contouring_axes = { at_least = 5 }"));
    let rows = "id,axes,axes_complete,contouring_axes,upr_x_um,travel_x_mm\n\
        a,X,yes,5,0.9,900\nb,X,yes,3,1.1,900\nc,X,yes,,0.5,1000\n";
    file("m.csv", rows);
    folder
}

/// The cells of each row of a CSV under some columns.
fn cells(answer: &str, names: &[&str]) -> Vec<Vec<String>> {
    let mut rows = csv::Reader::from_reader(answer.as_bytes());
    let header = rows.headers().expect("a header").clone();
    let place = |name: &&str| header.iter().position(|own| own == *name).expect(name);
    let places: Vec<usize> = names.iter().map(place).collect();
    let cells = |row: csv::StringRecord| places.iter().map(|at| row[*at].to_owned()).collect();
    rows.records().map(|row| cells(row.expect("a row"))).collect()
}

/// The texts of a picture.
fn texts(folder: &Path, file: &str) -> Vec<String> {
    let svg = std::fs::read_to_string(folder.join(file)).expect("a picture");
    let of = |part: &str| part.split_once('>').map(|(_, text)| text.trim().to_owned());
    svg.split("<text").skip(1).filter_map(|part| of(part.split("</text>").next()?)).collect()
}

#[test]
fn every_output_of_a_curve_says_what_it_rests_on() {
    let folder = folder();
    let place = folder.path();
    let words = ["sweep", "m.csv", "--list", "l.toml", "--dial", "1:upr"];
    let why = "law not verified to that date (--accept-unverified lifts that)";
    let pictures = ["--svg", "c.svg", "--histogram", "h.svg"];
    let (answer, said) = run(place, &[&words[..], &pictures].concat());
    for line in [
        "as of 2020-02-03; m.csv, 3 machines",
        "  1 upr at most 0.9 µm",
        "← the step at which the limit stands (0.9 µm)",
        why,
    ] {
        assert!(answer.contains(line), "{line}: {answer}{said}");
    }
    for file in ["c.svg", "h.svg"] {
        let found = texts(place, file);
        for part in
            [DRAFT, "as of 2020-02-03; m.csv, 3 machines (BLAKE3", "1 upr at most 0.9 µm", why]
        {
            assert!(found.iter().any(|text| text.contains(part)), "{file}: {part}: {found:?}");
        }
    }
    assert!(texts(place, "h.svg").iter().any(|text| text.contains("meets `at most`: left")));
    for more in [&[][..], &["--at", "0.9um,1um"]] {
        let csv = ["--format", "csv", "--out", "o.csv"];
        let (_, said) = run(place, &[&words[..], more, &csv].concat());
        let answer = std::fs::read_to_string(place.join("o.csv")).expect(&said);
        let names =
            ["list", "as_of", "dial", "limits", "stands", "unit", "withheld_why", "catalogue"];
        let wanted =
            [DRAFT, "2020-02-03", "1:upr", "1 upr at most 0.9 µm", "0.9 µm", "µm", why, "m.csv"];
        let found = cells(&answer, &names);
        assert!(!found.is_empty() && found.iter().all(|row| *row == wanted), "{answer}");
        // The record of the run stands beside, as that of `classify` does.
        let record = std::fs::read_to_string(place.join("o.csv.run.json")).expect("a record");
        let record: serde_json::Value = serde_json::from_str(&record).expect("JSON");
        assert_eq!(record["lists"][0]["as_of"], "2020-02-03");
        let hash = &cells(&answer, &["catalogue_blake3"])[0][0];
        assert_eq!((&record["catalogue"]["blake3"], hash.len()), (&hash.as_str().into(), 64));
    }
    let json = run(place, &[&words[..], &["--format", "json"]].concat()).0;
    let found: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!([&found["as_of"], &found["withheld_why"]], ["2020-02-03", why]);
    let dial = &found["dials"][0];
    let limit = &dial["limits"][0];
    assert_eq!([&dial["stands"], &dial["unit"], &limit["clause"]], ["0.9 µm", "µm", "1"]);
    assert_eq!([&limit["field"], &limit["limit"]], ["upr", "at most 0.9 µm"]);
    assert_eq!(found["run"]["catalogue"]["machines"], 3);
}

#[test]
fn a_map_marks_where_the_list_stands_and_says_what_it_rests_on() {
    let folder = folder();
    let place = folder.path();
    let words = ["sweep", "m.csv", "--list", "l.toml", "--dial", "1:upr", "--dial", "1:travel"];
    let (answer, said) = run(place, &[&words[..], &["--svg", "m.svg"]].concat());
    for line in [
        "as of 2020-02-03; m.csv, 3 machines\n",
        "first (down): 1:upr stands at 0.9 µm\n  1 upr at most 0.9 µm\n",
        "second (across): 1:travel stands at 1000 mm\n  1 travel below 1000 mm\n",
        "\n0.9 µm ← ",
        "1000 mm ←",
        "\n← where the list stands\n",
        "(--accept-unverified lifts that)",
    ] {
        assert!(answer.contains(line), "{line}: {answer}{said}");
    }
    let found = texts(place, "m.svg");
    for part in [
        DRAFT,
        "as of 2020-02-03; m.csv",
        "1:upr stands at 0.9 µm: 1 upr at most 0.9 µm",
        "↑ 1 upr at most, µm",
        "→ 1 travel below, mm",
        "certainly captured, machines:",
        "where the list stands",
        "+ n?: n more are undecided",
    ] {
        assert!(found.iter().any(|text| text.contains(part)), "{part}: {found:?}");
    }
    // Where the list stands elsewhere than at the values, that is said and nothing is marked.
    let at = ["--at", "0.8um", "--at", "1m,2m"];
    let answer = run(place, &[&words[..], &at].concat()).0;
    assert!(answer.contains("1:upr stands at 0.9 µm: not among the values here"), "{answer}");
    assert!(answer.contains("1000 mm ←") && !answer.contains("0.8 µm ←"), "{answer}");
    let csv = run(place, &[&words[..], &at, &["--format", "csv"]].concat()).0;
    let names = ["as_of", "first_dial", "first_stands", "second_limits", "second_unit"];
    let wanted = ["2020-02-03", "1:upr", "0.9 µm", "1 travel below 1000 mm", "mm"];
    assert!(cells(&csv, &names).iter().all(|row| *row == wanted), "{csv}");
}

#[test]
fn a_comparison_says_both_days_and_what_lifts_what_is_withheld() {
    let folder = folder();
    let place = folder.path();
    let words = ["compare", "m.csv", "--base", "l.toml", "--proposal", "w.toml"];
    let (answer, said) = run(place, &words);
    let line = "as of 2020-02-03, against as of 2020-02-03; m.csv\n";
    assert!(answer.contains(line), "{answer}{said}");
    assert!(answer.contains("(--accept-unverified lifts that)"), "{answer}");
    let csv = run(place, &[&words[..], &["--format", "csv", "--out", "o.csv"]].concat());
    let csv = std::fs::read_to_string(place.join("o.csv")).unwrap_or(csv.1);
    let found = cells(&csv, &["first_as_of", "second_as_of", "catalogue"]);
    assert!(found.iter().all(|row| *row == ["2020-02-03", "2020-02-03", "m.csv"]), "{csv}");
    let record = std::fs::read_to_string(place.join("o.csv.run.json")).expect("a record");
    let json = run(place, &[&words[..], &["--format", "json"]].concat()).0;
    let [record, found]: [serde_json::Value; 2] =
        [record, json].map(|text| serde_json::from_str(&text).expect("JSON"));
    assert_eq!(found["run"], record);
    assert_eq!([&record["lists"][0]["list"], &record["lists"][1]["list"]], ["x/1", "x/2"]);
    assert_eq!(found["comparisons"][0]["second_as_of"], "2020-02-03");
}

#[test]
fn a_dial_offers_no_more_axes_than_a_list_can_ask_for() {
    let folder = folder();
    let place = folder.path();
    for (operator, most) in [("at_least", 7), ("at_most", 6), ("below", 7), ("above", 6)] {
        let list = text(&format!("contouring_axes = {{ {operator} = 5 }}"));
        std::fs::write(place.join("n.toml"), list).expect("written");
        let words = ["sweep", "m.csv", "--list", "n.toml", "--dial", "1:contouring_axes"];
        let csv = run(place, &[&words[..], &["--format", "csv"]].concat()).0;
        for row in cells(&csv, &["from"]) {
            let from: i64 = if row[0].is_empty() { 0 } else { row[0].parse().expect("a count") };
            assert!((0..=most).contains(&from), "{operator}: {csv}");
        }
        let at = |count: i64| run(place, &[&words[..], &["--at", &count.to_string()]].concat());
        let (answer, said) = at(most);
        assert!(answer.contains("1 contouring_axes"), "{said}");
        let (answer, said) = at(most + 1);
        let wanted = format!(
            "`{}` is no value of `1:contouring_axes`: a list states up to {most}",
            most + 1
        );
        assert!(answer.is_empty() && said.contains(&wanted), "{operator}: {said}");
    }
}

#[test]
fn a_value_that_no_list_could_state_is_refused_with_advice() {
    let folder = folder();
    let words = ["sweep", "m.csv", "--list", "l.toml", "--dial", "1:upr", "--at"];
    for values in ["0.0000001um", "0.9um..0.95um:0.00000007um", "0.0000000001 mm, 1um"] {
        let (answer, said) = run(folder.path(), &[&words[..], &[values]].concat());
        assert!(answer.is_empty() && said.contains("is finer than one pm"), "{said}");
        assert!(said.contains("a list states whole numbers of pm"), "{said}");
    }
    assert!(run(folder.path(), &[&words[..], &["0.000001um"]].concat()).1.is_empty());
}

#[test]
fn every_output_names_the_columns_of_weights_and_marks_and_lists_neither_as_unread() {
    let folder = folder();
    let place = folder.path();
    // Of concern: two captured, one undecided; otherwise: one not captured; one is not marked.
    let rows = "id,axes,axes_complete,upr_x_um,travel_x_mm,Concern,Units,other\n\
        a,X,yes,0.9,900,yes,2,o\nb,X,yes,0.5,900,yes,3,o\nc,X,yes,,900,yes,5,o\n\
        d,X,yes,1.1,900,no,7,o\ne,X,yes,0.5,900,,11,o\n";
    std::fs::write(place.join("m.csv"), rows).expect("written");
    let words = ["sweep", "m.csv", "--list", "l.toml", "--accept-unverified"];
    let asked = ["--labels", "concern", "--weight", "units"];
    let named = "weights: column `Units`; marks: column `Concern`";
    let marked = "marked: 3 of concern, 1 not of concern; 1 not marked";
    let one = ["--dial", "1:upr"];
    let at = ["--dial", "1:upr", "--at", "0.9um"];
    let two = ["--dial", "1:upr", "--dial", "1:travel", "--at", "0.9um", "--at", "1m"];
    for dials in [&one[..], &at, &two] {
        let words = [&words[..], dials].concat();
        let all = [&words[..], &asked].concat();
        let (answer, said) = run(place, &[&all[..], &["--svg", "o.svg"]].concat());
        assert!(answer.contains(&format!("\n{named}\n")), "{answer}{said}");
        let found = texts(place, "o.svg");
        for part in [&format!("{named}; machines are drawn"), marked] {
            assert!(found.join(" ").contains(part), "{part}: {found:?}");
        }
        let csv = run(place, &[&all[..], &["--format", "csv"]].concat()).0;
        let found = cells(&csv, &["weight_column", "marks_column"]);
        assert!(!found.is_empty() && found.iter().all(|row| *row == ["Units", "Concern"]), "{csv}");
        let json = |words: &[&str]| -> serde_json::Value {
            let text = run(place, &[words, &["--format", "json"]].concat()).0;
            serde_json::from_str(&text).expect("JSON")
        };
        let columns = |found: &serde_json::Value| {
            let unread = found["run"]["catalogue"]["unmapped_columns"].to_string();
            [found["weight_column"].to_string(), found["marks_column"].to_string(), unread]
        };
        assert_eq!(columns(&json(&all)), ["\"Units\"", "\"Concern\"", "[\"other\"]"]);
        // Where they are not asked for, none is named, and nothing reads them.
        let unread = "[\"Concern\",\"Units\",\"other\"]";
        assert_eq!(columns(&json(&words)), ["\"\"", "\"\"", unread]);
        let bare = run(place, &[&words[..], &["--svg", "o.svg"]].concat()).0;
        assert!(!bare.contains("column `"), "{bare}");
        assert!(!texts(place, "o.svg").iter().any(|text| text.contains("of concern")));
    }
    // A map's cells hold the marks: two hits and one undecided; one passed.
    run(place, &[&words[..], &two, &asked, &["--svg", "o.svg"]].concat());
    let found = texts(place, "o.svg");
    for part in ["▲ 2/0/1", "△ 0/1/0", "▲ of concern: hit/missed/undecided"] {
        assert!(found.iter().any(|text| text == part), "{part}: {found:?}");
    }
    // A curve's legend names the undecided of both kinds.
    run(place, &[&words[..], &one, &asked, &["--svg", "o.svg"]].concat());
    let found = texts(place, "o.svg");
    for part in ["of concern, captured or undecided", "not of concern, captured or undecided"] {
        assert!(found.iter().any(|text| text.starts_with(part)), "{part}: {found:?}");
    }
    let words = ["compare", "m.csv", "--base", "l.toml", "--proposal", "w.toml", "--weight"];
    let words = [&words[..], &["units", "--accept-unverified"]].concat();
    let answer = run(place, &words).0;
    assert!(answer.contains("\nweights: column `Units`\n"), "{answer}");
    let csv = run(place, &[&words[..], &["--format", "csv"]].concat()).0;
    assert!(cells(&csv, &["weight_column"]).iter().all(|row| *row == ["Units"]), "{csv}");
    let json = run(place, &[&words[..], &["--format", "json"]].concat()).0;
    let found: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(found["comparisons"][0]["weight_column"], "Units");
    let unread = found["run"]["catalogue"]["unmapped_columns"].to_string();
    assert_eq!(unread, "[\"Concern\",\"other\"]");
}
