//! `replay demo`.

use cli::Exit;

use crate::lab::Lab;

#[test]
fn a_demo_records_replays_and_shows_the_book() {
    let lab = Lab::new();
    let ran = lab.run("demo").expect(Exit::Ok);
    assert_eq!(ran.stderr, "", "no progress where there is no terminal");
    insta::assert_snapshot!(ran.transcript());
    assert_eq!(lab.names("replay-demo"), "day.log day.log.note");
    insta::assert_snapshot!("demo_verify", lab.run("verify replay-demo/day.log").transcript());
}

#[test]
fn every_demo_has_a_fresh_folder_and_the_same_bytes() {
    let lab = Lab::new();
    lab.run("demo").data();
    let second = lab.run("demo").data();
    assert!(second.contains("replay-demo-2/day.log"), "{second}");
    lab.run("demo").data();
    assert_eq!(lab.names("."), "replay-demo replay-demo-2 replay-demo-3");
    assert!(lab.read("replay-demo/day.log") == lab.read("replay-demo-2/day.log"));
}

#[test]
fn seed_and_steps_decide_the_log() {
    let lab = Lab::new();
    let head = |line: &str| {
        let text = lab.run(line).data();
        let (_, rest) = text.split_once(", head ").expect("a head");
        rest.lines().next().expect("a line").to_owned()
    };
    let standard = head("demo --steps 300 -o a");
    assert_eq!(head("demo --steps 300 --seed 42 -o b"), standard, "42 is the standard seed");
    assert_ne!(head("demo --steps 300 --seed 43 -o c"), standard);
    assert_ne!(head("demo --steps 301 -o d"), standard);
    let info = lab.run("info c/day.log").data();
    assert!(info.contains("seed       43\n"), "{info}");
}

#[test]
fn a_demo_never_touches_a_folder_that_exists() {
    let lab = Lab::new();
    std::fs::create_dir(lab.path("mine")).expect("a folder");
    lab.write("file", "");
    let rows = [
        ("demo -o mine", Exit::CannotCreate),
        ("demo -o file", Exit::CannotCreate),
        ("demo -o missing/folder", Exit::CannotCreate),
    ];
    insta::assert_snapshot!(crate::lab::table(&lab, &rows));
    assert_eq!((lab.names("."), lab.names("mine")), ("file mine".to_owned(), String::new()));
}

#[test]
fn a_demo_needs_a_folder_that_it_may_write() {
    use std::os::unix::fs::PermissionsExt;

    let lab = Lab::new();
    let folder = lab.path("locked");
    std::fs::create_dir(&folder).expect("a folder");
    std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o555)).expect("a mode");
    if std::fs::create_dir(folder.join("probe")).is_ok() {
        // The superuser may write anywhere.
        return;
    }
    insta::assert_snapshot!(lab.run("demo -o locked/demo").expect(Exit::CannotCreate).transcript());
}
