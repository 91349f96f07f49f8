//! What one thread has seen: the forms of rows by what they say, and the rows that wait by form.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError};

use foldhash::fast::FixedState;

use super::form::{Form, From, Lane, Plan};
use super::{FORMS_MAX, Screen};
use crate::quantity::Value;
use crate::rule::{Cell, Cells, Program};
use crate::table::Raw;

/// Short texts of words that are compared one after the other before all others.
const NEAR_MAX: usize = 16;

/// What one thread has seen.
#[derive(Default)]
pub(super) struct Seen {
    known: HashMap<Box<[u8]>, usize, FixedState>,
    kin: Vec<Kin>,
    key: Vec<u8>,
    values: Vec<Option<Value>>,
    /// What the texts of each of the plan's words come to.
    words: Vec<Texts>,
    /// The place of the row's own texts.
    places: Vec<usize>,
    /// The forms, each with the rows that wait.
    pub forms: Vec<Waiting>,
}

/// A form and the rows that wait to be run.
pub(super) struct Waiting {
    pub form: Arc<Form>,
    /// The machine of each row.
    pub owners: Vec<usize>,
    /// For each program, for each place of the form, the cells of the rows.
    pub cells: Vec<Vec<Cells>>,
}

/// The forms of rows that say the same in words, by the axes that are there.
struct Kin {
    /// The form that holds whatever axes are there, if there is one.
    all: Option<usize>,
    /// The figures and words that may matter to some row of the kin.
    figures: Vec<usize>,
    words: Vec<usize>,
    known: Vec<(u64, usize)>,
}

/// What the texts of some words come to.
#[derive(Default)]
struct Texts {
    /// Short texts, as numbers, with their place.
    near: Vec<(u64, usize)>,
    all: HashMap<Box<[u8]>, usize, FixedState>,
    found: Vec<Found>,
    key: Vec<u8>,
}

/// The cells of words in each program; `None` where they take the whole reader.
type Found = Option<Vec<Cell>>;

impl Texts {
    /// The place of what a row's words come to, looked up or found now.
    fn place(&mut self, columns: &[usize], raw: &Raw<'_>, find: impl FnOnce() -> Found) -> usize {
        let short = short(columns, raw);
        let near = short.and_then(|text| self.near.iter().find(|(known, _)| *known == text));
        if let Some((_, place)) = near {
            return *place;
        }
        self.key.clear();
        for at in columns {
            self.key.extend_from_slice(raw.field(*at));
            self.key.push(0);
        }
        if let Some(place) = self.all.get(self.key.as_slice()) {
            return *place;
        }
        // Where there are too many texts, the column holds something else than words.
        if self.found.len() >= FORMS_MAX {
            return usize::MAX;
        }
        self.found.push(find());
        let place = self.found.len() - 1;
        self.all.insert(self.key.as_slice().into(), place);
        if let Some(text) = short.filter(|_| self.near.len() < NEAR_MAX) {
            self.near.push((text, place));
        }
        place
    }
}

/// Words of no more than eight bytes as a number; no text has a zero byte.
fn short(columns: &[usize], raw: &Raw<'_>) -> Option<u64> {
    let (mut number, mut length) = (0u64, 0);
    for at in columns {
        let field = raw.field(*at);
        length += field.len() + 1;
        if length > 9 {
            return None;
        }
        number = field.iter().fold(number << 8, |number, byte| number << 8 | u64::from(*byte));
    }
    Some(number)
}

impl Kin {
    /// The kin of the rows that say the same as one whose form holds whatever axes are there.
    fn of(plan: &Plan, all: &Form, number: usize) -> Self {
        let axis = |at: usize| plan.figures.get(at).is_some_and(|(_, _, axis)| axis.is_some());
        // More axes may only be wanted where an assumption does not rule them out.
        let figure = |at: &usize| {
            plan.closes_axes
                || all.lives(|from| matches!(from, From::Figure(number, _) if number == *at))
                || axis(*at) && !matches!(all, Form::Settled(_))
        };
        let words = |at: &usize| {
            plan.closes_axes
                || all.lives(|from| matches!(from, From::Words(number) if number == *at))
        };
        Self {
            all: Some(number).filter(|_| !plan.closes_axes && matches!(all, Form::Settled(_))),
            figures: (0..plan.figures.len()).filter(figure).collect(),
            words: (0..plan.words.len()).filter(words).collect(),
            known: Vec::new(),
        }
    }
}

impl Seen {
    /// The form of a row, with its figures and words taken up; `None` where the row is not of
    /// plain figures and known words.
    pub(super) fn form(
        &mut self,
        screen: &Screen<'_>,
        plan: &Plan,
        raw: &Raw<'_>,
    ) -> Option<usize> {
        // A row without an identifier, or one with quotes inside, takes the whole reader.
        let id = raw.field(plan.id);
        if id.is_empty() || !id.is_ascii() && id.trim_ascii() != id || id.contains(&b'"') {
            return None;
        }
        self.key.clear();
        for at in &plan.said {
            self.key.extend_from_slice(raw.field(*at));
            self.key.push(0);
        }
        let at = match self.known.get(self.key.as_slice()) {
            Some(at) => *at,
            None if self.known.len() >= FORMS_MAX => return None,
            None => {
                // Axes that nobody has listed yet stand for whatever the row may list.
                let all = screen.shared(plan, raw, &self.key, None)?;
                self.kin.push(Kin::of(plan, &all, self.forms.len()));
                self.add(all);
                self.known.insert(self.key.as_slice().into(), self.kin.len() - 1);
                self.kin.len() - 1
            }
        };
        let kin = self.kin.get_mut(at)?;
        if kin.all.is_some() {
            return kin.all;
        }
        self.values.clear();
        self.values.resize(plan.figures.len(), None);
        let mut there = 0u64;
        for number in &kin.figures {
            let Some((at, figures, axis)) = plan.figures.get(*number) else { continue };
            let cell = raw.field(*at);
            if cell.is_empty() {
                continue;
            }
            let value = figures.value(cell)?;
            if let Some(slot) = self.values.get_mut(*number) {
                *slot = Some(value);
            }
            there |= axis.map_or(0, |axis| 1 << axis);
        }
        self.words(screen, plan, at, raw)?;
        let kin = self.kin.get_mut(at)?;
        if let Some((_, form)) = kin.known.iter().find(|(axes, _)| *axes == there) {
            return Some(*form);
        }
        let form = screen.shared(plan, raw, &self.key, Some(there))?;
        kin.known.push((there, self.forms.len()));
        self.add(form);
        Some(self.forms.len() - 1)
    }

    /// Takes up the words of a row; `None` where some of them take the whole reader.
    fn words(&mut self, screen: &Screen<'_>, plan: &Plan, kin: usize, raw: &Raw<'_>) -> Option<()> {
        let Self { words, places, kin: kins, .. } = self;
        words.resize_with(plan.words.len(), Texts::default);
        places.resize(plan.words.len(), 0);
        for number in &kins.get(kin)?.words {
            let (own, texts) = (plan.words.get(*number)?, words.get_mut(*number)?);
            let place = texts.place(&own.columns, raw, || screen.worded(plan, own, raw));
            texts.found.get(place)?.as_ref()?;
            *places.get_mut(*number)? = place;
        }
        Some(())
    }

    fn add(&mut self, form: Arc<Form>) {
        let like = |lane: &Lane| lane.places.iter().map(|place| Cells::like(place.blank)).collect();
        let cells = match &*form {
            Form::Open(lanes) => lanes.iter().map(like).collect(),
            _ => Vec::new(),
        };
        self.forms.push(Waiting { form, owners: Vec::new(), cells });
    }

    /// Adds the row whose form was asked for last to those that wait.
    pub(super) fn wait<'p>(
        &mut self,
        form: usize,
        programs: impl Iterator<Item = &'p Program>,
        owner: usize,
    ) {
        let Self { values, words, places, forms, .. } = self;
        let worded = |at: usize, lane: usize| {
            words.get(at)?.found.get(*places.get(at)?)?.as_ref()?.get(lane).copied()
        };
        let Some(Waiting { form, owners, cells }) = forms.get_mut(form) else { return };
        let Form::Open(lanes) = &**form else { return };
        for (number, ((program, lane), columns)) in programs.zip(lanes).zip(cells).enumerate() {
            for (place, column) in lane.places.iter().zip(columns) {
                let cell = match place.from {
                    From::Figure(at, lowest) => {
                        let value = values.get(at).copied().flatten();
                        value.map(|value| place.cell_of(program, value, lowest))
                    }
                    From::Words(at) => worded(at, number),
                };
                column.push(cell.unwrap_or(place.blank));
            }
        }
        owners.push(owner);
    }
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
