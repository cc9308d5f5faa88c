//! The grammar: one function for each level of precedence, loosest first.

use kernel::ClientId;
use replay::MarkName;

use crate::error::{Fault, Problem};
use crate::query::{NESTING_MAX, Query};
use crate::token::{Placed, Token, Tokens};
use crate::tree::{Addition, Capture, Comparison, Number, Scaling, Truth};

mod operand;
mod terms;

use operand::{Is, Operand};

/// Reads a query.
pub(crate) fn parse(text: &str) -> Result<Query, Fault> {
    let mut parser = Parser {
        tokens: Tokens::new(text),
        nesting: 0,
        marks: Vec::new(),
        captures: Vec::new(),
        clients: Vec::new(),
        counts: false,
        asks_of_trades: false,
    };
    if parser.peek()?.token == Token::End {
        return Err(Fault { offset: 0, problem: Problem::Empty });
    }
    let whole = parser.any()?;
    let next = parser.peek()?;
    if next.token != Token::End {
        return Err(parser.unexpected(next, whole.what_may_follow()));
    }
    let truth = whole.whole_truth()?;
    let Parser { marks, captures, clients, counts, asks_of_trades, .. } = parser;
    Ok(Query { truth, marks, captures, clients, counts, asks_of_trades })
}

struct Parser<'t> {
    tokens: Tokens<'t>,
    /// How many brackets, `not` and `-` are open.
    nesting: usize,
    /// What is known of the query so far, as [`Query`] has it.
    marks: Vec<MarkName>,
    captures: Vec<Capture>,
    clients: Vec<ClientId>,
    counts: bool,
    asks_of_trades: bool,
}

impl<'t> Parser<'t> {
    /// `a or b or c`
    fn any(&mut self) -> Result<Operand, Fault> {
        self.joined("or", Self::all, Truth::Any)
    }

    /// `a and b and c`
    fn all(&mut self) -> Result<Operand, Fault> {
        self.joined("and", Self::not, Truth::All)
    }

    fn joined(
        &mut self,
        by: &str,
        part: fn(&mut Self) -> Result<Operand, Fault>,
        join: fn(Vec<Truth>) -> Truth,
    ) -> Result<Operand, Fault> {
        let first = part(self)?;
        if !self.is_next(by)? {
            return Ok(first);
        }
        let start = first.start;
        let mut truths = vec![first.truth(by)?];
        while self.is_next(by)? {
            self.take()?;
            truths.push(part(self)?.truth(by)?);
        }
        Ok(Operand { start, is: Is::Truth(join(truths)) })
    }

    /// `not a`
    fn not(&mut self) -> Result<Operand, Fault> {
        if !self.is_next("not")? {
            return self.comparison();
        }
        let start = self.take()?.start;
        let truth = self.nested(start, Self::not)?.truth("not")?;
        Ok(Operand { start, is: Is::Truth(Truth::Not(Box::new(truth))) })
    }

    /// `a < b`
    fn comparison(&mut self) -> Result<Operand, Fault> {
        let left = self.sum()?;
        let Some((how, _)) = self.take_comparison()? else { return Ok(left) };
        let right = self.sum()?;
        let start = left.start;
        if left.is_side() || right.is_side() {
            let truth = operand::side_comparison(&left, how, &right)?;
            return Ok(Operand { start, is: Is::Truth(truth) });
        }
        let (left, right) = (left.number(how)?, right.number(how)?);
        let Some((then, offset)) = self.take_comparison()? else {
            return Ok(Operand { start, is: Is::Truth(Truth::Compare(left, how, right)) });
        };
        let last = self.sum()?.number(then)?;
        let instead = format!("{left} {how} {right} and {right} {then} {last}");
        Err(Fault { offset, problem: Problem::Chained { instead } })
    }

    fn take_comparison(&mut self) -> Result<Option<(Comparison, usize)>, Fault> {
        let next = self.peek()?;
        let Token::Comparison(how) = next.token else { return Ok(None) };
        self.tokens.pass(next);
        Ok(Some((how, next.start)))
    }

    /// `a + b - c`
    fn sum(&mut self) -> Result<Operand, Fault> {
        let first = self.product()?;
        let Some(mut how) = self.take_addition()? else { return Ok(first) };
        let start = first.start;
        let first = first.number(how)?;
        let mut rest = Vec::new();
        loop {
            rest.push((how, self.product()?.number(how)?));
            let Some(next) = self.take_addition()? else { break };
            how = next;
        }
        Ok(Operand { start, is: Is::Number(Number::Sum(Box::new(first), rest)) })
    }

    fn take_addition(&mut self) -> Result<Option<Addition>, Fault> {
        let next = self.peek()?;
        let Token::Addition(how) = next.token else { return Ok(None) };
        self.tokens.pass(next);
        Ok(Some(how))
    }

    /// `a * b / c`
    fn product(&mut self) -> Result<Operand, Fault> {
        let first = self.minus()?;
        let Some(mut how) = self.take_scaling()? else { return Ok(first) };
        let start = first.start;
        let first = first.number(how)?;
        let mut rest = Vec::new();
        loop {
            rest.push((how, self.minus()?.number(how)?));
            let Some(next) = self.take_scaling()? else { break };
            how = next;
        }
        Ok(Operand { start, is: Is::Number(Number::Product(Box::new(first), rest)) })
    }

    fn take_scaling(&mut self) -> Result<Option<Scaling>, Fault> {
        let next = self.peek()?;
        let Token::Scaling(how) = next.token else { return Ok(None) };
        self.tokens.pass(next);
        Ok(Some(how))
    }

    /// `-a`
    fn minus(&mut self) -> Result<Operand, Fault> {
        if self.peek()?.token != Token::Addition(Addition::Less) {
            return self.primary();
        }
        let start = self.take()?.start;
        let number = self.nested(start, Self::minus)?.number("-")?;
        Ok(Operand { start, is: Is::Number(Number::Minus(Box::new(number))) })
    }

    /// A number, a word with what belongs to it, or something in brackets.
    fn primary(&mut self) -> Result<Operand, Fault> {
        let next = self.peek()?;
        match next.token {
            Token::Number(literal) => {
                self.tokens.pass(next);
                Ok(Operand { start: next.start, is: Is::Number(Number::Literal(literal)) })
            }
            Token::Word(word) => self.word(word, next),
            Token::Open => {
                self.tokens.pass(next);
                let mut inner = self.nested(next.start, Self::any)?;
                self.expect(Token::Close, "`)`")?;
                inner.start = next.start;
                Ok(inner)
            }
            Token::Close
            | Token::Comma
            | Token::Addition(_)
            | Token::Scaling(_)
            | Token::Comparison(_)
            | Token::End => Err(self.unexpected(next, "a number, a word or `(`")),
        }
    }

    /// Reads something that stands one level deeper.
    fn nested<T>(
        &mut self,
        offset: usize,
        inner: impl FnOnce(&mut Self) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        if self.nesting == NESTING_MAX {
            return Err(Fault { offset, problem: Problem::TooDeep });
        }
        self.nesting += 1;
        let read = inner(self);
        self.nesting -= 1;
        read
    }

    fn peek(&self) -> Result<Placed<'t>, Fault> {
        self.tokens.peek()
    }

    fn take(&mut self) -> Result<Placed<'t>, Fault> {
        let token = self.tokens.peek()?;
        self.tokens.pass(token);
        Ok(token)
    }

    fn is_next(&self, word: &str) -> Result<bool, Fault> {
        Ok(self.peek()?.token == Token::Word(word))
    }

    fn expect(&mut self, token: Token<'_>, expected: &str) -> Result<(), Fault> {
        let next = self.peek()?;
        if next.token != token {
            return Err(self.unexpected(next, expected));
        }
        self.tokens.pass(next);
        Ok(())
    }

    fn unexpected(&self, found: Placed<'t>, expected: &str) -> Fault {
        let expected = expected.to_owned();
        let problem = Problem::Expected { expected, found: self.tokens.quoted(&found) };
        Fault { offset: found.start, problem }
    }
}
