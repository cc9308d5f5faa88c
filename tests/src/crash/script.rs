//! What is recorded: a stream of entries, and all that an uninterrupted recording of it gives.

use kernel::{
    ClientId, Command, Limits, OrderKind, Place, Price, Qty, Reference, SelfTrade, Side, Step,
    TimeInForce, TimeNs, Venue,
};
use replay::codec::encode_entry;
use replay::entry::DecisionEntry;
use replay::{Digest, Entry, Genesis, LogError, Mark, Recorder, SyncPolicy, Update};

use crate::random::Dice;

/// Entries and what an uninterrupted recording of them is.
#[derive(Debug)]
pub struct Script {
    /// What the log starts from.
    pub genesis: Genesis,
    /// Everything but the end.
    pub entries: Vec<Entry>,
    /// The bytes of the entries, one behind the other.
    pub encoded: Vec<u8>,
    /// Where each entry ends in them; the first number is 0, for none.
    pub ends: Vec<usize>,
    /// Head after every entry, from none on.
    pub heads: Vec<Digest>,
    /// The finished log.
    pub whole: Vec<u8>,
    /// Bytes of its header.
    pub header_bytes: usize,
    /// Seals after the header and each block that is not the last, with the entries so far.
    pub seals: Vec<(u64, Digest)>,
}

impl Script {
    /// Random entries, of which there is at least one. `long` decisions among them fill blocks: 31
    /// have no room in one.
    ///
    /// # Errors
    /// Of the recorder: never on media in memory.
    pub fn random(dice: &mut Dice, short: u32, long: u32) -> Result<Self, LogError> {
        let mut kinds: Vec<bool> = (0..short + long).map(|number| number < long).collect();
        for at in (1..kinds.len()).rev() {
            let other = dice.below(u32::try_from(at + 1).unwrap_or(1)) as usize;
            kinds.swap(at, other);
        }
        let entries = (1..).zip(&kinds).map(|(number, is_long)| {
            if *is_long { long_entry(number, dice) } else { short_entry(number, dice) }
        });
        Self::of(entries.collect())
    }

    /// These entries.
    ///
    /// # Errors
    /// Of the recorder: never on media in memory.
    pub fn of(entries: Vec<Entry>) -> Result<Self, LogError> {
        // A small market: it is made anew for every life.
        let limits = Limits { orders_max: 64, clients_max: 8, levels_max: 64 };
        let market = kernel::Genesis { limits, ..kernel::Genesis::open() };
        let genesis = Genesis::new(market, "crash");
        let header = replay::header::encode(&genesis)?;
        let (mut whole, mut tail) = (Vec::new(), Vec::new());
        let mut recorder = Recorder::create(&genesis, &mut whole, &mut tail, SyncPolicy::None)?;
        let mut heads = vec![recorder.head()];
        let (mut encoded, mut ends) = (Vec::new(), vec![0]);
        let mut seals = vec![(0, recorder.seal_so_far())];
        let mut room = [0; replay::codec::ENTRY_BYTES_MAX];
        for (before, entry) in (0..).zip(&entries) {
            let len = encode_entry(entry, &mut room).map_err(LogError::Unwritable)?;
            encoded.extend_from_slice(&room[..len]);
            ends.push(encoded.len());
            recorder.take(entry)?;
            heads.push(recorder.head());
            if seals.last().is_some_and(|(_, seal)| *seal != recorder.seal_so_far()) {
                seals.push((before, recorder.seal_so_far()));
            }
        }
        recorder.finish()?;
        let header_bytes = header.len();
        Ok(Self { genesis, entries, encoded, ends, heads, whole, header_bytes, seals })
    }

    /// How many entries there are without the end.
    pub fn len(&self) -> u64 {
        self.entries.len() as u64
    }

    /// Whether there is none.
    pub const fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Feeds an entry to a recorder, by the door that its producer would take.
    ///
    /// # Errors
    /// Of the recorder.
    pub fn feed<M: replay::Medium>(
        &self,
        at: usize,
        recorder: &mut Recorder<M>,
    ) -> Result<(), LogError> {
        match &self.entries[at] {
            Entry::Command(command) => recorder.submit(*command).map(|_| ()),
            Entry::Mark(mark) => recorder.mark(mark),
            Entry::Update(update) => recorder.update(*update),
            entry @ (Entry::Decision(_) | Entry::End) => recorder.take(entry).map(|_| ()),
        }
    }
}

fn long_entry(number: u32, dice: &mut Dice) -> Entry {
    // Numbers that leave zeros in their bytes, and some that leave none but zeros.
    let value = dice.pick(&[0, 1, 5, -1, 70_000]);
    Entry::Decision(DecisionEntry {
        agent: number,
        policy: 0,
        action: vec![value; 512],
        first_reference: Reference(0),
        commands: 1,
        observation: None,
    })
}

fn short_entry(number: u32, dice: &mut Dice) -> Entry {
    match dice.below(10) {
        0 => Entry::Command(Command::Clock {
            time: TimeNs(u64::from(number) * 1_000),
            step: Step(number.into()),
        }),
        1 => Entry::Command(Command::MassCancel { client: ClientId(dice.below(9)) }),
        2 => Entry::Command(Command::Uncross),
        3 => match format!("mark-{number}").parse() {
            Ok(name) => Entry::Mark(Mark { name, number: number.into() }),
            Err(_) => Entry::Command(Command::Uncross),
        },
        4 => Entry::Update(Update { learner: 1, number: number.into(), digest: [7; 32] }),
        _ => Entry::Command(Command::Place(Place {
            client: ClientId(dice.below(4)),
            reference: Reference(number.into()),
            side: dice.pick(&[Side::Buy, Side::Sell]),
            qty: crate::random::qty(dice.within(1, 20)),
            kind: OrderKind::Limit { price: price(dice), post_only: false },
            tif: TimeInForce::Gtc,
            display: dice.one_in(5).then_some(Qty::MIN),
            stop: None,
            self_trade: SelfTrade::Allow,
        })),
    }
}

fn price(dice: &mut Dice) -> Price {
    crate::random::price(dice.within(98, 103))
}
