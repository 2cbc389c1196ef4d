"""Cron's times as they are meant, and a process that waits for them."""

from __future__ import annotations

import contextlib
import signal
import subprocess
import sys
import zoneinfo
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scmine.pipelines.crawl.schedule import ScheduleError, cron_trigger
from tests.conftest import ROOT

MONDAY = datetime(2024, 6, 3, 0, 0, tzinfo=zoneinfo.ZoneInfo("UTC"))


def days(times: str) -> set[str]:
    """The days of the week on which a trigger fires within two weeks."""
    trigger = cron_trigger(times)
    trigger.timezone = MONDAY.tzinfo
    found, at = set(), MONDAY
    while True:
        fires = trigger.get_next_fire_time(None, at)
        if fires is None or fires > MONDAY + timedelta(14):
            return found
        found.add(f"{fires:%a}".lower())
        at = fires + timedelta(minutes=1)


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("1", {"mon"}),
        ("0", {"sun"}),
        ("7", {"sun"}),
        ("1-5", {"mon", "tue", "wed", "thu", "fri"}),
        ("Sat,Sun", {"sat", "sun"}),
        ("fri-mon", {"fri", "sat", "sun", "mon"}),
        ("1-6/2", {"mon", "wed", "fri"}),
        ("*", {"mon", "tue", "wed", "thu", "fri", "sat", "sun"}),
    ],
)
def test_days_of_the_week_are_those_of_cron(field: str, expected: set[str]) -> None:
    assert days(f"0 6 * * {field}") == expected


@pytest.mark.parametrize(
    "times",
    ["", "daily", "0 6 * *", "0 6 * * * *", "61 6 * * *", "0 6 * * 9", "0 6 1 * 1", "0 6 * * 1/0"],
)
def test_times_that_cannot_be_read_are_told(times: str) -> None:
    with pytest.raises(ScheduleError):
        cron_trigger(times)


@given(st.text(max_size=30))
def test_any_text_is_times_or_told(times: str) -> None:
    with contextlib.suppress(ScheduleError):
        cron_trigger(times)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_waiting(number: int) -> None:
    script = (
        "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "from scmine.pipelines.crawl.schedule import run_at\n"
        "run_at('0 6 1 1 *', lambda: True)"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", script], cwd=ROOT, stderr=subprocess.PIPE, text=True
    )
    assert process.stderr is not None
    assert "waiting; first at" in process.stderr.readline()
    process.send_signal(number)
    assert process.wait(timeout=60) == 0
    process.stderr.close()


def test_it_crawls_until_told_otherwise() -> None:
    """With a clock of seconds: the trigger is asked each second, and the job ends the waiting."""
    script = (
        "from scmine.pipelines.crawl import schedule\n"
        "from apscheduler.triggers.interval import IntervalTrigger\n"
        "from datetime import UTC\n"
        "schedule.cron_trigger = lambda times: IntervalTrigger(seconds=1, timezone=UTC)\n"
        "left = [1, 2, 3]\n"
        "schedule.run_at('', lambda: bool(left.pop() and left))\n"
        "print(len(left))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stdout) == (0, "0\n")
    assert done.stderr.count("next at") == 2
