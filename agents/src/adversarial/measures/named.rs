//! Measures by name, in the order in which tables show them.

use super::{Estimate, HORIZONS, Measures};

/// What measures are about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// How the parent order was carried out.
    Execution,
    /// How it was split.
    Splitting,
    /// What the flow of the trader's place looks like beside that of noise.
    Flow,
    /// The market.
    Market,
    /// The maker.
    Maker,
    /// The arbitrageur.
    Arbitrageur,
}

impl Subject {
    /// A title for its measures.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Execution => "Execution of the parent order",
            Self::Splitting => "Order splitting",
            Self::Flow => "Divergence of the trader's orders from noise",
            Self::Market => "Market",
            Self::Maker => "Maker",
            Self::Arbitrageur => "Arbitrageur",
        }
    }
}

/// A measure with its name and unit.
#[derive(Clone, Debug, PartialEq)]
pub struct NamedMeasure {
    /// What it is about.
    pub subject: Subject,
    /// Its name.
    pub name: String,
    /// Its unit; nothing for a pure number.
    pub unit: &'static str,
    /// What was found; shares are in %.
    pub estimate: Option<Estimate>,
}

impl Measures {
    /// All of them, those of a subject behind each other. Of every sample there are the same names in
    /// the same order.
    pub fn named(&self) -> Vec<NamedMeasure> {
        let mut all = Vec::new();
        for (subject, rows) in [
            (Subject::Execution, self.of_execution()),
            (Subject::Splitting, self.of_splitting()),
            (Subject::Flow, self.of_flow()),
            (Subject::Market, self.of_market()),
            (Subject::Maker, self.of_maker()),
            (Subject::Arbitrageur, self.of_arbitrageur()),
        ] {
            let named = |(name, unit, estimate)| NamedMeasure { subject, name, unit, estimate };
            all.extend(rows.into_iter().map(named));
        }
        all
    }

    /// A number whose error nobody knows.
    fn bare(&self, value: Option<f64>) -> Option<Estimate> {
        value.map(|value| Estimate { value, error: None, episodes: self.episodes })
    }

    fn of_execution(&self) -> Rows {
        let it = &self.execution;
        let quartile = |place: usize| {
            self.bare(it.slippage_quartiles.and_then(|quartiles| quartiles.get(place).copied()))
        };
        rows([
            ("implementation shortfall", "bps", it.shortfall),
            ("  of executed lots alone", "bps", it.executed_shortfall),
            ("completion", "%", percent(it.completion)),
            ("participation in the volume", "%", percent(it.participation)),
            ("slippage of a child order", "bps", it.slippage),
            ("  its lower quartile", "bps", quartile(0)),
            ("  its median", "bps", quartile(1)),
            ("  its upper quartile", "bps", quartile(2)),
        ])
    }

    fn of_splitting(&self) -> Rows {
        let it = &self.splitting;
        rows([
            ("child orders of an episode", "", it.orders),
            ("lots of a child order", "lots", it.lots),
            ("child orders that may not rest", "%", percent(it.market_orders)),
            ("steps between child orders", "steps", it.gap),
            ("  their deviation over their mean", "", self.bare(it.gap_variation)),
        ])
    }

    fn of_flow(&self) -> Rows {
        let it = &self.flow;
        rows([
            ("Kullback-Leibler", "nats", it.divergence),
            ("  as published", "nats", it.published),
            ("total variation", "", it.variation),
            ("Jensen-Shannon", "nats", it.shannon),
            ("entropy, as published", "nats", self.bare(it.entropy)),
        ])
    }

    fn of_market(&self) -> Rows {
        let it = &self.market;
        rows([
            ("volatility of the mid", "ticks/\u{221a}step", it.volatility),
            ("volume of an episode", "lots", it.volume),
            ("spread", "ticks", it.spread),
            ("correlation of spread and belief", "", it.spread_belief),
            ("  within an episode", "", it.spread_belief_within),
        ])
    }

    fn of_maker(&self) -> Rows {
        let it = &self.maker;
        let mut all = rows([
            ("gain of an episode", "tick\u{b7}lots", it.pnl),
            ("inventory at the end", "lots", it.inventory),
            ("volume of an episode", "lots", it.lots),
        ]);
        let selected = it.adverse_selection.iter().zip(&it.adverse_selection_per_lot);
        for (steps, (whole, per_lot)) in HORIZONS.iter().zip(selected) {
            let steps = if *steps == 1 { "1 step".to_owned() } else { format!("{steps} steps") };
            all.push((format!("adverse selection after {steps}"), "tick\u{b7}lots", *whole));
            all.push(("  for each lot".to_owned(), "ticks", *per_lot));
        }
        all
    }

    fn of_arbitrageur(&self) -> Rows {
        let it = &self.arbitrageur;
        rows([
            ("gain of an episode", "tick\u{b7}lots", it.pnl),
            ("snipes of an episode", "", it.snipes),
            ("orders that close a position", "", it.closings),
            ("steps from a snipe to the next", "steps", it.cycle),
        ])
    }
}

/// Name, unit and what was found.
type Rows = Vec<(String, &'static str, Option<Estimate>)>;

fn rows<const N: usize>(rows: [(&str, &'static str, Option<Estimate>); N]) -> Rows {
    rows.into_iter().map(|(name, unit, found)| (name.to_owned(), unit, found)).collect()
}

/// A share in %.
fn percent(share: Option<Estimate>) -> Option<Estimate> {
    share.map(|Estimate { value, error, episodes }| Estimate {
        value: 100.0 * value,
        error: error.map(|error| 100.0 * error),
        episodes,
    })
}
