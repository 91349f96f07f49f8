//! Siblings: overlays that are put on one list together, of which none names the other as its base.
//!
//! Tests are guarded by `was`. A wording, a join, an open reading and what is taken away or added
//! stand in no `was`, so it is kept who touched them: two siblings that touch one part conflict.

use super::{Base, Header};
use crate::error::{Error, Place};

/// What an overlay does to a part of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum What {
    /// Adds it.
    Added,
    /// Changes its condition.
    Condition,
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
}

impl What {
    /// What was done, in words that follow the citation.
    pub fn words(self) -> &'static str {
        match self {
            Self::Added => "is added",
            Self::Condition => "has its condition changed",
            Self::Text => "has its text changed",
            Self::Join => "has its `join` changed",
            Self::Policy => "has its reading changed",
            Self::Dial => "is a dial of other limits",
            Self::Removed => "is removed",
            Self::Relabelled => "is relabelled",
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

    /// Keeps that the overlay touches a part.
    pub fn touch(&mut self, what: What, id: &str, place: Place) {
        if let Some((_, touches)) = self.layers.last_mut() {
            touches.push(Touch { what, id: id.to_owned(), place });
        }
    }

    /// Where the overlay that is being read takes away the part of this citation.
    pub fn removed(&self, id: &str) -> Option<&Touch> {
        let own = self.layers.last().map(|(_, touches)| touches.iter());
        own.into_iter().flatten().find(|touch| touch.what == What::Removed && touch.id == id)
    }

    /// A problem of the list that the overlays make: with where they took away what it names.
    pub fn explained(&self, problem: Error) -> Error {
        let all = self.layers.iter().flat_map(|(_, touches)| touches);
        let names = |touch: &&Touch| problem.message().contains(&format!("`{}`", touch.id));
        let removed = all.filter(|touch| touch.what == What::Removed).find(names);
        let Some(touch) = removed else { return problem };
        let removed = format!("`{}` is removed at {}", touch.id, touch.place);
        problem.help(removed)
    }

    /// The first touch of a sibling that is such a one.
    pub fn find(&self, is: impl Fn(&Touch) -> bool) -> Option<&Touch> {
        let before = self.layers.len().saturating_sub(1);
        let others = self.layers.iter().take(before).skip(self.known);
        others.flat_map(|(_, touches)| touches).find(|touch| is(touch))
    }

    /// Where a sibling added or changed an open reading.
    pub fn policy(&self, id: &str) -> Option<&Touch> {
        self.find(|touch| matches!(touch.what, What::Added | What::Policy) && touch.id == id)
    }

    /// Where a sibling took away or relabelled the part of this citation, or what it would hang
    /// under.
    pub fn gone(&self, id: &str) -> Option<&Touch> {
        let gone = |what| matches!(what, What::Removed | What::Relabelled);
        self.find(|touch| gone(touch.what) && is_under(id, &touch.id))
    }
}

/// Whether a citation is another one, or of something that hangs under it.
pub(super) fn is_under(id: &str, other: &str) -> bool {
    id.strip_prefix(other).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}
