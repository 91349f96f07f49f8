//! One machine of a large catalogue is explained from the rows that bear on it.

use std::process::Command;

use toolgauge::assess::{Evaluator, Selection};
use toolgauge::catalogue::{self, Mapping};
use toolgauge::evidence::{Configuration, Picture};
use toolgauge::list::Library;
use toolgauge::rule::{Block, Row};
use toolgauge::table::{self, Reading};

use crate::lists::setup;

/// Rows of which some are of one model, in several spellings, and contradict each other.
const CATALOGUE: &str = "\
id,maker,model,version,process,contouring_axes,axes_complete,travel_x_mm,upr_x_um
a,Example,\"MX 5 \"\"Pro\"\"\",1,milling,5,yes,500,0.9
b,Example,\"mx 5 \"\"pro\"\"\",1,milling,5,yes,600,2
c,Other,MX 6,,turning,2,yes,500,1.0
d,other, mx 6 ,,turning,3,yes,500,
a,Example,MX 7,2,milling,5,yes,500,0.9
e,Example,\"MX 5 \"\"Pro\"\"\",2,milling,3,yes,900,0.7
f,Œuvre,\u{b5}X,,turning,2,yes,500,1.0
g,ŒUVRE,\u{b5}x,,turning,2,yes,700,1.0
h,,,,turning,2,yes,700,1.0
,Maker,MX 8,,milling,5,yes,500,0.9
Maker MX 8,Maker,MX 9,,milling,3,yes,600,0.9
\u{a0}i\u{a0},Maker,\u{b}MX 10,,milling,3,yes,600,0.9
i,Maker,MX 10,,milling,3,yes,700,0.9
";

fn explained(folder: &std::path::Path, id: &str, more: &[&str]) -> (String, Option<i32>) {
    let output = Command::new(env!("CARGO_BIN_EXE_toolgauge"))
        .args(["explain", "catalogue.csv", "--machine", id, "--list", "eu/2B001"])
        .args(more)
        .current_dir(folder)
        .output()
        .expect("the program starts");
    (String::from_utf8(output.stdout).expect("UTF-8"), output.status.code())
}

#[test]
fn the_rows_that_bear_on_a_machine_explain_it_as_all_rows_do() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("catalogue.csv"), CATALOGUE).expect("written");
    for id in ["a", "b", "c", "d", "e", "f", "g", "h", "Maker MX 8", "i"] {
        let (text, _) = explained(folder.path(), id, &[]);
        // What is asked for here concerns every row, so all of them are read.
        let (whole, _) = explained(folder.path(), id, &["--fail-on", "remarks"]);
        assert_eq!(text, whole, "{id}");
        let contradicted = text.contains("for the same maker, model and version");
        assert_eq!(contradicted, ["b", "d", "g"].contains(&id), "{id}: {text}");
        assert!(id != "Maker MX 8" || text.contains("line 11"), "{text}");
    }
    // The model is a name too; an unknown one is answered with what is near.
    assert!(explained(folder.path(), "MX 7", &[]).0.contains("MX 7"));
    assert_eq!(explained(folder.path(), "aa", &[]).1, Some(2));
}

#[test]
fn what_was_not_read_of_a_machine_is_told_wherever_it_stands() {
    let folder = tempfile::tempdir().expect("a folder");
    let sheet = "id = \"m\"\nprocess = [\"milling\"]\nmachine_kind = [\"nonsense\"]\n\
                 [axis.X]\nupr = \"-1 um\"\n";
    let objects = "[{\"id\": \"m\",\n\"upr_x_um\": \"-1\"},\n{\"id\": \"n\",\n\
                   \"upr_x_um\": \"-2\"}]";
    let table = "id,upr_x_um\nm,-1\n,-3\nn,-2\n";
    for (file, text, told, not) in [
        ("m.toml", sheet, &["nonsense", "below nought"][..], "-2"),
        ("m.json", objects, &["-1", "below nought"], "-2"),
        ("m.csv", table, &["-1", "below nought"], "-2"),
    ] {
        std::fs::write(folder.path().join(file), text).expect("written");
        for form in ["text", "json"] {
            let output = Command::new(env!("CARGO_BIN_EXE_toolgauge"))
                .args(["explain", file, "--machine", "m", "--list", "eu/2B001", "--format", form])
                .current_dir(folder.path())
                .output()
                .expect("the program starts");
            let said = String::from_utf8(output.stdout).expect("UTF-8");
            let from = if form == "json" { "\n  \"remarks\": [" } else { "What the reader" };
            let said = said.split_once(from).unwrap_or_else(|| panic!("{file} {form}: {said}")).1;
            assert!(told.iter().all(|told| said.contains(told)), "{file} {form}: {said}");
            assert!(!said.contains(not), "{file} {form}: {said}");
        }
    }
}

#[test]
fn what_a_block_records_is_what_each_row_records() {
    let library = Library::shipped().expect("the heads are read");
    let lists = ["eu/2B001", "eu/2B201", "us/2B001"].map(str::to_owned).to_vec();
    let selection = Selection { lists, ..Selection::default() };
    let evaluator = Evaluator::new(&library, &selection, setup()).expect("the lists compile");
    let program = &evaluator.program;
    let sample = concat!(env!("CARGO_MANIFEST_DIR"), "/specs/catalogues/sample.csv");
    let bytes = std::fs::read(sample).expect("the sample");
    let table = table::read("sample.csv", &bytes, &Reading::default()).expect("a table");
    let catalogue = catalogue::read(&table, &Mapping::default());
    let mut picture = Picture::default();
    let rows = catalogue.machines.iter().map(|machine| {
        picture.draw(program.frame(), machine, Configuration::default(), &evaluator.setup.policy);
        Row::of(program, &picture)
    });
    let rows: Vec<Row> = rows.collect();
    let mut block = Block::new(program);
    rows.iter().for_each(|row| block.push(row));
    let recorded = program.record(&block);
    let mut lines = 0;
    for (at, row) in rows.iter().enumerate() {
        for outline in program.entries().iter().filter_map(|entry| entry.outline.as_ref()) {
            let own = program.trace(row).lines(outline);
            lines += own.len();
            assert_eq!(recorded.trace(at).lines(outline), own);
        }
    }
    assert!(lines > 10_000, "{lines}");
}

#[test]
fn a_limit_that_depends_on_another_reading_is_printed_at_the_machines_own() {
    let folder = tempfile::tempdir().expect("a folder");
    let list = "format = 1\nkind = \"proposal\"\nlist = \"x/1\"\nedition = \"a\"\n\
        jurisdiction = \"X\"\ntitle = \"t\"\ncarrier = \"c\"\nroot = \"1\"\nsource = \"s\"\n\
        [clause.\"1\"]\ntext = \"t\"\nwhen = { axis = { some = \"linear\", upr = { at_most = { \
        base = \"1 um\", add = \"1 um\", per = \"1 m\", of = \"travel\", beyond = \"1 m\" } } \
        } }\n";
    std::fs::write(folder.path().join("l.toml"), list).expect("written");
    let said = |travel: &str, upr: &str| {
        let header = "id,basis,axes,axes_complete,upr_x_um,travel_x_mm";
        let rows = format!("{header}\nm,stated,X,yes,{upr},{travel}\n");
        std::fs::write(folder.path().join("m.csv"), rows).expect("written");
        let output = Command::new(env!("CARGO_BIN_EXE_toolgauge"))
            .args(["explain", "m.csv", "--list", "l.toml", "--full"])
            .current_dir(folder.path())
            .output()
            .expect("the program starts");
        String::from_utf8(output.stdout).expect("UTF-8")
    };
    // Travel, the limit there, a reading at it and one count over: what is said of each.
    for (travel, limit, at, over) in [
        ("900", "1 µm", "1", "1.000001"),
        ("1000", "1 µm", "1", "1.000001"),
        ("2500", "2.5 µm", "2.5", "2.500001"),
    ] {
        let here = format!("(here {limit})");
        let (met, missed) = (said(travel, at), said(travel, over));
        assert!(met.contains(&here) && missed.contains(&here), "{travel}: {met}\n{missed}");
        assert!(met.contains("holds") && !met.contains("fails"), "{travel}: {met}");
        assert!(missed.contains("fails"), "{travel}: {missed}");
    }
    // What is open is asked for, each reading once.
    let open = said("", "1.5");
    assert!(!open.contains("(here"), "no travel, no number: {open}");
    let line = "travel of X (turns at 1 µm plus 1 µm for each 1000 mm of travel beyond 1000 mm)";
    assert!(open.contains(line), "{open}");
    let open = said("2500", "");
    assert!(open.contains("(turns at just above 1 µm, just above 2.5 µm)"), "{open}");
}

#[test]
fn chances_stand_in_the_rows_of_an_explanation_too() {
    let output = Command::new(env!("CARGO_BIN_EXE_toolgauge"))
        .args(["explain", "specs/catalogues/sample.csv", "--machine", "synthetic-mill-5x-gap"])
        .args(["--list", "eu/2B001", "--probability", "--uncertainty", "upr=5%"])
        .args(["--format", "csv"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("the program starts");
    let mut rows = csv::Reader::from_reader(output.stdout.as_slice());
    let header = rows.headers().expect("a header").clone();
    let row = rows.records().next().expect("a row").expect("of as many cells");
    let of = |name: &str| {
        let at = header.iter().position(|cell| cell == name).expect(name);
        row.get(at).expect("a cell").parse::<f64>().expect("a number")
    };
    let chances =
        ["captured", "undetermined", "not_captured"].map(|to| of(&format!("chance_{to}")));
    assert!(chances[0] > 0.0 && (chances.iter().sum::<f64>() - 1.0).abs() < 1e-12, "{chances:?}");
    assert_eq!(row.get(header.len() - 2), Some("closed form"));
}
