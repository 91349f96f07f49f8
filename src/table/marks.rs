//! Which of 64 bytes mean something, as bits of whole numbers; by the processor's widest registers
//! of which this program knows, found when it runs.

/// How many bytes are looked at in one step.
pub(super) const STEP: usize = 64;

/// The marks of one step: a bit for each byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Marks {
    pub delimiters: u64,
    pub ends: u64,
    pub quotes: u64,
    pub returns: u64,
    pub zeros: u64,
    /// Bytes beyond ASCII.
    pub wide: u64,
}

/// How many fields are looked at in one step.
pub(super) const FIELDS: usize = 8;

/// A way to look at many bytes or fields at once.
pub(super) trait Sight: Copy {
    /// The marks of a step for a delimiter.
    fn marks(self, step: &[u8; STEP], delimiter: u8) -> Marks;

    /// The places of the bits that are set in the byte of this number, in order, where the first
    /// byte counts from `from`; what lies behind them means nothing.
    fn places(self, bits: u8, from: u32, number: u32) -> [u32; 8];

    /// Which fields have bytes, a bit each: those that end here behind separators that stand there.
    fn filled(self, separators: &[u32; FIELDS], ends: &[u32; FIELDS]) -> u8;
}

/// What is done with what is seen.
pub(super) trait With {
    /// What comes of it.
    type Output;

    /// Does it with a sight.
    fn with(self, sight: impl Sight) -> Self::Output;
}

/// Eight bytes at once, on any processor.
#[derive(Debug, Clone, Copy)]
struct Plain;

/// Does it with the widest registers at hand.
pub(super) fn run<W: With>(what: W) -> W::Output {
    #[cfg(target_arch = "x86_64")]
    if let Some(simd) = pulp::x86::V3::try_new() {
        return simd.vectorize(
            #[inline(always)]
            || what.with(simd),
        );
    }
    what.with(Plain)
}

/// For each byte the places of its bits that are set, in order.
#[expect(clippy::indexing_slicing, reason = "worked out when the program is built")]
static PLACES: [[u8; 8]; 256] = {
    let mut all = [[0; 8]; 256];
    let mut byte = 0;
    while byte < 256 {
        let (mut place, mut count) = (0, 0);
        while place < 8 {
            if byte >> place & 1 == 1 {
                all[byte][count] = place as u8;
                count += 1;
            }
            place += 1;
        }
        byte += 1;
    }
    all
};

#[inline(always)]
fn of_byte(bits: u8) -> [u8; 8] {
    PLACES.get(usize::from(bits)).copied().unwrap_or_default()
}

#[cfg(target_arch = "x86_64")]
impl Sight for pulp::x86::V3 {
    #[inline(always)]
    fn marks(self, step: &[u8; STEP], delimiter: u8) -> Marks {
        by_halves(self, step, delimiter)
    }

    #[inline(always)]
    fn places(self, bits: u8, from: u32, number: u32) -> [u32; 8] {
        let all = |number: u32| self.avx._mm256_set1_epi32(number.cast_signed());
        let places = pulp::bytemuck::cast([of_byte(bits), [0; 8]]);
        let places = self.avx2._mm256_cvtepu8_epi32(places);
        let places = self.avx2._mm256_add_epi32(places, all(8 * number));
        pulp::bytemuck::cast(self.avx2._mm256_add_epi32(places, all(from)))
    }

    #[inline(always)]
    fn filled(self, separators: &[u32; FIELDS], ends: &[u32; FIELDS]) -> u8 {
        let [separators, ends]: [std::arch::x86_64::__m256i; 2] =
            [pulp::bytemuck::cast(*separators), pulp::bytemuck::cast(*ends)];
        let begins = self.avx2._mm256_add_epi32(separators, self.avx._mm256_set1_epi32(1));
        let empty = pulp::bytemuck::cast(self.avx2._mm256_cmpeq_epi32(begins, ends));
        !self.avx._mm256_movemask_ps(empty) as u8
    }
}

impl Sight for Plain {
    fn marks(self, step: &[u8; STEP], delimiter: u8) -> Marks {
        by_eights(step, delimiter)
    }

    fn places(self, bits: u8, from: u32, number: u32) -> [u32; 8] {
        of_byte(bits).map(|place| from + 8 * number + u32::from(place))
    }

    fn filled(self, separators: &[u32; FIELDS], ends: &[u32; FIELDS]) -> u8 {
        let pairs = separators.iter().zip(ends).enumerate();
        pairs.fold(0, |bits, (at, (separator, end))| {
            bits | u8::from(separator.wrapping_add(1) != *end) << at
        })
    }
}

/// 32 bytes at once.
#[cfg(target_arch = "x86_64")]
#[inline(always)]
fn by_halves(simd: pulp::x86::V3, step: &[u8; STEP], delimiter: u8) -> Marks {
    let [low, high]: [std::arch::x86_64::__m256i; 2] = pulp::bytemuck::cast(*step);
    let splat = |byte: u8| simd.avx._mm256_set1_epi8(byte.cast_signed());
    let equal = |half, byte: u8| simd.avx2._mm256_cmpeq_epi8(half, splat(byte));
    let bits = |half| u64::from(simd.avx2._mm256_movemask_epi8(half).cast_unsigned());
    let both = |byte: u8| bits(equal(low, byte)) | bits(equal(high, byte)) << 32;
    let or = |a, b| simd.avx2._mm256_or_si256(a, b);
    let rare = |half| or(or(equal(half, b'"'), equal(half, b'\r')), or(equal(half, 0), half));
    let mut marks = Marks { delimiters: both(delimiter), ends: both(b'\n'), ..Marks::default() };
    if bits(or(rare(low), rare(high))) != 0 {
        marks.quotes = both(b'"');
        marks.returns = both(b'\r');
        marks.zeros = both(0);
        marks.wide = bits(low) | bits(high) << 32;
    }
    marks
}

/// Eight bytes at once.
fn by_eights(step: &[u8; STEP], delimiter: u8) -> Marks {
    let mut marks = Marks::default();
    for (at, eight) in step.as_chunks::<8>().0.iter().enumerate() {
        let eight = u64::from_le_bytes(*eight);
        let equal = |byte: u8| gathered(zeros(eight ^ (ONES * u64::from(byte)))) << (8 * at);
        marks.delimiters |= equal(delimiter);
        marks.ends |= equal(b'\n');
        marks.quotes |= equal(b'"');
        marks.returns |= equal(b'\r');
        marks.zeros |= equal(0);
        marks.wide |= gathered(eight & HIGHS) << (8 * at);
    }
    marks
}

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGHS: u64 = ONES << 7;

/// The highest bit of each byte that is zero.
fn zeros(bytes: u64) -> u64 {
    !(((bytes & !HIGHS) + !HIGHS) | bytes) & HIGHS
}

/// The highest bits of eight bytes, side by side.
fn gathered(highs: u64) -> u64 {
    (highs >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The marks of one step.
    struct One([u8; STEP]);

    impl With for One {
        type Output = Marks;

        fn with(self, sight: impl Sight) -> Marks {
            sight.marks(&self.0, b';')
        }
    }

    /// The fields of one step that have bytes.
    struct Filled([u32; FIELDS], [u32; FIELDS]);

    impl With for Filled {
        type Output = u8;

        fn with(self, sight: impl Sight) -> u8 {
            sight.filled(&self.0, &self.1)
        }
    }

    /// The places of one byte's bits.
    struct Places(u8);

    impl With for Places {
        type Output = [u32; 8];

        fn with(self, sight: impl Sight) -> [u32; 8] {
            sight.places(self.0, 1000, 2)
        }
    }

    #[test]
    fn every_way_finds_the_same_places() {
        for bits in 0..=u8::MAX {
            let set: Vec<u32> =
                (0..8).filter(|at| bits >> at & 1 == 1).map(|at| 1016 + at).collect();
            assert_eq!(Plain.places(bits, 1000, 2)[..set.len()], set);
            assert_eq!(run(Places(bits))[..set.len()], set);
        }
    }

    #[test]
    fn every_way_sees_the_same_fields_filled() {
        for bits in 0..=u8::MAX {
            // The first field may begin the text: its separator would stand before that.
            let mut separators = [u32::MAX, 9, 20, 21, 30, 31, 32, 90];
            if bits & 2 == 0 {
                separators[0] = 3;
            }
            let filled = |at: usize| u32::from(bits >> at & 1 == 1) * (at as u32 + 1);
            let ends = std::array::from_fn(|at| separators[at].wrapping_add(1 + filled(at)));
            assert_eq!(Plain.filled(&separators, &ends), bits);
            assert_eq!(run(Filled(separators, ends)), bits);
        }
    }

    #[test]
    fn every_way_marks_the_same_bytes() {
        let mut step = [b'a'; STEP];
        for turn in 0..500usize {
            let byte = *b";\n\"\r\0\x80\xffx:".get(turn % 9).unwrap();
            step[turn * 37 % STEP] = byte;
            let expected = |wanted: fn(&u8) -> bool| {
                (0..STEP).fold(0u64, |bits, at| bits | u64::from(wanted(&step[at])) << at)
            };
            let marks = Marks {
                delimiters: expected(|b| *b == b';'),
                ends: expected(|b| *b == b'\n'),
                quotes: expected(|b| *b == b'"'),
                returns: expected(|b| *b == b'\r'),
                zeros: expected(|b| *b == 0),
                wide: expected(|b| *b >= 128),
            };
            assert_eq!(by_eights(&step, b';'), marks);
            let found = run(One(step));
            let ends = (found.delimiters, found.ends) == (marks.delimiters, marks.ends);
            assert!(ends && (found == marks || found.quotes == 0), "{found:?} {marks:?}");
        }
    }
}
