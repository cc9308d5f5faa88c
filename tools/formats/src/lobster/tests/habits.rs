//! The two habits of the recorded venue that plain price-time priority does not have.

use super::{Options, PLAIN, check, convert, read, replayed};

const REPLACE: &str = "1,5,0,1,100,1
                       2,1,5020,6,105,-1
                       3,1,5021,7,105,-1
                       4,3,5020,6,105,-1
                       4,1,5022,5,105,-1
                       5,4,5022,5,105,-1";
const REPLACE_BOOK: &str = "106,10,95,10
                            105,6,95,10
                            105,13,95,10
                            105,7,95,10
                            105,12,95,10
                            105,7,95,10";

#[test]
fn a_replacement_in_the_same_nanosecond_keeps_its_place() {
    let summary = check(
        Options::RECORDED,
        REPLACE,
        REPLACE_BOOK,
        "clock 1000000000
         #1 sell 10x106 anonymous 1
         #2 buy 10x95 anonymous 2
         = row 0
         clock 2000000000
         #3 sell 6x105 ref 5020
         = row 1
         clock 3000000000
         #4 sell 7x105 ref 5021
         = row 2
         clock 4000000000
         #3 gone
         = row 3
         #5 sell 5x105 ref 5022
         #4 gone
         #6 sell 7x105 ref 5021
         = row 4
         clock 5000000000
         #7 buy 5x105 ref 0 ioc
         = row 5",
    );
    assert_eq!((summary.replaced_in_place, summary.released_by_id), (1, 0));
}

/// Converts the first five rows of [`REPLACE`] after a change; the replacement is at the back.
#[track_caller]
fn check_at_the_back(changed: &str, to: &str, size: &str) {
    let messages = first_rows(&REPLACE.replace(changed, to), 5);
    let book = first_rows(&REPLACE_BOOK.replace("105,12,", size), 5);
    let day = read(&messages, &book).expect("a day");
    let summary = convert(&day, Options::RECORDED).summary;
    assert_eq!((summary.replaced_in_place, summary.anomalies.total()), (0, 0));
}

fn first_rows(file: &str, rows: usize) -> String {
    file.lines().take(rows).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_larger_or_later_replacement_goes_to_the_back() {
    check_at_the_back("4,1,5022,5,105", "4,1,5022,7,105", "105,14,");
    check_at_the_back("4,1,5022,5,105", "4.000000001,1,5022,5,105", "105,12,");
}

#[test]
fn a_replacement_with_a_row_between_goes_to_the_back() {
    let messages = REPLACE.replace("4,1,5022", "4,5,0,1,100,1\n4,1,5022");
    let book = REPLACE_BOOK.replace("105,12,95,10", "105,7,95,10\n105,12,95,10");
    let day = read(&first_rows(&messages, 6), &first_rows(&book, 6)).expect("a day");
    let summary = convert(&day, Options::RECORDED).summary;
    assert_eq!((summary.replaced_in_place, summary.anomalies.total()), (0, 0));
}

const RELEASE: &str = "1,5,0,1,100,1
                       2,1,5020,6,105,-1
                       3,1,5021,7,105,-1
                       4,1,4000,5,105,-1
                       5,4,4000,5,105,-1";
const RELEASE_BOOK: &str = "106,10,95,10
                            105,6,95,10
                            105,13,95,10
                            105,18,95,10
                            105,13,95,10";

#[test]
fn an_order_released_long_after_its_id_ranks_by_its_id() {
    let summary = check(
        Options::RECORDED,
        RELEASE,
        RELEASE_BOOK,
        "clock 1000000000
         #1 sell 10x106 anonymous 1
         #2 buy 10x95 anonymous 2
         = row 0
         clock 2000000000
         #3 sell 6x105 ref 5020
         = row 1
         clock 3000000000
         #4 sell 7x105 ref 5021
         = row 2
         clock 4000000000
         #5 sell 5x105 ref 4000
         #3 gone
         #4 gone
         #6 sell 6x105 ref 5020
         #7 sell 7x105 ref 5021
         = row 3
         clock 5000000000
         #8 buy 5x105 ref 0 ioc
         = row 4",
    );
    assert_eq!((summary.released_by_id, summary.replaced_in_place), (1, 0));
}

#[test]
fn plain_priority_knows_neither_habit() {
    for (messages, book) in [(REPLACE, REPLACE_BOOK), (RELEASE, RELEASE_BOOK)] {
        let day = read(messages, book).expect("a day");
        let conversion = convert(&day, PLAIN);
        let report = replayed(&day, &conversion.items);
        assert_eq!(conversion.summary.released_by_id + conversion.summary.replaced_in_place, 0);
        assert_eq!((report.rows, report.executions_equal), (report.rows_equal, 0));
    }
}

#[test]
fn an_id_less_than_a_thousand_behind_is_no_release() {
    let messages = first_rows(&RELEASE.replace("4000", "4021"), 4);
    let book = first_rows(RELEASE_BOOK, 4);
    let day = read(&messages, &book).expect("a day");
    assert_eq!(convert(&day, Options::RECORDED).summary.released_by_id, 0);
    let day = read(&messages.replace("4021", "4020"), &book).expect("a day");
    assert_eq!(convert(&day, Options::RECORDED).summary.released_by_id, 1);
}
