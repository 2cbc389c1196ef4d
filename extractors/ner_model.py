"""The statistical tagger's network: how it is built, written and read.

A spaCy entity recogniser over our own tokens, built in code from ``Settings`` and filled with
weights from one ``.npz`` of half-precision arrays. Nothing is unpickled. Training lives in
``scmine.corpora``; use in ``spacy_tagger``.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from scmine.extractors.tokenizer import PhysicsTokenizer, make_vocab

if TYPE_CHECKING:
    from collections.abc import Iterable
    from importlib.resources.abc import Traversable

    from spacy.language import Language
    from thinc.api import Model

SETTINGS_FILE = "settings.json"
WEIGHTS_FILE = "weights.npz"


@dataclass(frozen=True)
class Settings:
    """What a network needs to be built again.

    Attributes
    ----------
    labels
        spaCy's table of transitions: for each of its moves, the labels and how often they occur.
    precision
        For each label, the share of its mentions that were right on the development papers.
    width, depth
        Width and number of the convolution layers; each looks one token to both sides.
    rows
        Sizes of the hash tables of the four features of a token: kind, prefix, suffix, shape.
    hidden_width
        Width of the layer that chooses the next move.
    """

    labels: dict[str, dict[str, int]]
    precision: dict[str, float] = field(default_factory=dict)
    width: int = 96
    depth: int = 4
    rows: tuple[int, int, int, int] = (5000, 1000, 2500, 1000)
    hidden_width: int = 64
    name: str = "ner_spacy"
    version: str = "1"


def ner_config(settings: Settings) -> dict[str, Any]:
    """The recogniser's ``model`` block in spaCy's configuration language."""
    return {
        "@architectures": "spacy.TransitionBasedParser.v2",
        "state_type": "ner",
        "extra_state_tokens": False,
        "hidden_width": settings.hidden_width,
        "maxout_pieces": 2,
        "use_upper": True,
        "nO": None,
        "tok2vec": {
            "@architectures": "spacy.Tok2Vec.v2",
            "embed": {
                "@architectures": "spacy.MultiHashEmbed.v2",
                "width": settings.width,
                "attrs": ["NORM", "PREFIX", "SUFFIX", "SHAPE"],
                "rows": list(settings.rows),
                "include_static_vectors": False,
            },
            "encode": {
                "@architectures": "spacy.MaxoutWindowEncoder.v2",
                "width": settings.width,
                "depth": settings.depth,
                "window_size": 1,
                "maxout_pieces": 3,
            },
        },
    }


def build(settings: Settings) -> Language:
    """An untrained pipeline of tokenizer and recogniser."""
    import spacy
    from spacy.training import Example
    from thinc.api import NumpyOps

    nlp = spacy.blank("en", vocab=make_vocab())
    nlp.tokenizer = PhysicsTokenizer(nlp.vocab)
    ner: Any = nlp.add_pipe("ner", config={"model": ner_config(settings)})
    doc = nlp.make_doc("MgB2 has a Tc of 39 K .")
    example = Example(doc, doc.copy())
    ner.initialize(lambda: [example], nlp=nlp, labels=settings.labels)
    # NumPy's own matrix product ran 1.5 times as many words a second as thinc's bundled blis.
    ops = NumpyOps(use_blis=False)
    for node in ner.model.walk():
        node.ops = ops
    return nlp


def save(nlp: Language, settings: Settings, folder: Path) -> None:
    """Write settings and weights (float16) into ``folder``, which is made if need be."""
    folder.mkdir(parents=True, exist_ok=True)
    arrays: dict[str, Any] = {
        key: np.asarray(node.get_param(name), dtype=np.float16)
        for key, node, name in _parameters(nlp)
    }
    np.savez_compressed(folder / WEIGHTS_FILE, **arrays)
    text = json.dumps(asdict(settings), indent=1, ensure_ascii=False, sort_keys=True)
    (folder / SETTINGS_FILE).write_text(text + "\n", encoding="utf-8")


def read_settings(folder: Traversable) -> Settings:
    """The settings that ``save`` wrote."""
    values = json.loads((folder / SETTINGS_FILE).read_text(encoding="utf-8"))
    values["rows"] = tuple(values["rows"])
    return Settings(**values)


def load(folder: Traversable) -> tuple[Language, Settings]:
    """The pipeline that ``save`` wrote.

    Raises
    ------
    FileNotFoundError
        If a file of the model is missing.
    ValueError
        If the weights do not fit the settings.
    """
    settings = read_settings(folder)
    nlp = build(settings)
    with (
        (folder / WEIGHTS_FILE).open("rb") as stream,
        np.load(stream, allow_pickle=False) as arrays,
    ):
        for key, node, name in _parameters(nlp):
            if key not in arrays or arrays[key].shape != node.get_param(name).shape:
                raise ValueError(f"{folder}: the weights have no {key} that fits the settings")
            node.set_param(name, arrays[key].astype(np.float32))
    return nlp, settings


def _parameters(nlp: Language) -> Iterable[tuple[str, Model, str]]:
    """Every weight array of the recogniser with a key that is the same in every process."""
    model: Any = nlp.get_pipe("ner")
    for i, node in enumerate(model.model.walk()):
        for name in node.param_names:
            if node.has_param(name):
                yield f"{i}.{node.name}.{name}", node, name
