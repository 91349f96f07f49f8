//! Lists to one program: every distinct condition once, negation pushed to the tests.

use std::collections::HashMap;

use crate::error::{Error, Result, nearest};
use crate::evidence::Key;
use crate::list::{
    Against, AxesCondition, Bound, Checked, Clause, Condition, Join, List, Note, NoteKind,
    Quantifier, Slope, Test,
};
use crate::machine::{self, Kind, ParameterId, Set, View};
use crate::quantity::{Comparator, Side, Value};

use super::arena::{Arena, Count, Node, NodeId, Part};
use super::layout::ColumnKey;
use super::outline::Outline;
use super::program::{Program, Root};

/// How open readings of the law are settled, which figures are trusted, and how much is kept.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Choices {
    /// Whether each entry keeps the outline that explanations follow.
    pub outlines: bool,
    /// Policies taken against their default: name, and whether `either` is taken.
    pub policies: Vec<(String, bool)>,
    /// Whether tests with remembered figures are left open.
    pub doubt_remembered: bool,
}

/// One list in a program.
#[derive(Debug)]
pub struct Entry {
    /// The list.
    pub list: List,
    /// The root of the entry's verdict.
    pub verdict: Root,
    /// The nodes of the clauses, in the list's order.
    pub clauses: Vec<NodeId>,
    /// The nodes of the notes, in the list's order.
    pub notes: Vec<NodeId>,
    /// The roots of the reasons, in the list's order.
    pub reasons: Vec<Root>,
    /// The roots of the flags, in the list's order.
    pub flags: Vec<Root>,
    /// The tree of the root clause, where [`Choices::outlines`] asked for it.
    pub outline: Option<Outline>,
}

/// Compiles lists into one program, with a status root for each jurisdiction whose law is among
/// them; what is not law makes no status.
pub fn compile(lists: Vec<List>, choices: &Choices) -> Result<Program> {
    let policies = || lists.iter().flat_map(|list| &list.policies);
    for (name, _) in &choices.policies {
        if !policies().any(|policy| policy.id == *name) {
            let error = Error::usage(format!("no loaded list has a policy `{name}`"));
            return Err(match nearest(name, policies().map(|p| p.id.as_str())) {
                Some(near) => error.help(format!("did you mean `{near}`?")),
                None => error,
            });
        }
    }
    let mut compiler = Compiler { machine: Arena::default(), axis: Arena::default(), choices };
    let mut roots: Vec<NodeId> = Vec::new();
    let mut add_root = |node: NodeId| {
        roots.push(node);
        Root(roots.len() - 1)
    };
    let mut entries = Vec::new();
    for list in lists {
        let mut walk =
            Walk { compiler: &mut compiler, list: &list, shift: &[], memo: HashMap::new() };
        let root = walk.clause_named(&list.header.root, false);
        let clauses = list.clauses.iter().map(|clause| walk.clause(clause, false)).collect();
        let notes = list.notes.iter().map(|note| walk.note(note)).collect();
        let named = |walk: &mut Walk<'_, '_>, all: &[crate::list::Named]| -> Vec<NodeId> {
            all.iter().map(|named| walk.condition(&named.when, false)).collect()
        };
        let reasons = named(&mut walk, &list.reasons);
        let flags = named(&mut walk, &list.flags);
        let outline = choices.outlines.then(|| walk.outline_clause(&list.header.root));
        let verdict = add_root(root);
        let reasons = reasons.into_iter().map(&mut add_root).collect();
        let flags = flags.into_iter().map(&mut add_root).collect();
        entries.push(Entry { list, verdict, clauses, notes, reasons, flags, outline });
    }
    let mut jurisdictions: Vec<(String, Root)> = Vec::new();
    let law = || entries.iter().filter(|entry| entry.list.header.is_law());
    for entry in law() {
        let name = &entry.list.header.jurisdiction;
        if jurisdictions.iter().any(|(known, _)| known == name) {
            continue;
        }
        let of_name = law().filter(|e| e.list.header.jurisdiction == *name);
        let parts = of_name.filter_map(|e| roots.get(e.verdict.0).copied()).collect();
        let status = compiler.machine.join(parts, false);
        roots.push(status);
        jurisdictions.push((name.clone(), Root(roots.len() - 1)));
    }
    Program::new(compiler.machine, compiler.axis, roots, entries, jurisdictions, choices.clone())
}

pub(super) struct Compiler<'c> {
    machine: Arena,
    axis: Arena,
    choices: &'c Choices,
}

/// A walk over one list with the limits of some parameters moved.
pub(super) struct Walk<'w, 'c> {
    pub compiler: &'w mut Compiler<'c>,
    pub list: &'w List,
    shift: &'w [(ParameterId, Value)],
    memo: HashMap<(String, bool), NodeId>,
}

impl Compiler<'_> {
    pub fn arena(&mut self, part: Part) -> &mut Arena {
        match part {
            Part::Machine => &mut self.machine,
            Part::Axis => &mut self.axis,
        }
    }
}

impl Walk<'_, '_> {
    /// The node of the clause or note with this citation.
    pub fn clause_named(&mut self, id: &str, negated: bool) -> NodeId {
        match (self.list.clause(id), self.list.note(id)) {
            (Some(clause), _) => self.clause(clause, negated),
            (None, Some(note)) => self.condition(&note.when, negated),
            (None, None) => self.compiler.machine.add(Node::Known(negated)),
        }
    }

    /// What a condition refers to: a clause, a note, or a definition of the machine or of an axis.
    fn named(&mut self, id: &str, negated: bool, part: Part) -> NodeId {
        match (part, self.list.note(id)) {
            (Part::Machine, _) => self.clause_named(id, negated),
            (Part::Axis, Some(note)) => self.part(&note.when, negated, part),
            (Part::Axis, None) => self.compiler.axis.add(Node::Known(negated)),
        }
    }

    /// Whether a note holds; what is said of one axis holds of no machine.
    fn note(&mut self, note: &Note) -> NodeId {
        match note.kind {
            NoteKind::DefinesAxis => self.compiler.machine.add(Node::Known(false)),
            _ => self.condition(&note.when, false),
        }
    }

    /// A clause: its own condition, its sub-clauses as joined, and no note that excludes it.
    fn clause(&mut self, clause: &Clause, negated: bool) -> NodeId {
        let key = (clause.id.clone(), negated);
        if let Some(known) = self.memo.get(&key) {
            return *known;
        }
        let list = self.list;
        let mut parts = vec![self.condition(&clause.when, negated)];
        let children: Vec<NodeId> =
            list.children(&clause.id).map(|child| self.clause(child, negated)).collect();
        if !children.is_empty() {
            let all = (clause.join == Some(Join::All)) != negated;
            parts.push(self.compiler.machine.join(children, all));
        }
        let unshifted = std::mem::take(&mut self.shift);
        for note in list.notes.iter().filter(|note| note.kind == NoteKind::Excludes) {
            if note.from.contains(&clause.id) {
                parts.push(self.condition(&note.when, !negated));
            }
        }
        self.shift = unshifted;
        let node = self.compiler.machine.join(parts, !negated);
        self.memo.insert(key, node);
        node
    }

    fn condition(&mut self, condition: &Condition, negated: bool) -> NodeId {
        self.part(condition, negated, Part::Machine)
    }

    pub fn part(&mut self, condition: &Condition, negated: bool, part: Part) -> NodeId {
        match condition {
            Condition::All(parts) | Condition::Any(parts) => {
                let nodes = parts.iter().map(|p| self.part(p, negated, part)).collect();
                let all = matches!(condition, Condition::All(_)) != negated;
                self.compiler.arena(part).join(nodes, all)
            }
            Condition::Not(inner) => self.part(inner, !negated, part),
            Condition::Test(test) => self.test(test, negated, part),
            Condition::Clause { id, shift, .. } if shift.is_empty() => {
                self.named(id, negated, part)
            }
            Condition::Clause { id, shift, .. } => {
                let moved = crate::list::moved_further(self.shift, shift);
                let (compiler, list) = (&mut *self.compiler, self.list);
                let memo = HashMap::new();
                Walk { compiler, list, shift: &moved, memo }.named(id, negated, part)
            }
            Condition::Policy { id, either, both, .. } => {
                let taken = if self.takes_either(id) { either } else { both };
                self.part(taken, negated, part)
            }
            Condition::Axes(axes) => self.axes(axes, negated),
            Condition::Open(why) => {
                let arena = self.compiler.arena(part);
                let column = arena.column(ColumnKey::Open(why.clone()));
                arena.add(Node::Truth { column, negated })
            }
        }
    }

    pub fn takes_either(&self, id: &str) -> bool {
        let chosen = self.compiler.choices.policies.iter().find(|(name, _)| name == id);
        let default = || {
            self.list.policies.iter().any(|policy| policy.id == id && policy.taken == Some(true))
        };
        chosen.map_or_else(default, |(_, either)| *either)
    }

    fn axes(&mut self, axes: &AxesCondition, negated: bool) -> NodeId {
        let of_kind = self.of_kind(axes.kinds);
        let with = |walk: &mut Self, negated: bool| {
            let when = walk.part(&axes.when, negated, Part::Axis);
            walk.compiler.axis.join(vec![of_kind, when], true)
        };
        let counted = |walk: &mut Self, condition: NodeId, count: Count| {
            let count = match (count, negated) {
                (count, false) => count,
                (Count::AtLeast(n), true) => Count::AtMost(n.saturating_sub(1)),
                (Count::AtMost(n), true) => Count::AtLeast(n.saturating_add(1)),
            };
            walk.compiler.machine.add(Node::Axes { count, condition })
        };
        match axes.quantifier {
            Quantifier::AtLeast(number) => {
                let condition = with(self, false);
                counted(self, condition, Count::AtLeast(number))
            }
            Quantifier::None => {
                let condition = with(self, false);
                counted(self, condition, Count::AtMost(0))
            }
            Quantifier::Every(minimum) => {
                let failing = with(self, true);
                let none_fails = counted(self, failing, Count::AtMost(0));
                let enough = counted(self, of_kind, Count::AtLeast(minimum));
                self.compiler.machine.join(vec![none_fails, enough], !negated)
            }
        }
    }

    /// The axis node that an axis is of one of these kinds.
    pub fn of_kind(&mut self, kinds: u64) -> NodeId {
        let kind = Key { parameter: machine::id_of("axis_kind"), by: None };
        let column = self.compiler.axis.column(ColumnKey::Parameter(kind));
        self.compiler.axis.add(Node::OneIn { column, set: kinds })
    }

    fn test(&mut self, test: &Test, negated: bool, part: Part) -> NodeId {
        if self.compiler.choices.doubt_remembered && test.checked == Checked::Remembered {
            let why = format!("{}: remembered figure", test.place);
            return self.part(&Condition::Open(why), negated, part);
        }
        let row = test.parameter.row();
        match &test.against {
            Against::Labels(set) => self.labels(test, *set, negated, part),
            Against::Limits(limits) => {
                let nodes = limits
                    .iter()
                    .map(|(comparator, bound)| match row.kind {
                        Kind::Contouring(view) => {
                            self.contouring(view, *comparator, bound, negated)
                        }
                        _ => self.limit(test, *comparator, bound, negated, part),
                    })
                    .collect();
                self.compiler.arena(part).join(nodes, !negated)
            }
        }
    }

    fn labels(&mut self, test: &Test, set: u64, negated: bool, part: Part) -> NodeId {
        let kind = test.parameter.row().kind;
        let arena = self.compiler.arena(part);
        let key = Key { parameter: test.parameter.stored(), by: None };
        let column = arena.column(ColumnKey::Parameter(key));
        let all = match Set::domain(kind) {
            Set::OneOf(all) => all,
            Set::Flags { possible, .. } => possible,
            Set::Span(_) => 0,
        };
        arena.add(match (kind, negated) {
            (Kind::Flags(_), false) => Node::AnyOf { column, set },
            (Kind::Flags(_), true) => Node::Inside { column, set: all & !set },
            (Kind::Subset(_), false) => Node::Inside { column, set },
            (Kind::Subset(_), true) => Node::AnyOf { column, set: all & !set },
            (_, false) => Node::OneIn { column, set },
            (_, true) => Node::OneIn { column, set: all & !set },
        })
    }

    fn contouring(
        &mut self,
        view: View,
        comparator: Comparator,
        bound: &Bound,
        negated: bool,
    ) -> NodeId {
        let key = Key { parameter: machine::id_of("contouring_axes"), by: None };
        let limit = match bound {
            Bound::Fixed(value) => comparator.limit(self.moved(key.parameter, *value)),
            Bound::Sloped(slope) => comparator.limit(slope.base),
        };
        let limit = if negated { limit.negated() } else { limit };
        let holds = |n: i64| Value::from_count(n).is_some_and(|value| limit.span().holds(value));
        let column = self.compiler.machine.column(ColumnKey::Parameter(key));
        let set = machine::pairs(view, holds);
        self.compiler.machine.add(Node::OneIn { column, set })
    }

    fn moved(&self, parameter: ParameterId, value: Value) -> Value {
        let by = self.shift.iter().find(|(moved, _)| *moved == parameter);
        let by = by.map_or(0, |(_, by)| by.count());
        Value::saturating(i128::from(value.count()) + i128::from(by))
    }

    fn limit(
        &mut self,
        test: &Test,
        comparator: Comparator,
        bound: &Bound,
        negated: bool,
        part: Part,
    ) -> NodeId {
        let (parameter, by) = (test.parameter, test.by);
        let base = match bound {
            Bound::Fixed(value) => *value,
            Bound::Sloped(slope) => slope.base,
        };
        let limit = comparator.limit(self.moved(parameter, base));
        let limit = if negated { limit.negated() } else { limit };
        let arena = self.compiler.arena(part);
        let column = arena.column(ColumnKey::Parameter(Key { parameter, by }));
        let fixed = arena.add(match limit.side {
            Side::UpTo => Node::UpTo { column, cut: limit.cut },
            Side::From => Node::From { column, cut: limit.cut },
        });
        let Bound::Sloped(slope) = bound else { return fixed };
        if slope.add == Value::ZERO {
            return fixed;
        }
        // The limit is the larger of its constant and its line: nothing is taken off below where
        // the line begins.
        let slope = Slope { base: self.moved(parameter, slope.base), ..slope.clone() };
        let arena = self.compiler.arena(part);
        arena.column(ColumnKey::Parameter(Key { parameter: slope.of, by: None }));
        let column = arena.column(ColumnKey::Slope { parameter, by, comparator, slope });
        let line = arena.add(Node::Truth { column, negated });
        arena.join(vec![fixed, line], limit.side == Side::From)
    }
}
