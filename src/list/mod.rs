//! The law as data: lists of clauses, notes, reasons and flags, their editions and overlays.
//!
//! A list file holds one entry as one carrier prints it; conditions are trees over the parameters
//! of [`crate::machine`]. This room reads, checks, overlays and words them; whether a machine meets
//! a condition is none of its business.

mod changes;
mod check;
mod condition;
mod dial;
mod header;
mod library;
mod moved;
mod numbers;
mod overlay;
mod parse;
mod procedure;
mod siblings;
mod sure;
mod words;

pub use changes::{TextChange, changes};
pub use dial::{Dial, DialLimit, DialMove, Untied};
pub use header::{Base, Checked, Header, ListKind};
pub use library::Library;
pub use moved::moved_further;
pub use numbers::stale_numbers;
pub use parse::parse_list;
pub use words::{condition_words, limit_words, test_words};

use crate::error::Place;
use crate::machine::{ParameterId, Standard};
use crate::quantity::{Comparator, Value};

/// One entry in one edition, complete: overlays are already applied.
#[derive(Debug, Clone, PartialEq)]
pub struct List {
    /// What the file says of itself.
    pub header: Header,
    /// Clauses in the order of the text; the first is the root.
    pub clauses: Vec<Clause>,
    /// Notes in the order of the text, and definitions.
    pub notes: Vec<Note>,
    /// Reasons for control (`[reason.X]`).
    pub reasons: Vec<Named>,
    /// Flags such as reaffirmation (`[flag.X]`).
    pub flags: Vec<Named>,
    /// Open readings of the text and how they are settled (`[policy.X]`).
    pub policies: Vec<Policy>,
    /// Limits that move together (`[dial.X]`).
    pub dials: Vec<Dial>,
    /// What proposals, or this file, took away from their citations.
    gone: Vec<overlay::Gone>,
    /// The tests that overlays took away, by `remove` or by `change`.
    dropped: Vec<Test>,
}

/// How a clause combines its sub-clauses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Join {
    /// One sub-clause is enough.
    Any,
    /// Every sub-clause is needed.
    All,
}

impl Join {
    /// The word of list files.
    pub fn word(self) -> &'static str {
        match self {
            Self::Any => "any",
            Self::All => "all",
        }
    }
}

/// One citation: its text, its own condition, and how it joins its sub-clauses.
#[derive(Debug, Clone, PartialEq)]
pub struct Clause {
    /// The citation, such as `2B001.a.1`.
    pub id: String,
    /// A paraphrase of the text.
    pub text: String,
    /// The clause's own condition.
    pub when: Condition,
    /// How sub-clauses combine; required where there are any.
    pub join: Option<Join>,
    /// Where the clause stands in its file.
    pub place: Place,
    /// Where its text stands, in the file that wrote it last.
    pub worded: Place,
}

/// What a note does to the clauses that it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoteKind {
    /// A machine that meets the note is outside the clauses.
    Excludes,
    /// The note explains and changes nothing.
    Explains,
    /// A definition (`[define.X]`): a condition on the machine with a name, which others refer to.
    Defines,
    /// A definition of one axis (`of = "axis"`), which conditions on axes refer to.
    DefinesAxis,
}

impl NoteKind {
    /// Whether it is a definition.
    pub fn is_definition(self) -> bool {
        matches!(self, Self::Defines | Self::DefinesAxis)
    }
}

/// A note with its scope.
#[derive(Debug, Clone, PartialEq)]
pub struct Note {
    /// The citation.
    pub id: String,
    /// A paraphrase of the text.
    pub text: String,
    /// What it does.
    pub kind: NoteKind,
    /// The clauses that it is about.
    pub from: Vec<String>,
    /// When it applies.
    pub when: Condition,
    /// Where the note stands in its file.
    pub place: Place,
    /// Where its text stands, in the file that wrote it last.
    pub worded: Place,
}

/// A reason or flag: a condition with a name.
#[derive(Debug, Clone, PartialEq)]
pub struct Named {
    /// Its name, such as `NP1`.
    pub id: String,
    /// What it means.
    pub text: String,
    /// When it applies.
    pub when: Condition,
    /// The procedure for stated values that a flag is about.
    pub stated: Option<Procedure>,
    /// Where it stands in its file.
    pub place: Place,
}

/// How stated values come about, as far as a flag of a list says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Procedure {
    /// Over how many machines of a model the mean is taken.
    pub machines: Option<u32>,
    /// After how many months stated values are reaffirmed.
    pub months: Option<u32>,
}

/// An open reading of the text: two readings and which is taken unless the user says otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// Its name.
    pub id: String,
    /// What is open.
    pub text: String,
    /// Whether the reading `either` is taken by default, or `both`; none where it stays open, which
    /// only a policy on readings may.
    pub taken: Option<bool>,
    /// The parameters of which a measurement has several parts: `either` takes the best of them,
    /// `both` every one. Empty for a policy that stands in conditions.
    pub readings: Vec<ParameterId>,
    /// Where it stands in its file.
    pub place: Place,
}

impl Policy {
    /// Which reading is taken by default, in the words of the file.
    pub fn default_word(&self) -> &'static str {
        match self.taken {
            Some(true) => "either",
            Some(false) => "both",
            None => "open",
        }
    }
}

/// A condition on a machine, or inside [`Condition::Axes`] on one axis.
#[derive(Debug, Clone, PartialEq)]
pub enum Condition {
    /// Every part holds; with no part, always.
    All(Vec<Self>),
    /// Some part holds.
    Any(Vec<Self>),
    /// The part does not hold.
    Not(Box<Self>),
    /// One parameter against its limits or labels.
    Test(Test),
    /// Another clause or note holds, with limits of some parameters moved.
    Clause {
        /// Which one.
        id: String,
        /// By how much the limits of a parameter move; notes keep theirs.
        shift: Vec<(ParameterId, Value)>,
        /// Where the reference stands.
        place: Place,
    },
    /// An open reading of the law.
    Policy {
        /// The policy's name.
        id: String,
        /// One reading.
        either: Box<Self>,
        /// The other.
        both: Box<Self>,
        /// Where it stands.
        place: Place,
    },
    /// A condition on the machine's axes.
    Axes(AxesCondition),
    /// Text that could not be read; never decided.
    Open(String),
}

/// How many axes have to meet a condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Quantifier {
    /// At least this many axes meet it.
    AtLeast(u8),
    /// No axis meets it.
    None,
    /// Every axis meets it, and there are at least this many.
    Every(u8),
}

/// A quantified condition on axes of one kind.
#[derive(Debug, Clone, PartialEq)]
pub struct AxesCondition {
    /// How many.
    pub quantifier: Quantifier,
    /// Of which kinds: a mask of [`crate::machine::label::AXIS_KIND`].
    pub kinds: u64,
    /// The condition on each axis.
    pub when: Box<Condition>,
}

/// A test of one parameter.
#[derive(Debug, Clone, PartialEq)]
pub struct Test {
    /// The parameter.
    pub parameter: ParameterId,
    /// The standard and edition under which its figure is meant.
    pub by: Option<Standard>,
    /// What it is held against.
    pub against: Against,
    /// How sure the figure is.
    pub checked: Checked,
    /// Where the test stands in its file.
    pub place: Place,
}

impl Test {
    /// Whether it asks the same, however sure the figure is and wherever it stands.
    pub fn says_same(&self, other: &Self) -> bool {
        (self.parameter, self.by, &self.against) == (other.parameter, other.by, &other.against)
    }
}

/// What a parameter is held against.
#[derive(Debug, Clone, PartialEq)]
pub enum Against {
    /// Every one of these limits.
    Limits(Vec<(Comparator, Bound)>),
    /// These labels.
    Labels(u64),
}

/// The number of a limit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Bound {
    /// A fixed value.
    Fixed(Value),
    /// `base + add · (other - beyond) / per`, and never less than `base`: linear in another reading
    /// of the same owner.
    Sloped(Slope),
}

/// A limit that is linear in another reading.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Slope {
    /// The limit where the other reading is `beyond` or less.
    pub base: Value,
    /// What is added for each `per` of the other reading.
    pub add: Value,
    /// The step of the other reading; above nought.
    pub per: Value,
    /// The other reading.
    pub of: ParameterId,
    /// From where the other reading counts.
    pub beyond: Value,
}

impl List {
    /// The list's name, edition and jurisdiction in one line.
    pub fn title(&self) -> String {
        format!("{} ({})", self.header.id, self.header.edition)
    }

    /// The same with a mark where the list is not law.
    pub fn marked_title(&self) -> String {
        let mark = match self.header.kind {
            ListKind::ControlList => "",
            ListKind::Profile | ListKind::Proposal => " [DRAFT, not law]",
        };
        format!("{}{mark}", self.title())
    }

    /// The clause with this citation.
    pub fn clause(&self, id: &str) -> Option<&Clause> {
        self.clauses.iter().find(|clause| clause.id == id)
    }

    /// The note with this citation.
    pub fn note(&self, id: &str) -> Option<&Note> {
        self.notes.iter().find(|note| note.id == id)
    }

    /// The sub-clauses of a clause, in the order of the text.
    pub fn children<'l>(&'l self, id: &'l str) -> impl Iterator<Item = &'l Clause> {
        self.clauses.iter().filter(move |clause| self.parent(&clause.id) == Some(id))
    }

    /// The clause whose citation is `id` without its last part.
    pub fn parent(&self, id: &str) -> Option<&str> {
        let (head, _) = id.rsplit_once('.')?;
        self.clause(head).map(|clause| clause.id.as_str())
    }
}

impl Condition {
    /// Calls `visit` with this condition and every condition inside it.
    pub fn walk<'c>(&'c self, visit: &mut impl FnMut(&'c Self)) {
        visit(self);
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().for_each(|part| part.walk(visit)),
            Self::Not(part) => part.walk(visit),
            Self::Policy { either, both, .. } => {
                either.walk(visit);
                both.walk(visit);
            }
            Self::Axes(axes) => axes.when.walk(visit),
            Self::Test(_) | Self::Clause { .. } | Self::Open(_) => {}
        }
    }

    /// Calls `change` with this condition and every condition inside it.
    pub(super) fn walk_mut(&mut self, change: &mut impl FnMut(&mut Self)) {
        change(self);
        match self {
            Self::All(parts) | Self::Any(parts) => {
                parts.iter_mut().for_each(|part| part.walk_mut(change));
            }
            Self::Not(part) => part.walk_mut(change),
            Self::Policy { either, both, .. } => {
                either.walk_mut(change);
                both.walk_mut(change);
            }
            Self::Axes(axes) => axes.when.walk_mut(change),
            Self::Test(_) | Self::Clause { .. } | Self::Open(_) => {}
        }
    }

    /// Whether the condition is empty and therefore always holds.
    pub fn is_always(&self) -> bool {
        matches!(self, Self::All(parts) if parts.is_empty())
    }

    /// The parts that all have to hold: those of an `All`, or the condition itself.
    pub fn conjuncts(&self) -> Vec<&Self> {
        match self {
            Self::All(parts) => parts.iter().collect(),
            other => vec![other],
        }
    }

    /// Whether two conditions say the same, wherever they stand.
    pub fn says_same(&self, other: &Self) -> bool {
        let pairs = |a: &[Self], b: &[Self]| {
            a.len() == b.len() && a.iter().all(|x| b.iter().any(|y| x.says_same(y)))
        };
        match (self, other) {
            (Self::All(a), Self::All(b)) | (Self::Any(a), Self::Any(b)) => pairs(a, b),
            (Self::Not(a), Self::Not(b)) => a.says_same(b),
            (Self::Test(a), Self::Test(b)) => a.says_same(b),
            (Self::Clause { id: a, shift: s, .. }, Self::Clause { id: b, shift: t, .. }) => {
                a == b && s == t
            }
            (
                Self::Policy { id: a, either: e, both: g, .. },
                Self::Policy { id: b, either: f, both: h, .. },
            ) => a == b && e.says_same(f) && g.says_same(h),
            (Self::Axes(a), Self::Axes(b)) => {
                (a.quantifier, a.kinds) == (b.quantifier, b.kinds) && a.when.says_same(&b.when)
            }
            (Self::Open(a), Self::Open(b)) => a == b,
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shipped_list_hangs_together() {
        let library = Library::shipped().expect("the heads are read");
        for header in library.headers() {
            let list = library.list(&header.id, &header.edition);
            let errors: Vec<String> =
                list.err().unwrap_or_default().iter().map(ToString::to_string).collect();
            assert!(errors.is_empty(), "{}", errors.join("\n"));
        }
    }

    fn problems(text: &str) -> Vec<String> {
        let head = "format = 1\nkind = \"proposal\"\nlist = \"x/1\"\nedition = \"a\"\n\
            jurisdiction = \"X\"\ntitle = \"t\"\ncarrier = \"c\"\nroot = \"1\"\nsource = \"s\"\n";
        let text = format!("{head}{text}");
        let list = parse_list("x.toml", &text, &mut |_| Err(Vec::new()));
        list.err().unwrap_or_default().iter().map(|error| error.message().to_owned()).collect()
    }

    #[test]
    fn what_is_wrong_in_a_list_is_said_with_its_clause() {
        let clause = |when: &str| format!("[clause.\"1\"]\ntext = \"t\"\nwhen = {{ {when} }}\n");
        for (text, expected) in [
            (
                clause("contouring_axes = { at_least = \"6 um\" }"),
                "clause `1`: `6 um` is not a count, but `contouring_axes` is one",
            ),
            (
                clause("axis = { some = \"linear\", upr = { at_most = \"6 kg\" } }"),
                "clause `1`: `upr` is a length: `kg` is a mass, not a length",
            ),
            (
                clause("axis = { some = \"linear\", upr = { at_most = \"6\" } }"),
                "clause `1`: `upr` is a length: `6` has no unit",
            ),
            (clause("upr = { at_most = \"6 um\" }"), "clause `1`: `upr` belongs to a linear axis"),
            (
                clause("axis = { some = \"linear\", positioning_accuracy = { below = \"6 um\" } }"),
                "clause `1`: `positioning_accuracy` is tested without its standard and edition",
            ),
            (
                clause("proces = [\"turning\"]"),
                "clause `1`: `proces` is neither a parameter nor a known key",
            ),
            (clause("process = [\"turnin\"]"), "clause `1`: `turnin` is not a label of `process`"),
            (clause("clause = \"2\""), "clause `1`: there is no clause, note or definition `2`"),
            (clause("clause = \"1\""), "clause `1` rests on itself"),
            (clause(""), "clause `1` has neither a condition nor sub-clauses"),
            (
                clause("nc_capable = true")
                    + "[clause.\"2\"]\ntext = \"t\"\nwhen = { nc_capable = true }\n",
                "clause `2` hangs under no other clause",
            ),
            (
                clause("nc_capable = true")
                    + "[clause.\"1.a\"]\ntext = \"t\"\nwhen = { nc_capable = true }\n",
                "clause `1` has sub-clauses and no `join`",
            ),
            (
                clause("nc_capable = true")
                    + "[note.n]\ntext = \"t\"\nkind = \"excludes\"\nfrom = [\"3\"]\n"
                    + "when = { nc_capable = true }\n",
                "note `n` is about `3`, which is no clause",
            ),
            (
                clause("contouring_axes = { at_least = 9 }"),
                "clause `1`: axes are counted up to 7, not to 9",
            ),
        ] {
            assert_eq!(problems(&text), [expected], "{text}");
        }
    }
}
