//! Capture curves: how many machines a limit captures, certainly and possibly, over its values.

use plotters::prelude::{
    ChartBuilder, LineSeries, PathElement, Polygon, Rectangle, SeriesLabelPosition,
};
use plotters::style::{BLACK, Color, WHITE};

use super::{Heading, PALETTE, draw, tick_text, whole_ticks};
use crate::error::Result;

/// What is drawn: steps over the values of a limit.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct CurvePlot {
    /// What stands above it.
    pub heading: Heading,
    /// The name of the values with their unit.
    pub values: String,
    /// Whether the values are whole numbers.
    pub whole: bool,
    /// What is counted.
    pub counts: String,
    /// Where the limit stands, and the same in words.
    pub stands: (f64, String),
    /// The least value that a limit can have, if there is one.
    pub least: Option<f64>,
    /// From each value on: certainly and possibly captured; the first holds for all smaller ones.
    pub steps: Vec<(f64, u32, u32)>,
    /// What else is counted at each step, with its name.
    pub lines: Vec<Line>,
}

/// What else is counted at each step.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Line {
    /// Its name.
    pub name: String,
    /// The counts.
    pub counts: Vec<u32>,
    /// What is undecided of the same kind, and the name of both together: a thin line above.
    pub open: Option<(String, Vec<u32>)>,
}

impl CurvePlot {
    /// How many names the other lines have.
    fn names(&self) -> usize {
        self.lines.len() + self.lines.iter().filter(|line| line.open.is_some()).count()
    }

    /// Counts at the steps as a line between two ends: a step holds until the next one begins.
    fn course(
        &self,
        (left, right): (f64, f64),
        counts: impl Iterator<Item = u32>,
    ) -> Vec<(f64, u32)> {
        let mut points = Vec::new();
        for (at, (step, count)) in self.steps.iter().zip(counts).enumerate() {
            let from = if at == 0 { left } else { step.0 };
            let to = self.steps.get(at + 1).map_or(right, |next| next.0);
            points.extend([(from, count), (to, count)]);
        }
        points
    }
}

/// How wide it is, in pixels.
const WIDTH: u32 = 900;

impl CurvePlot {
    /// From which value to which it goes, and up to how many machines.
    fn extent(&self) -> (f64, f64, u32) {
        let values = self.steps.iter().map(|(value, ..)| *value).chain([self.stands.0]);
        let (low, high) = values.fold((f64::MAX, f64::MIN), |(l, h), v| (l.min(v), h.max(v)));
        let room = ((high - low) * 0.04).max(f64::MIN_POSITIVE);
        let left = self.least.map_or(low - room, |least| (low - room).max(least.min(low)));
        // The names stand above the curves.
        let names = 1.4 + 0.12 * self.names() as f64;
        let most = self.steps.iter().map(|(.., possible)| *possible).max().unwrap_or(0).max(1);
        (left, high + room, (f64::from(most) * names).ceil() as u32)
    }
}

/// The curve as SVG, the undecided band between certainly and possibly.
pub fn curve_svg(plot: &CurvePlot) -> Result<String> {
    let (left, right, top) = plot.extent();
    let certain = plot.course((left, right), plot.steps.iter().map(|step| step.1));
    let possible = plot.course((left, right), plot.steps.iter().map(|step| step.2));
    let above = plot.heading.height(WIDTH);
    draw((WIDTH, above + 450), |sheet| {
        plot.heading.draw(sheet, WIDTH)?;
        let (_, sheet) = sheet.split_vertically(above);
        let mut chart = ChartBuilder::on(&sheet)
            .margin(12)
            .x_label_area_size(40)
            .y_label_area_size(64)
            .build_cartesian_2d(left..right, 0..top)?;
        chart
            .configure_mesh()
            .x_desc(&plot.values)
            .y_desc(&plot.counts)
            .x_label_formatter(&tick_text)
            .x_labels(if plot.whole { whole_ticks(left, right) } else { 10 })
            .light_line_style(WHITE)
            .draw()?;
        // The grey of the palette is too near to that of the line where the limit stands.
        let [first, second, third, fourth, _, sixth] = PALETTE;
        let others = [third, fourth, sixth];
        let band: Vec<(f64, u32)> =
            possible.iter().copied().chain(certain.iter().rev().copied()).collect();
        chart
            .draw_series(std::iter::once(Polygon::new(band, second.mix(0.25))))?
            .label("undecided")
            .legend(move |(x, y)| {
                Rectangle::new([(x, y - 5), (x + 18, y + 5)], second.mix(0.25).filled())
            });
        chart
            .draw_series(LineSeries::new(certain.clone(), first.stroke_width(2)))?
            .label("certainly captured")
            .legend(move |(x, y)| PathElement::new([(x, y), (x + 18, y)], first));
        chart
            .draw_series(LineSeries::new(possible.clone(), second.stroke_width(1)))?
            .label("possibly captured")
            .legend(move |(x, y)| PathElement::new([(x, y), (x + 18, y)], second));
        for (line, colour) in plot.lines.iter().zip(others) {
            let Line { name, counts, open } = line;
            let course = plot.course((left, right), counts.iter().copied());
            if let Some((name, open)) = open {
                let sum = counts.iter().zip(open).map(|(count, open)| count + open);
                let upper = plot.course((left, right), sum);
                chart
                    .draw_series(LineSeries::new(upper, colour.stroke_width(1)))?
                    .label(name)
                    .legend(move |(x, y)| PathElement::new([(x, y), (x + 18, y)], colour));
            }
            chart.draw_series(LineSeries::new(course, colour.stroke_width(3)))?.label(name).legend(
                move |(x, y)| PathElement::new([(x, y), (x + 18, y)], colour.stroke_width(3)),
            );
        }
        let line = [(plot.stands.0, 0), (plot.stands.0, top)];
        chart
            .draw_series(LineSeries::new(line, BLACK.mix(0.6)))?
            .label(format!("where the limit stands: {}", plot.stands.1))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn curves_are_drawn_and_the_same_numbers_give_the_same_bytes() {
        let plot = CurvePlot {
            heading: Heading { title: "t".to_owned(), lines: vec!["as of".to_owned()] },
            values: "UPR, µm".to_owned(),
            whole: false,
            counts: "machines".to_owned(),
            stands: (0.9, "0.9 µm".to_owned()),
            least: Some(0.0),
            steps: vec![(0.5, 0, 3), (0.9, 2, 4), (1.4, 5, 5)],
            lines: Vec::new(),
        };
        let svg = curve_svg(&plot).expect("drawn");
        assert_eq!(svg, curve_svg(&plot).expect("drawn"));
        assert!(svg.contains("undecided") && !svg.contains("hits"));
        assert!(svg.contains("as of") && svg.contains("where the limit stands: 0.9 µm"));
        // Machines are counted: no tick lies between two whole numbers.
        let low = vec![(0.5, 0, 1), (0.9, 1, 1)];
        let low =
            curve_svg(&CurvePlot { steps: low, stands: (9.0, String::new()), ..plot.clone() });
        assert!(!low.expect("drawn").contains(">\n0.5\n<"));
        // The band's swatch is as the band is: filled, not a line.
        let band = svg.matches("opacity=\"0.25\"").count();
        assert_eq!(band, 2, "{svg}");
        // Another line is drawn through its own counts, a step at a time, and named.
        let hits = Line { name: "hits".to_owned(), counts: vec![0, 2, 2], ..Line::default() };
        let drawn = |line: &Line| {
            let lines = vec![line.clone()];
            curve_svg(&CurvePlot { lines, ..plot.clone() }).expect("drawn")
        };
        let marked = drawn(&hits);
        // What is undecided of it is a thin line above it, with a name of its own.
        let open = Some(("open hits".to_owned(), vec![3, 1, 0]));
        let banded = drawn(&Line { open, ..hits.clone() });
        let thin = |svg: &str| {
            let of = |part: &&str| part.contains("#008764") && part.contains("stroke-width=\"1\"");
            svg.split("<polyline").filter(of).count()
        };
        assert_eq!([&marked, &banded].map(|svg| thin(svg)), [0, 2], "{banded}");
        assert!(banded.contains("open hits") && !marked.contains("open hits"));
        let lines = |svg: &str| svg.matches("<polyline").count();
        assert!(marked.contains("hits") && lines(&marked) > lines(&svg));
        assert!(curve_svg(&CurvePlot::default()).expect("drawn").starts_with("<svg"));
    }
}
