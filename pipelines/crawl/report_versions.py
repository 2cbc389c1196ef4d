"""Newer versions of papers: which of their claims the version before them made already."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from scmine.database.record import Record
from scmine.pipelines.crawl import report_text
from scmine.pipelines.crawl.report_claims import highest, said

MOST_TOLD = 6
"""Claims that came or went that are listed."""


@dataclass(frozen=True, slots=True)
class Change:
    """What a version changed against the one ``before``; as in ``report_values.NewVersion``."""

    before: int
    came: tuple[str, ...]
    went: tuple[str, ...]
    came_number: int
    went_number: int
    stayed: int


@dataclass(slots=True)
class Compared:
    """The records that no earlier version had, and what changed by document."""

    new: list[Record] = field(default_factory=list)
    changes: dict[str, Change] = field(default_factory=dict)


def compare_versions(
    earlier: Mapping[str, tuple[int, list[Record]]],
    records: Iterable[Record],
) -> Compared:
    """The records that say something new.

    ``earlier`` has, by document, the number of the version before it and its records. Materials
    are the same where their formulas are, blanks aside.
    """
    found = Compared()
    by_document: dict[str, list[Record]] = {d: [] for d in earlier}
    for record in records:
        by_document.setdefault(record.doc_id, []).append(record)
    for doc_id, own in by_document.items():
        if doc_id not in earlier:
            found.new += own
            continue
        number, older = earlier[doc_id]
        was = {_claim(record): record for record in older}
        now = {_claim(record): record for record in own}
        found.new += [record for record in own if _claim(record) not in was]
        found.changes[doc_id] = Change(
            before=number,
            came=_told(now[c] for c in now if c not in was),
            went=_told(was[c] for c in was if c not in now),
            came_number=len(now.keys() - was.keys()),
            went_number=len(was.keys() - now.keys()),
            stayed=sum(claim in was for claim in now),
        )
    return found


def _claim(record: Record) -> tuple[str, ...]:
    name = "".join((record.formula or record.raw_material).split()).casefold()
    return (name, *said(record), record.evidence.value, str(record.origin))


def _told(records: Iterable[Record]) -> tuple[str, ...]:
    """Claims of a Tc in a few words, the highest first, at most ``MOST_TOLD``."""
    with_tc = [(tc, r) for r in records if (tc := highest(r)) is not None]
    with_tc.sort(key=lambda pair: -pair[0])
    told = [", ".join(filter(None, (report_text.material(r), *said(r)))) for _, r in with_tc]
    return tuple(dict.fromkeys(told))[:MOST_TOLD]
