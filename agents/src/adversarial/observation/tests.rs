//! Observations against the market that they are of.

#![expect(clippy::float_cmp, reason = "exact values")]

use kernel::{Engine, Side, Unlogged, Venue};

use super::*;
use crate::adversarial::{Settings, Token};

/// A game in the middle of its second episode.
fn game(preset: &str) -> (Game, Unlogged) {
    let mut settings = Settings::preset(preset).unwrap();
    settings.set("episodes", "2").unwrap();
    let mut venue = Unlogged::new(Engine::new(&settings.genesis()).unwrap());
    let mut game = Game::new(&settings, 7);
    for _ in 0..settings.steps() + settings.steps() / 2 {
        game.advance(&mut venue).unwrap().unwrap();
    }
    assert_eq!((game.episode(), game.step()), (2, settings.steps() / 2));
    (game, venue)
}

fn seen(game: &Game, venue: &Unlogged, view: View) -> Observations {
    let mut seen = Observations::default();
    game.observe(venue.engine(), view, &mut seen);
    game.observe(venue.engine(), view, &mut seen);
    seen
}

fn near(found: f32, expected: f64) {
    assert!((f64::from(found) - expected).abs() < 1e-6, "{found} is not {expected}");
}

#[test]
fn views_are_as_wide_as_they_say() {
    for (view, levels, published) in [(View::Compact, 20, false), (View::Published, 20, true)] {
        let (game, venue) = game("published");
        let seen = seen(&game, &venue, view);
        let widths = view.widths(levels);
        let found = Widths {
            trader: seen.trader.len(),
            maker: seen.maker.len(),
            arbitrageur: seen.arbitrageur.len(),
            state: seen.state.len(),
        };
        assert_eq!(found, widths);
        if published {
            assert_eq!(
                (found.trader, found.maker, found.arbitrageur, found.state),
                (86, 145, 84, 315)
            );
        }
        let all = [&seen.trader, &seen.maker, &seen.arbitrageur, &seen.state];
        assert!(all.iter().all(|player| player.iter().all(|number| number.is_finite())));
    }
}

#[test]
fn the_published_view_shows_the_book_and_the_accounts() {
    let (game, venue) = game("published");
    let seen = seen(&game, &venue, View::Published);
    let mid = game.prices().mid();
    let (bids, asks) = seen.trader[..80].split_at(40);
    let largest = [Side::Buy, Side::Sell]
        .into_iter()
        .flat_map(|side| venue.engine().levels(side).take(20))
        .map(|level| level.qty)
        .max()
        .unwrap();
    for (side, shown) in [(Side::Buy, bids), (Side::Sell, asks)] {
        let mut levels = venue.engine().levels(side);
        for pair in shown.chunks(2) {
            match levels.next() {
                Some(level) => {
                    near(pair[0], (f64::from(level.price.ticks()) - mid) / mid);
                    let lots = i64::try_from(level.qty).unwrap();
                    let most = i64::try_from(largest).unwrap();
                    near(pair[1], number::from_integer(lots) / number::from_integer(most));
                }
                None => assert_eq!(pair, [0.0, 0.0]),
            }
        }
    }
    near(seen.trader[81], 0.5);
    near(seen.trader[80] + seen.trader[82], 1.0);
    near(seen.maker[142], f64::from(seen.trader[84]));
    near(seen.maker[143], game.belief());
    let sides = seen.maker[80..140].chunks(3).map(|print| print[0]);
    assert!(sides.clone().all(|side| side == 1.0 || side == -1.0));
    assert_eq!(&seen.state[86..231], &seen.maker[..]);
    // The maker's inventory is that of the episode, not of the run.
    let all_time = venue.engine().account(MAKER).position;
    let held = f64::from(seen.maker[140]) * 50.0;
    assert!(
        (held - number::from_integer(all_time)).abs() > 0.5,
        "the first episode left something"
    );
    assert!(held.abs() < 80.0);
}

#[test]
fn the_compact_view_counts_the_flow() {
    let (game, venue) = game("default");
    let seen = seen(&game, &venue, View::Compact);
    let flow = game.flow();
    let lots = flow.tokens().iter().map(Token::signed_lots).sum();
    // s = 5.39, r·T = 50.
    let scale = libm::sqrt(29.0 * 50.0);
    assert!((f64::from(seen.trader[4]) * scale - number::from_integer(lots)).abs() < 0.2);
    let count = number::from_integer(i64::try_from(flow.tokens().len()).unwrap());
    near(seen.trader[5], (count - 25.0) / libm::sqrt(50.0));
    near(seen.trader[3], 0.5);
    near(seen.state[21], f64::from(u8::from(game.is_informed())));
    assert_eq!(seen.trader[..8], seen.maker[..8]);
    assert_eq!(seen.trader[..8], seen.arbitrageur[..8]);
}
