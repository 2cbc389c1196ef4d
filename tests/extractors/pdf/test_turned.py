"""Pages that are turned to be read: their boxes are those of the page as shown."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from scmine.extractors.document import Box, Document
from scmine.extractors.pdf.turned import Turn, shown_box


def _rows(matrix: str) -> str:
    rows = [
        "The compound MgB2 has a critical temperature of 39 K and that is",
        "the highest one among the metallic compounds that are known so far",
        "at the pressure of the atmosphere and in the absence of a field.",
    ]
    return "".join(
        f"BT /F1 10 Tf {matrix.format(200 + 12 * k)} Tm ({row}) Tj ET\n"
        for k, row in enumerate(rows)
    )


def test_text_on_its_side_is_read_and_placed_as_shown(
    read_streams: Callable[..., Document],
) -> None:
    document = read_streams(_rows("0 1 -1 0 {} 100"))
    passage = document.passages[0]
    assert passage.text.startswith("The compound MgB2 has a critical temperature of 39 K")
    first = passage.words[0].box
    # The text runs upwards from 100 pt over the lower edge, its first line 200 pt from the left.
    assert first.x0 == pytest.approx(192.5, abs=0.1)
    assert first.x1 == pytest.approx(202.5, abs=0.1)
    assert first.y1 == pytest.approx(792 - 100, abs=0.1)
    assert first.y0 < first.y1
    assert passage.words[1].box.y1 < first.y0


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_four_turns_lead_back(quarters: int) -> None:
    box, turn = Box(1, 10, 20, 40, 30), Turn(quarters, 500, 700)
    there = shown_box(box, turn)
    assert (there.x1 - there.x0, there.y1 - there.y0) == ((10, 30) if quarters % 2 else (30, 10))
    width, height = (700, 500) if quarters % 2 else (500, 700)
    assert shown_box(there, Turn(4 - quarters, width, height)) == box
