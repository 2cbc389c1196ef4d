"""Reading text: hyphens undone, citations taken out, scripts kept, words placed."""

from __future__ import annotations

import pytest

from scmine.extractors.document import Citation, Passage, PassageKind, Span, Typography
from scmine.extractors.pdf.lines import Line
from scmine.extractors.pdf.reading_text import Words, make_passage
from tests.extractors.pdf.typeset import set_column, set_line


def _passage(*texts: str, others: tuple[str, ...] = ()) -> Passage:
    lines = set_column(texts)
    return make_passage(PassageKind.PARAGRAPH, lines, "s", Words.of(lines + set_column(others)))


@pytest.mark.parametrize(
    ("text", "read", "marks"),
    [
        ("It was seen before.^{5} Then", "It was seen before. Then", ["5"]),
        ("at 155 GPa,^{6,7} and", "at 155 GPa, and", ["6,7"]),
        ("of 203 K^{5} was", "of 203 K was", ["5"]),
        ("at 170 GPa^{9–11} was", "at 170 GPa was", ["9–11"]),
        ("superconductors^{12} are", "superconductors are", ["12"]),
        ("superconductors^{1, 2}, and", "superconductors, and", ["1, 2"]),
        ("superconductors^{[3]} are", "superconductors are", ["[3]"]),
        ("In MgB_{2}^{3} two", "In MgB2 two", ["3"]),
        ("is 23.2^{2} in", "is 23.2 in", ["2"]),
        ("by others^{5,} who", "by others, who", ["5,"]),
        ("a theory (of Eliashberg)^{14} gives", "a theory (of Eliashberg) gives", ["14"]),
        ("Notional^{†} and", "Notional and", ["†"]),
    ],
)
def test_citations_are_taken_out(text: str, read: str, marks: list[str]) -> None:
    passage = _passage(text)
    assert passage.text == read
    assert [c.mark for c in passage.citations] == marks


@pytest.mark.parametrize(
    "text",
    [
        "of 10^{-3} in",
        "of 10^{22} in",
        "2.5 × 10^{22} in",
        "in cm^{-3} of",
        "in cm^{3} of",
        "in 5 mJ/mol K^{2} at",
        "in mJ/mol K^{2} at",
        "in mJ/K^{2} at",
        "in Å^{3} of",
        "in kg/m^{3} of",
        "the ^{18}O is",
        "with ^{10}B and ^{11}B it",
        "ions of Cu^{2+} are",
        "ions of O^{2-} are",
        "the T^{2} law",
        "a field (k)^{2} of",
        "of T_{c}^{on} is",
        "the T_{c}^{2} is",
        "at 90^{◦} of",
        "with μ^{*} of",
    ],
)
def test_exponents_charges_and_isotopes_stay(text: str) -> None:
    passage = _passage(text)
    assert passage.citations == ()
    plain = text.translate(str.maketrans("", "", "_^{}")).replace("◦", "°")
    assert passage.text == plain


def test_a_citation_stands_where_it_was() -> None:
    passage = _passage("Films^{4} of niobium^{5,6}", "nitride.^{7} They are good.")
    assert passage.text == "Films of niobium nitride. They are good."
    offsets = [
        passage.text.index(" of"),
        passage.text.index(" nitride"),
        len("Films of niobium nitride."),
    ]
    assert passage.citations == tuple(
        Citation(o, m) for o, m in zip(offsets, ("4", "5,6", "7"), strict=True)
    )


def test_scripts_are_spans() -> None:
    passage = _passage("Here MgB_{2} and 10^{-3} too")
    spans = [(passage.text[s.start : s.end], s.kind) for s in passage.typography]
    assert spans == [("2", Typography.SUBSCRIPT), ("-3", Typography.SUPERSCRIPT)]


def test_spans_follow_what_was_taken_out() -> None:
    passage = _passage("Films^{4} of MgB_{2} are")
    at = passage.text.index("2")
    assert passage.typography == (Span(at, at + 1, Typography.SUBSCRIPT),)


@pytest.mark.parametrize(
    ("lines", "others", "read"),
    [
        (("the supercon-", "ducting film"), (), "the superconducting film"),
        (("a non-", "magnetic metal"), (), "a non-magnetic metal"),
        (("a non-", "magnetic metal"), ("is nonmagnetic here",), "a nonmagnetic metal"),
        (("an electron-", "phonon coupling"), ("electron-phonon",), "an electron-phonon coupling"),
        (("an s-", "wave gap"), (), "an s-wave gap"),
        (("the YBa-", "Cu oxide"), (), "the YBa-Cu oxide"),  # a capital goes on: kept
        (("from 10–", "20 K"), (), "from 10–20 K"),
        (("the ratio K/", "GPa is"), (), "the ratio K/GPa is"),
        (("x is -", "yes"), (), "x is - yes"),
        (("no hyphen", "here"), (), "no hyphen here"),
    ],
)
def test_hyphens_at_line_ends(lines: tuple[str, ...], others: tuple[str, ...], read: str) -> None:
    assert _passage(*lines, others=others).text == read


def test_words_know_their_place_over_a_hyphen() -> None:
    passage = _passage("the supercon-", "ducting film")
    start = passage.text.index("superconducting")
    halves = [w for w in passage.words if start <= w.start < start + 15]
    assert [passage.text[w.start : w.end] for w in halves] == ["supercon", "ducting"]
    upper, lower = passage.boxes(start, start + 15)
    assert upper.y1 <= lower.y0
    assert lower.x0 == 72


def test_blanks_before_stops_go() -> None:
    assert _passage("so , it is ; yes .").text == "so, it is; yes."
    assert _passage("about .5 of it").text == "about .5 of it"


def test_sentences_are_marked() -> None:
    passage = _passage("It is so. We", "agree.")
    assert [passage.text[a:b] for a, b in passage.sentences] == ["It is so.", "We agree."]


def test_no_lines_make_an_empty_passage() -> None:
    passage = make_passage(PassageKind.PARAGRAPH, [], "", Words())
    assert (passage.text, passage.page, passage.sentences) == ("", None, ())


def test_parted_words_do_not_count_as_words() -> None:
    lines: list[Line] = [set_line("a super-"), set_line("conducting film", y=112)]
    assert set(Words.of(lines).counts) == {"a", "film"}
