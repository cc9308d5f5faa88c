//! Scratch: times the kernel on both streams.
use kernel::*;
use std::time::Instant;
use streams::*;
fn cpu() -> f64 {
    let s = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    s.split(' ').next().unwrap().parse::<f64>().unwrap() / 1e9
}
fn main() {
    for recipe in if std::env::args().nth(2).is_some() { vec![S4K] } else { vec![S4K, S1M] } {
        let stream = generate(recipe);
        let mut best = f64::MAX;
        for _ in 0..std::env::args().nth(1).map_or(5, |n| n.parse().unwrap()) {
            let mut g = Genesis::open();
            g.limits.orders_max = 1 << 21;
            let mut e = Engine::new(&g).unwrap();
            let mut ev = Vec::with_capacity(1024);
            for c in &stream.operations[..stream.untimed] {
                e.apply(c.command(ClientId(1)), &mut ev);
                ev.clear();
            }
            let (mut trades, mut vol) = (0u64, 0u64);
            let t = cpu();
            let w = Instant::now();
            for c in &stream.operations[stream.untimed..] {
                e.apply(c.command(ClientId(1)), &mut ev);
                for x in &ev {
                    if let Event::Traded { qty, .. } = x {
                        trades += 1;
                        vol += qty.lots() as u64;
                    }
                }
                ev.clear();
            }
            let dt = cpu() - t;
            let _ = w;
            assert_eq!((trades, vol), (stream.expected.trades, stream.expected.volume));
            best = best.min(dt);
        }
        println!("{} {:.1} ns/op", recipe.name, best * 1e9 / recipe.operations as f64);
    }
}
