//! `replay key`, `replay sign`, and what `verify` and `check-proof` make of a signature.

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, symlink};

use cli::Exit;
use serde_json::Value;

use crate::lab::{Lab, Ran, table};
use crate::logs;

/// A key that was made for these tests and is published with them: texts that it signs are the same
/// on every run.
const PRIVATE: &str =
    "PRIVATE+KEY+market-a+d021f5a2+AQABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f\n";
const PUBLIC: &str = "market-a+d021f5a2+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4\n";

/// `market.key` and `market.key.pub`, always the same, and `other.key`, which is new.
fn key(lab: &Lab) {
    lab.run("key other.key --name market-b").expect(Exit::Ok);
    lab.write("market.key", PRIVATE);
    lab.write("market.key.pub", PUBLIC);
    fs::set_permissions(lab.path("market.key"), Permissions::from_mode(0o600)).expect("a mode");
}

/// A log that grew after it was signed: `part.log` is how it was.
fn grown(lab: &Lab) {
    logs::demo(lab);
    key(lab);
    lab.run("cut demo/day.log --to b:3 -o part.log").data();
    lab.run("sign part.log --key market.key -o old.checkpoint").data();
}

#[test]
fn a_log_is_signed_and_verified() {
    let lab = Lab::new();
    logs::day(&lab);
    logs::interrupted(&lab.path("open.log"), 25);
    key(&lab);
    let rows = [
        ("sign day.log --key market.key", Exit::Ok),
        ("verify day.log --key market.key.pub", Exit::Ok),
        ("verify day.log --key market.key.pub --chain-only --json", Exit::Ok),
        ("sign day.log --key market.key", Exit::CannotCreate),
        ("sign day.log --key market.key --chain-only --force --json", Exit::Ok),
        ("sign open.log --key market.key", Exit::Ok),
        ("verify open.log --key market.key.pub", Exit::Ok),
    ];
    let text = table(&lab, &rows);
    let checkpoint = String::from_utf8(lab.read("day.log.checkpoint")).expect("text");
    insta::assert_snapshot!(format!("{text}\n\n{checkpoint}"));
}

#[test]
fn a_log_that_grew_stays_signed_up_to_where_it_was() {
    let lab = Lab::new();
    grown(&lab);
    let rows = [
        ("verify demo/day.log --key market.key.pub --checkpoint old.checkpoint", Exit::Ok),
        ("verify demo/day.log --key market.key.pub", Exit::NoInput),
        ("prove demo/day.log --entry 5000 --checkpoint old.checkpoint -o p", Exit::Ok),
        ("check-proof p --checkpoint old.checkpoint --key market.key.pub", Exit::Ok),
        ("check-proof p --checkpoint old.checkpoint --key market.key.pub --json", Exit::Ok),
        ("prove demo/day.log --entry 9000 --checkpoint old.checkpoint -o q", Exit::Usage),
        ("prove demo/day.log --entry 5000 -o latest", Exit::Ok),
        ("check-proof latest --checkpoint old.checkpoint --key market.key.pub", Exit::Differs),
    ];
    insta::assert_snapshot!(table(&lab, &rows));
}

/// Each reason has its own words.
#[test]
fn what_is_wrong_with_a_signature_is_said() {
    let lab = Lab::new();
    grown(&lab);
    logs::day(&lab);
    let forged = logs::forge(&lab.read("demo/day.log"), |number, closing| {
        if number == 2 {
            closing.outcome.0[0] ^= 1;
        }
    });
    lab.write("forged.log", forged);
    lab.run("cut demo/day.log --to b:2 -o short.log").data();
    let checkpoint = String::from_utf8(lab.read("old.checkpoint")).expect("text");
    lab.write("changed", checkpoint.replacen("\n6627\n", "\n6628\n", 1));
    lab.write(
        "unsigned",
        checkpoint.lines().take(5).fold(String::new(), |text, it| text + it + "\n"),
    );
    lab.write("malformed", checkpoint.replacen("block 3", "block three", 1));
    lab.write("crlf", checkpoint.replace('\n', "\r\n"));
    lab.write("binary", [0xff; 100]);
    let line = |log: &str, key: &str, checkpoint: &str| {
        format!("verify {log} --chain-only --key {key} --checkpoint {checkpoint}")
    };
    let (log, public, old) = ("demo/day.log", "market.key.pub", "old.checkpoint");
    let rows = [
        (line(log, "other.key.pub", old), Exit::Differs),
        (line(log, public, "changed"), Exit::Differs),
        (line("day.log", public, old), Exit::Differs),
        (line("short.log", public, old), Exit::Differs),
        (line("forged.log", public, old), Exit::Differs),
        (line("forged.log", public, old) + " --json", Exit::Differs),
        (line(log, public, "changed") + " --json", Exit::Differs),
        (line(log, public, "unsigned"), Exit::Damaged),
        (line(log, public, "malformed"), Exit::Damaged),
        (line(log, public, "crlf"), Exit::Damaged),
        (line(log, public, "binary"), Exit::Damaged),
        (line(log, public, "absent"), Exit::NoInput),
        (line(log, "absent", old), Exit::NoInput),
        (line(log, "market.key", old), Exit::Damaged),
        (line(log, "day.csv", old), Exit::Damaged),
        (format!("verify {log} --checkpoint {old}"), Exit::Usage),
        (format!("prove day.log --entry 1 --checkpoint {old}"), Exit::Differs),
        (format!("prove short.log --entry 1 --checkpoint {old}"), Exit::Differs),
        (format!("prove forged.log --entry 1 --checkpoint {old}"), Exit::Differs),
    ];
    let rows: Vec<_> = rows.iter().map(|(line, exit)| (&**line, *exit)).collect();
    // The other key is new on every run.
    let other = String::from_utf8(lab.read("other.key.pub")).expect("text");
    let id = other.split('+').nth(1).expect("an id");
    insta::assert_snapshot!(table(&lab, &rows).replace(id, "KEY ID"));
}

/// A checkpoint that says another number of entries, signed by a key that can: the seal is right.
#[test]
fn a_lying_checkpoint_is_found_out() {
    let lab = Lab::new();
    grown(&lab);
    lab.run("sign demo/day.log --key market.key -o new.checkpoint").data();
    let read = |name: &str| String::from_utf8(lab.read(name)).expect("text");
    let (old, new) = (read("old.checkpoint"), read("new.checkpoint"));
    let signature = old.lines().last().expect("a line");
    // The signature of one text under another.
    let swapped = new.replace(new.lines().last().expect("a line"), signature);
    lab.write("swapped", swapped);
    let line = "verify demo/day.log --chain-only --key market.key.pub --checkpoint swapped";
    let ran = lab.run(line).expect(Exit::Differs);
    assert!(ran.stderr.contains("does not fit the text"), "{}", ran.stderr);
}

/// Lines of keys that nobody here knows change nothing.
#[test]
fn other_signatures_are_passed_over() {
    let lab = Lab::new();
    grown(&lab);
    lab.run("sign part.log --key other.key -o other.checkpoint").data();
    let other = String::from_utf8(lab.read("other.checkpoint")).expect("text");
    let line = other.lines().last().expect("a line");
    let mut both = String::from_utf8(lab.read("old.checkpoint")).expect("text");
    both.push_str(line);
    both.push_str("\n\u{2014} witness AAAAAAAA\n");
    lab.write("both", both);
    for key in ["market.key.pub", "other.key.pub"] {
        lab.run(&format!("verify part.log --key {key} --checkpoint both")).data();
    }
}

#[test]
fn nothing_is_signed_that_does_not_verify() {
    let lab = Lab::new();
    grown(&lab);
    let log = lab.read("demo/day.log");
    let forged = logs::forge(&log, |number, closing| {
        if number == 2 {
            closing.outcome.0[0] ^= 1;
        }
    });
    lab.write("forged.log", forged);
    let mut damaged = log.clone();
    damaged[100_000] ^= 1;
    lab.write("damaged.log", &damaged);
    lab.write("torn.log", &log[..log.len() - 10]);
    let rows = [
        ("sign forged.log --key market.key", Exit::Differs),
        ("sign damaged.log --key market.key", Exit::Damaged),
        ("sign damaged.log --key market.key --chain-only", Exit::Damaged),
        ("sign torn.log --key market.key", Exit::Damaged),
        ("sign no.log --key market.key", Exit::NoInput),
        ("sign demo/day.log --key no.key", Exit::NoInput),
        ("sign demo/day.log --key .", Exit::NoInput),
        ("sign demo/day.log --key market.key.pub", Exit::Damaged),
        ("sign demo/day.log --key market.key -o market.key --force", Exit::Usage),
        ("sign demo/day.log --key market.key -o demo/day.log --force", Exit::Usage),
    ];
    let before = lab.names(".");
    insta::assert_snapshot!(table(&lab, &rows));
    assert_eq!(lab.names("."), before);
    // What a chain says can be signed as such.
    lab.run("sign forged.log --key market.key --chain-only").data();
}

#[test]
fn keys_are_kept_from_others() {
    let lab = Lab::new();
    logs::day(&lab);
    lab.write("mine", "mine\n");
    lab.write("half.pub", "mine\n");
    symlink("elsewhere", lab.path("link")).expect("a link");
    let ran = lab.run("key new.key --name new").expect(Exit::Ok);
    let mode =
        |name: &str| fs::metadata(lab.path(name)).expect("a file").permissions().mode() & 0o777;
    assert_eq!(mode("new.key"), 0o600);
    let secret = String::from_utf8(lab.read("new.key")).expect("text");
    // Base64 has the sign too that stands between the fields.
    let secret = secret.trim().splitn(5, '+').last().expect("bytes").to_owned();
    assert!(!ran.stdout.contains(&secret) && !ran.stderr.contains(&secret));
    assert_eq!(ran.stdout.as_bytes(), lab.read("new.key.pub"));
    let rows = [
        ("key new.key --name new", Exit::CannotCreate),
        ("key mine --name new", Exit::CannotCreate),
        ("key half --name new", Exit::CannotCreate),
        ("key link --name new", Exit::CannotCreate),
        ("key no/where.key --name new", Exit::CannotCreate),
        ("key one.key", Exit::Usage),
        ("key one.key --name a+b", Exit::Usage),
    ];
    insta::assert_snapshot!(table(&lab, &rows));
    assert_eq!(
        lab.names("."),
        "day.csv day.log day.log.note half.pub link mine new.key new.key.pub"
    );
    assert_eq!(lab.read("mine"), b"mine\n");
    for mode in [0o644, 0o640, 0o660, 0o604] {
        fs::set_permissions(lab.path("new.key"), Permissions::from_mode(mode)).expect("a mode");
        let ran = lab.run("sign day.log --key new.key").expect(Exit::NoInput);
        assert!(ran.stderr.contains("chmod 600"), "{}", ran.stderr);
    }
    fs::set_permissions(lab.path("new.key"), Permissions::from_mode(0o400)).expect("a mode");
    lab.run("sign day.log --key new.key").data();
}

/// A pipe where a key belongs is refused, not waited for.
#[test]
fn a_pipe_is_no_private_key() {
    let lab = Lab::new();
    logs::day(&lab);
    let ran: Ran = lab.shell("mkfifo pipe && replay sign day.log --key pipe");
    ran.expect(Exit::NoInput);
}

#[test]
fn a_new_key_is_told_as_json() {
    let lab = Lab::new();
    let made = lab.run("key new.key --name new --json").data();
    let made: Value = serde_json::from_str(&made).expect("JSON");
    assert_eq!(made["schema"], "replay.key/1");
    let public = String::from_utf8(lab.read("new.key.pub")).expect("text");
    assert_eq!(made["public_key"], public.trim_end());
}
