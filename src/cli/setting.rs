//! From arguments to a setting: libraries, evaluators, catalogues.

use std::path::{Path, PathBuf};

use super::Failure;
use super::arguments::{Evidence, FailOn, LawArgs, ReadArgs, SheetArgs};
use super::{files, rows};
use crate::assess::{Evaluator, MachineResult, Selection, Setup, Verdict};
use crate::catalogue::{self, Catalogue, Mapping, Measured, Tested};
use crate::error::{Error, Kind, nearest};
use crate::evidence::{Assumptions, Level, Policy};
use crate::list::Library;
use crate::machine::Basis;
use crate::metrology::{
    AxisRuns, Contributors, Motion, RunsReader, Slide, SlideReader, Turns, TurnsReader,
};
use crate::quantity::Style;
use crate::record;
use crate::table::{self, Format, Table, shipped};

/// The shipped lists and the user's own files; the names of the latter are what they hold.
pub(super) fn library(lists: &[String]) -> Result<(Library, Vec<String>), Failure> {
    let mut library = Library::shipped()?;
    let mut names = Vec::new();
    for list in lists {
        names.push(one(&mut library, list)?);
    }
    Ok((library, names))
}

/// The name under which `LIST`, a list file or `LIST+OVERLAY+...` is found.
pub(super) fn one(library: &mut Library, list: &str) -> Result<String, Failure> {
    let is_file = |text: &str| text.ends_with(".toml") && Path::new(text).is_file();
    if is_file(list) {
        return add(library, Path::new(list));
    }
    let mut parts = list.split('+');
    let (Some(base), overlays) = (parts.next(), parts.collect::<Vec<_>>()) else {
        return Ok(list.to_owned());
    };
    if overlays.is_empty() && list.ends_with(".toml") {
        let text = format!("there is no list file `{list}`");
        return Err(Error::new(Kind::File, text).into());
    }
    if overlays.is_empty() {
        return Ok(list.to_owned());
    }
    let base = if is_file(base) { add(library, Path::new(base))? } else { base.to_owned() };
    let read = |path: &&str| Ok(((*path).to_owned(), files::read_text(Path::new(path))?));
    let overlays = overlays.iter().map(read).collect::<Result<Vec<_>, Failure>>()?;
    Ok(library.stack(&base, &overlays)?)
}

/// Adds a list file and gives the name under which it is found.
pub(super) fn add(library: &mut Library, path: &Path) -> Result<String, Failure> {
    let text = files::read_text(path)?;
    Ok(library.add(&path.display().to_string(), text.into())?)
}

/// How lists and evidence are to be taken.
pub(super) fn setup(law: &Evidence) -> Result<Setup, Failure> {
    let mut assumptions = Assumptions::shipped()?;
    if law.no_assume.iter().any(|name| name == "all") {
        let names: Vec<String> = assumptions.iter().map(|a| a.name.clone()).collect();
        for name in names {
            assumptions.set(&name, false)?;
        }
    }
    for name in law.no_assume.iter().filter(|name| *name != "all") {
        assumptions.set(name, false)?;
    }
    for name in &law.assume {
        assumptions.set(name, true)?;
    }
    let policies = law.policies.iter().map(|text| match text.split_once('=') {
        Some((name, "either")) => Ok((name.to_owned(), true)),
        Some((name, "both")) => Ok((name.to_owned(), false)),
        _ => Err(Error::usage(format!("`{text}` does not settle a policy"))
            .help("write NAME=either or NAME=both")),
    });
    Ok(Setup {
        policy: Policy {
            level: Level::Assumed,
            as_stated: false,
            derive: !law.no_derive,
            assumptions,
        },
        policies: policies.collect::<Result<_, _>>()?,
        accept_unverified: law.accept_unverified,
        accept_remembered: law.accept_remembered,
    })
}

/// The lists of the arguments, compiled.
pub(super) fn evaluator(law: &LawArgs) -> Result<(Library, Evaluator), Failure> {
    let (library, lists) = library(&law.lists)?;
    let selection =
        Selection { lists, jurisdictions: law.jurisdictions.clone(), as_of: law.evidence.as_of };
    let evaluator = Evaluator::new(&library, &selection, setup(&law.evidence)?)?;
    Ok((library, evaluator))
}

/// The table of a file and the mapping that fits it.
pub(super) fn table(path: &Path, read: &ReadArgs) -> Result<(Table, Mapping, String), Failure> {
    let bytes = files::read(path)?;
    let name = path.display().to_string();
    let (declared, reading) = declared(read)?;
    let table = table::read(&name, &bytes, &reading)?;
    let mapping = mapping_of(declared, &table.header, &name, read)?;
    Ok((table, mapping, record::hash(&bytes)))
}

/// The declared mapping, and how the bytes of the file are read.
pub(super) fn declared(read: &ReadArgs) -> Result<(Option<Mapping>, table::Reading), Failure> {
    if read.decimal_comma && read.measurements.is_none() {
        let error = Error::usage("--decimal-comma is of the files of --measurements");
        return Err(error.help("a mapping says it of a catalogue: decimal = \"comma\"").into());
    }
    let declared = read.mapping.as_deref().map(mapping).transpose()?;
    let mut reading = declared.as_ref().map_or_else(Default::default, |m| m.table.clone());
    reading.encoding = read.encoding.clone().or(reading.encoding);
    reading.delimiter = read.delimiter.or(reading.delimiter);
    reading.sheet = read.sheet.clone().or(reading.sheet);
    reading.skip_lines = read.skip_lines.unwrap_or(reading.skip_lines);
    Ok((declared, reading))
}

/// The mapping of a table with this header: the declared one, or a shipped one that fits.
pub(super) fn mapping_of(
    declared: Option<Mapping>,
    header: &[String],
    name: &str,
    read: &ReadArgs,
) -> Result<Mapping, Failure> {
    let mut mapping = match declared {
        Some(mapping) => mapping,
        None => fitting(header, name)?,
    };
    if let Some(word) = &read.basis {
        let basis = Basis::named(word).ok_or_else(|| {
            let words: Vec<&str> = Basis::ALL.iter().map(|(_, word)| *word).collect();
            Error::usage(format!("`{word}` is not what a figure rests on"))
                .help(format!("one of: {}", words.join(", ")))
        })?;
        mapping.basis = basis;
    }
    Ok(mapping)
}

/// The catalogue of a file, and the hash of its bytes.
pub(super) fn catalogue(path: &Path, read: &ReadArgs) -> Result<(Catalogue, String), Failure> {
    let (table, mapping, hash) = table(path, read)?;
    let mut catalogue = catalogue::read(&table, &mapping);
    if let Some(folder) = &read.measurements {
        let sheet = SheetArgs { decimal_comma: read.decimal_comma, ..SheetArgs::default() };
        measurements(&mut catalogue, folder, &sheet)?;
    }
    Ok((catalogue, hash))
}

/// Takes up the measurements of a folder, in the order of the files' names.
fn measurements(
    catalogue: &mut Catalogue,
    folder: &Path,
    sheet: &SheetArgs,
) -> Result<(), Failure> {
    let failed = |error: std::io::Error| {
        Error::new(Kind::File, format!("`{}` cannot be read: {error}", folder.display()))
    };
    let (mut paths, mut folders) = (Vec::new(), Vec::new());
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        if path.is_dir() && !hidden {
            folders.push(path);
        } else if path.is_file() && !hidden {
            paths.push(path);
        }
    }
    paths.sort();
    folders.sort();
    // What is no table by its name is passed over, unless a file beside it says how it is written.
    let is_table = |path: &PathBuf| {
        Format::is_of_name(&path.to_string_lossy()) || paths.contains(&reading_of(path))
    };
    let (paths, strays): (Vec<PathBuf>, Vec<PathBuf>) = paths.iter().cloned().partition(is_table);
    if paths.is_empty() {
        let text = format!("`{}` holds no measurements", folder.display());
        return Err(Error::new(Kind::File, text).into());
    }
    let (says, paths): (Vec<_>, Vec<_>) = paths.iter().partition(|path| {
        let of = path.to_str().and_then(|path| path.strip_suffix(READING));
        of.is_some_and(|of| !of.ends_with('.'))
    });
    if let Some(path) = says.iter().find(|path| !paths.iter().any(|of| reading_of(of) == ***path)) {
        let text = format!("`{}` says how a file is written that is not there", path.display());
        return Err(Error::new(Kind::File, text).into());
    }
    // What the command says is of the files of which none beside them says otherwise.
    let own = |path: &&PathBuf| -> Result<Measured, Failure> {
        let said = beside(path)?.map_or_else(|| sheet.clone(), |beside| beside.over(sheet));
        measured(path, &said)
    };
    let all = paths.iter().map(own).collect::<Result<Vec<_>, _>>()?;
    catalogue.attach(&all)?;
    catalogue.remarks.extend(folders.iter().map(|path| {
        let reason = "a folder within the folder of measurements: none of its files is read";
        passed_over(path, reason, "put them beside the others, or name that folder")
    }));
    catalogue.remarks.extend(strays.iter().map(|path| {
        let reason = "no table, by its name: not read";
        let advice = "give a file of measurements the ending of what it is, such as .csv, or say \
                      how it is written in a file FILE.reading.toml";
        passed_over(path, reason, advice)
    }));
    Ok(())
}

/// A remark on what lies in a folder of measurements and is not read.
fn passed_over(path: &Path, reason: &str, advice: &str) -> catalogue::Remark {
    catalogue::Remark {
        severity: catalogue::Severity::Unread,
        file: path.display().to_string(),
        line: 0,
        column: String::new(),
        machine: String::new(),
        text: String::new(),
        reason: reason.to_owned(),
        advice: advice.to_owned(),
    }
}

/// What the name of a file ends with that says how another one is written.
const READING: &str = ".reading.toml";

/// The file that says how a file of measurements is written.
fn reading_of(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(READING);
    PathBuf::from(name)
}

/// What the file beside another one says of how that is written.
struct Beside {
    file: String,
    reading: table::Reading,
    style: Option<Style>,
}

impl Beside {
    /// How the file is written; what this leaves out is as `all` says.
    fn over(self, all: &SheetArgs) -> SheetArgs {
        let skip_lines = Some(self.reading.skip_lines).filter(|lines| *lines > 0);
        SheetArgs {
            decimal_comma: self.style.map_or(all.decimal_comma, |style| style.decimal_comma),
            encoding: self.reading.encoding.or_else(|| all.encoding.clone()),
            delimiter: self.reading.delimiter.or(all.delimiter),
            sheet: self.reading.sheet.or_else(|| all.sheet.clone()),
            skip_lines: skip_lines.unwrap_or(all.skip_lines),
        }
    }

    /// The option of a command on this one file that says something else than this does.
    fn contradicted(&self, said: &SheetArgs) -> Option<&'static str> {
        let own = &self.reading;
        let point = self.style.is_some_and(|style| !style.decimal_comma);
        let differ = |one: &Option<String>, other: &Option<String>| {
            one.as_ref().zip(other.as_ref()).is_some_and(|(one, other)| one != other)
        };
        let lines = [own.skip_lines, said.skip_lines];
        let all = [
            ("--decimal-comma", said.decimal_comma && point),
            ("--encoding", differ(&own.encoding, &said.encoding)),
            ("--delimiter", own.delimiter.zip(said.delimiter).is_some_and(|(a, b)| a != b)),
            ("--sheet", differ(&own.sheet, &said.sheet)),
            ("--skip-lines", !lines.contains(&0) && lines[0] != lines[1]),
        ];
        all.into_iter().find(|(_, differs)| *differs).map(|(option, _)| option)
    }
}

/// What the file beside another one says of it, if there is one.
fn beside(path: &Path) -> Result<Option<Beside>, Failure> {
    let path = reading_of(path);
    if !path.is_file() {
        return Ok(None);
    }
    let file = path.display().to_string();
    let (reading, style) = catalogue::reading_of(&file, &files::read_text(&path)?)?;
    Ok(Some(Beside { file, reading, style }))
}

/// How the one file that a command names is written, by the file beside it that says so, if there
/// is one; what that leaves out is as the command says, which may not say otherwise.
pub(super) fn sheet_of(path: &Path, said: &SheetArgs) -> Result<SheetArgs, Failure> {
    let Some(beside) = beside(path)? else { return Ok(said.clone()) };
    if let Some(option) = beside.contradicted(said) {
        let file = &beside.file;
        let text = format!("{option} says otherwise than `{file}` how the file is written");
        return Err(Error::usage(text).help("leave the option away, or mend that file").into());
    }
    Ok(beside.over(said))
}

/// One test. The file's name says of which machine and what: `MACHINE.csv` and
/// `MACHINE.positioning.csv` are runs; `runout`, `camming`, `slides` and `budget` are the others.
fn measured(path: &Path, sheet: &SheetArgs) -> Result<Measured, Failure> {
    let file = path.display().to_string();
    let stem = path.file_stem().map_or_else(String::new, |s| s.to_string_lossy().into_owned());
    let (machine, kind) = stem.rsplit_once('.').unwrap_or((&stem, ""));
    let (machine, test) = match kind.to_lowercase().as_str() {
        "positioning" => (machine, Tested::Positioning(runs(path, sheet)?)),
        "runout" => (machine, Tested::Spindle(Motion::Radial, turns(path, sheet)?)),
        "camming" => (machine, Tested::Spindle(Motion::Axial, turns(path, sheet)?)),
        "slides" => (machine, Tested::Slides(slides(path, sheet)?)),
        "budget" => {
            let contributors = Contributors::read(&file, &files::read_text(path)?)?;
            (machine, Tested::Uncertainty(contributors.budget()))
        }
        // The point belongs to the machine's own name.
        _ => (stem.as_str(), Tested::Positioning(runs(path, sheet)?)),
    };
    Ok(Measured { machine: machine.to_owned(), file, test })
}

/// The positioning runs of a file.
pub(super) fn runs(path: &Path, sheet: &SheetArgs) -> Result<Vec<AxisRuns>, Failure> {
    let begin = |file: &str, header: &[String]| {
        RunsReader::new(file, header).map(|reader| reader.with_style(sheet.style()))
    };
    Ok(rows::each(path, (&sheet.reading(), sheet.style()), begin, RunsReader::take)?.finish()?)
}

/// The turns of a spindle in a file.
pub(super) fn turns(path: &Path, sheet: &SheetArgs) -> Result<Turns, Failure> {
    let begin = |file: &str, header: &[String]| {
        TurnsReader::new(file, header).map(|reader| reader.with_style(sheet.style()))
    };
    Ok(rows::each(path, (&sheet.reading(), sheet.style()), begin, TurnsReader::take)?.finish()?)
}

/// The angles of slides in a file.
pub(super) fn slides(path: &Path, sheet: &SheetArgs) -> Result<Vec<Slide>, Failure> {
    let begin = |file: &str, header: &[String]| {
        SlideReader::new(file, header).map(|reader| reader.with_style(sheet.style()))
    };
    Ok(rows::each(path, (&sheet.reading(), sheet.style()), begin, SlideReader::take)?.finish()?)
}

/// A mapping by file or by the name of a shipped one.
fn mapping(name: &str) -> Result<Mapping, Error> {
    let path = Path::new(name);
    if path.is_file() {
        return Mapping::read(name, &files::read_text(path)?);
    }
    let short = |file: &str| -> String {
        let base = file.rsplit('/').next().unwrap_or(file);
        base.trim_end_matches(".map.toml").to_owned()
    };
    let found = shipped::mappings().find(|file| short(file.name) == name);
    match found {
        Some(file) => Mapping::read(file.name, file.text),
        None => {
            let names: Vec<String> = shipped::mappings().map(|file| short(file.name)).collect();
            let error = Error::usage(format!("there is no mapping `{name}`"));
            Err(match nearest(name, names.iter().map(String::as_str)) {
                Some(near) => error.help(format!("did you mean `{near}`?")),
                None => error.help(format!("shipped: {}", names.join(", "))),
            })
        }
    }
}

/// The shipped mapping that was written for a table's header; else none. One machine as TOML or
/// JSON declares what it says.
fn fitting(header: &[String], name: &str) -> Result<Mapping, Error> {
    for file in shipped::mappings() {
        let mapping = Mapping::read(file.name, file.text)?;
        if mapping.fits(header) {
            return Ok(mapping);
        }
    }
    let declared = Format::of_name(name) == Format::Toml;
    let basis = if declared { Basis::Declared } else { Basis::Catalogue };
    Ok(Mapping { basis, ..Mapping::default() })
}

/// Whether results hold what the user asked to fail on.
pub(super) fn is_finding<'r>(
    fail_on: Option<FailOn>,
    results: impl IntoIterator<Item = &'r MachineResult>,
    catalogue: &Catalogue,
) -> bool {
    let worst = |wanted: &[Verdict]| {
        results.into_iter().flat_map(|r| &r.outcomes).any(|o| wanted.contains(&o.verdict))
    };
    match fail_on {
        None => false,
        Some(FailOn::NotCleared) => worst(&[Verdict::Captured, Verdict::Undetermined]),
        Some(FailOn::Captured) => worst(&[Verdict::Captured]),
        Some(FailOn::Remarks) => {
            let unread = |r: &catalogue::Remark| r.severity > catalogue::Severity::Note;
            catalogue.remarks.iter().any(unread)
        }
    }
}
