//! JSON objects as rows: the names of their fields are the columns.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;

use serde::Deserializer;
use serde::de::{DeserializeSeed, Error, MapAccess, Visitor};
use serde_json::value::RawValue;
use serde_json::{Map, Number, Value};

use super::flat::flatten_json;
use super::{Chunk, Odd, Record, Table};

/// The names of the fields of JSON objects, in the order in which they appear.
///
/// They grow with every new one, so that the rows of a file may be read and let go run by run once
/// its names are known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Names {
    list: Vec<String>,
    places: HashMap<String, usize>,
}

/// Lines of JSON that follow each other, as a screening reads them.
#[derive(Debug)]
pub enum Lines {
    /// Objects of plain values, a row of delimited text each.
    Plain(Chunk),
    /// Other lines.
    Other(Vec<Record>),
}

impl Lines {
    /// What separates the fields of plain lines.
    pub const DELIMITER: u8 = b',';
}

impl Names {
    /// The names.
    pub fn list(&self) -> &[String] {
        &self.list
    }

    /// Takes up the names of a run of lines; [`Odd::Form`] where it is not UTF-8.
    pub fn learn(&mut self, chunk: &Chunk) -> Result<(), Odd> {
        let mut cells = Vec::new();
        for line in text_of(chunk)?.lines() {
            cells.resize(self.list.len(), Cow::Borrowed(""));
            if !self.plain(line, &mut cells) {
                self.line(line, 0);
            }
        }
        Ok(())
    }

    /// The records of a run of lines; [`Odd::Form`] where it is not UTF-8.
    pub fn records(&mut self, chunk: &Chunk) -> Result<Vec<Record>, Odd> {
        let numbered = text_of(chunk)?.lines().zip(chunk.line..);
        Ok(numbered.filter_map(|(line, number)| self.line(line, number)).collect())
    }

    /// A run of lines under these names, objects of plain values without reading what they say.
    pub fn lines(&self, chunk: &Chunk) -> Result<Vec<Lines>, Odd> {
        let mut own = self.clone();
        let mut all = Vec::new();
        let mut cells = vec![Cow::Borrowed(""); self.list.len()];
        let begun = |line| Chunk { text: Vec::new(), line, number: chunk.number };
        let mut plain = begun(chunk.line);
        for (line, number) in text_of(chunk)?.lines().zip(chunk.line..) {
            if self.plain(line, &mut cells) {
                render(&cells, &mut plain.text);
            } else if let Some(record) = own.line(line, number) {
                let before = std::mem::replace(&mut plain, begun(number + 1));
                match all.last_mut() {
                    Some(Lines::Other(records)) if before.text.is_empty() => records.push(record),
                    _ => all.extend([Lines::Plain(before), Lines::Other(vec![record])]),
                }
            } else {
                plain.text.push(b'\n');
            }
        }
        all.push(Lines::Plain(plain));
        self.is_still(&own).map(|()| all)
    }

    /// An error where names of the same file have become others.
    pub fn is_still(&self, later: &Self) -> Result<(), Odd> {
        match self.list.len() == later.list.len() {
            true => Ok(()),
            false => Err(Odd::Read(std::io::Error::other("it changes while it is read"))),
        }
    }

    /// Puts the texts of an object of plain values in their columns; whether the line is one, and
    /// one that delimited text holds in a line.
    fn plain<'t>(&self, line: &'t str, cells: &mut Vec<Cow<'t, str>>) -> bool {
        cells.iter_mut().for_each(|cell| *cell = Cow::Borrowed(""));
        let mut json = serde_json::Deserializer::from_str(line);
        let read = json.deserialize_map(Plain { names: self, cells });
        let fits = |cell: &Cow<'_, str>| !cell.contains(['\n', '\r', '\0']);
        read.is_ok()
            && json.end().is_ok()
            && cells.iter().all(fits)
            && cells.iter().any(|cell| !cell.trim().is_empty())
    }

    /// The record of a line of JSON Lines; a blank one has none.
    pub(super) fn line(&mut self, line: &str, number: usize) -> Option<Record> {
        if line.trim().is_empty() {
            return None;
        }
        Some(match serde_json::from_str::<Value>(line) {
            Ok(Value::Object(object)) => self.record(&object, number),
            Ok(_) => faulty(line, number, "the line is not a JSON object"),
            Err(error) => faulty(line, number, &format!("the line is not JSON: {error}")),
        })
    }

    /// The record of an entry of a JSON array.
    pub(super) fn item(&mut self, value: &Value, number: usize) -> Record {
        match value {
            Value::Object(object) => self.record(object, number),
            _ => faulty(&value.to_string(), number, "the entry is not a JSON object"),
        }
    }

    /// Gives a table its columns; rows read before a name was known have no text there.
    pub(super) fn finish(self, table: &mut Table) {
        for record in table.records.iter_mut().filter(|record| record.fault.is_none()) {
            record.fields.resize(self.list.len(), String::new());
        }
        table.header = self.list;
    }

    fn record(&mut self, object: &Map<String, Value>, line: usize) -> Record {
        let mut fields = vec![String::new(); self.list.len()];
        for (key, value) in object {
            flatten_json(Cow::Borrowed(key), value, &mut |name, text| {
                let column = self.column(name);
                fields.resize(fields.len().max(column + 1), String::new());
                if let Some(field) = fields.get_mut(column) {
                    *field = text;
                }
            });
        }
        Record { line, fields, ..Record::default() }
    }

    fn column(&mut self, name: Cow<'_, str>) -> usize {
        if let Some(column) = self.places.get(&*name) {
            return *column;
        }
        let (name, column) = (name.into_owned(), self.list.len());
        self.list.push(name.clone());
        self.places.insert(name, column);
        column
    }
}

fn text_of(chunk: &Chunk) -> Result<&str, Odd> {
    str::from_utf8(&chunk.text).map_err(|_| Odd::Form)
}

fn faulty(text: &str, line: usize, fault: &str) -> Record {
    let (fields, fault) = (vec![text.to_owned()], Some(fault.to_owned()));
    Record { line, fields, fault, ..Record::default() }
}

/// Adds a row of delimited text.
fn render(cells: &[Cow<'_, str>], text: &mut Vec<u8>) {
    for (at, cell) in cells.iter().enumerate() {
        if at > 0 {
            text.push(Lines::DELIMITER);
        }
        let bytes = cell.as_bytes();
        if memchr::memchr2(Lines::DELIMITER, b'"', bytes).is_none() {
            text.extend_from_slice(bytes);
        } else {
            text.push(b'"');
            text.extend_from_slice(cell.replace('"', "\"\"").as_bytes());
            text.push(b'"');
        }
    }
    text.push(b'\n');
}

/// Reads an object of plain values, known names only.
struct Plain<'n, 'c, 't> {
    names: &'n Names,
    cells: &'c mut Vec<Cow<'t, str>>,
}

impl<'t> Visitor<'t> for Plain<'_, '_, 't> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of plain values")
    }

    fn visit_map<A: MapAccess<'t>>(self, mut map: A) -> Result<(), A::Error> {
        let mut next = 0;
        while let Some(column) = map.next_key_seed(Name { names: self.names, next })? {
            let text = plain_text(map.next_value::<&RawValue>()?.get());
            let text = text.ok_or_else(|| A::Error::custom("more than a plain value"))?;
            if let Some(cell) = self.cells.get_mut(column) {
                *cell = text;
            }
            next = column + 1;
        }
        Ok(())
    }
}

/// Reads a name to its place; most objects give their names in the same order.
struct Name<'n> {
    names: &'n Names,
    next: usize,
}

impl<'t> DeserializeSeed<'t> for Name<'_> {
    type Value = usize;

    fn deserialize<D: Deserializer<'t>>(self, from: D) -> Result<usize, D::Error> {
        from.deserialize_str(self)
    }
}

impl Visitor<'_> for Name<'_> {
    type Value = usize;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<usize, E> {
        if self.names.list.get(self.next).is_some_and(|next| next == name) {
            return Ok(self.next);
        }
        let known = self.names.places.get(name).copied();
        known.ok_or_else(|| E::custom("a name that is not known"))
    }
}

/// The text of a plain value as it stands in JSON; `None` where it is more than one.
fn plain_text(raw: &str) -> Option<Cow<'_, str>> {
    match raw.as_bytes().first()? {
        b'"' if !raw.contains('\\') => Some(Cow::Borrowed(raw.get(1..raw.len() - 1)?)),
        b'"' => serde_json::from_str(raw).ok().map(Cow::Owned),
        b't' => Some(Cow::Borrowed("yes")),
        b'f' => Some(Cow::Borrowed("no")),
        b'n' => Some(Cow::Borrowed("")),
        b'{' | b'[' => None,
        // The whole reader spells powers of ten in its own way.
        _ if raw.contains(['e', 'E']) => {
            serde_json::from_str(raw).ok().map(|number: Number| Cow::Owned(number.to_string()))
        }
        _ => Some(Cow::Borrowed(raw)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::{Grid, Reading, read};

    fn records(text: &str) -> (Vec<String>, Vec<Record>) {
        let chunk = Chunk { text: text.as_bytes().to_vec(), line: 1, number: 0 };
        let mut names = Names::default();
        names.learn(&chunk).expect("UTF-8");
        let mut found = Vec::new();
        for lines in names.lines(&chunk).expect("known names") {
            match lines {
                Lines::Other(records) => found.extend(records),
                Lines::Plain(chunk) => {
                    let (mut lines, mut grid) = (chunk.lines(), Grid::default());
                    let rows = chunk.rows(&mut grid, Lines::DELIMITER).expect("plain");
                    let width = names.list().len();
                    let record =
                        |raw: crate::table::Raw<'_>| raw.record(lines.line_at(raw.start()), width);
                    found.extend(rows.iter().map(record));
                }
            }
        }
        (names.list, found)
    }

    #[test]
    fn numbers_keep_their_digits() {
        let text = "{\"id\":\"a\",\"upr\":0.90000000000000000001,\"t\":1.50,\"n\":-2E-7}\n";
        for records in [
            records(text).1,
            read("x.jsonl", text.as_bytes(), &Reading::default()).expect("a table").records,
            read("x.json", text.as_bytes(), &Reading::default()).expect("a table").records,
        ] {
            assert_eq!(records[0].fields, ["a", "0.90000000000000000001", "1.50", "-2e-7"]);
        }
    }

    proptest::proptest! {
        #[test]
        fn plain_lines_say_what_the_whole_reader_says(
            parts in proptest::collection::vec(
                proptest::collection::vec((0usize..8, 0usize..18), 0..6), 0..30
            )
        ) {
            const NAMES: [&str; 8] =
                ["id", "a", "b", "a", "with \\\"quotes\\\"", "\\u00b5", "", "axis.X"];
            const VALUES: [&str; 18] = [
                "1", "-0.50", "1e400", "true", "false", "null", "\"\"", "\" x \"", "\"a,b\"",
                "\"say \\\"yes\\\"\"", "\"two\\nlines\"", "\"\\u0000\"", "\"\u{b5}m\"", "[1, 2]",
                "{\"letter\": \"X\"}", "[{\"name\": \"q\", \"v\": 3}]", "oops", "\"\\u00b1\"",
            ];
            let line = |fields: &Vec<(usize, usize)>| {
                let field = |(n, v): &(usize, usize)| format!("\"{}\": {}", NAMES[*n], VALUES[*v]);
                let fields = fields.iter().map(field);
                match fields.len() {
                    5 => String::new(),
                    _ => format!("{{{}}}", fields.collect::<Vec<_>>().join(",")),
                }
            };
            let text: String = parts.iter().map(|fields| line(fields) + "\n").collect();
            let (names, found) = records(&text);
            match read("x.jsonl", text.as_bytes(), &Reading::default()) {
                Ok(table) => {
                    proptest::prop_assert_eq!(names, table.header);
                    proptest::prop_assert_eq!(found, table.records);
                }
                Err(_) => proptest::prop_assert!(names.iter().all(String::is_empty)),
            }
        }
    }
}
