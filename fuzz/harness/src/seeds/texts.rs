//! Seeds that are texts.

use super::Seeds;

/// Rows of the golden day, and of each class that is refused.
pub(super) fn lobster(seeds: &mut Seeds, day: [&str; 2]) {
    let [messages, orderbook]: [String; 2] =
        day.map(|text| text.split_inclusive('\n').take(5).collect());
    let one_less: String = orderbook.split_inclusive('\n').take(4).collect();
    let cases: [(&str, &str, &str); 8] = [
        ("day", &messages, &orderbook),
        ("rows-differ", &messages, &one_less),
        ("empty", "", ""),
        ("unterminated", messages.trim_end(), &orderbook),
        ("backwards", "2.0,1,1,1,1,1\n1.0,1,2,1,1,1\n", "2,1,1,1\n2,1,1,1\n"),
        ("type", "1.0,8,1,1,1,1\n", "2,1,1,1\n"),
        ("crossed", "1.0,1,1,1,1,1\n", "2,1,2,1\n"),
        ("far", "1.0,1,1,2147483647,2147483647,-1\n", "2147483647,2147483647,1,1\n"),
    ];
    for (name, messages, orderbook) in cases {
        let len = u16::try_from(messages.len()).unwrap().to_le_bytes();
        seeds.add("lobster", name, &[&[0], &len, messages.as_bytes(), orderbook.as_bytes()]);
    }
}

const HEADER: &str = "time_ns,op,client,order,side,type,tif,price,qty,extra\n";

const CSV: [(&str, &str); 9] = [
    (
        "market",
        ",set_rule,,,,,,,,rule=tax value=3\n,set_rule,,,,,,,,rule=state value=auction\n\
         ,endow,1,,,,,,,position=5 cash=-7\n0,place,1,7,buy,limit,gtc,100,5,\n\
         5,place,2,7,sell,limit,ioc,100,2,step=1 stp=cancel_both\n5,uncross,,,,,,,,\n\
         6,reduce,1,7,,,,,1,\n6,replace,1,7,,,,99,9,\n9,clock,,,,,,,,step=4\n\
         9,mark,,,,,,,,name=row number=3\n9,mass_cancel,1,,,,,,,\n9,cancel,2,,,,,,,id=2\n",
    ),
    (
        "orders",
        "0,place,1,1,buy,market,fok,,5,stop=101\n\
         0,place,1,1,sell,limit,gtt,100,9,post_only=1 expire=40 display=2 again=1\n\
         0,place,3,1,sell,market_to_limit,gtc,,9,\n",
    ),
    ("late-genesis", "0,uncross,,,,,,,,\n,set_rule,,,,,,,,rule=tax value=3\n"),
    ("backwards", "5,uncross,,,,,,,,\n4,uncross,,,,,,,,\n"),
    ("unknown-order", "0,cancel,1,9,,,,,,\n"),
    ("unknown-op", "0,buy,1,9,,,,,,\n"),
    ("fields", "0,cancel\n"),
    ("unexpected", "0,uncross,1,,,,,,,\n"),
    ("value", "0,place,1,1,buy,limit,gtc,0,5,\n"),
];

const QUERIES: [&str; 10] = [
    "spread > 20 and not halted",
    "best_bid >= 100 and not (depth(bid, 5) < 3 or short_ban)",
    "depth(ask, 10) - depth(bid, 1) > 5 or levels(ask) == 2",
    "position(client 3) < 0 or cash(client 3) > -5",
    "trades > 10 and exists(last_trade)",
    "mark(crash) or after(a) and at(a, placed) < 9",
    "time > 9s or step == 4",
    "mid2 / 2 - last_trade > 1 + 2 * 3",
    "trade.side == buy and trade.qty >= 2",
    "qty(bid, 99) != 0 and orders + stops > cancelled",
];

const SCHEDULES: [(u8, &str); 12] = [
    (0, "3 noise join"),
    (0, "fair value times 0.9 plus -20"),
    (0, "set price-range 1 50"),
    (1, "seed 5"),
    (1, "population makers 4"),
    (1, "schedule.0002=step 5: uncross"),
    (2, "entry 5 step 2: without 301; set tax 1.5; schedule none"),
    (3, "-4.000001"),
    (4, "step 10000: makers leave"),
    (4, "step 800: set fees -5 7"),
    (5, "steps=50 schedule.0001=step 5: mark lunch"),
    (5, "market_makers=3 market.price=9000 market.tax=0.5 fair.drift=-12.5"),
];

/// Configurations of the published system: a file, further files behind zeros, overrides behind two.
const PUBLISHED: [(&str, u8, &str); 14] = [
    (
        "debug",
        0,
        "seed: 0\nenvironment:\n  max_steps_per_episode: 50\n  noise_trader_arrival_rate: 5.0\n\
         agents:\n  execution: {inventory_lots: 20, horizon: 50}\n  arbitrageur: {}\n\
         training:\n  total_timesteps: 50_000\n  lr_actor: 3.0e-4\n  clip_range_vf: null\n",
    ),
    (
        "layers",
        1,
        "environment:\n  tick_size: 0.05\n\0trader:\n  lots: 30\n\0\0agents.execution.lambda_leakage=0.75\n\
         environment.initial_mid_price=50\ntrader.policy=copy",
    ),
    (
        "toml",
        8,
        "seed = 7\n[trader]\nlots = 3_0\npolicy = \"pov\"\n[environment]\ntick_size = 2e-2\n",
    ),
    ("overrides", 2, "\0\0environment.max_steps_per_episode=100\nseed=3\nnoise.rate_rule=release"),
    ("sweep", 1, "sweep:\n  values: [0.0, 0.1, 2]\n  metrics:\n    - \"eval/kl\"\n    - x\n"),
    ("twice", 0, "seed: 1\nseed: 2\n"),
    ("anchors", 0, "a: &a [x, x]\nb: &b [*a, *a]\n"),
    ("merge", 0, "environment:\n  <<: {tick_size: 1}\n"),
    (
        "deep",
        0,
        "a: {a: {a: {a: {a: {a: {a: {a: {a: {a: {a: {a: {a: {a: {a: {a: {a: 1}}}}}}}}}}}}}}}}}",
    ),
    ("documents", 0, "seed: 1\n---\nseed: 2\n"),
    ("nested", 0, "training:\n  gamma: [[1]]\n"),
    ("unknown-key", 1, "agents:\n  execution:\n    lambda_leak: 1\n"),
    ("no-ticks", 1, "environment:\n  initial_mid_price: 99.995\n"),
    (
        "contradiction",
        0,
        "training: {rollout_length: 100}\nagents.market_maker.max_spread_ticks: 0\n",
    ),
];

/// Texts of all other kinds.
pub(super) fn all(seeds: &mut Seeds) {
    for (name, rows) in CSV {
        seeds.add("csv", name, &[&[0], HEADER.as_bytes(), rows.as_bytes()]);
    }
    seeds.add("csv", "header", &[&[0], b"time,op\n"]);
    for (number, text) in QUERIES.into_iter().enumerate() {
        seeds.add("query", &format!("query-{number}"), &[&[7], text.as_bytes()]);
    }
    for (number, (kind, text)) in SCHEDULES.into_iter().enumerate() {
        seeds.add("schedules", &format!("text-{number}"), &[&[kind], text.as_bytes()]);
    }
    for (name, kind, text) in PUBLISHED {
        seeds.add("published_config", name, &[&[kind], text.as_bytes()]);
    }
    let zeros = "0".repeat(64);
    let seal = format!("{}=", "A".repeat(43));
    let checkpoint = format!("replay/{zeros}\n12\n{seal}\nblock 3\nhead {zeros}\n");
    let note = format!("{checkpoint}\n\u{2014} a/b AQEBAQIDBA==\n");
    let texts: [(u8, &str, &str); 13] = [
        (0, "note", &note),
        (0, "note-unsigned", &checkpoint),
        (1, "daily-fred", "observation_date,SP500\n2020-01-02,3257.85\n2020-01-03,.\n"),
        (1, "daily-yahoo", "Date,Open,Close,Adj Close\n2020-01-02,1,2,3\n2020-01-03,1,null,4\n"),
        (2, "checkpoint", &checkpoint),
        (3, "base64", "Zm9vYg=="),
        (4, "bytes", "foob"),
        (5, "name", "row.1"),
        (5, "digest", &zeros),
        (6, "entry", "#1_234"),
        (6, "time", "t:9:30:00.5"),
        (6, "mark", "@row:17"),
        (6, "end", "-10"),
    ];
    for (kind, name, text) in texts {
        seeds.add("texts", name, &[&[kind], text.as_bytes()]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A seed that is refused at its first word leads nowhere.
    #[test]
    fn queries_and_schedules_are_read() {
        for text in QUERIES {
            assert!(query::Query::parse(text).is_ok(), "{text}");
        }
        for (kind, text) in SCHEDULES {
            let is_read = match kind {
                0 => text.parse::<agents::Happening>().is_ok(),
                1 => text.parse::<agents::fork::Change>().is_ok(),
                2 => text.parse::<agents::Fork>().is_ok(),
                3 => agents::Decimal::parse(text).is_some(),
                4 => text.parse::<agents::Scheduled>().is_ok(),
                _ => agents::Config::preset("seed").unwrap().set_all(text).is_ok(),
            };
            assert!(is_read, "{text}");
        }
    }
}
