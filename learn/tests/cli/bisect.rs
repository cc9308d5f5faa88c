//! `learn bisect`.

use cli::Exit;
use serde_json::json;

use crate::lab::{Lab, shape};
use crate::plant;

/// A run in which one bit of one weight was changed behind update 2.
fn with_planted() -> Lab {
    let lab = Lab::with_run();
    lab.copy("run", "planted");
    plant::change(&lab, "planted", 2, plant::flip);
    lab.run("rewind planted --update 2").expect(Exit::Ok);
    lab.run("train --resume -o planted").expect(Exit::Ok);
    assert_ne!(lab.heads("run"), lab.heads("planted"));
    lab
}

#[test]
fn one_bit_of_one_update_is_named() {
    let lab = with_planted();
    let object = lab.run("bisect run planted --json").expect(Exit::Differs).json();
    assert_eq!(object["schema"], "learn.bisect/1");
    assert_eq!((&object["update"], &object["weights_changed"]), (&json!(2), &json!(true)));
    let array = &object["weights"]["arrays"][0];
    assert_eq!((&array["type"], &array["array"]), (&json!("maker"), &json!("actor.0.weight")));
    assert_eq!(
        (&array["distance"]["first"], &array["distance"]["differing"]),
        (&json!([0, 5]), &json!(1))
    );
    let bits = |side: &str| array["distance"]["bits"][side].as_u64().expect("bits");
    assert_eq!(bits("a") ^ bits("b"), 1);
    assert_eq!(object["weights"]["is_as_logged"], json!({ "a": true, "b": false }));
    // The log of updates shows it one later.
    assert_eq!(object["parting"]["update"], 3);
    let ran = lab.run("bisect run planted").expect(Exit::Differs);
    insta::assert_snapshot!(shape(&ran.stdout));
}

/// A weight that changes what is drawn: the market logs tell who drew it.
#[test]
fn the_first_draw_that_differs_is_named() {
    let lab = Lab::with_run();
    lab.copy("run", "other");
    let double = |learner: &mut runs::checkpoint::Learner| {
        for (name, tensor) in &mut learner.policy {
            if name.starts_with("actor.") {
                tensor.numbers.iter_mut().for_each(|number| *number *= -40.0);
            }
        }
    };
    plant::change(&lab, "other", 2, double);
    lab.run("rewind other --update 2").expect(Exit::Ok);
    lab.run("train --resume -o other").expect(Exit::Ok);
    let object = lab.run("bisect run other --json").expect(Exit::Differs).json();
    assert_eq!(object["parting"]["what"], "market");
    let market = &object["market"];
    assert_eq!(market["cause"], "sampling");
    // Two updates of 16 steps are done: the third begins with step 33 of lives of 24 and 48.
    let step = market["step"].as_u64().expect("a step");
    let (environment, life) = (market["environment"].as_u64(), market["life"].as_u64());
    let is_first = match (environment, life) {
        (Some(0), Some(2)) => step == 9,
        (Some(1), Some(1)) => step == 33,
        _ => false,
    };
    assert!(is_first, "{market}");
    assert!(market["agent"].as_str().expect("an agent").starts_with("maker/"), "{market}");
    let ran = lab.run("bisect run other").expect(Exit::Differs);
    for words in
        ["sampling: it saw the same", "weights behind update 2 differ", "more arrays differ"]
    {
        assert!(ran.stdout.contains(words), "{words}\n{}", ran.stdout);
    }
    let all = lab.run("bisect run other --arrays").expect(Exit::Differs).stdout;
    assert!(all.matches("maker actor.").count() >= 4 && !all.contains("--arrays"), "{all}");
}

#[test]
fn equal_runs_do_not_part() {
    let lab = Lab::with_run();
    lab.copy("run", "again");
    assert_eq!(lab.run("bisect run again").expect(Exit::Ok).stdout, "equal: updates 0 to 6\n");
    // Weights behind the last update are no log's cause of anything, and count all the same.
    plant::change(&lab, "again", 6, plant::flip);
    let object = lab.run("bisect run again --json").expect(Exit::Differs).json();
    assert_eq!((&object["update"], &object["weights_changed"]), (&json!(6), &json!(true)));
    // A run that is shorter parts where it ends.
    lab.copy("run", "short");
    lab.run("rewind short --update 4").expect(Exit::Ok);
    let object = lab.run("bisect run short --json").expect(Exit::Differs).json();
    assert_eq!((&object["update"], &object["parting"]["what"]), (&json!(5), &json!("length")));
}

#[test]
fn other_seeds_part_before_the_first_update() {
    let lab = Lab::with_run();
    lab.train("other", "--seed 7");
    let object = lab.run("bisect run other --json").expect(Exit::Differs).json();
    assert_eq!(object["settings"], json!(["seed"]));
    assert_eq!((&object["update"], &object["parting"]["what"]), (&json!(0), &json!("gradient")));
    let ran = lab.run("bisect run other").expect(Exit::Differs);
    insta::assert_snapshot!(shape(&ran.stdout));
}
