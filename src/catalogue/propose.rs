//! A proposed mapping for a catalogue: what well-known names place, and what they do not.

use super::header;
use super::mapping::{Mapping, Target};
use super::reader::needs_units;
use crate::error::nearest;
use crate::table::Table;

/// What can be said of a catalogue's columns without asking.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Proposal {
    /// The mapping, as a file.
    pub text: String,
    /// Columns that were placed, each with what it fills.
    pub placed: Vec<(String, String)>,
    /// Columns that were not placed, each with the nearest name, if one is near.
    pub open: Vec<(String, Option<String>)>,
}

/// Proposes a mapping for a table; columns that `known` maps keep what it says.
pub fn propose(table: &Table, known: &Mapping) -> Proposal {
    let mut proposal = Proposal::default();
    let mut body = String::new();
    for (index, name) in table.header.iter().enumerate().filter(|(_, name)| !name.is_empty()) {
        let sample = table.records.iter().map(|record| record.field(index).trim());
        let sample =
            sample.filter(|field| !field.is_empty()).take(3).collect::<Vec<_>>().join(" | ");
        let sample = sample.replace(['\n', '\r'], " ");
        let placed = known.column(name).cloned().or_else(|| header::well_known(name));
        let key = quoted(name);
        match placed {
            Some(column) => {
                let to = column.to.map_or("", Target::name);
                body.push_str(&format!("\n# {sample}\n[column.{key}]\n"));
                match (&column.to, &column.ignore) {
                    (Some(_), _) => body.push_str(&format!("to = \"{to}\"\n")),
                    (None, Some(why)) => body.push_str(&format!("ignore = {}\n", quoted(why))),
                    (None, None) => {}
                }
                if !column.axes.is_empty() {
                    let axes: Vec<String> = column.axes.iter().map(|axis| quoted(axis)).collect();
                    body.push_str(&format!("axes = [{}]\n", axes.join(", ")));
                }
                match &column.unit {
                    Some(unit) => body.push_str(&format!("unit = {}\n", quoted(unit))),
                    None if needs_units(&column) => {
                        body.push_str("# unit = \"...\"  # needed where figures print none\n");
                    }
                    None => {}
                }
                proposal.placed.push((name.clone(), to.to_owned()));
            }
            None => {
                let near = nearest(name, Target::names()).map(str::to_owned);
                let hint = near.as_deref().unwrap_or("...");
                body.push_str(&format!(
                    "\n# not placed: {sample}\n# [column.{key}]\n# to = \"{hint}\"\n"
                ));
                proposal.open.push((name.clone(), near));
            }
        }
    }
    let headers: Vec<String> =
        proposal.placed.iter().take(4).map(|(name, _)| quoted(name)).collect();
    proposal.text = format!(
        "# Proposed for {}. Check every line: a name that merely resembles a parameter is not it.\n\
         format = 1\nkind = \"mapping\"\nname = {}\nwhen_columns = [{}]\n\n\
         [defaults]\nbasis = \"catalogue\"\ndecimal = \"point\"\n{body}",
        table.name,
        quoted(&table.name),
        headers.join(", ")
    );
    proposal
}

fn quoted(text: &str) -> String {
    let escaped: String = text
        .chars()
        .flat_map(|c| match c {
            '"' | '\\' => vec!['\\', c],
            '\n' => vec!['\\', 'n'],
            c if c.is_control() => vec![' '],
            c => vec![c],
        })
        .collect();
    format!("\"{escaped}\"")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::{Reading, read};

    #[test]
    fn a_proposal_is_itself_a_mapping_and_names_what_it_could_not_place() {
        let table = read("x.csv", b"Model,travel_x_mm,travl\nA,500,400\n", &Reading::default());
        let proposal = propose(&table.expect("a table"), &Mapping::default());
        assert_eq!(proposal.open, [("travl".to_owned(), Some("travel".to_owned()))]);
        let mapping = Mapping::read("p.toml", &proposal.text).expect("readable");
        assert_eq!(mapping.column("travel_x_mm").and_then(|c| c.to), Some(Target::Travel));
    }
}
