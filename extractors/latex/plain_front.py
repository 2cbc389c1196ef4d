"""Front matter and headings of sources that do not mark them: plain TeX, titles set by hand."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from scmine.extractors.document import Passage, PassageKind, Typography
from scmine.extractors.formats.assembly import MAX_TITLE, is_heading
from scmine.extractors.formats.marked_text import MarkedText
from scmine.extractors.pdf.blocks import Block, plain_heading
from scmine.extractors.pdf.front_matter import authors_of

MAX_FRONT = 10
"""Passages above the text: names, addresses, dates."""

MAX_LINE = 400
"""Characters of an address with all departments."""

_PROSE = re.compile(r"[a-z]{2,}\.\s+[A-Z]|[a-z]{2,}\.$")
_ABSTRACT = re.compile(r"^\s*abstract\s*[.:—–-]*\s*", re.I)


def plain_front(
    passages: Sequence[Passage],
) -> tuple[str, tuple[str, ...], list[Passage]]:
    """The title, the authors, and the passages with title and abstract marked.

    The first short passage without a full stop is taken for the title if it stands above all else;
    what is short between it and the first prose are names and addresses.
    """
    kept = list(passages)
    if not kept or kept[0].kind is not PassageKind.PARAGRAPH:
        return "", (), kept
    head = kept[0]
    if len(head.text) > MAX_TITLE or head.text[-1] in ".:;" or len(head.text.split()) < 2:
        return "", (), kept
    end = 1
    while end < len(kept) and end <= MAX_FRONT and _is_front(kept[end]):
        end += 1
    if end >= len(kept) or end > MAX_FRONT:
        return "", (), kept
    authors = authors_of([_block(p) for p in kept[1:end]])
    notes = [p for p in kept[1:end] if p.kind is PassageKind.FOOTNOTE]
    rest = kept[end:]
    named = plain_heading(rest[0].text) == "abstract" and len(rest) > 1
    first = rest[1] if named else rest[0]
    if first.kind is PassageKind.PARAGRAPH and (named or _ABSTRACT.match(first.text)):
        rest = [_as_abstract(first), *rest[2 if named else 1 :]]
    title = replace(head, kind=PassageKind.TITLE, section="title")
    return head.text, authors, [title, *notes, *rest]


def with_headings(passages: Sequence[Passage]) -> list[Passage]:
    """The passages; if no heading is marked among them, what reads like one is made one."""
    if any(p.kind is PassageKind.HEADING for p in passages):
        return list(passages)
    result: list[Passage] = []
    section = ""
    for passage in passages:
        if passage.kind is PassageKind.PARAGRAPH and is_heading(passage.text, alone=True):
            section = passage.text
            passage = replace(passage, kind=PassageKind.HEADING)
        named = passage.kind in (PassageKind.TITLE, PassageKind.ABSTRACT)
        result.append(passage if named else replace(passage, section=section))
    return result


def _is_front(passage: Passage) -> bool:
    if passage.kind is PassageKind.FOOTNOTE:
        return True
    text = passage.text
    prose = len(text) > MAX_LINE or (len(text.split()) > 12 and _PROSE.search(text))
    named = _ABSTRACT.match(text) is not None
    return passage.kind is PassageKind.PARAGRAPH and not prose and not named


def _as_abstract(passage: Passage) -> Passage:
    return replace(passage, kind=PassageKind.ABSTRACT, section="abstract")


def _block(passage: Passage) -> Block:
    marked = MarkedText()
    marked.add(passage.text)
    for span in passage.typography:
        if span.kind is Typography.SUPERSCRIPT:
            marked.shifts[span.start : span.end] = ["sup"] * (span.end - span.start)
    return Block(PassageKind.PARAGRAPH, [marked.line()])
