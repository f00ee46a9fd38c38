"""What the trained weights make of some rows, for a test to hold the embedded runtime against."""

import json
from pathlib import Path

import numpy as np

import network

ROWS = 6


def probe(index: dict, number: int):
    """Returns a row of numbers that look random, as `model/tests/learned.rs` makes them."""
    nest, access, choice = index["nest"], index["access"], index["choice"]
    slots, choices = index["access_slots"], index["choice_slots"]
    at = np.arange(nest + slots * access + choices * choice)
    numbers = (((at * 7919 + number * 104_729) % 1000) / 1000.0).astype(np.float32)
    nests, accesses, columns = np.split(numbers, [nest, nest + slots * access])
    mask = (np.arange(slots) <= number).astype(np.float32)
    return (
        nests.reshape(1, nest),
        accesses.reshape(1, slots, access),
        mask.reshape(1, slots),
        columns.reshape(choices, choice),
    )


def write(path: Path, weights: dict, index: dict) -> None:
    """Writes the logits and the gains of every row."""
    rows = []
    for number in range(ROWS):
        row = np.zeros(index["choice_slots"], np.int32)
        logits, gains = network.forward(weights, *probe(index, number), row)
        rows.append([round(float(told), 6) for told in [*logits, *gains]])
    path.write_text(json.dumps(rows) + "\n")
