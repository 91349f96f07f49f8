//! What a run was: enough to repeat it and to show a year later what a result rested on.

mod bundle;

pub use bundle::{Bundle, BundledFile, BundledWords};

use serde::Serialize;

use crate::assess::Evaluator;
use crate::catalogue::Catalogue;
use crate::list::Library;

/// One list of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ListRecord {
    /// The list's name.
    pub list: String,
    /// The edition.
    pub edition: String,
    /// What the file is: a control list, a profile or a proposal.
    pub kind: &'static str,
    /// Whose law it is.
    pub jurisdiction: String,
    /// The act that carries it.
    pub carrier: String,
    /// Where it was read.
    pub source: String,
    /// The day for which it was evaluated.
    pub as_of: Option<String>,
    /// The day up to which its text was verified.
    pub verified_through: Option<String>,
    /// The BLAKE3 hash of the edition's file and of every file under it.
    pub blake3: String,
}

/// The catalogue of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CatalogueRecord {
    /// The file.
    pub file: String,
    /// The BLAKE3 hash of its bytes.
    pub blake3: String,
    /// The mapping's name; empty where none was used.
    pub mapping: String,
    /// How many machines were read.
    pub machines: usize,
    /// How many rows were set aside.
    pub rejected: usize,
    /// How many remarks there are.
    pub remarks: usize,
    /// Columns that nothing placed.
    pub unmapped_columns: Vec<String>,
}

impl CatalogueRecord {
    /// The record of a catalogue whose bytes hash to `blake3`.
    pub fn of(catalogue: &Catalogue, blake3: String) -> Self {
        Self {
            file: catalogue.file.clone(),
            blake3,
            mapping: catalogue.mapping.clone(),
            machines: catalogue.machines.len(),
            rejected: catalogue.rejected.len(),
            remarks: catalogue.remarks.len(),
            unmapped_columns: catalogue.unmapped.clone(),
        }
    }
}

/// An assumption and whether it was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AssumptionRecord {
    /// Its name.
    pub name: String,
    /// Whether it was made.
    pub made: bool,
    /// What it says.
    pub text: String,
}

/// The record of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RunRecord {
    /// The program and its version.
    pub program: String,
    /// What the results are not.
    pub notice: &'static str,
    /// The lists.
    pub lists: Vec<ListRecord>,
    /// Lists that were not evaluated, because no edition at hand was in force.
    pub not_evaluated: Vec<String>,
    /// The catalogue.
    pub catalogue: Option<CatalogueRecord>,
    /// The assumptions.
    pub assumptions: Vec<AssumptionRecord>,
    /// Open readings of the law and how each was taken.
    pub policies: Vec<String>,
    /// Whether inequalities between figures narrowed readings.
    pub derived_bounds: bool,
    /// Whether the law counted as verified to the day of evaluation.
    pub unverified_law_accepted: bool,
    /// Whether remembered figures of lists counted as read.
    pub remembered_figures_accepted: bool,
}

/// What every output says of itself.
pub const NOTICE: &str = "Published entries only, evaluated as data; not legal advice. \
    Measuring-machine use, technology and software entries and end-use (catch-all) controls are \
    not evaluated.";

impl RunRecord {
    /// The record of an evaluation, of a catalogue where there is one.
    pub fn new(
        evaluator: &Evaluator,
        library: &Library,
        catalogue: Option<CatalogueRecord>,
    ) -> Self {
        let entries = evaluator.program.entries();
        let lists = entries.iter().zip(&evaluator.laws).map(|(entry, law)| {
            let header = &entry.list.header;
            let mut hasher = blake3::Hasher::new();
            for part in library.chain(header) {
                hasher.update(library.text(part).as_bytes());
            }
            ListRecord {
                list: header.id.clone(),
                edition: header.edition.clone(),
                kind: header.kind.word(),
                jurisdiction: header.jurisdiction.clone(),
                carrier: header.carrier.clone(),
                source: header.source.clone(),
                as_of: law.as_of.map(|day| day.to_string()),
                verified_through: header.verified_through.map(|day| day.to_string()),
                blake3: hasher.finalize().to_hex().to_string(),
            }
        });
        let setup = &evaluator.setup;
        let assumptions = setup.policy.assumptions.iter().map(|assumption| AssumptionRecord {
            name: assumption.name.clone(),
            made: assumption.active,
            text: assumption.text.clone(),
        });
        let policies = entries.iter().flat_map(|entry| {
            entry.list.policies.iter().map(|policy| {
                let chosen = setup.policies.iter().find(|(name, _)| *name == policy.id);
                let taken = match chosen {
                    Some((_, true)) => "either",
                    Some((_, false)) => "both",
                    None => policy.default_word(),
                };
                format!("{}: {} = {taken}", entry.list.header.id, policy.id)
            })
        });
        Self {
            program: concat!("toolgauge ", env!("CARGO_PKG_VERSION")).to_owned(),
            notice: NOTICE,
            lists: lists.collect(),
            not_evaluated: evaluator.absent.clone(),
            catalogue,
            assumptions: assumptions.collect(),
            policies: policies.collect(),
            derived_bounds: setup.policy.derive,
            unverified_law_accepted: setup.accept_unverified,
            remembered_figures_accepted: setup.accept_remembered,
        }
    }
}

/// The BLAKE3 hash of a file that is read piece by piece.
#[derive(Debug, Default)]
pub struct Hashing(blake3::Hasher);

impl Hashing {
    /// Takes up the next piece.
    pub fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The hash of all pieces, as text.
    pub fn finish(&self) -> String {
        self.0.finalize().to_hex().to_string()
    }
}

/// The BLAKE3 hash of a file's bytes, as text.
pub fn hash(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex().to_string()
}
