//! `toolgauge classify --detail verdicts|clauses`: a row a machine, run by run, in one pass.

use rayon::prelude::*;

use super::arguments::{Classify, Common, Detail, FailOn, Format};
use super::gate::Gate;
use super::pass::pass;
use super::sink::Sink;
use super::source::{Run, Source};
use super::{Answer, Failure, across, progress, setting};
use crate::assess::{Evaluator, Screen, Screened};
use crate::catalogue::{Mapping, Sheet};
use crate::error::Error;
use crate::list::Library;
use crate::record::{CatalogueRecord, RunRecord};
use crate::table::JsonLines;

/// How many bytes of what is done before its turn are kept.
const KEPT_MAX: usize = 1 << 24;
/// How many records of a table that was read whole are screened at once.
const RUN: usize = 4096;

/// Screens a catalogue.
pub(super) fn screen(verb: &Classify, common: &Common) -> Result<Answer, Failure> {
    possible(verb, common)?;
    let (library, evaluator) = setting::evaluator(&verb.law)?;
    let clauses = verb.detail == Detail::Clauses;
    let remarks = verb.remarks.is_some() || verb.fail_on == Some(FailOn::Remarks);
    let (declared, reading) = setting::declared(&verb.read)?;
    let name = verb.catalogue.display().to_string();
    let mut source = Source::open(&verb.catalogue, &name, &reading)?;
    while let Some(opened) = source {
        let mapping = setting::mapping_of(declared.clone(), &opened.header, &name, &verb.read)?;
        let sheet = Sheet::new(&name, &opened.header, &mapping);
        let screen = Screen::new(&evaluator, &sheet, clauses, remarks);
        if let Some((mut sink, hash)) = streamed(&opened, &screen, verb, common)? {
            opened.note.iter().for_each(|note| progress::tell(common, note));
            if remarks {
                sink.contradictions(across::contradictions(&opened, &sheet, &hash, common)?);
            }
            return conclude(
                verb,
                common,
                (&library, &evaluator),
                (&sheet, &mapping),
                (sink, hash),
            );
        }
        source = Some(opened.otherwise()?);
    }
    let (table, mapping, hash) = setting::table(&verb.catalogue, &verb.read)?;
    let sheet = Sheet::new(&name, &table.header, &mapping);
    let screen = Screen::new(&evaluator, &sheet, clauses, remarks);
    let mut sink = Sink::new(&screen, verb, common)?;
    let runs: Vec<Screened> =
        table.records.par_chunks(RUN).map(|records| screen.records(records)).collect();
    runs.into_iter().try_for_each(|screened| sink.write(screened))?;
    if remarks {
        sink.remark(&sheet.contradictions(&table.records))?;
    }
    conclude(verb, common, (&library, &evaluator), (&sheet, &mapping), (sink, hash))
}

/// Puts the answer where it belongs, and the record of the run beside it.
fn conclude(
    verb: &Classify,
    common: &Common,
    (library, evaluator): (&Library, &Evaluator),
    (sheet, mapping): (&Sheet<'_>, &Mapping),
    (sink, blake3): (Sink, String),
) -> Result<Answer, Failure> {
    let done = sink.finish(verb, common)?;
    let catalogue = CatalogueRecord {
        file: verb.catalogue.display().to_string(),
        blake3,
        mapping: mapping.name.clone(),
        machines: done.machines,
        rejected: done.rejected,
        remarks: done.remarks,
        unmapped_columns: sheet.unmapped().to_vec(),
    };
    super::classify::beside(common, &RunRecord::new(evaluator, library, Some(catalogue)))?;
    Ok(if done.finding { Answer::Finding } else { Answer::Done })
}

/// What is asked for, where less than full detail does.
fn possible(verb: &Classify, common: &Common) -> Result<(), Error> {
    if common.format != Format::Csv {
        let error = Error::usage("less than full detail is written as CSV");
        return Err(error.help("add --format csv"));
    }
    if verb.remarks.is_some() && verb.remarks == verb.rejects {
        let error = Error::usage("--remarks and --rejects name one file");
        return Err(error.help("give each a file of its own"));
    }
    if verb.read.measurements.is_some() {
        let error = Error::usage("measurements are taken up in full detail only");
        return Err(error.help("leave --detail away"));
    }
    Ok(())
}

/// Screens a file run by run; `None` where it turns out that it has to be read in another way.
fn streamed(
    source: &Source,
    screen: &Screen<'_>,
    verb: &Classify,
    common: &Common,
) -> Result<Option<(Sink, String)>, Failure> {
    let size = |all: &Vec<Screened>| all.iter().map(Screened::size).sum();
    let gate = Gate::new(Sink::new(screen, verb, common)?, KEPT_MAX, size);
    let work = |run: &mut Run| match (&*run, source.delimiter(), source.names()) {
        (Run::Delimited(chunk), Some(delimiter), _) => {
            screen.chunk(chunk, delimiter, chunk.number == 0).map(|screened| vec![screened])
        }
        (Run::Lines(chunk), _, Some(names)) => {
            let lines = |lines| match lines {
                JsonLines::Plain(chunk) => screen.chunk(&chunk, JsonLines::DELIMITER, false),
                JsonLines::Other(records) => Ok(screen.records(&records)),
            };
            names.lines(chunk)?.into_iter().map(lines).collect()
        }
        _ => source.records(run).map(|records| vec![screen.records(&records)]),
    };
    let put =
        |sink: &mut Sink, all: Vec<Screened>| all.into_iter().try_for_each(|one| sink.write(one));
    pass(source, (common, "screening"), gate, work, put)
}
