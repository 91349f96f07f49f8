//! Sets of the rows of a plane, a bit each: row *n* is bit *n* mod 64 of word *n* / 64.

/// How many words a set of so many rows takes.
pub fn words(rows: usize) -> usize {
    rows.div_ceil(64)
}

/// The rows of a set, in order.
pub fn rows(set: &[u64]) -> impl Iterator<Item = usize> {
    set.iter().enumerate().flat_map(|(word, bits)| {
        let mut rest = *bits;
        std::iter::from_fn(move || {
            let at = (rest != 0).then(|| word * 64 + rest.trailing_zeros() as usize)?;
            rest &= rest - 1;
            Some(at)
        })
    })
}

/// Keeps of a set the rows whose byte is odd: of truths, those that are unknown. A row that the
/// plane does not have is not kept.
pub fn keep_odd(set: &mut [u64], plane: &[u8]) {
    #[cfg(target_arch = "x86_64")]
    if let Some(simd) = pulp::x86::V3::try_new() {
        return simd.vectorize(
            #[inline(always)]
            || keep(set, plane, |bytes| by_halves(simd, bytes)),
        );
    }
    keep(set, plane, by_eights);
}

#[inline(always)]
fn keep(set: &mut [u64], plane: &[u8], odd: impl Fn(&[u8; 64]) -> u64) {
    let (steps, rest) = plane.as_chunks();
    let (whole, last) = set.split_at_mut(steps.len().min(set.len()));
    for (bits, bytes) in whole.iter_mut().zip(steps) {
        *bits &= odd(bytes);
    }
    if let Some((bits, beyond)) = last.split_first_mut() {
        let mut bytes = [0; 64];
        bytes.iter_mut().zip(rest).for_each(|(into, byte)| *into = *byte);
        *bits &= odd(&bytes);
        beyond.fill(0);
    }
}

/// 32 bytes at once: their lowest bits become their highest ones.
#[cfg(target_arch = "x86_64")]
#[inline(always)]
fn by_halves(simd: pulp::x86::V3, bytes: &[u8; 64]) -> u64 {
    let halves: [std::arch::x86_64::__m256i; 2] = pulp::bytemuck::cast(*bytes);
    let [low, high] = halves.map(|half| {
        let moved = simd.avx2._mm256_slli_epi16::<7>(half);
        u64::from(simd.avx2._mm256_movemask_epi8(moved).cast_unsigned())
    });
    low | high << 32
}

/// Eight bytes at once.
fn by_eights(bytes: &[u8; 64]) -> u64 {
    const LOWEST: u64 = 0x0101_0101_0101_0101;
    let (eights, _) = bytes.as_chunks::<8>();
    eights.iter().rev().fold(0, |bits, eight| {
        let odd = u64::from_le_bytes(*eight) & LOWEST;
        bits << 8 | odd.wrapping_mul(0x0102_0408_1020_4080) >> 56
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_odd_is_kept_whatever_the_length() {
        let mut state = 7u32;
        let mut draw = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        };
        for length in [0, 1, 63, 64, 65, 127, 128, 200] {
            let plane: Vec<u8> = (0..length).map(|_| draw() % 3).collect();
            for missing in [0, 1, 2] {
                let before: Vec<u64> = (0..words(length) + missing)
                    .map(|_| u64::from_le_bytes(std::array::from_fn(|_| draw())))
                    .collect();
                let expected: Vec<usize> =
                    rows(&before).filter(|at| plane.get(*at).is_some_and(|b| b % 2 == 1)).collect();
                let (mut own, mut plain) = (before.clone(), before);
                keep_odd(&mut own, &plane);
                keep(&mut plain, &plane, by_eights);
                assert_eq!(rows(&own).collect::<Vec<_>>(), expected, "{length}");
                assert_eq!(own, plain);
            }
        }
    }
}
