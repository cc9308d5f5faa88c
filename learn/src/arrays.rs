//! Named arrays: what of networks and optimisers is saved, compared and digested.
//!
//! They are plain numbers in plain memory. Whoever writes a checkpoint, or reads one, needs no
//! libtorch for it.

use std::ops::Range;

/// A name such as `actor.0.weight`, a shape, and the numbers with the last index running fastest.
pub type NamedArray = (String, Vec<i64>, Vec<f32>);

/// Separates these digests from every other use of BLAKE3.
const CONTEXT: &str = "replay 2026-11 learn named arrays";

/// Arrays that are not those of the network or optimiser at hand: another architecture, or damage.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ArrayError {
    /// One that is needed is not there.
    #[error("no array `{name}`; one of shape {expected:?} is needed")]
    Missing {
        /// Its name.
        name: String,
        /// The shape it should have.
        expected: Vec<i64>,
    },
    /// One that nothing here has a use for, or a second one of its name.
    #[error("the array `{name}` of shape {found:?} has no place here")]
    Unknown {
        /// Its name.
        name: String,
        /// Its shape.
        found: Vec<i64>,
    },
    /// One of another shape.
    #[error("the array `{name}` has shape {found:?}, where {expected:?} is needed")]
    Shape {
        /// Its name.
        name: String,
        /// The shape it should have.
        expected: Vec<i64>,
        /// The shape it has.
        found: Vec<i64>,
    },
    /// One with more or fewer numbers than its shape says.
    #[error("the array `{name}` holds {found} numbers, where its shape has {expected}")]
    Length {
        /// Its name.
        name: String,
        /// How many its shape has.
        expected: usize,
        /// How many there are.
        found: usize,
    },
    /// One that holds what no result of training is: an infinity, not a number, or a negative
    /// second moment.
    #[error("the array `{name}` holds {value} at place {place}")]
    Value {
        /// Its name.
        name: String,
        /// Place in the array, counted from 0.
        place: usize,
        /// The number there, as text.
        value: String,
    },
}

/// A digest over names, shapes and numbers, in the order given: BLAKE3-derive-key of, for each
/// array, the length of its name (u64), the name, the number of dimensions (u64), each of them
/// (i64), and the numbers (f32); all of it little-endian.
pub fn digest(arrays: &[NamedArray]) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new_derive_key(CONTEXT);
    let mut bytes = Vec::new();
    for (name, shape, values) in arrays {
        bytes.clear();
        bytes.extend(length(name.len()));
        bytes.extend(name.as_bytes());
        bytes.extend(length(shape.len()));
        bytes.extend(shape.iter().flat_map(|size| size.to_le_bytes()));
        bytes.extend(values.iter().flat_map(|value| value.to_le_bytes()));
        hasher.update(&bytes);
    }
    *hasher.finalize().as_bytes()
}

fn length(count: usize) -> [u8; 8] {
    u64::try_from(count).unwrap_or(u64::MAX).to_le_bytes()
}

/// Which part of a flat list of numbers is which array.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Layout {
    entries: Vec<Entry>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) name: String,
    pub(crate) shape: Vec<i64>,
    pub(crate) range: Range<usize>,
}

impl Layout {
    /// Appends an array.
    pub(crate) fn push(&mut self, name: String, shape: &[usize]) {
        let start = self.len();
        let range = start..start + shape.iter().product::<usize>();
        let shape = shape.iter().map(|&size| dimension(size)).collect();
        self.entries.push(Entry { name, shape, range });
    }

    /// Numbers of all arrays.
    pub(crate) fn len(&self) -> usize {
        self.entries.last().map_or(0, |entry| entry.range.end)
    }

    pub(crate) fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The name of the array in which a number stands.
    pub(crate) fn name_at(&self, place: usize) -> &str {
        let entry = self.entries.iter().find(|entry| entry.range.contains(&place));
        entry.map_or("", |entry| &entry.name)
    }

    /// The arrays of a flat list, with a prefix to their names.
    pub(crate) fn export(&self, prefix: &str, values: &[f32]) -> Vec<NamedArray> {
        let array = |entry: &Entry| {
            let values = values.get(entry.range.clone()).unwrap_or_default();
            (format!("{prefix}{}", entry.name), entry.shape.clone(), values.to_vec())
        };
        self.entries.iter().map(array).collect()
    }

    /// The flat list of these arrays; others among them are left alone.
    ///
    /// # Errors
    /// One is missing, has another shape, or holds a number that `is_valid` refuses.
    pub(crate) fn import(
        &self,
        prefix: &str,
        arrays: &[NamedArray],
        is_valid: impl Fn(f32) -> bool,
    ) -> Result<Vec<f32>, ArrayError> {
        let mut values = Vec::with_capacity(self.len());
        for entry in &self.entries {
            let name = format!("{prefix}{}", entry.name);
            values.extend_from_slice(find(&name, &entry.shape, arrays, &is_valid)?);
        }
        Ok(values)
    }
}

/// The numbers of an array.
///
/// # Errors
/// It is missing, has another shape, or holds a number that `is_valid` refuses.
pub(crate) fn find<'a>(
    name: &str,
    shape: &[i64],
    arrays: &'a [NamedArray],
    is_valid: impl Fn(f32) -> bool,
) -> Result<&'a [f32], ArrayError> {
    let name = || name.to_owned();
    let Some((_, found, values)) = arrays.iter().find(|(other, ..)| *other == name()) else {
        return Err(ArrayError::Missing { name: name(), expected: shape.to_vec() });
    };
    if found != shape {
        let (expected, found) = (shape.to_vec(), found.clone());
        return Err(ArrayError::Shape { name: name(), expected, found });
    }
    let expected = shape.iter().map(|&size| usize::try_from(size).unwrap_or(0)).product();
    if values.len() != expected {
        return Err(ArrayError::Length { name: name(), expected, found: values.len() });
    }
    if let Some(place) = values.iter().position(|&value| !is_valid(value)) {
        let value = values.get(place).map(ToString::to_string).unwrap_or_default();
        return Err(ArrayError::Value { name: name(), place, value });
    }
    Ok(values)
}

/// Refuses arrays that are not among these names, and a second one of a name.
///
/// # Errors
/// There is such an array.
pub(crate) fn refuse_others(known: &[String], arrays: &[NamedArray]) -> Result<(), ArrayError> {
    for (place, (name, found, _)) in arrays.iter().enumerate() {
        let is_second = arrays.iter().take(place).any(|(other, ..)| other == name);
        if is_second || !known.contains(name) {
            return Err(ArrayError::Unknown { name: name.clone(), found: found.clone() });
        }
    }
    Ok(())
}

/// A size as libtorch counts. Sizes are checked against [`crate::nets::SIZE_MAX`] before.
pub(crate) fn dimension(size: usize) -> i64 {
    i64::try_from(size).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arrays() -> Vec<NamedArray> {
        vec![("a".to_owned(), vec![2, 1], vec![1.0, 2.0]), ("b".to_owned(), vec![1], vec![3.0])]
    }

    fn layout() -> Layout {
        let mut layout = Layout::default();
        layout.push("a".to_owned(), &[2, 1]);
        layout.push("b".to_owned(), &[1]);
        layout
    }

    #[test]
    fn a_flat_list_goes_out_and_comes_back() {
        let exported = layout().export("", &[1.0, 2.0, 3.0]);
        assert_eq!(exported, arrays());
        assert_eq!(layout().import("", &exported, f32::is_finite), Ok(vec![1.0, 2.0, 3.0]));
        assert_eq!(layout().name_at(1), "a");
        assert_eq!(layout().name_at(2), "b");
    }

    #[test]
    fn what_does_not_fit_is_named() {
        let refuse = |change: fn(&mut Vec<NamedArray>), words: &str| {
            let mut arrays = arrays();
            change(&mut arrays);
            let known = ["a".to_owned(), "b".to_owned()];
            let error = layout().import("", &arrays, f32::is_finite).err();
            let error = error.or_else(|| refuse_others(&known, &arrays).err()).unwrap();
            assert_eq!(error.to_string(), words);
        };
        refuse(|it| it.truncate(1), "no array `b`; one of shape [1] is needed");
        refuse(|it| it[0].1 = vec![1, 2], "the array `a` has shape [1, 2], where [2, 1] is needed");
        refuse(|it| it[0].2.push(0.0), "the array `a` holds 3 numbers, where its shape has 2");
        refuse(|it| it[1].2[0] = f32::NAN, "the array `b` holds NaN at place 0");
        refuse(
            |it| it.push(("c".to_owned(), vec![], vec![1.0])),
            "the array `c` of shape [] has no place here",
        );
        refuse(|it| it.push(it[0].clone()), "the array `a` of shape [2, 1] has no place here");
    }

    #[test]
    fn every_part_is_in_the_digest() {
        let base = digest(&arrays());
        let changed = |change: fn(&mut Vec<NamedArray>)| {
            let mut arrays = arrays();
            change(&mut arrays);
            digest(&arrays)
        };
        assert_eq!(base, digest(&arrays()));
        assert_ne!(base, changed(|it| it[0].0.push('x')));
        assert_ne!(base, changed(|it| it[0].1 = vec![1, 2]));
        assert_ne!(base, changed(|it| it[1].2[0] = -3.0));
        assert_ne!(base, changed(|it| it.swap(0, 1)));
        assert_ne!(changed(|it| it[1].2[0] = 0.0), changed(|it| it[1].2[0] = -0.0));
    }
}
