//! `replay compact`, and every other command on what it makes.

use std::fs;
use std::path::Path;

use cli::Exit;
use serde_json::Value;

use crate::lab::{Lab, table};
use crate::logs;

/// Makes `day.packed` out of `day.log`; both of several blocks.
fn demo(lab: &Lab) {
    logs::demo(lab);
    lab.run("compact demo/day.log -o day.packed").data();
}

#[test]
fn a_log_is_compacted_and_expanded_again() {
    let lab = Lab::new();
    logs::demo(&lab);
    let rows = [
        ("compact demo/day.log -o day.packed", Exit::Ok),
        ("compact day.packed -o day2.log --expand", Exit::Ok),
        ("compact demo/day.log -o best.packed --level 19 --json", Exit::Ok),
        ("compact best.packed -o day2.log --expand --force --json", Exit::Ok),
        ("info day.packed", Exit::Ok),
    ];
    insta::assert_snapshot!(table(&lab, &rows));
    assert!(lab.read("day2.log") == lab.read("demo/day.log"));
    assert_eq!(
        lab.names("."),
        "best.packed best.packed.note day.packed day.packed.note day2.log day2.log.note demo"
    );
    let size = |name: &str| lab.read(name).len();
    assert!(size("best.packed") < size("day.packed"));
    assert!(size("day.packed") < size("demo/day.log") / 2);
}

#[test]
fn every_golden_log_comes_back_byte_for_byte() {
    let lab = Lab::new();
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../golden/ecology");
    let mut logs = 0;
    for entry in fs::read_dir(golden).expect("the golden logs") {
        let path = entry.expect("an entry").path();
        if path.extension().is_none_or(|extension| extension != "log") {
            continue;
        }
        fs::copy(&path, lab.path("a.log")).expect("the log");
        let compacted = lab.run("compact a.log -o a.packed --force --json").data();
        let expanded = lab.run("compact a.packed -o b.log --expand --force --json").data();
        let object = |text: &str| serde_json::from_str::<Value>(text).expect("JSON");
        let (compacted, expanded) = (object(&compacted), object(&expanded));
        for field in ["schema", "entries", "ended", "head", "seal"] {
            assert_eq!(compacted[field], expanded[field], "{field}");
        }
        assert!(lab.read("b.log") == lab.read("a.log"), "{}", path.display());
        logs += 1;
    }
    assert!(3 <= logs);
}

/// What a command prints about the plain log and about the compacted one, but for their names.
#[track_caller]
fn same(lab: &Lab, line: &str, plain: &str, packed: &str) {
    let of = |name: &str| {
        let ran = lab.run(&line.replace("LOG", name));
        (ran.exit, ran.stdout.replace(name, "LOG"), ran.stderr.replace(name, "LOG"))
    };
    let (plain, packed) = (of(plain), of(packed));
    assert!(plain == packed, "{line}\n{}{}\n{}{}", plain.1, plain.2, packed.1, packed.2);
    assert_eq!(plain.0, 0, "{line}: {}", plain.2);
}

const READERS: [&str; 14] = [
    "run LOG",
    "run LOG --json",
    "verify LOG",
    "verify LOG --json",
    "verify LOG --chain-only",
    "cat LOG",
    "cat LOG --events --from 100 --to 300",
    "cat LOG --format csv",
    "cat LOG --format ndjson",
    "hashes LOG",
    "export LOG --table trades",
    "export LOG --table orders",
    "export LOG --table book",
    "export LOG --table accounts --format ndjson",
];

#[test]
fn every_reader_takes_a_compacted_log() {
    let lab = Lab::new();
    demo(&lab);
    let more = ["verify LOG --producer", "stats LOG", "stats LOG --orders --json"];
    for line in READERS.into_iter().chain(more) {
        same(&lab, line, "demo/day.log", "day.packed");
    }
    let page = |log: &str| {
        lab.run(&format!("report {log} -o page.html --title t --force")).data();
        String::from_utf8(lab.read("page.html")).expect("UTF-8").replace(log, "LOG")
    };
    assert!(page("day.packed") == page("demo/day.log"));
}

#[test]
fn an_open_log_takes_its_tail_along() {
    let lab = Lab::new();
    for (name, entries) in [("open", 345), ("long", 6_000)] {
        let log = format!("{name}.log");
        logs::interrupted(&lab.path(&log), entries);
        let packed = format!("{name}.packed");
        lab.run(&format!("compact {log} -o {packed}")).data();
        lab.run(&format!("compact {packed} -o back.log --expand --force")).data();
        assert!(lab.read("back.log") == lab.read(&log));
        let tail = lab.read(&format!("{log}.tail"));
        assert!(!tail.is_empty());
        assert!(lab.read(&format!("{packed}.tail")) == tail);
        assert!(lab.read("back.log.tail") == tail);
        for line in READERS {
            same(&lab, line, &log, &packed);
        }
    }
    insta::assert_snapshot!(lab.run("info long.packed").expect(Exit::Ok).transcript());
}

#[test]
fn what_cannot_be_compacted_is_refused() {
    let lab = Lab::new();
    demo(&lab);
    let log = lab.read("demo/day.log");
    lab.write("torn.log", &log[..log.len() - 1]);
    let mut flipped = log;
    flipped[70_000] ^= 1;
    lab.write("flipped.log", &flipped);
    lab.write("foreign.log", "no log\n");
    let rows = [
        ("compact day.packed -o new.log", Exit::Usage),
        ("compact demo/day.log -o new.log --expand", Exit::Usage),
        ("compact day.packed -o day.packed --expand --force", Exit::Usage),
        ("compact demo/day.log -o new.log --level 0", Exit::Usage),
        ("compact demo/day.log -o new.log --level 23", Exit::Usage),
        ("compact day.packed -o new.log --expand --level 3", Exit::Usage),
        ("compact demo/day.log", Exit::Usage),
        ("compact torn.log -o new.log", Exit::Damaged),
        ("compact flipped.log -o new.log", Exit::Damaged),
        ("compact foreign.log -o new.log", Exit::Damaged),
        ("compact foreign.log -o new.log --expand", Exit::Damaged),
        ("compact absent.log -o new.log", Exit::NoInput),
        ("compact demo/day.log -o day.packed", Exit::CannotCreate),
        ("compact demo/day.log -o nowhere/new.log", Exit::CannotCreate),
    ];
    insta::assert_snapshot!(table(&lab, &rows));
    assert_eq!(
        lab.names("."),
        "day.packed day.packed.note demo flipped.log foreign.log torn.log",
        "nothing is left behind"
    );
}

#[test]
fn damaged_and_foreign_containers_are_refused() {
    let lab = Lab::new();
    demo(&lab);
    let packed = lab.read("day.packed");
    let flip = |name: &str, at: usize| {
        let mut bytes = packed.clone();
        bytes[at] ^= 1;
        lab.write(name, bytes);
    };
    flip("header.packed", 200);
    flip("version.packed", 8);
    flip("frame.packed", packed.len() / 2);
    flip("index.packed", packed.len() - 40);
    lab.write("cut.packed", &packed[..packed.len() / 2]);
    lab.write("short.packed", &packed[..11]);
    lab.write("longer.packed", [&packed[..], b"more"].concat());
    let rows = [
        ("verify header.packed", Exit::Damaged),
        ("run version.packed", Exit::Damaged),
        ("verify frame.packed --chain-only", Exit::Damaged),
        ("compact frame.packed -o new.log --expand", Exit::Damaged),
        ("recover frame.packed -o new.log", Exit::Damaged),
        ("info index.packed", Exit::Damaged),
        ("cat cut.packed", Exit::Damaged),
        ("run short.packed", Exit::Damaged),
        ("recover short.packed -o new.log", Exit::Damaged),
        ("verify longer.packed", Exit::Damaged),
        ("recover longer.packed -o new.log", Exit::Damaged),
    ];
    insta::assert_snapshot!(table(&lab, &rows));
    assert!(!lab.names(".").contains("new.log"));
}

#[test]
fn a_cut_container_is_recovered() {
    let lab = Lab::new();
    demo(&lab);
    let packed = lab.read("day.packed");
    lab.write("cut.packed", &packed[..packed.len() - 30_000]);
    lab.write("index.packed", &packed[..packed.len() - 3]);
    logs::interrupted(&lab.path("open.log"), 6_000);
    lab.run("compact open.log -o open.packed").data();
    let open = lab.read("open.packed");
    lab.write("open.packed", &open[..open.len() - 3_000]);
    let rows = [
        ("recover cut.packed -o saved.log", Exit::Differs),
        ("verify saved.log", Exit::Ok),
        ("recover index.packed -o whole.log --json", Exit::Differs),
        ("recover open.packed -o open2.log", Exit::Differs),
        ("verify open2.log", Exit::Ok),
        ("recover day.packed -o copy.log", Exit::Ok),
    ];
    insta::assert_snapshot!(table(&lab, &rows));
    assert!(lab.read("demo/day.log").starts_with(&lab.read("saved.log")));
    assert!(lab.read("whole.log") == lab.read("demo/day.log"));
    assert!(lab.read("copy.log") == lab.read("demo/day.log"));
    assert!(packed.ends_with(
        &[lab.read("saved.log.dropped-log"), packed[packed.len() - 30_000..].to_vec()].concat()
    ));
    assert!(lab.read("open2.log.dropped-tail") == lab.read("open.log.tail"));
    assert!(lab.read("open.log").starts_with(&lab.read("open2.log")));
    assert!(1_000 < lab.read("open2.log").len());
}

#[test]
fn a_container_cut_anywhere_gives_a_prefix_or_is_refused() {
    let lab = Lab::new();
    demo(&lab);
    let (log, packed) = (lab.read("demo/day.log"), lab.read("day.packed"));
    let mut saved = Vec::new();
    for cut in (0..packed.len()).step_by(4_001) {
        lab.write("cut.packed", &packed[..cut]);
        lab.run("verify cut.packed").expect(Exit::Damaged);
        let ran = lab.run("recover cut.packed -o saved.log --force");
        if ran.exit == i32::from(Exit::Damaged.code()) {
            assert!(cut < 1_000, "{}", ran.transcript());
            continue;
        }
        ran.expect(Exit::Differs);
        lab.run("verify saved.log").data();
        let bytes = lab.read("saved.log");
        assert!(log.starts_with(&bytes), "cut at {cut}");
        saved.push(bytes.len());
    }
    assert!(saved.is_sorted() && saved.first() < saved.last(), "{saved:?}");
}

/// Plain logs are read on, also out of a pipe; compacted ones out of files only.
#[test]
fn pipes_hold_plain_logs() {
    let lab = Lab::new();
    demo(&lab);
    let whole = lab.run("verify demo/day.log").data();
    let piped = lab.shell("cat demo/day.log | replay verify /dev/stdin").data();
    assert_eq!(piped, whole);
    assert_eq!(lab.run_with_input("verify /dev/stdin", "day.packed").data(), whole);
    assert_eq!(lab.shell("cat demo/day.log | replay compact /dev/stdin -o piped.packed > /dev/null && replay verify piped.packed").data(), whole);
    let refused = lab.shell("cat day.packed | replay verify /dev/stdin").expect(Exit::NoInput);
    insta::assert_snapshot!(refused.transcript());
}

#[test]
fn a_log_that_is_being_written_is_not_compacted() {
    let lab = Lab::new();
    logs::interrupted(&lab.path("open.log"), 25);
    let writer = fs::File::open(lab.path("open.log")).expect("the log");
    writer.try_lock().expect("nobody else has it");
    let busy = lab.run("compact open.log -o open.packed").expect(Exit::TryAgain);
    insta::assert_snapshot!(busy.transcript());
    // Closing would not do: see `logs::interrupted`.
    writer.unlock().expect("it was locked");
    lab.run("compact open.log -o open.packed").data();
}
