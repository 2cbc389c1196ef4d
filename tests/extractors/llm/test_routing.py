"""Routing: what rules leave open opens its place, and what they read for sure does not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from scmine.extractors.llm.routing import Open, all_places, open_places, thresholds
from tests.extractors.llm.papers import mined_paper, table

SURE = "MgB2 becomes superconducting at Tc = 39 K."
PLAIN = "The samples were ground in an agate mortar and pressed into pellets of one gram."


def reasons(*texts: str, **options: object) -> dict[str, set[Open]]:
    """Why each place of a paper is open."""
    document, extraction = mined_paper(*texts, **options)  # type: ignore[arg-type]
    found: dict[str, set[Open]] = {}
    for routed in open_places(document, extraction):
        found.setdefault(routed.place, set()).add(routed.reason)
    return found


def test_what_is_read_for_sure_and_what_says_nothing_is_not_open() -> None:
    assert reasons(SURE, PLAIN) == {}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("The magnetization drops sharply, and superconductivity sets in near 12 K or so.", None),
        (
            "In the Fe1+yTe1-xSex series a bulk superconducting transition was seen at 14 K.",
            Open.UNRESOLVED_VARIABLE,
        ),
        (
            "For both of them coupling constants between 0.8 and 0.9 or so were found by others.",
            Open.NO_CLAIMS_THOUGH_WORDS,
        ),
        (
            "Its lattice parameters were refined; the lattice constant is near 3.1 or so.",
            Open.CRYSTAL_INCOMPLETE,
        ),
        (
            "All atoms are on Wyckoff positions as listed: 4a for one, 8c for the others.",
            Open.CRYSTAL_INCOMPLETE,
        ),
    ],
)
def test_what_is_open_opens_its_place(text: str, reason: Open | None) -> None:
    found = reasons(SURE, text)
    assert set(found) == {"p1"}
    assert reason is None or reason in found["p1"]


def test_a_record_of_little_confidence_opens_its_place() -> None:
    document, extraction = mined_paper(SURE)
    weak = [r.model_copy(update={"confidence": 0.3}) for r in extraction.stated]
    [routed] = open_places(document, replace(extraction, stated=weak))
    assert (routed.place, routed.reason) == ("p0", Open.LOW_CONFIDENCE)
    limits = replace(thresholds(), low_confidence=0.2)
    assert open_places(document, replace(extraction, stated=weak), limits) == []


def test_a_table_about_superconductors_without_a_claim_is_open() -> None:
    odd = table("what | how much", "onset of superconductivity | see text", caption="Tc of samples")
    other = table("element | weight (g)", "Mg | 1.2", caption="Amounts that were weighed in")
    sites = table("site | x", "4a | 0.1", caption="Wyckoff positions of the atoms")
    read = table("compound | Tc (K)", "MgB2 | 39", "Nb3Sn | 18")
    found = reasons(SURE, tables=(odd, other, sites, read))
    assert found == {"t0": {Open.TABLE_NOT_UNDERSTOOD}, "t2": {Open.CRYSTAL_INCOMPLETE}}


def test_everything_is_all_passages_and_all_tables() -> None:
    sites = table("site | x", "4a | 0.1", caption="Wyckoff positions of the atoms")
    document, _ = mined_paper(SURE, PLAIN, "...", tables=(sites,))
    assert [(r.place, r.reason) for r in all_places(document)] == [
        ("p0", Open.ALL),
        ("p1", Open.ALL),
        ("t0", Open.ALL),
        ("t0", Open.CRYSTAL_INCOMPLETE),
    ]
