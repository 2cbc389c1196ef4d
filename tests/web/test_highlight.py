"""Sentences cut into pieces: nothing is lost, what was read is marked, tables are told apart."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scmine.database.record import Record
from scmine.web.highlight import Part, numbers_of, parts, sought


def text_of(part: Part) -> str:
    return "".join(piece.text for piece in part.pieces)


def marked(sentence: str, **values: object) -> list[tuple[str, str]]:
    given = {"record_id": "r", "doc_id": "d", "raw_material": "X", "sentence": sentence}
    record = Record.model_validate(given | values)
    cut = parts(sentence, sought(record), numbers_of(record))
    pieces = [
        piece
        for part in cut
        for piece in (*part.pieces, *(p for row in part.rows for cell in row for p in cell))
    ]
    return [(piece.field, piece.text) for piece in pieces if piece.field]


def test_blanks_between_characters_do_not_matter() -> None:
    found = marked("MgB 2 has 39K", raw_material="MgB2", raw_tc="39 K")
    assert found == [("raw_material", "MgB 2"), ("raw_tc", "39K")]


def test_a_name_within_another_is_not_marked() -> None:
    assert marked("NbN and Nb", raw_material="Nb") == [("raw_material", "Nb")]


def test_the_number_alone_is_marked_where_the_unit_stands_elsewhere() -> None:
    assert marked("x | Tc (K) || 0.1 | 37.5", raw_tc="37.5 K") == [("raw_tc", "37.5")]


@pytest.mark.parametrize("printed", ["122 meV", "1415.751211 K"])
def test_a_frequency_is_found_in_the_unit_that_is_printed(printed: str) -> None:
    found = marked(f"with a phonon average of {printed}", omega_log_K=1415.751211)
    assert found == [("omega_log_K", printed.split()[0])]


def test_values_of_variables_are_marked() -> None:
    assert ("variables", "0.15") in marked("for x = 0.15", variables={"x": "0.15"})


def test_a_whole_table_has_its_head_behind_the_caption() -> None:
    (cut,) = parts("Table 1: sites || Atom | x / Cs | 0.5 / C | 0.2", {})
    assert [piece.text for piece in cut.caption] == ["Table 1: sites"]
    assert [cell[0].text for cell in cut.head] == ["Atom", "x"]
    assert [[cell[0].text for cell in row] for row in cut.rows] == [["Cs", "0.5"], ["C", "0.2"]]


def test_rows_that_do_not_fit_stay_text() -> None:
    (cut,) = parts("a | b || 1 | 2 | 3", {})
    assert text_of(cut) == "a | b || 1 | 2 | 3"


@settings(deadline=None)
@given(
    st.text(max_size=60).filter(lambda text: "||" not in text and "[…]" not in text),
    st.text(min_size=1, max_size=8),
)
def test_no_character_of_a_sentence_is_lost(sentence: str, wanted: str) -> None:
    texts = {"raw_material": wanted} if wanted.strip() else {}
    (cut,) = parts(sentence, texts, {"lambda": (1.0,)})
    assert text_of(cut) == sentence


@settings(deadline=None)
@given(st.text(max_size=120))
def test_any_sentence_can_be_cut(sentence: str) -> None:
    assert parts(sentence, {"raw_tc": "9 K"}, {"lambda": (1.0,)})
