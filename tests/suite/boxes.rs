//! Boxes of the space of all machines: they hold every machine that they should, and no other.

use toolgauge::assess::{Reach, Regions, regions};
use toolgauge::evidence::{Assumptions, Configuration, Level, Picture, Policy};
use toolgauge::list::List;
use toolgauge::logic::Truth;
use toolgauge::machine::AxisKind;
use toolgauge::rule::{Cell, Choices, Program, Root, Row, Space, compile};

use crate::overlays::overlay;
use crate::proposals::{ONE, list, stacked};
use crate::random::{Source, list as parsed, list_text, machine};

/// A machine of just one value of each reading that the program asks for, of those that are left.
fn closed(program: &Program, source: &mut Source) -> Row {
    let machine = machine(source);
    let policy = Policy {
        level: Level::Assumed,
        as_stated: false,
        derive: false,
        assumptions: Assumptions::default(),
    };
    let mut picture = Picture::default();
    picture.draw(program.frame(), &machine, Configuration::default(), &policy);
    let mut row = Row::of(program, &picture);
    let axes =
        (0..row.axes()).flat_map(|at| program.frame().axis().iter().map(move |k| (*k, Some(at))));
    let own = program.frame().machine().iter().map(|key| (*key, None));
    for (key, axis) in own.chain(axes).collect::<Vec<_>>() {
        let Some(slot) = program.slot(key, axis) else { continue };
        let cell = match row.cell(slot).expect("a cell of the row") {
            Cell::Range(low, high) => {
                let at =
                    low + u8::try_from(source.below(u64::from(high - low) + 1)).expect("small");
                Cell::Range(at, at)
            }
            Cell::OneOf(mask) => Cell::OneOf(mask & mask.wrapping_neg()),
            Cell::Flags { certain, possible } => {
                let certain =
                    if certain == 0 { possible & possible.wrapping_neg() } else { certain };
                Cell::Flags { certain, possible: certain }
            }
            truth => truth,
        };
        row.put(slot, cell);
    }
    row
}

/// What one of two lists captures alone.
struct Gain {
    program: Program,
    wanted: [(Root, Truth); 2],
    boxes: Vec<Row>,
}

/// The boxes in which the second of two lists captures and the first does not, with the program and
/// what was asked of it; `None` where not all were found.
fn gain(source: &mut Source) -> Option<Gain> {
    let lists = vec![parsed(&list_text(source)), parsed(&list_text(source))];
    let choices = Choices { policies: Vec::new(), outlines: false, doubt_remembered: false };
    let program = compile(lists, &choices).ok()?;
    let [a, b] = [0, 1].map(|at| program.entries()[at].verdict);
    let wanted = [(a, Truth::False), (b, Truth::True)];
    let found = Space::search(&program, &wanted, 2, (500, 40_000), &mut |_| true);
    let boxes = found.boxes;
    found.whole.then_some(Gain { program, wanted, boxes })
}

#[test]
fn boxes_hold_all_that_differs_and_nothing_else() {
    let (mut inside, mut outside, mut beside) = (0, 0, 0);
    for seed in 0..60 {
        let mut source = Source::new(seed);
        let Some(Gain { program, wanted, boxes }) = gain(&mut source) else { continue };
        for at in &boxes {
            assert!(program.gives(at, &wanted), "seed {seed}: {at:?}");
            // One more axis such as it allows beside its own is in the box.
            for kind in [AxisKind::Linear, AxisKind::Rotary] {
                let Some(more) = program.with_other(at, kind) else { continue };
                assert!(more.is_within(at) && program.gives(&more, &wanted), "seed {seed}");
                assert!(!at.is_within(&more), "seed {seed}: {at:?}");
                beside += usize::from(program.others(at).is_some_and(|said| !said.is_empty()));
            }
        }
        for _ in 0..60 {
            let row = closed(&program, &mut source);
            let is_held = boxes.iter().any(|at| row.is_within(at));
            assert_eq!(is_held, program.gives(&row, &wanted), "seed {seed}: {row:?}");
            if is_held { inside += 1 } else { outside += 1 }
        }
    }
    assert!(inside > 50 && outside > 500 && beside > 20, "{inside} {outside} {beside}");
}

const REACH: Reach = Reach { axes: None, boxes: 60, steps: 20_000 };

fn said(found: &Regions) -> Vec<&str> {
    found.in_short[0].iter().map(|said| said.words.as_str()).collect()
}

#[test]
fn what_changed_is_said_in_short() {
    let reach = Reach { boxes: 12, ..REACH };
    let base = list("eu/2B001");
    let one = stacked("eu/2B001", &[ONE]).expect("a list");
    let found = regions(&base, &one, &[], reach).expect("regions");
    let line = "an axis with axis_kind linear and upr in (0.9, 1.5] µm and travel < 1000 mm; each \
                other axis, if there are any: axis_kind linear and upr > 0.9 µm and travel < \
                1000 mm";
    assert_eq!(said(&found), [line]);
    assert!(found.in_short[1].is_empty() && found.in_short[0][0].boxes == found.gain.len());
    // Of lists without a text in common everything is asked otherwise.
    let other = regions(&base, &list("eu/2B201"), &[], reach).expect("regions");
    assert!(other.in_short.iter().all(Vec::is_empty));
    // A count of axes of one kind is a reading of the pair.
    let rotary = overlay(
        "rot",
        "[change.\"2B001.d\"]\nwas = { contouring_rotary = { at_least = 2 } }\n\
         now = { contouring_rotary = { at_least = 1 } }\n",
    );
    let rotary = stacked("eu/2B001", &[&rotary]).expect("a list");
    let found = regions(&base, &rotary, &[], reach).expect("regions");
    assert!(!said(&found).is_empty());
    assert!(said(&found).iter().all(|line| line.contains("contouring_axes")), "{found:?}");
}

/// A machine of one linear axis that meets the limit, or two of another process.
fn of_one_or_two(limit: &str) -> List {
    parsed(&format!(
        "format = 1\nkind = \"proposal\"\nlist = \"x/{limit}\"\nedition = \"a\"\n\
         jurisdiction = \"X\"\ntitle = \"t\"\ncarrier = \"c\"\nroot = \"R\"\nsource = \"s\"\n\
         [clause.\"R\"]\ntext = \"t\"\nwhen = {{ nc_capable = true }}\njoin = \"any\"\n\
         [clause.\"R.a\"]\ntext = \"t\"\nwhen = {{ process = [\"milling\"], axis = {{ \
         count_at_least = 2, of = \"linear\", upr = {{ at_most = \"{limit} um\" }} }} }}\n\
         [clause.\"R.b\"]\ntext = \"t\"\nwhen = {{ process = [\"turning\"], axis = {{ \
         count_at_least = 1, of = \"linear\", upr = {{ at_most = \"{limit} um\" }} }} }}\n"
    ))
}

#[test]
fn one_axis_does_not_stand_for_two_in_short() {
    let (one, other) = (of_one_or_two("0.5"), of_one_or_two("1"));
    let found = regions(&one, &other, &[], REACH).expect("regions");
    let axes = |line: &str| line.matches("an axis with").count();
    let fewest = found.gain.iter().map(|region| region.axes.len()).min();
    assert_eq!(fewest, Some(1), "a machine of one axis is captured: {found:?}");
    assert!(said(&found).iter().any(|line| axes(line) == 1), "{:?}", said(&found));
    let told: usize = found.in_short[0].iter().map(|said| said.boxes).sum();
    assert!(told >= found.gain.len(), "each box is told: {:?}", found.in_short);
}
