//! `learn diff`.

use cli::Exit;

use crate::lab::{Lab, shape};
use crate::plant;

#[test]
fn settings_figures_and_weights_are_compared() {
    let lab = Lab::with_run();
    lab.run("fork run --update 3 --override ppo.clip=0.05 --override train.updates=7 -o fork")
        .expect(Exit::Ok);
    let ran = lab.run("diff run fork").expect(Exit::Differs);
    // From which update on a figure of learning differs, depends on how it is rounded.
    let text = shape(&ran.transcript());
    let lines: Vec<_> = text.lines().filter(|line| !line.starts_with("maker.")).collect();
    insta::assert_snapshot!(lines.join("\n"));
    let loss = text.lines().find(|line| line.starts_with("maker.policy_loss"));
    assert_eq!(loss, Some("maker.policy_loss  #  #  update 4"));
    let object = lab.run("diff run fork --json").expect(Exit::Differs).json();
    assert_eq!(object["schema"], "learn.diff/1");
    assert_eq!(object["settings"][0]["name"], "ppo.clip");
    assert_eq!(object["weights"]["update"], 6);
    let l2 = object["weights"]["nets"][0]["l2"].as_f64().expect("a number");
    assert!(0.0 < l2 && l2 < 1.0, "{l2}");
}

#[test]
fn equal_runs_have_no_difference() {
    let lab = Lab::with_run();
    lab.copy("run", "again");
    let ran = lab.run("diff run again").expect(Exit::Ok);
    assert!(!ran.stdout.contains("->") && !ran.stdout.contains("differ,"), "{}", ran.stdout);
    plant::change(&lab, "again", 6, plant::flip);
    let object = lab.run("diff run again --json").expect(Exit::Differs).json();
    assert_eq!(object["weights"]["nets"][0]["arrays_differing"], 1);
    assert_eq!(object["weights"]["nets"][1]["arrays_differing"], 0);
}
