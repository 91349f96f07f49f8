//! Statements that cannot all be true: reported, never resolved.

use std::collections::BTreeMap;

use super::reader::Catalogue;
use super::remark::{Remark, Severity};
use crate::machine::{self, Machine, ParameterId, Reading, Set};
use crate::quantity::{Dimension, Unit, Value};

/// Adds remarks on rows that contradict each other or sense.
pub(super) fn find(catalogue: &mut Catalogue) {
    let mut found = Vec::new();
    let mut by_name: BTreeMap<(String, String, String), Vec<usize>> = BTreeMap::new();
    for (at, machine) in catalogue.machines.iter().enumerate() {
        outside_sense(catalogue, machine, &mut found);
        if !machine.model.is_empty() {
            let key = [&machine.maker, &machine.model, &machine.version];
            let [maker, model, version] = key.map(|text| text.trim().to_lowercase());
            by_name.entry((maker, model, version)).or_default().push(at);
        }
    }
    for places in by_name.values() {
        if let Some((first, others)) = places.split_first() {
            for other in others {
                compare(catalogue, *first, *other, &mut found);
            }
        }
    }
    same_ids(catalogue, &mut found);
    found.sort_by_key(|remark| remark.line);
    catalogue.remarks.extend(found);
}

fn remark(
    catalogue: &Catalogue,
    machine: &Machine,
    column: &str,
    text: String,
    reason: String,
) -> Remark {
    Remark {
        severity: Severity::Contradiction,
        file: catalogue.file.clone(),
        line: machine.line,
        column: column.to_owned(),
        machine: machine.name(),
        text,
        reason,
        advice: "both statements are kept as they are; check the source".to_owned(),
    }
}

fn column_of<'c>(catalogue: &'c Catalogue, reading: &Reading) -> &'c str {
    catalogue.header.get(usize::from(reading.column)).map_or("", String::as_str)
}

/// Figures that no machine tool has.
fn outside_sense(catalogue: &Catalogue, machine: &Machine, found: &mut Vec<Remark>) {
    for reading in &machine.readings {
        let row = reading.parameter.row();
        let Some(figure) = reading.figure else { continue };
        let limit = match (row.name, row.error, row.dimension()) {
            ("travel", ..) => largest(Dimension::Length, "m", 100),
            (_, true, Some(Dimension::Length)) => largest(Dimension::Length, "mm", 5),
            (_, true, Some(Dimension::Angle)) => largest(Dimension::Angle, "deg", 5),
            _ => None,
        };
        if limit.is_some_and(|limit| figure > limit) {
            let text = row.unit().map(|unit| figure.text(unit)).unwrap_or_default();
            let reason = format!("no `{}` of a machine tool is that large", row.name);
            found.push(remark(catalogue, machine, column_of(catalogue, reading), text, reason));
        }
    }
}

fn largest(dimension: Dimension, unit: &str, number: i64) -> Option<Value> {
    let unit = Unit::named(dimension, unit).ok()?;
    unit.size.checked_mul(number).and_then(Value::from_count)
}

/// The same maker, model and version with different figures.
fn compare(catalogue: &Catalogue, one: usize, other: usize, found: &mut Vec<Remark>) {
    let (Some(one), Some(other)) = (catalogue.machines.get(one), catalogue.machines.get(other))
    else {
        return;
    };
    let label = |machine: &Machine, reading: &Reading| {
        let axis = reading.axis.and_then(|axis| machine.axes.get(usize::from(axis)));
        axis.map_or_else(String::new, |axis| axis.label.to_uppercase())
    };
    let stated = |machine: &Machine| -> BTreeMap<(ParameterId, String), Set> {
        let base = machine.readings.iter().filter(|reading| reading.option.is_none());
        base.map(|r| ((r.parameter, label(machine, r)), r.set)).collect()
    };
    let first = stated(one);
    for reading in other.readings.iter().filter(|reading| reading.option.is_none()) {
        let axis = label(other, reading);
        let Some(known) = first.get(&(reading.parameter, axis.clone())) else { continue };
        if known.meet(reading.set).is_some() {
            continue;
        }
        let row = reading.parameter.row();
        let show = |set: &Set| match (set, row.unit()) {
            (Set::Span(span), Some(unit)) => span.text(unit),
            (Set::OneOf(mask), _) => words(row, *mask),
            (Set::Flags { certain, .. }, _) => words(row, *certain),
            (Set::Span(_), None) => String::new(),
        };
        let of = if axis.is_empty() { String::new() } else { format!(" of {axis}") };
        let reason = format!(
            "`{}`{of} is {} here and {} in line {} for the same maker, model and version",
            row.name,
            show(&reading.set),
            show(known),
            one.line
        );
        found.push(remark(
            catalogue,
            other,
            column_of(catalogue, reading),
            show(&reading.set),
            reason,
        ));
    }
}

fn words(row: &machine::Parameter, mask: u64) -> String {
    match row.vocabulary() {
        Some(vocabulary) => machine::label::names(vocabulary, mask).join(" / "),
        None => "another count of axes".to_owned(),
    }
}

/// Two rows with one identifier.
fn same_ids(catalogue: &Catalogue, found: &mut Vec<Remark>) {
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    for machine in &catalogue.machines {
        if let Some(line) = seen.insert(&machine.id, machine.line) {
            let reason = format!("line {line} has the same identifier");
            found.push(remark(catalogue, machine, "", machine.id.clone(), reason));
        }
    }
}
