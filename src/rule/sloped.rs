//! Boxes with sloped edges: whether a machine lies between limits that are linear in another
//! reading, and values of one that does.
//!
//! Limits that share a reading belong together; those that share none are looked at by themselves.
//! The other reading is what the limits of such a group are linear in. Where each lower edge lies
//! below each upper one is an interval of it; in that interval values are picked, and the truths of
//! the sloped limits at them are worked out as for any machine.

use super::block::Row;
use super::cells::Cell;
use super::layout::{Column, ColumnKey};
use super::program::Program;
use super::space::Constraint;
use crate::evidence::Key;
use crate::list::Slope;
use crate::logic::Truth;
use crate::machine::{ParameterId, Set, Standard};
use crate::quantity::{Comparator, Cut, Span, Value};

/// A limit of a box that is linear in another reading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edge {
    /// The axis, counted from nought.
    pub axis: Option<usize>,
    /// The limited parameter.
    pub parameter: ParameterId,
    /// Its standard.
    pub by: Option<Standard>,
    /// On which side of the limit the box lies.
    pub comparator: Comparator,
    /// The limit.
    pub slope: Slope,
}

/// Whether some machine lies within the sloped edges of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fit {
    /// None does.
    Empty,
    /// It was not found out: limits on or in these readings are entangled.
    Unknown(Vec<Key>),
    /// These values do, of the readings that the edges are about.
    Within(Vec<Constraint>),
}

impl Program {
    /// The sloped edges of a row.
    pub fn edges(&self, row: &Row) -> Vec<Edge> {
        let mut found = own_edges(&self.machine.columns, &row.machine, None);
        for (axis, cells) in row.axes.iter().enumerate() {
            found.extend(own_edges(&self.axis.columns, cells, Some(axis)));
        }
        found
    }

    /// Values within the sloped edges of a row, of each part by itself; `pick` chooses a value of
    /// a span.
    pub fn fit(&self, row: &Row, pick: &dyn Fn(Span) -> Option<Value>) -> Fit {
        if !self.has_slopes() {
            return Fit::Within(Vec::new());
        }
        let (mut all, mut unknown) = (Vec::new(), Vec::new());
        let axes = row.axes.iter().enumerate().map(|(axis, cells)| (Some(axis), cells));
        for (axis, cells) in std::iter::once((None, &row.machine)).chain(axes) {
            let columns = if axis.is_some() { &self.axis.columns } else { &self.machine.columns };
            match (Plane { columns, cells, axis }).fit(pick) {
                Fit::Empty => return Fit::Empty,
                Fit::Within(values) => all.extend(values),
                Fit::Unknown(keys) => unknown.extend(keys),
            }
        }
        if unknown.is_empty() { Fit::Within(all) } else { Fit::Unknown(unknown) }
    }
}

/// One part of a row with sloped edges.
struct Plane<'r> {
    columns: &'r [Column],
    cells: &'r [Cell],
    axis: Option<usize>,
}

impl Plane<'_> {
    fn fit(&self, pick: &dyn Fn(Span) -> Option<Value>) -> Fit {
        let mut all = Vec::new();
        let mut unknown = Vec::new();
        for edges in groups(own_edges(self.columns, self.cells, self.axis)) {
            match self.fit_group(&edges, pick) {
                Fit::Empty => return Fit::Empty,
                Fit::Within(values) => all.extend(values),
                Fit::Unknown(keys) => unknown.extend(keys),
            }
        }
        if unknown.is_empty() { Fit::Within(all) } else { Fit::Unknown(unknown) }
    }

    /// Values within edges that belong together.
    fn fit_group(&self, edges: &[Edge], pick: &dyn Fn(Span) -> Option<Value>) -> Fit {
        let Some(of) = edges.first().map(|edge| edge.slope.of) else {
            return Fit::Within(Vec::new());
        };
        let unknown = || Fit::Unknown(readings(edges));
        // One reading that all edges lean on, itself limited by none of them.
        if edges.iter().any(|edge| edge.slope.of != of || edge.parameter == of) {
            return unknown();
        }
        let lean = Key { parameter: of, by: None };
        let mut limited: Vec<Key> = Vec::new();
        for edge in edges {
            let key = Key { parameter: edge.parameter, by: edge.by };
            if !limited.contains(&key) {
                limited.push(key);
            }
        }
        let mut range = Range::of(self.span(lean));
        for key in &limited {
            match self.narrowed(range, edges, *key) {
                Some(narrowed) => range = narrowed,
                None => return unknown(),
            }
        }
        if range.is_empty() {
            return Fit::Empty;
        }
        let tried: Vec<Vec<Constraint>> = range
            .tries(pick)
            .into_iter()
            .filter_map(|value| self.at(value, lean, edges, &limited, pick))
            .collect();
        // A figure of nought is no machine's, where there is another one.
        let plain = |values: &&Vec<Constraint>| {
            values.iter().all(|value| matches!(value.set, Set::Span(span) if is_above_nought(span)))
        };
        if let Some(values) = tried.iter().find(plain).or(tried.first()) {
            return Fit::Within(values.clone());
        }
        unknown()
    }

    /// The values of a reading that its cell leaves.
    fn span(&self, key: Key) -> Span {
        let domain = match Set::domain(key.parameter.row().kind) {
            Set::Span(span) => span,
            _ => Span::ALL,
        };
        let at = self.columns.iter().position(|c| c.key == ColumnKey::Parameter(key));
        let own = at.and_then(|at| Some((self.columns.get(at)?, *self.cells.get(at)?)));
        match own.map(|(column, cell)| column.set_of(cell)) {
            Some(Set::Span(span)) => span.meet(domain).unwrap_or(span),
            _ => domain,
        }
    }

    /// Where each lower edge of one limited reading lies below each upper one; `None` where the
    /// numbers are too large to say.
    fn narrowed(&self, mut range: Range, edges: &[Edge], key: Key) -> Option<Range> {
        let own = Range::of(self.span(key));
        let mut lower: Vec<Line> = own.low.map(Line::level).into_iter().collect();
        let mut upper: Vec<Line> = own.high.map(Line::level).into_iter().collect();
        for edge in edges.iter().filter(|e| Key { parameter: e.parameter, by: e.by } == key) {
            let strict = matches!(edge.comparator, Comparator::Below | Comparator::Above);
            let line = Line { strict, ..Line::of(&edge.slope)? };
            if is_upper(edge.comparator) { upper.push(line) } else { lower.push(line) }
        }
        for below in &lower {
            for above in &upper {
                range = range.where_below(below, above)?;
            }
        }
        Some(range)
    }

    /// Values of all readings with the reading that the edges lean on at one value.
    fn at(
        &self,
        value: Value,
        lean: Key,
        edges: &[Edge],
        limited: &[Key],
        pick: &dyn Fn(Span) -> Option<Value>,
    ) -> Option<Vec<Constraint>> {
        let point = |key: Key, value: Value| Constraint {
            axis: self.axis,
            key,
            set: Set::Span(Span::point(value)),
            certain: Vec::new(),
        };
        let mut found = vec![point(lean, value)];
        for key in limited {
            let mut span = self.span(*key);
            for edge in edges.iter().filter(|e| Key { parameter: e.parameter, by: e.by } == *key) {
                // Rounded towards the inside of the box.
                let limit = edge.slope.at(value, !is_upper(edge.comparator));
                span = span.meet(edge.comparator.limit(limit).span())?;
            }
            let own = pick(span).filter(|own| span.holds(*own)).or(span.low()).or(span.high())?;
            found.push(point(*key, own));
        }
        self.agrees(&found).then_some(found)
    }

    /// Whether the sloped limits have the truths of the row at these values.
    fn agrees(&self, values: &[Constraint]) -> bool {
        self.columns.iter().zip(self.cells).all(|(column, cell)| {
            let Cell::Truth(wanted) = *cell else { return true };
            let ColumnKey::Slope { parameter, by, .. } = &column.key else { return true };
            let key = Key { parameter: *parameter, by: *by };
            // Limits on other readings belong to another group.
            if wanted == Truth::Unknown as u8 || values.iter().all(|value| value.key != key) {
                return true;
            }
            let truth = column.key.truth(|key| {
                let own = values.iter().find(|value| value.key == key);
                match own.map(|value| value.set) {
                    Some(Set::Span(span)) => span,
                    _ => Span::ALL,
                }
            });
            truth as u8 == wanted
        })
    }
}

/// The decided sloped limits of one part, each on the side on which the part lies.
fn own_edges(columns: &[Column], cells: &[Cell], axis: Option<usize>) -> Vec<Edge> {
    let mut found = Vec::new();
    for (column, cell) in columns.iter().zip(cells) {
        let (ColumnKey::Slope { parameter, by, comparator, slope }, Cell::Truth(truth)) =
            (&column.key, cell)
        else {
            continue;
        };
        let comparator = match Truth::from_byte(*truth) {
            Truth::True => *comparator,
            Truth::False => contrary(*comparator),
            Truth::Unknown => continue,
        };
        let (parameter, by, slope) = (*parameter, *by, slope.clone());
        found.push(Edge { axis, parameter, by, comparator, slope });
    }
    found
}

/// The readings that an edge limits and leans on.
fn of_edge(edge: &Edge) -> [Key; 2] {
    let limited = Key { parameter: edge.parameter, by: edge.by };
    [limited, Key { parameter: edge.slope.of, by: None }]
}

/// Every reading that edges limit and lean on.
fn readings(edges: &[Edge]) -> Vec<Key> {
    let mut all: Vec<Key> = edges.iter().flat_map(of_edge).collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// Edges in groups of which no two share a reading.
fn groups(edges: Vec<Edge>) -> Vec<Vec<Edge>> {
    let mut groups: Vec<Vec<Edge>> = Vec::new();
    for edge in edges {
        let shares = |group: &Vec<Edge>| {
            group.iter().flat_map(of_edge).any(|key| of_edge(&edge).contains(&key))
        };
        let (mut joined, others): (Vec<_>, Vec<_>) = groups.into_iter().partition(shares);
        let mut own: Vec<Edge> = joined.drain(..).flatten().collect();
        own.push(edge);
        groups = others;
        groups.push(own);
    }
    groups
}

fn contrary(comparator: Comparator) -> Comparator {
    match comparator {
        Comparator::AtMost => Comparator::Above,
        Comparator::Below => Comparator::AtLeast,
        Comparator::AtLeast => Comparator::Below,
        Comparator::Above => Comparator::AtMost,
    }
}

fn is_above_nought(span: Span) -> bool {
    span.low().is_some_and(|low| low.count() > 0)
}

fn is_upper(comparator: Comparator) -> bool {
    matches!(comparator, Comparator::AtMost | Comparator::Below)
}

/// Counts between two ends, each of them in it where there is one.
#[derive(Debug, Clone, Copy)]
struct Range {
    low: Option<i128>,
    high: Option<i128>,
}

/// `(level + rise · t) / over`, of counts `t`; `over` is above nought. The line itself is outside
/// where it is strict.
#[derive(Debug, Clone, Copy)]
struct Line {
    level: i128,
    rise: i128,
    over: i128,
    strict: bool,
}

impl Line {
    fn level(level: i128) -> Self {
        Self { level, rise: 0, over: 1, strict: false }
    }

    /// The line of a slope; `None` where its numbers are too large.
    fn of(slope: &Slope) -> Option<Self> {
        let wide = |value: Value| i128::from(value.count());
        let (rise, over) = (wide(slope.add), wide(slope.per));
        let level = wide(slope.base).checked_mul(over)?;
        let level = level.checked_sub(rise.checked_mul(wide(slope.beyond))?)?;
        (over > 0).then_some(Self { level, rise, over, strict: false })
    }
}

impl Range {
    fn of(span: Span) -> Self {
        let wide = |value: Option<Value>| value.map(|value| i128::from(value.count()));
        Self { low: wide(span.low()), high: wide(span.high()) }
    }

    fn is_empty(self) -> bool {
        self.low.zip(self.high).is_some_and(|(low, high)| low > high)
    }

    /// The part in which one line lies at or below another, as real numbers: no count is left out
    /// that could serve. `None` where the numbers are too large.
    fn where_below(self, below: &Line, above: &Line) -> Option<Self> {
        // rise · t + level >= 0, or > 0 between edges of which one is outside; of whole numbers.
        let level = above.level.checked_mul(below.over)?;
        let level = level.checked_sub(below.level.checked_mul(above.over)?)?;
        let level = level.checked_sub(i128::from(below.strict || above.strict))?;
        let rise = above.rise.checked_mul(below.over)?;
        let rise = rise.checked_sub(below.rise.checked_mul(above.over)?)?;
        let mut range = self;
        if rise > 0 {
            let from = level.checked_neg()?.div_euclid(rise);
            let from = if from.checked_mul(rise)? < level.checked_neg()? { from + 1 } else { from };
            range.low = Some(range.low.map_or(from, |low| low.max(from)));
        } else if rise < 0 {
            let to = level.div_euclid(rise.checked_neg()?);
            range.high = Some(range.high.map_or(to, |high| high.min(to)));
        } else if level < 0 {
            range = Self { low: Some(1), high: Some(0) };
        }
        Some(range)
    }

    /// Counts at which to look, the one that is picked first.
    fn tries(self, pick: &dyn Fn(Span) -> Option<Value>) -> Vec<Value> {
        let middle = self.low.zip(self.high).map(|(low, high)| low + (high - low) / 2);
        let halves = [Self { low: middle, ..self }, Self { high: middle, ..self }];
        let picked = std::iter::once(self).chain(halves).filter_map(|part| pick(part.span()?));
        let steps = (0..17).rev().map(|power| 10i128.pow(power));
        let near = steps
            .flat_map(|step| [self.low.map(|low| low + step), self.high.map(|high| high - step)]);
        let all = std::iter::once(middle).chain(near).chain([self.low, self.high]);
        let within = |count: &i128| {
            self.low.is_none_or(|low| low <= *count) && self.high.is_none_or(|high| *count <= high)
        };
        let counts = all.flatten().filter(within);
        let values = counts.filter_map(|count| Value::from_count(i64::try_from(count).ok()?));
        picked.chain(values).collect()
    }

    fn span(self) -> Option<Span> {
        let value = |count: i128| Value::from_count(i64::try_from(count).ok()?);
        let above = match self.low {
            Some(low) => value(low)?.cut_below(),
            None => Cut::MIN,
        };
        let below = match self.high {
            Some(high) => value(high)?.cut_above(),
            None => Cut::MAX,
        };
        Some(Span { above, below })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 45 plus 7 for each 10 beyond 20, in counts.
    fn slope() -> Slope {
        let value = |count| Value::from_count(count).expect("fits");
        let of = crate::machine::id_of("travel");
        Slope { base: value(45), add: value(7), per: value(10), of, beyond: value(20) }
    }

    #[test]
    fn a_line_lies_below_another_over_an_interval() {
        let line = Line::of(&slope()).expect("fits");
        let all = Range { low: Some(0), high: Some(1_000) };
        // 45 + 0.7 (t - 20) >= 52 from t = 30 on; >= 53 from 31.4…, so from 32 on.
        for (level, low) in [(52, 30), (53, 32), (31, 0), (0, 0)] {
            let range = all.where_below(&Line::level(level), &line).expect("fits");
            assert_eq!((range.low, range.high), (Some(low), Some(1_000)), "{level}");
        }
        for (level, high) in [(52, 30), (53, 31), (745, 1_000), (30, -2)] {
            let range = all.where_below(&line, &Line::level(level)).expect("fits");
            assert_eq!((range.low, range.high), (Some(0), Some(high)), "{level}");
        }
        assert!(all.where_below(&line, &Line::level(30)).expect("fits").is_empty());
        let same = all.where_below(&line, &line).expect("fits");
        assert_eq!((same.low, same.high), (Some(0), Some(1_000)));
        let outside = Line { strict: true, ..line };
        assert!(all.where_below(&line, &outside).expect("fits").is_empty());
        assert!(all.where_below(&Line::level(2), &Line::level(1)).expect("fits").is_empty());
    }
}
