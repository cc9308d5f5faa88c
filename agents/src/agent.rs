//! The four types of agents, and what is common to their turns.

use kernel::{
    ClientId, Command, Decision, Engine, OrderId, OrderKind, Place, Position, Price, Qty,
    Reference, SelfTrade, Side, TimeInForce, TimeNs,
};

use crate::learned::{Choice, Space};
use crate::market::Market;
use crate::number;

/// Nanoseconds of logical time in a step: one second.
pub const STEP_NS: u64 = 1_000_000_000;

/// A type of agents.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Quotes both sides.
    Maker,
    /// Follows trends.
    Momentum,
    /// Trades towards the fair value.
    Value,
    /// Trades at random.
    Noise,
}

impl Kind {
    /// All types, ascending by client.
    pub const ALL: [Self; 4] = [Self::Maker, Self::Momentum, Self::Value, Self::Noise];
    /// Client numbers are below this.
    pub const CLIENTS_MAX: u32 = 400;
    /// Most agents of one type.
    pub const AGENTS_MAX: u32 = 99;
    /// Agents of one type have client numbers from a multiple of this on.
    const STRIDE: u32 = 100;

    /// The client number of an agent of this type, `index` below 99: 1, 2, … for makers, 101, … for
    /// momentum, 201, … for value, 301, … for noise traders.
    pub const fn client(self, index: u32) -> ClientId {
        ClientId(self as u32 * Self::STRIDE + 1 + index)
    }

    /// The type and the place, from 0, of the agent with this client number; `None` for numbers that
    /// no agent of an ecology has.
    pub fn of(client: ClientId) -> Option<(Self, u32)> {
        let kind = Self::ALL
            .into_iter()
            .find(|kind| kind.client(0) <= client && client < kind.client(Self::AGENTS_MAX))?;
        Some((kind, client.0 - kind.client(0).0))
    }

    /// The name of the agent with this client number, counted from 1 among its type: `maker/1` for
    /// client 1. `None` as of [`Kind::of`].
    pub fn agent_name(client: ClientId) -> Option<String> {
        let (kind, index) = Self::of(client)?;
        Some(format!("{}/{}", kind.name(), index + 1))
    }

    /// The number of this type's rule in decisions.
    pub const fn policy(self) -> u32 {
        self as u32 + 3
    }

    /// The name of the type in names of random streams and in tables.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Maker => "maker",
            Self::Momentum => "momentum",
            Self::Value => "value",
            Self::Noise => "noise",
        }
    }

    /// The name of the parameter that counts the agents of this type.
    pub const fn parameter(self) -> &'static str {
        match self {
            Self::Maker => "market_makers",
            Self::Momentum | Self::Value | Self::Noise => self.name(),
        }
    }

    /// The name of an agent's random stream: `noise/3`.
    pub(crate) fn stream(self, index: u32) -> String {
        format!("{}/{index}", self.name())
    }
}

/// What an agent sees in its turn.
#[derive(Clone, Copy)]
pub(crate) struct Sight<'a> {
    pub(crate) engine: &'a Engine,
    pub(crate) market: &'a Market,
    pub(crate) client: ClientId,
    /// Lots held, beyond the endowment.
    pub(crate) inventory: Position,
    /// Lots that the short-sale ban allows to sell once its open orders are gone.
    pub(crate) sellable: Position,
    /// Of these, lots that its open sells do not ask for already.
    pub(crate) sellable_beside: Position,
    /// Whether the short-sale ban binds it.
    pub(crate) is_banned: bool,
    /// Whether orders of it rest.
    pub(crate) has_orders: bool,
}

impl<'a> Sight<'a> {
    pub(crate) fn new(
        engine: &'a Engine,
        market: &'a Market,
        client: ClientId,
        endowment: Position,
    ) -> Self {
        let account = engine.account(client);
        let is_banned = engine.rules().short_ban && !account.exempt;
        let held = if is_banned { account.position.max(0) } else { Position::MAX };
        Self {
            engine,
            market,
            client,
            inventory: account.position - endowment,
            sellable: held,
            sellable_beside: (held - account.open_sell).max(0),
            is_banned,
            has_orders: account.open_buy != 0 || account.open_sell != 0,
        }
    }

    /// The best price of a side among the orders of others.
    pub(crate) fn best_of_others(&self, side: Side) -> Option<i64> {
        let best = if self.has_orders {
            let mut queue = self.engine.queue(side);
            queue.find(|order| order.client != self.client).map(|order| order.price)
        } else {
            self.engine.best(side)
        };
        best.map(|price| i64::from(price.ticks()))
    }

    /// The transaction tax, in ticks a lot.
    pub(crate) fn tax(&self) -> f64 {
        f64::from(self.engine.rules().tax) / TAX_PER_TICK
    }

    /// As many of the lots as the short-sale ban and an inventory limit allow, 0 or more, when
    /// nothing else of this agent rests.
    pub(crate) fn within(&self, side: Side, lots: i64, inventory_max: i64) -> i64 {
        let room = match side {
            Side::Buy => inventory_max - self.inventory,
            Side::Sell => (inventory_max + self.inventory).min(self.sellable),
        };
        lots.min(room).max(0)
    }

    /// An order that trades at once, at the mid ± collar at worst.
    pub(crate) fn immediate(&self, side: Side, lots: i64, collar: f64) -> Order {
        let mid = self.market.mid();
        let price = match side {
            Side::Buy => number::floor(mid + collar),
            Side::Sell => number::ceil(mid - collar),
        };
        Order { side, price, lots, post_only: false, tif: TimeInForce::Ioc }
    }
}

/// Units of the tax in one tick a lot.
const TAX_PER_TICK: f64 = 10_000.0;

/// The commands of one turn and the action that they follow from; its memory is used again.
#[derive(Clone, Debug)]
pub(crate) struct Turn {
    client: ClientId,
    policy: u32,
    first_reference: u64,
    references: u64,
    /// Number of the newest order there will be.
    placed: u64,
    action: Vec<i32>,
    observation: Option<[u8; 8]>,
    commands: Vec<Command>,
}

impl Turn {
    pub(crate) const fn new() -> Self {
        Self {
            client: ClientId(0),
            policy: 0,
            first_reference: 1,
            references: 0,
            placed: 0,
            action: Vec::new(),
            observation: None,
            commands: Vec::new(),
        }
    }

    /// Starts a turn of an agent that has used so many references, in a market with so many orders
    /// placed.
    pub(crate) fn begin(&mut self, client: ClientId, kind: Kind, references: u64, placed: u64) {
        (self.client, self.policy, self.placed) = (client, kind.policy(), placed);
        (self.first_reference, self.references) = (references + 1, references);
        self.action.clear();
        self.observation = None;
        self.commands.clear();
    }

    /// Makes the decision that of a policy.
    pub(crate) fn choose(&mut self, space: Space, choice: &Choice) {
        self.policy = space.policy();
        let heads = choice.heads.iter().take(space.heads().len());
        self.action.extend(heads.map(|index| i32::from(*index)));
        self.observation = Some(choice.observation);
    }

    /// The integers of the action so far.
    pub(crate) fn action(&self) -> &[i32] {
        &self.action
    }

    /// Whether a policy has decided.
    pub(crate) const fn is_chosen(&self) -> bool {
        self.observation.is_some()
    }

    /// Notes integers of the action.
    pub(crate) fn act(&mut self, integers: impl IntoIterator<Item = i64>) {
        self.action.extend(integers.into_iter().map(number::narrow));
    }

    /// Cancels whatever rests.
    pub(crate) fn cancel_all(&mut self) {
        self.commands.push(Command::MassCancel { client: self.client });
    }

    /// Cancels one order.
    pub(crate) fn cancel(&mut self, order: OrderId) {
        self.commands.push(Command::Cancel { client: self.client, order });
    }

    /// Gives a resting order another price and another quantity, both as [`Turn::place`] would.
    pub(crate) fn replace(&mut self, engine: &Engine, order: OrderId, price: i64, lots: i64) {
        let Some(qty) = allowed_qty(engine, lots) else { return };
        let price = allowed_price(engine, price);
        self.commands.push(Command::Replace { client: self.client, order, price, qty });
    }

    /// Places an order, its price brought into the range of prices; nothing for no lots. Returns
    /// the id that it will have.
    pub(crate) fn place(&mut self, engine: &Engine, order: &Order) -> Option<OrderId> {
        let qty = allowed_qty(engine, order.lots)?;
        let price = allowed_price(engine, order.price);
        self.references += 1;
        self.placed += 1;
        self.commands.push(Command::Place(Place {
            client: self.client,
            reference: Reference(self.references),
            side: order.side,
            qty,
            kind: OrderKind::Limit { price, post_only: order.post_only },
            tif: order.tif,
            display: None,
            stop: None,
            self_trade: SelfTrade::CancelOldest,
        }));
        Some(OrderId(self.placed))
    }

    /// The commands so far.
    pub(crate) fn commands(&self) -> &[Command] {
        &self.commands
    }

    /// How many references the agent has used by now.
    pub(crate) const fn references(&self) -> u64 {
        self.references
    }

    /// The decision that causes the commands.
    pub(crate) fn decision(&self) -> Decision<'_> {
        let places = self.first_reference <= self.references;
        Decision {
            agent: self.client.0,
            policy: self.policy,
            action: &self.action,
            first_reference: Reference(if places { self.first_reference } else { 0 }),
            commands: u32::try_from(self.commands.len()).unwrap_or(u32::MAX),
            observation: self.observation,
        }
    }
}

/// The price nearest to `ticks` that the rules allow.
fn allowed_price(engine: &Engine, ticks: i64) -> Price {
    let rules = engine.rules();
    let ticks = u32::try_from(ticks.max(0)).unwrap_or(u32::MAX);
    Price::new(ticks.max(1)).unwrap_or(Price::MAX).clamp(rules.price_min, rules.price_max)
}

/// As many lots as one order may have; `None` for no lots.
fn allowed_qty(engine: &Engine, lots: i64) -> Option<Qty> {
    let lots = u32::try_from(lots.max(0)).unwrap_or(u32::MAX);
    (0 < lots).then(|| Qty::new(lots).unwrap_or(Qty::MAX).min(engine.rules().qty_max))
}

/// An order that an agent wants.
#[derive(Clone, Copy)]
pub(crate) struct Order {
    pub(crate) side: Side,
    pub(crate) price: i64,
    pub(crate) lots: i64,
    pub(crate) post_only: bool,
    pub(crate) tif: TimeInForce,
}

impl Order {
    /// An order that rests until it is cancelled.
    pub(crate) const fn resting(side: Side, price: i64, lots: i64) -> Self {
        Self { side, price, lots, post_only: false, tif: TimeInForce::Gtc }
    }

    /// An order that rests for so many steps, at least one.
    pub(crate) fn living(engine: &Engine, side: Side, price: i64, lots: i64, steps: i64) -> Self {
        let life = u64::try_from(steps).unwrap_or(0).max(1).saturating_mul(STEP_NS);
        let end = TimeNs(engine.time().0.saturating_add(life));
        Self { side, price, lots, post_only: false, tif: TimeInForce::Gtt(end) }
    }

    /// The lots, negative for a sale: how an action tells them.
    pub(crate) const fn signed_lots(&self) -> i64 {
        match self.side {
            Side::Buy => self.lots,
            Side::Sell => -self.lots,
        }
    }
}

#[cfg(test)]
pub(crate) mod stage;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_agent_is_named_by_its_client_number() {
        for kind in Kind::ALL {
            for index in [0, 1, Kind::AGENTS_MAX - 1] {
                assert_eq!(Kind::of(kind.client(index)), Some((kind, index)));
            }
        }
        let name = |client| Kind::agent_name(ClientId(client));
        assert_eq!(name(1).as_deref(), Some("maker/1"));
        assert_eq!(name(302).as_deref(), Some("noise/2"));
        assert_eq!((name(0), name(100), name(400), name(u32::MAX)), (None, None, None, None));
    }
}
