"""Scripts on scans: small ink below and above the line is told from letters and read again."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from scmine.extractors import read
from scmine.extractors.document import Typography
from scmine.extractors.pdf.ocr import Ocr
from scmine.extractors.pdf.ocr_scripts import (
    Ink,
    Script,
    find_taken,
    hidden_tc,
    inks_of,
    scripts_of,
    set_scripts,
)
from tests.scans import make_scan, needs_ocr

LETTER = Ink(0, 8, -0.66, 0.0, 0.6)
SUB = Ink(10, 13, -0.31, 0.15, 0.3)
SUP = Ink(10, 13, -0.8, -0.35, 0.3)
COMMA = Ink(10, 12, -0.1, 0.15, 0.13)


@pytest.mark.parametrize(
    ("ink", "shift"),
    [
        (LETTER, ""),
        (SUB, "sub"),
        (SUP, "sup"),
        (COMMA, ""),
        (Ink(0, 5, -0.45, 0.22, 0.5), ""),  # g, p, y
        (Ink(0, 5, -0.16, 0.15, 0.28), "sub"),  # the c of Tc
        (Ink(0, 2, -0.7, -0.45, 0.12), ""),  # an apostrophe
        (Ink(0, 5, -0.28, -0.2, 0.3), ""),  # a hyphen
        (Ink(0, 5, -0.58, -0.52, 0.4), "sup"),  # the minus of an exponent
    ],
)
def test_where_ink_stands(ink: Ink, shift: str) -> None:
    assert ink.shift == shift


def test_ink_is_parted_by_blank_columns() -> None:
    page = np.full((40, 40), 255, dtype=np.uint8)
    page[10:30, 5:12] = 0
    page[22:36, 15:20] = 0
    first, second = inks_of(page, (4, 8, 30, 38), baseline=30, em=30)
    assert (first.x0, first.x1, second.x0, second.x1) == (5, 12, 15, 20)
    assert (first.top, first.bottom) == pytest.approx((-20 / 30, 0))
    assert (first.shift, second.shift) == ("", "sub")


def test_scripts_need_something_to_hang_on() -> None:
    assert scripts_of([SUB, SUB], 30, 30) == []
    (script,) = scripts_of([LETTER, LETTER, SUB, SUB, COMMA], 30, 30)
    assert (script.shift, script.before, script.inks, script.after) == ("sub", 2, 2, 1)


@pytest.mark.parametrize(
    ("text", "inks", "read", "found"),
    [
        ("MgB,", [LETTER] * 3 + [SUB], "2", "MgB2"),
        ("LuHjo,", [LETTER] * 3 + [SUB, SUB, COMMA], "10", "LuH10,"),
        ("LuHg", [LETTER] * 4 + [SUB], "8", "LuH8"),  # the H is broken
        ("wlog", [LETTER] + [SUB] * 3, "", "wlog"),  # letters stay as they were
    ],
)
def test_scripts_are_put_in_their_place(text: str, inks: list[Ink], read: str, found: str) -> None:
    scripts = scripts_of(inks, 30, 30)
    for script in find_taken(text, [float(k) for k in range(len(text))], inks, scripts):
        script.text = read
    letters = set_scripts(text, scripts)
    assert letters is not None
    assert "".join(c for c, _ in letters) == found
    assert [s for _, s in letters].count("sub") == len(read or "log")


def test_a_script_that_was_not_read_changes_nothing() -> None:
    assert set_scripts("MgB,", [Script("sub", (0, 0, 9, 9), 3, 0, 1, taken=(3, 4))]) is None


def test_an_index_x_that_was_read_as_a_digit_is_not_taken() -> None:
    low = Ink(10, 13, -0.16, 0.15, 0.3)
    (script,) = scripts_of([LETTER, low], 30, 30)
    for text, fine in (("2", False), ("x", True)):
        script.text, script.taken = text, (1, 2)
        assert (set_scripts("F,", [script]) is not None) is fine


def test_a_stop_below_the_line_is_the_index_of_tc() -> None:
    deep = Ink(0, 9, -0.66, 0.15, 0.9)
    assert hidden_tc("T.", [deep]) == [("T", ""), ("c", "sub")]
    assert hidden_tc("T.", [LETTER]) is None
    assert hidden_tc("It.", [deep]) is None


@needs_ocr
def test_the_formulas_of_a_scan(tmp_path: Path, root: Path) -> None:
    scan = make_scan(root / "examples/hydride_eliashberg.pdf", tmp_path / "scan.pdf", dpi=300)
    document = read(scan, ocr=Ocr())
    text = " ".join(p.text for p in document.passages)
    assert text.count("LuZnH8") > 3 * text.count("LuZnHg")
    assert "YbH12" in text
    assert "cm-1" in text
    title = document.passages[0]
    start = title.text.index("LuZnH8") + len("LuZnH")
    assert [(s.start, s.kind) for s in title.typography] == [(start, Typography.SUBSCRIPT)]
