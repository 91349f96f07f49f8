//! Comma, semicolon, tab and bar separated values.

use super::{Reading, Record, Table};
use crate::error::{Error, Kind, Result};

/// Fills the table from delimited text.
///
/// A row with more or fewer fields than the header is kept with its fault.
pub(super) fn read(table: &mut Table, text: &str, reading: &Reading) -> Result<()> {
    let (skipped, body) = skip_lines(text, reading.skip_lines);
    let delimiter = match reading.delimiter {
        Some(declared) => u8::try_from(declared).map_err(|_| {
            Error::usage(format!("`{declared}` cannot separate fields"))
                .help("the delimiter is one ASCII character: a comma, semicolon, tab or bar")
        })?,
        None => detect(body),
    };
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .from_reader(body.as_bytes());
    let mut row = csv::StringRecord::new();
    let mut width = None;
    let mut lines = Lines { bytes: body.as_bytes(), at: 0, line: skipped + 1 };
    loop {
        match reader.read_record(&mut row) {
            Ok(false) => return Ok(()),
            Ok(true) => {}
            Err(error) => {
                let text = format!("`{}`: {error}", table.name);
                return Err(Error::new(Kind::Form, text));
            }
        }
        let start = row.position().map_or(0, csv::Position::byte);
        let line = lines.line_at(usize::try_from(start).unwrap_or(usize::MAX));
        match width {
            None => {
                table.header = row.iter().map(|field| field.trim().to_owned()).collect();
                width = Some(row.len());
            }
            Some(_) if row.iter().all(|field| field.trim().is_empty()) => {}
            Some(wanted) => {
                let fields = row.iter().map(str::to_owned).collect();
                let fault = (row.len() != wanted)
                    .then(|| format!("the row has {} fields, the header has {wanted}", row.len()));
                table.records.push(Record { line, fields, fault, ..Record::default() });
            }
        }
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
        let passed = self.bytes.get(self.at..first).unwrap_or_default();
        self.line += passed.iter().filter(|b| **b == b'\n').count();
        self.at = first;
        self.line
    }
}

/// How many lines were passed over, and the text behind them.
fn skip_lines(text: &str, count: usize) -> (usize, &str) {
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
pub(super) fn detect(text: &str) -> u8 {
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
    use crate::table::{Reading, read};

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
}
