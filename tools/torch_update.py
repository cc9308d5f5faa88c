#!/usr/bin/env python3
"""The update that `cargo bench -p learn --bench update` measures, in PyTorch: eager, one thread.

usage: torch_update.py UPDATES

Prints the CPU seconds of an update, after one that is not counted: the same networks, sizes, losses,
metrics, clipping and optimisers, written as one would for speed (no distribution objects, gradients
set to none, observations shared by actor and critic).

Needs a PyTorch that can be imported, with all that it asks for (4 GB):

    python3 -m venv VENV && VENV/bin/pip install torch==2.13.0 numpy
    cargo bench -p learn --bench update -- --python VENV/bin/python
"""
import sys
import time

import torch
from torch import nn
from torch.nn import functional

SAMPLES, MINIBATCH, EPOCHS = 16384, 2048, 3
HEADS = [6, 7, 3]
CLIP, ENTROPY, BETA = 0.2, 0.01, 2.0


def perceptron(outputs, gain):
    layers = []
    for inputs, units, scale in [(24, 64, 2**0.5), (64, 64, 2**0.5), (64, outputs, gain)]:
        layer = nn.Linear(inputs, units)
        nn.init.orthogonal_(layer.weight, scale)
        nn.init.zeros_(layer.bias)
        layers += [layer, nn.Tanh()]
    return nn.Sequential(*layers[:-1])


def evaluate(logits, actions):
    logs, entropies = 0.0, 0.0
    for head, action in zip(logits.split(HEADS, dim=1), actions.split(1, dim=1)):
        log = functional.log_softmax(head, dim=1)
        logs = logs + log.gather(1, action).squeeze(1)
        entropies = entropies - (log.exp() * log).sum(1)
    return logs, entropies


def update(actor, critic, optimisers, batch):
    for _ in range(EPOCHS):
        order = torch.randperm(SAMPLES)
        shuffled = [tensor[order] for tensor in batch]
        for start in range(0, SAMPLES, MINIBATCH):
            observations, actions, old, advantages, returns = [
                tensor[start:start + MINIBATCH] for tensor in shuffled
            ]
            logs, entropies = evaluate(actor(observations), actions)
            log_ratio = logs - old
            ratio = log_ratio.exp()
            normal = (advantages - advantages.mean()) / (advantages.std(correction=0) + 1e-8)
            policy = -torch.min(ratio * normal, ratio.clamp(1 - CLIP, 1 + CLIP) * normal).mean()
            entropy = entropies.mean()
            with torch.no_grad():
                ((ratio - 1) - log_ratio).mean().item()
                distance = (ratio - 1).abs()
                distance.max().item()
                (distance > CLIP).float().mean().item()
            value = functional.huber_loss(critic(observations).squeeze(-1), returns, delta=BETA)
            losses = [policy - ENTROPY * entropy, value]
            for loss, net, optimiser, largest in zip(losses, [actor, critic], optimisers, [0.5, 5.0]):
                optimiser.zero_grad(set_to_none=True)
                loss.backward()
                nn.utils.clip_grad_norm_(net.parameters(), largest).item()
                optimiser.step()
            policy.item(), entropy.item(), value.item()


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    torch.set_num_threads(1)
    torch.set_num_interop_threads(1)
    torch.manual_seed(1)
    actor, critic = perceptron(sum(HEADS), 0.01), perceptron(1, 1.0)
    optimisers = [
        torch.optim.Adam(actor.parameters(), lr=5e-4, eps=1e-5),
        torch.optim.Adam(critic.parameters(), lr=1e-3, eps=1e-5),
    ]
    actions = [torch.randint(head, (SAMPLES, 1)) for head in HEADS]
    choices = torch.tensor(HEADS, dtype=torch.float32).prod()
    batch = [
        torch.randn(SAMPLES, 24),
        torch.cat(actions, 1),
        torch.zeros(SAMPLES) - choices.log(),
        torch.randn(SAMPLES),
        torch.randn(SAMPLES),
    ]
    update(actor, critic, optimisers, batch)
    updates = int(sys.argv[1])
    start = time.process_time()
    for _ in range(updates):
        update(actor, critic, optimisers, batch)
    print((time.process_time() - start) / updates)


if __name__ == "__main__":
    main()
