//! Rows of a file drawn for a sweep, column by column as for a screening.
//!
//! A form is drawn with its dials beyond every limit; a form that settles the list there settles it
//! wherever they stand, as no figure that they ask about has gone into it. Beside the cells of
//! each row stand the figures themselves.

use super::{Screen, Worker};
use crate::assess::sweep::drawn::{Run, Turned, draw};
use crate::catalogue::Sheet;
use crate::evidence::Picture;
use crate::machine::Machine;
use crate::rule::{self, Dialled};
use crate::table::{Chunk, Odd};

/// How rows of a file are drawn for a sweep.
pub struct Drawing<'e> {
    screen: Screen<'e>,
    dialled: &'e Dialled<'e>,
    turned: &'e Turned,
}

impl<'e> Drawing<'e> {
    /// Prepares drawing; `None` where rows of the sheet are not read column by column.
    pub fn new(turned: &'e Turned, dialled: &'e Dialled<'e>, sheet: &'e Sheet<'e>) -> Option<Self> {
        let mut screen = Screen::new(turned.evaluator(), sheet, false, false);
        screen.dialled = Some(dialled);
        screen.is_columnar().then_some(Self { screen, dialled, turned })
    }

    /// Draws a run of records; text that has to be read whole is given back.
    pub fn run(&self, chunk: &Chunk, delimiter: u8, header: bool) -> Result<Run, Odd> {
        let screen = &self.screen;
        let (mut worker, mut out) = (screen.worker(), screen.screened());
        screen.sort(&mut worker, chunk, (delimiter, header), &mut out)?;
        let mut rows = self.dialled.chunk();
        let Worker { seen, singles, .. } = &mut worker;
        for waiting in seen.forms.iter_mut().filter(|waiting| !waiting.owners.is_empty()) {
            waiting.draw(self.dialled, &mut rows);
        }
        let beyond = self.singles(singles, &mut rows);
        screen.give_back(worker);
        let told = [out.rejected.len(), out.remarks.len()];
        Ok(Run { number: chunk.number, rows, beyond, machines: out.ends.len(), told })
    }

    /// Draws machines that were read as everywhere else; gives those that cannot be drawn.
    fn singles(&self, singles: &mut Vec<(u32, Machine)>, rows: &mut rule::Chunk) -> Vec<usize> {
        let mut picture = Picture::default();
        let mut beyond = Vec::new();
        for (owner, machine) in singles.drain(..) {
            let owner = owner as usize;
            let evaluator = self.turned.evaluator();
            if !draw(evaluator, self.dialled, rows, &mut picture, &machine, owner) {
                beyond.push(owner);
            }
        }
        beyond
    }
}
