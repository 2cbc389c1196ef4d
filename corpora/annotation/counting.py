"""How a file counts characters: code points as Python does, or UTF-16 units as browsers do.

Where a file prints the words of its mentions, they decide; else the format's own habit does, or
what the user says. Texts are matched in ``offsets``.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import replace

from scmine.corpora.annotation.offsets import utf16_to_code_points
from scmine.corpora.annotation.versions import Counting, Fault, Note
from scmine.corpora.types import GoldMention


class OffsetError(ValueError):
    """Offsets that do not fit their text: ``fault``, and what to do."""

    def __init__(self, fault: Fault, what: str, todo: str) -> None:
        super().__init__(what)
        self.fault, self.todo = fault, todo


def in_code_points(
    text: str,
    mentions: Sequence[GoldMention],
    words: Sequence[str | None],
    counting: Counting,
) -> tuple[tuple[GoldMention, ...], tuple[Note, ...]]:
    """The mentions with offsets in code points of ``text``, and what is to be said of that.

    Raises
    ------
    OffsetError
        If a mention lies outside the text or within a character, is empty, or has other words
        than the file prints.
    """
    other = Counting.UTF16 if counting is Counting.CODE_POINTS else Counting.CODE_POINTS
    is_wide = any(ord(c) > 0xFFFF for c in text)
    try:
        found = _counted(text, mentions, words, counting)
    except OffsetError:
        if not is_wide or not mentions or any(w is None for w in words) or not words:
            raise
        try:
            found, counting = _counted(text, mentions, words, other), other
        except OffsetError:
            pass
        else:
            note = (Note.UTF16_OFFSETS,) if counting is Counting.UTF16 else ()
            return found, note
        raise
    has_words = bool(words) and all(w is not None for w in words)
    unproven = bool(mentions) and (is_wide or "\r" in text) and not has_words
    return found, (Note.OFFSETS_UNPROVEN,) if unproven else ()


def _counted(
    text: str,
    mentions: Sequence[GoldMention],
    words: Sequence[str | None],
    counting: Counting,
) -> tuple[GoldMention, ...]:
    points = utf16_to_code_points(text) if counting is Counting.UTF16 else None
    found = []
    for i, mention in enumerate(mentions):
        spans = tuple((_at(text, points, a), _at(text, points, b)) for a, b in mention.spans)
        for start, end in spans:
            if start >= end:
                raise OffsetError(
                    Fault.EMPTY_MENTION,
                    f"a mention {mention.label!r} has no characters (at {start})",
                    "Delete it in the tool and export again",
                )
        printed = words[i] if i < len(words) else None
        marked = " ".join(text[start:end] for start, end in spans)
        if printed is not None and _squeezed(printed) != _squeezed(marked):
            raise OffsetError(
                Fault.WORDS_DIFFER,
                f"a mention is {printed!r} in the file, but characters {spans[0][0]} to "
                f"{spans[-1][1]} are {marked!r}",
                "Export again; do not edit offsets by hand",
            )
        first, last = min(a for a, _ in spans), max(b for _, b in spans)
        fragments = spans if len(spans) > 1 else ()
        found.append(replace(mention, start=first, end=last, fragments=fragments))
    return tuple(found)


def _at(text: str, points: Sequence[int | None] | None, offset: int) -> int:
    size = len(text) if points is None else len(points) - 1
    if not 0 <= offset <= size:
        raise OffsetError(
            Fault.OUT_OF_RANGE,
            f"a mention reaches to character {offset} of a text of {size}",
            "If the tool counts otherwise, name it with --offsets; else export again",
        )
    at = offset if points is None else points[offset]
    if at is None:
        raise OffsetError(
            Fault.OUT_OF_RANGE,
            f"a mention ends within a character, at UTF-16 unit {offset}",
            "If the tool counts code points, say --offsets code-points",
        )
    return at


def _squeezed(words: str) -> str:
    """Words without blanks, as tools print them: Label Studio writes a line end as ``\\n``."""
    bare = words.replace("\\n", "").replace("\\r", "")
    return unicodedata.normalize("NFC", "".join(bare.split()))
