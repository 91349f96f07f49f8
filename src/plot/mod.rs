//! Pictures: SVG drawings of what other rooms computed, one file per kind of picture.
//!
//! Enters: numbers with their names and units. Leaves: SVG text, the same bytes for the same
//! numbers. Knows nothing of lists, verdicts or files; it draws and decides nothing.

pub mod curve;
pub mod deviation;
pub mod histogram;
pub mod polar;

use plotters::coord::Shift;
use plotters::prelude::{DrawingArea, IntoDrawingArea, RGBColor, SVGBackend, WHITE};

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

/// The sheet a picture is painted on.
pub type Sheet<'a> = DrawingArea<SVGBackend<'a>, Shift>;

/// Draws one SVG picture of the given size in pixels.
///
/// `paint` gets a white sheet; what it fails with becomes a usage error.
pub fn draw(
    (width, height): (u32, u32),
    paint: impl FnOnce(&Sheet<'_>) -> std::result::Result<(), Box<dyn std::error::Error>>,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sheet_is_drawn_to_svg() {
        let text = draw((40, 30), |_| Ok(())).unwrap();
        assert!(text.starts_with("<svg") && text.trim_end().ends_with("</svg>"));
    }
}
