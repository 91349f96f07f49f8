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

/// What is done with the marks of step after step.
pub(super) trait With {
    /// What comes of it.
    type Output;

    /// Does it where `marks` gives the marks of a step for a delimiter.
    fn with(self, marks: impl Fn(&[u8; STEP], u8) -> Marks) -> Self::Output;
}

/// Does it with the widest registers at hand.
pub(super) fn run<W: With>(what: W) -> W::Output {
    #[cfg(target_arch = "x86_64")]
    if let Some(simd) = pulp::x86::V3::try_new() {
        return simd.vectorize(
            #[inline(always)]
            || {
                what.with(
                    #[inline(always)]
                    |step, delimiter| by_halves(simd, step, delimiter),
                )
            },
        );
    }
    what.with(by_eights)
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

/// Eight bytes at once, on any processor.
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

        fn with(self, marks: impl Fn(&[u8; STEP], u8) -> Marks) -> Marks {
            marks(&self.0, b';')
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
