//! `toolgauge measure convert`.

use clap::Args;

use super::{lines, quantity};
use crate::assess::{Factor, convert, convertible, models};
use crate::cli::arguments::{Common, Format};
use crate::cli::{Answer, Failure, files};
use crate::error::Error;
use crate::evidence::Key;
use crate::quantity::{Decimal, Dimension, Style, Value};
use crate::report;

/// `measure convert`.
#[derive(Debug, Args)]
#[command(after_help = "\
What is proved comes first: intervals by named inequalities, the same that classify applies. Your
own factor and named models come after it, are marked, and decide nothing. UPR = min(R↑, R↓) needs
a travel of 2 m or less: of a longer axis UPR is that of its best segment, which the figures of the
whole bound from above only; without --travel both are shown.

Examples:
  toolgauge measure convert 'positioning_accuracy (ISO 230-2:2014) = 6 um'
  toolgauge measure convert 'positioning_accuracy (ISO 230-2:1988) = 6 um' --travel 800mm
  toolgauge measure convert 'positioning_accuracy (ISO 230-2:2014) = 6 um' --models all
  toolgauge measure convert 'repeatability_up (ISO 230-2:2014) = 1.2 um' \\
      'repeatability_down (ISO 230-2:2014) = 1.3 um' --travel 800mm
  toolgauge measure convert 'positioning_accuracy (ISO 230-2:2014) = 6 um' \\
      --factor 'upr = 0.55 * positioning_accuracy (ISO 230-2:2014)' --source 'own tests of 2025'")]
pub(super) struct Stated {
    /// What is stated of one axis: `FIGURE = VALUE`, an edition in parentheses where it matters
    #[arg(required = true, value_name = "FIGURE = VALUE")]
    stated: Vec<String>,
    /// The travel of the axis
    #[arg(long, value_name = "LENGTH")]
    travel: Option<String>,
    /// A factor of your own: `FIGURE = NUMBER * FIGURE`
    #[arg(long, value_name = "FACTOR", requires = "source")]
    factor: Option<String>,
    /// Where your factor comes from
    #[arg(long, value_name = "TEXT")]
    source: Option<String>,
    /// Also what a named model says; `all` for every one
    #[arg(long, value_name = "NAME")]
    models: Option<String>,
}

/// Says what figures prove about other figures.
pub(super) fn converted(verb: &Stated, common: &Common) -> Result<Answer, Failure> {
    let stated = verb.stated.iter().map(|text| said(text)).collect::<Result<Vec<_>, _>>()?;
    let travel = verb.travel.as_ref().map(|text| quantity(text, Dimension::Length)).transpose()?;
    let mut factors = Vec::new();
    if let (Some(text), Some(source)) = (&verb.factor, &verb.source) {
        factors.push(factor(text, source)?);
    }
    if let Some(name) = &verb.models {
        factors.extend(models(Some(name.as_str()).filter(|name| *name != "all"))?);
    }
    let proved = convert(&stated, travel.map(|(value, _)| value), &factors)?;
    let rows = report::proved_rows(&proved);
    match common.format {
        Format::Text => files::write_text(common, report::proved_text(&rows).trim_end()),
        Format::Csv => files::write_text(common, &report::proved_csv(&rows)?),
        Format::Json => files::write_json(common, &rows),
        Format::Jsonl => lines(common, &rows),
    }
}

fn said(text: &str) -> Result<(Key, Value), Failure> {
    let wrong = || {
        Error::usage(format!("`{text}` states no figure"))
            .help("write one such as 'positioning_accuracy (ISO 230-2:2014) = 6 um'")
    };
    let (name, value) = text.split_once('=').ok_or_else(wrong)?;
    let key = convertible(name)?;
    let (value, _) = quantity(value, Dimension::Length)?;
    if value.count() <= 0 {
        return Err(
            Error::usage(format!("`{text}`: no axis has a figure of nought or less")).into()
        );
    }
    Ok((key, value))
}

fn factor(text: &str, source: &str) -> Result<Factor, Failure> {
    let wrong = || {
        Error::usage(format!("`{text}` is no factor"))
            .help("write one such as 'upr = 0.55 * positioning_accuracy (ISO 230-2:2014)'")
    };
    let (of, rest) = text.split_once('=').ok_or_else(wrong)?;
    let (number, per) = rest.split_once('*').ok_or_else(wrong)?;
    let number = Decimal::parse(number.trim(), Style::default()).map_err(|_| wrong())?;
    if number.is_negative() || number.is_zero() {
        return Err(wrong().into());
    }
    Ok(Factor {
        of: convertible(of)?,
        per: convertible(per)?,
        by: (number, number),
        source: source.to_owned(),
        kind: "own factor",
    })
}
