//! The books, each behind an adapter that says how an operation of a stream becomes one of its own.

mod limitbook;
mod lobster;
mod matchcore;
mod orderbook_rs;
mod ours;
mod rust_ob;

use streams::{Expected, Operation};

/// What a book made of its operations.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Made {
    /// Trades, lots and notional, as the book reports them.
    pub(crate) traded: Expected,
    /// Operations that it refused; a right book refuses none.
    pub(crate) refused: u64,
}

impl Made {
    pub(crate) fn trade(&mut self, price: u64, qty: u64) {
        self.traded.trades += 1;
        self.traded.volume = self.traded.volume.wrapping_add(qty);
        self.traded.notional = self.traded.notional.wrapping_add(price.wrapping_mul(qty));
    }
}

/// A book with nothing in it yet, or what became of it.
pub(crate) trait Book {
    /// Applies one operation and reads its trades.
    fn apply(&mut self, operation: Operation, made: &mut Made);

    /// Applies some operations in turn. Costs one call through a table, not one for each.
    fn run(&mut self, operations: &[Operation], made: &mut Made) {
        for operation in operations {
            self.apply(*operation, made);
        }
    }
}

/// How to make a book.
pub(crate) struct Maker {
    /// Name and version.
    pub(crate) name: &'static str,
    /// A new book that will hold so many live orders, where its interface can be told.
    pub(crate) open: fn(u32) -> Box<dyn Book>,
}

/// All books; the first is our kernel.
pub(crate) fn all() -> Vec<Maker> {
    vec![
        Maker { name: ours::NAME, open: ours::open },
        Maker { name: ours::NAME_AHEAD, open: ours::open_ahead },
        Maker { name: matchcore::NAME, open: matchcore::open },
        Maker { name: lobster::NAME, open: lobster::open },
        Maker { name: rust_ob::NAME, open: rust_ob::open },
        Maker { name: limitbook::NAME, open: limitbook::open },
        Maker { name: orderbook_rs::NAME, open: orderbook_rs::open },
    ]
}

#[cfg(test)]
mod tests {
    use kernel::Side;

    use super::*;

    const OPERATIONS: [Operation; 6] = [
        Operation::Limit { id: 1, side: Side::Sell, price: 101, qty: 5 },
        Operation::Limit { id: 2, side: Side::Sell, price: 100, qty: 5 },
        Operation::Limit { id: 3, side: Side::Buy, price: 100, qty: 5 },
        // Whoever does not cancel, or cancels another, trades at 101 below.
        Operation::Cancel { id: 1 },
        Operation::Limit { id: 4, side: Side::Sell, price: 102, qty: 7 },
        Operation::Market { id: 5, side: Side::Buy, qty: 7 },
    ];

    #[test]
    fn every_adapter_maps_limits_cancels_and_markets() {
        for maker in all() {
            let (mut book, mut made) = ((maker.open)(8), Made::default());
            book.run(&OPERATIONS, &mut made);
            let traded = Expected { trades: 2, volume: 12, notional: 5 * 100 + 7 * 102 };
            assert_eq!(made, Made { traded, refused: 0 }, "{}", maker.name);
        }
    }

    #[test]
    fn every_adapter_sells_too_and_counts_refusals() {
        for maker in all() {
            let (mut book, mut made) = ((maker.open)(8), Made::default());
            book.run(
                &[
                    Operation::Limit { id: 1, side: Side::Buy, price: 98, qty: 3 },
                    Operation::Limit { id: 2, side: Side::Buy, price: 99, qty: 4 },
                    Operation::Market { id: 3, side: Side::Sell, qty: 4 },
                    Operation::Cancel { id: 2 },
                ],
                &mut made,
            );
            let traded = Expected { trades: 1, volume: 4, notional: 4 * 99 };
            // lobster answers every cancel alike.
            let refused = u64::from(!maker.name.starts_with("lobster"));
            assert_eq!(made, Made { traded, refused }, "{}", maker.name);
        }
    }

    #[test]
    fn names_tell_the_versions_of_the_lock_file() {
        let lock = include_str!("../../Cargo.lock");
        let mut words = all().into_iter().skip(2).map(|maker| maker.name.split_once(' '));
        assert!(words.all(|words| words.is_some_and(|(name, version)| {
            lock.contains(&format!("name = \"{name}\"\nversion = \"{version}\""))
        })));
    }
}
