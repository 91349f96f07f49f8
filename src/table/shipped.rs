//! The files of `specs/` that results rest on: those that come with the program, or those of a
//! folder that the door puts in their place. A new entry is a new file there.

use std::sync::OnceLock;

use crate::error::{Error, Kind, Result};

/// One of these files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shipped {
    /// Its path under `specs/`.
    pub name: &'static str,
    /// Its text.
    pub text: &'static str,
}

include!(concat!(env!("OUT_DIR"), "/shipped.rs"));

/// What stands in the place of the files that come with the program.
static INSTEAD: OnceLock<Vec<Shipped>> = OnceLock::new();

/// The name of the file of assumptions.
const ASSUMPTIONS: &str = "assumptions.toml";

/// Whether a file of this name under `specs/` is one of these.
pub fn is_one(name: &str) -> bool {
    is_list(name) || is_cases(name) || is_mapping(name) || is_sample(name) || name == ASSUMPTIONS
}

/// Puts other files in the place of those that come with the program, for as long as it runs; only
/// the door may, once, before anything is read. The files are names under `specs/` and texts.
///
/// Errors: there is no list among them, or no assumptions.
pub fn replace(files: Vec<(String, String)>) -> Result<()> {
    let has = |is: &dyn Fn(&str) -> bool| files.iter().any(|(name, _)| is(name));
    if !has(&is_list) || !has(&|name| name == ASSUMPTIONS) {
        let text = "the folder of specs has no list, or no assumptions";
        let help = "it is laid out as `specs`: lists/WHOSE/LIST.toml, assumptions.toml";
        return Err(Error::new(Kind::File, text).help(help));
    }
    // They are needed until the end.
    let kept = |(name, text): (String, String)| Shipped { name: name.leak(), text: text.leak() };
    let mut files: Vec<Shipped> = files.into_iter().map(kept).collect();
    files.sort_by_key(|file| file.name);
    INSTEAD.set(files).map_err(|_| Error::usage("the specs are given twice"))
}

/// All files in use, in the order of their names.
pub fn files() -> &'static [Shipped] {
    INSTEAD.get().map_or(FILES, Vec::as_slice)
}

/// List files.
pub fn lists() -> impl Iterator<Item = &'static Shipped> {
    files().iter().filter(|file| is_list(file.name))
}

/// The cases beside the lists.
pub fn cases() -> impl Iterator<Item = &'static Shipped> {
    files().iter().filter(|file| is_cases(file.name))
}

/// Mapping files.
pub fn mappings() -> impl Iterator<Item = &'static Shipped> {
    files().iter().filter(|file| is_mapping(file.name))
}

/// Sample catalogues.
pub fn samples() -> impl Iterator<Item = &'static Shipped> {
    files().iter().filter(|file| is_sample(file.name))
}

/// The assumptions.
pub fn assumptions() -> Shipped {
    let found = files().iter().find(|file| file.name == ASSUMPTIONS);
    found.copied().unwrap_or(Shipped { name: ASSUMPTIONS, text: "" })
}

/// Whether a file holds cases.
pub fn is_cases(name: &str) -> bool {
    name.starts_with("lists/") && name.ends_with(".cases.toml")
}

/// Whether a file is a list.
pub fn is_list(name: &str) -> bool {
    name.starts_with("lists/") && name.ends_with(".toml") && !is_cases(name)
}

fn is_mapping(name: &str) -> bool {
    name.starts_with("catalogues/") && name.ends_with(".map.toml")
}

fn is_sample(name: &str) -> bool {
    name.starts_with("catalogues/") && name.ends_with(".csv")
}

/// What a file is, in a word.
pub fn part(name: &str) -> &'static str {
    match name {
        _ if is_list(name) => "list",
        _ if is_cases(name) => "cases",
        _ if is_mapping(name) => "mapping",
        _ if is_sample(name) => "sample",
        _ => "assumptions",
    }
}
