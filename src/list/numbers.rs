//! Numbers in a clause's paraphrase that its condition does not have: a text left behind by its
//! test.

use super::{Against, Bound, Condition, List, moved_further};
use crate::machine::ParameterId;
use crate::quantity::{Decimal, Dimension, Style, Unit, Value, plain};

/// Clauses whose text names a quantity that is none of their limits, although they have limits of
/// its dimension: the clause and the quantity as it is written.
pub fn stale_numbers(list: &List) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for clause in &list.clauses {
        let mut limits: Vec<(Dimension, Value)> = Vec::new();
        take(list, &clause.when, &[], &mut limits);
        for (dimension, value, written) in quantities(&clause.text) {
            let of_dimension = limits.iter().any(|(own, _)| *own == dimension);
            if of_dimension && !limits.contains(&(dimension, value)) {
                found.push((clause.id.clone(), written));
            }
        }
    }
    found
}

/// The limits of a condition, and of the definitions that it refers to, as they are moved there.
fn take(
    list: &List,
    when: &Condition,
    shift: &[(ParameterId, Value)],
    limits: &mut Vec<(Dimension, Value)>,
) {
    when.walk(&mut |part| match part {
        Condition::Clause { id, shift: more, .. } => {
            let defined = list.note(id).filter(|note| note.kind.is_definition());
            if let Some(note) = defined {
                take(list, &note.when, &moved_further(shift, more), limits);
            }
            // The text may say by how much limits are moved.
            let moves = more.iter().filter_map(|(of, by)| Some((of.row().dimension()?, *by)));
            limits.extend(moves.filter(|_| defined.is_some()));
        }
        Condition::Test(test) => {
            let (Some(dimension), Against::Limits(own)) =
                (test.parameter.row().dimension(), &test.against)
            else {
                return;
            };
            let by = shift.iter().find(|(moved, _)| *moved == test.parameter);
            let by = by.map_or(0, |(_, by)| by.count());
            let moved =
                |value: Value| Value::saturating(i128::from(value.count()) + i128::from(by));
            for (_, bound) in own {
                match bound {
                    Bound::Fixed(value) => limits.push((dimension, moved(*value))),
                    Bound::Sloped(slope) => {
                        let all = [moved(slope.base), slope.add, slope.per, slope.beyond];
                        limits.extend(all.map(|value| (dimension, value)));
                    }
                }
            }
        }
        _ => {}
    });
}

/// The quantities with units that a text names.
fn quantities(text: &str) -> Vec<(Dimension, Value, String)> {
    let text = plain(text);
    let words: Vec<&str> = text
        .split(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | ',' | ';'))
        .filter(|word| !word.is_empty())
        .collect();
    let quantity = |pair: &[&str]| {
        let [number, unit] = pair else { return None };
        let number = Decimal::parse(number, Style::default()).ok()?;
        [Dimension::Length, Dimension::Angle].into_iter().find_map(|dimension| {
            let unit = Unit::named(dimension, unit).ok()?;
            Some((dimension, number.value(unit).ok()?, pair.join(" ")))
        })
    };
    words.windows(2).filter_map(quantity).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::list::Library;

    #[test]
    fn no_shipped_text_is_left_behind_by_its_test() {
        let library = Library::shipped().expect("the heads are read");
        for header in library.headers() {
            let list = library.list(&header.id, &header.edition).expect("a list");
            assert_eq!(stale_numbers(&list), [], "{}", list.title());
        }
    }

    #[test]
    fn a_number_that_no_limit_has_is_found() {
        let library = Library::shipped().expect("the heads are read");
        let mut list = library.list("eu/2B001", "current").expect("a list");
        let clause = list.clauses.iter_mut().find(|c| c.id == "2B001.b.1.a").expect("a clause");
        clause.text = clause.text.replace("0.9 um", "0.8 um");
        assert_eq!(stale_numbers(&list), [("2B001.b.1.a".to_owned(), "0.8 um".to_owned())]);
    }
}
