//! Bad input: what failed, where, what to do next, and nothing overwritten.

use cli::Exit;

use crate::lab::{Lab, SMALL, table};
use crate::plant;

#[test]
fn settings_that_are_none_are_refused() {
    let lab = Lab::new();
    lab.write("unknown.toml", "seed = 7\n\n[ppo]\ngama = 0.9\n");
    lab.write("shape.toml", "[network]\nhidden = [64, 0]\n");
    lab.write("broken.toml", "[ppo\n");
    let rows = [
        ("train --preset smoke --override ppo.gama=0.9 -o run", Exit::Usage),
        ("train --preset smok -o run", Exit::Usage),
        ("train --preset smoke --override ppo.gamma -o run", Exit::Usage),
        ("train --preset smoke --override ppo.gamma=2 -o run", Exit::Usage),
        ("train --preset smoke --override network.hidden=0 -o run", Exit::Usage),
        ("train --preset smoke --override train.steps=1000000 -o run", Exit::Usage),
        ("train --preset smoke --override train.life=10 -o run", Exit::Usage),
        (
            "train --preset smoke --override market.parameters.noise=0 --override learners=noise -o run",
            Exit::Usage,
        ),
        ("train --preset smoke --override market.parameters.market.taxx=1 -o run", Exit::Usage),
        ("train --config unknown.toml -o run", Exit::Usage),
        ("train --config shape.toml -o run", Exit::Usage),
        ("train --config broken.toml -o run", Exit::Usage),
        ("train --config none.toml -o run", Exit::NoInput),
        ("train --resume --seed 7 -o run", Exit::Usage),
        ("train --preset smoke -o none/run", Exit::CannotCreate),
        ("train --preset smoke --device cuda -o run", Exit::CannotTest),
        ("config --override train.updtes=1", Exit::Usage),
    ];
    insta::assert_snapshot!(table(&lab, &rows));
    assert!(!lab.path("run").exists(), "nothing is left of what was refused");
}

#[test]
fn directories_that_are_no_run_are_refused() {
    let lab = Lab::new();
    std::fs::create_dir(lab.path("empty")).expect("a folder");
    lab.write("file", "no run");
    let rows = [
        ("train --resume -o none", Exit::NoInput),
        ("train --resume -o empty", Exit::NoInput),
        ("evaluate none", Exit::NoInput),
        ("rewind none --update 1", Exit::NoInput),
        ("verify empty", Exit::NoInput),
        ("verify file", Exit::NoInput),
        ("diff none empty", Exit::NoInput),
        ("bisect empty none", Exit::NoInput),
    ];
    insta::assert_snapshot!(table(&lab, &rows));
}

#[test]
fn what_a_run_has_not_is_refused() {
    let lab = Lab::with_run();
    let heads = lab.heads("run");
    let taken = format!("train {SMALL} -o run");
    let rows = [
        (taken.as_str(), Exit::CannotCreate),
        ("rewind run --update 7", Exit::Usage),
        ("evaluate run --update 3", Exit::Usage),
        ("evaluate run --steps 0", Exit::Usage),
        ("evaluate run --steps 100", Exit::Usage),
        ("evaluate run --episodes 0", Exit::Usage),
        ("evaluate run --first-seed 18446744073709551615", Exit::Usage),
        ("evaluate run --against clones", Exit::Usage),
        ("evaluate run --against nobody", Exit::Usage),
    ];
    insta::assert_snapshot!(table(&lab, &rows));
    assert_eq!(heads, lab.heads("run"), "nothing is overwritten");
}

#[test]
fn damaged_and_foreign_checkpoints_are_refused() {
    let lab = Lab::with_run();
    lab.train("wide", "--override network.hidden=6");
    let name = "run/checkpoints/000006.safetensors";
    let whole = lab.read(name);
    let mut texts = Vec::new();
    let mut refuse = |exit: Exit| {
        let rows = [("evaluate run", exit), ("train --resume -o run", exit)];
        texts.push(table(&lab, &rows));
    };
    let mut damaged = whole.clone();
    let middle = damaged.len() / 2;
    damaged[middle] ^= 1;
    lab.write(name, &damaged);
    refuse(Exit::Damaged);
    lab.write(name, &whole[..middle]);
    refuse(Exit::Damaged);
    lab.write(name, lab.read("wide/checkpoints/000006.safetensors"));
    refuse(Exit::Damaged);
    lab.write(name, &whole);
    // One that MANIFEST vouches for, with a layer of another network.
    plant::change(&lab, "run", 6, |learner| {
        let bias = learner.policy.get_mut("actor.0.bias").expect("a layer");
        *bias = runs::checkpoint::Tensor::new(&[6], vec![0.0; 6]).expect("a tensor");
    });
    refuse(Exit::Damaged);
    insta::assert_snapshot!(texts.join("\n\n"));
}

#[test]
fn logs_that_do_not_belong_to_the_run_are_refused() {
    let lab = Lab::with_run();
    lab.train("other", "--seed 7");
    let last = "markets/000-0003.log";
    let own = lab.read(&format!("run/{last}"));
    lab.write(&format!("run/{last}"), lab.read(&format!("other/{last}")));
    let ran = lab.run("train --resume -o run").expect(Exit::Damaged);
    assert!(ran.stderr.contains("does not belong to this run: its seed is"), "{}", ran.stderr);
    lab.write(&format!("run/{last}"), own);
    lab.write("run/train.log", lab.read("other/train.log"));
    let ran = lab.run("train --resume -o run").expect(Exit::Damaged);
    insta::assert_snapshot!(ran.stderr);
    let ran = lab.run("verify run").expect(Exit::Damaged);
    assert!(ran.stderr.contains("another configuration: `seed` differs"), "{}", ran.stderr);
}

/// A loss that is no number ends the run; all of it stays, and it goes on from before.
#[test]
fn a_loss_that_is_no_number_ends_the_run() {
    let lab = Lab::with_run();
    lab.copy("run", "ill");
    plant::change(&lab, "ill", 4, |learner| {
        for (name, tensor) in &mut learner.policy {
            if name.starts_with("critic.") {
                tensor.numbers.iter_mut().for_each(|number| *number = 3e38);
            }
        }
    });
    lab.run("rewind ill --update 4").expect(Exit::Ok);
    let ran = lab.run("train --resume -o ill").expect(Exit::Differs);
    let stderr = ran.stderr.lines().skip(1).collect::<Vec<_>>().join("\n");
    insta::assert_snapshot!(stderr);
    let manifest = String::from_utf8(lab.read("ill/MANIFEST")).expect("UTF-8");
    let state = manifest.lines().find(|line| line.starts_with("state ")).expect("a state");
    insta::assert_snapshot!("manifest_of_a_failed_run", state);
    let files = lab.files("ill");
    assert!(files.iter().any(|name| name == "ill/checkpoints/000004.safetensors"));
    // Back to where it was well.
    lab.run("rewind ill --update 2").expect(Exit::Ok);
    lab.run("train --resume -o ill").expect(Exit::Ok);
    assert_eq!(lab.heads("run"), lab.heads("ill"));
}
