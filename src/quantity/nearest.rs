//! Numbers as programs print them, taken to the nearest count.

use super::{Decimal, Fault, Style, Unit, Value};

/// More digits than this are not held; a binary float prints seventeen.
const DIGITS_MAX: i128 = 10i128.pow(24);

/// The value of a number of `unit`s, taken to the nearest count (halves away from nought), and how
/// far off that is, in counts.
///
/// For measured readings only: what is stated is read exactly, by [`Decimal::value`]. Reads all
/// that [`Decimal`] reads, and beside it powers of ten (`1e-05`) and the digits that binary floats
/// print (`0.30300000000000005`).
///
/// ```
/// use toolgauge::quantity::{Dimension, Style, Unit, nearest};
/// let um = Unit::named(Dimension::Length, "um").unwrap();
/// let (value, off) = nearest("0.30300000000000005", um, Style::default()).unwrap();
/// assert_eq!(value.count(), 303_000);
/// assert!(off > 0.0 && off < 1e-9);
/// ```
pub fn nearest(text: &str, unit: &Unit, style: Style) -> Result<(Value, f64), Fault> {
    let text = text.trim();
    let (size, of) = unit.ratio();
    let Some((digits, exponent)) = scientific(text, style) else {
        let number = Decimal::parse(text, style)?;
        if of != 1 {
            return Err(Fault(format!("`{text}` is not written in plain digits").into()));
        }
        return Ok((number.value(unit)?, 0.0));
    };
    if of != 1 {
        return of_fraction(digits, exponent, (size, of))
            .ok_or_else(|| Fault(format!("`{text} {}` is too large", unit.name()).into()));
    }
    let power = 10i128.checked_pow(exponent.unsigned_abs());
    let wide = digits.checked_mul(size);
    let found = match (wide, power) {
        (Some(0), _) => Some((0, 0.0)),
        (Some(wide), Some(power)) if exponent < 0 => {
            let count = (wide + wide.signum() * (power / 2)) / power;
            Some((count, ((wide - count * power) as f64 / power as f64).abs()))
        }
        (Some(wide), None) if exponent < 0 => Some((0, (wide as f64 * 10f64.powi(exponent)).abs())),
        (Some(wide), Some(power)) => wide.checked_mul(power).map(|count| (count, 0.0)),
        _ => None,
    };
    let value = found.and_then(|(count, off)| {
        let count = i64::try_from(count).ok()?.checked_add(unit.zero)?;
        Some((Value::from_count(count)?, off))
    });
    value.ok_or_else(|| Fault(format!("`{text} {}` is too large", unit.name()).into()))
}

/// The same for a unit that is a fraction of a count.
fn of_fraction(digits: i128, exponent: i32, (size, of): (i128, i128)) -> Option<(Value, f64)> {
    let power = 10i128.checked_pow(exponent.unsigned_abs())?;
    let (wide, of) = match exponent < 0 {
        true => (digits.checked_mul(size)?, of.checked_mul(power)?),
        false => (digits.checked_mul(power)?.checked_mul(size)?, of),
    };
    let count = wide.checked_add(wide.signum() * (of / 2))? / of;
    let off = ((wide - count * of) as f64 / of as f64).abs();
    Some((Value::from_count(i64::try_from(count).ok()?)?, off))
}

/// Digits and the power of ten that they count; `None` of anything but plain digits with at most
/// one point between them, and a power of ten.
fn scientific(text: &str, style: Style) -> Option<(i128, i32)> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (number, power) = match unsigned.split_once(['e', 'E']) {
        Some((number, power)) => (number, power.parse::<i16>().ok()?),
        None => (unsigned, 0),
    };
    let mark = if style.decimal_comma { ',' } else { '.' };
    let (whole, part) = number.split_once(mark).unwrap_or((number, "0"));
    let of_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if !of_digits(whole) || !of_digits(part) {
        return None;
    }
    let mut digits = 0i128;
    for byte in whole.bytes().chain(part.bytes()) {
        if digits >= DIGITS_MAX {
            return None;
        }
        digits = digits * 10 + i128::from(byte - b'0');
    }
    let exponent = i32::from(power) - i32::try_from(part.len()).ok()?;
    Some((if text.starts_with('-') { -digits } else { digits }, exponent))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quantity::Dimension;

    #[test]
    fn readings_are_taken_to_the_nearest_count() {
        // The text, its unit, the count, the most and the least that it is off.
        for (text, unit, count, off) in [
            ("0.303", "um", 303_000, 0.0),
            ("-12", "um", -12_000_000, 0.0),
            ("1,562.5", "mm", 1_562_500_000_000, 0.0),
            ("0.30300000000000005", "um", 303_000, 5e-11),
            ("-0.0006979999999999999", "mm", -698_000, 1e-10),
            ("0.0006979999999999999", "um", 698, 1e-13),
            ("1e-05", "mm", 10_000, 0.0),
            ("6.979999999999999E-04", "mm", 698_000, 1e-10),
            ("2.5e3", "um", 2_500_000_000, 0.0),
            ("0.479", "uin", 12_167, 0.4),
            ("0.0000005", "um", 1, 0.5),
            ("-0.0000005", "um", -1, 0.5),
            ("0.0000004999", "um", 0, 0.4999),
            ("3e-300", "um", 0, 0.0),
            ("0e9999", "um", 0, 0.0),
            ("20.3", "um", 20_300_000, 0.0),
        ] {
            let unit = Unit::named(Dimension::Length, unit).expect("a unit");
            let (value, found) = nearest(text, unit, Style::default()).expect(text);
            assert_eq!(value.count(), count, "{text}");
            assert!((found - off).abs() <= off * 1e-9 + 1e-290, "{text}: off by {found}");
        }
    }

    #[test]
    fn radians_are_taken_to_the_nearest_count() {
        for (text, unit, count) in [
            ("1", "urad", 206_265),
            ("-1", "µrad", -206_265),
            ("10", "urad", 2_062_648),
            ("4.84813681109536", "urad", 1_000_000),
            ("1e3", "urad", 206_264_806),
            ("1", "mrad", 206_264_806),
            ("1000", "nrad", 206_265),
            ("0", "urad", 0),
            ("0.000002", "urad", 0),
            ("0.000003", "urad", 1),
        ] {
            let unit = Unit::of_readings(Dimension::Angle, unit).expect("a unit");
            let (value, off) = nearest(text, unit, Style::default()).expect(text);
            // To 1 rad = 648 000 / π arc seconds.
            let wanted = text.parse::<f64>().expect("a number") * 1e-6 / std::f64::consts::PI;
            let scale = if unit.name() == "mrad" { 1e3 } else { 1.0 };
            let scale = if unit.name() == "nrad" { 1e-3 } else { scale };
            let error = value.count() as f64 - wanted * scale * 648_000e6;
            assert_eq!(value.count(), count, "{text}");
            assert!(error.abs() <= 0.5 && (error.abs() - off).abs() < 1e-3, "{text} {off} {error}");
        }
        let fault = Unit::named(Dimension::Angle, "urad").expect_err("no whole count");
        assert!(fault.0.contains("no whole number of micro-arc-seconds"), "{fault}");
        assert!(Unit::of_readings(Dimension::Length, "urad").is_err());
        let urad = Unit::of_readings(Dimension::Angle, "urad").expect("a unit");
        let fault = nearest("1,234.5", urad, Style::default()).expect_err("no plain digits");
        assert_eq!(fault.0, "`1,234.5` is not written in plain digits");
    }

    #[test]
    fn what_is_no_number_is_refused_in_its_own_words() {
        let um = Unit::named(Dimension::Length, "um").expect("a unit");
        for (text, expected) in [
            ("NaN", "`NaN` is not a number"),
            ("inf", "`inf` is not a number"),
            ("1e", "`1e` is not a number"),
            ("1e400", "`1e400 µm` is too large"),
            ("1.2.3", "`1.2.3` is not a number"),
            ("99999999999999999999", "`99999999999999999999 µm` is too large"),
            ("0.1234567890123456789012345678", "`0.1234567890123456789012345678` has more digits"),
            ("", "`` is not a number"),
        ] {
            let fault = nearest(text, um, Style::default()).expect_err(text);
            assert!(fault.0.starts_with(expected), "{text}: {fault}");
        }
    }

    #[test]
    fn a_declared_decimal_comma_is_the_decimal_sign() {
        let um = Unit::named(Dimension::Length, "um").expect("a unit");
        let style = Style { decimal_comma: true };
        for (text, count) in [
            ("2,300", Some(2_300_000)),
            ("-0,451", Some(-451_000)),
            ("0,30300000000000005", Some(303_000)),
            ("1,5e3", Some(1_500_000_000)),
            ("1.562,5", Some(1_562_500_000)),
            ("12", Some(12_000_000)),
            ("0.451", None),
            ("1,2,3", None),
        ] {
            let found = nearest(text, um, style).ok().map(|(value, _)| value.count());
            assert_eq!(found, count, "{text}");
        }
    }
}
