//! However a catalogue is written, a screening says the same of it, in little memory.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use toolgauge::catalogue::{self, Mapping};
use toolgauge::machine::Basis;
use toolgauge::report;
use toolgauge::table::{self, Reading};

/// More rows than are read at once, in each of the ways.
const ROWS: usize = 2300;

fn screened(folder: &Path, file: &str, more: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_toolgauge"))
        .args(["classify", file, "--list", "eu/2B001", "--basis", "stated", "--format", "csv"])
        .args(["--detail", "verdicts", "--rejects", "rejects", "--remarks", "remarks"])
        .args(more)
        .current_dir(folder)
        .output()
        .expect("the program starts")
}

/// Rows of which some are captured, some are not, some are open and some are set aside; a note
/// makes them long.
fn rows(delimiter: &str, note: impl Fn(usize) -> String) -> String {
    let mut text = ["id", "process", "contouring_axes", "axes_complete", "travel_x_mm", "upr_x_um"]
        .join(delimiter);
    text.push_str(&format!("{delimiter}bemerkung\n"));
    for at in 0..ROWS {
        let upr = ["0.9", "1.0", "", "abc"][at % 4];
        let id = if at % 97 == 5 { String::new() } else { format!("m{at}") };
        let cells = [&id, "turning", "2", "yes", "500", upr, &note(at)];
        text.push_str(&cells.join(delimiter));
        text.push('\n');
    }
    text
}

/// What is said of a file: verdicts, remarks and rows set aside, the file's own name left out.
fn said(folder: &Path, file: &str, more: &[&str]) -> [String; 3] {
    let output = screened(folder, file, more);
    assert!(output.status.success(), "{file}: {}", String::from_utf8_lossy(&output.stderr));
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).expect("written");
    let verdicts = String::from_utf8(output.stdout).expect("UTF-8");
    [verdicts, read("remarks").replace(file, "FILE"), read("rejects")]
}

/// The remarks of full detail on a file, its own name left out, and the rows set aside.
fn said_whole(folder: &Path, file: &str, more: &[&str]) -> [String; 2] {
    let output = Command::new(env!("CARGO_BIN_EXE_toolgauge"))
        .args(["classify", file, "--list", "eu/2B001", "--basis", "stated", "--format", "csv"])
        .args(["--detail", "full", "--remarks", "whole", "--rejects", "aside"])
        .args(more)
        .current_dir(folder)
        .output()
        .expect("the program starts");
    assert!(output.status.success(), "{file}");
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).expect("written");
    [read("whole").replace(file, "FILE"), read("aside")]
}

#[test]
fn a_catalogue_is_screened_alike_however_it_is_written() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    let write = |name: &str, bytes: &[u8]| {
        std::fs::write(folder.join(name), bytes).expect("written");
    };
    // All that is not ASCII stands far behind the first run.
    let western =
        |at: usize| if at < ROWS - 9 { "-".repeat(90) } else { "Präzision ±µ".to_owned() };
    let japanese = |_: usize| "位置決め精度とストローク".to_owned();
    let chinese =
        |at: usize| if at.is_multiple_of(2) { "定位精度".repeat(9) } else { "x".to_owned() };
    let plain = |_: usize| "-".repeat(90);
    let quoted = |at: usize| if at == ROWS - 3 { "10\" disc".to_owned() } else { "-".repeat(90) };
    let utf16 = |text: &str, le: bool| -> Vec<u8> {
        let bytes = |unit: u16| if le { unit.to_le_bytes() } else { unit.to_be_bytes() };
        text.encode_utf16().flat_map(bytes).collect()
    };
    let marked = |text: &str| format!("\u{feff}{text}");
    let [western, japanese, chinese, plain, quoted] =
        [&western as &dyn Fn(usize) -> String, &japanese, &chinese, &plain, &quoted]
            .map(|note| rows(",", note));
    let latin = encoding_rs::WINDOWS_1252.encode(&western).0.into_owned();
    let written: [(&str, &str, Vec<u8>, &[&str]); 11] = [
        ("latin.csv", &western, latin.clone(), &[]),
        ("latin-declared.csv", &western, latin, &["--encoding", "windows-1252"]),
        ("marked.csv", &western, marked(&western).into_bytes(), &[]),
        ("little.csv", &western, utf16(&marked(&western), true), &[]),
        ("big.csv", &western, utf16(&marked(&western), false), &[]),
        ("bare16.csv", &western, utf16(&western, true), &[]),
        ("sjis.csv", &japanese, encoding_rs::SHIFT_JIS.encode(&japanese).0.into_owned(), &[]),
        ("gbk.csv", &chinese, encoding_rs::GBK.encode(&chinese).0.into_owned(), &[]),
        ("returns.csv", &plain, plain.replace('\n', "\r").into_bytes(), &[]),
        ("crlf.csv", &plain, plain.replace('\n', "\r\n").into_bytes(), &[]),
        ("disc.csv", &quoted, encoding_rs::UTF_16LE.encode(&quoted).0.into_owned(), &[]),
    ];
    for (name, text, bytes, more) in written {
        write(name, &bytes);
        write("plain.csv", text.as_bytes());
        let expected = said(folder, "plain.csv", &[]);
        let [verdicts, remarks, rejects] = said(folder, name, more);
        assert!(verdicts == expected[0], "{name}");
        assert_eq!(rejects.lines().count(), expected[2].lines().count(), "{name}");
        if name != "returns.csv" {
            assert!(remarks == expected[1] && rejects == expected[2], "{name}");
        }
        // The whole reader says so too, of each row.
        let whole = said_whole(folder, name, more);
        assert!([remarks, rejects] == whole, "{name}");
    }
    // Titles before the header count as lines.
    write("plain.csv", plain.as_bytes());
    let expected = said(folder, "plain.csv", &[]);
    write("titled.csv", format!("A title\n\n{plain}").as_bytes());
    let [verdicts, remarks, _] = said(folder, "titled.csv", &["--skip-lines", "2"]);
    assert!(verdicts == expected[0]);
    let lines = |text: &str| -> Vec<usize> {
        let mut rows = csv::Reader::from_reader(text.as_bytes());
        let line = |row: csv::StringRecord| row[2].parse().expect("a line");
        rows.records().map(|row| line(row.expect("a row"))).collect()
    };
    let moved: Vec<usize> = lines(&expected[1]).iter().map(|line| line + 2).collect();
    assert!(!moved.is_empty());
    assert_eq!(lines(&remarks), moved);
}

#[cfg(unix)]
#[test]
fn a_pipe_is_read_run_by_run() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = rows(";", |_| "10\" disc".to_owned());
    std::fs::write(folder.path().join("plain.csv"), &text).expect("written");
    let [expected, ..] = said(folder.path(), "plain.csv", &[]);
    let mut program = Command::new(env!("CARGO_BIN_EXE_toolgauge"))
        .args(["classify", "/dev/stdin", "--list", "eu/2B001", "--basis", "stated"])
        .args(["--format", "csv", "--detail", "verdicts"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut pipe = program.stdin.take().expect("a pipe");
    let writer = std::thread::spawn(move || pipe.write_all(text.as_bytes()));
    let output = program.wait_with_output().expect("it ends");
    writer.join().expect("no panic").expect("all was taken");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(String::from_utf8(output.stdout).expect("UTF-8") == expected);
}

#[test]
fn a_file_that_is_not_what_it_says_names_the_line() {
    let folder = tempfile::tempdir().expect("a folder");
    let late = rows(",", |at| if at < ROWS - 2 { "-".repeat(90) } else { "\u{b5}".to_owned() });
    let latin = encoding_rs::WINDOWS_1252.encode(&late).0.into_owned();
    for (name, bytes, more, error) in [
        (
            "late.csv",
            &latin[..],
            &["--encoding", "utf-8"][..],
            "`late.csv` is not UTF-8: line 2300",
        ),
        ("empty.csv", b"", &[], "`empty.csv` has no header and no rows"),
        ("blank.csv", b"\n\r\n \n", &[], "`blank.csv` has no header and no rows"),
        ("skip.csv", b"a\nb\n", &["--skip-lines", "7"], "`skip.csv` has no header and no rows"),
        ("l.jsonl", b"{\"id\": \"\xB5\"}\n", &["--encoding", "utf-8"], "is not UTF-8: line 1"),
        ("x.csv", b"id,process\n1,milling\n", &["--delimiter", "\u{b5}"], "cannot separate fields"),
        ("y.csv", b"id,process\n1,milling\n", &["--encoding", "latin-9000"], "not the name of an"),
        ("z.csv", b"id,process\n1,milling\n", &["--encoding", "iso-2022-kr"], "not the name of"),
        ("n.csv", b"id,process\n1,milling\n", &["--delimiter", "\n"], "cannot separate fields"),
        ("u32.csv", b"\xFF\xFE\0\0i\0\0\0d\0\0\0", &[], "a file in UTF-32 is not read"),
        ("pretty.jsonl", b"[\n1,\n2\n]\n", &[], "has no line that is a JSON object"),
    ] {
        std::fs::write(folder.path().join(name), bytes).expect("written");
        let output = screened(folder.path(), name, more);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{name}: {said}");
        assert!(said.contains(error), "{name}: {said}");
    }
}

/// The remarks of the whole reader on a file.
fn whole_remarks(folder: &Path, file: &str) -> String {
    let bytes = std::fs::read(folder.join(file)).expect("written");
    let table = table::read(file, &bytes, &Reading::default()).expect("a table");
    let mapping = Mapping { basis: Basis::Stated, ..Mapping::default() };
    let catalogue = catalogue::read(&table, &mapping);
    report::remarks_csv(&catalogue.remarks).expect("remarks")
}

#[test]
fn what_rows_contradict_is_found_in_further_passes_as_the_whole_reader_finds_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    let note = "-".repeat(120);
    let header =
        "id,manufacturer,model,process,contouring_axes,axes_complete,travel_x_mm,upr_x_um,n";
    // Rows of a model stand in other runs than the first of them, some differ in case, some are
    // set aside, some repeat identifiers; one has a travel that makes no sense.
    let row = |at: usize| {
        let (model, id) = (at % 1500, if at % 11 == 3 { at % 700 } else { at });
        let maker = if at.is_multiple_of(2) { "Alder" } else { " aLDER" };
        let upr = if at.is_multiple_of(7) { "0.8" } else { "0.9" };
        let travel = if at == 77 { 500_000 } else { 500 };
        let axes = if at.is_multiple_of(13) { 3 } else { 2 };
        let id = if at % 501 == 5 { String::new() } else { format!("m{id}") };
        let model = if at % 501 == 5 { String::new() } else { format!("\"M {model}, long\"") };
        format!("{id},{maker},{model},milling,{axes},yes,{travel},{upr},{note}")
    };
    let rows: Vec<String> = (0..ROWS).map(row).collect();
    let text = format!("{header}\n{}\n", rows.join("\n"));
    let json = |row: &csv::StringRecord| {
        let fields = header.split(',').zip(row).map(|(name, text)| (name.to_owned(), text.into()));
        serde_json::Value::Object(fields.collect()).to_string()
    };
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let lines: Vec<String> = reader.records().map(|row| json(&row.expect("a row"))).collect();
    for (name, bytes) in [
        ("m.csv", text.clone().into_bytes()),
        ("odd.csv", format!("{text}last,Fir,10\" disc,milling,2,yes,1,1,\n").into_bytes()),
        ("utf16.csv", text.encode_utf16().flat_map(u16::to_le_bytes).collect()),
        ("m.jsonl", lines.join("\n").into_bytes()),
        ("m.json", format!("[{}]", lines.join(",")).into_bytes()),
    ] {
        std::fs::write(folder.join(name), bytes).expect("written");
        let [_, remarks, _] = said(folder, name, &[]);
        let expected = whole_remarks(folder, name);
        assert!(expected.contains("same maker, model and version"), "{name}");
        assert!(expected.contains("has the same identifier"), "{name}");
        assert!(expected.contains("no `travel` of a machine tool is that large"), "{name}");
        let sorted = |text: &str| {
            let mut lines: Vec<String> =
                text.replace(name, "FILE").lines().map(str::to_owned).collect();
            lines.sort();
            lines
        };
        assert_eq!(sorted(&remarks), sorted(&expected), "{name}");
        assert!(remarks == expected.replace(name, "FILE"), "{name}: another order");
    }
}

#[test]
fn more_rows_alike_than_are_held_at_once_are_taken_in_parts() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    let models = 18_000;
    let row = |at: usize| format!("m{at},A {},{}\n", at % models, 500 + at / models);
    let rows: String = (0..models * 2).map(row).collect();
    std::fs::write(folder.join("m.csv"), format!("id,model,travel_x_mm\n{rows}")).expect("written");
    let [_, remarks, _] = said(folder, "m.csv", &[]);
    assert_eq!(remarks.lines().count(), models + 1);
    assert!(remarks == whole_remarks(folder, "m.csv").replace("m.csv", "FILE"));
}

#[test]
fn contradictions_between_rows_are_what_may_be_failed_on() {
    let folder = tempfile::tempdir().expect("a folder");
    let code = |rows: &str, detail: &str| {
        std::fs::write(folder.path().join("m.csv"), format!("id,model,travel_x_mm\n{rows}"))
            .expect("written");
        let output = Command::new(env!("CARGO_BIN_EXE_toolgauge"))
            .args(["classify", "m.csv", "--list", "eu/2B001", "--basis", "stated"])
            .args(["--format", "csv", "--detail", detail, "--fail-on", "remarks"])
            .current_dir(folder.path())
            .output()
            .expect("the program starts");
        output.status.code()
    };
    for (rows, expected) in [
        ("a,A,1\nb,B,2\n", 0),
        ("a,A,1\nb,A,1\n", 0),
        ("a,A,1\nb,A,2\n", 1),
        ("a,A,1\na,B,2\n", 1),
        ("a,A,far\nb,B,2\n", 1),
        ("a,A,1\nb,B\n", 1),
    ] {
        for detail in ["verdicts", "clauses", "full"] {
            assert_eq!(code(rows, detail), Some(expected), "{detail}: {rows}");
        }
    }
}

/// Small files on which the ways of reading could differ.
#[test]
fn full_detail_and_screening_read_the_same_of_odd_files() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    let rows = "id,manufacturer,model,process,contouring_axes,travel_x_mm,upr_x_um\n\
                m1,A,Ä,milling,5,500,0.8 µm\nm1,A,Ä,milling,5,501,x y\n,,,,,,\n\
                m3,A,B,milling,5\n";
    let utf16 =
        |text: &str| -> Vec<u8> { text.encode_utf16().flat_map(u16::to_le_bytes).collect() };
    let lines = "{\"id\":\"m1\",\"upr_x_um\":\"0.8 um\"}\n{\"id\":\"m1\",\"note\":\"\"}\n\n[1]\n";
    let blank = "\n".repeat(300_000);
    let files: [(&str, Vec<u8>, &[&str], bool); 11] = [
        ("marked.csv", format!("\u{feff}\u{feff}{rows}").into_bytes(), &[], true),
        ("titled.csv", format!("T\n\u{feff}{rows}").into_bytes(), &["--skip-lines", "1"], true),
        ("marked16.csv", utf16(&format!("\u{feff}\u{feff}{rows}")), &[], true),
        ("zero.csv", rows.replace("x y", "x\0y").into_bytes(), &[], true),
        ("returns.csv", rows.replace('\n', "\r").into_bytes(), &[], true),
        ("blank.csv", format!("{blank}{rows}").into_bytes(), &[], true),
        ("lines.jsonl", lines.as_bytes().to_vec(), &[], false),
        ("lines16.jsonl", utf16(lines), &[], false),
        ("titled.jsonl", format!("title\n{lines}").into_bytes(), &["--skip-lines", "1"], false),
        ("zero.jsonl", lines.replace("0.8 um", "0.8\0 µm").into_bytes(), &[], false),
        (
            "declared.jsonl",
            lines.replace("0.8", "\0").into_bytes(),
            &["--encoding", "utf-8"],
            false,
        ),
    ];
    for (name, bytes, more, delimited) in files {
        std::fs::write(folder.join(name), &bytes).expect("written");
        let [verdicts, remarks, rejects] = said(folder, name, more);
        let broken = usize::from(name.starts_with("zero.j") || name.starts_with("declared"));
        assert_eq!(verdicts.lines().count(), 3 - broken, "{name}: {verdicts}");
        assert_eq!(remarks.contains("has the same identifier"), broken == 0, "{name}: {remarks}");
        let whole = said_whole(folder, name, more);
        assert_eq!([&remarks, &rejects], [&whole[0], &whole[1]], "{name}");
        if delimited {
            // Ä and µ are what they were.
            assert!(remarks.contains("A Ä"), "{name}: {remarks}");
            assert!(remarks.contains("501 mm here and 500 mm in line"), "{name}: {remarks}");
        }
    }
}

#[test]
fn a_quote_that_is_never_closed_ends_in_an_error_that_says_so() {
    let folder = tempfile::tempdir().expect("a folder");
    let row = "m,\"turning\",2\n".repeat(100);
    let open = format!(
        "id,process,contouring_axes\n{row}o,\"turning,2\n{}",
        "x,turning,2\n".repeat(1_500_000)
    );
    std::fs::write(folder.path().join("open.csv"), open).expect("written");
    for detail in ["verdicts", "full"] {
        let output = Command::new(env!("CARGO_BIN_EXE_toolgauge"))
            .args(["classify", "open.csv", "--list", "eu/2B001", "--format", "csv"])
            .args(["--detail", detail])
            .current_dir(folder.path())
            .output()
            .expect("the program starts");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains("from line 101 on is longer than 16 MiB"), "{said}");
        assert!(output.stdout.is_empty());
    }
}

#[cfg(unix)]
#[test]
fn what_is_no_file_is_written_to_and_not_replaced() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("m.csv"), "id,process\nm,milling\n").expect("written");
    let output = Command::new(env!("CARGO_BIN_EXE_toolgauge"))
        .args(["classify", "m.csv", "--list", "eu/2B001", "--format", "csv"])
        .args(["--detail", "verdicts", "--out", "/dev/stdout"])
        .current_dir(folder.path())
        .output()
        .expect("the program starts");
    // The run's record cannot stand beside a device.
    assert!(String::from_utf8_lossy(&output.stdout).contains("m,?"));
    let same = ["--remarks", "r.csv", "--rejects", "r.csv", "--detail", "verdicts"];
    let output = Command::new(env!("CARGO_BIN_EXE_toolgauge"))
        .args(["classify", "m.csv", "--list", "eu/2B001", "--format", "csv"])
        .args(same)
        .current_dir(folder.path())
        .output()
        .expect("the program starts");
    assert_eq!(output.status.code(), Some(2));
}
