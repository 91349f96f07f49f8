//! Screenings as CSV: a row a machine, a letter an entry and a clause.

use super::csv::neutral;
use crate::assess::{Screen, Screened};

/// The letters of verdicts, by their code.
const VERDICTS: [u8; 3] = *b"-?C";
/// The letters of clauses, by the byte of their truth: fails, open, holds.
const CLAUSES: [u8; 3] = *b"FOH";

/// The header: the machine, a column for each list (`C` captured, `-` not captured, `?`
/// undetermined) and, where clauses are shown, a column of letters for each list: for each clause
/// but the entry itself, in the list's order, `H` holds, `F` fails or `O` open.
pub fn screen_header(screen: &Screen<'_>) -> String {
    let (width, verdicts) = screen.width();
    let entries = screen.evaluator().program.entries();
    let titles = entries.iter().map(|entry| entry.list.title());
    let mut cells: Vec<String> = std::iter::once("machine".to_owned()).chain(titles).collect();
    if width > verdicts {
        cells.extend(entries.iter().map(|entry| format!("clauses {}", entry.list.title())));
    }
    let cells: Vec<String> = cells.iter().map(|cell| quoted(cell)).collect();
    cells.join(",") + "\n"
}

/// How many clauses each list shows.
pub fn screen_clauses(screen: &Screen<'_>) -> Vec<usize> {
    let (width, verdicts) = screen.width();
    if width == verdicts {
        return Vec::new();
    }
    let entries = screen.evaluator().program.entries();
    let below = |entry: &crate::rule::Entry| {
        let root = &entry.list.header.root;
        entry.list.clauses.iter().filter(|clause| clause.id != *root).count()
    };
    entries.iter().map(below).collect()
}

/// How the lines of a screening look.
#[derive(Debug, Clone)]
pub struct ScreenLines {
    /// What stands behind an identifier, without its letters.
    behind: Vec<u8>,
    /// The cells: where each begins there, how many letters it has, and the letters of its codes.
    cells: Vec<(usize, usize, [u8; 3])>,
}

impl ScreenLines {
    /// Lines of so many verdicts, and so many clauses of each list.
    pub fn new(verdicts: usize, clauses: &[usize]) -> Self {
        let mut lines = Self { behind: Vec::new(), cells: Vec::new() };
        (0..verdicts).for_each(|_| lines.cell(1, VERDICTS));
        clauses.iter().for_each(|count| lines.cell(*count, CLAUSES));
        lines.behind.push(b'\n');
        lines
    }

    fn cell(&mut self, count: usize, letters: [u8; 3]) {
        self.behind.push(b',');
        self.cells.push((self.behind.len(), count, letters));
        self.behind.resize(self.behind.len() + count, b'?');
    }

    /// Adds the lines of a run.
    pub fn write(&self, screened: &Screened, out: &mut Vec<u8>) {
        let all_safe = screened.ids.iter().all(safe);
        let mut ends = screened.ends.iter();
        let mut from = 0;
        screened.codes.each(|codes| {
            let end = ends.next().copied().unwrap_or(from);
            let id = screened.ids.get(from..end).unwrap_or_default();
            from = end;
            if id.first().is_some_and(u8::is_ascii_alphanumeric)
                && (all_safe || id.iter().all(safe))
            {
                out.extend_from_slice(id);
            } else {
                out.extend_from_slice(quoted(&neutral(&String::from_utf8_lossy(id))).as_bytes());
            }
            let start = out.len();
            out.extend_from_slice(&self.behind);
            let behind = out.get_mut(start..).unwrap_or_default();
            let mut codes = codes;
            for (place, count, letters) in &self.cells {
                let (own, rest) = codes.split_at_checked(*count).unwrap_or_default();
                let slots = behind.get_mut(*place..place + count).unwrap_or_default();
                slots.iter_mut().zip(own).for_each(|(slot, code)| *slot = letter(*letters, *code));
                codes = rest;
            }
        });
    }
}

/// Whether a byte inside a cell needs no quotes.
fn safe(byte: &u8) -> bool {
    !matches!(byte, b',' | b'"' | b'\n' | b'\r')
}

fn letter([first, second, third]: [u8; 3], code: u8) -> u8 {
    match code {
        0 => first,
        1 => second,
        _ => third,
    }
}

fn quoted(cell: &str) -> String {
    if cell.bytes().all(|byte| safe(&byte)) {
        cell.to_owned()
    } else {
        format!("\"{}\"", cell.replace('"', "\"\""))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assess::Codes;

    #[test]
    fn identifiers_are_quoted_and_made_harmless() {
        let mut screened = Screened::default();
        for id in ["M1", "a,b", "=1+1", "VM-2 Ultra", "-x", "\u{b5}m"] {
            screened.ids.extend_from_slice(id.as_bytes());
            screened.ends.push(screened.ids.len());
        }
        screened.codes = Codes::of(3, &[[2, 0, 2].as_slice(); 6]);
        let mut text = Vec::new();
        ScreenLines::new(1, &[2]).write(&screened, &mut text);
        let text = String::from_utf8(text).expect("text");
        let expected =
            "M1,C,FH\n\"a,b\",C,FH\n'=1+1,C,FH\nVM-2 Ultra,C,FH\n'-x,C,FH\n\u{b5}m,C,FH\n";
        assert_eq!(text, expected);
    }
}
