//! Stated values: a published specimen, and the flags of the lists against plain arithmetic.

use toolgauge::assess::{Evaluator, Reaffirmation, Selection, StatedUnder, Verdict, stated_under};
use toolgauge::catalogue::{self, Mapping, state};
use toolgauge::date::Day;
use toolgauge::list::Library;
use toolgauge::machine::{Basis, Machine};
use toolgauge::metrology::{Declared, Digits, DigitsPolicy, declare};
use toolgauge::quantity::{Dimension, Style, Unit};
use toolgauge::report;
use toolgauge::table::{self, Reading};

use crate::lists::setup;
use crate::random::Source;

fn declared(text: &str, digits: Digits) -> Declared {
    let table = table::read("s.csv", text.as_bytes(), &Reading::default()).expect("a table");
    declare("s.csv", &table.header, &table.records, (digits, Style::default())).expect("values")
}

fn policy(name: &str) -> Digits {
    let all = DigitsPolicy::shipped().expect("read");
    all.into_iter().find(|policy| policy.name == name).expect("a policy").digits
}

fn machine(text: &str) -> Machine {
    let table = table::read("m.csv", text.as_bytes(), &Reading::default()).expect("a table");
    let mapping = Mapping { basis: Basis::Stated, ..Mapping::default() };
    catalogue::read(&table, &mapping).machines.remove(0)
}

fn under(lists: &[&str], model: &Machine, stated: &Declared) -> Vec<StatedUnder> {
    let library = Library::shipped().expect("the heads are read");
    let lists = lists.iter().map(|list| (*list).to_owned()).collect();
    let evaluator = Evaluator::new(&library, &Selection { lists, ..Selection::default() }, setup())
        .expect("the lists compile");
    let mut model = model.clone();
    state(&mut model, &stated.stated).expect("linear axes");
    stated_under(&evaluator, &model, true)
}

/// The specimen declaration of the Japanese trade ministry, in micrometres, with the printed means
/// and stated values.
const SPECIMEN: [(&str, [f64; 5], &str, &str); 3] = [
    ("X", [8.39, 6.54, 7.82, 6.93, 6.72], "7.28", "7.2"),
    ("Y", [11.07, 8.28, 12.1, 10.56, 9.84], "10.37", "10.3"),
    ("Z", [9.63, 8.46, 9.02, 7.18, 10.85], "9.028", "9"),
];

fn specimen() -> String {
    let mut text = "serial,axis,accuracy_1988_um\n".to_owned();
    for (axis, values, ..) in SPECIMEN {
        for (at, value) in values.iter().enumerate() {
            text += &format!("#{at},{axis},{value}\n");
        }
    }
    text
}

#[test]
fn the_specimen_declaration_comes_out_as_printed() {
    let found = declared(&specimen(), policy("cut-0.1um"));
    let um = Unit::named(Dimension::Length, "um").expect("a unit");
    assert_eq!(found.stated.len(), 3);
    for (found, (axis, _, mean, stated)) in found.stated.iter().zip(SPECIMEN) {
        assert_eq!(found.axis, axis);
        assert_eq!(found.mean.text(um), format!("{mean} µm"));
        assert_eq!(found.stated.text(um), format!("{stated} µm"));
        assert_eq!(found.machines.len(), 5);
    }
    // A model outside item 2 whose X is within the margin: the flag applies, and nothing is due,
    // because no period was read.
    let model = machine(
        "id,process,axes,axes_complete,contouring_axes,contouring_rotary,materials,nc_capable\n\
         m,milling,\"X,Y,Z\",yes,3,0,metal,yes\n",
    );
    let of_item = under(&["jp/item-2"], &model, &found).remove(0);
    assert_eq!((of_item.verdict, of_item.not_stated.len()), (Verdict::NotCaptured, 0));
    assert_eq!(of_item.reaffirm, Some(Reaffirmation::Applies));
    assert_eq!(of_item.figures[0].text(), "positioning_accuracy (ISO 230-2:1988)");
    let on: Day = "2025-08-31".parse().expect("a day");
    let row = report::reaffirm_rows(std::slice::from_ref(&of_item), 5, Some(on), None).remove(0);
    assert!(row.due.is_empty() && row.remarks.iter().any(|r| r.contains("no period")), "{row:?}");
}

#[test]
fn the_shared_specimen_is_the_one_above() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../shared/catalogues/stated-value-specimen.json");
    let Ok(text) = std::fs::read_to_string(path) else {
        println!("skipped: no specimen beside the project");
        return;
    };
    let specimen: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    for (axis, values, mean, stated) in SPECIMEN {
        let samples = specimen["samples"][axis].as_array().expect("samples");
        let samples: Vec<f64> = samples.iter().map(|v| v.as_f64().expect("a number")).collect();
        assert_eq!(samples, values);
        let printed = specimen["printed_mean"][axis].as_f64().expect("a mean");
        assert!((printed - mean.parse::<f64>().expect("a number")).abs() < 0.005);
        let printed = specimen["printed_stated_value_mm"][axis].as_f64().expect("a value");
        assert!((printed * 1000.0 - stated.parse::<f64>().expect("a number")).abs() < 1e-9);
    }
}

/// A lathe with two linear axes; X is 400 mm long, Z 1200 mm.
fn lathe() -> Machine {
    machine(
        "id,process,axes,axes_complete,contouring_axes,contouring_rotary,materials,nc_capable,\
         travel_x_mm,travel_z_mm,turning_diameter_max_mm\n\
         m,turning,\"X,Z\",yes,2,0,metal,yes,400,1200,300\n",
    )
}

fn one(header: &str, x: &str, z: &str) -> Declared {
    declared(&format!("machine,axis,{header}\n1,X,{x}\n1,Z,{z}\n"), Digits::All)
}

#[test]
fn flags_turn_at_their_limits() {
    use Reaffirmation::{Applies, DoesNotApply, MayApply};
    for (list, header, x, z, expected) in [
        // 0.9 µm and 0.7 µm more, under 1 m; 1.1 µm and 0.7 µm more from 1 m.
        ("eu/2B001", "upr_um", "0.9", "9", DoesNotApply),
        ("eu/2B001", "upr_um", "0.900001", "9", Applies),
        ("eu/2B001", "upr_um", "1.6", "9", Applies),
        ("eu/2B001", "upr_um", "1.600001", "9", DoesNotApply),
        ("eu/2B001", "upr_um", "9", "1.8", Applies),
        ("eu/2B001", "upr_um", "9", "1.800001", DoesNotApply),
        // A by the 1988 edition: outside from 6 µm, reaffirmed up to 8 µm.
        ("eu/2B201", "accuracy_1988_um", "6", "20", Applies),
        ("eu/2B201", "accuracy_1988_um", "8", "20", Applies),
        ("eu/2B201", "accuracy_1988_um", "8.000001", "20", DoesNotApply),
        ("eu/2B201", "accuracy_1988_um", "5.999999", "20", DoesNotApply),
        // The edition that the list names decides: 6 µm of 2014 are 6 to 9 µm of 1988.
        ("eu/2B201", "accuracy_2014_um", "6", "20", MayApply),
        ("eu/2B201", "accuracy_2014_um", "8.1", "20", DoesNotApply),
        ("eu/2B201", "upr_um", "3", "3", MayApply),
    ] {
        let found = under(&[list], &lathe(), &one(header, x, z)).remove(0);
        assert_eq!(found.reaffirm, Some(expected), "{list} {header} {x} {z}: {found:?}");
        let given = header == "upr_um" || header == "accuracy_1988_um";
        let asked = (list == "eu/2B001") == (header == "upr_um");
        assert_eq!(found.not_stated.is_empty(), given && asked, "{list} {header}");
    }
    let none = under(&["us/2B001"], &lathe(), &one("upr_um", "1", "1")).remove(0);
    assert_eq!((none.reaffirm, none.procedure), (None, None));
}

#[test]
fn a_flag_may_apply_where_no_value_that_it_is_about_is_stated() {
    use Reaffirmation::{Applies, DoesNotApply, MayApply};
    // The basis of the sheet, what it says of UPR of X in µm; which figure is stated, of 1.2 µm.
    for (basis, upr, header, expected) in [
        (Basis::Declared, "1.2", "accuracy_1988_um", MayApply),
        (Basis::Declared, "1.600001", "accuracy_2014_um", DoesNotApply),
        (Basis::Declared, "1.2", "upr_um", Applies),
        (Basis::Stated, "1.2", "accuracy_1988_um", Applies),
    ] {
        let text = format!(
            "id,process,axes,axes_complete,contouring_axes,contouring_rotary,materials,nc_capable,\
             travel_x_mm,travel_z_mm,turning_diameter_max_mm,upr_x_um,upr_z_um\n\
             m,turning,\"X,Z\",yes,2,0,metal,yes,400,1200,300,{upr},9\n"
        );
        let table = table::read("m.csv", text.as_bytes(), &Reading::default()).expect("a table");
        let mapping = Mapping { basis, ..Mapping::default() };
        let model = catalogue::read(&table, &mapping).machines.remove(0);
        let figure = if header == "upr_um" { "1.2" } else { "4" };
        let found = under(&["eu/2B001"], &model, &one(header, figure, "9")).remove(0);
        assert_eq!(found.reaffirm, Some(expected), "{basis:?} {upr} {header}: {found:?}");
        let row = report::reaffirm_rows(&[found], 1, None, None).remove(0);
        assert_eq!(row.reaffirm, expected.word());
    }
}

#[test]
fn what_is_due_is_counted_from_the_day_that_is_said() {
    let found = under(&["eu/2B001"], &lathe(), &one("upr_um", "1", "9"));
    let day = |text: &str| Some(text.parse::<Day>().expect("a day"));
    for (on, as_of, due, overdue) in [
        (None, None, "", false),
        (day("2025-03-03"), None, "2026-09-03", false),
        (day("2024-08-31"), day("2026-02-28"), "2026-02-28", false),
        (day("2024-08-31"), day("2026-03-01"), "2026-02-28", true),
    ] {
        let row = report::reaffirm_rows(&found, 5, on, as_of).remove(0);
        assert_eq!((row.due.as_str(), row.overdue), (due, overdue));
        assert!(row.remarks.iter().all(|remark| !remark.contains("machines")), "{row:?}");
    }
    let few = report::reaffirm_rows(&found, 3, None, None).remove(0);
    assert!(few.remarks.contains(&"3 machines; the procedure takes 5".to_owned()), "{few:?}");
}

#[test]
fn the_flag_agrees_with_plain_arithmetic() {
    let mut source = Source::new(18);
    for _ in 0..60 {
        let [x, z] = [(), ()].map(|()| source.below(3000));
        let stated = one("upr_nm", &x.to_string(), &z.to_string());
        let found = under(&["eu/2B001"], &lathe(), &stated).remove(0);
        let captured = x <= 900 || z <= 1100;
        let near = x <= 1600 || z <= 1800;
        let expected =
            if near && !captured { Reaffirmation::Applies } else { Reaffirmation::DoesNotApply };
        assert_eq!(found.verdict == Verdict::Captured, captured, "{x} {z}");
        assert_eq!(found.reaffirm, Some(expected), "{x} {z}");
    }
}
