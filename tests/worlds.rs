//! Every sequence of four commands over the alphabets of small worlds, through both kernels. Longer
//! ones: `cargo run --release -p tests --bin worlds -- --length 6`.

use tests::census::Census;
use tests::worlds::WORLDS;

const LENGTH: u32 = 4;

#[test]
fn every_short_sequence_gives_the_same_in_both_kernels() {
    let mut census = Census::new();
    for world in WORLDS {
        let atlas = world.read().unwrap_or_else(|error| panic!("{error}"));
        let mut sequences = 0;
        for first in 0..atlas.letters() {
            let explored = atlas
                .explore(first, LENGTH, &mut census)
                .unwrap_or_else(|error| panic!("{}: {error}", world.name));
            sequences += explored.sequences;
        }
        assert_eq!(sequences, atlas.letters().pow(LENGTH) as u64, "{}", world.name);
    }
    let missed = census.rarer_than(1);
    assert!(missed.is_empty(), "four commands do not reach {missed:?}");
}
