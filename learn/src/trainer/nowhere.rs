//! Markets of which only heads and seals are kept.

use std::io;

use replay::medium::Medium;
use replay::recorder::Finished;
use replay::{Genesis, Player, Reader, Recorder, SyncPolicy};

use super::Keeper;

/// A medium that keeps nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Nowhere;

impl Medium for Nowhere {
    fn append(&mut self, _: &[u8]) -> io::Result<()> {
        Ok(())
    }

    fn sync(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn clear(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A keeper of nothing but heads and seals.
#[derive(Clone, Debug, Default)]
pub struct Heads {
    /// How each life's log ended: environment, life, end.
    pub ends: Vec<(u32, u32, Finished)>,
}

impl Keeper for Heads {
    type Medium = Nowhere;
    type Source = io::Empty;

    fn begin(&mut self, _: u32, _: u32, genesis: &Genesis) -> Result<Recorder<Nowhere>, String> {
        Recorder::create(genesis, Nowhere, Nowhere, SyncPolicy::None)
            .map_err(|error| error.to_string())
    }

    fn ended(&mut self, environment: u32, life: u32, end: &Finished) -> Result<(), String> {
        self.ends.push((environment, life, *end));
        Ok(())
    }

    fn read(&mut self, _: u32, _: u32) -> Result<Reader<io::Empty>, String> {
        Err("its log was not kept".to_owned())
    }

    fn resume(
        &mut self,
        _: u32,
        _: u32,
        _: Player<io::Empty>,
    ) -> Result<Recorder<Nowhere>, String> {
        Err("its log was not kept".to_owned())
    }
}
