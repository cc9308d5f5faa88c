//! What several tests record: a stream of entries in which every kind comes up.

#![expect(clippy::unwrap_used, reason = "for tests, of numbers that were chosen")]

use kernel::{
    ClientId, Command, MarketState, OrderId, OrderKind, Place, Ppm, Price, Qty, Reference,
    RuleChange, SelfTrade, Side, Step, TimeInForce, TimeNs,
};
use replay::entry::DecisionEntry;
use replay::recorder::Finished;
use replay::{Entry, Genesis, Mark, Recorder, SyncPolicy, Update};

/// Numbers that are the same on every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: u32) -> u32 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        u32::try_from((self.0 >> 33) % u64::from(bound)).unwrap()
    }

    fn chance(&mut self, of: u32) -> bool {
        self.below(of) == 0
    }
}

/// A deterministic stream of entries of every kind that may stand before the end.
pub fn mixed_entries(len: u64) -> Vec<Entry> {
    let (mut dice, mut placed) = (Dice(7), 0);
    (1..=len)
        .map(|number| match dice.below(40) {
            0..=7 => Entry::Command(other_command(number, placed, &mut dice)),
            8..=11 => Entry::Decision(DecisionEntry {
                agent: dice.below(8),
                policy: dice.below(3),
                action: (0..dice.below(12)).map(|at| at.cast_signed() - 6).collect(),
                first_reference: Reference(number),
                commands: dice.below(3),
                observation: dice.chance(2).then_some([9; 8]),
            }),
            12 => Entry::Mark(Mark { name: "a-moment.1_X".parse().unwrap(), number }),
            13 => Entry::Update(Update { learner: 1, number, digest: [17; 32] }),
            14 => Entry::Command(Command::SetRule(rule(&mut dice))),
            15 => Entry::Command(session(&mut dice)),
            _ => {
                placed += 1;
                Entry::Command(Command::Place(place(number, &mut dice)))
            }
        })
        .collect()
}

fn place(number: u64, dice: &mut Dice) -> Place {
    let price = Price::new(990 + dice.below(20)).unwrap();
    let limit = OrderKind::Limit { price, post_only: false };
    let post_only = OrderKind::Limit { price, post_only: true };
    // A few of these times have come already.
    let expiry = number.saturating_sub(4) + u64::from(dice.below(60));
    let (gtc, gtt) = (TimeInForce::Gtc, TimeInForce::Gtt(TimeNs(expiry * 1_000)));
    let display = Some(Qty::new(1 + dice.below(12)).unwrap());
    let stop = Some(Price::new(985 + dice.below(30)).unwrap());
    let (kind, tif, display, stop) = match dice.below(24) {
        0 => (OrderKind::Market, TimeInForce::Ioc, None, None),
        1 => (OrderKind::MarketToLimit, gtc, None, None),
        2 => (post_only, gtc, None, None),
        3 => (limit, TimeInForce::Fok, None, None),
        4 | 5 => (limit, gtc, display, None),
        6 => (post_only, gtt, display, None),
        7 => (limit, gtc, None, stop),
        8 => (limit, gtt, None, stop),
        9 => (OrderKind::Market, TimeInForce::Ioc, None, stop),
        10 => (limit, gtt, None, None),
        // Refused.
        11 => (limit, gtt, display, stop),
        _ => (limit, gtc, None, None),
    };
    let self_trade = match dice.below(5) {
        0 => SelfTrade::CancelNewest,
        1 => SelfTrade::CancelOldest,
        2 => SelfTrade::CancelBoth,
        3 => SelfTrade::Decrement,
        _ => SelfTrade::Allow,
    };
    Place {
        client: ClientId(dice.below(5)),
        reference: Reference(number),
        side: if dice.chance(2) { Side::Buy } else { Side::Sell },
        qty: Qty::new(1 + dice.below(50)).unwrap(),
        kind,
        tif,
        display,
        stop,
        self_trade,
    }
}

/// From one market state to another: auctions, and an end to what a band has halted.
fn session(dice: &mut Dice) -> Command {
    Command::SetRule(match dice.below(10) {
        0 | 1 => RuleChange::State(MarketState::Auction),
        2 | 3 => return Command::Uncross,
        4 => RuleChange::Band(3 + dice.below(8)),
        5 => RuleChange::Band(0),
        _ => RuleChange::State(MarketState::Continuous),
    })
}

/// A command about the clock or about one of the newest orders, `placed` of which there are.
fn other_command(number: u64, placed: u64, dice: &mut Dice) -> Command {
    let client = ClientId(dice.below(5));
    let order = OrderId((placed + 1).saturating_sub(u64::from(dice.below(60))));
    let qty = Qty::new(1 + dice.below(20)).unwrap();
    match dice.below(9) {
        0..=2 => Command::Cancel { client, order },
        3 | 4 => Command::Reduce { client, order, by: qty },
        5 => Command::Replace { client, order, price: Price::new(990 + qty.lots()).unwrap(), qty },
        6 if dice.chance(8) => Command::MassCancel { client },
        _ => Command::Clock { time: TimeNs(number * 1_000), step: Step(number) },
    }
}

fn rule(dice: &mut Dice) -> RuleChange {
    let ppm = Ppm::new(dice.below(200).cast_signed() - 100).unwrap();
    match dice.below(8) {
        0 => RuleChange::Tick(Price::MIN),
        1 => RuleChange::PriceRange { min: Price::MIN, max: Price::MAX },
        2 => RuleChange::PositionMax(1 << 40),
        3 => RuleChange::State(MarketState::Continuous),
        4 => RuleChange::ShortBan(dice.chance(4)),
        5 => RuleChange::Exempt { client: ClientId(1), exempt: dice.chance(2) },
        6 => RuleChange::Tax(dice.below(100)),
        _ => RuleChange::Fees { maker: ppm, taker: ppm },
    }
}

/// The genesis of the logs that tests record.
pub fn genesis() -> Genesis {
    Genesis::new(kernel::Genesis::open(), "test")
}

/// Records these entries and finishes: the log's bytes and what it ends with.
pub fn record(entries: &[Entry]) -> (Vec<u8>, Finished) {
    let (mut log, mut tail) = (Vec::new(), Vec::new());
    let mut recorder = Recorder::create(&genesis(), &mut log, &mut tail, SyncPolicy::None).unwrap();
    for entry in entries {
        recorder.take(entry).unwrap();
    }
    let finished = recorder.finish().unwrap();
    assert!(tail.is_empty(), "a finished log needs no tail");
    (log, finished)
}

/// Records these entries, makes them durable after every so many, and stops: the log's bytes and its
/// tail's.
pub fn record_open(entries: &[Entry], sync_every: usize) -> (Vec<u8>, Vec<u8>) {
    let (mut log, mut tail) = (Vec::new(), Vec::new());
    let mut recorder = Recorder::create(&genesis(), &mut log, &mut tail, SyncPolicy::None).unwrap();
    for chunk in entries.chunks(sync_every) {
        for entry in chunk {
            recorder.take(entry).unwrap();
        }
        recorder.sync().unwrap();
    }
    drop(recorder);
    (log, tail)
}
