//! The bytes of one execution, taken from the front.
//!
//! Every value has a place of its own and what is missing is zero, so a byte that a fuzzer changes
//! changes one thing, one that it inserts moves the rest along, and seeds can be written by hand.

/// Bytes that decide what a target does.
#[derive(Clone, Debug)]
pub struct Input<'a>(&'a [u8]);

impl<'a> Input<'a> {
    /// All of these bytes.
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// Whether every byte was taken.
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The next bytes; fewer where there are fewer.
    pub fn slice(&mut self, len: usize) -> &'a [u8] {
        let (taken, rest) = self.0.split_at(len.min(self.0.len()));
        self.0 = rest;
        taken
    }

    /// All bytes that are left.
    pub fn rest(&mut self) -> &'a [u8] {
        self.slice(usize::MAX)
    }

    fn array<const N: usize>(&mut self) -> [u8; N] {
        let taken = self.slice(N);
        let mut array = [0; N];
        array[..taken.len()].copy_from_slice(taken);
        array
    }

    /// One byte.
    pub fn u8(&mut self) -> u8 {
        let [byte] = self.array();
        byte
    }

    /// A number below a bound, which is not 0.
    pub fn below(&mut self, bound: u8) -> u8 {
        self.u8() % bound
    }

    /// A number below a bound, which is not 0, as an index.
    pub fn index(&mut self, bound: usize) -> usize {
        usize::from(self.u8()) % bound.max(1)
    }

    /// The lowest bit of one byte.
    pub fn flag(&mut self) -> bool {
        self.u8() & 1 == 1
    }

    /// Two bytes.
    pub fn u16(&mut self) -> u16 {
        u16::from_le_bytes(self.array())
    }

    /// Four bytes.
    pub fn u32(&mut self) -> u32 {
        u32::from_le_bytes(self.array())
    }

    /// Eight bytes.
    pub fn u64(&mut self) -> u64 {
        u64::from_le_bytes(self.array())
    }

    /// A place in so many bytes, or right behind them.
    pub fn place(&mut self, len: usize) -> usize {
        let number = if len < 1 << 16 { self.u16().into() } else { self.u32() };
        usize::try_from(number).unwrap_or(0) % (len + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_zero() {
        let mut input = Input::new(&[1, 2, 3]);
        assert_eq!((input.u8(), input.u32(), input.u64()), (1, 0x302, 0));
        assert!(input.is_empty() && input.rest().is_empty());
        assert_eq!((input.place(0), input.place(9)), (0, 0));
    }
}
