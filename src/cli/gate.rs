//! What several threads make, put in order, whoever is done first; whoever is too far ahead waits.

use std::collections::BTreeMap;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// The way of numbered pieces to one place.
pub(super) struct Gate<P, T> {
    state: Mutex<State<P, T>>,
    moved: Condvar,
    /// How much may be kept that is done too early, and how much a piece is: what is kept does not
    /// grow with a catalogue.
    limit: usize,
    weigh: fn(&T) -> usize,
}

struct State<P, T> {
    place: P,
    /// The piece that comes next, and pieces that were done before it.
    next: usize,
    early: BTreeMap<usize, T>,
    /// How much these are.
    kept: usize,
    /// Whether a piece is missing for good.
    broken: bool,
}

/// A thread's turn with one piece. Where it ends without one, nobody waits any longer: the piece
/// that is missing may never come.
pub(super) struct Turn<'g, P, T>(Option<&'g Gate<P, T>>);

impl<P, T> Gate<P, T> {
    /// The way to a place; so much is kept at most, as pieces are weighed.
    pub(super) fn new(place: P, limit: usize, weigh: fn(&T) -> usize) -> Self {
        let state = State { place, next: 0, early: BTreeMap::new(), kept: 0, broken: false };
        Self { state: Mutex::new(state), moved: Condvar::new(), limit, weigh }
    }

    /// A turn with a piece.
    pub(super) fn turn(&self) -> Turn<'_, P, T> {
        Turn(Some(self))
    }

    /// The place, when every turn is over.
    pub(super) fn into_place(self) -> P {
        let state = self.state.into_inner().unwrap_or_else(PoisonError::into_inner);
        debug_assert!(state.early.is_empty() || state.broken, "a number was left out");
        state.place
    }

    fn lock(&self) -> MutexGuard<'_, State<P, T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<P, T> Turn<'_, P, T> {
    /// Puts every piece that is due in its place, this one among them, if it is not too early; it
    /// waits while too much is kept. The piece for which all others wait never waits itself.
    pub(super) fn take<E>(
        mut self,
        (number, piece): (usize, T),
        put: impl Fn(&mut P, T) -> Result<(), E>,
    ) -> Result<(), E> {
        let Some(gate) = self.0 else { return Ok(()) };
        let weight = (gate.weigh)(&piece);
        let early = |state: &mut State<P, T>| {
            !state.broken && number > state.next && state.kept + weight > gate.limit
        };
        let state = gate.moved.wait_while(gate.lock(), early);
        let mut state = state.unwrap_or_else(PoisonError::into_inner);
        state.kept += weight;
        state.early.insert(number, piece);
        let State { place, next, early, kept, .. } = &mut *state;
        while let Some(piece) = early.remove(next) {
            *next += 1;
            *kept -= (gate.weigh)(&piece);
            put(place, piece)?;
        }
        self.0 = None;
        gate.moved.notify_all();
        Ok(())
    }
}

impl<P, T> Drop for Turn<'_, P, T> {
    fn drop(&mut self) {
        if let Some(gate) = self.0 {
            gate.lock().broken = true;
            gate.moved.notify_all();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::thread::{scope, sleep};
    use std::time::Duration;

    use super::*;

    type Numbers = Gate<Vec<usize>, usize>;

    /// Room for twenty pieces of three each.
    const AHEAD: usize = 20;

    fn gate() -> Numbers {
        Gate::new(Vec::new(), 3 * AHEAD + 2, |_| 3)
    }

    fn take(gate: &Numbers, number: usize) -> Result<(), ()> {
        let put = |place: &mut Vec<usize>, number| {
            place.push(number);
            Ok(())
        };
        gate.turn().take((number, number), put)
    }

    #[test]
    fn pieces_stand_in_order_and_none_is_far_ahead() {
        let (gate, done) = (gate(), AtomicUsize::new(0));
        let last = 3 * AHEAD;
        scope(|threads| {
            threads.spawn(|| {
                for number in 1..=last {
                    take(&gate, number).expect("a place");
                    done.store(number, Ordering::SeqCst);
                }
            });
            // It comes as far as it may, and no further.
            while done.load(Ordering::SeqCst) < AHEAD {
                sleep(Duration::from_millis(1));
            }
            sleep(Duration::from_millis(20));
            assert_eq!(done.load(Ordering::SeqCst), AHEAD);
            assert!(gate.lock().place.is_empty());
            take(&gate, 0).expect("a place");
        });
        assert_eq!(gate.into_place(), (0..=last).collect::<Vec<_>>());
    }

    #[test]
    fn nobody_waits_for_a_piece_that_never_comes() {
        for lost in [true, false] {
            let gate = gate();
            scope(|threads| {
                threads
                    .spawn(|| (1..AHEAD + 2).for_each(|number| take(&gate, number).expect("kept")));
                sleep(Duration::from_millis(5));
                if lost {
                    drop(gate.turn());
                } else {
                    let failed = gate.turn().take((0, 1000), |_, _| Err(()));
                    failed.expect_err("it cannot be put");
                }
            });
            assert!(gate.lock().broken);
        }
    }
}
