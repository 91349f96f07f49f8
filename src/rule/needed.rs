//! How many axes a machine has to have so that roots can have given truths: a machine that has
//! more is like one that has no more than these.
//!
//! Where a count of axes has to reach a number, so many of them are kept; where it must not exceed
//! one, axes may be left out. So every machine with the truths has one with the same truths that is
//! made of a few of its axes, and a search among machines of so many axes finds one if any is.

use std::collections::BTreeMap;

use super::arena::{Count, NodeId};
use super::program::{Op, Program, Root};
use crate::logic::Truth;

/// What suffices so that a node has a truth: how many axes, and, however its alternatives are
/// chosen, how many for each condition on axes that so many may have to meet.
#[derive(Debug, Clone, Default)]
struct Needed {
    most: usize,
    counts: BTreeMap<usize, usize>,
}

impl Needed {
    /// One condition that so many axes have to meet.
    fn of(condition: usize, number: usize) -> Self {
        Self { most: number, counts: BTreeMap::from([(condition, number)]) }
    }

    /// The axes that meet a condition often enough meet it less often too.
    fn count(&mut self, more: &BTreeMap<usize, usize>) {
        for (condition, number) in more {
            let own = self.counts.entry(*condition).or_default();
            *own = (*own).max(*number);
        }
    }

    /// What suffices for all of these together: axes that several ask for are kept once.
    fn all<'n>(parts: impl Iterator<Item = &'n Self>) -> Self {
        let mut all = Self::default();
        for part in parts {
            all.most = all.most.saturating_add(part.most);
            all.count(&part.counts);
        }
        all.most = all.most.min(all.counts.values().sum());
        all
    }

    /// What suffices for any one of these.
    fn any<'n>(parts: impl Iterator<Item = &'n Self>) -> Self {
        let mut any = Self::default();
        for part in parts {
            any.most = any.most.max(part.most);
            any.count(&part.counts);
        }
        any
    }
}

impl Program {
    /// So many axes suffice: if some machine has these truths of these roots, some machine with no
    /// more axes has them too.
    ///
    /// The same of machines alike but for one axis, each with its truth of the same root, where
    /// that axis is kept beside these: all other axes meet a condition in each of them or in none.
    pub fn axes_needed(&self, wanted: &[(Root, Truth)]) -> usize {
        let (holds, fails) = self.needed();
        let of = |(root, truth): &(Root, Truth)| {
            let needed = match truth {
                Truth::True => &holds,
                Truth::False => &fails,
                Truth::Unknown => return None,
            };
            needed.get(self.node(*root)?.index())
        };
        Needed::all(wanted.iter().filter_map(of)).most
    }

    /// For each node of the machine: what suffices where it holds, and where it fails.
    fn needed(&self) -> (Vec<Needed>, Vec<Needed>) {
        let (mut holds, mut fails): (Vec<Needed>, Vec<Needed>) = (Vec::new(), Vec::new());
        for op in &self.machine.ops {
            // Parts have smaller numbers.
            fn of<'n>(
                needed: &'n [Needed],
                parts: &'n [NodeId],
            ) -> impl Iterator<Item = &'n Needed> {
                parts.iter().filter_map(|part| needed.get(part.index()))
            }
            let (there, gone) = match op {
                Op::And(parts) => (Needed::all(of(&holds, parts)), Needed::any(of(&fails, parts))),
                Op::Or(parts) => (Needed::any(of(&holds, parts)), Needed::all(of(&fails, parts))),
                Op::Axes { count: Count::AtLeast(number), condition } => {
                    (Needed::of(*condition, usize::from(*number)), Needed::default())
                }
                Op::Axes { count: Count::AtMost(number), condition } => {
                    (Needed::default(), Needed::of(*condition, usize::from(*number) + 1))
                }
                _ => (Needed::default(), Needed::default()),
            };
            holds.push(there);
            fails.push(gone);
        }
        (holds, fails)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::list::parse_list;
    use crate::rule::{Choices, compile};

    #[test]
    fn conditions_need_as_many_axes_as_they_count() {
        let two = "axis = { count_at_least = 2, of = \"linear\", upr = { at_most = \"1 um\" } }";
        let rotary = "axis = { some = \"rotary\", contouring_axis = true }";
        let none = "axis = { none = \"linear\", upr = { at_most = \"1 um\" } }";
        let every = "axis = { every = \"any\", at_least_axes = 3, contouring_axis = true }";
        for (when, holds, fails) in [
            ("nc_capable = true".to_owned(), 0, 0),
            (two.to_owned(), 2, 0),
            (rotary.to_owned(), 1, 0),
            (none.to_owned(), 0, 1),
            (every.to_owned(), 3, 1),
            (format!("all = [{{ {two} }}, {{ {rotary} }}]"), 3, 0),
            (format!("any = [{{ {two} }}, {{ {rotary} }}]"), 2, 0),
            // What is asked for twice is kept once.
            (
                format!("all = [{{ {two} }}, {{ any = [{{ {two} }}, {{ nc_capable = true }}] }}]"),
                2,
                0,
            ),
            (format!("not = {{ any = [{{ {two} }}, {{ {none} }}] }}"), 1, 2),
        ] {
            let text = format!(
                "format = 1\nkind = \"proposal\"\nlist = \"x/1\"\nedition = \"a\"\n\
                 jurisdiction = \"X\"\ntitle = \"t\"\ncarrier = \"c\"\nroot = \"1\"\n\
                 source = \"s\"\n[clause.\"1\"]\ntext = \"t\"\nwhen = {{ {when} }}\n"
            );
            let list = parse_list("x.toml", &text, &mut |_| Err(Vec::new())).expect("a list");
            let program = compile(vec![list], &Choices::default()).expect("a program");
            let root = program.entries()[0].verdict;
            let needed = |truth| program.axes_needed(&[(root, truth)]);
            assert_eq!((needed(Truth::True), needed(Truth::False)), (holds, fails), "{when}");
        }
    }
}
