//! Drawings to the letter.

use super::*;
use crate::scale::Names;

fn chart(layers: Vec<Layer>, marks: &[(f64, &str)]) -> Chart {
    Chart {
        title: "A <chart>".to_owned(),
        x_title: "time, s".to_owned(),
        y_title: "price & spread, ticks".to_owned(),
        x: Scale::exact(0.0, 10.0, Names::Numbers),
        y: Scale::nice(0.0, 4.0),
        layers,
        marks: marks.iter().map(|(at, name)| (*at, (*name).to_owned())).collect(),
    }
}

fn named(name: &str, look: usize, shape: Shape) -> Layer {
    Layer { name: Some(name.to_owned()), look, shape }
}

#[test]
fn every_shape_is_drawn() {
    let line =
        vec![(0.0, Some(1.0)), (1.0, None), (2.0, Some(4.0)), (3.0, Some(2.5)), (4.0, Some(9.0))];
    let layers = vec![
        named("band", 5, Shape::Area(vec![(0.0, 0.0, 1.0), (10.0, 0.5, 2.0)])),
        named("line", 0, Shape::Line(line)),
        named("many", 1, Shape::Hair(vec![(0.0, Some(0.0)), (10.0, Some(4.0))])),
        named("dots", 2, Shape::Dots(vec![(5.0, 2.0), (11.0, 2.0)])),
        Layer { name: None, look: 3, shape: Shape::Bars(vec![(8.0, 3.0)], 1.0) },
    ];
    let chart = chart(layers, &[(5.0, "makers-leave"), (5.5, "<back>")]);
    let svg = chart.svg("price-1", "It \"rises\".").replace("><", ">\n<");
    insta::assert_snapshot!(format!("{}\n{svg}", chart.legend().replace("><", ">\n<")));
}

#[test]
fn cells_are_darker_where_there_is_more_and_whiskers_have_ends() {
    let cells = vec![(0.0, 0.0, 0.5), (1.0, 0.0, 0.25), (0.0, 1.0, 0.0), (1.0, 1.0, 0.001)];
    let mut chart = chart(vec![named("often", 0, Shape::Cells(cells))], &[]);
    (chart.x, chart.y) = (Scale::words(&["a", "b"]), Scale::words(&["c", "d"]));
    let cells = chart.drawing().0;
    chart.x = Scale::nice(0.0, 10.0);
    let whiskers = vec![(1.0, 9.0, 0.0), (1.0, 11.0, 1.0)];
    chart.layers = vec![named("interval", 1, Shape::Whiskers(whiskers))];
    let text = format!("{cells}\n{}\n{}", chart.legend(), chart.drawing().0);
    insta::assert_snapshot!(text.replace("><", ">\n<"));
}

#[test]
fn names_of_marks_do_not_overlap() {
    let chart = chart(
        Vec::new(),
        &[(1.0, "makers-leave"), (1.1, "makers-return"), (6.0, "a"), (9.9, "short-ban")],
    );
    let placed: Vec<_> = chart.placed_marks().iter().map(|mark| (mark.row, mark.is_left)).collect();
    assert_eq!(placed, [(0, false), (1, false), (0, false), (0, true)]);
}

#[test]
fn what_lies_outside_interrupts_a_line() {
    let points = [(0.0, Some(1.0)), (1.0, Some(5.0)), (2.0, Some(1.0)), (3.0, Some(f64::NAN))];
    let path = chart(Vec::new(), &[]).path(&points, 9, 0.0);
    assert_eq!(path.matches('M').count(), 2, "{path}");
    assert_eq!((path.matches('l').count(), path.matches("h1").count()), (0, 2), "{path}");
}
