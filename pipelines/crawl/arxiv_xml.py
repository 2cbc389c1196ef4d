"""XML from arXiv's servers, piece by piece and within limits; no entities, nothing fetched.

What the pieces mean lives in ``arxiv_oai`` and ``arxiv_query``.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterator
from datetime import date, datetime
from typing import Any, TypeAlias

from lxml import etree

from scmine.pipelines.crawl.errors import BrokenAnswerError

MAX_BYTES = 64 * 2**20
"""The largest answer; a page of 3500 records in arXivRaw has about 10 MB."""

MAX_ELEMENTS = 1_000_000
"""Elements of an answer; a page of 3500 records has some 70,000."""

MAX_DEPTH = 30
"""How deep elements may be nested; records stay under 8."""

_CHUNK = 2**16
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})

Element: TypeAlias = Any
"""An element of lxml, which has no types."""


def pieces(data: bytes, names: Collection[str], root: str) -> Iterator[Element]:
    """The elements of ``data`` with one of the local ``names``, each as soon as it is complete.

    An element's content is gone when the next one is asked for.

    Raises
    ------
    BrokenAnswerError
        If it is no well-formed XML with the root ``root``, has a document type, or is over the
        limits of this module.
    """
    if len(data) > MAX_BYTES:
        raise BrokenAnswerError(f"the answer has more than {MAX_BYTES >> 20} MB")
    parser = etree.XMLPullParser(
        events=("start", "end"),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    counter = _Counter(root)
    try:
        for start in range(0, len(data), _CHUNK):
            parser.feed(data[start : start + _CHUNK])
            yield from _ended(parser, counter, names)
        parser.close()
        yield from _ended(parser, counter, names)
    except etree.LxmlError as error:
        raise BrokenAnswerError(f"the answer is no XML: {one_line(str(error))[:200]}") from error
    if not counter.count:
        raise BrokenAnswerError("the answer is empty")


class _Counter:
    """Counts elements and their depth."""

    def __init__(self, root: str) -> None:
        self.count = 0
        self._depth = 0
        self._root = root

    def begins(self, element: Element) -> None:
        if not self.count and local_name(element) != self._root:
            raise BrokenAnswerError(f"the answer is no {self._root}, but {local_name(element)!r}")
        if not self.count and element.getroottree().docinfo.doctype:
            raise BrokenAnswerError("the answer has a document type, which is not read")
        self.count += 1
        self._depth += 1
        if self.count > MAX_ELEMENTS or self._depth > MAX_DEPTH:
            raise BrokenAnswerError("the answer has too many elements, or too deep ones")

    def ends(self) -> None:
        self._depth -= 1


def _ended(
    parser: etree.XMLPullParser, counter: _Counter, names: Collection[str]
) -> Iterator[Element]:
    for event, element in parser.read_events():
        if event == "start":
            counter.begins(element)
            continue
        counter.ends()
        if local_name(element) in names:
            yield element
            _forget(element)


def _forget(element: Element) -> None:
    """Free an element that has been read, and those before it."""
    element.clear()
    above = element.getparent()
    while above is not None and element.getprevious() is not None:
        del above[0]


def local_name(element: Element) -> str:
    """The name of an element without its namespace; at most 100 characters."""
    tag = element.tag
    return etree.QName(tag).localname[:100] if isinstance(tag, str) else ""


def children(element: Element | None, name: str) -> list[Element]:
    """The children of a local name; of no element there are none."""
    return [] if element is None else [child for child in element if local_name(child) == name]


def child(element: Element | None, name: str) -> Element | None:
    """The first child of a local name."""
    return next(iter(children(element, name)), None)


def text_of(element: Element | None) -> str:
    """All text of an element on one line; empty if there is no element."""
    return "" if element is None else one_line("".join(element.itertext(with_tail=False)))


def text(element: Element | None, name: str) -> str:
    """The text of the first child of a local name, on one line; empty if there is none."""
    return text_of(child(element, name))


def one_line(text: str) -> str:
    """A text from strangers on one line: single blanks, no signs that steer a terminal.

    >>> one_line("  Superconductivity at\\n  39 K\\x1b[2J\\u202e ")
    'Superconductivity at 39 K [2J'
    """
    plain = "".join(" " if unicodedata.category(c) in _UNSEEN else c for c in text)
    return " ".join(plain.split())


def day_in(text: str) -> date | None:
    """The day that an ISO date or time begins with; None if it is none.

    >>> day_in("2024-01-03T18:59:02Z"), day_in("soon")
    (datetime.date(2024, 1, 3), None)
    """
    try:
        return datetime.strptime(text[:10], "%Y-%m-%d").date()
    except ValueError:
        return None
