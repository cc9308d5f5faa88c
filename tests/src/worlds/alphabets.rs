//! The alphabets. Between them sequences of six reach every variant of commands, events and reasons.

use crate::worlds::World;

/// The worlds to explore.
pub const WORLDS: &[World] = &[
    World {
        name: "orders",
        script: "
genesis clients_max 2
genesis rule prices 1..3
0 buy 2 @1
0 buy 1 @2
0 buy 3 @3
0 sell 2 @2
0 sell 1 @3
1 buy 1 @1
1 buy 2 @2
1 sell 3 @1
1 sell 1 @2
1 sell 2 @3
0 cancel #1
1 cancel #2
0 reduce #1 by 1
1 replace #2 2 @2
0 replace #1 1 @3
0 mass-cancel
",
    },
    World {
        name: "takers",
        script: "
genesis clients_max 2
genesis rule prices 1..3
0 buy 2 @2
0 buy 1 @1
0 sell 2 @2
0 sell 1 @3
1 buy 3 market ioc
1 sell 1 market ioc
1 buy 3 market fok
1 sell 2 market fok
1 buy 2 to-limit
1 sell 3 to-limit ioc
1 buy 3 @3 ioc
1 sell 2 @2 fok
1 buy 1 @2 post
1 sell 1 @2 post
0 replace #1 1 @3
1 cancel #2
",
    },
    World {
        name: "self trade",
        script: "
genesis clients_max 2
genesis rule prices 1..3
0 buy 2 @2
0 buy 4 @2 display 1
1 buy 1 @2
1 buy 1 @3
0 sell 3 @2
0 sell 3 @2 newest
0 sell 3 @2 oldest
0 sell 3 @2 both
0 sell 3 @1 decrement
1 sell 2 @2 decrement
1 sell 2 @2 fok oldest
0 sell 3 @2 fok newest
0 sell 2 market ioc decrement
0 replace #1 2 @3
0 cancel #2
",
    },
    World {
        name: "icebergs",
        script: "
genesis clients_max 2
genesis rule prices 1..3
0 buy 5 @2 display 2
0 buy 3 @2 display 1
1 buy 1 @2
0 buy 9 @2 display 10
1 sell 2 @2
1 sell 4 @1
1 sell 5 @2 fok
1 sell 3 @2 display 1
1 sell 3 market ioc
0 reduce #1 by 1
0 reduce #1 by 4
0 replace #1 4 @2
0 replace #2 3 @1
0 cancel #1
1 mass-cancel
",
    },
    World {
        name: "stops",
        script: "
genesis clients_max 2
genesis rule prices 1..3
genesis rule position_max 6
0 buy 1 @2
0 sell 1 @2
1 buy 2 @3
1 sell 2 @1
0 buy 1 @3 stop 2
0 buy 1 market ioc stop 3
0 sell 1 @1 stop 2
1 sell 2 market ioc stop 1
1 buy 1 @3 ioc stop 3
0 cancel #2
1 reduce #3 by 1
0 replace #1 1 @3
1 mass-cancel
rule halted
rule continuous
",
    },
    World {
        name: "time",
        script: "
genesis clients_max 2
genesis rule prices 1..3
0 buy 1 @2 gtt 1
0 buy 2 @2 gtt 2
1 buy 1 @2
1 sell 2 @2 gtt 1
1 sell 1 @3 stop 2 gtt 2
1 sell 1 @3 gtt 2
0 buy 3 @3 display 1 gtt 2
clock 1 step 1
clock 2 step 2
clock 1 step 0
0 cancel #1
0 replace #2 1 @3
1 reduce #3 by 1
rule halted
rule continuous
",
    },
    World {
        name: "auctions",
        script: "
genesis clients_max 2
genesis rule prices 1..3
genesis rule auction
0 buy 2 @2
0 buy 1 @3
0 buy 3 @2 display 1
1 sell 1 @1
1 sell 2 @2
1 sell 2 @3
1 buy 1 @3 stop 2
0 sell 1 @1 stop 2
1 buy 1 @2 ioc
uncross
rule auction
rule continuous
rule halted
0 cancel #1
1 replace #2 1 @1
",
    },
    World {
        name: "rules",
        script: "
genesis clients_max 2
genesis rule prices 1..3
endow 0 1 50000
0 buy 2 @2
1 sell 1 @2
0 sell 2 @2
1 buy 1 @3
1 buy 1 @1
rule tick 2
rule tick 1
rule lot 2
rule qty_max 1
rule prices 2..3
rule prices 3..2
rule position_max 1
rule ban on
rule exempt 1 on
rule tax 2
rule fees -1000 3000
rule halted
rule continuous
0 replace #1 1 @3
",
    },
    World {
        name: "band",
        script: "
genesis clients_max 2
genesis rule prices 1..3
genesis rule band 1
0 buy 1 @2
0 sell 1 @2
0 buy 1 @1
0 sell 1 @3
1 buy 2 @3
1 sell 2 @1
1 buy 2 market ioc
1 sell 1 market fok
0 sell 1 @1 stop 2
1 buy 2 market ioc stop 2
rule band 0
rule band 2
rule continuous
rule auction
uncross
0 mass-cancel
",
    },
    World {
        name: "room",
        script: "
genesis clients_max 2
genesis orders_max 3
genesis levels_max 2
genesis rule prices 1..3
0 buy 2 @1
0 buy 1 @2
0 buy 2 @2 display 1
1 sell 1 @3
1 sell 2 @2
1 sell 1 to-limit
1 sell 1 market ioc
0 buy 1 @2 stop 2
1 sell 1 @2 stop 2
2 buy 1 @1
0 cancel #1
1 cancel #1
0 replace #1 1 @3
1 replace #2 1 @1
0 mass-cancel
",
    },
];
