//! `replay step`: both ways through a log, entry by entry, in a terminal.
//!
//! The model (`app`) knows a log and keys; who runs it gives it keys: a terminal (`terminal`) or a
//! script (`script`). Reading order: `keys`, `session`, `view`, `job`, `search`, `app`, `work`, `draw`.

mod accounts;
mod app;
mod draw;
mod entry;
mod follow;
mod followed;
mod job;
mod keys;
mod ladder;
mod marks;
mod prompt;
mod script;
mod search;
mod session;
mod tape;
mod terminal;
#[cfg(test)]
mod tests;
mod text;
mod view;
mod work;

use cli::{Exit, Failure, SnapshotFolder};
use kernel::{ClientId, OrderId};
use query::Query;

use self::app::App;
use self::follow::Followed;
pub(crate) use self::keys::keys_help;
use self::session::Session;
use super::seeking;
use crate::args::Step;

pub(crate) fn run(args: &Step) -> Result<Exit, Failure> {
    let items = args.script.as_deref().map(script::parse).transpose()?;
    if items.is_none() {
        terminal::check()?;
    }
    let query = args.when.as_deref().map(Query::parse).transpose().map_err(|error| {
        let hint = "the words of predicates: replay step --help";
        Failure::new(Exit::Usage, format!("--when: {error}")).with_hint(hint)
    })?;
    let path = &args.sought.log.path;
    let archive = seeking::archive(&args.sought.log)?;
    let start = seeking::resolve(path, &archive, &args.at)?;
    let folder = (!args.sought.no_snapshots).then(|| SnapshotFolder::beside(path));
    let has_colour = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    let session = Session::new(archive, folder);
    let mut app =
        App::new(session, path.clone(), has_colour).map_err(|error| Failure::play(path, &error))?;
    let clients_max = app.clients_max();
    if let Some(client) = args.client.filter(|client| clients_max <= *client) {
        let message = format!("--client {client}: clients are below {clients_max} in this market");
        return Err(Failure::new(Exit::Usage, message));
    }
    let order = args.follow.map(|order| Followed::Order(OrderId(order)));
    let followed = order.or(args.client.map(|client| Followed::Client(ClientId(client))));
    app.start(start, query, followed);
    match items {
        Some(items) => script::run(&mut app, &items, args.size, args.json),
        None => terminal::run(&mut app),
    }
}
