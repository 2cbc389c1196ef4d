"""The queue as curators work through it: its order, and who has which record before them.

Kept in memory for the server's life, as a hint: nothing is lost with it, since each save says which
revision it saw. What makes a record doubtful lives in ``scmine.web.doubts``.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from scmine.database.curation import Curation
from scmine.database.filters import RecordFilter
from scmine.database.record import Record, RecordStatus
from scmine.database.search import Search
from scmine.database.store import Database
from scmine.validator.plausibility.check import check_records
from scmine.web.doubts import Doubted, doubted
from scmine.web.known_values import KnownValues

CANDIDATES = 200
"""Records that are held against the validator and the reference sets to be put in order: those
that are most doubtful by flags and confidence. When they are done the next ones come."""

FRESH_S = 600.0
"""An order is made anew after this time."""

OPENED_S = 300.0
"""A record that another person opened is left to them for this time."""

SKIPPED_S = 3600.0
"""A record that a person skipped does not come again for this time."""

MOST_LISTS = 32
"""Orders, each of another filter, that are kept."""

UNJUDGED = frozenset({RecordStatus.NEW})
"""What the queue holds unless a filter asks for other statuses."""


@dataclass(slots=True)
class _List:
    made: float
    doubted: list[Doubted]
    places: dict[str, int] = field(default_factory=dict)


class Worklist:
    """The queue of a database, for any number of threads."""

    def __init__(
        self,
        database: Database,
        known: KnownValues,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database = database
        self._known = known
        self._clock = clock
        self._lock = threading.Lock()
        self._lists: OrderedDict[RecordFilter, _List] = OrderedDict()
        self._opened: dict[str, tuple[str, float]] = {}
        self._skipped: dict[tuple[str, str], float] = {}

    def order(self, wanted: RecordFilter) -> list[Doubted]:
        """The first records of the queue, the most doubtful first; those of a paper together.

        Records that were judged since the order was made are still in it.
        """
        return self._list(wanted).doubted

    def next(
        self, wanted: RecordFilter, who: str, *, after: str | None = None, again: bool = True
    ) -> str | None:
        """The record that a person should look at, the one behind ``after`` in the order.

        Left out are records that were judged meanwhile, that the person skipped, and that another
        one has open. None where nothing is left.
        """
        found = self._list(wanted)
        start = found.places.get(after or "", -1) + 1
        ordered = [*found.doubted[start:], *found.doubted[:start]]
        curation = Curation(self._database)
        for item in ordered:
            if item.record_id == after or self._is_taken(item.record_id, who):
                continue
            record = curation.record(item.record_id)
            if record is not None and record.status in _statuses(wanted):
                return item.record_id
        if again and len(found.doubted) >= CANDIDATES:
            with self._lock:
                self._lists.pop(wanted, None)
            return self.next(wanted, who, after=after, again=False)
        return None

    def beside(self, wanted: RecordFilter, record_id: str) -> tuple[str | None, str | None]:
        """The records before and behind one in the order, judged or not."""
        found = self._list(wanted)
        place = found.places.get(record_id)
        if place is None:
            return None, None
        before = found.doubted[place - 1].record_id if place else None
        is_last = place + 1 == len(found.doubted)
        return before, None if is_last else found.doubted[place + 1].record_id

    def open(self, record_id: str, who: str) -> str | None:
        """Note that a person looks at a record; who else does so at this time, if anybody."""
        now = self._clock()
        with self._lock:
            self._forget(now)
            other = self._opened.get(record_id)
            if other is not None and other[0] != who:
                return other[0]
            self._opened[record_id] = (who, now)
        return None

    def skip(self, record_id: str, who: str) -> None:
        """Leave a record out of a person's queue for some time, and to others."""
        with self._lock:
            self._skipped[record_id, who] = self._clock()
            if self._opened.get(record_id, ("", 0.0))[0] == who:
                del self._opened[record_id]

    def _is_taken(self, record_id: str, who: str) -> bool:
        now = self._clock()
        with self._lock:
            other, since = self._opened.get(record_id, (who, now))
            skipped = self._skipped.get((record_id, who))
        if other != who and now - since < OPENED_S:
            return True
        return skipped is not None and now - skipped < SKIPPED_S

    def _forget(self, now: float) -> None:
        self._opened = {k: v for k, v in self._opened.items() if now - v[1] < OPENED_S}
        self._skipped = {k: v for k, v in self._skipped.items() if now - v < SKIPPED_S}

    def _list(self, wanted: RecordFilter) -> _List:
        now = self._clock()
        with self._lock:
            found = self._lists.get(wanted)
            if found is not None and now - found.made < FRESH_S:
                self._lists.move_to_end(wanted)
                return found
        made = self._made(wanted, now)
        with self._lock:
            self._lists[wanted] = made
            while len(self._lists) > MOST_LISTS:
                self._lists.popitem(last=False)
        return made

    def _made(self, wanted: RecordFilter, now: float) -> _List:
        asked = replace(wanted, statuses=frozenset(_statuses(wanted)))
        page = Search(self._database).page(asked, sort="doubt", limit=CANDIDATES)
        papers: dict[str, list[Record]] = {}
        for record in page.records:
            papers.setdefault(record.doc_id, []).append(record)
        found: list[Doubted] = []
        for records in papers.values():
            checked = check_records(records)
            found += [
                doubted(record, result, self._known.of(record))
                for record, result in zip(records, checked, strict=True)
            ]
        found.sort(key=lambda item: -round(item.score, 1))
        return _List(now, found, {item.record_id: n for n, item in enumerate(found)})


def _statuses(wanted: RecordFilter) -> frozenset[RecordStatus]:
    return wanted.statuses or UNJUDGED
