//! What must not matter: threads, the order of rows, the spelling of a unit.

use proptest::prelude::*;
use toolgauge::assess::{Evaluator, MachineResult, Selection, classify};
use toolgauge::catalogue::{self, Catalogue, Mapping};
use toolgauge::list::Library;
use toolgauge::machine::Basis;
use toolgauge::report;
use toolgauge::table::{self, Reading};

use crate::lists::setup;
use crate::random::Source;

fn evaluator(lists: &[&str]) -> Evaluator {
    let library = Library::shipped().expect("the heads are read");
    let selection = Selection {
        lists: lists.iter().map(|list| (*list).to_owned()).collect(),
        ..Selection::default()
    };
    Evaluator::new(&library, &selection, setup()).expect("the lists compile")
}

fn read(text: &str) -> Catalogue {
    let table = table::read("x.csv", text.as_bytes(), &Reading::default()).expect("a table");
    let mapping = Mapping { basis: Basis::Stated, ..Mapping::default() };
    catalogue::read(&table, &mapping)
}

const HEADER: &str =
    "id,process,contouring_axes,axes_complete,travel_x_mm,travel_z_mm,upr_x_um,upr_z_um";

/// A row of a random machine; what is blank is unknown.
fn row(source: &mut Source, id: usize) -> String {
    let mut maybe = |values: &[&'static str]| {
        if source.chance(25) { "" } else { source.pick(values) }
    };
    let process = maybe(&["turning", "milling", "grinding", "turning / milling"]);
    let axes = maybe(&["2", "3", "4", "5"]);
    let travel = ["500", "999.999999999", "1000", "3999", "4000"];
    let (x, z) = (maybe(&travel), maybe(&travel));
    let upr = ["0.9", "0.900001", "1.1", "1.4", "6", "7"];
    let (ux, uz) = (maybe(&upr), maybe(&upr));
    let complete = maybe(&["yes", "no"]);
    format!("m{id},{process},{axes},{complete},{x},{z},{ux},{uz}")
}

fn table_of(rows: &[String]) -> String {
    format!("{HEADER}\n{}\n", rows.join("\n"))
}

fn csv(evaluator: &Evaluator, catalogue: &Catalogue, results: &[MachineResult]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (machine, result) in catalogue.machines.iter().zip(results) {
        let rows = report::result_rows(evaluator, machine, result);
        report::results_csv(&mut bytes, &rows, false).expect("written");
    }
    bytes
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn permuting_rows_changes_no_machine_s_result(seed in any::<u64>()) {
        let evaluator = evaluator(&["eu/2B001"]);
        let mut source = Source::new(seed);
        let rows: Vec<String> = (0..40).map(|id| row(&mut source, id)).collect();
        let mut turned = rows.clone();
        turned.reverse();
        let (one, other) = (read(&table_of(&rows)), read(&table_of(&turned)));
        let mut results = classify(&evaluator, &other.machines);
        results.reverse();
        prop_assert_eq!(classify(&evaluator, &one.machines), results);
    }

    #[test]
    fn neighbours_change_no_machine_s_result(seed in any::<u64>()) {
        let evaluator = evaluator(&["eu/2B001"]);
        let mut source = Source::new(seed);
        let rows: Vec<String> = (0..20).map(|id| row(&mut source, id)).collect();
        let catalogue = read(&table_of(&rows));
        let together = classify(&evaluator, &catalogue.machines);
        for (machine, result) in catalogue.machines.iter().zip(&together) {
            let alone = classify(&evaluator, std::slice::from_ref(machine));
            prop_assert_eq!(&alone[0].outcomes, &result.outcomes);
        }
    }
}

#[test]
fn a_unit_s_spelling_changes_nothing() {
    let evaluator = evaluator(&["eu/2B001"]);
    let machine = |upr: &str, travel: &str| {
        let text = format!(
            "id = \"m\"\nprocess = [\"turning\"]\ncontouring_axes = 2\naxes_complete = true\n\
             [axis.X]\ntravel = \"{travel}\"\nupr = \"{upr}\"\n\
             [axis.Z]\ntravel = \"300 mm\"\nupr = \"3 µm\"\n"
        );
        let table = table::read("m.toml", text.as_bytes(), &Reading::default()).expect("a table");
        let mapping = Mapping { basis: Basis::Stated, ..Mapping::default() };
        let catalogue = catalogue::read(&table, &mapping);
        assert!(catalogue.remarks.is_empty(), "{:?}", catalogue.remarks);
        classify(&evaluator, &catalogue.machines).remove(0).outcomes
    };
    let limits = [
        [
            "0.9 um",
            "0.9 µm",
            "0.9 μm",
            "0.0009 mm",
            "900 nm",
            "900000 pm",
            "0.0000009 m",
            "0.00009 cm",
        ],
        [
            "0.900001 um",
            "0.900001 µm",
            "0.900001 μm",
            "0.000900001 mm",
            "900.001 nm",
            "900001 pm",
            "0.000000900001 m",
            "0.0000900001 cm",
        ],
    ];
    let travels =
        [["999 mm", "0.999 m", "99.9 cm", "999000 µm"], ["1000 mm", "1 m", "100 cm", "1.0 m"]];
    let mut verdicts = Vec::new();
    for uprs in limits {
        for travels in travels {
            let first = machine(uprs[0], travels[0]);
            for upr in uprs {
                for travel in travels {
                    assert_eq!(machine(upr, travel), first, "{upr} {travel}");
                }
            }
            verdicts.push(first[0].verdict.word());
        }
    }
    assert_eq!(verdicts, ["captured", "captured", "not captured", "captured"]);
    // An inch is exactly 25.4 mm: 5 µin are 0.127 µm.
    assert_eq!(machine("0.000005 in", "10 in"), machine("0.127 um", "254 mm"));
}

#[test]
fn threads_change_no_byte() {
    let evaluator = evaluator(&["eu/2B001", "eu/2B201"]);
    let mut source = Source::new(7);
    let rows: Vec<String> = (0..3000).map(|id| row(&mut source, id)).collect();
    let catalogue = read(&table_of(&rows));
    let with = |threads: usize| {
        use rayon::prelude::*;
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
        let blocks =
            || catalogue.machines.par_chunks(64).flat_map_iter(|m| classify(&evaluator, m));
        csv(&evaluator, &catalogue, &pool.install(|| blocks().collect::<Vec<_>>()))
    };
    assert_eq!(with(1), with(2));
    assert_eq!(with(1), csv(&evaluator, &catalogue, &classify(&evaluator, &catalogue.machines)));
}

#[test]
fn verdicts_and_margins_agree() {
    let evaluator = evaluator(&["eu/2B001"]);
    let mut source = Source::new(11);
    let rows: Vec<String> = (0..2000).map(|id| row(&mut source, id)).collect();
    let catalogue = read(&table_of(&rows));
    let mut seen = [0, 0];
    for result in classify(&evaluator, &catalogue.machines) {
        for outcome in result.outcomes {
            let Some(margin) = outcome.margin else { continue };
            match outcome.verdict.word() {
                "captured" => {
                    assert!(margin.margin.count() >= 0, "{}", margin.text());
                    seen[0] += 1;
                }
                "not captured" => {
                    assert!(margin.margin.count() <= 0, "{}", margin.text());
                    seen[1] += 1;
                }
                _ => {}
            }
        }
    }
    assert!(seen.iter().all(|count| *count > 20), "{seen:?}");
}
