"""The model runs on any text; what it finds does not depend on the texts beside it."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from scmine.extractors.sequence_model import (
    SETTINGS_FILE,
    TRANSITIONS_FILE,
    VOCABULARY_FILE,
    FoundSpan,
    ModelSettings,
    SchemeSettings,
    SequenceModel,
    load,
)

SUPERMAT, SC_COMICS = "supermat", "sc-comics"
ODD = ["", " \n\t\u2009", "\x00", "²³", "e\u0301", "\ud800 K", "\u200b", "𝑇𝑐 = 39 K", "日本 39 K"]
PLAIN = [
    "FeSe superconducts below 20 K.",
    "MgB2 has a Tc of 39 K, which falls to 30 K at a pressure of 10 GPa (see figure).",
    "Resistivity of LaFeAsO0.89F0.11 falls to zero at 26 K.",
    "Zn doping of YBa2Cu3O7 lowers its Tc from 92 K to 60 K; so does doping with Ni.",
    "No such thing here.",
    *(f"Sample {i}: " + "we find that " * i + f"FeSe{i} becomes so at {i} K." for i in range(25)),
]


@pytest.fixture(scope="module")
def tiny_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("torch")
    from tests.corpora.tiny_tagger import write_tiny

    return write_tiny(tmp_path_factory.mktemp("tiny"), members=2, quantised=True)


@pytest.fixture(scope="module", params=["packaged", "tiny"])
def model(request: pytest.FixtureRequest) -> SequenceModel:
    if request.param == "packaged":
        return load()
    return SequenceModel(request.getfixturevalue("tiny_folder"))


def bare(spans: list[FoundSpan]) -> list[tuple[int, int, str]]:
    return [span[:3] for span in spans]


def test_spans_are_in_order_within_the_text_and_apart(model: SequenceModel) -> None:
    for scheme, settings in model.settings.schemes.items():
        for text, spans in zip(PLAIN, model.spans(PLAIN, scheme), strict=True):
            assert all(a.end <= b.start for a, b in pairwise(spans))
            for span in spans:
                assert text[span.start : span.end].strip() == text[span.start : span.end] != ""
                assert span.label in settings.labels
                assert 0 < span.probability <= 1
    assert any(model.spans(PLAIN, SUPERMAT))


@pytest.mark.parametrize("scheme", [SUPERMAT, SC_COMICS])
def test_a_text_alone_gives_what_it_gives_among_others(model: SequenceModel, scheme: str) -> None:
    together = model.spans(PLAIN, scheme)
    for text, spans in zip(PLAIN, together, strict=True):
        [alone] = model.spans([text], scheme)
        assert bare(alone) == bare(spans)
        for one, other in zip(alone, spans, strict=True):
            assert one.probability == pytest.approx(other.probability, abs=1e-4)


def test_the_order_of_texts_does_not_matter(model: SequenceModel) -> None:
    order = list(range(len(PLAIN)))
    random.Random(0).shuffle(order)
    straight = model.spans(PLAIN, SC_COMICS)
    shuffled = model.spans([PLAIN[i] for i in order], SC_COMICS)
    assert [bare(spans) for spans in shuffled] == [bare(straight[i]) for i in order]


def test_odd_texts_do_no_harm(model: SequenceModel) -> None:
    texts = [*ODD, "x" * 5000, "(" * 5000, "9" * 5000, "La" * 2500]
    found = model.spans(texts, SUPERMAT)
    assert found[0] == found[1] == []
    assert len(found) == len(texts)
    assert model.spans([], SUPERMAT) == []
    beside = model.spans([*texts, PLAIN[0]], SUPERMAT)[-1]
    assert bare(beside) == bare(model.spans([PLAIN[0]], SUPERMAT)[0])


def test_a_long_text_is_tagged_to_its_end(tiny_folder: Path) -> None:
    sentence = "Under a pressure of 2 GPa, FeSe superconducts below 20 K. "
    model = SequenceModel(tiny_folder)
    [once] = model.spans([sentence], SUPERMAT)
    assert [sentence[s.start : s.end] for s in once] == ["2 GPa", "FeSe", "20 K"]
    copies = 1500  # of 14 words
    [found] = model.spans([sentence * copies], SUPERMAT)
    expected = [
        (i * len(sentence) + start, i * len(sentence) + end, label)
        for i in range(copies)
        for start, end, label in bare(once)
    ]
    assert len(set(bare(found)) & set(expected)) > 0.99 * len(expected)


def test_a_scheme_that_is_not_there_is_an_error(model: SequenceModel) -> None:
    with pytest.raises(KeyError, match="nosuch"):
        model.spans(["Tc"], "nosuch")


def test_a_missing_file_is_named(tiny_folder: Path, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=str(tmp_path / "nowhere")):
        load(tmp_path / "nowhere")
    for name in (SETTINGS_FILE, VOCABULARY_FILE, TRANSITIONS_FILE, "1.onnx"):
        folder = _copy(tiny_folder, tmp_path / name)
        (folder / name).unlink()
        with pytest.raises(FileNotFoundError, match=name):
            SequenceModel(folder)


@pytest.mark.parametrize("shape", [(5, 5), (7, 5), (7,)])
def test_transitions_that_do_not_fit_are_refused(
    tiny_folder: Path, tmp_path: Path, shape: tuple[int, ...]
) -> None:
    folder = _copy(tiny_folder, tmp_path / "model")
    right, wrong = np.zeros((7, 7), np.float32), np.zeros(shape, np.float32)
    np.savez(folder / TRANSITIONS_FILE, **{SUPERMAT: right, SC_COMICS: wrong})
    with pytest.raises(ValueError, match=f"{TRANSITIONS_FILE} does not fit the labels"):
        SequenceModel(folder)
    np.savez(folder / TRANSITIONS_FILE, **{SUPERMAT: right})
    with pytest.raises(ValueError, match=f"labels of {SC_COMICS}"):
        SequenceModel(folder)


def test_transitions_that_need_unpickling_are_refused(tiny_folder: Path, tmp_path: Path) -> None:
    folder = _copy(tiny_folder, tmp_path / "model")
    np.savez(folder / TRANSITIONS_FILE, **{SUPERMAT: np.array([{}], dtype=object)})
    with pytest.raises(ValueError, match="allow_pickle"):
        SequenceModel(folder)


def test_settings_survive_writing_and_reading() -> None:
    schemes = {"one": SchemeSettings(("λ", "T c"), 160), "two": SchemeSettings((), 1)}
    settings = ModelSettings("tagger", "7", 3, schemes)
    assert ModelSettings.from_json(settings.to_json()) == settings


def test_a_model_is_loaded_once_a_process(tiny_folder: Path) -> None:
    assert load(tiny_folder) is load(tiny_folder)


def test_the_packaged_model_runs_without_torch() -> None:
    program = (
        "import sys; from scmine.extractors.sequence_model import load\n"
        "assert load().spans(['MgB2 has a Tc of 39 K.'], 'supermat')[0]\n"
        "print([m for m in ('torch', 'onnx', 'scipy', 'spacy') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def _copy(model: Path, folder: Path) -> Path:
    folder.mkdir()
    for path in model.iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    return folder


def test_running_the_model_leaves_nothing_in_the_home_folder(tmp_path: Path) -> None:
    code = (
        "from scmine.extractors.document import Passage, PassageKind\n"
        "from scmine.extractors.trained_tagger import TrainedTagger\n"
        "passage = Passage(PassageKind.PARAGRAPH, 'MgB2 has a Tc of 39 K.')\n"
        "assert TrainedTagger().tag([passage])[0]\n"
    )
    environment = {k: v for k, v in os.environ.items() if k != "ORT_DISABLE_TELEMETRY"}
    subprocess.run(
        [sys.executable, "-c", code], env=environment | {"HOME": str(tmp_path)}, check=True
    )
    assert list(tmp_path.iterdir()) == []
