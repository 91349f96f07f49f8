//! The tests of a file kept apart as their rows come: one an axis, and one for each measuring line
//! of it.

use super::seen::Seen;
use crate::quantity::{Dimension, axis_key, plain};

/// The tests of a file, in the order in which they came.
#[derive(Debug, Default)]
pub(super) struct Tests {
    /// Each test with the label of its axis as it was written first.
    pub all: Vec<(String, Seen)>,
    /// The axis of each test, and its measuring line where one is named.
    keys: Vec<(String, Option<String>)>,
    /// The axis and line as the last row wrote them, and the test that it is of.
    known: Option<(String, String, usize)>,
}

impl Tests {
    /// Goes to the test of an axis on a measuring line; a new one where it was not named before.
    ///
    /// False where other rows of the axis name a line and this one does not, or the other way
    /// round: on which line it was read is not known then.
    #[must_use]
    pub(super) fn go_to(&mut self, label: &str, line: &str, dimension: Dimension) -> bool {
        if self.known.as_ref().is_some_and(|known| known.0 == label && known.1 == line) {
            return true;
        }
        let key = (axis_key(label), (!line.is_empty()).then(|| plain(line).to_lowercase()));
        let found = self.keys.iter().position(|known| *known == key);
        let other = |known: &(String, Option<String>)| {
            known.0 == key.0 && known.1.is_some() != key.1.is_some()
        };
        if found.is_none() && self.keys.iter().any(other) {
            return false;
        }
        let at = found.unwrap_or_else(|| {
            let mut seen = Seen::new(dimension);
            seen.line = key.1.is_some().then(|| line.to_owned());
            self.keys.push(key);
            self.all.push((label.to_owned(), seen));
            self.all.len() - 1
        });
        self.known = Some((label.to_owned(), line.to_owned(), at));
        true
    }

    /// The test of the last row, with the label of its axis.
    pub(super) fn current(&mut self) -> Option<(&str, &mut Seen)> {
        let (.., at) = self.known.as_ref()?;
        self.all.get_mut(*at).map(|(label, seen)| (label.as_str(), seen))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_go_to_the_test_of_their_axis_and_line() {
        let mut tests = Tests::default();
        // Label and line of a row; which test it is of; none where the line is not known.
        for (label, line, expected) in [
            ("x-axis", "Z = 100", Some(0)),
            ("X", "z = 100", Some(0)),
            ("X", "", None),
            ("X", "z = 300", Some(1)),
            ("Y", "", Some(2)),
            ("X1", "", Some(3)),
            ("Y", "Z = 100", None),
            ("X", "Z = 100", Some(0)),
            ("Y", "", Some(2)),
            ("X", "", None),
            ("X", "Z\u{A0}= 300", Some(1)),
            ("x axis", "", None),
            ("Y", "", Some(2)),
        ] {
            let known = tests.go_to(label, line, Dimension::Length);
            let at = tests.known.as_ref().map(|known| known.2);
            assert_eq!(at.filter(|_| known), expected, "{label} {line}");
        }
        let seen: Vec<_> = tests.all.iter().map(|(l, s)| (l.as_str(), s.line.as_deref())).collect();
        let lines = [Some("Z = 100"), Some("z = 300"), None, None];
        assert_eq!(seen, ["x-axis", "X", "Y", "X1"].into_iter().zip(lines).collect::<Vec<_>>());
    }
}
