"""A real SMTP server on loopback, with TLS by a certificate made here, and one that fails."""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

USER, PASSWORD = "scmine", "kept-to-itself"


@dataclass
class MailServer:
    """Takes mail until it is closed; ``mails`` are those that came, ``to`` whom each went to.

    ``refused`` are addresses that it does not take mail for. ``delay_s`` is how long it takes for
    a mail.
    """

    refused: frozenset[str] = frozenset()
    delay_s: float = 0.0
    mails: list[EmailMessage] = field(default_factory=list)
    to: list[list[str]] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)
    port: int = 0

    async def handle_RCPT(
        self, server: SMTP, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        """Take or refuse a reader."""
        if address in self.refused:
            return "550 no such person here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Any) -> str:
        """Take a mail."""
        await asyncio.sleep(self.delay_s)
        parsed = message_from_bytes(envelope.content, policy=default)
        assert isinstance(parsed, EmailMessage)
        self.encrypted.append(server.transport.get_extra_info("sslcontext") is not None)
        self.to.append(list(envelope.rcpt_tos))
        self.mails.append(parsed)
        return "250 taken"


@contextmanager
def mail_server(
    certificate: Path | None = None,
    *,
    security: str = "none",
    log_in: bool = False,
    port: int = 0,
    **given: Any,
) -> Iterator[MailServer]:
    """A server that runs; ``security`` is that of the settings."""
    server = MailServer(**given)
    context = None
    if certificate is not None:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(certificate)

    def make() -> SMTP:
        return SMTP(
            server,
            hostname="localhost",
            tls_context=context if security == "starttls" else None,
            require_starttls=security == "starttls",
            auth_required=log_in,
            auth_require_tls=False,
            authenticator=_authenticate,
        )

    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    direct = context if security == "tls" else None
    starting = loop.create_server(make, "127.0.0.1", port, ssl=direct)
    listening = asyncio.run_coroutine_threadsafe(starting, loop).result(30)
    server.port = listening.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        loop.call_soon_threadsafe(listening.close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(30)


def _authenticate(server: Any, session: Any, envelope: Any, how: str, given: Any) -> AuthResult:
    known = LoginPassword(USER.encode(), PASSWORD.encode())
    return AuthResult(success=given == known, handled=False)


def make_certificate(folder: Path) -> Path:
    """A certificate of localhost and its key, signed by itself, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    names = [x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))]
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "localhost.pem"
    pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain)
    path.write_bytes(made.public_bytes(pem) + private)
    return path


Answer = Callable[[str], str | None]
"""What is answered to a line; None: the connection is closed."""


@contextmanager
def scripted_server(answer: Answer, *, greeting: str | None = "220 here") -> Iterator[int]:
    """The port of a server that answers each line as told; without a greeting it is silent."""
    listening = socket.create_server(("127.0.0.1", 0))
    threading.Thread(target=_accept, args=(listening, answer, greeting), daemon=True).start()
    try:
        yield listening.getsockname()[1]
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()


def _accept(listening: socket.socket, answer: Answer, greeting: str | None) -> None:
    while True:
        try:
            connection, _ = listening.accept()
        except OSError:
            return
        threading.Thread(target=_speak, args=(connection, answer, greeting), daemon=True).start()


def _speak(connection: socket.socket, answer: Answer, greeting: str | None) -> None:
    with connection, connection.makefile("rb") as lines:
        if greeting is None:
            lines.read()
            return
        connection.sendall(f"{greeting}\r\n".encode())
        in_mail = False
        for line in lines:
            text = line.decode("utf-8", "replace").rstrip("\r\n")
            if in_mail and text != ".":
                continue
            said = answer(text)
            if said is None:
                return
            connection.sendall(f"{said}\r\n".encode())
            in_mail = said.startswith("354")
