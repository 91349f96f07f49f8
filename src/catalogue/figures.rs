//! The figures of one cell: taken apart, chosen for the row's version, checked, taken up.

use super::cell::{Alternative, Cell, Enclosed, Piece};
use super::figure::{Printed, Said, Wanted, quantity_dimension, with_words};
use super::mapping::{Bracket, Column, Target, of_axis};
use super::reader::Planned;
use super::remark::Severity;
use super::row::{Context, Owner, RowReader, plain_reading};
use crate::machine::{self, Form, ParameterId, Reading, Standard};
use crate::quantity::{Dimension, Fault, Phrase, Unit, counted, plain};

/// The quantity that a part of a cell is read for.
#[derive(Clone, Copy)]
struct Sought<'s> {
    planned: &'s Planned,
    context: &'s Context,
    parameter: ParameterId,
    wanted: Wanted<'s>,
}

impl RowReader<'_> {
    /// Reads the figures of a quantity.
    pub(super) fn figures(
        &mut self,
        planned: &Planned,
        context: &Context,
        parameter: ParameterId,
        text: &str,
    ) {
        let Some(dimension) = quantity_dimension(parameter.row()) else { return };
        let column = &planned.column;
        let declared = column.unit.as_deref().and_then(|unit| Unit::named(dimension, unit).ok());
        let number = (dimension == Dimension::Number).then(|| dimension.smallest());
        let wanted = Wanted {
            parameter: parameter.row(),
            dimension,
            column,
            unit: declared.or(number),
            style: self.mapping.style,
            positions: parameter == machine::id_of("travel"),
        };
        let mut context = Context { ..*context };
        if column.standard_in_cell {
            context.standard = Standard::read(text);
        }
        let sought = Sought { planned, context: &context, parameter, wanted };
        if column.search {
            return self.searched(&sought, text);
        }
        // A figure with a reference length has a slash of its own.
        let single = column.axes.len() < 2 && column.piece.is_none();
        let whole = wanted.said(text, &self.mapping.absent);
        if single
            && let Ok(Said::Figure(printed)) = &whole
            && (printed.rest.is_empty() || printed.form == Form::PerLength)
        {
            let owners = self.owners(column, Target::Parameter(parameter), 1);
            return match owners.as_slice() {
                [] => self.unread(planned, text, "it is not said which axis the figure is of"),
                owners => self.take(&sought, owners, printed),
            };
        }
        let words: Vec<&str> = column.labels.iter().map(|(word, _)| word.as_str()).collect();
        let mut cell = Cell::read(&segments(text, dimension), &words);
        if let Some(label) = &column.piece {
            let of_label = |piece: &Piece| piece.axes.iter().any(|a| a.eq_ignore_ascii_case(label));
            cell.pieces.retain(of_label);
            cell.pieces.iter_mut().for_each(|piece| piece.axes.clear());
        }
        self.cell(sought, text, &cell, whole.err());
    }

    /// Reads a cell that was taken apart.
    ///
    /// `fault` is why the cell could not be read as one figure.
    fn cell(&mut self, mut sought: Sought<'_>, text: &str, cell: &Cell, fault: Option<Fault>) {
        let target = Target::Parameter(sought.parameter);
        let planned = sought.planned;
        let column = &planned.column;
        let printed_unit =
            cell.pieces.iter().rev().find_map(|piece| unit_of(piece, &sought.wanted));
        sought.wanted.unit = printed_unit.or(sought.wanted.unit);
        let absent = |piece: &&Piece| {
            let first = piece.alternatives.first().map(|a| a.text.as_str()).unwrap_or_default();
            // `- arcsec`: the dash stands for the axis, whatever the unit behind it.
            let word = first.split_whitespace().next().unwrap_or_default();
            column.absent.iter().any(|known| known == word)
        };
        let pieces: Vec<&Piece> = cell.pieces.iter().filter(|piece| !absent(piece)).collect();
        let unlabelled = pieces.iter().filter(|p| p.axes.is_empty() && p.word.is_empty()).count();
        let owners: Vec<Owner> = if cell.order.is_empty() {
            self.owners(column, target, unlabelled)
        } else {
            cell.order.iter().cloned().map(Owner::Named).collect()
        };
        if of_axis(target) && unlabelled > owners.len() {
            let reason = match (owners.len(), fault) {
                (0, _) => "it is not said which axis the figure is of".to_owned(),
                (1, Some(fault)) => fault.to_string(),
                (some, _) => format!("{unlabelled} figures for {}", counted(some, "axis")),
            };
            return self.unread(planned, text, reason);
        }
        let mut place = 0;
        for piece in pieces {
            let Some(parameter) = routed(column, piece, sought.parameter) else { continue };
            let sought = Sought { parameter, ..sought };
            let mut of_piece: Vec<Owner> = if !piece.axes.is_empty() {
                piece.axes.iter().cloned().map(Owner::Named).collect()
            } else if of_axis(target) {
                place += 1;
                owners.get(place - 1).cloned().into_iter().collect()
            } else {
                vec![Owner::Machine]
            };
            of_piece.retain(|owner| self.is_there(planned, piece, owner));
            if !of_piece.is_empty() {
                self.piece(&sought, &of_piece, piece, cell);
            }
        }
    }

    /// The one figure of a sentence that prints a unit of the wanted dimension.
    fn searched(&mut self, sought: &Sought<'_>, text: &str) {
        let plain = plain(text);
        let starts = plain.char_indices().filter(|(at, c)| {
            let before = plain.get(..*at).and_then(|b| b.chars().next_back());
            let inside = before.is_some_and(|b| b.is_alphanumeric() || ".,±+-<≤>≥".contains(b));
            (c.is_ascii_digit() || "±+-<≤>≥".contains(*c)) && !inside
        });
        let phrase = |(at, _): (usize, char)| {
            let rest = plain.get(at..)?;
            let phrase = Phrase::parse(rest, sought.wanted.dimension, sought.wanted.style).ok()?;
            phrase.unit.is_some().then_some(phrase)
        };
        let found: Vec<Phrase> = starts.filter_map(phrase).collect();
        match found.as_slice() {
            [one] => match sought.wanted.printed(one) {
                Ok(printed) => {
                    let owners =
                        self.owners(&sought.planned.column, Target::Parameter(sought.parameter), 1);
                    self.take(sought, &owners, &printed);
                }
                Err(fault) => self.unread(sought.planned, text, fault.0),
            },
            [] => self.unread(sought.planned, text, "no figure with a unit is printed"),
            _ => self.unread(sought.planned, text, "several figures where one is wanted"),
        }
    }

    /// Whether an axis that a cell names exists on this version of the machine.
    fn is_there(&mut self, planned: &Planned, piece: &Piece, owner: &Owner) -> bool {
        let Owner::Named(name) = owner else { return true };
        let version = &self.machine.version;
        let named = |range: &String| in_versions(range, version);
        if !piece.versions.is_empty() && !version.is_empty() && !piece.versions.iter().any(named) {
            self.missing_axes.push(name.clone());
            return false;
        }
        if piece.axes.is_empty()
            && self.missing_axes.iter().any(|missing| missing.eq_ignore_ascii_case(name))
        {
            let reason = "the figure is of an axis that this version does not have";
            self.remark(planned, Severity::Note, name, reason, "it was left out");
            return false;
        }
        true
    }

    /// Reads one part of a cell: chooses among alternatives, checks brackets, takes options.
    fn piece(&mut self, sought: &Sought<'_>, owners: &[Owner], piece: &Piece, cell: &Cell) {
        let (planned, wanted) = (sought.planned, &sought.wanted);
        let optional = |a: &&Alternative| {
            a.enclosed.iter().any(|e| wanted.meaning(e) == Bracket::Option && !has_digit(&e.text))
        };
        let noted = |a: &&Alternative| {
            let is_unit = |text: &str| Unit::named(wanted.dimension, text).is_ok();
            a.enclosed.iter().any(|e| !has_digit(&e.text) && !is_unit(&e.text)) && !optional(a)
        };
        let unmarked: Vec<&Alternative> =
            piece.alternatives.iter().filter(|a| !optional(a) && !noted(a)).collect();
        let single = match (unmarked.as_slice(), piece.alternatives.as_slice()) {
            ([one], _) => *one,
            ([], [one]) => one,
            _ => {
                let texts: Vec<&str> = piece.alternatives.iter().map(|a| a.text.as_str()).collect();
                let reason = "alternatives of which none is marked as the base or as an option";
                return self.unread(planned, &texts.join(" | "), reason);
            }
        };
        // Figures in a row where one is wanted are alternatives too.
        let alike = |p: &&Piece| p.axes.is_empty() && p.word == piece.word;
        if owners == [Owner::Machine] && cell.pieces.iter().filter(alike).count() > 1 {
            let reason = "several figures where one is wanted";
            return self.unread(planned, &single.text, reason);
        }
        for alternative in piece.alternatives.iter().filter(optional) {
            self.option(sought, owners, &alternative.text);
        }
        let Some(text) = self.of_version(sought, piece, single) else { return };
        let said = match wanted.said(&text, &self.mapping.absent) {
            Ok(said) => said,
            Err(fault) => return self.unread(planned, &text, fault.0),
        };
        match said {
            Said::Figure(printed) => self.figure(sought, owners, single, &text, printed),
            // An axis that is there without a figure is still an axis.
            Said::Present => owners.iter().for_each(|owner| {
                self.resolve(owner);
            }),
            Said::Absent | Said::Nothing => {}
        }
    }

    fn figure(
        &mut self,
        sought: &Sought<'_>,
        owners: &[Owner],
        single: &Alternative,
        text: &str,
        mut printed: Printed,
    ) {
        let planned = sought.planned;
        let zero = printed.figure.is_some_and(|figure| figure.count() == 0);
        if zero && planned.column.zero_is_absent {
            return;
        }
        if let Some(after) = overtravel(&printed.rest) {
            let reason = "overtravel is not working travel";
            self.remark(planned, Severity::Note, after, reason, "it was left out");
            printed.rest.clear();
        }
        if !self.understood(sought, &printed, text) {
            return;
        }
        for enclosed in &single.enclosed {
            match sought.wanted.meaning(enclosed) {
                Bracket::Range => self.range(sought, &mut printed, enclosed),
                Bracket::Option => self.option(sought, owners, &enclosed.text),
                Bracket::Inch => self.inches(sought, &mut printed, enclosed),
                Bracket::Unsaid => {
                    let reason = "what the bracket means is not said";
                    return self.unread(planned, &format!("{text} ({})", enclosed.text), reason);
                }
                Bracket::Version | Bracket::InchOrVersion | Bracket::Note => {}
            }
        }
        self.take(sought, owners, &printed);
    }

    /// Whether nothing of weight was left over behind the figure.
    fn understood(&mut self, sought: &Sought<'_>, printed: &Printed, text: &str) -> bool {
        let rest = printed.rest.trim();
        if rest.is_empty() || printed.form == Form::PerLength {
            return true;
        }
        if has_digit(rest) {
            let reason = "more than one figure, and not said how they belong together";
            self.unread(sought.planned, text, reason);
            return false;
        }
        if sought.wanted.parameter.error && foreign(rest) {
            let reason = format!("`{rest}` says that the figure is of something else");
            self.unread(sought.planned, text, reason);
            return false;
        }
        if printed.bare && rest.starts_with(char::is_alphabetic) {
            let reason = format!("`{rest}` stands where a unit could, and is none that is known");
            self.unread(sought.planned, text, reason);
            return false;
        }
        true
    }

    /// The text that holds for the row's version, where brackets or labels give several versions.
    fn of_version(
        &mut self,
        sought: &Sought<'_>,
        piece: &Piece,
        alternative: &Alternative,
    ) -> Option<String> {
        let (planned, wanted) = (sought.planned, &sought.wanted);
        let version = self.machine.version.clone();
        let text = with_words(alternative, &planned.column);
        let figure = match wanted.said(&alternative.text, &self.mapping.absent) {
            Ok(Said::Figure(printed)) => printed.figure,
            _ => None,
        };
        let other_version = |e: &&Enclosed| match wanted.meaning(e) {
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

    /// The ends of the range in a bracket, which may print them in inches.
    fn range(&mut self, sought: &Sought<'_>, printed: &mut Printed, enclosed: &Enclosed) {
        let text = enclosed.text.as_str();
        let figure = printed.figure;
        if figure.and_then(|figure| sought.wanted.inches_agree(enclosed, figure)) == Some(true) {
            return;
        }
        let Ok(Said::Figure(ends)) = sought.wanted.said(text, &[]) else { return };
        if ends.figure == printed.figure {
            printed.range = ends.range;
        } else {
            let reason = format!("the range `{text}` is not as long as the figure printed with it");
            let advice = "both lengths stay possible";
            self.remark(sought.planned, Severity::Contradiction, text, reason, advice);
            printed.set = printed.set.hull(ends.set);
            printed.figure = None;
        }
    }

    fn inches(&mut self, sought: &Sought<'_>, printed: &mut Printed, enclosed: &Enclosed) {
        let Some(figure) = printed.figure else { return };
        if sought.wanted.inches_agree(enclosed, figure) != Some(false) {
            return;
        }
        let reason = format!("`{}` in inches is not the figure printed before it", enclosed.text);
        let advice = "both values stay possible";
        self.remark(sought.planned, Severity::Contradiction, &enclosed.text, reason, advice);
        let unit = Unit::named(sought.wanted.dimension, "in").ok();
        let inches = Wanted { unit, ..sought.wanted };
        if let Ok(Said::Figure(other)) = inches.said(&enclosed.text, &[]) {
            printed.set = printed.set.hull(other.set);
        }
        printed.figure = None;
    }

    /// A figure that holds only with an option.
    fn option(&mut self, sought: &Sought<'_>, owners: &[Owner], text: &str) {
        let text = text.split(['(', '[']).next().unwrap_or_default();
        if let Ok(Said::Figure(printed)) = sought.wanted.said(text, &self.mapping.absent)
            && printed.rest.is_empty()
        {
            let option = self.fitting(&format!("option of `{}`", sought.planned.header));
            for owner in owners {
                let axis = self.resolve(owner);
                let (form, figure, uncertainty) =
                    (printed.form, printed.figure, printed.uncertainty);
                let reading = plain_reading(sought.parameter, printed.set);
                let reading = Reading { axis, option, form, figure, uncertainty, ..reading };
                self.push(sought.planned, sought.context, reading);
            }
        }
    }

    /// Takes a printed figure up for each of its owners.
    fn take(&mut self, sought: &Sought<'_>, owners: &[Owner], printed: &Printed) {
        let option = self.column_fitting(sought.planned);
        for owner in owners {
            let axis = self.resolve(owner);
            let (form, figure, uncertainty) = (printed.form, printed.figure, printed.uncertainty);
            let reading = plain_reading(sought.parameter, printed.set);
            let reading = Reading { axis, option, form, figure, uncertainty, ..reading };
            self.push(sought.planned, sought.context, reading);
            if let Some(ends) = printed.range {
                self.ends(sought.planned, sought.context, axis, ["range_low", "range_high"], ends);
            }
        }
    }
}

/// The parameter that a part with a word before it fills; `None` leaves it unread.
fn routed(column: &Column, piece: &Piece, own: ParameterId) -> Option<ParameterId> {
    if piece.word.is_empty() {
        return Some(own);
    }
    let meaning = column.labels.iter().find(|(word, _)| *word == piece.word);
    meaning.and_then(|(_, name)| machine::find(name))
}

/// The text with only those segments of each group that print a unit of the wanted dimension,
/// where a group has several: `38 kW · 10,000 rpm`, `12,000 rpm @ 32/44 kW`.
fn segments(text: &str, dimension: Dimension) -> String {
    let group = |group: &str| -> String {
        let parts: Vec<&str> = group.split(['·', '@']).collect();
        if parts.len() == 1 {
            return group.to_owned();
        }
        let printed = |part: &&&str| {
            let start = part.find(|c: char| c.is_ascii_digit());
            let figure = start.and_then(|start| part.get(start..));
            let phrase =
                figure.map(|f| Phrase::parse(f, dimension, crate::quantity::Style::default()));
            phrase.and_then(Result::ok).is_some_and(|phrase| phrase.unit.is_some())
        };
        // The label stands before the first segment and holds for the chosen one.
        let first = parts.first().copied().unwrap_or_default();
        let label = first.find(|c: char| c.is_ascii_digit() || "+-±".contains(c));
        let label = label.and_then(|at| first.get(..at)).unwrap_or_default();
        let mut fitting = parts.iter().filter(printed);
        match (fitting.next(), fitting.next()) {
            (Some(one), None) if one.starts_with(label) => one.trim().to_owned(),
            (Some(one), None) => format!("{label}{}", one.trim()),
            _ => group.to_owned(),
        }
    };
    text.split(';').map(group).collect::<Vec<_>>().join(";")
}

fn has_digit(text: &str) -> bool {
    text.chars().any(|c| c.is_ascii_digit())
}

/// Words behind an error figure that make it the figure of something else.
fn foreign(rest: &str) -> bool {
    const WORDS: &[&str] = &[
        "circularity",
        "roundness",
        "straightness",
        "same tool",
        "tool change",
        "interface",
        "thermal",
    ];
    let lower = rest.to_lowercase();
    WORDS.iter().any(|word| lower.contains(word))
}

fn overtravel(rest: &str) -> Option<&str> {
    rest.trim().strip_prefix('+').filter(|after| has_digit(after))
}

fn unit_of(piece: &Piece, wanted: &Wanted<'_>) -> Option<&'static Unit> {
    let text = &piece.alternatives.last()?.text;
    let phrase = Phrase::parse(text, wanted.dimension, wanted.style).ok();
    let printed = phrase.and_then(|phrase| phrase.unit);
    // A unit that stands alone behind a bracket: `510 (20.1) mm`.
    let last = text.split_whitespace().next_back().unwrap_or_default();
    printed.or_else(|| Unit::named(wanted.dimension, last).ok().filter(|u| !u.name().is_empty()))
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
    fn the_segment_with_the_wanted_unit_is_kept() {
        for (text, expected) in [
            ("12,000 rpm @ 32/44 kW", "12,000 rpm"),
            ("38 kW · 10,000 rpm", "10,000 rpm"),
            ("C 10–500 rpm @ 5700/6400 Nm", "C 10–500 rpm"),
            ("B 220° · 12,000 rpm", "B 12,000 rpm"),
            ("6,000 rpm; sub 4,000 rpm", "6,000 rpm; sub 4,000 rpm"),
        ] {
            assert_eq!(segments(text, Dimension::RotationalSpeed), expected);
        }
    }
}
