//! Convert: what stated figures of one axis prove about its other figures.
//!
//! Bounds come from the picture that every verdict rests on; a user's own factor and a named model
//! stand beside them and never in them.

use crate::error::{Error, Result, nearest};
use crate::evidence::{Configuration, Frame, Key, Level, Picture, Policy, Source};
use crate::machine::{
    self, Approach, Axis, Basis, Compensation, Form, Machine, ParameterId, Reading, Scope, Set,
    Standard,
};
use crate::quantity::{Decimal, Span, Value};
use crate::table::Document;

/// What is known of one figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proved {
    /// The figure.
    pub key: Key,
    /// What it may be.
    pub span: Span,
    /// As stated, or the last inequality that narrowed it, or the factor or model.
    pub why: String,
    /// `stated`, `bound`, `bound up to 2 m`, `own factor` or `model`: the last two are not proved,
    /// and the one before them holds of axes of no more travel only.
    pub kind: &'static str,
}

/// A factor between two figures of one axis, with where it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Factor {
    /// The figure that it gives.
    pub of: Key,
    /// The figure that it multiplies.
    pub per: Key,
    /// The smallest and the largest factor.
    pub by: (Decimal, Decimal),
    /// Where it comes from.
    pub source: String,
    /// `own factor` or `model`.
    pub kind: &'static str,
}

/// The keys of every figure that inequalities concern.
pub fn figures() -> Vec<Key> {
    let of_axis = |id: &ParameterId| id.row().scope == Scope::LinearAxis && id.row().error;
    let keys = |parameter: ParameterId| -> Vec<Key> {
        if parameter.row().editioned {
            let named = |standard: &Standard| standard.row().edition.is_some();
            Standard::all().filter(named).map(|s| Key { parameter, by: Some(s) }).collect()
        } else {
            vec![Key { parameter, by: None }]
        }
    };
    let derivable = |key: &Key| Frame::new([*key]).is_derivable();
    machine::all().filter(of_axis).flat_map(keys).filter(derivable).collect()
}

/// The key that a text such as `positioning_accuracy (ISO 230-2:1988)` names.
pub fn figure(text: &str) -> Result<Key> {
    let wanted = text.trim();
    let all = figures();
    if let Some(key) = all.iter().find(|key| key.text() == wanted) {
        return Ok(*key);
    }
    let names: Vec<String> = all.iter().map(|key| key.text()).collect();
    let error = Error::usage(format!("`{wanted}` is no figure that inequalities concern"));
    Err(match nearest(wanted, names.iter().map(String::as_str)) {
        Some(near) => error.help(format!("did you mean `{near}`?")),
        None => error.help(format!("one of: {}", names.join(", "))),
    })
}

/// What the stated figures of one axis prove, and what factors make of them; an error where the
/// figures contradict each other.
pub fn convert(
    stated: &[(Key, Value)],
    travel: Option<Value>,
    factors: &[Factor],
) -> Result<Vec<Proved>> {
    let spans: Vec<(Key, Span)> =
        stated.iter().map(|(key, value)| (*key, Span::point(*value))).collect();
    let mut proved = of_segments(proved(&spans, travel)?, &spans, travel);
    for factor in factors {
        if let Some((_, value)) = stated.iter().find(|(key, _)| *key == factor.per) {
            let mut found = multiplied(factor, *value)?;
            found.why += beyond(&proved, &found);
            proved.push(found);
        }
    }
    Ok(proved)
}

/// The same with what to say of UPR where it has no lower bound for want of a travel of 2 m or
/// less: that of a longer axis is the smallest of its segments, and figures of the whole do not
/// bound it from below. Where no travel is said, also what holds of an axis that is no longer.
fn of_segments(
    mut found: Vec<Proved>,
    spans: &[(Key, Span)],
    travel: Option<Value>,
) -> Vec<Proved> {
    let upr = machine::id_of("upr");
    // Figures that contradict each other on a short axis need not do so on a long one.
    let short = proved(spans, Some(Value::ZERO)).unwrap_or_default();
    let short = short.into_iter().find(|of| of.key.parameter == upr);
    let at = found.iter().position(|of| of.key.parameter == upr);
    let Some((at, short)) = at.zip(short) else { return found };
    let Some(own) = found.get_mut(at).filter(|own| own.span.low() < short.span.low()) else {
        return found;
    };
    let unsaid = if travel.is_none() { "no travel is given, and " } else { "" };
    own.why += &format!("; {NO_LOWER}: {unsaid}UPR of an axis over 2 m is that of a segment");
    if travel.is_none() {
        found.insert(at + 1, Proved { kind: "bound up to 2 m", ..short });
    }
    found
}

/// Where UPR has no lower bound because the axis may be long, its reason says so in these words.
pub const NO_LOWER: &str = "no lower bound";

/// What to say of a figure by a factor that does not agree with what is proved of it.
fn beyond(proved: &[Proved], found: &Proved) -> &'static str {
    let known = proved.iter().find(|p| p.key == found.key && matches!(p.kind, "stated" | "bound"));
    match known.map(|known| known.span.meet(found.span)) {
        Some(None) => "; contradicts what is proved of the figure",
        Some(Some(met)) if met != found.span => "; partly beyond what is proved of the figure",
        _ => "",
    }
}

/// What figures of one axis that lie in these spans prove; an error where they contradict each
/// other.
pub(super) fn proved(stated: &[(Key, Span)], travel: Option<Value>) -> Result<Vec<Proved>> {
    let keys = figures();
    let frame = Frame::new(keys.iter().copied());
    let policy = Policy {
        level: Level::Derived,
        as_stated: false,
        derive: true,
        assumptions: crate::evidence::Assumptions::default(),
    };
    let mut picture = Picture::recording();
    picture.draw(&frame, &axis_of(stated, travel), Configuration::default(), &policy);
    if let Some(conflict) = picture.conflicts.first() {
        let text = format!("the figures contradict each other: `{}`", conflict.key.text());
        return Err(Error::usage(text).help("no axis has these figures under these standards"));
    }
    let domain = |key: &Key| Set::domain(key.parameter.row().kind);
    let mut proved = Vec::new();
    for key in &keys {
        let Some(set @ Set::Span(span)) = picture.set(&frame, *key, Some(0)) else { continue };
        if set == domain(key) {
            continue;
        }
        let of_key = |origin: &&crate::evidence::Origin| origin.key == *key;
        let why = picture.origins.iter().filter(of_key).map(|origin| &origin.source).next_back();
        let (kind, why) = match why {
            Some(Source::Derived(name)) if !stated.iter().any(|(own, _)| own == key) => {
                ("bound", (*name).to_owned())
            }
            _ => ("stated", "as stated".to_owned()),
        };
        proved.push(Proved { key: *key, span, why, kind });
    }
    Ok(proved)
}

/// Factors are held to so many decimals.
const FACTOR_DECIMALS: u32 = 9;

fn multiplied(factor: &Factor, value: Value) -> Result<Proved> {
    let times = |by: Decimal| {
        let fault = || Error::usage(format!("`{by}` has too many digits for a factor"));
        let scaled = by.scaled(FACTOR_DECIMALS).ok_or_else(fault)?;
        Ok::<i128, Error>(i128::from(scaled) * i128::from(value.count()))
    };
    let one = 10i128.pow(FACTOR_DECIMALS);
    let (low, high) = (times(factor.by.0)?, times(factor.by.1)?);
    let up = high.div_euclid(one) + i128::from(high.rem_euclid(one) != 0);
    let span = Span::between(Value::saturating(low.div_euclid(one)), Value::saturating(up));
    let why = format!("× {} of {}: {}", words(factor.by), factor.per.text(), factor.source);
    Ok(Proved { key: factor.of, span, why, kind: factor.kind })
}

fn words((low, high): (Decimal, Decimal)) -> String {
    if low == high { low.to_string() } else { format!("{low} to {high}") }
}

/// A machine of one linear axis with these figures, as its maker declares them.
fn axis_of(stated: &[(Key, Span)], travel: Option<Value>) -> Machine {
    let axis = Axis::named("X", None);
    let of_travel = Key { parameter: machine::id_of("travel"), by: None };
    let travel = travel.map(|value| (of_travel, Span::point(value)));
    let reading = |(key, span): (Key, Span)| Reading {
        parameter: key.parameter,
        axis: Some(0),
        set: Set::Span(span),
        figure: span.single(),
        form: Form::Plain,
        uncertainty: None,
        standard: key.by.unwrap_or(Standard::UNNAMED),
        approach: Approach::Unsaid,
        compensation: Compensation::On,
        basis: Basis::Declared,
        option: None,
        column: 0,
    };
    let readings = stated.iter().copied().chain(travel).map(reading).collect();
    Machine { axes: vec![axis], axes_complete: true, readings, ..Machine::default() }
}

/// The models that come with the program, or one of them.
pub fn models(name: Option<&str>) -> Result<Vec<Factor>> {
    let document = Document::parse("models.toml", include_str!("../../specs/models.toml"))?;
    let root = document.root()?;
    let table = root.required("model", "a model file")?.table()?;
    let mut factors = Vec::new();
    for (model, node) in table.iter().filter(|(model, _)| name.is_none_or(|name| name == *model)) {
        let fields = node.table()?;
        let text = fields.required("text", model)?.str()?;
        for ratio in fields.required("ratio", model)?.array()? {
            let ratio = ratio.table()?;
            let number = |key: &str| -> Result<Decimal> {
                let node = ratio.required(key, "a ratio")?;
                Decimal::parse(node.str()?, crate::quantity::Style::default())
                    .map_err(|fault| node.error(fault.to_string()))
            };
            factors.push(Factor {
                of: figure(ratio.required("of", "a ratio")?.str()?)?,
                per: figure(ratio.required("per", "a ratio")?.str()?)?,
                by: (number("low")?, number("high")?),
                source: format!("model `{model}`: {text}"),
                kind: "model",
            });
        }
    }
    match name {
        Some(name) if factors.is_empty() => {
            let names: Vec<&str> = table.iter().map(|(model, _)| model).collect();
            let error = Error::usage(format!("there is no model `{name}`"));
            Err(error.help(format!("there are: {}", names.join(", "))))
        }
        _ => Ok(factors),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quantity::Style;

    #[test]
    fn a_factor_that_goes_beyond_what_is_proved_says_so() {
        let accuracy = figure("positioning_accuracy (ISO 230-2:2014)").expect("a figure");
        let upr = figure("upr").expect("a figure");
        let six = Value::from_count(6_000_000).expect("fits");
        let decimal = |text: &str| Decimal::parse(text, Style::default()).expect("a number");
        for (low, high, flag) in [
            ("0.55", "0.55", ""),
            ("1", "1", ""),
            ("0.5", "1.000001", "partly beyond"),
            ("1.000001", "1.55", "contradicts"),
        ] {
            let by = (decimal(low), decimal(high));
            let source = "own tests".to_owned();
            let factor = Factor { of: upr, per: accuracy, by, source, kind: "own factor" };
            let found = convert(&[(accuracy, six)], None, &[factor]).expect("consistent");
            let own = found.last().expect("the factor's figure");
            assert_eq!(own.why.contains("proved"), !flag.is_empty(), "{}", own.why);
            assert!(own.why.contains(flag), "{low}: {}", own.why);
        }
    }
}
