//! Which parameters a program asks for, and where each stands in a picture.

use crate::machine::{self, ParameterId, Set, Standard};

/// A tested parameter: with its standard where that is part of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key {
    /// The parameter that holds the readings.
    pub parameter: ParameterId,
    /// Standard and edition, for editioned parameters.
    pub by: Option<Standard>,
}

impl Key {
    /// The key in words: `positioning_accuracy (ISO 230-2:1988)`.
    pub fn text(self) -> String {
        let name = self.parameter.row().name;
        self.by.map_or_else(|| name.to_owned(), |standard| format!("{name} ({standard})"))
    }
}

/// The keys of a program, those of the machine apart from those of each axis.
///
/// The axis keys always begin with the axis's kind and letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    machine: Vec<Key>,
    axis: Vec<Key>,
    machine_domain: Vec<Set>,
    axis_domain: Vec<Set>,
    /// For each parameter, the first place in its part of the frame; `NOWHERE` if not asked for.
    places: Vec<u8>,
}

const NOWHERE: u8 = u8::MAX;

/// The place of an axis's kind among the axis keys.
pub(super) const AXIS_KIND: usize = 0;
/// The place of an axis's letter among the axis keys.
pub(super) const AXIS_LETTER: usize = 1;

impl Frame {
    /// The frame of these keys, in their order, each once.
    pub fn new(keys: impl IntoIterator<Item = Key>) -> Self {
        let fixed = ["axis_kind", "axis_letter"].map(machine::id_of);
        let mut axis: Vec<Key> = fixed.map(|parameter| Key { parameter, by: None }).to_vec();
        let mut own: Vec<Key> = Vec::new();
        let mut sorted: Vec<Key> = keys.into_iter().collect();
        // Keys of one parameter stand together, so that one place finds them all.
        sorted.sort_unstable();
        sorted.dedup();
        for key in sorted {
            let part = if key.parameter.row().scope.is_axis() { &mut axis } else { &mut own };
            if !part.contains(&key) {
                part.push(key);
            }
        }
        let mut places = vec![NOWHERE; machine::PARAMETERS.len()];
        for part in [&own, &axis] {
            for (at, key) in (0u8..NOWHERE).zip(part) {
                let place = places.get_mut(key.parameter.index());
                if let Some(place) = place.filter(|place| **place == NOWHERE) {
                    *place = at;
                }
            }
        }
        let domain = |keys: &[Key]| {
            keys.iter().map(|key| Set::domain(key.parameter.row().kind)).collect::<Vec<_>>()
        };
        let (machine_domain, axis_domain) = (domain(&own), domain(&axis));
        Self { machine: own, axis, machine_domain, axis_domain, places }
    }

    /// The keys of the machine.
    pub fn machine(&self) -> &[Key] {
        &self.machine
    }

    /// The keys of each axis.
    pub fn axis(&self) -> &[Key] {
        &self.axis
    }

    /// What each key of the machine may be before anything is known.
    pub fn machine_domain(&self) -> &[Set] {
        &self.machine_domain
    }

    /// What each key of an axis may be before anything is known.
    pub fn axis_domain(&self) -> &[Set] {
        &self.axis_domain
    }

    /// Whether inequalities between figures may narrow some key of an axis.
    pub fn is_derivable(&self) -> bool {
        self.axis.iter().any(|key| super::derive::figure_of(*key).is_some())
    }

    /// The place of a parameter's first key in its part of the frame.
    pub fn place(&self, parameter: ParameterId) -> Option<usize> {
        let place = self.places.get(parameter.index()).copied().unwrap_or(NOWHERE);
        (place != NOWHERE).then_some(usize::from(place))
    }

    /// The place of a key in its part of the frame.
    pub fn place_of(&self, key: Key) -> Option<usize> {
        let part = if key.parameter.row().scope.is_axis() { &self.axis } else { &self.machine };
        let first = self.place(key.parameter)?;
        part.iter().skip(first).position(|known| *known == key).map(|at| first + at)
    }
}
