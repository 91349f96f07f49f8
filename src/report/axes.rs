//! Contouring axes: what counts, and why an axis does not.

use serde::Serialize;

use super::csv::rows_csv;
use super::table::table;
use crate::error::Result;
use crate::kinematics::{Chain, Count, Motion, Why, rank};
use crate::quantity::counted;

/// One axis of one path.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AxisRow {
    /// The machine.
    pub machine: String,
    /// The workpiece and the tool.
    pub path: String,
    /// The axis.
    pub axis: String,
    /// `workpiece` or `tool`: on which side of the bed it lies.
    pub side: &'static str,
    /// `linear` or `rotary`.
    pub moves: &'static str,
    /// Whether it counts.
    pub counts: bool,
    /// Why it does not, or that it does.
    pub why: String,
}

const COLUMNS: &[&str] = &["machine", "path", "axis", "side", "moves", "counts", "why"];

/// A row for each axis of each path.
pub fn axis_rows(chain: &Chain, count: &Count) -> Vec<AxisRow> {
    let mut rows = Vec::new();
    for (path, counted) in chain.paths.iter().zip(&count.paths) {
        for (joint, why) in path.joints.iter().zip(&counted.joints) {
            rows.push(AxisRow {
                machine: chain.name.clone(),
                path: format!("{} to {}", path.workpiece, path.tool),
                axis: joint.label.clone(),
                side: if joint.of_workpiece { "workpiece" } else { "tool" },
                moves: match joint.motion {
                    Motion::Linear(_) => "linear",
                    Motion::Rotary { .. } => "rotary",
                },
                counts: *why == Why::Counts,
                why: words(why),
            });
        }
    }
    rows
}

fn words(why: &Why) -> String {
    match why {
        Why::Counts => "counts".to_owned(),
        Why::IndexOnly => "positioned between cuts only".to_owned(),
        Why::Spindle => "turns without position control".to_owned(),
        Why::Function(function) => format!("serves another function: {function}"),
        Why::ParallelTo(first) => format!("secondary linear axis parallel to {first}"),
        Why::ParallelCentreLine(first) => {
            format!("secondary rotary axis, its centre line parallel to that of {first}")
        }
        Why::SameCentreLine(first) => format!("on the centre line of {first}"),
    }
}

fn cells(row: &AxisRow) -> Vec<String> {
    let counts = if row.counts { "yes" } else { "no" };
    [row.axis.as_str(), row.side, row.moves, counts, &row.why].map(str::to_owned).to_vec()
}

/// The rows as CSV.
pub fn axes_csv(rows: &[AxisRow]) -> Result<String> {
    let cells = |row: &AxisRow| {
        let own = [&row.machine, &row.path].map(String::clone);
        own.into_iter().chain(cells(row)).collect::<Vec<String>>()
    };
    rows_csv(COLUMNS, rows.iter().map(cells))
}

/// The count in words, path by path.
pub fn axes_text(chain: &Chain, count: &Count) -> String {
    let mut text = format!("{}\n", chain.name);
    let rows = axis_rows(chain, count);
    for (path, found) in chain.paths.iter().zip(&count.paths) {
        let (linear, rotary) = (found.linear, found.rotary);
        let name = format!("{} to {}", path.workpiece, path.tool);
        let axes = counted(linear + rotary, "contouring axis");
        text += &format!("\n{name}: {axes} ");
        text += &format!("({linear} linear, {rotary} rotary), before the control is looked at\n");
        if path.platform.is_some() {
            text += "a platform on struts: its freedoms count, not its struts\n";
            continue;
        }
        let cells: Vec<_> = rows.iter().filter(|row| row.path == name).map(cells).collect();
        let shown = table(COLUMNS.get(2..).unwrap_or_default(), &cells, usize::MAX);
        text += &format!("{shown}\n");
        text += &match rank(path) {
            Some(rank) => format!(
                "independent motions at generic poses: {rank} (a diagnostic; the lists go by \
                 parallel axes)\n"
            ),
            None => "independent motions: not computable, centre lines are not given (`through`)\n"
                .to_owned(),
        };
        for remark in &path.remarks {
            text += &format!("note: {remark}\n");
        }
    }
    let axes = counted(count.axes, "axis");
    text += &format!("\n{axes} can be coordinated for contouring at once");
    if let Some(most) = chain.coordinated {
        text += &format!("; the control takes {most}");
    }
    let pair = |(linear, rotary): &(usize, usize)| format!("{linear} linear and {rotary} rotary");
    let sets: Vec<String> = count.sets.iter().map(pair).collect();
    text += &format!(": {}\n", sets.join(", or "));
    if let [(linear, rotary)] = count.sets.as_slice() {
        text += &format!(
            "In a machine file: contouring_linear = {linear}, contouring_rotary = {rotary}\n"
        );
    }
    text
}
