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
from types import ModuleType
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from scmine.extractors.crf import Scores, constrained, decode_batch, doubts
from scmine.extractors.lanes import Layout, runs
from scmine.extractors.word_features import WordFeatures
from scmine.extractors.words import Word, split_words, stretches

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

SETTINGS_FILE = "settings.json"
VOCABULARY_FILE = "vocabulary.txt"
TRANSITIONS_FILE = "transitions.npz"
MEMBER_SUFFIX = ".onnx"
INPUTS = ("rows", "pairs", "lanes")


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
        for session in self._sessions:
            if tuple(value.name for value in session.get_inputs()) != INPUTS:
                raise ValueError(
                    f"{folder}: another version of scmine wrote this model; train it again"
                )
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
        parts, emissions = self._scored(texts, scheme)
        if not parts:
            return found
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
        for part, scores in zip(*self._scored(texts, scheme), strict=True):
            wrong = doubts(scores[: len(part.words)], self._transitions[scheme])
            found[part.text] += [
                WordDoubt(word.start, word.end, float(doubt))
                for word, doubt in zip(part.words, wrong, strict=True)
            ]
        return [sorted(words) for words in found]

    def _scored(self, texts: Sequence[str], scheme: str) -> tuple[list[_Stretch], Scores]:
        """The stretches of all texts and the scores of the tags at their words.

        The scores have the shape (stretches, words, tags), filled up to the longest.
        """
        longest = self.settings.schemes[scheme].longest
        parts = [
            _Stretch(i, words[a:b])
            for i, words in enumerate(map(split_words, texts))
            for a, b in stretches(words, longest)
        ]
        tags = len(self._transitions[scheme])
        width = max((len(part.words) for part in parts), default=0)
        scores = np.zeros((len(parts), width, tags), np.float32)
        for run in runs([len(part.words) for part in parts]):
            found = self.emissions([[w.text for w in part.words] for part in parts[run]], scheme)
            for own, of_text in zip(scores[run], found, strict=True):
                own[: len(of_text)] = of_text
        return parts, scores

    def emissions(self, texts: Sequence[Sequence[str]], scheme: str) -> Iterator[Scores]:
        """Scores of the tags at the words of each text, averaged over the members."""
        layout = Layout.of(texts)
        rows = np.array([self._features(word) for word in layout.words], np.int64)
        values = dict(zip(INPUTS, (rows, layout.pairs, layout.lanes), strict=True))
        total: NDArray[np.float32] = sum(
            session.run([scheme], values)[0] for session in self._sessions
        )
        return layout.by_text(total / np.float32(len(self._sessions)))


def _session(content: bytes) -> InferenceSession:
    """ONNX Runtime on one thread: scmine works in several processes, not in several threads.

    Weights kept in eight bits are widened once, here, not in every run: what is found in a text
    must not depend on the texts beside it, and arithmetic in eight bits scales them together.
    """
    onnxruntime = _onnxruntime()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    options.add_session_config_entry("session.disable_quant_qdq", "1")
    options.add_session_config_entry("session.use_env_allocators", "1")
    return onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])


@lru_cache(maxsize=1)
def _onnxruntime() -> ModuleType:
    """ONNX Runtime, its members to work in the same memory, one after the other."""
    # From version 1.32 on it reports to its makers over the network and leaves files in the home
    # folder, unless this is set before it is imported (its Privacy.md).
    os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
    import onnxruntime

    arena = onnxruntime.OrtAllocatorType.ORT_ARENA_ALLOCATOR
    memory = onnxruntime.OrtMemoryInfo("Cpu", arena, 0, onnxruntime.OrtMemType.DEFAULT)
    onnxruntime.create_and_register_allocator(memory, None)
    return onnxruntime


@lru_cache(maxsize=4)
def load(folder: Path | None = None) -> SequenceModel:
    """The model of ``folder``, by default the packaged one, loaded once a process."""
    return SequenceModel(folder or files("scmine.extractors") / "models" / "tagger")
