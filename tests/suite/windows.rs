//! Slides of which not every window was read: what their angles prove, and what they leave open.

use toolgauge::assess::{Verdict, classify};
use toolgauge::catalogue::Tested;
use toolgauge::metrology::{Slide, SlideReader};
use toolgauge::table::{self, Reading};

use crate::lists::setup;
use crate::measured::{evaluator_with, of, read};

/// Slides with positions 50 mm apart, each from 0 mm so far, whose angles all grow to so many
/// tenths of an arc second at 50 mm and stay there.
fn slides(all: &[(&str, i64, i64)]) -> Vec<Slide> {
    let mut text = "slide,position_mm,yaw_arcsec,pitch_arcsec,roll_arcsec\n".to_owned();
    for (label, to, tenths) in all {
        for at in (0..=*to).step_by(50) {
            // By turns, so that every window holds as much.
            let tenths = if at / 50 % 2 == 0 { 0 } else { *tenths };
            let angle = format!("{}.{}", tenths / 10, tenths % 10);
            text += &format!("{label},{at},{angle},{angle},{angle}\n");
        }
    }
    let table = table::read("s.csv", text.as_bytes(), &Reading::default()).expect("a table");
    let mut reader = SlideReader::new("s.csv", &table.header).expect("a header");
    table.records.iter().for_each(|record| reader.take(record).expect("a row"));
    reader.finish().expect("slides")
}

#[test]
fn windows_of_a_travel_or_a_slide_that_nobody_read_may_be_better_or_worse() {
    use Verdict::{Captured, NotCaptured, Undetermined};
    let better = [Undetermined, Captured, Undetermined];
    let worse = [Undetermined, Undetermined, NotCaptured];
    // The axes of the sheet, whether they are all, the travels of X and Z; what was read of which
    // slides; verdicts with the policy left open, with `either`, with `both` (below 2 arc seconds
    // captures); what is told.
    type Case<'c> =
        (&'c str, &'c str, [&'c str; 2], &'c [(&'c str, i64, i64)], [Verdict; 3], &'c str);
    let cases: [Case; 27] = [
        ("X", "yes", ["300", ""], &[("X", 300, 19)], [Captured; 3], ""),
        ("X", "yes", ["300", ""], &[("X", 300, 20)], [NotCaptured; 3], ""),
        ("X", "yes", ["1000", ""], &[("X", 300, 1)], better, "over 300 mm of a travel of 1000 mm"),
        ("X", "yes", ["1000", ""], &[("X", 300, 30)], worse, "over 300 mm of a travel of 1000 mm"),
        // Windows that reach into what was not read, however little it is, may be worse.
        ("X", "yes", ["350", ""], &[("X", 300, 19)], better, "over 300 mm of a travel of 350 mm"),
        ("X", "yes", ["351", ""], &[("X", 300, 19)], better, "over 300 mm of a travel of 351 mm"),
        ("X", "yes", ["<= 300", ""], &[("X", 300, 19)], [Captured; 3], ""),
        ("X", "yes", ["<= 351", ""], &[("X", 300, 19)], better, "of a travel of 351 mm"),
        ("X", "yes", ["", ""], &[("X", 300, 19)], better, "no upper end of its travel"),
        ("X", "yes", [">= 300", ""], &[("X", 300, 20)], worse, "no upper end of its travel"),
        // One window is all there is: what a part of it holds, it holds.
        ("X", "yes", ["300", ""], &[("X", 200, 20)], [NotCaptured; 3], "over 200 mm of a travel"),
        ("X", "yes", ["250", ""], &[("X", 250, 20)], [NotCaptured; 3], "than the window: 250 mm"),
        // Every window holds a part of what was read: enough of it, or perhaps nothing.
        ("X", "yes", ["301", ""], &[("X", 200, 20)], [NotCaptured; 3], "over 200 mm of a travel"),
        ("X", "yes", ["500", ""], &[("X", 200, 20)], worse, "over 200 mm of a travel"),
        // What was read beyond the stated travel, but for its rounding, may be all of it.
        ("X", "yes", ["297.1", ""], &[("X", 300, 19)], [Captured; 3], ""),
        ("X", "yes", ["500", ""], &[("X", 3000, 19)], [Undetermined; 3], "none is taken"),
        ("X", "yes", ["<= 500", ""], &[("X", 3000, 20)], [Undetermined; 3], "none is taken"),
        // A slide that the sheet does not list is not taken, nor is an axis that is none.
        (
            "\"X,Z\"",
            "yes",
            ["300", "300"],
            &[("Q", 300, 1)],
            [Undetermined; 3],
            "no slide `Q`, only X",
        ),
        (
            "\"X,C\"",
            "yes",
            ["300", ""],
            &[("C", 300, 1)],
            [Undetermined; 3],
            "no slide `C`, only X",
        ),
        ("\"X,Z\"", "yes", ["300", "300"], &[("Q", 300, 1), ("X", 300, 1)], better, "only X, Z"),
        ("\"X,C\"", "yes", ["300", ""], &[("", 300, 19)], [Captured; 3], ""),
        ("\"X,Z\"", "yes", ["300", "300"], &[("", 300, 19)], better, "no yaw of X, Z was read"),
        // Slides that were not read, and such as the sheet may leave out.
        ("\"X,Z\"", "yes", ["300", "300"], &[("x-axis", 300, 19)], better, "no roll of Z was read"),
        ("\"X,Z\"", "yes", ["300", "300"], &[("X", 300, 20)], worse, "no pitch of Z was read"),
        (
            "\"X,Z\"",
            "yes",
            ["300", "300"],
            &[("X", 300, 1), ("Z", 300, 20)],
            [Undetermined, Captured, NotCaptured],
            "",
        ),
        ("\"X,Z\"", "yes", ["300", "300"], &[("X", 300, 3), ("Z", 300, 19)], [Captured; 3], ""),
        ("X", "", ["300", ""], &[("X", 300, 19)], better, "does not say that it lists every slide"),
    ];
    for (axes, complete, [x, z], read_of, verdicts, told) in cases {
        let case = format!("{axes} {complete} {x} {z} {read_of:?}");
        let mut catalogue = read(&format!(
            "id,process,machine_kind,axes,axes_complete,contouring_linear,contouring_rotary,\
             upr_x_um,upr_z_um,spindle_runout_um,spindle_camming_um,travel_x_mm,travel_z_mm\n\
             m,milling,fly_cutter,{axes},{complete},2,0,9,{},0.1,0.1,{x},{z}\n",
            if axes.contains('Z') { "9" } else { "" }
        ));
        catalogue.attach(&[of("m", Tested::Slides(slides(read_of)))]).expect("there");
        for (taken, verdict) in [None, Some(true), Some(false)].into_iter().zip(verdicts) {
            let mut setup = setup();
            setup.policies =
                taken.map(|either| ("slide-window".to_owned(), either)).into_iter().collect();
            let evaluator = evaluator_with(&["eu/2B001"], setup);
            let found = classify(&evaluator, &catalogue.machines).remove(0).outcomes.remove(0);
            assert_eq!(found.verdict, verdict, "{case} {taken:?}: {found:?}");
        }
        let open: Vec<&String> =
            catalogue.machines[0].measurements.iter().flat_map(|test| &test.open).collect();
        assert_eq!(open.is_empty(), told.is_empty(), "{case}: {open:?}");
        let is_told = open.iter().any(|text| text.contains(told));
        assert!(told.is_empty() || is_told, "{case}: {open:?}");
        let again = |text: &&String| open.iter().filter(|other| *other == text).count() > 1;
        assert!(!open.iter().any(again), "{case}: {open:?}");
    }
}
