//! Exits 73 and 74: output that cannot be created, devices that fail.

use cli::Exit;

use crate::lab::{Lab, table};
use crate::logs::{self, DAY};

#[test]
fn imports_replace_nothing_without_force() {
    let lab = Lab::new();
    lab.write("day.csv", DAY);
    lab.write("out.log", "mine\n");
    lab.write("tail.log.tail", "mine\n");
    std::fs::create_dir(lab.path("folder")).expect("a folder");
    let exit = Exit::CannotCreate;
    let rows = [
        ("import csv day.csv -o out.log", exit),
        ("import csv day.csv -o tail.log", exit),
        ("import csv day.csv -o folder", exit),
        ("import csv day.csv -o folder --force", exit),
        ("import csv day.csv -o missing/out.log", exit),
        ("import csv day.csv -o day.csv/out.log", exit),
        ("import csv day.csv -o /dev/null --force", exit),
        ("import csv day.csv -o day.csv --force", Exit::Usage),
        ("man -o day.csv", exit),
    ];
    insta::assert_snapshot!(table(&lab, &rows));
    assert_eq!(lab.read("out.log"), b"mine\n");
    assert_eq!(lab.read("day.csv"), DAY.as_bytes());
    assert_eq!(lab.read("tail.log.tail"), b"mine\n");
    assert_eq!((lab.names("."), lab.names("folder")), {
        ("day.csv folder out.log tail.log.tail".to_owned(), String::new())
    });
}

#[test]
fn force_replaces_a_log_and_takes_its_old_tail_away() {
    let lab = Lab::new();
    lab.write("day.csv", DAY);
    logs::interrupted(&lab.path("day.log"), 25);
    assert_eq!(lab.names("."), "day.csv day.log day.log.tail");
    lab.run("import csv day.csv -o day.log --force").data();
    assert_eq!(lab.names("."), "day.csv day.log day.log.note");
    lab.run("verify day.log").data();
}

#[test]
fn a_failed_import_leaves_the_old_log_alone() {
    let lab = Lab::new();
    logs::interrupted(&lab.path("day.log"), 25);
    let (log, tail) = (lab.read("day.log"), lab.read("day.log.tail"));
    lab.write("bad.csv", DAY.replace("mass_cancel", "explode"));
    lab.run("import csv bad.csv -o day.log --force").expect(Exit::Damaged);
    assert!(lab.read("day.log") == log && lab.read("day.log.tail") == tail);
    assert_eq!(lab.names("."), "bad.csv day.log day.log.tail");
}

#[test]
fn a_log_that_is_being_written_is_not_replaced() {
    let lab = Lab::new();
    lab.write("day.csv", DAY);
    logs::interrupted(&lab.path("day.log"), 25);
    let writer = std::fs::File::open(lab.path("day.log")).expect("the log");
    writer.try_lock().expect("nobody else has it");
    let busy = lab.run("import csv day.csv -o day.log --force").expect(Exit::TryAgain);
    insta::assert_snapshot!(busy.transcript());
    assert_eq!(lab.names("."), "day.csv day.log day.log.tail");
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_device_behind_standard_output_is_an_error() {
    let lab = Lab::new();
    logs::day(&lab);
    let scripts = [
        "replay cat day.log > /dev/full",
        "replay cat day.log --format csv > /dev/full",
        "replay export day.log --table orders > /dev/full",
        "replay run day.log > /dev/full",
        "replay run day.log --json > /dev/full",
        "replay verify day.log > /dev/full",
        "replay info day.log > /dev/full",
        "replay hashes day.log > /dev/full",
        "replay demo > /dev/full",
        "replay man > /dev/full",
        "replay completions bash > /dev/full",
        "replay --help > /dev/full",
    ];
    let run = |script: &&str| lab.shell(script).expect(Exit::Io).transcript();
    insta::assert_snapshot!(scripts.iter().map(run).collect::<Vec<_>>().join("\n\n"));
}

/// The limit on file sizes stands for a full disk: a write in the middle of the work fails.
#[test]
fn a_full_disk_leaves_nothing_behind() {
    let lab = Lab::new();
    logs::demo(&lab);
    let csv = lab.run("cat demo/day.log --format csv").expect(Exit::Ok).stdout;
    lab.write("day.csv", csv);
    lab.write("old.csv", "mine\n");
    let full = |line: &str| {
        let ran = lab.shell(&format!("trap '' XFSZ; ulimit -f 64; exec replay {line}"));
        ran.expect(Exit::Io).transcript()
    };
    let texts = [
        full("import csv day.csv -o out.log"),
        full("export demo/day.log --table orders -o orders.csv"),
        full("export demo/day.log --table orders -o old.csv --force"),
        full("recover demo/day.log -o saved.log"),
    ];
    insta::assert_snapshot!(texts.join("\n\n"));
    assert_eq!(lab.names("."), "day.csv demo old.csv");
    assert_eq!(lab.read("old.csv"), b"mine\n");
}

/// What a recording acknowledged before the disk was full is there and replays.
#[test]
fn a_recording_on_a_full_disk_keeps_what_was_sealed() {
    let lab = Lab::new();
    let ran = lab.shell("trap '' XFSZ; ulimit -f 320; exec replay demo -o demo");
    insta::assert_snapshot!(ran.expect(Exit::Io).transcript());
    let torn = lab.run("verify demo/day.log").expect(Exit::Damaged);
    assert!(torn.stderr.contains("torn"), "{}", torn.stderr);
    lab.run("recover demo/day.log -o saved.log").expect(Exit::Differs);
    lab.run("verify saved.log").data();
}
