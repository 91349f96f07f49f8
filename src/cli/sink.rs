//! Where screened rows go, in their order.

use super::arguments::{Classify, Common, FailOn};
use super::{Failure, files, progress};
use crate::assess::{Screen, Screened, Verdict};
use crate::catalogue::{Catalogue, Rejected, Remark, Severity};
use crate::error::Error;
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
    rejected: Vec<Rejected>,
    remarks: Vec<Remark>,
    machines: usize,
    approximate: usize,
    /// How often each verdict was given, by its code.
    counts: [usize; 3],
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
    pub(super) fn new(screen: &Screen<'_>, common: &Common) -> Result<Self, Error> {
        let mut file = files::Pending::new(common)?;
        file.add(|text| text.extend_from_slice(report::screen_header(screen).as_bytes()))?;
        Ok(Self {
            header: screen.header().to_vec(),
            lines: report::ScreenLines::new(screen.width().1, screen.shape()),
            stride: screen.shape().words(),
            places: screen.shape().places().iter().take(screen.width().1).copied().collect(),
            file,
            rejected: Vec::new(),
            remarks: Vec::new(),
            machines: 0,
            approximate: 0,
            counts: [0; 3],
        })
    }

    /// Writes the run that comes next.
    pub(super) fn write(&mut self, mut screened: Screened) -> Result<(), Error> {
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
        self.rejected.append(&mut screened.rejected);
        self.remarks.append(&mut screened.remarks);
        Ok(())
    }

    /// Puts the answer where it belongs, and says what else there is to say.
    pub(super) fn finish(self, verb: &Classify, common: &Common) -> Result<Done, Failure> {
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
