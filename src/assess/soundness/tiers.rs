//! Bands that run the wrong way: a limit whose ends have changed places, and tiers of one size of
//! which the harder one has the laxer sibling.

use super::{Finding, finding};
use crate::error::Place;
use crate::list::{Against, Bound, Clause, Condition, List, Quantifier, Slope, Test};
use crate::machine::{Direction, Kind, ParameterId, Standard};
use crate::quantity::{Comparator, Cut, Span};

/// Every such band of a list.
pub(super) fn findings(list: &List) -> Vec<Finding> {
    let mut found = Vec::new();
    let clauses = list.clauses.iter().map(|clause| (&clause.id, &clause.when));
    for (id, when) in clauses.chain(list.notes.iter().map(|note| (&note.id, &note.when))) {
        when.walk(&mut |part| {
            if let Condition::Test(test) = part
                && is_inverted(test)
            {
                let name = test.parameter.row().name;
                let text = format!("no value of `{name}` meets both of its limits");
                found.push(finding(id, &test.place, text));
            }
        });
    }
    for parent in &list.clauses {
        let children: Vec<&Clause> = list.children(&parent.id).collect();
        for lower in &children {
            for upper in children.iter().filter(|upper| upper.id != lower.id) {
                found.extend(inversion(list, lower, upper));
            }
        }
    }
    found
}

/// The span of the fixed limits of a test; `None` where they leave no value.
fn band(test: &Test) -> Option<Span> {
    let Against::Limits(limits) = &test.against else { return Some(Span::ALL) };
    let mut band = Span::ALL;
    for (comparator, bound) in limits {
        if let Bound::Fixed(value) = bound {
            band = band.meet(comparator.limit(*value).span())?;
        }
    }
    Some(band)
}

fn is_inverted(test: &Test) -> bool {
    !matches!(test.parameter.row().kind, Kind::Contouring(_)) && band(test).is_none()
}

/// What a clause asks of one reading. Two of them are the same where they ask the same, whatever
/// the units, comparators and order in which that is written.
#[derive(Clone)]
struct Asked<'l> {
    /// Of axes: which of the clause's conditions on axes it stands in, and how many axes of which
    /// kinds have to meet that.
    axes: Option<(usize, Quantifier, u64)>,
    parameter: ParameterId,
    by: Option<Standard>,
    /// The values that fixed limits leave.
    band: Span,
    /// Labels, each set of them that is asked for; limits that hang on another reading.
    labels: Vec<u64>,
    slopes: Vec<(Comparator, &'l Slope)>,
    place: &'l Place,
}

impl Asked<'_> {
    fn is_of_same(&self, other: &Self) -> bool {
        (self.axes, self.parameter, self.by) == (other.axes, other.parameter, other.by)
    }

    fn says_same(&self, other: &Self) -> bool {
        self.is_of_same(other)
            && (self.band, &self.labels, &self.slopes) == (other.band, &other.labels, &other.slopes)
    }

    /// Whether it is a fixed limit on an error, or a fixed band of something else.
    fn is_plain(&self, of_error: bool) -> bool {
        let is_error = self.parameter.row().direction == Direction::SmallerIsBetter;
        is_error == of_error && self.labels.is_empty() && self.slopes.is_empty()
    }
}

/// Two clauses that say the same but for bands of a size of which one lies above the other, and a
/// limit on an error, where the limit for the larger size is the stricter one.
fn inversion(list: &List, lower: &Clause, upper: &Clause) -> Option<Finding> {
    let (a, b) = (asked(list, &lower.when)?, asked(list, &upper.when)?);
    let differ = |a: &[Asked<'_>], b: &[Asked<'_>]| -> Vec<usize> {
        let same = |x: &Asked<'_>| b.iter().any(|y| x.says_same(y));
        (0..a.len()).filter(|at| a.get(*at).is_some_and(|one| !same(one))).collect()
    };
    let (own, other) = (differ(&a, &b), differ(&b, &a));
    if own.len() != 2 || other.len() != 2 {
        return None;
    }
    let of = |all: &[Asked<'_>], places: &[usize], of_error: bool| -> Option<usize> {
        let is = |at: &usize| all.get(*at).is_some_and(|one| one.is_plain(of_error));
        places.iter().copied().find(is)
    };
    let (size, limit) = (a.get(of(&a, &own, false)?)?, a.get(of(&a, &own, true)?)?);
    let (large, strict) = (b.get(of(&b, &other, false)?)?, b.get(of(&b, &other, true)?)?);
    if !size.is_of_same(large) || !limit.is_of_same(strict) {
        return None;
    }
    let is_above = size.band.below <= large.band.above && size.band.below != Cut::MAX;
    // Both limits are ends above which nothing is; the lower ends, if any, do not matter.
    let is_limit = limit.band.below != Cut::MAX;
    if !is_above || !is_limit || strict.band.below >= limit.band.below {
        return None;
    }
    let (name, of) = (limit.parameter.row().name, size.parameter.row().name);
    let text = format!(
        "its limit on `{name}` is stricter than that of `{}`, although its `{of}` is larger",
        lower.id
    );
    Some(finding(&upper.id, strict.place, text))
}

/// What a condition that joins all its tests asks of each reading, those within its conditions on
/// axes and in the definitions that it names included; `None` where something else stands beside
/// them.
fn asked<'l>(list: &'l List, condition: &'l Condition) -> Option<Vec<Asked<'l>>> {
    let mut found = Vec::new();
    let mut of_axes = 0;
    collect(list, condition, None, &mut of_axes, &mut found)?;
    Some(found)
}

fn collect<'l>(
    list: &'l List,
    condition: &'l Condition,
    axes: Option<(usize, Quantifier, u64)>,
    of_axes: &mut usize,
    found: &mut Vec<Asked<'l>>,
) -> Option<()> {
    for part in condition.conjuncts() {
        match part {
            Condition::Test(test) => add(Asked { axes, ..one(test)? }, found)?,
            Condition::Not(part) => add(Asked { axes, ..not(part)? }, found)?,
            // What no axis may be turns every limit around.
            Condition::Axes(own) if own.quantifier != Quantifier::None => {
                let owner = Some((*of_axes, own.quantifier, own.kinds));
                *of_axes += 1;
                collect(list, &own.when, owner, of_axes, found)?;
            }
            Condition::Any(parts) if parts.len() == 1 => {
                collect(list, parts.first()?, axes, of_axes, found)?;
            }
            Condition::All(_) => collect(list, part, axes, of_axes, found)?,
            Condition::Clause { id, shift, .. } if shift.is_empty() => {
                let defined = list.note(id).filter(|note| note.kind.is_definition())?;
                collect(list, &defined.when, axes, of_axes, found)?;
            }
            _ => return None,
        }
    }
    Some(())
}

/// What is asked where one fixed limit is not met: to lie on its other side.
fn not(condition: &Condition) -> Option<Asked<'_>> {
    let [Condition::Test(test)] = condition.conjuncts().as_slice() else { return None };
    let Against::Limits(limits) = &test.against else { return None };
    let [(comparator, Bound::Fixed(value))] = limits.as_slice() else { return None };
    let band = comparator.limit(*value).negated().span();
    Some(Asked { band, ..one(test)? })
}

/// What one test asks.
fn one(test: &Test) -> Option<Asked<'_>> {
    let mut labels = Vec::new();
    let mut slopes = Vec::new();
    match &test.against {
        Against::Labels(mask) => labels.push(*mask),
        Against::Limits(limits) => {
            for (comparator, bound) in limits {
                if let Bound::Sloped(slope) = bound {
                    slopes.push((*comparator, slope));
                }
            }
        }
    }
    let (parameter, by, band) = (test.parameter, test.by, band(test)?);
    Some(Asked { axes: None, parameter, by, band, labels, slopes, place: &test.place })
}

/// Puts what a test asks to what is asked of the same reading already.
fn add<'l>(new: Asked<'l>, found: &mut Vec<Asked<'l>>) -> Option<()> {
    match found.iter_mut().find(|known| known.is_of_same(&new)) {
        Some(known) => {
            known.band = known.band.meet(new.band)?;
            known.labels.extend(new.labels);
            known.labels.sort_unstable();
            known.labels.dedup();
            known.slopes.extend(new.slopes);
        }
        None => found.push(new),
    }
    Some(())
}
