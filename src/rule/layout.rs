//! Columns: the cells that the tests of a program tell apart, and readings as sets of cells.
//!
//! A column of a quantity has as many cells as its cuts make; a reading becomes the first and the
//! last cell that it reaches. Labels that no test tells apart are one cell. So a row is a few
//! bytes, and a test is a comparison of bytes.

use crate::evidence::Key;
use crate::logic::Truth;
use crate::machine::{Kind, ParameterId, Set, Standard, label};
use crate::quantity::{Comparator, Cut, Span, Value};

use super::arena::Node;
use super::cells::Cell;
use crate::list::Slope;

/// What a column holds.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum ColumnKey {
    /// A parameter.
    Parameter(Key),
    /// Whether a parameter meets a limit that is linear in another.
    Slope {
        /// The tested parameter.
        parameter: ParameterId,
        /// Its standard.
        by: Option<Standard>,
        /// How it is compared.
        comparator: Comparator,
        /// The limit.
        slope: Slope,
    },
    /// Something that is never known, by what it says.
    Open(String),
}

/// One column: its key and its cells.
#[derive(Debug, Clone)]
pub struct Column {
    /// What it holds.
    pub key: ColumnKey,
    pub(super) scale: Scale,
}

#[derive(Debug, Clone)]
pub(super) enum Scale {
    /// The cuts in order; cell *n* lies below cut *n* and above cut *n* − 1.
    Cuts(Vec<Cut>),
    /// Classes of labels that no test tells apart, as masks of labels.
    OneOf(Vec<u64>),
    /// The same for flags.
    Flags(Vec<u64>),
    /// A truth.
    Truth,
}

/// More cells than this cannot be told apart in one column.
pub(super) const CELLS_MAX: usize = 250;
/// More classes than this cannot be told apart in one column.
pub(super) const CLASSES_MAX: usize = 32;

impl Column {
    /// The column of `key` with the cells that `nodes` tell apart; `None` where there are more
    /// than can be held.
    pub(super) fn of(key: ColumnKey, column: u16, nodes: &[Node]) -> Option<Self> {
        let kind = match &key {
            ColumnKey::Parameter(key) => key.parameter.row().kind,
            ColumnKey::Slope { .. } | ColumnKey::Open(_) => {
                return Some(Self { key, scale: Scale::Truth });
            }
        };
        let scale = match kind {
            Kind::Quantity { .. } => Scale::Cuts(cuts(column, nodes)),
            Kind::Truth | Kind::OneOf(_) | Kind::Contouring(_) => {
                let all = match Set::domain(kind) {
                    Set::OneOf(all) => all,
                    _ => 0,
                };
                Scale::OneOf(classes(all, &sets(column, nodes)))
            }
            Kind::Flags(vocabulary) | Kind::Subset(vocabulary) => {
                Scale::Flags(classes(label::all(vocabulary), &sets(column, nodes)))
            }
        };
        let fits = match &scale {
            Scale::Cuts(cuts) => cuts.len() < CELLS_MAX,
            Scale::OneOf(classes) | Scale::Flags(classes) => classes.len() <= CLASSES_MAX,
            Scale::Truth => true,
        };
        fits.then_some(Self { key, scale })
    }

    /// How many bits tell the cells of a row apart.
    pub(super) fn bits(&self) -> u32 {
        let classes = |classes: &Vec<u64>| u32::try_from(classes.len()).unwrap_or(u32::MAX);
        match &self.scale {
            Scale::Cuts(_) => 16,
            Scale::OneOf(all) => classes(all),
            Scale::Flags(all) => 2 * classes(all),
            Scale::Truth => 2,
        }
    }

    /// The cells that a set of values reaches.
    pub(super) fn cell(&self, set: &Set) -> Cell {
        match (&self.scale, set) {
            (Scale::Cuts(cuts), Set::Span(span)) => {
                let low = cuts.partition_point(|cut| *cut <= span.above);
                let high = cuts.partition_point(|cut| *cut < span.below);
                Cell::Range(byte(low), byte(high))
            }
            (Scale::OneOf(classes), Set::OneOf(mask)) => Cell::OneOf(reached(classes, *mask)),
            (Scale::Flags(classes), Set::Flags { certain, possible }) => {
                let (certain, possible) = (reached(classes, *certain), reached(classes, *possible));
                Cell::Flags { certain, possible }
            }
            _ => Cell::Truth(Truth::Unknown as u8),
        }
    }

    /// The cell number of a cut of this column.
    pub(super) fn cell_of(&self, cut: Cut) -> u8 {
        match &self.scale {
            Scale::Cuts(cuts) => byte(cuts.partition_point(|known| *known < cut)),
            _ => 0,
        }
    }

    /// The classes that a set of labels is made of.
    pub(super) fn classes_of(&self, set: u64) -> u32 {
        match &self.scale {
            Scale::OneOf(classes) | Scale::Flags(classes) => reached(classes, set),
            _ => 0,
        }
    }

    /// The values of one cell of a quantity.
    pub(super) fn span_of(&self, cell: u8) -> Span {
        let Scale::Cuts(cuts) = &self.scale else { return Span::ALL };
        let at = usize::from(cell);
        let above = at.checked_sub(1).and_then(|below| cuts.get(below)).copied();
        let below = cuts.get(at).copied();
        Span { above: above.unwrap_or(Cut::MIN), below: below.unwrap_or(Cut::MAX) }
    }

    /// The values of a cell.
    pub(super) fn set_of(&self, cell: Cell) -> Set {
        match cell {
            Cell::Range(low, high) => {
                let (low, high) = (self.span_of(low), self.span_of(high));
                Set::Span(Span { above: low.above, below: high.below })
            }
            Cell::OneOf(classes) => Set::OneOf(self.labels_of(classes)),
            Cell::Flags { certain, possible } => {
                Set::Flags { certain: self.labels_of(certain), possible: self.labels_of(possible) }
            }
            Cell::Truth(truth) => Set::OneOf(match Truth::from_byte(truth) {
                Truth::False => 0b01,
                Truth::True => 0b10,
                Truth::Unknown => 0b11,
            }),
        }
    }

    /// The classes of flags of which some flag is certainly set.
    pub(super) fn certain_classes(&self, cell: Cell) -> Vec<u64> {
        match (&self.scale, cell) {
            (Scale::Flags(classes), Cell::Flags { certain, .. }) => {
                let set = |(at, _): &(usize, &u64)| certain >> at & 1 == 1;
                classes.iter().enumerate().filter(set).map(|(_, class)| *class).collect()
            }
            _ => Vec::new(),
        }
    }

    /// The cuts of a quantity, in order.
    pub(super) fn cuts(&self) -> &[Cut] {
        match &self.scale {
            Scale::Cuts(cuts) => cuts,
            _ => &[],
        }
    }

    /// The cut between a cell of a quantity and the next one.
    pub(super) fn cut_after(&self, cell: u8) -> Option<Cut> {
        match &self.scale {
            Scale::Cuts(cuts) => cuts.get(usize::from(cell)).copied(),
            _ => None,
        }
    }

    /// The labels of a set of classes.
    pub(super) fn labels_of(&self, set: u32) -> u64 {
        match &self.scale {
            Scale::OneOf(classes) | Scale::Flags(classes) => {
                let chosen = |(at, mask): (usize, &u64)| (set >> at & 1 == 1).then_some(*mask);
                classes.iter().enumerate().filter_map(chosen).fold(0, |all, mask| all | mask)
            }
            _ => 0,
        }
    }
}

impl ColumnKey {
    /// The truth of a column that is worked out from two readings of one machine or axis.
    pub(super) fn truth(&self, of: impl Fn(Key) -> Span) -> Truth {
        let Self::Slope { parameter, by, comparator, slope } = self else { return Truth::Unknown };
        let own = of(Key { parameter: *parameter, by: *by });
        let other = of(Key { parameter: slope.of, by: None });
        // The limit grows with the other reading: its ends come from the other reading's ends.
        let low = other.low().map(|value| comparator.limit(slope.at(value, false)));
        let high = other.high().map(|value| comparator.limit(slope.at(value, true)));
        let holds = |limit: Option<crate::quantity::Limit>, wanted: bool| {
            limit.is_some_and(|limit| {
                let span = limit.span();
                if wanted { span.covers(own) } else { span.meet(own).is_none() }
            })
        };
        let up_to = matches!(comparator, Comparator::AtMost | Comparator::Below);
        let (stricter, laxer) = if up_to { (low, high) } else { (high, low) };
        Truth::between(holds(stricter, true), !holds(laxer, false))
    }
}

impl ColumnKey {
    /// Where the truth turns for the tested parameter, if the other reading is one value: the cuts
    /// at the limit rounded down and up to a count.
    pub(super) fn turns(&self, other: Value) -> Vec<Cut> {
        let Self::Slope { comparator, slope, .. } = self else { return Vec::new() };
        let cut = |up| comparator.limit(slope.at(other, up)).cut;
        vec![cut(false), cut(true)]
    }
}

impl Slope {
    /// The limit at a value of the other reading, as a count that divides the values as it does:
    /// nothing is taken off below `beyond`.
    pub fn limit(&self, comparator: Comparator, other: Value) -> Value {
        let up = matches!(comparator, Comparator::Below | Comparator::AtLeast);
        self.at(other, up).max(self.base)
    }

    /// Its line at a value of the other reading, rounded down or up to a count.
    pub(super) fn at(&self, value: Value, up: bool) -> Value {
        Value::saturating(i128::from(self.base.count()) + self.risen(value, up))
    }

    /// By how many counts its line at a value of the other reading is above its constant, rounded
    /// down or up.
    pub fn rise(&self, value: Value, up: bool) -> i64 {
        Value::saturating(self.risen(value, up)).count()
    }

    /// The value of the other reading at which its line is this, rounded down to a count; none
    /// where it does not depend on it.
    pub fn reaches(&self, limit: Value) -> Option<Value> {
        let wide = |v: Value| i128::from(v.count());
        let risen = (wide(limit) - wide(self.base)) * wide(self.per);
        Some(Value::saturating(wide(self.beyond) + risen.checked_div_euclid(wide(self.add))?))
    }

    fn risen(&self, value: Value, up: bool) -> i128 {
        let wide = |v: Value| i128::from(v.count());
        let beyond = (wide(value) - wide(self.beyond)) * wide(self.add);
        let per = wide(self.per);
        beyond.div_euclid(per) + i128::from(up && beyond.rem_euclid(per) != 0)
    }
}

fn byte(number: usize) -> u8 {
    u8::try_from(number).unwrap_or(u8::MAX)
}

fn cuts(wanted: u16, nodes: &[Node]) -> Vec<Cut> {
    let mut cuts: Vec<Cut> = nodes
        .iter()
        .filter_map(|node| match node {
            Node::UpTo { column, cut } | Node::From { column, cut } if *column == wanted => {
                Some(*cut)
            }
            _ => None,
        })
        .collect();
    cuts.sort_unstable();
    cuts.dedup();
    cuts
}

fn sets(wanted: u16, nodes: &[Node]) -> Vec<u64> {
    nodes
        .iter()
        .filter_map(|node| match node {
            Node::OneIn { column, set }
            | Node::AnyOf { column, set }
            | Node::Inside { column, set }
                if *column == wanted =>
            {
                Some(*set)
            }
            _ => None,
        })
        .collect()
}

/// The coarsest classes of `all` such that every set is made of whole classes.
fn classes(all: u64, sets: &[u64]) -> Vec<u64> {
    let mut classes = vec![all];
    for set in sets {
        classes = classes.into_iter().flat_map(|class| [class & set, class & !set]).collect();
        classes.retain(|class| *class != 0);
    }
    classes.sort_unstable_by_key(|class| class.trailing_zeros());
    classes
}

fn reached(classes: &[u64], mask: u64) -> u32 {
    classes.iter().enumerate().fold(0, |all, (at, class)| {
        if class & mask != 0 { all | 1u32.checked_shl(at as u32).unwrap_or(0) } else { all }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::machine;

    fn um(tenths: i64) -> Value {
        Value::from_count(tenths * 100_000).expect("fits")
    }

    #[test]
    fn readings_become_the_cells_that_they_reach() {
        let parameter = machine::find("upr").expect("a parameter");
        let key = ColumnKey::Parameter(Key { parameter, by: None });
        let up_to = |tenths| Node::UpTo { column: 0, cut: um(tenths).cut_above() };
        let nodes = [up_to(9), up_to(14), Node::From { column: 0, cut: um(14).cut_below() }];
        let column = Column::of(key, 0, &nodes).expect("few cells");
        for (span, low, high) in [
            (Span::point(um(9)), 0, 0),
            (Span::point(um(10)), 1, 1),
            (Span::point(um(14)), 2, 2),
            (Span::point(um(15)), 3, 3),
            (Span::between(um(5), um(14)), 0, 2),
            (Span::NOT_NEGATIVE, 0, 3),
        ] {
            assert_eq!(column.cell(&Set::Span(span)), Cell::Range(low, high), "{span:?}");
        }
        assert_eq!(column.span_of(2), Span::point(um(14)));
    }

    #[test]
    fn labels_that_no_test_tells_apart_are_one_class() {
        assert_eq!(classes(0b1111, &[0b0011, 0b0010]), [0b0001, 0b0010, 0b1100]);
        assert_eq!(reached(&[0b0001, 0b0010, 0b1100], 0b0101), 0b101);
    }

    #[test]
    fn a_sloped_limit_follows_the_other_reading() {
        let pa = machine::find("positioning_accuracy").expect("a parameter");
        let by = Standard::named("ISO 230-2:2006");
        let of = machine::find("travel").expect("a parameter");
        let metre = |n: i64| Value::from_count(n * 1_000_000_000_000).expect("fits");
        let slope = Slope { base: um(45), add: um(70), per: metre(1), of, beyond: metre(2) };
        let key = ColumnKey::Slope { parameter: pa, by, comparator: Comparator::AtMost, slope };
        let truth = |accuracy: Span, travel: Span| {
            key.truth(|key| if key.parameter == of { travel } else { accuracy })
        };
        let three = Span::point(metre(3));
        assert_eq!(truth(Span::point(um(115)), three), Truth::True);
        assert_eq!(truth(Span::point(um(116)), three), Truth::False);
        assert_eq!(truth(Span::point(um(116)), Span::between(metre(3), metre(4))), Truth::Unknown);
        assert_eq!(truth(Span::NOT_NEGATIVE, three), Truth::Unknown);
    }
}
