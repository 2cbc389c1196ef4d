"""Scans annotated TEI for its passages and mentions, and for where in the file each of them stands.

What is found are bytes and characters as they are in the file. Blanks, links and the project's
types are the affair of ``supermat``; changing a file lives in ``tei_edits``. Only UTF-8 is read;
entities that a file declares, and those of a DTD outside it, are refused and never expanded.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from xml.parsers import expat

from scmine.corpora.types import CorpusError, Span

IDENT = "http://www.w3.org/XML/1998/namespace id"
_TEI = "http://www.tei-c.org/ns/1.0 "
_AB_KINDS = {
    "keywords": "keywords",
    "figurecaption": "figure_caption",
    "tablecaption": "table_caption",
}
_HOLDERS = {f"{_TEI}profileDesc": "abstract", f"{_TEI}body": "paragraph"}
_OPEN_TAG = re.compile(
    rb"<((?:[^\s/>:]+:)?)[^\s/>]+(?:\s+[^\s=]+\s*=\s*(?:\"[^\"]*\"|'[^']*'))*\s*/?>"
)
_CDATA_START = len("<![CDATA[")


@dataclass(frozen=True, slots=True)
class Run:
    """Characters of a passage that stand in the file as ``data[first:last]``.

    A run is either plain, one byte sequence a character, or a single character that is written in
    another way: a reference (``&lt;``) or a line end of two bytes.
    """

    start: int  # in the passage's raw text
    text: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class TeiMention:
    """An element with a known ``type``; ``start`` and ``end`` count the passage's raw characters.

    ``targets`` are the identifiers in its ``corresp``, without their ``#``. ``open_tag`` and
    ``close_tag`` are its tags' bytes in the file.
    """

    start: int
    end: int
    label: str
    ident: str
    targets: tuple[str, ...]
    open_tag: Span
    close_tag: Span
    line: int


@dataclass(frozen=True, slots=True)
class TeiPassage:
    """One stretch of annotated text, blanks as in the file.

    ``prefix`` is the namespace prefix its element is written with, colon included, mostly empty.
    ``literal`` are the insides of its CDATA sections, in bytes.
    """

    kind: str
    prefix: str
    text: str
    mentions: tuple[TeiMention, ...]
    runs: tuple[Run, ...]
    literal: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class TeiDocument:
    """The passages of a file, and every ``xml:id`` in it."""

    passages: tuple[TeiPassage, ...]
    idents: frozenset[str]


def scan(path: Path, data: bytes, labels: Collection[str]) -> TeiDocument:
    """Find the passages of ``data`` and their mentions, whose types are ``labels``.

    ``path`` only serves messages.

    Raises
    ------
    CorpusError
        If the bytes are no well-formed XML in UTF-8, declare entities, have nested or unknown
        mentions or use an ``xml:id`` twice; the error names the line.
    """
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise CorpusError(path, f"not UTF-8: {error.reason}", line) from error
    scanner = _Scanner(path, data, labels)
    try:
        scanner.parser.Parse(data, True)
    except expat.ExpatError as error:
        raise CorpusError(path, f"not well-formed XML: {error}", error.lineno) from error
    return TeiDocument(tuple(scanner.passages), frozenset(scanner.idents))


@dataclass(slots=True)
class _OpenMention:
    depth: int
    start: int
    attributes: Mapping[str, str]
    open_tag: Span
    line: int


@dataclass(slots=True)
class _OpenPassage:
    depth: int
    kind: str
    prefix: str
    length: int = 0
    mentions: list[TeiMention] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)
    literal: list[Span] = field(default_factory=list)

    def closed(self) -> TeiPassage:
        text = "".join(run.text for run in self.runs)
        parts = tuple(self.mentions), tuple(self.runs), tuple(self.literal)
        return TeiPassage(self.kind, self.prefix, text, *parts)


class _Scanner:
    """Follows expat's events through one file."""

    def __init__(self, path: Path, data: bytes, labels: Collection[str]) -> None:
        self.path, self.data, self.labels = path, data, labels
        self.passages: list[TeiPassage] = []
        self.idents: set[str] = set()
        self._elements: list[str] = []
        self._passage: _OpenPassage | None = None
        self._mention: _OpenMention | None = None
        self._literal_from: int | None = None
        self.parser = parser = expat.ParserCreate(namespace_separator=" ")
        parser.XmlDeclHandler = self._declaration
        parser.EntityDeclHandler = self._entity
        parser.SkippedEntityHandler = self._skipped
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.StartCdataSectionHandler = self._literal_start
        parser.EndCdataSectionHandler = self._literal_end

    def _error(self, reason: str, line: int | None = None) -> CorpusError:
        return CorpusError(self.path, reason, line or self.parser.CurrentLineNumber)

    def _declaration(self, version: str, encoding: str | None, standalone: int) -> None:
        if encoding is not None and encoding.lower() not in ("utf-8", "utf8", "us-ascii"):
            raise self._error(f"encoding {encoding!r}: only UTF-8 is read")

    def _entity(self, name: str, *_: object) -> None:
        raise self._error(f"declares the entity {name!r}: declared entities are not read")

    def _skipped(self, name: str, is_parameter: bool) -> None:
        raise self._error(f"entity {name!r} is not defined in the file")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        ident = attributes.get(IDENT)
        if ident is not None:
            if ident in self.idents:
                raise self._error(f"xml:id {ident!r} is used twice")
            self.idents.add(ident)
        self._elements.append(name)
        if self._passage is None:
            kind = self._kind(name, attributes.get("type", ""))
            if kind is not None:
                prefix = self._tag(self.parser.CurrentByteIndex)[1].decode()
                self._passage = _OpenPassage(len(self._elements), kind, prefix)
        elif "type" in attributes:
            self._open_mention(self._passage, attributes)

    def _kind(self, name: str, type_: str) -> str | None:
        """What passage an element begins, none if it begins none."""
        parents = self._elements[:-1]
        if name == f"{_TEI}title" and parents and parents[-1] == f"{_TEI}titleStmt":
            return "title"
        holder = next((h for h in _HOLDERS if h in parents), None)
        if holder is not None and name == f"{_TEI}p":
            return _HOLDERS[holder]
        if holder is not None and name == f"{_TEI}ab":
            return _AB_KINDS.get(type_.lower(), _HOLDERS[holder])
        return None

    def _tag(self, at: int) -> re.Match[bytes]:
        match = _OPEN_TAG.match(self.data, at)
        if match is None:
            raise self._error("an element's tag is not where the parser says it is")
        return match

    def _open_mention(self, passage: _OpenPassage, attributes: dict[str, str]) -> None:
        if self._mention is not None:
            raise self._error("mention inside a mention")
        if attributes["type"] not in self.labels:
            raise self._error(f"unknown mention type {attributes['type']!r}")
        tag = self._tag(self.parser.CurrentByteIndex).span()
        line = self.parser.CurrentLineNumber
        self._mention = _OpenMention(len(self._elements), passage.length, attributes, tag, line)

    def _end(self, name: str) -> None:
        depth = len(self._elements)
        self._elements.pop()
        passage, mention = self._passage, self._mention
        if passage is None:
            return
        if mention is not None and mention.depth == depth:
            passage.mentions.append(self._closed(mention, passage.length))
            self._mention = None
        elif passage.depth == depth:
            self.passages.append(passage.closed())
            self._passage = None

    def _closed(self, mention: _OpenMention, end: int) -> TeiMention:
        at = self.parser.CurrentByteIndex
        last = self.data.index(b">", at) + 1
        targets = re.findall(r"[^\s,]+", mention.attributes.get("corresp", ""))
        return TeiMention(
            mention.start,
            end,
            mention.attributes["type"],
            mention.attributes.get(IDENT, ""),
            tuple(target.removeprefix("#") for target in targets),
            mention.open_tag,
            (at, last),
            mention.line,
        )

    def _characters(self, text: str) -> None:
        passage = self._passage
        if passage is None:
            return
        first = self.parser.CurrentByteIndex
        if self._literal_from is None and self.data.startswith(b"&", first):
            last = self.data.index(b";", first) + 1
        elif self.data.startswith(b"\r\n", first):
            last = first + 2
        else:
            last = first + len(text.encode("utf-8"))
        passage.runs.append(Run(passage.length, text, first, last))
        passage.length += len(text)

    def _literal_start(self) -> None:
        self._literal_from = self.parser.CurrentByteIndex + _CDATA_START

    def _literal_end(self) -> None:
        if self._passage is not None and self._literal_from is not None:
            self._passage.literal.append((self._literal_from, self.parser.CurrentByteIndex))
        self._literal_from = None
