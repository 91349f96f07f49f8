//! Figures that an overlay leaves as they were stay as doubtful as they were.

use toolgauge::list::{Checked, Condition, List};
use toolgauge::machine;

use crate::proposals::stacked;

/// `eu/2B001@wa-2014` is remembered; what an overlay on it that was read says of it.
fn overlaid(tables: &str) -> List {
    let text = format!(
        "format = 1\nkind = \"proposal\"\nlist = \"x/a\"\nedition = \"a\"\njurisdiction = \"X\"\n\
         title = \"t\"\ncarrier = \"c\"\nroot = \"2B001\"\nsource = \"s\"\nchecked = \"read\"\n\
         base = {{ list = \"eu/2B001\", edition = \"wa-2014\" }}\n{tables}"
    );
    stacked("eu/2B001@wa-2014", &[&text]).expect("an overlay")
}

/// How sure a clause's test of a parameter is.
fn sure(list: &List, clause: &str, parameter: &str) -> Checked {
    let mut found = Vec::new();
    list.clause(clause).expect("a clause").when.walk(&mut |part| match part {
        Condition::Test(test) if Some(test.parameter) == machine::find(parameter) => {
            found.push(test.checked);
        }
        _ => {}
    });
    assert_eq!(found.len(), 1, "{clause} tests {parameter} once");
    found[0]
}

const READ: Checked = Checked::Read;
const REMEMBERED: Checked = Checked::Remembered;

fn axis(upr: &str, travel: &str) -> String {
    format!(
        "{{ axis = {{ some = \"linear\", upr = {{ at_most = {upr} }}, \
         travel = {{ below = {travel} }} }} }}"
    )
}

#[test]
fn a_change_keeps_the_doubt_of_what_it_restates() {
    let was = axis("\"1.1 um\"", "\"1 m\"");
    let change = |now: &str, more: &str| {
        format!("[change.\"2B001.b.2.a\"]\nwas = {was}\nnow = {now}\n{more}")
    };
    let own = "\"1.1 um\", checked = \"read\"";
    for (tables, upr, travel) in [
        (String::new(), REMEMBERED, REMEMBERED),
        (change(&was, ""), REMEMBERED, REMEMBERED),
        // In other units it is the same figure, under another comparator too.
        (change(&axis("\"1100 nm\"", "\"1000 mm\""), ""), REMEMBERED, REMEMBERED),
        (change(&was.replace("at_most", "below"), ""), REMEMBERED, REMEMBERED),
        (change(&axis("\"1.2 um\"", "\"1 m\""), ""), READ, REMEMBERED),
        (change(&axis("\"1.1 um\"", "\"2 m\""), ""), REMEMBERED, READ),
        (change(&axis("\"1.2 um\"", "\"2 m\""), ""), READ, READ),
        (change(&axis("\"1.1 um\", above = \"1 nm\"", "\"1 m\""), ""), REMEMBERED, REMEMBERED),
        // Who has read it says so, of the clause or of the figure.
        (change(&was, "checked = \"read\"\n"), READ, READ),
        (change(&axis(own, "\"1 m\""), ""), READ, REMEMBERED),
        (
            change(&axis("\"1.2 um\"", "\"2 m\""), "checked = \"secondary\"\n"),
            Checked::Secondary,
            Checked::Secondary,
        ),
    ] {
        let list = overlaid(&tables);
        let found = [sure(&list, "2B001.b.2.a", "upr"), sure(&list, "2B001.b.2.a", "travel")];
        assert_eq!(found, [upr, travel], "{tables}");
    }
}

#[test]
fn an_addition_keeps_the_doubt_of_what_it_repeats_of_what_is_removed() {
    let add = |upr: &str, travel: &str, more: &str| {
        let when = axis(&format!("\"{upr}\""), &format!("\"{travel}\""));
        format!("[add.clause.\"2B001.b.2.q\"]\ntext = \"t\"\nwhen = {when}\n{more}")
    };
    let remove = "remove = [\"2B001.b.2.a\"]\n";
    for (tables, upr, travel) in [
        (format!("{remove}{}", add("1.1 um", "1 m", "")), REMEMBERED, REMEMBERED),
        (format!("{remove}{}", add("1.3 um", "1 m", "")), READ, REMEMBERED),
        (format!("{remove}{}", add("1.3 um", "2 m", "")), READ, READ),
        (format!("{remove}{}", add("1.1 um", "1 m", "checked = \"read\"\n")), READ, READ),
        // Taken out of one part by a change, and said again by another.
        (
            format!(
                "[change.\"2B001.b.2.a\"]\nwas = {}\nnow = {}\n{}",
                axis("\"1.1 um\"", "\"1 m\""),
                axis("\"1.3 um\"", "\"1 m\""),
                add("1.1 um", "1 m", "")
            ),
            REMEMBERED,
            READ,
        ),
        // What stays in the base keeps its own doubt; the new clause says its own figures.
        (add("1.1 um", "1 m", ""), READ, READ),
    ] {
        let list = overlaid(&tables);
        let found = [sure(&list, "2B001.b.2.q", "upr"), sure(&list, "2B001.b.2.q", "travel")];
        assert_eq!(found, [upr, travel], "{tables}");
    }
}
