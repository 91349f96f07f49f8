//! How the figures and words of rows of one form are taken up, column by column.

use super::form::capped;
use super::texts::{Found, Texts};
use crate::catalogue::Figures;
use crate::quantity::{BLANK, Ladder, ODD, Span};
use crate::rule::{Cell, Cells};
use crate::table::{Raw, Rows};

/// A row of the run that waits.
#[derive(Debug, Clone, Copy)]
pub(super) struct Waits {
    pub number: u32,
    /// The place of its first field.
    pub first: u32,
    /// Which of the plan's axes it has.
    pub there: u64,
}

/// Rows of the run that wait.
#[derive(Default)]
pub(super) struct Own {
    pub rows: Vec<Waits>,
    /// The place of the first field of each row.
    firsts: Vec<u32>,
}

impl Own {
    /// Lines up what columns are read by.
    pub fn complete(&mut self) {
        let Self { rows, firsts } = self;
        firsts.clear();
        firsts.extend(rows.iter().map(|row| row.first));
    }
}

/// Memory for one column of the rows.
#[derive(Default)]
pub(super) struct Scratch {
    /// The places of what words say.
    places: Vec<u32>,
    codes: Vec<u8>,
}

/// Rows of one form, and what to call with those that take the whole reader after all.
pub(super) struct Taken<'r, F> {
    pub own: &'r Own,
    pub rows: Rows<'r>,
    pub scratch: &'r mut Scratch,
    pub odd: F,
}

impl<F: FnMut(u32)> Taken<'_, F> {
    /// The codes of a column's figures.
    pub fn figures(&mut self, at: usize, figures: &Figures, ladder: &Ladder) -> &[u8] {
        let Self { own, rows, scratch, odd } = self;
        let rows = *rows;
        let closely = |number: usize| {
            let raw = own.rows.get(number).and_then(|row| rows.get(row.number as usize));
            match raw.map(|raw| raw.field(at)) {
                Some([]) => BLANK,
                field => {
                    let value = field.and_then(|field| figures.value(field));
                    value.map_or(ODD, |value| ladder.rung(value))
                }
            }
        };
        let Scratch { codes, .. } = scratch;
        let column = rows.column(at);
        let odd_ones = ladder.climb(
            &own.firsts,
            #[inline(always)]
            move |first| column.word(first),
            closely,
            codes,
        );
        if odd_ones {
            let codes = own.rows.iter().zip(&*codes);
            codes.filter(|(_, code)| **code == ODD).for_each(|(row, _)| odd(row.number));
        }
        &self.scratch.codes
    }

    /// The values of a column's figures, as what is possible; a figure may bound from above only.
    pub fn spans(&self, at: usize, figures: &Figures, bounds: bool, blank: Span) -> Vec<Span> {
        let span = |row: &Waits| {
            let raw = self.rows.get(row.number as usize);
            let point = raw.and_then(|raw| figures.value(raw.field(at))).map(Span::point);
            point.map_or(blank, |point| if bounds { capped(point) } else { point })
        };
        self.own.rows.iter().map(span).collect()
    }

    /// Finds the places of what the words in some columns come to.
    pub fn words(
        &mut self,
        columns: &[usize],
        texts: &mut Texts,
        find: impl Fn(&Raw<'_>) -> Found,
    ) {
        let rows = self.rows;
        let place = |row: &Waits| texts.place(columns, rows, (row.number, row.first), &find);
        self.scratch.places.clear();
        self.scratch.places.extend(self.own.rows.iter().map(place));
    }

    /// Adds the cells of the words that were found to a column of the program with this number.
    pub fn cells(&mut self, texts: &Texts, program: usize, blank: Cell, column: &mut Cells) {
        let places = &self.scratch.places;
        let known = texts.cells(program);
        let is_known = |place: &u32| known.get(*place as usize).is_some_and(|cell| cell.is_some());
        let past = |place: &u32| *place as usize >= known.len();
        if known.iter().any(Option::is_none) || places.iter().any(past) {
            let odd = self.own.rows.iter().zip(places).filter(|(_, place)| !is_known(place));
            odd.for_each(|(row, _)| (self.odd)(row.number));
        }
        let cells = known.iter().map(|cell| cell.unwrap_or(blank)).chain([blank]);
        column.extend_known(&cells.collect::<Vec<_>>(), places);
    }

    /// For each row the places of the axes of the form that it lacks; nothing where none lacks any.
    pub fn lacking(&self, axes: &[Option<usize>], empty: &mut Vec<u64>) {
        let listed = axes.iter().enumerate().filter_map(|(at, place)| Some((at, (*place)?)));
        let listed: Vec<(usize, usize)> = listed.collect();
        let all = listed.iter().fold(0, |all, (at, _)| all | 1u64 << at);
        empty.clear();
        let there = || self.own.rows.iter().map(|row| row.there);
        if there().all(|there| there & all == all) {
            return;
        }
        if listed.iter().all(|(at, place)| at == place) {
            empty.extend(there().map(|there| !there & all));
            return;
        }
        let lacks = |there: u64| {
            let lacks = |(at, place): &(usize, usize)| (!there >> at & 1) << place;
            listed.iter().map(lacks).fold(0, |all, bit| all | bit)
        };
        empty.extend(there().map(lacks));
    }
}
