//! One figure as a catalogue prints it: sign, comparison, range, uncertainty, unit, per-length.

use super::decimal::{Decimal, Style};
use super::text::{plain, strip_prefix_folded};
use super::{Comparator, Dimension, Fault, Unit, Value};

/// What form the figure has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Figure {
    /// `3`: one number.
    Plain(Decimal),
    /// `±3`: half of a band, or a band's half-width; which of the two the text does not say.
    PlusMinus(Decimal),
    /// `5 - 8`, `-280 - +330`: two ends, in the order in which they are printed.
    Range(Decimal, Decimal),
    /// `< 5`, `≤5`, `5 or better`: a comparison.
    Compared(Comparator, Decimal),
    /// `max. 3`: the largest that occurs.
    Max(Decimal),
    /// `up to 3`: the end of a range whose other end is not said.
    UpTo(Decimal),
    /// `1.2 ± 0.3`: a number and its uncertainty.
    Uncertain(Decimal, Decimal),
}

/// A figure with its unit, its reference length and what stands around it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phrase {
    /// The figure itself.
    pub figure: Figure,
    /// The printed unit, if one is printed.
    pub unit: Option<&'static Unit>,
    /// The reference length of a figure per length (`/ 300 mm`).
    pub per: Option<Value>,
    /// Marked as typical or approximate: not a bound.
    pub typical: bool,
    /// Carries a diameter sign.
    pub diameter: bool,
    /// Carries a footnote mark.
    pub footnote: bool,
    /// What follows and is not part of the figure, trimmed.
    pub rest: String,
}

const TYPICAL: &[&str] =
    &["typically", "typical", "typ.", "typ", "approximately", "approx.", "approx", "about", "ca."];

impl Phrase {
    /// Reads the figure that `text` starts with.
    ///
    /// Faults say why no figure can be read: no number, a unit of another dimension, two
    /// different units, a number that may be read in two ways.
    pub fn parse(text: &str, dimension: Dimension, style: Style) -> Result<Self, Fault> {
        let plain = plain(text);
        let mut cursor = Cursor { rest: plain.trim(), dimension, style };
        let mut phrase = Self {
            figure: Figure::Plain(Decimal::whole(0)),
            unit: None,
            per: None,
            typical: false,
            diameter: false,
            footnote: false,
            rest: String::new(),
        };
        let lead = cursor.lead(&mut phrase);
        let number = cursor.number()?.ok_or_else(|| no_number(text))?;
        phrase.unit = cursor.unit();
        phrase.figure = match lead {
            Lead::None => cursor.second(number, &mut phrase)?,
            Lead::PlusMinus => Figure::PlusMinus(number),
            Lead::Compared(comparator) => Figure::Compared(comparator, number),
            Lead::Max => Figure::Max(number),
            Lead::UpTo => Figure::UpTo(number),
        };
        if phrase.unit.is_none() {
            phrase.unit = cursor.unit();
        }
        phrase.per = cursor.per(phrase.unit.is_some())?;
        cursor.tail(&mut phrase);
        if phrase.unit.is_none() {
            cursor.wrong_unit()?;
        }
        cursor.rest.trim().clone_into(&mut phrase.rest);
        Ok(phrase)
    }

    /// The value of one of the phrase's numbers, in the printed unit or else in `fallback`.
    pub fn value(&self, number: Decimal, fallback: Option<&Unit>) -> Result<Value, Fault> {
        match self.unit.or(fallback) {
            Some(unit) => number.value(unit),
            None => Err(Fault(format!("`{number}` has no unit").into())),
        }
    }

    /// Whether nothing stands beside the figure and its unit.
    fn is_bare(&self) -> bool {
        let marked = self.typical || self.diameter || self.footnote;
        self.rest.is_empty() && self.per.is_none() && !marked
    }

    /// The value of a phrase that is nothing but one plain number.
    pub fn single(&self, fallback: Option<&Unit>) -> Result<Value, Fault> {
        match self.figure {
            Figure::Plain(number) if self.is_bare() => self.value(number, fallback),
            Figure::Plain(_) if !self.rest.is_empty() => {
                Err(Fault(format!("`{}` behind the number is no unit here", self.rest).into()))
            }
            _ => Err(Fault("one plain figure is wanted here".into())),
        }
    }
}

fn no_number(text: &str) -> Fault {
    Fault(format!("`{}` has no number where one is wanted", text.trim()).into())
}

enum Lead {
    None,
    PlusMinus,
    Compared(Comparator),
    Max,
    UpTo,
}

struct Cursor<'t> {
    rest: &'t str,
    dimension: Dimension,
    style: Style,
}

impl Cursor<'_> {
    fn skip_spaces(&mut self) {
        self.rest = self.rest.trim_start();
    }

    /// Takes `token`, whatever the case of its letters; a word has to end where the token ends.
    fn eat(&mut self, token: &str) -> bool {
        let Some(after) = strip_prefix_folded(self.rest, token) else { return false };
        let word = token.ends_with(char::is_alphabetic);
        if word && after.starts_with(char::is_alphabetic) {
            return false;
        }
        self.rest = after;
        self.skip_spaces();
        true
    }

    fn eat_any(&mut self, tokens: &[&str]) -> bool {
        tokens.iter().any(|token| self.eat(token))
    }

    fn lead(&mut self, phrase: &mut Phrase) -> Lead {
        let mut lead = Lead::None;
        loop {
            if self.eat_any(TYPICAL) || self.eat("~") {
                phrase.typical = true;
            } else if self.eat("ø") {
                phrase.diameter = true;
            } else if self.eat_any(&["+/-", "+ / -", "+-", "±"]) {
                lead = Lead::PlusMinus;
            } else if self.eat_any(&["<=", "≤", "at most", "not more than"]) {
                lead = Lead::Compared(Comparator::AtMost);
            } else if self.eat_any(&["<", "less than", "below", "under"]) {
                lead = Lead::Compared(Comparator::Below);
            } else if self.eat_any(&[">=", "≥", "at least"]) {
                lead = Lead::Compared(Comparator::AtLeast);
            } else if self.eat_any(&[">", "more than", "above", "over"]) {
                lead = Lead::Compared(Comparator::Above);
            } else if self.eat_any(&["maximum", "max."]) || self.eat("max") {
                lead = Lead::Max;
            } else if self.eat("up to") {
                lead = Lead::UpTo;
            } else {
                return lead;
            }
        }
    }

    fn number(&mut self) -> Result<Option<Decimal>, Fault> {
        match Decimal::leading(self.rest, self.style)? {
            Some((number, rest)) => {
                self.rest = rest;
                Ok(Some(number))
            }
            None => Ok(None),
        }
    }

    fn unit(&mut self) -> Option<&'static Unit> {
        let (unit, rest) = Unit::leading(self.dimension, self.rest.trim_start())?;
        self.rest = rest;
        Some(unit)
    }

    /// The other end of a range, or an uncertainty, if one follows.
    fn second(&mut self, first: Decimal, phrase: &mut Phrase) -> Result<Figure, Fault> {
        let before = self.rest;
        self.skip_spaces();
        let uncertain = self.eat_any(&["+/-", "+-", "±"]);
        let range = !uncertain && self.eat_any(&["...", "..", "~", "to", "through", "-", "…"]);
        let diameter = self.eat("ø");
        let second = if uncertain || range { self.number()? } else { None };
        let Some(second) = second else {
            self.rest = before;
            return Ok(Figure::Plain(first));
        };
        phrase.diameter |= diameter;
        let unit = self.unit();
        match (phrase.unit, unit) {
            (Some(one), Some(other)) if one != other => {
                let text = format!("two units, `{}` and `{}`", one.name(), other.name());
                return Err(Fault(text.into()));
            }
            _ => phrase.unit = phrase.unit.or(unit),
        }
        Ok(if uncertain { Figure::Uncertain(first, second) } else { Figure::Range(first, second) })
    }

    /// A reference length: `/ 8 in.`, `per 300 mm`, `/m`; only after a printed unit.
    fn per(&mut self, has_unit: bool) -> Result<Option<Value>, Fault> {
        let before = self.rest;
        self.skip_spaces();
        let length_like = matches!(self.dimension, Dimension::Length | Dimension::Angle);
        if !has_unit || !length_like || !(self.eat("/") || self.eat("per")) {
            self.rest = before;
            return Ok(None);
        }
        let number = self.number()?.unwrap_or(Decimal::whole(1));
        match Unit::leading(Dimension::Length, self.rest.trim_start()) {
            Some((unit, rest)) => {
                self.rest = rest;
                number.value(unit).map(Some)
            }
            None => {
                self.rest = before;
                Ok(None)
            }
        }
    }

    fn tail(&mut self, phrase: &mut Phrase) {
        loop {
            self.skip_spaces();
            if self.eat_any(TYPICAL) || self.eat("(typ.)") {
                phrase.typical = true;
            } else if self.eat("*") {
                phrase.footnote = true;
                self.rest = self.rest.trim_start_matches(|c: char| c.is_ascii_digit());
            } else if self.eat_any(&["or less", "or better", "or below"]) {
                phrase.figure = compared(phrase.figure, Comparator::AtMost);
            } else if self.eat_any(&["or more", "or above"]) {
                phrase.figure = compared(phrase.figure, Comparator::AtLeast);
            } else if self.eat_any(&["max.", "max"]) {
                phrase.figure = match phrase.figure {
                    Figure::Plain(number) => Figure::Max(number),
                    other => other,
                };
            } else {
                return;
            }
        }
    }

    /// Refuses a figure whose unit belongs to another dimension.
    fn wrong_unit(&self) -> Result<(), Fault> {
        let text = self.rest.trim_start();
        let word: String = text.chars().take_while(|c| c.is_alphabetic() || *c == 'µ').collect();
        if word.is_empty() {
            return Ok(());
        }
        match Unit::named(self.dimension, &word) {
            Err(fault) if KNOWN.iter().any(|of| fault.0.contains(of)) => Err(fault),
            _ => Ok(()),
        }
    }
}

/// What is said of a unit that is known and not one of these.
const KNOWN: [&str; 3] = [" is a ", " is an ", " is no whole number of "];

fn compared(figure: Figure, comparator: Comparator) -> Figure {
    match figure {
        Figure::Plain(number) => Figure::Compared(comparator, number),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Shows a phrase as a short line, so that cases are a table.
    fn show(text: &str, dimension: Dimension, style: Style) -> String {
        let phrase = match Phrase::parse(text, dimension, style) {
            Ok(phrase) => phrase,
            Err(fault) => return format!("fault: {fault}"),
        };
        let unit = phrase.unit.map_or("-", Unit::name);
        let figure = match phrase.figure {
            Figure::Plain(n) => format!("{n}"),
            Figure::PlusMinus(n) => format!("pm {n}"),
            Figure::Range(a, b) => format!("{a}..{b}"),
            Figure::Compared(c, n) => format!("{} {n}", c.word()),
            Figure::Max(n) => format!("max {n}"),
            Figure::UpTo(n) => format!("up to {n}"),
            Figure::Uncertain(n, u) => format!("{n} u {u}"),
        };
        let per = phrase.per.map_or(String::new(), |per| format!(" per {} pm", per.count()));
        let typical = if phrase.typical { " typical" } else { "" };
        let rest = if phrase.rest.is_empty() { "" } else { " | " };
        format!("{figure} {unit}{per}{typical}{rest}{}", phrase.rest)
    }

    #[test]
    fn every_form_of_the_reference_is_read() {
        use Dimension::{Angle, Length, RotationalSpeed};
        for (dimension, text, expected) in [
            (Length, "0.9 µm", "0.9 µm"),
            (Length, "0.9 μm", "0.9 µm"),
            (Length, "0.0009 mm", "0.0009 mm"),
            (Length, "0.0002\"", "0.0002 in"),
            (Length, "0.0002 in", "0.0002 in"),
            (Length, "±0.005 mm", "pm 0.005 mm"),
            (Length, "+/- 0.0005 in. / 8 in.", "pm 0.0005 in per 203200000000 pm"),
            (Length, "8 µm/m", "8 µm per 1000000000000 pm"),
            (Length, "< 5 µm", "below 5 µm"),
            (Length, "≤5", "at_most 5 -"),
            (Length, "1.2 ± 0.3 µm", "1.2 u 0.3 µm"),
            (Length, "5 - 8 µm", "5..8 µm"),
            (Length, "5-8 µm", "5..8 µm"),
            (Length, "-280 - +330", "-280..330 -"),
            (Angle, "10\"", "10 arcsec"),
            (Angle, "4 arcsec", "4 arcsec"),
            (Angle, "0.001°", "0.001 deg"),
            (Angle, "2 min", "2 arcmin"),
            (Angle, "+160º – -180º", "160..-180 deg"),
            (Angle, "-7° to 180° × 0.001°", "-7..180 deg | × 0.001°"),
            (Angle, "-5..110", "-5..110 -"),
            (RotationalSpeed, "12 000 min-1", "12000 rpm"),
            (RotationalSpeed, "12,000 rpm", "12000 rpm"),
            (Length, "1 m", "1 m"),
            (Length, "3 µm typ.", "3 µm typical"),
            (Length, "3 µm*", "3 µm"),
            (Length, "ø350 mm", "350 mm"),
            (Length, "up to 3 μm", "up to 3 µm"),
            (Length, "max. 3 µm", "max 3 µm"),
            (Length, "3 µm or better", "at_most 3 µm"),
            (Length, "500 kg", "fault: `kg` is a mass, not a length"),
            (
                Angle,
                "10 µrad",
                "fault: `µrad` is no whole number of micro-arc-seconds: only readings of a test \
                 are taken in it; 1 µrad is 0.206265 arcsec",
            ),
            (Length, "Yes", "fault: `Yes` has no number where one is wanted"),
            (Length, "8 mm to 10 in", "fault: two units, `mm` and `in`"),
            (Length, "0,9 um", "fault: the comma in `0,9 um` is not a thousands sign here"),
            (Length, "3 (V6)", "3 - | (V6)"),
        ] {
            assert_eq!(show(text, dimension, Style::default()), expected, "{text}");
        }
    }

    #[test]
    fn the_decimal_comma_is_read_only_where_it_is_declared() {
        let comma = Style { decimal_comma: true };
        assert_eq!(show("± 0,005 mm", Dimension::Length, comma), "pm 0.005 mm");
        assert_eq!(show("0,9 um", Dimension::Length, comma), "0.9 µm");
        assert_eq!(show("4.500 dev/dak", Dimension::RotationalSpeed, comma), "4500 rpm");
    }
}
