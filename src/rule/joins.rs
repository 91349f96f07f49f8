//! The largest and smallest of levels, many rows at once, and of tests that the second dial moves.

use super::grid::Scale;
use super::levels::Levels;
use crate::logic::widely;

/// Levels that a join takes up.
#[derive(Clone, Copy)]
pub(super) enum Source<'l, L> {
    Levels(&'l [[L; 2]]),
    /// Of a test that the second dial moves: the places from which on it holds, or, where it asks
    /// for more than its cut, from which on it does not.
    Places(&'l [[L; 2]], bool),
}

/// What a test that the second dial moves comes to where that stands at a place.
#[derive(Clone, Copy)]
pub(super) struct Turned<L> {
    pub here: L,
    pub then: L,
    pub otherwise: L,
}

impl<L> Turned<L> {
    /// What one comes to that asks for less, or for more, than its cut.
    pub fn at<S: Scale<Level = L>>(scale: &S, place: u16, below: bool) -> Self {
        let (always, never) = (scale.always(), scale.never());
        let (then, otherwise) = if below { (always, never) } else { (never, always) };
        Self { here: scale.place(place), then, otherwise }
    }
}

/// The larger or smaller of levels and those of a test that the second dial moves, to be worked
/// out where it is needed.
#[derive(Clone, Copy)]
pub(super) struct Pair<'l, L> {
    pub fixed: &'l [[L; 2]],
    pub places: &'l [[L; 2]],
    pub largest: bool,
    pub turned: Turned<L>,
}

impl<L: Copy + Ord> Pair<'_, L> {
    /// Its levels.
    pub fn levels(&self, out: &mut Levels<L>) {
        let otherwise = self.turned.otherwise;
        // What is left of other rows is written over.
        out.resize(self.fixed.len().min(self.places.len()), [otherwise; 2]);
        self.fold(out, |_, own| own);
    }

    /// Makes levels the larger or smaller of themselves and its own.
    pub fn join(&self, out: &mut [[L; 2]], largest: bool) {
        if largest {
            self.fold(out, L::max);
        } else {
            self.fold(out, L::min);
        }
    }

    #[inline(always)]
    fn fold(&self, out: &mut [[L; 2]], with: impl Fn(L, L) -> L + Copy) {
        let (fixed, places) = (self.fixed.as_flattened(), self.places.as_flattened());
        let (out, here) = (out.as_flattened_mut(), self.turned.here);
        let (far, kept_below) = self.turned.kept(self.largest);
        if kept_below {
            widely(
                #[inline(always)]
                move || {
                    for ((out, fixed), place) in out.iter_mut().zip(fixed).zip(places) {
                        let (own, place) = (*fixed, *place);
                        *out = with(*out, if place <= here { own } else { far });
                    }
                },
            );
        } else {
            widely(
                #[inline(always)]
                move || {
                    for ((out, fixed), place) in out.iter_mut().zip(fixed).zip(places) {
                        let (own, place) = (*fixed, *place);
                        *out = with(*out, if place <= here { far } else { own });
                    }
                },
            );
        }
    }
}

impl<L: Copy + Ord> Turned<L> {
    /// Always is the smallest level and never the largest: joined with others, such a test leaves
    /// them as they are on one side of the place and takes their part on the other. The level it
    /// has there, and whether others are kept from the place on down.
    fn kept(self, largest: bool) -> (L, bool) {
        let Self { then, otherwise, .. } = self;
        if largest {
            (then.max(otherwise), then <= otherwise)
        } else {
            (then.min(otherwise), then > otherwise)
        }
    }
}

/// The larger or smaller of two sources.
pub(super) fn fuse<L: Copy + Ord>(
    out: &mut Levels<L>,
    one: Source<'_, L>,
    two: Source<'_, L>,
    largest: bool,
    turned: impl Fn(bool) -> Turned<L>,
) {
    match (one, two) {
        (Source::Levels(one), Source::Levels(two)) => {
            out.clear();
            out.extend_from_slice(one);
            if !std::ptr::eq(one, two) {
                join(out, two, largest);
            }
        }
        (Source::Levels(levels), Source::Places(places, below))
        | (Source::Places(places, below), Source::Levels(levels)) => {
            out.clear();
            out.extend_from_slice(levels);
            join_turned(out, places, largest, turned(below));
        }
        (Source::Places(one, below), Source::Places(two, other)) => {
            chosen(out, one, turned(below));
            join_turned(out, two, largest, turned(other));
        }
    }
}

/// The levels of a test that the second dial moves.
fn chosen<L: Copy + Ord>(out: &mut Levels<L>, places: &[[L; 2]], turned: Turned<L>) {
    let Turned { here, then, otherwise } = turned;
    out.resize(places.len(), [otherwise; 2]);
    let out = out.as_flattened_mut();
    // What is moved into the work cannot change under it, and so many rows are chosen at once.
    widely(
        #[inline(always)]
        move || {
            for (out, place) in out.iter_mut().zip(places.as_flattened()) {
                *out = if *place <= here { then } else { otherwise };
            }
        },
    );
}

/// Makes levels the larger or smaller of themselves and those of a test that the second dial moves.
pub(super) fn join_turned<L: Copy + Ord>(
    out: &mut [[L; 2]],
    places: &[[L; 2]],
    largest: bool,
    turned: Turned<L>,
) {
    let (out, places) = (out.as_flattened_mut(), places.as_flattened());
    let ((far, kept_below), here) = (turned.kept(largest), turned.here);
    if kept_below {
        widely(
            #[inline(always)]
            move || {
                for (out, place) in out.iter_mut().zip(places) {
                    let (own, place) = (*out, *place);
                    *out = if place <= here { own } else { far };
                }
            },
        );
    } else {
        widely(
            #[inline(always)]
            move || {
                for (out, place) in out.iter_mut().zip(places) {
                    let (own, place) = (*out, *place);
                    *out = if place <= here { far } else { own };
                }
            },
        );
    }
}

/// Makes levels the larger or smaller of themselves and others.
pub(super) fn join<L: Copy + Ord>(out: &mut [[L; 2]], with: &[[L; 2]], largest: bool) {
    let (out, with) = (out.as_flattened_mut(), with.as_flattened());
    if largest {
        widely(
            #[inline(always)]
            move || out.iter_mut().zip(with).for_each(|(out, with)| *out = (*out).max(*with)),
        );
    } else {
        widely(
            #[inline(always)]
            move || out.iter_mut().zip(with).for_each(|(out, with)| *out = (*out).min(*with)),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moved_test_is_joined_as_its_levels_are() {
        let (always, never) = (0u8, 9);
        let fixed: Vec<[u8; 2]> = (0..100).map(|at| [at % 10, at / 10]).collect();
        let places: Vec<[u8; 2]> = (0..100).map(|at| [at % 7, at / 3 % 10]).collect();
        for (largest, below, outer) in (0..8).map(|at| (at & 1 == 1, at & 2 == 2, at & 4 == 4)) {
            let (then, otherwise) = if below { (always, never) } else { (never, always) };
            for here in 0..10 {
                let turned = Turned { here, then, otherwise };
                let moved = |place: u8| if place <= here { then } else { otherwise };
                let of =
                    |one: u8, two: u8, largest| if largest { one.max(two) } else { one.min(two) };
                let own =
                    |at: usize, side: usize| of(fixed[at][side], moved(places[at][side]), largest);
                let mut joined = fixed.clone();
                join_turned(&mut joined, &places, largest, turned);
                let pair = Pair { fixed: &fixed, places: &places, largest, turned };
                let mut levels = vec![[5; 2]; 3];
                pair.levels(&mut levels);
                let mut with: Vec<[u8; 2]> = (0..100).map(|at| [at / 11, at % 10]).collect();
                let before = with.clone();
                pair.join(&mut with, outer);
                for at in 0..100 {
                    let wanted = [own(at, 0), own(at, 1)];
                    assert_eq!([joined[at], levels[at]], [wanted; 2], "{largest} {below} {here}");
                    let outer = [0, 1].map(|side| of(before[at][side], wanted[side], outer));
                    assert_eq!(with[at], outer, "{largest} {below} {here}");
                }
            }
        }
    }
}
