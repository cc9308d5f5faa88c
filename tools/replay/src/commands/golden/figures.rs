//! What a run came to, in exact integers: counts that a change of any rule or draw would move.

use kernel::{ClientId, Command, Event, Side};
use replay::{Entry, Moment};

/// Names of the figures, in the order of [`Figures::values`].
pub(super) const FIGURES: [&str; 8] =
    ["orders", "rejected", "trades", "volume", "cancels", "mid_squares", "one_sided", "unquoted"];

/// Counts over one replay. The head of the manifest says what each of them means.
#[derive(Clone, Debug)]
pub(super) struct Figures {
    makers: Vec<ClientId>,
    /// Whether a step is under way.
    is_in_step: bool,
    /// Whether an order of a market maker is open after the last entry.
    is_quoted: bool,
    /// Best bid and ask after the last entry, in ticks.
    best: [Option<u32>; 2],
    /// Bid plus ask at the end of the last step with both: the mid in half-ticks.
    mid: Option<i64>,
    orders: u64,
    rejected: u64,
    trades: u64,
    volume: u64,
    cancels: u64,
    mid_squares: i128,
    one_sided: u64,
    unquoted: u64,
}

impl Figures {
    /// Counts ahead of the first entry.
    ///
    /// * `makers` - clients of the market makers.
    pub(super) const fn new(makers: Vec<ClientId>) -> Self {
        Self {
            makers,
            is_in_step: false,
            is_quoted: false,
            best: [None; 2],
            mid: None,
            orders: 0,
            rejected: 0,
            trades: 0,
            volume: 0,
            cancels: 0,
            mid_squares: 0,
            one_sided: 0,
            unquoted: 0,
        }
    }

    pub(super) fn observe(&mut self, moment: &Moment<'_>) {
        match moment.entry {
            // The book at the end of a step is the one before the clock moves and orders expire.
            Entry::Command(Command::Clock { .. }) => {
                self.end_step();
                self.is_in_step = true;
            }
            Entry::End => self.end_step(),
            Entry::Command(Command::Place(_)) => self.orders += 1,
            Entry::Command(_) | Entry::Decision(_) | Entry::Mark(_) | Entry::Update(_) => {}
        }
        for event in moment.events {
            if let Event::Traded { qty, .. } = event {
                self.trades += 1;
                self.volume += u64::from(qty.lots());
            }
            self.cancels += u64::from(matches!(event, Event::Cancelled { .. }));
            self.rejected += u64::from(matches!(event, Event::Rejected { .. }));
        }
        let best = |side| moment.engine.best(side).map(kernel::Price::ticks);
        self.best = [best(Side::Buy), best(Side::Sell)];
        self.is_quoted = self.makers.iter().any(|maker| {
            let account = moment.engine.account(*maker);
            0 < account.open_buy || 0 < account.open_sell
        });
    }

    fn end_step(&mut self) {
        if !self.is_in_step {
            return;
        }
        self.is_in_step = false;
        self.unquoted += u64::from(!self.is_quoted);
        let [Some(bid), Some(ask)] = self.best else {
            self.one_sided += 1;
            return;
        };
        let mid = i64::from(bid) + i64::from(ask);
        let change = i128::from(mid - self.mid.unwrap_or(mid));
        self.mid_squares += change * change;
        self.mid = Some(mid);
    }

    /// The figures, in the order of [`FIGURES`].
    pub(super) fn values(&self) -> [i128; FIGURES.len()] {
        [
            self.orders.into(),
            self.rejected.into(),
            self.trades.into(),
            self.volume.into(),
            self.cancels.into(),
            self.mid_squares,
            self.one_sided.into(),
            self.unquoted.into(),
        ]
    }
}

#[cfg(test)]
mod tests;
