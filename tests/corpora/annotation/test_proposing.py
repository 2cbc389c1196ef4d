"""A paper becomes units with the tagger's proposals, whose offsets are those of the unit."""

from __future__ import annotations

import pytest

from scmine.corpora.annotation.proposing import Proposal, UnitKind, propose
from scmine.corpora.exchange.annotated import Annotations
from scmine.extractors.document import Document, Metadata, Passage, PassageKind
from scmine.extractors.schemes import Scheme, linker, tagger
from scmine.extractors.sentences import split_sentences

TEXT = (
    "😀 We report superconductivity in MgB2 with Tc = 39 K at ambient pressure. See Fig. 1. "
    "Under 5 GPa its Tc falls to 30 K. LaFeAsO0.89F0.11 superconducts below 26 K."
)
PASSAGES = (
    Passage(PassageKind.TITLE, "Superconductivity in MgB2"),
    Passage(PassageKind.HEADING, "1. Introduction and a long heading of MgB2"),
    Passage(PassageKind.PARAGRAPH, TEXT, "Introduction", sentences=split_sentences(TEXT)),
)
DOCUMENT = Document("f" * 64, "/folder/paper.pdf", "pdf", Metadata("On MgB2"), PASSAGES)


def _proposed(kind: UnitKind, scheme: Scheme = Scheme.SUPERMAT) -> list[Proposal]:
    return propose(DOCUMENT, scheme, kind, tagger(scheme), linker(scheme))


def _before(proposal: Proposal) -> Annotations:
    assert proposal.text.before is not None
    return proposal.text.before


@pytest.mark.parametrize("scheme", Scheme)
@pytest.mark.parametrize("kind", UnitKind)
def test_offsets_are_those_of_the_unit(kind: UnitKind, scheme: Scheme) -> None:
    units = _proposed(kind, scheme)
    assert len({u.text.ident for u in units}) == len(units)
    for unit in units:
        text, about = unit.text.text, unit.text.about
        passage = PASSAGES[int(about["passage"][1:])]
        start = int(about["start"])
        assert passage.text[start : start + len(text)] == text
        assert all(text[m.start : m.end] == m.text for m in _before(unit).mentions)
        assert all(0 <= a < b <= len(text) for a, b in unit.text.sentences)
        assert unit.doubt >= 0
        assert (about["doc_id"], about["file"]) == ("f" * 64, "paper.pdf")


def test_sentences_without_words_are_no_units_and_headings_are_none() -> None:
    texts = [u.text.text for u in _proposed(UnitKind.SENTENCE)]
    assert texts[0] == "Superconductivity in MgB2"
    assert [t.split()[0] for t in texts[1:]] == ["😀", "Under", "LaFeAsO0.89F0.11"]
    assert len(_proposed(UnitKind.PASSAGE)) == 2


def test_links_stay_within_their_unit() -> None:
    sentence = _proposed(UnitKind.SENTENCE)[1]
    found = _before(sentence)
    ends = [(found.mentions[k.head].text, found.mentions[k.tail].text) for k in found.links]
    assert ("MgB2", "39 K") in ends
    assert sentence.text.about["right"].startswith("See Fig. 1.")
    [_, passage] = _proposed(UnitKind.PASSAGE)
    assert len(_before(passage).links) >= len(ends)


def test_a_model_without_doubt_says_nothing_and_a_doubtful_one_says_where() -> None:
    for unit in _proposed(UnitKind.SENTENCE):
        found = _before(unit)
        for i, mention in enumerate(found.mentions):
            assert (mention.score < 0.7) == bool(found.reason(i))
        for words in filter(None, unit.text.about.get("look_at", "").split("; ")):
            assert words in unit.text.text
