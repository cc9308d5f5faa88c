//! Named arrays and texts as the bytes of a safetensors file.
//!
//! ```text
//! 8 bytes   length of the header, little-endian
//! header    JSON: "__metadata__" with the texts, then every array: dtype, shape, place; spaces up to
//!           a multiple of 8 bytes
//! data      the arrays' numbers, little-endian, one array after the other
//! ```
//!
//! Arrays stand by type (u64, i64, f32, u8), then by name, texts by name: the same content has the
//! same bytes, and a file in any other order is refused. Everything else is left to the format: what
//! `PyTorch` and others read of it is what was written.

use std::collections::BTreeMap;

use safetensors::tensor::{Dtype, SafeTensors, TensorView};

mod error;

pub use error::ArraysError;

/// Most bytes of a file.
pub const BYTES_MAX: usize = 1 << 30;
/// Most bytes of a header.
pub const HEADER_BYTES_MAX: usize = 1 << 22;
/// Most arrays.
pub const ARRAYS_MAX: usize = 1 << 14;
/// Most dimensions of an array.
pub const DIMENSIONS_MAX: usize = 8;
/// Longest name of an array or a text.
pub const NAME_BYTES_MAX: usize = 128;

const LENGTH_BYTES: usize = 8;
/// What the format calls the texts.
const METADATA: &str = "__metadata__";

/// Numbers of an array.
#[derive(Clone, Debug, PartialEq)]
pub enum Numbers {
    /// Floats; kept bit for bit.
    F32(Vec<f32>),
    /// Signed integers.
    I64(Vec<i64>),
    /// Unsigned integers.
    U64(Vec<u64>),
    /// Bytes.
    U8(Vec<u8>),
}

/// An array of some shape.
#[derive(Clone, Debug, PartialEq)]
pub struct Array {
    shape: Vec<u64>,
    numbers: Numbers,
}

/// What a file holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Arrays {
    /// Texts by name.
    pub texts: BTreeMap<String, String>,
    /// Arrays by name.
    pub arrays: BTreeMap<String, Array>,
}

impl Numbers {
    /// How many.
    pub const fn len(&self) -> usize {
        match self {
            Self::F32(numbers) => numbers.len(),
            Self::I64(numbers) => numbers.len(),
            Self::U64(numbers) => numbers.len(),
            Self::U8(numbers) => numbers.len(),
        }
    }

    /// Whether there are none.
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The type's name in the format.
    pub const fn dtype(&self) -> &'static str {
        match self {
            Self::F32(_) => "F32",
            Self::I64(_) => "I64",
            Self::U64(_) => "U64",
            Self::U8(_) => "U8",
        }
    }

    /// The type's place among the types of a file.
    const fn rank(&self) -> u8 {
        match self {
            Self::U64(_) => 0,
            Self::I64(_) => 1,
            Self::F32(_) => 2,
            Self::U8(_) => 3,
        }
    }

    fn append_to(&self, bytes: &mut Vec<u8>) {
        match self {
            Self::F32(numbers) => bytes.extend(numbers.iter().flat_map(|it| it.to_le_bytes())),
            Self::I64(numbers) => bytes.extend(numbers.iter().flat_map(|it| it.to_le_bytes())),
            Self::U64(numbers) => bytes.extend(numbers.iter().flat_map(|it| it.to_le_bytes())),
            Self::U8(numbers) => bytes.extend_from_slice(numbers),
        }
    }

    const fn bytes(&self) -> usize {
        self.len()
            * if matches!(self, Self::U8(_)) {
                1
            } else if matches!(self, Self::F32(_)) {
                4
            } else {
                8
            }
    }
}

impl Array {
    /// An array; `None` unless the shape has as many places as there are numbers, in at most
    /// [`DIMENSIONS_MAX`] dimensions.
    pub fn new(shape: &[u64], numbers: Numbers) -> Option<Self> {
        let places = shape.iter().try_fold(1_u64, |product, side| product.checked_mul(*side))?;
        let fits = usize::try_from(places) == Ok(numbers.len()) && shape.len() <= DIMENSIONS_MAX;
        fits.then(|| Self { shape: shape.to_vec(), numbers })
    }

    /// A list.
    pub fn list(numbers: Numbers) -> Self {
        Self { shape: vec![numbers.len() as u64], numbers }
    }

    /// Its shape.
    pub fn shape(&self) -> &[u64] {
        &self.shape
    }

    /// Its numbers, the last dimension first to move.
    pub const fn numbers(&self) -> &Numbers {
        &self.numbers
    }
}

impl Arrays {
    /// The bytes of the file.
    ///
    /// # Errors
    /// [`ArraysError::Name`], [`ArraysError::Limit`]: what no reader would take.
    pub fn encode(&self) -> Result<Vec<u8>, ArraysError> {
        for name in self.arrays.keys().chain(self.texts.keys()) {
            check_name(name)?;
        }
        check_limit("arrays", self.arrays.len(), ARRAYS_MAX)?;
        let header = self.header();
        check_limit("bytes of header", header.len(), HEADER_BYTES_MAX)?;
        let data = self.arrays.values().map(|array| array.numbers.bytes());
        let data = data.fold(0, usize::saturating_add);
        let len = LENGTH_BYTES + header.len();
        check_limit("bytes", len.saturating_add(data), BYTES_MAX)?;
        let mut bytes = Vec::with_capacity(len + data);
        bytes.extend_from_slice(&(header.len() as u64).to_le_bytes());
        bytes.extend_from_slice(&header);
        for (_, array) in self.in_order() {
            array.numbers.append_to(&mut bytes);
        }
        Ok(bytes)
    }

    /// What a file of these bytes holds. Memory follows the bytes.
    ///
    /// # Errors
    /// [`ArraysError::Limit`] before anything is read; [`ArraysError::Damaged`] for bytes that are no
    /// file of the format; [`ArraysError::Type`], [`ArraysError::Name`]; [`ArraysError::Form`] for one
    /// that was written otherwise than [`Arrays::encode`] does.
    pub fn decode(bytes: &[u8]) -> Result<Self, ArraysError> {
        check_limit("bytes", bytes.len(), BYTES_MAX)?;
        if let Some(len) = bytes.first_chunk() {
            let len = usize::try_from(u64::from_le_bytes(*len)).unwrap_or(usize::MAX);
            check_limit("bytes of header", len, HEADER_BYTES_MAX)?;
        }
        let damaged = |error: safetensors::SafeTensorError| ArraysError::Damaged(error.to_string());
        let (header_len, metadata) = SafeTensors::read_metadata(bytes).map_err(damaged)?;
        let file = SafeTensors::deserialize(bytes).map_err(damaged)?;
        check_limit("arrays", file.len(), ARRAYS_MAX)?;
        let mut arrays = Self::default();
        for (name, view) in file.iter() {
            check_name(name)?;
            arrays.arrays.insert(name.to_owned(), read_array(name, &view)?);
        }
        for (name, text) in metadata.metadata().iter().flatten() {
            check_name(name)?;
            arrays.texts.insert(name.clone(), text.clone());
        }
        let header = bytes.get(LENGTH_BYTES..LENGTH_BYTES + header_len);
        if header != Some(&arrays.header()) {
            return Err(ArraysError::Form);
        }
        Ok(arrays)
    }

    /// Arrays as they stand in the file.
    fn in_order(&self) -> Vec<(&str, &Array)> {
        let mut arrays: Vec<_> = self.arrays.iter().map(|(name, it)| (name.as_str(), it)).collect();
        arrays.sort_by_key(|(name, array)| (array.numbers.rank(), *name));
        arrays
    }

    fn header(&self) -> Vec<u8> {
        let mut members = Vec::new();
        if !self.texts.is_empty() {
            let texts: Vec<_> = self
                .texts
                .iter()
                .map(|(name, text)| format!("{}:{}", json(name), json(text)))
                .collect();
            members.push(format!("\"{METADATA}\":{{{}}}", texts.join(",")));
        }
        let mut at = 0;
        for (name, array) in self.in_order() {
            let sides: Vec<_> = array.shape.iter().map(u64::to_string).collect();
            let end = at + array.numbers.bytes();
            members.push(format!(
                "{}:{{\"dtype\":\"{}\",\"shape\":[{}],\"data_offsets\":[{at},{end}]}}",
                json(name),
                array.numbers.dtype(),
                sides.join(",")
            ));
            at = end;
        }
        let mut header = format!("{{{}}}", members.join(",")).into_bytes();
        header.resize(header.len().next_multiple_of(LENGTH_BYTES), b' ');
        header
    }
}

fn read_array(name: &str, view: &TensorView<'_>) -> Result<Array, ArraysError> {
    let bytes = view.data();
    let dtype = view.dtype();
    let numbers = if dtype == Dtype::F32 {
        Numbers::F32(words(bytes).map(f32::from_le_bytes).collect())
    } else if dtype == Dtype::I64 {
        Numbers::I64(words(bytes).map(i64::from_le_bytes).collect())
    } else if dtype == Dtype::U64 {
        Numbers::U64(words(bytes).map(u64::from_le_bytes).collect())
    } else if dtype == Dtype::U8 {
        Numbers::U8(bytes.to_vec())
    } else {
        let (name, found) = (name.to_owned(), dtype.to_string());
        return Err(ArraysError::Type { name, found, wanted: "F32, I64, U64 or U8" });
    };
    let shape: Vec<u64> = view.shape().iter().map(|side| *side as u64).collect();
    check_limit("dimensions", shape.len(), DIMENSIONS_MAX)?;
    Array::new(&shape, numbers).ok_or_else(|| ArraysError::Damaged(format!("shape of `{name}`")))
}

fn words<const N: usize>(bytes: &[u8]) -> impl Iterator<Item = [u8; N]> {
    bytes.as_chunks().0.iter().copied()
}

/// A text as JSON; a string always has one.
fn json(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn check_name(name: &str) -> Result<(), ArraysError> {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./".contains(&byte);
    if name.is_empty()
        || NAME_BYTES_MAX < name.len()
        || name == METADATA
        || !name.bytes().all(is_allowed)
    {
        return Err(ArraysError::Name);
    }
    Ok(())
}

const fn check_limit(what: &'static str, found: usize, limit: usize) -> Result<(), ArraysError> {
    if limit < found { Err(ArraysError::Limit { what, found, limit }) } else { Ok(()) }
}

#[cfg(test)]
mod tests;
