//! Histograms of margins: how far from a limit the values are at which machines move.

use plotters::prelude::{ChartBuilder, IntoFont, LineSeries, Rectangle};
use plotters::style::{BLACK, Color, WHITE};

use super::{PALETTE, draw};
use crate::error::Result;

/// How many bars there are.
const BARS: usize = 24;

/// What is drawn.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct HistogramPlot {
    /// The title.
    pub title: String,
    /// The name of the values with their unit.
    pub values: String,
    /// The values, less than nought below the limit.
    pub margins: Vec<f64>,
}

/// The histogram as SVG, nought where the limit stands.
pub fn histogram_svg(plot: &HistogramPlot) -> Result<String> {
    let ends = plot.margins.iter().fold((0.0f64, 0.0f64), |(l, h), v| (l.min(*v), h.max(*v)));
    let (low, high) = if ends.0 < ends.1 { ends } else { (-1.0, 1.0) };
    let width = (high - low) / BARS as f64;
    let mut counts = [0u32; BARS];
    for margin in &plot.margins {
        let at = ((margin - low) / width) as usize;
        if let Some(count) = counts.get_mut(at.min(BARS - 1)) {
            *count += 1;
        }
    }
    let top = f64::from(counts.iter().copied().max().unwrap_or(1).max(1)) * 1.1;
    draw((900, 360), |sheet| {
        let mut chart = ChartBuilder::on(sheet)
            .caption(&plot.title, ("sans-serif", 18).into_font())
            .margin(12)
            .x_label_area_size(40)
            .y_label_area_size(48)
            .build_cartesian_2d(low..high, 0.0..top)?;
        chart
            .configure_mesh()
            .x_desc(&plot.values)
            .y_desc("machines")
            .light_line_style(WHITE)
            .draw()?;
        let [colour, ..] = PALETTE;
        let bars = counts.iter().enumerate().map(|(at, count)| {
            let from = low + width * at as f64;
            let area = [(from, 0.0), (from + width * 0.92, f64::from(*count))];
            Rectangle::new(area, colour.mix(0.7).filled())
        });
        chart.draw_series(bars)?;
        chart.draw_series(LineSeries::new([(0.0, 0.0), (0.0, top)], BLACK.mix(0.6)))?;
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn margins_are_drawn_and_the_same_numbers_give_the_same_bytes() {
        let plot = HistogramPlot {
            title: "t".to_owned(),
            values: "µm".to_owned(),
            margins: vec![-0.4, 0.0, 0.1, 2.0],
        };
        let svg = histogram_svg(&plot).expect("drawn");
        assert_eq!(svg, histogram_svg(&plot).expect("drawn"));
        assert!(svg.matches("<rect").count() > BARS);
        assert!(histogram_svg(&HistogramPlot::default()).expect("drawn").starts_with("<svg"));
    }
}
