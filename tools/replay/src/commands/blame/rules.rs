//! The rule that a refused command broke, and what set it last.

use kernel::{Command, Event, MarketState, POSITION_MAX, RejectReason, RuleChange};
use replay::{Entry, PlayError, Snapshots, Source};

use super::super::names::client_of;
use super::graph::{Fact, Graph, Key, Told};
use super::tracer::{Tracer, entries};

/// Adds what set the rule that a refusal names: the last entry before it that did, or the genesis.
/// `None` where the refusal comes from the book or from the command alone.
///
/// Cost: the entries back to the one that set it, read and not replayed; for a halt by the band a
/// replay back to it.
pub(super) fn add<S: Source + Clone, K: Snapshots>(
    tracer: &mut Tracer<S, K>,
    graph: &mut Graph,
    told: &Told,
    refusal: &Event,
) -> Result<Option<usize>, PlayError> {
    let Event::Rejected { reason, .. } = refusal else { return Ok(None) };
    let client = match &told.entry {
        Entry::Command(command) => client_of(command).map(|client| client.0),
        Entry::Decision(_) | Entry::Mark(_) | Entry::Update(_) | Entry::End => None,
    };
    let source = source(*reason);
    if source == Rule::None {
        return Ok(None);
    }
    if source == Rule::Genesis {
        return Ok(Some(graph.add(Key::Genesis, Fact::Genesis)));
    }
    let sets = |change: &RuleChange| is_of(*reason, change, client);
    let clients_max = tracer.archive().header().genesis.market.limits.clients_max;
    let set =
        last_set(tracer, told.number, |change| is_whole(change, clients_max) && sets(change))?;
    let is_halt = *reason == RejectReason::Halted;
    if is_halt && !set.is_some_and(|(_, change)| is_halting(&change)) {
        // The band halts without a command of its own.
        let hit = tracer.last(
            told.number - 1,
            set.map_or(0, |(entry, _)| entry),
            |_| (),
            |(), seen| {
                let is_hit = |event: &Event| matches!(event, Event::BandHit { .. });
                seen.moment.events.iter().any(is_hit).then(|| seen.told())
            },
        )?;
        if let Some(hit) = hit {
            return Ok(Some(graph.add_entry(&hit.it)));
        }
    }
    if *reason == RejectReason::Unsupported && !is_of_auction(tracer, told, set) {
        return Ok(None);
    }
    let Some((entry, _)) = set else { return Ok(Some(graph.add(Key::Genesis, Fact::Genesis))) };
    let mut found = None;
    tracer.walk(entry, entry, |seen| {
        found = Some(seen.told());
        std::ops::ControlFlow::Break(())
    })?;
    Ok(found.map(|told| graph.add_entry(&told)))
}

/// The last entry before another that sets a rule, and what it says.
fn last_set<S: Source + Clone, K: Snapshots>(
    tracer: &Tracer<S, K>,
    before: u64,
    sets: impl Fn(&RuleChange) -> bool,
) -> Result<Option<(u64, RuleChange)>, PlayError> {
    let archive = tracer.archive();
    let mut number = archive.find(before)?.unwrap_or(0);
    while let Some(block) = archive.block(number)? {
        let mut found = None;
        entries(archive, &block, |entry, at| {
            if let Entry::Command(Command::SetRule(change)) = entry
                && at < before
                && sets(change)
            {
                found = Some((at, *change));
            }
        })?;
        if found.is_some() {
            return Ok(found);
        }
        number = number.saturating_sub(1);
    }
    Ok(None)
}

/// Where the rule behind a refusal stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rule {
    /// It comes from the book or from the command alone.
    None,
    /// No command changes it.
    Genesis,
    /// A command can set it.
    Set,
}

const fn source(reason: RejectReason) -> Rule {
    match reason {
        RejectReason::Halted
        | RejectReason::Unsupported
        | RejectReason::QtyLimit
        | RejectReason::LotSize
        | RejectReason::PriceRange
        | RejectReason::TickSize
        | RejectReason::ShortSale
        | RejectReason::PositionLimit
        | RejectReason::WrongState => Rule::Set,
        RejectReason::OrderLimit | RejectReason::LevelLimit | RejectReason::UnknownClient => {
            Rule::Genesis
        }
        RejectReason::UnknownOrder
        | RejectReason::NotOwner
        | RejectReason::NoLiquidity
        | RejectReason::WouldTrade
        | RejectReason::Unfillable
        | RejectReason::TimeBackwards
        | RejectReason::BadRule
        | RejectReason::Expired
        | RejectReason::Display => Rule::None,
    }
}

/// Whether an order is one that a market refuses for being in an auction: elsewhere it contradicts
/// itself, and no rule is to blame.
fn is_of_auction<S: Source + Clone, K: Snapshots>(
    tracer: &Tracer<S, K>,
    told: &Told,
    set: Option<(u64, RuleChange)>,
) -> bool {
    let first = tracer.archive().header().genesis.market.rules.state;
    let state = match set {
        Some((_, RuleChange::State(state))) => state,
        Some(_) | None => first,
    };
    let is_placing = matches!(told.entry, Entry::Command(Command::Place(_)));
    is_placing && state == MarketState::Auction
}

/// Whether a change sets the rule behind a refusal of a client.
fn is_of(reason: RejectReason, change: &RuleChange, client: Option<u32>) -> bool {
    match change {
        RuleChange::Tick(_) => reason == RejectReason::TickSize,
        RuleChange::Lot(_) => reason == RejectReason::LotSize,
        RuleChange::QtyMax(_) => reason == RejectReason::QtyLimit,
        RuleChange::PriceRange { .. } => reason == RejectReason::PriceRange,
        RuleChange::PositionMax(_) => reason == RejectReason::PositionLimit,
        RuleChange::State(_) => matches!(
            reason,
            RejectReason::Halted | RejectReason::Unsupported | RejectReason::WrongState
        ),
        RuleChange::ShortBan(_) => reason == RejectReason::ShortSale,
        RuleChange::Exempt { client: exempt, .. } => {
            let is_exemption =
                matches!(reason, RejectReason::ShortSale | RejectReason::PositionLimit);
            is_exemption && Some(exempt.0) == client
        }
        RuleChange::Tax(_) | RuleChange::Fees { .. } | RuleChange::Band(_) => false,
    }
}

const fn is_halting(change: &RuleChange) -> bool {
    matches!(change, RuleChange::State(MarketState::Halted))
}

/// Whether the kernel takes a change. RULES.md §8.8.
fn is_whole(change: &RuleChange, clients_max: u32) -> bool {
    match change {
        RuleChange::PriceRange { min, max } => min <= max,
        RuleChange::PositionMax(position) => (0..=POSITION_MAX).contains(position),
        RuleChange::Exempt { client, .. } => client.0 < clients_max,
        RuleChange::Tick(_)
        | RuleChange::Lot(_)
        | RuleChange::QtyMax(_)
        | RuleChange::State(_)
        | RuleChange::ShortBan(_)
        | RuleChange::Tax(_)
        | RuleChange::Fees { .. }
        | RuleChange::Band(_) => true,
    }
}
