//! Regions where two lists differ, for people and as rows.

use std::fmt::Write as _;

use super::csv::rows_csv;
use crate::assess::{Region, Regions};
use crate::error::Result;
use crate::machine::Machine;
use crate::record::NOTICE;

/// What two lists are to each other, as far as the space was searched.
fn relations(found: &Regions) -> Vec<String> {
    let [gain, loss, both] = found.whole;
    let [first, second] = &found.lists;
    let mut out = Vec::new();
    let said = |regions: &[&Region], whole: bool| match (regions, whole) {
        ([], true) => "yes",
        ([], false) => "no difference found, but not all was searched",
        (some, _) if some.iter().any(|region| region.supposed.is_empty()) => "no",
        _ => "not if undecided text is read as the boxes say",
    };
    let (gained, lost): (Vec<&Region>, Vec<&Region>) =
        (found.gain.iter().collect(), found.loss.iter().collect());
    let both_ways: Vec<&Region> = gained.iter().chain(&lost).copied().collect();
    let shared: Vec<&Region> = found.both.iter().collect();
    out.push(format!("they capture the same machines: {}", said(&both_ways, gain && loss)));
    out.push(format!("all that {first} captures, {second} does: {}", said(&lost, loss)));
    out.push(format!("all that {second} captures, {first} does: {}", said(&gained, gain)));
    out.push(format!("no machine is captured by both: {}", said(&shared, both)));
    out
}

/// Regions for people.
pub fn regions_text(found: &Regions) -> String {
    let [first, second] = &found.lists;
    let mut out = format!("{second}  against  {first}\n\n");
    for line in relations(found) {
        let _ = writeln!(out, "{line}");
    }
    let [only_first, only_second] = &found.apart;
    if !only_first.is_empty() && !only_second.is_empty() {
        let _ = writeln!(
            out,
            "\nThey test different parameters: {} against {}. What one says of a parameter that \
             the other does not test, the boxes leave open; `toolgauge measure convert` says what \
             the sound bounds between figures still allow.",
            only_first.join(", "),
            only_second.join(", ")
        );
    }
    for (title, regions, whole) in
        [("gain", &found.gain, found.whole.first()), ("loss", &found.loss, found.whole.get(1))]
    {
        if regions.is_empty() {
            continue;
        }
        let more = if whole == Some(&true) { "" } else { ", and more" };
        let _ = writeln!(out, "\n{title}: {} boxes{more}", regions.len());
        for (at, region) in regions.iter().enumerate() {
            let _ = writeln!(out, "\n  {title} {}", at + 1);
            out += &box_text(region);
        }
    }
    if let Some(region) = &found.both {
        out += "\ncaptured by both, for one\n\n";
        out += &box_text(region);
    }
    let _ = write!(out, "\n{NOTICE}\n");
    out
}

fn box_text(region: &Region) -> String {
    let mut out = String::new();
    for line in &region.machine {
        let _ = writeln!(out, "    {line}");
    }
    for (at, axis) in region.axes.iter().enumerate() {
        let what = if axis.is_empty() { "anything".to_owned() } else { axis.join(" and ") };
        let _ = writeln!(out, "    axis {}: {what}", at + 1);
    }
    for line in supposed(region) {
        let _ = writeln!(out, "    {line}");
    }
    let further = if region.further { "whatever other axes there are" } else { "no other axis" };
    let _ = writeln!(out, "    {further}");
    let [was, now] = region.replayed;
    let _ = writeln!(
        out,
        "    witness: {} ({}, then {})",
        witness(&region.witness),
        was.word(),
        now.word()
    );
    out
}

/// What a box takes undecided text to say.
fn supposed(region: &Region) -> Vec<String> {
    let line = |(text, applies): &(String, bool)| {
        let so = if *applies { "taken to apply" } else { "taken not to apply" };
        format!("undecided text {so}: {text}")
    };
    region.supposed.iter().map(line).collect()
}

/// A machine as a line of a spec sheet: `parameter=value`.
pub(super) fn witness(machine: &Machine) -> String {
    let mut cells: Vec<String> = Vec::new();
    let labels: Vec<&str> = machine.axes.iter().map(|axis| axis.label.as_str()).collect();
    cells.push(format!("axes={}", labels.join(" ")));
    cells.push(format!("axes_complete={}", if machine.axes_complete { "yes" } else { "no" }));
    for reading in &machine.readings {
        let axis = reading.axis.and_then(|axis| machine.axes.get(usize::from(axis)));
        let of = axis.map_or_else(String::new, |axis| format!("_{}", axis.label.to_lowercase()));
        let name = reading.parameter.row().name;
        cells.push(format!("{name}{of}={}", crate::assess::reading_text(reading)));
    }
    cells.join("; ")
}

/// Regions as JSON.
pub fn regions_json(found: &Regions) -> serde_json::Value {
    let one = |region: &Region| {
        let [was, now] = region.replayed;
        serde_json::json!({
            "machine": region.machine, "supposed": supposed(region),
            "axes": region.axes, "other_axes": region.further,
            "witness": witness(&region.witness), "under_first": was.word(),
            "under_second": now.word(),
        })
    };
    let all = |regions: &[Region]| regions.iter().map(one).collect::<Vec<_>>();
    let [first, second] = &found.lists;
    serde_json::json!({
        "first": first, "second": second, "notice": NOTICE, "whole": found.whole,
        "gain": all(&found.gain), "loss": all(&found.loss), "both": found.both.as_ref().map(one),
        "relations": relations(found),
    })
}

/// Regions as CSV: a row a box.
pub fn regions_csv(found: &Regions) -> Result<String> {
    let row = |(side, region): (&str, &Region)| {
        let axes: Vec<String> = region.axes.iter().map(|axis| axis.join(" and ")).collect();
        let [was, now] = region.replayed;
        let [first, second] = &found.lists;
        let further = if region.further { "any" } else { "none" };
        let machine = [region.machine.clone(), supposed(region)].concat().join(" and ");
        [first, second, side, &machine, &axes.join("; "), further, &witness(&region.witness)]
            .into_iter()
            .map(str::to_owned)
            .chain([was.word().to_owned(), now.word().to_owned()])
            .collect::<Vec<String>>()
    };
    let gain = found.gain.iter().map(|region| ("gain", region));
    let loss = found.loss.iter().map(|region| ("loss", region));
    let header = [
        "first",
        "second",
        "side",
        "machine",
        "axes",
        "other_axes",
        "witness",
        "under_first",
        "under_second",
    ];
    let both = found.both.iter().map(|region| ("both", region));
    rows_csv(&header, gain.chain(loss).chain(both).map(row))
}
