//! Stated values of a model among its readings.

use super::measured::named;
use crate::error::{Error, Kind, Result};
use crate::machine::{
    self, Approach, Axis, AxisKind, Basis, Compensation, Form, Machine, Reading, Set, Standard,
};
use crate::metrology::{Stated, StatedFigure};
use crate::quantity::{Span, axis_key};

/// Puts stated values among the readings of a machine, in the place of older stated ones; what else
/// the sheet says of these figures stays beside them.
///
/// An error where an axis is rotary, an edition is not known, or the sheet does not list the axis:
/// one is added only where the sheet lists no axis that may be linear and does not declare its list
/// complete.
pub fn state(machine: &mut Machine, stated: &[Stated]) -> Result<()> {
    let may_be_linear = |axis: &Axis| axis.kind != Some(AxisKind::Rotary);
    let listed = machine.axes_complete || machine.axes.iter().any(may_be_linear);
    stated.iter().try_for_each(|value| take(machine, value, listed))
}

fn take(machine: &mut Machine, value: &Stated, listed: bool) -> Result<()> {
    let fault = |text: String| Error::new(Kind::Content, text);
    let axis = match named(machine, &value.axis).map_err(fault)? {
        Some(at) => u8::try_from(at).ok(),
        None if listed => {
            let known: Vec<&str> = machine.axes.iter().map(|axis| axis.label.as_str()).collect();
            let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
            let text = format!("the sheet lists no axis `{}`, only {known}", value.axis);
            return Err(fault(text).help("name the axis as the sheet does, or list it there"));
        }
        None => machine.axis(&axis_key(&value.axis), Some(AxisKind::Linear)),
    };
    let axis = axis.ok_or_else(|| fault("too many axes".to_owned()))?;
    let listed = machine.axes.get_mut(usize::from(axis));
    let Some(listed) = listed.filter(|axis| axis.kind != Some(AxisKind::Rotary)) else {
        return Err(fault(format!("axis `{}` is rotary: no length is stated of it", value.axis)));
    };
    listed.kind = Some(AxisKind::Linear);
    let (name, standard) = match value.figure {
        StatedFigure::Upr => ("upr", Standard::named("ISO 230-2:2014")),
        StatedFigure::Accuracy(Some(year)) => {
            let name = format!("ISO 230-2:{year}");
            let standard = Standard::named(&name);
            if standard.is_none() {
                return Err(fault(format!("`{name}` is no edition that is known")));
            }
            ("positioning_accuracy", standard)
        }
        StatedFigure::Accuracy(None) => ("positioning_accuracy", Some(Standard::ISO_230_2)),
    };
    let parameter = machine::id_of(name);
    let standard = standard.unwrap_or(Standard::UNNAMED);
    machine.readings.retain(|old| {
        let same = (old.parameter, old.axis) == (parameter, Some(axis))
            && (old.standard == standard || !parameter.row().editioned);
        !(same && old.basis == Basis::Stated)
    });
    machine.readings.push(Reading {
        parameter,
        axis: Some(axis),
        set: Set::Span(Span::point(value.stated)),
        figure: Some(value.stated),
        form: Form::Plain,
        uncertainty: None,
        standard,
        approach: Approach::Unsaid,
        compensation: Compensation::Unsaid,
        basis: Basis::Stated,
        option: None,
        column: u16::MAX,
    });
    Ok(())
}
