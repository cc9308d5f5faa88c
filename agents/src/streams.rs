//! Named streams of random words: one for each consumer, so that nobody's draws depend on who else
//! draws, or on what was done with them.

use rand_chacha::ChaCha8Core;
use rand_chacha::rand_core::SeedableRng;
use rand_chacha::rand_core::block::Generator;

/// Separates these keys from every other use of BLAKE3.
const CONTEXT: &str = "replay 2026-11 agents random stream";

/// A stream of 64-bit words that a master seed and a name determine: `ChaCha8` under the key
/// `BLAKE3-derive-key(context, seed as 8 bytes, little-endian, then the name)`.
///
/// A consumer takes the same number of words each step, used or not, and each word by its place.
/// Two runs of one seed therefore give it the same words at the same step whatever else differs.
#[derive(Clone, Debug)]
pub struct Stream {
    cipher: ChaCha8Core,
    /// Four blocks of the cipher: 32 words, low halves first.
    halves: [u32; HALVES],
    /// Halves that were taken.
    taken: usize,
}

const HALVES: usize = 64;

impl Stream {
    /// The stream of a consumer such as `fair-value` or `noise/3`. Cost: one hash.
    pub fn new(seed: u64, name: &str) -> Self {
        let mut key = blake3::Hasher::new_derive_key(CONTEXT);
        key.update(&seed.to_le_bytes());
        key.update(name.as_bytes());
        let cipher = ChaCha8Core::from_seed(*key.finalize().as_bytes());
        Self { cipher, halves: [0; HALVES], taken: HALVES }
    }

    /// The next `N` words.
    pub fn words<const N: usize>(&mut self) -> [u64; N] {
        std::array::from_fn(|_| {
            if self.taken == HALVES {
                self.cipher.generate(&mut self.halves);
                self.taken = 0;
            }
            let (low, high) = (self.halves[self.taken], self.halves[self.taken + 1]);
            self.taken += 2;
            (u64::from(high) << 32) | u64::from(low)
        })
    }
}

#[cfg(test)]
mod tests {
    use rand_chacha::ChaCha8Rng;
    use rand_chacha::rand_core::{Rng, SeedableRng};

    use super::{CONTEXT, Stream};

    #[test]
    fn a_stream_is_its_seed_and_name() {
        let words = |seed, name| Stream::new(seed, name).words::<4>();
        assert_eq!(words(42, "noise/3"), words(42, "noise/3"));
        assert_ne!(words(42, "noise/3"), words(43, "noise/3"));
        assert_ne!(words(42, "noise/3"), words(42, "noise/4"));
    }

    #[test]
    fn words_are_frozen() {
        let words = Stream::new(42, "fair-value").words::<3>();
        assert_eq!(words, [0xc251_57fc_8832_8d63, 0x3f5b_d4af_cef6_979e, 0x1ded_9960_b92d_4d59],);
    }

    #[test]
    fn words_are_those_of_the_cipher_in_any_portions() {
        let key = blake3::derive_key(CONTEXT, &[&7_u64.to_le_bytes()[..], b"maker/0"].concat());
        let mut cipher = ChaCha8Rng::from_seed(key);
        let mut stream = Stream::new(7, "maker/0");
        for _ in 0..100 {
            let [one] = stream.words();
            let more: [u64; 7] = stream.words();
            assert_eq!(one, cipher.next_u64());
            assert_eq!(more, std::array::from_fn(|_| cipher.next_u64()));
        }
    }
}
