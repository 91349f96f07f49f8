//! Polar plots of ISO 230-7: the mean of the turns and their band around a base circle.

use plotters::prelude::{ChartBuilder, IntoFont, LineSeries, PathElement, SeriesLabelPosition};
use plotters::style::{BLACK, Color, WHITE};

use super::{PALETTE, draw};
use crate::error::Result;

/// What is drawn: values over one turn, at equal steps.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PolarPlot {
    /// The title.
    pub title: String,
    /// The name of the values with their unit.
    pub values: String,
    /// What the circle stands for: the sensitive direction and the centre.
    pub circle: String,
    /// The mean at each step.
    pub mean: Vec<f64>,
    /// The lowest and the highest at each step.
    pub band: Vec<(f64, f64)>,
}

/// The plot as SVG; the base circle stands for nought and has twice the room of the widest value.
/// Where every value is nought, a circle is all there is, and that is said.
pub fn polar_svg(plot: &PolarPlot) -> Result<String> {
    let widest = plot.band.iter().flat_map(|(low, high)| [low.abs(), high.abs()]);
    let widest = widest.chain(plot.mean.iter().map(|value| value.abs())).fold(0.0, f64::max);
    let base = if widest > 0.0 { widest * 2.0 } else { 1.0 };
    let rim = if widest > 0.0 { base + widest * 1.1 } else { base * 1.1 };
    let steps = plot.mean.len().max(1);
    let ring = |values: Vec<f64>| {
        let point = move |at: usize, value: f64| {
            let angle = std::f64::consts::TAU * at as f64 / steps as f64;
            ((base + value) * angle.cos(), (base + value) * angle.sin())
        };
        let first = values.first().copied();
        let closed = values.into_iter().chain(first).enumerate();
        closed.map(|(at, value)| point(at, value)).collect::<Vec<_>>()
    };
    let mean = if widest > 0.0 {
        format!("mean of the turns, {}", plot.values)
    } else {
        "mean of the turns: no motion is left, a circle".to_owned()
    };
    draw((640, 640), |sheet| {
        let mut chart = ChartBuilder::on(sheet)
            .caption(&plot.title, ("sans-serif", 18).into_font())
            .margin(12)
            .build_cartesian_2d(-rim..rim, -rim..rim)?;
        let circle = ring(vec![0.0; steps]);
        chart
            .draw_series(LineSeries::new(circle, BLACK.mix(0.4)))?
            .label(format!("the circle is 0: {}", plot.circle))
            .legend(|(x, y)| PathElement::new([(x, y), (x + 18, y)], BLACK.mix(0.4)));
        let [low, high]: [Vec<f64>; 2] = [
            plot.band.iter().map(|(low, _)| *low).collect(),
            plot.band.iter().map(|(_, high)| *high).collect(),
        ];
        let [first, second, ..] = PALETTE;
        for edge in [low, high] {
            chart.draw_series(LineSeries::new(ring(edge), second.mix(0.6)))?;
        }
        chart
            .draw_series(LineSeries::new(ring(plot.mean.clone()), first.stroke_width(2)))?
            .label(mean)
            .legend(move |(x, y)| PathElement::new([(x, y), (x + 18, y)], first));
        let scale = [(base, 0.0), (base + widest, 0.0)];
        chart
            .draw_series(LineSeries::new(scale, BLACK.stroke_width(2)))?
            .label(format!("{widest:.3} {}; in orange the band of the turns", plot.values))
            .legend(|(x, y)| PathElement::new([(x, y), (x + 18, y)], BLACK));
        chart
            .configure_series_labels()
            .position(SeriesLabelPosition::LowerLeft)
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
    fn turns_are_drawn_and_the_same_numbers_give_the_same_bytes() {
        let mean: Vec<f64> = (0..36).map(|at| f64::from(at % 3)).collect();
        let band = mean.iter().map(|value| (value - 0.5, value + 0.5)).collect();
        let plot = PolarPlot {
            title: "S".to_owned(),
            values: "µm".to_owned(),
            circle: "fixed sensitive direction".to_owned(),
            mean,
            band,
        };
        let svg = polar_svg(&plot).expect("drawn");
        assert_eq!(svg, polar_svg(&plot).expect("drawn"));
        assert!(svg.contains("µm") && svg.contains("fixed sensitive direction"));
        assert!(!svg.contains("no motion is left"));
        assert!(polar_svg(&PolarPlot::default()).expect("drawn").starts_with("<svg"));
        // Nought all round is a circle, and it is said.
        let still = PolarPlot { mean: vec![0.0; 36], band: vec![(0.0, 0.0); 36], ..plot };
        assert!(polar_svg(&still).expect("drawn").contains("no motion is left"));
    }
}
