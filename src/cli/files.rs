//! Files in and out. What is written appears whole or not at all.

use std::io::Write;
use std::path::Path;

use serde::Serialize;

use super::arguments::Common;
use super::{Answer, Failure};
use crate::error::{Error, Kind, Result};
use crate::table::shipped;

/// The bytes of a file.
pub(super) fn read(path: &Path) -> Result<Vec<u8>> {
    std::fs::read(path).map_err(|error| {
        Error::new(Kind::File, format!("`{}` cannot be read: {error}", path.display()))
    })
}

/// The text of a file, which has to be UTF-8.
pub(super) fn read_text(path: &Path) -> Result<String> {
    String::from_utf8(read(path)?)
        .map_err(|_| Error::new(Kind::File, format!("`{}` is not UTF-8 text", path.display())))
}

/// The files of a folder that is laid out as `specs`: their names in it, and their texts.
pub(super) fn specs(folder: &Path) -> Result<Vec<(String, String)>> {
    let failed = |path: &Path, error: std::io::Error| {
        Error::new(Kind::File, format!("`{}` cannot be read: {error}", path.display()))
    };
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(inner) = folders.pop() {
        for entry in std::fs::read_dir(&inner).map_err(|error| failed(&inner, error))? {
            let path = entry.map_err(|error| failed(&inner, error))?.path();
            let name = path.strip_prefix(folder).unwrap_or(&path).to_string_lossy();
            let name = name.replace('\\', "/");
            if path.is_dir() {
                folders.push(path);
            } else if shipped::is_one(&name) {
                found.push((name, read_text(&path)?));
            }
        }
    }
    Ok(found)
}

/// Writes a file whole or not at all.
pub(super) fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    write_by(path, |out| {
        let failed = |error| Error::new(Kind::File, format!("nothing can be written: {error}"));
        out.write_all(bytes).map_err(failed)
    })
}

/// The same for what is written bit by bit: beside its place first, then moved there.
pub(super) fn write_by(path: &Path, put: impl FnOnce(&mut dyn Write) -> Result<()>) -> Result<()> {
    let failed = |error: &dyn std::fmt::Display| {
        Error::new(Kind::File, format!("`{}` cannot be written: {error}", path.display()))
    };
    let mut file = beside(path).map_err(|error| failed(&error))?;
    put(&mut file).map_err(|error| failed(&error))?;
    persist(file, path)
}

/// A file that will be moved to a place: in its folder, unless what stands there is no file.
fn beside(path: &Path) -> std::io::Result<tempfile::NamedTempFile> {
    match path.parent() {
        _ if is_special(path) => tempfile::NamedTempFile::new(),
        Some(folder) if !folder.as_os_str().is_empty() => tempfile::NamedTempFile::new_in(folder),
        _ => tempfile::NamedTempFile::new_in("."),
    }
}

/// Whether something stands in a place that is no file, such as a pipe: it is written to, and not
/// replaced.
fn is_special(path: &Path) -> bool {
    std::fs::metadata(path).is_ok_and(|there| !there.is_file() && !there.is_dir())
}

fn persist(file: tempfile::NamedTempFile, path: &Path) -> Result<()> {
    let failed = |error: &dyn std::fmt::Display| {
        Error::new(Kind::File, format!("`{}` cannot be written: {error}", path.display()))
    };
    if is_special(path) {
        let copied = || -> std::io::Result<u64> {
            let mut there = std::fs::OpenOptions::new().write(true).open(path)?;
            std::io::copy(&mut file.reopen()?, &mut there)
        };
        return copied().map(|_| ()).map_err(|error| failed(&error));
    }
    // A named temporary file is private; an answer is for whoever may read its folder.
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let there = std::fs::metadata(path).map(|there| there.permissions());
        let open = there.unwrap_or_else(|_| std::fs::Permissions::from_mode(0o644));
        file.as_file().set_permissions(open).map_err(|error| failed(&error))?;
    }
    file.persist(path).map(|_| ()).map_err(|error| failed(&error.error))
}

/// A file of no name, for what is put together from it later.
pub(super) fn scratch() -> Result<std::fs::File> {
    let folder = std::env::temp_dir();
    let failed = |error| {
        Error::new(Kind::File, format!("nothing can be kept in `{}`: {error}", folder.display()))
    };
    tempfile::tempfile().map_err(failed)
}

/// An answer that is written piece by piece, and appears whole or not at all.
pub(super) struct Pending {
    file: tempfile::NamedTempFile,
    /// What is not in the file yet.
    held: Vec<u8>,
}

/// How many bytes are written at once, or a multiple of that: what begins and ends with pages of
/// memory costs the system half as much.
const BLOCK: usize = 1 << 16;

impl Pending {
    /// An empty answer, beside the place where it will stand.
    pub(super) fn new(common: &Common) -> Result<Self> {
        let made = match &common.out {
            Some(path) => beside(path),
            None => tempfile::NamedTempFile::new(),
        };
        let failed = |error| Error::new(Kind::File, format!("nothing can be written: {error}"));
        Ok(Self { file: made.map_err(failed)?, held: Vec::new() })
    }

    /// Adds what is put behind what is held.
    pub(super) fn add(&mut self, put: impl FnOnce(&mut Vec<u8>)) -> Result<()> {
        put(&mut self.held);
        self.write(self.held.len() / BLOCK * BLOCK)
    }

    /// Writes the first bytes of what is held.
    fn write(&mut self, count: usize) -> Result<()> {
        let failed = |error| Error::new(Kind::File, format!("nothing can be written: {error}"));
        self.file.write_all(self.held.get(..count).unwrap_or_default()).map_err(failed)?;
        self.held.drain(..count);
        Ok(())
    }

    /// Puts the answer in its place, or on standard output.
    pub(super) fn finish(mut self, common: &Common) -> Result<()> {
        self.write(self.held.len())?;
        match &common.out {
            Some(path) => persist(self.file, path),
            None => {
                let failed = |error: std::io::Error| {
                    Error::new(Kind::File, format!("nothing can be written: {error}"))
                };
                let mut file = self.file.reopen().map_err(failed)?;
                match std::io::copy(&mut file, &mut std::io::stdout().lock()) {
                    Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
                        Err(failed(error))
                    }
                    _ => Ok(()),
                }
            }
        }
    }
}

/// Writes an answer to `--out` or to standard output.
pub(super) fn answer(common: &Common, bytes: &[u8]) -> Result<()> {
    match &common.out {
        Some(path) => write(path, bytes),
        None => {
            let mut out = std::io::stdout().lock();
            match out.write_all(bytes).and_then(|()| out.flush()) {
                // Whoever closed the pipe has read enough.
                Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
                Err(error) => {
                    Err(Error::new(Kind::File, format!("nothing can be written: {error}")))
                }
                Ok(()) => Ok(()),
            }
        }
    }
}

/// Writes an answer that is text already.
pub(super) fn write_text(common: &Common, text: &str) -> std::result::Result<Answer, Failure> {
    let ended = if text.ends_with('\n') { text.to_owned() } else { format!("{text}\n") };
    answer(common, ended.as_bytes())?;
    Ok(Answer::Done)
}

/// Writes an answer that is bytes already.
pub(super) fn write_bytes(common: &Common, bytes: &[u8]) -> std::result::Result<Answer, Failure> {
    answer(common, bytes)?;
    Ok(Answer::Done)
}

/// Writes an answer as JSON.
pub(super) fn write_json(
    common: &Common,
    value: &impl Serialize,
) -> std::result::Result<Answer, Failure> {
    write_text(common, &json(value)?)
}

/// A value as readable JSON.
pub(super) fn json(value: &impl Serialize) -> Result<String> {
    serde_json::to_string_pretty(value)
        .map_err(|error| Error::new(Kind::File, format!("no JSON can be made: {error}")))
}

/// A value as one line of JSON.
pub(super) fn json_line(value: &impl Serialize) -> Result<String> {
    serde_json::to_string(value)
        .map_err(|error| Error::new(Kind::File, format!("no JSON can be made: {error}")))
}
