//! The C interface that the benchmark's harness loads, over [`Adapter`] and [`ring`].
//!
//! The only file of the project with unsafe code: it exports C symbols, takes pointers, and keeps
//! the one market of the process in a static. What the harness promises, and every function here
//! relies on:
//! 1. all `engine_*` functions are called by one thread, `engine_init` first, none after
//!    `engine_shutdown` but another `engine_init`;
//! 2. of a transport, `push` and `flush` are called by that thread, `drain` by one other thread,
//!    `create` before and `destroy` after all of them;
//! 3. message pointers are valid for the call, and a message's type says which part of it is set.
//!
//! Nothing is buffered but reports in the transport, which `engine_flush` publishes, and a message
//! is finished before the next one is looked at, in a batch too.

#![allow(unsafe_code, reason = "a C interface is made of it; tests/tidy.rs holds it to this file")]

use std::cell::UnsafeCell;
use std::ffi::{c_int, c_void};
use std::hint;

use kernel::Side;

use crate::adapter::{Adapter, Cancel, Modify, NewOrder};
use crate::layout::{CCancel, CMessage, CModify, CNewOrder, CReport, from_c, to_c, to_side};
use crate::report::{Report, Reports};
use crate::ring::{Reader, Writer, ring};

/// `me_transport_t`.
#[derive(Debug)]
#[repr(C)]
pub struct CTransport {
    create: unsafe extern "C" fn(u32) -> *mut c_void,
    push: unsafe extern "C" fn(*mut c_void, *const CReport) -> c_int,
    drain: unsafe extern "C" fn(*mut c_void, *mut CReport, u32) -> u32,
    flush: unsafe extern "C" fn(*mut c_void),
    destroy: unsafe extern "C" fn(*mut c_void),
}

const _: () = assert!(size_of::<CTransport>() == 40);

/// Both ends of a ring. Each end is used by one thread only (promise 2).
struct Channel {
    writer: UnsafeCell<Writer>,
    reader: UnsafeCell<Reader>,
}

/// Where the engine's reports go.
#[derive(Clone, Copy)]
enum Outlet {
    /// The ring of [`engine_get_transport`], without a detour over its table.
    Own(*const Channel),
    /// A transport of the harness.
    Foreign(*const CTransport, *mut c_void),
}

struct Market {
    adapter: Adapter,
    outlet: Outlet,
}

struct Process(UnsafeCell<Option<Market>>);

// SAFETY: one thread uses it (promise 1).
unsafe impl Sync for Process {}

static PROCESS: Process = Process(UnsafeCell::new(None));

static TRANSPORT: CTransport = CTransport {
    create: transport_create,
    push: transport_push,
    drain: transport_drain,
    flush: transport_flush,
    destroy: transport_destroy,
};

impl Reports for Outlet {
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "a report must not pass through memory")]
    fn push(&mut self, report: Report) {
        match *self {
            Self::Own(channel) => {
                // SAFETY: the channel lives until `destroy`; this is the writing thread.
                let writer = unsafe { &mut *(*channel).writer.get() };
                while !writer.push(report) {
                    hint::spin_loop();
                }
            }
            Self::Foreign(transport, sink) => {
                let report = to_c(&report);
                // SAFETY: `engine_init` was given this pair to push into.
                while unsafe { ((*transport).push)(sink, &raw const report) } == 0 {
                    hint::spin_loop();
                }
            }
        }
    }
}

/// The market of the process.
///
/// # Safety
/// Promise 1 holds, and no other result of this function is in use.
unsafe fn market() -> &'static mut Market {
    // SAFETY: as the caller promises.
    let Some(market) = (unsafe { &mut *PROCESS.0.get() }) else {
        unreachable!("engine_init comes first")
    };
    market
}

impl Market {
    fn new_order(&mut self, new: &CNewOrder) {
        let &CNewOrder { order, sequence, price, qty, side, ioc, .. } = new;
        let new = NewOrder { order, sequence, price, qty, side: to_side(side), ioc: ioc != 0 };
        self.adapter.new_order(&new, &mut self.outlet);
    }

    fn cancel(&mut self, cancel: &CCancel) {
        let &CCancel { order, sequence } = cancel;
        self.adapter.cancel(&Cancel { order, sequence }, &mut self.outlet);
    }

    fn modify(&mut self, modify: &CModify) {
        let &CModify { order, sequence, price, qty, .. } = modify;
        self.adapter.modify(&Modify { order, sequence, price, qty }, &mut self.outlet);
    }
}

/// Begins with an empty market.
///
/// # Safety
/// Promises 1 and 2 hold; `transport` and `sink` belong together.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn engine_init(_: u64, transport: *const CTransport, sink: *mut c_void) {
    let outlet = if std::ptr::eq(transport, &raw const TRANSPORT) {
        Outlet::Own(sink.cast_const().cast())
    } else {
        Outlet::Foreign(transport, sink)
    };
    // SAFETY: promise 1.
    unsafe { *PROCESS.0.get() = Some(Market { adapter: Adapter::new(), outlet }) };
}

/// Drops the market.
///
/// # Safety
/// Promise 1 holds.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn engine_shutdown() {
    // SAFETY: promise 1.
    unsafe { *PROCESS.0.get() = None };
}

/// A new order.
///
/// # Safety
/// Promises 1 and 3 hold.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn engine_on_new_order(new: *const CNewOrder) {
    // SAFETY: promises 1 and 3.
    unsafe { market().new_order(&*new) }
}

/// A cancel.
///
/// # Safety
/// Promises 1 and 3 hold.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn engine_on_cancel(cancel: *const CCancel) {
    // SAFETY: promises 1 and 3.
    unsafe { market().cancel(&*cancel) }
}

/// A modify.
///
/// # Safety
/// Promises 1 and 3 hold.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn engine_on_modify(modify: *const CModify) {
    // SAFETY: promises 1 and 3.
    unsafe { market().modify(&*modify) }
}

/// A run of messages, one after the other.
///
/// # Safety
/// Promises 1 and 3 hold for all `count` of them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn engine_on_batch(messages: *const CMessage, count: u32) {
    // SAFETY: promise 1.
    let market = unsafe { market() };
    // SAFETY: promise 3.
    for message in unsafe { std::slice::from_raw_parts(messages, count as usize) } {
        // SAFETY: promise 3: `kind` says which part is set.
        unsafe {
            match message.kind {
                0 => market.new_order(&message.body.new),
                1 => market.cancel(&message.body.cancel),
                _ => market.modify(&message.body.modify),
            }
        }
    }
}

/// Publishes what the transport holds back; there is no other work to wait for.
///
/// # Safety
/// Promise 1 holds.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn engine_flush() {
    // SAFETY: promise 1.
    if let Outlet::Own(channel) = unsafe { market() }.outlet {
        // SAFETY: as in `push` of `Outlet`.
        unsafe { (*(*channel).writer.get()).publish() };
    }
}

/// The highest bid, or the least number.
///
/// # Safety
/// Promise 1 holds.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn engine_query_best_bid() -> i64 {
    // SAFETY: promise 1.
    unsafe { market() }.adapter.best(Side::Buy).unwrap_or(i64::MIN)
}

/// The lowest ask, or the greatest number.
///
/// # Safety
/// Promise 1 holds.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn engine_query_best_ask() -> i64 {
    // SAFETY: promise 1.
    unsafe { market() }.adapter.best(Side::Sell).unwrap_or(i64::MAX)
}

/// Open lots at a price of a side.
///
/// # Safety
/// Promise 1 holds.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn engine_query_depth_at(price: i64, side: u8) -> u64 {
    // SAFETY: promise 1.
    unsafe { market() }.adapter.depth(to_side(side), price)
}

/// Our ring as a transport.
#[unsafe(no_mangle)]
pub extern "C" fn engine_get_transport() -> *const CTransport {
    &raw const TRANSPORT
}

/// Asks for a cache line ahead of time. Nothing else comes of it, whatever the address.
#[inline(always)]
pub(crate) fn prefetch<T>(place: &T) {
    #[cfg(target_arch = "x86_64")]
    // SAFETY: a prefetch neither reads nor writes anything that a program can see.
    unsafe {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        _mm_prefetch::<_MM_HINT_T0>((&raw const *place).cast());
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = place;
}

unsafe extern "C" fn transport_create(capacity: u32) -> *mut c_void {
    let (writer, reader) = ring(capacity);
    let channel = Channel { writer: UnsafeCell::new(writer), reader: UnsafeCell::new(reader) };
    Box::into_raw(Box::new(channel)).cast()
}

unsafe extern "C" fn transport_push(handle: *mut c_void, report: *const CReport) -> c_int {
    // SAFETY: promise 2; the handle is a channel of `transport_create`.
    let (writer, report) = unsafe { (&mut *(*channel(handle)).writer.get(), &*report) };
    // What is no report of the contract is taken and dropped: it would never be drained.
    c_int::from(from_c(report).is_none_or(|report| writer.push(report)))
}

unsafe extern "C" fn transport_drain(handle: *mut c_void, out: *mut CReport, max: u32) -> u32 {
    // SAFETY: promise 2; the handle is a channel of `transport_create`.
    let reader = unsafe { &mut *(*channel(handle)).reader.get() };
    let mut taken = 0;
    while taken < max {
        let Some(report) = reader.pop() else { break };
        // SAFETY: `out` has room for `max` reports.
        unsafe { out.add(taken as usize).write(to_c(&report)) };
        taken += 1;
    }
    reader.release();
    taken
}

unsafe extern "C" fn transport_flush(handle: *mut c_void) {
    // SAFETY: promise 2; the handle is a channel of `transport_create`.
    unsafe { (*(*channel(handle)).writer.get()).publish() };
}

unsafe extern "C" fn transport_destroy(handle: *mut c_void) {
    // SAFETY: promise 2; the handle is a channel of `transport_create`, used for the last time.
    drop(unsafe { Box::from_raw(handle.cast::<Channel>()) });
}

const fn channel(handle: *mut c_void) -> *const Channel {
    handle.cast_const().cast()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout::CBody;
    use crate::report::Kind;

    const fn message(kind: u8, body: CBody) -> CMessage {
        CMessage { kind, reserved: [0; 7], body }
    }

    /// Two orders that trade in part, a cancel that is acknowledged and one that is refused, a
    /// modify that is refused.
    fn messages() -> [CMessage; 5] {
        let new = |order, sequence, side, qty| {
            let (price, ioc, reserved) = (-5, 0, [0; 2]);
            message(
                0,
                CBody { new: CNewOrder { order, sequence, price, qty, side, ioc, reserved } },
            )
        };
        let cancel = |order, sequence| message(1, CBody { cancel: CCancel { order, sequence } });
        let (qty, side, reserved) = (9, 1, [0; 3]);
        let modify = CModify { order: 8, sequence: 4, price: 3, qty, side, reserved };
        let modify = message(2, CBody { modify });
        [new(7, 0, 1, 10), new(8, 1, 0, 4), cancel(7, 2), cancel(7, 3), modify]
    }

    fn expected() -> Vec<String> {
        let lines =
            ["0,0,1,7,-5,10", "0,1,0,8,-5,4", "1,1,-5,4,7,8", "2,2,1,7,-5", "4,3,7", "5,4,8"];
        lines.map(str::to_owned).to_vec()
    }

    /// One market per process: the tests that use it are one test.
    #[test]
    fn the_c_interface_carries_messages_and_reports() {
        // SAFETY: one thread keeps all promises.
        unsafe {
            let transport = &*engine_get_transport();
            for by_batch in [false, true] {
                let sink = (transport.create)(1 << 10);
                engine_init(0, transport, sink);
                assert_eq!(
                    (engine_query_best_bid(), engine_query_best_ask()),
                    (i64::MIN, i64::MAX)
                );
                let messages = messages();
                if by_batch {
                    engine_on_batch(messages.as_ptr(), 1);
                    assert_eq!((engine_query_best_ask(), engine_query_depth_at(-5, 1)), (-5, 10));
                    engine_on_batch(messages[1..].as_ptr(), 4);
                } else {
                    engine_on_new_order(&raw const messages[0].body.new);
                    engine_on_new_order(&raw const messages[1].body.new);
                    assert_eq!((engine_query_best_ask(), engine_query_depth_at(-5, 1)), (-5, 6));
                    engine_on_cancel(&raw const messages[2].body.cancel);
                    engine_on_cancel(&raw const messages[3].body.cancel);
                    engine_on_modify(&raw const messages[4].body.modify);
                }
                assert_eq!((engine_query_best_ask(), engine_query_depth_at(-5, 1)), (i64::MAX, 0));
                engine_flush();
                assert_eq!(drain(transport, sink), expected());
                engine_shutdown();
                (transport.destroy)(sink);
            }
            // A transport that is not ours, though it happens to work like ours: the harness flushes it.
            let foreign = CTransport { ..*transport };
            let sink = (foreign.create)(1 << 10);
            engine_init(0, &raw const foreign, sink);
            engine_on_batch(messages().as_ptr(), 5);
            engine_flush();
            assert!(drain(&foreign, sink).is_empty());
            (foreign.flush)(sink);
            assert_eq!(drain(&foreign, sink), expected());
            engine_shutdown();
            (foreign.destroy)(sink);
        }
    }

    /// Takes reports two at a time.
    fn drain(transport: &CTransport, sink: *mut c_void) -> Vec<String> {
        let mut lines = Vec::new();
        let mut reports = [to_c(&Report::refusal(Kind::CancelReject, 0, 0)); 2];
        loop {
            // SAFETY: there is room for two.
            let taken = unsafe { (transport.drain)(sink, reports.as_mut_ptr(), 2) };
            if taken == 0 {
                return lines;
            }
            let read = reports[..taken as usize].iter();
            lines.extend(read.map(|report| from_c(report).unwrap().to_string()));
        }
    }
}
