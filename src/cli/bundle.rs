//! `toolgauge bundle` and `toolgauge replay`.

use std::path::{Component, Path, PathBuf};
use std::process::Command as Process;

use clap::Args;

use super::arguments::Common;
use super::{Answer, Failure, files};
use crate::error::{Error, Kind, Result};
use crate::record::{Bundle, BundledFile, hash};
use crate::table::Document;

/// `bundle`.
#[derive(Debug, Args)]
#[command(after_help = "\
The command runs first; what it reads is put beside its words and the hash of its answer. Paths are
relative to the folder in which it runs, and lie in it.

Examples:
  toolgauge bundle --out run.bundle.json -- compare specs/catalogues/sample.csv --base eu/2B001 \\
      --proposal specs/proposals/one-number.toml")]
pub(crate) struct BundleOf {
    /// A file of which only the hash is handed over; repeatable
    #[arg(long = "hash-only", value_name = "FILE")]
    hash_only: Vec<String>,
    /// The words of the command
    #[arg(required = true, last = true, value_name = "COMMAND")]
    command: Vec<String>,
}

/// `replay`.
#[derive(Debug, Args)]
pub(crate) struct Replay {
    /// The bundle
    bundle: PathBuf,
}

/// The verbs whose answer is all that they write.
const VERBS: [&str; 6] = ["classify", "explain", "compare", "sweep", "region", "view"];

/// Bundles a run.
pub(super) fn bundle(verb: &BundleOf, common: &Common) -> std::result::Result<Answer, Failure> {
    let known = verb.command.first().is_some_and(|word| VERBS.contains(&word.as_str()));
    if !known {
        let error = Error::usage("this command is not bundled");
        return Err(error.help(format!("one of: {}", VERBS.join(", "))).into());
    }
    let writes = ["--out", "--svg", "--results", "--rejects", "--remarks", "--measurements"];
    for word in &verb.command {
        let option = word.split('=').next().unwrap_or(word);
        if writes.contains(&option) {
            let error = Error::usage(format!("`{option}` does not go into a bundle"));
            return Err(error.help("a bundle holds files that are read and one answer").into());
        }
    }
    let text = !verb.command.iter().any(|word| word == "--format" || word.starts_with("--format="));
    if text && verb.command.first().is_some_and(|word| word == "classify") {
        let error = Error::usage("the summary of `classify` writes a folder too");
        return Err(error.help("add --format csv").into());
    }
    let mut found: Vec<BundledFile> = Vec::new();
    let mut before = "";
    for word in &verb.command {
        let option = word.split_once('=').map_or(before, |(option, _)| option);
        before = word;
        for part in word.split(['+', '=']).chain([word.as_str()]) {
            let path = Path::new(part);
            if !path.is_file() || found.iter().any(|file| file.path == part) {
                continue;
            }
            inside(path)?;
            let whole = !verb.hash_only.iter().any(|only| only == part);
            let bytes = files::read(path)?;
            let taken_for = taken_for(option, &bytes);
            found.push(BundledFile::new(part.to_owned(), taken_for, &bytes, whole));
        }
    }
    let (answer, exit) = run(&verb.command, Path::new("."))?;
    let bundle = Bundle::new(verb.command.clone(), found, &answer, exit);
    files::write_json(common, &bundle)
}

/// Replays a bundle: the same bytes, or what differs.
pub(super) fn replay(verb: &Replay, common: &Common) -> std::result::Result<Answer, Failure> {
    let name = verb.bundle.display().to_string();
    let bundle: Bundle = serde_json::from_str(&files::read_text(&verb.bundle)?)
        .map_err(|error| Error::new(Kind::Content, format!("`{name}` is no bundle: {error}")))?;
    let mut said = bundle.differences();
    let mut others: Vec<String> = Vec::new();
    let folder = tempfile::tempdir()
        .map_err(|error| Error::new(Kind::File, format!("no folder can be made: {error}")))?;
    for file in &bundle.files {
        let path = Path::new(&file.path);
        inside(path)?;
        let wrong = |text: String| Error::new(Kind::Content, format!("`{name}`: {text}"));
        let bytes = match file.bytes().map_err(wrong)? {
            Some(bytes) => bytes,
            // Handed over by its hash: it has to be here.
            None => {
                let bytes = files::read(path).map_err(|error| {
                    error.help(format!("the bundle has only its hash, {}", file.blake3))
                })?;
                if hash(&bytes) != file.blake3 {
                    said.push(format!(
                        "{} here is another file than there: {} there, {} here",
                        file.named(),
                        file.blake3,
                        hash(&bytes)
                    ));
                    others.push(file.path.clone());
                }
                bytes
            }
        };
        let place = folder.path().join(path);
        if let Some(parent) = place.parent() {
            std::fs::create_dir_all(parent)
                .map_err(|error| Error::new(Kind::File, format!("no folder: {error}")))?;
        }
        files::write(&place, &bytes)?;
    }
    let (answer, exit) = run(&bundle.command, folder.path())?;
    let same = hash(&answer) == bundle.result && exit == bundle.exit;
    if same && said.is_empty() {
        return files::write_text(
            common,
            &format!("the same: {} bytes, {}", answer.len(), bundle.result),
        );
    }
    said.push(parts_text(&bundle, &others, same));
    if same {
        said.push("the answer is the same all the same".to_owned());
    } else {
        said.push(format!(
            "the answer differs: {} there, {} here; the exit code {} there, {exit} here",
            bundle.result,
            hash(&answer),
            bundle.exit
        ));
        said.push(format!("the answer's first difference: {}", bundle.first_difference(&answer)));
    }
    files::write_text(common, &said.join("\n"))?;
    Ok(if same { Answer::Done } else { Answer::Finding })
}

/// Every part of a run, each with whether its hash is the same here: that of the result too.
fn parts_text(bundle: &Bundle, files: &[String], same: bool) -> String {
    let word = |(kind, names): (&str, Vec<String>)| match names.as_slice() {
        [] => format!("{kind} the same"),
        names => format!("{kind} differs ({})", names.join(", ")),
    };
    let parts: Vec<String> = bundle.compared(files).into_iter().map(word).collect();
    let result = if same { "the same" } else { "differs" };
    format!("hashes of the parts: {}; result {result}", parts.join("; "))
}

/// What a command takes a file for that stands behind an option.
fn taken_for(option: &str, bytes: &[u8]) -> &'static str {
    let changes = || {
        let text = str::from_utf8(bytes).unwrap_or_default();
        let document = Document::parse("list", text);
        document.is_ok_and(|document| document.root().is_ok_and(|root| root.get("base").is_some()))
    };
    match option {
        "--base" | "--list" | "--proposal" if changes() => "overlay",
        "--base" => "base list",
        "--list" | "--proposal" => "list",
        "--mapping" => "mapping",
        "--profile" => "profile",
        _ => "catalogue",
    }
}

/// A path of a bundle has to lie in the folder in which its command runs.
fn inside(path: &Path) -> Result<()> {
    let plain = path.components().all(|part| matches!(part, Component::Normal(_)));
    if plain {
        return Ok(());
    }
    let error = Error::usage(format!("`{}` lies outside the folder", path.display()));
    Err(error.help("run from a folder that holds every input, and name them from there"))
}

/// The answer and the exit code of a command that runs in a folder.
fn run(command: &[String], folder: &Path) -> Result<(Vec<u8>, i32)> {
    let failed = |error: std::io::Error| {
        Error::new(Kind::File, format!("the command cannot be run: {error}"))
    };
    let program = std::env::current_exe().map_err(failed)?;
    let done = Process::new(program)
        .args(command)
        .arg("--quiet")
        .current_dir(folder)
        .output()
        .map_err(failed)?;
    let exit = done.status.code().unwrap_or(2);
    if exit > 1 {
        let said = String::from_utf8_lossy(&done.stderr).trim().to_owned();
        return Err(Error::usage(format!("the command fails: {said}")));
    }
    Ok((done.stdout, exit))
}
