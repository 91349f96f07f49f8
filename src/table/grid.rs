//! Where the fields of a run of records stand: one pass over the text, 64 bytes at a time.
//!
//! Each step compares 64 bytes with the bytes that mean something and works on the marks as whole
//! numbers: whether a separator stands inside quotes is one prefix parity. Text that RFC 4180
//! reads in another way (a stray quote, a lone carriage return), text with a zero byte and text
//! that is not UTF-8 is told apart and left to the reader that takes a file whole.

use wide::u8x16;

use super::chunk::Odd;

/// How many bytes are looked at in one step.
const STEP: usize = 64;

/// Where the fields of every record that is not blank stand, quotes around them left away.
#[derive(Debug, Default)]
pub struct Grid {
    /// Where each field begins and ends.
    spans: Vec<(u32, u32)>,
    lines: Vec<Line>,
}

/// One record.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line {
    /// The byte behind which it begins.
    pub start: usize,
    /// Its first field among all, and the first of the next record.
    pub fields: (usize, usize),
    /// Whether a quote stands in it.
    pub quoted: bool,
}

/// The marks of one step: a bit for each byte.
struct Marks {
    delimiters: u64,
    ends: u64,
    quotes: u64,
    returns: u64,
    zeros: u64,
    wide: u64,
}

/// What one step leaves for the next.
#[derive(Default)]
struct Carry {
    /// All ones inside quotes.
    inside: u64,
    /// Whether the last byte was a separator (or there was none), a closing quote, a quote, a
    /// carriage return: one bit each.
    separator: u64,
    closing: u64,
    quote: u64,
    returned: u64,
}

/// The record that is being split.
#[derive(Default)]
struct Open {
    line: usize,
    field: usize,
    first: usize,
    quoted: bool,
}

impl Marks {
    #[inline(always)]
    fn of(step: &[u8; STEP], delimiter: u8) -> Self {
        let mut marks = Self { delimiters: 0, ends: 0, quotes: 0, returns: 0, zeros: 0, wide: 0 };
        let mut rare = 0;
        for (at, bytes) in step.as_chunks::<16>().0.iter().enumerate() {
            let bytes = u8x16::from(*bytes);
            let equal = |byte: u8| bytes.cmp_eq(u8x16::splat(byte));
            let bits = |of: u8x16| u64::from(of.move_mask() as u32 & 0xFFFF) << (16 * at);
            marks.delimiters |= bits(equal(delimiter));
            marks.ends |= bits(equal(b'\n'));
            rare |= bits(equal(b'"') | equal(b'\r') | equal(0) | bytes);
        }
        if rare != 0 {
            marks.rare(step);
        }
        marks
    }

    #[cold]
    fn rare(&mut self, step: &[u8; STEP]) {
        for (at, bytes) in step.as_chunks::<16>().0.iter().enumerate() {
            let bytes = u8x16::from(*bytes);
            let equal = |byte: u8| bytes.cmp_eq(u8x16::splat(byte));
            let bits = |of: u8x16| u64::from(of.move_mask() as u32 & 0xFFFF) << (16 * at);
            self.quotes |= bits(equal(b'"'));
            self.returns |= bits(equal(b'\r'));
            self.zeros |= bits(equal(0));
            self.wide |= bits(bytes);
        }
    }
}

impl Carry {
    /// The separators outside quotes; `None` where the quoting or the line ends are not plain.
    #[inline(always)]
    fn separators(&mut self, marks: &Marks) -> Option<u64> {
        let separators = marks.delimiters | marks.ends;
        if marks.quotes | marks.returns | self.inside | self.closing | self.returned == 0 {
            self.separator = separators >> 63;
            self.quote = 0;
            return Some(separators);
        }
        let inside = parity(marks.quotes) ^ self.inside;
        let (opening, closing) = (marks.quotes & inside, marks.quotes & !inside);
        let outside = separators & !inside;
        let behind = |bits: u64, carried: u64| bits << 1 | carried;
        // A quote opens behind a separator, or behind the first of two; one that closes stands
        // before a separator, a line end, or the second of two.
        let stray = opening & !(behind(outside, self.separator) | behind(marks.quotes, self.quote));
        let followed = behind(closing, self.closing) & !(separators | marks.quotes | marks.returns);
        let lone = behind(marks.returns, self.returned) & !marks.ends;
        *self = Self {
            inside: 0u64.wrapping_sub(inside >> 63),
            separator: outside >> 63,
            closing: closing >> 63,
            quote: marks.quotes >> 63,
            returned: marks.returns >> 63,
        };
        (stray | followed | lone == 0).then_some(outside)
    }
}

/// For each bit whether an odd number of bits is set up to and with it.
fn parity(bits: u64) -> u64 {
    [1, 2, 4, 8, 16, 32].iter().fold(bits, |bits, step| bits ^ bits << step)
}

impl Grid {
    /// Splits a run of whole records, in place of what was split before.
    pub fn split(&mut self, text: &[u8], delimiter: u8) -> Result<(), Odd> {
        self.spans.clear();
        self.lines.clear();
        let (steps, rest) = text.as_chunks::<STEP>();
        let mut last = [b'\n'; STEP];
        last.iter_mut().zip(rest).for_each(|(into, byte)| *into = *byte);
        let mut carry = Carry { separator: 1, ..Carry::default() };
        let (mut open, mut plain) = (Open::default(), true);
        for (number, step) in steps.iter().chain([&last]).enumerate() {
            let marks = Marks::of(step, delimiter);
            let separators = carry.separators(&marks).filter(|_| marks.zeros == 0);
            let mut separators = separators.ok_or(Odd::Form)?;
            if number == steps.len() {
                separators &= (1 << rest.len()) - 1;
            }
            plain &= marks.wide == 0;
            self.step(text, &mut open, number * STEP, separators, &marks);
        }
        if carry.inside != 0 || text.last() == Some(&b'\r') {
            return Err(Odd::Form);
        }
        if open.line < text.len() {
            self.field(&mut open, text.len());
            self.line(text, &mut open, text.len());
        }
        if plain || str::from_utf8(text).is_ok() { Ok(()) } else { Err(Odd::Form) }
    }

    /// Takes up the fields that end in one step.
    #[inline(always)]
    fn step(&mut self, text: &[u8], open: &mut Open, from: usize, mut bits: u64, marks: &Marks) {
        let mut quotes = marks.quotes;
        while bits != 0 {
            let bit = bits & bits.wrapping_neg();
            let at = from + bits.trailing_zeros() as usize;
            bits ^= bit;
            self.field(open, at);
            if marks.ends & bit != 0 {
                open.quoted |= quotes & (bit - 1) != 0;
                quotes &= !(bit - 1);
                self.line(text, open, at);
            }
        }
        open.quoted |= quotes != 0;
    }

    #[inline(always)]
    fn field(&mut self, open: &mut Open, end: usize) {
        self.spans.push((open.field as u32, end as u32));
        open.field = end + 1;
    }

    /// Ends a record.
    #[inline(always)]
    fn line(&mut self, text: &[u8], open: &mut Open, end: usize) {
        let fields = (open.first, self.spans.len());
        let line = Line { start: open.line, fields, quoted: open.quoted };
        let spans = self.spans.get_mut(open.first..).unwrap_or_default();
        if let Some(last) = spans.last_mut()
            && end > open.line
            && text.get(end - 1) == Some(&b'\r')
        {
            last.1 -= 1;
        }
        if open.quoted {
            unquote(text, spans);
        }
        let blank = |&(from, to): &(u32, u32)| {
            let field = text.get(from as usize..to as usize).unwrap_or_default();
            let plain = field.first().is_some_and(u8::is_ascii_graphic);
            !plain && str::from_utf8(field).is_ok_and(|text| text.trim().is_empty())
        };
        if spans.iter().all(blank) {
            self.spans.truncate(open.first);
        } else {
            self.lines.push(line);
        }
        *open = Open { line: end + 1, field: end + 1, first: self.spans.len(), quoted: false };
    }

    /// The records.
    pub(super) fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// The fields of all records.
    pub(super) fn spans(&self) -> &[(u32, u32)] {
        &self.spans
    }
}

/// Leaves the quotes around fields away.
fn unquote(text: &[u8], spans: &mut [(u32, u32)]) {
    for (from, to) in spans {
        if text.get(*from as usize) == Some(&b'"') && *to > *from + 1 {
            (*from, *to) = (*from + 1, *to - 1);
        }
    }
}
