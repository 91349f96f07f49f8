//! Delimited text in runs of whole records, for files of any size.
//!
//! A run is split by a fast reader that takes a quote anywhere as the start of a quoted stretch.
//! Text on which it and RFC 4180 could differ (a stray quote, a lone carriage return) is told
//! apart, and so is text that is not UTF-8: both are for the reader that takes a file whole.

use std::io::Read;

use memchr::{memchr, memchr_iter, memrchr};
use simd_csv::{ZeroCopyByteRecord, ZeroCopyReaderBuilder};

use super::Record;
use super::delimited::{Lines, detect};

/// How much is read at once.
const CHUNK: usize = 1 << 20;
/// No record is longer than this.
const RECORD_MAX: usize = 1 << 26;

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
}

impl<R: Read> Chunks<R> {
    /// Cuts what a reader gives; a byte-order mark of UTF-8 is passed over.
    pub fn new(from: R) -> Self {
        Self { from, rest: Vec::new(), line: 1, number: 0, ended: false }
    }

    /// Fills `text` up to `CHUNK` bytes more, or to the end.
    fn fill(&mut self, text: &mut Vec<u8>) -> Result<(), Odd> {
        let read = self.from.by_ref().take(CHUNK as u64).read_to_end(text).map_err(Odd::Read)?;
        self.ended = read == 0;
        Ok(())
    }
}

impl<R: Read> Iterator for Chunks<R> {
    type Item = Result<Chunk, Odd>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut text = Vec::with_capacity(CHUNK + self.rest.len() + 1024);
        text.append(&mut self.rest);
        loop {
            if let Err(odd) = self.fill(&mut text) {
                return Some(Err(odd));
            }
            if self.number == 0 && text.starts_with(b"\xEF\xBB\xBF") {
                text.drain(..3);
            }
            let end = if self.ended { Some(text.len()) } else { last_end(&text) };
            if let Some(end) = end {
                self.rest.extend_from_slice(text.get(end..).unwrap_or_default());
                text.truncate(end);
                break;
            }
            if text.len() > RECORD_MAX {
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
#[derive(Debug)]
pub struct Raw<'r> {
    record: ZeroCopyByteRecord<'r>,
    quoted: bool,
}

impl Raw<'_> {
    /// How many fields there are.
    pub fn width(&self) -> usize {
        self.record.len()
    }

    /// A field without its quotes; empty where the record is too short. Doubled quotes inside stay
    /// doubled.
    #[inline(always)]
    pub fn field(&self, at: usize) -> &[u8] {
        let field = self.record.get(at).unwrap_or_default();
        match field {
            [b'"', inside @ .., b'"'] if self.quoted => inside,
            field => field,
        }
    }

    /// A field's text.
    pub fn text(&self, at: usize) -> String {
        let bytes = self.record.unescape(at).unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// Whether nothing but blanks stands in it.
    fn is_blank(&self) -> bool {
        let blank = |at: usize| str::from_utf8(self.field(at)).is_ok_and(|t| t.trim().is_empty());
        blank(0) && (1..self.width()).all(blank)
    }

    /// Whether RFC 4180 reads it the same way: quotes only around whole fields, doubled inside.
    fn is_plain(&self, delimiter: u8) -> bool {
        let text = self.record.as_slice();
        let ends = |at: usize| text.get(at).is_none_or(|byte| *byte == delimiter);
        let mut quotes = memchr_iter(b'"', text).peekable();
        while let Some(opening) = quotes.next() {
            if opening.checked_sub(1).is_some_and(|before| !ends(before)) {
                return false;
            }
            // Doubled quotes stand next to each other; the first that stands alone closes.
            loop {
                match quotes.next() {
                    None => return false,
                    Some(at) if quotes.next_if_eq(&(at + 1)).is_some() => {}
                    Some(at) if ends(at + 1) => break,
                    Some(_) => return false,
                }
            }
        }
        true
    }

    /// The record as the whole reader gives it, where the header has `width` columns.
    pub fn record(&self, line: usize, width: usize) -> Record {
        let fields: Vec<String> = (0..self.width()).map(|at| self.text(at)).collect();
        let fault = (fields.len() != width)
            .then(|| format!("the row has {} fields, the header has {width}", fields.len()));
        Record { line, fields, fault, ..Record::default() }
    }
}

impl Chunk {
    /// Calls `take` with each record that is not blank and the byte of the text behind which it
    /// begins.
    pub fn records(&self, delimiter: u8, mut take: impl FnMut(&Raw<'_>, usize)) -> Result<(), Odd> {
        let lone = |at: usize| self.text.get(at + 1) != Some(&b'\n');
        if str::from_utf8(&self.text).is_err()
            || memchr(0, &self.text).is_some()
            || memchr_iter(b'\r', &self.text).any(lone)
        {
            return Err(Odd::Form);
        }
        let any_quotes = memchr(b'"', &self.text).is_some();
        let mut builder = ZeroCopyReaderBuilder::new();
        builder.delimiter(delimiter).has_headers(false).flexible(true);
        let mut reader = builder.from_reader(self.text.as_slice());
        loop {
            let start = usize::try_from(reader.position()).unwrap_or(usize::MAX);
            let record = match reader.read_byte_record() {
                Ok(Some(record)) => record,
                Ok(None) => return Ok(()),
                Err(_) => return Err(Odd::Form),
            };
            let quoted = any_quotes && memchr(b'"', record.as_slice()).is_some();
            let raw = Raw { record, quoted };
            if quoted && !raw.is_plain(delimiter) {
                return Err(Odd::Form);
            }
            if !raw.is_blank() {
                take(&raw, start);
            }
        }
    }

    /// Counts lines along the text; records are asked for in their order.
    pub fn lines(&self) -> Lines<'_> {
        Lines { bytes: &self.text, at: 0, line: self.line }
    }
}

/// The header of a text that begins with this run, and what separates its fields; `None` where the
/// text has to be read whole.
pub fn header(first: &Chunk, delimiter: Option<char>) -> Option<(Vec<String>, u8)> {
    let delimiter = match delimiter {
        Some(declared) => u8::try_from(declared).ok()?,
        None => detect(str::from_utf8(&first.text).ok()?),
    };
    let mut found: Option<Vec<String>> = None;
    let take = |raw: &Raw<'_>, _: usize| {
        found.get_or_insert_with(|| {
            (0..raw.width()).map(|at| raw.text(at).trim().to_owned()).collect()
        });
    };
    first.records(delimiter, take).ok()?;
    let named = |header: &Vec<String>| header.iter().any(|name| !name.is_empty());
    found.filter(named).map(|header| (header, delimiter))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::{Reading, read};

    /// Every record of a text by the fast reader, cut into runs of `step` bytes at most; `None`
    /// where the text is odd.
    fn fast(text: &[u8]) -> Option<Vec<(usize, Vec<String>)>> {
        let mut found = Vec::new();
        for chunk in Chunks::new(text) {
            let chunk = chunk.ok()?;
            let mut lines = chunk.lines();
            let take = |raw: &Raw<'_>, start: usize| {
                let line = lines.line_at(start);
                found.push((line, raw.record(line, raw.width()).fields));
            };
            chunk.records(b',', take).ok()?;
        }
        Some(found)
    }

    #[test]
    fn plain_text_is_split_as_the_whole_reader_splits_it() {
        for (text, odd) in [
            ("id,note\n1,a\n2,b\n", false),
            ("id,note\r\n1,a\r\n\r\n2,b\r\n", false),
            ("\u{FEFF}id,note\n1,\"two\nlines\"\n\n2,\"say \"\"yes\"\"\"\n", false),
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
        assert!(Chunks::new(text.as_bytes()).count() > 2);
    }
}
