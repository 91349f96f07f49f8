//! Histograms of margins: how far from a limit the values are at which machines move.

use std::collections::BTreeMap;

use plotters::prelude::{ChartBuilder, LineSeries, Rectangle};
use plotters::style::{BLACK, Color, RGBColor, WHITE};

use super::{Heading, PALETTE, draw, swatch, tick_text, whole_ticks};
use crate::error::Result;

/// What is drawn.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct HistogramPlot {
    /// What stands above it.
    pub heading: Heading,
    /// The name of the values with their unit.
    pub values: String,
    /// How many counts a unit of the values has.
    pub size: i64,
    /// The values in counts: up to nought on the left of the limit, beyond nought on its right;
    /// each with its class.
    pub margins: Vec<(i64, usize)>,
    /// The names of the classes.
    pub classes: [String; 3],
}

/// How many bars there are at most.
const BARS: i128 = 24;
/// How wide and high it is below its heading, in pixels.
const WIDTH: u32 = 900;
const HEIGHT: u32 = 340;

/// The machines of each class in each bar: bar `n` holds the counts beyond `(n - 1) * width` up to
/// `n * width`, so that the limit parts the bars up to nought from the others exactly.
fn bars(margins: &[(i64, usize)], width: i128) -> BTreeMap<i128, [u32; 3]> {
    let mut bars: BTreeMap<i128, [u32; 3]> = BTreeMap::new();
    for (margin, class) in margins {
        let bar = -(-i128::from(*margin)).div_euclid(width);
        if let Some(count) = bars.entry(bar).or_default().get_mut(*class) {
            *count += 1;
        }
    }
    bars
}

/// A round width of the bars, in counts: one, two or five times a power of ten.
fn width(margins: &[(i64, usize)], size: i64) -> i128 {
    let all = || margins.iter().map(|(margin, _)| i128::from(*margin)).chain([0]);
    let span = all().max().unwrap_or(0) - all().min().unwrap_or(0);
    if span == 0 {
        return i128::from(size.max(1));
    }
    let powers = (0..20).map(|power| 10i128.pow(power));
    let mut round = powers.flat_map(|power| [power, 2 * power, 5 * power]);
    round.find(|width| span <= width * (BARS - 2)).unwrap_or(span)
}

/// The histogram as SVG, nought where the limit stands.
pub fn histogram_svg(plot: &HistogramPlot) -> Result<String> {
    let width = width(&plot.margins, plot.size);
    let bars = bars(&plot.margins, width);
    // A bar on either side of the limit, whether or not there are machines in it.
    let first = bars.keys().next().map_or(0, |first| (*first).min(0));
    let last = bars.keys().next_back().map_or(1, |last| (*last).max(1));
    let value = |bar: i128| (bar * width) as f64 / plot.size.max(1) as f64;
    let most = bars.values().map(|classes| classes.iter().sum()).max().unwrap_or(0u32).max(1);
    let top = (f64::from(most) * 1.1).ceil() as u32;
    let (left, right) = (value(first - 1), value(last));
    let above = plot.heading.height(WIDTH) + 20;
    draw((WIDTH, above + HEIGHT), |sheet| {
        plot.heading.draw(sheet, WIDTH)?;
        for (at, (name, colour)) in plot.classes.iter().zip(colours()).enumerate() {
            let place = (14 + 290 * i32::try_from(at)?, i32::try_from(above)? - 18);
            swatch(sheet, place, colour.mix(SHADE), name)?;
        }
        let (_, sheet) = sheet.split_vertically(above);
        let mut chart = ChartBuilder::on(&sheet)
            .margin(12)
            .x_label_area_size(40)
            .y_label_area_size(56)
            .build_cartesian_2d(left..right, 0..top)?;
        chart
            .configure_mesh()
            .x_desc(&plot.values)
            .y_desc("machines")
            .x_label_formatter(&tick_text)
            .x_labels(if plot.size == 1 { whole_ticks(left, right) } else { 10 })
            .light_line_style(WHITE)
            .draw()?;
        for (bar, classes) in &bars {
            let (from, to) = (value(bar - 1), value(*bar));
            let gap = (to - from) * 0.04;
            let mut foot = 0;
            for (count, colour) in classes.iter().zip(colours()) {
                let area = [(from + gap, foot), (to - gap, foot + count)];
                foot += count;
                if *count > 0 {
                    chart.draw_series([Rectangle::new(area, colour.mix(SHADE).filled())])?;
                }
            }
        }
        chart.draw_series(LineSeries::new([(0.0, 0), (0.0, top)], BLACK.stroke_width(2)))?;
        Ok(())
    })
}

const SHADE: f64 = 0.7;

/// The colours of the classes.
fn colours() -> [RGBColor; 3] {
    let [first, second, _, _, third, _] = PALETTE;
    [first, second, third]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_machine_exactly_at_the_limit_is_never_in_a_bar_beyond_it() {
        for width in [1, 2, 3, 10, 1_000_000] {
            for (margin, bar) in [(0, 0), (1, 1), (-1, (-1 / width).min(0))] {
                let found = bars(&[(margin, 0)], width);
                let own = *found.keys().next().expect("a bar");
                let bar = if margin < 0 && width == 1 { -1 } else { bar };
                assert_eq!(own, bar, "{margin} in bars of {width}");
            }
        }
        assert_eq!(
            bars(&[(10, 0), (11, 1), (-10, 2)], 10).keys().copied().collect::<Vec<_>>(),
            [-1, 1, 2]
        );
    }

    #[test]
    fn margins_are_drawn_and_the_same_numbers_give_the_same_bytes() {
        let plot = HistogramPlot {
            heading: Heading { title: "t".to_owned(), lines: vec!["as of".to_owned()] },
            values: "µm".to_owned(),
            size: 1_000_000,
            margins: vec![(-400_000, 0), (0, 0), (1, 2), (2_000_000, 1)],
            classes: ["captured", "undecided", "not captured"].map(str::to_owned),
        };
        let svg = histogram_svg(&plot).expect("drawn");
        assert_eq!(svg, histogram_svg(&plot).expect("drawn"));
        // The sheet, three swatches, and a bar for each machine here.
        assert_eq!(svg.matches("<rect").count(), 1 + 3 + 4, "{svg}");
        for text in ["as of", "captured", "undecided", "not captured", ">\n0\n<", ">\n1\n<"] {
            assert!(svg.contains(text), "{text}: {svg}");
        }
        // Machines are counted: no tick lies between two whole numbers, and nought has no sign.
        let wide = vec![(-40_000_000, 0), (40_000_000, 1)];
        let wide = histogram_svg(&HistogramPlot { margins: wide, ..plot.clone() }).expect("drawn");
        assert!(!wide.contains(">\n-0") && !wide.contains(">\n0.5\n<"), "{wide}");
        assert!(histogram_svg(&HistogramPlot::default()).expect("drawn").starts_with("<svg"));
        // Everything far on one side: the limit is drawn all the same, with its bars on both sides.
        let far = HistogramPlot { margins: vec![(i64::MIN, 0), (i64::MIN, 2)], ..plot };
        assert!(histogram_svg(&far).expect("drawn").starts_with("<svg"));
    }
}
