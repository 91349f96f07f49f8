//! Comma, semicolon, tab and bar separated values.

use std::io::Read;
use std::sync::{Arc, Mutex, PoisonError};

use super::chunk::RECORD_MAX;
use super::{Reading, Record, Table};
use crate::error::{Error, Kind, Result};

/// Fills the table from delimited text.
pub(super) fn read(table: &mut Table, text: &str, reading: &Reading) -> Result<()> {
    let (skipped, body) = skip_lines(text, reading.skip_lines);
    let delimiter = match reading.delimiter {
        Some(declared) => delimiter(declared)?,
        None => detect(body),
    };
    let broken = |error| Error::new(Kind::Form, format!("`{}`: {error}", table.name));
    let mut records = Records::new(body.as_bytes(), delimiter, skipped + 1).map_err(broken)?;
    let rest = records.by_ref().collect::<std::io::Result<_>>();
    table.records = rest.map_err(broken)?;
    table.header = records.header;
    Ok(())
}

/// The byte of a declared delimiter.
pub fn delimiter(declared: char) -> Result<u8> {
    let separates = |byte: &u8| byte.is_ascii() && !matches!(byte, b'\n' | b'\r' | b'"' | 0);
    u8::try_from(declared).ok().filter(separates).ok_or_else(|| {
        Error::usage(format!("`{}` cannot separate fields", declared.escape_default()))
            .help("the delimiter is one ASCII character: a comma, semicolon, tab or bar")
    })
}

/// The name of a column; a mark of the encoding may stand before the first one.
pub(super) fn column_name(field: &str) -> String {
    field.trim_start_matches('\u{feff}').trim().to_owned()
}

/// The records of delimited text of any quoting, one after the other, as they are read.
///
/// Blank rows are passed over; a row with more or fewer fields than the header is kept with its
/// fault.
pub struct Records<R> {
    header: Vec<String>,
    rows: csv::Reader<Passing<R>>,
    passed: Arc<Mutex<Passed>>,
    row: csv::StringRecord,
}

impl<R: Read> Records<R> {
    /// Reads the header, which stands in this line or below.
    pub fn new(from: R, delimiter: u8, line: usize) -> std::io::Result<Self> {
        let passed = Arc::new(Mutex::new(Passed { line, ..Passed::default() }));
        let rows = csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .has_headers(false)
            .flexible(true)
            .from_reader(Passing { from, passed: Arc::clone(&passed) });
        let mut records = Self { header: Vec::new(), rows, passed, row: csv::StringRecord::new() };
        if records.advance()?.is_some() {
            records.header = records.row.iter().map(column_name).collect();
        }
        Ok(records)
    }

    /// The column names.
    pub fn header(&self) -> &[String] {
        &self.header
    }

    /// Reads the next row, blank or not; its line.
    fn advance(&mut self) -> std::io::Result<Option<usize>> {
        let read = self.rows.read_record(&mut self.row).map_err(|error| match error.into_kind() {
            csv::ErrorKind::Io(error) => error,
            kind => std::io::Error::other(format!("{kind:?}")),
        });
        if !read? {
            return Ok(None);
        }
        let start = self.row.position().map_or(0, csv::Position::byte);
        let mut passed = self.passed.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(Some(passed.line_at(usize::try_from(start).unwrap_or(usize::MAX))))
    }
}

impl<R: Read> Iterator for Records<R> {
    type Item = std::io::Result<Record>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let line = match self.advance() {
                Ok(line) => line?,
                Err(error) => return Some(Err(error)),
            };
            let row = &self.row;
            if row.iter().all(|field| field.trim().is_empty()) {
                continue;
            }
            let fields = row.iter().map(str::to_owned).collect();
            let wanted = self.header.len();
            let fault = (row.len() != wanted)
                .then(|| format!("the row has {} fields, the header has {wanted}", row.len()));
            return Some(Ok(Record { line, fields, fault, ..Record::default() }));
        }
    }
}

/// Bytes on their way into a reader, kept until their lines are counted.
struct Passing<R> {
    from: R,
    passed: Arc<Mutex<Passed>>,
}

impl<R: Read> Read for Passing<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.from.read(buffer)?;
        let mut passed = self.passed.lock().unwrap_or_else(PoisonError::into_inner);
        passed.keep(buffer.get(..count).unwrap_or_default());
        if passed.bytes.len() <= RECORD_MAX {
            return Ok(count);
        }
        let line = passed.line;
        let text = format!(
            "a record from line {line} on is longer than {} MiB: is a quote never closed?",
            RECORD_MAX >> 20
        );
        Err(std::io::Error::other(text))
    }
}

/// What passed and is not counted yet.
#[derive(Default)]
struct Passed {
    bytes: Vec<u8>,
    /// How many of them are counted, and how many bytes passed before the first of them.
    at: usize,
    before: usize,
    line: usize,
}

impl Passed {
    fn keep(&mut self, more: &[u8]) {
        self.before += self.at;
        self.bytes.drain(..self.at);
        self.at = 0;
        self.bytes.extend_from_slice(more);
    }

    /// The line of the record that starts at this byte of all.
    fn line_at(&mut self, start: usize) -> usize {
        let mut lines = Lines { bytes: &self.bytes, at: self.at, line: self.line };
        self.line = lines.line_at(start.saturating_sub(self.before));
        self.at = lines.at;
        self.line
    }
}

/// Counts lines once along the text; records are asked for in their order.
#[derive(Debug)]
pub struct Lines<'t> {
    pub(super) bytes: &'t [u8],
    pub(super) at: usize,
    pub(super) line: usize,
}

impl Lines<'_> {
    /// The line of the record that starts at `start` or behind the line ends there.
    pub fn line_at(&mut self, start: usize) -> usize {
        let ends = self.bytes.iter().skip(start).take_while(|b| matches!(b, b'\r' | b'\n'));
        let first = (start + ends.count()).min(self.bytes.len());
        // A carriage return alone ends a line too.
        let passed = self.bytes.get(self.at..first).unwrap_or_default();
        let lone = |pair: &[u8]| pair.first() == Some(&b'\r') && pair.get(1) != Some(&b'\n');
        self.line += passed.iter().filter(|b| **b == b'\n').count();
        self.line += (0..passed.len()).filter(|at| passed.get(*at..).is_some_and(lone)).count();
        self.at = first;
        self.line
    }
}

/// How many lines were passed over, and the text behind them.
pub(super) fn skip_lines(text: &str, count: usize) -> (usize, &str) {
    let mut rest = text;
    for skipped in 0..count {
        match rest.split_once('\n') {
            Some((_, after)) => rest = after,
            None => return (skipped, ""),
        }
    }
    (count, rest)
}

/// The delimiter that occurs most often in the header line, outside quotes.
pub fn detect(text: &str) -> u8 {
    let header = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let mut quoted = false;
    let mut counts = [(b',', 0usize), (b';', 0), (b'\t', 0), (b'|', 0)];
    for byte in header.bytes() {
        quoted ^= byte == b'"';
        for (delimiter, count) in &mut counts {
            *count += usize::from(!quoted && byte == *delimiter);
        }
    }
    // The first of the four wins a tie, so a header of one column is read as comma separated.
    let most = counts.iter().map(|(_, count)| *count).max().unwrap_or_default();
    counts.iter().find(|(_, count)| *count == most).map_or(b',', |(delimiter, _)| *delimiter)
}

#[cfg(test)]
mod tests {
    use super::Records;
    use crate::table::slow::Slow;
    use crate::table::{Reading, Record, read};

    fn rows(text: &str, reading: &Reading) -> Vec<Vec<String>> {
        let table = read("x.csv", text.as_bytes(), reading).expect("a table");
        let header = [table.header];
        header.into_iter().chain(table.records.into_iter().map(|r| r.fields)).collect()
    }

    #[test]
    fn the_delimiter_is_found_outside_quotes() {
        for text in ["a;\"b,c,d\"\n1;2\n", "a\t\"b,c,d\"\n1\t2\n", "a,\"b,c,d\"\n1,2\n"] {
            assert_eq!(rows(text, &Reading::default()), [["a", "b,c,d"], ["1", "2"]]);
        }
    }

    #[test]
    fn quotes_newlines_and_crlf_keep_their_row_and_line() {
        let text = "id,note\r\n1,\"two\nlines\"\r\n\r\n2,\"say \"\"yes\"\"\"\r\n3\r\n";
        let table = read("x.csv", text.as_bytes(), &Reading::default()).expect("a table");
        let lines: Vec<usize> = table.records.iter().map(|r| r.line).collect();
        assert_eq!(lines, [2, 5, 6]);
        assert_eq!(table.records[1].fields, ["2", "say \"yes\""]);
        assert_eq!(
            table.records[2].fault.as_deref(),
            Some("the row has 1 fields, the header has 2")
        );
    }

    #[test]
    fn title_lines_are_skipped_where_declared() {
        let reading = Reading { skip_lines: 2, ..Reading::default() };
        let table = read("x.csv", b"Title\n\na,b\n1,2\n", &reading).expect("a table");
        assert_eq!(
            (table.header.as_slice(), table.records[0].line),
            (&["a", "b"].map(String::from)[..], 4)
        );
    }

    proptest::proptest! {
        #[test]
        fn lines_are_counted_however_the_text_arrives(
            parts in proptest::collection::vec(0usize..9, 0..60), step in 1usize..9
        ) {
            const PARTS: [&str; 9] = [
                "a,b\n", "\n", "\r\n", "\"x\ny\",2\n", "\"x\r\ny\",\r\n", "c,d\r", "\"",
                "1,", "z",
            ];
            let text: String = parts.iter().map(|part| PARTS[*part]).collect();
            let text = format!("id,note\n{text}");
            let table = read("x.csv", text.as_bytes(), &Reading::default()).expect("a table");
            let slow = Slow { bytes: text.as_bytes(), step };
            let records = Records::new(slow, b',', 1).expect("a header");
            let records: Vec<Record> = records.collect::<Result<_, _>>().expect("read");
            proptest::prop_assert_eq!(&records, &table.records);
            // The oracle: where the first field of a row stands, by the csv crate's own offsets.
            let mut rows = csv::ReaderBuilder::new()
                .has_headers(false)
                .flexible(true)
                .from_reader(text.as_bytes());
            let mut lines = Vec::new();
            let mut row = csv::StringRecord::new();
            while rows.read_record(&mut row).expect("read") {
                let start = row.position().expect("a place").byte() as usize;
                let is_end = |byte: &u8| matches!(byte, b'\r' | b'\n');
                let ends = text[start..].bytes().take_while(is_end).count();
                let before = text[..start + ends].replace("\r\n", "\n").replace('\r', "\n");
                let line = before.matches('\n').count() + 1;
                if !row.iter().all(|field| field.trim().is_empty()) {
                    lines.push(line);
                }
            }
            let found: Vec<usize> = records.iter().map(|record| record.line).collect();
            proptest::prop_assert_eq!(&found, &lines[1..]);
        }
    }
}
