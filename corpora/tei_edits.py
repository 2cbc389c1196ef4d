"""Changes the mentions of an annotated TEI file and leaves every other byte of it as it is.

A mention that stays where it was keeps its element, whatever that is called; only the attributes
that differ are touched. One that moved takes its element along. Whether the outcome can be read
again is for the caller (``supermat``) to check.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from scmine.corpora.tei import TeiMention, TeiPassage

_ATTRIBUTE = re.compile(r"\s+([^\s=/>]+)\s*=\s*(\"[^\"]*\"|'[^']*')")
_NAME = re.compile(r"<([^\s/>]+)")
_CLOSE, _CHANGE, _OPEN = range(3)  # order of what happens at one and the same byte


@dataclass(frozen=True, slots=True)
class WantedMention:
    """A mention as it shall be; ``start`` and ``end`` count the passage's raw characters."""

    start: int
    end: int
    label: str
    ident: str
    targets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, order=True)
class _Patch:
    """Bytes ``first`` to ``last`` (exclusive) become ``new``."""

    first: int
    last: int
    rank: int
    new: str


def rewrite(
    data: bytes, passages: Sequence[TeiPassage], wanted: Sequence[Sequence[WantedMention]]
) -> bytes:
    """``data`` with the mentions of its ``passages`` replaced by those wanted, passage by passage.

    ``passages`` are as ``scan`` found them in ``data``. Mentions of a passage must not overlap.
    """
    patches: list[_Patch] = []
    for passage, mentions in zip(passages, wanted, strict=True):
        patches += _patches(data, passage, mentions)
    pieces: list[bytes] = []
    at = 0
    for patch in sorted(patches):
        pieces += (data[at : patch.first], patch.new.encode("utf-8"))
        at = patch.last
    return b"".join([*pieces, data[at:]])


def edit_tag(tag: str, changes: Mapping[str, str | None]) -> str:
    """An opening tag with attributes set or, where ``None``, taken away; the rest is left alone.

    >>> edit_tag("<rs  type='tc' n='1'>", {"type": "class", "n": None, "xml:id": "x1"})
    '<rs  type="class" xml:id="x1">'
    """
    left = dict(changes)

    def changed(attribute: re.Match[str]) -> str:
        if attribute[1] not in left:
            return attribute[0]
        value = left.pop(attribute[1])
        if value is None:
            return ""
        return attribute[0].removesuffix(attribute[2]) + _quoted(value)

    tag = _ATTRIBUTE.sub(changed, tag)
    body = tag[:-1].rstrip()
    added = [f" {name}={_quoted(value)}" for name, value in left.items() if value is not None]
    return body + "".join(added) + tag[len(body) :] if added else tag


def _quoted(value: str) -> str:
    entities = {'"': "&quot;", "\n": "&#10;", "\r": "&#13;", "\t": "&#9;"}
    return f'"{escape(value, entities)}"'


def _patches(data: bytes, passage: TeiPassage, wanted: Sequence[WantedMention]) -> Iterator[_Patch]:
    elements = [m for m in passage.mentions if passage.text[m.start : m.end].strip()]
    kept = _paired(passage, elements, wanted)
    gone = [element for j, element in enumerate(elements) if j not in kept.values()]
    gone += [
        blank  # a mention cannot stand inside another, not even one without words
        for blank in passage.mentions
        if blank not in elements
        and any(m.start < blank.start and blank.end < m.end for m in wanted)
    ]
    for element in gone:
        yield _Patch(*element.open_tag, _CHANGE, "")
        yield _Patch(*element.close_tag, _CHANGE, "")
    places: _Bytes | None = None
    for i, mention in enumerate(wanted):
        before = elements[kept[i]] if i in kept else None
        old = data[slice(*before.open_tag)].decode() if before else f"<{passage.prefix}rs>"
        new = edit_tag(old, _changes(before, mention))
        if before is not None and _trimmed(passage.text, before) == (mention.start, mention.end):
            if new != old:
                yield _Patch(*before.open_tag, _CHANGE, new)
            continue
        if before is not None:
            yield _Patch(*before.open_tag, _CHANGE, "")
            yield _Patch(*before.close_tag, _CHANGE, "")
        places = places or _Bytes(passage)
        yield places.insertion(places.first[mention.start], _OPEN, new)
        name = _NAME.match(new)
        yield places.insertion(
            places.last[mention.end - 1], _CLOSE, f"</{name[1] if name else ''}>"
        )


def _changes(before: TeiMention | None, mention: WantedMention) -> dict[str, str | None]:
    """The attributes in which an element differs from the mention, in the corpus's order."""
    changes: dict[str, str | None] = {}
    if sorted(before.targets if before else ()) != sorted(mention.targets):
        changes["corresp"] = ",".join(f"#{target}" for target in mention.targets) or None
    if before is None or before.label != mention.label:
        changes["type"] = str(mention.label)
    if (before.ident if before else "") != mention.ident:
        changes["xml:id"] = mention.ident or None
    return changes


def _paired(
    passage: TeiPassage, elements: Sequence[TeiMention], wanted: Sequence[WantedMention]
) -> dict[int, int]:
    """The element each wanted mention continues: same bounds, else same name, else overlap."""
    spans = [_trimmed(passage.text, element) for element in elements]

    def same_bounds(i: int, j: int) -> bool:
        return spans[j] == (wanted[i].start, wanted[i].end)

    def same_ident(i: int, j: int) -> bool:
        return bool(wanted[i].ident) and wanted[i].ident == elements[j].ident

    def overlap(i: int, j: int) -> bool:
        return wanted[i].start < spans[j][1] and spans[j][0] < wanted[i].end

    def overlap_and_label(i: int, j: int) -> bool:
        return overlap(i, j) and wanted[i].label == elements[j].label

    pairs: dict[int, int] = {}
    free = dict.fromkeys(range(len(elements)))
    for belongs in (same_bounds, same_ident, overlap_and_label, overlap):
        for i in range(len(wanted)):
            j = next((j for j in free if belongs(i, j)), None) if i not in pairs else None
            if j is not None:
                pairs[i] = j
                del free[j]
    return pairs


def _trimmed(text: str, element: TeiMention) -> tuple[int, int]:
    """The bounds of an element without the blanks at its edges."""
    inner = text[element.start : element.end]
    return (
        element.start + len(inner) - len(inner.lstrip()),
        element.start + len(inner.rstrip()),
    )


class _Bytes:
    """Where in the file each raw character of a passage begins and ends."""

    def __init__(self, passage: TeiPassage) -> None:
        self.first: list[int] = []
        self.last: list[int] = []
        self._literal = passage.literal
        for run in passage.runs:
            at = run.first
            for character in run.text:
                self.first.append(at)
                at = run.last if len(run.text) == 1 else at + len(character.encode("utf-8"))
                self.last.append(at)

    def insertion(self, at: int, rank: int, tag: str) -> _Patch:
        """A tag to be put in at a byte; inside a CDATA section, the section is interrupted."""
        if any(first <= at <= last for first, last in self._literal):
            tag = f"]]>{tag}<![CDATA["
        return _Patch(at, at, rank, tag)
