//! The control status of a machine in a jurisdiction, and which entry is the primary one.

use super::Verdict;

/// What a jurisdiction says of a machine, all its loaded entries together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// The jurisdiction.
    pub jurisdiction: String,
    /// Whether any entry captures it.
    pub verdict: Verdict,
    /// The primary entry, in words: `2B201`, `2B001 if undetermined there turns out so, otherwise
    /// 2B201`; empty where nothing captures it.
    pub primary: String,
}

/// One entry as the order of precedence sees it.
pub(super) struct Standing<'s> {
    pub id: &'s str,
    pub after: &'s [String],
    pub verdict: Verdict,
}

/// The primary entry among a jurisdiction's entries.
///
/// Precedence never hides a certain control: an entry that is still open before a captured one is
/// named with it.
pub(super) fn primary(status: Verdict, entries: &[Standing<'_>]) -> String {
    if status == Verdict::NotCaptured {
        return String::new();
    }
    let ordered = ordered(entries);
    let mut open: Vec<&str> = Vec::new();
    for entry in ordered {
        match entry.verdict {
            Verdict::Captured if open.is_empty() => return entry.id.to_owned(),
            Verdict::Captured => {
                // Only entries that take precedence over this one can come before it.
                let before: Vec<&str> =
                    open.iter().copied().filter(|id| entry.after.iter().any(|a| a == id)).collect();
                if before.is_empty() {
                    return entry.id.to_owned();
                }
                return format!("{} if it applies, otherwise {}", before.join(" or "), entry.id);
            }
            Verdict::Undetermined => open.push(entry.id),
            Verdict::NotCaptured => {}
        }
    }
    match (status, open.as_slice()) {
        (_, []) => String::new(),
        (Verdict::Captured, several) => format!("one of {}", several.join(", ")),
        (_, several) => format!("perhaps {}", several.join(" or ")),
    }
}

/// Entries such that each stands behind those that take precedence over it.
fn ordered<'a, 's>(entries: &'a [Standing<'s>]) -> Vec<&'a Standing<'s>> {
    let mut out: Vec<&Standing<'_>> = Vec::new();
    while out.len() < entries.len() {
        let placed = |id: &str| out.iter().any(|entry| entry.id == id);
        let known = |id: &str| entries.iter().any(|entry| entry.id == id);
        let waiting = |e: &&Standing<'_>| {
            e.after.iter().any(|before| known(before) && !placed(before) && before != e.id)
        };
        let next = entries
            .iter()
            .filter(|entry| !out.iter().any(|known| std::ptr::eq(*known, *entry)))
            .min_by_key(|entry| waiting(entry));
        match next {
            Some(next) => out.push(next),
            None => break,
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn precedence_orders_and_never_hides() {
        use Verdict::{Captured as C, NotCaptured as N, Undetermined as U};
        let after_a = ["A".to_owned()];
        for (a, b, status, expected) in [
            (C, C, C, "A"),
            (N, C, C, "B"),
            (U, C, C, "A if it applies, otherwise B"),
            (U, N, U, "perhaps A"),
            (U, U, U, "perhaps A or B"),
            (U, U, C, "one of A, B"),
            (N, N, N, ""),
        ] {
            // B is given first: the order comes from `after`, not from the file.
            let entries = [
                Standing { id: "B", after: &after_a, verdict: b },
                Standing { id: "A", after: &[], verdict: a },
            ];
            assert_eq!(primary(status, &entries), expected, "{a:?} {b:?}");
        }
    }
}
