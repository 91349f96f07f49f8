//! Maps of two dials: what is captured at every pair of values, as shaded cells with counts.

use plotters::prelude::{IntoFont, PathElement, Rectangle, Text};
use plotters::style::{BLACK, Color, RGBAColor, WHITE};

use super::{Drawn, Heading, PALETTE, Sheet, draw, swatch};
use crate::error::Result;

/// What is drawn of two dials: a cell for each pair of values.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct MapPlot {
    /// What stands above it.
    pub heading: Heading,
    /// What the values of the dials are, with their units: first upwards, second to the right.
    pub axes: [String; 2],
    /// The values in words.
    pub labels: [Vec<String>; 2],
    /// The places among the values at which the list stands, if it is among them.
    pub standing: [Option<usize>; 2],
    /// For each value of the first and each of the second: how many machines are certainly
    /// captured, and how many are undecided.
    pub counts: Vec<Vec<(usize, usize)>>,
    /// What else stands in each cell, a line each, and what that is.
    pub notes: Vec<(String, Vec<Vec<String>>)>,
}

/// The height of a cell, the least and the largest width, and the room of the key, in pixels.
const CELL: i32 = 44;
const WIDTHS: (i32, i32) = (52, 150);
const KEY: i32 = 250;
/// The height of each line of what else stands in a cell, in pixels.
const NOTE: i32 = 16;
/// The width that cells fill where they may.
const FILLED: i32 = 620;
/// The width of a letter of a label, in pixels.
const LETTER: usize = 8;

/// Where the parts of a map lie, in pixels.
struct Layout {
    left: i32,
    top: i32,
    cell: i32,
    height: i32,
    rows: i32,
    columns: i32,
}

impl Layout {
    fn of(plot: &MapPlot) -> Self {
        let [rows, columns] = plot.labels.each_ref().map(|labels| pixels(labels.len()));
        let [row, column] = plot.labels.each_ref().map(|labels| {
            pixels(labels.iter().map(|label| label.chars().count()).max().unwrap_or(0) * LETTER)
        });
        let (least, most) = WIDTHS;
        let notes = plot.notes.iter().flat_map(|(_, rows)| rows.iter().flatten());
        let note = pixels(notes.map(|note| note.chars().count()).max().unwrap_or(0) * LETTER);
        let widest = column.max(note + 22);
        let cell = (FILLED / columns.max(1)).clamp(least, most).max(widest + 8);
        let height = CELL + NOTE * pixels(plot.notes.len());
        Self { left: row + 30, top: 0, cell, height, rows, columns }
    }

    fn right(&self) -> i32 {
        self.left + self.cell * self.columns
    }

    fn bottom(&self) -> i32 {
        self.top + self.height * self.rows
    }

    /// The upper left corner of a cell, the first row lowest.
    fn corner(&self, row: usize, column: usize) -> (i32, i32) {
        (self.left + self.cell * pixels(column), self.bottom() - self.height * (pixels(row) + 1))
    }
}

fn pixels(length: usize) -> i32 {
    i32::try_from(length).unwrap_or(i32::MAX / 4096).min(i32::MAX / 4096)
}

/// The map as SVG: the darker, the more is certainly captured; the row and the column at which the
/// list stands are outlined.
pub fn map_svg(plot: &MapPlot) -> Result<String> {
    let mut layout = Layout::of(plot);
    let width = layout.right() + KEY;
    let positive = |length: i32| u32::try_from(length).unwrap_or(900);
    layout.top = pixels(plot.heading.height(positive(width)) as usize) + 34;
    let height =
        (layout.bottom() + 64).max(layout.top + 22 * pixels(SHADES + 5 + plot.notes.len()) + 20);
    draw((positive(width), positive(height)), |sheet| {
        plot.heading.draw(sheet, positive(width))?;
        draw_axes(plot, &layout, sheet)?;
        let most = most(plot);
        for (row, cells) in plot.counts.iter().enumerate() {
            for (column, counts) in cells.iter().enumerate() {
                let notes = plot.notes.iter().filter_map(|(_, rows)| rows.get(row)?.get(column));
                let notes: Vec<&String> = notes.collect();
                draw_cell(layout.corner(row, column), &layout, (*counts, &notes), most, sheet)?;
            }
        }
        draw_standing(plot, &layout, sheet)?;
        draw_key(plot, most, (layout.right() + 24, layout.top), sheet)
    })
}

/// The most machines that are certainly captured anywhere.
fn most(plot: &MapPlot) -> usize {
    plot.counts.iter().flatten().map(|(certain, _)| *certain).max().unwrap_or(0)
}

/// The colour of a cell: the darker, the more of the most is certainly captured.
fn shade(certain: usize, most: usize) -> (RGBAColor, bool) {
    let [colour, ..] = PALETTE;
    let part = certain as f64 / most.max(1) as f64;
    (colour.mix(0.05 + 0.85 * part), part > 0.5)
}

/// What stands before each line of what else is in a cell.
const MARKS: [char; 2] = ['▲', '△'];

fn draw_cell(
    (x, y): (i32, i32),
    layout: &Layout,
    ((certain, open), notes): ((usize, usize), &[&String]),
    most: usize,
    sheet: &Sheet<'_>,
) -> Drawn {
    let (colour, is_dark) = shade(certain, most);
    let ink = if is_dark { WHITE } else { BLACK };
    let font = |size: u32| ("sans-serif", size).into_font().color(&ink);
    let corner = (x + layout.cell - 1, y + layout.height - 1);
    sheet.draw(&Rectangle::new([(x + 1, y + 1), corner], colour.filled()))?;
    let line = if open == 0 { 14 } else { 6 };
    sheet.draw(&Text::new(certain.to_string(), (x + 7, y + line), font(17)))?;
    if open > 0 {
        sheet.draw(&Text::new(format!("+{open}?"), (x + 7, y + 25), font(13)))?;
    }
    for (at, (mark, note)) in MARKS.iter().zip(notes).enumerate() {
        let place = (x + 7, y + CELL - 1 + NOTE * pixels(at));
        sheet.draw(&Text::new(format!("{mark} {note}"), place, font(12)))?;
    }
    Ok(())
}

/// The values of both dials and what they are of.
fn draw_axes(plot: &MapPlot, layout: &Layout, sheet: &Sheet<'_>) -> Drawn {
    let font = |size: u32| ("sans-serif", size).into_font();
    let [(first, rows), (second, columns)] = {
        let [first, second] = &plot.axes;
        let [rows, columns] = &plot.labels;
        [(first, rows), (second, columns)]
    };
    sheet.draw(&Text::new(format!("↑ {first}"), (14, layout.top - 22), font(14)))?;
    for (row, label) in rows.iter().enumerate() {
        let (_, y) = layout.corner(row, 0);
        sheet.draw(&Text::new(label.clone(), (14, y + layout.height / 2 - 7), font(14)))?;
    }
    for (column, label) in columns.iter().enumerate() {
        let (x, _) = layout.corner(0, column);
        sheet.draw(&Text::new(label.clone(), (x + 4, layout.bottom() + 8), font(14)))?;
    }
    let place = (layout.left, layout.bottom() + 34);
    sheet.draw(&Text::new(format!("→ {second}"), place, font(14)))?;
    Ok(())
}

/// Outlines the row and the column at which the list stands.
fn draw_standing(plot: &MapPlot, layout: &Layout, sheet: &Sheet<'_>) -> Drawn {
    let [row, column] = plot.standing;
    if let Some(row) = row {
        let (x, y) = layout.corner(row, 0);
        outline(sheet, (x, y), (layout.right(), y + layout.height))?;
    }
    if let Some(column) = column {
        let (x, _) = layout.corner(0, column);
        outline(sheet, (x, layout.top), (x + layout.cell, layout.bottom()))?;
    }
    Ok(())
}

fn outline(sheet: &Sheet<'_>, (left, top): (i32, i32), (right, bottom): (i32, i32)) -> Drawn {
    let corners = [(left, top), (right, top), (right, bottom), (left, bottom), (left, top - 1)];
    sheet.draw(&PathElement::new(corners, BLACK.stroke_width(3)))?;
    Ok(())
}

/// How many shades the key shows at most.
const SHADES: usize = 5;

/// What shades, counts and outlines stand for.
fn draw_key(plot: &MapPlot, most: usize, (x, mut y): (i32, i32), sheet: &Sheet<'_>) -> Drawn {
    let font = ("sans-serif", 13).into_font();
    let line = |text: &str, y: i32| sheet.draw(&Text::new(text.to_owned(), (x, y), font.clone()));
    line("certainly captured, machines:", y)?;
    let steps = most.min(SHADES - 1);
    for step in (0..=steps).rev() {
        y += 22;
        let count = (most * step).checked_div(steps).unwrap_or(0);
        swatch(sheet, (x, y), shade(count, most).0, &count.to_string())?;
    }
    line("+ n?: n more are undecided", y + 26)?;
    y += 52;
    for (mark, (name, _)) in MARKS.iter().zip(&plot.notes) {
        line(&format!("{mark} {name}"), y)?;
        y += 22;
    }
    if plot.standing.iter().any(Option::is_some) {
        outline(sheet, (x, y), (x + 18, y + 12))?;
        let text = "where the list stands".to_owned();
        sheet.draw(&Text::new(text, (x + 26, y), font))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plot() -> MapPlot {
        MapPlot {
            heading: Heading { title: "t".to_owned(), lines: vec!["as of".to_owned()] },
            axes: ["1: upr at most, µm".to_owned(), "1: travel below, mm".to_owned()],
            labels: [vec!["1".to_owned()], vec!["2".to_owned(), "3".to_owned()]],
            standing: [Some(0), Some(1)],
            counts: vec![vec![(4, 9), (12, 0)]],
            notes: Vec::new(),
        }
    }

    #[test]
    fn a_map_says_its_axes_counts_key_and_where_the_list_stands() {
        let svg = map_svg(&plot()).expect("drawn");
        assert_eq!(svg, map_svg(&plot()).expect("drawn"));
        let texts = ["as of", "↑ 1: upr at most, µm", "→ 1: travel below, mm", "+9?", "12"];
        for text in texts.into_iter().chain(["where the list stands", "+ n?: n more"]) {
            assert!(svg.contains(text), "{text}: {svg}");
        }
        assert!(!svg.contains("+0?") && !svg.contains('%'), "{svg}");
        // One outline for the row, one for the column, one in the key.
        let outlines = |svg: &str| svg.matches("<polyline").count();
        let open = MapPlot { standing: [None, Some(0)], ..plot() };
        let none = MapPlot { standing: [None, None], ..plot() };
        let counts = [plot(), open, none].map(|plot| outlines(&map_svg(&plot).expect("drawn")));
        assert_eq!(counts, [3, 2, 0]);
        // What else is in the cells makes them higher, and the key says what it is.
        let row = |a: &str, b: &str| vec![vec![a.to_owned(), b.to_owned()]];
        let notes = vec![
            ("of concern".to_owned(), row("1/2/3", "4/5/6")),
            ("not".to_owned(), row("7", "8")),
        ];
        let noted = map_svg(&MapPlot { notes, ..plot() }).expect("drawn");
        for text in ["▲ of concern", "△ not", "▲ 1/2/3", "▲ 4/5/6", "△ 7", "△ 8"] {
            assert!(noted.contains(text) && !svg.contains(text), "{text}: {noted}");
        }
        assert!(map_svg(&MapPlot::default()).expect("drawn").starts_with("<svg"));
    }
}
