//! What a reader has to say about a cell or a row.

/// How much a remark matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Something was read in a way worth knowing.
    Note,
    /// A cell was not read.
    Unread,
    /// Statements contradict each other; none was preferred.
    Contradiction,
    /// A whole row was set aside.
    Rejected,
}

impl Severity {
    /// The severity's word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Unread => "unread",
            Self::Contradiction => "contradiction",
            Self::Rejected => "rejected",
        }
    }
}

/// A remark on a cell or row of a catalogue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// How much it matters.
    pub severity: Severity,
    /// The file.
    pub file: String,
    /// The line or row; 0 of a whole file.
    pub line: usize,
    /// The column's name; empty for a whole row.
    pub column: String,
    /// The machine's name, where the row has one.
    pub machine: String,
    /// The offending text.
    pub text: String,
    /// Why.
    pub reason: String,
    /// What to do.
    pub advice: String,
}

impl std::fmt::Display for Remark {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:", self.file)?;
        if self.line > 0 {
            write!(f, "{}:", self.line)?;
        }
        write!(f, " {}", self.severity.word())?;
        if !self.column.is_empty() {
            write!(f, ": column `{}`", self.column)?;
        }
        if !self.text.is_empty() {
            write!(f, ": `{}`", self.text)?;
        }
        write!(f, ": {}", self.reason)?;
        if !self.advice.is_empty() {
            write!(f, " ({})", self.advice)?;
        }
        Ok(())
    }
}
