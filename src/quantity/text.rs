//! Text as catalogues have it, brought to one spelling of each sign.

use std::borrow::Cow;

/// The text with look-alike characters brought to one form, otherwise unchanged.
///
/// Full-width letters, digits and signs become ASCII, every dash becomes `-`, both micro signs
/// become `µ`, degree look-alikes `°`, primes `'` and `"`, diameter signs `ø`, special spaces a
/// space. A superscript `⁻¹` becomes `-1`; any other superscript figure is a footnote and becomes
/// `*`, so that it can never be taken for a digit.
///
/// ```
/// assert_eq!(toolgauge::quantity::plain("＋3 μm"), "+3 µm");
/// assert_eq!(toolgauge::quantity::plain("5³"), "5*");
/// ```
pub fn plain(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut after_superscript_minus = false;
    for c in text.chars() {
        let mapped = match c {
            '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{FE63}' | '⁻' => '-',
            'μ' | '\u{338D}' => 'µ',
            'º' | '˚' => '°',
            '’' | '‘' | '′' | '´' => '\'',
            '“' | '”' | '″' | '〃' => '"',
            'φ' | 'Φ' | 'ϕ' | 'ø' | 'Ø' | '⌀' | '∅' => 'ø',
            '\u{A0}' | '\u{2000}'..='\u{200A}' | '\u{202F}' | '\u{3000}' => ' ',
            '∗' | '†' | '‡' | '※' | '＊' => '*',
            '¹' if after_superscript_minus => '1',
            '¹' | '²' | '³' | '⁰' | '\u{2074}'..='\u{2079}' => superscript(c, &out),
            '≦' | '⩽' => '≤',
            '≧' | '⩾' => '≥',
            '～' | '∼' => '~',
            '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
            other => other,
        };
        after_superscript_minus = c == '⁻';
        out.push(mapped);
    }
    Cow::Owned(out)
}

/// A superscript figure is a footnote, but for the square of `m/s²`.
fn superscript(c: char, before: &str) -> char {
    if c == '²' && before.ends_with("/s") { '²' } else { '*' }
}

/// Whether a text may begin with a prefix, as far as its first byte tells.
pub(super) fn may_begin(text: &str, prefix: &str) -> bool {
    match (text.as_bytes().first(), prefix.as_bytes().first()) {
        (Some(own), Some(wanted)) if own.is_ascii() && wanted.is_ascii() => {
            own.eq_ignore_ascii_case(wanted)
        }
        // The sign of the kelvin, say, is a letter of ASCII in another case.
        (Some(_), _) | (None, None) => true,
        (None, Some(_)) => false,
    }
}

/// A word after its article: `an angle`, `a length`.
pub fn with_article(word: &str) -> String {
    let article = if word.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    format!("{article} {word}")
}

/// A number of things: `1 run`, `5 runs`; `1 axis`, `5 axes`.
pub fn counted(count: usize, thing: &str) -> String {
    match (count, thing.strip_suffix("is")) {
        (1, _) => format!("1 {thing}"),
        (_, Some(stem)) => format!("{count} {stem}es"),
        _ => format!("{count} {thing}s"),
    }
}

/// `text` without `prefix`, letters compared without regard to case.
pub(super) fn strip_prefix_folded<'t>(text: &'t str, prefix: &str) -> Option<&'t str> {
    if !may_begin(text, prefix) {
        return None;
    }
    let mut rest = text.chars();
    for expected in prefix.chars() {
        let found = rest.next()?;
        let same = found == expected
            || (found.is_alphabetic() && found.to_lowercase().eq(expected.to_lowercase()));
        if !same {
            return None;
        }
    }
    Some(rest.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_thing_is_no_plural() {
        for (count, thing, expected) in [
            (1, "run", "1 run"),
            (0, "run", "0 runs"),
            (1, "contouring axis", "1 contouring axis"),
            (2, "contouring axis", "2 contouring axes"),
        ] {
            assert_eq!(counted(count, thing), expected);
        }
    }

    #[test]
    fn look_alikes_get_one_spelling() {
        for (text, expected) in [
            ("3 μm", "3 µm"),
            ("1,562 ＋ 164", "1,562 + 164"),
            ("(-30° － +210°)", "(-30° - +210°)"),
            ("+160º – -180º", "+160° - -180°"),
            ("min⁻¹", "min-1"),
            ("φ105＊", "ø105*"),
            ("9.8 m/s²", "9.8 m/s²"),
            ("12\u{A0}000", "12 000"),
            ("5¹", "5*"),
        ] {
            assert_eq!(plain(text), expected);
        }
    }
}
