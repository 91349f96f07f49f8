//! JSON and TOML objects as rows; nested names are joined by points, as in `axis.X.travel`.

use std::borrow::Cow;

use serde_json::Value;

use super::delimited::skip_lines;
use super::{Document, Names, Node, Record, Table};
use crate::error::{Error, Kind, Place, Result};

/// Fills the table from JSON (an array of objects or one object) or from JSON Lines, behind so many
/// lines.
pub(super) fn read_json(table: &mut Table, text: &str, lines: Option<usize>) -> Result<()> {
    let mut names = Names::default();
    if let Some(skip) = lines {
        let (skipped, text) = skip_lines(text, skip);
        let rows =
            text.lines().zip(skipped + 1..).filter_map(|(line, number)| names.line(line, number));
        table.records = rows.collect();
        names.finish(table);
        return Ok(());
    }
    let value: Value = serde_json::from_str(text).map_err(|error| {
        let start = line_start(text, error.line()) + error.column().saturating_sub(1);
        Error::new(Kind::Form, format!("this is not JSON: {error}")).at(Place::of(
            &table.name,
            text,
            start..start + 1,
        ))
    })?;
    match value {
        Value::Array(items) => {
            table.records = items.iter().zip(1..).map(|(item, at)| names.item(item, at)).collect();
        }
        object @ Value::Object(_) => table.records = vec![names.item(&object, 1)],
        _ => {
            let text = format!("`{}` holds neither a JSON object nor an array of them", table.name);
            return Err(Error::new(Kind::Form, text));
        }
    }
    names.finish(table);
    Ok(())
}

/// Fills the table from the one machine of a TOML document.
pub(super) fn read_toml(table: &mut Table, text: &str) -> Result<()> {
    let document = Document::parse(&table.name, text)?;
    let mut flat = Vec::new();
    for (key, node) in document.root()?.iter() {
        flatten_toml(key, &node, &mut flat)?;
    }
    *table = Table {
        notes: std::mem::take(&mut table.notes),
        ..Table::of_record(&table.name, flat, "")
    };
    Ok(())
}

/// A TOML table as named fields with their lines, nested names joined by points.
pub fn flat_record(node: &Node<'_>, out: &mut Vec<(String, String, usize)>) -> Result<()> {
    for (key, inner) in node.table()?.iter() {
        flatten_toml(key, &inner, out)?;
    }
    Ok(())
}

impl Table {
    /// A table of one record from named fields with their lines; where no field is an `id`, one
    /// is added.
    pub fn of_record(name: &str, fields: Vec<(String, String, usize)>, id: &str) -> Self {
        let mut table = Self { name: name.to_owned(), ..Self::default() };
        let mut record = Record { line: 1, ..Record::default() };
        let named = fields.iter().any(|(key, _, _)| key == "id");
        let id = (!named && !id.is_empty()).then(|| ("id".to_owned(), id.to_owned(), 1));
        for (key, value, line) in id.into_iter().chain(fields) {
            table.header.push(key);
            record.fields.push(value);
            record.field_lines.push(line);
        }
        table.records.push(record);
        table
    }
}

/// The text of an object that holds nothing.
const NOTHING: &str = "{}";

fn line_start(text: &str, line: usize) -> usize {
    text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum()
}

pub(super) fn flatten_json(
    name: Cow<'_, str>,
    value: &Value,
    sink: &mut impl FnMut(Cow<'_, str>, String),
) {
    match value {
        Value::Null => sink(name, String::new()),
        // What holds nothing is there all the same: an axis of which nothing is known, say.
        Value::Object(object) if object.is_empty() => sink(name, NOTHING.to_owned()),
        Value::Object(object) => {
            for (key, inner) in object {
                flatten_json(Cow::Owned(format!("{name}.{key}")), inner, sink);
            }
        }
        Value::Array(items) if items.iter().any(Value::is_object) => {
            for (at, item) in items.iter().enumerate() {
                let label = item.get("name").or_else(|| item.get("letter"));
                let label = label.and_then(Value::as_str).map_or(at.to_string(), str::to_owned);
                flatten_json(Cow::Owned(format!("{name}.{label}")), item, sink);
            }
        }
        Value::Array(items) => {
            let texts: Vec<String> = items.iter().map(scalar).collect();
            sink(name, texts.join(" / "));
        }
        other => sink(name, scalar(other)),
    }
}

fn scalar(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Bool(truth) => if *truth { "yes" } else { "no" }.to_owned(),
        other => other.to_string(),
    }
}

fn flatten_toml(name: &str, node: &Node<'_>, out: &mut Vec<(String, String, usize)>) -> Result<()> {
    if let Some(fields) = node.as_table() {
        if fields.is_empty() {
            out.push((name.to_owned(), NOTHING.to_owned(), node.place().line));
        }
        for (key, inner) in fields.iter() {
            flatten_toml(&format!("{name}.{key}"), &inner, out)?;
        }
        return Ok(());
    }
    let text = match node.as_array() {
        Some(items) => items.iter().map(Node::scalar).collect::<Result<Vec<_>>>()?.join(" / "),
        None => node.scalar()?,
    };
    out.push((name.to_owned(), text, node.place().line));
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::table::{Reading, read};

    #[test]
    fn nested_json_becomes_columns_with_points() {
        let text = r#"[{"id":"a","axis":[{"letter":"X","travel":"1 m"}],
            "process":["milling","turning"]},{"id":"b","nc":true,"axis":{"X":{"travel":0.5}}}]"#;
        let table = read("x.json", text.as_bytes(), &Reading::default()).expect("a table");
        assert_eq!(table.header, ["id", "axis.X.letter", "axis.X.travel", "process", "nc"]);
        assert_eq!(table.records[0].field(3), "milling / turning");
        assert_eq!(table.records[1].field(2), "0.5");
        assert_eq!(table.records[1].field(4), "yes");
    }

    #[test]
    fn an_object_that_holds_nothing_is_a_field_all_the_same() {
        for (name, text) in [
            ("x.toml", "id = \"a\"\n[axis.X]\n[axis.Y]\nupr = \"1 um\"\n"),
            ("x.json", r#"{"id":"a","axis":{"X":{},"Y":{"upr":"1 um"}}}"#),
        ] {
            let table = read(name, text.as_bytes(), &Reading::default()).expect("a table");
            assert_eq!(table.header, ["id", "axis.X", "axis.Y.upr"]);
            assert_eq!(table.records[0].fields, ["a", "{}", "1 um"]);
        }
    }

    #[test]
    fn a_bad_line_of_json_lines_is_set_aside_alone() {
        let table = read("x.jsonl", b"{\"id\":1}\n{oops\n{\"id\":2}\n", &Reading::default())
            .expect("a table");
        let faults: Vec<bool> = table.records.iter().map(|r| r.fault.is_some()).collect();
        assert_eq!(faults, [false, true, false]);
        assert_eq!(table.records[2].line, 3);
    }

    #[test]
    fn a_toml_machine_is_one_record_with_lines() {
        let text = "id = \"a\"\nprocess = [\"milling\"]\n[axis.X]\ntravel = \"500 mm\"\n";
        let table = read("x.toml", text.as_bytes(), &Reading::default()).expect("a table");
        assert_eq!(table.header, ["id", "process", "axis.X.travel"]);
        assert_eq!(table.records[0].line_of(2), 4);
    }
}
