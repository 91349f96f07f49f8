//! Numbers that a file holds as numbers, in tables whose texts are written with a decimal comma.
//!
//! A workbook or a JSON document types its numbers: they have no decimal sign of their own, and
//! whoever prints them chooses one. Here they are printed with the sign of the texts beside them.

use std::io::Cursor;

use calamine::{Data, Reader};
use serde_json::Value;

use super::{Format, Reading, Table, decode, read};
use crate::error::{Error, Kind, Result};

/// Reads a table as [`read`] does, its typed numbers written with a decimal comma.
pub fn read_with_comma(name: &str, bytes: &[u8], reading: &Reading) -> Result<Table> {
    match reading.format.unwrap_or_else(|| Format::of_name(name)) {
        Format::Workbook => {
            let mut table = read(name, bytes, reading)?;
            for (line, column) in numbers(name, bytes, reading)? {
                let at = table.records.binary_search_by_key(&line, |record| record.line);
                let record = at.ok().and_then(|at| table.records.get_mut(at));
                if let Some(field) = record.and_then(|record| record.fields.get_mut(column)) {
                    *field = field.replace('.', ",");
                }
            }
            Ok(table)
        }
        format @ (Format::Json | Format::JsonLines) => {
            let (text, notes) = decode(name, bytes, reading.encoding.as_deref())?;
            let with_comma = |text: &str| match serde_json::from_str::<Value>(text) {
                Ok(mut value) => {
                    spell(&mut value);
                    value.to_string()
                }
                // What is no JSON is refused where it is read.
                Err(_) => text.to_owned(),
            };
            let text = match format {
                Format::Json => with_comma(&text),
                _ => text.lines().map(with_comma).collect::<Vec<_>>().join("\n"),
            };
            let plain = Reading { encoding: Some("utf-8".to_owned()), ..reading.clone() };
            let mut table = read(name, text.as_bytes(), &plain)?;
            table.notes.extend(notes);
            Ok(table)
        }
        Format::Delimited | Format::Toml => read(name, bytes, reading),
    }
}

/// Where the sheet that is read holds numbers: line and column.
fn numbers(name: &str, bytes: &[u8], reading: &Reading) -> Result<Vec<(usize, usize)>> {
    let broken = |error: calamine::Error| {
        Error::new(Kind::Form, format!("`{name}` is not a readable workbook: {error}"))
    };
    let mut book = calamine::open_workbook_auto_from_rs(Cursor::new(bytes)).map_err(broken)?;
    let first = || book.sheet_names().first().cloned();
    let Some(sheet) = reading.sheet.clone().or_else(first) else { return Ok(Vec::new()) };
    let range = book.worksheet_range(&sheet).map_err(broken)?;
    let top = range.start().map_or(0, |(row, _)| row as usize);
    let mut found = Vec::new();
    for (at, row) in range.rows().enumerate() {
        let typed = |cell: &&Data| matches!(cell, Data::Float(_) | Data::Int(_));
        let columns = row.iter().enumerate().filter(|(_, cell)| typed(cell));
        found.extend(columns.map(|(column, _)| (top + at + 1, column)));
    }
    Ok(found)
}

/// Numbers as texts with a comma.
fn spell(value: &mut Value) {
    match value {
        Value::Number(number) => *value = Value::String(number.to_string().replace('.', ",")),
        Value::Array(items) => items.iter_mut().for_each(spell),
        Value::Object(fields) => fields.values_mut().for_each(spell),
        Value::Null | Value::Bool(_) | Value::String(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typed_numbers_get_the_sign_of_the_texts_beside_them() {
        for (name, text) in [
            ("r.json", r#"[{"a": 10.3, "b": "10,3", "c": [1.5, 2]}, {"a": 1e-7, "b": "1.5"}]"#),
            (
                "r.jsonl",
                "{\"a\": 10.3, \"b\": \"10,3\", \"c\": [1.5, 2]}\n\n{\"a\":1e-7,\"b\":\"1.5\"}",
            ),
        ] {
            let table =
                read_with_comma(name, text.as_bytes(), &Reading::default()).expect("a table");
            assert_eq!(table.records[0].fields, ["10,3", "10,3", "1,5 / 2"], "{name}");
            assert_eq!(table.records[1].field(0), "1e-7", "{name}");
            // A text keeps its sign.
            assert_eq!(table.records[1].field(1), "1.5", "{name}");
        }
    }

    /// The check sum of a file in an archive (CRC-32).
    fn check_sum(bytes: &[u8]) -> u32 {
        let step = |sum: u32| (sum >> 1) ^ if sum & 1 == 1 { 0xEDB8_8320 } else { 0 };
        let take = |sum: u32, byte: &u8| (0..8).fold(sum ^ u32::from(*byte), |sum, _| step(sum));
        !bytes.iter().fold(u32::MAX, take)
    }

    /// An archive of files that are not compressed.
    fn archive(files: &[(&str, String)]) -> Vec<u8> {
        let (mut out, mut index) = (Vec::new(), Vec::new());
        for (name, text) in files {
            let size = u32::try_from(text.len()).expect("small").to_le_bytes();
            let length = u16::try_from(name.len()).expect("short").to_le_bytes();
            let mut head = vec![20, 0, 0, 0, 0, 0, 0, 0, 0, 0];
            head.extend(check_sum(text.as_bytes()).to_le_bytes());
            head.extend([size, size].concat());
            head.extend([length, [0, 0]].concat());
            let at = u32::try_from(out.len()).expect("small").to_le_bytes();
            out.extend([b"PK\x03\x04", &head[..], name.as_bytes(), text.as_bytes()].concat());
            index.extend(
                [b"PK\x01\x02\x14\x00", &head[..], &[0; 10], &at, name.as_bytes()].concat(),
            );
        }
        let count = u16::try_from(files.len()).expect("few").to_le_bytes();
        let [size, at] = [&index, &out].map(|part| u32::try_from(part.len()).expect("small"));
        out.extend(&index);
        out.extend([b"PK\x05\x06\0\0\0\0", &count[..], &count].concat());
        out.extend([&size.to_le_bytes()[..], &at.to_le_bytes(), &[0, 0]].concat());
        out
    }

    #[test]
    fn numbers_of_a_workbook_get_the_sign_too_and_its_texts_keep_theirs() {
        let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
        let of = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
        let package = "http://schemas.openxmlformats.org/package/2006/relationships";
        let text = |at: &str, text: &str| {
            format!("<c r=\"{at}\" t=\"inlineStr\"><is><t>{text}</t></is></c>")
        };
        let number = |at: &str, number: &str| format!("<c r=\"{at}\"><v>{number}</v></c>");
        let rows = [
            // The sheet begins in its third row.
            format!("<row r=\"3\">{}{}</row>", text("A3", "a"), text("B3", "b")),
            format!("<row r=\"4\">{}{}</row>", number("A4", "10.3"), text("B4", "1.234,5")),
            format!("<row r=\"5\">{}{}</row>", text("A5", "1.5"), number("B5", "-0.25")),
        ];
        let files = [
            (
                "_rels/.rels",
                format!(
                    "<Relationships xmlns=\"{package}\"><Relationship Id=\"r0\" \
                     Type=\"{of}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
                ),
            ),
            (
                "xl/workbook.xml",
                format!(
                    "<workbook xmlns=\"{main}\" xmlns:r=\"{of}\"><sheets><sheet name=\"Runs\" \
                     sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>"
                ),
            ),
            (
                "xl/_rels/workbook.xml.rels",
                format!(
                    "<Relationships xmlns=\"{package}\"><Relationship Id=\"r1\" \
                     Type=\"{of}/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>"
                ),
            ),
            (
                "xl/worksheets/sheet1.xml",
                format!(
                    "<worksheet xmlns=\"{main}\"><sheetData>{}</sheetData></worksheet>",
                    rows.concat()
                ),
            ),
        ];
        let bytes = archive(&files);
        let plain = read("r.xlsx", &bytes, &Reading::default()).expect("a workbook");
        assert_eq!(plain.records[0].fields, ["10.3", "1.234,5"]);
        let found = read_with_comma("r.xlsx", &bytes, &Reading::default()).expect("a workbook");
        assert_eq!(found.records[0].fields, ["10,3", "1.234,5"]);
        assert_eq!(found.records[1].fields, ["1.5", "-0,25"]);
    }
}
