//! The structure of a cell: groups, labels, parts, alternatives and brackets, before any meaning.
//!
//! `X (V3-V4) (V6): 250 (185); Y (V4-V6): 100 (± 50)` has two groups, each with an axis label,
//! versions, one part and a bracket.

use crate::machine::label;
use crate::quantity::plain;

/// A bracket behind a figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Enclosed {
    /// The opening character: `(`, `[` or `<`.
    pub open: char,
    /// What stands inside.
    pub text: String,
}

/// One figure with what is enclosed behind it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Alternative {
    /// The text outside brackets, trimmed.
    pub text: String,
    /// The brackets behind it, in order.
    pub enclosed: Vec<Enclosed>,
}

/// One part of a cell.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Piece {
    /// Axis labels before it (`X`, `XL` and `XR`), as printed.
    pub axes: Vec<String>,
    /// Another word before it (`tool`), in lower case.
    pub word: String,
    /// The versions that its label names, one for the figure and one for each bracket.
    pub versions: Vec<String>,
    /// What it says; several where the cell offers alternatives.
    pub alternatives: Vec<Alternative>,
}

/// A cell taken apart.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Cell {
    /// Its parts in order.
    pub pieces: Vec<Piece>,
    /// Axis labels that one bracket behind everything names (`(X / Y / Z1)`).
    pub order: Vec<String>,
}

impl Cell {
    /// Takes a cell apart; `words` are labels other than axes that may stand before a part.
    pub(super) fn read(text: &str, words: &[&str]) -> Self {
        let text = plain(text).replace("+/-", "±");
        let text = without_footnotes(&text);
        let mut cell = Self::default();
        for group in split(text.trim(), |rest| group_end(rest, words)) {
            cell.group(group.trim(), words);
        }
        cell
    }

    fn group(&mut self, group: &str, words: &[&str]) {
        let (mut lead, body) = labelled(group, words);
        let mut body = body.trim();
        if let Some((before, order)) = trailing_axes(body) {
            body = before;
            self.order = order;
        }
        // A word before the first part holds for every part of its group.
        let mut first = true;
        for part in parts(body) {
            let (own, rest) = if first && !lead.is_empty() {
                (std::mem::take(&mut lead), part)
            } else {
                labelled(part, words)
            };
            first = false;
            let mut piece = Piece {
                axes: own.axes,
                word: own.word,
                versions: own.versions,
                ..Piece::default()
            };
            for alternative in split(rest, |rest| usize::from(rest.starts_with('|'))) {
                piece.alternatives.push(enclosed(alternative.trim()));
            }
            self.pieces.push(piece);
        }
    }
}

/// What stands before a part.
#[derive(Debug, Default)]
struct Lead {
    axes: Vec<String>,
    word: String,
    versions: Vec<String>,
}

impl Lead {
    fn is_empty(&self) -> bool {
        self.axes.is_empty() && self.word.is_empty() && self.versions.is_empty()
    }
}

/// Splits at top level wherever `ends` says how long a separator starts there.
fn split(text: &str, ends: impl Fn(&str) -> usize) -> Vec<&str> {
    let mut out = Vec::new();
    let (mut depth, mut start, mut skip) = (0usize, 0usize, 0usize);
    for (at, c) in text.char_indices() {
        if at < skip {
            continue;
        }
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        let rest = text.get(at..).unwrap_or_default();
        let length = if depth == 0 { ends(rest) } else { 0 };
        if length > 0 {
            out.push(text.get(start..at).unwrap_or_default());
            start = at + length;
            skip = start;
        }
    }
    out.push(text.get(start..).unwrap_or_default());
    out
}

/// A semicolon ends a group; so does a comma before a label with a colon or the word axis.
fn group_end(rest: &str, words: &[&str]) -> usize {
    if rest.starts_with(';') {
        return 1;
    }
    let Some(after) = rest.strip_prefix(", ") else { return 0 };
    let (lead, _) = labelled(after, words);
    let said = after.contains(':') || after.to_lowercase().contains("axis");
    if !lead.axes.is_empty() && said { 2 } else { 0 }
}

/// The parts of a group: between slashes, or between the signs of a product (`350x440x330`).
fn parts(body: &str) -> Vec<&str> {
    let by_slash = split(body, |rest| usize::from(rest.starts_with('/')));
    if by_slash.len() > 1 {
        return by_slash;
    }
    let lower = body.to_lowercase();
    let factors: Vec<&str> = body.split(['x', 'X', '×']).collect();
    let numeric = |part: &&str| {
        let part = part.trim();
        !part.is_empty() && part.chars().all(|c| c.is_ascii_digit() || ".,".contains(c))
    };
    let bare = lower.chars().all(|c| c.is_ascii_digit() || ".,x× ".contains(c));
    if factors.len() > 1 && bare && factors.iter().all(numeric) { factors } else { vec![body] }
}

/// Footnote marks and the notes that stand behind the last figure.
fn without_footnotes(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('*') {
        out.push_str(rest.get(..at).unwrap_or_default());
        rest = rest.get(at + 1..).unwrap_or_default();
        rest = rest.trim_start_matches(|c: char| c.is_ascii_digit());
        let sentence = rest.trim_start();
        if sentence.starts_with(char::is_alphabetic) {
            return out;
        }
    }
    out.push_str(rest);
    out
}

/// The axis labels, the word or the versions before a part, and the part.
fn labelled<'t>(text: &'t str, words: &[&str]) -> (Lead, &'t str) {
    let text = text.trim();
    let mut lead = Lead::default();
    let lower = text.to_lowercase();
    for word in words {
        let fits = lower.starts_with(word)
            && lower.get(word.len()..).is_some_and(|r| !r.starts_with(char::is_alphanumeric));
        if fits {
            (*word).clone_into(&mut lead.word);
            let rest = text.get(word.len()..).unwrap_or_default();
            return (lead, rest.trim_start().trim_start_matches(':').trim_start());
        }
    }
    let Some((axes, rest)) = axis_labels(text) else { return (lead, text) };
    lead.axes = axes;
    let rest = rest.trim_start();
    // Versions stand between the label and its colon.
    let Some((before, after)) = rest.split_once(':') else {
        let rest = rest.strip_prefix("tilting").unwrap_or(rest);
        return (lead, rest.trim_start());
    };
    let version_like = !before.is_empty() && before.len() < 24 && !before.contains("..");
    if before.trim().is_empty() || version_like {
        let versions = before.split(['(', ')']).map(str::trim).filter(|v| !v.is_empty());
        lead.versions = versions.map(str::to_owned).collect();
        return (lead, after.trim_start());
    }
    (lead, rest)
}

/// One axis label, or several joined by slashes (`XL-/XR-axis`), and what follows.
fn axis_labels(text: &str) -> Option<(Vec<String>, &str)> {
    let mut labels = Vec::new();
    let mut rest = text;
    loop {
        let (label, after) = axis_label(rest)?;
        labels.push(label);
        let after =
            after.strip_prefix("-axis").or_else(|| after.strip_prefix("-Axis")).unwrap_or(after);
        match after.strip_prefix("-/") {
            Some(next) => rest = next,
            None => {
                rest = after;
                break;
            }
        }
    }
    Some((labels, rest))
}

/// A label such as `X`, `z1` or `XL`, which has to end where it ends.
fn axis_label(text: &str) -> Option<(String, &str)> {
    let end = text.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(text.len());
    let (label, rest) = (text.get(..end)?, text.get(end..)?);
    let mut chars = label.chars();
    let first = chars.next()?.to_ascii_uppercase();
    let known = label::bit(label::LETTER, first.encode_utf8(&mut [0; 4])).is_some();
    let second = chars.next();
    let suffix = second.is_none_or(|c| c.is_ascii_digit() || matches!(c, 'L' | 'R'));
    let ended = rest.is_empty() || rest.starts_with([' ', ':', '-', '(', '/', '=']);
    (known && suffix && chars.next().is_none() && ended).then(|| (label.to_owned(), rest))
}

/// A last bracket that holds nothing but axis labels: their order.
fn trailing_axes(body: &str) -> Option<(&str, Vec<String>)> {
    let inner = body.trim_end().strip_suffix(')')?;
    let (before, inside) = inner.rsplit_once('(')?;
    let label = |part: &str| {
        axis_label(part.trim()).filter(|(_, rest)| rest.is_empty()).map(|(label, _)| label)
    };
    let labels: Option<Vec<String>> = inside.split('/').map(label).collect();
    Some((before.trim_end(), labels?))
}

/// The text outside brackets, and the brackets.
fn enclosed(text: &str) -> Alternative {
    let mut out = Alternative::default();
    let mut rest = text;
    while let Some(at) = rest.find(['(', '[', '<']) {
        let (before, from) = rest.split_at(at);
        let open = from.chars().next().unwrap_or('(');
        let close = match open {
            '(' => ')',
            '[' => ']',
            _ => '>',
        };
        let inside = matching(from, open, close);
        let Some(inside) = inside.filter(|inside| open != '<' || !inside.is_empty()) else { break };
        out.text.push_str(before);
        out.enclosed.push(Enclosed { open, text: inside.trim().to_owned() });
        rest = from.get(inside.len() + 2..).unwrap_or_default();
    }
    out.text.push_str(rest);
    out.text = out.text.trim().to_owned();
    out
}

/// What stands between an opening sign at the start and its partner.
fn matching(text: &str, open: char, close: char) -> Option<&str> {
    let mut depth = 0usize;
    for (at, c) in text.char_indices() {
        if c == open {
            depth += 1;
        } else if c == close {
            depth -= 1;
            if depth == 0 {
                return text.get(1..at);
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Shows a cell's structure as one line.
    fn show(text: &str) -> String {
        let cell = Cell::read(text, &["tool", "sub"]);
        let piece = |piece: &Piece| {
            let alternative = |a: &Alternative| {
                let closed = a.enclosed.iter().map(|e| format!("{}{}", e.open, e.text));
                let closed: Vec<String> = closed.collect();
                [a.text.clone(), closed.join(" ")].join(" ").trim().to_owned()
            };
            let all: Vec<String> = piece.alternatives.iter().map(alternative).collect();
            let lead = [piece.axes.join("+"), piece.word.clone(), piece.versions.join(",")];
            let lead = lead.iter().filter(|l| !l.is_empty()).cloned().collect::<Vec<_>>().join("@");
            format!("{lead}={}", all.join("|"))
        };
        let pieces: Vec<String> = cell.pieces.iter().map(piece).collect();
        let order = if cell.order.is_empty() {
            String::new()
        } else {
            format!(" in {}", cell.order.join(","))
        };
        format!("{}{order}", pieces.join(" ; "))
    }

    #[test]
    fn real_cells_are_taken_apart() {
        for (text, expected) in [
            ("800", "=800"),
            ("X: 1,000", "X=1,000"),
            ("3 / 3 / 3 μm", "=3 ; =3 ; =3 µm"),
            ("9 / - arcsec", "=9 ; =- arcsec"),
            ("6 / 8 / 10 µm (X / Y / Z1)", "=6 ; =8 ; =10 µm in X,Y,Z1"),
            ("16 µm (Z3)", "=16 µm in Z3"),
            (
                "X (V3-V4) (V6): 250 (185); Y (V4-V6): 100 (± 50)",
                "X@V3-V4,V6=250 (185 ; Y@V4-V6=100 (± 50",
            ),
            ("X V3-V4 (V6): 307.5 (300)", "X@V3-V4,V6=307.5 (300"),
            ("X 500 / Y 450 / Z 400 mm", "X=500 ; Y=450 ; Z=400 mm"),
            ("x: 1050, y: 530, z: 510", "x=1050 ; y=530 ; z=510"),
            ("350x440x330", "=350 ; =440 ; =330"),
            ("B +160º – -180º; C 360º", "B=+160° - -180° ; C=360°"),
            ("B-axis tilting ±110°, C-axis 360°", "B=±110° ; C=360°"),
            ("XL-/XR-axis: 147.5 mm (5.8 in.)", "XL+XR=147.5 mm (5.8 in."),
            ("4,000 | 3,250 (op.)", "=4,000|3,250 (op."),
            ("φ72 (φ2.8) [φ105 (φ4.1)]＊ ＊Only in USA", "=ø72 (ø2.8 [ø105 (ø4.1)"),
            ("1,562 ＋ 164 (61.4 ＋ 6.4) <for ATC>", "=1,562 + 164 (61.4 + 6.4 <for ATC"),
            ("1,000 min-1; tool 8,000", "=1,000 min-1 ; tool=8,000"),
            ("< 5 µm", "=< 5 µm"),
            ("B Yes", "B=Yes"),
            ("φ160 (φ6.2) ＊1", "=ø160 (ø6.2"),
            ("+/- 0.0005 in.", "=± 0.0005 in."),
        ] {
            assert_eq!(show(text), expected, "{text}");
        }
    }
}
