//! Proposals: overlays that stack, comparisons that mirror, curves that are what running the list
//! again at every value would give.

use toolgauge::assess::{Evaluator, Map, Setup, Sweep, Verdict, classify, compare, mirrored};
use toolgauge::catalogue::{self, Catalogue, Mapping};
use toolgauge::list::{Dial, Library, List};
use toolgauge::machine::Basis;
use toolgauge::quantity::Value;
use toolgauge::table::{self, Reading};

use crate::lists::setup;

pub const ONE: &str = include_str!("../../specs/proposals/one-number.toml");
const EVERY: &str = include_str!("../../specs/proposals/every-axis.toml");

fn sample(basis: Basis) -> Catalogue {
    let bytes = include_bytes!("../../specs/catalogues/sample.csv");
    let table = table::read("sample.csv", bytes, &Reading::default()).expect("a table");
    catalogue::read(&table, &Mapping { basis, ..Mapping::default() })
}

/// A list of a name.
pub fn list(name: &str) -> List {
    let library = Library::shipped().expect("the heads are read");
    let header = library.named(name).expect("a list");
    library.list(&header.id, &header.edition).expect("a list")
}

/// Overlays stacked on a list.
pub fn stacked(base: &str, overlays: &[&str]) -> Result<List, String> {
    let mut library = Library::shipped().expect("the heads are read");
    let overlays: Vec<(String, String)> = overlays
        .iter()
        .enumerate()
        .map(|(at, text)| (format!("o{at}.toml"), (*text).to_owned()))
        .collect();
    let words = |errors: Vec<toolgauge::error::Error>| {
        let all: Vec<String> = errors.iter().map(ToString::to_string).collect();
        all.join("\n")
    };
    let name = library.stack(base, &overlays).map_err(words)?;
    let (id, edition) = name.split_once('@').expect("a full name");
    library.list(id, edition).map_err(words)
}

fn evaluator(list: List, setup: Setup) -> Evaluator {
    Evaluator::of_lists(vec![list], None, setup).expect("the list compiles")
}

#[test]
fn overlays_stack_and_conflicts_show_both_places() {
    let both = stacked("eu/2B001", &[ONE, EVERY]).expect("they touch different clauses");
    assert_eq!(both.title(), "eu/2B001 (current+illustration/one-number+illustration/every-axis)");
    assert!(both.clause("2B001.b.5").is_some() && both.dials.len() == 2);
    // What they change is marked where it stands, and nothing else is.
    let marked = toolgauge::report::marked_text(&both, &list("eu/2B001"));
    let (text, _) = marked.split_once("Changes against").expect("the changes together");
    let marks: Vec<&str> = text
        .lines()
        .filter(|line| !line.starts_with(' ') && !line.is_empty())
        .map(|line| line.split("  ").next().unwrap_or_default())
        .collect();
    assert_eq!(marks, ["~", "+"], "{text}");
    assert!(text.contains("\n~     2B001.a.1  UPR") && text.contains("\n+     2B001.b.5  Three"));
    let again = stacked("eu/2B001", &[ONE, ONE]).expect_err("the test is gone");
    // What stands there now was written by the first overlay.
    assert!(again.contains("o1.toml:") && again.contains("o0.toml:"), "{again}");
    let stale = stacked("eu/2B001@2012-01-01", &[ONE]).expect_err("an older text");
    assert!(stale.contains("no longer says"), "{stale}");
    assert!(!stale.contains("no such limit"), "a dial is not to blame: {stale}");
    let moved = ONE.replace("0.9 um\" }, travel", "0.8 um\" }, travel");
    let moved = stacked("eu/2B001", &[&moved]).expect_err("no such test");
    assert!(moved.contains("o0.toml:") && moved.contains("2B001.current.toml:"), "{moved}");
    let alone = "format = 1\nkind = \"proposal\"\nlist = \"x/1\"\nedition = \"a\"\n\
                 jurisdiction = \"X\"\ntitle = \"t\"\ncarrier = \"c\"\nroot = \"1\"\n\
                 source = \"s\"\n[clause.\"1\"]\ntext = \"t\"\nwhen = { nc_capable = true }\n";
    assert!(stacked("eu/2B001", &[alone]).expect_err("no overlay").contains("stands alone"));
}

#[test]
fn comparisons_mirror_and_a_list_against_itself_is_empty() {
    let catalogue = sample(Basis::Stated);
    let weights = vec![Value::from_count(2); catalogue.machines.len()];
    let proposal = stacked("eu/2B001", &[ONE, EVERY]).expect("a list");
    for (a, b) in [
        (list("eu/2B001"), proposal),
        (list("eu/2B001@2008-07-01"), list("eu/2B001")),
        (list("eu/2B201"), list("us/2B201")),
    ] {
        let (a, b) = (evaluator(a, setup()), evaluator(b, setup()));
        let there = compare(&a, &b, &catalogue, &weights);
        let back = compare(&b, &a, &catalogue, &weights);
        assert!(!there.movers.is_empty() && !there.text.is_empty());
        assert_eq!(there.moves, mirrored(&back.moves));
        assert_eq!(there.movers.len(), back.movers.len());
        for (one, other) in there.movers.iter().zip(&back.movers) {
            assert_eq!((one.machine, one.was, one.now), (other.machine, other.now, other.was));
            assert_eq!((&one.clauses, &one.why), (&other.clauses, &other.why));
        }
        assert_eq!(there.groups.len(), back.groups.len());
        for (one, other) in there.groups.iter().zip(&back.groups) {
            assert_eq!((one.0, &one.1, one.2), (other.0, &other.1, mirrored(&other.2)));
        }
        assert_eq!(there.text.len(), back.text.len());
        for (one, other) in there.text.iter().zip(&back.text) {
            assert_eq!((&one.id, &one.was, &one.now), (&other.id, &other.now, &other.was));
        }
        let total: usize = there.moves.iter().flatten().map(|tally| tally.machines).sum();
        let weight: i128 = there.moves.iter().flatten().map(|tally| tally.weight).sum();
        assert_eq!((total, weight), (catalogue.machines.len(), 2 * total as i128));
        for side in [&a, &b] {
            let own = compare(side, side, &catalogue, &weights);
            assert!(own.text.is_empty() && own.movers.is_empty() && own.groups.is_empty());
        }
    }
}

/// How many machines a list captures, certainly and possibly, by classifying every one.
fn counts(list: List, setup: &Setup, catalogue: &Catalogue) -> (usize, usize) {
    let evaluator = evaluator(list, setup.clone());
    let found = classify(&evaluator, &catalogue.machines);
    let count = |wanted: &[Verdict]| {
        found.iter().filter(|result| wanted.contains(&result.outcomes[0].verdict)).count()
    };
    (count(&[Verdict::Captured]), count(&[Verdict::Captured, Verdict::Undetermined]))
}

#[test]
fn curves_are_what_running_the_list_again_gives() {
    let mut bare = setup();
    bare.policy.derive = false;
    let names: Vec<String> = bare.policy.assumptions.iter().map(|a| a.name.clone()).collect();
    for name in names {
        bare.policy.assumptions.set(&name, false).expect("known");
    }
    for (setup, basis) in
        [(setup(), Basis::Catalogue), (setup(), Basis::Stated), (bare, Basis::Stated)]
    {
        let catalogue = sample(basis);
        let none = vec![None; catalogue.machines.len()];
        let marks = vec![None; catalogue.machines.len()];
        for (name, dial) in [
            ("eu/2B001", "2B001.c.1:upr"),
            ("eu/2B001", "2B001.b.1.a:upr, 2B001.b.1.b:upr+0.2um"),
            // Travel is asked about from both sides.
            ("eu/2B001", "2B001.b.2.a:travel, 2B001.b.2.b:travel:at_least"),
            ("eu/2B001", "2B001.b.2.b:travel:below"),
            ("eu/2B201", "2B201.c:turning_diameter_max"),
            ("eu/2B201", "2B201.a.note:travel"),
            ("eu/2B201", "2B201.a.3:contouring_axes"),
        ] {
            let list = list(name);
            let dial = Dial::read(&list, dial).expect(dial);
            let runs = evaluator(list.clone(), setup.clone());
            let sweep = Sweep::new(&runs, &dial, &catalogue.machines, &none, &marks, |_, _| ());
            let sweep = sweep.expect("a curve");
            let mut values: Vec<i64> =
                sweep.points.iter().filter_map(|point| point.from).map(Value::count).collect();
            values.push(sweep.stands.count());
            let around = |value: i64| [value - 1, value, value + 1, value + value / 3];
            values = values.into_iter().flat_map(around).collect();
            values.sort_unstable();
            values.dedup();
            for value in values.into_iter().filter(|value| (0..7).contains(value) || *value > 6) {
                let at = Value::from_count(value).expect("fits");
                let counted = dial.moves[0].parameter.row().name == "contouring_axes";
                if value < 0 || (counted && value > 7) {
                    continue;
                }
                let captured = sweep.at(at).captured;
                let swept = (captured.certain.machines, captured.possible.machines);
                let again = counts(list.with(&dial, at), &setup, &catalogue);
                assert_eq!(swept, again, "{name} {} at {value}", dial.name);
            }
        }
    }
}

#[test]
fn maps_agree_with_curves_and_dials_say_what_is_wrong() {
    let catalogue = sample(Basis::Stated);
    let none = vec![None; catalogue.machines.len()];
    let list = list("eu/2B201");
    let read = |text: &str| Dial::read(&list, text);
    let (a, b) = (read("2B201.a.1:positioning_accuracy"), read("2B201.c:turning_diameter_max"));
    let (a, b) = (a.expect("a dial"), b.expect("a dial"));
    let runs = evaluator(list.clone(), setup());
    let map = Map::new(&runs, [&a, &b], &catalogue.machines, &none, 4, |_, _| ()).expect("a map");
    for (row, first) in map.first.iter().enumerate() {
        for (column, second) in map.second.iter().enumerate() {
            let again = counts(list.with(&a, *first).with(&b, *second), &setup(), &catalogue);
            let found = map.captured[row][column];
            assert_eq!((found.certain.machines, found.possible.machines), again);
        }
    }
    for (text, word) in [
        ("2B201.a.1", "no dial"),
        ("2B201.x:upr", "no clause `2B201.x`"),
        ("2B201.a.1:upr", "no such limit"),
        ("2B201.a.1:nothing", "no such field"),
        ("2B201.a.1:positioning_accuracy:around", "comparator"),
        ("2B201.a.1:positioning_accuracy+2", "offset"),
    ] {
        let error = read(text).expect_err(text).to_string();
        assert!(error.contains(word), "{text}: {error}");
    }
    let list = crate::proposals::list("eu/2B001");
    let read = |text: &str| Dial::read(&list, text);
    for (text, words) in [
        (
            "2B001.b.1.a:upr, 2B001.b.2:contouring_axes",
            "ties `2B001.b.1.a:upr` (length) to `2B001.b.2:contouring_axes` (count)",
        ),
        (
            "2B001.b.2:contouring_axes, 2B001.b.1.a:upr+1um",
            "ties `2B001.b.2:contouring_axes` (count) to `2B001.b.1.a:upr` (length)",
        ),
        ("2B001.b.1.a:upr, 2B001.b.1.a:upr+1um", "turns `2B001.b.1.a:upr` twice"),
        ("2B001.b.1.a:upr, 2B001.b.1.a:upr:at_most", "turns `2B001.b.1.a:upr` twice"),
    ] {
        let error = read(text).expect_err(text).to_string();
        assert!(error.contains(words), "{text}: {error}");
    }
    // Two limits on one reading of one clause, and lengths of different kinds, may be tied.
    for text in [
        "2B001.b.2.b:travel:at_least, 2B001.b.2.b:travel:below+3m",
        "2B001.b.1.a:upr, 2B001.b.2.b:travel:below",
    ] {
        assert!(read(text).is_ok(), "{text}");
    }
    for (one, other, shared) in [
        ("2B001.b.1.a:upr", "2B001.b.1.b:upr", None),
        ("2B001.b.1.a:upr", "2B001.b.1.a:travel", None),
        ("2B001.b.2.b:travel:at_least", "2B001.b.2.b:travel:below", None),
        ("2B001.b.1.a:upr", "2B001.b.1.a:upr:at_most", Some("2B001.b.1.a:upr")),
        ("2B001.b.1.b:upr", "2B001.b.1.a:upr, 2B001.b.1.b:upr+1um", Some("2B001.b.1.b:upr")),
    ] {
        let [a, b] = [one, other].map(|text| read(text).expect(text));
        let found = a.shared(&b, &list).expect("limits");
        assert_eq!(found.as_deref(), shared, "{one} and {other}");
    }
}

#[test]
fn marks_count_hits_misses_and_false_alarms() {
    let text = "id,process,contouring_axes,axes,axes_complete,workpiece_diameter_max_mm,\
                upr_x_um,concern\na,grinding,3,X,yes,400,0.8,yes\nb,grinding,3,X,yes,400,1.0,no\n\
                c,grinding,3,X,yes,400,1.5,yes\nd,grinding,3,X,yes,400,,no\n";
    let table = table::read("c.csv", text.as_bytes(), &Reading::default()).expect("a table");
    let catalogue =
        catalogue::read(&table, &Mapping { basis: Basis::Stated, ..Mapping::default() });
    let marks = toolgauge::assess::marks(&catalogue, Some("concern")).expect("a column");
    assert_eq!(marks, [Some(true), Some(false), Some(true), Some(false)]);
    let list = list("eu/2B001");
    let dial = Dial::read(&list, "2B001.c.1:upr").expect("a dial");
    let none = vec![None; 4];
    let mut setup = setup();
    setup.policy.derive = false;
    let runs = evaluator(list, setup);
    let sweep = Sweep::new(&runs, &dial, &catalogue.machines, &none, &marks, |_, _| ());
    let sweep = sweep.expect("a curve");
    let um = |tenths: i64| Value::from_count(tenths * 100_000).expect("fits");
    for (at, hits, misses, alarms, open) in
        [(7, 0, 2, 0, 1), (8, 1, 1, 0, 1), (11, 1, 1, 1, 1), (15, 2, 0, 1, 1)]
    {
        let found = sweep.at(um(at)).marked;
        let found = (found.hits, found.misses, found.false_alarms, found.open + found.open_others);
        assert_eq!(found, (hits, misses, alarms, open), "at {at} tenths of a µm");
    }
}

#[test]
fn a_view_adds_up_and_agrees_with_classifying() {
    use toolgauge::assess::{Selection, View};
    let catalogue = sample(Basis::Stated);
    let none = vec![None; catalogue.machines.len()];
    let text = include_str!("../../specs/profiles/tem-illustration.toml");
    let profile = toolgauge::list::parse_list("tem.toml", text, &mut |_| Err(Vec::new()));
    let profile = evaluator(profile.expect("a profile"), setup());
    let library = Library::shipped().expect("the heads are read");
    let lists = ["eu/2B001", "eu/2B201", "us/2B001"].map(str::to_owned).to_vec();
    let selection = Selection { lists, ..Selection::default() };
    let lists = Evaluator::new(&library, &selection, setup()).expect("the lists compile");
    let view = View::new(&profile, &lists, &catalogue, &none, false).expect("a view");
    assert_eq!(view.machines.machines, catalogue.machines.len());
    let found = classify(&profile, &catalogue.machines);
    let count = |wanted| found.iter().filter(|r| r.outcomes[0].verdict == wanted).count();
    assert_eq!(view.all.certain.machines, count(Verdict::Captured));
    assert_eq!(
        view.all.possible.machines - view.all.certain.machines,
        count(Verdict::Undetermined)
    );
    let names: Vec<&str> = view.overlaps.iter().map(|o| o.jurisdiction.as_str()).collect();
    assert_eq!(names, ["EU", "US"]);
    for one in &view.overlaps {
        let parts = [one.both, one.profile_only, one.lists_only, one.neither, one.open];
        assert_eq!(parts.iter().map(|t| t.machines).sum::<usize>(), catalogue.machines.len());
    }
    let names: Vec<&str> = view.regimes.iter().map(|o| o.jurisdiction.as_str()).collect();
    assert_eq!(names, ["NSG", "Wassenaar"]);
    for one in &view.regimes {
        let parts = [one.both, one.profile_only, one.lists_only, one.neither, one.open];
        assert_eq!(parts.iter().map(|t| t.machines).sum::<usize>(), catalogue.machines.len());
        assert!(one.withheld.machines <= one.open.machines);
    }
    // The only list of its regime here captures what the regime's items capture.
    let alone = Selection { lists: vec!["eu/2B201".to_owned()], ..Selection::default() };
    let alone = Evaluator::new(&library, &alone, setup()).expect("a list");
    let alone = View::new(&profile, &alone, &catalogue, &none, false).expect("a view");
    let counts = |o: &toolgauge::assess::Overlap| [o.both, o.profile_only, o.lists_only, o.open];
    assert_eq!(counts(&view.regimes[0]), counts(&alone.overlaps[0]));
    // A cell holds no more than the whole, and the last tier of a type holds every other one.
    for cells in &view.cells {
        let general = cells.last().copied().flatten().expect("every type has a general tier");
        for cell in cells.iter().flatten() {
            assert!(cell.certain.machines <= cell.possible.machines);
            assert!(cell.certain.machines <= general.certain.machines);
        }
    }
    assert_eq!(view.gap_ids.len(), view.gap.certain.machines);
    assert!(!view.gap_ids.is_empty() && view.gap_ids.is_sorted());
    // What the gap holds beyond the certain because absences of capture are withheld is told apart.
    let mut strict = setup();
    (strict.accept_unverified, strict.accept_remembered) = (false, false);
    let selection = Selection { as_of: "2027-06-01".parse().ok(), ..selection };
    let strict = Evaluator::new(&library, &selection, strict).expect("the lists compile");
    let withheld = View::new(&profile, &strict, &catalogue, &none, false).expect("a view");
    let open = withheld.gap.possible.machines - withheld.gap.certain.machines;
    assert_eq!(view.gap_withheld.machines, 0, "nothing is withheld where that is lifted");
    let moved = view.gap.certain.machines - withheld.gap.certain.machines;
    assert_eq!(withheld.gap_withheld.machines, moved);
    assert!(moved > 0 && moved <= open, "{moved} {open}");
    let text = toolgauge::report::view_text(&withheld, false, &Default::default());
    assert!(text.contains(&format!("; of the undecided, withheld: {moved}")), "{text}");
    let folded = View::new(&profile, &lists, &catalogue, &none, true).expect("a view");
    assert!(folded.machines.machines < view.machines.machines);
}

#[test]
fn every_limit_on_a_count_that_moves_a_machine_is_told() {
    let of = |name: &str, when: &str| {
        crate::random::list(&format!(
            "format = 1\nkind = \"proposal\"\nlist = \"{name}\"\nedition = \"a\"\n\
             jurisdiction = \"X\"\ntitle = \"t\"\ncarrier = \"c\"\nroot = \"E\"\nsource = \"s\"\n\
             [clause.\"E\"]\ntext = \"t\"\nwhen = {{ {when} }}\n"
        ))
    };
    let band =
        "contouring_axes = { at_least = 3, below = 6 }, contouring_rotary = { at_least = 1 }";
    let machines = "id,axes,axes_complete,contouring_linear,contouring_rotary\nm,X Y Z C,yes,3,1\n";
    let table = table::read("m.csv", machines.as_bytes(), &Reading::default()).expect("a table");
    let catalogue =
        catalogue::read(&table, &Mapping { basis: Basis::Stated, ..Default::default() });
    let sides = [of("x/1", band), of("x/2", "contouring_axes = { at_least = 5 }")];
    let [a, b] = sides.map(|list| evaluator(list, setup()));
    for found in [compare(&a, &b, &catalogue, &[None]), compare(&b, &a, &catalogue, &[None])] {
        let whys: Vec<&str> = found.movers.iter().map(|mover| mover.why.as_str()).collect();
        let why = "contouring_axes 3 linear + 1 rotary, below 6: +2, at least 3: +1; \
                   contouring_rotary 3 linear + 1 rotary, at least 1: 0";
        assert_eq!(whys, [why]);
    }
}
