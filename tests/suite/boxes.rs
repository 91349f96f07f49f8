//! Boxes of the space of all machines: they hold every machine that they should, and no other.

use toolgauge::evidence::{Assumptions, Configuration, Level, Picture, Policy};
use toolgauge::logic::Truth;
use toolgauge::machine::AxisKind;
use toolgauge::rule::{Cell, Choices, Program, Root, Row, Space, compile};

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
