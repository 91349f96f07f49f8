//! TOML documents in which every value knows its place.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::error::{Error, Kind, Place, Result, nearest};

/// A parsed TOML document with the text that it came from.
pub struct Document<'t> {
    source: Source<'t>,
    root: Spanned<DeTable<'t>>,
}

#[derive(Clone, Copy)]
struct Source<'t> {
    name: &'t str,
    text: &'t str,
}

/// One value of a document.
#[derive(Clone, Copy)]
pub struct Node<'d> {
    source: Source<'d>,
    value: &'d Spanned<DeValue<'d>>,
}

/// The keys and values of a table, in the order of the file.
#[derive(Clone, Copy)]
pub struct Fields<'d> {
    source: Source<'d>,
    table: &'d DeTable<'d>,
}

impl<'t> Document<'t> {
    /// Parses the document called `name`.
    pub fn parse(name: &'t str, text: &'t str) -> Result<Self> {
        let source = Source { name, text };
        let root = DeTable::parse(text).map_err(|error| {
            let range = error.span().unwrap_or(0..0);
            let message = error.message().trim_end().replace('\n', ", ");
            Error::new(Kind::Form, format!("this is not TOML: {message}"))
                .at(Place::of(name, text, range))
        })?;
        Ok(Self { source, root })
    }

    /// The document's top-level table.
    pub fn root(&self) -> Result<Fields<'_>> {
        Ok(Fields { source: self.source, table: self.root.get_ref() })
    }
}

impl<'d> Fields<'d> {
    /// Every key with its value.
    pub fn iter(&self) -> impl Iterator<Item = (&'d str, Node<'d>)> + use<'d> {
        let source = self.source;
        self.table.iter().map(move |(key, value)| (key.get_ref().as_ref(), Node { source, value }))
    }

    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<Node<'d>> {
        self.table.get(key).map(|value| Node { source: self.source, value })
    }

    /// The value of a key that has to be there.
    pub fn required(&self, key: &str, of: &str) -> Result<Node<'d>> {
        self.get(key).ok_or_else(|| {
            let message = format!("{of} has no `{key}`");
            Error::new(Kind::Content, message).at(self.first_place())
        })
    }

    /// The text of a key, if the key is there.
    pub fn text(&self, key: &str) -> Result<Option<&'d str>> {
        self.get(key).map(|node| node.str()).transpose()
    }

    /// How many keys there are.
    pub fn len(&self) -> usize {
        self.table.len()
    }

    /// Whether there is no key.
    pub fn is_empty(&self) -> bool {
        self.table.is_empty()
    }

    /// An error for every key that is not among `known`, each with the nearest known one.
    pub fn unknown_keys(&self, known: &[&str]) -> Vec<Error> {
        let unknown = self.table.keys().filter(|key| !known.contains(&key.get_ref().as_ref()));
        unknown
            .map(|key| {
                let name = key.get_ref().as_ref();
                let place = Place::of(self.source.name, self.source.text, key.span());
                let help = match nearest(name, known.iter().copied()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("known here: {}", known.join(", ")),
                };
                Error::new(Kind::Content, format!("unknown key `{name}`")).at(place).help(help)
            })
            .collect()
    }

    /// The place of a key of this table.
    pub fn key_place(&self, key: &str) -> Place {
        let found = self.table.keys().find(|k| k.get_ref() == key);
        let span = found.map_or(0..0, Spanned::span);
        Place::of(self.source.name, self.source.text, span)
    }

    fn first_place(&self) -> Place {
        let span = self.table.keys().next().map_or(0..0, Spanned::span);
        Place::of(self.source.name, self.source.text, span)
    }
}

impl<'d> Node<'d> {
    /// Where the value stands.
    pub fn place(&self) -> Place {
        Place::of(self.source.name, self.source.text, self.value.span())
    }

    /// An error about this value.
    pub fn error(&self, message: impl Into<String>) -> Error {
        Error::new(Kind::Content, message).at(self.place())
    }

    fn wrong(&self, wanted: &str) -> Error {
        let kind = self.value.get_ref().type_str();
        self.error(format!("{wanted} is wanted here, not this {kind}"))
    }

    /// The text of a string.
    pub fn str(&self) -> Result<&'d str> {
        self.value.get_ref().as_str().ok_or_else(|| self.wrong("text"))
    }

    /// A truth.
    pub fn bool(&self) -> Result<bool> {
        self.value.get_ref().as_bool().ok_or_else(|| self.wrong("`true` or `false`"))
    }

    /// A whole number.
    pub fn whole(&self) -> Result<i64> {
        let digits = self.value.get_ref().as_integer().map(|i| i.as_str().replace('_', ""));
        let number = digits.and_then(|digits| digits.parse().ok());
        number.ok_or_else(|| self.wrong("a whole number"))
    }

    /// The text of a day (`2008-07-01` without quotes) or of a string.
    pub fn day_text(&self) -> Result<String> {
        match self.value.get_ref() {
            DeValue::Datetime(day) => Ok(day.to_string()),
            DeValue::String(text) => Ok(text.to_string()),
            _ => Err(self.wrong("a day such as 2008-07-01")),
        }
    }

    /// A string, number, truth or day as text.
    pub fn scalar(&self) -> Result<String> {
        match self.value.get_ref() {
            DeValue::String(text) => Ok(text.to_string()),
            DeValue::Integer(number) => Ok(number.as_str().to_owned()),
            DeValue::Float(number) => Ok(number.as_str().to_owned()),
            DeValue::Boolean(truth) => Ok(if *truth { "yes" } else { "no" }.to_owned()),
            DeValue::Datetime(day) => Ok(day.to_string()),
            DeValue::Array(_) | DeValue::Table(_) => Err(self.wrong("one value")),
        }
    }

    /// The table, if the value is one.
    pub fn as_table(&self) -> Option<Fields<'d>> {
        let source = self.source;
        self.value.get_ref().as_table().map(|table| Fields { source, table })
    }

    /// The value's table.
    pub fn table(&self) -> Result<Fields<'d>> {
        self.as_table().ok_or_else(|| self.wrong("a table"))
    }

    /// The items, if the value is an array.
    pub fn as_array(&self) -> Option<Vec<Self>> {
        let items = self.value.get_ref().as_array()?;
        Some(items.iter().map(|value| Node { source: self.source, value }).collect())
    }

    /// The value's items.
    pub fn array(&self) -> Result<Vec<Self>> {
        self.as_array().ok_or_else(|| self.wrong("an array"))
    }

    /// The texts of an array of strings, or of one string.
    pub fn strings(&self) -> Result<Vec<&'d str>> {
        match self.as_array() {
            Some(items) => items.iter().map(|item| item.str()).collect(),
            None => self.str().map(|text| vec![text]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_know_their_place_and_unknown_keys_their_neighbour() {
        let text = "travl = \"1 m\"\n[a]\nn = 3\n";
        let document = Document::parse("x.toml", text).expect("TOML");
        let root = document.root().expect("a table");
        let errors = root.unknown_keys(&["travel", "a"]);
        assert_eq!(errors[0].advice(), Some("did you mean `travel`?"));
        let node = root.get("a").and_then(|a| a.as_table()).and_then(|a| a.get("n"));
        let node = node.expect("a.n");
        assert_eq!((node.whole().expect("3"), node.place().line, node.place().column), (3, 3, 5));
        assert_eq!(node.str().expect_err("3").message(), "text is wanted here, not this integer");
    }

    #[test]
    fn broken_toml_names_its_place() {
        let error = Document::parse("x.toml", "a = \n").err().expect("an error");
        assert_eq!(error.place().map(|p| p.line), Some(1));
    }
}
