//! What a curve or map rests on, said on each of its outputs: list and day, dials and where they
//! stand, catalogue, and why an absence of capture is withheld.

use serde::Serialize;

use super::sweep::from_text;
use crate::assess::Evaluator;
use crate::catalogue::Catalogue;
use crate::error::Result;
use crate::evidence::Key;
use crate::list::{Bound, Dial, DialLimit, List, Slope, Untied, limit_words};
use crate::quantity::{Comparator, Dimension, Unit, Value, counted};
use crate::record::CatalogueRecord;

/// What a curve or map rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Ground {
    /// The list with its edition, marked where it is not law.
    pub list: String,
    /// The day for which it is evaluated; empty where it names none.
    pub as_of: String,
    /// The dials.
    pub dials: Vec<DialRow>,
    /// The file of the machines.
    pub catalogue: String,
    /// The BLAKE3 hash of its bytes.
    pub blake3: String,
    /// How many machines there are.
    pub machines: usize,
    /// The columns by which they are weighed and marked.
    #[serde(flatten)]
    pub columns: Columns,
    /// Why an absence of capture is withheld, and what lifts it; empty where it is not.
    pub withheld_why: String,
}

/// The columns of a catalogue that say nothing of a machine's figures: by which machines are
/// weighed, and by which they are marked.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Columns {
    /// The column of weights, as the catalogue calls it; empty where nothing is weighed.
    #[serde(rename = "weight_column")]
    pub weight: String,
    /// The column of marks; empty where nothing is marked.
    #[serde(rename = "marks_column")]
    pub marks: String,
}

impl Columns {
    /// The columns that are asked for, as the header of a catalogue calls them.
    pub fn of(catalogue: &Catalogue, weight: Option<&str>, marks: Option<&str>) -> Self {
        let own = |name: Option<&str>| {
            let is_it =
                |known: &&String| name.is_some_and(|n| known.eq_ignore_ascii_case(n.trim()));
            catalogue.header.iter().find(is_it).cloned().unwrap_or_default()
        };
        Self { weight: own(weight), marks: own(marks) }
    }

    /// The record of a catalogue of which these columns are read: none that nothing placed.
    pub fn placed(&self, mut record: CatalogueRecord) -> CatalogueRecord {
        let own = [&self.weight, &self.marks];
        record.unmapped_columns.retain(|name| name.is_empty() || !own.contains(&name));
        record
    }

    /// The columns that are named, in a line: `weights: column units; marks: column concern`.
    pub fn text(&self) -> Option<String> {
        let named = [("weights", &self.weight), ("marks", &self.marks)];
        let named = named.iter().filter(|(_, name)| !name.is_empty());
        let words: Vec<String> =
            named.map(|(what, name)| format!("{what}: column `{name}`")).collect();
        (!words.is_empty()).then(|| words.join("; "))
    }
}

/// A dial and where it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DialRow {
    /// Its name, or how it was written.
    pub name: String,
    /// The limits that it turns.
    pub limits: Vec<LimitRow>,
    /// The unit of its values; empty for counts.
    pub unit: String,
    /// The value at which the list stands.
    pub stands: String,
    /// Whether some value of it is the list as it stands.
    pub tied: bool,
    /// The same value and unit, to reckon with.
    #[serde(skip)]
    pub scale: (Value, &'static Unit),
}

/// One limit that a dial turns, where the dial stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LimitRow {
    /// The clause or note.
    pub clause: String,
    /// The tested parameter.
    pub field: String,
    /// How it compares: `at most`.
    pub comparator: &'static str,
    /// The limit in words: `at most 0.9 µm`.
    pub limit: String,
    /// What the list says, where that is another.
    pub says: Option<String>,
}

impl Ground {
    /// What the answer of a list about dials over a catalogue rests on.
    pub fn of(
        evaluator: &Evaluator,
        dials: &[&Dial],
        catalogue: &CatalogueRecord,
        columns: Columns,
    ) -> Result<Self> {
        let (entry, law) = (evaluator.program.entries().first(), evaluator.laws.first());
        let rows = entry.map(|entry| dials.iter().map(|dial| DialRow::of(dial, &entry.list)));
        let why = evaluator.withholds();
        Ok(Self {
            list: entry.map_or_else(String::new, |entry| entry.list.marked_title()),
            as_of: law.and_then(|law| law.as_of).map_or_else(String::new, |day| day.to_string()),
            dials: rows.into_iter().flatten().collect::<Result<_>>()?,
            catalogue: catalogue.file.clone(),
            blake3: catalogue.blake3.clone(),
            machines: catalogue.machines,
            columns,
            withheld_why: why.map_or_else(String::new, |why| why.lifted_text()),
        })
    }

    /// Day and machines in a line: `as of 2025-01-31; catalogue.csv, 89 machines`.
    fn line(&self) -> String {
        let machines = counted(self.machines, "machine");
        format!("{}; {}, {machines}", as_of_words(&self.as_of), self.catalogue)
    }

    /// Day and machines, and below them the columns by which these are weighed and marked.
    pub fn text(&self) -> String {
        std::iter::once(self.line()).chain(self.columns.text()).collect::<Vec<_>>().join("\n")
    }

    /// The lines of a picture below its title: day and machines, each dial, what is withheld.
    pub fn lines(&self) -> Vec<String> {
        let hash = self.blake3.get(..HASH_SHOWN).unwrap_or(&self.blake3);
        let mut lines = vec![format!("{} (BLAKE3 {hash}…)", self.line())];
        let weighed = if self.columns.weight.is_empty() { "" } else { "; machines are drawn" };
        lines.extend(self.columns.text().map(|text| text + weighed));
        lines.extend(self.dials.iter().map(|dial| {
            let all: Vec<String> = dial.limits.iter().map(LimitRow::text).collect();
            format!("{}: {}", dial.stands_words(), all.join("; "))
        }));
        if !self.withheld_why.is_empty() {
            lines.push(format!("not captured is withheld: {}", self.withheld_why));
        }
        lines
    }

    /// The columns of a CSV that say what its rows rest on.
    pub(super) fn columns(&self) -> Vec<String> {
        let of = |(at, _): (usize, &DialRow)| {
            let own = match (self.dials.len(), at) {
                (1, _) => "",
                (_, 0) => "first_",
                _ => "second_",
            };
            ["dial", "limits", "stands", "unit"].map(|name| format!("{own}{name}"))
        };
        let fixed = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        let (head, tail): (Vec<String>, Vec<String>) = (fixed(&["list", "as_of"]), fixed(&TAIL));
        let dials = self.dials.iter().enumerate().flat_map(of);
        head.into_iter().chain(dials).chain(tail).collect()
    }

    /// The cells of these columns.
    pub(super) fn cells(&self) -> Vec<String> {
        let of = |dial: &DialRow| {
            let limits: Vec<String> = dial.limits.iter().map(LimitRow::text).collect();
            [dial.name.clone(), limits.join("; "), dial.stands.clone(), dial.unit.clone()]
        };
        let Columns { weight, marks } = &self.columns;
        let tail = [&self.withheld_why, &self.catalogue, &self.blake3, weight, marks];
        let tail = tail.map(String::clone);
        let head = [&self.list, &self.as_of].map(String::clone);
        head.into_iter().chain(self.dials.iter().flat_map(of)).chain(tail).collect()
    }
}

/// The day of evaluation in words.
pub(super) fn as_of_words(day: &str) -> String {
    if day.is_empty() { "as of no day that is named".to_owned() } else { format!("as of {day}") }
}

/// The last columns of a CSV of a curve or map.
const TAIL: [&str; 5] =
    ["withheld_why", "catalogue", "catalogue_blake3", "weight_column", "marks_column"];

/// How many digits of a hash a picture shows.
const HASH_SHOWN: usize = 12;

impl DialRow {
    fn of(dial: &Dial, list: &List) -> Result<Self> {
        let limits = dial.limits(list)?;
        let untied = dial.untied(&limits);
        let (stands, own) = (dial.value(list)?, unit(&limits));
        let row = |(at, limit): (usize, &DialLimit)| {
            let turned = untied.iter().find(|other| other.at == at);
            let clause = dial.moves.get(at).map_or("", |one| one.clause.as_str());
            LimitRow::of(clause, limit, turned)
        };
        Ok(Self {
            name: dial.name.clone(),
            limits: limits.iter().enumerate().map(row).collect(),
            unit: own.name().to_owned(),
            stands: stands.text(own),
            tied: untied.is_empty(),
            scale: (stands, own),
        })
    }

    /// Where the dial stands, in words.
    pub(super) fn stands_words(&self) -> String {
        let untied = if self.tied { "" } else { ", which is not the list as it stands" };
        format!("{} stands at {}{untied}", self.name, self.stands)
    }

    /// A value of the dial in words.
    pub fn value_text(&self, value: Value) -> String {
        from_text(value, self.scale.1)
    }

    /// The place among some values at which the list stands, if it is among them.
    pub fn standing(&self, values: &[Value]) -> Option<usize> {
        values.iter().position(|value| *value == self.scale.0 && self.tied)
    }

    /// The dial as the title of an axis: clause, parameter and unit of its first limit.
    pub fn axis(&self) -> String {
        let Some(first) = self.limits.first() else { return self.name.clone() };
        let own = if self.name.contains(':') { String::new() } else { format!("{}: ", self.name) };
        let more = match self.limits.len() - 1 {
            0 => String::new(),
            more => format!(" and {} tied to it", counted(more, "limit")),
        };
        let unit = if self.unit.is_empty() { String::new() } else { format!(", {}", self.unit) };
        format!("{own}{} {} {}{more}{unit}", first.clause, first.field, first.comparator)
    }

    /// Whether machines exactly at a limit meet it, and on which side of where the dial stands
    /// they are: a sentence for each kind of limit.
    pub fn exact(&self) -> Vec<String> {
        let words = |comparator: Comparator| {
            let (meets, side) = match comparator {
                Comparator::AtMost => ("meets", "left"),
                Comparator::AtLeast => ("meets", "right"),
                Comparator::Below => ("does not meet", "right"),
                Comparator::Above => ("does not meet", "left"),
            };
            let phrase = comparator.phrase();
            format!("a machine exactly at the limit {meets} `{phrase}`: {side} of the line")
        };
        let is_one = |comparator: &Comparator| {
            self.limits.iter().any(|limit| limit.comparator == comparator.phrase())
        };
        Comparator::ALL.into_iter().filter(is_one).map(words).collect()
    }
}

impl LimitRow {
    fn of(clause: &str, limit: &DialLimit, turned: Option<&Untied>) -> Self {
        let row = limit.parameter.row();
        let own = turned.map_or(limit.limit, |other| other.turned);
        let bound = match &limit.slope {
            Some(slope) => Bound::Sloped(Slope { base: own, ..slope.clone() }),
            None => Bound::Fixed(own),
        };
        let text = |value: Value| value.text(row.unit().unwrap_or(Dimension::Number.smallest()));
        Self {
            clause: clause.to_owned(),
            field: Key { parameter: limit.parameter, by: limit.by }.text(),
            comparator: limit.comparator.phrase(),
            limit: limit_words(row, limit.comparator, &bound),
            says: turned.map(|_| text(limit.limit)),
        }
    }

    /// The limit in a line.
    pub(super) fn text(&self) -> String {
        let says = self
            .says
            .as_ref()
            .map_or_else(String::new, |limit| format!(", where the list says {limit}"));
        format!("{} {} {}{says}", self.clause, self.field, self.limit)
    }
}

/// The unit in which the values of a dial that turns these limits are printed.
pub(super) fn unit(limits: &[DialLimit]) -> &'static Unit {
    let parameter = limits.first().map(|limit| limit.parameter);
    parameter.and_then(|p| p.row().unit()).unwrap_or_else(|| Dimension::Number.smallest())
}
