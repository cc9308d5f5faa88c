//! Entries on the wire: a tag byte, then the fields.

use bincode::de::{Decode, Decoder};
use bincode::enc::{Encode, Encoder};
use bincode::error::{DecodeError, EncodeError};
use kernel::decision::ACTION_MAX;
use kernel::{ClientId, Command, Decision, OrderId, Reference, Step, TimeNs};

use super::values::Wire;
use super::{decode_flag, decode_text, encode_text, in_range};
use crate::entry::{DecisionEntry, Entry, Mark, Update};

const PLACE: u8 = 1;
const CANCEL: u8 = 2;
const REDUCE: u8 = 3;
const REPLACE: u8 = 4;
const MASS_CANCEL: u8 = 5;
const CLOCK: u8 = 6;
const SET_RULE: u8 = 7;
const UNCROSS: u8 = 8;
const DECISION: u8 = 16;
const MARK: u8 = 17;
const UPDATE: u8 = 18;
const END: u8 = 31;

impl Encode for Entry {
    fn encode<E: Encoder>(&self, encoder: &mut E) -> Result<(), EncodeError> {
        match self {
            Self::Command(command) => CommandWire(command).encode(encoder),
            Self::Decision(decision) => DecisionWire(decision.view()).encode(encoder),
            Self::Mark(mark) => {
                MARK.encode(encoder)?;
                encode_text(mark.name.as_str(), encoder)?;
                mark.number.encode(encoder)
            }
            Self::Update(update) => {
                UPDATE.encode(encoder)?;
                update.learner.encode(encoder)?;
                update.number.encode(encoder)?;
                update.digest.encode(encoder)
            }
            Self::End => END.encode(encoder),
        }
    }
}

/// A command where it stands.
pub(super) struct CommandWire<'a>(pub(super) &'a Command);

impl Encode for CommandWire<'_> {
    #[inline]
    fn encode<E: Encoder>(&self, encoder: &mut E) -> Result<(), EncodeError> {
        match *self.0 {
            Command::Place(place) => {
                PLACE.encode(encoder)?;
                Wire(place).encode(encoder)
            }
            Command::Cancel { client, order } => {
                CANCEL.encode(encoder)?;
                client.0.encode(encoder)?;
                order.0.encode(encoder)
            }
            Command::Reduce { client, order, by } => {
                REDUCE.encode(encoder)?;
                client.0.encode(encoder)?;
                order.0.encode(encoder)?;
                Wire(by).encode(encoder)
            }
            Command::Replace { client, order, price, qty } => {
                REPLACE.encode(encoder)?;
                client.0.encode(encoder)?;
                order.0.encode(encoder)?;
                Wire(price).encode(encoder)?;
                Wire(qty).encode(encoder)
            }
            Command::MassCancel { client } => {
                MASS_CANCEL.encode(encoder)?;
                client.0.encode(encoder)
            }
            Command::Clock { time, step } => {
                CLOCK.encode(encoder)?;
                time.0.encode(encoder)?;
                step.0.encode(encoder)
            }
            Command::SetRule(change) => {
                SET_RULE.encode(encoder)?;
                Wire(change).encode(encoder)
            }
            Command::Uncross => UNCROSS.encode(encoder),
        }
    }
}

/// Decodes into an entry that is there, field by field: a command that is moved would be read in
/// other widths than it was written in, and wait. After an error the entry means nothing.
#[inline(always)]
pub(super) fn decode_into<D: Decoder>(
    decoder: &mut D,
    entry: &mut Entry,
) -> Result<(), DecodeError> {
    let tag = u8::decode(decoder)?;
    if UNCROSS < tag {
        *entry = decode_other(tag, decoder)?;
        return Ok(());
    }
    if !matches!(entry, Entry::Command(_)) {
        *entry = Entry::Command(Command::Uncross);
    }
    let Entry::Command(command) = entry else { unreachable!("made one") };
    *command = match tag {
        PLACE => Command::Place(Wire::decode(decoder)?.0),
        CANCEL => Command::Cancel { client: client(decoder)?, order: order(decoder)? },
        REDUCE => Command::Reduce {
            client: client(decoder)?,
            order: order(decoder)?,
            by: Wire::decode(decoder)?.0,
        },
        REPLACE => Command::Replace {
            client: client(decoder)?,
            order: order(decoder)?,
            price: Wire::decode(decoder)?.0,
            qty: Wire::decode(decoder)?.0,
        },
        MASS_CANCEL => Command::MassCancel { client: client(decoder)? },
        CLOCK => Command::Clock {
            time: TimeNs(u64::decode(decoder)?),
            step: Step(u64::decode(decoder)?),
        },
        SET_RULE => Command::SetRule(Wire::decode(decoder)?.0),
        UNCROSS => Command::Uncross,
        _ => return Err(DecodeError::Other("unknown tag of an entry")),
    };
    Ok(())
}

/// Entries that are no commands.
#[inline(never)]
fn decode_other<D: Decoder>(tag: u8, decoder: &mut D) -> Result<Entry, DecodeError> {
    match tag {
        DECISION => decode_decision(decoder).map(Entry::Decision),
        MARK => {
            let name = in_range(decode_text(decoder)?.parse(), "not a mark's name")?;
            Ok(Entry::Mark(Mark { name, number: u64::decode(decoder)? }))
        }
        UPDATE => Ok(Entry::Update(Update {
            learner: u32::decode(decoder)?,
            number: u64::decode(decoder)?,
            digest: <[u8; 32]>::decode(decoder)?,
        })),
        END => Ok(Entry::End),
        _ => Err(DecodeError::Other("unknown tag of an entry")),
    }
}

#[inline(always)]
fn client<D: Decoder>(decoder: &mut D) -> Result<ClientId, DecodeError> {
    u32::decode(decoder).map(ClientId)
}

#[inline(always)]
fn order<D: Decoder>(decoder: &mut D) -> Result<OrderId, DecodeError> {
    u64::decode(decoder).map(OrderId)
}

/// A decision that borrows its action.
pub(super) struct DecisionWire<'a>(pub(super) Decision<'a>);

impl Encode for DecisionWire<'_> {
    fn encode<E: Encoder>(&self, encoder: &mut E) -> Result<(), EncodeError> {
        let Decision { agent, policy, action, first_reference, commands, observation } = self.0;
        let len = match u16::try_from(action.len()) {
            Ok(len) if u32::from(len) <= ACTION_MAX => len,
            Ok(_) | Err(_) => {
                return Err(EncodeError::Other("an action has more than 512 numbers"));
            }
        };
        DECISION.encode(encoder)?;
        agent.encode(encoder)?;
        policy.encode(encoder)?;
        first_reference.0.encode(encoder)?;
        commands.encode(encoder)?;
        u8::from(observation.is_some()).encode(encoder)?;
        if let Some(observation) = observation {
            observation.encode(encoder)?;
        }
        len.encode(encoder)?;
        action.iter().try_for_each(|number| number.encode(encoder))
    }
}

fn decode_decision<D: Decoder>(decoder: &mut D) -> Result<DecisionEntry, DecodeError> {
    let agent = u32::decode(decoder)?;
    let policy = u32::decode(decoder)?;
    let first_reference = Reference(u64::decode(decoder)?);
    let commands = u32::decode(decoder)?;
    let observation = if decode_flag(decoder)? { Some(<[u8; 8]>::decode(decoder)?) } else { None };
    let len = u16::decode(decoder)?;
    if ACTION_MAX < u32::from(len) {
        return Err(DecodeError::Other("an action has more than 512 numbers"));
    }
    let action = (0..len).map(|_| i32::decode(decoder)).collect::<Result<_, _>>()?;
    Ok(DecisionEntry { agent, policy, action, first_reference, commands, observation })
}
