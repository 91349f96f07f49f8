//! Measured readings of catalogued machines: each figure of a test beside what the sheet says.
//!
//! A measured value never replaces a stated one: where they contradict each other both stand, and
//! evidence joins them. What inflates a figure stays with the machine, for the verdicts that rest
//! on it.

use std::collections::{BTreeMap, BTreeSet};

use super::measured_line::tests_of_axes;
use super::reader::Catalogue;
use super::remark::{Remark, Severity};
use super::{measured_axis, measured_motion};
use crate::error::{Error, Kind, Result};
use crate::machine::{Doubt, Machine, Measurement, ParameterId, Reading, Set, id_of};
use crate::metrology::{AxisRuns, Budget, Motion, Slide, Turns};

/// One test of one machine, from one file.
#[derive(Debug, Clone, PartialEq)]
pub struct Measured {
    /// The machine's identifier.
    pub machine: String,
    /// The file.
    pub file: String,
    /// What was tested.
    pub test: Tested,
}

/// What a test found.
#[derive(Debug, Clone, PartialEq)]
pub enum Tested {
    /// Positioning runs of axes.
    Positioning(Vec<AxisRuns>),
    /// Turns of a spindle: run-out or camming.
    Spindle(Motion, Turns),
    /// Angles of slides.
    Slides(Vec<Slide>),
    /// The uncertainty of the machine's positioning tests.
    Uncertainty(Budget),
}

/// What one test of a machine says: readings, words for their cell, remarks, what inflates them.
#[derive(Default)]
pub(super) struct Said {
    pub readings: Vec<Reading>,
    pub words: String,
    pub remarks: Vec<String>,
    pub axis: Option<u8>,
    pub inflated: Vec<String>,
    /// What the test leaves open, each with what to do.
    pub open: Vec<(String, &'static str)>,
    /// Why it has no UPR, each with the words for the line that this is of: another test of the
    /// axis may give one.
    pub no_upr: Vec<(String, String)>,
    /// The doubts under which some of the readings stand.
    pub doubts: Vec<Doubt>,
}

pub(super) const SEE: &str = "see how the test was made";

impl Catalogue {
    /// Takes up measurements; an error where a machine or an axis cannot be told.
    pub fn attach(&mut self, measured: &[Measured]) -> Result<()> {
        let budgets: BTreeMap<&str, &Budget> = measured
            .iter()
            .filter_map(|test| match &test.test {
                Tested::Uncertainty(budget) => Some((test.machine.as_str(), budget)),
                _ => None,
            })
            .collect();
        let of = |test: &Measured, text: String| {
            Error::new(Kind::Content, format!("`{}`: {text}", test.file))
        };
        let places: Vec<usize> = measured
            .iter()
            .map(|test| self.place(&test.machine).map_err(|(text, help)| of(test, text).help(help)))
            .collect::<Result<_>>()?;
        // Each file has a column of its own, so that every reading has its cell.
        let first = self.header.len();
        self.header.extend(measured.iter().map(|test| format!("measured: {}", test.file)));
        let axes = tests_of_axes(measured, &places);
        let mut axes = axes.into_iter().peekable();
        let mut found = Vec::new();
        for (number, (test, at)) in measured.iter().zip(places).enumerate() {
            let Some(machine) = self.machines.get_mut(at) else { continue };
            let budget = budgets.get(test.machine.as_str()).copied();
            let mut all = Vec::new();
            while let Some(tests) = axes.next_if(|tests| tests.files.first() == Some(&number)) {
                let said = measured_axis::said(machine, &tests.runs, tests.longest, budget);
                let names = tests.files.iter().filter_map(|file| measured.get(*file));
                let names: Vec<&str> = names.map(|test| test.file.as_str()).collect();
                all.push((names.join(" and "), said.map_err(|text| of(test, text))?));
            }
            all.extend(said(machine, &test.test).map(|said| (test.file.clone(), said)));
            found.push(((at, first + number, test.machine.as_str()), all));
        }
        say_no_upr(&mut found);
        for ((at, number, id), all) in found {
            self.keep(at, (number, id), all);
        }
        Ok(())
    }

    /// Which machine a test is of; else why that cannot be told, and what to do.
    fn place(&self, id: &str) -> std::result::Result<usize, (String, String)> {
        let mut same = self.machines.iter().enumerate().filter(|(_, machine)| machine.id == id);
        let Some((at, _)) = same.next() else {
            let ids = self.machines.iter().map(|machine| machine.id.as_str());
            let help = match crate::error::nearest(id, ids) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "a file is named by the machine's identifier".to_owned(),
            };
            return Err((format!("the catalogue has no machine `{id}`"), help));
        };
        if same.next().is_some() {
            let all = self.machines.iter().filter(|machine| machine.id == id);
            let lines: Vec<String> = all.map(|machine| machine.line.to_string()).collect();
            let lines = lines.join(" and ");
            let text = format!("machine `{id}` stands in lines {lines} of the catalogue");
            return Err((text, "give each row an identifier of its own".to_owned()));
        }
        Ok(at)
    }

    /// Keeps what tests say of a machine, each with the files that it is from, in a column.
    fn keep(&mut self, at: usize, (number, id): (usize, &str), all: Vec<(String, Said)>) {
        let column = u16::try_from(number).unwrap_or(u16::MAX);
        let mut words = Vec::new();
        for (file, mut said) in all {
            let Some(machine) = self.machines.get_mut(at) else { continue };
            said.readings.iter_mut().for_each(|reading| reading.column = column);
            machine.readings.append(&mut said.readings);
            let Said { axis, inflated, doubts, .. } = said;
            let open = said.open.iter().map(|(text, _)| text.clone()).collect();
            let label = axis.and_then(|axis| machine.axes.get(usize::from(axis)));
            let label = label.map_or_else(String::new, |axis| axis.label.clone());
            let test = Measurement { column, axis, file: file.clone(), inflated, open, doubts };
            machine.measurements.push(test);
            words.push(said.words);
            let remarks = said.remarks.into_iter().map(|text| (text, SEE)).chain(said.open);
            self.remarks.extend(remarks.map(|(reason, advice)| Remark {
                severity: Severity::Note,
                file: file.clone(),
                line: 0,
                column: label.clone(),
                machine: id.to_owned(),
                text: String::new(),
                reason,
                advice: advice.to_owned(),
            }));
        }
        if let Some(record) = self.records.get_mut(at) {
            record.fields.resize(number, String::new());
            record.fields.push(words.join("; "));
        }
    }
}

/// The tests of a file, by the names of their files, with the place of the machine, the number of
/// the column and the identifier.
type OfFile<'m> = ((usize, usize, &'m str), Vec<(String, Said)>);

/// Says of which axes the tests have no UPR, and why; of one whose UPR follows from others of its
/// figures, which bound it.
fn say_no_upr(found: &mut [OfFile<'_>]) {
    let [upr, up, down] = ["upr", "repeatability_up", "repeatability_down"].map(id_of);
    // The figures of each axis that bound its UPR from above.
    let mut bound: BTreeSet<(usize, Option<u8>, ParameterId)> = BTreeSet::new();
    for ((at, ..), all) in found.iter() {
        let readings = all.iter().flat_map(|(_, said)| &said.readings);
        let bounds = |r: &&Reading| {
            let high = matches!(r.set, Set::Span(span) if span.high().is_some());
            high && r.form.doubt().is_none() && [upr, up, down].contains(&r.parameter)
        };
        bound.extend(readings.filter(bounds).map(|r| (*at, r.axis, r.parameter)));
    }
    for ((at, ..), all) in found {
        for (_, said) in all {
            let has = |parameter| bound.contains(&(*at, said.axis, parameter));
            let word = match (has(upr), has(up), has(down)) {
                (true, ..) | (_, true, true) => continue,
                (_, true, _) => "UPR is bounded from above only, by UPR ≤ R↑",
                (.., true) => "UPR is bounded from above only, by UPR ≤ R↓",
                _ => "UPR is not computable",
            };
            let none = said.no_upr.iter();
            said.open.extend(none.map(|(on, why)| (format!("{on}{word}: {why}"), SEE)));
        }
    }
}

/// What a test says that is not of the positions of axes.
fn said(machine: &Machine, test: &Tested) -> Option<Said> {
    match test {
        Tested::Positioning(_) => None,
        Tested::Spindle(motion, turns) => Some(measured_motion::spindle(*motion, turns)),
        Tested::Slides(slides) => Some(measured_motion::slides(machine, slides)),
        Tested::Uncertainty(budget) => {
            let um = |value: f64| format!("{value:.3} µm");
            let words = format!(
                "U of A {}, of E {}, of M {}, of R and UPR {} (k = 2)",
                um(budget.accuracy),
                um(budget.systematic),
                um(budget.mean),
                um(budget.repeatability_expanded())
            );
            Some(Said { words, ..Said::default() })
        }
    }
}
