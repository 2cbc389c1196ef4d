"""Which corrections a list, a page or an export takes: by whom, when, and what was wrong."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta

from scmine.corpora.corrections.judgement import Correction
from scmine.corpora.corrections.listing import Entry, entries
from scmine.corpora.corrections.stored import corrections_of, stored_corrections
from scmine.database.judged import Judged, JudgedFilter, JudgedRecord
from scmine.database.revision import ErrorType
from scmine.database.store import Database


def wanted_of(
    who: str | None, error_type: ErrorType | None, since: date | None, until: date | None
) -> JudgedFilter:
    """The filter for last changes by a person, of an error type, between two days.

    Days are days in UTC, both ends included; None asks for nothing.
    """
    last = None if until is None or until == date.max else until + timedelta(days=1)
    return JudgedFilter(
        who=who or None,
        error_type=error_type,
        since=None if since is None else datetime.combine(since, time(), UTC),
        until=None if last is None else datetime.combine(last, time(), UTC),
    )


def chosen(database: Database, wanted: JudgedFilter) -> list[Entry]:
    """The entries of all records that are wanted, those judged last first.

    Raises
    ------
    DatabaseError
        If the database cannot be read.
    """
    records = Judged(database).records(wanted)
    found = entries(stored_corrections(database, wanted))
    return _in_order(records, found)


def entries_of(database: Database, records: Sequence[JudgedRecord]) -> list[Entry]:
    """The entries of the judged records given, in their order; other documents are not read.

    Raises
    ------
    DatabaseError
        If the database cannot be read.
    """
    documents = (corrections_of(database, name) for name in {r.doc_id for r in records})
    return _in_order(records, entries(documents))


def corrections_in(found: Iterable[Entry]) -> list[Correction]:
    """The passages of entries, each once, that teach anything."""
    unique = {c.ident: c for entry in found for c in entry.corrections if c.teaches}
    return [unique[name] for name in sorted(unique)]


def _in_order(records: Sequence[JudgedRecord], found: Iterable[Entry]) -> list[Entry]:
    by_record = {entry.judgement.record_id: entry for entry in found}
    return [by_record[r.record_id] for r in records if r.record_id in by_record]
