//! Comparisons, curves over growing catalogues, and regions.

#![allow(missing_docs, reason = "criterion's macros make public items")]
#![allow(clippy::expect_used, reason = "a bench that cannot read its input should stop")]

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use toolgauge::assess::{Evaluator, Reach, Setup, Sweep, classify, compare, regions};
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
    let reach = Reach { axes: 2, boxes: 12, steps: 20_000 };
    let (one, other) = (list("eu/2B001@2012-01-01"), list("eu/2B001"));
    c.bench_function("regions between two editions", |b| {
        b.iter(|| regions(black_box(&one), &other, &[], reach).expect("regions"));
    });
}

criterion_group!(benches, curves, comparisons);
criterion_main!(benches);
