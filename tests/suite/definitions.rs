//! Definitions: conditions with a name that a list or an overlay makes, and clauses refer to.

use std::process::Command;

use toolgauge::assess::{Verdict, classify};
use toolgauge::list::{List, condition_words, parse_list};
use toolgauge::machine::{Axis, AxisKind, Machine};

use crate::naive::point;
use crate::proposals::stacked;
use crate::random::{evaluator, reading, tenths};

const HEAD: &str = "format = 1\nkind = \"proposal\"\nlist = \"x/1\"\nedition = \"a\"\n\
    jurisdiction = \"X\"\ntitle = \"t\"\ncarrier = \"c\"\nroot = \"1\"\nsource = \"s\"\n";
const FINE: &str = "[define.fine]\ntext = \"a fine machine\"\n\
    when = { axis = { some = \"linear\", upr = { at_most = \"1 um\" } } }\n";

fn parsed(text: &str) -> Result<List, String> {
    parse_list("x.toml", &format!("{HEAD}{text}"), &mut |_| Err(Vec::new()))
        .map_err(|errors| errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
}

fn overlay(text: &str) -> String {
    let head = HEAD.replace("root = \"1\"", "root = \"2B001\"");
    format!("{head}base = {{ list = \"eu/2B001\", edition = \"current\" }}\n{text}")
}

fn machine(upr: u64) -> Machine {
    Machine {
        axes: vec![Axis::named("X", Some(AxisKind::Linear))],
        axes_complete: true,
        readings: vec![reading("upr", Some(0), point(tenths(upr, "µm")))],
        ..Machine::default()
    }
}

#[test]
fn a_definition_stands_for_its_condition() {
    let clause = "[clause.\"1\"]\ntext = \"t\"\nwhen = { defined = \"fine\" }\n";
    let moved = "[clause.\"1\"]\ntext = \"t\"\n\
        when = { defined = \"fine\", shift = { upr = \"0.5 um\" } }\n";
    let not = "[clause.\"1\"]\ntext = \"t\"\nwhen = { not = { clause = \"fine\" } }\n";
    for (text, upr, captured) in [
        (clause, 10, true),
        (clause, 11, false),
        (moved, 15, true),
        (moved, 16, false),
        (not, 10, false),
        (not, 11, true),
    ] {
        let list = parsed(&format!("{clause}{FINE}").replace(clause, text)).expect("a list");
        let found = classify(&evaluator(list), &[machine(upr)]);
        let wanted = if captured { Verdict::Captured } else { Verdict::NotCaptured };
        assert_eq!(found[0].outcomes[0].verdict, wanted, "{text} at {upr}");
        // A definition excludes nothing.
        assert_eq!(found[0].outcomes[0].notes, Vec::<String>::new());
    }
}

#[test]
fn a_definition_is_shown_and_proved() {
    let text = format!("{FINE}[clause.\"1\"]\ntext = \"t\"\nwhen = {{ defined = \"fine\" }}\n");
    let list = parsed(&text).expect("a list");
    assert_eq!(condition_words(&list.clauses[0].when), "fine holds");
    let shown = toolgauge::report::list_text(&list);
    assert!(shown.contains("Definitions\n\nfine\n    a fine machine\n    means: "), "{shown}");
    let folder = tempfile::tempdir().expect("a folder");
    let file = |name: &str, text: &str| std::fs::write(folder.path().join(name), text);
    file("l.toml", &format!("{HEAD}{text}")).expect("written");
    file("m.csv", "id,axes,axes_complete,upr_x_um\na,X,yes,0.9\n").expect("written");
    let output = Command::new(env!("CARGO_BIN_EXE_toolgauge"))
        .args(["explain", "m.csv", "--list", "l.toml", "--basis", "stated"])
        .current_dir(folder.path())
        .output()
        .expect("the program starts");
    let proof = String::from_utf8(output.stdout).expect("UTF-8");
    assert!(proof.contains("[holds] definition fine: a fine machine"), "{proof}");
}

#[test]
fn an_overlay_defines_changes_and_removes_definitions() {
    let add = "[add.clause.\"2B001.z\"]\ntext = \"t\"\nwhen = { defined = \"fine\" }\n";
    let first = overlay(&format!("{FINE}{add}"));
    let list = stacked("eu/2B001", &[&first]).expect("an overlay");
    assert!(list.clause("2B001.z").is_some() && list.note("fine").is_some());
    // A clause that is there may be changed to refer to it.
    let change = "[change.\"2B001.a.1\"]\n\
        was = { axis = { some = \"linear\", upr = { at_most = \"0.9 um\" }, \
        travel = { below = \"1 m\" } } }\n\
        now = { defined = \"fine\" }\n";
    assert!(stacked("eu/2B001", &[&overlay(&format!("{FINE}{change}"))]).is_ok());
    // Another overlay on top changes what the first one defines.
    let second = overlay(
        "[change.fine]\nwas = { axis = { some = \"linear\", upr = { at_most = \"1 um\" } } }\n\
         now = { axis = { some = \"linear\", upr = { at_most = \"2 um\" } } }\n",
    )
    .replace("edition = \"a\"", "edition = \"b\"");
    let both = stacked("eu/2B001", &[&first, &second]).expect("both");
    let words = condition_words(&both.note("fine").expect("it stays").when);
    assert!(words.contains("2 µm"), "{words}");
    // What is defined twice conflicts, and both places are shown.
    let again = overlay(&format!("{FINE}{add}").replace("2B001.z", "2B001.y"))
        .replace("edition = \"a\"", "edition = \"b\"");
    let error = stacked("eu/2B001", &[&first, &again]).expect_err("twice");
    assert!(error.contains("`fine` means something already"), "{error}");
    assert!(error.contains("o0.toml:") && error.contains("o1.toml:"), "{error}");
    // What is removed is missed where something refers to it.
    let gone = overlay("remove = [\"fine\"]\n").replace("edition = \"a\"", "edition = \"b\"");
    let error = stacked("eu/2B001", &[&first, &gone]).expect_err("missed");
    assert!(error.contains("no clause, note or definition `fine`"), "{error}");
}

#[test]
fn what_is_wrong_with_a_definition_is_said() {
    let clause = |when: &str| format!("[clause.\"1\"]\ntext = \"t\"\nwhen = {{ {when} }}\n");
    let own = "[define.\"1\"]\ntext = \"t\"\nwhen = { nc_capable = true }\n";
    let empty = "[define.fine]\ntext = \"t\"\n";
    let itself = "[define.fine]\ntext = \"t\"\nwhen = { defined = \"fine\" }\n";
    let (a, b) = (
        "[define.a]\ntext = \"t\"\nwhen = { defined = \"b\" }\n",
        "[define.b]\ntext = \"t\"\nwhen = { not = { defined = \"a\" } }\n",
    );
    let note = "[note.n]\ntext = \"t\"\nkind = \"excludes\"\nfrom = [\"1\"]\n\
                when = { clause = \"n\" }\n";
    for (text, wanted) in [
        (clause("nc_capable = true") + FINE, "definition `fine` is used nowhere"),
        (clause("defined = \"fin\"") + FINE, "did you mean `fine`?"),
        (clause("defined = \"1\"") + own, "has the name of a clause"),
        (clause("defined = \"fine\"") + empty, "definition `fine` has no condition"),
        (clause("defined = \"fine\"") + itself, "definition `fine` rests on itself"),
        (clause("defined = \"a\"") + a + b, "definition `a` rests on itself"),
        (clause("nc_capable = true") + note, "note `n` rests on itself"),
        (clause("nc_capable = true") + &FINE.replace("when", "wen"), "unknown key `wen`"),
        (
            clause("defined = \"fine\"") + &FINE.replace("um", "kg"),
            "definition `fine`: `upr` is a length",
        ),
        (
            clause("defined = \"fine\", clause = \"fine\", shift = { upr = \"1 um\" }") + FINE,
            "of which?",
        ),
    ] {
        let error = parsed(&text).expect_err(&text);
        assert!(error.contains(wanted), "{wanted}: {error}");
    }
}

const FINE_AXIS: &str = "[define.fine-axis]\nof = \"axis\"\ntext = \"a fine axis\"\n\
    when = { upr = { at_most = \"1 um\" }, any = [{ travel = { below = \"1 m\" } }, \
    { letter = [\"X\"] }] }\n";

#[test]
fn a_definition_of_one_axis_stands_within_conditions_on_axes() {
    let clause =
        |axis: &str| format!("[clause.\"1\"]\ntext = \"t\"\nwhen = {{ axis = {{ {axis} }} }}\n");
    let some = clause("some = \"linear\", defined = \"fine-axis\"");
    let moved = clause("some = \"linear\", defined = \"fine-axis\", shift = { upr = \"0.5 um\" }");
    let not = clause("some = \"linear\", not = { defined = \"fine-axis\" }");
    let every = clause("every = \"linear\", any = [{ defined = \"fine-axis\" }]");
    let with = clause("some = \"linear\", defined = \"fine-axis\", letter = [\"Y\"]");
    // A definition of an axis within one of the machine, and within another one of an axis.
    let nested = "[define.machine]\ntext = \"t\"\nwhen = { axis = { some = \"linear\", defined = \
                  \"finest\" } }\n[define.finest]\nof = \"axis\"\ntext = \"t\"\n\
                  when = { defined = \"fine-axis\", letter = [\"X\"] }\n\
                  [clause.\"1\"]\ntext = \"t\"\nwhen = { defined = \"machine\" }\n";
    for (text, upr, captured) in [
        (some.as_str(), 10, true),
        (&some, 11, false),
        (&moved, 15, true),
        (&moved, 16, false),
        (&not, 10, false),
        (&not, 11, true),
        (&every, 10, true),
        (&every, 11, false),
        (&with, 5, false),
        (nested, 10, true),
        (nested, 11, false),
    ] {
        let list = parsed(&format!("{text}{FINE_AXIS}")).expect("a list");
        let found = classify(&evaluator(list), &[machine(upr)]);
        let wanted = if captured { Verdict::Captured } else { Verdict::NotCaptured };
        assert_eq!(found[0].outcomes[0].verdict, wanted, "{text} at {upr}");
        assert_eq!(found[0].outcomes[0].notes, Vec::<String>::new());
    }
    // The list with the condition written out says the same.
    let list = parsed(&format!("{some}{FINE_AXIS}")).expect("a list");
    let written = FINE_AXIS.split("when = {").nth(1).expect("a condition").trim();
    let written = written.strip_suffix('}').expect("a table");
    let plain = parsed(&clause(&format!("some = \"linear\", {written}"))).expect("a list");
    for upr in 5..20 {
        let verdict = |list: &List| {
            classify(&evaluator(list.clone()), &[machine(upr)])[0].outcomes[0].verdict
        };
        assert_eq!(verdict(&list), verdict(&plain), "{upr}");
    }
    // It is shown, its limit can be turned, and an overlay changes it.
    let shown = toolgauge::report::list_text(&list);
    assert!(shown.contains("fine-axis\n    a fine axis\n    means of an axis: UPR at"), "{shown}");
    let dial = toolgauge::list::Dial::read(&list, "fine-axis:upr").expect("a dial");
    assert_eq!(dial.value(&list).expect("a value").count(), 1_000_000);
    let error = toolgauge::list::Dial::read(&list, "1:upr").expect_err("it stands elsewhere");
    assert!(error.to_string().contains("it refers to `fine-axis`: `fine-axis:upr`"), "{error}");
    let add = "[add.clause.\"2B001.z\"]\ntext = \"t\"\n\
               when = { axis = { some = \"linear\", defined = \"fine-axis\" } }\n";
    let first = overlay(&format!("{FINE_AXIS}{add}"));
    let second = overlay(
        "[change.fine-axis]\nwas = { upr = { at_most = \"0.001 mm\" } }\n\
         now = { upr = { at_most = \"2 um\" } }\n",
    )
    .replace("edition = \"a\"", "edition = \"b\"");
    let both = stacked("eu/2B001", &[&first, &second]).expect("both");
    let words = condition_words(&both.note("fine-axis").expect("it stays").when);
    assert!(words.starts_with("UPR at most 2 µm"), "{words}");
    // Its proof stands axis by axis.
    let folder = tempfile::tempdir().expect("a folder");
    let file = |name: &str, text: &str| std::fs::write(folder.path().join(name), text);
    file("l.toml", &format!("{HEAD}{some}{FINE_AXIS}")).expect("written");
    file("m.csv", "id,axes,axes_complete,upr_x_um,upr_y_um\na,X/Y,yes,0.9,3\n").expect("written");
    let output = Command::new(env!("CARGO_BIN_EXE_toolgauge"))
        .args(["explain", "m.csv", "--list", "l.toml", "--basis", "stated", "--full"])
        .current_dir(folder.path())
        .output()
        .expect("the program starts");
    let proof = String::from_utf8(output.stdout).expect("UTF-8");
    assert!(proof.contains("[holds] definition fine-axis: a fine axis"), "{proof}");
    assert!(proof.contains("[fails] definition fine-axis: a fine axis"), "{proof}");
}

#[test]
fn where_a_definition_may_not_stand_is_said() {
    let clause = |when: &str| format!("[clause.\"1\"]\ntext = \"t\"\nwhen = {{ {when} }}\n");
    let limit = "axis = { some = \"linear\", upr = { at_most = { defined = \"fine\" } } }";
    for (text, wanted, help) in [
        (
            clause("defined = \"fine-axis\"") + FINE_AXIS,
            "clause `1`: `fine-axis` is about one axis, and this is the machine",
            "axis = { some = \"linear\", defined = \"fine-axis\" }",
        ),
        (
            clause("axis = { some = \"linear\", defined = \"fine\" }") + FINE,
            "clause `1`: `fine` is about the machine, and this is one axis",
            "of = \"axis\"",
        ),
        (
            clause("axis = { some = \"linear\", clause = \"1\" }"),
            "`clause` is about the machine and cannot stand within `axis`",
            "[define.NAME] with of = \"axis\"",
        ),
        (
            clause("defined = \"fine\"")
                + "[define.fine]\ntext = \"t\"\n\
                when = { upr = { at_most = \"1 um\" } }\n",
            "definition `fine`: `upr` belongs to a linear axis",
            "a definition of one axis says of = \"axis\"",
        ),
        (
            clause(limit) + FINE,
            "a definition stands for a condition, not for a limit",
            "a [dial.NAME] moves limits of several clauses together",
        ),
        (
            clause("axis = { some = \"linear\", defined = \"fine-axis\" }")
                + &FINE_AXIS.replace("\"axis\"", "\"spindle\""),
            "`spindle` is not what a definition is of",
            "write `machine` or `axis`",
        ),
        (
            clause("axis = { some = \"linear\", defined = \"fine-axis\" }")
                + &FINE_AXIS.replace("when = {", "when = { some = \"linear\","),
            "`some` says how many axes, and this is about one axis",
            "where the condition on axes begins",
        ),
        (
            clause(
                "axis = { some = \"linear\", any = [{ every = \"linear\", \
                 upr = { at_most = \"1 um\" } }] }",
            ),
            "`every` says how many axes, and this is about one axis",
            "where the condition on axes begins",
        ),
        (
            clause("axis = { some = \"linear\", defined = \"a\" }")
                + "[define.a]\nof = \"axis\"\ntext = \"t\"\nwhen = { not = { defined = \"a\" } }\n",
            "definition `a` rests on itself",
            "a → a",
        ),
        (
            clause("nc_capable = true") + FINE_AXIS,
            "definition `fine-axis` is used nowhere",
            "defined",
        ),
    ] {
        let error = parsed(&text).expect_err(&text);
        assert!(error.contains(wanted) && error.contains(help), "{wanted}: {error}");
    }
    // Numbers of a text that stand in the definition it refers to are not left behind.
    let text = "[clause.\"1\"]\ntext = \"UPR at most 1 um, travel below 2 m\"\nwhen = { axis = { \
                some = \"linear\", defined = \"fine-axis\", travel = { below = \"2 m\" } } }\n";
    let list = parsed(&format!("{text}{FINE_AXIS}")).expect("a list");
    assert_eq!(toolgauge::list::stale_numbers(&list), []);
    let list = parsed(&format!("{text}{FINE_AXIS}").replace("most 1 um", "most 3 um"));
    let stale = toolgauge::list::stale_numbers(&list.expect("a list"));
    assert_eq!(stale, [("1".to_owned(), "3 um".to_owned())]);
}
