//! One machine of a large catalogue is explained from the rows that bear on it.

use std::process::Command;

/// Rows of which some are of one model, in several spellings, and contradict each other.
const CATALOGUE: &str = "\
id,maker,model,version,process,contouring_axes,axes_complete,travel_x_mm,upr_x_um
a,Example,\"MX 5 \"\"Pro\"\"\",1,milling,5,yes,500,0.9
b,Example,\"mx 5 \"\"pro\"\"\",1,milling,5,yes,600,2
c,Other,MX 6,,turning,2,yes,500,1.0
d,other, mx 6 ,,turning,3,yes,500,
a,Example,MX 7,2,milling,5,yes,500,0.9
e,Example,\"MX 5 \"\"Pro\"\"\",2,milling,3,yes,900,0.7
f,Œuvre,\u{b5}X,,turning,2,yes,500,1.0
g,ŒUVRE,\u{b5}x,,turning,2,yes,700,1.0
h,,,,turning,2,yes,700,1.0
";

fn explained(folder: &std::path::Path, id: &str, more: &[&str]) -> (String, Option<i32>) {
    let output = Command::new(env!("CARGO_BIN_EXE_toolgauge"))
        .args(["explain", "catalogue.csv", "--machine", id, "--list", "eu/2B001"])
        .args(more)
        .current_dir(folder)
        .output()
        .expect("the program starts");
    (String::from_utf8(output.stdout).expect("UTF-8"), output.status.code())
}

#[test]
fn the_rows_that_bear_on_a_machine_explain_it_as_all_rows_do() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("catalogue.csv"), CATALOGUE).expect("written");
    for id in ["a", "b", "c", "d", "e", "f", "g", "h"] {
        let (text, _) = explained(folder.path(), id, &[]);
        // What is asked for here concerns every row, so all of them are read.
        let (whole, _) = explained(folder.path(), id, &["--fail-on", "remarks"]);
        assert_eq!(text, whole, "{id}");
        let contradicted = text.contains("for the same maker, model and version");
        assert_eq!(contradicted, ["b", "d", "g"].contains(&id), "{id}: {text}");
    }
    // The model is a name too; an unknown one is answered with what is near.
    assert!(explained(folder.path(), "MX 7", &[]).0.contains("MX 7"));
    assert_eq!(explained(folder.path(), "aa", &[]).1, Some(2));
}
