//! New numbers for the orders of a log of which some are left out.

use kernel::{Command, OrderId};

/// Gives commands the order ids that they have when others are left out.
///
/// Ids are dense, in the order of [`Command::Place`], refused ones included. An order that stays
/// has therefore its old id less the orders left out before it; commands on an order that is left
/// out have no sense any more and are left out too.
///
/// Cost: 8 bytes for each order left out; a binary search among them for each command that names
/// one.
#[derive(Clone, Debug, Default)]
pub struct Reissue {
    /// Orders of the old log so far.
    placed: u64,
    /// Old ids of those left out, ascending.
    dropped: Vec<u64>,
}

impl Reissue {
    /// Before the first command.
    pub const fn new() -> Self {
        Self { placed: 0, dropped: Vec::new() }
    }

    /// The next command of the old log as the new log has it; `None` when it is left out. All
    /// commands pass through here, in their order.
    ///
    /// * `is_kept` - whether it is to stay, by what the caller wants.
    pub fn take(&mut self, command: &Command, is_kept: bool) -> Option<Command> {
        if let Command::Place(_) = command {
            self.placed += 1;
            if !is_kept {
                self.dropped.push(self.placed);
            }
        }
        if !is_kept {
            return None;
        }
        match *command {
            Command::Cancel { client, order } => {
                Some(Command::Cancel { client, order: self.order(order)? })
            }
            Command::Reduce { client, order, by } => {
                Some(Command::Reduce { client, order: self.order(order)?, by })
            }
            Command::Replace { client, order, price, qty } => {
                Some(Command::Replace { client, order: self.order(order)?, price, qty })
            }
            Command::Place(_)
            | Command::MassCancel { .. }
            | Command::Clock { .. }
            | Command::SetRule(_)
            | Command::Uncross => Some(*command),
        }
    }

    /// The new id of an order; `None` for one that was left out. An order that was never placed has
    /// an id that nobody has in the new log either.
    pub fn order(&self, old: OrderId) -> Option<OrderId> {
        let before = self.dropped.partition_point(|dropped| *dropped < old.0);
        if self.dropped.get(before) == Some(&old.0) {
            return None;
        }
        Some(OrderId(old.0 - before as u64))
    }
}

#[cfg(test)]
mod tests {
    use kernel::{ClientId, OrderKind, Place, Price, Qty, Reference, SelfTrade, Side, TimeInForce};

    use super::*;

    fn place(client: u32) -> Command {
        Command::Place(Place {
            client: ClientId(client),
            reference: Reference(0),
            side: Side::Buy,
            qty: Qty::MIN,
            kind: OrderKind::Limit { price: Price::MIN, post_only: false },
            tif: TimeInForce::Gtc,
            display: None,
            stop: None,
            self_trade: SelfTrade::Allow,
        })
    }

    const fn cancel(order: u64) -> Command {
        Command::Cancel { client: ClientId(1), order: OrderId(order) }
    }

    #[test]
    fn orders_move_up_over_those_left_out() {
        let mut reissue = Reissue::new();
        for (client, is_kept) in
            [(1, true), (2, false), (1, true), (2, false), (2, false), (1, true)]
        {
            assert_eq!(reissue.take(&place(client), is_kept), is_kept.then(|| place(client)));
        }
        let new = |old| reissue.order(OrderId(old)).map(|order| order.0);
        assert_eq!([1, 2, 3, 4, 5, 6].map(new), [Some(1), None, Some(2), None, None, Some(3)]);
        assert_eq!((new(0), new(7), new(u64::MAX)), (Some(0), Some(4), Some(u64::MAX - 3)));
    }

    #[test]
    fn every_command_that_names_an_order_is_given_its_new_id() {
        let mut reissue = Reissue::new();
        reissue.take(&place(2), false);
        reissue.take(&place(1), true);
        let (client, price, qty) = (ClientId(1), Price::MIN, Qty::MIN);
        let commands = |order| {
            let order = OrderId(order);
            [
                Command::Cancel { client, order },
                Command::Reduce { client, order, by: qty },
                Command::Replace { client, order, price, qty },
            ]
        };
        for (old, new) in commands(2).into_iter().zip(commands(1)) {
            assert_eq!(reissue.take(&old, true), Some(new));
        }
        for old in commands(1) {
            assert_eq!(reissue.take(&old, true), None, "its order is left out");
        }
        for command in [Command::MassCancel { client }, Command::Uncross] {
            assert_eq!(reissue.take(&command, true), Some(command));
            assert_eq!(reissue.take(&command, false), None);
        }
        assert_eq!(reissue.take(&cancel(2), false), None, "left out for itself");
        assert_eq!(reissue.take(&cancel(2), true), Some(cancel(1)), "which changes no ids");
    }
}
