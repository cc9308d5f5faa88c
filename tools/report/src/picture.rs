//! A chart as an SVG file of its own.

use std::fmt::Write as _;

use crate::chart::{LETTER, WIDTH};
use crate::curve::Curve;
use crate::html::escape;
use crate::number::{coordinate, count};

/// Colours by light and dark.
pub(crate) const COLOURS: &str = include_str!("colours.css");
/// How what is drawn looks.
pub(crate) const DRAWING: &str = include_str!("drawing.css");
/// What a page says of letters and ground.
const GROUND: &str = "svg{font-family:system-ui,\"DejaVu Sans\",sans-serif}.bg{fill:var(--bg)}\n";

/// Height of a line of the legend, and where it begins.
const LINE: f64 = 18.0;
const LEGEND_LEFT: f64 = 4.0;
/// Room for a sign.
const SIGN: f64 = 34.0;

/// The figure of a curve as a file: colours follow the reader's, and nothing comes from elsewhere.
///
/// Cost: O(points).
pub fn picture(curve: &Curve) -> String {
    let figure = curve.figure();
    let (drawing, height) = figure.chart.drawing();
    let (legend, rows) = legend(figure.chart.signs());
    let below = LINE * count(rows) + 4.0;
    let (title, whole) = (escape(&figure.chart.title), coordinate(height + below));
    let description = escape(&figure.reading.replace('\n', " "));
    let below = coordinate(below);
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" width=\"720\" \
         viewBox=\"0 0 {WIDTH} {whole}\" aria-labelledby=\"t d\">\
         <title id=\"t\">{title}</title><desc id=\"d\">{description}</desc>\n\
         <style>\n{COLOURS}{DRAWING}{GROUND}</style>\n\
         <path class=\"bg\" d=\"M0 0H{WIDTH}V{whole}H0Z\"/>\n{legend}\
         <g transform=\"translate(0 {below})\">{drawing}</g>\n</svg>\n"
    )
}

/// The legend in lines that fit, and how many they are.
fn legend<'a>(signs: impl Iterator<Item = (String, &'a str)>) -> (String, usize) {
    let (mut text, mut row, mut left) = (String::new(), 0, LEGEND_LEFT);
    for (sign, name) in signs {
        let width = SIGN + LETTER * count(name.chars().count()) + 14.0;
        if LEGEND_LEFT < left && WIDTH < left + width {
            (row, left) = (row + 1, LEGEND_LEFT);
        }
        let (across, down) = (coordinate(left), coordinate(4.0 + LINE * count(row)));
        let (beside, name) = (coordinate(SIGN), escape(name));
        let _ = writeln!(
            text,
            "<g transform=\"translate({across} {down})\">{sign}\
             <text class=\"n\" x=\"{beside}\" y=\"11.5\">{name}</text></g>"
        );
        left += width;
    }
    (text, row + 1)
}
