//! What one thread has seen: the forms of rows by what they say, and the rows that wait by form.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError};

use foldhash::fast::FixedState;

use super::form::{Form, From, Plan};
use super::texts::{Places, Texts, two_pairs};
use super::waiting::Waiting;
use super::{FORMS_MAX, Screen, Screened};
use crate::table::{FILLED, Raw, Rows};

/// What one thread has seen.
#[derive(Default)]
pub(super) struct Seen {
    /// The kin of each row, by what it says.
    known: Places<4>,
    kin: Vec<Kin>,
    /// What the texts of each of the plan's words come to.
    words: Vec<Texts>,
    /// The forms, each with the rows that wait.
    pub forms: Vec<Waiting>,
    /// Which rows of the run take the whole reader.
    odd: Vec<bool>,
}

/// The forms of rows that say the same in words, by the axes that are there.
struct Kin {
    /// What they say.
    key: Box<[u8]>,
    /// The form of a row that has every axis, which serves most rows that lack some.
    full: Option<usize>,
    /// The columns of figures of an axis that may matter to some row of the kin, with its bit;
    /// none where one form holds whatever axes are there.
    axes: Vec<(usize, u64)>,
    /// The same, a mask of columns for each axis, unless a column stands too far to the right or
    /// there are many axes.
    masks: Option<[(u64, u64); MASKS]>,
    /// All figures that may matter.
    figures: Vec<usize>,
    known: HashMap<u64, usize, FixedState>,
    /// The last of these that was asked for, one for each value of a hash.
    near: [(u64, usize); NEAR],
}

/// How many sets of axes are kept at hand.
const NEAR: usize = 16;
/// More axes than this are looked at one by one.
const MASKS: usize = 8;

impl Kin {
    /// The kin of the rows that say the same as one whose form holds whatever axes are there.
    fn of(key: &[u8], plan: &Plan, all: &Form, number: usize) -> Self {
        let axis = |at: usize| plan.figures.get(at).is_some_and(|(_, _, axis)| axis.is_some());
        // More axes may only be wanted where an assumption does not rule them out.
        let figure = |at: &usize| {
            plan.closes_axes
                || all.lives(|from| matches!(from, From::Figure(number, _) if number == *at))
                || axis(*at) && !matches!(all, Form::Settled(_))
        };
        let figures: Vec<usize> = (0..plan.figures.len()).filter(figure).collect();
        let of_axis = |number: &usize| {
            let (at, _, axis) = plan.figures.get(*number)?;
            Some((*at, 1 << (*axis)?))
        };
        // The form that holds whatever axes are there, if there is one, is that of rows of none.
        let all = !plan.closes_axes && matches!(all, Form::Settled(_));
        let of_axes = figures.iter().filter_map(of_axis).filter(|_| !all);
        let axes: Vec<(usize, u64)> = of_axes.collect();
        let near_by = axes.iter().all(|(at, _)| *at < FILLED);
        let mut masks: Vec<(u64, u64)> = Vec::new();
        for (at, axis) in axes.iter().filter(|_| near_by) {
            match masks.iter_mut().find(|(_, known)| known == axis) {
                Some((mask, _)) => *mask |= 1 << at,
                None => masks.push((1 << at, *axis)),
            }
        }
        let near_by = near_by && masks.len() <= MASKS;
        masks.resize(MASKS, (0, 0));
        // No row has all axes that there may be.
        let mut near = [(u64::MAX, 0); NEAR];
        if let Some(none) = near.first_mut().filter(|_| all) {
            *none = (0, number);
        }
        Self {
            key: key.into(),
            full: None,
            masks: masks.try_into().ok().filter(|_| near_by),
            axes,
            figures,
            known: HashMap::from_iter(all.then_some((0, number))),
            near,
        }
    }

    /// The axes that a row has, given by its number and the place of its first field.
    #[inline(always)]
    fn there(&self, rows: Rows<'_>, (row, first): (u32, u32)) -> u64 {
        match &self.masks {
            Some(masks) if !rows.is_hollow() => {
                let filled = rows.filled(first);
                // Without branches: which fields are empty cannot be foreseen.
                masks.iter().fold(0, |all, (mask, axis)| {
                    all | u64::from(filled & mask != 0).wrapping_neg() & axis
                })
            }
            _ => {
                let raw = rows.get(row as usize);
                let blank = |at: usize| raw.as_ref().is_none_or(|raw| raw.is_blank(at));
                let axes = self.axes.iter().filter(|(at, _)| !blank(*at));
                axes.fold(0, |all, (_, axis)| all | axis)
            }
        }
    }
}

impl Seen {
    /// Sorts the rows of a run by their forms, takes up their figures and words, and names their
    /// machines; the first `skip` rows are none. Gives whether no row takes the whole reader.
    pub(super) fn sort(
        &mut self,
        screen: &Screen<'_>,
        plan: &Plan,
        rows: Rows<'_>,
        (skip, width): (usize, usize),
        out: &mut Screened,
    ) -> bool {
        self.odd.clear();
        self.odd.resize(rows.count(), false);
        self.words.resize_with(plan.words.len(), Texts::default);
        let ids = (plan.id, rows.column(plan.id));
        let mut all = true;
        for (number, raw) in (0..).zip(rows.iter()).skip(skip) {
            let row = (number, raw.first());
            let plain = raw.width() == width && out.named_plainly(&raw, ids);
            let found = if plain { self.form(screen, plan, rows, row) } else { None };
            let (form, there) = found.unwrap_or((usize::MAX, 0));
            match self.forms.get_mut(form) {
                Some(waiting) => waiting.wait(row, there),
                None => all &= mark(&mut self.odd, number),
            }
        }
        let Self { forms, words, odd, .. } = self;
        for waiting in forms.iter_mut().filter(|waiting| waiting.is_waited_for()) {
            waiting.fill((screen, plan), rows, words, |row| all &= mark(odd, row));
        }
        all
    }

    /// Whether a row of the run takes the whole reader.
    #[inline(always)]
    pub(super) fn is_odd(&self, row: usize) -> bool {
        self.odd.get(row).copied().unwrap_or(true)
    }

    /// Names the machine of each row of the run.
    pub(super) fn name(&mut self, machines: &[u32]) {
        let waiting = self.forms.iter_mut().filter(|waiting| waiting.is_waited_for());
        waiting.for_each(|waiting| waiting.name(machines));
    }

    /// Names the machines of a run of which every row behind the first `skip` ones is a machine.
    pub(super) fn name_in_order(&mut self, skip: usize) {
        let waiting = self.forms.iter_mut().filter(|waiting| waiting.is_waited_for());
        waiting.for_each(|waiting| waiting.name_in_order(skip as u32));
    }

    /// The form of a row and the axes that it has; `None` where it takes the whole reader.
    #[inline(always)]
    fn form(
        &mut self,
        screen: &Screen<'_>,
        plan: &Plan,
        rows: Rows<'_>,
        row: (u32, u32),
    ) -> Option<(usize, u64)> {
        let at = self.kin(screen, plan, rows, row)?;
        let kin = self.kin.get(at)?;
        let there = kin.there(rows, row);
        match kin.near.get(slot_of(there)) {
            Some((axes, form)) if *axes == there => Some((*form, there)),
            _ => {
                let raw = rows.get(row.0 as usize)?;
                self.listing(screen, plan, &raw, (at, there)).map(|form| (form, there))
            }
        }
    }

    /// The kin of a row, by what it says.
    #[inline(always)]
    fn kin(
        &mut self,
        screen: &Screen<'_>,
        plan: &Plan,
        rows: Rows<'_>,
        (row, first): (u32, u32),
    ) -> Option<usize> {
        let Self { known, kin, forms, .. } = self;
        let key = two_pairs(&plan.said, rows, first);
        let at = known.of(key, &plan.said, (rows, row), |raw, key| {
            // Axes that nobody has listed yet stand for whatever the row may list.
            let all = screen.shared(plan, raw, key, None)?;
            let found = Kin::of(key, plan, &all, forms.len());
            forms.push(Waiting::new(all, plan, &found.figures));
            kin.push(found);
            u32::try_from(kin.len() - 1).ok()
        });
        at.map(|at| at as usize)
    }

    /// The form of rows of a kin that have these axes, where it is not at hand.
    #[inline(never)]
    fn listing(
        &mut self,
        screen: &Screen<'_>,
        plan: &Plan,
        raw: &Raw<'_>,
        (at, there): (usize, u64),
    ) -> Option<usize> {
        let kin = self.kin.get_mut(at)?;
        if let (Some(form), Some(near)) = (kin.known.get(&there), kin.near.get_mut(slot_of(there)))
        {
            *near = (there, *form);
            return Some(*form);
        }
        let mut add = |form: Arc<Form>| {
            self.forms.push(Waiting::new(form, plan, &kin.figures));
            self.forms.len() - 1
        };
        let full = match kin.full {
            Some(full) => full,
            None => add(screen.shared(plan, raw, &kin.key, Some((1 << plan.axes) - 1))?),
        };
        kin.full = Some(full);
        let own = screen.shared(plan, raw, &kin.key, Some(there))?;
        let served = self.forms.get(full).is_some_and(|full| full.form.holds(&own));
        let form = match *own {
            _ if served => full,
            Form::Single => usize::MAX,
            _ => {
                self.forms.push(Waiting::new(own, plan, &kin.figures));
                self.forms.len() - 1
            }
        };
        kin.known.insert(there, form);
        Some(form)
    }
}

/// Where a set of axes is kept at hand.
#[inline(always)]
fn slot_of(there: u64) -> usize {
    (there ^ there >> 4) as usize % NEAR
}

/// Marks a row that takes the whole reader: not all do without.
#[cold]
fn mark(odd: &mut [bool], row: u32) -> bool {
    if let Some(odd) = odd.get_mut(row as usize) {
        *odd = true;
    }
    false
}

impl Screen<'_> {
    /// The form of a row, drawn once for all threads; `there` are the axes that it lists, if they
    /// matter. `None` where there are too many forms.
    fn shared(
        &self,
        plan: &Plan,
        raw: &Raw<'_>,
        key: &[u8],
        there: Option<u64>,
    ) -> Option<Arc<Form>> {
        let mut key = key.to_vec();
        key.extend(there.map(u64::to_le_bytes).into_iter().flatten());
        let mut forms = self.forms.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(form) = forms.get(key.as_slice()) {
            return Some(Arc::clone(form));
        }
        if forms.len() >= FORMS_MAX {
            return None;
        }
        let form = Arc::new(self.drawn(plan, raw, there).unwrap_or(Form::Single));
        forms.insert(key.into(), Arc::clone(&form));
        Some(form)
    }
}
