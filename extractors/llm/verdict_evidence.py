"""Evidence for verdicts: what a model says of claims and records that it was given, and its quote.

Nothing new is claimed here: an answer may only tell whose a claim is, or that a record is wrong,
and must quote words of the paper for it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from scmine.extractors.claim import Claim
from scmine.extractors.cues import cues
from scmine.extractors.document import Document, Table
from scmine.extractors.llm.answers import (
    CheckAnswer,
    CheckItem,
    Origin,
    Verdict,
    WhoseAnswer,
    WhoseItem,
)
from scmine.extractors.llm.drops import Drop, Dropped
from scmine.extractors.llm.quotes import find_quote
from scmine.extractors.llm.request import Task
from scmine.extractors.llm.shown_text import ShownText, Span


def check_whose(
    answer: WhoseAnswer, claims: Sequence[Claim], document: Document, *, shown: Collection[str]
) -> tuple[dict[int, WhoseItem], list[Dropped]]:
    """What holds of ``answer`` about ``claims`` (``c0`` is the first), by the claim's index.

    "Cited" needs a quote that cites: a mark of a citation in it, or words that report others.
    """
    text = ShownText(document, shown)
    kept: dict[int, WhoseItem] = {}
    dropped: list[Dropped] = []
    for item in answer.claims:
        index = _index(item.claim, "c", len(claims))
        reason = Drop.UNKNOWN_NAME if index is None else _speaks(item, text)
        if index is not None and reason is None:
            kept.setdefault(index, item)
        elif reason is not None:
            value = f"{item.origin.value}, {item.evidence.value}"
            dropped.append(Dropped(reason, Task.WHOSE, item.claim, value, item.quote, item.passage))
    return kept, dropped


def _speaks(item: WhoseItem, text: ShownText) -> Drop | None:
    places = _quoted(text, item.quote, item.passage)
    if isinstance(places, Drop):
        return places
    if item.origin is not Origin.CITED:
        return None
    return None if any(_cites(text, *place) for place in places) else Drop.NOT_SAID


def _cites(text: ShownText, index: int, place: Span | None) -> bool:
    """Whether quoted words report what others found."""
    if place is None:
        return True  # a table cites in marks that were taken off its cells
    passage = text.document.passages[index]
    low, high = passage.sentence_at(place[0])[0], max(place[1], passage.sentence_at(place[0])[1])
    marks = any(low <= c.offset <= high for c in passage.citations)
    return marks or cues()["link"]["others"].search(passage.text[low:high]) is not None


def check_records(
    answer: CheckAnswer, count: int, document: Document, *, shown: Collection[str]
) -> tuple[dict[int, CheckItem], list[Dropped]]:
    """What holds of ``answer`` about ``count`` records (``r0`` is the first), by their index.

    A verdict other than "unsure" needs a quote from a passage or table that was shown.
    """
    text = ShownText(document, shown)
    kept: dict[int, CheckItem] = {}
    dropped: list[Dropped] = []
    for item in answer.records:
        index = _index(item.record, "r", count)
        reason: Drop | None = None
        if index is None:
            reason = Drop.UNKNOWN_NAME
        elif item.verdict is not Verdict.UNSURE:
            places = _quoted(text, item.quote, item.passage)
            reason = places if isinstance(places, Drop) else None
        if index is not None and reason is None:
            kept.setdefault(index, item)
        elif reason is not None:
            dropped.append(
                Dropped(
                    reason, Task.CHECK, item.record, item.verdict.value, item.quote, item.passage
                )
            )
    return kept, dropped


def _index(name: str, letter: str, count: int) -> int | None:
    """The number in ``name`` (``c4``), if there are that many."""
    match = re.fullmatch(rf"{letter}(\d{{1,6}})", name)
    return int(match[1]) if match and int(match[1]) < count else None


def _quoted(text: ShownText, quote: str, name: str) -> list[tuple[int, Span | None]] | Drop:
    """Where a quote stands, in a passage or (without a place) in a row of a table."""
    table = re.fullmatch(r"t(\d{1,6})", name)
    if table is None:
        found = text.quotes(quote, name)
        return found if isinstance(found, Drop) else [(i, place) for i, place in found]
    index = int(table[1])
    if not text.is_shown(name) or index >= len(text.document.tables):
        return Drop.NOT_SHOWN
    return (
        [(index, None)] if _in_table(text.document.tables[index], quote) else Drop.QUOTE_NOT_FOUND
    )


def _in_table(table: Table, quote: str) -> bool:
    """Whether a row or the caption holds ``quote``; what parts the cells does not count."""
    words = re.sub(r"[|\t]", " ", quote)
    rows = [" ".join(cell.text for cell in row) for row in table.rows]
    return any(find_quote(line, words) for line in (*rows, table.caption))
