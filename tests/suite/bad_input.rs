//! Bad measurements: each says file, line, column, text and what is wrong.

use toolgauge::catalogue::{self, Mapping};
use toolgauge::error::Result;
use toolgauge::metrology::{
    AxisRuns, Contributors, Digits, RunsReader, SlideReader, TurnsReader, declare,
};
use toolgauge::quantity::Style;
use toolgauge::table::{self, Reading, Table};

fn rows(text: &str) -> Table {
    table::read("f.csv", text.as_bytes(), &Reading::default()).expect("a table")
}

fn runs(text: &str) -> Result<Vec<AxisRuns>> {
    let table = rows(text);
    let mut reader = RunsReader::new("f.csv", &table.header)?;
    table.records.iter().try_for_each(|record| reader.take(record))?;
    reader.finish()
}

fn turns(text: &str) -> Result<()> {
    let table = rows(text);
    let mut reader = TurnsReader::new("f.csv", &table.header)?;
    table.records.iter().try_for_each(|record| reader.take(record))?;
    reader.finish().map(|_| ())
}

fn slides(text: &str) -> Result<()> {
    let table = rows(text);
    let mut reader = SlideReader::new("f.csv", &table.header)?;
    table.records.iter().try_for_each(|record| reader.take(record))?;
    reader.finish().map(|_| ())
}

fn values(text: &str) -> Result<()> {
    let table = rows(text);
    declare("f.csv", &table.header, &table.records, (Digits::All, Style::default())).map(|_| ())
}

const LONG: &str = "axis,target_mm,direction,run,deviation_um";
const WIDE: &str = "target_mm,deviation_up_1_um,deviation_down_1_um";
const TURN: &str = "rev,angle_index,displacement_um";
const SLIDE: &str = "position_mm,yaw_arcsec";
const STATED: &str = "machine,axis,upr_um";

#[test]
fn bad_cells_are_named_with_file_line_column_and_text() {
    type Read = fn(&str) -> Result<()>;
    let long: Read = |text| runs(text).map(|_| ());
    let cases: [(Read, &str, &str, &str); 32] = [
        // Not a number, infinities, nothing, another unit, another notation.
        (long, LONG, "X,0,up,1,NaN", "f.csv:2: column `deviation_um`: `NaN`: not a reading"),
        (long, LONG, "X,0,up,1,inf", "f.csv:2: column `deviation_um`: `inf`: not a reading"),
        (long, LONG, "X,0,up,1,-inf", "f.csv:2: column `deviation_um`: `-inf`: not a reading"),
        (long, LONG, "X,0,up,1,Infinity", "column `deviation_um`: `Infinity`: not a reading"),
        (long, LONG, "X,0,up,1,0.1 mm", "column `deviation_um`: `0.1 mm`: not a reading"),
        (long, LONG, "X,0,up,1,1e9999", "column `deviation_um`: `1e9999`: not a reading"),
        (long, LONG, "X,NaN,up,1,1", "f.csv:2: column `target_mm`: `NaN`: not a reading"),
        (long, LONG, "X,∞,up,1,1", "f.csv:2: column `target_mm`: `∞`: not a reading"),
        (long, LONG, "X,,up,1,1", "f.csv:2: column `target_mm`: ``: not a reading"),
        (long, LONG, "X,0,up,1,1\nX,0,left,1,1", "f.csv:3: column `direction`: `left`: not a dir"),
        (long, LONG, "X,0,up,1.5,1", "f.csv:2: column `run`: `1.5`: not the number of a run"),
        (long, LONG, "X,0,up,-1,1", "f.csv:2: column `run`: `-1`: not the number of a run"),
        // A run twice at one target and side.
        (
            long,
            LONG,
            "X,0,up,1,1\nY,0,up,1,1\nX,0,up,1,2",
            "f.csv:4: column `deviation_um`: `2`: run 1 at this target and side stands in line 2",
        ),
        (long, WIDE, "0,1,2\n100,1,2\n0,1,2", "f.csv:4: column `deviation_up_1_um`: `1`: run 1 at"),
        (long, WIDE, "0,1,2\n100,nan,2", "f.csv:3: column `deviation_up_1_um`: `nan`"),
        // Units that do not go together, or are not said.
        (
            long,
            "target_mm,direction,run,deviation_arcsec",
            "0,up,1,1",
            "`deviation_arcsec` and the",
        ),
        (
            long,
            "target_deg,direction,run,deviation_um",
            "0,up,1,1",
            "`deviation_um` and the targets",
        ),
        (
            long,
            "target_mm,direction,run,deviation",
            "0,up,1,1",
            "`deviation` does not say its unit",
        ),
        (
            long,
            "target_mm,temperature_f,deviation_up_1_um",
            "0,68,1",
            "`temperature_f` does not say",
        ),
        // Two measuring lines in one test; a temperature that is none.
        (
            long,
            "target_mm,direction,run,deviation_um,temperature_c",
            "0,up,1,1,warm",
            "f.csv:2: column `temperature_c`: `warm`: not a reading",
        ),
        // Spindles.
        (turns, TURN, "1,0,NaN", "f.csv:2: column `displacement_um`: `NaN`: not a reading"),
        (turns, TURN, "1,0,inf", "f.csv:2: column `displacement_um`: `inf`: not a reading"),
        (turns, TURN, "x,0,1", "f.csv:2: column `rev`: `x`: not the number of a turn"),
        (turns, TURN, "1,0,1\n1,0,2", "f.csv:3: column `angle_index`: `0`: this turn and angle"),
        (
            turns,
            "rev,angle_index,displacement_arcsec",
            "1,0,1",
            "`displacement_arcsec` is no length",
        ),
        // Slides.
        (slides, SLIDE, "0,NaN", "f.csv:2: column `yaw_arcsec`: `NaN`: not a reading"),
        (slides, SLIDE, "0,1\n0,1", "f.csv:3: column `position_mm`: `0`: this position was read"),
        (slides, "position_mm,yaw_um", "0,1", "column `yaw_um` is no angle"),
        // Repeatabilities that no machine has.
        (
            values,
            STATED,
            "1,X,-0.9",
            "f.csv:2: column `upr_um`: `-0.9`: a repeatability or accuracy",
        ),
        (values, STATED, "1,X,0", "f.csv:2: column `upr_um`: `0`: a repeatability or accuracy is"),
        (values, STATED, "1,X,NaN", "f.csv:2: column `upr_um`: `NaN`: not a reading"),
        (values, STATED, "1,X,1\n1,x,2", "f.csv:3: column `upr_um`: `2`: machine `1` gives two"),
    ];
    for (read, header, body, expected) in cases {
        let text = format!("{header}\n{body}\n");
        let error = read(&text).expect_err(&text).to_string();
        assert!(error.contains(expected), "{text}\n{error}\n{expected}");
    }
}

#[test]
fn targets_out_of_order_are_remarked_where_they_turn_back() {
    let order = |positions: &[(&str, i64)]| {
        let body: String =
            positions.iter().map(|(side, at)| format!("X,{at},{side},1,0\n")).collect();
        let found = runs(&format!("{LONG}\n{body}")).expect("usable").remove(0);
        let words = ["turns back", "whose targets fall"];
        let told = |remark: &String| words.iter().any(|word| remark.contains(word));
        found.remarks.into_iter().find(told).unwrap_or_default()
    };
    let up = |at: i64| ("up", at);
    let down = |at: i64| ("down", at);
    let cycle = [up(0), up(1), up(2), down(2), down(1), down(0)];
    assert_eq!(order(&cycle), "");
    // Exports that sort both sides alike are usable too.
    assert_eq!(order(&[up(0), up(1), up(2), down(0), down(1), down(2)]), "");
    let back = order(&[up(0), up(2), up(1), up(3)]);
    let place = "f.csv:4: column `target_mm`: `1`: the run turns back";
    assert!(back.starts_with(place) && back.contains("1 more place)"), "{back}");
    let falling = order(&[up(2), up(1), up(0), down(0), down(1), down(2)]);
    assert!(falling.contains("whose targets fall"), "{falling}");
    let wide = runs(&format!("{WIDE}\n0,1,1\n9,1,1\n5,1,1\n7,1,1\n")).expect("usable").remove(0);
    let told =
        wide.remarks.iter().any(|remark| remark.starts_with("f.csv:4: column `target_mm`: `5`"));
    assert!(told, "{:?}", wide.remarks);
    // The figures do not depend on the order.
    let positions: Vec<i64> = wide.targets.iter().map(|t| t.position.count()).collect();
    assert!(positions.is_sorted());
}

#[test]
fn what_is_said_of_the_test_stays_with_the_axis() {
    let text = "axis,target_mm,direction,run,deviation_um,measuring line,temperature_c\n\
                X,0,up,1,1,Y 250 Z -100 mm,20.0\n\
                X,9,up,1,1,y 250 z -100 mm,20.2\nX,0,up,2,1,Y 250 Z -100 mm,20.5\n\
                Y,0,up,1,1,X 100 mm,\n";
    let found = runs(text).expect("runs");
    assert_eq!(found[0].conditions.line.as_deref(), Some("Y 250 Z -100 mm"));
    assert_eq!(found[0].conditions.temperatures_mk, [293_250, 293_650]);
    assert_eq!(found[1].conditions.line.as_deref(), Some("X 100 mm"));
    assert!(found[1].conditions.temperatures_mk.is_empty());
}

#[test]
fn bad_budgets_are_named_with_their_place() {
    let whole = "length_m = 1\nruns = 5\ndevice_um = 0.2\ndevice_um_per_m = 0.4\n\
                 misalignment_mm = 0\nexpansion_um_per_m_k = 11.5\ntemperature_range_k = 0\n\
                 expansion_range_um_per_m_k = 0\ndeparture_k = -2\ndrift_um = 0.1\n";
    assert!(Contributors::read("b.toml", whole).is_ok());
    for (old, new, expected) in [
        (
            "device_um = 0.2",
            "device_um = nan",
            "b.toml:3:13: `device_um` is a number from nought up",
        ),
        ("device_um = 0.2", "device_um = -0.2", "b.toml:3:13: `device_um` is a number from"),
        ("drift_um = 0.1", "drift_um = inf", "b.toml:10:12: `drift_um` is a number from nought up"),
        ("runs = 5", "runs = 1", "b.toml:2:8: scatter takes two runs at least"),
        ("length_m = 1", "length_m = 0", "b.toml:1:12: a length is more than nought"),
        ("drift_um = 0.1", "drift_nm = 100", "drift_nm"),
    ] {
        let text = whole.replacen(old, new, 1);
        let error = Contributors::read("b.toml", &text).expect_err(new).to_string();
        assert!(error.contains(expected), "{new}\n{error}");
    }
}

#[test]
fn a_catalogue_cell_that_no_machine_has_is_a_remark_with_its_place() {
    for cell in ["-0.9", "NaN", "inf", "0.9 arcsec"] {
        let table = rows(&format!("id,process,upr_x_um\nm,milling,{cell}\n"));
        let found = catalogue::read(&table, &Mapping::default());
        let remarks: Vec<String> = found.remarks.iter().map(ToString::to_string).collect();
        let told = |remark: &&String| remark.contains("upr_x_um") && remark.contains(cell);
        let told: Vec<_> = remarks.iter().filter(told).collect();
        assert_eq!(told.len(), 1, "{cell}: {remarks:?}");
        assert!(told[0].contains("f.csv:2"), "{told:?}");
        let upr = toolgauge::machine::id_of("upr");
        let kept = found.machines.iter().flat_map(|m| &m.readings).any(|r| r.parameter == upr);
        assert!(!kept, "{cell}");
    }
}

#[test]
fn turns_and_slides_that_binary_floats_print_are_taken_to_the_nearest_count_and_that_is_said() {
    let rows_of = |value: &str| -> String { (0..8).map(|n| format!("1,{n},{value}\n")).collect() };
    for (value, told) in
        [("0.30300000000000005", true), ("2.9999999999999997e-05", true), ("0.303", false)]
    {
        let table = rows(&format!("{TURN}\n{}", rows_of(value)));
        let mut reader = TurnsReader::new("f.csv", &table.header).expect("a header");
        table.records.iter().for_each(|record| reader.take(record).expect("a row"));
        let turns = reader.finish().expect("turns");
        let said = turns.remarks.iter().any(|r| r.starts_with("8 numbers were finer than one pm"));
        assert_eq!(said, told, "{value}: {:?}", turns.remarks);
        let table = rows(&format!("{SLIDE}\n0,{value}\n400,1\n"));
        let mut reader = SlideReader::new("f.csv", &table.header).expect("a header");
        table.records.iter().for_each(|record| reader.take(record).expect("a row"));
        let slide = reader.finish().expect("slides").remove(0);
        let said =
            slide.remarks.iter().any(|r| r.starts_with("1 number was finer than one µarcsec"));
        assert_eq!(said, told, "{value}: {:?}", slide.remarks);
    }
    // What is stated is read exactly.
    let error = values(&format!("{STATED}\n1,X,0.30300000000000005\n")).expect_err("too fine");
    assert!(error.to_string().contains("finer than one pm"), "{error}");
}

#[test]
fn what_is_not_understood_of_a_file_says_what_to_write_in_it() {
    type Read = fn(&str) -> Result<()>;
    let long: Read = |text| runs(text).map(|_| ());
    let cases: [(Read, &str, &str); 12] = [
        (slides, "position_mm,yaw\n0,1\n", "such as `yaw_arcsec` or `yaw (arcsec)`"),
        (slides, "Position,yaw_arcsec\n0,1\n", "such as `Position_mm` or `Position (mm)`"),
        (slides, "position_mm,pitch_um\n0,1\n", "write its unit, such as `pitch_arcsec`"),
        (slides, "place,angle\n0,1\n", "name them `position_mm` and `yaw_arcsec`"),
        (slides, "position_mm,yaw_arcsec\n0,1\n0,2\n", "name the slides in a column `slide`"),
        (values, "machine,axis,upr\n1,X,1\n", "such as `upr_um` or `upr (um)`"),
        (values, "axis,upr_um\nX,1\n", "name the columns `machine`, `axis` and values"),
        (values, "machine,axis,upr_um\n1,X,1\n2,Y,1\n", "a row to every axis of every machine"),
        (values, "machine,axis,upr_um\n1,X,1\n1,X,2\n", "tell machines apart by their serials"),
        (turns, "rev,angle,displacement_um\n1,0,1\n", "such as `angle_deg` or `angle (deg)`"),
        (turns, "rev,angle_deg,displacement\n1,0,1\n", "such as `displacement_um`"),
        (long, "target_mm,direction,run,deviation_mm\n100,+,1,100\n", "name it `measured` if"),
    ];
    for (read, text, advice) in cases {
        let error = read(text).expect_err(text);
        let found = error.advice().unwrap_or_default();
        assert!(found.contains(advice), "{text}: {error}: {found}");
    }
}
