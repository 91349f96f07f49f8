//! Sets of (linear, rotary) pairs of contouring axes in words that name no other pair.

/// How many axes contour: in all, linear and rotary ones, each between two counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Band {
    total: Counts,
    linear: Counts,
    rotary: Counts,
}

/// Counts from the first to the last.
type Counts = (u32, u32);
/// One of the counts of a band.
type Part = fn(&mut Band) -> &mut Counts;

/// Any count of one kind, and in all.
const ANY: Counts = (0, 7);
const ANY_TOTAL: Counts = (0, 14);

impl Band {
    const ALL: Self = Self { total: ANY_TOTAL, linear: ANY, rotary: ANY };

    /// The pairs of the band, as bits.
    fn mask(self) -> u64 {
        let within = |counts: Counts, count: u32| counts.0 <= count && count <= counts.1;
        let holds = |bit: &u32| {
            let (linear, rotary) = (bit / 8, bit % 8);
            within(self.total, linear + rotary)
                && within(self.linear, linear)
                && within(self.rotary, rotary)
        };
        (0..64u32).filter(holds).fold(0, |mask, bit| mask | 1 << bit)
    }

    /// The least band around some pairs.
    fn around(mask: u64) -> Self {
        let mut band = Self { total: (14, 0), linear: (7, 0), rotary: (7, 0) };
        let grow = |counts: &mut Counts, count: u32| {
            *counts = (counts.0.min(count), counts.1.max(count));
        };
        for bit in bits(mask) {
            grow(&mut band.total, bit / 8 + bit % 8);
            grow(&mut band.linear, bit / 8);
            grow(&mut band.rotary, bit % 8);
        }
        band
    }

    /// A band of the same pairs that says nothing that follows from the rest of it; a count that is
    /// one stays whole.
    fn plain(self) -> Self {
        let mask = self.mask();
        let mut plain = self;
        let counts: [(Part, Counts); 3] = [
            (|band| &mut band.rotary, ANY),
            (|band| &mut band.linear, ANY),
            (|band| &mut band.total, ANY_TOTAL),
        ];
        for (of, any) in counts {
            let (first, last) = *of(&mut plain);
            let ends = [any, (first, any.1), (any.0, last)];
            let ends = ends.into_iter().take(if first == last { 1 } else { 3 });
            let loosened = ends.map(|ends| {
                let mut tried = plain;
                *of(&mut tried) = ends;
                tried
            });
            let same = loosened.into_iter().find(|tried| tried.mask() == mask);
            plain = same.unwrap_or(plain);
        }
        plain
    }

    fn text(self) -> String {
        let mask = self.mask();
        if let (1, Some(bit)) = (mask.count_ones(), bits(mask).next()) {
            return format!("{} linear + {} rotary", bit / 8, bit % 8);
        }
        let mut parts = Vec::new();
        if self.total != ANY_TOTAL {
            let name = if self.total.1 == 1 { "axis" } else { "axes" };
            parts.push(format!("{} {name}", counts_text(self.total, ANY_TOTAL)));
        }
        for (counts, name) in [(self.linear, "linear"), (self.rotary, "rotary")] {
            if counts != ANY {
                parts.push(format!("{} {name}", counts_text(counts, ANY)));
            }
        }
        if parts.is_empty() { "any number of axes".to_owned() } else { parts.join(", ") }
    }
}

/// Pairs of contouring axes in words, all of them and no others: `5 axes`, `3 linear + 2 rotary`,
/// `5 or more axes, at most 2 linear`; parts of a set are joined with `, or`.
pub(super) fn pairs_text(mask: u64) -> String {
    match mask {
        0 => "no axes".to_owned(),
        mask => bands(mask).into_iter().map(Band::text).collect::<Vec<_>>().join(", or "),
    }
}

/// Bands that hold these pairs and no others: each the widest that begins with the fewest axes
/// that are left.
fn bands(mask: u64) -> Vec<Band> {
    let mut left = mask;
    let mut found = Vec::new();
    while left != 0 {
        let mut order: Vec<u32> = bits(left).collect();
        order.sort_unstable_by_key(|bit| (bit / 8 + bit % 8, bit / 8));
        let mut own = 0u64;
        let mut band = Band::ALL;
        for bit in order {
            let wider = Band::around(own | 1 << bit);
            // What was told before may be told again.
            if wider.mask() & !mask == 0 {
                own |= wider.mask();
                band = wider;
            }
        }
        left &= !own;
        found.push(band.plain());
    }
    found
}

fn bits(mask: u64) -> impl Iterator<Item = u32> {
    (0..64u32).filter(move |bit| mask >> bit & 1 == 1)
}

fn counts_text((first, last): Counts, (_, most): Counts) -> String {
    match (first, last) {
        (first, last) if first == last => format!("{first}"),
        (0, last) => format!("at most {last}"),
        (first, last) if last == most => format!("{first} or more"),
        (first, last) => format!("{first} to {last}"),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The pairs that words name, read from the words alone.
    fn read(text: &str) -> u64 {
        let holds = |part: &str, bit: &u32| {
            part.split(", ").all(|said| {
                let words: Vec<&str> = said.split([' ', '+']).filter(|w| !w.is_empty()).collect();
                let number = |word: &str| word.parse::<u32>().expect(said);
                let of = |name: &str| match name {
                    "axes" | "axis" => bit / 8 + bit % 8,
                    "linear" => bit / 8,
                    "rotary" => bit % 8,
                    _ => panic!("{said}"),
                };
                match words.as_slice() {
                    ["any", ..] => true,
                    [a, "linear", b, "rotary"] => {
                        (of("linear"), of("rotary")) == (number(a), number(b))
                    }
                    [n, "or", "more", name] => of(name) >= number(n),
                    ["at", "most", n, name] => of(name) <= number(n),
                    [a, "to", b, name] => (number(a)..=number(b)).contains(&of(name)),
                    [n, name] => of(name) == number(n),
                    _ => panic!("{said}"),
                }
            })
        };
        let parts: Vec<&str> = text.split(", or ").collect();
        let any = |bit: &u32| parts.iter().any(|part| holds(part, bit));
        (0..64u32).filter(any).fold(0, |mask, bit| mask | 1 << bit)
    }

    fn of(pairs: &[(u32, u32)]) -> u64 {
        pairs.iter().fold(0, |mask, (linear, rotary)| mask | 1 << (linear * 8 + rotary))
    }

    #[test]
    fn words_are_short_where_the_set_is_plain() {
        let where_ = |is: fn(u32, u32) -> bool| {
            (0..64u32).filter(|bit| is(bit / 8, bit % 8)).fold(0, |mask, bit| mask | 1 << bit)
        };
        for (mask, expected) in [
            (of(&[(3, 2)]), "3 linear + 2 rotary"),
            (where_(|l, r| l + r == 5), "5 axes"),
            (where_(|l, r| l + r == 1), "1 axis"),
            (where_(|l, r| l + r <= 1), "at most 1 axis"),
            (where_(|l, r| l + r >= 5), "5 or more axes"),
            (where_(|l, r| l + r <= 4), "at most 4 axes"),
            (where_(|l, r| (3..=4).contains(&(l + r))), "3 to 4 axes"),
            (where_(|l, r| l + r >= 5 && l <= 2), "5 or more axes, at most 2 linear"),
            (where_(|l, _| l >= 3), "3 or more linear"),
            (where_(|l, r| l + r == 5 && r >= 2), "5 axes, at most 3 linear"),
            (of(&[(3, 0), (4, 1)]), "3 linear + 0 rotary, or 4 linear + 1 rotary"),
            (where_(|l, r| l + r == 3 && (1..=2).contains(&l)), "3 axes, 1 to 2 linear"),
            (
                where_(|l, r| l + r >= 5 && l <= 2 || l + r == 4),
                "4 axes, or 5 or more axes, at most 2 linear",
            ),
            (where_(|l, r| l + r != 5), "at most 4 axes, or 6 or more axes"),
            (u64::MAX, "any number of axes"),
            (0, "no axes"),
        ] {
            assert_eq!(pairs_text(mask), expected);
        }
    }

    proptest! {
        #[test]
        fn words_name_the_pairs_of_the_set_and_no_others(
            some in any::<u64>(), other in any::<u64>(), cut in (0u32..15, 0u32..8, 0u32..8),
        ) {
            let (total, linear, rotary) = cut;
            let above = |bit: &u32| {
                bit / 8 + bit % 8 >= total && bit / 8 <= linear || bit % 8 > rotary
            };
            let plain = (0..64u32).filter(above).fold(0u64, |mask, bit| mask | 1 << bit);
            for mask in [some, some & other, plain, plain & some, plain & !(1 << rotary)] {
                if mask != 0 {
                    prop_assert_eq!(read(&pairs_text(mask)), mask, "{}", pairs_text(mask));
                }
            }
        }
    }
}
