//! An answer axis by axis: none is held longer than it takes to write it.

use serde::Serialize;

use crate::cli::arguments::{Common, Format};
use crate::cli::files::{self, Pending};
use crate::cli::{Answer, Failure};
use crate::error::Result;

/// An answer of which the pieces come one after the other.
pub(super) struct Pieces<'c> {
    common: &'c Common,
    pending: Pending,
    /// Whether nothing was added yet.
    empty: bool,
}

impl<'c> Pieces<'c> {
    /// An empty answer.
    pub(super) fn new(common: &'c Common) -> Result<Self> {
        Ok(Self { common, pending: Pending::new(common)?, empty: true })
    }

    /// Adds text for people, a blank line between pieces.
    pub(super) fn text(&mut self, text: &str) -> Result<()> {
        let between = if std::mem::take(&mut self.empty) { "" } else { "\n" };
        self.add(&[between, text.trim_end(), "\n"])
    }

    /// Adds rows; as CSV they come as a table, whose header only the first one keeps.
    pub(super) fn rows<R: Serialize>(
        &mut self,
        rows: &[R],
        csv: impl Fn(&[R]) -> Result<String>,
    ) -> Result<()> {
        match self.common.format {
            Format::Json => rows.iter().try_for_each(|row| {
                let before = if std::mem::take(&mut self.empty) { "[\n  " } else { ",\n  " };
                self.add(&[before, &files::json(row)?.replace('\n', "\n  ")])
            }),
            Format::Jsonl => {
                rows.iter().try_for_each(|row| self.add(&[&files::json_line(row)?, "\n"]))
            }
            Format::Csv | Format::Text => {
                let table = csv(rows)?;
                let body = table.split_once('\n').map_or("", |(_, body)| body);
                let first = std::mem::take(&mut self.empty);
                self.add(&[if first { &table } else { body }])
            }
        }
    }

    /// Puts the answer in its place.
    pub(super) fn finish(mut self) -> std::result::Result<Answer, Failure> {
        if self.common.format == Format::Json {
            let end = if self.empty { "[]\n" } else { "\n]\n" };
            self.add(&[end])?;
        }
        self.pending.finish(self.common)?;
        Ok(Answer::Done)
    }

    fn add(&mut self, texts: &[&str]) -> Result<()> {
        self.pending.add(|held| texts.iter().for_each(|text| held.extend(text.as_bytes())))
    }
}
