//! `replay prove` and `replay check-proof`.

use std::fs;
use std::path::Path;

use cli::Exit;
use serde_json::Value;

use crate::lab::{Lab, table};
use crate::logs;

/// The seal of a log's last sealed block.
fn seal(lab: &Lab, log: &str) -> String {
    let info = lab.run(&format!("info {log} --json")).data();
    let info: Value = serde_json::from_str(&info).expect("JSON");
    info["seal"].as_str().expect("a seal").to_owned()
}

#[test]
fn a_proof_needs_no_log() {
    let lab = Lab::new();
    logs::demo(&lab);
    lab.run("prove demo/day.log --entry 5000 -o five.proof").data();
    let seal = seal(&lab, "demo/day.log");
    fs::remove_dir_all(lab.path("demo")).expect("no log any more");
    let rows = [
        (&*format!("check-proof five.proof --expect-seal {seal}"), Exit::Ok),
        (&*format!("check-proof five.proof --expect-seal {seal} --entry 5000 --json"), Exit::Ok),
        (&*format!("check-proof five.proof --expect-seal {seal} --entry 5001"), Exit::Differs),
        (&*format!("check-proof five.proof --expect-seal {}", logs::WRONG), Exit::Differs),
        (&*format!("check-proof five.proof --expect-seal {} --json", logs::WRONG), Exit::Differs),
        ("check-proof five.proof", Exit::Usage),
        ("check-proof five.proof --expect-seal 12", Exit::Usage),
        ("check-proof five.proof --checkpoint five.proof", Exit::Usage),
        ("check-proof none.proof --expect-seal", Exit::Usage),
    ];
    insta::assert_snapshot!(table(&lab, &rows));
    let piped = lab.run_with_input(&format!("check-proof - --expect-seal {seal}"), "five.proof");
    piped.expect(Exit::Ok);
}

/// Every border, every entry beside one, against every kind of seal: what is shown is what `cat` shows.
#[test]
fn every_entry_is_the_one_that_cat_shows() {
    let lab = Lab::new();
    logs::demo(&lab);
    let cat = lab.run("cat demo/day.log --format ndjson").data();
    let entries: Vec<Value> =
        cat.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let hashes = lab.run("hashes demo/day.log --format ndjson").data();
    let rows: Vec<Value> =
        hashes.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    for (index, row) in rows.iter().enumerate() {
        let last = row["entry"].as_u64().expect("a number");
        let later = &rows[(index + 3).min(rows.len() - 1)];
        for entry in [last, (last + 1).min(entries.len() as u64), 1] {
            let line = format!(
                "prove demo/day.log --entry {entry} --block {} -o p --force --json",
                later["block"]
            );
            let Ok(made) = serde_json::from_str::<Value>(&lab.run(&line).stdout) else {
                // The entry behind the last border that this seal is over.
                assert!(later["entry"].as_u64() < Some(entry));
                continue;
            };
            assert_eq!(made["seal"], later["seal"]);
            let seal = later["seal"].as_str().expect("a seal");
            let line = format!("check-proof p --expect-seal {seal} --json");
            let checked: Value = serde_json::from_str(&lab.run(&line).data()).expect("JSON");
            assert_eq!(checked["entry"], entry);
            let shown = &entries[usize::try_from(entry).expect("small") - 1];
            for (key, value) in checked["what"].as_object().expect("an object") {
                assert_eq!(shown[key], *value, "entry {entry}: {key}");
            }
        }
    }
}

#[test]
fn what_cannot_be_proven_is_said() {
    let lab = Lab::new();
    logs::demo(&lab);
    logs::interrupted(&lab.path("open.log"), 25);
    lab.run("cut demo/day.log --to 5000 -o part.log").data();
    let exit = Exit::Usage;
    let rows = [
        ("prove demo/day.log --entry 16089 --json", Exit::Ok),
        ("prove demo/day.log --entry 16089", Exit::CannotCreate),
        ("prove demo/day.log --entry @nothing", exit),
        ("prove demo/day.log --entry 0", exit),
        ("prove demo/day.log --entry 99999", exit),
        ("prove demo/day.log --entry 5000 --block 2", exit),
        ("prove demo/day.log --entry 5000 --block 9", exit),
        ("prove demo/day.log --entry 5000 --block 0", exit),
        ("prove demo/day.log --entry 5000 -o demo/day.log --force", exit),
        ("prove part.log --entry 5000", exit),
        ("prove part.log --entry b:2 --json", Exit::Ok),
        ("prove open.log --entry 25", exit),
        ("prove no.log --entry 25", Exit::NoInput),
    ];
    insta::assert_snapshot!(table(&lab, &rows));
    let expected = "demo open.log open.log.tail part.log part.log.4449.proof part.log.note \
                    part.log.tail";
    assert_eq!(lab.names("."), expected);
    assert_eq!(lab.names("demo"), "day.log day.log.16089.proof day.log.note");
}

#[test]
fn a_damaged_proof_and_a_foreign_file_are_told_apart() {
    let lab = Lab::new();
    logs::day(&lab);
    lab.run("prove day.log --entry 3 -o p").data();
    let proof = lab.read("p");
    lab.write("cut", &proof[..100]);
    lab.write("short", &proof[..9]);
    lab.write("longer", [&proof[..], b"more"].concat());
    lab.write("endless", [&proof[..], &vec![0; 200_000][..]].concat());
    let mut changed = proof.clone();
    changed[300] ^= 1;
    lab.write("changed", &changed);
    let mut newer = proof;
    newer[8] = 9;
    lab.write("newer", &newer);
    lab.write("empty", "");
    let lines =
        ["cut", "short", "longer", "endless", "changed", "newer", "empty", "day.log", "day.csv"];
    let lines = lines.map(|name| format!("check-proof {name} --expect-seal {}", logs::WRONG));
    let rows: Vec<_> = lines.iter().map(|line| (&**line, Exit::Damaged)).collect();
    insta::assert_snapshot!(table(&lab, &rows));
    let absent = format!("check-proof . --expect-seal {}", logs::WRONG);
    lab.run(&absent).expect(Exit::NoInput);
}

#[test]
fn compacted_logs_make_the_same_proofs() {
    let lab = Lab::new();
    logs::demo(&lab);
    lab.run("compact demo/day.log -o packed").data();
    lab.run("prove demo/day.log --entry 5000 -o plain.proof").data();
    lab.run("prove packed --entry 5000 -o packed.proof").data();
    assert!(lab.read("plain.proof") == lab.read("packed.proof"));
}

/// What a damaged log says is not proven.
#[test]
fn a_damaged_log_makes_no_proof() {
    let lab = Lab::new();
    logs::demo(&lab);
    let mut log = lab.read("demo/day.log");
    let start = replay::header::read(&mut &log[..]).expect("a header").bytes;
    let at = usize::try_from(start).expect("small") + 2 * replay::block::BLOCK_BYTES;
    log[at + 5_000] ^= 1;
    lab.write("entries.log", &log);
    log[at + 5_000] ^= 1;
    log[at + 60] ^= 1;
    lab.write("header.log", &log);
    for line in ["prove entries.log --entry b:3 -o p", "prove header.log --entry 1 -o p"] {
        lab.run(line).expect(Exit::Damaged);
    }
    assert!(!lab.path("p").exists());
}

/// The proofs that are kept with the sources, which other targets make and check too.
#[test]
fn golden_proofs_come_out_as_they_were() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../golden/proofs");
    let manifest = fs::read_to_string(folder.join("MANIFEST")).expect("the manifest");
    let mut made = 0;
    for section in manifest.split("\n[").skip(1) {
        let (name, lines) = section.split_once("]\n").expect("a name");
        let value = |key: &str| {
            let lines = lines.lines().filter_map(|line| line.split_once(" = "));
            lines.into_iter().find(|line| line.0 == key).expect("a value").1.to_owned()
        };
        let lab = Lab::new();
        let [preset, seed, steps, entry, seal] =
            ["preset", "seed", "steps", "entry", "seal"].map(value);
        let run = format!("simulate --preset {preset} --seed {seed} --steps {steps} -o a.log");
        lab.run(&run).expect(Exit::Ok);
        lab.run(&format!("prove a.log --entry {entry} -o p")).data();
        let golden = fs::read(folder.join(format!("{name}.proof"))).expect("a proof");
        assert!(lab.read("p") == golden, "{name}");
        lab.run(&format!("check-proof p --expect-seal {seal} --entry {entry}")).data();
        made += 1;
    }
    assert_eq!(made, 2);
}
