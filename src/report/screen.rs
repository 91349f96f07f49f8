//! Screenings as CSV: a row a machine, a letter an entry and a clause.

use super::csv::neutral;
use crate::assess::{Screen, Screened, Shape};
use crate::logic::widely;

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
    let titles: Vec<String> = entries.iter().map(|entry| entry.list.marked_title()).collect();
    let mut cells = vec!["machine".to_owned()];
    cells.extend(titles.iter().cloned());
    if width > verdicts {
        cells.extend(titles.iter().map(|title| format!("clauses {title}")));
    }
    let cells: Vec<String> = cells.iter().map(|cell| quoted(cell)).collect();
    cells.join(",") + "\n"
}

/// How the lines of a screening look: a byte of each line for each byte of a machine's codes.
#[derive(Debug, Clone)]
pub struct ScreenLines {
    /// How many words of codes a machine has.
    stride: usize,
    /// The letters of several machines' words, one after the other: what a code of nought is,
    zero: Vec<u64>,
    /// and how those of one
    one: Vec<u64>,
    /// and two differ.
    two: Vec<u64>,
    /// How many bytes stand behind an identifier, the line end among them.
    length: usize,
}

/// The letters of how many machines are worked out in one go.
const GO: usize = 16;

impl ScreenLines {
    /// Lines of so many verdicts, the codes standing in this shape.
    pub fn new(verdicts: usize, shape: &Shape) -> Self {
        let stride = shape.words();
        let [zero, one, two] = [(); 3].map(|()| vec![0; stride * GO]);
        let mut lines = Self { stride, zero, one, two, length: shape.length() + 1 };
        (0..shape.length()).for_each(|place| lines.set(place, [b','; 3]));
        for (number, place) in shape.places().iter().enumerate() {
            lines.set(*place, if number < verdicts { VERDICTS } else { CLAUSES });
        }
        lines.set(shape.length(), [b'\n'; 3]);
        lines
    }

    fn set(&mut self, place: usize, [zero, one, two]: [u8; 3]) {
        let Self { stride, zero: of_zero, one: of_one, two: of_two, .. } = self;
        let shift = place % 8 * 8;
        let letters = [(of_zero, zero), (of_one, zero ^ one), (of_two, zero ^ two)];
        for (words, letter) in letters {
            for word in words.iter_mut().skip(place / 8).step_by(*stride) {
                *word = *word & !(0xFF << shift) | u64::from(letter) << shift;
            }
        }
    }

    /// Adds the lines of a run.
    pub fn write(&self, screened: &Screened, out: &mut Vec<u8>) {
        let letters = self.letters(screened.codes.words());
        let letters: &[u8] = pulp::bytemuck::cast_slice(&letters);
        let mut unsafe_bytes = 0;
        widely(
            #[inline(always)]
            || unsafe_bytes = screened.ids.iter().filter(|byte| !safe(byte)).count(),
        );
        let mut from = 0;
        for (end, letters) in screened.ends.iter().zip(letters.chunks_exact(self.stride * 8)) {
            let id = screened.ids.get(from..*end).unwrap_or_default();
            from = *end;
            if id.first().is_some_and(u8::is_ascii_alphanumeric)
                && (unsafe_bytes == 0 || id.iter().all(safe))
            {
                out.extend_from_slice(id);
            } else {
                out.extend_from_slice(quoted(&neutral(&String::from_utf8_lossy(id))).as_bytes());
            }
            // All words, rather than to copy as many bytes as there are.
            let end = out.len() + self.length;
            letters.as_chunks::<8>().0.iter().for_each(|word| out.extend_from_slice(word));
            out.truncate(end);
        }
    }

    /// The letters of codes of 0, 1 or 2, the lowest byte first.
    fn letters(&self, codes: &[u64]) -> Vec<u64> {
        const ONES: u64 = 0x0101_0101_0101_0101;
        let spread = |bits: u64| (bits & ONES) * 0xFF;
        let mut all = vec![0u64; codes.len()];
        widely(
            #[inline(always)]
            || {
                let goes = all.chunks_mut(self.zero.len()).zip(codes.chunks(self.zero.len()));
                for (letters, codes) in goes {
                    let of_code = self.zero.iter().zip(&self.one).zip(&self.two);
                    for ((letters, codes), ((zero, one), two)) in
                        letters.iter_mut().zip(codes).zip(of_code)
                    {
                        *letters = zero ^ spread(*codes) & one ^ spread(codes >> 1) & two;
                        *letters = letters.to_le();
                    }
                }
            },
        );
        all
    }
}

/// Whether a byte inside a cell needs no quotes.
#[inline(always)]
fn safe(byte: &u8) -> bool {
    !matches!(byte, b',' | b'"' | b'\n' | b'\r')
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
        let shape = Shape::new(&[1, 2]);
        screened.codes = Codes::of(shape.clone(), &[[2, 0, 2].as_slice(); 6]);
        let mut text = Vec::new();
        ScreenLines::new(1, &shape).write(&screened, &mut text);
        let text = String::from_utf8(text).expect("text");
        let expected =
            "M1,C,FH\n\"a,b\",C,FH\n'=1+1,C,FH\nVM-2 Ultra,C,FH\n'-x,C,FH\n\u{b5}m,C,FH\n";
        assert_eq!(text, expected);
    }
    #[test]
    fn every_code_has_its_letter() {
        let shape = Shape::new(&[1, 1, 1, 9, 3]);
        let codes: Vec<u8> = (0..15).map(|at| at % 3).collect();
        let codes = Codes::of(shape.clone(), &[&codes]);
        assert_eq!(codes.to_vec(), (0..15).map(|at| at % 3).collect::<Vec<u8>>());
        let screened = Screened { ids: b"m".to_vec(), ends: vec![1], codes, ..Screened::default() };
        let mut text = Vec::new();
        ScreenLines::new(3, &shape).write(&screened, &mut text);
        assert_eq!(String::from_utf8(text).unwrap(), "m,-,?,C,FOHFOHFOH,FOH\n");
    }
}
