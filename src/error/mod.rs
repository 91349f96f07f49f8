//! The one error type of the crate: what is wrong, where, and what to do about it.
//!
//! Knows nothing of what is being read. A bad catalogue cell is not an error but a remark
//! (`crate::catalogue`); a broken invariant is a `debug_assert!`.

use std::fmt;

/// Where a piece of text stands: file, line, column and the line itself, ready to be underlined.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The file as the user named it.
    pub file: String,
    /// Line, counted from one.
    pub line: usize,
    /// Column in characters, counted from one.
    pub column: usize,
    /// The whole line, without its end.
    pub text: String,
    /// How many characters to underline; at least one.
    pub width: usize,
}

impl Place {
    /// The place of a byte range of `source`, cut off at the end of its first line.
    ///
    /// A range past the end points behind the last character.
    pub fn of(file: &str, source: &str, range: std::ops::Range<usize>) -> Self {
        let start = floor_boundary(source, range.start);
        let end = floor_boundary(source, range.end.max(start));
        let before = source.get(..start).unwrap_or_default();
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let text = source.get(line_start..).unwrap_or_default();
        let text = text.split('\n').next().unwrap_or_default().trim_end_matches('\r');
        let column = source.get(line_start..start).map_or(0, |t| t.chars().count());
        let token = source.get(start..end).unwrap_or_default();
        let token = token.split('\n').next().unwrap_or_default();
        Self {
            file: file.to_owned(),
            line: before.matches('\n').count() + 1,
            column: column + 1,
            text: text.to_owned(),
            width: token.chars().count().max(1),
        }
    }
}

fn floor_boundary(text: &str, mut at: usize) -> usize {
    at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}

/// What an error is about; decides nothing but how a caller may sort errors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The request itself: an option, a name, a combination that has no meaning.
    Usage,
    /// A file that cannot be read or written.
    File,
    /// A table (CSV, spreadsheet, JSON) or document whose form is broken.
    Form,
    /// A list, overlay, mapping or assumption file whose content is wrong.
    Content,
}

/// Why an operation could not be done.
///
/// Its display is one lower-case sentence after the place, then the line with the token
/// underlined, then help.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error(Box<Inner>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Inner {
    kind: Kind,
    message: String,
    place: Option<Place>,
    help: Option<String>,
}

/// The crate's result.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// An error of `kind` with its one-sentence message.
    pub fn new(kind: Kind, message: impl Into<String>) -> Self {
        let message = message.into();
        Self(Box::new(Inner { kind, message, place: None, help: None }))
    }

    /// A request that has no meaning.
    pub fn usage(message: impl Into<String>) -> Self {
        Self::new(Kind::Usage, message)
    }

    /// The same error with the place it is about.
    #[must_use]
    pub fn at(mut self, place: Place) -> Self {
        self.0.place = Some(place);
        self
    }

    /// The same error with what the user can do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.0.help = Some(help.into());
        self
    }

    /// What the error is about.
    pub fn kind(&self) -> Kind {
        self.0.kind
    }

    /// The sentence alone.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// Where it is, if it is anywhere.
    pub fn place(&self) -> Option<&Place> {
        self.0.place.as_ref()
    }

    /// What to do, if there is something.
    pub fn advice(&self) -> Option<&str> {
        self.0.help.as_deref()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(place) = &self.0.place {
            let gutter = place.line.to_string();
            let pad = " ".repeat(gutter.len());
            let indent = " ".repeat(place.column.saturating_sub(1));
            writeln!(f, "{place}: {}", self.0.message)?;
            writeln!(f, "{gutter} | {}", place.text.replace('\t', " "))?;
            write!(f, "{pad} | {indent}{}", "^".repeat(place.width))?;
        } else {
            write!(f, "{}", self.0.message)?;
        }
        match &self.0.help {
            Some(help) => write!(f, "\n  help: {help}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Error {}

/// The one of `names` that `word` most resembles, if any is close enough to be meant.
///
/// Close means: a quarter of the longer word's letters, or less, have to change, or one of the
/// two contains the other.
pub fn nearest<'n>(word: &str, names: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let word = word.to_lowercase();
    names
        .into_iter()
        .map(|name| (strsim::damerau_levenshtein(&word, &name.to_lowercase()), name))
        .filter(|(distance, name)| {
            let longer = word.chars().count().max(name.chars().count());
            let contained = word.len() >= 4 && name.contains(&word);
            contained || *distance * 4 <= longer.max(4)
        })
        .min_by_key(|(distance, name)| (*distance, *name))
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_counts_lines_and_characters_and_underlines_one_token() {
        let source = "a = 1\nmü = \"6 um\"\n";
        let start = source.find("\"6").unwrap_or_default();
        let place = Place::of("x.toml", source, start..start + 6);
        assert_eq!((place.line, place.column, place.width), (2, 6, 6));
        let error =
            Error::new(Kind::Content, "`6 um` is a length").at(place).help("write a number");
        let shown = "x.toml:2:6: `6 um` is a length\n2 | mü = \"6 um\"\n  |      ^^^^^^\n  \
                     help: write a number";
        assert_eq!(error.to_string(), shown);
    }

    #[test]
    fn a_place_past_the_end_does_not_fail() {
        assert_eq!(Place::of("x", "ab", 7..9).column, 3);
    }

    #[test]
    fn the_nearest_name_is_suggested_only_when_it_is_near() {
        assert_eq!(nearest("travell", ["travel", "upr"]), Some("travel"));
        assert_eq!(nearest("xyzzy", ["travel", "upr"]), None);
    }
}
