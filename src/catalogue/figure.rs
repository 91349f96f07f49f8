//! From one printed figure to what it leaves possible.

use super::cell::{Alternative, Enclosed};
use super::mapping::{Bracket, Column, reference_length};
use crate::machine::{Direction, Form, Kind, Parameter, Set};
use crate::quantity::{
    Comparator, Decimal, Dimension, Fault, Figure, Phrase, Span, Style, Unit, Value, plain,
};

/// What a piece of a cell says of one quantity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Said {
    /// Nothing: the cell is empty or says that it is not known.
    Nothing,
    /// That there is no such thing.
    Absent,
    /// That there is one (`Yes`), without a figure.
    Present,
    /// A figure.
    Figure(Printed),
}

/// A printed figure and what it leaves possible.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Printed {
    /// The possible values.
    pub set: Set,
    /// The figure itself, where there is one.
    pub figure: Option<Value>,
    /// Its form.
    pub form: Form,
    /// The uncertainty printed with it.
    pub uncertainty: Option<Value>,
    /// The ends of a printed range of positions.
    pub range: Option<(Value, Value)>,
    /// What stands behind the figure and was not understood.
    pub rest: String,
    /// Whether a unit could have been printed and none was.
    pub bare: bool,
}

/// Texts that say that nothing is known.
const MISSING: &[&str] = &[
    "",
    "-",
    "--",
    "?",
    "n/a",
    "na",
    "n.a.",
    "unknown",
    "not stated",
    "not specified",
    "tbd",
    "tba",
    "k.a.",
    "null",
    "none stated",
    "...",
];

/// Whether a text says that nothing is known.
pub(super) fn is_missing(text: &str) -> bool {
    MISSING.contains(&plain(text).trim().to_lowercase().as_str())
}

/// What a figure is read for.
#[derive(Clone, Copy)]
pub(super) struct Wanted<'w> {
    /// The parameter.
    pub parameter: &'w Parameter,
    /// Its dimension.
    pub dimension: Dimension,
    /// How the column is read.
    pub column: &'w Column,
    /// The unit of figures that print none.
    pub unit: Option<&'static Unit>,
    /// How numbers are written.
    pub style: Style,
    /// Whether the figure is a stroke, whose printed ends are positions.
    pub positions: bool,
}

impl Wanted<'_> {
    /// What the text of one alternative says, its brackets aside.
    pub(super) fn said(&self, text: &str, absent: &[String]) -> Result<Said, Fault> {
        let text = text.trim();
        if absent.iter().any(|word| word.eq_ignore_ascii_case(text)) {
            return Ok(Said::Absent);
        }
        if is_missing(text) {
            return Ok(Said::Nothing);
        }
        match text.to_lowercase().as_str() {
            "yes" | "y" | "ja" | "✓" => return Ok(Said::Present),
            "no" | "none" => return Ok(Said::Absent),
            _ => {}
        }
        let phrase = Phrase::parse(text, self.dimension, self.style)?;
        self.printed(&phrase).map(Said::Figure)
    }

    /// What a phrase leaves possible.
    pub(super) fn printed(&self, phrase: &Phrase) -> Result<Printed, Fault> {
        let row = self.parameter;
        let domain = Set::domain(row.kind);
        let mut printed = Printed {
            set: domain,
            figure: None,
            form: Form::Plain,
            uncertainty: None,
            range: None,
            rest: phrase.rest.clone(),
            bare: phrase.unit.is_none() && self.dimension != Dimension::Number,
        };
        let set = match phrase.figure {
            Figure::PlusMinus(number) if self.positions => {
                let ends = (self.value(phrase, number.negated())?, self.value(phrase, number)?);
                return self.between(printed, ends.0, ends.1);
            }
            Figure::Range(from, to) if self.positions => {
                let ends = (self.value(phrase, from)?, self.value(phrase, to)?);
                if ends.0.count() > 0 && ends.1.count() > 0 {
                    let text = "the lower end has no sign: a lost minus, or two alternatives";
                    return Err(Fault(text.into()));
                }
                return self.between(printed, ends.0, ends.1);
            }
            _ => self.possible(phrase, &mut printed)?,
        };
        if phrase.per.is_some() || self.per_word(&phrase.rest).is_some() {
            printed.form = Form::PerLength;
        } else if phrase.typical {
            printed.form = Form::Typical;
        }
        let bounds_nothing = matches!(printed.form, Form::PerLength | Form::Typical) && row.error;
        printed.set = if bounds_nothing {
            domain
        } else {
            let outside = || Fault("the figure is below nought".into());
            set.meet(domain).ok_or_else(outside)?
        };
        if row.error && printed.figure.is_some_and(|figure| figure.count() == 0) {
            return Err(Fault("an error of exactly nought cannot be: is the cell empty?".into()));
        }
        Ok(printed)
    }

    fn value(&self, phrase: &Phrase, number: Decimal) -> Result<Value, Fault> {
        phrase.value(number, self.unit)
    }

    /// The values that a figure leaves possible by its form; figure, form and uncertainty are set.
    fn possible(&self, phrase: &Phrase, printed: &mut Printed) -> Result<Set, Fault> {
        let row = self.parameter;
        let value = |number: Decimal| self.value(phrase, number);
        let limit =
            |comparator: Comparator, value: Value| Set::Span(comparator.limit(value).span());
        let larger = row.direction == Direction::LargerIsBetter;
        let mut point = |value: Value| {
            printed.figure = Some(value);
            Set::Span(Span::point(value))
        };
        let (form, set) = match phrase.figure {
            Figure::Plain(number) => (Form::Plain, point(value(number)?)),
            Figure::PlusMinus(number) if row.half_width => (Form::Plain, point(value(number)?)),
            Figure::PlusMinus(number) if row.error => {
                let half = value(number)?;
                point(half);
                let full = Value::saturating(2 * i128::from(half.count()));
                (Form::PlusMinus, Set::Span(Span::between(half, full)))
            }
            Figure::PlusMinus(_) => {
                return Err(Fault("a ± figure has no meaning for this parameter".into()));
            }
            // The range in which something turns ends at its highest speed.
            Figure::Range(from, to) if larger && self.dimension == Dimension::RotationalSpeed => {
                (Form::Plain, point(value(from)?.max(value(to)?)))
            }
            Figure::Range(from, to) => {
                (Form::Range, Set::Span(Span::between(value(from)?, value(to)?)))
            }
            Figure::Compared(comparator, number) => {
                (Form::Bound, limit(comparator, value(number)?))
            }
            Figure::Max(number) if row.error => {
                (Form::Bound, limit(Comparator::AtMost, value(number)?))
            }
            Figure::UpTo(_) if row.error => {
                return Err(Fault("`up to` does not say from where an error starts".into()));
            }
            Figure::UpTo(number) if !larger => {
                (Form::Bound, limit(Comparator::AtMost, value(number)?))
            }
            Figure::Max(number) | Figure::UpTo(number) => (Form::Plain, point(value(number)?)),
            // The lists compare the figure; its uncertainty is neither added nor subtracted.
            Figure::Uncertain(number, about) => {
                let set = point(value(number)?);
                printed.uncertainty = Some(value(about)?);
                (Form::Uncertain, set)
            }
        };
        printed.form = form;
        Ok(set)
    }

    /// A stroke between two printed positions.
    fn between(&self, mut printed: Printed, from: Value, to: Value) -> Result<Printed, Fault> {
        let (low, high) = (from.min(to), from.max(to));
        if low == high {
            return Err(Fault("both printed ends are the same".into()));
        }
        let length = i128::from(high.count()) - i128::from(low.count());
        printed.figure = Some(Value::saturating(length));
        printed.set = Set::Span(Span::point(Value::saturating(length)));
        printed.range = Some((low, high));
        Ok(printed)
    }

    /// What a word of the mapping says of a bracket: a reference length.
    fn per_word(&self, text: &str) -> Option<Value> {
        let word = text.trim().trim_matches(['(', ')', '[', ']']);
        let meaning = self.column.words.iter().find(|(known, _)| known.eq_ignore_ascii_case(word));
        meaning.and_then(|(_, meaning)| reference_length(meaning))
    }

    /// What the bracket behind a figure means here.
    pub(super) fn meaning(&self, enclosed: &Enclosed) -> Bracket {
        let declared = match enclosed.open {
            '(' => self.column.round,
            '[' => self.column.square,
            _ => self.column.angle,
        };
        let text = enclosed.text.to_lowercase();
        let optional = ["op.", "opt.", "option", "optional", "(op.)"];
        let said = self.column.words.iter().any(|(word, _)| word.eq_ignore_ascii_case(&text));
        if said {
            Bracket::Note
        } else if optional.contains(&text.as_str()) {
            Bracket::Option
        } else if text.starts_with(['±', '+', '-']) && self.positions && text.len() > 1 {
            if self.is_inch(enclosed) { Bracket::Inch } else { Bracket::Range }
        } else if !text.chars().any(|c| c.is_ascii_digit()) {
            Bracket::Note
        } else if declared == Bracket::Unsaid && self.is_inch(enclosed) {
            Bracket::Inch
        } else {
            declared
        }
    }

    /// Whether the bracket prints its unit and that unit is the inch.
    fn is_inch(&self, enclosed: &Enclosed) -> bool {
        let phrase = Phrase::parse(&enclosed.text, self.dimension, self.style);
        let unit = phrase.ok().and_then(|phrase| phrase.unit);
        let declared = enclosed.open == '(' && self.column.round == Bracket::Inch;
        unit.map_or(declared, |unit| unit.name() == "in") && self.dimension == Dimension::Length
    }

    /// Whether inches agree with a figure: within one unit of their last printed digit.
    pub(super) fn inches_agree(&self, enclosed: &Enclosed, figure: Value) -> Option<bool> {
        let inch = Unit::named(Dimension::Length, "in").ok()?;
        let phrase = Phrase::parse(&enclosed.text, Dimension::Length, self.style).ok()?;
        let (number, count) = match phrase.figure {
            Figure::Plain(number) => (number, number.value(inch).ok()?.count()),
            Figure::PlusMinus(number) => (number, number.value(inch).ok()?.count() * 2),
            Figure::Range(from, to) => {
                let ends = (from.value(inch).ok()?.count(), to.value(inch).ok()?.count());
                (from, (ends.0 - ends.1).abs())
            }
            _ => return None,
        };
        let digit = inch.size / 10i64.checked_pow(number.scale())?;
        // Each printed end may be off by one unit of its last digit.
        let ends = if matches!(phrase.figure, Figure::Plain(_)) { 1 } else { 2 };
        Some((count - figure.count()).abs() <= ends * digit)
    }
}

/// The text of an alternative with the notes that the mapping knows put back behind it.
pub(super) fn with_words(alternative: &Alternative, column: &Column) -> String {
    let known = |enclosed: &&Enclosed| {
        column.words.iter().any(|(word, _)| word.eq_ignore_ascii_case(&enclosed.text))
    };
    match alternative.enclosed.iter().find(known) {
        Some(enclosed) => format!("{} ({})", alternative.text, enclosed.text),
        None => alternative.text.clone(),
    }
}

/// The count that a cell about simultaneous axes prints: `5`, `4-axis`, `simultaneous 5-axis ...`.
pub(super) fn axes_count(text: &str) -> Option<i64> {
    let lower = plain(text).to_lowercase();
    let bare = lower.trim().parse::<i64>().ok();
    if bare.is_some() {
        return bare;
    }
    let mut counts =
        lower.match_indices("axis").chain(lower.match_indices("axes")).filter_map(|(at, _)| {
            let before = lower.get(..at)?.trim_end_matches([' ', '-']);
            let digits = before.rsplit(|c: char| !c.is_ascii_digit()).next()?;
            digits.parse::<i64>().ok()
        });
    let first = counts.next()?;
    counts.all(|other| other == first).then_some(first)
}

/// Whether a parameter's kind is a quantity in the given dimension.
pub(super) fn quantity_dimension(parameter: &Parameter) -> Option<Dimension> {
    match parameter.kind {
        Kind::Quantity { dimension, .. } => Some(dimension),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::machine;

    fn show(parameter: &str, text: &str) -> String {
        let row = machine::find(parameter).expect("a parameter").row();
        let column = Column::default();
        let wanted = Wanted {
            parameter: row,
            dimension: quantity_dimension(row).expect("a quantity"),
            column: &column,
            unit: row.unit(),
            style: Style::default(),
            positions: parameter == "travel",
        };
        match wanted.said(text, &[]) {
            Ok(Said::Figure(printed)) => match printed.set {
                Set::Span(span) => {
                    format!("{:?} {}", printed.form, span.text(row.unit().expect("unit")))
                }
                _ => "no span".to_owned(),
            },
            Ok(other) => format!("{other:?}"),
            Err(fault) => fault.to_string(),
        }
    }

    #[test]
    fn figures_leave_possible_what_their_form_allows() {
        for (parameter, text, expected) in [
            ("upr", "0.9 µm", "Plain 0.9 µm"),
            ("upr", "±0.9 µm", "PlusMinus 0.9 to 1.8 µm"),
            ("upr", "< 5 µm", "Bound at most 4.999999 µm"),
            ("upr", "≤5", "Bound at most 5 µm"),
            ("upr", "max. 5", "Bound at most 5 µm"),
            ("upr", "up to 3 µm", "`up to` does not say from where an error starts"),
            ("upr", "1.2 ± 0.3 µm", "Uncertain 1.2 µm"),
            ("rate_stability", "±0.05 %", "Plain 0.05 %"),
            ("upr", "5 - 8 µm", "Range 5 to 8 µm"),
            ("upr", "3 µm typ.", "Typical any"),
            ("upr", "5 µm / 300 mm", "PerLength any"),
            ("upr", "0", "an error of exactly nought cannot be: is the cell empty?"),
            ("upr", "-3", "the figure is below nought"),
            ("upr", "-", "Nothing"),
            ("upr", "n/a", "Nothing"),
            ("travel", "-280 - +330", "Plain 610 mm"),
            ("travel", "±150", "Plain 300 mm"),
            ("travel", "30 - 210", "the lower end has no sign: a lost minus, or two alternatives"),
            ("travel", "Yes", "Present"),
            ("bar_capacity", "up to 80", "Plain 80 mm"),
        ] {
            assert_eq!(show(parameter, text), expected, "{text}");
        }
    }

    #[test]
    fn simultaneous_axes_are_counted_only_where_one_count_is_printed() {
        for (text, expected) in [
            ("5", Some(5)),
            ("4-axis", Some(4)),
            ("simultaneous 5-axis machining (text)", Some(5)),
            ("3 axes", Some(3)),
            ("3-axis or 5-axis", None),
            ("many", None),
        ] {
            assert_eq!(axes_count(text), expected, "{text}");
        }
    }
}
