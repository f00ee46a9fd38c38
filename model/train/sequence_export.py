"""Writes the sequence model as an ONNX graph of basic operators (opset 17), and what tests hold it against.

A run takes some tokens and what was kept of those before them, and returns for each the logits of the next token and
what is to be kept of this one.
"""

import json
from pathlib import Path

import numpy as np
from onnx import TensorProto, helper

import sequence_network as network
from export import Graph, write_model
from sequence_network import HEADS, LAYERS, REGION, WIDTH

# Tokens whose logits are held against those of the embedded runtime.
PROBE = 24


def normalised(graph: Graph, name: str, x: str) -> str:
    square = graph.node("Mul", [x, x], f"{name}.square")
    mean = graph.node("ReduceMean", [square], f"{name}.mean", axes=[-1], keepdims=1)
    root = graph.node("Sqrt", [graph.node("Add", [mean, "tiny"], f"{name}.more")], f"{name}.root")
    scaled = graph.node("Div", [x, root], f"{name}.scaled")
    return graph.node("Mul", [scaled, graph.constant(f"{name}.gain", graph.weights[name])], f"{name}.out")


def attended(graph: Graph, number: int, seen: str, sees: str) -> str:
    """Returns what tokens gather from those that they see."""
    rows = {}
    for part in ("key", "value"):
        own = graph.linear(f"{number}.{part}", seen)
        graph.node("Identity", [own], f"{part}_{number}")
        rows[part] = graph.node("Concat", [f"{part}s_{number}", own], f"{number}.{part}s", axis=0)
        split = graph.node("Reshape", [rows[part], "shape.heads"], f"{number}.{part}s.split")
        order = [1, 2, 0] if part == "key" else [1, 0, 2]
        rows[part] = graph.node("Transpose", [split], f"{number}.{part}s.heads", perm=order)
    query = graph.linear(f"{number}.query", seen)
    query = graph.node("Reshape", [query, "shape.heads"], f"{number}.query.split")
    query = graph.node("Transpose", [query], f"{number}.query.heads", perm=[1, 0, 2])
    scores = graph.node("MatMul", [query, rows["key"]], f"{number}.scores")
    scores = graph.node("Mul", [scores, "scale"], f"{number}.scores.scaled")
    scores = graph.node("Add", [scores, sees], f"{number}.scores.masked")
    shares = graph.node("Softmax", [scores], f"{number}.shares", axis=-1)
    gathered = graph.node("MatMul", [shares, rows["value"]], f"{number}.gathered")
    gathered = graph.node("Transpose", [gathered], f"{number}.gathered.rows", perm=[1, 0, 2])
    return graph.node("Reshape", [gathered, "shape.rows"], f"{number}.rows")


def graph_of(weights: dict, token: str) -> Graph:
    """Returns `network.forward` for tokens that come after others, those of the input of that name.

    `sees_before` and `sees` are 0 for what a token is to see of those before and of those at hand, itself included, and
    far below for the rest.
    """
    graph = Graph(weights)
    graph.constant("tiny", np.array(network.TINY, np.float32))
    graph.constant("scale", np.array(1.0 / np.sqrt(WIDTH // HEADS), np.float32))
    graph.constant("shape.heads", np.array([0, HEADS, WIDTH // HEADS], np.int64))
    graph.constant("shape.rows", np.array([0, WIDTH], np.int64))
    word = graph.node("Gather", [graph.constant("words", weights["word"]), token], "word", axis=0)
    place = graph.node("Gather", [graph.constant("places", weights["place"]), "place"], "placed", axis=0)
    sees = graph.node("Concat", ["sees_before", "sees"], "sees.all", axis=2)
    x = graph.node("Add", [word, place], "x")
    for number in range(LAYERS):
        rows = attended(graph, number, normalised(graph, f"{number}.seen", x), sees)
        x = graph.node("Add", [x, graph.linear(f"{number}.joined", rows)], f"{number}.x")
        hidden = graph.layer(f"{number}.hidden", normalised(graph, f"{number}.thought", x))
        x = graph.node("Add", [x, graph.linear(f"{number}.back", hidden)], f"{number}.y")
    graph.node("Identity", [graph.linear("logits", normalised(graph, "end", x))], "told")
    return graph


def write(path: Path, weights: dict, known: dict) -> None:
    """Writes the graph, with what it was made of; the name of its first input ends in the hash of the vocabulary."""
    token = f"token_{known['vocabulary']}"
    graph = graph_of(weights, token)

    def tensor(name, *shape, of=TensorProto.FLOAT):
        return helper.make_tensor_value_info(name, of, shape)

    kept = [f"{part}s_{number}" for number in range(LAYERS) for part in ("key", "value")]
    inputs = [
        tensor(token, "new", of=TensorProto.INT64),
        tensor("place", "new", of=TensorProto.INT64),
        tensor("sees_before", 1, "new", "before"),
        tensor("sees", 1, "new", "new"),
        *(tensor(name, "before", WIDTH) for name in kept),
    ]
    words = len(weights["word"])
    outputs = [tensor("told", "new", words)]
    outputs += [tensor(f"{part}_{number}", "new", WIDTH) for number in range(LAYERS) for part in ("key", "value")]
    write_model(path, graph, inputs, outputs, known)


def write_parity(path: Path, weights: dict) -> None:
    """Writes the logits after each of some tokens, half of them of a region."""
    words = len(weights["word"])
    at = np.arange(PROBE)
    tokens = (at * 7919 % words).astype(np.int32)
    half = PROBE // 2
    places = np.where(at < half, at, REGION + at - half).astype(np.int32)
    logits = np.asarray(network.forward(weights, tokens[None], places[None]))[0]
    rows = [[round(float(number), 4) for number in row] for row in logits]
    path.write_text(json.dumps({"tokens": tokens.tolist(), "places": places.tolist(), "logits": rows}) + "\n")
