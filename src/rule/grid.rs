//! Values of a dial as levels: exactly, or as places in a grid of values that are asked for.

use super::field::{ABSENT, BLANK, OTHER, Reading};
use super::hung::Hangs;
use super::levels::{Buffers, Levels};
use super::turning::Turning;
use crate::logic::widely;
use crate::quantity::{Cut, Span};

/// What critical values are counted in: they are only ever compared, so any order-keeping measure
/// of them serves.
pub(super) trait Scale: Sync {
    /// A level.
    type Level: Copy + Ord + Default + Send + Sync;

    /// At every value.
    fn always(&self) -> Self::Level;
    /// At no value.
    fn never(&self) -> Self::Level;
    /// A place in the grid of the other dial, of which there are no more than levels.
    fn place(&self, place: u16) -> Self::Level;
    /// Puts down from where on readings certainly and possibly meet a test that a dial moves.
    fn levels(&self, out: &mut Levels<Self::Level>, test: Moved<'_>, passed: &Passed);
    /// The memory for such levels.
    fn memory(hangs: &mut Hangs) -> &mut Buffers<Self::Level>;
}

/// A test that a dial moves.
#[derive(Debug, Clone, Copy)]
pub(super) struct Moved<'t> {
    pub turning: &'t Turning,
    /// Where it stands in the program.
    pub cut: Cut,
    /// Whether a reading has to be below it; otherwise above, and counts are negated.
    pub below: bool,
}

/// The cuts of a reading that a test that is moved passes: the one from behind which on the reading
/// certainly is below it, doubled, and the one from which on it possibly is. For a test that asks
/// for more both are negated: what is not below a cut on one side of a value is above it on the
/// other.
pub(super) type Ends = [i64; 2];

/// What of a reading a test passes that asks for less, or for more.
pub(super) fn ends(span: Span, below: bool) -> Ends {
    if below {
        [span.below.doubled(), span.above.doubled() + 2]
    } else {
        [-span.above.doubled(), 2 - span.below.doubled()]
    }
}

/// What a test that asks for less, or for more, passes of one column in some rows.
#[derive(Debug, Clone, Default)]
pub(super) struct Passed {
    /// The count of each value, negated where more is asked for: both ends of it are one more than
    /// twice that; else [`BLANK`], [`ABSENT`] or [`OTHER`].
    counts: Vec<i64>,
    blank: Ends,
    absent: Ends,
    /// The ends of readings that are otherwise, by their place among the rows.
    others: Vec<(usize, Ends)>,
}

impl Passed {
    /// Nothing passed, of no rows.
    pub const NONE: Self =
        Self { counts: Vec::new(), blank: [0; 2], absent: [0; 2], others: Vec::new() };

    /// Gathers what is passed of the readings in some rows; of everything where there is none.
    pub fn gather(&mut self, reading: Option<&Reading>, rows: &[u32], below: bool) {
        let Self { counts, blank, absent, others } = self;
        *absent = ends(Span::ALL, below);
        counts.clear();
        others.clear();
        let Some(reading) = reading else { return counts.resize(rows.len(), ABSENT) };
        *blank = ends(reading.blank(), below);
        let words = reading.words();
        let word = |row: &u32| words.get(*row as usize).copied().unwrap_or(ABSENT);
        if below {
            counts.extend(rows.iter().map(word));
        } else {
            let negated = |word: i64| if word <= OTHER { word } else { -word };
            counts.extend(rows.iter().map(word).map(negated));
        }
        if reading.others().is_empty() {
            return;
        }
        let mut places = vec![u32::MAX; words.len()];
        for (place, row) in rows.iter().enumerate() {
            if let Some(slot) = places.get_mut(*row as usize) {
                *slot = place as u32;
            }
        }
        let place = |row: usize| places.get(row).copied().filter(|place| *place != u32::MAX);
        let found = reading.others().iter().filter_map(|(row, span)| Some((place(*row)?, *span)));
        others.extend(found.map(|(place, span)| (place as usize, ends(span, below))));
    }

    /// The levels of all of them, where those of ends are known.
    fn levels<L: Copy>(&self, out: &mut Levels<L>, of: impl Fn(Ends) -> [L; 2]) {
        let (blank, absent) = (of(self.blank), of(self.absent));
        out.clear();
        out.extend(self.counts.iter().map(|count| match *count {
            BLANK => blank,
            ABSENT | OTHER => absent,
            count => of([2 * count + 1; 2]),
        }));
        self.put_others(out, of);
    }

    fn put_others<L: Copy>(&self, out: &mut Levels<L>, of: impl Fn(Ends) -> [L; 2]) {
        for (place, ends) in &self.others {
            if let Some(out) = out.get_mut(*place) {
                *out = of(*ends);
            }
        }
    }
}

impl Moved<'_> {
    /// The count of the dial, negated where more is asked for, that is reached at an end of a
    /// reading; none beyond all of them.
    fn count(self, end: i64) -> i64 {
        let sign = if self.below { 1 } else { -1 };
        let (own, at) = (sign * self.cut.doubled(), sign * self.turning.at.count());
        match end {
            i64::MAX => i64::MAX,
            end if end <= i64::MIN + 3 => i64::MIN,
            end => at.saturating_add(end.saturating_sub(own) / 2),
        }
    }

    /// The end of a reading at which a count of the dial is reached, if it can be held.
    fn end(self, count: i64) -> Option<i64> {
        let sign = if self.below { 1 } else { -1 };
        let [own, at] = [self.cut.doubled(), self.turning.at.count()].map(|n| i128::from(sign * n));
        i64::try_from(own + 2 * (i128::from(count) - at)).ok()
    }
}

/// Counts themselves; the smallest and the largest stand for always and never.
#[derive(Debug, Clone, Copy)]
pub(super) struct Exact;

impl Scale for Exact {
    type Level = i64;

    fn always(&self) -> i64 {
        i64::MIN
    }

    fn never(&self) -> i64 {
        i64::MAX
    }

    fn place(&self, place: u16) -> i64 {
        i64::from(place)
    }

    fn levels(&self, out: &mut Levels<i64>, test: Moved<'_>, passed: &Passed) {
        passed.levels(out, |ends| ends.map(|end| test.count(end)));
    }

    fn memory(hangs: &mut Hangs) -> &mut Buffers<i64> {
        &mut hangs.exact
    }
}

/// Counts in order, each found by its neighbourhood.
#[derive(Debug, Clone)]
pub(super) struct Grid {
    counts: Vec<i64>,
    near: Vec<Near>,
    /// How many bits of a distance tell the place within a neighbourhood.
    shift: u32,
    first: i64,
    /// The count behind the last value.
    end: i64,
    even: Option<Even>,
}

/// A neighbourhood of counts.
#[derive(Debug, Clone, Copy)]
struct Near {
    /// How far the first count of the grid in it or behind it is from the first of all.
    distance: u64,
    /// Its place.
    from: u16,
    /// The place of the first one behind the neighbourhood.
    to: u16,
}

/// More values of one dial than this are not laid out in a grid.
pub(super) const GRID_MAX: usize = 32_000;

impl Grid {
    /// The grid of counts, none of them twice and in order; `None` where there are too many.
    pub fn new(counts: Vec<i64>) -> Option<Self> {
        if counts.len() > GRID_MAX || !counts.is_sorted() {
            return None;
        }
        let (first, last) = (counts.first().copied()?, counts.last().copied()?);
        let end = last.saturating_add(1);
        let reach = end.abs_diff(first);
        let mut shift = 0;
        while (reach >> shift) as usize > counts.len().saturating_mul(4) {
            shift += 1;
        }
        let place = |at: u64| {
            let from = i128::from(first) + (i128::from(at) << shift);
            counts.partition_point(|count| i128::from(*count) < from)
        };
        let near = |at: u64| {
            let (from, to) = (place(at), place(at + 1));
            let count = counts.get(from).copied();
            let distance = count.map_or(u64::MAX, |count| count.abs_diff(first));
            let short = |place: usize| u16::try_from(place).unwrap_or(u16::MAX);
            Near { distance, from: short(from), to: short(to) }
        };
        let near = (0..=reach >> shift).map(near).collect();
        let even = Even::of(&counts);
        Some(Self { counts, near, shift, first, end, even })
    }

    /// How many values there are.
    pub fn len(&self) -> usize {
        self.counts.len()
    }

    /// The place of the first value that is not below a count; beyond the last one where all are.
    #[inline(always)]
    pub fn place(&self, count: i64) -> u16 {
        // Beyond the last value all counts are alike.
        self.at(count.clamp(self.first, self.end).abs_diff(self.first))
    }

    /// The same for how far a count is from the first value, no farther than the end.
    #[inline(always)]
    fn at(&self, distance: u64) -> u16 {
        let Some(near) = self.near.get((distance >> self.shift) as usize) else {
            return self.len() as u16;
        };
        if near.to - near.from > 1 {
            self.among(*near, distance)
        } else {
            near.from + u16::from(near.distance < distance)
        }
    }

    /// The same in a neighbourhood of several values.
    #[inline(never)]
    fn among(&self, near: Near, distance: u64) -> u16 {
        let counts = self.counts.get(usize::from(near.from)..usize::from(near.to));
        let below = |count: &i64| count.abs_diff(self.first) < distance;
        near.from + counts.unwrap_or_default().partition_point(below) as u16
    }

    /// Puts down from which places on readings certainly and possibly meet a test.
    #[inline(always)]
    pub fn levels_as<L: Copy + Default>(
        &self,
        out: &mut Levels<L>,
        test: Moved<'_>,
        passed: &Passed,
        level: impl Fn(u16) -> L,
    ) {
        let of = |ends: Ends| ends.map(|end| level(self.place(test.count(end))));
        let ends = test.end(self.first).zip(test.end(self.end));
        let Some((first, end)) = ends else { return passed.levels(out, of) };
        // Beyond the first value and the last all ends are alike.
        let distance =
            move |cut: i64| cut.max(first).min(end).wrapping_sub(first).cast_unsigned() / 2;
        let Some(even) = self.even else {
            return passed.levels(out, |ends| ends.map(|cut| level(self.at(distance(cut)))));
        };
        let (blank, absent) = (of(passed.blank), of(passed.absent));
        // All ends are odd: a count is the half of what is below one.
        let [first, end] = [first, end].map(|cut| (cut - 1) / 2);
        let distance = move |count: i64| count.max(first).min(end).wrapping_sub(first);
        // What is left of other rows is written over.
        out.resize(passed.counts.len(), [L::default(); 2]);
        let (counts, level, out_rows) = (passed.counts.as_slice(), &level, out.as_mut_slice());
        widely(
            #[inline(always)]
            move || {
                for (out, count) in out_rows.iter_mut().zip(counts) {
                    let place = level(even.place(distance(*count).cast_unsigned()));
                    let other = if *count == BLANK { blank } else { absent };
                    *out = if *count > OTHER { [place; 2] } else { other };
                }
            },
        );
        passed.put_others(out, of);
    }
}

/// Values that are equally far from each other: their places by one multiplication.
#[derive(Debug, Clone, Copy)]
struct Even {
    /// One less than how far they are from each other.
    up: u64,
    /// How often two divides how far they are from each other: no more of a distance is needed.
    low: u32,
    factor: u32,
    shift: u32,
}

impl Even {
    /// `None` where they are not, or where the multiplication is wrong at some value.
    fn of(counts: &[i64]) -> Option<Self> {
        let [first, second, ..] = counts else { return None };
        let whole = u64::try_from(second.checked_sub(*first)?).ok().filter(|step| *step > 0)?;
        let low = whole.trailing_zeros();
        let step = u32::try_from(whole >> low).ok()?;
        let shift = u32::BITS - (step - 1).leading_zeros() + 31;
        let factor = u32::try_from((1u128 << shift).div_ceil(u128::from(step))).ok()?;
        let even = Self { up: whole - 1, low, factor, shift };
        let mut last = None;
        for (place, count) in counts.iter().enumerate() {
            let distance = u64::try_from(count.checked_sub(*first)?).ok()?;
            // No farther than a word holds, so that nothing overflows.
            u32::try_from(distance.checked_add(whole)?.checked_add(whole)? >> low).ok()?;
            // Places never fall, so that these two say all of those between two values.
            let behind = last.is_none_or(|last: u64| usize::from(even.place(last + 1)) == place);
            if !behind || usize::from(even.place(distance)) != place {
                return None;
            }
            last = Some(distance);
        }
        (usize::from(even.place(last? + 1)) == counts.len()).then_some(even)
    }

    /// The place of the first value that is not below one so far from the first of all.
    #[inline(always)]
    fn place(self, distance: u64) -> u16 {
        // A step is so many times a power of two: rounded up to that first, and then to steps.
        let steps = ((distance + self.up) >> self.low) & u64::from(u32::MAX);
        ((steps * u64::from(self.factor)) >> self.shift) as u16
    }
}

impl Scale for Grid {
    type Level = u16;

    fn always(&self) -> u16 {
        0
    }

    fn never(&self) -> u16 {
        self.counts.len() as u16
    }

    fn place(&self, place: u16) -> u16 {
        place
    }

    fn levels(&self, out: &mut Levels<u16>, test: Moved<'_>, passed: &Passed) {
        self.levels_as(out, test, passed, |place| place);
    }

    fn memory(hangs: &mut Hangs) -> &mut Buffers<u16> {
        &mut hangs.places
    }
}

/// A grid of so few values that a byte holds their places.
#[derive(Debug, Clone, Copy)]
pub(super) struct Short<'g>(pub &'g Grid);

/// So many values and no more.
pub(super) const SHORT_MAX: usize = u8::MAX as usize;

impl Scale for Short<'_> {
    type Level = u8;

    fn always(&self) -> u8 {
        0
    }

    fn never(&self) -> u8 {
        self.0.len() as u8
    }

    fn place(&self, place: u16) -> u8 {
        place as u8
    }

    fn levels(&self, out: &mut Levels<u8>, test: Moved<'_>, passed: &Passed) {
        self.0.levels_as(out, test, passed, |place| place as u8);
    }

    fn memory(hangs: &mut Hangs) -> &mut Buffers<u8> {
        &mut hangs.short
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quantity::Value;

    #[test]
    fn a_count_is_found_where_a_search_finds_it() {
        for counts in [
            vec![5],
            vec![-3, 0, 1, 2, 900, 901, 902, 1_000_000],
            (1..=100).map(|n| n * 100_000).collect(),
            vec![i64::MIN / 4, -1, 0, 1, i64::MAX / 4],
        ] {
            let grid = Grid::new(counts.clone()).expect("in order");
            let around = counts.iter().flat_map(|c| [c - 1, *c, c + 1, c + 50_000]);
            for count in around.chain([i64::MIN, i64::MAX]) {
                let place = counts.partition_point(|known| *known < count);
                assert_eq!(usize::from(grid.place(count)), place, "{count} in {counts:?}");
            }
        }
        assert!(Grid::new(vec![2, 1]).is_none());
    }

    #[test]
    fn values_as_far_from_each_other_are_placed_by_one_multiplication() {
        for (first, step, count) in [
            (0, 1, 2),
            (100_000, 100_000, 100),
            (-7, 3, 32_000),
            (5, 99_991, 20_000),
            (10_000, 10_000, 10_000),
            (1, 1_000_000_000, 2),
            (0, 1 << 14, 1_000),
            (500_000_000_000, 100_000_000_000, 10),
            (0, 1 << 40, 2),
        ] {
            let counts: Vec<i64> = (0..count).map(|n| first + n * step).collect();
            let even = Even::of(&counts).expect("equally far");
            for (place, count) in counts.iter().enumerate() {
                let distance = |count: i64| u64::try_from(count - first).expect("behind");
                assert_eq!(usize::from(even.place(distance(*count))), place);
                assert_eq!(usize::from(even.place(distance(*count + 1))), place + 1);
                let middle = distance(*count + step.div_euclid(2) + step % 2);
                assert_eq!(usize::from(even.place(middle)), place + 1);
            }
        }
        for counts in [vec![1], vec![1, 2, 4], vec![0, (1 << 40) + 1], vec![3, 3]] {
            assert!(Even::of(&counts).is_none(), "{counts:?}");
        }
    }

    /// From which count of a dial on a reading is certainly and possibly within a moved test.
    fn critical(test: Moved<'_>, span: Span) -> [i64; 2] {
        // The dial's count from which on its cut lies at or above another one.
        let reaches = |other: Cut| test.turning.at.count() + other.distance(test.cut).count();
        let certain = if span.below == Cut::MAX { i64::MAX } else { reaches(span.below) };
        let possible = if span.above == Cut::MIN { i64::MIN } else { reaches(span.above) + 1 };
        if test.below {
            return [certain, possible];
        }
        // Up to the count before it possibly is below, it certainly is above; negated.
        let certainly = if possible == i64::MIN { i64::MAX } else { 1 - possible };
        [certainly, if certain == i64::MAX { i64::MIN } else { 1 - certain }]
    }

    #[test]
    fn readings_are_placed_where_their_critical_counts_are() {
        let value = |count| Value::from_count(count).expect("small");
        let turning = Turning { at: value(1_000), machine: Vec::new(), axis: Vec::new() };
        let grids = [vec![-40, -20, 0, 20, 40], vec![-33, -1, 0, 17, 18, 5_000], vec![7]];
        for (counts, below) in grids.into_iter().flat_map(|g| [(g.clone(), true), (g, false)]) {
            let grid = Grid::new(counts.clone()).expect("in order");
            let cut = value(990).cut_above();
            let test = Moved { turning: &turning, cut, below };
            let points = (-2_100..2_100).map(|count| Span::point(value(count)));
            let wider = (-60..60).map(|at| Span::between(value(at - 9), value(at * at)));
            let halves = (-60..60).map(|at| Span { above: value(at).cut_below(), ..Span::ALL });
            let others = (-60..60).map(|at| Span { below: value(at).cut_below(), ..Span::ALL });
            let spans = points.chain(wider).chain(halves).chain(others).chain([Span::ALL]);
            let spans: Vec<Span> = spans.collect();
            let (mut found, mut exact) = (Vec::new(), Vec::new());
            let (mut reading, mut all) = (Reading::default(), Passed::default());
            spans.iter().for_each(|span| reading.push(Some(*span)));
            let rows: Vec<u32> = (0..).take(spans.len()).collect();
            all.gather(Some(&reading), &rows, below);
            let told = (0..spans.len()).map(|row| reading.span(row));
            assert!(told.eq(spans.iter().copied()));
            Scale::levels(&grid, &mut found, test, &all);
            Scale::levels(&Exact, &mut exact, test, &all);
            for ((span, found), exact) in spans.iter().zip(found).zip(exact) {
                assert_eq!(exact, critical(test, *span), "{span:?}");
                let place = |count: i64| counts.partition_point(|known| *known < count) as u16;
                assert_eq!(found, exact.map(place), "{span:?} {below}");
            }
        }
    }
}
