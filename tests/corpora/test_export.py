"""A written model gives what the network gave, and hardly anything else in eight bits."""

from __future__ import annotations

import logging
import random
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch")
pytest.importorskip("scipy")
pytest.importorskip("onnx")

import onnx
import torch
from onnxruntime import InferenceSession

from scmine.corpora.export import write_model
from scmine.corpora.network import Network
from scmine.corpora.tag_sequences import Batch, TaggedWords, make_batch
from scmine.extractors.lanes import Layout
from scmine.extractors.schemes import Scheme
from scmine.extractors.sequence_model import (
    INPUTS,
    TRANSITIONS_FILE,
    SequenceModel,
)
from scmine.extractors.word_features import WordFeatures
from scmine.extractors.words import split_words
from tests.corpora.tiny_tagger import (
    ABSTRACT,
    ABSTRACT_SPANS,
    LABELS,
    LONGEST,
    SEEN,
    SEEN_SPANS,
    SHAPE,
    make_tiny_sources,
    tiny,
    write_tiny,
)

TEXTS = [p.text for source in make_tiny_sources().values() for p in source.passages[:40]]


def batch_of(texts: list[list[str]]) -> Batch:
    sequences = [TaggedWords(tuple(words), (0,) * len(words)) for words in texts]
    features = WordFeatures(tiny().vectors.kinds)
    return make_batch("", sequences, features, 0, random.Random(0))


@pytest.mark.parametrize("count", [1, 2, 5, 40])
def test_the_graph_gives_the_scores_of_the_network(tmp_path: Path, count: int) -> None:
    session = InferenceSession(write_tiny(tmp_path) / "0.onnx")
    texts = [[w.text for w in split_words(text)] for text in [*TEXTS[:count], "Tc"]]
    layout, batch = Layout.of(texts), batch_of(texts)
    features = WordFeatures(tiny().vectors.kinds)
    rows = np.array([features(word) for word in layout.words])
    values = dict(zip(INPUTS, (rows, layout.pairs, layout.lanes), strict=True))
    for scheme in Scheme:
        [found] = session.run([scheme], values)
        with torch.no_grad():
            states = tiny().network(*map(torch.from_numpy, (batch.rows, batch.index, batch.mask)))
            expected = tiny().network.emissions(states, scheme).numpy()
        for ours, theirs in zip(layout.by_text(found), expected, strict=True):
            assert np.abs(ours - theirs[: len(ours)]).max() < 1e-4


def test_a_text_has_the_same_scores_beside_any_other(tmp_path: Path) -> None:
    """To the last digit: records must not hang on what else stands in a paper."""
    model = SequenceModel(write_tiny(tmp_path))
    every = [[w.text for w in split_words(text)] for text in TEXTS]
    for scheme in Scheme:
        together = list(model.emissions(every, scheme))
        for i in range(0, len(every), 5):
            [alone] = model.emissions([every[i]], scheme)
            assert np.array_equal(alone, together[i])


def test_eight_bits_find_the_same_spans_from_a_smaller_file(tmp_path: Path) -> None:
    plain, small = write_tiny(tmp_path / "plain"), write_tiny(tmp_path / "small", quantised=True)
    assert (small / "0.onnx").stat().st_size < 0.4 * (plain / "0.onnx").stat().st_size
    for scheme in Scheme:
        found = [SequenceModel(folder).spans(TEXTS, scheme) for folder in (plain, small)]
        bare = [[[span[:3] for span in spans] for spans in model] for model in found]
        assert bare[0] == bare[1]


@pytest.mark.parametrize("quantised", [False, True])
def test_a_written_model_tags_what_it_learnt(tmp_path: Path, quantised: bool) -> None:
    model = SequenceModel(write_tiny(tmp_path, quantised=quantised))
    for scheme, text, expected in (
        (Scheme.SUPERMAT, SEEN, SEEN_SPANS),
        (Scheme.SC_COMICS, ABSTRACT, ABSTRACT_SPANS),
    ):
        [spans] = model.spans([text], scheme)
        assert [(text[s.start : s.end], s.label) for s in spans] == expected
    assert (model.settings.name, model.settings.version, model.settings.members) == ("tiny", "0", 1)
    assert {k: (s.labels, s.longest) for k, s in model.settings.schemes.items()} == {
        str(scheme): (LABELS[scheme], LONGEST) for scheme in Scheme
    }


def test_weights_in_eight_bits_are_off_by_half_a_step_at_most(tmp_path: Path) -> None:
    write_tiny(tmp_path, quantised=True)
    graph = onnx.load(tmp_path / "0.onnx").graph
    stored = {t.name: onnx.numpy_helper.to_array(t) for t in graph.initializer}
    widening = [node for node in graph.node if node.op_type == "DequantizeLinear"]
    assert len(widening) > 10
    assert max(a.size for a in stored.values() if a.dtype == np.float32) < 4500
    vectors = tiny().network.vectors.weight.detach().numpy()
    [node] = [n for n in widening if stored[n.input[0]].shape == vectors.shape]
    rounded, scales = (stored[name] for name in node.input)
    assert rounded.dtype == np.int8
    assert np.abs(rounded * scales[:, None] - vectors).max() <= scales.max() / 2 + 1e-7


def test_members_are_averaged(tmp_path: Path) -> None:
    made = tiny()
    torch.manual_seed(5)
    labels = {scheme: list(LABELS[scheme]) for scheme in Scheme}
    other = Network(made.vectors.table, labels, SHAPE)
    settings = ("tiny", "0")
    write_model([made.network, other], made.sources, made.vectors, settings, tmp_path, False)
    with np.load(tmp_path / TRANSITIONS_FILE) as found:
        for scheme in Scheme:
            both = [n.transitions[scheme].detach().numpy() for n in (made.network, other)]
            assert np.allclose(found[scheme], np.mean(both, axis=0))
    model = SequenceModel(tmp_path)
    assert model.settings.members == 2
    twice = SequenceModel(write_tiny(tmp_path / "twice", members=2))
    once = SequenceModel(write_tiny(tmp_path / "once"))
    assert twice.spans([SEEN], Scheme.SUPERMAT) == once.spans([SEEN], Scheme.SUPERMAT)
    assert model.spans([SEEN], Scheme.SUPERMAT) != once.spans([SEEN], Scheme.SUPERMAT)


def test_writing_leaves_the_root_logger_alone(tmp_path: Path) -> None:
    before = logging.getLogger().level
    write_tiny(tmp_path, quantised=True)
    assert logging.getLogger().level == before
