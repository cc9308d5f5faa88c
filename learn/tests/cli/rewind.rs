//! `learn rewind`.

use cli::Exit;

use crate::lab::{Lab, shape};
use crate::plant;

#[test]
fn a_run_goes_back_to_any_update_and_on_to_the_same_heads() {
    let lab = Lab::with_run();
    for update in [0, 1, 3, 4, 6] {
        let name = format!("back{update}");
        lab.copy("run", &name);
        let rewound = lab.run(&format!("rewind {name} --update {update} --json"));
        let object = rewound.expect(Exit::Ok).json();
        assert_eq!(
            (&object["schema"], &object["update"]),
            (&"learn.rewind/1".into(), &update.into())
        );
        assert_eq!(object["checkpoint"], update / 2 * 2);
        lab.run(&format!("verify {name}")).expect(Exit::Ok);
        lab.run(&format!("train --resume -o {name}")).expect(Exit::Ok);
        assert_eq!(lab.heads("run"), lab.heads(&name), "back to {update}");
        assert_eq!(lab.read("run/metrics.jsonl"), lab.read(&format!("{name}/metrics.jsonl")));
        // What came after it was put aside, as it was.
        if update < 6 {
            let aside = format!("{name}/aside/1/train.log");
            assert_eq!(lab.read("run/train.log"), lab.read(&aside));
        }
    }
}

#[test]
fn what_rewinding_prints() {
    let lab = Lab::with_run();
    let ran = lab.run("rewind run --update 3").expect(Exit::Ok);
    insta::assert_snapshot!(shape(&ran.transcript()));
}

/// An update that does not come about once more is told; it is never taken for the old one.
#[test]
fn a_changed_weight_is_noticed_on_the_way() {
    let lab = Lab::with_run();
    plant::change(&lab, "run", 2, plant::flip);
    let ran = lab.run("rewind run --update 3").expect(Exit::Differs);
    assert!(ran.stderr.contains("of update 3"), "{}", ran.stderr);
}
