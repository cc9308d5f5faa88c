//! A small market on which one rule is put to the test.

use kernel::{
    ClientId, Command, Decision, Endowment, Engine, Event, OrderKind, Place, Price, Qty, Reference,
    RuleChange, SelfTrade, Side, TimeInForce, Unlogged, Venue,
};

use super::{Kind, Sight, Turn};
use crate::config::Config;
use crate::market::Market;

/// The agent whose rule is tested.
pub(crate) const SELF: ClientId = ClientId(7);
const OTHERS: ClientId = ClientId(8);

pub(crate) struct Stage {
    pub(crate) config: Config,
    pub(crate) market: Market,
    venue: Unlogged,
    turn: Turn,
    endowment: i64,
}

/// What a turn led to.
pub(crate) struct Played {
    pub(crate) action: Vec<i32>,
    pub(crate) commands: Vec<Command>,
    pub(crate) events: Vec<Event>,
}

impl Stage {
    /// An empty book around 10,000, and a configuration changed so.
    pub(crate) fn new(changes: &[(&str, &str)]) -> Self {
        Self::endowed(0, changes)
    }

    /// The same where the agent holds something from the start, and the others hold plenty.
    pub(crate) fn endowed(position: i64, changes: &[(&str, &str)]) -> Self {
        let mut config = Config::preset("realistic").unwrap();
        for (key, value) in changes {
            config.set(key, value).unwrap();
        }
        let mut genesis = config.genesis();
        if position != 0 {
            let endow = |client, position| Endowment { client, position, cash: 0 };
            genesis.endowments = vec![endow(SELF, position), endow(OTHERS, 1_000_000)];
        }
        let venue = Unlogged::new(Engine::new(&genesis).unwrap());
        let market = Market::new(&config);
        Self { config, market, venue, turn: Turn::new(), endowment: position }
    }

    /// The other clients' best orders, in place of those they had.
    pub(crate) fn book(&mut self, bid: u32, ask: u32, lots: u32) {
        self.submit(Command::MassCancel { client: OTHERS });
        self.place(OTHERS, Side::Buy, bid, lots);
        self.place(OTHERS, Side::Sell, ask, lots);
    }

    pub(crate) fn place(&mut self, client: ClientId, side: Side, price: u32, lots: u32) {
        self.submit(Command::Place(Place {
            client,
            reference: Reference(0),
            side,
            qty: Qty::new(lots).unwrap(),
            kind: OrderKind::Limit { price: Price::new(price).unwrap(), post_only: false },
            tif: TimeInForce::Gtc,
            display: None,
            stop: None,
            self_trade: SelfTrade::Allow,
        }));
    }

    /// Gives the agent a position, by a trade away from the book.
    pub(crate) fn hold(&mut self, side: Side, lots: u32) {
        self.submit(Command::MassCancel { client: OTHERS });
        self.place(OTHERS, side.opposite(), 10_000, lots);
        self.place(SELF, side, 10_000, lots);
    }

    pub(crate) fn rule(&mut self, change: RuleChange) {
        self.submit(Command::SetRule(change));
    }

    /// Ends a step.
    pub(crate) fn close(&mut self) {
        self.market.close(self.venue.engine());
    }

    /// Something that is read off market and book.
    pub(crate) fn look<T>(&self, read: impl FnOnce(&Market, &Engine) -> T) -> T {
        read(&self.market, self.venue.engine())
    }

    /// One turn of a rule: what it decides is carried out.
    pub(crate) fn play(&mut self, decide: impl FnOnce(&Sight<'_>, &mut Turn)) -> Played {
        let engine = self.venue.engine();
        self.market.look(engine);
        self.turn.begin(SELF, Kind::Maker, 0, engine.placed());
        decide(&Sight::new(engine, &self.market, SELF, self.endowment), &mut self.turn);
        let Decision { action, commands, .. } = self.turn.decision();
        let action = action.to_vec();
        assert_eq!(usize::try_from(commands).unwrap(), self.turn.commands().len());
        let commands = self.turn.commands().to_vec();
        let events: Vec<_> = commands.iter().flat_map(|command| self.submit(*command)).collect();
        Played { action, commands, events }
    }

    /// Prices and lots of the agent's orders of a side, best first.
    pub(crate) fn orders(&self, side: Side) -> Vec<(u32, u32)> {
        let queue = self.venue.engine().queue(side).filter(|order| order.client == SELF);
        queue.map(|order| (order.price.ticks(), order.qty.lots())).collect()
    }

    pub(crate) fn position(&self) -> i64 {
        self.venue.engine().account(SELF).position
    }

    fn submit(&mut self, command: Command) -> Vec<Event> {
        let Ok(events) = self.venue.submit(command);
        let is_refused = |event: &Event| matches!(event, Event::Rejected { .. });
        assert!(!events.iter().any(is_refused), "{command:?} {events:?}");
        events.to_vec()
    }
}

impl Played {
    /// Side, price, lots and time in force of the only order.
    #[track_caller]
    pub(crate) fn only_order(&self) -> (Side, u32, u32, TimeInForce) {
        let places: Vec<_> = self
            .commands
            .iter()
            .filter_map(
                |command| if let Command::Place(place) = command { Some(place) } else { None },
            )
            .collect();
        let [place] = places[..] else { panic!("not one order: {places:?}") };
        let OrderKind::Limit { price, .. } = place.kind else { panic!("no limit") };
        (place.side, price.ticks(), place.qty.lots(), place.tif)
    }
}
