//! What a list may not mean, for people.

use super::region::witness;
use crate::assess::Finding;

/// A finding with its place; under it the pair of machines that proves it, as rows of a sheet.
pub fn finding_text(finding: &Finding) -> String {
    let place = finding.place.as_ref().map_or_else(String::new, |place| format!("{place}: "));
    let mut out = format!("\n  warning: {place}{}: {}", finding.id, finding.text);
    for (machine, verdict) in &finding.witnesses {
        out += &format!("\n    {}: {}", verdict.word(), witness(machine));
    }
    out
}
