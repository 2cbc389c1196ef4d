"""Pauses before a busy server is asked again, and how long servers ask to wait."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scmine.extractors.llm.faults import asked_wait
from scmine.extractors.llm.retrying import Pace

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def pace() -> Pace:
    return Pace(first_s=1, most_s=60, chance=random.Random(0))


def test_no_pause_before_the_first_fault() -> None:
    assert pace().wait(0) == 0


def test_pauses_double_up_to_the_longest() -> None:
    one = pace()
    now, pauses = 0.0, []
    for _ in range(10):
        one.fault(now, sent_at=now)
        pauses.append(one.not_before - now)
        now = one.not_before
    for number, pause in enumerate(pauses):
        assert min(60, 0.5 * 2**number) - 1e-9 <= pause <= min(60, 2**number) + 1e-9
    one.success()
    one.fault(now, sent_at=now)
    assert one.not_before - now <= 1


def test_faults_of_requests_that_were_under_way_do_not_double_it() -> None:
    one = pace()
    for moment in (10.0, 10.1, 10.2, 10.3):
        one.fault(moment, sent_at=9.0)
    assert one.not_before <= 11.3


def test_the_wish_of_the_server_counts_up_to_the_longest() -> None:
    one = pace()
    one.fault(0, 0, asked_s=7)
    assert one.not_before == 7
    one.fault(8, 8, asked_s=86_400)
    assert one.not_before == 68


def test_a_broken_server_gets_short_pauses() -> None:
    one = pace()
    for moment in range(0, 100, 10):
        one.fault(moment, moment, is_broken=True)
        assert one.not_before - moment <= 4


@given(
    st.lists(
        st.tuples(st.floats(0, 100), st.floats(0, 1e6) | st.none(), st.booleans()), max_size=30
    )
)
def test_nobody_waits_longer_than_the_longest_and_a_first(
    faults: list[tuple[float, float | None, bool]],
) -> None:
    one, now = pace(), 0.0
    for step, asked_s, is_broken in faults:
        now += step
        one.fault(now, now - step / 2, asked_s, is_broken=is_broken)
        wait = one.wait(now)
        assert 0 < wait <= 61
        assert one.wait(now + wait) == 0 or wait < one.not_before - now + 1e-6


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "3"}, 3),
        ({"retry-after": "1.5"}, 1.5),
        ({"retry-after-ms": "250", "retry-after": "1"}, 0.25),
        ({"retry-after": format_datetime(NOW + timedelta(seconds=90), usegmt=True)}, 90),
        ({"retry-after": format_datetime(NOW - timedelta(hours=1), usegmt=True)}, 0),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "-5"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "9" * 400}, None),
    ],
)
def test_what_servers_ask_for(headers: dict[str, str], seconds: float | None) -> None:
    assert asked_wait(headers, NOW) == seconds


@given(st.text(max_size=40))
def test_no_retry_after_makes_it_fail(text: str) -> None:
    found = asked_wait({"retry-after": text}, NOW)
    assert found is None or found >= 0
