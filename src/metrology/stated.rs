//! Stated values: the mean over several machines of one model, axis by axis.
//!
//! The lists' technical notes ask for five machines, each axis tested by the standard that the
//! list names, and the arithmetic mean as the stated value of that axis. How the mean is cut to
//! digits is not said there; here it is a named choice.

use std::collections::BTreeMap;

use super::columns::words;
use crate::error::{Error, Kind, Result};
use crate::quantity::{Decimal, Style, Unit, Value, plain};
use crate::table::Record;

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

/// The stated value of one axis.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stated {
    /// The axis.
    pub axis: String,
    /// Each machine with its value, in the order of the file.
    pub machines: Vec<(String, Value)>,
    /// The mean, to the nearest count.
    pub mean: Value,
    /// The stated value.
    pub stated: Value,
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

/// Reads values by machine and axis and states one value an axis.
///
/// The columns are `machine` (or `serial`), `axis` and one column of values with its unit, such as
/// `upr_um`. Every axis needs the same machines, each once.
pub fn declare(
    file: &str,
    header: &[String],
    records: &[Record],
    digits: Digits,
) -> Result<(Vec<Stated>, &'static Unit)> {
    let fault = |text: String| Error::new(Kind::Content, format!("`{file}`: {text}"));
    let (mut machine, mut axis, mut value) = (None, None, None);
    for (at, name) in header.iter().enumerate() {
        let (said, unit) = words(name);
        match (said.first().map(String::as_str), unit) {
            (Some("machine" | "serial"), None) => machine = Some(at),
            (Some("axis"), None) => axis = Some(at),
            (Some(_), Some(unit)) if value.is_none() => value = Some((at, unit)),
            (Some(_), Some(_)) => return Err(fault("two columns of values".to_owned())),
            _ => {}
        }
    }
    let help = "name the columns `machine`, `axis` and one value with its unit, such as `upr_um`";
    let (Some(machine), Some(axis), Some((at, unit))) = (machine, axis, value) else {
        return Err(fault("a column is missing".to_owned()).help(help));
    };
    let mut order: Vec<String> = Vec::new();
    let mut axes: BTreeMap<String, Vec<(String, Value)>> = BTreeMap::new();
    for record in records {
        let wrong = |text: String| fault(format!("line {}: {text}", record.line));
        if let Some(fault) = &record.fault {
            return Err(wrong(fault.clone()));
        }
        let text = record.field(at).trim();
        let number = Decimal::parse(&plain(text), Style::default());
        let value = number
            .and_then(|number| number.value(unit))
            .map_err(|fault| wrong(format!("`{text}` is no value: {fault}")))?;
        if value.count() <= 0 {
            return Err(wrong(format!("`{text}`: a repeatability or accuracy is above nought")));
        }
        let label = record.field(axis).trim().to_uppercase();
        let name = record.field(machine).trim().to_owned();
        if !order.contains(&label) {
            order.push(label.clone());
        }
        let of_axis = axes.entry(label.clone()).or_default();
        if of_axis.iter().any(|(known, _)| *known == name) {
            return Err(wrong(format!("machine `{name}` gives two values for axis `{label}`")));
        }
        of_axis.push((name, value));
    }
    let names = |of: &[(String, Value)]| {
        let mut names: Vec<String> = of.iter().map(|(name, _)| name.clone()).collect();
        names.sort();
        names
    };
    let mut sets = axes.values().map(|of| names(of));
    let Some(first) = sets.next() else { return Err(fault("no value".to_owned())) };
    if sets.any(|other| other != first) {
        return Err(fault("not every axis has a value of every machine".to_owned()));
    }
    let found = order.into_iter().filter_map(|axis| {
        let machines = axes.remove(&axis)?;
        let values: Vec<Value> = machines.iter().map(|(_, value)| *value).collect();
        let (mean, stated) = (stated(&values, Digits::All), stated(&values, digits));
        Some(Stated { axis, machines, mean, stated })
    });
    Ok((found.collect(), unit))
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

    #[test]
    fn machines_and_axes_have_to_be_whole() {
        let header = ["serial", "axis", "upr_um"].map(str::to_owned);
        let declared = |rows: &[[&str; 3]]| {
            let record = |(at, row): (usize, &[&str; 3])| Record {
                line: at + 2,
                fields: row.map(str::to_owned).to_vec(),
                ..Record::default()
            };
            let records: Vec<Record> = rows.iter().enumerate().map(record).collect();
            declare("d.csv", &header, &records, Digits::All).map(|(found, _)| found)
        };
        let good = [["1", "X", "0.8"], ["2", "X", "1"], ["1", "Y", "2"], ["2", "Y", "3"]];
        let found = declared(&good).expect("whole");
        assert_eq!(found[0].stated.count(), 900_000);
        for (rows, expected) in [
            (vec![["1", "X", "0.8"], ["2", "X", "1"], ["1", "Y", "2"]], "every machine"),
            (vec![["1", "X", "0.8"], ["1", "X", "1"]], "line 3: machine `1` gives two values"),
            (vec![["1", "X", "0"]], "above nought"),
            (vec![["1", "X", "NaN"]], "`NaN` is no value"),
            (vec![], "no value"),
        ] {
            let error = declared(&rows).expect_err("not whole").to_string();
            assert!(error.contains(expected), "{error}");
        }
    }
}
