//! Bundles: what a replay says of each part of a run that is not what it was.

use std::path::Path;
use std::process::Command;

use toolgauge::record::hash;

const MACHINES: &str = "\
id,process,contouring_axes,axes_complete,travel_x_mm,upr_x_um,travel_z_mm,upr_z_um
good,turning,2,yes,500,0.9,600,2
bad,turning,2,yes,500,1.0,600,2
";

/// What the program says in a folder, on either stream, and its exit code.
fn run(folder: &Path, arguments: &[&str]) -> (String, Option<i32>) {
    let output = Command::new(env!("CARGO_BIN_EXE_toolgauge"))
        .args(arguments)
        .current_dir(folder)
        .output()
        .expect("the program starts");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    (text(output.stdout) + &text(output.stderr), output.status.code())
}

#[test]
fn a_catalogue_by_its_hash_alone_says_which_part_differs_and_what_the_line_would_need() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    let put = |name: &str, text: &str| std::fs::write(folder.join(name), text).expect("written");
    let overlay = include_str!("../../specs/proposals/one-number.toml");
    put("p.toml", overlay);
    put("m.csv", MACHINES);
    let command = ["compare", "m.csv", "--base", "eu/2B001", "--proposal", "p.toml"];
    let days = ["--as-of", "2025-11-15", "--no-derive", "--basis", "stated"];
    let words = [&["bundle", "--out", "b.json", "--hash-only", "m.csv", "--"][..], &command, &days]
        .concat();
    let (said, code) = run(folder, &words);
    assert_eq!(code, Some(0), "{said}");
    let text = std::fs::read_to_string(folder.join("b.json")).expect("a bundle");
    assert!(!text.contains("good,turning"), "the catalogue is not handed over");
    let (said, code) = run(folder, &["replay", "b.json"]);
    assert!(said.starts_with("the same: ") && code == Some(0), "{said}");
    // Another catalogue under that name: its hash, what else is the same, and no line.
    let other = MACHINES.replace("500,1.0", "500,0.8");
    put("m.csv", &other);
    let (said, code) = run(folder, &["replay", "b.json"]);
    assert_eq!(code, Some(1), "{said}");
    for words in [
        "the catalogue `m.csv` here is another file than there",
        hash(MACHINES.as_bytes()).as_str(),
        hash(other.as_bytes()).as_str(),
        "hashes of the parts: list the same; overlay the same; profile the same; mapping the same; \
         catalogue differs (m.csv); assumptions the same; policies the same; dates the same; \
         result differs",
        "which line differs first cannot be said",
        "it holds the catalogue `m.csv` by hash alone; bundle every file whole",
    ] {
        assert!(said.contains(words), "{words}: {said}");
    }
    put("m.csv", MACHINES);
    let edited = |from: &str, to: &str| {
        put("c.json", &text.replacen(from, to, 1));
        run(folder, &["replay", "c.json"])
    };
    // Each part of the words by itself.
    for (from, to, wanted) in [
        ("\"2025-11-15\"", "\"2025-11-14\"", "policies the same; dates differs (days of"),
        ("\"--no-derive\"", "\"--accept-unverified\"", "policies differs (policies of the"),
        ("\"stated\"", "\"measured\"", "policies differs (policies of the command); dates the"),
    ] {
        let (said, _) = edited(from, to);
        assert!(said.contains(wanted), "{from}: {said}");
    }
    // A list of the program that is another one, and a result.
    let (said, _) = edited(&hash(shipped("eu/2B001.current").as_bytes()), "00");
    assert!(
        said.contains("list differs (lists/eu/2B001.current.toml); overlay the same"),
        "{said}"
    );
    assert!(said.contains("result the same"), "{said}");
    // An overlay by its hash alone.
    let words = [&["bundle", "--out", "d.json", "--hash-only", "p.toml", "--"][..], &command];
    let (said, code) = run(folder, &words.concat());
    assert_eq!(code, Some(0), "{said}");
    put("p.toml", &overlay.replace("1.5 um", "1.6 um"));
    let (said, _) = run(folder, &["replay", "d.json"]);
    assert!(
        said.contains("overlay differs (p.toml)") && said.contains("catalogue the same"),
        "{said}"
    );
    std::fs::remove_file(folder.join("p.toml")).expect("removed");
    let (said, code) = run(folder, &["replay", "d.json"]);
    assert!(code == Some(2) && said.contains("the bundle has only its hash"), "{said}");
}

/// The text of a shipped list.
fn shipped(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("specs/lists/{name}.toml"));
    std::fs::read_to_string(path).expect("a list")
}
