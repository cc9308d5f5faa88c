//! What PyTorch and NumPy compute, as `tools/torch_reference.py` wrote it down.

use serde_json::Value;
use tch::{Kind, Tensor};

use crate::arrays::NamedArray;

/// Differences are allowed up to this, of the largest number of an array. What is written down was
/// computed in f64; a result in f32 rounds to 6 · 10⁻⁸ of each number that it is made of.
pub(crate) const TOLERANCE: f64 = 1e-6;

/// A file of references.
pub(crate) struct Reference(Value);

impl Reference {
    /// `text` - the file.
    pub(crate) fn new(text: &str) -> Self {
        Self(serde_json::from_str(text).unwrap())
    }

    /// What lies within, by its name.
    pub(crate) fn get(&self, name: &str) -> Self {
        let found = self.0.get(name);
        Self(found.unwrap_or_else(|| panic!("{name} is in the reference")).clone())
    }

    /// Items of a list.
    pub(crate) fn items(&self) -> Vec<Self> {
        self.0.as_array().unwrap().iter().map(|item| Self(item.clone())).collect()
    }

    pub(crate) fn number(&self, name: &str) -> f64 {
        self.get(name).0.as_f64().unwrap()
    }

    pub(crate) fn sizes(&self, name: &str) -> Vec<usize> {
        let list = self.numbers(name);
        list.into_iter().map(|size| format!("{size}").parse().unwrap()).collect()
    }

    /// All numbers of an array, however deep it is.
    pub(crate) fn numbers(&self, name: &str) -> Vec<f64> {
        let mut numbers = Vec::new();
        flatten(&self.get(name).0, &mut numbers);
        numbers
    }

    pub(crate) fn floats(&self, name: &str) -> Vec<f32> {
        self.numbers(name).into_iter().map(narrow).collect()
    }

    pub(crate) fn bools(&self, name: &str) -> Vec<bool> {
        self.numbers(name).into_iter().map(|number| number != 0.0).collect()
    }

    fn size(&self, name: &str) -> Vec<i64> {
        let mut size = Vec::new();
        let mut value = &self.get(name).0;
        while let Some(list) = value.as_array() {
            size.push(i64::try_from(list.len()).unwrap());
            value = &list[0];
        }
        size
    }

    /// An array as a tensor of f32.
    pub(crate) fn tensor(&self, name: &str) -> Tensor {
        Tensor::from_slice(&self.floats(name)).view(self.size(name).as_slice())
    }

    pub(crate) fn integers(&self, name: &str) -> Tensor {
        self.tensor(name).to_kind(Kind::Int64)
    }

    pub(crate) fn masks(&self, name: &str) -> Tensor {
        self.tensor(name).to_kind(Kind::Bool)
    }

    /// Named arrays of an object.
    pub(crate) fn arrays(&self, name: &str) -> Vec<NamedArray> {
        let object = self.get(name);
        let names = object.0.as_object().unwrap().keys();
        names.map(|name| (name.clone(), object.size(name), object.floats(name))).collect()
    }
}

fn flatten(value: &Value, numbers: &mut Vec<f64>) {
    match value {
        Value::Array(list) => list.iter().for_each(|value| flatten(value, numbers)),
        Value::Bool(is) => numbers.push(f64::from(u8::from(*is))),
        Value::Number(number) => numbers.push(number.as_f64().unwrap()),
        Value::Null | Value::String(_) | Value::Object(_) => panic!("{value} is no number"),
    }
}

#[expect(clippy::cast_possible_truncation, reason = "the nearest f32 is meant")]
fn narrow(number: f64) -> f32 {
    number as f32
}

/// Numbers of a tensor.
pub(crate) fn numbers(tensor: &Tensor) -> Vec<f64> {
    let mut numbers = vec![0.0_f64; tensor.numel()];
    tensor.to_kind(Kind::Double).copy_data(&mut numbers, tensor.numel());
    numbers
}

/// Whether numbers are what they should be.
#[track_caller]
pub(crate) fn assert_near(what: &str, found: &[f64], expected: &[f64]) {
    assert_eq!(found.len(), expected.len(), "{what}");
    let largest = expected.iter().fold(1e-30_f64, |largest, number| largest.max(number.abs()));
    for (place, (found, expected)) in found.iter().zip(expected).enumerate() {
        let off = (found - expected).abs() / largest;
        assert!(off <= TOLERANCE, "{what} at {place}: {found}, where {expected} belongs ({off:e})");
    }
}

/// Whether named arrays are what they should be.
#[track_caller]
pub(crate) fn assert_arrays_near(what: &str, found: &[NamedArray], expected: &[NamedArray]) {
    assert_eq!(found.len(), expected.len(), "{what}");
    for (name, shape, values) in found {
        let (_, expected_shape, expected) = expected.iter().find(|(it, ..)| it == name).unwrap();
        assert_eq!(shape, expected_shape, "{what}: {name}");
        let wide = |values: &[f32]| values.iter().map(|&it| f64::from(it)).collect::<Vec<_>>();
        assert_near(&format!("{what}: {name}"), &wide(values), &wide(expected));
    }
}
