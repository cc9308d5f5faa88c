//! The parts of a checkpoint's file, taken out one after the other, so that what is left is foreign.

use std::collections::BTreeMap;
use std::str::FromStr;

use agents::Kind;
use replay::Digest;

use crate::arrays::{Array, Arrays, Numbers};
use crate::checkpoint::{CheckpointError, Environment, Learner, LogPlace, Tensor, Tensors};

/// Adds a list for each of some named values.
pub(super) fn insert<T>(
    file: &mut Arrays,
    part: &str,
    values: &BTreeMap<String, T>,
    numbers: impl Fn(&T) -> Numbers,
) {
    for (name, value) in values {
        file.arrays.insert(format!("{part}/{name}"), Array::list(numbers(value)));
    }
}

/// What is left of a file.
pub(super) struct Parts(Arrays);

impl Parts {
    pub(super) const fn new(file: Arrays) -> Self {
        Self(file)
    }

    pub(super) fn text(&mut self, name: &str) -> Result<String, CheckpointError> {
        let text = self.0.texts.remove(name);
        text.ok_or_else(|| CheckpointError::Missing { name: name.to_owned() })
    }

    /// A text of a type that has one form.
    pub(super) fn parsed<T: FromStr + ToString>(
        &mut self,
        name: &str,
    ) -> Result<T, CheckpointError> {
        let text = self.text(name)?;
        let value: Option<T> = text.parse().ok();
        value.filter(|value| value.to_string() == text).ok_or_else(|| shape(name))
    }

    fn array(&mut self, name: &str) -> Result<Array, CheckpointError> {
        let array = self.0.arrays.remove(name);
        array.ok_or_else(|| CheckpointError::Missing { name: name.to_owned() })
    }

    /// All arrays under a name.
    pub(super) fn all<T>(
        &mut self,
        part: &str,
        read: impl Fn(&Array) -> Option<T>,
    ) -> Result<BTreeMap<String, T>, CheckpointError> {
        let prefix = format!("{part}/");
        let mut values = BTreeMap::new();
        while let Some(full) = self.first_with(&prefix) {
            let value = read(&self.array(&full)?).ok_or_else(|| shape(&full))?;
            values.insert(full.split_at(prefix.len()).1.to_owned(), value);
        }
        Ok(values)
    }

    fn first_with(&self, prefix: &str) -> Option<String> {
        let (name, _) = self.0.arrays.range(prefix.to_owned()..).next()?;
        name.starts_with(prefix).then(|| name.clone())
    }

    pub(super) fn learners(&mut self) -> Result<BTreeMap<Kind, Learner>, CheckpointError> {
        let mut learners = BTreeMap::new();
        for kind in Kind::ALL {
            let name = format!("learner/{}", kind.name());
            match self.0.texts.remove(&name).as_deref() {
                None => continue,
                Some("") => {}
                Some(_) => return Err(shape(&name)),
            }
            let policy: Tensors = self.all(&format!("policy/{}", kind.name()), tensor)?;
            let optimiser: Tensors = self.all(&format!("optimiser/{}", kind.name()), tensor)?;
            learners.insert(kind, Learner { policy, optimiser });
        }
        Ok(learners)
    }

    pub(super) fn environments(&mut self) -> Result<Vec<Environment>, CheckpointError> {
        const ROWS: &str = "environments/rows";
        const HEADS: &str = "environments/heads";
        let (rows, heads) = (self.array(ROWS)?, self.array(HEADS)?);
        let Numbers::U64(numbers) = rows.numbers() else { return Err(shape(ROWS)) };
        let Numbers::U8(bytes) = heads.numbers() else { return Err(shape(HEADS)) };
        let count = rows.shape().first().copied().unwrap_or(0);
        if *rows.shape() != [count, 4] {
            return Err(shape(ROWS));
        }
        if *heads.shape() != [count, 32] {
            return Err(shape(HEADS));
        }
        let rows = numbers.as_chunks().0.iter().zip(bytes.as_chunks().0);
        rows.map(|([life, seed, steps, entry], head)| {
            let life = u32::try_from(*life).map_err(|_| shape(ROWS))?;
            let log = LogPlace { entry: *entry, head: Digest(*head) };
            Ok(Environment { life, seed: *seed, steps: *steps, log })
        })
        .collect()
    }

    pub(super) fn train_log(&mut self) -> Result<LogPlace, CheckpointError> {
        const ENTRY: &str = "train_log/entry";
        const HEAD: &str = "train_log/head";
        let entry = one_u64(&self.array(ENTRY)?).ok_or_else(|| shape(ENTRY))?;
        let head = bytes(&self.array(HEAD)?).and_then(|it| it.try_into().ok());
        Ok(LogPlace { entry, head: Digest(head.ok_or_else(|| shape(HEAD))?) })
    }

    pub(super) fn check_empty(self) -> Result<(), CheckpointError> {
        let name = self.0.arrays.into_keys().chain(self.0.texts.into_keys()).next();
        name.map_or(Ok(()), |name| Err(CheckpointError::Unknown { name }))
    }
}

fn shape(name: &str) -> CheckpointError {
    CheckpointError::Shape { name: name.to_owned() }
}

fn tensor(array: &Array) -> Option<Tensor> {
    let Numbers::F32(numbers) = array.numbers() else { return None };
    Some(Tensor { shape: array.shape().to_vec(), numbers: numbers.clone() })
}

pub(super) fn one_u64(array: &Array) -> Option<u64> {
    match (array.shape(), array.numbers()) {
        ([1], Numbers::U64(numbers)) => numbers.first().copied(),
        _ => None,
    }
}

pub(super) fn one_i64(array: &Array) -> Option<i64> {
    match (array.shape(), array.numbers()) {
        ([1], Numbers::I64(numbers)) => numbers.first().copied(),
        _ => None,
    }
}

pub(super) fn bytes(array: &Array) -> Option<Vec<u8>> {
    match (array.shape(), array.numbers()) {
        ([_], Numbers::U8(bytes)) => Some(bytes.clone()),
        _ => None,
    }
}
