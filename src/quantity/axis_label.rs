//! Labels of axes as people write them, brought to what tells axes apart.

use super::{Dimension, Unit, plain};

/// Words that say that something is an axis, or of which kind; they name none.
const WORDS: [&str; 12] = [
    "axis",
    "achse",
    "axe",
    "asse",
    "eje",
    "linear",
    "rotary",
    "lin",
    "rot",
    "linearachse",
    "rundachse",
    "drehachse",
];
/// Words that are written together with a label.
const JOINED: [&str; 2] = ["axis", "achse"];

/// What tells an axis from others: `X` of `x`, `X-axis`, `X Axis (mm)`, `linear axis X`, `Xaxis`
/// and `X-Achse`, whichever hyphen or space stands between.
///
/// Nothing is left out that may be of the name: `X1`, `X 1` and `X'` stay apart from `X`. A label
/// of nothing but such words is that label.
///
/// ```
/// use toolgauge::quantity::axis_key;
/// assert_eq!(axis_key("X\u{2011}Achse"), "X");
/// assert_ne!(axis_key("X1"), axis_key("X"));
/// ```
pub fn axis_key(label: &str) -> String {
    let text = plain(label);
    let spaced = text.replace(['(', '[', '{'], " (").replace([')', ']', '}'], " ");
    let parts = spaced.split(|c: char| c.is_whitespace() || matches!(c, '-' | '_' | '.' | ':'));
    let words: Vec<&str> = parts.filter_map(own).collect();
    let own = if words.is_empty() { text.trim().to_owned() } else { words.join("-") };
    own.to_uppercase()
}

/// The part of a word that may be of an axis's name; none of a word that adds nothing.
fn own(part: &str) -> Option<&str> {
    let word = part.trim_start_matches('(');
    let bracketed = word.len() < part.len();
    let known = |word: &str| WORDS.iter().any(|known| known.eq_ignore_ascii_case(word));
    if word.is_empty() || known(word) {
        return None;
    }
    let unit = |dimension| Unit::of_readings(dimension, word).is_ok();
    if bracketed && (unit(Dimension::Length) || unit(Dimension::Angle)) {
        return None;
    }
    let short = |rest: &&str| {
        let mut letters = rest.chars();
        letters.next().is_some_and(|c| c.is_ascii_alphabetic())
            && letters.all(|c| c.is_ascii_digit())
            && rest.len() <= 3
    };
    let joined = JOINED.iter().find_map(|joined| {
        let at = word.len().checked_sub(joined.len())?;
        let tail = word.get(at..).filter(|tail| tail.eq_ignore_ascii_case(joined));
        let head = word.get(..joined.len()).filter(|head| head.eq_ignore_ascii_case(joined));
        let before = tail.and_then(|_| word.get(..at)).filter(short);
        before.or_else(|| head.and_then(|_| word.get(joined.len()..)).filter(short))
    });
    Some(joined.unwrap_or(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_round_a_label_is_left_out_and_the_label_is_not() {
        for (label, key) in [
            ("X", "X"),
            ("x", "X"),
            (" X ", "X"),
            ("X-axis", "X"),
            ("X\u{2011}axis", "X"),
            ("X\u{A0}Axis", "X"),
            ("X Axis (mm)", "X"),
            ("X [mm]", "X"),
            ("X-Axis(mm)", "X"),
            ("linear axis X", "X"),
            ("Linear X", "X"),
            ("Axis X", "X"),
            ("Axis: X", "X"),
            ("AXIS_X", "X"),
            ("Xaxis", "X"),
            ("X1axis", "X1"),
            ("axisX", "X"),
            ("X-Achse", "X"),
            ("XAchse", "X"),
            ("\u{FF38}\u{2010}axis", "X"),
            ("Rotary axis C (deg)", "C"),
            ("Axis 1", "1"),
            // What merely resembles it is another one.
            ("X1", "X1"),
            ("X 1", "X-1"),
            ("X'", "X'"),
            ("XL", "XL"),
            ("U", "U"),
            ("X (left)", "X-LEFT"),
            ("X (W)", "X-W"),
            ("praxis", "PRAXIS"),
            ("axis", "AXIS"),
            ("linear axis", "LINEAR AXIS"),
            ("", ""),
        ] {
            assert_eq!(axis_key(label), key, "{label}");
        }
    }
}
