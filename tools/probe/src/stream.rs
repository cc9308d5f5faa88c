//! A stream of any length in little memory: logs, one after the other, each recorded, replayed and
//! forgotten. Random commands of every kind take turns with the ecology, and that with one in which all
//! types learn.

use agents::Config;
use agents::config::PRESETS;
use agents::learned::Space;
use kernel::{
    ClientId, Command, Limits, MarketState, OrderId, OrderKind, Place, Ppm, Price, Qty, Reference,
    RuleChange, SelfTrade, Side, Step, TimeInForce, TimeNs, Venue,
};
use replay::recorder::Finished;
use replay::{Digest, Genesis};

use crate::run::{self, Run};
use crate::{learned, text};

/// Kinds of logs.
const KINDS: u64 = 3;
/// Commands of one log.
const COMMANDS: u32 = 1 << 17;
/// Steps of one run of the ecology, some twenty entries each.
const STEPS: u32 = 5_000;
/// Clients of a random market; the last one is known to no order.
const CLIENTS: u32 = 12;

/// Records and replays logs until they have so many entries.
///
/// Each digest of the answer is BLAKE3 over those of the logs, in their order.
///
/// # Errors
/// A log that cannot be recorded, or does not replay to what was recorded.
pub fn carry_out(entries: u64) -> Result<Run, String> {
    let mut hashers = [(); 4].map(|()| blake3::Hasher::new());
    let (mut sum, mut round) = (0, 0);
    while sum < entries {
        let (log, finished) = record(round)?;
        let run = run::replayed(&log, &finished)?;
        for (hasher, (_, digest)) in hashers.iter_mut().zip(run.digests()) {
            hasher.update(&digest.0);
        }
        sum += run.entries;
        round += 1;
    }
    let [head, outcome, seal, state] = hashers.map(|it| Digest(*it.finalize().as_bytes()));
    Ok(Run { entries: sum, head, outcome, seal, state })
}

fn record(round: u64) -> Result<(Vec<u8>, Finished), String> {
    if round.is_multiple_of(KINDS) {
        return commands(round);
    }
    let turn = round / KINDS;
    let place = usize::try_from(turn % 1_000).map_err(text)?;
    let preset = PRESETS.iter().cycle().nth(place).copied().unwrap_or("seed");
    let mut config = Config::preset(preset).map_err(text)?;
    config.set("steps", &STEPS.to_string()).map_err(text)?;
    if round % KINDS == 1 {
        return run::ecology(&config, preset, round);
    }
    let maker = if turn.is_multiple_of(2) { Space::MakerFlow } else { Space::MakerNeutral };
    learned::record(&config, maker, round)
}

/// A log of random commands.
fn commands(seed: u64) -> Result<(Vec<u8>, Finished), String> {
    let mut dice = Dice(seed);
    let genesis = Genesis { seed, ..Genesis::new(market(), "probe") };
    run::recorded(&genesis, |recorder| {
        for index in 0..COMMANDS {
            let command = command(recorder, &mut dice);
            recorder.submit(command).map_err(text)?;
            if index % 1_000 == 0 {
                Venue::mark(recorder, "thousand", u64::from(index / 1_000)).map_err(text)?;
            }
        }
        Ok(())
    })
}

/// Limits that are met now and then.
fn market() -> kernel::Genesis {
    let mut market = kernel::Genesis::open();
    market.limits = Limits { orders_max: 600, ..Limits::DEFAULT };
    market.rules.position_max = 50_000;
    market
}

fn command(venue: &impl Venue, dice: &mut Dice) -> Command {
    let engine = venue.engine();
    let order = OrderId(engine.placed().saturating_sub(u64::from(dice.below(200))));
    let owner = engine.order(order).map(|resting| resting.client);
    let client = owner.unwrap_or(ClientId(dice.below(CLIENTS)));
    match dice.below(64) {
        0..40 => Command::Place(place(engine.time(), dice)),
        40..48 => Command::Cancel { client, order },
        48..51 => Command::Reduce { client, order, by: dice.qty() },
        51..54 => Command::Replace { client, order, price: dice.price(), qty: dice.qty() },
        54 if dice.below(8) == 0 => Command::MassCancel { client },
        // Auctions and halts are short.
        55 => Command::Uncross,
        56 | 57 => Command::SetRule(RuleChange::State(MarketState::Continuous)),
        58 if dice.below(4) == 0 => Command::SetRule(rule(dice)),
        _ => Command::Clock {
            time: TimeNs(engine.time().0 + u64::from(dice.below(1 << 20))),
            step: Step(engine.step().0 + u64::from(dice.below(2))),
        },
    }
}

fn place(now: TimeNs, dice: &mut Dice) -> Place {
    let price = dice.price();
    let qty = dice.qty();
    let (kind, tif) = match dice.below(16) {
        0 => (OrderKind::Market, TimeInForce::Ioc),
        1 => (OrderKind::MarketToLimit, TimeInForce::Gtc),
        2 => (OrderKind::Limit { price, post_only: true }, TimeInForce::Gtc),
        3 => (OrderKind::Limit { price, post_only: false }, TimeInForce::Ioc),
        4 => (OrderKind::Limit { price, post_only: false }, TimeInForce::Fok),
        5..9 => {
            let ahead = u64::from(dice.below(1 << 26));
            let tif = TimeInForce::Gtt(TimeNs(now.0 + ahead));
            (OrderKind::Limit { price, post_only: false }, tif)
        }
        _ => (OrderKind::Limit { price, post_only: false }, TimeInForce::Gtc),
    };
    let is_plain = matches!(kind, OrderKind::Limit { post_only: false, .. });
    let may_rest = matches!(tif, TimeInForce::Gtc | TimeInForce::Gtt(_));
    let special = if is_plain && may_rest { dice.below(10) } else { 10 };
    Place {
        client: ClientId(dice.below(CLIENTS - 1)),
        reference: Reference(dice.bits()),
        side: if dice.below(2) == 0 { Side::Buy } else { Side::Sell },
        qty,
        kind,
        tif,
        display: (special == 0).then(|| Qty::new(1 + qty.lots() / 8).unwrap_or(Qty::MIN)),
        stop: (special == 1).then(|| dice.price()),
        self_trade: match dice.below(8) {
            0 => SelfTrade::CancelNewest,
            1 => SelfTrade::CancelOldest,
            2 => SelfTrade::CancelBoth,
            3 => SelfTrade::Decrement,
            _ => SelfTrade::Allow,
        },
    }
}

fn rule(dice: &mut Dice) -> RuleChange {
    let fee = |dice: &mut Dice| {
        let parts = dice.below(2_001).cast_signed() - 1_000;
        Ppm::new(parts).unwrap_or(Ppm::ZERO)
    };
    match dice.below(10) {
        0 => RuleChange::Tick(Price::new(1 + dice.below(2)).unwrap_or(Price::MIN)),
        1 => RuleChange::Lot(Qty::new(1 + dice.below(2)).unwrap_or(Qty::MIN)),
        2 => RuleChange::QtyMax(Qty::new(50 + dice.below(100)).unwrap_or(Qty::MAX)),
        3 => RuleChange::State(MarketState::Auction),
        4 => RuleChange::State(MarketState::Halted),
        5 => RuleChange::ShortBan(dice.below(16) == 0),
        6 => {
            RuleChange::Exempt { client: ClientId(dice.below(CLIENTS)), exempt: dice.below(2) == 0 }
        }
        7 => RuleChange::Tax(dice.below(1_000)),
        8 => RuleChange::Fees { maker: fee(dice), taker: fee(dice) },
        _ => RuleChange::Band(dice.below(2) * 200_000),
    }
}

/// Uniform numbers from a seed (`SplitMix64`).
struct Dice(u64);

impl Dice {
    const fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^ (bits >> 31)
    }

    /// A number below `bound`, which is not 0.
    fn below(&mut self, bound: u32) -> u32 {
        u32::try_from(self.bits() % u64::from(bound)).unwrap_or(0)
    }

    /// Mostly near the middle and on every tick, sometimes anywhere.
    fn price(&mut self) -> Price {
        let ticks = match self.below(400) {
            0 => 1 + self.below(Price::MAX.ticks() - 1),
            1..20 => 1_000 + self.below(40),
            _ => 1_000 + 2 * self.below(20) - 2 * self.below(20),
        };
        Price::new(ticks).unwrap_or(Price::MIN)
    }

    fn qty(&mut self) -> Qty {
        let lots = if self.below(16) == 0 { 1 + self.below(60) } else { 2 + 2 * self.below(30) };
        Qty::new(lots).unwrap_or(Qty::MIN)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_ends_with_the_log_that_reaches_its_length() {
        let one = carry_out(1).unwrap();
        assert_eq!(one, carry_out(one.entries).unwrap());
        let two = carry_out(one.entries + 1).unwrap();
        assert!(one.entries < two.entries && one.seal != two.seal);
    }

    #[test]
    fn makers_learn_from_both_spaces_in_turn() {
        let maker = |round| {
            let (log, _) = record(round).unwrap();
            let reader = replay::Reader::open(&log[..], Vec::new(), replay::ReadLimits::DEFAULT);
            reader.unwrap().header().genesis.parameters.get("learned.maker").cloned()
        };
        assert_eq!([1, 2, 5].map(maker), [None, Some("flow".into()), Some("neutral".into())]);
    }

    /// What never happens is not compared between targets.
    #[test]
    fn the_commands_make_every_kind_of_event() {
        let mut kinds = std::collections::BTreeMap::<String, u32>::new();
        let mut dice = Dice(0);
        let mut venue = kernel::Unlogged::new(kernel::Engine::new(&market()).unwrap());
        for _ in 0..COMMANDS {
            let command = command(&venue, &mut dice);
            for event in venue.submit(command).unwrap() {
                let text = format!("{event:?}");
                let kind = text.split([' ', '(', '{']).next().unwrap_or_default();
                *kinds.entry(kind.to_owned()).or_default() += 1;
            }
        }
        let all = [
            "Accepted",
            "BandHit",
            "Cancelled",
            "ClockMoved",
            "Decremented",
            "MassCancelled",
            "Reduced",
            "Refilled",
            "Rejected",
            "Replaced",
            "Rested",
            "RuleChanged",
            "Traded",
            "Triggered",
            "Uncrossed",
        ];
        assert_eq!(kinds.keys().collect::<Vec<_>>(), all);
        assert!(kinds.values().all(|&count| 5 < count), "{kinds:?}");
        assert!(kinds["Rejected"] < kinds["Accepted"], "{kinds:?}");
    }
}
