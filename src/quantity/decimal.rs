//! Decimal numbers as text has them: a whole number and how many of its digits are decimals.

use super::{Fault, Unit, Value};

/// How a catalogue writes numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Style {
    /// The comma is the decimal sign and the point groups thousands; only where it is declared.
    pub decimal_comma: bool,
}

/// A decimal number, exactly as it was written: `digits` / 10^`scale`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decimal {
    digits: i64,
    scale: u32,
}

/// More decimals than this are finer than the smallest unit of any dimension.
const SCALE_MAX: u32 = 18;

const fn power(scale: u32) -> i64 {
    10i64.saturating_pow(scale)
}

impl Decimal {
    /// A whole number.
    pub fn whole(number: i64) -> Self {
        Self { digits: number, scale: 0 }
    }

    /// The number and what follows it, for a text that starts with a digit or a sign.
    ///
    /// `Ok(None)` where no number starts. Groups of three digits after a comma (point, where the
    /// comma is the decimal sign), an apostrophe or a space are thousands; anything that could be
    /// read in two ways is a fault, never a guess.
    pub fn leading(text: &str, style: Style) -> Result<Option<(Self, &str)>, Fault> {
        let (negative, unsigned) = match text.strip_prefix(['+', '-']) {
            Some(rest) => (text.starts_with('-'), rest.trim_start()),
            None => (false, text),
        };
        if let Some((number, rest)) = simple(unsigned, style) {
            return Ok(Some((number.signed(negative), rest)));
        }
        match grouped(unsigned, style)? {
            Some((number, rest)) => Ok(Some((number.signed(negative), rest))),
            None => Ok(None),
        }
    }

    /// The whole text as one number.
    pub fn parse(text: &str, style: Style) -> Result<Self, Fault> {
        match Self::leading(text.trim(), style)? {
            Some((number, "")) => Ok(number),
            _ => Err(Fault(format!("`{}` is not a number", text.trim()).into())),
        }
    }

    fn signed(self, negative: bool) -> Self {
        Self { digits: if negative { -self.digits } else { self.digits }, ..self }
    }

    /// The number with its sign changed.
    #[must_use]
    pub fn negated(self) -> Self {
        self.signed(true)
    }

    /// Whether the number is below nought.
    pub fn is_negative(self) -> bool {
        self.digits < 0
    }

    /// Whether the number is nought.
    pub fn is_zero(self) -> bool {
        self.digits == 0
    }

    /// How many decimals were written.
    pub fn scale(self) -> u32 {
        self.scale
    }

    /// The number times ten to the power of `decimals`, exactly; `None` where it has more decimals,
    /// or is too large.
    pub fn scaled(self, decimals: u32) -> Option<i64> {
        let trimmed = |digits: i64, by: i64| (digits % by == 0).then(|| digits / by);
        match self.scale.checked_sub(decimals) {
            Some(more) => trimmed(self.digits, power(more)),
            None => self.digits.checked_mul(power(decimals - self.scale)),
        }
    }

    /// The value of this many `unit`s, exactly.
    ///
    /// Faults: finer than the smallest unit of the dimension, or too large to hold.
    pub fn value(self, unit: &Unit) -> Result<Value, Fault> {
        let divisor = power(self.scale);
        let count = if unit.size % divisor == 0 {
            self.digits.checked_mul(unit.size / divisor)
        } else {
            let wide = i128::from(self.digits) * i128::from(unit.size);
            if wide % i128::from(divisor) != 0 {
                let smallest = unit.dimension.smallest().name();
                let text = format!("`{self} {}` is finer than one {smallest}", unit.name());
                return Err(Fault(text.into()));
            }
            i64::try_from(wide / i128::from(divisor)).ok()
        };
        count
            .and_then(|count| count.checked_add(unit.zero))
            .and_then(Value::from_count)
            .ok_or_else(|| Fault(format!("`{self} {}` is too large", unit.name()).into()))
    }
}

impl std::fmt::Display for Decimal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&super::print::decimal_text(self.digits.into(), power(self.scale).into()))
    }
}

/// Digits with at most one decimal sign, and nothing that could be a group.
fn simple(text: &str, style: Style) -> Option<(Decimal, &str)> {
    let mark = if style.decimal_comma { b',' } else { b'.' };
    let bytes = text.as_bytes();
    let (mut digits, mut scale, mut at, mut seen_mark) = (0i64, 0u32, 0usize, false);
    while let Some(&byte) = bytes.get(at) {
        if byte.is_ascii_digit() {
            digits = digits.checked_mul(10)?.checked_add(i64::from(byte - b'0'))?;
            scale += u32::from(seen_mark);
        } else if byte == mark && !seen_mark && bytes.get(at + 1).is_some_and(u8::is_ascii_digit) {
            seen_mark = true;
        } else {
            break;
        }
        at += 1;
    }
    let group_follows = matches!(bytes.get(at), Some(b',' | b'.' | b'\'' | b' '))
        && bytes.get(at + 1).is_some_and(u8::is_ascii_digit);
    let leading_mark = bytes.first() == Some(&mark);
    let done = at > 0 && scale <= SCALE_MAX && !group_follows && !leading_mark;
    done.then(|| (Decimal { digits, scale }, text.get(at..).unwrap_or_default()))
}

/// The slow road: digits in groups, numbers that start with their decimal sign, doubtful ones.
fn grouped(text: &str, style: Style) -> Result<Option<(Decimal, &str)>, Fault> {
    let (mark, group) = if style.decimal_comma { (',', '.') } else { ('.', ',') };
    let run = |t: &str| t.bytes().take_while(u8::is_ascii_digit).count();
    let tail = |t: &'_ str, at: usize| -> String { t.chars().take(at).collect() };
    let first = run(text);
    let mut whole: String = tail(text, first);
    let mut rest = text.get(first..).unwrap_or_default();
    let mut separator: Option<char> = None;
    if first > 0 {
        while let Some(next) = rest.chars().next().filter(|c| [group, '\'', ' '].contains(c)) {
            let after = rest.get(next.len_utf8()..).unwrap_or_default();
            let length = run(after);
            if length == 0 || (next == ' ' && length != 3) {
                break;
            }
            let fits = length == 3 && first <= 3 && !whole.starts_with('0');
            if next == ' ' && (!fits || first == 3 || separator.is_some_and(|s| s != ' ')) {
                let text = format!("`{}` may be one number or several", text.trim());
                return Err(Fault(text.into()));
            }
            if !fits || separator.is_some_and(|s| s != next) {
                let other = if style.decimal_comma { "point" } else { "comma" };
                return Err(Fault(
                    format!("the {other} in `{}` is not a thousands sign here", text.trim()).into(),
                ));
            }
            separator = Some(next);
            whole.push_str(after.get(..3).unwrap_or_default());
            rest = after.get(3..).unwrap_or_default();
        }
    }
    let mut decimals = String::new();
    if let Some(after) = rest.strip_prefix(mark) {
        let length = run(after);
        decimals = tail(after, length);
        rest = if length == 0 { rest } else { after.get(length..).unwrap_or_default() };
    }
    if whole.is_empty() && decimals.is_empty() {
        return Ok(None);
    }
    let scale = u32::try_from(decimals.len()).unwrap_or(u32::MAX);
    let joined = whole + &decimals;
    match joined.parse::<i64>() {
        Ok(digits) if scale <= SCALE_MAX => Ok(Some((Decimal { digits, scale }, rest))),
        _ => {
            let text = text.get(..text.len() - rest.len()).unwrap_or(text);
            Err(Fault(format!("`{text}` has more digits than can be held").into()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quantity::Dimension;

    const POINT: Style = Style { decimal_comma: false };
    const COMMA: Style = Style { decimal_comma: true };

    fn check(text: &str, style: Style, expected: Option<&str>) {
        let got = Decimal::parse(text, style).ok().map(|number| number.to_string());
        assert_eq!(got.as_deref(), expected, "`{text}` with {style:?}");
    }

    #[test]
    fn numbers_are_scaled_exactly_or_not_at_all() {
        let number = |text| Decimal::parse(text, Style::default()).expect("a number");
        for (text, decimals, expected) in [
            ("1.25", 6, Some(1_250_000)),
            ("12", 0, Some(12)),
            ("1.250", 2, Some(125)),
            ("1.255", 2, None),
            ("9223372036854775807", 1, None),
        ] {
            assert_eq!(number(text).scaled(decimals), expected, "{text}");
        }
    }

    #[test]
    fn numbers_are_read_as_the_declared_style_writes_them() {
        for (text, expected) in [
            ("0.9", Some("0.9")),
            ("-280", Some("-280")),
            ("+330", Some("330")),
            (".5", Some("0.5")),
            ("12,000", Some("12000")),
            ("1,562.5", Some("1562.5")),
            ("12 000", Some("12000")),
            ("1'250", Some("1250")),
            ("0,9", None),
            ("1,5", None),
            ("12,00", None),
            ("0,005", None),
            ("500 450", None),
            ("1.2.3", None),
            ("", None),
            ("12.", None),
            ("1 000 000", Some("1000000")),
            ("99999999999999999999", None),
        ] {
            check(text, POINT, expected);
        }
        for (text, expected) in
            [("0,005", Some("0.005")), ("4.500", Some("4500")), ("0.005", None), ("1.5", None)]
        {
            check(text, COMMA, expected);
        }
    }

    #[test]
    fn values_are_exact_or_refused() {
        let inch = Unit::named(Dimension::Length, "in").expect("a unit");
        let value = |text: &str| Decimal::parse(text, POINT).expect("a number").value(inch);
        assert_eq!(value("0.0002").map(Value::count), Ok(5_080_000));
        assert!(value("0.00000000001").is_err(), "finer than a picometre");
        assert!(value("999999999999").is_err(), "too large");
    }
}
