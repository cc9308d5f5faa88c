//! Everything that a run started from, carried whole in the log's header: a replay asks nobody for
//! configuration.

use std::collections::BTreeMap;

use crate::chain::Digest;

/// What a log starts from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Genesis {
    /// Rules, limits and endowments of the market.
    pub market: kernel::Genesis,
    /// Master seed of the producer; 0 where nothing was drawn.
    pub seed: u64,
    /// Who wrote the entries: `import-lobster`, `demo`, … Not the build: that stands in `LOG.note`.
    pub producer: String,
    /// The producer's parameters, as canonical text.
    pub parameters: BTreeMap<String, String>,
    /// For a fork: where it left its parent.
    pub parent: Option<Parent>,
}

/// Where a fork left its parent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parent {
    /// Seal of the parent's last sealed block at or before `entry`.
    pub seal: Digest,
    /// Number of the last entry that parent and fork share.
    pub entry: u64,
    /// Head of the parent at `entry`.
    pub head: Digest,
}

impl Genesis {
    /// A genesis of a market, by this producer, without seed, parameters or parent.
    pub fn new(market: kernel::Genesis, producer: &str) -> Self {
        Self {
            market,
            seed: 0,
            producer: producer.to_owned(),
            parameters: BTreeMap::new(),
            parent: None,
        }
    }
}
