//! Checks across rows of a file that is read run by run, in further passes over it.
//!
//! A pass finds out which keys may occur more than once; a row without such a key is not looked at
//! again. More keys than are held at once are taken in parts, a pass each.

use super::arguments::Common;
use super::gate::Gate;
use super::pass::pass;
use super::source::{Row, Run, Source};
use super::{Failure, files};
use crate::catalogue::{Held, Part, Question, Remark, Sheet, Statement, Twice};
use crate::error::{Error, Kind};
use crate::report::Spool;
use crate::table::{Grid, Odd};

/// How many bytes are kept of rows that were read before their turn.
const KEPT_MAX: usize = 1 << 22;
/// How many keys are told apart at once, and how many bytes of rows are held.
const KEYS: usize = 1 << 17;
const HELD_MAX: usize = 8 << 20;
/// How many files of remarks are open at once.
const OPEN_MAX: usize = 8;

/// What passes found: remarks in the order of the file, kept in a file of their own.
pub(super) struct Found {
    pub remarks: Spool,
    pub count: usize,
}

impl Found {
    fn new() -> Result<Self, Error> {
        Ok(Self { remarks: Spool::new(files::scratch()?), count: 0 })
    }

    fn merged(all: Vec<Self>) -> Result<Self, Error> {
        let count = all.iter().map(|found| found.count).sum();
        let spools = all.into_iter().map(|found| found.remarks).collect();
        Ok(Self { remarks: Spool::merged(spools, files::scratch()?)?, count })
    }
}

/// What rows of a file say that rows before them contradict; it still has to have this hash.
pub(super) fn contradictions(
    source: &Source,
    sheet: &Sheet<'_>,
    hash: &str,
    common: &Common,
) -> Result<Vec<Found>, Failure> {
    let passes = Passes { source, sheet, hash, common };
    let mut all = Vec::new();
    for question in Question::ALL {
        let mut found = Vec::new();
        let twice = passes.marked(question, Twice::default())?;
        let twice = passes.marked(question, twice.again())?;
        for part in twice.parts(KEYS) {
            let mut held = Held::new(question, sheet, HELD_MAX);
            loop {
                let (kept, new) = passes.compared(question, (&twice, &part), held)?;
                found.push(new);
                if found.len() >= OPEN_MAX {
                    found = vec![Found::merged(found)?];
                }
                held = kept;
                if !held.goes_on() {
                    break;
                }
            }
        }
        all.push(Found::merged(found)?);
    }
    Ok(all)
}

/// Passes over a file.
struct Passes<'p> {
    source: &'p Source,
    sheet: &'p Sheet<'p>,
    hash: &'p str,
    common: &'p Common,
}

impl<'p> Passes<'p> {
    fn key(&self, question: Question, row: &Row<'_>) -> Option<String> {
        question.key(&self.sheet.who(|at| row.cell(at)))
    }

    /// Marks the key of every row.
    fn marked(&self, question: Question, twice: Twice) -> Result<Twice, Failure> {
        let mark = |run: &mut Run| {
            self.source.rows(run, &mut Grid::default(), |row| {
                self.key(question, &row).iter().for_each(|key| twice.add(key));
            })
        };
        let (gate, what) = (Gate::new((), KEPT_MAX, |()| 0), "looking for rows alike");
        self.still(pass(self.source, (self.common, what), gate, mark, |(), ()| Ok(()))?)?;
        Ok(twice)
    }

    /// Holds rows against those before them whose keys are of a part.
    fn compared(
        &self,
        question: Question,
        (twice, part): (&Twice, &Part),
        held: Held<'p>,
    ) -> Result<(Held<'p>, Found), Failure> {
        let read = |run: &mut Run| {
            let mut rows: Vec<Statement> = Vec::new();
            self.source.rows(run, &mut Grid::default(), |row| {
                if self.key(question, &row).is_some_and(|key| twice.is_of(part, &key)) {
                    let machine = self.sheet.machine(&row.record(), &mut Vec::new()).ok();
                    rows.extend(machine.and_then(|own| Statement::new(question, &own)));
                }
            })?;
            Ok::<_, Odd>(rows)
        };
        let size = |rows: &Vec<Statement>| rows.iter().map(Statement::size).sum();
        let gate = Gate::new((held, Found::new()?), KEPT_MAX, size);
        let what = (self.common, "comparing rows alike");
        Ok(self.still(pass(self.source, what, gate, read, compare)?)?)
    }

    /// What a pass came to over a file that still is what it was.
    fn still<T>(&self, passed: Option<(T, String)>) -> Result<T, Error> {
        let changed = || Error::new(Kind::File, "the catalogue changes while it is read");
        let same = passed.filter(|(_, hash)| hash == self.hash);
        same.map(|(place, _)| place).ok_or_else(changed)
    }
}

/// Holds the next rows against those before them.
fn compare((held, found): &mut (Held<'_>, Found), rows: Vec<Statement>) -> Result<(), Error> {
    let mut remarks: Vec<Remark> = Vec::new();
    for row in rows {
        held.take(row, &mut remarks);
        found.count += remarks.len();
        remarks.drain(..).try_for_each(|remark| found.remarks.remark(&remark))?;
    }
    Ok(())
}
