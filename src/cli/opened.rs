//! A file of delimited text that is read run by run.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

use super::Failure;
use crate::error::{Error, Kind};
use crate::record::Hashing;
use crate::table::{self, Chunks};

/// A catalogue of delimited text, its header read.
pub(super) struct Opened {
    file: File,
    pub header: Vec<String>,
    pub delimiter: u8,
}

impl Opened {
    /// Opens a file that can be read run by run; `None` where it has to be read whole.
    pub fn open(
        path: &Path,
        name: &str,
        reading: &table::Reading,
    ) -> Result<Option<Self>, Failure> {
        reading.check(name)?;
        let utf8 = |label: &String| {
            label.eq_ignore_ascii_case("utf-8") || label.eq_ignore_ascii_case("utf8")
        };
        let format = reading.format.unwrap_or_else(|| table::Format::of_name(name));
        let plain = format == table::Format::Delimited
            && reading.skip_lines == 0
            && reading.encoding.as_ref().is_none_or(utf8);
        if !plain || !path.is_file() {
            return Ok(None);
        }
        let failed = |error: std::io::Error| {
            Error::new(Kind::File, format!("`{}` cannot be read: {error}", path.display()))
        };
        let file = File::open(path).map_err(failed)?;
        let Some(Ok(first)) = Chunks::new(&file).next() else { return Ok(None) };
        let Some((header, delimiter)) = table::header(&first, reading.delimiter) else {
            return Ok(None);
        };
        Ok(Some(Self { file, header, delimiter }))
    }

    /// How many bytes the file has, as far as that is known.
    pub fn length(&self) -> usize {
        let length = self.file.metadata().map_or(0, |data| data.len());
        usize::try_from(length).unwrap_or(0)
    }

    /// The bytes from the beginning; `None` where the file cannot be read again.
    pub fn bytes(&self) -> Option<Hashed<'_>> {
        (&self.file).seek(SeekFrom::Start(0)).ok()?;
        Some(Hashed { file: &self.file, hashing: Hashing::default() })
    }
}

/// A file that is hashed as it is read.
pub(super) struct Hashed<'f> {
    file: &'f File,
    hashing: Hashing,
}

impl Hashed<'_> {
    /// The hash of what was read.
    pub fn hash(self) -> String {
        self.hashing.finish()
    }
}

impl Read for Hashed<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.file.read(buffer)?;
        self.hashing.update(buffer.get(..count).unwrap_or_default());
        Ok(count)
    }
}
