//! Rule 9: whatever is done to state bytes, they are refused, or they are the bytes of the market
//! that comes out, which keeps every invariant and carries on.

use kernel::{Engine, Genesis};
use quickcheck::{Gen, QuickCheck};
use tests::arbitrary::{FarScenario, NarrowScenario};
use tests::random::{Dice, Scenario};
use tests::restore::{restore, state_bytes};
use tests::twin::{StateBytes, Twin};

/// Bytes of the states that a scenario passes through.
fn states(scenario: &Scenario) -> Result<Vec<StateBytes>, String> {
    let mut market = Twin::new(&scenario.genesis)?;
    let mut states = vec![market.state_bytes()];
    for planned in &scenario.moves {
        let command = planned.command(&market);
        market.apply_unchecked(command)?;
        states.push(market.state_bytes());
    }
    Ok(states)
}

fn place(len: usize, dice: &mut Dice) -> usize {
    dice.below(u32::try_from(len).unwrap_or(u32::MAX).saturating_add(1)) as usize
}

/// Two places of which the first is not the later.
fn part(len: usize, dice: &mut Dice) -> (usize, usize) {
    let (one, other) = (place(len, dice), place(len, dice));
    // Records and fields more often than anything else.
    let len_of_part = [38, 8, 4, 29, other.abs_diff(one)][dice.below(5) as usize];
    let from = one.min(other);
    (from, (from + len_of_part).min(len))
}

/// Flips, sets, cuts, doubles, moves or swaps bytes, or takes some of another state.
fn spoil(bytes: &mut StateBytes, others: &[StateBytes], dice: &mut Dice) {
    let section = dice.below(6) as usize;
    let len = bytes[section].len();
    let (from, to) = part(len, dice);
    let other = &others[dice.below(u32::try_from(others.len()).unwrap_or(1)) as usize];
    let number = dice.pick(&[0, 1, 2, 7, 8, 15, 127, 128, 255]);
    match dice.below(10) {
        0 if from < len => bytes[section][from] ^= 1 << dice.below(8),
        1 if from < len => bytes[section][from] = number,
        2 => bytes[section].truncate(from),
        3 => {
            bytes[section].drain(from..to);
        }
        4 => {
            let again = bytes[section][from..to].to_vec();
            bytes[section].splice(to..to, again);
        }
        5 => bytes[section].fill(number),
        6 => bytes[section].clone_from(&other[section]),
        7 => {
            let (start, end) = part(other[section].len(), dice);
            bytes[section].splice(from..to, other[section][start..end].iter().copied());
        }
        8 => bytes.swap(section, dice.below(6) as usize),
        _ => bytes[section][from..to].reverse(),
    }
}

/// What became of changed bytes.
#[derive(Debug, Default)]
struct Fate {
    taken: u32,
    refused: u32,
}

/// Restores bytes of anybody.
fn try_bytes(genesis: &Genesis, bytes: &StateBytes, fate: &mut Fate) -> Option<Engine> {
    let engine = restore(genesis, bytes).map_err(|error| error.to_string());
    match &engine {
        Ok(engine) => {
            fate.taken += 1;
            assert_eq!(engine.check(), Ok(()), "{bytes:?}");
            assert_eq!(state_bytes(engine), *bytes, "not canonical");
        }
        Err(text) => {
            fate.refused += 1;
            assert!(text.starts_with("section "), "an error says where: {text}");
        }
    }
    engine.ok()
}

fn change_bytes(scenario: &Scenario, fate: &mut Fate) -> Result<(), String> {
    let states = states(scenario)?;
    let mut dice = Dice::new(states.len() as u64);
    for state in &states {
        for spoils in [1, 1, 1, 2, 3] {
            let mut bytes = state.clone();
            for _ in 0..spoils {
                spoil(&mut bytes, &states, &mut dice);
            }
            let changed = bytes != *state;
            let Some(mut engine) = try_bytes(&scenario.genesis, &bytes, fate) else { continue };
            if !changed {
                fate.taken -= 1;
            }
            let mut events = Vec::new();
            for planned in scenario.moves.iter().take(20) {
                engine.apply(&planned.command, &mut events);
                engine.check().map_err(|broken| broken.to_string())?;
            }
        }
    }
    Ok(())
}

#[test]
fn changed_bytes_are_refused_or_are_those_of_a_market() {
    #[expect(clippy::needless_pass_by_value, reason = "quickcheck hands scenarios over")]
    fn narrow(scenario: NarrowScenario) -> Result<(), String> {
        change_bytes(&scenario.0, &mut Fate::default())
    }
    #[expect(clippy::needless_pass_by_value, reason = "quickcheck hands scenarios over")]
    fn far(scenario: FarScenario) -> Result<(), String> {
        change_bytes(&scenario.0, &mut Fate::default())
    }
    let check = || QuickCheck::new().rng(Gen::new(60)).tests(250);
    check().quickcheck(narrow as fn(NarrowScenario) -> Result<(), String>);
    check().quickcheck(far as fn(FarScenario) -> Result<(), String>);
}

/// The changes are worth something only if some of them are taken.
#[test]
fn some_changed_bytes_are_those_of_a_market() {
    let mut fate = Fate::default();
    for seed in 0..60 {
        change_bytes(&tests::run::seeded(seed, 60), &mut fate).unwrap();
    }
    assert!(1_000 < fate.taken && 1_000 < fate.refused, "{fate:?}");
}

/// Every single bit of a state with everything in it.
#[test]
fn no_bit_can_be_changed_unseen() {
    let script = "
        genesis rule band 1
        endow 1 9 -5
        exempt 2
        1 sell 5 @100 ref 4
        2 buy 1 @100 oldest
        1 sell 9 @101 display 3 gtt 70
        1 sell 1 @103 post both
        2 buy 1 market ioc stop 101
        2 buy 1 @99 stop 101 gtt 99 ref 3
        2 buy 1 @90 ref 9
        1 sell 2 @98 stop 80
        rule tax 3
        2 buy 1 @101
        clock 5 step 6
        ";
    let (genesis, bytes) = (tests::script::genesis_of(script), tests::script::run(script));
    let bytes = bytes.state_bytes();
    assert!(bytes.iter().all(|section| !section.is_empty()), "{bytes:?}");
    let mut fate = Fate::default();
    for section in 0..6 {
        for bit in 0..bytes[section].len() * 8 {
            let mut changed = bytes.clone();
            changed[section][bit / 8] ^= 1 << (bit % 8);
            try_bytes(&genesis, &changed, &mut fate);
        }
        for len in 0..bytes[section].len() {
            let mut changed = bytes.clone();
            changed[section].truncate(len);
            try_bytes(&genesis, &changed, &mut fate);
        }
    }
    assert!(100 < fate.taken && 1_000 < fate.refused, "{fate:?}");
}
