//! `replay state`: the market at one moment of a log.

use cli::{Exit, Failure, Interrupt};
use formats::state::{Shown, rules_text, spread_text, state_json, state_text};
use kernel::ClientId;
use replay::state::state_digest;

use super::{print, print_json, seeking, table};
use crate::args::State;

/// Most accounts in a text.
const ACCOUNTS: usize = 50;

pub(crate) fn run(args: &State) -> Result<Exit, Failure> {
    // Nothing is written but snapshots, each of them whole or not at all.
    Interrupt::at_once("replay");
    let path = &args.sought.log.path;
    let mut seeker = seeking::seeker(&args.sought)?;
    let clients_max = seeker.archive().header().genesis.market.limits.clients_max;
    if let Some(client) = args.client.filter(|client| clients_max <= *client) {
        let message = format!("--client {client}: clients are below {clients_max} in this market");
        return Err(Failure::new(Exit::Usage, message));
    }
    let entry = seeking::resolve(path, seeker.archive(), &args.at)?;
    let entries = seeker.archive().entries();
    let player = seeking::go(path, &mut seeker, entry)?;
    let (head, engine) = (player.head(), player.engine());
    let shown =
        Shown { levels: args.levels, client: args.client.map(ClientId), accounts: ACCOUNTS };
    if args.json {
        let mut object = state_json(engine, shown);
        if let Some(fields) = object.as_object_mut() {
            fields.insert("schema".to_owned(), "replay.state/1".into());
            fields.insert("entry".to_owned(), entry.into());
            fields.insert("entries".to_owned(), entries.into());
            fields.insert("head".to_owned(), head.to_string().into());
            fields.insert("state".to_owned(), state_digest(engine).to_string().into());
        }
        print_json(&object)?;
        return Ok(Exit::Ok);
    }
    let last = engine.last_trade().map_or_else(String::new, |price| format!(", last {price}"));
    let orders = format!(
        "{} orders at {} prices, {} wait for their stop",
        engine.orders_live(),
        engine.levels_live(),
        engine.orders_waiting()
    );
    print(&table(&[
        ("entry", format!("{entry} of {entries}")),
        ("head", head.to_string()),
        ("state", state_digest(engine).to_string()),
        ("clock", format!("{} ns, step {}", engine.time(), engine.step())),
        ("rules", rules_text(engine.rules())),
        ("resting", orders),
        ("market", spread_text(engine) + &last),
    ]))?;
    print(&format!("\n{}", state_text(engine, shown)))?;
    Ok(Exit::Ok)
}
