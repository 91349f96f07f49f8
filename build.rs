//! Lists the files under `specs/` that come with the program, so that a new entry is a file and
//! nothing else.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

/// The generated tables, each with the folder and the ending of its files.
const TABLES: [(&str, &str, &str); 4] = [
    ("CASES", "lists/", ".cases.toml"),
    ("LISTS", "lists/", ".toml"),
    ("MAPPINGS", "catalogues/", ".map.toml"),
    ("SAMPLES", "catalogues/", ".csv"),
];

fn main() -> io::Result<()> {
    let specs = PathBuf::from(env::var("CARGO_MANIFEST_DIR").map_err(io::Error::other)?);
    let specs = specs.join("specs");
    println!("cargo::rerun-if-changed=specs");
    let mut files = Vec::new();
    collect(&specs, &mut files)?;
    files.sort();
    let mut out = String::new();
    for (table, folder, ending) in TABLES {
        let of_table = |name: &str| {
            let first = TABLES.iter().find(|(_, f, e)| name.starts_with(f) && name.ends_with(e));
            first.is_some_and(|(t, _, _)| *t == table)
        };
        let about = format!("The files `{folder}**/*{ending}` that no earlier table holds.");
        writeln!(out, "/// {about}\npub static {table}: &[Shipped] = &[")
            .map_err(io::Error::other)?;
        for file in &files {
            let name = file.strip_prefix(&specs).unwrap_or(file).to_string_lossy();
            let name = name.replace('\\', "/");
            if of_table(&name) {
                writeln!(out, "    Shipped {{ name: {name:?}, text: include_str!({file:?}) }},")
                    .map_err(io::Error::other)?;
            }
        }
        out.push_str("];\n");
    }
    let target = PathBuf::from(env::var("OUT_DIR").map_err(io::Error::other)?);
    fs::write(target.join("shipped.rs"), out)
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}
