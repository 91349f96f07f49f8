//! The header of a file of runs: where everything stands, and whether it says enough.

use super::columns::Columns;
use super::heading::{Heading, Said};
use super::positioning::Direction;
use super::runs::Readings;
use crate::error::{Error, Result};
use crate::quantity::{Dimension, Unit};
use crate::table::Record;

/// Where the columns of a file of runs stand.
#[derive(Debug)]
pub(super) struct Form {
    pub columns: Columns,
    pub axis: Option<usize>,
    pub target: (usize, Option<&'static Unit>),
    pub direction: Option<usize>,
    pub run: Option<usize>,
    pub line: Option<usize>,
    pub temperature: Option<(usize, &'static Unit)>,
    /// The columns of units: of readings and of targets.
    pub units: [Option<usize>; 2],
    pub readings: Vec<(usize, Said)>,
    /// Whether each of them says that it holds deviations.
    pub only_deviations: bool,
    /// What is odd about the header.
    pub remarks: Vec<String>,
}

impl Form {
    /// Reads what the header says.
    pub(super) fn of(file: &str, header: &[String]) -> Result<Self> {
        let mut form = Self {
            columns: Columns::new(file, header),
            axis: None,
            target: (usize::MAX, None),
            direction: None,
            run: None,
            line: None,
            temperature: None,
            units: [None; 2],
            readings: Vec::new(),
            only_deviations: false,
            remarks: Vec::new(),
        };
        let mut unread: Vec<String> = Vec::new();
        for (index, name) in header.iter().enumerate() {
            let heading = Heading::of(name).map_err(|fault| form.unclear(index, &fault))?;
            let [of_readings, of_targets] = &mut form.units;
            let slot = match heading {
                Heading::Axis => &mut form.axis,
                Heading::Direction => &mut form.direction,
                Heading::Run => &mut form.run,
                Heading::Line => &mut form.line,
                Heading::Unit => of_readings,
                Heading::TargetUnit => of_targets,
                Heading::Target(unit) => {
                    if form.target.0 != usize::MAX {
                        let fault =
                            "is a second column of targets: what was measured is `measured`";
                        return Err(form.unclear(index, fault));
                    }
                    form.target = (index, unit);
                    continue;
                }
                Heading::Temperature => {
                    form.temperature = Some((index, form.columns.unit(name, warmth(name), "c")?));
                    continue;
                }
                Heading::Reading(said) => {
                    form.readings.push((index, said));
                    continue;
                }
                Heading::Needless => continue,
                Heading::Unknown => {
                    unread.extend((!name.trim().is_empty()).then(|| format!("`{}`", name.trim())));
                    continue;
                }
            };
            if slot.replace(index).is_some() {
                return Err(form.unclear(index, "is the second of its kind"));
            }
        }
        if form.target.0 == usize::MAX {
            let fault = form.columns.fault("no column of targets");
            return Err(fault.help("name one `target_mm` or `target_deg`"));
        }
        form.undash();
        form.whole(&unread)?;
        form.sure()?;
        let is_deviation = |(_, said): &(usize, Said)| said.readings == Some(Readings::Deviation);
        form.only_deviations = form.readings.iter().all(is_deviation);
        if !unread.is_empty() {
            let one = unread.len() == 1;
            let (columns, verb) = if one { ("column", "is") } else { ("columns", "are") };
            form.remarks.push(format!("{columns} {} {verb} not read", unread.join(", ")));
        }
        Ok(form)
    }

    /// The first column that holds positions, or that does not say what it holds.
    pub(super) fn holds(&self, what: Option<Readings>) -> Option<usize> {
        self.readings.iter().find(|(_, said)| said.readings == what).map(|(index, _)| *index)
    }

    /// What belies the headers of an axis's readings: the sums of these as written, of the targets
    /// and of the distances between them. An error where what are deviations by name, or by
    /// default, follows the targets; a remark where positions lie near nought.
    pub(super) fn belied(&self, [written, targets, apart]: [i128; 3]) -> Result<Option<String>> {
        let named = |index: usize| self.columns.name(index);
        let fault = |index, says: &str, help: &str| {
            let name = named(index);
            let text = format!("column `{name}` {says}, and its readings follow the targets");
            Err(self.columns.fault(&text).help(help))
        };
        if let Some(index) = self.holds(None).filter(|_| apart < written) {
            let help = "put `measured` or `deviation` into the header";
            return fault(index, "does not say what it holds", help);
        }
        let deviations = self.holds(Some(Readings::Deviation)).filter(|_| self.only_deviations);
        if let Some(index) = deviations.filter(|_| 10 * apart < written) {
            let help = "name it `measured` if it holds positions";
            return fault(index, "says that it holds deviations", help);
        }
        let measured = self.holds(Some(Readings::Measured));
        Ok(measured.filter(|_| 10 * written < targets).map(|index| {
            format!(
                "the readings of column `{}` lie near nought where the targets do not: if they are \
                 deviations, name it `deviation`",
                named(index)
            )
        }))
    }

    /// An error about a reading that is farther from its target than any machine strays.
    pub(super) fn too_far(&self, record: &Record, index: usize) -> Error {
        let text = "farther from its target than any machine strays".to_owned();
        self.columns.at(record, index, text).help("check the unit, and whether it is a deviation")
    }

    /// An error about a heading.
    fn unclear(&self, index: usize, fault: &str) -> Error {
        let text = format!("column `{}`: {fault}", self.columns.name(index).trim());
        self.columns.fault(&text).help(HELP)
    }

    /// A `-` between words is the side where another heading has a `+` in its place.
    fn undash(&mut self) {
        let words_of = |index: usize| super::columns::words(self.columns.name(index)).0;
        let all: Vec<Vec<String>> = self.readings.iter().map(|(at, _)| words_of(*at)).collect();
        for (own, (_, said)) in all.iter().zip(&mut self.readings) {
            let twin = own.iter().map(|word| if word == "-" { "+" } else { word.as_str() });
            let twin: Vec<&str> = twin.collect();
            if said.dashed && all.iter().any(|other| *other == twin) {
                (said.side, said.dashed) = (Some(Direction::Down), false);
            }
        }
    }

    /// An error about a column of which nothing says the unit.
    fn unitless(&self, index: usize, column: &str) -> Error {
        let name = self.columns.name(index);
        self.columns.fault(&format!("column `{name}` does not say its unit")).help(format!(
            "write it into the header, such as `target_mm` or `deviation (µm)`, or row by row into \
             a column `{column}`"
        ))
    }

    /// Every column of readings has to be of one side and run, said by its header or by a row, and
    /// none of the same as another.
    fn whole(&self, unread: &[String]) -> Result<()> {
        if self.readings.is_empty() {
            let not = if unread.is_empty() { String::new() } else { unread.join(", ") };
            let text = match unread {
                [] => "no column of readings".to_owned(),
                _ => format!("no column of readings: {not} say nothing that is known"),
            };
            return Err(self.columns.fault(&text).help(HELP));
        }
        let mut known: Vec<(Option<Direction>, Option<u64>, usize)> = Vec::new();
        for (index, said) in &self.readings {
            let fault = match (said.side, self.direction, said.run, self.run) {
                (None, None, ..) if said.dashed => "`-` may be a dash or the side",
                (None, None, ..) if said.doubtful => {
                    "`R` may be a run or the reverse side: write `Run` or `Rev`"
                }
                (None, None, ..) => "does not say the side, nor does a column `direction`",
                (Some(_), Some(_), ..) => "says the side, and so does a column `direction`",
                (.., None, None) => "does not say the run, nor does a column `run`",
                (.., Some(_), Some(_)) => "says the run, and so does a column `run`",
                _ => "",
            };
            if !fault.is_empty() {
                return Err(self.unclear(*index, fault));
            }
            let same =
                |k: &&(Option<Direction>, Option<u64>, usize)| (k.0, k.1) == (said.side, said.run);
            if let Some((.., other)) = known.iter().find(same) {
                let other = self.columns.name(*other);
                return Err(self.unclear(*index, &format!("is of the same run as `{other}`")));
            }
            known.push((said.side, said.run, *index));
        }
        Ok(())
    }

    /// What readings are and in which unit they stand has to be said, if only by other columns.
    fn sure(&mut self) -> Result<()> {
        let unsaid = self.holds(None).map(|index| self.columns.name(index).to_owned());
        if let Some(name) = unsaid {
            if let Some(measured) = self.holds(Some(Readings::Measured)) {
                let text = format!("holds positions, and column `{name}` does not say what");
                return Err(self.unclear(measured, &text));
            }
            let text = "the headers do not say whether readings are positions or deviations: taken \
                        as deviations, which lie near nought as these do";
            self.remarks.push(text.to_owned());
        }
        let dimension = self.target.1.map(|unit| unit.dimension);
        if self.target.1.is_none() && self.units[1].is_none() {
            return Err(self.unitless(self.target.0, "target_unit"));
        }
        let other =
            |said: &Said| said.unit.is_some_and(|u| dimension.is_some_and(|d| d != u.dimension));
        if let Some((index, _)) = self.readings.iter().find(|(_, said)| other(said)) {
            let name = self.columns.name(*index);
            let text = format!("column `{name}` and the targets are not of one dimension");
            return Err(self.columns.fault(&text));
        }
        if self.units[0].is_some() {
            return Ok(());
        }
        let mut said: Vec<&'static Unit> =
            self.readings.iter().filter_map(|(_, said)| said.unit).collect();
        said.dedup();
        let silent = self.readings.iter().find(|(_, said)| said.unit.is_none());
        let Some((index, _)) = silent.copied() else { return Ok(()) };
        let [unit] = said.as_slice() else {
            return Err(self.unitless(index, "unit"));
        };
        let (name, of) = (self.columns.name(index), unit.name());
        self.remarks.push(format!(
            "column `{name}` says no unit: taken as {of}, which is that of all columns that say one"
        ));
        self.readings.iter_mut().for_each(|(_, said)| said.unit = Some(unit));
        Ok(())
    }
}

const HELP: &str = "the long form has `measured_mm` or `deviation_um`, `direction` and `run`; the \
                    wide form has columns such as `deviation_up_1_um`, `Run 1 Reverse (um)` or `1- \
                    [um]`: what they hold, the side, the run, the unit";

/// The unit of a column of temperatures, which stands at the end of its name.
fn warmth(name: &str) -> Option<&'static Unit> {
    let (words, _) = super::columns::words(name);
    let unit = match words.last().map(String::as_str) {
        Some("k") => "K",
        Some("c" | "degc" | "°c") => "degC",
        _ => return None,
    };
    Unit::named(Dimension::Temperature, unit).ok()
}

#[cfg(test)]
mod tests {
    use crate::metrology::RunsReader;
    use crate::table::{self, Reading};

    #[test]
    fn deviations_that_follow_the_targets_are_refused() {
        // Readings that are more than ten times as far from nought as from their targets.
        for (rows, positions) in [
            ("100,+,1,100.002\n200,+,1,199.9\n", true),
            ("100,-,1,90.91\n200,-,1,181.82\n", true),
            ("100,-,1,90.90\n200,-,1,181.80\n", false),
            ("0,+,1,0.002\n200,+,1,-0.1\n", false),
            ("0,+,1,5\n0,-,1,6\n", false),
        ] {
            let text = format!("target_mm,direction,run,deviation_mm\n{rows}");
            let table =
                table::read("r.csv", text.as_bytes(), &Reading::default()).expect("a table");
            let mut reader = RunsReader::new("r.csv", &table.header).expect("a header");
            table.records.iter().for_each(|record| reader.take(record).expect("a row"));
            let found = reader.finish().err().map(|error| error.to_string());
            let told = "column `deviation_mm` says that it holds deviations, and its readings";
            assert_eq!(found.as_ref().is_some_and(|text| text.contains(told)), positions, "{rows}");
            assert_eq!(found.is_some(), positions, "{rows}");
        }
    }
}
