//! Where screened rows go, in their order.

use std::path::PathBuf;

use super::across::Found;
use super::arguments::{Classify, Common, FailOn};
use super::{Failure, files, progress};
use crate::assess::{Screen, Screened, Verdict};
use crate::catalogue::{Remark, Severity};
use crate::error::Error;
use crate::quantity::counted;
use crate::report;

/// Where rows go, in their order, until all of them are there.
pub(super) struct Sink {
    header: Vec<String>,
    /// Where the verdicts stand among a machine's codes.
    places: Vec<usize>,
    /// How many words of codes a machine has.
    stride: usize,
    lines: report::ScreenLines,
    file: files::Pending,
    rejected: Aside,
    remarks: Aside,
    /// Whether a remark is more than a note.
    grave: bool,
    /// Remarks on several rows, found in passes of their own.
    across: Vec<Found>,
    machines: usize,
    approximate: usize,
    /// How often each verdict was given, by its code.
    counts: [usize; 3],
}

/// What is kept beside the answer: how much of it there is, and all of it where somebody asks.
struct Aside {
    count: usize,
    spool: Option<report::Spool>,
}

impl Aside {
    fn new(path: Option<&PathBuf>) -> Result<Self, Error> {
        let file = path.map(|_| files::scratch()).transpose()?;
        Ok(Self { count: 0, spool: file.map(report::Spool::new) })
    }

    fn add<T>(
        &mut self,
        all: &[T],
        one: impl Fn(&mut report::Spool, &T) -> Result<(), Error>,
    ) -> Result<(), Error> {
        self.count += all.len();
        let Some(spool) = &mut self.spool else { return Ok(()) };
        all.iter().try_for_each(|each| one(spool, each))
    }
}

/// What a screening came to.
pub(super) struct Done {
    pub machines: usize,
    pub rejected: usize,
    pub remarks: usize,
    pub finding: bool,
}

impl Sink {
    /// A place for what a screening says.
    pub(super) fn new(
        screen: &Screen<'_>,
        verb: &Classify,
        common: &Common,
    ) -> Result<Self, Error> {
        let mut file = files::Pending::new(common)?;
        file.add(|text| text.extend_from_slice(report::screen_header(screen).as_bytes()))?;
        Ok(Self {
            header: screen.header().to_vec(),
            lines: report::ScreenLines::new(screen.width().1, screen.shape()),
            stride: screen.shape().words(),
            places: screen.shape().places().iter().take(screen.width().1).copied().collect(),
            file,
            rejected: Aside::new(verb.rejects.as_ref())?,
            remarks: Aside::new(verb.remarks.as_ref())?,
            grave: false,
            across: Vec::new(),
            machines: 0,
            approximate: 0,
            counts: [0; 3],
        })
    }

    /// Writes the run that comes next.
    pub(super) fn write(&mut self, screened: Screened) -> Result<(), Error> {
        self.file.add(|text| self.lines.write(&screened, text))?;
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
        self.rejected.add(&screened.rejected, report::Spool::rejected)?;
        self.remark(&screened.remarks)
    }

    /// Adds remarks.
    pub(super) fn remark(&mut self, remarks: &[Remark]) -> Result<(), Error> {
        self.grave |= remarks.iter().any(|remark| remark.severity > Severity::Note);
        self.remarks.add(remarks, report::Spool::remark)
    }

    /// Adds what was found across rows when all of them were written.
    pub(super) fn contradictions(&mut self, found: Vec<Found>) {
        self.grave |= found.iter().any(|found| found.count > 0);
        self.remarks.count += found.iter().map(|found| found.count).sum::<usize>();
        self.across = found;
    }

    /// Puts the answer where it belongs, and says what else there is to say.
    pub(super) fn finish(self, verb: &Classify, common: &Common) -> Result<Done, Failure> {
        let (remarks, rejected) = (self.remarks.count, self.rejected.count);
        if let (Some(path), Some(spool)) = (&verb.rejects, self.rejected.spool) {
            files::write_by(path, |out| spool.write_rejected(&self.header, out))?;
        }
        if let (Some(path), Some(spool)) = (&verb.remarks, self.remarks.spool) {
            let across = self.across.into_iter().map(|found| found.remarks).collect();
            files::write_by(path, |out| spool.write_remarks(across, out))?;
        }
        self.file.finish(common)?;
        if self.approximate > 0 {
            let count = self.approximate;
            progress::tell(
                common,
                &format!("{count} open verdicts are approximate: too many combinations"),
            );
        }
        if self.machines + rejected == 0 {
            progress::tell(common, "the catalogue has a header and no rows");
        }
        if remarks > 0 {
            let [told, aside] = [counted(remarks, "remark"), counted(rejected, "row")];
            let text =
                format!("{told}, {aside} set aside; --remarks FILE and --rejects FILE write them");
            progress::tell(common, &text);
        }
        let some =
            |verdict: Verdict| self.counts.get(usize::from(verdict.code())).is_some_and(|n| *n > 0);
        let finding = match verb.fail_on {
            None => false,
            Some(FailOn::Remarks) => self.grave,
            Some(FailOn::NotCleared) => some(Verdict::Captured) || some(Verdict::Undetermined),
            Some(FailOn::Captured) => some(Verdict::Captured),
        };
        Ok(Done { machines: self.machines, rejected, remarks, finding })
    }
}
