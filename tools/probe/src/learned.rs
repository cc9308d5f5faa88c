//! An ecology whose seats all learn, of a policy that chooses at random.
//!
//! Every seat sees and is paid as in training; what no entry of the log would tell (what a central
//! critic sees, rewards, the choices nearest to what rules did) is digested into marks at its end.

use agents::learned::observation::{Observation, State};
use agents::learned::{Choice, Label, Observer, Rewards, Seat, Seats, Space};
use agents::streams::Stream;
use agents::{Config, Ecology};
use blake3::Hasher;
use kernel::Venue;
use replay::Genesis;
use replay::recorder::Finished;

use crate::run;
use crate::text;

/// Every term of a reward counts.
const REWARDS: Rewards = Rewards {
    dampening: 0.5,
    inventory: 20.0,
    presence: 2.0,
    subsidy: [30.0, 50.0, 400.0, 10.0],
    scale: [200.0, 100.0, 200.0, 50.0],
    market_share: 0.05,
    clip: 10.0,
};
/// One choice in so many is left to the rule.
const RULES: u64 = 8;

/// The log of a run of an ecology in which every type learns, makers from this space.
pub(crate) fn record(
    config: &Config,
    maker: Space,
    seed: u64,
) -> Result<(Vec<u8>, Finished), String> {
    let mut seats = Seats::default();
    for space in [maker, Space::Momentum, Space::Value, Space::Noise] {
        seats.put(space.kind(), Seat::Learned(space)).map_err(text)?;
    }
    let mut parameters = config.parameters();
    parameters.extend(seats.parameters());
    let genesis = Genesis { seed, parameters, ..Genesis::new(config.genesis(), "probe") };
    run::recorded(&genesis, |recorder| {
        let mut ecology = Ecology::new(config, seed);
        ecology.seat(&seats);
        let spaces: Vec<_> = ecology.seated().map(|(.., space)| space).collect();
        let mut observer = Observer::new(&ecology, recorder.engine(), REWARDS.scale);
        let mut choices = Stream::new(seed, "probe/choices");
        let mut told = Seen::default();
        while ecology.steps() < config.steps() {
            let seats = spaces.iter().zip(observer.observations());
            ecology.choose(seats.map(|(space, seen)| choose(*space, seen, &mut choices)));
            ecology.step(recorder).map_err(text)?;
            observer.look(&ecology, recorder.engine(), REWARDS.scale);
            told.look(&ecology, &observer);
        }
        for (name, number) in told.marks() {
            Venue::mark(recorder, name, number).map_err(text)?;
        }
        Ok(())
    })
}

/// A choice at random, with the digest of what it was made on; now and then none.
fn choose(space: Space, seen: &Observation, stream: &mut Stream) -> Option<Choice> {
    let [is_rule, heads @ ..]: [u64; 5] = stream.words();
    let mut choice = Choice { observation: digest(seen), ..Choice::default() };
    for ((head, word), size) in choice.heads.iter_mut().zip(heads).zip(space.heads()) {
        *head = u8::try_from(word % u64::from(*size)).unwrap_or(0);
    }
    (!is_rule.is_multiple_of(RULES)).then_some(choice)
}

/// The first 8 bytes of the digest of what was seen.
fn digest(seen: &Observation) -> [u8; 8] {
    let mut hasher = Hasher::new();
    add(&mut hasher, seen);
    first(&hasher)
}

fn add(hasher: &mut Hasher, seen: &[i16]) {
    for value in seen {
        hasher.update(&value.to_le_bytes());
    }
}

fn first(hasher: &Hasher) -> [u8; 8] {
    hasher.finalize().as_bytes().first_chunk().copied().unwrap_or_default()
}

/// What a run's seats saw, earned and would have done, digested.
#[derive(Default)]
struct Seen {
    states: Hasher,
    rewards: Hasher,
    labels: Hasher,
}

impl Seen {
    fn look(&mut self, ecology: &Ecology, observer: &Observer) {
        observer.states().iter().for_each(|state: &State| add(&mut self.states, state));
        for ((_, kind, _), pay) in ecology.seated().zip(observer.pays()) {
            self.rewards.update(&REWARDS.of(kind, pay).to_bits().to_le_bytes());
        }
        self.rewards.update(&observer.fair_distance().to_bits().to_le_bytes());
        for label in ecology.labels() {
            self.labels.update(&bytes(label));
        }
    }

    fn marks(&self) -> [(&'static str, u64); 3] {
        [("states", &self.states), ("rewards", &self.rewards), ("labels", &self.labels)]
            .map(|(name, hasher)| (name, u64::from_le_bytes(first(hasher))))
    }
}

/// A label in five bytes; 255 where there is none.
fn bytes(label: Option<Label>) -> [u8; 5] {
    let mut bytes = [u8::from(label.is_some()); 5];
    for (byte, index) in bytes.iter_mut().skip(1).zip(label.unwrap_or_default()) {
        *byte = index.unwrap_or(u8::MAX);
    }
    bytes
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use agents::learned::observation::ONE;
    use replay::entry::DecisionEntry;
    use replay::{Entry, Player, ReadLimits, Reader};

    use super::*;

    fn entries(maker: Space) -> Vec<Entry> {
        let mut config = Config::preset("realistic").unwrap();
        config.set("steps", "400").unwrap();
        let (log, finished) = record(&config, maker, 5).unwrap();
        assert_eq!(run::replayed(&log, &finished).unwrap().entries, finished.entries);
        let reader = Reader::open(&log[..], Vec::new(), ReadLimits::DEFAULT).unwrap();
        let mut player = Player::new(reader).unwrap();
        let mut entries = Vec::new();
        while let Some(moment) = player.advance().unwrap() {
            entries.push(moment.entry.clone());
        }
        entries
    }

    fn decisions(entries: &[Entry]) -> impl Iterator<Item = &DecisionEntry> {
        entries.iter().filter_map(|entry| match entry {
            Entry::Decision(decision) => Some(decision),
            Entry::Command(_) | Entry::Update(_) | Entry::Mark(_) | Entry::End => None,
        })
    }

    fn marks(entries: &[Entry]) -> BTreeMap<String, u64> {
        let marks = entries.iter().filter_map(|entry| match entry {
            Entry::Mark(mark) => Some((mark.name.to_string(), mark.number)),
            Entry::Command(_) | Entry::Update(_) | Entry::Decision(_) | Entry::End => None,
        });
        marks.collect()
    }

    /// What is never chosen is not compared between targets.
    #[test]
    fn every_type_chooses_everything_and_tells_what_it_saw() {
        for maker in [Space::MakerFlow, Space::MakerNeutral] {
            let entries = entries(maker);
            for space in [maker, Space::Momentum, Space::Value, Space::Noise] {
                let is_its = |it: &&DecisionEntry| it.policy == space.policy();
                let chosen: Vec<_> = decisions(&entries).filter(is_its).collect();
                for (head, size) in space.heads().iter().enumerate() {
                    let indices: BTreeSet<_> = chosen.iter().map(|it| it.action[head]).collect();
                    assert!(indices.into_iter().eq(0..i32::from(*size)), "{space:?}, head {head}");
                }
                let seen: BTreeSet<_> = chosen.iter().filter_map(|it| it.observation).collect();
                assert!(chosen.len() < 2 * seen.len(), "{space:?}: {} digests", seen.len());
            }
            let rules = decisions(&entries).filter(|it| it.policy < 16 && it.agent != 0);
            assert!(20 < rules.count(), "some follow their rules");
        }
    }

    #[test]
    fn what_was_seen_and_earned_is_marked() {
        let flow = marks(&entries(Space::MakerFlow));
        assert_eq!(flow, marks(&entries(Space::MakerFlow)));
        let neutral = marks(&entries(Space::MakerNeutral));
        let nothing = Seen::default().marks();
        assert_eq!(flow.len(), nothing.len());
        for (name, empty) in nothing {
            assert!(flow[name] != neutral[name] && flow[name] != empty, "{name}");
        }
    }

    #[test]
    fn one_unit_changes_a_digest() {
        let seen: Observation = std::array::from_fn(|place| ONE - i16::try_from(place).unwrap());
        for place in 0..seen.len() {
            let mut other = seen;
            other[place] += 1;
            assert_ne!(digest(&seen), digest(&other), "place {place}");
        }
        // Little-endian on every target.
        let bytes: Vec<u8> = seen.iter().flat_map(|value| value.to_le_bytes()).collect();
        assert_eq!(digest(&seen)[..], blake3::hash(&bytes).as_bytes()[..8]);
    }

    #[test]
    fn labels_are_told_apart() {
        let label = [Some(0), None, Some(1), None];
        let all = [None, Some([None; 4]), Some([Some(0); 4]), Some(label)].map(bytes);
        assert_eq!(all.into_iter().collect::<BTreeSet<_>>().len(), 4);
    }
}
