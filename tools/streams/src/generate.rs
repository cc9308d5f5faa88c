//! The recipe, draw by draw. Any other order of draws makes another stream.

use kernel::Side;

use crate::book::PlainBook;
use crate::recent::{Recent, Resting};
use crate::{Expected, Operation, Recipe, Stream};

const MIDDLE: u32 = 32_768;
const MIDDLE_MIN: u32 = 16_384;
const MIDDLE_MAX: u32 = 49_152;
/// Highest middle of a stream that jumps.
const JUMP_MAX: u32 = (1 << 31) - MIDDLE_MIN;
const DISTANCE_MAX: u32 = 4_095;
/// Prices that stand for "at any price" in the records of market orders.
const ANY_PRICE: [u32; 2] = [65_534, 1];

/// Steele, Lea and Flood's `SplitMix64`.
struct SplitMix(u64);

impl SplitMix {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut word = self.0;
        word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        word ^ (word >> 31)
    }

    /// 0..bound.
    fn below(&mut self, bound: u32) -> u32 {
        u32::try_from(self.next() % u64::from(bound)).unwrap_or(0)
    }
}

/// The operations of a recipe one after the other, in memory that follows the live orders.
pub struct Generator {
    recipe: Recipe,
    /// How many operations were made.
    made: usize,
    rng: SplitMix,
    middle: u32,
    book: PlainBook,
    live: Vec<u32>,
    resting: Recent,
    /// Side and price of the order cancelled last.
    cancelled: (Side, u32),
    result: Expected,
}

/// Makes a stream. Cost: some seconds for a million live orders.
pub fn generate(recipe: Recipe) -> Stream {
    let mut generator = Generator::new(recipe);
    let untimed = recipe.live as usize;
    let mut operations = Vec::with_capacity(untimed + recipe.operations as usize);
    let mut hasher = blake3::Hasher::new();
    while let Some(operation) = generator.next() {
        hasher.update(&generator.record(operation));
        operations.push(operation);
    }
    let (expected, digest) = (generator.result, hasher.finalize());
    Stream { recipe, operations, untimed, expected, digest }
}

impl Iterator for Generator {
    type Item = Operation;

    fn next(&mut self) -> Option<Operation> {
        let untimed = self.recipe.live as usize;
        if self.made == untimed + self.recipe.operations as usize {
            return None;
        }
        if self.made == untimed {
            self.result = Expected::default();
        }
        self.made += 1;
        Some(self.step(self.made <= untimed))
    }
}

impl Generator {
    /// Before the first operation.
    pub fn new(recipe: Recipe) -> Self {
        Self {
            recipe,
            made: 0,
            rng: SplitMix(recipe.seed),
            middle: MIDDLE,
            book: PlainBook::default(),
            live: Vec::new(),
            resting: Recent::default(),
            cancelled: (Side::Buy, 0),
            result: Expected::default(),
        }
    }

    /// What a plain price-time book made of the timed operations so far.
    pub const fn result(&self) -> Expected {
        self.result
    }

    fn step(&mut self, is_untimed: bool) -> Operation {
        match self.rng.next() & 63 {
            0 => self.middle += 1,
            1 => self.middle -= 1,
            _ => {}
        }
        if self.recipe.jump_mask == 0 {
            self.middle = self.middle.clamp(MIDDLE_MIN, MIDDLE_MAX);
        } else if self.rng.next() & self.recipe.jump_mask == 0 {
            self.middle = MIDDLE_MIN + self.rng.below(JUMP_MAX - MIDDLE_MIN);
        }
        let choice = self.rng.below(100);
        let (wanted, live) = (self.recipe.live as usize, self.live.len());
        let (mut adds, mut cancels) = (choice < 55, (55..90).contains(&choice));
        if is_untimed {
            (adds, cancels) = (true, false);
        } else if adds && wanted + wanted / 4 < live {
            (adds, cancels) = (false, true);
        } else if cancels && live < wanted - wanted / 4 {
            (adds, cancels) = (true, false);
        }
        if cancels {
            return self.cancel();
        }
        let side = if self.rng.next() & 1 == 0 { Side::Buy } else { Side::Sell };
        if adds { self.add(side) } else { self.take(side) }
    }

    fn cancel(&mut self) -> Operation {
        let len = u32::try_from(self.live.len()).unwrap_or(u32::MAX);
        let index = self.rng.below(len) as usize;
        let id = self.live[index];
        let Resting { side, price, .. } = self.forget(id);
        self.cancelled = (side, price);
        self.book.cancel(side, price, id);
        Operation::Cancel { id }
    }

    fn add(&mut self, side: Side) -> Operation {
        let mut distance = 1;
        while self.rng.next() & self.recipe.distance_mask != 0 && distance < DISTANCE_MAX {
            distance += 1;
        }
        let opposite = self.book.best(side.opposite());
        let price = match side {
            Side::Buy => {
                let price = self.middle - distance;
                opposite.map_or(price, |ask| price.min(ask - 1))
            }
            Side::Sell => {
                let price = self.middle + distance;
                opposite.map_or(price, |bid| price.max(bid + 1))
            }
        };
        let qty = 1 + self.rng.below(100);
        let id = self.next_id();
        self.rest(id, side, price, qty);
        Operation::Limit { id, side, price, qty }
    }

    fn take(&mut self, side: Side) -> Operation {
        let qty = 1 + self.rng.below(200);
        let is_limit = self.rng.next() & 1 == 0;
        let limit = if is_limit {
            let best = self.book.best(side.opposite()).unwrap_or(self.middle);
            let through = self.rng.below(4);
            Some(match side {
                Side::Buy => best + through,
                Side::Sell => best - through,
            })
        } else {
            None
        };
        let id = self.next_id();
        let taken = self.book.take(side, limit, qty, &mut self.result);
        for maker in taken.gone {
            self.forget(maker);
        }
        let Some(price) = limit else {
            assert!(taken.left == 0, "a market order fills");
            return Operation::Market { id, side, qty };
        };
        if 0 < taken.left {
            self.rest(id, side, price, taken.left);
        }
        Operation::Limit { id, side, price, qty }
    }

    fn next_id(&mut self) -> u32 {
        self.resting.next_id()
    }

    fn rest(&mut self, id: u32, side: Side, price: u32, qty: u32) {
        self.book.rest(side, price, id, qty);
        self.resting.insert(id, Resting { side, price, index: self.live.len() });
        self.live.push(id);
    }

    /// An operation in the recipe's file format: 16 bytes. A cancel repeats side and price of its order.
    fn record(&self, operation: Operation) -> [u8; 16] {
        let (id, price, qty, kind, side) = match operation {
            Operation::Limit { id, side, price, qty } => (id, price, qty, 0, side),
            Operation::Cancel { id } => {
                let (side, price) = self.cancelled;
                (id, price, 0, 1, side)
            }
            Operation::Market { id, side, qty } => (id, ANY_PRICE[side_bit(side)], qty, 2, side),
        };
        let mut bytes = [0; 16];
        bytes[..4].copy_from_slice(&id.to_le_bytes());
        bytes[4..8].copy_from_slice(&price.to_le_bytes());
        bytes[8..12].copy_from_slice(&qty.to_le_bytes());
        bytes[12] = kind;
        bytes[13] = u8::from(side == Side::Sell);
        bytes
    }

    /// Takes an order off the list of live ones; the last of the list takes its place.
    fn forget(&mut self, id: u32) -> Resting {
        let forgotten = self.resting.remove(id);
        self.live.swap_remove(forgotten.index);
        if let Some(moved) = self.live.get(forgotten.index) {
            self.resting.get(*moved).index = forgotten.index;
        }
        forgotten
    }
}

fn side_bit(side: Side) -> usize {
    usize::from(side == Side::Sell)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::S4K;

    #[test]
    fn s4k_is_the_published_stream() {
        let stream = generate(S4K);
        let Expected { trades, volume, notional } = stream.expected;
        assert_eq!((trades, volume, notional), (566_142, 19_408_745, 630_401_307_895));
        let count =
            |is: fn(&Operation) -> bool| stream.operations.iter().filter(|it| is(it)).count();
        assert_eq!(count(|it| matches!(it, Operation::Cancel { .. })), 714_561);
        assert_eq!(count(|it| matches!(it, Operation::Market { .. })), 100_131);
        assert_eq!(
            stream.digest.to_hex().as_str(),
            "f8318aa4b65fd8beebaae3185a5fad67692c501260384b0cf22ee67e9fefc01c"
        );
    }
}
