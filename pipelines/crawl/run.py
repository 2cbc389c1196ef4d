"""A crawl: what is new is listed, what is relevant fetched, what has come read; all of it noted.

Every step is saved as soon as it is true, so that a crawl that is killed goes on behind the last
one. What is saved how lives in ``scmine.database``; manners in ``web``; files in ``fetch``.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from scmine.database.crawl_leases import Lease
from scmine.database.crawl_listing import (
    begin_listing,
    end_listing,
    first_day,
    listing_of,
    take_page,
)
from scmine.database.crawl_progress import (
    CrawledFile,
    Pair,
    finish_crawl,
    note_crawl,
    number_to_fetch,
    read_in_runs,
    set_failed,
    set_fetched,
    set_waiting,
    settle_read,
    start_crawl,
    to_fetch,
    to_read,
)
from scmine.database.crawl_values import CrawlPaper, CrawlState, VersionState
from scmine.database.store import Database, open_database
from scmine.pipelines.crawl.clock import Clock, SystemClock
from scmine.pipelines.crawl.errors import (
    CrawlError,
    CursorExpiredError,
    NotKeptError,
    RefusedError,
    UnreachableError,
)
from scmine.pipelines.crawl.fetch import fetch
from scmine.pipelines.crawl.paper import ListedPaper
from scmine.pipelines.crawl.reading import Reading
from scmine.pipelines.crawl.source import Source
from scmine.pipelines.crawl.summary import CrawlProblem, CrawlSummary, Told
from scmine.pipelines.crawl.web import Web
from scmine.pipelines.find import UnusableFileError, hash_file
from scmine.pipelines.run import PROCESSOR
from scmine.pipelines.settings import Settings
from scmine.pipelines.stopping import stopping_on_signals
from scmine.pipelines.workers import tidy_reason

FIRST_BATCH, BATCH = 1, 20
"""Files that are read together: the first one at once, so that records come early."""

FETCH_BATCH = 200
"""Papers to be fetched that are held in memory."""

EXPIRED_TRIES = 3
"""How often one crawl begins a listing again whose cursor has expired."""

UNREACHABLE_IN_A_ROW = 3
"""After so many papers in a row whose server did not work, the crawl ends."""

Score = Callable[[str, str], float]
"""How relevant a paper looks by its title and abstract, from 0 to 1."""


@dataclass(frozen=True, slots=True)
class Relevance:
    """How papers are scored, from which score on they are fetched, and which words decided."""

    score: Score
    threshold: float
    explain: Callable[[str, str], Sequence[str]] = lambda title, abstract: ()


def relevance_of(settings: Settings) -> Relevance:
    """The packaged model, and the threshold of the settings or its own."""
    from scmine.extractors.relevance import THRESHOLD, deciding_words, score

    chosen = settings.relevance_threshold
    return Relevance(score, THRESHOLD if chosen is None else chosen, deciding_words)


def crawl(
    source: Source,
    settings: Settings,
    web: Web,
    *,
    since: date | None = None,
    limit: int | None = None,
    relevance: Relevance | None = None,
    wait: bool = False,
    waiting: Callable[[str], None] | None = None,
    progress: Told | None = None,
    clock: Clock | None = None,
    processor: str = PROCESSOR,
) -> CrawlSummary:
    """List what is new, fetch what is relevant, and read it.

    Parameters
    ----------
    source
        Where the papers come from.
    settings
        The settings; ``db`` names the database.
    web
        The way to the network that keeps the manners; the source uses the same.
    since
        The first day of changes that are wanted. What is known to be complete is not listed again.
        None: from the end of the last complete listing, else a week back.
    limit
        Fetch at most so many papers.
    relevance
        How papers are judged before they are fetched; None: all are.
    wait, waiting
        Wait for another crawl of the source to end, and who is told of it.
    progress
        Called with the summary so far whenever something has happened.
    clock, processor
        For tests: the time, and what processes a paper.

    Returns
    -------
    CrawlSummary
        Its ``state`` says how the crawl ended: also refusals and servers out of reach end here,
        with what was done saved. After a Ctrl-C (or SIGTERM) papers in work are finished.

    Raises
    ------
    LeaseHeldError
        Another crawl of the source runs on this database.
    scmine.database.errors.DatabaseError
        The database cannot be opened or written.
    """
    started = time.monotonic()
    with (
        open_database(settings.db) as database,
        Lease(database, source.name, wait=wait, waiting=waiting) as lease,
    ):
        run = _Crawl(database, source, settings, web, lease, clock or SystemClock(), processor)
        run.told = progress or (lambda summary: None)
        run.relevance = relevance
        try:
            run.go(since, limit)
        finally:
            run.summary.elapsed_s = time.monotonic() - started
        return run.summary


class _Crawl:
    """One crawl of one source into one database, whose lease it holds."""

    def __init__(
        self,
        database: Database,
        source: Source,
        settings: Settings,
        web: Web,
        lease: Lease,
        clock: Clock,
        processor: str,
    ) -> None:
        self._database = database
        self._source = source
        self._settings = settings
        self._web = web
        self._lease = lease
        self._clock = clock
        self._reading = Reading(settings, processor=processor)
        self._in_reading: list[Pair] = []
        self._unread: list[Pair] = []
        self._batches = 0
        self._stopped = False
        self._asking = False
        self._last_run = max((run.id for run in database.runs()), default=0)
        self.relevance: Relevance | None = None
        self.told: Told = lambda summary: None
        self.summary = CrawlSummary(database.where, source.name, source.query)

    def go(self, since: date | None, limit: int | None) -> None:
        """Do everything; leaves the crawl's end in the database."""
        name, query = self._source.name, self._source.query
        mail = self._settings.report_to is not None
        run_id = start_crawl(self._database, name, query, self._clock.now(), mail=mail)
        self.summary.run_id = self._run_id = run_id
        state, reason = CrawlState.FAILED, ""
        try:
            with stopping_on_signals(self._stop):
                state, reason = self._guarded(since, limit)
        except KeyboardInterrupt:
            state = CrawlState.INTERRUPTED
            raise
        except Exception as error:
            reason = tidy_reason(str(error))
            raise
        finally:
            self.summary.state, self.summary.reason = state, reason
            note_crawl(self._database, run_id, self.summary.counts, self.summary.ingest_runs)
            finish_crawl(self._database, run_id, state, reason, self._clock.now())
            self.told(self.summary)

    def _guarded(self, since: date | None, limit: int | None) -> tuple[CrawlState, str]:
        """List, fetch and read; how it ended, and why. What has come is read in any case."""
        state, reason = CrawlState.FINISHED, ""
        self._unread = self._still_there(to_read(self._database, self._source.name))
        try:
            try:
                self._list(since)
            except RefusedError:
                raise
            except CrawlError as error:  # what is known can be fetched nevertheless
                state, reason = CrawlState.FAILED, f"the listing: {tidy_reason(str(error))}"
            self._fetch(limit)
        except RefusedError as error:
            state, reason = CrawlState.REFUSED, tidy_reason(str(error))
        except (CrawlError, OSError) as error:
            state, reason = CrawlState.FAILED, tidy_reason(str(error))
        except _StoppedError:
            state = CrawlState.INTERRUPTED
        self._read_rest()
        return (CrawlState.INTERRUPTED, "") if self._stopped else (state, reason)

    # --- listing

    def _list(self, since: date | None) -> None:
        """Take in what is new, from where an earlier listing was cut off if it was."""
        for _ in range(EXPIRED_TRIES):
            try:
                return self._list_once(since)
            except CursorExpiredError as error:
                expired = error
                listing = listing_of(self._database, self._source.name, self._source.query)
                if listing.since is not None:
                    now = self._clock.now()
                    begin_listing(self._database, listing, listing.since, now)
        raise expired

    def _list_once(self, since: date | None) -> None:
        name, query, now = self._source.name, self._source.query, self._clock.now()
        listing = listing_of(self._database, name, query)
        day = first_day(listing, since, now.date())
        if listing.since is None or listing.begun is None or day < listing.since:
            begin_listing(self._database, listing, day, now)
            listing = listing_of(self._database, name, query)
        self.summary.since = listing.since
        pages = self._source.pages(listing.since, listing.cursor)
        while True:
            with self._network():
                page = next(pages, None)
            if page is None:
                break
            self._lease.check()
            self.summary.total = page.total or self.summary.total
            papers = [crawl_paper(paper, self.relevance) for paper in page.papers]
            self.summary.counts += take_page(
                self._database,
                listing,
                papers,
                page.cursor,
                run_id=self._run_id,
                now=self._clock.now(),
                threshold=None if self.relevance is None else self.relevance.threshold,
            )
            self.told(self.summary)
            if page.cursor is None:
                break
        end_listing(self._database, listing)

    # --- fetching

    def _fetch(self, limit: int | None) -> None:
        """Fetch what waits, and let it be read beside."""
        number = number_to_fetch(self._database, self._source.name, self._run_id)
        wanted = min(number, limit or number)
        self.summary.counts["to_fetch"] = wanted
        self.told(self.summary)
        dead = 0
        for done, (paper, version) in enumerate(self._due(wanted)):
            self.summary.counts["left"] = number - done
            self._lease.check()
            try:
                file, reason = self._fetch_one(paper)
                dead = 0
            except UnreachableError as error:
                file, reason = None, str(error)
                dead += 1
            if file is not None:
                now = self._clock.now()
                set_fetched(self._database, version, file, self._run_id, now)
                self.summary.counts["fetched"] += 1
            else:
                self._failed((paper, version), tidy_reason(reason))
            self.summary.counts["left"] = number - done - 1
            if dead >= UNREACHABLE_IN_A_ROW:
                raise UnreachableError(tidy_reason(reason))
            self._read_some()
            self.told(self.summary)

    def _due(self, wanted: int) -> Iterator[Pair]:
        """What is to be fetched, asked for in portions: there may be hundreds of thousands."""
        while wanted > 0:
            size = min(wanted, FETCH_BATCH)
            pairs = to_fetch(self._database, self._source.name, self._run_id, size)
            yield from pairs
            wanted -= len(pairs) or wanted

    def _fetch_one(self, paper: CrawlPaper) -> tuple[CrawledFile | None, str]:
        """The file of a version, or why there is none."""
        folder = self._settings.crawl_folder.absolute()
        with self._network():
            try:
                came = fetch(listed_paper(paper), self._source, self._web, folder, self._settings)
            except (RefusedError, UnreachableError, NotKeptError):
                raise
            except CrawlError as error:
                return None, str(error)
        if came.path is None or came.kind is None:
            return None, came.reason
        try:
            doc_id = hash_file(came.path, self._settings.max_file_MB)
        except UnusableFileError as error:
            return None, str(error)
        size = came.path.stat().st_size
        url = came.url or ""
        return CrawledFile(
            kind=came.kind.value, url=url, path=str(came.path), size=size, doc_id=doc_id
        ), ""

    def _failed(self, pair: Pair, reason: str) -> None:
        state = set_failed(
            self._database,
            pair[1],
            reason,
            retries=self._settings.crawl_retries,
            run_id=self._run_id,
            now=self._clock.now(),
        )
        self.summary.counts[state.value] += 1
        self.summary.problems.append(CrawlProblem(pair[1].name, state.value, reason))

    # --- reading

    def _read_some(self) -> None:
        """Note what a batch came to that has ended, and begin the next if there is enough."""
        if self._reading.busy:
            return
        self._settle()
        self._unread = to_read(self._database, self._source.name)
        if len(self._unread) >= (BATCH if self._batches else FIRST_BATCH):
            self._read()

    def _read_rest(self) -> None:
        """Read all that has come."""
        self._settle()
        self._unread = to_read(self._database, self._source.name)
        while self._unread and not self._stopped:
            self._lease.check()
            self._read()
            self._settle()
            self._unread = to_read(self._database, self._source.name)

    def _read(self) -> None:
        self._in_reading, self._batches = self._unread[:BATCH], self._batches + 1
        self._reading.start([v.path for _, v in self._in_reading if v.path is not None])

    def _settle(self) -> None:
        """Wait for the batch that is being read, and note what it came to."""
        ended = self._reading.take()
        if ended is None:
            return
        now, pairs = self._clock.now(), self._in_reading
        all_ended = not ended.interrupted
        states = settle_read(self._database, pairs, self._run_id, now, all_ended=all_ended)
        for state, number in states.items():
            self.summary.counts[state.value] += number
        self.summary.counts["records"] += ended.records
        self.summary.problems += [
            CrawlProblem(
                Path(p.path).name, VersionState.UNREADABLE.value, f"{p.status}: {p.reason}"
            )
            for p in ended.problems
            if p.status.value != "partial"
        ]
        doc_ids = [version.doc_id for _, version in pairs if version.doc_id is not None]
        runs = read_in_runs(self._database, doc_ids, self._last_run)
        self.summary.ingest_runs = sorted({*self.summary.ingest_runs, *runs})
        note_crawl(self._database, self._run_id, self.summary.counts, self.summary.ingest_runs)
        self.told(self.summary)

    def _still_there(self, pairs: Sequence[Pair]) -> list[Pair]:
        """Those whose file is still where it was; the others are to be fetched again."""
        here = []
        for pair in pairs:
            version = pair[1]
            if version.path is not None and Path(version.path).is_file():
                here.append(pair)
            else:
                reason = f"{version.path} is gone"
                set_waiting(self._database, version, reason, self._clock.now())
        return here

    # --- stopping

    def _stop(self) -> None:
        """Begin nothing new; a request is cut off, papers in work are finished."""
        self._stopped = True
        self._reading.stop()
        if self._asking:
            self._asking = False
            raise _StoppedError

    @contextmanager
    def _network(self) -> Iterator[None]:
        """Within this, a signal cuts off what waits for the network."""
        self._asking = True
        try:
            if self._stopped:
                raise _StoppedError
            yield
        finally:
            self._asking = False


class _StoppedError(Exception):
    """A signal wants the crawl to end."""


def crawl_paper(paper: ListedPaper, relevance: Relevance | None) -> CrawlPaper:
    """A paper of a listing as the database takes it, with its score if it is asked for.

    >>> crawl_paper(ListedPaper("arxiv", "2401.01234", 1, "MgB2"), None).score is None
    True
    """
    score = None if relevance is None else relevance.score(paper.title, paper.abstract)
    values = {name: getattr(paper, name) for name in ListedPaper.__dataclass_fields__}
    lists = {"authors": list(paper.authors), "categories": list(paper.categories)}
    return CrawlPaper(**values | lists, score=score)


def listed_paper(paper: CrawlPaper) -> ListedPaper:
    """A paper of the database as sources and ``fetch`` take it."""
    values = asdict(paper)
    lists = {"authors": tuple(paper.authors), "categories": tuple(paper.categories)}
    return ListedPaper(**{n: values[n] for n in ListedPaper.__dataclass_fields__} | lists)
