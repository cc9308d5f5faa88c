//! One step's decisions in many markets: one forward pass a policy, whoever looks on.

use agents::learned::{Choice, HEADS_MAX, Observation};
use agents::streams::Stream;
use replay::medium::Medium;

use crate::environment::Life;
use crate::policy::{Drawn, Policy};
use crate::rollout::RolloutError;

/// Who decides for which seats of markets that are alike; its memory is used again.
#[derive(Debug)]
pub struct Deciders {
    /// Seats of a market.
    seats: usize,
    /// Of each policy, the seats of a market for which it decides.
    places: Vec<Vec<usize>>,
    /// Of every market, for each seat.
    choices: Vec<Vec<Option<Choice>>>,
    /// Of every market and seat.
    words: Vec<[u64; HEADS_MAX]>,
    observations: Vec<Observation>,
    drawn: Vec<Drawn>,
}

impl Deciders {
    /// Policies in markets with the same seats.
    pub fn new<'a, M: Medium + 'a>(
        mut lives: impl Iterator<Item = &'a Life<M>>,
        policies: &[Policy],
    ) -> Self {
        let first = lives.next();
        let kinds: Vec<_> =
            first.map_or_else(Vec::new, |life| life.seats().map(|(_, kind)| kind).collect());
        let seats_of = |policy: &Policy| {
            (0..kinds.len()).filter(|seat| kinds.get(*seat) == Some(&policy.kind)).collect()
        };
        let markets = lives.count() + usize::from(first.is_some());
        Self {
            seats: kinds.len(),
            places: policies.iter().map(seats_of).collect(),
            choices: vec![vec![None; kinds.len()]; markets],
            words: Vec::new(),
            observations: Vec::new(),
            drawn: Vec::new(),
        }
    }

    /// The seats of a market for which a policy decides.
    pub fn seats(&self, policy: usize) -> &[usize] {
        self.places.get(policy).map_or(&[], Vec::as_slice)
    }

    /// Lets every policy decide for its agents in every market, those of the first market first.
    ///
    /// * `streams` - one for each market; a seat takes [`HEADS_MAX`] words of it, whoever sits there.
    /// * `note` - is told of each policy, by its number, what its agents saw and drew.
    ///
    /// # Errors
    /// [`RolloutError::Choice`].
    pub fn decide<'a, M: Medium + 'a>(
        &mut self,
        lives: &(impl Iterator<Item = &'a Life<M>> + Clone),
        policies: &[Policy],
        streams: &mut [Stream],
        mut note: impl FnMut(usize, &[Observation], &[Drawn]),
    ) -> Result<(), RolloutError> {
        let Self { seats, places, choices, words, observations, drawn } = self;
        words.clear();
        for stream in streams {
            words.extend((0..*seats).map(|_| stream.words::<HEADS_MAX>()));
        }
        for (number, (policy, own)) in policies.iter().zip(places).enumerate() {
            observations.clear();
            for life in lives.clone() {
                observations.extend(own.iter().map(|seat| life.observations()[*seat]));
            }
            let count = own.len().max(1);
            let word = |agent: usize| words[agent / count * *seats + own[agent % count]];
            policy
                .draw(observations, word, drawn)
                .map_err(|error| RolloutError::Choice { kind: policy.kind, error })?;
            note(number, observations, drawn);
            for (agent, it) in drawn.iter().enumerate() {
                choices[agent / count][own[agent % count]] = Some(it.choice);
            }
        }
        Ok(())
    }

    /// What was decided: of every market, for each seat.
    pub fn choices(&self) -> impl Iterator<Item = impl Iterator<Item = Option<Choice>> + '_> {
        self.choices.iter().map(|choices| choices.iter().copied())
    }
}
