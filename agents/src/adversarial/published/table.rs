//! Every key of the published system's three files.

use super::convert::Becomes::{self, Leakage, Orders, Reversion, Same, Ticks, TicksAStep};
use super::{Does, Kind, Published};

const fn key(key: &'static str, default: &'static str, kind: Kind, does: Does) -> Published {
    Published { key, default, kind, does }
}

const fn sets(
    name: &'static str,
    default: &'static str,
    kind: Kind,
    sets: &'static [(&'static str, Becomes)],
) -> Published {
    key(name, default, kind, Does::Sets(sets))
}

/// A key of learning.
const fn learns(name: &'static str, default: &'static str, kind: Kind) -> Published {
    key(name, default, kind, Does::Learning)
}

const fn nothing(
    name: &'static str,
    default: &'static str,
    kind: Kind,
    reason: &'static str,
) -> Published {
    key(name, default, kind, Does::Nothing(reason))
}

const fn whole(min: u64, max: u64) -> Kind {
    Kind::Whole { min, max }
}

const fn number(min: f64, max: f64) -> Kind {
    Kind::Number { min, max }
}

/// Least value of a number that must not be zero.
const LEAST: f64 = 1e-6;
/// Largest price, in the currency.
const PRICE_MAX: f64 = 1e9;
/// Longest history, sequence or schedule.
const MANY: u64 = 1_000_000_000_000;
const UNITS: Kind = Kind::Wholes { min: 1, max: 65_536 };
const ACTIVATION: Kind = Kind::Word(&["tanh", "relu", "gelu", "elu", "leaky_relu", "sigmoid"]);
const RATE: Kind = number(0.0, 1.0);
const SHARE: Kind = number(0.0, 1.0);
const WEIGHT: Kind = number(0.0, 1e6);
const MS: Kind = number(0.001, 86_400_000.0);

/// Every key, in the order of `default.yaml`; then those that only `ablation_lambda.yaml` has.
pub const PUBLISHED: &[Published] = &[
    key("seed", "42", whole(0, i64::MAX.unsigned_abs()), Does::Seeds),
    learns("device", "cuda", Kind::Text),
    learns("exp_name", "default", Kind::Text),
    learns("log_dir", "runs/", Kind::Text),
    learns("checkpoint_dir", "checkpoints/", Kind::Text),
    learns("eval_interval", "50", whole(1, MANY)),
    learns("checkpoint_interval", "100", whole(1, MANY)),
    key("environment.tick_size", "0.01", number(LEAST, 1e6), Does::Scales),
    nothing(
        "environment.lot_size",
        "100",
        whole(1, MANY),
        "sizes are lots, whatever a lot holds: no result depends on it",
    ),
    sets("environment.n_price_levels", "20", whole(1, 100), &[("view.levels", Same)]),
    sets("environment.max_steps_per_episode", "390", whole(1, 100_000), &[("episode.steps", Same)]),
    sets(
        "environment.initial_mid_price",
        "100",
        number(LEAST, PRICE_MAX),
        &[("market.price", Ticks)],
    ),
    nothing(
        "environment.fundamental_value",
        "100",
        number(LEAST, PRICE_MAX),
        "the fundamental starts at environment.initial_mid_price and reverts to it",
    ),
    sets(
        "environment.fundamental_vol",
        "0.02",
        number(0.0, PRICE_MAX),
        &[("fundamental.volatility", TicksAStep), ("fundamental.reversion", Reversion)],
    ),
    sets(
        "environment.noise_trader_arrival_rate",
        "10",
        number(0.0, 100.0),
        &[("noise.rate", Orders)],
    ),
    sets(
        "environment.noise_order_size_mean",
        "5",
        number(0.0, 1_000.0),
        &[("noise.size_mean", Same)],
    ),
    sets("environment.noise_order_size_std", "2", number(0.0, 1_000.0), &[("noise.size_sd", Same)]),
    sets("environment.latency_ms.execution_agent", "100", MS, &[("latency.customers_ms", Same)]),
    sets("environment.latency_ms.market_maker", "10", MS, &[("latency.maker_ms", Same)]),
    sets("environment.latency_ms.arbitrageur", "1", MS, &[("latency.arbitrageur_ms", Same)]),
    sets("agents.execution.inventory_lots", "100", whole(1, 1_000_000), &[("trader.lots", Same)]),
    sets("agents.execution.horizon", "390", whole(1, 100_000), &[("trader.horizon", Same)]),
    sets(
        "agents.execution.max_order_size",
        "20",
        whole(1, 1_000_000),
        &[("trader.order_max", Same)],
    ),
    learns("agents.execution.order_types", "[market, limit]", Kind::Words(&["market", "limit"])),
    learns("agents.execution.observation_history", "50", whole(1, 100_000)),
    sets(
        "agents.execution.lambda_leakage",
        "0.5",
        number(0.0, 10.0),
        &[("trader.lambda", Leakage)],
    ),
    sets("agents.execution.mu_predictability", "0.1", number(0.0, 10.0), &[("trader.mu", Leakage)]),
    sets(
        "agents.execution.terminal_inventory_penalty",
        "100",
        number(0.0, PRICE_MAX),
        &[("trader.closing", Ticks)],
    ),
    sets(
        "agents.market_maker.max_spread_ticks",
        "10",
        whole(0, 10_000),
        &[("maker.half_spread_max", Same)],
    ),
    sets(
        "agents.market_maker.max_inventory_lots",
        "50",
        whole(1, 1_000_000),
        &[("maker.inventory_max", Same)],
    ),
    learns("agents.market_maker.min_quote_size_lots", "1", whole(1, 1_000)),
    sets("agents.market_maker.max_quote_size_lots", "10", whole(1, 1_000), &[("maker.lots", Same)]),
    learns("agents.market_maker.observation_history", "100", whole(1, 100_000)),
    sets(
        "agents.market_maker.belief_update_freq",
        "1",
        whole(1, 100_000),
        &[("belief.refresh", Same)],
    ),
    sets("agents.market_maker.alpha_adverse_selection", "1", WEIGHT, &[("maker.alpha", Same)]),
    sets("agents.market_maker.beta_entropy_reg", "0.05", WEIGHT, &[("maker.beta", Same)]),
    sets("agents.market_maker.gamma_belief_accuracy", "0.2", WEIGHT, &[("maker.gamma", Same)]),
    nothing(
        "agents.arbitrageur.latency_advantage_ms",
        "1",
        number(0.0, 86_400_000.0),
        "when each acts is said by environment.latency_ms; the advantage follows",
    ),
    sets(
        "agents.arbitrageur.max_position_lots",
        "20",
        whole(1, 1_000_000),
        &[("arbitrageur.inventory_max", Same)],
    ),
    sets(
        "agents.arbitrageur.hold_period_steps",
        "1",
        whole(1, 100_000),
        &[("arbitrageur.hold", Same)],
    ),
    sets("agents.arbitrageur.delta_belief_lag", "0.3", WEIGHT, &[("arbitrageur.delta", Same)]),
    learns("networks.execution_actor.hidden_dims", "[256, 256]", UNITS),
    learns("networks.execution_actor.activation", "tanh", ACTIVATION),
    learns("networks.execution_actor.log_std_init", "-0.5", number(-100.0, 100.0)),
    learns("networks.belief_transformer.d_model", "128", whole(1, 65_536)),
    learns("networks.belief_transformer.n_heads", "4", whole(1, 1_024)),
    learns("networks.belief_transformer.n_layers", "4", whole(1, 1_024)),
    learns("networks.belief_transformer.d_ff", "256", whole(1, 65_536)),
    learns("networks.belief_transformer.dropout", "0.1", SHARE),
    learns("networks.belief_transformer.max_seq_len", "200", whole(1, 1_000_000)),
    learns("networks.belief_transformer.output_dim", "1", whole(1, 1)),
    learns("networks.mm_actor.hidden_dims", "[256, 256]", UNITS),
    learns("networks.mm_actor.activation", "relu", ACTIVATION),
    learns("networks.arb_actor.hidden_dims", "[128, 128]", UNITS),
    learns("networks.arb_actor.activation", "relu", ACTIVATION),
    learns("networks.shared_critic.hidden_dims", "[512, 512, 256]", UNITS),
    learns("networks.shared_critic.activation", "tanh", ACTIVATION),
    learns("networks.shared_critic.use_layer_norm", "true", Kind::Flag),
    learns("networks.mine.hidden_dims", "[256, 256]", UNITS),
    learns("networks.mine.activation", "relu", ACTIVATION),
    learns("networks.mine.ema_decay", "0.99", SHARE),
    learns("training.total_timesteps", "10000000", whole(1, MANY)),
    learns("training.n_envs", "8", whole(1, 65_536)),
    learns("training.rollout_length", "2048", whole(1, 1 << 24)),
    learns("training.n_epochs", "10", whole(1, 1_000)),
    learns("training.minibatch_size", "256", whole(1, 1 << 24)),
    learns("training.gamma", "0.99", SHARE),
    learns("training.gae_lambda", "0.95", SHARE),
    learns("training.clip_range", "0.2", number(LEAST, 1.0)),
    learns("training.clip_range_vf", "null", Kind::NumberOrNull { min: LEAST, max: 1e6 }),
    learns("training.entropy_coef", "0.01", number(0.0, 10.0)),
    learns("training.value_coef", "0.5", number(0.0, 1e6)),
    learns("training.max_grad_norm", "0.5", number(LEAST, 1e6)),
    learns("training.optimizer", "adam", Kind::Word(&["adam"])),
    learns("training.lr_actor", "0.0003", RATE),
    learns("training.lr_critic", "0.001", RATE),
    learns("training.lr_mine", "0.0001", RATE),
    learns("training.lr_belief", "0.0003", RATE),
    learns("training.weight_decay", "0.00001", RATE),
    learns("training.alternating.enabled", "true", Kind::Flag),
    learns("training.alternating.exec_phase_steps", "1000", whole(1, MANY)),
    learns("training.alternating.mm_arb_phase_steps", "1000", whole(1, MANY)),
    learns("training.lr_schedule", "linear", Kind::Word(&["linear", "cosine", "constant"])),
    learns("logging.use_tensorboard", "true", Kind::Flag),
    nothing("logging.use_wandb", "false", Kind::Flag, "nothing is sent anywhere"),
    nothing(
        "logging.wandb_project",
        "adversarial-market-marl",
        Kind::Text,
        "nothing is sent anywhere",
    ),
    learns("logging.log_interval", "10", whole(1, MANY)),
    learns("logging.verbose", "true", Kind::Flag),
    learns("sweep.parameter", "", Kind::Text),
    learns("sweep.values", "", Kind::Numbers { min: -1e12, max: 1e12 }),
    learns("sweep.seeds", "", Kind::Wholes { min: 0, max: i64::MAX.unsigned_abs() }),
    learns("sweep.metrics", "", Kind::Texts),
];

/// What `fast_debug.yaml` sets over the defaults: what the preset `debug` stands for.
pub const DEBUG: &[(&str, &str)] = &[
    ("seed", "0"),
    ("device", "cpu"),
    ("exp_name", "debug"),
    ("eval_interval", "5"),
    ("checkpoint_interval", "10"),
    ("environment.max_steps_per_episode", "50"),
    ("environment.noise_trader_arrival_rate", "5"),
    ("agents.execution.inventory_lots", "20"),
    ("agents.execution.horizon", "50"),
    ("agents.execution.observation_history", "10"),
    ("agents.market_maker.observation_history", "20"),
    ("networks.belief_transformer.d_model", "32"),
    ("networks.belief_transformer.n_heads", "2"),
    ("networks.belief_transformer.n_layers", "2"),
    ("networks.belief_transformer.d_ff", "64"),
    ("networks.belief_transformer.max_seq_len", "30"),
    ("networks.shared_critic.hidden_dims", "[64, 64]"),
    ("networks.execution_actor.hidden_dims", "[64, 64]"),
    ("networks.mm_actor.hidden_dims", "[64, 64]"),
    ("networks.arb_actor.hidden_dims", "[64, 64]"),
    ("networks.mine.hidden_dims", "[64, 64]"),
    ("training.total_timesteps", "50000"),
    ("training.n_envs", "2"),
    ("training.rollout_length", "128"),
    ("training.n_epochs", "4"),
    ("training.minibatch_size", "32"),
    ("training.alternating.exec_phase_steps", "200"),
    ("training.alternating.mm_arb_phase_steps", "200"),
];
