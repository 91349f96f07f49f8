//! Dials: limits of a list that move together, so that every value of them can be looked at.

use super::check::most;
use super::{Against, Bound, Condition, List, Slope};
use crate::error::{Error, Result, nearest};
use crate::machine::{self, ParameterId, Standard};
use crate::quantity::{Comparator, Dimension, Fault, Phrase, Style, Value};
use crate::table::Fields;

/// One limit that a dial moves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DialMove {
    /// The clause or note.
    pub clause: String,
    /// The tested parameter.
    pub parameter: ParameterId,
    /// How the limit compares, where a test has several.
    pub comparator: Option<Comparator>,
    /// What is added to the dial's value.
    pub offset: Value,
}

/// Limits that move together: each is the dial's value plus its offset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dial {
    /// Its name, or how it was written.
    pub name: String,
    /// What it moves.
    pub moves: Vec<DialMove>,
}

/// One limit as it stands in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DialLimit {
    /// The tested parameter.
    pub parameter: ParameterId,
    /// Its standard.
    pub by: Option<Standard>,
    /// How it compares.
    pub comparator: Comparator,
    /// The limit; of one that is linear in another reading, its constant.
    pub limit: Value,
    /// How it depends on another reading, if it does: its line moves with its constant.
    pub slope: Option<Slope>,
}

/// A limit that a list has elsewhere than where its dial is, as the list stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Untied {
    /// Which of the dial's moves.
    pub at: usize,
    /// What the dial makes of the limit where it stands.
    pub turned: Value,
    /// The offset that ties the limit as the list has it.
    pub offset: Value,
}

/// More values of one range than this are not made.
const VALUES_MAX: i128 = 100_000;

impl Dial {
    /// The dial of this name in a list, or one written as `CLAUSE:FIELD`, tied to others by commas
    /// with `+OFFSET`; `CLAUSE:FIELD:COMPARATOR` where a test has two limits.
    pub fn read(list: &List, text: &str) -> Result<Self> {
        if let Some(known) = list.dials.iter().find(|dial| dial.name == text.trim()) {
            return Ok(known.clone());
        }
        if !text.contains(':') {
            let error = Error::usage(format!("`{}` has no dial `{text}`", list.title()));
            return Err(match nearest(text, list.dials.iter().map(|dial| dial.name.as_str())) {
                Some(near) => error.help(format!("did you mean `{near}`?")),
                None => error.help("write CLAUSE:FIELD, such as CLAUSE:upr"),
            });
        }
        let moves = text.split(',').map(Self::one).collect::<Result<_>>()?;
        let dial = Self { name: text.trim().to_owned(), moves };
        dial.limits(list)?;
        Ok(dial)
    }

    fn one(text: &str) -> Result<DialMove> {
        let wrong = |why: &str| {
            let error = Error::usage(format!("`{}` names no limit: {why}", text.trim()));
            error.help("write CLAUSE:FIELD or CLAUSE:FIELD:COMPARATOR, and +OFFSET with its unit")
        };
        let (place, offset) = match text.find(['+', '−']) {
            Some(at) => text.split_at(at),
            None => (text, ""),
        };
        let mut parts = place.trim().split(':');
        let (Some(clause), Some(field)) = (parts.next(), parts.next()) else {
            return Err(wrong("there is no field"));
        };
        let comparator = match parts.next() {
            None => None,
            Some(word) => Some(
                Comparator::ALL
                    .into_iter()
                    .find(|comparator| comparator.word() == word.trim())
                    .ok_or_else(|| wrong("the comparator is none"))?,
            ),
        };
        let parameter = parameter(field.trim()).ok_or_else(|| wrong("there is no such field"))?;
        let offset = offset_of(parameter, offset)
            .map_err(|fault| wrong(&format!("the offset is none: {fault}")))?;
        Ok(DialMove { clause: clause.trim().to_owned(), parameter, comparator, offset })
    }

    /// A dial of a list file: `moves = { "CLAUSE:FIELD" = "+OFFSET", ... }`.
    pub(super) fn of_file(name: &str, fields: &Fields<'_>) -> Result<Self> {
        let moves = fields.required("moves", &format!("dial `{name}`"))?.table()?;
        let mut dial = Self { name: name.to_owned(), moves: Vec::new() };
        for (place, node) in moves.iter() {
            let mut one = Self::one(place).map_err(|error| node.error(error.message()))?;
            let offset = offset_of(one.parameter, node.str()?);
            let wrong = |fault| node.error(format!("this is no offset with a unit: {fault}"));
            one.offset = offset.map_err(wrong)?;
            dial.moves.push(one);
        }
        Ok(dial)
    }

    /// The limits that the dial moves, as they stand in a list: of one dimension, each once.
    pub fn limits(&self, list: &List) -> Result<Vec<DialLimit>> {
        self.one_dimension()?;
        let mut found: Vec<DialLimit> = Vec::new();
        for one in &self.moves {
            let clause = list.clauses.iter().find(|c| c.id == one.clause).map(|c| &c.when);
            let note = list.notes.iter().find(|n| n.id == one.clause).map(|n| &n.when);
            let Some(condition) = clause.or(note) else {
                let ids = list.clauses.iter().map(|clause| clause.id.as_str());
                let text = format!("`{}` has no clause `{}`", list.title(), one.clause);
                let error = Error::usage(text);
                return Err(match nearest(&one.clause, ids) {
                    Some(near) => error.help(format!("did you mean `{near}`?")),
                    None => error,
                });
            };
            let before = found.len();
            condition.walk(&mut |part| found.extend(matched(part, one)));
            let name = one.parameter.row().name;
            match found.len() - before {
                1 => {}
                0 => {
                    let text = format!("`{}` has no such limit on `{name}`", one.clause);
                    let mut help = "`toolgauge show LIST` prints the limits".to_owned();
                    condition.walk(&mut |part| {
                        if let Condition::Clause { id, .. } = part {
                            help = format!("it refers to `{id}`: `{id}:{name}`, say");
                        }
                    });
                    return Err(Error::usage(text).help(help));
                }
                count => {
                    let text = format!("clause `{}` has {count} limits on `{name}`", one.clause);
                    return Err(Error::usage(text)
                        .help("say which: CLAUSE:FIELD:at_most, :below, :at_least or :above"));
                }
            }
        }
        for (at, (one, limit)) in self.moves.iter().zip(&found).enumerate() {
            let before = self.moves.iter().zip(&found).take(at);
            if before.into_iter().any(|other| is_one((one, limit), other)) {
                let name = limit_name(one);
                let error = Error::usage(format!("dial `{}` turns `{name}` twice", self.name));
                return Err(error.help("name each limit once"));
            }
        }
        Ok(found)
    }

    /// Limits are tied by what lies between them: lengths to lengths, counts to counts.
    fn one_dimension(&self) -> Result<()> {
        let of = |one: &DialMove| one.parameter.row().dimension();
        let Some(first) = self.moves.first() else { return Ok(()) };
        let Some(other) = self.moves.iter().find(|one| of(one) != of(first)) else { return Ok(()) };
        let said = |one: &DialMove| {
            let name = of(one).map_or("label", Dimension::name);
            format!("`{}` ({name})", limit_name(one))
        };
        let (a, b) = (said(first), said(other));
        let error = Error::usage(format!("dial `{}` ties {a} to {b}", self.name));
        Err(error.help("tie limits of one dimension; two dials make a map"))
    }

    /// The limit that this dial and another one turn both, if there is one.
    pub fn shared(&self, other: &Self, list: &List) -> Result<Option<String>> {
        let (own, others) = (self.limits(list)?, other.limits(list)?);
        let mut own = self.moves.iter().zip(&own);
        let is_other =
            |limit| other.moves.iter().zip(&others).any(|of_other| is_one(limit, of_other));
        Ok(own.find(|limit| is_other(*limit)).map(|(one, _)| limit_name(one)))
    }

    /// The largest value at which a list could state every limit that the dial moves; none where
    /// lists state any. `limits` are those of [`Dial::limits`].
    pub fn most(&self, limits: &[DialLimit]) -> Option<Value> {
        let of = |(limit, one): (&DialLimit, &DialMove)| {
            let most = most(limit.parameter, limit.comparator)?;
            Value::from_count(most - one.offset.count())
        };
        limits.iter().zip(&self.moves).filter_map(of).min()
    }

    /// Values of the dial as they are written: with their unit, apart by commas, or as
    /// `FROM..TO:STEP`, both ends included, in exact decimals. Each is one that a list could state;
    /// `limits` are those of [`Dial::limits`].
    pub fn values(&self, limits: &[DialLimit], text: &str) -> Result<Vec<Value>> {
        let parameter = self.moves.first().map(|one| one.parameter);
        let whole = parameter.and_then(|of| of.row().dimension()).map(Dimension::smallest);
        let none = |text: &str, why: &str| {
            let error =
                Error::usage(format!("`{}` is no value of `{}`: {why}", text.trim(), self.name));
            error.help(match whole.map(|unit| unit.name()) {
                Some("") | None => "write a whole number, or FROM..TO:STEP".to_owned(),
                Some(unit) => format!(
                    "write a number with its unit, or FROM..TO:STEP; a list states whole numbers \
                     of {unit}"
                ),
            })
        };
        let value = |text: &str| match parameter {
            Some(parameter) if !text.trim().is_empty() => {
                offset_of(parameter, text).map_err(|fault| none(text, &fault.to_string()))
            }
            _ => Err(none(text, "there is no number")),
        };
        let mut found = Vec::new();
        for part in text.split(',') {
            let Some((from, rest)) = part.split_once("..") else {
                found.push(value(part)?);
                continue;
            };
            let Some((to, step)) = rest.split_once(':') else {
                let error = Error::usage(format!("`{}` has no step", part.trim()));
                return Err(error.help("write FROM..TO:STEP, each with its unit"));
            };
            let (from, to, step) = (value(from)?.count(), value(to)?.count(), value(step)?);
            let steps = (i128::from(to) - i128::from(from)).checked_div(step.count().into());
            let Some(steps) = steps.filter(|n| step > Value::ZERO && (0..VALUES_MAX).contains(n))
            else {
                let error = Error::usage(format!("`{}` is no range of values", part.trim()));
                return Err(error.help("from the smaller to the larger, in up to 100,000 steps"));
            };
            let at = |n: i128| Value::saturating(i128::from(from) + n * i128::from(step.count()));
            found.extend((0..=steps).map(at));
        }
        found.sort_unstable();
        found.dedup();
        match (found.last(), self.most(limits)) {
            (Some(last), Some(most)) if *last > most => {
                let of = Dimension::Number.smallest();
                let why = format!("a list states up to {} there", most.text(of));
                Err(none(&last.text(of), &why))
            }
            _ => Ok(found),
        }
    }

    /// The limits that the list has elsewhere than where the dial turns them when it stands where
    /// the first of them is; `limits` are those of [`Dial::limits`].
    pub fn untied(&self, limits: &[DialLimit]) -> Vec<Untied> {
        let (Some(first), Some(own)) = (limits.first(), self.moves.first()) else {
            return Vec::new();
        };
        let stands = i128::from(first.limit.count()) - i128::from(own.offset.count());
        let of = |(at, (limit, one)): (usize, (&DialLimit, &DialMove))| {
            let turned = Value::saturating(stands + i128::from(one.offset.count()));
            // Offsets are from the dial's own value.
            let offset = Value::saturating(i128::from(limit.limit.count()) - stands);
            (turned != limit.limit).then_some(Untied { at, turned, offset })
        };
        limits.iter().zip(&self.moves).enumerate().filter_map(of).collect()
    }

    /// The value at which the dial stands in a list: the first limit less its offset.
    pub fn value(&self, list: &List) -> Result<Value> {
        let limits = self.limits(list)?;
        let first = limits.first().zip(self.moves.first());
        let value = first.map(|(limit, one)| limit.limit.count() - one.offset.count());
        Ok(Value::saturating(i128::from(value.unwrap_or_default())))
    }
}

/// Whether two moves, each with its limit, move the same limit.
fn is_one(a: (&DialMove, &DialLimit), b: (&DialMove, &DialLimit)) -> bool {
    let of = |(one, limit): (&DialMove, &DialLimit)| (one.parameter, limit.comparator);
    a.0.clause == b.0.clause && of(a) == of(b)
}

/// A limit as a dial names it.
fn limit_name(one: &DialMove) -> String {
    format!("{}:{}", one.clause, one.parameter.row().name)
}

/// The limits of a test that a move means.
fn matched(part: &Condition, one: &DialMove) -> Vec<DialLimit> {
    let Condition::Test(test) = part else { return Vec::new() };
    let Against::Limits(limits) = &test.against else { return Vec::new() };
    let meant = |comparator: &Comparator| one.comparator.is_none_or(|wanted| wanted == *comparator);
    let is = |(comparator, _): &&(Comparator, Bound)| {
        test.parameter == one.parameter && meant(comparator)
    };
    let limit = |(comparator, bound): &(Comparator, Bound)| {
        let (limit, slope) = match bound {
            Bound::Fixed(limit) => (*limit, None),
            Bound::Sloped(slope) => (slope.base, Some(slope.clone())),
        };
        let (parameter, by, comparator) = (test.parameter, test.by, *comparator);
        DialLimit { parameter, by, comparator, limit, slope }
    };
    limits.iter().filter(is).map(limit).collect()
}

fn parameter(name: &str) -> Option<ParameterId> {
    machine::find(name).filter(|id| id.row().name == name)
}

fn offset_of(parameter: ParameterId, text: &str) -> std::result::Result<Value, Fault> {
    let text = text.trim().trim_start_matches('+');
    if text.is_empty() {
        return Ok(Value::ZERO);
    }
    let (negative, text) = match text.strip_prefix('−').or_else(|| text.strip_prefix('-')) {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let row = parameter.row();
    let Some(dimension) = row.dimension() else {
        return Err(Fault(format!("`{}` is no quantity", row.name).into()));
    };
    let phrase = Phrase::parse(text, dimension, Style::default())?;
    // A count has no unit to be written.
    let fallback = (dimension == Dimension::Number).then(|| dimension.smallest());
    let value = phrase.single(fallback)?.count();
    let value = Value::from_count(if negative { -value } else { value });
    value.ok_or_else(|| Fault(format!("`{text}` is too large").into()))
}

impl List {
    /// The list with a dial turned to a value.
    #[must_use]
    pub fn with(&self, dial: &Dial, at: Value) -> Self {
        let mut list = self.clone();
        for one in &dial.moves {
            let limit = Value::saturating(i128::from(at.count()) + i128::from(one.offset.count()));
            let clauses = list.clauses.iter_mut().filter(|clause| clause.id == one.clause);
            let notes = list.notes.iter_mut().filter(|note| note.id == one.clause);
            let conditions = clauses.map(|c| &mut c.when).chain(notes.map(|n| &mut n.when));
            for condition in conditions {
                condition.walk_mut(&mut |part| turn(part, one, limit));
            }
        }
        list
    }
}

fn turn(part: &mut Condition, one: &DialMove, limit: Value) {
    let Condition::Test(test) = part else { return };
    let parameter = test.parameter;
    let Against::Limits(limits) = &mut test.against else { return };
    for (comparator, bound) in limits {
        let meant = one.comparator.is_none_or(|wanted| wanted == *comparator);
        if parameter == one.parameter && meant {
            match bound {
                Bound::Fixed(fixed) => *fixed = limit,
                Bound::Sloped(slope) => slope.base = limit,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_exact_and_what_is_no_value_is_said() {
        let moves = vec![DialMove {
            clause: "1".to_owned(),
            parameter: machine::id_of("upr"),
            comparator: None,
            offset: Value::ZERO,
        }];
        let dial = Dial { name: "s".to_owned(), moves };
        let counts = |text: &str| -> Vec<i64> {
            dial.values(&[], text).expect(text).into_iter().map(Value::count).collect()
        };
        assert_eq!(counts("0.1um..0.3um:0.1um"), [100_000, 200_000, 300_000]);
        assert_eq!(counts("1 um, 0.9um, 1um"), [900_000, 1_000_000]);
        assert_eq!(counts("0.1um..10um:0.1um").len(), 100);
        assert_eq!(counts("0.1um..0.35um:0.1um").len(), 3);
        let count =
            DialMove { parameter: machine::id_of("contouring_axes"), ..dial.moves[0].clone() };
        let axes = Dial { name: "n".to_owned(), moves: vec![count] };
        let values = |text: &str| -> Vec<i64> {
            axes.values(&[], text).expect(text).into_iter().map(Value::count).collect()
        };
        assert_eq!((values("5"), values("3..5:1")), (vec![5], vec![3, 4, 5]));
        assert!(axes.values(&[], "5 mm").is_err() && axes.values(&[], "5.5").is_err());
        for (text, word) in [
            ("1", "no value"),
            ("", "no value"),
            ("0.0000001um", "is finer than one pm"),
            ("1um..2um:0.00000007um", "is finer than one pm"),
            ("1um..2um", "no step"),
            ("2um..1um:1um", "no range"),
            ("1um..2um:0um", "no range"),
            ("1um..2um:-1um", "no range"),
            ("0um..1um:1pm", "no range"),
        ] {
            let error = dial.values(&[], text).expect_err(text).to_string();
            assert!(error.contains(word), "{text}: {error}");
        }
    }
}
