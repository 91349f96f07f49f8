//! The tests of a file kept apart as their rows come: one an axis, and one for each measuring line
//! of it.

use std::collections::BTreeMap;

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
    /// The test that the last row of each axis was of.
    last: BTreeMap<String, usize>,
}

impl Tests {
    /// Goes to the test of an axis on a measuring line; a new one where it was not named before.
    ///
    /// A row that names no line is of the line that was named last for its axis; the first line
    /// that is named is that of the rows of its axis before it.
    pub(super) fn go_to(&mut self, label: &str, line: &str, dimension: Dimension) {
        if self.known.as_ref().is_some_and(|known| known.0 == label && known.1 == line) {
            return;
        }
        let key = axis_key(label);
        let of_line = (!line.is_empty()).then(|| plain(line).to_lowercase());
        let own = |at: &usize| self.keys.get(*at).is_some_and(|(axis, _)| *axis == key);
        let found = match &of_line {
            None => self.last.get(&key).copied(),
            Some(_) => {
                let same = |(_, known): &(_, Option<String>)| known.is_none() || *known == of_line;
                (0..self.keys.len()).filter(own).find(|at| self.keys.get(*at).is_some_and(same))
            }
        };
        let at = found.unwrap_or_else(|| {
            self.keys.push((key.clone(), None));
            self.all.push((label.to_owned(), Seen::new(dimension)));
            self.all.len() - 1
        });
        if let (Some((_, known)), Some((_, seen))) = (self.keys.get_mut(at), self.all.get_mut(at))
            && of_line.is_some()
        {
            *known = of_line;
            seen.line.get_or_insert_with(|| line.to_owned());
        }
        self.last.insert(key, at);
        self.known = Some((label.to_owned(), line.to_owned(), at));
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
        // Label and line of a row; which test it is of.
        for (label, line, expected) in [
            ("X", "", 0),
            ("x-axis", "Z = 100", 0),
            ("X", "", 0),
            ("X", "z = 100", 0),
            ("X", "z = 300", 1),
            ("Y", "", 2),
            ("X1", "", 3),
            ("X", "Z = 100", 0),
            // No line is named: that of the axis's last row.
            ("Y", "", 2),
            ("X", "", 0),
            ("X", "Z\u{A0}= 300", 1),
            ("X", "", 1),
            ("Y", "", 2),
        ] {
            tests.go_to(label, line, Dimension::Length);
            let at = tests.known.as_ref().map(|known| known.2);
            assert_eq!(at, Some(expected), "{label} {line}");
        }
        let seen: Vec<_> = tests.all.iter().map(|(l, s)| (l.as_str(), s.line.as_deref())).collect();
        let lines = [Some("Z = 100"), Some("z = 300"), None, None];
        assert_eq!(seen, ["X", "X", "Y", "X1"].into_iter().zip(lines).collect::<Vec<_>>());
    }
}
