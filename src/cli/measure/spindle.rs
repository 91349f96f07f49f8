//! `toolgauge measure spindle` and `toolgauge measure slides`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{limit_of, lines, quantity};
use crate::cli::arguments::{Common, Format, SheetArgs};
use crate::cli::{Answer, Failure, files, setting};
use crate::error::Error;
use crate::list::Library;
use crate::machine::{self, ParameterId};
use crate::metrology::{Motion, NoWindows, Spindle, Windows};
use crate::plot::polar::{PolarPlot, polar_svg};
use crate::quantity::{Dimension, Unit, Value};
use crate::report::{self, MotionRow};

/// Across or along the axis of rotation.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Probed {
    /// Run-out.
    Radial,
    /// Camming.
    Axial,
}

/// `measure spindle`.
#[derive(Debug, Args)]
#[command(after_help = "\
A row a reading: `rev`, `angle_deg` (or `angle_index`), and `displacement_um` of a probe that stands
still, or `x_um` and `y_um` of two probes across each other (rotating sensitive direction).

Examples:
  toolgauge measure spindle specs/measurements/spindle.csv --probed radial
  toolgauge measure spindle specs/measurements/spindle.csv --probed radial --svg spindle.svg")]
pub(super) struct TurnsOf {
    /// The readings: CSV, TSV, XLSX, XLS, ODS, JSON, JSON Lines
    turns: PathBuf,
    /// What the probe looked at: across the axis (run-out) or along it (camming)
    #[arg(long, value_enum)]
    probed: Probed,
    /// Write the polar plot as SVG
    #[arg(long, value_name = "FILE")]
    svg: Option<PathBuf>,
    #[command(flatten)]
    sheet: SheetArgs,
}

/// `measure slides`.
#[derive(Debug, Args)]
#[command(after_help = "\
A row a position: `axis`, `position_mm`, and `yaw_arcsec`, `pitch_arcsec`, `roll_arcsec`. Where the
best and the worst window disagree about a limit, the clause stays open: its text does not say which
part of a longer travel it means. A window whose positions span less than its length holds at least
what these show, and at most what the positions around it show: nothing is interpolated. One of
fewer than five positions, or of two further apart than two fifths of it, is bounded from below
only; of one that holds one position nothing is known.

Examples:
  toolgauge measure slides specs/measurements/slides.csv
  toolgauge measure slides specs/measurements/slides.csv --window 300mm --limit 2arcsec")]
pub(super) struct AnglesOf {
    /// The readings: CSV, TSV, XLSX, XLS, ODS, JSON, JSON Lines
    angles: PathBuf,
    /// The length of a window
    #[arg(long, value_name = "LENGTH", default_value = "300mm")]
    window: String,
    /// Say whether the windows stay below this value
    #[arg(long, value_name = "VALUE", allow_hyphen_values = true)]
    limit: Option<String>,
    #[command(flatten)]
    sheet: SheetArgs,
}

/// Computes the figures of a spindle.
pub(super) fn spindle(verb: &TurnsOf, common: &Common) -> Result<Answer, Failure> {
    let turns = setting::turns(&verb.turns, &setting::sheet_of(&verb.turns, &verb.sheet)?)?;
    let motion = match verb.probed {
        Probed::Radial => Motion::Radial,
        Probed::Axial => Motion::Axial,
    };
    let found = Spindle::of(&turns, motion);
    if let Some(path) = &verb.svg {
        let um = Unit::named(Dimension::Length, "um").map_or(1.0, |unit| unit.size as f64);
        let title = match verb.probed {
            Probed::Radial => "Radial error motion, least-squares centre (ISO 230-7)",
            Probed::Axial => "Axial error motion (ISO 230-7)",
        };
        let plot = PolarPlot {
            title: if found.turns > 1 { title.to_owned() } else { format!("{title}: one turn") },
            values: "µm".to_owned(),
            mean: found.mean.iter().map(|value| value / um).collect(),
            band: found.band.iter().map(|(low, high)| (low / um, high / um)).collect(),
        };
        files::write(path, polar_svg(&plot)?.as_bytes())?;
    }
    let rows = report::spindle_rows(&found);
    written(common, &rows, || report::spindle_text(&found, &rows, &turns.remarks))
}

/// Computes the windows of slides.
pub(super) fn slides(verb: &AnglesOf, common: &Common) -> Result<Answer, Failure> {
    let (length, _) = quantity(&verb.window, Dimension::Length)?;
    if length.count() <= 0 {
        return Err(Error::usage(format!("`{}` is no length of a window", verb.window)).into());
    }
    let limit = verb.limit.as_ref().map(|text| limit_of(text, Dimension::Angle)).transpose()?;
    let mut rows = Vec::new();
    let slides = setting::slides(&verb.angles, &setting::sheet_of(&verb.angles, &verb.sheet)?)?;
    let remarks = slides.first().map(|slide| slide.remarks.clone()).unwrap_or_default();
    let mut said: Vec<String> = remarks.iter().map(|text| format!("note: {text}")).collect();
    for slide in slides {
        let windows = slide.windows(length);
        let mut own = report::slide_rows(&slide, &windows);
        let of = format!("{} {}", slide.axis, slide.motion);
        let texts = [Windows::unseen_text, Windows::partly_text, Windows::few_text];
        let told = texts.into_iter().filter_map(|text| windows.as_ref().ok().and_then(text));
        said.extend(told.map(|text| format!("{}: {text}", of.trim())));
        if windows.is_ok_and(|windows| !windows.whole) {
            said.push(format!("{}: the travel is shorter than the window", of.trim()));
        }
        if let Some((limit, unit)) = limit {
            let (word, meets) = below(&windows, limit);
            for row in &mut own {
                (row.limit, row.below) = (limit.text(unit), meets.to_owned());
            }
            said.push(format!("{} below {}: {word}", of.trim(), limit.text(unit)));
            let differ = |w: &Windows| {
                w.whole && w.best_most.is_some_and(|best| best < limit) && w.worst.0 >= limit
            };
            if windows.as_ref().is_ok_and(differ) {
                said.extend(policies(&slide.motion)?);
            }
        }
        rows.extend(own);
    }
    written(common, &rows, || format!("{}\n\n{}", report::slides_text(&rows), said.join("\n")))
}

/// Whether the windows stay below a limit: in words, and in one.
fn below(windows: &Result<Windows, NoWindows>, limit: Value) -> (String, &'static str) {
    let windows = match windows {
        Ok(windows) => windows,
        Err(reason) => return (format!("not decided: {}", reason.text()), "open"),
    };
    let none = windows.best.0 >= limit;
    let under = |most: Option<Value>| most.is_some_and(|most| most < limit);
    let every = under(windows.worst_most);
    let some = under(windows.best_most) && windows.worst.0 >= limit;
    if windows.unseen.is_some() {
        let word = match (every, none, some) {
            (true, ..) => "in every window that was seen: ",
            (_, true, _) => "in no window that was seen: ",
            (.., true) => "in some windows only: ",
            _ => "",
        };
        return (format!("{word}open, as not every window was seen"), "open");
    }
    let (word, meets) = match (windows.whole, every, some) {
        _ if none => ("in no window", "no"),
        // What was measured bounds what a whole window would hold from below only.
        (false, ..) => ("open: a whole window may hold more than this travel does", "open"),
        (true, true, _) => ("in every window", "yes"),
        (true, _, true) => {
            ("in some windows only: open until it is said which part counts", "open")
        }
        _ if windows.few.is_some() => {
            ("open: windows of few or far positions are bounded from below only", "open")
        }
        _ => ("open: positions that span less than a window show a part of what it holds", "open"),
    };
    (word.to_owned(), meets)
}

/// The policies of the lists in force that say which part of a slide's travel counts.
fn policies(motion: &str) -> Result<Vec<String>, Failure> {
    let library = Library::shipped()?;
    let wanted = machine::find(&format!("slide_{motion}"));
    let mut found: Vec<String> = Vec::new();
    for header in library.in_force(None) {
        let Ok(list) = library.list(&header.id, &header.edition) else { continue };
        let about = |parameter: &ParameterId| Some(*parameter) == wanted;
        for policy in list.policies.iter().filter(|policy| policy.readings.iter().any(about)) {
            let text = format!("  --policy {0}=either or {0}=both settles it", policy.id);
            if !found.contains(&text) {
                found.push(text);
            }
        }
    }
    Ok(found)
}

fn written(
    common: &Common,
    rows: &[MotionRow],
    text: impl Fn() -> String,
) -> Result<Answer, Failure> {
    match common.format {
        Format::Text => files::write_text(common, text().trim_end()),
        Format::Csv => files::write_text(common, &report::motion_csv(rows)?),
        Format::Json => files::write_json(common, &rows),
        Format::Jsonl => lines(common, rows),
    }
}
