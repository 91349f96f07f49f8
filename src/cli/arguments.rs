//! The arguments of every verb; `--help` and the man page follow from here.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::date::Day;

/// Evaluates machine-tool spec sheets against dated control lists, exactly, and says why.
///
/// A verdict is captured, not captured or undetermined; an undetermined one names the readings that
/// would settle it. Published entries only; not legal advice.
///
/// Exit codes: 0 answered; 1 a finding that the user asked to fail on, a failed case, or a
/// replay that differs; 2 an error
#[derive(Debug, Parser)]
#[command(name = "toolgauge", version, max_term_width = 100)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub common: Common,
    #[command(subcommand)]
    pub command: Command,
}

/// Options of every verb.
#[derive(Debug, Args)]
pub(crate) struct Common {
    /// How the answer is written
    #[arg(long, global = true, value_enum, default_value_t = Format::Text)]
    pub format: Format,
    /// Write the answer to this file, whole or not at all, instead of standard output
    #[arg(long, global = true, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Take lists, mappings, assumptions and sample from this folder, laid out as `specs`, and not
    /// those that come with the program
    #[arg(long, global = true, value_name = "FOLDER")]
    pub specs: Option<PathBuf>,
    /// Threads to use; as many as there are cores unless given
    #[arg(long, global = true, value_name = "N")]
    pub threads: Option<usize>,
    /// Say nothing but the answer and errors
    #[arg(long, short, global = true)]
    pub quiet: bool,
}

/// How an answer is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    Text,
    /// One JSON document
    Json,
    /// One JSON document a line
    Jsonl,
    /// Comma separated values
    Csv,
}

/// The verbs.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Evaluate every machine of a catalogue against the lists
    Classify(Classify),
    /// Say why the lists say what they say of one machine, and what would settle the rest
    Explain(Explain),
    /// Print the table of parameters
    Parameters,
    /// Print a commented machine file that names every parameter the lists may ask for
    New(New),
    /// Propose a mapping for a catalogue and list what could not be placed
    Map(Map),
    /// Compare two catalogues: machines, readings, verdicts
    Diff(Diff),
    /// Compare two lists over all machines there could be: boxes, witnesses, implication
    Region(super::region::RegionOf),
    /// Look at a catalogue through a profile: types by tiers, overlap with lists, the gap
    View(super::view::ViewOf),
    /// Turn a limit through all its values: what is captured, certainly and possibly
    Sweep(super::sweep::SweepOf),
    /// Compare a list with proposals, editions or other lists: what moves, for whom
    Compare(super::compare::Compare),
    /// Turn raw measurements into the figures that lists test
    Measure(super::measure::Measure),
    /// Put a run into one file, with all that it reads and the hash of its answer
    Bundle(super::bundle::BundleOf),
    /// Run a bundle again: the same bytes, or what differs
    Replay(super::bundle::Replay),
    /// Print the lists and editions at hand
    Lists,
    /// Print one list as plain numbered text
    Show(Show),
    /// Check a list, mapping, assumption or reading file: every error with its place
    Check(Check),
    /// Run the cases that stand beside the lists
    Test(Test),
    /// Print the JSON Schema of a kind of file
    Schema(SchemaOf),
    /// Print shell completions
    Completions {
        /// The shell
        #[arg(value_enum)]
        shell: clap_complete::Shell,
    },
    /// Print the man page
    Man,
}

/// Which lists are evaluated, and how.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Law")]
pub(crate) struct LawArgs {
    /// A list: NAME, NAME@DAY, NAME@EDITION or a list file of your own; LIST+FILE stacks overlays
    /// on it; repeatable. Every control list in force unless given
    #[arg(long = "list", value_name = "LIST")]
    pub lists: Vec<String>,
    /// Only lists of this jurisdiction; repeatable
    #[arg(long = "jurisdiction", value_name = "NAME")]
    pub jurisdictions: Vec<String>,
    #[command(flatten)]
    pub evidence: Evidence,
}

/// How the law and its evidence are taken.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Law")]
pub(crate) struct Evidence {
    /// Evaluate the law as of this day, such as 2008-07-01
    #[arg(long, value_name = "DAY")]
    pub as_of: Option<Day>,
    /// Take an open reading of the law as NAME=either or NAME=both; repeatable
    #[arg(long = "policy", value_name = "NAME=READING")]
    pub policies: Vec<String>,
    /// Count the text of a list as verified to the day of evaluation
    #[arg(long)]
    pub accept_unverified: bool,
    /// Count remembered figures of a list as read
    #[arg(long)]
    pub accept_remembered: bool,
    /// Make an assumption; repeatable
    #[arg(long = "assume", value_name = "NAME")]
    pub assume: Vec<String>,
    /// Do not make an assumption; `all` drops every one; repeatable
    #[arg(long = "no-assume", value_name = "NAME")]
    pub no_assume: Vec<String>,
    /// Do not narrow readings by inequalities between figures
    #[arg(long)]
    pub no_derive: bool,
}

/// How a catalogue is read.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Catalogue")]
pub(crate) struct ReadArgs {
    /// A mapping file, or the name of a shipped one; chosen by the header unless given
    #[arg(long, value_name = "FILE")]
    pub mapping: Option<String>,
    /// The encoding, such as utf-8, shift_jis, gbk, windows-1252; detected unless given
    #[arg(long, value_name = "LABEL")]
    pub encoding: Option<String>,
    /// The character between fields; detected unless given
    #[arg(long, value_name = "CHAR")]
    pub delimiter: Option<char>,
    /// The sheet of a workbook; the first unless given
    #[arg(long, value_name = "NAME")]
    pub sheet: Option<String>,
    /// Lines before the header
    #[arg(long, value_name = "N")]
    pub skip_lines: Option<usize>,
    /// What stands behind figures that do not say it: stated, measured, declared, catalogue,
    /// third-party
    #[arg(long, value_name = "BASIS")]
    pub basis: Option<String>,
    /// A folder of measurements, each file named by the identifier of its machine and by what it
    /// holds: MACHINE.csv (positioning runs), MACHINE.runout.csv, MACHINE.camming.csv,
    /// MACHINE.slides.csv, and MACHINE.budget.toml for the uncertainty of positioning; a measured
    /// value stands beside a stated one
    #[arg(long, value_name = "FOLDER")]
    pub measurements: Option<PathBuf>,
    /// The comma is the decimal sign in the files of measurements, but for those beside which a
    /// file FILE.reading.toml says how they are written; of the catalogue, its mapping says so
    #[arg(long)]
    pub decimal_comma: bool,
}

/// How a file of readings is read.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "File")]
pub(crate) struct SheetArgs {
    /// The comma is the decimal sign; a number whose comma could be either is refused without it
    ///
    /// A file FILE.reading.toml beside FILE may say how it is written, as in a folder of
    /// measurements; an option that says otherwise is refused.
    #[arg(long)]
    pub decimal_comma: bool,
    /// The encoding, such as utf-8, shift_jis, gbk, windows-1252; detected unless given
    #[arg(long, value_name = "LABEL")]
    pub encoding: Option<String>,
    /// The character between fields; detected unless given
    #[arg(long, value_name = "CHAR")]
    pub delimiter: Option<char>,
    /// The sheet of a workbook; the first unless given
    #[arg(long, value_name = "NAME")]
    pub sheet: Option<String>,
    /// Lines before the header, such as what laser software writes there
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub skip_lines: usize,
}

impl SheetArgs {
    /// How the bytes are read.
    pub(crate) fn reading(&self) -> crate::table::Reading {
        crate::table::Reading {
            format: None,
            encoding: self.encoding.clone(),
            delimiter: self.delimiter,
            sheet: self.sheet.clone(),
            skip_lines: self.skip_lines,
        }
    }

    /// How numbers are written.
    pub(crate) fn style(&self) -> crate::quantity::Style {
        crate::quantity::Style { decimal_comma: self.decimal_comma }
    }
}

/// How much of each result is worked out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Detail {
    /// Everything: what is missing, margins, what each verdict rests on
    Full,
    /// The verdicts
    Verdicts,
    /// The verdicts and the truth of every clause
    Clauses,
}

/// What makes the exit code 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum FailOn {
    /// Some machine is captured or undetermined under some list
    NotCleared,
    /// Some machine is captured under some list
    Captured,
    /// Some row was set aside, some cell was not read, or rows contradict each other
    Remarks,
}

/// `classify`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  toolgauge classify specs/catalogues/sample.csv
  toolgauge classify specs/catalogues/sample.csv --jurisdiction EU --format csv --out results.csv
  toolgauge classify specs/catalogues/sample.csv --list eu/2B001 --as-of 2008-07-01
  toolgauge classify specs/catalogues/sample.csv --format csv --detail clauses --list eu/2B001
  toolgauge classify specs/catalogues/sample.csv --fail-on not-cleared --quiet")]
pub(crate) struct Classify {
    /// The catalogue: CSV, TSV, XLSX, XLS, ODS, JSON, JSON Lines, or one machine as TOML
    pub catalogue: PathBuf,
    #[command(flatten)]
    pub law: LawArgs,
    #[command(flatten)]
    pub read: ReadArgs,
    /// Write every row that was set aside, whole, to this file
    #[arg(long, value_name = "FILE")]
    pub rejects: Option<PathBuf>,
    /// Write what the reader had to say to this file (CSV)
    #[arg(long, value_name = "FILE")]
    pub remarks: Option<PathBuf>,
    /// How much is worked out: `verdicts` and `clauses` write a row a machine as CSV, for files of
    /// any length; rows are compared with each other where remarks are asked for
    #[arg(long, value_enum, default_value_t = Detail::Full)]
    pub detail: Detail,
    /// The folder for the full result beside a text summary
    #[arg(long, value_name = "FOLDER")]
    pub results: Option<PathBuf>,
    /// Exit with code 1 if there is such a finding
    #[arg(long, value_enum)]
    pub fail_on: Option<FailOn>,
}

/// `explain`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  toolgauge explain specs/catalogues/sample.csv --machine synthetic-mill-5x-gap --list eu/2B001
  toolgauge explain specs/catalogues/sample.csv --machine synthetic-lathe-long-z --full
  toolgauge explain specs/catalogues/sample.csv --machine synthetic-mill-1 --list eu/2B001 \\
      --measurements specs/measurements/machines
  toolgauge explain specs/catalogues/product.toml")]
pub(crate) struct Explain {
    /// The catalogue, or one machine as TOML
    pub catalogue: PathBuf,
    /// The machine's identifier, model or line; not needed where there is only one
    #[arg(long, value_name = "ID")]
    pub machine: Option<String>,
    /// Show failing branches to their end
    #[arg(long)]
    pub full: bool,
    /// Also the chances of capture under the readings' uncertainties, as supporting information:
    /// in closed form, or by seeded draws where readings are correlated or limits are uncertain
    #[arg(long)]
    pub probability: bool,
    /// The standard uncertainty of the readings of a parameter: `upr=0.05um` or `upr=10%`
    #[arg(long, value_name = "PARAMETER=VALUE", requires = "probability")]
    pub uncertainty: Vec<String>,
    /// The correlation of every two uncertain readings
    #[arg(long, value_name = "NUMBER", default_value = "0", requires = "probability")]
    pub correlation: f64,
    #[command(flatten)]
    pub law: LawArgs,
    #[command(flatten)]
    pub read: ReadArgs,
    /// Exit with code 1 if there is such a finding
    #[arg(long, value_enum)]
    pub fail_on: Option<FailOn>,
}

/// `new`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  toolgauge new --out my-machine.toml
  toolgauge new --list eu/2B201")]
pub(crate) struct New {
    #[command(flatten)]
    pub law: LawArgs,
}

/// `map`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  toolgauge map specs/catalogues/sample.csv
  toolgauge map specs/catalogues/sample.csv --out sample.map.toml")]
pub(crate) struct Map {
    /// The catalogue
    pub catalogue: PathBuf,
    #[command(flatten)]
    pub read: ReadArgs,
}

/// `diff`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  toolgauge diff specs/catalogues/sample.csv specs/catalogues/sample.csv --list eu/2B001")]
pub(crate) struct Diff {
    /// The old catalogue
    pub old: PathBuf,
    /// The new catalogue
    pub new: PathBuf,
    #[command(flatten)]
    pub law: LawArgs,
    #[command(flatten)]
    pub read: ReadArgs,
}

/// `show`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  toolgauge show eu/2B001
  toolgauge show eu/2B001@2008-07-01
  toolgauge show us/2B201 --format json
  toolgauge show eu/2B001+specs/proposals/one-number.toml")]
pub(crate) struct Show {
    /// The list: NAME, NAME@DAY, NAME@EDITION or a list file; LIST+FILE stacks overlays on it
    pub list: String,
}

/// `check`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  toolgauge check my-list.toml
  toolgauge check --deep specs/proposals/regime-without-entry.toml
  toolgauge check specs/catalogues/jobshop.map.toml")]
pub(crate) struct Check {
    /// Also look, over all machines there could be, for clauses that no machine can meet or that
    /// others make idle, notes that exclude nothing, values between two clauses, tiers that run
    /// the wrong way, and better machines that are captured less; and for clauses that neither
    /// the cases beside the list nor the shipped sample exercise
    #[arg(long)]
    pub deep: bool,
    /// Look at machines of at most so many axes; where more could matter to a question, it stays
    /// without an answer, and that is said
    #[arg(long, value_name = "N", requires = "deep", value_parser = few_axes())]
    pub axes: Option<u8>,
    /// Give up each question after so many steps, and say which; 100,000 unless given
    #[arg(long, value_name = "N", requires = "deep")]
    pub steps: Option<usize>,
    /// The files
    #[arg(required = true)]
    pub files: Vec<PathBuf>,
}

/// More axes than this are not searched.
pub(crate) fn few_axes() -> clap::builder::RangedI64ValueParser<u8> {
    clap::value_parser!(u8).range(..=6)
}

/// `test`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  toolgauge test
  toolgauge test my-list.cases.toml --list my-list.toml")]
pub(crate) struct Test {
    /// Case files; the shipped ones unless given
    pub files: Vec<PathBuf>,
    /// List files of your own that the cases are about; repeatable
    #[arg(long = "list", value_name = "FILE")]
    pub lists: Vec<PathBuf>,
}

/// `schema`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  toolgauge schema list
  toolgauge schema machine --out machine.schema.json")]
pub(crate) struct SchemaOf {
    /// Which kind of file
    #[arg(value_enum)]
    pub kind: SchemaKind,
}

/// A kind of file with a schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum SchemaKind {
    /// List files
    List,
    /// Machine files
    Machine,
    /// Mapping files
    Mapping,
}
