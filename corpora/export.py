"""Writes fitted networks as a model folder that runs without torch (see ``sequence_model``).

Each network becomes an ONNX graph with one output a scheme, its weights kept in eight bits if so
wished. Needs torch and onnx (the extra ``train``).
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import numpy_helper
from torch import Tensor, nn

from scmine.corpora.fitting import Source
from scmine.corpora.network import Network
from scmine.corpora.vectors import Vectors
from scmine.extractors.sequence_model import (
    INPUTS,
    MEMBER_SUFFIX,
    SETTINGS_FILE,
    TRANSITIONS_FILE,
    VOCABULARY_FILE,
    ModelSettings,
    SchemeSettings,
)
from scmine.extractors.word_features import COLUMNS

_OPSET = 17
_WEIGHTS = {"MatMul": (1, (1,)), "Conv": (0, (1,)), "LSTM": (1, (1, 2)), "Gather": (0, (0,))}
"""For each operation the axis of its weights' units, and which of its inputs are weights."""
_GREATEST = 127


class _Whole(nn.Module):
    """The network with one output a scheme, in the order of ``schemes``."""

    def __init__(self, network: Network, schemes: Sequence[str]) -> None:
        super().__init__()
        self.network = network
        self.schemes = schemes

    def forward(self, rows: Tensor, index: Tensor, mask: Tensor) -> tuple[Tensor, ...]:
        states = self.network(rows, index, mask)
        return tuple(self.network.emissions(states, scheme) for scheme in self.schemes)


def write_model(
    networks: Sequence[Network],
    sources: Mapping[str, Source],
    vectors: Vectors,
    settings: tuple[str, str],
    folder: Path,
    quantised: bool = True,
) -> None:
    """Write a model of one or more networks; ``settings`` are its name and version."""
    folder.mkdir(parents=True, exist_ok=True)
    name, version = settings
    schemes = {k: SchemeSettings(s.labels, s.longest) for k, s in sources.items()}
    text = ModelSettings(name, version, len(networks), schemes).to_json()
    (folder / SETTINGS_FILE).write_text(text, encoding="utf-8")
    (folder / VOCABULARY_FILE).write_text("\n".join(vectors.kinds) + "\n", encoding="utf-8")
    transitions = {
        scheme: np.mean([n.transitions[scheme].detach().numpy() for n in networks], axis=0)
        for scheme in schemes
    }
    np.savez(folder / TRANSITIONS_FILE, **transitions)
    for i, network in enumerate(networks):
        _write_member(network, list(schemes), folder / f"{i}{MEMBER_SUFFIX}", quantised)


def _write_member(network: Network, schemes: list[str], path: Path, quantised: bool) -> None:
    example = (
        torch.ones(7, COLUMNS, dtype=torch.int64),
        torch.tensor([[0, 1, 2, 3, 4], [5, 6, 0, 0, 0]]),
        torch.tensor([[1.0] * 5, [1.0, 1.0, 0.0, 0.0, 0.0]]),
    )
    texts, words = "texts", "words"
    axes = {
        "rows": {0: "different_words"},
        "index": {0: texts, 1: words},
        "mask": {0: texts, 1: words},
        **{scheme: {0: texts, 1: words} for scheme in schemes},
    }
    with TemporaryDirectory() as scratch, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the tracer warns of shapes, which the tests check
        plain = Path(scratch) / "plain.onnx"
        torch.onnx.export(
            _Whole(network.eval(), schemes),
            example,
            plain,
            input_names=list(INPUTS),
            output_names=schemes,
            dynamic_axes=axes,
            opset_version=_OPSET,
            dynamo=False,
        )
        if quantised:
            _quantise(plain, path)
        else:
            path.write_bytes(plain.read_bytes())


def _quantise(plain: Path, path: Path) -> None:
    """Round the weights of products, memories and tables to eight bits, one scale a unit.

    The arithmetic stays in single precision. Rounding what runs through the network too would be
    faster, but its scale is that of all texts of a batch: what is found in a text would depend on
    the texts beside it.
    """
    model = onnx.load(plain)
    graph = model.graph
    axes = {
        node.input[place]: axis
        for node in graph.node
        for axis, places in [_WEIGHTS.get(node.op_type, (0, ()))]
        for place in places
    }
    kept, widening = [], []
    for tensor in graph.initializer:
        values = numpy_helper.to_array(tensor)
        if tensor.name not in axes or values.dtype != np.float32:
            kept.append(tensor)
            continue
        axis = axes[tensor.name]
        rounded, scales = _rounded(values, axis)
        names = [f"{tensor.name}.rounded", f"{tensor.name}.scales"]
        kept += [
            numpy_helper.from_array(rounded, names[0]),
            numpy_helper.from_array(scales, names[1]),
        ]
        widening.append(onnx.helper.make_node("DequantizeLinear", names, [tensor.name], axis=axis))
    nodes = [*widening, *graph.node]
    del graph.initializer[:], graph.node[:]
    graph.initializer.extend(kept)
    graph.node.extend(nodes)
    onnx.checker.check_model(model)
    onnx.save(model, path)


def _rounded(
    values: NDArray[np.float32], axis: int
) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Whole numbers and, for each place on ``axis``, the scale they are to be multiplied by."""
    others = tuple(i for i in range(values.ndim) if i != axis)
    highest = np.abs(values).max(others, keepdims=True)
    scales = np.where(highest > 0, highest / _GREATEST, 1).astype(np.float32)
    return np.rint(values / scales).astype(np.int8), scales.ravel()
