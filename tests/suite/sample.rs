//! The shipped sample: its size, its sources, and that every clause in force is exercised.

use std::collections::BTreeSet;
use std::path::Path;

use toolgauge::assess::{Evaluator, Selection, Verdict, classify};
use toolgauge::catalogue::{self, Catalogue, Mapping, Severity};
use toolgauge::list::{Condition, Library};
use toolgauge::table::{self, Reading};

use crate::lists::setup;

fn sample() -> Catalogue {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("specs/catalogues/sample.csv");
    let bytes = std::fs::read(file).expect("the sample is shipped");
    let table = table::read("sample.csv", &bytes, &Reading::default()).expect("a table");
    catalogue::read(&table, &Mapping::default())
}

#[test]
fn the_sample_is_read_whole_and_says_where_it_is_from() {
    let sample = sample();
    assert!(sample.machines.len() >= 60, "{} machines", sample.machines.len());
    assert!(sample.rejected.is_empty());
    assert_eq!(sample.unmapped, Vec::<String>::new());
    let unread: Vec<String> = sample
        .remarks
        .iter()
        .filter(|remark| remark.severity == Severity::Unread)
        .map(ToString::to_string)
        .collect();
    assert!(unread.is_empty(), "{}", unread.join("\n"));
    for machine in &sample.machines {
        assert!(!machine.source.is_empty(), "{}", machine.id);
        let marked = machine.source.starts_with("synthetic");
        assert_eq!(marked, machine.id.starts_with("synthetic-"), "{}", machine.id);
    }
}

#[test]
fn every_clause_in_force_holds_for_some_machine_and_fails_for_another() {
    let library = Library::shipped().expect("the heads are read");
    let evaluator =
        Evaluator::new(&library, &Selection::default(), setup()).expect("the lists compile");
    let sample = sample();
    let results = classify(&evaluator, &sample.machines);
    let mut missing = Vec::new();
    for (at, entry) in evaluator.program.entries().iter().enumerate() {
        let mut held = BTreeSet::new();
        let mut cleared = 0;
        for result in &results {
            let outcome = &result.outcomes[at];
            match outcome.verdict {
                Verdict::Captured => held.extend(outcome.clauses.iter().cloned()),
                Verdict::NotCaptured => cleared += 1,
                Verdict::Undetermined => {}
            }
        }
        for clause in &entry.list.clauses {
            let leaf = entry.list.children(&clause.id).next().is_none();
            let mut open = false;
            clause.when.walk(&mut |part| open |= matches!(part, Condition::Open(_)));
            let held = held
                .iter()
                .any(|id| *id == clause.id || id.starts_with(&format!("{}.", clause.id)));
            if leaf && !open && !held {
                missing.push(format!("{}: {}", entry.list.title(), clause.id));
            }
        }
        if cleared == 0 {
            missing.push(format!("{}: no machine is outside", entry.list.title()));
        }
    }
    assert!(missing.is_empty(), "not exercised:\n{}", missing.join("\n"));
}
