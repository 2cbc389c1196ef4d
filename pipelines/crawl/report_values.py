"""What the report of a crawl says, as plain values. How it is found lives in ``report``, how it is
shown in ``report_markdown`` and ``report_html``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportPaper:
    """A paper: what people call it, its page for people (None: none is known), its document."""

    name: str
    title: str
    authors: str = ""
    link: str | None = None
    doc_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportClaim:
    """A claim of one paper on one material: the one with the highest Tc of all that are alike.

    Texts are ready to be read. ``tc_K`` is what it is sorted by; ``others`` says what else the
    paper claims of the material; ``known`` what reference sets and database had of it; ``doubts``
    why it should be looked at before it is believed.
    """

    record_id: str
    material: str
    tc: str
    tc_K: float
    tc_kind: str = ""
    pressure: str = ""
    pressure_GPa: float | None = None
    evidence: str = ""
    cited: bool = False
    coupling: str = ""
    others: str = ""
    known: str = ""
    doubts: Sequence[str] = ()
    sentence: str = ""
    page: int | None = None
    paper: ReportPaper


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMaterial:
    """A material that was not known: to the reference sets (``references``), the database, both."""

    material: str
    to_references: str
    to_database: bool
    tc: str
    paper: ReportPaper


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportStructures:
    """Crystal structures of one paper: how many are stated, and which could be rebuilt."""

    paper: ReportPaper
    rebuilt: Sequence[str]
    rebuilt_number: int
    stated: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NewVersion:
    """A newer version of a paper that was here, against the one ``before`` it.

    ``came`` and ``went`` are claims of a Tc in a few words, not more than some; the numbers are of
    all claims.
    """

    paper: ReportPaper
    before: int
    came: Sequence[str]
    went: Sequence[str]
    came_number: int
    went_number: int
    stayed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FailureGroup:
    """Papers that failed for one reason, and what becomes of them."""

    reason: str
    next_try: str
    papers: Sequence[ReportPaper]


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """A paper that was taken for irrelevant by little."""

    paper: ReportPaper
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportRun:
    """A crawl of the report: its number, what was asked where, when, and how it ended."""

    id: int
    source: str
    query: str
    started: datetime
    finished: datetime | None
    state: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The report of one or several crawls.

    ``counts`` are papers: listed, fetched, read, failed. ``claims`` are results
    of the papers themselves that nothing speaks against, measured or not told whether,
    ``calculated`` likewise, ``doubtful`` those that something speaks against, ``cited`` what papers
    repeat of others, ``implausible`` what rules of the validator hold for impossible or for a
    record of its class, or what is of a retracted paper; each with the highest Tc first.
    ``…_more`` say how many were left out of a list.
    """

    runs: Sequence[ReportRun]
    database: str
    counts: dict[str, int]
    records: int
    claims: Sequence[ReportClaim] = ()
    claims_more: int = 0
    calculated: Sequence[ReportClaim] = ()
    calculated_more: int = 0
    doubtful: Sequence[ReportClaim] = ()
    doubtful_more: int = 0
    cited: Sequence[ReportClaim] = ()
    cited_more: int = 0
    implausible: Sequence[ReportClaim] = ()
    implausible_more: int = 0
    not_superconducting: Sequence[str] = ()
    references: Sequence[str] = ()
    new_materials: Sequence[NewMaterial] = ()
    new_materials_more: int = 0
    structures: Sequence[ReportStructures] = ()
    withdrawn: Sequence[ReportPaper] = ()
    versions: Sequence[NewVersion] = ()
    failures: Sequence[FailureGroup] = ()
    skipped: int = 0
    near: Sequence[Skipped] = ()
    steps: Sequence[str] = ()
    base_url: str = ""

    @property
    def when(self) -> datetime:
        """When the last of the crawls ended, or began if it has not ended."""
        return max(run.finished or run.started for run in self.runs)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing that a reader would want to know.

        A crawl that broke off is something: it may be why there is nothing else.
        """
        told = (self.claims, self.calculated, self.doubtful, self.cited, self.implausible)
        papers = (self.withdrawn, self.versions, self.failures, self.not_superconducting)
        broke_off = any(run.state != "finished" for run in self.runs)
        return not any((*told, *papers)) and not broke_off

    def to_json(self) -> dict[str, Any]:
        """The report as plain data."""
        found = asdict(self)
        for run in found["runs"]:
            for name in ("started", "finished"):
                run[name] = None if run[name] is None else run[name].isoformat()
        return found
