//! Every message, with its place.

use crate::Query;

const WRONG: &[&str] = &[
    "",
    " \n ",
    "spred > 20",
    "spread > 20 nad halted",
    "bid > 5",
    "nonsense",
    "spread",
    "spread >",
    "spread > 20 30",
    "> 3",
    "spread > and",
    "(spread > 20",
    "spread > 20)",
    "()",
    "1 < spread < 3",
    "depth(bid, 5) >= 10 * 2 > -best_ask + 1",
    "halted and spread",
    "spread or halted",
    "not spread",
    "not spread + 1",
    "halted + 1 > 2",
    "1 + (2 < 3) > 2",
    "-halted",
    "halted == true",
    "2 * halted > 1",
    "exists(halted)",
    "trade.side",
    "trade.side > buy",
    "trade.side == 5",
    "trade.side == trade.side",
    "buy == sell",
    "not buy",
    "trade.side + 1 > 2",
    "spread = 20",
    "spread > 20 && halted",
    "spread > 20 || halted",
    "!halted",
    "spread => 20",
    "spread =< 20",
    "spread <> 20",
    "spread ≥ 20",
    "spread > 20 % 3",
    "spread > \"20\"",
    "spread > 5x",
    "time > 5.5s",
    "time > 25:00",
    "time > 14:60",
    "time > 14:5",
    "time > 14:45:61",
    "time > 14:45:10:3",
    "time > :45",
    "spread > 170141183460469231731687303715884105728",
    "time > 99999999999999999999999999999999999s",
    "depth > 5",
    "depth() > 5",
    "depth(buy, 5) > 5",
    "depth(bid) > 5",
    "depth(bid, 0) > 5",
    "depth(bid, spread) > 5",
    "depth(bid, 5s) > 5",
    "depth(bid, 5, 6) > 5",
    "qty(ask, 2147483648) > 5",
    "qty(ask, -5) > 5",
    "position(3) > 5",
    "position(client) > 5",
    "cash(client 4294967296) > 5",
    "mark()",
    "mark(crash start)",
    "mark(crash",
    "after(é)",
    "after('x')",
    "spread() > 5",
    "Spread > 5",
    "spread >\n  20 and\n\thaltd or\n  true",
    "é > 5",
    "spread > \u{202e}5\u{1b}[31m",
    "\u{1b}[31m",
    "spread > 1 and spread > 1 and spread > 1 and spread > 1 and spread > 1 and sprd > 1 and spread > 1 and spread > 1 and spread > 1",
    "a_word_that_is_much_longer_than_any_name_of_the_language > 1",
];

#[test]
fn messages_say_what_where_and_what_next() {
    let mut page = String::new();
    for text in WRONG {
        let error = Query::parse(text).unwrap_err();
        assert!(text.is_char_boundary(error.offset()));
        let message = error.to_string();
        let is_harmless = |character: char| !character.is_control() || character == '\n';
        assert!(message.chars().all(is_harmless), "{text:?}");
        page.push_str(&message);
        page.push_str("\n\n");
    }
    page += &Query::parse(&"x".repeat(5000)).unwrap_err().to_string();
    page += "\n\n";
    page += &Query::parse(&format!("{}true", "not ".repeat(65))).unwrap_err().to_string();
    insta::assert_snapshot!(page);
}

#[test]
fn the_caret_is_under_the_place() {
    for (text, offset) in [
        ("spred > 20", 0),
        ("spread > 20 and halted + 1 > 2", 16),
        ("true and\ttrue and\n x", 19),
        ("\u{7} > 1", 0),
        ("spread > 1é", 10),
    ] {
        let error = Query::parse(text).unwrap_err();
        assert_eq!(error.offset(), offset, "{text:?}");
        let message = error.to_string();
        let lines: Vec<_> = message.lines().collect();
        let column = lines[2].chars().position(|character| character == '^').unwrap();
        let shown: String = lines[1].chars().skip(column).collect();
        let rest = text[offset..].escape_debug().to_string();
        assert!(rest.starts_with(&shown), "{message}");
    }
}
