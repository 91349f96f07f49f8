//! Statements that cannot all be true: reported, never resolved.

use std::collections::{HashMap, HashSet};
use std::hash::BuildHasher;

use foldhash::fast::FixedState;

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
        let texts = 2 * self.key.len() + self.id.len() + self.name.len();
        OWN + texts + self.figures.len() * (size_of::<Stated>() + 16)
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
    /// How many bytes of them are held, and how many are at most.
    size: usize,
    most: usize,
    /// Keys that were held before, and whether some are left for another time.
    done: HashSet<u64>,
    left: bool,
}

impl<'s> Held<'s> {
    /// None yet, of the rows of a sheet; so many bytes are held at most, or a row.
    pub fn new(question: Question, sheet: &'s Sheet<'_>, most: usize) -> Self {
        Self {
            question,
            file: sheet.file(),
            header: sheet.header(),
            rows: HashMap::new(),
            size: 0,
            most,
            done: HashSet::new(),
            left: false,
        }
    }

    /// Whether rows were left for another time, for which it is made ready: rows have to be taken
    /// up once more from the first one.
    pub fn goes_on(&mut self) -> bool {
        let keys = self.rows.drain().map(|(key, _)| FixedState::default().hash_one(key));
        self.done.extend(keys);
        self.size = 0;
        std::mem::take(&mut self.left)
    }

    /// Takes up the next row of the file; what it contradicts is added to `found`.
    pub fn take(&mut self, row: Statement, found: &mut Vec<Remark>) {
        let Some(known) = self.rows.get_mut(&row.key) else {
            let is_new = self.done.is_empty()
                || !self.done.contains(&FixedState::default().hash_one(&row.key));
            let fits = self.rows.is_empty() || self.size + row.size() <= self.most;
            self.left |= is_new && !fits;
            if is_new && fits {
                self.size += row.size();
                self.rows.insert(row.key.clone(), row);
            }
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
                        let column = Some(usize::from(stated.column))
                            .filter(|_| stated.column != u16::MAX)
                            .and_then(|column| self.header.get(column));
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
    let mut held = Question::ALL.map(|question| Held::new(question, sheet, usize::MAX));
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::{Mapping, read};
    use crate::table::{self, Reading};

    #[test]
    fn what_does_not_fit_is_held_another_time() {
        let row = |at: usize| format!("m{},M {},{}\n", at % 30, at % 7, 500 + at % 3);
        let rows: String = (0..90).map(row).collect();
        let text = format!("id,model,travel_x_mm\n{rows}");
        let table = table::read("m.csv", text.as_bytes(), &Reading::default()).expect("a table");
        let mapping = Mapping::default();
        let sheet = Sheet::new("m.csv", &table.header, &mapping);
        let machines = read(&table, &mapping).machines;
        for question in Question::ALL {
            let mut expected = Vec::new();
            for most in [usize::MAX, 1, 900, 1800] {
                let (mut found, mut passes) = (Vec::new(), 0);
                let mut held = Held::new(question, &sheet, most);
                loop {
                    for machine in &machines {
                        let row = Statement::new(question, machine).expect("it has a key");
                        held.take(row, &mut found);
                    }
                    passes += 1;
                    if !held.goes_on() {
                        break;
                    }
                }
                found.sort_by_key(|remark| remark.line);
                match most {
                    usize::MAX => expected = found,
                    _ => assert_eq!(found, expected, "{question:?} {most}"),
                }
                assert_eq!(passes > 1, most < usize::MAX, "{question:?} {most}");
            }
            assert!(!expected.is_empty());
        }
    }
}
