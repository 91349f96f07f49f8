//! Segments of an axis that is too long to be tested as a whole.
//!
//! The rule (which length, how many) comes from whoever reads the law; here it is carried out.

use super::coverage::{targets_asked, travel_of};
use super::meets::upr_meets_taken;
use super::positioning::{Figured, Positioning, Reason};
use super::runs::AxisRuns;
use super::stretch::Shown;
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
    /// Where it begins, at the earliest and at the latest: what targets leave out of the travel may
    /// lie at either end.
    pub begins: [Value; 2],
    /// Where it ends, at the earliest and at the latest.
    pub ends: [Value; 2],
    /// What the runs at the targets that surely lie in it come to.
    pub found: Positioning,
    /// Its UPR, where these targets cover it and others that may lie in it do not matter.
    pub upr: Figured,
    /// Its A (k = 2), where these targets cover it and no other may lie in it.
    pub accuracy: Figured,
    /// Between what its UPR lies: not below that of the targets that surely lie in it, and not
    /// above that of all that may, where these cover it.
    pub between: [Option<f64>; 2],
    /// That fewer targets surely lie in it than the standard asks for, in words.
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

impl SegmentRule {
    /// The rules that come with the program, by name.
    pub fn shipped() -> Result<Vec<(String, Self)>> {
        let document = Document::parse("segments.toml", include_str!("../../specs/segments.toml"))?;
        let rules = document.root()?.required("rule", "a segments file")?.table()?;
        rules.iter().map(|(name, node)| Ok((name.to_owned(), rule(&node.table()?)?))).collect()
    }

    /// The segments of a travel that is longer than the rule lets be tested as a whole; none where
    /// the rule is of other axes.
    pub fn divide(&self, runs: &AxisRuns) -> Option<Segments> {
        let shown = self.shown_of(runs, travel_of(runs))?;
        let count = i64::try_from(shown.len()).ok()?;
        let left = travel_of(runs).count().saturating_sub(self.length.count() * count);
        let gap = Value::saturating(left.max(0).div_euclid(count + 1).into());
        Some(Segments { gap, segments: shown.iter().map(|one| self.segment(runs, one)).collect() })
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

    /// Whether the smallest UPR of the segments is at most a limit, decided exactly; `None` where
    /// the rule does not divide the axis, or no segment surely meets the limit and some may.
    pub fn upr_meets(&self, runs: &AxisRuns, limit: Value) -> Option<bool> {
        self.upr_meets_over(runs, travel_of(runs), limit)
    }

    /// The same if the axis is so long.
    pub fn upr_meets_over(&self, runs: &AxisRuns, travel: Value, limit: Value) -> Option<bool> {
        let meets = |part: &Option<AxisRuns>| upr_meets_taken(part.as_ref()?, limit);
        let met = |one: &Shown| match (meets(&one.covering), meets(&one.within)) {
            (Some(true), _) => Some(true),
            (_, Some(false)) => Some(false),
            _ => None,
        };
        let met: Vec<Option<bool>> = self.shown_of(runs, travel)?.iter().map(met).collect();
        // One that meets it is enough, whichever it is.
        let some = self.holds_one(runs, travel);
        if met.contains(&Some(true)) || some && upr_meets_taken(runs, limit) == Some(true) {
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

    /// What runs show of the segments of a travel, if it is long.
    fn shown_of(&self, runs: &AxisRuns, travel: Value) -> Option<Vec<Shown>> {
        let divided = runs.dimension == self.dimension && travel > self.over;
        divided.then(|| self.shown(runs, travel))
    }

    /// What is known of a segment.
    fn segment(&self, runs: &AxisRuns, shown: &Shown) -> Segment {
        let none = || AxisRuns { targets: Vec::new(), ..runs.clone() };
        let within = shown.within.clone().unwrap_or_else(none);
        let found = Positioning::taken(&within, false);
        let most = shown.covering.as_ref().map(|part| Positioning::taken(part, false).upr);
        let value = |figured: Figured| figured.ok().map(|computed| computed.value);
        let between = [value(found.upr), most.and_then(value)];
        // Where no other target may lie in it, what these lack is the reason.
        let [early, late] = shown.begins;
        let covered = match between {
            [Some(least), Some(most)] => least >= most,
            [None, None] => early == late,
            _ => false,
        };
        let placed = early == late && (shown.covering.is_some() || within.targets.is_empty());
        let known = |known: bool, figured| if known { figured } else { Err(Reason::Uncovered) };
        let (upr, accuracy) = (known(covered, found.upr), known(placed, found.two.accuracy));
        let length = i128::from(self.length.count());
        let ends = shown.begins.map(|from| Value::saturating(i128::from(from.count()) + length));
        let few = self.few(&within);
        Segment { begins: shown.begins, ends, found, upr, accuracy, between, few }
    }
}

impl Segments {
    /// The smallest UPR, which is the one that is reported; none unless every segment has one.
    pub fn smallest(&self) -> Option<(usize, f64)> {
        let all: Option<Vec<f64>> =
            self.segments.iter().map(|s| s.upr.ok().map(|upr| upr.value)).collect();
        all?.into_iter().enumerate().min_by(|a, b| a.1.total_cmp(&b.1))
    }

    /// Between what the smallest UPR lies: not below the least that any segment has, if each has
    /// one, nor above the most of any.
    pub fn smallest_between(&self) -> [Option<f64>; 2] {
        let least: Option<Vec<f64>> = self.segments.iter().map(|s| s.between[0]).collect();
        let most = self.segments.iter().filter_map(|s| s.between[1]);
        [least.and_then(|all| all.into_iter().min_by(f64::total_cmp)), most.min_by(f64::total_cmp)]
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
                (s.begins[0].count()..=s.ends[0].count())
                    .contains(&single.targets[20].position.count())
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
            let inside = |s: &Segment| {
                let [from, to] = [s.begins, s.ends].map(|[early, late]| {
                    assert_eq!(early, late);
                    early.count()
                });
                to - from == 2 * metre && s.found.targets.len() > 1
            };
            assert!(found.segments.iter().all(inside), "{found:?}");
        }
    }

    #[test]
    fn how_many_segments_there_are_and_where_follows_from_the_stated_travel() {
        let (_, rule) = SegmentRule::shipped().expect("rules").remove(0);
        let mm = 1_000_000_000i64;
        // What targets every 100 mm span; the travel; how many segments, where the first begins at
        // the earliest and at the latest, how many have a UPR that is known.
        for (span, travel, expected) in [
            (2000, 2000, None),
            (2000, 2001, Some((1, -1, 0, 1))),
            // As long as what was tested, if that is more.
            (2010, 2000, Some((1, 5, 5, 1))),
            (1950, 2050, Some((1, -75, 25, 1))),
            // Of the whole a little more than one step is left out, of the segment less.
            (1950, 2053, Some((1, -77, 26, 1))),
            (4000, 4000, Some((1, 1000, 1000, 1))),
            (4000, 4001, Some((2, -1, 0, 2))),
            (4001, 4000, Some((2, 0, 0, 2))),
            (3900, 4100, Some((2, -167, 33, 0))),
            (3950, 4040, Some((2, -77, 13, 2))),
            (8001, 8000, Some((3, 500, 500, 3))),
            (8000, 8001, Some((3, 499, 500, 3))),
            (5000, 9000, Some((3, -3250, 750, 0))),
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
            let found = rule.divide(&runs).map(|found| {
                let [early, late] = found.segments[0].begins.map(|at| at.count().div_euclid(mm));
                let known = found.segments.iter().filter(|s| s.upr.is_ok()).count();
                (found.segments.len(), early, late, known)
            });
            assert_eq!(found, expected, "{span} of {}", travel.count() / mm);
            let long = Positioning::of(&runs).upr == Err(Reason::LongAxis);
            assert_eq!(long, expected.is_some(), "{span}");
        }
    }

    #[test]
    fn a_limit_is_decided_for_wherever_a_segment_may_lie() {
        let (_, rule) = SegmentRule::shipped().expect("rules").remove(0);
        let mm = 1_000_000_000i64;
        // The travel of an axis that was tested over 2.4 m, every 100 mm: UPR is 2.83 counts at the
        // targets up to 400 mm and from 2000 mm on, nought at the others, and 5.66 counts at one if
        // it is told; whether a limit of 6, 3, 2 or 0 counts is met.
        let (yes, no) = (Some(true), Some(false));
        for (travel, worst, expected) in [
            // From 200 mm on.
            (2400, None, [yes, yes, no, no]),
            (2400, Some(100), [yes, yes, no, no]),
            (2400, Some(1200), [yes, no, no, no]),
            // From 150 to 250 mm on.
            (2500, None, [yes, yes, no, no]),
            (2500, Some(200), [yes, None, no, no]),
            // From -50 to 450 mm on: half a step of it may lie before or behind what was tested.
            (2900, None, [yes, yes, None, None]),
            // From -100 to 500 mm on: one step of it.
            (3000, None, [yes, yes, None, None]),
            // From -100.5 to 500.5 mm on.
            (3001, None, [None; 4]),
            (3001, Some(1200), [None, no, no, no]),
        ] {
            let target = |n: i64| {
                let at = n * 100;
                // Two readings d apart have 4 s = 2 √2 d.
                let wide = if (500..2000).contains(&at) { 0 } else { 1 };
                let wide = if worst == Some(at) { 2 } else { wide };
                Target {
                    position: Value::from_count(at * mm).expect("fits"),
                    up: vec![0, wide],
                    down: vec![0, wide],
                }
            };
            let runs = AxisRuns {
                axis: "X".to_owned(),
                dimension: Dimension::Length,
                targets: (0..=24).map(target).collect(),
                remarks: Vec::new(),
                conditions: Conditions {
                    travel: Value::from_count(travel * mm),
                    ..Conditions::default()
                },
            };
            let limit = |count| Value::from_count(count).expect("fits");
            let found = [6, 3, 2, 0].map(|count| rule.upr_meets(&runs, limit(count)));
            assert_eq!(found, expected, "{travel} {worst:?}");
        }
    }
}
