//! How market makers quote: each decision of a maker, what it was taken in, and where its quotes
//! then stood.

use std::collections::BTreeMap;

use agents::Kind;
use agents::learned::Space;
use agents::maker::LONG_FLOW_DECAY;
use kernel::{ClientId, Command, Decision, Engine, Event, Genesis, Side};

/// A maker's quotes right after a decision of it. Prices are told from the last mid that its agents
/// saw, that of the end of the step before.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Quote {
    /// What was chosen, an index for each head; nothing of a fixed rule.
    pub choice: Option<[u8; 4]>,
    /// Lots held beyond the endowment, before the decision.
    pub inventory: i64,
    /// Net lots bought at once by all, decayed by 0.8 a step.
    pub flow: f64,
    /// Best own bid less the mid, ticks; `None` where it does not bid.
    pub bid: Option<f64>,
    /// Best own ask less the mid, ticks.
    pub ask: Option<f64>,
}

/// The quotes of one log, or of several alike.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Quotes {
    /// What a policy chose from; `None` where makers follow their fixed rule.
    pub space: Option<Space>,
    /// The quotes in their order.
    pub list: Vec<Quote>,
}

impl Quotes {
    /// Adds those of another log of the same space.
    pub fn add(&mut self, other: Self) {
        self.space = self.space.or(other.space);
        self.list.extend(other.list);
    }
}

/// Makes [`Quotes`] of a market as it is replayed or simulated.
///
/// Cost: a search of the book for each decision of a maker.
#[derive(Clone, Debug)]
pub struct QuoteTracker {
    spread_cap: Option<u32>,
    endowments: BTreeMap<ClientId, i64>,
    /// Bid plus ask as the agents see it.
    twice_mid: Option<i64>,
    top: Option<(u32, u32)>,
    /// Lots bought at once less lots sold, in this step.
    net: i64,
    flow: f64,
    /// A decision and how many of its commands are still to come.
    pending: Option<(ClientId, Quote, u32)>,
    quotes: Quotes,
}

impl QuoteTracker {
    /// A tracker ahead of the first entry of a market.
    ///
    /// * `spread_cap` - widest spread that has a mid, price units.
    pub fn new(spread_cap: Option<u32>, genesis: &Genesis) -> Self {
        let endowments = genesis.endowments.iter();
        Self {
            spread_cap,
            endowments: endowments.map(|it| (it.client, it.position)).collect(),
            twice_mid: None,
            top: None,
            net: 0,
            flow: 0.0,
            pending: None,
            quotes: Quotes::default(),
        }
    }

    /// The quotes so far.
    pub fn finish(self) -> Quotes {
        self.quotes
    }

    /// Sees a decision, in the market before its commands.
    pub fn decided(&mut self, decision: &Decision<'_>, engine: &Engine) {
        let client = ClientId(decision.agent);
        if !matches!(Kind::of(client), Some((Kind::Maker, _))) {
            return;
        }
        let space = Space::of_policy(decision.policy).filter(|space| space.kind() == Kind::Maker);
        if space.is_none() && decision.policy != Kind::Maker.policy() {
            return;
        }
        self.quotes.space = self.quotes.space.or(space);
        let mut heads = [0; 4];
        for (head, index) in heads.iter_mut().zip(decision.action) {
            *head = u8::try_from(*index).unwrap_or(u8::MAX);
        }
        let endowment = self.endowments.get(&client).copied().unwrap_or(0);
        let quote = Quote {
            choice: space.map(|_| heads),
            inventory: engine.account(client).position - endowment,
            flow: self.flow,
            bid: None,
            ask: None,
        };
        self.pending = Some((client, quote, decision.commands));
        self.keep_if_done(engine);
    }

    /// Sees a command that was carried out.
    pub fn applied(&mut self, command: &Command, events: &[Event], engine: &Engine) {
        if matches!(command, Command::Clock { .. }) {
            self.close();
        }
        for event in events {
            if let Event::Traded { qty, taker_side, .. } = event {
                let lots = i64::from(qty.lots());
                self.net += if *taker_side == Side::Buy { lots } else { -lots };
            }
        }
        if let Some((_, _, left)) = &mut self.pending {
            *left = left.saturating_sub(1);
        }
        self.keep_if_done(engine);
        let best = |side| engine.best(side).map(kernel::Price::ticks);
        self.top = best(Side::Buy).zip(best(Side::Sell));
    }

    /// Ends a step, as agents do: a mid behind too wide a spread is none.
    fn close(&mut self) {
        let top = self
            .top
            .filter(|(bid, ask)| self.spread_cap.is_none_or(|cap| ask.saturating_sub(*bid) <= cap));
        let twice_mid = top.map(|(bid, ask)| i64::from(bid) + i64::from(ask));
        self.twice_mid = twice_mid.or(self.twice_mid);
        self.flow = LONG_FLOW_DECAY * self.flow + crate::number::real(self.net);
        self.net = 0;
    }

    fn keep_if_done(&mut self, engine: &Engine) {
        let Some((client, mut quote, _)) = self.pending.take_if(|(_, _, left)| *left == 0) else {
            return;
        };
        let Some(twice_mid) = self.twice_mid else { return };
        let own = |side| {
            let order = engine.queue(side).find(|order| order.client == client)?;
            Some(f64::from(order.price.ticks()) - 0.5 * crate::number::real(twice_mid))
        };
        (quote.bid, quote.ask) = (own(Side::Buy), own(Side::Sell));
        self.quotes.list.push(quote);
    }
}

/// What quotes are like in a tenth of the decisions: means.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Tenth {
    /// Of what they were ordered by.
    pub(crate) key: f64,
    /// Own best bid and ask less the mid; `None` where no decision of them had one.
    pub(crate) bid: Option<f64>,
    pub(crate) ask: Option<f64>,
}

/// Parts into which decisions are cut.
const TENTHS: usize = 10;

/// Means of the quotes by tenths of a key, ascending; none for fewer quotes than tenths. Quotes of one
/// key stay in their order.
pub(crate) fn tenths(quotes: &Quotes, key: impl Fn(&Quote) -> f64) -> Vec<Tenth> {
    let mut sorted: Vec<_> = quotes.list.iter().map(|quote| (key(quote), quote)).collect();
    sorted.sort_by(|one, other| one.0.total_cmp(&other.0));
    if sorted.len() < TENTHS {
        return Vec::new();
    }
    let len = sorted.len();
    let part = |tenth: usize| {
        let part = sorted.get(tenth * len / TENTHS..(tenth + 1) * len / TENTHS)?;
        let mean = |values: Vec<f64>| {
            let count = crate::number::count(values.len());
            (!values.is_empty()).then(|| values.iter().sum::<f64>() / count)
        };
        Some(Tenth {
            key: mean(part.iter().map(|it| it.0).collect())?,
            bid: mean(part.iter().filter_map(|it| it.1.bid).collect()),
            ask: mean(part.iter().filter_map(|it| it.1.ask).collect()),
        })
    };
    (0..TENTHS).filter_map(part).collect()
}

#[cfg(test)]
pub(crate) mod tests;
