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
        Inputs and outputs are those of ``sequence_model``: ``rows`` (different words, COLUMNS),
        ``index`` and ``mask`` (texts, words); for each scheme (texts, words, tags). The words of
        a text stand before its padding, whose scores mean nothing.
    """
    nodes = _Nodes(weights)
    words = _described(nodes)
    place, near, index = _places(nodes)
    none = nodes.store("none", np.zeros((1, len(_plain(weights["norm"]))), np.float32))
    states = nodes("Gather", words, index)
    states = nodes("Add", states, _first_convolution(nodes, words, none, index, near))
    side_by_side = nodes.whole(-1, WINDOW * len(_plain(weights["norm"])))
    for k in range(1, depth):
        name = f"convolutions.{k}"
        seen = nodes("Gather", nodes("Concat", states, none, axis=0), near)
        found = nodes.maxout(nodes("Reshape", seen, side_by_side), name)
        states = nodes("Add", states, nodes.normalised(found, f"{name}.norm"))
    remembered = _remembered(nodes, nodes("Concat", states, none, axis=0), place)
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


def _places(nodes: _Nodes) -> tuple[str, str, str]:
    """Where words stand in the row of the words of all texts.

    Returns
    -------
    str
        The place of each word of each text, (texts, words); padding has the number of words, the
        place of a row of zeros that is put behind them.
    str
        The places of each word and its neighbours in its text, (all words, WINDOW).
    str
        Which of the different words each of the row is, (all words,).
    """
    mask = nodes("Reshape", "mask", nodes.flat)
    kept = nodes("Cast", mask, to=TensorProto.BOOL)
    index = nodes("Compress", nodes("Reshape", "index", nodes.flat), kept)
    count = nodes("Shape", index)
    order = nodes("CumSum", nodes("Cast", mask, to=TensorProto.INT64), _number(nodes, 0))
    order = nodes("Where", kept, nodes("Sub", order, nodes.one), count)
    place = nodes("Reshape", order, nodes("Shape", "mask"))
    side = WINDOW // 2
    fill = nodes("Squeeze", count, nodes.zero)
    wider = nodes("Pad", place, nodes.whole(0, side, 0, side), fill)
    length = nodes("Slice", nodes("Shape", "mask"), nodes.one, nodes.whole(2))
    columns = []
    for shift in range(WINDOW):
        first = nodes.whole(shift)
        moved = nodes("Slice", wider, first, nodes("Add", first, length), nodes.one)
        moved = nodes("Compress", nodes("Reshape", moved, nodes.flat), kept)
        columns.append(nodes("Unsqueeze", moved, nodes.one))
    return place, nodes("Concat", *columns, axis=1), index


def _first_convolution(nodes: _Nodes, words: str, none: str, index: str, near: str) -> str:
    """The first convolution of each word, its maps taken of the different words: (all words, …)."""
    name = "convolutions.0"
    known = nodes("Concat", words, none, axis=0)
    maps = [nodes("MatMul", known, part) for part in nodes.split(nodes.weight(name), 0, WINDOW)]
    count = nodes("Slice", nodes("Shape", words), nodes.zero, nodes.one)
    neighbours = nodes("Gather", nodes("Concat", index, count, axis=0), near)
    seen = [
        nodes("Gather", part, nodes("Gather", neighbours, _number(nodes, shift), axis=1))
        for shift, part in enumerate(maps)
    ]
    found = nodes("Sum", *seen, nodes.weight(f"{name}.bias"))
    return nodes.normalised(nodes.greatest(found), f"{name}.norm")


def _remembered(nodes: _Nodes, states: str, place: str) -> str:
    """What the memories of both directions hold at each word: (texts, words, 2 × memory).

    ``states`` are those of all words in a row, and zeros behind them.
    """
    side_by_side = nodes("Gather", states, nodes("Transpose", place, perm=[1, 0]))
    lengths = nodes("ReduceSum", "mask", nodes.one, keepdims=0)
    lengths = nodes("Cast", lengths, to=TensorProto.INT32)
    both = [
        nodes("Concat", *(nodes.weight(f"{way}.{part}") for way in ("onward", "backward")), axis=0)
        for part in ("inputs", "memory", "bias")
    ]
    size = nodes.stored["onward.bias"].dims[1] // 8  # four gates, two biases
    settings: dict[str, Any] = {"hidden_size": size, "direction": "bidirectional"}
    found = nodes("LSTM", side_by_side, *both, lengths, **settings)  # (words, 2, texts, memory)
    found = nodes("Transpose", found, perm=[2, 0, 1, 3])
    return nodes("Reshape", found, nodes.whole(0, 0, 2 * size))


def _model(nodes: _Nodes, schemes: Mapping[str, int]) -> onnx.ModelProto:
    def tensor(name: str, kind: int, shape: Sequence[str | int]) -> onnx.ValueInfoProto:
        return helper.make_tensor_value_info(name, kind, shape)

    texts, words = "texts", "words"
    inputs = [
        tensor("rows", TensorProto.INT64, ["different_words", COLUMNS]),
        tensor("index", TensorProto.INT64, [texts, words]),
        tensor("mask", TensorProto.FLOAT, [texts, words]),
    ]
    outputs = [tensor(s, TensorProto.FLOAT, [texts, words, n]) for s, n in schemes.items()]
    graph = helper.make_graph(nodes.nodes, "tagger", inputs, outputs, list(nodes.stored.values()))
    opset = helper.make_opsetid("", _OPSET)
    model = helper.make_model(graph, opset_imports=[opset], ir_version=_IR_VERSION)
    onnx.checker.check_model(model)
    return model
