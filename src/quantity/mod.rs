//! Exact quantities: counts of a smallest unit, the cuts between counts, and text to and from them.
//!
//! A value is a whole number of its dimension's smallest unit (a picometre, a micro-arc-second),
//! held doubled, hence even; a cut stands between two neighbouring counts and is odd. Interval
//! ends, limits and critical values are cuts, so no end needs an *open* or *closed* flag and every
//! comparison is one integer comparison. Knows nothing of machines or lists.

mod axis_label;
mod decimal;
mod ladder;
mod nearest;
mod phrase;
mod print;
mod text;
mod unit;

pub use axis_label::axis_key;
pub use decimal::{Decimal, Style};
pub use ladder::{BLANK, Ladder, ODD, Word};
pub use nearest::nearest;
pub use phrase::{Figure, Phrase};
pub use print::{scaled_text, shown_number};
pub use text::{counted, plain, with_article};
pub use unit::{Dimension, Unit};

use std::borrow::Cow;

/// Why a text is not the quantity that was asked for; one lower-case clause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault(pub Cow<'static, str>);

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// A quantity: twice its count of the dimension's smallest unit, so always even; nought by default.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Value(i64);

impl Value {
    /// Nought of any dimension.
    pub const ZERO: Self = Self(0);

    /// The value of `count` smallest units; `None` where the doubled count leaves `i64`.
    pub fn from_count(count: i64) -> Option<Self> {
        count.checked_mul(2).map(Self)
    }

    /// The nearest representable value to a wide count, kept inside the range.
    pub fn saturating(count: i128) -> Self {
        let limit = i128::from(i64::MAX / 2);
        Self(i64::try_from(count.clamp(-limit, limit)).unwrap_or_default() * 2)
    }

    /// How many smallest units.
    #[inline]
    pub fn count(self) -> i64 {
        self.0 / 2
    }

    /// The cut just above this value.
    pub fn cut_above(self) -> Cut {
        Cut(self.0 + 1)
    }

    /// The cut just below this value.
    pub fn cut_below(self) -> Cut {
        Cut(self.0 - 1)
    }
}

/// A place between two neighbouring counts; always odd.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cut(i64);

impl Cut {
    /// Below every value.
    pub const MIN: Self = Self(i64::MIN + 1);
    /// Above every value.
    pub const MAX: Self = Self(i64::MAX);

    /// The largest value below this cut; `None` at [`Cut::MIN`].
    pub fn value_below(self) -> Option<Value> {
        (self != Self::MIN).then(|| Value(self.0 - 1))
    }

    /// The smallest value above this cut; `None` at [`Cut::MAX`].
    pub fn value_above(self) -> Option<Value> {
        (self != Self::MAX).then(|| Value(self.0 + 1))
    }

    /// How far this cut lies above another, kept inside the range.
    #[inline]
    pub fn distance(self, other: Self) -> Value {
        Value(self.0.saturating_sub(other.0) & !1)
    }

    /// Twice its place among counts: an odd number, half-way between two even ones.
    #[inline]
    pub fn doubled(self) -> i64 {
        self.0
    }

    /// This cut moved by a value; `None` where it leaves the range.
    pub fn shifted(self, by: Value) -> Option<Self> {
        self.0.checked_add(by.0).map(Self)
    }
}

/// How a limit compares: the lists' words, never symbols.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Comparator {
    /// The value itself and everything smaller.
    AtMost,
    /// Everything smaller than the value.
    Below,
    /// The value itself and everything larger.
    AtLeast,
    /// Everything larger than the value.
    Above,
}

impl Comparator {
    /// All four, in the order in which the list language documents them.
    pub const ALL: [Self; 4] = [Self::AtMost, Self::Below, Self::AtLeast, Self::Above];

    /// The word of the list language.
    pub fn word(self) -> &'static str {
        match self {
            Self::AtMost => "at_most",
            Self::Below => "below",
            Self::AtLeast => "at_least",
            Self::Above => "above",
        }
    }

    /// The word as a sentence has it.
    pub fn phrase(self) -> &'static str {
        match self {
            Self::AtMost => "at most",
            Self::Below => "below",
            Self::AtLeast => "at least",
            Self::Above => "above",
        }
    }

    /// Which values satisfy this comparison with `limit`.
    pub fn limit(self, limit: Value) -> Limit {
        match self {
            Self::AtMost => Limit { side: Side::UpTo, cut: limit.cut_above() },
            Self::Below => Limit { side: Side::UpTo, cut: limit.cut_below() },
            Self::AtLeast => Limit { side: Side::From, cut: limit.cut_below() },
            Self::Above => Limit { side: Side::From, cut: limit.cut_above() },
        }
    }
}

/// On which side of its cut a limit is satisfied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Side {
    /// Values below the cut satisfy the limit.
    UpTo,
    /// Values above the cut satisfy the limit.
    From,
}

/// A limit in its comparable form: a cut and the side that satisfies it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Limit {
    /// The satisfying side.
    pub side: Side,
    /// Where the two sides meet.
    pub cut: Cut,
}

impl Limit {
    /// The values that satisfy the limit, as a span.
    pub fn span(self) -> Span {
        match self.side {
            Side::UpTo => Span { above: Cut::MIN, below: self.cut },
            Side::From => Span { above: self.cut, below: Cut::MAX },
        }
    }

    /// The limit that is satisfied exactly where this one is not.
    #[must_use]
    pub fn negated(self) -> Self {
        let side = match self.side {
            Side::UpTo => Side::From,
            Side::From => Side::UpTo,
        };
        Self { side, ..self }
    }
}

/// The values between two cuts; never empty, because `above < below`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Span {
    /// Every value of the span is above this cut.
    pub above: Cut,
    /// Every value of the span is below this cut.
    pub below: Cut,
}

impl Span {
    /// Every value there is.
    pub const ALL: Self = Self { above: Cut::MIN, below: Cut::MAX };
    /// Nought and everything larger.
    pub const NOT_NEGATIVE: Self = Self { above: Cut(-1), below: Cut::MAX };

    /// The span of one value.
    pub fn point(value: Value) -> Self {
        Self { above: value.cut_below(), below: value.cut_above() }
    }

    /// The span from `low` to `high`, both included, in either order.
    pub fn between(low: Value, high: Value) -> Self {
        Self { above: low.min(high).cut_below(), below: low.max(high).cut_above() }
    }

    /// What both spans hold; `None` where they share nothing.
    pub fn meet(self, other: Self) -> Option<Self> {
        let (above, below) = (self.above.max(other.above), self.below.min(other.below));
        (above < below).then_some(Self { above, below })
    }

    /// The smallest span that holds both.
    #[must_use]
    pub fn hull(self, other: Self) -> Self {
        Self { above: self.above.min(other.above), below: self.below.max(other.below) }
    }

    /// The one value of a span that has only one.
    #[inline]
    pub fn single(self) -> Option<Value> {
        let low = self.low()?;
        (self.high()? == low).then_some(low)
    }

    /// Whether the span holds one value only.
    #[inline]
    pub fn is_one_value(self) -> bool {
        self.below.distance(self.above).count() == 1
    }

    /// The smallest value; `None` where there is no lower bound.
    #[inline]
    pub fn low(self) -> Option<Value> {
        self.above.value_above().filter(|_| self.above != Cut::MIN)
    }

    /// The largest value; `None` where there is no upper bound.
    #[inline]
    pub fn high(self) -> Option<Value> {
        self.below.value_below().filter(|_| self.below != Cut::MAX)
    }

    /// Whether the value lies in the span.
    pub fn holds(self, value: Value) -> bool {
        self.above.0 < value.0 && value.0 < self.below.0
    }

    /// Whether every value of `other` lies in this span.
    pub fn covers(self, other: Self) -> bool {
        self.above <= other.above && other.below <= self.below
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(count: i64) -> Value {
        Value::from_count(count).expect("small counts fit")
    }

    #[test]
    fn the_four_comparators_differ_exactly_at_the_limit() {
        for (comparator, expected) in [
            (Comparator::AtMost, [true, true, false]),
            (Comparator::Below, [true, false, false]),
            (Comparator::AtLeast, [false, true, true]),
            (Comparator::Above, [false, false, true]),
        ] {
            let span = comparator.limit(value(900_000)).span();
            let got = [899_999, 900_000, 900_001].map(|count| span.holds(value(count)));
            assert_eq!(got, expected, "{comparator:?}");
        }
    }

    #[test]
    fn a_limit_and_its_negation_share_no_value_and_miss_none() {
        for comparator in Comparator::ALL {
            let limit = comparator.limit(value(7));
            assert_eq!(limit.span().meet(limit.negated().span()), None);
            assert_eq!(limit.span().hull(limit.negated().span()), Span::ALL);
        }
    }

    #[test]
    fn spans_meet_and_join() {
        let (low, high) = (Span::between(value(1), value(4)), Span::between(value(9), value(4)));
        assert_eq!(low.meet(high), Some(Span::point(value(4))));
        assert_eq!(low.hull(high), Span::between(value(1), value(9)));
        assert_eq!(Span::point(value(3)).single(), Some(value(3)));
        assert_eq!(Span::ALL.single(), None);
    }

    #[test]
    fn counts_that_cannot_be_doubled_are_refused() {
        assert_eq!(Value::from_count(i64::MAX), None);
        assert_eq!(Value::saturating(i128::MAX).count(), i64::MAX / 2);
    }
}
