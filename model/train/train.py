"""Trains the network that guides the search, and two that must not be any good: `python train.py DATA OUT`."""

import argparse
import json
from dataclasses import replace
from functools import partial
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np

import data as lessons
import export
import network
import parity

SEED = 7
EPOCHS = 24
STATES = 128
RATE = 2e-3

# What is aimed at falls by a factor of e for so many bits behind the best choice.
TEMPERATURE = 0.3

# Bits behind from which on it does not matter how far.
FAR = 4.0

# How much the value counts against the choice.
VALUE_WEIGHT = 0.2


def segment_softmax(logits, segment, count):
    """Returns the logarithm of the softmax within each segment."""
    highest = jax.ops.segment_max(logits, segment, count)
    shifted = logits - highest[segment]
    total = jax.ops.segment_sum(jnp.exp(shifted), segment, count)
    return shifted - jnp.log(total)[segment]


def loss(weights, batch):
    """Returns the cross-entropy to the softmax of what choices lead to, weighted by what is at stake, and the Huber loss
    of what can still be gained, which is the sum over nests."""
    logits, values = network.forward(
        weights, batch["nests"], batch["accesses"], batch["mask"], batch["choices"], batch["row"]
    )
    states = batch["gain"].shape[0]
    segment, behind = batch["choice_state"], jnp.maximum(batch["behind"], -FAR)
    aim = jnp.exp(segment_softmax(batch["behind"] / TEMPERATURE, segment, states + 1))
    told = segment_softmax(logits, segment, states + 1)
    entropy = -jax.ops.segment_sum(aim * told, segment, states + 1)[:states]
    count = jax.ops.segment_sum(jnp.ones_like(behind), segment, states + 1)[:states]
    stake = jnp.minimum(1.0, -jax.ops.segment_sum(behind, segment, states + 1)[:states] / count)
    value = jax.ops.segment_sum(values * batch["counts"], batch["state"], states + 1)[:states]
    off = jnp.abs(value - batch["gain"])
    huber = jnp.where(off < 1.0, 0.5 * off**2, off - 0.5) * (batch["gain"] >= 0.0)
    return jnp.mean(stake * entropy) + VALUE_WEIGHT * jnp.mean(huber)


@partial(jax.jit, donate_argnums=(0, 1))
def step(weights, moments, batch, rate, number):
    """Makes a step of Adam (Kingma, Ba, 2015)."""
    found, slope = jax.value_and_grad(loss)(weights, batch)
    first = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, moments[0], slope)
    second = jax.tree.map(lambda v, g: 0.999 * v + 0.001 * g * g, moments[1], slope)
    scale = rate * jnp.sqrt(1.0 - 0.999**number) / (1.0 - 0.9**number)
    weights = jax.tree.map(lambda w, m, v: w - scale * m / (jnp.sqrt(v) + 1e-8), weights, first, second)
    return weights, (first, second), found


def room(count: int) -> int:
    """Returns how many rows or choices there is room for: an eighth more than a power of 2, or two, and so on."""
    grain = max(32, 1 << max(0, count.bit_length() - 3))
    return -(-count // grain) * grain


def train(data: lessons.Data, seed: int, epochs: int) -> dict:
    """Returns trained weights; the rate falls along half a cosine."""
    index = data.index
    weights = network.initial(network.layers(index["nest"], index["access"], index["choice"]), seed)
    weights = jax.tree.map(jnp.asarray, weights)
    zeros = jax.tree.map(jnp.zeros_like, weights)
    moments = (zeros, jax.tree.map(jnp.zeros_like, weights))
    random = np.random.default_rng(seed)
    states = np.flatnonzero(~data.validates)
    steps = epochs * (len(states) // STATES)
    number = 0
    for epoch in range(epochs):
        order = random.permutation(states)
        total = 0.0
        for at in range(0, len(order) - STATES + 1, STATES):
            batch = lessons.select(data, order[at : at + STATES], room)
            rate = RATE * 0.5 * (1.0 + np.cos(np.pi * number / steps))
            number += 1
            weights, moments, found = step(weights, moments, batch, rate, number)
            total += float(found)
        print(f"epoch {epoch + 1}: loss {total / (len(order) // STATES):.4f}", flush=True)
    return jax.tree.map(np.asarray, weights)


def metrics(weights: dict, data: lessons.Data) -> dict[str, float]:
    """Returns how well the first choice is chosen, and the value told, on families that no network is trained on."""
    states = np.flatnonzero(data.validates)
    batch = lessons.select(data, states)
    logits, values = network.forward(
        weights, batch["nests"], batch["accesses"], batch["mask"], batch["choices"], batch["row"]
    )
    told = np.asarray(jnp.exp(segment_softmax(logits, batch["choice_state"], len(states))))
    behind = np.maximum(batch["behind"], -FAR)
    ends = np.cumsum(np.bincount(batch["choice_state"]))[:-1]
    first = np.array([b[np.argmax(t)] for t, b in zip(np.split(told, ends), np.split(behind, ends))])
    even = np.array([b.mean() for b in np.split(behind, ends)])
    default = np.array([b[0] for b in np.split(behind, ends)])
    value = np.zeros(len(states))
    np.add.at(value, batch["state"], np.asarray(values) * batch["counts"])
    known = batch["gain"] >= 0.0
    return {
        "states": float(len(states)),
        "bits_behind_by_first_choice": float(-first.mean()),
        "bits_behind_by_default_bindings": float(-default.mean()),
        "bits_behind_by_chance": float(-even.mean()),
        "within_10_percent": float((first > -np.log2(1.1)).mean()),
        "rank_correlation_of_value": rank_correlation(value[known], batch["gain"][known]),
    }


def rank_correlation(a, b) -> float:
    """Returns Spearman's rank correlation; equal numbers share their rank."""

    def ranks(x):
        _, inverse, count = np.unique(x, return_inverse=True, return_counts=True)
        return (np.cumsum(count) - 0.5 * (count + 1))[inverse]

    return float(np.corrcoef(ranks(a), ranks(b))[0, 1])


def shuffled(data: lessons.Data, seed: int) -> lessons.Data:
    """Returns data in which every choice has the label of another one of its state, and every state the gain of another
    one."""
    random = np.random.default_rng(seed)
    state = data.state[data.row]
    order = np.lexsort((random.random(len(state)), state))
    return replace(data, behind=data.behind[order], gain=random.permutation(data.gain))


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("data", type=Path)
    options.add_argument("out", type=Path)
    options.add_argument("--seed", type=int, default=SEED)
    options = options.parse_args()
    data = lessons.read(options.data)
    scales = data.normalise()
    for name, epochs, labels in [
        ("policy_value", EPOCHS, data),
        ("shuffled", EPOCHS, shuffled(data, options.seed)),
        ("untrained", 0, data),
    ]:
        print(name, flush=True)
        weights = train(labels, options.seed, epochs)
        told = metrics(weights, data)
        print(json.dumps(told, indent=1), flush=True)
        weights = export.unscaled(weights, scales)
        export.write(options.out / f"{name}.onnx", weights, data, options.seed, told)
        if name == "policy_value":
            parity.write(options.out / "parity.json", weights, data.index)


if __name__ == "__main__":
    main()
