//! The language: what texts mean, what is wrong with others, and what is printed.

mod arbitrary;
mod errors;
mod grammar;
mod monotone;
mod values;
mod zones;
