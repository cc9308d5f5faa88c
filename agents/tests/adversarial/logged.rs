//! Measures come from the log alone: a replay shows what was seen while it was recorded.

use agents::adversarial::measures::{Detection, Measures, Sample};
use agents::adversarial::watch::{Episode, Watch, Watched};
use agents::adversarial::{Game, Settings};
use agents::stats::Observer as _;
use kernel::{Engine, Unlogged, Venue};
use replay::{Entry, Genesis, Player, ReadLimits, Reader, Recorder, SyncPolicy};

fn settings(mode: &str) -> Settings {
    let mut settings = Settings::preset("default").unwrap();
    settings.set_all([("episodes", "40"), ("type.mode", mode)]).unwrap();
    settings
}

fn play<V: Venue>(settings: &Settings, venue: V) -> (Vec<Episode>, V)
where
    V::Error: std::fmt::Debug,
{
    let mut venue = Watched::new(venue, Watch::new(settings));
    let mut game = Game::new(settings, 9);
    while game.advance(&mut venue).unwrap().is_some() {}
    let episodes = std::iter::from_fn(|| venue.watch.take()).collect();
    (episodes, venue.into_inner())
}

fn replayed(log: &[u8]) -> Vec<Episode> {
    let mut player =
        Player::new(Reader::open(log, Vec::new(), ReadLimits::DEFAULT).unwrap()).unwrap();
    let parameters = player.reader().header().genesis.parameters.clone();
    let mut watch = Watch::new(&Settings::from_parameters(&parameters).unwrap());
    while let Some(moment) = player.advance().unwrap() {
        match moment.entry {
            Entry::Command(command) => watch.applied(command, moment.events, moment.engine),
            Entry::Decision(decision) => watch.decision(&decision.view()),
            Entry::Mark(mark) => watch.mark(mark.name.as_str(), mark.number, moment.engine),
            Entry::Update(_) | Entry::End => {}
        }
    }
    std::iter::from_fn(|| watch.take()).collect()
}

#[test]
fn a_log_tells_what_was_seen_live() {
    for mode in ["uninformed", "silent", "noise"] {
        let settings = settings(mode);
        let market = settings.genesis();
        let (live, _) = play(&settings, Unlogged::new(Engine::new(&market).unwrap()));
        let genesis = Genesis {
            seed: 9,
            parameters: settings.parameters(),
            ..Genesis::new(market, "adversarial")
        };
        let (mut log, mut tail) = (Vec::new(), Vec::new());
        let recorder = Recorder::create(&genesis, &mut log, &mut tail, SyncPolicy::None).unwrap();
        let (again, recorder) = play(&settings, recorder);
        recorder.finish().unwrap();
        let found = replayed(&log);
        assert_eq!(found.len(), 40);
        assert_eq!(found, live, "{mode}");
        assert_eq!(found, again, "{mode}");

        let mut samples = [Sample::new(&settings), Sample::new(&settings)];
        for episode in &found {
            samples[usize::from(episode.is_informed)].add(episode);
        }
        let [zero, one] = samples;
        assert_eq!(Measures::of(&zero).episodes + Measures::of(&one).episodes, 40);
        assert!(Detection::of(&zero, &one, 20).ridge.is_some());
    }
}
