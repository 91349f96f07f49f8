//! Witnesses of regions: rows that the catalogue reader reads, and that both lists judge as was
//! said.

use toolgauge::assess::{Evaluator, Reach, Regions, classify, regions};
use toolgauge::evidence::Assumptions;
use toolgauge::list::{Library, List};
use toolgauge::machine::Machine;
use toolgauge::report::{regions_json, regions_text};

use crate::lists::setup;
use crate::proposals::{ONE, list, stacked};
use crate::random::{Source, list as parsed, list_text};

/// The machine that the reader makes of a row `header=cell; header=cell`; nothing may be remarked.
fn pasted(row: &str) -> Machine {
    let cells = row.split("; ").filter_map(|cell| cell.split_once('='));
    let (header, cells): (Vec<&str>, Vec<&str>) = cells.unzip();
    let text = format!("id,{}\nw,\"{}\"\n", header.join(","), cells.join("\",\""));
    let table = toolgauge::table::read("w.csv", text.as_bytes(), &Default::default());
    let read = toolgauge::catalogue::read(&table.expect("a table"), &Default::default());
    assert!(read.remarks.is_empty(), "{row}: {:?}", read.remarks);
    assert_eq!(read.machines.len(), 1, "{row}");
    read.machines.into_iter().next().expect("a machine")
}

/// Reads every witness back and has both lists judge it, as sheets are and with nothing assumed.
fn replay(lists: [&List; 2], found: &Regions) -> usize {
    let json = regions_json(found, None);
    let mut count = 0;
    for (side, was, now) in
        [("gain", "not captured", "captured"), ("loss", "captured", "not captured")]
    {
        for told in json[side].as_array().expect("boxes") {
            let Some(row) = told["witness"].as_str() else {
                assert_eq!(told["under_first"], "");
                continue;
            };
            let supposed = told["supposed"].as_array().is_some_and(|all| !all.is_empty());
            if !supposed {
                assert_eq!(
                    (&told["under_first"], &told["under_second"]),
                    (&was.into(), &now.into())
                );
            }
            let machine = pasted(row);
            for assumed in [true, false] {
                let mut setup = setup();
                if !assumed {
                    setup.policy.assumptions = Assumptions::default();
                }
                let said = lists.map(|list| {
                    let evaluator = Evaluator::of_lists(vec![list.clone()], None, setup.clone());
                    let evaluator = evaluator.expect("the list compiles");
                    let outcomes = classify(&evaluator, std::slice::from_ref(&machine));
                    let conflicts = &outcomes[0].conflicts;
                    assert!(conflicts.is_empty(), "{row}: {conflicts:?}");
                    outcomes[0].outcomes[0].verdict.word()
                });
                let told = [&told["under_first"], &told["under_second"]].map(|v| v.as_str());
                assert_eq!(said.map(Some), told, "{side}, assumed {assumed}: {row}");
            }
            count += 1;
        }
    }
    count
}

#[test]
fn every_witness_reads_back_and_is_judged_alike() {
    let reach = Reach { axes: None, boxes: 6, steps: 20_000 };
    let mut count = 0;
    let (base, one) = (list("eu/2B001"), stacked("eu/2B001", &[ONE]).expect("a list"));
    // Of both lists of the last pair some notes are about machines limited to certain parts.
    let library = Library::shipped().expect("the heads are read");
    let edition = |name, edition| library.list(name, edition).expect("a list");
    let limited = [edition("eu/2B001", "wa-2015"), edition("jp/item-6-2", "jp-2009-2016")];
    let limited = (&limited[0], &limited[1]);
    let pairs = [(&base, &one), (&one, &base), (&base, &list("eu/2B201")), limited];
    for (first, second) in pairs {
        let found = regions(first, second, &[], reach).expect("regions");
        assert!(found.gain.iter().chain(&found.loss).any(|region| region.witness.is_some()));
        count += replay([first, second], &found);
    }
    assert!(count > 12, "{count}");
}

#[test]
fn every_witness_of_random_lists_reads_back() {
    let mut count = 0;
    for seed in 0..24 {
        let mut source = Source::new(seed);
        let (a, b) = (parsed(&list_text(&mut source)), parsed(&list_text(&mut source)));
        let reach = Reach { axes: Some(2), boxes: 4, steps: 3_000 };
        let Ok(found) = regions(&a, &b, &[], reach) else { continue };
        count += replay([&a, &b], &found);
    }
    assert!(count > 20, "{count}");
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
fn what_sound_bounds_exclude_is_no_counterexample() {
    let accuracy = |name: &str, limit: &str| {
        of(
            name,
            &format!(
                "axis = {{ some = \"linear\", positioning_accuracy = \
             {{ at_most = \"{limit}\", by = \"ISO 230-2:1988\" }} }}"
            ),
        )
    };
    let upr = |name: &str, limit: &str| {
        of(name, &format!("axis = {{ some = \"linear\", upr = {{ at_most = \"{limit}\" }} }}"))
    };
    let reach = Reach { axes: None, boxes: 12, steps: 20_000 };
    for (accurate, repeats, implied) in
        [("3 um", "2 um", true), ("3 um", "1.9 um", false), ("3.1 um", "2 um", false)]
    {
        let (one, other) = (accuracy("x/5", accurate), upr("x/6", repeats));
        let found = regions(&one, &other, &[], reach).expect("regions");
        assert_eq!(found.loss.iter().all(|r| r.excluded.is_some()), implied, "{repeats}");
        assert!(found.gain.iter().any(|region| region.witness.is_some()), "{repeats}");
        let text = regions_text(&found);
        let line = "all that x/5 (a) [DRAFT, not law] captures, x/6 (a) [DRAFT, not law] does: ";
        let said = text.lines().find_map(|said| said.strip_prefix(line)).expect("the line");
        if implied {
            let yes = "yes, as no machine can lie in the 2 boxes that the texts leave: R(1988) ≤ \
                       A(1988) and UPR ≤ R↑";
            assert_eq!(said, yes);
            assert!(text.contains("no machine in any (R(1988) ≤ A(1988) and UPR ≤ R↑)"), "{text}");
        } else {
            assert_eq!(said, "no", "{accurate} {repeats}");
        }
        replay([&one, &other], &found);
        // The other way round, the same is gain.
        let back = regions(&other, &one, &[], reach).expect("regions");
        assert_eq!(back.gain.iter().all(|r| r.excluded.is_some()), implied, "{repeats}");
    }
}

#[test]
fn figures_of_two_editions_read_back_each_with_its_own() {
    // The one edition in the base, the other beside it: a witness has to state both.
    let accuracy = |edition: &str, limit: &str| {
        format!("positioning_accuracy = {{ at_most = \"{limit}\", by = \"{edition}\" }}")
    };
    let (old, new) = ("ISO 230-2:1988", "ISO 230-2:2014");
    let axis = |tests: &str| of("x/7", &format!("axis = {{ some = \"linear\", {tests} }}"));
    let both = format!(
        "all = [{{ axis = {{ some = \"linear\", {} }} }}, \
         {{ axis = {{ some = \"linear\", {} }} }}]",
        accuracy(old, "6 um"),
        accuracy(new, "2 um")
    );
    let (one, two) = (axis(&accuracy(old, "6 um")), of("x/8", &both));
    let found = regions(&one, &two, &[], Reach { axes: None, boxes: 12, steps: 20_000 });
    let found = found.expect("regions");
    let rows = found.loss.iter().filter_map(|region| region.witness.as_ref());
    let editions = |row: &str| [old, new].iter().all(|edition| row.contains(edition));
    let json = regions_json(&found, None);
    let told = json["loss"].as_array().expect("boxes").iter();
    assert!(told.filter_map(|b| b["witness"].as_str()).any(editions), "{json:#}");
    assert_eq!(replay([&one, &two], &found), rows.count());
}
