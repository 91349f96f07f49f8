//! Sources that contradict each other: what each proves of an axis by itself.
//!
//! The sheet is one source, and each test of the axis is another; figures of one source come from
//! the same raw data or the same hand, so inequalities hold between them.

use super::Policy;
use super::derive;
use super::frame::Key;
use super::picture::{Configuration, admitted};
use crate::machine::{self, Basis, Machine, Reading, Set};
use crate::metrology::{Bounds, Figure};
use crate::quantity::Span;

/// What one source proves of an axis.
pub(super) struct Source {
    /// The column of a test; none of the sheet.
    column: Option<u16>,
    /// The bases of its readings, each once.
    bases: Vec<Basis>,
    /// None where it contradicts itself.
    bounds: Option<Bounds>,
}

/// What one source says of one figure of an axis.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Side {
    /// The column of a test; none of the sheet.
    pub column: Option<u16>,
    /// The bases of its readings, each once.
    pub bases: Vec<Basis>,
    /// What the figure may be by itself.
    pub span: Span,
    /// The inequality that says so; none where the source states the figure itself.
    pub reason: Option<&'static str>,
}

impl Source {
    /// What the source says of a figure, and by which inequality; `None` where it says nothing.
    pub(super) fn says(&self, figure: Figure) -> Option<(Span, &'static str)> {
        let bounds = self.bounds.as_ref()?;
        let span = bounds.span(figure);
        let reason = bounds.reason(figure).unwrap_or(derive::SAME_FIGURE);
        (span != Span::NOT_NEGATIVE).then_some((span, reason))
    }
}

/// The sources of readings of one axis of this travel, each with its possible values.
pub(super) fn sources(travel: Option<Span>, said: &[(&Reading, Span)]) -> Vec<Source> {
    let column = |reading: &Reading| (reading.basis == Basis::Measured).then_some(reading.column);
    let mut columns: Vec<Option<u16>> = said.iter().map(|(reading, _)| column(reading)).collect();
    columns.sort_unstable();
    columns.dedup();
    let source = |own: Option<u16>| {
        let of_it = || said.iter().copied().filter(|(reading, _)| column(reading) == own);
        let mut bases: Vec<Basis> = of_it().map(|(reading, _)| reading.basis).collect();
        bases.sort_unstable();
        bases.dedup();
        let bounds = derive::narrowed(travel, of_it()).and_then(Result::ok);
        Source { column: own, bases, bounds }
    };
    columns.into_iter().map(source).collect()
}

/// What each source says by itself of a figure of an axis of the machine as it is shipped; sources
/// that say nothing of it, or that the policy does not admit, are left out.
pub fn sides(machine: &Machine, key: Key, axis: usize, policy: &Policy) -> Vec<Side> {
    let Some(figure) = derive::figure_of(key) else { return Vec::new() };
    let of_axis = |r: &&Reading| r.axis.map(usize::from) == Some(axis);
    let base = |r: &&Reading| admitted(machine, r, Configuration::default(), policy);
    let readings = || machine.readings.iter().filter(of_axis).filter(base);
    let span = |reading: &Reading| match policy.taken(reading) {
        Set::Span(span) => Some(span),
        _ => None,
    };
    let travel = machine::id_of("travel");
    let length = readings().filter(|r| r.parameter == travel).filter_map(span);
    let length = derive::length_of(length);
    let said = readings().filter(|r| derive::concerns(r.parameter));
    let said: Vec<_> = said.filter_map(|reading| Some((reading, span(reading)?))).collect();
    let side = |source: Source| {
        let (span, _) = source.says(figure)?;
        let reason = source.bounds.as_ref().and_then(|bounds| bounds.reason(figure));
        Some(Side { column: source.column, bases: source.bases, span, reason })
    };
    sources(length, &said).into_iter().filter_map(side).collect()
}
