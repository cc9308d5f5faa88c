//! The table: cost, ratio to our kernel, and whether the trades are the right ones.

use std::fmt::Write;

use streams::{Expected, Stream};

use crate::measure::Row;

/// The rows of a stream as text; the first row is what ratios are to.
pub(crate) fn render(stream: &Stream, rows: &[Row], runs: u32) -> String {
    let Expected { trades, volume, notional } = stream.expected;
    let mut text = format!(
        "{}: {} operations on about {} live orders; CPU time, least of {runs} runs in turn\n\
         a plain book makes {trades} trades, volume {volume}, notional {notional}\n\n\
         {:20} {:>9} {:>7}  same trades\n",
        stream.recipe.name, stream.recipe.operations, stream.recipe.live, "book", "ns/op", "ratio",
    );
    let ours = rows.first().and_then(cost);
    for row in rows {
        let cost = cost(row);
        let ratio = cost.zip(ours).map(|(cost, ours)| cost / ours);
        let figure = |value: Option<f64>, digits| {
            value.map_or_else(|| "-".to_owned(), |value| format!("{value:.digits$}"))
        };
        let (cost, ratio) = (figure(cost, 1), figure(ratio, 2));
        // Writing to a text does not fail.
        let _ = writeln!(text, "{:20} {cost:>9} {ratio:>7}  {}", row.name, verdict(row));
    }
    text.push('\n');
    text
}

/// Nanoseconds an operation.
#[expect(clippy::cast_precision_loss, reason = "a figure for people")]
fn cost(row: &Row) -> Option<f64> {
    (0 < row.done).then(|| row.time as f64 / row.done as f64)
}

/// Whether the trades are right; where they are not, what the book made.
fn verdict(row: &Row) -> String {
    let (made, refused) = (row.made.traded, row.made.refused);
    let mut words = if row.done == 0 {
        "-".to_owned()
    } else if made == row.expected && refused == 0 {
        "yes".to_owned()
    } else if made == row.expected {
        format!("yes, but refused {refused}")
    } else {
        let Expected { trades, volume, notional } = made;
        format!("no: {trades} trades, volume {volume}, notional {notional}, refused {refused}")
    };
    if row.is_stopped {
        let _ = write!(words, " (stopped after {} operations", row.done);
        if 0 < row.done && made != row.expected {
            let Expected { trades, volume, notional } = row.expected;
            let _ = write!(words, ": {trades}, {volume}, {notional} are right");
        }
        words.push(')');
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::books::Made;

    const RIGHT: Expected = Expected { trades: 2, volume: 5, notional: 70 };

    fn row() -> Row {
        let made = Made { traded: RIGHT, refused: 0 };
        Row { name: "it", done: 10, time: 250, made, expected: RIGHT, is_stopped: false }
    }

    #[test]
    fn says_what_a_wrong_book_made() {
        assert_eq!(verdict(&row()), "yes");
        let traded = Expected { volume: 6, ..RIGHT };
        let made = Made { traded, refused: 3 };
        let wrong = Row { made, ..row() };
        assert_eq!(verdict(&wrong), "no: 2 trades, volume 6, notional 70, refused 3");
        let stopped = Row { is_stopped: true, ..wrong };
        assert_eq!(
            verdict(&stopped),
            "no: 2 trades, volume 6, notional 70, refused 3 \
             (stopped after 10 operations: 2, 5, 70 are right)"
        );
        let refusing = Row { made: Made { traded: RIGHT, refused: 1 }, ..row() };
        assert_eq!(verdict(&refusing), "yes, but refused 1");
        let full = Row { done: 0, is_stopped: true, ..row() };
        assert_eq!(verdict(&full), "- (stopped after 0 operations)");
    }

    #[test]
    fn ratios_are_to_the_first_row() {
        let rows = [Row { time: 100, ..row() }, row()];
        let recipe = streams::Recipe { live: 4, operations: 10, ..streams::S4K };
        let text = render(&streams::generate(recipe), &rows, 1);
        let last = text.trim_end().lines().last().map(|line| line.split_whitespace().collect());
        assert_eq!(last, Some(vec!["it", "25.0", "2.50", "yes"]));
    }
}
