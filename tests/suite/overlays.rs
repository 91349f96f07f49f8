//! Overlays put on a list together: what they may not say twice, and what two may not both change.

use crate::proposals::stacked;

/// An overlay on `eu/2B001` that is called by its edition.
fn overlay(edition: &str, tables: &str) -> String {
    format!(
        "format = 1\nkind = \"proposal\"\nlist = \"x/{edition}\"\nedition = \"{edition}\"\n\
         jurisdiction = \"X\"\ntitle = \"t\"\ncarrier = \"c\"\nroot = \"2B001\"\nsource = \"s\"\n\
         base = {{ list = \"eu/2B001\", edition = \"current\" }}\n{tables}"
    )
}

/// What stacking these overlays says; they are called `o0.toml`, `o1.toml` and so on.
fn said(tables: &[&str]) -> String {
    let named = ["a", "b", "c"].into_iter().zip(tables);
    let texts: Vec<String> = named.map(|(name, tables)| overlay(name, tables)).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    stacked("eu/2B001", &texts).err().unwrap_or_default()
}

fn check(tables: &[&str], words: &[&str]) {
    let said = said(tables);
    assert_eq!(said.is_empty(), words.is_empty(), "{tables:?}: {said}");
    for word in words {
        assert!(said.contains(word), "{tables:?}: `{word}` is not in {said}");
    }
}

#[test]
fn what_is_added_has_a_citation_of_its_own() {
    let when = "when = { nc_capable = true }\n";
    let clause = |id: &str| format!("[add.clause.\"{id}\"]\ntext = \"t\"\n{when}");
    let note = |id: &str| {
        format!(
            "[add.note.\"{id}\"]\ntext = \"t\"\nkind = \"excludes\"\nfrom = [\"2B001\"]\n{when}"
        )
    };
    let reason = |id: &str| format!("[add.reason.\"{id}\"]\ntext = \"t\"\n{when}");
    let flag = |id: &str| format!("[add.flag.\"{id}\"]\ntext = \"t\"\n{when}");
    let base = "2B001.current.toml:";
    for (tables, id) in [
        (clause("2B001.a.1"), "2B001.a.1"),
        (clause("2B001.note.1"), "2B001.note.1"),
        (note("2B001.c.note.c"), "2B001.c.note.c"),
        (note("2B001.a.1"), "2B001.a.1"),
        (flag("2B001.note.1"), "2B001.note.1"),
        (reason("2B001.b.2"), "2B001.b.2"),
    ] {
        let means = format!("`{id}` means something already");
        check(&[&tables], &[&means, "o0.toml:", base]);
    }
    // Siblings that add the same citation, whatever it is for each.
    for (first, second) in [
        (clause("2B001.q"), clause("2B001.q")),
        (note("2B001.q"), clause("2B001.q")),
        (reason("R"), reason("R")),
        (reason("R"), flag("R")),
    ] {
        check(&[&first], &[]);
        check(&[&first, &second], &["means something already", "o0.toml:", "o1.toml:"]);
    }
    check(&[&format!("{}{}", reason("R"), flag("R"))], &["`R` means something already"]);
    // What was removed is free again.
    let again = "remove = [\"2B001.a.1\"]\n".to_owned() + &clause("2B001.a.1");
    check(&[&again], &[]);
}
