//! What the plain CSV reads, writes back and refuses.

use kernel::{
    ClientId, Command, MarketState, OrderId, OrderKind, Place, Price, Qty, Reference, RuleChange,
    SelfTrade, Side, Step, TimeInForce, TimeNs, Venue,
};
use replay::{Entry, Genesis, Player, ReadLimits, Reader, Recorder, SyncPolicy};

use super::{PlainError, PlainReader, PlainWriter};

const HEADER: &str = "time_ns,op,client,order,side,type,tif,price,qty,extra\n";

/// Records a CSV; returns the log.
fn import(csv: &str) -> Result<Vec<u8>, PlainError> {
    let (market, mut rows) = PlainReader::open(csv.as_bytes())?;
    let (mut log, mut tail) = (Vec::new(), Vec::new());
    let genesis = Genesis::new(market, "import-csv");
    let mut recorder = Recorder::create(&genesis, &mut log, &mut tail, SyncPolicy::None).unwrap();
    while let Some(entry) = rows.next_entry(recorder.engine())? {
        recorder.take(&entry).unwrap();
    }
    recorder.finish().unwrap();
    Ok(log)
}

/// Writes a log as CSV.
fn export(log: &[u8]) -> String {
    let reader = Reader::open(log, Vec::new(), ReadLimits::DEFAULT).unwrap();
    let mut csv = Vec::new();
    let mut writer = PlainWriter::open(&mut csv, &reader.header().genesis.market).unwrap();
    let mut player = Player::new(reader).unwrap();
    while let Some(moment) = player.advance().unwrap() {
        writer.observe(&moment).unwrap();
    }
    writer.finish().unwrap();
    String::from_utf8(csv).unwrap()
}

#[track_caller]
fn check_canonical(rows: &str) {
    let csv = format!("{HEADER}{rows}");
    assert_eq!(export(&import(&csv).unwrap()), csv);
}

#[track_caller]
fn check_round_trip(rows: &str, canonical: &str) {
    let log = import(&format!("{HEADER}{rows}")).unwrap();
    let csv = export(&log);
    assert_eq!(csv, format!("{HEADER}{canonical}"));
    assert!(import(&csv).unwrap() == log, "the canonical rows give the same log");
}

#[track_caller]
fn check_error(rows: &str, expected: &str) {
    match import(&format!("{HEADER}{rows}")) {
        Err(error) => assert_eq!(error.to_string(), expected),
        Ok(_) => panic!("accepted, expected: {expected}"),
    }
}

#[test]
fn every_kind_of_row_comes_back() {
    check_canonical(
        "\
,set_rule,,,,,,,,rule=orders_max value=1000
,set_rule,,,,,,,,rule=tick value=5
,set_rule,,,,,,,,rule=lot value=2
,set_rule,,,,,,,,rule=qty_max value=1000
,set_rule,,,,,,,,rule=price_range min=10 max=100000
,set_rule,,,,,,,,rule=position_max value=5000
,set_rule,,,,,,,,rule=state value=halted
,set_rule,,,,,,,,rule=short_ban value=1
,set_rule,,,,,,,,rule=tax value=7
,set_rule,,,,,,,,rule=fees maker=-20 taker=30
,set_rule,,,,,,,,rule=band value=900
,set_rule,3,,,,,,,rule=exempt value=1
,endow,1,,,,,,,position=500 cash=-12
0,set_rule,,,,,,,,rule=state value=continuous
0,set_rule,3,,,,,,,rule=exempt value=0
5,place,1,10,sell,limit,gtc,105,20,
5,place,1,11,sell,limit,gtc,110,20,post_only=1 stp=decrement
5,place,2,10,buy,limit,ioc,105,4,stp=cancel_both step=1
6,place,2,11,buy,market,fok,,2,
6,place,2,12,buy,market_to_limit,gtc,,2,
7,reduce,1,10,,,,,2,
7,replace,1,10,,,,105,8,
7,cancel,1,10,,,,,,
7,cancel,1,10,,,,,,
7,cancel,2,,,,,,,id=1
7,clock,,,,,,,,
7,mark,,,,,,,,name=crash-start
8,mark,,,,,,,,name=row number=17 step=2
9,mass_cancel,1,,,,,,,
12,clock,,,,,,,,step=9
13,place,1,20,sell,limit,gtt,105,20,post_only=1 expire=900 display=4 stp=decrement
13,place,2,20,buy,limit,gtt,105,6,expire=900 stop=110
13,place,2,21,sell,market,ioc,,6,stop=100 stp=cancel_newest
13,place,2,21,sell,limit,gtc,105,6,stop=100 again=1
13,set_rule,,,,,,,,rule=band value=50
13,set_rule,,,,,,,,rule=state value=auction
13,uncross,,,,,,,,
900,clock,,,,,,,,
",
    );
}

#[test]
fn other_spellings_give_the_canonical_log() {
    check_round_trip(
        ",endow,2,,,,,,,cash=5\n,endow,1,,,,,,,position=1\r\n\
         03,clock,,,,,,,,\n3,place,1,01,buy,limit,gtc,+9,1,stp=none post_only=0\n\n",
        ",endow,1,,,,,,,position=1 cash=0\n,endow,2,,,,,,,position=0 cash=5\n\
         3,place,1,1,buy,limit,gtc,9,1,\n",
    );
}

#[test]
fn references_are_free_again_when_their_order_is_dead() {
    check_canonical(
        "1,place,1,5,buy,limit,ioc,9,1,\n1,place,1,5,buy,limit,gtc,9,1,\n\
         1,place,1,5,buy,limit,gtc,9,1,again=1\n1,cancel,1,,,,,,,id=2\n1,cancel,1,5,,,,,,\n",
    );
}

#[test]
fn a_reference_whose_stop_is_triggered_by_its_next_order_was_not_free() {
    // Order 2 waits until order 3 trades, and then trades away as a taker.
    check_canonical(
        "1,place,1,5,sell,limit,gtc,100,9,\n1,place,2,5,buy,limit,gtc,100,2,stop=100\n\
         1,place,2,5,buy,limit,ioc,100,1,again=1\n1,place,2,5,buy,limit,gtc,90,1,\n",
    );
    // The same with an order that is cancelled once active.
    check_canonical(
        "1,place,1,5,sell,limit,gtc,100,1,\n1,place,2,5,buy,market,ioc,,2,stop=100\n\
         1,place,2,5,buy,limit,ioc,100,1,again=1\n1,place,2,5,buy,limit,gtc,90,1,\n",
    );
}

#[test]
fn an_auction_may_stand_in_the_genesis() {
    check_canonical(
        ",set_rule,,,,,,,,rule=state value=auction\n,set_rule,,,,,,,,rule=band value=4294967295\n\
         1,place,1,5,buy,limit,gtt,9,4,expire=2 display=3\n1,place,2,5,sell,limit,gtc,9,1,\n\
         1,uncross,,,,,,,,\n2,place,1,5,buy,limit,gtc,9,1,\n",
    );
}

#[test]
fn a_row_that_moves_the_clock_finds_the_references_of_what_expires_then_free() {
    check_canonical(
        "1,place,1,5,buy,limit,gtt,9,1,expire=2\n1,place,1,6,buy,limit,gtt,9,1,expire=2 stop=8\n\
         2,place,1,5,buy,limit,gtt,9,1,expire=4\n3,place,1,5,buy,limit,gtc,9,1,again=1\n\
         3,place,1,6,buy,limit,gtc,9,1,stop=8\n3,place,1,6,buy,limit,gtc,9,1,again=1\n",
    );
    check_error(
        "1,place,1,5,buy,limit,gtt,9,1,expire=2\n2,place,1,5,buy,limit,gtc,9,1,again=1\n",
        "line 3: again is `1`, not 0: the reference is free",
    );
    check_error(
        "1,place,1,5,buy,limit,gtt,9,1,expire=3 stop=9\n2,place,1,5,buy,limit,gtc,9,1,\n",
        "line 3: order 5 of client 1 still lives (again=1 places another one)",
    );
}

#[test]
fn impossible_rows_are_refused_with_their_line() {
    check_error(
        "1,place,1,5,buy,limit,gtc,9,1,\n1,place,1,5,buy,limit,gtc,9,1,\n",
        "line 3: order 5 of client 1 still lives (again=1 places another one)",
    );
    check_error("1,cancel,1,5,,,,,,\n", "line 2: client 1 never placed order 5");
    check_error(
        "5,mark,,,,,,,,name=a\n4,mark,,,,,,,,name=b\n",
        "line 3: time or step goes backwards",
    );
    check_error(
        "5,mark,,,,,,,,name=a\n,endow,1,,,,,,,position=1\n",
        "line 3: a row without a time belongs to the genesis and must stand before all others",
    );
    check_error(
        ",endow,1,,,,,,,position=1\n,endow,1,,,,,,,cash=1\n",
        "line 3: the client was endowed before",
    );
}

#[test]
fn malformed_rows_are_refused_with_their_line() {
    check_error(
        "1,place,1,5,buy,limit,gtc,0,1,\n",
        "line 2: price is `0`, not a price in ticks, 1 to 2147483647",
    );
    check_error(
        "1,place,1,5,buy,limit,gtc,2147483648,1,\n",
        "line 2: price is `2147483648`, not a price in ticks, 1 to 2147483647",
    );
    check_error(
        "1,place,1,5,buy,limit,gtc,9.5,1,\n",
        "line 2: price is `9.5`, not a price in ticks, 1 to 2147483647",
    );
    check_error(
        "1,place,1,5,buy,limit,gtc,9,-1,\n",
        "line 2: qty is `-1`, not a quantity in lots, 1 to 2147483647",
    );
    check_error("1,place,1,5,long,limit,gtc,9,1,\n", "line 2: side is `long`, not buy or sell");
    check_error(
        "1,place,1,5,buy,limit,day,9,1,\n",
        "line 2: tif is `day`, not gtc, gtt, ioc or fok",
    );
    check_error(
        "1,place,1,5,buy,pegged,gtc,9,1,\n",
        "line 2: type is `pegged`, not limit, market or market_to_limit",
    );
    check_error("1,place,1,5,buy,market,ioc,9,1,\n", "line 2: price does not go with this op");
    check_error("1,place,1,,buy,limit,gtc,9,1,\n", "line 2: order is empty");
    check_error("1,cancel,1,,,,,,,\n", "line 2: order is empty");
    check_error(
        "1,place,4294967296,5,buy,limit,gtc,9,1,\n",
        "line 2: client is `4294967296`, not a number that the field can hold",
    );
    check_error(
        "1,place,1,5,buy,limit,gtc,9,1,again=1\n",
        "line 2: again is `1`, not 0: the reference is free",
    );
    check_error(
        "1,fly,1,,,,,,,\n",
        "line 2: unknown op `fly`: one of place, cancel, reduce, \
        replace, mass_cancel, clock, mark, set_rule, endow, uncross",
    );
    check_error("1,mark,,,,,,,,name=a b\n", "line 2: extra holds `b`: not a new key=value");
    check_error(
        "1,mark,,,,,,,,name=a color=red\n",
        "line 2: extra holds `color=red`: not a new key=value",
    );
    check_error(
        "1,mark,,,,,,,,name=\u{1b}[2J\n",
        "line 2: name is `\\u{1b}[2J`, not 1 to 64 characters of A-Z a-z 0-9 - _ .",
    );
    check_error("1,set_rule,,,,,,,,rule=gravity value=1\n", "line 2: unknown rule `gravity`");
    check_error(
        "1,set_rule,,,,,,,,rule=fees maker=1 taker=9999999\n",
        "line 2: taker is `9999999`, not a fee in ppm, -1000000 to 1000000",
    );
    check_error(
        ",set_rule,,,,,,,,rule=price_range min=9 max=5\n",
        "line 2: the rules of the genesis contradict themselves",
    );
    check_error("1,mark,,,,,,,name=a\n", "line 2: 9 fields where the header has 10");
    check_error("\n1,mark,,,,,,,,\n", "line 3: name is empty");
}

#[test]
fn malformed_extras_of_an_order_are_refused_with_their_line() {
    let check = |tif: &str, extra: &str, expected: &str| {
        check_error(&format!("1,place,1,5,buy,limit,{tif},9,1,{extra}\n"), expected);
    };
    check("gtt", "", "line 2: expire is empty");
    check("gtt", "expire=-1", "line 2: expire is `-1`, not a number that the field can hold");
    check("gtt", "expire=", "line 2: expire is ``, not a number that the field can hold");
    check(
        "gtt",
        "expire=18446744073709551616",
        "line 2: expire is `18446744073709551616`, not a number that the field can hold",
    );
    check("gtt", "expire=5 expire=6", "line 2: extra holds `expire=6`: not a new key=value");
    for tif in ["gtc", "ioc", "fok"] {
        check(tif, "expire=5", "line 2: extra holds `expire=5`: not a new key=value");
    }
    for display in ["0", "-1", "2147483648", "all"] {
        check(
            "gtc",
            &format!("display={display}"),
            &format!("line 2: display is `{display}`, not a quantity in lots, 1 to 2147483647"),
        );
    }
    for stop in ["0", "2147483648", "1.5", ""] {
        check(
            "gtc",
            &format!("stop={stop}"),
            &format!("line 2: stop is `{stop}`, not a price in ticks, 1 to 2147483647"),
        );
    }
    check_error(
        "1,place,1,5,buy,limit,gtc,9,1,\n1,reduce,1,5,,,,,1,display=1\n",
        "line 3: extra holds `display=1`: not a new key=value",
    );
    check_error("1,uncross,1,,,,,,,\n", "line 2: client does not go with this op");
    check_error("1,uncross,,,,,,,,price=9\n", "line 2: extra holds `price=9`: not a new key=value");
    check_error(",uncross,,,,,,,,\n", "line 2: time_ns is empty");
    check_error(
        "1,set_rule,,,,,,,,rule=state value=closed\n",
        "line 2: value is `closed`, not continuous, halted or auction",
    );
    for band in ["-1", "4294967296"] {
        check_error(
            &format!("1,set_rule,,,,,,,,rule=band value={band}\n"),
            &format!("line 2: value is `{band}`, not a number that the field can hold"),
        );
    }
}

#[test]
fn foreign_files_are_refused() {
    let header =
        "line 1: the header must be `time_ns,op,client,order,side,type,tif,price,qty,extra`";
    for text in ["", "a,b\n", "\u{1a}REPL\r\n"] {
        let error = PlainReader::open(text.as_bytes()).err().map(|error| error.to_string());
        assert_eq!(error.as_deref(), Some(header), "{text:?}");
    }
    let bytes = [HEADER.as_bytes(), b"1,mark,,,,,,,,name=\xff\n"].concat();
    let error = PlainReader::open(&bytes[..]).err().map(|error| error.to_string());
    assert_eq!(error.as_deref(), Some("line 2: not UTF-8"));
    let cut = format!("{HEADER}1,mark,,,,,,,,name=abc");
    let error = PlainReader::open(cut.as_bytes()).err().map(|error| error.to_string());
    let expected = "line 2: the last line has no line end: the file may be cut";
    assert_eq!(error.as_deref(), Some(expected));
    let long = format!("{HEADER}{}\n", "x".repeat(5_000));
    let error = PlainReader::open(long.as_bytes()).err().map(|error| error.to_string());
    assert_eq!(error.as_deref(), Some("line 2: longer than 4096 bytes"));
}

/// Commands with few references, so that they are used again and again, in every state of the
/// orders that had them before.
fn crowded(seed: u64, len: u64) -> Vec<Command> {
    let mut state = seed;
    let mut draw = move |bound: u32| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        u32::try_from((state >> 33) % u64::from(bound)).unwrap()
    };
    let (mut time, mut placed) = (0, 0);
    let mut commands = Vec::new();
    for _ in 0..len {
        let (client, kind) = (ClientId(draw(3)), draw(30));
        let order = OrderId(placed - placed.min(draw(8).into()) + 1);
        let (qty, price) = (Qty::new(1 + draw(9)).unwrap(), Price::new(95 + draw(10)).unwrap());
        commands.push(match kind {
            0 => Command::Cancel { client, order },
            1 => Command::Reduce { client, order, by: qty },
            2 => Command::Replace { client, order, price, qty },
            3..=6 => {
                time += u64::from(draw(3));
                Command::Clock { time: TimeNs(time), step: Step(time / 4) }
            }
            7 => Command::SetRule(RuleChange::State(MarketState::Auction)),
            8 => Command::Uncross,
            9 => Command::SetRule(RuleChange::Band(draw(12))),
            10..=12 => Command::SetRule(RuleChange::State(MarketState::Continuous)),
            13 if draw(8) == 0 => Command::MassCancel { client },
            _ => {
                placed += 1;
                let stop = Some(Price::new(95 + draw(10)).unwrap());
                let limit = OrderKind::Limit { price, post_only: false };
                let expiry = TimeInForce::Gtt(TimeNs(time + u64::from(draw(6))));
                let (kind, tif, stop) = match draw(8) {
                    0 => (OrderKind::Market, TimeInForce::Ioc, stop),
                    1 => (limit, TimeInForce::Gtc, stop),
                    2 => (limit, expiry, stop),
                    3 | 4 => (limit, expiry, None),
                    5 => (limit, TimeInForce::Ioc, None),
                    _ => (limit, TimeInForce::Gtc, None),
                };
                let display = (stop.is_none() && draw(4) == 0).then_some(Qty::MIN);
                let side = if draw(2) == 0 { Side::Buy } else { Side::Sell };
                let self_trade = if draw(2) == 0 { SelfTrade::Allow } else { SelfTrade::Decrement };
                let reference = Reference(draw(4).into());
                Command::Place(Place {
                    client,
                    reference,
                    side,
                    qty,
                    kind,
                    tif,
                    display,
                    stop,
                    self_trade,
                })
            }
        });
    }
    commands
}

#[test]
fn any_log_of_commands_comes_back_from_its_rows() {
    for seed in 1..=20 {
        let (mut log, mut tail) = (Vec::new(), Vec::new());
        let genesis = Genesis::new(kernel::Genesis::open(), "import-csv");
        let mut recorder =
            Recorder::create(&genesis, &mut log, &mut tail, SyncPolicy::None).unwrap();
        for command in crowded(seed, 1_000) {
            recorder.take(&Entry::Command(command)).unwrap();
        }
        recorder.finish().unwrap();
        let csv = export(&log);
        match import(&csv) {
            Ok(again) => assert_eq!(export(&again), csv, "seed {seed}"),
            Err(error) => panic!("seed {seed}: {error}"),
        }
    }
}
