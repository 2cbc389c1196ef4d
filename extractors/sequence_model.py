"""Runs the trained tagger's network: texts in, spans of one scheme out, by ONNX Runtime.

A model is a folder: ``settings.json``, ``vocabulary.txt``, ``transitions.npz`` and one ``.onnx``
file for each member. Members are networks of one shape fitted with other seeds; the scores of their
tags are averaged before one random field reads them. Nothing is unpickled. Fitting and writing live
in ``scmine.corpora``; what a tagger makes of the spans in ``trained_tagger``.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from scmine.extractors.crf import Scores, constrained, decode_batch, doubts
from scmine.extractors.word_features import WordFeatures
from scmine.extractors.words import Word, split_words, stretches

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

SETTINGS_FILE = "settings.json"
VOCABULARY_FILE = "vocabulary.txt"
TRANSITIONS_FILE = "transitions.npz"
MEMBER_SUFFIX = ".onnx"
INPUTS = ("rows", "index", "mask")
_BATCH_WORDS = 4000
_FILLED_WORDS, _FILLED_SHARE = 30, 0.05


@dataclass(frozen=True, slots=True)
class SchemeSettings:
    """Labels of a scheme, in the order of the tags, and the most words the network sees at once."""

    labels: tuple[str, ...]
    longest: int


@dataclass(frozen=True, slots=True)
class ModelSettings:
    """What a model needs beside its weights."""

    name: str
    version: str
    members: int
    schemes: dict[str, SchemeSettings]

    def to_json(self) -> str:
        """The text of ``settings.json``."""
        return json.dumps(asdict(self), indent=1, ensure_ascii=False) + "\n"

    @classmethod
    def from_json(cls, text: str) -> ModelSettings:
        """The settings that ``to_json`` wrote."""
        values = json.loads(text)
        schemes = {
            scheme: SchemeSettings(tuple(v["labels"]), v["longest"])
            for scheme, v in values["schemes"].items()
        }
        return cls(values["name"], values["version"], values["members"], schemes)


class FoundSpan(NamedTuple):
    """Characters ``start`` to ``end`` of a text, their label and its probability."""

    start: int
    end: int
    label: str
    probability: float


class WordDoubt(NamedTuple):
    """Characters ``start`` to ``end`` of a text, a word, and how likely its tag is wrong."""

    start: int
    end: int
    doubt: float


class _Stretch(NamedTuple):
    text: int
    words: list[Word]


class SequenceModel:
    """A loaded model; ``load`` gives one a process.

    Raises
    ------
    FileNotFoundError
        If a file of the model is missing.
    ValueError
        If the files do not belong together.
    """

    def __init__(self, folder: Traversable) -> None:
        self.settings = ModelSettings.from_json((folder / SETTINGS_FILE).read_text("utf-8"))
        vocabulary = (folder / VOCABULARY_FILE).read_text("utf-8").splitlines()
        self._features = WordFeatures(vocabulary)
        self._sessions = [
            _session((folder / f"{i}{MEMBER_SUFFIX}").read_bytes())
            for i in range(self.settings.members)
        ]
        with (
            (folder / TRANSITIONS_FILE).open("rb") as stream,
            np.load(stream, allow_pickle=False) as arrays,
        ):
            transitions = {name: arrays[name] for name in arrays.files}
        for scheme, settings in self.settings.schemes.items():
            tags = 1 + 2 * len(settings.labels)
            if scheme not in transitions or transitions[scheme].shape != (tags, tags):
                raise ValueError(
                    f"{folder}: {TRANSITIONS_FILE} does not fit the labels of {scheme}"
                )
        self._transitions = {name: constrained(steps) for name, steps in transitions.items()}

    def spans(self, texts: Sequence[str], scheme: str) -> list[list[FoundSpan]]:
        """The spans of each text, in order.

        Raises
        ------
        KeyError
            If the model knows no such scheme.
        """
        settings = self.settings.schemes[scheme]
        found: list[list[FoundSpan]] = [[] for _ in texts]
        batches = list(self._scored(texts, scheme))
        if not batches:
            return found
        parts, emissions = _side_by_side(batches)
        lengths = [len(part.words) for part in parts]
        decoded = decode_batch(emissions, lengths, self._transitions[scheme])
        for part, spans in zip(parts, decoded, strict=True):
            for span in spans:
                start = part.words[span.first].start
                end = part.words[span.end - 1].end
                label = settings.labels[span.label]
                found[part.text].append(FoundSpan(start, end, label, span.probability))
        return [sorted(spans) for spans in found]

    def doubts(self, texts: Sequence[str], scheme: str) -> list[list[WordDoubt]]:
        """The words of each text, in order, and how likely the tag of each is wrong.

        Raises
        ------
        KeyError
            If the model knows no such scheme.
        """
        found: list[list[WordDoubt]] = [[] for _ in texts]
        for batch, emissions in self._scored(texts, scheme):
            for part, scores in zip(batch, emissions, strict=True):
                wrong = doubts(scores[: len(part.words)], self._transitions[scheme])
                found[part.text] += [
                    WordDoubt(word.start, word.end, float(doubt))
                    for word, doubt in zip(part.words, wrong, strict=True)
                ]
        return [sorted(words) for words in found]

    def _scored(self, texts: Sequence[str], scheme: str) -> Iterator[tuple[list[_Stretch], Scores]]:
        """The stretches of all texts in batches, with the scores of the tags at their words."""
        longest = self.settings.schemes[scheme].longest
        parts = [
            _Stretch(i, words[a:b])
            for i, words in enumerate(map(split_words, texts))
            for a, b in stretches(words, longest)
        ]
        for batch in _batches(parts):
            yield batch, self._emissions([part.words for part in batch], scheme)

    def _emissions(self, texts: Sequence[Sequence[Word]], scheme: str) -> Scores:
        """Scores of the tags, averaged over the members: shape (texts, words, tags)."""
        shape = (len(texts), max(map(len, texts)))
        index = np.zeros(shape, np.int64)
        mask = np.zeros(shape, np.float32)
        places: dict[str, int] = {}
        for i, words in enumerate(texts):
            index[i, : len(words)] = [places.setdefault(w.text, len(places)) for w in words]
            mask[i, : len(words)] = 1
        rows = np.array([self._features(word) for word in places], np.int64)
        values = dict(zip(INPUTS, (rows, index, mask), strict=True))
        total: NDArray[np.float32] = sum(
            session.run([scheme], values)[0] for session in self._sessions
        )
        return total / np.float32(len(self._sessions))


def _batches(parts: Sequence[_Stretch]) -> Iterator[list[_Stretch]]:
    """Stretches of like length together, about ``_BATCH_WORDS`` words at a time.

    All of a batch cost as much as its longest, so the next one begins where those that are there
    would be filled up too far.
    """
    batch: list[_Stretch] = []
    words = 0
    for part in sorted(parts, key=lambda p: len(p.words)):
        size = len(part.words) * (len(batch) + 1)
        filled = size - words - len(part.words)
        if batch and (size > _BATCH_WORDS or filled > _FILLED_WORDS + _FILLED_SHARE * size):
            yield batch
            batch, words = [], 0
        batch.append(part)
        words += len(part.words)
    if batch:
        yield batch


def _side_by_side(
    batches: Sequence[tuple[list[_Stretch], Scores]],
) -> tuple[list[_Stretch], Scores]:
    """All stretches, and their scores filled up to the longest: the field reads them in one go."""
    parts = [part for batch, _ in batches for part in batch]
    _, words, tags = batches[-1][1].shape  # batches grow longer
    emissions = np.zeros((len(parts), words, tags), np.float32)
    first = 0
    for batch, scores in batches:
        emissions[first : first + len(batch), : scores.shape[1]] = scores
        first += len(batch)
    return parts, emissions


def _session(content: bytes) -> InferenceSession:
    """ONNX Runtime on one thread: scmine works in several processes, not in several threads.

    Weights kept in eight bits are widened once, here, not in every run: what is found in a text
    must not depend on the texts beside it, and arithmetic in eight bits scales them together.
    """
    # From version 1.32 on it reports to its makers over the network and leaves files in the home
    # folder, unless this is set before it is imported (its Privacy.md).
    os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
    from onnxruntime import InferenceSession, SessionOptions

    options = SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    options.add_session_config_entry("session.disable_quant_qdq", "1")
    return InferenceSession(content, options, providers=["CPUExecutionProvider"])


@lru_cache(maxsize=4)
def load(folder: Path | None = None) -> SequenceModel:
    """The model of ``folder``, by default the packaged one, loaded once a process."""
    return SequenceModel(folder or files("scmine.extractors") / "models" / "tagger")
