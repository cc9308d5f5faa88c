//! One agent: who it is, whether it is there, its stream and its rule.

use kernel::{ClientId, Position};

use crate::agent::{Kind, Sight, Turn};
use crate::config::{Config, Member};
use crate::fair_value::FairValue;
use crate::learned::{Choice, Label, MakerChoice, Space};
use crate::maker::Maker;
use crate::market::Market;
use crate::momentum::Momentum;
use crate::noise::Noise;
use crate::streams::Stream;
use crate::value::Value;

/// One agent of a population, silent until it joins.
#[derive(Clone, Debug)]
pub(super) struct Agent {
    pub(super) client: ClientId,
    pub(super) kind: Kind,
    /// Its number within the type.
    pub(super) index: u32,
    pub(super) presence: Presence,
    /// Lots that it held before the first step.
    pub(super) endowment: Position,
    pub(super) references: u64,
    stream: Stream,
    pub(super) rule: Rule,
    pub(super) chair: Chair,
}

/// Who decides for an agent.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) enum Chair {
    /// Its rule.
    #[default]
    Rule,
    /// A maker's quotes are given.
    Given(MakerChoice),
    /// A policy, if it has chosen; else its rule.
    Learned(Learned),
}

/// An agent for which a policy may choose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Learned {
    pub(super) space: Space,
    /// Fewest lots of a maker on each side.
    pub(super) lots_min: i64,
    /// For this step.
    pub(super) choice: Option<Choice>,
    /// Whether it looked at the market in this step.
    pub(super) acted: bool,
    /// What came nearest to what its rule did.
    pub(super) label: Option<Label>,
}

/// Whether an agent takes turns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Presence {
    /// It is yet to join.
    Waiting,
    /// It takes turns.
    Here,
    /// In its next turn it cancels what rests, and then it is gone.
    Leaving,
    /// It never acts again.
    Gone,
}

#[derive(Clone, Debug)]
pub(super) enum Rule {
    Maker(Maker),
    Momentum(Momentum),
    Value(Value),
    Noise(Noise),
}

impl Agent {
    /// An agent of a run under this configuration. Those that it does not know, because a fork
    /// brings them, hold nothing at first: the market's genesis is that of the parent.
    pub(super) fn new(config: &Config, seed: u64, Member { kind, index, joins }: Member) -> Self {
        let rule = match kind {
            Kind::Maker => Rule::Maker(Maker::new(config)),
            Kind::Momentum => Rule::Momentum(Momentum::new(config, index)),
            Kind::Value => Rule::Value(Value::new(config, index)),
            Kind::Noise => Rule::Noise(Noise::new(config)),
        };
        let stream = Stream::new(seed, &kind.stream(index));
        let is_endowed = index < config.count_ever(kind);
        Self {
            client: kind.client(index),
            kind,
            index,
            presence: if joins { Presence::Waiting } else { Presence::Here },
            endowment: if is_endowed { config.endowment.whole() } else { 0 },
            references: 0,
            stream,
            rule,
            chair: Chair::Rule,
        }
    }

    pub(super) const fn seat(&self) -> (Kind, ClientId) {
        (self.kind, self.client)
    }

    /// Whether it has a turn in a step.
    pub(super) const fn has_turns(&self) -> bool {
        matches!(self.presence, Presence::Here | Presence::Leaving)
    }

    /// Goes on under other parameters, with what it remembers.
    pub(super) fn retune(&mut self, config: &Config) {
        match &mut self.rule {
            Rule::Maker(rule) => rule.retune(config),
            Rule::Momentum(rule) => rule.retune(config, self.index),
            Rule::Value(rule) => rule.retune(config, self.index),
            Rule::Noise(rule) => rule.retune(config),
        }
    }

    /// Draws from another master seed from now on.
    pub(super) fn reseed(&mut self, seed: u64) {
        self.stream = Stream::new(seed, &self.kind.stream(self.index));
    }

    /// Never acts again, once it has cancelled what rests.
    pub(super) const fn dismiss(&mut self) {
        self.presence = match self.presence {
            Presence::Here | Presence::Leaving => Presence::Leaving,
            Presence::Waiting | Presence::Gone => Presence::Gone,
        };
    }

    /// Takes the step's words from the agent's stream; the first is the sort key of its turn.
    pub(super) fn begin(&mut self, market: &Market, fair: &FairValue) -> u64 {
        let [key] = self.stream.words();
        match &mut self.rule {
            Rule::Maker(rule) => rule.begin(market, self.stream.words()),
            Rule::Momentum(rule) => rule.begin(market, self.stream.words()),
            Rule::Value(rule) => rule.begin(fair, self.stream.words()),
            Rule::Noise(rule) => rule.begin(market, self.stream.words()),
        }
        key
    }

    /// Whether it does anything in this step.
    pub(super) fn acts(&self) -> bool {
        match &self.rule {
            Rule::Maker(_) => true,
            Rule::Momentum(rule) => rule.acts(),
            Rule::Value(rule) => rule.acts(),
            Rule::Noise(rule) => rule.acts(),
        }
    }

    /// Cancels whatever rests.
    pub(super) fn leave(&mut self, sight: &Sight<'_>, turn: &mut Turn) {
        match &mut self.rule {
            Rule::Maker(rule) => rule.leave(sight, turn),
            Rule::Momentum(_) | Rule::Value(_) | Rule::Noise(_) => {
                if sight.has_orders {
                    turn.cancel_all();
                }
            }
        }
    }

    /// Decides: by its rule, or as was chosen.
    pub(super) fn decide(&mut self, sight: &Sight<'_>, turn: &mut Turn) {
        match (self.chair, &mut self.rule) {
            (Chair::Given(quotes), Rule::Maker(rule)) => rule.decide_as(&quotes, sight, turn),
            (Chair::Learned(Learned { space, lots_min, choice: Some(choice), .. }), rule) => {
                turn.choose(space, &choice);
                match rule {
                    Rule::Maker(rule) => {
                        rule.decide_as(&choice.maker(space, lots_min), sight, turn);
                    }
                    Rule::Momentum(rule) => rule.decide_as(choice.momentum(), sight, turn),
                    Rule::Value(rule) => rule.decide_as(choice.value(), sight, turn),
                    Rule::Noise(rule) => rule.decide_as(choice.noise(), sight, turn),
                }
            }
            (Chair::Rule | Chair::Given(_) | Chair::Learned(_), rule) => match rule {
                Rule::Maker(rule) => rule.decide(sight, turn),
                Rule::Momentum(rule) => rule.decide(sight, turn),
                Rule::Value(rule) => rule.decide(sight, turn),
                Rule::Noise(rule) => rule.decide(sight, turn),
            },
        }
    }

    /// Begins a step in which it has not looked at the market yet.
    pub(super) const fn forget(&mut self) {
        if let Chair::Learned(learned) = &mut self.chair {
            (learned.acted, learned.label) = (false, None);
        }
    }

    /// Lets what was chosen go by.
    pub(super) const fn pass(&mut self) {
        if let Chair::Learned(learned) = &mut self.chair {
            learned.choice = None;
        }
    }

    /// Remembers that it looked at the market, and what its rule came nearest to.
    pub(super) fn remember(&mut self, sight: &Sight<'_>, turn: &Turn) {
        let Chair::Learned(learned) = &mut self.chair else { return };
        learned.acted = true;
        if learned.choice.take().is_none() {
            let (space, action) = (learned.space, turn.action());
            learned.label = Some(match &self.rule {
                Rule::Maker(rule) => rule.label(space, sight.market),
                Rule::Momentum(rule) => {
                    Space::label_momentum(action, sight.inventory, rule.trend())
                }
                Rule::Value(_) => Space::label_value(action),
                Rule::Noise(_) => Space::label_noise(action, sight.market.mid()),
            });
        }
    }
}
