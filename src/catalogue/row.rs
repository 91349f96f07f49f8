//! One record to one machine: every planned column read, every doubt a remark.

use super::figure::{axes_count, is_missing};
use super::mapping::{Column, Mapping, Target, of_axis, takes_labels};
use super::reader::Planned;
use super::remark::{Remark, Severity};
use crate::machine::{
    self, Approach, AxisKind, Basis, Compensation, Fitting, Form, Kind, Machine, ParameterId,
    Reading, Set, Standard, View, label,
};
use crate::table::Record;

/// What the readings of a column carry.
pub(super) struct Context {
    pub basis: Basis,
    pub standard: Standard,
    pub compensation: Compensation,
}

/// Reads one record into one machine.
pub(super) struct RowReader<'r> {
    pub mapping: &'r Mapping,
    pub file: &'r str,
    pub record: &'r Record,
    pub header: &'r [String],
    pub machine: &'r mut Machine,
    pub remarks: &'r mut Vec<Remark>,
    /// Axes that this version of the machine does not have although a cell prints them.
    pub missing_axes: Vec<String>,
}

/// What a figure is of; an axis is added to the machine only when a figure is taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Owner {
    /// The machine itself.
    Machine,
    /// An axis that the machine has.
    Axis(u8),
    /// The axis with this label.
    Named(String),
    /// The axis of this kind with this number (counted from nought), named or not.
    Nth(AxisKind, usize),
}

impl RowReader<'_> {
    pub(super) fn remark(
        &mut self,
        planned: &Planned,
        severity: Severity,
        text: &str,
        reason: impl Into<String>,
        advice: &str,
    ) {
        self.remarks.push(Remark {
            severity,
            file: self.file.to_owned(),
            line: self.record.line_of(planned.index),
            column: planned.header.clone(),
            machine: self.machine.name(),
            text: text.to_owned(),
            reason: reason.into(),
            advice: advice.to_owned(),
        });
    }

    pub(super) fn unread(&mut self, planned: &Planned, text: &str, reason: impl Into<String>) {
        self.remark(planned, Severity::Unread, text, reason, "nothing was read from it");
        self.listed(planned);
    }

    /// Takes up that an axis is there whose figure is printed, if not in a way that can be read:
    /// the axis of `axis.X.travel`.
    pub(super) fn listed(&mut self, planned: &Planned) {
        if planned.header.trim().starts_with("axis.") {
            planned.column.axes.iter().for_each(|label| {
                self.machine.axis(label, None);
            });
        }
    }

    /// The column's target for this row, after its routes; `None` where the row leaves it alone.
    fn target(&self, column: &Column) -> Option<Target> {
        for route in &column.routes {
            let at = self.header.iter().position(|h| h.eq_ignore_ascii_case(&route.column));
            let cell = at.map_or("", |at| self.record.field(at)).to_lowercase();
            let text = route.text.to_lowercase();
            if (route.contains && cell.contains(&text)) || cell.trim() == text {
                return route.to;
            }
        }
        column.to
    }

    /// Reads one cell.
    pub(super) fn read(&mut self, planned: &Planned, context: &Context) {
        let text = self.record.field(planned.index).to_owned();
        let Some(target) = self.target(&planned.column) else { return };
        let wanted = planned.column.requires.as_deref();
        let missing_word = wanted.is_some_and(|w| !text.to_lowercase().contains(&w.to_lowercase()));
        if is_missing(&text) || missing_word {
            return;
        }
        match target {
            Target::Axes if !planned.column.axes.is_empty() => self.listed(planned),
            Target::Axes => self.axes(planned, &text),
            Target::AxesComplete => match label::read(label::TRUTH, &text) {
                Some(truth) => self.machine.axes_complete = truth == 0b10,
                None => self.unread(planned, &text, "neither yes nor no"),
            },
            Target::Travel => {
                self.figures(planned, context, machine::id_of("travel"), &text);
            }
            Target::RotaryRange => self.rotary_ranges(planned, context, &text),
            Target::Parameter(parameter) if takes_labels(parameter) => {
                self.labels(planned, context, parameter, &text);
            }
            Target::Parameter(parameter) => match parameter.row().kind {
                Kind::Contouring(view) => self.contouring(planned, context, view, &text),
                _ => self.figures(planned, context, parameter, &text),
            },
            _ => {}
        }
    }

    /// Takes a reading up, with what its column says of all its readings.
    pub(super) fn push(&mut self, planned: &Planned, context: &Context, reading: Reading) {
        let error = reading.parameter.row().error;
        let standard = if error { context.standard } else { Standard::UNNAMED };
        self.machine.readings.push(Reading {
            standard,
            basis: context.basis,
            compensation: context.compensation,
            column: u16::try_from(planned.index).unwrap_or(u16::MAX),
            ..reading
        });
    }

    /// The number of the fitting with this name, added if it is new.
    pub(super) fn fitting(&mut self, name: &str) -> Option<u8> {
        let known = self.machine.fittings.iter().position(|fitting| fitting.name == name);
        let at = known.unwrap_or_else(|| {
            self.machine.fittings.push(Fitting { name: name.to_owned(), ..Fitting::default() });
            self.machine.fittings.len() - 1
        });
        u8::try_from(at).ok().filter(|at| *at < 64)
    }

    /// The fitting to which all figures of a column belong.
    pub(super) fn column_fitting(&mut self, planned: &Planned) -> Option<u8> {
        let name = planned.column.fitting.clone()?;
        self.fitting(&name)
    }

    fn axes(&mut self, planned: &Planned, text: &str) {
        for label in text.split([',', '/', ';', ' ']).map(str::trim).filter(|l| !l.is_empty()) {
            if machine::Axis::named(label, None).kind.is_some() {
                self.machine.axis(label, None);
            } else {
                self.unread(planned, label, "not an axis letter of ISO 841");
            }
        }
    }

    fn labels(&mut self, planned: &Planned, context: &Context, parameter: ParameterId, text: &str) {
        let row = parameter.row();
        let Some(vocabulary) = row.vocabulary() else { return };
        // `turning only` names all there is, and `none` says that there is nothing.
        let lower = text.trim().to_lowercase();
        let flags = matches!(row.kind, Kind::Flags(_)) && planned.column.values.is_empty();
        let own = lower.strip_suffix(" only").filter(|_| flags);
        let whole = planned.column.complete || own.is_some();
        let none = flags && lower == "none" && label::bit(vocabulary, "none").is_none();
        let mask = if none { Some(0) } else { self.meant(planned, parameter, own.unwrap_or(text)) };
        let Some(mask) = mask else { return };
        let set = match row.kind {
            Kind::Flags(_) if whole || none => Set::Flags { certain: mask, possible: mask },
            Kind::Flags(_) => Set::Flags { certain: mask, possible: label::all(vocabulary) },
            Kind::Subset(_) => Set::Flags { certain: mask, possible: mask },
            _ if mask.count_ones() > 1 => {
                let reason = format!("`{}` is one of them, not several", row.name);
                return self.unread(planned, text, reason);
            }
            _ => Set::OneOf(mask),
        };
        let option = self.column_fitting(planned);
        for owner in self.owners(&planned.column, Target::Parameter(parameter), 1) {
            let axis = self.resolve(&owner);
            self.push(planned, context, Reading { axis, option, ..plain_reading(parameter, set) });
        }
    }

    /// The labels that a cell means; `None` where nothing can be taken from it.
    fn meant(&mut self, planned: &Planned, parameter: ParameterId, text: &str) -> Option<u64> {
        let row = parameter.row();
        let vocabulary = row.vocabulary()?;
        let column = &planned.column;
        let lower = text.trim().to_lowercase();
        let mut mask = 0;
        let mut understood = false;
        for (value, labels) in &column.values {
            let value = value.to_lowercase();
            if lower == value || (column.contains && lower.contains(&value)) {
                let bits = labels.iter().filter_map(|name| label::bit(vocabulary, name));
                mask = bits.fold(mask, |all, bit| all | bit);
                understood = true;
            }
        }
        if understood || (column.contains && !column.values.is_empty()) {
            return (mask != 0).then_some(mask);
        }
        for part in lower.split([',', '/', ';', '+', '|']).filter(|part| !is_missing(part)) {
            if let Some(bit) = label::read(vocabulary, part) {
                mask |= bit;
                continue;
            }
            let known = label::names(vocabulary, u64::MAX).join(", ");
            let reason = format!("not a known label of `{}`", row.name);
            let advice = format!("known: {known}; or map it under `values`");
            self.remark(planned, Severity::Unread, part.trim(), reason, &advice);
            if !matches!(row.kind, Kind::Flags(_)) {
                return None;
            }
        }
        (mask != 0).then_some(mask)
    }

    /// Whom a column's figures belong to, in their order.
    pub(super) fn owners(&self, column: &Column, target: Target, count: usize) -> Vec<Owner> {
        if !of_axis(target) {
            return vec![Owner::Machine];
        }
        let kind = kind_of(target);
        let has = |word: &str| column.axes.iter().any(|name| name == word);
        if has("rotary") {
            return (0..count).map(|number| Owner::Nth(AxisKind::Rotary, number)).collect();
        }
        if !column.axes.is_empty() && !has("listed") {
            return column.axes.iter().take(count.max(1)).cloned().map(Owner::Named).collect();
        }
        let of_kind = |axis: &machine::Axis| axis.kind.is_none_or(|k| k == kind);
        let listed = (0u8..).zip(&self.machine.axes).filter(|(_, axis)| of_kind(axis));
        listed.map(|(at, _)| Owner::Axis(at)).collect()
    }

    /// The axis of an owner, added if the machine does not list it; `None` for the machine itself.
    pub(super) fn resolve(&mut self, owner: &Owner) -> Option<u8> {
        match owner {
            Owner::Machine => None,
            Owner::Axis(axis) => Some(*axis),
            Owner::Named(name) => self.machine.axis(name, None),
            Owner::Nth(kind, number) => loop {
                let of_kind = |(_, axis): &(u8, &machine::Axis)| axis.kind == Some(*kind);
                let found = (0u8..).zip(&self.machine.axes).filter(of_kind).nth(*number);
                if let Some((at, _)) = found {
                    return Some(at);
                }
                self.machine.axis("", Some(*kind))?;
            },
        }
    }

    fn contouring(&mut self, planned: &Planned, context: &Context, view: View, text: &str) {
        let version = self.machine.version.clone();
        let parameter = machine::id_of("contouring_axes");
        let counts = by_option(text);
        if counts.is_empty() {
            return self.unread(planned, text, "no single count of axes is printed");
        }
        for (name, count) in counts {
            let set = Set::OneOf(machine::pairs(view, |n| n == count));
            let shipped = |name: &str| version.split([' ', '+']).any(|part| part == name);
            let option = match name {
                Some(name) if !shipped(name) => self.fitting(name),
                _ => self.column_fitting(planned),
            };
            self.push(planned, context, Reading { option, ..plain_reading(parameter, set) });
        }
    }
}

/// A reading of which only parameter and possible values are known.
pub(super) fn plain_reading(parameter: ParameterId, set: Set) -> Reading {
    Reading {
        parameter,
        axis: None,
        set,
        figure: None,
        form: Form::Plain,
        uncertainty: None,
        standard: Standard::UNNAMED,
        approach: Approach::Unsaid,
        compensation: Compensation::Unsaid,
        basis: Basis::Catalogue,
        option: None,
        column: 0,
    }
}

/// The kind of axis that a target's figures are of.
fn kind_of(target: Target) -> AxisKind {
    let rotary = match target {
        Target::Parameter(parameter) => parameter.row().scope == machine::Scope::RotaryAxis,
        Target::RotaryRange => true,
        _ => false,
    };
    if rotary { AxisKind::Rotary } else { AxisKind::Linear }
}

/// `F31iB: 4-axis  F31iB5: 5-axis`: the counts by option; one without a name elsewhere.
fn by_option(text: &str) -> Vec<(Option<&str>, i64)> {
    if !text.contains(':') {
        return axes_count(text).map(|count| (None, count)).into_iter().collect();
    }
    let mut out = Vec::new();
    let mut rest = text;
    while let Some((name, after)) = rest.split_once(':') {
        let end = after.find(':').map_or(after.len(), |colon| {
            let before = after.get(..colon).unwrap_or_default().trim_end();
            before.rfind(char::is_whitespace).map_or(0, |space| space + 1)
        });
        let (count, next) = after.split_at(end);
        match axes_count(count) {
            Some(count) => out.push((Some(name.trim()), count)),
            None => return Vec::new(),
        }
        rest = next;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_may_depend_on_an_option() {
        assert_eq!(
            by_option("F31iB: 4-axis  F31iB5: 5-axis"),
            [(Some("F31iB"), 4), (Some("F31iB5"), 5)]
        );
        assert_eq!(by_option("simultaneous 5-axis (text)"), [(None, 5)]);
        assert!(by_option("control: good").is_empty());
    }
}
