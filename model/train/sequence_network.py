"""The sequence model: the tokens of a region in, the tokens of its moves out, one after another.

A decoder-only transformer (Vaswani et al., "Attention Is All You Need", 2017) that normalises before each part by the
root of the mean square (Zhang, Sennrich, "Root Mean Square Layer Normalization", 2019).
Regions have the first positions and moves the last ones, so that a move is at the same place however long its region is.
"""

import jax
import jax.numpy as jnp
import numpy as np

WIDTH = 64
HEADS = 4
LAYERS = 2
HIDDEN = 256

# Positions of the tokens of a region, and of its moves.
REGION = 208
MOVES = 48
SLOTS = REGION + MOVES

TINY = 1e-5


def initial(words: int, seed: int) -> dict:
    """Returns random weights: tables, gains, and layers with their biases."""
    random = np.random.default_rng(seed)

    def table(rows, columns, scale):
        return (scale * random.standard_normal((rows, columns))).astype(np.float32)

    def layer(inputs, outputs, scale=1.0):
        return table(inputs, outputs, scale / np.sqrt(inputs)), np.zeros(outputs, np.float32)

    weights = {"word": table(words, WIDTH, 0.3), "place": table(SLOTS, WIDTH, 0.1)}
    for number in range(LAYERS):
        weights |= {
            f"{number}.seen": np.ones(WIDTH, np.float32),
            f"{number}.query": layer(WIDTH, WIDTH),
            f"{number}.key": layer(WIDTH, WIDTH),
            f"{number}.value": layer(WIDTH, WIDTH),
            f"{number}.joined": layer(WIDTH, WIDTH, 0.5),
            f"{number}.thought": np.ones(WIDTH, np.float32),
            f"{number}.hidden": layer(WIDTH, HIDDEN),
            f"{number}.back": layer(HIDDEN, WIDTH, 0.5),
        }
    return weights | {"end": np.ones(WIDTH, np.float32), "logits": layer(WIDTH, words)}


def linear(weights: dict, name: str, x):
    matrix, bias = weights[name]
    return x @ matrix + bias


def normalised(weights: dict, name: str, x):
    return x / jnp.sqrt(jnp.mean(x * x, axis=-1, keepdims=True) + TINY) * weights[name]


def forward(weights: dict, tokens, places):
    """Returns the logits after every token; tokens see those before them.

    `tokens` and `places` [sequences, length].
    """
    count, length = tokens.shape
    x = weights["word"][tokens] + weights["place"][places]
    sees = jnp.where(np.tri(length, dtype=bool), 0.0, -1e9)

    def heads(name, x):
        split = linear(weights, name, x).reshape(count, length, HEADS, WIDTH // HEADS)
        return split.transpose(0, 2, 1, 3)

    for number in range(LAYERS):
        seen = normalised(weights, f"{number}.seen", x)
        query, key, value = (heads(f"{number}.{part}", seen) for part in ("query", "key", "value"))
        scores = query @ key.transpose(0, 1, 3, 2) / np.sqrt(WIDTH // HEADS) + sees
        joined = (jax.nn.softmax(scores) @ value).transpose(0, 2, 1, 3).reshape(count, length, WIDTH)
        x = x + linear(weights, f"{number}.joined", joined)
        hidden = jax.nn.relu(linear(weights, f"{number}.hidden", normalised(weights, f"{number}.thought", x)))
        x = x + linear(weights, f"{number}.back", hidden)
    return linear(weights, "logits", normalised(weights, "end", x))
