//! Critical values: the same program over least and greatest instead of and and or.
//!
//! Where every test that a dial moves grows truer as the dial is turned one way, a node holds from
//! one value of the dial on. That value is the largest of its parts' for *all*, the smallest for
//! *any*, the n-th smallest over the axes where n axes are counted. What stands still holds always
//! or never. A node has two of them: from which value on it certainly holds, and possibly.

use super::arena::{Count, NodeId, Part};
use super::block::Slot;
use super::field::{Alike, Asked, Chunk, Watched};
use super::program::{Code, Op, Program, Root};
use super::turning::{Turning, under};
use crate::evidence::Picture;
use crate::machine::ParameterId;
use crate::quantity::{Cut, Span};

/// A program of which one dial is turned through all values, and perhaps a second through some.
#[derive(Debug)]
pub struct Dialled<'p> {
    pub(super) program: &'p Program,
    pub(super) root: Root,
    pub(super) node: NodeId,
    pub(super) first: Turning,
    pub(super) second: Option<Turning>,
    /// Whether more is captured as the first dial is turned up.
    rising: bool,
    pub(super) machine: Vec<Step>,
    /// What is counted over axes, as it stands and negated.
    pub(super) axis: [Vec<Step>; 2],
    pub(super) watched: Watched,
    /// The nodes of the machine under the root.
    pub(super) nodes: Vec<NodeId>,
    /// The nodes of the machine and of an axis that the root rests on and no dial moves itself.
    pub(super) live: [Vec<bool>; 2],
}

/// A node that depends on a dial.
#[derive(Debug)]
pub(super) struct Step {
    pub id: NodeId,
    pub what: What,
}

#[derive(Debug)]
pub(super) enum What {
    /// A test that the first dial moves: its watched column and its cut.
    First { column: usize, cut: Cut },
    /// A test that the second dial moves, and whether it asks for less than its cut.
    Second { column: usize, cut: Cut, below: bool },
    /// The largest (or smallest) of other steps and of nodes that stand still.
    Join { largest: bool, negated: bool, steps: Vec<usize>, still: Vec<NodeId> },
    /// So many axes meet what a step of an axis says, negated where fewer are wanted.
    Axes { count: Count, step: usize },
}

impl<'p> Dialled<'p> {
    /// The program seen as one over critical values of the first dial.
    ///
    /// `None` where the first dial moves tests in both directions.
    pub fn new(
        program: &'p Program,
        root: Root,
        first: Turning,
        second: Option<Turning>,
    ) -> Option<Self> {
        let node = program.node(root)?;
        let mut dialled = Self {
            program,
            root,
            node,
            first,
            second,
            rising: true,
            machine: Vec::new(),
            axis: [Vec::new(), Vec::new()],
            watched: Watched::default(),
            nodes: Vec::new(),
            live: [Vec::new(), Vec::new()],
        };
        let machine = under(&program.machine, [node]);
        for negated in [false, true] {
            let counted =
                machine.iter().filter_map(|id| match program.machine.ops.get(id.index()) {
                    Some(Op::Axes { count, condition }) => {
                        let fewer = matches!(count, Count::AtMost(_));
                        program.conditions.get(*condition).filter(|_| fewer == negated).copied()
                    }
                    _ => None,
                });
            let nodes = under(&program.axis, counted);
            let steps = dialled.steps(&program.axis, &nodes, negated)?;
            if let Some(own) = dialled.axis.get_mut(usize::from(negated)) {
                *own = steps;
            }
        }
        dialled.machine = dialled.steps(&program.machine, &machine, false)?;
        if dialled.machine.last().is_none_or(|step| step.id != node) {
            // No dial bears on the root: it stands still.
            let still = vec![node];
            let what = What::Join { largest: true, negated: false, steps: Vec::new(), still };
            dialled.machine.push(Step { id: node, what });
        }
        dialled.rising = dialled.direction()?;
        let conditions = program.conditions.iter().copied();
        dialled.live = [
            dialled.live(&program.machine, &machine, &[&dialled.machine]),
            dialled.live(
                &program.axis,
                &under(&program.axis, conditions),
                &dialled.axis.each_ref(),
            ),
        ];
        dialled.nodes = machine;
        Some(dialled)
    }

    /// Whether more is captured as the first dial is turned up; otherwise as it is turned down.
    pub fn is_rising(&self) -> bool {
        self.rising
    }

    /// An empty chunk for machines.
    pub fn chunk(&self) -> Chunk {
        Chunk::new(self.program, &self.watched)
    }

    /// Draws a machine in one of its configurations.
    pub fn draw(&self, chunk: &mut Chunk, picture: &Picture, machine: usize, configuration: usize) {
        chunk.draw(self.program, &self.watched, picture, (machine, configuration));
    }

    /// Draws rows that are alike, one for each machine.
    pub fn draw_alike(
        &self,
        chunk: &mut Chunk,
        alike: Alike<'_>,
        machines: impl ExactSizeIterator<Item = usize>,
    ) {
        chunk.draw_alike(self.program, &self.watched, alike, machines);
    }

    /// The readings of a picture that moved tests ask about, where they may matter.
    pub fn asked(&self, picture: &Picture, matters: impl Fn(Slot) -> bool) -> Asked {
        Asked::of(self.program, &self.watched, picture, matters)
    }

    /// What is asked about a slot.
    pub fn span(&self, asked: &Asked, slot: Slot) -> Option<Span> {
        asked.span(&self.watched, slot)
    }

    /// Whether moved tests ask about what a slot holds.
    pub fn watches(&self, slot: Slot) -> bool {
        let of_axis = slot.axis.is_some();
        let columns = if of_axis { &self.watched.axis } else { &self.watched.machine };
        columns.contains(&slot.column)
    }

    /// Whether moved tests ask about a parameter.
    pub fn watches_parameter(&self, parameter: ParameterId) -> bool {
        let of = |part: Part, columns: &[usize]| {
            columns.iter().any(|column| {
                let key = Watched::key(self.program, part, *column);
                key.is_some_and(|key| key.parameter == parameter)
            })
        };
        of(Part::Machine, &self.watched.machine) || of(Part::Axis, &self.watched.axis)
    }

    /// The steps of nodes of one part; `None` where something that moves cannot be followed.
    fn steps(&mut self, code: &Code, nodes: &[NodeId], negated: bool) -> Option<Vec<Step>> {
        let of_axis = std::ptr::eq(code, &self.program.axis);
        let mut steps: Vec<Step> = Vec::new();
        for id in nodes {
            let op = code.ops.get(id.index())?;
            let cut = |turning: &Turning| {
                let cuts = if of_axis { &turning.axis } else { &turning.machine };
                cuts.get(id.index()).copied().flatten()
            };
            let (first, second) = (cut(&self.first), self.second.as_ref().and_then(cut));
            let what = match (op, first, second) {
                (_, _, Some(cut)) => {
                    let below = matches!(op, Op::UpTo { .. }) != negated;
                    let column = self.watch(of_axis, op.column()?);
                    What::Second { column, cut, below }
                }
                (_, Some(cut), None) => {
                    What::First { column: self.watch(of_axis, op.column()?), cut }
                }
                (Op::And(parts) | Op::Or(parts), ..) => {
                    let largest = matches!(op, Op::And(_)) != negated;
                    let (own, still) = flattened(&steps, parts, largest);
                    if own.is_empty() {
                        continue;
                    }
                    What::Join { largest, negated, still, steps: own }
                }
                (Op::Axes { count, condition }, ..) => {
                    let fewer = usize::from(matches!(count, Count::AtMost(_)));
                    let counted = self.program.conditions.get(*condition);
                    let known = self.axis.get(fewer).map(Vec::as_slice).unwrap_or_default();
                    let Some(step) = known.iter().position(|step| Some(&step.id) == counted) else {
                        continue;
                    };
                    What::Axes { count: *count, step }
                }
                _ => continue,
            };
            steps.push(Step { id: *id, what });
        }
        Some(steps)
    }

    fn watch(&mut self, of_axis: bool, column: usize) -> usize {
        let columns = if of_axis { &mut self.watched.axis } else { &mut self.watched.machine };
        columns.iter().position(|known| *known == column).unwrap_or_else(|| {
            columns.push(column);
            columns.len() - 1
        })
    }

    /// Which of some nodes no dial moves itself.
    fn live(&self, code: &Code, nodes: &[NodeId], steps: &[&Vec<Step>]) -> Vec<bool> {
        let moved = |id: &NodeId| {
            let is_it = |step: &Step| {
                step.id == *id && matches!(step.what, What::First { .. } | What::Second { .. })
            };
            steps.iter().any(|steps| steps.iter().any(is_it))
        };
        let mut live = vec![false; code.ops.len()];
        for id in nodes.iter().filter(|id| !moved(id)) {
            if let Some(slot) = live.get_mut(id.index()) {
                *slot = true;
            }
        }
        live
    }

    /// The one direction in which all that the first dial moves asks; `None` where there are two.
    fn direction(&self) -> Option<bool> {
        let (mut up, mut down) = (false, false);
        let [counted, negated] = &self.axis;
        for (code, steps, negated) in [
            (&self.program.machine, &self.machine, false),
            (&self.program.axis, counted, false),
            (&self.program.axis, negated, true),
        ] {
            for step in steps.iter().filter(|step| matches!(step.what, What::First { .. })) {
                let below = matches!(code.ops.get(step.id.index()), Some(Op::UpTo { .. }));
                if below == negated { down = true } else { up = true }
            }
        }
        (!(up && down)).then_some(!down)
    }
}

/// The steps that a join is the largest (or smallest) of, and the nodes that stand still: those of
/// a part that is such a join itself are its own.
fn flattened(steps: &[Step], parts: &[NodeId], largest: bool) -> (Vec<usize>, Vec<NodeId>) {
    let (mut own, mut still) = (Vec::new(), Vec::new());
    for part in parts {
        let place = steps.iter().position(|step| step.id == *part);
        match place.and_then(|at| steps.get(at)).map(|step| &step.what) {
            None => still.push(*part),
            Some(What::Join { largest: same, still: nodes, steps, .. }) if *same == largest => {
                own.extend_from_slice(steps);
                still.extend_from_slice(nodes);
            }
            Some(_) => own.extend(place),
        }
    }
    own.sort_unstable();
    own.dedup();
    still.sort_unstable();
    still.dedup();
    (own, still)
}
