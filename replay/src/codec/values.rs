//! The kernel's values on the wire.

use bincode::de::{Decode, Decoder};
use bincode::enc::{Encode, Encoder};
use bincode::error::{DecodeError, EncodeError};
use kernel::{
    ClientId, MarketState, OrderKind, Place, Ppm, Price, Qty, Reference, RuleChange, SelfTrade,
    Side, TimeInForce, TimeNs,
};

use super::{decode_flag, in_range};

/// A value of another crate, so that this one may say how it is written.
pub(super) struct Wire<T>(pub(super) T);

impl Encode for Wire<Price> {
    fn encode<E: Encoder>(&self, encoder: &mut E) -> Result<(), EncodeError> {
        self.0.ticks().encode(encoder)
    }
}

impl<C> Decode<C> for Wire<Price> {
    #[inline(always)]
    fn decode<D: Decoder<Context = C>>(decoder: &mut D) -> Result<Self, DecodeError> {
        in_range(Price::new(u32::decode(decoder)?), "a price is outside 1..=2^31-1").map(Self)
    }
}

impl Encode for Wire<Qty> {
    fn encode<E: Encoder>(&self, encoder: &mut E) -> Result<(), EncodeError> {
        self.0.lots().encode(encoder)
    }
}

impl<C> Decode<C> for Wire<Qty> {
    #[inline(always)]
    fn decode<D: Decoder<Context = C>>(decoder: &mut D) -> Result<Self, DecodeError> {
        in_range(Qty::new(u32::decode(decoder)?), "a quantity is outside 1..=2^31-1").map(Self)
    }
}

impl Encode for Wire<Ppm> {
    fn encode<E: Encoder>(&self, encoder: &mut E) -> Result<(), EncodeError> {
        self.0.parts().encode(encoder)
    }
}

impl<C> Decode<C> for Wire<Ppm> {
    #[inline(always)]
    fn decode<D: Decoder<Context = C>>(decoder: &mut D) -> Result<Self, DecodeError> {
        in_range(Ppm::new(i32::decode(decoder)?), "a fee is outside -1,000,000..=1,000,000 ppm")
            .map(Self)
    }
}

impl Encode for Wire<MarketState> {
    fn encode<E: Encoder>(&self, encoder: &mut E) -> Result<(), EncodeError> {
        let tag: u8 = match self.0 {
            MarketState::Continuous => 0,
            MarketState::Halted => 1,
            MarketState::Auction => 2,
        };
        tag.encode(encoder)
    }
}

impl<C> Decode<C> for Wire<MarketState> {
    #[inline(always)]
    fn decode<D: Decoder<Context = C>>(decoder: &mut D) -> Result<Self, DecodeError> {
        match u8::decode(decoder)? {
            0 => Ok(Self(MarketState::Continuous)),
            1 => Ok(Self(MarketState::Halted)),
            2 => Ok(Self(MarketState::Auction)),
            _ => Err(DecodeError::Other("unknown market state")),
        }
    }
}

impl Encode for Wire<Side> {
    fn encode<E: Encoder>(&self, encoder: &mut E) -> Result<(), EncodeError> {
        let tag: u8 = match self.0 {
            Side::Buy => 0,
            Side::Sell => 1,
        };
        tag.encode(encoder)
    }
}

impl<C> Decode<C> for Wire<Side> {
    #[inline(always)]
    fn decode<D: Decoder<Context = C>>(decoder: &mut D) -> Result<Self, DecodeError> {
        match u8::decode(decoder)? {
            0 => Ok(Self(Side::Buy)),
            1 => Ok(Self(Side::Sell)),
            _ => Err(DecodeError::Other("unknown side")),
        }
    }
}

/// An order has a display.
const DISPLAY: u8 = 1;
/// An order has a stop.
const STOP: u8 = 2;

impl Encode for Wire<Place> {
    fn encode<E: Encoder>(&self, encoder: &mut E) -> Result<(), EncodeError> {
        let Place { client, reference, side, qty, kind, tif, display, stop, self_trade } = self.0;
        client.0.encode(encoder)?;
        reference.0.encode(encoder)?;
        Wire(side).encode(encoder)?;
        Wire(qty).encode(encoder)?;
        Wire(tif).encode(encoder)?;
        Wire(self_trade).encode(encoder)?;
        Wire(kind).encode(encoder)?;
        let extras =
            if display.is_some() { DISPLAY } else { 0 } | if stop.is_some() { STOP } else { 0 };
        extras.encode(encoder)?;
        if let Some(display) = display {
            Wire(display).encode(encoder)?;
        }
        if let Some(stop) = stop {
            Wire(stop).encode(encoder)?;
        }
        Ok(())
    }
}

impl<C> Decode<C> for Wire<Place> {
    #[inline(always)]
    fn decode<D: Decoder<Context = C>>(decoder: &mut D) -> Result<Self, DecodeError> {
        let client = ClientId(u32::decode(decoder)?);
        let reference = Reference(u64::decode(decoder)?);
        let side = Wire::decode(decoder)?.0;
        let qty = Wire::decode(decoder)?.0;
        let tif = Wire::decode(decoder)?.0;
        let self_trade = Wire::decode(decoder)?.0;
        let kind = Wire::decode(decoder)?.0;
        let extras = u8::decode(decoder)?;
        if extras & !(DISPLAY | STOP) != 0 {
            return Err(DecodeError::Other("unknown extras of an order"));
        }
        let display = if extras & DISPLAY == 0 { None } else { Some(Wire::decode(decoder)?.0) };
        let stop = if extras & STOP == 0 { None } else { Some(Wire::decode(decoder)?.0) };
        Ok(Self(Place { client, reference, side, qty, kind, tif, display, stop, self_trade }))
    }
}

impl Encode for Wire<OrderKind> {
    fn encode<E: Encoder>(&self, encoder: &mut E) -> Result<(), EncodeError> {
        match self.0 {
            OrderKind::Limit { price, post_only } => {
                u8::from(post_only).encode(encoder)?;
                Wire(price).encode(encoder)
            }
            OrderKind::Market => 2_u8.encode(encoder),
            OrderKind::MarketToLimit => 3_u8.encode(encoder),
        }
    }
}

impl<C> Decode<C> for Wire<OrderKind> {
    #[inline(always)]
    fn decode<D: Decoder<Context = C>>(decoder: &mut D) -> Result<Self, DecodeError> {
        let tag = u8::decode(decoder)?;
        Ok(Self(match tag {
            0 | 1 => OrderKind::Limit { post_only: tag == 1, price: Wire::decode(decoder)?.0 },
            2 => OrderKind::Market,
            3 => OrderKind::MarketToLimit,
            _ => return Err(DecodeError::Other("unknown order kind")),
        }))
    }
}

impl Encode for Wire<TimeInForce> {
    fn encode<E: Encoder>(&self, encoder: &mut E) -> Result<(), EncodeError> {
        match self.0 {
            TimeInForce::Gtc => 0_u8.encode(encoder),
            TimeInForce::Ioc => 1_u8.encode(encoder),
            TimeInForce::Fok => 2_u8.encode(encoder),
            TimeInForce::Gtt(expiry) => {
                3_u8.encode(encoder)?;
                expiry.0.encode(encoder)
            }
        }
    }
}

impl<C> Decode<C> for Wire<TimeInForce> {
    #[inline(always)]
    fn decode<D: Decoder<Context = C>>(decoder: &mut D) -> Result<Self, DecodeError> {
        Ok(Self(match u8::decode(decoder)? {
            0 => TimeInForce::Gtc,
            1 => TimeInForce::Ioc,
            2 => TimeInForce::Fok,
            3 => TimeInForce::Gtt(TimeNs(u64::decode(decoder)?)),
            _ => return Err(DecodeError::Other("unknown time in force")),
        }))
    }
}

impl Encode for Wire<SelfTrade> {
    fn encode<E: Encoder>(&self, encoder: &mut E) -> Result<(), EncodeError> {
        let tag: u8 = match self.0 {
            SelfTrade::Allow => 0,
            SelfTrade::CancelNewest => 1,
            SelfTrade::CancelOldest => 2,
            SelfTrade::CancelBoth => 3,
            SelfTrade::Decrement => 4,
        };
        tag.encode(encoder)
    }
}

impl<C> Decode<C> for Wire<SelfTrade> {
    #[inline(always)]
    fn decode<D: Decoder<Context = C>>(decoder: &mut D) -> Result<Self, DecodeError> {
        Ok(Self(match u8::decode(decoder)? {
            0 => SelfTrade::Allow,
            1 => SelfTrade::CancelNewest,
            2 => SelfTrade::CancelOldest,
            3 => SelfTrade::CancelBoth,
            4 => SelfTrade::Decrement,
            _ => return Err(DecodeError::Other("unknown self-trade choice")),
        }))
    }
}

impl Encode for Wire<RuleChange> {
    fn encode<E: Encoder>(&self, encoder: &mut E) -> Result<(), EncodeError> {
        let tag: u8 = match self.0 {
            RuleChange::Tick(_) => 1,
            RuleChange::Lot(_) => 2,
            RuleChange::QtyMax(_) => 3,
            RuleChange::PriceRange { .. } => 4,
            RuleChange::PositionMax(_) => 5,
            RuleChange::State(_) => 6,
            RuleChange::ShortBan(_) => 7,
            RuleChange::Exempt { .. } => 8,
            RuleChange::Tax(_) => 9,
            RuleChange::Fees { .. } => 10,
            RuleChange::Band(_) => 11,
        };
        tag.encode(encoder)?;
        match self.0 {
            RuleChange::Tick(tick) => Wire(tick).encode(encoder),
            RuleChange::Lot(qty) | RuleChange::QtyMax(qty) => Wire(qty).encode(encoder),
            RuleChange::PriceRange { min, max } => {
                Wire(min).encode(encoder)?;
                Wire(max).encode(encoder)
            }
            RuleChange::PositionMax(position) => position.encode(encoder),
            RuleChange::State(state) => Wire(state).encode(encoder),
            RuleChange::ShortBan(ban) => u8::from(ban).encode(encoder),
            RuleChange::Exempt { client, exempt } => {
                client.0.encode(encoder)?;
                u8::from(exempt).encode(encoder)
            }
            RuleChange::Tax(number) | RuleChange::Band(number) => number.encode(encoder),
            RuleChange::Fees { maker, taker } => {
                Wire(maker).encode(encoder)?;
                Wire(taker).encode(encoder)
            }
        }
    }
}

impl<C> Decode<C> for Wire<RuleChange> {
    #[inline(always)]
    fn decode<D: Decoder<Context = C>>(decoder: &mut D) -> Result<Self, DecodeError> {
        Ok(Self(match u8::decode(decoder)? {
            1 => RuleChange::Tick(Wire::decode(decoder)?.0),
            2 => RuleChange::Lot(Wire::decode(decoder)?.0),
            3 => RuleChange::QtyMax(Wire::decode(decoder)?.0),
            4 => RuleChange::PriceRange {
                min: Wire::decode(decoder)?.0,
                max: Wire::decode(decoder)?.0,
            },
            5 => RuleChange::PositionMax(i64::decode(decoder)?),
            6 => RuleChange::State(Wire::decode(decoder)?.0),
            7 => RuleChange::ShortBan(decode_flag(decoder)?),
            8 => RuleChange::Exempt {
                client: ClientId(u32::decode(decoder)?),
                exempt: decode_flag(decoder)?,
            },
            9 => RuleChange::Tax(u32::decode(decoder)?),
            10 => RuleChange::Fees {
                maker: Wire::decode(decoder)?.0,
                taker: Wire::decode(decoder)?.0,
            },
            11 => RuleChange::Band(u32::decode(decoder)?),
            _ => return Err(DecodeError::Other("unknown rule")),
        }))
    }
}
