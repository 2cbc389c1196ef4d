"""What failed in a crawl, put together by reason, and what becomes of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from scmine.database.crawl_report import Pair
from scmine.database.crawl_values import CrawlVersion, VersionState
from scmine.pipelines.crawl import report_text
from scmine.pipelines.crawl.report_values import FailureGroup, ReportPaper

TROUBLE = (VersionState.FAILED, VersionState.GIVEN_UP, VersionState.UNREADABLE)

_URL = re.compile(r"https?://\S+")


def failure_groups(
    pairs: Iterable[Pair], retries: int, paper_of: Callable[[Pair], ReportPaper]
) -> list[FailureGroup]:
    """The papers that failed, by reason and by what becomes of them, the most frequent first."""
    groups: dict[tuple[str, str], list[ReportPaper]] = {}
    for pair in pairs:
        name = _reason(pair[1]), next_try(pair[1], retries)
        groups.setdefault(name, []).append(paper_of(pair))
    found = [
        FailureGroup(reason=reason, next_try=following, papers=papers)
        for (reason, following), papers in groups.items()
    ]
    return sorted(found, key=lambda group: (-len(group.papers), group.reason, group.next_try))


def next_try(version: CrawlVersion, retries: int) -> str:
    """When a version that failed is tried again."""
    if version.state is VersionState.FAILED:
        left = max(retries + 1 - version.failures, 1)
        return f"tried again in the next crawl ({left} {'try' if left == 1 else 'tries'} left)"
    if version.state is VersionState.GIVEN_UP:
        return "given up; `scmine crawl retry` lets it be tried again"
    return "the file is here; `scmine ingest --retry FILE` reads it again"


def _reason(version: CrawlVersion) -> str:
    """The reason without what is of this paper alone, so that equal reasons are equal."""
    said = _URL.sub("", version.reason)
    for name in _names(version):
        said = said.replace(name, "")
    said = report_text.plain(said).strip(" :,;")
    return said or report_text.plain(version.reason) or version.state.value.replace("_", " ")


def _names(version: CrawlVersion) -> Sequence[str]:
    return [name for name in (version.url, version.path, version.name, version.key) if name]
