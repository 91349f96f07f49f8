//! Lists the files under `specs/` that come with the program, so that a new entry is a file and
//! nothing else.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

/// The files that come with the program: their folder and the ending of their names.
const SHIPPED: [(&str, &str); 3] =
    [("lists/", ".toml"), ("catalogues/", ".map.toml"), ("catalogues/", ".csv")];

/// One more that does.
const ASSUMPTIONS: &str = "assumptions.toml";

fn main() -> io::Result<()> {
    let specs = PathBuf::from(env::var("CARGO_MANIFEST_DIR").map_err(io::Error::other)?);
    let specs = specs.join("specs");
    println!("cargo::rerun-if-changed=specs");
    let mut files = Vec::new();
    collect(&specs, &mut files)?;
    files.sort();
    let about = "The files that come with the program, in the order of their names.";
    let mut out = format!("/// {about}\nstatic FILES: &[Shipped] = &[\n");
    for file in &files {
        let name = file.strip_prefix(&specs).unwrap_or(file).to_string_lossy().replace('\\', "/");
        let is =
            |(folder, ending): &(&str, &str)| name.starts_with(folder) && name.ends_with(ending);
        if name == ASSUMPTIONS || SHIPPED.iter().any(is) {
            writeln!(out, "    Shipped {{ name: {name:?}, text: include_str!({file:?}) }},")
                .map_err(io::Error::other)?;
        }
    }
    out.push_str("];\n");
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
