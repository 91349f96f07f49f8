//! One pass over a file: runs are worked on by several threads, and put in place in their order.

use rayon::prelude::*;

use super::arguments::Common;
use super::gate::Gate;
use super::source::{Run, Source};
use super::{Failure, progress};
use crate::error::Error;
use crate::record::Hashing;
use crate::table::Odd;

/// Why a pass stopped.
enum Stop {
    Odd(Odd),
    Failed(Error),
}

/// Works on every run and puts what comes of it through the gate; gives the place to which it leads
/// and the hash of the file. `None` where the file has to be read in another way.
pub(super) fn pass<P: Send, T: Send>(
    source: &Source,
    (common, what): (&Common, &'static str),
    gate: Gate<P, T>,
    work: impl Fn(&mut Run) -> Result<T, Odd> + Sync,
    put: impl Fn(&mut P, T) -> Result<(), Error> + Sync,
) -> Result<Option<(P, String)>, Failure> {
    let bar = progress::bar(common, source.length(), what);
    let mut hashing = Hashing::default();
    let done = source.runs(&mut hashing).map_err(Stop::Odd).and_then(|runs| {
        let spares = runs.spares();
        let stopped = runs.par_bridge().map(|run| {
            let turn = gate.turn();
            let mut run = run.map_err(Stop::Odd)?;
            let (number, size) = (run.number(), run.size());
            let piece = work(&mut run).map_err(Stop::Odd)?;
            run.give(&spares);
            bar.inc(size as u64);
            turn.take((number, piece), &put).map_err(Stop::Failed)
        });
        stopped.find_map_any(Result::err).map_or(Ok(()), Err)
    });
    bar.finish_and_clear();
    match done {
        Ok(()) => Ok(Some((gate.into_place(), hashing.finish()))),
        Err(Stop::Odd(Odd::Form)) => Ok(None),
        Err(Stop::Odd(Odd::Read(error))) => Err(source.unreadable(&error).into()),
        Err(Stop::Failed(error)) => Err(error.into()),
    }
}
