"""Writes the network as an ONNX graph of basic operators (opset 17) for one row."""

import json
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from data import Data


def unscaled(weights: dict, scales: dict) -> dict:
    """Returns weights that do to columns as they are what `weights` do to normalised ones."""
    changed = dict(weights)
    for name, (mean, scale) in scales.items():
        matrix, bias = weights[name]
        matrix = matrix * scale[:, None]
        changed[name] = matrix, bias - mean @ matrix
    return changed


class Graph:
    """An ONNX graph on its way; tensors go by name."""

    def __init__(self, weights: dict):
        self.weights = weights
        self.nodes = []
        self.constants = []

    def constant(self, name: str, array) -> str:
        self.constants.append(numpy_helper.from_array(np.asarray(array), name))
        return name

    def node(self, operator: str, inputs: list[str], output: str, **attributes) -> str:
        self.nodes.append(helper.make_node(operator, inputs, [output], **attributes))
        return output

    def linear(self, name: str, x: str) -> str:
        matrix, bias = self.weights[name]
        product = self.node(
            "MatMul", [x, self.constant(f"{name}.matrix", matrix)], f"{name}.product"
        )
        return self.node("Add", [product, self.constant(f"{name}.bias", bias)], f"{name}.sum")

    def layer(self, name: str, x: str) -> str:
        return self.node("Relu", [self.linear(name, x)], f"{name}.out")


def graph_of(weights: dict, nest: str) -> Graph:
    """Returns `network.forward` for one row, whose nest is the input of that name."""
    graph = Graph(weights)
    slots = graph.constant("axis.slots", np.array([1], np.int64))
    last = graph.constant("axis.last", np.array([-1], np.int64))
    seen = graph.layer("access_again", graph.layer("access", "accesses"))
    mask = graph.node("Unsqueeze", ["access_mask", last], "mask")
    seen = graph.node("Mul", [seen, mask], "seen")
    seen = graph.node("ReduceSum", [seen, slots], "seen.sum", keepdims=0)
    trunk = graph.node("Concat", [graph.layer("nest", nest), seen], "joined", axis=1)
    trunk = graph.layer("trunk", trunk)
    trunk = graph.node("Add", [trunk, graph.layer("residual", trunk)], "state")
    query = graph.node("Unsqueeze", [graph.linear("query", trunk), slots], "query.slot")
    pair = graph.node("Add", [graph.linear("choice", "choices"), query], "pair.sum.in")
    pair = graph.layer("pair", graph.node("Relu", [pair], "pair.in"))
    graph.node("Squeeze", [graph.linear("logit", pair), last], "logits")
    graph.node("Squeeze", [graph.linear("gain", pair), last], "gains")
    return graph


def write(path: Path, weights: dict, data: Data, seed: int, metrics: dict) -> None:
    """Writes the graph, with what it was made of.

    The name of its first input ends in the hash of the table of features: the embedded runtime knows the names of
    inputs, and does not hand out metadata.
    """
    index = data.index
    nest = f"nest_{index['schema']}"
    graph = graph_of(weights, nest)

    def tensor(name, *shape):
        return helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, *shape])

    inputs = [
        tensor(nest, index["nest"]),
        tensor("accesses", index["access_slots"], index["access"]),
        tensor("access_mask", index["access_slots"]),
        tensor("choices", index["choice_slots"], index["choice"]),
    ]
    outputs = [tensor(name, index["choice_slots"]) for name in ["logits", "gains"]]
    known = {"schema": index["schema"], "data": data.hash, "seed": seed, "metrics": metrics}
    write_model(path, graph, inputs, outputs, known)


def write_model(path: Path, graph: Graph, inputs: list, outputs: list, known: dict) -> None:
    """Writes a graph with its metadata."""
    made = helper.make_graph(graph.nodes, "mupac", inputs, outputs, graph.constants)
    opset = [helper.make_opsetid("", 17)]
    model = helper.make_model(made, opset_imports=opset, ir_version=8, producer_name="mupac")
    helper.set_model_props(model, {name: json.dumps(value) for name, value in known.items()})
    onnx.checker.check_model(model)
    path.write_bytes(model.SerializeToString(deterministic=True))
