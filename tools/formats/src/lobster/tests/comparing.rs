//! Days that contradict themselves, and what the comparer says of them and of other books.

use kernel::view::LevelView;
use kernel::{Price, Side};

use super::{contradict, read, replayed};
use crate::lobster::compare::{Comparer, Execution, LevelDifference, first_difference};
use crate::lobster::{Item, Options, convert};

fn level(ticks: u32, qty: u64) -> LevelView {
    LevelView { price: Price::new(ticks).expect("in range"), qty }
}

#[test]
fn a_book_may_be_deeper_than_the_row_but_not_otherwise_different() {
    let day = read("1,5,0,1,100,1", "105,10,95,10,106,3,-9999999999,0").expect("a day");
    let difference = |asks: &[LevelView], bids: &[LevelView]| {
        first_difference(day.book(0), 2, |side| {
            match side {
                Side::Sell => asks,
                Side::Buy => bids,
            }
            .to_vec()
            .into_iter()
        })
    };
    let (asks, bids) = ([level(105, 10), level(106, 3), level(107, 1)], [level(95, 10)]);
    assert_eq!(difference(&asks, &bids), None);
    let side = Side::Sell;
    let (expected, found) = (Some(level(106, 3)), Some(level(106, 4)));
    let asks_off = [level(105, 10), level(106, 4)];
    let told = LevelDifference { side, level: 2, expected, found };
    assert_eq!(difference(&asks_off, &bids), Some(told));
    let told = LevelDifference { side, level: 2, expected, found: None };
    assert_eq!(difference(&asks[..1], &bids), Some(told));
    let (expected, found) = (None, Some(level(94, 1)));
    let told = LevelDifference { side: Side::Buy, level: 2, expected, found };
    assert_eq!(difference(&asks, &[level(95, 10), level(94, 1)]), Some(told));
    let told = LevelDifference { side: Side::Buy, level: 1, expected: Some(bids[0]), found: None };
    assert_eq!(difference(&asks, &[]), Some(told));
}

#[test]
fn bids_are_compared_below_asks_that_end_early() {
    let day = read("1,5,0,1,100,1", "105,10,95,10,9999999999,0,94,1").expect("a day");
    let difference = first_difference(day.book(0), 2, |side| {
        match side {
            Side::Sell => vec![level(105, 10)],
            Side::Buy => vec![level(95, 10), level(94, 2)],
        }
        .into_iter()
    });
    assert_eq!(difference.map(|it| (it.side, it.level)), Some((Side::Buy, 2)));
}

#[test]
fn a_submission_of_another_size_fails_in_its_row_and_only_there() {
    let (summary, report) = contradict(
        "1,5,0,1,100,1
         2,1,20,7,104,-1
         3,5,0,1,100,1",
        "105,10,95,10
         104,6,95,10
         104,6,95,10",
    );
    assert_eq!(summary.anomalies.size_in_view, 1);
    let told = LevelDifference {
        side: Side::Sell,
        level: 1,
        expected: Some(level(104, 6)),
        found: Some(level(104, 7)),
    };
    assert_eq!((report.rows, report.rows_equal), (3, 2));
    assert_eq!(report.first_row, Some((1, Some(told))));
}

#[test]
fn an_order_that_vanishes_in_view_fails_in_its_row_and_only_there() {
    let (summary, report) = contradict(
        "1,5,0,1,100,1
         2,5,0,1,100,1
         3,5,0,1,100,1",
        "105,10,95,10
         107,10,95,10
         107,10,95,10",
    );
    assert_eq!(summary.anomalies.vanished_in_view, 1);
    assert_eq!((report.rows, report.rows_equal), (3, 2));
}

#[test]
fn orders_that_never_were_are_counted_and_cause_no_command() {
    let (summary, report) = contradict(
        "1,5,0,1,100,1
         2,2,20,6,104,-1
         3,3,20,6,104,-1",
        "105,10,95,10
         105,10,95,10
         105,10,95,10",
    );
    assert_eq!(summary.anomalies.unknown_order, 2);
    assert_eq!((summary.commands.total(), report.refused), (2, 0));
}

#[test]
fn sizes_that_do_not_fit_the_order_are_counted() {
    let (summary, _) = contradict(
        "1,5,0,1,100,1
         2,1,20,6,104,-1
         3,3,20,5,104,-1",
        "105,10,95,10
         104,6,95,10
         105,10,95,10",
    );
    assert_eq!(summary.anomalies.deleted_size, 1);
    let (summary, report) = contradict(
        "1,5,0,1,100,1
         2,1,20,6,104,-1
         3,4,20,9,104,-1",
        "105,10,95,10
         104,6,95,10
         105,10,95,10",
    );
    assert_eq!(summary.anomalies.executed_too_much, 1);
    assert_eq!((report.executions_expected, report.executions_equal), (1, 0));
}

#[test]
fn later_rows_that_take_more_than_a_level_has_are_counted_and_the_row_still_fits() {
    let (summary, report) = contradict(
        "1,5,0,1,100,1
         2,3,20,16,105,-1",
        "105,10,95,10
         106,1,95,10",
    );
    assert_eq!(summary.anomalies.revealed_too_small, 1);
    assert_eq!(report.rows, report.rows_equal);
}

#[test]
fn a_live_id_that_is_submitted_again_is_purged_first() {
    let (summary, report) = contradict(
        "1,5,0,1,100,1
         2,1,20,6,104,-1
         3,1,20,6,103,-1",
        "105,10,95,10,106,1,94,1
         104,6,95,10,105,10,94,1
         103,6,95,10,105,10,94,1",
    );
    assert_eq!((summary.anomalies.reference_reused, summary.commands.purges), (1, 1));
    assert_eq!((report.rows_equal, report.refused), (3, 0));
}

#[test]
fn a_submission_that_trades_without_an_execution_is_counted() {
    let (summary, report) = contradict(
        "1,5,0,1,100,1
         2,1,20,6,105,1",
        "105,10,95,10
         106,4,105,6",
    );
    assert_eq!(summary.anomalies.unexpected_cross, 1);
    assert_eq!((report.executions_expected, report.executions_found), (0, 1));
}

#[test]
fn two_executions_in_the_wrong_order_are_alike_but_not_equal() {
    let day = read(
        "1,5,0,1,100,1
         2,1,20,6,104,-1
         3,1,21,6,104,-1
         4,4,21,6,104,-1
         4,4,20,6,104,-1",
        "105,10,95,10
         104,6,95,10
         104,12,95,10
         104,6,95,10
         105,10,95,10",
    )
    .expect("a day");
    let report = replayed(&day, &convert(&day, Options::RECORDED).items);
    assert_eq!((report.rows, report.rows_equal, report.executions_expected), (4, 4, 2));
    assert_eq!((report.executions_alike, report.executions_equal), (2, 0));
    assert_eq!(report.execution_rows, [4]);
    let makers = report.first_execution.map(|it| {
        [it.expected, it.found].map(|execution: Option<Execution>| execution.map(|it| it.maker.0))
    });
    assert_eq!(makers, Some([Some(21), Some(20)]));
    assert!(!report.is_equal());
}

#[test]
fn executions_after_the_last_mark_and_rows_that_are_not_there_count_as_differences() {
    let day = read("1,5,0,1,100,1\n2,4,7,10,105,-1", "105,10,95,10\n106,1,95,10").expect("a day");
    let items = convert(&day, Options::RECORDED).items;
    let cut = &items[..items.len() - 2];
    assert_eq!(cut.last(), Some(&items[items.len() - 3]));
    let report = replayed(&day, cut);
    assert_eq!((report.executions_expected, report.executions_found), (1, 0));
    let report = replayed(&day, &[Item::Mark { row: 2 }]);
    assert_eq!((report.rows_equal, report.first_row), (0, Some((2, None))));
    let mut comparer = Comparer::new(&day);
    assert!(!comparer.mark(u64::MAX, |_| std::iter::empty()));
    assert!(!comparer.finish().is_equal());
}

#[test]
fn a_price_that_improves_without_a_new_order_begins_another_taker() {
    let day = read(
        "1,5,0,1,100,1
         2,4,8,10,94,1
         2,4,7,10,95,1",
        "105,10,95,10,106,8,94,10
         105,10,95,10,106,8,93,1
         105,10,93,1,106,8,92,1",
    )
    .expect("a day");
    let summary = convert(&day, Options::RECORDED).summary;
    assert_eq!((summary.aggressors, summary.rows_comparable), (2, 3));
}
