//! The draws: ranges, moments, and values that must never change.

use super::{Geometric, exponential, happens, normal, uniform};
use crate::number;
use crate::streams::Stream;

const DRAWS: u32 = 200_000;

/// Mean, variance, skewness and kurtosis of a draw.
fn moments(name: &str, draw: impl Fn(u64) -> f64) -> [f64; 4] {
    let mut stream = Stream::new(7, name);
    let numbers: Vec<f64> = (0..DRAWS).map(|_| draw(stream.words::<1>()[0])).collect();
    let mean_of = |f: &dyn Fn(f64) -> f64| {
        numbers.iter().map(|number| f(*number)).sum::<f64>() / f64::from(DRAWS)
    };
    let mean = mean_of(&|x| x);
    let central =
        |power: i32| mean_of(&|x| (0..power).fold(1.0, |product, _| product * (x - mean)));
    let variance = central(2);
    let deviation = libm::sqrt(variance);
    let cube = variance * deviation;
    [mean, variance, central(3) / cube, central(4) / (variance * variance)]
}

/// Compares with tolerances of five standard errors or more.
#[track_caller]
fn check(found: [f64; 4], expected: [f64; 4], tolerances: [f64; 4]) {
    for ((found, expected), tolerance) in found.iter().zip(expected).zip(tolerances) {
        assert!((found - expected).abs() < tolerance, "{found} is not {expected} ± {tolerance}");
    }
}

#[test]
fn moments_are_those_of_the_distributions() {
    let third = 1.0 / 12.0;
    check(moments("uniform", uniform), [0.5, third, 0.0, 1.8], [0.004, 0.001, 0.02, 0.02]);
    check(moments("normal", normal), [0.0, 1.0, 0.0, 3.0], [0.012, 0.02, 0.03, 0.06]);
    check(moments("exponential", exponential), [1.0, 1.0, 2.0, 9.0], [0.012, 0.04, 0.15, 1.5]);
    // Failures before a success of probability p = 1/m: mean m − 1, variance m(m − 1).
    let geometric = |word| number::from_integer(Geometric::new(2.5).draw(word));
    let skewness = 1.6 / libm::sqrt(0.6);
    check(
        moments("geometric", geometric),
        [1.5, 3.75, skewness, 9.0 + 1.0 / 3.75],
        [0.025, 0.15, 0.15, 1.6],
    );
    let often = moments("happens", |word| f64::from(u8::from(happens(word, 0.09))));
    assert!((often[0] - 0.09).abs() < 0.004);
}

#[test]
fn no_word_is_out_of_range() {
    for word in [0, 1, u64::MAX, u64::MAX - 1, 1 << 63, (1 << 63) - 1, 0xFFF, 0x1000] {
        let u = uniform(word);
        assert!(0.0 < u && u < 1.0, "{word:x}");
        assert!(normal(word).abs() < 8.22 && 0.0 < exponential(word) && exponential(word) < 36.8);
        assert!(!happens(word, 0.0) && happens(word, 1.0));
        assert_eq!(Geometric::new(1.0).draw(word), 0, "success is certain");
    }
    // Words and their complements stand for u and 1 − u.
    assert!((normal(12_345 << 40) + normal(!(12_345 << 40))).abs() < 1e-12);
}

/// From the standard library of Python 3.11: `statistics.NormalDist().inv_cdf` and `math.log`.
#[test]
#[expect(clippy::unreadable_literal, reason = "as they were printed")]
fn draws_agree_with_other_software() {
    for (word, expected_normal, expected_exponential) in [
        (0, -8.209536151601386, 36.7368005696771),
        (0x1000000000000000, -1.5341205443525452, 2.7725887222397794),
        (0x123456789abcdef0, -1.4675657313132975, 2.6435116799646403),
        (0x1300000000000000, -1.4450725798180737, 2.6007384653131207),
        (0x4000000000000000, -0.6744897501960814, 1.3862943611198901),
        (0xe800000000000000, 1.3180108973035372, 0.0984400728132524),
        (0xfedcba9876543210, 2.6162982036439675, 0.004454350349380197),
        (u64::MAX, 8.209536151601386, 1.1102230246251565e-16),
    ] {
        let close = |found: f64, expected: f64| (found - expected).abs() <= 1e-14 * expected.abs();
        assert!(close(normal(word), expected_normal), "{word:x}: {}", normal(word));
        assert!(close(exponential(word), expected_exponential), "{word:x}: {}", exponential(word));
    }
}

/// The normal distribution at a draw is the uniform number again, by way of the error function.
#[test]
fn the_normal_draw_inverts_the_distribution() {
    let mut stream = Stream::new(7, "inverse");
    for _ in 0..10_000 {
        let [word] = stream.words();
        let back = 0.5 * libm::erfc(-normal(word) / libm::sqrt(2.0));
        assert!((back - uniform(word)).abs() <= 1e-14, "{word:x}");
    }
}

/// To the last bit: another target, compiler or library must not change them.
#[test]
fn draws_are_frozen() {
    let mut stream = Stream::new(42, "frozen");
    let mut digest = blake3::Hasher::new();
    for _ in 0..10_000 {
        let [word] = stream.words();
        for draw in [uniform(word), normal(word), exponential(word)] {
            digest.update(&draw.to_bits().to_le_bytes());
        }
        digest.update(&Geometric::new(60.0).draw(word).to_le_bytes());
    }
    let digest = digest.finalize().to_hex();
    let expected = "80a0d52ed0192001bc4f1ba8cd3e35324e3b1a8d22194150a57463729c75a315";
    assert_eq!(digest.as_str(), expected);
}
