//! Checks across rows of a file that is read run by run, in further passes over it.
//!
//! A pass finds out which keys may occur more than once; a row without such a key is not looked at
//! again. More keys than are held at once are taken in parts, a pass each.

use super::arguments::Common;
use super::gate::Gate;
use super::pass::pass;
use super::source::{Row, Run, Source};
use super::{Failure, files};
use crate::catalogue::{Held, Question, Remark, Sheet, Statement, Twice};
use crate::error::{Error, Kind};
use crate::report::Spool;
use crate::table::{Grid, Odd};

/// How many bytes are kept of rows that were read before their turn.
const KEPT_MAX: usize = 1 << 22;

/// How many keys are held at once; what is held of an identifier is little.
fn keys(question: Question) -> usize {
    match question {
        Question::Figures => 1 << 14,
        Question::Identifiers => 1 << 16,
    }
}

/// What one pass finds: remarks in the order of the file, kept in a file of its own.
pub(super) struct Found {
    pub remarks: Spool,
    pub count: usize,
}

/// What rows of a file say that rows before them contradict; it still has to have this hash.
pub(super) fn contradictions(
    source: &Source,
    sheet: &Sheet<'_>,
    hash: &str,
    common: &Common,
) -> Result<Vec<Found>, Failure> {
    let mut all = Vec::new();
    for question in Question::ALL {
        let twice = Twice::default();
        let key = |row: &Row<'_>| question.key(&sheet.who(|at| row.cell(at)));
        let mark = |run: &mut Run| {
            let mut grid = Grid::default();
            source.rows(run, &mut grid, |row| key(&row).iter().for_each(|key| twice.add(key)))
        };
        let gate = Gate::new((), KEPT_MAX, |()| 0);
        still(
            hash,
            pass(source, (common, "looking for rows alike"), gate, mark, |(), ()| Ok(()))?,
        )?;
        for part in twice.parts(keys(question)) {
            let read = |run: &mut Run| {
                let mut rows: Vec<Statement> = Vec::new();
                source.rows(run, &mut Grid::default(), |row| {
                    if key(&row).is_some_and(|key| twice.is_of(&part, &key)) {
                        let machine = sheet.machine(&row.record(), &mut Vec::new()).ok();
                        rows.extend(machine.and_then(|own| Statement::new(question, &own)));
                    }
                })?;
                Ok::<_, Odd>(rows)
            };
            let found = Found { remarks: Spool::new(files::scratch()?), count: 0 };
            let place = (Held::new(question, sheet), found);
            let size = |rows: &Vec<Statement>| rows.iter().map(Statement::size).sum();
            let gate = Gate::new(place, KEPT_MAX, size);
            let pass = pass(source, (common, "comparing rows alike"), gate, read, compare)?;
            all.push(still(hash, pass)?.1);
        }
    }
    Ok(all)
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

/// What a pass came to over a file that still has to have this hash.
fn still<T>(hash: &str, passed: Option<(T, String)>) -> Result<T, Error> {
    let changed = || Error::new(Kind::File, "the catalogue changes while it is read");
    let same = passed.filter(|(_, hashed)| hashed == hash);
    same.map(|(place, _)| place).ok_or_else(changed)
}
