//! Logs of random markets, with marks and decisions between the commands.

use kernel::Command;
use replay::entry::DecisionEntry;
use replay::{Entry, Genesis, Mark, Recorder, SyncPolicy};
use tests::random::Dice;
use tests::run::seeded;
use tests::twin::Twin;

/// Names of marks that come up.
pub(crate) const MARKS: [&str; 3] = ["a", "crash-start", "row"];

/// The bytes of a log of so many commands.
pub(crate) fn random(seed: u64, commands: u32, dice: &mut Dice) -> Vec<u8> {
    let scenario = seeded(seed, commands);
    let mut market = Twin::new(&scenario.genesis).unwrap();
    let (mut log, mut tail) = (Vec::new(), Vec::new());
    let genesis = Genesis::new(scenario.genesis.clone(), "test");
    let mut recorder = Recorder::create(&genesis, &mut log, &mut tail, SyncPolicy::None).unwrap();
    for planned in &scenario.moves {
        let command: Command = planned.command(&market);
        market.apply_unchecked(command).unwrap();
        if dice.one_in(12) {
            recorder.take(&aside(dice)).unwrap();
        }
        recorder.take(&Entry::Command(command)).unwrap();
    }
    recorder.finish().unwrap();
    log
}

/// An entry that is no command.
fn aside(dice: &mut Dice) -> Entry {
    if dice.one_in(2) {
        let name = dice.pick(&MARKS).parse().unwrap();
        return Entry::Mark(Mark { name, number: dice.bits() });
    }
    Entry::Decision(DecisionEntry {
        agent: dice.below(4),
        policy: 0,
        action: vec![1, 2],
        first_reference: kernel::Reference(0),
        commands: 0,
        observation: None,
    })
}
