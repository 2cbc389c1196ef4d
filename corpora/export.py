"""Writes fitted networks as a model folder that runs without torch (see ``sequence_model``).

Each network becomes an ONNX graph with one output a scheme, its weights kept in eight bits if so
wished; ``graph`` says how it is laid out. Needs torch and onnx (the extra ``train``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray

from scmine.corpora.fitting import Source
from scmine.corpora.graph import Rounded, Weights, graph_of
from scmine.corpora.network import PIECES, Network
from scmine.corpora.vectors import Vectors
from scmine.extractors.sequence_model import (
    MEMBER_SUFFIX,
    SETTINGS_FILE,
    TRANSITIONS_FILE,
    VOCABULARY_FILE,
    ModelSettings,
    SchemeSettings,
)
from scmine.extractors.word_features import HASH_ROWS

_GATES = (0, 3, 1, 2)
"""torch has the gates input, forget, cell, output; ONNX input, output, forget, cell."""
_MEMORY = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
_GREATEST = 127


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
    tags = {k: 1 + 2 * len(s.labels) for k, s in schemes.items()}
    for i, network in enumerate(networks):
        weights = weights_of(network)
        graph = graph_of(_quantised(weights) if quantised else weights, tags, network.depth)
        onnx.save(graph, folder / f"{i}{MEMBER_SUFFIX}")


def weights_of(network: Network) -> dict[str, NDArray[np.float32]]:
    """The weights of a network by the names that `scmine.corpora.graph` knows them by.

    Linear maps are (inputs, units), the maps of a maxout unit side by side; of the memories the
    gates are in the order of ONNX, (1, gates, …).
    """
    kept = {name: np.asarray(value.detach()) for name, value in network.named_parameters()}
    found = {
        name: kept[f"{name}.weight"]
        for name in ("vectors", *(f"hashed.{i}" for i in range(len(HASH_ROWS))), "letter")
    }
    norms = ["norm", *(f"convolutions.{i}.norm" for i in range(network.depth))]
    for name in ("letters", *norms):
        found |= {name: kept[f"{name}.weight"], f"{name}.bias": kept[f"{name}.bias"]}
    for name, inside in (
        ("join", "join.linear"),
        *((f"convolutions.{i}", f"convolutions.{i}.maxout.linear") for i in range(network.depth)),
    ):
        found[name] = _side_by_side(kept[f"{inside}.weight"]).T
        found[f"{name}.bias"] = _side_by_side(kept[f"{inside}.bias"])
    for name, inside in (("onward", "onward"), ("backward", "backward_")):
        parts = {part: _gates(kept[f"{inside}.{part}_l0"]) for part in _MEMORY}
        found[f"{name}.inputs"] = parts["weight_ih"][None]
        found[f"{name}.memory"] = parts["weight_hh"][None]
        found[f"{name}.bias"] = np.concatenate([parts["bias_ih"], parts["bias_hh"]])[None]
    for name in network.heads:
        found[f"heads.{name}"] = kept[f"heads.{name}.weight"].T
        found[f"heads.{name}.bias"] = kept[f"heads.{name}.bias"]
    return {name: np.ascontiguousarray(values) for name, values in found.items()}


def _side_by_side(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """First all units of a maxout's first map, then of the next; the network has unit by unit."""
    pieces = values.reshape(-1, PIECES, *values.shape[1:])
    return np.concatenate([pieces[:, i] for i in range(PIECES)])


def _gates(values: NDArray[np.float32]) -> NDArray[np.float32]:
    gates = np.split(values, len(_GATES))
    return np.concatenate([gates[i] for i in _GATES])


def _quantised(weights: Weights) -> dict[str, NDArray[np.float32] | Rounded]:
    """The weights of products, memories and tables in eight bits, one scale a unit.

    The arithmetic stays in single precision. Rounding what runs through the network too would be
    faster, but its scale is that of all texts of a batch: what is found in a text would depend on
    the texts beside it.
    """
    return {
        name: _rounded(values, _unit_axis(name))
        if not isinstance(values, Rounded) and values.ndim > 1 and not name.endswith(".bias")
        else values
        for name, values in weights.items()
    }


def _unit_axis(name: str) -> int:
    """The axis of the units of a weight; a table has one for each of its rows."""
    return 0 if name.startswith(("vectors", "hashed", "letter")) else 1


def _rounded(values: NDArray[np.float32], axis: int) -> Rounded:
    """Whole numbers and, for each place on ``axis``, the scale they are to be multiplied by."""
    others = tuple(i for i in range(values.ndim) if i != axis)
    highest = np.abs(values).max(others, keepdims=True)
    scales = np.where(highest > 0, highest / _GREATEST, 1).astype(np.float32)
    return Rounded(np.rint(values / scales).astype(np.int8), scales.ravel(), axis)
