//! What a recorded evaluation shows: the clauses that decide, what is missing, the margins.

use super::pairs::pairs_text;
use crate::evidence::{Frame, Key, Picture};
use crate::list::{Against, Bound, Test};
use crate::logic::Truth;
use crate::machine::{self, Direction, Kind, Machine, Set, label};
use crate::quantity::{Comparator, Span, Unit, Value};
use crate::rule::{
    ColumnKey, Outline, Part, Program, Question, Root, Row, Settler, Subject, Trace,
};

/// A reading that is missing, or not known sharply enough.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Missing {
    /// A parameter of the machine, or of the axis with this label.
    Reading {
        /// The parameter, with its standard where that is part of it.
        key: Key,
        /// The axis's label.
        axis: Option<String>,
    },
    /// The complete list of the machine's axes.
    FurtherAxes,
    /// Text of the law that is not decided.
    Law(String),
}

impl Missing {
    /// The missing reading in the words of the parameter table.
    pub fn text(&self) -> String {
        match self {
            Self::Reading { key, axis: Some(axis) } if axis.is_empty() => {
                format!("{} of an unnamed axis", key.text())
            }
            Self::Reading { key, axis: Some(axis) } => format!("{} of {axis}", key.text()),
            Self::Reading { key, axis: None } => key.text(),
            Self::FurtherAxes => "complete list of axes".to_owned(),
            Self::Law(why) => format!("undecided text: {why}"),
        }
    }
}

/// How far a reading is from a limit: positive inside, negative outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Margin {
    /// The tested parameter.
    pub key: Key,
    /// The axis's label.
    pub axis: Option<String>,
    /// The end of the reading that was compared.
    pub value: Value,
    /// The limit.
    pub limit: Value,
    /// How it is compared.
    pub comparator: Comparator,
    /// The signed distance.
    pub margin: Value,
}

impl Margin {
    /// The margin in words: `upr of Z 1 µm, at most 1.1 µm: +0.1 µm`.
    pub fn text(&self) -> String {
        let row = self.key.parameter.row();
        let unit = row.unit().unwrap_or_else(|| crate::quantity::Dimension::Number.smallest());
        let of = self.axis.as_ref().map_or(String::new(), |axis| format!(" of {axis}"));
        format!(
            "{}{of} {}, {} {}: {}",
            self.key.text(),
            self.value.text(unit),
            self.comparator.phrase(),
            self.limit.text(unit),
            signed(self.margin, unit)
        )
    }
}

/// A signed value, its plus sign printed.
pub(super) fn signed(value: Value, unit: &Unit) -> String {
    let sign = if value.count() > 0 { "+" } else { "" };
    format!("{sign}{}", value.text(unit))
}

/// A recorded evaluation of one row, with the picture that it came from.
pub(super) struct Observed<'o> {
    pub machine: &'o Machine,
    pub frame: &'o Frame,
    pub picture: &'o Picture,
    pub trace: &'o Trace,
}

impl Observed<'_> {
    /// The truth of a line, for an axis if it is a truth of each axis.
    pub fn truth(&self, outline: &Outline, axis: Option<usize>) -> Truth {
        match (outline.part, axis) {
            (Part::Axis, Some(axis)) => self.trace.axis(axis, outline.node),
            _ => self.trace.machine(outline.node),
        }
    }

    /// The last clauses under `outline` whose truth is `wanted`, every clause above them having it
    /// too: a clause none of whose sub-clauses has it is named itself.
    pub fn clauses(&self, outline: &Outline, wanted: Truth) -> Vec<String> {
        let mut found = Vec::new();
        self.collect_clauses(outline, wanted, &mut found);
        found
    }

    fn collect_clauses(&self, outline: &Outline, wanted: Truth, found: &mut Vec<String>) {
        let Subject::Clause(id) = &outline.subject else { return };
        if self.truth(outline, None) != wanted {
            return;
        }
        let before = found.len();
        for child in outline.parts.iter().filter(|p| matches!(p.subject, Subject::Clause(_))) {
            self.collect_clauses(child, wanted, found);
        }
        if found.len() == before {
            found.push(id.clone());
        }
    }

    /// The notes that hold and exclude, anywhere under `outline` where the clause above is met.
    pub fn notes(&self, outline: &Outline, found: &mut Vec<String>) {
        for part in &outline.parts {
            match &part.subject {
                Subject::Note(id)
                    if self.truth(part, None) == Truth::True && !found.contains(id) =>
                {
                    found.push(id.clone());
                }
                Subject::Clause(_) => self.notes(part, found),
                _ => {}
            }
        }
    }

    /// The readings on which an open root may still depend.
    pub fn missing(&self, program: &Program, root: Root, row: &Row) -> Vec<Missing> {
        let mut found = Vec::new();
        for question in Settler::new(program, root, row).open(row) {
            for missing in self.asked(program, question) {
                if !found.contains(&missing) {
                    found.push(missing);
                }
            }
        }
        found
    }

    /// What a question asks for; for a limit that is linear in another reading, whichever of the
    /// two is open.
    pub fn asked(&self, program: &Program, question: Question) -> Vec<Missing> {
        let axis = match question {
            Question::Axis(axis, _) => Some(axis),
            _ => None,
        };
        let keys = match program.column_of(question) {
            Some(ColumnKey::Parameter(key)) => vec![*key],
            Some(ColumnKey::Slope { parameter, by, slope, .. }) => {
                let own = Key { parameter: *parameter, by: *by };
                let other = Key { parameter: slope.of, by: None };
                let single = |key: &Key| match self.picture.set(self.frame, *key, axis) {
                    Some(Set::Span(span)) => span.single().is_some(),
                    _ => false,
                };
                [own, other].into_iter().filter(|key| !single(key)).collect()
            }
            Some(ColumnKey::Open(why)) => return vec![Missing::Law(why.clone())],
            None => return vec![Missing::FurtherAxes],
        };
        let label = axis.map(|axis| self.label(axis));
        keys.into_iter().map(|key| Missing::Reading { key, axis: label.clone() }).collect()
    }

    fn of_kind(&self, axis: usize, kinds: u64) -> bool {
        let key = Key { parameter: machine::id_of("axis_kind"), by: None };
        match self.picture.set(self.frame, key, Some(axis)) {
            Some(Set::OneOf(mask)) => mask & kinds != 0,
            _ => true,
        }
    }

    /// The axis's label.
    pub fn label(&self, axis: usize) -> String {
        self.machine.axes.get(axis).map_or_else(String::new, |axis| axis.label.clone())
    }

    /// The margin of one test for the machine or an axis; `None` where no end of the reading is
    /// known on the side that counts, or nothing is to be measured.
    pub fn margin(&self, test: &Test, axis: Option<usize>) -> Option<Margin> {
        let Against::Limits(limits) = &test.against else { return None };
        let key = key_of(test);
        let Set::Span(span) = self.picture.set(self.frame, key, axis)? else { return None };
        let margins = limits.iter().filter_map(|(comparator, bound)| {
            let limit = self.limit(*comparator, bound, axis)?;
            let (value, margin) = distance(span, *comparator, limit)?;
            let axis = axis.map(|axis| self.label(axis));
            Some(Margin { key, axis, value, limit, comparator: *comparator, margin })
        });
        margins.min_by_key(|margin| margin.margin)
    }

    /// The number of a limit for the machine or an axis; `None` where it depends on a reading that
    /// is not one value.
    pub fn limit(
        &self,
        comparator: Comparator,
        bound: &Bound,
        axis: Option<usize>,
    ) -> Option<Value> {
        match bound {
            Bound::Fixed(limit) => Some(*limit),
            Bound::Sloped(slope) => {
                let key = Key { parameter: slope.of, by: None };
                match self.picture.set(self.frame, key, axis)? {
                    Set::Span(span) => Some(slope.limit(comparator, span.single()?)),
                    _ => None,
                }
            }
        }
    }

    /// The margin that says most of a verdict: of the error-type tests of the clauses that decide,
    /// the one of the best axis; without one, the closest other quantity.
    pub fn telling_margin(&self, outline: &Outline, wanted: Truth) -> Option<Margin> {
        let mut margins = Vec::new();
        self.collect_margins(outline, None, wanted, &mut margins);
        let error = |margin: &&Margin| {
            let row = margin.key.parameter.row();
            row.error && row.direction == Direction::SmallerIsBetter
        };
        let best = margins.iter().filter(error).max_by_key(|margin| margin.margin);
        best.or_else(|| margins.iter().min_by_key(|margin| margin.margin.count().abs())).cloned()
    }

    fn collect_margins(
        &self,
        outline: &Outline,
        axis: Option<usize>,
        wanted: Truth,
        found: &mut Vec<Margin>,
    ) {
        match &outline.subject {
            Subject::Test(test) if self.truth(outline, axis) == wanted => {
                found.extend(self.margin(test, axis));
            }
            Subject::Axes(_, kinds) => {
                for axis in (0..self.trace.axes()).filter(|axis| self.of_kind(*axis, *kinds)) {
                    // Only an axis that fails in nothing else is telling.
                    let fails = |part: &&Outline| self.truth(part, Some(axis)) == Truth::False;
                    let failing = outline.parts.iter().filter(fails).count();
                    if failing == usize::from(wanted == Truth::False) {
                        for part in &outline.parts {
                            self.collect_margins(part, Some(axis), wanted, found);
                        }
                    }
                }
            }
            Subject::Note(_) | Subject::Not => {}
            // A clause is telling only where nothing but quantities and axes can be against it.
            Subject::Clause(_) => {
                let own = |part: &&Outline| {
                    !matches!(part.subject, Subject::Clause(_) | Subject::Note(_))
                };
                let measured = |part: &Outline| match &part.subject {
                    Subject::Axes(..) => true,
                    Subject::Test(test) => matches!(test.against, Against::Limits(_)),
                    _ => false,
                };
                let fails = |part: &Outline| self.truth(part, None) == Truth::False;
                let blocked = outline.parts.iter().filter(own).any(|p| fails(p) && !measured(p));
                let wrong = wanted == Truth::True && self.truth(outline, None) != Truth::True;
                if !blocked && !wrong {
                    for part in &outline.parts {
                        self.collect_margins(part, axis, wanted, found);
                    }
                }
            }
            _ => {
                for part in &outline.parts {
                    self.collect_margins(part, axis, wanted, found);
                }
            }
        }
    }
}

/// The key that a test asks for.
pub(super) fn key_of(test: &Test) -> Key {
    let row = test.parameter.row();
    Key { parameter: test.parameter.stored(), by: test.by.filter(|_| row.editioned) }
}

/// The end of a span that a comparison hangs on, and its signed distance from the limit.
fn distance(span: Span, comparator: Comparator, limit: Value) -> Option<(Value, Value)> {
    let wide = |value: Value| i128::from(value.count());
    let inside = comparator.limit(limit).span();
    let smaller_wanted = matches!(comparator, Comparator::AtMost | Comparator::Below);
    // The worst end decides where every value is inside, the best where none is.
    let worst = if inside.covers(span) || inside.meet(span).is_some() {
        if smaller_wanted { span.high() } else { span.low() }
    } else if smaller_wanted {
        span.low()
    } else {
        span.high()
    };
    let value = worst?;
    let margin = if smaller_wanted { wide(limit) - wide(value) } else { wide(value) - wide(limit) };
    Some((value, Value::saturating(margin)))
}

/// A set of values in words, for a key.
pub(super) fn set_text(key: Key, set: Set) -> String {
    let row = key.parameter.row();
    match (set, row.kind) {
        (Set::Span(span), _) => row.unit().map(|unit| span.text(unit)).unwrap_or_default(),
        (set, kind) if set == Set::domain(kind) => "not known".to_owned(),
        (Set::OneOf(mask), Kind::Contouring(_)) => pairs_text(mask),
        (Set::OneOf(mask), _) => labels(row, mask).join(" or "),
        (Set::Flags { certain, possible }, _) => {
            let (known, maybe) = (labels(row, certain), labels(row, possible & !certain));
            match (known.is_empty(), maybe.is_empty(), possible == label_all(row)) {
                (false, true, _) => known.join(", "),
                (false, false, true) => format!("{}, perhaps others", known.join(", ")),
                (false, false, false) => {
                    format!("{}, perhaps {}", known.join(", "), maybe.join(", "))
                }
                (true, true, _) => "none".to_owned(),
                (true, false, _) => format!("perhaps {}", maybe.join(", ")),
            }
        }
    }
}

fn label_all(row: &machine::Parameter) -> u64 {
    row.vocabulary().map_or(0, label::all)
}

fn labels(row: &machine::Parameter, mask: u64) -> Vec<&'static str> {
    row.vocabulary().map(|vocabulary| label::names(vocabulary, mask)).unwrap_or_default()
}
