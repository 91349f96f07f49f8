//! What a test shows of each segment of a long axis, wherever on the travel its targets lie.
//!
//! Runs do not say where the travel begins. What they leave out of it may lie before the first
//! target, behind the last, or both; where they span more than it, the same of what is too much.
//! So a segment lies somewhere between two places: the targets between them all count surely, and
//! no others than those from the first place to the end of the last one may count.

use super::coverage::{Coverage, span_of};
use super::runs::AxisRuns;
use super::segment::SegmentRule;
use crate::quantity::Value;

/// What a test shows of one segment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// Where it begins, at the earliest and at the latest.
    pub begins: [Value; 2],
    /// The runs at the targets that surely lie in it: its scatter is at least theirs. None where
    /// no target does.
    pub within: Option<AxisRuns>,
    /// The runs at all targets that may lie in it, where these cover it wherever it lies: its
    /// scatter is at most theirs.
    pub covering: Option<AxisRuns>,
    /// That fewer targets surely lie in it than the standard asks for, in words.
    pub few: Option<String>,
}

impl SegmentRule {
    /// What a test shows of each segment of an axis of this travel.
    pub fn shown(&self, runs: &AxisRuns, travel: Value) -> Vec<Shown> {
        let Some(first) = runs.targets.first() else { return Vec::new() };
        let first = i128::from(first.position.count());
        let [travel_pm, length] = [travel, self.length].map(|value| i128::from(value.count()));
        let left_out = travel_pm - i128::from(span_of(runs).count());
        // Where the travel begins, at the earliest and at the latest.
        let (early, late) = (first - left_out.max(0), first - left_out.min(0));
        let count = self.segments(travel) as i128;
        let gap = (travel_pm - length * count).max(0).div_euclid(count + 1);
        (0..count)
            .map(|number| {
                let begins = gap * (number + 1) + length * number;
                let [early, late] = [early, late].map(|start| start + begins);
                let begins = [early, late].map(Value::saturating);
                let within = between(runs, late, early + length);
                let all = between(runs, early, late + length);
                let covers = covers(runs, [early, late], length);
                let few = within.as_ref().and_then(|within| self.few(within));
                Shown { begins, within, covering: all.filter(|_| covers), few }
            })
            .collect()
    }
}

impl SegmentRule {
    /// Whether targets surely cover some segment of an axis of this travel, if not always the same:
    /// as where they span two of them with the gap between, which hold one wherever they lie.
    pub fn holds_one(&self, runs: &AxisRuns, travel: Value) -> bool {
        let [span, travel, length] =
            [span_of(runs), travel, self.length].map(|value| i128::from(value.count()));
        let count = self.segments(Value::saturating(travel)) as i128;
        let gap = (travel - length * count).max(0) / (count + 1) + 1;
        let first = runs.targets.first().map_or(0, |first| i128::from(first.position.count()));
        let all = Coverage::of(runs, first, Value::saturating(span));
        let most = Coverage::of(runs, first, self.length).gap_most;
        count > 1 && span >= 2 * length + gap && all.gap <= most
    }
}

/// Whether targets cover a segment wherever it begins between two places.
///
/// Of the segments that reach beyond the targets, those which begin at either place do so farthest,
/// and the gaps that reach into them reach into the others too.
fn covers(runs: &AxisRuns, [early, late]: [i128; 2], length: i128) -> bool {
    let of = |from: i128, length: i128| Coverage::of(runs, from, Value::saturating(length));
    let (first, last, all) =
        (of(early, length), of(late, length), of(early, late + length - early));
    first.reaches_ends() && last.reaches_ends() && all.gap <= first.gap_most
}

/// The runs at the targets from one place to another.
fn between(runs: &AxisRuns, from: i128, to: i128) -> Option<AxisRuns> {
    let mut part = AxisRuns { remarks: Vec::new(), ..runs.clone() };
    // The travel that is stated is that of the axis, not of a part of it.
    part.conditions.travel = None;
    part.targets.retain(|target| (from..=to).contains(&i128::from(target.position.count())));
    (!part.targets.is_empty()).then_some(part)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrology::runs::axis_of;

    const MM: i64 = 1_000_000_000;

    #[test]
    fn a_segment_is_where_the_stated_travel_places_it_whatever_was_tested() {
        let (_, rule) = SegmentRule::shipped().expect("rules").remove(0);
        let steps = |from: i64, to: i64, step: usize| (from..=to).step_by(step).collect::<Vec<_>>();
        // Targets in mm; the travel; of each segment from which to which target counts surely, and
        // from which to which all that may count, where they cover it.
        type Ends = Option<(i64, i64)>;
        type Places = Vec<(Ends, Ends)>;
        let cases: [(Vec<i64>, i64, Places); 15] = [
            // The whole of 3 m: the segment lies in its middle.
            (steps(0, 3000, 100), 3000, vec![(Some((500, 2500)), Some((500, 2500)))]),
            // Two metres of it, wherever: what is surely in it covers no segment.
            (steps(0, 2000, 100), 3000, vec![(Some((500, 1500)), None)]),
            (steps(0, 2300, 100), 3000, vec![(Some((500, 1800)), None)]),
            // Wherever it lies, one step at one end of it is left out at most.
            (steps(0, 2400, 100), 3000, vec![(Some((500, 1900)), Some((0, 2400)))]),
            (steps(0, 2390, 10), 3000, vec![(Some((500, 1890)), None)]),
            (steps(0, 2500, 100), 3000, vec![(Some((500, 2000)), Some((0, 2500)))]),
            (steps(0, 2000, 100), 4000, vec![(Some((1000, 1000)), None)]),
            (steps(0, 1990, 10), 4000, vec![(None, None)]),
            (steps(0, 3800, 100), 4000, vec![(Some((1000, 2800)), Some((800, 3000)))]),
            // No target, one target, a gap of more than two steps of 200 mm in it.
            (steps(0, 3000, 3000), 3000, vec![(None, None)]),
            (steps(0, 4000, 2000), 4000, vec![(Some((2000, 2000)), None)]),
            (steps(0, 4000, 400), 4000, vec![(Some((1200, 2800)), Some((1200, 2800)))]),
            (
                steps(0, 4010, 401),
                4010,
                vec![(Some((401, 1604)), None), (Some((2406, 3609)), None)],
            ),
            // Targets over more than the travel: it may begin later.
            (steps(0, 2100, 100), 2050, vec![(Some((100, 2000)), Some((100, 2000)))]),
            (
                steps(0, 5000, 100),
                5000,
                vec![
                    (Some((400, 2300)), Some((400, 2300))),
                    (Some((2700, 4600)), Some((2700, 4600))),
                ],
            ),
        ];
        for (targets, travel, expected) in cases {
            let rows: Vec<_> =
                targets.iter().map(|mm| (*mm, &[0i64, 1][..], &[0i64, 1][..])).collect();
            let runs = axis_of(&rows);
            let travel_pm = Value::from_count(travel * MM).expect("fits");
            let ends = |runs: Option<AxisRuns>| {
                let runs = runs?;
                let at = |place: usize| runs.targets[place].position.count() / MM;
                Some((at(0), at(runs.targets.len() - 1)))
            };
            let found: Vec<(Ends, Ends)> = rule
                .shown(&runs, travel_pm)
                .into_iter()
                .map(|shown| (ends(shown.within), ends(shown.covering)))
                .collect();
            assert_eq!(found, expected, "{targets:?} of {travel}");
        }
    }

    #[test]
    fn wherever_the_travel_begins_a_segment_holds_what_is_sure_and_no_more_than_may_be() {
        let (_, rule) = SegmentRule::shipped().expect("rules").remove(0);
        let mut state = 3u64;
        let mut next = |below: i64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (state >> 33) as i64 % below
        };
        let (mut covered, mut sure, mut held_by_some) = (0, 0, 0);
        for _ in 0..400 {
            let (mut at, mut targets) = (next(500), Vec::new());
            let step = 1 + next(250);
            for _ in 0..10 + next(60) {
                targets.push(at);
                at += step + next(1 + step);
            }
            let rows: Vec<_> = targets.iter().map(|mm| (*mm, &[0i64][..], &[0i64][..])).collect();
            let runs = axis_of(&rows);
            let span = targets[targets.len() - 1] - targets[0];
            let travel = 2001.max(span + next(2500));
            let length = rule.length.count() / MM;
            let shown = rule.shown(&runs, Value::from_count(travel * MM).expect("fits"));
            let count = shown.len() as i64;
            let gap = (travel - length * count) / (count + 1);
            let one = rule.holds_one(&runs, Value::from_count(travel * MM).expect("fits"));
            for begins in (targets[0] - (travel - span)..=targets[0]).step_by(7) {
                let held = (0..count).any(|number| {
                    let from = begins + gap * (number + 1) + length * number;
                    let start = i128::from(from) * i128::from(MM);
                    let found = Coverage::of(&runs, start, rule.length);
                    found.ends.count() <= 3 * MM && found.is_dense()
                });
                assert!(held || !one, "{targets:?} {travel} {begins}");
                held_by_some += usize::from(one);
                for (number, shown) in (0..).zip(&shown) {
                    let from = begins + gap * (number + 1) + length * number;
                    // Its place is told to the picometre, here to the millimetre.
                    let within =
                        |at: i64, room: i64| (from - room..=from + length + room).contains(&at);
                    let places = |runs: &Option<AxisRuns>| -> Vec<i64> {
                        let all = runs.iter().flat_map(|runs| &runs.targets);
                        all.map(|target| target.position.count() / MM).collect()
                    };
                    let [inside, all] = [&shown.within, &shown.covering].map(places);
                    assert!(inside.iter().all(|at| within(*at, 3)), "{targets:?} {travel} {from}");
                    sure += inside.len();
                    if shown.covering.is_none() {
                        continue;
                    }
                    covered += 1;
                    let missing = targets.iter().find(|at| within(**at, -3) && !all.contains(at));
                    assert_eq!(missing, None, "{targets:?} {travel} {from}");
                    let start = i128::from(from) * i128::from(MM);
                    let found = Coverage::of(&runs, start, rule.length);
                    let room = 3 * MM;
                    let ends = found.ends.count() <= found.ends_most.count() + room;
                    assert!(ends && found.is_dense(), "{targets:?} {travel} {from}: {found:?}");
                }
            }
        }
        let found = [covered, sure, held_by_some];
        assert!(found.iter().all(|count| *count > 1000), "{found:?}");
    }
}
