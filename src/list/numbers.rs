//! Numbers in a clause's paraphrase that its condition does not have, quantities and counts of
//! axes: a text left behind by its test.

use super::{Against, Bound, Condition, List, Quantifier, moved_further};
use crate::machine::{Kind, ParameterId};
use crate::quantity::{Comparator, Decimal, Dimension, Style, Unit, Value, plain};

/// Clauses, notes and definitions whose text names a quantity that is none of their limits,
/// although they have limits of its dimension, or a count of axes that is none of theirs, although
/// they count axes: each with the quantity or count as it is written.
pub fn stale_numbers(list: &List) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let clauses = list.clauses.iter().map(|clause| (&clause.id, &clause.text, &clause.when));
    let notes = list.notes.iter().map(|note| (&note.id, &note.text, &note.when));
    for (id, text, when) in clauses.chain(notes) {
        let mut limits: Vec<(Dimension, Value)> = Vec::new();
        take(list, when, &[], &mut limits);
        for (dimension, values, written) in quantities(text) {
            let of_dimension = limits.iter().any(|(own, _)| *own == dimension);
            if of_dimension && !values.iter().any(|value| limits.contains(&(dimension, *value))) {
                found.push((id.clone(), written));
            }
        }
        let mut counts = Vec::new();
        counted(list, when, &mut counts);
        // One axis is counted wherever there is some axis.
        if counts.iter().any(|count| *count > 1) {
            let said = axes_said(text);
            let other = said.into_iter().filter(|(count, _)| !counts.contains(count));
            found.extend(other.map(|(_, written)| (id.clone(), written)));
        }
    }
    found
}

/// The counts of axes that a condition, and the definitions that it refers to, ask for: the ends of
/// its limits and what lies between two of them.
fn counted(list: &List, when: &Condition, counts: &mut Vec<i64>) {
    when.walk(&mut |part| match part {
        Condition::Clause { id, .. } => {
            if let Some(note) = list.note(id).filter(|note| note.kind.is_definition()) {
                counted(list, &note.when, counts);
            }
        }
        Condition::Axes(axes) => match axes.quantifier {
            Quantifier::AtLeast(count) | Quantifier::Every(count) => counts.push(count.into()),
            Quantifier::None => {}
        },
        Condition::Test(test) => {
            let Against::Limits(limits) = &test.against else { return };
            if !matches!(test.parameter.row().kind, Kind::Contouring(_)) {
                return;
            }
            let ends = limits.iter().filter_map(|(comparator, bound)| match bound {
                Bound::Fixed(value) => Some(match comparator {
                    Comparator::AtMost | Comparator::AtLeast => [value.count(); 2],
                    Comparator::Above => [value.count(), value.count() + 1],
                    Comparator::Below => [value.count() - 1, value.count()],
                }),
                Bound::Sloped(_) => None,
            });
            let ends: Vec<i64> = ends.flatten().collect();
            if let (Some(least), Some(most)) = (ends.iter().min(), ends.iter().max()) {
                counts.extend(*least..=*most);
            }
        }
        _ => {}
    });
}

/// The words for counts of axes.
const COUNTS: [&str; 9] = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];
/// What may stand between a count and the axes that it counts.
const BETWEEN: [&str; 9] =
    ["or", "more", "fewer", "less", "linear", "rotary", "contouring", "simultaneous", "machine"];

/// The counts of axes that a text names, in words or digits, each as it is written: `five or more
/// axes`, `3 or 4 contouring axes`.
fn axes_said(text: &str) -> Vec<(i64, String)> {
    let text = plain(text);
    let words: Vec<&str> = text
        .split(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | ',' | ';' | ':'))
        .filter(|word| !word.is_empty())
        .collect();
    let count = |word: &str| -> Option<i64> {
        let named = COUNTS.iter().position(|name| name.eq_ignore_ascii_case(word));
        match named {
            Some(at) => i64::try_from(at + 1).ok(),
            None => word.parse().ok().filter(|count| (1..=9).contains(count)),
        }
    };
    let said = |(at, word): (usize, &&str)| {
        let own = count(word)?;
        let rest = words.get(at + 1..)?;
        let between = rest.iter().take_while(|word| {
            BETWEEN.iter().any(|known| known.eq_ignore_ascii_case(word)) || count(word).is_some()
        });
        let length = between.count();
        let axes = rest.get(length)?.trim_end_matches('.');
        let is_axes = ["axis", "axes"].iter().any(|name| name.eq_ignore_ascii_case(axes));
        let written = || words.get(at..at + length + 2).unwrap_or_default().join(" ");
        is_axes.then(|| (own, written().trim_end_matches('.').to_owned()))
    };
    words.iter().enumerate().filter_map(said).collect()
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

/// The quantities with units that a text names, each with what its number may mean.
fn quantities(text: &str) -> Vec<(Dimension, Vec<Value>, String)> {
    let text = plain(text);
    let words: Vec<&str> = text
        .split(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | ';'))
        .map(|word| word.trim_matches(','))
        .filter(|word| !word.is_empty())
        .collect();
    let quantity = |(at, word): (usize, &&str)| {
        let signs = word.len() - word.trim_start_matches(['-', '+']).len();
        let ends = |c: char| !(c.is_ascii_digit() || matches!(c, '.' | ','));
        let end = word.get(signs..)?.find(ends).map_or(word.len(), |end| signs + end);
        let (number, own) = word.split_at(end);
        let (unit, written) = match own {
            "" => {
                let next = *words.get(at + 1)?;
                (next, format!("{word} {next}"))
            }
            own => (own, (*word).to_owned()),
        };
        let before = at.checked_sub(1).and_then(|before| words.get(before)).copied();
        let numbers = meanings(before, number);
        [Dimension::Length, Dimension::Angle].into_iter().find_map(|dimension| {
            let unit = Unit::named(dimension, unit).ok()?;
            let value =
                |number: &String| Decimal::parse(number, Style::default()).ok()?.value(unit).ok();
            let values: Vec<Value> = numbers.iter().filter_map(value).collect();
            let written = match before.filter(|_| values.len() > 1 && !number.contains(',')) {
                Some(before) => format!("{before} {written}"),
                None => written.clone(),
            };
            (!values.is_empty()).then_some((dimension, values, written))
        })
    };
    words.iter().enumerate().filter_map(quantity).collect()
}

/// What a number in a text may mean: a comma is a decimal sign or parts thousands, and so does a
/// space before three digits.
fn meanings(before: Option<&str>, number: &str) -> Vec<String> {
    if number.contains(',') {
        return vec![number.replace(',', "."), number.replace(',', "")];
    }
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let whole = number.split('.').next().unwrap_or_default();
    let thousands = before.filter(|before| digits(before) && before.len() <= 3);
    let thousands = thousands.filter(|_| digits(whole) && whole.len() == 3);
    let joined = thousands.map(|before| format!("{before}{number}"));
    std::iter::once(number.to_owned()).chain(joined).collect()
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

    #[test]
    fn numbers_are_read_as_texts_write_them() {
        let library = Library::shipped().expect("the heads are read");
        let list = library.list("eu/2B001", "current").expect("a list");
        // `2B001.b.2.b` has 1.4 um, 1 m and 4 m.
        for (text, expected) in [
            ("UPR of 1.4um, with travel of 1m to 4m", &[][..]),
            ("UPR of 1.5um, with travel of 1m to 5m", &["1.5um", "5m"]),
            ("UPR of 1,4 um, with travel up to 4,000 mm", &[]),
            ("UPR of 1,5 um, with travel up to 5,000 mm", &["1,5 um", "5,000 mm"]),
            ("travel from 1 000 mm to 4 000 mm", &[]),
            ("travel from 1 000 mm to 5 000 mm", &["5 000 mm"]),
            ("UPR (1.5 um), travel (4 m)", &["1.5 um"]),
            ("by ISO 230-2:2006, 2B001.b, a 3-axis machine", &[]),
        ] {
            let mut list = list.clone();
            let clause = list.clauses.iter_mut().find(|c| c.id == "2B001.b.2.b").expect("a clause");
            text.clone_into(&mut clause.text);
            let found: Vec<String> = stale_numbers(&list).into_iter().map(|(_, n)| n).collect();
            assert_eq!(found, expected, "{text}");
        }
        // Notes and definitions are looked at as clauses are.
        let mut list = list.clone();
        let when = list.clause("2B001.b.2.b").expect("a clause").when.clone();
        let note = list.notes.first_mut().expect("a note");
        (note.text, note.when) = ("up to 5 m".to_owned(), when);
        let id = note.id.clone();
        assert_eq!(stale_numbers(&list), [(id, "5 m".to_owned())]);
    }

    #[test]
    fn a_count_of_axes_that_the_condition_does_not_ask_for_is_found() {
        let library = Library::shipped().expect("the heads are read");
        let list = library.list("eu/2B001", "current").expect("a list");
        let check = |text: &str, id: &str, from: &str, expected: &[&str]| {
            let mut list = list.clone();
            let clause = list.clauses.iter_mut().find(|c| c.id == id).expect("a clause");
            text.clone_into(&mut clause.text);
            // As many axes as another clause asks for.
            let other = list.clause(from).expect("a clause").when.clone();
            let clause = list.clauses.iter_mut().find(|c| c.id == id).expect("a clause");
            clause.when = other;
            let found = stale_numbers(&list).into_iter().filter(|(of, _)| of == id);
            let found: Vec<String> = found.map(|(_, written)| written).collect();
            assert_eq!(found, expected, "{text}");
        };
        // `2B001.b.2` asks for five or more, `2B001.c.1` for three or four and some axis.
        for (text, from, expected) in [
            ("Five or more axes for contouring", "2B001.b.2", &[][..]),
            ("5 axes or more", "2B001.b.2", &[]),
            ("Five or more axes for contouring", "2B001.c.1", &["Five or more axes"]),
            ("5 or more axes", "2B001.c.1", &["5 or more axes"]),
            ("with at least four contouring axes.", "2B001.b.2", &["four contouring axes"]),
            ("three or four axes", "2B001.c.1", &[]),
            ("3 or 4 axes, of one or more linear axes", "2B001.c.1", &[]),
            ("three or five axes", "2B001.c.1", &["five axes"]),
            ("two or three axes", "2B001.c.1", &["two or three axes"]),
            ("five machines, four of them with axes", "2B001.b.2", &[]),
            ("Two axes, where none are counted", "2B001.a.1", &[]),
        ] {
            check(text, "2B001.b.2", from, expected);
        }
    }
}
