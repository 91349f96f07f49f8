//! How sure the figures of a condition are: one that an overlay leaves as it was stays as doubtful
//! as it was.

use super::header::Checked;
use super::{Against, Bound, Test};
use crate::machine::ParameterId;

/// How sure figures are that do not say it themselves.
#[derive(Clone, Copy)]
pub(super) struct Sure<'t> {
    /// As sure as this.
    most: Checked,
    /// Unless they restate a figure of these tests: then no surer than that one is.
    restated: &'t [Test],
}

impl<'t> Sure<'t> {
    /// As sure as this, whatever they say.
    pub fn of(most: Checked) -> Self {
        Self { most, restated: &[] }
    }

    /// The same where figures of these tests are restated, which stay as they were.
    pub fn restating(most: Checked, restated: &'t [Test]) -> Self {
        Self { most, restated }
    }

    /// How sure a test is.
    pub fn test(self, parameter: ParameterId, against: &Against) -> Checked {
        let restated = self.restated.iter().filter(|test| test.parameter == parameter);
        let restated = restated.filter(|test| restates(against, &test.against));
        restated.map(|test| test.checked).fold(self.most, Checked::max)
    }
}

/// Whether one of the figures is one of those, or the labels are the same.
fn restates(new: &Against, old: &Against) -> bool {
    let same = |new: &Bound, old: &Bound| match (new, old) {
        (Bound::Sloped(new), Bound::Sloped(old)) => new.base == old.base || new.add == old.add,
        (Bound::Fixed(fixed), Bound::Sloped(slope))
        | (Bound::Sloped(slope), Bound::Fixed(fixed)) => slope.base == *fixed,
        (Bound::Fixed(new), Bound::Fixed(old)) => new == old,
    };
    match (new, old) {
        (Against::Limits(new), Against::Limits(old)) => {
            new.iter().any(|(_, new)| old.iter().any(|(_, old)| same(new, old)))
        }
        (Against::Labels(new), Against::Labels(old)) => new == old,
        _ => false,
    }
}
