//! Where the fields of a run of records stand: one pass over the text, 64 bytes at a time.
//!
//! Each step compares 64 bytes with the bytes that mean something ([`marks`]) and works on the
//! marks as whole numbers: whether a separator stands inside quotes is one prefix parity. Text
//! that RFC 4180 reads in another way (a stray quote, a lone carriage return), text with a zero
//! byte and text that is not UTF-8 is told apart and left to the reader that takes a file whole.

use super::chunk::Odd;
use super::marks::{self, FIELDS, Marks, STEP, Sight, With};

/// Where the fields of every record that is not blank end.
#[derive(Debug, Default)]
pub struct Grid {
    /// Where each field ends, the first entry standing before the text. Each field begins behind
    /// the separator that ends the field before. What lies behind `used` means nothing.
    ends: Vec<u32>,
    used: usize,
    records: Vec<Extent>,
    /// Which fields have bytes, a bit each; a few more bytes than that takes.
    filled: Vec<u8>,
    /// Whether a carriage return stands in the text.
    returns: bool,
    /// Whether an empty field may stand in quotes.
    hollow: bool,
}

/// Room for the fields that may end in one step, of which eight are written at once.
const ROOM: usize = STEP + 8;

/// One record: the place of its first field among all, and how many it has.
#[derive(Debug, Clone, Copy)]
pub(super) struct Extent {
    pub first: u32,
    pub width: u32,
}

impl Extent {
    /// Where the record's fields end, the separator before its first one in front.
    #[inline(always)]
    pub fn of(self, ends: &[u32]) -> &[u32] {
        let first = self.first as usize;
        ends.get(first..=first + self.width as usize).unwrap_or_default()
    }
}

/// What one step leaves for the next.
struct Carry {
    /// All ones inside quotes.
    inside: u64,
    /// Whether the last byte was a separator (or there was none), a closing quote, a quote, a
    /// carriage return: one bit each.
    separator: u64,
    closing: u64,
    quote: u64,
    returned: u64,
    /// A quote that closes right behind one that begins a field, wherever it stands in a step.
    hollow: u64,
    /// Whether the last byte was a quote that begins a field.
    opening: u64,
}

/// A text on its way into a grid.
struct Splitter<'g> {
    grid: &'g mut Grid,
    text: &'g [u8],
    delimiter: u8,
    carry: Carry,
    /// Bytes beyond ASCII, wherever they stand in a step.
    wide: u64,
}

impl Carry {
    const START: Self =
        Self { inside: 0, separator: 1, closing: 0, quote: 0, returned: 0, hollow: 0, opening: 0 };

    /// The separators outside quotes; `None` where the quoting or the line ends are not plain.
    #[inline(always)]
    fn separators(&mut self, marks: &Marks) -> Option<u64> {
        let separators = marks.delimiters | marks.ends;
        if marks.quotes | marks.returns | self.inside | self.closing | self.returned == 0 {
            self.separator = separators >> 63;
            (self.quote, self.opening) = (0, 0);
            return Some(separators);
        }
        let inside = parity(marks.quotes) ^ self.inside;
        let (opening, closing) = (marks.quotes & inside, marks.quotes & !inside);
        let outside = separators & !inside;
        let behind = |bits: u64, carried: u64| bits << 1 | carried;
        // A quote opens behind a separator, or behind the first of two; one that closes stands
        // before a separator, a line end, or the second of two.
        let first = opening & behind(outside, self.separator);
        let stray = opening & !(first | behind(marks.quotes, self.quote));
        let followed = behind(closing, self.closing) & !(separators | marks.quotes | marks.returns);
        let lone = behind(marks.returns, self.returned) & !marks.ends;
        *self = Self {
            inside: 0u64.wrapping_sub(inside >> 63),
            separator: outside >> 63,
            closing: closing >> 63,
            quote: marks.quotes >> 63,
            returned: marks.returns >> 63,
            hollow: self.hollow | behind(first, self.opening) & closing,
            opening: first >> 63,
        };
        (stray | followed | lone == 0).then_some(outside)
    }
}

/// For each bit whether an odd number of bits is set up to and with it.
#[inline(always)]
fn parity(bits: u64) -> u64 {
    [1, 2, 4, 8, 16, 32].iter().fold(bits, |bits, step| bits ^ bits << step)
}

impl Grid {
    /// Splits a run of whole records, in place of what was split before.
    pub fn split(&mut self, text: &[u8], delimiter: u8) -> Result<(), Odd> {
        self.records.clear();
        self.used = 1;
        (self.returns, self.hollow) = (false, false);
        let splitter = Splitter { grid: self, text, delimiter, carry: Carry::START, wide: 0 };
        let ascii = marks::run(splitter).ok_or(Odd::Form)?;
        if ascii || simdutf8::basic::from_utf8(text).is_ok() { Ok(()) } else { Err(Odd::Form) }
    }

    /// The records.
    pub(super) fn records(&self) -> &[Extent] {
        &self.records
    }

    /// Where every field ends, the entry before the first one standing before the text.
    pub(super) fn ends(&self) -> &[u32] {
        self.ends.get(..=self.used).unwrap_or(&self.ends)
    }

    /// Which fields have bytes, a bit each; at least eight more bytes stand behind.
    pub(super) fn filled(&self) -> &[u8] {
        &self.filled
    }

    /// Whether a carriage return stands in the text.
    pub(super) fn returns(&self) -> bool {
        self.returns
    }

    /// Whether a field that is empty may have bytes: quotes, or a carriage return behind it.
    pub(super) fn hollow(&self) -> bool {
        self.hollow || self.returns
    }

    /// Marks the fields that have bytes.
    #[inline(always)]
    fn mark(&mut self, sight: impl Sight) {
        let steps = self.used / FIELDS + 1;
        if self.filled.len() < steps + 8 {
            self.filled.resize((steps + 8) * 2, 0);
        }
        let (separators, _) = self.ends.as_chunks();
        let (ends, _) = self.ends.get(1..).unwrap_or_default().as_chunks();
        let fields = separators.iter().zip(ends).take(steps);
        for (filled, (separators, ends)) in self.filled.iter_mut().zip(fields) {
            *filled = sight.filled(separators, ends);
        }
    }

    /// Makes room for the fields that may end in one step.
    #[inline(always)]
    fn room(&mut self) -> &mut [u32] {
        if self.ends.len() < self.used + ROOM {
            self.ends.resize((self.used + ROOM) * 2, 0);
        }
        if let Some(before) = self.ends.first_mut() {
            *before = u32::MAX;
        }
        self.ends.get_mut(self.used..self.used + ROOM).unwrap_or_default()
    }

    /// Takes up the fields that end in one step.
    #[inline(always)]
    fn take(&mut self, sight: impl Sight, text: &[u8], from: usize, separators: u64, ends: u64) {
        if let Some(room) = self.room().first_chunk_mut::<ROOM>() {
            let mut at = 0u32;
            // Without branches: how many fields end in a few bytes cannot be foreseen.
            for (number, bits) in (0..).zip(separators.to_le_bytes()) {
                let eight =
                    room.get_mut(at as usize % STEP..).and_then(|room| room.first_chunk_mut());
                if let Some(eight) = eight {
                    *eight = sight.places(bits, from as u32, number);
                }
                at += bits.count_ones();
            }
        }
        let mut ends = ends & separators;
        while ends != 0 {
            let below = (ends & ends.wrapping_neg()).wrapping_sub(1);
            let last = self.used + (separators & below).count_ones() as usize;
            self.record(text, last);
            ends &= ends.wrapping_sub(1);
        }
        self.used += separators.count_ones() as usize;
    }

    /// Ends a record with the field whose end stands at `last`.
    #[inline(always)]
    fn record(&mut self, text: &[u8], last: usize) {
        let first = self.records.last().map_or(0, |before| before.first + before.width) as usize;
        let extent = Extent { first: first as u32, width: (last - first) as u32 };
        self.records.push(extent);
        let start = self.ends.get(first).map_or(0, |end| end.wrapping_add(1) as usize);
        // Letters and digits are the rule: whatever else the record begins with is looked at.
        if !text.get(start).is_some_and(u8::is_ascii_alphanumeric) {
            self.keep(text, extent);
        }
    }

    /// Keeps a record that is not blank.
    #[cold]
    fn keep(&mut self, text: &[u8], extent: Extent) {
        let blank = |field: &[u8]| str::from_utf8(field).is_ok_and(|text| text.trim().is_empty());
        let ends = extent.of(&self.ends);
        let pairs = ends.iter().zip(ends.iter().skip(1));
        let mut fields = pairs.map(|(before, end)| {
            let from = before.wrapping_add(1);
            // A carriage return behind the last field's quotes hides them.
            let returned = *end > from && text.get(*end as usize - 1) == Some(&b'\r');
            bare(text, from, end - u32::from(returned))
        });
        if fields.all(blank) {
            self.records.pop();
            // Its fields go with it: what comes next begins behind its end.
            let end = extent.first + extent.width;
            let next = Extent { first: end, width: 0 };
            self.records.push(next);
        }
    }
}

impl Splitter<'_> {
    /// Takes up one step; `None` where it is odd.
    #[inline(always)]
    fn step(&mut self, sight: impl Sight, from: usize, marks: &Marks, kept: u64) -> Option<()> {
        let separators = self.carry.separators(marks).filter(|_| marks.zeros == 0)?;
        self.wide |= marks.wide;
        self.grid.returns |= marks.returns != 0;
        self.grid.take(sight, self.text, from, separators & kept, marks.ends);
        Some(())
    }
}

impl With for Splitter<'_> {
    /// Whether the text is ASCII; `None` where it is odd.
    type Output = Option<bool>;

    #[inline(always)]
    fn with(mut self, sight: impl Sight) -> Self::Output {
        let text = self.text;
        let (steps, rest) = text.as_chunks::<STEP>();
        let mut last = [b'\n'; STEP];
        last.iter_mut().zip(rest).for_each(|(into, byte)| *into = *byte);
        for (number, bytes) in steps.iter().enumerate() {
            let marks = sight.marks(bytes, self.delimiter);
            self.step(sight, number * STEP, &marks, u64::MAX)?;
        }
        let marks = sight.marks(&last, self.delimiter);
        self.step(sight, steps.len() * STEP, &marks, (1 << rest.len()) - 1)?;
        if self.carry.inside != 0 || text.last() == Some(&b'\r') {
            return None;
        }
        if text.last().is_some_and(|byte| *byte != b'\n') {
            if let Some(end) = self.grid.room().first_mut() {
                *end = u32::try_from(text.len()).ok()?;
            }
            self.grid.record(text, self.grid.used);
        }
        self.grid.records.retain(|record| record.width > 0);
        self.grid.hollow = self.carry.hollow != 0;
        self.grid.mark(sight);
        Some(self.wide == 0)
    }
}

/// A field without its quotes.
#[inline(always)]
pub(super) fn bare(text: &[u8], from: u32, to: u32) -> &[u8] {
    let field = text.get(from as usize..to as usize).unwrap_or_default();
    match field {
        [b'"', inner @ .., b'"'] => inner,
        plain => plain,
    }
}
