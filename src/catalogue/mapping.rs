//! Mappings: which column of a catalogue is which parameter, and what its brackets mean.

use crate::error::{Error, Kind as ErrorKind, Result, nearest};
use crate::machine::{self, Basis, Kind, ParameterId, label};
use crate::quantity::{Decimal, Dimension, Style, Unit};
use crate::table::{Document, Fields, Node, Reading};

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

const BRACKETS: &[(&str, Bracket)] = &[
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

const COLUMN_KEYS: &[&str] = &[
    "to",
    "ignore",
    "route",
    "axes",
    "unit",
    "round",
    "square",
    "angle",
    "base_version",
    "values",
    "contains",
    "words",
    "labels",
    "requires",
    "zero_is_absent",
    "absent",
    "piece",
    "search",
    "standard_in_cell",
    "standard",
    "basis",
    "fitting",
];

impl Mapping {
    /// Reads a mapping file.
    pub fn read(file: &str, text: &str) -> Result<Self> {
        let document = Document::parse(file, text)?;
        let root = document.root()?;
        let known =
            ["format", "kind", "name", "text", "when_columns", "table", "defaults", "column"];
        first(root.unknown_keys(&known))?;
        let kind = root.required("kind", "a mapping")?;
        if kind.str()? != "mapping" {
            return Err(kind
                .error("this file is not a mapping")
                .help("write `kind = \"mapping\"`"));
        }
        let mut mapping = Self {
            name: root.text("name")?.unwrap_or(file).to_owned(),
            when_columns: strings(&root, "when_columns")?,
            ..Self::default()
        };
        if let Some(node) = root.get("table") {
            mapping.table = table(&node.table()?)?;
        }
        if let Some(node) = root.get("defaults") {
            mapping.defaults(&node.table()?)?;
        }
        for (header, node) in root.required("column", "a mapping")?.table()?.iter() {
            match node.as_array() {
                Some(items) => {
                    for item in items {
                        mapping.columns.push((header.to_owned(), column(&item.table()?)?));
                    }
                }
                None => mapping.columns.push((header.to_owned(), column(&node.table()?)?)),
            }
        }
        Ok(mapping)
    }

    fn defaults(&mut self, fields: &Fields<'_>) -> Result<()> {
        first(fields.unknown_keys(&["basis", "decimal", "standard", "absent", "axes_complete"]))?;
        if let Some(node) = fields.get("basis") {
            self.basis = basis(&node)?;
        }
        if let Some(node) = fields.get("decimal") {
            self.style.decimal_comma = match node.str()? {
                "comma" => true,
                "point" => false,
                other => {
                    return Err(node
                        .error(format!("`{other}` is no decimal sign"))
                        .help("write `point` or `comma`"));
                }
            };
        }
        self.standard = fields.text("standard")?.map(str::to_owned);
        self.absent = strings(fields, "absent")?;
        self.axes_complete = fields.get("axes_complete").map_or(Ok(false), |n| n.bool())?;
        Ok(())
    }

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

fn first(errors: Vec<Error>) -> Result<()> {
    errors.into_iter().next().map_or(Ok(()), Err)
}

fn strings(fields: &Fields<'_>, key: &str) -> Result<Vec<String>> {
    match fields.get(key) {
        Some(node) => Ok(node.strings()?.into_iter().map(str::to_owned).collect()),
        None => Ok(Vec::new()),
    }
}

fn basis(node: &Node<'_>) -> Result<Basis> {
    let word = node.str()?;
    Basis::named(word).ok_or_else(|| {
        let words: Vec<&str> = Basis::ALL.iter().map(|(_, word)| *word).collect();
        node.error(format!("`{word}` is not what a figure rests on"))
            .help(format!("write one of: {}", words.join(", ")))
    })
}

fn table(fields: &Fields<'_>) -> Result<Reading> {
    first(fields.unknown_keys(&["encoding", "delimiter", "sheet", "skip_lines"]))?;
    let mut reading = Reading {
        encoding: fields.text("encoding")?.map(str::to_owned),
        sheet: fields.text("sheet")?.map(str::to_owned),
        ..Reading::default()
    };
    if let Some(node) = fields.get("delimiter") {
        let mut chars = node.str()?.chars();
        reading.delimiter = chars.next();
        if chars.next().is_some() || reading.delimiter.is_none() {
            return Err(node.error("the delimiter is one character"));
        }
    }
    if let Some(node) = fields.get("skip_lines") {
        let lines = usize::try_from(node.whole()?);
        reading.skip_lines = lines.map_err(|_| node.error("a count of lines is wanted"))?;
    }
    Ok(reading)
}

fn target(node: &Node<'_>) -> Result<Target> {
    let name = node.str()?;
    Target::named(name).ok_or_else(|| {
        let error = node.error(format!("`{name}` is nothing that a column can fill"));
        match nearest(name, Target::names()) {
            Some(near) => error.help(format!("did you mean `{near}`?")),
            None => error.help("`toolgauge parameters` prints every name"),
        }
    })
}

fn column(fields: &Fields<'_>) -> Result<Column> {
    first(fields.unknown_keys(COLUMN_KEYS))?;
    let mut column = Column {
        to: fields.get("to").map(|node| target(&node)).transpose()?,
        ignore: fields.text("ignore")?.map(str::to_owned),
        axes: strings(fields, "axes")?,
        base_version: fields.text("base_version")?.map(str::to_owned),
        requires: fields.text("requires")?.map(str::to_owned),
        piece: fields.text("piece")?.map(str::to_owned),
        absent: strings(fields, "absent")?,
        standard: fields.text("standard")?.map(str::to_owned),
        fitting: fields.text("fitting")?.map(str::to_owned),
        ..Column::default()
    };
    for (key, place) in
        [("round", &mut column.round), ("square", &mut column.square), ("angle", &mut column.angle)]
    {
        if let Some(node) = fields.get(key) {
            *place = bracket(&node)?;
        }
    }
    for (key, place) in [
        ("contains", &mut column.contains),
        ("zero_is_absent", &mut column.zero_is_absent),
        ("search", &mut column.search),
        ("standard_in_cell", &mut column.standard_in_cell),
    ] {
        if let Some(node) = fields.get(key) {
            *place = node.bool()?;
        }
    }
    if let Some(node) = fields.get("basis") {
        column.basis = Some(basis(&node)?);
    }
    for (key, place) in [("words", &mut column.words), ("labels", &mut column.labels)] {
        if let Some(node) = fields.get(key) {
            for (word, meaning) in node.table()?.iter() {
                place.push((word.to_owned(), meaning.str()?.to_owned()));
            }
        }
    }
    if let Some(node) = fields.get("values") {
        for (text, labels) in node.table()?.iter() {
            let labels = labels.strings()?.into_iter().map(str::to_owned).collect();
            column.values.push((text.to_owned(), labels));
        }
    }
    if let Some(node) = fields.get("route") {
        for item in node.array()? {
            column.routes.push(route(&item.table()?)?);
        }
    }
    column.unit = unit(fields, &column)?;
    meant_labels(fields, &column)?;
    if column.to.is_none() && column.routes.is_empty() && column.ignore.is_none() {
        let help = "write `to = \"...\"`, or `ignore = \"why\"`";
        let error = Error::new(ErrorKind::Content, "the column is mapped to nothing").help(help);
        return Err(match fields.iter().next() {
            Some((key, _)) => error.at(fields.key_place(key)),
            None => error,
        });
    }
    Ok(column)
}

fn bracket(node: &Node<'_>) -> Result<Bracket> {
    let word = node.str()?;
    let found = BRACKETS.iter().find(|(known, _)| *known == word).map(|(_, bracket)| *bracket);
    found.ok_or_else(|| {
        let words: Vec<&str> = BRACKETS.iter().map(|(word, _)| *word).collect();
        node.error(format!("`{word}` is not what a bracket means"))
            .help(format!("write one of: {}", words.join(", ")))
    })
}

fn route(fields: &Fields<'_>) -> Result<Route> {
    first(fields.unknown_keys(&["column", "is", "contains", "to"]))?;
    let (is, contains) = (fields.text("is")?, fields.text("contains")?);
    let text = contains.or(is).unwrap_or_default().to_owned();
    Ok(Route {
        column: fields.required("column", "a route")?.str()?.to_owned(),
        text,
        contains: contains.is_some(),
        to: fields.get("to").map(|node| target(&node)).transpose()?,
    })
}

/// The declared unit, checked against the dimension of what the column fills.
fn unit(fields: &Fields<'_>, column: &Column) -> Result<Option<String>> {
    let Some(node) = fields.get("unit") else { return Ok(None) };
    let name = node.str()?;
    let routes = column.routes.iter().filter_map(|route| route.to);
    for target in column.to.into_iter().chain(routes) {
        if let Some(dimension) = dimension_of(target) {
            Unit::named(dimension, name).map_err(|fault| node.error(fault.0.into_owned()))?;
        }
    }
    Ok(Some(name.to_owned()))
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

/// The labels that values stand for have to be labels of the target.
fn meant_labels(fields: &Fields<'_>, column: &Column) -> Result<()> {
    let Some(Target::Parameter(parameter)) = column.to else { return Ok(()) };
    let (Some(vocabulary), Some(node)) = (parameter.row().vocabulary(), fields.get("values"))
    else {
        return Ok(());
    };
    for (_, labels) in &column.values {
        for name in labels {
            if label::bit(vocabulary, name).is_none() {
                let message = format!("`{name}` is not a label of `{}`", parameter.row().name);
                return Err(node.error(message));
            }
        }
    }
    Ok(())
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

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "format = 1\nkind = \"mapping\"\n";

    #[test]
    fn a_mapping_says_what_each_column_is() {
        let text = format!(
            "{HEAD}[defaults]\ndecimal = \"comma\"\nbasis = \"declared\"\n\
             [column.\"Hub X\"]\nto = \"travel\"\naxes = [\"X\"]\nunit = \"mm\"\nround = \"inch\"\n\
             [column.Typ]\nto = \"process\"\nvalues = {{ VMC = [\"milling\"] }}\n\
             [column.Preis]\nignore = \"not technical\"\n"
        );
        let mapping = Mapping::read("m.toml", &text).expect("a mapping");
        let column = mapping.column("hub x").expect("mapped");
        assert_eq!((column.to, column.round), (Some(Target::Travel), Bracket::Inch));
        assert!(mapping.style.decimal_comma && mapping.basis == Basis::Declared);
    }

    #[test]
    fn what_is_wrong_is_said_with_its_place() {
        for (text, expected) in [
            ("[column.a]\nto = \"travl\"\n", "`travl` is nothing that a column can fill"),
            ("[column.a]\nto = \"travel\"\nunit = \"kg\"\n", "`kg` is a mass, not a length"),
            (
                "[column.a]\nto = \"process\"\nvalues = { x = [\"mill\"] }\n",
                "`mill` is not a label of `process`",
            ),
            ("[column.a]\nunit = \"mm\"\n", "the column is mapped to nothing"),
            (
                "[column.a]\nto = \"travel\"\nround = \"inches\"\n",
                "`inches` is not what a bracket means",
            ),
        ] {
            let error = Mapping::read("m.toml", &format!("{HEAD}{text}")).expect_err(text);
            assert_eq!(error.message(), expected);
            assert!(error.place().is_some());
        }
    }
}
