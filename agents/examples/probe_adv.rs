use agents::adversarial::*;
use kernel::*;
fn main() {
    let args: Vec<String> = std::env::args().collect();
    let mut s = Settings::preset(&args[1]).unwrap();
    for kv in &args[3..] {
        let (k, v) = kv.split_once('=').unwrap();
        s.set(k, v).unwrap();
    }
    s.set("episodes", &args[2]).unwrap();
    let mut venue = Unlogged::new(Engine::new(&s.genesis()).unwrap());
    let mut game = Game::new(&s, 42);
    let start = std::time::Instant::now();
    let (mut is, mut n, mut close, mut spread, mut k, mut mk, mut ad, mut ar) =
        ([0.0; 2], [0.0; 2], [0.0; 2], 0.0, 0.0, [0.0; 2], [0.0; 2], [0.0; 2]);
    let mut tok = 0;
    let mut vol = 0.0;
    let mut nets = [vec![], vec![]];
    while let Some(p) = game.advance(&mut venue).unwrap() {
        let z = usize::from(game.is_informed());
        is[z] += p.trader.shortfall;
        close[z] += p.trader.closing;
        mk[z] += p.maker.pnl;
        ad[z] += p.maker.adverse_selection;
        ar[z] += p.arbitrageur.pnl;
        if let Some(x) = game.prices().spread() {
            spread += x as f64;
            k += 1.0;
        }
        tok += game.flow().fresh().len();
        if !game.is_open() {
            n[z] += 1.0;
            nets[z].push(game.flow().tokens().iter().map(|t| t.signed_lots()).sum::<i64>());
            vol += game.prices().mid()
                - s.values()
                    .find(|(k, _)| k.key == "market.price")
                    .unwrap()
                    .1
                    .parse::<f64>()
                    .unwrap();
        }
    }
    let el = start.elapsed().as_secs_f64();
    let steps = (n[0] + n[1]) * s.steps() as f64;
    println!("{} steps/s", steps / el);
    for z in 0..2 {
        println!(
            "z={z} n={} IS={:.3} closing={:.3} maker pnl {:.2} adv {:.2} arb {:.2} net {:.2}",
            n[z],
            is[z] / n[z],
            close[z] / n[z],
            mk[z] / n[z],
            ad[z] / n[z],
            ar[z] / n[z],
            nets[z].iter().sum::<i64>() as f64 / n[z]
        );
    }
    let lots = s.lots();
    let thr = lots as f64 / 2.0;
    let acc = 0.5
        * (nets[0].iter().filter(|x| (**x as f64) < thr).count() as f64 / n[0]
            + nets[1].iter().filter(|x| (**x as f64) > thr).count() as f64 / n[1]);
    println!(
        "spread {:.2} tokens/step {:.2} drift {:.2} net-acc(thr N/2) {:.3}",
        spread / k,
        tok as f64 / steps,
        vol / (n[0] + n[1]),
        acc
    );
}
