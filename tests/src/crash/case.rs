//! Random cases, each a function of the seed and its number.

use std::cell::RefCell;
use std::fmt::Write as _;

use replay::{LogError, SyncPolicy};

use crate::crash::count::Counts;
use crate::crash::device::{Disk, Fault, Plan};
use crate::crash::disk::{Cut, Fill, Image, Lost};
use crate::crash::left::{Depth, Expected, Left, look};
use crate::crash::life::{Course, Life, live};
use crate::crash::script::Script;
use crate::random::Dice;

/// Images that are drawn of one life: a recording costs more than a look at what it left.
const IMAGES: u64 = 16;
/// Scripts that cases choose from; the last [`LONG`] of them fill blocks.
const SCRIPTS: u32 = 24;
const LONG: u32 = 2;

/// Scripts and memory that cases share.
#[derive(Debug)]
pub struct Bench {
    seed: u64,
    scripts: Vec<Script>,
    disk: RefCell<Disk>,
    log: Vec<u8>,
    tail: Vec<u8>,
    counts: Counts,
}

/// A case that failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failed {
    /// Its number.
    pub case: u64,
    /// What was wrong.
    pub what: String,
    /// How it came about.
    pub how: String,
}

/// What has happened to a log so far.
struct Story {
    life: Life,
    has_header: bool,
    has_holes: bool,
    told: String,
}

impl Bench {
    /// Scripts of a seed.
    ///
    /// # Errors
    /// Of the recorder: never on media in memory.
    pub fn new(seed: u64) -> Result<Self, LogError> {
        let mut dice = Dice::new(seed);
        let scripts = (1..=SCRIPTS).map(|number| {
            if SCRIPTS - LONG < number {
                let long = dice.within(31, 66);
                Script::random(&mut dice, 6, long)
            } else {
                let (short, long) = (dice.within(1, 12), dice.below(3));
                Script::random(&mut dice, short, long)
            }
        });
        let scripts = scripts.collect::<Result<_, _>>()?;
        Ok(Self {
            seed,
            scripts,
            disk: RefCell::new(Disk::new()),
            log: Vec::new(),
            tail: Vec::new(),
            counts: Counts::default(),
        })
    }

    /// What was met so far.
    pub const fn counts(&self) -> &Counts {
        &self.counts
    }

    /// Carries out the cases of one recording, or one of them.
    ///
    /// * `recording` - cases `recording * 16` to `recording * 16 + 15` are its.
    ///
    /// # Errors
    /// The first case that fails.
    pub fn run(&mut self, recording: u64, only: Option<u64>) -> Result<(), Failed> {
        let mut dice = Dice::new(self.seed ^ recording.wrapping_mul(0xd134_2543_de82_ef95));
        dice.bits();
        // Blocks are big: few logs have them.
        let index = if dice.one_in(80) {
            SCRIPTS - 1 - dice.below(LONG)
        } else {
            dice.below(SCRIPTS - LONG)
        };
        let case = recording * IMAGES;
        let script = &self.scripts[index as usize];
        let mut draw = Draw { script, index, dice: &mut dice, disk: &self.disk };
        let mut files = (std::mem::take(&mut self.log), std::mem::take(&mut self.tail));
        let failed = |case: u64, what: String, how: &str| Failed { case, what, how: how.into() };
        let story = draw
            .lives(&mut files, &mut self.counts)
            .map_err(|(what, how)| failed(case, what, &how))?;
        for case in case..case + IMAGES {
            // Drawn for the others as well, so that a case is the same alone.
            let mut dice = Dice::new(draw.dice.bits());
            if only.is_some_and(|only| only != case) {
                continue;
            }
            let (left, how) = draw.image(&story, &mut dice, &mut files, &mut self.counts);
            match left {
                Ok(left) => self.counts.take(&left),
                Err(what) => return Err(failed(case, what, &format!("{}{how}", story.told))),
            }
        }
        (self.log, self.tail) = files;
        Ok(())
    }
}

struct Draw<'a> {
    script: &'a Script,
    index: u32,
    dice: &'a mut Dice,
    disk: &'a RefCell<Disk>,
}

impl Draw<'_> {
    /// Some lives of one log, each but the last with a crash that is recovered from.
    fn lives(
        &mut self,
        files: &mut (Vec<u8>, Vec<u8>),
        counts: &mut Counts,
    ) -> Result<Story, (String, String)> {
        files.0.clear();
        files.1.clear();
        let mut story = Story {
            life: Life { acknowledged: 0, taken: 0 },
            has_header: false,
            has_holes: false,
            told: format!("script {} of {} entries\n", self.index, self.script.len()),
        };
        let mut lives = self.dice.pick(&[1, 1, 1, 2, 3]);
        loop {
            self.live(&mut story, files).map_err(|what| (what, story.told.clone()))?;
            lives -= 1;
            if lives == 0 {
                return Ok(story);
            }
            let mut dice = Dice::new(self.dice.bits());
            // A crash on the way is no case: it is drawn once for all cases that follow from it.
            let (left, how) = self.image(&story, &mut dice, files, &mut Counts::default());
            let left = left.map_err(|what| (what, format!("{}{how}", story.told)))?;
            let kept = match left {
                Left::Whole(kept) | Left::Dropped(kept) | Left::Refused(kept) if !kept.is_ended => {
                    kept
                }
                Left::NoLog | Left::Whole(_) | Left::Dropped(_) | Left::Refused(_) => {
                    return Ok(story);
                }
            };
            story.told.push_str(&how);
            // Recovery writes new files and syncs them before they get their name.
            files.0.truncate(kept.log_bytes);
            files.1.clone_from(&kept.tail);
            story.life = Life { acknowledged: kept.entries, taken: kept.entries };
            (story.has_header, story.has_holes) = (true, false);
            counts.resumed += IMAGES;
        }
    }

    fn live(&mut self, story: &mut Story, files: &(Vec<u8>, Vec<u8>)) -> Result<(), String> {
        let course = self.course(story.life.taken);
        let fault = self.dice.pick(&Fault::ALL);
        // Far ahead now and then: then nothing happens.
        let reach = 4 + self.script.entries.len() * 2;
        let at = 1 + self.dice.below(u32::try_from(reach).unwrap_or(1));
        let part = u16::try_from(self.dice.below(1 << 16)).unwrap_or(0);
        let plan = Plan { fault, at, part };
        {
            let mut disk = self.disk.borrow_mut();
            disk.begin(&files.0, &files.1, plan);
            disk.chops = self.dice.one_in(3).then(|| Dice::new(self.dice.bits()));
        }
        // Writing to a string cannot fail.
        let _ = writeln!(story.told, "{course:?}\n{plan:?}");
        let life = live(self.script, &course, self.disk)?;
        story.life.acknowledged = story.life.acknowledged.max(life.acknowledged);
        story.life.taken = story.life.taken.max(life.taken);
        let disk = self.disk.borrow();
        story.has_header |=
            self.script.header_bytes <= disk.log.len_min(0) && disk.log.contents() == 1;
        let _ = writeln!(story.told, "{} calls, {:?} failed, {life:?}", disk.calls, disk.met);
        Ok(())
    }

    fn course(&mut self, from: u64) -> Course {
        let len = self.script.len();
        let left = u32::try_from(len - from.min(len)).unwrap_or(0);
        let finishes = self.dice.one_in(3);
        let stop = if finishes { len } else { from + u64::from(self.dice.below(left + 1)) };
        let bits = self.dice.bits();
        let syncs = match self.dice.below(5) {
            0 => 0,
            1 => bits & self.dice.bits() & self.dice.bits(),
            2 => bits,
            3 => 1 << self.dice.below(64),
            _ => u64::MAX,
        };
        let policy = self.dice.pick(&[
            SyncPolicy::None,
            SyncPolicy::Block,
            SyncPolicy::Block,
            SyncPolicy::Entry,
        ]);
        Course { policy, syncs, stop: stop.min(len), finishes }
    }

    /// One thing that may be found after the life: the files as they were, or what the loss of
    /// power left of them.
    fn image(
        &self,
        story: &Story,
        dice: &mut Dice,
        (log, tail): &mut (Vec<u8>, Vec<u8>),
        counts: &mut Counts,
    ) -> (Result<Left, String>, String) {
        let disk = self.disk.borrow();
        let Plan { fault, .. } = disk.plan;
        let is_cut = fault == Fault::Power || !dice.one_in(4);
        let (mut lost, mut lost_tail) = (Lost::default(), Lost::default());
        let mut how = "the files as they were\n".to_owned();
        if is_cut {
            let (cut, cut_tail) = (draw_cut(&disk.log, dice), draw_cut(&disk.tail, dice));
            lost = disk.log.after(cut, pattern(dice, disk.log.sectors(cut)), log);
            lost_tail = disk.tail.after(cut_tail, pattern(dice, disk.tail.sectors(cut_tail)), tail);
            how = format!("log: {cut:?} {lost:?}\ntail: {cut_tail:?} {lost_tail:?}\n");
        } else {
            log.clear();
            log.extend_from_slice(disk.log.present());
            tail.clear();
            tail.extend_from_slice(disk.tail.present());
        }
        counts.cases += 1;
        counts.fault(fault, disk.met);
        counts.cuts += u64::from(is_cut && !(disk.log.is_durable() && disk.tail.is_durable()));
        counts.holes += u64::from(lost.holes || lost_tail.holes);
        counts.back += u64::from(lost_tail.back);
        counts.blocks += u64::from(1 << 16 < self.script.whole.len());
        counts.acknowledged += story.life.acknowledged;
        let has_holes = story.has_holes || lost.holes;
        let expected = Expected {
            acknowledged: story.life.acknowledged,
            taken: story.life.taken,
            has_header: story.has_header,
            has_holes,
        };
        let depth = match dice.below(64) {
            0 => Depth::Onward,
            1..6 => Depth::Twice,
            _ => Depth::Once,
        };
        (look(self.script, log, tail, expected, depth), how)
    }
}

/// Chooses what of a file is left.
pub fn draw_cut(image: &Image, dice: &mut Dice) -> Cut {
    let contents = u32::try_from(image.contents()).unwrap_or(1);
    let back = if dice.one_in(2) { 0 } else { dice.below(contents) as usize };
    let (min, max) = (image.len_min(back), image.len(back));
    let len = if dice.one_in(2) {
        max
    } else {
        min + dice.below(u32::try_from(max - min + 1).unwrap_or(1)) as usize
    };
    let sector = dice.pick(&[512, 512, 4096]);
    let fill = if dice.one_in(2) {
        Fill::Zeros
    } else {
        Fill::Garbage(u8::try_from(dice.below(256)).unwrap_or(0))
    };
    Cut { back, len, sector, fill }
}

/// Which of so many sectors were written: all, none, the first ones, all but one, one, or any.
fn pattern(dice: &mut Dice, sectors: usize) -> impl FnMut(usize) -> bool {
    let kind = dice.below(6);
    let at = dice.below(u32::try_from(sectors).unwrap_or(u32::MAX).max(1)) as usize;
    let mut any = Dice::new(dice.bits());
    move |sector| match kind {
        0 => true,
        1 => false,
        2 => sector < at,
        3 => sector != at,
        4 => sector == at,
        _ => any.one_in(2),
    }
}
