//! Measured readings of catalogued machines: each figure of a test beside what the sheet says.
//!
//! A measured value never replaces a stated one: where they contradict each other both stand, and
//! evidence joins them. What inflates a figure of scatter is a remark.

use super::reader::Catalogue;
use super::remark::{Remark, Severity};
use crate::error::{Error, Kind, Result};
use crate::machine::{
    self, Approach, Axis, AxisKind, Basis, Compensation, Form, Machine, Reading, Set, Standard,
};
use crate::metrology::{AxisRuns, Figured, Positioning, diagnose, upr_meets};
use crate::quantity::{Dimension, Span, Unit, Value};

/// The runs of one machine, from one file.
#[derive(Debug, Clone, PartialEq)]
pub struct Measured {
    /// The machine's identifier.
    pub machine: String,
    /// The file.
    pub file: String,
    /// Its axes.
    pub axes: Vec<AxisRuns>,
}

/// More targets than this make UPR noticeably larger than on the usual test.
const TARGETS_MANY: usize = 11;

impl Catalogue {
    /// Takes up measured runs; an error where a machine or an axis cannot be told.
    pub fn attach(&mut self, measured: &[Measured]) -> Result<()> {
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
            // The figures stand in a column of their own, so that every reading has its cell.
            let column = self.header.len();
            self.header.push(format!("measured: {}", test.file));
            let mut said = Vec::new();
            for runs in &test.axes {
                let found = Positioning::of(runs);
                let Some(machine) = self.machines.get_mut(at) else { continue };
                let axis = axis_of(machine, runs).map_err(of)?;
                let mut readings = readings(runs, &found);
                for reading in &mut readings {
                    reading.axis = Some(axis);
                    reading.column = u16::try_from(column).unwrap_or(u16::MAX);
                }
                let label = machine.axes.get(usize::from(axis)).map_or("", |a| a.label.as_str());
                said.push(words(label, runs, &found));
                machine.readings.append(&mut readings);
                let remarks = remarks(runs, &found);
                self.remarks.extend(remarks.into_iter().map(|reason| Remark {
                    severity: Severity::Note,
                    file: test.file.clone(),
                    line: 0,
                    column: runs.axis.clone(),
                    machine: test.machine.clone(),
                    text: String::new(),
                    reason,
                    advice: "what inflates scatter can hide that a limit is met".to_owned(),
                }));
            }
            if let Some(record) = self.records.get_mut(at) {
                record.fields.resize(column, String::new());
                record.fields.push(said.join("; "));
            }
        }
        Ok(())
    }
}

/// The axis of the machine that the runs are of, added if the sheet does not list it.
fn axis_of(machine: &mut Machine, runs: &AxisRuns) -> std::result::Result<u8, String> {
    let kind = match runs.dimension {
        Dimension::Angle => AxisKind::Rotary,
        _ => AxisKind::Linear,
    };
    let fits = |axis: &Axis| axis.kind.is_none_or(|known| known == kind);
    let at = if runs.axis.is_empty() {
        let mut all = machine.axes.iter().enumerate().filter(|(_, axis)| fits(axis));
        match (all.next(), all.next()) {
            (Some((at, _)), None) => at,
            _ => return Err("the runs do not say of which axis they are".to_owned()),
        }
    } else {
        let named = |axis: &Axis| axis.label.eq_ignore_ascii_case(&runs.axis);
        let known = machine.axes.iter().position(named);
        known.unwrap_or_else(|| {
            machine.axes.push(Axis::named(&runs.axis, Some(kind)));
            machine.axes.len() - 1
        })
    };
    if !machine.axes.get(at).is_some_and(fits) {
        return Err(format!("axis `{}` is linear on one side and rotary on the other", runs.axis));
    }
    u8::try_from(at).map_err(|_| "too many axes".to_owned())
}

/// The readings of an axis: every figure that can be computed.
fn readings(runs: &AxisRuns, found: &Positioning) -> Vec<Reading> {
    let named = Standard::named;
    let (new, old) = (named("ISO 230-2:2014"), named("ISO 230-2:1988"));
    let rotary = runs.dimension == Dimension::Angle;
    let mut all: Vec<(&'static str, Option<Standard>, &Figured)> = Vec::new();
    if rotary {
        all.push(("rotary_accuracy", new, &found.two.accuracy));
    } else {
        for (standard, scatter) in [(new, &found.two), (old, &found.three)] {
            let [up, down] = &scatter.repeatability_one_way;
            all.extend([
                ("positioning_accuracy", standard, &scatter.accuracy),
                ("repeatability_bidirectional", standard, &scatter.repeatability),
                ("repeatability_up", standard, up),
                ("repeatability_down", standard, down),
            ]);
        }
        all.extend([
            ("upr", new, &found.upr),
            ("systematic_deviation", new, &found.systematic),
            ("mean_deviation", new, &found.mean_deviation),
            ("vdi_position_uncertainty", Some(Standard::VDI_3441), &found.vdi.uncertainty),
        ]);
    }
    let reading = |(name, standard, figure): (&'static str, Option<Standard>, &Figured)| {
        let value = figure.as_ref().ok()?.value;
        let span = if name == "upr" { upr_span(runs, value) } else { around(value) };
        Some(Reading {
            parameter: machine::id_of(name),
            axis: None,
            set: Set::Span(span?),
            figure: Some(Value::saturating(value.round() as i128)),
            form: Form::Plain,
            uncertainty: None,
            standard: standard.unwrap_or(Standard::UNNAMED),
            approach: Approach::Unsaid,
            compensation: Compensation::Unsaid,
            basis: Basis::Measured,
            option: None,
            column: 0,
        })
    };
    all.into_iter().filter_map(reading).collect()
}

/// The counts around a computed value; a picometre is far below what any test resolves.
fn around(value: f64) -> Option<Span> {
    let low = Value::saturating(value.floor() as i128 - 1);
    let high = Value::saturating(value.ceil() as i128 + 1);
    (low.count() >= 0)
        .then(|| Span::between(low, high))
        .or(Some(Span { below: high.cut_above(), ..Span::NOT_NEGATIVE }))
}

/// The span between the counts next to UPR, decided exactly: whole limits are all told apart.
fn upr_span(runs: &AxisRuns, value: f64) -> Option<Span> {
    let mut high = Value::saturating(value.ceil() as i128 + 2);
    // The estimate is good to a count or so: step down to the smallest count that is met.
    while upr_meets(runs, high)? {
        let Some(next) = Value::from_count(high.count() - 1).filter(|next| next.count() >= 0)
        else {
            return Some(Span::point(high));
        };
        high = next;
    }
    let met = Value::from_count(high.count() + 1)?;
    Some(Span { above: high.cut_above(), below: met.cut_above() })
}

/// What the column of measured figures says of an axis.
fn words(label: &str, runs: &AxisRuns, found: &Positioning) -> String {
    let unit = Unit::named(
        runs.dimension,
        if runs.dimension == Dimension::Angle { "arcsec" } else { "um" },
    );
    let (fewest, most) = found.runs();
    let text = |figure: &Figured| match (figure, unit.as_ref()) {
        (Ok(computed), Ok(unit)) => {
            format!("{:.3} {}", computed.value / unit.size as f64, unit.name())
        }
        _ => "not computable".to_owned(),
    };
    format!(
        "{label}: UPR {}, A {} (k = 2, {fewest} to {most} runs a side, {} targets)",
        text(&found.upr),
        text(&found.two.accuracy),
        found.targets.len()
    )
}

/// What makes the figures larger than the axis is.
fn remarks(runs: &AxisRuns, found: &Positioning) -> Vec<String> {
    let mut remarks = runs.remarks.clone();
    if found.targets.len() > TARGETS_MANY {
        remarks.push(format!(
            "{} targets: UPR is a maximum over targets and grows with their number",
            found.targets.len()
        ));
    }
    if let Some(share) = diagnose(runs).drift.filter(|share| *share > 0.25) {
        remarks.push(format!(
            "readings drift by {share:.2} s a run on average: drift makes scatter larger"
        ));
    }
    remarks
}
