//! Which columns of a sheet hold plain figures, so that most of their cells need no closer look.
//!
//! A column whose cells are one figure of one parameter of the machine, or of one named axis, in a
//! declared unit, is read digit by digit. Any other cell sends its row to the whole reader, which
//! reads a plain cell to the same value.

use super::mapping::{Column, Target, of_axis};
use super::reader::Sheet;
use crate::machine::{self, Kind, ParameterId};
use crate::quantity::{Cut, Dimension, Ladder, Style, Unit, Value};

/// What a column of a sheet is to a reader that knows which parameters are asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Role {
    /// Nothing that is asked for can come from it.
    Unasked,
    /// Who the machine is; nothing that is asked for.
    Name,
    /// Plain figures.
    Figures(Figures),
    /// Words that say what one parameter of the machine is, whatever else the row says.
    Words(ParameterId),
    /// Anything else that decides what the row says.
    Said,
}

/// A column of plain figures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figures {
    /// The parameter.
    pub parameter: ParameterId,
    /// The label of the axis, for a parameter of an axis.
    pub axis: Option<String>,
    unit: &'static Unit,
    /// Counts of the smallest unit in one unit of each number of decimals.
    steps: [i64; DECIMALS],
    /// Whether nought needs a closer look.
    zero: bool,
}

/// Figures with as many decimals or more need a closer look.
const DECIMALS: usize = 8;
/// So do longer ones.
const DIGITS: usize = 15;

impl Figures {
    fn new(parameter: ParameterId, axis: Option<String>, unit: &'static Unit, zero: bool) -> Self {
        let mut steps = [0; DECIMALS];
        let mut step = unit.size;
        for slot in &mut steps {
            *slot = step;
            step = if step % 10 == 0 { step / 10 } else { 0 };
        }
        Self { parameter, axis, unit, steps, zero }
    }

    /// The value of a cell that is nothing but a plain figure; `None` where it takes the whole
    /// reader to say what the cell says.
    pub fn value(&self, cell: &[u8]) -> Option<Value> {
        if cell.len() > DIGITS {
            return None;
        }
        let (mut digits, mut decimals, mut mark) = (0i64, 0usize, false);
        for byte in cell {
            let digit = byte.wrapping_sub(b'0');
            if digit < 10 {
                digits = digits * 10 + i64::from(digit);
                decimals += usize::from(mark);
            } else if *byte == b'.' && !mark {
                mark = true;
            } else {
                return None;
            }
        }
        // `.5`, `5.` and a lone point are for the reader.
        let first = cell.first()?;
        let dangling = mark && decimals == 0;
        let step = *self.steps.get(decimals)?;
        if *first == b'.' || dangling || step == 0 || (digits == 0 && self.zero) {
            return None;
        }
        Value::from_count(digits.checked_mul(step)?.checked_add(self.unit.zero)?)
    }

    /// Which of these cuts the figures of the column lie above.
    pub fn ladder(&self, cuts: &[Cut]) -> Ladder {
        Ladder::new(cuts, self.steps, self.unit.zero, self.zero)
    }
}

impl Sheet<'_> {
    /// The role of each column where only some parameters are asked for; `None` where rows cannot
    /// be read column by column.
    pub fn roles(&self, asked: impl Fn(ParameterId) -> bool) -> Option<Vec<Role>> {
        let mut roles = vec![Role::Unasked; self.header().len()];
        let mut set = |at: usize, role: Role| {
            if let Some(slot) = roles.get_mut(at) {
                // A column that is read in two ways needs the whole reader.
                *slot = if *slot == Role::Unasked { role } else { Role::Said };
            }
        };
        for planned in &self.plan.columns {
            // Figures of whatever axes the row lists depend on the order in which it lists them.
            if planned.column.to.is_some_and(of_axis) && planned.column.axes.is_empty() {
                return None;
            }
            // Where no travel is printed, its range says how long an axis is.
            let ends =
                ["range_low", "range_high"].map(|end| Target::Parameter(machine::id_of(end)));
            if planned.column.to.is_some_and(|to| ends.contains(&to)) {
                return None;
            }
            let role = match self.role(&planned.column, &asked) {
                Role::Words(_) if self.is_qualified(planned.index) => Role::Said,
                role => role,
            };
            set(planned.index, role);
        }
        let qualifying = self.plan.qualifiers.values().flatten().map(|(at, _)| *at);
        for at in qualifying.chain(self.plan.fittings.iter().map(|(_, _, at)| *at)) {
            set(at, Role::Said);
        }
        Some(roles)
    }

    /// The column of identifiers, if there is just one and it holds nothing else.
    pub fn id(&self) -> Option<usize> {
        let mut ids = self.plan.columns.iter().filter(|p| p.column.to == Some(Target::Id));
        let index = ids.next().filter(|_| ids.next().is_none())?.index;
        let only = self.plan.columns.iter().filter(|p| p.index == index).count() == 1;
        only.then_some(index)
    }

    /// Whether what other columns of a row say changes what stands behind the readings of this one.
    fn is_qualified(&self, index: usize) -> bool {
        let bears = |to: Option<Target>| matches!(to, Some(Target::Basis | Target::Standard));
        self.plan.qualifiers.contains_key(&index)
            || self.plan.columns.iter().any(|planned| bears(planned.column.to))
    }

    fn role(&self, column: &Column, asked: impl Fn(ParameterId) -> bool) -> Role {
        if !column.routes.is_empty() {
            return Role::Said;
        }
        let Some(target) = column.to else { return Role::Unasked };
        let parameter = match target {
            Target::Id | Target::Maker | Target::Model | Target::Country | Target::Source => {
                return Role::Name;
            }
            Target::Travel => machine::id_of("travel"),
            Target::Parameter(parameter) => parameter,
            _ => return Role::Said,
        };
        let Kind::Quantity { .. } = parameter.row().kind else {
            let view = matches!(parameter.row().kind, Kind::Contouring(_));
            let held = if view { machine::id_of("contouring_axes") } else { parameter };
            let of_machine = !of_axis(target) && column.fitting.is_none();
            let one =
                matches!(parameter.row().kind, Kind::Truth | Kind::OneOf(_) | Kind::Contouring(_));
            return match (of_machine, asked(held)) {
                (true, false) => Role::Unasked,
                (true, true) if one => Role::Words(held),
                _ => Role::Said,
            };
        };
        match self.figures(column, target, parameter) {
            // An axis is there because some figure of it is printed.
            Some(figures) if figures.axis.is_some() || asked(parameter) => Role::Figures(figures),
            Some(_) => Role::Unasked,
            None => Role::Said,
        }
    }

    fn figures(&self, column: &Column, target: Target, parameter: ParameterId) -> Option<Figures> {
        let structured = column.requires.is_some()
            || column.piece.is_some()
            || column.search
            || column.standard_in_cell
            || column.fitting.is_some()
            || self.mapping.style != Style::default();
        let axis = match (of_axis(target), column.axes.as_slice()) {
            (false, []) => None,
            (true, [name]) if name != "rotary" && name != "listed" => Some(name.clone()),
            _ => return None,
        };
        let row = parameter.row();
        let dimension = row.dimension()?;
        let unit = match (&column.unit, dimension) {
            (Some(name), _) => Unit::named(dimension, name).ok()?,
            (None, Dimension::Number) => dimension.smallest(),
            (None, _) => return None,
        };
        let zero = row.error || column.zero_is_absent;
        (!structured).then(|| Figures::new(parameter, axis, unit, zero))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::Mapping;
    use crate::table::Record;

    #[test]
    fn plain_cells_are_read_as_the_reader_reads_them() {
        let header = ["id", "upr_x_um", "travel_x_mm"].map(str::to_owned);
        let mapping = Mapping::default();
        let sheet = Sheet::new("x.csv", &header, &mapping);
        let roles = sheet.roles(|_| true).expect("plain columns");
        let Some(Role::Figures(upr)) = roles.get(1) else { panic!("{roles:?}") };
        for cell in ["0.9", "0.90", "1", "12.345678", "007", "5.", ".5", "0", "1e3", "", "-1", "1 "]
        {
            let fields = ["m", cell, ""].map(str::to_owned).to_vec();
            let record = Record { line: 2, fields, ..Record::default() };
            let machine = sheet.machine(&record, &mut Vec::new()).expect("a machine");
            let read = machine.readings.first().and_then(|reading| reading.figure);
            if let Some(value) = upr.value(cell.as_bytes()) {
                assert_eq!(Some(value), read, "{cell}");
            }
        }
        assert!(upr.value(b"0.9").is_some() && upr.value(b"").is_none());
        assert!(upr.value(b"0").is_none(), "an error of nought needs a closer look");
    }
}
