"""Reads what `--test learning -- data` wrote: states, their rows, and how good each choice turned out to be."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np


@dataclass
class Data:
    """States one after another; the rows of a state and the choices of a row are neighbours.

    `nests` [rows, columns], `accesses` [rows, slots, columns], `mask` [rows, slots]; `state` [rows]: which state a row is
    of; `own` [states]: log2 seconds of what the default bindings make of it; `region` [states]; `choices` [choices, columns], `row` [choices]; `gain` [choices]: log2 of how much faster than by the default
    bindings the region becomes, -100 where a choice leads nowhere; `later` [choices]: how many more choices lead there;
    `validates` [states].
    """

    nests: np.ndarray
    accesses: np.ndarray
    mask: np.ndarray
    state: np.ndarray
    own: np.ndarray
    region: np.ndarray
    choices: np.ndarray
    row: np.ndarray
    gain: np.ndarray
    later: np.ndarray
    validates: np.ndarray
    index: dict
    hash: str

    def normalise(self) -> dict[str, tuple[np.ndarray, np.ndarray]]:
        """Brings every column of the states that are learnt from to mean 0 and deviation 1; returns, by layer, the means
        and what was multiplied by.

        Columns that never change tell nothing, and are to tell nothing where they do change.
        """
        learns = ~self.validates[self.state]
        parts = {
            "nest": (self.nests, self.nests[learns]),
            "access": (self.accesses, self.accesses[learns][self.mask[learns] > 0.0]),
            "choice": (self.choices, self.choices[learns[self.row]]),
        }
        scales = {}
        for name, (all_of_them, seen) in parts.items():
            mean, deviation = seen.mean(axis=0), seen.std(axis=0)
            scale = np.where(deviation > 1e-6, 1.0 / np.maximum(deviation, 0.1), 0.0).astype(np.float32)
            scales[name] = mean, scale
            all_of_them[:] = (all_of_them - mean) * scale
        return scales


def read(folder: Path) -> Data:
    """Returns the data of a folder."""
    index = json.loads((folder / "index.json").read_text())
    raw = (folder / "rows.f32").read_bytes()
    numbers = np.frombuffer(raw, dtype="<f4")
    nest, access, choice = index["nest"], index["access"], index["choice"]
    heads, nests, accesses, choices, rows = [], [], [], [], []
    at = 0
    while at < len(numbers):
        head = numbers[at : at + 6]
        used, count = int(head[4]), int(head[5])
        at += 6
        nests.append(numbers[at : at + nest])
        at += nest
        slots = np.zeros((index["access_slots"], access), np.float32)
        slots[:used] = numbers[at : at + used * access].reshape(used, access)
        accesses.append(slots)
        at += used * access
        choices.append(numbers[at : at + count * (choice + 2)].reshape(count, choice + 2))
        at += count * (choice + 2)
        rows.append(np.full(count, len(heads), np.int32))
        heads.append(head)
    heads = np.stack(heads)
    # States from which no lesson was drawn have no number: those that are there are counted anew.
    _, first, state = np.unique(heads[:, 0], return_index=True, return_inverse=True)
    choices = np.concatenate(choices)
    return Data(
        nests=np.stack(nests),
        accesses=np.stack(accesses),
        mask=(np.arange(index["access_slots"]) < heads[:, 4:5]).astype(np.float32),
        state=state.astype(np.int32),
        own=heads[first, 3],
        region=np.unique(heads[first, 2], return_inverse=True)[1].astype(np.int32),
        choices=choices[:, :-2],
        row=np.concatenate(rows),
        gain=choices[:, -2],
        later=choices[:, -1],
        validates=heads[first, 1] > 0,
        index=index,
        hash=hashlib.sha256(raw).hexdigest()[:16],
    )


def select(data: Data, states: np.ndarray, room: Callable[[int], int] = lambda count: count) -> dict:
    """Returns a batch: the states of the given numbers, in this order, with empty rows and choices behind them as far as
    there is room, so that few batches differ in shape; those are of the state after the last."""
    first_row = np.searchsorted(data.state, np.arange(len(data.validates) + 1))
    first_choice = np.searchsorted(data.row, first_row)
    rows = np.concatenate([np.arange(first_row[s], first_row[s + 1]) for s in states])
    choices = np.concatenate([np.arange(first_choice[s], first_choice[s + 1]) for s in states])
    place_of_state = np.zeros(len(data.validates), np.int32)
    place_of_state[states] = np.arange(len(states))
    place_of_row = np.zeros(len(data.state), np.int32)
    place_of_row[rows] = np.arange(len(rows))

    def padded(array, value=0):
        more = room(len(array)) - len(array)
        return np.pad(array, [(0, more)] + [(0, 0)] * (array.ndim - 1), constant_values=value)

    return {
        "nests": padded(data.nests[rows]),
        "accesses": padded(data.accesses[rows]),
        "mask": padded(data.mask[rows]),
        "choices": padded(data.choices[choices]),
        "row": padded(place_of_row[data.row[choices]]),
        "choice_state": padded(place_of_state[data.state[data.row[choices]]], len(states)),
        "gain": padded(data.gain[choices]),
        "later": padded(data.later[choices]),
    }
