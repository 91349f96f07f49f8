//! Rows of one form that wait to be run.

use std::sync::Arc;

use super::Screen;
use super::form::{Drawn, Form, From, Lane, Place, Plan};
use super::taken::{Own, Scratch, Taken, Waits};
use super::texts::Texts;
use crate::logic::Truth;
use crate::quantity::{BLANK, Span};
use crate::rule::{self, Alike, Block, Cell, Cells, Dialled, Slot};
use crate::table::{Raw, Rows};

/// A form and the rows that wait to be run.
pub(super) struct Waiting {
    pub form: Arc<Form>,
    /// The rows of the run.
    rows: Own,
    /// The machine of each row; [`NOBODY`] where the row takes the whole reader after all.
    pub owners: Vec<u32>,
    /// For each program, for each place of the form, the cells of the rows.
    cells: Vec<Vec<Cells>>,
    /// For each place of the form what is possible in the rows, where a dial asks about it.
    spans: Vec<Vec<Span>>,
    /// For each row the places of the axes that it lacks, where the form has more than some row.
    empty: Vec<u64>,
    /// Figures that have no place here but say which axes there are.
    placeless: Vec<usize>,
    scratch: Scratch,
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
            rows: Own::default(),
            owners: Vec::new(),
            cells,
            spans: Vec::new(),
            empty: Vec::new(),
            placeless,
            scratch: Scratch::default(),
        }
    }

    /// Adds a row of the run, given by its number and the place of its first field; `there` are
    /// the axes that it has.
    #[inline(always)]
    pub fn wait(&mut self, (number, first): (u32, u32), there: u64) {
        self.rows.rows.push(Waits { number, first, there });
    }

    /// Names the machines of the rows of the run, of which nothing more is asked.
    pub fn name(&mut self, machines: &[u32]) {
        let machine = |row: &Waits| machines.get(row.number as usize).copied().unwrap_or(NOBODY);
        self.owners.extend(self.rows.rows.iter().map(machine));
        self.rows.rows.clear();
    }

    /// The same where every row of the run behind the first `skip` ones is a machine.
    pub fn name_in_order(&mut self, skip: u32) {
        self.owners.extend(self.rows.rows.iter().map(|row| row.number - skip));
        self.rows.rows.clear();
    }

    /// Whether rows of the run wait to be filled in.
    pub fn is_waited_for(&self) -> bool {
        !self.rows.rows.is_empty()
    }

    /// Takes up the figures and words of the rows; marks rows that are odd.
    pub fn fill(
        &mut self,
        (screen, plan): (&Screen<'_>, &Plan),
        rows: Rows<'_>,
        words: &mut [Texts],
        odd: impl FnMut(u32),
    ) {
        let Self { form, rows: own, cells, spans, placeless, scratch, empty, .. } = self;
        own.complete();
        let mut taken = Taken { own, rows, scratch, odd };
        for number in placeless.iter() {
            if let Some((at, figures, _)) = plan.figures.get(*number) {
                taken.figures(*at, figures, &figures.ladder(&[]));
            }
        }
        if let Form::Open(Drawn { lanes, axes }) = &**form {
            if let (Some(dialled), Some(lane)) = (screen.dialled, lanes.first()) {
                let of = |place: &Place| {
                    let From::Figure(of, lowest) = place.from else { return Vec::new() };
                    let asked = plan.figures.get(of).zip(dialled.span(&lane.asked, place.slot));
                    asked.map_or_else(Vec::new, |((at, figures, _), blank)| {
                        taken.spans(*at, figures, lowest.is_some(), blank)
                    })
                };
                *spans = lane.places.iter().map(of).collect();
            }
            for (number, (lane, columns)) in lanes.iter().zip(cells).enumerate() {
                for (place, column) in lane.places.iter().zip(columns) {
                    match place.from {
                        From::Figure(of, lowest) => {
                            let Some((at, figures, _)) = plan.figures.get(of) else { continue };
                            let codes = taken.figures(*at, figures, &place.ladder);
                            place.put(column, codes, lowest);
                        }
                        From::Words(of) => {
                            let own = plan.words.get(of).zip(words.get_mut(of));
                            let Some((words, texts)) = own else { continue };
                            let find = |raw: &Raw<'_>| screen.worded(plan, words, raw);
                            taken.words(&words.columns, texts, find);
                            taken.cells(texts, number, place.blank, column);
                        }
                    }
                }
            }
            taken.lacking(axes, empty);
        }
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

impl Waiting {
    /// Draws the rows for a sweep.
    pub fn draw(&mut self, dialled: &Dialled<'_>, chunk: &mut rule::Chunk) {
        let owner = |owner: &u32| if *owner == NOBODY { rule::NOBODY } else { *owner as usize };
        let owners = self.owners.iter().map(owner);
        match &*self.form {
            Form::Single => {}
            Form::Settled(codes) => {
                let truth = Truth::from_byte(codes.to_vec().first().copied().unwrap_or(1));
                let machines = owners.filter(|owner| *owner != rule::NOBODY);
                machines.for_each(|owner| chunk.settle(owner, truth));
            }
            Form::Open(drawn) => {
                let lane = drawn.lanes.iter().zip(&mut self.cells).next();
                if let Some((Lane { row, places, asked }, columns)) = lane {
                    let slots = || places.iter().map(|place| place.slot);
                    let cells: Vec<(Slot, &Cells)> = slots().zip(columns.iter()).collect();
                    let spans = slots().zip(self.spans.iter().map(Vec::as_slice));
                    let spans: Vec<(Slot, &[Span])> =
                        spans.filter(|(slot, _)| dialled.watches(*slot)).collect();
                    let (cells, spans, empty) = (&cells, &spans, &self.empty);
                    let alike = Alike { row, asked, cells, spans, empty };
                    dialled.draw_alike(chunk, alike, owners);
                    columns.iter_mut().for_each(Cells::clear);
                }
            }
        }
        self.owners.clear();
        self.empty.clear();
    }
}

impl Place {
    /// Adds what codes of figures mean to a column; a figure that bounds from above only may be
    /// any smaller one.
    fn put(&self, column: &mut Cells, codes: &[u8], lowest: Option<u8>) {
        let Cell::Range(low, high) = self.blank else { return };
        let lowest = lowest.unwrap_or(u8::MAX);
        let first = codes.iter().map(|code| if *code < BLANK { lowest.min(*code) } else { low });
        let last = codes.iter().map(|code| if *code < BLANK { *code } else { high });
        column.extend_ranges(first, last);
    }
}
