//! Files that are no files, that never end, or that are far too long.

use std::fs::File;
use std::os::unix::fs::symlink;
use std::process::Command;

use cli::Exit;
use replay::snapshot::SNAPSHOT_MAGIC;

use super::{all_end, bounded};
use crate::lab::Lab;
use crate::logs;

/// Every command that reads a file which is no log of its own, with this one there; then those that
/// read a log.
fn takers(file: &str) -> Vec<String> {
    let seal = "00".repeat(32);
    let lines = "run F|doctor F|recover F -o new.log|cat F|state F|when F 'trades > 1'|stats F|\
        info F|hashes F|export F --table orders|compact F -o new.log|compact F --expand -o new.log|\
        fork F --at 1 -o new.log|cut F --to 1 -o new.log|filter F --client 1 -o new.log|\
        prove F --entry 1 -o new.proof|step F --script n|blame F --order 1|diff day.log F|\
        bisect day.log F|stats day.log --against F|report F -o page.html|verify fork.log --parent F|\
        inevitable F --when 'spread > 1' --from 1..end|check-proof F --expect-seal SEAL|\
        verify day.log --key F|verify day.log --key market.key.pub --checkpoint F|\
        sign day.log --key F -o new.checkpoint|scenario --file F --seeds 2|\
        simulate --fair-value-csv F -o new.log|import csv F -o new.log|\
        import lobster --messages F --orderbook F -o new.log|\
        report day.log --inevitable F -o page.html";
    lines.split('|').map(|line| line.replace('F', file).replace("SEAL", &seal)).collect()
}

fn lab() -> Lab {
    let lab = Lab::new();
    logs::day(&lab);
    logs::demo(&lab);
    lab.run("fork day.log --at 5 --set tax=3 -o fork.log").expect(Exit::Ok);
    lab.run("key market.key --name market").expect(Exit::Ok);
    lab
}

/// Insists that each is refused as input.
#[track_caller]
fn all_refuse(lab: &Lab, file: &str) {
    for line in takers(file) {
        let ran = bounded(lab, &line);
        let is_refusal = [Exit::Damaged, Exit::NoInput, Exit::Io]
            .iter()
            .any(|exit| ran.exit == i32::from(exit.code()));
        assert!(is_refusal, "{line}: exit {}\n{}", ran.exit, ran.stderr);
    }
    assert!(!lab.names(".").contains("new"), "{}", lab.names("."));
}

#[test]
fn what_is_empty_or_a_folder_is_refused() {
    let lab = lab();
    lab.write("empty", "");
    std::fs::create_dir(lab.path("folder")).expect("a folder");
    all_refuse(&lab, "empty");
    all_refuse(&lab, "folder");
}

#[cfg(target_os = "linux")]
#[test]
fn devices_that_never_end_are_refused() {
    let lab = lab();
    all_refuse(&lab, "/dev/zero");
    all_refuse(&lab, "/dev/full");
    all_refuse(&lab, "/proc/self/maps");
}

#[test]
fn a_gibibyte_of_nothing_is_refused() {
    let lab = lab();
    File::create(lab.path("huge")).and_then(|file| file.set_len(1 << 30)).expect("a sparse file");
    all_refuse(&lab, "huge");
}

/// A pipe that nobody writes to would be waited for, where nobody named it.
#[test]
fn pipes_beside_a_log_are_not_waited_for() {
    let lab = lab();
    let fifo = |name: &str| {
        assert!(Command::new("mkfifo").arg(lab.path(name)).status().expect("mkfifo").success());
    };
    fifo("day.log.tail");
    let lines = ["run day.log", "doctor day.log", "recover day.log -o new.log", "state day.log"];
    all_end(&lab, &lines.map(str::to_owned), Exit::NoInput);
    let told = bounded(&lab, "run day.log").stderr;
    assert_eq!(told, "replay: day.log.tail: is no regular file, as a tail is\n");
    std::fs::remove_file(lab.path("day.log.tail")).expect("the pipe");
    symlink("/dev/zero", lab.path("day.log.tail")).expect("a link");
    all_end(&lab, &lines.map(str::to_owned), Exit::NoInput);
    std::fs::remove_file(lab.path("day.log.tail")).expect("the link");
    fifo("day.log.checkpoint");
    let told = bounded(&lab, "verify day.log --key market.key.pub").expect(Exit::NoInput).stderr;
    assert!(told.contains("day.log.checkpoint: is no regular file"), "{told}");
}

/// What lies in `LOG.snap` is a cache: whatever it is, the answer is the same, and memory follows the
/// log.
#[test]
fn hostile_snapshots_are_done_without() {
    let lab = Lab::new();
    lab.run("demo --steps 6000 -o demo").data();
    let ask = |more: &str| bounded(&lab, &format!("state demo/day.log --at -1{more}")).stdout;
    let expected = ask(" --no-snapshots");
    ask("");
    let names = lab.names("demo/day.log.snap");
    // The last of them, which is the one that is taken up.
    let is_one = |name: &&str| name.bytes().all(|byte| byte.is_ascii_digit());
    let snapshot = names.split(' ').rfind(is_one).expect("a snapshot");
    let path = format!("demo/day.log.snap/{snapshot}");
    let whole = lab.read(&path);
    assert!(whole.starts_with(&SNAPSHOT_MAGIC), "{names}");
    let mut texts = Vec::new();
    let mut check = |what: &str| {
        let ran = bounded(&lab, "state demo/day.log --at -1").expect(Exit::Ok);
        assert_eq!(ran.stdout, expected, "{what}");
        texts.push(format!("{what}: {}", ran.stderr.trim_end()));
    };
    for (what, at) in [("first length", 52), ("last length", 72)] {
        let mut bytes = whole.clone();
        bytes[at..at + 4].copy_from_slice(&u32::MAX.to_le_bytes());
        let signed = bytes.len() - 4;
        let checksum = crc32c::crc32c(&bytes[..signed]);
        bytes[signed..].copy_from_slice(&checksum.to_le_bytes());
        lab.write(&path, bytes);
        check(what);
    }
    lab.write(&path, &whole);
    let file = File::options().write(true).open(lab.path(&path)).expect("the snapshot");
    file.set_len(1 << 28).expect("a sparse file");
    check("256 MiB");
    std::fs::remove_file(lab.path(&path)).expect("the snapshot");
    std::fs::create_dir(lab.path(&path)).expect("a folder");
    check("a folder");
    insta::assert_snapshot!(texts.join("\n").replace(snapshot, "SNAPSHOT"));
}
