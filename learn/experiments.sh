#!/usr/bin/env bash
# Every training run and evaluation of learn/RESULTS.md, anew: about 40 minutes of one processor.
#
#   learn/experiments.sh FOLDER
#
# FOLDER must not be there. Runs stand in it, evaluations in FOLDER/results; those of the repository
# are in learn/results. Results of the same machine kind are the same bytes.
set -euo pipefail
[ $# -eq 1 ] || { echo "usage: $0 FOLDER" >&2; exit 2; }
[ ! -e "$1" ] || { echo "$0: $1 is there already" >&2; exit 73; }
root=$(cd "$(dirname "$0")/.." && pwd)
mkdir -p "$1/results"
folder=$(cd "$1" && pwd)
# LEARN names a program that is built already.
learn=$(realpath -m "${LEARN:-$root/target/release/learn}")
[ -n "${LEARN:-}" ] || (cd "$root" && cargo build --quiet --release -p learn --bin learn)
seeds="42 43 44"

# Trains a run and evaluates it: NAME PRESET SEED EVALUATION... -- OVERRIDE...
experiment() {
  local name=$1 preset=$2 seed=$3 overrides=() evaluation=()
  shift 3
  while [ $# -gt 0 ] && [ "$1" != "--" ]; do evaluation+=("$1"); shift; done
  [ $# -eq 0 ] || shift
  while [ $# -gt 0 ]; do overrides+=(--override "$1"); shift; done
  echo "$name, seed $seed" >&2
  local run="$name-$seed"
  "$learn" train -o "$run" --preset "$preset" --seed "$seed" --override train.keep_logs=none \
    "${overrides[@]}" --json > "results/$name-$seed.train.json"
  "$learn" evaluate "$run" "${evaluation[@]}" --json > "results/$name-$seed.json"
}

cd "$folder"
for seed in $seeds; do
  # (a) the maker alone, in markets four times as long as in training
  experiment maker maker "$seed" --steps 20000 --against fixed --against untrained \
    --against avellaneda-stoikov --against tuned-rule
  # (b) everyone from cloned rules, with and without value traders that learn
  experiment everyone everyone "$seed" --against fixed --against clones
  experiment value-fixed everyone "$seed" --against clones -- "learners=maker momentum noise"
  # (c) value traders are paid for discovery
  for dose in 50 100 200 400 800; do
    experiment "subsidy-$dose" subsidy "$seed" -- "reward.subsidy_value=$dose"
  done
  # (d) critics that see the whole market
  experiment mappo mappo "$seed"
done
