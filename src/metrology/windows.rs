//! The spread of an angle within windows of a given length of travel.
//!
//! A list that limits the deviation "over 300 mm" does not say which 300 mm of a longer travel; so
//! the best and the worst window are reported, wherever on the travel one lies. Between two
//! neighbouring positions the angle is taken to lie between theirs: so a window holds at least what
//! the positions within it span, and at most what these and the next ones beyond its ends do. One
//! of few positions, of such as all read the same, or that reaches into a part of the travel that
//! nobody read, nothing bounds from above. Nothing is interpolated.

use std::collections::VecDeque;

use super::coverage::LINEAR;
use super::parts::Parts;
use super::slide::Slide;
use crate::quantity::{Dimension, Unit, Value, counted};

/// The spread of the angle within windows of one length, wherever they lie on the travel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Windows {
    /// The length of each window; shorter than was asked for where the travel is.
    pub length: Value,
    /// Whether the travel is as long as a window.
    pub whole: bool,
    /// What was read of a longer travel, and that travel.
    pub read: Option<[Value; 2]>,
    /// What the best and the worst of all windows hold.
    pub parts: Parts,
    /// Where a window begins whose positions span least, and one whose positions span most.
    pub from: [Value; 2],
    /// Where the first window begins that holds few positions, or leaves a wide gap between two or
    /// beside them: what moves between positions nobody read.
    pub few: Option<Value>,
    /// Where the first begins that holds one position at most: nothing was seen of it.
    pub unseen: Option<Value>,
    /// Where the first begins of which every position reads the same.
    pub still: Option<Value>,
}

/// Why there is no spread of windows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoWindows {
    /// There are fewer than two positions.
    OnePosition,
    /// No window holds two positions; the first is from here.
    Empty(Value),
    /// Every position reads the same.
    Still,
}

impl NoWindows {
    /// The reason in words.
    pub fn text(self) -> String {
        match self {
            Self::OnePosition => "fewer than two positions".to_owned(),
            Self::Empty(from) => {
                format!("the window from {} holds one position only, as every other does", mm(from))
            }
            Self::Still => "every position reads the same, and no deviation is exactly nought: \
                            was the instrument connected, and does it resolve enough?"
                .to_owned(),
        }
    }
}

fn shown(value: Value, dimension: Dimension, unit: &str) -> String {
    Unit::named(dimension, unit).map_or_else(|_| String::new(), |unit| value.text(unit))
}

fn mm(value: Value) -> String {
    shown(value, Dimension::Length, "mm")
}

impl Windows {
    /// What bounds these windows on one side only, or between two values, in words.
    pub fn notes(&self) -> Vec<String> {
        let texts = [self.short_text(), self.few_text(), self.still_text(), self.between_text()];
        texts.into_iter().flatten().collect()
    }

    /// What they prove of whole windows: where the travel is shorter, that they hold at least this.
    pub fn known(&self) -> Parts {
        let Parts { best, worst } = self.parts;
        if self.whole {
            return self.parts;
        }
        Parts { best: (best.0, None), worst: (worst.0, None) }
    }

    /// `it was read over 300 mm of a travel of 1000 mm: ...`
    pub fn unread_text(&self, of: &str) -> Option<String> {
        let [read, travel] = self.read?;
        Some(format!(
            "{of} was read over {} of a travel of {}: windows that reach beyond are bounded from \
             below only",
            mm(read),
            mm(travel)
        ))
    }

    fn short_text(&self) -> Option<String> {
        let text = "the travel that was read is shorter than the window";
        (!self.whole).then(|| format!("{text}: {}", mm(self.length)))
    }

    fn few_text(&self) -> Option<String> {
        let from = self.few?;
        let unseen = self.unseen.map_or_else(String::new, |from| {
            format!(
                "; of those that hold one position at most, the first from {}, nothing is known",
                mm(from)
            )
        });
        Some(format!(
            "windows that hold fewer than {}, or leave more than {} between two, are bounded from \
             below only, as nobody read what moves between them: the first from {}{unseen}",
            counted(LINEAR, "position"),
            mm(Value::saturating(gap_most(self.length.count()).into())),
            mm(from)
        ))
    }

    fn still_text(&self) -> Option<String> {
        Some(format!(
            "windows of which every position reads the same are bounded by nothing, as no \
             deviation is exactly nought: the first from {}",
            mm(self.still?)
        ))
    }

    /// `a window may begin and end between positions ...`; none where the best and the worst are
    /// single values.
    fn between_text(&self) -> Option<String> {
        let Parts { best, worst } = self.parts;
        let ends = |(low, high): (Value, Option<Value>)| {
            let arcsec = |value| shown(value, Dimension::Angle, "arcsec");
            match high {
                Some(high) if high == low => arcsec(low),
                Some(high) => format!("between {} and {}", arcsec(low), arcsec(high)),
                None => format!("at least {}", arcsec(low)),
            }
        };
        [best, worst].iter().any(|(low, high)| high.is_some_and(|high| high > *low)).then(|| {
            format!(
                "a window may begin and end between positions, where the next ones beyond bound \
                 it: the best holds {}, the worst {}",
                ends(best),
                ends(worst)
            )
        })
    }
}

impl Slide {
    /// The spread in all windows of a length, wherever on the travel they lie; what was read is
    /// taken to be all of it, unless a longer travel is given.
    ///
    /// Where on a longer travel the positions lie is not known. So a window may begin as far before
    /// the first of them as the travel goes on, or end as far beyond the last.
    pub fn windows(&self, length: Value, travel: Option<Value>) -> Result<Windows, NoWindows> {
        let counts = |(at, angle): &(Value, Value)| (at.count(), angle.count());
        let readings: Vec<(i64, i64)> = self.readings.iter().map(counts).collect();
        let ends = readings.first().zip(readings.last()).filter(|_| readings.len() > 1);
        let Some((first, last)) = ends else { return Err(NoWindows::OnePosition) };
        if readings.iter().all(|(_, angle)| *angle == first.1) {
            return Err(NoWindows::Still);
        }
        let span = last.0 - first.0;
        let travel = travel.map_or(span, |travel| travel.count().max(span));
        let reach = travel.min(length.count());
        let all = held(&readings, reach, travel - span);
        let place = |from: i64| Value::saturating(from.into());
        let first_of =
            |is: fn(&Held) -> bool| all.iter().find(|of| is(of)).map(|of| place(of.from));
        let unseen = first_of(|of| of.positions < 2);
        if let Some(from) = unseen.filter(|_| all.iter().all(|of| of.positions < 2)) {
            return Err(NoWindows::Empty(from));
        }
        let least = all.iter().min_by_key(|of| of.least);
        let most = all.iter().min_by_key(|of| -of.least);
        let (Some(least), Some(most)) = (least, most) else { return Err(NoWindows::OnePosition) };
        let worst_most: Option<Vec<i64>> = all.iter().map(Held::at_most).collect();
        Ok(Windows {
            length: place(reach),
            whole: travel >= length.count(),
            read: (travel > span).then(|| [span, travel].map(place)),
            parts: Parts {
                best: (place(least.least), all.iter().filter_map(Held::at_most).min().map(place)),
                worst: (
                    place(most.least),
                    worst_most.and_then(|all| all.into_iter().max()).map(place),
                ),
            },
            from: [place(least.from), place(most.from)],
            few: first_of(|of| of.is_read && of.most.is_none()),
            unseen,
            still: first_of(|of| of.most == Some(0)),
        })
    }
}

/// What windows hold that have the same positions within and the same next ones beyond.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Held {
    /// Where one of them begins.
    from: i64,
    /// Whether they lie between the first position and the last.
    is_read: bool,
    /// How many positions they hold.
    positions: usize,
    /// What these span.
    least: i64,
    /// What these and the next ones beyond span; none of few positions, of such as are far apart,
    /// and where nobody read what lies beyond.
    most: Option<i64>,
}

impl Held {
    /// What bounds it from above: a spread of nought does not.
    fn at_most(&self) -> Option<i64> {
        self.most.filter(|most| *most > 0)
    }
}

/// So far apart may positions of a window lie: two steps of as many as it has to hold, as targets.
fn gap_most(reach: i64) -> i64 {
    2 * (reach / LINEAR as i64)
}

/// What every window of a length holds that may lie on a travel of which so much was not read, in
/// the order of where it begins.
///
/// Windows differ where one begins or ends at a position; between two such places all hold the
/// same.
fn held(readings: &[(i64, i64)], reach: i64, unread: i64) -> Vec<Held> {
    let ends = readings.first().zip(readings.last());
    let Some(((first, _), (last, _))) = ends else { return Vec::new() };
    let (from, to) = (first - unread, last + unread - reach);
    let mut places: Vec<i64> = readings.iter().flat_map(|(at, _)| [*at, at - reach]).collect();
    places.extend([from, to]);
    places.retain(|at| (from..=to).contains(at));
    places.sort_unstable();
    places.dedup();
    // How many wide gaps there are up to each position.
    let pairs = readings.iter().zip(readings.iter().skip(1));
    let wide = pairs.map(|((at, _), (next, _))| usize::from(next - at > gap_most(reach)));
    let wide = wide.scan(0, |sum, gap| {
        *sum += gap;
        Some(*sum)
    });
    let wide: Vec<usize> = std::iter::once(0).chain(wide).collect();
    let (mut within, mut around) = (Sliding::of(readings), Sliding::of(readings));
    let next = places.iter().skip(1).map(Some).chain([None]);
    let mut all = Vec::with_capacity(2 * places.len());
    for (place, next) in places.iter().zip(next) {
        // The window that begins here, and those that begin between here and the next place.
        for (after, before) in
            [Some((*place, *place)), next.map(|next| (*place, *next))].into_iter().flatten()
        {
            let up_to = |end: i64| readings.partition_point(|(at, _)| *at <= end);
            let below = |end: i64| readings.partition_point(|(at, _)| *at < end);
            let (start, end) = (below(before), up_to(after + reach));
            let (out, beyond) = (up_to(after).saturating_sub(1), below(before + reach));
            let positions = end.saturating_sub(start);
            let dense = wide.get(out) == wide.get(beyond);
            let is_read = after >= *first && before + reach <= *last;
            let least = within.spread(start, end);
            let most = around.spread(out, beyond + 1);
            all.push(Held {
                from: after + (before - after) / 2,
                is_read,
                positions,
                least,
                most: Some(most).filter(|_| is_read && positions >= LINEAR && dense),
            });
        }
    }
    all
}

/// The spread of angles between two places among the readings that only move on.
struct Sliding<'r> {
    readings: &'r [(i64, i64)],
    end: usize,
    low: VecDeque<(usize, i64)>,
    high: VecDeque<(usize, i64)>,
}

impl<'r> Sliding<'r> {
    fn of(readings: &'r [(i64, i64)]) -> Self {
        Self { readings, end: 0, low: VecDeque::new(), high: VecDeque::new() }
    }

    /// The spread from one reading up to before another; nought of none.
    fn spread(&mut self, start: usize, end: usize) -> i64 {
        for (at, (_, angle)) in self.readings.iter().enumerate().take(end).skip(self.end) {
            keep(&mut self.low, at, -angle);
            keep(&mut self.high, at, *angle);
        }
        self.end = self.end.max(end);
        for queue in [&mut self.low, &mut self.high] {
            while queue.front().is_some_and(|(at, _)| *at < start) {
                queue.pop_front();
            }
        }
        self.high.front().zip(self.low.front()).map_or(0, |(top, bottom)| top.1 + bottom.1)
    }
}

/// Adds a value to a queue in which each one is smaller than those before it.
fn keep(queue: &mut VecDeque<(usize, i64)>, at: usize, value: i64) {
    while queue.back().is_some_and(|(_, last)| *last <= value) {
        queue.pop_back();
    }
    queue.push_back((at, value));
}
