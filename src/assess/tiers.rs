//! Bands that run the wrong way: a limit whose ends have changed places, and tiers of one size of
//! which the harder one has the laxer sibling.

use super::soundness::{Finding, finding};
use crate::list::{Against, Bound, Clause, Condition, List, Test};
use crate::machine::{Direction, Kind};
use crate::quantity::{Comparator, Cut, Side, Span};

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
                found.extend(inversion(lower, upper));
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

/// Two clauses that say the same but for touching bands of a size and a limit on an error, where
/// the limit for the larger size is the stricter one.
fn inversion(lower: &Clause, upper: &Clause) -> Option<Finding> {
    let (a, b) = (tests(&lower.when)?, tests(&upper.when)?);
    let differ = |a: &[&Test], b: &[&Test]| -> Vec<Test> {
        let same = |x: &&&Test| b.iter().any(|y| says_same(x, y));
        a.iter().filter(|x| !same(x)).map(|x| (**x).clone()).collect()
    };
    let (own, other) = (differ(&a, &b), differ(&b, &a));
    let of = |tests: &[Test], directed: bool| -> Option<Test> {
        let is = |test: &&Test| {
            (test.parameter.row().direction == Direction::SmallerIsBetter) == directed
        };
        tests.iter().find(is).cloned()
    };
    if own.len() != 2 || other.len() != 2 {
        return None;
    }
    let (size, large) = (of(&own, false)?, of(&other, false)?);
    let (limit, strict) = (of(&own, true)?, of(&other, true)?);
    if (size.parameter, limit.parameter) != (large.parameter, strict.parameter) {
        return None;
    }
    let touches = band(&size)?.below == band(&large)?.above && band(&size)?.below != Cut::MAX;
    if !touches || upper_end(&strict)? >= upper_end(&limit)? {
        return None;
    }
    let (name, of) = (limit.parameter.row().name, size.parameter.row().name);
    let text = format!(
        "its limit on `{name}` is stricter than that of `{}`, although its `{of}` is larger",
        lower.id
    );
    Some(finding(&upper.id, &strict.place, text))
}

fn says_same(a: &Test, b: &Test) -> bool {
    (a.parameter, a.by, &a.against) == (b.parameter, b.by, &b.against)
}

/// The upper end of a band, where it is one.
fn upper_end(test: &Test) -> Option<Cut> {
    let Against::Limits(limits) = &test.against else { return None };
    let upper = limits.iter().filter_map(|(comparator, bound)| match (comparator, bound) {
        (Comparator::AtMost | Comparator::Below, Bound::Fixed(value)) => {
            let limit = comparator.limit(*value);
            (limit.side == Side::UpTo).then_some(limit.cut)
        }
        _ => None,
    });
    upper.min()
}

/// The tests of a condition that joins them all, those within one condition on axes included;
/// `None` where something else stands beside them.
fn tests(condition: &Condition) -> Option<Vec<&Test>> {
    let mut found = Vec::new();
    for part in condition.conjuncts() {
        match part {
            Condition::Test(test) => found.push(test),
            Condition::Axes(axes) => found.extend(tests(&axes.when)?),
            _ => return None,
        }
    }
    Some(found)
}
