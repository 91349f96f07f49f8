//! `toolgauge classify`.

use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::arguments::{Classify, Common, Detail, Format};
use super::{Answer, Failure, files, progress, screen, setting};
use crate::assess::{self, Evaluator, MachineResult};
use crate::catalogue::Catalogue;
use crate::error::{Error, Kind};
use crate::record::{CatalogueRecord, RunRecord};
use crate::report;

/// How many machines are evaluated at once.
const BLOCK: usize = 256;
/// How many remarks are shown beside a summary.
const REMARKS_SHOWN: usize = 8;

/// Classifies a catalogue.
pub(super) fn classify(verb: &Classify, common: &Common) -> Result<Answer, Failure> {
    if verb.detail != Detail::Full {
        return screen::screen(verb, common);
    }
    let (library, evaluator) = setting::evaluator(&verb.law)?;
    let (catalogue, hash) = setting::catalogue(&verb.catalogue, &verb.read)?;
    let results = evaluate(&evaluator, &catalogue, common);
    let record = RunRecord::new(&evaluator, &library, Some(CatalogueRecord::of(&catalogue, hash)));
    if let Some(path) = &verb.rejects {
        files::write(path, report::rejected_csv(&catalogue)?.as_bytes())?;
    }
    if let Some(path) = &verb.remarks {
        files::write(path, report::remarks_csv(&catalogue.remarks)?.as_bytes())?;
    }
    match common.format {
        Format::Text => text(verb, common, &evaluator, &catalogue, &results, &record)?,
        Format::Csv => {
            let bytes = results_csv(&evaluator, &catalogue, &results)?;
            files::answer(common, &bytes)?;
            beside(common, &record)?;
        }
        Format::Json | Format::Jsonl => {
            json(common, &evaluator, &catalogue, &results, &record)?;
        }
    }
    let finding = setting::is_finding(verb.fail_on, &results, &catalogue);
    Ok(if finding { Answer::Finding } else { Answer::Done })
}

fn evaluate(evaluator: &Evaluator, catalogue: &Catalogue, common: &Common) -> Vec<MachineResult> {
    let bar = progress::bar(common, catalogue.machines.len(), "classifying");
    let results = catalogue
        .machines
        .par_chunks(BLOCK)
        .flat_map_iter(|machines| {
            let results = assess::classify(evaluator, machines);
            bar.inc(machines.len() as u64);
            results
        })
        .collect();
    bar.finish_and_clear();
    results
}

/// A summary for people, and the full result in a folder.
fn text(
    verb: &Classify,
    common: &Common,
    evaluator: &Evaluator,
    catalogue: &Catalogue,
    results: &[MachineResult],
    record: &RunRecord,
) -> Result<(), Failure> {
    let summary = assess::summarise(evaluator, results);
    let mut text = report::summary_text(evaluator, catalogue, &summary);
    let folder = verb.results.clone().unwrap_or_else(|| default_folder(&verb.catalogue));
    std::fs::create_dir_all(&folder).map_err(|error| {
        let text = format!("the folder `{}` cannot be made: {error}", folder.display());
        Error::new(Kind::File, text).help("name another with --results")
    })?;
    let mut matrix = Vec::new();
    report::matrix_csv(&mut matrix, evaluator, &catalogue.machines, results)?;
    for (name, bytes) in [
        ("results.csv", results_csv(evaluator, catalogue, results)?),
        ("matrix.csv", matrix),
        ("remarks.csv", report::remarks_csv(&catalogue.remarks)?.into_bytes()),
        ("run.json", files::json(record)?.into_bytes()),
    ] {
        files::write(&folder.join(name), &bytes)?;
    }
    text.push_str(&format!(
        "\nFull result: {0}/results.csv (a row per machine and entry), {0}/matrix.csv, \
         {0}/remarks.csv, {0}/run.json\n",
        folder.display()
    ));
    files::write_text(common, &text)?;
    let remarks = report::remarks_text(&catalogue.remarks, REMARKS_SHOWN);
    if !remarks.is_empty() {
        progress::tell(common, &remarks);
    }
    Ok(())
}

fn default_folder(catalogue: &Path) -> PathBuf {
    let stem = catalogue.file_stem().unwrap_or(catalogue.as_os_str());
    Path::new("toolgauge-results").join(stem)
}

fn results_csv(
    evaluator: &Evaluator,
    catalogue: &Catalogue,
    results: &[MachineResult],
) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    report::results_csv(&mut bytes, &[], true)?;
    for (machine, result) in catalogue.machines.iter().zip(results) {
        let rows = report::result_rows(evaluator, machine, result);
        report::results_csv(&mut bytes, &rows, false)?;
    }
    Ok(bytes)
}

/// A CSV has no room for the run record: it stands beside the file.
pub(super) fn beside(common: &Common, record: &RunRecord) -> Result<(), Failure> {
    if let Some(out) = &common.out {
        let mut name = out.clone().into_os_string();
        name.push(".run.json");
        files::write(Path::new(&name), files::json(record)?.as_bytes())?;
    }
    Ok(())
}

fn json(
    common: &Common,
    evaluator: &Evaluator,
    catalogue: &Catalogue,
    results: &[MachineResult],
    record: &RunRecord,
) -> Result<(), Failure> {
    let rows = catalogue
        .machines
        .iter()
        .zip(results)
        .flat_map(|(machine, result)| report::result_rows(evaluator, machine, result));
    if common.format == Format::Jsonl {
        let mut text = files::json_line(&serde_json::json!({ "run": record }))?;
        text.push('\n');
        for row in rows {
            text.push_str(&files::json_line(&row)?);
            text.push('\n');
        }
        files::answer(common, text.as_bytes())?;
        return Ok(());
    }
    let rows: Vec<_> = rows.collect();
    let remarks: Vec<String> = catalogue.remarks.iter().map(ToString::to_string).collect();
    let value = serde_json::json!({ "run": record, "results": rows, "remarks": remarks });
    files::write_json(common, &value)?;
    Ok(())
}
