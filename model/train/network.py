"""The network: a nest with its accesses and its choices in, a logit and a gain a choice out.

Accesses are encoded one by one and added up (Zaheer et al., "Deep Sets", 2017); each choice is judged by itself against
what was made of its nest, so neither the order nor the number of choices matters.
The same description makes the JAX function that is trained and the ONNX graph that is shipped.
"""

import jax
import jax.numpy as jnp
import numpy as np

WIDTH = 256
ACCESS_WIDTH = 64


def layers(nest: int, access: int, choice: int) -> dict[str, tuple[int, int]]:
    """Returns how many numbers every layer takes and gives."""
    return {
        "nest": (nest, WIDTH),
        "access": (access, ACCESS_WIDTH),
        "access_again": (ACCESS_WIDTH, ACCESS_WIDTH),
        "trunk": (WIDTH + ACCESS_WIDTH, WIDTH),
        "residual": (WIDTH, WIDTH),
        "query": (WIDTH, WIDTH),
        "choice": (choice, WIDTH),
        "pair": (WIDTH, ACCESS_WIDTH),
        "logit": (ACCESS_WIDTH, 1),
        "gain": (ACCESS_WIDTH, 1),
    }


def initial(shapes: dict[str, tuple[int, int]], seed: int) -> dict:
    """Returns random weights (He et al., "Delving Deep into Rectifiers", 2015)."""
    random = np.random.default_rng(seed)
    weights = {}
    for name, (inputs, outputs) in shapes.items():
        scale = np.sqrt(2.0 / inputs)
        matrix = scale * random.standard_normal((inputs, outputs))
        weights[name] = (matrix.astype(np.float32), np.zeros(outputs, np.float32))
    return weights


def linear(weights: dict, name: str, x):
    matrix, bias = weights[name]
    return x @ matrix + bias


def layer(weights: dict, name: str, x):
    return jax.nn.relu(linear(weights, name, x))


def forward(weights: dict, nests, accesses, mask, choices, row):
    """Returns the logit and the gain of every choice.

    `nests` [rows, columns], `accesses` [rows, slots, columns], `mask` [rows, slots], `choices` [choices, columns], `row`
    [choices]: the row of each choice.
    """
    seen = layer(weights, "access_again", layer(weights, "access", accesses))
    seen = jnp.sum(seen * mask[:, :, None], axis=1)
    trunk = jnp.concatenate([layer(weights, "nest", nests), seen], axis=1)
    trunk = layer(weights, "trunk", trunk)
    trunk = trunk + layer(weights, "residual", trunk)
    query = linear(weights, "query", trunk)
    pair = jax.nn.relu(linear(weights, "choice", choices) + query[row])
    pair = layer(weights, "pair", pair)
    return linear(weights, "logit", pair)[:, 0], linear(weights, "gain", pair)[:, 0]
