//! The two files of a log on a disk that fails at one of its calls.

use std::cell::RefCell;
use std::io::{self, ErrorKind, Write};

use replay::Medium;

use crate::crash::disk::Image;
use crate::random::Dice;

/// What goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// Nothing: the process is killed when the script ends.
    None,
    /// The device fails once and works again afterwards, as devices do.
    Once,
    /// The device fails from then on.
    Lasting,
    /// There is no room from then on.
    NoSpace,
    /// The power is lost.
    Power,
}

impl Fault {
    /// All of them, in the order of their declaration.
    pub const ALL: [Self; 5] = [Self::None, Self::Once, Self::Lasting, Self::NoSpace, Self::Power];

    const fn kind(self) -> ErrorKind {
        match self {
            Self::NoSpace => ErrorKind::StorageFull,
            Self::None | Self::Once | Self::Lasting | Self::Power => ErrorKind::Other,
        }
    }
}

/// When something goes wrong, and how much was done by then.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// What.
    pub fault: Fault,
    /// At which call, from 1 on.
    pub at: u32,
    /// Bytes of a failing append that are written all the same, of 2^16 parts of it. A failing
    /// emptying is carried out when it is odd.
    pub part: u16,
}

impl Plan {
    /// Nothing goes wrong.
    pub const NONE: Self = Self { fault: Fault::None, at: 0, part: 0 };
}

/// What a call asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Call {
    /// To append.
    Append,
    /// To sync.
    Sync,
    /// To empty.
    Clear,
}

/// Two files and the calls that they have had.
#[derive(Debug)]
pub struct Disk {
    /// `LOG`.
    pub log: Image,
    /// `LOG.tail`.
    pub tail: Image,
    /// Calls so far.
    pub calls: u32,
    /// What goes wrong in this life.
    pub plan: Plan,
    /// The call that met the fault.
    pub met: Option<Call>,
    /// Cuts appends into pieces, with interruptions between them, when there is one.
    pub chops: Option<Dice>,
}

impl Disk {
    /// Two empty files.
    pub fn new() -> Self {
        Self {
            log: Image::default(),
            tail: Image::default(),
            calls: 0,
            plan: Plan::NONE,
            met: None,
            chops: None,
        }
    }

    /// Begins a life on two files that are durable.
    pub fn begin(&mut self, log: &[u8], tail: &[u8], plan: Plan) {
        self.log.restore(log);
        self.tail.restore(tail);
        (self.calls, self.plan, self.met) = (0, plan, None);
    }

    /// Counts a call; whether it works, and whether it is the one that the plan is about.
    fn call(&mut self, call: Call) -> Turn {
        self.calls += 1;
        let Plan { fault, at, .. } = self.plan;
        if fault == Fault::None || self.calls < at {
            return Turn::Works;
        }
        if self.calls == at {
            self.met = Some(call);
            return Turn::Breaks;
        }
        if fault == Fault::Once { Turn::Works } else { Turn::Broken }
    }

    fn error(&self) -> io::Error {
        self.plan.fault.kind().into()
    }
}

impl Default for Disk {
    fn default() -> Self {
        Self::new()
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Turn {
    Works,
    Breaks,
    Broken,
}

/// One of the two files, as a recorder has it.
#[derive(Clone, Copy, Debug)]
pub struct Port<'a> {
    /// Both files.
    pub disk: &'a RefCell<Disk>,
    /// Which of them.
    pub is_tail: bool,
}

impl Port<'_> {
    fn image(disk: &mut Disk, is_tail: bool) -> &mut Image {
        if is_tail { &mut disk.tail } else { &mut disk.log }
    }
}

impl Medium for Port<'_> {
    /// As a file does: one write after the other until all is written.
    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        let mut disk = self.disk.borrow_mut();
        let room = match disk.call(Call::Append) {
            Turn::Works => usize::MAX,
            Turn::Breaks => (bytes.len() * usize::from(disk.plan.part)) >> 16,
            Turn::Broken => 0,
        };
        Writes { disk: &mut disk, is_tail: self.is_tail, room }.write_all(bytes)
    }

    fn sync(&mut self) -> io::Result<()> {
        let mut disk = self.disk.borrow_mut();
        let turn = disk.call(Call::Sync);
        let image = Self::image(&mut disk, self.is_tail);
        match turn {
            Turn::Works => {
                image.sync();
                return Ok(());
            }
            Turn::Breaks => image.fail_sync(),
            Turn::Broken => {}
        }
        Err(disk.error())
    }

    fn clear(&mut self) -> io::Result<()> {
        let mut disk = self.disk.borrow_mut();
        let turn = disk.call(Call::Clear);
        let is_done = turn == Turn::Breaks && disk.plan.part % 2 == 1;
        if turn == Turn::Works || is_done {
            Self::image(&mut disk, self.is_tail).clear();
        }
        if turn == Turn::Works { Ok(()) } else { Err(disk.error()) }
    }
}

/// The writes that an append is made of: short ones, interrupted ones, and none when there is no
/// room left.
struct Writes<'a> {
    disk: &'a mut Disk,
    is_tail: bool,
    room: usize,
}

impl Write for Writes<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut len = bytes.len().min(self.room);
        if let Some(dice) = &mut self.disk.chops {
            if dice.one_in(6) {
                return Err(ErrorKind::Interrupted.into());
            }
            if 1 < len && dice.one_in(3) {
                len = dice.within(1, u32::try_from(len).unwrap_or(1)) as usize;
            }
        }
        if len == 0 && !bytes.is_empty() {
            return Err(self.disk.error());
        }
        self.room -= len;
        Port::image(self.disk, self.is_tail).append(&bytes[..len]);
        Ok(len)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
