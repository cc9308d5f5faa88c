//! Exit 66: input that is absent or unreadable.

use std::os::unix::fs::PermissionsExt;

use cli::Exit;

use crate::lab::{Lab, table};
use crate::logs;

#[test]
fn absent_input_is_named() {
    let lab = Lab::new();
    logs::lobster_files(&lab);
    let exit = Exit::NoInput;
    let rows = [
        ("run no.log", exit),
        ("verify no.log", exit),
        ("verify no.log --chain-only", exit),
        ("info no.log", exit),
        ("cat no.log", exit),
        ("cat no.log --format csv", exit),
        ("hashes no.log", exit),
        ("export no.log --table trades -o out.csv", exit),
        ("recover no.log -o out.log", exit),
        ("import csv no.csv -o out.log", exit),
        ("import lobster --messages no.csv --orderbook orderbook.csv -o out.log", exit),
        ("import lobster --messages messages.csv --orderbook no.csv -o out.log", exit),
        ("run messages.csv/no.log", exit),
    ];
    insta::assert_snapshot!(table(&lab, &rows));
    assert_eq!(lab.names("."), "messages.csv orderbook.csv");
}

#[test]
fn a_folder_is_no_input() {
    let lab = Lab::new();
    let exit = Exit::NoInput;
    let rows = [("run .", exit), ("recover . -o out.log", exit), ("import csv . -o out.log", exit)];
    insta::assert_snapshot!(table(&lab, &rows));
    assert_eq!(lab.names("."), "");
}

#[test]
fn a_file_without_permission_is_no_input() {
    let lab = Lab::new();
    logs::day(&lab);
    let path = lab.path("day.log");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o000)).expect("a mode");
    if std::fs::File::open(&path).is_ok() {
        // The superuser may read everything.
        return;
    }
    insta::assert_snapshot!(lab.run("run day.log").expect(Exit::NoInput).transcript());
}

#[test]
fn a_tail_that_cannot_be_read_is_no_input() {
    let lab = Lab::new();
    logs::interrupted(&lab.path("open.log"), 25);
    std::fs::remove_file(lab.path("open.log.tail")).expect("the tail");
    std::os::unix::fs::symlink("open.log.tail", lab.path("open.log.tail")).expect("a loop");
    insta::assert_snapshot!(lab.run("run open.log").expect(Exit::NoInput).transcript());
}
