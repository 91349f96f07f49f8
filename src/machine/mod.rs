//! Machines as sheets describe them: the table of parameters, axes, readings and options.
//!
//! Everything that can be tested is one row of [`PARAMETERS`]; readers, columns, schemas and list
//! checking follow from that table. Knows nothing of limits: a machine is neither good nor bad.

pub mod label;
mod parameter;
mod parameters;
mod reading;
mod standard;

use crate::quantity::axis_key;

pub use parameter::{Direction, Kind, Parameter, ParameterId, Scope, View};
pub use parameters::{PARAMETERS, all, find, id_of};
pub use reading::{
    AXES_MAX, Approach, Basis, Compensation, Doubt, Form, PAIRS_ALL, Reading, Set, pairs,
};
pub use standard::{Standard, StandardRow};

/// Whether an axis moves along a line or about one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AxisKind {
    /// Moves along a line.
    Linear,
    /// Turns about a line.
    Rotary,
}

/// Labels of no more characters than this are a letter with a number or a second letter.
const SHORT: usize = 3;

/// One axis: its label on the sheet and what that label means.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Axis {
    /// As printed (`Z1`, `XL`); empty where the sheet names no axis.
    pub label: String,
    /// The mask of ISO 841 letters (a mask of [`label::LETTER`]) that it may be.
    pub letters: u64,
    /// Linear or rotary, where the sheet or the letter says so.
    pub kind: Option<AxisKind>,
}

impl Axis {
    /// The axis that a label names: the letter decides the kind unless `kind` is given.
    ///
    /// ISO 841: X Y Z, U V W and P Q R are linear, A B C, D and E rotary. A label that starts with
    /// no such letter leaves the letter open.
    pub fn named(name: &str, kind: Option<AxisKind>) -> Self {
        let first = name.trim().chars().next().map(|c| c.to_ascii_uppercase().to_string());
        let known = first.and_then(|letter| label::bit(label::LETTER, &letter));
        let letters = match known {
            Some(bit) => bit,
            None => label::all(label::LETTER),
        };
        let rotary = label::bit(label::LETTER, "A").unwrap_or_default();
        let by_letter =
            known.map(|bit| if bit >= rotary { AxisKind::Rotary } else { AxisKind::Linear });
        // A letter and a number may be written small; words are kept as they are written.
        let short = known.is_some() && name.trim().chars().count() <= SHORT;
        let label = if short { name.trim().to_uppercase() } else { name.trim().to_owned() };
        Self { label, letters, kind: kind.or(by_letter) }
    }
}

/// Something that can be ordered with the machine and that changes readings.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Fitting {
    /// Its name on the sheet.
    pub name: String,
    /// Fittings of one group exclude each other; empty for none.
    pub group: String,
    /// Names of fittings without which it cannot be had.
    pub requires: Vec<String>,
    /// Names of fittings with which it cannot be had.
    pub excludes: Vec<String>,
    /// Whether the machine on the sheet is shipped with it.
    pub shipped: bool,
}

/// A test behind measured readings.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Measurement {
    /// The column in which its readings stand.
    pub column: u16,
    /// The axis (index into the machine's axes), where it is of one.
    pub axis: Option<u8>,
    /// The file that it was read from.
    pub file: String,
    /// What makes its figures larger than the machine is; empty where nothing does.
    pub inflated: Vec<String>,
    /// What it leaves open or does not show, in words; empty where nothing is to be said.
    pub open: Vec<String>,
    /// What is in doubt about it, where its figures may count as those of the axis under an
    /// assumption.
    pub doubts: Vec<Doubt>,
}

/// One machine of a catalogue, as read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Machine {
    /// The catalogue's own identifier, or one made from maker, model and version.
    pub id: String,
    /// Who makes it, as printed.
    pub maker: String,
    /// The model, as printed; hyphens and spaces are part of the name.
    pub model: String,
    /// The version, as printed.
    pub version: String,
    /// The country of origin or of the maker, as printed.
    pub country: String,
    /// Where the catalogue has it from, as printed.
    pub source: String,
    /// The line or row of the catalogue.
    pub line: usize,
    /// The axes that the sheet lists.
    pub axes: Vec<Axis>,
    /// Whether the sheet declares its list of axes complete.
    pub axes_complete: bool,
    /// What can be ordered with it.
    pub fittings: Vec<Fitting>,
    /// What the sheet says.
    pub readings: Vec<Reading>,
    /// The tests behind measured readings.
    pub measurements: Vec<Measurement>,
}

impl Machine {
    /// The axis with this label, added if the machine does not list it yet: one that is written so,
    /// else one that is the same axis in other words (`X-axis` of `X`).
    ///
    /// `None` where the machine has as many axes as can be held (255).
    pub fn axis(&mut self, name: &str, kind: Option<AxisKind>) -> Option<u8> {
        let written = |axis: &Axis| axis.label.eq_ignore_ascii_case(name.trim());
        let known = self.axes.iter().position(written).or_else(|| self.other_words(name));
        let at = known.filter(|_| !name.trim().is_empty()).unwrap_or_else(|| {
            self.axes.push(Axis::named(name, kind));
            self.axes.len() - 1
        });
        u8::try_from(at).ok()
    }

    /// The only axis with the same label in other words.
    fn other_words(&self, name: &str) -> Option<usize> {
        // Short labels say nothing but what tells axes apart.
        let long = |label: &str| label.trim().chars().count() > SHORT;
        if !long(name) && !self.axes.iter().any(|axis| long(&axis.label)) {
            return None;
        }
        let key = axis_key(name);
        let same = |(_, axis): &(usize, &Axis)| axis_key(&axis.label) == key;
        let mut same = self.axes.iter().enumerate().filter(same);
        same.next().filter(|_| same.next().is_none()).map(|(at, _)| at)
    }

    /// The machine in words: maker, model and version, or its identifier.
    pub fn name(&self) -> String {
        let parts = [&self.maker, &self.model, &self.version];
        let named: Vec<&str> =
            parts.iter().map(|part| part.as_str()).filter(|part| !part.is_empty()).collect();
        if named.is_empty() { self.id.clone() } else { named.join(" ") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_letter_says_what_an_axis_is() {
        for (name, kind) in [
            ("X", Some(AxisKind::Linear)),
            ("Z1", Some(AxisKind::Linear)),
            ("W", Some(AxisKind::Linear)),
            ("b", Some(AxisKind::Rotary)),
            ("C2", Some(AxisKind::Rotary)),
            ("#3", None),
            ("X-axis", Some(AxisKind::Linear)),
        ] {
            assert_eq!(Axis::named(name, None).kind, kind, "{name}");
        }
        let label = |name| Axis::named(name, None).label;
        assert_eq!(["z1", "xl", "X-axis"].map(label), ["Z1", "XL", "X-axis"]);
        assert_eq!(Axis::named("C", None).letters, label::bit(label::LETTER, "C").expect("a bit"));
    }

    #[test]
    fn an_axis_is_listed_once() {
        let mut machine = Machine::default();
        assert_eq!(machine.axis("X", None), Some(0));
        assert_eq!(machine.axis("x", None), Some(0));
        assert_eq!(machine.axis("X-axis", None), Some(0));
        assert_eq!(machine.axis("X\u{2011}Achse (mm)", None), Some(0));
        assert_eq!(machine.axis("", Some(AxisKind::Rotary)), Some(1));
        assert_eq!(machine.axis("", Some(AxisKind::Rotary)), Some(2));
        // What merely resembles it is another axis.
        assert_eq!(machine.axis("X1", None), Some(3));
        assert_eq!(machine.axis("U-axis", None), Some(4));
        assert_eq!(machine.axis("u", None), Some(4));
        // Two that may be meant are not guessed among.
        let axes = ["X axis", "axis X"].map(|label| Axis::named(label, None)).to_vec();
        let mut machine = Machine { axes, ..Machine::default() };
        assert_eq!(machine.axis("X", None), Some(2));
    }
}
