//! Weights, folded families and names: what a delegate's own columns hold, however odd, against
//! counts that were made by hand.

use std::process::Command;

const HEAD: &str = "format = 1\nedition = \"a\"\ntitle = \"t\"\ncarrier = \"c\"\nroot = \"E\"\n\
    source = \"s\"\n";

/// Milling machines of so many axes.
fn milling(list: &str, jurisdiction: &str, axes: u8) -> String {
    format!(
        "kind = \"control-list\"\nin_force = 2020-01-01\nverified_through = 2025-01-01\n\
         list = \"{list}\"\njurisdiction = \"{jurisdiction}\"\n{HEAD}\
         [clause.\"E\"]\ntext = \"t\"\n\
         when = {{ process = [\"milling\"], contouring_axes = {{ at_least = {axes} }} }}\n"
    )
}

fn profile() -> String {
    format!(
        "kind = \"profile\"\nlist = \"x/p\"\njurisdiction = \"P\"\n{HEAD}\
         [clause.\"E\"]\ntext = \"t\"\njoin = \"any\"\n\
         [clause.\"E.milling\"]\ntext = \"t\"\njoin = \"any\"\n\
         [clause.\"E.milling.five\"]\ntext = \"t\"\n\
         when = {{ process = [\"milling\"], contouring_axes = {{ at_least = 5 }} }}\n\
         [clause.\"E.milling.three\"]\ntext = \"t\"\n\
         when = {{ process = [\"milling\"], contouring_axes = {{ at_least = 3 }} }}\n"
    )
}

const MACHINES: &str = "id,maker,model,country,process,contouring_axes,sold\n\
    a,\"Foo, Inc.\",M1,DE,milling,3,10\n\
    b,\"Foo, Inc.\",M1,DE,milling,5,2.5\n\
    c,日本機械,M1,JP,milling,4,\"1,200\"\n\
    d,=cmd(),,,milling,,7\n\
    e,=cmd(),,,milling,,-4\n\
    f,Bar,M2,JP,milling,2,3 pcs\n\
    g,Bar,M2,JP,milling,,0.5\n\
    h,Bar,M3,JP,milling,2,\n";

const LIMIT: &str = ", contouring_axes = { at_least = 4 }";

const BAR: &str = ", contouring_axes = { at_least = 4 }, bar_capacity = { above = \"42 mm\" }";

const NOTE: &str = "[note.\"E.n\"]\ntext = \"n\"\nkind = \"excludes\"\nfrom = [\"E\"]\n\
    when = { contouring_axes = { at_most = 4 } }\n";

/// A model that is made in two countries, one version of it a lathe.
const FAMILIES: &str = "id,maker,model,country,process,contouring_axes,sold\n\
    a,M,K1,CH,milling,5,10\n\
    b,M,K1,DE,milling,5,5\n\
    c,M,K2,CH,milling,5,7\n\
    d,M,K1,CH,turning,5,1\n";

/// Runs the program among these files; what it answers, and what it says beside.
fn run(arguments: &[&str]) -> (String, String) {
    let folder = tempfile::tempdir().expect("a folder");
    let comma = "format = 1\nkind = \"mapping\"\nname = \"comma\"\n[defaults]\n\
        decimal = \"comma\"\n[column.id]\nto = \"id\"\n";
    for (name, text) in [
        ("m.csv", MACHINES.to_owned()),
        ("comma.csv", MACHINES.replace("\"1,200\"", "\"1,5\"").replace("2.5", "\"2,5\"")),
        ("comma.map.toml", comma.to_owned()),
        ("base.toml", milling("x/b", "AA", 5)),
        ("wide.toml", milling("x/w", "AA", 4)),
        ("any.toml", milling("x/a", "AA", 4).replace(LIMIT, "")),
        ("note.toml", milling("x/n", "AA", 4) + NOTE),
        ("open.toml", milling("x/o", "AA", 4).replace(LIMIT, BAR)),
        ("prof.toml", profile()),
        ("fold.csv", FAMILIES.to_owned()),
    ] {
        std::fs::write(folder.path().join(name), text).expect("written");
    }
    let output = Command::new(env!("CARGO_BIN_EXE_toolgauge"))
        .args(arguments)
        .args(["--basis", "stated"])
        .current_dir(folder.path())
        .output()
        .expect("the program starts");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    (text(output.stdout), text(output.stderr))
}

#[test]
fn a_comparison_weighs_what_moves() {
    let words = ["compare", "m.csv", "--base", "base.toml", "--proposal", "wide.toml", "--names"];
    let weighed = [&words[..], &["--weight", " Sold ", "--format", "json"]].concat();
    let (answer, said) = run(&weighed);
    assert!(said.contains("3 machines have no weight and weigh nothing"), "{said}");
    assert!(said.contains("2 cells are no weight, such as `-4` in line 6"), "{said}");
    let found: serde_json::Value = serde_json::from_str(&answer).expect("JSON");
    let moves = |of: &serde_json::Value| -> Vec<String> {
        let word = |one: &serde_json::Value, key: &str| one[key].as_str().unwrap_or("").to_owned();
        let one = |one: &serde_json::Value| {
            format!("{} {} {}", word(one, "move"), one["machines"], word(one, "weight"))
        };
        of.as_array().expect("moves").iter().map(one).collect()
    };
    let all = ["stays 3 10", "newly captured 1 1200", "stays 3 7.5", "stays 1 2.5"];
    assert_eq!(moves(&found["comparisons"][0]["moves"]), all);
    assert_eq!(found["comparisons"][0]["machines"].as_array().map(Vec::len), Some(1));
    assert_eq!(found["comparisons"][0]["machines"][0][0], "c");
    let groups = found["comparisons"][0]["groups"].as_array().expect("groups");
    let maker = groups.iter().find(|group| group["by"] == "maker").expect("a maker");
    assert_eq!(maker["which"], "日本機械");
    // A number is written as the mapping says: 1,5 is one and a half, and 1,200 would be 1.2.
    let comma = ["compare", "comma.csv", "--mapping", "comma.map.toml", "--base", "base.toml"];
    let rest = ["--proposal", "wide.toml", "--weight", "sold", "--format", "json"];
    let found: serde_json::Value =
        serde_json::from_str(&run(&[&comma[..], &rest].concat()).0).expect("JSON");
    let all = moves(&found["comparisons"][0]["moves"]);
    assert!(all.contains(&"newly captured 1 1.5".to_owned()), "{all:?}");
    assert!(all.contains(&"stays 1 2.5".to_owned()), "{all:?}");
    // A column without any weight is not one to weigh by.
    for column in ["maker", "nosuch", ""] {
        let (answer, said) = run(&[&words[..], &["--weight", column]].concat());
        assert!(answer.is_empty() && said.starts_with("error: "), "{column}: {said}");
    }
}

#[test]
fn what_was_open_and_is_captured_was_newly_decided() {
    let words = ["compare", "m.csv", "--base", "base.toml", "--format", "csv", "--proposal"];
    let (answer, _) = run(&[&words[..], &["wide.toml"]].concat());
    assert!(answer.contains(",not captured,captured,newly captured,1,"), "{answer}");
    let (answer, _) = run(&[&words[..], &["any.toml"]].concat());
    for row in [
        ",all,,not captured,captured,newly captured,4,",
        ",all,,undetermined,captured,newly decided: captured,3,",
    ] {
        assert!(answer.contains(row), "{row}\n{answer}");
    }
    let (answer, _) = run(&[&words[..], &["base.toml"]].concat());
    assert!(!answer.contains("newly"), "{answer}");
}

#[test]
fn a_view_weighs_and_folds_every_count() {
    let words = ["view", "m.csv", "--profile", "prof.toml", "--list", "base.toml", "--names"];
    let view = |more: &[&str]| run(&[&words[..], &["--weight", "sold"], more].concat()).0;
    let text = view(&[]);
    // Of m.csv: a, b, c are in; d, e and g are open; f and h are out.
    for line in [
        "8 machines (1220); certain, + undecided? (weight)",
        "in the profile: 3 + 3? (1212.5 + 7.5?) of 8 (1220)",
        "AA       1 (2.5)       2 (1210)        0 (0)   2 (0)     3 (7.5)",
    ] {
        let squeezed = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(squeezed(&text).contains(&squeezed(line)), "{line}\n{text}");
    }
    assert!(text.contains("\n  a\n  c\n"), "{text}");
    // Folded: a and b are one family that is listed; f and g are one that is open; d and e have no
    // model, and are none.
    let folded: serde_json::Value =
        serde_json::from_str(&view(&["--fold", "--format", "json"])).expect("JSON");
    assert_eq!(folded["machines"]["machines"], 6);
    assert_eq!(folded["machines"]["weight"], "1220");
    let all = &folded["all"];
    assert_eq!(
        (&all["certain"]["machines"], &all["certain"]["weight"]),
        (&2.into(), &"1212.5".into())
    );
    assert_eq!(
        (&all["possible"]["machines"], &all["possible"]["weight"]),
        (&5.into(), &"1220".into())
    );
    assert_eq!(folded["gap_machines"], serde_json::json!(["c"]));
    // What the sheets do not say is counted in families too, and only where it leaves one open.
    assert_eq!(
        folded["missing"],
        serde_json::json!([{ "missing": "contouring_axes", "machines": 3 }])
    );
    let wide = ["view", "m.csv", "--profile", "prof.toml", "--list", "none.toml"];
    assert!(run(&wide).1.contains("none.toml"));
}

#[test]
fn a_folded_family_weighs_in_each_country_and_type_as_much_as_its_versions_there() {
    let words = ["view", "fold.csv", "--profile", "prof.toml", "--list", "base.toml"];
    let groups = |more: &[&str]| -> Vec<(String, String, u64, String)> {
        let words = [&words[..], &["--weight", "sold", "--format", "json"], more].concat();
        let view: serde_json::Value = serde_json::from_str(&run(&words).0).expect("JSON");
        let text = |value: &serde_json::Value| value.as_str().expect("text").to_owned();
        let group = |of: &serde_json::Value| {
            let certain = &of["in"]["certain"];
            let machines = certain["machines"].as_u64().expect("a count");
            (text(&of["by"]), text(&of["which"]), machines, text(&certain["weight"]))
        };
        view["groups"].as_array().expect("groups").iter().map(group).collect()
    };
    let (plain, folded) = (groups(&[]), groups(&["--fold"]));
    for (by, which, before, after) in [
        ("country", "CH", Some((2, "17")), Some((2, "18"))),
        ("country", "DE", Some((1, "5")), Some((1, "5"))),
        ("type on the sheet", "milling, perhaps others", Some((3, "22")), Some((2, "22"))),
        ("type on the sheet", "turning, perhaps others", None, Some((1, "1"))),
        ("maker", "M", Some((3, "22")), Some((2, "23"))),
    ] {
        for (all, expected) in [(&plain, before), (&folded, after)] {
            let own = all.iter().find(|(what, name, ..)| what == by && name == which);
            let own = own.map(|(_, _, machines, weight)| (*machines, weight.as_str()));
            assert_eq!(own, expected, "{by} {which}");
        }
    }
}

#[test]
fn each_machine_that_moves_says_what_moved_it() {
    let why = |base: &str, proposal: &str| -> Vec<(String, String)> {
        let words = ["compare", "m.csv", "--base", base, "--proposal", proposal, "--names"];
        let words = [&words[..], &["--format", "json"]].concat();
        let found: serde_json::Value = serde_json::from_str(&run(&words).0).expect("JSON");
        let text = |value: &serde_json::Value| value.as_str().expect("text").to_owned();
        let movers = found["comparisons"][0]["machines"].as_array().expect("machines");
        movers.iter().map(|mover| (text(&mover[0]), text(&mover[5]))).collect()
    };
    for (base, proposal, expected) in [
        ("base.toml", "wide.toml", &[("c", "contouring_axes 4 axes, at least 4: 0")][..]),
        ("wide.toml", "note.toml", &[("c", "excluded by E.n")]),
        (
            "wide.toml",
            "open.toml",
            &[
                ("b", "contouring_axes 5 axes, at least 4: +1; open on bar_capacity"),
                ("c", "contouring_axes 4 axes, at least 4: 0; open on bar_capacity"),
            ],
        ),
        ("any.toml", "open.toml", &[("b", "meets E; open on bar_capacity")]),
    ] {
        let (there, back) = (why(base, proposal), why(proposal, base));
        assert_eq!(there, back, "{base} {proposal}: the same whichever side is first");
        for (id, words) in expected {
            let own = there.iter().find(|(known, _)| known == id).map(|(_, words)| words.as_str());
            assert_eq!(own, Some(*words), "{base} {proposal} {id}");
        }
        assert!(there.iter().all(|(_, words)| !words.is_empty()), "{there:?}");
    }
}
