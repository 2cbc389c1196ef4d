"""What the second round asks about, and what it makes of answers."""

from __future__ import annotations

import pytest

from scmine.database.record import Record
from scmine.extractors import extract
from scmine.extractors.document import Document, Passage, PassageKind
from scmine.extractors.extract import Extraction
from scmine.extractors.llm.answers import CheckAnswer, CheckItem, ClaimsAnswer, ValueField, Verdict
from scmine.extractors.llm.request import Ending, Reply, Task
from scmine.extractors.llm.second_round import Second, judged, second_round
from scmine.extractors.llm.unclear_whose import unclear_whose
from scmine.extractors.sentences import split_sentences

MATERIALS = (
    "NbN", "Nb3Sn", "V3Si", "LiFeAs", "YNi2B2C", "PbMo6S8", "CeCoIn5", "Sr2RuO4", "CaC6",
    "FeSe", "ZrB12", "TaC", "MoC", "La3Al", "Nb3Ge", "LuB12",
)  # fmt: skip


def found(*texts: str) -> tuple[Document, Extraction]:
    """A paper of these paragraphs, and what the rules find in it."""
    passages = tuple(
        Passage(PassageKind.PARAGRAPH, text, "Results", sentences=tuple(split_sentences(text)))
        for text in texts
    )
    document = Document("d1", "made.md", "made", passages=passages)
    return document, extract(document)


@pytest.fixture(scope="module")
def many() -> tuple[Document, Extraction]:
    """More records that nothing tells whose they are of than one question takes."""
    filling = "It is one of the compounds that are looked at, and it is not like the others. " * 6
    return found(
        *(f"{name} has a Tc of {n + 2}.5 K. {filling}" for n, name in enumerate(MATERIALS))
    )


def test_the_least_sure_come_first_and_no_more_than_one_question_takes(
    many: tuple[Document, Extraction],
) -> None:
    document, extraction = many
    unclear = unclear_whose(document, extraction.records)
    assert len(extraction.records) > len(unclear) == 12
    assert [one.sure for one in unclear] == sorted(one.sure for one in unclear)
    assert all(one.sure < 0.65 for one in unclear)


def test_one_question_a_paper_even_in_a_narrow_window(many: tuple[Document, Extraction]) -> None:
    document, extraction = many
    narrow = second_round(document, extraction, context_tokens=3600, answer_tokens=512)
    assert [request.task for request in narrow.requests] == [Task.WHOSE]
    assert 0 < len(narrow.unclear) < 12


def test_nothing_is_asked_of_a_paper_without_records() -> None:
    assert second_round(*found("The pellets were pressed and sintered."), check=True) == Second()


def checked(item: CheckItem) -> tuple[Record, Record, int]:
    """A record before and after a check that says ``item`` of it, and how many were dropped."""
    document, extraction = found(
        "The cryostat was filled. In our samples of Nb3Sn we find Tc = 18.2 K."
    )
    second = second_round(document, extraction, check=True)
    [request] = [request for request in second.requests if request.task is Task.CHECK]
    reply = Reply(request, Ending.ANSWERED, CheckAnswer(records=[item]))
    after = judged(document, extraction, second, [reply], "m")
    return extraction.records[0], after.extraction.records[0], after.drops.total()


def wrong(quote: str, field: ValueField | None = ValueField.TC, name: str = "r0") -> CheckItem:
    return CheckItem(record=name, verdict=Verdict.WRONG, field=field, quote=quote, passage="p0")


def test_a_quoted_doubt_is_a_flag() -> None:
    before, after, dropped = checked(wrong("we find Tc = 18.2 K"))
    assert (after.flags, dropped) == ([*before.flags, "llm_doubts"], 0)
    assert after.tc_K == before.tc_K == 18.2


@pytest.mark.parametrize(
    "item",
    [
        wrong("The cryostat was filled."),
        wrong("we find Tc = 19 K"),
        wrong("we find Tc = 18.2 K", field=ValueField.LAMBDA),
        wrong("we find Tc = 18.2 K", name="r7"),
    ],
)
def test_a_doubt_without_words_for_it_is_dropped(item: CheckItem) -> None:
    """Words about something else, words that are not there, a field and a record that are not."""
    before, after, dropped = checked(item)
    assert (after, dropped) == (before, 1)


def test_an_answer_of_another_kind_is_refused() -> None:
    document, extraction = found("In our samples of Nb3Sn we find Tc = 18.2 K.")
    second = second_round(document, extraction, check=True)
    reply = Reply(second.requests[0], Ending.ANSWERED, ClaimsAnswer(claims=[]))
    with pytest.raises(ValueError, match="no answer to"):
        judged(document, extraction, second, [reply], "m")
