//! Ranges of axes: the ends that are printed, and axes that turn without end.

use super::cell::{Cell, Piece};
use super::figure::{Printed, Said, Wanted, quantity_dimension};
use super::reader::Planned;
use super::row::{Context, RowReader, plain_reading};
use crate::machine::{self, AxisKind, Machine, Reading, Set};
use crate::quantity::{Span, Unit, Value};

impl RowReader<'_> {
    /// Takes up the two ends of a printed range of positions.
    pub(super) fn ends(
        &mut self,
        planned: &Planned,
        context: &Context,
        axis: Option<u8>,
        names: [&'static str; 2],
        (low, high): (Value, Value),
    ) {
        for (name, value) in names.into_iter().zip([low, high]) {
            let reading = plain_reading(machine::id_of(name), Set::Span(Span::point(value)));
            self.push(planned, context, Reading { axis, figure: Some(value), ..reading });
        }
    }

    /// Ranges of rotary axes: `B -7° to 180°; C 360°`, `B 240° (-30° - +210°)`, `C Yes`.
    pub(super) fn rotary_ranges(&mut self, planned: &Planned, context: &Context, text: &str) {
        let low = machine::id_of("rotary_range_low");
        let Some(dimension) = quantity_dimension(low.row()) else { return };
        let column = &planned.column;
        let wanted = Wanted {
            parameter: low.row(),
            dimension,
            column,
            unit: column.unit.as_deref().and_then(|unit| Unit::named(dimension, unit).ok()),
            style: self.mapping.style,
            positions: true,
        };
        for piece in Cell::read(text, &[]).pieces {
            if piece.axes.is_empty() {
                self.unread(planned, &text_of(&piece), "it is not said which axis this is");
            }
            for name in &piece.axes {
                let axis = self.machine.axis(name, Some(AxisKind::Rotary));
                if turns_endlessly(&text_of(&piece)) {
                    let reading = plain_reading(machine::id_of("continuous"), Set::OneOf(0b10));
                    self.push(planned, context, Reading { axis, ..reading });
                }
                self.rotary_range(planned, context, &wanted, axis, &piece);
            }
        }
    }

    fn rotary_range(
        &mut self,
        planned: &Planned,
        context: &Context,
        wanted: &Wanted<'_>,
        axis: Option<u8>,
        piece: &Piece,
    ) {
        let Some(alternative) = piece.alternatives.first() else { return };
        let inside = alternative.enclosed.iter().map(|enclosed| enclosed.text.as_str());
        for text in std::iter::once(alternative.text.as_str()).chain(inside) {
            // A speed is no range: `10-500 rpm`.
            let segment = text.split(['·', '@']).next().unwrap_or_default();
            if segment.to_lowercase().contains("rpm") {
                continue;
            }
            match wanted.said(segment, &self.mapping.absent) {
                Ok(Said::Figure(Printed { range: Some(ends), .. })) => {
                    let names = ["rotary_range_low", "rotary_range_high"];
                    self.ends(planned, context, axis, names, ends);
                }
                Err(fault) if segment.contains('-') => self.unread(planned, segment, fault.0),
                _ => {}
            }
        }
    }
}

/// The travel of each axis of which none is printed, but a range of positions: from one end of that
/// to the other, for clauses and for tests of the axis alike.
pub(super) fn travels_by_range(machine: &mut Machine) {
    let [travel, low, high] = ["travel", "range_low", "range_high"].map(machine::id_of);
    let of = |parameter, axis| {
        let printed = move |r: &&Reading| {
            (r.parameter, r.axis) == (parameter, Some(axis)) && r.option.is_none()
        };
        machine.readings.iter().filter(printed)
    };
    let end = |reading: &Reading| match reading.set {
        Set::Span(span) => span.single(),
        _ => None,
    };
    let by_range = |axis: u8| {
        let (from, to) = (of(low, axis).next()?, of(high, axis).next()?);
        let ends = end(from)?.count()..end(to)?.count();
        let none = of(travel, axis).next().is_none() && !ends.is_empty();
        let length = Value::saturating(i128::from(ends.end) - i128::from(ends.start));
        let set = Set::Span(Span::point(length));
        let basis = from.basis.max(to.basis);
        none.then_some(Reading { parameter: travel, set, figure: Some(length), basis, ..*to })
    };
    let axes = u8::try_from(machine.axes.len()).unwrap_or(u8::MAX);
    let found: Vec<Reading> = (0..axes).filter_map(by_range).collect();
    machine.readings.extend(found);
}

/// Whether a rotary axis's cell says that it turns without end: in words, or by a speed where no
/// angle short of a full turn is printed (that speed is then of something else).
fn turns_endlessly(text: &str) -> bool {
    let lower = text.to_lowercase();
    let short_of_a_turn = lower.split('°').rev().skip(1).any(|before| {
        let number = before.rsplit(|c: char| !c.is_ascii_digit() && c != '.').next();
        number.is_some_and(|n| !(n.is_empty() || n == "360" || n.starts_with("0.")))
    });
    lower.contains("continuous") || (lower.contains("rpm") && !short_of_a_turn)
}

fn text_of(piece: &Piece) -> String {
    let texts = piece.alternatives.iter().flat_map(|a| {
        std::iter::once(a.text.as_str()).chain(a.enclosed.iter().map(|e| e.text.as_str()))
    });
    texts.collect::<Vec<_>>().join(" ")
}
