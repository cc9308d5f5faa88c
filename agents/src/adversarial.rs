//! The adversarial market: an informed trader who hides, a maker who infers, an arbitrageur who is faster.
//!
//! The world of the published system adversarial-market-marl on this project's kernel. A [`Game`] is
//! a run of episodes. In each a type z is drawn: in episodes of type z = 1 an informed trader
//! buys a parent order, in those of type z = 0 something else stands in its place ([`Mode`]). A maker
//! quotes on its belief b = P(z = 1 | F), where the public flow [`Flow`] holds every order of a
//! customer, without its sender. An arbitrageur sees the same and is faster.
//!
//! A step has these moments, each an entry of the clock; latencies are settings:
//!
//! | time | what happens |
//! |---|---|
//! | t | orders whose time has come are cancelled; the fundamental moves; trader and noise decide |
//! | to t + 100 ms | their orders arrive, each up to 1 ms before that, by a draw |
//! | t + 100 ms | belief, arbitrageur and maker look at the prints and decide |
//! | 1 ms later | the arbitrageur's order arrives |
//! | 10 ms later | the maker's reaction arrives: it cancels its quotes and places new ones |
//!
//! What arrives at the same nanosecond is ordered by client and reference.
//!
//! The type reaches the market only through the orders of the trader's place: noise, fundamental and the
//! rules of delivery, cancelling and closing are the same in both types, and each consumer
//! has its own random stream in each episode, so that twin episodes of both types share their draws.
//!
//! **Invariants:** those of this crate. The accounts are the kernel's: a fill counts for both sides,
//! whoever was passive.
//!
//! How well a trader can hide at all is in [`bound`], and how well it hid in [`divergence`], [`judge`] and
//! [`calibration`]; the theory behind them stands in `agents/ADVERSARIAL.md`.
//!
//! What a log of such a market tells is in [`watch`] and [`measures`].
//!
//! Read in this order: `settings`, `law`, `prices`, `flow`, `trader`, `maker`, `arbitrageur`, `game`,
//! `reward`, `observation`, `watch`, `measures`.

mod arbitrageur;
pub mod belief;
pub mod bound;
pub mod calibration;
mod desk;
pub mod divergence;
mod episode;
mod flow;
mod game;
pub mod judge;
mod law;
pub mod layers;
mod maker;
pub mod measures;
mod observation;
mod prices;
pub mod published;
mod reward;
mod settings;
mod tape;
mod trader;
pub mod watch;
mod words;

use kernel::ClientId;

pub use arbitrageur::ArbitrageurAction;
pub use flow::{Flow, Token};
pub use game::{Game, Reactions};
pub use law::{Order, Style};
pub use maker::MakerAction;
pub use observation::{Observations, View, Widths};
pub use prices::Prices;
pub use reward::{ArbitrageurPay, MakerPay, Pay, TraderPay};
pub use settings::{
    ArbitrageurPolicy, BeliefPolicy, Leakage, MakerPolicy, Mode, PRESETS, RateRule, SETTINGS,
    Setting, Settings, SettingsError, Takes, TraderPolicy, setting,
};
pub use trader::TraderAction;
pub use words::describe;

/// The client in the trader's place.
pub const TRADER: ClientId = ClientId(1);
/// The maker.
pub const MAKER: ClientId = ClientId(2);
/// The arbitrageur.
pub const ARBITRAGEUR: ClientId = ClientId(3);
/// All noise.
pub const NOISE: ClientId = ClientId(4);
/// Client numbers are below this.
pub const CLIENTS_MAX: u32 = 5;

/// What a client is called; `None` for one that is nobody here.
pub const fn agent_name(client: ClientId) -> Option<&'static str> {
    match client {
        TRADER => Some("trader"),
        MAKER => Some("maker"),
        ARBITRAGEUR => Some("arbitrageur"),
        NOISE => Some("noise"),
        _ => None,
    }
}

/// Policies of decisions: what their integers mean.
pub mod policy {
    /// Nature, as an episode begins: z, the number of the [`Mode`](super::Mode), lots of the parent order.
    pub const TYPE: u32 = 1;
    /// Nature, each step: the fundamental, in 1/256 tick.
    pub const FUNDAMENTAL: u32 = 2;
    /// Nature, each step: the belief, in 1/65,536.
    pub const BELIEF: u32 = 3;
    /// Nature, as an episode ends: lots that the trader's place still wanted, twice the mid.
    pub const CLOSE: u32 = 4;
    /// An order of trader or noise: lots, negative for a sell; 0 at the market, 1 with a reservation, 2
    /// a limit; ticks beyond the reference price; steps for which it may rest.
    pub const CUSTOMER: u32 = 5;
    /// The maker: ticks of bid and ask from their reference prices, lots on each level of bid and ask.
    pub const MAKER: u32 = 6;
    /// The arbitrageur: lots, negative for a sell.
    pub const ARBITRAGEUR: u32 = 7;
}

/// Units of the fundamental's integer in a tick.
pub const FUNDAMENTAL_UNITS: u32 = 256;
/// Units of the belief's integer.
pub const BELIEF_UNITS: u32 = 65_536;
/// The mark that an episode begins with, its number from 1.
pub const EPISODE_MARK: &str = "episode";
