//! The genesis on the wire.

use std::collections::BTreeMap;

use bincode::de::{Decode, Decoder};
use bincode::enc::{Encode, Encoder};
use bincode::error::{DecodeError, EncodeError};
use kernel::{ClientId, Endowment, Limits, Rules};

use super::values::Wire;
use super::{count, decode_flag, decode_text, encode_text, in_range};
use crate::chain::Digest;
use crate::genesis::{Genesis, Parent};

impl Encode for Genesis {
    fn encode<E: Encoder>(&self, encoder: &mut E) -> Result<(), EncodeError> {
        encode_market(&self.market, encoder)?;
        self.seed.encode(encoder)?;
        encode_text(&self.producer, encoder)?;
        count(self.parameters.len(), encoder)?;
        for (key, value) in &self.parameters {
            encode_text(key, encoder)?;
            encode_text(value, encoder)?;
        }
        u8::from(self.parent.is_some()).encode(encoder)?;
        if let Some(Parent { seal, entry, head }) = self.parent {
            seal.0.encode(encoder)?;
            entry.encode(encoder)?;
            head.0.encode(encoder)?;
        }
        Ok(())
    }
}

impl<C> Decode<C> for Genesis {
    fn decode<D: Decoder<Context = C>>(decoder: &mut D) -> Result<Self, DecodeError> {
        let market = decode_market(decoder)?;
        in_range(market.check(), "the genesis breaks a bound of the kernel")?;
        let seed = u64::decode(decoder)?;
        let producer = decode_text(decoder)?;
        let mut parameters = BTreeMap::new();
        for _ in 0..u32::decode(decoder)? {
            let key = decode_text(decoder)?;
            if parameters.last_key_value().is_some_and(|(last, _)| key <= *last) {
                return Err(DecodeError::Other("parameters are not ascending"));
            }
            parameters.insert(key, decode_text(decoder)?);
        }
        let parent = if decode_flag(decoder)? {
            Some(Parent {
                seal: Digest(<[u8; 32]>::decode(decoder)?),
                entry: u64::decode(decoder)?,
                head: Digest(<[u8; 32]>::decode(decoder)?),
            })
        } else {
            None
        };
        Ok(Self { market, seed, producer, parameters, parent })
    }
}

fn encode_market<E: Encoder>(market: &kernel::Genesis, encoder: &mut E) -> Result<(), EncodeError> {
    market.limits.orders_max.encode(encoder)?;
    market.limits.clients_max.encode(encoder)?;
    market.limits.levels_max.encode(encoder)?;
    let rules = &market.rules;
    Wire(rules.tick).encode(encoder)?;
    Wire(rules.lot).encode(encoder)?;
    Wire(rules.qty_max).encode(encoder)?;
    Wire(rules.price_min).encode(encoder)?;
    Wire(rules.price_max).encode(encoder)?;
    rules.position_max.encode(encoder)?;
    Wire(rules.state).encode(encoder)?;
    u8::from(rules.short_ban).encode(encoder)?;
    rules.tax.encode(encoder)?;
    Wire(rules.maker_fee).encode(encoder)?;
    Wire(rules.taker_fee).encode(encoder)?;
    rules.band.encode(encoder)?;
    count(market.exempt.len(), encoder)?;
    for client in &market.exempt {
        client.0.encode(encoder)?;
    }
    count(market.endowments.len(), encoder)?;
    for endowment in &market.endowments {
        endowment.client.0.encode(encoder)?;
        endowment.position.encode(encoder)?;
        endowment.cash.encode(encoder)?;
    }
    Ok(())
}

fn decode_market<D: Decoder>(decoder: &mut D) -> Result<kernel::Genesis, DecodeError> {
    let limits = Limits {
        orders_max: u32::decode(decoder)?,
        clients_max: u32::decode(decoder)?,
        levels_max: u32::decode(decoder)?,
    };
    let rules = Rules {
        tick: Wire::decode(decoder)?.0,
        lot: Wire::decode(decoder)?.0,
        qty_max: Wire::decode(decoder)?.0,
        price_min: Wire::decode(decoder)?.0,
        price_max: Wire::decode(decoder)?.0,
        position_max: i64::decode(decoder)?,
        state: Wire::decode(decoder)?.0,
        short_ban: decode_flag(decoder)?,
        tax: u32::decode(decoder)?,
        maker_fee: Wire::decode(decoder)?.0,
        taker_fee: Wire::decode(decoder)?.0,
        band: u32::decode(decoder)?,
    };
    // Nothing is reserved ahead: a count that lies runs out of bytes before it runs out of memory.
    let mut exempt = Vec::new();
    for _ in 0..u32::decode(decoder)? {
        exempt.push(ClientId(u32::decode(decoder)?));
    }
    let mut endowments = Vec::new();
    for _ in 0..u32::decode(decoder)? {
        endowments.push(Endowment {
            client: ClientId(u32::decode(decoder)?),
            position: i64::decode(decoder)?,
            cash: i128::decode(decoder)?,
        });
    }
    Ok(kernel::Genesis { limits, rules, exempt, endowments })
}
