//! What a citation of the base means stays as it was, or an overlay says that it changes; what one
//! relies on, a sibling does not change.

use crate::overlays::{check, moved, overlay};
use crate::proposals::stacked;

/// The same overlay, on the one that is called `a`.
fn on_a(overlay: &str) -> String {
    let base = "list = \"x/a\", edition = \"a\" }";
    overlay.replace("list = \"eu/2B001\", edition = \"current\" }", base)
}

#[test]
fn a_citation_of_the_base_keeps_its_meaning_whatever_the_route() {
    let add =
        |id: &str| format!("[add.clause.\"{id}\"]\ntext = \"t\"\nwhen = {{ nc_capable = true }}\n");
    let relabel = |pairs: &[[&str; 2]]| {
        let lines = pairs.iter().map(|[old, new]| format!("\"{old}\" = \"{new}\"\n"));
        format!("[relabel]\n{}", lines.collect::<String>())
    };
    let away = relabel(&[["2B001.a.1", "2B001.a.9"]]);
    let words = ["o0.toml:", "means something", "lists/eu/2B001.current.toml:"];
    // What is enacted may do some of these: its base is pinned.
    for (tables, enacted) in [
        (format!("remove = [\"2B001.a.1\"]\n{}", add("2B001.a.1")), true),
        (format!("{away}{}", add("2B001.a.1")), true),
        (format!("remove = [\"2B001.a.9\"]\n{away}{}", add("2B001.a.1")), true),
        (format!("remove = [\"2B001.a.1\"]\n{}", relabel(&[["2B001.a.2", "2B001.a.1"]])), false),
        (relabel(&[["2B001.a.1", "2B001.a.2"]]), false),
        (relabel(&[["2B001.a.1", "2B001.a.2"], ["2B001.a.2", "2B001.a.1"]]), true),
        (relabel(&[["2B001.a.1", "2B001.a.9"], ["2B001.a.2", "2B001.a.1"]]), true),
        (relabel(&[["2B001.a", "2B001.z"], ["2B001.b", "2B001.a"]]), true),
        (format!("{}{}", relabel(&[["2B001.b", "2B001.z"]]), add("2B001.b")), true),
        (relabel(&[["2B001.a.1", "2B001.a.9"], ["2B001.a.2", "2B001.a.9"]]), false),
    ] {
        let words =
            if tables.matches("a.9").count() == 2 && !enacted { &words[..2] } else { &words };
        check(&[&tables], words);
        let law = overlay("a", &tables).replace(
            "\"proposal\"",
            "\"control-list\"\nin_force = 2030-01-01\nverified_through = 2030-01-01",
        );
        let law = stacked("eu/2B001", &[&law]);
        assert_eq!(law.is_ok(), enacted, "{tables}: {}", law.err().unwrap_or_default());
    }
    // New citations are free, and a part may be given one, all under it with it.
    check(&[&format!("{away}{}", add("2B001.a.7"))], &[]);
    check(&[&relabel(&[["2B001.a", "2B001.z"]])], &[]);
    // Nor in two steps.
    let next = on_a(&overlay("b", &add("2B001.a.1")));
    for first in ["remove = [\"2B001.a.1\"]\n", &away] {
        let said = stacked("eu/2B001", &[&overlay("a", first), &next]).expect_err("two steps");
        for word in ["o1.toml:11:13: `2B001.a.1` means something in the base", "o0.toml:", words[2]]
        {
            assert!(said.contains(word), "{word}: {said}");
        }
    }
}

#[test]
fn how_a_clause_joins_says_what_it_did() {
    let of = |join: &str| format!("[change.\"2B001.a\"]\njoin = {join}\n");
    let stands = "2B001.current.toml:";
    let turned = of("{ was = \"any\", now = \"all\" }");
    check(&[&turned], &[]);
    for (join, words) in [
        ("\"all\"", "joins its sub-clauses by `any`, and not by nothing"),
        ("\"any\"", "joins its sub-clauses by `any`, and not by nothing"),
        ("{ was = \"all\", now = \"any\" }", "joins its sub-clauses by `any`, and not by `all`"),
    ] {
        check(
            &[&of(join)],
            &["o0.toml:12:8: ", words, stands, "write join = { was = \"any\", now"],
        );
    }
    check(&[&of("{ wsa = \"any\", now = \"all\" }")], &["unknown key `wsa`", "did you mean `was`"]);
    check(&[&of("{ was = \"any\", now = \"each\" }")], &["`each` joins nothing"]);
    // A clause that had no sub-clauses joined nothing, and one that loses them joins nothing.
    let leaf = "[add.clause.\"2B001.a.1.x\"]\ntext = \"t\"\nwhen = { nc_capable = true }\n";
    let whole = format!("{leaf}[change.\"2B001.a.1\"]\n");
    check(&[&format!("{whole}join = \"any\"\n")], &[]);
    check(
        &[&format!("{whole}join = {{ was = \"any\", now = \"all\" }}\n")],
        &["by nothing, and not"],
    );
    let none = of("{ was = \"any\" }");
    check(&[&format!("remove = [\"2B001.a.1\", \"2B001.a.2\"]\n{none}")], &[]);
    // On the one that changed it: stale, with the place of that one.
    let said = stacked("eu/2B001", &[&overlay("a", &turned), &on_a(&overlay("b", &turned))]);
    let said = said.expect_err("it is `all` by then");
    assert!(said.contains("by `all`, and not by `any`") && said.contains("o0.toml:12:1"), "{said}");
}

#[test]
fn siblings_conflict_over_what_one_relies_on_and_the_other_changes() {
    let add = |id: &str, when: &str| {
        format!("[add.clause.\"{id}\"]\ntext = \"t\"\nwhen = {{ {when} }}\n")
    };
    let join = "[change.\"2B001.a\"]\njoin = { was = \"any\", now = \"all\" }\n".to_owned();
    let axes = "[change.\"2B001.a\"]\nwas = { contouring_axes = { at_least = 2 } }\n\
                now = { contouring_axes = { at_least = 3 } }\n"
        .to_owned();
    let relabel = |old: &str, new: &str| format!("[relabel]\n\"{old}\" = \"{new}\"\n");
    let remove = |id: &str| format!("remove = [\"{id}\"]\n");
    let worded = "[change.\"2B001.note.1\"]\ntext = \"another\"\n".to_owned();
    let note = |from: &str| {
        format!(
            "[add.note.\"2B001.note.9\"]\ntext = \"t\"\nkind = \"excludes\"\nfrom = [\"{from}\"]\n\
             when = {{ nc_capable = true }}\n"
        )
    };
    let any = "nc_capable = true";
    let policy = "policy = { name = \"cylindrical-150\", either = { nc_capable = true }, both = { \
                  nc_capable = false } }";
    let reads = "[policy.cylindrical-150]\ntext = \"x\"\ndefault = \"OTHER\"\nwas = \"WAS\"\n";
    let library = toolgauge::list::Library::shipped().expect("the heads are read");
    let base = library.list("eu/2B001", "current").expect("a list");
    let taken = base.policies.iter().find(|policy| policy.id == "cylindrical-150");
    let was = taken.expect("a policy").default_word();
    let other = if was == "both" { "either" } else { "both" };
    let reads = reads.replace("OTHER", other).replace("WAS", was);
    let kinds = "machine_kind = [\"jig_borer\", \"fly_cutter\"]";
    let processes = |all: &str| format!("{{ any = [{{ process = [{all}] }}, {{ {kinds} }}] }}");
    let milling = format!(
        "[change.\"2B001.b\"]\nwas = {}\nnow = {}\n",
        processes("\"milling\""),
        processes("\"milling\", \"turning\"")
    );
    for (one, other, is_clash) in [
        // How sub-clauses combine, and which there are.
        (&join, add("2B001.a.7", any), true),
        (&join, remove("2B001.a.2"), true),
        (&join, relabel("2B001.a.2", "2B001.a.7"), true),
        (&join, relabel("2B001.b.1", "2B001.a.7"), true),
        (&join, add("2B001.b.7", any), false),
        (&join, moved("1.1 um"), false),
        // What is asked above a part that is moved.
        (&axes, relabel("2B001.a.2", "2B001.b.7"), true),
        (&axes, relabel("2B001.b.4", "2B001.a.7"), true),
        (&axes, relabel("2B001.b.4", "2B001.b.7"), false),
        (&milling, relabel("2B001.a.1", "2B001.b.1.c"), true),
        (&milling, relabel("2B001.a.1", "2B001.a.7"), false),
        // Nor is what is put under a clause put under another one.
        (&axes, add("2B001.a.7", any), true),
        (&axes, note("2B001.a"), false),
        (&axes, add("2B001.b.7", any), false),
        // What a condition or a note refers to.
        (&worded, add("2B001.q", "not = { clause = \"2B001.note.1\" }"), true),
        (&worded, add("2B001.q", "clause = \"2B001.b.1\""), false),
        (&axes, add("2B001.q", "clause = \"2B001.a.1\""), true),
        (&axes, add("2B001.q", "clause = \"2B001.b.1\""), false),
        (&join, add("2B001.q", "clause = \"2B001.a\""), true),
        (&join, add("2B001.q", "clause = \"2B001.a.1\""), false),
        (&remove("2B001.b.1"), add("2B001.q", "clause = \"2B001.b.1\""), true),
        (&relabel("2B001.a", "2B001.z"), add("2B001.q", "clause = \"2B001.a.1\""), true),
        (&remove("2B001.a.1"), note("2B001.a.1"), true),
        (&remove("2B001.a.1"), note("2B001.a"), false),
        (&reads, add("2B001.q", policy), true),
        (&remove("2B001.note.1"), note("2B001.a").replace("note.9", "note.1"), true),
    ] {
        for pair in [[one.as_str(), &other], [other.as_str(), one]] {
            // Each stands alone, but for what comes back under its name.
            let words = ["o0.toml:", "o1.toml:", "touch the same part"];
            if other.contains("add.note.\"2B001.note.1\"") && pair[0] == other {
                continue;
            }
            check(&pair, if is_clash { &words } else { &[] });
        }
    }
}

#[test]
fn what_is_misspelt_is_told_with_its_place_and_what_is_near() {
    for (tables, words) in [
        ("[change.reafirm]\ntext = \"t\"\n", ["o0.toml:11:1:", "did you mean `reaffirm`?"]),
        ("remove = [\"cylindrical-15\"]\n", ["o0.toml:11:11:", "did you mean `cylindrical-150`?"]),
        (
            "[relabel]\n\"2B001.a.l\" = \"2B001.a.9\"\n",
            ["o0.toml:12:15:", "did you mean `2B001.a.1`?"],
        ),
        ("[change.\"2B001.a.1\"]\n", ["o0.toml:11:9:", "`was` and `now` are both needed"]),
    ] {
        check(&[tables], &words);
    }
    let text = overlay("a", "").replace("{ list = \"eu/2B001\", edition = \"current\" }", "\"x\"");
    let said = stacked("eu/2B001", &[&text]).expect_err("no table");
    assert!(said.contains("o0.toml:10:8: a table") && said.contains("write base = {"), "{said}");
}
