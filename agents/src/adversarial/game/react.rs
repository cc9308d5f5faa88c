//! The second half of a step: belief, arbitrageur and maker.

use kernel::{Command, OrderId, Side, TimeInForce, Venue};

use super::Game;
use crate::adversarial::arbitrageur::{ArbitrageurAction, ArbitrageurSight};
use crate::adversarial::desk::Ticket;
use crate::adversarial::maker::{Ladder, MakerAction, MakerSight};
use crate::adversarial::prices::Prices;
use crate::adversarial::reward::Pay;
use crate::adversarial::{ARBITRAGEUR, BELIEF_UNITS, MAKER, policy};
use crate::number;

/// A belief is this far from 0 and 1 at least, a logit of 6: its logarithm is what leakage costs.
const BELIEF_MIN: f64 = 0.002_472_623;

/// What maker, arbitrageur and belief do in the second half of a step; by their rules where nothing is given.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Reactions {
    /// Probability of type z = 1; brought within a logit of ±6, and no number counts as nothing given.
    pub belief: Option<f64>,
    /// What the arbitrageur does.
    pub arbitrageur: Option<ArbitrageurAction>,
    /// What the maker quotes.
    pub maker: Option<MakerAction>,
}

impl Game {
    /// The second half of a step: belief, arbitrageur and maker look at the prints; then what they
    /// do arrives, each after its latency. Returns what the step paid.
    ///
    /// # Errors
    /// The venue's.
    pub fn react<V: Venue>(&mut self, venue: &mut V, given: &Reactions) -> Result<Pay, V::Error> {
        let (number, step) = (self.episode.number, self.episode.step + 1);
        let belief_before = self.episode.belief;
        let given_belief = given.belief.filter(|belief| !belief.is_nan());
        let belief = given_belief.unwrap_or_else(|| self.update_belief());
        self.episode.belief = belief.clamp(BELIEF_MIN, 1.0 - BELIEF_MIN);
        let units = number::round(self.episode.belief * f64::from(BELIEF_UNITS));
        self.desk.note(venue, (0, policy::BELIEF), &[units], (0, 0), None)?;

        let arbitrageur = given.arbitrageur.unwrap_or_else(|| {
            let account = venue.engine().account(ARBITRAGEUR);
            self.arbitrageur.decide(&ArbitrageurSight {
                inventory: self.episode.inventory(&account),
                held: step - self.episode.sniped,
                prints: self.desk.prints,
                lag: self.episode.belief - self.episode.quoted,
            })
        });
        let inventory = self.episode.inventory(&venue.engine().account(MAKER));
        let sight = self.maker_sight(inventory);
        let maker = given.maker.unwrap_or_else(|| self.maker.decide(&sight));
        let seen = self.episode.prices;
        let lag = self.episode.belief - self.episode.quoted;
        let clock = self.timing.step(number, step);
        for (time, client) in self.timing.reactions(number, step) {
            if client == MAKER {
                self.desk.clock(venue, time, clock)?;
                self.quote(venue, &maker, inventory, seen)?;
            } else {
                self.snipe(venue, &arbitrageur, seen, time)?;
            }
        }
        self.episode.prices.look(venue.engine());
        let (from, to) = (self.episode.mid_before, self.episode.prices.mid_half_ticks);
        self.desk.tape.moved(from, to);
        self.episode.remember_move();
        self.episode.step = step;
        Ok(self.pay(venue, belief_before, lag))
    }

    pub(super) fn maker_sight(&self, inventory: i64) -> MakerSight {
        MakerSight {
            belief: self.episode.belief,
            inventory,
            left: self.settings.steps() - self.episode.step,
            variance: self.episode.variance,
        }
    }

    /// Cancels the maker's quotes and places new ones around the prices that it saw.
    pub(super) fn quote<V: Venue>(
        &mut self,
        venue: &mut V,
        action: &MakerAction,
        inventory: i64,
        seen: Prices,
    ) -> Result<(), V::Error> {
        let ladders =
            [Side::Buy, Side::Sell].map(|side| self.maker.ladder(action, side, inventory));
        let orders: i64 = ladders.iter().map(|ladder| ladder.levels).sum();
        self.quotes.retain(|order| venue.engine().is_live(*order));
        let commands = self.quotes.len() + usize::try_from(orders).unwrap_or(0);
        let commands = u32::try_from(commands).unwrap_or(u32::MAX);
        let integers = [action.bid, action.ask, action.bid_lots, action.ask_lots];
        let first = if orders == 0 { 0 } else { self.desk.next_reference(MAKER) };
        let who = (MAKER.0, policy::MAKER);
        self.desk.note(venue, who, &integers, (first, commands), action.observation)?;
        for order in self.quotes.drain(..) {
            self.desk.submit(venue, Command::Cancel { client: MAKER, order })?;
        }
        for ladder in ladders {
            self.place_ladder(venue, ladder, seen)?;
        }
        self.episode.quoted = self.episode.belief;
        Ok(())
    }

    fn place_ladder<V: Venue>(
        &mut self,
        venue: &mut V,
        ladder: Ladder,
        seen: Prices,
    ) -> Result<(), V::Error> {
        let Ladder { side, lots, .. } = ladder;
        let opposite = seen.opposite(side);
        for price in ladder.prices(seen) {
            // Nobody who is faster than the maker rests: what does not cross now will not cross then.
            // It may where a side is empty and the mid is old.
            let crosses = opposite.is_some_and(|opposite| match side {
                Side::Buy => opposite <= price,
                Side::Sell => price <= opposite,
            });
            let ticket = Ticket {
                client: MAKER,
                reference: self.desk.reference(MAKER),
                side,
                lots,
                price: Some(price),
                tif: TimeInForce::Gtc,
                post_only: crosses,
            };
            self.desk.place(venue, &ticket)?;
            self.quotes.push(OrderId(venue.engine().placed()));
        }
        Ok(())
    }

    /// The arbitrageur's order arrives, if there is one.
    fn snipe<V: Venue>(
        &mut self,
        venue: &mut V,
        action: &ArbitrageurAction,
        seen: Prices,
        time: u64,
    ) -> Result<(), V::Error> {
        let inventory = self.episode.inventory(&venue.engine().account(ARBITRAGEUR));
        let order = self.arbitrageur.order(action, &seen, inventory);
        let who = (ARBITRAGEUR.0, policy::ARBITRAGEUR);
        let Some((side, price, lots)) = order else {
            if action.observation.is_some() {
                self.desk.note(venue, who, &[0], (0, 0), action.observation)?;
            }
            return Ok(());
        };
        let (number, step) = (self.episode.number, self.episode.step + 1);
        self.desk.clock(venue, time, self.timing.step(number, step))?;
        let reference = self.desk.reference(ARBITRAGEUR);
        let signed = if side == Side::Buy { lots } else { -lots };
        self.desk.note(venue, who, &[signed], (reference, 1), action.observation)?;
        let ticket = Ticket {
            client: ARBITRAGEUR,
            reference,
            side,
            lots,
            price: Some(price),
            tif: TimeInForce::Ioc,
            post_only: false,
        };
        let before = self.desk.traded(ARBITRAGEUR).lots();
        self.desk.place(venue, &ticket)?;
        if before < self.desk.traded(ARBITRAGEUR).lots() {
            self.episode.sniped = step;
        }
        Ok(())
    }

    /// The belief by its rule.
    fn update_belief(&mut self) -> f64 {
        let every = self.settings.belief_refresh.whole().unsigned_abs();
        let refreshes = (self.episode.step + 1).is_multiple_of(every);
        self.episode.count_buys(refreshes)
    }
}
