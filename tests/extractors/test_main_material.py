"""The main material is chosen among the names of an abstract, at its first mention."""

from __future__ import annotations

import pytest

from scmine.extractors.main_material import ELEMENT, MAIN, choices, choose_main, names
from scmine.extractors.sequence_model import FoundSpan

ABSTRACT = (
    "We report superconductivity in MgB2. Doping with C or Al lowers Tc of Mg B2 from 39 K, "
    "unlike in NbN. Resistivity of MgB2 shows this."
)


def spans(text: str, found: list[tuple[str, str, float]]) -> list[FoundSpan]:
    result, at = [], 0
    for words, label, probability in found:
        start = text.index(words, at)
        at = start + len(words)
        result.append(FoundSpan(start, at, label, probability))
    return result


FOUND = spans(
    ABSTRACT,
    [
        ("MgB2", MAIN, 0.8),
        ("Doping", "Doping", 0.9),
        ("C", ELEMENT, 0.9),
        ("Al", ELEMENT, 0.9),
        ("Tc", "SC", 0.9),
        ("Mg B2", ELEMENT, 0.6),
        ("39 K", "Value", 0.9),
        ("NbN", ELEMENT, 0.9),
        ("MgB2", MAIN, 0.6),
    ],
)


def test_names_are_told_apart_without_their_blanks_in_order_of_print() -> None:
    places = [(s.start, s.end) for s in reversed(FOUND) if s.label in (MAIN, ELEMENT)]
    found = names(ABSTRACT, places)
    assert [name.text for name in found] == ["MgB2", "C", "Al", "NbN"]
    assert [ABSTRACT[a:b] for a, b in found[0].places] == ["MgB2", "Mg B2", "MgB2"]
    assert names(ABSTRACT, []) == []


def test_each_name_is_a_choice_and_none_of_them_is_another() -> None:
    found = names("Al and MgB2", [(0, 2), (7, 11)])
    rows = choices("Al and MgB2", found)
    assert len(rows) == 3
    assert {"looks=element", "rank=0", "compound=-1", "opens"} <= set(rows[0])
    assert {"looks=formula", "rank=1", "compound=0", "before0=and", "alone=True"} <= set(rows[1])
    assert {"none", "none&compounds=1", "none&has=element"} <= set(rows[2])
    assert all(value == 1 for row in rows for value in row.values())


def test_a_name_knows_whether_it_is_part_of_another() -> None:
    text = "Mg MgB2 MgB2C Nb"
    found = names(text, [(0, 2), (3, 7), (8, 13), (14, 16)])
    kinds = [next(f for f in row if f.startswith("within=")) for row in choices(text, found)[:-1]]
    assert kinds == ["within=10", "within=10", "within=01", "within=00"]


def test_only_the_first_mention_of_the_chosen_name_is_main() -> None:
    chosen = choose_main(ABSTRACT, FOUND)
    assert [s[:2] for s in chosen] == [s[:2] for s in FOUND]
    assert [s.label for s in chosen if s.label == MAIN] == [MAIN]
    assert chosen[0].label == MAIN
    assert [s.label for s in chosen[1:]] == [
        "Doping", ELEMENT, ELEMENT, "SC", ELEMENT, "Value", ELEMENT, ELEMENT
    ]  # fmt: skip
    assert [s.probability for s in chosen] == [s.probability for s in FOUND]


def test_what_the_network_is_sure_of_outweighs_the_rest() -> None:
    text = "The compounds FeSe and NbN were compared."
    sure = [("FeSe", ELEMENT, 0.9999), ("NbN", MAIN, 0.9999)]
    assert [s.label for s in choose_main(text, spans(text, sure))] == [ELEMENT, MAIN]
    other = [("FeSe", MAIN, 0.9999), ("NbN", ELEMENT, 0.9999)]
    assert [s.label for s in choose_main(text, spans(text, other))] == [MAIN, ELEMENT]


@pytest.mark.parametrize("found", [[], [("Tc", "SC", 0.9)]])
def test_without_materials_nothing_changes(found: list[tuple[str, str, float]]) -> None:
    text = "Its Tc is high."
    assert choose_main(text, spans(text, found)) == spans(text, found)


@pytest.mark.parametrize("main", ["NbN", "TiN"])
def test_of_two_names_alike_the_network_decides(main: str) -> None:
    text = "Films of NbN and of TiN were grown and measured."
    found = [(name, MAIN if name == main else ELEMENT, 0.97) for name in ("NbN", "TiN")]
    chosen = choose_main(text, spans(text, found))
    assert [text[s.start : s.end] for s in chosen if s.label == MAIN] == [main]


@pytest.mark.timeout(30)
def test_thousands_of_names_are_no_burden() -> None:
    found = [(f"Nb{i}Ti{i + 1}", ELEMENT, 0.9) for i in range(8000)]
    text = "".join(f"The {words} is one. " for words, _, _ in found)
    assert len(choose_main(text, spans(text, found))) == len(found)
