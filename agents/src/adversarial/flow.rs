//! The public anonymous flow F: what anybody can see of customers' orders.

use kernel::Side;

use super::law::{Order, Style};

/// One order of a customer, as it arrives. Who sent it nobody sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// The step, from 1.
    pub step: u64,
    /// Logical time since the episode began, in ns.
    pub time_ns: u64,
    /// Buy or sell.
    pub side: Side,
    /// Ticks beyond the reference price of its side, towards the other side; 0 of an order that trades at
    /// once, whose reservation nobody sees.
    pub offset: i64,
    /// Lots asked for.
    pub lots: i64,
    /// Whether it may rest.
    pub is_limit: bool,
}

impl Token {
    /// What is seen of an order.
    pub(super) const fn of(order: &Order, step: u64, time_ns: u64) -> Self {
        let offset = match order.style {
            Style::Market | Style::Collared(_) => 0,
            Style::Limit(ticks) => ticks,
        };
        let is_limit = order.style.is_limit();
        Self { step, time_ns, side: order.side, offset, lots: order.lots, is_limit }
    }

    /// Lots, negative for a sell.
    pub const fn signed_lots(&self) -> i64 {
        match self.side {
            Side::Buy => self.lots,
            Side::Sell => -self.lots,
        }
    }
}

/// The flow of one episode, one [`Token`] for each order of a customer, in the order of arrival.
///
/// What maker and arbitrageur do is not in it: it follows from the flow and from nothing that the
/// trader knows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Flow {
    tokens: Vec<Token>,
    /// Tokens of the last step begin here.
    fresh: usize,
    /// Lots of buys less lots of sells.
    net: i64,
}

impl Flow {
    /// Every token so far.
    pub fn tokens(&self) -> &[Token] {
        &self.tokens
    }

    /// Those of the last step.
    pub fn fresh(&self) -> &[Token] {
        self.tokens.get(self.fresh..).unwrap_or(&[])
    }

    /// Lots of buys less lots of sells so far.
    pub const fn net(&self) -> i64 {
        self.net
    }

    /// Forgets everything, and keeps the memory.
    pub(super) fn clear(&mut self) {
        self.tokens.clear();
        (self.fresh, self.net) = (0, 0);
    }

    pub(super) const fn begin_step(&mut self) {
        self.fresh = self.tokens.len();
    }

    pub(super) fn push(&mut self, token: Token) {
        self.net += token.signed_lots();
        self.tokens.push(token);
    }
}
