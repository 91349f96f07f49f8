//! A machine of a box that nothing contradicts: no more of its axes contour than it has, and the
//! figures of each axis bear each other out.

use super::witness::{kinds, outline, value};
use crate::evidence::{
    Assumptions, Configuration, Conflict, Frame, Key, Level, Picture, Policy, Source,
};
use crate::logic::Truth;
use crate::machine::{self, AxisKind, Machine, Set, Standard};
use crate::quantity::{Span, Value};
use crate::rule::{Program, Root, Row};

/// What was found of a box.
pub(super) enum Accepted {
    /// A machine, and its box: the one that was asked about, or it with more axes, of which the
    /// same is told.
    Machine(Box<(Row, Machine)>),
    /// There is none: what excludes the whole box, in words.
    Excluded(String),
    /// None was found.
    Unknown,
}

/// Looks for a machine of a box in which roots have these truths.
pub(super) fn accepted(program: &Program, row: &Row, wanted: &[(Root, Truth)]) -> Accepted {
    let known = Bounds::of(program);
    let mut excluded = None;
    let shapes = shapes(program, row, wanted);
    let is_counted_out = shapes.is_empty() && is_counted_out(program, row);
    for (row, kinds, pair) in shapes {
        let plain = program.edges(&row).is_empty();
        match known.settled(outline(program, &row, &kinds, pair)) {
            Ok(machine) => return Accepted::Machine(Box::new((row, machine))),
            // A value that was picked for a sloped edge proves nothing of the whole box.
            Err(Some(why)) if plain => excluded = Some(why),
            Err(_) => {}
        }
    }
    match excluded {
        Some(why) => Accepted::Excluded(why),
        None if is_counted_out => Accepted::Excluded(COUNTED.to_owned()),
        None => Accepted::Unknown,
    }
}

/// Why no machine of few axes contours with many.
const COUNTED: &str = "no more axes contour than there are";

/// So many shapes of a box are looked at, and so many axes a machine may have.
const SHAPES_MAX: usize = 4;
const AXES_MAX: usize = 10;

/// The pairs of contouring axes that a box leaves, as (linear, rotary, bit), few axes first; `None`
/// where it says nothing of them.
fn pairs(program: &Program, row: &Row) -> Option<Vec<(usize, usize, u64)>> {
    let constraints = program.constraints(row);
    let named = |name: &str| name == "contouring_axes";
    let own = constraints.iter().find(|one| named(one.key.parameter.row().name))?;
    let Set::OneOf(mask) = own.set else { return None };
    let bits = (0..64usize).filter(|bit| mask >> bit & 1 == 1);
    let mut pairs: Vec<_> = bits.map(|bit| (bit / 8, bit % 8, 1u64 << bit)).collect();
    pairs.sort_by_key(|(linear, rotary, _)| (linear + rotary, *rotary));
    Some(pairs)
}

/// Whether a box asks for more contouring axes than its machines have.
fn is_counted_out(program: &Program, row: &Row) -> bool {
    let least = pairs(program, row).and_then(|pairs| pairs.first().copied());
    !row.has_further() && least.is_some_and(|(l, r, _)| l + r > row.axis_count())
}

/// Rows, kinds of their axes and pairs of contouring axes that go together.
fn shapes(
    program: &Program,
    row: &Row,
    wanted: &[(Root, Truth)],
) -> Vec<(Row, Vec<AxisKind>, Option<u64>)> {
    let own = kinds(program, row);
    let mut waiting: Vec<Shape> = match pairs(program, row) {
        Some(pairs) => pairs.into_iter().map(|pair| shape(&own, pair)).collect(),
        None => vec![shape(&own, (0, 0, 0))],
    };
    // A sheet cannot say that there is no axis at all.
    if own.is_empty() && !row.has_further() {
        waiting = waiting.into_iter().flat_map(with_an_axis).collect();
    }
    let mut found = Vec::new();
    waiting.sort_by_key(|shape| shape.missing.len());
    for shape in waiting.into_iter().take(3 * SHAPES_MAX) {
        let count = shape.kinds.len() + shape.missing.len();
        let padded = if shape.missing.is_empty() {
            Some(row.clone())
        } else if count <= AXES_MAX {
            padded(program, row, &shape, wanted)
        } else {
            None
        };
        if let Some(row) = padded {
            let kinds = [shape.kinds, shape.missing].concat();
            found.push((row, kinds, Some(shape.pair).filter(|pair| *pair != 0)));
        }
        if found.len() >= SHAPES_MAX {
            break;
        }
    }
    found
}

/// The kinds of the axes of a machine with a pair of contouring axes.
struct Shape {
    /// Of the axes that are listed.
    kinds: Vec<AxisKind>,
    /// Of those that are wanting.
    missing: Vec<AxisKind>,
    /// The bit of its pair; nought where none is asked for.
    pair: u64,
}

/// A shape as it is where it has an axis, else with one of each kind.
fn with_an_axis(shape: Shape) -> Vec<Shape> {
    if !shape.missing.is_empty() {
        return vec![shape];
    }
    let of = |kind| Shape { kinds: Vec::new(), missing: vec![kind], pair: shape.pair };
    [AxisKind::Linear, AxisKind::Rotary].map(of).into()
}

fn shape(own: &[Option<AxisKind>], (linear, rotary, pair): (usize, usize, u64)) -> Shape {
    let count = |kinds: &[AxisKind], kind| kinds.iter().filter(|own| **own == kind).count();
    let fixed: Vec<AxisKind> = own.iter().flatten().copied().collect();
    let mut turning = rotary.saturating_sub(count(&fixed, AxisKind::Rotary));
    let mut kinds = Vec::new();
    for kind in own {
        kinds.push(match kind {
            Some(kind) => *kind,
            None if turning > 0 => {
                turning -= 1;
                AxisKind::Rotary
            }
            None => AxisKind::Linear,
        });
    }
    let mut missing = Vec::new();
    for (kind, asked) in [(AxisKind::Linear, linear), (AxisKind::Rotary, rotary)] {
        let wanting = asked.saturating_sub(count(&kinds, kind));
        missing.extend(std::iter::repeat_n(kind, wanting));
    }
    Shape { kinds, missing, pair }
}

/// A box with the axes that a shape lacks: ones of which nothing is said, or else like one that is
/// there, so that the roots keep their truths.
fn padded(program: &Program, row: &Row, shape: &Shape, wanted: &[(Root, Truth)]) -> Option<Row> {
    let mut own = row.clone();
    for kind in &shape.missing {
        let alike = shape.kinds.iter().enumerate().filter(|(_, listed)| *listed == kind);
        let copies = alike.map(|(axis, _)| own.with_copy(axis));
        let fresh = std::iter::once(program.with_axis(&own, *kind));
        own = fresh.chain(copies).find(|more| program.gives(more, wanted))?;
    }
    Some(own)
}

/// What bounds machines whatever a list says of them.
struct Bounds {
    frame: Frame,
    policy: Policy,
}

impl Bounds {
    fn of(program: &Program) -> Self {
        let own = program.frame();
        let keys = own.machine().iter().chain(own.axis()).copied();
        let fixed = |key: &Key| matches!(key.parameter.row().name, "axis_kind" | "axis_letter");
        let count = Key { parameter: machine::id_of("contouring_axes"), by: None };
        let keys = keys.filter(|key| !fixed(key)).chain(super::convert::figures()).chain([count]);
        let policy = Policy {
            level: Level::Assumed,
            as_stated: false,
            derive: true,
            assumptions: Assumptions::default(),
        };
        Self { frame: Frame::new(keys), policy }
    }

    fn picture(&self, machine: &Machine) -> Picture {
        let mut picture = Picture::recording();
        picture.draw(&self.frame, machine, Configuration::default(), &self.policy);
        picture
    }

    /// The machine with a value for each span, each within what the others leave; otherwise what
    /// excludes all of them, where anything does.
    fn settled(&self, mut machine: Machine) -> Result<Machine, Option<String>> {
        let mut picture = self.picture(&machine);
        if let Some(conflict) = picture.conflicts.first() {
            return Err(Some(self.reason(&machine, conflict)));
        }
        for at in 0..machine.readings.len() {
            let Some(reading) = machine.readings.get(at) else { continue };
            let (Set::Span(span), None) = (reading.set, reading.figure) else { continue };
            let by = Some(reading.standard).filter(|by| *by != Standard::UNNAMED);
            let key = Key { parameter: reading.parameter, by };
            let left = match picture.set(&self.frame, key, reading.axis.map(usize::from)) {
                Some(Set::Span(left)) => left.meet(span).unwrap_or(span),
                _ => span,
            };
            let tried = [value(left), left.high(), left.low()].into_iter().flatten();
            let fits = |value: Value| {
                let set = Set::Span(Span::point(value));
                let mut machine = machine.clone();
                let reading = machine.readings.get_mut(at)?;
                (reading.set, reading.figure) = (set, Some(value));
                let picture = self.picture(&machine);
                picture.conflicts.is_empty().then_some((machine, picture))
            };
            let fitting = tried.filter(|value| span.holds(*value)).find_map(fits);
            (machine, picture) = fitting.ok_or(None)?;
        }
        Ok(machine)
    }

    /// What contradicts a figure of a machine, in words: the bound on it that the others prove.
    fn reason(&self, machine: &Machine, conflict: &Conflict) -> String {
        let (axis, key) = (conflict.axis, conflict.key);
        let mut others = machine.clone();
        others.readings.retain(|reading| {
            (reading.axis.map(usize::from), reading.parameter) != (axis, key.parameter)
        });
        let picture = self.picture(&others);
        let own = picture.origins.iter().rev().find_map(|origin| match &origin.source {
            Source::Derived(name) if (origin.axis, origin.key) == (axis, key) => Some(*name),
            _ => None,
        });
        own.map_or_else(|| format!("`{}` contradicts itself", key.text()), str::to_owned)
    }
}
