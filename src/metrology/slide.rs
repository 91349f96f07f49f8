//! Angular deviation of slides: yaw, pitch and roll within windows of a given length of travel.
//!
//! A list that limits the deviation "over 300 mm" does not say which 300 mm of a longer travel; so
//! the best and the worst window are reported, exactly. A window whose positions span less than
//! its length shows a part of what it holds: at least that, and at most what the positions around
//! it show. One of few positions holds at least what they show, and nothing bounds it from above.
//! Nothing is interpolated.

use std::collections::{BTreeMap, VecDeque};

use super::columns::{Columns, Rounding, words};
use super::coverage::{Coverage, LINEAR};
use crate::error;
use crate::quantity::{Dimension, Style, Unit, Value, axis_key, counted};
use crate::table::Record;

/// One motion of a slide, over its positions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slide {
    /// The slide; empty where the file does not name it.
    pub axis: String,
    /// `yaw`, `pitch` or `roll`.
    pub motion: String,
    /// Positions with angles, in the order of the positions.
    pub readings: Vec<(Value, Value)>,
    /// What is odd about the file that it stands in.
    pub remarks: Vec<String>,
}

/// The spread of the angle within windows of one length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Windows {
    /// The length of each window; shorter than was asked for where the travel is.
    pub length: Value,
    /// Whether the travel is as long as a window.
    pub whole: bool,
    /// How many windows there are, one from each position that leaves room.
    pub count: usize,
    /// The smallest spread of positions within a window, and where that begins: no window that was
    /// seen holds less.
    pub best: (Value, Value),
    /// The largest: the worst of all windows holds at least this.
    pub worst: (Value, Value),
    /// What the best of all windows holds at most, by those of enough positions; more than `best`
    /// where windows were seen partly, none where every one holds few positions.
    pub best_most: Option<Value>,
    /// What the worst of the windows that were seen holds at most; none where one holds few.
    pub worst_most: Option<Value>,
    /// How many of the windows of enough positions have such that span less than their length, so
    /// that they may hold more, and where the first begins.
    pub partly: Option<(usize, Value)>,
    /// How many of the windows that were seen hold few positions, or leave a wide gap between two,
    /// and where the first begins: what moves between positions nobody read.
    pub few: Option<(usize, Value)>,
    /// How many further windows hold one position only, so that what moves within them was not
    /// seen, and where the first begins: the best of all windows may hold less, and the worst more,
    /// than what was found of the others.
    pub unseen: Option<(usize, Value)>,
}

/// Why there is no spread of windows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoWindows {
    /// There are fewer than two positions.
    OnePosition,
    /// No window holds two positions; the first is from here.
    Empty(Value),
}

impl NoWindows {
    /// The reason in words.
    pub fn text(self) -> String {
        match self {
            Self::OnePosition => "fewer than two positions".to_owned(),
            Self::Empty(from) => {
                let mm = Unit::named(Dimension::Length, "mm");
                let at = mm.map_or_else(|_| String::new(), |unit| from.text(unit));
                format!("the window from {at} holds one position only, as every other does")
            }
        }
    }
}

impl Windows {
    /// `2 windows hold one position only, the first from 100 mm`; none where every one was seen.
    pub fn unseen_text(&self) -> Option<String> {
        let (count, from) = self.unseen?;
        let mm = Unit::named(Dimension::Length, "mm");
        let at = mm.map_or_else(|_| String::new(), |unit| from.text(unit));
        // Where one is, the one from its position and the one that ends at the next are.
        Some(format!("{count} windows hold one position only, the first from {at}"))
    }

    /// `3 of 8 windows hold fewer than 5 positions, or ...`; none where each holds as many, as
    /// close to each other, as a test of an axis of any length has to have.
    pub fn few_text(&self) -> Option<String> {
        let (count, from) = self.few?;
        let mm = Unit::named(Dimension::Length, "mm");
        let mm = |value: Value| mm.as_ref().map_or_else(|_| String::new(), |unit| value.text(unit));
        let gap = mm(Value::saturating(gap_most(self.length.count()).into()));
        Some(format!(
            "{count} of {} hold fewer than {}, or leave more than {gap} between two, the first \
             from {}: what moves between positions nobody read, so that these bound their angle \
             from below only",
            counted(self.count, "window"),
            counted(LINEAR, "position"),
            mm(from)
        ))
    }

    /// `the positions of 8 of 10 windows span less than 300 mm, first from 0 mm: best 1.6 to 3.3
    /// arcsec, worst ...`; none where every one holds what its positions show.
    pub fn partly_text(&self) -> Option<String> {
        let (count, from) = self.partly?;
        let text = |value: Value, dimension, name| {
            Unit::named(dimension, name).map_or_else(|_| String::new(), |unit| value.text(unit))
        };
        let mm = |value| text(value, Dimension::Length, "mm");
        let ends = |low: Value, high: Option<Value>| {
            let arcsec = |value| text(value, Dimension::Angle, "arcsec");
            match high {
                Some(high) if high == low => arcsec(low),
                Some(high) => format!("between {} and {}", arcsec(low), arcsec(high)),
                None => format!("at least {}", arcsec(low)),
            }
        };
        Some(format!(
            "the positions of {count} of {} windows span less than {}, the first from {}, and what \
             lies around them shows more: the best window that was seen holds {}, the worst {}",
            self.count,
            mm(self.length),
            mm(from),
            ends(self.best.0, self.best_most),
            ends(self.worst.0, self.worst_most)
        ))
    }
}

impl Slide {
    /// How its positions lie on a travel, whose ends they may leave out as targets may.
    pub fn coverage(&self, travel: Value) -> Coverage {
        let places: Vec<i128> = self.readings.iter().map(|(at, _)| at.count().into()).collect();
        let first = places.first().copied().unwrap_or_default();
        Coverage::of_places(Dimension::Length, &places, first, travel)
    }

    /// From its first position to its last.
    pub fn span(&self) -> Value {
        let ends = self.readings.first().zip(self.readings.last());
        ends.map_or(Value::ZERO, |((first, _), (last, _))| {
            Value::saturating(i128::from(last.count()) - i128::from(first.count()))
        })
    }

    /// The spread in every window of a length that holds two positions at least.
    pub fn windows(&self, length: Value) -> Result<Windows, NoWindows> {
        let ends = self.readings.first().zip(self.readings.last());
        let (Some((first, last)), true) = (ends, self.readings.len() > 1) else {
            return Err(NoWindows::OnePosition);
        };
        let (first, last) = (first.0, last.0);
        let travel = last.count() - first.count();
        let whole = travel >= length.count();
        let reach = travel.min(length.count());
        let counts = |(at, angle): &(Value, Value)| (at.count(), angle.count());
        let forward: Vec<(i64, i64)> = self.readings.iter().map(counts).collect();
        let backward: Vec<(i64, i64)> =
            forward.iter().rev().map(|(at, angle)| (-at, *angle)).collect();
        // Windows that begin at a position, and those that end at one: both ends of the travel
        // have to be seen.
        let (mut found, mut unseen) = spreads(&forward, reach);
        let (ending, single) = spreads(&backward, reach);
        found.extend(ending.into_iter().map(|seen| Spread { from: -seen.from - reach, ..seen }));
        unseen.extend(single.into_iter().map(|end| -end - reach));
        found.sort_unstable_by_key(|seen| seen.from);
        found.dedup();
        unseen.sort_unstable();
        unseen.dedup();
        let place = |from: i64| Value::saturating(from.into());
        let unseen = unseen.first().map(|from| (unseen.len(), place(*from)));
        let value = |seen: &Spread| (place(seen.least), place(seen.from));
        let best = found.iter().min_by_key(|seen| seen.least);
        let worst = found.iter().min_by_key(|seen| -seen.least);
        let (Some(best), Some(worst)) = (best, worst) else {
            return Err(unseen.map_or(NoWindows::OnePosition, |(_, from)| NoWindows::Empty(from)));
        };
        let best_most = found.iter().filter_map(|seen| seen.most).min().map(place);
        let worst_most: Option<Vec<i64>> = found.iter().map(|seen| seen.most).collect();
        let worst_most = worst_most.and_then(|all| all.into_iter().max()).map(place);
        let counted = |holds: fn(&Spread) -> bool| {
            let mut of = found.iter().filter(|seen| holds(seen));
            of.next().map(|first| (1 + of.count(), place(first.from)))
        };
        let few = counted(|seen| seen.most.is_none());
        let partly = counted(|seen| seen.most.is_some_and(|most| most > seen.least));
        Ok(Windows {
            length: place(reach),
            whole,
            count: found.len(),
            best: value(best),
            worst: value(worst),
            best_most,
            worst_most,
            partly,
            few,
            unseen,
        })
    }
}

/// What a window shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Spread {
    /// Where it begins.
    from: i64,
    /// The spread of the positions within it.
    least: i64,
    /// That of the positions within it and of the next one beyond, which hold all of it; none of
    /// few positions, or of such as lie far apart, whatever lies around them.
    most: Option<i64>,
}

/// So far apart may positions of a window lie: two steps of as many as it has to hold, as targets.
fn gap_most(reach: i64) -> i64 {
    2 * (reach / LINEAR as i64)
}

/// What each window of a length shows that begins at a position and fits; and where those begin
/// that hold one position only.
fn spreads(readings: &[(i64, i64)], reach: i64) -> (Vec<Spread>, Vec<i64>) {
    let last = readings.last().map_or(0, |(at, _)| *at);
    let (mut low, mut high) = (VecDeque::new(), VecDeque::new());
    let (mut end, mut found, mut unseen) = (0, Vec::new(), Vec::new());
    // How many wide gaps there are before each position.
    let places = readings.iter().zip(readings.iter().skip(1));
    let wide = places.map(|((at, _), (next, _))| usize::from(next - at > gap_most(reach)));
    let wide = wide.scan(0, |sum, gap| {
        *sum += gap;
        Some(*sum)
    });
    let wide: Vec<usize> = std::iter::once(0).chain(wide).collect();
    for (start, (from, _)) in readings.iter().enumerate() {
        if from + reach > last {
            break;
        }
        while let Some((at, angle)) = readings.get(end).filter(|(at, _)| *at <= from + reach) {
            debug_assert!(at >= from, "readings stand in order");
            keep(&mut low, end, -angle);
            keep(&mut high, end, *angle);
            end += 1;
        }
        for queue in [&mut low, &mut high] {
            while queue.front().is_some_and(|(at, _)| *at < start) {
                queue.pop_front();
            }
        }
        match (high.front(), low.front()) {
            (Some(top), Some(bottom)) if end > start + 1 => {
                let within = end.checked_sub(1).and_then(|at| readings.get(at));
                let spans = within.is_some_and(|(at, _)| *at == from + reach);
                let next = readings.get(end).filter(|_| !spans).map_or(top.1, |(_, next)| *next);
                let gaps = [start, if spans { end - 1 } else { end }].map(|at| wide.get(at));
                let known = end - start >= LINEAR && gaps[0] == gaps[1];
                let most = known.then(|| top.1.max(next) + bottom.1.max(-next));
                found.push(Spread { from: *from, least: top.1 + bottom.1, most });
            }
            _ => unseen.push(*from),
        }
    }
    (found, unseen)
}

/// `2 readings of X yaw are missing, none is filled: at 300 mm, 400 mm`.
fn lacking(of: &str, places: &[i64]) -> String {
    let mm = Unit::named(Dimension::Length, "mm").ok();
    let place = |at: &i64| {
        let value = Value::saturating((*at).into());
        mm.map_or_else(String::new, |unit| value.text(unit))
    };
    let told: Vec<String> = places.iter().take(PLACES_MAX).map(place).collect();
    let more = if places.len() > PLACES_MAX { ", ..." } else { "" };
    let verb = if places.len() == 1 { "is" } else { "are" };
    let count = counted(places.len(), "reading");
    format!("{count} of {of} {verb} missing, none is filled: at {}{more}", told.join(", "))
}

/// So many places are named where readings are missing.
const PLACES_MAX: usize = 6;

/// Adds a value to a queue in which each one is smaller than those before it.
fn keep(queue: &mut VecDeque<(usize, i64)>, at: usize, value: i64) {
    while queue.back().is_some_and(|(_, last)| *last <= value) {
        queue.pop_back();
    }
    queue.push_back((at, value));
}

/// Reads a file of angles over positions, row by row.
#[derive(Debug)]
pub struct SlideReader {
    columns: Columns,
    axis: Option<usize>,
    position: (usize, &'static Unit),
    motions: Vec<(usize, &'static Unit, String)>,
    /// What tells each slide from the others, and its label as it was written first.
    labels: BTreeMap<String, String>,
    seen: BTreeMap<(String, usize), BTreeMap<i64, i64>>,
    /// For each slide and motion, the positions whose reading is missing.
    missing: BTreeMap<(String, usize), Vec<i64>>,
    /// Of positions and of angles.
    rounding: [Rounding; 2],
}

impl SlideReader {
    /// Reads what the header says: `position_mm` and `yaw_arcsec`, `pitch_arcsec`, `roll_arcsec`.
    pub fn new(file: &str, header: &[String]) -> error::Result<Self> {
        let columns = Columns::new(file, header);
        let (mut axis, mut position, mut motions) = (None, None, Vec::new());
        for (index, name) in header.iter().enumerate() {
            let (words, unit) = words(name);
            let said: Vec<&str> = words.iter().map(String::as_str).collect();
            match said.as_slice() {
                ["axis" | "slide"] => axis = Some(index),
                ["position" | "target"] => {
                    position = Some((index, columns.unit(name, unit, "mm")?));
                }
                [motion @ ("yaw" | "pitch" | "roll")] => {
                    let unit = columns.unit(name, unit, "arcsec")?;
                    if unit.dimension != Dimension::Angle {
                        let fault = columns.fault(&format!("column `{name}` is no angle"));
                        return Err(
                            fault.help(format!("write its unit, such as `{motion}_arcsec`"))
                        );
                    }
                    motions.push((index, unit, (*motion).to_owned()));
                }
                _ => {}
            }
        }
        let position = position.filter(|(_, unit)| unit.dimension == Dimension::Length);
        let Some(position) = position.filter(|_| !motions.is_empty()) else {
            let help = "name them `position_mm` and `yaw_arcsec`, `pitch_arcsec`, `roll_arcsec`";
            return Err(columns.fault("no column of positions or none of angles").help(help));
        };
        Ok(Self {
            columns,
            axis,
            position,
            motions,
            labels: BTreeMap::new(),
            seen: BTreeMap::new(),
            missing: BTreeMap::new(),
            rounding: Default::default(),
        })
    }

    /// The same for numbers that are written in this style.
    #[must_use]
    pub fn with_style(mut self, style: Style) -> Self {
        self.columns.style = style;
        self
    }

    /// Takes up one row.
    pub fn take(&mut self, record: &Record) -> error::Result<()> {
        self.columns.check(record)?;
        let label = self.axis.map_or("", |at| record.field(at)).trim();
        let axis = axis_key(label);
        if !self.labels.contains_key(&axis) {
            self.labels.insert(axis.clone(), label.to_owned());
        }
        let (at, unit) = self.position;
        let [of_positions, of_angles] = &mut self.rounding;
        let position = self.columns.value(record, at, unit, of_positions)?.count();
        for (number, (at, unit, _)) in self.motions.iter().enumerate() {
            if record.field(*at).trim().is_empty() {
                self.missing.entry((axis.clone(), number)).or_default().push(position);
                continue;
            }
            let angle = self.columns.value(record, *at, unit, of_angles)?.count();
            let of_motion = self.seen.entry((axis.clone(), number)).or_default();
            if of_motion.insert(position, angle).is_some() {
                let text = "this position was read before".to_owned();
                let help = "read each position once, and name the slides in a column `slide`";
                return Err(self.columns.at(record, self.position.0, text).help(help));
            }
        }
        Ok(())
    }

    /// The motions of each slide.
    pub fn finish(self) -> error::Result<Vec<Slide>> {
        if self.seen.is_empty() {
            return Err(self.columns.fault("no reading"));
        }
        let motions = &self.motions;
        let [of_positions, of_angles] = self.rounding;
        let remarks = [of_positions.remark(Dimension::Length), of_angles.remark(Dimension::Angle)];
        let mut remarks: Vec<String> = remarks.into_iter().flatten().collect();
        // A motion that was not read of a slide at all is not missing.
        let missing = self.missing.iter().filter(|(of, _)| self.seen.contains_key(*of));
        remarks.extend(missing.map(|((axis, number), places)| {
            let motion = motions.get(*number).map_or("", |(.., motion)| motion.as_str());
            let axis = self.labels.get(axis).unwrap_or(axis);
            lacking(format!("{axis} {motion}").trim(), places)
        }));
        let slide = |((axis, number), of_motion): ((String, usize), BTreeMap<i64, i64>)| {
            let value = |count| Value::from_count(count).unwrap_or_default();
            let readings = of_motion.into_iter().map(|(at, angle)| (value(at), value(angle)));
            let motion = motions.get(number).map_or("", |(.., motion)| motion).to_owned();
            let axis = self.labels.get(&axis).cloned().unwrap_or(axis);
            Slide { axis, motion, readings: readings.collect(), remarks: remarks.clone() }
        };
        Ok(self.seen.into_iter().map(slide).collect())
    }
}
