//! A chart with two axes, drawn as SVG.

use std::fmt::Write as _;

use crate::html::escape;
use crate::number::{coordinate, count, nearest, of_tenths, tenths};
use crate::scale::Scale;
use crate::thin::{Point, thin};

/// Units of a drawing, which is scaled to the width there is.
pub(crate) const WIDTH: f64 = 480.0;
const PLOT_RIGHT: f64 = 454.0;
const PLOT_HEIGHT: f64 = 190.0;
/// Above the plot: the title of the upright axis.
const HEAD: f64 = 28.0;
/// Below it: names of values, and the title of the level axis.
const FOOT: f64 = 46.0;
/// A row of names of moments.
const ROW: f64 = 17.0;
/// Room for a letter; phones show larger ones.
pub(crate) const LETTER: f64 = 8.4;
/// Least room for the names on the upright axis.
const LEFT_MIN: f64 = 46.0;
/// What is drawn of a point between two gaps.
const ALONE: &str = "h1";
/// Half the height of the ends of a whisker.
const WHISKER: f64 = 4.0;
/// Percents of its colour that the fullest square has: words on it can still be read.
const CELL_DARKEST: f64 = 65.0;
/// Stretches that a line is thinned to.
const STRETCHES: usize = 380;
/// The same for one of many.
const HAIR_STRETCHES: usize = 120;

/// How something is drawn. Numbers choose colour, dashes and shape: see `style.css`.
#[derive(Clone, Debug)]
pub(crate) enum Shape {
    /// A line through points.
    Line(Vec<Point>),
    /// A line that is thinner and paler: one of many.
    Hair(Vec<Point>),
    /// Separate points.
    Dots(Vec<(f64, f64)>),
    /// Upright bars from 0, so wide in units of the level axis.
    Bars(Vec<(f64, f64)>, f64),
    /// What lies between a lower and an upper value.
    Area(Vec<(f64, f64, f64)>),
    /// Level lines with ends: lower and upper value, and height.
    Whiskers(Vec<(f64, f64, f64)>),
    /// Squares of a table of two axes of words, each with a share of 1: the darker, the more.
    Cells(Vec<(f64, f64, f64)>),
}

/// Something drawn.
#[derive(Clone, Debug)]
pub(crate) struct Layer {
    /// What the legend calls it; nothing for what is named by another layer.
    pub(crate) name: Option<String>,
    /// Colour, dashes and shape: 0 to 5.
    pub(crate) look: usize,
    pub(crate) shape: Shape,
}

/// A chart.
#[derive(Clone, Debug)]
pub(crate) struct Chart {
    /// What is shown, for those who do not see it.
    pub(crate) title: String,
    /// Titles of the axes, with units.
    pub(crate) x_title: String,
    pub(crate) y_title: String,
    pub(crate) x: Scale,
    pub(crate) y: Scale,
    pub(crate) layers: Vec<Layer>,
    /// Named places of the level axis.
    pub(crate) marks: Vec<(f64, String)>,
}

/// Looks that there are.
pub(crate) const LOOKS: usize = 6;

impl Chart {
    /// The drawing; `id` is unique in its page and `description` what can be read out of it.
    pub(crate) fn svg(&self, id: &str, description: &str) -> String {
        let (drawing, height) = self.drawing();
        format!(
            "<svg role=\"img\" viewBox=\"0 0 {WIDTH} {height}\" aria-labelledby=\"{id}-t {id}-d\">\
             <title id=\"{id}-t\">{}</title><desc id=\"{id}-d\">{}</desc>{drawing}</svg>\n",
            escape(&self.title),
            escape(description),
        )
    }

    /// What is drawn, and how high it is.
    pub(crate) fn drawing(&self) -> (String, f64) {
        let marks = self.placed_marks();
        let rows = marks.iter().map(|mark| mark.row + 1).max().unwrap_or(0);
        let top = HEAD + ROW * count(rows);
        let height = top + PLOT_HEIGHT + FOOT;
        let mut text = String::new();
        self.draw_axes(&mut text, top);
        for layer in &self.layers {
            self.draw(&mut text, layer, top);
        }
        for mark in &marks {
            draw_mark(&mut text, mark, top);
        }
        (text, height)
    }

    /// The legend; empty where there is nothing to tell apart.
    pub(crate) fn legend(&self) -> String {
        let items: Vec<_> = self
            .signs()
            .map(|(sign, name)| {
                let name = escape(name);
                format!(
                    "<li><svg viewBox=\"0 0 28 14\" aria-hidden=\"true\">{sign}</svg>{name}</li>"
                )
            })
            .collect();
        match items.len() {
            0 => String::new(),
            _ => format!("<ul class=\"legend\">{}</ul>\n", items.concat()),
        }
    }

    /// The sign of every named layer, 28 units wide and 14 high, and its name.
    pub(crate) fn signs(&self) -> impl Iterator<Item = (String, &str)> {
        let named = self.layers.iter().filter_map(|layer| Some((layer, layer.name.as_deref()?)));
        named.map(|(layer, name)| {
            let look = layer.look % LOOKS;
            let sign = match layer.shape {
                Shape::Line(_) => format!("<path class=\"l l{look}\" d=\"M1 7H27\"/>"),
                Shape::Hair(_) => format!("<path class=\"h l{look}\" d=\"M1 7H27\"/>"),
                Shape::Dots(_) => dot(look, 14.0, 7.0),
                Shape::Bars(..) | Shape::Cells(_) => {
                    format!("<path class=\"b f{look}\" d=\"M8 1H20V13H8Z\"/>")
                }
                Shape::Area(_) => format!("<path class=\"a f{look}\" d=\"M1 2H27V12H1Z\"/>"),
                Shape::Whiskers(_) => {
                    format!("<path class=\"w l{look}\" d=\"M3 3V11M3 7H25M25 3V11\"/>")
                }
            };
            (sign, name)
        })
    }

    /// Where the plot begins: behind the longest name on the upright axis.
    fn left(&self) -> f64 {
        let names = self.y.named();
        let longest = names.iter().map(|(_, name)| name.chars().count()).max().unwrap_or(0);
        LEFT_MIN.max(LETTER * count(longest) + 12.0)
    }

    fn across(&self, value: f64) -> Option<f64> {
        let left = self.left();
        Some(left + (PLOT_RIGHT - left) * self.x.share(value)?)
    }

    fn up(&self, value: f64, top: f64) -> Option<f64> {
        Some(top + PLOT_HEIGHT * (1.0 - self.y.share(value)?))
    }

    fn draw_axes(&self, text: &mut String, top: f64) {
        let bottom = top + PLOT_HEIGHT;
        for (value, name) in self.y.named() {
            let Some(at) = self.up(value, top) else { continue };
            let (line, words) = (coordinate(at), coordinate(at + 4.5));
            let (left, right) = (coordinate(self.left()), coordinate(PLOT_RIGHT));
            let (near, name) = (coordinate(self.left() - 6.0), escape(&name));
            let _ = write!(text, "<path class=\"g\" d=\"M{left} {line}H{right}\"/>");
            let _ = write!(text, "<text class=\"e\" x=\"{near}\" y=\"{words}\">{name}</text>");
        }
        for (value, name) in self.x.named() {
            let Some(at) = self.across(value).map(coordinate) else { continue };
            let (from, to) = (coordinate(bottom), coordinate(bottom + 4.0));
            let (below, name) = (coordinate(bottom + 18.0), escape(&name));
            let _ = write!(text, "<path class=\"k\" d=\"M{at} {from}V{to}\"/>");
            let _ = write!(text, "<text class=\"m\" x=\"{at}\" y=\"{below}\">{name}</text>");
        }
        let (left, right) = (coordinate(self.left()), coordinate(PLOT_RIGHT));
        let (from, to) = (coordinate(top), coordinate(bottom));
        let _ = write!(text, "<path class=\"k\" d=\"M{left} {from}V{to}H{right}\"/>");
        let has_zero = self.y.low < 0.0 && !self.y.is_of_words();
        if let Some(zero) = self.up(0.0, top).filter(|_| has_zero).map(coordinate) {
            let _ = write!(text, "<path class=\"z\" d=\"M{left} {zero}H{right}\"/>");
        }
        let middle = coordinate(f64::midpoint(self.left(), PLOT_RIGHT));
        let (x_title, y_title) = (escape(&self.x_title), escape(&self.y_title));
        let below = coordinate(bottom + 37.0);
        let _ = write!(text, "<text class=\"m\" x=\"{middle}\" y=\"{below}\">{x_title}</text>");
        let _ = write!(text, "<text x=\"4\" y=\"14\">{y_title}</text>");
    }

    fn draw(&self, text: &mut String, layer: &Layer, top: f64) {
        let look = layer.look % LOOKS;
        match &layer.shape {
            Shape::Line(points) => {
                let path = self.path(points, STRETCHES, top);
                let _ = write!(text, "<path class=\"l l{look}\" d=\"{path}\"/>");
            }
            Shape::Hair(points) => {
                let path = self.path(points, HAIR_STRETCHES, top);
                let _ = write!(text, "<path class=\"h l{look}\" d=\"{path}\"/>");
            }
            Shape::Dots(points) => {
                for (x, y) in points {
                    if let (Some(x), Some(y)) = (self.across(*x), self.up(*y, top)) {
                        text.push_str(&dot(look, x, y));
                    }
                }
            }
            Shape::Bars(points, width) => {
                let path = self.bars(points, *width, top);
                let _ = write!(text, "<path class=\"b f{look}\" d=\"{path}\"/>");
            }
            Shape::Area(points) => {
                let upper = points.iter().map(|(x, _, high)| (*x, *high));
                let lower = points.iter().rev().map(|(x, low, _)| (*x, *low));
                let around: Vec<_> = upper.chain(lower).map(|(x, y)| (x, Some(y))).collect();
                let path = self.path(&around, around.len(), top);
                let _ = write!(text, "<path class=\"a f{look}\" d=\"{path}Z\"/>");
            }
            Shape::Whiskers(lines) => {
                let path = self.whiskers(lines, top);
                let _ = write!(text, "<path class=\"w l{look}\" d=\"{path}\"/>");
            }
            Shape::Cells(cells) => self.cells(text, cells, look, top),
        }
    }

    /// A line through points, thinned; interrupted where there is none, or none on the axes. Each
    /// place is told from the one before, which is shorter.
    fn path(&self, points: &[Point], stretches: usize, top: f64) -> String {
        let (mut text, mut last, mut is_alone) = (String::new(), None, false);
        for (x, y) in thin(points, stretches) {
            let place = y.and_then(|y| self.across(x).zip(self.up(y, top)));
            let Some(place) = place.map(|(x, y)| (tenths(x), tenths(y))) else {
                text.push_str(if is_alone { ALONE } else { "" });
                (last, is_alone) = (None, false);
                continue;
            };
            let (pen, (right, down)) = match last {
                None => ('M', place),
                Some((x, y)) => ('l', (place.0 - x, place.1 - y)),
            };
            let _ = write!(text, "{pen}{} {}", of_tenths(right), of_tenths(down));
            is_alone = last.is_none();
            last = Some(place);
        }
        text.push_str(if is_alone { ALONE } else { "" });
        text
    }

    fn bars(&self, points: &[(f64, f64)], width: f64, top: f64) -> String {
        let mut text = String::new();
        let clamp = |value: f64, scale: &Scale| value.clamp(scale.low, scale.high);
        for (x, y) in points {
            let edges = [x - width / 2.0, x + width / 2.0].map(|x| self.across(clamp(x, &self.x)));
            let ends = [0.0, *y].map(|y| self.up(clamp(y, &self.y), top));
            let ([Some(left), Some(right)], [Some(from), Some(to)]) = (edges, ends) else {
                continue;
            };
            let [left, right, from, to] = [left, right, from, to].map(coordinate);
            let _ = write!(text, "M{left} {from}V{to}H{right}V{from}Z");
        }
        text
    }

    fn whiskers(&self, lines: &[(f64, f64, f64)], top: f64) -> String {
        let mut text = String::new();
        for (low, high, y) in lines {
            let ends = [*low, *high].map(|x| self.across(x));
            let ([Some(left), Some(right)], Some(y)) = (ends, self.up(*y, top)) else { continue };
            let [left, right, level] = [left, right, y].map(coordinate);
            let [from, to] = [y - WHISKER, y + WHISKER].map(coordinate);
            let _ = write!(text, "M{left} {from}V{to}M{left} {level}H{right}M{right} {from}V{to}");
        }
        text
    }

    /// Squares 1 wide and 1 high, the greatest share full; each with its percents where there are any.
    fn cells(&self, text: &mut String, cells: &[(f64, f64, f64)], look: usize, top: f64) {
        let most = cells.iter().map(|cell| cell.2).fold(0.0, f64::max);
        // Lines of the axes would cross out what stands in the squares.
        let (left, right) = (coordinate(self.left()), coordinate(PLOT_RIGHT));
        let (from, to) = (coordinate(top), coordinate(top + PLOT_HEIGHT));
        let _ = write!(text, "<path class=\"q\" d=\"M{left} {from}V{to}H{right}V{from}Z\"/>");
        for (x, y, share) in cells {
            let across = [x - 0.5, *x, x + 0.5].map(|x| self.across(x));
            let up = [y - 0.5, *y, y + 0.5].map(|y| self.up(y, top));
            let ([Some(left), Some(middle), Some(right)], [Some(low), Some(level), Some(high)]) =
                (across, up)
            else {
                continue;
            };
            let [left, right, low, high, middle] = [left, right, low, high, middle].map(coordinate);
            let opacity = nearest(if 0.0 < most { CELL_DARKEST * share / most } else { 0.0 });
            let percents = nearest(100.0 * share);
            let _ = write!(
                text,
                "<path class=\"f{look}\" fill-opacity=\".{opacity:02}\" d=\"M{left} {low}V{high}H{right}V{low}Z\"/>"
            );
            if 0 < percents {
                let base = coordinate(level + 4.5);
                let _ = write!(
                    text,
                    "<text class=\"n m\" x=\"{middle}\" y=\"{base}\">{percents}</text>"
                );
            }
        }
    }

    /// The marks, each in the first row where its name has room.
    fn placed_marks(&self) -> Vec<PlacedMark<'_>> {
        let mut ends: Vec<f64> = Vec::new();
        let mut placed = Vec::new();
        for (value, name) in &self.marks {
            let Some(at) = self.across(*value) else { continue };
            let width = LETTER * count(name.chars().count());
            let is_left = PLOT_RIGHT + 20.0 < at + width;
            let from = if is_left { at - width } else { at };
            let row = ends.iter().position(|end| *end < from).unwrap_or(ends.len());
            if row == ends.len() {
                ends.push(0.0);
            }
            if let Some(end) = ends.get_mut(row) {
                *end = from + width + LETTER;
            }
            placed.push(PlacedMark { at, row, is_left, name });
        }
        placed
    }
}

/// A mark and where its name stands.
struct PlacedMark<'a> {
    at: f64,
    row: usize,
    /// Whether the name stands left of the line.
    is_left: bool,
    name: &'a str,
}

fn draw_mark(text: &mut String, mark: &PlacedMark<'_>, top: f64) {
    let base = HEAD + ROW * count(mark.row) + 10.0;
    let (at, from) = (coordinate(mark.at), coordinate(base - 9.0));
    let bottom = coordinate(top + PLOT_HEIGHT);
    let (class, beside) = if mark.is_left { ("n e", mark.at - 4.0) } else { ("n", mark.at + 4.0) };
    let (beside, base, name) = (coordinate(beside), coordinate(base), escape(mark.name));
    let _ = write!(text, "<path class=\"v\" d=\"M{at} {from}V{bottom}\"/>");
    let _ = write!(text, "<text class=\"{class}\" x=\"{beside}\" y=\"{base}\">{name}</text>");
}

/// A point: each look has its shape.
fn dot(look: usize, x: f64, y: f64) -> String {
    let start = format!("{} {}", coordinate(x), coordinate(y));
    let outline = match look {
        0 => "m-3.5 0a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0-7 0",
        1 => "m-3-3h6v6h-6z",
        2 => "m0-4l4 7h-8z",
        3 => "m0-4.5l4 4.5l-4 4.5l-4-4.5z",
        4 => "m0 4l4-7h-8z",
        _ => "m-1-4h2v3h3v2h-3v3h-2v-3h-3v-2h3z",
    };
    format!("<path class=\"f{look}\" d=\"M{start}{outline}\"/>")
}

#[cfg(test)]
mod tests;
