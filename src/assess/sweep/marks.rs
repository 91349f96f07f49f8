//! Marks: which machines of a catalogue experts hold to be of concern, and how what a list captures
//! fits that.

use std::collections::BTreeMap;

use crate::catalogue::Catalogue;
use crate::error::{Error, Result, nearest};
use crate::logic::Truth;
use crate::machine::label;

/// How what is captured fits what experts marked; the undecided apart on each side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Marked {
    /// Of concern and certainly captured.
    pub hits: usize,
    /// Of concern and certainly not captured.
    pub misses: usize,
    /// Of concern and undecided.
    pub open: usize,
    /// Not of concern and certainly captured.
    pub false_alarms: usize,
    /// Not of concern and certainly not captured.
    pub passed: usize,
    /// Not of concern and undecided.
    pub open_others: usize,
}

impl Marked {
    /// How many machines are marked as of concern.
    pub fn of_concern(&self) -> usize {
        self.hits + self.misses + self.open
    }

    /// How many machines are marked as not of concern.
    pub fn not_of_concern(&self) -> usize {
        self.false_alarms + self.passed + self.open_others
    }

    /// Adds a machine, or takes it away.
    pub(super) fn count(&mut self, mark: Option<bool>, truth: Truth, add: bool) {
        let cell = match (mark, truth) {
            (None, _) => return,
            (Some(true), Truth::True) => &mut self.hits,
            (Some(true), Truth::False) => &mut self.misses,
            (Some(true), Truth::Unknown) => &mut self.open,
            (Some(false), Truth::True) => &mut self.false_alarms,
            (Some(false), Truth::False) => &mut self.passed,
            (Some(false), Truth::Unknown) => &mut self.open_others,
        };
        *cell = if add { *cell + 1 } else { cell.saturating_sub(1) };
    }
}

/// The marks of a catalogue: for each machine whether it is of concern, if it is marked.
///
/// An error where there is no such column, or where no cell of it is a mark.
pub fn marks(catalogue: &Catalogue, column: Option<&str>) -> Result<Vec<Option<bool>>> {
    let Some(name) = column else { return Ok(vec![None; catalogue.machines.len()]) };
    let name = name.trim();
    let Some(at) = place(catalogue, name) else {
        let error = Error::usage(format!("the catalogue has no column `{name}`"));
        return Err(match nearest(name, catalogue.header.iter().map(String::as_str)) {
            Some(near) => error.help(format!("did you mean `{near}`?")),
            None => error.help(expected()),
        });
    };
    let cells = catalogue.records.iter().map(|record| record.field(at).trim());
    let found: Vec<Option<bool>> = cells.map(mark).collect();
    if !found.is_empty() && found.iter().all(Option::is_none) {
        let held = match unread(catalogue, at) {
            Some((text, ..)) => format!("it holds {text}"),
            None => "every cell is empty".to_owned(),
        };
        let error = Error::usage(format!("no cell of the column `{name}` is a mark: {held}"));
        return Err(error.help(expected()));
    }
    Ok(found)
}

/// What is to be said of cells of a column of marks that are none, where there are any: how many,
/// and what they hold.
pub fn unmarked(catalogue: &Catalogue, column: Option<&str>) -> Option<String> {
    let name = column?.trim();
    let (held, cells, line) = unread(catalogue, place(catalogue, name)?)?;
    let [cells, are, count] = match cells {
        1 => ["1 cell", "is", "counts"].map(str::to_owned),
        _ => [format!("{cells} cells"), "are".to_owned(), "count".to_owned()],
    };
    Some(format!(
        "{cells} of the column `{name}` {are} no mark and {count} as not marked: {held}, first \
         in line {line}; {}",
        expected()
    ))
}

fn place(catalogue: &Catalogue, name: &str) -> Option<usize> {
    catalogue.header.iter().position(|known| known.eq_ignore_ascii_case(name))
}

fn mark(cell: &str) -> Option<bool> {
    label::read(label::TRUTH, cell).map(|truth| truth == 0b10)
}

/// How many texts are named.
const NAMED: usize = 5;

/// The texts of a column that are neither empty nor marks, in words; how many cells hold one, and
/// the line of the first.
fn unread(catalogue: &Catalogue, at: usize) -> Option<(String, usize, usize)> {
    let mut texts: BTreeMap<&str, usize> = BTreeMap::new();
    let mut first = None;
    for record in &catalogue.records {
        let cell = record.field(at).trim();
        if !cell.is_empty() && mark(cell).is_none() {
            *texts.entry(cell).or_default() += 1;
            first.get_or_insert(record.line);
        }
    }
    let cells = texts.values().sum();
    let mut named: Vec<String> = texts.keys().take(NAMED).map(|text| format!("`{text}`")).collect();
    if texts.len() > NAMED {
        named.push(format!("{} other texts", texts.len() - NAMED));
    }
    first.map(|line| (named.join(", "), cells, line))
}

/// What a mark is.
fn expected() -> String {
    let words = |bit: usize| -> String {
        let of = label::TRUTH.get(bit);
        let own = of.into_iter().flat_map(|l| std::iter::once(&l.name).chain(l.aliases));
        own.copied().collect::<Vec<_>>().join(", ")
    };
    format!(
        "a mark says whether a machine is of concern: {}; or not: {}; an empty cell is not marked",
        words(1),
        words(0)
    )
}
