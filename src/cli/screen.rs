//! `toolgauge classify --detail verdicts|clauses`: a row a machine, run by run, in one pass.

use rayon::prelude::*;

use super::arguments::{Classify, Common, Detail, FailOn, Format};
use super::gate::Gate;
use super::lines::Lines;
use super::opened::Opened;
use super::sink::Sink;
use super::{Answer, Failure, progress, setting};
use crate::assess::{Screen, Screened};
use crate::catalogue::Sheet;
use crate::error::{Error, Kind};
use crate::record::{CatalogueRecord, RunRecord};
use crate::table::{Chunk, Chunks, Odd};

/// How many bytes of what is done before its turn are kept.
const KEPT_MAX: usize = 1 << 24;
/// How many records of a table that was read whole are screened at once.
const RUN: usize = 4096;

/// Screens a catalogue.
pub(super) fn screen(verb: &Classify, common: &Common) -> Result<Answer, Failure> {
    possible(verb, common)?;
    let (library, evaluator) = setting::evaluator(&verb.law)?;
    let clauses = verb.detail == Detail::Clauses;
    let remarks = verb.remarks.is_some();
    let (declared, reading) = setting::declared(&verb.read)?;
    let name = verb.catalogue.display().to_string();
    let streamed = match Opened::open(&verb.catalogue, &name, &reading)? {
        Some(opened) => {
            let mapping = setting::mapping_of(declared, &opened.header, &name, &verb.read)?;
            let sheet = Sheet::new(&name, &opened.header, &mapping);
            let screen = Screen::new(&evaluator, &sheet, clauses, remarks);
            let done = opened.screen(&screen, verb, common)?;
            done.map(|(sink, hash)| (sink, hash, mapping.name.clone(), sheet.unmapped().to_vec()))
        }
        None => None,
    };
    let streamed = match streamed {
        Some(done) => Some(done),
        None => match Lines::open(&verb.catalogue, &name, &reading)? {
            Some(mut lines) => {
                let (declared, _) = setting::declared(&verb.read)?;
                let header = lines.header().to_vec();
                let mapping = setting::mapping_of(declared, &header, &name, &verb.read)?;
                let sheet = Sheet::new(&name, &header, &mapping);
                let screen = Screen::new(&evaluator, &sheet, clauses, remarks);
                let sink = line_by_line(&mut lines, &screen, verb, common)?;
                Some((sink, lines.hash(), mapping.name.clone(), sheet.unmapped().to_vec()))
            }
            None => None,
        },
    };
    let (sink, blake3, mapping, unmapped) = match streamed {
        Some(done) => done,
        None => {
            let (table, mapping, hash) = setting::table(&verb.catalogue, &verb.read)?;
            let sheet = Sheet::new(&name, &table.header, &mapping);
            let screen = Screen::new(&evaluator, &sheet, clauses, remarks);
            let mut sink = Sink::new(&screen, verb, common)?;
            let runs: Vec<Screened> =
                table.records.par_chunks(RUN).map(|records| screen.records(records)).collect();
            runs.into_iter().try_for_each(|screened| sink.write(screened))?;
            (sink, hash, mapping.name.clone(), sheet.unmapped().to_vec())
        }
    };
    let done = sink.finish(verb, common)?;
    let (machines, rejected, remarks) = (done.machines, done.rejected, done.remarks);
    let file = name.clone();
    let catalogue = CatalogueRecord {
        file,
        blake3,
        mapping,
        machines,
        rejected,
        remarks,
        unmapped_columns: unmapped,
    };
    super::classify::beside(common, &RunRecord::new(&evaluator, &library, Some(catalogue)))?;
    Ok(if done.finding { Answer::Finding } else { Answer::Done })
}

/// What is asked for, where less than full detail does.
fn possible(verb: &Classify, common: &Common) -> Result<(), Error> {
    if common.format != Format::Csv {
        let error = Error::usage("less than full detail is written as CSV");
        return Err(error.help("add --format csv"));
    }
    if verb.fail_on == Some(FailOn::Remarks) {
        let error =
            Error::usage("some remarks are about several rows, and made in full detail only");
        return Err(error.help("leave --detail away, or --fail-on remarks"));
    }
    if verb.read.measurements.is_some() {
        let error = Error::usage("measurements are taken up in full detail only");
        return Err(error.help("leave --detail away"));
    }
    Ok(())
}

/// Screens JSON Lines run by run.
fn line_by_line(
    lines: &mut Lines,
    screen: &Screen<'_>,
    verb: &Classify,
    common: &Common,
) -> Result<Sink, Failure> {
    let mut sink = Sink::new(screen, verb, common)?;
    loop {
        let records = lines.run(RUN * 2)?;
        if records.is_empty() {
            return Ok(sink);
        }
        let runs: Vec<Screened> =
            records.par_chunks(RUN).map(|records| screen.records(records)).collect();
        runs.into_iter().try_for_each(|screened| sink.write(screened))?;
    }
}

impl Opened {
    /// Screens the file; `None` where it turns out that it has to be read whole.
    fn screen(
        &self,
        screen: &Screen<'_>,
        verb: &Classify,
        common: &Common,
    ) -> Result<Option<(Sink, String)>, Failure> {
        let bar = progress::bar(common, self.length(), "screening");
        let gate = Gate::new(Sink::new(screen, verb, common)?, KEPT_MAX, Screened::size);
        let Some(mut bytes) = self.bytes() else { return Ok(None) };
        let chunks = Chunks::new(&mut bytes);
        let spares = chunks.spares();
        let stopped = chunks.par_bridge().map(|chunk| {
            let turn = gate.turn();
            let chunk: Chunk = chunk.map_err(Stop::Odd)?;
            let screened = screen.chunk(&chunk, self.delimiter, chunk.number == 0);
            let screened = screened.map_err(Stop::Odd)?;
            bar.inc(chunk.text.len() as u64);
            let number = chunk.number;
            spares.give(chunk);
            turn.take((number, screened), Sink::write).map_err(Stop::Failed)
        });
        let stopped = stopped.find_map_any(Result::err);
        bar.finish_and_clear();
        match stopped {
            None => Ok(Some((gate.into_place(), bytes.hash()))),
            Some(Stop::Odd(Odd::Form)) => Ok(None),
            Some(Stop::Odd(Odd::Read(error))) => {
                Err(Error::new(Kind::File, format!("the catalogue cannot be read: {error}")).into())
            }
            Some(Stop::Failed(error)) => Err(error.into()),
        }
    }
}

/// Why a screening stopped.
enum Stop {
    Odd(Odd),
    Failed(Error),
}
