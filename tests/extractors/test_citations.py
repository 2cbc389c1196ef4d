"""Citations in running text."""

from __future__ import annotations

import time

import pytest

from scmine.extractors.citations import citation_offsets, cites_in_round_brackets
from scmine.extractors.document import Citation, Passage, PassageKind


def para(text: str, *marks: Citation) -> Passage:
    return Passage(PassageKind.PARAGRAPH, text, citations=marks)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("MgB2 [3] superconducts.", ["[3]"]),
        ("MgB2 [3, 5–7] and lead [12a].", ["[3", "[12a"]),
        ("See Ref. 12 and Refs. [4].", ["Ref. 12", "Refs", "[4"]),
        ("Kumar et al. found it.", ["et al"]),
        ("It was found (Kumar and Lee, 2008).", ["Kumar"]),
        ("Kumar (2008) found it.", ["Kumar"]),
        ("The interval [0.1, 0.3] and 38.73(3) K at 300 K.", []),
        ("Grown in 2008 along [110] and (001).", []),
    ],
)
def test_marks_in_the_text(text: str, at: list[str]) -> None:
    assert citation_offsets(para(text)) == sorted(text.index(mark) for mark in at)


def test_marks_that_the_reader_took_out() -> None:
    assert citation_offsets(para("Lead superconducts.", Citation(4, "1"))) == [4]


def test_round_brackets_cite_where_nothing_else_does() -> None:
    rounds = [para(f"It superconducts ({n}; {n + 1}) and melts.") for n in range(1, 6)]
    assert cites_in_round_brackets(rounds)
    assert not cites_in_round_brackets([*rounds, para("Lead [3].")])
    assert not cites_in_round_brackets(rounds[:2])
    assert citation_offsets(rounds[0], round_brackets=True) == [17]
    assert citation_offsets(rounds[0]) == []


@pytest.mark.parametrize("piece", ["[1,", "(1; ", "Ab ", "et ", "Ref. ", "the the ", "[" * 9])
def test_long_runs_of_half_marks_take_no_time(piece: str) -> None:
    text = para(piece * 20_000)
    start = time.perf_counter()
    citation_offsets(text, round_brackets=True)
    assert time.perf_counter() - start < 5
