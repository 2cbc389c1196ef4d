"""The trained tagger turns spans into mentions of its scheme."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from scmine.extractors.claim import Label, Mention
from scmine.extractors.document import Passage, PassageKind
from scmine.extractors.schemes import Scheme
from scmine.extractors.sequence_model import load
from scmine.extractors.trained_tagger import TrainedTagger

TEXT = "LaFeAsO0.89F0.11 becomes superconducting below Tc = 26 K."
ABSTRACT = (
    "We report the effect of Zn doping on YBa2Cu3O7. Resistivity shows that Tc of YBa2Cu3O7 falls "
    "from 92 K to 60 K with Zn, while Ni has less effect."
)


def passages(*texts: str) -> list[Passage]:
    return [Passage(PassageKind.PARAGRAPH, text) for text in texts]


def check(text: str, mentions: list[Mention], extractor: str) -> None:
    assert all(a.end <= b.start for a, b in pairwise(mentions))
    for mention in mentions:
        assert mention.text == text[mention.start : mention.end] == mention.text.strip()
        assert 0 <= mention.score <= 1
        assert mention.score == round(mention.score, 4)
        assert mention.extractor == extractor


def test_mentions_of_supermat() -> None:
    [found] = TrainedTagger().tag(passages(TEXT))
    check(TEXT, found, f"tagger@{load().settings.version}")
    assert all(isinstance(m.label, Label) for m in found)
    kept = [(m.text, m.label) for m in found if m.label is not Label.TC]
    assert ("LaFeAsO0.89F0.11", Label.MATERIAL) in kept
    assert ("26 K", Label.TC_VALUE) in kept


def test_mentions_of_sc_comics_have_its_labels() -> None:
    [found] = TrainedTagger(Scheme.SC_COMICS).tag(passages(ABSTRACT))
    check(ABSTRACT, found, f"tagger@{load().settings.version}")
    assert {m.label for m in found} <= set(load().settings.schemes[Scheme.SC_COMICS].labels)
    labels = {(m.text, m.label) for m in found}
    assert ("Zn", "Element") in labels
    mains = [m for m in found if m.label == "Main"]
    assert [m.start for m in mains] == [ABSTRACT.index("YBa2Cu3O7")]


@pytest.mark.parametrize("scheme", list(Scheme))
def test_there_is_one_list_for_each_passage(scheme: Scheme) -> None:
    tagger = TrainedTagger(scheme)
    texts = ("", TEXT, "   ", ABSTRACT, "And so on.")
    found = tagger.tag(passages(*texts))
    assert [bool(mentions) for mentions in found[:4]] == [False, True, False, True]
    assert [m.text for m in found[1]] == [m.text for m in tagger.tag(passages(TEXT))[0]]
    assert tagger.tag([]) == []


def test_marks_at_the_edges_are_no_part_of_a_mention(tmp_path: Path) -> None:
    pytest.importorskip("torch")
    from tests.corpora.tiny_tagger import SEEN, SEEN_SPANS, write_tiny

    tagger = TrainedTagger(Scheme.SUPERMAT, write_tiny(tmp_path))
    [found] = tagger.tag(passages(SEEN))
    check(SEEN, found, "tiny@0")
    assert [(m.text, m.label) for m in found] == SEEN_SPANS
    for text in ("(FeSe) 20 K.", ". , ;", "((((", "FeSe), 2 GPa; 20 K:"):
        [found] = tagger.tag(passages(text))
        check(text, found, "tiny@0")
        assert all(m.text[-1] not in ".,;:" for m in found)


def test_a_folder_without_a_model_is_an_error(tmp_path: Path) -> None:
    tagger = TrainedTagger(Scheme.SUPERMAT, tmp_path / "nowhere")
    with pytest.raises(FileNotFoundError, match="nowhere"):
        tagger.tag(passages(TEXT))


def test_formulas_values_pressures_and_methods_are_found() -> None:
    text = "Tc increases from 26 K at ambient pressure to 43 K at 4 GPa in LaFeAsO0.89F0.11."
    other = "Superconductivity at 203 K was found in H3S and later at 250 K in LaH10."
    [found, measured, spaced, unseen] = TrainedTagger().tag(
        passages(
            text,
            "Its resistivity vanishes below 43 K.",
            "The T c of La 2−x Sr x CuO 4 is 38 K.",  # as GROBID prints it
            other,
        )
    )
    labels = {m.text: m.label for m in found}
    assert labels["LaFeAsO0.89F0.11"] is Label.MATERIAL
    assert labels["26 K"] is labels["43 K"] is Label.TC_VALUE
    assert labels["ambient pressure"] is labels["4 GPa"] is Label.PRESSURE
    assert {m.text for m in measured if m.label is Label.ME_METHOD} == {"resistivity"}
    assert {m.text for m in spaced if m.label is Label.MATERIAL} == {"La 2−x Sr x CuO 4"}
    assert {m.text for m in unseen if m.label is Label.MATERIAL} & {"H3S", "LaH10"}


def test_a_passage_as_long_as_a_paper_is_tagged_to_its_end() -> None:
    text = "The Tc of MgB2 is 39 K. " * 2000
    [found] = TrainedTagger().tag(passages(text))
    check(text, found, f"tagger@{load().settings.version}")
    assert sum(m.text == "MgB2" for m in found) == 2000
