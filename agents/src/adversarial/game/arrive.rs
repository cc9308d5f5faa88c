//! The first half of a step: orders of customers arrive.

use kernel::{ClientId, Side, TimeInForce, TimeNs, Venue};

use super::Game;
use crate::adversarial::desk::Ticket;
use crate::adversarial::flow::Token;
use crate::adversarial::law::{Order, Style};
use crate::adversarial::reward::Habit;
use crate::adversarial::trader::{Progress, TraderAction};
use crate::adversarial::{FUNDAMENTAL_UNITS, NOISE, TRADER, policy};
use crate::number;

impl Game {
    /// Noise has filled the book before the episode.
    pub(super) fn fill_book<V: Venue>(&mut self, venue: &mut V) -> Result<(), V::Error> {
        let (levels, lots) = (self.settings.book_levels.whole(), self.settings.book_lots.whole());
        for level in 1..=levels {
            for side in [Side::Buy, Side::Sell] {
                let [_, _, _, _, life, early] = self.episode.noise();
                let life = self.law.delivery(life, early).life;
                let ticket = Ticket {
                    client: NOISE,
                    reference: self.desk.reference(NOISE),
                    side,
                    lots,
                    price: Some(self.episode.prices.beyond(side, -level)),
                    tif: self.resting(0, life),
                    post_only: false,
                };
                self.desk.place(venue, &ticket)?;
            }
        }
        Ok(())
    }

    /// The first half of a step: trader and noise decide, and their orders arrive. The trader, if it is
    /// informed, does as is given, or by its rule.
    ///
    /// # Errors
    /// The venue's.
    pub fn arrive<V: Venue>(
        &mut self,
        venue: &mut V,
        trader: Option<TraderAction>,
    ) -> Result<(), V::Error> {
        let episode = &mut self.episode;
        let step = episode.step + 1;
        self.desk.begin_step();
        let start = self.timing.start(episode.number, step);
        self.desk.clock(venue, start, self.timing.step(episode.number, step))?;
        episode.prices.look(venue.engine());
        episode.mid_before = episode.prices.mid_half_ticks;
        episode.flow.begin_step();
        episode.move_fundamental(&self.settings);
        let fundamental = number::round(episode.fundamental * f64::from(FUNDAMENTAL_UNITS));
        self.desk.note(venue, (0, policy::FUNDAMENTAL), &[fundamental], (0, 0), None)?;

        let draws = episode.draws();
        let free = episode.free(&self.settings, venue.engine());
        let progress = Progress { step: step - 1, free, volume: episode.volume_of_others };
        // Nobody chooses for what stands in an informed trader's place.
        let trader = trader.filter(|_| episode.is_informed);
        let order = match trader {
            Some(action) => self.trader.order(&action, &progress, &self.law, &draws),
            None => self.trader.decide(episode.seat, &progress, &self.law, &draws),
        };
        episode.symbol = Habit::symbol(order.map(|order| (order.lots, order.style.is_limit())));
        let observation = trader.and_then(|action| action.observation);
        if let Some(order) = order {
            self.send(TRADER, order, step);
        }
        let gap = self.episode.fundamental - self.episode.prices.mid();
        let word = self.episode.arrivals();
        for _ in 0..self.law.arrivals(word) {
            let order = self.law.order(self.episode.noise(), gap);
            self.send(NOISE, order, step);
        }
        self.deliver(venue, observation)
    }

    /// Puts an order of a customer on its way.
    fn send(&mut self, client: ClientId, order: Order, step: u64) {
        let number = self.episode.number;
        let time = self.timing.arrived(number, step).saturating_sub(order.early_ns);
        let is_limit = order.style.is_limit();
        let tif = if is_limit { self.resting(step, order.life) } else { TimeInForce::Ioc };
        let ticket = Ticket {
            client,
            reference: self.desk.reference(client),
            side: order.side,
            lots: order.lots,
            price: self.episode.prices.worst(order.side, order.style),
            tif,
            post_only: false,
        };
        self.arriving.push((time, ticket, order));
    }

    /// How long an order of a step may rest that lives for so many steps; 0 for the whole episode.
    fn resting(&self, step: u64, life: i64) -> TimeInForce {
        match life.unsigned_abs() {
            0 => TimeInForce::Gtc,
            life => TimeInForce::Gtt(TimeNs(self.timing.start(self.episode.number, step + life))),
        }
    }

    /// The orders of customers arrive, ordered by time, client and reference.
    fn deliver<V: Venue>(
        &mut self,
        venue: &mut V,
        observation: Option<[u8; 8]>,
    ) -> Result<(), V::Error> {
        let (number, step) = (self.episode.number, self.episode.step + 1);
        let (begin, clock) = (self.timing.begin(number), self.timing.step(number, step));
        self.arriving
            .sort_unstable_by_key(|(time, ticket, _)| (*time, ticket.client, ticket.reference));
        for (time, ticket, order) in self.arriving.drain(..) {
            self.desk.clock(venue, time, clock)?;
            let sign = if ticket.side == Side::Buy { 1 } else { -1 };
            let (kind, ticks) = match order.style {
                Style::Market => (0, 0),
                Style::Collared(ticks) => (1, ticks),
                Style::Limit(ticks) => (2, ticks),
            };
            let action = [sign * order.lots, kind, ticks, order.life];
            let observation = observation.filter(|_| ticket.client == TRADER);
            let who = (ticket.client.0, policy::CUSTOMER);
            self.desk.note(venue, who, &action, (ticket.reference, 1), observation)?;
            self.desk.place(venue, &ticket)?;
            self.episode.flow.push(Token::of(&order, step, time.saturating_sub(begin)));
        }
        self.desk.clock(venue, self.timing.arrived(number, step), clock)?;
        self.episode.prices.look(venue.engine());
        Ok(())
    }
}
