//! The files under `specs/` that come with the program. A new entry is a new file there.

/// A file that comes with the program.
#[derive(Debug, Clone, Copy)]
pub struct Shipped {
    /// Its path under `specs/`.
    pub name: &'static str,
    /// Its text.
    pub text: &'static str,
}

include!(concat!(env!("OUT_DIR"), "/shipped.rs"));
