"""One page of a listing: what each paper on it is to what is known, worked out and written at once.

A page has a thousand papers, so that what is known is asked for all of them together. The
transaction around it is begun and ended in ``crawl_listing``.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, bindparam, insert, or_, select, update

from scmine.database.clean import clean
from scmine.database.crawl_models import PAPERS, SAME_PAPER, VERSIONS
from scmine.database.crawl_values import TO_FETCH, UNDER_WAY, CrawlPaper, VersionState

_UNFETCHED = (*TO_FETCH, VersionState.GIVEN_UP, VersionState.SKIPPED)
"""The states that a version leaves when another one has come."""


@dataclass(frozen=True, slots=True)
class _Other:
    """A version of another source that is fetched or about to be."""

    name: str
    version: int
    doi: str | None
    arxiv_id: str | None


class Taking:
    """The papers of a page, held against what the database knows of them.

    Papers without a score, and all where ``threshold`` is None, are to be fetched; others from
    ``threshold`` on.
    """

    def __init__(
        self,
        connection: Connection,
        source: str,
        papers: Sequence[CrawlPaper],
        threshold: float | None,
    ) -> None:
        self._connection = connection
        self._source = source
        self._papers = papers
        self._threshold = threshold
        keys = sorted({paper.key for paper in papers})
        self._known = _known_papers(connection, source, keys)
        self._there = frozenset(self._known)
        self._states = _known_states(connection, source, keys)
        self._others = _others(connection, source, papers)
        self._rows: dict[str, CrawlPaper] = {}
        self._made: dict[tuple[str, int], tuple[VersionState, str]] = {}
        self._moved: dict[tuple[str, int], tuple[VersionState, str]] = {}

    def take(self) -> Counter[str]:
        """Work out what is to be written; how many papers are new, changed, withdrawn."""
        counts = Counter(filter(None, map(self._take, self._papers)))
        counts["listed"] = len(self._papers)
        return counts

    def write(self, about: dict[str, Any], now: datetime) -> None:
        """Write it: ``about`` are the columns that each version gets that is made or moves."""
        rows = {k: clean(asdict(paper)) | {"seen": now} for k, paper in self._rows.items()}
        new = [row for key, row in rows.items() if key not in self._there]
        if new:
            self._connection.execute(insert(PAPERS), new)
        self._update(PAPERS, [row for key, row in rows.items() if key in self._there])
        made = [
            self._version(*name, *stands) | about | {"failures": 0, "listed": now}
            for name, stands in self._made.items()
        ]
        if made:
            self._connection.execute(insert(VERSIONS), made)
        moved = [self._version(*n, *stands) | about for n, stands in self._moved.items()]
        self._update(VERSIONS, moved)

    def _version(self, key: str, version: int, state: VersionState, reason: str) -> dict[str, Any]:
        named = {"source": self._source, "key": key, "version": version}
        return named | {"state": state.value, "reason": reason}

    def _update(self, table: Table, rows: Sequence[dict[str, Any]]) -> None:
        """Write rows over those of the same primary key."""
        if not rows:
            return
        keys = [column.name for column in table.primary_key]
        same = [table.c[name] == bindparam(f"of_{name}") for name in keys]
        others: dict[str, Any] = {name: bindparam(name) for name in rows[0] if name not in keys}
        changes = [
            {(f"of_{n}" if n in keys else n): value for n, value in row.items()} for row in rows
        ]
        self._connection.execute(update(table).where(*same).values(others), changes)

    def _take(self, paper: CrawlPaper) -> str:
        """What a paper is: ``new``, ``changed`` (another version), ``withdrawn`` or empty."""
        before = self._known.get(paper.key)
        if before is not None and paper.version < before.version:
            return ""  # another listing has told of a newer one
        if paper.score is None and before is not None:
            paper = replace(paper, score=before.score)
        self._known[paper.key] = self._rows[paper.key] = paper
        added = self._take_version(paper)
        if paper.withdrawn and (before is None or not before.withdrawn):
            return "withdrawn"
        if before is None:
            return "new"
        return "changed" if added else ""

    def _take_version(self, paper: CrawlPaper) -> bool:
        """Make the version if it is not there, let those before it pass; whether it was made."""
        states = self._states[paper.key]
        here = states.get(paper.version)
        state, reason = self._state_of(paper)
        if here is None or _moves(here, state):
            self._set(paper.key, paper.version, state, reason)
        for version, old in list(states.items()):
            if version < paper.version and old in _UNFETCHED:
                why = f"v{paper.version} has come"
                self._set(paper.key, version, VersionState.PASSED, why)
        return here is None

    def _set(self, key: str, version: int, state: VersionState, reason: str) -> None:
        fresh = version not in self._states[key] or (key, version) in self._made
        (self._made if fresh else self._moved)[key, version] = (state, reason)
        self._states[key][version] = state

    def _state_of(self, paper: CrawlPaper) -> tuple[VersionState, str]:
        """Where a version that was just listed stands, and why."""
        threshold = self._threshold
        if paper.withdrawn:
            return VersionState.WITHDRAWN, ""
        if threshold is not None and paper.score is not None and paper.score < threshold:
            return VersionState.SKIPPED, f"relevance {paper.score:.3f} is below {threshold:.3f}"
        for other in self._others:
            if _same(paper, other):
                return VersionState.KNOWN, f"{other.name} is the same paper"
        return VersionState.WAITING, ""


def _moves(here: VersionState, state: VersionState) -> bool:
    """Whether a version that is listed again leaves its state for another."""
    if state is VersionState.WITHDRAWN:
        return here in (*_UNFETCHED, VersionState.KNOWN)
    if here is VersionState.WITHDRAWN:
        return True
    if state is VersionState.WAITING:
        return here in (VersionState.SKIPPED, VersionState.KNOWN)
    return here is VersionState.WAITING and state is not here


def _same(paper: CrawlPaper, other: _Other) -> bool:
    """Whether another source has the paper, and no older version of it."""
    by_number = paper.arxiv_id is not None and paper.arxiv_id == other.arxiv_id
    by_doi = paper.doi is not None and paper.doi == other.doi
    return (by_number and other.version >= paper.version) or by_doi


def _known_papers(
    connection: Connection, source: str, keys: Sequence[str]
) -> dict[str, CrawlPaper]:
    statement = select(PAPERS).where(PAPERS.c.source == source, PAPERS.c.key.in_(keys))
    return {row.key: CrawlPaper(**row._asdict()) for row in connection.execute(statement)}


def _known_states(
    connection: Connection, source: str, keys: Sequence[str]
) -> defaultdict[str, dict[int, VersionState]]:
    c = VERSIONS.c
    statement = select(c.key, c.version, c.state).where(c.source == source, c.key.in_(keys))
    found: defaultdict[str, dict[int, VersionState]] = defaultdict(dict)
    for row in connection.execute(statement):
        found[row.key][row.version] = VersionState(row.state)
    return found


def _others(connection: Connection, source: str, papers: Sequence[CrawlPaper]) -> list[_Other]:
    """The versions of other sources that may be the same papers."""
    dois = sorted({paper.doi for paper in papers if paper.doi})
    numbers = sorted({paper.arxiv_id for paper in papers if paper.arxiv_id})
    statement = (
        select(PAPERS.c.doi, PAPERS.c.arxiv_id, VERSIONS.c.source, VERSIONS.c.key)
        .add_columns(VERSIONS.c.version)
        .join_from(
            PAPERS,
            VERSIONS,
            SAME_PAPER,
        )
        .where(
            PAPERS.c.source != source,
            or_(PAPERS.c.doi.in_(dois), PAPERS.c.arxiv_id.in_(numbers)),
            VERSIONS.c.state.in_([state.value for state in UNDER_WAY]),
        )
        .order_by(VERSIONS.c.source, VERSIONS.c.key, VERSIONS.c.version.desc())
    )
    return [
        _Other(f"{row.source} {row.key}v{row.version}", row.version, row.doi, row.arxiv_id)
        for row in connection.execute(statement)
    ]
