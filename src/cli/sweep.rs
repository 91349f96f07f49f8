//! `toolgauge sweep`.

use std::path::PathBuf;
use std::time::Instant;

use clap::Args;
use serde::Serialize;

use super::arguments::{Common, Evidence, Format, ReadArgs};
use super::{Answer, Failure, compare, drawn, files, pictured, progress, setting};
use crate::assess::{self, Drawn, Evaluator, Map, Sweep};
use crate::catalogue::Catalogue;
use crate::error::Error;
use crate::list::{Dial, Library};
use crate::quantity::{Decimal, Dimension, Style, Unit, Value};
use crate::record::{CatalogueRecord, RunRecord};
use crate::report::{self, Columns, Ground};

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

/// What is asked: the arguments, and the list with what it is of.
struct Asked<'a> {
    verb: &'a SweepOf,
    common: &'a Common,
    library: &'a Library,
    evaluator: &'a Evaluator,
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
    let (library, evaluator) = compare::one(&verb.list, &verb.law)?;
    let asked = Asked { verb, common, library: &library, evaluator: &evaluator };
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
    let values = |(dial, text): (&Dial, &String)| dial.values(&dial.limits(&entry.list)?, text);
    let at = dials.iter().zip(&verb.at).map(values).collect::<Result<Vec<_>, _>>()?;
    // The curve's own text says it at its head.
    if common.format != Format::Text || !verb.at.is_empty() || dials.len() > 1 {
        for dial in &dials {
            let texts = report::untied_texts(dial, &dial.limits(&entry.list)?);
            texts.iter().for_each(|text| progress::tell(common, text));
        }
    }
    if let Some(answer) = in_columns(&asked, &dials, &at)? {
        return Ok(answer);
    }
    let start = Instant::now();
    let (catalogue, hash) = setting::catalogue(&verb.catalogue, &verb.read)?;
    let columns = Columns::of(&catalogue, verb.weight.as_deref(), verb.labels.as_deref());
    let record = (columns.placed(CatalogueRecord::of(&catalogue, hash)), columns);
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
            asked.one(&sweep, at, record)
        }
        [first, second] => {
            let pair = [first, second];
            let mut map = mapped(verb, common, &evaluator, pair, &catalogue, &weights, at)?;
            let machines = &catalogue.machines;
            map.mark(&evaluator, pair, machines, &marks, |_, _| ())?;
            asked.two(pair, &map, record)
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
    asked: &Asked<'_>,
    dials: &[Dial],
    at: &[Vec<Value>],
) -> Result<Option<Answer>, Failure> {
    let Asked { verb, evaluator, .. } = *asked;
    let whole = verb.weight.is_some() || verb.labels.is_some();
    if whole || dials.len() > 2 || dials.len() == 2 && at.len() != 2 {
        return Ok(None);
    }
    let start = Instant::now();
    let all: Vec<&Dial> = dials.iter().collect();
    let drawn = drawn::drawn(&verb.catalogue, &verb.read, evaluator, &all)?;
    let Some((drawn, record)) = drawn else { return Ok(None) };
    let record = (record, Columns::default());
    // Figures in doubt are another list, of which the file is read again.
    let doubted = match evaluator.doubted()? {
        Some(doubted) => match drawn::drawn(&verb.catalogue, &verb.read, &doubted, &all)? {
            Some((doubted, _)) => Some(doubted),
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
            asked.one(&sweep, at.first().map(Vec::as_slice), record).map(Some)
        }
        ([first, second], [a, b]) => {
            let Some(map) = Map::drawn(evaluator, &drawn, doubted.as_ref(), [a.clone(), b.clone()])
            else {
                return Ok(None);
            };
            told(verb, "swept", start);
            asked.two([first, second], &map, record).map(Some)
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

/// The record of a catalogue, and its columns of weights and marks.
type Rested = (CatalogueRecord, Columns);

impl Asked<'_> {
    /// What was run, and what the answer rests on.
    fn ground(
        &self,
        dials: &[&Dial],
        (catalogue, columns): Rested,
    ) -> Result<(RunRecord, Ground), Error> {
        let ground = Ground::of(self.evaluator, dials, &catalogue, columns)?;
        Ok((RunRecord::new(self.evaluator, self.library, Some(catalogue)), ground))
    }

    fn one(
        &self,
        sweep: &Sweep,
        at: Option<&[Value]>,
        catalogue: Rested,
    ) -> Result<Answer, Failure> {
        let Self { verb, common, .. } = *self;
        let (record, ground) = self.ground(&[&sweep.dial], catalogue)?;
        if let Some(path) = &verb.svg {
            files::write(path, pictured::curve(sweep, &ground)?.as_bytes())?;
        }
        if let Some(path) = &verb.histogram {
            files::write(path, pictured::histogram(sweep, &ground)?.as_bytes())?;
        }
        let rows = match at {
            Some(values) => report::sweep_rows_at(sweep, values),
            None => report::sweep_rows(sweep),
        };
        let text = match (common.format, at) {
            (Format::Text, Some(_)) => report::rows_text(sweep, &ground, &rows),
            (Format::Text, None) => {
                let within = match verb.within {
                    Some(within) => within,
                    None => percent(WITHIN).map_err(Error::usage)?,
                };
                report::sweep_text(sweep, &ground, within)
            }
            (Format::Csv, _) => report::sweep_csv(&ground, &rows)?,
            (Format::Json | Format::Jsonl, _) => return self.json(&record, &ground, &rows),
        };
        self.written(&text, &record)
    }

    fn two(&self, dials: [&Dial; 2], map: &Map, catalogue: Rested) -> Result<Answer, Failure> {
        let (record, ground) = self.ground(&dials, catalogue)?;
        if let Some(path) = &self.verb.svg {
            files::write(path, pictured::map(map, &ground)?.as_bytes())?;
        }
        let rows = report::map_rows(map, &ground);
        let text = match self.common.format {
            Format::Text => report::map_text(map, &ground),
            Format::Csv => report::map_csv(&ground, &rows)?,
            Format::Json | Format::Jsonl => return self.json(&record, &ground, &rows),
        };
        self.written(&text, &record)
    }

    /// Writes text as it stands, or CSV with the record of the run beside it.
    fn written(&self, text: &str, record: &RunRecord) -> Result<Answer, Failure> {
        if self.common.format == Format::Csv {
            let answer = files::write_text(self.common, text)?;
            super::classify::beside(self.common, record)?;
            return Ok(answer);
        }
        files::write_text(self.common, text.trim_end())
    }

    fn json(
        &self,
        run: &RunRecord,
        ground: &Ground,
        rows: &[impl Serialize],
    ) -> Result<Answer, Failure> {
        files::write_json(self.common, &Swept { run, ground, rows })
    }
}

/// An answer as JSON.
#[derive(Serialize)]
struct Swept<'a, R> {
    run: &'a RunRecord,
    #[serde(flatten)]
    ground: &'a Ground,
    rows: &'a [R],
}
