//! Tests of layers: which value counts, where it came from, and what is refused.

use super::*;

type Pairs<'a> = &'a [(&'a str, &'a str)];

fn layers(preset: &str, files: &[(&str, Pairs<'_>)], overrides: &[&str]) -> Layers {
    let mut layers = Layers::new(preset).unwrap();
    for (name, pairs) in files {
        let pairs = (1..).zip(*pairs);
        layers = layers
            .file(name, pairs.map(|(line, (key, text))| ((*key).into(), (*text).into(), line)));
    }
    overrides.iter().try_fold(layers, |layers, it| layers.set(it)).unwrap()
}

fn resolved(preset: &str, files: &[(&str, Pairs<'_>)], overrides: &[&str]) -> Resolved {
    layers(preset, files, overrides).resolve().unwrap()
}

fn told(resolved: &Resolved, key: &str) -> String {
    let row = resolved.rows().into_iter().find(|row| row.key == key).unwrap();
    format!("{} {}", row.value, row.origin)
}

fn refusal(overrides: &[&str]) -> String {
    layers("published", &[], overrides).resolve().map(|_| ()).unwrap_err().to_string()
}

#[test]
fn later_layers_count_and_are_known() {
    let files: &[(&str, Pairs<'_>)] = &[
        (
            "one.yaml",
            &[
                ("environment.max_steps_per_episode", "50"),
                ("agents.execution.inventory_lots", "30"),
                ("agents.execution.lambda_leakage", "1"),
            ],
        ),
        ("two.toml", &[("trader.lots", "40"), ("maker.policy", "fixed")]),
    ];
    let resolved = resolved("published", files, &["agents.execution.lambda_leakage=0.25"]);
    assert_eq!(told(&resolved, "episode.steps"), "50 one.yaml line 1");
    assert_eq!(told(&resolved, "trader.lots"), "40 two.toml line 1");
    assert_eq!(told(&resolved, "trader.lambda"), "2 --override");
    assert_eq!(told(&resolved, "maker.policy"), "fixed two.toml line 2");
    assert_eq!(told(&resolved, "trader.horizon"), "390 preset published");
    // A deeper key leaves its neighbours alone.
    assert_eq!(told(&resolved, "trader.order_max"), "20 preset published");
    // Made anew by the line that changed its unit.
    assert_eq!(told(&resolved, "fundamental.volatility"), "0.282843 one.yaml line 1");
    let lots = resolved.published_rows();
    let lots = lots.iter().find(|row| row.key == "agents.execution.inventory_lots").unwrap();
    assert_eq!(lots.becomes, "trader.lots, which two.toml line 1 sets to 40");
}

/// Defect 33 of the published system: of repeated overrides only the last counted.
#[test]
fn every_override_counts_and_of_two_with_one_key_the_later() {
    let resolved = resolved(
        "published",
        &[],
        &[
            "agents.execution.lambda_leakage=0.75",
            "environment.max_steps_per_episode=50",
            "trader.lots=7",
            "trader.lots=8",
        ],
    );
    assert_eq!(told(&resolved, "trader.lambda"), "6 --override");
    assert_eq!(told(&resolved, "episode.steps"), "50 --override");
    assert_eq!(told(&resolved, "trader.lots"), "8 --override");
}

#[test]
fn a_native_key_counts_more_than_a_published_one_beside_it_and_less_than_a_later_one() {
    let pairs: Pairs<'_> = &[("trader.lots", "7"), ("agents.execution.inventory_lots", "30")];
    let beside = resolved("published", &[("f.yaml", pairs)], &[]);
    assert_eq!(told(&beside, "trader.lots"), "7 f.yaml line 1");
    let later = resolved("default", &[("f.yaml", pairs)], &["agents.execution.inventory_lots=31"]);
    assert_eq!(told(&later, "trader.lots"), "31 --override");
}

#[test]
fn a_unit_changes_what_published_keys_became_and_nothing_else() {
    let tick = "environment.tick_size=0.05";
    // The preset says its price in ticks.
    let native = resolved("default", &[], &[tick]);
    assert_eq!(told(&native, "market.price"), "10000 preset default");
    let warning = native.warning().unwrap();
    assert!(
        warning.ends_with("(--override): prices are in ticks, and none is given in the currency")
    );
    assert!(native.published_rows()[0].becomes.starts_with("not used"));
    let published = resolved("published", &[], &[tick]);
    assert_eq!(told(&published, "market.price"), "2000 --override");
    assert_eq!(published.warning(), None);
    let mixed = resolved("published", &[], &["market.price=9000", tick]);
    assert_eq!(told(&mixed, "market.price"), "9000 --override");
    let given = resolved("default", &[], &["environment.initial_mid_price=50", tick]);
    assert_eq!(told(&given, "market.price"), "1000 --override");
}

#[test]
fn files_that_say_nothing_change_nothing() {
    let pairs: Pairs<'_> = &[("agents.arbitrageur", "{}"), ("trader", "{}")];
    let empty = resolved("debug", &[("f.yaml", pairs), ("g.yaml", &[])], &[]);
    assert_eq!(empty.settings, Settings::preset("debug").unwrap());
    assert_eq!((empty.warning(), empty.seed()), (None, None));
    let all = PUBLISHED.iter().filter(|it| !it.default.is_empty()).count();
    assert_eq!(empty.published_rows().len(), all);
    assert_eq!(resolved("default", &[], &[]).published_rows(), []);
}

#[test]
fn the_warning_names_each_key_once_with_its_reason() {
    let pairs: Pairs<'_> = &[
        ("environment.lot_size", "10"),
        ("training.n_envs", "4"),
        ("training.gamma", "0.9"),
        ("device", "cpu"),
        ("logging.verbose", "false"),
    ];
    let resolved = resolved("published", &[("f.yaml", pairs)], &["environment.lot_size=20"]);
    assert_eq!(
        resolved.warning().unwrap(),
        "5 keys are not used here:\n  \
         environment.lot_size (--override): sizes are lots, whatever a lot holds: no result depends \
         on it\n  \
         device, training.*, logging.verbose: only training reads them; policies are fixed here"
    );
    let one = super::tests::resolved("published", &[], &["device=cpu"]).warning().unwrap();
    assert!(one.starts_with("1 key is not used here:") && one.contains("reads it;"), "{one}");
}

#[test]
fn what_is_refused_has_a_place_and_what_would_be_taken() {
    let file = |pairs| layers("published", &[("f.yaml", pairs)], &[]).resolve().map(|_| ());
    let told = |pairs| file(pairs).unwrap_err().to_string();
    assert_eq!(
        told(&[("seed", "1"), ("environment.tick_siz", "1")]),
        "f.yaml: line 2: no key `environment.tick_siz`; near it: environment.tick_size, \
         environment.lot_size"
    );
    assert_eq!(
        told(&[("agents.execution.max_order_size", "[1, 2]")]),
        "f.yaml: line 1: `[1, 2]` is no value of `agents.execution.max_order_size`: a whole number \
         from 1 to 1000000"
    );
    assert_eq!(
        told(&[("agents.execution", "null")]),
        "f.yaml: line 1: `agents.execution` is a table of settings and has no value of its own"
    );
    assert!(told(&[("seed", "{}")]).contains("`{}` is no value of `seed`"));
    assert!(told(&[("trader.lots", "x\u{1b}[2J")]).contains("`x\u{fffd}[2J`"));
    assert_eq!(
        refusal(&["environment.initial_mid_price=100.005"]),
        "--override environment.initial_mid_price=100.005: `environment.initial_mid_price` of \
         100.005 comes to `market.price` of 10000.5, which takes a whole number from 100 to \
         4000000 ticks"
    );
    assert!(
        refusal(&["environment.fundamental_vol=0.0000001"])
            .ends_with("behind it, in its unit or in ours")
    );
    // A unit that makes no whole ticks of a default is to blame itself.
    assert!(
        refusal(&["environment.tick_size=0.03"]).starts_with("--override environment.tick_size")
    );
    assert!(Layers::new("published").unwrap().set("trader.lots").is_err());
    assert!(Layers::new("publishd").is_err());
}

#[test]
fn contradictions_are_told_where_the_later_of_the_two_stands() {
    assert_eq!(
        refusal(&["training.rollout_length=100"]),
        "--override training.rollout_length=100: `training.rollout_length` of 100 contradicts \
         `training.minibatch_size` of 256: a minibatch is drawn from a rollout"
    );
    assert!(refusal(&["networks.belief_transformer.n_heads=3"]).contains("divide"));
    let quotes =
        ["agents.market_maker.max_quote_size_lots=2", "agents.market_maker.min_quote_size_lots=3"];
    assert!(refusal(&quotes).starts_with("--override agents.market_maker.min_quote_size_lots=3: "));
    assert_eq!(
        refusal(&["agents.market_maker.max_spread_ticks=0", "trader.lots=5"]),
        "--override agents.market_maker.max_spread_ticks=0: `maker.half_spread` may not exceed \
         `maker.half_spread_max`"
    );
    assert!(refusal(&["trader.lots=5", "environment.latency_ms.market_maker=59900"]).starts_with(
        "--override environment.latency_ms.market_maker=59900: `latency.customers_ms`"
    ));
}
