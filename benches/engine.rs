//! Reading, evaluation and explanation on synthetic rows; throughput in machines and bytes.

#![allow(missing_docs, reason = "criterion's macros make public items")]
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a bench that cannot read its input should stop"
)]

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use toolgauge::assess::{Evaluator, Selection, Setup, classify, explain};
use toolgauge::catalogue::{self, Catalogue, Mapping};
use toolgauge::evidence::{Assumptions, Configuration, Level, Picture, Policy};
use toolgauge::list::Library;
use toolgauge::machine::Basis;
use toolgauge::rule::Row;
use toolgauge::table::{self, Reading};

const MACHINES: usize = 2048;
const HEADER: &str = "id,process,contouring_axes,axes_complete,travel_x_mm,travel_y_mm,travel_z_mm,\
    upr_x_um,upr_y_um,upr_z_um";

/// Rows that differ from each other in a fixed way; every ninth field is blank.
fn csv() -> String {
    let mut state = 1u64;
    let mut draw = |values: &[&str]| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let number = (state >> 33) as usize;
        if number.is_multiple_of(9) {
            String::new()
        } else {
            values[number % values.len()].to_owned()
        }
    };
    let mut text = format!("{HEADER}\n");
    for id in 0..MACHINES {
        let travels: Vec<String> =
            (0..3).map(|_| draw(&["350", "999.5", "1000", "2200", "4000"])).collect();
        let uprs: Vec<String> =
            (0..3).map(|_| draw(&["0.85", "0.95", "1.1", "1.35", "2.5", "6.0"])).collect();
        text += &format!(
            "m{id},{},{},yes,{},{}\n",
            draw(&["turning", "milling", "grinding"]),
            draw(&["2", "3", "4", "5"]),
            travels.join(","),
            uprs.join(",")
        );
    }
    text
}

fn read(text: &str) -> Catalogue {
    let table = table::read("bench.csv", text.as_bytes(), &Reading::default()).expect("a table");
    catalogue::read(&table, &Mapping { basis: Basis::Stated, ..Mapping::default() })
}

fn evaluator(lists: &[&str]) -> Evaluator {
    let setup = Setup {
        policy: Policy {
            level: Level::Assumed,
            as_stated: false,
            derive: true,
            assumptions: Assumptions::shipped().expect("readable"),
        },
        policies: Vec::new(),
        accept_unverified: true,
        accept_remembered: true,
    };
    let lists = lists.iter().map(|list| (*list).to_owned()).collect();
    let selection = Selection { lists, ..Selection::default() };
    let library = Library::shipped().expect("the heads are read");
    Evaluator::new(&library, &selection, setup).expect("the lists compile")
}

fn reading(criterion: &mut Criterion) {
    let text = csv();
    let mut group = criterion.benchmark_group("reading");
    group.throughput(Throughput::Bytes(text.len() as u64));
    group.bench_function("bytes to machines", |bench| bench.iter(|| read(black_box(&text))));
    group.bench_function("csv crate alone", |bench| {
        bench.iter(|| {
            let mut reader = csv::Reader::from_reader(black_box(text.as_bytes()));
            reader.byte_records().filter_map(Result::ok).map(|row| row.len()).sum::<usize>()
        });
    });
    group.finish();
}

fn evaluation(criterion: &mut Criterion) {
    let catalogue = read(&csv());
    let mut group = criterion.benchmark_group("evaluation");
    group.throughput(Throughput::Elements(MACHINES as u64));
    for (name, lists) in [("one list", &["eu/2B001"][..]), ("two lists", &["eu/2B001", "eu/2B201"])]
    {
        let evaluator = evaluator(lists);
        let program = &evaluator.program;
        let policy = &evaluator.setup.policy;
        let mut picture = Picture::default();
        let rows: Vec<Row> = catalogue
            .machines
            .iter()
            .map(|machine| {
                picture.draw(program.frame(), machine, Configuration::default(), policy);
                Row::of(program, &picture)
            })
            .collect();
        group.bench_function(format!("planes, {name}"), |bench| {
            bench.iter(|| program.evaluate(black_box(&rows), |_, _| false));
        });
        group.bench_function(format!("refined, {name}"), |bench| {
            bench.iter(|| program.evaluate(black_box(&rows), |_, _| true));
        });
        group.bench_function(format!("classified, {name}"), |bench| {
            bench.iter(|| classify(&evaluator, black_box(&catalogue.machines)));
        });
    }
    group.finish();
}

fn explanation(criterion: &mut Criterion) {
    let catalogue = read(&csv());
    let evaluator = evaluator(&["eu/2B001"]);
    let mut group = criterion.benchmark_group("explanation");
    group.throughput(Throughput::Elements(1));
    let mut at = 0;
    group.bench_function("one machine", |bench| {
        bench.iter(|| {
            at = (at + 97) % MACHINES;
            explain(&evaluator, &catalogue, black_box(at))
        });
    });
    group.finish();
}

criterion_group!(benches, reading, evaluation, explanation);
criterion_main!(benches);
