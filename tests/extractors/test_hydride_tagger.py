"""Hydrides that the trained tagger does not know are found, and little else is."""

from __future__ import annotations

import pytest

from scmine.extractors.document import Passage, PassageKind
from scmine.extractors.hydride_tagger import HydrideTagger
from scmine.extractors.schemes import Scheme, linker, tagger


def found(text: str) -> list[str]:
    [mentions] = HydrideTagger().tag([Passage(PassageKind.PARAGRAPH, text)])
    return [m.text for m in mentions]


@pytest.mark.parametrize("name", ["H3S", "D3S", "LaH10", "CaH6", "Li2MgH16", "Y3Fe4H20"])
def test_formulas_of_hydrides_are_found(name: str) -> None:
    assert found(f"The Tc of {name} is high.") == [name]


@pytest.mark.parametrize(
    "words", ["CH4", "H2O", "NH3", "H2", "Hc2", "HgBa2CuO4", "H || c", "H = 3 T", "Ca(OH)2", "HTS"]
)
def test_other_words_with_an_h_are_not(words: str) -> None:
    assert found(f"We speak of {words} here.") == []


def test_a_known_hydride_keeps_its_own_temperature() -> None:
    text = "LaH10 has a Tc of 250 K, whereas H3S has Tc = 203 K."
    passage = Passage(PassageKind.PARAGRAPH, text)
    [mentions] = tagger(Scheme.SUPERMAT).tag([passage])
    links = linker(Scheme.SUPERMAT).link(passage, mentions)
    pairs = {(mentions[k.head].text, mentions[k.tail].text) for k in links}
    assert pairs == {("LaH10", "250 K"), ("H3S", "203 K")}
