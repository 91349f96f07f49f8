//! Quantities as text that reads back to the same value.

use super::{Cut, Dimension, Span, Unit, Value};

impl Value {
    /// The value in `unit`, as an exact decimal with the unit's name; where that decimal does not
    /// end, in the dimension's smallest unit.
    pub fn text(self, unit: &Unit) -> String {
        match self.number(unit) {
            Some(number) if unit.name().is_empty() => number,
            Some(number) => format!("{number} {}", unit.name()),
            None => {
                let smallest = unit.dimension.smallest();
                format!("{} {}", self.count(), smallest.name())
            }
        }
    }

    /// The bare number in `unit`; `None` where the decimal does not end.
    pub fn number(self, unit: &Unit) -> Option<String> {
        let count = i128::from(self.count()) - i128::from(unit.zero);
        let size = i128::from(unit.size);
        let ends = |divisor: i128| (count * divisor) % size == 0;
        let scale = (0..=18u32).find(|scale| ends(10i128.pow(*scale)))?;
        let divisor = 10i128.pow(scale);
        Some(decimal_text(count * divisor / size, divisor))
    }
}

/// A computed figure with three decimals, and with more (six at most) where those would put it onto
/// a rounder figure than it is: a limit or a stated value is mostly a round one.
///
/// ```
/// use toolgauge::quantity::shown_number;
/// let shown = [0.87636, 0.8999, 0.900_018, 0.9, 12.0].map(shown_number);
/// assert_eq!(shown, ["0.876", "0.8999", "0.90002", "0.900", "12.000"]);
/// ```
pub fn shown_number(value: f64) -> String {
    let shown = |decimals: usize| format!("{value:.decimals$}");
    let goes_on = shown(6).trim_end_matches('0').len() > shown(3).len();
    let onto = |text: &String| goes_on && text.ends_with('0');
    (3..6).map(shown).find(|text| !onto(text)).unwrap_or_else(|| shown(6))
}

impl Span {
    /// The span in words: `0.9 µm`, `0.9 to 1.8 µm`, `at most 3 µm`, `any`.
    ///
    /// An end at nought of a span that cannot be negative is not mentioned.
    pub fn text(self, unit: &Unit) -> String {
        let (low, high) = (self.low(), self.high());
        let trivial_low = self.above == Span::NOT_NEGATIVE.above || low.is_none();
        match (low, high) {
            (Some(low), Some(high)) if low == high => low.text(unit),
            (_, None) if trivial_low => "any".to_owned(),
            (_, Some(high)) if trivial_low => format!("at most {}", high.text(unit)),
            (Some(low), None) => format!("at least {}", low.text(unit)),
            (Some(low), Some(high)) => match (low.number(unit), high.number(unit)) {
                (Some(number), Some(_)) => format!("{number} to {}", high.text(unit)),
                _ => format!("{} to {}", low.text(unit), high.text(unit)),
            },
            (None, _) => "any".to_owned(),
        }
    }
}

impl Cut {
    /// Where the cut stands, told by the value on its lower or upper side that `unit` shows
    /// shortest: `just above 0.9 µm`, `just below 1 m`.
    pub fn text(self, unit: &Unit) -> String {
        let (below, above) = (self.value_below(), self.value_above());
        let length = |value: Option<Value>| value.map_or(usize::MAX, |v| v.text(unit).len());
        match (below, above) {
            (Some(value), _) if length(below) <= length(above) => {
                format!("just above {}", value.text(unit))
            }
            (_, Some(value)) => format!("just below {}", value.text(unit)),
            _ => "nowhere".to_owned(),
        }
    }
}

impl Dimension {
    /// The unit in which a margin or limit of this dimension is shown when nothing else is said.
    pub fn usual_unit(self) -> &'static Unit {
        super::unit::UNITS.iter().find(|unit| unit.dimension == self).unwrap_or(self.smallest())
    }
}

/// `digits` divided by ten to the power of `decimals`, as a decimal without needless zeros.
pub fn scaled_text(digits: i128, decimals: u32) -> String {
    decimal_text(digits, 10i128.saturating_pow(decimals))
}

/// `digits` / `divisor` as a decimal without needless zeros; `divisor` is a power of ten.
pub(super) fn decimal_text(digits: i128, divisor: i128) -> String {
    let sign = if digits < 0 { "-" } else { "" };
    let (whole, part) = (digits.abs() / divisor, digits.abs() % divisor);
    if part == 0 {
        return format!("{sign}{whole}");
    }
    let width = divisor.ilog10() as usize;
    let decimals = format!("{part:0width$}");
    format!("{sign}{whole}.{}", decimals.trim_end_matches('0'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quantity::{Phrase, Style, unit::UNITS};

    #[test]
    fn what_is_printed_reads_back_to_the_same_value_in_every_unit() {
        let counts = [0, 1, -1, 7, 900_000, 1_400_000_000, 123_456_789_012, -1_000_000_000_000];
        for unit in UNITS.iter().filter(|unit| !unit.names.contains(&"")) {
            for value in counts.into_iter().filter_map(Value::from_count) {
                let text = value.text(unit);
                let phrase = Phrase::parse(&text, unit.dimension, Style::default());
                let read = phrase.and_then(|p| p.single(None));
                assert_eq!(read, Ok(value), "{text}");
            }
        }
    }

    #[test]
    fn spans_read_as_sentences() {
        let mm = Unit::named(Dimension::Length, "mm").expect("a unit");
        let at = |mm_count: i64| Value::from_count(mm_count * 1_000_000_000).expect("fits");
        for (span, expected) in [
            (Span::point(at(3)), "3 mm"),
            (Span::between(at(3), at(6)), "3 to 6 mm"),
            (Span { below: at(3).cut_above(), ..Span::NOT_NEGATIVE }, "at most 3 mm"),
            (Span { above: at(3).cut_below(), ..Span::ALL }, "at least 3 mm"),
            (Span::NOT_NEGATIVE, "any"),
        ] {
            assert_eq!(span.text(mm), expected);
        }
        assert_eq!(at(1).cut_above().text(mm), "just above 1 mm");
        assert_eq!(at(1).cut_below().text(mm), "just below 1 mm");
    }
}
