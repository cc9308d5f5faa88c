//! Seats of an ecology: what is chosen for them is done, noted and paid.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;

use agents::learned::observation::ONE;
use agents::learned::{Choice, Observer, Rewards, Seat, Seats, Space};
use agents::streams::Stream;
use agents::{Config, Ecology, Kind};
use kernel::{ClientId, Engine, Side, Venue};
use replay::entry::DecisionEntry;
use replay::{Entry, Genesis, Player, ReadLimits, Reader, Recorder, SyncPolicy};

const SCALES: [f64; 4] = [200.0, 100.0, 200.0, 50.0];

fn all_learn(maker: Space) -> Seats {
    let mut seats = Seats::default();
    for space in [maker, Space::Momentum, Space::Value, Space::Noise] {
        seats.put(space.kind(), Seat::Learned(space)).unwrap();
    }
    seats
}

/// A recorded run of an ecology with seats, and what was seen on the way.
struct Recorded {
    log: Vec<u8>,
    tail: Vec<u8>,
    head: replay::Digest,
    observer: Observer,
    ecology: Ecology,
}

impl Recorded {
    fn reader(&self) -> Reader<&[u8]> {
        Reader::open(&self.log[..], self.tail.clone(), ReadLimits::DEFAULT).unwrap()
    }

    fn decisions(&self) -> Vec<DecisionEntry> {
        let mut player = Player::new(self.reader()).unwrap();
        let mut decisions = Vec::new();
        while let Some(moment) = player.advance().unwrap() {
            if let Entry::Decision(decision) = moment.entry {
                decisions.push(decision.clone());
            }
        }
        assert!(player.divergences().is_empty());
        decisions
    }
}

/// Runs so many steps; `choose` decides for a seat at a step, `see` looks behind each.
fn run(
    config: &Config,
    seats: &Seats,
    steps: u64,
    mut choose: impl FnMut(u64, usize, Space) -> Option<Choice>,
    mut see: impl FnMut(&Ecology, &Observer, &Engine),
) -> Recorded {
    let genesis = Genesis::new(config.genesis(), "learn");
    let (mut log, mut tail) = (Vec::new(), Vec::new());
    let mut recorder = Recorder::create(&genesis, &mut log, &mut tail, SyncPolicy::None).unwrap();
    let mut ecology = Ecology::new(config, 7);
    ecology.seat(seats);
    let spaces: Vec<_> = ecology.seated().map(|(.., space)| space).collect();
    let mut observer = Observer::new(&ecology, recorder.engine(), SCALES);
    for step in 1..=steps {
        let places = spaces.iter().enumerate();
        ecology.choose(places.map(|(seat, space)| choose(step, seat, *space)));
        ecology.step(&mut recorder).unwrap();
        observer.look(&ecology, recorder.engine(), SCALES);
        see(&ecology, &observer, recorder.engine());
    }
    let head = recorder.finish().unwrap().head;
    Recorded { log, tail, head, observer, ecology }
}

fn realistic() -> Config {
    Config::preset("realistic").unwrap()
}

/// Random choices, from a stream of their own.
fn at_random() -> impl FnMut(u64, usize, Space) -> Option<Choice> {
    let mut stream = Stream::new(3, "choices");
    move |_, _, space| {
        let mut choice = Choice::default();
        for (head, size) in choice.heads.iter_mut().zip(space.heads()) {
            let [word] = stream.words();
            *head = u8::try_from(word % u64::from(*size)).unwrap();
        }
        Some(choice)
    }
}

#[test]
fn seats_without_a_choice_follow_their_rules() {
    let plain = run(&realistic(), &Seats::default(), 500, |_, _, _| None, |_, _, _| {});
    let seated = run(&realistic(), &all_learn(Space::MakerFlow), 500, |_, _, _| None, |_, _, _| {});
    assert_eq!(plain.head, seated.head);
    assert_eq!(seated.ecology.seated().count(), 13);
    assert_eq!(plain.ecology.seated().count(), 0);
}

#[test]
fn what_is_chosen_is_noted_whether_it_causes_commands_or_not() {
    let seats = all_learn(Space::MakerNeutral);
    let mut acted = 0;
    let choose = |_, _, space: Space| {
        // Everybody but the makers holds still.
        let heads = if space == Space::MakerNeutral { [2, 3, 1, 0] } else { [0; 4] };
        Some(Choice { heads, observation: [9; 8] })
    };
    let count = |ecology: &Ecology, _: &Observer, _: &Engine| {
        acted += ecology.acted().filter(|acted| *acted).count();
        assert!(ecology.labels().all(|label| label.is_none()), "policies had chosen");
    };
    let run = run(&realistic(), &seats, 200, choose, count);
    let decisions = run.decisions();
    let chosen: Vec<_> = decisions.iter().filter(|it| it.observation == Some([9; 8])).collect();
    assert_eq!(chosen.len(), acted);
    for decision in &chosen {
        let (kind, _) = Kind::of(ClientId(decision.agent)).unwrap();
        let space =
            [Space::MakerNeutral, Space::Momentum, Space::Value, Space::Noise][kind as usize];
        assert_eq!(decision.policy, space.policy());
        assert_eq!(decision.action.len(), space.heads().len());
        assert!(kind == Kind::Maker || decision.commands <= 1, "at the most cancels");
    }
    let of_makers = chosen.iter().filter(|it| it.agent < 100).count();
    assert_eq!(of_makers, 400, "two makers look in every step");
    assert!(of_makers < chosen.len());
}

#[test]
fn a_choice_holds_for_one_step() {
    let seats = all_learn(Space::MakerFlow);
    let choose = |step, _, _| (step == 1).then(Choice::default);
    let run = run(&realistic(), &seats, 300, choose, |_, _, _| {});
    let mut step = 0;
    for decision in run.decisions() {
        step += u64::from(decision.policy == agents::FAIR_VALUE_POLICY);
        assert_eq!(decision.observation.is_some(), step == 1 && decision.agent != 0);
    }
}

#[test]
fn a_run_with_choices_is_the_same_again_and_keeps_within_its_limits() {
    let seats = all_learn(Space::MakerFlow);
    let check = |_: &Ecology, observer: &Observer, engine: &Engine| {
        let positions = engine.accounts().map(|account| account.position);
        assert_eq!(positions.sum::<i64>(), 0);
        for account in engine.accounts() {
            let limits = [340, 100, 500, 100];
            let limit = Kind::of(account.client).map_or(0, |(kind, _)| limits[kind as usize]);
            assert!(account.position.abs() <= limit, "{account:?}");
        }
        let seen = observer.observations().iter().flatten();
        assert!(seen.copied().all(|value| (-5 * ONE..=5 * ONE).contains(&value)));
    };
    let first = run(&realistic(), &seats, 2_000, at_random(), check);
    let second = run(&realistic(), &seats, 2_000, at_random(), |_, _, _| {});
    assert_eq!(first.log, second.log);
    assert_eq!(first.observer.observations(), second.observer.observations());
    assert_eq!(first.observer.states(), second.observer.states());
    let mut player = Player::new(first.reader()).unwrap();
    player.run().unwrap();
    assert!(player.divergences().is_empty(), "replayed without any policy");
}

/// Bid and ask of the maker with client number 1, behind each step.
fn quotes(maker: Space, heads: [u8; 4]) -> Vec<(i64, i64, i64)> {
    let mut config = realistic();
    // Nobody else trades: quotes stand where they were put.
    config.set_all("market_makers=1 momentum=0 value=0 noise=0").unwrap();
    let mut seats = Seats::default();
    seats.put(Kind::Maker, Seat::Learned(maker)).unwrap();
    let mut found = Vec::new();
    let choose = |_, _, _| Some(Choice { heads, observation: [0; 8] });
    run(&config, &seats, 3, choose, |_, _, engine| {
        let best = |side| i64::from(engine.best(side).unwrap().ticks());
        let bids: i64 =
            engine.levels(Side::Buy).map(|level| i64::try_from(level.qty).unwrap()).sum();
        found.push((best(Side::Buy), best(Side::Sell), bids));
    });
    found
}

#[test]
fn makers_quote_what_is_chosen() {
    for (space, heads, expected) in [
        (Space::MakerFlow, [1, 3, 1, 1], (9_999, 10_001, 27)),
        (Space::MakerFlow, [5, 3, 0, 1], (9_997, 10_003, 18)),
        (Space::MakerFlow, [5, 3, 2, 1], (9_997, 10_003, 42)),
        (Space::MakerNeutral, [1, 3, 1, 0], (9_999, 10_001, 27)),
        (Space::MakerNeutral, [1, 6, 1, 0], (10_001, 10_003, 27)),
        (Space::MakerNeutral, [3, 0, 1, 0], (9_996, 10_000, 27)),
    ] {
        assert_eq!(quotes(space, heads)[0], expected, "{space:?} {heads:?}");
    }
}

#[test]
fn seats_of_a_rule_need_no_choice() {
    let mut parameters = BTreeMap::from([(
        "learned.maker".to_owned(),
        "avellaneda-stoikov 0.02 0.25 47".to_owned(),
    )]);
    let seats = Seats::take(&mut parameters).unwrap();
    let mut spreads = Vec::new();
    let watch = |_: &Ecology, _: &Observer, engine: &Engine| {
        let best = |side| engine.best(side).map(|price| i64::from(price.ticks()));
        spreads.extend(best(Side::Sell).zip(best(Side::Buy)).map(|(ask, bid)| ask - bid));
    };
    let run = run(&realistic(), &seats, 500, |_, _, _| None, watch);
    assert_eq!(run.ecology.seated().count(), 0);
    let mean = spreads.iter().sum::<i64>() / i64::try_from(spreads.len()).unwrap();
    assert!((4..=9).contains(&mean), "twice 4.3 ticks, inside quotes of others: {mean}");
}

#[test]
fn labels_tell_what_the_rules_did() {
    let seats = all_learn(Space::MakerFlow);
    let mut sides = BTreeMap::<(u8, u8), u32>::new();
    let watch = |ecology: &Ecology, _: &Observer, _: &Engine| {
        for ((_, kind, space), label) in ecology.seated().zip(ecology.labels()) {
            let Some(label) = label else { continue };
            let heads = space.heads();
            let known = heads.iter().map(Some).chain(std::iter::repeat(None));
            for (index, size) in label.iter().zip(known) {
                assert!(index.is_none_or(|index| size.is_some_and(|size| index < *size)));
            }
            *sides.entry((kind as u8, label[0].unwrap())).or_default() += 1;
        }
    };
    run(&realistic(), &seats, 3_000, |_, _, _| None, watch);
    // Makers' half-spread is .35 + 1.6·u + .1·σ: from ½ to 2½ ticks. Momentum traders hold, buy, sell
    // and unwind, value traders buy, sell and put backstops, noise traders do all but nothing.
    for (kind, firsts) in
        [(0, &[0, 1, 2, 3][..]), (1, &[0, 1, 2, 3]), (2, &[1, 2, 3]), (3, &[1, 2, 3, 4, 5, 6])]
    {
        for first in firsts {
            let count = sides.get(&(kind, *first)).copied().unwrap_or(0);
            assert!(10 < count, "type {kind}, first head {first}: {count} times: {sides:?}");
        }
    }
}

#[test]
fn seats_see_their_market_and_themselves() {
    let seats = all_learn(Space::MakerFlow);
    let mut before = [0; 13];
    let mut traded = 0;
    let one = i64::from(ONE);
    run(&realistic(), &seats, 600, at_random(), |ecology, observer, engine| {
        let best = |side| engine.best(side).map(|price| i64::from(price.ticks()));
        let spread = best(Side::Sell).zip(best(Side::Buy)).map_or(0, |(ask, bid)| ask - bid);
        let limits = [340, 100, 500, 100];
        let seated = ecology.seated().zip(observer.observations()).zip(observer.pays());
        for ((((client, kind, _), seen), pay), before) in seated.zip(&mut before) {
            let seen = seen.map(i64::from);
            let position = engine.account(client).position;
            assert_eq!(seen[3], (spread * one / 8 - one / 2).clamp(-5 * one, 5 * one));
            assert_eq!(seen[9], 2 * (position * one / limits[kind as usize]));
            assert_eq!(seen[14], (position * one / limits[kind as usize]).abs());
            assert_eq!((pay.inventory, seen[20..].iter().sum::<i64>()), (position, one));
            if kind == Kind::Maker {
                let lots = |seen: i64| (seen * 20 + one / 2) / one;
                let change = position - *before;
                if seen[17].max(seen[18]) < 5 * one {
                    assert_eq!(lots(seen[17]) - lots(seen[18]), change);
                    traded += lots(seen[17]);
                }
            }
            *before = position;
        }
        // A value trader knows how far the mid is from the fair value, but for its error.
        let mid = ecology.market().features().mid_half_ticks;
        let truth = ecology.fair_value().value() - 128 * mid;
        let gap = i64::from(observer.observations()[6][17]);
        assert!((gap - truth.clamp(-5 * one, 5 * one)).abs() < 40 * 256, "{gap} against {truth}");
    });
    assert!(500 < traded);
}

#[test]
fn rewards_add_up_to_what_was_earned() {
    let seats = all_learn(Space::MakerFlow);
    let rewards = Rewards {
        dampening: 0.0,
        inventory: 0.0,
        presence: 0.0,
        subsidy: [0.0; 4],
        scale: [1.0; 4],
        market_share: 0.0,
        clip: 1e12,
    };
    let mut sums = [0.0; 13];
    let mut wealth = Vec::new();
    let watch = |ecology: &Ecology, observer: &Observer, engine: &Engine| {
        for ((sum, pay), (_, kind, _)) in sums.iter_mut().zip(observer.pays()).zip(ecology.seated())
        {
            *sum += rewards.of(kind, pay);
        }
        let mid = ecology.market().features().mid_half_ticks;
        wealth = ecology
            .seated()
            .map(|(client, ..)| {
                let account = engine.account(client);
                let cash = i64::try_from(account.cash).unwrap();
                (cash + account.position * mid * 5_000) / 10_000
            })
            .collect();
    };
    run(&realistic(), &seats, 1_000, at_random(), watch);
    for (sum, wealth) in sums.iter().zip(&wealth) {
        let wealth = f64::from(i32::try_from(*wealth).unwrap());
        assert!((sum - wealth).abs() < 1.0, "{sum} {wealth}");
    }
    assert!(wealth.iter().any(|wealth| *wealth != 0));
}
