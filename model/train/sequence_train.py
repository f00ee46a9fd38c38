"""Trains the sequence model, and one that must not be any good: `python sequence_train.py DATA OUT`."""

import argparse
import hashlib
import json
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np

import sequence_export as export
import sequence_network as network
from sequence_network import MOVES, REGION

SEED = 7
EPOCHS = 8
BATCH = 32
RATE = 3e-3

# A plan is shown less often by a factor of e for so many bits behind the best one, and for every plan before it, since of
# those that are alike the one with the fewest moves comes first.
TEMPERATURE = 0.03

# How much a token of a region counts, against one of its moves.
REGION_WEIGHT = 0.1

# Lengths that sequences are brought to, so that few batches differ in shape.
LENGTHS = [48, 80, 112, 144, 192, REGION + MOVES]


@dataclass
class Lesson:
    """A region, and plans for it: how far each stays behind the best one, and its moves."""

    region: list[int]
    plans: list[tuple[float, list[int]]]


def read(folder: Path) -> tuple[list[Lesson], list[Lesson], dict]:
    """Returns what is learnt from, what validates, and what both were made of; without what is too long."""
    raw = (folder / "sequences.jsonl").read_bytes()
    parts = [], []
    for line in raw.splitlines():
        known = json.loads(line)
        plans = [(behind, ids) for behind, ids in known["plans"] if len(ids) <= MOVES]
        if plans and len(known["region"]) <= REGION:
            parts[known["validates"]].append(Lesson(known["region"], plans))
    index = json.loads((folder / "sequences.json").read_text())
    return *parts, index | {"data": hashlib.sha256(raw).hexdigest()[:16]}


def vocabulary(folder: Path) -> tuple[int, list[int]]:
    """Returns how many words there are, and which stand for names."""
    words = json.loads((folder / "tokenizer.json").read_text())["model"]["vocab"]
    return len(words), [token for word, token in words.items() if word[0] == "v" and word[1:].isdigit()]


def renamed(lessons: list[Lesson], words: int, names: list[int], random) -> list[Lesson]:
    """Returns lessons of which half have other names, since names mean nothing but that they are the same."""

    def other(lesson: Lesson) -> Lesson:
        if random.random() < 0.5:
            return lesson
        told = np.arange(words)
        told[names] = random.permutation(names)
        plans = [(behind, told[ids].tolist()) for behind, ids in lesson.plans]
        return Lesson(told[lesson.region].tolist(), plans)

    return [other(lesson) for lesson in lessons]


def batch(lessons: list[Lesson], random) -> dict:
    """Returns sequences with what comes after each token, one plan for every region."""
    rows = []
    for lesson in lessons:
        odds = np.exp([-behind / TEMPERATURE - rank for rank, (behind, _) in enumerate(lesson.plans)])
        moves = lesson.plans[random.choice(len(odds), p=odds / odds.sum())][1]
        rows.append((lesson.region, moves))
    longest = max(len(region) + len(moves) for region, moves in rows)
    length = next(each for each in LENGTHS if each >= longest)
    made = {name: np.zeros((len(rows), length), np.int32) for name in ("tokens", "places", "next")}
    made["weight"] = np.zeros((len(rows), length), np.float32)
    for row, (region, moves) in enumerate(rows):
        # Nothing comes after the last token.
        tokens, before = region + moves, len(region)
        count = len(tokens) - 1
        made["tokens"][row, :count] = tokens[:-1]
        made["next"][row, :count] = tokens[1:]
        made["places"][row, :before] = np.arange(before)
        made["places"][row, before:count] = REGION + np.arange(count - before)
        made["weight"][row, : before - 1] = REGION_WEIGHT
        made["weight"][row, before - 1 : count] = 1.0
    return made


def loss(weights, of):
    """Returns the mean cross-entropy of what comes after each token."""
    told = jax.nn.log_softmax(network.forward(weights, of["tokens"], of["places"]))
    entropy = -jnp.take_along_axis(told, of["next"][:, :, None], axis=2)[:, :, 0]
    return jnp.sum(entropy * of["weight"]) / jnp.sum(of["weight"])


@partial(jax.jit, donate_argnums=(0, 1))
def step(weights, moments, of, rate, number):
    """Makes a step of Adam (Kingma, Ba, 2015)."""
    found, slope = jax.value_and_grad(loss)(weights, of)
    first = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, moments[0], slope)
    second = jax.tree.map(lambda v, g: 0.99 * v + 0.01 * g * g, moments[1], slope)
    scale = rate * jnp.sqrt(1.0 - 0.99**number) / (1.0 - 0.9**number)
    weights = jax.tree.map(lambda w, m, v: w - scale * m / (jnp.sqrt(v) + 1e-8), weights, first, second)
    return weights, (first, second), found


def batches(lessons: list[Lesson], random) -> list[list[Lesson]]:
    """Returns all lessons, those of about one length together, in random order."""
    noise = random.integers(0, 16, len(lessons))
    order = np.argsort([len(each.region) + more for each, more in zip(lessons, noise)])
    groups = [order[at : at + BATCH] for at in range(0, len(order) - BATCH + 1, BATCH)]
    random.shuffle(groups)
    return [[lessons[number] for number in group] for group in groups]


def train(lessons: list[Lesson], validation: list[Lesson], words: int, names: list[int], options) -> dict:
    """Returns trained weights; the rate rises at first and falls along half a cosine."""
    seed, epochs = options.seed, options.epochs
    weights = jax.tree.map(jnp.asarray, network.initial(words, seed))
    moments = jax.tree.map(jnp.zeros_like, weights), jax.tree.map(jnp.zeros_like, weights)
    random = np.random.default_rng(seed)
    steps, number, began = epochs * (len(lessons) // BATCH), 0, time.process_time()
    for epoch in range(epochs):
        total = 0.0
        for group in batches(renamed(lessons, words, names, random), random):
            rate = RATE * min(1.0, (number + 1) / 100) * 0.5 * (1.0 + np.cos(np.pi * number / steps))
            number += 1
            weights, moments, found = step(weights, moments, batch(group, random), rate, number)
            total += float(found)
        if epoch % 2 == 1:
            told = metrics(weights, validation)
            seconds = time.process_time() - began
            print(f"epoch {epoch + 1}: loss {total / (len(lessons) // BATCH):.4f}, {told}, {seconds:.0f} s", flush=True)
    return jax.tree.map(np.asarray, weights)


def metrics(weights: dict, lessons: list[Lesson]) -> dict[str, float]:
    """Returns how well the moves of the best plans are told, each token from the right ones before it."""
    entropy, right, tokens, whole = 0.0, 0, 0, 0
    random = np.random.default_rng(0)
    run = jax.jit(network.forward)
    best = [Lesson(each.region, each.plans[:1]) for each in lessons]
    for group in batches(best, random):
        of = batch(group, random)
        told = np.asarray(jax.nn.log_softmax(run(weights, of["tokens"], of["places"])))
        counts = of["weight"] == 1.0
        told_next = np.take_along_axis(told, of["next"][:, :, None], axis=2)[:, :, 0]
        is_right = told.argmax(axis=2) == of["next"]
        entropy -= told_next[counts].sum()
        right += is_right[counts].sum()
        tokens += counts.sum()
        whole += (is_right | ~counts).all(axis=1).sum()
    regions = max(1, len(batches(best, random)) * BATCH)
    return {
        "regions": regions,
        "bits_a_token": round(float(entropy / tokens / np.log(2)), 4),
        "right_tokens": round(float(right / tokens), 4),
        "right_plans": round(float(whole / regions), 4),
    }


def shuffled(lessons: list[Lesson], seed: int) -> list[Lesson]:
    """Returns lessons in which every region has the plans of another one."""
    order = np.random.default_rng(seed).permutation(len(lessons))
    return [Lesson(each.region, lessons[other].plans) for each, other in zip(lessons, order)]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("data", type=Path)
    options.add_argument("out", type=Path)
    options.add_argument("--seed", type=int, default=SEED)
    options.add_argument("--epochs", type=int, default=EPOCHS)
    options = options.parse_args()
    lessons, validation, index = read(options.data)
    words, names = vocabulary(options.data)
    print(f"{len(lessons)} regions, {len(validation)} that validate", flush=True)
    for name, of in [("proposals", lessons), ("proposals_shuffled", shuffled(lessons, options.seed))]:
        print(name, flush=True)
        weights = train(of, validation, words, names, options)
        known = index | {"seed": options.seed, "metrics": metrics(weights, validation)}
        print(json.dumps(known, indent=1), flush=True)
        export.write(options.out / f"{name}.onnx", weights, known)
        if name == "proposals":
            export.write_parity(options.out / "proposals_parity.json", weights)


if __name__ == "__main__":
    main()
