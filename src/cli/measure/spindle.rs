//! `toolgauge measure spindle` and `toolgauge measure slides`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{limit_of, lines, quantity};
use crate::cli::arguments::{Common, Format, SheetArgs};
use crate::cli::{Answer, Failure, files, setting};
use crate::error::Error;
use crate::list::Library;
use crate::machine::{self, ParameterId};
use crate::metrology::{Below, Motion, Parts, Sensitive, Slide, Spindle, Windows, beyond_most};
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
still, or `x_um` and `y_um` of two probes across each other (rotating sensitive direction). Turns of
fewer than 24 steps bound their TIR from below only.

Examples:
  toolgauge measure spindle specs/measurements/spindle.csv --probed radial --limit 0.4um
  toolgauge measure spindle specs/measurements/spindle.csv --probed radial --svg spindle.svg")]
pub(super) struct TurnsOf {
    /// The readings: CSV, TSV, XLSX, XLS, ODS, JSON, JSON Lines
    turns: PathBuf,
    /// What the probe looked at: across the axis (run-out) or along it (camming)
    #[arg(long, value_enum)]
    probed: Probed,
    /// Say whether the TIR of the turns stays below this value
    #[arg(long, value_name = "VALUE", allow_hyphen_values = true)]
    limit: Option<String>,
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
part of a longer travel it means. Windows lie anywhere on the travel: one holds at least what the
positions within it span, and at most what these and the next ones beyond it do; nothing is
interpolated. One of fewer than five positions, or of two further apart than two fifths of it, is
bounded from below only, and one of which every position reads the same not at all.

Examples:
  toolgauge measure slides specs/measurements/slides.csv
  toolgauge measure slides specs/measurements/slides.csv --window 300mm --limit 2arcsec")]
pub(super) struct AnglesOf {
    /// The readings: CSV, TSV, XLSX, XLS, ODS, JSON, JSON Lines
    angles: PathBuf,
    /// The length of a window
    #[arg(long, value_name = "LENGTH", default_value = "300mm")]
    window: String,
    /// The travel of the slide: what was read is taken to be all of it unless this says otherwise
    #[arg(long, value_name = "LENGTH")]
    travel: Option<String>,
    /// Say whether the windows stay below this value
    #[arg(long, value_name = "VALUE", allow_hyphen_values = true)]
    limit: Option<String>,
    #[command(flatten)]
    sheet: SheetArgs,
}

/// Computes the figures of a spindle.
pub(super) fn spindle(verb: &TurnsOf, common: &Common) -> Result<Answer, Failure> {
    let limit = verb.limit.as_ref().map(|text| limit_of(text, Dimension::Length)).transpose()?;
    let turns = setting::turns(&verb.turns, &setting::sheet_of(&verb.turns, &verb.sheet)?)?;
    let motion = match verb.probed {
        Probed::Radial => Motion::Radial,
        Probed::Axial => Motion::Axial,
    };
    if motion == Motion::Axial && turns.sensitive == Sensitive::Rotating {
        let file = verb.turns.display();
        let error = Error::usage(format!(
            "`{file}` holds two probes across the axis (`x`, `y`): they say nothing along it"
        ));
        return Err(error.help("write --probed radial, or name a file of one probe").into());
    }
    let found = Spindle::of(&turns, motion);
    if let Some(path) = &verb.svg {
        files::write(path, polar_svg(&polar(&found))?.as_bytes())?;
    }
    let mut notes = [turns.remarks, found.notes()].concat();
    let (parameter, word) = match motion {
        Motion::Radial => ("spindle_runout", "run-out"),
        Motion::Axial => ("spindle_camming", "camming"),
    };
    let parts = found.parts();
    if let Err(why) = &parts {
        notes.push(format!("{word} is not computable: {why}"));
    }
    let asked = limit.map(|limit| {
        let why = "turns of few steps, or such as read the same at every step, are not bounded \
                   from above";
        Asked::of(parts.as_ref().copied().map_err(String::as_str), limit, ("turn", why))
    });
    let why = asked.iter().filter_map(|asked| asked.open.clone());
    let of_rows: Vec<String> = notes.iter().cloned().chain(why).collect();
    let mut rows = report::spindle_rows(&found, &of_rows);
    let Some(asked) = asked else {
        return written(common, &rows, || report::spindle_text(&found, &rows, &notes));
    };
    rows.iter_mut().filter(|row| !row.parameter.is_empty()).for_each(|row| asked.fill(row));
    let said = asked.lines(word, parameter)?.join("\n");
    written(common, &rows, || format!("{}\n{said}", report::spindle_text(&found, &rows, &notes)))
}

/// The polar plot of a spindle, in micrometres.
fn polar(found: &Spindle) -> PolarPlot {
    let um = Unit::named(Dimension::Length, "um").map_or(1.0, |unit| unit.size as f64);
    let what = match found.motion {
        Motion::Radial => "Radial error motion",
        Motion::Axial => "Axial error motion",
    };
    let one = if found.turns > 1 { "" } else { ": one turn" };
    let circle = match report::sensitive_word(found) {
        "axial" => "axial, least-squares mean".to_owned(),
        direction => format!("{direction} sensitive direction, least-squares centre"),
    };
    // What is less than a count was not read: it comes from rounding.
    let drawn = |value: f64| if found.is_circle() { 0.0 } else { value / um };
    PolarPlot {
        title: format!("{what} (ISO 230-7){one}"),
        values: "µm".to_owned(),
        circle,
        mean: found.mean.iter().map(|value| drawn(*value)).collect(),
        band: found.band.iter().map(|(low, high)| (drawn(*low), drawn(*high))).collect(),
    }
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
    let travel = travel_of(verb, &slides)?;
    if travel.is_none() {
        said.push("what was read is taken to be the whole travel; --travel says otherwise".into());
    }
    for slide in slides {
        let windows = slide.windows(length, travel);
        let mut told = windows.as_ref().map_or_else(|_| Vec::new(), Windows::notes);
        told.extend(windows.as_ref().ok().and_then(|windows| windows.unread_text("it")));
        let of = format!("{} {}", slide.axis, slide.motion);
        said.extend(told.iter().map(|text| format!("{}: {text}", of.trim())));
        let mut notes = [remarks.clone(), told].concat();
        let asked = limit.map(|limit| {
            let reason = windows.as_ref().map_err(|why| why.text());
            let parts = reason.as_ref().map(|windows| windows.known());
            let why = match &windows {
                Ok(windows) if !windows.whole => "a whole window may hold more than this travel",
                Ok(windows) if windows.parts.worst.1.is_none() => {
                    "some windows are bounded from below only"
                }
                _ => "windows that begin or end between positions may hold more than these show",
            };
            Asked::of(parts.map_err(String::as_str), limit, ("window", why))
        });
        notes.extend(asked.iter().filter_map(|asked| asked.open.clone()));
        let mut own = report::slide_rows(&slide, &windows, &notes);
        if let Some(asked) = asked {
            own.iter_mut().for_each(|row| asked.fill(row));
            said.extend(asked.lines(of.trim(), &format!("slide_{}", slide.motion))?);
        }
        rows.extend(own);
    }
    written(common, &rows, || format!("{}\n\n{}", report::slides_text(&rows), said.join("\n")))
}

/// The travel that is given, of the one slide of a file, which was not read over more.
fn travel_of(verb: &AnglesOf, slides: &[Slide]) -> Result<Option<Value>, Failure> {
    let Some(text) = &verb.travel else { return Ok(None) };
    let (travel, unit) = quantity(text, Dimension::Length)?;
    let file = verb.angles.display();
    let first = slides.first().map(|slide| slide.axis.as_str()).unwrap_or_default();
    if let Some(other) = slides.iter().find(|slide| slide.axis != first) {
        let error = Error::usage(format!(
            "`{file}` holds several slides, `{first}` and `{}`, and --travel is of one",
            other.axis
        ));
        return Err(error.help("keep each slide in a file of its own").into());
    }
    let span = slides.iter().map(Slide::span).max().unwrap_or_default();
    if span.count() > travel.count().saturating_add(beyond_most(travel).count()) {
        let error = Error::usage(format!(
            "`{file}` was read over {}, more than the travel of {}",
            span.text(unit),
            travel.text(unit)
        ));
        return Err(error.help("state the travel of the slide that was read").into());
    }
    Ok(Some(travel))
}

/// What parts of a test say about a limit.
struct Asked {
    /// The limit, in its unit.
    limit: String,
    /// `yes`, `no` or `open`.
    below: &'static str,
    /// The answer in words.
    words: String,
    /// Why it is open.
    open: Option<String>,
    /// Whether it is said which part counts, and that settles it.
    by_policy: bool,
}

impl Asked {
    /// Whether parts stay below a limit; `why` says why what is known of them may not tell.
    fn of(
        parts: Result<Parts, &str>,
        (limit, unit): (Value, &Unit),
        (part, why): (&str, &str),
    ) -> Self {
        let limit_text = limit.text(unit);
        let asked = |below, words: String, by_policy| Self {
            limit: limit_text.clone(),
            below,
            open: (below == "open").then(|| format!("below {limit_text}: {words}")),
            words,
            by_policy,
        };
        let below = match parts {
            Ok(parts) => parts.below(limit),
            Err(why) => return asked("open", format!("not decided: {why}"), false),
        };
        match below {
            Below::None => asked("no", format!("in no {part}"), false),
            Below::Every => asked("yes", format!("in every {part}"), false),
            Below::Some => {
                let words = "open until it is said which part counts";
                asked("open", format!("in some {part}s only: {words}"), true)
            }
            Below::Open => asked("open", format!("open: {why}"), false),
        }
    }

    /// Writes it into a row.
    fn fill(&self, row: &mut MotionRow) {
        (row.limit, row.below) = (self.limit.clone(), self.below.to_owned());
    }

    /// The answer for people, with the policies that settle it.
    fn lines(&self, of: &str, parameter: &str) -> Result<Vec<String>, Failure> {
        let answer = format!("{of} below {}: {}", self.limit, self.words);
        let settles = if self.by_policy { policies(parameter)? } else { Vec::new() };
        Ok(std::iter::once(answer).chain(settles).collect())
    }
}

/// The policies of the lists in force that say which part of a reading counts.
fn policies(parameter: &str) -> Result<Vec<String>, Failure> {
    let library = Library::shipped()?;
    let wanted = machine::find(parameter);
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
