//! Regions: boxes that are witnessed, with sloped edges where limits depend on other readings, and
//! nothing outside them.

use toolgauge::assess::{Evaluator, Reach, Region, Verdict, classify, clause_alone, regions};
use toolgauge::evidence::Assumptions;
use toolgauge::list::List;
use toolgauge::machine::Machine;

use crate::lists::setup;
use crate::proposals::{ONE, list, stacked};
use crate::random::{Source, list as parsed, list_text, machine};

fn evaluator(list: List) -> Evaluator {
    let mut bare = setup();
    bare.policy.derive = false;
    bare.policy.assumptions = Assumptions::default();
    Evaluator::of_lists(vec![list], None, bare).expect("the list compiles")
}

/// A list of turning machines with this condition on some linear axis.
fn sloped(name: &str, axis: &str) -> List {
    parsed(&format!(
        "format = 1\nkind = \"proposal\"\nlist = \"{name}\"\nedition = \"a\"\n\
         jurisdiction = \"X\"\ntitle = \"t\"\ncarrier = \"c\"\nroot = \"E\"\nsource = \"s\"\n\
         [clause.\"E\"]\ntext = \"t\"\nwhen = {{ axis = {{ some = \"linear\", {axis} }} }}\n"
    ))
}

/// A limit on accuracy that grows by `add` µm for each metre of travel beyond `beyond` metres.
fn limit(comparator: &str, base: &str, add: &str, beyond: &str) -> String {
    format!(
        "positioning_accuracy = {{ {comparator} = {{ base = \"{base} um\", add = \"{add} um\", \
         per = \"1 m\", of = \"travel\", beyond = \"{beyond} m\" }}, by = \"ISO 230-2:2006\" }}"
    )
}

/// Machines of one linear axis over a grid of travel and accuracy.
fn grid() -> Vec<Machine> {
    let mut text = "id,axes,axes_complete,travel_x_um,positioning_accuracy_x,\
                    positioning_accuracy_x.standard\n"
        .to_owned();
    for travel in (0..=40).map(|step| step * 100_000 + 1) {
        for accuracy in (0..=60).map(|step| step * 5) {
            let accuracy = format!("{}.{}", accuracy / 10, accuracy % 10);
            text += &format!("m,X,yes,{travel},{accuracy} um,ISO 230-2:2006\n");
        }
    }
    let table = toolgauge::table::read("g.csv", text.as_bytes(), &Default::default());
    let basis = toolgauge::machine::Basis::Stated;
    let mapping = toolgauge::catalogue::Mapping { basis, ..Default::default() };
    toolgauge::catalogue::read(&table.expect("a table"), &mapping).machines
}

#[test]
fn sloped_edges_are_said_and_witnessed() {
    let (yes, no) = (Verdict::Captured, Verdict::NotCaptured);
    let reach = Reach { axes: Some(1), boxes: 8, steps: 4_000 };
    let steep = sloped("x/1", &limit("at_most", "4.5", "7", "1"));
    let flat = sloped("x/2", &limit("at_most", "4.5", "5", "1"));
    let found = regions(&steep, &flat, &[], reach).expect("regions");
    assert_eq!(found.whole, [true; 3]);
    // Up to 1 m they are the same.
    assert!(found.gain.is_empty() && !found.loss.is_empty());
    assert!(found.loss.iter().all(|region| region.replayed == Some([yes, no])));
    let later = sloped("x/9", &limit("at_most", "4.5", "9", "2"));
    let crossed = regions(&steep, &later, &[], reach).expect("regions");
    assert_eq!(crossed.whole, [true; 3]);
    for (side, wanted) in [(&crossed.gain, [no, yes]), (&crossed.loss, [yes, no])] {
        assert!(!side.is_empty() && side.iter().all(|region| region.replayed == Some(wanted)));
    }
    let edge = "positioning_accuracy (ISO 230-2:2006) above 4.5 µm plus 5 µm for each 1000 mm of \
                travel beyond 1000 mm, and less below it";
    assert!(found.loss[0].axes[0].contains(&edge.to_owned()), "{:?}", found.loss[0].axes);
    // Above a constant and below a slope: the same machines, and none that one has alone.
    let same = regions(&steep, &steep, &[], reach).expect("regions");
    assert!(same.gain.is_empty() && same.loss.is_empty() && same.whole == [true; 3]);
    let wide = sloped("x/3", &limit("at_most", "5", "7", "1"));
    let found = regions(&steep, &wide, &[], reach).expect("regions");
    assert!(found.loss.is_empty() && found.whole[1], "a laxer slope releases nothing");
    let short = format!("travel = {{ at_most = \"1 m\" }}, {}", limit("at_most", "4.5", "7", "1"));
    let short = sloped("x/4", &short);
    let plain = "positioning_accuracy = { at_most = \"4.5 um\", by = \"ISO 230-2:2006\" }";
    let plain = sloped("x/5", plain);
    let found = regions(&plain, &short, &[], reach).expect("regions");
    assert!(found.gain.is_empty() && found.whole[0], "up to 1 m the limit is its constant");
    assert!(!found.loss.is_empty());
    // Up to where the line begins the limit is its constant, and nothing is taken off.
    let fixed = "travel = { at_most = \"1 m\" }, positioning_accuracy = { at_most = \"4.5 um\", by \
                 = \
                 \"ISO 230-2:2006\" }";
    let found = regions(&sloped("x/6", fixed), &short, &[], reach).expect("regions");
    assert!(found.gain.is_empty() && found.loss.is_empty() && found.whole == [true; 3]);
    let above = |limit: String| format!("travel = {{ at_most = \"1 m\" }}, {limit}");
    let one = sloped("x/7", &above(limit("above", "4.5", "7", "1")));
    let other = sloped("x/8", &fixed.replace("at_most = \"4.5", "above = \"4.5"));
    let found = regions(&one, &other, &[], reach).expect("regions");
    assert!(found.gain.is_empty() && found.loss.is_empty() && found.whole == [true; 3]);
}

#[test]
fn boxes_that_bounds_exclude_are_not_counted() {
    let text = |name: &str, when: &str| {
        parsed(&format!(
            "format = 1\nkind = \"proposal\"\nlist = \"{name}\"\nedition = \"a\"\n\
             jurisdiction = \"X\"\ntitle = \"t\"\ncarrier = \"c\"\nroot = \"E\"\nsource = \"s\"\n\
             [clause.\"E\"]\ntext = \"t\"\nwhen = {{ {when} }}\n"
        ))
    };
    // UPR is at most the accuracy: no machine has the one without the other.
    let never = "axis = { some = \"linear\", positioning_accuracy = { at_most = \"3 um\", by = \
                 \"ISO 230-2:2014\" }, upr = { above = \"4 um\" } }";
    let base = text("x/1", "bar_capacity = { at_least = \"1 m\" }");
    // What bounds exclude is met with one axis, and looked at first.
    let long = "axis = { count_at_least = 2, of = \"linear\", travel = { at_least = \"1 m\" } }";
    let either = format!("any = [{{ {long} }}, {{ {never} }}]");
    let proposal = text("x/2", &either);
    for boxes in [1, 2] {
        let reach = Reach { axes: Some(2), boxes, steps: 4_000 };
        let found = regions(&base, &proposal, &[], reach).expect("regions");
        let left: Vec<&Region> = found.gain.iter().filter(|r| r.excluded.is_none()).collect();
        assert!(!left.is_empty() && left.len() <= boxes, "{boxes}: {:?}", found.gain);
        assert!(left.iter().all(|region| region.witness.is_some()));
        assert!(found.gain.len() > left.len(), "some box is excluded: {:?}", found.gain);
    }
}

#[test]
fn sloped_regions_hold_what_a_grid_of_machines_shows() {
    let machines = grid();
    let reach = Reach { axes: Some(1), boxes: 12, steps: 4_000 };
    let (mut moved, mut empty) = (0, 0);
    for seed in 0..30 {
        let mut source = Source::new(seed);
        let mut one = |name: &str| {
            let mut text = limit(
                source.pick(&["at_most", "below", "at_least", "above"]),
                source.pick(&["4.5", "6"]),
                source.pick(&["0", "5", "7"]),
                source.pick(&["1", "2"]),
            );
            if source.chance(50) {
                let comparator = source.pick(&["at_most", "above"]);
                text += &format!(", travel = {{ {comparator} = \"{} m\" }}", source.pick(&[1, 2]));
            }
            sloped(name, &text)
        };
        let (a, b) = (one("x/1"), one("x/2"));
        let found = regions(&a, &b, &[], reach).expect("regions");
        let (one, other) = (evaluator(a), evaluator(b));
        let (was, now) = (classify(&one, &machines), classify(&other, &machines));
        let (yes, no) = (Verdict::Captured, Verdict::NotCaptured);
        for (side, whole, wanted) in
            [(&found.gain, found.whole[0], [no, yes]), (&found.loss, found.whole[1], [yes, no])]
        {
            let any = was
                .iter()
                .zip(&now)
                .any(|(was, now)| [was.outcomes[0].verdict, now.outcomes[0].verdict] == wanted);
            moved += usize::from(any);
            assert!(side.iter().all(|region| region.replayed == Some(wanted)), "seed {seed}");
            assert!(!any || !side.is_empty(), "seed {seed}: no box for {wanted:?}");
            assert!(whole, "seed {seed}: not all was searched");
            empty += usize::from(side.is_empty());
        }
    }
    assert!(moved > 15 && empty > 3, "{moved} {empty}");
}

#[test]
fn single_clauses_are_held_against_each_other() {
    let reach = Reach { axes: Some(1), boxes: 1, steps: 6_000 };
    let of = |id: &str| clause_alone(&list("eu/2B001"), id).expect("a clause");
    let relate = |a: &str, b: &str| {
        let found = regions(&of(a), &of(b), &[], reach).expect("regions");
        (found.gain.is_empty(), found.loss.is_empty(), found.both.is_some(), found)
    };
    // A sub-clause lies within the clause above it; one band does not within the next.
    let (gain, loss, both, found) = relate("2B001.a.1", "2B001.a");
    assert!(!gain && loss && both && found.whole[1]);
    assert_eq!(found.lists[0], "eu/2B001#2B001.a.1 (current)");
    let text = toolgauge::report::regions_text(&found);
    assert!(text.contains("captured by both, for one"), "{text}");
    let (gain, loss, ..) = relate("2B001.a.1", "2B001.a.2");
    assert!(!gain && !loss);
    let error = clause_alone(&list("eu/2B001"), "2B001.a.9").expect_err("no such clause");
    assert!(error.to_string().contains("no clause `2B001.a.9`"), "{error}");
}

#[test]
fn boxes_that_hang_on_undecided_text_say_so() {
    let open = |name: &str, why: &str| {
        parsed(&format!(
            "format = 1\nkind = \"proposal\"\nlist = \"{name}\"\nedition = \"a\"\n\
             jurisdiction = \"X\"\ntitle = \"t\"\ncarrier = \"c\"\nroot = \"E\"\n\
             source = \"s\"\n[clause.\"E\"]\ntext = \"t\"\nwhen = {{ nc_capable = true{why} }}\n"
        ))
    };
    let (plain, torn) = (open("x/1", ""), open("x/2", ", open = \"not read\""));
    let reach = Reach { axes: Some(1), boxes: 4, steps: 1_000 };
    let found = regions(&plain, &torn, &[], reach).expect("regions");
    assert!(found.gain.is_empty() && found.whole == [true; 3]);
    assert_eq!(found.loss[0].supposed, [("not read".to_owned(), false)]);
    assert_eq!(found.loss[0].replayed, Some([Verdict::Captured, Verdict::Undetermined]));
    let text = toolgauge::report::regions_text(&found);
    assert!(text.contains("not if undecided text is read as the boxes say"), "{text}");
    assert!(text.contains("undecided text taken not to apply: not read"), "{text}");
}

#[test]
fn counts_of_axes_are_told_without_a_machine_that_is_not_in_the_box() {
    let base = of("x/1", "bar_capacity = { at_least = \"1 m\" }");
    for (when, words) in [
        ("contouring_axes = { at_least = 5 }", "5 or more axes"),
        (
            "contouring_axes = { at_least = 5 }, contouring_linear = { at_most = 2 }",
            "5 or more axes, at most 2 linear",
        ),
        (
            "contouring_axes = { at_most = 4 }, contouring_rotary = { at_least = 2 }",
            "at most 4 axes, 2 or more rotary",
        ),
    ] {
        let reach = Reach { axes: None, boxes: 1, steps: 20_000 };
        let found = regions(&base, &of("x/2", when), &[], reach).expect("regions");
        let line = format!("contouring_axes {words}");
        assert!(found.gain[0].machine.contains(&line), "{:?}", found.gain);
        let text = toolgauge::report::regions_text(&found);
        let csv = toolgauge::report::regions_csv(&found, None).expect("rows");
        let json = toolgauge::report::regions_json(&found, None).to_string();
        assert!([text, csv, json].iter().all(|form| form.contains(&line)), "{line}");
        // The other way round it is a loss in the same words.
        let back = regions(&of("x/2", when), &base, &[], reach).expect("regions");
        assert!(back.loss[0].machine.contains(&line), "{:?}", back.loss);
    }
}

#[test]
fn a_box_without_a_machine_names_the_bound_that_excludes_it() {
    let base = of("x/1", "bar_capacity = { at_least = \"1 m\" }");
    let reach = Reach { axes: Some(1), boxes: 1, steps: 4_000 };
    let by = |figure: &str, most: &str, edition: &str| {
        format!("{figure} = {{ at_most = \"{most} um\", by = \"ISO 230-2:{edition}\" }}")
    };
    let above = |figure: &str, least: &str| format!("{figure} = {{ above = \"{least} um\" }}");
    for (one, other, words) in [
        // UPR of more than 2.5 um is A(1988) of more than 3.75 um: a chain over figures that no
        // list tests.
        (by("positioning_accuracy", "3", "1988"), above("upr", "2.5"), "R(1988) ≤ A(1988)"),
        (by("positioning_accuracy", "3", "2014"), above("upr", "4"), "R ≤ A"),
        (by("positioning_accuracy", "3", "2014"), above("reversal", "4"), "R ≤ A and B ≤ "),
        (by("repeatability_bidirectional", "3", "2014"), above("reversal", "4"), "B ≤ R"),
    ] {
        let when = format!("axis = {{ some = \"linear\", {one}, {other} }}");
        let found = regions(&base, &of("x/2", &when), &[], reach).expect("regions");
        let why = found.gain[0].excluded.clone().expect("excluded");
        assert!(why.contains(words) && !why.contains("contradicts itself"), "{when}: {why}");
    }
}

#[test]
fn too_few_axes_for_those_that_contour_say_nothing_of_machines_of_more() {
    let base = list("eu/2B001");
    let [one, other] = ["2B001.e", "2B001.d"].map(|id| clause_alone(&base, id).expect("a clause"));
    let said = |axes: Option<usize>| {
        let reach = Reach { axes, boxes: 1, steps: 20_000 };
        toolgauge::report::regions_text(&regions(&one, &other, &[], reach).expect("regions"))
    };
    let question = "all that eu/2B001#2B001.d (current) captures, eu/2B001#2B001.e (current) does";
    let few = said(Some(1));
    let line = few.lines().find(|line| line.starts_with(question)).expect("its line");
    assert!(line.ends_with("of others it is not known"), "{few}");
    assert!(said(None).contains(&format!("{question}: no\n")));
}

#[test]
fn machines_of_few_axes_do_not_take_all_steps() {
    let (older, newer) = (list("us/2B001@2015-06-01"), list("eu/2B001"));
    let reach = Reach { axes: None, boxes: 2, steps: 20_000 };
    let found = regions(&newer, &older, &[], reach).expect("regions");
    assert!(found.gain.iter().any(|region| region.witness.is_some()), "{:?}", found.left);
}

#[test]
fn witnesses_are_machines_whose_axes_have_figures_of_their_kind_and_count_as_they_contour() {
    let base = of("x/1", "bar_capacity = { at_least = \"1 m\" }");
    let flagged = |count: u8, word: &str| {
        format!(
            "axis = {{ count_at_least = {count}, of = \"rotary\", contouring_axis = {word}, \
             rotary_accuracy = {{ at_most = \"3 arcsec\" }} }}"
        )
    };
    let any = |figure: &str| format!("axis = {{ some = \"any\", {figure} }}");
    let upr = "upr = { at_most = \"1 um\" }";
    let turning = "rotary_accuracy = { at_most = \"3 arcsec\" }";
    // Whether there is a machine; how many rotary axes it has at least.
    for (when, is_there, least) in [
        (format!("contouring_axes = {{ at_least = 3 }}, {}", flagged(2, "true")), true, 2),
        (format!("contouring_axes = {{ at_most = 1 }}, {}", flagged(2, "true")), false, 0),
        (format!("contouring_rotary = {{ at_least = 2 }}, {}", flagged(1, "false")), true, 3),
        (any(upr), true, 0),
        (any(turning), true, 1),
        (any(&format!("{upr}, {turning}")), false, 0),
    ] {
        let reach = Reach { axes: None, boxes: 1, steps: 20_000 };
        let found = regions(&base, &of("x/2", &when), &[], reach).expect(&when);
        let region = &found.gain[0];
        assert_eq!(region.witness.is_some(), is_there, "{when}: {region:?}");
        assert_eq!(region.excluded.is_some(), !is_there, "{when}: {region:?}");
        let Some(machine) = &region.witness else { continue };
        use toolgauge::machine::{AxisKind, Scope, Set};
        let kind = |axis: u8| machine.axes[usize::from(axis)].kind;
        let rotary = machine.axes.iter().filter(|axis| axis.kind == Some(AxisKind::Rotary)).count();
        assert!(rotary >= least, "{when}: {machine:?}");
        let (mut yes, mut no) = (0, 0);
        for reading in &machine.readings {
            let row = reading.parameter.row();
            let wanted = match row.scope {
                Scope::LinearAxis => Some(AxisKind::Linear),
                Scope::RotaryAxis => Some(AxisKind::Rotary),
                _ => continue,
            };
            assert_eq!(reading.axis.and_then(kind), wanted, "{when}: {machine:?}");
            yes += usize::from(row.name == "contouring_axis" && reading.set == Set::OneOf(0b10));
            no += usize::from(row.name == "contouring_axis" && reading.set == Set::OneOf(0b01));
        }
        let pair = machine.readings.iter().find_map(|reading| match reading.set {
            Set::OneOf(mask) if reading.parameter.row().name == "contouring_axes" => {
                Some(mask.trailing_zeros() as usize % 8)
            }
            _ => None,
        });
        assert!(pair.is_none_or(|pair| yes <= pair && pair + no <= rotary), "{when}: {machine:?}");
    }
}

#[test]
fn regions_are_witnessed_and_nothing_lies_outside_them() {
    let (mut boxes, mut empty, mut checked) = (0, 0, 0);
    for seed in 0..24 {
        let mut source = Source::new(seed);
        let (a, b) = (parsed(&list_text(&mut source)), parsed(&list_text(&mut source)));
        let reach = Reach { axes: Some(2), boxes: 8, steps: 3_000 };
        let Ok(found) = regions(&a, &b, &[], reach) else { continue };
        let itself = regions(&a, &a, &[], reach).expect("a list against itself");
        assert!(itself.gain.is_empty() && itself.loss.is_empty(), "seed {seed}");
        let back = regions(&b, &a, &[], reach).expect("the other way round");
        if found.whole == [true; 3] && back.whole == [true; 3] {
            let empty = |regions: &[Region]| regions.is_empty();
            assert_eq!(empty(&found.gain), empty(&back.loss), "seed {seed}");
            assert_eq!(empty(&found.loss), empty(&back.gain), "seed {seed}");
        }
        let (not, yes) = (Verdict::NotCaptured, Verdict::Captured);
        for (side, wanted) in [(&found.gain, [not, yes]), (&found.loss, [yes, not])] {
            for region in side {
                boxes += 1;
                let replayed = region.witness.as_ref().map(|_| wanted);
                assert_eq!(region.replayed, replayed, "seed {seed}: {region:?}");
            }
        }
        // Where all was searched and nothing found, no machine differs that way.
        let (one, other) = (evaluator(a), evaluator(b));
        let machines: Vec<_> = (0..80).map(|_| machine(&mut source)).collect();
        let machines: Vec<_> = machines.into_iter().filter(|m| m.axes.len() <= 2).collect();
        let (was, now) = (classify(&one, &machines), classify(&other, &machines));
        for (was, now) in was.iter().zip(&now) {
            let pair = (was.outcomes[0].verdict, now.outcomes[0].verdict);
            checked += 1;
            for (side, whole, wanted) in [
                (&found.gain, found.whole[0], (not, yes)),
                (&found.loss, found.whole[1], (yes, not)),
            ] {
                if side.is_empty() && whole {
                    empty += 1;
                    assert_ne!(pair, wanted, "seed {seed}");
                }
            }
        }
    }
    assert!(boxes > 20 && empty > 20 && checked > 200, "{boxes} {empty} {checked}");
}

#[test]
fn shipped_lists_relate_as_their_texts_say() {
    let reach = Reach { axes: Some(2), boxes: 4, steps: 20_000 };
    let wider = stacked("eu/2B001", &[ONE]).expect("a list");
    let found = regions(&list("eu/2B001"), &wider, &[], reach).expect("regions");
    assert!(found.loss.is_empty() && found.whole[1], "a laxer limit releases nothing");
    let first = &found.gain[0];
    assert!(first.axes.concat().iter().any(|line| line.starts_with("upr ")), "{first:?}");
    let us = regions(&list("eu/2B209"), &list("us/2B209"), &[], reach).expect("regions");
    assert!(us.gain.is_empty() && us.loss.is_empty() && us.whole == [true; 3]);
    assert!(us.both.is_some());
}

/// A list of one clause with this condition.
fn of(name: &str, when: &str) -> List {
    parsed(&format!(
        "format = 1\nkind = \"proposal\"\nlist = \"{name}\"\nedition = \"a\"\n\
         jurisdiction = \"X\"\ntitle = \"t\"\ncarrier = \"c\"\nroot = \"E\"\n\
         source = \"s\"\n[clause.\"E\"]\ntext = \"t\"\nwhen = {{ {when} }}\n"
    ))
}

#[test]
fn as_many_axes_are_looked_at_as_the_texts_count() {
    let count = |name: &str, number: u8| {
        let of_axis = "of = \"linear\", upr = { at_most = \"0.9 um\" }";
        of(name, &format!("axis = {{ count_at_least = {number}, {of_axis} }}"))
    };
    let (three, four) = (count("x/3", 3), count("x/4", 4));
    let reach = Reach { axes: None, boxes: 4, steps: 20_000 };
    let found = regions(&three, &four, &[], reach).expect("regions");
    assert!(found.gain.is_empty() && found.whole[0], "four axes are three");
    assert_eq!(found.loss[0].replayed, Some([Verdict::Captured, Verdict::NotCaptured]));
    assert_eq!(found.loss[0].witness.as_ref().map(|w| w.axes.len()), Some(3));
    assert!(found.both.is_some());
    assert_eq!((found.axes, found.needed), (4, [4, 3, 4]), "the three are among the four");
    // Among too few axes nothing is said of the others.
    let few = regions(&three, &four, &[], Reach { axes: Some(2), ..reach }).expect("regions");
    let text = toolgauge::report::regions_text(&few);
    assert!(
        text.contains("yes, of machines of at most 2 axes; of others it is not known"),
        "{text}"
    );
    let one = regions(&three, &four, &[], Reach { boxes: 0, ..reach }).expect("regions");
    let text = toolgauge::report::regions_text(&one);
    assert!(text.contains("not all was searched: as many boxes as were asked for"), "{text}");
    let one = regions(&three, &four, &[], Reach { steps: 1, ..reach }).expect("regions");
    let text = toolgauge::report::regions_text(&one);
    assert!(text.contains("not all was searched: the steps ran out (--steps)"), "{text}");
}

#[test]
fn sloped_limits_on_different_readings_are_searched_where_they_share_none() {
    let slope = |base: &str, lean: &str| {
        format!(
            "{{ base = \"{base}\", add = \"7 um\", per = \"1 m\", of = \"{lean}\", \
             beyond = \"1 m\" }}"
        )
    };
    let both = |name: &str, one: &str, other: &str| {
        let one = slope(one, "workpiece_length_max");
        let other = slope(other, "gear_pitch_diameter_max");
        of(
            name,
            &format!(
                "roughness_rms = {{ at_most = {one} }}, form_finish = {{ at_most = {other} }}"
            ),
        )
    };
    let reach = Reach { axes: None, boxes: 8, steps: 20_000 };
    let (narrow, wide) = (both("x/1", "4.5 um", "1 um"), both("x/2", "4.5 um", "2 um"));
    let found = regions(&narrow, &wide, &[], reach).expect("regions");
    assert!(found.loss.is_empty() && found.whole == [true; 3], "{:?}", found.left);
    let (yes, no) = (Verdict::Captured, Verdict::NotCaptured);
    assert!(!found.gain.is_empty() && found.gain.iter().all(|r| r.replayed == Some([no, yes])));
    let words = found.gain[0].machine.join(" and ");
    assert!(words.contains("form_finish above 1 µm plus 7 µm"), "{words}");
    assert!(words.contains("roughness_rms at most 4500 nm plus 7000 nm"), "{words}");
    // Two limits on one reading that hang on two others: what is entangled is named.
    let on_two = |name: &str, base: &str| {
        let (one, other) = (slope(base, "workpiece_length_max"), slope("6 um", "swing"));
        of(
            name,
            &format!(
                "all = [{{ roughness_rms = {{ at_most = {one} }} }}, \
                 {{ roughness_rms = {{ at_most = {other} }} }}]"
            ),
        )
    };
    let found = regions(&on_two("x/1", "4.5 um"), &on_two("x/2", "5 um"), &[], reach);
    let found = found.expect("regions");
    let text = toolgauge::report::regions_text(&found);
    for name in ["entangled in", "roughness_rms", "workpiece_length_max", "swing"] {
        assert!(text.contains(name), "{name}: {text}");
    }
}
