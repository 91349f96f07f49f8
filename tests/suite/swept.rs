//! A file that is read column by column is swept as one that is read whole, whatever its cells look
//! like.

use toolgauge::assess::{Drawing, Drawn, Evaluator, Map, Setup, Sweep, Turned};
use toolgauge::catalogue::{self, Mapping, Sheet};
use toolgauge::list::Dial;
use toolgauge::machine::{Basis, Machine};
use toolgauge::quantity::Value;
use toolgauge::table::{self, Chunks, Reading};

use crate::random::Source;
use crate::screen::{HEADER, evaluator, row, setups};
use crate::sweeps::dials;

/// The machines of a text drawn run by run; none where it is not read column by column.
fn drawn(evaluator: &Evaluator, dials: &[&Dial], sheet: &Sheet, text: &str) -> Option<Drawn> {
    let turned = Turned::new(evaluator, dials).expect("it compiles")?;
    let dialled = turned.dialled().expect("one way");
    let drawing = Drawing::new(&turned, &dialled, sheet)?;
    let run = |chunk| {
        let chunk: table::Chunk = Result::expect(chunk, "read");
        drawing.run(&chunk, b',', chunk.number == 0).expect("plain")
    };
    let runs = Chunks::new(text.as_bytes(), 1).map(run).collect();
    drop(drawing);
    drop(dialled);
    Some(Drawn::of_runs(turned, runs))
}

/// The curve of machines that were read whole.
fn whole(evaluator: &Evaluator, dial: &Dial, machines: &[Machine]) -> Sweep {
    let (none, marks) = (vec![None; machines.len()], vec![None; machines.len()]);
    Sweep::new(evaluator, dial, machines, &none, &marks, |_, _| ()).expect("a curve")
}

fn picked(sweep: &Sweep) -> Vec<Value> {
    let all: Vec<Value> = sweep.points.iter().filter_map(|point| point.from).collect();
    let step = (all.len() / 4).max(1);
    all.into_iter().step_by(step).collect()
}

#[test]
fn a_file_read_column_by_column_is_swept_as_one_that_is_read_whole() {
    let (mut curves, mut maps, mut doubted) = (0, 0, 0);
    for seed in 0..6 {
        let mut source = Source::new(seed);
        let rows: Vec<String> = (0..70).map(|id| row(&mut source, id)).collect();
        let text = format!("{HEADER}\n{}\n", rows.join("\n"));
        let table = table::read("x.csv", text.as_bytes(), &Reading::default()).expect("a table");
        let basis = source.pick(&[Basis::Stated, Basis::Catalogue]);
        let mapping = Mapping { basis, ..Mapping::default() };
        let machines = catalogue::read(&table, &mapping).machines;
        let sheet = Sheet::new("x.csv", &table.header, &mapping);
        for setup in setups() {
            let name = source.pick(&["eu/2B001", "eu/2B201", "gb/2B001"]);
            // Of figures in doubt the file is drawn once more.
            let accept_remembered = source.below(2) == 0;
            let runs = evaluator(&[name], Setup { accept_remembered, ..setup });
            let open = runs.doubted().expect("it compiles");
            let again = |dials: &[&Dial]| match &open {
                Some(open) => drawn(open, dials, &sheet, &text).map(Some),
                None => Some(None),
            };
            let all = dials(&runs.program.entries()[0].list, &mut source);
            let begin = source.below(all.len() as u64) as usize;
            let chosen: Vec<&Dial> = all.iter().cycle().skip(begin).take(9).collect();
            for dial in chosen.iter().take(4) {
                let Some(drawn) = drawn(&runs, &[dial], &sheet, &text) else { continue };
                let Some(in_doubt) = again(&[dial]) else { continue };
                let swept = Sweep::drawn(&runs, dial, &drawn, in_doubt.as_ref());
                let Some(swept) = swept.expect("a curve") else { continue };
                doubted += usize::from(in_doubt.is_some());
                assert_eq!(swept, whole(&runs, dial, &machines), "{seed} {name} {}", dial.name);
                curves += 1;
            }
            for pair in chosen.windows(2) {
                let Some(drawn) = drawn(&runs, pair, &sheet, &text) else { continue };
                let [first, second] = [pair[0], pair[1]];
                let values = [first, second].map(|dial| picked(&whole(&runs, dial, &machines)));
                let Some(in_doubt) = again(pair) else { continue };
                let map = Map::drawn(&runs, &drawn, in_doubt.as_ref(), values.clone());
                let Some(map) = map else { continue };
                let none = vec![None; machines.len()];
                let pair = [first, second];
                let again = Map::at(&runs, pair, &machines, &none, values, |_, _| ());
                let names = (&first.name, &second.name);
                assert_eq!(map, again.expect("a map"), "{seed} {name} {names:?}");
                maps += 1;
            }
        }
    }
    assert!(curves > 20 && maps > 5 && doubted > 3, "{curves} {maps} {doubted}");
}
