//! What a parameter is: its scope, kind, direction and standing.

use crate::quantity::{Dimension, Unit};

use super::label::Vocabulary;

/// What a parameter belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scope {
    /// The machine as a whole.
    Machine,
    /// A linear axis.
    LinearAxis,
    /// A rotary axis.
    RotaryAxis,
    /// The main spindle.
    Spindle,
    /// A slide, over a stated length of travel.
    Slide,
}

impl Scope {
    /// Whether each axis has its own value.
    pub fn is_axis(self) -> bool {
        matches!(self, Self::LinearAxis | Self::RotaryAxis)
    }

    /// The scope in words.
    pub fn word(self) -> &'static str {
        match self {
            Self::Machine => "machine",
            Self::LinearAxis => "linear axis",
            Self::RotaryAxis => "rotary axis",
            Self::Spindle => "spindle",
            Self::Slide => "slide",
        }
    }
}

/// Which count of the (linear, rotary) pair of axes coordinated for contouring.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum View {
    /// All of them.
    Total,
    /// The linear ones.
    Linear,
    /// The rotary ones.
    Rotary,
}

/// What values a parameter takes.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// A quantity, shown in `unit`; below nought only where `signed`.
    Quantity {
        /// What kind of quantity.
        dimension: Dimension,
        /// The unit's name in which it is shown.
        unit: &'static str,
        /// Whether it can be negative.
        signed: bool,
    },
    /// No or yes: the labels of [`super::label::TRUTH`].
    Truth,
    /// Exactly one label.
    OneOf(&'static Vocabulary),
    /// Any number of labels; a test holds if the machine has any of the test's labels.
    Flags(&'static Vocabulary),
    /// Any number of labels; a test holds if the machine has no label outside the test's.
    Subset(&'static Vocabulary),
    /// The number of axes that can be coordinated simultaneously for contouring control.
    Contouring(View),
}

/// Which way is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Direction {
    /// A smaller figure is a better machine.
    SmallerIsBetter,
    /// A larger figure is a more capable machine.
    LargerIsBetter,
    /// Neither: a size or a category.
    Undirected,
}

impl Direction {
    /// The direction in words.
    pub fn word(self) -> &'static str {
        match self {
            Self::SmallerIsBetter => "smaller is better",
            Self::LargerIsBetter => "larger is better",
            Self::Undirected => "undirected",
        }
    }
}

/// One row of the table of parameters.
#[derive(Debug, Clone, Copy)]
pub struct Parameter {
    /// The name that lists, mappings and results use.
    pub name: &'static str,
    /// What it belongs to.
    pub scope: Scope,
    /// What values it takes.
    pub kind: Kind,
    /// Which way is better.
    pub direction: Direction,
    /// Whether it is an error (accuracy, repeatability, run-out): a catalogue figure of it is by
    /// default only an upper bound.
    pub error: bool,
    /// Whether standard and edition are part of it: figures under different editions are
    /// different parameters, and lists say which they test with `by`.
    pub editioned: bool,
    /// Whether it is stated as the half-width of a band, so that `±` belongs to the figure.
    pub half_width: bool,
    /// Standard and clause, or list and note, that define it.
    pub standard: &'static str,
    /// Column headers that mean exactly this, in lower case.
    pub aliases: &'static [&'static str],
    /// What it is, in one sentence.
    pub description: &'static str,
}

/// A parameter: an index of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ParameterId(pub(super) u8);

impl ParameterId {
    /// The parameter's row.
    pub fn row(self) -> &'static Parameter {
        super::parameters::row(self)
    }

    /// The parameter under which readings are kept: itself, but one for the three views of the
    /// contouring axes.
    #[must_use]
    pub fn stored(self) -> Self {
        super::parameters::stored(self)
    }

    /// The place in the table.
    pub fn index(self) -> usize {
        usize::from(self.0)
    }
}

impl Parameter {
    /// The unit in which its quantities are shown; `None` for labels and flags.
    pub fn unit(&self) -> Option<&'static Unit> {
        match self.kind {
            Kind::Quantity { dimension, unit, .. } => Unit::named(dimension, unit).ok(),
            Kind::Contouring(_) => Some(Dimension::Number.smallest()),
            _ => None,
        }
    }

    /// The dimension of its quantities; `None` for labels and flags.
    pub fn dimension(&self) -> Option<Dimension> {
        match self.kind {
            Kind::Quantity { dimension, .. } => Some(dimension),
            Kind::Contouring(_) => Some(Dimension::Number),
            _ => None,
        }
    }

    /// The labels it may take; `None` for quantities.
    pub fn vocabulary(&self) -> Option<&'static Vocabulary> {
        match self.kind {
            Kind::Truth => Some(super::label::TRUTH),
            Kind::OneOf(v) | Kind::Flags(v) | Kind::Subset(v) => Some(v),
            _ => None,
        }
    }

    /// The kind in words, as an error names it.
    pub fn kind_word(&self) -> &'static str {
        match self.kind {
            Kind::Quantity { dimension, .. } => dimension.name(),
            Kind::Truth => "truth",
            Kind::OneOf(_) => "label",
            Kind::Flags(_) | Kind::Subset(_) => "set of labels",
            Kind::Contouring(_) => "count",
        }
    }
}
