//! What a conversion counted.

/// Counts of a converted day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Rows of each file.
    pub rows: u64,
    /// Rows after which the kernel's book must equal the file's.
    pub rows_comparable: u64,
    /// Commands by kind, `Clock` left out.
    pub commands: CommandCounts,
    /// Rows that became no command.
    pub dropped: Dropped,
    /// How levels came into view.
    pub levels: LevelCounts,
    /// Takers inferred from rows of type 4.
    pub aggressors: u64,
    /// Takers with more than one fill.
    pub aggressors_multi_fill: u64,
    /// Takers of which a remainder came to rest.
    pub aggressors_resting: u64,
    /// Rows of type 4 that became fills of a taker; row 0 never does.
    pub executions: u64,
    /// Orders ranked by their id on release.
    pub released_by_id: u64,
    /// Orders that took over the place of one deleted just before.
    pub replaced_in_place: u64,
    /// Contradictions between or within the two files.
    pub anomalies: Anomalies,
}

/// Commands by what they stand for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CommandCounts {
    /// `Place`: an order that no message within view submitted, or one that changes its rank.
    pub seeds: u64,
    /// `Place`, good till cancelled: submissions and takers with a remainder.
    pub limits: u64,
    /// `Place`, immediate or cancel: takers.
    pub iocs: u64,
    /// `Reduce`.
    pub reduces: u64,
    /// `Cancel`: deletions.
    pub cancels: u64,
    /// `Cancel`: orders that left or changed out of view, or that change their rank.
    pub purges: u64,
}

/// Rows that became no command.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Dropped {
    /// Type 5.
    pub hidden_executions: u64,
    /// Type 6.
    pub auction_trades: u64,
    /// Type 7.
    pub status_changes: u64,
}

/// How levels came into view, and how stale ones went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LevelCounts {
    /// By a submission.
    pub created: u64,
    /// Because a better level left, and what the stream holds there is still right.
    pub revealed_unchanged: u64,
    /// The same, but the level had to be seeded; those of row 0 included.
    pub revealed_seeded: u64,
    /// Levels that had vanished out of view and were purged.
    pub stale: u64,
}

/// Contradictions, each of which a comparison may show as a difference.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Anomalies {
    /// A row of type 2, 3 or 4 names an order that does not rest at its price.
    pub unknown_order: u64,
    /// A deletion of another size than what was open.
    pub deleted_size: u64,
    /// An execution of more than what was open.
    pub executed_too_much: u64,
    /// A submitted or seeded order was live already; the old one was purged.
    pub reference_reused: u64,
    /// A submission or seed that trades although no execution says so.
    pub unexpected_cross: u64,
    /// Later rows take more from a revealed level than it has.
    pub revealed_too_small: u64,
    /// A level in view has another size than the messages give it.
    pub size_in_view: u64,
    /// A level in view is gone although messages leave orders there.
    pub vanished_in_view: u64,
}

impl Anomalies {
    /// All of them; 0 for files that agree with each other.
    pub const fn total(&self) -> u64 {
        self.unknown_order
            + self.deleted_size
            + self.executed_too_much
            + self.reference_reused
            + self.unexpected_cross
            + self.revealed_too_small
            + self.size_in_view
            + self.vanished_in_view
    }
}

impl CommandCounts {
    /// All of them.
    pub const fn total(&self) -> u64 {
        self.seeds + self.limits + self.iocs + self.reduces + self.cancels + self.purges
    }
}
