//! `TensorBoard`'s event file: protocol buffers in records with checksums.
//!
//! ```text
//! record   8 bytes   length of the event, little-endian
//!          4 bytes   masked CRC-32C of the length
//!                    the event
//!          4 bytes   masked CRC-32C of the event
//! ```
//!
//! The first event names the format's version; each other one has a step, scalars and histograms. The
//! wall time of an event is its step, not a clock's, so the same figures have the same bytes.

mod proto;

use proto::{Field, Fields, bytes_field, double_field, doubles_field, float_field, varint_field};

/// Longest file that is read.
pub const BYTES_MAX: usize = 1 << 30;
/// Longest event that is read.
const EVENT_BYTES_MAX: usize = 1 << 24;
/// What the first event says.
const VERSION: &[u8] = b"brain.Event:2";

const LENGTH_BYTES: usize = 8;
const CHECKSUM_BYTES: usize = 4;

/// How often values fell between bounds.
#[derive(Clone, Debug, PartialEq)]
pub struct Histogram {
    /// Smallest value.
    pub min: f64,
    /// Largest value.
    pub max: f64,
    /// How many values.
    pub count: f64,
    /// Their sum.
    pub sum: f64,
    /// The sum of their squares.
    pub sum_of_squares: f64,
    /// Upper bound of each bucket, ascending, and how many values are in it.
    pub buckets: Vec<(f64, f64)>,
}

/// What is shown of a step.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Event {
    /// The step: an update's number.
    pub step: u64,
    /// Scalars by tag, as they are shown: in single precision.
    pub scalars: Vec<(String, f32)>,
    /// Histograms by tag.
    pub histograms: Vec<(String, Histogram)>,
}

/// Why bytes are no event file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EventsError {
    /// A record's length or content was changed.
    #[error("the checksum of the record at offset {offset} does not fit")]
    Checksum {
        /// Where the record begins.
        offset: usize,
    },
    /// A record that is no event, or none of those that are written here.
    #[error("the record at offset {offset} is no event that is written here")]
    Event {
        /// Where the record begins.
        offset: usize,
    },
    /// A longer file than any run writes.
    #[error("{0} bytes of events; at most {BYTES_MAX}")]
    TooLong(usize),
}

/// The first record of a file.
pub fn start() -> Vec<u8> {
    let mut event = Vec::new();
    double_field(1, 0.0, &mut event);
    bytes_field(3, VERSION, &mut event);
    record(&event)
}

/// The record of an event.
pub fn append(event: &Event) -> Vec<u8> {
    let mut summary = Vec::new();
    for (tag, scalar) in &event.scalars {
        let mut value = Vec::new();
        bytes_field(1, tag.as_bytes(), &mut value);
        float_field(2, *scalar, &mut value);
        bytes_field(1, &value, &mut summary);
    }
    for (tag, histogram) in &event.histograms {
        let mut value = Vec::new();
        bytes_field(1, tag.as_bytes(), &mut value);
        bytes_field(5, &histogram.encode(), &mut value);
        bytes_field(1, &value, &mut summary);
    }
    let mut bytes = Vec::new();
    double_field(1, wall_time(event.step), &mut bytes);
    varint_field(2, event.step, &mut bytes);
    bytes_field(5, &summary, &mut bytes);
    record(&bytes)
}

#[expect(clippy::cast_precision_loss, reason = "steps of 2^53 are far")]
const fn wall_time(step: u64) -> f64 {
    step as f64
}

/// The events of a file, and how many bytes of it are whole records.
///
/// # Errors
/// [`EventsError::Checksum`] and [`EventsError::Event`] with the place; [`EventsError::TooLong`]. A
/// record that is cut at the end is left out.
pub fn read(bytes: &[u8]) -> Result<(Vec<Event>, usize), EventsError> {
    let mut events = Vec::new();
    let mut offset = 0;
    walk(bytes, |end, event| {
        events.extend(event);
        offset = end;
    })?;
    Ok((events, offset))
}

/// The records of a file up to a step, as bytes.
///
/// # Errors
/// As [`read`].
pub fn until(bytes: &[u8], step: u64) -> Result<&[u8], EventsError> {
    let mut kept = 0;
    let mut is_over = false;
    walk(bytes, |end, event| {
        is_over |= event.is_some_and(|event| step < event.step);
        if !is_over {
            kept = end;
        }
    })?;
    Ok(bytes.get(..kept).unwrap_or_default())
}

/// Shows every whole record with the offset of its end; of the first, which has no event, that alone.
fn walk(bytes: &[u8], mut show: impl FnMut(usize, Option<Event>)) -> Result<(), EventsError> {
    if BYTES_MAX < bytes.len() {
        return Err(EventsError::TooLong(bytes.len()));
    }
    let mut offset = 0;
    while let Some(content) = content_at(bytes, offset)? {
        let refused = EventsError::Event { offset };
        let event = if offset == 0 {
            // Only this one can be the first.
            if record(content) != start() {
                return Err(refused);
            }
            None
        } else {
            Some(Event::decode(content).ok_or(refused)?)
        };
        offset += LENGTH_BYTES + CHECKSUM_BYTES + content.len() + CHECKSUM_BYTES;
        show(offset, event);
    }
    Ok(())
}

/// The content of the record at an offset; nothing behind the last whole one.
fn content_at(bytes: &[u8], offset: usize) -> Result<Option<&[u8]>, EventsError> {
    let refused = EventsError::Checksum { offset };
    let rest = bytes.get(offset..).unwrap_or_default();
    let Some((length, rest)) = rest.split_first_chunk::<LENGTH_BYTES>() else { return Ok(None) };
    let Some((stored, rest)) = rest.split_first_chunk() else { return Ok(None) };
    if checksum(length) != u32::from_le_bytes(*stored) {
        return Err(refused);
    }
    let len = usize::try_from(u64::from_le_bytes(*length)).unwrap_or(usize::MAX);
    if EVENT_BYTES_MAX < len {
        return Err(EventsError::Event { offset });
    }
    let Some((content, rest)) = rest.split_at_checked(len) else { return Ok(None) };
    let Some(stored) = rest.first_chunk() else { return Ok(None) };
    if checksum(content) != u32::from_le_bytes(*stored) {
        return Err(refused);
    }
    Ok(Some(content))
}

/// A record of any content.
pub fn record(content: &[u8]) -> Vec<u8> {
    let length = (content.len() as u64).to_le_bytes();
    let (of_length, of_content) = (checksum(&length), checksum(content));
    [&length[..], &of_length.to_le_bytes(), content, &of_content.to_le_bytes()].concat()
}

/// CRC-32C, turned and shifted, so that a checksum of a checksum is not a constant.
fn checksum(bytes: &[u8]) -> u32 {
    crc32c::crc32c(bytes).rotate_right(15).wrapping_add(0xA282_EAD8)
}

impl Histogram {
    /// Counts values in so many buckets of one width.
    #[expect(clippy::cast_precision_loss, reason = "counts far below 2^53")]
    pub fn of(values: &[f64], buckets: u32) -> Option<Self> {
        if values.is_empty() || buckets == 0 || !values.iter().all(|value| value.is_finite()) {
            return None;
        }
        let min = values.iter().copied().fold(f64::INFINITY, f64::min);
        let max = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let width = (max - min) / f64::from(buckets);
        let bound = |index: u32| {
            if index + 1 == buckets { max } else { min + width * f64::from(index + 1) }
        };
        let mut counted: Vec<_> = (0..buckets).map(|index| (bound(index), 0.0)).collect();
        for value in values {
            if let Some((_, count)) = counted.iter_mut().find(|(bound, _)| value <= bound) {
                *count += 1.0;
            }
        }
        Some(Self {
            min,
            max,
            count: values.len() as f64,
            sum: values.iter().sum(),
            sum_of_squares: values.iter().map(|value| value * value).sum(),
            buckets: counted,
        })
    }

    fn encode(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        let numbers = [self.min, self.max, self.count, self.sum, self.sum_of_squares];
        for (field, number) in (1..).zip(numbers) {
            double_field(field, number, &mut bytes);
        }
        doubles_field(6, self.buckets.iter().map(|(bound, _)| *bound), &mut bytes);
        doubles_field(7, self.buckets.iter().map(|(_, count)| *count), &mut bytes);
        bytes
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        let mut fields = Fields::new(bytes);
        let [min, max, count, sum, sum_of_squares] = [1, 2, 3, 4, 5].map(|it| fields.double(it));
        let (bounds, counts) = (fields.doubles(6)?, fields.doubles(7)?);
        if !fields.is_empty() || bounds.len() != counts.len() {
            return None;
        }
        let buckets = bounds.into_iter().zip(counts).collect();
        Some(Self {
            min: min?,
            max: max?,
            count: count?,
            sum: sum?,
            sum_of_squares: sum_of_squares?,
            buckets,
        })
    }
}

impl Event {
    fn decode(bytes: &[u8]) -> Option<Self> {
        let mut fields = Fields::new(bytes);
        let wall = fields.double(1)?;
        let mut event = Self { step: fields.varint(2)?, ..Self::default() };
        if wall.to_bits() != wall_time(event.step).to_bits() {
            return None;
        }
        let mut summary = Fields::new(fields.bytes(5)?);
        while !summary.is_empty() {
            let mut value = Fields::new(summary.bytes(1)?);
            let tag = String::from_utf8(value.bytes(1)?.to_vec()).ok()?;
            match value.next()? {
                (2, Field::Float(scalar)) if event.histograms.is_empty() => {
                    event.scalars.push((tag, scalar));
                }
                (5, Field::Bytes(histogram)) => {
                    event.histograms.push((tag, Histogram::decode(histogram)?));
                }
                _ => return None,
            }
            if !value.is_empty() {
                return None;
            }
        }
        fields.is_empty().then_some(event)
    }
}

#[cfg(test)]
mod tests;
