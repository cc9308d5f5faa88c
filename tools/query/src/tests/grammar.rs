//! What texts mean: precedence, canonical text, limits.

use crate::query::{BYTES_MAX, NESTING_MAX};
use crate::words::{Shape, all};
use crate::{Problem, Query};

/// The text means the same as one with all its brackets, and is printed as the third.
#[track_caller]
fn check(text: &str, bracketed: &str, canonical: &str) {
    let query = Query::parse(text).unwrap();
    assert_eq!(query, Query::parse(bracketed).unwrap(), "{text} means {bracketed}");
    assert_eq!(query.to_string(), canonical);
    assert_eq!(query, canonical.parse().unwrap(), "{canonical}");
}

#[test]
fn operators_bind_as_the_help_says() {
    check("true or false and true", "true or (false and true)", "true or false and true");
    check("true and false or true", "(true and false) or true", "true and false or true");
    check("not true and false", "(not true) and false", "not true and false");
    check("not step < 1", "not (step < 1)", "not step < 1");
    check("1+2*3<4-5/6", "((1)+(2*3))<((4)-(5/6))", "1 + 2 * 3 < 4 - 5 / 6");
    check("-1*2<0", "((-1)*2)<0", "-1 * 2 < 0");
    check("- -1<0", "(-(-1))<0", "--1 < 0");
    check("(1+2)*3<0", "(1+2)*3<0", "(1 + 2) * 3 < 0");
    check("1-2-3<0", "1-2-3<0", "1 - 2 - 3 < 0");
    check("not not true", "not (not true)", "not not true");
}

#[test]
fn brackets_that_change_the_order_stay() {
    check("1-(2-3)<0", "1-((2)-(3))<0", "1 - (2 - 3) < 0");
    check("8/(4/2)<0", "8/((4)/(2))<0", "8 / (4 / 2) < 0");
    check("-(1+2)<0", "-((1)+(2))<0", "-(1 + 2) < 0");
    check("not(true or false)", "not ((true) or (false))", "not (true or false)");
    check("true and(true and false)", "(true) and (true and false)", "true and (true and false)");
    check("((((1))))<((2))", "1<2", "1 < 2");
    let left = Query::parse("(1 - 2) - 3 < 0").unwrap();
    assert_eq!(left.to_string(), "(1 - 2) - 3 < 0", "which brackets were written is kept");
}

#[test]
fn every_comparison_and_every_literal() {
    for how in ["<", "<=", ">", ">=", "==", "!="] {
        let text = format!("spread {how} 1");
        check(&text.replace(' ', ""), &text, &text);
    }
    for (literal, canonical, value) in [
        ("0", "0", "0"),
        ("007", "7", "7"),
        ("1_000_000", "1000000", "1000000"),
        ("1__0_", "10", "10"),
        ("7ns", "7ns", "7"),
        ("3us", "3us", "3000"),
        ("250ms", "250ms", "250000000"),
        ("1_0s", "10s", "10000000000"),
        ("14:45", "14:45", "53100000000000"),
        ("9:30", "09:30", "34200000000000"),
        ("14:45:10", "14:45:10", "53110000000000"),
        ("00:00:00", "00:00", "0"),
        ("23:59:59", "23:59:59", "86399000000000"),
        ("170141183460469231731687303715884105727", "170141183460469231731687303715884105727", ""),
    ] {
        let text = format!("time>{literal}");
        check(&text, &text, &format!("time > {canonical}"));
        if !value.is_empty() {
            super::values::check(&format!("{literal} == {value}"), true);
        }
    }
}

#[test]
fn sides_of_trades_have_one_form() {
    for (text, canonical) in [
        ("trade.side == buy", "trade.side == buy"),
        ("trade.side != buy", "trade.side == sell"),
        ("sell == trade.side", "trade.side == sell"),
        ("sell != trade.side", "trade.side == buy"),
    ] {
        check(text, text, canonical);
    }
}

#[test]
fn marks_are_named_by_their_own_rules() {
    for name in ["crash-start", "2nd", "a.b_c-D", "-", "1:2"] {
        let is_name = !name.contains(':');
        let text = format!("mark({name}) or after( {name} )");
        assert_eq!(Query::parse(&text).is_ok(), is_name, "{text}");
    }
    let query = Query::parse("after(b) or after(a) or after(b) or mark(c)").unwrap();
    let marks: Vec<_> = query.marks().iter().map(replay::MarkName::as_str).collect();
    assert_eq!(marks, ["b", "a"]);
    let long = "x".repeat(64);
    assert!(Query::parse(&format!("mark({long})")).is_ok());
    assert!(Query::parse(&format!("mark({long}x)")).is_err());
}

/// A query for each word, with arguments that it takes.
fn with_word(form: &str, shape: Shape) -> String {
    let form = form.replace("SIDE, N)", "ask, 3)").replace("client N", "client 12");
    let form = form.replace("== SIDE", "== buy").replace("(SIDE", "(bid");
    let form = form.replace("at(NAME, NUMBER)", "at(crash, mid2)");
    let form = form.replace("PRICE", "9950").replace("NAME", "crash").replace("NUMBER", "mid2");
    match shape {
        Shape::Number(_)
        | Shape::Side(_)
        | Shape::SideCount(_)
        | Shape::SidePrice(_)
        | Shape::Client(_)
        | Shape::At => format!("{form} > 5"),
        Shape::Flag(_)
        | Shape::Constant(_)
        | Shape::Mark
        | Shape::After
        | Shape::Exists
        | Shape::TradeSide => form,
    }
}

#[test]
fn every_word_of_the_help_is_read_and_printed_as_it_is_written() {
    for word in all() {
        let text = with_word(word.form, word.shape);
        check(&text, &text, &text);
        assert!(text.starts_with(word.name), "{text}");
    }
}

#[test]
fn the_query_knows_what_it_asks_about() {
    for (text, history, trades) in [
        ("spread > 1 and placed > 2 and mark(a)", false, false),
        ("true and not (1 < 2 and -(trades + 1) > 3)", true, false),
        ("volume > 1", true, false),
        ("cancelled > 1", true, false),
        ("rejected > 1", true, false),
        ("halted or after(x)", true, false),
        ("exists(trade.qty)", false, true),
        ("2 * trade.price > mid2", false, true),
        ("trade.maker == trade.taker", false, true),
        ("halted or trade.side != buy", false, true),
        ("last_trade > 1", false, false),
        ("at(x, spread) > 1", true, false),
        ("trade.qty > at(x, orders)", true, true),
    ] {
        let query = Query::parse(text).unwrap();
        assert_eq!(query.needs_history(), history, "{text}");
        assert_eq!(query.asks_of_trades(), trades, "{text}");
    }
}

#[test]
fn no_text_fills_the_stack() {
    let nested = |depth: usize, open: &str, inner: &str, close: &str| {
        Query::parse(&format!("{}{inner}{}", open.repeat(depth), close.repeat(depth)))
    };
    for (open, inner, close) in [
        ("(", "true", ")"),
        ("not ", "true", ""),
        ("not(", "true", ")"),
        ("(1<2 and ", "true", ")"),
    ] {
        let most = if open == "not(" { NESTING_MAX / 2 } else { NESTING_MAX };
        assert!(nested(most, open, inner, close).is_ok(), "{open}");
        let error = nested(most + 1, open, inner, close).unwrap_err();
        assert_eq!(error.problem(), &Problem::TooDeep, "{open}");
    }
    for deep in ["-".repeat(4000) + "1 < 2", "exists(".repeat(500), "(".repeat(BYTES_MAX)] {
        assert_eq!(Query::parse(&deep).unwrap_err().problem(), &Problem::TooDeep, "{deep}");
    }
    let long = format!("1{} < {}1", "+1".repeat(600), "1*".repeat(300));
    assert!(Query::parse(&long).is_ok(), "what stands side by side does not nest");
}

#[test]
fn no_text_is_longer_than_the_longest() {
    let padded = |bytes: usize| format!("true{}", " ".repeat(bytes - 4));
    assert!(Query::parse(&padded(BYTES_MAX)).is_ok());
    let error = Query::parse(&padded(BYTES_MAX + 1)).unwrap_err();
    assert_eq!(error.problem(), &Problem::TooLong { bytes: BYTES_MAX + 1 });
    // 4,096 bytes as written, more with the spaces of the canonical form.
    let dense = format!("1{}<1", "+1".repeat(2046));
    let error = Query::parse(&dense).unwrap_err();
    assert_eq!(error.problem(), &Problem::TooLong { bytes: 8189 });
    let wide = "é".repeat(BYTES_MAX);
    assert_eq!(Query::parse(&wide).unwrap_err().offset(), BYTES_MAX);
}

#[test]
fn the_help_is_one_page() {
    let help = Query::help();
    assert!(help.lines().all(|line| line.chars().count() <= 100), "{help}");
    insta::assert_snapshot!(help);
}
