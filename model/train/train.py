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

# How fast weights shrink, against the rate (Loshchilov, Hutter, "Decoupled Weight Decay Regularization", 2019).
DECAY = 0.5

# States of one region stand beside one another in a batch, so many at most, so that a step tells them apart.
NEIGHBOURS = 16

# From how many bits off an error counts as it is, and not its square: small gains decide about the order of states.
CORNER = 0.02

# What is aimed at falls by a factor of e for so many bits behind the best choice.
TEMPERATURE = 0.08

# What is aimed at falls by a factor of e for so many choices between a choice and the best plan behind it.
HASTE = 2.0

# The gain of a choice that leads nowhere.
NOWHERE = -100.0

# Bits from which on it does not matter how far.
FAR = 4.0

# How much gains count against shares, and what can be gained at all against each gain.
GAIN_WEIGHT = 0.5
MOST_WEIGHT = 1.0


def segment_softmax(logits, segment, count):
    """Returns the logarithm of the softmax within each segment."""
    highest = jax.ops.segment_max(logits, segment, count)
    shifted = logits - highest[segment]
    total = jax.ops.segment_sum(jnp.exp(shifted), segment, count)
    return shifted - jnp.log(total)[segment]


def behind_best(gain, segment, count):
    """Returns how far each choice stays behind the best one of its state, and the gain of that one."""
    gain = jnp.maximum(gain, -FAR)
    best = jax.ops.segment_max(gain, segment, count)
    return jnp.maximum(gain - best[segment], -FAR), best


def huber(off):
    """Returns the Huber loss."""
    off = jnp.abs(off)
    return jnp.where(off < CORNER, off**2 / (2.0 * CORNER), off - 0.5 * CORNER)


def loss(weights, batch):
    """Returns the sum of two losses.

    Shares: the cross-entropy to the softmax of how good choices are and how soon what is good comes, weighted by what is
    at stake.
    Gains: the Huber loss of the gain of every choice, and of what can be gained at all, from nothing on.
    """
    logits, gains = network.forward(
        weights, batch["nests"], batch["accesses"], batch["mask"], batch["choices"], batch["row"]
    )
    states, segment = STATES, batch["choice_state"]

    def mean(numbers):
        return jax.ops.segment_sum(numbers, segment, states + 1)[:states] / count

    count = jnp.maximum(1.0, jax.ops.segment_sum(jnp.ones_like(logits), segment, states + 1)[:states])
    behind, best = behind_best(batch["gain"], segment, states + 1)
    aim = behind / TEMPERATURE - batch["later"] / HASTE
    aim = jnp.exp(segment_softmax(aim, segment, states + 1))
    told = segment_softmax(logits, segment, states + 1)
    entropy = -mean(aim * told) * count
    stake = jnp.minimum(1.0, -mean(behind))
    each = mean(huber(gains - jnp.clip(batch["gain"], -FAR, FAR)))
    most = jax.ops.segment_max(gains, segment, states + 1)[:states]
    most = huber(jnp.maximum(most, 0.0) - jnp.clip(best[:states], 0.0, 2.0 * FAR))
    return jnp.mean(stake * entropy + GAIN_WEIGHT * (each + MOST_WEIGHT * most))


@partial(jax.jit, donate_argnums=(0, 1))
def step(weights, moments, batch, rate, number):
    """Makes a step of Adam (Kingma, Ba, 2015), with weights that shrink."""
    found, slope = jax.value_and_grad(loss)(weights, batch)
    first = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, moments[0], slope)
    second = jax.tree.map(lambda v, g: 0.999 * v + 0.001 * g * g, moments[1], slope)
    scale = rate * jnp.sqrt(1.0 - 0.999**number) / (1.0 - 0.9**number)

    def stepped(weight, moment, square):
        return weight - scale * moment / (jnp.sqrt(square) + 1e-8) - rate * DECAY * weight

    weights = jax.tree.map(stepped, weights, first, second)
    return weights, (first, second), found


def room(count: int) -> int:
    """Returns how many rows or choices there is room for; the step is compiled anew for every other number."""
    grain = 128 if count <= 2 * STATES else 512
    return -(-count // grain) * grain


def order(data: lessons.Data, states: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Returns states in an order to learn them in: at random, but for neighbours of one region."""
    mixed = states[np.lexsort((random.random(len(states)), data.region[states]))]
    some = [mixed[at : at + NEIGHBOURS] for at in range(0, len(mixed), NEIGHBOURS)]
    return np.concatenate([some[at] for at in random.permutation(len(some))])


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
        lesson = order(data, states, random)
        total = 0.0
        for at in range(0, len(lesson) - STATES + 1, STATES):
            batch = lessons.select(data, lesson[at : at + STATES], room)
            rate = RATE * 0.5 * (1.0 + np.cos(np.pi * number / steps))
            number += 1
            weights, moments, found = step(weights, moments, batch, rate, number)
            total += float(found)
        print(f"epoch {epoch + 1}: loss {total / (len(lesson) // STATES):.4f}", flush=True)
    return jax.tree.map(np.asarray, weights)


def metrics(weights: dict, data: lessons.Data) -> dict[str, float]:
    """Returns how well the first choice is chosen, and what can be gained told, on families that no network is trained on."""
    states = np.flatnonzero(data.validates)
    batch = lessons.select(data, states)
    logits, gains = network.forward(
        weights, batch["nests"], batch["accesses"], batch["mask"], batch["choices"], batch["row"]
    )
    behind, best = (np.asarray(each) for each in behind_best(batch["gain"], batch["choice_state"], len(states)))
    ends = np.cumsum(np.bincount(batch["choice_state"]))[:-1]
    behind = np.split(behind, ends)
    matters = np.array([each.min() < -0.01 for each in behind])

    def first(told):
        return np.array([b[np.argmax(t)] for t, b in zip(np.split(np.asarray(told), ends), behind)])[matters]

    even = np.array([each.mean() for each in behind])[matters]
    default = np.array([each[0] for each in behind])[matters]
    most = np.array([max(0.0, each.max()) for each in np.split(np.asarray(gains), ends)])
    own, most_truly = data.own[states], np.maximum(best[: len(states)], 0.0)
    return {
        "states": float(matters.sum()),
        "bits_behind_by_first_choice": float(-first(logits).mean()),
        "bits_behind_by_greatest_gain": float(-first(gains).mean()),
        "bits_behind_by_default_bindings": float(-default.mean()),
        "bits_behind_by_chance": float(-even.mean()),
        "within_10_percent": float((first(logits) > -np.log2(1.1)).mean()),
        "rank_correlation_of_value": rank_correlation(most, most_truly),
        "rank_correlation_in_regions": in_regions(own - most, own - most_truly, data.region[states]),
        "rank_correlation_in_regions_by_default_bindings": in_regions(own, own - most_truly, data.region[states]),
    }


def rank_correlation(a, b) -> float:
    """Returns Spearman's rank correlation, 0 where one side is all the same; equal numbers share their rank."""
    if np.ptp(a) == 0.0 or np.ptp(b) == 0.0:
        return 0.0

    def ranks(x):
        _, inverse, count = np.unique(x, return_inverse=True, return_counts=True)
        return (np.cumsum(count) - 0.5 * (count + 1))[inverse]

    return float(np.corrcoef(ranks(a), ranks(b))[0, 1])


def in_regions(a, b, region) -> float:
    """Returns the mean rank correlation over all regions in which neither side is all the same; numbers that hardly differ
    are equal."""
    a, b = np.round(a, 3), np.round(b, 3)
    parts = [np.flatnonzero(region == each) for each in np.unique(region)]
    parts = [some for some in parts if len(some) > 2 and np.ptp(a[some]) > 0.0 and np.ptp(b[some]) > 0.0]
    return float(np.mean([rank_correlation(a[some], b[some]) for some in parts]))


def shuffled(data: lessons.Data, seed: int) -> lessons.Data:
    """Returns data in which every choice has the label of another one of its state, and every state can gain what another
    one can."""
    random = np.random.default_rng(seed)
    state = data.state[data.row]
    order = np.lexsort((random.random(len(state)), state))
    best = np.maximum.reduceat(data.gain, np.searchsorted(state, np.arange(len(data.validates))))
    moved = random.permutation(best) - best
    leads = data.gain[order] > NOWHERE
    gain = np.where(leads, data.gain[order] + moved[state], NOWHERE).astype(np.float32)
    return replace(data, gain=gain, later=data.later[order])


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
