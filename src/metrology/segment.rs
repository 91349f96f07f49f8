//! Segments of an axis that is too long to be tested as a whole.
//!
//! The rule (which length, how many) comes from whoever reads the law; here it is carried out.

use super::coverage::{extent_of, span_of, targets_asked};
use super::meets::upr_meets;
use super::positioning::Positioning;
use super::runs::AxisRuns;
use crate::error::Result;
use crate::quantity::{Dimension, Phrase, Style, Value, counted};
use crate::table::{Document, Fields};

/// How a long axis is divided; lengths, or angles of a rotary axis.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SegmentRule {
    /// Of which axes: lengths of linear ones, angles of rotary ones.
    pub dimension: Dimension,
    /// What it says and where it comes from.
    pub text: String,
    /// Axes longer than this are divided.
    pub over: Value,
    /// The length of a segment.
    pub length: Value,
    /// One segment for each length of this begun.
    pub each: Value,
}

/// One segment of an axis.
#[derive(Debug, Clone, PartialEq)]
pub struct Segment {
    /// Where it begins and ends.
    pub from: Value,
    /// Its end.
    pub to: Value,
    /// What the runs at the targets in it come to.
    pub found: Positioning,
    /// That it has fewer targets than the standard asks for, in words.
    pub few: Option<String>,
}

/// The segments of an axis.
#[derive(Debug, Clone, PartialEq)]
pub struct Segments {
    /// What is left before, between and after them, each.
    pub gap: Value,
    /// The segments in order.
    pub segments: Vec<Segment>,
}

/// The segment that is reported of a long axis.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reported {
    /// Its runs.
    pub runs: AxisRuns,
    /// How many segments the targets span.
    pub count: usize,
    /// How many of them have a UPR: where some have none, the smallest of all may be smaller.
    pub with_upr: usize,
    /// That it has fewer targets than the standard asks for, in words.
    pub few: Option<String>,
}

impl SegmentRule {
    /// The rules that come with the program, by name.
    pub fn shipped() -> Result<Vec<(String, Self)>> {
        let document = Document::parse("segments.toml", include_str!("../../specs/segments.toml"))?;
        let rules = document.root()?.required("rule", "a segments file")?.table()?;
        rules.iter().map(|(name, node)| Ok((name.to_owned(), rule(&node.table()?)?))).collect()
    }

    /// The segments of runs that span more than the rule lets be tested as a whole; none where the
    /// rule is of other axes.
    pub fn divide(&self, runs: &AxisRuns) -> Option<Segments> {
        let (gap, parts) = self.parts(runs)?;
        let segment = |part: (Value, AxisRuns)| {
            let (from, runs) = part;
            let to = Value::saturating(i128::from(from.count()) + i128::from(self.length.count()));
            Segment { from, to, found: Positioning::of(&runs), few: self.few(&runs) }
        };
        Some(Segments { gap, segments: parts.into_iter().map(segment).collect() })
    }

    /// How many segments an axis of this travel has.
    pub fn segments(&self, travel: Value) -> usize {
        if travel <= self.over {
            return 1;
        }
        let (travel, each) = (travel.count(), self.each.count());
        let count = travel.div_euclid(each) + i64::from(travel.rem_euclid(each) != 0);
        usize::try_from(count.max(1)).unwrap_or(1)
    }

    /// The segment whose UPR is the smallest, which is the one that is reported; `None` where the
    /// rule does not divide the axis or no segment has a UPR.
    pub fn reported(&self, runs: &AxisRuns) -> Option<Reported> {
        let (_, parts) = self.parts(runs)?;
        let count = parts.len();
        let upr =
            |(_, part): (Value, AxisRuns)| Some((Positioning::of(&part).upr.ok()?.value, part));
        let with: Vec<(f64, AxisRuns)> = parts.into_iter().filter_map(upr).collect();
        let with_upr = with.len();
        let smallest = with.into_iter().min_by(|a, b| a.0.total_cmp(&b.0));
        smallest.map(|(_, runs)| Reported { few: self.few(&runs), runs, count, with_upr })
    }

    /// Whether the smallest UPR of the segments is at most a limit, decided exactly; `None` where
    /// the rule does not divide the axis, or no segment meets the limit and some is open.
    pub fn upr_meets(&self, runs: &AxisRuns, limit: Value) -> Option<bool> {
        let (_, parts) = self.parts(runs)?;
        let met: Vec<Option<bool>> = parts.iter().map(|(_, part)| upr_meets(part, limit)).collect();
        // One that meets it is enough.
        if met.contains(&Some(true)) {
            return Some(true);
        }
        met.into_iter().collect::<Option<Vec<bool>>>().map(|_| false)
    }

    /// That a segment has fewer targets than the standard asks for over its length.
    pub(super) fn few(&self, part: &AxisRuns) -> Option<String> {
        let wanted = targets_asked(self.dimension, self.length);
        let has = part.targets.len();
        (has < wanted).then(|| {
            format!("{} where ISO 230-2 asks for {wanted} at least", counted(has, "target"))
        })
    }

    /// The gap, and where each segment begins with the runs in it.
    fn parts(&self, runs: &AxisRuns) -> Option<(Value, Vec<(Value, AxisRuns)>)> {
        if runs.dimension != self.dimension {
            return None;
        }
        let first = i128::from(runs.targets.first()?.position.count());
        let extent = extent_of(runs);
        if extent <= self.over {
            return None;
        }
        // Where they lie follows from the travel, in the middle of which the targets lie.
        let beyond = i128::from(extent.count()) - i128::from(span_of(runs).count());
        let first = Value::saturating(first - beyond.div_euclid(2)).count();
        let length = self.length.count();
        let count = i64::try_from(self.segments(extent)).ok()?;
        let gap = (extent.count() - length * count).div_euclid(count + 1);
        let part = |number: i64| {
            let from = first + gap * (number + 1) + length * number;
            let within = |position: i64| (from..=from + length).contains(&position);
            let mut part = AxisRuns { remarks: Vec::new(), ..runs.clone() };
            // The travel that is stated is that of the axis, not of its segment.
            part.conditions.travel = None;
            part.targets.retain(|target| within(target.position.count()));
            (Value::saturating(i128::from(from)), part)
        };
        Some((Value::saturating(i128::from(gap)), (0..count).map(part).collect()))
    }
}

impl Segments {
    /// The smallest UPR, which is the one that is reported; none unless every segment has one.
    pub fn smallest(&self) -> Option<(usize, f64)> {
        let all: Option<Vec<f64>> =
            self.segments.iter().map(|s| s.found.upr.ok().map(|upr| upr.value)).collect();
        all?.into_iter().enumerate().min_by(|a, b| a.1.total_cmp(&b.1))
    }
}

fn rule(fields: &Fields<'_>) -> Result<SegmentRule> {
    let parsed = |text: &str, dimension| {
        let phrase = Phrase::parse(text, dimension, Style::default());
        phrase.and_then(|phrase| phrase.single(None))
    };
    let over = fields.required("over", "a rule")?.str()?;
    let rotary = parsed(over, Dimension::Angle).is_ok();
    let dimension = if rotary { Dimension::Angle } else { Dimension::Length };
    let size = |key: &str| -> Result<Value> {
        let node = fields.required(key, "a rule")?;
        let value =
            parsed(node.str()?, dimension).map_err(|fault| node.error(fault.to_string()))?;
        if value.count() > 0 { Ok(value) } else { Err(node.error("a length is more than nought")) }
    };
    Ok(SegmentRule {
        dimension,
        text: fields.required("text", "a rule")?.str()?.to_owned(),
        over: size("over")?,
        length: size("length")?,
        each: size("each")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrology::{Conditions, Target};

    #[test]
    fn turns_are_divided_and_the_smallest_upr_is_compared_exactly() {
        let rules = SegmentRule::shipped().expect("rules");
        let (_, rule) = rules.into_iter().find(|(name, _)| name == "turns").expect("of turns");
        let degree = 3_600_000_000i64;
        // Degrees that are spanned; how many segments, the gap in degrees.
        for (span, expected) in [
            (360, None),
            (361, Some((1, 0))),
            (720, Some((1, 180))),
            (721, Some((2, 0))),
            (1440, Some((2, 240))),
            (1800, Some((3, 180))),
        ] {
            // The scatter falls along the axis: the last segment has the smallest UPR.
            let target = |n: i64| Target {
                position: Value::from_count(n * degree * span / 40).expect("fits"),
                up: vec![0, 41 - n, 2 * (41 - n)],
                down: vec![0, 2 * (41 - n), 4 * (41 - n)],
            };
            let runs = AxisRuns {
                axis: "C".to_owned(),
                dimension: Dimension::Angle,
                targets: (0..=40).map(target).collect(),
                remarks: Vec::new(),
                conditions: Conditions::default(),
            };
            let found = rule.divide(&runs);
            let shape = found.as_ref().map(|f| (f.segments.len(), f.gap.count() / degree));
            assert_eq!(shape, expected, "{span}");
            let limit = |count| Value::from_count(count).expect("fits");
            let Some(found) = found else {
                assert_eq!(rule.upr_meets(&runs, limit(1000)), None, "{span}");
                continue;
            };
            let (at, upr) = found.smallest().expect("every segment has one");
            assert_eq!(at + 1, found.segments.len(), "{span}");
            // 4 s of the first target in it, up: readings n apart have s = n.
            assert_eq!(upr, upr.round(), "{span}");
            assert_eq!(rule.upr_meets(&runs, limit(upr as i64)), Some(true), "{span}");
            assert_eq!(rule.upr_meets(&runs, limit(upr as i64 - 1)), Some(false), "{span}");
            // A segment without UPR leaves it open unless another meets the limit.
            let mut single = runs.clone();
            single.targets[20].up.truncate(1);
            single.targets[20].down.truncate(1);
            let inside = found.segments.iter().any(|s| {
                (s.from.count()..=s.to.count()).contains(&single.targets[20].position.count())
            });
            let met = rule.upr_meets(&single, limit(1000));
            let other = found.segments.len() > 1;
            assert_eq!(met, (!inside || other).then_some(true), "{span}");
            let missed = rule.upr_meets(&single, limit(upr as i64 - 1));
            assert_eq!(missed, Some(false), "{span}: its other targets miss it");
        }
    }

    #[test]
    fn long_axes_are_divided_as_the_rule_says() {
        let (_, rule) = SegmentRule::shipped().expect("rules").remove(0);
        let metre = 1_000_000_000_000i64;
        // Travel in mm; how many segments, the gap in mm.
        for (travel, expected) in [
            (2000, None),
            (3000, Some((1, 500))),
            (4000, Some((1, 1000))),
            (5000, Some((2, 333))),
            (8000, Some((2, 1333))),
            (8001, Some((3, 500))),
            (12_000, Some((3, 1500))),
        ] {
            let target = |n: i64| Target {
                position: Value::from_count(n * metre / 1000 * travel / 40).expect("fits"),
                up: vec![0, n, 2 * n],
                down: vec![0, 2 * n, 4 * n],
            };
            let runs = AxisRuns {
                axis: "X".to_owned(),
                dimension: Dimension::Length,
                targets: (0..=40).map(target).collect(),
                remarks: Vec::new(),
                conditions: Conditions::default(),
            };
            let found = rule.divide(&runs);
            let shape = found
                .as_ref()
                .map(|found| (found.segments.len(), found.gap.count() / (metre / 1000)));
            assert_eq!(shape, expected, "{travel} mm");
            let Some(found) = found else { continue };
            // The scatter grows along the axis: the first segment has the smallest UPR.
            assert_eq!(found.smallest().map(|(at, _)| at), Some(0));
            let reported = rule.reported(&runs).expect("every segment has one");
            assert_eq!(
                (Positioning::of(&reported.runs).upr, reported.count),
                (found.segments[0].found.upr, expected.map_or(0, |e| e.0))
            );
            assert_eq!(reported.with_upr, reported.count);
            let inside = |s: &Segment| {
                s.to.count() - s.from.count() == 2 * metre && s.found.targets.len() > 1
            };
            assert!(found.segments.iter().all(inside), "{found:?}");
        }
    }

    #[test]
    fn how_many_segments_there_are_and_where_follows_from_the_stated_travel() {
        let (_, rule) = SegmentRule::shipped().expect("rules").remove(0);
        let mm = 1_000_000_000i64;
        // Targets every 100 mm over so many; the travel; how many segments, where the first begins.
        for (span, travel, expected) in [
            (2000, 2000, None),
            (2000, 2001, Some((1, 0))),
            (2010, 2000, None),
            (2020, 2000, None),
            // Beyond a hundredth of the travel what was tested counts.
            (2021, 2000, Some((1, 10))),
            (1950, 2050, Some((1, -25))),
            (1950, 2053, None),
            (4000, 4000, Some((1, 1000))),
            (4000, 4001, Some((2, -1))),
            (4001, 4000, Some((1, 1000))),
            (4040, 4000, Some((1, 1020))),
            (4041, 4000, Some((2, 13))),
            (3950, 4050, Some((2, -34))),
            (8001, 8000, Some((2, 1333))),
            (8000, 8001, Some((3, 499))),
        ] {
            let steps = span / 100;
            let target = |n: i64| Target {
                position: Value::from_count(n * mm * span / steps).expect("fits"),
                up: vec![0, 1],
                down: vec![0, 1],
            };
            let travel = Value::from_count(travel * mm).expect("fits");
            let runs = AxisRuns {
                axis: "X".to_owned(),
                dimension: Dimension::Length,
                targets: (0..=steps).map(target).collect(),
                remarks: Vec::new(),
                conditions: Conditions { travel: Some(travel), ..Conditions::default() },
            };
            let found = rule
                .divide(&runs)
                .map(|found| (found.segments.len(), found.segments[0].from.count().div_euclid(mm)));
            assert_eq!(found, expected, "{span} of {}", travel.count() / mm);
            let long = Positioning::of(&runs).upr == Err(crate::metrology::Reason::LongAxis);
            assert_eq!(long, expected.is_some(), "{span}");
            let reported = rule.reported(&runs).map(|found| found.count);
            assert_eq!(reported, expected.map(|(count, _)| count), "{span}");
        }
    }
}
