"""The network as an ONNX graph that does no work twice, from its weights by name.

The scores are those of ``corpora.network``; the order of the work is another. What is asked of a
word alone, up to the maps of the first convolution, is done once for each different word and not
wherever it stands. Convolutions run over the words of all texts in one row, without the padding;
only the memories see texts side by side. How weights are rounded lives in ``export``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from scmine.corpora.network import PIECES, WINDOW
from scmine.extractors.word_features import COLUMNS, HASH_ROWS, WORD_CHARACTERS

_OPSET = 17
_IR_VERSION = 8  # of ONNX 1.10 to 1.12, the first with this opset; what older runtimes can read
_EPSILON = 1e-5  # torch's for layer normalisation
_SHUT = -1e4  # added to a gate's input, it shuts the gate whatever else comes in


@dataclass(frozen=True, slots=True)
class Rounded:
    """Weights in eight bits: the values are ``whole`` times ``scales`` along ``axis``."""

    whole: NDArray[np.int8]
    scales: NDArray[np.float32]
    axis: int


Weights = Mapping[str, NDArray[np.float32] | Rounded]
"""Weights by name, as `scmine.corpora.export.weights_of` names them; maps as (inputs, units)."""


class _Nodes:
    """The nodes and stored tensors of a graph in the making."""

    def __init__(self, weights: Weights) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.stored: dict[str, onnx.TensorProto] = {}
        self._weights = weights
        self.zero, self.one = self.whole(0), self.whole(1)
        self.flat = self.whole(-1)

    def __call__(self, kind: str, *inputs: str, out: str | None = None, **settings: Any) -> str:
        """Add an operation; the name of its one output."""
        name = out or f"{kind}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, inputs, [name], **settings))
        return name

    def split(self, value: str, axis: int, parts: int) -> list[str]:
        """``value`` in equal parts along ``axis``."""
        names = [f"{value}_part_{i}" for i in range(parts)]
        self.nodes.append(helper.make_node("Split", [value], names, axis=axis))
        return names

    def store(self, name: str, values: NDArray[np.generic]) -> str:
        """A tensor by name."""
        self.stored[name] = numpy_helper.from_array(values, name)
        return name

    def whole(self, *numbers: int) -> str:
        """A row of whole numbers."""
        return self.store("_".join(["whole", *map(str, numbers)]), np.array(numbers, np.int64))

    def weight(self, name: str) -> str:
        """A weight, in single precision."""
        values = self._weights[name]
        if not isinstance(values, Rounded):
            return self.store(name, values)
        parts = [
            self.store(f"{name}.rounded", values.whole),
            self.store(f"{name}.scales", values.scales),
        ]
        return self("DequantizeLinear", *parts, out=name, axis=values.axis)

    def normalised(self, value: str, name: str) -> str:
        """Layer normalisation with the weights of ``name``."""
        weights = self.weight(name), self.weight(f"{name}.bias")
        return self("LayerNormalization", value, *weights, axis=-1, epsilon=_EPSILON)

    def greatest(self, value: str) -> str:
        """Of the maps' results, side by side, the greatest unit by unit."""
        return self("Max", *self.split(value, 1, PIECES))

    def maxout(self, value: str, name: str) -> str:
        """The greatest of the linear maps of ``name``."""
        return self.greatest(self("Gemm", value, self.weight(name), self.weight(f"{name}.bias")))


def graph_of(weights: Weights, schemes: Mapping[str, int], depth: int) -> onnx.ModelProto:
    """The graph of a network.

    Parameters
    ----------
    weights
        Its weights.
    schemes
        The number of tags of each scheme.
    depth
        The number of its convolutions over words.

    Returns
    -------
    onnx.ModelProto
        Inputs are those of ``sequence_model``: ``rows`` (different words, COLUMNS), ``pairs``
        (pairs of places, 2) and ``lanes`` (steps, lanes). Outputs are, for each scheme, the scores
        (steps, lanes, tags); those where there is no word mean nothing.
    """
    nodes = _Nodes(weights)
    words = _described(nodes)
    count = nodes("Slice", nodes("Shape", words), nodes.zero, nodes.one)
    places = _Places(nodes, count)
    none = nodes.store("none", np.zeros((1, len(_plain(weights["norm"]))), np.float32))
    known = nodes("Concat", words, none, axis=0)
    states = nodes("Gather", known, places.index)
    states = nodes("Add", states, _first_convolution(nodes, known, places))
    for k in range(1, depth):
        states = nodes("Mul", states, places.there)
        states = nodes("Add", states, _convolution(nodes, states, places, none, k))
    remembered = _remembered(nodes, nodes("Concat", states, none, axis=0), places.none)
    for scheme in schemes:
        scores = nodes("MatMul", remembered, nodes.weight(f"heads.{scheme}"))
        nodes("Add", scores, nodes.weight(f"heads.{scheme}.bias"), out=scheme)
    return _model(nodes, schemes)


def _plain(values: NDArray[np.float32] | Rounded) -> NDArray[np.float32]:
    assert not isinstance(values, Rounded), "only maps, memories and tables are rounded"
    return values


def _described(nodes: _Nodes) -> str:
    """What is known of each different word by itself: (different words, width)."""
    parts = [
        nodes("Gather", nodes.weight(name), nodes("Gather", "rows", _number(nodes, i), axis=1))
        for name, i in [
            *((f"hashed.{i}", 1 + i) for i in range(len(HASH_ROWS))),
            ("vectors", 0),
        ]
    ]
    first = nodes.whole(COLUMNS - WORD_CHARACTERS)
    letters = nodes("Slice", "rows", first, nodes.whole(COLUMNS), nodes.one)
    letters = nodes("Transpose", nodes("Gather", nodes.weight("letter"), letters), perm=[0, 2, 1])
    weights = nodes.weight("letters"), nodes.weight("letters.bias")
    side = WINDOW // 2
    found = nodes("Conv", letters, *weights, kernel_shape=[WINDOW], pads=[side, side])
    parts.append(nodes("ReduceMax", nodes("Relu", found), axes=[2], keepdims=0))
    return nodes.normalised(nodes.maxout(nodes("Concat", *parts, axis=1), "join"), "norm")


def _number(nodes: _Nodes, number: int) -> str:
    """One whole number, without an axis."""
    return nodes.store(f"number_{number}", np.array(number, np.int64))


class _Places:
    """Where words stand: in pairs of places, the first of all pairs before the second of all.

    So laid out, a convolution finds the neighbours of all first places and of all second places
    where one slice begins and ends. ``index`` says which of the different words each place holds,
    (places,), or their ``count`` where there is none; ``there`` is 1 at words and else 0,
    (places, 1).
    """

    def __init__(self, nodes: _Nodes, count: str) -> None:
        self._nodes = nodes
        pairs = nodes("Transpose", "pairs", perm=[1, 0])
        self.index = nodes("Reshape", pairs, nodes.flat)
        self.none = nodes("Squeeze", nodes("Shape", self.index), nodes.zero)
        first, second = nodes.split(self.index, 0, 2)
        before, after = self.shifted(second, count, 1), self.shifted(first, count, -1)
        self.around = (
            nodes("Concat", before, first, axis=0),
            self.index,
            nodes("Concat", second, after, axis=0),
        )
        there = nodes("Cast", nodes("Less", self.index, count), to=TensorProto.FLOAT)
        self.there = nodes("Unsqueeze", there, nodes.one)

    def shifted(self, values: str, fill: str, by: int) -> str:
        """What stands one pair before (``by`` 1) or behind (-1); ``fill`` where there is none."""
        if by > 0:
            kept = self._nodes("Slice", values, self._nodes.zero, self._nodes.flat)
            return self._nodes("Concat", fill, kept, axis=0)
        end = self._nodes.whole(np.iinfo(np.int64).max)
        kept = self._nodes("Slice", values, self._nodes.one, end)
        return self._nodes("Concat", kept, fill, axis=0)


def _first_convolution(nodes: _Nodes, known: str, places: _Places) -> str:
    """The first convolution, its maps taken of the different words: (places, width)."""
    name = "convolutions.0"
    former, own, latter = nodes.split(nodes.weight(name), 0, WINDOW)
    maps = [
        nodes("MatMul", known, former),
        nodes("Gemm", known, own, nodes.weight(f"{name}.bias")),
        nodes("MatMul", known, latter),
    ]
    seen = [nodes("Gather", part, index) for part, index in zip(maps, places.around, strict=True)]
    found = nodes("Sum", *seen)
    return nodes.normalised(nodes.greatest(found), f"{name}.norm")


def _convolution(nodes: _Nodes, states: str, places: _Places, none: str, number: int) -> str:
    """A convolution over ``states``, which are zero where there is no word: (places, width).

    Both words of a pair in four products in place of six (Winograd's F(2, 3); Lavin and Gray,
    CVPR 2016): with the words a, b, c, d one after the other and the maps f, g, h, the sums
    fa + gb + hc and fb + gc + hd are f(a - c) + s + t and h(d - b) + s - t, where
    s = (f + g + h)(b + c) / 2 and t = (f - g + h)(c - b) / 2.
    """
    name = f"convolutions.{number}"
    former, own, latter = nodes.split(nodes.weight(name), 0, WINDOW)
    half = nodes.store("half", np.array(0.5, np.float32))
    outer = nodes("Mul", nodes("Add", former, latter), half)
    own = nodes("Mul", own, half)
    b, c = nodes.split(states, 0, 2)
    a, d = places.shifted(c, none, 1), places.shifted(b, none, -1)
    together = nodes("Add", outer, own), nodes.weight(f"{name}.bias")
    s = nodes("Gemm", nodes("Add", b, c), *together)
    t = nodes("MatMul", nodes("Sub", c, b), nodes("Sub", outer, own))
    first = nodes("Gemm", nodes("Sub", a, c), former, nodes("Add", s, t))
    second = nodes("Gemm", nodes("Sub", d, b), latter, nodes("Sub", s, t))
    found = nodes("Concat", nodes.greatest(first), nodes.greatest(second), axis=0)
    return nodes.normalised(found, f"{name}.norm")


def _remembered(nodes: _Nodes, states: str, none: str) -> str:
    """What the memories of both directions hold, step by step: (steps, lanes, 2 × memory).

    ``states`` are those of all places, and zeros behind them, at the place ``none``. Where a lane
    has no word its memories are emptied: an input of its own shuts all their gates.
    """
    lanes = nodes("Gather", states, "lanes")
    empty = nodes("Cast", nodes("Equal", "lanes", none), to=TensorProto.FLOAT)
    lanes = nodes("Concat", lanes, nodes("Unsqueeze", empty, nodes.whole(2)), axis=2)
    both = [
        nodes("Concat", *(nodes.weight(f"{way}.{part}") for way in ("onward", "backward")), axis=0)
        for part in ("inputs", "memory", "bias")
    ]
    size = nodes.stored["onward.bias"].dims[1] // 8  # four gates, two biases
    shut = np.full((2, 4 * size, 1), _SHUT, np.float32)
    shut[:, 3 * size :] = 0  # input, output and forget gate; the last is what would be put in
    both[0] = nodes("Concat", both[0], nodes.store("shut", shut), axis=2)
    settings: dict[str, Any] = {"hidden_size": size, "direction": "bidirectional"}
    found = nodes("LSTM", lanes, *both, **settings)  # (steps, 2, lanes, memory)
    found = nodes("Transpose", found, perm=[0, 2, 1, 3])
    return nodes("Reshape", found, nodes.whole(0, 0, 2 * size))


def _model(nodes: _Nodes, schemes: Mapping[str, int]) -> onnx.ModelProto:
    def tensor(name: str, kind: int, shape: Sequence[str | int]) -> onnx.ValueInfoProto:
        return helper.make_tensor_value_info(name, kind, shape)

    steps, lanes = "steps", "lane_count"
    inputs = [
        tensor("rows", TensorProto.INT64, ["different_words", COLUMNS]),
        tensor("pairs", TensorProto.INT64, ["pair_count", 2]),
        tensor("lanes", TensorProto.INT64, [steps, lanes]),
    ]
    outputs = [tensor(s, TensorProto.FLOAT, [steps, lanes, n]) for s, n in schemes.items()]
    graph = helper.make_graph(nodes.nodes, "tagger", inputs, outputs, list(nodes.stored.values()))
    opset = helper.make_opsetid("", _OPSET)
    model = helper.make_model(graph, opset_imports=[opset], ir_version=_IR_VERSION)
    onnx.checker.check_model(model)
    return model
