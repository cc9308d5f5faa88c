//! Foreign file formats on one side, kernel commands and events on the other.
//!
//! Architecture invariants: no printing, no paths, no clock; functions take readers and writers;
//! nothing that a foreign file holds makes them panic.

pub mod base64;
pub mod checkpoint;
pub mod daily;
pub mod lobster;
pub mod note;
pub mod plain;
pub mod render;
pub mod settings;
pub mod state;
pub mod tables;
mod words;
