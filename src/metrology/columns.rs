//! Columns of raw readings: names with units at their end, numbers, errors with places.

use crate::error::{Error, Kind, Result};
use crate::quantity::{Decimal, Dimension, Style, Unit, Value, nearest, plain};
use crate::table::Record;

/// The header of a file of readings.
#[derive(Debug, Clone)]
pub(super) struct Columns {
    file: String,
    header: Vec<String>,
    /// How numbers are written.
    pub style: Style,
}

/// How many numbers were taken to the nearest count, and how far off the farthest is.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Rounding {
    count: usize,
    most: f64,
}

/// What to do where numbers have a comma that was not declared to be their sign.
const WITH_COMMA: &str = "--decimal-comma if it is the decimal sign, or, of a file in a folder of \
                          measurements, `decimal = \"comma\"` in FILE.reading.toml beside it; else \
                          write the number without the comma";
/// The same where they have a point, and the comma was declared.
const WITHOUT_COMMA: &str = "leave --decimal-comma away, or, of a file in a folder of \
                             measurements, write `decimal = \"point\"` into FILE.reading.toml \
                             beside it";

impl Columns {
    pub(super) fn new(file: &str, header: &[String]) -> Self {
        Self { file: file.to_owned(), header: header.to_vec(), style: Style::default() }
    }

    /// An error about the whole file.
    pub(super) fn fault(&self, text: &str) -> Error {
        Error::new(Kind::Content, format!("`{}`: {text}", self.file))
    }

    /// An error about one cell.
    pub(super) fn at(&self, record: &Record, column: usize, text: String) -> Error {
        Error::new(Kind::Content, format!("{}: {text}", self.place(record, column)))
    }

    /// Where a cell is: file, line, column, text.
    pub(super) fn place(&self, record: &Record, column: usize) -> String {
        let name = self.header.get(column).map_or("", String::as_str);
        let field = record.field(column).trim();
        format!("{}:{}: column `{name}`: `{field}`", self.file, record.line_of(column))
    }

    /// The name of a column.
    pub(super) fn name(&self, column: usize) -> &str {
        self.header.get(column).map_or("", String::as_str)
    }

    /// The unit of a column, which has to say it; one that it may have is named where it does not.
    pub(super) fn unit(
        &self,
        name: &str,
        unit: Option<&'static Unit>,
        such: &str,
    ) -> Result<&'static Unit> {
        unit.ok_or_else(|| {
            let name = name.trim();
            self.fault(&format!("column `{name}` does not say its unit")).help(format!(
                "write it into the header, such as `{name}_{such}` or `{name} ({such})`"
            ))
        })
    }

    /// The value of a cell, exactly.
    pub(super) fn exact(&self, record: &Record, column: usize, unit: &Unit) -> Result<Value> {
        let text = plain(record.field(column));
        self.sure(record, column, &text)?;
        let number = Decimal::parse(&text, self.style);
        number.and_then(|number| number.value(unit)).map_err(|f| self.unread(record, column, &f))
    }

    /// The value of a cell to the nearest count, which is far finer than any instrument reads.
    pub(super) fn value(
        &self,
        record: &Record,
        column: usize,
        unit: &Unit,
        rounding: &mut Rounding,
    ) -> Result<Value> {
        let text = plain(record.field(column));
        self.sure(record, column, &text)?;
        let found = nearest(&text, unit, self.style);
        let (value, off) = found.map_err(|fault| self.unread(record, column, &fault))?;
        rounding.take(off);
        Ok(value)
    }

    /// A single comma may be the decimal sign or group thousands, and so may a single point where
    /// the comma is declared to be the sign: such a number is refused.
    fn sure(&self, record: &Record, column: usize, text: &str) -> Result<()> {
        let comma = self.style.decimal_comma;
        let (doubtful, sign) = if comma { (b'.', ',') } else { (b',', '.') };
        let count = text.bytes().filter(|byte| *byte == doubtful).count();
        if count != 1 || text.contains(sign) {
            return Ok(());
        }
        // A thousands mark has three digits behind it, and one to three others before it.
        let (before, after) = text.split_once(char::from(doubtful)).unwrap_or_default();
        let before = before.trim_start_matches(['+', '-']);
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let groups = (1..=3).contains(&before.len()) && after.len() == 3;
        let may_group = groups && digits(before) && digits(after) && !before.starts_with('0');
        let text = match (comma, may_group) {
            (true, true) => "the point may be the decimal sign or group thousands",
            (true, false) => "a decimal point, where the comma was declared to be the sign",
            (false, true) => "the comma may be the decimal sign or group thousands",
            (false, false) => "a decimal comma, where it was not declared to be the sign",
        };
        let help = match (comma, may_group) {
            (true, true) => "write the number without the point, or with the comma as its sign",
            (true, false) => WITHOUT_COMMA,
            (false, _) => WITH_COMMA,
        };
        Err(self.at(record, column, text.to_owned()).help(help))
    }

    fn unread(&self, record: &Record, column: usize, fault: &crate::quantity::Fault) -> Error {
        let error = self.at(record, column, format!("not a reading: {fault}"));
        let field = record.field(column);
        let last = |sign: char| field.rfind(sign);
        let comma = self.style.decimal_comma;
        // `1.234,5` and `1,234.5` say by themselves which is the sign.
        error.help(match (last('.'), last(',')) {
            (Some(point), Some(sign)) if point < sign && !comma => WITH_COMMA,
            (Some(sign), Some(mark)) if mark < sign && comma => WITHOUT_COMMA,
            _ => "write a plain number, or leave the cell empty where nothing was read",
        })
    }

    /// The whole number of a cell.
    pub(super) fn whole(&self, record: &Record, column: usize, what: &str) -> Result<u64> {
        let number = record.field(column).trim().parse();
        number.map_err(|_| self.at(record, column, format!("not {what}")))
    }

    /// A row has to be of the header's form.
    pub(super) fn check(&self, record: &Record) -> Result<()> {
        match &record.fault {
            Some(fault) => Err(self.at(record, 0, fault.clone())),
            None => Ok(()),
        }
    }
}

impl Rounding {
    fn take(&mut self, off: f64) {
        if off > 0.0 {
            self.count += 1;
            self.most = self.most.max(off);
        }
    }

    /// Takes up what was rounded elsewhere.
    pub(super) fn add(&mut self, other: Self) {
        self.count += other.count;
        self.most = self.most.max(other.most);
    }

    /// What is to be said of it; nothing where every number was exact.
    pub(super) fn remark(&self, dimension: Dimension) -> Option<String> {
        let (count, unit) = (self.count, dimension.smallest().name());
        let numbers = if count == 1 { "1 number was" } else { &format!("{count} numbers were") };
        let most = match self.most {
            most if most < 0.001 => "less than 0.001".to_owned(),
            most => format!("at most {most:.3}").trim_end_matches('0').to_owned(),
        };
        (count > 0).then(|| {
            format!(
                "{numbers} finer than one {unit} and taken to the nearest: off by {most} {unit}, \
                 far below what an instrument resolves"
            )
        })
    }
}

/// The words of a column's name in lower case, and the unit at its end.
pub(super) fn words(name: &str) -> (Vec<String>, Option<&'static Unit>) {
    let spaced = plain(name).replace(['_', '(', ')', '[', ']', ',', '/'], " ");
    let mut words: Vec<String> = spaced.split_whitespace().map(str::to_owned).collect();
    let unit = words.last().and_then(|last| {
        let named = |dimension| Unit::of_readings(dimension, last).ok();
        // A bare quote or `min` could be either; such units are not guessed.
        match (named(Dimension::Length), named(Dimension::Angle)) {
            (Some(unit), None) | (None, Some(unit)) => Some(unit),
            _ => None,
        }
    });
    if unit.is_some() {
        words.pop();
    }
    (words.iter().map(|word| word.to_lowercase()).collect(), unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sign_that_was_not_declared_is_told_from_one_that_may_group() {
        let (may, is) = ("may be the decimal sign or group thousands", "decimal");
        // The cell, as it is read with a decimal comma and with a point: what is said, or nothing.
        for (text, with_comma, with_point) in [
            ("10.3", "a decimal point, where the comma was declared", ""),
            ("10,3", "", "a decimal comma, where it was not declared"),
            ("1.234", may, ""),
            ("-1.234", may, ""),
            ("0.234", "a decimal point", ""),
            ("1234.567", "a decimal point", ""),
            ("1,234", "", may),
            ("0,234", "", "a decimal comma"),
            ("1.234,5", "", "not a reading"),
            ("1,234.5", "not a reading", ""),
            ("1 234,5", "", is),
            ("7", "", ""),
        ] {
            for (comma, expected) in [(true, with_comma), (false, with_point)] {
                let mut columns = Columns::new("f.csv", &["a_um".to_owned()]);
                columns.style = Style { decimal_comma: comma };
                let record = Record { fields: vec![text.to_owned()], ..Record::default() };
                let um = Unit::named(Dimension::Length, "um").expect("a unit");
                let found = columns.value(&record, 0, um, &mut Rounding::default());
                let said = found.err();
                let told = said.as_ref().map(ToString::to_string).unwrap_or_default();
                assert_eq!(told.is_empty(), expected.is_empty(), "{text} {comma}: {told}");
                assert!(told.contains(expected), "{text} {comma}: {told}");
                // A file of a folder has a way of its own.
                let help = said.as_ref().and_then(|error| error.advice()).unwrap_or_default();
                let named = expected.is_empty() || help.contains("FILE.reading.toml");
                assert!(named || (comma && expected == may), "{text} {comma}: {help}");
            }
        }
    }

    #[test]
    fn what_was_rounded_is_counted_and_its_most_is_said() {
        for (offs, expected) in [
            (&[0.0, 0.0][..], None),
            (
                &[0.0, 0.4],
                Some(
                    "1 number was finer than one pm and taken to the nearest: off by at \
                                most 0.4 pm",
                ),
            ),
            (
                &[5e-11, 1e-9],
                Some(
                    "2 numbers were finer than one pm and taken to the nearest: off \
                                   by less than 0.001 pm",
                ),
            ),
        ] {
            let mut rounding = Rounding::default();
            offs.iter().for_each(|off| rounding.take(*off));
            let said = rounding.remark(Dimension::Length);
            let said = said.as_deref().map(|said| said.split(", far").next().unwrap_or_default());
            assert_eq!(said, expected);
        }
    }
}
