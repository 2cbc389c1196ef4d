"""HTML from strangers: a page's bytes made into a tree, within the limits of XML files.

HTML is no XML, so pages are parsed leniently, by lxml. Scripts, styles and drawings are left out.
Nothing is fetched. What the elements mean lives with each format's reader.
"""

from __future__ import annotations

import codecs
import hashlib
import re
from pathlib import Path
from xml.etree.ElementTree import Element, TreeBuilder

from lxml import etree

from scmine.extractors.document import ReadError, Status
from scmine.extractors.formats.xml_tree import MAX_BYTES, MAX_DEPTH, MAX_ELEMENTS, XmlFile

_LEFT_OUT = frozenset(
    {"script", "style", "svg", "noscript", "template", "annotation-xml", "object", "iframe"}
)
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?([A-Za-z0-9._:-]{1,40})", re.I)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
_CHUNK = 2**16


def read_html(path: Path) -> XmlFile:
    """The tree of the HTML file ``path``; names of elements are in lower case, without prefix.

    Raises
    ------
    ReadError
        With status ``failed``, if the file is too large, is nested too deep or has too many
        elements; ``empty`` if it has none.
    OSError
        If the file cannot be opened.
    """
    with path.open("rb") as stream:
        data = stream.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise ReadError(Status.FAILED, f"the HTML file is larger than {MAX_BYTES // 2**20} MB")
    root = parse_html(_decoded(data))
    if root is None:
        raise ReadError(Status.EMPTY, "the HTML file is empty")
    return XmlFile(root, hashlib.sha256(data).hexdigest(), ())


def parse_html(text: str) -> Element | None:
    """The tree of the HTML ``text``; None if there is no element in it.

    Raises
    ------
    ReadError
        With status ``failed``, if it is nested too deep or has too many elements.
    """
    data = _CONTROL.sub(" ", text).encode("utf-8", "replace")
    builder = _Builder()
    parser = etree.HTMLParser(target=builder, encoding="utf-8", huge_tree=True)
    for start in range(0, len(data), _CHUNK):
        parser.feed(data[start : start + _CHUNK])
    if not builder.count:
        return None
    root: Element = parser.close()
    return root


def _decoded(data: bytes) -> str:
    """The text of a page: as its mark or ``<meta>`` says, else UTF-8, else Windows-1252."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", "replace")
    stated = _CHARSET.search(data[:4096])
    for encoding in (stated[1].decode("ascii") if stated else "utf-8", "utf-8"):
        try:
            if codecs.lookup(encoding).name.startswith("utf-16"):
                continue  # it could not have been read so far
            return data.decode(encoding).removeprefix("\ufeff")
        except (LookupError, ValueError):
            continue
    return data.decode("cp1252", "replace")


class _Builder:
    """Takes the parser's events and builds a tree, refusing what could do harm."""

    def __init__(self) -> None:
        self.count = 0
        self._tree = TreeBuilder()
        self._tree.start("document", {})  # pages may go on after their end
        self._depth = 0
        self._skipped_from = 0  # the depth at which a part that is left out begins

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        self._depth += 1
        self.count += 1
        if self._depth > MAX_DEPTH:
            raise ReadError(Status.FAILED, f"elements nested deeper than {MAX_DEPTH}")
        if self.count > MAX_ELEMENTS:
            raise ReadError(Status.FAILED, f"more than {MAX_ELEMENTS} elements")
        if self._skipped_from:
            return
        name = _local(tag)
        if name in _LEFT_OUT:
            self._skipped_from = self._depth
        else:
            self._tree.start(name, dict(attributes))

    def end(self, tag: str) -> None:
        """An element ends."""
        if not self._skipped_from:
            self._tree.end(_local(tag))
        elif self._skipped_from == self._depth:
            self._skipped_from = 0
        self._depth -= 1

    def data(self, text: str) -> None:
        """Text stands here."""
        if not self._skipped_from:
            self._tree.data(text)

    def close(self) -> Element:
        """The root of the tree, an element that holds the page's own."""
        self._tree.end("document")
        return self._tree.close()


def _local(name: str) -> str:
    return name.rpartition(":")[2].lower()
