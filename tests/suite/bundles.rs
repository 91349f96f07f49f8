//! Bundles: what a replay says of each part of a run that is not what it was.

use std::path::Path;
use std::process::Command;

use toolgauge::record::hash;

const MACHINES: &str = "\
id,process,contouring_axes,axes_complete,travel_x_mm,upr_x_um,travel_z_mm,upr_z_um
good,turning,2,yes,500,0.9,600,2
bad,turning,2,yes,500,1.0,600,2
";

/// What the program says in a folder, on either stream, and its exit code.
fn run(folder: &Path, arguments: &[&str]) -> (String, Option<i32>) {
    let output = Command::new(env!("CARGO_BIN_EXE_toolgauge"))
        .args(arguments)
        .current_dir(folder)
        .output()
        .expect("the program starts");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    (text(output.stdout) + &text(output.stderr), output.status.code())
}

#[test]
fn a_catalogue_by_its_hash_alone_says_which_part_differs_and_what_the_line_would_need() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    let put = |name: &str, text: &str| std::fs::write(folder.join(name), text).expect("written");
    let overlay = include_str!("../../specs/proposals/one-number.toml");
    put("p.toml", overlay);
    put("m.csv", MACHINES);
    let command = ["compare", "m.csv", "--base", "eu/2B001", "--proposal", "p.toml"];
    let days = ["--as-of", "2025-11-15", "--no-derive", "--basis", "stated"];
    let words = [&["bundle", "--out", "b.json", "--hash-only", "m.csv", "--"][..], &command, &days]
        .concat();
    let (said, code) = run(folder, &words);
    assert_eq!(code, Some(0), "{said}");
    let text = std::fs::read_to_string(folder.join("b.json")).expect("a bundle");
    assert!(!text.contains("good,turning"), "the catalogue is not handed over");
    let (said, code) = run(folder, &["replay", "b.json"]);
    assert!(said.starts_with("the same: ") && code == Some(0), "{said}");
    // Another catalogue under that name: its hash, what else is the same, and no line.
    let other = MACHINES.replace("500,1.0", "500,0.8");
    put("m.csv", &other);
    let (said, code) = run(folder, &["replay", "b.json"]);
    assert_eq!(code, Some(1), "{said}");
    for words in [
        "the catalogue `m.csv` here is another file than there",
        hash(MACHINES.as_bytes()).as_str(),
        hash(other.as_bytes()).as_str(),
        "hashes of the parts: list the same; overlay the same; profile the same; cases the same; \
         mapping the same; catalogue differs (m.csv); sample the same; assumptions the same; \
         words the same; policies the same; dates the same; result differs",
        "which line differs first cannot be said",
        "it holds the catalogue `m.csv` by hash alone; bundle every file whole",
    ] {
        assert!(said.contains(words), "{words}: {said}");
    }
    put("m.csv", MACHINES);
    let edited = |from: &str, to: &str| {
        put("c.json", &text.replacen(from, to, 1));
        run(folder, &["replay", "c.json"])
    };
    // Each part of the words by itself.
    for (from, to, wanted) in [
        ("\"2025-11-15\"", "\"2025-11-14\"", "the dates of the command are others than there"),
        ("\"--no-derive\"", "\"--accept-unverified\"", "the policies of the command are others"),
        // The answer is the same all the same, and the bundle is not.
        ("\"--no-derive\",\n", "", "the policies of the command are others than there"),
        ("\"stated\"", "\"measured\"", "the policies of the command are others than there"),
    ] {
        let (said, code) = edited(from, to);
        assert!(code == Some(1) && said.starts_with(wanted), "{from}: {said}");
    }
    // What does not have its hash is not run on.
    let (said, code) = edited(&hash(shipped("eu/2B001.current").as_bytes()), "00");
    assert!(
        code == Some(2) && said.contains("2B001.current.toml` does not have its hash"),
        "{said}"
    );
    let (said, code) = edited("\"bundle\": 2", "\"bundle\": 3");
    assert!(code == Some(2) && said.contains("a bundle of form 3; this program reads 2"), "{said}");
    // A bundle from elsewhere writes nothing but what it answers.
    let (said, code) = edited("\"--no-derive\"", "\"--out=x.txt\"");
    assert!(code == Some(2) && said.contains("`--out` does not go into a bundle"), "{said}");
    let (said, code) = edited("\"compare\",", "\"new\",");
    assert!(code == Some(2) && said.contains("`new` is not bundled"), "{said}");
    let (said, code) = edited("\"path\": \"m.csv\"", "\"path\": \"../m.csv\"");
    assert!(code == Some(2) && said.contains("lies outside the folder"), "{said}");
    // An overlay by its hash alone.
    let words = [&["bundle", "--out", "d.json", "--hash-only", "p.toml", "--"][..], &command];
    let (said, code) = run(folder, &words.concat());
    assert_eq!(code, Some(0), "{said}");
    put("p.toml", &overlay.replace("1.5 um", "1.6 um"));
    let (said, _) = run(folder, &["replay", "d.json"]);
    assert!(
        said.contains("overlay differs (p.toml)") && said.contains("catalogue the same"),
        "{said}"
    );
    std::fs::remove_file(folder.join("p.toml")).expect("removed");
    let (said, code) = run(folder, &["replay", "d.json"]);
    assert!(code == Some(2) && said.contains("the bundle has only its hash"), "{said}");
}

/// A copy of `specs` in a folder, with one list changed.
fn specs_with(folder: &Path, list: &str, from: &str, to: &str) {
    let specs = Path::new(env!("CARGO_MANIFEST_DIR")).join("specs");
    let mut folders = vec![specs.clone()];
    while let Some(inner) = folders.pop() {
        for entry in std::fs::read_dir(inner).expect("a folder") {
            let path = entry.expect("an entry").path();
            let place = folder.join(path.strip_prefix(&specs).expect("inside"));
            if path.is_dir() {
                std::fs::create_dir_all(&place).expect("made");
                folders.push(path);
            } else {
                std::fs::create_dir_all(place.parent().expect("a folder")).expect("made");
                std::fs::copy(&path, &place).expect("copied");
            }
        }
    }
    let place = folder.join(list);
    let text = std::fs::read_to_string(&place).expect("a list");
    assert!(text.contains(from), "{list} has no {from}");
    std::fs::write(&place, text.replace(from, to)).expect("written");
}

#[test]
fn a_replay_rests_on_the_bundled_law_whatever_the_program_ships() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    let put = |name: &str, text: &str| std::fs::write(folder.join(name), text).expect("written");
    put("m.csv", MACHINES);
    let list = "lists/eu/2B001.current.toml";
    specs_with(&folder.join("later"), list, "0.9 um", "1.0 um");
    // The same day's command, under the law as shipped and as a later program might ship it.
    let command =
        ["classify", "m.csv", "--list", "eu/2B001", "--format", "csv", "--basis", "stated"];
    let [now, later] = [&[][..], &["--specs", "later"]].map(|specs| {
        let (said, code) = run(folder, &[specs, &command].concat());
        assert_eq!(code, Some(0), "{said}");
        said
    });
    assert_ne!(now, later, "the change of the list changes the verdict on 1.0 um");
    for (bundle, specs, other) in
        [("a.json", &[][..], &["--specs", "later"][..]), ("b.json", &["--specs", "later"], &[])]
    {
        let words = [specs, &["bundle", "--out", bundle, "--"], &command].concat();
        let (said, code) = run(folder, &words);
        assert_eq!(code, Some(0), "{said}");
        let (said, code) = run(folder, &[specs, &["replay", bundle]].concat());
        assert!(said.starts_with("the same: ") && said.lines().count() == 1, "{said}");
        assert_eq!(code, Some(0));
        let (said, code) = run(folder, &[other, &["replay", bundle]].concat());
        let words = format!("the base list `{list}` is another text here: replayed on the bundled");
        assert!(said.starts_with("the same: ") && said.contains(&words), "{said}");
        assert_eq!((code, said.lines().count()), (Some(0), 2), "{said}");
    }
    // Lists that are at hand in one place alone.
    std::fs::remove_file(folder.join("later/lists/eu/2B002.current.toml")).expect("removed");
    let (said, _) = run(folder, &["--specs", "later", "replay", "a.json"]);
    let gone = "not at hand here: `lists/eu/2B002.current.toml`; replayed on the bundled text";
    assert!(said.starts_with("the same: ") && said.contains(gone), "{said}");
    let words = [&["--specs", "later", "bundle", "--out", "c.json", "--"][..], &command].concat();
    let (said, code) = run(folder, &words);
    assert_eq!(code, Some(0), "{said}");
    let (said, _) = run(folder, &["replay", "c.json"]);
    let more = "at hand here alone: `lists/eu/2B002.current.toml`; left out of the replay";
    assert!(said.starts_with("the same: ") && said.contains(more), "{said}");
    // A folder without lists is none.
    let (said, code) = run(folder, &["--specs", ".", "lists"]);
    assert!(code == Some(2) && said.contains("has no list, or no assumptions"), "{said}");
}

#[test]
fn every_verb_with_an_answer_is_bundled_and_replayed_to_the_same_bytes() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    let put = |name: &str, text: &str| std::fs::write(folder.join(name), text).expect("written");
    put("m.csv", MACHINES);
    put("p.toml", include_str!("../../specs/proposals/one-number.toml"));
    put("entry.toml", include_str!("../../specs/proposals/regime-without-entry.toml"));
    put("tem.toml", include_str!("../../specs/profiles/tem-illustration.toml"));
    let [list, base] = [["--list", "eu/2B001+p.toml"], ["--base", "eu/2B001"]];
    let proposal = ["--proposal", "p.toml"];
    let of = ["m.csv", "--machine", "good"];
    for command in [
        [&["classify", "m.csv", "--format", "json"][..], &list].concat(),
        [&["explain"][..], &of, &list].concat(),
        [&["diff", "m.csv", "m.csv"][..], &list].concat(),
        [&["compare", "m.csv"][..], &base, &proposal].concat(),
        vec!["sweep", "m.csv", "--list", "./p.toml", "--dial", "turning"],
        [&["region", "--boxes", "1"][..], &base, &proposal].concat(),
        vec!["view", "m.csv", "--profile", "tem.toml"],
        vec!["show", "eu/2B001+p.toml"],
        vec!["check", "p.toml", "entry.toml"],
        vec!["region", "--base", "eu/2B009", "--proposal", "us/2B009"],
    ] {
        let words = [&["bundle", "--out", "b.json", "--"][..], &command].concat();
        let (said, code) = run(folder, &words);
        assert_eq!(code, Some(0), "{command:?}: {said}");
        let (said, code) = run(folder, &["replay", "b.json"]);
        assert!(said.starts_with("the same: ") && code == Some(0), "{command:?}: {said}");
    }
    // The cases beside a list are of a deep check.
    put("entry.cases.toml", "format = 1\nkind = \"cases\"\n");
    let words = ["bundle", "--out", "b.json", "--", "check", "entry.toml"];
    run(folder, &words);
    let text = std::fs::read_to_string(folder.join("b.json")).expect("a bundle");
    assert!(text.contains("\"path\": \"entry.cases.toml\",\n      \"part\": \"cases\""));
    for (words, why) in [
        (&["test"][..], "`test` is not bundled"),
        (&["classify", "m.csv"], "the summary of `classify` writes a folder too"),
        (&["sweep", "m.csv", "--histogram", "h.svg"], "`--histogram` does not go into a bundle"),
        (&["view", "m.csv", "--specs=later"], "give it to `bundle` itself"),
    ] {
        let (said, code) = run(folder, &[&["bundle", "--"][..], words].concat());
        assert!(code == Some(2) && said.contains(why), "{words:?}: {said}");
    }
    let words = ["bundle", "--hash-only", "n.csv", "--", "show", "eu/2B001"];
    let (said, code) = run(folder, &words);
    assert!(code == Some(2) && said.contains("the command reads no file `n.csv`"), "{said}");
}

#[test]
fn a_replay_vouches_for_the_answer_that_it_holds() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path().join("run");
    std::fs::create_dir(&folder).expect("made");
    let put = |name: &str, text: &str| std::fs::write(folder.join(name), text).expect("written");
    put("m.csv", MACHINES);
    put("p.toml", include_str!("../../specs/proposals/one-number.toml"));
    put("../o.toml", include_str!("../../specs/proposals/one-number.toml"));
    let command = ["compare", "m.csv", "--base", "eu/2B001", "--proposal", "p.toml"];
    let (said, code) = run(&folder, &[&["bundle", "--out", "b.json", "--"][..], &command].concat());
    assert_eq!(code, Some(0), "{said}");
    let text = std::fs::read_to_string(folder.join("b.json")).expect("a bundle");
    let edited = |from: &str, to: &str| {
        assert_eq!(text.matches(from).count(), 1, "{from}");
        put("c.json", &text.replace(from, to));
        run(&folder, &["replay", "c.json"])
    };
    let (said, code) = edited("\"answer\": \"", "\"answer\": \"Nothing moves.\\n");
    assert!(code == Some(2) && said.contains("its answer does not have its hash"), "{said}");
    let (said, code) = edited("\"notice\": \"", "\"notice\": \"Certified. ");
    let words = "the notice of the bundle is not what this program says";
    assert!(code == Some(1) && said.starts_with(words), "{said}");
    assert!(
        said.contains("\nthe answer is the same: ") && said.ends_with("result the same\n"),
        "{said}"
    );
    let (said, code) = edited("\"exit\": 0", "\"exit\": 1");
    assert!(
        code == Some(1) && said.starts_with("the exit code differs: 1 there, 0 here\n"),
        "{said}"
    );
    assert!(
        said.contains("\nthe answer is the same: ") && !said.contains("answer differs"),
        "{said}"
    );
    // A key that nothing reads, of the bundle, of its words or of a file.
    for (from, key) in [
        ("\"exit\": 0", "approved"),
        ("\"path\": \"m.csv\"", "signed"),
        ("\"part\": \"dates\"", "since"),
    ] {
        let (said, code) = edited(from, &format!("\"{key}\": 1,\n{from}"));
        let words = format!("is no bundle: unknown field `{key}`");
        assert!(code == Some(2) && said.contains(&words) && said.contains("at line"), "{said}");
    }
    // A path of the words outside the folder, as a whole, after its option's sign or as an overlay.
    let outer = folder.join("../o.toml").display().to_string();
    let words = "\"--proposal\",\n    \"p.toml\"";
    for path in [
        "\"--proposal\", \"../o.toml\"".to_owned(),
        "\"--proposal=../o.toml\"".to_owned(),
        "\"--proposal\", \"eu/2B001+../o.toml\"".to_owned(),
        format!("\"--proposal\", \"{outer}\""),
    ] {
        let (said, code) = edited(words, &path);
        assert!(code == Some(2) && said.contains("o.toml` lies outside the folder"), "{said}");
    }
    let outside = ["compare", "m.csv", "--base", "eu/2B001", "--proposal", "../o.toml"];
    let (said, code) = run(&folder, &[&["bundle", "--"][..], &outside].concat());
    assert!(code == Some(2) && said.contains("lies outside the folder"), "{said}");
}

#[test]
fn words_that_name_no_files_take_none() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    let put = |name: &str, text: &str| std::fs::write(folder.join(name), text).expect("written");
    put("m.csv", &MACHINES.replace("id,", "units,id,").replace("good,", "1,good,"));
    put("p.toml", include_str!("../../specs/proposals/one-number.toml"));
    for name in ["units", "compare", "eu", "no-derive", "--names", "stated"] {
        put(name, "of no use");
    }
    let command = [
        &["compare", "m.csv", "--base", "eu/2B001", "--proposal=eu/2B001+p.toml", "--names"][..],
        &["--weight", "units", "--basis=stated", "--quiet"],
    ];
    let words = [&["bundle", "--out", "b.json", "--"][..], &command.concat()].concat();
    let (said, code) = run(folder, &words);
    assert_eq!(code, Some(0), "{said}");
    let text = std::fs::read_to_string(folder.join("b.json")).expect("a bundle");
    let bundle: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let files = bundle["files"].as_array().expect("files").iter();
    let files: Vec<_> = files.map(|file| [&file["path"], &file["part"]]).collect();
    assert_eq!(files, [["m.csv", "catalogue"], ["p.toml", "overlay"]]);
    let (said, code) = run(folder, &["replay", "b.json"]);
    assert!(said.starts_with("the same: ") && code == Some(0), "{said}");
    let (said, code) = run(folder, &["bundle", "--", "compare", "m.csv", "--bass", "eu/2B001"]);
    assert!(code == Some(2) && said.contains("--bass"), "{said}");
}

#[test]
fn a_bundle_whose_hashes_were_made_to_fit_still_has_to_give_its_answer() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    let put = |name: &str, text: &str| std::fs::write(folder.join(name), text).expect("written");
    put("m.csv", MACHINES);
    let command =
        ["classify", "m.csv", "--list", "eu/2B001", "--format", "csv", "--basis", "stated"];
    let (said, code) = run(folder, &[&["bundle", "--out", "b.json", "--"][..], &command].concat());
    assert_eq!(code, Some(0), "{said}");
    let text = std::fs::read_to_string(folder.join("b.json")).expect("a bundle");
    let bundle: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let replayed = |bundle: &serde_json::Value| {
        put("c.json", &bundle.to_string());
        run(folder, &["replay", "c.json"])
    };
    let forged = |kind: &str, path: &str, from: &str, to: &str| {
        let mut bundle = bundle.clone();
        let files = bundle[kind].as_array_mut().expect("files");
        let file = files.iter_mut().find(|file| file["path"] == path).expect("a file");
        let text = file["text"].as_str().expect("a text");
        assert!(text.contains(from), "{path} has no {from}");
        let text = text.replace(from, to);
        file["blake3"] = hash(text.as_bytes()).into();
        file["text"] = text.into();
        bundle
    };
    let list = ("lists/eu/2B001.current.toml", "0.9 um", "1.0 um");
    let (said, code) = replayed(&forged("specs", list.0, list.1, list.2));
    assert!(code == Some(1) && said.starts_with("the answer differs: "), "{said}");
    assert!(said.contains("the answer's first difference: line "), "{said}");
    assert!(said.contains("the base list `lists/eu/2B001.current.toml` is another text"), "{said}");
    let (said, code) = replayed(&forged("files", "m.csv", "500,1.0", "500,0.8"));
    assert!(code == Some(1) && said.starts_with("the answer differs: "), "{said}");
    let mut other = bundle.clone();
    let answer = bundle["answer"].as_str().expect("an answer");
    let answer = answer.replacen("not captured", "captured", 1);
    assert_ne!(bundle["answer"], answer);
    other["result"] = hash(answer.as_bytes()).into();
    other["answer"] = answer.into();
    let (said, code) = replayed(&other);
    assert!(code == Some(1) && said.starts_with("the answer differs: "), "{said}");
    // One that was made anew as a whole gives its answer, as the notice says; of a list that is the
    // program's own the replay says that it is another one.
    specs_with(&folder.join("forged"), list.0, list.1, list.2);
    let words = ["--specs", "forged", "bundle", "--out", "f.json", "--"];
    let (said, code) = run(folder, &[&words[..], &command].concat());
    assert_eq!(code, Some(0), "{said}");
    let (said, code) = run(folder, &["replay", "f.json"]);
    assert!(code == Some(0) && said.starts_with("the same: "), "{said}");
    assert!(said.contains("the base list `lists/eu/2B001.current.toml` is another text"), "{said}");
    let notice = bundle["notice"].as_str().expect("a notice");
    for words in ["give its answer", "does not show who made", "changed together with its hashes"] {
        assert!(notice.contains(words), "{notice}");
    }
}

/// The text of a shipped list.
fn shipped(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("specs/lists/{name}.toml"));
    std::fs::read_to_string(path).expect("a list")
}
