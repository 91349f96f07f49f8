//! The order of the house, checked as an ordinary test: storeys, sizes, words that may not occur.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that cannot read the project should stop"
)]

use std::path::{Path, PathBuf};

/// The rooms, from the ground up; rooms of one storey do not see each other.
const STOREYS: &[&[&str]] = &[
    &["error"],
    &["quantity", "logic", "date"],
    &["table"],
    &["machine", "metrology", "kinematics"],
    &["catalogue", "evidence", "list"],
    &["rule"],
    &["assess"],
    &["record"],
    &["plot"],
    &["report"],
    &["cli"],
];

const LINES_MAX: usize = 500;
const FUNCTION_MAX: usize = 70;
const WIDTH_MAX: usize = 100;

fn project() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn files(folder: &str, ending: &str) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut folders = vec![project().join(folder)];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = std::fs::read_dir(&folder) else { continue };
        for entry in entries {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.to_string_lossy().ends_with(ending) {
                let text = std::fs::read_to_string(&path).expect("text");
                let path = path.strip_prefix(project()).expect("inside").to_owned();
                found.push((path, text));
            }
        }
    }
    found.sort();
    found
}

fn storey(room: &str) -> Option<usize> {
    STOREYS.iter().position(|storey| storey.contains(&room))
}

/// A file's text up to its tests.
fn without_tests(text: &str) -> &str {
    text.split("#[cfg(test)]").next().unwrap_or(text)
}

#[test]
fn rooms_import_only_from_lower_storeys() {
    for (path, text) in files("src", ".rs") {
        let parts: Vec<String> =
            path.iter().skip(1).map(|part| part.to_string_lossy().into_owned()).collect();
        let [room, _, ..] = parts.as_slice() else { continue };
        let own = storey(room).unwrap_or_else(|| panic!("`{room}` is no room of the house"));
        for (at, line) in without_tests(&text).lines().enumerate() {
            if line.trim_start().starts_with("//") {
                continue;
            }
            for after in line.split("crate::").skip(1) {
                let used: String =
                    after.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                let Some(other) = storey(&used) else { continue };
                assert!(
                    used == *room || other < own,
                    "{}:{}: `{room}` looks up to `{used}`",
                    path.display(),
                    at + 1
                );
            }
        }
    }
}

#[test]
fn every_room_opens_with_a_paragraph_and_every_file_with_a_sentence() {
    for (path, text) in files("src", ".rs") {
        assert!(text.starts_with("//! "), "{} does not say what it is", path.display());
    }
}

#[test]
fn files_functions_and_lines_stay_small() {
    let mut problems = Vec::new();
    let all = ["src", "tests", "benches"].into_iter().flat_map(|folder| files(folder, ".rs"));
    for (path, text) in all {
        let lines = text.lines().count();
        if lines > LINES_MAX {
            problems.push(format!("{}: {lines} lines", path.display()));
        }
        let mut start: Option<(usize, usize, String)> = None;
        for (at, line) in text.lines().enumerate() {
            let width = line.chars().count();
            if width > WIDTH_MAX {
                problems.push(format!("{}:{}: {width} characters", path.display(), at + 1));
            }
            let indent = line.len() - line.trim_start().len();
            let is_function = line.trim_start().starts_with("fn ")
                || line.trim_start().starts_with("pub fn ")
                || line.trim_start().starts_with("pub(super) fn ")
                || line.trim_start().starts_with("pub(crate) fn ");
            if is_function && !line.contains(" -> ()") && start.is_none() {
                start = Some((at, indent, line.trim().to_owned()));
            }
            if let Some((from, depth, name)) = &start
                && indent == *depth
                && line.trim() == "}"
            {
                let length = at - from + 1;
                // A test's table of cases is data.
                let table = text.lines().nth(from.saturating_sub(1)).unwrap_or_default();
                if length > FUNCTION_MAX && !table.contains("#[test]") {
                    problems.push(format!(
                        "{}:{}: {length} lines: {name}",
                        path.display(),
                        from + 1
                    ));
                }
                start = None;
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

/// Whether a text names a list entry: a digit, a letter from A to E, three digits.
fn names_an_entry(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.windows(5).enumerate().any(|(at, w)| {
        let before = at.checked_sub(1).and_then(|b| bytes.get(b));
        let after = bytes.get(at + 5);
        w[0].is_ascii_digit()
            && (b'A'..=b'E').contains(&w[1])
            && w[2..].iter().all(u8::is_ascii_digit)
            && !before.is_some_and(u8::is_ascii_alphanumeric)
            && !after.is_some_and(u8::is_ascii_alphanumeric)
    })
}

#[test]
fn the_law_is_data() {
    for (path, text) in files("src", ".rs") {
        for (at, line) in without_tests(&text).lines().enumerate() {
            let trimmed = line.trim_start();
            let help = trimmed.starts_with("toolgauge ") || path.ends_with("cli/arguments.rs");
            if !trimmed.starts_with("//") && !help {
                assert!(!names_an_entry(line), "{}:{}: {line}", path.display(), at + 1);
            }
        }
    }
}

#[test]
fn nothing_is_left_to_do_and_no_place_of_a_workshop_is_named() {
    // Put together here, so that this file does not name them.
    let words = [
        ["to", "do!"].concat(),
        ["unimple", "mented!"].concat(),
        ["FIX", "ME"].concat(),
        ["XX", "X"].concat(),
        ["/wo", "rk/"].concat(),
        ["/ro", "ot/"].concat(),
    ];
    let code = ["src", "tests", "benches", "specs"].into_iter().flat_map(|f| files(f, ""));
    for (path, text) in code {
        for word in &words {
            assert!(!text.contains(word.as_str()), "{} has `{word}`", path.display());
        }
    }
}
