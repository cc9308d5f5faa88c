//! Entries and genesis to bytes and back: the one module that knows `bincode`.
//!
//! Fixed-width little-endian integers, one byte for each tag, no optional encodings: a value has
//! one byte string, and every other byte string is refused. FORMAT.md §3–4 gives every byte, so the
//! crate behind this module can be replaced without changing one; `tests/vectors/` pins them.
//!
//! Decoding foreign bytes allocates no more than those bytes justify.

use bincode::config::{Configuration, Fixint, Limit, LittleEndian};
use bincode::de::read::Reader;
use bincode::de::{Decode, Decoder, DecoderImpl};
use bincode::enc::{Encode, Encoder};
use bincode::error::{DecodeError, EncodeError};
use kernel::{Command, Decision, RuleChange};

use crate::entry::Entry;
use crate::genesis::Genesis;

mod entries;
mod genesis;
mod values;

/// Most bytes that one entry may have.
pub const ENTRY_BYTES_MAX: usize = 4096;
/// Bytes of the longest entry there is: a decision with as many numbers as it may have.
pub const LONGEST_ENTRY_BYTES: usize = 32 + 4 * kernel::decision::ACTION_MAX as usize;
/// Most bytes that a genesis may have.
pub const GENESIS_BYTES_MAX: usize = 1 << 20;

const ENTRY_CONFIG: Configuration<LittleEndian, Fixint, Limit<ENTRY_BYTES_MAX>> =
    bincode::config::standard().with_fixed_int_encoding().with_limit::<ENTRY_BYTES_MAX>();
const GENESIS_CONFIG: Configuration<LittleEndian, Fixint, Limit<GENESIS_BYTES_MAX>> =
    bincode::config::standard().with_fixed_int_encoding().with_limit::<GENESIS_BYTES_MAX>();

/// Why bytes are no entry or genesis, or a value has no bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CodecError {
    /// The bytes end inside a value.
    #[error("the bytes end inside a value")]
    CutShort,
    /// Longer than the format allows.
    #[error("longer than the format allows")]
    TooLong,
    /// A value that the format does not allow.
    #[error("{0}")]
    Malformed(&'static str),
}

impl From<DecodeError> for CodecError {
    #[expect(clippy::wildcard_enum_match_arm, reason = "another crate's errors")]
    fn from(error: DecodeError) -> Self {
        match error {
            DecodeError::UnexpectedEnd { .. } => Self::CutShort,
            DecodeError::LimitExceeded => Self::TooLong,
            DecodeError::Other(what) => Self::Malformed(what),
            _ => Self::Malformed("not a value of this format"),
        }
    }
}

impl From<EncodeError> for CodecError {
    #[expect(clippy::wildcard_enum_match_arm, reason = "another crate's errors")]
    fn from(error: EncodeError) -> Self {
        match error {
            EncodeError::UnexpectedEnd => Self::TooLong,
            EncodeError::Other(what) => Self::Malformed(what),
            _ => Self::Malformed("not a value of this format"),
        }
    }
}

/// Writes an entry at the start of `bytes` and returns how many bytes it took.
///
/// # Errors
/// [`CodecError::TooLong`] when it does not fit or a part of it is longer than the format allows.
pub fn encode_entry(entry: &Entry, bytes: &mut [u8]) -> Result<usize, CodecError> {
    Ok(bincode::encode_into_slice(entry, bytes, ENTRY_CONFIG)?)
}

/// Like [`encode_entry`] for a command, which is not copied.
///
/// # Errors
/// As [`encode_entry`].
pub fn encode_command(command: &Command, bytes: &mut [u8]) -> Result<usize, CodecError> {
    Ok(bincode::encode_into_slice(entries::CommandWire(command), bytes, ENTRY_CONFIG)?)
}

/// Like [`encode_entry`] for a decision that need not be owned.
///
/// # Errors
/// As [`encode_entry`].
pub fn encode_decision(decision: &Decision<'_>, bytes: &mut [u8]) -> Result<usize, CodecError> {
    Ok(bincode::encode_into_slice(entries::DecisionWire(*decision), bytes, ENTRY_CONFIG)?)
}

/// Reads the entry at the start of `bytes` and returns how many bytes it took.
///
/// # Errors
/// Every [`CodecError`]: the bytes are foreign.
pub fn decode_entry(bytes: &[u8]) -> Result<(Entry, usize), CodecError> {
    let mut entry = Entry::End;
    let len = decode_entry_into(bytes, &mut entry)?;
    Ok((entry, len))
}

/// Like [`decode_entry`], into an entry that is there. After an error its content means nothing.
///
/// # Errors
/// As [`decode_entry`].
#[inline(always)]
pub fn decode_entry_into(bytes: &[u8], entry: &mut Entry) -> Result<usize, CodecError> {
    let mut rest = Rest(bytes);
    entries::decode_into(&mut DecoderImpl::new(&mut rest, ENTRY_CONFIG, ()), entry)?;
    Ok(bytes.len() - rest.0.len())
}

/// The bytes that a decoder has not taken. The crate's own way through a slice is not inlined, which
/// doubles the cost of an entry.
struct Rest<'a>(&'a [u8]);

impl Reader for Rest<'_> {
    #[inline(always)]
    fn read(&mut self, bytes: &mut [u8]) -> Result<(), DecodeError> {
        let Some((taken, rest)) = self.0.split_at_checked(bytes.len()) else {
            return Err(DecodeError::UnexpectedEnd { additional: bytes.len() - self.0.len() });
        };
        bytes.copy_from_slice(taken);
        self.0 = rest;
        Ok(())
    }
}

/// Writes a rule change as entries have it, for the canonical bytes of its event; returns how many
/// bytes it took.
pub(crate) fn encode_rule(change: RuleChange, bytes: &mut [u8]) -> usize {
    match bincode::encode_into_slice(values::Wire(change), bytes, ENTRY_CONFIG) {
        Ok(len) => len,
        Err(_) => unreachable!("a rule change has at most 13 bytes"),
    }
}

/// The canonical bytes of a genesis.
///
/// # Errors
/// [`CodecError::TooLong`] past [`GENESIS_BYTES_MAX`] or for a text of more than 65,535 bytes.
pub fn encode_genesis(genesis: &Genesis) -> Result<Vec<u8>, CodecError> {
    let bytes = bincode::encode_to_vec(genesis, GENESIS_CONFIG)?;
    if GENESIS_BYTES_MAX < bytes.len() {
        return Err(CodecError::TooLong);
    }
    Ok(bytes)
}

/// Reads a genesis that takes all of `bytes`, and checks it.
///
/// # Errors
/// Every [`CodecError`]: the bytes are foreign.
pub fn decode_genesis(bytes: &[u8]) -> Result<Genesis, CodecError> {
    let (genesis, used) = bincode::decode_from_slice::<Genesis, _>(bytes, GENESIS_CONFIG)?;
    if used != bytes.len() {
        return Err(CodecError::Malformed("bytes are left over after the genesis"));
    }
    Ok(genesis)
}

/// A number of elements, as the format counts them.
fn count<E: Encoder>(len: usize, encoder: &mut E) -> Result<(), EncodeError> {
    match u32::try_from(len) {
        Ok(len) => len.encode(encoder),
        Err(_) => Err(EncodeError::Other("too many elements")),
    }
}

/// A text: its length as a u16, then UTF-8.
fn encode_text<E: Encoder>(text: &str, encoder: &mut E) -> Result<(), EncodeError> {
    use bincode::enc::write::Writer;
    let Ok(len) = u16::try_from(text.len()) else {
        return Err(EncodeError::Other("a text has more than 65,535 bytes"));
    };
    len.encode(encoder)?;
    encoder.writer().write(text.as_bytes())
}

fn decode_text<D: Decoder>(decoder: &mut D) -> Result<String, DecodeError> {
    let len = u16::decode(decoder)?;
    let bytes = decode_bytes(usize::from(len), decoder)?;
    String::from_utf8(bytes).map_err(|_| DecodeError::Other("a text is not UTF-8"))
}

fn decode_bytes<D: Decoder>(len: usize, decoder: &mut D) -> Result<Vec<u8>, DecodeError> {
    decoder.claim_bytes_read(len)?;
    let mut bytes = vec![0; len];
    decoder.reader().read(&mut bytes)?;
    Ok(bytes)
}

/// A flag: 0 or 1.
fn decode_flag<D: Decoder>(decoder: &mut D) -> Result<bool, DecodeError> {
    match u8::decode(decoder)? {
        0 => Ok(false),
        1 => Ok(true),
        _ => Err(DecodeError::Other("a flag is neither 0 nor 1")),
    }
}

/// Says of a number that it is outside the range of its unit.
fn in_range<T, U>(number: Result<T, U>, what: &'static str) -> Result<T, DecodeError> {
    number.map_err(|_| DecodeError::Other(what))
}

const _: () = assert!(kernel::decision::ACTION_MAX as usize * 4 + 64 <= ENTRY_BYTES_MAX);
