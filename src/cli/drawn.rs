//! A file of delimited text drawn for a sweep run by run, as `classify --detail` reads it.

use std::path::Path;

use rayon::prelude::*;

use super::arguments::ReadArgs;
use super::source::{Run, Source};
use super::{Failure, setting};
use crate::assess::{self, Drawing, Drawn, Evaluator, Turned};
use crate::catalogue::Sheet;
use crate::list::Dial;
use crate::record::{CatalogueRecord, Hashing};
use crate::table::Odd;

/// Draws the machines of a file, with the record of it; `None` where the file has to be read
/// whole, or the dials move limits both ways.
pub(super) fn drawn(
    path: &Path,
    read: &ReadArgs,
    evaluator: &Evaluator,
    dials: &[&Dial],
) -> Result<Option<(Drawn, CatalogueRecord)>, Failure> {
    if read.measurements.is_some() || !path.is_file() {
        return Ok(None);
    }
    let (declared, reading) = setting::declared(read)?;
    let name = path.display().to_string();
    let Some(mut source) = Source::open(path, &name, &reading)? else { return Ok(None) };
    let Some(turned) = Turned::new(evaluator, dials)? else { return Ok(None) };
    while let Some(delimiter) = source.delimiter() {
        let mapping = setting::mapping_of(declared.clone(), &source.header, &name, read)?;
        let sheet = Sheet::new(&name, &source.header, &mapping);
        let mut hashing = Hashing::default();
        let runs: Result<Vec<assess::Run>, Odd> = {
            let Some(dialled) = turned.dialled() else { return Ok(None) };
            let Some(drawing) = Drawing::new(&turned, &dialled, &sheet) else { return Ok(None) };
            source.runs(&mut hashing).and_then(|runs| {
                let spares = runs.spares();
                let draw = |run: Result<Run, Odd>| match run? {
                    Run::Delimited(chunk) => {
                        let run = drawing.run(&chunk, delimiter, chunk.number == 0);
                        spares.give(chunk);
                        run
                    }
                    Run::Lines(_) | Run::Records(..) => Err(Odd::Form),
                };
                runs.par_bridge().map(draw).collect()
            })
        };
        match runs {
            Ok(runs) => {
                let unmapped_columns = sheet.unmapped().to_vec();
                let drawn = Drawn::of_runs(turned, runs);
                let [rejected, remarks] = drawn.told();
                let record = CatalogueRecord {
                    file: name,
                    blake3: hashing.finish(),
                    mapping: mapping.name.clone(),
                    machines: drawn.machines(),
                    rejected,
                    remarks,
                    unmapped_columns,
                };
                return Ok(Some((drawn, record)));
            }
            Err(Odd::Form) => source = source.otherwise()?,
            Err(Odd::Read(error)) => return Err(source.unreadable(&error).into()),
        }
    }
    Ok(None)
}
