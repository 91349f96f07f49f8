//! What one thread has seen: the forms of rows by what they say, and the rows that wait by form.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError};

use foldhash::fast::FixedState;

use super::form::{Form, From, Lane, Plan};
use super::{FORMS_MAX, Screen};
use crate::catalogue::Figures;
use crate::quantity::Value;
use crate::rule::{Cell, Cells};
use crate::table::{Raw, Rows};

/// How many short texts of words are kept at hand.
const NEAR: usize = 64;
/// An odd number whose multiples differ in their highest bits (2^64 over the golden ratio).
const MIXER: u64 = 0x9E37_79B9_7F4A_7C15;

/// What one thread has seen.
#[derive(Default)]
pub(super) struct Seen {
    known: HashMap<Box<[u8]>, usize, FixedState>,
    kin: Vec<Kin>,
    key: Vec<u8>,
    /// What the texts of each of the plan's words come to.
    words: Vec<Texts>,
    /// The forms, each with the rows that wait.
    pub forms: Vec<Waiting>,
    /// The form of each row of the run; `None` where it takes the whole reader.
    of_rows: Vec<Option<usize>>,
    /// Whether a row turned out not to be of plain figures and known words.
    odd: Vec<bool>,
}

/// A form and the rows that wait to be run.
pub(super) struct Waiting {
    pub form: Arc<Form>,
    /// The rows of the run.
    rows: Vec<usize>,
    /// The machine of each row; none where the row takes the whole reader after all.
    pub owners: Vec<Option<usize>>,
    /// For each program, for each place of the form, the cells of the rows.
    pub cells: Vec<Vec<Cells>>,
    /// Figures that have no place here but say which axes there are.
    placeless: Vec<usize>,
}

/// The forms of rows that say the same in words, by the axes that are there.
struct Kin {
    /// The form that holds whatever axes are there, if there is one.
    all: Option<usize>,
    /// The columns of figures of an axis that may matter to some row of the kin.
    axes: Vec<(usize, usize)>,
    /// All figures that may matter.
    figures: Vec<usize>,
    known: Vec<(u64, usize)>,
}

/// What the texts of some words come to.
struct Texts {
    /// Short texts, as numbers, with their place: one for each value of a hash.
    near: [(u128, usize); NEAR],
    all: HashMap<Box<[u8]>, usize, FixedState>,
    found: Vec<Found>,
    key: Vec<u8>,
}

/// The cells of words in each program; `None` where they take the whole reader.
type Found = Option<Vec<Cell>>;

impl Default for Texts {
    fn default() -> Self {
        // No text is all ones.
        let near = [(u128::MAX, 0); NEAR];
        Self { near, all: HashMap::default(), found: Vec::new(), key: Vec::new() }
    }
}

impl Texts {
    /// The place of what a row's words come to, looked up or found now.
    #[inline]
    fn place(&mut self, columns: &[usize], raw: &Raw<'_>, find: impl FnOnce() -> Found) -> usize {
        let Some(text) = short(columns, raw) else { return self.far(columns, raw, find) };
        let folded = (text as u64 ^ (text >> 64) as u64).wrapping_mul(MIXER);
        let slot = (folded >> 58) as usize % NEAR;
        if let Some((known, place)) = self.near.get(slot)
            && *known == text
        {
            return *place;
        }
        let place = self.far(columns, raw, find);
        if let Some(near) = self.near.get_mut(slot) {
            *near = (text, place);
        }
        place
    }

    fn far(&mut self, columns: &[usize], raw: &Raw<'_>, find: impl FnOnce() -> Found) -> usize {
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
        place
    }
}

/// Words of fewer than sixteen bytes, ends included, as a number; no text has a zero byte.
#[inline]
fn short(columns: &[usize], raw: &Raw<'_>) -> Option<u128> {
    let (mut number, mut length) = (0u128, 0);
    for at in columns {
        let (text, bytes) = raw.short(*at)?;
        length += bytes + 1;
        if length > 16 {
            return None;
        }
        number = number.checked_shl(8 * (bytes + 1)).unwrap_or(0) | text;
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
        let figures: Vec<usize> = (0..plan.figures.len()).filter(figure).collect();
        let of_axis = |number: &usize| {
            let (at, _, axis) = plan.figures.get(*number)?;
            Some((*at, (*axis)?))
        };
        Self {
            all: Some(number).filter(|_| !plan.closes_axes && matches!(all, Form::Settled(_))),
            axes: figures.iter().filter_map(of_axis).collect(),
            figures,
            known: Vec::new(),
        }
    }
}

impl Seen {
    /// Sorts the rows of a run by their forms and takes up their figures and words; the first
    /// `skip` rows are none.
    pub(super) fn sort(
        &mut self,
        screen: &Screen<'_>,
        plan: &Plan,
        rows: Rows<'_>,
        (skip, width): (usize, usize),
    ) {
        self.of_rows.clear();
        self.odd.clear();
        self.odd.resize(rows.count(), false);
        self.words.resize_with(plan.words.len(), Texts::default);
        for (number, raw) in rows.iter().enumerate() {
            let plain = number >= skip && raw.width() == width;
            let form = plain.then(|| self.form(screen, plan, &raw)).flatten();
            self.of_rows.push(form);
            if let Some(waiting) = form.and_then(|form| self.forms.get_mut(form)) {
                waiting.rows.push(number);
            }
        }
        let Self { forms, odd, words, .. } = self;
        for waiting in forms.iter_mut().filter(|waiting| !waiting.rows.is_empty()) {
            waiting.fill(screen, plan, rows, words, odd);
            waiting.rows.clear();
        }
    }

    /// The form of a row of the run; for an odd row the place that it took is given up.
    pub(super) fn take(&mut self, row: usize) -> Option<&mut Waiting> {
        let form = self.of_rows.get(row).copied().flatten()?;
        let waiting = self.forms.get_mut(form)?;
        if self.odd.get(row).copied().unwrap_or_default() {
            waiting.owners.push(None);
            return None;
        }
        Some(waiting).filter(|waiting| !matches!(*waiting.form, Form::Single))
    }

    /// The form of a row; `None` where it takes the whole reader.
    fn form(&mut self, screen: &Screen<'_>, plan: &Plan, raw: &Raw<'_>) -> Option<usize> {
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
                self.add(plan, self.kin.len() - 1, all);
                self.known.insert(self.key.as_slice().into(), self.kin.len() - 1);
                self.kin.len() - 1
            }
        };
        let kin = self.kin.get_mut(at)?;
        if kin.all.is_some() {
            return kin.all;
        }
        let axis = |(at, axis): &(usize, usize)| u64::from(!raw.field(*at).is_empty()) << axis;
        let there = kin.axes.iter().map(axis).fold(0, |all, axis| all | axis);
        if let Some((_, form)) = kin.known.iter().find(|(axes, _)| *axes == there) {
            return Some(*form);
        }
        let form = screen.shared(plan, raw, &self.key, Some(there))?;
        kin.known.push((there, self.forms.len()));
        self.add(plan, at, form);
        Some(self.forms.len() - 1)
    }

    fn add(&mut self, plan: &Plan, kin: usize, form: Arc<Form>) {
        let like = |lane: &Lane| lane.places.iter().map(|place| Cells::like(place.blank)).collect();
        let cells = match &*form {
            Form::Open(lanes) => lanes.iter().map(like).collect(),
            _ => Vec::new(),
        };
        let of_axis =
            |number: usize| plan.figures.get(number).is_some_and(|(_, _, axis)| axis.is_some());
        let figures = self.kin.get(kin).map(|kin| kin.figures.as_slice()).unwrap_or_default();
        let placed =
            |number: usize| form.lives(|from| matches!(from, From::Figure(of, _) if of == number));
        let placeless =
            figures.iter().copied().filter(|number| of_axis(*number) && !placed(*number));
        let placeless = placeless.collect();
        self.forms.push(Waiting { form, rows: Vec::new(), owners: Vec::new(), cells, placeless });
    }
}

impl Waiting {
    /// Takes up the figures and words of the rows, column by column; marks rows that are odd.
    fn fill(
        &mut self,
        screen: &Screen<'_>,
        plan: &Plan,
        rows: Rows<'_>,
        words: &mut [Texts],
        odd: &mut [bool],
    ) {
        let Self { form, rows: own, cells, placeless, .. } = self;
        let mut mark = |row: usize| {
            if let Some(odd) = odd.get_mut(row) {
                *odd = true;
            }
        };
        let own = || own.iter().filter_map(|row| Some((*row, rows.get(*row)?)));
        for number in placeless.iter() {
            let Some((at, figures, _)) = plan.figures.get(*number) else { continue };
            for (row, raw) in own() {
                if figure(figures, &raw, *at) == Read::Odd {
                    mark(row);
                }
            }
        }
        let Form::Open(lanes) = &**form else { return };
        for (number, ((program, lane), columns)) in
            screen.programs().zip(lanes).zip(cells).enumerate()
        {
            for (place, column) in lane.places.iter().zip(columns) {
                match place.from {
                    From::Figure(at, lowest) => {
                        let Some((at, figures, _)) = plan.figures.get(at) else { continue };
                        let cuts = program.cuts(place.slot);
                        for (row, raw) in own() {
                            column.push(match figure(figures, &raw, *at) {
                                Read::Value(value) => place.cell_of(cuts, value, lowest),
                                Read::Blank => place.blank,
                                Read::Odd => {
                                    mark(row);
                                    place.blank
                                }
                            });
                        }
                    }
                    From::Words(at) => {
                        let (Some(own_words), Some(texts)) =
                            (plan.words.get(at), words.get_mut(at))
                        else {
                            continue;
                        };
                        for (row, raw) in own() {
                            let find = || screen.worded(plan, own_words, &raw);
                            let at = texts.place(&own_words.columns, &raw, find);
                            let found = texts.found.get(at).and_then(Option::as_ref);
                            let cell = found.and_then(|cells| cells.get(number));
                            if cell.is_none() {
                                mark(row);
                            }
                            column.push(cell.copied().unwrap_or(place.blank));
                        }
                    }
                }
            }
        }
    }
}

/// What a column of figures says in a row.
#[derive(PartialEq)]
enum Read {
    Blank,
    Value(Value),
    /// No plain figure.
    Odd,
}

#[inline(always)]
fn figure(figures: &Figures, raw: &Raw<'_>, at: usize) -> Read {
    let value = match raw.word(at) {
        Some(word) if word.length == 0 => return Read::Blank,
        Some(word) => figures.value_of(word),
        None => figures.value(raw.field(at)),
    };
    value.map_or(Read::Odd, Read::Value)
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
