//! What the pictures of curves and maps show, in their units and words.

use crate::assess::{self, Map, Sweep, Verdict};
use crate::error::Result;
use crate::plot::Heading;
use crate::plot::curve::{CurvePlot, Line, curve_svg};
use crate::plot::histogram::{HistogramPlot, histogram_svg};
use crate::plot::map::{MapPlot, map_svg};
use crate::quantity::Value;
use crate::report::{self, DialRow, Ground};

/// A curve as SVG.
pub(super) fn curve(sweep: &Sweep, ground: &Ground) -> Result<String> {
    let unit = report::dial_unit(sweep);
    let number = |value: Value| value.count() as f64 / unit.size as f64;
    let first = sweep.points.iter().find_map(|point| point.from).unwrap_or(sweep.stands);
    let step = |point: &assess::Point| {
        let captured = point.captured;
        let [certain, possible] =
            [captured.certain, captured.possible].map(|tally| count(tally.machines));
        (number(point.from.unwrap_or(first)), certain, possible)
    };
    let first_marked = sweep.points.first().filter(|_| sweep.is_marked).map(|one| &one.marked);
    curve_svg(&CurvePlot {
        heading: marked_heading(ground, first_marked, sweep.machines),
        values: axis(ground, 0),
        whole: unit.size == 1,
        counts: "machines".to_owned(),
        stands: (number(sweep.stands), sweep.stands.text(unit)),
        least: sweep.least().map(number),
        steps: report::real_points(sweep).map(step).collect(),
        lines: marked(sweep),
    })
}

/// A count of marked machines.
type Counted = fn(&assess::Marked) -> usize;

/// How what is captured fits what experts marked, a line each; none where nothing is marked. Above
/// what is certain is what is undecided of the same kind.
fn marked(sweep: &Sweep) -> Vec<Line> {
    if !sweep.is_marked {
        return Vec::new();
    }
    let counts = |of: Counted| -> Vec<u32> {
        report::real_points(sweep).map(|point| count(of(&point.marked))).collect()
    };
    let line = |name: &str, of, open: Option<(&str, Counted)>| Line {
        name: name.to_owned(),
        counts: counts(of),
        open: open.map(|(name, of)| (name.to_owned(), counts(of))),
    };
    vec![
        line(
            "hits: of concern, captured",
            |marked| marked.hits,
            Some(("of concern, captured or undecided", |marked| marked.open)),
        ),
        line("misses: of concern, not captured", |marked| marked.misses, None),
        line(
            "false alarms: not of concern, captured",
            |marked| marked.false_alarms,
            Some(("not of concern, captured or undecided", |marked| marked.open_others)),
        ),
    ]
}

/// How far from where the dial stands machines move, as SVG.
pub(super) fn histogram(sweep: &Sweep, ground: &Ground) -> Result<String> {
    let unit = report::dial_unit(sweep);
    let classes = [Verdict::Captured, Verdict::Undetermined, Verdict::NotCaptured];
    let class = |truth| classes.iter().position(|verdict| *verdict == Verdict::of(truth));
    let margins = sweep.margins().into_iter();
    let mut heading = heading(ground, ": how far from the limit machines move");
    heading.lines.extend(ground.dials.first().map(DialRow::exact).unwrap_or_default());
    let name = if unit.name().is_empty() { String::new() } else { format!(", {}", unit.name()) };
    histogram_svg(&HistogramPlot {
        heading,
        values: format!(
            "value at which a machine moves, less the {}{name}",
            report::dial_turns(sweep)
        ),
        size: unit.size,
        margins: margins.filter_map(|(margin, truth)| Some((margin, class(truth)?))).collect(),
        classes: classes.map(|verdict| format!("{} where the limit stands", verdict.word())),
    })
}

/// A map as SVG.
pub(super) fn map(map: &Map, ground: &Ground) -> Result<String> {
    let labels = |at: usize, values: &[Value]| {
        let dial = ground.dials.get(at);
        values.iter().filter_map(|value| Some(dial?.value_text(*value))).collect()
    };
    let cell = |captured: &assess::Captured| {
        let (certain, possible) = (captured.certain.machines, captured.possible.machines);
        (certain, possible - certain)
    };
    let first_marked = map.marked.first().and_then(|row| row.first());
    let marks = first_marked.map(|_| report::map_marks(map)).into_iter().flatten();
    map_svg(&MapPlot {
        heading: marked_heading(ground, first_marked, map.machines),
        axes: [axis(ground, 0), axis(ground, 1)],
        labels: [labels(0, &map.first), labels(1, &map.second)],
        standing: report::map_standing(map, ground),
        counts: map.captured.iter().map(|row| row.iter().map(cell).collect()).collect(),
        notes: marks.map(|(name, cells)| (name.to_owned(), cells)).collect(),
    })
}

fn heading(ground: &Ground, what: &str) -> Heading {
    Heading { title: format!("{}{what}", ground.list), lines: ground.lines() }
}

/// The heading of a picture of marks, with how many machines are marked; of none where none are.
fn marked_heading(ground: &Ground, marked: Option<&assess::Marked>, machines: usize) -> Heading {
    let mut heading = heading(ground, "");
    heading.lines.extend(marked.map(|marked| report::marked_line(marked, machines)));
    heading
}

fn axis(ground: &Ground, at: usize) -> String {
    ground.dials.get(at).map_or_else(String::new, DialRow::axis)
}

fn count(machines: usize) -> u32 {
    u32::try_from(machines).unwrap_or(u32::MAX)
}
