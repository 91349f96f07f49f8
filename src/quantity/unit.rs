//! Dimensions and their units, each an exact whole number of the dimension's smallest unit.

use super::Fault;

/// What kind of quantity a figure is. The smallest unit is what counts are counts of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Dimension {
    /// A bare count (axes, rollers, planes, quality classes).
    Number,
    /// Smallest unit: one picometre.
    Length,
    /// Smallest unit: one micro-arc-second.
    Angle,
    /// Smallest unit: one part in 10⁹.
    Ratio,
    /// Smallest unit: one microgram.
    Mass,
    /// Smallest unit: one micronewton.
    Force,
    /// Smallest unit: one nanometre per second squared.
    Acceleration,
    /// Smallest unit: one millionth of a revolution per minute.
    RotationalSpeed,
    /// Smallest unit: one micro-arc-second per second.
    AngularRate,
    /// Residual specific unbalance; smallest unit: one microgram-millimetre per kilogram.
    SpecificUnbalance,
    /// Smallest unit: one millipascal.
    Pressure,
    /// Smallest unit: one millikelvin.
    Temperature,
}

/// A unit: its dimension, its spellings (the first is printed), its size and its zero.
#[derive(Debug, PartialEq, Eq)]
pub struct Unit {
    /// The dimension that the unit measures.
    pub dimension: Dimension,
    /// Accepted spellings after [`super::plain`]; the first is the printed one.
    pub names: &'static [&'static str],
    /// How many smallest units one unit is.
    pub size: i64,
    /// What the unit's zero is in smallest units (only temperatures have one).
    pub zero: i64,
}

const fn unit(dimension: Dimension, size: i64, names: &'static [&'static str]) -> Unit {
    Unit { dimension, names, size, zero: 0 }
}

use Dimension::{
    Acceleration, Angle, AngularRate, Force, Length, Mass, Number, Pressure, Ratio,
    RotationalSpeed, SpecificUnbalance, Temperature,
};

/// Every unit that is read. Inch: 25.4 mm exactly (international inch, 1959); standard gravity:
/// 9.80665 m/s² exactly (3rd CGPM, 1901); pound: 0.45359237 kg exactly.
pub(super) static UNITS: &[Unit] = &[
    unit(Length, 1_000_000, &["µm", "um", "micron", "microns", "micrometre", "micrometer", "mkm"]),
    unit(
        Length,
        1_000_000_000,
        &["mm", "MM", "millimetre", "millimeter", "millimetres", "millimeters"],
    ),
    unit(Length, 1_000, &["nm", "nanometre", "nanometer"]),
    unit(Length, 10_000_000_000, &["cm", "centimetre", "centimeter"]),
    unit(Length, 1_000_000_000_000, &["m", "metre", "meter", "metres", "meters"]),
    unit(Length, 25_400_000_000, &["in", "in.", "IN", "\"", "''", "inch", "inches", "zoll"]),
    unit(Length, 25_400, &["µin", "uin", "µin.", "microinch", "micro-inch", "µ\""]),
    unit(Length, 304_800_000_000, &["ft", "ft.", "foot", "feet"]),
    unit(Length, 1, &["pm", "picometre", "picometer"]),
    unit(
        Angle,
        1_000_000,
        &[
            "arcsec",
            "arc-sec",
            "arc sec",
            "arcseconds",
            "arcsecond",
            "arc seconds",
            "arc-seconds",
            "\"",
            "''",
            "sec",
            "sec.",
            "seconds",
            "as",
        ],
    ),
    unit(
        Angle,
        60_000_000,
        &[
            "arcmin",
            "arc-min",
            "arc min",
            "arcminutes",
            "arc minutes",
            "'",
            "min",
            "min.",
            "minutes",
        ],
    ),
    unit(Angle, 3_600_000_000, &["deg", "°", "deg.", "DEG", "degree", "degrees", "grad"]),
    unit(Angle, 1_000, &["mas", "milliarcsec"]),
    unit(Angle, 1, &["µarcsec", "uarcsec"]),
    unit(Ratio, 10_000_000, &["%", "percent", "per cent", "pct"]),
    unit(Ratio, 1_000, &["ppm"]),
    unit(Ratio, 1, &["ppb"]),
    unit(Mass, 1_000_000_000, &["kg", "kgs", "KG", "Kg", "kilogram", "kilograms"]),
    unit(Mass, 1_000_000, &["g", "gram", "grams"]),
    unit(Mass, 1_000, &["mg"]),
    unit(Mass, 1_000_000_000_000, &["t", "tonne", "tonnes"]),
    unit(Mass, 453_592_370, &["lb", "lbs", "lb.", "lbs.", "pound", "pounds"]),
    unit(Mass, 1, &["µg", "ug"]),
    unit(Force, 1_000_000_000, &["kN", "KN", "kilonewton"]),
    unit(Force, 1_000_000, &["N", "newton", "newtons"]),
    unit(Force, 1_000_000_000_000, &["MN"]),
    unit(Force, 9_806_650, &["kgf"]),
    unit(Force, 9_806_650_000, &["tf", "tonf"]),
    unit(Force, 1, &["µN"]),
    unit(Acceleration, 9_806_650_000, &["g", "gn", "G"]),
    unit(Acceleration, 1_000_000_000, &["m/s²", "m/s2", "m/s^2"]),
    unit(Acceleration, 1, &["nm/s²", "nm/s2"]),
    unit(
        RotationalSpeed,
        1_000_000,
        &[
            "rpm",
            "RPM",
            "min-1",
            "1/min",
            "r/min",
            "min^-1",
            "rev/min",
            "u/min",
            "tr/min",
            "giri/min",
            "dev/dak",
            "об/мин",
            "/min",
            "r.p.m.",
        ],
    ),
    unit(RotationalSpeed, 60_000_000, &["Hz", "hz", "s-1", "1/s", "rev/s"]),
    unit(RotationalSpeed, 1_000_000_000, &["krpm"]),
    unit(RotationalSpeed, 1, &["µrpm"]),
    unit(AngularRate, 3_600_000_000, &["deg/s", "°/s", "deg/sec", "degrees/s", "degree/s"]),
    unit(AngularRate, 1_000_000, &["arcsec/s", "\"/s"]),
    unit(AngularRate, 21_600_000_000, &["rpm", "RPM", "min-1", "1/min", "r/min"]),
    unit(AngularRate, 1, &["µarcsec/s"]),
    unit(
        SpecificUnbalance,
        1_000_000,
        &["g mm/kg", "g·mm/kg", "gmm/kg", "g.mm/kg", "g-mm/kg", "g*mm/kg", "µm", "um"],
    ),
    unit(SpecificUnbalance, 1, &["µg mm/kg"]),
    unit(Pressure, 1_000, &["Pa", "pascal"]),
    unit(Pressure, 1_000_000, &["kPa"]),
    unit(Pressure, 100_000, &["hPa", "mbar"]),
    unit(Pressure, 100_000_000, &["bar"]),
    unit(Pressure, 1_000_000_000, &["MPa"]),
    unit(Pressure, 1, &["mPa"]),
    unit(Temperature, 1_000, &["K", "kelvin"]),
    Unit { dimension: Temperature, names: &["°C", "deg C", "degC"], size: 1_000, zero: 273_150 },
    unit(Temperature, 1, &["mK"]),
    unit(Number, 1, &["", "axes", "axis", "off", "pcs"]),
];

/// Units of angle that are no whole number of micro-arc-seconds, as π is in them: sizes to the
/// nearest; readings are taken by [`Unit::ratio`], to the nearest count.
static ROUNDED: &[Unit] = &[
    unit(Angle, 206_265, &["µrad", "urad", "microradian", "microradians"]),
    unit(Angle, 206_264_806, &["mrad", "milliradian", "milliradians"]),
    unit(Angle, 206, &["nrad", "nanoradian", "nanoradians"]),
];
/// Micro-arc-seconds in a microradian (648 000 000 000 / π / 10⁶), times [`RATIO_OF`].
const RATIO: i128 = 206_264_806_247_096_355;
/// What [`RATIO`] counts.
const RATIO_OF: i128 = 1_000_000_000_000;

impl Dimension {
    /// The dimension in words, as an error names it.
    pub fn name(self) -> &'static str {
        match self {
            Number => "count",
            Length => "length",
            Angle => "angle",
            Ratio => "ratio",
            Mass => "mass",
            Force => "force",
            Acceleration => "acceleration",
            RotationalSpeed => "rotational speed",
            AngularRate => "angular rate",
            SpecificUnbalance => "specific unbalance",
            Pressure => "pressure",
            Temperature => "temperature",
        }
    }

    /// The unit of exactly one smallest unit; every value prints in it.
    pub fn smallest(self) -> &'static Unit {
        let mut units = UNITS.iter().filter(|unit| unit.dimension == self);
        units.find(|unit| unit.size == 1 && unit.zero == 0).unwrap_or(&NO_UNIT)
    }
}

static NO_UNIT: Unit = unit(Number, 1, &[""]);

impl Unit {
    /// The printed spelling; empty for bare counts.
    pub fn name(&self) -> &'static str {
        self.names.first().copied().unwrap_or_default()
    }

    /// The unit of `dimension` with this spelling.
    ///
    /// The spelling is compared as [`super::plain`] leaves it. Case counts in short spellings,
    /// where it tells `mPa` from `MPa`; words of four letters and more are read in any case.
    pub fn named(dimension: Dimension, name: &str) -> Result<&'static Self, Fault> {
        let plain = super::plain(name);
        let name = plain.trim();
        let of = || UNITS.iter().filter(|unit| unit.dimension == dimension);
        let exact = of().find(|unit| unit.names.contains(&name));
        let folded = || {
            let same = |n: &&&str| strip_prefix(name, n).is_some_and(str::is_empty);
            of().find(|unit| unit.names.iter().find(same).is_some())
        };
        if let Some(found) = exact.or_else(folded) {
            return Ok(found);
        }
        if dimension == Angle && rounded(name).is_some() {
            return Err(Fault(
                format!(
                    "`{name}` is no whole number of micro-arc-seconds: only readings of a test are \
                     taken in it; 1 µrad is 0.206265 arcsec"
                )
                .into(),
            ));
        }
        let other = UNITS.iter().find(|unit| unit.names.contains(&name));
        Err(Fault(
            match other {
                Some(unit) => {
                    let of = |dimension: Dimension| super::with_article(dimension.name());
                    format!("`{name}` is {}, not {}", of(unit.dimension), of(dimension))
                }
                None => format!("`{name}` is not a unit of {}", dimension.name()),
            }
            .into(),
        ))
    }

    /// The unit of `dimension` with this spelling, for readings, which are taken to the nearest
    /// count: also those that are no whole number of smallest units.
    ///
    /// ```
    /// use toolgauge::quantity::{Dimension, Style, Unit, nearest};
    /// let unit = Unit::of_readings(Dimension::Angle, "urad").unwrap();
    /// assert_eq!(nearest("10", unit, Style::default()).unwrap().0.count(), 2_062_648);
    /// assert!(Unit::named(Dimension::Angle, "urad").is_err());
    /// ```
    pub fn of_readings(dimension: Dimension, name: &str) -> Result<&'static Self, Fault> {
        Self::named(dimension, name)
            .or_else(|fault| rounded(name).filter(|unit| unit.dimension == dimension).ok_or(fault))
    }

    /// How many smallest units one unit is, as a fraction.
    pub(super) fn ratio(&self) -> (i128, i128) {
        match self.names.first() {
            Some(&"µrad") => (RATIO, RATIO_OF),
            Some(&"mrad") => (RATIO, RATIO_OF / 1000),
            Some(&"nrad") => (RATIO, RATIO_OF * 1000),
            _ => (self.size.into(), 1),
        }
    }

    /// The longest spelling of a unit of `dimension` that `text` starts with, and what follows.
    ///
    /// A spelling that ends in a letter has to end the word: `m` is not read from `mill`.
    pub(super) fn leading(dimension: Dimension, text: &str) -> Option<(&'static Self, &str)> {
        let mut best: Option<(&'static Self, &str, usize)> = None;
        if text.is_empty() {
            return None;
        }
        for unit in UNITS.iter().filter(|unit| unit.dimension == dimension) {
            for name in unit.names.iter().filter(|name| !name.is_empty()) {
                let Some(rest) = strip_prefix(text, name) else { continue };
                let letter_end = name.chars().next_back().is_some_and(char::is_alphanumeric);
                let next = rest.chars().next();
                let word_goes_on = next.is_some_and(|c| c.is_alphanumeric() || c == 'µ');
                let exact = text.starts_with(name);
                let score = name.len() * 2 + usize::from(exact);
                let longer = best.is_none_or(|(_, _, length)| score > length);
                if !(letter_end && word_goes_on) && longer {
                    best = Some((unit, rest, score));
                }
            }
        }
        best.map(|(unit, rest, _)| (unit, rest))
    }
}

/// The unit with this spelling that is no whole number of smallest units.
fn rounded(name: &str) -> Option<&'static Unit> {
    let plain = super::plain(name);
    ROUNDED.iter().find(|unit| unit.names.contains(&plain.trim()))
}

/// `text` without `prefix`; prefixes of four characters and more are compared in any case.
fn strip_prefix<'t>(text: &'t str, prefix: &str) -> Option<&'t str> {
    if !super::text::may_begin(text, prefix) {
        return None;
    }
    if prefix.chars().count() < 4 {
        return text.strip_prefix(prefix);
    }
    super::text::strip_prefix_folded(text, prefix)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_dimension_has_a_smallest_unit_of_its_own() {
        for unit in UNITS {
            let smallest = unit.dimension.smallest();
            assert_eq!((smallest.dimension, smallest.size), (unit.dimension, 1), "{unit:?}");
        }
    }

    #[test]
    fn no_spelling_means_two_units_of_one_dimension() {
        for (at, unit) in UNITS.iter().enumerate() {
            for other in UNITS.iter().skip(at + 1) {
                let same = other.dimension == unit.dimension;
                let shared = unit.names.iter().find(|name| other.names.contains(name));
                assert!(!same || shared.is_none(), "{shared:?} of {unit:?} and {other:?}");
            }
        }
    }

    #[test]
    fn the_longest_spelling_wins_and_words_are_not_cut() {
        for (dimension, text, expected) in [
            (Length, "mm x", Some(("mm", " x"))),
            (Length, "in. / 8 in.", Some(("in", " / 8 in."))),
            (Length, "mill", None),
            (RotationalSpeed, "min-1; tool", Some(("rpm", "; tool"))),
            (Angle, "min", Some(("arcmin", ""))),
            (Force, "kN", Some(("kN", ""))),
            (Length, "MM", Some(("mm", ""))),
        ] {
            let got = Unit::leading(dimension, text).map(|(unit, rest)| (unit.name(), rest));
            assert_eq!(got, expected, "{text}");
        }
    }

    #[test]
    fn a_unit_of_another_dimension_is_said_to_be_one() {
        let fault = Unit::named(Length, "kg").expect_err("a mass");
        assert_eq!(fault.0, "`kg` is a mass, not a length");
        let fault = Unit::named(Length, "deg").expect_err("an angle");
        assert_eq!(fault.0, "`deg` is an angle, not a length");
        let fault = Unit::named(Acceleration, "deg").expect_err("an angle");
        assert_eq!(fault.0, "`deg` is an angle, not an acceleration");
    }
}
