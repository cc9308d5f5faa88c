//! `replay recover`.

use cli::{Exit, tail_path};
use replay::block::BLOCK_HEADER_BYTES;
use replay::{Player, ReadLimits, Reader};
use serde_json::Value;

use crate::lab::{Lab, table};
use crate::logs;

#[test]
fn a_whole_log_is_copied() {
    let lab = Lab::new();
    logs::day(&lab);
    logs::interrupted(&lab.path("open.log"), 25);
    let rows = [
        ("recover day.log -o day2.log", Exit::Ok),
        ("recover open.log -o open2.log", Exit::Ok),
        ("verify open2.log", Exit::Ok),
        ("recover day.log -o open2.log", Exit::CannotCreate),
        ("recover day.log -o day.log --force", Exit::Usage),
        ("recover open.log -o ./open.log --force", Exit::Usage),
    ];
    insta::assert_snapshot!(table(&lab, &rows));
    assert!(lab.read("day2.log") == lab.read("day.log"));
    lab.run("recover day.log -o open2.log --force").data();
    assert!(lab.read("open2.log") == lab.read("day.log"));
    let names = "day.csv day.log day.log.note day2.log day2.log.note open.log open.log.tail \
                 open2.log open2.log.note";
    assert_eq!(lab.names("."), names, "the tail of the log that was replaced is gone");
}

#[test]
fn what_is_torn_off_is_kept_and_named() {
    let lab = Lab::new();
    logs::demo(&lab);
    let log = lab.read("demo/day.log");
    lab.write("cut.log", &log[..log.len() - 100]);
    logs::interrupted(&lab.path("open.log"), 45);
    let tail = lab.read("open.log.tail");
    lab.write("open.log.tail", &tail[..tail.len() - 3]);
    let rows = [
        ("recover cut.log -o saved.log", Exit::Differs),
        ("verify saved.log", Exit::Ok),
        ("recover open.log -o saved2.log", Exit::Differs),
        ("verify saved2.log", Exit::Ok),
        ("recover open.log -o saved2.log", Exit::CannotCreate),
        ("recover open.log -o saved2.log --force", Exit::Differs),
    ];
    insta::assert_snapshot!(table(&lab, &rows));
    let kept = [lab.read("saved.log"), lab.read("saved.log.dropped-log")].concat();
    assert!(kept == lab.read("cut.log"));
    assert_eq!(lab.read("saved2.log.dropped-tail"), &tail[..tail.len() - 3]);
    assert_eq!(
        lab.names("."),
        "cut.log demo open.log open.log.tail saved.log saved.log.dropped-log saved.log.note \
         saved2.log saved2.log.dropped-tail saved2.log.note saved2.log.tail"
    );
}

/// The heads of a log after each of its entries, as the library computes them.
fn heads(lab: &Lab, name: &str) -> Vec<String> {
    let path = lab.path(name);
    let tail = std::fs::read(tail_path(&path)).unwrap_or_default();
    let log = lab.read(name);
    let mut reader = Reader::open(&log[..], tail, ReadLimits::DEFAULT).expect("a log");
    let mut heads = vec![reader.chain().prefix_head(0, &[]).to_string()];
    loop {
        let before = reader.chain().clone();
        let Some(block) = reader.next_block().expect("a whole log") else { return heads };
        let mut end = 0;
        for count in 1..=block.count {
            let (_, len) = replay::codec::decode_entry(&block.payload()[end..]).expect("an entry");
            end += len;
            heads.push(before.prefix_head(count, &block.payload()[..end]).to_string());
        }
    }
}

/// Recovers a cut log. Either it is refused, or the new log verifies and is a prefix of the whole.
fn check_cut(lab: &Lab, heads: &[String], text: &str, cut: usize) -> u64 {
    let ran = lab.run("recover cut.log -o saved.log --force");
    if ran.exit == i32::from(Exit::Damaged.code()) {
        assert!(!lab.path("saved.log").exists(), "cut at {cut}");
        return 0;
    }
    let whole = ran.exit == 0;
    assert!(whole || ran.exit == 1, "cut at {cut}: {}", ran.transcript());
    let verified = lab.run("verify saved.log --json").data();
    let verified: Value = serde_json::from_str(&verified).expect("JSON");
    let entries = verified["entries"].as_u64().expect("a number");
    let head = &heads[usize::try_from(entries).expect("a few")];
    assert_eq!(verified["head"], head[..], "cut at {cut}");
    assert!(
        ran.stdout.contains(&format!("saved {entries} entries, head {head}")),
        "{}",
        ran.stdout
    );
    assert!(text.starts_with(&lab.run("cat saved.log").data()), "cut at {cut}");
    for name in ["saved.log", "saved.log.tail"] {
        let _ = std::fs::remove_file(lab.path(name));
    }
    entries
}

#[test]
fn a_log_cut_anywhere_gives_a_prefix_or_is_refused() {
    let lab = Lab::new();
    logs::fixture(&lab);
    let log = lab.read("fixture.log");
    let (heads, text) = (heads(&lab, "fixture.log"), lab.run("cat fixture.log").data());
    assert_eq!(heads.len(), 3_963);
    let mut saved = Vec::new();
    for cut in (0..log.len()).step_by(997) {
        lab.write("cut.log", &log[..cut]);
        saved.push(check_cut(&lab, &heads, &text, cut));
    }
    let second_block = u64::try_from(heads.len()).expect("a few") - 1;
    assert!(saved.is_sorted() && saved.iter().all(|entries| *entries < second_block));
    assert!(0 < saved[saved.len() - 1], "the first block was saved");
}

#[test]
fn a_tail_cut_anywhere_gives_a_prefix() {
    let lab = Lab::new();
    logs::interrupted(&lab.path("open.log"), 95);
    let (heads, text) = (heads(&lab, "open.log"), lab.run("cat open.log").data());
    let (log, tail) = (lab.read("open.log"), lab.read("open.log.tail"));
    let mut saved = Vec::new();
    for cut in (0..tail.len()).step_by(97) {
        lab.write("cut.log", &log);
        lab.write("cut.log.tail", &tail[..cut]);
        saved.push(check_cut(&lab, &heads, &text, cut));
    }
    assert!(saved.is_sorted() && saved.contains(&0) && saved.contains(&90), "{saved:?}");
}

/// A writer that died while it appended a block left half of it, and the entries in the tail too.
#[test]
fn a_block_torn_while_it_was_sealed_comes_back_from_the_tail() {
    let lab = Lab::new();
    logs::interrupted(&lab.path("open.log"), 45);
    let mut log = lab.read("open.log");
    log.extend_from_slice(&[0x52; BLOCK_HEADER_BYTES - 1]);
    lab.write("open.log", &log);
    let rows = [
        ("run open.log", Exit::Damaged),
        ("recover open.log -o saved.log", Exit::Differs),
        ("verify saved.log", Exit::Ok),
    ];
    insta::assert_snapshot!(table(&lab, &rows));
}

#[test]
fn a_recovered_log_replays_to_the_same_state() {
    let lab = Lab::new();
    logs::interrupted(&lab.path("open.log"), 45);
    lab.run("recover open.log -o saved.log").data();
    let state = |name: &str| {
        let (log, tail) = (lab.read(name), lab.read(&format!("{name}.tail")));
        let reader = Reader::open(&log[..], tail, ReadLimits::DEFAULT).expect("a log");
        Player::new(reader).expect("a market").run().expect("replays")
    };
    assert_eq!(state("open.log"), state("saved.log"));
}

#[test]
fn a_log_that_is_being_written_is_busy() {
    let lab = Lab::new();
    logs::interrupted(&lab.path("open.log"), 25);
    let writer = std::fs::File::open(lab.path("open.log")).expect("the log");
    writer.try_lock().expect("nobody else has it");
    let busy = lab.run("recover open.log -o saved.log").expect(Exit::TryAgain);
    insta::assert_snapshot!(busy.transcript());
    assert_eq!(lab.names("."), "open.log open.log.tail");
    // Closing would not do: see `logs::interrupted`.
    writer.unlock().expect("it was locked");
    lab.run("recover open.log -o saved.log").data();
}

/// A device kept the length of the last block and zeros for its end: what was acknowledged stands in
/// the tail.
#[test]
fn a_block_that_is_cut_to_zeros_is_given_up_for_its_tail() {
    let lab = Lab::new();
    // The first block has room for 2512 of these entries.
    logs::interrupted(&lab.path("before.log"), 2_505);
    logs::interrupted(&lab.path("sealed.log"), 2_600);
    let mut log = lab.read("sealed.log");
    log[30_000..].fill(0);
    lab.write("zeros.log", &log);
    lab.write("zeros.log.tail", lab.read("before.log.tail"));
    lab.write("bare.log", &log);
    let rows = [
        ("verify zeros.log", Exit::Damaged),
        ("recover zeros.log -o saved.log", Exit::Differs),
        ("verify saved.log", Exit::Ok),
        ("recover zeros.log -o saved2.log --json", Exit::Differs),
        ("recover bare.log -o saved3.log", Exit::Differs),
        ("verify saved3.log", Exit::Ok),
    ];
    insta::assert_snapshot!(table(&lab, &rows));
    assert_eq!(lab.run("cat saved.log").data(), lab.run("cat before.log").data());
}

#[test]
fn recovering_what_was_recovered_changes_nothing() {
    let lab = Lab::new();
    logs::demo(&lab);
    let log = lab.read("demo/day.log");
    lab.write("cut.log", &log[..log.len() - 100]);
    logs::interrupted(&lab.path("open.log"), 45);
    let tail = lab.read("open.log.tail");
    lab.write("open.log.tail", &tail[..tail.len() - 3]);
    for name in ["cut.log", "open.log"] {
        lab.run(&format!("recover {name} -o once.log --force")).expect(Exit::Differs);
        lab.run("recover once.log -o twice.log --force").data();
        assert!(lab.read("once.log") == lab.read("twice.log"), "{name}");
        for suffix in [".tail", ".dropped-log", ".dropped-tail"] {
            let (once, twice) = (format!("once.log{suffix}"), format!("twice.log{suffix}"));
            let read = |name: &str| std::fs::read(lab.path(name)).ok();
            if suffix == ".tail" {
                assert_eq!(read(&once), read(&twice), "{name}");
            } else {
                assert_eq!(read(&twice), None, "nothing is given up");
            }
        }
    }
}
