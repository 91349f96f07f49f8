//! Mapping files: read with the place of whatever is wrong.

use super::mapping::{BRACKETS, Bracket, Column, Mapping, Route, Target, dimension_of};
use crate::error::{Error, Kind as ErrorKind, Result, nearest};
use crate::machine::{Basis, label};
use crate::quantity::{Style, Unit};
use crate::table::{Document, Fields, Node, Reading};

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
    "complete",
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
            let fields = node.table()?;
            first(fields.unknown_keys(&TABLE))?;
            mapping.table = table(&fields)?;
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
            self.style.decimal_comma = is_comma(&node)?;
        }
        self.standard = fields.text("standard")?.map(str::to_owned);
        self.absent = strings(fields, "absent")?;
        self.axes_complete = fields.get("axes_complete").map_or(Ok(false), |n| n.bool())?;
        Ok(())
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

/// Reads how a file of measurements is written: `decimal`, `encoding`, `delimiter`, `sheet` and
/// `skip_lines`, as a mapping says them of a catalogue; no style where it names no decimal sign.
///
/// An error with its place where the file is not of the kind `reading`, or has an unknown key.
pub fn reading_of(file: &str, text: &str) -> Result<(Reading, Option<Style>)> {
    let document = Document::parse(file, text)?;
    let root = document.root()?;
    first(root.unknown_keys(&[&["format", "kind", "decimal"][..], &TABLE].concat()))?;
    let kind = root.required("kind", "a file that says how another is written")?;
    if kind.str()? != "reading" {
        return Err(kind.error("the kind is `reading`".to_owned()));
    }
    let style = |comma| Style { decimal_comma: comma };
    let comma = root.get("decimal").map(|node| is_comma(&node)).transpose()?;
    Ok((table(&root)?, comma.map(style)))
}

fn is_comma(node: &Node<'_>) -> Result<bool> {
    match node.str()? {
        "comma" => Ok(true),
        "point" => Ok(false),
        other => {
            let error = node.error(format!("`{other}` is no decimal sign"));
            Err(error.help("write `point` or `comma`"))
        }
    }
}

/// The keys that say how the bytes of a table are read.
const TABLE: [&str; 4] = ["encoding", "delimiter", "sheet", "skip_lines"];

fn table(fields: &Fields<'_>) -> Result<Reading> {
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
        ("complete", &mut column.complete),
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
