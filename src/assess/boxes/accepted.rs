//! A machine of a box that nothing contradicts: no more of its axes contour than it has, and the
//! figures of each axis bear each other out.

use super::witness::{is_of_two_kinds, kinds, may_be, outline, value};
use crate::evidence::{
    Assumptions, Configuration, Conflict, Frame, Key, Level, Picture, Policy, Source,
};
use crate::logic::Truth;
use crate::machine::{self, AxisKind, Machine, Reading, Set, Standard};
use crate::quantity::{Span, Value};
use crate::rule::{Constraint, Program, Root, Row};

/// What was found of a box.
pub(in crate::assess) enum Accepted {
    /// A machine, and its box: the one that was asked about, or it with more axes, of which the
    /// same is told.
    Machine(Box<(Row, Machine)>),
    /// There is none: what excludes the whole box, in words.
    Excluded(String),
    /// None was found.
    Unknown,
}

/// Looks for a machine of a box in which roots have these truths.
pub(in crate::assess) fn accepted(
    program: &Program,
    row: &Row,
    wanted: &[(Root, Truth)],
) -> Accepted {
    match found(program, std::slice::from_ref(row), &[wanted], None) {
        Ok((mut rows, mut machines)) => match rows.pop().zip(machines.pop()) {
            // Axes of a machine that the box allows beside those it lists are not told of it.
            Some((own, machine)) if own.is_within(row) => {
                Accepted::Machine(Box::new((row.clone(), machine)))
            }
            Some(found) => Accepted::Machine(Box::new(found)),
            None => Accepted::Unknown,
        },
        Err(Some(why)) => Accepted::Excluded(why),
        Err(None) => Accepted::Unknown,
    }
}

/// What was found of boxes alike but for one reading.
pub(super) enum Alike {
    /// A machine of each, alike but for that reading.
    Machines(Vec<Machine>),
    /// There are none: some bound excludes one of the boxes.
    Excluded,
    /// None were found.
    Unknown,
}

/// Looks for machines of boxes that are alike but for one reading of the machine, or of the axis
/// of that number: alike in all else, and with these truths of a root.
pub(super) fn alike(
    program: &Program,
    rows: &[Row],
    wanted: &[(Root, Truth)],
    axis: Option<usize>,
) -> Alike {
    let wanted: Vec<_> = wanted.iter().map(std::slice::from_ref).collect();
    match found(program, rows, &wanted, axis) {
        Ok((_, machines)) if differ_once(&machines) => Alike::Machines(machines),
        Err(Some(_)) => Alike::Excluded,
        _ => Alike::Unknown,
    }
}

/// Whether machines differ in one reading, and in the same.
fn differ_once(machines: &[Machine]) -> bool {
    let Some((first, others)) = machines.split_first() else { return false };
    let apart = |other: &Machine| {
        let pairs = first.readings.iter().zip(&other.readings);
        pairs.filter(|(a, b)| a != b).count()
    };
    let alike =
        |other: &Machine| other.axes == first.axes && other.readings.len() == first.readings.len();
    others.iter().all(|other| alike(other) && apart(other) == 1)
}

/// A machine of each of some boxes, with the boxes, or why there are none.
fn found(
    program: &Program,
    rows: &[Row],
    wanted: &[&[(Root, Truth)]],
    axis: Option<usize>,
) -> Result<(Vec<Row>, Vec<Machine>), Option<String>> {
    if rows.iter().any(|row| is_of_two_kinds(program, row)) {
        return Err(Some(TWO_KINDS.to_owned()));
    }
    if rows.iter().any(|row| pairs(program, row).is_some_and(|pairs| pairs.is_empty())) {
        return Err(Some(FLAGGED.to_owned()));
    }
    let known = Bounds::of(program);
    let (mut excluded, mut is_open) = (None, false);
    let shapes = shapes(program, rows, wanted, axis);
    let is_counted_out = shapes.is_empty() && rows.iter().any(|row| is_counted_out(program, row));
    for (rows, shape) in shapes {
        let outlined = rows.iter().zip(&shape.pairs).map(|(row, pair)| {
            outline(program, row, &shape.kinds, Some(*pair).filter(|pair| *pair != 0))
        });
        match known.settled(outlined.collect()) {
            Ok(machines) => return Ok((rows, machines)),
            // A value that was picked for a sloped edge proves nothing of the whole box.
            Err(Some(why)) if rows.iter().all(|row| program.edges(row).is_empty()) => {
                excluded = Some(why);
            }
            Err(_) => is_open = true,
        }
    }
    excluded = excluded.filter(|_| !is_open);
    Err(excluded.or_else(|| is_counted_out.then(|| COUNTED.to_owned())))
}

/// Why no machine of few axes contours with many: of machines of more axes, like which the few
/// are in all else, nothing is said by it.
pub(in crate::assess) const COUNTED: &str = "no more axes contour than there are";

/// Why no axis has figures of both kinds.
const TWO_KINDS: &str = "an axis is linear or rotary, and has the figures of its kind alone";

/// Why more axes do not contour than are counted.
const FLAGGED: &str = "an axis that contours is counted";

/// So many shapes of a box are looked at, and so many axes a machine may have.
const SHAPES_MAX: usize = 4;
const AXES_MAX: usize = 10;

/// The pairs of contouring axes that a box leaves, as (linear, rotary, bit), few axes first, those
/// that count each rotary axis which it says contours; `None` where it says nothing of them.
fn pairs(program: &Program, row: &Row) -> Option<Vec<Pair>> {
    let constraints = program.constraints(row);
    let named = |name: &str| name == "contouring_axes";
    let own = constraints.iter().find(|one| named(one.key.parameter.row().name))?;
    let Set::OneOf(mask) = own.set else { return None };
    let contouring = flagged(program, row, true).len();
    let bits = (0..64usize).filter(|bit| mask >> bit & 1 == 1 && bit % 8 >= contouring);
    let mut pairs: Vec<_> = bits.map(|bit| (bit / 8, bit % 8, 1u64 << bit)).collect();
    pairs.sort_by_key(|(linear, rotary, _)| (linear + rotary, *rotary));
    Some(pairs)
}

/// The axes of which a box says that they contour, or that they do not.
fn flagged(program: &Program, row: &Row, contours: bool) -> Vec<usize> {
    let wanted = Set::OneOf(if contours { 0b10 } else { 0b01 });
    let constraints = program.constraints(row).into_iter();
    let flag = |one: &Constraint| one.key.parameter.row().name == "contouring_axis";
    constraints.filter(|one| flag(one) && one.set == wanted).filter_map(|one| one.axis).collect()
}

/// Whether a box asks for more contouring axes of some kind than its machines have.
fn is_counted_out(program: &Program, row: &Row) -> bool {
    let Some(pairs) = pairs(program, row) else { return false };
    let own = kinds(program, row);
    let count = |kind| own.iter().filter(|own| **own == kind).count();
    let wanting = |asked: usize, kind| {
        let more = others_contour(program, row, kind);
        if more { 0 } else { asked.saturating_sub(count(Some(kind))) }
    };
    let has = |(linear, rotary, _): &Pair| {
        wanting(*linear, AxisKind::Linear) + wanting(*rotary, AxisKind::Rotary) <= count(None)
    };
    !pairs.iter().any(has)
}

/// Whether axes of a kind may contour beside those that a box lists.
fn others_contour(program: &Program, row: &Row, kind: AxisKind) -> bool {
    let idle = |one: &Constraint| {
        one.key.parameter.row().name == "contouring_axis" && one.set == Set::OneOf(0b01)
    };
    let may = |said: &Vec<Constraint>| said.iter().all(|one| may_be(one, kind) && !idle(one));
    program.others(row).as_ref().is_some_and(may)
}

/// Rows with axes of the kinds of a shape, and that shape: those that go together, first the ones
/// that add the fewest axes.
fn shapes(
    program: &Program,
    rows: &[Row],
    wanted: &[&[(Root, Truth)]],
    axis: Option<usize>,
) -> Vec<(Vec<Row>, Shape)> {
    let Some(first) = rows.first() else { return Vec::new() };
    let own = kinds(program, first);
    let mut idle: Vec<usize> = rows.iter().flat_map(|row| flagged(program, row, false)).collect();
    idle.sort_unstable();
    idle.dedup();
    let pairs: Option<Vec<_>> = rows.iter().map(|row| pairs(program, row)).collect();
    let mut waiting: Vec<Shape> = match pairs {
        Some(pairs) => growing(&pairs).iter().map(|pairs| shape(&own, &idle, pairs)).collect(),
        None => vec![shape(&own, &idle, &vec![(0, 0, 0); rows.len()])],
    };
    // A sheet cannot say that there is no axis at all.
    if own.is_empty() && program.others(first).is_none_or(|said| !said.is_empty()) {
        waiting = waiting.into_iter().flat_map(with_an_axis).collect();
    }
    let mut found = Vec::new();
    waiting.sort_by_key(|shape| shape.missing.len());
    for mut shape in waiting.into_iter().take(3 * SHAPES_MAX) {
        let count = shape.kinds.len() + shape.missing.len();
        let padded = if shape.missing.is_empty() {
            Some(rows.to_vec())
        } else if count <= AXES_MAX {
            padded(program, rows, &shape, wanted, axis)
        } else {
            None
        };
        if let Some(rows) = padded {
            shape.kinds.append(&mut shape.missing);
            found.push((rows, shape));
        }
        if found.len() >= SHAPES_MAX {
            break;
        }
    }
    found
}

/// A pair of contouring axes as (linear, rotary, bit).
type Pair = (usize, usize, u64);

/// A pair for each row, of which none has fewer axes of a kind than the one before: the same for
/// all where they leave the same, else those closest to each other first.
fn growing(pairs: &[Vec<Pair>]) -> Vec<Vec<Pair>> {
    let Some((first, others)) = pairs.split_first() else { return Vec::new() };
    let mut found: Vec<Vec<Pair>> = first.iter().map(|pair| vec![*pair]).collect();
    let is_same = others.iter().all(|other| other == first);
    for other in others {
        let grown = |chain: &Vec<Pair>| {
            let (l, r, bit) = chain.last().copied().unwrap_or_default();
            let fits =
                |next: &&Pair| if is_same { next.2 == bit } else { next.0 >= l && next.1 >= r };
            let with = |next: &Pair| [chain.as_slice(), &[*next]].concat();
            other.iter().filter(fits).map(with).collect::<Vec<_>>()
        };
        found = found.iter().flat_map(grown).collect();
    }
    let size = |pair: Option<&Pair>| pair.map_or(0, |(l, r, _)| l + r);
    found.sort_by_key(|chain| (size(chain.last()) - size(chain.first()), size(chain.first())));
    found
}

/// The kinds of the axes of machines with a pair of contouring axes each.
struct Shape {
    /// Of the axes that are listed.
    kinds: Vec<AxisKind>,
    /// Of those that are wanting.
    missing: Vec<AxisKind>,
    /// The numbers of axes that do not contour.
    idle: Vec<usize>,
    /// The bit of the pair of each; nought where none is asked for.
    pairs: Vec<u64>,
}

/// A shape as it is where it has an axis, else with one of each kind.
fn with_an_axis(shape: Shape) -> Vec<Shape> {
    if !shape.missing.is_empty() {
        return vec![shape];
    }
    let of = |kind| Shape {
        kinds: Vec::new(),
        missing: vec![kind],
        idle: Vec::new(),
        pairs: shape.pairs.clone(),
    };
    [AxisKind::Linear, AxisKind::Rotary].map(of).into()
}

/// The kinds of axes for some pairs, beside which the axes of the numbers `idle` do not count.
fn shape(own: &[Option<AxisKind>], idle: &[usize], pairs: &[Pair]) -> Shape {
    let count = |kinds: &[Option<AxisKind>], kind| {
        let counts =
            |(at, own): &(usize, &Option<AxisKind>)| **own == Some(kind) && !idle.contains(at);
        kinds.iter().enumerate().filter(counts).count()
    };
    let most = |of: fn(&Pair) -> usize| pairs.iter().map(of).max().unwrap_or_default();
    let (linear, rotary) = (most(|pair| pair.0), most(|pair| pair.1));
    let mut turning = rotary.saturating_sub(count(own, AxisKind::Rotary));
    let mut kinds = own.to_vec();
    for kind in kinds.iter_mut().filter(|kind| kind.is_none()) {
        *kind = Some(if turning > 0 { AxisKind::Rotary } else { AxisKind::Linear });
        turning = turning.saturating_sub(1);
    }
    let mut missing = Vec::new();
    for (kind, asked) in [(AxisKind::Linear, linear), (AxisKind::Rotary, rotary)] {
        let wanting = asked.saturating_sub(count(&kinds, kind));
        missing.extend(std::iter::repeat_n(kind, wanting));
    }
    let kinds = kinds.into_iter().flatten().collect();
    Shape { kinds, missing, idle: idle.to_vec(), pairs: pairs.iter().map(|pair| pair.2).collect() }
}

/// Boxes with the axes that a shape lacks: such as the boxes allow beside those that they list,
/// ones of which nothing is said, or else like one that is there and alike in all boxes, so that
/// the roots keep their truths.
fn padded(
    program: &Program,
    rows: &[Row],
    shape: &Shape,
    wanted: &[&[(Root, Truth)]],
    axis: Option<usize>,
) -> Option<Vec<Row>> {
    let mut own = rows.to_vec();
    for kind in &shape.missing {
        let alike = shape.kinds.iter().enumerate();
        let counts = |at: usize| Some(at) != axis && !shape.idle.contains(&at);
        let alike = alike.filter(|(at, listed)| *listed == kind && counts(*at));
        let copies = alike.map(|(at, _)| own.iter().map(|row| row.with_copy(at)).collect());
        let other = |row: &Row| {
            let more = others_contour(program, row, *kind).then(|| program.with_other(row, *kind));
            more.flatten()
        };
        let others = own.iter().map(other).collect();
        let fresh = own.iter().map(|row| program.with_axis(row, *kind)).collect();
        let gives = |more: &Vec<Row>| {
            more.iter().zip(wanted).all(|(row, wanted)| program.gives(row, wanted))
        };
        own = Option::into_iter(others).chain([fresh]).chain(copies).find(gives)?;
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
        let keys =
            keys.filter(|key| !fixed(key)).chain(crate::assess::convert::figures()).chain([count]);
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

    /// The machines with a value for each span, the same where they have the same span, each within
    /// what the others leave; otherwise what excludes all of some of them, where anything does.
    fn settled(&self, mut machines: Vec<Machine>) -> Result<Vec<Machine>, Option<String>> {
        let mut pictures: Vec<Picture> = machines.iter().map(|own| self.picture(own)).collect();
        for (machine, picture) in machines.iter().zip(&pictures) {
            if let Some(conflict) = picture.conflicts.first() {
                return Err(Some(self.reason(machine, conflict)));
            }
        }
        let count = machines.first().map_or(0, |machine| machine.readings.len());
        for at in 0..count {
            let is_same = machines.windows(2).all(|two| match two {
                [one, other] => one.readings.get(at) == other.readings.get(at),
                _ => true,
            });
            // Together where they are alike, each by itself where they are not.
            let size = if is_same { machines.len() } else { 1 };
            for (own, seen) in machines.chunks_mut(size).zip(pictures.chunks_mut(size)) {
                self.settle(own, seen, at).ok_or(None)?;
            }
        }
        Ok(machines)
    }

    /// Gives the reading of this number a value, the same in machines that have it alike.
    fn settle(&self, machines: &mut [Machine], pictures: &mut [Picture], at: usize) -> Option<()> {
        let reading = machines.first()?.readings.get(at)?;
        let (Set::Span(span), None) = (reading.set, reading.figure) else { return Some(()) };
        let by = Some(reading.standard).filter(|by| *by != Standard::UNNAMED);
        let key = Key { parameter: reading.parameter, by };
        let axis = reading.axis.map(usize::from);
        let left =
            pictures.iter().fold(span, |left, picture| match picture.set(&self.frame, key, axis) {
                Some(Set::Span(own)) => own.meet(left).unwrap_or(left),
                _ => left,
            });
        let tried = [value(left), left.high(), left.low()].into_iter().flatten();
        let fits = |value: Value| {
            let of = |machine: &Machine| {
                let mut machine = machine.clone();
                let reading = machine.readings.get_mut(at)?;
                (reading.set, reading.figure) = (Set::Span(Span::point(value)), Some(value));
                let picture = self.picture(&machine);
                picture.conflicts.is_empty().then_some((machine, picture))
            };
            machines.iter().map(of).collect::<Option<Vec<_>>>()
        };
        let found = tried.filter(|value| span.holds(*value)).find_map(fits)?;
        let places = machines.iter_mut().zip(pictures);
        for ((machine, picture), found) in places.zip(found) {
            (*machine, *picture) = found;
        }
        Some(())
    }

    /// Which bounds contradict a machine, in words: of as few of its readings as contradict each
    /// other, the bounds that the others prove on each; where none runs as far as a reading, those
    /// that meet in a figure.
    fn reason(&self, machine: &Machine, conflict: &Conflict) -> String {
        let mut few = machine.clone();
        for at in (0..few.readings.len()).rev() {
            let fewer = without(&few, at);
            if !self.picture(&fewer).conflicts.is_empty() {
                few = fewer;
            }
        }
        let proved = |(at, reading): (usize, &Reading)| {
            let by = Some(reading.standard).filter(|by| *by != Standard::UNNAMED);
            let key = Key { parameter: reading.parameter, by };
            let axis = reading.axis.map(usize::from);
            derived(&self.picture(&without(&few, at)), axis, key)
        };
        let mut names: Vec<&str> = few.readings.iter().enumerate().filter_map(proved).collect();
        let alone = |reading: &Reading| {
            let alone = Machine { readings: vec![*reading], ..few.clone() };
            derived(&self.picture(&alone), conflict.axis, conflict.key)
        };
        if names.is_empty() {
            names.extend(few.readings.iter().filter_map(alone));
        }
        names.dedup();
        match names.as_slice() {
            [] => format!("`{}` contradicts itself", conflict.key.text()),
            names => names.join(" and "),
        }
    }
}

/// The machine without the reading of this number.
fn without(machine: &Machine, at: usize) -> Machine {
    let mut others = machine.clone();
    others.readings.remove(at);
    others
}

/// The bound that last narrowed a figure.
fn derived(picture: &Picture, axis: Option<usize>, key: Key) -> Option<&'static str> {
    picture.origins.iter().rev().find_map(|origin| match &origin.source {
        Source::Derived(name) if (origin.axis, origin.key) == (axis, key) => Some(*name),
        _ => None,
    })
}
