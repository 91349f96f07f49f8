//! What a recorded evaluation shows: the clauses that decide, what is missing, the margins.

use crate::evidence::{Frame, Key, Picture};
use crate::list::{Against, Bound, Test};
use crate::logic::Truth;
use crate::machine::{self, Direction, Kind, Machine, Set, label};
use crate::quantity::{Comparator, Span, Unit, Value};
use crate::rule::{Outline, Part, Subject, Trace};

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

    /// The readings on which an open line may still depend.
    pub fn missing(&self, outline: &Outline) -> Vec<Missing> {
        let mut found = Vec::new();
        self.collect_missing(outline, None, &mut found);
        found
    }

    fn collect_missing(&self, outline: &Outline, axis: Option<usize>, found: &mut Vec<Missing>) {
        if self.truth(outline, axis) != Truth::Unknown {
            return;
        }
        let mut add = |missing: Missing| {
            if !found.contains(&missing) {
                found.push(missing);
            }
        };
        match &outline.subject {
            Subject::Test(test) => {
                for key in self.open_keys(test, axis) {
                    add(Missing::Reading { key, axis: axis.map(|axis| self.label(axis)) });
                }
            }
            Subject::Open(why) => add(Missing::Law(why.clone())),
            Subject::Axes(_, kinds) => {
                if self.picture.further_axes {
                    add(Missing::FurtherAxes);
                }
                for axis in 0..self.trace.axes() {
                    let fails = |part: &Outline| self.truth(part, Some(axis)) == Truth::False;
                    if self.of_kind(axis, *kinds) && !outline.parts.iter().any(fails) {
                        for part in &outline.parts {
                            self.collect_missing(part, Some(axis), found);
                        }
                    }
                }
            }
            _ => {
                for part in &outline.parts {
                    self.collect_missing(part, axis, found);
                }
            }
        }
    }

    /// The readings of an open test that leave more than one value; for a limit that is linear in
    /// another reading, the other one too.
    fn open_keys(&self, test: &Test, axis: Option<usize>) -> Vec<Key> {
        let mut keys = vec![key_of(test)];
        if let Against::Limits(limits) = &test.against {
            keys.extend(limits.iter().filter_map(|(_, bound)| match bound {
                Bound::Sloped(slope) => Some(Key { parameter: slope.of, by: None }),
                Bound::Fixed(_) => None,
            }));
        }
        let single = |key: &Key| match self.picture.set(self.frame, *key, axis) {
            Some(Set::Span(span)) => span.single().is_some(),
            _ => false,
        };
        keys.retain(|key| !single(key));
        keys
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
            let Bound::Fixed(limit) = bound else { return None };
            let (value, margin) = distance(span, *comparator, *limit)?;
            let axis = axis.map(|axis| self.label(axis));
            Some(Margin { key, axis, value, limit: *limit, comparator: *comparator, margin })
        });
        margins.min_by_key(|margin| margin.margin)
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

/// The pairs of contouring axes in words: `5 axes`, `3 linear + 2 rotary`.
fn pairs_text(mask: u64) -> String {
    let pairs = || (0..64u32).filter(move |bit| mask >> bit & 1 == 1).map(|bit| (bit / 8, bit % 8));
    let mut totals: Vec<u32> = pairs().map(|(linear, rotary)| linear + rotary).collect();
    totals.sort_unstable();
    totals.dedup();
    match (pairs().count(), totals.as_slice()) {
        (1, _) => pairs().map(|(l, r)| format!("{l} linear + {r} rotary")).collect(),
        (_, [total]) => format!("{total} axes"),
        (_, [first, .., last]) => format!("{first} to {last} axes"),
        (_, []) => "no axes".to_owned(),
    }
}
