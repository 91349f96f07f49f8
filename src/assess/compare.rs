//! Compare: what moves between two lists over one catalogue, which way, and for whom.

use std::collections::BTreeMap;

use super::Verdict;
use super::classify::{MachineResult, Outcome, Withheld, classify};
use super::evaluator::Evaluator;
use super::moved::{Side, why};
use super::observe::set_text;
use crate::catalogue::Catalogue;
use crate::date::Day;
use crate::error::{Error, Result, nearest};
use crate::evidence::Key;
use crate::list::{List, TextChange, changes, stale_numbers};
use crate::machine::{self, Machine};
use crate::quantity::{Decimal, Value};
use crate::table::Record;

/// Machines and their weight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// How many machines.
    pub machines: usize,
    /// Their weight, in units of the last of [`WEIGHT_DECIMALS`]; machines without one add nothing.
    pub weight: i128,
}

/// From each verdict to each: not captured, undetermined, captured, by [`Verdict::code`].
pub type Moves = [[Tally; 3]; 3];

/// One machine that moves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mover {
    /// Its place in the catalogue.
    pub machine: usize,
    /// The verdict under the first list.
    pub was: Verdict,
    /// The verdict under the second.
    pub now: Verdict,
    /// The clauses that capture it on one side, or are open.
    pub clauses: Vec<String>,
    /// The reading and margin that decided, the note that excludes, what is open, in words.
    pub why: String,
}

/// What moves between two lists.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// The first list.
    pub first: String,
    /// The second.
    pub second: String,
    /// The day for which each is evaluated, if it names one.
    pub as_of: [Option<Day>; 2],
    /// What the second text says otherwise.
    pub text: Vec<TextChange>,
    /// Clauses whose text names a quantity that their condition does not: the list, the clause and
    /// the quantity.
    pub stale: Vec<[String; 3]>,
    /// Every machine.
    pub moves: Moves,
    /// By machine type, maker, country and clause: what, its name, its moves. Only groups of which
    /// some machine moves.
    pub groups: Vec<(&'static str, String, Moves)>,
    /// By side: how many machines are undetermined for no other reason than that an absence of
    /// capture is withheld, and why.
    pub withheld: [Vec<(Withheld, usize)>; 2],
    /// The machines that move, ordered by identifier.
    pub movers: Vec<Mover>,
}

/// Weights are held to so many decimals.
pub const WEIGHT_DECIMALS: u32 = 6;

/// The weight of each machine from a column of the catalogue, and how many machines have none.
pub fn weights(catalogue: &Catalogue, column: Option<&str>) -> Result<(Vec<Option<Value>>, usize)> {
    let Some(name) = column else { return Ok((vec![None; catalogue.machines.len()], 0)) };
    let at = catalogue.header.iter().position(|known| known.eq_ignore_ascii_case(name.trim()));
    let Some(at) = at else {
        let error = Error::usage(format!("the catalogue has no column `{name}`"));
        return Err(match nearest(name, catalogue.header.iter().map(String::as_str)) {
            Some(near) => error.help(format!("did you mean `{near}`?")),
            None => error.help("weights are read from a column of numbers"),
        });
    };
    let weight = |record: &Record| {
        let number = Decimal::parse(record.field(at).trim(), catalogue.style).ok()?;
        let weight = number.scaled(WEIGHT_DECIMALS).filter(|weight| *weight >= 0)?;
        Value::from_count(weight)
    };
    let found: Vec<Option<Value>> = catalogue.records.iter().map(weight).collect();
    let missing = found.iter().filter(|weight| weight.is_none()).count();
    if missing == found.len() && missing > 0 {
        let error = Error::usage(format!("no cell of `{}` is a weight", name.trim()));
        return Err(error.help("a weight is a number from nought up, of six decimals at most"));
    }
    Ok((found, missing))
}

/// What is to be said of machines without a weight, where there are any: how many, and of how many
/// the cell is no number that can be one.
pub fn weightless(
    catalogue: &Catalogue,
    column: Option<&str>,
    weights: &[Option<Value>],
) -> Option<String> {
    let name = column?.trim();
    let at = catalogue.header.iter().position(|known| known.eq_ignore_ascii_case(name))?;
    let none = weights.iter().zip(&catalogue.records).filter(|(weight, _)| weight.is_none());
    let none: Vec<&Record> = none.map(|(_, record)| record).collect();
    if none.is_empty() {
        return None;
    }
    let mut text = match none.len() {
        1 => "1 machine has no weight and weighs nothing".to_owned(),
        count => format!("{count} machines have no weight and weigh nothing"),
    };
    let unread = |record: &&&Record| !record.field(at).trim().is_empty();
    let odd: Vec<&&Record> = none.iter().filter(unread).collect();
    if let Some(first) = odd.first() {
        let (cell, line) = (first.field(at).trim(), first.line);
        let are = if odd.len() == 1 { "1 cell is" } else { &format!("{} cells are", odd.len()) };
        text += &format!("; {are} no weight, such as `{cell}` in line {line}");
    }
    Some(text)
}

/// What a machine is, in the words of its sheet: its processes.
pub fn machine_type(machine: &Machine) -> String {
    let process = machine::id_of("process");
    let reading = machine.readings.iter().find(|reading| reading.parameter == process);
    reading.map_or_else(
        || "unsaid".to_owned(),
        |reading| set_text(Key { parameter: process, by: None }, reading.set),
    )
}

/// Compares the first entry of two evaluators over a catalogue.
pub fn compare(
    first: &Evaluator,
    second: &Evaluator,
    catalogue: &Catalogue,
    weights: &[Option<Value>],
) -> Comparison {
    let machines = &catalogue.machines;
    let (before, after) = (classify(first, machines), classify(second, machines));
    let list = |evaluator: &Evaluator| evaluator.program.entries().first().map(|e| e.list.clone());
    let (old, new) = (list(first), list(second));
    let title = |list: &Option<List>| list.as_ref().map_or_else(String::new, List::marked_title);
    let text = match (&old, &new) {
        (Some(old), Some(new)) => changes(old, new),
        _ => Vec::new(),
    };
    let mut comparison = Comparison {
        first: title(&old),
        second: title(&new),
        as_of: [first, second].map(|one| one.laws.first().and_then(|law| law.as_of)),
        text,
        stale: [&old, &new].into_iter().flatten().flat_map(stale).collect(),
        moves: Moves::default(),
        groups: Vec::new(),
        withheld: [withheld(&before), withheld(&after)],
        movers: Vec::new(),
    };
    let mut groups: BTreeMap<(usize, String), Moves> = BTreeMap::new();
    for (at, machine) in machines.iter().enumerate() {
        let outcome =
            |of: &[MachineResult]| -> Option<Outcome> { of.get(at)?.outcomes.first().cloned() };
        let (Some(was), Some(now)) = (outcome(&before), outcome(&after)) else { continue };
        let weight = weights.get(at).copied().flatten().map_or(0, |w| i128::from(w.count()));
        let add = |moves: &mut Moves| {
            let from = moves.get_mut(usize::from(was.verdict.code()));
            let cell = from.and_then(|row| row.get_mut(usize::from(now.verdict.code())));
            if let Some(tally) = cell {
                tally.machines += 1;
                tally.weight += weight;
            }
        };
        add(&mut comparison.moves);
        let telling = telling(&was, &now);
        let mut clauses = telling.clauses.clone();
        if was.verdict == now.verdict {
            clauses.extend(now.clauses.iter().cloned());
            clauses.sort_unstable();
            clauses.dedup();
        }
        for name in names(machine, &clauses) {
            add(groups.entry(name).or_default());
        }
        if was.verdict != now.verdict {
            let sides = [(&old, &was), (&new, &now)];
            let why =
                why(sides.map(|(list, outcome)| Side { list: list.as_ref(), outcome }), machine);
            let (was, now) = (was.verdict, now.verdict);
            comparison.movers.push(Mover { machine: at, was, now, clauses, why });
        }
    }
    for ((what, name), moves) in groups {
        if let Some(what) = GROUPS.get(what).filter(|_| is_moved(&moves)) {
            comparison.groups.push((what, name, moves));
        }
    }
    comparison.movers.sort_by_key(|mover| machines.get(mover.machine).map(|m| m.id.clone()));
    comparison
}

/// Of how many machines the first entry withholds an absence of capture, by why.
fn withheld(results: &[MachineResult]) -> Vec<(Withheld, usize)> {
    let all = || results.iter().filter_map(|result| result.outcomes.first()?.withheld);
    let of = |why: Withheld| (why, all().filter(|known| *known == why).count());
    let found = [Withheld::Unverified, Withheld::Remembered].map(of);
    found.into_iter().filter(|(_, machines)| *machines > 0).collect()
}

/// By what machines are grouped.
const GROUPS: [&str; 4] = ["machine type", "maker", "country", "clause"];

/// The side that tells why a machine moves, whichever of the two it is: the one that captures it,
/// else the one that leaves it open.
fn telling<'o>(was: &'o Outcome, now: &'o Outcome) -> &'o Outcome {
    let rank = |outcome: &Outcome| outcome.verdict.code();
    if rank(was) >= rank(now) { was } else { now }
}

/// The groups of a machine: what, by its place in [`GROUPS`], and which.
fn names(machine: &Machine, clauses: &[String]) -> Vec<(usize, String)> {
    let said = |text: &str| if text.is_empty() { "unsaid".to_owned() } else { text.to_owned() };
    let own = [machine_type(machine), said(&machine.maker), said(&machine.country)];
    let clauses = clauses.iter().map(|clause| (3, clause.clone()));
    own.into_iter().enumerate().chain(clauses).collect()
}

fn is_moved(moves: &Moves) -> bool {
    let mut cells = moves.iter().enumerate().flat_map(|(from, row)| {
        row.iter().enumerate().map(move |(to, tally)| (from != to, tally.machines))
    });
    cells.any(|(moved, machines)| moved && machines > 0)
}

/// The moves with both sides swapped.
pub fn mirrored(moves: &Moves) -> Moves {
    let mut out = Moves::default();
    for (from, row) in moves.iter().enumerate() {
        for (to, tally) in row.iter().enumerate() {
            if let Some(cell) = out.get_mut(to).and_then(|row| row.get_mut(from)) {
                *cell = *tally;
            }
        }
    }
    out
}

fn stale(list: &List) -> Vec<[String; 3]> {
    let found = stale_numbers(list).into_iter();
    found.map(|(clause, number)| [list.marked_title(), clause, number]).collect()
}
