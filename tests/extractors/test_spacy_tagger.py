"""The packaged tagger: what it finds, and that it finds it where it says."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scmine.extractors.claim import Label, Mention, Tagger
from scmine.extractors.document import Passage, PassageKind
from scmine.extractors.spacy_tagger import SpacyTagger

TAGGER: Tagger = SpacyTagger()


def tag(text: str) -> list[Mention]:
    [mentions] = TAGGER.tag([Passage(PassageKind.PARAGRAPH, text)])
    return mentions


def found(text: str, label: Label) -> list[str]:
    return [m.text for m in tag(text) if m.label is label]


def test_materials_values_and_pressures() -> None:
    text = "Tc increases from 26 K at ambient pressure to 43 K at 4 GPa in LaFeAsO0.89F0.11."
    assert found(text, Label.MATERIAL) == ["LaFeAsO0.89F0.11"]
    assert found(text, Label.TC_VALUE) == ["26 K", "43 K"]
    assert found(text, Label.PRESSURE) == ["ambient pressure", "4 GPa"]
    assert found("Its resistivity vanishes below 43 K.", Label.ME_METHOD) == ["resistivity"]


def test_formulas_never_seen_in_training_are_found() -> None:
    text = "Superconductivity at 203 K was found in H3S and later at 250 K in LaH10."
    assert {"H3S", "LaH10"} & set(found(text, Label.MATERIAL))


def test_spaced_text_is_understood_too() -> None:
    assert found("The T c of La 2−x Sr x CuO 4 is 38 K.", Label.MATERIAL) == ["La 2−x Sr x CuO 4"]


@given(st.lists(st.text(max_size=60), max_size=4))
@settings(max_examples=25, deadline=None)
def test_offsets_are_true_and_one_list_comes_back_for_each_passage(texts: list[str]) -> None:
    passages = [Passage(PassageKind.PARAGRAPH, t) for t in texts]
    for passage, mentions in zip(passages, TAGGER.tag(passages), strict=True):
        assert mentions == sorted(mentions, key=lambda m: m.start)
        for mention in mentions:
            assert passage.text[mention.start : mention.end] == mention.text != ""
            assert 0 < mention.score <= 1


def test_passages_longer_than_memory_allows_are_cut_at_blanks() -> None:
    sentence = "The Tc of MgB2 is 39 K. "
    mentions = tag(sentence * 2000)
    assert sum(m.text == "MgB2" for m in mentions) == 2000
    assert mentions == sorted(mentions, key=lambda m: m.start)


def test_no_passages_no_mentions() -> None:
    assert TAGGER.tag([]) == []
    assert tag("") == []


def test_a_missing_model_is_an_error_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"settings\.json"):
        SpacyTagger(tmp_path).tag([Passage(PassageKind.TITLE, "MgB2")])


def test_importing_the_tagger_does_not_import_spacy() -> None:
    code = "import sys, scmine.extractors.spacy_tagger; sys.exit('spacy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
