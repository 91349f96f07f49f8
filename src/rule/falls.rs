//! Whether a better machine can be captured less: pairs of machines alike but for one reading.
//!
//! Where a verdict falls between two machines, the one better in several readings, it falls at one
//! of the single steps between them; so single steps, from a cell of a reading to the next better
//! one, are all that has to be looked at. The same program decides as always.

use super::arena::NodeId;
use super::block::{Row, Slot};
use super::cells::Cell;
use super::frontier::{Frontier, Tests};
use super::layout::{Column, ColumnKey};
use super::outline::Trace;
use super::program::{Program, Root};
use super::residual::Residuals;
use super::space::halves;
use crate::evidence::Key;
use crate::logic::Truth;
use crate::machine::{AXES_MAX, Direction, Kind};
use crate::quantity::Dimension;

/// Two machines alike but for one reading: the better one is captured less.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fall {
    /// The reading.
    pub key: Key,
    /// The axis whose reading it is, if it is not the machine's.
    pub axis: Option<usize>,
    /// The machine that is captured.
    pub worse: Row,
    /// The better one, which is not.
    pub better: Row,
}

/// What was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Falls {
    /// A pair for each step of a reading at which the verdict can fall.
    pub found: Vec<Fall>,
    /// Readings for which the search was given up, or that sloped limits ask about the wrong way.
    pub unsettled: Vec<Key>,
    /// Tested readings that have no better and no worse.
    pub undirected: Vec<Key>,
    /// How many questions were asked.
    pub questions: usize,
    /// Machines of at most so many axes were looked at.
    pub axes: usize,
}

/// Single values that were looked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Gaps {
    /// A value for each place where one lies so.
    pub found: Vec<Gap>,
    /// Readings for which the search was given up.
    pub unsettled: Vec<Key>,
    /// How many questions were asked.
    pub questions: usize,
    /// Machines of at most so many axes were looked at.
    pub axes: usize,
}

/// A value that is outside although machines alike but for a value just below and just above it
/// are captured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    /// The reading.
    pub key: Key,
    /// The axis whose reading it is, if it is not the machine's.
    pub axis: Option<usize>,
    /// The machine below, the one at the value, the one above.
    pub rows: [Row; 3],
}

/// What a look at machines that were found makes of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// There are such machines.
    Taken,
    /// Nothing of the kind lies among what was found.
    Empty,
    /// That was not found out.
    Unsure,
}

/// Looks at rows alike but for one reading of the machine, or of the axis of that number.
pub type Looking<'l> = dyn FnMut(Key, Option<usize>, &[Row]) -> Look + 'l;

/// More rows are not looked at for one question.
const LOOKS_MAX: usize = 100;

/// What is looked for: how deep, and what was learnt.
struct Hunt<'p, 'l> {
    program: &'p Program,
    look: &'p mut Looking<'l>,
    root: Root,
    axes_max: usize,
    steps_max: usize,
    residuals: Residuals,
    questions: usize,
    /// The most axes that were looked at.
    axes: usize,
}

/// A search for machines alike but for one reading.
enum Search {
    Found(Vec<Row>),
    Nothing,
    GivenUp,
}

impl Program {
    /// Looks for machines whose verdict falls as one directed reading gets better: of as many axes
    /// as can matter, `axes_max` at most; each step of each reading is searched for so many steps.
    /// What is found is what `look` takes.
    pub fn falls(
        &self,
        root: Root,
        (axes_max, steps_max): (usize, usize),
        look: &mut Looking<'_>,
    ) -> Falls {
        let mut falls = Falls::default();
        let mut hunt = Hunt::new(self, root, (axes_max, steps_max), look);
        for (slot, column, key, tests) in hunt.tested() {
            let row = key.parameter.row();
            if row.direction == Direction::Undirected && row.dimension().is_some() {
                falls.undirected.push(key);
            }
            let columns =
                if slot.axis.is_some() { &self.axis.columns } else { &self.machine.columns };
            if is_sloped(columns, key) && is_wrong(&tests, key) {
                falls.unsettled.push(key);
                continue;
            }
            for [worse, better] in steps(column, key, &tests) {
                match hunt.alike(slot, key, &[(worse, Truth::True), (better, Truth::False)]) {
                    Search::Found(rows) => {
                        if let Ok([worse, better]) = <[Row; 2]>::try_from(rows) {
                            falls.found.push(Fall { key, axis: slot.axis, worse, better });
                        }
                    }
                    Search::GivenUp if !falls.unsettled.contains(&key) => {
                        falls.unsettled.push(key);
                    }
                    _ => {}
                }
            }
        }
        (falls.questions, falls.axes) = (hunt.questions, hunt.axes);
        falls
    }

    /// Looks for single values of measured quantities that fall between what is captured, among
    /// machines as [`Program::falls`] does.
    pub fn gaps(
        &self,
        root: Root,
        (axes_max, steps_max): (usize, usize),
        look: &mut Looking<'_>,
    ) -> Gaps {
        let mut hunt = Hunt::new(self, root, (axes_max, steps_max), look);
        let mut gaps = Gaps::default();
        for (slot, column, key, _) in hunt.tested() {
            if matches!(key.parameter.row().dimension(), None | Some(Dimension::Number)) {
                continue;
            }
            let last = u8::try_from(column.cuts().len()).unwrap_or(u8::MAX);
            let points = (1..last).filter(|cell| column.span_of(*cell).single().is_some());
            for point in points {
                let at = |cell| Cell::Range(cell, cell);
                let wanted = [
                    (at(point - 1), Truth::True),
                    (at(point), Truth::False),
                    (at(point + 1), Truth::True),
                ];
                match hunt.alike(slot, key, &wanted) {
                    Search::Found(rows) => {
                        if let Ok(rows) = <[Row; 3]>::try_from(rows) {
                            gaps.found.push(Gap { key, axis: slot.axis, rows });
                        }
                    }
                    Search::GivenUp if !gaps.unsettled.contains(&key) => gaps.unsettled.push(key),
                    _ => {}
                }
            }
        }
        (gaps.questions, gaps.axes) = (hunt.questions, hunt.axes);
        gaps
    }
}

impl<'p, 'l> Hunt<'p, 'l> {
    fn new(
        program: &'p Program,
        root: Root,
        (axes_max, steps_max): (usize, usize),
        look: &'p mut Looking<'l>,
    ) -> Self {
        let residuals = Residuals::default();
        Self { program, look, root, axes_max, steps_max, residuals, questions: 0, axes: 0 }
    }

    /// The parameters that the root asks about, of the machine and of one axis.
    fn tested(&self) -> Vec<(Slot, &'p Column, Key, Tests)> {
        let frontier = Frontier::of(self.program, self.root, &Trace::unknown());
        let machine = &self.program.machine.columns;
        let axis = &self.program.axis.columns;
        let of_axis = frontier.axes.first().cloned().unwrap_or_default();
        let mut found = Vec::new();
        for (place, columns, part) in [(None, machine, frontier.machine), (Some(0), axis, of_axis)]
        {
            for (at, tests) in part {
                if let Some(column) = columns.get(at)
                    && let ColumnKey::Parameter(key) = column.key
                {
                    found.push((Slot { axis: place, column: at }, column, key, tests));
                }
            }
        }
        found
    }

    /// Looks for machines alike but for one slot: for each cell that it may hold, the verdict.
    fn alike(&mut self, slot: Slot, key: Key, wanted: &[(Cell, Truth)]) -> Search {
        self.questions += 1;
        let own = usize::from(slot.axis.is_some());
        let truths: Vec<(Root, Truth)> = wanted.iter().map(|(_, t)| (self.root, *t)).collect();
        // Each of the machines keeps its own few axes, and the one that differs.
        let needed = self.program.axes_needed(&truths).saturating_add(own);
        let most = needed.min(self.axes_max);
        for axes in own..=most {
            self.axes = self.axes.max(axes);
            let search = self.alike_of(axes, (slot, key), wanted);
            if !matches!(search, Search::Nothing) {
                return search;
            }
        }
        if most < needed { Search::GivenUp } else { Search::Nothing }
    }

    fn alike_of(
        &mut self,
        axes: usize,
        (slot, key): (Slot, Key),
        wanted: &[(Cell, Truth)],
    ) -> Search {
        let program = self.program;
        let Some(node) = program.node(self.root) else { return Search::Nothing };
        let (mut waiting, mut steps) = (vec![program.any_row(axes)], 0);
        let (mut looks, mut unsure) = (0, false);
        while let Some(row) = waiting.pop() {
            steps += 1;
            if steps > self.steps_max {
                return Search::GivenUp;
            }
            let of = |(cell, _): &(Cell, Truth)| {
                let mut row = row.clone();
                row.put(slot, *cell);
                row
            };
            let rows: Vec<Row> = wanted.iter().map(of).collect();
            let traces: Vec<Trace> = rows.iter().map(|row| program.trace_live(row)).collect();
            let pairs =
                || traces.iter().zip(wanted).map(|(t, (_, truth))| (t.machine(node), *truth));
            if pairs().any(|(found, wanted)| found.is_known() && found != wanted) {
                continue;
            }
            if pairs().all(|(found, wanted)| found == wanted) {
                looks += 1;
                match (self.look)(key, slot.axis, &rows) {
                    Look::Taken => return Search::Found(rows),
                    _ if looks >= LOOKS_MAX => return Search::GivenUp,
                    Look::Empty => {}
                    Look::Unsure => unsure = true,
                }
                continue;
            }
            if self.is_ruled_out(&traces, wanted) {
                continue;
            }
            let open = |node: NodeId| {
                rows.iter().flat_map(move |row| program.open_slots(row, [node])).collect::<Vec<_>>()
            };
            let telling = program.differing(&traces).into_iter().chain([node]);
            let mut open = telling.flat_map(open).filter(|other| *other != slot);
            let split = open.find_map(|slot| Some((slot, halves(row.cell(slot)?)?)));
            let Some((slot, (one, other))) = split else { return Search::GivenUp };
            waiting.extend([one, other].map(|cell| {
                let mut half = row.clone();
                half.put(slot, cell);
                half
            }));
        }
        if unsure { Search::GivenUp } else { Search::Nothing }
    }

    /// Whether what is left shows that one machine is captured only where another one is that is
    /// not to be.
    fn is_ruled_out(&mut self, traces: &[Trace], wanted: &[(Cell, Truth)]) -> bool {
        let of = |truth| {
            let all = traces.iter().zip(wanted);
            all.filter(move |(_, (_, wanted))| *wanted == truth).map(|(trace, _)| trace)
        };
        of(Truth::True).any(|one| {
            of(Truth::False)
                .any(|other| self.residuals.follows(self.program, one, other, self.root))
        })
    }
}

impl Program {
    /// The machine nodes that some rows decide otherwise than others: on these the step tells.
    /// Parts before wholes.
    fn differing(&self, traces: &[Trace]) -> Vec<NodeId> {
        let all = (0..self.machine.ops.len()).filter_map(|at| u32::try_from(at).ok()).map(NodeId);
        let live = |id: &NodeId| self.live.get(id.index()).copied().unwrap_or_default();
        let differs = |id: &NodeId| {
            let first = traces.first().map(|trace| trace.machine(*id));
            traces.iter().any(|trace| Some(trace.machine(*id)) != first)
        };
        all.filter(|id| live(id) && differs(id)).collect()
    }
}

/// Whether a limit on a parameter is linear in another one.
fn is_sloped(columns: &[Column], key: Key) -> bool {
    columns.iter().any(|column| match &column.key {
        ColumnKey::Slope { parameter, by, slope, .. } => {
            let of = Key { parameter: slope.of, by: None };
            key == of || key == Key { parameter: *parameter, by: *by }
        }
        _ => false,
    })
}

/// Whether some test becomes truer as a directed reading gets worse.
fn is_wrong(tests: &Tests, key: Key) -> bool {
    let (up, down) = tests.turns();
    match key.parameter.row().direction {
        Direction::SmallerIsBetter => up,
        Direction::LargerIsBetter => down,
        Direction::Undirected => false,
    }
}

/// The single steps of a reading, each from a cell to the next better one, where some test can
/// fall.
fn steps(column: &Column, key: Key, tests: &Tests) -> Vec<[Cell; 2]> {
    let row = key.parameter.row();
    if let Kind::Contouring(_) = row.kind {
        return more_axes(column);
    }
    if !is_wrong(tests, key) {
        return Vec::new();
    }
    let last = u8::try_from(column.cuts().len()).unwrap_or(u8::MAX);
    let pairs = (0..last).map(|cell| [Cell::Range(cell, cell), Cell::Range(cell + 1, cell + 1)]);
    match row.direction {
        Direction::SmallerIsBetter => pairs.map(|[low, high]| [high, low]).collect(),
        Direction::LargerIsBetter => pairs.collect(),
        Direction::Undirected => Vec::new(),
    }
}

/// Steps to one more linear or rotary axis, where tests tell the two pairs of counts apart.
fn more_axes(column: &Column) -> Vec<[Cell; 2]> {
    let mut found = Vec::new();
    for linear in 0..=AXES_MAX {
        for rotary in 0..=AXES_MAX {
            for (l, r) in [(linear + 1, rotary), (linear, rotary + 1)] {
                if l > AXES_MAX || r > AXES_MAX {
                    continue;
                }
                let class = |l: u32, r: u32| Cell::OneOf(column.classes_of(1 << (8 * l + r)));
                let (one, more) = (class(linear, rotary), class(l, r));
                if one != more && !found.contains(&[one, more]) {
                    found.push([one, more]);
                }
            }
        }
    }
    found
}
