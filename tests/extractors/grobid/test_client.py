"""What each of a server's answers means, asked of a real server on loopback."""

from __future__ import annotations

import gzip
import logging
import socket
import subprocess
import sys
import threading
import time

import pytest

from scmine.extractors.grobid.client import (
    COORDINATES,
    Announced,
    Grobid,
    GrobidError,
    Service,
    Trouble,
    clean_url,
    shown_url,
)
from tests.grobid_server import Answer, FakeGrobid, Script

PDF = b"%PDF-1.4 not looked into"
TEI = "<TEI><text/></TEI>"


def grobid(fake: FakeGrobid, limit_s: float = 20.0, wait_s: float = 0.01) -> Grobid:
    return Grobid(Service(fake.url, limit_s, wait_s))


def always(answer: Answer) -> Script:
    return lambda number, pdf: answer


def trouble(fake: FakeGrobid, **limits: float) -> GrobidError:
    with pytest.raises(GrobidError) as caught:
        grobid(fake, **limits).full_text(PDF)
    return caught.value


def test_the_answer_comes_back_and_the_question_was_right() -> None:
    with FakeGrobid(always(Answer("<TEI>Tc ≈ 39 K, Fm3̄m</TEI>"))) as fake:
        assert grobid(fake).full_text(PDF).decode() == "<TEI>Tc ≈ 39 K, Fm3̄m</TEI>"
        assert fake.sent.total() == 1
        assert [v for k, v in fake.fields if k == "teiCoordinates"] == list(COORDINATES)
        others = {k: v for k, v in fake.fields if k != "teiCoordinates"}
        assert others == {
            "consolidateHeader": "0",
            "consolidateCitations": "0",
            "includeRawCitations": "1",
        }


@pytest.mark.parametrize(
    ("answer", "reason", "times"),
    [
        (Answer(status=204), "nothing to extract (204)", 1),
        (Answer("  "), "empty answer", 1),
        (Answer("missing input", 400), "answered 400 missing input", 1),
        (Answer("[BAD_INPUT_DATA] PDF to XML failed", 500), "500 BAD_INPUT_DATA", 1),
        (Answer("[NO_BLOCKS] PDF parsing resulted in empty", 500), "500 NO_BLOCKS", 1),
        (Answer("[TOO_MANY_BLOCKS] x", 500), "500 TOO_MANY_BLOCKS", 1),
        (Answer("[TOO_MANY_TOKENS] x", 409), "409 TOO_MANY_TOKENS", 1),
        (Answer("[PARSING_ERROR] x", 500), "500 PARSING_ERROR", 1),
        (Answer("[PDFALTO_CONVERSION_FAILURE] x", 500), "PDFALTO_CONVERSION_FAILURE", 1),
        (Answer("[TIMEOUT] PDF to XML timed out", 500), "500 TIMEOUT", 2),
        (Answer("[TAGGING_ERROR] x", 500), "500 TAGGING_ERROR", 2),
        (Answer('{"description":"boom","code":500}', 500), "answered 500 boom", 2),
        (Answer("<html><h1>Oops</h1></html>", 500), "answered 500 Oops", 2),
        (Answer(status=302, headers={"Location": "http://127.0.0.1:1/"}), "answered 302", 1),
        (Answer("x", 413), "answered 413", 1),
    ],
)
def test_a_refusal_is_named_and_only_what_may_pass_is_sent_again(
    answer: Answer, reason: str, times: int
) -> None:
    with FakeGrobid(always(answer)) as fake:
        error = trouble(fake)
        assert error.trouble is Trouble.NOTHING
        assert reason in error.reason
        assert fake.sent.total() == times


def test_a_passing_error_may_pass() -> None:
    answers = [Answer("[TAGGING_ERROR]", 500), Answer(TEI)]
    with FakeGrobid(lambda number, pdf: answers[number]) as fake:
        assert grobid(fake).full_text(PDF) == TEI.encode()


def test_a_busy_server_is_waited_for() -> None:
    answers = [Answer("busy", 503), Answer("busy", 503), Answer(TEI)]
    with FakeGrobid(lambda number, pdf: answers[number]) as fake:
        started = time.monotonic()
        assert grobid(fake, wait_s=0.1).full_text(PDF) == TEI.encode()
        assert 0.2 <= time.monotonic() - started < 2
        assert fake.sent.total() == 3


def test_a_server_that_stays_busy_is_not_waited_for_for_ever() -> None:
    with FakeGrobid(always(Answer("busy", 503))) as fake:
        error = trouble(fake)
        assert error.trouble is Trouble.BUSY
        assert fake.sent.total() == 20
    with FakeGrobid(always(Answer("busy", 503))) as fake:
        started = time.monotonic()
        assert trouble(fake, limit_s=0.5, wait_s=0.2).trouble is Trouble.BUSY
        assert time.monotonic() - started < 1


def test_a_slow_server_is_given_up() -> None:
    with FakeGrobid(always(Answer(TEI, delay_s=2))) as fake:
        started = time.monotonic()
        error = trouble(fake, limit_s=0.3)
        assert error.trouble is Trouble.SLOW
        assert time.monotonic() - started < 1.5
        assert fake.sent.total() == 1


def test_an_answer_that_comes_drop_by_drop_is_given_up() -> None:
    with FakeGrobid(always(Answer(TEI * 100, drip_s=0.1))) as fake:
        started = time.monotonic()
        assert trouble(fake, limit_s=0.6).trouble is Trouble.SLOW
        assert time.monotonic() - started < 2


@pytest.mark.parametrize("cut", [0, 5])
def test_an_answer_that_breaks_off_is_not_asked_for_again(cut: int) -> None:
    with FakeGrobid(always(Answer(TEI, cut=cut))) as fake:
        assert trouble(fake).trouble is Trouble.BROKEN_OFF
        assert fake.sent.total() == 1


def test_a_huge_answer_is_not_read_to_its_end() -> None:
    with FakeGrobid(always(Answer(b"<" * (40 << 20)))) as fake:
        error = trouble(fake)
        assert (error.trouble, fake.sent.total()) == (Trouble.NOTHING, 1)
        assert "larger than 32 MB" in error.reason


def test_a_small_answer_that_unpacks_to_a_huge_one_is_not_read_to_its_end() -> None:
    bomb = Answer(gzip.compress(bytes(200 << 20)), headers={"Content-Encoding": "gzip"})
    with FakeGrobid(always(bomb)) as fake:
        assert "larger than 32 MB" in trouble(fake).reason


def test_garbled_packing_is_named() -> None:
    answer = Answer(b"no gzip", headers={"Content-Encoding": "gzip"})
    with FakeGrobid(always(answer)) as fake:
        assert "garbled" in trouble(fake).reason


def test_a_server_that_is_gone_is_waited_for_once() -> None:
    fake = FakeGrobid(always(Answer(TEI)))
    with fake:
        client = grobid(fake, wait_s=0.2)
        client.full_text(PDF)
    started = time.monotonic()
    with pytest.raises(GrobidError) as caught:
        client.full_text(PDF)
    assert caught.value.trouble is Trouble.UNREACHABLE
    assert "not reachable (connection refused)" in caught.value.reason
    assert time.monotonic() - started >= 0.2
    started = time.monotonic()
    with pytest.raises(GrobidError):
        client.full_text(PDF)
    assert time.monotonic() - started < 0.2


def test_a_server_that_comes_back_is_used_again() -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        port = held.getsockname()[1]
    client = Grobid(Service(f"http://127.0.0.1:{port}", 20.0, 1.0))
    started: list[FakeGrobid] = []

    def start() -> None:
        started.append(FakeGrobid(always(Answer(TEI)), port=port).__enter__())

    timer = threading.Timer(0.3, start)
    timer.start()
    try:
        assert client.full_text(PDF) == TEI.encode()
    finally:
        timer.join()
        started[0].die()


@pytest.mark.parametrize(
    ("health", "version", "expected"),
    [
        ('{"ready": true, "pool": {"maxActive": 4}}', '{"version": "0.9.0"}', ("0.9.0", 4)),
        ("", "0.8.2", ("0.8.2", None)),
        ("[1, 2]", "<html>", (None, None)),
        ('{"pool": {"maxActive": "many"}}', "", (None, None)),
        ('{"pool": {"maxActive": 0}}', "[[", (None, None)),
        ("[" * 100_000, "1", ("1", None)),
    ],
)
def test_what_a_server_says_of_itself(
    health: str, version: str, expected: tuple[str | None, int | None]
) -> None:
    with FakeGrobid(always(Answer()), health=health, version=version) as fake:
        assert grobid(fake).announced() == Announced(*expected)
        assert fake.asked == {"isalive": 1, "health": 1, "version": 1}


def test_a_server_that_is_not_there_announces_nothing() -> None:
    with FakeGrobid(always(Answer())) as fake:
        url = fake.url
        fake.small.pop("isalive")
        with pytest.raises(GrobidError, match="404"):
            grobid(fake).announced()
    with pytest.raises(GrobidError, match="connection refused"):
        Grobid(Service(url)).announced()


@pytest.mark.parametrize(
    ("url", "clean"),
    [
        ("http://localhost:8070", "http://localhost:8070"),
        (" https://host/grobid/api/ ", "https://host/grobid"),
        ("http://host:8070/?x=1#y", "http://host:8070"),
    ],
)
def test_urls_are_made_plain(url: str, clean: str) -> None:
    assert clean_url(url) == clean


@pytest.mark.parametrize("url", ["localhost:8070", "ftp://host", "http://", "", "http://[::1"])
def test_what_is_no_url_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="URL"):
        clean_url(url)


def test_passwords_are_not_shown() -> None:
    assert shown_url("https://me:secret@host/x") == "https://host/x"


def test_the_programs_logging_is_left_alone() -> None:
    code = (
        "import logging\n"
        "from scmine.extractors.grobid.client import Grobid, Service\n"
        "Grobid(Service('http://127.0.0.1:9'))\n"
        "print(logging.getLogger().handlers, logging.getLogger().level)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["[]", str(logging.WARNING)]
