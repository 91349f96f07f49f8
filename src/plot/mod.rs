//! Pictures: SVG drawings of what other rooms computed, one file per kind of picture.
//!
//! Enters: numbers with their names and units. Leaves: SVG text, the same bytes for the same
//! numbers. Knows nothing of lists, verdicts or files; it draws and decides nothing.

pub mod curve;
pub mod deviation;
pub mod histogram;
pub mod map;
pub mod polar;

use plotters::coord::Shift;
use plotters::prelude::{
    DrawingArea, IntoDrawingArea, IntoFont, RGBColor, Rectangle, SVGBackend, Text, WHITE,
};
use plotters::style::{Color, RGBAColor};

use crate::error::{Error, Result};

/// The colours of every picture, told apart in print and by most colour-blind readers.
pub const PALETTE: [RGBColor; 6] = [
    RGBColor(0, 90, 160),
    RGBColor(213, 94, 0),
    RGBColor(0, 135, 100),
    RGBColor(170, 60, 130),
    RGBColor(110, 110, 110),
    RGBColor(200, 150, 0),
];

/// What drawing comes to.
type Drawn = std::result::Result<(), Box<dyn std::error::Error>>;

/// The sheet a picture is painted on.
pub type Sheet<'a> = DrawingArea<SVGBackend<'a>, Shift>;

/// Draws one SVG picture of the given size in pixels.
///
/// `paint` gets a white sheet; what it fails with becomes a usage error.
pub fn draw(
    (width, height): (u32, u32),
    paint: impl FnOnce(&Sheet<'_>) -> Drawn,
) -> Result<String> {
    let mut text = String::new();
    {
        let sheet = SVGBackend::with_string(&mut text, (width, height)).into_drawing_area();
        let painted = sheet
            .fill(&WHITE)
            .map_err(Into::into)
            .and_then(|()| paint(&sheet))
            .and_then(|()| sheet.present().map_err(Into::into));
        painted.map_err(|error| Error::usage(format!("the picture cannot be drawn: {error}")))?;
    }
    Ok(text)
}

/// What stands above a picture: its title and lines that say what it rests on.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Heading {
    /// The title.
    pub title: String,
    /// What it rests on, a line each; long ones are broken.
    pub lines: Vec<String>,
}

/// The room of a title and of a line, and the width of a letter of a line, in pixels.
const TITLE: i32 = 40;
const LINE: i32 = 17;
const LETTER: usize = 7;

impl Heading {
    /// The lines as they are broken in a picture of a width in pixels.
    fn broken(&self, width: u32) -> Vec<String> {
        let most = (width as usize / LETTER).max(20) - 4;
        let mut lines = Vec::new();
        for line in &self.lines {
            let mut own = String::new();
            for word in line.split(' ') {
                if !own.is_empty() && own.chars().count() + word.chars().count() >= most {
                    lines.push(std::mem::replace(&mut own, "    ".to_owned()));
                } else if !own.is_empty() {
                    own.push(' ');
                }
                own.push_str(word);
            }
            lines.push(own);
        }
        lines
    }

    /// How high it is above a picture of a width, in pixels.
    fn height(&self, width: u32) -> u32 {
        let lines = i32::try_from(self.broken(width).len()).unwrap_or(i32::MAX / 64);
        u32::try_from(TITLE + LINE * lines + 6).unwrap_or(0)
    }

    /// Draws it at the top of a sheet of this width.
    fn draw(&self, sheet: &Sheet<'_>, width: u32) -> Drawn {
        let font = |size: u32| ("sans-serif", size).into_font();
        sheet.draw(&Text::new(self.title.clone(), (14, 12), font(18)))?;
        for (at, line) in self.broken(width).into_iter().enumerate() {
            let indent = 14 + if line.starts_with(' ') { 24 } else { 0 };
            let y = TITLE + LINE * i32::try_from(at)?;
            sheet.draw(&Text::new(line.trim_start().to_owned(), (indent, y), font(13)))?;
        }
        Ok(())
    }
}

/// What is said beside a swatch of a colour, the swatch's upper left corner at a place.
fn swatch(sheet: &Sheet<'_>, (x, y): (i32, i32), colour: RGBAColor, text: &str) -> Drawn {
    sheet.draw(&Rectangle::new([(x, y), (x + 18, y + 12)], colour.filled()))?;
    let font = ("sans-serif", 13).into_font();
    sheet.draw(&Text::new(text.to_owned(), (x + 26, y), font))?;
    Ok(())
}

/// A number at a tick of an axis, without needless zeros, and nought without a sign.
fn tick_text(value: &f64) -> String {
    let text = format!("{value:.9}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

/// How many ticks an axis of whole numbers has, so that none lies between two of them.
fn whole_ticks(low: f64, high: f64) -> usize {
    ((high - low).floor() as usize + 1).clamp(2, 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_plain_numbers() {
        for (value, text) in [
            (-0.0, "0"),
            (-1e-17, "0"),
            (0.1 + 0.2, "0.3"),
            (-1.5, "-1.5"),
            (400.0, "400"),
            (0.000_001, "0.000001"),
        ] {
            assert_eq!(tick_text(&value), text);
        }
    }

    #[test]
    fn long_lines_of_a_heading_are_broken_between_words() {
        let line = (0..60).map(|n| format!("word{n}")).collect::<Vec<_>>().join(" ");
        let heading = Heading { title: "t".to_owned(), lines: vec![line.clone()] };
        let broken = heading.broken(700);
        assert!(broken.len() > 1 && broken.iter().all(|line| line.chars().count() <= 100));
        let again: Vec<&str> = broken.iter().map(|line| line.trim()).collect();
        assert_eq!(again.join(" "), line);
        assert!(heading.height(700) > heading.height(7000));
    }

    #[test]
    fn a_sheet_is_drawn_to_svg() {
        let text = draw((40, 30), |_| Ok(())).unwrap();
        assert!(text.starts_with("<svg") && text.trim_end().ends_with("</svg>"));
    }
}
