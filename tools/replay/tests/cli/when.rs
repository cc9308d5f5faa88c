//! `replay when`: moments, spans and durations, with zones and without.

use cli::Exit;

use crate::lab::{Lab, table};
use crate::logs;

/// Queries of every kind: about the book, trades, accounts, the clock, marks, counters, the past.
const QUERIES: [&str; 12] = [
    "spread>40",
    "spread>4000",
    "not(exists(spread))",
    "trade.qty>=8",
    "trade.side==buy or step==3",
    "position(client 301) < -8 or equity(client 303) > 0",
    "best_bid * 1000 < at(makers-leave, best_bid) * 995",
    "after(makers-leave) and depth(ask,5)<10",
    "trades>=20 and trades<30",
    "mark(makers-return)",
    "time>=150s",
    "agent==2",
];

#[test]
fn what_it_prints() {
    let lab = Lab::new();
    logs::golden(&lab, "crash-short");
    let rows = [
        ("when crash-short.log spread>40", Exit::Ok),
        ("when crash-short.log spread>40 --first", Exit::Ok),
        ("when crash-short.log spread>40 --last", Exit::Ok),
        ("when crash-short.log spread>100 --all", Exit::Ok),
        ("when crash-short.log spread>40 --count", Exit::Ok),
        ("when crash-short.log spread>40 --durations", Exit::Ok),
        ("when crash-short.log spread>40 --scan --count", Exit::Ok),
        ("when crash-short.log entry<2 --from 0", Exit::Ok),
        ("when crash-short.log spread>40 --from s:150 --to s:180 --all --json", Exit::Ok),
        ("when crash-short.log spread>40 --first --json", Exit::Ok),
        ("when crash-short.log spread>4000", Exit::Differs),
        ("when crash-short.log spread>4000 --all --json", Exit::Differs),
    ];
    insta::assert_snapshot!(table(&lab, &rows));
}

/// The last moment counts, and so does the first; none beyond the range does.
#[test]
fn every_moment_of_the_range_counts_once() {
    let lab = Lab::new();
    logs::golden(&lab, "crash-short");
    for (predicate, options, moments) in [
        ("true", "", 3_326),
        ("true", "--to 100", 101),
        ("true", "--from 1", 3_325),
        ("true", "--from 100 --to 100", 1),
        ("true", "--from 1300 --to 1304", 5),
        ("true", "--from end", 1),
        // It comes to hold at entry 1,046, inside a block.
        ("spread>40", "--to 1050", 5),
        ("spread>40", "--to 1046", 1),
    ] {
        for _ in 0..2 {
            let line = format!("when crash-short.log {predicate} --count {options}");
            let counted = lab.run(&line).data();
            let expected = format!("moments   {moments}");
            assert_eq!(counted.lines().nth(1), Some(&expected[..]), "{options}");
        }
    }
}

#[test]
fn what_it_refuses() {
    let lab = Lab::new();
    logs::golden(&lab, "crash-short");
    let rows = [
        ("when crash-short.log spred>40", Exit::Usage),
        ("when crash-short.log spread", Exit::Usage),
        ("when crash-short.log", Exit::Usage),
        ("when crash-short.log true --first --all", Exit::Usage),
        ("when crash-short.log true --from 20 --to 10", Exit::Usage),
        ("when crash-short.log true --to 9999999", Exit::Usage),
        ("when none.log true", Exit::NoInput),
    ];
    insta::assert_snapshot!(table(&lab, &rows));
}

/// Every answer is the same without zones, while they are made, and with them; whole and in part.
#[test]
fn zones_change_no_answer() {
    let lab = Lab::new();
    let schedule = "--set 'schedule.0001=step 600: makers leave' \
                    --set 'schedule.0002=step 900: makers return'";
    lab.shell(&format!("replay simulate --preset crash --steps 1500 {schedule} -o c.log")).data();
    let mut passed = 0;
    for query in QUERIES {
        for options in ["", "--from s:700 --to s:1100", "--from 30000"] {
            let answer = |extra: &str| {
                let ran = lab
                    .shell(&format!("replay when c.log '{query}' {options} --all --json {extra}"));
                assert!(ran.exit <= 1, "{query}: {}", ran.stderr);
                let mut object: serde_json::Value =
                    serde_json::from_str(&ran.stdout).expect("JSON");
                let fields = object.as_object_mut().expect("an object");
                let passed = fields.remove("blocks_passed").expect("a count");
                fields.remove("blocks_looked_into").expect("a count");
                (object, passed.as_u64().expect("a number"))
            };
            let (scanned, none) = answer("--scan");
            assert_eq!(none, 0);
            let (made, _) = answer("");
            let (read, by_zones) = answer("");
            assert_eq!(made, scanned, "{query} {options}");
            assert_eq!(read, scanned, "{query} {options}");
            passed += by_zones;
        }
    }
    assert!(100 < passed, "zones answered for {passed} blocks only");
}

/// Zones are made as far as was looked, and go on from there; a whole look at once makes the same.
#[test]
fn zones_are_made_once_and_grow() {
    let lab = Lab::new();
    logs::demo(&lab);
    lab.run("when demo/day.log trades>500 --first").data();
    let part = lab.read("demo/day.log.snap/zones");
    lab.run("when demo/day.log false").expect(Exit::Differs);
    let whole = lab.read("demo/day.log.snap/zones");
    assert!(part.len() < whole.len() / 2, "{} of {}", part.len(), whole.len());
    lab.run("when demo/day.log false").expect(Exit::Differs);
    assert!(lab.read("demo/day.log.snap/zones") == whole, "nothing new");
    lab.shell("rm -r demo/day.log.snap").data();
    lab.run("when demo/day.log false").expect(Exit::Differs);
    assert!(lab.read("demo/day.log.snap/zones") == whole, "the same at once");
    lab.run("when demo/day.log false --no-snapshots").expect(Exit::Differs);
    lab.shell("rm -r demo/day.log.snap").data();
    lab.run("when demo/day.log false --no-snapshots").expect(Exit::Differs);
    lab.run("when demo/day.log false --scan").expect(Exit::Differs);
    assert!(!lab.path("demo/day.log.snap/zones").exists());
}

/// A cache that is damaged or of another log is said and done without, and made anew.
#[test]
fn zones_that_are_wrong_are_done_without() {
    let lab = Lab::new();
    logs::demo(&lab);
    let right = lab.run("when demo/day.log spread>12 --count").data();
    let whole = lab.read("demo/day.log.snap/zones");
    lab.run("demo --steps 700 --seed 7 -o other").data();
    lab.run("when other/day.log spread>12 --count").data();
    let mut flipped = whole.clone();
    flipped[whole.len() / 2] ^= 1;
    for (name, bytes) in [
        ("flipped", flipped),
        ("cut", whole[..whole.len() - 1].to_vec()),
        ("foreign", lab.read("other/day.log.snap/zones")),
        ("empty", Vec::new()),
    ] {
        lab.write("demo/day.log.snap/zones", bytes);
        let ran = lab.run("when demo/day.log spread>12 --count");
        assert!(ran.stderr.contains("done without it"), "{name}: {}", ran.stderr);
        let counts = |text: &str| text.lines().take(3).map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(counts(&ran.stdout), counts(&right), "{name}");
        assert!(lab.read("demo/day.log.snap/zones") == whole, "{name}: made anew");
    }
}

/// An open block has no zone, and a log that grows gets more of them.
#[test]
fn open_logs_and_compacted_ones() {
    let lab = Lab::new();
    logs::interrupted(&lab.path("open.log"), 9_000);
    let scanned = lab.run("when open.log orders>100 --count --scan").data();
    for _ in 0..2 {
        let counted = lab.run("when open.log orders>100 --count").data();
        assert_eq!(counted.lines().nth(1), scanned.lines().nth(1));
    }
    logs::demo(&lab);
    lab.run("compact demo/day.log -o day.packed").data();
    let plain = lab.run("when demo/day.log spread>12").data();
    assert_eq!(lab.run("when day.packed spread>12").data(), plain);
}
