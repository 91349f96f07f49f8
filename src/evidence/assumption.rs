//! Named assumptions, as data: what a missing reading is taken to be, and by which name.

use crate::error::{Error, Kind as ErrorKind, Result, nearest};
use crate::machine::{self, Doubt, Kind, ParameterId, Set, label};
use crate::table::{Document, Fields, Node, shipped};

/// One named assumption.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assumption {
    /// Its name.
    pub name: String,
    /// What it says.
    pub text: String,
    /// Whether it is made.
    pub active: bool,
    /// The mask of processes of which a sheet has to list one; nought for every machine.
    pub process: u64,
    /// What missing readings are taken to be.
    pub fill: Vec<(ParameterId, Set)>,
    /// Flags to which nothing is added beyond what is listed.
    pub close: Vec<ParameterId>,
    /// Whether no axis is added beyond those listed.
    pub close_axes: bool,
    /// Doubts about tests that are taken to be none: their figures count as those of the axis.
    pub tests: Vec<Doubt>,
}

/// The assumptions at hand, made or not.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Assumptions(Vec<Assumption>);

impl Assumptions {
    /// The assumptions that come with the program.
    pub fn shipped() -> Result<Self> {
        let file = shipped::assumptions();
        Self::read(file.name, file.text)
    }

    /// Reads an assumption file.
    pub fn read(file: &str, text: &str) -> Result<Self> {
        let document = Document::parse(file, text)?;
        let root = document.root()?;
        if let Some(error) = root.unknown_keys(&["format", "kind", "assumption"]).into_iter().next()
        {
            return Err(error);
        }
        let table = root.required("assumption", "an assumption file")?.table()?;
        table.iter().map(|(name, node)| one(name, &node.table()?)).collect::<Result<_>>().map(Self)
    }

    /// Every assumption.
    pub fn iter(&self) -> impl Iterator<Item = &Assumption> {
        self.0.iter()
    }

    /// The assumptions that are made.
    pub fn active(&self) -> impl Iterator<Item = &Assumption> {
        self.0.iter().filter(|assumption| assumption.active)
    }

    /// Makes or drops the assumption with this name.
    pub fn set(&mut self, name: &str, active: bool) -> Result<()> {
        match self.0.iter_mut().find(|assumption| assumption.name == name) {
            Some(assumption) => {
                assumption.active = active;
                Ok(())
            }
            None => {
                let names: Vec<&str> = self.0.iter().map(|a| a.name.as_str()).collect();
                let help = match nearest(name, names.iter().copied()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("there are: {}", names.join(", ")),
                };
                Err(Error::usage(format!("there is no assumption `{name}`")).help(help))
            }
        }
    }

    /// The assumption by which the figures of a doubtful test count, made or not.
    pub fn on(&self, doubt: Doubt) -> Option<&Assumption> {
        let on = |assumption: &&Assumption| assumption.tests.contains(&doubt);
        // One that is made comes before one that is not.
        self.0.iter().filter(on).max_by_key(|assumption| assumption.active)
    }

    /// The same assumptions with one made as well.
    #[must_use]
    pub fn with(&self, name: &str) -> Self {
        let mut out = self.clone();
        out.0.iter_mut().filter(|a| a.name == name).for_each(|a| a.active = true);
        out
    }

    /// The same assumptions with one not made.
    #[must_use]
    pub fn without(&self, name: &str) -> Self {
        let mut out = self.clone();
        out.0.iter_mut().filter(|a| a.name == name).for_each(|a| a.active = false);
        out
    }
}

fn one(name: &str, fields: &Fields<'_>) -> Result<Assumption> {
    let known = ["text", "default", "process", "fill", "close", "tests"];
    if let Some(error) = fields.unknown_keys(&known).into_iter().next() {
        return Err(error);
    }
    let of = format!("assumption `{name}`");
    let mut assumption = Assumption {
        name: name.to_owned(),
        text: fields.required("text", &of)?.str()?.to_owned(),
        active: fields.required("default", &of)?.bool()?,
        process: 0,
        fill: Vec::new(),
        close: Vec::new(),
        close_axes: false,
        tests: Vec::new(),
    };
    if let Some(node) = fields.get("process") {
        assumption.process = mask(&node, label::PROCESS)?;
    }
    if let Some(node) = fields.get("fill") {
        for (key, value) in node.table()?.iter() {
            assumption.fill.push(filled(key, &value)?);
        }
    }
    if let Some(node) = fields.get("close") {
        for item in node.array()? {
            match item.str()? {
                "axes" => assumption.close_axes = true,
                key => {
                    let (parameter, kind) = named(key, &item)?;
                    if !matches!(kind, Kind::Flags(_)) {
                        return Err(item.error(format!("`{key}` is not a set of labels to close")));
                    }
                    assumption.close.push(parameter);
                }
            }
        }
    }
    if let Some(node) = fields.get("tests") {
        assumption.tests = doubts(&node)?;
    }
    let readings = assumption.fill.is_empty() && assumption.close.is_empty();
    if readings && !assumption.close_axes && assumption.tests.is_empty() {
        return Err(Error::new(ErrorKind::Content, format!("{of} assumes nothing")));
    }
    Ok(assumption)
}

fn doubts(node: &Node<'_>) -> Result<Vec<Doubt>> {
    let one = |word: &str| {
        Doubt::named(word).ok_or_else(|| {
            let known: Vec<&str> = Doubt::ALL.iter().map(|(_, word)| *word).collect();
            let error = node.error(format!("`{word}` is no doubt about a test"));
            error.help(format!("one of: {}", known.join(", ")))
        })
    };
    node.strings()?.into_iter().map(one).collect()
}

fn named(key: &str, node: &Node<'_>) -> Result<(ParameterId, Kind)> {
    let found = machine::find(key).filter(|parameter| !parameter.row().scope.is_axis());
    let parameter = found.ok_or_else(|| {
        let error = node.error(format!("`{key}` is not a parameter of the machine as a whole"));
        match nearest(key, machine::all().map(|id| id.row().name)) {
            Some(near) => error.help(format!("did you mean `{near}`?")),
            None => error,
        }
    })?;
    Ok((parameter, parameter.row().kind))
}

fn filled(key: &str, node: &Node<'_>) -> Result<(ParameterId, Set)> {
    let (parameter, kind) = named(key, node)?;
    let set = match kind {
        Kind::Truth => Set::OneOf(if node.bool()? { 0b10 } else { 0b01 }),
        Kind::OneOf(vocabulary) => Set::OneOf(mask(node, vocabulary)?),
        Kind::Flags(vocabulary) | Kind::Subset(vocabulary) => {
            let labels = mask(node, vocabulary)?;
            Set::Flags { certain: labels, possible: labels }
        }
        Kind::Quantity { .. } | Kind::Contouring(_) => {
            return Err(node
                .error(format!("no figure is assumed for `{key}`"))
                .help("assumptions concern labels and truths; a missing figure stays missing"));
        }
    };
    Ok((parameter, set))
}

fn mask(node: &Node<'_>, vocabulary: &'static label::Vocabulary) -> Result<u64> {
    let mut mask = 0;
    for word in node.strings()? {
        mask |= label::bit(vocabulary, word)
            .ok_or_else(|| node.error(format!("`{word}` is not one of the labels here")))?;
    }
    Ok(mask)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_assumptions_are_read_and_switched() {
        let mut assumptions = Assumptions::shipped().expect("readable");
        assert!(assumptions.active().any(|a| a.name == "general-purpose"));
        assert!(!assumptions.active().any(|a| a.name == "axes-as-listed"));
        assumptions.set("axes-as-listed", true).expect("known");
        assert!(assumptions.active().any(|a| a.close_axes));
        assert!(!assumptions.without("axes-as-listed").active().any(|a| a.close_axes));
        let error = assumptions.set("general-purpos", true).expect_err("unknown");
        assert_eq!(error.advice(), Some("did you mean `general-purpose`?"));
    }

    #[test]
    fn assumptions_about_tests_name_the_doubt() {
        let mut shipped = Assumptions::shipped().expect("readable");
        for (doubt, word) in Doubt::ALL {
            let found = shipped.on(doubt).expect("one for each doubt");
            assert!(!found.active, "{word}: off unless asked for");
            let name = found.name.clone();
            assert!(shipped.with(&name).on(doubt).is_some_and(|a| a.active));
            shipped.set(&name, true).expect("known");
            assert!(!shipped.without(&name).on(doubt).is_some_and(|a| a.active));
        }
        let text = "[assumption.x]\ntext = \"t\"\ndefault = true\ntests = [\"travel\"]\n";
        let error = Assumptions::read("a.toml", text).expect_err("no such doubt");
        assert_eq!(error.message(), "`travel` is no doubt about a test");
        assert_eq!(error.advice(), Some("one of: travel_unstated, part_of_travel, several_lines"));
    }

    #[test]
    fn no_figure_can_be_assumed() {
        let text =
            "[assumption.x]\ntext = \"t\"\ndefault = true\nfill = { bar_capacity = \"42 mm\" }\n";
        let error = Assumptions::read("a.toml", text).expect_err("a figure");
        assert_eq!(error.message(), "no figure is assumed for `bar_capacity`");
    }
}
