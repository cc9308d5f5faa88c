//! As much of protocol buffers as events need.

/// The number of a field's wire type.
const VARINT: u64 = 0;
const DOUBLE: u64 = 1;
const BYTES: u64 = 2;
const FLOAT: u64 = 5;

fn varint(mut number: u64, bytes: &mut Vec<u8>) {
    while 0x80 <= number {
        bytes.push(number.to_le_bytes()[0] | 0x80);
        number >>= 7;
    }
    bytes.push(number.to_le_bytes()[0]);
}

/// Appends a field of a number.
pub(super) fn varint_field(field: u64, number: u64, bytes: &mut Vec<u8>) {
    varint(field << 3 | VARINT, bytes);
    varint(number, bytes);
}

/// Appends a field of a double.
pub(super) fn double_field(field: u64, number: f64, bytes: &mut Vec<u8>) {
    varint(field << 3 | DOUBLE, bytes);
    bytes.extend_from_slice(&number.to_le_bytes());
}

/// Appends a field of a float.
pub(super) fn float_field(field: u64, number: f32, bytes: &mut Vec<u8>) {
    varint(field << 3 | FLOAT, bytes);
    bytes.extend_from_slice(&number.to_le_bytes());
}

/// Appends a field of bytes: a text or a message.
pub(super) fn bytes_field(field: u64, content: &[u8], bytes: &mut Vec<u8>) {
    varint(field << 3 | BYTES, bytes);
    varint(content.len() as u64, bytes);
    bytes.extend_from_slice(content);
}

/// Appends a field of packed doubles.
pub(super) fn doubles_field(field: u64, numbers: impl Iterator<Item = f64>, bytes: &mut Vec<u8>) {
    let content: Vec<u8> = numbers.flat_map(f64::to_le_bytes).collect();
    bytes_field(field, &content, bytes);
}

/// A field's content.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Field<'a> {
    /// A number.
    Varint(u64),
    /// A double.
    Double(f64),
    /// A float.
    Float(f32),
    /// Bytes.
    Bytes(&'a [u8]),
}

/// The fields of a message, one after the other.
#[derive(Clone, Debug)]
pub(super) struct Fields<'a>(&'a [u8]);

impl<'a> Fields<'a> {
    pub(super) const fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The next field and its number.
    pub(super) fn next(&mut self) -> Option<(u64, Field<'a>)> {
        let key = self.number()?;
        let content = match key & 7 {
            VARINT => Field::Varint(self.number()?),
            DOUBLE => Field::Double(f64::from_le_bytes(*self.chunk()?)),
            FLOAT => Field::Float(f32::from_le_bytes(*self.chunk()?)),
            BYTES => {
                let len = usize::try_from(self.number()?).ok()?;
                let (content, rest) = self.0.split_at_checked(len)?;
                self.0 = rest;
                Field::Bytes(content)
            }
            _ => return None,
        };
        Some((key >> 3, content))
    }

    /// The next field, which is a number.
    pub(super) fn varint(&mut self, field: u64) -> Option<u64> {
        match self.next()? {
            (found, Field::Varint(number)) if found == field => Some(number),
            _ => None,
        }
    }

    /// The next field, which is a double.
    pub(super) fn double(&mut self, field: u64) -> Option<f64> {
        match self.next()? {
            (found, Field::Double(number)) if found == field => Some(number),
            _ => None,
        }
    }

    /// The next field, which is bytes.
    pub(super) fn bytes(&mut self, field: u64) -> Option<&'a [u8]> {
        match self.next()? {
            (found, Field::Bytes(content)) if found == field => Some(content),
            _ => None,
        }
    }

    /// The next field, which is packed doubles.
    pub(super) fn doubles(&mut self, field: u64) -> Option<Vec<f64>> {
        let (numbers, rest) = self.bytes(field)?.as_chunks();
        rest.is_empty().then(|| numbers.iter().map(|it| f64::from_le_bytes(*it)).collect())
    }

    fn chunk<const N: usize>(&mut self) -> Option<&'a [u8; N]> {
        let (chunk, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(chunk)
    }

    /// A number in its shortest form.
    fn number(&mut self) -> Option<u64> {
        let mut number = 0_u64;
        for place in 0..10_u32 {
            let [byte] = *self.chunk()?;
            let part = u64::from(byte & 0x7F);
            number |= part.checked_shl(7 * place).filter(|it| it >> (7 * place) == part)?;
            if byte < 0x80 {
                let is_shortest = byte != 0 || place == 0;
                return is_shortest.then_some(number);
            }
        }
        None
    }
}
