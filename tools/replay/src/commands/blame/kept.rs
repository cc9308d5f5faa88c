//! The first and the last of a list that may be long.

use std::collections::VecDeque;

/// So many of each; what lies between is counted.
#[derive(Clone, Debug)]
pub(super) struct Kept<T> {
    /// `None` keeps all.
    half: Option<usize>,
    first: Vec<T>,
    last: VecDeque<T>,
    /// How many there were.
    total: u64,
}

impl<T> Kept<T> {
    /// Keeps so many at the most.
    pub(super) const fn new(limit: Option<usize>) -> Self {
        let half = match limit {
            Some(limit) => Some(limit.div_ceil(2)),
            None => None,
        };
        Self { half, first: Vec::new(), last: VecDeque::new(), total: 0 }
    }

    pub(super) fn push(&mut self, item: T) {
        self.total += 1;
        match self.half {
            Some(half) if half <= self.first.len() => {
                self.last.push_back(item);
                if half < self.last.len() {
                    self.last.pop_front();
                }
            }
            Some(_) | None => self.first.push(item),
        }
    }

    /// How many are not kept.
    pub(super) fn missing(&self) -> u64 {
        self.total - (self.first.len() + self.last.len()) as u64
    }

    /// The first ones.
    pub(super) fn first(&self) -> &[T] {
        &self.first
    }

    /// Those kept, in their order.
    pub(super) fn iter(&self) -> impl Iterator<Item = &T> {
        self.first.iter().chain(&self.last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_and_the_last_are_kept_and_the_others_counted() {
        let mut kept = Kept::new(Some(4));
        (1..=9).for_each(|number| kept.push(number));
        assert_eq!(kept.iter().copied().collect::<Vec<_>>(), [1, 2, 8, 9]);
        assert_eq!((kept.missing(), kept.first()), (5, &[1, 2][..]));
        let mut kept = Kept::new(None);
        (1..=9).for_each(|number| kept.push(number));
        assert_eq!((kept.iter().count(), kept.missing()), (9, 0));
        let mut kept = Kept::new(Some(0));
        kept.push(1);
        assert_eq!((kept.iter().count(), kept.missing()), (0, 1));
    }
}
