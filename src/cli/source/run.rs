//! The rows of a file, some at a time.

use std::borrow::Cow;
use std::cell::RefCell;
use std::sync::Arc;

use super::Text;
use crate::table::{Chunk, Chunks, Lines, Odd, Raw, Record, Records, Spares};

/// How many records are read at once where a text is not cut before it is read.
const RUN: usize = 256;

/// Some records that follow each other.
pub(in crate::cli) enum Run {
    /// Delimited text with ordinary quoting.
    Delimited(Chunk),
    /// Lines of JSON.
    Lines(Chunk),
    /// Records that were read already, with their place among the runs.
    Records(usize, Vec<Record>),
}

impl Run {
    /// Its place among the runs, counted from nought.
    pub fn number(&self) -> usize {
        match self {
            Self::Delimited(chunk) | Self::Lines(chunk) => chunk.number,
            Self::Records(number, _) => *number,
        }
    }

    /// Gives its memory back.
    pub fn give(self, spares: &Spares) {
        match self {
            Self::Delimited(chunk) | Self::Lines(chunk) => spares.give(chunk),
            Self::Records(..) => {}
        }
    }

    /// How many bytes of text it takes, roughly.
    pub fn size(&self) -> usize {
        match self {
            Self::Delimited(chunk) | Self::Lines(chunk) => chunk.text.len(),
            Self::Records(_, records) => {
                records.iter().flat_map(|record| &record.fields).map(|field| field.len() + 1).sum()
            }
        }
    }
}

/// A row, read or not.
pub(in crate::cli) enum Row<'r> {
    /// Fields as they stand, with the lines of their run and how many columns there are.
    Raw(Raw<'r>, &'r RefCell<Lines<'r>>, usize),
    /// Fields that were read.
    Record(Record),
}

impl Row<'_> {
    /// The text of a field.
    pub fn cell(&self, at: usize) -> Cow<'_, str> {
        match self {
            Self::Raw(raw, ..) => raw.text(at),
            Self::Record(record) => Cow::Borrowed(record.field(at)),
        }
    }

    /// The row, read.
    pub fn record(self) -> Record {
        match self {
            Self::Raw(raw, lines, width) => {
                raw.record(lines.borrow_mut().line_at(raw.start()), width)
            }
            Self::Record(record) => record,
        }
    }
}

/// The runs of a file, in their order.
pub(in crate::cli) enum Runs<'s> {
    Delimited(Chunks<Text<'s>>),
    Lines(Chunks<Text<'s>>),
    Records(usize, Records<Text<'s>>),
}

impl Runs<'_> {
    /// Where the memory of runs that are done with may be given back.
    pub fn spares(&self) -> Arc<Spares> {
        match self {
            Self::Delimited(chunks) | Self::Lines(chunks) => chunks.spares(),
            Self::Records(..) => Arc::default(),
        }
    }
}

impl Iterator for Runs<'_> {
    type Item = Result<Run, Odd>;

    fn next(&mut self) -> Option<Self::Item> {
        match self {
            Self::Delimited(chunks) => Some(chunks.next()?.map(Run::Delimited)),
            Self::Lines(chunks) => Some(chunks.next()?.map(Run::Lines)),
            Self::Records(number, records) => {
                let run: Result<Vec<_>, _> = records.by_ref().take(RUN).collect();
                *number += 1;
                match run {
                    Ok(records) if records.is_empty() => None,
                    Ok(records) => Some(Ok(Run::Records(*number - 1, records))),
                    Err(error) => Some(Err(Odd::Read(error))),
                }
            }
        }
    }
}
