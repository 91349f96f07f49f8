//! Values of a dial as levels: exactly, or as places in a grid of values that are asked for.

/// What critical values are counted in: they are only ever compared, so any order-keeping measure
/// of them serves.
pub(super) trait Scale: Sync {
    /// A level.
    type Level: Copy + Ord + Send + Sync;

    /// At every value.
    fn always(&self) -> Self::Level;
    /// At no value.
    fn never(&self) -> Self::Level;
    /// From this count on.
    fn level(&self, count: i64) -> Self::Level;
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

    fn level(&self, count: i64) -> i64 {
        count
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
}

/// A neighbourhood of counts.
#[derive(Debug, Clone, Copy)]
struct Near {
    /// The first count of the grid in it or behind it.
    count: i64,
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
            let count = counts.get(from).copied().unwrap_or(i64::MAX);
            let short = |place: usize| u16::try_from(place).unwrap_or(u16::MAX);
            Near { count, from: short(from), to: short(to) }
        };
        let near = (0..=reach >> shift).map(near).collect();
        Some(Self { counts, near, shift, first, end })
    }

    /// How many values there are.
    pub fn len(&self) -> usize {
        self.counts.len()
    }

    /// The place of the first value that is not below a count; beyond the last one where all are.
    #[inline(always)]
    pub fn place(&self, count: i64) -> u16 {
        // Beyond the last value all counts are alike.
        let count = count.clamp(self.first, self.end);
        let at = (count.abs_diff(self.first) >> self.shift) as usize;
        let Some(near) = self.near.get(at) else { return self.len() as u16 };
        if near.to - near.from > 1 {
            self.among(*near, count)
        } else {
            near.from + u16::from(near.count < count)
        }
    }

    /// The same in a neighbourhood of several values.
    #[inline(never)]
    fn among(&self, near: Near, count: i64) -> u16 {
        let counts = self.counts.get(usize::from(near.from)..usize::from(near.to));
        near.from + counts.unwrap_or_default().partition_point(|known| *known < count) as u16
    }
}

impl Scale for Grid {
    type Level = i16;

    fn always(&self) -> i16 {
        0
    }

    fn never(&self) -> i16 {
        self.counts.len() as i16
    }

    #[inline(always)]
    fn level(&self, count: i64) -> i16 {
        self.place(count) as i16
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
}
