"""Errors are told by kind, with the words around them."""

from __future__ import annotations

from scmine.corpora.error_cases import error_cases, sample_errors
from scmine.corpora.predict import TaggedPaper, predict
from scmine.corpora.scored import scored_paper
from tests.corpora.gold_tagger import SUPERMAT_PAPER, FirstMaterialLinker, WordTagger

WORDS = {"MgB2 has": "material", "39 K": "tc", "At": "class", "37 K": "tcValue"}


def _tagged() -> TaggedPaper:
    gold = scored_paper("supermat", SUPERMAT_PAPER)
    [paper] = predict([gold], WordTagger(WORDS), FirstMaterialLinker())
    return paper


def test_kinds_of_errors() -> None:
    cases = list(error_cases([_tagged()]))
    kinds = {(c.kind, c.gold or c.found) for c in cases}
    assert ("missed", "tcValue “40 K”") in kinds
    assert ("bounds", "material “MgB2”") in kinds
    assert ("label", "tcValue “39 K”") in kinds
    assert ("extra", "class “At”") in kinds
    assert ("missed link", "material-tcValue: material “MgB2” → tcValue “37 K”") in kinds
    assert ("extra link", "material-tcValue: material “MgB2” → tcValue “37 K”") in kinds
    assert not any("37 K" in c.gold and c.kind == "missed" for c in cases)


def test_a_line_names_place_and_context() -> None:
    [case] = [c for c in error_cases([_tagged()]) if c.kind == "label"]
    assert case.line() == (
        "label       made-up §2: gold tcValue “39 K” | found tc “39 K”\n"
        "    MgB2 has Tc = ⟦39 K⟧. At 8 GPa, 37 K was found for MgB2 by resistivity."
    )


def test_the_sample_is_always_the_same() -> None:
    papers = [_tagged()]
    cases = list(error_cases(papers))
    few = sample_errors(papers, 3)
    assert few == sample_errors(papers, 3)
    assert [c for c in cases if c in few] == few
    assert sample_errors(papers, 1000) == cases
    assert sample_errors(papers, 0) == []
