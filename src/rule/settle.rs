//! Which missing readings would decide an open verdict, and at which values it turns.

use std::collections::BTreeMap;

use super::Part;
use super::block::Row;
use super::cells::Cell;
use super::frontier::Frontier;
use super::layout::ColumnKey;
use super::program::{Program, Root};
use crate::logic::Truth;
use crate::quantity::Cut;

/// Something that the sheet could say and does not, or not sharply enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Question {
    /// A reading of the machine, by its column.
    Machine(usize),
    /// A reading of an axis, by the axis and its column.
    Axis(usize, usize),
    /// Whether the machine has axes beyond those listed.
    FurtherAxes,
}

/// Where the answer to one question of a deciding set turns the verdict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Critical {
    /// The question.
    pub question: Question,
    /// For a quantity: the cuts at which the verdict can turn, from the smallest.
    pub cuts: Vec<Cut>,
    /// For labels: the labels (a mask) with which the verdict can be captured, if with some it is
    /// not.
    pub labels: u64,
}

/// What would decide an open verdict.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Settlement {
    /// Minimal sets of questions whose answers, whatever they are, decide the verdict.
    pub sets: Vec<Vec<Critical>>,
    /// Whether there may be further sets that were not looked for.
    pub more: bool,
}

/// More evaluations than this are not spent on one machine and root.
const EVALUATIONS_MAX: usize = 60_000;
/// More sets than this are not reported.
const SETS_MAX: usize = 12;
/// Larger sets than this are not searched for systematically.
const SIZE_MAX: usize = 3;

/// Looks for the questions that decide one open root of one row.
pub struct Settler<'p> {
    program: &'p Program,
    root: Root,
    frontier: Frontier,
    evaluations: usize,
    known: BTreeMap<Vec<(Question, usize)>, Truth>,
}

impl<'p> Settler<'p> {
    /// A search for one root of one row.
    pub fn new(program: &'p Program, root: Root, row: &Row) -> Self {
        let frontier = Frontier::of(program, root, &program.trace_live(row));
        Self { program, root, frontier, evaluations: 0, known: BTreeMap::new() }
    }

    /// The questions on which the root may still depend, in a fixed order.
    pub fn open(&self, row: &Row) -> Vec<Question> {
        let mut open: Vec<Question> =
            self.frontier.machine.keys().map(|column| Question::Machine(*column)).collect();
        for (axis, part) in self.frontier.axes.iter().enumerate() {
            open.extend(part.keys().map(|column| Question::Axis(axis, *column)));
        }
        if self.frontier.unlisted {
            open.push(Question::FurtherAxes);
        }
        open.retain(|question| {
            *question == Question::FurtherAxes || self.rows(row, *question).len() > 1
        });
        open
    }

    /// The minimal deciding sets of an open root, and where each answer turns the verdict.
    pub fn settle(&mut self, row: &Row) -> Settlement {
        let open = self.open(row);
        let mut found: Vec<Vec<Question>> = Vec::new();
        let mut more = false;
        for size in 1..=SIZE_MAX.min(open.len()) {
            for set in subsets(&open, size) {
                let contains = |known: &Vec<Question>| known.iter().all(|q| set.contains(q));
                if found.iter().any(contains) {
                    continue;
                }
                if found.len() >= SETS_MAX || self.evaluations >= EVALUATIONS_MAX {
                    more = true;
                    break;
                }
                if self.decides(row, &set) {
                    found.push(set);
                }
            }
        }
        if found.is_empty() {
            self.evaluations = 0;
            found.extend(self.shrunk(row, open.clone()));
            more |= open.len() > SIZE_MAX;
        }
        let sets = found.iter().map(|set| self.critical(row, set)).collect();
        Settlement { sets, more }
    }

    /// Starts from every question and drops what is not needed.
    fn shrunk(&mut self, row: &Row, open: Vec<Question>) -> Option<Vec<Question>> {
        if !self.decides(row, &open) {
            return None;
        }
        let mut set = open;
        let mut at = 0;
        while at < set.len() {
            let mut fewer = set.clone();
            fewer.remove(at);
            if self.decides(row, &fewer) {
                set = fewer;
            } else {
                at += 1;
            }
        }
        Some(set)
    }

    /// Whether every combination of answers decides the root.
    fn decides(&mut self, row: &Row, set: &[Question]) -> bool {
        let mut path = Vec::new();
        self.decided_below(row, set, &mut path)
    }

    fn decided_below(
        &mut self,
        row: &Row,
        rest: &[Question],
        path: &mut Vec<(Question, usize)>,
    ) -> bool {
        let Some(truth) = self.truth(row, path) else { return false };
        if truth.is_known() {
            return true;
        }
        let Some((question, rest)) = rest.split_first() else { return false };
        let answers = self.rows(row, *question);
        answers.iter().enumerate().all(|(number, answered)| {
            path.push((*question, number));
            let decided = self.decided_below(answered, rest, path);
            path.pop();
            decided
        })
    }

    /// The exact truth of the root, remembered by the answers that led to the row.
    fn truth(&mut self, row: &Row, path: &[(Question, usize)]) -> Option<Truth> {
        let mut key = path.to_vec();
        key.sort_unstable();
        if let Some(known) = self.known.get(&key) {
            return Some(*known);
        }
        self.evaluations += 1;
        if self.evaluations > EVALUATIONS_MAX {
            return None;
        }
        let truth = self.program.exact(self.root, row).unwrap_or_default();
        self.known.insert(key, truth);
        Some(truth)
    }

    /// The row with each possible answer to a question.
    fn rows(&self, row: &Row, question: Question) -> Vec<Row> {
        let (axis, column) = match question {
            Question::FurtherAxes => return vec![Row { further: None, ..row.clone() }],
            Question::Machine(column) => (None, column),
            Question::Axis(axis, column) => (Some(axis), column),
        };
        let cells = match axis {
            Some(axis) => row.axes.get(axis),
            None => Some(&row.machine),
        };
        let Some(cell) = cells.and_then(|cells| cells.get(column)) else { return Vec::new() };
        let answered = |answer: Cell| {
            let mut row = row.clone();
            let cells = match axis {
                Some(axis) => row.axes.get_mut(axis),
                None => Some(&mut row.machine),
            };
            if let Some(cell) = cells.and_then(|cells| cells.get_mut(column)) {
                *cell = answer;
            }
            row
        };
        let part = match axis {
            Some(axis) => self.frontier.axes.get(axis),
            None => Some(&self.frontier.machine),
        };
        let answers = match part.and_then(|part| part.get(&column)) {
            Some(tests) => tests.answers(*cell, false),
            None => vec![*cell],
        };
        answers.into_iter().map(answered).collect()
    }

    fn critical(&mut self, row: &Row, set: &[Question]) -> Vec<Critical> {
        set.iter()
            .enumerate()
            .map(|(at, question)| {
                let mut others = set.to_vec();
                others.remove(at);
                let mut critical = Critical { question: *question, cuts: Vec::new(), labels: 0 };
                self.turns(row, &others, &mut Vec::new(), &mut critical);
                critical.cuts.sort_unstable();
                critical.cuts.dedup();
                critical
            })
            .collect()
    }

    /// Adds where the answer to the question turns the verdict, for every answer to the others.
    fn turns(
        &mut self,
        row: &Row,
        others: &[Question],
        path: &mut Vec<(Question, usize)>,
        critical: &mut Critical,
    ) {
        if let Some((other, rest)) = others.split_first() {
            if self.truth(row, path).is_none_or(Truth::is_known) {
                return;
            }
            for (number, answered) in self.rows(row, *other).iter().enumerate() {
                path.push((*other, number));
                self.turns(answered, rest, path, critical);
                path.pop();
            }
            return;
        }
        let question = critical.question;
        let mut before: Option<(Truth, Cell)> = None;
        let mut labels = [0u32; 3];
        for (number, answered) in self.rows(row, question).iter().enumerate() {
            path.push((question, number));
            let truth = self.truth(answered, path).unwrap_or_default();
            path.pop();
            let Some(cell) = cell_of(answered, question) else { continue };
            if let (Some((last, Cell::Range(_, end))), true) = (before, truth.is_known())
                && last != truth
            {
                critical.cuts.extend(self.cut(question, end));
            }
            if let (Cell::OneOf(set) | Cell::Flags { certain: set, .. }, Some(slot)) =
                (cell, labels.get_mut(truth as usize))
            {
                *slot |= set;
            }
            before = Some((truth, cell));
        }
        if let [not_captured, _, captured] = labels
            && captured != 0
            && (not_captured != 0 || matches!(before, Some((_, Cell::Flags { .. }))))
        {
            critical.labels |= self.labels(question, captured);
        }
    }

    fn cut(&self, question: Question, cell: u8) -> Option<Cut> {
        let column = match question {
            Question::Machine(column) => self.program.machine.columns.get(column),
            Question::Axis(_, column) => self.program.axis.columns.get(column),
            Question::FurtherAxes => None,
        };
        column.and_then(|column| column.cut_after(cell))
    }

    fn labels(&self, question: Question, classes: u32) -> u64 {
        let column = match question {
            Question::Machine(column) => self.program.machine.columns.get(column),
            Question::Axis(_, column) => self.program.axis.columns.get(column),
            Question::FurtherAxes => None,
        };
        column.map_or(0, |column| column.labels_of(classes))
    }
}

impl Program {
    /// The column of a question; `None` for further axes.
    pub fn column_of(&self, question: Question) -> Option<&ColumnKey> {
        match question {
            Question::Machine(column) => self.columns(Part::Machine).get(column).map(|c| &c.key),
            Question::Axis(_, column) => self.columns(Part::Axis).get(column).map(|c| &c.key),
            Question::FurtherAxes => None,
        }
    }
}

fn cell_of(row: &Row, question: Question) -> Option<Cell> {
    match question {
        Question::Machine(column) => row.machine.get(column).copied(),
        Question::Axis(axis, column) => row.axes.get(axis)?.get(column).copied(),
        Question::FurtherAxes => None,
    }
}

/// The subsets of a size, in the order of the items.
fn subsets(items: &[Question], size: usize) -> Vec<Vec<Question>> {
    if size == 0 {
        return vec![Vec::new()];
    }
    let mut all = Vec::new();
    for (at, item) in items.iter().enumerate() {
        for mut rest in subsets(items.get(at + 1..).unwrap_or_default(), size - 1) {
            rest.insert(0, *item);
            all.push(rest);
        }
    }
    all
}
