//! Words, and what stands in brackets behind them.

use kernel::{ClientId, Price, Side};
use replay::MarkName;

use super::Parser;
use super::operand::{Is, Operand};
use crate::error::{Fault, Problem, quoted};
use crate::nearest::nearest;
use crate::token::{Placed, Token};
use crate::tree::{Capture, Literal, Number, Term, Truth, Unit};
use crate::words::{self, Shape, Word};

impl<'t> Parser<'t> {
    /// A word that is no particle of the grammar.
    pub(super) fn word(&mut self, name: &'t str, at: Placed<'t>) -> Result<Operand, Fault> {
        let start = at.start;
        let Some(word) = words::find(name) else {
            let is = match name {
                "buy" => Is::Side(Side::Buy),
                "sell" => Is::Side(Side::Sell),
                "and" | "or" | "not" => {
                    return Err(self.unexpected(at, "a number, a word or `(`"));
                }
                _ => return Err(unknown(name, start)),
            };
            self.tokens.pass(at);
            return Ok(Operand { start, is });
        };
        self.tokens.pass(at);
        let is = match word.shape {
            Shape::Number(term) => self.term(term),
            Shape::Flag(flag) => Is::Truth(Truth::Flag(flag)),
            Shape::Constant(truth) => Is::Truth(Truth::Constant(truth)),
            Shape::TradeSide => {
                self.asks_of_trades = true;
                Is::TradeSide
            }
            Shape::Exists => Is::Truth(Truth::Exists(self.within_brackets(word, Self::exists)?)),
            Shape::Mark => Is::Truth(Truth::Mark(self.within_brackets(word, Self::mark)?)),
            Shape::After => {
                let name = self.within_brackets(word, Self::mark)?;
                let slot = self.slot(&name);
                Is::Truth(Truth::After { name, slot })
            }
            Shape::At => Is::Number(self.within_brackets(word, Self::at)?),
            Shape::Side(term) => {
                let side = self.within_brackets(word, Self::side)?;
                self.term(term(side))
            }
            Shape::SideCount(term) => {
                let (side, levels) = self.within_brackets(word, Self::side_and_levels)?;
                self.term(term(side, levels))
            }
            Shape::SidePrice(term) => {
                let (side, price) = self.within_brackets(word, Self::side_and_price)?;
                self.term(term(side, price))
            }
            Shape::Client(term) => {
                let client = self.within_brackets(word, Self::client)?;
                self.term(term(client))
            }
        };
        Ok(Operand { start, is })
    }

    /// A term, which is taken note of.
    fn term(&mut self, term: Term) -> Is {
        self.counts |= term.is_counted();
        self.asks_of_trades |= term.is_of_trade();
        if let Some(client) = term.client()
            && !self.clients.contains(&client)
        {
            self.clients.push(client);
        }
        Is::Number(Number::Term(term))
    }

    /// What stands in brackets behind a word.
    fn within_brackets<T>(
        &mut self,
        word: &Word,
        inner: fn(&mut Self) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        let start = self.peek()?.start;
        self.expect(Token::Open, &format!("`(`, as in `{}`", word.form))?;
        let read = self.nested(start, inner)?;
        self.expect(Token::Close, "`)`")?;
        Ok(read)
    }

    /// `bid, 5`
    fn side_and_levels(&mut self) -> Result<(Side, u32), Fault> {
        let side = self.side()?;
        self.expect(Token::Comma, "`,`")?;
        Ok((side, self.natural("a number of levels", 1, u32::MAX)?))
    }

    /// `bid, 9950`
    fn side_and_price(&mut self) -> Result<(Side, Price), Fault> {
        let side = self.side()?;
        self.expect(Token::Comma, "`,`")?;
        let ticks = self.natural("a price", Price::MIN.ticks(), Price::MAX.ticks())?;
        Ok((side, Price::new(ticks).unwrap_or(Price::MAX)))
    }

    /// `client 7`
    fn client(&mut self) -> Result<ClientId, Fault> {
        self.expect(Token::Word("client"), "`client` and its number")?;
        Ok(ClientId(self.natural("the number of a client", 0, u32::MAX)?))
    }

    /// `best_bid - 5`
    fn exists(&mut self) -> Result<Number, Fault> {
        self.any()?.number("exists")
    }

    /// `crash-start, best_bid`
    fn at(&mut self) -> Result<Number, Fault> {
        let name = self.mark()?;
        self.expect(Token::Comma, "`,`")?;
        let asked_of_trades = std::mem::take(&mut self.asks_of_trades);
        let operand = self.any()?;
        if self.asks_of_trades {
            let wanted = "`at` takes what a market has".to_owned();
            let found = "at a mark there is no trade".to_owned();
            let problem = Problem::Type { wanted, found };
            return Err(Fault { offset: operand.start, problem });
        }
        self.asks_of_trades = asked_of_trades;
        let capture = Capture { name, number: operand.number("at")? };
        // Its own captures have come before it.
        let slot = self.captures.iter().position(|other| *other == capture);
        let slot = slot.unwrap_or_else(|| {
            self.captures.push(capture.clone());
            self.captures.len() - 1
        });
        Ok(Number::At { slot, capture: Box::new(capture) })
    }

    /// `crash-start`
    fn mark(&mut self) -> Result<MarkName, Fault> {
        let (name, offset) = self.tokens.take_name();
        name.parse().map_err(|_| {
            let found =
                if name.is_empty() { self.tokens.character_at(offset) } else { quoted(name) };
            let expected = "a mark's name, 1 to 64 characters of A-Z a-z 0-9 - _ .".to_owned();
            Fault { offset, problem: Problem::Expected { expected, found } }
        })
    }

    /// Which of the query's marks this one is.
    fn slot(&mut self, name: &MarkName) -> usize {
        self.marks.iter().position(|mark| mark == name).unwrap_or_else(|| {
            self.marks.push(name.clone());
            self.marks.len() - 1
        })
    }

    fn side(&mut self) -> Result<Side, Fault> {
        let next = self.peek()?;
        let side = match next.token {
            Token::Word("bid") => Side::Buy,
            Token::Word("ask") => Side::Sell,
            Token::Word(_)
            | Token::Number(_)
            | Token::Open
            | Token::Close
            | Token::Comma
            | Token::Addition(_)
            | Token::Scaling(_)
            | Token::Comparison(_)
            | Token::End => return Err(self.unexpected(next, "`bid` or `ask`")),
        };
        self.tokens.pass(next);
        Ok(side)
    }

    /// A whole number without a unit.
    fn natural(&mut self, what: &'static str, min: u32, max: u32) -> Result<u32, Fault> {
        let next = self.peek()?;
        let Token::Number(Literal { value, unit: Unit::One }) = next.token else {
            return Err(self.unexpected(next, what));
        };
        let number = u32::try_from(value).ok().filter(|number| (min..=max).contains(number));
        let problem = Problem::Range { what, min, max };
        let number = number.ok_or(Fault { offset: next.start, problem })?;
        self.tokens.pass(next);
        Ok(number)
    }
}

fn unknown(name: &str, offset: usize) -> Fault {
    let problem = Problem::Unknown { word: quoted(name), nearest: nearest(name) };
    Fault { offset, problem }
}
