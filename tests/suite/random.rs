//! Random lists and machines, from a seed: the same seed gives the same list and machine.

use proptest::test_runner::{RngAlgorithm, TestRng};
use toolgauge::assess::{Evaluator, Setup};
use toolgauge::evidence::{Assumptions, Level, Policy};
use toolgauge::list::{List, parse_list};
use toolgauge::machine::{
    Approach, Axis, Basis, Compensation, Form, Machine, Reading, Set, Standard, View, label, pairs,
};
use toolgauge::quantity::{Span, Unit, Value};

use crate::naive::{parameter, point};

/// A random source with the few draws that are needed.
pub struct Source(TestRng);

impl Source {
    /// The source of a seed.
    pub fn new(seed: u64) -> Self {
        let mut bytes = [0u8; 32];
        bytes[..8].copy_from_slice(&seed.to_le_bytes());
        Self(TestRng::from_seed(RngAlgorithm::ChaCha, &bytes))
    }

    /// A number below `end`.
    pub fn below(&mut self, end: u64) -> u64 {
        use proptest::prelude::Rng;
        self.0.next_u64() % end
    }

    /// True `percent` times in a hundred.
    pub fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    /// One of several.
    pub fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[usize::try_from(self.below(of.len() as u64)).expect("fits")]
    }
}

const COMPARATORS: &[&str] = &["at_most", "below", "at_least", "above"];
const PROCESSES: &[&str] = &["turning", "milling", "grinding"];

/// A random condition on an axis, as TOML.
fn axis_condition(source: &mut Source, depth: u64) -> String {
    if depth > 0 && source.chance(30) {
        let word = source.pick(&["any", "all"]);
        let parts: Vec<String> =
            (0..2).map(|_| format!("{{ {} }}", axis_condition(source, depth - 1))).collect();
        return format!("{word} = [{}]", parts.join(", "));
    }
    if depth > 0 && source.chance(15) {
        return format!("not = {{ {} }}", axis_condition(source, depth - 1));
    }
    let mut parts = vec![format!(
        "upr = {{ {} = \"{} um\" }}",
        source.pick(COMPARATORS),
        source.pick(&[1, 2, 3])
    )];
    if source.chance(60) {
        let (comparator, limit) = (source.pick(COMPARATORS), source.pick(&[1, 2]));
        parts.push(format!("travel = {{ {comparator} = \"{limit} m\" }}"));
    }
    if source.chance(20) {
        parts.push("letter = [\"X\"]".to_owned());
    }
    parts.join(", ")
}

/// A random condition on a machine, as TOML.
fn condition(source: &mut Source, depth: u64) -> String {
    if depth > 0 && source.chance(40) {
        let word = source.pick(&["any", "all"]);
        let parts: Vec<String> =
            (0..2).map(|_| format!("{{ {} }}", condition(source, depth - 1))).collect();
        return format!("{word} = [{}]", parts.join(", "));
    }
    if depth > 0 && source.chance(15) {
        return format!("not = {{ {} }}", condition(source, depth - 1));
    }
    match source.below(7) {
        0 => format!("process = [\"{}\"]", source.pick(PROCESSES)),
        1 => {
            let view = source.pick(&["contouring_axes", "contouring_linear", "contouring_rotary"]);
            format!("{view} = {{ {} = {} }}", source.pick(COMPARATORS), source.below(4) + 1)
        }
        2 => format!("nc_capable = {}", source.chance(50)),
        3 => "limited_to = [\"gears\", \"crankshafts\"]".to_owned(),
        4 => {
            let (comparator, limit) = (source.pick(COMPARATORS), source.pick(&[30, 40]));
            format!("bar_capacity = {{ {comparator} = \"{limit} mm\" }}")
        }
        _ => {
            let how = source.pick(&[
                "some = \"linear\"",
                "every = \"linear\"",
                "none = \"any\"",
                "count_at_least = 2, of = \"linear\"",
                "some = \"any\"",
            ]);
            format!("axis = {{ {how}, {} }}", axis_condition(source, 1))
        }
    }
}

/// A random list, as the text of its file.
pub fn list_text(source: &mut Source) -> String {
    let mut text = "format = 1\nkind = \"proposal\"\nlist = \"x/1\"\nedition = \"a\"\n\
        jurisdiction = \"X\"\ntitle = \"random\"\ncarrier = \"none\"\nroot = \"1\"\n\
        source = \"a test\"\n"
        .to_owned();
    let children = source.below(3);
    let join = source.pick(&["any", "all"]);
    let joins = if children > 0 { format!("join = \"{join}\"\n") } else { String::new() };
    text +=
        &format!("[clause.\"1\"]\ntext = \"t\"\nwhen = {{ {} }}\n{joins}", condition(source, 2));
    for child in 0..children {
        text += &format!(
            "[clause.\"1.{child}\"]\ntext = \"t\"\nwhen = {{ {} }}\n",
            condition(source, 2)
        );
    }
    if source.chance(40) {
        text += &format!(
            "[note.\"1.note\"]\ntext = \"t\"\nkind = \"excludes\"\nfrom = [\"1\"]\n\
             when = {{ {} }}\n",
            condition(source, 1)
        );
    }
    text
}

/// The list of a text.
pub fn list(text: &str) -> List {
    parse_list("random.toml", text, &mut |_| Err(Vec::new())).unwrap_or_else(|errors| {
        let errors: Vec<String> = errors.iter().map(ToString::to_string).collect();
        panic!("{}\n{text}", errors.join("\n"))
    })
}

/// An evaluator without assumptions, derivations or doubts.
pub fn evaluator(list: List) -> Evaluator {
    let setup = Setup {
        policy: Policy {
            level: Level::Assumed,
            as_stated: false,
            derive: false,
            assumptions: Assumptions::default(),
        },
        policies: Vec::new(),
        accept_unverified: true,
        accept_remembered: true,
    };
    Evaluator::of_lists(vec![list], None, setup).expect("a random list compiles")
}

/// A length of so many tenths of a unit.
pub fn tenths(count: u64, unit: &str) -> Value {
    let unit = Unit::named(toolgauge::quantity::Dimension::Length, unit).expect("a unit");
    Value::from_count(i64::try_from(count).expect("small") * unit.size / 10).expect("fits")
}

/// A reading of a parameter with a set.
pub fn reading(name: &str, axis: Option<u8>, set: Set) -> Reading {
    Reading {
        parameter: parameter(name).stored(),
        axis,
        set,
        figure: None,
        form: Form::Plain,
        uncertainty: None,
        standard: Standard::UNNAMED,
        approach: Approach::Unsaid,
        compensation: Compensation::Unsaid,
        basis: Basis::Stated,
        option: None,
        column: 0,
    }
}

/// A quantity that is missing, a point or an interval.
fn span(source: &mut Source, ends: &[Value]) -> Option<Set> {
    if source.chance(35) {
        return None;
    }
    let (one, other) = (source.pick(ends), source.pick(ends));
    Some(if source.chance(60) { point(one) } else { Set::Span(Span::between(one, other)) })
}

/// A random machine with a few readings missing or vague.
pub fn machine(source: &mut Source) -> Machine {
    let mut machine = Machine { id: "m".to_owned(), axes_complete: true, ..Machine::default() };
    let three = label::all(label::PROCESS) & 0b111;
    let certain = source.below(8);
    let possible = if source.chance(50) { certain } else { certain | source.below(8) };
    let flags = Set::Flags { certain: certain & three, possible: (certain | possible) & three };
    machine.readings.push(reading("process", None, flags));
    let limited = source.pick(&[(0b1, 0b1), (0b1, 0b11), (0b100, 0b100), (0, 0b101)]);
    let limited = Set::Flags { certain: limited.0, possible: limited.1 };
    machine.readings.push(reading("limited_to", None, limited));
    let total = i64::try_from(source.below(5) + 1).expect("small");
    let vague = source.chance(40);
    let small = pairs(View::Total, |n| n <= 5) & pairs(View::Rotary, |n| n <= 2);
    let mask = if vague {
        pairs(View::Total, |n| (total - 1..=total).contains(&n)) & small
    } else {
        pairs(View::Total, |n| n == total) & pairs(View::Rotary, |n| n == 0)
    };
    machine.readings.push(reading("contouring_axes", None, Set::OneOf(mask)));
    if source.chance(60) {
        let truth = source.pick(&[0b01, 0b10]);
        machine.readings.push(reading("nc_capable", None, Set::OneOf(truth)));
    }
    let bars = [250, 300, 350, 400, 450].map(|mm| tenths(mm, "mm"));
    let bar = span(source, &bars).map(|set| reading("bar_capacity", None, set));
    machine.readings.extend(bar);
    for (axis, name) in (0u8..).zip(["X", "Y"]).take(usize::from(source.chance(70)) + 1) {
        machine.axes.push(Axis::named(name, None));
        let uprs = [5, 10, 15, 20, 25, 30, 35].map(|um| tenths(um, "µm"));
        let upr = span(source, &uprs).map(|set| reading("upr", Some(axis), set));
        machine.readings.extend(upr);
        let travels = [5, 10, 15, 20, 25].map(|m| tenths(m, "m"));
        let travel = span(source, &travels).map(|set| reading("travel", Some(axis), set));
        machine.readings.extend(travel);
    }
    machine
}
