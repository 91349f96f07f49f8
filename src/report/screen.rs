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

/// The rows of a run.
pub fn screen_rows(screened: &Screened, verdicts: usize, clauses: &[usize]) -> Vec<u8> {
    let width = verdicts + clauses.iter().sum::<usize>();
    let rows = screened.ends.len();
    let mut out = Vec::with_capacity(screened.ids.len() + rows * (width + verdicts * 2 + 2));
    let mut from = 0;
    for (end, codes) in screened.ends.iter().zip(screened.codes.chunks_exact(width.max(1))) {
        let id = screened.ids.get(from..*end).unwrap_or_default();
        from = *end;
        let plain = |byte: &u8| byte.is_ascii_alphanumeric();
        if id.first().is_some_and(plain) && id.iter().all(safe) {
            out.extend_from_slice(id);
        } else {
            out.extend_from_slice(quoted(&neutral(&String::from_utf8_lossy(id))).as_bytes());
        }
        let (own, mut below) = codes.split_at(verdicts);
        for code in own {
            out.extend_from_slice(&[b',', letter(VERDICTS, *code)]);
        }
        for count in clauses {
            let (of_list, rest) = below.split_at(*count);
            out.push(b',');
            out.extend(of_list.iter().map(|code| letter(CLAUSES, *code)));
            below = rest;
        }
        out.push(b'\n');
    }
    out
}

/// Whether a byte inside a cell needs no quotes.
fn safe(byte: &u8) -> bool {
    !matches!(byte, b',' | b'"' | b'\n' | b'\r')
}

fn letter(letters: [u8; 3], code: u8) -> u8 {
    letters.get(usize::from(code)).copied().unwrap_or(b'?')
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

    #[test]
    fn identifiers_are_quoted_and_made_harmless() {
        let mut screened = Screened::default();
        for id in ["M1", "a,b", "=1+1", "VM-2 Ultra", "-x", "\u{b5}m"] {
            screened.ids.extend_from_slice(id.as_bytes());
            screened.ends.push(screened.ids.len());
            screened.codes.extend([2, 0, 2]);
        }
        let text = String::from_utf8(screen_rows(&screened, 1, &[2])).expect("text");
        let expected =
            "M1,C,FH\n\"a,b\",C,FH\n'=1+1,C,FH\nVM-2 Ultra,C,FH\n'-x,C,FH\n\u{b5}m,C,FH\n";
        assert_eq!(text, expected);
    }
}
