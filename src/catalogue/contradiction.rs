//! Statements that cannot all be true: reported, never resolved.

use std::collections::HashMap;

use super::reader::Sheet;
use super::remark::{Remark, Severity};
use crate::machine::{self, Machine, ParameterId, Set};
use crate::quantity::{Dimension, Unit, Value};

/// What is asked of rows that share a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Question {
    /// Whether rows of the same maker, model and version state the same.
    Figures,
    /// Whether several rows have the same identifier.
    Identifiers,
}

impl Question {
    /// Both, in the order in which they are answered.
    pub const ALL: [Self; 2] = [Self::Figures, Self::Identifiers];

    /// What rows have in common that are held against each other; `None` where a row stands alone.
    pub fn key(self, machine: &Machine) -> Option<String> {
        match self {
            Self::Identifiers => Some(machine.id.clone()),
            Self::Figures if machine.model.is_empty() => None,
            Self::Figures => {
                let parts = [&machine.maker, &machine.model, &machine.version];
                Some(parts.map(|part| part.trim().to_lowercase()).join("\0"))
            }
        }
    }
}

/// What a row says that others may contradict.
#[derive(Debug, Clone)]
pub struct Statement {
    key: String,
    line: usize,
    id: String,
    name: String,
    figures: Vec<Stated>,
}

/// What a row says of a parameter, whatever is ordered with the machine.
#[derive(Debug, Clone)]
struct Stated {
    parameter: ParameterId,
    axis: Box<str>,
    set: Set,
    column: u16,
}

impl Statement {
    /// What a row says, as far as it bears on a question; `None` where it stands alone.
    pub fn new(question: Question, machine: &Machine) -> Option<Self> {
        let key = question.key(machine)?;
        let axis = |axis: Option<u8>| {
            let axis = axis.and_then(|axis| machine.axes.get(usize::from(axis)));
            axis.map_or_else(Box::default, |axis| axis.label.to_uppercase().into())
        };
        let readings = machine.readings.iter().filter(|reading| reading.option.is_none());
        let stated = readings.map(|reading| Stated {
            parameter: reading.parameter,
            axis: axis(reading.axis),
            set: reading.set,
            column: reading.column,
        });
        Some(Self {
            key,
            line: machine.line,
            id: machine.id.clone(),
            name: machine.name(),
            figures: match question {
                Question::Figures => stated.collect(),
                Question::Identifiers => Vec::new(),
            },
        })
    }

    /// How many bytes it takes, roughly.
    pub fn size(&self) -> usize {
        const OWN: usize = 256;
        OWN + self.figures.len() * (size_of::<Stated>() + 16)
    }
}

/// Rows gone by, to hold later ones against.
#[derive(Debug)]
pub struct Held<'s> {
    question: Question,
    file: &'s str,
    header: &'s [String],
    /// For each key the first row, or the last one of an identifier.
    rows: HashMap<String, Statement>,
}

impl<'s> Held<'s> {
    /// None yet, of the rows of a sheet.
    pub fn new(question: Question, sheet: &'s Sheet<'_>) -> Self {
        Self { question, file: sheet.file(), header: sheet.header(), rows: HashMap::new() }
    }

    /// Takes up the next row of the file; what it contradicts is added to `found`.
    pub fn take(&mut self, row: Statement, found: &mut Vec<Remark>) {
        let Some(known) = self.rows.get_mut(&row.key) else {
            self.rows.insert(row.key.clone(), row);
            return;
        };
        match self.question {
            Question::Identifiers => {
                let reason = format!("line {} has the same identifier", known.line);
                found.push(remark(self.file, &row, "", row.id.clone(), reason));
                known.line = row.line;
            }
            Question::Figures => {
                for stated in &row.figures {
                    if let Some(reason) = contradicted(known, stated) {
                        let column = self.header.get(usize::from(stated.column));
                        let text = show(stated.parameter, &stated.set);
                        let column = column.map_or("", String::as_str);
                        found.push(remark(self.file, &row, column, text, reason));
                    }
                }
            }
        }
    }
}

/// Remarks on machines of a sheet that contradict those before them.
pub(super) fn find(sheet: &Sheet<'_>, machines: &[Machine]) -> Vec<Remark> {
    let mut found = Vec::new();
    let mut held = Question::ALL.map(|question| Held::new(question, sheet));
    for machine in machines {
        for held in &mut held {
            if let Some(statement) = Statement::new(held.question, machine) {
                held.take(statement, &mut found);
            }
        }
    }
    found
}

fn remark(file: &str, row: &Statement, column: &str, text: String, reason: String) -> Remark {
    Remark {
        severity: Severity::Contradiction,
        file: file.to_owned(),
        line: row.line,
        column: column.to_owned(),
        machine: row.name.clone(),
        text,
        reason,
        advice: ADVICE.to_owned(),
    }
}

const ADVICE: &str = "both statements are kept as they are; check the source";

/// Why what a later row states cannot be true beside a row before it.
fn contradicted(known: &Statement, stated: &Stated) -> Option<String> {
    let same = |other: &&Stated| other.parameter == stated.parameter && other.axis == stated.axis;
    let other = known.figures.iter().rev().find(same)?;
    if other.set.meet(stated.set).is_some() {
        return None;
    }
    let of = if stated.axis.is_empty() { String::new() } else { format!(" of {}", stated.axis) };
    Some(format!(
        "`{}`{of} is {} here and {} in line {} for the same maker, model and version",
        stated.parameter.row().name,
        show(stated.parameter, &stated.set),
        show(other.parameter, &other.set),
        known.line
    ))
}

fn show(parameter: ParameterId, set: &Set) -> String {
    let row = parameter.row();
    match (set, row.unit()) {
        (Set::Span(span), Some(unit)) => span.text(unit),
        (Set::OneOf(mask), _) => words(row, *mask),
        (Set::Flags { certain, .. }, _) => words(row, *certain),
        (Set::Span(_), None) => String::new(),
    }
}

fn words(row: &machine::Parameter, mask: u64) -> String {
    match row.vocabulary() {
        Some(vocabulary) => machine::label::names(vocabulary, mask).join(" / "),
        None => "another count of axes".to_owned(),
    }
}

/// Adds remarks on figures of a row that no machine tool has.
pub(super) fn outside_sense(sheet: &Sheet<'_>, machine: &Machine, found: &mut Vec<Remark>) {
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
            let column = sheet.header().get(usize::from(reading.column));
            found.push(Remark {
                severity: Severity::Contradiction,
                file: sheet.file().to_owned(),
                line: machine.line,
                column: column.cloned().unwrap_or_default(),
                machine: machine.name(),
                text: row.unit().map(|unit| figure.text(unit)).unwrap_or_default(),
                reason: format!("no `{}` of a machine tool is that large", row.name),
                advice: ADVICE.to_owned(),
            });
        }
    }
}

fn largest(dimension: Dimension, unit: &str, number: i64) -> Option<Value> {
    let unit = Unit::named(dimension, unit).ok()?;
    unit.size.checked_mul(number).and_then(Value::from_count)
}
