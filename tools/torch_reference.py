#!/usr/bin/env python3
"""Writes what PyTorch and NumPy make of the networks, losses and optimisers of `learn`.

usage: torch_reference.py OUT_FOLDER

The tests of `learn` read the files from learn/tests/reference. Everything is computed in f64, by
PyTorch's own layers, distributions, losses, clipping and optimiser; advantages are NumPy's, out of
their definition. Inputs are multiples of 1/1024 out of a generator defined here, so that every
Python writes the same ones and f32 holds them exactly.

Needs torch and numpy; their versions stand in the files:

    python3 -m venv VENV && VENV/bin/pip install torch==2.13.0 numpy
    VENV/bin/python tools/torch_reference.py learn/tests/reference
"""
import json
import pathlib
import sys

import numpy as np
import torch
from torch import nn
from torch.nn import functional

SHAPE = {"observation": 3, "critic_input": 5, "hidden": [8, 4], "heads": [2, 3]}
SAMPLES = 24


class Draws:
    """A 64-bit linear congruential generator; only its high bits are used."""

    def __init__(self, seed):
        self.state = seed

    def below(self, count):
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) % 2**64
        return (self.state >> 33) % count

    def number(self, largest=2.0):
        return (self.below(2049) - 1024) / 1024 * largest

    def tensor(self, *shape, largest=2.0):
        count = int(np.prod(shape))
        return torch.tensor([self.number(largest) for _ in range(count)]).reshape(shape)


def perceptron(draws, name, sizes):
    """Layers with tanh between them, and their parameters by the names they have in Rust."""
    layers, parameters = [], {}
    for place, (inputs, outputs) in enumerate(zip(sizes, sizes[1:])):
        layer = nn.Linear(inputs, outputs)
        with torch.no_grad():
            layer.weight.copy_(draws.tensor(outputs, inputs, largest=1.0))
            layer.bias.copy_(draws.tensor(outputs, largest=0.5))
        parameters[f"{name}.{place}.weight"] = layer.weight
        parameters[f"{name}.{place}.bias"] = layer.bias
        layers += [layer, nn.Tanh()]
    return nn.Sequential(*layers[:-1]), parameters


def networks(draws):
    hidden = SHAPE["hidden"]
    actor = perceptron(draws, "actor", [SHAPE["observation"], *hidden, sum(SHAPE["heads"])])
    critic = perceptron(draws, "critic", [SHAPE["critic_input"], *hidden, 1])
    return actor, critic


def plain(parameters):
    return {name: tensor.detach().tolist() for name, tensor in parameters.items()}


def masks_and_actions(draws, rows, heads):
    """Masks that allow something of each head, and actions that they allow."""
    masks, actions = [], []
    for _ in range(rows):
        mask, action = [], []
        for choices in heads:
            chosen = draws.below(choices)
            mask += [choice == chosen or draws.below(3) != 0 for choice in range(choices)]
            action.append(chosen)
        masks.append(mask)
        actions.append(action)
    return torch.tensor(masks), torch.tensor(actions)


def evaluate(logits, masks, actions, heads):
    """Of each head's allowed logits alone, as the gradient of a masked one is no number in PyTorch."""
    logs, entropies = [], []
    for row, (logit, action) in enumerate(zip(logits, actions)):
        allowed = torch.ones(sum(heads), dtype=torch.bool) if masks is None else masks[row]
        log, entropy = 0.0, 0.0
        for head, mask, chosen in zip(logit.split(heads), allowed.split(heads), action):
            place = mask[:chosen].sum()
            part = torch.distributions.Categorical(logits=head[mask])
            log = log + part.log_prob(place)
            entropy = entropy + part.entropy()
        logs.append(log)
        entropies.append(entropy)
    return torch.stack(logs), torch.stack(entropies)


def forward():
    draws = Draws(1)
    (actor, actor_parameters), (critic, critic_parameters) = networks(draws)
    observations, inputs = draws.tensor(6, 3), draws.tensor(6, 5)
    return {
        "parameters": plain(actor_parameters | critic_parameters),
        "observations": observations.tolist(),
        "critic_inputs": inputs.tolist(),
        "logits": actor(observations).tolist(),
        "values": critic(inputs).squeeze(-1).tolist(),
    }


def categorical():
    draws = Draws(2)
    heads = [2, 3, 7]
    logits = draws.tensor(16, sum(heads), largest=8.0).requires_grad_()
    masks, actions = masks_and_actions(draws, 16, heads)
    weights = draws.tensor(2, 16)
    cases = {}
    for name, mask in [("free", None), ("masked", masks)]:
        logs, entropies = evaluate(logits, mask, actions, heads)
        (gradient,) = torch.autograd.grad((weights[0] * logs + weights[1] * entropies).sum(), logits)
        cases[name] = {
            "log_probabilities": logs.tolist(),
            "entropies": entropies.tolist(),
            "gradient": gradient.tolist(),
        }
    return cases | {
        "heads": heads,
        "logits": logits.tolist(),
        "masks": masks.tolist(),
        "actions": actions.tolist(),
        "weights": weights.tolist(),
    }


def moments(optimiser, parameters):
    arrays = {}
    for moment, key in [("first", "exp_avg"), ("second", "exp_avg_sq")]:
        for name, tensor in parameters.items():
            arrays[f"{moment}.{name}"] = optimiser.state[tensor][key].tolist()
    return arrays


def adam():
    """Steps of which every other one is clipped, at rates that change."""
    draws = Draws(3)
    _, parameters = perceptron(draws, "actor", [2, 3, 1])
    before = plain(parameters)
    optimiser = torch.optim.Adam(parameters.values(), lr=1.0, betas=(0.9, 0.999), eps=1e-5)
    steps = []
    for place in range(8):
        largest = 2.0 if place % 2 else 2.0**-6
        rate = 0.01 / (1 + place)
        for tensor in parameters.values():
            tensor.grad = draws.tensor(*tensor.shape, largest=largest)
        gradient = plain({name: tensor.grad for name, tensor in parameters.items()})
        norm = nn.utils.clip_grad_norm_(parameters.values(), 0.5)
        optimiser.param_groups[0]["lr"] = rate
        optimiser.step()
        steps.append({
            "gradient": gradient,
            "rate": rate,
            "norm": norm.item(),
            "after": plain(parameters),
        })
    return {
        "sizes": [2, 3, 1],
        "norm_max": 0.5,
        "before": before,
        "steps": steps,
        "moments": moments(optimiser, parameters),
    }


def definition(rewards, values, ends, last, gamma, lam):
    """Advantages of one agent, each a sum over what follows."""
    steps = len(rewards)
    following = np.append(values[1:], last)
    ended = np.array([end is not None for end in ends])
    following[ended] = [end for end in ends if end is not None]
    deltas = rewards + gamma * following - values
    advantages = []
    for step in range(steps):
        stops = np.flatnonzero(ended[step:])
        length = stops[0] + 1 if len(stops) else steps - step
        weights = (gamma * lam) ** np.arange(length)
        advantages.append(weights @ deltas[step:step + length])
    return np.array(advantages)


def gae():
    draws = Draws(4)
    steps, agents, gamma, lam = 20, 3, 0.97, 0.95
    table = lambda: np.array([[draws.number() for _ in range(agents)] for _ in range(steps)])
    rewards, values = table(), table()
    ends = [[draws.number() if draws.below(6) == 0 else None for _ in range(agents)]
            for _ in range(steps)]
    last = [draws.number() for _ in range(agents)]
    advantages = np.stack([
        definition(rewards[:, agent], values[:, agent], [row[agent] for row in ends],
                   last[agent], gamma, lam)
        for agent in range(agents)
    ], axis=1)
    return {
        "agents": agents,
        "gamma": gamma,
        "lambda": lam,
        "rewards": rewards.tolist(),
        "values": values.tolist(),
        "ended": [[end is not None for end in row] for row in ends],
        "end_values": [[end or 0.0 for end in row] for row in ends],
        "last_values": last,
        "advantages": advantages.tolist(),
        "returns": (advantages + values).tolist(),
    }


def huber():
    draws = Draws(5)
    values, returns = draws.tensor(64, largest=8.0), draws.tensor(64)
    betas = [0.5, 2.0, 100.0]
    losses = [functional.huber_loss(values, returns, delta=beta).item() for beta in betas]
    smooth = [beta * functional.smooth_l1_loss(values, returns, beta=beta).item() for beta in betas]
    assert np.allclose(losses, smooth, rtol=1e-12)
    return {
        "values": values.tolist(), "returns": returns.tolist(), "betas": betas, "losses": losses
    }


def ppo():
    """Epochs of one minibatch each: active samples alone, losses, gradients and both optimisers."""
    draws = Draws(6)
    (actor, actor_parameters), (critic, critic_parameters) = networks(draws)
    before = plain(actor_parameters | critic_parameters)
    heads, clip, entropy_weight, beta = SHAPE["heads"], 0.2, 0.01, 2.0
    observations, inputs = draws.tensor(SAMPLES, 3), draws.tensor(SAMPLES, 5)
    masks, actions = masks_and_actions(draws, SAMPLES, heads)
    active = torch.tensor([draws.below(4) != 0 for _ in range(SAMPLES)])
    advantages, returns = draws.tensor(SAMPLES, largest=4.0), draws.tensor(SAMPLES, largest=8.0)
    with torch.no_grad():
        old = evaluate(actor(observations), masks, actions, heads)[0]
        # Moved by up to a half and rounded, so that some ratios are clipped and f32 holds them.
        old = ((old + draws.tensor(SAMPLES, largest=0.5)) * 1024).round() / 1024
    optimisers = [
        torch.optim.Adam(actor_parameters.values(), lr=0.01, eps=1e-5),
        torch.optim.Adam(critic_parameters.values(), lr=0.02, eps=1e-5),
    ]
    explained = 1 - advantages[active].var(correction=0) / returns[active].var(correction=0)
    epochs = []
    for _ in range(4):
        logs, entropies = evaluate(actor(observations[active]), masks[active], actions[active], heads)
        log_ratio = logs - old[active]
        ratio = log_ratio.exp()
        normal = advantages[active] - advantages[active].mean()
        normal = normal / (normal.std(correction=0) + 1e-8)
        policy = torch.max(-normal * ratio, -normal * ratio.clamp(1 - clip, 1 + clip)).mean()
        value = functional.huber_loss(
            critic(inputs[active]).squeeze(-1), returns[active], delta=beta)
        entropy = entropies.mean()
        for optimiser in optimisers:
            optimiser.zero_grad()
        (policy - entropy_weight * entropy).backward()
        value.backward()
        actor_norm = nn.utils.clip_grad_norm_(actor_parameters.values(), 0.1)
        critic_norm = nn.utils.clip_grad_norm_(critic_parameters.values(), 0.5)
        for optimiser in optimisers:
            optimiser.step()
        epochs.append({
            "policy_loss": policy.item(),
            "value_loss": value.item(),
            "entropy": entropy.item(),
            "approx_kl": ((ratio - 1) - log_ratio).mean().item(),
            "clip_fraction": ((ratio - 1).abs() > clip).double().mean().item(),
            "actor_norm": actor_norm.item(),
            "critic_norm": critic_norm.item(),
            "after": plain(actor_parameters | critic_parameters),
        })
    return {
        "before": before,
        "observations": observations.tolist(),
        "critic_inputs": inputs.tolist(),
        "masks": masks.tolist(),
        "actions": actions.tolist(),
        "active": active.tolist(),
        "log_probabilities": old.tolist(),
        "advantages": advantages.tolist(),
        "returns": returns.tolist(),
        "explained_variance": explained.item(),
        "epochs": epochs,
        "actor_moments": moments(optimisers[0], actor_parameters),
        "critic_moments": moments(optimisers[1], critic_parameters),
    }


def cloning():
    """Cross-entropies: PyTorch's own where all is allowed, of the allowed logits alone elsewhere."""
    draws = Draws(7)
    heads, rows = [2, 3, 7], 16
    logits = draws.tensor(rows, sum(heads), largest=4.0)
    masks, actions = masks_and_actions(draws, rows, heads)
    cases = []
    for smoothing in [0.0, 0.4]:
        pairs = list(zip(logits.split(heads, dim=1), masks.split(heads, dim=1), actions.unbind(1)))
        free = sum(
            functional.cross_entropy(head, action, label_smoothing=smoothing)
            for head, _, action in pairs)
        masked = 0.0
        for head, mask, action in pairs:
            for row in range(rows):
                allowed = mask[row].nonzero().squeeze(1)
                label = (allowed == action[row]).nonzero().squeeze(1)
                masked += functional.cross_entropy(
                    head[row, allowed].unsqueeze(0), label, label_smoothing=smoothing) / rows
        cases.append({"smoothing": smoothing, "free": free.item(), "masked": masked.item()})
    right = [(head.argmax(1) == action) for head, action in
             zip(logits.split(heads, dim=1), actions.unbind(1))]
    return {
        "heads": heads,
        "logits": logits.tolist(),
        "masks": masks.tolist(),
        "actions": actions.tolist(),
        "cases": cases,
        "accuracy": torch.stack(right).double().mean().item(),
    }


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    folder = pathlib.Path(sys.argv[1])
    torch.set_default_dtype(torch.float64)
    versions = {"torch": torch.__version__.split("+")[0], "numpy": np.__version__}
    for case in [forward, categorical, adam, gae, huber, ppo, cloning]:
        text = json.dumps({"versions": versions} | case(), separators=(",", ":"))
        (folder / f"{case.__name__}.json").write_text(text + "\n")


if __name__ == "__main__":
    main()
