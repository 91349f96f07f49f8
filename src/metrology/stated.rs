//! Stated values: the mean over several machines of one model, axis by axis.
//!
//! The lists' technical notes ask for five machines, each axis tested by the standard that the
//! list names, and the arithmetic mean as the stated value of that axis. How the mean is cut to
//! digits is not said there; here it is a named choice.

use std::collections::BTreeMap;

use super::columns::{Columns, words};
use crate::date::Day;
use crate::error::Result;
use crate::quantity::{Dimension, Phrase, Style, Unit, Value, axis_key};
use crate::table::{Document, Fields, Record};

/// How a mean becomes a stated value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Digits {
    /// As it is, to the nearest count of the smallest unit.
    #[default]
    All,
    /// Digits below a step are cut off.
    Truncated(Value),
    /// Rounded to the nearest multiple of a step, halves up.
    Rounded(Value),
}

/// A figure that lists ask to be stated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum StatedFigure {
    /// Unidirectional positioning repeatability (ISO 230-2:2014).
    Upr,
    /// The accuracy A of ISO 230-2 in this edition, where it is said.
    Accuracy(Option<u16>),
}

impl StatedFigure {
    /// The figure in words, with its edition.
    pub fn text(self) -> String {
        match self {
            Self::Upr => "UPR (ISO 230-2:2014)".to_owned(),
            Self::Accuracy(Some(year)) => format!("A (ISO 230-2:{year})"),
            Self::Accuracy(None) => "A (ISO 230-2, edition not said)".to_owned(),
        }
    }

    /// The figure that the words of a header name.
    fn named(words: &[String]) -> Option<Self> {
        let said: Vec<&str> = words.iter().map(String::as_str).collect();
        let year = |text: &str| text.parse().ok().filter(|year| (1900..2100).contains(year));
        match said.as_slice() {
            ["upr"] => Some(Self::Upr),
            ["a" | "accuracy"] | ["positioning", "accuracy"] => Some(Self::Accuracy(None)),
            ["a" | "accuracy", edition] | ["positioning", "accuracy", edition] => {
                year(edition).map(|year| Self::Accuracy(Some(year)))
            }
            _ => None,
        }
    }
}

/// A named choice of what is done with the digits of a mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DigitsPolicy {
    /// Its name.
    pub name: String,
    /// What it says and where it comes from.
    pub text: String,
    /// What it does.
    pub digits: Digits,
}

impl DigitsPolicy {
    /// The policies that come with the program.
    pub fn shipped() -> Result<Vec<Self>> {
        let document = Document::parse("stated.toml", include_str!("../../specs/stated.toml"))?;
        let all = document.root()?.required("digits", "a file of policies")?.table()?;
        all.iter()
            .map(|(name, node)| {
                let fields = node.table()?;
                let text = fields.required("text", "a policy")?.str()?.to_owned();
                Ok(Self { name: name.to_owned(), text, digits: digits(&fields)? })
            })
            .collect()
    }
}

fn digits(fields: &Fields<'_>) -> Result<Digits> {
    let how = fields.required("how", "a policy")?;
    let step = || -> Result<Value> {
        let node = fields.required("step", "a policy")?;
        let phrase = Phrase::parse(node.str()?, Dimension::Length, Style::default());
        let value = phrase.and_then(|phrase| phrase.single(None));
        value.map_err(|fault| node.error(fault.to_string()))
    };
    match how.str()? {
        "as-is" => Ok(Digits::All),
        "truncate" => step().map(Digits::Truncated),
        "round" => step().map(Digits::Rounded),
        other => Err(how.error(format!("`{other}`: write `as-is`, `truncate` or `round`"))),
    }
}

/// The stated value of one axis.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stated {
    /// The axis.
    pub axis: String,
    /// Which figure is stated.
    pub figure: StatedFigure,
    /// Each machine with its value, in the order of the file.
    pub machines: Vec<(String, Value)>,
    /// The mean, to the nearest count.
    pub mean: Value,
    /// The stated value.
    pub stated: Value,
}

/// What a file of values states.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Declared {
    /// One value an axis and figure, in the order of the file.
    pub stated: Vec<Stated>,
    /// The unit of the first column of values.
    pub unit: &'static Unit,
    /// The day of the last test, where the file says the days.
    pub tested: Option<Day>,
}

/// The stated value of these values; they are not empty and not negative.
pub fn stated(values: &[Value], digits: Digits) -> Value {
    let sum: i128 = values.iter().map(|value| i128::from(value.count())).sum();
    let n = i128::try_from(values.len().max(1)).unwrap_or(1);
    let to = |step: i128, half: bool| {
        let parts = n * step.max(1);
        let shift = if half { parts } else { 0 };
        Value::saturating((2 * sum + shift).div_euclid(2 * parts) * step.max(1))
    };
    match digits {
        Digits::All => to(1, true),
        Digits::Truncated(step) => to(i128::from(step.count()), false),
        Digits::Rounded(step) => to(i128::from(step.count()), true),
    }
}

/// Reads values by machine and axis and states one value an axis and figure.
///
/// The columns are `machine` (or `serial`), `axis`, one or more of values with their unit, such as
/// `upr_um` or `accuracy_1988_um`, and the day of the test in `tested` if it is to be kept. Every
/// axis needs the same machines, each once. Numbers are written in this style.
pub fn declare(
    file: &str,
    header: &[String],
    records: &[Record],
    (digits, style): (Digits, Style),
) -> Result<Declared> {
    let mut form = Form::of(file, header)?;
    form.columns.style = style;
    let mut order: Vec<(String, StatedFigure)> = Vec::new();
    let mut all: BTreeMap<(String, StatedFigure), Vec<(String, Value)>> = BTreeMap::new();
    let mut labels: BTreeMap<String, String> = BTreeMap::new();
    let mut tested = None;
    for record in records {
        form.columns.check(record)?;
        let label = record.field(form.axis).trim().to_owned();
        let axis = axis_key(&label);
        let machine = record.field(form.machine).trim().to_owned();
        for (at, text, what) in [(form.machine, &machine, "machine"), (form.axis, &label, "axis")] {
            if text.is_empty() {
                return Err(form.columns.at(record, at, format!("no {what} is named")));
            }
        }
        for (at, unit, figure) in &form.values {
            if record.field(*at).trim().is_empty() {
                continue;
            }
            let value = form.columns.exact(record, *at, unit)?;
            if value.count() <= 0 {
                let text = "a repeatability or accuracy is above nought".to_owned();
                return Err(form.columns.at(record, *at, text));
            }
            let label = labels.entry(axis.clone()).or_insert_with(|| label.clone());
            let key = (axis.clone(), *figure);
            if !order.contains(&key) {
                order.push(key.clone());
            }
            let of_axis = all.entry(key).or_default();
            if of_axis.iter().any(|(known, _)| *known == machine) {
                let text = format!("machine `{machine}` gives two values for axis `{label}`");
                let help =
                    "each machine gives one value an axis: tell machines apart by their serials";
                return Err(form.columns.at(record, *at, text).help(help));
            }
            of_axis.push((machine.clone(), value));
        }
        if let Some(at) = form.tested.filter(|at| !record.field(*at).trim().is_empty()) {
            let day = record.field(at).trim().parse::<Day>();
            let day = day.map_err(|fault| form.columns.at(record, at, fault.message().into()))?;
            tested = tested.max(Some(day));
        }
    }
    let stated = order.into_iter().filter_map(|key| {
        let machines = all.remove(&key)?;
        let values: Vec<Value> = machines.iter().map(|(_, value)| *value).collect();
        let (mean, stated) = (stated(&values, Digits::All), stated(&values, digits));
        let (axis, figure) = key;
        let axis = labels.get(&axis).cloned().unwrap_or(axis);
        Some(Stated { axis, figure, machines, mean, stated })
    });
    let stated: Vec<Stated> = stated.collect();
    form.whole(&stated)?;
    let unit = form.values.first().map_or(Dimension::Length.smallest(), |(_, unit, _)| unit);
    Ok(Declared { stated, unit, tested })
}

/// Where the columns of a file of values stand.
struct Form {
    columns: Columns,
    machine: usize,
    axis: usize,
    tested: Option<usize>,
    values: Vec<(usize, &'static Unit, StatedFigure)>,
}

impl Form {
    fn of(file: &str, header: &[String]) -> Result<Self> {
        let columns = Columns::new(file, header);
        let (mut machine, mut axis, mut tested) = (None, None, None);
        let mut values: Vec<(usize, &'static Unit, StatedFigure)> = Vec::new();
        let help = "name the columns `machine`, `axis` and values with their unit, such as \
                    `upr_um` or `accuracy_1988_um`";
        for (at, name) in header.iter().enumerate() {
            let (said, unit) = words(name);
            match (said.first().map(String::as_str), unit) {
                (Some("machine" | "serial"), None) => machine = Some(at),
                (Some("axis"), None) => axis = Some(at),
                (Some("tested" | "date"), None) => tested = Some(at),
                (Some(_), Some(unit)) => {
                    let figure = StatedFigure::named(&said).ok_or_else(|| {
                        let text = format!("column `{name}` is no figure that is stated");
                        columns.fault(&text).help(help)
                    })?;
                    if unit.dimension != Dimension::Length {
                        return Err(columns.fault(&format!("column `{name}` is no length")));
                    }
                    if values.iter().any(|(.., known)| *known == figure) {
                        let text = format!("two columns of {}", figure.text());
                        return Err(columns.fault(&text));
                    }
                    values.push((at, unit, figure));
                }
                _ if StatedFigure::named(&said).is_some() => {
                    columns.unit(name, unit, "um")?;
                }
                _ => {}
            }
        }
        let (Some(machine), Some(axis), false) = (machine, axis, values.is_empty()) else {
            let missing = [("machines", machine.is_none()), ("axes", axis.is_none())];
            let missing = missing.into_iter().find(|(_, none)| *none);
            let missing = missing.map_or("values", |(what, _)| what);
            return Err(columns.fault(&format!("no column of {missing}")).help(help));
        };
        Ok(Self { columns, machine, axis, tested, values })
    }

    /// Every axis and figure has to be of the same machines.
    fn whole(&self, stated: &[Stated]) -> Result<()> {
        let names = |of: &Stated| {
            let mut names: Vec<&str> = of.machines.iter().map(|(name, _)| name.as_str()).collect();
            names.sort_unstable();
            names.into_iter().map(str::to_owned).collect::<Vec<String>>()
        };
        let Some(first) = stated.first() else { return Err(self.columns.fault("no value")) };
        for other in stated {
            let (wanted, found) = (names(first), names(other));
            if wanted != found {
                let lacks = wanted.iter().find(|name| !found.contains(name));
                let lacks = lacks.or_else(|| found.iter().find(|name| !wanted.contains(name)));
                let text = format!(
                    "not every axis has a value of every machine: {} of `{}` and of `{}` differ in \
                     machine `{}`",
                    other.figure.text(),
                    first.axis,
                    other.axis,
                    lacks.map_or("", String::as_str)
                );
                let help = "give a row to every axis of every machine, each machine by one name";
                return Err(self.columns.fault(&text).help(help));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mean_is_cut_as_asked() {
        let um = |hundredths: i64| Value::from_count(hundredths * 10_000).expect("fits");
        let values = |all: &[i64]| all.iter().map(|n| um(*n)).collect::<Vec<_>>();
        // The specimen declaration of the Japanese ministry: 7.28, 10.37 and 9.028 µm.
        for (all, truncated, rounded) in [
            ([839, 654, 782, 693, 672], 720, 730),
            ([1107, 828, 1210, 1056, 984], 1030, 1040),
            ([963, 846, 902, 718, 1085], 900, 900),
        ] {
            let all = values(&all);
            assert_eq!(stated(&all, Digits::Truncated(um(10))), um(truncated));
            assert_eq!(stated(&all, Digits::Rounded(um(10))), um(rounded));
        }
        assert_eq!(stated(&values(&[100, 101]), Digits::All).count(), 1_005_000);
    }

    fn declared(header: &[&str], rows: &[&[&str]]) -> Result<Declared> {
        let header: Vec<String> = header.iter().map(|name| (*name).to_owned()).collect();
        let record = |(at, row): (usize, &&[&str])| Record {
            line: at + 2,
            fields: row.iter().map(|field| (*field).to_owned()).collect(),
            ..Record::default()
        };
        let records: Vec<Record> = rows.iter().enumerate().map(record).collect();
        declare("d.csv", &header, &records, (Digits::All, Style::default()))
    }

    #[test]
    fn machines_and_axes_have_to_be_whole() {
        let header = ["serial", "axis", "upr_um"];
        let good: &[&[&str]] =
            &[&["1", "X", "0.8"], &["2", "X", "1"], &["1", "Y", "2"], &["2", "Y", "3"]];
        let found = declared(&header, good).expect("whole");
        assert_eq!(found.stated[0].stated.count(), 900_000);
        assert_eq!((found.stated[0].figure, found.tested), (StatedFigure::Upr, None));
        let place = |line: usize, text: &str| format!("d.csv:{line}: column `upr_um`: `{text}`: ");
        let rows: &[(&[&[&str]], String)] = &[
            (&[&["1", "X", "0.8"], &["2", "X", "1"], &["1", "Y", "2"]], "every machine".into()),
            (
                &[&["1", "X", "0.8"], &["1", "X", "1"]],
                place(3, "1") + "machine `1` gives two values for axis `X`",
            ),
            (&[&["1", "X", "0"]], place(2, "0") + "a repeatability or accuracy is above nought"),
            (&[&["1", "X", "-0.8"]], place(2, "-0.8") + "a repeatability or accuracy is above"),
            (&[&["1", "X", "NaN"]], place(2, "NaN") + "not a reading"),
            (&[&["1", "X", "inf"]], place(2, "inf") + "not a reading"),
            (&[&["1", "X", "1 arcsec"]], place(2, "1 arcsec") + "not a reading"),
            (&[&["", "X", "1"]], "d.csv:2: column `serial`: ``: no machine is named".into()),
            (&[], "no value".into()),
        ];
        for (rows, expected) in rows {
            let error = declared(&header, rows).expect_err("not whole").to_string();
            assert!(error.contains(expected.as_str()), "{error}");
        }
    }

    #[test]
    fn headers_say_figure_edition_and_unit() {
        let header = ["machine", "axis", "upr_um", "accuracy_1988_um", "tested"];
        let row: &[&[&str]] =
            &[&["1", "X", "0.8", "4", "2025-03-31"], &["2", "X", "1", "6", "2025-02-01"]];
        let found = declared(&header, row).expect("two figures");
        let figures: Vec<_> = found.stated.iter().map(|s| (s.figure, s.stated.count())).collect();
        let a = StatedFigure::Accuracy(Some(1988));
        assert_eq!(figures, [(StatedFigure::Upr, 900_000), (a, 5_000_000)]);
        assert_eq!(found.tested.map(|day| day.to_string()).as_deref(), Some("2025-03-31"));
        for (header, expected) in [
            (["machine", "axis", "upr"], "column `upr` does not say its unit"),
            (["machine", "axis", "upr_arcsec"], "column `upr_arcsec` is no length"),
            (["machine", "axis", "speed_um"], "column `speed_um` is no figure that is stated"),
            (["machine", "size", "upr_um"], "no column of axes"),
        ] {
            let error = declared(&header, &[]).expect_err("a bad header").to_string();
            assert!(error.contains(expected), "{error}");
        }
        let twice = declared(&["machine", "axis", "a_um", "accuracy_mm"], &[]);
        assert!(twice.expect_err("twice").to_string().contains("two columns of A"));
        let day: &[&[&str]] = &[&["1", "X", "0.8", "4", "31.3.2025"]];
        let empty: &[&[&str]] = &[
            &["1", "X", "0.8", "4", ""],
            &["2", "X", "1", "6", "2025-02-01"],
            &["3", "X", "1", "6", " "],
        ];
        let found = declared(&header, empty).expect("the day is optional");
        assert_eq!(found.tested.map(|day| day.to_string()).as_deref(), Some("2025-02-01"));
        let none = declared(&header, &empty[..1]).expect("no day at all");
        assert_eq!(none.tested, None);
        let error = declared(&header, day).expect_err("no day").to_string();
        assert!(error.contains("d.csv:2: column `tested`: `31.3.2025`"), "{error}");
    }

    #[test]
    fn shipped_policies_are_read() {
        let names: Vec<String> =
            DigitsPolicy::shipped().expect("read").into_iter().map(|p| p.name).collect();
        assert!(names.contains(&"as-is".to_owned()) && names.len() > 2, "{names:?}");
    }
}
