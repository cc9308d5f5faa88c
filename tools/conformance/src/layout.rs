//! The structures of the C interface, field by field as the contract lays them out.

use kernel::Side;

use crate::report::{Kind, Report, side_number};

/// `new_order_t`.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct CNewOrder {
    pub(crate) order: u64,
    pub(crate) sequence: u64,
    pub(crate) price: i64,
    pub(crate) qty: u32,
    pub(crate) side: u8,
    pub(crate) ioc: u8,
    pub(crate) reserved: [u8; 2],
}

/// `cancel_t`.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct CCancel {
    pub(crate) order: u64,
    pub(crate) sequence: u64,
}

/// `modify_t`. The kernel knows the order's side; the message's own is not asked.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct CModify {
    pub(crate) order: u64,
    pub(crate) sequence: u64,
    pub(crate) price: i64,
    pub(crate) qty: u32,
    pub(crate) side: u8,
    pub(crate) reserved: [u8; 3],
}

/// `me_msg_t`.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct CMessage {
    /// 0 new, 1 cancel, 2 modify.
    pub(crate) kind: u8,
    pub(crate) reserved: [u8; 7],
    pub(crate) body: CBody,
}

/// The part of a message that its type says.
#[derive(Clone, Copy)]
#[repr(C)]
pub union CBody {
    pub(crate) new: CNewOrder,
    pub(crate) cancel: CCancel,
    pub(crate) modify: CModify,
}

/// `me_report_t`.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct CReport {
    pub(crate) kind: u8,
    pub(crate) side: u8,
    pub(crate) reserved: [u8; 6],
    pub(crate) sequence: u64,
    pub(crate) order: u64,
    pub(crate) price: i64,
    pub(crate) qty: u32,
    pub(crate) reserved_2: u32,
    pub(crate) maker: u64,
    pub(crate) taker: u64,
    pub(crate) reserved_3: u64,
}

const _: () = assert!(size_of::<CNewOrder>() == 32 && size_of::<CCancel>() == 16);
const _: () = assert!(size_of::<CModify>() == 32 && size_of::<CMessage>() == 40);
const _: () = assert!(size_of::<CReport>() == 64);

/// A report as the harness reads it.
pub(crate) fn to_c(report: &Report) -> CReport {
    let &Report { kind, side, qty, sequence, order, price, taker } = report;
    CReport {
        kind: kind as u8,
        side: side_number(side),
        reserved: [0; 6],
        sequence,
        order,
        price,
        qty,
        reserved_2: 0,
        maker: if kind == Kind::Trade { order } else { 0 },
        taker,
        reserved_3: 0,
    }
}

/// A report as the harness writes it; `None` for kinds that the contract does not have.
pub(crate) fn from_c(report: &CReport) -> Option<Report> {
    let &CReport { kind, side, sequence, order, price, qty, maker, taker, .. } = report;
    let kind = Kind::from_number(kind)?;
    let order = if kind == Kind::Trade { maker } else { order };
    Some(Report { kind, side: to_side(side), qty, sequence, order, price, taker })
}

/// A side by its number; all but zero is a sell.
pub(crate) const fn to_side(number: u8) -> Side {
    if number == 0 { Side::Buy } else { Side::Sell }
}
