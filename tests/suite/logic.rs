//! Published three-valued logic cases (openCypher Technology Compatibility Kit), each turned into
//! a small list and machine. The cases are not part of the project; without them the test says so.

use std::path::Path;

use crate::random;
use serde_json::Value as Json;
use toolgauge::assess::{Verdict, classify};
use toolgauge::machine::{Axis, Machine, Set};
use toolgauge::quantity::{Decimal, Dimension, Span, Style, Unit};

fn verdict(condition: &str, machine: &Machine) -> Verdict {
    let text = format!(
        "format = 1\nkind = \"proposal\"\nlist = \"x/1\"\nedition = \"a\"\njurisdiction = \"X\"\n\
         title = \"t\"\ncarrier = \"none\"\nroot = \"1\"\nsource = \"a test\"\n\
         [clause.\"1\"]\ntext = \"t\"\nwhen = {condition}\n"
    );
    let evaluator = random::evaluator(random::list(&text));
    classify(&evaluator, std::slice::from_ref(machine))[0].outcomes[0].verdict
}

fn expected(value: &Json) -> Verdict {
    match value {
        Json::Bool(true) => Verdict::Captured,
        Json::Bool(false) => Verdict::NotCaptured,
        _ => Verdict::Undetermined,
    }
}

/// `true AND (null OR NOT false)` as a condition; every null is another thing that is not known.
struct Parser<'e> {
    words: std::iter::Peekable<std::vec::IntoIter<&'e str>>,
    unknowns: usize,
}

impl Parser<'_> {
    fn any(&mut self) -> String {
        self.joined("OR", "any", Self::all)
    }

    fn all(&mut self) -> String {
        self.joined("AND", "all", Self::one)
    }

    fn joined(&mut self, word: &str, key: &str, part: fn(&mut Self) -> String) -> String {
        let mut parts = vec![part(self)];
        while self.words.next_if(|next| *next == word).is_some() {
            parts.push(part(self));
        }
        format!("{{ {key} = [{}] }}", parts.join(", "))
    }

    fn one(&mut self) -> String {
        match self.words.next().expect("a word") {
            "NOT" => format!("{{ not = {} }}", self.one()),
            "(" => {
                let inner = self.any();
                assert_eq!(self.words.next(), Some(")"));
                inner
            }
            "true" => "{ nc_capable = true }".to_owned(),
            "false" => "{ nc_capable = false }".to_owned(),
            "null" => {
                self.unknowns += 1;
                format!("{{ open = \"unknown {}\" }}", self.unknowns)
            }
            other => panic!("`{other}` is not part of these expressions"),
        }
    }
}

fn expression(text: &str) -> String {
    let spaced = text.replace('(', " ( ").replace(')', " ) ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut parser = Parser { words: words.into_iter().peekable(), unknowns: 0 };
    let condition = parser.any();
    assert_eq!(parser.words.next(), None, "{text}");
    condition
}

/// A machine with one axis a value, and the condition that quantifies over them.
fn quantified(case: &Json) -> (String, Machine) {
    let mut machine = Machine { id: "m".to_owned(), axes_complete: true, ..Machine::default() };
    let mm = Unit::named(Dimension::Length, "mm").expect("a unit");
    for (at, value) in (0u8..).zip(case["values"].as_array().expect("values")) {
        machine.axes.push(Axis::named("X", None));
        if let Some(number) = value.as_f64() {
            let text = number.to_string();
            let decimal = Decimal::parse(&text, Style::default()).expect("a decimal");
            let value = decimal.value(mm).expect("fits");
            let set = Set::Span(Span::point(value));
            machine.readings.push(random::reading("range_low", Some(at), set));
        }
    }
    let limit = format!("\"{} mm\"", case["limit"]).replace(".0 mm", " mm");
    let test = match case["operator"].as_str().expect("an operator") {
        "=" => format!("at_least = {limit}, at_most = {limit}"),
        "<" => format!("below = {limit}"),
        "<=" => format!("at_most = {limit}"),
        ">" => format!("above = {limit}"),
        ">=" => format!("at_least = {limit}"),
        other => panic!("operator {other}"),
    };
    let axes = |how: &str| format!("axis = {{ {how}, range_low = {{ {test} }} }}");
    let condition = match case["quantifier"].as_str().expect("a quantifier") {
        "any" => format!("{{ {} }}", axes("some = \"linear\"")),
        "none" => format!("{{ {} }}", axes("none = \"linear\"")),
        "all" => format!("{{ {} }}", axes("every = \"linear\"")),
        "single" => format!(
            "{{ {}, not = {{ {} }} }}",
            axes("some = \"linear\""),
            axes("count_at_least = 2, of = \"linear\"")
        ),
        other => panic!("quantifier {other}"),
    };
    (condition, machine)
}

#[test]
fn published_cases_come_out_as_published() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/oracle/logic/opencypher.json");
    let Ok(text) = std::fs::read_to_string(&file) else {
        println!("skipped: no published logic cases beside the project");
        return;
    };
    let json: Json = serde_json::from_str(&text).expect("JSON");
    let mut nc = Machine { id: "m".to_owned(), axes_complete: true, ..Machine::default() };
    nc.readings.push(random::reading("nc_capable", None, Set::OneOf(0b10)));
    let mut count = 0;
    for case in json["cases"].as_array().expect("cases") {
        let (condition, machine) = match case["expression"].as_str() {
            Some(text) => (expression(text), nc.clone()),
            None => quantified(case),
        };
        // Every axis of none is said of at least one axis here; there it is true of an empty list.
        let empty = machine.axes.is_empty() && case["quantifier"] == "all";
        if !empty {
            assert_eq!(verdict(&condition, &machine), expected(&case["expected"]), "{case}");
            count += 1;
        }
    }
    println!("{count} published cases agree");
}

#[test]
fn the_parser_of_this_test_reads_precedence() {
    let machine = Machine { id: "m".to_owned(), axes_complete: true, ..Machine::default() };
    let mut machine = machine;
    machine.readings.push(random::reading("nc_capable", None, Set::OneOf(0b10)));
    for (text, verdict_is) in [
        ("true OR false AND false", Verdict::Captured),
        ("(true OR false) AND false", Verdict::NotCaptured),
        ("NOT null", Verdict::Undetermined),
        ("null AND false", Verdict::NotCaptured),
    ] {
        assert_eq!(verdict(&expression(text), &machine), verdict_is, "{text}");
    }
}
