//! Comparisons, curves over growing catalogues, and regions.

#![allow(missing_docs, reason = "criterion's macros make public items")]
#![allow(clippy::expect_used, reason = "a bench that cannot read its input should stop")]

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use toolgauge::assess::{Drawn, Evaluator, Map, Reach, Setup, Sweep, classify, compare, regions};
use toolgauge::catalogue::{self, Catalogue, Mapping};
use toolgauge::evidence::{Assumptions, Level, Policy};
use toolgauge::list::{Dial, Library, List};
use toolgauge::machine::Basis;
use toolgauge::table::{self, Reading};

/// Grinding machines whose repeatability is all different.
fn catalogue(machines: usize) -> Catalogue {
    let head = "id,process,contouring_axes,workpiece_diameter_max_mm,travel_x_mm,upr_x_um\n";
    let row = |at: usize| {
        format!(
            "m{at},grinding,{},400,{},{}.{:04}\n",
            3 + at % 3,
            300 + at % 900,
            at % 7,
            at % 9973
        )
    };
    let text: String = std::iter::once(head.to_owned()).chain((0..machines).map(row)).collect();
    let table = table::read("m.csv", text.as_bytes(), &Reading::default()).expect("a table");
    catalogue::read(&table, &Mapping { basis: Basis::Stated, ..Mapping::default() })
}

fn list(name: &str) -> List {
    let library = Library::shipped().expect("the heads are read");
    let header = library.named(name).expect("a list");
    library.list(&header.id, &header.edition).expect("a list")
}

fn evaluator(list: List) -> Evaluator {
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
    Evaluator::of_lists(vec![list], None, setup).expect("the list compiles")
}

fn curves(c: &mut Criterion) {
    let runs = evaluator(list("eu/2B001"));
    let dial = runs.program.entries().first().and_then(|entry| {
        let clause =
            entry.list.clauses.iter().find(|clause| clause.text.contains("three or four"))?;
        Dial::read(&entry.list, &format!("{}:upr", clause.id)).ok()
    });
    let dial = dial.expect("a clause for grinding");
    let mut group = c.benchmark_group("sweep");
    group.sample_size(10);
    for machines in [250, 1000, 4000] {
        let catalogue = catalogue(machines);
        let (none, marks) = (vec![None; machines], vec![None; machines]);
        group.throughput(Throughput::Elements(machines as u64));
        group.bench_with_input(
            BenchmarkId::from_parameter(machines),
            &catalogue,
            |b, catalogue| {
                b.iter(|| {
                    let machines = black_box(&catalogue.machines);
                    Sweep::new(&runs, &dial, machines, &none, &marks, |_, _| ()).expect("a curve")
                });
            },
        );
    }
    group.finish();
}

/// Machines of several kinds with up to three axes, no two figures alike, some of them missing.
fn mixed(machines: usize) -> Catalogue {
    let head = "id,process,nc_capable,contouring_axes,contouring_rotary,bar_feed_only,\
                travel_x_mm,upr_x_um,travel_y_mm,upr_y_um,travel_z_mm,upr_z_um\n";
    let row = |at: usize| {
        let processes = ["turning", "milling", "milling", "grinding", "edm_sinker"];
        let process = processes.get(at % 5).copied().unwrap_or_default();
        let blank = |every: usize, text: String| {
            if at.is_multiple_of(every) { String::new() } else { text }
        };
        let axis = |number: usize| {
            let of = at * 3 + number;
            let upr = format!("{}.{:06}", of * 7 % 11, of * 7919 % 999_983);
            format!("{},{}", 300 + of * 37 % 1900, blank(13 + number, upr))
        };
        let rotary = blank(12, (at % 3).to_string());
        let axes: Vec<String> = (0..3).map(axis).collect();
        format!("m{at},{process},yes,{},{rotary},no,{}\n", 3 + at % 3, axes.join(","))
    };
    let text: String = std::iter::once(head.to_owned()).chain((0..machines).map(row)).collect();
    let table = table::read("m.csv", text.as_bytes(), &Reading::default()).expect("a table");
    let mapping = Mapping { basis: Basis::Stated, axes_complete: true, ..Mapping::default() };
    catalogue::read(&table, &mapping)
}

/// The sweep of the benchmark task: a limit through many values, ten values of where it changes.
fn maps(c: &mut Criterion) {
    let text = include_str!("task.toml");
    let task = toolgauge::list::parse_list("task.toml", text, &mut |_| Err(Vec::new()));
    let mut runs = evaluator(task.expect("a list"));
    runs.setup.policy.derive = false;
    let list = runs.program.entries().first().map(|entry| entry.list.clone()).expect("a list");
    let [s, split] = ["s", "split"].map(|name| Dial::read(&list, name).expect("a dial"));
    let splits = split.values(&[], "500mm..1400mm:100mm").expect("values");
    let mut group = c.benchmark_group("map");
    group.sample_size(20);
    for (machines, step, limits) in [
        (2_500, "0.1um", 1_000),
        (10_000, "0.1um", 1_000),
        (40_000, "0.1um", 1_000),
        (40_000, "0.01um", 10_000),
    ] {
        let catalogue = mixed(machines);
        let none = vec![None; machines];
        let dials = [&s, &split];
        let drawn = Drawn::new(&runs, &dials, &catalogue.machines).expect("it compiles");
        let drawn = drawn.expect("one way");
        let limited = s.values(&[], &format!("{step}..10um:{step}")).expect("values");
        group.throughput(Throughput::Elements(machines as u64));
        let id = BenchmarkId::new(format!("{limits} limits"), machines);
        group.bench_function(id, |b| {
            b.iter(|| {
                let values = [limited.clone(), splits.clone()];
                Map::of(&runs, black_box(&drawn), dials, &catalogue.machines, &none, values)
            });
        });
    }
    group.finish();
}

fn comparisons(c: &mut Criterion) {
    let (old, new) = (evaluator(list("eu/2B201")), evaluator(list("us/2B201")));
    let catalogue = catalogue(1000);
    let none = vec![None; 1000];
    let mut group = c.benchmark_group("two lists, 1,000 machines");
    group.sample_size(10);
    group.bench_function("classify with each", |b| {
        b.iter(|| [&old, &new].map(|side| classify(side, black_box(&catalogue.machines)).len()));
    });
    group.bench_function("compare", |b| {
        b.iter(|| compare(&old, &new, black_box(&catalogue), &none));
    });
    group.finish();
    let reach = Reach { axes: Some(2), boxes: 12, steps: 20_000 };
    let (one, other) = (list("eu/2B001@2012-01-01"), list("eu/2B001"));
    c.bench_function("regions between two editions", |b| {
        b.iter(|| regions(black_box(&one), &other, &[], reach).expect("regions"));
    });
}

criterion_group!(benches, curves, maps, comparisons);
criterion_main!(benches);
