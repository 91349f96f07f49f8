//! Capture curves: how many machines a limit captures, certainly and possibly, over its values.

use plotters::prelude::{
    ChartBuilder, IntoFont, LineSeries, PathElement, Polygon, SeriesLabelPosition,
};
use plotters::style::{BLACK, Color, WHITE};

use super::{PALETTE, draw};
use crate::error::Result;

/// What is drawn: steps over the values of a limit.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct CurvePlot {
    /// The title.
    pub title: String,
    /// The name of the values with their unit.
    pub values: String,
    /// What is counted.
    pub counts: String,
    /// Where the limit stands.
    pub stands: f64,
    /// The least value that a limit can have, if there is one.
    pub least: Option<f64>,
    /// From each value on: certainly and possibly captured; the first holds for all smaller ones.
    pub steps: Vec<(f64, f64, f64)>,
    /// What else is counted at each step, with its name.
    pub lines: Vec<(String, Vec<f64>)>,
}

impl CurvePlot {
    /// Counts at the steps as a line between two ends: a step holds until the next one begins.
    fn course(
        &self,
        (left, right): (f64, f64),
        counts: impl Iterator<Item = f64>,
    ) -> Vec<(f64, f64)> {
        let mut points = Vec::new();
        for (at, (step, count)) in self.steps.iter().zip(counts).enumerate() {
            let from = if at == 0 { left } else { step.0 };
            let to = self.steps.get(at + 1).map_or(right, |next| next.0);
            points.extend([(from, count), (to, count)]);
        }
        points
    }
}

/// The curve as SVG, the undecided band between certainly and possibly.
pub fn curve_svg(plot: &CurvePlot) -> Result<String> {
    let values = plot.steps.iter().map(|(value, ..)| *value).chain([plot.stands]);
    let (low, high) = values.fold((f64::MAX, f64::MIN), |(l, h), v| (l.min(v), h.max(v)));
    let room = ((high - low) * 0.04).max(f64::MIN_POSITIVE);
    let left = plot.least.map_or(low - room, |least| (low - room).max(least.min(low)));
    let right = high + room;
    // The names stand above the curves.
    let names = 1.3 + 0.08 * plot.lines.len() as f64;
    let top = plot.steps.iter().map(|(.., possible)| *possible).fold(1.0, f64::max) * names;
    let certain = plot.course((left, right), plot.steps.iter().map(|step| step.1));
    let possible = plot.course((left, right), plot.steps.iter().map(|step| step.2));
    draw((900, 480), |sheet| {
        let mut chart = ChartBuilder::on(sheet)
            .caption(&plot.title, ("sans-serif", 18).into_font())
            .margin(12)
            .x_label_area_size(40)
            .y_label_area_size(64)
            .build_cartesian_2d(left..right, 0.0..top)?;
        chart
            .configure_mesh()
            .x_desc(&plot.values)
            .y_desc(&plot.counts)
            // Things that are counted have no decimals.
            .y_label_formatter(&|count: &f64| {
                if count.fract() == 0.0 { format!("{count:.0}") } else { String::new() }
            })
            .light_line_style(WHITE)
            .draw()?;
        let [first, second, others @ ..] = PALETTE;
        let band: Vec<(f64, f64)> =
            possible.iter().copied().chain(certain.iter().rev().copied()).collect();
        chart
            .draw_series(std::iter::once(Polygon::new(band, second.mix(0.25))))?
            .label("undecided")
            .legend(move |(x, y)| PathElement::new([(x, y), (x + 18, y)], second.mix(0.5)));
        chart
            .draw_series(LineSeries::new(certain.clone(), first.stroke_width(2)))?
            .label("certainly captured")
            .legend(move |(x, y)| PathElement::new([(x, y), (x + 18, y)], first));
        chart
            .draw_series(LineSeries::new(possible.clone(), second.stroke_width(1)))?
            .label("possibly captured")
            .legend(move |(x, y)| PathElement::new([(x, y), (x + 18, y)], second));
        for ((name, counts), colour) in plot.lines.iter().zip(others) {
            let course = plot.course((left, right), counts.iter().copied());
            chart
                .draw_series(LineSeries::new(course, colour.stroke_width(2)))?
                .label(name)
                .legend(move |(x, y)| PathElement::new([(x, y), (x + 18, y)], colour));
        }
        let line = [(plot.stands, 0.0), (plot.stands, top)];
        chart
            .draw_series(LineSeries::new(line, BLACK.mix(0.6)))?
            .label("where the limit stands")
            .legend(|(x, y)| PathElement::new([(x, y), (x + 18, y)], BLACK.mix(0.6)));
        chart
            .configure_series_labels()
            .position(SeriesLabelPosition::UpperLeft)
            .background_style(WHITE.mix(0.8))
            .border_style(BLACK.mix(0.3))
            .draw()?;
        Ok(())
    })
}

/// What is drawn of two dials: a cell for each pair of values.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct MapPlot {
    /// The title.
    pub title: String,
    /// What is counted, and of how many.
    pub counts: String,
    /// The names of the dials, first upwards, second to the right.
    pub names: [String; 2],
    /// The values in words.
    pub labels: [Vec<String>; 2],
    /// For each value of the first and each of the second: the part that is certainly captured and
    /// the part that is possibly captured.
    pub parts: Vec<Vec<(f64, f64)>>,
}

/// The map as SVG: the darker, the more is certainly captured; numbers in per cent.
pub fn map_svg(plot: &MapPlot) -> Result<String> {
    let [rows, columns] = [0, 1].map(|at| plot.labels.get(at).map_or(1, Vec::len).max(1));
    let (cell, left, top) = (46, 110, 80);
    let size = |count: usize| i32::try_from(count).unwrap_or(i32::MAX / 64) * cell;
    let (width, height) = ((left + size(columns) + 20).max(640), top + size(rows) + 70);
    let pixels = |length: i32| u32::try_from(length).unwrap_or(900);
    draw((pixels(width), pixels(height)), |sheet| {
        use plotters::prelude::{Rectangle, Text};
        let font = |size: u32| ("sans-serif", size).into_font();
        let [first, second] = &plot.names;
        sheet.draw(&Text::new(plot.title.clone(), (12, 10), font(18)))?;
        sheet.draw(&Text::new(plot.counts.clone(), (12, 34), font(13)))?;
        sheet.draw(&Text::new(format!("up: {first}; right: {second}"), (12, 52), font(13)))?;
        let [shade, ..] = PALETTE;
        for (row, cells) in plot.parts.iter().enumerate() {
            let y = top + size(rows) - size(row + 1);
            for (column, (certain, possible)) in cells.iter().enumerate() {
                let x = left + size(column);
                let area = [(x, y), (x + cell - 2, y + cell - 2)];
                sheet.draw(&Rectangle::new(area, shade.mix(certain * 0.8 + 0.04).filled()))?;
                let text = format!("{:.0}-{:.0}", certain * 100.0, possible * 100.0);
                sheet.draw(&Text::new(text, (x + 4, y + cell / 2 - 6), font(11)))?;
            }
            if let Some(label) = plot.labels.first().and_then(|labels| labels.get(row)) {
                sheet.draw(&Text::new(label.clone(), (8, y + cell / 2 - 6), font(12)))?;
            }
        }
        for (column, label) in plot.labels.get(1).into_iter().flatten().enumerate() {
            let place = (left + size(column), top + size(rows) + 6 + 14 * (column as i32 % 3));
            sheet.draw(&Text::new(label.clone(), place, font(11)))?;
        }
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn curves_and_maps_are_drawn_and_the_same_numbers_give_the_same_bytes() {
        let plot = CurvePlot {
            title: "t".to_owned(),
            values: "UPR, µm".to_owned(),
            counts: "machines".to_owned(),
            stands: 0.9,
            least: Some(0.0),
            steps: vec![(0.5, 0.0, 3.0), (0.9, 2.0, 4.0), (1.4, 5.0, 5.0)],
            lines: Vec::new(),
        };
        let svg = curve_svg(&plot).expect("drawn");
        assert_eq!(svg, curve_svg(&plot).expect("drawn"));
        assert!(svg.contains("undecided") && !svg.contains("hits"));
        // Another line is drawn through its own counts, a step at a time, and named.
        let hits = vec![("hits".to_owned(), vec![0.0, 2.0, 2.0])];
        let marked = curve_svg(&CurvePlot { lines: hits, ..plot.clone() }).expect("drawn");
        let lines = |svg: &str| svg.matches("<polyline").count();
        assert!(marked.contains("hits") && lines(&marked) > lines(&svg));
        assert!(curve_svg(&CurvePlot::default()).expect("drawn").starts_with("<svg"));
        let map = MapPlot {
            title: "t".to_owned(),
            counts: "in % of 4 machines".to_owned(),
            names: ["a".to_owned(), "b".to_owned()],
            labels: [vec!["1".to_owned()], vec!["2".to_owned(), "3".to_owned()]],
            parts: vec![vec![(0.1, 0.2), (0.3, 1.0)]],
        };
        assert!(map_svg(&map).expect("drawn").contains("30-100"));
    }
}
