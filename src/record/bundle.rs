//! A bundle: one file with all that a run needs to be repeated elsewhere to the same bytes.

use serde::{Deserialize, Serialize};

use super::hash;
use crate::table::shipped;

/// The form of bundles that this program writes and reads.
const FORMAT: u32 = 1;

/// One input file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BundledFile {
    /// Its path, relative to the folder in which the command runs.
    pub path: String,
    /// What the command takes it for: base list, overlay, catalogue, mapping …
    #[serde(default)]
    pub part: String,
    /// The BLAKE3 hash of its bytes.
    pub blake3: String,
    /// Its text; none where only the hash is handed over, or where it is no text.
    pub text: Option<String>,
    /// Its bytes in hexadecimal, where it is no text.
    pub hex: Option<String>,
}

/// The hash of something that a run rests on and that is no input file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BundledPart {
    /// What it is: list, mapping, assumptions, policies, dates, command.
    pub part: String,
    /// Its name.
    pub name: String,
    /// The BLAKE3 hash.
    pub blake3: String,
}

/// All that a run needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bundle {
    /// The form of the bundle.
    pub bundle: u32,
    /// What every output says.
    pub notice: String,
    /// The program's version.
    pub toolgauge: String,
    /// The BLAKE3 hash of the lists that come with the program.
    pub shipped: String,
    /// The same one by one, and of the words of the command.
    #[serde(default)]
    pub parts: Vec<BundledPart>,
    /// The words of the command.
    pub command: Vec<String>,
    /// The input files.
    pub files: Vec<BundledFile>,
    /// The BLAKE3 hash of the answer's bytes.
    pub result: String,
    /// The answer's text; none where a file was handed over by its hash alone, or it is no text.
    #[serde(default)]
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
    /// A bundle of a command and its answer.
    pub fn new(command: Vec<String>, files: Vec<BundledFile>, answer: &[u8], exit: i32) -> Self {
        let bare = files.iter().any(BundledFile::is_bare);
        let text = str::from_utf8(answer).ok().filter(|_| !bare).map(str::to_owned);
        Self {
            bundle: FORMAT,
            notice: super::NOTICE.to_owned(),
            toolgauge: env!("CARGO_PKG_VERSION").to_owned(),
            shipped: shipped_hash(),
            parts: parts(&command),
            command,
            files,
            result: hash(answer),
            answer: text,
            exit,
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
                (None, None) => {
                    return "none; its hash is not that of the answer bundled".to_owned();
                }
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
        let here = parts(&self.command);
        let mut found: Vec<(&'static str, Vec<String>)> =
            KINDS.iter().map(|kind| (*kind, Vec::new())).collect();
        let mut add = |kind: &str, name: Option<&str>| {
            if let Some((_, names)) = found.iter_mut().find(|(known, _)| *known == kind) {
                names.extend(name.map(str::to_owned));
            }
        };
        for old in &self.parts {
            let new = here.iter().find(|new| (&new.part, &new.name) == (&old.part, &old.name));
            let differs = new.is_none_or(|new| new.blake3 != old.blake3);
            add(&old.part, differs.then_some(old.name.as_str()));
        }
        for new in &here {
            let is_new = |old: &BundledPart| (&new.part, &new.name) != (&old.part, &old.name);
            let known = self.parts.iter().any(|old| old.part == new.part);
            let differs = known && self.parts.iter().all(is_new);
            add(&new.part, differs.then_some(new.name.as_str()));
        }
        for file in &self.files {
            let kind = if file.part == "base list" { "list" } else { &file.part };
            add(kind, files.contains(&file.path).then_some(file.path.as_str()));
        }
        found
    }

    /// What differs here from where the bundle was made, before anything runs.
    pub fn differences(&self) -> Vec<String> {
        let mut found = Vec::new();
        if self.bundle != FORMAT {
            found.push(format!("the bundle is of form {}, not {FORMAT}", self.bundle));
        }
        if self.toolgauge != env!("CARGO_PKG_VERSION") {
            let (there, here) = (&self.toolgauge, env!("CARGO_PKG_VERSION"));
            found.push(format!("made with version {there}, replayed with {here}"));
        }
        let here = parts(&self.command);
        let mut of_program = false;
        for old in &self.parts {
            let own = is_own(old);
            let new = here.iter().find(|new| (&new.part, &new.name) == (&old.part, &old.name));
            let named = if self.command.iter().any(|word| is_list(word, &old.name)) {
                format!("the base list `{}`", old.name)
            } else {
                format!("the {} `{}`", old.part, old.name)
            };
            match new {
                Some(new) if new.blake3 == old.blake3 => {}
                Some(_) if own => found.push(format!("the {} are others than there", old.name)),
                Some(_) => found.push(format!("{named}, which comes with the program, is another")),
                None => found.push(format!("{named} does not come with this program")),
            }
            of_program |= !own && new.is_none_or(|new| new.blake3 != old.blake3);
        }
        let more = here.iter().filter(|new| {
            !is_own(new)
                && !self.parts.iter().any(|old| (&old.part, &old.name) == (&new.part, &new.name))
        });
        let more: Vec<String> = more.map(|new| format!("`{}`", new.name)).collect();
        if !self.parts.is_empty() && !more.is_empty() {
            found.push(format!("this program also comes with {}", more.join(", ")));
        } else if self.shipped != shipped_hash() && !of_program {
            found.push("the lists that come with the program are others".to_owned());
        }
        found
    }
}

/// The kinds of what a run rests on, in the order in which they are told.
const KINDS: [&str; 8] =
    ["list", "overlay", "profile", "mapping", "catalogue", "assumptions", "policies", "dates"];

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

/// Whether a part is of the words of the command.
fn is_own(part: &BundledPart) -> bool {
    ["command", "policies", "dates"].contains(&part.part.as_str())
}

/// Whether a word of a command names the list of a file that comes with the program.
fn is_list(word: &str, file: &str) -> bool {
    let name = word.rsplit('=').next().unwrap_or(word);
    let name = name.split(['@', '#', '+']).next().unwrap_or(name);
    let file = file.trim_start_matches("lists/");
    name.contains('/') && file.strip_prefix(name).is_some_and(|rest| rest.starts_with('.'))
}

/// What a command rests on beside its files: all that comes with the program, and its own words,
/// those that are policies apart.
fn parts(command: &[String]) -> Vec<BundledPart> {
    let part = |part: &str, name: &str, text: &str| BundledPart {
        part: part.to_owned(),
        name: name.to_owned(),
        blake3: hash(text.as_bytes()),
    };
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
    let mut all = vec![
        part("command", "words of the command", &others.join("\0")),
        part("policies", "policies of the command", &policies.join("\0")),
        part("dates", "days of the command", &dates.join("\0")),
    ];
    all.extend(shipped::LISTS.iter().map(|file| part("list", file.name, file.text)));
    all.extend(shipped::MAPPINGS.iter().map(|file| part("mapping", file.name, file.text)));
    all.push(part("assumptions", "assumptions.toml", include_str!("../../specs/assumptions.toml")));
    all
}

/// The hash of everything that comes with the program and that a result may rest on.
fn shipped_hash() -> String {
    let files = shipped::LISTS.iter().chain(shipped::MAPPINGS);
    let mut all: Vec<&str> = files.flat_map(|file| [file.name, file.text]).collect();
    all.push(include_str!("../../specs/assumptions.toml"));
    hash(all.join("\0").as_bytes())
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
