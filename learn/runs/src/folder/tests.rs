//! Tests of the run directory: what is written is found, and what is foreign is refused by name.

use std::collections::BTreeMap;

use replay::{Entry, Genesis, Mark, Player, Recorder};

use super::*;
use crate::checkpoint::{Environment, LogPlace};
use crate::config::KeepLogs;
use crate::{metrics, tensorboard};

const SEED: u64 = 42_001;

fn id(environment: u32, life: u32) -> MarketId {
    MarketId { environment, life }
}

fn config(keep_logs: KeepLogs) -> Config {
    let mut config = Config::preset("smoke").unwrap();
    config.train.keep_logs = keep_logs;
    config
}

fn market_genesis(config: &Config, seed: u64) -> Genesis {
    let ecology = config.ecology(config.train.life);
    let mut genesis = Genesis::new(ecology.genesis(), "learn-market");
    genesis.seed = seed;
    genesis.parameters = ecology.parameters();
    genesis
}

/// A run of one environment: so many updates of so many entries each, with a checkpoint after every
/// second one and a new life after every third.
struct Lab {
    folder: tempfile::TempDir,
    config: Config,
}

/// A run in the making.
struct Going {
    writer: Writer,
    train: Recorder<File>,
    market: Recorder<File>,
    life: u32,
    update: u64,
}

impl Lab {
    fn new(keep_logs: KeepLogs) -> Self {
        Self { folder: tempfile::tempdir().unwrap(), config: config(keep_logs) }
    }

    fn root(&self) -> PathBuf {
        self.folder.path().join("run")
    }

    fn begin(&self) -> Going {
        let mut writer = Writer::create(&self.root(), &self.config).unwrap();
        let genesis = train_log::genesis(&self.config, &BTreeMap::new());
        let train = writer.create_train_log(&genesis).unwrap();
        let market = writer.create_market(id(0, 1), &market_genesis(&self.config, SEED)).unwrap();
        let mut going = Going { writer, train, market, life: 1, update: 0 };
        going.save();
        going
    }

    fn resume(&self, update: u64) -> (Going, Rewound) {
        let mut writer = Writer::open(&self.root()).unwrap();
        let rewound = writer.rewind(update).unwrap();
        let life = rewound.checkpoint.environments[0].life;
        let go_on = |reader, path: &Path| {
            let mut player = Player::new(reader).unwrap();
            player.run().unwrap();
            writer.resume_log(path, player).unwrap()
        };
        let train = go_on(writer.train_log().unwrap(), &writer.train_log_path());
        let market = go_on(writer.market(id(0, life)).unwrap(), &writer.market_path(id(0, life)));
        (Going { writer, train, market, life, update }, rewound)
    }
}

impl Going {
    fn mark(recorder: &mut Recorder<File>, number: u64) {
        let mark = Mark { name: "x".parse().unwrap(), number };
        recorder.take(&Entry::Mark(mark)).unwrap();
    }

    fn update(&mut self) {
        self.update += 1;
        for _ in 0..5_000 {
            Self::mark(&mut self.market, self.update);
        }
        Self::mark(&mut self.train, self.update);
        let figures = BTreeMap::from([("loss".to_owned(), 0.5)]);
        let row = metrics::Row { update: self.update, figures };
        let event = tensorboard::Event { step: self.update, ..Default::default() };
        self.writer.report(&row, &event).unwrap();
        if self.update.is_multiple_of(3) {
            self.live_on();
        }
        if self.update.is_multiple_of(2) {
            self.save();
        }
    }

    /// Ends a market and begins the next.
    fn live_on(&mut self) {
        let seed = SEED + u64::from(self.life);
        let genesis = market_genesis(self.writer.config(), seed);
        let next = self.writer.create_market(id(0, self.life + 1), &genesis).unwrap();
        let ended = std::mem::replace(&mut self.market, next).finish().unwrap();
        self.writer.end_market(id(0, self.life), ended);
        self.life += 1;
    }

    fn save(&mut self) {
        self.train.sync().unwrap();
        self.market.sync().unwrap();
        let place = |it: &Recorder<File>| LogPlace { entry: it.entries(), head: it.head() };
        let environment = Environment {
            life: self.life,
            seed: SEED,
            steps: self.update,
            log: place(&self.market),
        };
        let checkpoint = Checkpoint {
            config: self.writer.config().digest(),
            update: self.update,
            learners: BTreeMap::new(),
            streams: BTreeMap::from([("actions/maker".to_owned(), self.update)]),
            scalars: BTreeMap::new(),
            counters: BTreeMap::new(),
            blobs: BTreeMap::new(),
            environments: vec![environment],
            train_log: place(&self.train),
        };
        self.writer.save(&checkpoint).unwrap();
    }

    fn finish(mut self) -> Run {
        let ended = self.market.finish().unwrap();
        self.writer.end_market(id(0, self.life), ended);
        let train = self.train.finish().unwrap();
        self.writer.finish(train).unwrap()
    }
}

fn append(path: &Path, bytes: &[u8]) {
    use std::io::Write;
    let file = std::fs::OpenOptions::new().append(true).create(true).open(path);
    file.unwrap().write_all(bytes).unwrap();
}

/// What a run has come to, without what a rewind leaves.
fn outcome(run: &Run) -> (Manifest, Vec<u8>, Vec<u8>) {
    let manifest = Manifest { asides: 0, ..run.manifest().clone() };
    let bytes = |path: &Path| std::fs::read(path).unwrap();
    (manifest, bytes(&run.metrics_path()), bytes(&run.events_path()))
}

fn straight(lab: &Lab, updates: u64) -> Run {
    let mut going = lab.begin();
    (0..updates).for_each(|_| going.update());
    going.finish()
}

#[test]
fn a_run_is_found_as_it_was_written() {
    let lab = Lab::new(KeepLogs::All);
    let written = straight(&lab, 5);
    let run = Run::open(&lab.root()).unwrap();
    assert_eq!((run.config(), run.manifest()), (&lab.config, written.manifest()));
    assert_eq!(run.manifest().state, State::Finished);
    assert_eq!(run.last_checkpoint(), Some(4));
    assert_eq!(run.checkpoint(2).unwrap().streams["actions/maker"], 2);
    let first = run.market_archive(id(0, 1)).unwrap();
    assert_eq!(first.entries(), 15_001);
    let mut reader = run.market(id(0, 2)).unwrap();
    while reader.next_block().unwrap().is_some() {}
    let end = run.manifest().markets[&id(0, 2)].end;
    assert_eq!((reader.entries(), reader.head()), (end.entries, end.head));
    assert!(run.train_log().is_ok());
    let names = files::names(&lab.root()).unwrap();
    insta::assert_snapshot!(names.join("\n"));
}

/// Interrupted anywhere and resumed at the last checkpoint, a run comes to what one that was not
/// interrupted does.
#[test]
fn interrupted_and_resumed_a_run_comes_to_the_same() {
    let whole = Lab::new(KeepLogs::All);
    let expected = outcome(&straight(&whole, 7));
    for stop in 0..7 {
        let lab = Lab::new(KeepLogs::All);
        let mut going = lab.begin();
        (0..stop).for_each(|_| going.update());
        // Neither finished nor synced: as after kill -9, a part of an entry behind the last frame.
        let path = going.writer.market_path(id(0, going.life));
        drop(going);
        append(&tail_path(&path), b"torn");
        append(&lab.root().join("metrics.jsonl"), b"{\"schema\":");
        let last = Run::open(&lab.root()).unwrap().last_checkpoint().unwrap();
        let (mut going, rewound) = lab.resume(last);
        assert!(rewound.aside.is_some());
        (last..7).for_each(|_| going.update());
        assert_eq!(outcome(&going.finish()), expected, "stopped after {stop}");
    }
}

#[test]
fn a_finished_run_is_rewound_and_what_came_after_is_kept() {
    let lab = Lab::new(KeepLogs::All);
    let run = straight(&lab, 7);
    let expected = outcome(&run);
    let log = std::fs::read(run.market_path(id(0, 1))).unwrap();
    let (mut going, rewound) = lab.resume(2);
    insta::assert_snapshot!(rewound.files.join("\n"));
    let aside = rewound.aside.unwrap();
    assert_eq!(std::fs::read(aside.join("markets/000-0001.log")).unwrap(), log);
    assert_eq!(Run::open(&lab.root()).unwrap().manifest().asides, 1);
    (2..7).for_each(|_| going.update());
    assert_eq!(outcome(&going.finish()), expected);
}

#[test]
fn where_nothing_came_after_nothing_is_set_aside() {
    let lab = Lab::new(KeepLogs::All);
    let mut going = lab.begin();
    (0..2).for_each(|_| going.update());
    drop(going);
    let (_, rewound) = lab.resume(2);
    assert_eq!((rewound.aside, rewound.files), (None, Vec::new()));
}

#[test]
fn logs_that_are_not_kept_go_when_no_checkpoint_needs_them() {
    for (keep_logs, kept) in [(KeepLogs::Last, 1), (KeepLogs::None, 0)] {
        let lab = Lab::new(keep_logs);
        let mut going = lab.begin();
        (0..3).for_each(|_| going.update());
        assert!(going.writer.market_path(id(0, 1)).is_file(), "checkpoint 2 needs it");
        going.update();
        assert!(!going.writer.market_path(id(0, 1)).is_file(), "checkpoint 4 does not");
        let run = going.finish();
        let logs = files::names(&lab.root().join("markets")).unwrap();
        assert_eq!(logs.iter().filter(|name| name.strip_suffix(".log").is_some()).count(), kept);
        assert!(matches!(run.market(id(0, 1)), Err(FolderError::NotKept(_))));
        let whole = Lab::new(KeepLogs::All);
        let heads = |run: &Run| -> Vec<_> {
            run.manifest().markets.iter().map(|(id, log)| (*id, log.end)).collect()
        };
        assert_eq!(heads(&run), heads(&straight(&whole, 4)), "heads are always kept");
        let refused = Writer::open(&lab.root()).unwrap().rewind(2).unwrap_err();
        assert!(matches!(refused, FolderError::NotKept(_)), "{refused}");
    }
}

fn refusal<T>(lab: &Lab, result: Result<T, FolderError>) -> String {
    let root = lab.root().display().to_string();
    result.map(|_| ()).unwrap_err().to_string().replace(&root, "RUN")
}

#[test]
fn what_does_not_belong_to_the_run_is_refused_by_name() {
    let lab = Lab::new(KeepLogs::All);
    let run = straight(&lab, 4);
    let mut told = Vec::new();
    let other = Lab { config: Config { seed: 7, ..lab.config.clone() }, ..Lab::new(KeepLogs::All) };
    let other_run = straight(&other, 4);
    let swap = |path: &Path, from: &Path, look: &mut dyn FnMut()| {
        let own = std::fs::read(path).unwrap();
        std::fs::copy(from, path).unwrap();
        look();
        std::fs::write(path, own).unwrap();
    };
    let path = run.checkpoint_path(2);
    swap(&path, &other_run.checkpoint_path(2), &mut || told.push(refusal(&lab, run.checkpoint(2))));
    swap(&path, &run.checkpoint_path(4), &mut || told.push(refusal(&lab, run.checkpoint(2))));
    told.push(refusal(&lab, run.checkpoint(3)));
    let path = run.train_log_path();
    swap(&path, &other_run.train_log_path(), &mut || told.push(refusal(&lab, run.train_log())));
    let path = run.market_path(id(0, 1));
    swap(&path, &run.market_path(id(0, 2)), &mut || {
        told.push(refusal(&lab, run.market(id(0, 1))));
        told.push(refusal(&lab, Writer::open(&lab.root()).unwrap().rewind(2)));
    });
    let own = std::fs::read(&path).unwrap();
    std::fs::write(&path, &own[..own.len() - 1]).unwrap();
    told.push(refusal(&lab, run.market_archive(id(0, 1))));
    std::fs::write(&path, own).unwrap();
    told.push(refusal(&lab, run.market(id(0, 9))));
    let path = lab.root().join("config.resolved.toml");
    swap(&path, &other.root().join("config.resolved.toml"), &mut || {
        told.push(refusal(&lab, Run::open(&lab.root())));
    });
    let path = lab.root().join("MANIFEST");
    swap(&path, &run.metrics_path(), &mut || told.push(refusal(&lab, Run::open(&lab.root()))));
    std::fs::remove_file(&path).unwrap();
    told.push(refusal(&lab, Run::open(&lab.root())).replace(" (os error 2)", ""));
    std::fs::create_dir(&path).unwrap();
    told.push(refusal(&lab, Run::open(&lab.root())));
    insta::assert_snapshot!(told.join("\n"));
}

/// Two markets whose genesis differs in one parameter have the same seed.
#[test]
fn a_log_with_another_parameter_is_foreign() {
    let lab = Lab::new(KeepLogs::All);
    let run = straight(&lab, 1);
    let mut genesis = market_genesis(&lab.config, SEED);
    genesis.parameters.insert("noise.act".to_owned(), "0.1".to_owned());
    let path = run.market_path(id(0, 1));
    std::fs::remove_file(&path).unwrap();
    let tail = File::create(tail_path(&path)).unwrap();
    let log = File::create(&path).unwrap();
    Recorder::create(&genesis, log, tail, replay::SyncPolicy::None).unwrap();
    assert!(refusal(&lab, run.market(id(0, 1))).contains("`noise.act` is not 0.7"));
}

/// The genesis of a market says nothing of what was decided in it.
#[test]
fn a_log_with_other_entries_is_foreign_to_a_checkpoint() {
    let lab = Lab::new(KeepLogs::All);
    let run = straight(&lab, 2);
    let path = run.market_path(id(0, 1));
    let genesis = market_genesis(&lab.config, SEED);
    let tail = File::create(tail_path(&path)).unwrap();
    let mut other =
        Recorder::create(&genesis, File::create(&path).unwrap(), tail, replay::SyncPolicy::None)
            .unwrap();
    (0..10_000).for_each(|_| Going::mark(&mut other, 77));
    other.sync().unwrap();
    let before = run.manifest().clone();
    let refused = refusal(&lab, Writer::open(&lab.root()).unwrap().rewind(2));
    assert!(refused.contains("000-0001.log: does not belong to this run: its head"), "{refused}");
    let refused = refusal(&lab, run.market_archive(id(0, 1)).map(|_| ()));
    assert!(refused.contains("it ends with 10000 entries"), "{refused}");
    assert_eq!(Run::open(&lab.root()).unwrap().manifest(), &before, "nothing was touched");
}

#[test]
fn a_run_is_written_by_one_and_never_over_another() {
    let lab = Lab::new(KeepLogs::All);
    let going = lab.begin();
    assert!(matches!(Writer::open(&lab.root()), Err(FolderError::Busy(_))));
    assert!(matches!(Writer::create(&lab.root(), &lab.config), Err(FolderError::Exists(_))));
    assert!(Run::open(&lab.root()).is_ok(), "looking is allowed");
    let Going { writer, .. } = going;
    let run = writer.fail("update 3: the loss of maker is\nnot finite").unwrap();
    assert_eq!(Run::open(&lab.root()).unwrap().manifest(), run.manifest());
    assert!(run.manifest().to_string().contains("state failed update 3: the loss of maker is"));
    assert!(Writer::open(&lab.root()).is_ok());
    let nowhere = lab.folder.path().join("no/run");
    assert!(matches!(Writer::create(&nowhere, &lab.config), Err(FolderError::CannotCreate { .. })));
    assert!(matches!(Writer::open(&nowhere), Err(FolderError::Absent { .. })));
}

/// A rewind that was cut off after any of its steps is done again, and comes to the same.
#[test]
fn a_rewind_that_was_interrupted_is_repeated() {
    let lab = Lab::new(KeepLogs::All);
    let run = straight(&lab, 7);
    let expected = outcome(&run);
    // As it stands once MANIFEST is new, one tail is, and nothing else.
    let mut manifest = run.manifest().clone();
    manifest.state = State::Running;
    manifest.checkpoints.retain(|update, _| *update <= 2);
    manifest.markets.retain(|id, _| id.life == 1);
    let place = run.checkpoint(2).unwrap().environments[0].log;
    let (log, tail) = open_files(&run.market_path(id(0, 1))).unwrap();
    let reader = Reader::open(log, tail, ReadLimits::NONE).unwrap();
    let cut = replay::cut::cut(reader, place.entry).unwrap();
    std::fs::write(tail_path(&run.market_path(id(0, 1))), &cut.tail).unwrap();
    std::fs::write(lab.root().join("MANIFEST"), manifest.to_string()).unwrap();
    let (mut going, _) = lab.resume(2);
    (2..7).for_each(|_| going.update());
    assert_eq!(outcome(&going.finish()), expected);
}
