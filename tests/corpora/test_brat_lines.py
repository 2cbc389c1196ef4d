"""The grammar of brat's lines."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scmine.corpora.brat_lines import (
    EventLine,
    MentionLine,
    OtherLine,
    RelationLine,
    parse_line,
    words_of,
)

WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\r\n"), max_size=8)
NAMES = st.sampled_from(["SC", "Main", "Doping", "a-b_1", "Größe"])
NUMBERS = st.integers(1, 10**6)


def idents(letters: str) -> st.SearchStrategy[str]:
    return st.builds("{}{}".format, st.sampled_from(letters), NUMBERS)


SPANS = st.lists(st.tuples(NUMBERS, NUMBERS), min_size=1, max_size=3).map(tuple)
ROLES = st.lists(st.tuples(NAMES, idents("TE")), max_size=3).map(tuple)
LINES = st.one_of(
    st.builds(MentionLine, idents("T"), NAMES, SPANS, WORDS),
    st.builds(RelationLine, idents("R"), NAMES, idents("TE"), idents("TE")),
    st.builds(EventLine, idents("E"), NAMES, idents("T"), ROLES),
)


@given(LINES)
def test_what_is_printed_is_read_again(line: MentionLine | RelationLine | EventLine) -> None:
    assert parse_line(str(line)) == line


@pytest.mark.parametrize(
    ("line", "ident", "refers_to"),
    [
        ("#1\tAnnotatorNotes T3\tnot sure", "#1", ("T3",)),
        ("A1\tNegation E1", "A1", ("E1",)),
        ("A2\tConfidence T1 high", "A2", ("T1",)),
        ("*\tEquiv T1 T2", "*", ("T1", "T2")),
        ("N1\tReference T1 Wikipedia:534366\tiron", "N1", ("T1",)),
    ],
)
def test_other_kinds_are_known_by_what_they_are_about(
    line: str, ident: str, refers_to: tuple[str, ...]
) -> None:
    assert parse_line(line) == OtherLine(ident, refers_to)


def test_blank_lines_say_nothing_and_ends_are_forgiven() -> None:
    assert parse_line(" ") is None
    assert parse_line("R1\tTarget Arg1:T1 Arg2:T2\t") == RelationLine("R1", "Target", "T1", "T2")
    assert parse_line("E1\tDoping:T1 ") == EventLine("E1", "Doping", "T1", ())


@pytest.mark.parametrize(
    "line",
    [
        "T1 SC 0 2\tTc",
        "T1\tSC 0\tTc",
        "T1\tSC 0 2",
        "T1\tSC a b\tTc",
        "R1\tTarget T1 T2",
        "R1\tTarget Arg1:T1",
        "E1\tDoping",
        "X1\tSC 0 2\tTc",
        "words",
    ],
)
def test_anything_else_is_no_line(line: str) -> None:
    with pytest.raises(ValueError, match="not a line of brat's"):
        parse_line(line)


@given(st.text(max_size=30))
def test_no_text_breaks_the_parser(line: str) -> None:
    try:
        parsed = parse_line(line)
    except ValueError:
        return
    assert parsed is not None or not line.strip()


def test_line_ends_in_a_mention_are_printed_as_blanks() -> None:
    assert words_of("high\nTc", ((0, 7),)) == "high Tc"
