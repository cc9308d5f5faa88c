//! The table of orders over logs in which orders end in every way.
#![expect(clippy::unwrap_used, reason = "a test")]

use formats::plain::PlainReader;
use formats::tables::{Orders, RowFormat, Table};
use kernel::Venue;
use replay::{Genesis, Player, ReadLimits, Reader, Recorder, SyncPolicy};

/// The table of what these plain CSV rows do: `entry,id,order,client,traded,status,end_entry`, and
/// the end's time.
fn orders(rows: &str) -> String {
    let csv: String = rows.trim().lines().map(|row| row.trim().to_owned() + "\n").collect();
    let csv = format!("time_ns,op,client,order,side,type,tif,price,qty,extra\n{csv}");
    let (market, mut rows) = PlainReader::open(csv.as_bytes()).unwrap();
    let (mut log, mut tail) = (Vec::new(), Vec::new());
    let genesis = Genesis::new(market, "test");
    let mut recorder = Recorder::create(&genesis, &mut log, &mut tail, SyncPolicy::None).unwrap();
    while let Some(entry) = rows.next_entry(recorder.engine()).unwrap() {
        recorder.take(&entry).unwrap();
    }
    recorder.finish().unwrap();
    let reader = Reader::open(&log[..], Vec::new(), ReadLimits::DEFAULT).unwrap();
    let mut player = Player::new(reader).unwrap();
    let mut table = Vec::new();
    let mut orders = Orders::new(&mut table, RowFormat::Csv).unwrap();
    while let Some(moment) = player.advance().unwrap() {
        orders.observe(&moment).unwrap();
    }
    orders.finish(player.engine()).unwrap();
    String::from_utf8(table).unwrap()
}

#[track_caller]
fn check(rows: &str, expected: &[&str]) {
    let found = orders(rows);
    let mut lines = found.lines();
    let head = "entry,time_ns,id,order,client,side,type,tif,price,qty,traded,status,end_entry,\
                end_time_ns";
    assert_eq!(lines.next(), Some(head));
    assert_eq!(lines.collect::<Vec<_>>(), expected);
}

#[test]
fn an_auction_a_cascade_and_expiries() {
    check(
        "
        1,set_rule,,,,,,,,rule=state value=auction
        1,place,1,1,buy,limit,gtc,102,10,
        1,place,2,1,sell,limit,gtc,100,6,
        1,place,3,1,sell,limit,gtt,101,4,expire=50
        1,place,4,1,buy,limit,gtt,99,5,expire=40
        1,place,5,1,sell,limit,gtc,105,9,display=3
        1,place,6,1,buy,limit,gtc,106,7,stop=103
        1,place,7,1,sell,market,ioc,,3,stop=98
        1,place,8,1,buy,limit,gtt,111,1,expire=60 stop=110
        1,place,8,2,buy,limit,gtc,201,1,stop=200
        2,uncross,,,,,,,,
        2,set_rule,,,,,,,,rule=state value=continuous
        3,place,1,2,buy,limit,ioc,105,4,
        50,clock,,,,,,,,
        60,clock,,,,,,,,
        61,place,4,2,buy,limit,gtc,98,2,
        61,place,2,2,sell,limit,ioc,98,4,
        61,set_rule,,,,,,,,rule=band value=1
        61,place,5,2,sell,limit,gtc,105,1,
        61,place,1,3,buy,limit,gtc,105,2,
        61,place,1,4,buy,limit,gtc,105,2,
        ",
        &[
            // The uncross, entry 13: of a pair the maker, which rested first, stands first.
            "4,1,2,1,2,sell,limit,gtc,100,6,6,traded,13,2",
            "3,1,1,1,1,buy,limit,gtc,102,10,10,traded,13,2",
            "5,1,3,1,3,sell,limit,gtt,101,4,4,traded,13,2",
            // The taker at 105, then the iceberg, by the stop that the taker's trade triggered.
            "16,3,10,2,1,buy,limit,ioc,105,4,4,traded,16,3",
            "7,1,5,1,5,sell,limit,gtc,105,9,9,traded,16,3",
            // One that rests, one that waits.
            "6,1,4,1,4,buy,limit,gtt,99,5,0,expired,17,50",
            "10,1,8,1,8,buy,limit,gtt,111,1,0,expired,18,60",
            // What is left of the first stop and a bid are sold to; that triggers a market stop.
            "8,1,6,1,6,buy,limit,gtc,106,7,7,traded,21,61",
            "20,61,11,2,4,buy,limit,gtc,98,2,2,traded,21,61",
            "21,61,12,2,2,sell,limit,ioc,98,4,4,traded,21,61",
            "9,1,7,1,7,sell,market,ioc,,3,0,remainder,21,61",
            // The band, and what it leads to.
            "24,61,14,3,1,buy,limit,gtc,105,2,0,band,24,61",
            "25,61,15,4,1,buy,limit,gtc,105,2,0,rejected,25,61",
            // At the end one waits and one rests.
            "11,1,9,2,8,buy,limit,gtc,201,1,0,open,,",
            "23,61,13,2,5,sell,limit,gtc,105,1,0,open,,",
        ],
    );
}

#[test]
fn orders_end_in_the_order_of_the_events() {
    check(
        "
        1,place,1,1,sell,limit,gtc,100,1,
        1,place,2,1,sell,limit,gtc,100,2,
        1,place,3,1,sell,limit,gtc,101,3,
        1,place,4,1,sell,limit,gtc,101,1,
        1,place,3,2,buy,limit,ioc,102,5,stp=cancel_oldest
        ",
        &[
            "2,1,1,1,1,sell,limit,gtc,100,1,1,traded,6,1",
            "3,1,2,1,2,sell,limit,gtc,100,2,2,traded,6,1",
            "4,1,3,1,3,sell,limit,gtc,101,3,0,self_trade,6,1",
            "5,1,4,1,4,sell,limit,gtc,101,1,1,traded,6,1",
            "6,1,5,2,3,buy,limit,ioc,102,5,4,remainder,6,1",
        ],
    );
}

#[test]
fn own_orders_that_meet_end_as_self_trades() {
    check(
        "
        1,place,1,1,sell,limit,gtc,100,3,
        1,place,1,2,sell,limit,gtc,100,5,display=2
        1,place,1,3,buy,limit,gtc,100,6,stp=decrement
        1,cancel,1,2,,,,,,
        1,cancel,1,2,,,,,,
        ",
        &[
            "2,1,1,1,1,sell,limit,gtc,100,3,0,self_trade,4,1",
            "4,1,3,3,1,buy,limit,gtc,100,6,0,self_trade,4,1",
            "3,1,2,2,1,sell,limit,gtc,100,5,0,cancelled,5,1",
        ],
    );
}

#[test]
fn an_active_stop_may_find_no_room() {
    check(
        "
        ,set_rule,,,,,,,,rule=levels_max value=2
        1,place,1,1,sell,limit,gtc,100,5,
        1,place,1,2,sell,limit,gtc,101,5,
        1,place,2,1,buy,limit,gtc,90,3,stop=100
        1,place,3,1,buy,limit,ioc,100,1,
        1,mass_cancel,1,,,,,,,
        ",
        &[
            "5,1,4,1,3,buy,limit,ioc,100,1,1,traded,5,1",
            "4,1,3,1,2,buy,limit,gtc,90,3,0,no_room,5,1",
            "2,1,1,1,1,sell,limit,gtc,100,5,1,mass_cancelled,6,1",
            "3,1,2,2,1,sell,limit,gtc,101,5,0,mass_cancelled,6,1",
        ],
    );
}
