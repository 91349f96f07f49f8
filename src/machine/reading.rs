//! Readings: what a sheet says of one parameter, as the set of values that are possible, with its
//! pedigree.

use crate::quantity::{Span, Value};

use super::label;
use super::parameter::{Kind, ParameterId, View};
use super::standard::Standard;

/// The values that a reading leaves possible.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Set {
    /// A quantity between two cuts.
    Span(Span),
    /// One of several labels or (linear, rotary) pairs: a mask, never empty.
    OneOf(u64),
    /// Independent flags: those that are certain, and those that are possible (a superset).
    Flags {
        /// Flags that are certainly set.
        certain: u64,
        /// Flags that may be set.
        possible: u64,
    },
}

impl Set {
    /// Everything that a parameter of this kind can be; what a missing reading leaves possible.
    pub fn domain(kind: Kind) -> Self {
        match kind {
            Kind::Quantity { signed: true, .. } => Self::Span(Span::ALL),
            Kind::Quantity { .. } => Self::Span(Span::NOT_NEGATIVE),
            Kind::Truth => Self::OneOf(label::all(label::TRUTH)),
            Kind::OneOf(vocabulary) => Self::OneOf(label::all(vocabulary)),
            Kind::Flags(vocabulary) | Kind::Subset(vocabulary) => {
                Self::Flags { certain: 0, possible: label::all(vocabulary) }
            }
            Kind::Contouring(_) => Self::OneOf(PAIRS_ALL),
        }
    }

    /// What both leave possible; `None` where they contradict each other.
    pub fn meet(self, other: Self) -> Option<Self> {
        match (self, other) {
            (Self::Span(a), Self::Span(b)) => a.meet(b).map(Self::Span),
            (Self::OneOf(a), Self::OneOf(b)) => (a & b != 0).then_some(Self::OneOf(a & b)),
            (
                Self::Flags { certain: c1, possible: p1 },
                Self::Flags { certain: c2, possible: p2 },
            ) => {
                let (certain, possible) = (c1 | c2, p1 & p2);
                (certain & !possible == 0).then_some(Self::Flags { certain, possible })
            }
            _ => None,
        }
    }

    /// The smallest set that holds both.
    #[must_use]
    pub fn hull(self, other: Self) -> Self {
        match (self, other) {
            (Self::Span(a), Self::Span(b)) => Self::Span(a.hull(b)),
            (Self::OneOf(a), Self::OneOf(b)) => Self::OneOf(a | b),
            (
                Self::Flags { certain: c1, possible: p1 },
                Self::Flags { certain: c2, possible: p2 },
            ) => Self::Flags { certain: c1 & c2, possible: p1 | p2 },
            _ => self,
        }
    }
}

/// The most linear or rotary axes that a pair counts; more are held as this many.
pub const AXES_MAX: u32 = 7;

/// Every (linear, rotary) pair: bit `8·linear + rotary`.
pub const PAIRS_ALL: u64 = u64::MAX;

/// The pairs for which a view of them satisfies `holds`.
pub fn pairs(view: View, holds: impl Fn(i64) -> bool) -> u64 {
    let mut mask = 0;
    for linear in 0..=AXES_MAX {
        for rotary in 0..=AXES_MAX {
            let count = match view {
                View::Total => linear + rotary,
                View::Linear => linear,
                View::Rotary => rotary,
            };
            if holds(i64::from(count)) {
                mask |= 1 << (8 * linear + rotary);
            }
        }
    }
    mask
}

/// In what form a figure was printed; decides what it leaves possible.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Form {
    /// One figure, taken as printed.
    #[default]
    Plain,
    /// `±v`: the full band is somewhere between v and 2v.
    PlusMinus,
    /// Two ends of an interval that holds the value.
    Range,
    /// A bound on one side.
    Bound,
    /// A figure with its own uncertainty.
    Uncertain,
    /// Typical or approximate: bounds nothing.
    Typical,
    /// A figure per length: bounds nothing for the whole travel.
    PerLength,
    /// Between the best and the worst part of one measurement, such as the windows of a longer
    /// travel: which part counts is a reading of the law.
    Spread,
    /// Of the best part of a measurement, where that is not known exactly: counts only where the
    /// law is read so that the best part counts.
    BestPart,
    /// The same of the worst part.
    WorstPart,
    /// A figure of a test that may not have covered the whole: counts under an assumption only.
    Tested(Doubt),
}

/// What a test leaves in doubt about the axis that it is of; an assumption may settle it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Doubt {
    /// The sheet states no travel, or no upper end of it: the axis may be longer than its test.
    TravelUnstated,
    /// The targets cover a part of the stated travel only.
    PartOfTravel,
    /// It was made on several measuring lines, and nothing says which is that of the axis.
    SeveralLines,
}

impl Doubt {
    /// Every doubt, with the word that assumption files use.
    pub const ALL: [(Self, &'static str); 3] = [
        (Self::TravelUnstated, "travel_unstated"),
        (Self::PartOfTravel, "part_of_travel"),
        (Self::SeveralLines, "several_lines"),
    ];

    /// The doubt that a file's word names.
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, w)| *w == word.trim()).map(|(doubt, _)| *doubt)
    }

    /// Of what a test counts where it is taken not to matter.
    pub fn taken(self) -> &'static str {
        match self {
            Self::TravelUnstated | Self::PartOfTravel => "the whole axis",
            Self::SeveralLines => "the line with the largest figure",
        }
    }
}

impl Form {
    /// Whether a figure bounds nothing before it is said which part of a measurement counts.
    pub fn is_of_part(self) -> bool {
        matches!(self, Self::BestPart | Self::WorstPart)
    }

    /// What a figure in this form leaves in doubt.
    pub fn doubt(self) -> Option<Doubt> {
        match self {
            Self::Tested(doubt) => Some(doubt),
            _ => None,
        }
    }
}

/// What stands behind a figure, strongest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum Basis {
    /// The list's procedure: five machines, edition, date, accepted by an authority.
    Stated,
    /// Measured on one machine with a serial number.
    Measured,
    /// Declared by the maker for this purpose.
    Declared,
    /// The maker's catalogue or brochure.
    #[default]
    Catalogue,
    /// Somebody else's compilation.
    ThirdParty,
}

impl Basis {
    /// Every basis, strongest first, with the word that files use.
    pub const ALL: [(Self, &'static str); 5] = [
        (Self::Stated, "stated"),
        (Self::Measured, "measured"),
        (Self::Declared, "declared"),
        (Self::Catalogue, "catalogue"),
        (Self::ThirdParty, "third-party"),
    ];

    /// The word that files use.
    pub fn word(self) -> &'static str {
        Self::ALL.iter().find(|(basis, _)| *basis == self).map_or("", |(_, word)| word)
    }

    /// The basis that a file's word names.
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, w)| *w == word.trim()).map(|(basis, _)| *basis)
    }
}

/// From which side the targets were approached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Approach {
    /// The sheet does not say.
    #[default]
    Unsaid,
    /// From one side.
    One,
    /// From both sides.
    Both,
}

/// Whether software compensation was active.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Compensation {
    /// The sheet does not say.
    #[default]
    Unsaid,
    /// All compensations active.
    On,
    /// Without compensation.
    Off,
}

/// What one cell says of one parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reading {
    /// The parameter; for the three views of the contouring axes, the total.
    pub parameter: ParameterId,
    /// The axis (index into the machine's axes) for parameters of an axis.
    pub axis: Option<u8>,
    /// What the printed figure leaves possible.
    pub set: Set,
    /// The printed figure itself, for a quantity.
    pub figure: Option<Value>,
    /// The form in which it was printed.
    pub form: Form,
    /// The printed uncertainty, as printed; the lists do not consider it.
    pub uncertainty: Option<Value>,
    /// Standard and edition.
    pub standard: Standard,
    /// Direction of approach.
    pub approach: Approach,
    /// Compensation.
    pub compensation: Compensation,
    /// What stands behind it.
    pub basis: Basis,
    /// The option (index into the machine's options) that the figure belongs to.
    pub option: Option<u8>,
    /// The source column (index into the table's header).
    pub column: u16,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_keep_total_linear_and_rotary_counts_consistent() {
        let total_five = pairs(View::Total, |n| n == 5);
        let two_rotary = pairs(View::Rotary, |n| n == 2);
        assert_eq!(total_five & two_rotary, 1 << (8 * 3 + 2));
        assert_eq!(total_five & pairs(View::Linear, |n| n == 6), 0);
    }

    #[test]
    fn contradicting_sets_do_not_meet() {
        let flags = |certain, possible| Set::Flags { certain, possible };
        assert_eq!(flags(1, 3).meet(flags(0, 2)), None);
        assert_eq!(flags(1, 3).meet(flags(0, 1)), Some(flags(1, 1)));
        assert_eq!(flags(1, 1).hull(flags(2, 2)), flags(0, 3));
        assert_eq!(Set::OneOf(1).meet(Set::OneOf(2)), None);
    }

    #[test]
    fn bases_are_ordered_and_named() {
        assert!(Basis::Stated < Basis::ThirdParty);
        for (basis, word) in Basis::ALL {
            assert_eq!((basis.word(), Basis::named(word)), (word, Some(basis)));
        }
    }
}
