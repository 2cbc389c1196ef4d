"""The trained linker's network: named features in, the probability of each choice out.

A linear layer plus one hidden layer score every choice on its own; a softmax over the choices of
one value, "none of them" included, makes them probabilities. Stored as one JSON of names and one
``.npz`` of half-precision arrays; nothing is unpickled. Features live in ``link_features``, the use
in ``linking``, training in ``scmine.corpora``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

SETTINGS_FILE = "settings.json"
WEIGHTS_FILE = "weights.npz"

Array = NDArray[np.float32]


@dataclass(frozen=True)
class LinkModel:
    """One network.

    Attributes
    ----------
    names
        The features it knows; row ``i`` of the weights belongs to ``names[i]``.
    linear, hidden, output
        Weights of shape (features,), (features, units) and (units,).
    threshold
        The likeliest choice becomes a link from this probability on.
    second_threshold
        Further choices become links from this probability on.
    """

    names: tuple[str, ...]
    linear: Array
    hidden: Array
    output: Array
    threshold: float
    second_threshold: float
    _rows: dict[str, int] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        n, units = len(self.names), len(self.output)
        if self.linear.shape != (n,) or self.hidden.shape != (n, units):
            raise ValueError("the linker's weights do not fit its features")
        self._rows.update((name, i) for i, name in enumerate(self.names))

    def probabilities(self, choices: Sequence[Mapping[str, float]]) -> Array:
        """The probability of each choice, given its features; they sum to 1."""
        logits = self._logits(choices)
        shares: Array = np.exp(logits - logits.max())
        return shares / shares.sum()

    def _logits(self, choices: Sequence[Mapping[str, float]]) -> Array:
        """The score of each choice; one without a known feature scores 0."""
        logits = np.zeros(len(choices), dtype=np.float32)
        rows: list[int] = []
        values: list[float] = []
        starts: list[int] = []
        known: list[int] = []
        for i, features in enumerate(choices):
            starts.append(len(rows))
            for name, value in features.items():
                row = self._rows.get(name)
                if row is not None:
                    rows.append(row)
                    values.append(value)
            if len(rows) > starts[-1]:
                known.append(i)
            else:
                starts.pop()
        if known:
            weights = np.array(values, dtype=np.float32)
            linear = np.add.reduceat(weights * self.linear[rows], starts)
            units = np.tanh(np.add.reduceat(weights[:, None] * self.hidden[rows], starts))
            logits[known] = linear + units @ self.output
        return logits

    def decide(self, probabilities: Array) -> list[int]:
        """Which of the choices become links; the last choice, "none", never does."""
        targets = probabilities[:-1]
        if not len(targets):
            return []
        best = int(targets.argmax())
        further = [i for i, p in enumerate(targets) if i != best and p >= self.second_threshold]
        return sorted([best, *further]) if targets[best] >= self.threshold else []


def save_models(models: Mapping[str, LinkModel], folder: Path) -> None:
    """Write one network a link label into ``folder``, which is made if need be."""
    folder.mkdir(parents=True, exist_ok=True)
    arrays: dict[str, NDArray[np.float16]] = {}
    settings = {}
    for label, model in sorted(models.items()):
        for part in ("linear", "hidden", "output"):
            arrays[f"{label}.{part}"] = getattr(model, part).astype(np.float16)
        settings[label] = {
            "threshold": model.threshold,
            "second_threshold": model.second_threshold,
            "names": list(model.names),
        }
    with (folder / WEIGHTS_FILE).open("wb") as stream:
        np.savez_compressed(stream, allow_pickle=False, **arrays)
    text = json.dumps(settings, ensure_ascii=False, separators=(",", ":"))
    (folder / SETTINGS_FILE).write_text(text + "\n", encoding="utf-8")


def load_models(folder: Traversable) -> dict[str, LinkModel]:
    """The networks that ``save_models`` wrote.

    Raises
    ------
    FileNotFoundError
        If a file of the model is missing.
    ValueError
        If the weights do not fit the features.
    """
    settings = json.loads((folder / SETTINGS_FILE).read_text(encoding="utf-8"))
    models = {}
    with (
        (folder / WEIGHTS_FILE).open("rb") as stream,
        np.load(stream, allow_pickle=False) as arrays,
    ):
        for label, values in settings.items():
            keys = [f"{label}.{part}" for part in ("linear", "hidden", "output")]
            if not all(key in arrays for key in keys):
                raise ValueError(f"{folder}: no weights for {label}")
            linear, hidden, output = (arrays[key].astype(np.float32) for key in keys)
            models[label] = LinkModel(
                tuple(values["names"]),
                linear,
                hidden,
                output,
                values["threshold"],
                values["second_threshold"],
            )
    return models
