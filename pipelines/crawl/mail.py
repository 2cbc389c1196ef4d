"""Sending the report of a crawl by e-mail: the message, and the way to the mail server.

The password comes from the environment alone and is never sent without encryption, but to this
machine itself. What the report says lives in ``report``.
"""

from __future__ import annotations

import base64
import ipaddress
import os
import re
import smtplib
import socket
import ssl
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import format_datetime, getaddresses, parseaddr

from scmine.pipelines.settings_crawl import CrawlSettings, MailSecurity

PASSWORD = "SCMINE_SMTP_PASSWORD"
TIMEOUT_S, MOST_S = 60.0, 300.0
"""How long a server may take for one answer, and for all of a mail."""
PORTS = {MailSecurity.STARTTLS: 587, MailSecurity.TLS: 465, MailSecurity.NONE: 25}
SUBJECT_CHARS = 200

_CODED = re.compile(r"\S+")


class MailError(OSError):
    """The mail could not be sent; the message says where it stopped and what can be done."""


class PartlyRefusedError(MailError):
    """The server has taken the mail, but not for all to whom it goes."""


def message(
    subject: str, text: str, html: str, *, sender: str, to: Sequence[str], name: str
) -> EmailMessage:
    """A mail with its text and the same as HTML.

    No line of ``subject`` can become a header. ``name`` is the mail's id before the "@": of two
    mails with the same one many servers and programs show one.

    Raises
    ------
    MailError
        An address that is none.
    """
    mail = EmailMessage(policy=SMTP_POLICY)
    line = " ".join("".join(c if c.isprintable() else " " for c in subject).split())
    # EmailMessage decodes an encoded word that stands in a header, and what it hides (=0D=0A).
    mail["Subject"] = line.replace("=?", "= ?")[:SUBJECT_CHARS]
    mail["From"] = _addresses([sender])[0]
    mail["To"] = ", ".join(_addresses(to))
    mail["Date"] = format_datetime(datetime.now(UTC))
    domain = parseaddr(sender)[1].rpartition("@")[2]
    mail["Message-ID"] = f"<{name}@{domain if domain.isascii() else 'localhost'}>"
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no answers by machines
    # Lines of a mail are bounded (RFC 5321, 4.5.3.1.6): base64 has no long ones.
    mail.set_content(text, cte="base64")
    mail.add_alternative(html, subtype="html", cte="base64")
    return mail


def send(mail: EmailMessage, settings: CrawlSettings) -> None:
    """Hand a mail to the server of the settings.

    Raises
    ------
    MailError
        The server is not configured, cannot be reached, is not who it says, or takes nothing.
    PartlyRefusedError
        It takes the mail for some only.
    """
    host = settings.smtp_host
    if host is None:
        raise MailError("no mail server is set: smtp_host in scmine.toml names it")
    with _clear_errors(host, _port(settings)), _connected(host, settings) as server:
        _log_in(server, host, settings)
        refused = server.send_message(mail)
    if refused:
        names = ", ".join(sorted(refused))
        raise PartlyRefusedError(f"the mail server {host} does not take mail for {names}")


def report_addresses(settings: CrawlSettings) -> tuple[str, list[str]]:
    """Whom reports come from and who gets them.

    Raises
    ------
    MailError
        No one, or an address that is none.
    """
    if settings.report_to is None:
        raise MailError("nobody is set to get reports: report_to in scmine.toml names them")
    to = _addresses([settings.report_to])
    sender = _addresses([settings.smtp_from])[0] if settings.smtp_from is not None else to[0]
    return sender, to


def _addresses(given: Sequence[str]) -> list[str]:
    """The addresses of lists with commas; names in front of them are left out."""
    if any(not text.isprintable() for text in given):
        raise MailError("an address of report_to or smtp_from has a line break in it")
    found = [address for _, address in getaddresses(given) if address]
    wrong = [a for a in found if a.count("@") != 1 or " " in a or a[0] == "@" or a[-1] == "@"]
    if not found or wrong:
        said = wrong[0] if wrong else ", ".join(given)
        raise MailError(f"{said!r} is no e-mail address; look at report_to and smtp_from")
    return found


def _port(settings: CrawlSettings) -> int:
    return settings.smtp_port or PORTS[settings.smtp_security]


@contextmanager
def _connected(host: str, settings: CrawlSettings) -> Iterator[smtplib.SMTP]:
    """A connection, encrypted as the settings say, that ends after a while."""
    port = _port(settings)
    if settings.smtp_security is MailSecurity.TLS:
        context = ssl.create_default_context()
        made: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=TIMEOUT_S, context=context)
    else:
        made = smtplib.SMTP(host, port, timeout=TIMEOUT_S)
    try:
        with _at_most(MOST_S, made):
            if settings.smtp_security is MailSecurity.STARTTLS:
                made.starttls(context=ssl.create_default_context())
            yield made
            # The mail has been taken. What the server says to a farewell changes nothing about it.
            with suppress(smtplib.SMTPException, OSError):
                made.quit()
    finally:
        made.close()


@contextmanager
def _at_most(seconds: float, server: smtplib.SMTP) -> Iterator[None]:
    """Cut the connection after a time: a byte now and then would keep it open for ever."""

    def cut() -> None:
        if server.sock is not None:
            with suppress(OSError):
                server.sock.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(seconds, cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _log_in(server: smtplib.SMTP, host: str, settings: CrawlSettings) -> None:
    if settings.smtp_user is None:
        return
    password = os.environ.get(PASSWORD)
    if not password:
        raise MailError(f"smtp_user is set and no password: {PASSWORD} of the environment has it")
    if not (settings.smtp_user + password).isascii():
        raise MailError(f"smtp_user and {PASSWORD} have to be of ASCII characters to log in")
    if settings.smtp_security is MailSecurity.NONE and not _is_loopback(host):
        raise MailError(
            f"the password is not sent to {host} without encryption: "
            "set smtp_security to starttls or tls"
        )
    server.login(settings.smtp_user, password)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.casefold() == "localhost"


@contextmanager
def _clear_errors(host: str, port: int) -> Iterator[None]:
    """Turn what can go wrong on the way into a `MailError`."""
    where = f"the mail server {host}:{port}"
    try:
        yield
    except MailError:
        raise
    except smtplib.SMTPAuthenticationError as error:
        raise MailError(
            f"{where} does not take the log-in ({_told(error)}); look at smtp_user and {PASSWORD}"
        ) from error
    except smtplib.SMTPNotSupportedError as error:
        raise MailError(f"{where} cannot do what is asked of it: {error}") from error
    except ssl.SSLError as error:
        raise MailError(
            f"{where} could not be trusted or does not speak TLS ({error.reason}); look at "
            "smtp_security and smtp_port, or at the server's certificate"
        ) from error
    except smtplib.SMTPResponseException as error:
        raise MailError(f"{where} refused: {_told(error)}") from error
    except smtplib.SMTPRecipientsRefused as error:
        raise MailError(f"{where} takes mail for none of {', '.join(error.recipients)}") from error
    except (smtplib.SMTPException, OSError) as error:
        raise MailError(f"{where} cannot be reached: {error}") from error


def _told(error: smtplib.SMTPResponseException) -> str:
    """What a server said, as one line."""
    said = error.smtp_error
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    text = _CODED.sub(_hidden, text)
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return f"{error.smtp_code} {line[:200]}"


def _hidden(match: re.Match[str]) -> str:
    """A word of a server, or "…" if it holds the password: some give back what they were told."""
    word, password = match[0], os.environ.get(PASSWORD)
    if not password:
        return word
    with suppress(ValueError):
        if password.encode() in base64.b64decode(word, validate=True):
            return "…"
    return word.replace(password, "…")
