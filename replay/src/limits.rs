//! What a reader accepts of a foreign log.
//!
//! The format bounds everything that is read in one piece (FORMAT.md §8): a genesis, an entry, a
//! block, a tail. What is left are the few numbers that a log of a few kilobytes can set and that
//! memory or time then follow. Each has a limit here, and a reader that means it says more.

use std::fmt;

use crate::error::LogError;
use crate::header::Header;

/// What a reader accepts of a foreign log.
///
/// Not here, because something else bounds it: `levels_max` of a genesis, since no more levels are
/// occupied than orders rest; the exempt clients, endowments and parameters of a genesis, which take
/// its bytes; entries and blocks, which take the log's bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReadLimits {
    /// Largest `orders_max` of a genesis: an order that rests costs a replay some 80 bytes.
    pub orders_max: u32,
    /// Largest `clients_max` of a genesis: accounts are dense, 48 bytes each, so one order of the
    /// last client costs as much as orders of all.
    pub clients_max: u32,
    /// Most bytes of a plain log, its header included. A file is as long as it is, but a compacted
    /// log of some megabytes may hold a plain one of gigabytes, and reading takes time in proportion.
    pub log_bytes_max: u64,
}

/// A limit by which a log was refused, and that whoever reads it may set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LimitName {
    /// [`ReadLimits::orders_max`]
    Orders,
    /// [`ReadLimits::clients_max`]
    Clients,
    /// [`ReadLimits::log_bytes_max`]
    LogBytes,
}

impl LimitName {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Orders, Self::Clients, Self::LogBytes];

    /// What it is called.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Orders => "orders",
            Self::Clients => "clients",
            Self::LogBytes => "log-bytes",
        }
    }

    /// What there is too much of.
    pub const fn what(self) -> &'static str {
        match self {
            Self::Orders => "orders_max of the genesis",
            Self::Clients => "clients_max of the genesis",
            Self::LogBytes => "bytes of the plain log",
        }
    }
}

impl fmt::Display for LimitName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl ReadLimits {
    /// Four million live orders, a third of a gibibyte; a quarter of a million clients, 12 MiB; a log
    /// of a tebibyte.
    pub const DEFAULT: Self =
        Self { orders_max: 1 << 22, clients_max: 1 << 18, log_bytes_max: 1 << 40 };

    /// Whatever the format allows: for logs of one's own.
    pub const NONE: Self =
        Self { orders_max: u32::MAX, clients_max: u32::MAX, log_bytes_max: u64::MAX };

    /// One of them.
    pub fn get(&self, name: LimitName) -> u64 {
        match name {
            LimitName::Orders => self.orders_max.into(),
            LimitName::Clients => self.clients_max.into(),
            LimitName::LogBytes => self.log_bytes_max,
        }
    }

    /// Changes one of them. What does not fit is more than any log has, and sets no limit.
    pub fn set(&mut self, name: LimitName, value: u64) {
        let narrow = |value| u32::try_from(value).unwrap_or(u32::MAX);
        match name {
            LimitName::Orders => self.orders_max = narrow(value),
            LimitName::Clients => self.clients_max = narrow(value),
            LimitName::LogBytes => self.log_bytes_max = value,
        }
    }

    /// Whether a log with this header keeps to them.
    pub(crate) fn check(&self, header: &Header) -> Result<(), LogError> {
        let market = &header.genesis.market.limits;
        self.check_one(LimitName::Orders, market.orders_max.into())?;
        self.check_one(LimitName::Clients, market.clients_max.into())?;
        self.check_one(LimitName::LogBytes, header.bytes)
    }

    /// Whether so much keeps to one of them.
    pub(crate) fn check_one(&self, name: LimitName, found: u64) -> Result<(), LogError> {
        check_limit(name.what(), found, self.get(name))
    }
}

/// Compares a number with a limit, of these or of the format.
pub(crate) const fn check_limit(
    what: &'static str,
    found: u64,
    limit: u64,
) -> Result<(), LogError> {
    if limit < found { Err(LogError::Limit { what, found, limit }) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_limit_is_set_and_got_by_its_name() {
        for name in LimitName::ALL {
            let mut limits = ReadLimits::DEFAULT;
            limits.set(name, 7);
            for other in LimitName::ALL {
                let expected = if other == name { 7 } else { ReadLimits::DEFAULT.get(other) };
                assert_eq!(limits.get(other), expected, "{name} set, {other} got");
            }
            limits.set(name, u64::MAX);
            assert_eq!(limits.get(name), ReadLimits::NONE.get(name), "{name}");
        }
    }
}
