//! What several accounts of one axis say together, where nobody says which of them is right.

use crate::machine::{Doubt, Form, Reading, Set};
use crate::quantity::Span;

/// Figure by figure the smallest span that holds what every account says; of a figure of which
/// one says nothing, nothing is said. Under an assumption about a test each account counts with
/// what it says then.
pub(super) fn hull(accounts: &[Vec<Reading>]) -> Vec<Reading> {
    let mut found = Vec::new();
    for figure in figures(accounts) {
        let own = accounts.iter().map(|account| certain(account, &figure));
        let own: Vec<Option<Reading>> = own.collect();
        found.extend(joined(&own));
        for (doubt, _) in Doubt::ALL {
            let under = |account: &Vec<Reading>| {
                let of = |r: &&Reading| same(r, &figure) && r.form.doubt() == Some(doubt);
                account.iter().find(of).copied()
            };
            if accounts.iter().any(|account| under(account).is_some()) {
                let all = accounts.iter().zip(&own).map(|(account, own)| under(account).or(*own));
                let all: Vec<Option<Reading>> = all.collect();
                let one = joined(&all).into_iter();
                found.extend(one.map(|reading| Reading { form: Form::Tested(doubt), ..reading }));
            }
        }
    }
    found
}

/// Figure by figure the largest that the accounts say: at least the largest lower end of all, and
/// at most the largest upper end where each has one.
pub(super) fn largest(accounts: &[Vec<Reading>], doubt: Doubt) -> Vec<Reading> {
    let of_figure = |figure: Reading| {
        let own = accounts.iter().map(|account| certain(account, &figure));
        let spans: Vec<Span> = own.map(|own| own.map_or(Span::NOT_NEGATIVE, span)).collect();
        let above = spans.iter().map(|span| span.above).max()?;
        let below = spans.iter().map(|span| span.below).max()?;
        let span = Span { above, below };
        (span != Span::NOT_NEGATIVE).then(|| Reading {
            set: Set::Span(span),
            figure: span.single().or(figure.figure.filter(|value| span.holds(*value))),
            form: Form::Tested(doubt),
            ..figure
        })
    };
    figures(accounts).into_iter().filter_map(of_figure).collect()
}

/// A reading of each figure of which an account speaks: the one with the largest figure.
fn figures(accounts: &[Vec<Reading>]) -> Vec<Reading> {
    let mut found: Vec<Reading> = Vec::new();
    for reading in accounts.iter().flatten() {
        match found.iter_mut().find(|known| same(known, reading)) {
            Some(known) if known.figure < reading.figure => *known = *reading,
            Some(_) => {}
            None => found.push(*reading),
        }
    }
    found
}

/// What an account says of a figure whatever is assumed.
fn certain(account: &[Reading], figure: &Reading) -> Option<Reading> {
    let of = |r: &&Reading| same(r, figure) && r.form.doubt().is_none();
    account.iter().find(of).copied()
}

/// The hull of readings of one figure; none where one is missing.
fn joined(all: &[Option<Reading>]) -> Option<Reading> {
    let all: Option<Vec<Reading>> = all.iter().copied().collect();
    all?.into_iter().reduce(|one, other| {
        if one.set == other.set {
            return one;
        }
        let set = one.set.hull(other.set);
        let ends = Reading { set, ..one };
        let (above, below) = (span(ends).above, span(ends).below);
        let range = above > Span::NOT_NEGATIVE.above && below < Span::NOT_NEGATIVE.below;
        let form = if range { Form::Range } else { Form::Bound };
        Reading { set, figure: None, form, ..one }
    })
}

fn span(reading: Reading) -> Span {
    match reading.set {
        Set::Span(span) => span,
        _ => Span::NOT_NEGATIVE,
    }
}

/// Whether two readings are of the same figure.
pub(super) fn same(one: &Reading, other: &Reading) -> bool {
    (one.parameter, one.axis, one.standard) == (other.parameter, other.axis, other.standard)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::measured::figures::reading;
    use crate::quantity::Value;

    fn value(count: i64) -> Value {
        Value::from_count(count).expect("fits")
    }

    /// A reading of UPR from one end to the other; nought is no end.
    fn upr([low, high]: [i64; 2], form: Form) -> Reading {
        let mut span = Span::NOT_NEGATIVE;
        if low > 0 {
            span.above = value(low).cut_below();
        }
        if high > 0 {
            span.below = value(high).cut_above();
        }
        Reading { form, ..reading("upr", 0, span) }
    }

    fn ends(reading: &Reading) -> [i64; 2] {
        let span = span(*reading);
        [span.low(), span.high()].map(|end| end.map_or(0, Value::count))
    }

    #[test]
    fn accounts_leave_what_lies_between_them_and_the_largest_counts_by_assumption() {
        let lines = Doubt::SeveralLines;
        // What each says; the hull; the largest. Nothing at all is [0, 0].
        for (says, hulled, most) in [
            (&[[8, 8], [8, 8]][..], [8, 8], [8, 8]),
            (&[[8, 8], [12, 12]], [8, 12], [12, 12]),
            (&[[12, 12], [8, 8], [9, 9]], [8, 12], [12, 12]),
            // One is bounded from below only: the largest is at least either.
            (&[[8, 8], [7, 0]], [7, 0], [8, 0]),
            (&[[7, 0], [8, 8]], [7, 0], [8, 0]),
            (&[[8, 8], [0, 9]], [0, 9], [8, 9]),
            (&[[7, 0], [0, 9]], [0, 0], [7, 0]),
            // One says nothing.
            (&[[8, 8], [0, 0]], [0, 0], [8, 0]),
        ] {
            let accounts: Vec<Vec<Reading>> = says
                .iter()
                .map(|at| if *at == [0, 0] { Vec::new() } else { vec![upr(*at, Form::Plain)] })
                .collect();
            let found = hull(&accounts);
            assert_eq!(found.first().map_or([0, 0], ends), hulled, "{says:?}");
            assert!(found.len() < 2);
            let found = largest(&accounts, lines);
            assert_eq!(found.first().map_or([0, 0], ends), most, "{says:?}");
            assert!(found.iter().all(|r| r.form == Form::Tested(lines)));
        }
    }

    #[test]
    fn under_an_assumption_about_a_test_each_counts_with_what_it_says_then() {
        let part = Doubt::PartOfTravel;
        let first = vec![upr([8, 0], Form::Bound), upr([8, 8], Form::Tested(part))];
        for (other, certain, under) in [
            (vec![upr([9, 9], Form::Plain)], [8, 0], Some([8, 9])),
            (vec![upr([9, 0], Form::Bound)], [8, 0], Some([8, 0])),
            (Vec::new(), [0, 0], None),
        ] {
            let found = hull(&[first.clone(), other.clone()]);
            let own = found.iter().find(|r| r.form.doubt().is_none());
            assert_eq!(own.map_or([0, 0], ends), certain, "{other:?}");
            let taken = found.iter().find(|r| r.form == Form::Tested(part));
            assert_eq!(taken.map(ends), under, "{other:?}");
        }
    }
}
