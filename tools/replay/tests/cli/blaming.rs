//! `replay blame`: the causal chain of an order, a level or a trade.

use cli::Exit;

use crate::lab::{Lab, table};
use crate::logs;

/// Icebergs, stops, self-trade prevention, refusals, a halt by the band, an auction.
const MEETINGS: &str = "\
time_ns,op,client,order,side,type,tif,price,qty,extra
1,mark,,,,,,,,name=open
1,place,1,1,sell,limit,gtc,105,10,display=2
1,place,2,1,sell,limit,gtc,105,3,
2,place,3,1,buy,limit,gtc,105,4,
3,place,4,1,buy,limit,gtc,110,5,stop=106
3,place,4,2,buy,market,ioc,,1,stop=107
4,place,2,2,sell,limit,gtc,106,2,
4,place,2,3,sell,limit,gtc,107,2,
4,place,2,4,sell,limit,gtc,108,4,
5,set_rule,,,,,,,,rule=tax value=1
5,place,5,1,buy,limit,gtc,106,12,
6,place,4,3,sell,limit,gtc,112,2,stop=107
6,place,4,4,sell,limit,gtc,113,2,stop=109
7,place,5,2,sell,limit,gtc,106,2,stp=decrement
7,place,6,1,buy,limit,gtc,100,6,
7,replace,6,1,,,,100,4,
7,reduce,6,1,,,,,1,
7,replace,6,1,,,,101,5,
8,place,6,1,buy,limit,gtt,99,3,expire=9 again=1
9,clock,,,,,,,,
10,set_rule,,,,,,,,rule=lot value=5
10,place,6,2,buy,limit,gtc,91,3,
11,set_rule,,,,,,,,rule=lot value=1
11,set_rule,,,,,,,,rule=band value=3
11,place,7,1,sell,market,ioc,,9,
12,place,7,2,buy,limit,gtc,100,1,
13,set_rule,,,,,,,,rule=state value=auction
13,place,8,1,buy,limit,gtc,113,2,
13,place,8,2,sell,limit,gtc,104,3,
14,uncross,,,,,,,,
15,set_rule,,,,,,,,rule=state value=continuous
16,mass_cancel,6,,,,,,,
";

fn meetings(lab: &Lab) {
    lab.write("meetings.csv", MEETINGS);
    lab.run("import csv meetings.csv -o meetings.log").data();
}

/// A market whose makers leave and come back.
fn crash(lab: &Lab) {
    let script = "replay simulate --preset crash --steps 200 -o crash.log \
                  --set 'schedule.0001=step 60: makers leave' \
                  --set 'schedule.0002=step 160: makers return'";
    lab.shell(script).data();
}

#[test]
fn the_chains_of_a_crash() {
    let lab = Lab::new();
    crash(&lab);
    let rows = [
        ("blame crash.log --order 7", Exit::Ok),
        ("blame crash.log --order 1:1 --limit 6", Exit::Ok),
        ("blame crash.log --order 4 --limit 4 --depth 1 --at s:5", Exit::Ok),
        ("blame crash.log --price best-bid --at @makers-leave", Exit::Ok),
        ("blame crash.log --price best-ask --at s:61", Exit::Ok),
        ("blame crash.log --price 10001 --at s:61", Exit::Ok),
        ("blame crash.log --trade 1", Exit::Ok),
        ("blame crash.log --trade 20", Exit::Ok),
        ("blame crash.log --order 7 --json", Exit::Ok),
    ];
    insta::assert_snapshot!(table(&lab, &rows));
}

#[test]
fn the_lives_of_orders_that_met() {
    let lab = Lab::new();
    meetings(&lab);
    let lines: Vec<_> =
        (1..=19).map(|order| format!("blame meetings.log --order {order}")).collect();
    let rows: Vec<_> = lines.iter().map(|line| (&line[..], Exit::Ok)).collect();
    insta::assert_snapshot!(table(&lab, &rows));
}

#[test]
fn levels_and_trades_of_orders_that_met() {
    let lab = Lab::new();
    meetings(&lab);
    let rows = [
        ("blame meetings.log --price 105", Exit::Ok),
        ("blame meetings.log --price 105 --at 7 --limit 1", Exit::Ok),
        ("blame meetings.log --price 105 --at 7", Exit::Ok),
        ("blame meetings.log --price best-bid", Exit::Ok),
        ("blame meetings.log --price best-ask --at 16 --depth 5", Exit::Ok),
        ("blame meetings.log --price best-ask --at 16 --json", Exit::Ok),
        ("blame meetings.log --price best-bid --at 0", Exit::Differs),
        ("blame meetings.log --price 77", Exit::Differs),
        ("blame meetings.log --trade #16", Exit::Ok),
        ("blame meetings.log --trade 12", Exit::Ok),
        ("blame meetings.log --trade 12 --json", Exit::Ok),
    ];
    insta::assert_snapshot!(table(&lab, &rows));
}

/// In a log of an exchange there are no decisions: the chain ends at commands.
#[test]
fn an_import_without_decisions() {
    let lab = Lab::new();
    logs::fixture(&lab);
    let rows = [
        ("blame fixture.log --order 1", Exit::Ok),
        ("blame fixture.log --trade 1", Exit::Ok),
        ("blame fixture.log --price best-ask --limit 2", Exit::Ok),
    ];
    insta::assert_snapshot!(table(&lab, &rows));
}

#[test]
fn what_there_is_not_is_refused_with_what_there_is() {
    let lab = Lab::new();
    meetings(&lab);
    lab.write("none.csv", "time_ns,op,client,order,side,type,tif,price,qty,extra\n");
    lab.run("import csv none.csv -o none.log").data();
    let rows = [
        ("blame meetings.log --order 0", Exit::Usage),
        ("blame meetings.log --order 20", Exit::Usage),
        ("blame meetings.log --order 4 --at 2", Exit::Usage),
        ("blame meetings.log --order 6:1 --at 23", Exit::Ok),
        ("blame meetings.log --order 6:1 --at 28 --depth 1", Exit::Ok),
        ("blame meetings.log --order 6:1", Exit::Usage),
        ("blame meetings.log --order 6:7", Exit::Usage),
        ("blame meetings.log --order 9:1", Exit::Usage),
        ("blame meetings.log --order six", Exit::Usage),
        ("blame meetings.log --trade 14", Exit::Usage),
        ("blame meetings.log --trade #1", Exit::Usage),
        ("blame meetings.log --trade #400", Exit::Usage),
        ("blame meetings.log --price 0", Exit::Usage),
        ("blame meetings.log --price best", Exit::Usage),
        ("blame meetings.log --order 1 --at 100", Exit::Usage),
        ("blame meetings.log --order 1 --depth 0", Exit::Usage),
        ("blame meetings.log --order 1 --trade 1", Exit::Usage),
        ("blame meetings.log", Exit::Usage),
        ("blame none.log --order 1", Exit::Usage),
        ("blame none.log --trade 1", Exit::Usage),
        ("blame missing.log --trade 1", Exit::NoInput),
    ];
    insta::assert_snapshot!(table(&lab, &rows));
}

/// Snapshots make it fast and change nothing.
#[test]
fn snapshots_change_no_answer() {
    let lab = Lab::new();
    lab.run("simulate --preset realistic --steps 7000 -o long.log").data();
    let lines = [
        "blame long.log --order 1",
        "blame long.log --order 9000 --json",
        "blame long.log --order 30000",
        "blame long.log --order 101:40 --at s:6000",
        "blame long.log --price best-ask",
        "blame long.log --price best-bid --at s:5000 --json",
        "blame long.log --price 9990 --at -5",
        "blame long.log --trade 900",
    ];
    let told = |suffix: &str| {
        lines.map(|line| {
            let ran = lab.run(&format!("{line}{suffix}"));
            (ran.exit, ran.stdout, ran.stderr)
        })
    };
    let plain = told(" --no-snapshots");
    assert_eq!(lab.names("."), "long.log long.log.note");
    assert!(plain.iter().all(|(exit, text, _)| *exit == 0 && !text.is_empty()), "{plain:?}");
    let first = told("");
    assert!(lab.names(".").contains("long.log.snap"), "snapshots are kept");
    assert!(first == plain, "the first time");
    assert!(told("") == plain, "with snapshots");
}

/// A log that does not replay, or is damaged, is no ground to blame anybody.
#[test]
fn a_damaged_log_blames_nobody() {
    let lab = Lab::new();
    logs::demo(&lab);
    let mut log = lab.read("demo/day.log");
    log[100_000] ^= 1;
    lab.write("flipped.log", &log);
    lab.run("blame flipped.log --order 3800").expect(Exit::Damaged);
    let log = lab.read("demo/day.log");
    let forged = logs::forge(&log, |number, closing| {
        if number == 2 {
            closing.outcome = logs::WRONG;
        }
    });
    lab.write("forged.log", forged);
    lab.run("blame forged.log --order 3800").expect(Exit::Differs);
}
