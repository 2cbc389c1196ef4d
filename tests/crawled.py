"""A crawl written straight into a database, with papers in any state, for what comes after it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import insert, update

from scmine.database.crawl_models import PAPERS, RUNS, VERSIONS
from scmine.database.crawl_progress import start_crawl
from scmine.database.store import Database

SIX = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)

_PAPER = {
    "abstract": "",
    "authors": ["Ada One", "Bob Two", "Cy Three"],
    "categories": ["cond-mat.supr-con"],
    "doi": None,
    "arxiv_id": None,
    "journal": None,
    "publisher": None,
    "year": 2026,
    "licence": None,
    "withdrawn": False,
    "score": 0.9,
    "mark": None,
}
_VERSION = {"kind": "pdf", "url": None, "path": None, "size": 1, "doc_id": None, "failures": 0}


def add_crawl(
    database: Database, papers: Sequence[dict[str, Any]], *, began: datetime = SIX
) -> int:
    """A finished crawl that brought these papers to their state (``read``); its number.

    Each paper may name columns of papers and versions, among them ``key``, ``version`` and
    ``state``. A paper that is there already gets a version more.
    """
    run_id = start_crawl(database, "arxiv", "cond-mat.supr-con", began)
    ended = began + timedelta(minutes=9)
    with database.writing() as connection:
        for number, given in enumerate(papers, 1):
            named = {"source": "arxiv", "key": f"2611.{number:05d}", "version": 1, **given}
            name = {column: named[column] for column in ("source", "key", "version")}
            link = f"https://arxiv.org/abs/{named['key']}"
            about = {"title": "A paper", "link": link, "datestamp": began.date(), "seen": began}
            row = _PAPER | about | named
            paper = {c.name: row[c.name] for c in PAPERS.c}
            here = (PAPERS.c.source == name["source"]) & (PAPERS.c.key == name["key"])
            if connection.execute(update(PAPERS).where(here).values(paper)).rowcount == 0:
                connection.execute(insert(PAPERS), paper)
            stands = {"state": "read", "reason": "", "listed": began, "changed": ended}
            row = _VERSION | stands | {"run_id": run_id} | named
            connection.execute(insert(VERSIONS), {c.name: row[c.name] for c in VERSIONS.c})
        counts = {"listed": len(papers), "fetched": len(papers), "to_fetch": len(papers)}
        ends = {"state": "finished", "finished": ended, "counts": counts}
        connection.execute(update(RUNS).where(RUNS.c.id == run_id).values(ends))
    return run_id
