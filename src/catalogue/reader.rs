//! A table and a mapping to machines, remarks and rejected rows.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::contradiction;
use super::header::{self, Qualifier};
use super::mapping::{Column, Mapping, Target, dimension_of};
use super::ranges::travels_by_range;
use super::remark::{Remark, Severity};
use super::row::{Context, RowReader};
use crate::machine::{Compensation, Machine, Standard};
use crate::quantity::Dimension;
use crate::quantity::Style;
use crate::table::{Record, Table};

/// A catalogue as read.
#[derive(Debug, Clone, Default)]
pub struct Catalogue {
    /// The file.
    pub file: String,
    /// The column names.
    pub header: Vec<String>,
    /// The machines, in the order of the file.
    pub machines: Vec<Machine>,
    /// The row of each machine, for explanations.
    pub records: Vec<Record>,
    /// What the reader has to say, in the order of the file.
    pub remarks: Vec<Remark>,
    /// Rows that were set aside.
    pub rejected: Vec<Rejected>,
    /// Columns that no mapping and no well-known name places.
    pub unmapped: Vec<String>,
    /// The mapping's name; empty where none was used.
    pub mapping: String,
    /// How it writes numbers.
    pub style: Style,
    /// What was detected or assumed in reading the file.
    pub notes: Vec<String>,
}

/// A row that was set aside whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejected {
    /// Its line.
    pub line: usize,
    /// Its fields, unchanged.
    pub fields: Vec<String>,
    /// Why.
    pub reason: String,
}

/// A column with how it is read.
#[derive(Debug, Clone)]
pub(super) struct Planned {
    pub index: usize,
    pub header: String,
    pub column: Column,
    /// The standard that the mapping names for it.
    pub standard: Option<Standard>,
}

impl Planned {
    fn new(index: usize, header: &str, column: Column) -> Self {
        let standard = column.standard.as_deref().map(Standard::read);
        Self { index, header: header.to_owned(), column, standard }
    }
}

/// The plan of a whole table.
#[derive(Debug)]
pub(super) struct Plan {
    pub columns: Vec<Planned>,
    /// For a column: the columns that qualify its figures.
    pub qualifiers: BTreeMap<usize, Vec<(usize, Qualifier)>>,
    /// Columns that describe fittings: option name, rule, index.
    pub fittings: Vec<(String, String, usize)>,
    unmapped: Vec<String>,
}

/// A header and how its rows are read, one after the other.
#[derive(Debug)]
pub struct Sheet<'m> {
    file: String,
    header: Vec<String>,
    pub(super) mapping: &'m Mapping,
    pub(super) plan: Plan,
}

impl<'m> Sheet<'m> {
    /// How the rows under this header are read.
    pub fn new(file: &str, header: &[String], mapping: &'m Mapping) -> Self {
        let plan = plan(header, mapping);
        Self { file: file.to_owned(), header: header.to_vec(), mapping, plan }
    }

    /// The column names.
    pub fn header(&self) -> &[String] {
        &self.header
    }

    /// The file.
    pub fn file(&self) -> &str {
        &self.file
    }

    /// Who a row says it is: a machine of which nothing else is known, from the text of each
    /// column. It has no identifier where the row has none.
    pub fn who<'t>(&self, cell: impl Fn(usize) -> Cow<'t, str>) -> Machine {
        let mut machine = Machine::default();
        for planned in &self.plan.columns {
            let into = match planned.column.to {
                Some(Target::Id) => &mut machine.id,
                Some(Target::Maker) => &mut machine.maker,
                Some(Target::Model) => &mut machine.model,
                Some(Target::Version) => &mut machine.version,
                Some(Target::Country) => &mut machine.country,
                Some(Target::Source) => &mut machine.source,
                _ => continue,
            };
            cell(planned.index).trim().clone_into(into);
        }
        if machine.id.is_empty() && !machine.model.is_empty() {
            machine.id = machine.name();
        }
        machine
    }

    /// Columns that no mapping and no well-known name places.
    pub fn unmapped(&self) -> &[String] {
        &self.plan.unmapped
    }

    /// The machine of one row; a row without any identity or with a broken form is set aside.
    pub fn machine(&self, record: &Record, remarks: &mut Vec<Remark>) -> Result<Machine, Rejected> {
        match machine(self, record, remarks) {
            Ok(machine) => {
                contradiction::outside_sense(self, &machine, remarks);
                Ok(machine)
            }
            Err(reason) => {
                remarks.push(rejected_remark(&self.file, record, &reason));
                Err(Rejected { line: record.line, fields: record.fields.clone(), reason })
            }
        }
    }
}

impl Sheet<'_> {
    /// Remarks on rows that contradict those before them.
    pub fn contradictions(&self, records: &[Record]) -> Vec<Remark> {
        let machine = |record| self.machine(record, &mut Vec::new()).ok();
        let machines: Vec<Machine> = records.iter().filter_map(machine).collect();
        contradiction::find(self, &machines)
    }
}

/// Reads a table into machines.
///
/// Columns are read as the mapping says, else by well-known names; all others are reported. A bad
/// cell is a remark; a row without any identity or with a broken form is set aside whole.
pub fn read(table: &Table, mapping: &Mapping) -> Catalogue {
    let sheet = Sheet::new(&table.name, &table.header, mapping);
    let mut catalogue = Catalogue {
        file: table.name.clone(),
        header: table.header.clone(),
        unmapped: sheet.plan.unmapped.clone(),
        mapping: mapping.name.clone(),
        style: mapping.style,
        notes: table.notes.clone(),
        ..Catalogue::default()
    };
    for record in &table.records {
        match sheet.machine(record, &mut catalogue.remarks) {
            Ok(machine) => {
                catalogue.machines.push(machine);
                catalogue.records.push(record.clone());
            }
            Err(rejected) => catalogue.rejected.push(rejected),
        }
    }
    catalogue.remarks.extend(contradiction::find(&sheet, &catalogue.machines));
    catalogue
}

fn rejected_remark(file: &str, record: &Record, reason: &str) -> Remark {
    Remark {
        severity: Severity::Rejected,
        file: file.to_owned(),
        line: record.line,
        column: String::new(),
        machine: String::new(),
        text: record.fields.join(" | ").chars().take(60).collect(),
        reason: reason.to_owned(),
        advice: "the row was set aside whole; --rejects FILE writes it".to_owned(),
    }
}

/// Identity and context first, then axes and travel, then what refers to axes.
fn phase(target: Option<Target>) -> u8 {
    match target {
        Some(Target::Axes | Target::AxesComplete) => 1,
        Some(Target::Travel) => 2,
        Some(Target::RotaryRange) => 3,
        _ => 4,
    }
}

fn plan(names: &[String], mapping: &Mapping) -> Plan {
    // Of several columns of one name, the nearest one on the left, as a figure of one edition is
    // followed by its edition before that of another begins; else the first on the right.
    let place = |name: &str, from: usize| {
        let wanted = name.trim().to_lowercase();
        let called = |at: &usize| names.get(*at).is_some_and(|n| n.trim().to_lowercase() == wanted);
        (0..from).rev().find(called).or_else(|| (from..names.len()).find(called))
    };
    let mut plan = Plan {
        columns: Vec::new(),
        qualifiers: BTreeMap::new(),
        fittings: Vec::new(),
        unmapped: Vec::new(),
    };
    for (index, name) in names.iter().enumerate() {
        let mut mapped = mapping.columns_of(name).peekable();
        if mapped.peek().is_some() {
            let planned = mapped.map(|column| Planned::new(index, name, column.clone()));
            plan.columns.extend(planned);
        } else if let Some((fitting, rule)) = header::fitting_rule(name) {
            plan.fittings.push((fitting.to_owned(), rule.to_owned(), index));
        } else if let Some(column) = header::well_known(name) {
            plan.columns.push(Planned::new(index, name, column));
        } else if let Some(of) = header::valued(name) {
            // `axis.X.upr.value` carries the figure itself.
            let column = header::well_known(of).unwrap_or_default();
            plan.columns.push(Planned::new(index, name, column));
        } else if let Some((of, qualifier)) = header::qualified(name) {
            for of in [of, &format!("{of}.value")].into_iter().filter_map(|of| place(of, index)) {
                plan.qualifiers.entry(of).or_default().push((index, qualifier));
            }
        } else if !name.is_empty() {
            plan.unmapped.push(name.clone());
        }
    }
    plan.columns.sort_by_key(|planned| (phase(planned.column.to), planned.index));
    plan
}

fn machine(
    sheet: &Sheet<'_>,
    record: &Record,
    remarks: &mut Vec<Remark>,
) -> Result<Machine, String> {
    let Sheet { mapping, plan, .. } = sheet;
    if let Some(fault) = &record.fault {
        return Err(fault.clone());
    }
    let mut machine = Machine {
        line: record.line,
        axes_complete: mapping.axes_complete,
        ..sheet.who(|column| Cow::Borrowed(record.field(column)))
    };
    if machine.id.is_empty() {
        return Err("the row names neither an identifier nor a model".to_owned());
    }
    let mut standard = mapping.standard.as_deref().unwrap_or_default();
    let mut basis = mapping.basis;
    for planned in &plan.columns {
        let text = record.field(planned.index).trim();
        match planned.column.to {
            Some(Target::Standard) if !text.is_empty() => standard = text,
            Some(Target::Basis) if !text.is_empty() => match header::basis(text) {
                Some(named) => basis = named,
                None => return Err(format!("`{text}` is not what a figure rests on")),
            },
            _ => {}
        }
    }
    fittings(&mut machine, plan, record);
    let mut reader = RowReader {
        mapping,
        file: &sheet.file,
        record,
        header: &sheet.header,
        machine: &mut machine,
        remarks,
        missing_axes: Vec::new(),
    };
    let standard = Standard::read(standard);
    for planned in &plan.columns {
        let (context, problem) = context(plan, planned, record, standard, basis);
        if let Some(problem) = problem {
            let text = record.field(planned.index).to_owned();
            reader.unread(planned, &text, problem);
            continue;
        }
        reader.read(planned, &context);
    }
    travels_by_range(&mut machine);
    // A row that lists no axis at all has not listed all of them.
    machine.axes_complete &= !machine.axes.is_empty();
    Ok(machine)
}

/// What the qualifying columns say of a column's figures.
fn context(
    plan: &Plan,
    planned: &Planned,
    record: &Record,
    standard: Standard,
    basis: crate::machine::Basis,
) -> (Context, Option<String>) {
    let mut context = Context {
        basis: planned.column.basis.unwrap_or(basis),
        standard: planned.standard.unwrap_or(standard),
        compensation: Compensation::Unsaid,
    };
    for (index, qualifier) in plan.qualifiers.get(&planned.index).into_iter().flatten() {
        let text = record.field(*index).trim();
        if text.is_empty() {
            continue;
        }
        match qualifier {
            Qualifier::Basis => match header::basis(text) {
                Some(named) => context.basis = named,
                None => {
                    let problem = format!("`{text}` is not what a figure rests on");
                    return (context, Some(problem));
                }
            },
            Qualifier::Standard => context.standard = Standard::read(text),
            Qualifier::Compensation => {
                context.compensation = match text.to_lowercase().as_str() {
                    "on" | "yes" => Compensation::On,
                    "off" | "no" => Compensation::Off,
                    _ => return (context, Some(format!("compensation `{text}` is not on or off"))),
                };
            }
        }
    }
    (context, None)
}

fn fittings(machine: &mut Machine, plan: &Plan, record: &Record) {
    for (name, rule, index) in &plan.fittings {
        let text = record.field(*index).trim();
        if text.is_empty() {
            continue;
        }
        let known = machine.fittings.iter().position(|fitting| fitting.name == *name);
        let at = known.unwrap_or_else(|| {
            let fitting = crate::machine::Fitting { name: name.clone(), ..Default::default() };
            machine.fittings.push(fitting);
            machine.fittings.len() - 1
        });
        let Some(fitting) = machine.fittings.get_mut(at) else { continue };
        let names = || text.split('/').map(|n| n.trim().to_owned()).collect::<Vec<_>>();
        match rule.as_str() {
            "group" => text.clone_into(&mut fitting.group),
            "requires" => fitting.requires = names(),
            "excludes" => fitting.excludes = names(),
            _ => fitting.shipped = text.eq_ignore_ascii_case("yes"),
        }
    }
}

/// Whether every figure of a planned column has to print its own unit.
pub(super) fn needs_units(column: &Column) -> bool {
    let dimension = column.to.and_then(dimension_of);
    dimension.is_some_and(|d| d != Dimension::Number) && column.unit.is_none()
}
