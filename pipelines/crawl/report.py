"""The report of crawls, built from the database: what is new, what is odd, what failed.

What it says as values is in ``report_values``, which claims lead it in ``report_claims``; Markdown,
HTML and mail are made from it elsewhere. It can be built at any time after a crawl.
"""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

from scmine.database.crawl import crawl_run
from scmine.database.crawl_report import (
    Pair,
    composition_keys,
    document_ends,
    document_facts,
    documents_before,
    keys_known_before,
    pairs_of_runs,
    records_of_documents,
    runs_since,
    structures_of_documents,
)
from scmine.database.crawl_values import CrawlRun, VersionState
from scmine.database.errors import DatabaseError
from scmine.database.record import Record, RecordStatus
from scmine.database.store import Database
from scmine.pipelines.crawl import report_text
from scmine.pipelines.crawl.report_claims import Group, by_evidence, claim_of, limited, sort_claims
from scmine.pipelines.crawl.report_failures import TROUBLE, failure_groups
from scmine.pipelines.crawl.report_known import KnownMaterials, new_materials
from scmine.pipelines.crawl.report_values import (
    FailureGroup,
    NewVersion,
    Report,
    ReportClaim,
    ReportPaper,
    ReportRun,
    ReportStructures,
    Skipped,
)
from scmine.pipelines.crawl.report_versions import Compared, compare_versions

MOST_CLAIMS, MOST_OTHERS, MOST_OF_PAPER, MOST_NEAR = 25, 10, 4, 10
"""Claims of the first list, of each other list, of one paper in a list; papers near the threshold.
All else is in the database, and the report says how many."""

_LEFT_OUT = frozenset({RecordStatus.INVALID, RecordStatus.REMOVED, RecordStatus.OBSOLETE})
_REBUILT = frozenset({"consistent", "repaired"})


class ReportError(DatabaseError):
    """There is no crawl to report on; the message says what there is."""


def report_of(
    database: Database, run_ids: Sequence[int], *, base_url: str = "", retries: int = 3
) -> Report:
    """The report of crawls.

    Parameters
    ----------
    run_ids
        The numbers of the crawls; none asks for the last one.
    base_url
        Where ``scmine serve`` is reached, for links to records; empty: none are made.
    retries
        In how many later crawls a paper is tried again.

    Raises
    ------
    ReportError
        One of the crawls is not there.
    """
    runs = _runs(database, run_ids)
    return _Building(database, runs, base_url.rstrip("/"), retries).report()


def report_since(
    database: Database, since: datetime, *, base_url: str = "", retries: int = 3
) -> Report:
    """The report of all crawls that began at ``since`` or later; as `report_of`."""
    run_ids = runs_since(database, since)
    if not run_ids:
        raise ReportError(f"{database.where}: no crawl began since {since:%Y-%m-%d %H:%M} UTC")
    return report_of(database, run_ids, base_url=base_url, retries=retries)


def _runs(database: Database, run_ids: Sequence[int]) -> list[CrawlRun]:
    found = []
    wanted: Sequence[int | None] = run_ids or [None]
    for run_id in wanted:
        run = crawl_run(database, run_id)
        if run is None:
            missing = "no crawl yet" if run_id is None else f"no crawl {run_id}"
            raise ReportError(
                f"{database.where}: there is {missing}; `scmine crawl status` lists the crawls"
            )
        found.append(run)
    return found


class _Building:
    """What is read for one report, each thing once."""

    def __init__(
        self, database: Database, runs: Sequence[CrawlRun], base_url: str, retries: int
    ) -> None:
        self._database = database
        self._runs = runs
        self._base_url = base_url
        self._retries = retries
        self._pairs = pairs_of_runs(database, [run.id for run in runs])
        self._of_state: dict[VersionState, list[Pair]] = {}
        for pair in self._pairs:
            self._of_state.setdefault(pair[1].state, []).append(pair)
        read = self._newest(self._of_state.get(VersionState.READ, []))
        self._read = {v.doc_id: (p, v) for p, v in read if v.doc_id is not None}
        doc_ids = [v.doc_id for _, v in self._pairs if v.doc_id is not None]
        self._facts = document_facts(database, doc_ids)
        self._papers = {d: self._paper(pair) for d, pair in self._read.items()}
        self._records = self._current(records_of_documents(database, list(self._read)))
        self._keys = composition_keys(database, [r.record_id for r in self._records])

    def _paper(self, pair: Pair) -> ReportPaper:
        """A paper, with what its document says where its source said nothing."""
        return report_text.paper_of(*pair, self._facts.get(pair[1].doc_id or ""))

    @staticmethod
    def _newest(pairs: Iterable[Pair]) -> list[Pair]:
        """Of each paper the newest version; pairs come with versions rising."""
        return list({(v.source, v.key): (p, v) for p, v in pairs}.values())

    def _current(self, records: Iterable[Record]) -> list[Record]:
        """The records that stand, and those that a version of a later crawl has overtaken."""
        kept = []
        for record in records:
            paper, version = self._read[record.doc_id]
            overtaken = version.version < paper.version
            obsolete = record.status is RecordStatus.OBSOLETE and overtaken
            if obsolete or record.status not in _LEFT_OUT:
                kept.append(record)
        return kept

    def report(self) -> Report:
        """All of it."""
        compared = compare_versions(self._earlier(), self._records)
        known = KnownMaterials(self._database)
        found = sort_claims(compared.new, self._keys)

        def make(group: Group) -> ReportClaim:
            return claim_of(group, self._papers[group.top.doc_id], known.words(group.top))

        own, calculated = by_evidence(found.own)
        claims, more = limited(own, make, MOST_CLAIMS, MOST_OF_PAPER)
        reckoned, reckoned_more = limited(calculated, make, MOST_OTHERS, MOST_OF_PAPER)
        doubtful, doubtful_more = limited(found.doubtful, make, MOST_OTHERS, MOST_OF_PAPER)
        cited, cited_more = limited(found.cited, make, MOST_OTHERS, 2)
        odd, odd_more = limited(found.implausible, make, MOST_OTHERS, MOST_OF_PAPER)
        last = max(run.id for run in self._runs)
        named = [k for g in found.own if (k := self._keys.get(g.top.record_id))]
        before = keys_known_before(self._database, named, self._documents(), last)
        materials, materials_more = new_materials(
            [*own, *calculated], self._keys, before, known, self._papers, 2 * MOST_OTHERS
        )
        return Report(
            runs=[_run(run) for run in self._runs],
            database=self._database.where,
            counts=self._counts(),
            records=len(self._records),
            claims=claims,
            claims_more=more,
            calculated=reckoned,
            calculated_more=reckoned_more,
            doubtful=doubtful,
            doubtful_more=doubtful_more,
            cited=cited,
            cited_more=cited_more,
            implausible=odd,
            implausible_more=odd_more,
            not_superconducting=self._not_superconducting(compared.new, found.own),
            references=known.sets,
            new_materials=materials,
            new_materials_more=materials_more,
            structures=self._structures(),
            withdrawn=[self._paper(p) for p in self._in(VersionState.WITHDRAWN)],
            versions=self._versions(compared),
            failures=self._failures(),
            skipped=len(self._in(VersionState.SKIPPED)),
            near=self._near(),
            steps=self._steps(),
            base_url=self._base_url,
        )

    def _in(self, state: VersionState) -> list[Pair]:
        return self._of_state.get(state, [])

    def _documents(self) -> list[str]:
        """All documents of the report's papers, also of their earlier versions."""
        earlier = [d for of_paper in self._all_versions().values() for d in of_paper.values()]
        return [*self._read, *earlier]

    def _all_versions(self) -> Mapping[tuple[str, str], Mapping[int, str]]:
        return documents_before(self._database, [(v.source, v.key) for _, v in self._read.values()])

    def _earlier(self) -> dict[str, tuple[int, list[Record]]]:
        """For each document the version that was read before it, and its records."""
        found: dict[str, tuple[int, str]] = {}
        versions = self._all_versions()
        for doc_id, (_, version) in self._read.items():
            of_paper = versions.get((version.source, version.key), {})
            older = [n for n, d in of_paper.items() if n < version.version and d != doc_id]
            if older:
                found[doc_id] = max(older), of_paper[max(older)]
        ends = document_ends(self._database, [doc for _, doc in found.values()])
        records: dict[str, list[Record]] = {}
        for record in records_of_documents(self._database, list(ends)):
            records.setdefault(record.doc_id, []).append(record)
        return {d: (n, records.get(doc, [])) for d, (n, doc) in found.items() if doc in ends}

    def _counts(self) -> dict[str, int]:
        total: Counter[str] = Counter()
        for run in self._runs:
            total.update(run.counts)
        states = Counter(version.state for _, version in self._pairs)
        failed = states[VersionState.FAILED] + states[VersionState.GIVEN_UP]
        return {
            "listed": max(total["listed"], len(self._pairs)),
            "fetched": total["fetched"],
            "read": states[VersionState.READ],
            "failed": failed + states[VersionState.UNREADABLE],
        }

    @staticmethod
    def _not_superconducting(records: Iterable[Record], own: Iterable[Group]) -> list[str]:
        """Materials in which papers of the report looked for a transition and found none.

        What superconducts under other conditions of the report is left out.
        """
        superconducts = {report_text.material(group.top) for group in own}
        found = {
            material: r.lowest_temperature_K
            for r in records
            if r.superconducting is False
            and r.formula
            and (material := report_text.material(r)) not in superconducts
        }
        return [m if t is None else f"{m} (to {t:g} K)" for m, t in sorted(found.items())]

    def _structures(self) -> list[ReportStructures]:
        rows: dict[str, list[dict[str, object]]] = {}
        for row in structures_of_documents(self._database, list(self._read)):
            rows.setdefault(str(row["doc_id"]), []).append(row)
        return [
            ReportStructures(
                paper=self._papers[doc_id],
                rebuilt=_counted(_structure(row) for row in found if row["verdict"] in _REBUILT),
                rebuilt_number=sum(row["verdict"] in _REBUILT for row in found),
                stated=len(found),
            )
            for doc_id, found in rows.items()
        ]

    def _versions(self, compared: Compared) -> list[NewVersion]:
        return [
            NewVersion(
                paper=self._papers[doc_id],
                before=change.before,
                came=change.came,
                went=change.went,
                came_number=change.came_number,
                went_number=change.went_number,
                stayed=change.stayed,
            )
            for doc_id, change in compared.changes.items()
        ]

    def _failures(self) -> list[FailureGroup]:
        troubled = [pair for state in TROUBLE for pair in self._in(state)]
        return failure_groups(troubled, self._retries, self._paper)

    def _near(self) -> list[Skipped]:
        scored = [(p.score, p, v) for p, v in self._in(VersionState.SKIPPED) if p.score is not None]
        scored.sort(key=lambda found: (-found[0], found[2].name))
        return [
            Skipped(paper=self._paper((p, v)), score=score) for score, p, v in scored[:MOST_NEAR]
        ]

    def _steps(self) -> list[str]:
        """Commands that show more."""
        where = shlex.quote(self._database.where)
        db = f"--db {where}"
        runs = " ".join(f"--run {run.id}" for run in self._runs)
        return [
            f"scmine show {db} --origin this_work: all that papers claim as their own, by Tc",
            f"scmine crawl status --all {db}: what waits and what failed",
            f"scmine check {where}: what the validator says of each record",
            f"scmine crawl report {db} {runs} --format json: all that stands here",
        ]


def _run(run: CrawlRun) -> ReportRun:
    return ReportRun(
        id=run.id,
        source=report_text.plain(run.source),
        query=report_text.plain(run.query),
        started=run.started.astimezone(UTC),
        finished=None if run.finished is None else run.finished.astimezone(UTC),
        state=run.state.value,
        reason=report_text.plain(run.reason),
    )


def _counted(names: Iterable[str]) -> list[str]:
    """Each name once, with how often it came.

    >>> _counted(["LaOFeAs, P4/nmm", "LaOFeAs, P4/nmm", "FeSe, P4/nmm"])
    ['LaOFeAs, P4/nmm (2)', 'FeSe, P4/nmm']
    """
    return [name if n == 1 else f"{name} ({n})" for name, n in Counter(names).items()]


def _structure(row: Mapping[str, object]) -> str:
    said = [str(row[n]) for n in ("formula", "space_group") if row[n]]
    return report_text.plain(", ".join(said) or "a structure", report_text.NAME_CHARS)
