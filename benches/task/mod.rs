//! The benchmark task's lists, mapping and catalogue, for the benches.

use std::process::Command;

use toolgauge::assess::{Evaluator, Setup};
use toolgauge::catalogue::Mapping;
use toolgauge::evidence::{Assumptions, Level, Policy};
use toolgauge::list::{List, parse_list};

/// So many machines of the task: the first of the file that `TASK_CATALOGUE` names, or what
/// `peers/generate.py` makes; `None` where there is neither.
pub fn catalogue(machines: usize) -> Option<String> {
    let text = if let Ok(path) = std::env::var("TASK_CATALOGUE") {
        std::fs::read_to_string(path).ok()?
    } else {
        let generate = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/peers/generate.py");
        let run = Command::new("python3").args([generate, &machines.to_string(), "1"]).output();
        String::from_utf8(run.ok().filter(|run| run.status.success())?.stdout).ok()?
    };
    let lines = text.split_inclusive('\n').take(machines + 1);
    Some(lines.collect()).filter(|text: &String| text.lines().count() == machines + 1)
}

/// How the catalogue is read.
pub fn mapping() -> Mapping {
    Mapping::read("task.map.toml", include_str!("../task.map.toml")).expect("a mapping")
}

/// The task's lists: the first ten clauses and the last eight.
pub fn lists() -> Vec<List> {
    let files = [
        ("task.toml", include_str!("../task.toml")),
        ("task-201.toml", include_str!("../task-201.toml")),
    ];
    let list = |(name, text): (&str, &str)| parse_list(name, text, &mut |_| Err(Vec::new()));
    files.into_iter().map(|file| list(file).expect("a list")).collect()
}

/// These lists with every figure as stated, nothing derived and nothing assumed.
pub fn evaluator(lists: Vec<List>) -> Evaluator {
    let policy = Policy {
        level: Level::Assumed,
        as_stated: false,
        derive: false,
        assumptions: Assumptions::default(),
    };
    let setup =
        Setup { policy, policies: Vec::new(), accept_unverified: true, accept_remembered: true };
    Evaluator::of_lists(lists, None, setup).expect("the lists compile")
}
