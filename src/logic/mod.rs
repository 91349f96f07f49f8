//! Kleene's strong three-valued logic, one truth at a time and in planes over many machines.
//!
//! A truth is 0 (false), 1 (unknown) or 2 (true), so that *and* is the smaller, *or* the larger
//! and *not* the distance from two. A plane holds one truth a machine; its kernels are plain
//! loops over bytes. Knows nothing of what the truths are about.

pub mod bits;

/// False, unknown or true.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[repr(u8)]
pub enum Truth {
    /// No completion makes it true.
    False = 0,
    /// It depends on what is not known.
    #[default]
    Unknown = 1,
    /// Every completion makes it true.
    True = 2,
}

impl Truth {
    /// True or false.
    pub fn of(holds: bool) -> Self {
        if holds { Self::True } else { Self::False }
    }

    /// True where `certain`, false where not even `possible`.
    pub fn between(certain: bool, possible: bool) -> Self {
        Self::from_byte(u8::from(certain) + u8::from(possible))
    }

    /// The truth of a plane's byte.
    pub fn from_byte(byte: u8) -> Self {
        match byte {
            0 => Self::False,
            1 => Self::Unknown,
            _ => Self::True,
        }
    }

    /// Both.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        self.min(other)
    }

    /// Either.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        self.max(other)
    }

    /// Whether it is decided.
    pub fn is_known(self) -> bool {
        self != Self::Unknown
    }
}

impl std::ops::Not for Truth {
    type Output = Self;

    fn not(self) -> Self {
        Self::from_byte(2 - self as u8)
    }
}

/// Sets every truth of `out` to the smaller of two.
pub fn and_of(out: &mut [u8], one: &[u8], other: &[u8]) {
    widely(
        #[inline(always)]
        || {
            for ((out, one), other) in out.iter_mut().zip(one).zip(other) {
                *out = (*one).min(*other);
            }
        },
    );
}

/// Sets every truth of `out` to the smaller of itself and `with`.
pub fn and_into(out: &mut [u8], with: &[u8]) {
    widely(
        #[inline(always)]
        || {
            for (o, w) in out.iter_mut().zip(with) {
                *o = (*o).min(*w);
            }
        },
    );
}

/// Sets every truth of `out` to the larger of two.
pub fn or_of(out: &mut [u8], one: &[u8], other: &[u8]) {
    widely(
        #[inline(always)]
        || {
            for ((out, one), other) in out.iter_mut().zip(one).zip(other) {
                *out = (*one).max(*other);
            }
        },
    );
}

/// Sets every truth of `out` to the larger of itself and `with`.
pub fn or_into(out: &mut [u8], with: &[u8]) {
    widely(
        #[inline(always)]
        || {
            for (o, w) in out.iter_mut().zip(with) {
                *o = (*o).max(*w);
            }
        },
    );
}

/// Marks the truths that are unknown.
pub fn unknown_into(out: &mut [u8], truths: &[u8]) {
    widely(
        #[inline(always)]
        || {
            for (o, t) in out.iter_mut().zip(truths) {
                *o |= u8::from(*t == Truth::Unknown as u8);
            }
        },
    );
}

/// Where every value lies in the cells `low..=high` of a column: are all at most `cell`?
pub fn up_to(out: &mut [u8], low: &[u8], high: &[u8], cell: u8) {
    widely(
        #[inline(always)]
        || {
            for ((o, l), h) in out.iter_mut().zip(low).zip(high) {
                *o = u8::from(*h <= cell) + u8::from(*l <= cell);
            }
        },
    );
}

/// Where every value lies in the cells `low..=high` of a column: are all above `cell`?
pub fn from(out: &mut [u8], low: &[u8], high: &[u8], cell: u8) {
    widely(
        #[inline(always)]
        || {
            for ((o, l), h) in out.iter_mut().zip(low).zip(high) {
                *o = u8::from(*l > cell) + u8::from(*h > cell);
            }
        },
    );
}

/// One of the labels in `possible` is right: does it lie in `set`?
pub fn one_in(out: &mut [u8], possible: &[u32], set: u32) {
    widely(
        #[inline(always)]
        || {
            for (o, p) in out.iter_mut().zip(possible) {
                *o = u8::from(p & !set == 0) + u8::from(p & set != 0);
            }
        },
    );
}

/// Flags that certainly or possibly are set: is any of `set` among them?
pub fn any_of(out: &mut [u8], certain: &[u32], possible: &[u32], set: u32) {
    widely(
        #[inline(always)]
        || {
            for ((o, c), p) in out.iter_mut().zip(certain).zip(possible) {
                *o = u8::from(c & set != 0) + u8::from(p & set != 0);
            }
        },
    );
}

/// Flags that certainly or possibly are set: is none outside `set` among them?
pub fn none_outside(out: &mut [u8], certain: &[u32], possible: &[u32], set: u32) {
    widely(
        #[inline(always)]
        || {
            for ((o, c), p) in out.iter_mut().zip(certain).zip(possible) {
                *o = u8::from(p & !set == 0) + u8::from(c & !set == 0);
            }
        },
    );
}

/// Does plain work on planes with the processor's widest registers of which this program knows.
#[inline(always)]
pub fn widely(work: impl FnOnce()) {
    #[cfg(target_arch = "x86_64")]
    if let Some(simd) = pulp::x86::V3::try_new() {
        return simd.vectorize(work);
    }
    work();
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Truth; 3] = [Truth::False, Truth::Unknown, Truth::True];

    #[test]
    fn the_tables_are_kleene_s() {
        use Truth::{False as F, True as T, Unknown as U};
        assert_eq!(ALL.map(|a| ALL.map(|b| a.and(b))), [[F, F, F], [F, U, U], [F, U, T]]);
        assert_eq!(ALL.map(|a| ALL.map(|b| a.or(b))), [[F, U, T], [U, U, T], [T, T, T]]);
        assert_eq!(ALL.map(|a| !a), [T, U, F]);
    }

    #[test]
    fn planes_agree_with_single_truths() {
        for a in ALL {
            for b in ALL {
                let mut plane = [a as u8];
                and_into(&mut plane, &[b as u8]);
                assert_eq!(Truth::from_byte(plane[0]), a.and(b));
                and_of(&mut plane, &[a as u8], &[b as u8]);
                assert_eq!(Truth::from_byte(plane[0]), a.and(b));
                or_of(&mut plane, &[a as u8], &[b as u8]);
                assert_eq!(Truth::from_byte(plane[0]), a.or(b));
                let mut plane = [a as u8];
                or_into(&mut plane, &[b as u8]);
                assert_eq!(Truth::from_byte(plane[0]), a.or(b));
            }
        }
    }

    #[test]
    fn a_test_of_cells_is_unknown_only_where_the_cells_straddle_it() {
        for (low, high, at_most, above) in
            [(0, 1, 2, 0), (0, 2, 1, 1), (2, 3, 0, 2), (1, 1, 2, 0), (0, 3, 1, 1)]
        {
            let mut out = [9];
            up_to(&mut out, &[low], &[high], 1);
            assert_eq!(out, [at_most], "{low}..={high}");
            from(&mut out, &[low], &[high], 1);
            assert_eq!(out, [above], "{low}..={high}");
        }
    }

    #[test]
    fn flags_and_labels() {
        let mut out = [9];
        for (possible, expected) in [(0b001, 2), (0b011, 1), (0b010, 0)] {
            one_in(&mut out, &[possible], 0b101);
            assert_eq!(out, [expected]);
        }
        for (certain, possible, any, inside) in
            [(1, 1, 2, 2), (0, 3, 1, 1), (2, 3, 1, 0), (0, 2, 0, 1), (3, 3, 2, 0)]
        {
            any_of(&mut out, &[certain], &[possible], 1);
            assert_eq!(out, [any]);
            none_outside(&mut out, &[certain], &[possible], 1);
            assert_eq!(out, [inside], "{certain:b} {possible:b}");
        }
    }
}
