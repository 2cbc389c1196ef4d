"""The corrections of a database that may be learnt from: those of papers no model is scored on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from scmine.corpora.corrections.judgement import Correction, NoExample
from scmine.corpora.corrections.listing import entries
from scmine.corpora.corrections.stored import DocumentCorrections, stored_corrections
from scmine.corpora.corrections.training import HeldOut, PaperNames
from scmine.corpora.types import Paper
from scmine.database.store import open_database


@dataclass(frozen=True, slots=True)
class Learnable:
    """Corrections to learn from, what was left out, and why.

    ``held_out`` are the documents that are papers of a development or test part; ``reasons``
    counts the judged records of the others that teach nothing, or not all.
    """

    corrections: tuple[Correction, ...]
    held_out: tuple[str, ...]
    reasons: Counter[NoExample]

    def __str__(self) -> str:
        """What is learnt from, and what is not, in a line."""
        judged = {j.record_id for c in self.corrections for j in c.judgements}
        known = sum(len(c.known) for c in self.corrections)
        words = [
            f"{len(self.corrections)} passages with {len(judged)} judged records",
            f"{known} known mentions",
            f"{sum(len(c.linked) for c in self.corrections)} values with known links",
            f"{len(self.held_out)} papers left out, since models are scored on them",
        ]
        words += [f"{why}: {number}" for why, number in sorted(self.reasons.items())]
        return "; ".join(words)


def learnable(database: str, scored_on: Iterable[Paper]) -> Learnable:
    """The corrections in ``database`` but those of papers that are among ``scored_on``.

    Raises
    ------
    DatabaseError
        If there is no such database or it cannot be read.
    """
    held_out = HeldOut.of(scored_on)
    taken: list[DocumentCorrections] = []
    left: list[str] = []
    with open_database(database, create=False) as opened:
        for document in stored_corrections(opened):
            if held_out.holds(_names(document)):
                left.append(document.doc_id)
            else:
                taken.append(document)
    reasons = Counter(entry.reason for entry in entries(taken) if entry.reason is not None)
    corrections = tuple(c for document in taken for c in document.corrections if c.teaches)
    return Learnable(corrections, tuple(left), reasons)


def _names(document: DocumentCorrections) -> PaperNames:
    judgements = [j for c in document.corrections for j in c.judgements]
    judgements += [j for j, _ in document.without_text]
    record = judgements[0].after
    return PaperNames(record.title or "", record.doi or "", record.path, document.passages)
