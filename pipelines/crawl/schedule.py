"""Crawls at set times: a process of its own that waits, crawls, and waits again.

The times are cron's. What is done at each lives with the caller.
"""

from __future__ import annotations

import re
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from types import FrameType
from typing import TYPE_CHECKING

from scmine.pipelines.stopping import stop_signals_taken_by

if TYPE_CHECKING:
    from apscheduler.triggers.cron import CronTrigger

MISFIRE_S = 3600
"""A crawl that could not begin in time (the machine slept) begins up to so many seconds late."""

_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_ITEM = re.compile(r"(?:(?P<first>\w+)(?:-(?P<last>\w+))?|\*)(?:/(?P<step>\d+))?")


class ScheduleError(ValueError):
    """Times that cannot be read; the message says why."""


def cron_trigger(times: str) -> CronTrigger:
    """When to crawl, from the five fields of cron: minute, hour, day, month, day of the week.

    Days of the week are cron's: 0 and 7 are Sunday. APScheduler, which counts from Monday, gets
    their names.

    Raises
    ------
    ScheduleError
        The times cannot be read, or they restrict both kinds of days, which cron joins by "or" and
        others by "and".
    """
    from apscheduler.triggers.cron import CronTrigger

    fields = times.split()
    if len(fields) != 5:
        raise ScheduleError(
            f"{times!r} has not five fields: minute, hour, day of the month, month, day of the "
            'week, such as "0 6 * * *" for six each morning'
        )
    minute, hour, day, month, weekday = fields
    if day != "*" and weekday != "*":
        raise ScheduleError(
            f"{times!r} names days of the month and of the week; name one of both and give * for "
            "the other"
        )
    try:
        return CronTrigger(
            minute=minute, hour=hour, day=day, month=month, day_of_week=_weekdays(weekday)
        )
    except ValueError as error:
        raise ScheduleError(f"{times!r}: {error}") from error


def _weekdays(field: str) -> str:
    """A field of days of the week with names for numbers, and lists for ranges.

    >>> _weekdays("1-5"), _weekdays("0,6"), _weekdays("*/3"), _weekdays("5-7"), _weekdays("*")
    ('mon,tue,wed,thu,fri', 'sun,sat', 'sun,wed,sat', 'fri,sat,sun', '*')
    """
    if field == "*":
        return field
    found: list[str] = []
    for item in field.lower().split(","):
        match = _ITEM.fullmatch(item)
        if match is None:
            raise ValueError(f"{item!r} is no day of the week")
        first = 0 if match["first"] is None else _number(match["first"])
        last = 6 if match["first"] is None else first
        if match["last"] is not None:
            last = _number(match["last"])
            last += 7 if last < first else 0
        elif match["step"] is not None:
            last = 6
        step = int(match["step"] or 1)
        if step < 1:
            raise ValueError(f"{item!r} has no step")
        found += [_DAYS[n % 7] for n in range(first, last + 1, step)]
    return ",".join(dict.fromkeys(found))


def _number(day: str) -> int:
    if day.isdigit() and int(day) <= 7:
        return int(day)
    if day[:3] in _DAYS:
        return _DAYS.index(day[:3])
    raise ValueError(f"{day!r} is no day of the week")


def run_at(times: str, job: Callable[[], bool], *, quiet: bool = False) -> None:
    """Run ``job`` at these times, local time, until SIGTERM, Ctrl-C, or until it returns False.

    One run at a time, in this thread; times that pass meanwhile are made up for once. What ``job``
    raises is its own to handle.

    Raises
    ------
    ScheduleError
        The times cannot be read.
    """
    from apscheduler.executors.debug import DebugExecutor
    from apscheduler.schedulers.blocking import BlockingScheduler

    trigger = cron_trigger(times)
    # This executor runs jobs in the thread that waits, the main one, where signals arrive.
    scheduler = BlockingScheduler(executors={"default": DebugExecutor()}, timezone=trigger.timezone)

    def once() -> None:
        try:
            go_on = job()
        except _EndedError:
            go_on = False
        if go_on:
            _say(f"next at {_next(trigger)}", quiet=quiet)
        else:
            # Not from within the job: the scheduler still has to note that it has run.
            threading.Thread(target=scheduler.shutdown, kwargs={"wait": False}).start()

    scheduler.add_job(once, trigger, coalesce=True, max_instances=1, misfire_grace_time=MISFIRE_S)
    with suppress(_EndedError), stop_signals_taken_by(_end):
        _say(f"waiting; first at {_next(trigger)}", quiet=quiet)
        scheduler.start()
    _say("ended", quiet=quiet)


class _EndedError(Exception):
    """A signal ends the waiting."""


def _end(number: int, frame: FrameType | None) -> None:
    """End the waiting; what a job does about signals goes first."""
    raise _EndedError


def _next(trigger: CronTrigger) -> str:
    """When the trigger fires next, with the time zone."""
    from datetime import datetime

    when = trigger.get_next_fire_time(None, datetime.now(trigger.timezone))
    return "never" if when is None else f"{when:%Y-%m-%d %H:%M} ({trigger.timezone})"


def _say(words: str, *, quiet: bool) -> None:
    if not quiet:
        print(f"scmine: {words}", file=sys.stderr, flush=True)
