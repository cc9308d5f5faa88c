#!/usr/bin/env python3
"""Tables of learn/RESULTS.md from the evaluations that learn/experiments.sh leaves.

    tools/learn_results.py learn/results
"""

import json
import math
import pathlib
import statistics
import sys

SEEDS = (42, 43, 44)
DOSES = (0, 50, 100, 200, 400, 800)
COLUMNS = {
    "maker_gain": ("makers' gain, k", 1e-3, 0),
    "maker_gain_per_lot": ("a lot", 1, 2),
    "volume": ("volume", 1, 2),
    "made": ("makers'", 1, 2),
    "spread": ("spread", 1, 2),
    "quoted": ("quoted", 1, 3),
    "kurtosis": ("kurtosis", 1, 1),
    "acf_raw_1": ("raw ACF 1", 1, 3),
    "acf_size_1": ("size ACF 1", 1, 3),
    "hill": ("tail index", 1, 2),
    "tracking": ("tracking", 1, 1),
}


def load(folder, name, seed):
    path = folder / f"{name}-{seed}.json"
    contenders = json.loads(path.read_text())["contenders"]
    return {it["name"].split(" at ")[0]: it["markets"] for it in contenders}


def series(markets, figure):
    return [market["figures"][figure] for market in markets]


def cell(numbers, scale, places):
    mean, sd = statistics.fmean(numbers) * scale, statistics.stdev(numbers) * scale
    return f"{mean:.{places}f} ± {abs(sd):.{places}f}"


def row(name, markets):
    cells = [cell(series(markets, figure), scale, places) for figure, (_, scale, places) in COLUMNS.items()]
    print("|", " | ".join([name, *cells]), "|")


def head(first):
    names = [first, *(title for title, _, _ in COLUMNS.values())]
    print("|", " | ".join(names), "|")
    print("|" + "---|" * len(names))


def sign_test(one, other):
    better = sum(a > b for a, b in zip(one, other))
    count = len(one)
    p = sum(math.comb(count, k) for k in range(better, count + 1)) / 2**count
    return better, count, p


def maker(folder):
    head("(a) 20,000 steps")
    first = load(folder, "maker", SEEDS[0])
    for name in ("fixed", "untrained", "avellaneda-stoikov", "tuned-rule"):
        row(name, first[name])
    for seed in SEEDS:
        row(f"learned, seed {seed}", load(folder, "maker", seed)["learned"])
    print()
    for seed in SEEDS:
        found = load(folder, "maker", seed)
        gains = {name: series(markets, "maker_gain") for name, markets in found.items()}
        mean = {name: statistics.fmean(numbers) for name, numbers in gains.items()}
        untrained = statistics.fmean(series(found["untrained"], "maker_gain"))
        better, count, p = sign_test(gains["learned"], gains["fixed"])
        quality = {name: statistics.fmean(series(m, "volume")) for name, m in found.items()}
        spread = {name: statistics.fmean(series(m, "spread")) for name, m in found.items()}
        print(
            f"seed {seed}: loss {mean['learned'] / mean['fixed']:.3f} of the fixed one's "
            f"({better} of {count} seeds, p = {p:.4f}), {mean['learned'] / untrained:.3f} of the untrained "
            f"one's, volume {quality['learned'] / quality['fixed']:.2f}, spread {spread['learned'] / spread['fixed']:.2f}  "
        )


def everyone(folder):
    print()
    titles = ("tracking", "of clones'", "frozen", "volume", "spread", "mid drift", "fair drift",
              "makers' gain, k", "at fair value")
    print("| (b) 5,000 steps |", " | ".join(titles), "|")
    print("|" + "---|" * (len(titles) + 1))

    def line(name, markets, clones):
        of = lambda figure: series(markets, figure)
        ratio = statistics.fmean(of("tracking")) / statistics.fmean(series(clones, "tracking"))
        print("|", " | ".join([
            name, cell(of("tracking"), 1, 1), f"{ratio:.2f}", cell(of("frozen"), 1, 3), cell(of("volume"), 1, 2),
            cell(of("spread"), 1, 2), cell(of("mid_drift"), 1, 0), cell(of("fair_drift"), 1, 0),
            cell(of("maker_gain"), 1e-3, 0), cell(of("maker_gain_at_fair"), 1e-3, 0)]), "|")

    clones = {seed: load(folder, "everyone", seed)["clones"] for seed in SEEDS}
    line("fixed", load(folder, "everyone", SEEDS[0])["fixed"], clones[SEEDS[0]])
    for seed in SEEDS:
        line(f"clones, seed {seed}", clones[seed], clones[seed])
    for name in ("everyone", "value-fixed", "mappo"):
        for seed in SEEDS:
            line(f"{name}, seed {seed}", load(folder, name, seed)["learned"], clones[seed])


def doses(folder):
    print()
    fixed = statistics.fmean(series(load(folder, "everyone", SEEDS[0])["fixed"], "tracking"))
    print("| (c) dose, lots |", " | ".join(f"seed {seed}" for seed in SEEDS),
          "| mean of seeds, 95 % | of the fixed one's | volume |")
    print("|" + "---|" * (len(SEEDS) + 4))
    for dose in DOSES:
        name = "everyone" if dose == 0 else f"subsidy-{dose}"
        found = [load(folder, name, seed)["learned"] for seed in SEEDS]
        means = [statistics.fmean(series(markets, "tracking")) for markets in found]
        # Student's t for as many training seeds as there are: 2 degrees of freedom.
        half = 4.303 * statistics.stdev(means) / math.sqrt(len(means))
        mean = statistics.fmean(means)
        volume = statistics.fmean(statistics.fmean(series(markets, "volume")) for markets in found)
        cells = [cell(series(markets, "tracking"), 1, 1) for markets in found]
        print(f"| {dose} |", " | ".join(cells), f"| {mean:.1f} ± {half:.1f} | {mean / fixed:.2f} | {volume:.2f} |")


def curves(folder):
    """Tracking over training, where the runs are still beside the results."""
    names = [(name, seed) for name in ("everyone", "value-fixed", "subsidy-400", "mappo") for seed in SEEDS]
    runs = [folder.parent / f"{name}-{seed}" / "metrics.jsonl" for name, seed in names]
    if not all(run.is_file() for run in runs):
        return
    print()
    marks = (1, *range(10, 101, 10))
    print("| tracking in update |", " | ".join(str(mark) for mark in marks), "|")
    print("|" + "---|" * (len(marks) + 1))
    for (name, seed), run in zip(names, runs):
        rows = [json.loads(line) for line in run.read_text().splitlines()]
        found = {row["update"]: row["market.tracking"] for row in rows}
        print(f"| {name}, seed {seed} |", " | ".join(f"{found[mark]:.0f}" for mark in marks), "|")


def heads(folder):
    print()
    print("| run | train.log head |")
    print("|---|---|")
    for path in sorted(folder.glob("*.train.json")):
        print(f"| {path.name.removesuffix('.train.json')} | `{json.loads(path.read_text())['head']}` |")


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    folder = pathlib.Path(sys.argv[1])
    maker(folder)
    everyone(folder)
    doses(folder)
    curves(folder)
    heads(folder)


if __name__ == "__main__":
    main()
