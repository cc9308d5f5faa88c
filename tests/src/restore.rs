//! Markets out of their state bytes, beside the one that wrote them.

use kernel::{Command, Engine, Event, Genesis, RestoreError, Section, Side};

use crate::render;
use crate::twin::StateBytes;

/// State bytes of every section, in the order of [`Section::ALL`].
pub fn state_bytes(engine: &Engine) -> StateBytes {
    Section::ALL.map(|section| {
        let mut bytes = Vec::new();
        engine.write_section(section, &mut bytes);
        bytes
    })
}

/// The market of these bytes.
///
/// # Errors
/// Those of [`Engine::restore`].
pub fn restore(genesis: &Genesis, bytes: &StateBytes) -> Result<Engine, RestoreError> {
    Engine::restore(genesis, bytes.each_ref().map(Vec::as_slice))
}

/// The market that goes on from the bytes of another, already compared with it.
///
/// # Errors
/// A refusal, or the first difference.
pub fn copy(genesis: &Genesis, engine: &Engine) -> Result<Engine, String> {
    let copy = restore(genesis, &state_bytes(engine)).map_err(|error| error.to_string())?;
    compare(engine, &copy)?;
    Ok(copy)
}

/// Applies a command to a restored market and compares it with the one it was restored from, which
/// has carried out the same command with these events.
///
/// # Errors
/// The first difference.
pub fn follow(
    engine: &Engine,
    copy: &mut Engine,
    command: &Command,
    events: &[Event],
) -> Result<(), String> {
    let mut own = Vec::new();
    copy.apply(command, &mut own);
    if own != events {
        let command = render::command(command);
        return Err(format!("{command}: events {events:?}, restored {own:?}"));
    }
    compare(engine, copy).map_err(|error| format!("{}: {error}", render::command(command)))
}

/// Compares all bytes and views of two markets.
///
/// # Errors
/// The first difference, or a broken invariant of the second.
pub fn compare(engine: &Engine, copy: &Engine) -> Result<(), String> {
    copy.check().map_err(|broken| format!("restored, invariant: {broken}"))?;
    let (bytes, copied) = (state_bytes(engine), state_bytes(copy));
    for ((section, bytes), copied) in Section::ALL.iter().zip(&bytes).zip(&copied) {
        if bytes != copied {
            return Err(format!("section {}: {bytes:?}, restored {copied:?}", section.name()));
        }
    }
    for side in [Side::Buy, Side::Sell] {
        let same = engine.best(side) == copy.best(side)
            && engine.levels(side).eq(copy.levels(side))
            && engine.queue(side).eq(copy.queue(side))
            && engine.queue(side).all(|order| copy.order(order.order) == Some(order));
        if !same {
            return Err(format!("the {side} side looks different in the restored market"));
        }
    }
    if !engine.stops().eq(copy.stops()) || !engine.stops().all(|stop| copy.is_live(stop.order)) {
        return Err("stops look different in the restored market".to_owned());
    }
    // An account that holds nothing may be unknown to the restored market, and is empty there.
    if engine.accounts().any(|account| copy.account(account.client) != account) {
        return Err("an account looks different in the restored market".to_owned());
    }
    let counts = |engine: &Engine| {
        (engine.orders_live(), engine.orders_waiting(), engine.levels_live(), *engine.limits())
    };
    if counts(engine) != counts(copy) {
        return Err("counts or limits look different in the restored market".to_owned());
    }
    Ok(())
}
