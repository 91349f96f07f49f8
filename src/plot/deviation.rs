//! The deviation plot of ISO 230-2: means of both directions with their bands over the targets, the
//! mean of both, the reversal at each target, and where the widest bands lie.

use plotters::coord::types::RangedCoordf64;
use plotters::prelude::{
    AreaSeries, Cartesian2d, ChartBuilder, ChartContext, Circle, DashedLineSeries, IntoFont,
    LineSeries, PathElement, RGBColor, Rectangle, SVGBackend, Text,
};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{BLACK, Color, ShapeStyle, WHITE};

use super::{Drawn, PALETTE, Sheet, draw, tick_text};
use crate::error::Result;

/// One target from one direction: position, mean, and half the band k·s, where it is known.
pub type Point = (f64, f64, Option<f64>);

/// One direction, target by target.
pub type Course = Vec<Point>;

/// A band between two levels, each reached at a place.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Band {
    /// The letter that is written beside it.
    pub symbol: String,
    /// What the legend says of it.
    pub legend: String,
    /// Where its lower end lies: position and deviation.
    pub low: (f64, f64),
    /// Its upper end.
    pub high: (f64, f64),
}

/// What is drawn of one axis; empty parts are left out.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct DeviationPlot {
    /// The title.
    pub title: String,
    /// The name of positions with their unit.
    pub positions: String,
    /// The name of deviations with their unit.
    pub deviations: String,
    /// The name of reversals with their unit.
    pub reversal: String,
    /// What the legend says of ↑, ↓, the mean of both, and the reversals.
    pub legends: [String; 4],
    /// ↑ and ↓.
    pub courses: [Course; 2],
    /// The mean of both directions at each target.
    pub both: Vec<(f64, f64)>,
    /// The reversal at each target, signed.
    pub reversals: Vec<(f64, f64)>,
    /// The band of all targets and directions together: levels all over the travel.
    pub whole: Option<Band>,
    /// The widest band at one target.
    pub widest: Option<Band>,
    /// The widest band of ↑ at one target, and that of ↓.
    pub one_way: [Option<Band>; 2],
    /// The position of the largest reversal and what the legend says of it.
    pub largest: Option<(f64, String)>,
}

type Chart<'a, 'b> = ChartContext<'a, SVGBackend<'b>, Cartesian2d<RangedCoordf64, RangedCoordf64>>;

const WIDTH: u32 = 960;
/// The heights of the means, of the reversals, and of one line of the legend.
const HEIGHTS: [u32; 3] = [430, 150, 20];

/// The colours of ↑, ↓, the mean of both, the reversals, the whole band and the widest band.
fn colours() -> [RGBColor; 6] {
    let [up, down, both, whole, reversal, widest] = PALETTE;
    [up, down, both, reversal, whole, widest]
}

/// The plot as SVG.
pub fn deviation_svg(plot: &DeviationPlot) -> Result<String> {
    let lines = legend(plot);
    let [means, reversals, line] = HEIGHTS;
    let reversals = if plot.reversals.is_empty() { 0 } else { reversals };
    let rows = u32::try_from(lines.len().div_ceil(2)).unwrap_or(4);
    draw((WIDTH, means + reversals + line * rows + 16), |sheet| {
        let (upper, rest) = sheet.split_vertically(means);
        let (middle, lower) = rest.split_vertically(reversals);
        draw_means(plot, &upper)?;
        if reversals > 0 {
            draw_reversals(plot, &middle)?;
        }
        draw_legend(&lines, &lower)
    })
}

/// From where to where positions are drawn: a little room on both sides.
fn reach(plot: &DeviationPlot) -> (f64, f64) {
    let (left, right) = ends(plot.courses.iter().flatten().map(|(x, ..)| (*x, *x)));
    let room = room(right - left, 0.04);
    (left - room, right + room)
}

fn draw_means(plot: &DeviationPlot, sheet: &Sheet<'_>) -> Drawn {
    let (left, right) = reach(plot);
    let (low, high) = ends(plot.courses.iter().flatten().map(|(_, mean, half)| {
        let half = half.unwrap_or(0.0);
        (mean - half, mean + half)
    }));
    let room = room(high - low, 0.1);
    let mut chart = ChartBuilder::on(sheet)
        .caption(&plot.title, ("sans-serif", 20).into_font())
        .margin(12)
        .x_label_area_size(40)
        .y_label_area_size(72)
        .build_cartesian_2d(left..right, (low - room)..(high + room))?;
    chart
        .configure_mesh()
        .x_desc(&plot.positions)
        .y_desc(&plot.deviations)
        .x_label_formatter(&tick_text)
        .y_label_formatter(&tick_text)
        .light_line_style(WHITE)
        .draw()?;
    chart.draw_series(AreaSeries::new([(left, 0.0), (right, 0.0)], 0.0, BLACK.mix(0.2)))?;
    draw_bands(plot, &mut chart, (left, right))?;
    let [up, down, both, reversal, ..] = colours();
    let [first, second] = &plot.courses;
    let between = first.iter().filter_map(|(x, mean, _)| {
        let (_, other, _) = second.iter().find(|(at, ..)| at == x)?;
        Some(PathElement::new([(*x, *mean), (*x, *other)], reversal.stroke_width(1)))
    });
    chart.draw_series(between)?;
    for (course, colour) in plot.courses.iter().zip([up, down]) {
        let side = |sign: f64| {
            course.iter().map(move |(x, mean, half)| (*x, mean + sign * half.unwrap_or(0.0)))
        };
        if course.iter().all(|(.., half)| half.is_some()) {
            for sign in [-1.0, 1.0] {
                chart.draw_series(LineSeries::new(side(sign), colour.mix(0.45)))?;
            }
        }
        chart.draw_series(LineSeries::new(side(0.0), colour.stroke_width(2)))?;
        chart.draw_series(side(0.0).map(|at| Circle::new(at, 3, colour.filled())))?;
    }
    let mean = plot.both.iter().copied();
    chart.draw_series(DashedLineSeries::new(mean, 6, 4, both.stroke_width(2)))?;
    draw_one_way(plot, &mut chart, tick(left, right))
}

/// The whole band as two levels, the widest as a bar at its target, each with its letter.
fn draw_bands(plot: &DeviationPlot, chart: &mut Chart<'_, '_>, (left, right): (f64, f64)) -> Drawn {
    let [.., whole, widest] = colours();
    let letter = |text: &str, at: (f64, f64), colour: RGBColor| {
        Text::new(text.to_owned(), at, ("sans-serif", 16).into_font().color(&colour))
    };
    let tick = tick(left, right);
    if let Some(band) = &plot.whole {
        for (x, level) in [band.low, band.high] {
            let line = [(left, level), (right, level)].into_iter();
            chart.draw_series(DashedLineSeries::new(line, 8, 5, whole.stroke_width(1)))?;
            chart.draw_series([Circle::new((x, level), 6, whole.stroke_width(2))])?;
        }
        let ((_, low), (_, high)) = (band.low, band.high);
        let x = right - tick;
        chart.draw_series([PathElement::new([(x, low), (x, high)], whole.stroke_width(2))])?;
        let at = (right - 3.0 * tick, f64::midpoint(low, high));
        chart.draw_series([letter(&band.symbol, at, whole)])?;
    }
    if let Some(band) = &plot.widest {
        let ((x, low), (_, high)) = (band.low, band.high);
        let bar = [(x - tick, low), (x + tick, high)];
        chart.draw_series([Rectangle::new(bar, widest.mix(0.35).filled())])?;
        for level in [low, high] {
            let path = [(x - 2.0 * tick, level), (x + 2.0 * tick, level)];
            chart.draw_series([PathElement::new(path, widest.stroke_width(2))])?;
        }
        chart.draw_series([letter(&band.symbol, (x + 2.0 * tick, high), widest)])?;
    }
    Ok(())
}

/// The widest band of each side as a bar between two ticks, named on its left: ↑ at its upper end,
/// ↓ at its lower one.
fn draw_one_way(plot: &DeviationPlot, chart: &mut Chart<'_, '_>, tick: f64) -> Drawn {
    let ([up, down, ..], ends) = (colours(), [VPos::Top, VPos::Bottom]);
    for ((band, colour), end) in plot.one_way.iter().zip([up, down]).zip(ends) {
        let Some(Band { symbol, low: (x, low), high: (_, high), .. }) = band else { continue };
        // Both may lie at one target.
        let aside = if matches!(end, VPos::Top) { -0.7 * tick } else { 0.7 * tick };
        let x = x + aside;
        let style = colour.stroke_width(3);
        chart.draw_series([PathElement::new([(x, *low), (x, *high)], style)])?;
        for level in [*low, *high] {
            let path = [(x - 1.5 * tick, level), (x + 1.5 * tick, level)];
            chart.draw_series([PathElement::new(path, style)])?;
        }
        let level = if matches!(end, VPos::Top) { *high } else { *low };
        let font = ("sans-serif", 16).into_font().color(&colour);
        let beside = font.pos(Pos::new(HPos::Right, end));
        chart.draw_series([Text::new(symbol.clone(), (x - aside - 2.7 * tick, level), beside)])?;
    }
    Ok(())
}

/// The reversals as bars from nought, the largest in full colour.
fn draw_reversals(plot: &DeviationPlot, sheet: &Sheet<'_>) -> Drawn {
    let (left, right) = reach(plot);
    let (low, high) =
        ends(plot.reversals.iter().map(|(_, value)| (value.min(0.0), value.max(0.0))));
    let room = room(high - low, 0.15);
    let [.., reversal, _, _] = colours();
    let mut chart = ChartBuilder::on(sheet)
        .margin(12)
        .x_label_area_size(20)
        .y_label_area_size(72)
        .build_cartesian_2d(left..right, (low - room)..(high + room))?;
    chart
        .configure_mesh()
        .y_labels(5)
        .y_desc(&plot.reversal)
        .x_label_formatter(&tick_text)
        .y_label_formatter(&tick_text)
        .light_line_style(WHITE)
        .disable_x_mesh()
        .draw()?;
    let half = (right - left) * 0.006;
    let largest = plot.largest.as_ref().map(|(at, _)| *at);
    for (x, value) in &plot.reversals {
        let style: ShapeStyle = match largest {
            Some(at) if at == *x => BLACK.filled(),
            _ => reversal.mix(0.6).filled(),
        };
        let bar = [(x - half, value.min(0.0)), (x + half, value.max(0.0))];
        chart.draw_series([Rectangle::new(bar, style)])?;
        if largest == Some(*x) {
            let font = ("sans-serif", 14).into_font();
            chart.draw_series([Text::new("B".to_owned(), (x + 1.5 * half, *value), font)])?;
        }
    }
    chart.draw_series(LineSeries::new([(left, 0.0), (right, 0.0)], BLACK.mix(0.4)))?;
    Ok(())
}

/// What each colour stands for; only what is drawn.
fn legend(plot: &DeviationPlot) -> Vec<(ShapeStyle, String)> {
    let [up, down, both, reversal, whole, widest] = colours();
    let [of_up, of_down, of_both, of_reversals] = plot.legends.clone();
    let [first, second] = &plot.courses;
    let drawn = [
        (!first.is_empty(), up.stroke_width(2), of_up),
        (!second.is_empty(), down.stroke_width(2), of_down),
        (!plot.both.is_empty(), both.stroke_width(2), of_both),
        (!plot.reversals.is_empty(), reversal.stroke_width(2), of_reversals),
    ];
    let mut lines: Vec<(ShapeStyle, String)> =
        drawn.into_iter().filter(|(any, ..)| *any).map(|(_, style, text)| (style, text)).collect();
    let [first, second] = &plot.one_way;
    let bands = [(first, up), (second, down), (&plot.whole, whole), (&plot.widest, widest)];
    lines.extend(bands.into_iter().filter_map(|(band, colour)| {
        Some((colour.stroke_width(3), band.as_ref()?.legend.clone()))
    }));
    lines.extend(plot.largest.iter().map(|(_, text)| (BLACK.stroke_width(3), text.clone())));
    lines
}

/// The legend in two columns.
fn draw_legend(lines: &[(ShapeStyle, String)], sheet: &Sheet<'_>) -> Drawn {
    let [.., height] = HEIGHTS;
    let (height, column) = (i32::try_from(height)?, i32::try_from(WIDTH)? / 2 - 20);
    let rows = lines.len().div_ceil(2).max(1);
    for (at, (style, text)) in lines.iter().enumerate() {
        let (x, y) = (i32::try_from(at / rows)? * column + 60, i32::try_from(at % rows)? * height);
        sheet.draw(&PathElement::new([(x, y + 8), (x + 24, y + 8)], *style))?;
        let font = ("sans-serif", 13).into_font();
        sheet.draw(&Text::new(text.clone(), (x + 32, y + 1), font))?;
    }
    Ok(())
}

/// Half the length of a tick at the end of a band.
fn tick(left: f64, right: f64) -> f64 {
    (right - left) * 0.008
}

/// The room around what spans so much; around a single place, one unit.
fn room(span: f64, share: f64) -> f64 {
    if span > 0.0 { span * share } else { 1.0 }
}

/// The smallest lower and the largest upper end.
fn ends(all: impl Iterator<Item = (f64, f64)>) -> (f64, f64) {
    all.fold((f64::MAX, f64::MIN), |(low, high), (l, h)| (low.min(l), high.max(h)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_parts_are_drawn_and_the_same_numbers_give_the_same_bytes() {
        let course = |shift: f64| -> Course {
            (0..5).map(|n| (f64::from(n) * 100.0, shift + f64::from(n), Some(0.5))).collect()
        };
        let band = |symbol: &str, low, high| {
            let legend = format!("band of {symbol}");
            Some(Band { symbol: symbol.to_owned(), legend, low, high })
        };
        let plot = DeviationPlot {
            title: "title of it".to_owned(),
            positions: "mm".to_owned(),
            deviations: "µm".to_owned(),
            reversal: "B in µm".to_owned(),
            legends: ["means ↑", "means ↓", "both means", "reversals"].map(str::to_owned),
            courses: [course(0.0), course(1.0)],
            both: (0..5).map(|n| (f64::from(n) * 100.0, 0.5 + f64::from(n))).collect(),
            reversals: (0..5).map(|n| (f64::from(n) * 100.0, -1.0)).collect(),
            whole: band("A", (0.0, -0.5), (400.0, 5.5)),
            widest: band("R", (200.0, 1.5), (200.0, 3.5)),
            one_way: [
                band("UPR", (300.0, 2.5), (300.0, 3.5)),
                band("R↓", (100.0, 1.5), (100.0, 2.5)),
            ],
            largest: Some((0.0, "B is 1".to_owned())),
        };
        let svg = deviation_svg(&plot).expect("drawn");
        assert_eq!(svg, deviation_svg(&plot).expect("drawn"));
        let every = ["title of it", "means ↑", "means ↓", "both means", "reversals", "band of A"];
        for part in every.into_iter().chain([
            "band of R",
            "band of UPR",
            "band of R↓",
            ">\nUPR\n<",
            ">\nR↓\n<",
            "B is 1",
            "B in µm",
            ">\nA\n<",
            ">\nR\n<",
            ">\nB\n<",
        ]) {
            assert!(svg.contains(part), "{part}: {svg}");
        }
        assert!(!svg.contains(">\n-0\n<") && !svg.contains("-0.0"), "{svg}");
        // What is not known is not drawn, nor named.
        let flat = DeviationPlot {
            legends: plot.legends.clone(),
            courses: [vec![(0.0, 0.0, None)], Vec::new()],
            ..DeviationPlot::default()
        };
        let svg = deviation_svg(&flat).expect("drawn");
        assert!(svg.contains("means ↑"));
        for part in ["means ↓", "both means", "reversal", "band of"] {
            assert!(!svg.contains(part), "{part}: {svg}");
        }
    }
}
