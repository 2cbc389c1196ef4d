"""Files of stores that were read from afar: which version held which document.

A file whose version is known need not be fetched to know its content. What a version is, is the
caller's affair (``scmine.pipelines.remote``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import delete, insert, select

from scmine.database.clean import clean
from scmine.database.crawl_models import RemoteFileModel
from scmine.database.store import Database

MAX_URL_CHARS = 2000
"""Longer URLs are not remembered."""
_BATCH = 500
_TABLE = RemoteFileModel.__table__


class RemoteContent(NamedTuple):
    """What a file was when it was read: its version and the SHA-256 of its bytes in hex."""

    version: str
    doc_id: str


def known_files(database: Database, urls: Sequence[str]) -> dict[str, RemoteContent]:
    """What is known of each of ``urls``; those never read are left out."""
    found: dict[str, RemoteContent] = {}
    for start in range(0, len(urls), _BATCH):
        named = _TABLE.c.url.in_(urls[start : start + _BATCH])
        for row in database.rows(select(_TABLE).where(named)):
            found[row["url"]] = RemoteContent(row["version"], row["doc_id"])
    return found


def remember_files(database: Database, files: Mapping[str, RemoteContent]) -> None:
    """Save what files were, by URL, in place of what was known of them, in one transaction."""
    rows = [
        {"url": url, "version": clean(content.version), "doc_id": content.doc_id}
        for url, content in files.items()
        if len(url) <= MAX_URL_CHARS and clean(url) == url
    ]
    if not rows:
        return
    with database.writing() as connection:
        for start in range(0, len(rows), _BATCH):
            batch = rows[start : start + _BATCH]
            connection.execute(
                delete(RemoteFileModel).where(_TABLE.c.url.in_([r["url"] for r in batch]))
            )
            connection.execute(insert(RemoteFileModel), batch)
