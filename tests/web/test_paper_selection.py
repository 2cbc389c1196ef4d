"""Which sentences a selection means that does not keep to their ends."""

from __future__ import annotations

import pytest

from scmine.database.layer_packing import DocumentLayers
from scmine.extractors.document import Passage, PassageKind
from scmine.web.paper_selection import of_characters

FIRST = "Hydrogen must be under pressure to be sure [1, 2]."
SECOND = "LaH10 becomes superconducting at 250 K under 170 GPa."
TEXT = f"{FIRST} {SECOND}"
LAYERS = DocumentLayers(
    passages=(
        Passage(
            PassageKind.PARAGRAPH,
            TEXT,
            sentences=((0, len(FIRST)), (len(FIRST) + 1, len(TEXT))),
        ),
    ),
    mentions=((),),
    links=((),),
)


@pytest.mark.parametrize(
    ("selected", "meant"),
    [
        ("superconducting at", SECOND),
        ("sure [1, 2]. L", FIRST),
        ("2]. LaH10 becomes superconducting", SECOND),
        (". LaH10 becomes superconducting at 250 K under 170 GPa.", SECOND),
        ("under pressure to be sure [1, 2]. LaH10 becomes superconducting at 250 K", TEXT),
        (TEXT, TEXT),
        (" ", FIRST),
    ],
)
def test_a_sentence_that_is_only_touched_is_not_meant(selected: str, meant: str) -> None:
    start = FIRST.index(selected) if selected == " " else TEXT.index(selected)
    assert of_characters(LAYERS, 0, start, start + len(selected)).sentence == meant
