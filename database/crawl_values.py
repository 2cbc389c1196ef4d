"""What a database knows of crawls, as plain values: papers, versions and their states, runs.

How they are written lives in ``crawl_listing`` and ``crawl_progress``, how they are read in
``crawl``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


class VersionState(StrEnum):
    """How far a version of a paper has come."""

    SKIPPED = "skipped"
    """Title and abstract look as if it were about something else: it is not fetched."""
    KNOWN = "known"
    """Another source has the same paper."""
    WAITING = "waiting"
    """To be fetched."""
    FAILED = "failed"
    """It could not be fetched; a later crawl tries again."""
    GIVEN_UP = "given_up"
    """It could not be fetched in as many crawls as are tried."""
    FETCHED = "fetched"
    """Its file is here, to be read."""
    READ = "read"
    """Its document is in the database, read whole or in part."""
    UNREADABLE = "unreadable"
    """Its file is here and could not be read."""
    PASSED = "passed"
    """A newer version came before it was fetched."""
    WITHDRAWN = "withdrawn"
    """The version says that the paper is withdrawn; it has no text."""


TO_FETCH = (VersionState.WAITING, VersionState.FAILED)
HAS_FILE = (VersionState.FETCHED, VersionState.READ, VersionState.UNREADABLE)
UNDER_WAY = (VersionState.WAITING, VersionState.FETCHED, VersionState.READ)
"""The states of a version of which another source need not bring the text again."""


class CrawlState(StrEnum):
    """How a crawl stands."""

    RUNNING = "running"
    FINISHED = "finished"
    INTERRUPTED = "interrupted"
    REFUSED = "refused"
    """The server wants no more requests."""
    FAILED = "failed"
    """The source could not be reached, or something else stopped it."""
    KILLED = "killed"
    """Its process ended without a word; a later crawl has gone on."""


class MailState(StrEnum):
    """How the e-mail of a crawl's report stands."""

    WAITING = "waiting"
    """To be sent, with the next crawl if not now."""
    SENT = "sent"
    EMPTY = "empty"
    """Not sent, since there was nothing to tell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlPaper:
    """A paper as its source listed it last; fields are those of the source's listing.

    ``score`` says how relevant title and abstract look, from 0 to 1; None: nobody asked.
    """

    source: str
    key: str
    version: int
    title: str
    abstract: str = ""
    authors: Sequence[str] = ()
    categories: Sequence[str] = ()
    doi: str | None = None
    arxiv_id: str | None = None
    journal: str | None = None
    publisher: str | None = None
    year: int | None = None
    licence: str | None = None
    link: str | None = None
    datestamp: date | None = None
    withdrawn: bool = False
    mark: str | None = None
    score: float | None = None
    seen: datetime | None = None

    @property
    def name(self) -> str:
        """The version as people write it.

        >>> CrawlPaper(source="arxiv", key="2401.01234", version=2, title="T").name
        '2401.01234v2'
        """
        return f"{self.key}v{self.version}"


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlVersion:
    """A version of a paper and how far it has come.

    ``kind`` and ``url`` say what was fetched from where, ``path`` and ``size`` (bytes) where it
    lies, ``doc_id`` is the file's SHA-256. ``failures`` counts crawls that could not fetch it,
    ``reason`` says why it stands where it stands. ``listed`` is when it was seen first,
    ``changed`` when it came to its state, in the crawl ``run_id``.
    """

    source: str
    key: str
    version: int
    state: VersionState
    kind: str | None
    url: str | None
    path: str | None
    size: int | None
    doc_id: str | None
    failures: int
    reason: str
    listed: datetime
    changed: datetime
    run_id: int | None

    @property
    def name(self) -> str:
        """The version as people write it."""
        return f"{self.key}v{self.version}"


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlRun:
    """One crawl, and what it came to.

    ``counts`` says how many papers were ``listed``, ``new``, ``fetched``, ``read`` …;
    ``ingest_runs`` are the ids of the runs that read its papers. ``mail`` says how the e-mail of
    its report stands (None: none was wanted), ``mail_reason`` why it could not be sent.
    """

    id: int
    source: str
    query: str
    started: datetime
    finished: datetime | None
    state: CrawlState
    reason: str
    counts: Mapping[str, int] = field(default_factory=dict)
    ingest_runs: Sequence[int] = ()
    mail: MailState | None = None
    mail_reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlListing:
    """How far the listing of one query of a source has been taken in.

    All that changed from ``complete_from`` until ``complete_until`` is in the database, both days
    included but for what the source changes later on the last one. ``since``, ``cursor`` and
    ``begun`` are of a listing that was cut off.
    """

    source: str
    query: str
    since: date | None = None
    cursor: str | None = None
    begun: datetime | None = None
    complete_from: date | None = None
    complete_until: date | None = None
