"""Authors: names told from addresses, over the ends of lines and between groups."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scmine.extractors.pdf.authors import authors_in, is_name_line
from tests.extractors.pdf.typeset import set_column, set_line


@pytest.mark.parametrize(
    ("lines", "names"),
    [
        (["Anna Notional^{1}, Bert Fictive^{2,∗} and Carl van Made"],
         ("Anna Notional", "Bert Fictive", "Carl van Made")),
        (["A Notional, B Fictive and C-D Made"], ("A Notional", "B Fictive", "C-D Made")),
        (["A. B. Notional^{1} Y.-Q. Fictive^{2} H. v. Made^{1}"],
         ("A. B. Notional", "Y.-Q. Fictive", "H. v. Made")),
        (["A. Notional1,2, B. Fictive3* & D. O'Made"], ("A. Notional", "B. Fictive", "D. O'Made")),
        (["Anna NOTIONAL, Bert FICTIVE"], ("Anna NOTIONAL", "Bert FICTIVE")),
        (["Anna Notional, Bert", "Fictive, Carl Made"],
         ("Anna Notional", "Bert Fictive", "Carl Made")),
        (["Anna Notional, B. C.", "Fictive^{1}"], ("Anna Notional", "B. C. Fictive")),
        (["Anna Notional", "Bert Fictive"], ("Anna Notional", "Bert Fictive")),
        (["A. B. Notional", "University of Nowhere", "Carl Fictive"],
         ("A. B. Notional", "Carl Fictive")),
        (["A. B. Notional", "12 Some Lane, Far Hills 12345, Big Island", "Carl Fictive"],
         ("A. B. Notional", "Carl Fictive")),
        (["A. Notional", "^{1}Dept of Things, Far Hills",
          "We show that the films of Fine Metal are cooled in the bath", "B. Fictive"],
         ("A. Notional",)),
        (["(Received 3 May 2003)", "Anna Notional"], ("Anna Notional",)),
        (["Anna Notional", "Abstract", "Bert Fictive"], ("Anna Notional",)),
        (["Department of Physics, Nowhere"], ()),
        (["this is no name"], ()),
        ([], ()),
    ],
)  # fmt: skip
def test_names(lines: list[str], names: tuple[str, ...]) -> None:
    assert authors_in(set_column(lines)) == names


def test_later_groups_are_set_like_the_first() -> None:
    lines = [
        set_line("Anna Notional", y=100, size=10),
        set_line("Small Town, Green Valley", y=112, size=9, italic=True),
        set_line("Bert Fictive", y=130, size=10),
    ]
    assert authors_in(lines) == ("Anna Notional", "Bert Fictive")


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("A. Notional, B. Fictive", True),
        ("A. Notional", True),
        ("Anna Notional, Bert Fictive", True),
        ("Cuprate Films", False),
        ("NbN", False),
        ("of the Cuprate Films, Wires and Tapes", False),
    ],
)
def test_lines_of_names(text: str, is_one: bool) -> None:
    assert is_name_line(set_line(text)) is is_one


@given(st.lists(st.text("ABab.-,;é' 1†", min_size=1, max_size=200), max_size=8))
def test_any_line_gives_names_or_none(texts: list[str]) -> None:
    lines = set_column([t for t in texts if t.strip()])
    assert all(4 <= len(name) < 45 for name in authors_in(lines))
