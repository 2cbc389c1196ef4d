"""Runs: reading text with its layers, whatever it is built from."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scmine.extractors.document import Box, Passage, PassageKind, ReadError
from scmine.extractors.formats.runs import MAX_CHARACTERS, Runs

SHIFTS = st.sampled_from(["", "sub", "sup"])


def passage_of(*parts: tuple[str, str]) -> Passage | None:
    runs = Runs()
    for text, how in parts:
        if how == "cite":
            runs.add_citation(text)
        elif how == "raised":
            runs.cite(text)
        else:
            runs.add(text, how)
    return runs.passage(PassageKind.PARAGRAPH)


def set_apart(passage: Passage) -> list[tuple[str, str]]:
    return [(passage.text[s.start : s.end], str(s.kind)) for s in passage.typography]


def test_scripts_stand_in_the_line() -> None:
    passage = passage_of(("MgB", ""), ("2", "sub"), (" at 10", ""), ("−3", "sup"), (" Pa", ""))
    assert passage.text == "MgB2 at 10−3 Pa"
    assert set_apart(passage) == [("2", "subscript"), ("−3", "superscript")]


def test_unicode_scripts_become_typography() -> None:
    passage = passage_of(("La₂CuO₄ 10⁻³", ""))
    assert passage.text == "La2CuO4 10−3"
    assert set_apart(passage) == [("2", "subscript"), ("4", "subscript"), ("−3", "superscript")]


def test_mathematical_letters_and_ligatures_become_plain() -> None:
    assert passage_of(("𝑇c of the ﬁrst \u00adkind\u200b", "")).text == "Tc of the first kind"


def test_blanks_are_single_and_none_stands_before_a_stop() -> None:
    assert passage_of(("  a\n\t b\u2009c ", ""), (" , d . ", "")).text == "a b c, d."
    assert passage_of(("x = .5", "")).text == "x = .5"


@pytest.mark.parametrize(
    ("before", "mark", "text"),
    [
        ("superconductors ", "12", "superconductors"),
        ("Tc = 203 K", "5,6", "Tc = 203 K"),
        ("superconductors ", "[12]", "superconductors [12]"),
        ("superconductors [", "12", "superconductors [12"),
        ("see Ref. ", "12", "see Ref. 12"),
        ("see Refs. 3, 4 and ", "12", "see Refs. 3, 4 and 12"),
        ("studied by ", "Doe et al. (2001)", "studied by Doe et al. (2001)"),
        ("a rate of 10 ", "22", "a rate of 10 22"),
        ("Tc = ", "39", "Tc = 39"),
    ],
)
def test_only_bare_numbers_are_citation_superscripts(before: str, mark: str, text: str) -> None:
    passage = passage_of((before, ""), (mark, "cite"))
    assert passage.text == text
    assert [c.mark for c in passage.citations] == ([] if mark in text else [mark])


def test_commas_between_citations_go_with_them() -> None:
    passage = passage_of(
        ("in MgB", ""), ("2", "sub"), ("3", "cite"), (", ", ""), ("4", "cite"), (".", "")
    )
    assert passage.text == "in MgB2."
    assert [c.offset for c in passage.citations] == [7, 7]


def test_places_follow_the_text_as_it_is_tidied() -> None:
    runs = Runs()
    runs.add("  First one . ")
    start = len(runs)
    runs.add("Second one.")
    boxes = [Box(2, 10, 20, 200, 30), Box(2, 10, 32, 90, 42)]
    runs.place(start, boxes)
    passage = runs.passage(PassageKind.PARAGRAPH)
    assert passage is not None
    assert passage.text == "First one. Second one."
    assert passage.boxes(11, 17) == tuple(boxes)
    assert passage.boxes(0, 5) == ()
    assert passage.page == 2


def test_a_passage_without_end_is_refused() -> None:
    with pytest.raises(ReadError, match="a passage has more than"):
        Runs().add("ab" * MAX_CHARACTERS)


@given(
    st.lists(
        st.tuples(st.text(max_size=20), st.sampled_from(["", "sub", "sup", "cite", "raised"])),
        max_size=12,
    )
)
def test_layers_fit_the_text(parts: list[tuple[str, str]]) -> None:
    passage = passage_of(*parts)
    if passage is None:
        return
    text = passage.text
    assert text == text.strip()
    assert "  " not in text
    ends = [(s.start, s.end) for s in passage.typography]
    assert all(0 <= a < b <= len(text) for a, b in ends)
    assert ends == sorted(ends)
    assert all(0 <= c.offset <= len(text) for c in passage.citations)
    covered = "".join(text[a:b] for a, b in passage.sentences)
    assert covered.replace(" ", "") == text.replace(" ", "")
