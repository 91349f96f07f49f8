//! The shipped mappings against hand readings of real catalogue rows, field by field.
//!
//! The hand readings are not part of the project; where they are absent the test says so.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::Value as Json;
use toolgauge::catalogue::{self, Mapping};
use toolgauge::machine::{self, AxisKind, Form, Machine, Reading, Set, Standard, View, label};
use toolgauge::quantity::Unit;
use toolgauge::table::{self, shipped};

fn folder() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/catalogues");
    folder.join("normalised.json").is_file().then_some(folder)
}

/// Every machine of every raw file, read with the mapping that fits its header.
fn machines(folder: &Path) -> Vec<Machine> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.file_name().is_some_and(|n| n.to_string_lossy().starts_with("raw-")))
        .collect();
    files.sort();
    let mappings: Vec<Mapping> = shipped::mappings()
        .map(|file| Mapping::read(file.name, file.text).expect("a shipped mapping is readable"))
        .collect();
    let mut all = Vec::new();
    for file in files {
        let bytes = std::fs::read(&file).expect("readable");
        let name = file.display().to_string();
        let table = table::read(&name, &bytes, &table::Reading::default()).expect("a table");
        let mapping = mappings.iter().find(|mapping| mapping.fits(&table.header));
        let read = catalogue::read(&table, mapping.expect("some mapping fits"));
        if std::env::var_os("SHOW_REMARKS").is_some() {
            read.remarks.iter().for_each(|remark| println!("{remark}"));
        }
        all.extend(read.machines);
    }
    all
}

/// One field of one machine as read: a number in the field's unit, a text, or nothing.
type Fields = BTreeMap<String, String>;

fn number(reading: &Reading, unit: &str) -> Option<String> {
    let dimension = reading.parameter.row().dimension()?;
    let unit = Unit::named(dimension, unit).expect("a unit");
    // A contradiction or a bound leaves no figure.
    match reading.set {
        Set::Span(span) if span.single().is_none() && reading.form == Form::Plain => None,
        _ => reading.figure?.number(unit),
    }
}

fn text(value: &str) -> Option<String> {
    (!value.is_empty()).then(|| value.to_owned())
}

/// The fields of FIELDS.md, from what the program read.
fn fields(machine: &Machine) -> Fields {
    let mut out = Fields::new();
    let mut put = |key: String, value: Option<String>| {
        if let Some(value) = value {
            out.entry(key).or_insert(value);
        }
    };
    put("manufacturer".into(), text(&machine.maker));
    put("model".into(), text(&machine.model));
    put("variant".into(), text(&machine.version));
    put("source.ref".into(), text(&machine.source));
    for reading in machine.readings.iter().filter(|reading| reading.option.is_none()) {
        let name = reading.parameter.row().name;
        if let Some(axis) = reading.axis {
            for (field, value) in axis_fields(reading, name) {
                put(format!("axes.{axis}.{field}"), value);
            }
            continue;
        }
        match name {
            "process" => put("process".into(), process(reading)),
            "contouring_axes" => put(
                "simultaneous_contouring_axes.stated".into(),
                count(reading).map(|n| n.to_string()),
            ),
            "machine_positioning" | "machine_repeatability" => {
                let key =
                    if name == "machine_positioning" { "positioning" } else { "repeatability" };
                put(format!("machine_level_accuracy.{key}_um"), number(reading, "µm"));
                if key == "repeatability" {
                    put("machine_level_accuracy.standard".into(), standard(reading));
                    put("machine_level_accuracy.form".into(), form(reading));
                }
            }
            "volumetric_accuracy" => put("volumetric_accuracy_um".into(), number(reading, "µm")),
            "workpiece_spindle_speed" => {
                put("workpiece_spindle_rpm_max".into(), number(reading, "rpm"));
            }
            "tool_spindle_speed" => put("tool_spindle_rpm_max".into(), number(reading, "rpm")),
            "turning_diameter_max" | "workpiece_diameter_max" => {
                put("max_workpiece_diameter_mm".into(), number(reading, "mm"));
            }
            "workpiece_length_max" => put("max_workpiece_length_mm".into(), number(reading, "mm")),
            "bar_capacity" => put("bar_capacity_mm".into(), number(reading, "mm")),
            _ => {}
        }
    }
    let counts = machine.readings.iter().filter(|r| r.parameter.row().name == "contouring_axes");
    let most = counts.filter_map(count).max();
    let most = most.map(|n| n.to_string());
    put("simultaneous_contouring_axes.can_be_equipped_max".into(), most);
    out
}

fn axis_fields(reading: &Reading, name: &str) -> Vec<(&'static str, Option<String>)> {
    let accuracy = |prefix: [&'static str; 4], quantity: &str, unit: &str| {
        let [value, form_key, quantity_key, standard_key] = prefix;
        vec![
            (value, number(reading, unit)),
            (form_key, form(reading)),
            (quantity_key, Some(quantity.to_owned())),
            (standard_key, standard(reading)),
        ]
    };
    const POSITIONING: [&str; 4] = [
        "positioning.value_um",
        "positioning.form",
        "positioning.quantity",
        "positioning.standard",
    ];
    const ROTARY: [&str; 4] = [
        "positioning.value_arcsec",
        "positioning.form",
        "positioning.quantity",
        "positioning.standard",
    ];
    const REPEATABILITY: [&str; 4] = [
        "repeatability.value_um",
        "repeatability.form",
        "repeatability.quantity",
        "repeatability.standard",
    ];
    match name {
        "travel" => vec![("travel_mm", number(reading, "mm"))],
        "range_low" => vec![("range_mm.0", number(reading, "mm"))],
        "range_high" => vec![("range_mm.1", number(reading, "mm"))],
        "rotary_range_low" => vec![("range_deg.0", number(reading, "deg"))],
        "rotary_range_high" => vec![("range_deg.1", number(reading, "deg"))],
        "continuous" => vec![("continuous", Some("true".to_owned()))],
        "positioning_accuracy" => accuracy(POSITIONING, "A", "µm"),
        "positioning_unspecified" => accuracy(POSITIONING, "unspecified", "µm"),
        "rotary_accuracy" => accuracy(ROTARY, "unspecified", "arcsec"),
        "repeatability_unspecified" => accuracy(REPEATABILITY, "unspecified", "µm"),
        _ => Vec::new(),
    }
}

fn process(reading: &Reading) -> Option<String> {
    let Set::Flags { certain, .. } = reading.set else { return None };
    let mut names: Vec<&str> = label::names(label::PROCESS, certain)
        .into_iter()
        .map(|name| match name {
            "edm_wire" => "wire_edm",
            "edm_sinker" => "sinker_edm",
            other => other,
        })
        .collect();
    names.sort_unstable();
    Some(names.join("+"))
}

fn count(reading: &Reading) -> Option<i64> {
    let Set::OneOf(mask) = reading.set else { return None };
    (0..15).find(|n| mask == machine::pairs(View::Total, |other| other == *n))
}

fn form(reading: &Reading) -> Option<String> {
    Some(if reading.form == Form::PlusMinus { "plus_minus" } else { "not plus_minus" }.to_owned())
}

fn standard(reading: &Reading) -> Option<String> {
    (reading.standard != Standard::UNNAMED).then(|| reading.standard.to_string())
}

/// The fields that the hand reading expects, in the same keys; axes by their place in the program.
fn expected(hand: &Json, machine: &Machine) -> (Fields, Vec<String>, Vec<String>) {
    let mut out = Fields::new();
    let flags: Vec<String> = hand["flags"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|flag| flag.as_str()?.strip_prefix("ambiguous:").map(str::to_owned))
        .collect();
    let mut skipped: Vec<String> =
        flags.iter().filter(|flag| !flag.starts_with("axes.")).cloned().collect();
    for key in [
        "manufacturer",
        "model",
        "variant",
        "volumetric_accuracy_um",
        "workpiece_spindle_rpm_max",
        "tool_spindle_rpm_max",
        "max_workpiece_diameter_mm",
        "max_workpiece_length_mm",
        "bar_capacity_mm",
    ] {
        put(&mut out, key, &hand[key]);
    }
    put(&mut out, "source.ref", &hand["source"]["ref"]);
    if let Some(process) = hand["process"].as_array() {
        let mut names: Vec<&str> = process.iter().filter_map(Json::as_str).collect();
        names.sort_unstable();
        out.insert("process".into(), names.join("+"));
    }
    for key in ["stated", "can_be_equipped_max"] {
        let field = format!("simultaneous_contouring_axes.{key}");
        put(&mut out, &field, &hand["simultaneous_contouring_axes"][key]);
    }
    let level = &hand["machine_level_accuracy"];
    if level.is_object() {
        for key in ["positioning_um", "repeatability_um"] {
            put(&mut out, &format!("machine_level_accuracy.{key}"), &level[key]);
        }
        if level["repeatability_um"].is_number() {
            put_form(&mut out, "machine_level_accuracy.form", &level["form"]);
            put_standard(&mut out, "machine_level_accuracy.standard", &level["standard"]);
        }
    }
    let mut unknown_axes = Vec::new();
    for (place, axis) in hand["axes"].as_array().into_iter().flatten().enumerate() {
        match joined(hand, place, axis, machine) {
            Some(at) => expected_axis(axis, at, &flags, &mut out, &mut skipped),
            None => unknown_axes.push(axis["name"].to_string()),
        }
    }
    (out, skipped, unknown_axes)
}

/// The expected fields of one axis, at its place in the program.
fn expected_axis(
    axis: &Json,
    at: usize,
    flags: &[String],
    out: &mut Fields,
    skipped: &mut Vec<String>,
) {
    let name = axis["name"].as_str().unwrap_or_default();
    let kind = axis["kind"].as_str().unwrap_or_default();
    for flag in flags {
        let Some(rest) = flag.strip_prefix("axes.") else { continue };
        let (which, field) = rest.split_once('.').unwrap_or((rest, ""));
        if which == "*" || which == name || which == kind {
            skipped.push(format!("axes.{at}.{field}"));
        }
    }
    put(out, &format!("axes.{at}.travel_mm"), &axis["travel_mm"]);
    for (end, side) in [(0, "0"), (1, "1")] {
        put(out, &format!("axes.{at}.range_mm.{side}"), &axis["range_mm"][end]);
        put(out, &format!("axes.{at}.range_deg.{side}"), &axis["range_deg"][end]);
    }
    if axis["continuous"] == Json::Bool(true) {
        out.insert(format!("axes.{at}.continuous"), "true".into());
    }
    for what in ["positioning", "repeatability"] {
        let figure = &axis[what];
        if !figure.is_object() {
            continue;
        }
        let key = |field: &str| format!("axes.{at}.{what}.{field}");
        put(out, &key("value_um"), &figure["value_um"]);
        put(out, &key("value_arcsec"), &figure["value_arcsec"]);
        put(out, &key("quantity"), &figure["quantity"]);
        put_form(out, &key("form"), &figure["form"]);
        put_standard(out, &key("standard"), &figure["standard"]);
    }
}

fn put(out: &mut Fields, key: &str, value: &Json) {
    let text = match value {
        Json::Null => return,
        Json::String(text) => text.clone(),
        Json::Number(number) => {
            let text = number.to_string();
            text.strip_suffix(".0").unwrap_or(&text).to_owned()
        }
        other => other.to_string(),
    };
    out.insert(key.to_owned(), text);
}

fn put_form(out: &mut Fields, key: &str, value: &Json) {
    let form = if value == "plus_minus" { "plus_minus" } else { "not plus_minus" };
    out.insert(key.to_owned(), form.to_owned());
}

fn put_standard(out: &mut Fields, key: &str, value: &Json) {
    if let Some(text) = value.as_str() {
        out.insert(key.to_owned(), Standard::read(text).to_string());
    }
}

/// The program's axis for an axis of the hand reading: by name, unnamed ones by their order.
fn joined(hand: &Json, place: usize, axis: &Json, machine: &Machine) -> Option<usize> {
    let named =
        |name: &str| machine.axes.iter().position(|axis| axis.label.eq_ignore_ascii_case(name));
    match axis["name"].as_str() {
        Some(name) => named(name),
        None => {
            let kind = &axis["kind"];
            let axes = hand["axes"].as_array()?;
            let order = axes.iter().take(place).filter(|other| other["kind"] == *kind).count();
            let wanted = if kind == "rotary" { AxisKind::Rotary } else { AxisKind::Linear };
            let of_kind = machine.axes.iter().enumerate().filter(|(_, a)| a.kind == Some(wanted));
            of_kind.map(|(at, _)| at).nth(order)
        }
    }
}

#[test]
fn real_rows_are_read_as_a_person_reads_them() {
    let Some(folder) = folder() else {
        println!("skipped: no hand readings beside the project");
        return;
    };
    let text = std::fs::read_to_string(folder.join("normalised.json")).expect("readable");
    let hand: Json = serde_json::from_str(&text).expect("JSON");
    let machines = machines(&folder);
    let by_id: BTreeMap<&str, &Machine> = machines.iter().map(|m| (m.id.as_str(), m)).collect();
    let (mut wrong, mut read, mut expected_count) = (Vec::new(), 0usize, 0usize);
    let mut unread = Vec::new();
    for row in hand["machines"].as_array().expect("machines") {
        let id = row["id"].as_str().expect("an id");
        let machine = by_id.get(id).unwrap_or_else(|| panic!("`{id}` was not read"));
        let (expected, skipped, unknown_axes) = expected(row, machine);
        let got = fields(machine);
        let skip =
            |key: &str| skipped.iter().any(|s| key == s || key.starts_with(&format!("{s}.")));
        let tier_ab = matches!(row["source"]["tier"].as_str(), Some("A" | "B"));
        for (key, value) in expected.iter().filter(|(key, _)| !skip(key)) {
            expected_count += usize::from(tier_ab);
            match got.get(key) {
                Some(found) if found == value => read += usize::from(tier_ab),
                Some(found) => wrong.push(format!("{id}: {key}: {found}, by hand {value}")),
                None if tier_ab => unread.push(format!("{id}: {key}: by hand {value}")),
                None => {}
            }
        }
        // Fields of an axis that the program lacks count as not read; one that it has too many
        // is wrong if it carries a value.
        expected_count += unknown_axes.len() * usize::from(tier_ab);
        for (key, value) in got.iter().filter(|(key, _)| !skip(key)) {
            let derived =
                key.ends_with(".form") || key.ends_with(".standard") || key.ends_with(".quantity");
            let silent = !expected.contains_key(key) && !derived;
            if silent {
                wrong.push(format!("{id}: {key}: {value}, by hand nothing"));
            }
        }
    }
    let share = 100.0 * read as f64 / expected_count as f64;
    println!(
        "values wrong: {}; values of tiers A and B read: {read} of {expected_count} ({share:.1} %)",
        wrong.len()
    );
    unread.iter().for_each(|line| println!("not read: {line}"));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(share >= 90.0, "only {share:.1} % read");
}
