//! The deviation plot of ISO 230-2: means of both directions with their bands over the targets.

use plotters::prelude::{
    AreaSeries, ChartBuilder, Circle, IntoFont, LineSeries, PathElement, SeriesLabelPosition,
};
use plotters::style::{BLACK, Color, WHITE};

use super::{PALETTE, draw};
use crate::error::Result;

/// One target from one direction: position, mean, and half the band k·s, where it is known.
pub type Point = (f64, f64, Option<f64>);

/// One direction, target by target.
pub type Course = Vec<Point>;

/// What is drawn of one axis.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct DeviationPlot {
    /// The title.
    pub title: String,
    /// The name of positions with their unit.
    pub positions: String,
    /// The name of deviations with their unit.
    pub deviations: String,
    /// ↑ and ↓.
    pub courses: [Course; 2],
}

/// The plot as SVG.
pub fn deviation_svg(plot: &DeviationPlot) -> Result<String> {
    let points = || plot.courses.iter().flatten();
    let (left, right) = ends(points().map(|(x, ..)| (*x, *x)));
    let (low, high) = ends(points().map(|(_, mean, half)| {
        let half = half.unwrap_or(0.0);
        (mean - half, mean + half)
    }));
    let room = ((high - low) * 0.08).max(f64::MIN_POSITIVE);
    draw((900, 480), |sheet| {
        let mut chart = ChartBuilder::on(sheet)
            .caption(&plot.title, ("sans-serif", 20).into_font())
            .margin(12)
            .x_label_area_size(40)
            .y_label_area_size(64)
            .build_cartesian_2d(left..right, (low - room)..(high + room))?;
        chart
            .configure_mesh()
            .x_desc(&plot.positions)
            .y_desc(&plot.deviations)
            .light_line_style(WHITE)
            .draw()?;
        for ((course, colour), name) in plot.courses.iter().zip(PALETTE).zip(["↑", "↓"]) {
            let side = |sign: f64| {
                course.iter().map(move |(x, mean, half)| (*x, mean + sign * half.unwrap_or(0.0)))
            };
            if course.iter().all(|(.., half)| half.is_some()) {
                for sign in [-1.0, 1.0] {
                    chart.draw_series(LineSeries::new(side(sign), colour.mix(0.45)))?;
                }
            }
            chart
                .draw_series(LineSeries::new(side(0.0), colour.stroke_width(2)))?
                .label(format!("mean {name}, band ± 2 s"))
                .legend(move |(x, y)| PathElement::new([(x, y), (x + 18, y)], colour));
            chart.draw_series(side(0.0).map(|at| Circle::new(at, 3, colour.filled())))?;
        }
        chart.draw_series(AreaSeries::new([(left, 0.0), (right, 0.0)], 0.0, BLACK.mix(0.2)))?;
        chart
            .configure_series_labels()
            .position(SeriesLabelPosition::UpperLeft)
            .background_style(WHITE.mix(0.8))
            .border_style(BLACK.mix(0.3))
            .draw()?;
        Ok(())
    })
}

/// The smallest lower and the largest upper end.
fn ends(all: impl Iterator<Item = (f64, f64)>) -> (f64, f64) {
    all.fold((f64::MAX, f64::MIN), |(low, high), (l, h)| (low.min(l), high.max(h)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_directions_are_drawn_and_the_same_numbers_give_the_same_bytes() {
        let course = |shift: f64| -> Course {
            (0..5).map(|n| (f64::from(n) * 100.0, shift + f64::from(n), Some(0.5))).collect()
        };
        let plot = DeviationPlot {
            title: "X".to_owned(),
            positions: "mm".to_owned(),
            deviations: "µm".to_owned(),
            courses: [course(0.0), course(1.0)],
        };
        let svg = deviation_svg(&plot).expect("drawn");
        assert_eq!(svg, deviation_svg(&plot).expect("drawn"));
        assert!(svg.contains("mean ↑") && svg.contains("mean ↓"));
        let flat = DeviationPlot { courses: [vec![(0.0, 0.0, None)], Vec::new()], ..plot };
        assert!(deviation_svg(&flat).expect("drawn").starts_with("<svg"));
    }
}
