"""Mail to real servers on loopback: encrypted or not, log-ins, refusals, servers that fail."""

from __future__ import annotations

import base64
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from scmine.pipelines.crawl import mail
from scmine.pipelines.settings import Settings
from tests.mail_server import (
    PASSWORD,
    USER,
    mail_server,
    make_certificate,
    scripted_server,
)

pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")

TO = "ada@example.org, Bob <bob@example.org>"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_certificate(tmp_path_factory.mktemp("certificate"))


def settings(port: int, **given: Any) -> Settings:
    own = {"smtp_host": "localhost", "smtp_port": port, "smtp_security": "none", "report_to": TO}
    return Settings(**own | given)


def send(
    own: Settings, subject: str = "A night", text: str = "T\n", html: str = "<p>T</p>"
) -> None:
    sender, to = mail.report_addresses(own)
    mail.send(mail.message(subject, text, html, sender=sender, to=to, name="crawl.1.x"), own)


@pytest.mark.parametrize("security", ["none", "starttls", "tls"])
@pytest.mark.parametrize("log_in", [False, True])
def test_a_mail_arrives_whole(
    security: str, log_in: bool, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    monkeypatch.setenv(mail.PASSWORD, PASSWORD)
    with mail_server(certificate, security=security, log_in=log_in) as server:
        own = settings(server.port, smtp_security=security, smtp_user=USER if log_in else None)
        send(own, "39 K in MgB₂", "T_c ≈ 39 K\n.\nFrom here\n", "<p>39 K</p>")
    (got,) = server.mails
    assert server.to == [["ada@example.org", "bob@example.org"]]
    assert server.encrypted == [security != "none"]
    assert (got["Subject"], got["From"]) == ("39 K in MgB₂", "ada@example.org")
    assert got["To"] == "ada@example.org, bob@example.org"
    assert got["Auto-Submitted"] == "auto-generated"
    assert got["Message-ID"] == "<crawl.1.x@example.org>"
    plain, html = got.get_body(("plain",)), got.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert plain.get_content().splitlines() == ["T_c ≈ 39 K", ".", "From here"]
    assert html.get_content().splitlines() == ["<p>39 K</p>"]


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_server_without_a_known_certificate_gets_nothing(
    security: str, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(mail.PASSWORD, PASSWORD)
    with mail_server(certificate, security=security, log_in=True) as server:
        own = settings(server.port, smtp_security=security, smtp_user=USER)
        with pytest.raises(mail.MailError, match="could not be trusted"):
            send(own)
    assert server.mails == []


def test_nothing_is_sent_where_encryption_is_wanted_and_not_offered() -> None:
    with mail_server() as server:
        with pytest.raises(mail.MailError, match="cannot do what is asked"):
            send(settings(server.port, smtp_security="starttls"))
        with pytest.raises(mail.MailError, match="smtp_security"):
            send(settings(server.port, smtp_security="tls"))
    assert server.mails == []


def test_a_password_leaves_this_machine_only_encrypted(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []

    def answer(line: str) -> str:
        said.append(line)
        return "250-here\r\n250 AUTH PLAIN LOGIN"

    monkeypatch.setenv(mail.PASSWORD, PASSWORD)
    with scripted_server(answer) as port:
        monkeypatch.setattr(mail, "_is_loopback", lambda host: False)
        with pytest.raises(mail.MailError, match="without encryption"):
            send(settings(port, smtp_user=USER))
    assert not any("AUTH" in line for line in said)


@pytest.mark.parametrize("wrong", ["not this", "", "pässword"])
def test_a_refused_log_in_is_told_without_the_password(
    wrong: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(mail.PASSWORD, wrong)
    with mail_server(log_in=True) as server, pytest.raises(mail.MailError) as raised:
        send(settings(server.port, smtp_user=USER))
    assert mail.PASSWORD in str(raised.value)
    assert not wrong or wrong not in str(raised.value)
    assert server.mails == []


def test_a_server_that_gives_back_the_password_does_not_bring_it_into_messages(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def answer(line: str) -> str:
        return (
            "250-here\r\n250 AUTH PLAIN" if line.startswith("ehlo") else f"535 {PASSWORD} in {line}"
        )

    monkeypatch.setenv(mail.PASSWORD, PASSWORD)
    with scripted_server(answer) as port, pytest.raises(mail.MailError) as raised:
        send(settings(port, smtp_user=USER))
    coded = base64.b64encode(f"\0{USER}\0{PASSWORD}".encode()).decode()
    assert "535 … in AUTH PLAIN …" in str(raised.value)
    assert PASSWORD not in str(raised.value)
    assert coded not in str(raised.value)


def test_readers_who_are_refused_are_named() -> None:
    with mail_server(refused=frozenset({"bob@example.org"})) as server:
        with pytest.raises(mail.PartlyRefusedError, match=r"bob@example\.org"):
            send(settings(server.port))
        with pytest.raises(mail.MailError, match=r"for none of bob@example\.org"):
            send(settings(server.port, report_to="bob@example.org", smtp_from="a@example.org"))
    assert server.to == [["ada@example.org"]]


def taken(line: str) -> str | None:
    """What a server says that takes everything."""
    return "354 go on" if line.upper() == "DATA" else "250 OK"


def dies(at: str, answer: str | None = None) -> Callable[[str], str | None]:
    """A server that takes everything up to a line, which it answers otherwise, or not at all."""
    return lambda line: answer if line.upper().startswith(at) else taken(line)


BREAKS = [(at, how) for at in ("MAIL", "RCPT", "DATA", ".") for how in ("451 later", "552 \x1b[2J")]


@pytest.mark.parametrize(
    ("at", "answer"), [*BREAKS, *((at, None) for at in ("EHLO", "MAIL", "RCPT", "DATA", "."))]
)
def test_a_server_that_breaks_off_has_not_taken_the_mail(at: str, answer: str | None) -> None:
    with scripted_server(dies(at, answer)) as port, pytest.raises(mail.MailError) as raised:
        send(settings(port, report_to="ada@example.org"))
    assert "\x1b" not in str(raised.value)


@pytest.mark.parametrize("answer", [None, "421 bye", "500 what?"])
def test_a_bad_farewell_changes_nothing(answer: str | None) -> None:
    with scripted_server(dies("QUIT", answer)) as port:
        send(settings(port))


def test_a_server_that_is_not_there_or_silent_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    with scripted_server(taken) as port:
        pass
    with pytest.raises(mail.MailError, match="cannot be reached"):
        send(settings(port))
    monkeypatch.setattr(mail, "TIMEOUT_S", 0.3)
    silent = scripted_server(taken, greeting=None)
    with silent as port, pytest.raises(mail.MailError, match="cannot be reached"):
        send(settings(port))
    with pytest.raises(mail.MailError, match="smtp_host"):
        send(settings(port, smtp_host=None))


def test_a_server_that_never_ends_an_answer_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    def slowly(line: str) -> str:
        time.sleep(0.4)
        return "250-more"

    monkeypatch.setattr(mail, "MOST_S", 2.0)
    monkeypatch.setattr(mail, "TIMEOUT_S", 30.0)
    with scripted_server(slowly) as port, pytest.raises(mail.MailError):
        send(settings(port))


HEADERS = {"Subject", "From", "To", "Date", "Message-ID", "Auto-Submitted"}
HEADERS |= {"MIME-Version", "Content-Type"}

HOSTILE = [
    "A\r\nBcc: eve@example.org\r\n\r\nBuy",
    "A\nSubject: B",
    "x" * 5000,
    "\u202egnidliub 🧲 \u2066超伝導\u2069 موصل فائق",
    "\x00\x07\x1b[31m\ud800",
    "=?utf-8?q?=0d=0aBcc:_eve@example.org?=",
    "a\u2028b\u0085c\x0bd\x1ce",
    "",
]


@pytest.mark.parametrize("subject", HOSTILE)
def test_no_subject_becomes_a_header(subject: str) -> None:
    with mail_server() as server:
        send(settings(server.port), subject)
    (got,) = server.mails
    assert set(got.keys()) == HEADERS
    assert len(got.keys()) == len(HEADERS)
    assert server.to == [["ada@example.org", "bob@example.org"]]
    assert len(got["Subject"]) <= mail.SUBJECT_CHARS
    assert got["Subject"].isprintable()
    assert not set("\u202e\u2066\u2069") & set(got["Subject"])


@pytest.mark.parametrize(
    "to", ["nobody", "a@b@c.org", "@example.org", "a@example.org\nBcc: e@example.org", " , "]
)
def test_addresses_that_are_none_are_told(to: str) -> None:
    with pytest.raises(mail.MailError, match="report_to"):
        mail.report_addresses(Settings(report_to=to))


def test_lines_of_a_mail_are_bounded() -> None:
    with mail_server() as server:
        send(settings(server.port), text="long " * 100_000, html="<p>" + "ä" * 100_000)
    (got,) = server.mails
    received = got.as_string().splitlines()
    assert max(map(len, received)) <= 998
    plain = got.get_body(("plain",))
    assert plain is not None
    assert len(plain.get_content().split()) == 100_000
