//! One record to one machine: every planned column read, every doubt a remark.

use super::cell::{Alternative, Cell, Piece};
use super::figure::{
    Printed, Said, Wanted, axes_count, is_missing, quantity_dimension, with_words,
};
use super::mapping::{Bracket, Column, Mapping, Target, dimension_of, of_axis, takes_labels};
use super::reader::Planned;
use super::remark::{Remark, Severity};
use crate::machine::{
    self, Approach, AxisKind, Basis, Compensation, Fitting, Form, Kind, Machine, ParameterId,
    Reading, Set, Standard, View, label,
};
use crate::quantity::{Unit, Value};
use crate::table::Record;

/// What a reading of the row that is being read carries.
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
    /// Axes that this version of the machine does not have although the cell prints them.
    pub missing_axes: Vec<String>,
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

    fn unread(&mut self, planned: &Planned, text: &str, reason: impl Into<String>) {
        self.remark(planned, Severity::Unread, text, reason, "nothing was read from it");
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
            Target::Axes => self.axes(planned, &text),
            Target::AxesComplete => match label::read(label::TRUTH, &text) {
                Some(truth) => self.machine.axes_complete = truth == 0b10,
                None => self.unread(planned, &text, "neither yes nor no"),
            },
            Target::Travel => {
                let travel = machine::id_of("travel");
                self.figures(planned, context, travel, &text);
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

    fn push(&mut self, planned: &Planned, context: &Context, reading: Reading) {
        let row = reading.parameter.row();
        let standard = if row.editioned { context.standard } else { Standard::UNNAMED };
        self.machine.readings.push(Reading {
            standard,
            basis: context.basis,
            compensation: context.compensation,
            column: u16::try_from(planned.index).unwrap_or(u16::MAX),
            ..reading
        });
    }

    /// The number of the fitting with this name, added if it is new.
    fn fitting(&mut self, name: &str) -> Option<u8> {
        let known = self.machine.fittings.iter().position(|fitting| fitting.name == name);
        let at = known.unwrap_or_else(|| {
            self.machine.fittings.push(Fitting { name: name.to_owned(), ..Fitting::default() });
            self.machine.fittings.len() - 1
        });
        u8::try_from(at).ok().filter(|at| *at < 64)
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
        let column = &planned.column;
        let lower = text.trim().to_lowercase();
        let mut mask = 0;
        let meant = |labels: &[String]| {
            labels.iter().filter_map(|name| label::bit(vocabulary, name)).fold(0, |a, b| a | b)
        };
        let mut understood = false;
        for (value, labels) in &column.values {
            let value = value.to_lowercase();
            if lower == value || (column.contains && lower.contains(&value)) {
                mask |= meant(labels);
                understood = true;
            }
        }
        if !understood {
            for part in lower.split([',', '/', ';', '+', '|']).filter(|p| !is_missing(p)) {
                match label::read(vocabulary, part) {
                    Some(bit) => mask |= bit,
                    None => {
                        let known = label::names(vocabulary, u64::MAX).join(", ");
                        let reason = format!("not a known label of `{}`", row.name);
                        let advice = format!("known: {known}; or map it under `values`");
                        self.remark(planned, Severity::Unread, part, reason, &advice);
                        if !matches!(row.kind, Kind::Flags(_)) {
                            return;
                        }
                    }
                }
            }
        }
        if mask == 0 {
            return;
        }
        let set = match row.kind {
            Kind::Flags(_) => Set::Flags { certain: mask, possible: label::all(vocabulary) },
            Kind::Subset(_) => Set::Flags { certain: mask, possible: mask },
            _ if mask.count_ones() > 1 => {
                return self.unread(
                    planned,
                    text,
                    format!("`{}` is one of them, not several", row.name),
                );
            }
            _ => Set::OneOf(mask),
        };
        let axes = self.axis_targets(planned, target_of(parameter), 1);
        for axis in axes {
            let option = column.fitting.clone().and_then(|name| self.fitting(&name));
            let reading = Reading { axis, option, ..plain_reading(parameter, set) };
            self.push(planned, context, reading);
        }
    }

    /// The axes that a column's figures belong to, in their order; one `None` for the machine.
    fn axis_targets(&mut self, planned: &Planned, target: Target, count: usize) -> Vec<Option<u8>> {
        if !of_axis(target) {
            return vec![None];
        }
        let kind = kind_of(target);
        let column = &planned.column;
        let one = |name: &String| name == "listed" || name == "rotary";
        if !column.axes.is_empty() && !column.axes.iter().any(one) {
            let names = column.axes.clone();
            return names
                .iter()
                .take(count.max(1))
                .map(|name| self.machine.axis(name, None))
                .collect();
        }
        let of_kind = |axis: &machine::Axis| axis.kind.is_none_or(|k| k == kind);
        let mut listed: Vec<Option<u8>> = (0u8..)
            .zip(&self.machine.axes)
            .filter(|(_, axis)| of_kind(axis))
            .map(|(at, _)| Some(at))
            .collect();
        while listed.len() < count && column.axes.iter().any(|name| name == "rotary") {
            listed.push(self.machine.axis("", Some(kind)));
        }
        listed
    }

    fn contouring(&mut self, planned: &Planned, context: &Context, view: View, text: &str) {
        let version = self.machine.version.clone();
        let parameter = machine::id_of("contouring_axes");
        let mut options = Vec::new();
        for (name, count) in by_option(text) {
            let set = Set::OneOf(machine::pairs(view, |n| n == count));
            let fits = |name: &str| version.split([' ', '+']).any(|part| part == name);
            match name {
                Some(name) if !fits(name) => options.push((name.to_owned(), set)),
                _ => {
                    let option = planned.column.fitting.clone().and_then(|f| self.fitting(&f));
                    let reading = Reading { option, ..plain_reading(parameter, set) };
                    self.push(planned, context, reading);
                }
            }
        }
        for (name, set) in options {
            let option = self.fitting(&name);
            self.push(planned, context, Reading { option, ..plain_reading(parameter, set) });
        }
        if by_option(text).is_empty() {
            self.unread(planned, text, "no single count of axes is printed");
        }
    }

    /// Reads the figures of a quantity.
    fn figures(
        &mut self,
        planned: &Planned,
        context: &Context,
        parameter: ParameterId,
        text: &str,
    ) {
        let target = target_of(parameter);
        let Some(dimension) = quantity_dimension(parameter.row()) else { return };
        let column = &planned.column;
        let declared = column.unit.as_deref().and_then(|unit| Unit::named(dimension, unit).ok());
        let mut wanted = Wanted {
            parameter: parameter.row(),
            dimension,
            column,
            unit: declared.or_else(|| bare_unit(dimension)),
            style: self.mapping.style,
            positions: parameter == machine::id_of("travel"),
        };
        // A figure with a reference length has a slash of its own.
        let whole = (column.axes.len() < 2)
            .then(|| wanted.said(text, &self.mapping.absent))
            .and_then(Result::ok);
        if let Some(Said::Figure(printed)) = &whole
            && (printed.rest.is_empty() || printed.form == Form::PerLength)
        {
            let axes = self.axis_targets(planned, target, 1);
            return self.take(planned, context, parameter, &axes, printed);
        }
        let words: Vec<&str> = column.labels.iter().map(|(word, _)| word.as_str()).collect();
        let cell = Cell::read(text, &words);
        let printed_unit = cell.pieces.iter().rev().find_map(|piece| unit_of(piece, &wanted));
        wanted.unit = wanted.unit.filter(|_| printed_unit.is_none()).or(printed_unit);
        let order: Vec<Option<u8>> = if cell.order.is_empty() {
            self.axis_targets(planned, target, cell.pieces.len())
        } else {
            cell.order.iter().map(|name| self.existing_axis(planned, name)).collect()
        };
        if of_axis(target) && order.is_empty() && cell.pieces.iter().all(|p| p.axes.is_empty()) {
            return self.unread(planned, text, "it is not said which axis the figure is of");
        }
        let unlabelled =
            cell.pieces.iter().filter(|p| p.axes.is_empty() && p.word.is_empty()).count();
        if of_axis(target) && unlabelled > order.len() {
            let reason = format!("{unlabelled} figures for {} axes", order.len());
            return self.unread(planned, text, reason);
        }
        let mut place = 0;
        for piece in &cell.pieces {
            let parameter = match self.routed(column, piece, parameter) {
                Some(parameter) => parameter,
                None => continue,
            };
            let axes: Vec<Option<u8>> = if !piece.axes.is_empty() {
                piece.axes.iter().map(|name| self.labelled_axis(piece, name)).collect()
            } else if of_axis(target) {
                place += 1;
                vec![order.get(place - 1).copied().flatten()]
            } else {
                vec![None]
            };
            if of_axis(target) && axes.iter().all(Option::is_none) {
                continue;
            }
            self.piece(planned, context, (parameter, &wanted), &axes, piece, &cell);
        }
    }

    /// The parameter that a part with a word before it fills; `None` leaves it unread.
    fn routed(&self, column: &Column, piece: &Piece, own: ParameterId) -> Option<ParameterId> {
        if piece.word.is_empty() {
            return Some(own);
        }
        let meaning = column.labels.iter().find(|(word, _)| *word == piece.word);
        meaning.and_then(|(_, name)| machine::find(name))
    }

    /// The axis that a part's label names; `None` for an axis that this version lacks.
    fn labelled_axis(&mut self, piece: &Piece, name: &str) -> Option<u8> {
        if !piece.versions.is_empty() && !self.machine.version.is_empty() {
            let version = self.machine.version.clone();
            if !piece.versions.iter().any(|range| in_versions(range, &version)) {
                self.missing_axes.push(name.to_owned());
                return None;
            }
        }
        self.machine.axis(name, None)
    }

    fn existing_axis(&mut self, planned: &Planned, name: &str) -> Option<u8> {
        if self.missing_axes.iter().any(|missing| missing.eq_ignore_ascii_case(name)) {
            let reason = "the figure is of an axis that this version does not have";
            self.remark(planned, Severity::Note, name, reason, "it was left out");
            return None;
        }
        self.machine.axis(name, None)
    }

    /// Reads one part of a cell: chooses among alternatives, checks brackets, takes options.
    fn piece(
        &mut self,
        planned: &Planned,
        context: &Context,
        (parameter, wanted): (ParameterId, &Wanted<'_>),
        axes: &[Option<u8>],
        piece: &Piece,
        cell: &Cell,
    ) {
        let column = &planned.column;
        let optional = |a: &&Alternative| {
            a.enclosed.iter().any(|e| wanted.meaning(e) == Bracket::Option && !has_digit(&e.text))
        };
        let noted =
            |a: &&Alternative| a.enclosed.iter().any(|e| !has_digit(&e.text)) && !optional(a);
        let unmarked: Vec<&Alternative> =
            piece.alternatives.iter().filter(|a| !optional(a) && !noted(a)).collect();
        let shown = |a: &Alternative| a.text.clone();
        let single = match (unmarked.as_slice(), piece.alternatives.as_slice()) {
            ([one], _) => *one,
            ([], [one]) => one,
            _ => {
                let text = piece.alternatives.iter().map(shown).collect::<Vec<_>>().join(" | ");
                let reason = "alternatives of which none is marked as the base or as an option";
                return self.unread(planned, &text, reason);
            }
        };
        // Figures in a row where one is wanted are alternatives too.
        let same_group = cell.pieces.iter().filter(|p| p.axes.is_empty() && p.word == piece.word);
        if axes == [None] && same_group.count() > 1 {
            let reason = "several figures where one is wanted";
            return self.unread(planned, &single.text, reason);
        }
        for alternative in piece.alternatives.iter().filter(optional) {
            self.option(planned, context, (parameter, wanted), axes, &alternative.text);
        }
        let Some(text) = self.of_version(planned, wanted, piece, single) else { return };
        let said = match wanted.said(&text, &self.mapping.absent) {
            Ok(said) => said,
            Err(fault) => return self.unread(planned, &text, fault.0),
        };
        let Said::Figure(mut printed) = said else { return };
        let zero = printed.figure.is_some_and(|figure| figure.count() == 0);
        if zero && column.zero_is_absent {
            return;
        }
        if let Some(after) = overtravel(&printed.rest) {
            let reason = "overtravel is not working travel";
            self.remark(planned, Severity::Note, after, reason, "it was left out");
            printed.rest.clear();
        }
        if !self.understood(planned, wanted, &printed, &text) {
            return;
        }
        for enclosed in &single.enclosed {
            match wanted.meaning(enclosed) {
                Bracket::Range => self.range(planned, wanted, &mut printed, &enclosed.text),
                Bracket::Option => {
                    self.option(planned, context, (parameter, wanted), axes, &enclosed.text);
                }
                Bracket::Inch | Bracket::InchOrVersion => {
                    self.inches(planned, wanted, &mut printed, enclosed);
                }
                Bracket::Unsaid => {
                    let reason = "what the bracket means is not said";
                    return self.unread(planned, &format!("{text} ({})", enclosed.text), reason);
                }
                Bracket::Version | Bracket::Note => {}
            }
        }
        self.take(planned, context, parameter, axes, &printed);
    }

    /// Whether nothing of weight was left over behind the figure.
    fn understood(
        &mut self,
        planned: &Planned,
        wanted: &Wanted<'_>,
        printed: &Printed,
        text: &str,
    ) -> bool {
        let rest = printed.rest.trim();
        let harmless =
            rest.is_empty() || rest.starts_with(['@', '·']) || printed.form == Form::PerLength;
        let second_number = has_digit(rest) && !harmless;
        if second_number {
            self.unread(
                planned,
                text,
                "more than one figure, and not said how they belong together",
            );
            return false;
        }
        if !harmless && wanted.parameter.error && foreign(rest) {
            let reason = format!("`{rest}` says that the figure is of something else");
            self.unread(planned, text, reason);
            return false;
        }
        true
    }

    /// The text that holds for the row's version, where brackets or labels give several versions.
    fn of_version(
        &mut self,
        planned: &Planned,
        wanted: &Wanted<'_>,
        piece: &Piece,
        alternative: &Alternative,
    ) -> Option<String> {
        let version = self.machine.version.clone();
        let text = with_words(alternative, &planned.column);
        let figure = match wanted.said(&alternative.text, &self.mapping.absent) {
            Ok(Said::Figure(printed)) => printed.figure,
            _ => None,
        };
        let other_version = |e: &&super::cell::Enclosed| match wanted.meaning(e) {
            Bracket::Version => true,
            Bracket::InchOrVersion => {
                figure.and_then(|figure| wanted.inches_agree(e, figure)) == Some(false)
            }
            _ => false,
        };
        let others: Vec<_> = alternative.enclosed.iter().filter(other_version).collect();
        if others.is_empty() {
            return Some(text);
        }
        if !piece.versions.is_empty() {
            let at = piece.versions.iter().position(|range| in_versions(range, &version));
            let figures = std::iter::once(text).chain(others.iter().map(|e| e.text.clone()));
            return at.and_then(|at| figures.into_iter().nth(at));
        }
        if planned.column.base_version.as_deref() == Some(version.as_str()) {
            return Some(text);
        }
        let reason = "brackets hold other versions, and it is not said which";
        self.unread(planned, &text, reason);
        None
    }

    fn range(&mut self, planned: &Planned, wanted: &Wanted<'_>, printed: &mut Printed, text: &str) {
        let Ok(Said::Figure(ends)) = wanted.said(text, &[]) else { return };
        if ends.figure == printed.figure {
            printed.range = ends.range;
        } else {
            let reason = format!("the range `{text}` is not as long as the figure printed with it");
            self.remark(
                planned,
                Severity::Contradiction,
                text,
                reason,
                "both lengths stay possible",
            );
            printed.set = printed.set.hull(ends.set);
            printed.figure = None;
        }
    }

    fn inches(
        &mut self,
        planned: &Planned,
        wanted: &Wanted<'_>,
        printed: &mut Printed,
        enclosed: &super::cell::Enclosed,
    ) {
        let Some(figure) = printed.figure else { return };
        if wanted.inches_agree(enclosed, figure) == Some(false) {
            let reason =
                format!("`{}` in inches is not the figure printed before it", enclosed.text);
            let advice = "both values stay possible";
            self.remark(planned, Severity::Contradiction, &enclosed.text, reason, advice);
            let inch = Unit::named(wanted.dimension, "in").ok();
            let inches = Wanted { unit: inch, ..*wanted };
            if let Ok(Said::Figure(other)) = inches.said(&enclosed.text, &[]) {
                printed.set = printed.set.hull(other.set);
            }
            printed.figure = None;
        }
    }

    /// A figure that holds only with an option.
    fn option(
        &mut self,
        planned: &Planned,
        context: &Context,
        (parameter, wanted): (ParameterId, &Wanted<'_>),
        axes: &[Option<u8>],
        text: &str,
    ) {
        let text = text.split(['(', '[']).next().unwrap_or_default();
        if let Ok(Said::Figure(printed)) = wanted.said(text, &self.mapping.absent)
            && printed.rest.is_empty()
        {
            let option = self.fitting(&format!("option of `{}`", planned.header));
            for axis in axes {
                let reading = Reading {
                    axis: *axis,
                    option,
                    form: printed.form,
                    figure: printed.figure,
                    ..plain_reading(parameter, printed.set)
                };
                self.push(planned, context, reading);
            }
        }
    }

    fn take(
        &mut self,
        planned: &Planned,
        context: &Context,
        parameter: ParameterId,
        axes: &[Option<u8>],
        printed: &Printed,
    ) {
        let option = planned.column.fitting.clone().and_then(|name| self.fitting(&name));
        for axis in axes {
            if of_axis(target_of(parameter)) && axis.is_none() {
                continue;
            }
            let reading = Reading {
                axis: *axis,
                option,
                form: printed.form,
                figure: printed.figure,
                approach: Approach::default(),
                ..plain_reading(parameter, printed.set)
            };
            self.push(planned, context, reading);
            if let Some((low, high)) = printed.range {
                self.ends(planned, context, *axis, ["range_low", "range_high"], (low, high));
            }
        }
    }

    fn ends(
        &mut self,
        planned: &Planned,
        context: &Context,
        axis: Option<u8>,
        names: [&'static str; 2],
        (low, high): (Value, Value),
    ) {
        for (name, value) in names.into_iter().zip([low, high]) {
            let set = Set::Span(crate::quantity::Span::point(value));
            let reading =
                Reading { axis, figure: Some(value), ..plain_reading(machine::id_of(name), set) };
            self.push(planned, context, reading);
        }
    }

    /// Ranges of rotary axes: `B -7° to 180°; C 360°`, `B 240° (-30° - +210°)`, `C Yes`.
    fn rotary_ranges(&mut self, planned: &Planned, context: &Context, text: &str) {
        let low = machine::id_of("rotary_range_low");
        let Some(dimension) = quantity_dimension(low.row()) else { return };
        let column = &planned.column;
        let unit = column.unit.as_deref().unwrap_or("deg");
        let wanted = Wanted {
            parameter: low.row(),
            dimension,
            column,
            unit: Unit::named(dimension, unit).ok(),
            style: self.mapping.style,
            positions: true,
        };
        for piece in Cell::read(text, &[]).pieces {
            for name in &piece.axes {
                let axis = self.machine.axis(name, Some(AxisKind::Rotary));
                let lower = text_of(&piece).to_lowercase();
                if lower.contains("continuous") || lower.contains("rpm") {
                    let set = Set::OneOf(0b10);
                    let reading =
                        Reading { axis, ..plain_reading(machine::id_of("continuous"), set) };
                    self.push(planned, context, reading);
                }
                let Some(alternative) = piece.alternatives.first() else { continue };
                let inside = alternative.enclosed.iter().map(|enclosed| enclosed.text.as_str());
                for text in std::iter::once(alternative.text.as_str()).chain(inside) {
                    match wanted.said(text, &self.mapping.absent) {
                        Ok(Said::Figure(Printed { range: Some(ends), .. })) => {
                            let names = ["rotary_range_low", "rotary_range_high"];
                            self.ends(planned, context, axis, names, ends);
                        }
                        Err(fault) if text.contains('-') => {
                            self.unread(planned, text, fault.0);
                        }
                        _ => {}
                    }
                }
            }
            if piece.axes.is_empty() {
                self.unread(planned, &text_of(&piece), "it is not said which axis this is");
            }
        }
    }
}

fn plain_reading(parameter: ParameterId, set: Set) -> Reading {
    Reading {
        parameter,
        axis: None,
        set,
        figure: None,
        form: Form::Plain,
        standard: Standard::UNNAMED,
        approach: Approach::Unsaid,
        compensation: Compensation::Unsaid,
        basis: Basis::Catalogue,
        option: None,
        column: 0,
    }
}

fn target_of(parameter: ParameterId) -> Target {
    Target::Parameter(parameter)
}

fn kind_of(target: Target) -> AxisKind {
    let rotary = match target {
        Target::Parameter(parameter) => parameter.row().scope == machine::Scope::RotaryAxis,
        Target::RotaryRange => true,
        _ => false,
    };
    if rotary { AxisKind::Rotary } else { AxisKind::Linear }
}

/// Bare counts need no unit; every other figure does.
fn bare_unit(dimension: crate::quantity::Dimension) -> Option<&'static Unit> {
    let number = crate::quantity::Dimension::Number;
    (dimension == number).then(|| number.smallest())
}

fn has_digit(text: &str) -> bool {
    text.chars().any(|c| c.is_ascii_digit())
}

/// Words behind an error figure that make it the figure of something else.
fn foreign(rest: &str) -> bool {
    let lower = rest.to_lowercase();
    ["circularity", "same tool", "tool change", "interface", "thermal", "roundness", "straightness"]
        .iter()
        .any(|word| lower.contains(word))
}

fn overtravel(rest: &str) -> Option<&str> {
    rest.trim().strip_prefix('+').filter(|after| has_digit(after))
}

fn unit_of(piece: &Piece, wanted: &Wanted<'_>) -> Option<&'static Unit> {
    let text = &piece.alternatives.last()?.text;
    let phrase = crate::quantity::Phrase::parse(text, wanted.dimension, wanted.style).ok();
    let printed = phrase.and_then(|phrase| phrase.unit);
    // A unit that stands alone behind a bracket: `510 (20.1) mm`.
    let last = text.split_whitespace().next_back().unwrap_or_default();
    printed.or_else(|| Unit::named(wanted.dimension, last).ok().filter(|u| !u.name().is_empty()))
}

fn text_of(piece: &Piece) -> String {
    let texts = piece.alternatives.iter().flat_map(|a| {
        std::iter::once(a.text.as_str()).chain(a.enclosed.iter().map(|e| e.text.as_str()))
    });
    texts.collect::<Vec<_>>().join(" ")
}

/// Whether a version lies in `V3-V4`, `V6` or another single name.
fn in_versions(range: &str, version: &str) -> bool {
    if range == version {
        return true;
    }
    let number = |text: &str| -> Option<(String, u32)> {
        let digits = text.trim_start_matches(|c: char| !c.is_ascii_digit());
        let letters = text.strip_suffix(digits)?;
        Some((letters.to_owned(), digits.parse().ok()?))
    };
    let ends =
        range.split_once('-').and_then(|(a, b)| Some((number(a.trim())?, number(b.trim())?)));
    match (ends, number(version)) {
        (Some(((a, from), (b, to))), Some((v, at))) => a == v && b == v && from <= at && at <= to,
        _ => false,
    }
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

/// The dimension of a target; exported for the reader's plan.
pub(super) fn wants_unit(target: Target, column: &Column) -> bool {
    let dimension = dimension_of(target);
    dimension.is_some_and(|d| d != crate::quantity::Dimension::Number) && column.unit.is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_single_or_ranges() {
        for (range, version, expected) in [
            ("V3-V4", "V3", true),
            ("V3-V4", "V4", true),
            ("V3-V4", "V6", false),
            ("V6", "V6", true),
            ("V4-V6", "V5", true),
            ("F31iB", "F31iB5", false),
        ] {
            assert_eq!(in_versions(range, version), expected, "{range} {version}");
        }
    }

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
