//! Files of a training run: read here, and written again as the same bytes.

use std::fmt::{Display, Write as _};

use agents::Kind;
use blake3::Hasher;
use replay::{Digest, Entry, Player, ReadLimits, Reader};
use runs::checkpoint::Checkpoint;
use runs::config::{Config, Layers};
use runs::folder::manifest::Manifest;
use runs::train_log::{TrainLog, UpdateRecord, digests};
use runs::{metrics, tensorboard, train_log};

use crate::run::{self, Run};
use crate::{Fields, bytes, field, text};

/// Reads the file `bytes` as what `training` says it is, and writes it again.
///
/// Numbers that were read are told as digests over their bits: a reader and a writer that are wrong
/// alike would still give back the bytes.
pub(crate) fn answer(fields: &Fields<'_>) -> Result<String, String> {
    let bytes = bytes(field(fields, "bytes")?).ok_or("`bytes` is not hexadecimal")?;
    match field(fields, "training")? {
        "checkpoint" => checkpoint(&bytes),
        "config" => config(&bytes),
        "events" => events(&bytes),
        "manifest" => manifest(&bytes),
        "market" => market(&bytes),
        "metrics" => figures(&bytes),
        "train_log" => updates(&bytes),
        other => Err(format!("no file of a training run is called `{other}`")),
    }
}

fn checkpoint(bytes: &[u8]) -> Result<String, String> {
    let read = Checkpoint::decode(bytes).map_err(text)?;
    same(bytes, &read.encode().map_err(text)?)?;
    let mut numbers = Numbers::default();
    for (name, count) in &read.streams {
        numbers.text(name).number(*count);
    }
    for (name, scalar) in &read.scalars {
        numbers.text(name).number(scalar.to_bits());
    }
    for (name, counter) in &read.counters {
        numbers.text(name).number(counter.cast_unsigned());
    }
    for (name, blob) in &read.blobs {
        numbers.text(name).bytes(blob);
    }
    for environment in &read.environments {
        numbers.number(environment.life.into()).number(environment.seed).number(environment.steps);
        numbers.number(environment.log.entry).bytes(&environment.log.head.0);
    }
    let mut lines = Lines::default();
    lines.line("config", read.config).line("update", read.update);
    lines.line("train_entry", read.train_log.entry).line("train_head", read.train_log.head);
    for (kind, learner) in &read.learners {
        lines.line(&format!("gradient_{}", kind.name()), digests::gradient(learner));
    }
    Ok(lines.line("numbers", numbers.digest()).line("digest", Checkpoint::digest(bytes)).done())
}

fn config(bytes: &[u8]) -> Result<String, String> {
    let layers = Layers::new("smoke").and_then(|layers| layers.file("file", bytes));
    let read = layers.and_then(|layers| layers.resolve()).map_err(text)?.config;
    same(bytes, read.to_string().as_bytes())?;
    let parameters = read.parameters();
    if Config::from_parameters(&parameters).map_err(text)? != read {
        return Err("its parameters make another configuration".to_owned());
    }
    let mut numbers = Numbers::default();
    for (name, value) in &parameters {
        numbers.text(name).text(value);
    }
    let mut lines = Lines::default();
    lines.line("parameters", parameters.len()).line("numbers", numbers.digest());
    Ok(lines.line("digest", read.digest()).done())
}

fn events(bytes: &[u8]) -> Result<String, String> {
    let (events, whole) = tensorboard::read(bytes).map_err(text)?;
    let written = events.iter().flat_map(tensorboard::append);
    same(bytes, &tensorboard::start().into_iter().chain(written).collect::<Vec<_>>())?;
    let mut numbers = Numbers::default();
    for event in &events {
        numbers.number(event.step);
        for (tag, scalar) in &event.scalars {
            numbers.text(tag).number(scalar.to_bits().into());
        }
        for (tag, it) in &event.histograms {
            numbers.text(tag);
            let single = [it.min, it.max, it.count, it.sum, it.sum_of_squares];
            let buckets = it.buckets.iter().flat_map(|(bound, count)| [*bound, *count]);
            for number in single.into_iter().chain(buckets) {
                numbers.number(number.to_bits());
            }
        }
    }
    let mut lines = Lines::default();
    lines.line("events", events.len()).line("numbers", numbers.digest());
    Ok(lines.line("bytes", whole).line("digest", plain(bytes)).done())
}

fn manifest(bytes: &[u8]) -> Result<String, String> {
    let read = Manifest::parse(bytes).map_err(text)?;
    same(bytes, read.to_string().as_bytes())?;
    let mut lines = Lines::default();
    lines.line("config", read.config).line("train_entries", read.train.entries);
    lines.line("markets", read.markets.len()).line("checkpoints", read.checkpoints.len());
    Ok(lines.line("digest", plain(bytes)).done())
}

fn figures(bytes: &[u8]) -> Result<String, String> {
    let read = metrics::read(bytes).map_err(text)?;
    let mut written = String::new();
    let mut numbers = Numbers::default();
    for row in &read.rows {
        written.push_str(&row.line().map_err(text)?);
        numbers.number(row.update);
        for (name, figure) in &row.figures {
            numbers.text(name).number(figure.to_bits());
        }
    }
    same(bytes, written.as_bytes())?;
    let mut lines = Lines::default();
    lines.line("rows", read.rows.len()).line("numbers", numbers.digest());
    Ok(lines.line("digest", plain(bytes)).done())
}

/// A market's log: replayed to its end.
fn market(bytes: &[u8]) -> Result<String, String> {
    let mut player = Player::new(open(bytes)?).map_err(text)?;
    let (mut decisions, mut seen) = (0_u64, 0_u64);
    while let Some(moment) = player.advance().map_err(text)? {
        if let Entry::Decision(decision) = moment.entry {
            decisions += 1;
            seen += u64::from(decision.observation.is_some());
        }
    }
    let mut lines = Lines(Run::of(&player.summary())?.lines());
    Ok(lines.line("decisions", decisions).line("of_policies", seen).done())
}

/// A `train.log`: read, recorded again from its updates, replayed.
fn updates(bytes: &[u8]) -> Result<String, String> {
    let read = TrainLog::read(open(bytes)?).map_err(text)?;
    let (written, finished) = run::recorded(&read.genesis, |recorder| {
        let mut updates = read.updates.iter();
        updates.try_for_each(|update| train_log::record(recorder, update).map_err(text))
    })?;
    let replayed = run::replayed(&written, &finished)?;
    // How entries are cut into blocks depends on when they were made durable.
    let mut player = Player::new(open(bytes)?).map_err(text)?;
    let kept = Run::of(&player.run().map_err(text)?)?;
    if (kept.entries, kept.head, kept.outcome)
        != (replayed.entries, replayed.head, replayed.outcome)
    {
        return Err("its updates are recorded as other entries".to_owned());
    }
    let mut numbers = Numbers::default();
    read.updates.iter().for_each(|update| numbers.update(update));
    let mut lines = Lines(kept.lines());
    for (kind, digest) in read.updates.last().iter().flat_map(|update| &update.gradient) {
        lines.line(&format!("gradient_{}", kind.name()), digest);
    }
    Ok(lines.line("updates", read.updates.len()).line("numbers", numbers.digest()).done())
}

fn open(log: &[u8]) -> Result<Reader<&[u8]>, String> {
    Reader::open(log, Vec::new(), ReadLimits::DEFAULT).map_err(text)
}

fn same(bytes: &[u8], written: &[u8]) -> Result<(), String> {
    if bytes == written {
        return Ok(());
    }
    let equal = bytes.iter().zip(written).take_while(|(one, other)| one == other).count();
    Err(format!("what was read is written otherwise, from byte {equal}"))
}

fn plain(bytes: &[u8]) -> Digest {
    Digest(*blake3::hash(bytes).as_bytes())
}

/// Lines of an answer.
#[derive(Default)]
struct Lines(String);

impl Lines {
    fn line(&mut self, key: &str, value: impl Display) -> &mut Self {
        // Writing to a string cannot fail.
        let _ = writeln!(self.0, "{key} = {value}");
        self
    }

    fn done(&mut self) -> String {
        std::mem::take(&mut self.0)
    }
}

/// What was read, digested as it stands in memory.
#[derive(Default)]
struct Numbers(Hasher);

impl Numbers {
    fn number(&mut self, bits: u64) -> &mut Self {
        self.0.update(&bits.to_le_bytes());
        self
    }

    fn bytes(&mut self, bytes: &[u8]) -> &mut Self {
        self.number(bytes.len() as u64).0.update(bytes);
        self
    }

    fn text(&mut self, text: &str) -> &mut Self {
        self.bytes(text.as_bytes())
    }

    fn update(&mut self, update: &UpdateRecord) {
        self.number(update.update).bytes(&update.market.unwrap_or(Digest::ZERO).0);
        for digests in [&update.sampling, &update.gradient] {
            for kind in Kind::ALL {
                self.bytes(digests.get(&kind).map_or(&[][..], |digest| &digest.0));
            }
        }
        for (name, figure) in &update.metrics {
            self.text(name).number(figure.to_bits());
        }
    }

    fn digest(&self) -> Digest {
        Digest(*self.0.finalize().as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    macro_rules! golden {
        ($file:literal) => {
            include_bytes!(concat!("../../../golden/training/run/", $file))
        };
    }

    const FILES: [(&str, &[u8]); 7] = [
        ("checkpoint", golden!("checkpoints/000002.safetensors")),
        ("config", golden!("config.resolved.toml")),
        ("events", golden!("events.out.tfevents.run")),
        ("manifest", golden!("MANIFEST")),
        ("market", golden!("markets/000-0002.log")),
        ("metrics", golden!("metrics.jsonl")),
        ("train_log", golden!("train.log")),
    ];

    fn read(kind: &str, bytes: &[u8]) -> Result<String, String> {
        let digits = crate::digits(bytes);
        answer(&Fields::from([("training", kind), ("bytes", digits.as_str())]))
    }

    fn told<'a>(answer: &'a str, key: &str) -> &'a str {
        let mut lines = answer.lines().filter_map(|line| line.split_once(" = "));
        lines.find(|(known, _)| *known == key).unwrap().1
    }

    fn bytes_of(kind: &str) -> &'static [u8] {
        FILES.iter().find(|(known, _)| *known == kind).unwrap().1
    }

    #[test]
    fn the_golden_files_tell_of_each_other() {
        let [checkpoint, config, events, manifest, market, metrics, train_log] =
            FILES.map(|(kind, bytes)| read(kind, bytes).unwrap());
        let kept = Manifest::parse(bytes_of("manifest")).unwrap();
        for answer in [&checkpoint, &manifest] {
            assert_eq!(told(answer, "config"), told(&config, "digest"));
        }
        assert_eq!(told(&checkpoint, "digest"), kept.checkpoints[&2].to_string());
        assert_eq!(told(&train_log, "seal"), kept.train.seal.unwrap().to_string());
        let market_log = kept.markets.last_key_value().unwrap().1;
        assert_eq!(told(&market, "head"), market_log.end.head.to_string());
        assert_ne!(told(&market, "of_policies"), "0");
        assert_eq!((told(&events, "events"), told(&metrics, "rows")), ("2", "2"));
        assert_eq!(told(&train_log, "updates"), "3");
    }

    /// Authentic or not: a changed file is refused, or tells something else.
    #[test]
    fn no_change_of_a_file_goes_unseen() {
        for (kind, bytes) in FILES {
            let whole = read(kind, bytes).unwrap();
            for at in (0..bytes.len()).step_by(bytes.len() / 25) {
                let mut changed = bytes.to_vec();
                changed[at] ^= 1;
                assert_ne!(read(kind, &changed), Ok(whole.clone()), "{kind}, byte {at}");
                assert_ne!(read(kind, &bytes[..at]), Ok(whole.clone()), "{kind}, cut at {at}");
            }
            assert!(read(kind, &[bytes, b"0"].concat()).is_err(), "{kind} and a byte");
        }
    }

    #[test]
    fn every_number_of_a_checkpoint_is_told() {
        let read_again = |change: fn(&mut Checkpoint)| {
            let mut checkpoint = Checkpoint::decode(bytes_of("checkpoint")).unwrap();
            change(&mut checkpoint);
            let answer = read("checkpoint", &checkpoint.encode().unwrap()).unwrap();
            answer.lines().filter(|line| !line.starts_with("digest")).collect::<String>()
        };
        let all = [
            read_again(|_| ()),
            read_again(|it| it.update += 1),
            read_again(|it| it.train_log.entry += 1),
            read_again(|it| it.environments[0].seed += 1),
            read_again(|it| it.environments[0].log.head.0[31] += 1),
            read_again(|it| *it.streams.entry("new".to_owned()).or_default() += 1),
            read_again(|it| it.scalars.values_mut().for_each(|scalar| *scalar = scalar.next_up())),
            read_again(|it| *it.counters.entry("new".to_owned()).or_default() -= 1),
            read_again(|it| *it.blobs.entry("new".to_owned()).or_default() = vec![1]),
            read_again(|it| {
                let learner = it.learners.values_mut().next().unwrap();
                let last = learner.optimiser.values_mut().next_back().unwrap();
                last.numbers[0] = last.numbers[0].next_up();
            }),
        ];
        for (index, answer) in all.iter().enumerate() {
            assert!(!all[..index].contains(answer), "{index}");
        }
    }

    #[test]
    fn numbers_are_told_as_they_were_read() {
        let metrics = std::str::from_utf8(bytes_of("metrics")).unwrap();
        let [one, other] = ["5.934887409210205", "5.934887409210204"];
        let changed = read("metrics", metrics.replace(one, other).as_bytes()).unwrap();
        let whole = read("metrics", metrics.as_bytes()).unwrap();
        assert_ne!(told(&whole, "numbers"), told(&changed, "numbers"));
        // The same number in another form is not what a run writes.
        let longer = metrics.replace(one, "5.9348874092102050");
        let refused = read("metrics", longer.as_bytes()).unwrap_err();
        assert!(refused.starts_with("what was read is written otherwise, from byte "), "{refused}");
    }

    #[test]
    fn what_cannot_be_read_is_an_error() {
        let errors = [
            read("weights", b"").unwrap_err(),
            answer(&Fields::from([("training", "config"), ("bytes", "0g")])).unwrap_err(),
            answer(&Fields::from([("training", "config")])).unwrap_err(),
            read("market", bytes_of("checkpoint")).unwrap_err(),
        ];
        assert_eq!(errors[0], "no file of a training run is called `weights`");
        assert_eq!(errors[1], "`bytes` is not hexadecimal");
        assert_eq!(errors[2], "no `bytes` is given");
        assert!(!errors[3].is_empty());
    }
}
