//! Completions enumerated one by one, conditions evaluated by the book on each.

use std::collections::BTreeMap;

use toolgauge::list::{Against, AxesCondition, Bound, Condition, List, NoteKind, Quantifier, Test};
use toolgauge::logic::Truth;
use toolgauge::machine::{self, AxisKind, Kind, Machine, Set, View};
use toolgauge::quantity::{Span, Value};

/// What one completion makes of one reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fact {
    /// A quantity.
    Value(Value),
    /// One label or pair: a single bit.
    Label(u64),
    /// Flags.
    Flags(u64),
}

/// A reading of the machine (`None`) or of an axis, by parameter name and standard.
pub type Place = (Option<usize>, String);

/// A completion: every tested reading with its one value.
pub type Completion = BTreeMap<Place, Fact>;

/// The name under which a test asks for its reading.
pub fn name(test: &Test) -> String {
    let stored = test.parameter.stored().row();
    match test.by {
        Some(by) => format!("{} by {by}", stored.name),
        None => stored.name.to_owned(),
    }
}

/// Every test of a list, with whether it is of an axis.
pub fn tests(list: &List) -> Vec<Test> {
    let mut out = Vec::new();
    let conditions = list.clauses.iter().map(|c| &c.when).chain(list.notes.iter().map(|n| &n.when));
    for condition in conditions {
        condition.walk(&mut |part| {
            if let Condition::Test(test) = part {
                out.push(test.clone());
            }
        });
    }
    out
}

/// What a machine's readings leave possible, for every tested reading: one set of facts each.
///
/// Quantities are represented by the values at, below and above each limit, and by the ends.
pub fn possibilities(list: &List, machine: &Machine) -> BTreeMap<Place, Vec<Fact>> {
    let mut out = BTreeMap::new();
    for test in tests(list) {
        let parameter = test.parameter.stored();
        if parameter.row().name == "axis_letter" {
            continue;
        }
        let owners: Vec<Option<usize>> = if parameter.row().scope.is_axis() {
            (0..machine.axes.len()).map(Some).collect()
        } else {
            vec![None]
        };
        for axis in owners {
            let mut set = Set::domain(parameter.row().kind);
            for reading in &machine.readings {
                let same = reading.parameter == parameter && reading.axis.map(usize::from) == axis;
                let edition = !parameter.row().editioned || test.by == Some(reading.standard);
                if same && edition {
                    set = set.meet(reading.set).expect("readings agree");
                }
            }
            out.insert((axis, name(&test)), facts(list, &test, set));
        }
    }
    out
}

fn facts(list: &List, test: &Test, set: Set) -> Vec<Fact> {
    match set {
        Set::Span(span) => {
            let mut values: Vec<Value> = Vec::new();
            for other in tests(list).iter().filter(|other| name(other) == name(test)) {
                let Against::Limits(limits) = &other.against else { continue };
                for (_, bound) in limits {
                    let Bound::Fixed(limit) = bound else { continue };
                    let about = |by: i64| Value::from_count(limit.count() + by);
                    values.extend([-1, 0, 1].into_iter().filter_map(about));
                }
            }
            values.extend(span.low());
            values.extend(span.high());
            values.sort_unstable();
            values.dedup();
            values.retain(|value| span.holds(*value));
            assert!(!values.is_empty(), "no representative in {span:?}");
            values.into_iter().map(Fact::Value).collect()
        }
        Set::OneOf(mask) => bits(mask).map(Fact::Label).collect(),
        Set::Flags { certain, possible } => {
            let mut all = vec![certain];
            for bit in bits(possible & !certain) {
                all = all.iter().flat_map(|flags| [*flags, flags | bit]).collect();
            }
            all.into_iter().map(Fact::Flags).collect()
        }
    }
}

fn bits(mask: u64) -> impl Iterator<Item = u64> {
    (0..64).map(|bit| 1u64 << bit).filter(move |bit| mask & bit != 0)
}

/// Whether some and whether every completion satisfies the list; `fixed` facts replace choices.
pub fn truth(list: &List, machine: &Machine, fixed: &Completion) -> Truth {
    let mut choices: Vec<(Place, Vec<Fact>)> = possibilities(list, machine).into_iter().collect();
    for (place, facts) in &mut choices {
        if let Some(fact) = fixed.get(place) {
            *facts = vec![*fact];
        }
    }
    let (mut some, mut every) = (false, true);
    walk(list, machine, &choices, &mut Completion::new(), &mut |holds| {
        some |= holds;
        every &= holds;
        some && !every
    });
    Truth::between(every, some)
}

/// Visits every completion until `stop` says that enough was seen.
fn walk(
    list: &List,
    machine: &Machine,
    choices: &[(Place, Vec<Fact>)],
    completion: &mut Completion,
    stop: &mut impl FnMut(bool) -> bool,
) -> bool {
    let Some(((place, facts), rest)) = choices.split_first() else {
        let naive = Naive { list, machine, completion };
        return stop(naive.clause(&list.header.root));
    };
    for fact in facts {
        completion.insert(place.clone(), *fact);
        if walk(list, machine, rest, completion, stop) {
            return true;
        }
    }
    false
}

struct Naive<'n> {
    list: &'n List,
    machine: &'n Machine,
    completion: &'n Completion,
}

impl Naive<'_> {
    fn clause(&self, id: &str) -> bool {
        let clause = self.list.clause(id).expect("a clause");
        let children: Vec<bool> =
            self.list.children(id).map(|child| self.clause(&child.id)).collect();
        let joined = match clause.join {
            None => true,
            Some(toolgauge::list::Join::Any) => children.iter().any(|c| *c),
            Some(toolgauge::list::Join::All) => children.iter().all(|c| *c),
        };
        let excluded = self.list.notes.iter().any(|note| {
            note.kind == NoteKind::Excludes
                && note.from.iter().any(|from| from == id)
                && self.condition(&note.when, None)
        });
        self.condition(&clause.when, None) && joined && !excluded
    }

    fn condition(&self, condition: &Condition, axis: Option<usize>) -> bool {
        match condition {
            Condition::All(parts) => parts.iter().all(|part| self.condition(part, axis)),
            Condition::Any(parts) => parts.iter().any(|part| self.condition(part, axis)),
            Condition::Not(part) => !self.condition(part, axis),
            Condition::Test(test) => self.test(test, axis),
            Condition::Clause { id, .. } => match self.list.note(id) {
                Some(note) => self.condition(&note.when, None),
                None => self.clause(id),
            },
            Condition::Policy { both, .. } => self.condition(both, axis),
            Condition::Axes(axes) => self.axes(axes),
            Condition::Open(why) => panic!("no completion decides `{why}`"),
        }
    }

    fn axes(&self, axes: &AxesCondition) -> bool {
        let of_kind = |axis: &usize| match self.machine.axes[*axis].kind {
            Some(AxisKind::Linear) => axes.kinds & 0b010 != 0,
            Some(AxisKind::Rotary) => axes.kinds & 0b100 != 0,
            None => panic!("the naive evaluator needs to know the kind of an axis"),
        };
        let of_kind: Vec<usize> = (0..self.machine.axes.len()).filter(of_kind).collect();
        let meets = |axis: &&usize| self.condition(&axes.when, Some(**axis));
        let count = of_kind.iter().filter(meets).count();
        match axes.quantifier {
            Quantifier::AtLeast(number) => count >= usize::from(number),
            Quantifier::None => count == 0,
            Quantifier::Every(least) => count == of_kind.len() && count >= usize::from(least),
        }
    }

    fn test(&self, test: &Test, axis: Option<usize>) -> bool {
        let row = test.parameter.row();
        if row.name == "axis_letter" {
            let letters = self.machine.axes[axis.expect("an axis")].letters;
            assert_eq!(letters.count_ones(), 1, "the naive evaluator needs to know letters");
            return matches!(test.against, Against::Labels(set) if set & letters != 0);
        }
        let fact = self.completion[&(axis, name(test))];
        match (&test.against, fact) {
            (Against::Limits(limits), Fact::Value(value)) => {
                limits.iter().all(|(comparator, bound)| match bound {
                    Bound::Fixed(limit) => comparator.limit(*limit).span().holds(value),
                    Bound::Sloped(_) => panic!("no sloped limits here"),
                })
            }
            (Against::Limits(limits), Fact::Label(pair)) => {
                let place = pair.trailing_zeros();
                let (linear, rotary) = (place / 8, place % 8);
                let count = match row.kind {
                    Kind::Contouring(View::Total) => linear + rotary,
                    Kind::Contouring(View::Linear) => linear,
                    _ => rotary,
                };
                let value = Value::from_count(i64::from(count)).expect("small");
                limits.iter().all(|(comparator, bound)| match bound {
                    Bound::Fixed(limit) => comparator.limit(*limit).span().holds(value),
                    Bound::Sloped(_) => false,
                })
            }
            (Against::Labels(set), Fact::Label(label)) => set & label != 0,
            (Against::Labels(set), Fact::Flags(flags)) => match row.kind {
                Kind::Subset(_) => flags & !set == 0,
                _ => flags & set != 0,
            },
            (against, fact) => panic!("{against:?} cannot test {fact:?}"),
        }
    }
}

/// The span of one value, for readings that are filled in.
pub fn point(value: Value) -> Set {
    Set::Span(Span::point(value))
}

/// The parameter with this name.
pub fn parameter(name: &str) -> machine::ParameterId {
    machine::find(name).unwrap_or_else(|| panic!("no parameter `{name}`"))
}
