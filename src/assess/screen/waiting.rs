//! Rows of one form that wait to be run, and how their figures and words are taken up, column by
//! column.

use std::sync::Arc;

use super::Screen;
use super::form::{Drawn, Form, From, Lane, Place, Plan};
use super::texts::Texts;
use crate::catalogue::Figures;
use crate::quantity::{BLANK, Ladder, ODD, Word};
use crate::rule::{Block, Cell, Cells, Slot};
use crate::table::Rows;

/// A row of the run that waits.
#[derive(Debug, Clone, Copy)]
struct Own {
    row: u32,
    /// The place of its first field.
    first: u32,
    /// Which of the plan's axes it has.
    there: u64,
}

/// A form and the rows that wait to be run.
pub(super) struct Waiting {
    pub form: Arc<Form>,
    /// The rows of the run.
    rows: Vec<Own>,
    /// The machine of each row; [`NOBODY`] where the row takes the whole reader after all.
    pub owners: Vec<u32>,
    /// For each program, for each place of the form, the cells of the rows.
    cells: Vec<Vec<Cells>>,
    /// For each row the places of the axes that it lacks, where the form has more than some row.
    empty: Vec<u64>,
    /// Figures that have no place here but say which axes there are.
    placeless: Vec<usize>,
    codes: Vec<u8>,
}

/// The machine of a row that takes the whole reader.
pub(super) const NOBODY: u32 = u32::MAX;

impl Waiting {
    /// A form for which no row waits; `figures` of the plan say which axes there are.
    pub fn new(form: Arc<Form>, plan: &Plan, figures: &[usize]) -> Self {
        let like = |lane: &Lane| lane.places.iter().map(|place| Cells::like(place.blank)).collect();
        let cells = match &*form {
            Form::Open(drawn) => drawn.lanes.iter().map(like).collect(),
            _ => Vec::new(),
        };
        let of_axis =
            |number: usize| plan.figures.get(number).is_some_and(|(_, _, axis)| axis.is_some());
        let placed =
            |number: usize| form.lives(|from| matches!(from, From::Figure(of, _) if of == number));
        let placeless =
            figures.iter().copied().filter(|number| of_axis(*number) && !placed(*number)).collect();
        Self {
            form,
            rows: Vec::new(),
            owners: Vec::new(),
            cells,
            empty: Vec::new(),
            placeless,
            codes: Vec::new(),
        }
    }

    /// Adds a row of the run that has these axes.
    #[inline(always)]
    pub fn wait(&mut self, row: u32, first: u32, there: u64) {
        self.rows.push(Own { row, first, there });
    }

    /// Whether rows of the run wait to be filled in.
    pub fn is_waited_for(&self) -> bool {
        !self.rows.is_empty()
    }

    /// Takes up the figures and words of the rows; marks rows that are odd.
    pub fn fill(
        &mut self,
        screen: &Screen<'_>,
        plan: &Plan,
        rows: Rows<'_>,
        words: &mut [Texts],
        mut odd: impl FnMut(u32),
    ) {
        let Self { form, rows: own, cells, placeless, codes, empty, .. } = self;
        let form = Arc::clone(form);
        let own = own.as_slice();
        for number in placeless.iter() {
            let Some((at, figures, _)) = plan.figures.get(*number) else { continue };
            read(figures, &figures.ladder(&[]), *at, own, rows, codes);
            oddities(own, codes).for_each(&mut odd);
        }
        if let Form::Open(Drawn { lanes, axes }) = &*form {
            for (number, (lane, columns)) in lanes.iter().zip(cells).enumerate() {
                for (place, column) in lane.places.iter().zip(columns) {
                    match place.from {
                        From::Figure(at, lowest) => {
                            let Some((at, figures, _)) = plan.figures.get(at) else { continue };
                            read(figures, &place.ladder, *at, own, rows, codes);
                            oddities(own, codes).for_each(&mut odd);
                            place.put(column, codes, lowest);
                        }
                        From::Words(at) => {
                            let (Some(own_words), Some(texts)) =
                                (plan.words.get(at), words.get_mut(at))
                            else {
                                continue;
                            };
                            let places = own.iter().map(|own| {
                                rows.get(own.row as usize).map_or(usize::MAX, |raw| {
                                    let find = || screen.worded(plan, own_words, &raw);
                                    texts.place(&own_words.columns, &raw, find)
                                })
                            });
                            let places: Vec<usize> = places.collect();
                            let known = texts.cells(number);
                            let cell = |place: &usize| known.get(*place).copied().flatten();
                            for (own, place) in own.iter().zip(&places) {
                                if cell(place).is_none() {
                                    odd(own.row);
                                }
                            }
                            column.extend(places.iter().map(|at| cell(at).unwrap_or(place.blank)));
                        }
                    }
                }
            }
            lacking(own, axes, empty);
        }
        self.rows.clear();
    }

    /// Moves the rows into the blocks, one for each program; adds their machines to `owners`.
    pub fn move_to(&mut self, blocks: &mut [Block], owners: &mut Vec<u32>) {
        let Form::Open(drawn) = &*self.form else { return };
        for ((lane, columns), block) in drawn.lanes.iter().zip(&mut self.cells).zip(blocks) {
            let slots = lane.places.iter().map(|place| place.slot);
            let but: Vec<(Slot, &Cells)> = slots.zip(columns.iter()).collect();
            block.push_alike(&lane.row, self.owners.len(), &but, &self.empty);
            columns.iter_mut().for_each(Cells::clear);
        }
        owners.append(&mut self.owners);
        self.empty.clear();
    }
}

impl Place {
    /// Adds what codes of figures mean to a column; a figure that bounds from above only may be
    /// any smaller one.
    fn put(&self, column: &mut Cells, codes: &[u8], lowest: Option<u8>) {
        let Cell::Range(low, high) = self.blank else { return };
        let lowest = lowest.unwrap_or(u8::MAX);
        column.extend(codes.iter().map(|code| {
            let is_cell = *code < BLANK;
            let own_low = lowest.min(*code);
            Cell::Range(if is_cell { own_low } else { low }, if is_cell { *code } else { high })
        }));
    }
}

/// The rows whose texts are no plain figures.
fn oddities<'o>(own: &'o [Own], codes: &'o [u8]) -> impl Iterator<Item = u32> + 'o {
    let any = codes.contains(&ODD);
    let odd = move |(_, code): &(&Own, &u8)| any && **code == ODD;
    own.iter().zip(codes).filter(odd).map(|(own, _)| own.row)
}

/// For each row the places of the axes of the form that it lacks; nothing where none lacks any.
fn lacking(own: &[Own], axes: &[Option<usize>], empty: &mut Vec<u64>) {
    let listed = axes.iter().enumerate().filter_map(|(at, place)| Some((at, (*place)?)));
    let listed: Vec<(usize, usize)> = listed.collect();
    let all = listed.iter().fold(0, |all, (at, _)| all | 1u64 << at);
    empty.clear();
    if own.iter().all(|own| own.there & all == all) {
        return;
    }
    empty.extend(own.iter().map(|own| {
        listed.iter().fold(0, |empty, (at, place)| empty | (!own.there >> at & 1) << place)
    }));
}

/// The codes of a column's figures.
fn read(
    figures: &Figures,
    ladder: &Ladder,
    at: usize,
    own: &[Own],
    rows: Rows<'_>,
    codes: &mut Vec<u8>,
) {
    let closely = |number: usize| {
        let raw = own.get(number).and_then(|own| rows.get(own.row as usize));
        match raw.map(|raw| raw.field(at)) {
            Some([]) => BLANK,
            field => field.and_then(|field| figures.value(field)).map_or(ODD, |v| ladder.rung(v)),
        }
    };
    ladder.climb(
        own.len(),
        #[inline(always)]
        |number: usize| match own.get(number) {
            Some(own) => rows.word(own.first as usize + at),
            None => Word { bytes: 0, length: 0 },
        },
        closely,
        codes,
    );
}
