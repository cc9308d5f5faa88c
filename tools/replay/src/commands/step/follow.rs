//! What is followed through the log: an order, or a client.

use std::collections::BTreeMap;

use formats::render::event_text;
use formats::state::is_used;
use kernel::{
    AccountView, Cash, ClientId, Command, Engine, Event, OrderId, OrderView, Price, Side, StopView,
};
use replay::{Entry, Moment};

use super::view::{concerned, equity};

/// An order or a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Followed {
    Order(OrderId),
    Client(ClientId),
}

impl Followed {
    /// Whether an entry touches it: names it, or changes anything about it.
    pub(super) fn is_touched(self, moment: &Moment<'_>) -> bool {
        match self {
            Self::Order(order) => touches(order, moment),
            Self::Client(client) => concerned(moment.entry, moment.events).contains(&client),
        }
    }
}

/// What there is to tell of it at a moment.
#[derive(Clone, Debug)]
pub(super) enum FollowedView {
    Order(OrderState),
    Client(Box<ClientState>),
}

/// An order at a moment.
#[derive(Clone, Debug)]
pub(super) struct OrderState {
    pub(super) order: OrderId,
    /// Whether it was placed by then.
    pub(super) is_placed: bool,
    pub(super) resting: Option<(OrderView, Place)>,
    pub(super) waiting: Option<StopView>,
}

/// Where a resting order stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Place {
    /// Orders ahead of it at its price.
    pub(super) orders: u64,
    /// Their displayed lots.
    pub(super) lots: u64,
    /// Displayed lots at better prices.
    pub(super) better: u64,
}

/// A client at a moment.
#[derive(Clone, Debug)]
pub(super) struct ClientState {
    pub(super) account: AccountView,
    pub(super) equity: Option<Cash>,
    pub(super) resting: Vec<OrderView>,
    pub(super) waiting: Vec<StopView>,
}

impl FollowedView {
    pub(super) fn of(followed: Followed, engine: &Engine) -> Self {
        match followed {
            Followed::Order(order) => Self::Order(OrderState {
                order,
                is_placed: order.0 <= engine.placed(),
                resting: engine.order(order).map(|view| (view, place_of(engine, &view))),
                waiting: engine.stops().find(|stop| stop.order == order),
            }),
            Followed::Client(client) => {
                let account = engine.account(client);
                let waiting: Vec<_> = engine.stops().filter(|stop| stop.client == client).collect();
                let resting = resting(engine, &account, &waiting);
                let equity = equity(engine, &account).filter(|_| is_used(&account));
                Self::Client(Box::new(ClientState { account, equity, resting, waiting }))
            }
        }
    }

    /// Whether it has an order at a price.
    pub(super) fn is_at(&self, side: Side, price: Price) -> bool {
        let is_there = |order: &OrderView| order.side == side && order.price == price;
        match self {
            Self::Order(order) => order.resting.as_ref().is_some_and(|(view, _)| is_there(view)),
            Self::Client(client) => client.resting.iter().any(is_there),
        }
    }
}

/// Cost: O(orders ahead at its price, and levels ahead).
fn place_of(engine: &Engine, order: &OrderView) -> Place {
    let better = engine.levels(order.side).take_while(|level| level.price != order.price);
    let mut place = Place { better: better.map(|level| level.qty).sum(), ..Place::default() };
    let queue = engine.queue(order.side).take_while(|other| other.order != order.order);
    for other in queue.filter(|other| other.price == order.price) {
        place.orders += 1;
        place.lots += u64::from(other.displayed.lots());
    }
    place
}

/// A client's resting orders, best first on each side. The search ends with the last of its open lots.
fn resting(engine: &Engine, account: &AccountView, waiting: &[StopView]) -> Vec<OrderView> {
    let mut found = Vec::new();
    for (side, open) in [(Side::Buy, account.open_buy), (Side::Sell, account.open_sell)] {
        let stops = waiting.iter().filter(|stop| stop.side == side);
        let mut left = open - stops.map(|stop| i64::from(stop.qty.lots())).sum::<i64>();
        let mut queue = engine.queue(side);
        while 0 < left
            && let Some(order) = queue.find(|order| order.client == account.client)
        {
            left -= i64::from(order.qty.lots());
            found.push(order);
        }
    }
    found
}

/// Whether an entry names an order.
fn touches(order: OrderId, moment: &Moment<'_>) -> bool {
    let is_named = match moment.entry {
        Entry::Command(
            Command::Cancel { order: named, .. }
            | Command::Reduce { order: named, .. }
            | Command::Replace { order: named, .. },
        ) => *named == order,
        Entry::Command(_) | Entry::Decision(_) | Entry::Mark(_) | Entry::Update(_) | Entry::End => {
            false
        }
    };
    is_named || moment.events.iter().any(|event| is_about(event, order))
}

fn is_about(event: &Event, id: OrderId) -> bool {
    match event {
        Event::Accepted { order, .. }
        | Event::Rested { order, .. }
        | Event::Refilled { order, .. }
        | Event::Triggered { order }
        | Event::Cancelled { order, .. }
        | Event::Reduced { order, .. }
        | Event::Replaced { order, .. }
        | Event::BandHit { order, .. } => *order == id,
        Event::Rejected { order, .. } => *order == Some(id),
        Event::Traded { maker, taker, .. } | Event::Decremented { maker, taker, .. } => {
            *maker == id || *taker == id
        }
        Event::MassCancelled { .. }
        | Event::ClockMoved { .. }
        | Event::RuleChanged(_)
        | Event::Uncrossed { .. } => false,
    }
}

/// What one entry did to an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Touch {
    /// The events in words.
    pub(super) texts: Vec<String>,
    /// Lots that it traded.
    pub(super) traded: u64,
    /// Whether the entry placed it.
    pub(super) is_birth: bool,
    /// Whether nothing of it is open behind the entry.
    pub(super) is_end: bool,
}

impl Touch {
    /// What an entry did to an order, if anything.
    pub(super) fn of(order: OrderId, moment: &Moment<'_>) -> Option<Self> {
        if !touches(order, moment) {
            return None;
        }
        let about = moment.events.iter().filter(|event| is_about(event, order));
        let traded = about.clone().map(|event| {
            if let Event::Traded { qty, .. } = event { u64::from(qty.lots()) } else { 0 }
        });
        let is_place = matches!(moment.entry, Entry::Command(Command::Place(_)));
        let placed = moment.engine.placed();
        Some(Self {
            traded: traded.sum(),
            is_birth: is_place && placed == order.0,
            // An order can be named before there is one.
            is_end: order.0 <= placed && !moment.engine.is_live(order),
            texts: about.map(event_text).collect(),
        })
    }
}

/// An order's life, as far as it is known.
#[derive(Clone, Debug, Default)]
pub(super) struct Story {
    pub(super) touches: BTreeMap<u64, Touch>,
    /// Whether it is whole, from its placing to its end or that of the log.
    pub(super) is_whole: bool,
}

impl Story {
    /// Lots that it had traded behind an entry.
    pub(super) fn traded(&self, entry: u64) -> u64 {
        self.touches.range(..=entry).map(|(_, touch)| touch.traded).sum()
    }

    /// The entry that placed it.
    pub(super) fn birth(&self) -> Option<u64> {
        self.touches.iter().find(|(_, touch)| touch.is_birth).map(|(entry, _)| *entry)
    }

    /// The entry behind which nothing of it was open any more, and what that entry did.
    pub(super) fn end(&self) -> Option<(u64, &Touch)> {
        self.touches.iter().find(|(_, touch)| touch.is_end).map(|(entry, touch)| (*entry, touch))
    }
}
