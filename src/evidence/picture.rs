//! The picture of one machine in one configuration: what each asked parameter may be, and why.

use super::apart;
use super::derive;
use super::frame::{AXIS_KIND, AXIS_LETTER, Frame, Key};
use super::{Level, Policy};
use crate::machine::{
    self, Axis, AxisKind, Basis, Compensation, Form, Kind, Machine, ParameterId, Reading, Set,
    label,
};
use crate::metrology::Figure;
use crate::quantity::Span;

/// Which fittings a configuration has: bit *n* is the machine's fitting *n*.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Configuration(pub u64);

/// The most configurations of one machine that are looked at.
const CONFIGURATIONS_MAX: usize = 64;

/// Every admissible combination of a machine's fittings, the shipped one first.
///
/// Only fittings that change a reading for which `matters` are combined. The flag says that there
/// are more than can be looked at.
pub fn configurations(
    machine: &Machine,
    matters: impl Fn(ParameterId) -> bool,
) -> (Vec<Configuration>, bool) {
    let bit = |at: usize| 1u64.checked_shl(u32::try_from(at).unwrap_or(64)).unwrap_or(0);
    let named = |name: &String| machine.fittings.iter().position(|f| f.name == *name).map(bit);
    let shipped = machine.fittings.iter().enumerate().filter(|(_, f)| f.shipped);
    let shipped = Configuration(shipped.map(|(at, _)| bit(at)).sum());
    let mut found = vec![Configuration(0)];
    for (at, fitting) in machine.fittings.iter().enumerate() {
        let of_fitting = |r: &&Reading| r.option == u8::try_from(at).ok();
        let relevant = machine.readings.iter().filter(of_fitting).any(|r| matters(r.parameter));
        let needed = machine.fittings.iter().any(|f| f.requires.contains(&fitting.name));
        if relevant || needed || fitting.shipped {
            let with: Vec<_> = found.iter().map(|c| Configuration(c.0 | bit(at))).collect();
            found.extend(with);
        }
        if found.len() > CONFIGURATIONS_MAX * 64 {
            break;
        }
    }
    found.retain(|configuration| {
        let has = |at: usize| configuration.0 & bit(at) != 0;
        machine.fittings.iter().enumerate().all(|(at, fitting)| {
            let met = |name: &String| named(name).is_some_and(|other| configuration.0 & other != 0);
            let rival = |(other, f): (usize, &machine::Fitting)| {
                other != at && has(other) && !f.group.is_empty() && f.group == fitting.group
            };
            !has(at)
                || (fitting.requires.iter().all(met)
                    && !fitting.excludes.iter().any(met)
                    && !machine.fittings.iter().enumerate().any(rival))
        })
    });
    found.sort_by_key(|configuration| *configuration != shipped);
    let more = found.len() > CONFIGURATIONS_MAX;
    found.truncate(CONFIGURATIONS_MAX);
    (found, more)
}

/// Where a value of a picture comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// A reading of the sheet (index into the machine's readings).
    Reading(usize),
    /// An inequality, by its name.
    Derived(&'static str),
    /// An assumption, by its name.
    Assumed(String),
}

/// One step by which a value of a picture became what it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// The axis, for a key of an axis.
    pub axis: Option<usize>,
    /// The key.
    pub key: Key,
    /// What narrowed it.
    pub source: Source,
}

/// Sources that contradict each other; their hull is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Conflict {
    /// The axis, for a key of an axis.
    pub axis: Option<usize>,
    /// The key.
    pub key: Key,
}

/// What each asked parameter of one machine may be.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Picture {
    /// For each key of the machine in the frame.
    pub machine: Vec<Set>,
    /// For each axis, for each key of an axis in the frame; axes one after the other.
    pub axes: Vec<Set>,
    /// How many axes are listed.
    pub axis_count: usize,
    /// Whether the machine may have axes that are not listed.
    pub further_axes: bool,
    /// The letters that such an axis may bear: ISO 841 gives each letter to one axis, so not those
    /// that a listed axis bears as its whole label.
    pub unlisted_letters: u64,
    /// Sources that contradict each other.
    pub conflicts: Vec<Conflict>,
    /// How each value came about; empty unless recorded.
    pub origins: Vec<Origin>,
    recording: bool,
}

impl Picture {
    /// An empty picture that keeps the origin of each value.
    pub fn recording() -> Self {
        Self { recording: true, ..Self::default() }
    }

    /// The picture of a machine of which nothing is known, with one axis of which nothing is known.
    pub fn unknown(frame: &Frame) -> Self {
        Self {
            machine: frame.machine_domain().to_vec(),
            axes: frame.axis_domain().to_vec(),
            axis_count: 1,
            further_axes: true,
            unlisted_letters: label::all(label::LETTER),
            ..Self::default()
        }
    }

    /// Draws the picture of a machine in one configuration under a policy.
    pub fn draw(
        &mut self,
        frame: &Frame,
        machine: &Machine,
        configuration: Configuration,
        policy: &Policy,
    ) {
        self.machine.clear();
        self.machine.extend_from_slice(frame.machine_domain());
        self.axes.clear();
        self.axis_count = machine.axes.len();
        for axis in &machine.axes {
            let start = self.axes.len();
            self.axes.extend_from_slice(frame.axis_domain());
            self.name_axis(start, axis);
        }
        self.further_axes = !machine.axes_complete;
        let taken = machine.axes.iter().filter_map(|axis| label::bit(label::LETTER, &axis.label));
        self.unlisted_letters = label::all(label::LETTER) & !taken.fold(0, |all, bit| all | bit);
        self.conflicts.clear();
        self.origins.clear();
        self.read(frame, machine, configuration, policy);
        if policy.level >= Level::Derived && policy.derive {
            self.derive(frame, machine, configuration, policy);
        }
        if policy.level >= Level::Assumed {
            self.assume(frame, policy);
        }
        if policy.level >= Level::Derived && policy.derive && !self.further_axes {
            self.count_axes(frame, machine, configuration, policy);
        }
    }

    /// What a key may be, of the machine or of one axis; `None` where the frame has no such key.
    pub fn set(&self, frame: &Frame, key: Key, axis: Option<usize>) -> Option<Set> {
        let place = frame.place_of(key)?;
        match axis {
            Some(axis) => self.axes.get(axis * frame.axis().len() + place).copied(),
            None => self.machine.get(place).copied(),
        }
    }

    fn name_axis(&mut self, start: usize, axis: &Axis) {
        let kinds = match axis.kind {
            Some(AxisKind::Linear) => 0b010,
            Some(AxisKind::Rotary) => 0b100,
            None => 0b110,
        };
        for (place, set) in [(AXIS_KIND, kinds), (AXIS_LETTER, axis.letters)] {
            if let Some(slot) = self.axes.get_mut(start + place) {
                *slot = Set::OneOf(set);
            }
        }
    }

    fn slot(&mut self, frame: &Frame, axis: Option<usize>, place: usize) -> Option<&mut Set> {
        match axis {
            Some(axis) => self.axes.get_mut(axis * frame.axis().len() + place),
            None => self.machine.get_mut(place),
        }
    }

    /// Narrows one value; sources that contradict it are joined with it and reported.
    fn narrow(
        &mut self,
        frame: &Frame,
        axis: Option<usize>,
        place: usize,
        set: Set,
        source: Source,
    ) {
        let keys = if axis.is_some() { frame.axis() } else { frame.machine() };
        let Some(key) = keys.get(place).copied() else { return };
        let Some(slot) = self.slot(frame, axis, place) else { return };
        match slot.meet(set) {
            Some(met) if met == *slot => {
                if !matches!(source, Source::Reading(_)) {
                    return;
                }
            }
            Some(met) => *slot = met,
            None => {
                *slot = slot.hull(set);
                self.conflicts.push(Conflict { axis, key });
            }
        }
        if self.recording {
            self.origins.push(Origin { axis, key, source });
        }
    }

    fn read(
        &mut self,
        frame: &Frame,
        machine: &Machine,
        configuration: Configuration,
        policy: &Policy,
    ) {
        for (at, reading) in machine.readings.iter().enumerate() {
            let Some(first) = frame.place(reading.parameter) else { continue };
            if !admitted(machine, reading, configuration, policy) {
                continue;
            }
            let axis = reading.axis.map(usize::from);
            let keys = if axis.is_some() { frame.axis() } else { frame.machine() };
            let same = |key: &&Key| key.parameter == reading.parameter;
            let editions = keys.get(first..).unwrap_or_default().iter().take_while(same);
            for (offset, key) in editions.enumerate() {
                if key.by.is_none_or(|by| by == reading.standard) {
                    let set = policy.taken(reading);
                    self.narrow(frame, axis, first + offset, set, Source::Reading(at));
                }
            }
        }
    }

    fn derive(
        &mut self,
        frame: &Frame,
        machine: &Machine,
        configuration: Configuration,
        policy: &Policy,
    ) {
        let wanted: Vec<(usize, Figure)> = frame
            .axis()
            .iter()
            .enumerate()
            .filter_map(|(place, key)| Some((place, derive::figure_of(*key)?)))
            .collect();
        if wanted.is_empty() {
            return;
        }
        let travel = machine::id_of("travel");
        for axis in 0..machine.axes.len() {
            let of_axis = |r: &&Reading| r.axis.map(usize::from) == Some(axis);
            let admitted = |r: &&Reading| admitted(machine, r, configuration, policy);
            let readings = || machine.readings.iter().filter(of_axis).filter(admitted);
            let span = |r: &Reading| match policy.taken(r) {
                Set::Span(span) => Some(span),
                _ => None,
            };
            let length = readings().filter(|r| r.parameter == travel).filter_map(span);
            let length = derive::length_of(length);
            let said = readings().filter(|r| derive::concerns(r.parameter));
            let said = said.filter_map(|reading| Some((reading, span(reading)?)));
            let said: Vec<(&Reading, Span)> = said.collect();
            match derive::narrowed(length, said.iter().copied()) {
                None => {}
                Some(Ok(bounds)) => {
                    for (place, figure) in &wanted {
                        let reason = bounds.reason(*figure).unwrap_or(derive::SAME_FIGURE);
                        let set = Set::Span(bounds.span(*figure));
                        self.narrow(frame, Some(axis), *place, set, Source::Derived(reason));
                    }
                }
                Some(Err(())) => self.contradicted(frame, axis, &wanted, length, &said),
            }
        }
    }

    /// Takes up figures that contradict each other: what each source proves by itself. Where two
    /// cannot both be true of a figure, it lies in their hull.
    fn contradicted(
        &mut self,
        frame: &Frame,
        axis: usize,
        wanted: &[(usize, Figure)],
        length: Option<Span>,
        said: &[(&Reading, Span)],
    ) {
        let sources = apart::sources(length, said);
        for (place, figure) in wanted {
            let Some(key) = frame.axis().get(*place).copied() else { continue };
            let spans = sources.iter().filter_map(|source| source.says(*figure));
            let spans: Vec<(Span, &'static str)> = spans.collect();
            let all = spans.iter().try_fold(Span::ALL, |met, (span, _)| met.meet(*span));
            let together = all.is_some();
            for (span, reason) in spans {
                let set = Set::Span(span);
                if together {
                    self.narrow(frame, Some(axis), *place, set, Source::Derived(reason));
                    continue;
                }
                if let Some(slot) = self.slot(frame, Some(axis), *place) {
                    *slot = slot.hull(set);
                }
                if self.recording {
                    self.origins.push(Origin {
                        axis: Some(axis),
                        key,
                        source: Source::Derived(reason),
                    });
                }
            }
            self.conflicts.push(Conflict { axis: Some(axis), key });
        }
    }

    fn assume(&mut self, frame: &Frame, policy: &Policy) {
        let process = frame.place(machine::id_of("process"));
        let listed = process.and_then(|place| self.machine.get(place)).map_or(0, |set| match set {
            Set::Flags { certain, .. } => *certain,
            _ => 0,
        });
        for assumption in policy.assumptions.active() {
            if assumption.process != 0 && assumption.process & listed == 0 {
                continue;
            }
            for (parameter, fill) in &assumption.fill {
                let Some(place) = frame.place(*parameter) else { continue };
                let current = self.machine.get(place).copied();
                if current == Some(Set::domain(parameter.row().kind)) {
                    let source = Source::Assumed(assumption.name.clone());
                    self.narrow(frame, None, place, *fill, source);
                }
            }
            for parameter in &assumption.close {
                let Some(place) = frame.place(*parameter) else { continue };
                if let Some(Set::Flags { certain, .. }) = self.machine.get(place).copied()
                    && certain != 0
                {
                    let source = Source::Assumed(assumption.name.clone());
                    let closed = Set::Flags { certain, possible: certain };
                    self.narrow(frame, None, place, closed, source);
                }
            }
            if assumption.close_axes && self.axis_count > 0 {
                self.further_axes = false;
            }
        }
    }

    fn count_axes(
        &mut self,
        frame: &Frame,
        machine: &Machine,
        configuration: Configuration,
        policy: &Policy,
    ) {
        let Some(place) = frame.place(machine::id_of("contouring_axes")) else { return };
        let kind = machine::id_of("machine_kind");
        let parallel = label::bit(label::MACHINE_KIND, "parallel_kinematic").unwrap_or_default();
        let known = frame.place(kind).and_then(|place| self.machine.get(place));
        let possible = match known {
            Some(Set::Flags { possible, .. }) => possible & parallel != 0,
            _ => true,
        };
        // Axes that are said not to be such.
        let flag = machine::id_of("contouring_axis");
        let says_no = |reading: &&Reading| {
            (reading.parameter, reading.set) == (flag, Set::OneOf(0b01))
                && admitted(machine, reading, configuration, policy)
        };
        let idle = machine.readings.iter().filter(says_no).filter_map(|reading| reading.axis);
        let idle = idle.fold(0u64, |idle, axis| idle | 1u64.checked_shl(axis.into()).unwrap_or(0));
        let axes = machine.axes.iter().enumerate();
        let may = axes.filter(|(at, _)| *at >= 64 || idle >> at & 1 == 0);
        let set = derive::contouring_of_axes(may.map(|(_, axis)| axis.kind), possible);
        let reason = "no more axes contour than there are";
        let before = self.conflicts.len();
        self.narrow(frame, None, place, set, Source::Derived(reason));
        // More axes contour than are listed: the list is not complete, whatever the sheet says.
        self.further_axes |= self.conflicts.len() > before;
    }
}

/// Whether a reading counts in a configuration under a policy.
///
/// A reading of a fitting counts where the fitting is there, and then replaces the machine's own.
pub(super) fn admitted(
    machine: &Machine,
    reading: &Reading,
    configuration: Configuration,
    policy: &Policy,
) -> bool {
    if !policy.admits(reading) {
        return false;
    }
    let fitted = |option: u8| configuration.0 >> option & 1 == 1;
    match reading.option {
        Some(option) => fitted(option),
        None if configuration.0 == 0 => true,
        None => !machine.readings.iter().any(|other| {
            other.option.is_some_and(fitted)
                && (other.parameter, other.axis) == (reading.parameter, reading.axis)
        }),
    }
}

impl Policy {
    /// Whether what stands behind a reading is admitted.
    ///
    /// A figure of a test that may not have covered its axis is, under an assumption only.
    pub fn admits(&self, reading: &Reading) -> bool {
        let assumed = |doubt| {
            self.level >= Level::Assumed && self.assumptions.on(doubt).is_some_and(|a| a.active)
        };
        Level::of(reading.basis) <= self.level && reading.form.doubt().is_none_or(assumed)
    }

    /// What a reading of the machine itself leaves possible; `None` where it is not admitted.
    pub fn take(&self, reading: &Reading) -> Option<Set> {
        self.admits(reading).then(|| self.taken(reading))
    }

    /// What an admitted reading leaves possible.
    ///
    /// A figure of the best or the worst part of a measurement bounds nothing before a reading of
    /// the law says which part counts. By default a catalogue or third-party figure of an error is
    /// only an upper bound, a typical or per-length figure bounds nothing, and neither does an
    /// accuracy without compensation, because the lists mean all compensations available.
    pub(super) fn taken(&self, reading: &Reading) -> Set {
        let row = reading.parameter.row();
        let domain = Set::domain(row.kind);
        let uncompensated = reading.compensation == Compensation::Off && row.error && row.editioned;
        let of_part = reading.form.is_of_part();
        if reading.form == Form::PerLength || uncompensated || of_part {
            return domain;
        }
        if self.as_stated {
            let point = reading.figure.map(|value| Set::Span(Span::point(value)));
            let plain = matches!(reading.form, Form::Plain | Form::Typical);
            return match point {
                Some(point) if plain && matches!(row.kind, Kind::Quantity { .. }) => point,
                _ => reading.set,
            };
        }
        if reading.form == Form::Typical {
            return domain;
        }
        match reading.set {
            Set::Span(span) if row.error && reading.basis >= Basis::Catalogue => {
                Set::Span(Span { above: Span::NOT_NEGATIVE.above, ..span })
            }
            set => set,
        }
    }
}
