//! What holds between any two commands, numbered.

use core::fmt;

/// What holds between commands, however the market came there. [`Engine::check`] names the first that
/// does not; debug builds look by themselves now and then.
///
/// The kernel's own mistakes show here, never a user's: no command, and no bytes that
/// [`Engine::restore`] accepts, break one.
///
/// [`Engine::check`]: crate::Engine::check
/// [`Engine::restore`]: crate::Engine::restore
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
#[repr(u8)]
pub enum Invariant {
    /// Which levels are occupied is known alike by the array of levels, its bits, the map of far
    /// levels and their count.
    Levels = 1,
    /// The best price of each side is that of its first occupied level.
    Best = 2,
    /// An occupied level is a queue of orders of its side and price, linked both ways.
    Queues = 3,
    /// A level's lots are the displayed lots of its orders.
    Lots = 4,
    /// In a queue priority numbers rise, and none is above the count of those given.
    Priorities = 5,
    /// Every resting order is found by its id, and nothing else is; each place for an order holds one
    /// or is free.
    Orders = 6,
    /// Only icebergs have a reserve, none shows more than its display, and they are counted.
    Icebergs = 7,
    /// Every live order's id was given, and none both rests and waits.
    Ids = 8,
    /// In a continuous market the best bid is below the best ask. RULES.md 4.1.
    Uncrossed = 9,
    /// Every order that waits stands where trades find it, and nothing else does.
    Stops = 10,
    /// What the last trade reaches is triggered; triggered orders wait in a halt only. RULES.md §11.
    Triggers = 11,
    /// The orders with an expiry are those that are to expire, none of them at the present time or
    /// before it. RULES.md §12.
    Expiries = 12,
    /// An account's open lots and orders are those of its live orders.
    OpenInterest = 13,
    /// No account's open orders could carry it past the largest position. RULES.md 3.9.
    Exposure = 14,
    /// Positions sum to the endowed positions. RULES.md 7.5.
    LotsConserved = 15,
    /// Cash, taxes and fees sum to the endowed cash. RULES.md 7.5.
    CashConserved = 16,
    /// Orders, levels and clients are within the limits of the genesis.
    Limits = 17,
    /// Nothing of a command is left over: no trade that stops have not seen, no band.
    Settled = 18,
}

impl Invariant {
    /// All of them, by number.
    pub const ALL: [Self; 18] = [
        Self::Levels,
        Self::Best,
        Self::Queues,
        Self::Lots,
        Self::Priorities,
        Self::Orders,
        Self::Icebergs,
        Self::Ids,
        Self::Uncrossed,
        Self::Stops,
        Self::Triggers,
        Self::Expiries,
        Self::OpenInterest,
        Self::Exposure,
        Self::LotsConserved,
        Self::CashConserved,
        Self::Limits,
        Self::Settled,
    ];

    /// Its number.
    pub const fn number(self) -> u8 {
        self as u8
    }

    const fn words(self) -> &'static str {
        match self {
            Self::Levels => "the occupied levels are not those that are known",
            Self::Best => "a best price is stale",
            Self::Queues => "an order is linked to a wrong level or neighbour",
            Self::Lots => "a level's lots are not those of its orders",
            Self::Priorities => "priority numbers do not rise, or were never given",
            Self::Orders => "a resting order is not found by its id, or something else is",
            Self::Icebergs => "a reserve, a display or the count of icebergs is wrong",
            Self::Ids => "a live order's id was never given, or it both rests and waits",
            Self::Uncrossed => "the book of a continuous market is crossed",
            Self::Stops => "an order that waits is not where trades find it, or another is",
            Self::Triggers => "a trade reached a stop in vain, or a triggered order still waits",
            Self::Expiries => "an expiry is missing, past, or that of no live order",
            Self::OpenInterest => "an account's open lots or orders are not its live orders'",
            Self::Exposure => "open orders could carry an account past the largest position",
            Self::LotsConserved => "positions do not sum to the endowed positions",
            Self::CashConserved => "cash, taxes and fees do not sum to the endowed cash",
            Self::Limits => "orders, levels or clients are beyond the limits of the genesis",
            Self::Settled => "something of the last command is left over",
        }
    }
}

impl fmt::Display for Invariant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "invariant {}: {}", self.number(), self.words())
    }
}

impl core::error::Error for Invariant {}

/// `Err` with the invariant where it does not hold.
pub(crate) const fn holds(is_so: bool, invariant: Invariant) -> Result<(), Invariant> {
    if is_so { Ok(()) } else { Err(invariant) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_count_up() {
        assert!(Invariant::ALL.iter().zip(1..).all(|(it, number)| it.number() == number));
    }
}
