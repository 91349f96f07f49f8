//! A file of delimited text drawn for a sweep run by run, as `classify --detail` reads it.

use std::path::Path;

use rayon::prelude::*;

use super::arguments::ReadArgs;
use super::opened::Opened;
use super::{Failure, setting};
use crate::assess::{Drawing, Drawn, Evaluator, Run, Turned};
use crate::catalogue::Sheet;
use crate::error::{Error, Kind};
use crate::list::Dial;
use crate::table::{Chunks, Odd};

/// Draws the machines of a file; `None` where the file has to be read whole, or the dials move
/// limits both ways.
pub(super) fn drawn(
    path: &Path,
    read: &ReadArgs,
    evaluator: &Evaluator,
    dials: &[&Dial],
) -> Result<Option<Drawn>, Failure> {
    if read.measurements.is_some() {
        return Ok(None);
    }
    let (declared, reading) = setting::declared(read)?;
    let name = path.display().to_string();
    let Some(opened) = Opened::open(path, &name, &reading)? else { return Ok(None) };
    let Some(mut bytes) = opened.bytes() else { return Ok(None) };
    let Some(turned) = Turned::new(evaluator, dials)? else { return Ok(None) };
    let mapping = setting::mapping_of(declared, &opened.header, &name, read)?;
    let runs: Result<Vec<Run>, Odd> = {
        let sheet = Sheet::new(&name, &opened.header, &mapping);
        let Some(dialled) = turned.dialled() else { return Ok(None) };
        let Some(drawing) = Drawing::new(&turned, &dialled, &sheet) else { return Ok(None) };
        let chunks = Chunks::new(&mut bytes);
        let spares = chunks.spares();
        let draw = |chunk: Result<_, Odd>| {
            let chunk = chunk?;
            let run = drawing.run(&chunk, opened.delimiter, chunk.number == 0);
            spares.give(chunk);
            run
        };
        chunks.par_bridge().map(draw).collect()
    };
    match runs {
        Ok(runs) => Ok(Some(Drawn::of_runs(turned, runs))),
        Err(Odd::Form) => Ok(None),
        Err(Odd::Read(error)) => {
            Err(Error::new(Kind::File, format!("the catalogue cannot be read: {error}")).into())
        }
    }
}
