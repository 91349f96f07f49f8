//! `toolgauge sweep`.

use std::path::PathBuf;
use std::time::Instant;

use clap::Args;

use super::arguments::{Common, Evidence, Format, ReadArgs};
use super::compare::evaluator;
use super::{Answer, Failure, drawn, files, progress, setting};
use crate::assess::{self, Drawn, Evaluator, Map, Sweep};
use crate::catalogue::Catalogue;
use crate::error::Error;
use crate::list::Dial;
use crate::plot::curve::{CurvePlot, MapPlot, curve_svg, map_svg};
use crate::plot::histogram::{HistogramPlot, histogram_svg};
use crate::quantity::{Decimal, Dimension, Style, Unit, Value};
use crate::report;

/// `sweep`.
#[derive(Debug, Args)]
#[command(after_help = "\
A dial is CLAUSE:FIELD, or CLAUSE:FIELD:COMPARATOR where a test has two limits, or several tied by
commas with their distance, or the name of a dial in the list file.

Examples:
  toolgauge sweep specs/catalogues/sample.csv --list specs/proposals/one-number.toml \\
      --dial turning --svg curve.svg
  toolgauge sweep specs/catalogues/sample.csv --list specs/proposals/one-number.toml \\
      --dial turning --dial length --steps 6
  toolgauge sweep specs/catalogues/sample.csv --list specs/proposals/one-number.toml \\
      --dial turning --at 0.1um..10um:0.1um --format csv")]
pub(crate) struct SweepOf {
    /// The catalogue
    catalogue: PathBuf,
    /// The list: NAME, NAME@DAY, NAME@EDITION, a list file, or LIST+FILE
    #[arg(long = "list", value_name = "LIST")]
    list: String,
    /// What is turned; two dials make a map
    #[arg(long = "dial", value_name = "DIAL", required = true)]
    dials: Vec<String>,
    /// A column of numbers, such as units sold, by which machines are weighed too
    #[arg(long, value_name = "COLUMN")]
    weight: Option<String>,
    /// A column in which experts marked machines as of concern: yes or no; an empty cell is not
    /// marked
    #[arg(long, value_name = "COLUMN")]
    labels: Option<String>,
    /// Count the machines that move within this many per cent of where the limit stands; 10 unless
    /// given; of one dial
    #[arg(long, value_name = "PERCENT", value_parser = percent, allow_hyphen_values = true)]
    within: Option<Value>,
    /// The values to count at, such as 0.9um,1.1um or 0.1um..10um:0.1um (FROM..TO:STEP); once for
    /// each dial, in their order
    #[arg(long, value_name = "VALUES")]
    at: Vec<String>,
    /// Say on standard error how long reading, drawing and sweeping took
    #[arg(long)]
    times: bool,
    /// At most so many values a dial of a map, three at least, the one at which the list stands
    /// among them; 12 unless given
    #[arg(long, value_name = "N")]
    steps: Option<usize>,
    /// Write the curve or map as SVG
    #[arg(long, value_name = "FILE")]
    svg: Option<PathBuf>,
    /// Write a histogram of how far from the limit machines move, as SVG; of one dial
    #[arg(long, value_name = "FILE")]
    histogram: Option<PathBuf>,
    #[command(flatten)]
    law: Evidence,
    #[command(flatten)]
    read: ReadArgs,
}

/// Within how many per cent of a limit machines are counted, and how many values a dial of a map
/// has, unless it is said.
const WITHIN: &str = "10";
const STEPS: usize = 12;

/// A part in per cent, exact: `10`, `2.5`, `2.5 %`.
fn percent(text: &str) -> Result<Value, String> {
    let number = text.trim().trim_end_matches('%').trim_end();
    let unit = Unit::named(Dimension::Ratio, "%").map_err(|fault| fault.to_string())?;
    let value = Decimal::parse(number, Style::default()).and_then(|number| number.value(unit));
    let value = value.ok().filter(|value| *value >= Value::ZERO);
    value.ok_or_else(|| "write a number of per cent, nought or more, such as 10 or 2.5".to_owned())
}

/// Refuses options that say nothing of so many dials.
fn fitting(verb: &SweepOf) -> Result<(), Error> {
    let idle = [
        ("--within", verb.within.is_some(), 1),
        ("--histogram", verb.histogram.is_some(), 1),
        ("--steps", verb.steps.is_some(), 2),
    ];
    let dials = verb.dials.len();
    if !(1..=2).contains(&dials) {
        let error = Error::usage(format!("{dials} dials are turned at once"));
        return Err(error.help("a curve has one dial, a map two"));
    }
    match idle.into_iter().find(|(_, given, of)| *given && *of != dials) {
        Some((option, _, 1)) => {
            let error = Error::usage(format!("`{option}` is about one dial, and two are turned"));
            Err(error.help("ask for the curve of each dial by itself"))
        }
        Some((option, ..)) => {
            let error = Error::usage(format!("`{option}` is about a map, and one dial is turned"));
            Err(error.help("a curve has every step; `--at` counts at given values"))
        }
        None => Ok(()),
    }
}

/// Sweeps dials over a catalogue.
pub(super) fn sweep(verb: &SweepOf, common: &Common) -> Result<Answer, Failure> {
    fitting(verb)?;
    let evaluator = evaluator(&verb.list, &verb.law)?;
    let Some(entry) = evaluator.program.entries().first() else {
        return Err(Error::usage("there is no list").into());
    };
    let read = |text: &String| Dial::read(&entry.list, text);
    let dials = verb.dials.iter().map(read).collect::<Result<Vec<_>, _>>()?;
    if let [first, second] = dials.as_slice()
        && let Some(limit) = first.shared(second, &entry.list)?
    {
        let error = Error::usage(format!("both dials turn `{limit}`"));
        return Err(error.help("a map is over two dials that have no limit in common").into());
    }
    if !verb.at.is_empty() && verb.at.len() != dials.len() {
        let error = Error::usage("`--at` is given once for each dial, or not at all");
        return Err(error.help("write --dial A --at VALUES --dial B --at VALUES").into());
    }
    let at = dials.iter().zip(&verb.at).map(|(dial, text)| dial.values(text));
    let at = at.collect::<Result<Vec<_>, _>>()?;
    // The curve's own text says it at its head.
    if common.format != Format::Text || !verb.at.is_empty() || dials.len() > 1 {
        for dial in &dials {
            let texts = report::untied_texts(dial, &dial.limits(&entry.list)?);
            texts.iter().for_each(|text| progress::tell(common, text));
        }
    }
    if let Some(answer) = in_columns(verb, common, &evaluator, &dials, &at)? {
        return Ok(answer);
    }
    let start = Instant::now();
    let (catalogue, _) = setting::catalogue(&verb.catalogue, &verb.read)?;
    told(verb, "read", start);
    let (weights, _) = assess::weights(&catalogue, verb.weight.as_deref())?;
    let marks = assess::marks(&catalogue, verb.labels.as_deref())?;
    let remarks = [
        assess::weightless(&catalogue, verb.weight.as_deref(), &weights),
        assess::unmarked(&catalogue, verb.labels.as_deref()),
    ];
    remarks.iter().flatten().for_each(|remark| progress::tell(common, remark));
    match dials.as_slice() {
        [dial] => {
            let at = at.first().map(Vec::as_slice);
            let sweep = curve(verb, common, &evaluator, dial, &catalogue, &weights, &marks)?;
            one(verb, common, &sweep, at)
        }
        [first, second] => {
            let pair = [first, second];
            let mut map = mapped(verb, common, &evaluator, pair, &catalogue, &weights, at)?;
            let machines = &catalogue.machines;
            map.mark(&evaluator, pair, machines, &marks, |_, _| ())?;
            two(verb, common, &evaluator, pair, &map)
        }
        _ => Err(Error::usage("a curve has one dial, a map two").into()),
    }
}

/// Says how long something took, where that is asked.
fn told(verb: &SweepOf, what: &str, start: Instant) {
    if verb.times {
        progress::say(&format!("{what}: {:.6} s", start.elapsed().as_secs_f64()));
    }
}

/// Answers from a file that is read column by column, where nothing is asked that needs whole
/// machines.
fn in_columns(
    verb: &SweepOf,
    common: &Common,
    evaluator: &Evaluator,
    dials: &[Dial],
    at: &[Vec<Value>],
) -> Result<Option<Answer>, Failure> {
    let whole = verb.weight.is_some() || verb.labels.is_some();
    if whole || dials.len() > 2 || dials.len() == 2 && at.len() != 2 {
        return Ok(None);
    }
    let start = Instant::now();
    let all: Vec<&Dial> = dials.iter().collect();
    let drawn = drawn::drawn(&verb.catalogue, &verb.read, evaluator, &all)?;
    let Some(drawn) = drawn else { return Ok(None) };
    // Figures in doubt are another list, of which the file is read again.
    let doubted = match evaluator.doubted()? {
        Some(doubted) => match drawn::drawn(&verb.catalogue, &verb.read, &doubted, &all)? {
            Some(doubted) => Some(doubted),
            None => return Ok(None),
        },
        None => None,
    };
    told(verb, "read and drawn", start);
    let start = Instant::now();
    match (dials, at) {
        ([dial], at) => {
            let Some(sweep) = Sweep::drawn(evaluator, dial, &drawn, doubted.as_ref())? else {
                return Ok(None);
            };
            told(verb, "swept", start);
            one(verb, common, &sweep, at.first().map(Vec::as_slice)).map(Some)
        }
        ([first, second], [a, b]) => {
            let Some(map) = Map::drawn(evaluator, &drawn, doubted.as_ref(), [a.clone(), b.clone()])
            else {
                return Ok(None);
            };
            told(verb, "swept", start);
            two(verb, common, evaluator, [first, second], &map).map(Some)
        }
        _ => Ok(None),
    }
}

/// The curve of machines that were read whole.
fn curve(
    verb: &SweepOf,
    common: &Common,
    evaluator: &Evaluator,
    dial: &Dial,
    catalogue: &Catalogue,
    weights: &[Option<Value>],
    marks: &[Option<bool>],
) -> Result<Sweep, Failure> {
    let bar = progress::bar(common, 0, "sweeping");
    let step = |by: usize, total: usize| {
        bar.set_length(total as u64);
        bar.inc(by as u64);
    };
    let start = Instant::now();
    let sweep = Sweep::new(evaluator, dial, &catalogue.machines, weights, marks, step)?;
    bar.finish_and_clear();
    told(verb, "drawn and swept", start);
    Ok(sweep)
}

fn one(
    verb: &SweepOf,
    common: &Common,
    sweep: &Sweep,
    at: Option<&[Value]>,
) -> Result<Answer, Failure> {
    if let Some(path) = &verb.svg {
        files::write(path, curve_svg(&plot(sweep))?.as_bytes())?;
    }
    if let Some(path) = &verb.histogram {
        let unit = report::dial_unit(sweep);
        let margin = |count: i64| count as f64 / unit.size as f64;
        let plot = HistogramPlot {
            title: format!("{}: {}", sweep.list, sweep.dial.name),
            values: format!(
                "value at which a machine moves, less the {}, {}",
                report::dial_turns(sweep),
                unit.name()
            ),
            margins: sweep.margins().into_iter().map(margin).collect(),
        };
        files::write(path, histogram_svg(&plot)?.as_bytes())?;
    }
    let rows = match at {
        Some(values) => report::sweep_rows_at(sweep, values),
        None => report::sweep_rows(sweep),
    };
    match common.format {
        Format::Text if at.is_some() => {
            files::write_text(common, report::rows_text(sweep, &rows).trim_end())
        }
        Format::Text => {
            let within = match verb.within {
                Some(within) => within,
                None => percent(WITHIN).map_err(Error::usage)?,
            };
            let text = report::sweep_text(sweep, within);
            files::write_text(common, text.trim_end())
        }
        Format::Csv => files::write_text(common, &report::sweep_csv(&rows)?),
        Format::Json | Format::Jsonl => files::write_json(common, &rows),
    }
}

fn plot(sweep: &Sweep) -> CurvePlot {
    let unit = report::dial_unit(sweep);
    let number = |value: Value| value.count() as f64 / unit.size as f64;
    let first = sweep.points.iter().find_map(|point| point.from).unwrap_or(sweep.stands);
    let step = |point: &assess::Point| {
        let captured = point.captured;
        let counts = [captured.certain, captured.possible].map(|tally| tally.machines as f64);
        let [certain, possible] = counts;
        (number(point.from.unwrap_or(first)), certain, possible)
    };
    CurvePlot {
        title: format!("{}: {}", sweep.list, sweep.dial.name),
        values: format!("{}, {}", report::dial_turns(sweep), unit.name()),
        counts: "machines".to_owned(),
        stands: number(sweep.stands),
        least: report::dial_least(sweep).map(number),
        steps: report::real_points(sweep).map(step).collect(),
        lines: marked(sweep),
    }
}

/// How what is captured fits what experts marked, a line each; none where nothing is marked.
fn marked(sweep: &Sweep) -> Vec<(String, Vec<f64>)> {
    if !sweep.is_marked {
        return Vec::new();
    }
    let line = |name: &str, of: fn(&assess::Marked) -> usize| {
        let counts = report::real_points(sweep).map(|point| of(&point.marked) as f64);
        (name.to_owned(), counts.collect())
    };
    vec![
        line("hits: of concern, captured", |marked| marked.hits),
        line("misses: of concern, not captured", |marked| marked.misses),
        line("false alarms: not of concern, captured", |marked| marked.false_alarms),
    ]
}

/// The map at the values that are asked for, or at those at which machines move.
fn mapped(
    verb: &SweepOf,
    common: &Common,
    evaluator: &Evaluator,
    dials: [&Dial; 2],
    catalogue: &Catalogue,
    weights: &[Option<Value>],
    at: Vec<Vec<Value>>,
) -> Result<Map, Failure> {
    let bar = progress::bar(common, 0, "mapping");
    let step = |by: usize, total: usize| {
        bar.set_length(total as u64);
        bar.inc(by as u64);
    };
    let machines = &catalogue.machines;
    let Ok(values) = <[Vec<Value>; 2]>::try_from(at) else {
        let map = Map::new(evaluator, dials, machines, weights, verb.steps.unwrap_or(STEPS), step)?;
        bar.finish_and_clear();
        return Ok(map);
    };
    let start = Instant::now();
    let drawn = Drawn::new(evaluator, &dials, machines)?;
    told(verb, "drawn", start);
    let start = Instant::now();
    let map = match drawn {
        Some(drawn) => Map::of(evaluator, &drawn, dials, machines, weights, values)?,
        None => Map::at(evaluator, dials, machines, weights, values, step)?,
    };
    told(verb, "swept", start);
    bar.finish_and_clear();
    Ok(map)
}

fn two(
    verb: &SweepOf,
    common: &Common,
    evaluator: &Evaluator,
    dials: [&Dial; 2],
    map: &Map,
) -> Result<Answer, Failure> {
    let entry = evaluator.program.entries().first();
    let list = entry.map_or_else(String::new, |entry| entry.list.marked_title());
    let [first, second] = dials;
    let names = [first.name.as_str(), second.name.as_str()];
    let unit = |dial: &Dial| -> &'static Unit {
        let parameter = dial.moves.first().and_then(|one| one.parameter.row().unit());
        parameter.unwrap_or_else(|| Dimension::Number.smallest())
    };
    let units = [unit(first), unit(second)];
    if let Some(path) = &verb.svg {
        let labels = |values: &[Value], unit: &Unit| {
            values.iter().map(|value| report::from_text(*value, unit)).collect()
        };
        let count = map.machines.max(1) as f64;
        let part = |captured: &assess::Captured| {
            let [certain, possible] =
                [captured.certain, captured.possible].map(|t| t.machines as f64 / count);
            (certain, possible)
        };
        let [a, b] = units;
        let plot = MapPlot {
            title: list.clone(),
            counts: format!("captured, certainly to possibly, in % of {count} machines"),
            names: names.map(str::to_owned),
            labels: [labels(&map.first, a), labels(&map.second, b)],
            parts: map.captured.iter().map(|row| row.iter().map(part).collect()).collect(),
        };
        files::write(path, map_svg(&plot)?.as_bytes())?;
    }
    match common.format {
        Format::Text => {
            files::write_text(common, report::map_text(&list, map, units, names).trim_end())
        }
        Format::Csv => {
            let table = report::map_table(&list, map, units, names);
            files::write_text(common, &report::map_csv(&table)?)
        }
        Format::Json | Format::Jsonl => {
            files::write_json(common, &report::map_table(&list, map, units, names))
        }
    }
}
