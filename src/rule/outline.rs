//! The tree that an explanation follows, and the recorded evaluation of one machine.

use super::arena::{NodeId, Part};
use super::block::{Block, Listed, Row};
use super::compile::Walk;
use super::program::Program;
use super::run::{self, Planes};
use crate::list::{Condition, NoteKind, Quantifier, Test};
use crate::logic::Truth;

/// What a line of an explanation is about.
#[derive(Debug, Clone, PartialEq)]
pub enum Subject {
    /// A clause of the list.
    Clause(String),
    /// A definition that the condition above it refers to.
    Definition(String),
    /// A note that excludes from the clause above it.
    Note(String),
    /// Every part has to hold.
    All,
    /// Some part has to hold.
    Any,
    /// The part must not hold.
    Not,
    /// A test.
    Test(Box<Test>),
    /// A condition on axes of these kinds.
    Axes(Quantifier, u64),
    /// Text that is not decided.
    Open(String),
    /// A policy, and whether its reading `either` was taken.
    Policy(String, bool),
}

/// The tree of a condition, each line with its node.
#[derive(Debug, Clone, PartialEq)]
pub struct Outline {
    /// What the line is about.
    pub subject: Subject,
    /// Whether it is a truth of the machine or of each axis.
    pub part: Part,
    /// Its node.
    pub node: NodeId,
    /// Its parts; those under [`Subject::Axes`] are truths of each axis.
    pub parts: Vec<Self>,
}

impl Walk<'_, '_> {
    /// The outline of a clause: its conditions, its notes, its sub-clauses.
    pub(super) fn outline_clause(&mut self, id: &str) -> Outline {
        let node = self.clause_named(id, false);
        let mut parts = Vec::new();
        let list = self.list;
        if let Some(clause) = list.clause(id) {
            for condition in clause.when.conjuncts() {
                parts.push(self.outline(condition, Part::Machine));
            }
            let notes = list.notes.iter().filter(|n| n.kind == NoteKind::Excludes);
            for note in notes.filter(|note| note.from.iter().any(|from| from == id)) {
                parts.push(self.outline_note(&note.id, Part::Machine));
            }
            for child in list.children(id) {
                parts.push(self.outline_clause(&child.id));
            }
        }
        Outline { subject: Subject::Clause(id.to_owned()), part: Part::Machine, node, parts }
    }

    fn outline_note(&mut self, id: &str, part: Part) -> Outline {
        let list = self.list;
        let when = list.note(id).map(|note| &note.when);
        let parts: Vec<Outline> = when
            .map(Condition::conjuncts)
            .unwrap_or_default()
            .into_iter()
            .map(|condition| self.outline(condition, part))
            .collect();
        let node = match when {
            Some(when) => self.part(when, false, part),
            None => self.clause_named(id, false),
        };
        Outline { subject: Subject::Note(id.to_owned()), part, node, parts }
    }

    fn outline(&mut self, condition: &Condition, part: Part) -> Outline {
        let node = self.part(condition, false, part);
        let (subject, parts) = match condition {
            Condition::All(parts) => (Subject::All, self.outlines(parts, part)),
            Condition::Any(parts) => (Subject::Any, self.outlines(parts, part)),
            Condition::Not(inner) => (Subject::Not, vec![self.outline(inner, part)]),
            Condition::Test(test) => (Subject::Test(Box::new(test.clone())), Vec::new()),
            Condition::Clause { id, shift, .. } if self.list.note(id).is_some() => {
                let note = self.outline_note(id, part);
                let kind = self.list.note(id).map(|note| note.kind);
                let subject = match kind {
                    Some(kind) if kind.is_definition() => Subject::Definition(id.clone()),
                    _ => note.subject,
                };
                // Moved limits are not those that stand there.
                (subject, if shift.is_empty() { note.parts } else { Vec::new() })
            }
            Condition::Clause { id, .. } => (Subject::Clause(id.clone()), Vec::new()),
            Condition::Policy { id, either, both, .. } => {
                let taken = self.takes_either(id);
                let reading = if taken { either } else { both };
                (Subject::Policy(id.clone(), taken), vec![self.outline(reading, part)])
            }
            Condition::Axes(axes) => {
                let inner = axes.when.conjuncts();
                let parts = inner.into_iter().map(|c| self.outline(c, Part::Axis)).collect();
                (Subject::Axes(axes.quantifier, axes.kinds), parts)
            }
            Condition::Open(why) => (Subject::Open(why.clone()), Vec::new()),
        };
        Outline { subject, part, node, parts }
    }

    fn outlines(&mut self, parts: &[Condition], part: Part) -> Vec<Outline> {
        parts.iter().map(|condition| self.outline(condition, part)).collect()
    }
}

/// Every truth of one row: of the machine's nodes and of each axis's nodes.
#[derive(Debug, Clone)]
pub struct Trace {
    machine: Vec<u8>,
    axes: Vec<Vec<u8>>,
    unlisted: Option<Vec<u8>>,
}

impl Trace {
    /// The truth of a machine node.
    pub fn machine(&self, node: NodeId) -> Truth {
        truth(&self.machine, node)
    }

    /// The truth of an axis node for one axis.
    pub fn axis(&self, axis: usize, node: NodeId) -> Truth {
        self.axes.get(axis).map_or(Truth::Unknown, |truths| truth(truths, node))
    }

    /// The truth of an axis node for an axis that is not listed; `None` where there is none.
    pub fn unlisted(&self, node: NodeId) -> Option<Truth> {
        self.unlisted.as_ref().map(|truths| truth(truths, node))
    }

    /// How many axes were recorded.
    pub fn axes(&self) -> usize {
        self.axes.len()
    }

    /// The trace of the row that stands at a place of a block.
    pub(super) fn of(planes: &Planes, listed: Listed, at: usize) -> Self {
        let gather = |planes_of: &[u8]| {
            planes_of.iter().skip(at).step_by(planes.rows.max(1)).copied().collect::<Vec<u8>>()
        };
        let slots = listed.slots().filter_map(|slot| planes.slots.get(slot));
        Self {
            machine: gather(&planes.machine),
            axes: slots.map(|slot| gather(slot)).collect(),
            unlisted: listed.more.then(|| gather(&planes.further)),
        }
    }

    /// The trace of a row of one axis in which nothing is known.
    pub(super) fn unknown() -> Self {
        Self { machine: Vec::new(), axes: vec![Vec::new()], unlisted: None }
    }

    pub(super) fn machine_bytes(&self) -> &[u8] {
        &self.machine
    }
}

fn truth(truths: &[u8], node: NodeId) -> Truth {
    truths.get(node.index()).map_or(Truth::Unknown, |byte| Truth::from_byte(*byte))
}

/// Every truth of a block of rows: recorded at once, told row by row.
#[derive(Debug)]
pub struct Recorded<'b> {
    block: &'b Block,
    planes: Planes,
}

impl Recorded<'_> {
    /// Every truth of one row; its axes are those that it lists.
    pub fn trace(&self, row: usize) -> Trace {
        Trace::of(&self.planes, self.block.listed(row), row)
    }
}

impl Trace {
    /// The truth of each line of an outline, a line of axes before its lines for each axis.
    pub fn lines(&self, outline: &Outline) -> Vec<Truth> {
        let mut lines = Vec::new();
        self.tell(outline, None, &mut lines);
        lines
    }

    fn tell(&self, outline: &Outline, axis: Option<usize>, lines: &mut Vec<Truth>) {
        lines.push(match (outline.part, axis) {
            (Part::Axis, Some(axis)) => self.axis(axis, outline.node),
            _ => self.machine(outline.node),
        });
        if !matches!(outline.subject, Subject::Axes(..)) {
            return outline.parts.iter().for_each(|part| self.tell(part, axis, lines));
        }
        for axis in 0..self.axes() {
            outline.parts.iter().for_each(|part| self.tell(part, Some(axis), lines));
        }
    }
}

impl Program {
    /// Runs the program on a block of rows and keeps every truth.
    pub fn record<'b>(&self, block: &'b Block) -> Recorded<'b> {
        Recorded { block, planes: run::all_planes(self, block, None) }
    }

    /// Runs the program on one row and keeps every truth.
    pub fn trace(&self, row: &Row) -> Trace {
        self.traced(row, None)
    }

    /// The same without the nodes that serve explanations only.
    pub(super) fn trace_live(&self, row: &Row) -> Trace {
        self.traced(row, Some(&self.live))
    }

    fn traced(&self, row: &Row, live: Option<&[bool]>) -> Trace {
        let mut block = Block::new(self);
        block.push(row);
        Trace::of(&run::all_planes(self, &block, live), block.listed(0), 0)
    }
}
