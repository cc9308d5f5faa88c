//! Exit 65: input that is damaged, torn, foreign, unsupported or over the limits.

use cli::Exit;
use replay::chain::{Role, digest};
use replay::header;
use replay::tail::TAIL_BYTES_MAX;

use crate::lab::{Lab, table};
use crate::logs::{self, DAY};

const EXIT: Exit = Exit::Damaged;

/// A log with another value in its header, whose digest is right.
fn with_header_bytes(log: &[u8], at: usize, value: &[u8]) -> Vec<u8> {
    let end = usize::try_from(header::read(&mut &log[..]).expect("a header").bytes).expect("short");
    let mut log = log.to_vec();
    log[at..at + value.len()].copy_from_slice(value);
    let seal = digest(Role::Header, &[&log[..end - 32]]);
    log[end - 32..end].copy_from_slice(&seal.0);
    log
}

fn flipped(log: &[u8], at: usize) -> Vec<u8> {
    let mut log = log.to_vec();
    log[at] ^= 0x10;
    log
}

#[test]
fn foreign_and_unsupported_files_are_refused() {
    let lab = Lab::new();
    logs::day(&lab);
    let log = lab.read("day.log");
    lab.write("empty.log", "");
    lab.write("letter.log", "Dear reader,\n");
    lab.write("short.log", &log[..4]);
    lab.write("header.log", &log[..40]);
    lab.write("text-mode.log", String::from_utf8_lossy(&log).as_bytes());
    lab.write("future.log", with_header_bytes(&log, 8, &[9, 0]));
    lab.write("kernel.log", with_header_bytes(&log, 10, &[0xff, 0xff]));
    lab.write("genesis.log", with_header_bytes(&log, 12, &[0xff, 0xff, 0xff, 0x7f]));
    let rows = [
        ("run day.csv", EXIT),
        ("run empty.log", EXIT),
        ("run letter.log", EXIT),
        ("run short.log", EXIT),
        ("run header.log", EXIT),
        ("run text-mode.log", EXIT),
        ("run future.log", EXIT),
        ("run kernel.log", EXIT),
        ("run genesis.log", EXIT),
        ("run day.log --max orders=999", EXIT),
        ("run day.log --max orders=1000", Exit::Ok),
        ("recover letter.log -o out.log", EXIT),
    ];
    insta::assert_snapshot!(table(&lab, &rows));
}

#[test]
fn every_command_refuses_a_cut_log_and_shows_the_way_on() {
    let lab = Lab::new();
    logs::demo(&lab);
    let log = lab.read("demo/day.log");
    lab.write("cut.log", &log[..log.len() - 1]);
    let rows = [
        ("run cut.log", EXIT),
        ("verify cut.log", EXIT),
        ("verify cut.log --chain-only", EXIT),
        ("info cut.log", EXIT),
        ("hashes cut.log", EXIT),
        ("export cut.log --table accounts", EXIT),
    ];
    insta::assert_snapshot!(table(&lab, &rows));
    // What is good is still shown.
    let shown = lab.run("cat cut.log").expect(EXIT).stdout;
    let whole = lab.run("cat demo/day.log").data();
    assert!(whole.starts_with(&shown) && 10_000 < shown.lines().count());
}

#[test]
fn a_flipped_bit_is_found_wherever_it_is() {
    let lab = Lab::new();
    logs::demo(&lab);
    let log = lab.read("demo/day.log");
    let start = usize::try_from(header::read(&mut &log[..]).expect("a header").bytes).expect("?");
    let places = [
        ("genesis", 40),
        ("header-digest", start - 1),
        ("block-header", start + 20),
        ("block-checksum", start + 211),
        ("entries", start + 5_000),
        ("padding", start + 65_535),
        ("second-block", start + 65_536 + 300),
        ("end", log.len() - 1),
    ];
    let mut lines = Vec::new();
    for (name, at) in places {
        lab.write(&format!("{name}.log"), flipped(&log, at));
        lines.push(format!("verify {name}.log"));
        lines.push(format!("recover {name}.log -o out.log"));
    }
    let rows: Vec<_> = lines.iter().map(|line| (&line[..], EXIT)).collect();
    insta::assert_snapshot!(table(&lab, &rows));
    assert!(!lab.path("out.log").exists());
}

#[test]
fn a_torn_and_a_damaged_tail_are_told_apart() {
    let lab = Lab::new();
    logs::interrupted(&lab.path("torn.log"), 45);
    std::fs::copy(lab.path("torn.log"), lab.path("damaged.log")).expect("a copy");
    std::fs::copy(lab.path("torn.log"), lab.path("foreign.log")).expect("a copy");
    std::fs::copy(lab.path("torn.log"), lab.path("huge.log")).expect("a copy");
    let tail = lab.read("torn.log.tail");
    lab.write("damaged.log.tail", flipped(&tail, 100));
    lab.write("torn.log.tail", &tail[..tail.len() - 3]);
    logs::demo(&lab);
    lab.write("demo/day.log.tail", &tail);
    let bytes = usize::try_from(TAIL_BYTES_MAX).expect("a few") + 1;
    lab.write("huge.log.tail", vec![0; bytes]);
    let rows = [
        ("run torn.log", EXIT),
        ("run damaged.log", EXIT),
        ("recover damaged.log -o out.log", EXIT),
        ("run demo/day.log", EXIT),
        ("run huge.log", EXIT),
    ];
    insta::assert_snapshot!(table(&lab, &rows));
}

#[test]
fn bad_csv_is_refused_with_its_line() {
    let lab = Lab::new();
    let files = [
        ("header.csv", "time,op\n".to_owned()),
        ("price.csv", DAY.replace("limit,gtc,115,8", "limit,gtc,0,8").replace(",,115,8", ",,0,8")),
        ("unknown.csv", DAY.replace("8,cancel,2,15", "8,cancel,2,99")),
        ("op.csv", DAY.replace("12,mass_cancel,1", "12,explode,1")),
        (
            "backwards.csv",
            DAY.replace("20,clock,", "20,mark,,,,,,,,name=a\n19,mark,,,,,,,,name=b\n20,clock,"),
        ),
        ("cut.csv", DAY.trim_end().to_owned()),
        ("late.csv", format!("{DAY},endow,9,,,,,,,cash=1\n")),
        ("bytes.csv", DAY.replace("name=open", "name=\u{1b}[31m")),
    ];
    let mut lines = Vec::new();
    for (name, text) in &files {
        lab.write(name, text);
        lines.push(format!("import csv {name} -o out.log"));
    }
    let rows: Vec<_> = lines.iter().map(|line| (&line[..], EXIT)).collect();
    insta::assert_snapshot!(table(&lab, &rows));
    assert!(!lab.names(".").contains("out.log"), "nothing is left behind");
}

#[test]
fn bad_lobster_rows_are_refused_with_file_and_line() {
    let lab = Lab::new();
    logs::lobster_files(&lab);
    let messages = String::from_utf8(lab.read("messages.csv")).expect("UTF-8");
    let orderbook = String::from_utf8(lab.read("orderbook.csv")).expect("UTF-8");
    let change = |text: &str, line: usize, change: &dyn Fn(&str) -> String| {
        let line_of =
            |(at, old): (usize, &str)| if at + 1 == line { change(old) } else { old.to_owned() };
        text.lines().enumerate().map(line_of).collect::<Vec<_>>().join("\n") + "\n"
    };
    let files = [
        ("m1.csv", change(&messages, 7, &|old| old.replace(',', ";"))),
        ("m2.csv", change(&messages, 9, &|old| format!("{old},1"))),
        ("m3.csv", change(&messages, 5, &|_| "34200.5,12,1,1,1,1".to_owned())),
        ("m4.csv", change(&messages, 1_000, &|_| "1.0,1,1,1,1,1".to_owned())),
        ("o1.csv", change(&orderbook, 11, &|old| old.replacen(',', ",x", 1))),
        ("o2.csv", change(&orderbook, 20, &|old| old[..30].to_owned())),
        ("o3.csv", change(&orderbook, 1_500, &|_| String::new())),
    ];
    let mut lines = Vec::new();
    for (name, text) in &files {
        lab.write(name, text);
        let (messages, orderbook) =
            if name.starts_with('m') { (*name, "orderbook.csv") } else { ("messages.csv", *name) };
        lines.push(format!(
            "import lobster --messages {messages} --orderbook {orderbook} -o out.log"
        ));
    }
    lines
        .push("import lobster --messages orderbook.csv --orderbook messages.csv -o out.log".into());
    let rows: Vec<_> = lines.iter().map(|line| (&line[..], EXIT)).collect();
    insta::assert_snapshot!(table(&lab, &rows));
    assert!(!lab.names(".").contains("out.log"), "nothing is left behind");
}
