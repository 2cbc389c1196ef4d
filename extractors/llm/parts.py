"""Parts: long passages cut at sentences, so that each fits what a language model takes."""

from __future__ import annotations

from collections.abc import Iterator

from scmine.extractors.document import Passage
from scmine.extractors.llm.cost import tokens_of
from scmine.extractors.llm.fencing import LONGEST_TEXT, shown_text


def parts_of(passage: Passage, most_tokens: int) -> list[tuple[int, int]]:
    """The (start, end) of the parts of a passage, in order, each of at most ``most_tokens``.

    They are cut between sentences; a sentence that alone is too long is cut at blanks.
    """
    parts: list[tuple[int, int]] = []
    for start, end in _pieces(passage, most_tokens):
        if parts and _fits(passage.text[parts[-1][0] : end], most_tokens):
            parts[-1] = (parts[-1][0], end)
        else:
            parts.append((start, end))
    return parts


def last_sentences(passage: Passage, end: int, most_tokens: int) -> str:
    """The sentences that end at or before ``end``, as many as ``most_tokens`` hold."""
    low = end
    for start, stop in reversed(_sentences(passage)):
        if stop > end:
            continue
        if not _fits(passage.text[start:end], most_tokens):
            break
        low = start
    return passage.text[low:end].strip()


def sentences_around(passage: Passage, at: int, most_tokens: int) -> tuple[int, int]:
    """The (start, end) of the sentence at character ``at`` and of those around it that fit."""
    spans = _sentences(passage)
    first = last = next((n for n, (_, high) in enumerate(spans) if at < high), len(spans) - 1)
    while True:
        wider = max(first - 1, 0), min(last + 1, len(spans) - 1)
        if wider == (first, last):
            break
        if not _fits(passage.text[spans[wider[0]][0] : spans[wider[1]][1]], most_tokens):
            break
        first, last = wider
    return spans[first][0], spans[last][1]


def _sentences(passage: Passage) -> tuple[tuple[int, int], ...]:
    return passage.sentences or ((0, len(passage.text)),)


def _fits(text: str, most_tokens: int) -> bool:
    return len(text) <= LONGEST_TEXT and tokens_of(shown_text(text)) <= most_tokens


def _pieces(passage: Passage, most_tokens: int) -> Iterator[tuple[int, int]]:
    """The sentences; of those that are too long, pieces that fit."""
    for start, end in _sentences(passage):
        while start < end and not _fits(passage.text[start:end], most_tokens):
            stop = _cut(passage.text, start, end, most_tokens)
            yield start, stop
            start = stop
        if passage.text[start:end].strip():
            yield start, end


def _cut(text: str, start: int, end: int, most_tokens: int) -> int:
    """Where to cut: as late as fits, by halves, behind a blank if there is one."""
    low, high = start + 1, min(end, start + LONGEST_TEXT)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if _fits(text[start:middle], most_tokens) else (low, middle - 1)
    blank = text.rfind(" ", start + 1, low)
    return blank + 1 if blank > start else low
