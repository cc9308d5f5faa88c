//! Files that are no day: each problem, with its file and line.

use std::io::{BufReader, Read};
use std::num::NonZeroUsize;

use kernel::{Price, Side, TimeNs};

use super::read;
use crate::lobster::{Column, Day, File, LobsterError, Problem, read_messages, read_orderbook};

const MESSAGES: &str = "1,5,0,1,100,1\n2,1,20,6,104,-1\n";
const BOOK: &str = "105,10,95,10\n104,6,95,10\n";

#[track_caller]
fn check(result: Result<Day, LobsterError>, file: File, line: u64, problem: Problem) {
    match result {
        Err(LobsterError::Malformed { file: f, line: l, problem: p }) => {
            assert_eq!((f, l, p), (file, line, problem));
        }
        other => panic!("expected {problem:?}, got {other:?}"),
    }
}

/// A day whose second message is `row`.
#[track_caller]
fn check_message(row: &str, problem: Problem) {
    let messages = format!("1,5,0,1,100,1\n{row}\n");
    check(Day::read(messages.as_bytes(), BOOK.as_bytes(), None), File::Message, 2, problem);
}

/// A day whose second row of the book is `row`, of two levels.
#[track_caller]
fn check_row(row: &str, problem: Problem) {
    let book = format!("105,10,95,10,106,1,94,1\n{row}\n");
    check(Day::read(MESSAGES.as_bytes(), book.as_bytes(), None), File::Orderbook, 2, problem);
}

const fn out_of_range(column: Column) -> Problem {
    Problem::OutOfRange { column, min: 1, max: 2_147_483_647 }
}

#[test]
fn a_day_reads_with_either_line_end() {
    let day = read(MESSAGES, BOOK).expect("a day");
    let (messages, book) = (MESSAGES.replace('\n', "\r\n"), BOOK.replace('\n', "\r\n"));
    assert_eq!(Day::read(messages.as_bytes(), book.as_bytes(), None).expect("a day"), day);
    assert_eq!((day.rows(), day.orderbook().depth()), (2, 1));
    assert!(day.orderbook().row(2).is_none());
    assert!(day.message(2).is_none());
}

#[test]
fn messages_that_are_none() {
    check_message("2,1,20,6,104", Problem::Columns { found: 5, expected: 6 });
    check_message("2,1,20,6,104,-1,", Problem::Columns { found: 7, expected: 6 });
    check_message("x,1,20,6,104,-1", Problem::NotANumber { column: Column::Time });
    check_message("2.0000000001,1,20,6,104,-1", Problem::TooFine { column: Column::Time });
    check_message("2,x,20,6,104,-1", Problem::NotANumber { column: Column::Type });
    check_message("2,0,20,6,104,-1", Problem::UnknownType { found: 0 });
    check_message("2,8,20,6,104,-1", Problem::UnknownType { found: 8 });
    check_message("2,1,x,6,104,-1", Problem::NotANumber { column: Column::OrderId });
    let id_range = Problem::OutOfRange { column: Column::OrderId, min: 0, max: (1 << 62) - 1 };
    check_message("2,1,-1,6,104,-1", id_range);
    check_message("2,1,4611686018427387904,6,104,-1", id_range);
    check_message("2,1,20,six,104,-1", Problem::NotANumber { column: Column::Size });
    check_message("2,1,20,-6,104,-1", out_of_range(Column::Size));
    check_message("2,1,20,0,104,-1", out_of_range(Column::Size));
    check_message("2,1,20,6,1.5,-1", Problem::NotANumber { column: Column::Price });
    check_message("2,1,20,6,0,-1", out_of_range(Column::Price));
    check_message("2,1,20,6,2147483648,-1", out_of_range(Column::Price));
    check_message("2,1,20,6,104,", Problem::NotANumber { column: Column::Direction });
    check_message("2,1,20,6,104,0", Problem::Direction { found: 0 });
    check_message("2,5,0,-6,104,-1", out_of_range(Column::Size));
    check_message("2,5,0,6,104,2", Problem::Direction { found: 2 });
    let size_range = Problem::OutOfRange { column: Column::Size, min: 0, max: i64::MAX };
    check_message("2,7,0,-1,-1,-1", size_range);
    check_message("2,7,0,0,x,-1", Problem::NotANumber { column: Column::Price });
    let backwards = Problem::TimeBackwards { before: TimeNs(1), after: TimeNs(0) };
    let messages = "0.000000001,5,0,1,100,1\n0,5,0,1,100,1\n";
    check(Day::read(messages.as_bytes(), BOOK.as_bytes(), None), File::Message, 2, backwards);
}

#[test]
fn rows_of_the_book_that_are_none() {
    let (sell, buy) = (Side::Sell, Side::Buy);
    check_row("105,10,95,10", Problem::Columns { found: 4, expected: 8 });
    check_row("105,10,95,10,106,1,94,1,", Problem::Columns { found: 9, expected: 8 });
    let ask_price = Column::LevelPrice { side: sell, level: 2 };
    let bid_size = Column::LevelSize { side: buy, level: 2 };
    check_row("105,10,95,10,x,1,94,1", Problem::NotANumber { column: ask_price });
    check_row("105,10,95,10,2147483648,1,94,1", out_of_range(ask_price));
    check_row("105,10,95,10,-9999999999,1,94,1", out_of_range(ask_price));
    check_row("105,10,95,10,106,1,94,-1", out_of_range(bid_size));
    check_row("105,10,95,10,106,1,94,1.0", Problem::NotANumber { column: bid_size });
    check_row("105,10,95,10,106,0,94,1", Problem::HalfEmpty { side: sell, level: 2 });
    check_row("105,10,95,10,106,1,-9999999999,1", Problem::HalfEmpty { side: buy, level: 2 });
    check_row("9999999999,0,95,10,106,1,94,1", Problem::Gap { side: sell, level: 2 });
    check_row("105,10,95,10,105,1,94,1", Problem::Unsorted { side: sell, level: 2 });
    check_row("105,10,95,10,106,1,96,1", Problem::Unsorted { side: buy, level: 2 });
    let (bid, ask) = (Price::new(95).expect("in range"), Price::new(95).expect("in range"));
    check_row("95,10,95,10,106,1,94,1", Problem::Crossed { bid, ask });
}

#[test]
fn a_first_row_that_is_no_book_or_whose_seeds_would_trade() {
    let check_first = |row: &str, problem| {
        let day = Day::read(MESSAGES.as_bytes(), row.as_bytes(), None);
        check(day, File::Orderbook, 1, problem);
    };
    check_first("105,10,95\n", Problem::LevelColumns { found: 3 });
    let (bid, ask) = (Price::new(106).expect("in range"), Price::new(105).expect("in range"));
    check_first("105,10,106,10\n", Problem::Crossed { bid, ask });
}

#[test]
fn lines_that_are_cut_off_blank_or_no_text() {
    let check_text = |messages: &[u8], line, problem| {
        check(Day::read(messages, BOOK.as_bytes(), None), File::Message, line, problem);
    };
    check_text(b"", 1, Problem::Empty);
    check_text(b"\n", 1, Problem::Blank);
    check_text(b"1,5,0,1,100,1\n\r\n", 2, Problem::Blank);
    check_text(b"1,5,0,1,100,1\n\n2,1,20,6,104,-1\n", 2, Problem::Blank);
    check_text(b"1,5,0,1,100,1\n2,1,20,6,104,-1", 2, Problem::Unterminated);
    check_text(b"1,5,0,1,100,1\n2,1,20,6,104,-1\r", 2, Problem::Unterminated);
    check_text(b"1,5,0,1,100,1\n2,1,20,\xff,104,-1\n", 2, Problem::NotUtf8);
    let endless = vec![b'1'; 1 << 20];
    check_text(&endless, 1, Problem::TooLong { max: 1 << 16 });
    let book = b"105,10,95,10\n104,6,95,1";
    let day = Day::read(MESSAGES.as_bytes(), book.as_slice(), None);
    check(day, File::Orderbook, 2, Problem::Unterminated);
}

#[test]
fn files_of_different_length() {
    let more = format!("{MESSAGES}3,5,0,1,100,1\n");
    let error = Day::read(more.as_bytes(), BOOK.as_bytes(), None).expect_err("no day");
    let expected = "orderbook file, line 3: missing, though the other file has this row";
    assert_eq!(error.to_string(), expected);
    let more = format!("{BOOK}104,6,95,10\n");
    let error = Day::read(MESSAGES.as_bytes(), more.as_bytes(), None).expect_err("no day");
    assert!(matches!(error, LobsterError::RowsDiffer { shorter: File::Message, line: 3 }));
}

#[test]
fn rows_after_the_limit_are_not_read() {
    let messages = format!("{MESSAGES}nonsense");
    let day = Day::read(messages.as_bytes(), BOOK.as_bytes(), NonZeroUsize::new(2));
    assert_eq!(day.expect("a day").rows(), 2);
    assert!(Day::read(messages.as_bytes(), BOOK.as_bytes(), NonZeroUsize::new(3)).is_err());
    assert_eq!(read_messages(MESSAGES.as_bytes(), NonZeroUsize::new(1)).expect("one").len(), 1);
    assert_eq!(read_orderbook(BOOK.as_bytes(), NonZeroUsize::new(9)).expect("two").rows(), 2);
}

struct Broken;

impl Read for Broken {
    fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
        Err(std::io::Error::other("unplugged"))
    }
}

#[test]
fn a_reader_that_fails_is_told_with_its_line_and_cause() {
    let reader = BufReader::new(MESSAGES.as_bytes().chain(Broken));
    let error = read_messages(reader, None).expect_err("unplugged");
    assert_eq!(error.to_string(), "message file, line 3: cannot be read");
    let source = std::error::Error::source(&error).expect("a cause");
    assert_eq!(source.to_string(), "unplugged");
}

#[test]
fn messages_name_file_line_and_column() {
    let error = read("1,5,0,1,100,1\n2,1,20,-6,104,-1", BOOK).expect_err("no day");
    assert_eq!(error.to_string(), "message file, line 2: size is outside 1..=2147483647");
    let error = read(MESSAGES, "105,10,95,10\n104,six,95,10").expect_err("no day");
    assert_eq!(error.to_string(), "orderbook file, line 2: ask size 1 is not a number");
}
