//! Mappings: which column of a catalogue is which parameter, and what its brackets mean.

use crate::machine::{self, Basis, Kind, ParameterId};
use crate::quantity::{Decimal, Dimension, Style, Unit};
use crate::table::Reading;

/// What a column fills.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// The catalogue's identifier.
    Id,
    /// Who makes it.
    Maker,
    /// The model.
    Model,
    /// The version.
    Version,
    /// The country.
    Country,
    /// Where the catalogue has the row from.
    Source,
    /// The standard of the row's accuracy figures.
    Standard,
    /// What stands behind the row's figures.
    Basis,
    /// The labels of the machine's axes.
    Axes,
    /// Whether the listed axes are all.
    AxesComplete,
    /// Travel of linear axes, with the ends of the printed range.
    Travel,
    /// Ranges of rotary axes, and whether they turn without end.
    RotaryRange,
    /// A parameter.
    Parameter(ParameterId),
}

/// The targets that are not parameters, by the word that mappings use.
const WORDS: &[(&str, Target)] = &[
    ("id", Target::Id),
    ("maker", Target::Maker),
    ("model", Target::Model),
    ("version", Target::Version),
    ("country", Target::Country),
    ("source", Target::Source),
    ("standard", Target::Standard),
    ("basis", Target::Basis),
    ("axes", Target::Axes),
    ("axes_complete", Target::AxesComplete),
    ("travel", Target::Travel),
    ("rotary_range", Target::RotaryRange),
];

impl Target {
    /// The target with this name.
    pub fn named(name: &str) -> Option<Self> {
        let word = WORDS.iter().find(|(word, _)| *word == name).map(|(_, target)| *target);
        word.or_else(|| machine::find(name).map(Self::Parameter))
    }

    /// The name that mappings use.
    pub fn name(self) -> &'static str {
        match self {
            Self::Parameter(parameter) => parameter.row().name,
            other => WORDS.iter().find(|(_, t)| *t == other).map_or("", |(word, _)| word),
        }
    }

    /// Every name that a column can be mapped to.
    pub fn names() -> impl Iterator<Item = &'static str> {
        let words = WORDS.iter().map(|(word, _)| *word);
        words.chain(machine::all().map(|id| id.row().name).filter(|name| *name != "travel"))
    }
}

/// What a bracket behind a figure means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Bracket {
    /// Nobody said; a figure in it makes the cell ambiguous.
    #[default]
    Unsaid,
    /// The same figure in inches; it has to agree.
    Inch,
    /// The figure of an option.
    Option,
    /// The figure of another version.
    Version,
    /// Inches where it agrees with the figure, otherwise another version.
    InchOrVersion,
    /// The ends of the range.
    Range,
    /// A remark.
    Note,
}

/// Every meaning of a bracket with the word that mappings use.
pub(super) const BRACKETS: &[(&str, Bracket)] = &[
    ("inch", Bracket::Inch),
    ("option", Bracket::Option),
    ("version", Bracket::Version),
    ("inch-or-version", Bracket::InchOrVersion),
    ("range", Bracket::Range),
    ("note", Bracket::Note),
];

/// Another target for rows that another column tells apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    /// The column that decides.
    pub column: String,
    /// What its cell is, or contains.
    pub text: String,
    /// Whether it is enough that the cell contains the text.
    pub contains: bool,
    /// The target; `None` leaves the cell unread, knowingly.
    pub to: Option<Target>,
}

/// How one column is read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Column {
    /// What it fills; `None` where it is knowingly left alone.
    pub to: Option<Target>,
    /// Why it is left alone.
    pub ignore: Option<String>,
    /// Other targets for some rows; the first that fits.
    pub routes: Vec<Route>,
    /// The axes of its figures, in their order; `listed` and `rotary` stand for the row's own.
    pub axes: Vec<String>,
    /// The unit of figures without one.
    pub unit: Option<String>,
    /// What `( )` means.
    pub round: Bracket,
    /// What `[ ]` means.
    pub square: Bracket,
    /// What `< >` means.
    pub angle: Bracket,
    /// The version whose figures stand outside the brackets.
    pub base_version: Option<String>,
    /// What cell texts (whole, or contained where `contains`) mean, as labels.
    pub values: Vec<(String, Vec<String>)>,
    /// Whether it is enough that the cell contains the text of a value.
    pub contains: bool,
    /// Words in round brackets that give a reference length or a unit.
    pub words: Vec<(String, String)>,
    /// Words before a part of the cell, and what that part fills instead; empty leaves it unread.
    pub labels: Vec<(String, String)>,
    /// A word without which the cell is not read.
    pub requires: Option<String>,
    /// Whether a figure of nought means that there is no such axis.
    pub zero_is_absent: bool,
    /// Whether the labels that a cell gives are all there are.
    pub complete: bool,
    /// Texts that say that there is no such axis.
    pub absent: Vec<String>,
    /// The axis label of the parts that are read; other parts belong to other columns.
    pub piece: Option<String>,
    /// Whether the one figure with a unit is looked for in a sentence.
    pub search: bool,
    /// Whether the cell itself names the standard of its figure.
    pub standard_in_cell: bool,
    /// The standard of its figures.
    pub standard: Option<String>,
    /// What stands behind its figures.
    pub basis: Option<Basis>,
    /// The option (fitting) that its figures belong to.
    pub fitting: Option<String>,
}

/// How a catalogue is read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Mapping {
    /// Its name.
    pub name: String,
    /// Columns that a catalogue has to have for the mapping to be taken by itself.
    pub when_columns: Vec<String>,
    /// How the file is read.
    pub table: Reading,
    /// How numbers are written.
    pub style: Style,
    /// What stands behind figures that do not say it.
    pub basis: Basis,
    /// The standard of figures that do not say it.
    pub standard: Option<String>,
    /// Texts that say that something does not exist, not that it is unknown.
    pub absent: Vec<String>,
    /// Whether listed axes are all there are.
    pub axes_complete: bool,
    /// The columns by header.
    pub columns: Vec<(String, Column)>,
}

impl Mapping {
    /// How a column is read, as often as the mapping says.
    pub fn columns_of(&self, header: &str) -> impl Iterator<Item = &Column> {
        let header = header.trim().to_lowercase();
        self.columns.iter().filter(move |(name, _)| name.to_lowercase() == header).map(|(_, c)| c)
    }

    /// How a column is read first, if the mapping says.
    pub fn column(&self, header: &str) -> Option<&Column> {
        self.columns_of(header).next()
    }

    /// Whether a catalogue with these headers is one that the mapping was written for.
    pub fn fits(&self, headers: &[String]) -> bool {
        let has = |name: &String| headers.iter().any(|h| h.eq_ignore_ascii_case(name));
        !self.when_columns.is_empty() && self.when_columns.iter().all(has)
    }
}

/// The dimension of a target's figures.
pub(super) fn dimension_of(target: Target) -> Option<Dimension> {
    match target {
        Target::Travel => Some(Dimension::Length),
        Target::RotaryRange => Some(Dimension::Angle),
        Target::Parameter(parameter) => parameter.row().dimension(),
        _ => None,
    }
}

/// A reference length such as `per 1 m`, from a word of [`Column::words`].
pub(super) fn reference_length(meaning: &str) -> Option<crate::quantity::Value> {
    let text = meaning.strip_prefix("per ")?;
    let (number, rest) = Decimal::leading(text, Style::default()).ok()??;
    number.value(Unit::named(Dimension::Length, rest).ok()?).ok()
}

/// Whether a parameter is one that belongs to an axis.
pub(super) fn of_axis(target: Target) -> bool {
    match target {
        Target::Travel | Target::RotaryRange => true,
        Target::Parameter(parameter) => parameter.row().scope.is_axis(),
        _ => false,
    }
}

/// Whether a parameter takes labels.
pub(super) fn takes_labels(parameter: ParameterId) -> bool {
    matches!(parameter.row().kind, Kind::Truth | Kind::OneOf(_) | Kind::Flags(_) | Kind::Subset(_))
}
