"""Corrections as plain data: one entry a judged record, and one a passage for JSON lines.

For lists, pages and exports; how an example is derived lives in ``deriving``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from scmine.corpora.corrections.judgement import Correction, Judgement, NoExample
from scmine.corpora.corrections.stored import DocumentCorrections, annotated
from scmine.corpora.exchange.json_lines import to_plain


@dataclass(frozen=True, slots=True)
class Entry:
    """A judged record, the passages that carry it, and why it teaches nothing, or not all."""

    judgement: Judgement
    corrections: tuple[Correction, ...]
    reason: NoExample | None

    @property
    def teaches(self) -> bool:
        """Whether its passages teach anything of it."""
        is_lost = self.reason not in (None, NoExample.MATERIAL_NOT_PRINTED)
        return not is_lost and any(c.teaches for c in self.corrections)


def entries(documents: Iterable[DocumentCorrections]) -> Iterator[Entry]:
    """One entry a judged record."""
    for document in documents:
        found: dict[str, list[Correction]] = {}
        judgements: dict[str, Judgement] = {}
        for correction in document.corrections:
            for judgement in correction.judgements:
                found.setdefault(judgement.record_id, []).append(correction)
                judgements[judgement.record_id] = judgement
        for name, corrections in found.items():
            reasons = [c.reasons.get(name) for c in corrections]
            reason = None if None in reasons else reasons[0]
            yield Entry(judgements[name], tuple(corrections), reason)
        for judgement, why in document.without_text:
            yield Entry(judgement, (), why)


def as_plain(entry: Entry) -> dict[str, Any]:
    """An entry as what JSON can hold."""
    judgement = entry.judgement
    return {
        "record_id": judgement.record_id,
        "doc_id": judgement.after.doc_id,
        "status": str(judgement.after.status),
        "error_type": judgement.after.error_type,
        "who": judgement.who,
        "when": None if judgement.when is None else judgement.when.isoformat(),
        "why": judgement.why,
        "example": entry.teaches,
        "reason": None if entry.reason is None else str(entry.reason),
        "passages": [c.ident for c in entry.corrections],
    }


def passage_as_plain(correction: Correction) -> dict[str, Any]:
    """A passage with its annotations before and after, and what of them persons have judged."""
    plain = to_plain(annotated(correction))
    plain["judged"] = {
        "known": sorted(correction.known),
        "wrong": [list(span) for span in sorted(correction.wrong)],
        "linked": [list(pair) for pair in sorted(correction.linked)],
        "whole": [list(span) for span in correction.whole],
    }
    plain["records"] = [
        as_plain(Entry(j, (correction,), correction.reasons.get(j.record_id)))
        for j in correction.judgements
    ]
    return plain
