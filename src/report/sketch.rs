//! The deviation plot as lines of text: a line for each target and side, mean and band ± 2 s.

use crate::metrology::{At, AtTarget, Direction, Figured, Positioning};
use crate::quantity::{Dimension, Unit};

/// How many columns a sketch has, and how many targets it shows at most.
const WIDTH: usize = 64;
const TARGETS_MAX: usize = 25;

/// The sketch of an axis; empty where there is too little or too much to show.
///
/// Beside each target its reversal, and beside each line which figures occur there.
pub fn sketch(found: &Positioning) -> String {
    let (name, place) = match found.dimension {
        Dimension::Angle => ("arcsec", "deg"),
        _ => ("um", "mm"),
    };
    let unit = |name: &str| Unit::named(found.dimension, name).ok();
    let size = unit(name).map_or(1.0, |unit| unit.size as f64);
    let band = |target: &AtTarget, side: usize| {
        let mean = target.mean.get(side).copied().flatten()? / size;
        let half = 2.0 * target.s.get(side).copied().flatten().unwrap_or(0.0) / size;
        Some((mean - half, mean, mean + half))
    };
    let sides = || found.targets.iter().flat_map(|t| (0..2).filter_map(|side| band(t, side)));
    let (low, high) = sides()
        .fold((f64::MAX, f64::MIN), |(low, high), (from, _, to)| (low.min(from), high.max(to)));
    if found.targets.len() > TARGETS_MAX || low >= high {
        return String::new();
    }
    let column = |value: f64| {
        let part = (value - low) / (high - low);
        ((part * (WIDTH - 1) as f64).round() as usize).min(WIDTH - 1)
    };
    let labels: Vec<String> = found
        .targets
        .iter()
        .map(|target| unit(place).map_or_else(String::new, |unit| target.position.text(unit)))
        .collect();
    let width = labels.iter().map(|label| label.chars().count()).max().unwrap_or(0);
    let mut text = format!(
        "{:width$}  {low:.2} to {high:.2} {name}: means ▲ ↑ and ▼ ↓ with ± 2 s, ┊ mean of both\n",
        ""
    );
    for (number, (target, label)) in found.targets.iter().zip(&labels).enumerate() {
        for (side, mark) in ['▲', '▼'].into_iter().enumerate() {
            let Some((from, mean, to)) = band(target, side) else { continue };
            let both = target.both().map(|both| column(both / size));
            let mut line = [' '; WIDTH];
            for (at, cell) in line.iter_mut().enumerate() {
                if (column(from)..=column(to)).contains(&at) {
                    *cell = '─';
                }
                if both == Some(at) {
                    *cell = '┊';
                }
                if at == column(mean) {
                    *cell = mark;
                }
            }
            let label = if side == 0 { label.as_str() } else { "" };
            let reversal = target.reversal().filter(|_| side == 0);
            let reversal = reversal.map(|value| format!("B {:+.2}", value / size));
            let said: Vec<String> =
                reversal.into_iter().chain(occurring(found, number, side)).collect();
            let line: String = line.iter().collect();
            text += format!("{label:>width$}  {line}  {}", said.join(", ")).trim_end();
            text.push('\n');
        }
    }
    text
}

/// Which figures occur at a target and side; those of both sides beside the first.
fn occurring(found: &Positioning, number: usize, side: usize) -> Vec<String> {
    let direction = if side == 0 { Direction::Up } else { Direction::Down };
    let here = |at: Option<At>| {
        at.is_some_and(|at| {
            let of_both = at.direction.is_none() && side == 0;
            at.target == number && (of_both || at.direction == Some(direction))
        })
    };
    let at = |figured: Figured| figured.ok().and_then(|computed| computed.at);
    let accuracy = found.two.accuracy.ok();
    let all = [
        ("largest B", at(found.reversal[0])),
        ("R", at(found.two.repeatability)),
        ("upper end of A", accuracy.and_then(|computed| computed.at)),
        ("lower end of A", accuracy.and_then(|computed| computed.from)),
        ("UPR", at(found.upr)),
    ];
    all.into_iter().filter(|(_, at)| here(*at)).map(|(name, _)| name.to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrology::{AxisRuns, Conditions, Target};
    use crate::quantity::Value;

    #[test]
    fn both_sides_of_each_target_are_sketched() {
        let target = |at: i64| Target {
            position: Value::from_count(at * 1_000_000_000).expect("fits"),
            up: vec![0, 1_000_000, 2_000_000],
            down: vec![4_000_000, 5_000_000, 6_000_000],
        };
        let runs = AxisRuns {
            axis: "X".to_owned(),
            dimension: Dimension::Length,
            targets: vec![target(1), target(200)],
            remarks: Vec::new(),
            conditions: Conditions::default(),
        };
        let text = sketch(&Positioning::of(&runs));
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 5, "{text}");
        assert!(lines[1].starts_with("  1 mm  ──") && lines[1].contains('▲'), "{text}");
        assert!(lines[1].ends_with("B -4.00, largest B, R, lower end of A, UPR"), "{text}");
        assert!(lines[2].ends_with("─  upper end of A") && lines[2].contains('▼'), "{text}");
        assert!(lines[1].contains('┊') && lines[3].ends_with("B -4.00"), "{text}");
        let silent = AxisRuns { targets: Vec::new(), ..runs };
        assert_eq!(sketch(&Positioning::of(&silent)), "");
    }
}
