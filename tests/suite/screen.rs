//! Screening gives the verdicts of the full classification, whatever the cells look like.

use proptest::prelude::*;
use toolgauge::assess::{Evaluator, Screen, Selection, Setup, Verdict, classify};
use toolgauge::catalogue::{self, Mapping, Sheet};
use toolgauge::list::Library;
use toolgauge::machine::Basis;
use toolgauge::table::{self, Chunks, Reading};

use crate::lists::setup;
use crate::random::Source;

/// The columns of a row.
pub const HEADER: &str = "id,process,nc_capable,contouring_axes,contouring_rotary,\
    axes_complete,kind,travel_x_mm,travel_z_mm,upr_x_um,upr_z_um,positioning_accuracy_x_um,\
    positioning_accuracy_z_um,positioning_accuracy_x_um.standard,upr_x_um.basis,\
    turning_diameter_max_mm,bar_feed_only,bar_capacity_mm,chuck_capable,\
    rotary_accuracy_b_arcsec,note";

/// A row; most cells are plain, some are not, and some are blank.
pub fn row(source: &mut Source, id: usize) -> String {
    let mut cell = |plain: &[&'static str], odd: &[&'static str]| match source.below(20) {
        0..5 => "",
        5 => source.pick(odd),
        _ => source.pick(plain),
    };
    let truth = ["yes", "no"];
    let id = format!("m{id}");
    let travel = ["500", "999.999999", "1000", "2000", "2000.5", "4000"];
    let odd_travel = ["1 m", "±250", "500/600", "n/a", "-", "\"1,000\"", " 700"];
    let upr = ["0.9", "0.900001", "1.1", "1.4", "6", "7"];
    let odd = ["0.9 µm", "±0.5", "<1", "0", "1e3", "typ. 3", "\"0,9\"", "2 2", ".5"];
    let accuracy = ["3.9", "4", "5.999999", "6", "31", "8.5"];
    let cells = [
        cell(&["turning", "milling", "grinding", "turning / milling"], &["lathe", "edm_sinker"]),
        cell(&truth, &["perhaps"]),
        cell(&["2", "3", "4", "5"], &["5-axis", "many"]),
        cell(&["0", "1", "2"], &["2 or 3"]),
        cell(&truth, &["?"]),
        cell(&["jig_grinder", "cylindrical_grinder", "ordinary"], &["odd"]),
        cell(&travel, &odd_travel),
        cell(&travel, &odd_travel),
        cell(&upr, &odd),
        cell(&upr, &odd),
        cell(&accuracy, &odd),
        cell(&accuracy, &odd),
        cell(&["ISO 230-2:1988", "ISO 230-2:2014"], &["VDI 3441"]),
        cell(&["stated", "catalogue", "declared"], &["guess"]),
        cell(&["34", "35", "35.1", "500"], &["ø40"]),
        cell(&truth, &["perhaps"]),
        cell(&["42", "42.0", "43"], &["42 (op.)"]),
        cell(&truth, &["perhaps"]),
        cell(&["3", "3.6", "10.8", "0.5"], &["3 arcsec", "3°"]),
        cell(&["plain"], &["\"with \"\"quotes\"\" and, commas\nand lines\""]),
    ];
    format!("{id},{}", cells.join(","))
}

pub fn evaluator(lists: &[&str], setup: Setup) -> Evaluator {
    let library = Library::shipped().expect("the heads are read");
    let lists = lists.iter().map(|list| (*list).to_owned()).collect();
    let selection = Selection { lists, ..Selection::default() };
    Evaluator::new(&library, &selection, setup).expect("the lists compile")
}

/// The setups in which a screening reads column by column, and one in which it does not.
pub fn setups() -> Vec<Setup> {
    let plain = setup();
    let mut bare = setup();
    bare.policy.derive = false;
    let names: Vec<String> = bare.policy.assumptions.iter().map(|a| a.name.clone()).collect();
    let mut listed = bare.clone();
    listed.accept_remembered = false;
    listed.policy.assumptions.set("axes-as-listed", true).expect("known");
    for name in names {
        bare.policy.assumptions.set(&name, false).expect("known");
    }
    bare.accept_remembered = false;
    bare.accept_unverified = false;
    vec![plain, bare, listed]
}

fn code(verdict: Verdict) -> u8 {
    verdict.code()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4, ..ProptestConfig::default() })]

    #[test]
    fn a_screening_and_a_classification_agree(seed in any::<u64>()) {
        let mut source = Source::new(seed);
        let rows: Vec<String> = (0..60).map(|id| row(&mut source, id)).collect();
        let text = format!("{HEADER}\n{}\n", rows.join("\n"));
        let table = table::read("x.csv", text.as_bytes(), &Reading::default()).expect("a table");
        for basis in [Basis::Stated, Basis::Catalogue] {
            let mapping = Mapping { basis, ..Mapping::default() };
            let catalogue = catalogue::read(&table, &mapping);
            let sheet = Sheet::new("x.csv", &table.header, &mapping);
            for setup in setups() {
                let evaluator = evaluator(&["eu/2B001", "eu/2B201", "gb/2B001"], setup);
                let full = classify(&evaluator, &catalogue.machines);
                let verdicts = full.iter().flat_map(|r| r.outcomes.iter().map(|o| code(o.verdict)));
                let verdicts: Vec<u8> = verdicts.collect();
                let screen = Screen::new(&evaluator, &sheet, false, false);
                prop_assert_eq!(screen.is_columnar(), !evaluator.setup.policy.derive);
                let chunk = Chunks::new(text.as_bytes(), 1).next().expect("a run").expect("read");
                let fast = screen.chunk(&chunk, b',', true).expect("plain");
                prop_assert_eq!(&fast.codes.to_vec(), &verdicts);
                prop_assert_eq!(&screen.records(&table.records).codes.to_vec(), &verdicts);
                // What was remembered changes nothing.
                let again = screen.chunk(&chunk, b',', true).expect("plain");
                prop_assert_eq!(&again.codes.to_vec(), &verdicts);
                prop_assert_eq!(fast.rejected.len(), catalogue.rejected.len());
            }
        }
    }
}

#[test]
fn remarks_that_are_asked_for_are_those_of_the_whole_reader() {
    let text = "id,process,contouring_axes,nc_capable,axes_complete,upr_x_um,travel_x_mm\n\
                a,milling,2,yes,yes,abc,xyz\n\u{a0}b,turning,2,no,yes,0.9,odd\n";
    let table = table::read("x.csv", text.as_bytes(), &Reading::default()).expect("a table");
    let mapping = Mapping { basis: Basis::Stated, ..Mapping::default() };
    let sheet = Sheet::new("x.csv", &table.header, &mapping);
    let catalogue = catalogue::read(&table, &mapping);
    assert_eq!(catalogue.remarks.len(), 3);
    for setup in setups() {
        let evaluator = evaluator(&["eu/2B001"], setup);
        let chunk = Chunks::new(text.as_bytes(), 1).next().expect("a run").expect("read");
        let asked = Screen::new(&evaluator, &sheet, false, true);
        let asked = asked.chunk(&chunk, b',', true).expect("plain");
        assert_eq!(asked.remarks, catalogue.remarks);
        let plain = Screen::new(&evaluator, &sheet, false, false);
        let plain = plain.chunk(&chunk, b',', true).expect("plain");
        assert_eq!(plain.codes.to_vec(), asked.codes.to_vec());
        assert_eq!((plain.ids, asked.ids), (b"ab".to_vec(), b"ab".to_vec()));
    }
}
