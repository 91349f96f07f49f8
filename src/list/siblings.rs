//! Siblings: overlays that are put on one list together, of which none names the other as its base.
//!
//! `was` guards tests and joins against the list under an overlay. What a sibling did beside that
//! stands in no `was`, so it is kept who touched what: [`Touch::clashes`] says which touches of two
//! siblings conflict, whichever comes first.

use super::{Base, Header};
use crate::error::{Error, Kind, Place};

/// What an overlay does to a part of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum What {
    /// Adds it: a clause, or an open reading.
    Added,
    /// Adds it: a note, definition, reason or flag, no sub-clause of what it is cited under.
    Noted,
    /// Gives this citation to a part that had another one.
    Becomes,
    /// Changes its condition.
    Condition,
    /// Changes the condition or the wording of a note or definition.
    Meaning,
    /// Changes its wording.
    Text,
    /// Changes how its sub-clauses combine.
    Join,
    /// Changes how an open reading is settled, or what it is about.
    Policy,
    /// Ties limits to a dial of this name.
    Dial,
    /// Takes it away, with all that hangs under it.
    Removed,
    /// Gives it another citation, with all that hangs under it.
    Relabelled,
    /// Refers to it, as an open reading or as what a note is about.
    Used,
    /// Refers to it in a condition, and so to what it says there.
    Cited,
}

impl What {
    /// What was done, in words that follow the citation.
    pub fn words(self) -> &'static str {
        match self {
            Self::Added | Self::Noted => "is added",
            Self::Becomes => "is given to another clause",
            Self::Condition => "has its condition changed",
            Self::Meaning => "has its meaning changed",
            Self::Text => "has its text changed",
            Self::Join => "has its `join` changed",
            Self::Policy => "has its reading changed",
            Self::Dial => "is a dial of other limits",
            Self::Removed => "is removed",
            Self::Relabelled => "is relabelled",
            Self::Used | Self::Cited => "is referred to",
        }
    }
}

/// One part that an overlay touches.
#[derive(Debug, Clone)]
pub(super) struct Touch {
    /// What it does.
    pub what: What,
    /// The citation or name of the part.
    pub id: String,
    /// Where the overlay says so.
    pub place: Place,
}

impl Touch {
    /// Whether this and what a sibling did before conflict.
    fn clashes(&self, before: &Self) -> bool {
        // Whoever takes away what a sibling added, by its name, knows of it.
        let knows = self.takes_away()
            && (before.adds() || before.what == What::Becomes)
            && before.id == self.id;
        !knows && (self.reaches(before) || before.reaches(self))
    }

    fn adds(&self) -> bool {
        matches!(self.what, What::Added | What::Noted)
    }

    fn takes_away(&self) -> bool {
        matches!(self.what, What::Removed | What::Relabelled)
    }

    /// Whether what is done here reaches what is done there, by another overlay.
    fn reaches(&self, other: &Self) -> bool {
        use What::{Added, Becomes, Cited, Condition, Dial, Join, Meaning, Noted, Policy};
        use What::{Relabelled, Removed, Text, Used};
        let (same, inside) = (self.id == other.id, is_under(&other.id, &self.id));
        let (below, around) = (inside && !same, is_under(&self.id, &other.id));
        match (self.what, other.what) {
            (Removed, Removed) => false,
            (Removed | Relabelled, _) if inside => true,
            // What is asked of a clause, and how it joins, bears on all that is under it.
            (Join, Added | Becomes | Removed | Relabelled) => below,
            (Condition, Added | Becomes | Relabelled) => below,
            // Whoever cites a clause relies on all that is under it, and on what is asked above it.
            (Condition, Cited) => inside || around,
            (Added | Becomes | Join | Removed | Relabelled, Cited) => around,
            (Meaning | Policy, Used | Cited) => same,
            // What one introduces, another that does not know of it reads otherwise.
            (Policy, Added | Noted) => same,
            (Text, Text) | (Join, Join) | (Policy, Policy) | (Dial, Dial) => same,
            _ => false,
        }
    }
}

/// The overlays of a stack so far, with what they touch; the last is the one that is being read.
#[derive(Debug, Default)]
pub(super) struct Siblings {
    layers: Vec<(Base, Vec<Touch>)>,
    /// How many of the first layers the last one names as its base, or as what lies under it.
    known: usize,
}

impl Siblings {
    /// Begins with the next overlay.
    pub fn begin(&mut self, header: &Header) {
        let below = |base: &Base| self.layers.iter().rposition(|(name, _)| name == base);
        self.known = header.base.as_ref().and_then(below).map_or(0, |at| at + 1);
        let name = Base { list: header.id.clone(), edition: header.edition.clone() };
        self.layers.push((name, Vec::new()));
    }

    /// Keeps that the overlay touches a part, and whether no sibling touches it otherwise: else a
    /// problem with both places.
    pub fn touch(&mut self, what: What, id: &str, place: Place, problems: &mut Vec<Error>) -> bool {
        let touch = Touch { what, id: id.to_owned(), place };
        let clash = self.find(|before| touch.clashes(before)).map(|before| {
            let (here, there) = (what.words(), before.what.words());
            let message = format!("`{id}` {here}, and `{}` {there} at {}", before.id, before.place);
            Error::new(Kind::Content, message).at(touch.place.clone()).help(SIBLINGS)
        });
        let is_alone = clash.is_none();
        problems.extend(clash);
        self.keep(touch);
        is_alone
    }

    /// Keeps that the overlay says of a part what is said of it already.
    pub fn repeat(&mut self, what: What, id: &str, place: Place) {
        self.keep(Touch { what, id: id.to_owned(), place });
    }

    fn keep(&mut self, touch: Touch) {
        if let Some((_, touches)) = self.layers.last_mut() {
            touches.push(touch);
        }
    }

    /// Whether the overlay that is being read adds the part itself.
    pub fn adds(&self, id: &str) -> bool {
        let own = self.layers.last().map(|(_, touches)| touches.iter());
        own.into_iter().flatten().any(|touch| touch.adds() && touch.id == id)
    }

    /// Where an overlay last changed how the sub-clauses of a clause combine.
    pub fn joined(&self, id: &str) -> Option<&Place> {
        let all = self.layers.iter().rev().flat_map(|(_, touches)| touches.iter().rev());
        let mut joins = all.filter(|touch| touch.what == What::Join && touch.id == id);
        joins.next().map(|touch| &touch.place)
    }

    /// The first touch of a sibling that is such a one.
    fn find(&self, is: impl Fn(&Touch) -> bool) -> Option<&Touch> {
        let before = self.layers.len().saturating_sub(1);
        let others = self.layers.iter().take(before).skip(self.known);
        others.flat_map(|(_, touches)| touches).find(|touch| is(touch))
    }

    /// Whether a sibling added or changed an open reading.
    pub fn settles(&self, id: &str) -> bool {
        let settles = |touch: &Touch| matches!(touch.what, What::Added | What::Policy);
        self.find(|touch| settles(touch) && touch.id == id).is_some()
    }

    /// Where a sibling took away or relabelled the part of this citation, or what it would hang
    /// under.
    pub fn gone(&self, id: &str) -> Option<&Touch> {
        self.find(|touch| touch.takes_away() && is_under(id, &touch.id))
    }
}

/// What to do about siblings that touch the same part.
pub(super) const SIBLINGS: &str = "overlays on one list that touch the same part conflict; one \
                                   that names the other as its `base` comes after it";

/// Whether a citation is another one, or of something that hangs under it.
pub(super) fn is_under(id: &str, other: &str) -> bool {
    id.strip_prefix(other).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}
