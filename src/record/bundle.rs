//! A bundle: one file with all that a run needs to be repeated elsewhere to the same bytes.

use serde::{Deserialize, Serialize};

use super::hash;
use crate::table::shipped::{self, Shipped};

/// One input file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BundledFile {
    /// Its path, relative to the folder in which the command runs.
    pub path: String,
    /// What the command takes it for: base list, overlay, catalogue, mapping …
    pub part: String,
    /// The BLAKE3 hash of its bytes.
    pub blake3: String,
    /// Its text; none where only the hash is handed over, or where it is no text.
    pub text: Option<String>,
    /// Its bytes in hexadecimal, where it is no text.
    pub hex: Option<String>,
}

/// The hash of some words of the command.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BundledWords {
    /// What they say: policies, dates, or the rest of the command.
    pub part: String,
    /// The BLAKE3 hash.
    pub blake3: String,
}

/// All that a run needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bundle {
    /// The form of the bundle.
    pub bundle: u32,
    /// What every output says, and what a replay shows.
    pub notice: String,
    /// The program's version.
    pub toolgauge: String,
    /// The words of the command.
    pub command: Vec<String>,
    /// Their hashes, those of policies and days apart.
    pub words: Vec<BundledWords>,
    /// The lists, mappings and assumptions that were at hand, whole: a replay rests on them, and
    /// not on those that come with the program that replays.
    pub specs: Vec<BundledFile>,
    /// The input files.
    pub files: Vec<BundledFile>,
    /// The BLAKE3 hash of the answer's bytes.
    pub result: String,
    /// The answer's text; none where a file was handed over by its hash alone, or it is no text.
    pub answer: Option<String>,
    /// The exit code.
    pub exit: i32,
}

impl BundledFile {
    /// A file with its content, or by its hash alone.
    pub fn new(path: String, part: &str, bytes: &[u8], whole: bool) -> Self {
        let text = str::from_utf8(bytes).ok().map(str::to_owned).filter(|_| whole);
        let digits = |byte: &u8| format!("{byte:02x}");
        let hex = (whole && text.is_none()).then(|| bytes.iter().map(digits).collect());
        Self { path, part: part.to_owned(), blake3: hash(bytes), text, hex }
    }

    /// Whether only its hash was handed over.
    pub fn is_bare(&self) -> bool {
        self.text.is_none() && self.hex.is_none()
    }

    /// What it is, for messages: its part and its path.
    pub fn named(&self) -> String {
        let part = if self.part.is_empty() { "file" } else { &self.part };
        format!("the {part} `{}`", self.path)
    }

    /// The bytes, where they were handed over; `Err` where they are not those of the hash.
    pub fn bytes(&self) -> Result<Option<Vec<u8>>, String> {
        let pair = |at: usize, hex: &str| {
            let digits = hex.get(at..at + 2).and_then(|two| u8::from_str_radix(two, 16).ok());
            digits.ok_or_else(|| format!("{} is not in hexadecimal", self.named()))
        };
        let bytes = match (&self.text, &self.hex) {
            (Some(text), _) => text.clone().into_bytes(),
            (None, Some(hex)) => {
                (0..hex.len()).step_by(2).map(|at| pair(at, hex)).collect::<Result<_, _>>()?
            }
            (None, None) => return Ok(None),
        };
        if hash(&bytes) == self.blake3 {
            Ok(Some(bytes))
        } else {
            Err(format!("{} does not have its hash", self.named()))
        }
    }
}

impl Bundle {
    /// The form of bundles that this program writes and reads.
    pub const FORMAT: u32 = 2;

    /// A bundle of a command and its answer.
    pub fn new(command: Vec<String>, files: Vec<BundledFile>, answer: &[u8], exit: i32) -> Self {
        let bare = files.iter().any(BundledFile::is_bare);
        let text = str::from_utf8(answer).ok().filter(|_| !bare).map(str::to_owned);
        Self {
            bundle: Self::FORMAT,
            notice: notice(),
            toolgauge: env!("CARGO_PKG_VERSION").to_owned(),
            words: words(&command),
            command,
            specs: specs(),
            files,
            result: hash(answer),
            answer: text,
            exit,
        }
    }

    /// Whether the answer that it holds is the one of its hash; `Err` where it is not.
    pub fn is_whole(&self) -> Result<(), String> {
        match &self.answer {
            Some(answer) if hash(answer.as_bytes()) != self.result => {
                Err("its answer does not have its hash: one of them was changed".to_owned())
            }
            _ => Ok(()),
        }
    }

    /// Where an answer begins to differ from the one that was bundled, line by line.
    ///
    /// Where a file was handed over by its hash alone there is no answer to hold it against: what
    /// would have to be bundled whole is said.
    pub fn first_difference(&self, answer: &[u8]) -> String {
        let Some(there) = &self.answer else {
            let bare = self.files.iter().filter(|file| file.is_bare());
            let bare: Vec<String> = bare.map(BundledFile::named).collect();
            let unsaid = "which line differs first cannot be said: the bundle holds the answer's \
                          hash and not the answer";
            return if bare.is_empty() {
                format!("{unsaid}, because it is no text")
            } else {
                let bare = bare.join(" and ");
                format!("{unsaid}, because it holds {bare} by hash alone; bundle every file whole")
            };
        };
        let here = String::from_utf8_lossy(answer);
        let (mut old, mut new) = (there.split('\n'), here.split('\n'));
        let mut number = 1;
        loop {
            let end = |line: Option<&str>| {
                line.map_or_else(|| "nothing more".to_owned(), |line| format!("`{line}`"))
            };
            match (old.next(), new.next()) {
                (None, None) => return "none".to_owned(),
                (one, other) if one != other => {
                    return format!("line {number}: {} there, {} here", end(one), end(other));
                }
                _ => number += 1,
            }
        }
    }

    /// For each part of a run whether it is here what it was there: its kind, and the names of what
    /// differs; `files` are the input files that are others here.
    pub fn compared(&self, files: &[String]) -> Vec<(&'static str, Vec<String>)> {
        let mut found: Vec<(&'static str, Vec<String>)> =
            KINDS.iter().map(|kind| (*kind, Vec::new())).collect();
        let mut add = |kind: &str, name: &str| {
            if let Some((_, names)) = found.iter_mut().find(|(known, _)| *known == kind) {
                names.push(name.to_owned());
            }
        };
        for words in words(&self.command).iter().filter(|words| !self.words.contains(words)) {
            add(&words.part, "of the command");
        }
        for (spec, _) in self.specs_that_differ() {
            add(&spec.part, &spec.path);
        }
        for file in self.files.iter().filter(|file| files.contains(&file.path)) {
            add(if file.part == "base list" { "list" } else { &file.part }, &file.path);
        }
        found
    }

    /// The lists, mappings and assumptions that are not the same here and there; and whether they
    /// are there alone, here alone, or another text.
    fn specs_that_differ(&self) -> Vec<(BundledFile, Where)> {
        let here = specs();
        let same = |a: &BundledFile, b: &BundledFile| a.path == b.path;
        let mut found = Vec::new();
        for old in &self.specs {
            match here.iter().find(|new| same(new, old)) {
                Some(new) if new.blake3 == old.blake3 => {}
                Some(_) => found.push((old.clone(), Where::Both)),
                None => found.push((old.clone(), Where::There)),
            }
        }
        let new = here.into_iter().filter(|new| !self.specs.iter().any(|old| same(new, old)));
        found.extend(new.map(|new| (new, Where::Here)));
        found
    }

    /// What of the bundle is not as a bundle of it would be: it was changed since it was made.
    pub fn changed(&self) -> Vec<String> {
        let mut found = Vec::new();
        for words in words(&self.command).iter().filter(|words| !self.words.contains(words)) {
            found.push(format!("the {} of the command are others than there", words.part));
        }
        if self.notice != notice() {
            found.push("the notice of the bundle is not what this program says".to_owned());
        }
        found
    }

    /// What is otherwise here than where the bundle was made; none of it bears on a replay, which
    /// rests on what is bundled.
    pub fn elsewhere(&self) -> Vec<String> {
        let mut found = Vec::new();
        if self.toolgauge != env!("CARGO_PKG_VERSION") {
            let (there, here) = (&self.toolgauge, env!("CARGO_PKG_VERSION"));
            found.push(format!("made with version {there}, replayed with {here}"));
        }
        let differ = self.specs_that_differ();
        let named = |file: &BundledFile| self.command.iter().any(|word| is_list(word, &file.path));
        for (file, at) in differ.iter().filter(|(file, _)| named(file)) {
            let path = &file.path;
            found.push(match at {
                Where::Both => format!("{} is another text here: {BUNDLED}", base_list(path)),
                Where::There => format!("{} is not at hand here: {BUNDLED}", base_list(path)),
                Where::Here => format!("{} is at hand here, and was not there", base_list(path)),
            });
        }
        for (at, words) in [
            (Where::Both, "another text here"),
            (Where::There, "not at hand here"),
            (Where::Here, "at hand here alone"),
        ] {
            let of = differ.iter().filter(|(file, place)| *place == at && !named(file));
            let names: Vec<String> = of.map(|(file, _)| format!("`{}`", file.path)).collect();
            if !names.is_empty() {
                let left = if at == Where::Here { "left out of the replay" } else { BUNDLED };
                found.push(format!("{words}: {}; {left}", names.join(", ")));
            }
        }
        found
    }
}

/// What a bundle says of itself.
fn notice() -> String {
    format!("{} {REPLAY}", super::NOTICE)
}

/// What a replay can show, and what it cannot.
const REPLAY: &str = "A replay shows that the words, lists and files of this bundle give its \
    answer. It does not show who made the bundle, that its lists are the law, or that it was not \
    changed together with its hashes: whoever has to know that compares its own hash with one \
    kept elsewhere.";

/// Where a file is at hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Where {
    /// Where the bundle was made, alone.
    There,
    /// Where it is replayed, alone.
    Here,
    /// In both places, each with its own text.
    Both,
}

/// What a replay does about texts that are others here.
const BUNDLED: &str = "replayed on the bundled text";

fn base_list(path: &str) -> String {
    format!("the base list `{path}`")
}

/// The kinds of what a run rests on, in the order in which they are told.
const KINDS: [&str; 11] = [
    "list",
    "overlay",
    "profile",
    "cases",
    "mapping",
    "catalogue",
    "sample",
    "assumptions",
    "words",
    "policies",
    "dates",
];

/// Options that say how the law and sheets are read: policies and assumptions.
const POLICIES: [&str; 7] = [
    "--policy",
    "--assume",
    "--no-assume",
    "--no-derive",
    "--accept-unverified",
    "--accept-remembered",
    "--basis",
];

/// The option that says of which day the law is.
const DATE: &str = "--as-of";

/// Whether a word of a command names the list of a file that comes with the program.
fn is_list(word: &str, file: &str) -> bool {
    let name = word.rsplit('=').next().unwrap_or(word);
    let name = name.split(['@', '#', '+']).next().unwrap_or(name);
    let file = file.trim_start_matches("lists/");
    name.contains('/') && file.strip_prefix(name).is_some_and(|rest| rest.starts_with('.'))
}

/// The words of a command, those that say policies and those that say days apart.
fn words(command: &[String]) -> Vec<BundledWords> {
    let [mut policies, mut dates, mut others]: [Vec<&str>; 3] = Default::default();
    // The option whose value comes next.
    let mut before: Option<&str> = None;
    for word in command {
        let (option, own) = match word.split_once('=') {
            Some((option, _)) if option.starts_with("--") => (option, true),
            _ => (word.as_str(), false),
        };
        let of = before.take().unwrap_or(option);
        let valued = of == option && !own && !of.starts_with("--accept") && of != "--no-derive";
        if of == DATE || POLICIES.contains(&of) {
            before = valued.then_some(of);
            if of == DATE { dates.push(word) } else { policies.push(word) }
        } else {
            others.push(word);
            // A list may be named with its day.
            dates.extend(word.split_once('@').map(|(_, day)| day));
        }
    }
    let all = [("words", others), ("policies", policies), ("dates", dates)];
    let hashed = |(part, words): (&str, Vec<&str>)| BundledWords {
        part: part.to_owned(),
        blake3: hash(words.join("\0").as_bytes()),
    };
    all.into_iter().map(hashed).collect()
}

/// The lists, mappings, assumptions and samples at hand.
fn specs() -> Vec<BundledFile> {
    let files = shipped::files().iter().filter(|file| !shipped::is_cases(file.name));
    let bundled = |file: &Shipped| {
        BundledFile::new(file.name.to_owned(), shipped::part(file.name), file.text.as_bytes(), true)
    };
    files.map(bundled).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_keep_their_bytes_and_say_if_they_are_others() {
        for bytes in [&b"a,b\n1,2\n"[..], &[0xff, 0x00, 0xfe]] {
            let file = BundledFile::new("x".to_owned(), "catalogue", bytes, true);
            assert_eq!(file.bytes(), Ok(Some(bytes.to_vec())));
        }
        let bare = BundledFile::new("x".to_owned(), "catalogue", b"a", false);
        assert_eq!((bare.bytes(), bare.text), (Ok(None), None));
        let mut wrong = BundledFile::new("x".to_owned(), "catalogue", b"a", true);
        wrong.text = Some("b".to_owned());
        assert!(wrong.bytes().is_err());
    }
}
