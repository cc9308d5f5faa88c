//! The field's public matching benchmark (`flash1-dev/matching-engine-benchmark`) over the kernel:
//! the C interface that its harness loads, its workload, and the report stream that it hashes.
//!
//! Read in this order: [`adapter`] (messages in, reports out), [`report`] (what is hashed),
//! [`workload`] (the five scenarios), [`ring`] (the report transport), [`layout`] and [`abi`] (the C
//! interface; `abi` is the only file of the project with unsafe code).
//!
//! Nothing here is the benchmark's code: all of it is written from its published contract.

pub mod abi;
pub mod adapter;
pub mod layout;
mod live;
pub mod report;
pub mod ring;
pub mod workload;
