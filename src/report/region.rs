//! Regions where two lists differ, for people and as rows.

use std::fmt::Write as _;

use super::compare::{ORDER, named, tally};
use super::csv::rows_csv;
use crate::assess::{Allowed, Comparison, Possible, Region, Regions, Verdict};
use crate::error::Result;
use crate::machine::{Kind, Machine, Set, Standard};
use crate::record::NOTICE;

/// What two lists are to each other, as far as the space was searched.
fn relations(found: &Regions) -> Vec<String> {
    let [first, second] = &found.lists;
    let mut out = Vec::new();
    // What is said where there is no box, where there is one, and where it rests on undecided text;
    // places of gain, loss and what both capture.
    let said = |[none, some, supposing]: [&str; 3], all: &[&Region], places: &[usize]| -> String {
        // What sound bounds exclude is no counterexample.
        let regions: Vec<&Region> =
            all.iter().filter(|region| region.excluded.is_none()).copied().collect();
        let besides = excluded_words(all, regions.is_empty());
        let left: Vec<&str> = places
            .iter()
            .filter_map(|at| found.left.get(*at))
            .flatten()
            .map(String::as_str)
            .collect();
        let whole = places.iter().all(|at| found.whole.get(*at) == Some(&true));
        let few = places.iter().any(|at| found.needed.get(*at).is_none_or(|n| *n > found.axes))
            || all.iter().any(|region| region.is_counted_out);
        match (regions.as_slice(), whole, few) {
            ([], true, false) => format!("{none}{besides}"),
            ([], true, true) => {
                format!(
                    "{none}, of machines of at most {} axes{besides}; of others it is not known",
                    found.axes
                )
            }
            ([], false, _) if left.is_empty() => {
                "no machine found, but not all was searched".to_owned()
            }
            ([], false, _) => {
                let mut left = left;
                left.dedup();
                format!("no machine found, but not all was searched: {}", left.join("; "))
            }
            (boxes, ..) if boxes.iter().any(|r| r.supposed.is_empty() && r.witness.is_some()) => {
                some.to_owned()
            }
            (boxes, ..) if boxes.iter().all(|region| region.witness.is_none()) => {
                "not known: no machine of the boxes was found that the sound bounds allow"
                    .to_owned()
            }
            _ => supposing.to_owned(),
        }
    };
    let (gained, lost): (Vec<&Region>, Vec<&Region>) =
        (found.gain.iter().collect(), found.loss.iter().collect());
    let both_ways: Vec<&Region> = gained.iter().chain(&lost).copied().collect();
    let shared: Vec<&Region> = found.both.iter().collect();
    out.push(format!("they capture the same machines: {}", said(ALIKE, &both_ways, &[0, 1])));
    out.push(format!("all that {first} captures, {second} does: {}", said(ALIKE, &lost, &[1])));
    out.push(format!("all that {second} captures, {first} does: {}", said(ALIKE, &gained, &[0])));
    out.push(format!("some machine is captured by both: {}", said(SHARED, &shared, &[2])));
    out
}

/// What is said of two lists, or of one within the other: without a counterexample, with one, and
/// with one that rests on undecided text.
const ALIKE: [&str; 3] = ["yes", "no", "not if undecided text is read as the boxes say"];
/// What is said of what both capture.
const SHARED: [&str; 3] = ["no", "yes", "only if undecided text is read as the box says"];

/// What sound bounds exclude of some boxes, in words that end a sentence; empty where they exclude
/// none, or where other boxes are left.
fn excluded_words(regions: &[&Region], is_all: bool) -> String {
    let mut whys: Vec<&str> = regions.iter().filter_map(|r| r.excluded.as_deref()).collect();
    let boxes = if whys.len() == 1 { "box" } else { "boxes" };
    let count = whys.len();
    whys.sort_unstable();
    whys.dedup();
    match (count, is_all) {
        (0, _) | (_, false) => String::new(),
        _ => format!(
            ", as no machine can lie in the {count} {boxes} that the texts leave: {}",
            whys.join("; ")
        ),
    }
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
             the other does not test, the boxes leave open.",
            only_first.join(", "),
            only_second.join(", ")
        );
    }
    out += &allowance_text(found);
    let [gain_left, loss_left, _] = &found.left;
    let [gain_short, loss_short] = &found.in_short;
    for (title, regions, left, short) in
        [("gain", &found.gain, gain_left, gain_short), ("loss", &found.loss, loss_left, loss_short)]
    {
        if regions.is_empty() {
            continue;
        }
        let boxes = if regions.len() == 1 { "box" } else { "boxes" };
        let more = match left.as_slice() {
            [] => String::new(),
            left => format!(", and there may be more: {}", left.join("; ")),
        };
        let _ = writeln!(
            out,
            "\n{title}: {} {boxes} of machines of at most {} axes{}{more}",
            regions.len(),
            found.axes,
            without_machines(regions)
        );
        if !short.is_empty() {
            out += "\n  in short, of what the changed texts ask about\n";
            for said in short {
                let boxes = if said.boxes == 1 { "box" } else { "boxes" };
                let _ = writeln!(out, "    {}  ({} {boxes})", said.words, said.boxes);
            }
        }
        let shared = shared(regions);
        if !shared.is_empty() {
            let _ = writeln!(out, "\n  each of them");
            shared.iter().for_each(|line| out += &format!("    {line}\n"));
        }
        out += &boxes_text(title, regions, &shared);
    }
    if let Some(region) = &found.both {
        out += "\ncaptured by both, for one\n\n";
        out += &box_text(region, &[]);
    }
    let _ = write!(out, "\n{NOTICE}\n");
    out
}

/// Boxes one after the other; of those without a machine a few, where there are no others.
fn boxes_text(title: &str, regions: &[Region], shared: &[String]) -> String {
    let mut out = String::new();
    let held: Vec<&Region> = regions.iter().filter(|region| region.excluded.is_none()).collect();
    let is_told = |region: &Region| region.excluded.is_none() || held.is_empty();
    let mut told = 0;
    for (at, region) in regions.iter().enumerate().filter(|(_, region)| is_told(region)) {
        told += 1;
        if held.is_empty() && told > EMPTY_MAX {
            break;
        }
        let before = regions.get(..at).unwrap_or_default();
        match alike(region, before) {
            Some((other, lines)) => {
                let _ = writeln!(out, "\n  {title} {}: as {title} {}, but", at + 1, other + 1);
                lines.iter().for_each(|line| out += &format!("    {line}\n"));
                out += &witness_text(region);
            }
            None => {
                let _ = writeln!(out, "\n  {title} {}", at + 1);
                out += &box_text(region, shared);
            }
        }
    }
    out
}

/// What the bounds between figures allow where the lists test different ones.
fn allowance_text(found: &Regions) -> String {
    if found.allowance.pairs.is_empty() {
        return String::new();
    }
    let rows = bound_rows(found);
    let mut out = "\nWhat the sound bounds between figures of one axis still allow: ".to_owned();
    if rows.is_empty() {
        out += "everything; none of them relates these figures\n";
        return out;
    }
    out += "everything, but for this\n\n";
    for row in &rows {
        if let [list, limit, there, so, why] = row.as_slice() {
            let _ = writeln!(out, "  {list}: where {limit}: {there}  [{why}]\n      {so}");
        }
    }
    for sloped in &found.allowance.sloped {
        let _ = writeln!(out, "not held against others: {sloped}");
    }
    out
}

/// A row for each side of a limit on which bounds say something: list, where, there, so, by.
fn bound_rows(found: &Regions) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    for pair in &found.allowance.pairs {
        for (of, met) in [(&pair.met, ""), (&pair.failed, " is not met")] {
            if of.why.is_empty() {
                continue;
            }
            let groups = [("always met", &of.always), ("never met", &of.never)];
            let decided = groups.into_iter().filter(|(_, limits)| !limits.is_empty());
            let mut so: Vec<String> =
                decided.map(|(word, limits)| format!("{word}: {}", limits.join(", "))).collect();
            if !of.either.is_empty() {
                let others = if so.is_empty() { "every limit" } else { "the others" };
                so.push(format!("{others}: either way"));
            }
            let list = found.lists.get(pair.of).cloned().unwrap_or_default();
            let (limit, there) =
                (format!("{}{met}", pair.limit), format!("{} {}", pair.figure, of.values));
            rows.push(vec![list, limit, there, so.join("; "), of.why.clone()]);
        }
    }
    rows
}

/// What every one of several boxes says of the machine.
fn shared(regions: &[Region]) -> Vec<String> {
    let (Some(first), true) = (regions.first(), regions.len() > 1) else { return Vec::new() };
    let everywhere = |line: &&String| regions.iter().all(|region| region.machine.contains(line));
    first.machine.iter().filter(everywhere).cloned().collect()
}

/// How many boxes hold no machine, and why, in words.
fn without_machines(regions: &[Region]) -> String {
    let mut whys: Vec<&str> = regions.iter().filter_map(|r| r.excluded.as_deref()).collect();
    let count = whys.len();
    whys.sort_unstable();
    whys.dedup();
    let whys = whys.join("; ");
    match count {
        0 => String::new(),
        all if all == regions.len() => format!(", no machine in any ({whys})"),
        some => format!(", no machine in {some} of them, which are not shown here ({whys})"),
    }
}

/// So many boxes without a machine are shown to people where there are no others.
const EMPTY_MAX: usize = 3;

/// The box before one that says most nearly the same, if any does so in all but a few things of the
/// machine, with what this one says instead.
fn alike(region: &Region, before: &[Region]) -> Option<(usize, Vec<String>)> {
    let of = |line: &str| line.split(' ').next().unwrap_or_default().to_owned();
    let lines = |other: &Region| {
        let own = region.machine.iter().filter(|line| !other.machine.contains(line)).cloned();
        let says = |line: &&String| region.machine.iter().any(|own| of(own) == of(line));
        let open = other.machine.iter().filter(|line| !says(line));
        own.chain(open.map(|line| format!("{} anything", of(line)))).collect::<Vec<_>>()
    };
    let rest =
        |region: &Region| (region.axes.clone(), region.supposed.clone(), region.others.clone());
    let same = |other: &Region| other.excluded.is_none() && rest(other) == rest(region);
    let same = before.iter().enumerate().filter(|(_, other)| same(other));
    let nearest = same.map(|(at, other)| (at, lines(other))).min_by_key(|(at, l)| (l.len(), *at));
    nearest.filter(|(_, lines)| lines.len() <= ALIKE_MAX)
}

/// Boxes that differ in no more than this are told by their differences.
const ALIKE_MAX: usize = 3;

fn box_text(region: &Region, shared: &[String]) -> String {
    let mut out = String::new();
    for line in region.machine.iter().filter(|line| !shared.contains(line)) {
        let _ = writeln!(out, "    {line}");
    }
    for (at, axis) in region.axes.iter().enumerate() {
        let what = if axis.is_empty() { "anything".to_owned() } else { axis.join(" and ") };
        let _ = writeln!(out, "    axis {}: {what}", at + 1);
    }
    for line in supposed(region) {
        let _ = writeln!(out, "    {line}");
    }
    let _ = writeln!(out, "    {}", others(region));
    out + &witness_text(region)
}

/// What a box says of the axes that it does not list, in words.
fn others(region: &Region) -> String {
    match region.others.as_deref() {
        None => "no other axis".to_owned(),
        Some([]) => "whatever other axes there are".to_owned(),
        Some(said) => format!("each other axis, if there are any: {}", said.join(" and ")),
    }
}

/// The witness of a box, or why there is none, as a line.
fn witness_text(region: &Region) -> String {
    let [was, now] = verdicts(region);
    match (&region.witness, &region.excluded) {
        (Some(machine), _) => {
            format!("    witness: {} ({was}, then {now})\n", witness(machine))
        }
        (None, Some(why)) => format!("    no machine is in it: {why}\n"),
        (None, None) => format!("    {NO_WITNESS}\n"),
    }
}

/// Said of a box of which no machine was found.
const NO_WITNESS: &str = "no witness: no machine of it was found that the sound bounds allow";

/// What the lists say of a box's witness, in words; empty without one.
fn verdicts(region: &Region) -> [&'static str; 2] {
    region.replayed.map_or(["", ""], |replayed| replayed.map(Verdict::word))
}

/// The witness of a box as a line of a spec sheet, or why there is none.
fn witness_cell(region: &Region) -> String {
    match (&region.witness, &region.excluded) {
        (Some(machine), _) => witness(machine),
        (None, Some(why)) => format!("none: {why}"),
        (None, None) => NO_WITNESS.to_owned(),
    }
}

/// What a box takes undecided text to say.
fn supposed(region: &Region) -> Vec<String> {
    let line = |(text, applies): &(String, bool)| {
        let so = if *applies { "taken to apply" } else { "taken not to apply" };
        format!("undecided text {so}: {text}")
    };
    region.supposed.iter().map(line).collect()
}

/// A machine as a line of a spec sheet, `header=cell; header=cell`, as the catalogue reader reads
/// it: contouring axes by their kinds, figures with their standard, all of it stated.
pub(super) fn witness(machine: &Machine) -> String {
    let mut cells: Vec<String> = Vec::new();
    let labels: Vec<&str> = machine.axes.iter().map(|axis| axis.label.as_str()).collect();
    cells.push("basis=stated".to_owned());
    if !labels.is_empty() {
        cells.push(format!("axes={}", labels.join(" ")));
    }
    cells.push(format!("axes_complete={}", if machine.axes_complete { "yes" } else { "no" }));
    for reading in &machine.readings {
        let row = reading.parameter.row();
        let axis = reading.axis.and_then(|axis| machine.axes.get(usize::from(axis)));
        let name = match axis.map(|axis| axis.label.as_str()) {
            Some(label) if label.len() > 1 => format!("axis.{label}.{}", row.name),
            Some(label) => format!("{}_{}", row.name, label.to_lowercase()),
            None => row.name.to_owned(),
        };
        match (reading.set, row.kind) {
            (Set::OneOf(pair), Kind::Contouring(_)) if pair.count_ones() == 1 => {
                let bit = pair.trailing_zeros();
                cells.push(format!("contouring_linear={}", bit / 8));
                cells.push(format!("contouring_rotary={}", bit % 8));
            }
            (Set::Flags { certain: 0, possible: 0 }, Kind::Flags(_)) => {
                cells.push(format!("{name}=none"));
            }
            (Set::Flags { certain, possible }, Kind::Flags(_)) if certain == possible => {
                cells.push(format!("{name}={} only", crate::assess::reading_text(reading)));
            }
            _ => cells.push(format!("{name}={}", crate::assess::reading_text(reading))),
        }
        if reading.standard != Standard::UNNAMED {
            cells.push(format!("{name}.standard={}", reading.standard.row().name));
        }
    }
    cells.join("; ")
}

/// Regions as JSON.
///
/// With a catalogue also how many of its machines move from each verdict to each.
pub fn regions_json(found: &Regions, moves: Option<&Comparison>) -> serde_json::Value {
    let one = |region: &Region| {
        let [was, now] = verdicts(region);
        serde_json::json!({
            "machine": region.machine, "supposed": supposed(region),
            "axes": region.axes, "other_axes": region.others,
            "witness": region.witness.as_ref().map(witness), "excluded": region.excluded,
            "under_first": was, "under_second": now,
        })
    };
    let all = |regions: &[Region]| regions.iter().map(one).collect::<Vec<_>>();
    let [first, second] = &found.lists;
    let possible = |of: &Possible| {
        serde_json::json!({ "values": of.values, "why": of.why, "always_met": of.always,
            "never_met": of.never, "either_way": of.either })
    };
    let allowed = |pair: &Allowed| {
        serde_json::json!({
            "list": found.lists.get(pair.of), "limit": pair.limit, "figure": pair.figure,
            "met": possible(&pair.met), "not_met": possible(&pair.failed),
        })
    };
    let allowance = &found.allowance;
    let moved = |[was, now, verb, machines]: [String; 4]| {
        let machines: usize = machines.parse().unwrap_or_default();
        serde_json::json!({ "was": was, "now": now, "move": verb, "machines": machines })
    };
    let [only_first, only_second] = &found.apart;
    let short = |side: usize| -> Vec<serde_json::Value> {
        let of = found.in_short.get(side).into_iter().flatten();
        of.map(|said| serde_json::json!({ "says": said.words, "boxes": said.boxes })).collect()
    };
    serde_json::json!({
        "first": first, "second": second, "notice": NOTICE, "whole": found.whole,
        "axes": found.axes, "axes_needed": found.needed, "left": found.left,
        "only_first_tests": only_first, "only_second_tests": only_second,
        "bounds": allowance.pairs.iter().map(allowed).collect::<Vec<_>>(),
        "bounds_leave_out": allowance.sloped,
        "machines": moves.map(|of| move_rows(of).into_iter().map(moved).collect::<Vec<_>>()),
        "gain_in_short": short(0), "loss_in_short": short(1),
        "gain": all(&found.gain), "loss": all(&found.loss), "both": found.both.as_ref().map(one),
        "relations": relations(found),
    })
}

/// How many machines go from each verdict to each: was, now, the move's name, machines.
fn move_rows(found: &Comparison) -> Vec<[String; 4]> {
    let pairs = ORDER.iter().flat_map(|was| ORDER.iter().map(move |now| (*was, *now)));
    let row = |(was, now): (Verdict, Verdict)| {
        let machines = tally(&found.moves, was, now).machines.to_string();
        [was.word().to_owned(), now.word().to_owned(), named(was, now).to_owned(), machines]
    };
    pairs.map(row).collect()
}

/// Regions as CSV: a row a box; a row a limit that bounds between figures concern, met and not met;
/// with a catalogue a row for each way its machines may go.
pub fn regions_csv(found: &Regions, moves: Option<&Comparison>) -> Result<String> {
    let row = |(side, region): (&str, &Region)| {
        let axes: Vec<String> = region.axes.iter().map(|axis| axis.join(" and ")).collect();
        let [was, now] = verdicts(region);
        let [first, second] = &found.lists;
        let others = match region.others.as_deref() {
            None => "none".to_owned(),
            Some([]) => "any".to_owned(),
            Some(said) => said.join(" and "),
        };
        let machine = [region.machine.clone(), supposed(region)].concat().join(" and ");
        [first, second, side, &machine, &axes.join("; "), &others, &witness_cell(region)]
            .into_iter()
            .map(str::to_owned)
            .chain([was.to_owned(), now.to_owned(), String::new()])
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
        "machines",
    ];
    let both = found.both.iter().map(|region| ("both", region));
    let [first, second] = &found.lists;
    let other = |side: &str, [machine, axes, was, now, machines]: [&str; 5]| {
        [first, second, side, machine, axes, "", "", was, now, machines].map(str::to_owned).to_vec()
    };
    let bounds = bound_rows(found).into_iter().filter_map(|row| match row.as_slice() {
        [list, limit, there, so, why] => {
            let (limit, there) = (format!("{list}: {limit}"), format!("{there} ({why}); {so}"));
            Some(other("bounds", [&limit, &there, "", "", ""]))
        }
        _ => None,
    });
    let moves = moves.into_iter().flat_map(move_rows);
    let moves = moves
        .map(|[was, now, verb, machines]| other("machines", [&verb, "", &was, &now, &machines]));
    rows_csv(&header, gain.chain(loss).chain(both).map(row).chain(bounds).chain(moves))
}
