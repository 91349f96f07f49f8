//! Contouring axes by the lists' counting rules: the cases of the technical notes, and what is
//! known of rank. Sources: category 2 B, technical notes on contouring axes; ISO 841; ISO 10791.

use toolgauge::kinematics::{Chain, Why, count, rank};

fn chain(text: &str) -> Chain {
    let text = format!("format = 1\nkind = \"kinematics\"\nname = \"synthetic\"\n{text}");
    Chain::read("chain.toml", &text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

fn labels(labels: &str, axes: &str) -> Chain {
    let quoted: Vec<String> = labels.split(' ').map(|label| format!("{label:?}")).collect();
    chain(&format!("[[path]]\nchain = [{}]\n{axes}", quoted.join(", ")))
}

const CENTRE: &str = "through = [\"0 mm\", \"0 mm\", \"0 mm\"]\n";

fn rotary(label: &str, direction: &str, through: &str) -> String {
    format!("[axis.{label}]\nrotary = {direction}\nthrough = {through}\n")
}

#[test]
fn axes_count_by_the_technical_notes() {
    let centre = "[\"0 mm\", \"0 mm\", \"0 mm\"]";
    let aside = "[\"300 mm\", \"0 mm\", \"0 mm\"]";
    let (a, b) = (rotary("A", "[1, 0, 0]", centre), rotary("B", "[0, 1, 0]", centre));
    let c = rotary("C", "[0, 0, 1]", centre);
    let (c1, c2) = (rotary("C1", "[0, 0, 1]", centre), rotary("C2", "[0, 0, 1]", centre));
    let (c2_aside, c_aside) = (rotary("C2", "[0, 0, 1]", aside), rotary("C2", "[0, 0, 1]", aside));
    for (order, axes, counted, independent) in [
        ("X Y bed Z", String::new(), 3, 3),
        // A quill parallel to Z is a secondary axis.
        ("X Y bed Z W", String::new(), 3, 3),
        ("B X Y bed Z C", format!("{b}{c}"), 5, 5),
        // A second table with a parallel centre line: the rules say four, and so does the rank.
        ("C C2 X Y bed Z", format!("{c}{c_aside}"), 4, 4),
        // A lathe with its C axis, and with a second spindle on the same centre line.
        ("C1 bed Z X", c1.clone(), 3, 3),
        ("C1 C2 bed Z X", format!("{c1}{c2}"), 3, 3),
        // The second spindle set aside: the rank grows, the count does not.
        ("C1 C2 bed Z X", format!("{c1}{c2_aside}"), 3, 4),
        ("C B A X Y bed Z", format!("{a}{b}{c}"), 6, 6),
        // A and C with a spindle under position control: singular at nought, not in general.
        ("C A X Y bed Z C1", format!("{a}{c}{c1}"), 5, 6),
    ] {
        let chain = labels(order, &axes);
        let found = count(&chain);
        assert_eq!(found.axes, counted, "{order}: {found:?}");
        assert_eq!(rank(&chain.paths[0]), Some(independent), "{order}: rank");
    }
}

#[test]
fn every_axis_that_does_not_count_says_why() {
    let axes = format!(
        "[axis.D]\nrotary = [0, 1, 0]\nfunction = \"wheel dressing\"\n\
         [axis.B]\nrotary = [0, 1, 0]\nindex_only = true\n{CENTRE}\
         [axis.C]\nspindle = true\n[axis.U]\nlinear = [1, 0.01, 0]\n"
    );
    let chain = labels("X bed Y Z U B D C", &axes);
    let found = count(&chain);
    let expected = [
        Why::Counts,
        Why::Counts,
        Why::Counts,
        Why::ParallelTo("X".to_owned()),
        Why::IndexOnly,
        Why::Function("wheel dressing".to_owned()),
        Why::Spindle,
    ];
    assert_eq!(found.paths[0].joints, expected);
    // Past one degree directions are not parallel.
    let chain = labels("X bed Y Z U", "[axis.U]\nlinear = [1, 0.02, 0]\n");
    assert_eq!(count(&chain).axes, 4);
}

#[test]
fn the_remaining_cases_of_the_notes_count_as_they_say() {
    let path = |text: &str| chain(&format!("[[path]]\n{text}"));
    let centre = "[\"0 mm\", \"0 mm\", \"0 mm\"]";
    let c1 = rotary("C1", "[0, 0, 1]", centre);
    let c2_aside = rotary("C2", "[0, 0, 1]", "[\"200 mm\", \"0 mm\", \"0 mm\"]");
    let index = |label: &str| format!("[axis.{label}]\nindex_only = true\n");
    let leaning = |x: &str| format!("[axis.U]\nlinear = [1, {x}, 0]\n");
    for (what, chain, axes, sets) in [
        ("structural code of a mill", path("code = \"[w X' Y' b Z (C) t]\"\n"), 3, vec![(3, 0)]),
        ("of five axes", path("code = \"[w C' A' X' Y b Z (C1) t]\"\n"), 5, vec![(3, 2)]),
        // The count of the lists is not the rank, which is four.
        ("chuck set aside", labels("C1 C2 bed Z X", &format!("{c1}{c2_aside}")), 3, vec![(2, 1)]),
        ("a tilting spindle is a rotary axis", labels("X Y bed Z B", ""), 4, vec![(3, 1)]),
        (
            "three axes and two that are indexed",
            labels("C X Y bed Z B", &(index("B") + &index("C"))),
            3,
            vec![(3, 0)],
        ),
        (
            "a platform with a turning tool",
            path("platform = { linear = 3, rotary = 2 }\n"),
            5,
            vec![(3, 2)],
        ),
        // One degree: tan 1° = 0.017455.
        ("parallel within one degree", labels("X bed Y Z U", &leaning("0.0174")), 3, vec![(3, 0)]),
        ("and not beyond", labels("X bed Y Z U", &leaning("0.0175")), 4, vec![(4, 0)]),
        (
            "opposite is parallel",
            labels("X bed Y Z U", "[axis.U]\nlinear = [-1, 0, 0]\n"),
            3,
            vec![(3, 0)],
        ),
    ] {
        let found = count(&chain);
        assert_eq!((found.axes, found.sets), (axes, sets), "{what}");
    }
    let aside = labels("C1 C2 bed Z X", &format!("{c1}{c2_aside}"));
    assert_eq!(rank(&aside.paths[0]), Some(4));
}

#[test]
fn a_path_without_controlled_joints_has_no_motion() {
    let chain = labels("bed C", "[axis.C]\nspindle = true\n");
    assert_eq!((count(&chain).axes, rank(&chain.paths[0])), (0, Some(0)));
}

#[test]
fn the_control_and_the_best_pair_decide() {
    let code = "[[path]]\ncode = \"[w C' A' X' b Y Z (C1) t]\"\n";
    let four = count(&chain(&format!("coordinated = 4\n{code}")));
    assert_eq!((four.axes, four.sets.as_slice()), (4, [(2, 2), (3, 1)].as_slice()));
    let free = count(&chain(code));
    assert_eq!((free.axes, free.sets.as_slice()), (5, [(3, 2)].as_slice()));
    // Spindles for separate workpieces stand in different pairs; no pair sees both.
    let two = chain(
        "[[path]]\nworkpiece = \"left\"\nchain = [\"C\", \"bed\", \"X\", \"Z\"]\n\
         [[path]]\nworkpiece = \"right\"\nchain = [\"C2\", \"bed\", \"X\", \"Z\"]\n",
    );
    assert_eq!(count(&two).axes, 3);
    let hexapod = count(&chain("[[path]]\nplatform = { linear = 3, rotary = 3 }\n"));
    assert_eq!((hexapod.axes, hexapod.sets.as_slice()), (6, [(3, 3)].as_slice()));
}

#[test]
fn bad_chains_say_what_is_wrong() {
    for (text, word) in [
        ("[[path]]\nchain = [\"X\", \"Y\"]\n", "bed"),
        ("[[path]]\nchain = [\"X\", \"X\", \"bed\"]\n", "twice"),
        ("[[path]]\nchain = [\"D\", \"bed\"]\n", "how `D` moves"),
        ("[[path]]\nchain = [\"K\", \"bed\"]\n", "how `K` moves"),
        ("[[path]]\ncode = \"[w X b]\"\n", "tool"),
        ("[[path]]\nplatform = { linear = 6, rotary = 0 }\n", "freedoms"),
        ("[[path]]\nchain = [\"X\", \"bed\"]\n[axis.Y]\nindex_only = true\n", "no path"),
        ("[[path]]\nchain = [\"X\", \"bed\"]\n[axis.X]\nlinear = [0, 0, 0]\n", "length"),
        ("[[path]]\nchain = [\"X\", \"bed\"]\n[axis.X]\nrotary = [0, 0, 1]\nthrough = [1]\n", ""),
    ] {
        let text = format!("format = 1\nkind = \"kinematics\"\n{text}");
        let error = Chain::read("chain.toml", &text).expect_err(&text).to_string();
        assert!(error.contains(word), "{text}: {error}");
    }
}
