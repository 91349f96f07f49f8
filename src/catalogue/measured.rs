//! Measured readings of catalogued machines: each figure of a test beside what the sheet says.
//!
//! A measured value never replaces a stated one: where they contradict each other both stand, and
//! evidence joins them. What inflates a figure stays with the machine, for the verdicts that rest
//! on it.

use std::collections::BTreeMap;

use super::reader::Catalogue;
use super::remark::{Remark, Severity};
use super::{measured_axis, measured_motion};
use crate::error::{Error, Kind, Result};
use crate::machine::{Doubt, Machine, Measurement, Reading};
use crate::metrology::{AxisRuns, Budget, Motion, Slide, Turns};
use crate::quantity::axis_key;

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
        for test in measured {
            let of = |text: String| Error::new(Kind::Content, format!("`{}`: {text}", test.file));
            let Some(at) = self.machines.iter().position(|machine| machine.id == test.machine)
            else {
                let ids = self.machines.iter().map(|machine| machine.id.as_str());
                let error = of(format!("the catalogue has no machine `{}`", test.machine));
                return Err(match crate::error::nearest(&test.machine, ids) {
                    Some(near) => error.help(format!("did you mean `{near}`?")),
                    None => error.help("a file is named by the machine's identifier"),
                });
            };
            let same: Vec<String> = self
                .machines
                .iter()
                .filter(|machine| machine.id == test.machine)
                .map(|machine| machine.line.to_string())
                .collect();
            if same.len() > 1 {
                let (id, lines) = (&test.machine, same.join(" and "));
                let error = of(format!("machine `{id}` stands in lines {lines} of the catalogue"));
                return Err(error.help("give each row an identifier of its own"));
            }
            let Some(machine) = self.machines.get_mut(at) else { continue };
            let budget = budgets.get(test.machine.as_str()).copied();
            let said = said(machine, test, budget).map_err(of)?;
            self.keep(at, test, said);
        }
        Ok(())
    }

    /// Keeps what a test says. Its figures stand in a column of their own, so that every reading
    /// has its cell.
    fn keep(&mut self, at: usize, test: &Measured, all: Vec<Said>) {
        let number = self.header.len();
        let column = u16::try_from(number).unwrap_or(u16::MAX);
        self.header.push(format!("measured: {}", test.file));
        let mut words = Vec::new();
        for mut said in all {
            let Some(machine) = self.machines.get_mut(at) else { continue };
            said.readings.iter_mut().for_each(|reading| reading.column = column);
            machine.readings.append(&mut said.readings);
            let (axis, inflated, file) = (said.axis, said.inflated, test.file.clone());
            let open = said.open.iter().map(|(text, _)| text.clone()).collect();
            let doubts = said.doubts;
            machine.measurements.push(Measurement { column, axis, file, inflated, open, doubts });
            let label = axis.and_then(|axis| machine.axes.get(usize::from(axis)));
            let label = label.map_or_else(String::new, |axis| axis.label.clone());
            words.push(said.words);
            let remarks = said.remarks.into_iter().map(|text| (text, SEE)).chain(said.open);
            self.remarks.extend(remarks.map(|(reason, advice)| Remark {
                severity: Severity::Note,
                file: test.file.clone(),
                line: 0,
                column: label.clone(),
                machine: test.machine.clone(),
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

fn said(
    machine: &mut Machine,
    test: &Measured,
    budget: Option<&Budget>,
) -> std::result::Result<Vec<Said>, String> {
    match &test.test {
        Tested::Positioning(axes) => {
            // Tests of one axis on several measuring lines go together.
            let mut of_axes: Vec<(String, Vec<&AxisRuns>)> = Vec::new();
            for runs in axes {
                let key = axis_key(&runs.axis);
                match of_axes.iter_mut().find(|(known, _)| *known == key) {
                    Some((_, tests)) => tests.push(runs),
                    None => of_axes.push((key, vec![runs])),
                }
            }
            let said = |(_, tests): &(_, Vec<_>)| measured_axis::said(machine, tests, budget);
            of_axes.iter().map(said).collect()
        }
        Tested::Spindle(motion, turns) => Ok(vec![measured_motion::spindle(*motion, turns)]),
        Tested::Slides(slides) => Ok(vec![measured_motion::slides(slides)]),
        Tested::Uncertainty(budget) => {
            let um = |value: f64| format!("{value:.3} µm");
            let words = format!(
                "U of A {}, of E {}, of M {}, of R and UPR {} (k = 2)",
                um(budget.accuracy),
                um(budget.systematic),
                um(budget.mean),
                um(budget.repeatability_expanded())
            );
            Ok(vec![Said { words, ..Said::default() }])
        }
    }
}
