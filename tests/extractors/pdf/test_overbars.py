"""Overbars drawn as lines over the digits of space-group symbols."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from scmine.extractors.document import Document

ReadStreams = Callable[..., Document]


def _show(text: str, x: float, y: float, size: float = 10) -> str:
    return f"BT /F1 {size} Tf {x} {y} Td ({text}) Tj ET\n"


def _text(document: Document) -> str:
    return " ".join(p.text for p in document.passages)


SENTENCE = "This phase is known to have the space group "
"""Times at 10 pt; the bar's place is found by trying, so that no widths are written down here."""


def _page(symbol: str, bar: str) -> str:
    return (
        _show(SENTENCE + symbol, 72, 500)
        + bar
        + _show("and we call it the second phase of the hydride below.", 72, 488)
    )


def _left_of(read_streams: ReadStreams, symbol: str, digit: str) -> float:
    """Where the digit stands, read from the page without a bar."""
    passage = read_streams(_page(symbol, "")).passages[0]
    word = next(w for w in passage.words if symbol in passage.text[w.start : w.end])
    widths = {"R": 6.67, "F": 5.56, "m": 7.78, "P": 5.56, "1": 5.0, "3": 5.0, "I": 3.33}
    return word.box.x0 + sum(widths[c] for c in symbol[: symbol.index(digit)])


@pytest.mark.parametrize(("symbol", "digit"), [("R3m", "3"), ("Fm3m", "3"), ("P1", "1")])
@pytest.mark.parametrize("kind", ["line", "rectangle"])
def test_a_line_over_the_digit_is_its_bar(
    read_streams: ReadStreams, symbol: str, digit: str, kind: str
) -> None:
    x = _left_of(read_streams, symbol, digit)
    bar = {
        "line": f"0.4 w {x} 508 m {x + 5} 508 l S\n",
        "rectangle": f"{x} 508 5 0.4 re f\n",
    }[kind]
    assert symbol.replace(digit, digit + "\u0304") in _text(read_streams(_page(symbol, bar)))


@pytest.mark.parametrize(
    "bar",
    ["0.4 w 72 508 m 400 508 l S\n", "0.4 w 72 498 m 77 498 l S\n", "0.4 w 72 520 m 77 520 l S\n"],
)
def test_other_lines_are_no_bars(read_streams: ReadStreams, bar: str) -> None:
    text = _text(read_streams(_page("R3m", bar)))
    assert "R3m" in text
    assert "\u0304" not in text


def test_a_fraction_in_a_page_with_a_group_gets_no_bar(read_streams: ReadStreams) -> None:
    content = _page("R3m", "0.4 w 72 308 m 77 308 l S\n") + _show("3 is a number here", 72, 300)
    assert "\u0304" not in _text(read_streams(content))
