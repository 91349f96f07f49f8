//! What moves between two lists: the texts first, then machines.

use std::fmt::Write as _;

use super::csv::rows_csv;
use super::ground::{Columns, as_of_words};
use super::table::table;
use crate::assess::{Comparison, Moves, Tally, Verdict, WEIGHT_DECIMALS, Withheld};
use crate::catalogue::Catalogue;
use crate::error::Result;
use crate::quantity::{counted, scaled_text};
use crate::record::NOTICE;

pub(super) const ORDER: [Verdict; 3] =
    [Verdict::NotCaptured, Verdict::Undetermined, Verdict::Captured];

/// What a move is called.
pub(super) fn named(was: Verdict, now: Verdict) -> &'static str {
    match (was, now) {
        (was, now) if was == now => "stays",
        (Verdict::Undetermined, Verdict::Captured) => "newly decided: captured",
        (_, Verdict::Captured) => "newly captured",
        (Verdict::Captured, Verdict::NotCaptured) => "released",
        (Verdict::Captured, Verdict::Undetermined) => "newly undecided: was captured",
        (_, Verdict::Undetermined) => "newly undecided: was not captured",
        (Verdict::Undetermined, _) => "newly decided: not captured",
        _ => "",
    }
}

/// The weight of a tally in words.
pub(super) fn weight_text(tally: Tally) -> String {
    scaled_text(tally.weight, WEIGHT_DECIMALS)
}

pub(super) fn tally(moves: &Moves, was: Verdict, now: Verdict) -> Tally {
    let row = moves.get(usize::from(was.code()));
    row.and_then(|row| row.get(usize::from(now.code()))).copied().unwrap_or_default()
}

/// A comparison for people.
pub fn comparison_text(
    found: &Comparison,
    catalogue: &Catalogue,
    names: bool,
    columns: &Columns,
) -> String {
    let weighed = !columns.weight.is_empty();
    let mut out = format!("{}  against  {}\n", found.second, found.first);
    let [first, second] = days(found).map(|day| as_of_words(&day));
    let _ = writeln!(out, "{second}, against {first}; {}", catalogue.file);
    let _ = columns.text().iter().try_for_each(|text| writeln!(out, "{text}"));
    let law = found.text.iter().filter(|change| change.law).count();
    if found.text.is_empty() {
        out += "\nThe texts say the same.\n";
    } else {
        let words = found.text.len() - law;
        let _ = writeln!(out, "\nThe text: {}, {words} in words only\n", differ(law));
        for change in &found.text {
            let words =
                if change.law { "" } else { "  (the words only; the condition is the same)" };
            let _ = writeln!(out, "{} {}{words}", change.kind, change.id);
            for (side, text) in [("was", &change.was), ("now", &change.now)] {
                let _ = writeln!(out, "    {side}: {}", text.as_deref().unwrap_or("nothing"));
            }
        }
    }
    for [list, id, number] in &found.stale {
        let _ = writeln!(out, "\nwarning: {list}: {id}: the text says {number}, not the condition");
    }
    out += &moved(found, catalogue, weighed);
    out.push('\n');
    for [list, machines, why] in withheld_rows(found) {
        let _ = writeln!(
            out,
            "\n{list}: {machines} of the undetermined would be not captured; withheld: {why}"
        );
    }
    if found.movers.is_empty() {
        let open = tally(&found.moves, Verdict::Undetermined, Verdict::Undetermined).machines;
        out += &unmoved(law, open);
    } else {
        out.push('\n');
        out += &groups(found, weighed);
        out.push('\n');
    }
    if names && !found.movers.is_empty() {
        out.push('\n');
        let rows: Vec<Vec<String>> = mover_rows(found, catalogue);
        out += &table(&["machine", "was", "now", "move", "clauses", "why"], &rows, usize::MAX);
        out.push('\n');
    }
    let _ = write!(out, "\n{NOTICE}\n");
    out
}

/// The days for which both lists are evaluated; empty where one names none.
fn days(found: &Comparison) -> [String; 2] {
    found.as_of.map(|day| day.map_or_else(String::new, |day| day.to_string()))
}

/// By list of how many machines an absence of capture is withheld, and why.
fn withheld_rows(found: &Comparison) -> Vec<[String; 3]> {
    let of = |(list, all): (&String, &Vec<(Withheld, usize)>)| {
        let row = |(why, machines): &(Withheld, usize)| {
            [list.clone(), machines.to_string(), why.lifted_text()]
        };
        all.iter().map(row).collect::<Vec<_>>()
    };
    [&found.first, &found.second].into_iter().zip(&found.withheld).flat_map(of).collect()
}

/// Why no machine moves: no law is changed, or none of this catalogue as far as its sheets say.
fn unmoved(law: usize, open: usize) -> String {
    let region = "`toolgauge region` says whether there could be one";
    match (law, open) {
        (0, _) => "\nNo machine moves: no law is changed.\n".to_owned(),
        (_, 0) => format!(
            "\nNo machine moves: the law is changed, and this catalogue holds none that it \
             concerns; {region}.\n"
        ),
        (_, 1) => format!(
            "\nNo machine moves: the law is changed; 1 machine is undecided on both sides, and its \
             sheet does not say whether it is concerned; {region}.\n"
        ),
        (_, open) => format!(
            "\nNo machine moves: the law is changed; {open} machines are undecided on both sides, \
             and their sheets do not say whether they are concerned; {region}.\n"
        ),
    }
}

/// How many parts differ in law, in words.
fn differ(law: usize) -> String {
    match law {
        1 => "1 part differs in law".to_owned(),
        law => format!("{law} parts differ in law"),
    }
}

/// How many machines of a catalogue move, for people.
pub fn moves_text(found: &Comparison, catalogue: &Catalogue) -> String {
    moved(found, catalogue, false)
}

/// The table of moves.
fn moved(found: &Comparison, catalogue: &Catalogue, weighed: bool) -> String {
    let mut out = String::new();
    let total = counted(catalogue.machines.len(), "machine");
    let _ = writeln!(out, "\n{total}, from (rows) to (columns)\n");
    let header = ["", "not captured", "undetermined", "captured"];
    let cell = |was, now| {
        let tally = tally(&found.moves, was, now);
        if weighed {
            format!("{} ({})", tally.machines, weight_text(tally))
        } else {
            tally.machines.to_string()
        }
    };
    let rows: Vec<Vec<String>> = ORDER
        .iter()
        .map(|was| {
            let cells = ORDER.iter().map(|now| cell(*was, *now));
            std::iter::once(was.word().to_owned()).chain(cells).collect()
        })
        .collect();
    out += &table(&header, &rows, 1);
    out
}

/// The groups of which some machine moves.
fn groups(found: &Comparison, weighed: bool) -> String {
    let mut rows = Vec::new();
    for (what, name, moves) in &found.groups {
        for (was, now) in ORDER.iter().flat_map(|was| ORDER.iter().map(move |now| (was, now))) {
            let tally = tally(moves, *was, *now);
            if was != now && tally.machines > 0 {
                let mut row = vec![
                    (*what).to_owned(),
                    name.clone(),
                    named(*was, *now).to_owned(),
                    tally.machines.to_string(),
                ];
                row.extend(weighed.then(|| weight_text(tally)));
                rows.push(row);
            }
        }
    }
    let header: &[&str] = &["by", "which", "move", "machines", "weight"];
    table(header.get(..if weighed { 5 } else { 4 }).unwrap_or(header), &rows, 3)
}

fn mover_rows(found: &Comparison, catalogue: &Catalogue) -> Vec<Vec<String>> {
    let row = |mover: &crate::assess::Mover| {
        let id = catalogue.machines.get(mover.machine).map_or("", |machine| machine.id.as_str());
        [
            id,
            mover.was.word(),
            mover.now.word(),
            named(mover.was, mover.now),
            &mover.clauses.join("; "),
            &mover.why,
        ]
        .map(str::to_owned)
        .to_vec()
    };
    found.movers.iter().map(row).collect()
}

/// Comparisons as CSV: the text, all machines, groups, and with `names` each mover.
pub fn comparisons_csv(
    found: &[Comparison],
    catalogue: &Catalogue,
    names: bool,
    columns: &Columns,
) -> Result<String> {
    let mut rows: Vec<Vec<String>> = Vec::new();
    for one in found {
        let lists = [one.first.as_str(), one.second.as_str()];
        let days = days(one);
        let mut push = |cells: [&str; 7]| {
            let cells = lists.iter().chain(&cells).map(|cell| (*cell).to_owned());
            let tail = [&catalogue.file, &columns.weight].map(String::clone);
            rows.push(cells.chain(days.clone()).chain(tail).collect());
        };
        for change in &one.text {
            let (was, now) = (change.was.as_deref(), change.now.as_deref());
            let kind = if change.law { "text: law" } else { "text: words" };
            push([kind, &change.id, was.unwrap_or(""), now.unwrap_or(""), "", "", ""]);
        }
        let all = [("all", String::new(), one.moves)];
        for (what, name, moves) in all.iter().chain(&one.groups) {
            for (was, now) in ORDER.iter().flat_map(|was| ORDER.iter().map(move |now| (was, now))) {
                let tally = tally(moves, *was, *now);
                if tally.machines > 0 && (was != now || *what == "all") {
                    let (machines, weight) = (tally.machines.to_string(), weight_text(tally));
                    let verb = named(*was, *now);
                    push([what, name, was.word(), now.word(), verb, &machines, &weight]);
                }
            }
        }
        for [list, machines, why] in withheld_rows(one) {
            push(["withheld", &list, "", "", &why, &machines, ""]);
        }
        if names {
            for row in mover_rows(one, catalogue) {
                if let [id, was, now, verb, clauses, why] = row.as_slice() {
                    push(["machine", id, was, now, verb, clauses, why]);
                }
            }
        }
    }
    let header = [
        "first",
        "second",
        "what",
        "which",
        "was",
        "now",
        "move",
        "machines",
        "weight",
        "first_as_of",
        "second_as_of",
        "catalogue",
        "weight_column",
    ];
    rows_csv(&header, rows.into_iter())
}

/// A comparison as JSON.
pub fn comparison_json(
    found: &Comparison,
    catalogue: &Catalogue,
    names: bool,
    columns: &Columns,
) -> serde_json::Value {
    let moves = |moves: &Moves| -> Vec<serde_json::Value> {
        let pairs = ORDER.iter().flat_map(|was| ORDER.iter().map(move |now| (was, now)));
        pairs
            .map(|(was, now)| (was, now, tally(moves, *was, *now)))
            .filter(|(_, _, tally)| tally.machines > 0)
            .map(|(was, now, tally)| {
                serde_json::json!({ "was": was.word(), "now": now.word(),
                    "move": named(*was, *now), "machines": tally.machines,
                    "weight": weight_text(tally) })
            })
            .collect()
    };
    let text = found.text.iter().map(|change| {
        serde_json::json!({ "kind": change.kind, "id": change.id, "was": change.was,
            "now": change.now, "law": change.law })
    });
    let groups = found.groups.iter().map(
        |(what, name, of)| serde_json::json!({ "by": what, "which": name, "moves": moves(of) }),
    );
    let movers = mover_rows(found, catalogue);
    let [first_as_of, second_as_of] = days(found);
    serde_json::json!({
        "first": found.first, "second": found.second, "notice": NOTICE,
        "first_as_of": first_as_of, "second_as_of": second_as_of,
        "weight_column": columns.weight,
        "text": text.collect::<Vec<_>>(), "stale": found.stale, "moves": moves(&found.moves),
        "withheld": withheld_rows(found),
        "groups": groups.collect::<Vec<_>>(),
        "machines": names.then_some(movers),
    })
}
