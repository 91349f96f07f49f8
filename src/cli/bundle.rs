//! `toolgauge bundle` and `toolgauge replay`.

use std::path::{Component, Path, PathBuf};
use std::process::Command as Process;

use clap::{Args, CommandFactory};

use super::arguments::{Arguments, Common};
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
#[command(after_help = "\
The exit code is 0 where the bundle gives its answer, and 1 where anything of it differs, which is
said first. What only the program at hand has otherwise (its version, its lists) is told behind.
A replay shows that the words, lists and files of a bundle give its answer; not who made it, that
its lists are the law, or that it was not changed together with its hashes.")]
pub(crate) struct Replay {
    /// The bundle
    bundle: PathBuf,
}

/// The verbs whose answer is all that they write, and that read all else from files in their words.
const VERBS: [&str; 9] =
    ["classify", "explain", "diff", "compare", "sweep", "region", "view", "show", "check"];

/// Options that write more than the answer or read more than files, and why they are refused.
const REFUSED: [(&str, &str); 8] = [
    ("--out", "a bundle holds one answer, as it would be printed"),
    ("--svg", "a bundle holds one answer, and a picture would be another"),
    ("--histogram", "a bundle holds one answer, and a picture would be another"),
    ("--results", "a bundle holds one answer, and no folder"),
    ("--rejects", "a bundle holds one answer"),
    ("--remarks", "a bundle holds one answer"),
    ("--measurements", "a bundle holds files, and no folder"),
    ("--specs", "give it to `bundle` itself"),
];

/// Refuses a command that is not bundled, or replayed.
fn allowed(command: &[String]) -> Result<()> {
    let verb = command.first().map_or("", String::as_str);
    if !VERBS.contains(&verb) {
        let error = Error::usage(format!("`{verb}` is not bundled"));
        return Err(error.help(format!("one of: {}", VERBS.join(", "))));
    }
    for word in command {
        let option = word.split('=').next().unwrap_or(word);
        if let Some((_, why)) = REFUSED.iter().find(|(refused, _)| *refused == option) {
            return Err(Error::usage(format!("`{option}` does not go into a bundle")).help(*why));
        }
    }
    let text = !command.iter().any(|word| word == "--format" || word.starts_with("--format="));
    if text && verb == "classify" {
        let error = Error::usage("the summary of `classify` writes a folder too");
        return Err(error.help("add --format csv"));
    }
    Ok(())
}

/// What the options whose values may be files call them.
const FILES: [&str; 2] = ["FILE", "LIST"];

/// The words of a command that may name files, lists among them part by part, each with its option;
/// a word without one has no option.
fn paths(command: &[String]) -> Result<Vec<(String, PathBuf)>> {
    let words = ["toolgauge"].into_iter().chain(command.iter().map(String::as_str));
    let whole = Arguments::command();
    let matches = whole.clone().try_get_matches_from(words).map_err(|error| {
        Error::usage(format!("the command cannot be read: {}", error.to_string().trim()))
    })?;
    let Some((name, matches)) = matches.subcommand() else { return Ok(Vec::new()) };
    let verb = whole.find_subcommand(name);
    let mut found = Vec::new();
    for argument in verb.into_iter().flat_map(clap::Command::get_arguments) {
        let called = argument.get_value_names().unwrap_or_default();
        let is_file = FILES.iter().any(|name| called.iter().any(|own| own.as_str() == *name));
        if !argument.is_positional() && !is_file {
            continue;
        }
        let option = argument.get_long().map_or_else(String::new, |long| format!("--{long}"));
        for value in matches.get_raw(argument.get_id().as_str()).into_iter().flatten() {
            let text = value.to_string_lossy();
            let parts = text.split(['+', '#']).chain([&*text]);
            found.extend(parts.map(|part| (option.clone(), PathBuf::from(part))));
        }
    }
    Ok(found)
}

/// Bundles a run.
pub(super) fn bundle(verb: &BundleOf, common: &Common) -> std::result::Result<Answer, Failure> {
    allowed(&verb.command)?;
    let mut found: Vec<BundledFile> = Vec::new();
    let mut take = |path: &Path, option: &str| -> Result<()> {
        let name = path.to_string_lossy();
        if !path.is_file() || found.iter().any(|file| file.path == name) {
            return Ok(());
        }
        let whole = !verb.hash_only.iter().any(|only| *only == name);
        let bytes = files::read(path)?;
        let taken_for = taken_for(option, path, &bytes);
        found.push(BundledFile::new(name.into_owned(), taken_for, &bytes, whole));
        Ok(())
    };
    for (option, path) in paths(&verb.command)? {
        inside(&path)?;
        take(&path, &option)?;
        // A deep check looks at the cases beside a list.
        let is_list = path.extension().is_some_and(|ending| ending == "toml");
        if verb.command.first().is_some_and(|verb| verb == "check") && is_list {
            take(&path.with_extension("cases.toml"), &option)?;
        }
    }
    if let Some(stray) = verb.hash_only.iter().find(|only| !found.iter().any(|f| f.path == **only))
    {
        let error = Error::usage(format!("the command reads no file `{stray}`"));
        return Err(error.help("--hash-only names a file as the command names it").into());
    }
    let (answer, exit) = run(&verb.command, Path::new("."), common.specs.as_deref())?;
    let bundle = Bundle::new(verb.command.clone(), found, &answer, exit);
    files::write_json(common, &bundle)
}

/// Replays a bundle: the same bytes, or what differs.
pub(super) fn replay(verb: &Replay, common: &Common) -> std::result::Result<Answer, Failure> {
    let name = verb.bundle.display().to_string();
    let bundle = read(&name, &files::read_text(&verb.bundle)?)?;
    allowed(&bundle.command)?;
    let wrong = |text: String| Error::new(Kind::Content, format!("`{name}`: {text}"));
    bundle.is_whole().map_err(wrong)?;
    // What a word names outside the folder would be read in no bundle.
    paths(&bundle.command)?.iter().try_for_each(|(_, path)| inside(path))?;
    let mut differs = bundle.changed();
    let mut others: Vec<String> = Vec::new();
    let folder = tempfile::tempdir()
        .map_err(|error| Error::new(Kind::File, format!("no folder can be made: {error}")))?;
    let [place, specs] = ["run", "specs"].map(|part| folder.path().join(part));
    std::fs::create_dir_all(&place)
        .map_err(|error| Error::new(Kind::File, format!("no folder can be made: {error}")))?;
    for spec in &bundle.specs {
        inside(Path::new(&spec.path))?;
        let bytes = spec.bytes().map_err(wrong)?;
        let bytes = bytes.ok_or_else(|| wrong(format!("{} has no text", spec.named())))?;
        put(&specs.join(&spec.path), &bytes)?;
    }
    for file in &bundle.files {
        let path = Path::new(&file.path);
        inside(path)?;
        let bytes = match file.bytes().map_err(wrong)? {
            Some(bytes) => bytes,
            // Handed over by its hash: it has to be here.
            None => {
                let bytes = files::read(path).map_err(|error| {
                    error.help(format!("the bundle has only its hash, {}", file.blake3))
                })?;
                if hash(&bytes) != file.blake3 {
                    differs.push(format!(
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
        put(&place.join(path), &bytes)?;
    }
    let (answer, exit) = run(&bundle.command, &place, Some(&specs)).map_err(|error| {
        let why = differs.join("; ");
        if why.is_empty() { error } else { error.help(why) }
    })?;
    let is_same = judge(&bundle, &others, (&answer, exit), &mut differs);
    files::write_text(common, &differs.join("\n"))?;
    Ok(if is_same { Answer::Done } else { Answer::Finding })
}

/// What a replay says of an answer and its exit code, behind what else `differs`; whether all is as
/// the bundle says.
fn judge(
    bundle: &Bundle,
    others: &[String],
    (answer, exit): (&[u8], i32),
    differs: &mut Vec<String>,
) -> bool {
    let here = hash(answer);
    if here != bundle.result {
        differs.push(format!("the answer differs: {} there, {here} here", bundle.result));
        let first = bundle.first_difference(answer);
        differs.push(format!("the answer's first difference: {first}"));
    }
    if exit != bundle.exit {
        differs.push(format!("the exit code differs: {} there, {exit} here", bundle.exit));
    }
    let is_same = differs.is_empty();
    if here == bundle.result {
        let what = if is_same { "the same" } else { "the answer is the same" };
        differs.push(format!("{what}: {} bytes, {here}", answer.len()));
    }
    if !is_same {
        differs.push(parts_text(bundle, others, here == bundle.result));
    }
    differs.extend(bundle.elsewhere());
    is_same
}

/// A bundle of the form that this program reads.
fn read(name: &str, text: &str) -> Result<Bundle> {
    let wrong = |why: String| Error::new(Kind::Content, format!("`{name}` is no bundle: {why}"));
    let value: serde_json::Value =
        serde_json::from_str(text).map_err(|error| wrong(error.to_string()))?;
    match value.get("bundle").and_then(serde_json::Value::as_u64) {
        Some(form) if form != u64::from(Bundle::FORMAT) => Err(Error::new(
            Kind::Content,
            format!("`{name}` is a bundle of form {form}; this program reads {}", Bundle::FORMAT),
        )),
        _ => serde_json::from_str(text).map_err(|error| wrong(error.to_string())),
    }
}

/// Writes a file, in a folder that is made where there is none.
fn put(place: &Path, bytes: &[u8]) -> Result<()> {
    if let Some(parent) = place.parent() {
        std::fs::create_dir_all(parent)
            .map_err(|error| Error::new(Kind::File, format!("no folder: {error}")))?;
    }
    files::write(place, bytes)
}

/// Every part of a run, each with whether its hash is the same here.
fn parts_text(bundle: &Bundle, files: &[String], is_same: bool) -> String {
    let word = |(kind, names): (&str, Vec<String>)| match names.as_slice() {
        [] => format!("{kind} the same"),
        names => format!("{kind} differs ({})", names.join(", ")),
    };
    let parts: Vec<String> = bundle.compared(files).into_iter().map(word).collect();
    let result = if is_same { "the same" } else { "differs" };
    format!("hashes of the parts: {}; result {result}", parts.join("; "))
}

/// What a command takes a file for: by what it says of itself, and by the option before it.
fn taken_for(option: &str, path: &Path, bytes: &[u8]) -> &'static str {
    let name = path.to_string_lossy();
    if name.ends_with(".cases.toml") {
        return "cases";
    }
    let text = str::from_utf8(bytes).unwrap_or_default();
    let document = Document::parse("file", text).ok().filter(|_| name.ends_with(".toml"));
    let root = document.as_ref().and_then(|document| document.root().ok());
    let kind = root.as_ref().and_then(|root| root.get("kind"));
    let kind = kind.and_then(|node| node.str().ok()).unwrap_or_default();
    match (kind, option) {
        ("mapping", _) | (_, "--mapping") => "mapping",
        ("assumptions", _) => "assumptions",
        ("", _) => "catalogue",
        _ if root.is_some_and(|root| root.get("base").is_some()) => "overlay",
        ("profile", _) => "profile",
        (_, "--base") => "base list",
        _ => "list",
    }
}

/// A path of a bundle has to lie in the folder in which its command runs.
fn inside(path: &Path) -> Result<()> {
    let plain = |part| matches!(part, Component::Normal(_) | Component::CurDir);
    let plain = path.components().all(plain);
    if plain {
        return Ok(());
    }
    let error = Error::usage(format!("`{}` lies outside the folder", path.display()));
    Err(error.help("run from a folder that holds every input, and name them from there"))
}

/// The answer and the exit code of a command that runs in a folder, on the lists of another one.
fn run(command: &[String], folder: &Path, specs: Option<&Path>) -> Result<(Vec<u8>, i32)> {
    let failed = |error: std::io::Error| {
        Error::new(Kind::File, format!("the command cannot be run: {error}"))
    };
    let program = std::env::current_exe().map_err(failed)?;
    let is_quiet = command.iter().any(|word| word == "--quiet" || word == "-q");
    let done = Process::new(program)
        .args(command)
        .args((!is_quiet).then_some("--quiet"))
        .args(specs.into_iter().flat_map(|specs| [Path::new("--specs"), specs]))
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
