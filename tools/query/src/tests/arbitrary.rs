//! Random queries: printed and read again they are the same, and no bytes break the parser.

use kernel::{ClientId, Price, Side};
use quickcheck::{Arbitrary, Gen, TestResult, quickcheck};
use replay::MarkName;

use crate::Query;
use crate::query::BYTES_MAX;
use crate::tree::{
    Addition, Capture, Comparison, Flag, Literal, Number, Scaling, Term, Truth, Unit,
};
use crate::words::{self, Shape};

fn below(bound: usize, source: &mut Gen) -> usize {
    usize::arbitrary(source) % bound
}

fn side(source: &mut Gen) -> Side {
    *source.choose(&[Side::Buy, Side::Sell]).unwrap()
}

fn literal(source: &mut Gen) -> Literal {
    let units = [
        Unit::One,
        Unit::One,
        Unit::Nanoseconds,
        Unit::Microseconds,
        Unit::Milliseconds,
        Unit::Seconds,
        Unit::Clock,
    ];
    let unit = *source.choose(&units).unwrap();
    let count = match unit {
        Unit::Clock => i128::arbitrary(source).rem_euclid(86_400),
        Unit::One if bool::arbitrary(source) => i128::arbitrary(source) & i128::MAX,
        Unit::One | Unit::Nanoseconds | Unit::Microseconds | Unit::Milliseconds | Unit::Seconds => {
            i128::from(u64::arbitrary(source))
        }
    };
    Literal { value: count * unit.scale(), unit }
}

/// Any term of the table, with any arguments.
fn term(source: &mut Gen) -> Term {
    let all: Vec<_> = words::all().map(|word| word.shape).collect();
    loop {
        let client = ClientId(u32::arbitrary(source));
        let price = Price::new(u32::arbitrary(source) >> 1).unwrap_or(Price::MAX);
        match *source.choose(&all).unwrap() {
            Shape::Number(term) => return term,
            Shape::Side(term) => return term(side(source)),
            Shape::SideCount(term) => return term(side(source), u32::arbitrary(source).max(1)),
            Shape::SidePrice(term) => return term(side(source), price),
            Shape::Client(term) => return term(client),
            Shape::Flag(_)
            | Shape::Constant(_)
            | Shape::Mark
            | Shape::After
            | Shape::At
            | Shape::Exists
            | Shape::TradeSide => {}
        }
    }
}

fn number(depth: usize, source: &mut Gen) -> Number {
    let kinds = if depth == 0 { 2 } else { 6 };
    let parts = 1 + below(3, source);
    let deeper = |source: &mut Gen| number(depth.saturating_sub(1), source);
    match below(kinds, source) {
        0 => Number::Literal(literal(source)),
        1 => Number::Term(term(source)),
        2 => Number::Minus(Box::new(deeper(source))),
        5 => {
            let name = source.choose(&["a", "crash-start"]).unwrap().parse().unwrap();
            let number = deeper(source);
            let is_of_trade = number.to_string().contains("trade.");
            let number = if is_of_trade { Number::Term(Term::Spread) } else { number };
            Number::At { slot: 0, capture: Box::new(Capture { name, number }) }
        }
        3 => {
            let first = Box::new(deeper(source));
            let how = [Addition::Plus, Addition::Less];
            let part = |_| (*source.choose(&how).unwrap(), deeper(source));
            Number::Sum(first, (0..parts).map(part).collect())
        }
        _ => {
            let first = Box::new(deeper(source));
            let how = [Scaling::Times, Scaling::Over];
            let part = |_| (*source.choose(&how).unwrap(), deeper(source));
            Number::Product(first, (0..parts).map(part).collect())
        }
    }
}

fn truth(depth: usize, source: &mut Gen) -> Truth {
    let comparisons = [
        Comparison::Less,
        Comparison::AtMost,
        Comparison::Greater,
        Comparison::AtLeast,
        Comparison::Equal,
        Comparison::Unequal,
    ];
    let flags = [Flag::Continuous, Flag::Auction, Flag::Halted, Flag::ShortBan];
    let name: MarkName = source.choose(&["a", "crash-start", "2.x"]).unwrap().parse().unwrap();
    let parts = 2 + below(2, source);
    let kinds = if depth == 0 { 8 } else { 14 };
    let deeper = |source: &mut Gen| truth(depth.saturating_sub(1), source);
    match below(kinds, source) {
        0 => Truth::Constant(bool::arbitrary(source)),
        1 => Truth::Flag(*source.choose(&flags).unwrap()),
        2 => Truth::Mark(name),
        3 => Truth::After { name, slot: 0 },
        4 => Truth::TradeSide(side(source)),
        5 => Truth::Exists(number(depth, source)),
        6 | 7 => {
            let how = *source.choose(&comparisons).unwrap();
            Truth::Compare(number(depth, source), how, number(depth, source))
        }
        8 | 9 => Truth::Not(Box::new(deeper(source))),
        10 | 11 => Truth::All((0..parts).map(|_| deeper(source)).collect()),
        _ => Truth::Any((0..parts).map(|_| deeper(source)).collect()),
    }
}

/// Gives marks and captures their slots, in the order of the text, inner captures first.
#[derive(Default)]
struct Slots {
    marks: Vec<MarkName>,
    captures: Vec<Capture>,
}

impl Slots {
    fn give(&mut self, truth: &mut Truth) {
        match truth {
            Truth::After { name, slot } => *slot = place(&mut self.marks, name),
            Truth::Not(truth) => self.give(truth),
            Truth::All(truths) | Truth::Any(truths) => {
                for truth in truths {
                    self.give(truth);
                }
            }
            Truth::Exists(number) => self.give_numbers(number),
            Truth::Compare(left, _, right) => {
                self.give_numbers(left);
                self.give_numbers(right);
            }
            Truth::Constant(_) | Truth::Flag(_) | Truth::Mark(_) | Truth::TradeSide(_) => {}
        }
    }

    fn give_numbers(&mut self, number: &mut Number) {
        match number {
            Number::Literal(_) | Number::Term(_) => {}
            Number::Minus(number) => self.give_numbers(number),
            Number::Sum(first, rest) => {
                self.give_numbers(first);
                for (_, number) in rest {
                    self.give_numbers(number);
                }
            }
            Number::Product(first, rest) => {
                self.give_numbers(first);
                for (_, number) in rest {
                    self.give_numbers(number);
                }
            }
            Number::At { slot, capture } => {
                self.give_numbers(&mut capture.number);
                *slot = place(&mut self.captures, capture);
            }
        }
    }
}

/// Where something stands in a list, at the end if it is new.
fn place<T: Clone + PartialEq>(list: &mut Vec<T>, item: &T) -> usize {
    list.iter().position(|other| other == item).unwrap_or_else(|| {
        list.push(item.clone());
        list.len() - 1
    })
}

#[derive(Clone, Debug)]
struct AnyTruth(Truth);

impl Arbitrary for AnyTruth {
    fn arbitrary(source: &mut Gen) -> Self {
        let depth = below(4, source);
        let mut truth = truth(depth, source);
        Slots::default().give(&mut truth);
        Self(truth)
    }
}

/// Pieces of queries in any order: nearer to the language than bytes are.
#[derive(Clone, Debug)]
struct AnyPieces(String);

impl Arbitrary for AnyPieces {
    fn arbitrary(source: &mut Gen) -> Self {
        let mut pieces: Vec<_> = words::names().collect();
        pieces.extend(["(", ")", "(", ")", ",", "<", "<=", "==", "!=", "+", "-", "*", "/"]);
        pieces.extend(["1", "20", "5s", "14:45", "client", "bid", "ask", "buy", "sell", "a-b"]);
        pieces.extend(["é", "=", "\n", "0x", "9:99", ".", "\u{0}"]);
        let count = below(24, source);
        let piece = |_| (*source.choose(&pieces).unwrap()).to_owned();
        Self((0..count).map(piece).collect::<Vec<_>>().join(" "))
    }
}

/// The parser answers, and what it takes is printed and read again as the same.
fn answers(text: &str) -> bool {
    match Query::parse(text) {
        Ok(query) => Query::parse(&query.to_string()).is_ok_and(|again| again == query),
        Err(error) => error.to_string().contains('^') && text.is_char_boundary(error.offset()),
    }
}

quickcheck! {
    fn what_is_printed_is_read_as_the_same(truth: AnyTruth) -> TestResult {
        let text = truth.0.to_string();
        if BYTES_MAX < text.len() {
            return TestResult::discard();
        }
        let query = Query::parse(&text).unwrap();
        TestResult::from_bool(query.truth == truth.0 && query.to_string() == text)
    }

    fn any_bytes_are_answered(bytes: Vec<u8>) -> bool {
        answers(&String::from_utf8_lossy(&bytes))
    }

    fn any_text_is_answered(text: String) -> bool {
        answers(&text)
    }

    fn any_pieces_are_answered(pieces: AnyPieces) -> bool {
        answers(&pieces.0)
    }
}
