"""The pace of requests to a server, kept by all processes of this machine together.

A file for each server holds the time of the last request and, after a refusal, until when nothing
is asked. Its lock is held from the request's turn to the end of its answer, so that there is one
connection at a time; the system lets go of it when its holder dies.
"""

from __future__ import annotations

import fcntl
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from scmine.pipelines.crawl.clock import Clock
from scmine.pipelines.crawl.errors import CrawlError, RefusedError


class Pace:
    """The turns of requests to one server.

    Parameters
    ----------
    folder
        Where the files of all servers lie.
    site
        The server, or the group of servers that count as one.
    interval_s
        Seconds between the beginnings of two requests.
    """

    def __init__(self, folder: Path, site: str, interval_s: float, clock: Clock) -> None:
        name = "".join(c if c.isalnum() or c in ".-" else "_" for c in site)
        self._path = folder / f"{name}.json"
        self._site = site
        self._interval_s = interval_s
        self._clock = clock

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for this request's turn and hold it.

        Raises
        ------
        RefusedError
            The server refused an earlier request, and its time is not over.
        CrawlError
            The file of the pace cannot be written.
        """
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            stream = self._path.open("a+", encoding="ascii")
        except OSError as error:
            raise CrawlError(f"{self._path}: the pace cannot be kept: {error.strerror}") from error
        with stream:
            fcntl.flock(stream, fcntl.LOCK_EX)
            state = self._state()
            now = self._clock.now().timestamp()
            until = state.get("refused_until", 0.0)
            # A clock that was set back must not keep us waiting for years.
            if now < until < now + timedelta(days=2).total_seconds():
                raise RefusedError(
                    f"{self._site} has refused requests; nothing is asked for another "
                    f"{until - now:.0f} s"
                )
            since = now - state.get("last", 0.0)
            if 0 <= since < self._interval_s:
                self._clock.sleep(self._interval_s - since)
            elif since < 0:
                self._clock.sleep(self._interval_s)
            self._write({"last": self._clock.now().timestamp()})
            yield

    def refused(self, for_s: float) -> None:
        """Note that nothing may be asked for a while."""
        now = self._clock.now().timestamp()
        self._write({"last": now, "refused_until": now + for_s})

    def _state(self) -> dict[str, float]:
        try:
            found = json.loads(self._path.read_text("ascii") or "{}")
            return {name: float(value) for name, value in found.items()}
        except (OSError, ValueError, TypeError, AttributeError):
            return {}  # half a file of a killed process says nothing

    def _write(self, state: dict[str, float]) -> None:
        try:
            self._path.write_text(json.dumps(state), "ascii")
        except OSError as error:
            raise CrawlError(f"{self._path}: the pace cannot be kept: {error.strerror}") from error
