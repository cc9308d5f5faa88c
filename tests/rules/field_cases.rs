//! Cases on which matching engines of the field have failed, as scripts of ours. The list is that of
//! the benchmark `flash1-dev/matching-engine-benchmark` (`docs/CONFORMANCE.md`); what the rules'
//! own tests show already is not repeated. `tools/conformance` runs all of it through its adapter.
//!
//! These are named after failures and not after rules, so `kernel/RULES.md` does not name them.

use tests::check;

macro_rules! cases {
    ($($(#[$doc:meta])* $name:ident: $script:literal)*) => {$(
        #[test]
        $(#[$doc])*
        fn $name() {
            check($script);
        }
    )*};
}

cases! {
    /// Engines have lost the orders behind a cancelled one, or all of its level.
    scattered_cancels_keep_the_others_and_their_order: "
        1 buy 1 @100
          accepted #1 of 1
          rested #1 buy 1 @100
        1 buy 2 @100
          accepted #2 of 1
          rested #2 buy 2 @100
        1 buy 3 @100
          accepted #3 of 1
          rested #3 buy 3 @100
        1 buy 4 @100
          accepted #4 of 1
          rested #4 buy 4 @100
        1 buy 5 @100
          accepted #5 of 1
          rested #5 buy 5 @100
        1 cancel #3
          cancelled #3 of 1: 3, requested
        1 cancel #1
          cancelled #1 of 1: 1, requested
        1 cancel #5
          cancelled #5 of 1: 5, requested
        2 sell 9 @100 ioc
          accepted #6 of 2
          #6 of 2 sells 2 @100 to #2 of 1
          #6 of 2 sells 4 @100 to #4 of 1
          cancelled #6 of 2: 3, remainder
        book
        "
    /// Engines have kept a dead best price until the next sweep passed over it; both sides.
    a_cancelled_best_level_is_gone_at_once: "
        1 buy 5 @100
          accepted #1 of 1
          rested #1 buy 5 @100
        1 buy 7 @99
          accepted #2 of 1
          rested #2 buy 7 @99
        1 cancel #1
          cancelled #1 of 1: 5, requested
        2 sell 7 to-limit
          accepted #3 of 2
          #3 of 2 sells 7 @99 to #2 of 1
        1 sell 5 @100
          accepted #4 of 1
          rested #4 sell 5 @100
        1 sell 7 @101
          accepted #5 of 1
          rested #5 sell 7 @101
        1 cancel #4
          cancelled #4 of 1: 5, requested
        2 buy 7 to-limit
          accepted #6 of 2
          #6 of 2 buys 7 @101 from #5 of 1
        book
        "
    /// Engines have kept a mark of the empty side.
    a_side_that_was_emptied_fills_again: "
        1 buy 5 @100
          accepted #1 of 1
          rested #1 buy 5 @100
        1 cancel #1
          cancelled #1 of 1: 5, requested
        2 sell 1 to-limit
          rejected #2: no liquidity
        1 buy 8 @95
          accepted #3 of 1
          rested #3 buy 8 @95
        2 sell 8 to-limit
          accepted #4 of 2
          #4 of 2 sells 8 @95 to #3 of 1
        book
        "
    /// Engines have matched a new order against the remains of a level that a sweep had emptied.
    a_swept_level_takes_new_orders: "
        1 sell 1 @100
          accepted #1 of 1
          rested #1 sell 1 @100
        1 sell 2 @101
          accepted #2 of 1
          rested #2 sell 2 @101
        1 sell 3 @102
          accepted #3 of 1
          rested #3 sell 3 @102
        2 buy 6 @102 ioc
          accepted #4 of 2
          #4 of 2 buys 1 @100 from #1 of 1
          #4 of 2 buys 2 @101 from #2 of 1
          #4 of 2 buys 3 @102 from #3 of 1
        book
        1 sell 8 @101
          accepted #5 of 1
          rested #5 sell 8 @101
        2 buy 9 @101 ioc
          accepted #6 of 2
          #6 of 2 buys 8 @101 from #5 of 1
          cancelled #6 of 2: 1, remainder
        book
        "
    /// Engines have gone on to the next maker with nothing left, for a trade of no lots.
    an_exhausted_taker_leaves_the_next_maker_alone: "
        1 sell 5 @100
          accepted #1 of 1
          rested #1 sell 5 @100
        1 sell 5 @100
          accepted #2 of 1
          rested #2 sell 5 @100
        2 buy 5 @100 ioc
          accepted #3 of 2
          #3 of 2 buys 5 @100 from #1 of 1
        book
          sell 5 @100 #2 of 1, priority 2
        "
    /// Engines have traded a repriced order at its own new limit, or rested it crossed.
    a_replaced_order_pays_the_makers_price: "
        1 sell 5 @100
          accepted #1 of 1
          rested #1 sell 5 @100
        2 buy 5 @90
          accepted #2 of 2
          rested #2 buy 5 @90
        2 replace #2 5 @105
          replaced #2 5 @105, place lost
          #2 of 2 buys 5 @100 from #1 of 1
        1 buy 5 @200
          accepted #3 of 1
          rested #3 buy 5 @200
        2 sell 5 @210
          accepted #4 of 2
          rested #4 sell 5 @210
        2 replace #4 5 @195
          replaced #4 5 @195, place lost
          #4 of 2 sells 5 @200 to #3 of 1
        book
        "
    /// Engines have dropped the level, and with it the neighbour, of a repriced order.
    a_replaced_orders_neighbour_stays: "
        1 buy 5 @100
          accepted #1 of 1
          rested #1 buy 5 @100
        2 buy 6 @100
          accepted #2 of 2
          rested #2 buy 6 @100
        1 replace #1 5 @99
          replaced #1 5 @99, place lost
          rested #1 buy 5 @99
        3 sell 6 @100 ioc
          accepted #3 of 3
          #3 of 3 sells 6 @100 to #2 of 2
        book
          buy 5 @99 #1 of 1, priority 3
        "
    /// Engines have traded what an order once had, and not what it has left.
    a_rest_is_used_up_to_the_lot: "
        1 sell 20 @100
          accepted #1 of 1
          rested #1 sell 20 @100
        2 buy 8 @100 ioc
          accepted #2 of 2
          #2 of 2 buys 8 @100 from #1 of 1
        1 replace #1 13 @101
          replaced #1 13 @101, place lost
          rested #1 sell 13 @101
        2 buy 12 @101 ioc
          accepted #3 of 2
          #3 of 2 buys 12 @101 from #1 of 1
        2 buy 5 @101 ioc
          accepted #4 of 2
          #4 of 2 buys 1 @101 from #1 of 1
          cancelled #4 of 2: 4, remainder
        1 cancel #1
          rejected #1: unknown order
        book
        "
    /// Engines have cut prices to 16 bits.
    prices_far_apart_stay_apart: "
        1 sell 5 @200000
          accepted #1 of 1
          rested #1 sell 5 @200000
        1 sell 5 @2147483647
          accepted #2 of 1
          rested #2 sell 5 @2147483647
        2 buy 5 @3392
          accepted #3 of 2
          rested #3 buy 5 @3392
        2 buy 6 @200000 ioc
          accepted #4 of 2
          #4 of 2 buys 5 @200000 from #1 of 1
          cancelled #4 of 2: 1, remainder
        book
          buy 5 @3392 #3 of 2, priority 3
          sell 5 @2147483647 #2 of 1, priority 2
        "
}
