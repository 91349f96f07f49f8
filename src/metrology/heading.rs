//! What the heading of a column of runs means: one small grammar for all that people export.
//!
//! A heading is words in any order, and a unit at its end. Words say what a column holds
//! (`measured`, `deviation`), from which side (`up`, `reverse`, `+`) and of which run (a number,
//! with or without `run` before it); words and numbers may be written together (`R1 Up`, `1-`,
//! `Fwd1`). What could be read in two ways is refused; a heading with a word that is not known is
//! not of a run.

use super::columns::words;
use super::positioning::Direction;
use super::runs::Readings;
use crate::quantity::Unit;

/// What a column is for.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Heading {
    /// Labels of axes.
    Axis,
    /// Sides.
    Direction,
    /// Numbers of runs.
    Run,
    /// Where the measuring line lay.
    Line,
    /// Temperatures.
    Temperature,
    /// Targets, and their unit.
    Target(Option<&'static Unit>),
    /// The unit of each row's readings.
    Unit,
    /// The unit of each row's target.
    TargetUnit,
    /// Readings.
    Reading(Said),
    /// Known, and not needed: the numbers of targets.
    Needless,
    /// Nothing that is known.
    Unknown,
}

/// What the heading of a column of readings says.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Said {
    /// Positions or deviations.
    pub readings: Option<Readings>,
    /// From which side.
    pub side: Option<Direction>,
    /// Of which run.
    pub run: Option<u64>,
    /// The unit.
    pub unit: Option<&'static Unit>,
    /// Whether an `R` stands for a run or for the reverse side.
    pub doubtful: bool,
    /// Whether a `-` between words is a dash or the side.
    pub dashed: bool,
}

/// Words before the number of a run.
const MARKERS: [&str; 7] = ["run", "cycle", "pass", "no", "nr", "number", "rep"];
/// Words that add nothing.
const NEEDLESS: [&str; 6] =
    ["position", "positional", "positioning", "reading", "direction", "approach"];

impl Heading {
    /// Reads a heading; why it cannot be taken where it is of a run in more than one way.
    pub(super) fn of(name: &str) -> Result<Self, String> {
        let (words, unit) = words(name);
        let mut said: Vec<&str> = words.iter().map(String::as_str).collect();
        // `deviation in µm`
        said.pop_if(|last| *last == "in" && unit.is_some());
        Ok(match said.as_slice() {
            ["axis"] => Self::Axis,
            ["direction" | "dir" | "approach"] => Self::Direction,
            ["run" | "cycle" | "pass"] => Self::Run,
            ["line"] | ["measuring", "line"] => Self::Line,
            ["temperature" | "temp", _] => Self::Temperature,
            ["target" | "position" | "commanded" | "nominal"]
            | ["target" | "commanded" | "nominal", "position"] => Self::Target(unit),
            ["target", "index" | "no" | "number"] => Self::Needless,
            ["unit" | "units"] | ["measured" | "deviation" | "reading" | "error", "unit"] => {
                Self::Unit
            }
            ["target" | "position", "unit"] => Self::TargetUnit,
            said => reading(said, unit)?,
        })
    }
}

/// What is found in a heading, each kind of word by itself.
#[derive(Debug, Default)]
struct Found<'w> {
    readings: Vec<Readings>,
    sides: Vec<Direction>,
    runs: Vec<u64>,
    marked: bool,
    letter: bool,
    dash: bool,
    unknown: Vec<&'w str>,
}

impl<'w> Found<'w> {
    fn take(&mut self, part: &'w str) {
        let put = |all: &mut Vec<Direction>, side| {
            if !all.contains(&side) {
                all.push(side);
            }
        };
        match (side_of(part), readings_of(part), part.parse::<u64>()) {
            (Some(side), ..) => put(&mut self.sides, side),
            (_, Some(readings), _) => self.readings.push(readings),
            (.., Ok(run)) => self.runs.push(run),
            _ if part == "r" => self.letter = true,
            _ if MARKERS.contains(&part) => self.marked = true,
            _ if NEEDLESS.contains(&part) => {}
            _ => self.unknown.push(part),
        }
    }
}

fn reading(words: &[&str], unit: Option<&'static Unit>) -> Result<Heading, String> {
    let mut found = Found::default();
    for (at, word) in words.iter().enumerate() {
        // Between words it may be a dash.
        if *word == "-" && at > 0 && at + 1 < words.len() {
            found.dash = true;
            continue;
        }
        parts(word).into_iter().for_each(|part| found.take(part));
    }
    // A unit may stand before the run: `Deviation (µm) Fwd 1`.
    let inner = match (unit, found.unknown.as_slice()) {
        (None, [word]) => words_unit(word),
        _ => None,
    };
    let unit = unit.or(inner);
    let number = found.marked || found.letter || unit.is_some();
    let of_run =
        !found.readings.is_empty() || !found.sides.is_empty() || (!found.runs.is_empty() && number);
    if !of_run {
        return Ok(Heading::Unknown);
    }
    if let Some(word) = found.unknown.first().filter(|_| inner.is_none()) {
        return if found.sides.is_empty() || found.runs.is_empty() {
            Ok(Heading::Unknown)
        } else {
            Err(format!("`{word}` is neither a unit nor a word of a run's heading"))
        };
    }
    let doubtful = found.letter && found.sides.is_empty();
    match (found.sides.as_slice(), found.runs.as_slice(), found.readings.as_slice()) {
        ([_, _, ..], ..) => Err("says both sides".to_owned()),
        (_, [_, _, ..], _) => Err("holds two numbers: which is the run?".to_owned()),
        (.., [_, _, ..]) => Err("says twice what it holds".to_owned()),
        (sides, runs, readings) => Ok(Heading::Reading(Said {
            readings: readings.first().copied(),
            side: sides.first().copied(),
            run: runs.first().copied(),
            unit,
            doubtful,
            dashed: found.dash && sides.is_empty(),
        })),
    }
}

/// The unit that a word is.
fn words_unit(word: &str) -> Option<&'static Unit> {
    words(word).1
}

/// The letters, digits and signs of a word apart; a `-` between letters or digits joins them.
fn parts(word: &str) -> Vec<&str> {
    let class = |c: char| match c {
        c if c.is_ascii_digit() => 0,
        c if c.is_alphabetic() => 1,
        '+' | '-' | '↑' | '↓' => 2,
        _ => 3,
    };
    let mut parts: Vec<&str> = Vec::new();
    let (mut rest, mut before) = (word, 3);
    while let Some(first) = rest.chars().next() {
        let kind = class(first);
        let same = |c: char| kind < 2 && class(c) == kind;
        let length = rest.find(|c: char| !same(c)).unwrap_or(rest.len()).max(first.len_utf8());
        let (part, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
        let joins =
            first == '-' && before < 2 && after.chars().next().is_some_and(|c| class(c) < 2);
        if kind < 3 && !joins {
            parts.push(part);
        }
        (rest, before) = (after, kind);
    }
    parts
}

fn readings_of(word: &str) -> Option<Readings> {
    match word {
        "measured" | "actual" => Some(Readings::Measured),
        "deviation" | "dev" | "error" | "err" => Some(Readings::Deviation),
        _ => None,
    }
}

/// The side that a word names.
pub(super) fn side_of(word: &str) -> Option<Direction> {
    match word.to_lowercase().as_str() {
        "+" | "up" | "↑" | "forward" | "forwards" | "fwd" | "positive" | "pos" | "+1" => {
            Some(Direction::Up)
        }
        "-" | "−" | "down" | "↓" | "backward" | "backwards" | "bwd" | "reverse" | "rev"
        | "negative" | "neg" | "-1" => Some(Direction::Down),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `up 1 deviation µm`, or the variant, or the fault.
    fn told(name: &str) -> String {
        let said = match Heading::of(name) {
            Ok(Heading::Reading(said)) => said,
            Ok(Heading::Target(unit)) => return format!("target {}", unit.map_or("?", Unit::name)),
            Ok(other) => return format!("{other:?}").to_lowercase(),
            Err(fault) => return format!("! {fault}"),
        };
        let side = said.side.map_or("?", |side| if side == Direction::Up { "up" } else { "down" });
        let run = said.run.map_or("?".to_owned(), |run| run.to_string());
        let holds = said.readings.map_or("?".to_owned(), |r| format!("{r:?}").to_lowercase());
        let unit = said.unit.map_or("?", Unit::name);
        let doubt = match (said.doubtful, said.dashed) {
            (true, _) => " doubtful",
            (_, true) => " dashed",
            _ => "",
        };
        format!("{side} {run} {holds} {unit}{doubt}")
    }

    #[test]
    fn headings_are_read_as_people_write_them() {
        for (name, expected) in [
            ("Run 1 Forward (um)", "up 1 ? µm"),
            ("Run 1 Reverse", "down 1 ? ?"),
            ("RUN-2-FORWARD [µm]", "up 2 ? µm"),
            ("Run 1 - Forward (um)", "up 1 ? µm"),
            ("Run 1 – Reverse (um)", "down 1 ? µm"),
            ("1+ [um]", "up 1 ? µm"),
            ("1- [um]", "down 1 ? µm"),
            ("1 - [um]", "down 1 ? µm"),
            ("-1 (um)", "down 1 ? µm"),
            ("+ 12 (um)", "up 12 ? µm"),
            ("1− (um)", "down 1 ? µm"),
            ("↓3 (nm)", "down 3 ? nm"),
            ("Fwd 1", "up 1 ? ?"),
            ("Bwd1 (uin)", "down 1 ? µin"),
            ("Fwd-1", "up 1 ? ?"),
            ("R1 Up", "up 1 ? ?"),
            ("R2 Down [um]", "down 2 ? µm"),
            ("No. 3 pos (um)", "up 3 ? µm"),
            ("#4 neg (um)", "down 4 ? µm"),
            ("Deviation, run 1, up (um)", "up 1 deviation µm"),
            ("Deviation (µm) Fwd 1", "up 1 deviation µm"),
            ("error_um_run_2_bwd", "down 2 deviation µm"),
            ("Run 1 (Reverse) [nm]", "down 1 ? nm"),
            ("Pass 1 (+) um", "up 1 ? µm"),
            ("Error 3 down in um", "down 3 deviation µm"),
            ("Target position in mm", "target mm"),
            ("deviation_up_1_um", "up 1 deviation µm"),
            ("deviation_2_down_um", "down 2 deviation µm"),
            ("Position error 1 fwd (arcsec)", "up 1 deviation arcsec"),
            ("Measured 1 forward direction (mm)", "up 1 measured mm"),
            ("Run 5 (um)", "? 5 ? µm"),
            ("Run (um) 6", "? 6 ? µm"),
            ("Forward (um)", "up ? ? µm"),
            ("R1 (um)", "? 1 ? µm doubtful"),
            ("Run - 1 (um)", "? 1 ? µm dashed"),
            ("Error - 1 (µm)", "? 1 deviation µm dashed"),
            ("Error + 1 (µm)", "up 1 deviation µm"),
            ("deviation_um", "? ? deviation µm"),
            ("Actual position (mm)", "? ? measured mm"),
            ("Pass", "run"),
            ("Nominal position", "target ?"),
            ("Unit", "unit"),
            ("deviation unit", "unit"),
            ("target_unit", "targetunit"),
            ("target no", "needless"),
        ] {
            assert_eq!(told(name), expected, "{name}");
        }
    }

    #[test]
    fn what_may_be_read_in_two_ways_is_refused_and_other_columns_are_left_alone() {
        for (name, expected) in [
            ("Run 1 up down (um)", "! says both sides"),
            ("Fwd 1 - (um)", "! says both sides"),
            ("Run 1 of 5 fwd (um)", "! `of` is neither a unit"),
            ("Run 1-2 fwd (um)", "! holds two numbers"),
            ("Deviation in µm, run 3, down", "! `in` is neither"),
            ("Fwd 1.5 (um)", "! holds two numbers"),
            ("Measured deviation 1 up", "! says twice what it holds"),
            ("Run 1 forward (furlong)", "! `furlong` is neither a unit"),
            ("Fwd 1 smoothed (um)", "! `smoothed` is neither a unit"),
            ("F1 (um)", "unknown"),
            ("Mean forward (um)", "unknown"),
            ("Std dev (um)", "unknown"),
            ("Uncertainty +/- (um)", "unknown"),
            ("Operator", "unknown"),
            ("3", "unknown"),
            ("", "unknown"),
        ] {
            assert!(told(name).starts_with(expected), "{name}: {}", told(name));
        }
    }
}
