//! Measured runs beside what a sheet says, and chances beside verdicts.

use toolgauge::assess::{Evaluator, Selection, Spread, Verdict, chances, classify};
use toolgauge::catalogue::{self, Catalogue, Mapping, Measured};
use toolgauge::list::Library;
use toolgauge::machine::{self, Basis};
use toolgauge::metrology::{AxisRuns, RunsReader, chance_at_most, upr_meets};
use toolgauge::quantity::Value;
use toolgauge::rule::Method;
use toolgauge::table::{self, Reading};

use crate::lists::setup;
use crate::random::Source;

pub fn read(text: &str) -> Catalogue {
    let table = table::read("c.csv", text.as_bytes(), &Reading::default()).expect("a table");
    catalogue::read(&table, &Mapping { basis: Basis::Stated, ..Mapping::default() })
}

fn runs(text: &str) -> Vec<AxisRuns> {
    let table = table::read("r.csv", text.as_bytes(), &Reading::default()).expect("a table");
    let mut reader = RunsReader::new("r.csv", &table.header).expect("a header");
    table.records.iter().for_each(|record| reader.take(record).expect("a row"));
    reader.finish().expect("runs")
}

fn random_runs(source: &mut Source) -> String {
    let mut text = "axis,target_mm,direction,run,deviation_um\n".to_owned();
    for target in 0..6 {
        for side in ["up", "down"] {
            for run in 1..6 {
                let deviation = source.below(4000);
                text += &format!("X,{},{side},{run},0.{deviation:04}\n", 100 * target + 3);
            }
        }
    }
    text
}

fn evaluator(lists: &[&str]) -> Evaluator {
    let library = Library::shipped().expect("the heads are read");
    let lists = lists.iter().map(|list| (*list).to_owned()).collect();
    Evaluator::new(&library, &Selection { lists, ..Selection::default() }, setup())
        .expect("the lists compile")
}

#[test]
fn measured_figures_enter_exactly_and_agree_with_each_other() {
    let mut source = Source::new(230);
    let evaluator = evaluator(&["eu/2B001", "eu/2B201"]);
    for _ in 0..40 {
        let measured = runs(&random_runs(&mut source));
        let mut catalogue = read("id,process,axes,travel_x_mm\nm,milling,X,500\n");
        let test =
            Measured { machine: "m".to_owned(), file: "m.csv".to_owned(), axes: measured.clone() };
        catalogue.attach(&[test]).expect("the machine is there");
        let machine = &catalogue.machines[0];
        let upr = machine.readings.iter().find(|r| r.parameter == machine::id_of("upr"));
        let upr = upr.expect("five runs");
        assert_eq!(upr.basis, Basis::Measured);
        let machine::Set::Span(span) = upr.set else { panic!("{upr:?}") };
        let (low, high) = (span.low().expect("above"), span.high().expect("below"));
        assert_eq!(low, high, "one count decides every whole limit");
        assert_eq!(upr_meets(&measured[0], high), Some(true));
        assert_eq!(
            upr_meets(&measured[0], Value::from_count(high.count() - 1).unwrap()),
            Some(false)
        );
        let found = classify(&evaluator, &catalogue.machines);
        assert!(found[0].conflicts.is_empty(), "{:?}", found[0].conflicts);
    }
}

#[test]
fn a_measured_value_never_replaces_a_stated_one() {
    let evaluator = evaluator(&["eu/2B001"]);
    let sheet = |upr: &str| {
        format!(
            "id,process,axes,axes_complete,contouring_axes,contouring_rotary,travel_x_mm,upr_x_um,\
             upr_y_um,upr_z_um\nm,milling,\"X,Y,Z,B,C\",yes,5,2,500,{upr},7,7\n"
        )
    };
    let mut text = "axis,target_mm,direction,run,deviation_um\n".to_owned();
    for target in [3, 101, 222, 307, 419] {
        // s = 0.1581 µm: UPR 0.632 µm.
        for (run, deviation) in ["0", "0.1", "0.2", "0.3", "0.4"].iter().enumerate() {
            for side in ["up", "down"] {
                text += &format!("X,{target},{side},{run},{deviation}\n");
            }
        }
    }
    for (stated, verdict) in
        [("0.9", Verdict::Captured), ("0.91", Verdict::Undetermined), ("", Verdict::Captured)]
    {
        let mut catalogue = read(&sheet(stated));
        let axes = runs(&text);
        let test = Measured { machine: "m".to_owned(), file: "m.csv".to_owned(), axes };
        catalogue.attach(&[test]).expect("the axis is there");
        let found = &classify(&evaluator, &catalogue.machines)[0];
        assert_eq!(found.outcomes[0].verdict, verdict, "stated {stated}");
        assert_eq!(found.conflicts.is_empty(), stated.is_empty(), "stated {stated}");
        let drift = |remark: &catalogue::Remark| remark.reason.contains("drift");
        assert!(catalogue.remarks.iter().any(drift), "the readings grow from run to run");
    }
    let mut catalogue = read(&sheet("1"));
    let test = Measured { machine: "n".to_owned(), file: "n.csv".to_owned(), axes: runs(&text) };
    let error = catalogue.attach(&[test]).expect_err("no such machine").to_string();
    assert!(error.contains("no machine `n`"), "{error}");
}

#[test]
fn chances_in_closed_form_and_by_draws_agree() {
    let evaluator = evaluator(&["eu/2B001", "eu/2B201"]);
    let catalogue = read(
        "id,process,axes,axes_complete,contouring_axes,contouring_rotary,travel_x_mm,upr_x_um,\
         travel_y_mm,upr_y_um,upr_z_um,positioning_accuracy_x_um,\
         positioning_accuracy_x_um.standard\n\
         m,milling,\"X,Y,Z,B,C\",yes,5,2,500,0.92,500,0.95,7,7,ISO 230-2:1988\n",
    );
    let machine = &catalogue.machines[0];
    let spread =
        |text: &'static str| (machine::id_of(text), Spread::Of(Value::from_count(50_000).unwrap()));
    let closed = chances(&evaluator, machine, &[spread("upr")], 0.0).expect("chances");
    assert_eq!((closed.entries[0].method, closed.readings.len()), (Method::Columns, 3));
    // Captured if either axis is at most 0.9 µm: the two readings are independent.
    let [x, y] = [0.92, 0.95].map(|value| chance_at_most(value, 0.05, 0.9));
    let wanted = 1.0 - (1.0 - x) * (1.0 - y);
    assert!((closed.entries[0].captured - wanted).abs() < 1e-5, "{closed:?} {wanted}");
    let sum = |c: &toolgauge::assess::Chance| c.captured + c.open + c.cleared;
    assert!(closed.entries.iter().all(|chance| (sum(chance) - 1.0).abs() < 1e-9));
    // Draws that are as good as independent agree within three standard errors.
    let drawn = chances(&evaluator, machine, &[spread("upr")], 1e-12).expect("chances");
    assert_eq!(drawn.entries[0].method, Method::Drawn);
    for (a, b) in closed.entries.iter().zip(&drawn.entries) {
        let error = b.standard_error();
        assert!((a.captured - b.captured).abs() <= 3.0 * error + 1e-12, "{a:?} {b:?}");
    }
    // Readings that go together are less likely to differ: either of them helps less.
    let tied = chances(&evaluator, machine, &[spread("upr")], 0.99).expect("chances");
    assert!(tied.entries[0].captured < drawn.entries[0].captured);
    assert!(chances(&evaluator, machine, &[], 1.0).is_err());
}
