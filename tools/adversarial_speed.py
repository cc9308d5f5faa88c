#!/usr/bin/env python3
"""The speed of the adversarial market next to release 0.1.0 of adversarial-market-marl, in turn.

usage: adversarial_speed.py VENV [ROUNDS]

Makes the virtual environment VENV if it is not there, with the release and what it needs from the
Python registry, and builds the example `adversarial_speed` of the crate `agents` in release mode. Then,
so many ROUNDS (3), runs both one after the other and prints the most steps that each carried out in
a second of CPU time, and the ratios.

Equal in both: noise orders a step (the release's rate / steps x 10), the observations of all three
players and the global state (86, 145, 84, 315 numbers) in every step, the length of episodes, what
the players do: the trader places one lot 3 ticks behind the mid, the maker quotes 5 lots 2 ticks from it
on both sides, the arbitrageur does nothing. Not equal: the release's maker never cancels, so
its book grows; ours pays by the kernel's accounts, keeps latencies, draws types.
"""
import json
import os
import pathlib
import subprocess
import sys

PACKAGES = ["adversarial-market-marl==0.1.0", "gymnasium==1.4.0", "numpy"]
ROOT = pathlib.Path(__file__).resolve().parent.parent
SECONDS = 3.0

# The configurations of the release, as far as its environment reads them.
ENVIRONMENT = dict(
    tick_size=0.01, lot_size=100, n_price_levels=20, initial_mid_price=100.0,
    fundamental_value=100.0, fundamental_vol=0.02, noise_order_size_mean=5.0,
    noise_order_size_std=2.0,
    latency_ms=dict(execution_agent=100.0, market_maker=10.0, arbitrageur=1.0),
)
AGENTS = dict(
    execution=dict(max_order_size=20, lambda_leakage=0.5, mu_predictability=0.1,
                   terminal_inventory_penalty=100.0),
    market_maker=dict(max_spread_ticks=10, max_inventory_lots=50, max_quote_size_lots=10,
                      min_quote_size_lots=1, alpha_adverse_selection=1.0, beta_entropy_reg=0.05,
                      gamma_belief_accuracy=0.2),
    arbitrageur=dict(max_position_lots=20, delta_belief_lag=0.3),
)
SIZES = {"default": (390, 10.0, 100), "fast_debug": (50, 5.0, 20)}


def configuration(steps, rate, lots):
    agents = {name: dict(values) for name, values in AGENTS.items()}
    agents["execution"].update(inventory_lots=lots, horizon=steps)
    return dict(
        environment=dict(ENVIRONMENT, max_steps_per_episode=steps, noise_trader_arrival_rate=rate),
        agents=agents,
    )


def release():
    """Inside the virtual environment: steps in a second of CPU time, by configuration."""
    import time
    import warnings

    warnings.simplefilter("ignore")
    import numpy
    from adversarial_market.environment.lob_env import LOBEnvironment

    actions = {
        "execution": numpy.array([0.05, -3.0, 1.0], dtype=numpy.float32),
        "market_maker": numpy.array([-2.0, 2.0, 0.5, 0.5], dtype=numpy.float32),
        "arbitrageur": numpy.zeros(1, dtype=numpy.float32),
    }
    found = {}
    for name, sizes in SIZES.items():
        environment = LOBEnvironment(configuration(*sizes))
        environment.reset(seed=1)
        steps, start = 0, time.process_time()
        while time.process_time() - start < SECONDS:
            seen, _, done, _, _ = environment.step(actions)
            numpy.concatenate(list(seen.values()))
            steps += 1
            if all(done.values()):
                environment.reset()
        found[name] = steps / (time.process_time() - start)
    print(json.dumps(found))


def ours():
    """Steps in a second of CPU time: seen, recorded, unseen; by configuration."""
    program = ROOT / "target" / "release" / "examples" / "adversarial_speed"
    lines = subprocess.run([program, "10"], check=True, capture_output=True, text=True).stdout
    rows = [line.split() for line in lines.splitlines()[1:]]
    return {row[0]: [float(number) for number in row[1:]] for row in rows}


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    venv, rounds = pathlib.Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 3
    python = venv / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", venv], check=True)
        subprocess.run([venv / "bin" / "pip", "install", "-q", *PACKAGES], check=True)
    build = ["cargo", "build", "-q", "--release", "-p", "agents", "--example", "adversarial_speed"]
    # As BENCHMARKS.md builds everything that is measured.
    environment = dict(os.environ, RUSTFLAGS="-C target-cpu=native")
    subprocess.run(build, check=True, cwd=ROOT, env=environment)
    theirs, best = dict.fromkeys(SIZES, 0.0), {name: [0.0] * 3 for name in SIZES}
    for _ in range(rounds):
        out = subprocess.run([python, __file__, "--release"], check=True, capture_output=True)
        for name, steps in json.loads(out.stdout.splitlines()[-1]).items():
            theirs[name] = max(theirs[name], steps)
        for name, steps in ours().items():
            best[name] = [max(pair) for pair in zip(best[name], steps)]
    print("steps in a second of CPU time")
    print(f"{'settings':10} {'release':>10} {'ours':>12} {'ratio':>7} {'recorded':>12} {'ratio':>7}")
    for name, steps in theirs.items():
        seen, recorded, _ = best[name]
        print(f"{name:10} {steps:10.0f} {seen:12.0f} {seen / steps:7.0f} "
              f"{recorded:12.0f} {recorded / steps:7.0f}")


if __name__ == "__main__":
    release() if sys.argv[1:] == ["--release"] else main()
