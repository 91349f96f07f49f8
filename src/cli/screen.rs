//! `toolgauge classify --detail verdicts|clauses`: a row a machine, run by run, in one pass.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;

use super::arguments::{Classify, Common, Detail, FailOn, Format};
use super::lines::Lines;
use super::opened::Opened;
use super::{Answer, Failure, files, progress, setting};
use crate::assess::{Screen, Screened, Verdict};
use crate::catalogue::{Catalogue, Rejected, Remark, Severity, Sheet};
use crate::error::{Error, Kind};
use crate::record::{CatalogueRecord, RunRecord};
use crate::report;
use crate::table::{Chunk, Chunks, Odd};

/// How many records of a table that was read whole are screened at once.
const RUN: usize = 4096;

/// Screens a catalogue.
pub(super) fn screen(verb: &Classify, common: &Common) -> Result<Answer, Failure> {
    if common.format != Format::Csv {
        let error = Error::usage("less than full detail is written as CSV");
        return Err(error.help("add --format csv").into());
    }
    if verb.read.measurements.is_some() {
        let error = Error::usage("measurements are taken up in full detail only");
        return Err(error.help("leave --detail away").into());
    }
    let (library, evaluator) = setting::evaluator(&verb.law)?;
    let clauses = verb.detail == Detail::Clauses;
    let remarks = verb.remarks.is_some() || verb.fail_on == Some(FailOn::Remarks);
    let (declared, reading) = setting::declared(&verb.read)?;
    let name = verb.catalogue.display().to_string();
    let streamed = match Opened::open(&verb.catalogue, &name, &reading)? {
        Some(opened) => {
            let mapping = setting::mapping_of(declared, &opened.header, &name, &verb.read)?;
            let sheet = Sheet::new(&name, &opened.header, &mapping);
            let screen = Screen::new(&evaluator, &sheet, clauses, remarks);
            let done = opened.screen(&screen, common)?;
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
                let sink = line_by_line(&mut lines, &screen, common)?;
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
            let mut sink = Sink::new(&screen, common)?;
            let runs: Vec<Screened> =
                table.records.par_chunks(RUN).map(|records| screen.records(records)).collect();
            for (at, screened) in runs.into_iter().enumerate() {
                sink.take(at, screened)?;
            }
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

/// Screens JSON Lines run by run.
fn line_by_line(lines: &mut Lines, screen: &Screen<'_>, common: &Common) -> Result<Sink, Failure> {
    let mut sink = Sink::new(screen, common)?;
    let mut number = 0;
    loop {
        let records = lines.run(RUN * 2)?;
        if records.is_empty() {
            return Ok(sink);
        }
        let runs: Vec<Screened> =
            records.par_chunks(RUN).map(|records| screen.records(records)).collect();
        for screened in runs {
            sink.take(number, screened)?;
            number += 1;
        }
    }
}

impl Opened {
    /// Screens the file; `None` where it turns out that it has to be read whole.
    fn screen(
        &self,
        screen: &Screen<'_>,
        common: &Common,
    ) -> Result<Option<(Sink, String)>, Failure> {
        let bar = progress::bar(common, self.length(), "screening");
        let sink = Mutex::new(Sink::new(screen, common)?);
        let Some(mut bytes) = self.bytes() else { return Ok(None) };
        let chunks = Chunks::new(&mut bytes);
        let spares = chunks.spares();
        let stopped = chunks.par_bridge().map(|chunk| {
            let chunk: Chunk = chunk.map_err(Stop::Odd)?;
            let screened = screen.chunk(&chunk, self.delimiter, chunk.number == 0);
            let screened = screened.map_err(Stop::Odd)?;
            bar.inc(chunk.text.len() as u64);
            let number = chunk.number;
            spares.give(chunk);
            let mut sink = sink.lock().unwrap_or_else(PoisonError::into_inner);
            sink.take(number, screened).map_err(Stop::Failed)
        });
        let stopped = stopped.find_map_any(Result::err);
        bar.finish_and_clear();
        match stopped {
            None => {
                let sink = sink.into_inner().unwrap_or_else(PoisonError::into_inner);
                Ok(Some((sink, bytes.hash())))
            }
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

/// Where rows go, in their order, until all of them are there.
struct Sink {
    header: Vec<String>,
    /// Where the verdicts stand among a machine's codes.
    places: Vec<usize>,
    /// How many words of codes a machine has.
    stride: usize,
    lines: report::ScreenLines,
    text: Vec<u8>,
    file: files::Pending,
    /// The run that comes next, and runs that were done before it.
    next: usize,
    early: BTreeMap<usize, Screened>,
    rejected: Vec<Rejected>,
    remarks: Vec<Remark>,
    machines: usize,
    approximate: usize,
    /// How often each verdict was given, by its code.
    counts: [usize; 3],
}

/// What a screening came to.
struct Done {
    machines: usize,
    rejected: usize,
    remarks: usize,
    finding: bool,
}

impl Sink {
    fn new(screen: &Screen<'_>, common: &Common) -> Result<Self, Error> {
        let mut file = files::Pending::new(common)?;
        file.write(report::screen_header(screen).as_bytes())?;
        Ok(Self {
            header: screen.header().to_vec(),
            lines: report::ScreenLines::new(screen.width().1, screen.shape()),
            stride: screen.shape().words(),
            places: screen.shape().places().iter().take(screen.width().1).copied().collect(),
            text: Vec::new(),
            file,
            next: 0,
            early: BTreeMap::new(),
            rejected: Vec::new(),
            remarks: Vec::new(),
            machines: 0,
            approximate: 0,
            counts: [0; 3],
        })
    }

    /// Takes the run with this number, and writes every run that is due.
    fn take(&mut self, number: usize, screened: Screened) -> Result<(), Error> {
        self.early.insert(number, screened);
        while let Some(mut screened) = self.early.remove(&self.next) {
            self.next += 1;
            self.text.clear();
            self.lines.write(&screened, &mut self.text);
            self.file.write(&self.text)?;
            for place in &self.places {
                let words = screened.codes.words().iter().skip(place / 8).step_by(self.stride);
                // A code of one has the lowest bit, one of two the next.
                let (mut ones, mut twos) = (0, 0);
                for word in words {
                    let code = word >> (place % 8 * 8);
                    ones += code & 1;
                    twos += code >> 1 & 1;
                }
                let machines = screened.ends.len();
                let (ones, twos) = (ones as usize, twos as usize);
                let found = [machines - ones - twos, ones, twos];
                self.counts.iter_mut().zip(found).for_each(|(count, found)| *count += found);
            }
            self.machines += screened.ends.len();
            self.approximate += screened.approximate;
            self.rejected.append(&mut screened.rejected);
            self.remarks.append(&mut screened.remarks);
        }
        Ok(())
    }

    /// Puts the answer where it belongs, and says what else there is to say.
    fn finish(self, verb: &Classify, common: &Common) -> Result<Done, Failure> {
        let catalogue = Catalogue {
            header: self.header,
            remarks: self.remarks,
            rejected: self.rejected,
            ..Catalogue::default()
        };
        if let Some(path) = &verb.rejects {
            files::write(path, report::rejected_csv(&catalogue)?.as_bytes())?;
        }
        if let Some(path) = &verb.remarks {
            files::write(path, report::remarks_csv(&catalogue.remarks)?.as_bytes())?;
        }
        self.file.finish(common)?;
        if self.approximate > 0 {
            let count = self.approximate;
            progress::tell(
                common,
                &format!("{count} open verdicts are approximate: too many combinations"),
            );
        }
        if !catalogue.remarks.is_empty() {
            let (remarks, rejected) = (catalogue.remarks.len(), catalogue.rejected.len());
            let text = format!(
                "{remarks} remarks, {rejected} rows set aside; --remarks FILE and --rejects FILE \
                 write them"
            );
            progress::tell(common, &text);
        }
        let some =
            |verdict: Verdict| self.counts.get(usize::from(verdict.code())).is_some_and(|n| *n > 0);
        let finding = match verb.fail_on {
            None => false,
            Some(FailOn::NotCleared) => some(Verdict::Captured) || some(Verdict::Undetermined),
            Some(FailOn::Captured) => some(Verdict::Captured),
            Some(FailOn::Remarks) => catalogue.remarks.iter().any(|r| r.severity > Severity::Note),
        };
        Ok(Done {
            machines: self.machines,
            rejected: catalogue.rejected.len(),
            remarks: catalogue.remarks.len(),
            finding,
        })
    }
}
