//! `toolgauge explain`.

use super::arguments::{Common, Explain, Format};
use super::{Answer, Failure, files, one, setting};
use crate::assess::{self, Chances, Evaluator, MachineResult, Spread};
use crate::catalogue::Catalogue;
use crate::error::{Error, nearest};
use crate::machine::{self, Machine, ParameterId};
use crate::quantity::{Phrase, Style};
use crate::record::{CatalogueRecord, RunRecord};
use crate::report;

/// Explains one machine.
pub(super) fn explain(verb: &Explain, common: &Common) -> Result<Answer, Failure> {
    let (library, evaluator) = setting::evaluator(&verb.law)?;
    let (catalogue, hash) = match one::catalogue(verb, common.format)? {
        // Only a record of the run asks for the hash of the whole.
        Some(catalogue) => (catalogue, String::new()),
        None => setting::catalogue(&verb.catalogue, &verb.read)?,
    };
    let at = chosen(&catalogue, verb.machine.as_deref())?;
    let Some(explanation) = assess::explain(&evaluator, &catalogue, at) else {
        return Err(Error::usage("the catalogue holds no machine").into());
    };
    let chances = chances(verb, &evaluator, &explanation.machine)?;
    let proofs = report::proof_rows(&evaluator, &explanation);
    let remarks = catalogue.remarks_of(at);
    match common.format {
        Format::Text => {
            let mut text = report::proof_text(&evaluator, &explanation, verb.full);
            if let Some(chances) = &chances {
                text.push_str(&report::chances_text(&evaluator, &explanation.machine, chances));
            }
            if !remarks.is_empty() {
                text.push_str("\nWhat the reader had to say:\n");
                text.push_str(&report::remarks_text(&remarks, usize::MAX));
                text.push('\n');
            }
            files::write_text(common, &text)?;
        }
        Format::Csv => {
            let rows: Vec<_> = proofs.into_iter().map(|proof| proof.result).collect();
            let mut bytes = Vec::new();
            report::results_csv(&mut bytes, &rows, true)?;
            if let Some(chances) = &chances {
                bytes = report::with_chances(&bytes, &report::chance_rows(&evaluator, chances))?;
            }
            files::answer(common, &bytes)?;
        }
        Format::Json | Format::Jsonl => {
            let record =
                RunRecord::new(&evaluator, &library, Some(CatalogueRecord::of(&catalogue, hash)));
            let question = explanation.question.as_ref().map(|(missing, count)| {
                serde_json::json!({ "ask_for": missing.text(), "settles_entries": count })
            });
            let value = serde_json::json!({
                "run": record,
                "machine": explanation.machine.id,
                "assumptions": explanation.assumptions,
                "question": question,
                "proofs": proofs,
                "remarks": report::remarks_json(&remarks),
                "uncertain": chances.as_ref().map(report::uncertain_rows),
                "chances": chances.map(|chances| report::chance_rows(&evaluator, &chances)),
            });
            files::write_json(common, &value)?;
        }
    }
    let result = MachineResult {
        outcomes: explanation.proofs.into_iter().map(|proof| proof.outcome).collect(),
        statuses: explanation.statuses,
        conflicts: explanation.conflicts,
        on_makers_data: true,
    };
    let finding = setting::is_finding(verb.fail_on, [&result], &catalogue);
    Ok(if finding { Answer::Finding } else { Answer::Done })
}

/// The chances of capture, where they are asked for.
fn chances(
    verb: &Explain,
    evaluator: &Evaluator,
    machine: &Machine,
) -> Result<Option<Chances>, Failure> {
    if !verb.probability {
        return Ok(None);
    }
    let mut spreads = Vec::new();
    for text in &verb.uncertainty {
        spreads.push(spread(text)?);
    }
    Ok(Some(assess::chances(evaluator, machine, &spreads, verb.correlation)?))
}

fn spread(text: &str) -> Result<(ParameterId, Spread), Error> {
    let wrong =
        || Error::usage(format!("`{text}` is no uncertainty")).help("write upr=0.05um or upr=10%");
    let (name, value) = text.split_once('=').ok_or_else(wrong)?;
    let parameter = machine::find(name.trim()).ok_or_else(|| {
        let error = Error::usage(format!("there is no parameter `{}`", name.trim()));
        match nearest(name.trim(), machine::all().map(|id| id.row().name)) {
            Some(near) => error.help(format!("did you mean `{near}`?")),
            None => error,
        }
    })?;
    if let Some(percent) = value.trim().strip_suffix('%') {
        let part: f64 = percent.trim().parse().map_err(|_| wrong())?;
        return Some(Spread::Part(part / 100.0))
            .filter(|_| part.is_finite() && part > 0.0)
            .map(|spread| (parameter, spread))
            .ok_or_else(wrong);
    }
    let dimension = parameter.row().dimension().ok_or_else(wrong)?;
    let phrase = Phrase::parse(value, dimension, Style::default()).map_err(|_| wrong())?;
    let value = phrase.single(None).map_err(|_| wrong())?;
    if value.count() <= 0 {
        return Err(wrong().help("an uncertainty is more than nought: write upr=0.05um or upr=10%"));
    }
    Ok((parameter, Spread::Of(value)))
}

/// The machine that a name means: its identifier, else its model or line, if only one fits.
pub(super) fn chosen(catalogue: &Catalogue, name: Option<&str>) -> Result<usize, Error> {
    let machines = &catalogue.machines;
    let Some(name) = name else {
        return match machines.len() {
            1 => Ok(0),
            0 => Err(Error::usage(format!("`{}` holds no machine", catalogue.file))
                .help("see what was set aside: toolgauge classify FILE --rejects REJECTS")),
            count => Err(Error::usage(format!("the catalogue has {count} machines"))
                .help("say which with --machine ID")),
        };
    };
    if let Some(at) = machines.iter().position(|machine| machine.id == name) {
        return Ok(at);
    }
    let fits = |machine: &Machine| {
        machine.model == name || machine.name() == name || machine.line.to_string() == name
    };
    let found: Vec<usize> =
        machines.iter().enumerate().filter(|(_, m)| fits(m)).map(|(at, _)| at).collect();
    match found.as_slice() {
        [one] => Ok(*one),
        [] => {
            let error =
                Error::usage(format!("there is no machine `{name}` in `{}`", catalogue.file));
            let names = machines.iter().map(|machine| machine.id.as_str());
            Err(match nearest(name, names) {
                Some(near) => error.help(format!("did you mean `{near}`?")),
                None => error.help("name its identifier, its model or its line"),
            })
        }
        several => {
            let ids: Vec<&str> =
                several.iter().filter_map(|at| machines.get(*at)).map(|m| m.id.as_str()).collect();
            Err(Error::usage(format!("`{name}` fits several machines"))
                .help(format!("name the identifier: {}", ids.join(", "))))
        }
    }
}
