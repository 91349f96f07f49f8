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
    /// The BLAKE3 hash of its bytes.
    pub blake3: String,
    /// Its text; none where only the hash is handed over, or where it is no text.
    pub text: Option<String>,
    /// Its bytes in hexadecimal, where it is no text.
    pub hex: Option<String>,
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
    /// The words of the command.
    pub command: Vec<String>,
    /// The input files.
    pub files: Vec<BundledFile>,
    /// The BLAKE3 hash of the answer's bytes.
    pub result: String,
    /// The exit code.
    pub exit: i32,
}

impl BundledFile {
    /// A file with its content, or by its hash alone.
    pub fn new(path: String, bytes: &[u8], whole: bool) -> Self {
        let text = str::from_utf8(bytes).ok().map(str::to_owned).filter(|_| whole);
        let digits = |byte: &u8| format!("{byte:02x}");
        let hex = (whole && text.is_none()).then(|| bytes.iter().map(digits).collect());
        Self { path, blake3: hash(bytes), text, hex }
    }

    /// The bytes, where they were handed over; `Err` where they are not those of the hash.
    pub fn bytes(&self) -> Result<Option<Vec<u8>>, String> {
        let pair = |at: usize, hex: &str| {
            let digits = hex.get(at..at + 2).and_then(|two| u8::from_str_radix(two, 16).ok());
            digits.ok_or_else(|| format!("`{}` is not in hexadecimal", self.path))
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
            Err(format!("`{}` does not have its hash", self.path))
        }
    }
}

impl Bundle {
    /// A bundle of a command and its answer.
    pub fn new(command: Vec<String>, files: Vec<BundledFile>, answer: &[u8], exit: i32) -> Self {
        Self {
            bundle: FORMAT,
            notice: super::NOTICE.to_owned(),
            toolgauge: env!("CARGO_PKG_VERSION").to_owned(),
            shipped: shipped_hash(),
            command,
            files,
            result: hash(answer),
            exit,
        }
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
        if self.shipped != shipped_hash() {
            found.push("the lists that come with the program are others".to_owned());
        }
        found
    }
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
            let file = BundledFile::new("x".to_owned(), bytes, true);
            assert_eq!(file.bytes(), Ok(Some(bytes.to_vec())));
        }
        let bare = BundledFile::new("x".to_owned(), b"a", false);
        assert_eq!((bare.bytes(), bare.text), (Ok(None), None));
        let mut wrong = BundledFile::new("x".to_owned(), b"a", true);
        wrong.text = Some("b".to_owned());
        assert!(wrong.bytes().is_err());
    }
}
