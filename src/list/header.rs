//! What a list file says of itself: name, edition, carrier, dates and how sure they are.

use crate::date::Day;
use crate::error::{Error, Result};
use crate::table::{Fields, Node};

/// How a figure came into the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Hash)]
pub enum Checked {
    /// Read in a stored copy of the legal text or an authority's own page.
    #[default]
    Read,
    /// Read in a secondary public page.
    Secondary,
    /// Remembered or inferred, not read.
    Remembered,
}

impl Checked {
    /// Every degree with its word.
    pub const ALL: [(Self, &'static str); 3] =
        [(Self::Read, "read"), (Self::Secondary, "secondary"), (Self::Remembered, "remembered")];

    /// The word that files use.
    pub fn word(self) -> &'static str {
        Self::ALL.iter().find(|(checked, _)| *checked == self).map_or("", |(_, word)| word)
    }

    /// The degree that a node names.
    pub fn of(node: &Node<'_>) -> Result<Self> {
        let word = node.str()?;
        let found = Self::ALL.iter().find(|(_, w)| *w == word).map(|(checked, _)| *checked);
        found.ok_or_else(|| {
            node.error(format!("`{word}` does not say how a figure was checked"))
                .help("write `read`, `secondary` or `remembered`")
        })
    }
}

/// What a list file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListKind {
    /// A list in force somewhere, or once in force.
    ControlList,
    /// A view assembled from published entries; not law.
    Profile,
    /// A proposed change; not law.
    Proposal,
}

impl ListKind {
    /// Every kind with its word.
    pub const ALL: [(Self, &'static str); 3] = [
        (Self::ControlList, "control-list"),
        (Self::Profile, "profile"),
        (Self::Proposal, "proposal"),
    ];

    /// The word that files use.
    pub fn word(self) -> &'static str {
        Self::ALL.iter().find(|(kind, _)| *kind == self).map_or("", |(_, word)| word)
    }
}

/// The list and edition that an overlay changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Base {
    /// The list's name.
    pub list: String,
    /// Its edition.
    pub edition: String,
}

/// The head of a list file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// What the file is.
    pub kind: ListKind,
    /// The list's name: carrier and entry, such as `eu/2B001`.
    pub id: String,
    /// The edition's key.
    pub edition: String,
    /// Whose law it is.
    pub jurisdiction: String,
    /// What the entry is about.
    pub title: String,
    /// The legal act that carries it.
    pub carrier: String,
    /// The regime's own labels for the entry.
    pub labels: Vec<String>,
    /// The citation of the entry.
    pub root: String,
    /// First day in force.
    pub in_force: Option<Day>,
    /// How sure the first day is.
    pub in_force_checked: Checked,
    /// Last day in force, where it is no longer.
    pub until: Option<Day>,
    /// The day up to which the text is known to be the law.
    pub verified_through: Option<Day>,
    /// Where it was read.
    pub source: String,
    /// Entries that take precedence over this one.
    pub after: Vec<String>,
    /// How sure figures are that do not say it themselves.
    pub checked: Checked,
    /// The edition that this file changes.
    pub base: Option<Base>,
    /// At most how sure figures are that come from the base: what was read in one carrier may be
    /// only inferred for another.
    pub inherited: Checked,
    /// The file's name.
    pub file: String,
}

/// The keys of the head.
pub(super) const KEYS: &[&str] = &[
    "format",
    "kind",
    "list",
    "edition",
    "jurisdiction",
    "title",
    "carrier",
    "labels",
    "root",
    "in_force",
    "in_force_checked",
    "until",
    "verified_through",
    "source",
    "after",
    "checked",
    "base",
    "inherited",
];

/// The format of list files that this program reads.
const FORMAT: i64 = 1;

impl Header {
    /// Reads the head of the file called `file` from its top-level keys.
    pub(super) fn read(file: &str, fields: &Fields<'_>) -> Result<Self> {
        let of = "the head of the list";
        let format = fields.required("format", of)?;
        if format.whole()? != FORMAT {
            return Err(format.error("this format is not known").help("write `format = 1`"));
        }
        let text = |key: &str| fields.required(key, of)?.str().map(str::to_owned);
        let strings = |key: &str| match fields.get(key) {
            Some(node) => node.strings().map(|v| v.into_iter().map(str::to_owned).collect()),
            None => Ok(Vec::new()),
        };
        let checked = |key: &str| match fields.get(key) {
            Some(node) => Checked::of(&node),
            None => Ok(Checked::default()),
        };
        let header = Self {
            kind: kind(&fields.required("kind", of)?)?,
            id: text("list")?,
            edition: text("edition")?,
            jurisdiction: text("jurisdiction")?,
            title: text("title")?,
            carrier: text("carrier")?,
            labels: strings("labels")?,
            root: text("root")?,
            in_force: day(fields, "in_force")?,
            in_force_checked: checked("in_force_checked")?,
            until: day(fields, "until")?,
            verified_through: day(fields, "verified_through")?,
            source: text("source")?,
            after: strings("after")?,
            checked: checked("checked")?,
            base: base(fields)?,
            inherited: checked("inherited")?,
            file: file.to_owned(),
        };
        header.check(fields)?;
        Ok(header)
    }

    fn check(&self, fields: &Fields<'_>) -> Result<()> {
        if self.is_law() && (self.in_force.is_none() || self.verified_through.is_none()) {
            let missing = if self.in_force.is_none() { "in_force" } else { "verified_through" };
            return Err(fields
                .required(missing, "a control list")
                .err()
                .unwrap_or_else(|| Error::usage(format!("a control list has no `{missing}`"))));
        }
        if self.until.is_some_and(|until| self.in_force.is_some_and(|from| until < from)) {
            let node = fields.required("until", "the head of the list")?;
            return Err(node.error("the last day in force is before the first"));
        }
        Ok(())
    }

    /// Whether the list is, or once was, in force: neither a profile nor a proposal.
    pub fn is_law(&self) -> bool {
        self.kind == ListKind::ControlList
    }

    /// Whether it is law of a jurisdiction.
    pub fn is_law_of(&self, jurisdiction: &str) -> bool {
        self.is_law() && self.jurisdiction == jurisdiction
    }

    /// The day for which the list is evaluated unless the user names one: the day up to which its
    /// text was verified, or its last day in force.
    pub fn default_day(&self) -> Option<Day> {
        match (self.verified_through, self.until) {
            (Some(verified), Some(until)) => Some(verified.min(until)),
            (verified, until) => verified.or(until),
        }
    }

    /// Whether the edition was in force on a day.
    pub fn in_force_on(&self, day: Day) -> bool {
        self.in_force.is_some_and(|from| from <= day) && self.until.is_none_or(|until| day <= until)
    }
}

fn kind(node: &Node<'_>) -> Result<ListKind> {
    let word = node.str()?;
    let found = ListKind::ALL.iter().find(|(_, w)| *w == word).map(|(kind, _)| *kind);
    found.ok_or_else(|| {
        node.error(format!("`{word}` is not a kind of list"))
            .help("write `control-list`, `profile` or `proposal`")
    })
}

fn day(fields: &Fields<'_>, key: &str) -> Result<Option<Day>> {
    let Some(node) = fields.get(key) else { return Ok(None) };
    let day = node.day_text()?.parse::<Day>();
    day.map(Some).map_err(|error| node.error(error.message().to_owned()))
}

fn base(fields: &Fields<'_>) -> Result<Option<Base>> {
    let Some(node) = fields.get("base") else { return Ok(None) };
    let table = node.table().map_err(|error| {
        error.help("write base = { list = \"CARRIER/ENTRY\", edition = \"EDITION\" }")
    })?;
    if let Some(error) = table.unknown_keys(&["list", "edition"]).into_iter().next() {
        return Err(error);
    }
    let text = |key: &str| table.required(key, "the base")?.str().map(str::to_owned);
    Ok(Some(Base { list: text("list")?, edition: text("edition")? }))
}
