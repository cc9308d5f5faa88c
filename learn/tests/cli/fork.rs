//! `learn fork`.

use cli::Exit;

use crate::lab::{Lab, shape, table};

#[test]
fn a_fork_without_changes_is_the_same_run() {
    let lab = Lab::with_run();
    // Update 3 has no checkpoint.
    for update in [0, 2, 3] {
        let name = format!("fork{update}");
        lab.run(&format!("fork run --update {update} -o {name}")).expect(Exit::Ok);
        let [mut parent, mut fork] = [lab.heads("run"), lab.heads(&name)];
        // The genesis of train.log is another one, and with it the seal, not the head.
        for heads in [&mut parent, &mut fork] {
            let train = heads.remove(0);
            heads.push(train.split_whitespace().take(3).collect::<Vec<_>>().join(" "));
        }
        assert_eq!(parent, fork, "at {update}");
        assert_eq!(lab.read("run/metrics.jsonl"), lab.read(&format!("{name}/metrics.jsonl")));
        lab.run(&format!("bisect run {name}")).expect(Exit::Ok);
        lab.run(&format!("verify {name}")).expect(Exit::Ok);
    }
}

#[test]
fn a_fork_that_learns_otherwise_goes_on_in_the_same_markets() {
    let lab = Lab::with_run();
    let line = "fork run --update 2 --override ppo.clip=0.05 --override train.updates=8 -o fork";
    let ran = lab.run(line).expect(Exit::Ok);
    insta::assert_snapshot!(shape(&ran.stdout));
    let object = lab.run("bisect run fork --json").expect(Exit::Differs).json();
    assert_eq!(object["settings"], serde_json::json!(["ppo.clip", "train.updates"]));
    assert_eq!(object["update"], 3);
    assert_eq!(object["parting"]["what"], "gradient");
    insta::assert_snapshot!(
        "a_fork_verified",
        shape(&lab.run("verify fork").expect(Exit::Ok).stdout)
    );
}

#[test]
fn other_markets_are_new_lives() {
    let lab = Lab::with_run();
    let line = "fork run --update 2 --override market.parameters.market.tax=2 -o fork";
    lab.run(line).expect(Exit::Ok);
    lab.run("verify fork").expect(Exit::Ok);
    let first = |run: &str| lab.heads(run).into_iter().nth(1).unwrap_or_default();
    assert!(first("run").starts_with("market 000-0001 "), "{}", first("run"));
    assert!(first("fork").starts_with("market 000-0003 "), "{}", first("fork"));
    // More environments too: the further ones begin with their first life.
    lab.run("fork run --update 2 --override train.environments=3 -o more").expect(Exit::Ok);
    assert!(lab.heads("more").iter().any(|line| line.starts_with("market 002-0001 ")));
}

#[test]
fn types_can_join() {
    let lab = Lab::with_run();
    lab.run("fork run --update 2 --override learners=maker,value -o fork").expect(Exit::Ok);
    let metrics = String::from_utf8(lab.read("fork/metrics.jsonl")).expect("UTF-8");
    let learned: Vec<_> = metrics.lines().map(|line| line.contains("value.entropy")).collect();
    assert_eq!(learned, [false, false, true, true, true, true]);
    lab.run("verify fork").expect(Exit::Ok);
}

#[test]
fn a_fork_of_a_fork_is_a_run() {
    let lab = Lab::with_run();
    lab.run("fork run --update 2 --override ppo.clip=0.05 -o fork").expect(Exit::Ok);
    lab.run("fork fork --update 5 --override seed=7 -o second").expect(Exit::Ok);
    lab.run("verify second").expect(Exit::Ok);
    lab.copy("second", "back");
    lab.run("rewind back --update 5").expect(Exit::Ok);
    lab.run("train --resume -o back").expect(Exit::Ok);
    assert_eq!(lab.heads("second"), lab.heads("back"));
}

#[test]
fn what_cannot_be_had_is_refused() {
    let lab = Lab::with_run();
    let rows = [
        ("fork run --update 9 -o fork", Exit::Usage),
        ("fork run --update 6 -o fork", Exit::Usage),
        ("fork run --update 2 --override network.hidden=8 -o fork", Exit::Usage),
        ("fork run --update 2 --override critic=central -o fork", Exit::Usage),
        ("fork run --update 2 --override actions.maker=neutral -o fork", Exit::Usage),
        ("fork run --update 2 --override learners=value -o fork", Exit::Usage),
        ("fork run --update 2 --override cloning.minibatches=4 -o fork", Exit::Usage),
        ("fork run --update 2 --override reward.clipp=2 -o fork", Exit::Usage),
        ("fork run --update 2 --override train.updates=2 -o fork", Exit::Usage),
        ("fork run --update 2 -o run", Exit::CannotCreate),
        ("fork none --update 2 -o fork", Exit::NoInput),
    ];
    insta::assert_snapshot!(table(&lab, &rows));
    assert!(!lab.path("fork").exists(), "nothing is left of what was refused");
}

#[test]
fn markets_that_were_not_kept_cannot_go_on() {
    let lab = Lab::new();
    lab.train("run", "--override train.keep_logs=none");
    let ran = lab.run("fork run --update 4 -o fork").expect(Exit::NoInput);
    insta::assert_snapshot!(ran.transcript());
    assert!(!lab.path("fork").exists());
    // Other markets need none of them.
    lab.run("fork run --update 4 --override seed=7 -o fork").expect(Exit::Ok);
}
