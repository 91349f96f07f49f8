//! The shipped lists and cases, as the program ships them.

use toolgauge::assess::{Setup, run_cases};
use toolgauge::evidence::{Assumptions, Level, Policy};
use toolgauge::list::Library;
use toolgauge::table::shipped;

/// The ordinary setting: default assumptions, law and figures accepted.
pub fn setup() -> Setup {
    Setup {
        policy: Policy {
            level: Level::Assumed,
            as_stated: false,
            derive: true,
            assumptions: Assumptions::shipped().expect("readable"),
        },
        policies: Vec::new(),
        accept_unverified: true,
        accept_remembered: true,
    }
}

#[test]
fn every_expectation_beside_a_list_is_met() {
    let library = Library::shipped().expect("the heads are read");
    let mut failed = Vec::new();
    let mut count = 0;
    for file in shipped::cases() {
        let results =
            run_cases(&library, file.name, file.text, &setup()).unwrap_or_else(|errors| {
                panic!("{}", errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
            });
        count += results.len();
        for result in results.into_iter().filter(|result| !result.problems.is_empty()) {
            failed.push(format!(
                "{}: {}: {}",
                result.place,
                result.case,
                result.problems.join("; ")
            ));
        }
    }
    println!("{count} cases");
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

#[test]
fn every_list_has_cases_and_every_case_file_a_list() {
    let library = Library::shipped().expect("the heads are read");
    let cases: Vec<String> =
        shipped::cases().map(|file| file.name.trim_end_matches(".cases.toml").to_owned()).collect();
    for header in library.headers() {
        let name = header.file.trim_end_matches(".toml").to_owned();
        assert!(cases.contains(&name), "{} has no cases", header.file);
    }
    assert_eq!(cases.len(), library.headers().len());
}

#[test]
fn editions_of_a_list_do_not_overlap() {
    let library = Library::shipped().expect("the heads are read");
    for id in library.ids() {
        let editions: Vec<_> =
            library.headers().into_iter().filter(|header| header.id == id).collect();
        for pair in editions.windows(2) {
            let (until, from) = (pair[0].until, pair[1].in_force);
            assert!(
                until.is_some() && until < from,
                "{} {} until {until:?} overlaps {} from {from:?}",
                id,
                pair[0].edition,
                pair[1].edition
            );
        }
        assert!(editions.iter().all(|h| h.verified_through.is_some()), "{id}");
    }
}
