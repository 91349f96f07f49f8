//! Reading, evaluation, refinement and explanation on the machines of the benchmark task.

#![allow(missing_docs, reason = "criterion's macros make public items")]
#![allow(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a bench that cannot read its input should stop"
)]

mod task;

use std::hint::black_box;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use toolgauge::assess::{Evaluator, Screen, classify, explain};
use toolgauge::catalogue::{self, Catalogue, Sheet};
use toolgauge::evidence::{Configuration, Picture};
use toolgauge::rule::{Block, Memory, Root, Row};
use toolgauge::table::{self, Chunk, Chunks, Grid, Reading};

const MACHINES: usize = 8192;
/// How many rows are run at once.
const BLOCK: usize = 2048;

fn read(text: &str) -> Catalogue {
    let table = table::read("task.csv", text.as_bytes(), &Reading::default()).expect("a table");
    catalogue::read(&table, &task::mapping())
}

fn reading(criterion: &mut Criterion) {
    let Some(text) = task::catalogue(MACHINES) else { return skipped() };
    let chunks: Vec<Chunk> =
        Chunks::new(text.as_bytes(), 1).map(|chunk| chunk.expect("read")).collect();
    let evaluator = task::evaluator(task::lists());
    let mapping = task::mapping();
    let header = text.lines().next().unwrap_or_default().split(',').map(str::to_owned);
    let header: Vec<String> = header.collect();
    let sheet = Sheet::new("task.csv", &header, &mapping);
    let screen = Screen::new(&evaluator, &sheet, true, false);
    for (unit, throughput) in [
        ("bytes", Throughput::Bytes(text.len() as u64)),
        ("rows", Throughput::Elements(MACHINES as u64)),
    ] {
        let mut group = criterion.benchmark_group(format!("reading, {unit}"));
        group.throughput(throughput);
        group.bench_function("csv crate, fields counted", |bench| {
            bench.iter(|| {
                let mut reader = csv::Reader::from_reader(black_box(text.as_bytes()));
                let mut row = csv::ByteRecord::new();
                let mut fields = 0;
                while reader.read_byte_record(&mut row).expect("plain") {
                    fields += row.len();
                }
                fields
            });
        });
        group.bench_function("ours, fields counted", |bench| {
            let mut grid = Grid::default();
            bench.iter(|| {
                let mut fields = 0;
                for chunk in black_box(&chunks) {
                    let rows = chunk.rows(&mut grid, b',').expect("plain");
                    fields += rows.iter().map(|row| row.width()).sum::<usize>();
                }
                fields
            });
        });
        group.bench_function("screened: split, read, evaluated, refined", |bench| {
            bench.iter(|| {
                let screened = chunks.iter().map(|chunk| {
                    screen.chunk(black_box(chunk), b',', chunk.number == 0).expect("plain")
                });
                screened.map(|screened| screened.ends.len()).sum::<usize>()
            });
        });
        group.bench_function("the whole reader: bytes to machines", |bench| {
            bench.iter(|| read(black_box(&text)).machines.len());
        });
        group.finish();
    }
}

/// The rows of a catalogue in blocks.
fn blocks(evaluator: &Evaluator, catalogue: &Catalogue) -> Vec<Block> {
    let (program, policy) = (&evaluator.program, &evaluator.setup.policy);
    let mut picture = Picture::default();
    let mut rows = catalogue.machines.iter().map(|machine| {
        picture.draw(program.frame(), machine, Configuration::default(), policy);
        Row::of(program, &picture)
    });
    let mut blocks = Vec::new();
    loop {
        let mut block = Block::new(program);
        rows.by_ref().take(BLOCK).for_each(|row| block.push(&row));
        if block.rows() == 0 {
            return blocks;
        }
        blocks.push(block);
    }
}

fn evaluation(criterion: &mut Criterion) {
    let Some(text) = task::catalogue(MACHINES) else { return skipped() };
    let catalogue = read(&text);
    let evaluator = task::evaluator(task::lists());
    let program = &evaluator.program;
    let blocks = blocks(&evaluator, &catalogue);
    let verdicts: Vec<Root> = program.entries().iter().map(|entry| entry.verdict).collect();
    let run = |memory: &mut Memory, refined: bool| {
        let wanted = |root: Root, _: usize| refined && verdicts.contains(&root);
        let of_block = |block| {
            let found = program.evaluate_with(memory, block, wanted);
            let truths = verdicts.iter().map(|root| found.truths(*root).len()).sum::<usize>();
            memory.keep(found);
            truths
        };
        blocks.iter().map(of_block).sum::<usize>()
    };
    let mut group = criterion.benchmark_group("evaluation, 18 clauses");
    group.throughput(Throughput::Elements(MACHINES as u64));
    group.bench_function("planes", |bench| {
        let mut memory = Memory::default();
        bench.iter(|| run(&mut memory, false));
    });
    group.bench_function("verdicts, exactly, signatures known", |bench| {
        let mut memory = Memory::default();
        bench.iter(|| run(&mut memory, true));
    });
    group.bench_function("verdicts, exactly, nothing known", |bench| {
        bench.iter_batched_ref(Memory::default, |memory| run(memory, true), BatchSize::SmallInput);
    });
    group.bench_function("in full: grades, assumptions, what is missing", |bench| {
        bench.iter(|| classify(&evaluator, black_box(&catalogue.machines)).len());
    });
    group.finish();
}

fn explanation(criterion: &mut Criterion) {
    let Some(text) = task::catalogue(MACHINES) else { return skipped() };
    let catalogue = read(&text);
    let evaluator = task::evaluator(task::lists());
    let program = &evaluator.program;
    let blocks = blocks(&evaluator, &catalogue);
    let outlines: Vec<_> =
        program.entries().iter().filter_map(|entry| entry.outline.as_ref()).collect();
    let mut group = criterion.benchmark_group("explanation");
    group.throughput(Throughput::Elements(MACHINES as u64));
    group.bench_function("every line's truth of every machine, in batch", |bench| {
        bench.iter(|| {
            let mut lines = 0;
            for block in &blocks {
                let recorded = program.record(block);
                for row in 0..block.rows() {
                    let trace = recorded.trace(row);
                    lines += outlines.iter().map(|o| trace.lines(o).len()).sum::<usize>();
                }
            }
            lines
        });
    });
    group.throughput(Throughput::Elements(1));
    let mut at = 0;
    group.bench_function("one machine, told with sources, margins and deciding sets", |bench| {
        bench.iter(|| {
            at = (at + 97) % MACHINES;
            explain(&evaluator, &catalogue, black_box(at))
        });
    });
    group.finish();
}

fn skipped() {
    println!("skipped: the task's catalogue needs python3 or TASK_CATALOGUE");
}

criterion_group!(benches, reading, evaluation, explanation);
criterion_main!(benches);
