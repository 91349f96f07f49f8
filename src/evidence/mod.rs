//! From what a sheet says to what may be relied on: policy, derivation, assumptions.
//!
//! All narrowing happens here, once, before evaluation: what comes out is a [`Picture`], the set of
//! possible values of each parameter that a program asks for. Knows nothing of limits.

mod apart;
mod assumption;
mod derive;
mod frame;
mod picture;

pub use apart::{Side, sides};
pub use assumption::{Assumption, Assumptions};
pub use frame::{Frame, Key};
pub use picture::{Configuration, Conflict, Origin, Picture, Source, configurations};

use crate::machine::Basis;

/// How far evidence is admitted, each level admitting all before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Only values stated by the list's procedure, and measured ones.
    Measured,
    /// Also what the maker declares.
    Declared,
    /// Also catalogue and third-party figures, under the policy.
    Catalogue,
    /// Also what sound inequalities derive.
    Derived,
    /// Also named assumptions.
    Assumed,
}

impl Level {
    /// Every level, from the strictest.
    pub const ALL: [Self; 5] =
        [Self::Measured, Self::Declared, Self::Catalogue, Self::Derived, Self::Assumed];

    /// The level in the results' words.
    pub fn word(self) -> &'static str {
        match self {
            Self::Measured => "measured-or-stated",
            Self::Declared => "declared",
            Self::Catalogue => "catalogue",
            Self::Derived => "derived",
            Self::Assumed => "assumed",
        }
    }

    /// The first level that admits a basis.
    pub fn of(basis: Basis) -> Self {
        match basis {
            Basis::Stated | Basis::Measured => Self::Measured,
            Basis::Declared => Self::Declared,
            Basis::Catalogue | Basis::ThirdParty => Self::Catalogue,
        }
    }
}

/// What evidence is admitted and how it is taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// The highest level admitted.
    pub level: Level,
    /// Whether every figure is taken as printed: catalogue figures of errors are then values, not
    /// upper bounds. The verdict under it is called nominal.
    pub as_stated: bool,
    /// Whether inequalities between figures narrow readings.
    pub derive: bool,
    /// The assumptions that are made.
    pub assumptions: Assumptions,
}

impl Policy {
    /// The same policy admitting evidence up to a level.
    #[must_use]
    pub fn up_to(&self, level: Level) -> Self {
        Self { level, ..self.clone() }
    }

    /// The same policy without one assumption.
    #[must_use]
    pub fn without(&self, assumption: &str) -> Self {
        Self { assumptions: self.assumptions.without(assumption), ..self.clone() }
    }

    /// The same policy with one assumption more.
    #[must_use]
    pub fn with(&self, assumption: &str) -> Self {
        Self { assumptions: self.assumptions.with(assumption), ..self.clone() }
    }

    /// The same policy with every figure taken as printed.
    #[must_use]
    pub fn nominal(&self) -> Self {
        Self { as_stated: true, ..self.clone() }
    }
}
