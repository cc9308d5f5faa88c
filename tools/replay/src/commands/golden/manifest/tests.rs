//! What a manifest may hold, and what a refresh leaves alone.

use super::*;

const GOOD: &str = "\
# head

[one]
kind = log
preset = seed
set = noise=2 market.tax=1.5
seed = 42
steps = 20
purpose = trades
# why
least = trades 1, cancels 2
trades = 3

[two-2]
kind = values
preset = crash
seed = 0
steps = 1
purpose = cancels
least = cancels 7, trades 1, one_sided 3
";

#[test]
fn a_manifest_tells_what_to_run() {
    let manifest = Manifest::parse(GOOD.to_owned()).unwrap();
    let [one, two] = &manifest.goldens[..] else { panic!("two goldens") };
    assert_eq!((one.name.as_str(), one.kind, one.seed), ("one", Kind::Log, 42));
    assert_eq!((two.name.as_str(), two.kind, two.seed), ("two-2", Kind::Values, 0));
    assert_eq!(two.least, [("cancels", 7), ("trades", 1), ("one_sided", 3)]);
    assert_eq!(one.values, BTreeMap::from([("trades".to_owned(), "3".to_owned())]));
    assert_eq!((one.preset.as_str(), one.subject.steps()), ("seed", 20));
    let parameters = one.subject.genesis("seed", 42).parameters;
    assert_eq!((&*parameters["noise"], &*parameters["market.tax"]), ("2", "1.5"));
}

#[test]
fn an_adversarial_golden_has_episodes_and_its_own_settings() {
    let text = GOOD
        .replacen(
            "kind = values\npreset = crash",
            "kind = values\nsystem = adversarial\npreset = debug",
            1,
        )
        .replacen("steps = 1\n", "episodes = 3\nset = type.mode=silent trader.lots=7\n", 1);
    let manifest = Manifest::parse(text.clone()).unwrap();
    let two = &manifest.goldens[1].subject;
    assert_eq!((two.steps(), two.folder()), (150, "adversarial"));
    let genesis = two.genesis("debug", 0);
    assert_eq!(genesis.producer, "adversarial");
    assert_eq!(genesis.parameters["trader.lots"], "7");
    for (old, new, expected) in [
        ("adversarial", "other", "line 17: `other` is no system: ecology or adversarial"),
        ("preset = debug", "preset = seed", "line 17: no preset `seed` of adversarial markets"),
        ("episodes = 3", "episodes = 0", "line 19: `0` is no value of `episodes`"),
        ("trader.lots=7", "trader.lots", "line 20: `trader.lots` is not of the form KEY=VALUE"),
    ] {
        let error = Manifest::parse(text.replacen(old, new, 1)).unwrap_err().to_string();
        assert!(error.starts_with(expected), "{error}\n{expected}");
    }
}

#[test]
fn what_is_malformed_is_refused_with_its_line() {
    for (old, new, expected) in [
        ("# head", "head", "line 1: `head` is neither `[NAME]` nor `KEY = VALUE`"),
        ("# head", "a = b", "line 1: `a` stands before the first `[NAME]`"),
        ("[two-2]", "[one]", "line 14: [one] stands twice"),
        ("[two-2]", "[../two]", "line 14: `../two` is no name: a-z 0-9 -"),
        ("[two-2]", "[]", "line 14: `` is no name: a-z 0-9 -"),
        ("kind = log", "kind = file", "line 4: `file` is no kind: log or values"),
        ("kind = log\n", "", "line 3: [one] has no `kind`"),
        ("preset = seed", "preset = calm", "line 5: no preset `calm`; there are: "),
        ("noise=2", "noise", "line 6: `noise` is not of the form KEY=VALUE"),
        ("noise=2", "nose=2", "line 6: no parameter `nose`; near it: noise"),
        ("seed = 42", "seed = -1", "line 7: `-1` is no seed: a whole number below 2^64"),
        ("steps = 20", "steps = 0", "line 8: `0` is no value of `steps`: "),
        ("purpose = trades", "purpose =", "line 9: a golden without a purpose: say what it is for"),
        (
            "trades 1, cancels 2",
            "trades 1",
            "line 11: no least number of cancels: a golden without",
        ),
        (
            "trades 1, cancels 2",
            "cancels 2",
            "line 11: no least number of trades: a golden without",
        ),
        (
            "trades 1, ",
            "trades 0, ",
            "line 11: `trades 0` is no figure with a number from 1: orders",
        ),
        ("trades 1, ", "trade 1, ", "line 11: `trade 1` is no figure with a number from 1: orders"),
        ("trades = 3", "trades = few", "line 12: `few` cannot be a value of `trades`"),
        ("trades = 3", "seal = 3", "line 12: `3` cannot be a value of `seal`"),
        ("trades = 3", "trade = 3", "line 12: there is no key `trade`"),
        ("trades = 3", "seed = 42", "line 12: `seed` stands twice"),
    ] {
        assert!(GOOD.contains(old), "{old}");
        let error = Manifest::parse(GOOD.replacen(old, new, 1)).unwrap_err().to_string();
        assert!(error.starts_with(expected), "{error}\n{expected}");
    }
}

#[test]
fn new_values_replace_old_ones_and_nothing_else() {
    let values = [("entries", "9".to_owned()), ("trades", "4".to_owned())];
    let new: BTreeMap<&str, &[_]> = BTreeMap::from([("one", &values[..])]);
    let text = Manifest::parse(GOOD.to_owned()).unwrap().with_values(&new);
    assert_eq!(text, GOOD.replace("trades = 3", "entries = 9\ntrades = 4"));
    let again = Manifest::parse(text.clone()).unwrap().with_values(&new);
    assert_eq!(again, text);
    let new: BTreeMap<&str, &[_]> = BTreeMap::from([("two-2", &values[..])]);
    let text = Manifest::parse(GOOD.to_owned()).unwrap().with_values(&new);
    assert_eq!(text, format!("{GOOD}entries = 9\ntrades = 4\n"));
}

/// Whatever is measured has a place in the head of the project's own manifest.
#[test]
fn the_manifest_explains_every_key() {
    let text = include_str!("../../../../../../golden/MANIFEST");
    let head: String = text.lines().take_while(|line| line.starts_with('#')).collect();
    for key in FIGURES.iter().chain(&DIGESTS).chain(&["entries", "kind", "least", "purpose", "set"])
    {
        assert!(head.contains(key), "{key}");
    }
}
