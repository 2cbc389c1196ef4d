"""The pace of requests to a server, kept by all processes of this machine together.

For each server there is a lock and a file. The lock is held from a request's turn to the end of
its answer, so that there is one connection at a time; the system lets go of it when its holder
dies. The file, which is read and replaced under the lock only, says when the last request
was, how long the server wants the next one to wait, and for how long nothing is asked after a
refusal. All of it counts from when it was written, by the time since the machine was started; the
time of day, which can jump, counts only after a restart of the machine.
"""

from __future__ import annotations

import fcntl
import json
import math
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from scmine.pipelines.crawl.clock import Clock, boot_id
from scmine.pipelines.crawl.errors import NotKeptError, RefusedError

MARGIN_S = 0.05
"""Added to each interval, so that the server's clock sees no less than the whole of it."""
MAX_WAIT_S = 2 * 86400.0
"""No server is left alone for longer, whatever it asks for or a file says."""


class Turn:
    """A request's turn, from when it may be sent to the end of its answer."""

    def __init__(self, clock: Clock, keep: Callable[[Turn], None]) -> None:
        self._clock = clock
        self._keep = keep
        self.begun_s = clock.monotonic()
        """When the request was sent; later, when the server had it for sure."""
        self.answered = False
        self.next_s = self.refused_s = 0.0
        """Until when all processes wait, and are refused, by the clock's monotonic time."""

    def asked(self) -> None:
        """The server has the request: the next one's interval counts from now."""
        self.begun_s = self._clock.monotonic()
        self.answered = True

    def wait(self, for_s: float) -> None:
        """Let the next request of any process wait so long."""
        self.next_s = self._clock.monotonic() + min(for_s, MAX_WAIT_S)

    def refuse(self, for_s: float) -> None:
        """Note at once that no process may ask anything for so long."""
        self.refused_s = self._clock.monotonic() + min(for_s, MAX_WAIT_S)
        self._keep(self)


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
        name = "".join(c if (c.isascii() and c.isalnum()) or c in ".-" else "_" for c in site)[:200]
        self._state = folder / f"{name}.json"
        self._lock = folder / f"{name}.lock"
        self._site = site
        self._interval_s = interval_s + MARGIN_S if interval_s else 0.0
        self._clock = clock

    @contextmanager
    def turn(self) -> Iterator[Turn]:
        """Wait for this request's turn and hold it.

        Raises
        ------
        RefusedError
            The server refused an earlier request, and its time is not over.
        NotKeptError
            The pace cannot be kept: its files cannot be read or written.
        """
        with self._locked():
            wait_s, refused_s = self._left()
            if refused_s > 0:
                raise RefusedError(
                    f"{self._site} has refused requests; nothing is asked for another "
                    f"{math.ceil(refused_s)} s"
                )
            if wait_s > 0:
                self._clock.sleep(wait_s)
            turn = Turn(self._clock, self._note)
            self._note(turn)  # also for those behind us if we are killed before the answer
            try:
                yield turn
            finally:
                if not turn.answered:
                    turn.asked()
                self._note(turn)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        try:
            self._lock.parent.mkdir(parents=True, exist_ok=True)
            stream = self._lock.open("a")
        except OSError as error:
            raise self._not_kept(error) from error
        with stream:
            fcntl.flock(stream, fcntl.LOCK_EX)
            try:
                yield
            finally:
                # Not by closing alone: a process that is just being started has it open as well.
                fcntl.flock(stream, fcntl.LOCK_UN)

    def _left(self) -> tuple[float, float]:
        """Seconds that a request has to wait now, and for which nothing may be asked."""
        try:
            found = json.loads(self._state.read_bytes())
            boot = str(found["boot"])
            then_s, day_s, since_s, wait_s, refused_s = (
                float(found[name]) for name in ("then_s", "day_s", "since_s", "wait_s", "refused_s")
            )
        except FileNotFoundError:
            return 0.0, 0.0
        except OSError as error:
            raise self._not_kept(error) from error
        except (ValueError, TypeError, KeyError, RecursionError):
            return self._interval_s, 0.0  # it says nothing, but somebody has asked
        passed_s = self._clock.monotonic() - then_s
        if boot != boot_id() or not passed_s >= 0:
            passed_s = max(0.0, self._clock.now().timestamp() - day_s)
        wait_s, refused_s = (
            left_s if left_s > 0 else 0.0  # also for what is not a number
            for left_s in (
                max(
                    min(wait_s, MAX_WAIT_S) - passed_s,
                    self._interval_s - max(0.0, since_s) - passed_s,
                ),
                min(refused_s, MAX_WAIT_S) - passed_s,
            )
        )
        if boot != boot_id() and refused_s > 0:
            # From now on by the time of this start: the time of day may be years behind.
            self._write(since_s + passed_s, wait_s, refused_s)
        return wait_s, refused_s

    def _note(self, turn: Turn) -> None:
        """Keep what a turn has to say to those behind it; its process holds the lock."""
        now_s = self._clock.monotonic()
        self._write(
            now_s - turn.begun_s, max(0.0, turn.next_s - now_s), max(0.0, turn.refused_s - now_s)
        )

    def _write(self, since_s: float, wait_s: float, refused_s: float) -> None:
        """Replace the file: it is whole at any time, whoever is killed."""
        state = {
            "boot": boot_id(),
            "then_s": self._clock.monotonic(),
            "day_s": self._clock.now().timestamp(),
            "since_s": since_s,
            "wait_s": wait_s,
            "refused_s": refused_s,
        }
        new = self._state.with_suffix(".new")
        try:
            new.write_text(json.dumps(state), "ascii")
            os.replace(new, self._state)
        except OSError as error:
            with suppress(OSError):
                new.unlink()
            raise self._not_kept(error) from error

    def _not_kept(self, error: OSError) -> NotKeptError:
        return NotKeptError(f"{self._state}: the pace cannot be kept: {error.strerror}")
