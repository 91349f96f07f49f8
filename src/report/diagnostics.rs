//! What the readings of an axis say about their test, and the segments of a long axis.

use super::table::table;
use crate::metrology::{AxisRuns, Diagnostics, SegmentRule, Segments};
use crate::quantity::{Dimension, Unit};

/// Diagnostics for people: none of it is the legal figure.
pub fn diagnostics_text(runs: &AxisRuns, found: &Diagnostics) -> String {
    let name = if runs.dimension == Dimension::Angle { "arcsec" } else { "um" };
    let unit = Unit::named(runs.dimension, name).ok();
    let size = unit.map_or(1.0, |unit| unit.size as f64);
    let mut text = "Diagnostics, never the legal figure:\n".to_owned();
    if let (Some(drift), Some(upr)) = (found.drift, found.upr_without_drift) {
        text += &format!(
            "  drift: {drift:.2} s a run on average; without a linear drift UPR would be {:.3} \
             {name}\n",
            upr / size
        );
    }
    match found.outliers.as_slice() {
        [] => text += "  no reading is farther than 3 pooled s from its mean\n",
        far => {
            for outlier in far.iter().take(10) {
                text += &format!(
                    "  target {} {} run {}: {:.1} pooled s from its mean\n",
                    outlier.target + 1,
                    outlier.direction.arrow(),
                    outlier.run + 1,
                    outlier.distance
                );
            }
            if far.len() > 10 {
                text += &format!("  and {} more readings as far out\n", far.len() - 10);
            }
            text += "  UPR hides what is on one side only; no reading is rejected\n";
        }
    }
    if let (Some(slope), Dimension::Length) = (found.slope, runs.dimension) {
        text += &format!("  slope of the means: {:.2} um/m\n", slope * 1e6);
    }
    text
}

/// The segments of a long axis for people.
pub fn segments_text(rule: &SegmentRule, found: &Segments) -> String {
    let unit = |name: &str| Unit::named(Dimension::Length, name).ok();
    let (mm, um) = (unit("mm"), unit("um"));
    let length =
        |value: crate::quantity::Value| mm.map_or_else(String::new, |unit| value.text(unit));
    let size = um.map_or(1.0, |unit| unit.size as f64);
    let cells: Vec<Vec<String>> = found
        .segments
        .iter()
        .map(|segment| {
            let upr = match &segment.upr {
                Ok(upr) => format!("{:.3}", upr.value / size),
                Err(reason) => reason.text(),
            };
            vec![length(segment.from), length(segment.to), segment.targets.to_string(), upr]
        })
        .collect();
    let mut text = format!("Segments ({}), gaps of {}:\n", rule.text, length(found.gap));
    text += &table(&["from", "to", "targets", "UPR, um"], &cells, 2);
    text += &match found.smallest() {
        Some((at, upr)) => {
            format!("\nreported: {:.3} um, of segment {}\n", upr / size, at + 1)
        }
        None => "\nnot every segment has a UPR: none is reported\n".to_owned(),
    };
    text
}
