//! Reads state bytes back, by `kernel/RULES.md` §9 and not by the kernel's own writers, and compares
//! them with what the kernel shows.

use kernel::view::{OrderView, StopView};
use kernel::{Price, SelfTrade, Side, TimeNs};

/// What is left to read of a section.
struct Bytes<'a>(&'a [u8]);

impl Bytes<'_> {
    fn take<const LENGTH: usize>(&mut self) -> Result<[u8; LENGTH], String> {
        let (first, rest) = self.0.split_first_chunk().ok_or("the section ends in a record")?;
        self.0 = rest;
        Ok(*first)
    }

    fn byte(&mut self) -> Result<u8, String> {
        self.take().map(|[byte]| byte)
    }

    fn short(&mut self) -> Result<u32, String> {
        self.take().map(u32::from_le_bytes)
    }

    fn long(&mut self) -> Result<u64, String> {
        self.take().map(u64::from_le_bytes)
    }

    fn same<T: Copy + PartialEq + std::fmt::Debug>(
        what: &str,
        read: T,
        shown: T,
    ) -> Result<(), String> {
        if read == shown { Ok(()) } else { Err(format!("{what}: bytes {read:?}, view {shown:?}")) }
    }

    fn expiry(&mut self, flags: u8, now: TimeNs) -> Result<(), String> {
        if flags & 4 != 0 && self.long()? <= now.0 {
            return Err("an order has outlived its expiry".to_owned());
        }
        Ok(())
    }
}

const fn choice(self_trade: SelfTrade) -> u8 {
    match self_trade {
        SelfTrade::Allow => 0,
        SelfTrade::CancelNewest => 1,
        SelfTrade::CancelOldest => 2,
        SelfTrade::CancelBoth => 3,
        SelfTrade::Decrement => 4,
    }
}

/// Compares the section of a side with the side's queue.
///
/// # Errors
/// What differs, or what no order can be.
pub fn compare_queue(section: &[u8], queue: &[OrderView], now: TimeNs) -> Result<(), String> {
    let mut bytes = Bytes(section);
    for order in queue {
        Bytes::same("price", bytes.short()?, order.price.ticks())?;
        Bytes::same("id", bytes.long()?, order.order.0)?;
        Bytes::same("client", bytes.short()?, order.client.0)?;
        Bytes::same("reference", bytes.long()?, order.reference.0)?;
        Bytes::same("displayed", bytes.short()?, order.displayed.lots())?;
        Bytes::same("priority", bytes.long()?, order.priority)?;
        Bytes::same("self-trade choice", bytes.byte()?, choice(order.conduct.self_trade))?;
        let flags = bytes.byte()?;
        Bytes::same("post-only", flags & 1 != 0, order.conduct.post_only)?;
        Bytes::same("unknown flags", flags & !7, 0)?;
        let (displayed, mut reserve) = (order.displayed.lots(), 0);
        if flags & 2 != 0 {
            let display = bytes.short()?;
            reserve = bytes.short()?;
            if display < displayed {
                return Err(format!("order {} shows more than its display", order.order));
            }
        }
        Bytes::same("open", displayed + reserve, order.qty.lots())?;
        bytes.expiry(flags, now)?;
    }
    Bytes::same("bytes after the last order", bytes.0.len(), 0)
}

/// Compares the section of stops with what the kernel shows of them. Unless it is halted, none that
/// is triggered, or that the last trade would trigger, is left waiting.
///
/// # Errors
/// What differs, or what no stop can be.
pub fn compare_stops(
    section: &[u8],
    stops: &[StopView],
    now: TimeNs,
    last_trade: Option<Price>,
    is_halted: bool,
) -> Result<(), String> {
    let mut bytes = Bytes(section);
    let mut previous = 0;
    for stop in stops {
        Bytes::same("id", bytes.long()?, stop.order.0)?;
        Bytes::same("client", bytes.short()?, stop.client.0)?;
        Bytes::same("reference", bytes.long()?, stop.reference.0)?;
        Bytes::same("open", bytes.short()?, stop.qty.lots())?;
        Bytes::same("side", bytes.byte()?, u8::from(stop.side == Side::Sell))?;
        Bytes::same("stop price", bytes.short()?, stop.stop.ticks())?;
        if 4 < bytes.byte()? {
            return Err("no such self-trade choice".to_owned());
        }
        let flags = bytes.byte()?;
        Bytes::same("has a limit", flags & 1 != 0, stop.limit.is_some())?;
        Bytes::same("triggered", flags & 8 != 0, stop.is_triggered)?;
        Bytes::same("unknown flags", flags & !15, 0)?;
        if let Some(limit) = stop.limit {
            Bytes::same("limit", bytes.short()?, limit.ticks())?;
        }
        bytes.expiry(flags, now)?;
        if stop.order.0 <= previous {
            return Err("stops are not in the order of their ids".to_owned());
        }
        previous = stop.order.0;
        let reached = last_trade.is_some_and(|last| match stop.side {
            Side::Buy => stop.stop <= last,
            Side::Sell => last <= stop.stop,
        });
        if !is_halted && (stop.is_triggered || reached) {
            return Err(format!("stop {} should have become active", stop.order));
        }
        if reached && !stop.is_triggered {
            return Err(format!("stop {} should have been triggered", stop.order));
        }
    }
    Bytes::same("bytes after the last stop", bytes.0.len(), 0)
}
