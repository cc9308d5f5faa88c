//! The rules of a market, what it starts from, and how a logged command changes them.

use alloc::vec::Vec;
use core::fmt;

use crate::units::{Cash, ClientId, POSITION_MAX, Position, Ppm, Price, Qty};

/// Whether orders match.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MarketState {
    /// Arriving orders match at once.
    Continuous,
    /// Nothing is placed or replaced; orders may be cancelled and reduced.
    Halted,
    /// Orders come to rest without matching until an uncross.
    Auction,
}

/// The rules in force. Only [`Command::SetRule`](crate::Command::SetRule) changes them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    /// Prices of new orders are multiples of this.
    pub tick: Price,
    /// Quantities of new orders are multiples of this.
    pub lot: Qty,
    /// Largest quantity of one order.
    pub qty_max: Qty,
    /// Lowest price of a new limit order.
    pub price_min: Price,
    /// Highest price of a new limit order.
    pub price_max: Price,
    /// No order may carry a client's position past ± this many lots; at most [`POSITION_MAX`].
    pub position_max: Position,
    /// Continuous or halted.
    pub state: MarketState,
    /// Whether clients that are not exempt may only sell what they hold.
    pub short_ban: bool,
    /// Transaction tax: units of cash for each lot, of each side of a fill.
    pub tax: u32,
    /// Fee of a fill's maker.
    pub maker_fee: Ppm,
    /// Fee of a fill's taker.
    pub taker_fee: Ppm,
    /// Ticks that a command may trade away from the last trade before it; 0 for any.
    pub band: u32,
}

impl Rules {
    /// Ticks and lots of 1, no narrower limits, continuous trading, no ban, tax or fees.
    pub const OPEN: Self = Self {
        tick: Price::MIN,
        lot: Qty::MIN,
        qty_max: Qty::MAX,
        price_min: Price::MIN,
        price_max: Price::MAX,
        position_max: POSITION_MAX,
        state: MarketState::Continuous,
        short_ban: false,
        tax: 0,
        maker_fee: Ppm::ZERO,
        taker_fee: Ppm::ZERO,
        band: 0,
    };

    /// Whether the rules contradict themselves.
    pub fn are_consistent(&self) -> bool {
        self.price_min <= self.price_max
            && 0 <= self.position_max
            && self.position_max <= POSITION_MAX
    }
}

/// One change of one rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuleChange {
    /// [`Rules::tick`].
    Tick(Price),
    /// [`Rules::lot`].
    Lot(Qty),
    /// [`Rules::qty_max`].
    QtyMax(Qty),
    /// [`Rules::price_min`] and [`Rules::price_max`].
    PriceRange {
        /// Lowest price.
        min: Price,
        /// Highest price, not below `min`.
        max: Price,
    },
    /// [`Rules::position_max`], 0..=[`POSITION_MAX`].
    PositionMax(Position),
    /// [`Rules::state`].
    State(MarketState),
    /// [`Rules::short_ban`].
    ShortBan(bool),
    /// Whether the short-sale ban and the position limit leave a client alone.
    Exempt {
        /// The client.
        client: ClientId,
        /// Exempt from now on, or no longer.
        exempt: bool,
    },
    /// [`Rules::tax`].
    Tax(u32),
    /// [`Rules::maker_fee`] and [`Rules::taker_fee`].
    Fees {
        /// Fee of makers.
        maker: Ppm,
        /// Fee of takers.
        taker: Ppm,
    },
    /// [`Rules::band`].
    Band(u32),
}

/// An iceberg's quantity may be this many times its display: else one command could meet one order
/// as often as it has lots, and its events would fill any memory.
pub const DISPLAYS_MAX: u32 = 20;

/// Whether an iceberg of this quantity and display keeps to [`DISPLAYS_MAX`].
pub(crate) fn shows_enough(qty: Qty, display: Qty) -> bool {
    u64::from(qty.lots()) <= u64::from(display.lots()) * u64::from(DISPLAYS_MAX)
}

/// Bounds on the kernel's memory, fixed for the life of a market.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Most orders that may rest or wait for a stop at once, 1..=[`Limits::ORDERS_MAX`].
    pub orders_max: u32,
    /// Client numbers are below this, 1..=[`Limits::CLIENTS_MAX`].
    pub clients_max: u32,
    /// Most price levels that may be occupied at once, both sides together, 1..=`ORDERS_MAX`.
    pub levels_max: u32,
}

impl Limits {
    /// Largest `orders_max` and `levels_max`.
    pub const ORDERS_MAX: u32 = 1 << 28;
    /// Largest `clients_max`.
    pub const CLIENTS_MAX: u32 = 1 << 20;
    /// A million orders and levels, 65,536 clients.
    pub const DEFAULT: Self =
        Self { orders_max: 1 << 20, clients_max: 1 << 16, levels_max: 1 << 20 };
}

/// What a client holds before the first command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Endowment {
    /// The client.
    pub client: ClientId,
    /// Lots, at most ±[`POSITION_MAX`]/2.
    pub position: Position,
    /// Cash, at most ±2^100.
    pub cash: Cash,
}

/// Everything that a market starts from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Genesis {
    /// Bounds on memory.
    pub limits: Limits,
    /// First rules.
    pub rules: Rules,
    /// Clients that the short-sale ban and the position limit leave alone, ascending.
    pub exempt: Vec<ClientId>,
    /// First holdings, ascending by client, one for each at most.
    pub endowments: Vec<Endowment>,
}

/// Largest cash of an endowment, either way.
pub const ENDOWMENT_CASH_MAX: Cash = 1 << 100;
/// Largest position of an endowment, either way.
pub const ENDOWMENT_POSITION_MAX: Position = POSITION_MAX / 2;

/// Why a genesis is not one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum GenesisError {
    /// A limit is 0 or above its bound.
    Limits,
    /// The rules contradict themselves.
    Rules,
    /// A client's number is not below `clients_max`.
    UnknownClient(ClientId),
    /// Exempt clients or endowments are not strictly ascending by client.
    NotAscending(ClientId),
    /// An endowment is too large.
    Endowment(ClientId),
}

impl fmt::Display for GenesisError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Limits => f.write_str("a limit of the genesis is 0 or above its bound"),
            Self::Rules => f.write_str("the rules of the genesis contradict themselves"),
            Self::UnknownClient(client) => {
                write!(f, "client {client} of the genesis is not below clients_max")
            }
            Self::NotAscending(client) => {
                write!(f, "client {client} of the genesis is out of order or stands twice")
            }
            Self::Endowment(client) => write!(f, "the endowment of client {client} is too large"),
        }
    }
}

impl core::error::Error for GenesisError {}

impl Genesis {
    /// No endowments, open rules, default limits.
    pub const fn open() -> Self {
        Self {
            limits: Limits::DEFAULT,
            rules: Rules::OPEN,
            exempt: Vec::new(),
            endowments: Vec::new(),
        }
    }

    /// Checks every bound that the kernel relies on.
    ///
    /// # Errors
    /// The first [`GenesisError`] in the order limits, rules, exempt clients, endowments.
    pub fn check(&self) -> Result<(), GenesisError> {
        let in_bounds = |limit: u32, bound: u32| 1 <= limit && limit <= bound;
        let limits = &self.limits;
        if !in_bounds(limits.orders_max, Limits::ORDERS_MAX)
            || !in_bounds(limits.clients_max, Limits::CLIENTS_MAX)
            || !in_bounds(limits.levels_max, Limits::ORDERS_MAX)
        {
            return Err(GenesisError::Limits);
        }
        if !self.rules.are_consistent() {
            return Err(GenesisError::Rules);
        }
        check_clients(self.exempt.iter().copied(), limits)?;
        check_clients(self.endowments.iter().map(|endowment| endowment.client), limits)?;
        for endowment in &self.endowments {
            if ENDOWMENT_POSITION_MAX.unsigned_abs() < endowment.position.unsigned_abs()
                || ENDOWMENT_CASH_MAX.unsigned_abs() < endowment.cash.unsigned_abs()
            {
                return Err(GenesisError::Endowment(endowment.client));
            }
        }
        Ok(())
    }
}

fn check_clients(
    clients: impl Iterator<Item = ClientId>,
    limits: &Limits,
) -> Result<(), GenesisError> {
    let mut previous = None;
    for client in clients {
        if limits.clients_max <= client.0 {
            return Err(GenesisError::UnknownClient(client));
        }
        if previous.is_some_and(|previous| client <= previous) {
            return Err(GenesisError::NotAscending(client));
        }
        previous = Some(client);
    }
    Ok(())
}
