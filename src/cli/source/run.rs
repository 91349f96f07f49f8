//! The rows of a file, some at a time.

use std::borrow::Cow;
use std::cell::RefCell;
use std::sync::Arc;

use super::Text;
use crate::table::{Chunk, Chunks, Lines, Names, Odd, Raw, Record, Records, Spares};

/// How many records are read at once where a text is not cut before it is read, and how many bytes
/// of them about.
const RUN: usize = 256;
const BYTES: usize = 1 << 18;

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

    /// Takes up the names of its lines.
    pub fn learn(&self, names: &mut Names) -> Result<(), Odd> {
        match self {
            Self::Lines(chunk) => names.learn(chunk),
            Self::Delimited(_) | Self::Records(..) => Ok(()),
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
            Self::Records(_, records) => records.iter().map(size).sum(),
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
    /// Lines, and whether a zero byte among them asks for another way.
    Lines(Chunks<Text<'s>>, bool),
    Records(usize, Records<Text<'s>>),
}

impl Runs<'_> {
    /// Where the memory of runs that are done with may be given back.
    pub fn spares(&self) -> Arc<Spares> {
        match self {
            Self::Delimited(chunks) | Self::Lines(chunks, _) => chunks.spares(),
            Self::Records(..) => Arc::default(),
        }
    }
}

impl Iterator for Runs<'_> {
    type Item = Result<Run, Odd>;

    fn next(&mut self) -> Option<Self::Item> {
        match self {
            Self::Delimited(chunks) => Some(chunks.next()?.map(Run::Delimited)),
            Self::Lines(chunks, wary) => {
                Some(chunks.next()?.and_then(|chunk| match *wary && chunk.text.contains(&0) {
                    true => Err(Odd::Form),
                    false => Ok(Run::Lines(chunk)),
                }))
            }
            Self::Records(number, records) => {
                let (mut run, mut bytes) = (Vec::new(), 0);
                while run.len() < RUN && bytes < BYTES {
                    match records.next() {
                        None => break,
                        Some(Ok(record)) => {
                            bytes += size(&record);
                            run.push(record);
                        }
                        Some(Err(error)) => return Some(Err(Odd::Read(error))),
                    }
                }
                *number += 1;
                (!run.is_empty()).then(|| Ok(Run::Records(*number - 1, run)))
            }
        }
    }
}

/// How many bytes of text a record takes, roughly.
fn size(record: &Record) -> usize {
    record.fields.iter().map(|field| field.len() + 1).sum()
}
