//! How a log's orders are read, and how many messages they are.

/// How to read a log's orders.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FlowOptions {
    /// Kernel prices of one tick; 0 counts as 1.
    pub tick: u32,
    /// Unit of the survival of orders, nanoseconds; 0 counts as 1.
    pub interval: u64,
    /// Whether to follow the lots and distances of ten levels: most of the cost.
    pub levels: bool,
    /// Whether the log marks each `row` of recorded data and holds corrections beside messages.
    pub rows: bool,
}

impl FlowOptions {
    /// A simulated market: seconds, ticks of 1, no levels, every command a message.
    pub const SIMULATED: Self =
        Self { tick: 1, interval: 1_000_000_000, levels: false, rows: false };

    /// A recorded day with prices in 1/10,000 of the currency: ticks of a cent, marked rows.
    pub const RECORDED_DAY: Self =
        Self { tick: 100, interval: 1_000_000_000, levels: true, rows: true };
}

/// How many of each message.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Messages {
    /// Submissions that came to rest.
    pub submissions: u64,
    /// Reductions.
    pub reductions: u64,
    /// Deletions and expiries.
    pub deletions: u64,
    /// Fills.
    pub fills: u64,
}

impl Messages {
    /// All of them.
    pub const fn total(&self) -> u64 {
        self.submissions + self.reductions + self.deletions + self.fills
    }
}
