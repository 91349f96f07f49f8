//! Delimited text in runs of whole records, for files of any size.
//!
//! A run is split in one pass ([`Grid`]). Text on which that and RFC 4180 could differ is told
//! apart: it is for the reader that takes a file whole.

use std::borrow::Cow;
use std::io::{ErrorKind, Read};
use std::sync::{Arc, Mutex, PoisonError};

use memchr::{memchr_iter, memrchr};

use super::Record;
use super::delimited::{Lines, column_name, delimiter as separator, detect};
use super::grid::{Extent, Grid, bare};
use crate::quantity::Word;

/// How much is read at once.
const CHUNK: usize = 1 << 18;
/// No record is longer than this.
pub(super) const RECORD_MAX: usize = 1 << 24;

/// Why a text has to be read whole.
#[derive(Debug)]
pub enum Odd {
    /// Its quoting, line ends, record lengths or encoding are not plain.
    Form,
    /// It cannot be read at all.
    Read(std::io::Error),
}

/// A run of whole records.
#[derive(Debug, Default)]
pub struct Chunk {
    /// The text.
    pub text: Vec<u8>,
    /// The line where it begins, counted from one.
    pub line: usize,
    /// Its place among the runs, counted from nought.
    pub number: usize,
}

/// Cuts a text into runs of whole records.
pub struct Chunks<R> {
    from: R,
    rest: Vec<u8>,
    line: usize,
    number: usize,
    ended: bool,
    /// Whether line ends inside quotes end no record.
    quoted: bool,
    /// How much is read at once.
    step: usize,
    spares: Arc<Spares>,
}

/// Memory of runs that are done with, for runs to come.
#[derive(Debug, Default)]
pub struct Spares(Mutex<Vec<Vec<u8>>>);

impl Spares {
    /// Takes back the memory of a run.
    pub fn give(&self, chunk: Chunk) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(chunk.text);
    }

    fn take(&self) -> Vec<u8> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default()
    }
}

impl<R: Read> Chunks<R> {
    /// Cuts delimited text, the first line of which has this number.
    pub fn new(from: R, line: usize) -> Self {
        let (rest, spares, step) = (Vec::new(), Arc::default(), CHUNK);
        Self { from, rest, line, number: 0, ended: false, quoted: true, step, spares }
    }

    /// Cuts text of which every line is a record of so many fields, whether or not it fills them:
    /// the more there are, the fewer lines at once.
    pub fn of_lines(from: R, line: usize, fields: usize) -> Self {
        Self { quoted: false, step: CHUNK / (1 + fields / 32), ..Self::new(from, line) }
    }

    /// Where runs that are done with may be given back.
    pub fn spares(&self) -> Arc<Spares> {
        Arc::clone(&self.spares)
    }

    /// Reads up to `step` bytes more behind the first `filled`, or to the end; gives how many
    /// bytes the text has then. What lies behind them means nothing.
    fn fill(&mut self, text: &mut Vec<u8>, mut filled: usize) -> Result<usize, Odd> {
        let wanted = filled + self.step.max(1);
        text.resize(text.len().max(wanted), 0);
        while filled < wanted {
            let room = text.get_mut(filled..wanted).unwrap_or_default();
            match self.from.read(room) {
                Ok(0) => {
                    self.ended = true;
                    break;
                }
                Ok(count) => filled += count,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(Odd::Read(error)),
            }
        }
        Ok(filled)
    }
}

impl<R: Read> Iterator for Chunks<R> {
    type Item = Result<Chunk, Odd>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut text = self.spares.take();
        let mut filled = self.rest.len();
        text.resize(text.len().max(filled), 0);
        text.iter_mut().zip(self.rest.drain(..)).for_each(|(into, byte)| *into = byte);
        loop {
            match self.fill(&mut text, filled) {
                Ok(more) => filled = more,
                Err(odd) => return Some(Err(odd)),
            }
            let read = text.get(..filled).unwrap_or_default();
            let end = match (self.ended, self.quoted) {
                (true, _) => Some(filled),
                (false, true) => last_end(read),
                (false, false) => memrchr(b'\n', read).map(|at| at + 1),
            };
            if let Some(end) = end {
                self.rest.extend_from_slice(read.get(end..).unwrap_or_default());
                text.truncate(end);
                break;
            }
            if filled > RECORD_MAX {
                return Some(Err(Odd::Form));
            }
        }
        if text.is_empty() {
            return None;
        }
        let (line, number) = (self.line, self.number);
        self.line += memchr_iter(b'\n', &text).count();
        self.number += 1;
        Some(Ok(Chunk { text, line, number }))
    }
}

/// Behind the last line end that stands outside quotes: an even number of quotes stands before it.
fn last_end(text: &[u8]) -> Option<usize> {
    let mut quotes = memchr_iter(b'"', text).count();
    let mut rest = text;
    loop {
        let at = memrchr(b'\n', rest)?;
        let (before, line) = rest.split_at(at);
        quotes -= memchr_iter(b'"', line).count();
        if quotes.is_multiple_of(2) {
            return Some(at + 1);
        }
        rest = before;
    }
}

/// One record, its fields as they stand in the text.
#[derive(Debug, Clone, Copy)]
pub struct Raw<'r> {
    text: &'r [u8],
    /// Where each field ends, the separator before the first one in front.
    ends: &'r [u32],
    /// The place of its first field among all fields of the text.
    first: u32,
    /// Whether lines may end with a carriage return.
    returns: bool,
}

impl<'r> Raw<'r> {
    /// The place of the first field among all fields of the text.
    pub fn first(&self) -> u32 {
        self.first
    }

    /// How many fields there are.
    pub fn width(&self) -> usize {
        self.ends.len().saturating_sub(1)
    }

    /// The byte of the text behind which the record begins.
    pub fn start(&self) -> usize {
        self.ends.first().map_or(0, |before| before.wrapping_add(1) as usize)
    }

    /// Where a field begins and ends, quotes and all.
    #[inline(always)]
    fn span(&self, at: usize) -> (u32, u32) {
        match self.ends.get(at..at + 2) {
            Some([before, end]) => (before.wrapping_add(1), *end),
            _ => (0, 0),
        }
    }

    /// A field without its quotes; empty where the record is too short. Doubled quotes inside stay
    /// doubled.
    #[inline(always)]
    pub fn field(&self, at: usize) -> &'r [u8] {
        let (from, mut to) = self.span(at);
        let last = to.checked_sub(1).filter(|last| self.returns && *last >= from);
        if let Some(last) = last
            && at + 1 == self.width()
            && self.text.get(last as usize) == Some(&b'\r')
        {
            to = last;
        }
        bare(self.text, from, to)
    }

    /// Whether a field stands in quotes.
    #[inline(always)]
    pub fn is_quoted(&self, at: usize) -> bool {
        let (from, to) = self.span(at);
        from < to && self.text.get(from as usize) == Some(&b'"')
    }

    /// Whether a field is empty.
    pub fn is_blank(&self, at: usize) -> bool {
        self.field(at).is_empty()
    }

    /// A field's text.
    pub fn text(&self, at: usize) -> Cow<'r, str> {
        let text = String::from_utf8_lossy(self.field(at));
        let doubled = self.is_quoted(at) && text.contains('"');
        if doubled { Cow::Owned(text.replace("\"\"", "\"")) } else { text }
    }

    /// The record as the whole reader gives it, where the header has `width` columns.
    pub fn record(&self, line: usize, width: usize) -> Record {
        let fields: Vec<String> = (0..self.width()).map(|at| self.text(at).into_owned()).collect();
        let fault = (fields.len() != width)
            .then(|| format!("the row has {} fields, the header has {width}", fields.len()));
        Record { line, fields, fault, ..Record::default() }
    }
}

/// For each length of up to sixteen bytes, the bits that a field has of two numbers.
#[expect(clippy::indexing_slicing, reason = "worked out when the program is built")]
const KEPT: [[u64; 2]; 17] = {
    let mut kept = [[0; 2]; 17];
    let mut length = 1;
    while length < 17 {
        let all = u128::MAX >> (128 - 8 * length);
        kept[length] = [all as u64, (all >> 64) as u64];
        length += 1;
    }
    kept
};

/// The last few bytes of a text as a number, where fewer follow than are read at once.
#[cold]
fn near_end(text: &[u8], from: usize) -> u128 {
    let bytes = text.get(from..).unwrap_or_default();
    bytes.iter().rev().fold(0, |all, byte| all << 8 | u128::from(*byte))
}

impl Chunk {
    /// Splits the text into its records that are not blank.
    pub fn rows<'r>(&'r self, grid: &'r mut Grid, delimiter: u8) -> Result<Rows<'r>, Odd> {
        grid.split(&self.text, delimiter)?;
        Ok(Rows {
            text: &self.text,
            ends: grid.ends(),
            filled: grid.filled(),
            records: grid.records(),
            returns: grid.returns(),
            hollow: grid.hollow(),
        })
    }

    /// Counts lines along the text; records are asked for in their order.
    pub fn lines(&self) -> Lines<'_> {
        Lines { bytes: &self.text, at: 0, line: self.line }
    }
}

/// The records of a text that was split.
#[derive(Debug, Clone, Copy)]
pub struct Rows<'r> {
    text: &'r [u8],
    ends: &'r [u32],
    filled: &'r [u8],
    records: &'r [Extent],
    returns: bool,
    hollow: bool,
}

/// Of how many fields of a record [`Rows::filled`] says whether they have bytes.
pub const FILLED: usize = 57;

impl<'r> Rows<'r> {
    /// How many there are.
    pub fn count(&self) -> usize {
        self.records.len()
    }

    /// A record.
    #[inline(always)]
    pub fn get(&self, at: usize) -> Option<Raw<'r>> {
        self.records.get(at).map(|extent| self.raw(*extent))
    }

    /// Whether a field that is empty may have bytes: quotes, or a carriage return behind it.
    #[inline(always)]
    pub fn is_hollow(&self) -> bool {
        self.hollow
    }

    /// Which of the first [`FILLED`] fields of the record that begins at a place have bytes; bits
    /// above those mean nothing.
    #[inline(always)]
    pub fn filled(&self, first: u32) -> u64 {
        let bytes = self.filled.get(first as usize / 8..).and_then(|rest| rest.first_chunk());
        u64::from_le_bytes(bytes.copied().unwrap_or_default()) >> (first % 8)
    }

    /// The fields that stand `at` fields behind the first one of any record.
    #[inline(always)]
    pub fn column(&self, at: usize) -> Column<'r> {
        Column { text: self.text, ends: self.ends.get(at..).unwrap_or_default() }
    }

    /// The records in their order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Raw<'r>> + use<'r> {
        let rows = *self;
        rows.records.iter().map(move |extent| rows.raw(*extent))
    }

    #[inline(always)]
    fn raw(&self, extent: Extent) -> Raw<'r> {
        let Self { text, ends, returns, .. } = *self;
        Raw { text, ends: extent.of(ends), first: extent.first, returns }
    }
}

/// The fields of one column.
#[derive(Debug, Clone, Copy)]
pub struct Column<'r> {
    text: &'r [u8],
    ends: &'r [u32],
}

impl Column<'_> {
    /// The field of the record whose first field has this place, with its quotes, and with a
    /// carriage return behind it.
    #[inline(always)]
    pub fn word(&self, first: u32) -> Word {
        let (from, length) = self.span(first);
        let bytes = match self.text.get(from..from + 8).and_then(|eight| eight.first_chunk()) {
            Some(bytes) => u64::from_le_bytes(*bytes),
            None => near_end(self.text, from) as u64,
        };
        Word { bytes, length }
    }

    /// The same of up to eight bytes as a number, its first byte the lowest; noughts behind it.
    #[inline(always)]
    pub fn eight(&self, first: u32) -> Option<u64> {
        let Word { bytes, length } = self.word(first);
        KEPT.get(length as usize).filter(|_| length <= 8).map(|[low, _]| bytes & low)
    }

    /// The same of up to sixteen bytes as two numbers, its first byte the lowest of the first one;
    /// noughts behind it.
    #[inline(always)]
    pub fn sixteen(&self, first: u32) -> Option<[u64; 2]> {
        self.short(first).map(|(bytes, _)| bytes)
    }

    /// The same with its length.
    #[inline(always)]
    pub fn short(&self, first: u32) -> Option<([u64; 2], usize)> {
        let (from, length) = self.span(first);
        let bytes = match self.text.get(from..from + 16).and_then(|bytes| bytes.first_chunk()) {
            Some(bytes) => u128::from_le_bytes(*bytes),
            None => near_end(self.text, from),
        };
        let [low, high] = KEPT.get(length as usize)?;
        Some(([bytes as u64 & low, (bytes >> 64) as u64 & high], length as usize))
    }

    /// Where a field begins, and how long it is.
    #[inline(always)]
    fn span(&self, first: u32) -> (usize, u32) {
        let first = first as usize;
        let Some([before, end]) = self.ends.get(first..first + 2) else { return (0, 0) };
        let from = before.wrapping_add(1);
        (from as usize, end.wrapping_sub(from))
    }
}

/// The header of a text that begins with this run, and what separates its fields; `None` where the
/// text has to be read whole.
pub fn header(first: &Chunk, delimiter: Option<char>) -> Option<(Vec<String>, u8)> {
    let delimiter = match delimiter {
        Some(declared) => separator(declared).ok()?,
        None => detect(str::from_utf8(&first.text).ok()?),
    };
    let mut grid = Grid::default();
    let raw = first.rows(&mut grid, delimiter).ok()?.get(0)?;
    // A first line of blanks is a header that names nothing, for the reader that says so.
    let before = first.text.get(..raw.start())?;
    if before.iter().any(|byte| !matches!(byte, b'\r' | b'\n')) {
        return None;
    }
    let header = (0..raw.width()).map(|at| column_name(&raw.text(at)));
    Some((header.collect(), delimiter))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::{Reading, read};

    /// Every record of a text by the fast reader, cut into runs of `step` bytes at most; `None`
    /// where the text is odd.
    fn fast(text: &[u8]) -> Option<Vec<(usize, Vec<String>)>> {
        let mut found = Vec::new();
        for chunk in Chunks::new(text, 1) {
            let chunk = chunk.ok()?;
            let (mut lines, mut grid) = (chunk.lines(), Grid::default());
            for raw in chunk.rows(&mut grid, b',').ok()?.iter() {
                let line = lines.line_at(raw.start());
                found.push((line, raw.record(line, raw.width()).fields));
            }
        }
        Some(found)
    }

    #[test]
    fn plain_text_is_split_as_the_whole_reader_splits_it() {
        for (text, odd) in [
            ("id,note\n1,a\n2,b\n", false),
            ("id,note\r\n1,a\r\n\r\n2,b\r\n", false),
            ("id,note\n1,\"two\nlines\"\n\n2,\"say \"\"yes\"\"\"\n", false),
            ("id,note\n1,\"a,b\"\n,\n2,\"\"\n3,c", false),
            ("id,note\n1,10\" disc\n2,b\n", true),
            ("id,note\n1,\"a\"b\n2,c\n", true),
            ("id,note\r1,a\r2,b\r", true),
        ] {
            let table = read("x.csv", text.as_bytes(), &Reading::default()).expect("a table");
            let rows = table.records.into_iter().map(|r| (r.line, r.fields));
            let whole: Vec<_> = [(1, table.header)].into_iter().chain(rows).collect();
            let fast = fast(text.as_bytes());
            assert_eq!(fast.is_none(), odd, "{text:?}");
            assert!(odd || fast == Some(whole), "{text:?}");
        }
        assert!(fast(b"a,b\n1,\xB5m\n").is_none(), "not UTF-8");
    }

    #[test]
    fn runs_end_at_record_ends_whatever_their_length() {
        let row = |n: usize| format!("{n},\"{}\n{}\"\n", "x".repeat(n % 977), "y".repeat(n % 13));
        let text: String =
            std::iter::once("id,note\n".to_owned()).chain((0..9000).map(row)).collect();
        let rows = fast(text.as_bytes()).expect("plain");
        assert_eq!(rows.len(), 9001);
        let table = read("x.csv", text.as_bytes(), &Reading::default()).expect("a table");
        let whole: Vec<_> = table.records.into_iter().map(|r| (r.line, r.fields)).collect();
        assert!(rows[1..] == whole[..]);
        assert!(Chunks::new(text.as_bytes(), 1).count() > 2);
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(3000))]

        /// The oracle is the csv crate, behind the whole reader.
        #[test]
        fn whatever_the_text_it_is_split_as_the_whole_reader_splits_it_or_left_to_it(
            parts in proptest::collection::vec(0usize..24, 0..120)
        ) {
            const PARTS: [&str; 24] = [
                "a", "b1", ",", ",", ",", "\n", "\n", "\r\n", "\"", "\"", "\"\"", "\",\"", " ",
                ",\"x, y\",", ",\"p\nq\"\n", "\"\"\n", "\u{b5}m", "0.25", "12345678901234567890",
                "\r", "\" \"", ",\"\"\"z\"\"\"\n", "\u{e9}\u{20ac}", "long text, with a comma",
            ];
            let text: String = parts.iter().filter_map(|part| PARTS.get(*part)).copied().collect();
            let text = format!("id,note\n{text}");
            if let Some(found) = fast(text.as_bytes()) {
                let table = read("x.csv", text.as_bytes(), &Reading::default());
                let table = table.expect("plain text is a table");
                let rows = table.records.into_iter().map(|r| (r.line, r.fields));
                let whole: Vec<_> = std::iter::once((1, table.header)).chain(rows).collect();
                proptest::prop_assert_eq!(found, whole, "{:?}", text);
            }
        }
    }
}
