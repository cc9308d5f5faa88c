//! Tests of `train.log`.

use quickcheck::{Arbitrary, Gen, quickcheck};
use replay::entry::DecisionEntry;
use replay::{ReadLimits, SyncPolicy};

use super::*;
use crate::checkpoint::{Learner, Tensor};
use crate::config::Config;

type Bytes = (Vec<u8>, Vec<u8>);

fn machine() -> BTreeMap<String, String> {
    BTreeMap::from([("threads".to_owned(), "1".to_owned())])
}

fn start() -> Genesis {
    genesis(&Config::preset("smoke").unwrap(), &machine())
}

/// A log of these entries; ended or not.
fn log(genesis: &Genesis, entries: &[Entry], is_ended: bool) -> Bytes {
    let (mut log, mut tail) = (Vec::new(), Vec::new());
    let mut recorder = Recorder::create(genesis, &mut log, &mut tail, SyncPolicy::None).unwrap();
    for entry in entries {
        recorder.take(entry).unwrap();
    }
    if is_ended {
        recorder.finish().unwrap();
    } else {
        recorder.sync().unwrap();
    }
    (log, tail)
}

fn read(bytes: &Bytes) -> Result<TrainLog, TrainLogError> {
    TrainLog::read(Reader::open(&bytes.0[..], bytes.1.clone(), ReadLimits::DEFAULT).unwrap())
}

fn update(number: u64) -> UpdateRecord {
    let digests =
        |byte| BTreeMap::from([(Kind::Maker, Digest([byte; 32])), (Kind::Noise, Digest([9; 32]))]);
    UpdateRecord {
        update: number,
        market: (number != 0).then_some(Digest([1; 32])),
        sampling: if number == 0 { BTreeMap::new() } else { digests(2) },
        gradient: digests(3),
        metrics: BTreeMap::from([("maker.loss".to_owned(), 0.5), ("x".to_owned(), -0.0)]),
    }
}

fn entries(updates: &[UpdateRecord]) -> Vec<Entry> {
    updates.iter().flat_map(|it| it.entries().unwrap()).collect()
}

/// Updates that follow each other.
#[derive(Clone, Debug)]
struct Updates(Vec<UpdateRecord>);

impl Arbitrary for Updates {
    fn arbitrary(g: &mut Gen) -> Self {
        let first = u64::from(bool::arbitrary(g));
        let count = u64::from(u8::arbitrary(g) % 6);
        let one = |number: u64, g: &mut Gen| {
            let digests = |g: &mut Gen| -> BTreeMap<Kind, Digest> {
                let kinds =
                    Kind::ALL.into_iter().filter(|_| bool::arbitrary(g)).collect::<Vec<_>>();
                kinds.into_iter().map(|kind| (kind, Digest([u8::arbitrary(g); 32]))).collect()
            };
            let mut record = UpdateRecord { update: number, gradient: digests(g), ..update(0) };
            record.gradient.insert(Kind::Value, Digest([7; 32]));
            if number != 0 {
                record.market = Some(Digest([u8::arbitrary(g); 32]));
                record.sampling = digests(g);
            }
            record.metrics = (0..u8::arbitrary(g) % 4)
                .map(|index| (format!("m.{index}"), f64::from(i32::arbitrary(g)) / 7.0))
                .collect();
            record
        };
        Self((first..first + count).map(|number| one(number, g)).collect())
    }
}

quickcheck! {
    fn what_is_written_is_read_as_the_same(updates: Updates, is_ended: bool) -> bool {
        let read = read(&log(&start(), &entries(&updates.0), is_ended)).unwrap();
        read.updates == updates.0 && read.open_entries == 0 && read.is_ended == is_ended
    }

    /// The first record that was changed is found, whatever follows.
    fn a_change_is_found(updates: Updates, place: usize, kind: u8) -> bool {
        let Updates(one) = updates;
        let Some(last) = one.len().checked_sub(1) else { return true };
        let place = place % (last + 1);
        let mut other = one.clone();
        let what = match kind % 3 {
            0 if other[place].market.is_some() => {
                other[place].market = Some(Digest([0xEE; 32]));
                What::Market
            }
            1 => {
                other[place].metrics.insert("zz".to_owned(), 1.0);
                What::Metric
            }
            _ => {
                other[place].gradient.insert(Kind::Value, Digest([0xEE; 32]));
                What::Gradient
            }
        };
        let found = first_parting_update(&one, &other).unwrap();
        (found.update, found.what) == (one[place].update, what)
    }
}

#[test]
fn figures_keep_their_bits() {
    let mut record = update(1);
    let odd = f64::from_bits(0x7FF8_0000_0000_1234);
    record.metrics.insert("odd".to_owned(), odd);
    let read = read(&log(&start(), &entries(&[record]), true)).unwrap();
    assert_eq!(read.updates[0].metrics["odd"].to_bits(), odd.to_bits());
    assert_eq!(read.genesis.parameters["machine.threads"], "1");
}

#[test]
fn the_entries_of_an_update() {
    let shown: Vec<_> = entries(&[update(0), update(1)])
        .iter()
        .map(|entry| match entry {
            Entry::Update(it) => {
                format!("update {} of {}: {:02x}", it.number, it.learner, it.digest[0])
            }
            Entry::Mark(mark) => format!("mark {} {:#x}", mark.name, mark.number),
            Entry::Command(_) | Entry::Decision(_) | Entry::End => format!("{entry:?}"),
        })
        .collect();
    insta::assert_snapshot!(shown.join("\n"));
}

#[test]
fn an_interrupted_update_is_none() {
    let all = entries(&[update(1), update(2)]);
    let whole = entries(&[update(1)]).len();
    for count in 0..all.len() {
        let read = read(&log(&start(), &all[..count], false)).unwrap();
        assert_eq!(read.updates.len(), usize::from(whole <= count), "{count} entries");
        let open = if whole <= count { count - whole } else { count };
        assert_eq!(read.open_entries, open as u64);
    }
}

#[test]
fn other_logs_are_refused() {
    let told = |entries: &[Entry]| read(&log(&start(), entries, true)).unwrap_err().to_string();
    let one = entries(&[update(1)]);
    let mut twice = one.clone();
    twice.insert(1, one[1].clone());
    let mut swapped = one.clone();
    swapped.swap(1, 2);
    let mut late = one.clone();
    late.swap(4, 5);
    let mut names = one.clone();
    names.swap(5, 6);
    let mut unknown = one.clone();
    unknown[2] = Entry::Update(Update { learner: 20, number: 1, digest: [0; 32] });
    let decision = Entry::Decision(DecisionEntry {
        agent: 1,
        policy: 1,
        action: vec![],
        first_reference: kernel::Reference(0),
        commands: 0,
        observation: None,
    });
    let other = |change: fn(&mut Genesis)| {
        let mut genesis = start();
        change(&mut genesis);
        read(&log(&genesis, &one, true)).unwrap_err().to_string()
    };
    insta::assert_snapshot!(
        [
            told(&twice),
            told(&swapped),
            told(&late),
            told(&names),
            told(&unknown),
            told(&one[1..]),
            told(&one[..3]),
            told(&one[one.len() - 1..]),
            told(&one[one.len() - 2..]),
            told(&entries(&[update(1), update(1)])),
            told(&entries(&[update(1), update(3)])),
            told(&entries(&[update(2)])),
            told(&[&one[..2], &entries(&[update(2)])].concat()),
            told(&[decision]),
            other(|it| it.producer = "other".to_owned()),
            other(|it| it.parameters.clear()),
            other(|it| {
                it.parameters.insert("ppo.gamma".to_owned(), "2".to_owned());
            }),
        ]
        .join("\n")
    );
}

#[test]
fn a_record_that_no_reader_takes_is_not_written() {
    let named = |name: &str| {
        let mut record = update(1);
        record.metrics.insert(name.to_owned(), 1.0);
        record
    };
    let no_market = UpdateRecord { market: None, ..update(1) };
    let market = UpdateRecord { market: Some(Digest::ZERO), ..update(0) };
    for record in [named("update"), named(""), named("a/b"), no_market, market] {
        let (mut log, mut tail) = (Vec::new(), Vec::new());
        let recorder = Recorder::create(&start(), &mut log, &mut tail, SyncPolicy::None);
        let mut recorder = recorder.unwrap();
        let refused = super::record(&mut recorder, &record).unwrap_err();
        assert!(matches!(refused, TrainLogError::Record { .. }), "{record:?}");
        assert_eq!(recorder.entries(), 0);
    }
}

#[test]
fn causes_come_before_what_they_cause() {
    let of = |updates: Vec<UpdateRecord>| TrainLog {
        genesis: start(),
        updates,
        open_entries: 0,
        is_ended: true,
    };
    let base = of(vec![update(0), update(1), update(2)]);
    let changed = |at: usize, change: &dyn Fn(&mut UpdateRecord)| {
        let mut log = base.clone();
        change(&mut log.updates[at]);
        log
    };
    let other = Digest([0xEE; 32]);
    let all = |record: &mut UpdateRecord| {
        record.market = Some(other);
        record.sampling.insert(Kind::Maker, other);
        record.gradient.insert(Kind::Maker, other);
        record.metrics.clear();
    };
    let found =
        |log: &TrainLog| first_parting(&base, log).map(|it| (it.update, it.what, it.kind, it.name));
    assert_eq!(found(&base), None);
    assert_eq!(found(&changed(1, &all)), Some((1, What::Market, None, None)));
    let sampled = changed(2, &|it| {
        all(it);
        it.market = update(2).market;
    });
    assert_eq!(found(&sampled), Some((2, What::Sampling, Some(Kind::Maker), None)));
    let learned = changed(0, &|it| {
        it.gradient.remove(&Kind::Noise);
        it.metrics.clear();
    });
    assert_eq!(found(&learned), Some((0, What::Gradient, Some(Kind::Noise), None)));
    // An earlier gradient comes before a later market.
    let mut both = learned.clone();
    all(&mut both.updates[1]);
    assert_eq!(found(&both), found(&learned));
    let figure = changed(1, &|it| {
        it.metrics.insert("x".to_owned(), 0.0);
    });
    assert_eq!(found(&figure), Some((1, What::Metric, None, Some("x".to_owned()))));
    let mut shorter = base.clone();
    shorter.updates.pop();
    assert_eq!(found(&shorter), Some((2, What::Length, None, None)));
    shorter.updates.remove(0);
    assert_eq!(found(&shorter), Some((0, What::Length, None, None)));
    let mut elsewhere = learned;
    elsewhere.genesis.parameters.insert("machine.threads".to_owned(), "2".to_owned());
    assert_eq!(differing_parameters(&base, &elsewhere), ["machine.threads"]);
    assert_eq!(found(&elsewhere), Some((0, What::Gradient, Some(Kind::Noise), None)));
    elsewhere.genesis.parameters.insert("ppo.gamma".to_owned(), "0.5".to_owned());
    assert_eq!(found(&elsewhere), Some((0, What::Genesis, None, Some("ppo.gamma".to_owned()))));
}

#[test]
fn one_bit_changes_a_digest() {
    let learner = |number: f32, name: &str| {
        let tensor = Tensor::new(&[1, 2], vec![1.0, number]).unwrap();
        Learner { policy: BTreeMap::from([(name.to_owned(), tensor)]), ..Learner::default() }
    };
    let next = f32::from_bits(1.0_f32.to_bits() + 1);
    let all = [
        digests::gradient(&learner(1.0, "w")),
        digests::gradient(&learner(next, "w")),
        digests::gradient(&learner(1.0, "v")),
        digests::sampling(&[1, 2], &[3], &[0.5]),
        digests::sampling(&[1], &[2, 3], &[0.5]),
        digests::sampling(&[1, 2], &[3], &[-0.5]),
        digests::market(&[Digest::ZERO]),
        digests::market(&[Digest::ZERO; 2]),
    ];
    for (index, digest) in all.iter().enumerate() {
        assert!(!all[..index].contains(digest), "{index}");
    }
}
