//! JSON Lines of any length: the names in a first pass, the rows run by run in a second one.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use crate::error::{Error, Kind, Result};
use crate::record::Hashing;
use crate::table::{Format, Reading, Record, Table};

/// A file of JSON Lines whose names are known.
pub(super) struct Lines {
    table: Table,
    file: BufReader<File>,
    hashing: Hashing,
    line: usize,
}

impl Lines {
    /// Opens a file and reads its names; `None` where it is no plain file of UTF-8 JSON Lines.
    pub(super) fn open(path: &Path, name: &str, reading: &Reading) -> Result<Option<Self>> {
        let format = reading.format.unwrap_or_else(|| Format::of_name(name));
        let plain = format == Format::JsonLines
            && reading.skip_lines == 0
            && reading.encoding.is_none()
            && path.is_file();
        if !plain {
            return Ok(None);
        }
        let open = || -> Result<BufReader<File>> {
            let file = File::open(path).map_err(|error| {
                Error::new(Kind::File, format!("`{}` cannot be read: {error}", path.display()))
            })?;
            Ok(BufReader::with_capacity(1 << 20, file))
        };
        let mut names = Self {
            table: Table { name: name.to_owned(), ..Table::default() },
            file: open()?,
            hashing: Hashing::default(),
            line: 0,
        };
        while let Some(line) = names.next_line() {
            let Ok(line) = line else { return Ok(None) };
            names.table.push_line(&line, names.line);
            names.table.records.clear();
        }
        let table = names.table;
        Ok(Some(Self { table, file: open()?, hashing: Hashing::default(), line: 0 }))
    }

    /// The column names.
    pub(super) fn header(&self) -> &[String] {
        &self.table.header
    }

    /// At most so many records more; an error where the file is no longer what it was.
    pub(super) fn run(&mut self, most: usize) -> Result<Vec<Record>> {
        let names = self.table.header.len();
        while self.table.records.len() < most {
            let Some(line) = self.next_line() else { break };
            let changed = || Error::new(Kind::File, "the catalogue changes while it is read");
            let line = line.map_err(|_| changed())?;
            self.table.push_line(&line, self.line);
            if self.table.header.len() != names {
                return Err(changed());
            }
        }
        Ok(std::mem::take(&mut self.table.records))
    }

    /// The hash of what was read.
    pub(super) fn hash(self) -> String {
        self.hashing.finish()
    }

    fn next_line(&mut self) -> Option<std::io::Result<String>> {
        let mut line = String::new();
        match self.file.read_line(&mut line) {
            Ok(0) => None,
            Ok(_) => {
                self.hashing.update(line.as_bytes());
                self.line += 1;
                line.truncate(line.trim_end_matches(['\n', '\r']).len());
                if self.line == 1 && line.starts_with('\u{feff}') {
                    line.drain(..'\u{feff}'.len_utf8());
                }
                Some(Ok(line))
            }
            Err(error) => Some(Err(error)),
        }
    }
}
