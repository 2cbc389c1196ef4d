"""The notebook of batches: which were sent and what came of them, in the cache's file.

A batch is noted before it is sent, and its answers before they are read, so that a run that is
killed at any moment pays for nothing twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from scmine.extractors.llm.cache import Cache


@dataclass(frozen=True, slots=True)
class Job:
    """A batch that has not ended: our name for it, the server's, and the keys it will answer.

    The server's name is None for a batch that may have been sent or not.
    """

    name: str
    job: str | None
    keys: frozenset[str]


class BatchJobs:
    """The batches noted in a cache for one server. All methods raise `CacheError` on a full disk or
    a file that cannot be written."""

    def __init__(self, cache: Cache, url: str) -> None:
        self._cache = cache
        self._url = url

    def add(self, name: str, keys: list[str]) -> None:
        """Note, before it is sent, that a batch named ``name`` will answer ``keys``."""
        created = datetime.now(UTC).isoformat()
        with self._cache.writing() as connection:
            connection.execute(
                "INSERT INTO jobs VALUES (?, ?, NULL, ?)", (name, self._url, created)
            )
            connection.executemany(
                "INSERT INTO job_keys VALUES (?, ?)", [(key, name) for key in keys]
            )

    def sent(self, name: str, job: str) -> None:
        """Note by which name the server knows a batch."""
        with self._cache.writing() as connection:
            connection.execute("UPDATE jobs SET job = ? WHERE name = ?", (job, name))

    def open(self) -> list[Job]:
        """The batches that have not ended, the oldest first."""
        with self._cache.writing() as connection:
            found = connection.execute(
                "SELECT name, job, group_concat(key) FROM jobs JOIN job_keys USING (name) "
                "WHERE url = ? GROUP BY name, job ORDER BY created, name",
                (self._url,),
            ).fetchall()
        return [Job(name, job, frozenset(keys.split(","))) for name, job, keys in found]

    def end(self, name: str, completions: dict[str, str]) -> None:
        """Keep what a batch answered, by key, and forget the batch."""
        with self._cache.writing() as connection:
            connection.executemany(
                "INSERT OR REPLACE INTO came VALUES (?, ?)", list(completions.items())
            )
            connection.execute("DELETE FROM jobs WHERE name = ?", (name,))

    def came(self, key: str) -> str | None:
        """The completion that a batch brought for ``key`` and nobody has read yet, as JSON."""
        with self._cache.writing() as connection:
            row = connection.execute("SELECT completion FROM came WHERE key = ?", (key,)).fetchone()
        return str(row[0]) if row else None

    def read(self, key: str) -> None:
        """Forget a completion: what it says is in the cache now."""
        with self._cache.writing() as connection:
            connection.execute("DELETE FROM came WHERE key = ?", (key,))
