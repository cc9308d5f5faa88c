//! Numbers with a unit: each is a type with a range, a private field and one checked constructor.
//!
//! No type here is a float and none is as wide as the machine: a price is the same 32 bits on
//! every target. Arithmetic is by named operations where it is needed, not by operator traits.

use core::fmt;
use core::num::NonZeroU32;

/// A number that is outside the range of its unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutOfRange {
    /// The unit's name, for messages.
    pub unit: &'static str,
    /// Smallest number that the unit takes.
    pub min: i64,
    /// Largest number that the unit takes.
    pub max: i64,
}

impl fmt::Display for OutOfRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is outside {}..={}", self.unit, self.min, self.max)
    }
}

impl core::error::Error for OutOfRange {}

/// A price in ticks, 1..=2^31−1. What a tick is worth stands outside the kernel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Price(NonZeroU32);

/// A quantity in lots, 1..=2^31−1. "Nothing left" is `Option::None`, never a zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Qty(NonZeroU32);

macro_rules! ranged {
    ($type:ident, $get:ident, $unit:literal) => {
        impl $type {
            /// The smallest.
            pub const MIN: Self = Self(NonZeroU32::MIN);
            /// The largest, 2^31−1.
            pub const MAX: Self = match NonZeroU32::new(i32::MAX.cast_unsigned()) {
                Some(max) => Self(max),
                None => Self::MIN,
            };

            #[doc = concat!("A ", $unit, " from its number.")]
            ///
            /// # Errors
            /// [`OutOfRange`] for 0 and for numbers above 2^31−1.
            pub const fn new(number: u32) -> Result<Self, OutOfRange> {
                match NonZeroU32::new(number) {
                    Some(number) if number.get() <= Self::MAX.0.get() => Ok(Self(number)),
                    Some(_) | None => {
                        Err(OutOfRange { unit: $unit, min: 1, max: Self::MAX.0.get() as i64 })
                    }
                }
            }

            #[doc = concat!("The ", $unit, " as a number.")]
            pub const fn $get(self) -> u32 {
                self.0.get()
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

ranged!(Price, ticks, "price");
ranged!(Qty, lots, "quantity");

/// Money in 1/10,000 tick·lot: one lot bought at one tick costs [`CASH_PER_TICK_LOT`].
///
/// A fill moves less than 2^76; it would take 2^51 of the largest fills, far more than a file can
/// hold, to leave the type's range.
pub type Cash = i128;

/// Units of [`Cash`] in one tick·lot.
pub const CASH_PER_TICK_LOT: Cash = 10_000;

/// Lots that a client holds; negative when short. Never past ±[`POSITION_MAX`].
pub type Position = i64;

/// No accepted order can carry a position past this, 2^62, either way.
pub const POSITION_MAX: Position = 1 << 62;

/// A fee in parts per million of a fill's notional, −1,000,000..=1,000,000; negative is a rebate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ppm(i32);

impl Ppm {
    /// No fee.
    pub const ZERO: Self = Self(0);
    /// All of the notional.
    pub const MAX: Self = Self(1_000_000);

    /// A fee from its number.
    ///
    /// # Errors
    /// [`OutOfRange`] outside −1,000,000..=1,000,000.
    pub const fn new(number: i32) -> Result<Self, OutOfRange> {
        if -Self::MAX.0 <= number && number <= Self::MAX.0 {
            Ok(Self(number))
        } else {
            Err(OutOfRange { unit: "fee in ppm", min: -1_000_000, max: 1_000_000 })
        }
    }

    /// The fee as a number of parts per million.
    pub const fn parts(self) -> i32 {
        self.0
    }
}

impl fmt::Display for Ppm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A participant. Its account is opened by its first endowment, order or fill.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClientId(pub u32);

/// The kernel's number of an order: the n-th `Place` command has id n, refused ones included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OrderId(pub u64);

/// The producer's own number of an order: echoed in events, ignored by matching.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Reference(pub u64);

/// Logical time in nanoseconds from an origin of the producer's choice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TimeNs(pub u64);

/// Logical step of a simulation; 0 where a producer has none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Step(pub u64);

macro_rules! display_number {
    ($($type:ident),*) => {$(
        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    )*};
}

display_number!(ClientId, OrderId, Reference, TimeNs, Step);

/// Which side of the market an order is on. A buy rests among the bids, a sell among the asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// Wants lots, pays cash.
    Buy,
    /// Wants cash, gives lots.
    Sell,
}

impl Side {
    /// The side that this one trades against.
    #[must_use]
    pub const fn opposite(self) -> Self {
        match self {
            Self::Buy => Self::Sell,
            Self::Sell => Self::Buy,
        }
    }

    /// 0 for a buy, 1 for a sell: the place of a side in a pair.
    #[expect(clippy::disallowed_types, reason = "an index into a pair")]
    pub(crate) const fn index(self) -> usize {
        self as usize
    }

    /// 1 for a buy, −1 for a sell: what a lot of this side adds to a position.
    pub(crate) const fn sign(self) -> Position {
        1 - 2 * (self as Position)
    }

    /// Whether an order of this side with this limit trades with one resting at `resting`.
    pub fn crosses(self, limit: Price, resting: Price) -> bool {
        match self {
            Self::Buy => resting <= limit,
            Self::Sell => limit <= resting,
        }
    }

    /// Whether a resting order of this side at `price` stands before one at `than`.
    pub fn is_better(self, price: Price, than: Price) -> bool {
        match self {
            Self::Buy => than < price,
            Self::Sell => price < than,
        }
    }
}

impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Buy => "buy",
            Self::Sell => "sell",
        })
    }
}

impl Qty {
    /// What is left after taking `other` away; `None` when that is nothing.
    pub fn minus(self, other: Self) -> Option<Self> {
        NonZeroU32::new(self.lots().saturating_sub(other.lots())).map(Self)
    }
}
