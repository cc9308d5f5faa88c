//! One difference of two logs, and the list of those that are told.

use std::collections::BTreeMap;

use kernel::{ClientId, Reference};

use super::notes::NoteKey;

/// One of the two logs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Which {
    A,
    B,
}

impl Which {
    pub(super) const BOTH: [Self; 2] = [Self::A, Self::B];

    pub(super) const fn other(self) -> Self {
        match self {
            Self::A => Self::B,
            Self::B => Self::A,
        }
    }

    /// Its place in a pair.
    pub(super) const fn index(self) -> usize {
        match self {
            Self::A => 0,
            Self::B => 1,
        }
    }

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::A => "A",
            Self::B => "B",
        }
    }

    /// What stands before a line of what only this log has.
    pub(super) const fn sign(self) -> char {
        match self {
            Self::A => '-',
            Self::B => '+',
        }
    }

    /// One thing of each, in the order of the logs.
    pub(super) fn pair<T>(self, this: T, other: T) -> [T; 2] {
        match self {
            Self::A => [this, other],
            Self::B => [other, this],
        }
    }
}

/// Logical time and step: what two logs are read in step by.
pub(super) type Clock = (u64, u64);

/// Where something stands in a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct At {
    /// Logical time in nanoseconds, and step.
    pub(super) clock: Clock,
    /// Entries since the clock moved: near in both logs, while entry numbers drift apart.
    pub(super) place: u64,
    /// Number of the entry.
    pub(super) entry: u64,
}

/// Something that has two values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) values: [String; 2],
}

impl Field {
    pub(super) fn new(name: &str, a: impl Into<String>, b: impl Into<String>) -> Self {
        Self { name: name.to_owned(), values: [a.into(), b.into()] }
    }

    /// `None` when both values are equal.
    pub(super) fn between<T: PartialEq + ToString>(name: &str, a: &T, b: &T) -> Option<Self> {
        (a != b).then(|| Self::new(name, a.to_string(), b.to_string()))
    }
}

/// The fields by which two clocks differ: the step, or the time where steps are equal.
pub(super) fn clock_fields([step, time]: [&str; 2], a: Clock, b: Clock) -> Option<Field> {
    Field::between(step, &a.1, &b.1).or_else(|| Field::between(time, &a.0, &b.0))
}

/// An order as its producer knows it.
pub(super) type OrderName = (ClientId, Reference);

/// What a difference is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Subject {
    Order(OrderName),
    Trade { taker: OrderName, maker: OrderName },
    Decision { agent: u32 },
    Note(NoteKey),
}

/// How both logs differ in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Finding {
    /// Both have it, with other values.
    Fields(Vec<Field>),
    /// Only one has it.
    Only(Which, String),
}

/// One difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Difference {
    /// When it begins.
    pub(super) clock: Clock,
    /// The entries in which it begins, of each log that has one.
    pub(super) entries: [Option<u64>; 2],
    pub(super) subject: Subject,
    pub(super) finding: Finding,
}

/// The first differences by time, so many at the most.
#[derive(Clone, Debug)]
pub(super) struct Differences {
    /// `None` keeps all.
    limit: Option<usize>,
    total: u64,
    kept: BTreeMap<(Clock, u64, u64), Difference>,
}

impl Differences {
    pub(super) const fn new(limit: Option<usize>) -> Self {
        Self { limit, total: 0, kept: BTreeMap::new() }
    }

    /// Takes a difference that begins at these places; made only if it is among the first.
    pub(super) fn add(
        &mut self,
        places: [Option<At>; 2],
        make: impl FnOnce() -> (Subject, Finding),
    ) {
        self.total += 1;
        let Some(first) = places.iter().flatten().min_by_key(|at| (at.clock, at.place)) else {
            unreachable!("a difference is in one of the logs at least")
        };
        let rank = (first.clock, first.place, self.total);
        if let Some(limit) = self.limit.filter(|limit| *limit <= self.kept.len()) {
            let last = self.kept.last_key_value();
            if limit == 0 || last.is_some_and(|(last, _)| *last < rank) {
                return;
            }
            self.kept.pop_last();
        }
        let (subject, finding) = make();
        let entries = places.map(|at| at.map(|at| at.entry));
        self.kept.insert(rank, Difference { clock: first.clock, entries, subject, finding });
    }

    /// How many there are.
    pub(super) const fn total(&self) -> u64 {
        self.total
    }

    /// Those kept, by time.
    pub(super) fn list(&self) -> impl Iterator<Item = &Difference> {
        self.kept.values()
    }
}

/// How many things of a kind are equal, differ, or are in one log only.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Count {
    pub(super) equal: u64,
    pub(super) different: u64,
    pub(super) only: [u64; 2],
}

impl Count {
    /// How many one of the logs has.
    #[cfg(test)]
    pub(super) const fn of(&self, which: Which) -> u64 {
        self.equal + self.different + self.only[which.index()]
    }

    pub(super) const fn both(&mut self, is_equal: bool) {
        if is_equal {
            self.equal += 1;
        } else {
            self.different += 1;
        }
    }

    pub(super) fn is_zero(&self) -> bool {
        *self == Self::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn add(list: &mut Differences, time: u64, place: u64) {
        let at = At { clock: (time, 0), place, entry: time };
        let finding = Finding::Only(Which::A, String::new());
        list.add([Some(at), None], || (Subject::Decision { agent: 0 }, finding));
    }

    fn times(list: &Differences) -> Vec<u64> {
        list.list().map(|difference| difference.clock.0).collect()
    }

    #[test]
    fn the_first_by_time_are_kept_and_all_are_counted() {
        let mut list = Differences::new(Some(3));
        for time in [5, 9, 1, 7, 3, 8] {
            add(&mut list, time, 0);
        }
        assert_eq!((times(&list), list.total()), (vec![1, 3, 5], 6));
        let mut list = Differences::new(None);
        for time in [5, 9, 1] {
            add(&mut list, time, 0);
        }
        assert_eq!(times(&list), [1, 5, 9]);
        let mut list = Differences::new(Some(0));
        add(&mut list, 5, 0);
        assert_eq!((times(&list), list.total()), (vec![], 1));
    }
}
