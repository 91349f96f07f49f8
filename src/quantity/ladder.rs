//! Which rungs plain decimals reach, many at a time.
//!
//! A ladder is made of cuts of one column of figures. For each number of decimals the digits that
//! still lie below a cut are worked out once, so that a figure of up to eight characters is
//! compared as the whole number that its digits make: exactly, without its value being made.

use super::{Cut, Value};

/// The cuts of a column as digits.
#[derive(Debug, Clone, Default)]
pub struct Ladder {
    /// For each number of decimals the largest digits that are read here; −1 where none are.
    most: [i32; 8],
    /// Whether nought is left to a closer look.
    zero: bool,
    /// For each cut, for each number of decimals, the largest digits below it.
    below: Vec<[i32; 8]>,
    /// The cuts.
    cuts: Vec<Cut>,
}

/// The code of a field that is empty; smaller codes are rungs, counted from the ground.
pub const BLANK: u8 = u8::MAX - 1;
/// The code of a text that takes a closer look.
pub const ODD: u8 = u8::MAX;

/// A field as it stands in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Word {
    /// Its first eight bytes, the first one the lowest; what lies behind its end is anything.
    pub bytes: u64,
    /// How many bytes it has.
    pub length: u32,
}

impl Ladder {
    /// The ladder of a column where digits with *n* decimals count `steps[n]` smallest units each
    /// (none where nought), from `origin` on; `zero`: whether nought is left to a closer look.
    pub fn new(cuts: &[Cut], steps: [i64; 8], origin: i64, zero: bool) -> Self {
        // As many decimals leave as many digits before the point; all of them are eight.
        let digits = |count: i64, step: i64| {
            count.checked_sub(origin).map_or(-1, |count| count.div_euclid(step).clamp(-1, NINES))
        };
        let whole = |digits: i64| i32::try_from(digits).unwrap_or(-1);
        let of =
            |count: i64| steps.map(|step| if step == 0 { -1 } else { whole(digits(count, step)) });
        let top = Cut::MAX.value_below().map_or(0, Value::count);
        let below = |cut: &Cut| of(cut.value_below().map_or(i64::MIN / 2, Value::count));
        Self { most: of(top), zero, below: cuts.iter().map(below).collect(), cuts: cuts.to_vec() }
    }

    /// The rung of a value: how many cuts lie below it.
    pub fn rung(&self, value: Value) -> u8 {
        let below = value.cut_below();
        u8::try_from(self.cuts.partition_point(|cut| *cut <= below)).unwrap_or(ODD)
    }

    /// The codes of the fields at some places; those that are no plain decimals of up to eight
    /// characters are looked at closely, by their number. Gives whether some are odd even so.
    pub fn climb(
        &self,
        places: &[u32],
        word: impl Fn(u32) -> Word + Copy,
        closely: impl Fn(usize) -> u8,
        codes: &mut Vec<u8>,
    ) -> bool {
        codes.resize(places.len(), ODD);
        let mut some = self.climb_plain(places, word, codes);
        if some {
            some = false;
            for (number, code) in codes.iter_mut().enumerate().filter(|(_, code)| **code == ODD) {
                *code = closely(number);
                some |= *code == ODD;
            }
        }
        some
    }

    /// Gives whether some are left to a closer look.
    fn climb_plain(
        &self,
        places: &[u32],
        word: impl Fn(u32) -> Word + Copy,
        codes: &mut [u8],
    ) -> bool {
        #[cfg(target_arch = "x86_64")]
        if let Some(simd) = pulp::x86::V3::try_new() {
            return simd.vectorize(
                #[inline(always)]
                || fours::climb(simd, self, places, word, codes),
            );
        }
        self.climb_each(places, word, codes)
    }

    /// The same one by one.
    fn climb_each(&self, places: &[u32], word: impl Fn(u32) -> Word, codes: &mut [u8]) -> bool {
        let mut some = false;
        for (place, code) in places.iter().zip(codes) {
            *code = self.code(word(*place));
            some |= *code == ODD;
        }
        some
    }

    /// The code of one field.
    fn code(&self, word: Word) -> u8 {
        if word.length == 0 {
            return BLANK;
        }
        let plain = (word.length <= 8).then(|| plain_decimal(word)).flatten();
        let Some((digits, decimals)) = plain else { return ODD };
        let of = |rung: &[i32; 8]| rung.get(decimals).copied().unwrap_or(-1);
        if digits > of(&self.most) || digits == 0 && self.zero {
            return ODD;
        }
        self.below.iter().map(|below| u8::from(digits > of(below))).sum()
    }
}

const NINES: i64 = 99_999_999;
const ONES: u64 = 0x0101_0101_0101_0101;
const NOUGHTS: u64 = ONES * 0x30;

/// The digits of a plain decimal of one to eight characters, and how many of them stand behind
/// the point; `.5` and `5.` are not plain.
fn plain_decimal(word: Word) -> Option<(i32, usize)> {
    let spare = 8 * (8 - word.length);
    // Noughts in front: the last digit is the highest byte.
    let bytes = word.bytes << spare | NOUGHTS & !(u64::MAX << spare);
    let (mut digits, mut decimals, mut point) = (0i32, 0, false);
    for (at, byte) in bytes.to_le_bytes().into_iter().enumerate() {
        match byte {
            b'0'..=b'9' => {
                digits = digits * 10 + i32::from(byte - b'0');
                decimals += usize::from(point);
            }
            b'.' if !point && at as u32 * 8 > spare => point = true,
            _ => return None,
        }
    }
    (!point || decimals > 0).then_some((digits, decimals))
}

/// The same for four fields at once.
#[cfg(target_arch = "x86_64")]
mod fours {
    use std::arch::x86_64::__m256i;

    use pulp::bytemuck::cast;
    use pulp::x86::V3;

    use super::{BLANK, Ladder, NOUGHTS, ODD, ONES, Word};

    #[inline(always)]
    pub(super) fn climb(
        simd: V3,
        ladder: &Ladder,
        places: &[u32],
        word: impl Fn(u32) -> Word + Copy,
        codes: &mut [u8],
    ) -> bool {
        let Ladder { most, zero, below, .. } = ladder;
        let zero = simd.avx._mm256_set1_epi64x(-i64::from(*zero));
        let (most, mut some) = (cast(*most), simd.avx._mm256_setzero_si256());
        let (four_places, places) = places.as_chunks::<4>();
        let (four_codes, codes) = codes.as_chunks_mut::<4>();
        for (places, codes) in four_places.iter().zip(four_codes) {
            let mut words = [Word { bytes: 0, length: 0 }; 4];
            for (slot, place) in words.iter_mut().zip(places) {
                *slot = word(*place);
            }
            let (found, odd) = rungs(simd, below, (most, zero), words);
            *codes = cast::<__m256i, [u64; 4]>(found).map(|code| code as u8);
            some = simd.avx2._mm256_or_si256(some, odd);
        }
        let some = simd.avx2._mm256_movemask_epi8(some) != 0;
        ladder.climb_each(places, word, codes) || some
    }

    /// The codes of four fields, and which of them are left to a closer look.
    #[inline(always)]
    fn rungs(
        simd: V3,
        below: &[[i32; 8]],
        (most, nought): (__m256i, __m256i),
        words: [Word; 4],
    ) -> (__m256i, __m256i) {
        let (avx, avx2) = (simd.avx, simd.avx2);
        let all = |number: u64| avx._mm256_set1_epi64x(number.cast_signed());
        let bytes: __m256i = cast(words.map(|word| word.bytes));
        let lengths: __m256i = cast(words.map(|word| u64::from(word.length)));
        // Noughts in front: the last digit is the highest byte. A shift by 64 leaves none.
        let spare = avx2._mm256_sub_epi64(all(64), avx2._mm256_slli_epi64::<3>(lengths));
        let kept = avx2._mm256_sllv_epi64(all(u64::MAX), spare);
        let bytes = avx2._mm256_or_si256(
            avx2._mm256_sllv_epi64(bytes, spare),
            avx2._mm256_andnot_si256(kept, all(NOUGHTS)),
        );
        // The first point: one bit, the bytes before it, the byte itself.
        let points = avx2._mm256_cmpeq_epi8(bytes, all(ONES * u64::from(b'.')));
        let points = avx2._mm256_and_si256(points, all(ONES));
        let negative = avx2._mm256_sub_epi64(all(0), points);
        let point = avx2._mm256_and_si256(points, negative);
        let before = avx2._mm256_sub_epi64(point, all(1));
        let own = avx2._mm256_sub_epi64(avx2._mm256_slli_epi64::<8>(point), point);
        let none = avx2._mm256_cmpeq_epi64(point, all(0));
        let behind = avx2._mm256_andnot_si256(avx2._mm256_or_si256(before, own), all(u64::MAX));
        // The digits before the point move up to those behind it.
        let low = avx2._mm256_and_si256(bytes, before);
        let moved = avx2._mm256_or_si256(avx2._mm256_slli_epi64::<8>(low), all(0x30));
        let low = avx2._mm256_blendv_epi8(moved, low, none);
        let digits = avx2._mm256_or_si256(low, avx2._mm256_and_si256(bytes, behind));
        let digits = avx2._mm256_sub_epi8(digits, all(NOUGHTS));
        let nines = all(ONES * 9);
        let small = avx2._mm256_cmpeq_epi8(avx2._mm256_min_epu8(digits, nines), digits);
        let plain = avx2._mm256_cmpeq_epi64(small, all(u64::MAX));
        // `.5`: the point stands first; `5.`: last.
        let first = avx2._mm256_cmpeq_epi64(point, avx2._mm256_sllv_epi64(all(1), spare));
        let last = avx2._mm256_cmpeq_epi64(point, all(1 << 56));
        let dangling = avx2._mm256_or_si256(first, last);
        // Pairs of digits, then fours, then all eight.
        let tens = all(u64::from_le_bytes([10, 1, 10, 1, 10, 1, 10, 1]));
        let pairs = avx2._mm256_maddubs_epi16(digits, tens);
        let fours = avx2._mm256_madd_epi16(pairs, all(0x0001_0064_0001_0064));
        let high = avx2._mm256_mul_epu32(fours, all(10_000));
        let number = avx2._mm256_add_epi64(high, avx2._mm256_srli_epi64::<32>(fours));
        let decimals = avx2._mm256_sad_epu8(avx2._mm256_and_si256(behind, all(ONES)), all(0));
        let of = |rung: __m256i| avx2._mm256_permutevar8x32_epi32(rung, decimals);
        let above = |rung: __m256i| avx2._mm256_cmpgt_epi32(number, of(rung));
        let zero = avx2._mm256_and_si256(avx2._mm256_cmpeq_epi64(number, all(0)), nought);
        let long = avx2._mm256_cmpgt_epi64(lengths, all(8));
        let odd = avx2._mm256_or_si256(
            avx2._mm256_or_si256(avx2._mm256_or_si256(dangling, above(most)), zero),
            avx2._mm256_or_si256(long, avx2._mm256_andnot_si256(plain, all(u64::MAX))),
        );
        let sum = |sum, below: &[i32; 8]| avx2._mm256_sub_epi32(sum, above(cast(*below)));
        let rungs = below.iter().fold(all(0), sum);
        let codes = avx2._mm256_blendv_epi8(rungs, all(u64::from(ODD)), odd);
        let blank = avx2._mm256_cmpeq_epi64(lengths, all(0));
        let codes = avx2._mm256_blendv_epi8(codes, all(u64::from(BLANK)), blank);
        (codes, avx2._mm256_andnot_si256(blank, odd))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(text: &str) -> Word {
        let mut bytes = *b"9.,\n1.5,";
        bytes.iter_mut().zip(text.bytes()).for_each(|(into, byte)| *into = byte);
        Word { bytes: u64::from_le_bytes(bytes), length: text.len() as u32 }
    }

    /// The code of a text, in wide numbers.
    fn slowly(ladder: &Ladder, steps: [i64; 8], origin: i64, text: &str) -> u8 {
        let (whole, rest) = text.split_once('.').unwrap_or((text, ""));
        let digits = format!("{whole}{rest}");
        let dangling = text.contains('.') && (whole.is_empty() || rest.is_empty());
        if text.is_empty() {
            return BLANK;
        }
        if text.len() > 8 || dangling || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return ODD;
        }
        let digits: i128 = digits.parse().unwrap();
        let count = digits * i128::from(steps[rest.len()]) + i128::from(origin);
        let fits = count.abs() <= i128::from(i64::MAX / 2);
        if steps[rest.len()] == 0 || !fits || digits == 0 && ladder.zero {
            return ODD;
        }
        ladder.rung(Value::from_count(count as i64).unwrap())
    }

    #[test]
    fn digits_reach_the_rungs_of_their_values() {
        let value = |count: i64| Value::from_count(count).unwrap();
        let (below, above) = (|count| value(count).cut_below(), |count| value(count).cut_above());
        let millimetre =
            [1_000_000_000, 100_000_000, 10_000_000, 1_000_000, 100_000, 10_000, 1_000, 100];
        let coarse = [100, 10, 1, 0, 0, 0, 0, 0];
        let huge = [1_000_000_000_000; 1].map(|unit| [unit, unit / 10, 0, 0, 0, 0, 0, 0]);
        let ladders = [
            (
                millimetre,
                0,
                vec![above(900_000), below(1_000_000_000_000), above(4_000_000_000_000)],
            ),
            (millimetre, 0, vec![]),
            (coarse, 0, vec![below(4_200), above(4_200), below(0), above(1), above(99_999_999)]),
            (coarse, -27_315, vec![above(-1), below(2_000), Cut::MIN, Cut::MAX]),
            (huge[0], 0, vec![above(9_223_372_036_854_775), below(12_000_000_000_000)]),
        ];
        let mut state = 7u64;
        let mut draw = |below: usize| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as usize % below
        };
        let mut texts: Vec<String> = [
            "",
            "0",
            "0.0",
            "42",
            "42.0",
            "42.00",
            "42.01",
            "41.99",
            "1000",
            "999.9999",
            "4000",
            "4000.001",
            "0.0009",
            "0.00091",
            "9223372",
            "9223373",
            ".5",
            "5.",
            ".",
            "1.2.3",
            "..1",
            "-1",
            "+1",
            "1e3",
            "1,5",
            "99999999",
            "100000000",
            "00000042",
            "20 ",
            " 20",
            "\u{b5}",
            "1/2",
            "1:2",
            "12\0",
        ]
        .map(str::to_owned)
        .to_vec();
        for _ in 0..4000 {
            let length = draw(10);
            texts.push(
                (0..length).map(|_| *b"0123456789.0..x".get(draw(15)).unwrap() as char).collect(),
            );
        }
        for (steps, origin, mut cuts) in ladders {
            cuts.sort_unstable();
            for zero in [false, true] {
                let ladder = Ladder::new(&cuts, steps, origin, zero);
                let expected: Vec<u8> =
                    texts.iter().map(|text| slowly(&ladder, steps, origin, text)).collect();
                let mut codes = Vec::new();
                let places: Vec<u32> = (0..texts.len() as u32).collect();
                let of = |at: u32| word(&texts[at as usize]);
                ladder.climb(&places, of, |_| ODD, &mut codes);
                for ((text, code), expected) in texts.iter().zip(&codes).zip(expected) {
                    assert_eq!(*code, expected, "{text:?} {steps:?} {cuts:?}");
                    assert_eq!(ladder.code(word(text)), expected, "{text:?} one by one");
                }
                let at = |text: &str| texts.iter().position(|known| known == text).unwrap() as u32;
                let places = [at("1e3"), at(""), at("42"), at("5."), at("1/2")];
                ladder.climb(&places, of, |number| 50 + number as u8, &mut codes);
                let plain = ladder.code(word("42"));
                assert_eq!(codes, [50, BLANK, plain, 53, 54]);
            }
        }
    }
}
