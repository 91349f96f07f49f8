//! A commented machine file that names every parameter the lists may ask for.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::assess::Evaluator;
use crate::machine::{self, Kind, Parameter, ParameterId, Scope, label};
use crate::rule::{ColumnKey, Part};

/// The template for the lists of an evaluator; every line is commented out but the identity.
pub fn template(evaluator: &Evaluator) -> String {
    let program = &evaluator.program;
    let asked = |part: Part| -> BTreeSet<ParameterId> {
        program
            .columns(part)
            .iter()
            .filter_map(|column| match &column.key {
                ColumnKey::Parameter(key) => Some(key.parameter),
                _ => None,
            })
            .collect()
    };
    let (own, of_axes) = (asked(Part::Machine), asked(Part::Axis));
    let mut out = String::from(
        "# One machine. Fill in what you know and delete the rest; what is left out is unknown,\n\
         # never zero and never \"no\". Figures carry their unit: \"0.9 µm\", \"0.0009 mm\".\n\
         # Any figure may say more:\n\
         # { value = \"0.9 µm\", basis = \"stated\", standard = \"ISO 230-2:2014\" }\n\
         # basis: stated (five machines, by the list's procedure), measured, declared, catalogue,\n\
         # third-party\n\n\
         id = \"my-machine\"\nmaker = \"\"\nmodel = \"\"\nversion = \"\"\ncountry = \"\"\n\
         # what stands behind figures that do not say it\nbasis = \"declared\"\n\
         # say yes only if every linear and rotary axis is listed below\n# axes_complete = true\n",
    );
    for row in machine::all().filter(|id| own.contains(id)) {
        if matches!(row.row().kind, Kind::Contouring(_)) {
            for view in machine::all().filter(|id| matches!(id.row().kind, Kind::Contouring(_))) {
                parameter(&mut out, view.row());
            }
        } else {
            parameter(&mut out, row.row());
        }
    }
    for (title, scope, label) in [
        ("A linear axis; repeat with its own letter (ISO 841).", Scope::LinearAxis, "X"),
        ("A rotary axis; repeat with its own letter (ISO 841).", Scope::RotaryAxis, "C"),
    ] {
        let _ = writeln!(out, "\n# {title}\n# [axis.{label}]");
        for row in machine::all().filter(|id| of_axes.contains(id)) {
            if row.row().scope == scope && !matches!(row.row().name, "axis_kind" | "axis_letter") {
                parameter(&mut out, row.row());
            }
        }
    }
    out.push_str(
        "\n# Something that can be ordered with the machine and changes a figure.\n\
         # [option.control-5x]\n# group = \"control\"\n# contouring_axes = 5\n",
    );
    out
}

fn parameter(out: &mut String, row: &Parameter) {
    let _ = writeln!(out, "\n# {}", row.description);
    let labels =
        |mask: u64| row.vocabulary().map(|v| label::names(v, mask).join(", ")).unwrap_or_default();
    let example = match row.kind {
        Kind::Truth => "true".to_owned(),
        Kind::Contouring(_) => "5".to_owned(),
        Kind::Quantity { unit: "", .. } => "2".to_owned(),
        Kind::Quantity { unit, .. } => format!("\"1 {unit}\""),
        Kind::OneOf(_) | Kind::Flags(_) | Kind::Subset(_) => {
            let _ = writeln!(out, "# labels: {}", labels(u64::MAX));
            let first = row.vocabulary().and_then(|v| v.first()).map_or("", |label| label.name);
            format!("[\"{first}\"]")
        }
    };
    if !row.standard.is_empty() {
        let _ = writeln!(out, "# defined by: {}", row.standard);
    }
    if row.editioned {
        let name = row.name;
        let _ = writeln!(out, "# {name} = {{ value = {example}, standard = \"ISO 230-2:1988\" }}");
    } else {
        let _ = writeln!(out, "# {} = {example}", row.name);
    }
}
