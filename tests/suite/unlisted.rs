//! Axes that a sheet does not list: there may be any number of them, and each has one value of
//! every reading. What no such axes can bring about is not left open.

use toolgauge::assess::{Sweep, Verdict, classify};
use toolgauge::list::{Dial, List};
use toolgauge::machine::{Axis, AxisKind, Machine};
use toolgauge::quantity::Value;

use crate::naive::point;
use crate::random::{Source, evaluator, list, list_text, machine, reading, tenths};
use crate::sweeps::dials;

fn of(when: &str) -> List {
    list(&format!(
        "format = 1\nkind = \"proposal\"\nlist = \"x/1\"\nedition = \"a\"\njurisdiction = \"X\"\n\
         title = \"t\"\ncarrier = \"c\"\nroot = \"1\"\nsource = \"s\"\n\
         [clause.\"1\"]\ntext = \"t\"\nwhen = {{ {when} }}\n"
    ))
}

/// A machine of which one linear axis of this UPR is known, or none.
fn sheet(upr: Option<u64>, complete: bool) -> Machine {
    let mut machine = Machine { axes_complete: complete, ..Machine::default() };
    if let Some(upr) = upr {
        machine.axes.push(Axis::named("X", Some(AxisKind::Linear)));
        machine.readings.push(reading("upr", Some(0), point(tenths(upr, "µm"))));
    }
    machine
}

#[test]
fn what_no_unlisted_axes_can_bring_about_is_decided() {
    use Verdict::{Captured, NotCaptured, Undetermined};
    let upr = |comparator: &str, um: &str| format!("upr = {{ {comparator} = \"{um} um\" }}");
    let axis = |how: &str, when: &str| format!("{{ axis = {{ {how}, {when} }} }}");
    let all = |parts: &[String]| format!("all = [{}]", parts.join(", "));
    let any = |parts: &[String]| format!("any = [{}]", parts.join(", "));
    let (some, none, every) = ("some = \"linear\"", "none = \"linear\"", "every = \"linear\"");
    let two = "count_at_least = 2, of = \"linear\"";
    let one = |upr: &str| upr.to_owned();
    for (when, none_listed, one_listed) in [
        // An axis that meets a condition and its contrary there is not.
        (
            all(&[axis(some, &upr("at_most", "1")), axis(none, &upr("at_most", "1"))]),
            NotCaptured,
            NotCaptured,
        ),
        // Whatever is up to 1 is up to 2.
        (
            all(&[axis(some, &upr("at_most", "1")), axis(none, &upr("at_most", "2"))]),
            NotCaptured,
            NotCaptured,
        ),
        // And what is up to 2 need not be up to 1; the listed axis, of 1.5, is.
        (
            all(&[axis(some, &upr("at_most", "2")), axis(none, &upr("at_most", "1"))]),
            Undetermined,
            Undetermined,
        ),
        (
            all(&[axis(two, &upr("at_most", "1")), axis(none, &upr("at_most", "2"))]),
            NotCaptured,
            NotCaptured,
        ),
        // Each axis is on one side of a limit; where there is one, one of the two holds.
        (
            any(&[axis(some, &upr("at_most", "2")), axis(some, &upr("above", "2"))]),
            Undetermined,
            Captured,
        ),
        (
            any(&[axis(every, &upr("at_most", "2")), axis(some, &upr("above", "2"))]),
            Undetermined,
            Captured,
        ),
        (
            all(&[axis(every, &upr("at_most", "2")), axis(some, &upr("above", "2"))]),
            NotCaptured,
            NotCaptured,
        ),
        // No value is up to 1 and above 2.
        (
            one(&format!("axis = {{ {some}, {} }}", upr("at_most = \"1 um\", above", "2"))),
            NotCaptured,
            NotCaptured,
        ),
        (
            one(&format!("axis = {{ {none}, {} }}", upr("at_most = \"1 um\", above", "2"))),
            Captured,
            Captured,
        ),
        (
            one(&format!("axis = {{ {some}, {} }}", upr("at_most = \"2 um\", above", "1"))),
            Undetermined,
            Captured,
        ),
        // Every value is up to 2 or above 1.
        (
            one(&format!(
                "axis = {{ {none}, any = [{{ {} }}, {{ {} }}] }}",
                upr("at_most", "2"),
                upr("above", "1")
            )),
            Undetermined,
            NotCaptured,
        ),
    ] {
        let runs = evaluator(of(&when));
        let machines = [sheet(None, false), sheet(Some(15), false)];
        let found = classify(&runs, &machines).into_iter().map(|r| r.outcomes[0].verdict);
        assert_eq!(found.collect::<Vec<_>>(), [none_listed, one_listed], "{when}");
    }
}

#[test]
fn a_dial_past_the_other_limit_of_a_range_leaves_nothing_open() {
    // From where the upper limit has passed the lower one no axis can lie between them.
    let list = of("axis = { some = \"linear\", upr = { above = \"2 um\", at_most = \"3 um\" } }");
    let dial = Dial::read(&list, "1:upr:at_most").expect("a dial");
    let machines = [sheet(None, false), sheet(Some(25), false), sheet(Some(25), true)];
    let none = vec![None; machines.len()];
    let marks = vec![None; machines.len()];
    let runs = evaluator(list.clone());
    let sweep = Sweep::new(&runs, &dial, &machines, &none, &marks, |_, _| ()).expect("a curve");
    for (tenths_of_um, certain, possible) in [(10, 0, 0), (20, 0, 0), (21, 0, 2), (25, 2, 3)] {
        let captured = sweep.at(tenths(tenths_of_um, "µm")).captured;
        let found = (captured.certain.machines, captured.possible.machines);
        assert_eq!(found, (certain, possible), "at {tenths_of_um} tenths of a µm");
    }
}

#[test]
fn curves_over_sheets_without_axes_are_what_running_the_list_again_gives() {
    let mut compared = 0;
    for seed in 1000..1120 {
        let mut source = Source::new(seed);
        let list = list(&list_text(&mut source));
        let mut machines: Vec<Machine> = (0..5).map(|_| machine(&mut source)).collect();
        machines.iter_mut().for_each(|machine| machine.axes_complete = false);
        machines.push(sheet(None, false));
        let none = vec![None; machines.len()];
        let marks = vec![None; machines.len()];
        let runs = evaluator(list.clone());
        for dial in dials(&list, &mut source).iter().take(3) {
            let sweep = Sweep::new(&runs, dial, &machines, &none, &marks, |_, _| ());
            let sweep = sweep.expect("a curve");
            let turns = sweep.points.iter().filter_map(|point| point.from).map(Value::count);
            let around = turns.chain([sweep.stands.count()]).flat_map(|at| [at - 1, at, at + 1]);
            for value in around.filter_map(Value::from_count) {
                let found = classify(&evaluator(list.with(dial, value)), &machines);
                let count = |wanted: &[Verdict]| {
                    found.iter().filter(|r| wanted.contains(&r.outcomes[0].verdict)).count()
                };
                let captured = sweep.at(value).captured;
                assert_eq!(
                    (captured.certain.machines, captured.possible.machines),
                    (
                        count(&[Verdict::Captured]),
                        count(&[Verdict::Captured, Verdict::Undetermined])
                    ),
                    "seed {seed}, {} at {}",
                    dial.name,
                    value.count()
                );
                compared += 1;
            }
        }
    }
    assert!(compared > 700, "{compared}");
}
