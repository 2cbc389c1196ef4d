"""What of a correction reaches the trainers, and which papers never do."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from scmine.corpora.corrections.learning import learnable
from scmine.corpora.corrections.stored import corrections_of
from scmine.corpora.corrections.training import (
    HeldOut,
    PaperNames,
    judged_passage,
    partial_passage,
)
from scmine.corpora.tag_sequences import partly_tagged_words
from scmine.corpora.types import GoldPassage, Paper, PartialPassage
from scmine.database.store import Database, open_database
from scmine.extractors.claim import LinkLabel
from tests.corpora.corrections.corrected_database import (
    DOC_ID,
    TITLE,
    curate,
    save,
    save_other,
)
from tests.corpora.corrections.judged_texts import TEXT

LABELS = ("material", "tcValue")


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with open_database(tmp_path / "corrections.db") as opened:
        save(opened)
        curate(opened)
        yield opened


def words(passage: PartialPassage, spans: tuple[tuple[int, int, str], ...]) -> list[str]:
    return [passage.text[start:end] for start, end, _ in spans]


def test_the_tagger_is_told_what_is_known_and_what_is_not(database: Database) -> None:
    (correction,) = corrections_of(database, DOC_ID).corrections
    passage = partial_passage(correction, LABELS)
    # A validated record confirms mentions whose bounds nobody has drawn.
    assert words(passage, passage.rough) == ["MgB2", "39 K", "NbN", "16 K"]
    assert passage.known == ()
    assert words(passage, passage.wrong) == ["300 K"]
    assert [passage.text[start:end] for start, end in passage.open] == ["FeSe"]
    assert partial_passage(correction, ("pressure",)).rough == ()


def test_words_have_the_tags_that_are_known() -> None:
    text = "MgB2 ~39 K, FeSe at 300 K. NbN is red."
    passage = PartialPassage(
        text,
        known=((0, 4, "material"),),
        rough=((5, 10, "tcValue"),),
        wrong=((20, 25, "tcValue"),),
        whole=((0, 26),),
        open=((12, 16),),
    )
    (tagged,) = partly_tagged_words(passage, LABELS, 100)
    found = dict(zip(tagged.words, map(sorted, tagged.allowed), strict=False))
    every = [0, 1, 2, 3, 4]
    assert found["MgB2"] == [1]
    assert found["~"] == [0, 3, 4]
    assert found["39"] == [3, 4]
    assert found["FeSe"] == every
    assert found["at"] == [0]
    assert found["300"] == [0]
    assert found["NbN"] == every
    # Outside of whole sentences a wrong mention is only not of its label.
    alone = PartialPassage(text, wrong=((20, 25, "tcValue"),))
    (tagged,) = partly_tagged_words(alone, LABELS, 100)
    assert sorted(tagged.allowed[tagged.words.index("300")]) == [0, 1, 2]
    assert partly_tagged_words(PartialPassage(text), LABELS, 100) == []


def test_the_linker_is_shown_only_values_whose_links_are_known(database: Database) -> None:
    (correction,) = corrections_of(database, DOC_ID).corrections
    passage = judged_passage(correction)
    examples = passage.examples(LinkLabel.MATERIAL_TC)
    assert len(examples) == 2
    materials = [m.text for m in passage.linked.mentions if m.label == "material"]
    right = [{materials[i] for i, share in enumerate(e.shares[:-1]) if share} for e in examples]
    assert right == [{"MgB2"}, {"NbN"}]
    assert passage.examples(LinkLabel.TC_METHOD) == []


@pytest.mark.parametrize(
    ("names", "is_held"),
    [
        (PaperNames(title="Tc of MgB 2: a Study"), True),
        (PaperNames(doi="10.1000/ABC"), True),
        (PaperNames(path="/papers/JP01103169.pdf"), True),
        (PaperNames(path="C:\\papers\\jp01103169-CC.tei.xml"), True),
        (PaperNames(passages=("x", "Words " * 20)), True),
        (PaperNames(title="Another", doi="", path="other.pdf", passages=("words",)), False),
        (PaperNames(), False),
    ],
)
def test_papers_that_are_scored_on_are_recognised(names: PaperNames, is_held: bool) -> None:
    source = b'<teiHeader><idno type="DOI">10.1000/abc</idno></teiHeader>'
    passages = (
        GoldPassage("title", "Tc of MgB2 – a study"),
        GoldPassage("paragraph", "Words, " * 20),
        GoldPassage("paragraph", "words"),
    )
    held = HeldOut.of([Paper("JP01103169-CC", passages, source=source), Paper("b", ())])
    assert held.holds(names) is is_held


def test_corrections_of_papers_that_are_scored_on_are_left_out(
    database: Database, tmp_path: Path
) -> None:
    save_other(database, "A development paper")
    scored_on = [Paper("x", (GoldPassage("title", "A Development paper."),))]
    target = str(tmp_path / "corrections.db")
    found = learnable(target, scored_on)
    assert found.held_out == ("e" * 64,)
    assert [c.doc_id for c in found.corrections] == [DOC_ID]
    assert "1 passages with 3 judged records" in str(found)
    assert "1 papers left out" in str(found)
    assert "table: 1" in str(found)
    by_text = [Paper("x", (GoldPassage("paragraph", TEXT + " " + TEXT),))]
    assert len(learnable(target, by_text).corrections) == 2
    assert learnable(target, [Paper("x", (GoldPassage("title", TITLE),))]).held_out == (DOC_ID,)
