//! Scenarios as quickcheck draws and shrinks them.

use quickcheck::{Arbitrary, Gen};

use crate::random::{Dice, Prices, Scenario};

/// A scenario for quickcheck with prices that lie close together.
#[derive(Clone, Debug)]
pub struct NarrowScenario(pub Scenario);

/// A scenario for quickcheck with prices that lie or jump anywhere.
#[derive(Clone, Debug)]
pub struct FarScenario(pub Scenario);

fn arbitrary_dice(source: &mut Gen) -> (Dice, u32) {
    let mut dice = Dice::new(u64::arbitrary(source) ^ u64::arbitrary(source).rotate_left(32));
    let moves = dice.within(1, u32::try_from(source.size()).unwrap_or(u32::MAX));
    (dice, moves)
}

impl Arbitrary for NarrowScenario {
    fn arbitrary(source: &mut Gen) -> Self {
        let (mut dice, moves) = arbitrary_dice(source);
        Self(Scenario::random(Prices::Narrow, moves, &mut dice))
    }

    fn shrink(&self) -> Box<dyn Iterator<Item = Self>> {
        Box::new(self.0.smaller().into_iter().map(Self))
    }
}

impl Arbitrary for FarScenario {
    fn arbitrary(source: &mut Gen) -> Self {
        let (mut dice, moves) = arbitrary_dice(source);
        let prices = dice.pick(&[Prices::Whole, Prices::Jumping]);
        Self(Scenario::random(prices, moves, &mut dice))
    }

    fn shrink(&self) -> Box<dyn Iterator<Item = Self>> {
        Box::new(self.0.smaller().into_iter().map(Self))
    }
}
