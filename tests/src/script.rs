//! Tests as scripts, and the one door that runs them: [`check`].
//!
//! Commands and questions stand at column 0; what they must answer stands below, two spaces in.
//! Empty lines and lines that start with `//` are free. Indentation common to all lines does not
//! count. Cash is in units of [`Cash`](kernel::Cash), 10,000 for one tick·lot.
//!
//! ```text
//! genesis orders_max 2            first lines: also clients_max, levels_max,
//! genesis rule tick 5               any rule (see below),
//! exempt 3                          clients without ban and limit, ascending,
//! endow 1 100 -5000                 holdings: client, position, cash, ascending
//!
//! 1 buy 5 @100                    client 1, limit order, good till cancelled; may be followed by
//! 1 buy 5 @100 post ioc oldest ref 7    post; ioc or fok; newest, oldest, both or decrement
//!                                       (self trade, else allowed); a reference (else 0)
//!                                 instead of ioc also gtt 50 (good till time 50), then
//! 1 buy 9 @100 display 2          an iceberg
//! 1 buy 5 @100 stop 99            a stop: waits for a trade there or beyond
//! 1 sell 5 market ioc             a market order; the same words may follow
//! 1 sell 5 to-limit               market to limit; the same words may follow
//! 1 cancel #2
//! 1 reduce #2 by 3
//! 1 replace #2 5 @101             new open quantity and price
//! 1 mass-cancel
//! clock 10 step 2
//! uncross
//! rule tick 5                     lot 5, qty_max 9, prices 1..9, position_max 9, halted,
//!                                 continuous, auction, ban on, exempt 3 off, tax 2,
//!                                 fees 10 -5 (maker's, taker's, in ppm), band 5
//!
//! book                            questions: every resting order, bids then asks, best first
//! levels                          every level with the lots that it shows
//! stops                           every order that waits for its stop, by id
//! last                            price of the last trade
//! account 1                       position, cash, open buys and sells
//! pots                            what taxes and fees have taken
//! now                             time, step and Place commands so far
//! ```
//!
//! The answers are written by [`render`]: `accepted #1 of 1`, `rejected #1: short sale`,
//! `#2 of 2 buys 3 @100 from #1 of 1`, `rested #1 buy 5 @100`, `cancelled #1 of 1: 5, requested`,
//! `rested #1 buy 9 @100, shows 2`, `refilled #1, shows 2 of 7`, `triggered #1`, `uncrossed 7 @100`,
//! `band hit by #1 @120, reference 100`.

use kernel::Genesis;

use crate::parse::{self, Line};
use crate::render;
use crate::twin::Twin;

/// Runs a script through both kernels and compares its text with what they answered.
#[track_caller]
pub fn check(script: &str) {
    let script = dedent(script);
    let mut market = Twin::new(&genesis(&script)).unwrap_or_else(|error| panic!("{error}"));
    let mut difference = Vec::new();
    let mut differs = false;
    for block in blocks(&script) {
        let got = run_line(&mut market, block[0]);
        let with = |sign: &str, line: &str| format!("{sign} {line}");
        if got == block {
            difference.extend(block.iter().map(|line| with(" ", line)));
        } else {
            differs = true;
            difference.extend(block.iter().map(|line| with("-", line)));
            difference.extend(got.iter().map(|line| with("+", line)));
        }
    }
    let difference = difference.join("\n");
    assert!(!differs, "the script (-) and the market (+) differ:\n{difference}");
}

/// Runs a script for the state it leads to; lines of answers are passed over.
#[track_caller]
pub fn run(script: &str) -> Twin {
    let script = dedent(script);
    let mut market = Twin::new(&genesis(&script)).unwrap_or_else(|error| panic!("{error}"));
    for block in blocks(&script) {
        run_line(&mut market, block[0]);
    }
    market
}

/// The genesis that a script begins with.
#[track_caller]
pub fn genesis_of(script: &str) -> Genesis {
    genesis(&dedent(script))
}

/// A line and what it answers, as a script would have it.
#[track_caller]
fn run_line(market: &mut Twin, line: &str) -> Vec<String> {
    match parse::line(line).unwrap_or_else(|error| panic!("{error}: {line}")) {
        Line::Free | Line::Genesis(_) => vec![line.to_owned()],
        Line::Command(command) => {
            let events = market.apply(command).unwrap_or_else(|error| panic!("{error}"));
            let answers = events.iter().map(|event| format!("  {}", render::event(event)));
            std::iter::once(render::command(&command)).chain(answers).collect()
        }
        Line::Question(question) => {
            let answers = render::answer(question, market.engine());
            let answers = answers.iter().map(|answer| format!("  {answer}"));
            std::iter::once(line.to_owned()).chain(answers).collect()
        }
    }
}

/// The genesis that a script's lines ask for.
#[track_caller]
fn genesis(script: &str) -> Genesis {
    let mut genesis = Genesis::open();
    let mut started = false;
    for line in script.lines().filter(|line| !line.starts_with("  ")) {
        match parse::line(line).unwrap_or_else(|error| panic!("{error}: {line}")) {
            Line::Free => {}
            Line::Genesis(change) => {
                assert!(!started, "the genesis stands before the first command: {line}");
                change.apply(&mut genesis);
            }
            Line::Command(_) | Line::Question(_) => started = true,
        }
    }
    genesis
}

/// Each line at column 0 with the answers below it.
fn blocks(script: &str) -> Vec<Vec<&str>> {
    let mut blocks: Vec<Vec<&str>> = Vec::new();
    for line in script.lines() {
        match blocks.last_mut() {
            Some(block) if line.starts_with("  ") => block.push(line),
            Some(_) | None => blocks.push(vec![line]),
        }
    }
    blocks
}

/// Takes off the indentation that all lines share.
fn dedent(script: &str) -> String {
    let script = script.trim_matches('\n').trim_end();
    let indent = |line: &str| line.len() - line.trim_start().len();
    let lines = script.lines().filter(|line| !line.trim().is_empty());
    let common = lines.map(indent).min().unwrap_or(0);
    let stripped = script.lines().map(|line| line.get(common..).unwrap_or(""));
    stripped.collect::<Vec<_>>().join("\n")
}
