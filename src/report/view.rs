//! The view for a meeting.

use std::fmt::Write as _;

use super::compare::weight_text;
use super::csv::rows_csv;
use super::ground::Columns;
use super::table::table;
use crate::assess::{Captured, Overlap, Tally, View};
use crate::error::Result;
use crate::quantity::counted;
use crate::record::NOTICE;

const MARK: &str = "ILLUSTRATION: a profile, not law";

fn shown(captured: &Captured) -> String {
    let open = captured.possible.machines - captured.certain.machines;
    if open == 0 {
        captured.certain.machines.to_string()
    } else {
        format!("{} + {open}?", captured.certain.machines)
    }
}

/// The same with the weight behind it.
fn weighty(captured: &Captured, weighed: bool) -> String {
    if !weighed {
        return shown(captured);
    }
    let (certain, possible) = (captured.certain.weight, captured.possible.weight);
    let open = Tally { machines: 0, weight: possible - certain };
    let certain = weight_text(captured.certain);
    let open = if open.weight == 0 { String::new() } else { format!(" + {}?", weight_text(open)) };
    format!("{} ({certain}{open})", shown(captured))
}

fn weighed_count(tally: Tally, weighed: bool) -> String {
    let weight = if weighed { format!(" ({})", weight_text(tally)) } else { String::new() };
    format!("{}{weight}", tally.machines)
}

/// A view for people; `names` lists the machines of the gap.
pub fn view_text(view: &View, names: bool, columns: &Columns) -> String {
    let weighed = !columns.weight.is_empty();
    let mut out = format!("{MARK}\n{}\n\n", view.profile);
    let count = view.machines.machines;
    let all = weighed_count(view.machines, weighed);
    let weights = if weighed { " (weight)" } else { "" };
    let own = if weighed { format!(" ({})", weight_text(view.machines)) } else { String::new() };
    let machines = counted(count, "machine");
    let _ = writeln!(out, "{machines}{own}; certain, + undecided?{weights}");
    let _ = columns.text().iter().try_for_each(|text| writeln!(out, "{text}"));
    out.push('\n');
    let mut header = vec!["type"];
    header.extend(view.tiers.iter().map(String::as_str));
    let rows: Vec<Vec<String>> = view
        .types
        .iter()
        .zip(&view.cells)
        .map(|(kind, cells)| {
            let cell = |cell: &Option<Captured>| {
                let shown = |cell| weighty(cell, weighed);
                cell.as_ref().map_or("·".to_owned(), shown)
            };
            std::iter::once(kind.clone()).chain(cells.iter().map(cell)).collect()
        })
        .collect();
    out += &table(&header, &rows, 1);
    let _ = writeln!(out, "\n\nin the profile: {} of {all}\n", weighty(&view.all, weighed));
    let rows: Vec<Vec<String>> = view
        .groups
        .iter()
        .take(40)
        .map(|(what, name, captured)| {
            vec![(*what).to_owned(), name.clone(), weighty(captured, weighed)]
        })
        .collect();
    out += &table(&["by", "which", "in the profile"], &rows, 2);
    if view.groups.len() > 40 {
        let more = counted(view.groups.len() - 40, "more group");
        let _ = write!(out, "\nand {more}; --format csv writes all");
    }
    out += "\n\nOverlap with the lists of each jurisdiction\n\n";
    out += &overlaps(&view.overlaps, "lists of", weighed);
    out += "\n\nOverlap with the items of each regime, in whoever's list\n\n";
    out += &overlaps(&view.regimes, "items of", weighed);
    let withheld = |one: &Overlap| one.withheld.machines > 0;
    if view.overlaps.iter().chain(&view.regimes).any(withheld) {
        out += "\n\nwithheld: of those undecided, the machines that the lists would not capture, \
                were their text verified to\nthe day and read, not remembered \
                (--accept-unverified, --accept-remembered)";
    }
    out += &gap_text(view, weighed);
    if names {
        for id in &view.gap_ids {
            let _ = writeln!(out, "  {id}");
        }
    }
    let hidden = view.all.possible.machines - view.all.certain.machines;
    let part = 100.0 * hidden as f64 / count.max(1) as f64;
    let machines = counted(hidden, "machine");
    let _ = write!(out, "\nWhat the sheets do not say hides {machines} ({part:.0} %):\n\n");
    let rows: Vec<Vec<String>> = view
        .missing
        .iter()
        .take(12)
        .map(|(name, count)| vec![name.clone(), count.to_string()])
        .collect();
    out += &table(&["missing", "machines that depend on it"], &rows, 1);
    let _ = write!(out, "\n\n{MARK}\n{NOTICE}\n");
    out
}

/// The gap between the profile and the lists, and how much of what is undecided there is withheld.
fn gap_text(view: &View, weighed: bool) -> String {
    let of_these = match view.gap_withheld.machines {
        0 => String::new(),
        _ => format!("; of the undecided, withheld: {}", weighed_count(view.gap_withheld, weighed)),
    };
    format!(
        "\n\nThe gap: in the profile and captured by no list, where only catch-all controls apply: \
         {}{of_these}\n",
        weighty(&view.gap, weighed)
    )
}

/// How the profile and the lists of each jurisdiction go together.
fn overlaps(all: &[Overlap], whose: &str, weighed: bool) -> String {
    let row = |one: &Overlap| {
        let sides = [one.both, one.profile_only, one.lists_only, one.neither];
        let tallies = sides.into_iter().chain([one.open, one.withheld]);
        let counts = tallies.map(|tally| weighed_count(tally, weighed));
        std::iter::once(one.jurisdiction.clone()).chain(counts).collect()
    };
    let rows: Vec<Vec<String>> = all.iter().map(row).collect();
    let header =
        [whose, "both", "profile only", "lists only", "neither", "undecided", "of these withheld"];
    table(&header, &rows, 1)
}

/// A view as CSV: a row for each number.
pub fn view_csv(view: &View, names: bool, columns: &Columns) -> Result<String> {
    let mut rows: Vec<Vec<String>> = Vec::new();
    let mut push = |what: &str, which: &str, tier: &str, certain: Tally, possible: Tally| {
        let counts = [certain.machines, possible.machines].map(|count| count.to_string());
        let weights = [certain, possible].map(weight_text);
        let words = [MARK, what, which, tier].map(str::to_owned);
        let tail = [columns.weight.clone()];
        rows.push(words.into_iter().chain(counts).chain(weights).chain(tail).collect());
    };
    push("machines", "", "", view.machines, view.machines);
    push("profile", "", "", view.all.certain, view.all.possible);
    for (kind, cells) in view.types.iter().zip(&view.cells) {
        for (tier, cell) in view.tiers.iter().zip(cells) {
            if let Some(cell) = cell {
                push("cell", kind, tier, cell.certain, cell.possible);
            }
        }
    }
    for (what, name, captured) in &view.groups {
        push(what, name, "", captured.certain, captured.possible);
    }
    let of_regimes = view.regimes.iter().map(|one| ("regime overlap", one));
    for (whose, one) in view.overlaps.iter().map(|one| ("overlap", one)).chain(of_regimes) {
        for (what, tally) in [
            ("both", one.both),
            ("profile only", one.profile_only),
            ("lists only", one.lists_only),
            ("neither", one.neither),
            ("undecided", one.open),
            ("withheld", one.withheld),
        ] {
            push(whose, &one.jurisdiction, what, tally, tally);
        }
    }
    push("gap", "", "", view.gap.certain, view.gap.possible);
    push("gap withheld", "", "", view.gap_withheld, view.gap_withheld);
    if names {
        let one = Tally { machines: 1, weight: 0 };
        view.gap_ids.iter().for_each(|id| push("gap machine", id, "", one, one));
    }
    for (name, count) in &view.missing {
        let tally = Tally { machines: *count, weight: 0 };
        push("missing", name, "", Tally::default(), tally);
    }
    let header = [
        "mark",
        "what",
        "which",
        "tier",
        "certain",
        "possible",
        "certain_weight",
        "possible_weight",
        "weight_column",
    ];
    rows_csv(&header, rows.into_iter())
}

/// A view as JSON; `names` lists the machines of the gap.
pub fn view_json(view: &View, names: bool, columns: &Columns) -> serde_json::Value {
    let tally = |tally: Tally| {
        let weight = weight_text(tally);
        serde_json::json!({ "machines": tally.machines, "weight": weight })
    };
    let captured = |captured: &Captured| {
        serde_json::json!({ "certain": tally(captured.certain),
            "possible": tally(captured.possible) })
    };
    let cells = view.types.iter().zip(&view.cells).flat_map(|(kind, cells)| {
        view.tiers.iter().zip(cells).filter_map(move |(tier, cell)| {
            let cell = captured(cell.as_ref()?);
            Some(serde_json::json!({ "type": kind, "tier": tier, "in": cell }))
        })
    });
    let groups = view.groups.iter().map(
        |(what, name, of)| serde_json::json!({ "by": what, "which": name, "in": captured(of) }),
    );
    let overlap = |whose: &str, one: &Overlap| {
        serde_json::json!({ whose: one.jurisdiction, "both": tally(one.both),
            "profile_only": tally(one.profile_only), "lists_only": tally(one.lists_only),
            "neither": tally(one.neither), "undecided": tally(one.open),
            "withheld": tally(one.withheld) })
    };
    let overlaps = view.overlaps.iter().map(|one| overlap("jurisdiction", one));
    let regimes = view.regimes.iter().map(|one| overlap("regime", one));
    let missing = view
        .missing
        .iter()
        .map(|(name, count)| serde_json::json!({ "missing": name, "machines": count }));
    serde_json::json!({
        "mark": MARK, "notice": NOTICE, "profile": view.profile,
        "weight_column": columns.weight,
        "machines": tally(view.machines), "all": captured(&view.all),
        "cells": cells.collect::<Vec<_>>(), "groups": groups.collect::<Vec<_>>(),
        "overlap": overlaps.collect::<Vec<_>>(),
        "regime_overlap": regimes.collect::<Vec<_>>(), "gap": captured(&view.gap),
        "gap_withheld": tally(view.gap_withheld),
        "gap_machines": names.then_some(&view.gap_ids), "missing": missing.collect::<Vec<_>>(),
    })
}
