//! Reads raw positioning runs, row by row.
//!
//! Reads the long form (a row a reading), the wide form (a row a target, a column a run) and what
//! lies between them. The unit of a number stands in its header or in a column. What is odd but
//! usable is a remark; what cannot be used, or could be read in two ways, is an error with its
//! place.

use super::apart::Tests;
use super::columns::Rounding;
use super::heading::side_of;
use super::positioning::Direction;
use super::runs::{AxisRuns, Readings, deviation};
use super::runs_form::Form;
use super::seen::Seen;
use crate::error::Result;
use crate::quantity::{Dimension, Style, Unit, with_article};
use crate::table::Record;

/// Reads a file of runs, row by row.
#[derive(Debug)]
pub struct RunsReader {
    form: Form,
    tests: Tests,
    /// The unit that was named last, which is mostly that of the next row.
    known: Option<(String, Dimension, &'static Unit)>,
}

impl RunsReader {
    /// Reads what the header says.
    pub fn new(file: &str, header: &[String]) -> Result<Self> {
        let form = Form::of(file, header)?;
        Ok(Self { form, tests: Tests::default(), known: None })
    }

    /// The same for numbers that are written in this style.
    #[must_use]
    pub fn with_style(mut self, style: Style) -> Self {
        self.form.columns.style = style;
        self
    }

    /// Takes up one row.
    pub fn take(&mut self, record: &Record) -> Result<()> {
        self.form.columns.check(record)?;
        let said = |at: Option<usize>| at.map_or("", |at| record.field(at)).trim();
        let named = (said(self.form.axis), said(self.form.line));
        let [of_readings, of_targets] = self.form.units;
        let unit = self.unit_of(record, self.form.target, of_targets, None)?;
        let dimension = unit.dimension;
        let mut rounding = Rounding::default();
        let position =
            self.form.columns.value(record, self.form.target.0, unit, &mut rounding)?.count();
        let (mut any, counts) = (false, self.form.only_deviations);
        for at in 0..self.form.readings.len() {
            let Some((index, said)) = self.form.readings.get(at).copied() else { continue };
            if record.field(index).trim().is_empty() {
                continue;
            }
            let unit = self.unit_of(record, (index, said.unit), of_readings, Some(dimension))?;
            let value = self.form.columns.value(record, index, unit, &mut rounding)?.count();
            let direction = said.side.map_or_else(|| self.direction_of(record), Ok)?;
            let run = said.run.map_or_else(|| self.run_of(record), Ok)?;
            let of_row = said.side.is_none() || said.run.is_none();
            let Some(deviation) = deviation(said.readings, value, position) else {
                return Err(self.form.too_far(record, index));
            };
            let axis = self.test(named, record, dimension)?;
            axis.written_in(unit);
            let turns = axis.order.breaks(of_row.then_some((direction, run)), position);
            if counts || said.readings != Some(Readings::Deviation) {
                let [value, position] = [value, position].map(i128::from);
                let sizes = [value, position, value - position].map(i128::abs);
                axis.sums.iter_mut().zip(sizes).for_each(|(sum, size)| *sum += size);
            }
            let known = u32::try_from(run).map_or(Ok(()), |run| {
                axis.take(position, direction, (run, record.line), deviation)
            });
            if turns {
                self.turned(record);
            }
            if let Err(line) = known {
                let text = format!("run {run} at this target and side stands in line {line} too");
                let error = self.form.columns.at(record, index, text);
                let help = "number the runs, name the axes in a column `axis`, or measuring lines \
                            in a column `line`";
                return Err(error.help(help));
            }
            any = true;
        }
        if any {
            return self.conditions(record, rounding);
        }
        // A target of which nothing was read is one of the test all the same.
        self.test(named, record, dimension)?.expect(position);
        Ok(())
    }

    /// The tests, in the order of the file: one an axis, and one for each measuring line of it.
    pub fn finish(self) -> Result<Vec<AxisRuns>> {
        if self.tests.all.is_empty() {
            return Err(self.form.columns.fault("no reading"));
        }
        let mut found = Vec::new();
        for (label, axis) in self.tests.all {
            let mut remarks = self.form.remarks.clone();
            remarks.extend(self.form.belied(axis.sums)?);
            found.push(axis.finish(label, remarks));
        }
        Ok(found)
    }

    /// What was read so far of the test that a row is of.
    fn test(
        &mut self,
        named: (&str, &str),
        record: &Record,
        dimension: Dimension,
    ) -> Result<&mut Seen> {
        if !self.tests.go_to(named.0, named.1, dimension) {
            let at = self.form.line.unwrap_or(self.form.target.0);
            let text = match named.1 {
                "" => "no measuring line, where other rows of the axis name one",
                _ => "a measuring line, where rows of the axis before name none",
            };
            let help = "write the line into every row of the axis, or into none";
            return Err(self.form.columns.at(record, at, text.to_owned()).help(help));
        }
        match self.tests.current() {
            Some((_, axis)) if axis.dimension == dimension => Ok(axis),
            _ => {
                let of = with_article(dimension.name());
                let label = named.0;
                let text = format!("{of}, where axis `{label}` has other targets before");
                Err(self.form.columns.at(record, self.form.target.0, text))
            }
        }
    }

    /// Notes that a run of the test that was read last turned back on its targets.
    fn turned(&mut self, record: &Record) {
        let place = || self.form.columns.place(record, self.form.target.0);
        if let Some((_, axis)) = self.tests.current() {
            axis.order.found.get_or_insert_with(|| (place(), 0)).1 += 1;
        }
    }

    /// Takes up what a row says of the test beside its readings.
    fn conditions(&mut self, record: &Record, rounding: Rounding) -> Result<()> {
        let Some((_, axis)) = self.tests.current() else { return Ok(()) };
        let [of_readings, of_temperatures] = &mut axis.rounding;
        of_readings.add(rounding);
        if let (Some((at, unit)), Some(run)) = (self.form.temperature, self.form.run)
            && !record.field(at).trim().is_empty()
        {
            let value = self.form.columns.value(record, at, unit, of_temperatures)?.count();
            let of_run =
                axis.temperatures.entry(self.form.columns.whole(record, run, RUN)?).or_default();
            *of_run = (of_run.0 + value, of_run.1 + 1);
        }
        Ok(())
    }

    /// The unit of a number: what its header says, or its row; both have to agree.
    fn unit_of(
        &mut self,
        record: &Record,
        (index, said): (usize, Option<&'static Unit>),
        column: Option<usize>,
        wanted: Option<Dimension>,
    ) -> Result<&'static Unit> {
        let name = || self.form.columns.name(index);
        let unit = match (column, said) {
            (None, None) => self.form.columns.unit(name(), None, "mm")?,
            (None, Some(unit)) => unit,
            (Some(at), said) => {
                let text = record.field(at).trim();
                let help = "write one such as `um` into every row";
                let unit = match said {
                    Some(unit) if text.is_empty() => unit,
                    None if text.is_empty() => {
                        let text = format!("no unit of column `{}`", name());
                        return Err(self.form.columns.at(record, at, text).help(help));
                    }
                    _ => self
                        .named(text, wanted)
                        .map_err(|fault| self.form.columns.at(record, at, fault).help(help))?,
                };
                if let Some(said) = said.filter(|said| *said != unit) {
                    let of = said.name();
                    let text = format!(
                        "the header of column `{}` says {of}",
                        self.form.columns.name(index)
                    );
                    let error = self.form.columns.at(record, at, text);
                    return Err(error.help("say the unit in one place, or the same in both"));
                }
                unit
            }
        };
        match wanted.filter(|wanted| *wanted != unit.dimension) {
            None => Ok(unit),
            Some(wanted) => {
                let (of, target) = (unit.dimension.name(), wanted.name());
                let text =
                    format!("{}, where the target is {}", with_article(of), with_article(target));
                Err(self.form.columns.at(record, index, text))
            }
        }
    }

    /// The unit that a cell names; of a length or an angle where nothing else is wanted.
    fn named(
        &mut self,
        text: &str,
        wanted: Option<Dimension>,
    ) -> std::result::Result<&'static Unit, String> {
        if let Some((known, dimension, unit)) = &self.known
            && known == text
            && wanted.is_none_or(|wanted| wanted == *dimension)
        {
            return Ok(unit);
        }
        let named = |dimension| Unit::of_readings(dimension, text);
        let unit = match (wanted, named(Dimension::Length), named(Dimension::Angle)) {
            (Some(wanted), ..) => named(wanted).map_err(|fault| fault.to_string())?,
            (None, Ok(unit), Err(_)) | (None, Err(_), Ok(unit)) => unit,
            (None, Ok(_), Ok(_)) => return Err("may be a length or an angle".to_owned()),
            (None, Err(_), Err(_)) => return Err("neither a length nor an angle".to_owned()),
        };
        self.known = Some((text.to_owned(), unit.dimension, unit));
        Ok(unit)
    }

    fn direction_of(&self, record: &Record) -> Result<Direction> {
        let at = self.form.direction.unwrap_or(usize::MAX);
        side_of(record.field(at).trim()).ok_or_else(|| {
            let error = self.form.columns.at(record, at, "not a direction".to_owned());
            error.help("write `up` or `down`, `+` or `-`, `forward` or `backward`")
        })
    }

    fn run_of(&self, record: &Record) -> Result<u64> {
        let at = self.form.run.unwrap_or(usize::MAX);
        let run = self.form.columns.whole(record, at, RUN)?;
        let short = run <= u64::from(u32::MAX);
        if short { Ok(run) } else { Err(self.form.columns.at(record, at, format!("not {RUN}"))) }
    }
}

const RUN: &str = "the number of a run";

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Vec<AxisRuns>> {
        let table =
            crate::table::read("r.csv", text.as_bytes(), &crate::table::Reading::default())?;
        let mut reader = RunsReader::new("r.csv", &table.header)?;
        for record in &table.records {
            reader.take(record)?;
        }
        reader.finish()
    }

    #[test]
    fn long_and_wide_forms_say_the_same() {
        let long = "target_mm,direction,run,deviation_um\n\
                    0,+,1,1\n0,+,2,-1\n0,-,1,3\n0,-,2,4\n\
                    100,+,1,2\n100,+,2,2.5\n100,-,1,0\n100,-,2,1\n";
        let wide = "target_mm,deviation_up_1_um,deviation_up_2_um,deviation_down_1_um,\
                    deviation_2_down_um\n0,1,-1,3,4\n100,2,2.5,0,1\n";
        let measured = "axis,position (mm),dir,run,measured (mm)\n\
                        x,0,up,1,0.001\nx,0,up,2,-0.001\nx,0,down,1,0.003\nx,0,down,2,0.004\n\
                        x,100,up,1,100.002\nx,100,up,2,100.0025\nx,100,down,1,100\n\
                        x,100,down,2,100.001\n";
        let [a, b, c] = [long, wide, measured].map(|text| read(text).expect("runs"));
        assert_eq!(a, b);
        assert_eq!(a[0].targets, c[0].targets);
        assert_eq!(c[0].axis, "x");
        assert_eq!(a[0].targets[1].up, [2_000_000, 2_500_000]);
    }

    #[test]
    fn bad_files_are_told_what_is_wrong() {
        let head = "target_mm,direction,run,deviation_um\n";
        for (text, expected) in [
            ("target,direction,run,deviation_um\n", "column `target` does not say its unit"),
            ("target_mm,direction,run\n", "no column of readings"),
            ("direction,run,deviation_um\n", "no column of targets"),
            ("target_mm,direction,run,deviation_arcsec\n", "not of one dimension"),
            (&format!("{head}0,+,1,NaN\n"), "r.csv:2: column `deviation_um`: `NaN`: not a reading"),
            (&format!("{head}0,+,1,inf\n"), "`inf`: not a reading"),
            (&format!("{head}0,sideways,1,1\n"), "`sideways`: not a direction"),
            (&format!("{head}0,+,one,1\n"), "`one`: not the number of a run"),
            (&format!("{head}0,+,1,1\n0,+,1,2\n"), "stands in line 2 too"),
            (head, "no reading"),
        ] {
            let error = read(text).expect_err(text).to_string();
            assert!(error.contains(expected), "{text}\n{error}");
        }
    }

    /// The remarks of the only axis of a file.
    fn remarks(text: &str) -> Vec<String> {
        read(text).unwrap_or_else(|error| panic!("{text}\n{error}")).remove(0).remarks
    }

    #[test]
    fn the_unit_of_each_row_may_stand_in_a_column() {
        let header = "target_mm,direction,run,deviation_um\n0,+,1,1\n0,+,2,-1.5\n0,-,1,0.03\n";
        let wanted = read(header).expect("runs");
        for text in [
            "target_mm,direction,run,deviation,unit\n0,+,1,1,um\n0,+,2,-0.0015,mm\n0,-,1,30,nm\n",
            "target_mm,direction,run,deviation_um,unit\n0,+,1,1,µm\n0,+,2,-1.5,\n0,-,1,0.03,um\n",
            "target,direction,run,deviation,unit,target_unit\n\
             0,+,1,1,um,in\n0,+,2,-1.5,um,m\n0,-,1,30000,pm,mm\n",
            "target_mm,unit,1+,2+,1-\n0,nm,1000,-1500,30\n",
        ] {
            let found = read(text).unwrap_or_else(|error| panic!("{text}\n{error}"));
            assert_eq!(found[0].targets, wanted[0].targets, "{text}");
        }
        // Inches and microinches are exact too.
        let inches = read("target_in,direction,run,deviation,unit\n1,+,1,5,uin\n").expect("runs");
        assert_eq!(inches[0].targets[0].up, [127_000]);
        let axes = "axis,target,target_unit,direction,run,deviation,unit\n\
                    X,1,mm,+,1,1,um\nC,90,deg,+,1,2,arcsec\n";
        let axes = read(axes).expect("runs");
        assert_eq!(
            axes.iter().map(|a| a.dimension).collect::<Vec<_>>(),
            [Dimension::Length, Dimension::Angle]
        );
        assert_eq!(axes[1].targets[0].up, [2_000_000]);
        let head = "target_mm,direction,run,deviation,unit\n0,+,1,1,um\n";
        for (text, expected) in [
            (format!("{head}0,+,2,1,\n"), "r.csv:3: column `unit`: ``: no unit of column"),
            (
                format!("{head}0,+,2,1,furlong\n"),
                "r.csv:3: column `unit`: `furlong`: `furlong` is \
                                                  not a unit of length",
            ),
            (format!("{head}0,+,2,1,arcsec\n"), "`arcsec` is an angle, not a length"),
            (
                head.replace("deviation", "deviation_mm"),
                "r.csv:2: column `unit`: `um`: the header \
                                                         of column `deviation_mm` says mm",
            ),
            (
                "target,target_unit,direction,run,deviation_um\n1,deg,+,1,1\n".into(),
                "a length, \
              where the target is an angle",
            ),
            (
                "target,target_unit,direction,run,deviation_um\n1,'',+,1,1\n".into(),
                "length or an \
              angle",
            ),
            (
                "axis,target,target_unit,direction,run,deviation,unit\nX,1,mm,+,1,1,um\n\
              X,1,deg,+,1,1,arcsec\n"
                    .into(),
                "an angle, where axis `X` has other targets",
            ),
            (head.replace("unit\n", "unit,units\n"), "column `units`: is the second of its kind"),
        ] {
            let error = read(&text).expect_err(&text).to_string();
            assert!(error.contains(expected), "{text}\n{error}");
        }
    }

    #[test]
    fn what_lies_between_the_long_and_the_wide_form_is_read_too() {
        let wanted = read("target_mm,1+ (um),2+ (um),1- (um),2- (um)\n5,1,2,3,4\n").expect("runs");
        for text in [
            "Target (mm),Run 1 Forward (um),Run 2 Forward,Run 1 Reverse,Run 2 Reverse\n5,1,2,3,4\n",
            "Position [mm],R1 Up [um],R1 Down [um],R2 Up [um],R2 Down [um]\n5,1,3,2,4\n",
            "target_mm,direction,Run 1 (um),Run 2 (um)\n5,up,1,2\n5,down,3,4\n",
            "target_mm,run,Fwd (um),Bwd (um)\n5,1,1,3\n5,2,2,4\n",
            "target_mm,fwd 1 error (nm),bwd 1 (nm),fwd 2 (nm),bwd 2 (nm)\n5,1000,3000,2000,4000\n",
            "target_mm,direction,R1 (um),R2 (um)\n5,+,1,2\n5,-,3,4\n",
            "target_mm,Run + 1 (um),Run - 1 (um),Run + 2 (um),Run - 2 (um)\n5,1,3,2,4\n",
            "target_mm,direction,Run - 1 (um),Run - 2 (um)\n5,+,1,2\n5,-,3,4\n",
        ] {
            let found = read(text).unwrap_or_else(|error| panic!("{text}\n{error}"));
            assert_eq!(found[0].targets, wanted[0].targets, "{text}");
            let told = found[0].remarks.iter().any(|r| r.contains("taken as deviations"));
            assert!(told, "{text} {:?}", found[0].remarks);
        }
        let one = remarks("target_mm,Run 1 + (um),Run 1 -\n5,1,2\n");
        assert!(one.iter().any(|r| r.contains("`Run 1 -` says no unit: taken as µm")), "{one:?}");
        let other = remarks("target_mm,deviation_um,direction,run,operator\n5,1,+,1,me\n");
        assert!(other.iter().any(|r| r == "column `operator` is not read"), "{other:?}");
        for (text, expected) in [
            ("target_mm,1+ (um),1- (mm),2+\n", "column `2+` does not say its unit"),
            ("target_mm,Fwd 1,Bwd 1\n", "column `Fwd 1` does not say its unit"),
            ("target_mm,F1 (um),B1 (um)\n", "no column of readings: `F1 (um)`, `B1 (um)` say"),
            ("target_mm,R1 (um),R2 (um)\n", "column `R1 (um)`: `R` may be a run or the reverse"),
            ("target_mm,Run - 1 (um),Run - 2 (um)\n", "`Run - 1 (um)`: `-` may be a dash or the"),
            ("target_mm,Run 1 (um)\n", "column `Run 1 (um)`: does not say the side"),
            ("target_mm,Fwd (um)\n", "column `Fwd (um)`: does not say the run"),
            ("target_mm,direction,Fwd 1 (um)\n", "says the side, and so does a column"),
            ("target_mm,run,Fwd 1 (um)\n", "says the run, and so does a column"),
            ("target_mm,Fwd 1 (um),1+ (um)\n", "column `1+ (um)`: is of the same run as `Fwd 1"),
            ("target_mm,measured 1+ (mm),1- (mm)\n", "holds positions, and column `1- (mm)` does"),
            ("target_mm,position_mm,1+ (um)\n", "column `position_mm`: is a second column of"),
            ("target_mm,direction,run,measured_mm,deviation_um\n", "is of the same run as"),
            ("target_mm,1+ (mm)\n5,5.001\n", "does not say what it holds, and its readings follow"),
        ] {
            let error = read(text).expect_err(text).to_string();
            assert!(error.contains(expected), "{text}\n{error}");
        }
    }

    #[test]
    fn what_is_missing_or_odd_is_said_and_nothing_is_filled() {
        let long = |rows: &[(&str, &str, u32)]| {
            let row = |(at, side, run): &(&str, &str, u32)| format!("{at},{side},{run},0.{run}\n");
            let rows: String = rows.iter().map(row).collect();
            remarks(&format!("target_mm,direction,run,deviation_um\n{rows}"))
        };
        let both = |at: &'static str| [(at, "+", 1), (at, "+", 2), (at, "-", 1), (at, "-", 2)];
        let mut gap = [both("0"), both("100")].concat();
        gap.retain(|row| *row != ("100", "-", 2));
        let mut one = [both("0"), both("100")].concat();
        one.retain(|(_, side, _)| *side == "+");
        let mut side = [both("0"), both("100")].concat();
        side.retain(|(at, side, _)| (*at, *side) != ("0", "-"));
        let mut few = [both("0"), both("100")].concat();
        few.retain(|(_, side, run)| *side == "+" || *run == 1);
        let metre: Vec<_> = ["0", "250", "501", "750", "1001"].into_iter().flat_map(both).collect();
        for (rows, expected) in [
            (gap, "1 run is missing, none is filled: run 2 ↓ at 100 mm"),
            (one, "no run ↓ at any target"),
            (side, "2 runs are missing, none is filled: every run ↓ at 0 mm"),
            (few, "2 runs ↑ and 1 run ↓"),
            (
                vec![("0", "+", 1)],
                "1 run at a target from one side, where ISO 230-2 asks for five from each",
            ),
            (metre, "5 targets over 1001 mm; ISO 230-2 asks for five a metre"),
        ] {
            let found = long(&rows);
            assert!(found.iter().any(|r| r.starts_with(expected)), "{expected}: {found:?}");
        }
        let enough: Vec<_> =
            ["0", "250", "501", "750", "1000"].into_iter().flat_map(both).collect();
        assert!(!long(&enough).iter().any(|r| r.contains("a metre") || r.contains("missing")));
        // Targets of which nothing was read are targets of the test.
        let blank = "target_mm,1+ (um),1- (um)\n0,1,2\n100,,\n250,3,4\n400,,\n";
        let axis = read(blank).expect("runs").remove(0);
        assert_eq!(axis.targets.len(), 4);
        let told =
            "4 runs are missing, none is filled: every run ↑ at 100 mm; every run ↑ at 400 mm";
        assert!(axis.remarks.iter().any(|r| r.starts_with(told)), "{:?}", axis.remarks);
        let mixed = "target_mm,direction,run,deviation,unit\n0,+,1,0.001,mm\n0,+,2,1,um\n";
        let told = "readings in mm and µm, each taken as written: are the units right?";
        assert!(remarks(mixed).iter().any(|r| r == told), "{:?}", remarks(mixed));
        let turn = remarks("target_deg,direction,run,deviation_arcsec\n0,+,1,1\n359,+,1,2\n");
        assert!(turn.iter().any(|r| r.starts_with("2 targets over 359 deg; ISO 230-2 asks for 8")));
        // Positions in name, deviations in truth; and the other way round.
        let head = "target_mm,direction,run,measured_mm\n";
        let hint = |r: &String| r.contains("lie near nought where the targets do not");
        assert!(remarks(&format!("{head}100,+,1,0.002\n200,+,1,-0.001\n")).iter().any(hint));
        assert!(!remarks(&format!("{head}0,+,1,0.002\n200,+,1,199.9\n")).iter().any(hint));
    }

    #[test]
    fn readings_that_are_no_whole_counts_are_rounded_and_that_is_said() {
        let head = "target_mm,direction,run,deviation_mm\n";
        for (rows, count, expected) in [
            ("0,+,1,0.00030300000000000005\n", 303_000, Some("1 number was finer")),
            (
                "0,+,1,0.0006979999999999999\n0.10000000000000001,+,1,1e-05\n",
                698_000,
                Some("2 numbers were finer"),
            ),
            ("0,+,1,1e-05\n", 10_000, None),
        ] {
            let runs = read(&format!("{head}{rows}")).expect("runs").remove(0);
            assert_eq!(runs.targets[0].up, [count], "{rows}");
            let told = runs.remarks.iter().find(|r| r.contains("finer than one pm"));
            assert_eq!(told.is_some(), expected.is_some(), "{:?}", runs.remarks);
            assert!(expected.is_none_or(|text| told.is_some_and(|r| r.starts_with(text))));
        }
        let uin = remarks("target_mm,direction,run,deviation_uin\n0,+,1,0.479\n");
        assert!(uin.iter().any(|r| r.contains("off by at most 0.4 pm")), "{uin:?}");
        let error = read(&format!("{head}0,+,1,0.{}\n", "1".repeat(40))).expect_err("too long");
        let text = error.to_string();
        assert!(
            text.contains("`0.1111") && text.contains("more digits than can be held"),
            "{text}"
        );
    }
}
