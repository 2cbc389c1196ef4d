"""Halves of a paragraph that a figure or table parted in the source, joined again.

Only for passages without places on a page; the PDF reader joins its lines before they are passages.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from scmine.extractors.document import Passage, PassageKind
from scmine.extractors.sentences import split_sentences

_ENDED = re.compile(r"[.!?:;]['\"”’)\]]*$")
_BETWEEN = frozenset({PassageKind.CAPTION, PassageKind.FOOTNOTE})


def join_halves(passages: Sequence[Passage]) -> list[Passage]:
    """The passages, with a paragraph that goes on in lower case joined to what it goes on from.

    What parted them, captions or notes, follows the joined paragraph. Paragraphs that follow each
    other directly stay apart, as items of lists do.
    """
    result: list[Passage] = []
    host: int | None = None
    for passage in passages:
        if passage.kind is PassageKind.PARAGRAPH:
            parted = host is not None and host + 1 < len(result)
            if host is not None and parted and _goes_on(result[host], passage):
                result[host] = _joined(result[host], passage)
                continue
            host = len(result)
        elif passage.kind not in _BETWEEN:
            host = None
        result.append(passage)
    return result


def _goes_on(first: Passage, second: Passage) -> bool:
    return (
        first.section == second.section
        and second.text[:1].islower()
        and not _ENDED.search(first.text[-9:])
    )


def _joined(first: Passage, second: Passage) -> Passage:
    text = f"{first.text} {second.text}"
    shift = len(first.text) + 1
    moved = (replace(s, start=s.start + shift, end=s.end + shift) for s in second.typography)
    cited = (replace(c, offset=c.offset + shift) for c in second.citations)
    return replace(
        first,
        text=text,
        typography=(*first.typography, *moved),
        citations=(*first.citations, *cited),
        sentences=split_sentences(text),
    )
