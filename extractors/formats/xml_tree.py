"""XML from strangers: a file's bytes made into a tree of plain local names, within limits.

Nothing outside the file is fetched and no entity that a file declares is expanded. What the
elements mean lives with each format's reader.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.entities import html5
from pathlib import Path
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from scmine.extractors.document import ReadError, Status

MAX_BYTES = 32 * 2**20
"""The largest file that is read. The longest review articles in JATS have under 5 MB."""

MAX_DEPTH = 150
"""How deep elements may be nested; papers with MathML stay under 40."""

MAX_ELEMENTS = 1_000_000
"""How many elements a file may have, which bounds the memory its tree takes."""

_BOMS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
    (b"<\x00?\x00", "utf-16-le"),
    (b"\x00<\x00?", "utf-16-be"),
)
_DECLARED = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")
# Characters that XML 1.0 (section 2.2) forbids; tools that write text from PDFs let them through.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_PROLOG = re.compile(
    # Possessive throughout, so that no head takes long to be turned down.
    r"\A\ufeff?\s*+(?>(?:<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^\[>]*+(?:\[.*?\]\s*+)?>)\s*+)*+"
    r"<(?:[\w.-]+:)?(?P<root>[\w.-]+)",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class XmlFile:
    """A file as a tree; ``doc_id`` is the SHA-256 of its bytes."""

    root: Element
    doc_id: str
    warnings: tuple[str, ...]


def read_xml(path: Path) -> XmlFile:
    """The tree of the XML file ``path``; names of elements and attributes lose their namespace.

    Raises
    ------
    ReadError
        With status ``failed``, if the file is too large, is no well-formed XML, declares entities
        or is nested too deep; the message names the line.
    """
    with path.open("rb") as stream:
        return parse_xml(stream.read(MAX_BYTES + 1))


def parse_xml(data: bytes) -> XmlFile:
    """The tree of the XML in ``data``, as `read_xml` gives it.

    Raises
    ------
    ReadError
        As `read_xml`.
    """
    if len(data) > MAX_BYTES:
        raise ReadError(Status.FAILED, f"the XML file is larger than {MAX_BYTES // 2**20} MB")
    text, warnings = _decoded(data)
    root, unknown = _parse(text)
    if unknown:
        names = ", ".join(sorted(unknown)[:5])
        warnings.append(f"entities without a known character: {names}")
    return XmlFile(root, hashlib.sha256(data).hexdigest(), tuple(warnings))


def root_name(head: bytes) -> str:
    """The local name of the root element of the XML that ``head`` begins; empty if it is none.

    >>> root_name(b'<?xml version="1.0"?><!-- made by hand --><t:TEI xmlns:t="urn:x">')
    'TEI'
    >>> root_name(b"%PDF-1.5")
    ''
    """
    match = _PROLOG.match(head_text(head))
    return match["root"] if match else ""


def head_text(head: bytes) -> str:
    """The first bytes of a file as text, whatever is cut or damaged in them."""
    return head.decode(_encoding(head), "replace")


def text_of(element: Element | None) -> str:
    """All text of ``element`` with single blanks; empty if there is no element."""
    return " ".join("".join(element.itertext()).split()) if element is not None else ""


def outermost(element: Element, *tags: str) -> Iterator[Element]:
    """The descendants of ``element`` with one of ``tags``, but none that is inside another.

    Where elements hold themselves, each text is met once only.
    """
    for child in element:
        if child.tag in tags:
            yield child
        else:
            yield from outermost(child, *tags)


def _encoding(data: bytes) -> str:
    """The encoding that a file's first bytes state; UTF-8 if they state none that is known."""
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return encoding
    declared = _DECLARED.match(data)
    name = declared[1].decode("ascii") if declared else "utf-8"
    try:
        # ASCII only tells characters apart that all text codecs share; others (hex, rot13) fail.
        return name if b"<?".decode(name) == "<?" else "utf-8"
    except (LookupError, ValueError):
        return "utf-8"


def _decoded(data: bytes) -> tuple[str, list[str]]:
    encoding = _encoding(data)
    warnings: list[str] = []
    try:
        text = data.decode(encoding)
    except ValueError:
        text, used = _forced(data)
        warnings.append(f"the file is not {encoding} as it says; read as {used}")
    text, count = _FORBIDDEN.subn(" ", text.removeprefix("\ufeff"))
    if count:
        warnings.append(f"{count} control characters not read")
    return text, warnings


def _forced(data: bytes) -> tuple[str, str]:
    """Text of bytes that are not what the file says."""
    try:
        return data.decode("utf-8"), "utf-8"
    except ValueError:
        return data.decode("cp1252", "replace"), "cp1252"


def _parse(text: str) -> tuple[Element, set[str]]:
    """The root of ``text``, and the entities it uses that stand for no known character."""
    builder = _Builder()
    try:
        builder.parser.Parse(text.encode("utf-8"), True)
    except expat.ExpatError as error:
        raise ReadError(Status.FAILED, f"not well-formed XML: {error}") from error
    return builder.tree.close(), builder.unknown


class _Builder:
    """Follows expat's events and builds a tree, refusing what could do harm."""

    def __init__(self) -> None:
        self.tree = TreeBuilder()
        self.unknown: set[str] = set()
        self._depth = 0
        self._count = 0
        # The text has been decoded already, whatever encoding its declaration names.
        self.parser = parser = expat.ParserCreate("utf-8", namespace_separator=" ")
        parser.buffer_text = True
        # Without a DTD of its own, a file's named characters (&alpha;) would be errors. The
        # foreign DTD is never given to the parser.
        parser.UseForeignDTD(True)
        parser.EntityDeclHandler = self._entity
        parser.SkippedEntityHandler = self._skipped
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self.tree.data

    def _error(self, reason: str) -> ReadError:
        line = self.parser.CurrentLineNumber
        return ReadError(Status.FAILED, f"{reason}, line {line}")

    def _entity(self, name: str, *_: object) -> None:
        raise self._error(f"the file declares the entity {name!r}, which is refused")

    def _skipped(self, name: str, is_parameter: bool) -> None:
        if is_parameter:
            return
        char = html5.get(f"{name};")
        if char is None:
            self.unknown.add(name)
        self.tree.data(char or "\N{REPLACEMENT CHARACTER}")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        self._count += 1
        if self._depth > MAX_DEPTH:
            raise self._error(f"elements nested deeper than {MAX_DEPTH}")
        if self._count > MAX_ELEMENTS:
            raise self._error(f"more than {MAX_ELEMENTS} elements")
        self.tree.start(_local(name), {_local(k): v for k, v in attributes.items()})

    def _end(self, name: str) -> None:
        self._depth -= 1
        self.tree.end(_local(name))


def _local(name: str) -> str:
    return name.rpartition(" ")[2]
