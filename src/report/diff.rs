//! The difference of two catalogues, for people.

use std::fmt::Write as _;

use super::csv::rows_csv;
use crate::assess::{Change, Diff};
use crate::error::Result;

/// A difference as text.
pub fn diff_text(diff: &Diff) -> String {
    let mut out = String::new();
    let _ = writeln!(
        out,
        "{} added, {} gone, {} changed, {} unchanged",
        diff.added.len(),
        diff.gone.len(),
        diff.changed.len(),
        diff.unchanged
    );
    for (title, names) in [("added", &diff.added), ("gone", &diff.gone)] {
        for name in names {
            let _ = writeln!(out, "{title}: {name}");
        }
    }
    for (name, changes) in &diff.changed {
        let _ = writeln!(out, "changed: {name}");
        for change in changes {
            let _ = match change {
                Change::Reading(what, was, is) => {
                    let show = |text: &str| {
                        if text.is_empty() { "nothing".to_owned() } else { text.to_owned() }
                    };
                    writeln!(out, "    {what}: {} → {}", show(was), show(is))
                }
                Change::Verdict(list, was, is) => {
                    writeln!(out, "    verdict of {list}: {} → {}", was.word(), is.word())
                }
            };
        }
    }
    out
}

/// A difference as CSV: a row a change.
pub fn diff_csv(diff: &Diff) -> Result<String> {
    let named = |what: &str, names: &[String]| -> Vec<Vec<String>> {
        let row = |name: &String| [name, what, "", "", ""].map(str::to_owned).to_vec();
        names.iter().map(row).collect()
    };
    let mut rows = named("added", &diff.added);
    rows.extend(named("gone", &diff.gone));
    for (name, changes) in &diff.changed {
        rows.extend(changes.iter().map(|change| match change {
            Change::Reading(what, was, is) => {
                [name, "reading", what, was, is].map(str::to_owned).to_vec()
            }
            Change::Verdict(list, was, is) => {
                [name, "verdict", list, was.word(), is.word()].map(str::to_owned).to_vec()
            }
        }));
    }
    rows_csv(&["machine", "change", "of", "was", "is"], rows.into_iter())
}
