//! Overlays put on a list together: what they may not say twice, and what two may not both change.

use crate::proposals::stacked;

/// An overlay on `eu/2B001` that is called by its edition.
pub fn overlay(edition: &str, tables: &str) -> String {
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

pub fn check(tables: &[&str], words: &[&str]) {
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
    check(&["[relabel]\n\"2B001.a.1\" = \"2B001.a.2\"\n"], &["which means something already"]);
    // What an overlay removes it may not add again: nothing would say what was there.
    for (removed, added) in [
        ("2B001.a.1", clause("2B001.a.1")),
        ("2B001.b.2", clause("2B001.b.2.a")),
        ("2B001.note.1", note("2B001.note.1")),
        ("2B001.a.1", note("2B001.a.1")),
    ] {
        let id = added.split('"').nth(1).unwrap_or_default();
        let again = format!("remove = [\"{removed}\"]\n{added}");
        let said = format!("o0.toml:12:13: `{id}` means something in the base, at lists/eu/{base}");
        let said = if added.contains("note") { said.replace(":13:", ":11:") } else { said };
        check(&[&again], &[&said, "it is removed at o0.toml:11:11", "says `was`"]);
    }
}

#[test]
fn what_still_names_a_removed_part_is_told_with_both_places() {
    let refers = "[add.clause.\"2B001.q\"]\ntext = \"t\"\nwhen = { clause = \"2B001.a.1\" }\n";
    let words =
        ["o1.toml:11:11: `2B001.a.1` is removed, and `2B001.a.1` is referred to at o0.toml:"];
    // It knows nothing of the first, and takes away what that one leans on.
    check(&[refers, "remove = [\"2B001.a.1\"]\n"], &words);
    let alone = format!("remove = [\"2B001.a.1\"]\n{refers}");
    check(&[&alone], &["`2B001.a.1` is removed at o0.toml:11:11"]);
}

#[test]
fn a_text_that_an_overlay_writes_stands_in_the_overlay() {
    let place = |tables: &str, id: &str| {
        let list = stacked("eu/2B001", &[&overlay("a", tables)]).expect("an overlay");
        let stale = toolgauge::list::stale_numbers(&list);
        assert_eq!(stale.len(), 1, "{stale:?}");
        let worded = &list.clause(id).expect("a clause").worded;
        (worded.file.clone(), worded.line)
    };
    // A number of the base's text is left behind by a changed test, or one of the overlay's own.
    let (file, line) = place(&moved("1.3 um"), "2B001.a.1");
    assert!(file.ends_with("2B001.current.toml") && line > 20, "{file}:{line}");
    let text = "[change.\"2B001.a.1\"]\ntext = \"UPR of 7 um with travel below 1 m\"\n";
    assert_eq!(place(text, "2B001.a.1"), ("o0.toml".to_owned(), 12));
}

#[test]
fn an_overlay_on_another_one_says_which_chain_it_is_written_for() {
    let first = overlay("a", &moved("1.1 um"));
    let base = "list = \"x/a\", edition = \"a\" }";
    let second = change("2B001.a.1", ["1.1 um", "below = \"1 m\""], ["1.2 um", "below = \"1 m\""]);
    let second = overlay("b", &second);
    let second = second.replace("list = \"eu/2B001\", edition = \"current\" }", base);
    assert!(stacked("eu/2B001", &[&first, &second]).is_ok());
    let alone = stacked("eu/2B001", &[&second]).expect_err("the first is not there");
    for word in ["no longer says", "is written for `x/a@a`", "is put on `eu/2B001@current`"] {
        assert!(alone.contains(word), "{word}: {alone}");
    }
    // One that is put on the base that it names has nothing to be told.
    let wrong = overlay(
        "a",
        &change("2B001.a.1", ["7 um", "below = \"1 m\""], ["1 um", "below = \"1 m\""]),
    );
    let said = stacked("eu/2B001", &[&wrong]).expect_err("no such test");
    assert!(!said.contains("is written for"), "{said}");
}

/// A change of a test of a linear axis, from one UPR and travel to another.
fn change(id: &str, was: [&str; 2], now: [&str; 2]) -> String {
    let test = |[upr, travel]: [&str; 2]| {
        let upr = format!("upr = {{ at_most = \"{upr}\" }}");
        format!("{{ axis = {{ some = \"linear\", {upr}, travel = {{ {travel} }} }} }}")
    };
    format!("[change.\"{id}\"]\nwas = {}\nnow = {}\n", test(was), test(now))
}

/// 0.9 µm of `2B001.a.1` becomes another limit.
pub fn moved(upr: &str) -> String {
    let travel = "below = \"1 m\"";
    change("2B001.a.1", ["0.9 um", travel], [upr, travel])
}

#[test]
fn what_one_takes_away_another_may_not_touch() {
    let both = ["o0.toml:", "o1.toml:"];
    let moved = moved("1.1 um");
    let [was, now] = ["4 m", "5 m"].map(|to| format!("at_least = \"1 m\", below = \"{to}\""));
    let part = change("2B001.b.2.b", ["1.4 um", &was], ["1.4 um", &now]);
    let clause = "[add.clause.\"2B001.b.2.q\"]\ntext = \"t\"\nwhen = { nc_capable = true }\n";
    let again = clause.replace("b.2.q", "a.1");
    let own = "remove = [\"2B001.a.1\"]\n";
    let whole = "remove = [\"2B001.b.2\"]\n";
    for (first, second, words) in [
        (moved.as_str(), own, "`2B001.a.1` is removed, and `2B001.a.1` has its condition changed"),
        (
            part.as_str(),
            whole,
            "`2B001.b.2` is removed, and `2B001.b.2.b` has its condition changed",
        ),
        (own, &moved, "`2B001.a.1` is gone: it is removed at"),
        (whole, &part, "`2B001.b.2.b` is gone: it is removed with `2B001.b.2` at"),
        (own, own, "`2B001.a.1` is gone: it is removed at"),
        (clause, whole, "`2B001.b.2` is removed, and `2B001.b.2.q` is added"),
        (whole, clause, "`2B001.b.2.q` is added, and `2B001.b.2` is removed"),
        (own, &again, "`2B001.a.1` is added, and `2B001.a.1` is removed"),
    ] {
        check(&[first, second], &[both[0], both[1], words, "touch the same part"]);
    }
    // To name what a sibling added is to know of it.
    check(&[clause, "remove = [\"2B001.b.2.q\"]\n"], &[]);
    // Parts that have nothing to do with each other, and citations that only begin alike.
    check(&[&moved, "remove = [\"2B001.a.2\"]\n"], &[]);
    // An overlay that names the other as its base comes after it, and knows what it removes.
    let first = overlay("a", &moved);
    let base = "list = \"x/a\", edition = \"a\" }";
    let next = overlay("b", own).replace("list = \"eu/2B001\", edition = \"current\" }", base);
    let both = stacked("eu/2B001", &[&first, &next]).expect("one after the other");
    assert!(both.clause("2B001.a.1").is_none() && both.clause("2B001.a.2").is_some());
    let next = overlay("b", &moved).replace("list = \"eu/2B001\", edition = \"current\" }", base);
    let again = stacked("eu/2B001", &[&first, &next]).expect_err("the test is another now");
    assert!(again.contains("no longer says") && again.contains("o0.toml:"), "{again}");
}

#[test]
fn what_one_relabels_another_may_not_touch() {
    let relabel = |old: &str, new: &str| format!("[relabel]\n\"{old}\" = \"{new}\"\n");
    let add =
        |id: &str| format!("[add.clause.\"{id}\"]\ntext = \"t\"\nwhen = {{ nc_capable = true }}\n");
    let text = "[change.\"2B001.b.2\"]\ntext = \"t\"\n".to_owned();
    let remove = "remove = [\"2B001.b.2\"]\n".to_owned();
    let whole = relabel("2B001.b", "2B001.q");
    let part = relabel("2B001.b.2", "2B001.b.9");
    // Whichever comes first, both places are shown.
    for (one, other) in [
        (&whole, add("2B001.b.5")),
        (&whole, text),
        (&whole, remove),
        (&whole, moved("1.1 um").replace("2B001.a.1", "2B001.b.1.a")),
        (&whole, part.clone()),
        (&whole, relabel("2B001.b", "2B001.r")),
        (&part, "remove = [\"2B001.b.2\"]\n".to_owned()),
        (&relabel("2B001.b.2.a", "2B001.b.2.z"), "remove = [\"2B001.b.2\"]\n".to_owned()),
    ] {
        for pair in [[one.as_str(), &other], [other.as_str(), one]] {
            check(&pair, &["o0.toml:", "o1.toml:", "touch the same part"]);
        }
    }
    // A citation that a sibling gives or frees is taken by one that knows of it.
    check(&[&whole, &add("2B001.q.5")], &[]);
    check(&[&add("2B001.q"), &relabel("2B001.q", "2B001.r")], &[]);
    check(&["remove = [\"2B001.a.1\"]\n", &relabel("2B001.a.2", "2B001.a.1")], &["is removed"]);
    check(&[&whole, &moved("1.1 um")], &[]);
    // One that names the other as its base comes after it.
    let base = "list = \"x/a\", edition = \"a\" }";
    let next = overlay("b", &add("2B001.q.5"))
        .replace("list = \"eu/2B001\", edition = \"current\" }", base);
    let list = stacked("eu/2B001", &[&overlay("a", &whole), &next]).expect("one after the other");
    assert_eq!(list.parent("2B001.q.5"), Some("2B001.q"));
}

#[test]
fn a_clause_hangs_under_one_that_is_there() {
    let add =
        |id: &str| format!("[add.clause.\"{id}\"]\ntext = \"t\"\nwhen = {{ nc_capable = true }}\n");
    check(&[&add("2B001.b.5")], &[]);
    for (id, above, help) in [
        ("2B001.B.5", "2B001.B", "did you mean `2B001.b`?"),
        ("2B001.b.5.a", "2B001.b.5", "did you mean `2B001."),
        ("nowhere.in-the-whole-text.5", "nowhere.in-the-whole-text", "at last under `2B001`"),
    ] {
        let under = format!("clause `{id}` hangs under `{above}`, which is no clause");
        check(&[&add(id)], &["o0.toml:", &under, help]);
    }
    // Nor may a relabelled one hang a level up.
    check(&["[relabel]\n\"2B001.b.2\" = \"2B001.x.2\"\n"], &["`2B001.x`, which is no clause"]);
}

#[test]
fn what_has_no_test_to_guard_it_conflicts_too() {
    let both = ["o0.toml:", "o1.toml:"];
    let says = |text: &str| format!("[change.\"2B001.c.1\"]\ntext = \"{text}\"\n");
    let joins = |id: &str, join: &str| {
        let was = if join == "all" { "any" } else { "all" };
        format!("[change.\"{id}\"]\njoin = {{ was = \"{was}\", now = \"{join}\" }}\n")
    };
    let texts = "`2B001.c.1` has its text changed, and `2B001.c.1` has its text changed";
    let joined = "`2B001.b.1` has its `join` changed, and `2B001.b.1` has its `join` changed";
    check(&[&says("one"), &says("two")], &[both[0], both[1], texts]);
    check(&[&says("one"), &says("one")], &[]);
    check(&[&says("one"), &joins("2B001.a", "all")], &[]);
    // One that changes the other's choice back is no less in conflict with it, nor one that says so
    // too: it does not stand as its `was` says.
    let library = toolgauge::list::Library::shipped().expect("the heads are read");
    let base = library.list("eu/2B001", "current").expect("a list");
    let is_any =
        base.clause("2B001.b.1").expect("a clause").join == Some(toolgauge::list::Join::Any);
    let [other, own] = if is_any { ["all", "any"] } else { ["any", "all"] };
    let (there, back) = (joins("2B001.b.1", other), joins("2B001.b.1", own));
    check(&[&there], &[]);
    check(&[&there, &back], &[both[0], both[1], joined]);
    check(&[&there, &there], &[both[0], both[1], joined]);

    let policy = |id: &str, default: &str, was: &str| {
        format!("[policy.{id}]\ntext = \"x\"\ndefault = \"{default}\"\n{was}")
    };
    let taken = base.policies.iter().find(|policy| policy.id == "cylindrical-150");
    let was = taken.expect("a policy").default_word();
    let other = if was == "both" { "either" } else { "both" };
    let [was, stale] = [was, other].map(|word| format!("was = \"{word}\"\n"));
    let of = |default: &str, was: &str| policy("cylindrical-150", default, was);
    let changed = "`cylindrical-150` has its reading changed, and `cylindrical-150` has its";
    check(
        &[&of(other, "")],
        &["`cylindrical-150` means something in the base", "o0.toml:", "was ="],
    );
    check(&[&of(other, &stale)], &["the base does not read", "o0.toml:", "it reads"]);
    check(&[&of(other, &was)], &[]);
    check(&[&of(other, &was), &of(other, &was)], &[]);
    check(&[&policy("another", other, &was)], &["the base has no policy `another`"]);
    check(&[&of(other, &was), &of("open", &was)], &["a condition has to be read in some way"]);
    let again = of(other, &was).replace("\"x\"", "\"y\"");
    check(&[&of(other, &was), &again], &[both[0], both[1], changed]);
    let removed = "remove = [\"cylindrical-150\"]\n";
    let gone = "`cylindrical-150` is removed, and `cylindrical-150` has its reading changed";
    check(&[&of(other, &was), removed], &[both[0], both[1], gone]);
}

#[test]
fn names_that_siblings_give_to_different_things_conflict() {
    let both = ["o0.toml:", "o1.toml:"];
    let define = |letter: &str| {
        format!(
            "[define.\"x\"]\ntext = \"{letter}\"\nwhen = {{ nc_capable = true }}\n\
             [add.clause.\"2B001.{letter}\"]\ntext = \"t\"\nwhen = {{ defined = \"x\" }}\n"
        )
    };
    check(&[&define("q")], &[]);
    check(&[&define("q"), &define("r")], &[both[0], both[1], "`x` means something already"]);
    let dial = |clause: &str, offset: &str| {
        format!("[dial.x]\nmoves = {{ \"{clause}:upr\" = \"{offset}\" }}\n")
    };
    let words = "`x` is a dial of other limits, and `x` is a dial of other limits at";
    let first = dial("2B001.a.1", "+0 um");
    check(&[&first], &[]);
    check(&[&first, &first], &[]);
    check(&[&first, &dial("2B001.a.2", "+0 um")], &[both[0], both[1], words]);
    check(&[&first, &dial("2B001.a.1", "+0.1 um")], &[both[0], both[1], words]);
    // An overlay that names the other as its base knows what it ties anew.
    let base = "list = \"x/a\", edition = \"a\" }";
    let next = overlay("b", &dial("2B001.a.2", "+0 um"))
        .replace("list = \"eu/2B001\", edition = \"current\" }", base);
    let list = stacked("eu/2B001", &[&overlay("a", &first), &next]).expect("one after the other");
    assert_eq!(list.dials.iter().filter(|dial| dial.name == "x").count(), 1);
    // So do two overlays of one name.
    let twins = [overlay("a", &first), overlay("a", "remove = [\"2B001.a.2\"]\n")];
    let said = stacked("eu/2B001", &[&twins[0], &twins[1]]).expect_err("one name");
    assert!(said.contains("two overlays of the stack are `x/a`"), "{said}");
    // A dial goes with the citation of what it moves.
    let relabel = "[relabel]\n\"2B001.a\" = \"2B001.z\"\n";
    let both = stacked("eu/2B001", &[&overlay("a", &first), &overlay("b", relabel)]);
    let list = both.expect("relabelled");
    let dial = list.dials.iter().find(|dial| dial.name == "x").expect("the dial");
    assert_eq!(dial.moves[0].clause, "2B001.z.1");
    assert!(dial.limits(&list).is_ok());
}

#[test]
fn overlays_of_one_edition_are_told_apart() {
    let library = toolgauge::list::Library::shipped().expect("the heads are read");
    let base = library.list("eu/2B001", "current").expect("a list");
    let mut library = library;
    let mut names = Vec::new();
    for (id, upr) in [("x/a", "1.1 um"), ("x/b", "1.2 um"), ("y/e", "1.3 um"), ("z/e", "1.4 um")] {
        let text = overlay("e", &moved(upr)).replace("\"x/e\"", &format!("\"{id}\""));
        let file = format!("{id}.toml");
        names.push(library.stack("eu/2B001", &[(file, text)]).expect("a list"));
    }
    let expected = ["x/a@e", "x/b@e", "y/e", "z/e"];
    assert_eq!(names, expected.map(|label| format!("eu/2B001@current+{label}")));
    // Each is found by its name, in one library, and says what it changes.
    for (name, upr) in names.iter().zip(["1.1", "1.2", "1.3", "1.4"]) {
        let header = library.named(name).expect("a list");
        let list = library.list(&header.id, &header.edition).expect("a list");
        let changes = toolgauge::list::changes(&base, &list);
        let now = changes[0].now.as_deref().unwrap_or_default();
        assert!(changes.len() == 1 && now.contains(&format!("at most {upr} µm")), "{name}: {now}");
    }
}
