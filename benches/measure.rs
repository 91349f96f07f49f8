//! Positioning over many axes, and chances of capture, on synthetic data.

#![allow(missing_docs, reason = "criterion's macros make public items")]
#![allow(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a bench that cannot read its input should stop"
)]

mod task;

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use toolgauge::assess::{ChanceColumns, Evaluator, Selection, Setup, Spread, chances};
use toolgauge::catalogue::{self, Mapping};
use toolgauge::evidence::{Assumptions, Level, Policy};
use toolgauge::list::Library;
use toolgauge::machine::{self, Basis};
use toolgauge::metrology::{AxisRuns, Conditions, Positioning, Target};
use toolgauge::quantity::{Dimension, Value};
use toolgauge::rule::{Method, Odds};
use toolgauge::table::{self, Reading};

const AXES: usize = 10_000;
const MACHINES: usize = 10_000;

/// Ten targets with five runs a side, drawn in a fixed way.
fn runs() -> Vec<AxisRuns> {
    let mut state = 1u64;
    let mut draw = || {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        i64::try_from((state >> 44) % 2_000_000).unwrap_or(0)
    };
    let mut side = || (0..5).map(|_| draw()).collect::<Vec<i64>>();
    let mut target = |at: i64| Target {
        position: Value::from_count(at * 97_000_000_000).unwrap_or_default(),
        up: side(),
        down: side(),
    };
    let mut axis = || AxisRuns {
        axis: "X".to_owned(),
        dimension: Dimension::Length,
        targets: (0..10).map(&mut target).collect(),
        remarks: Vec::new(),
        conditions: Conditions::default(),
    };
    (0..AXES).map(|_| axis()).collect()
}

fn positioning(c: &mut Criterion) {
    let runs = runs();
    let mut group = c.benchmark_group("positioning");
    group.throughput(Throughput::Elements(AXES as u64));
    group.bench_function("every figure of 10,000 axes", |b| {
        b.iter(|| {
            runs.iter().map(Positioning::of).map(|p| black_box(p).targets.len()).sum::<usize>()
        });
    });
    group.finish();
}

fn probability(c: &mut Criterion) {
    let text = "id,process,axes,axes_complete,contouring_axes,contouring_rotary,travel_x_mm,\
                upr_x_um,travel_y_mm,upr_y_um,travel_z_mm,upr_z_um\n\
                m,milling,\"X,Y,Z,B,C\",yes,5,2,500,0.92,500,0.95,800,1.2\n";
    let table = table::read("m.csv", text.as_bytes(), &Reading::default()).expect("a table");
    let mapping = Mapping { basis: Basis::Stated, ..Mapping::default() };
    let catalogue = catalogue::read(&table, &mapping);
    let library = Library::shipped().expect("the heads are read");
    let setup = Setup {
        policy: Policy {
            level: Level::Assumed,
            as_stated: false,
            derive: true,
            assumptions: Assumptions::shipped().expect("assumptions"),
        },
        policies: Vec::new(),
        accept_unverified: true,
        accept_remembered: true,
    };
    let selection = Selection { lists: vec!["eu/2B001".to_owned()], ..Selection::default() };
    let evaluator = Evaluator::new(&library, &selection, setup).expect("the list compiles");
    let spreads = [(machine::id_of("upr"), Spread::Part(0.1))];
    let mut group = c.benchmark_group("chances");
    for (name, correlation) in [("closed form", 0.0), ("20,000 draws", 0.5)] {
        group.bench_function(name, |b| {
            let one = catalogue.machines.first().expect("a machine");
            b.iter(|| chances(&evaluator, black_box(one), &spreads, correlation).expect("chances"));
        });
    }
    group.finish();
}

fn columns(c: &mut Criterion) {
    let Some(text) = task::catalogue(MACHINES) else {
        println!("skipped: chances over columns need python3 or TASK_CATALOGUE");
        return;
    };
    let table = table::read("task.csv", text.as_bytes(), &Reading::default()).expect("a table");
    let catalogue = catalogue::read(&table, &task::mapping());
    let machines = catalogue.machines.get(..MACHINES).expect("as many machines");
    let evaluator = task::evaluator(task::lists().into_iter().take(1).collect());
    let root = evaluator.program.entries().first().expect("an entry").verdict;
    let spreads = ["positioning_accuracy", "upr"];
    let spreads = spreads.map(|name| (machine::id_of(name), Spread::Part(0.1)));
    let columns = ChanceColumns::of(&evaluator, machines, &spreads);
    let found = columns.chances(&evaluator, root, 0.0).expect("chances");
    let sum = |of: fn(&toolgauge::assess::Chance) -> f64| found.iter().map(of).sum::<f64>();
    println!(
        "sum of P(captured) {:.6}, of P(undetermined) {:.6}; {} machines not by columns",
        sum(|chance| chance.captured),
        sum(|chance| chance.open),
        found.iter().filter(|chance| chance.method != Method::Columns).count()
    );
    let mut group = c.benchmark_group("chance of capture over columns");
    group.throughput(Throughput::Elements(MACHINES as u64));
    // Nothing is remembered from one run to the next.
    group.bench_function("10,000 machines of the task", |b| {
        b.iter(|| columns.probabilities(&mut Odds::new(&evaluator.program, root), 0.0).len());
    });
    group.bench_function("the same, columns drawn up from machines too", |b| {
        b.iter(|| {
            let columns = ChanceColumns::of(&evaluator, black_box(machines), &spreads);
            columns.probabilities(&mut Odds::new(&evaluator.program, root), 0.0).len()
        });
    });
    group.finish();
}

criterion_group!(benches, positioning, probability, columns);
criterion_main!(benches);
