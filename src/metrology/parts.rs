//! What the parts of a test hold of which a list does not say which counts: turns, windows.

use crate::quantity::Value;

/// What the best and the worst part hold: at least, and at most where something bounds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parts {
    /// Of the best one.
    pub best: (Value, Option<Value>),
    /// Of the worst one.
    pub worst: (Value, Option<Value>),
}

/// Which parts stay below a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Below {
    /// Every one.
    Every,
    /// None.
    None,
    /// Some do and some do not.
    Some,
    /// What is known of them does not tell.
    Open,
}

impl Parts {
    /// Which parts stay below a limit.
    pub fn below(&self, limit: Value) -> Below {
        let under = |most: Option<Value>| most.is_some_and(|most| most < limit);
        if self.best.0 >= limit {
            Below::None
        } else if under(self.worst.1) {
            Below::Every
        } else if under(self.best.1) && self.worst.0 >= limit {
            Below::Some
        } else {
            Below::Open
        }
    }

    /// What all of several tests hold; none of none.
    pub fn of_all(all: &[Self]) -> Option<Self> {
        let worst_most: Option<Vec<Value>> = all.iter().map(|of| of.worst.1).collect();
        Some(Self {
            best: (
                all.iter().map(|of| of.best.0).min()?,
                all.iter().filter_map(|of| of.best.1).min(),
            ),
            worst: (
                all.iter().map(|of| of.worst.0).max()?,
                worst_most.and_then(|all| all.into_iter().max()),
            ),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_decide_a_limit_where_both_ends_agree() {
        let value = |count| Value::from_count(count).expect("fits");
        let ends = |(low, high): (i64, Option<i64>)| (value(low), high.map(value));
        // The best, the worst; which are below 20.
        for (best, worst, below) in [
            ((10, Some(10)), (19, Some(19)), Below::Every),
            ((10, Some(19)), (10, Some(20)), Below::Open),
            ((10, Some(19)), (19, Some(20)), Below::Open),
            ((10, Some(19)), (20, Some(30)), Below::Some),
            ((10, Some(20)), (20, Some(30)), Below::Open),
            ((19, Some(20)), (30, None), Below::Open),
            ((20, Some(20)), (20, Some(20)), Below::None),
            ((20, None), (20, None), Below::None),
            ((10, None), (19, Some(19)), Below::Every),
            ((10, None), (19, None), Below::Open),
            ((10, None), (20, None), Below::Open),
            ((0, Some(19)), (20, None), Below::Some),
        ] {
            let parts = Parts { best: ends(best), worst: ends(worst) };
            assert_eq!(parts.below(value(20)), below, "{parts:?}");
        }
    }

    #[test]
    fn all_tests_are_bounded_from_above_only_where_each_is() {
        let value = |count| Value::from_count(count).expect("fits");
        let one = Parts { best: (value(2), None), worst: (value(5), None) };
        let two = Parts { best: (value(3), Some(value(4))), worst: (value(6), Some(value(7))) };
        let all = Parts::of_all(&[one, two]).expect("some");
        assert_eq!(all.best, (value(2), Some(value(4))));
        assert_eq!(all.worst, (value(6), None));
        assert_eq!(Parts::of_all(&[]), None);
    }
}
